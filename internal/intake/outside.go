package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Sending is an application as a unit's worker or a person sends it over the net. Nothing of
// it takes effect: a clerk looks at it, and its own room takes it in (29.8).
type Sending struct {
	Matter, Agency string
	Application    json.RawMessage // as its own room reads it
	Name, IDNo     string          // whom it is about
	Applicant      string          // the person's or the unit's name
	Contact        string
	Session        string // digest of what the sender's page alone knows
	Files          []File // judged and kept already
}

// File is one photo or PDF sent with an application, or with the answer to what was asked.
type File struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	IntakeID string    `db:"intake_id"`
	No       int64     `db:"no"`
	Paper    string    `db:"paper"` // what it is, in the words of the page
	Blob     string    `db:"blob"`
	Bytes    int64     `db:"bytes"`
	Format   string    `db:"format"`
	Width    int64     `db:"width"`
	Height   int64     `db:"height"`
	Pages    int64     `db:"pages"`
	SentAt   time.Time `db:"sent_at"`
	Session  string    `db:"session"`
}

// Table names the table of files.
func (File) Table() string { return "intake_file" }

func init() {
	store.Describe(File{})
	store.Register("intake_file", store.Audited, "网上申请附来的照片和 PDF")
}

// How many applications of one applicant may wait at once: who sends more is heard at the window.
const (
	mostOfPerson = 20
	mostOfUnit   = 200
)

// mostFiles bounds what lies with one application.
const mostFiles = 60

// Apply puts down what came over the net, for a clerk to look at. The same page sends once.
func (k *Desk) Apply(ctx context.Context, by policy.Actor, s Sending) (c Case, err error) {
	if c, err = k.Sent(ctx, by, s.Session); !errors.Is(err, store.ErrNotFound) {
		return c, err
	}
	e := Entry{Matter: s.Matter, Application: s.Application, Name: s.Name, IDNo: s.IDNo, Applicant: s.Applicant, Contact: s.Contact}
	if err := e.check(); err != nil {
		return c, err
	}
	_, err = k.gate.Do(gate.WithoutKey(ctx), gate.Act{Actor: by, Action: ActApply, Rules: rules}, func(tx *gate.Tx) error {
		c = Case{ID: gate.NewID(), Version: 1, Agency: s.Agency, Matter: s.Matter, State: Sent, Name: s.Name, Applicant: e.Applicant, Contact: e.Contact, Application: string(s.Application), Reasons: "[]",
			Sender: by.ID, Session: s.Session, RecordedBy: by.ID, RecordedAt: tx.Now(), ChangedAt: tx.Now(), DueOn: k.within(tx, setting.IntakeDays).String()}
		if by.Kind == policy.Unit {
			c.SenderUSCC = by.Org
		}
		own, err := agency.Get(ctx, tx, s.Agency)
		if errors.Is(err, store.ErrNotFound) || err == nil && !own.Keeps() {
			return rule.Mistake(reason("20.1", "agency_unknown", "agency", "没有这个存档机构。", "请从列表中选择。"))
		} else if err != nil {
			return err
		}
		secrecy, err := k.place(tx, &c, e)
		if err != nil {
			return err
		}
		if err := tx.Permit(c.Resource(secrecy)); err != nil {
			return err
		}
		if refused := own.MayTakeIn(tx.Today()); refused != nil {
			return refused
		}
		if err := bounded(tx, by); err != nil {
			return err
		}
		if err := c.number(tx); err != nil {
			return err
		}
		// No dossier is named: who has one would be told by the subjects of the entry.
		tx.About("Intake", c.ID)
		tx.Note("no", c.No)
		tx.Note("matter", c.Matter)
		tx.Note("files", int64(len(s.Files)))
		if err := tx.Insert(c); err != nil {
			return err
		}
		if err := k.Online(tx, c.Agency, c.Ref()); err != nil {
			return err
		}
		if err := c.keep(tx, 0, s.Session, s.Files); err != nil {
			return err
		}
		return c.tellClerk(tx, "网上申请："+c.MatterName(), "请查看后受理，或者一次性告知补正。")
	})
	if errors.Is(err, store.ErrUnique) { // the same page, sent twice at once
		return k.Sent(ctx, by, s.Session)
	}
	return c, err
}

