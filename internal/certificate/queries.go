package certificate

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/statement"
	"dangan/internal/store"
	"dangan/internal/work"
)

// View is a certificate as its page shows it.
type View struct {
	Certificate
	Person    person.Person
	Dossier   dossier.Dossier
	Lines     []statement.Line
	Proposals []statement.Proposal          // while statements can still be chosen
	Unread    map[string][]dossier.Material // by subject: filed materials that could prove it and were not read
	Searched  bool                          // the packet is out for this case: the paper can be searched
	Recorded  []string                      // relations that the dossier records of kin who applies
	Old       *Certificate                  // the one this corrects
	Possible  []gate.Possible
}

// NothingToPreview says that no statement was chosen yet.
func NothingToPreview() *rule.Refusal {
	return rule.Complete(rule.Reason{Rule: "23", Slug: "nothing_chosen", Field: "keys", Message: "还没有选定要证明的内容，不能预览。", Next: "请从档案记载中勾选后提交审核。"})
}

// Read gives the case with everything it states; the reading is on record.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		if v, err = k.view(ctx, tx, id); err != nil {
			return err
		}
		tx.About("Dossier", v.DossierID)
		return tx.Permit(v.Resource(v.Dossier))
	})
	if err != nil {
		return View{}, err
	}
	v.Possible = k.possible(by, v)
	return v, nil
}

// After is the case as its actor sees it after an act, which is on record itself.
func (k *Desk) After(ctx context.Context, by policy.Actor, id string) (View, error) {
	v, err := k.view(ctx, k.gate.DB(), id)
	if err != nil {
		return View{}, err
	}
	if err := k.gate.Allowed(by, ActRead, v.Resource(v.Dossier)); err != nil {
		return View{}, err
	}
	v.Possible = k.possible(by, v)
	return v, nil
}

func (k *Desk) view(ctx context.Context, q store.Querier, id string) (v View, err error) {
	if v.Certificate, err = store.Get[Certificate](ctx, q, "WHERE id=?", id); err != nil {
		return v, err
	}
	if v.Dossier, err = dossier.Get(ctx, q, v.DossierID); err != nil {
		return v, err
	}
	if v.Person, err = person.Get(ctx, q, v.Dossier.PersonID); err != nil {
		return v, err
	}
	if v.Lines, err = statement.Decode(v.Stated); err != nil {
		return v, err
	}
	if v.May(ActSubmit) == nil {
		r, err := statement.Read(ctx, q, v.Dossier, v.Kind.States())
		if err != nil {
			return v, err
		}
		v.Proposals = r.Propose(v.Kind.States())
		if v.Kind == Facts { // what was not asked for can't be stated
			asked := v.Subjects()
			v.Proposals = slices.DeleteFunc(v.Proposals, func(p statement.Proposal) bool { return !slices.Contains(asked, p.Kind) })
		}
	}
	if v.Open() { // the reviewer sees what was looked through, too
		if v.Unread, err = unreadOf(ctx, q, v.Dossier, v.Kind); err != nil {
			return v, err
		}
		if v.Searched, err = custody.OutFor(ctx, q, v.DossierID, v.Ref()); err != nil {
			return v, err
		}
	}
	if v.Applicant == Kin {
		if v.Recorded, err = k.relations(ctx, q, v.Dossier, v.Certificate); err != nil {
			return v, err
		}
	}
	if v.Replaces != "" {
		old, err := store.Get[Certificate](ctx, q, "WHERE id=?", v.Replaces)
		if err != nil {
			return v, err
		}
		v.Old = &old
	}
	return v, nil
}

var labels = []struct {
	action, label string
	primary       bool
}{
	{ActIssue, "签发", true}, {ActReturn, "退回修改", false}, {ActSubmit, "提交审核", true}, {ActPull, "请库管提档", false},
	{ActCorrect, "更正", false}, {ActVoid, "作废", false}, {ActWithdraw, "撤回申请", false},
	{ActRefuse, "不予出具", false},
}

