package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dangan/internal/clock"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Present is who sits at the desk: which readers of the form came.
type Present struct {
	Readers []string // ids of Reader
}

// Open begins the reading: all that the approval asks for, two readers present,
// the packet in the reading room when it is read on paper (21.2, 21.4).
func (k *Desk) Open(ctx context.Context, by policy.Actor, id string, present Present) (s Session, err error) {
	_, err = k.act(ctx, by, "reading.open", []rule.ID{"21.2", "21.4"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Start(tx.Today()); err != nil {
			return err
		}
		if err := k.noKin(tx, *c); err != nil {
			return err
		}
		if err := onScreen(ctx, tx, *c, *d); err != nil {
			return err
		}
		if Level(*d, c.Purpose) && c.HeadBy == "" {
			return rule.Refuse(headMissing())
		}
		readers, err := Readers(tx.Context(), tx, c.ID)
		if err != nil {
			return err
		}
		var came []Reader
		for _, r := range readers {
			if slices.Contains(present.Readers, r.ID) {
				came = append(came, r)
			}
		}
		var reasons []rule.Reason
		if len(came) < 2 {
			reasons = append(reasons, reason("21.2", "too_few_readers", "readers", fmt.Sprintf("到场的查阅人不足两人（%d人）。", len(came)), "请申请表所列查阅人至少两人到场，并逐人核验身份证。"))
		}
		switch {
		case d.State != dossier.InStore && d.State != dossier.Arranging && d.State != dossier.Reading:
			reasons = append(reasons, reason("29.6", "dossier_not_at_hand", "", "档案现为“"+d.State.Name()+"”，不能开始查阅。", "请待该事项办结后再查阅。"))
		case c.Way == Paper && d.Place != dossier.PlaceReading:
			reasons = append(reasons, reason("21.4", "packet_not_here", "", "档案原件尚未送到阅档室。", "请库管提档并交接到阅档室。"))
		}
		if other, err := OpenReading(tx.Context(), tx, d.ID); err != nil {
			return err
		} else if other != "" {
			reasons = append(reasons, reason("29.6", "reading_in_progress", "", "该档案正由其他查阅人查阅（"+other+"）。", "请待其结束后再开始。"))
		}
		if len(reasons) > 0 {
			return rule.Refuse(reasons...)
		}
		ends, err := Ends(tx.Now(), c.Minutes, k.settings.Int(setting.ReadingClose))
		if err != nil {
			return err
		}
		year := tx.Now().In(clock.Shanghai).Year()
		n, err := tx.Number(fmt.Sprintf("%s/查阅号/%d", c.Agency, year))
		if err != nil {
			return err
		}
		s = Session{ID: gate.NewID(), Version: 1, CaseID: c.ID, DossierID: d.ID, Agency: c.Agency, No: fmt.Sprintf("Y-%s-%d-%05d", c.Agency, year, n), Way: c.Way,
			Monitor: by.ID, OpenedAt: tx.Now(), EndsAt: ends, MaxPages: c.MaxPages}
		if err := tx.Insert(s); err != nil {
			return err
		}
		for _, r := range came {
			if err := tx.Insert(Attendance{ID: gate.NewID(), Version: 1, SessionID: s.ID, ReaderID: r.ID, CameAt: tx.Now()}); err != nil {
				return err
			}
		}
		tx.About("Reading", s.ID)
		tx.Enqueue(gate.Job{Kind: CloseJob, Payload: map[string]string{"session": s.ID}, At: s.EndsAt})
		d.State = dossier.Reading
		return dossier.Save(tx, d)
	})
	return s, err
}

// onSession is the frame of every act on a session. Over is what to do when the
// clock has ended it: the session is closed first, in an act of its own.
func (k *Desk) onSession(ctx context.Context, by policy.Actor, action string, rules []rule.ID, caseID string, fn func(tx *gate.Tx, s *Session, c *Case, d *dossier.Dossier) error) (Session, error) {
	if err := k.catchUp(ctx, caseID); err != nil {
		return Session{}, err
	}
	var s Session
	_, err := k.on(ctx, by, action, rules, caseID, func(tx *gate.Tx, c *Case, d *dossier.Dossier) (err error) {
		if s, err = store.Get[Session](tx.Context(), tx, "WHERE case_id=?"+tx.ForUpdate(), caseID); errors.Is(err, store.ErrNotFound) {
			return c.step("查阅", Reading)
		} else if err != nil {
			return err
		}
		tx.About("Reading", s.ID)
		if !s.EndedAt.IsZero() {
			return s.Readable(tx.Now(), true)
		}
		if err := fn(tx, &s, c, d); err != nil {
			return err
		}
		return tx.Update(&s)
	})
	return s, err
}

