package transfer

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/work"
)

// readers are the posts that transfer.cedar lets read a case.
var readers = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// scope is the predicate over table transfer that holds exactly for the cases
// the policies let an actor read: either end in reach, clearance, recusal.
func scope(actor policy.Actor) (string, []any) {
	if actor.Kind != policy.Staff || len(actor.Reach) == 0 || !slices.ContainsFunc(readers, actor.Has) {
		return "1=0", nil
	}
	in, reach := store.Marks(len(actor.Reach)), store.Args(actor.Reach)
	where := "(receiver IN (" + in + ") OR holder IN (" + in + "))"
	args := append(slices.Clone(reach), reach...)
	where += " AND (dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=transfer.dossier_id AND d.secrecy<=?"
	args = append(args, actor.Clearance)
	if len(actor.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(actor.Persons)) + ")"
		args = append(args, store.Args(actor.Persons)...)
	}
	return where + "))", args
}

// Filter narrows the list of transfers.
type Filter struct {
	Side  string // "in", "out", empty: both
	State string // one state, "open" or "done"; empty: all
	Due   string // "overdue", "soon": by the 15 working days
	Text  string // name, case, letter or notice number
	After string // cursor: changed_at in µs, "|", id
	Limit int
}

// Cases lists cases, those changed last first.
func (k *Desk) Cases(ctx context.Context, actor policy.Actor, f Filter) ([]Case, error) {
	where, args := scope(actor)
	in := store.Marks(len(actor.Reach))
	switch f.Side {
	case "in":
		where, args = where+" AND receiver IN ("+in+")", append(args, store.Args(actor.Reach)...)
	case "out":
		where, args = where+" AND holder IN ("+in+")", append(args, store.Args(actor.Reach)...)
	}
	const done = "('closed','not_sent','withdrawn','expired','returned')"
	switch f.State {
	case "":
	case "open":
		where += " AND state NOT IN " + done
	case "done":
		where += " AND state IN " + done
	default:
		where, args = where+" AND state=?", append(args, f.State)
	}
	today := k.gate.Today()
	atHolder := " AND state IN ('registered','pulled','approved','packed')"
	switch f.Due {
	case "overdue":
		where, args = where+atHolder+" AND due_on<?", append(args, today.String())
	case "soon":
		soon, _ := k.gate.Calendar().AddWorkdays(today, 3)
		where, args = where+atHolder+" AND due_on>=? AND due_on<=?", append(args, today.String(), soon.String())
	}
	if t := strings.TrimSpace(f.Text); t != "" {
		where += " AND (person_name=? OR no=? OR letter_no=? OR notice_no=? OR id_ix=?)"
		args = append(args, t, strings.ToUpper(t), sameNo(t), sameNo(t), k.keys.Index("identity", strings.ToUpper(t)))
	}
	if at, id, ok := strings.Cut(f.After, "|"); ok {
		where += " AND (changed_at<CAST(? AS BIGINT) OR changed_at=CAST(? AS BIGINT) AND id<?)"
		args = append(args, at, at, id)
	}
	return store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY changed_at DESC, id DESC LIMIT ?", append(args, f.Limit)...)
}

// Cursor is a case's place in the list.
func (c Case) Cursor() string { return fmt.Sprintf("%d|%s", c.ChangedAt.UnixMicro(), c.ID) }

// Counts are the figures above the list.
type Counts struct{ Open, Overdue, Soon, Incoming, Outgoing int64 }

