package digital_test

import (
	"errors"
	"slices"
	"testing"

	"dangan/internal/digital"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/testkit"
)

func refusedBy(err error, slug string) bool {
	var refusal *rule.Refusal
	return errors.As(err, &refusal) && refusal != nil && slices.ContainsFunc(refusal.Reasons, func(r rule.Reason) bool { return r.Slug == slug })
}

// 10b: who is kin of a dossier's person neither takes its scans in nor accepts them.
func TestKinKeepAway(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := t.Context()
		who := people(t, p, 2)
		if _, err := p.Staff.DeclareKin(ctx, p.As("scanner-500108"), "配偶", who[0].name, who[0].id); err != nil {
			t.Fatal(err)
		}
		d := newDelivery(t)
		kin, other := d.folder(who[0], 0), d.folder(who[1], 4)
		d.seal()
		report := ingest(t, p, d.dir)
		if report.Ingested != 1 || report.Quarantined != 1 {
			t.Fatalf("%+v", report)
		}
		for _, x := range report.Items {
			if want := map[string][]string{kin: {"recusal "}, other: {}}[x.Folder]; !slices.Equal(said(x.Problems, x.Folder), want) {
				t.Errorf("%s: %v", x.Folder, x.Problems)
			}
		}
		if n := count(t, p, "SELECT count(*) FROM page p JOIN dossier d ON d.id=p.dossier_id JOIN person h ON h.id=d.person_id WHERE d.no=?", who[0].no); n != 0 {
			t.Errorf("%d pages of kin taken in", n)
		}

		// A reviewer with kin in the delivery decides nothing of it, not even of the others.
		reviewer := p.As("reviewer-500108")
		if _, err := p.Digital.DrawSample(ctx, reviewer, report.Delivery); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Staff.DeclareKin(ctx, reviewer, "子女", who[1].name, who[1].id); err != nil {
			t.Fatal(err)
		}
		reviewer = p.As("reviewer-500108")
		sample, err := p.Digital.Sample(ctx, report.Delivery, "", 100)
		if err != nil || len(sample) == 0 {
			t.Fatalf("sample: %d, %v", len(sample), err)
		}
		var all []digital.Opinion
		for _, s := range sample {
			all = append(all, digital.Opinion{Sample: s.ID, Verdict: digital.Pass})
		}
		if err := p.Digital.Judge(ctx, reviewer, report.Delivery, all); !refusedBy(err, "recusal") {
			t.Errorf("judges kin's pages: %v", err)
		}
		if _, err := p.Digital.Accept(ctx, reviewer, report.Delivery); !refusedBy(err, "recusal") {
			t.Errorf("accepts kin's dossier: %v", err)
		}
		if _, err := p.Digital.SendBack(ctx, reviewer, report.Delivery, ""); !refusedBy(err, "recusal") {
			t.Errorf("sends kin's dossier back: %v", err)
		}
		v, err := p.Digital.Get(ctx, reviewer, report.Delivery)
		if err != nil {
			t.Fatal(err)
		}
		can, err := p.Digital.Possible(ctx, reviewer, v)
		if err != nil || !slices.ContainsFunc(can, func(c gate.Possible) bool { return c.Action == "digital.accept" && refusedBy(c.Refusal, "recusal") }) {
			t.Errorf("the screen does not say so: %+v, %v", can, err)
		}
		if n := count(t, p, "SELECT count(*) FROM delivery_item WHERE state='waiting'"); n != 1 {
			t.Errorf("%d folders wait, want 1", n)
		}
		if _, err := p.Digital.Page(ctx, reviewer, sample[0].PageID, digital.Watermark{Who: "甲"}); !refusedBy(err, "recusal") {
			t.Errorf("looks at kin's page: %v", err)
		}
	})
}
