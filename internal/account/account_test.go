package account_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"slices"
	"testing"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/rule"
	"dangan/internal/standing"
	"dangan/internal/store"
	"dangan/internal/testkit"

	"pgregory.net/rapid"
)

const office = "50010801"

func closing() account.Closing {
	return account.Closing{Why: account.Deregistered, Document: "准予注销登记通知书（演示）", DocumentOn: "2026-11-20"}
}

func TestWhatAClosingRestsOn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		reviewer, clerk := p.As("reviewer-500108"), p.As("clerk-500108")
		a, err := p.Accounts.Open(t.Context(), clerk, account.Opening{Unit: "空户（演示）有限公司", USCC: "91500103MA5U00011H", Paper: "business_licence", Worker: letter("2026-12-31"), Notice: accepted})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			slug   string
			change func(*account.Closing)
		}{
			{"why_missing", func(c *account.Closing) { c.Why = "" }},
			{"evidence_missing", func(c *account.Closing) { c.Document = " " }},
			{"evidence_date", func(c *account.Closing) { c.DocumentOn = "2027-01-01" }},
			{"search_missing", func(c *account.Closing) { c.Why = account.Unreachable }},
		} {
			x := closing()
			c.change(&x)
			if _, err := p.Accounts.Close(t.Context(), clerk, a.ID, x); slug(err) != c.slug {
				t.Errorf("%v, want %s", err, c.slug)
			}
		}
		if _, err := p.Accounts.Close(t.Context(), reviewer, a.ID, closing()); err == nil {
			t.Error("a reviewer closed an empty account")
		}
		if a, err = p.Accounts.Close(t.Context(), clerk, a.ID, closing()); err != nil || a.State != account.Closed {
			t.Errorf("%v %v", a.State, err)
		}
		if _, err := p.Accounts.Close(t.Context(), clerk, a.ID, closing()); slug(err) != "account_closed" {
			t.Errorf("closed twice: %v", err)
		}
	})
}

var accepted = account.Accepting{No: "2026-1", Way: account.OnPaper, By: "周知行"}

func letter(until calendar.Date) account.Authorization {
	return account.Authorization{Name: "周知行", IDNo: testkit.IDNo(9001), LetterNo: "授权书1号（演示）", Until: until}
}

func slug(err error) string {
	var r *rule.Refusal
	if !errors.As(err, &r) {
		return ""
	}
	return r.Reasons[0].Slug
}