// Counts counts what an actor's agencies have open.
func (k *Desk) Counts(ctx context.Context, actor policy.Actor) (n Counts, err error) {
	where, args := scope(actor)
	if len(actor.Reach) == 0 {
		return n, nil
	}
	soon, _ := k.gate.Calendar().AddWorkdays(k.gate.Today(), 3)
	in := store.Marks(len(actor.Reach))
	query := `SELECT count(*), coalesce(sum(CASE WHEN holder IN (` + in + `) THEN 1 ELSE 0 END),0), coalesce(sum(CASE WHEN receiver IN (` + in + `) THEN 1 ELSE 0 END),0),
		coalesce(sum(CASE WHEN state IN ('registered','pulled','approved','packed') AND due_on<? THEN 1 ELSE 0 END),0),
		coalesce(sum(CASE WHEN state IN ('registered','pulled','approved','packed') AND due_on>=? AND due_on<=? THEN 1 ELSE 0 END),0)
		FROM transfer WHERE ` + where + ` AND state NOT IN ('closed','not_sent','withdrawn','expired','returned')`
	all := append(append(store.Args(actor.Reach), store.Args(actor.Reach)...), k.gate.Today().String(), k.gate.Today().String(), soon.String())
	err = k.gate.DB().QueryRow(ctx, query, append(all, args...)...).Scan(&n.Open, &n.Outgoing, &n.Incoming, &n.Overdue, &n.Soon)
	return n, store.Classify(err)
}

// View is a case as its page shows it.
type View struct {
	Case     Case
	Dossier  dossier.Dossier // zero until the province knows it
	Items    []Item
	Forced   dossier.Forced
	Why      string // the identity that forces the way, with its source
	Hinders  Hindrances
	Log      []LogLine
	Possible []gate.Possible
}

// LogLine is one act of a case's history.
type LogLine struct {
	At     time.Time
	What   string
	By     string // name of the member of staff, 系统 for timers
	Org    string
	Number int64
	Entry  string
}

// Read opens a case; the reading is on record (29.3).
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (View, error) {
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.read", Rules: []rule.ID{"29.3"}, On: "Transfer:" + id}, func(tx *gate.Tx) error {
		c, err := Get(ctx, tx, id)
		if err != nil {
			return err
		}
		r, err := resource(ctx, tx, c)
		if err != nil {
			return err
		}
		return tx.Permit(r)
	})
	if err != nil {
		return View{}, err
	}
	return k.View(ctx, by, id)
}

func resource(ctx context.Context, q store.Querier, c Case) (policy.Resource, error) {
	if c.DossierID == "" {
		return c.Resource("", 0), nil
	}
	d, err := dossier.Get(ctx, q, c.DossierID)
	return c.Resource(d.PersonID, d.Secrecy), err
}

// View is a case after an act of the actor's own, without another entry of reading.
func (k *Desk) View(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	q := k.gate.DB()
	if v.Case, err = Get(ctx, q, id); err != nil {
		return v, err
	}
	if v.Case.DossierID != "" {
		if v.Dossier, err = dossier.Get(ctx, q, v.Case.DossierID); err != nil {
			return v, err
		}
	}
	if k.gate.Decide(by, "transfer.read", v.Case.Resource(v.Dossier.PersonID, v.Dossier.Secrecy)).Hidden {
		return v, gate.ErrHidden
	}
	if v.Items, err = ItemsOf(ctx, q, id); err != nil {
		return v, err
	}
	if v.Dossier.ID != "" && !v.Case.Moved() && v.Case.Direction != In {
		if v.Forced, v.Why, err = forcedBy(ctx, q, v.Dossier); err != nil {
			return v, err
		}
		if v.Hinders, err = k.hindrances(ctx, q, v.Case, v.Dossier); err != nil {
			return v, err
		}
	}
	if v.Log, err = k.log(ctx, id); err != nil {
		return v, err
	}
	v.Possible = k.possible(by, v)
	return v, nil
}

// possible lists the acts of the case's direction: from the same table and rules
// that the acts ask, so that what is offered is what is accepted.
func (k *Desk) possible(by policy.Actor, v View) []gate.Possible {
	out := []gate.Possible{}
	r := v.Case.Resource(v.Dossier.PersonID, v.Dossier.Secrecy)
	primary := false
	for _, s := range steps {
		if _, ok := v.Case.Has(s.action); !ok || slices.Contains([]string{"transfer.pulled", "transfer.shelved", "transfer.expire", "transfer.chase"}, s.action) {
			continue
		}
		p, ok := k.gate.Possible(by, s.action, s.label, r, v.hindered(s.action))
		if !ok {
			continue
		}
		side := slices.Contains([]string{"transfer.reopen", "transfer.decline", "transfer.return", "transfer.withdraw"}, s.action)
		p.Primary = p.Refusal == nil && !side && !primary
		primary = primary || p.Primary
		out = append(out, p)
	}
	return out
}

