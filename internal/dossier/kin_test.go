package dossier_test

import (
	"bytes"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/person"
	"dangan/internal/testkit"
)

// 21c stands on what is recorded: the dossier's own family, that of relatives who have
// dossiers, and, from the other end, the reader's own.
func TestKinOfFollowsTheRecordedFamilies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		clerk := p.As("clerk-500108")
		ids := make([]string, 6)
		for n := range ids {
			ids[n] = testkit.Stock(p, "50010801", n, nil).ID
		}
		family := func(of int, relation, name, idNo string) {
			t.Helper()
			if _, err := p.Dossiers.AddFamily(t.Context(), clerk, ids[of], dossier.NewFamily{Relation: relation, Name: name, IDNo: idNo, Source: dossier.Source{Class: "1", Title: "履历表", Page: 2}}); err != nil {
				t.Fatal(err)
			}
		}
		family(0, "father", testkit.Name(1), testkit.IDNo(1)) // 0's father is 1
		family(1, "younger_brother", testkit.Name(2), testkit.IDNo(2))
		family(0, "mother", "欧阳·明月", "") // recorded without a number
		family(3, "son", testkit.Name(0), testkit.IDNo(0))
		index := func(n int) []byte { return p.Keys.Index(person.IndexPurpose, testkit.IDNo(n)) }
		for _, c := range []struct {
			name  string
			index []byte
			who   string
			want  bool
		}{
			{"本人", index(0), testkit.Name(0), true},
			{"父亲，有身份号码", index(1), testkit.Name(1), true},
			{"父亲的兄弟，从父亲的档案得知", index(2), testkit.Name(2), true},
			{"母亲，只记有姓名，写法不同", nil, "欧阳明月", true},
			{"从对方档案得知的亲属", index(3), testkit.Name(3), true},
			{"没有记载的人", index(4), testkit.Name(4), false},
			{"同名，但两边都有身份号码且不同", index(5), testkit.Name(1), false},
			{"既无号码也无姓名", nil, "", false},
		} {
			got, err := dossier.KinOf(t.Context(), p.DB, ids[0], c.index, c.who)
			if err != nil || got != c.want {
				t.Errorf("%s：%v，应为 %v（%v）", c.name, got, c.want, err)
			}
		}
		if _, err := dossier.KinOf(t.Context(), p.DB, "no such dossier", index(0), ""); err == nil {
			t.Error("a dossier that is not there has kin")
		}
	})
}

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