// Sent is what an actor sent from a page already.
func (k *Desk) Sent(ctx context.Context, by policy.Actor, session string) (Case, error) {
	return store.Get[Case](ctx, k.gate.DB(), "WHERE sender=? AND session=?", by.ID, session)
}

// bounded holds an applicant to a number of applications that wait.
func bounded(tx *gate.Tx, by policy.Actor) error {
	where, arg, most := "sender=? AND sender_uscc IS NULL", by.ID, int64(mostOfPerson)
	if by.Kind == policy.Unit {
		where, arg, most = "sender_uscc=?", by.Org, mostOfUnit
	}
	n, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM intake WHERE "+where+" AND state IN ('sent','completing','proposed','returned')", arg)
	if err != nil || n < most {
		return err
	}
	return rule.Refuse(reason("28", "too_many_waiting", "", fmt.Sprintf("已有 %d 件网上申请等待办理。", n), "请等其中一些办结，或撤回不需要的；急需的请到窗口办理。"))
}

func (c *Case) number(tx *gate.Tx) error {
	year := tx.Today().Year()
	n, err := tx.Number(fmt.Sprintf("%s/收件/%d", c.Agency, year))
	c.No = fmt.Sprintf("SL-%s-%d-%05d", c.Agency, year, n)
	return err
}

// keep writes the files of one sending; before is how many lie there already.
func (c Case) keep(tx *gate.Tx, before int64, session string, files []File) error {
	if before+int64(len(files)) > mostFiles {
		return rule.Mistake(reason("28", "too_many_files", "file", fmt.Sprintf("一件申请的文件不超过 %d 个。", mostFiles), "请减少照片，或到窗口提交。"))
	}
	for i, f := range files {
		if err := tx.File(f.Blob, f.Bytes, "intake"); err != nil {
			return err
		}
		f.ID, f.Version, f.IntakeID, f.No, f.SentAt, f.Session = gate.NewID(), 1, c.ID, before+int64(i)+1, tx.Now(), session
		if err := tx.Insert(f); err != nil {
			return err
		}
	}
	return nil
}

// tellClerk tells the office that something came, or changed, over the net.
func (c Case) tellClerk(tx *gate.Tx, subject, text string) error {
	return message.Inform(tx, message.Notice{Agency: c.Agency, Post: "clerk", Subject: subject, Text: c.No + "　" + text, CaseRef: c.Ref(), Link: "/intakes/" + c.ID})
}

// Answer brings what was asked for; the application goes back to the clerk.
func (k *Desk) Answer(ctx context.Context, by policy.Actor, id, text, session string, files []File) (c Case, err error) {
	text = strings.TrimSpace(text)
	if text == "" && len(files) == 0 {
		return c, rule.Mistake(reason("29.8", "answer_empty", "answer", "没有填写说明，也没有附文件。", "请按补正告知逐项补齐后提交。"))
	}
	if n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM intake_file WHERE intake_id=? AND session=?", id, session); err != nil || n > 0 {
		if err != nil {
			return c, err
		}
		return k.Own(ctx, by, id) // the answer was lost on the way
	}
	return k.act(gate.WithoutKey(ctx), by, ActAnswer, id, func(tx *gate.Tx, c *Case) error {
		if err := c.must("补正", Completing); err != nil {
			return err
		}
		if err := k.Online(tx, c.Agency, c.Ref()); err != nil {
			return err
		}
		n, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM intake_file WHERE intake_id=?", c.ID)
		if err != nil {
			return err
		}
		if err := c.keep(tx, n, session, files); err != nil {
			return err
		}
		tx.Note("files", int64(len(files)))
		c.Answer, c.AnsweredOn = text, tx.Today().String()
		c.State, c.DueOn = Sent, k.within(tx, setting.IntakeDays).String()
		return c.tellClerk(tx, "已网上补正："+c.MatterName(), "请查看后受理。")
	})
}

