package transfer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/work"
)

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

// open lists the cases under way that may wait for an actor, bounded: those with a term first.
// Who has no post at an end is only asked about what was escalated (20.4c).
func (k *Desk) open(ctx context.Context, actor policy.Actor) ([]Case, error) {
	if !reads(actor) {
		return nil, nil
	}
	known, args := knownTo(actor)
	args = slices.Concat(store.Args(actor.Reach), args)
	at := func(end, rest string) ([]Case, error) {
		return store.List[Case](ctx, k.gate.DB(), "WHERE "+end+" IN ("+store.Marks(len(actor.Reach))+") AND "+known+rest, args...)
	}
	if !actor.Has("clerk") && !actor.Has("reviewer") && !actor.Has("keeper") && !actor.Has("head") {
		// coalesce: by the index of the few, not by that of the many at each agency or in this state.
		return at("coalesce(receiver,'')", " AND coalesce(state,'')='promising' AND escalated>0 ORDER BY changed_at, id LIMIT 300")
	}
	// Each end has an index in this order: one query over both would sort all they have open.
	const inOrder = " AND state NOT IN ('applied','closed','not_sent','withdrawn','expired','returned') ORDER BY coalesce(due_on,'9999'), changed_at, id LIMIT 300"
	in, err := at("receiver", inOrder)
	if err != nil {
		return nil, err
	}
	out, err := at("holder", inOrder)
	if err != nil {
		return nil, err
	}
	list := append(in, out...)
	slices.SortFunc(list, func(a, b Case) int {
		return cmp.Or(strings.Compare(orLast(a.DueOn), orLast(b.DueOn)), a.ChangedAt.Compare(b.ChangedAt), strings.Compare(a.ID, b.ID))
	})
	list = slices.CompactFunc(list, func(a, b Case) bool { return a.ID == b.ID })
	list = list[:min(len(list), 300)]
	fresh, err := at("receiver", " AND state='applied' ORDER BY changed_at, id LIMIT 100")
	return append(list, fresh...), err
}

// Work lists what waits for an actor: at either end, by post.
func (k *Desk) Work(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	list, err := k.open(ctx, actor)
	if err != nil {
		return nil, err
	}
	hindered, err := k.cannotLeave(ctx, list)
	if err != nil {
		return nil, err
	}
	out, err := k.listWork(ctx, actor)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if i, waits := c.waitsFor(actor, k.gate.Today(), hindered[c.DossierID]); waits {
			if c.State == Lettered && i.Lane == work.Todo { // the letter is there: it is booked within days (20.2b)
				i.DueOn, i.Basis = c.bookBy(k.gate.Calendar()).String(), "20.2b"
			}
			if c.State == Promising && c.ToldOn == "" {
				i.DueOn, i.Basis = c.tellBy(k.gate.Calendar()).String(), work.Agreed
			}
			out = append(out, i)
		}
	}
	faults, err := k.faultWork(ctx, actor)
	if err != nil {
		return nil, err
	}
	out = append(out, faults...)
	strays, err := k.strayWork(ctx, actor)
	if err != nil {
		return nil, err
	}
	out = append(out, strays...)
	slices.SortStableFunc(out, func(a, b work.Item) int { return strings.Compare(orLast(a.DueOn), orLast(b.DueOn)) })
	return out, nil
}

