package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

const room = "account"

// readers are the posts that account.cedar lets read accounts.
var readers = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// scope holds exactly for the accounts an actor may see.
func scope(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(readers, by.Has) {
		return "1=0", nil
	}
	return "unit_account.agency IN (" + store.Marks(len(by.Reach)) + ")", store.Args(by.Reach)
}

// visible holds for the changes that are about no dossier, or one the actor may know of.
func visible(by policy.Actor) (string, []any) {
	return register.OfAgency("account_change.agency", "account_change.dossier_id", readers...)(by)
}

// Views of the list.
var views = map[string]string{
	"open":     "unit_account.state='open'",
	"closed":   "unit_account.state='closed'",
	"untold":   "unit_account.id IN (SELECT account_id FROM account_change WHERE kind IN ('converted','sent') AND told_on IS NULL AND account_change.agency=unit_account.agency)",
	"unagreed": "unit_account.state='open'", // and the agreement that holds is not accepted: see unagreed
}

// Listed is an account with how many dossiers hang on it.
type Listed struct {
	Account
	Dossiers int64
}

// List is a page of accounts, the newest first, before an id; text is the beginning of the
// unit's name, or a number.
func (k *Desk) List(ctx context.Context, by policy.Actor, view, text, before string, limit int) ([]Listed, error) {
	where, args := scope(by)
	only, known := views[view]
	if !known {
		return nil, rule.Mistake(rule.Reason{Rule: "12c", Slug: "view_unknown", Field: "view", Message: "没有这种视图。", Next: "请从列表中选择。"})
	}
	where += " AND " + only
	if view == "unagreed" {
		more, with, err := k.unagreed(ctx)
		if err != nil {
			return nil, err
		}
		where, args = where+" AND "+more, append(args, with...)
	}
	if text = strings.TrimSpace(text); text != "" {
		where, args = where+" AND (unit_account.unit>=? AND unit_account.unit<? OR unit_account.uscc=? OR unit_account.no=? OR unit_account.id IN (SELECT account_id FROM unit_name WHERE was>=? AND was<?))", append(args, text, text+"\U0010ffff", strings.ToUpper(text), strings.ToUpper(text), text, text+"\U0010ffff")
	}
	if before != "" {
		where, args = where+" AND unit_account.id<?", append(args, before)
	}
	list, err := store.List[Account](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY unit_account.id DESC LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, err
	}
	return k.counted(ctx, by, list)
}

// counted adds how many dossiers an actor may know of hang on each account of a page.
func (k *Desk) counted(ctx context.Context, by policy.Actor, list []Account) ([]Listed, error) {
	out := make([]Listed, len(list))
	if len(list) == 0 {
		return out, nil
	}
	units := make([]string, len(list))
	for i, a := range list {
		out[i].Account, units[i] = a, a.Unit
	}
	where, args := dossier.Scope(by)
	rows, err := k.gate.DB().Query(ctx, "SELECT agency, account_unit, count(*) FROM dossier WHERE "+where+" AND account_kind='collective' AND state<>'left' AND account_unit IN ("+store.Marks(len(units))+") GROUP BY agency, account_unit", append(args, store.Args(units)...)...)
	if err != nil {
		return nil, fmt.Errorf("count dossiers of accounts: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var code, unit string
		var n int64
		if err := rows.Scan(&code, &unit, &n); err != nil {
			return nil, err
		}
		for i := range out {
			if out[i].Agency == code && out[i].Unit == unit && out[i].State == Open {
				out[i].Dossiers = n
			}
		}
	}
	return out, rows.Err()
}

// Counts counts each view, no further than the cap of counting.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for view, only := range views {
		where, args := scope(by)
		if view == "unagreed" {
			more, with, err := k.unagreed(ctx)
			if err != nil {
				return nil, err
			}
			only, args = only+" AND "+more, append(args, with...)
		}
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM unit_account WHERE "+where+" AND "+only+" LIMIT ?) AS c", append(args, k.gate.DB().CountCap)...)
		if err != nil {
			return nil, err
		}
		out[view] = n
	}
	return out, nil
}

// holding are the versions of a notice whose acceptance holds: from the newest that asks
// again on, or all.
func holding(ctx context.Context, q store.Querier, kind string) ([]string, error) {
	again, err := askedAgain(ctx, q, kind)
	if err != nil {
		return nil, err
	}
	list, err := store.List[Notice](ctx, q, "WHERE kind=? AND published_at>=? ORDER BY published_at DESC, id DESC LIMIT 500", kind, again)
	if err != nil {
		return nil, err
	}
	var out []string
	if again == 0 {
		out = append(out, firstNo)
	}
	for _, n := range list {
		out = append(out, n.No)
	}
	return out, nil
}