// Ask tells the sender of an application once and whole what is missing (补正). What was
// sent back incomplete may be asked for again, and nothing that was not told before.
func (k *Desk) Ask(ctx context.Context, by policy.Actor, id string, missing []string, still []int) (Case, error) {
	return k.act(ctx, by, ActAsk, id, func(tx *gate.Tx, c *Case) error {
		if err := c.must("告知补正", Sent); err != nil {
			return err
		}
		said, err := c.lacking(missing, still)
		if err != nil {
			return err
		}
		raw, err := json.Marshal(said)
		if err != nil {
			return err
		}
		first := !c.Told
		c.State, c.Reasons, c.DueOn, c.Told = Completing, string(raw), k.within(tx, setting.CompletionDays).String(), true
		c.RecordedBy = by.ID
		own, err := agency.Get(tx.Context(), tx, c.Agency)
		if err != nil {
			return err
		}
		if first {
			if err := k.issueSlip(tx, *c, own); err != nil {
				return err
			}
			c.Slip = true
			if err := k.issueCompletion(tx, *c, own); err != nil {
				return err
			}
		}
		return k.tellSender(tx, *c, message.UnitMore)
	})
}

// lacking is what an application still lacks.
func (c Case) lacking(missing []string, still []int) (said []rule.Reason, err error) {
	if c.Told {
		if len(missing) > 0 {
			return nil, rule.Refuse(reason("29.8", "told_once", "more", "这件申请已经一次性告知过需补正的内容，不能再提出新的要求。", "只能勾选原来告知、仍未补齐的；都补齐了的，请受理。"))
		}
		why := c.Why()
		for n, i := range still {
			if i < 0 || i >= len(why) || slices.Contains(still[:n], i) {
				return nil, rule.Mistake(reason("29.8", "still_unknown", "still", "所选内容不在原来告知的补正内容中。", "请刷新后重新勾选。"))
			}
			said = append(said, why[i])
		}
	} else {
		for _, m := range missing {
			if m = strings.TrimSpace(m); m != "" {
				said = append(said, reason("29.8", "paper_missing", "", m, "请补齐后在网上提交，也可交到窗口。"))
			}
		}
	}
	if len(said) == 0 {
		return nil, rule.Complete(reason("29.8", "nothing_missing", "more", "没有写明需要补正什么。", "请逐项写明，一次告知；没有需要补正的，请受理。"))
	}
	return said, nil
}

// tellSender tells a unit's worker what became of its application. A person is told as of
// every act on the own dossier (message.Follow).
func (k *Desk) tellSender(tx *gate.Tx, c Case, template string) error {
	if c.SenderUSCC == "" {
		return nil
	}
	tx.Note("silent", true) // the person has no part in it
	return k.TellUnit(tx, c.Agency, c.SenderUSCC, c.Applicant, template, c.MatterName(), c.Ref())
}

// outside holds exactly for the applications that intake.answer lets an actor from outside
// answer: the unit's at agencies where the worker's authorization holds, or the person's own.
func outside(by policy.Actor) (string, []any) {
	switch {
	case by.Kind == policy.Unit && by.Org != "" && len(by.Reach) > 0:
		return "intake.sender_uscc=? AND intake.agency IN (" + store.Marks(len(by.Reach)) + ")", append([]any{by.Org}, store.Args(by.Reach)...)
	case by.Kind == policy.Citizen && by.ID != "":
		return "intake.sender=? AND intake.sender_uscc IS NULL", []any{by.ID}
	}
	return "1=0", nil
}

// Own is an application as its sender sees it; store.ErrNotFound for any other, whether it
// is there or not.
func (k *Desk) Own(ctx context.Context, by policy.Actor, id string) (Case, error) {
	where, args := outside(by)
	return store.Get[Case](ctx, k.gate.DB(), "WHERE id=? AND "+where, append([]any{id}, args...)...)
}