// faultWork is what waits on packets that something is wrong with: at who sent them, at the
// second person who saw the damage, at the superior.
func (k *Desk) faultWork(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	if !reads(actor) {
		return nil, nil
	}
	known, args := knownTo(actor)
	in, reach := store.Marks(len(actor.Reach)), store.Args(actor.Reach)
	// coalesce: by the index of the few, not by those of each end.
	where := "(coalesce(receiver,'') IN (" + in + ") OR coalesce(holder,'') IN (" + in + ")) AND " + known
	cases, err := store.List[Case](ctx, k.gate.DB(), "WHERE fault IS NOT NULL AND "+where+" ORDER BY changed_at, id LIMIT 200", slices.Concat(reach, reach, args)...)
	if err != nil || len(cases) == 0 {
		return nil, err
	}
	ids := make([]string, len(cases))
	of := map[string]Case{}
	for i, c := range cases {
		ids[i], of[c.ID] = c.ID, c
	}
	faults, err := store.List[Fault](ctx, k.gate.DB(), "WHERE closed_on IS NULL AND transfer_id IN ("+store.Marks(len(ids))+") ORDER BY found_at, id", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, f := range faults {
		if i, waits := f.waitsFor(of[f.TransferID], actor, k.gate.Today()); waits {
			out = append(out, i)
		}
	}
	return out, nil
}

// waitsFor is the item a fault makes on an actor's first page, if any.
func (f Fault) waitsFor(c Case, actor policy.Actor, today calendar.Date) (work.Item, bool) {
	i := work.Item{Room: "transfer", Kind: "转递·异常", Subject: c.PersonName, SubjectNote: FaultName(f.Kind) + "·" + short(c.HolderName) + " → " + short(c.ReceiverName), DossierID: c.DossierID,
		Link: "/transfers/" + c.ID, Lane: work.Todo, Since: f.ChangedAt, Basis: "20.3a"}
	sends, clerk := c.sender() != "" && actor.Reaches(c.sender()), actor.Has("clerk")
	switch {
	case c.damaged() && actor.Reaches(c.Receiver) && c.ArrivedBy != actor.ID && (clerk || actor.Has("reviewer") || actor.Has("keeper")):
		i.Todo, i.Action, i.Basis = "签认包封异常", "签认", "20.4a"
	case c.damaged():
		return i, false
	case sends && actor.Has("head") && f.mayReportLoss(today) == nil:
		i.Todo, i.Action = "报告遗失", "报告"
	case sends && clerk && f.State == FaultAsked:
		i.Todo, i.Action, i.Lane, i.DueOn = "致"+f.Carrier+"的查询函", "登记答复", work.Sent, f.InquiryDue
	case sends && clerk && (f.State == FaultOpen || f.State == FaultTold):
		i.Todo, i.Action = "处理"+FaultName(f.Kind), "处理"
	case sends && clerk && f.State == FaultSearch:
		i.Todo, i.Action, i.DueOn, i.Basis = "查找，到期报送调查记录", "查找", f.SearchDue, "29.5"
	case f.State == FaultPending && actor.Has("supervisor") && actor.Org != c.sender() && sends:
		i.Todo, i.Action, i.Basis = "批复遗失重建", "批复", "29.5"
	default:
		return i, false
	}
	return i, true
}

// listWork is what waits on lists: one line for many dossiers.
func (k *Desk) listWork(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	if actor.Kind != policy.Staff || len(actor.Reach) == 0 {
		return nil, nil
	}
	rows, err := k.gate.DB().Query(ctx, `SELECT l.id, l.no, l.state, l.receiver_name, l.due_on, l.due_tentative, coalesce(l.receipt_due,''), coalesce(l.notice_no,''), l.registered_by, l.changed_at, l.persons, coalesce(l.chased_on,''), coalesce(l.chased,0),
		(SELECT count(*) FROM transfer c WHERE c.list_id=l.id AND c.state='pulled' AND c.listed_at IS NOT NULL),
		(SELECT count(*) FROM transfer c WHERE c.list_id=l.id AND c.state='approved'),
		(SELECT count(*) FROM transfer c WHERE c.list_id=l.id AND c.state='awaiting' AND c.fault IS NULL AND c.delivered_on IS NULL)
		FROM transfer_list l WHERE l.agency IN (`+store.Marks(len(actor.Reach))+`) AND l.state IN ('open','packed','sent') ORDER BY l.due_on, l.id LIMIT 100`, store.Args(actor.Reach)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []work.Item{}
	for rows.Next() {
		var id, no, state, to, due, registered, receiptDue, notice, chasedOn string
		var tentative bool
		var changed, persons, chased, ready, approved, waiting int64
		if err := rows.Scan(&id, &no, &state, &to, &due, &tentative, &receiptDue, &notice, &registered, &changed, &persons, &chasedOn, &chased, &ready, &approved, &waiting); err != nil {
			return nil, err
		}
		i := work.Item{Room: "transfer", Kind: "批量转出", Subject: fmt.Sprintf("%s %d 人", no, persons), SubjectNote: "转往" + to, Link: "/transfers/lists/" + id, Lane: work.Todo, Since: time.UnixMicro(changed),
			DueOn: due, Tentative: tentative, Basis: "20.2b"}
		switch {
		case state == ListOpen && ready > 0 && actor.Has("reviewer") && registered != actor.ID:
			i.Todo, i.Action = fmt.Sprintf("审核 %d 份，一次签名", ready), "审核"
		case state == ListOpen && ready == 0 && approved > 0 && actor.Has("clerk"):
			i.Todo, i.Action = fmt.Sprintf("装封 %d 份", approved), "装封"
		case state == ListPacked && actor.Has("clerk"):
			i.Todo, i.Action = "登记寄送", "寄送"
		case state == ListSent && actor.Has("clerk"):
			i.Kind, i.SubjectNote, i.Todo, i.Action, i.Lane, i.DueOn, i.Tentative, i.Basis = "通知单回执", notice, "寄往"+to, "查看", work.Sent, receiptDue, false, work.Agreed
			i.Chase = waiting > 0 && chasedOn != k.gate.Today().String()
			if chased > 0 {
				i.Todo += fmt.Sprintf("·已催办 %d 次", chased)
			}
		default:
			continue
		}
		out = append(out, i)
	}
	return out, rows.Err()
}

// cannotLeave tells which cases' dossiers are lent, being read or held back: within the 15
// working days they are answered in writing (20.2a, 20.2b).
func (k *Desk) cannotLeave(ctx context.Context, list []Case) (map[string]bool, error) {
	var ids []string
	for _, c := range list {
		if (c.State == Registered || c.State == Pulled) && c.DossierID != "" {
			ids = append(ids, c.DossierID)
		}
	}
	out := map[string]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := k.gate.DB().Query(ctx, "SELECT id FROM dossier WHERE id IN ("+store.Marks(len(ids))+") AND (hold IS NOT NULL OR state IN (?,?))", append(store.Args(ids), string(dossier.Lent), string(dossier.Reading))...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

func orLast(day string) string {
	if day == "" {
		return "9999"
	}
	return day
}

// short is an agency's name where a line has no room for what all of them are called.
func short(name string) string { return strings.TrimSuffix(name, "公共就业和人才服务中心") }

// waitsFor is the item a case makes on an actor's first page, if any; hindered: the
// dossier can't leave now.
func (c Case) waitsFor(actor policy.Actor, today calendar.Date, hindered bool) (work.Item, bool) {
	receiver, holder := c.Receiver != "" && actor.Reaches(c.Receiver), c.Holder != "" && actor.Reaches(c.Holder)
	clerk, reviewer := actor.Has("clerk"), actor.Has("reviewer")
	if c.ListID != "" && (c.State == Approved || c.State == Packed || c.State == Awaiting || c.State == Pulled && !c.ListedAt.IsZero() && !hindered) {
		return work.Item{}, false // the list waits, not each of its cases
	}
	i := work.Item{Room: "transfer", Subject: c.PersonName, DossierID: c.DossierID, Link: "/transfers/" + c.ID, Lane: work.Todo, Since: c.ChangedAt}
	atHolder := func(todo, action string) (work.Item, bool) {
		i.Kind, i.SubjectNote, i.Todo, i.Action = "转递·转出", "转往"+c.ReceiverName, todo, action
		i.DueOn, i.Tentative, i.Basis = c.DueOn, c.DueTentative, "20.2b"
		return i, true
	}
	atReceiver := func(todo, action string) (work.Item, bool) {
		i.Kind, i.SubjectNote, i.Todo, i.Action = "转递·转入", "由"+c.HolderName+"转来", todo, action
		if c.Chased > 0 && (c.State == InTransit || c.State == Checking) {
			i.SubjectNote += fmt.Sprintf("·对方已催办 %d 次", c.Chased)
		}
		return i, true
	}
	// What was sent goes by its paper, its number and whom it went to.
	sent := func(kind, no, to, due string) (work.Item, bool) {
		i.Kind, i.SubjectNote, i.Todo, i.Action, i.Lane, i.DueOn, i.Basis = kind, no, to, "查看", work.Sent, due, work.Agreed
		i.Chase = c.ChasedOn != today.String()
		if c.Chased > 0 {
			i.Todo += fmt.Sprintf("·已催办 %d 次", c.Chased)
		}
		return i, true
	}
	switch {
	case c.State == Applied && receiver && clerk:
		return atReceiver("开具调档函", "开函")
	case c.State == Lettered && holder && clerk && c.Direction == Inner:
		i, ok := atHolder("登记来函 "+c.LetterNo, "登记")
		if c.Chased > 0 {
			i.SubjectNote += fmt.Sprintf("·对方已催办 %d 次", c.Chased)
		}
		i.DueOn, i.Basis = "", ""
		return i, ok
	case c.State == Lettered && receiver && clerk:
		return sent("调档函", c.LetterNo, "致"+short(c.HolderName), c.ValidUntil)
	case hindered && (c.State == Registered || c.State == Pulled) && holder && reviewer:
		return atHolder("不能转出：催办解除，或期限内书面答复", "答复")
	case c.State == Pulled && holder && c.ListedAt.IsZero() && clerk:
		return atHolder("逐份登记清单", "登记")
	case c.State == Pulled && holder && !c.ListedAt.IsZero() && reviewer && c.RegisteredBy != actor.ID && c.ListedBy != actor.ID:
		return atHolder("审核", "审核")
	case c.State == Approved && holder && clerk:
		return atHolder("装封", "装封")
	case c.State == Packed && holder && clerk:
		return atHolder("登记寄送", "寄送")
	case c.State == InTransit && receiver && clerk:
		if c.Fault != "" {
			i.SubjectNote = "包裹" + FaultName(c.Fault) + "，对方查询中"
			return work.Item{}, false
		}
		return atReceiver("登记到件", "签收")
	case c.State == Checking && receiver && c.CheckedAt.IsZero() && clerk:
		return atReceiver("逐份核对", "核对")
	case c.State == Checking && receiver && !c.CheckedAt.IsZero() && !c.damaged() && !slices.Contains(c.checkers(), actor.ID) && (clerk || reviewer || actor.Has("keeper")):
		return atReceiver("复核签收", "复核")
	case c.State == Promising && receiver && c.Clock.Before(actor.Has("head"), actor.Has("supervisor")):
		if c.ToldOn == "" {
			return atReceiver("签收后没有一次性告知所缺材料，督办", "处置")
		}
		return atReceiver(fmt.Sprintf("联系不上本人（已联系 %d 次），处置", c.Tries), "处置")
	case c.State == Promising && receiver && clerk && c.ToldOn == "":
		return atReceiver("一次性告知所缺材料", "告知")
	case c.State == Promising && receiver && clerk:
		if c.Tries > 0 {
			return atReceiver(fmt.Sprintf("代管待承诺，继续联系（已联系 %d 次）", c.Tries), "联系")
		}
		return atReceiver("等待本人承诺", "登记")
	case c.State == Returning && receiver && clerk:
		return atReceiver("退回原单位，登记寄送", "寄送")
	case c.Fault != "" && c.State != Checking:
		return work.Item{}, false // what is wrong waits, not the receipt
	case c.State == Awaiting && c.Direction == In && receiver && clerk:
		return sent("退回回执", c.BackNo, "退回"+short(c.HolderName), c.ReceiptDue)
	case (c.State == InTransit || c.State == Checking) && holder && clerk:
		return sent("通知单回执", c.NoticeNo, "寄往"+short(c.ReceiverName), c.ReceiptDue)
	case c.State == Awaiting && holder && clerk:
		return sent("通知单回执", c.NoticeNo, "寄往"+short(c.ReceiverName), c.ReceiptDue)
	}
	return work.Item{}, false
}

// Finished counts what came in and what went out (20.2b, 20.5).
func (k *Desk) Finished(ctx context.Context, actor policy.Actor, from, until time.Time) ([]work.Tally, error) {
	where, args := scope(actor)
	if where == "1=0" {
		return nil, nil
	}
	in, reach := store.Marks(len(actor.Reach)), store.Args(actor.Reach)
	came, err := work.CountOnTime(ctx, k.gate.DB(), work.In, "received_at", "receipt_due",
		"transfer WHERE "+where+" AND receiver IN ("+in+") AND received_at>=? AND received_at<?", append(slices.Concat(args, reach), from.UnixMicro(), until.UnixMicro())...)
	if err != nil {
		return nil, err
	}
	went := work.Tally{Kind: work.Out}
	err = k.gate.DB().QueryRow(ctx, "SELECT count(*), coalesce(sum(CASE WHEN due_on IS NOT NULL THEN 1 ELSE 0 END),0), coalesce(sum(CASE WHEN dispatched_on<=due_on THEN 1 ELSE 0 END),0) FROM transfer WHERE "+where+
		" AND direction<>'in' AND holder IN ("+in+") AND dispatched_on>=? AND dispatched_on<?", append(slices.Concat(args, reach), calendar.Of(from).String(), calendar.Of(until).String())...).Scan(&went.Done, &went.Termed, &went.OnTime)
	return []work.Tally{came, went}, store.Classify(err)
}

// handled are the columns that say who had a part in a case.
var handled = []string{"applied_by", "letter_by", "registered_by", "pulled_by", "listed_by", "reviewed_by", "packed_by", "dispatched_by", "arrived_by", "checked_by", "second_checker"}

// Parts lists the cases an actor handled that changed since a moment.
func (k *Desk) Parts(ctx context.Context, actor policy.Actor, since time.Time) ([]work.Part, error) {
	where, args := scope(actor)
	args = append(args, since.UnixMicro())
	for range handled {
		args = append(args, actor.ID)
	}
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND changed_at>=? AND ("+strings.Join(handled, "=? OR ")+"=?) ORDER BY changed_at DESC, id DESC LIMIT 40", args...)
	if err != nil {
		return nil, err
	}
	out := make([]work.Part, len(list))
	for n, c := range list {
		kind := "转递·转入"
		if actor.Reaches(c.Holder) {
			kind = "转递·转出"
		}
		out[n] = work.Part{Ref: c.Ref(), Kind: kind, Subject: c.PersonName, Link: "/transfers/" + c.ID}
	}
	return out, nil
}
