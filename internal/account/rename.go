package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Renaming is a unit's change of name: from a day, on the evidence of who registers units.
type Renaming struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	AccountID  string    `db:"account_id"`
	Was        string    `db:"was"`
	Became     string    `db:"became"`
	FromOn     string    `db:"from_on"`
	Document   string    `db:"document"` // 登记机关变更证明, name and number
	DocumentOn string    `db:"document_on"`
	ChangedBy  string    `db:"changed_by"`
	ChangedAt  time.Time `db:"changed_at"`
}

// Table names the table of changes of name.
func (Renaming) Table() string { return "unit_name" }

func init() {
	store.Describe(Renaming{})
	store.Register("unit_name", store.Audited, "存档单位更名：原名、新名、自何日起、登记机关变更证明")
}

// Rename is what a change of name is registered on. The code stays: another code is another
// unit (12c).
type Rename struct {
	Unit       string
	USCC       string // as the evidence says it
	From       calendar.Date
	Document   string
	DocumentOn calendar.Date
	Worker     string // the authorization of who brought it; "" where nobody came
}

// check says all that is missing or can't be right, at once.
func (r *Rename) check(a Account, last string, today calendar.Date) error {
	r.Unit, r.Document = strings.TrimSpace(r.Unit), strings.TrimSpace(r.Document)
	var missing []rule.Reason
	lacks := func(slug, field, message, next string) {
		missing = append(missing, rule.Reason{Rule: "12c", Slug: slug, Field: field, Message: message, Next: next})
	}
	switch r.Unit {
	case "":
		lacks("unit_missing", "unit", "没有填写变更后的单位名称。", "请照登记机关的变更证明填写全称。")
	case a.Unit:
		lacks("name_same", "unit", "填写的就是现在的名称。", "请照登记机关的变更证明填写变更后的全称。")
	}
	code, problem, _ := identity.CheckCredit(r.USCC)
	switch {
	case problem != "":
		lacks("uscc_invalid", "uscc", "统一社会信用代码不正确。", "请照变更后的单位证照录入 18 位代码。")
	case a.USCC != "" && code != a.USCC:
		lacks("uscc_other", "uscc", "变更证明上的代码与账户登记的不同，不是同一单位更名。", "请核对代码；分立、改制后代码不同的，另开账户，原账户销户时转入。")
	}
	r.USCC = code
	if r.Document == "" {
		lacks("evidence_missing", "document", "没有登记变更证明。", "请写明登记机关的准予变更登记通知书或变更证明的名称和文号。")
	}
	if !r.DocumentOn.Valid() || r.DocumentOn > today {
		lacks("evidence_date", "documentOn", "变更证明的日期没有填写，或晚于今天。", "请照证明填写。")
	}
	switch {
	case !r.From.Valid() || r.From > today:
		lacks("from_wrong", "from", "更名自何日起没有填写，或晚于今天。", "请照变更证明填写核准变更的日期；尚未生效的，生效后再登记。")
	case r.From.String() < last:
		lacks("from_early", "from", "早于上一次更名的日期"+day(last)+"。", "请照变更证明核对日期。")
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	return nil
}

// ChangeRenamed is a change of name in the register.
const ChangeRenamed = "renamed"

// Rename registers that a unit changed its name: its account and the dossiers that hang on it
// bear the new one from now on, and so does every paper issued after; what was written
// before stays, and the old name still finds the account.
func (k *Desk) Rename(ctx context.Context, by policy.Actor, id string, r Rename) (a Account, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRename, Rules: []rule.ID{"12c"}}, func(tx *gate.Tx) error {
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		// The dossiers first and in order, as every act locks them, then the account.
		list, err := store.List[dossier.Dossier](ctx, tx, fmt.Sprintf("WHERE "+hangs+" ORDER BY id LIMIT %d", most+1)+tx.ForUpdate(), a.Agency, a.Unit)
		if err != nil {
			return err
		}
		if len(list) > most {
			return rule.Refuse(rule.Reason{Rule: "12c", Slug: "too_many", Message: fmt.Sprintf("账户下的档案多于 %d 卷，不能一次更名。", most), Next: "请与系统管理人员联系。"})
		}
		was := a.Unit
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Expect(a.Version); err != nil {
			return err
		}
		if a.State != Open {
			return a.close(Closing{}, "", tx.Now(), 0)
		}
		before, err := renamings(ctx, tx, a.ID)
		if err != nil {
			return err
		}
		last := ""
		if len(before) > 0 {
			last = before[0].FromOn
		}
		if err := r.check(a, last, tx.Today()); err != nil {
			return err
		}
		if err := a.brought(tx, r.Worker, a.Ref()); err != nil {
			return err
		}
		tx.About("UnitAccount", a.ID)
		a.Unit, a.USCC, a.ChangedAt = r.Unit, r.USCC, tx.Now()
		if err := tx.Update(&a); errors.Is(err, store.ErrUnique) {
			return rule.Refuse(rule.Reason{Rule: "12c", Slug: "name_taken", Field: "unit", Message: "本机构已有这一名称或这一信用代码的集体账户。", Next: "请在“集体户”中查找核对；确是同一单位的，先把其中一户销户转出。"})
		} else if err != nil {
			return err
		}
		if err := tx.Insert(Renaming{ID: gate.NewID(), Version: 1, AccountID: a.ID, Was: was, Became: a.Unit, FromOn: r.From.String(), Document: r.Document, DocumentOn: r.DocumentOn.String(), ChangedBy: by.ID, ChangedAt: tx.Now()}); err != nil {
			return err
		}
		if err := renameOn(tx, list, a.Unit); err != nil {
			return err
		}
		if n, err := store.Count(ctx, tx, "SELECT count(*) FROM dossier WHERE "+hangs, a.Agency, was); err != nil {
			return err
		} else if n > 0 { // one joined between the list and the lock
			return rule.Refuse(rule.Reason{Rule: "12c", Slug: "list_changed", Message: "账户下的档案刚刚有变动，没有更名。", Next: "请重新载入后再办理。"})
		}
		tx.Note("dossiers", len(list))
		if err := record(tx, a, Change{Kind: ChangeRenamed, Document: r.Document}); err != nil {
			return err
		}
		return k.tellWorkers(tx, a, message.Decided, "单位更名登记", a.Ref())
	})
	return a, err
}

