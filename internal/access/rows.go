package access

import (
	"context"
	"slices"
	"time"

	"dangan/internal/gate"
	"dangan/internal/intake"
	"dangan/internal/store"
)

func init() {
	store.Describe(Case{}, Reader{}, Session{}, Attendance{}, View{}, Leave{})
	store.Register("consultation", store.Audited, "查阅：申请、补正、审批、结果")
	store.Register("consultation_reader", store.Audited, "查阅人：身份、政治面貌、声明，证件号加密")
	store.Register("reading_session", store.Audited, "查阅过程：起止、监阅人、页数")
	store.Register("reading_attendance", store.Audited, "查阅到场：哪些查阅人到场、离席")
	store.Register("reading_leave", store.Audited, "查阅所见各页离开屏幕的时间，只增不改")
	store.Register("reading_view", store.Audited, "查阅所见：逐页（逐份）登记，只增不改")
}

// Get reads a consultation; store.ErrNotFound if there is none.
func Get(ctx context.Context, q store.Querier, id string) (Case, error) {
	return store.Get[Case](ctx, q, "WHERE id=?", id)
}

func load(tx *gate.Tx, id string) (Case, error) {
	c, err := store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return c, err
	}
	c.sent, err = intake.SenderOf(tx, c.Ref())
	return c, err
}

func save(tx *gate.Tx, c *Case) error {
	c.ChangedAt = tx.Now()
	return tx.Update(c)
}

// Readers lists who reads, in the order of the form.
func Readers(ctx context.Context, q store.Querier, caseID string) ([]Reader, error) {
	return store.List[Reader](ctx, q, "WHERE case_id=? AND off=0 ORDER BY seq LIMIT 20", caseID)
}

// SessionOf reads the session of a case; store.ErrNotFound before it was opened.
func SessionOf(ctx context.Context, q store.Querier, caseID string) (Session, error) {
	return store.Get[Session](ctx, q, "WHERE case_id=?", caseID)
}

// Views lists what was read in a session, in the order it was read.
func Views(ctx context.Context, q store.Querier, sessionID string) ([]View, error) {
	return store.List[View](ctx, q, "WHERE session_id=? ORDER BY at, id LIMIT 5000", sessionID)
}

// keepReaders writes the readers of a form: rows by their place, those that are
// no longer on it marked.
func keepReaders(tx *gate.Tx, caseID string, readers []Reader) error {
	old, err := store.List[Reader](tx.Context(), tx, "WHERE case_id=? ORDER BY seq LIMIT 40"+tx.ForUpdate(), caseID)
	if err != nil {
		return err
	}
	for i := range max(len(old), len(readers)) {
		switch {
		case i >= len(readers):
			if old[i].Off {
				continue
			}
			old[i].Off = true
			if err := tx.Update(&old[i]); err != nil {
				return err
			}
		case i >= len(old):
			r := readers[i]
			r.ID, r.Version, r.CaseID, r.Seq = gate.NewID(), 1, caseID, int64(i+1)
			if err := tx.Insert(r); err != nil {
				return err
			}
		default:
			r := readers[i]
			r.ID, r.Version, r.CaseID, r.Seq = old[i].ID, old[i].Version, caseID, old[i].Seq
			if err := tx.Update(&r); err != nil {
				return err
			}
		}
	}
	return nil
}

// attendances lists who came to a session.
func attendances(ctx context.Context, q store.Querier, sessionID string) ([]Attendance, error) {
	return store.List[Attendance](ctx, q, "WHERE session_id=? ORDER BY id LIMIT 20", sessionID)
}

// seated changes who sits at the desk, row by row.
func seated(tx *gate.Tx, sessionID string, change func(a *Attendance)) error {
	list, err := attendances(tx.Context(), tx, sessionID)
	if err != nil {
		return err
	}
	for i := range list {
		was := list[i].AwayAt
		if change(&list[i]); list[i].AwayAt.Equal(was) {
			continue
		}
		if err := tx.Update(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// came keeps the readers who came, in the order of the form; here only those who sit there now.
func came(ctx context.Context, q store.Querier, sessionID string, readers []Reader, here bool) ([]Reader, error) {
	list, err := attendances(ctx, q, sessionID)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return readers, nil // a reading of before this was kept
	}
	var out []Reader
	for _, r := range readers {
		if slices.ContainsFunc(list, func(a Attendance) bool { return a.ReaderID == r.ID && (!here || a.Here()) }) {
			out = append(out, r)
		}
	}
	return out, nil
}

// leave ends the showing of the page that stands on the screen, if one does.
func leave(tx *gate.Tx, sessionID string, at time.Time, why string) error {
	open, err := store.List[View](tx.Context(), tx, "WHERE session_id=? AND kind=? AND NOT EXISTS (SELECT 1 FROM reading_leave l WHERE l.view_id=reading_view.id) ORDER BY at, id LIMIT 10", sessionID, Digital)
	if err != nil {
		return err
	}
	for _, v := range open {
		if err := tx.Insert(Leave{ID: gate.NewID(), SessionID: sessionID, ViewID: v.ID, At: at, Why: why}); err != nil {
			return err
		}
	}
	return nil
}

// Leaves gives when each page of a session left the screen, by view.
func Leaves(ctx context.Context, q store.Querier, sessionID string) (map[string]time.Time, error) {
	list, err := store.List[Leave](ctx, q, "WHERE session_id=? ORDER BY at, id LIMIT 5000", sessionID)
	out := make(map[string]time.Time, len(list))
	for _, l := range list {
		out[l.ViewID] = l.At
	}
	return out, err
}
