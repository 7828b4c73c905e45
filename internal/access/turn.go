package access

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/digital"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Turn shows one page to the readers of an open session: an act of theirs, on
// record, one row a page. The monitor is the member of staff who asked. What goes
// out is a reduced rendering with readers, unit, minute and session burned in.
func (k *Desk) Turn(ctx context.Context, monitor policy.Actor, caseID, materialID string, no int64) ([]byte, error) {
	if err := k.catchUp(ctx, caseID); err != nil {
		return nil, err
	}
	at, err := k.desk(ctx, monitor, caseID)
	if err != nil {
		return nil, err
	}
	var page digital.Page
	mark := digital.Watermark{Who: names(at.readers) + " " + at.c.Unit, Case: "查阅号 " + at.session.No}
	_, err = k.gate.Do(ctx, gate.Act{Actor: at.session.Actor(at.c.Unit, names(at.readers)), Action: "reading.page", Rules: []rule.ID{"18c", "21.4", "29.3"}, On: "Reading:" + at.session.ID}, func(tx *gate.Tx) error {
		s, err := store.Get[Session](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), at.session.ID)
		if err != nil {
			return err
		}
		m, err := store.Get[dossier.Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", materialID, s.DossierID)
		if err != nil {
			return err
		}
		if err := tx.Permit(policy.Resource{Type: "Material", ID: m.ID, Secrecy: m.Secrecy, Attrs: map[string]any{"session": s.ID, "granted": s.Way == Digital && at.c.Covers(m)}}); err != nil {
			return err
		}
		var before int
		if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM reading_view WHERE session_id=? AND material_id=? AND page_no=?", s.ID, m.ID, no).Scan(&before); err != nil {
			return fmt.Errorf("pages read: %w", err)
		}
		if err := s.Readable(tx.Now(), before > 0); err != nil {
			return err
		}
		// The level may rise while they read (21b); who sits there may change between two pages (21.2).
		d, err := dossier.Get(tx.Context(), tx, s.DossierID)
		if err != nil {
			return err
		}
		switch {
		case d.Secrecy >= dossier.Secret:
			return rule.Refuse(digitalBarred())
		case Level(d, at.c.Purpose) && at.c.HeadBy == "":
			return rule.Refuse(headMissing())
		}
		here, err := came(tx.Context(), tx, s.ID, at.readers, true)
		if err != nil {
			return err
		}
		mark.Who = names(here) + " " + at.c.Unit
		if page, err = store.Get[digital.Page](tx.Context(), tx, "WHERE material_id=? AND no=? AND state=?", m.ID, no, string(digital.PageAccepted)); err != nil {
			return err
		}
		tx.About("Consultation", s.CaseID)
		tx.About("Dossier", s.DossierID)
		tx.Note("page", no)
		tx.Note("monitor", monitor.ID)
		mark.At = tx.Now()
		if err := leave(tx, s.ID, tx.Now(), LeftTurned); err != nil {
			return err
		}
		if before == 0 {
			s.Pages++
			if err := tx.Update(&s); err != nil {
				return err
			}
		}
		return tx.Insert(View{ID: gate.NewID(), SessionID: s.ID, DossierID: s.DossierID, Kind: Digital, MaterialID: m.ID, Class: m.Class, Title: m.Public().Title, PageNo: no, Pages: 1, At: tx.Now(), StaffID: monitor.ID})
	})
	if err != nil {
		return nil, err
	}
	return k.pages.Draw(ctx, page.ID, mark)
}

// atDesk is a reading as the monitor's terminal stands in it.
type atDesk struct {
	c       Case
	session Session
	readers []Reader
}

// desk finds the session of a case for a member of staff who may monitor.
func (k *Desk) desk(ctx context.Context, monitor policy.Actor, caseID string) (atDesk, error) {
	q := k.gate.DB()
	c, err := Get(ctx, q, caseID)
	if err != nil {
		return atDesk{}, err
	}
	d, err := dossier.Get(ctx, q, c.DossierID)
	if err != nil {
		return atDesk{}, err
	}
	if decision := k.gate.Decide(monitor, "reading.open", c.Resource(d)); decision.Hidden {
		return atDesk{}, gate.ErrHidden
	} else if decision.Refusal != nil {
		return atDesk{}, decision.Refusal
	}
	s, err := SessionOf(ctx, q, caseID)
	if errors.Is(err, store.ErrNotFound) {
		return atDesk{}, rule.Refuse(reason("18c", "no_open_session", "", "没有正在进行的查阅，不能翻阅。", "请在批准的时限内到阅档室，由监阅人开始查阅。"))
	} else if err != nil {
		return atDesk{}, err
	}
	readers, err := Readers(ctx, q, caseID)
	if err != nil {
		return atDesk{}, err
	}
	// Who sits there sees the page: those and no others stand in its watermark (21.2).
	readers, err = came(ctx, q, s.ID, readers, true)
	return atDesk{c, s, readers}, err
}

func names(readers []Reader) string {
	out := make([]string, len(readers))
	for i, r := range readers {
		out[i] = r.Name
	}
	return strings.Join(out, "、")
}