// possible lists what the state allows, and for the actor why not.
func (k *Desk) possible(by policy.Actor, v View) []gate.Possible {
	var out []gate.Possible
	r := v.Resource(v.Dossier)
	for _, l := range labels {
		if pull := l.action == ActPull && v.Open(); v.May(l.action) != nil && !pull {
			continue
		}
		hindered := v.May(l.action)
		if l.action == ActPull && v.Kind == Custody {
			continue // the custody record is in the system: no packet is needed
		}
		if p, ok := k.gate.Possible(by, l.action, l.label, r, hindered); ok {
			p.Primary = l.primary
			out = append(out, p)
		}
	}
	return out
}

// Filter is what a list asks for.
type Filter struct {
	State  string // a state, or open, issued
	Kind   string
	Mine   bool
	Limit  int
	Cursor string
}

// Listed is one row of the list.
type Listed struct {
	Certificate
	PersonName string
	DossierNo  string
}

type cursor struct {
	At int64  `json:"t"`
	ID string `json:"i"`
}

// List gives the certificates in the actor's scope, the latest first.
func (k *Desk) List(ctx context.Context, by policy.Actor, f Filter) (out []Listed, next string, err error) {
	where, args := scope(by)
	add := func(clause string, values ...any) {
		where += " AND " + clause
		args = append(args, values...)
	}
	switch f.State {
	case "":
	case "open":
		add("certificate.state IN ('draft','submitted','returned')")
	default:
		add("certificate.state=?", f.State)
	}
	if f.Kind != "" {
		add("certificate.kind=?", f.Kind)
	}
	if f.Mine {
		add("certificate.drafted_by=?", by.ID)
	}
	if f.Cursor != "" {
		var c cursor
		raw, err := base64.RawURLEncoding.DecodeString(f.Cursor)
		if err != nil || json.Unmarshal(raw, &c) != nil {
			return nil, "", rule.Mistake(rule.Reason{Rule: "29.3", Slug: "cursor", Field: "cursor", Message: "翻页位置无法识别。", Next: "请从第一页重新查看。"})
		}
		add("(certificate.changed_at<? OR certificate.changed_at=? AND certificate.id<?)", c.At, c.At, c.ID)
	}
	limit := min(max(f.Limit, 1), 100)
	rows, err := store.List[Certificate](ctx, k.gate.DB(), "WHERE "+where+fmt.Sprintf(" ORDER BY certificate.changed_at DESC, certificate.id DESC LIMIT %d", limit+1), args...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		last := rows[limit-1]
		raw, err := json.Marshal(cursor{last.ChangedAt.UnixMicro(), last.ID})
		if err != nil {
			return nil, "", err
		}
		next = base64.RawURLEncoding.EncodeToString(raw)
	}
	out, err = k.named(ctx, rows)
	return out, next, err
}

// named adds person and dossier number to a page of rows.
func (k *Desk) named(ctx context.Context, rows []Certificate) ([]Listed, error) {
	ids := make([]string, len(rows))
	for i, c := range rows {
		ids[i] = c.DossierID
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(rows))
	for i, c := range rows {
		out[i].Certificate, out[i].DossierNo, out[i].PersonName = c, heads[c.DossierID].No, heads[c.DossierID].Name
	}
	return out, nil
}

// scope is the SQL predicate for the certificates that the policy of
// certificate.read lets an actor see: post, reach, clearance, recusal.
func scope(by policy.Actor) (string, []any) {
	return dossier.CaseScope(by, "certificate", "clerk", "reviewer", "head", "supervisor")
}

// maxWork bounds what one room puts on a first page.
const maxWork = 100