// hindered is what stands in the way of an act, whatever is entered.
func (v View) hindered(action string) error {
	c := v.Case
	if err := c.Step(action); err != nil {
		return err
	}
	switch action {
	case "transfer.list":
		if v.Dossier.Catalog > 0 && c.Direction != In {
			return listFromCatalog()
		}
	case "transfer.review", "transfer.dispatch":
		if reasons := v.Hinders.Reasons(); len(reasons) > 0 {
			return rule.Refuse(reasons...)
		}
	case "transfer.decline":
		_, err := c.Decline(v.Hinders, "", time.Time{})
		return err
	case "transfer.receive":
		return c.Receive(v.Items, nil, "", time.Time{})
	case "transfer.tell":
		return c.Tell("")
	case "transfer.promise":
		if c.ToldOn == "" {
			return notTold()
		}
	case "transfer.return":
		if c.Direction != In {
			return rule.Refuse(noReturn())
		}
		if c.CheckedAt.IsZero() {
			return rule.Refuse(unchecked())
		}
	}
	return nil
}

// labels are the acts as a log says them.
var labels = map[string]string{
	"transfer.apply": "提出申请", "transfer.letter": "开具调档函", "transfer.register": "来函登记，时限起算", "custody.pull": "提档出库", "transfer.list": "登记材料清单",
	"transfer.review": "审核通过", "transfer.decline": "不予转出", "transfer.pack": "装封", "transfer.reopen": "退回审核", "transfer.dispatch": "寄送", "transfer.arrive": "到件登记",
	"transfer.check": "逐份核对", "transfer.receive": "复核签收，回执退回", "transfer.tell": "一次性告知", "transfer.promise": "登记承诺", "transfer.receipt": "登记回执",
	"transfer.return": "协商退回", "transfer.withdraw": "撤回", "custody.put_back": "入库", "transfer.expire": "函已过期", "transfer.chase": "催办回执", "transfer.recount": "时限重新计算",
}

// log reads the acts done on a case from the ledger, newest first.
func (k *Desk) log(ctx context.Context, id string) ([]LogLine, error) {
	entries, err := ledger.About(ctx, k.gate.DB(), "Transfer:"+id, 0, 200)
	if err != nil {
		return nil, err
	}
	tree, err := k.agencies.Tree(ctx)
	if err != nil {
		return nil, err
	}
	out := []LogLine{}
	for _, e := range entries {
		b, err := e.Parse()
		if err != nil {
			return nil, err
		}
		what, known := labels[b.Action]
		if !known || b.Outcome != ledger.Done {
			continue
		}
		l := LogLine{At: b.Time(), What: what, By: "系统", Number: e.Seq, Entry: e.ID}
		if b.Kind == policy.Staff {
			m, err := staff.Get(ctx, k.gate.DB(), b.Actor)
			if err != nil {
				return nil, err
			}
			l.By = m.Name
			if a, ok := tree.Get(b.Org); ok {
				l.Org = a.Short
			}
		}
		out = append(out, l)
	}
	return out, nil
}

// Parties tells which agencies may read a case's papers.
func Parties(ctx context.Context, q store.Querier, caseID string) ([]string, error) {
	c, err := Get(ctx, q, caseID)
	if err != nil {
		return nil, err
	}
	return c.Resource("", 0).Agencies, nil
}

// Tone is a state's color and shape (design/README, Color).
func (s State) Tone() string {
	switch s {
	case Applied:
		return "plain"
	case Awaiting, Promising:
		return "wait"
	case Closed:
		return "done"
	case NotSent:
		return "bad"
	case Withdrawn, Expired, Returned:
		return "void"
	}
	return "run"
}

