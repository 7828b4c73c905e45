package transfer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"dangan/internal/ledger"
	"dangan/internal/rule"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
	"dangan/internal/work"
)

// 全部催办 asks once a day for every answer that is out, each case on record; the other
// end and the first page see it.
func TestChaseAll(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		_, c := sent(t, p, 1)
		_, other := sent(t, p, 2)
		holder, receiver := p.As("clerk-500108"), p.As("clerk-500101")
		asked, refused, err := p.Transfers.ChaseAll(ctx, holder)
		if err != nil || asked != 2 || len(refused) != 0 {
			t.Fatalf("asked %d, refused %v, %v", asked, refused, err)
		}
		for _, id := range []string{c.ID, other.ID} {
			if now := ok(transfer.Get(ctx, p.DB, id)); now.Chased != 1 || now.ChasedOn != p.Gate.Today().String() {
				t.Errorf("chased %d times, on %s", now.Chased, now.ChasedOn)
			}
			entries := ok(ledger.About(ctx, p.DB, "Transfer:"+id, 0, 1))
			if body := ok(entries[0].Parse()); body.Action != "transfer.chase" || body.Actor != holder.ID {
				t.Errorf("the newest entry is %s by %s", body.Action, body.Actor)
			}
		}
		_, _, err = p.Transfers.ChaseAll(ctx, holder)
		if r := new(rule.Refusal); !errors.As(err, &r) || r.Reasons[0].Slug != "nothing_to_chase" {
			t.Errorf("again on the same day: %v", err)
		}
		for _, i := range ok(p.Transfers.Work(ctx, holder)) {
			if i.Lane == work.Sent && i.Chase {
				t.Errorf("%s may be chased twice a day", i.Subject)
			}
		}
		if parts := ok(p.Transfers.Parts(ctx, receiver, p.Clock.Now().Add(-time.Hour))); len(parts) != 2 {
			t.Errorf("the receiver has a part in %d cases", len(parts))
		}
		if parts := ok(p.Transfers.Parts(ctx, p.As("keeper-500101"), p.Clock.Now().Add(-time.Hour))); len(parts) != 0 {
			t.Errorf("who did nothing has a part in %d cases", len(parts))
		}
		week := ok(p.Transfers.Finished(ctx, holder, p.Clock.Now().Add(-24*time.Hour), p.Clock.Now().Add(24*time.Hour)))
		if want := (work.Tally{Kind: work.Out, Done: 2, Termed: 2, OnTime: 2}); week[1] != want {
			t.Errorf("sent this week: %+v", week[1])
		}
		for _, finished := range []work.Finished{p.Dossiers.Finished, p.Access.Finished, p.Certificates.Finished} {
			if n := ok(finished(ctx, holder, p.Clock.Now().Add(-24*time.Hour), p.Clock.Now())); len(n) != 1 || n[0].Done != 0 {
				t.Errorf("finished without an act: %+v", n)
			}
		}
	})
}
