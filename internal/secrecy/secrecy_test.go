package secrecy_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/secrecy"
	"dangan/internal/store"
	"dangan/internal/testkit"

	"pgregory.net/rapid"
)

var paper = secrecy.Basis{Reason: "定密机关已变更", Organ: "重庆市南岸区保密局（演示）", DocName: "通知书", DocNo: "南密〔2026〕8号", DocOn: "2026-11-20"}

// 15: a class goes up by raising only and down by lowering only, and never down without a
// document.
func TestOneWayEach(t *testing.T) {
	for _, from := range dossier.Classes {
		for _, to := range dossier.Classes {
			up, down := secrecy.Direct(secrecy.Raise, from, to, true, paper, "2026-11-23"), secrecy.Direct(secrecy.Lower, from, to, true, paper, "2026-11-23")
			if (up == nil) != (to.Rank() > from.Rank()) || (down == nil) != (to.Rank() < from.Rank()) {
				t.Errorf("%s to %s: raised %v, lowered %v", from, to, up, down)
			}
			for field, b := range map[string]secrecy.Basis{"organ": {Reason: "r", DocName: "n", DocNo: "1", DocOn: "2026-11-20"}, "docNo": {Reason: "r", Organ: "o", DocName: "n", DocOn: "2026-11-20"},
				"docName": {Reason: "r", Organ: "o", DocNo: "1", DocOn: "2026-11-20"}, "docOn": {Reason: "r", Organ: "o", DocName: "n", DocNo: "1", DocOn: calendar.Date("2026-12-01")}} {
				var refusal *rule.Refusal
				if err := secrecy.Direct(secrecy.Lower, from, to, true, b, "2026-11-23"); down == nil && (!errors.As(err, &refusal) || refusal.Reasons[0].Field != field) {
					t.Errorf("%s to %s without %s: %v", from, to, field, err)
				}
			}
			if to.Guard() != "" && secrecy.Direct(secrecy.Raise, from, to, false, paper, "2026-11-23") == nil {
				t.Errorf("a dossier became %s", to)
			}
		}
	}
}

