package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Worker is whom a unit authorized to apply for it (12c), from a day to a day.
type Worker struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	AccountID    string    `db:"account_id"`
	Agency       string    `db:"agency"`
	Name         string    `db:"name,secret"`
	IDNo         string    `db:"id_no,secret"`
	LetterNo     string    `db:"letter_no"` // of the authorization
	FromOn       string    `db:"from_on"`
	UntilOn      string    `db:"until_on"` // the last day
	RegisteredBy string    `db:"registered_by"`
	RegisteredAt time.Time `db:"registered_at"`
	EndedOn      string    `db:"ended_on,null"` // revoked, or another authorization took its place
	EndedWhy     string    `db:"ended_why,null"`
	EndedBy      string    `db:"ended_by,null"`
	Way          string    `db:"way,null"` // how the worker is told what became of the unit's matters
	Address      string    `db:"address,null,secret"`
}

// Table names the table of workers.
func (Worker) Table() string { return "account_worker" }

func init() {
	store.Describe(Worker{})
	store.Register("account_worker", store.Audited, "单位经办人授权：授权书、有效期、撤销，姓名号码加密")
}

// State is how an authorization stands on a day, as screens say it, with its tone.
func (w Worker) State(today calendar.Date) (name, tone string) {
	switch {
	case w.EndedOn != "":
		return "已终止", "void"
	case calendar.Date(w.UntilOn) < today:
		return "已过期", "void"
	case calendar.Date(w.FromOn) > today:
		return "未生效", "wait"
	}
	return "有效", "run"
}

// Authorization is what the unit's letter says.
type Authorization struct {
	Name     string
	IDNo     string
	LetterNo string
	From     calendar.Date
	Until    calendar.Date
	Address  string // mobile or mailbox, where the worker wants to be told
}

// maxYears is the longest authorization of one letter.
const maxYears = 3

// check says all that is missing or can't be right, at once; prefix is how the form calls the fields.
func (a *Authorization) check(today calendar.Date) (missing []rule.Reason) {
	a.Name, a.LetterNo = strings.TrimSpace(a.Name), strings.TrimSpace(a.LetterNo)
	lacks := func(slug, field, message, next string) {
		missing = append(missing, rule.Reason{Rule: "12c", Slug: slug, Field: field, Message: message, Next: next})
	}
	if a.Name == "" {
		lacks("worker_missing", "workerName", "没有登记单位经办人。", "请查看经办人居民身份证，登记姓名。")
	}
	if who, problem := identity.Parse(a.IDNo, today); problem != "" {
		lacks("worker_id_invalid", "workerIdNo", "经办人公民身份号码有误："+identity.ProblemText(problem)+"。", "请对照居民身份证重新录入。")
	} else {
		a.IDNo = who.Number
	}
	if a.LetterNo == "" {
		lacks("letter_missing", "workerLetter", "没有登记单位的授权书。", "请查看单位盖章的授权书，登记名称和文号。")
	}
	if a.Address = strings.TrimSpace(a.Address); a.Address != "" && message.WayOf(a.Address) == "" {
		lacks("address_wrong", "workerAddress", "经办人的手机号或邮箱有误。", "请填写 11 位手机号，或像 zhang@example.cn 的邮箱；没有的可不填。")
	}
	if !a.From.Valid() {
		a.From = today
	}
	switch {
	case !a.Until.Valid():
		lacks("until_missing", "workerUntil", "没有写明授权到哪一天。", "请照授权书填写截止日期。")
	case a.Until < today || a.Until < a.From:
		lacks("until_past", "workerUntil", "授权已于"+a.Until.Long()+"到期。", "请单位出具新的授权书。")
	case a.Until > today.AddDays(366*maxYears):
		lacks("until_far", "workerUntil", fmt.Sprintf("授权期限超过 %d 年。", maxYears), "请核对截止日期；到期可以续期。")
	}
	return missing
}

