package account

import (
	"context"
	"slices"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Visit is one matter of a unit with the authorized worker who came for it (12c).
type Visit struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	WorkerID  string    `db:"worker_id"`
	AccountID string    `db:"account_id"`
	Act       string    `db:"act"` // what was done, as the policies name it
	CaseRef   string    `db:"case_ref"`
	SeenBy    string    `db:"seen_by"`
	SeenAt    time.Time `db:"seen_at"`
}

// Table names the table of visits.
func (Visit) Table() string { return "unit_visit" }

func init() {
	store.Describe(Visit{})
	store.Register("unit_visit", store.Audited, "单位经办人来办记录：谁为单位办了哪一件")
}

// Bearer says who came for a unit, in one of three ways.
type Bearer struct {
	Worker string // the authorization that was chosen at the window, by its id
	Intake string // the record of what came over the net: whoever signed in there
	// Introduced are the identity numbers of those whom a letter of introduction of its own
	// sends (21.1, 23): a worker among them comes as one, all others on that letter.
	Introduced []string
}

// Came keeps, inside the act, which authorized worker came for a unit with a matter, and
// refuses one whose authorization does not hold on the day. A unit without an account at the
// agency applies on its letter as anybody does: nobody is recorded.
func Came(tx *gate.Tx, agency string, u Unit, b Bearer, ref string) error {
	a, err := at(tx.Context(), tx, agency, u, "")
	if err != nil {
		return err
	}
	if a == nil {
		if b.Worker != "" {
			return gone(tx, agency, b.Worker)
		}
		return nil
	}
	return a.came(tx, b, ref)
}

var unknownWorker = rule.Mistake(rule.Reason{Rule: "12c", Slug: "worker_unknown", Field: "workerId", Message: "所选的人不是这一单位登记的经办人。", Next: "请核对单位和经办人居民身份证；没有登记的，先在“集体户”中登记授权。"})

// gone says why nobody is recorded of a unit without an account: it was closed meanwhile, or the
// worker never was one of the unit's.
func gone(tx *gate.Tx, agency, worker string) error {
	list, err := store.List[Account](tx.Context(), tx, "WHERE agency=? AND state<>'open' AND id IN (SELECT account_id FROM account_worker WHERE id=?)", agency, worker)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return unknownWorker
	}
	return rule.Refuse(rule.Reason{Rule: "12c", Slug: "account_closed", Field: "workerId", Message: list[0].Unit + "的集体户已注销，经办人的授权随之终止。", Next: "请重新载入；单位仍要办理的，凭介绍信办理，或重新设立集体户。"})
}

// came is Came once the account is known.
func (a Account) came(tx *gate.Tx, b Bearer, ref string) error {
	ctx, today := tx.Context(), tx.Today()
	list, err := store.List[Worker](ctx, tx, "WHERE account_id=? ORDER BY id DESC LIMIT 200", a.ID)
	if err != nil {
		return err
	}
	if b.Introduced == nil {
		if err := anyHolds(a, list, today); err != nil {
			return err
		}
	}
	online := false // who signed in held the authorization on that day
	is := func(w Worker) bool { return w.ID == b.Worker }
	switch {
	case b.Introduced != nil:
		is = func(w Worker) bool { return slices.Contains(b.Introduced, w.IDNo) }
	case b.Worker == "" && b.Intake != "":
		sent, err := store.List[Visit](ctx, tx, "WHERE case_ref=? ORDER BY id DESC LIMIT 1", "Intake:"+b.Intake)
		if err != nil {
			return err
		}
		if len(sent) > 0 {
			b.Worker, online = sent[0].WorkerID, true
		}
	}
	var last *Worker
	for i, w := range list {
		if !is(w) {
			continue
		}
		if w.holds(today) || online {
			return a.visited(tx, w, ref)
		}
		if last == nil {
			last = &list[i]
		}
	}
	switch {
	case b.Introduced != nil: // comes on that letter
		return nil
	case last != nil:
		return rule.Refuse(rule.Reason{Rule: "12c", Slug: "worker_not_authorized", Field: "workerId", Message: "经办人" + last.Name + "的授权" + last.lapsed(today) + "。", Next: "请由授权有效的经办人来办；或由单位出具新的授权书，在“集体户”中登记后再办。"})
	case b.Worker != "":
		return unknownWorker
	}
	return rule.Complete(rule.Reason{Rule: "12c", Slug: "worker_not_named", Field: "workerId", Message: "没有登记单位由谁来办。", Next: "请核对来人的居民身份证，从授权有效的经办人中选择；新换的经办人先登记授权。"})
}

