package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// PersonalAccount is one person's account at an agency (12b), from its opening to its end,
// with the version of the notice the person accepted (12a).
type PersonalAccount struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	No         string    `db:"no"`
	Agency     string    `db:"agency"`
	DossierID  string    `db:"dossier_id"`
	State      State     `db:"state"`
	How        string    `db:"how"`
	CaseRef    string    `db:"case_ref,null"`
	OpenedBy   string    `db:"opened_by"`
	OpenedAt   time.Time `db:"opened_at"`
	NoticeNo   string    `db:"notice_no,null"`
	NoticeRank int64     `db:"notice_rank"` // when that version was published; 0: the program's own, -1: none accepted
	NoticeOn   string    `db:"notice_on,null"`
	Waived     bool      `db:"waived,null"` // nobody is left to accept it: the person is dead, from before a death closed the account
	Reminded   int64     `db:"reminded,null"`
	RemindedOn string    `db:"reminded_on,null"`
	RemindedBy string    `db:"reminded_by,null"` // the way: link, 电话 …
	EndedHow   string    `db:"ended_how,null"`
	EndedRef   string    `db:"ended_ref,null"`
	EndedAt    time.Time `db:"ended_at,null"`
}

// Table names the table of personal accounts.
func (PersonalAccount) Table() string { return "personal_account" }

func init() {
	store.Describe(PersonalAccount{})
	store.Register("personal_account", store.Audited, "个人账户：开立缘由、须知接受、提醒、终止")
}

// Hows say why a personal account was opened.
const (
	ByTransfer = "transfer" // a packet was received (12, 20.5)
	ByClaim    = "claim"    // a graduate claimed the packet a school sent (12)
	ByChange   = "change"   // from a collective account, on application
	ByClosing  = "closing"  // the unit's account was closed (12d)
	ByDeath    = "death"    // taken off the unit's account by a death, before a death closed the account (20c)
	ByRevival  = "revival"  // a death was revoked, and no unit's account is there to go back to
	ByStock    = "stock"    // it was one before accounts had rows of their own
)

// HowName is why it was opened, as screens say it.
func HowName(how string) string {
	return map[string]string{ByTransfer: "转入档案", ByClaim: "毕业生认领", ByChange: "申请开立或由集体户转出", ByClosing: "集体户销户转入", ByDeath: "本人死亡，转出集体户", ByRevival: "撤销死亡登记恢复", ByStock: "原有个人账户"}[how]
}

// Ends of a personal account.
const (
	EndMoved  = "moved"  // by transfer
	EndJoined = "joined" // a unit's account
	EndMerged = "merged" // the dossier became part of another
	EndDied   = "died"   // the person is dead (20c)
	EndHanded = "handed" // of a dead person, to an archive
)

// EndName is how it ended, as screens say it.
func EndName(how string) string {
	return map[string]string{EndMoved: "档案转出", EndJoined: "转入集体户", EndMerged: "档案并入另一卷", EndDied: "本人死亡", EndHanded: "死亡人员档案移交"}[how]
}

// Ref names the account in papers, messages and time lines.
func (p PersonalAccount) Ref() string { return "PersonalAccount:" + p.ID }

// openPersonal writes a personal account inside the act that opens it, with what of the notice was
// accepted with it; nobody has two.
func openPersonal(tx *gate.Tx, d dossier.Dossier, how, ref string, notice *Accepting) (p PersonalAccount, err error) {
	year := tx.Today().Year()
	n, err := tx.Number(fmt.Sprintf("%s/个人户/%d", d.Agency, year))
	if err != nil {
		return p, err
	}
	p = PersonalAccount{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("GRH-%s-%d-%05d", d.Agency, year, n), Agency: d.Agency, DossierID: d.ID, State: Open, How: how, CaseRef: ref, OpenedBy: tx.Actor().ID, OpenedAt: tx.Now(), NoticeRank: -1}
	if notice != nil {
		if err := p.accept(tx, notice.No); err != nil {
			return p, err
		}
	} else if err := p.recall(tx); err != nil {
		return p, err
	}
	tx.About("PersonalAccount", p.ID)
	if err := tx.Insert(p); errors.Is(err, store.ErrUnique) {
		return p, rule.Refuse(rule.Reason{Rule: "12b", Slug: "personal_open", Message: "这卷档案已有使用中的个人账户。", Next: "请刷新后查看。"})
	} else if err != nil {
		return p, err
	}
	return p, nil
}

// recall notes what the person of a dossier accepted at this agency before, on a unit's
// account: nobody is asked for the same version twice.
func (p *PersonalAccount) recall(tx *gate.Tx) error {
	list, err := store.List[Acceptance](tx.Context(), tx, "WHERE dossier_id=? AND agency=? ORDER BY id DESC LIMIT 1", p.DossierID, p.Agency)
	if err != nil || len(list) == 0 {
		return err
	}
	p.NoticeNo, p.NoticeOn = list[0].NoticeNo, list[0].AcceptedOn
	p.NoticeRank, err = rankOf(tx.Context(), tx, Personal, p.NoticeNo)
	return err
}