// Owned are what an actor from outside sent, the newest first, before an id.
func (k *Desk) Owned(ctx context.Context, by policy.Actor, before string, limit int) ([]Case, error) {
	where, args := outside(by)
	return store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", append(args, before, before, limit)...)
}

// Online says which of some cases an application over the net became: its sender follows
// the application, and need not see both.
func Online(ctx context.Context, q store.Querier, refs []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(refs) == 0 {
		return out, nil
	}
	list, err := store.List[Case](ctx, q, "WHERE sender IS NOT NULL AND case_ref IN ("+store.Marks(len(refs))+") ORDER BY id LIMIT 1000", store.Args(refs)...)
	for _, c := range list {
		out[c.CaseRef] = true
	}
	return out, err
}

// UnitOf is the unit that sent a record over the net; empty for a person's, and for one that
// was put down at the window.
func UnitOf(tx *gate.Tx, id string) (uscc, unit string, err error) {
	if id == "" {
		return "", "", nil
	}
	c, err := store.Get[Case](tx.Context(), tx, "WHERE id=? AND sender_uscc IS NOT NULL", id)
	if errors.Is(err, store.ErrNotFound) {
		return "", "", nil
	}
	return c.SenderUSCC, c.Applicant, err
}

// Sender is who sent over the net the application that a case came of.
type Sender struct {
	No   string // of the application
	at   string
	by   string
	unit string
}

// SenderOf finds who sent what a case came of, inside an act of somebody from outside on that
// case; nobody for staff, who act by their post.
func SenderOf(tx *gate.Tx, caseRef string) (Sender, error) {
	if tx.Actor().Kind == policy.Staff || tx.Actor().Kind == policy.System {
		return Sender{}, nil
	}
	c, err := store.Get[Case](tx.Context(), tx, "WHERE sender IS NOT NULL AND case_ref=? ORDER BY id DESC LIMIT 1", caseRef)
	if errors.Is(err, store.ErrNotFound) {
		return Sender{}, nil
	}
	return Sender{No: c.No, at: c.Agency, by: c.Sender, unit: c.SenderUSCC}, err
}

// Attrs tells the policies who sent it: a unit, through whichever of its workers holds an
// authorization at the agency now, or a person.
func (s Sender) Attrs(attrs map[string]any) {
	switch {
	case s.unit != "":
		attrs["sentUnit"], attrs["sentTo"] = s.unit, s.at
	case s.by != "":
		attrs["sentBy"] = s.by
	}
}

// GivenUp tells the office, inside the act of the case's room, that the sender took the
// application back after it was taken in (29.8).
func (s Sender) GivenUp(tx *gate.Tx, caseRef, link string) error {
	if s.No == "" {
		return nil
	}
	return message.Inform(tx, message.Notice{Agency: s.at, Post: "clerk", Subject: "受理后网上撤回", Text: s.No + "　申请人已在网上撤回，本件终止，不需要再办理。", CaseRef: caseRef, Link: link})
}

// Files are what was sent with an application.
func Files(ctx context.Context, q store.Querier, id string) ([]File, error) {
	return store.List[File](ctx, q, "WHERE intake_id=? ORDER BY no", id)
}

// Look opens one file of an application for staff; on record.
func (k *Desk) Look(ctx context.Context, by policy.Actor, id string, no int64) (f File, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActLook, Rules: rules}, func(tx *gate.Tx) error {
		c, err := store.Get[Case](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		secrecy, err := c.secrecy(ctx, tx)
		if err != nil {
			return err
		}
		tx.About("Intake", c.ID)
		tx.Note("file", no)
		if c.DossierID != "" {
			tx.About("Dossier", c.DossierID)
		}
		if err := tx.Permit(c.Resource(secrecy)); err != nil {
			return err
		}
		f, err = store.Get[File](ctx, tx, "WHERE intake_id=? AND no=?", id, no)
		return err
	})
	return f, err
}
