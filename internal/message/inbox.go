package message

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// Notice is one line in the inbox of staff: of all who hold a post at an agency, or of the one
// colleague who had the case in hand. It says what happened and where to look; the person's
// name is read from the dossier, under the reader's own rights.
type Notice struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	Agency    string    `db:"agency"`
	Post      string    `db:"post"`
	StaffID   string    `db:"staff_id,null"` // only this colleague, while they hold the post
	Subject   string    `db:"subject"`
	Text      string    `db:"text"`
	DossierID string    `db:"dossier_id,null"`
	CaseRef   string    `db:"case_ref"`
	Link      string    `db:"link"`
	ByID      string    `db:"by_id"`
	ByAgency  string    `db:"by_agency,null"`
	At        time.Time `db:"at"`
}

// Table names the table of notices.
func (Notice) Table() string { return "staff_notice" }

func init() {
	store.Describe(Notice{})
	store.Register("staff_notice", store.Audited, "工作人员收件箱：办理情况的通知，不含档案内容")
	store.Register("staff_notice_read", store.Transient, "工作人员收件箱的已读标记")
}

// Inform writes a notice inside the act it tells of, so that none is lost and none tells of
// what was undone. Who acts is not told of it.
func Inform(tx *gate.Tx, n Notice) error {
	if n.Agency == "" || n.StaffID == tx.Actor().ID {
		return nil
	}
	n.ID, n.Version, n.ByID, n.ByAgency, n.At = gate.NewID(), 1, tx.Actor().ID, tx.Actor().Org, tx.Now()
	return tx.Insert(n)
}

// reviewed tells who submitted a batch for filing what the reviewer decided: it leaves their
// list of what is out without a word. The filing room lies below this one and can't call it.
func reviewed(tx *gate.Tx) error {
	ids := tx.Subjects("Filing")
	if tx.Action() != "material.review_batch" || len(ids) != 1 {
		return nil
	}
	b, err := store.Get[dossier.Batch](tx.Context(), tx, "WHERE id=?", ids[0])
	if err != nil {
		return err
	}
	n := Notice{Agency: b.Agency, Post: "clerk", StaffID: b.SubmittedBy, CaseRef: b.Ref(), Link: "/filing/batches/" + b.ID, Subject: "归档审核通过", Text: fmt.Sprintf("%s 共 %d 份材料已归档。", b.No, b.Materials)}
	if b.State == dossier.BatchRejected {
		n.Subject, n.Text = "归档审核退回", b.No+" 已退回，请查看理由，更正后重新提交。"
	}
	return Inform(tx, n)
}

// Told is a notice as its reader sees it.
type Told struct {
	Notice
	Name, Actor, Office string
	Read                bool
}

// keptFor is how far back the inbox reaches: what is older stands in the case's own log.
const keptFor = 180 * 24 * time.Hour

// mine is what an actor finds in the inbox: of their agency and posts, not their own acts,
// nothing of kin or above their clearance (10b, 15).
func (k *Desk) mine(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || by.Org == "" || len(by.Posts) == 0 {
		return "1=0", nil
	}
	where := "n.agency=? AND n.at>? AND n.by_id<>? AND n.post IN (" + store.Marks(len(by.Posts)) + ") AND (n.staff_id IS NULL OR n.staff_id=?)"
	args := append([]any{by.Org, k.gate.Now().Add(-keptFor).UnixMicro(), by.ID}, store.Args(by.Posts)...)
	where += " AND (n.dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=n.dossier_id AND d.secrecy<=?"
	args = append(args, by.ID, by.Clearance)
	if len(by.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
	}
	return where + "))", args
}

const unread = " AND NOT EXISTS (SELECT 1 FROM staff_notice_read r WHERE r.staff_id=? AND r.notice_id=n.id)"

// Inbox is a page of an actor's notices, the newest first; after is the id of the last one seen.
func (k *Desk) Inbox(ctx context.Context, by policy.Actor, onlyUnread bool, after string, limit int) (out []Told, next string, err error) {
	where, args := k.mine(by)
	if onlyUnread {
		where, args = where+unread, append(args, by.ID)
	}
	if after != "" {
		where, args = where+" AND (n.at, n.id)<(SELECT at, id FROM staff_notice WHERE id=?)", append(args, after)
	}
	list, err := store.List[Notice](ctx, k.gate.DB(), "n WHERE "+where+" ORDER BY n.at DESC, n.id DESC LIMIT ?", append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	out, err = k.told(ctx, by, list)
	return out, next, err
}

// Unread counts what an actor has not read, no further than the cap of counting.
func (k *Desk) Unread(ctx context.Context, by policy.Actor) (int64, error) {
	where, args := k.mine(by)
	if where == "1=0" {
		return 0, nil
	}
	return store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM staff_notice n WHERE "+where+unread+" LIMIT ?) AS c", append(args, by.ID, k.gate.DB().CountCap)...)
}