// authorize writes an authorization; an earlier one of the same person ends with it.
func authorize(tx *gate.Tx, a Account, z Authorization) error {
	list, err := store.List[Worker](tx.Context(), tx, "WHERE account_id=? AND ended_on IS NULL ORDER BY id LIMIT 200"+tx.ForUpdate(), a.ID)
	if err != nil {
		return err
	}
	for i := range list {
		w := &list[i]
		if w.IDNo != z.IDNo {
			continue
		}
		if z.Address == "" { // a new letter need not say again where the same worker is reached
			z.Address = w.Address
		}
		w.EndedOn, w.EndedWhy, w.EndedBy = tx.Today().String(), "续期，以新授权书为准", tx.Actor().ID
		if err := tx.Update(w); err != nil {
			return err
		}
	}
	return tx.Insert(Worker{ID: gate.NewID(), Version: 1, AccountID: a.ID, Agency: a.Agency, Name: z.Name, IDNo: z.IDNo, LetterNo: z.LetterNo, FromOn: z.From.String(), UntilOn: z.Until.String(), RegisteredBy: tx.Actor().ID, RegisteredAt: tx.Now(),
		Way: message.WayOf(z.Address), Address: z.Address})
}

// holds says whether an authorization holds on a day.
func (w Worker) holds(today calendar.Date) bool {
	return w.EndedOn == "" && calendar.Date(w.FromOn) <= today && calendar.Date(w.UntilOn) >= today
}

// Reach is how a worker is told now: by the newest authorization of the same person.
func Reach(ctx context.Context, q store.Querier, id string) (way, address string, err error) {
	w, err := store.Get[Worker](ctx, q, "WHERE id=?", id)
	if err != nil {
		return "", "", err
	}
	list, err := store.List[Worker](ctx, q, "WHERE account_id=? ORDER BY id DESC LIMIT 200", w.AccountID)
	if err != nil {
		return "", "", err
	}
	for _, n := range list {
		if n.IDNo == w.IDNo {
			return n.Way, n.Address, nil
		}
	}
	return w.Way, w.Address, nil
}

// tellWorkers tells those who act for a unit what became of its matter, inside the act.
func (k *Desk) tellWorkers(tx *gate.Tx, a Account, template, matter, caseRef string) error {
	list, err := store.List[Worker](tx.Context(), tx, "WHERE account_id=? AND ended_on IS NULL ORDER BY id LIMIT 200", a.ID)
	if err != nil {
		return err
	}
	for _, w := range list {
		if !w.holds(tx.Today()) {
			continue
		}
		if err := k.messages.TellUnit(tx, message.Worker{ID: w.ID, Name: w.Name, Unit: a.Unit, Agency: a.Agency, Way: w.Way, Address: w.Address}, template, matter, caseRef); err != nil {
			return err
		}
	}
	return nil
}

// TellUnit tells the workers of a unit that has an account at an agency; one without is told
// on paper.
func (k *Desk) TellUnit(tx *gate.Tx, code string, u Unit, template, matter, caseRef string) error {
	a, err := at(tx.Context(), tx, code, u, "")
	if err != nil || a == nil {
		return err
	}
	return k.tellWorkers(tx, *a, template, matter, caseRef)
}

// Authorize registers a unit's letter that authorizes a worker, or renews one.
func (k *Desk) Authorize(ctx context.Context, by policy.Actor, id string, z Authorization) (a Account, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActAuthorize, Rules: []rule.ID{"12c"}}, func(tx *gate.Tx) error {
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		if a.State != Open {
			return a.close(Closing{}, "", tx.Now(), 0)
		}
		if missing := z.check(tx.Today()); len(missing) > 0 {
			return rule.Complete(missing...)
		}
		if err := authorize(tx, a, z); err != nil {
			return err
		}
		return k.tellWorkers(tx, a, message.Decided, "单位经办人授权登记", a.Ref())
	})
	return a, err
}