// Work lists what waits for an actor: drafts and returns for the clerk,
// submissions for the reviewer who did not make them.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	if where == "1=0" {
		return nil, nil
	}
	rows, err := store.List[Certificate](ctx, k.gate.DB(), "WHERE certificate.state IN ('draft','submitted','returned') AND "+where+fmt.Sprintf(" ORDER BY certificate.changed_at, certificate.id LIMIT %d", maxWork), args...)
	if err != nil {
		return nil, err
	}
	list, err := k.named(ctx, rows)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, c := range list {
		item := work.Item{Room: "certificate", Kind: "出具证明·" + c.Kind.Name(), Subject: c.PersonName, SubjectNote: c.DossierNo, DossierID: c.DossierID,
			Link: "/certificates/" + c.ID, Lane: work.Todo, Since: c.ChangedAt}
		switch {
		case c.State == Submitted && by.Has("reviewer") && c.DraftedBy != by.ID && c.SubmittedBy != by.ID:
			item.Todo, item.Action = "对照档案记载审核并签发", "审核"
		case c.State == Returned && c.DraftedBy == by.ID:
			item.Todo, item.Action = "按退回意见修改："+c.ReviewNote, "修改"
		case c.State == Draft && c.DraftedBy == by.ID && c.Asked:
			item.Todo, item.Action = "对照原件引用记载，选定内容后提交", "引用"
		case c.State == Draft && c.DraftedBy == by.ID:
			item.Todo, item.Action = "选定要证明的记载后提交审核", "继续"
		case c.State == Submitted && c.DraftedBy == by.ID:
			item.Todo, item.Action, item.Lane = "待审核人员签发", "查看", work.Sent
		default:
			continue
		}
		out = append(out, item)
	}
	return out, nil
}

// Cases lists a dossier's certificates for its page.
func (k *Desk) Cases(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(by)
	rows, err := store.List[Certificate](ctx, q, "WHERE certificate.dossier_id=? AND "+where+" ORDER BY certificate.changed_at DESC, certificate.id DESC LIMIT 50", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(rows))
	for i, c := range rows {
		out[i] = dossier.Case{Ref: c.Ref(), Room: "certificate", Kind: "出具证明·" + c.Kind.Name(), No: c.Number, State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(),
			Since: c.AppliedOn, Note: c.Use, Link: "/certificates/" + c.ID, Open: c.Open()}
	}
	return out, nil
}

// IssuedOn is the day of issue, "" before.
func (c Certificate) IssuedOn() string {
	if c.DocumentID == "" {
		return ""
	}
	return c.ReviewedAt.In(clock.Shanghai).Format(time.DateOnly)
}

// Expired says whether an issued certificate is past its last day.
func (c Certificate) Expired(today calendar.Date) bool {
	return c.State == Issued && c.ValidUntil < today.String()
}

// Finished counts the certificates issued.
func (k *Desk) Finished(ctx context.Context, by policy.Actor, from, until time.Time) ([]work.Tally, error) {
	where, args := scope(by)
	if where == "1=0" {
		return nil, nil
	}
	t, err := work.CountOnTime(ctx, k.gate.DB(), work.Certificates, "reviewed_at", "NULL",
		"certificate WHERE "+where+" AND number IS NOT NULL AND reviewed_at>=? AND reviewed_at<?", append(args, from.UnixMicro(), until.UnixMicro())...)
	return []work.Tally{t}, err
}

// Parts lists the certificates an actor has a part in that changed since a moment.
func (k *Desk) Parts(ctx context.Context, by policy.Actor, since time.Time) ([]work.Part, error) {
	where, args := scope(by)
	rows, err := store.List[Certificate](ctx, k.gate.DB(), "WHERE "+where+" AND changed_at>=? AND (drafted_by=? OR submitted_by=? OR reviewed_by=?) ORDER BY changed_at DESC, id DESC LIMIT 40",
		append(args, since.UnixMicro(), by.ID, by.ID, by.ID)...)
	if err != nil {
		return nil, err
	}
	list, err := k.named(ctx, rows)
	if err != nil {
		return nil, err
	}
	out := make([]work.Part, len(list))
	for i, c := range list {
		out[i] = work.Part{Ref: c.Ref(), Kind: c.Kind.Name(), Subject: c.PersonName, Link: "/certificates/" + c.ID}
	}
	return out, nil
}