// renameOn writes the new name on the dossiers that hang on the account, and into their search keys.
func renameOn(tx *gate.Tx, list []dossier.Dossier, unit string) error {
	people, err := peopleOf(tx, list)
	if err != nil {
		return err
	}
	for i := range list {
		d := &list[i]
		d.AccountUnit = unit
		tx.About("Dossier", d.ID)
		if err := dossier.DropName(tx, d.ID); err != nil {
			return err
		}
		if err := dossier.IndexName(tx, *d, people[d.PersonID].Name); err != nil {
			return err
		}
		if err := dossier.Save(tx, d); err != nil {
			return err
		}
	}
	return nil
}

// peopleOf are the persons of dossiers, by id.
func peopleOf(tx *gate.Tx, list []dossier.Dossier) (map[string]person.Person, error) {
	people := map[string]person.Person{}
	for part := range slices.Chunk(list, 500) {
		who := make([]string, len(part))
		for i, d := range part {
			who[i] = d.PersonID
		}
		found, err := store.List[person.Person](tx.Context(), tx, "WHERE id IN ("+store.Marks(len(who))+")", store.Args(who)...)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			people[p.ID] = p
		}
	}
	return people, nil
}

// renamings are an account's changes of name, the newest first.
func renamings(ctx context.Context, q store.Querier, ids ...string) ([]Renaming, error) {
	return store.List[Renaming](ctx, q, "WHERE account_id IN ("+store.Marks(len(ids)+1)+") ORDER BY account_id, from_on DESC, id DESC LIMIT 1000", append(store.Args(ids), "")...)
}

// nameOn is what an account's unit was called on a day.
func nameOn(a Account, list []Renaming, on string) string {
	name := a.Unit
	for _, r := range list { // the newest first
		if r.AccountID == a.ID && on < r.FromOn {
			name = r.Was
		}
	}
	return name
}

// Renamings lists an account's changes of name for its page, the newest first.
func (k *Desk) Renamings(ctx context.Context, id string) ([]Renaming, error) {
	return renamings(ctx, k.gate.DB(), id)
}