// Whatever order people raise, propose, decide, correct and describe in: a class never goes
// down by one person; the dossier's is the highest; a state secret has no title, no image
// and nothing that was read in it.
func TestWhateverTheOrder(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		var by []policy.Actor
		for _, name := range []string{"clerk-500108", "reviewer-500108", "head-500108", "keeper-500108"} {
			a := p.As(name)
			a.Clearance = dossier.TopSecret
			by = append(by, a)
		}
		stand := by[2] // a head who stands in: another person of the same post
		stand.ID = p.As("head-500103").ID
		by = append(by, stand)
		n := 0
		rapid.Check(t, func(rt *rapid.T) {
			n++
			d, list := testkit.Volume(p, "50010801", 100+n, nil, testkit.Piece{Class: "4-1", Title: "高等学校毕业生登记表", Pages: 2, Scans: 1}, testkit.Piece{Class: "9-2", Title: "劳动合同书", Pages: 3})
			proposer := map[string]string{}
			var open []string
			before := map[string]int{}
			for step := range rapid.IntRange(2, 6).Draw(rt, "steps") {
				a := by[rapid.IntRange(0, len(by)-1).Draw(rt, "who")]
				m := list[rapid.IntRange(0, 1).Draw(rt, "piece")].ID
				e := secrecy.Entry{DossierID: d.ID, MaterialID: m, To: rapid.SampledFrom(dossier.Classes).Draw(rt, "to"), Basis: paper}
				if rapid.IntRange(0, 3).Draw(rt, "whole") == 0 {
					e.MaterialID = ""
				}
				lowered := ""
				var err error
				switch rapid.IntRange(0, 4).Draw(rt, "act") {
				case 0:
					_, err = p.Secrecy.Raise(t.Context(), a, e)
				case 1:
					var c secrecy.Change
					if c, err = p.Secrecy.Propose(t.Context(), a, e); err == nil {
						proposer[c.ID], open = a.ID, append(open, c.ID)
					}
				case 2:
					if len(open) == 0 {
						continue
					}
					id := rapid.SampledFrom(open).Draw(rt, "which")
					var c secrecy.Change
					if c, err = p.Secrecy.Decide(t.Context(), a, id, true, ""); err == nil {
						if proposer[id] == a.ID {
							rt.Fatalf("step %d: %s lowered alone", step, a.Name)
						}
						lowered = c.MaterialID + "/"
					}
				case 3:
					_, err = p.Dossiers.RequestCorrection(t.Context(), a, m, dossier.Description{Title: "补写的题名", Class: "4-1", Copies: 1, Pages: 2}, "漏写", "原件")
				case 4:
					_, err = p.Dossiers.AddPeriod(t.Context(), a, d.ID, dossier.NewPeriod{Kind: "work", FromMonth: "2013-07", Unit: "材料所写的单位", Source: dossier.Source{MaterialID: m, Page: 1}})
				}
				var refusal *rule.Refusal
				if err != nil && !errors.As(err, &refusal) {
					rt.Fatal(err)
				}
				now, err := dossier.Get(t.Context(), p.DB, d.ID)
				if err != nil {
					rt.Fatal(err)
				}
				rows, err := store.List[dossier.Material](t.Context(), p.DB, "WHERE dossier_id=?", d.ID)
				if err != nil {
					rt.Fatal(err)
				}
				highest, images := now.OwnSecrecy, int64(0)
				for _, m := range rows {
					if m.State == dossier.Filed {
						highest, images = max(highest, m.Secrecy), images+m.Images
					}
					if rank := m.Mark().Rank(); rank < before[m.ID] && lowered != m.ID+"/" {
						rt.Fatalf("%s went down to %s by one person", m.ID, m.Mark())
					} else {
						before[m.ID] = rank
					}
					if m.Secrecy < dossier.Secret {
						continue
					}
					if m.Title+m.Note+m.KeyFacts+m.Maker+m.Source != "" || m.Images != 0 {
						rt.Fatalf("the placeholder says %+v", m)
					}
					if shown, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM page WHERE material_id=? AND state<>'rejected'", m.ID); err != nil || shown > 0 {
						rt.Fatalf("%d of its pages are in use: %v", shown, err)
					}
					if said, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM history_period WHERE material_id=? AND (unit<>'' OR void IS NULL)", m.ID); err != nil || said > 0 {
						rt.Fatalf("%d entries read in it stand: %v", said, err)
					}
				}
				if now.Secrecy != highest || now.Images != images {
					rt.Fatalf("the dossier is %d with %d images, the highest is %d with %d", now.Secrecy, now.Images, highest, images)
				}
			}
		})
	})
}

// What the lists show is what the policies let read, and the policy of a closed material is
// the same for its words and for its pages.
func TestWordsAndPagesGoTogether(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	for _, guard := range []string{"trade", "privacy"} {
		for _, post := range []string{"clerk", "reviewer", "keeper", "scanner", "head", "supervisor"} {
			for _, state := range []dossier.MaterialState{dossier.Filed, dossier.ToFile} {
				for _, how := range []string{"", "named", "handler"} {
					a := policy.Actor{ID: "me", Kind: policy.Staff, Posts: []string{post}, Reach: []string{"50010801"}}
					m := dossier.Material{ID: "m", Title: "题名", Guard: guard, State: state}
					switch how {
					case "named":
						a.Named = []string{"m"}
					case "handler":
						m.Handler = "me"
					}
					words := !p.Dossiers.Seen(a, m).Withheld()
					r := policy.Resource{Type: "Dossier", ID: "d", Agencies: []string{"50010801"}, Attrs: map[string]any{"pageState": "accepted"}}
					m.Guarded(r.Attrs)
					pages := p.Gate.Decide(a, "page.view", r).Allowed()
					mayPages := post == "clerk" || post == "reviewer" || post == "head"
					if pages != (words && mayPages) {
						t.Errorf("%s %s %s %s: words %v, pages %v", guard, post, state, how, words, pages)
					}
					if public := m.Public(); strings.Contains(fmt.Sprint(public), "题名") || public.Public() != public {
						t.Errorf("the neutral line says %+v", public)
					}
				}
			}
		}
	}
}