// unagreed holds for the accounts whose unit accepted no agreement that holds.
func (k *Desk) unagreed(ctx context.Context) (string, []any, error) {
	nos, err := holding(ctx, k.gate.DB(), Collective)
	return "NOT EXISTS (SELECT 1 FROM account_acceptance x WHERE x.account_id=unit_account.id AND x.notice_no IN (" + store.Marks(len(nos)) + "))", store.Args(nos), err
}

// agreed says whether a unit accepted an agreement that holds.
func agreed(ctx context.Context, q store.Querier, id string) (bool, error) {
	nos, err := holding(ctx, q, Collective)
	if err != nil {
		return false, err
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM account_acceptance WHERE account_id=? AND notice_no IN ("+store.Marks(len(nos))+")", append([]any{id}, store.Args(nos)...)...)
	return n > 0, err
}

// Loose is a unit on which dossiers of the stock hang without an account.
type Loose struct {
	Agency   string
	Unit     string
	Dossiers int64
}

// Loose lists units that dossiers name and that have no open account, by agency and name,
// after the last one seen.
func (k *Desk) Loose(ctx context.Context, by policy.Actor, afterAgency, afterUnit string, limit int) ([]Loose, error) {
	if where, _ := scope(by); where == "1=0" {
		return nil, nil
	}
	where, args := dossier.Scope(by)
	if afterUnit != "" {
		where, args = where+" AND (dossier.agency, dossier.account_unit)>(?,?)", append(args, afterAgency, afterUnit)
	}
	rows, err := k.gate.DB().Query(ctx, "SELECT dossier.agency, dossier.account_unit, count(*) FROM dossier WHERE "+where+` AND dossier.account_kind='collective' AND dossier.state<>'left' AND dossier.account_unit IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM unit_account u WHERE u.agency=dossier.agency AND u.unit=dossier.account_unit AND u.state='open')
		GROUP BY dossier.agency, dossier.account_unit ORDER BY dossier.agency, dossier.account_unit LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("units without account: %w", err)
	}
	defer rows.Close()
	var out []Loose
	for rows.Next() {
		var l Loose
		if err := rows.Scan(&l.Agency, &l.Unit, &l.Dossiers); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// Page is an account with what may be done.
type Page struct {
	Listed
	Untold   int64
	Agreed   bool // the unit accepted an agreement that holds (12a)
	Possible []gate.Possible
}

// Of reads one account for its page.
func (k *Desk) Of(ctx context.Context, by policy.Actor, id string) (out Page, err error) {
	a, err := store.Get[Account](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return out, err
	}
	if err := k.gate.Allowed(by, ActList, a.Resource()); err != nil {
		return out, err
	}
	listed, err := k.counted(ctx, by, []Account{a})
	if err != nil {
		return out, err
	}
	out.Listed = listed[0]
	where, args := visible(by)
	if out.Untold, err = store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM account_change WHERE account_id=? AND kind IN ('converted','sent') AND told_on IS NULL AND "+where, append([]any{a.ID}, args...)...); err != nil {
		return out, err
	}
	if out.Agreed, err = agreed(ctx, k.gate.DB(), a.ID); err != nil {
		return out, err
	}
	for _, s := range []struct {
		action, label string
		against       error
		fits          bool
	}{
		{ActSettle, "销户：批量转个人或转递", nil, a.State == Open && out.Dossiers > 0},
		{ActClose, "注销账户", hanging(out.Dossiers), a.State == Open},
		{ActAuthorize, "登记授权、续期", nil, a.State == Open},
		{ActRename, "登记更名", nil, a.State == Open},
		{ActRoll, "登记单位名册", nil, a.State == Open},
		{ActAgree, "登记协议接受", nil, a.State == Open && !out.Agreed},
		{ActTell, "登记告知本人", nil, out.Untold > 0},
	} {
		if !s.fits {
			continue
		}
		if p, ok := k.gate.Possible(by, s.action, s.label, a.Resource(), s.against); ok {
			p.Primary = p.Refusal == nil && s.action != ActClose && s.action != ActAuthorize && s.action != ActAgree && s.action != ActRename && s.action != ActRoll
			out.Possible = append(out.Possible, p)
		}
	}
	return out, nil
}

// hanging is why an account can't be closed by itself.
func hanging(n int64) error {
	if n == 0 {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "12d", Slug: "dossiers_hang", Message: "集体账户下仍有档案，不能注销。", Next: "请选择批量转递或转为个人账户后注销。"})
}

// Member is a dossier that hangs on an account, or did.
type Member struct {
	ID, No, Name, IDNo, State string
	Accepted                  bool   // the person accepted a notice here (12a)
	Change                    Change // of one that is gone
	TransferNo                string
}

// Members is a page of the dossiers that hang on an account, by id, after the last seen.
func (k *Desk) Members(ctx context.Context, by policy.Actor, id, after string, limit int) ([]Member, error) {
	a, err := store.Get[Account](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return nil, err
	}
	if err := k.gate.Allowed(by, ActList, a.Resource()); err != nil {
		return nil, err
	}
	if a.State != Open {
		return nil, nil
	}
	where, args := dossier.Scope(by)
	list, err := store.List[dossier.Dossier](ctx, k.gate.DB(), "WHERE "+where+" AND "+hangs+" AND id>? ORDER BY id LIMIT ?", append(args, a.Agency, a.Unit, after, limit)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := make([]Member, len(list))
	for i, d := range list {
		out[i] = Member{ID: d.ID, No: d.No, State: d.State.Name()}
	}
	if err := k.accepting(ctx, a.Agency, out); err != nil {
		return nil, err
	}
	return out, k.named(ctx, out)
}

// accepting says whose persons accepted a notice at an agency, of a page.
func (k *Desk) accepting(ctx context.Context, agency string, list []Member) error {
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	rows, err := k.gate.DB().Query(ctx, "SELECT DISTINCT dossier_id FROM account_acceptance WHERE agency=? AND dossier_id IN ("+store.Marks(len(ids))+")", append([]any{agency}, store.Args(ids)...)...)
	if err != nil {
		return fmt.Errorf("who accepted a notice: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		for i := range list {
			list[i].Accepted = list[i].Accepted || list[i].ID == id
		}
	}
	return rows.Err()
}

// Changes is a page of what changed on an account, the newest first, before an id; untold:
// only whom nobody has told yet.
func (k *Desk) Changes(ctx context.Context, by policy.Actor, id, before string, untold bool, limit int) ([]Member, error) {
	a, err := store.Get[Account](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return nil, err
	}
	if err := k.gate.Allowed(by, ActList, a.Resource()); err != nil {
		return nil, err
	}
	where, args := visible(by)
	where, args = where+" AND account_id=?", append(args, a.ID)
	if untold {
		where += " AND kind IN ('converted','sent') AND told_on IS NULL"
	}
	if before != "" {
		where, args = where+" AND id<?", append(args, before)
	}
	list, err := store.List[Change](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := make([]Member, len(list))
	for i, c := range list {
		out[i] = Member{ID: c.DossierID, Change: c}
	}
	return out, k.named(ctx, out)
}

// named adds number and name of each dossier of a page.
func (k *Desk) named(ctx context.Context, list []Member) error {
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return err
	}
	for i, m := range list {
		list[i].No, list[i].Name = heads[m.ID].No, heads[m.ID].Name
	}
	return nil
}

// Preview is what a settlement will be about: how many, and the token that says which.
type Preview struct {
	Dossiers int
	Token    string
}

// Preview counts what hangs on an account now. One who may not see all of it gets a token
// that no settlement accepts from them anyway.
func (k *Desk) Preview(ctx context.Context, by policy.Actor, id string) (p Preview, err error) {
	a, err := store.Get[Account](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return p, err
	}
	if err := k.gate.Allowed(by, ActList, a.Resource()); err != nil {
		return p, err
	}
	where, args := dossier.Scope(by)
	rows, err := k.gate.DB().Query(ctx, "SELECT id FROM dossier WHERE "+where+" AND "+hangs+fmt.Sprintf(" ORDER BY id LIMIT %d", most+1), append(args, a.Agency, a.Unit)...)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return p, err
		}
		ids = append(ids, id)
	}
	return Preview{len(ids), token(ids)}, rows.Err()
}

// About lists what collective accounts a dossier was on, for its page.
func (k *Desk) About(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := visible(by)
	list, err := store.List[Change](ctx, q, "WHERE dossier_id=? AND "+where+" ORDER BY id DESC LIMIT 50", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(list))
	for i, c := range list {
		out[i] = dossier.Case{Ref: "UnitAccount:" + c.AccountID, Room: room, Kind: "集体户变动", No: c.Document, State: c.Kind, StateName: ChangeName(c.Kind), Tone: "plain",
			Since: string(calendar.Of(c.ChangedAt)), Note: c.Unit, Link: "/units/" + c.AccountID}
	}
	return out, nil
}

// Work lists the closed accounts whose persons are not all told, and in one line each whose
// notice or agreement is to be accepted (12a): the lists behind them name everybody.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	if k.gate.Allowed(by, ActTell, Account{Agency: by.Org, State: Closed}.Resource()) != nil {
		return nil, nil
	}
	where, args := visible(by)
	rows, err := k.gate.DB().Query(ctx, "SELECT account_id, unit, count(*), min(changed_at) FROM account_change WHERE kind IN ('converted','sent') AND told_on IS NULL AND agency=? AND "+where+" GROUP BY account_id, unit ORDER BY min(changed_at) LIMIT 50", append([]any{by.Org}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []work.Item
	for rows.Next() {
		var id, unit string
		var n, since int64
		if err := rows.Scan(&id, &unit, &n, &since); err != nil {
			return nil, err
		}
		out = append(out, work.Item{Room: room, Kind: "集体户销户", Subject: unit, SubjectNote: fmt.Sprintf("%d 人", n), Todo: "告知本人账户已变更", Link: "/units/" + id, Action: "告知", Basis: "12d", Lane: work.Todo, Since: time.UnixMicro(since)})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	left, err := k.leaving(ctx, by)
	if err != nil {
		return nil, err
	}
	waiting, err := k.waiting(ctx, by)
	return append(append(out, left...), waiting...), err
}

// leaving is who left a unit by its own list and still hangs on its account (12c).
func (k *Desk) leaving(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := dossier.Scope(by)
	rows, err := k.gate.DB().Query(ctx, `SELECT u.id, u.unit, count(*), min(l.imported_at) FROM unit_staff_list l JOIN unit_account u ON u.id=l.account_id JOIN unit_staff s ON s.list_id=l.id JOIN dossier ON dossier.id=s.dossier_id
		WHERE l.state='current' AND u.state='open' AND u.agency=? AND s.outcome='left' AND dossier.agency=u.agency AND dossier.account_kind='collective' AND dossier.account_unit=u.unit AND dossier.state<>'left' AND `+where+" GROUP BY u.id, u.unit ORDER BY min(l.imported_at) LIMIT 50", append([]any{by.Org}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []work.Item
	for rows.Next() {
		var id, unit string
		var n, since int64
		if err := rows.Scan(&id, &unit, &n, &since); err != nil {
			return nil, err
		}
		out = append(out, work.Item{Room: room, Kind: "单位名册", Subject: unit, SubjectNote: fmt.Sprintf("%d 人", n), Todo: "已离职、仍在集体户下，办理转出", Link: "/units/" + id + "?tab=staff", Action: "办理", Basis: "12c", Lane: work.Todo, Since: time.UnixMicro(since)})
	}
	return out, rows.Err()
}

// waiting is what of notices and agreements waits at the actor's agency.
func (k *Desk) waiting(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	mine := by
	mine.Reach = []string{by.Org}
	counts, err := k.OwedCounts(ctx, mine)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, s := range []struct{ view, subject, todo string }{{Never, "个人存档须知", "请本人阅读、接受存档须知"}, {Again, "个人存档须知新版本", "请本人接受须知的新版本"}} {
		if counts[s.view] == 0 {
			continue
		}
		first, _, err := k.Owed(ctx, mine, s.view, "", 1)
		if err != nil {
			return nil, err
		}
		for _, p := range first {
			out = append(out, work.Item{Room: "notice", Kind: "须知接受", Subject: s.subject, SubjectNote: fmt.Sprintf("%d 人", counts[s.view]), Todo: s.todo, Link: "/account-notices/waiting?view=" + s.view, Action: "办理", Basis: "12a", Lane: work.Todo, Since: p.OpenedAt})
		}
	}
	units, err := k.List(ctx, mine, "unagreed", "", "", 50)
	if err != nil || len(units) == 0 {
		return out, err
	}
	return append(out, work.Item{Room: "notice", Kind: "协议接受", Subject: NoticeName(Collective), SubjectNote: fmt.Sprintf("%d 户", len(units)), Todo: "请单位接受集体存档协议", Link: "/units?view=unagreed", Action: "办理", Basis: "12a", Lane: work.Todo, Since: units[len(units)-1].OpenedAt}), nil
}

// Registers are the registers of accounts (N3): 集体户变动, and the notices accepted with accounts.
func (k *Desk) Registers() []register.Register {
	var choices []register.Choice
	for _, kind := range []string{ChangeOpened, ChangeJoined, ChangeLeft, ChangeMoved, ChangeDied, ChangeConverted, ChangeSent, ChangeRenamed, ChangeClosed} {
		choices = append(choices, register.Choice{Key: kind, Name: ChangeName(kind)})
	}
	return []register.Register{k.acceptances(), k.personals(), register.Of(register.Register{Key: "accounts", No: 13, Name: "集体户变动", Rule: "12d", Date: "变动日期", Heads: []string{"存档单位", "去向", "通知单", "告知本人"}, Widths: []float64{34, 24, 26, 20},
		States: choices, Posts: readers, Table: "account_change", Note: "开户、更名、销户各一条；转入、转出和销户时的去向，一卷一条。"},
		register.Source[Change]{DB: func() store.Querier { return k.gate.DB() }, Scope: visible, At: "account_change.changed_at", State: "account_change.kind", Dossier: "account_change.dossier_id", Numbers: []string{"account_change.unit", "account_change.document"},
			Place: func(c Change) (string, string) { return register.Micro(c.ChangedAt), c.ID },
			Rows: func(ctx context.Context, list []Change) ([]register.Row, error) {
				var codes []string
				for _, c := range list {
					codes = append(codes, c.ToAgency)
				}
				to, err := store.List[agency.Agency](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(codes)+1)+")", append(store.Args(codes), "")...)
				if err != nil {
					return nil, err
				}
				rows := make([]register.Row, len(list))
				for i, c := range list {
					where, told := "", ""
					switch c.Kind {
					case ChangeConverted, ChangeLeft:
						where = "个人账户"
					case ChangeSent:
						if j := slices.IndexFunc(to, func(a agency.Agency) bool { return a.ID == c.ToAgency }); j >= 0 {
							where = to[j].Name
						}
					}
					if c.ToldOn != "" {
						told = c.ToldOn + " " + c.ToldWay
					}
					rows[i] = register.Row{On: calendar.Of(c.ChangedAt).String(), Agency: c.Agency, Handler: c.ChangedBy, DossierID: c.DossierID, State: ChangeName(c.Kind), Tone: "plain", Link: "/units/" + c.AccountID, Own: []string{c.Unit, where, c.Document, told}}
				}
				return rows, nil
			}})}
}

// Get reads an account; store.ErrNotFound if there is none.
func Get(ctx context.Context, q store.Querier, id string) (Account, error) {
	return store.Get[Account](ctx, q, "WHERE id=?", id)
}

// Succeed makes the successor of a merged agency go on with its accounts; where it has one
// of the same unit, the dossiers hang on that, and the other is closed.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	if _, err := agency.HandOver(tx, "agency=? AND state='open'", []any{from.ID}, func(a *Account) error {
		tx.About("UnitAccount", a.ID)
		a.ChangedAt = tx.Now()
		other, err := sameAs(tx, to.ID, *a)
		if err != nil {
			return err
		}
		if other == nil {
			a.Agency = to.ID
			return tx.Update(a)
		}
		if other.USCC == "" && a.USCC != "" { // the stock's account gets the papers that were seen
			other.USCC, other.Paper, other.PaperNo, other.ChangedAt = a.USCC, a.Paper, a.PaperNo, tx.Now()
			if err := tx.Update(other); err != nil {
				return err
			}
		}
		a.State, a.Why, a.ClosedBy, a.ClosedAt = Closed, Merged, tx.Actor().ID, tx.Now()
		if err := goOn(tx, *a, *other); err != nil {
			return err
		}
		if other.Unit != a.Unit { // the same credit code under another name: dossiers hang on a name
			if _, err := agency.HandOver(tx, "agency IN (?,?) AND account_unit=? AND account_kind='collective' AND state<>'left'", []any{from.ID, to.ID, a.Unit}, func(d *dossier.Dossier) error {
				tx.About("Dossier", d.ID)
				d.AccountUnit = other.Unit
				return tx.Update(d)
			}); err != nil {
				return err
			}
		}
		return tx.Update(a)
	}); err != nil {
		return 0, err
	}
	if _, err := agency.HandOver(tx, "agency=? AND state='open'", []any{from.ID}, func(p *PersonalAccount) error {
		p.Agency = to.ID
		return tx.Update(p)
	}); err != nil {
		return 0, err
	}
	if _, err := agency.HandOver(tx, "agency=?", []any{from.ID}, func(r *Roll) error {
		r.Agency = to.ID
		return tx.Update(r)
	}); err != nil {
		return 0, err
	}
	if _, err := agency.HandOver(tx, "agency=? AND state='open'", []any{from.ID}, func(l *Link) error {
		l.Agency = to.ID
		return tx.Update(l)
	}); err != nil {
		return 0, err
	}
	_, err := agency.HandOver(tx, "agency=? AND kind IN ('converted','sent') AND told_on IS NULL", []any{from.ID}, func(c *Change) error {
		c.Agency = to.ID
		return tx.Update(c)
	})
	return 0, err
}

// sameAs is the open account of an agency that is the same unit's: by code, and by name only
// where one of the two has none.
func sameAs(tx *gate.Tx, agency string, a Account) (*Account, error) {
	one := func(where string, args ...any) (*Account, error) {
		list, err := store.List[Account](tx.Context(), tx, "WHERE agency=? AND state='open' AND "+where+" ORDER BY id LIMIT 1"+tx.ForUpdate(), append([]any{agency}, args...)...)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		return &list[0], nil
	}
	if a.USCC == "" {
		return one("unit=?", a.Unit)
	}
	if same, err := one("uscc=?", a.USCC); same != nil || err != nil {
		return same, err
	}
	return one("uscc IS NULL AND unit=?", a.Unit)
}

// goOn has the workers of an account that ends by a merger go on for the one that stands: what
// the unit's letter authorized holds until its own last day, as does what the unit accepted (12a, 12c).
func goOn(tx *gate.Tx, gone, stands Account) error {
	there, err := store.List[Worker](tx.Context(), tx, "WHERE account_id=? AND ended_on IS NULL ORDER BY id LIMIT 200", stands.ID)
	if err != nil {
		return err
	}
	list, err := store.List[Worker](tx.Context(), tx, "WHERE account_id=? AND ended_on IS NULL ORDER BY id LIMIT 200"+tx.ForUpdate(), gone.ID)
	if err != nil {
		return err
	}
	for i := range list {
		w := &list[i]
		if slices.ContainsFunc(there, func(o Worker) bool { return o.IDNo == w.IDNo && o.UntilOn >= w.UntilOn }) {
			continue // stands there with a letter that holds as long
		}
		w.AccountID, w.Agency = stands.ID, stands.Agency
		if err := tx.Update(w); err != nil {
			return err
		}
	}
	accepted, err := store.List[Acceptance](tx.Context(), tx, "WHERE account_id=? ORDER BY id DESC LIMIT 1"+tx.ForUpdate(), gone.ID)
	if err != nil || len(accepted) == 0 {
		return err
	}
	own, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM account_acceptance WHERE account_id=? AND notice_no>=?", stands.ID, accepted[0].NoticeNo)
	if err != nil || own > 0 {
		return err
	}
	accepted[0].AccountID = stands.ID
	return tx.Update(&accepted[0])
}

// namesakes bounds how many pairs a refusal names.
const namesakes = 5

// Hinder says that accounts are still open at an agency that is to be closed, and, of one
// that is to be merged, which of its units another unit of the same name stands beside at the
// successor: dossiers hang on a name, and the two would be mixed (12c).
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		list, err := store.List[Account](ctx, q, "WHERE agency=? AND state='open' AND uscc IS NOT NULL AND EXISTS (SELECT 1 FROM unit_account o WHERE o.agency=? AND o.state='open' AND o.unit=unit_account.unit AND o.uscc IS NOT NULL AND o.uscc<>unit_account.uscc) ORDER BY id LIMIT ?", code, successor, namesakes)
		if err != nil {
			return nil, err
		}
		var out []rule.Reason
		for _, a := range list {
			out = append(out, rule.Reason{Rule: "12c", Slug: "namesake", Message: "两家机构各有一个名称为“" + a.Unit + "”的集体户，信用代码不同，是两个单位（该机构的为 " + a.USCC + "），合并后名下档案分不清。",
				Next: "请核对两户的单位证照：名称登记有误或已更名的，先登记更名；确是同名的两个单位的，先把其中一户销户，名下档案转为个人账户或转递。"})
		}
		return out, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM unit_account WHERE agency=? AND state='open'", code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "12d", Slug: "accounts_open", Message: fmt.Sprintf("该机构还有 %d 个集体账户没有注销。", n), Next: "请先注销，或办理合并由承接机构继续办理。"}}, nil
}