// mostRead is how many notices are marked at once.
const mostRead = 500

// MarkRead marks notices as read by the actor: those named, or all when none is. A notice that
// is not theirs is passed over.
func (k *Desk) MarkRead(ctx context.Context, by policy.Actor, ids []string) error {
	if len(ids) > mostRead {
		return rule.Mistake(rule.Reason{Rule: "29.6", Slug: "too_many", Field: "ids", Message: fmt.Sprintf("一次最多标记 %d 条。", mostRead), Next: "请用“全部标为已读”。"})
	}
	where, args := k.mine(by)
	if len(ids) > 0 {
		where, args = where+" AND n.id IN ("+store.Marks(len(ids))+")", append(args, store.Args(ids)...)
	}
	args = append([]any{by.ID, k.gate.Now().UnixMicro()}, args...)
	return k.gate.Touch(ctx, "INSERT INTO staff_notice_read(notice_id,staff_id,read_at) SELECT n.id, CAST(? AS TEXT), CAST(? AS BIGINT) FROM staff_notice n WHERE "+where+" ON CONFLICT(staff_id,notice_id) DO NOTHING", args...)
}

// told adds names and read marks to a page of notices.
func (k *Desk) told(ctx context.Context, by policy.Actor, list []Notice) ([]Told, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids, dossiers, actors, offices := make([]string, len(list)), []string{}, []string{}, []string{}
	for i, n := range list {
		ids[i] = n.ID
		dossiers, actors, offices = append(dossiers, n.DossierID), append(actors, n.ByID), append(offices, n.ByAgency)
	}
	q := k.gate.DB()
	held, err := store.List[dossier.Dossier](ctx, q, "WHERE id IN ("+store.Marks(len(dossiers))+")", store.Args(dossiers)...)
	if err != nil {
		return nil, err
	}
	of, persons := map[string]string{}, []string{}
	for _, d := range held {
		of[d.ID], persons = d.PersonID, append(persons, d.PersonID)
	}
	names := map[string]string{}
	if len(persons) > 0 {
		people, err := store.List[person.Person](ctx, q, "WHERE id IN ("+store.Marks(len(persons))+")", store.Args(persons)...)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			names[p.ID] = p.Name
		}
	}
	colleagues, err := store.List[staff.Member](ctx, q, "WHERE id IN ("+store.Marks(len(actors))+")", store.Args(actors)...)
	if err != nil {
		return nil, err
	}
	agencies, err := store.List[agency.Agency](ctx, q, "WHERE id IN ("+store.Marks(len(offices))+")", store.Args(offices)...)
	if err != nil {
		return nil, err
	}
	read, err := k.readOf(ctx, by, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Told, len(list))
	for i, n := range list {
		out[i] = Told{Notice: n, Name: names[of[n.DossierID]], Actor: "系统", Read: slices.Contains(read, n.ID)}
		if j := slices.IndexFunc(colleagues, func(m staff.Member) bool { return m.ID == n.ByID }); j >= 0 {
			out[i].Actor = colleagues[j].Name
		}
		if j := slices.IndexFunc(agencies, func(a agency.Agency) bool { return a.ID == n.ByAgency }); j >= 0 && n.ByAgency != by.Org {
			out[i].Office = agencies[j].Short
		}
	}
	return out, nil
}

func (k *Desk) readOf(ctx context.Context, by policy.Actor, ids []string) ([]string, error) {
	return store.Texts(ctx, k.gate.DB(), "SELECT notice_id FROM staff_notice_read WHERE staff_id=? AND notice_id IN ("+store.Marks(len(ids))+")", append([]any{by.ID}, store.Args(ids)...)...)
}

// Forget drops the marks of notices that have left the inbox: the timer.
func (k *Desk) Forget(ctx context.Context) error {
	return k.gate.Touch(ctx, "DELETE FROM staff_notice_read WHERE read_at<?", k.gate.Now().Add(-2*keptFor).UnixMicro())
}
