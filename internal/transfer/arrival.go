package transfer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Arrive records that the packet came. The sender answers for it until the receipt.
func (k *Desk) Arrive(ctx context.Context, by policy.Actor, id string, a Arrival) (Case, error) {
	return k.on(ctx, by, "transfer.arrive", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		was := c.State
		if err := c.Arrive(a, by.ID, tx.Today()); err != nil {
			return err
		}
		if err := k.again(tx, was, *c); err != nil {
			return err
		}
		if err := came(tx, c); err != nil {
			return err
		}
		if !a.Intact {
			kind := FaultDamaged
			if a.Opened {
				kind = FaultOpened
			}
			f := c.fault(kind, a.Seen, "", by.ID, c.Receiver, a.On, tx.Now())
			if err := addFault(tx, &f); err != nil {
				return err
			}
		}
		if d.ID == "" || c.Direction == In {
			return nil
		}
		if err := custody.Move(tx, d, custody.Arrived, dossier.PlaceTransit, c.Ref(), c.ReceiverName+"签收，核对中"); err != nil {
			return err
		}
		d.State = dossier.Arriving
		return dossier.Save(tx, d)
	})
}

// Result is what the first checker found for one line.
type Result struct {
	LineNo   int64
	Check    string
	Note     string
	KeyFacts []string // what the piece proves, where the sender did not say
	MarkKeys bool     // KeyFacts was given
	Pages    int64    // of a piece whose pages do not agree: how many came
	Proves   bool     // fewer came, and it proves its key facts all the same
}

// Check records results line by line and pieces beyond the list, which are added
// and never dropped (forms.md 3). It may be done in parts.
func (k *Desk) Check(ctx context.Context, by policy.Actor, id string, results []Result, extra []Line) (Case, error) {
	return k.on(ctx, by, "transfer.check", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Step("transfer.check"); err != nil {
			return err
		}
		if len(results) == 0 && len(extra) == 0 {
			return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "check_empty", Field: "results", Message: "没有登记任何核对结果。", Next: "请对照实物逐份登记相符、缺少、页数不符或内容不符。"})
		}
		items, err := allItems(tx, c.ID)
		if err != nil {
			return err
		}
		for _, r := range results {
			at := slices.IndexFunc(items, func(i Item) bool { return i.LineNo == r.LineNo && !i.Void })
			if at < 0 || LineName(r.Check) == "" || r.Check == LineExtra != (at >= 0 && items[at].ReceiverCheck == LineExtra) {
				return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "line_unknown", Field: "results", Message: fmt.Sprintf("清单没有第%d项，或结果不在相符、缺少、页数不符、内容不符之中。", r.LineNo), Next: "请刷新清单后重新登记。"})
			}
			i := items[at]
			if err := r.pages(i); err != nil {
				return err
			}
			i.GotPages, i.ProvesStill = 0, 0
			if r.Check == LinePages {
				if i.GotPages = r.Pages; r.Proves && r.Pages < i.Pages {
					i.ProvesStill = 1
				}
			}
			i.ReceiverCheck, i.Note = r.Check, strings.TrimSpace(r.Note)
			if r.MarkKeys {
				i.KeyFacts = strings.Join(r.KeyFacts, "|")
			}
			if i == items[at] {
				continue
			}
			if err := tx.Update(&i); err != nil {
				return err
			}
			items[at] = i
		}
		if len(extra) > 0 {
			if err := checkLines(extra); err != nil {
				return err
			}
			for _, l := range extra {
				i := l.item(int64(len(items)+1), 0)
				i.ID, i.Version, i.TransferID, i.ReceiverCheck = gate.NewID(), 1, c.ID, LineExtra
				if err := tx.Insert(i); err != nil {
					return err
				}
				items = append(items, i)
			}
		}
		return c.Checked(standing(items), by.ID, tx.Now())
	})
}

// pages holds a result to what it has to say of the pages that came.
func (r Result) pages(i Item) error {
	if r.Check != LinePages || r.Pages >= 1 && r.Pages <= 9999 && r.Pages != i.Pages {
		return nil
	}
	return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "pages_missing", Field: "results", Message: fmt.Sprintf("第%d项页数不符，没有写明实收页数，或者与清单的 %d 页相同。", i.LineNo, i.Pages), Next: "请点数后填写实收页数；少页而仍能证明关键信息的，一并注明。"})
}

func standing(items []Item) []Item {
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return i.Void })
}