// About lists the cases of a dossier, for its page.
func (k *Desk) About(ctx context.Context, q store.Querier, actor policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(actor)
	list, err := store.List[Case](ctx, q, "WHERE dossier_id=? AND "+where+" ORDER BY changed_at DESC, id DESC LIMIT 50", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	var out []dossier.Case
	for _, c := range list {
		kind := "转递·转入"
		if actor.Reaches(c.Holder) {
			kind = "转递·转出"
		}
		out = append(out, dossier.Case{Ref: c.Ref(), Room: "transfer", Kind: kind, No: c.No, State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(),
			Since: calendar.Of(c.ChangedAt).String(), DueOn: c.DueOn, Note: c.HolderName + " → " + c.ReceiverName, Link: "/transfers/" + c.ID, Open: c.State.Open()})
	}
	return out, nil
}

// Work lists what waits for an actor: at either end, by post.
func (k *Desk) Work(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	where, args := scope(actor)
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND state NOT IN ('applied','closed','not_sent','withdrawn','expired','returned') ORDER BY coalesce(due_on,'9999'), changed_at, id LIMIT 300", args...)
	if err != nil {
		return nil, err
	}
	fresh, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND state='applied' ORDER BY changed_at, id LIMIT 100", args...)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, c := range append(list, fresh...) {
		if i, waits := c.waitsFor(actor); waits {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(a, b work.Item) int { return strings.Compare(orLast(a.DueOn), orLast(b.DueOn)) })
	return out, nil
}

func orLast(day string) string {
	if day == "" {
		return "9999"
	}
	return day
}

// waitsFor is the item a case makes on an actor's first page, if any.
func (c Case) waitsFor(actor policy.Actor) (work.Item, bool) {
	receiver, holder := c.Receiver != "" && actor.Reaches(c.Receiver), c.Holder != "" && actor.Reaches(c.Holder)
	clerk, reviewer := actor.Has("clerk"), actor.Has("reviewer")
	i := work.Item{Room: "transfer", Subject: c.PersonName, DossierID: c.DossierID, Link: "/transfers/" + c.ID, Lane: work.Todo, Since: c.ChangedAt}
	atHolder := func(todo, action string) (work.Item, bool) {
		i.Kind, i.SubjectNote, i.Todo, i.Action = "转递·转出", "转往"+c.ReceiverName, todo, action
		i.DueOn, i.Tentative, i.Basis = c.DueOn, c.DueTentative, "20.2b"
		return i, true
	}
	atReceiver := func(todo, action string) (work.Item, bool) {
		i.Kind, i.SubjectNote, i.Todo, i.Action = "转递·转入", "由"+c.HolderName+"转来", todo, action
		return i, true
	}
	sent := func(kind, note, todo, due, basis string) (work.Item, bool) {
		i.Kind, i.SubjectNote, i.Todo, i.Action, i.Lane, i.DueOn, i.Basis = kind, note, todo, "查看", work.Sent, due, basis
		return i, true
	}
	switch {
	case c.State == Applied && receiver && clerk:
		return atReceiver("开具调档函", "开函")
	case c.State == Lettered && holder && clerk && c.Direction == Inner:
		i, ok := atHolder("登记来函 "+c.LetterNo, "登记")
		i.DueOn, i.Basis = "", ""
		return i, ok
	case c.State == Lettered && receiver && clerk:
		return sent("转递·转入", "函致"+c.HolderName, "调档函待答复", c.ValidUntil, work.Agreed)
	case c.State == Pulled && holder && c.ListedAt.IsZero() && clerk:
		return atHolder("逐份登记清单", "登记")
	case c.State == Pulled && holder && !c.ListedAt.IsZero() && reviewer && c.RegisteredBy != actor.ID && c.ListedBy != actor.ID:
		return atHolder("审核", "审核")
	case c.State == Approved && holder && clerk:
		return atHolder("装封", "装封")
	case c.State == Packed && holder && clerk:
		return atHolder("登记寄送", "寄送")
	case c.State == InTransit && receiver && clerk:
		return atReceiver("登记到件", "签收")
	case c.State == Checking && receiver && c.CheckedAt.IsZero() && clerk:
		return atReceiver("逐份核对", "核对")
	case c.State == Checking && receiver && !c.CheckedAt.IsZero() && c.CheckedBy != actor.ID && (clerk || reviewer || actor.Has("keeper")):
		return atReceiver("复核签收", "复核")
	case c.State == Promising && receiver && clerk && c.ToldOn == "":
		return atReceiver("一次性告知所缺材料", "告知")
	case c.State == Promising && receiver && clerk:
		return atReceiver("等待本人承诺", "登记")
	case (c.State == InTransit || c.State == Checking) && holder && clerk:
		return sent("转递·转出", "寄往"+c.ReceiverName, "待回执", c.ReceiptDue, work.Agreed)
	case c.State == Awaiting && holder && clerk:
		return sent("转递·转出", "寄往"+c.ReceiverName, "待回执", c.ReceiptDue, work.Agreed)
	}
	return work.Item{}, false
}

// Stage is one step of a case as its page draws it: in a lane, done, present or to come.
type Stage struct {
	No    int
	End   string // Receiving or Holding
	Name  string
	State string // done, now, todo, stopped
	On    string // 2006-01-02
	Note  string
}

// Stages lays a case out along its way (picture 5): the receipt stands before the undertaking.
func (c Case) Stages(items []Item) []Stage {
	copies, pages, _ := totals(items)
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return calendar.Of(t).String()
	}
	size := ""
	if len(items) > 0 {
		size = fmt.Sprintf("%d份 %d页", copies, pages)
	}
	applied := Stage{End: Receiving, Name: "申请", On: c.AppliedOn, Note: c.Applicant}
	letter := Stage{End: Receiving, Name: "调档函", On: c.LetterOn, Note: shortNo(c.LetterNo)}
	register := Stage{End: Holding, Name: "来函登记", On: c.RegisteredOn, Note: "核对验证码或电话核实"}
	if c.Verified != "" {
		register.Note, _, _ = strings.Cut(strings.Replace(c.Verified, "函上验证码核对一致", "验证通过", 1), "：")
	}
	pull := Stage{End: Holding, Name: "提档", On: day(c.PulledAt), Note: "库房出库"}
	review := Stage{End: Holding, Name: "审核", On: day(c.ReviewedAt), Note: "对照实物审核"}
	pack := Stage{End: Holding, Name: "装封", On: day(c.PackedAt), Note: size}
	send := Stage{End: Holding, Name: "寄送", On: c.DispatchedOn, Note: "待登记"}
	if c.Way != "" {
		send.Note = WayName(c.Way)
	}
	check := Stage{End: Receiving, Name: "签收核对", On: day(c.CheckedAt), Note: "逐份对照清单"}
	receipt := Stage{End: Receiving, Name: "回执", On: c.ReceiptOn, Note: "核对后即退回"}
	last := Stage{End: Receiving, Name: "告知承诺/接收入库", On: day(c.ClosedAt), Note: "缺关键材料的先承诺"}
	if c.State == Promising && !c.ShelvedAt.IsZero() {
		last.Note = "代管待承诺"
	}
	var out []Stage
	var at int // how many are done
	switch c.Direction {
	case Inner:
		out = []Stage{applied, letter, register, pull, review, pack, send, check, receipt, last}
		at = map[State]int{Applied: 1, Lettered: 2, Registered: 3, Pulled: 4, Approved: 5, Packed: 6, InTransit: 7, Checking: 7, Promising: 9, Shelving: 9, Closed: 10}[c.State]
	case In:
		out = []Stage{applied, letter, {End: Holding, Name: "对方寄送", On: c.ArrivedOn, Note: "外单位审核转递"}, check, receipt, last}
		at = map[State]int{Applied: 1, Lettered: 2, Checking: 3, Promising: 5, Shelving: 5, Closed: 6, Returned: 3}[c.State]
	case Out:
		letter.Name, receipt.Name = "对方来函", "回执"
		receipt.Note = "收到后登记"
		out = []Stage{letter, register, pull, review, pack, send, receipt}
		at = map[State]int{Registered: 2, Pulled: 3, Approved: 4, Packed: 5, Awaiting: 6, Closed: 7}[c.State]
	}
	if c.State == NotSent || c.State == Withdrawn || c.State == Expired {
		at = 0
		for at < len(out) && out[at].On != "" && out[at].On <= day(c.ClosedAt) && (out[at].Name != "审核" || c.State != NotSent) {
			at++
		}
	}
	for n := range out {
		out[n].No = n + 1
		switch {
		case n < at:
			out[n].State = "done"
		case n > at:
			out[n].State, out[n].On = "todo", ""
		case c.State.Open():
			out[n].State, out[n].On = "now", ""
		default:
			out[n].State, out[n].On, out[n].Note = "stopped", day(c.ClosedAt), c.State.Name()
		}
	}
	if at < len(out) && out[at].State == "now" && out[at].End == Holding && c.DueOn != "" {
		out[at].On = c.DueOn
	}
	return out
}

