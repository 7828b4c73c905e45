package custody_test

import (
	"context"
	"errors"
	"testing"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/testkit"
)

// asks performs what another room does inside its own act.
func asks(t *testing.T, p *testkit.Province, id string, fn func(tx *gate.Tx, d *dossier.Dossier) error) error {
	t.Helper()
	_, err := p.Gate.Do(context.Background(), gate.Act{Actor: p.As("clerk-500108"), Action: "dossier.enter"}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		if err := fn(tx, &d); err != nil {
			return err
		}
		return dossier.Save(tx, &d)
	})
	return err
}

func ask(caseRef, purpose string) func(*gate.Tx, *dossier.Dossier) error {
	return func(tx *gate.Tx, d *dossier.Dossier) error { return custody.Ask(tx, d, caseRef, purpose) }
}

func finish(caseRef string) func(*gate.Tx, *dossier.Dossier) error {
	return func(tx *gate.Tx, d *dossier.Dossier) error { return custody.Finish(tx, d, caseRef) }
}

func wantSlug(t *testing.T, err error, slug string) {
	t.Helper()
	var r *rule.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("want refusal %s, got %v", slug, err)
	}
	for _, reason := range r.Reasons {
		if reason.Slug == slug {
			return
		}
	}
	t.Fatalf("want %s, got %v", slug, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPacketGoesOutAndBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		d := testkit.Stock(p, "50010801", 1, nil)
		keeper := p.As("keeper-500108")

		_, err := p.Custody.Pull(ctx, keeper, d.ID, custody.Handling{})
		wantSlug(t, err, "pull_without_request")

		must(t, asks(t, p, d.ID, ask("Test:1", custody.ForFiling)))
		must(t, asks(t, p, d.ID, ask("Test:1", custody.ForFiling)))
		must(t, asks(t, p, d.ID, ask("Test:2", custody.ForReading)))
		lines, err := p.Custody.Requests(ctx, keeper, custody.Filter{State: custody.Asked, Limit: 10})
		must(t, err)
		if len(lines) != 2 {
			t.Fatalf("%d requests, want one a case", len(lines))
		}
		if _, err := p.Custody.Pull(ctx, p.As("keeper-500103"), d.ID, custody.Handling{}); !errors.Is(err, gate.ErrHidden) {
			t.Fatalf("another agency's keeper: %v", err)
		}
		if _, err := p.Custody.Pull(gate.WithRequest(ctx, gate.Request{IfMatch: 1}), keeper, d.ID, custody.Handling{}); !errors.As(err, new(*gate.Conflict)) {
			t.Fatalf("a stale version: %v", err)
		}
		_, err = p.Custody.Pull(ctx, keeper, d.ID, custody.Handling{Packet: custody.Intact})
		must(t, err)
		card, err := p.Custody.Scan(ctx, keeper, d.No)
		must(t, err)
		if card.Dossier.Place != dossier.PlaceArranging || card.Dossier.State != dossier.Arranging {
			t.Fatalf("after the pull: %s %s", card.Dossier.Place, card.Dossier.State)
		}
		// the readers wait in another room: their request is not served by a packet in this one
		states := func() (out [2]string) {
			t.Helper()
			card, err := p.Custody.Card(ctx, keeper, d.ID)
			must(t, err)
			for _, r := range card.Open {
				out[r.CaseRef[len("Test:")]-'1'] = r.State + " " + r.Place
			}
			return out
		}
		if got := states(); got != [2]string{"out arranging", "asked "} {
			t.Fatalf("in the arranging room: %v", got)
		}
		_, err = p.Custody.PutBack(ctx, keeper, d.ID, custody.Shelf{})
		wantSlug(t, err, "still_in_use")
		_, err = p.Custody.Pull(ctx, keeper, d.ID, custody.Handling{To: dossier.PlaceWindow})
		wantSlug(t, err, "room_not_asked")
		_, err = p.Custody.Handover(ctx, keeper, d.ID, custody.Handling{To: dossier.PlaceWindow})
		must(t, err)
		if got := states(); got != [2]string{"out window", "asked "} {
			t.Fatalf("at the window: %v", got)
		}
		_, err = p.Custody.Handover(ctx, keeper, d.ID, custody.Handling{To: dossier.PlaceReading})
		must(t, err)
		if got := states(); got != [2]string{"out reading", "out reading"} {
			t.Fatalf("in the reading room: %v", got)
		}
		must(t, asks(t, p, d.ID, finish("Test:1")))
		_, err = p.Custody.PutBack(ctx, keeper, d.ID, custody.Shelf{})
		wantSlug(t, err, "still_in_use")
		must(t, asks(t, p, d.ID, finish("Test:2")))
		_, err = p.Custody.PutBack(ctx, keeper, d.ID, custody.Shelf{Room: dossier.PlaceWindow})
		wantSlug(t, err, "room_function_mismatch")
		_, err = p.Custody.PutBack(ctx, keeper, d.ID, custody.Shelf{Shelfmark: "3号柜"})
		wantSlug(t, err, "shelfmark_form")
		_, err = p.Custody.PutBack(ctx, keeper, d.ID, custody.Shelf{Shelfmark: "01-a-012-03-5-08"})
		must(t, err)
		card, err = p.Custody.Card(ctx, keeper, d.ID)
		must(t, err)
		if card.Dossier.Place != dossier.PlaceStore || card.Dossier.State != dossier.InStore || card.Dossier.Shelfmark != "01-A-012-03-5-08" || len(card.Open) != 0 {
			t.Fatalf("after the shelf: %+v, %d open", card.Dossier, len(card.Open))
		}
		for i := 1; i < len(card.Chain); i++ {
			if card.Chain[i].FromPlace != card.Chain[i-1].ToPlace {
				t.Errorf("the chain breaks at %d: %s then %s", i, card.Chain[i-1].ToPlace, card.Chain[i].FromPlace)
			}
		}
	})
}

func TestOnlyTheKeeperHandlesPackets(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		d := testkit.Stock(p, "50010801", 1, nil)
		must(t, asks(t, p, d.ID, ask("Test:1", custody.ForFiling)))
		_, err := p.Custody.Pull(ctx, p.As("clerk-500108"), d.ID, custody.Handling{})
		wantSlug(t, err, "post_not_entitled")
		must(t, asks(t, p, d.ID, finish("Test:1")))
		_, err = p.Custody.Pull(ctx, p.As("keeper-500108"), d.ID, custody.Handling{})
		wantSlug(t, err, "pull_without_request")
	})
}