// Revoke ends an authorization: from now on its worker can't apply for the unit.
func (k *Desk) Revoke(ctx context.Context, by policy.Actor, id, worker, why string) (a Account, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRevoke, Rules: []rule.ID{"12c"}}, func(tx *gate.Tx) error {
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		w, err := store.Get[Worker](ctx, tx, "WHERE id=? AND account_id=?"+tx.ForUpdate(), worker, a.ID)
		if err != nil {
			return err
		}
		if w.EndedOn != "" {
			return rule.Refuse(rule.Reason{Rule: "12c", Slug: "worker_ended", Message: "这项授权已于" + day(w.EndedOn) + "终止。", Next: "请刷新后查看。"})
		}
		if why = strings.TrimSpace(why); why == "" {
			return rule.Mistake(rule.Reason{Rule: "12c", Slug: "revoke_reason", Field: "why", Message: "没有写明为什么终止授权。", Next: "请写明，例如：单位来函更换经办人。"})
		}
		w.EndedOn, w.EndedWhy, w.EndedBy = tx.Today().String(), why, by.ID
		return tx.Update(&w)
	})
	return a, err
}

// mayApply refuses what a unit asks for when nobody holds its authorization any more.
func mayApply(ctx context.Context, q store.Querier, a Account, today calendar.Date) error {
	list, err := store.List[Worker](ctx, q, "WHERE account_id=? ORDER BY id DESC LIMIT 200", a.ID)
	if err != nil {
		return err
	}
	return anyHolds(a, list, today)
}

// anyHolds says why nobody of an account's authorizations, the newest first, holds on a day.
func anyHolds(a Account, list []Worker, today calendar.Date) error {
	text := a.Unit + "没有登记经办人授权。"
	for i, w := range list {
		if w.holds(today) {
			return nil
		}
		if i > 0 {
			continue
		}
		text = a.Unit + "的经办人授权" + w.lapsed(today) + "。"
	}
	return rule.Refuse(rule.Reason{Rule: "12c", Slug: "worker_not_authorized", Field: "applicant", Message: text, Next: "请单位出具新的授权书，在“集体户”中登记授权或续期后再申请；本人可以自行申请。"})
}

// Joins refuses to hang a dossier on a unit that has no account at an agency, or whose
// worker's authorization is over.
func Joins(tx *gate.Tx, code string, u Unit) error {
	a, err := joins(tx, code, u, "")
	if err != nil {
		return err
	}
	return mayApply(tx.Context(), tx, *a, tx.Today())
}

// joins is the account that a dossier is to hang on: its unit's by code. Who writes a code and
// another's name mistook one of them, or the unit's change of name is not registered yet.
func joins(tx *gate.Tx, code string, u Unit, lock string) (*Account, error) {
	a, err := at(tx.Context(), tx, code, u, lock)
	if err != nil {
		return nil, err
	}
	if a == nil {
		same, err := find(tx, code, u.Name)
		if err == nil && same != nil {
			err = rule.Mistake(rule.Reason{Rule: "12c", Slug: "uscc_other", Field: "accountUscc", Message: "这一单位的集体账户登记的是另一信用代码。", Next: "请对照单位证照核对名称和代码。"})
		} else if err == nil {
			err = rule.Refuse(accountMissing)
		}
		return nil, err
	}
	if a.Unit == u.Name {
		return a, nil
	}
	before, err := renamings(tx.Context(), tx, a.ID)
	if err != nil || slices.ContainsFunc(before, func(r Renaming) bool { return r.Was == u.Name }) {
		return a, err
	}
	return nil, rule.Mistake(rule.Reason{Rule: "12c", Slug: "unit_other", Field: "accountUnit", Message: "这一信用代码在本机构登记的单位是“" + a.Unit + "”。", Next: "请对照单位证照核对名称和代码；单位已更名的，先在“集体户”中登记更名。"})
}

var accountMissing = rule.Reason{Rule: "12c", Slug: "account_missing", Field: "accountUnit", Message: "这一单位在本机构没有集体账户。", Next: "请先在“集体户”中凭单位证照和经办人授权开户。"}

// Workers lists an account's authorizations, the newest first.
func (k *Desk) Workers(ctx context.Context, id string) ([]Worker, error) {
	return store.List[Worker](ctx, k.gate.DB(), "WHERE account_id=? ORDER BY id DESC LIMIT 100", id)
}