// Random sequences of joining, leaving and closing: closing does all that hangs on the
// account or none, nobody is forgotten, and nobody is left on an account that is closed.
func TestNobodyIsForgotten(t *testing.T) {
	old := flag.Lookup("rapid.checks").Value.String()
	_ = flag.Set("rapid.checks", "15")
	t.Cleanup(func() { _ = flag.Set("rapid.checks", old) })
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := t.Context()
		clerk, reviewer := p.As("clerk-500108"), p.As("reviewer-500108")
		var pool []dossier.Dossier
		for n := range 6 {
			pool = append(pool, testkit.Stock(p, office, n, func(d *dossier.Dossier) { d.AccountKind = account.Personal }))
		}
		// One that the reviewer may not know of: no closing that it hangs on is theirs.
		pool = append(pool, testkit.Stock(p, office, 6, func(d *dossier.Dossier) { d.AccountKind, d.Secrecy = account.Personal, dossier.TopSecret }))
		clerk.Clearance = dossier.TopSecret
		units := []account.Opening{{Unit: "甲（演示）有限公司", USCC: "91500103MA5U00011H", Paper: "business_licence"}, {Unit: "乙（演示）协会", USCC: "91500000202800110K", Paper: "social_organization"}}
		settled, refused := 0, 0
		// came is the worker who brings a unit's people.
		came := func(rt *rapid.T, unit string) string {
			list, err := store.List[account.Worker](ctx, p.DB, "WHERE account_id IN (SELECT id FROM unit_account WHERE agency=? AND unit=? AND state='open') ORDER BY id DESC LIMIT 1", office, unit)
			if err != nil || len(list) == 0 {
				rt.Fatalf("no worker of %s: %v", unit, err)
			}
			return list[0].ID
		}
		change := func(rt *rapid.T, d dossier.Dossier, worker string, c standing.Content) {
			x, err := p.Standing.Apply(ctx, clerk, standing.Application{Kind: standing.Account, DossierID: d.ID, Content: c, Worker: worker, Reason: "本人申请", Document: "居民身份证", SeenBy: "周知行", SeenOn: "2026-11-20"})
			if err != nil {
				if slug(err) != "account_same" {
					rt.Fatal(err)
				}
				return
			}
			by := reviewer
			by.Clearance = dossier.TopSecret
			if _, err := p.Standing.Decide(ctx, by, x.ID, true, ""); err != nil {
				rt.Fatal(err)
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			for range 4 {
				d := rapid.SampledFrom(pool).Draw(rt, "dossier")
				u := rapid.SampledFrom(units).Draw(rt, "unit")
				switch rapid.SampledFrom([]string{"join", "join", "leave", "settle"}).Draw(rt, "act") {
				case "join":
					o := u
					o.Worker, o.Notice = letter("2027-12-31"), accepted
					if _, err := p.Accounts.Open(ctx, clerk, o); err != nil && slug(err) != "account_open" {
						rt.Fatal(err)
					}
					change(rt, d, came(rt, u.Unit), standing.Content{AccountKind: account.Collective, AccountUnit: u.Unit, AccountUSCC: u.USCC, AccountPaper: u.Paper, NoticeNo: "2026-1", NoticeWay: account.OnPaper, NoticeBy: "本人"})
				case "leave":
					change(rt, d, "", standing.Content{AccountKind: account.Personal, NoticeNo: "2026-1", NoticeWay: account.OnPaper, NoticeBy: "本人"})
				case "settle":
					open, err := store.List[account.Account](ctx, p.DB, "WHERE agency=? AND unit=? AND state='open'", office, u.Unit)
					if err != nil {
						rt.Fatal(err)
					}
					if len(open) == 0 {
						continue
					}
					before := hanging(ctx, rt, p, u.Unit)
					preview, err := p.Accounts.Preview(ctx, reviewer, open[0].ID)
					if err != nil {
						rt.Fatal(err)
					}
					s := account.Settlement{Closing: closing(), Seen: preview.Token}
					wrong := false
					for _, id := range before {
						if rapid.Bool().Draw(rt, "sent") {
							to := rapid.SampledFrom([]string{"50010301", "50010301", "99999901"}).Draw(rt, "to")
							s.Choices = append(s.Choices, account.Choice{DossierID: id, To: to, Tie: "户籍地"})
							wrong = wrong || to == "99999901"
						}
					}
					if rapid.IntRange(0, 4).Draw(rt, "stale") == 0 && len(before) > 0 && before[0] != pool[6].ID {
						change(rt, find(pool, before[0]), "", standing.Content{AccountKind: account.Personal, NoticeNo: "2026-1", NoticeWay: account.OnPaper, NoticeBy: "本人"})
						wrong, before = true, before[1:]
					}
					_, err = p.Accounts.Settle(ctx, reviewer, open[0].ID, s)
					secret := slices.Contains(before, pool[6].ID)
					var busy bool
					for _, c := range s.Choices { // one whose transfer is under way since an earlier closing
						n, e := store.Count(ctx, p.DB, "SELECT count(*) FROM transfer WHERE dossier_id=? AND state='applied'", c.DossierID)
						if e != nil {
							rt.Fatal(e)
						}
						busy = busy || n > 0
					}
					after := hanging(ctx, rt, p, u.Unit)
					if err != nil {
						refused++
						if !wrong && !secret && !busy {
							rt.Fatalf("refused for nothing: %v", err)
						}
						if slug(err) == "" || !slices.Equal(after, before) {
							rt.Fatalf("%v: refused, and %v hang there instead of %v", err, after, before)
						}
						continue
					}
					settled++
					if wrong || secret || len(after) != 0 {
						rt.Fatalf("done: wrong %v, secret %v, %v still hang there", wrong, secret, after)
					}
					rows, err := store.List[account.Change](ctx, p.DB, "WHERE account_id=? AND kind IN ('converted','sent')", open[0].ID)
					if err != nil {
						rt.Fatal(err)
					}
					var done []string
					for _, c := range rows {
						done = append(done, c.DossierID)
						if sent := slices.ContainsFunc(s.Choices, func(x account.Choice) bool { return x.DossierID == c.DossierID }); sent != (c.Kind == account.ChangeSent) || sent != (c.CaseRef != "") {
							rt.Fatalf("%s was chosen %v, recorded %s %s", c.DossierID, sent, c.Kind, c.CaseRef)
						}
					}
					slices.Sort(done)
					if !slices.Equal(done, before) {
						rt.Fatalf("%v hung there, %v were done", before, done)
					}
				}
				n, err := store.Count(ctx, p.DB, `SELECT count(*) FROM dossier d WHERE account_kind='collective' AND NOT EXISTS (SELECT 1 FROM unit_account u WHERE u.agency=d.agency AND u.unit=d.account_unit AND u.state='open')`)
				if err != nil || n > 0 {
					rt.Fatalf("%d dossiers hang on no open account: %v", n, err)
				}
			}
		})
		// Transfers that closings started are finished by others; what is proved here is that both ways were walked.
		if settled == 0 || refused == 0 {
			t.Errorf("%d closings done, %d refused: the draws prove nothing", settled, refused)
		}
	})
}

func find(pool []dossier.Dossier, id string) dossier.Dossier {
	return pool[slices.IndexFunc(pool, func(d dossier.Dossier) bool { return d.ID == id })]
}

// hanging are the ids of the dossiers on a unit's account, in order.
func hanging(ctx context.Context, rt *rapid.T, p *testkit.Province, unit string) []string {
	rows, err := store.List[dossier.Dossier](ctx, p.DB, "WHERE agency=? AND account_unit=? AND account_kind='collective' ORDER BY id", office, unit)
	if err != nil {
		rt.Fatal(fmt.Errorf("hanging: %w", err))
	}
	out := []string{}
	for _, d := range rows {
		out = append(out, d.ID)
	}
	return out
}