// ForUnit is the account on which a dossier is to hang that a unit asked to be brought to an
// agency: the unit's own there, locked; nil where it has none, and the dossier gets an account of
// its person.
func ForUnit(tx *gate.Tx, agency string, u Unit) (*Account, error) {
	if u == (Unit{}) {
		return nil, nil
	}
	return at(tx.Context(), tx, agency, u, tx.ForUpdate())
}

// Arrived puts a dossier on the account that ForUnit found, or opens a personal one (12b, 12c).
// The unit's authority is its application, by its worker; the person's notice follows (12a).
func Arrived(tx *gate.Tx, d dossier.Dossier, on *Account, ref string) error {
	if on == nil {
		return OpenedFor(tx, d, ByTransfer, ref)
	}
	tx.About("UnitAccount", on.ID)
	return record(tx, *on, Change{Kind: ChangeJoined, DossierID: d.ID, CaseRef: ref})
}

// OpenedFor opens a personal account whose notice is still to be accepted, inside the act that
// takes the dossier in: nobody is kept waiting for a signature, and nobody is forgotten.
func OpenedFor(tx *gate.Tx, d dossier.Dossier, how, ref string) error {
	_, err := openPersonal(tx, d, how, ref, nil)
	return err
}

// Claimed opens a personal account with the notice its person accepted, and issues the paper
// that says so.
func Claimed(tx *gate.Tx, press *document.Press, d dossier.Dossier, ref string, notice Accepting) error {
	if err := notice.Record(tx, d.Agency, "", d.ID); err != nil {
		return err
	}
	p, err := openPersonal(tx, d, ByClaim, ref, &notice)
	if err != nil {
		return err
	}
	return issueTerms(tx, press, p, notice)
}

// accept notes which version was accepted.
func (p *PersonalAccount) accept(tx *gate.Tx, no string) (err error) {
	p.NoticeNo, p.NoticeOn = no, tx.Today().String()
	p.NoticeRank, err = rankOf(tx.Context(), tx, Personal, no)
	return err
}

