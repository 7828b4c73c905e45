package dossier_test

import (
	"bytes"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

func TestTheComparisonIsAPaperAndThePacketIsAskedFor(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := testkit.Stock(p, "50010801", 1, nil)
		clerk := p.Client("clerk-500108")
		print := "/api/v1/dossiers/" + d.ID + "/comparison/print"
		if a := clerk.Post(print, nil); a.Status != 403 || a.Problem().Reasons[0].Slug != "nothing_to_compare" {
			t.Fatalf("nothing entered yet: %d %s", a.Status, a.Body)
		}
		for _, written := range []string{"1991年3月", "1992年3月"} {
			if _, err := p.Dossiers.AddFact(t.Context(), p.As("clerk-500108"), d.ID, dossier.NewFact{Kind: "birth_date", Written: written, Source: dossier.Source{Class: "1", Title: "履历表", Page: 1}}); err != nil {
				t.Fatal(err)
			}
		}
		file := clerk.Get("/api/v1/documents/" + clerk.Post(print, nil).String("id") + "/pdf").OK()
		if !bytes.HasPrefix(file.Body, []byte("%PDF")) {
			t.Error("the paper is no PDF")
		}
		packet := "/api/v1/dossiers/" + d.ID + "/packet"
		for range 2 { // asked twice, wanted once
			clerk.Post(packet, nil).OK()
		}
		var n int
		if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM pull_request WHERE dossier_id=? AND state='asked'", d.ID).Scan(&n); err != nil || n != 1 {
			t.Fatalf("%d requests, %v", n, err)
		}
		keeper := p.Client("keeper-500108")
		keeper.Post("/api/v1/custody/dossiers/"+d.ID+"/pull", map[string]any{}).OK()
		if a := clerk.Post(packet, nil); a.Status != 403 || a.Rules()[0] != "16b" {
			t.Errorf("a packet that is out: %d %s", a.Status, a.Body)
		}
		if a := keeper.Post(packet, nil); a.Status != 403 {
			t.Errorf("the keeper asks nobody: %d", a.Status)
		}
		batch, err := p.Dossiers.EnterCatalog(t.Context(), p.As("clerk-500108"), d.ID, []dossier.Description{{Title: "流动人员履历表", Class: "1", Year: 2019, Month: 3, Copies: 1, Pages: 4}})
		if err != nil {
			t.Fatal(err)
		}
		checks := map[string]bool{}
		for _, id := range batch.Drawn() {
			checks[id] = true
		}
		if _, err := p.Dossiers.ReviewBatch(t.Context(), p.As("reviewer-500108"), batch.ID, dossier.Review{Accept: true, Checks: checks}); err != nil {
			t.Fatal(err)
		}
		var state string
		if err := p.DB.QueryRow(t.Context(), "SELECT state FROM pull_request WHERE dossier_id=?", d.ID).Scan(&state); err != nil || state != "back" {
			t.Errorf("the packet's request is %q after the comparison, %v", state, err)
		}
	})
}