// finish ends session and case, gives the dossier back its state and the packet
// its way to the shelf, and issues the record of what was read.
func (k *Desk) finish(tx *gate.Tx, s *Session, c *Case, d *dossier.Dossier, at time.Time, why string) error {
	if err := c.Finish(at, why); err != nil {
		return err
	}
	s.EndedAt, s.EndedWhy, s.EndedBy = at, why, tx.Actor().ID
	if err := leave(tx, s.ID, at, LeftEnded); err != nil {
		return err
	}
	// A packet in the reading room stays 查阅中 until the keeper has it back.
	switch {
	case d.State != dossier.Reading, d.Place == dossier.PlaceReading:
	case d.Place == dossier.PlaceStore:
		d.State = dossier.InStore
	default:
		d.State = dossier.Arranging
	}
	tx.About("Dossier", d.ID)
	tx.Note("pages", s.Pages)
	if err := dossier.Save(tx, d); err != nil {
		return err
	}
	if err := custody.Finish(tx, d, c.Ref()); err != nil {
		return err
	}
	if err := save(tx, c); err != nil {
		return err
	}
	if err := inform(tx, *c); err != nil {
		return err
	}
	return k.record(tx, *s, *c, *d)
}

// End ends the reading by the monitor's hand.
func (k *Desk) End(ctx context.Context, by policy.Actor, caseID string) (Session, error) {
	return k.onSession(ctx, by, "reading.end", []rule.ID{"21.4"}, caseID, func(tx *gate.Tx, s *Session, c *Case, d *dossier.Dossier) error {
		return k.finish(tx, s, c, d, tx.Now(), EndedByHand)
	})
}

// Lock hides the pages: somebody left the desk (21.2). away names who; nobody named: it may be anybody.
func (k *Desk) Lock(ctx context.Context, by policy.Actor, caseID string, away []string) (Session, error) {
	return k.onSession(ctx, by, "reading.lock", []rule.ID{"21.2"}, caseID, func(tx *gate.Tx, s *Session, _ *Case, _ *dossier.Dossier) error {
		if s.LockedAt.IsZero() {
			s.LockedAt = tx.Now()
		}
		if err := seated(tx, s.ID, func(a *Attendance) {
			if a.Here() && slices.Contains(away, a.ReaderID) {
				a.AwayAt = tx.Now()
			}
		}); err != nil {
			return err
		}
		return leave(tx, s.ID, tx.Now(), LeftLocked)
	})
}

// Unlock shows them again when two or more of those who came sit at the desk; nobody named:
// those who were there when it was locked. Who is not there stands in no watermark of what
// follows. proof is when the monitor last gave the password in a browser's session, which has
// to be after the lock: whoever sits at the desk could press the button; zero where a program
// asks, which is no screen in the reading room.
func (k *Desk) Unlock(ctx context.Context, by policy.Actor, caseID string, here []string, proof time.Time) (Session, error) {
	return k.onSession(ctx, by, "reading.unlock", []rule.ID{"21.2"}, caseID, func(tx *gate.Tx, s *Session, _ *Case, _ *dossier.Dossier) error {
		if !s.LockedAt.IsZero() && !proof.IsZero() && !proof.After(s.LockedAt) {
			return rule.Refuse(reason("21.2", "monitor_password", "", "解锁须监阅人再次输入口令。", "请监阅人核对两名查阅人在场后输入口令解锁。"))
		}
		n := 0
		if err := seated(tx, s.ID, func(a *Attendance) {
			switch present := len(here) == 0 && a.Here() || slices.Contains(here, a.ReaderID); {
			case present:
				a.AwayAt = time.Time{}
				n++
			case a.Here():
				a.AwayAt = tx.Now()
			}
		}); err != nil {
			return err
		}
		if n < 2 {
			return rule.Refuse(reason("21.2", "too_few_readers", "readers", fmt.Sprintf("在场的查阅人不足两人（%d人）。", n), "请到场的查阅人至少两人在场后再解锁。"))
		}
		s.LockedAt = time.Time{}
		return nil
	})
}

// Extend prolongs a reading once, by hand of who is at the desk (21.4).
func (k *Desk) Extend(ctx context.Context, by policy.Actor, caseID string, minutes int64, because string) (Session, error) {
	return k.onSession(ctx, by, "reading.extend", []rule.ID{"21.4"}, caseID, func(tx *gate.Tx, s *Session, _ *Case, _ *dossier.Dossier) error {
		if err := s.Extend(by.ID, tx.Now(), minutes, k.settings.Int(setting.ReadingExtend), k.settings.Int(setting.ReadingClose), because); err != nil {
			return err
		}
		tx.Note("minutes", minutes)
		tx.Enqueue(gate.Job{Kind: CloseJob, Payload: map[string]string{"session": s.ID}, At: s.EndsAt})
		return nil
	})
}

// Left says that the browser took the page off the screen: nobody had touched it for long, or
// the window was covered (18c).
func (k *Desk) Left(ctx context.Context, by policy.Actor, caseID string) (Session, error) {
	return k.onSession(ctx, by, "reading.leave", []rule.ID{"18c", "21.4"}, caseID, func(tx *gate.Tx, s *Session, _ *Case, _ *dossier.Dossier) error {
		return leave(tx, s.ID, tx.Now(), LeftScreen)
	})
}

// headMissing: the dossier's level rose after the approval (21b).
func headMissing() rule.Reason {
	return reason("21b", "head_missing", "", "批准以后，这份档案已列为从严查阅（高级职称、涉密），还没有负责人批准。", "请机构负责人补充批准后再开始查阅。")
}