// Online keeps, inside the act of a unit's worker who signed in, that it was theirs, on the
// authorization the sign-in rests on (12c): held to the day again, since it may have ended while
// they sat there. Whoever else acts leaves no line.
func Online(tx *gate.Tx, agency, ref string) error {
	id := tx.Actor().Workers[agency]
	if tx.Actor().Kind != policy.Unit || id == "" {
		return nil
	}
	w, err := store.Get[Worker](tx.Context(), tx, "WHERE id=?", id)
	if err != nil {
		return err
	}
	if !w.holds(tx.Today()) {
		return rule.Refuse(rule.Reason{Rule: "12c", Slug: "worker_not_authorized", Message: "经办人的授权" + w.lapsed(tx.Today()) + "。", Next: "请单位出具新的授权书，到存档机构窗口登记或续期后再办。"})
	}
	return Account{ID: w.AccountID}.visited(tx, w, ref)
}

// brought is came for what may also reach the agency without anybody coming: a list by mail, a
// change of name read in the public register.
func (a Account) brought(tx *gate.Tx, worker, ref string) error {
	if worker == "" {
		return nil
	}
	return a.came(tx, Bearer{Worker: worker}, ref)
}

func (a Account) visited(tx *gate.Tx, w Worker, ref string) error {
	tx.About("UnitAccount", a.ID)
	return tx.Insert(Visit{ID: gate.NewID(), Version: 1, WorkerID: w.ID, AccountID: a.ID, Act: tx.Action(), CaseRef: ref, SeenBy: tx.Actor().ID, SeenAt: tx.Now()})
}

// lapsed says since when, or until when, an authorization does not hold.
func (w Worker) lapsed(today calendar.Date) string {
	switch {
	case w.EndedOn != "":
		return "已于" + day(w.EndedOn) + "终止"
	case calendar.Date(w.FromOn) > today:
		return "自" + day(w.FromOn) + "起生效"
	}
	return "已于" + day(w.UntilOn) + "到期"
}

// CameFor is the worker who came with a case, for its page and its papers; none is no error.
// Whoever may read the case may.
func CameFor(ctx context.Context, q store.Querier, ref string) (*Worker, *Visit, error) {
	list, err := store.List[Visit](ctx, q, "WHERE case_ref=? ORDER BY id DESC LIMIT 1", ref)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	w, err := store.Get[Worker](ctx, q, "WHERE id=?", list[0].WorkerID)
	return &w, &list[0], err
}

// CameField is the worker who came as a paper says it, to be added to its fields; none where
// nobody's coming is recorded.
func CameField(tx *gate.Tx, ref string) ([]paper.Field, error) {
	w, _, err := CameFor(tx.Context(), tx, ref)
	if err != nil || w == nil {
		return nil, err
	}
	return []paper.Field{{Label: "单位经办人", Value: w.Name + "（" + w.LetterNo + "，授权至" + day(w.UntilOn) + "）", Wide: true}}, nil
}

// Call is a visit as the account's page shows it.
type Call struct {
	Visit
	Worker Worker
}

// maxCalls bounds what an account's page lists.
const maxCalls = 50

// Calls lists who came for a unit with what, the newest first.
func (k *Desk) Calls(ctx context.Context, id string) ([]Call, error) {
	list, err := store.List[Visit](ctx, k.gate.DB(), "WHERE account_id=? ORDER BY id DESC LIMIT ?", id, maxCalls)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]string, len(list))
	for i, v := range list {
		ids[i] = v.WorkerID
	}
	workers, err := store.List[Worker](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+") ORDER BY id LIMIT ?", append(store.Args(ids), len(ids))...)
	if err != nil {
		return nil, err
	}
	out := make([]Call, len(list))
	for i, v := range list {
		out[i].Visit = v
		for _, w := range workers {
			if w.ID == v.WorkerID {
				out[i].Worker = w
			}
		}
	}
	return out, nil
}

// Workable lists who may come for a unit at the actor's own agency today, for the form of a
// matter; none where the unit has no account there.
func (k *Desk) Workable(ctx context.Context, by policy.Actor, u Unit) ([]Worker, error) {
	a, err := at(ctx, k.gate.DB(), by.Org, u, "")
	if err != nil || a == nil || k.gate.Allowed(by, ActList, a.Resource()) != nil {
		return nil, err
	}
	list, err := k.Workers(ctx, a.ID)
	return slices.DeleteFunc(list, func(w Worker) bool { return !w.holds(k.gate.Today()) }), err
}