// current locks the open personal account of a dossier, if there is one.
func current(tx *gate.Tx, dossierID string) (*PersonalAccount, error) {
	p, err := store.Get[PersonalAccount](tx.Context(), tx, "WHERE dossier_id=? AND state='open'"+tx.ForUpdate(), dossierID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return &p, nil
}

// End ends the personal account of a dossier, if it has one, inside the act that does.
func End(tx *gate.Tx, dossierID, how, ref string) error {
	p, err := current(tx, dossierID)
	if err != nil || p == nil {
		return err
	}
	p.State, p.EndedHow, p.EndedRef, p.EndedAt = Closed, how, ref, tx.Now()
	tx.About("PersonalAccount", p.ID)
	return tx.Update(p)
}

// rankOf is when a version was published; the program's own comes before all.
func rankOf(ctx context.Context, q store.Querier, kind, no string) (int64, error) {
	n, err := store.Get[Notice](ctx, q, "WHERE kind=? AND no=?", kind, no)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	return n.PublishedAt.UnixMicro(), nil
}

// askedAgain is when the newest version was published that those who accepted an older one
// have to accept; 0 while there is none.
func askedAgain(ctx context.Context, q store.Querier, kind string) (int64, error) {
	n, err := store.Get[Notice](ctx, q, "WHERE kind=? AND again IS NOT NULL ORDER BY published_at DESC, id DESC LIMIT 1", kind)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	return n.PublishedAt.UnixMicro(), nil
}

// Views of the work list of notices.
const (
	Never = "never" // accepted none
	Again = "again" // accepted one before the version that asks again
)

// noticePosts are those who see whose notice is not accepted.
var noticePosts = []string{"clerk", "reviewer", "head", "supervisor"}

// noticeScope holds exactly for the personal accounts an actor may see.
func noticeScope(by policy.Actor) (string, []any) {
	return register.OfAgency("personal_account.agency", "personal_account.dossier_id", noticePosts...)(by)
}

// Owing is a person whose account has no accepted notice that holds.
type Owing struct {
	PersonalAccount
	DossierNo, Name string
}

// owed is the condition of a view.
func owed(view string, again int64) (string, []any) {
	switch view {
	case Never:
		return "personal_account.state='open' AND personal_account.waived IS NULL AND personal_account.notice_rank=-1", nil
	case Again:
		return "personal_account.state='open' AND personal_account.waived IS NULL AND personal_account.notice_rank>=0 AND personal_account.notice_rank<?", []any{again}
	}
	return "1=0", nil
}

// Owed is a page of those whose account has no accepted notice that holds, who has waited
// longest first, after the last one seen.
func (k *Desk) Owed(ctx context.Context, by policy.Actor, view string, after string, limit int) (list []Owing, next string, err error) {
	again, err := askedAgain(ctx, k.gate.DB(), Personal)
	if err != nil {
		return nil, "", err
	}
	where, args := noticeScope(by)
	only, with := owed(view, again)
	where, args = where+" AND "+only, append(args, with...)
	if after != "" {
		p, err := store.Get[PersonalAccount](ctx, k.gate.DB(), "WHERE id=?", after)
		if err != nil {
			return nil, "", rule.Mistake(rule.Reason{Rule: "12a", Slug: "cursor_invalid", Field: "cursor", Message: "翻页位置有误。", Next: "请回到第一页。"})
		}
		where, args = where+" AND (personal_account.opened_at>? OR personal_account.opened_at=? AND personal_account.id>?)", append(args, p.OpenedAt.UnixMicro(), p.OpenedAt.UnixMicro(), p.ID)
	}
	rows, err := store.List[PersonalAccount](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY personal_account.opened_at, personal_account.id LIMIT ?", append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	ids := make([]string, len(rows))
	for i, p := range rows {
		ids[i] = p.DossierID
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return nil, "", err
	}
	for _, p := range rows {
		list = append(list, Owing{p, heads[p.DossierID].No, heads[p.DossierID].Name})
	}
	return list, next, nil
}

// OwedCounts counts each view, no further than the cap of counting.
func (k *Desk) OwedCounts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	again, err := askedAgain(ctx, k.gate.DB(), Personal)
	if err != nil {
		return nil, err
	}
	out := map[string]int64{}
	for _, view := range []string{Never, Again} {
		where, args := noticeScope(by)
		only, with := owed(view, again)
		if out[view], err = store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM personal_account WHERE "+where+" AND "+only+" LIMIT ?) AS c", append(append(args, with...), k.gate.DB().CountCap)...); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PersonalPage is one personal account with what may be done.
type PersonalPage struct {
	Owing
	Owes     string // Never, Again, or nothing
	Accepted []Acceptance
	Links    []Link
	Possible []gate.Possible
}

// PersonalOf reads one personal account for its page.
func (k *Desk) PersonalOf(ctx context.Context, by policy.Actor, id string) (out PersonalPage, err error) {
	q := k.gate.DB()
	p, err := store.Get[PersonalAccount](ctx, q, "WHERE id=?", id)
	if err != nil {
		return out, err
	}
	d, err := dossier.Get(ctx, q, p.DossierID)
	if err != nil {
		return out, err
	}
	// Where the account was is who answers for it; the dossier may be kept elsewhere by now.
	r := d.Resource()
	if p.State != Open {
		r.Agencies = append(slices.Clone(r.Agencies), p.Agency)
	}
	if err := k.gate.Allowed(by, ActNotices, r); err != nil {
		return out, err
	}
	heads, err := dossier.Heads(ctx, q, []string{d.ID})
	if err != nil {
		return out, err
	}
	out.Owing = Owing{p, heads[d.ID].No, heads[d.ID].Name}
	if out.Accepted, err = store.List[Acceptance](ctx, q, "WHERE dossier_id=? AND agency=? ORDER BY id DESC LIMIT 50", d.ID, p.Agency); err != nil {
		return out, err
	}
	if out.Links, err = store.List[Link](ctx, q, "WHERE account_id=? ORDER BY id DESC LIMIT 20", p.ID); err != nil {
		return out, err
	}
	if out.Owes, err = p.owes(ctx, q); err != nil || out.Owes == "" {
		return out, err
	}
	for _, s := range []struct{ action, label string }{{ActAccept, "登记须知接受"}, {ActRemind, "提醒本人"}} {
		if can, ok := k.gate.Possible(by, s.action, s.label, d.Resource(), nil); ok {
			can.Primary = can.Refusal == nil && s.action == ActAccept
			out.Possible = append(out.Possible, can)
		}
	}
	return out, nil
}

// owes says which notice an account still owes.
func (p PersonalAccount) owes(ctx context.Context, q store.Querier) (string, error) {
	if p.State != Open || p.Waived {
		return "", nil
	}
	if p.NoticeRank < 0 {
		return Never, nil
	}
	again, err := askedAgain(ctx, q, Personal)
	if err == nil && p.NoticeRank < again {
		return Again, nil
	}
	return "", err
}

// PersonalCases lists the personal accounts of a dossier, for its page.
func (k *Desk) PersonalCases(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := noticeScope(by)
	list, err := store.List[PersonalAccount](ctx, q, "WHERE personal_account.dossier_id=? AND "+where+" ORDER BY personal_account.id DESC LIMIT 20", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(list))
	for i, p := range list {
		out[i] = dossier.Case{Ref: p.Ref(), Room: room, Kind: "个人账户", No: p.No, State: string(p.State), StateName: p.StateName(), Tone: p.State.Tone(), Since: calendar.Of(p.OpenedAt).String(), Note: HowName(p.How), Link: "/personal-accounts/" + p.ID}
	}
	return out, nil
}

// StateName is where the account stands, as screens say it.
func (p PersonalAccount) StateName() string {
	if p.State == Closed {
		return "已终止"
	}
	return p.State.Name()
}
