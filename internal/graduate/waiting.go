package graduate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/undertaking"
	"dangan/internal/work"
)

// waiting are the claims whose undertaking can still be signed here: who died or whose dossier
// went on meanwhile signs none.
const waiting = `graduate.asked_on IS NOT NULL AND graduate.promised_on IS NULL AND graduate.state='claimed'
	AND EXISTS (SELECT 1 FROM dossier k WHERE k.id=graduate.dossier_id AND k.agency=graduate.agency AND k.state<>'left' AND k.account_kind IS NOT NULL)`

// system is who runs the timers.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// Timers reminds the persons whose undertaking waits for their signature, and puts before the
// head, then the superior, what waits too long, as arrivals do (20.4a). Each act happens once a
// term; what fails for one keeps nobody else waiting.
func (d *Desk) Timers(ctx context.Context) error {
	today := d.gate.Today()
	before, longer := today.AddDays(-d.settings.Int(setting.PromiseReminder)).String(), today.AddDays(-d.settings.Int(setting.PromiseEscalate)).String()
	return errors.Join(
		d.each(ctx, "graduate.remind", undertaking.RemindDue("graduate.asked_on"), before, func(tx *gate.Tx, g *Graduate, _ *dossier.Dossier) error {
			g.Clock.Remind(tx.Today())
			tx.About("Dossier", g.DossierID)
			tx.Note("office", g.Agency)
			return nil
		}),
		d.each(ctx, "graduate.escalate", undertaking.EscalateDue("graduate.asked_on"), longer, func(tx *gate.Tx, g *Graduate, _ *dossier.Dossier) error {
			tx.Note("to", g.Clock.Escalate(tx.Today()))
			return nil
		}))
}

// each performs a timer's act on every claim that is due since a day.
func (d *Desk) each(ctx context.Context, action, due, since string, fn func(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error) error {
	ids, err := store.Texts(ctx, d.gate.DB(), "SELECT id FROM graduate WHERE "+waiting+" AND "+due+" ORDER BY asked_on, id LIMIT 500", since, since)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	var failed []error
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return errors.Join(append(failed, err)...)
		}
		_, err := d.onRule(ctx, system, action, []rule.ID{"20.4a"}, id, func(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error {
			if err := g.mayPromise(); err != nil { // signed meanwhile
				return err
			}
			tx.About("Graduate", g.ID)
			return fn(tx, g, held)
		})
		if err != nil {
			failed = append(failed, fmt.Errorf("%s of %s: %w", action, id, err))
		}
	}
	return errors.Join(failed...)
}

// mayDispose says whether the undertaking lies before the head or the superior.
func (g Graduate) mayDispose() error {
	if err := g.mayPromise(); err != nil {
		return err
	}
	return g.Clock.MayDispose()
}

// Dispose books what the head or the superior decided of an undertaking that nobody signs: the
// dossier stays, and the term begins anew.
func (d *Desk) Dispose(ctx context.Context, by policy.Actor, id, note string) (Graduate, error) {
	return d.onRule(ctx, by, "graduate.dispose", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, g *Graduate, _ *dossier.Dossier) error {
		if err := g.mayPromise(); err != nil {
			return err
		}
		if err := g.Clock.Dispose(note, tx.Today()); err != nil {
			return err
		}
		g.DisposedBy, g.DisposedOn, g.DisposedNote = by.ID, tx.Today().String(), strings.TrimSpace(note)
		tx.About("Dossier", g.DossierID)
		return nil
	})
}

// unsigned are the claims whose undertaking nobody signed yet, the oldest first.
func (d *Desk) unsigned(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	return d.waits(ctx, where+" AND graduate.agency=?", append(args, by.Org), func(g Graduate) work.Item {
		due, _ := d.gate.Calendar().AddWorkdays(calendar.Date(g.AskedOn), signBy)
		return work.Item{Todo: "请本人签署告知承诺书，登记承诺", Action: "登记承诺", DueOn: due.String(), Since: g.ClaimedAt}
	})
}

// escalated are those that were put before the head, or the superior.
func (d *Desk) escalated(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	level := 1
	switch {
	case by.Has("head"):
	case by.Has("supervisor"):
		level = 2
	default:
		return nil, nil
	}
	where, args := scope(by)
	return d.waits(ctx, where+" AND graduate.escalated>=?", append(args, level), func(g Graduate) work.Item {
		return work.Item{Todo: fmt.Sprintf("承诺书已告知未签署（已提醒 %d 次），处置", g.Reminded), Action: "处置", Since: g.ClaimedAt}
	})
}

func (d *Desk) waits(ctx context.Context, where string, args []any, line func(Graduate) work.Item) ([]work.Item, error) {
	list, err := store.List[Graduate](ctx, d.gate.DB(), "WHERE "+where+" AND "+waiting+" ORDER BY graduate.asked_on, graduate.id LIMIT 50", args...)
	if err != nil {
		return nil, err
	}
	out := make([]work.Item, len(list))
	for i, g := range list {
		x := line(g)
		x.Room, x.Kind, x.Subject, x.SubjectNote, x.DossierID, x.Link, x.Basis, x.Lane = "graduate", "毕业生接收", g.Name, g.TransferNo, g.DossierID, "/graduates/"+g.ID, "20.4a", work.Todo
		out[i] = x
	}
	return out, nil
}