// shortNo is 〔2026〕904号 of a letter's number.
func shortNo(no string) string {
	if at := strings.Index(no, "〔"); at > 0 {
		return no[at:]
	}
	return no
}

// Day is one cell of the fifteen.
type Day struct {
	On    string
	State string // past, today, ahead, due
}

// Days are the working days of the holder's term, the last one being the due day.
func (k *Desk) Days(c Case) []Day {
	if c.RegisteredOn == "" {
		return nil
	}
	today := k.gate.Today()
	var out []Day
	for n := 1; n <= workdays; n++ {
		on, _ := k.gate.Calendar().AddWorkdays(calendar.Date(c.RegisteredOn), n)
		d := Day{On: on.String(), State: "ahead"}
		switch {
		case on < today:
			d.State = "past"
		case on == today:
			d.State = "today"
		case n == workdays:
			d.State = "due"
		}
		out = append(out, d)
	}
	return out
}

// Left is how many working days are left to the due day, negative when overdue.
func (k *Desk) Left(c Case) int {
	if c.DueOn == "" {
		return 0
	}
	return k.gate.Calendar().Workdays(k.gate.Today(), calendar.Date(c.DueOn))
}

// Carriers reads who carried the packet.
func (c Case) Carriers() []MessengerID {
	var out []MessengerID
	_ = json.Unmarshal([]byte(c.Messengers), &out) // written by Send, or empty
	return out
}

// Missing reads what was found missing at the receipt.
func (c Case) Missing() []Gap { return c.gaps() }

// Reasons reads why a dossier was not sent.
func (c Case) Reasons() []rule.Reason {
	var out []rule.Reason
	_ = json.Unmarshal([]byte(c.Refusal), &out) // written by Decline, or empty
	return out
}

// system is who runs the timers.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// Timers expires letters nobody registered and asks for receipts that are late
// (20.1, 20.5). Run daily or oftener: each act happens once.
func (k *Desk) Timers(ctx context.Context) error {
	today := k.gate.Today()
	expired, err := k.ids(ctx, "WHERE state='lettered' AND valid_until<? ORDER BY id LIMIT 500", today.String())
	if err != nil {
		return err
	}
	for _, id := range expired {
		if _, err := k.on(ctx, system, "transfer.expire", []rule.ID{"20.1"}, id, 0, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
			return c.Expire(tx.Today(), tx.Now())
		}); err != nil {
			return err
		}
	}
	first := today.AddDays(-k.settings.Int(setting.ReceiptReminder))
	late, err := k.ids(ctx, "WHERE state IN ('in_transit','checking','awaiting') AND direction<>'in' AND dispatched_on<=? AND (chased_on IS NULL OR chased_on<=?) ORDER BY id LIMIT 500", first.String(), first.String())
	if err != nil {
		return err
	}
	for _, id := range late {
		if _, err := k.on(ctx, system, "transfer.chase", []rule.ID{"20.5"}, id, 0, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
			return c.Chase(tx.Today())
		}); err != nil {
			return err
		}
	}
	return nil
}

// Recount computes 暂定 terms anew once a year's holidays are loaded (codes.md 1).
func (k *Desk) Recount(ctx context.Context) error {
	ids, err := k.ids(ctx, "WHERE due_tentative=1 AND state IN ('registered','pulled','approved','packed') ORDER BY id LIMIT 5000")
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := k.on(ctx, system, "transfer.recount", []rule.ID{"20.2b"}, id, 0, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
			c.Recount(tx.Calendar())
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (k *Desk) ids(ctx context.Context, tail string, args ...any) ([]string, error) {
	rows, err := k.gate.DB().Query(ctx, "SELECT id FROM transfer "+tail, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
