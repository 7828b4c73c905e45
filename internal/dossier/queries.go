package dossier

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"dangan/internal/calendar"
	"dangan/internal/classify"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// byTerm is the order of what waits, as the index has it: what has no term comes last. The
// walk begins at the index, which CROSS JOIN says to SQLite: a million open terms cost what
// ten thousand do.
const (
	byTerm = "coalesce(material.due_on,'" + noTerm + "')"
	noTerm = "9999-12-31"
)

// openStates is written as the partial index writes it, so that both engines use it.
const openStates = "state IN ('received','appraising','curing','to_file')"

// Loose is a material that waits, with its dossier and person.
type Loose struct {
	Material  Material
	DossierNo string
	Person    string
	Agency    string
}

// LooseFilter narrows the list of waiting materials.
type LooseFilter struct {
	States  []MaterialState // any of these; empty for all that wait
	Overdue bool            // past its term today
	Ready   bool            // to_file and in no batch
	Paused  bool            // the clock stands still
	Agency  string          // kept by this one; within the scope
	BatchID string
	Limit   int
	After   string // cursor: due day and id
}

// LooseMaterials lists the materials that wait within an actor's scope, by due
// day; Next is the cursor of the following page.
func (k *Desk) LooseMaterials(ctx context.Context, by policy.Actor, f LooseFilter) (out []Loose, next string, err error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	where, args := Scope(by)
	where += " AND material." + openStates
	if f.BatchID != "" {
		where, args = Scope(by)
		where += " AND material.batch_id=?"
		args = append(args, f.BatchID)
	}
	if len(f.States) > 0 {
		where += " AND material.state IN (" + store.Marks(len(f.States)) + ")"
		args = append(args, store.Args(f.States)...)
	}
	if f.Agency != "" {
		where += " AND dossier.agency=?"
		args = append(args, f.Agency)
	}
	if f.Paused { // they have no term, and stand at the index's end
		where += " AND material.paused_on IS NOT NULL AND " + byTerm + "='" + noTerm + "'"
	}
	if f.Ready {
		where += " AND material.state='to_file' AND material.batch_id IS NULL"
	}
	if f.Overdue {
		where += " AND (material.state<>'curing' AND material.due_on<? OR material.state='curing' AND material.cure_by<?)"
		args = append(args, string(k.gate.Today()), string(k.gate.Today()))
	}
	if f.After != "" {
		c, err := readCursor(f.After)
		if err != nil {
			return nil, "", err
		}
		where += " AND (" + byTerm + ",material.id)>(?,?)"
		args = append(args, c.Key, c.ID)
	}
	rows, err := k.gate.DB().Query(ctx, `SELECT material.id, dossier.no, dossier.agency, person.name FROM material CROSS JOIN dossier JOIN person ON person.id=dossier.person_id
 WHERE dossier.id=material.dossier_id AND `+where+" ORDER BY "+byTerm+", material.id LIMIT ?", append(args, f.Limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("loose materials: %w", err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var l Loose
		if err := rows.Scan(&l.Material.ID, &l.DossierNo, &l.Agency, &l.Person); err != nil {
			return nil, "", err
		}
		out = append(out, l)
		ids = append(ids, l.Material.ID)
	}
	if err := rows.Err(); err != nil || len(ids) == 0 {
		return out, "", err
	}
	list, err := store.List[Material](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, "", err
	}
	byID := map[string]Material{}
	for _, m := range list {
		byID[m.ID] = m
	}
	for i := range out {
		out[i].Material = byID[out[i].Material.ID]
	}
	if len(out) > f.Limit {
		out = out[:f.Limit]
		last := out[f.Limit-1].Material
		next = cursor{Key: cmp.Or(last.DueOn, noTerm), ID: last.ID}.String()
	}
	return out, next, nil
}

// LooseCounts counts the waiting materials of an actor's scope by state.
func (k *Desk) LooseCounts(ctx context.Context, by policy.Actor) (map[MaterialState]int64, error) {
	where, args := Scope(by)
	rows, err := k.gate.DB().Query(ctx, "SELECT state, count(*) FROM (SELECT material.state AS state FROM material JOIN dossier ON dossier.id=material.dossier_id WHERE "+where+
		" AND material."+openStates+" LIMIT ?) AS c GROUP BY state", append(args, k.gate.DB().CountCap)...)
	if err != nil {
		return nil, fmt.Errorf("count loose materials: %w", err)
	}
	defer rows.Close()
	out := map[MaterialState]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		out[MaterialState(state)] = n
	}
	return out, rows.Err()
}

// MaterialPage is one material with what may be done and what to look at.
type MaterialPage struct {
	Material   Material
	Dossier    Dossier
	Person     string
	Suggested  []classify.Suggestion // classes by title, the likeliest first
	Duplicates []Material            // filed ones of the same canonical title
	Mains      []Material            // which it may be an attachment of, by class and number
	MainFor    map[string]string     // by class: of which of them the order of the class would make it one
	Main       Material              // of which it is an attachment
	Versions   []Material            // what it said before, newest first
	First      Material              // the piece sent back, of which this is the cure; no id for none
	Again      Material              // the piece that came for this one, which was sent back
	Possible   []gate.Possible
	Needed     []string       // what it must be verified against before it is filed
	Answers    []Verification // what came of it, oldest first
	Tasks      []MakerTask    // the tasks to ask its maker, the newest first
	Move       Move           // open, for who may know the other dossier; no id for none
	MoveTo     Head           // whose that is
	Forward    Forward        // where it went; no id for none
	Reports    []Report       // of a suspected falsification, oldest first
	Pauses     []Pause        // when its clock stood still, oldest first
}

// MaterialOf reads one material within an actor's scope.
func (k *Desk) MaterialOf(ctx context.Context, by policy.Actor, id string) (out MaterialPage, err error) {
	q := k.gate.DB()
	if out.Material, err = store.Get[Material](ctx, q, "WHERE id=?", id); err != nil {
		return out, err
	}
	if out.Dossier, err = k.May(ctx, by, "dossier.read", out.Material.DossierID); err != nil {
		return out, err
	}
	out.Material = k.Seen(by, out.Material)
	m := out.Material
	if err := q.QueryRow(ctx, "SELECT name FROM person WHERE id=?", out.Dossier.PersonID).Scan(&out.Person); err != nil {
		return out, store.Classify(err)
	}
	if m.Withheld() { // nothing hangs on a neutral line
		return out, nil
	}
	if out.Answers, err = VerificationsOf(ctx, q, m.ID); err != nil {
		return out, err
	}
	if out.Tasks, err = MakerTasksOf(ctx, q, m.ID); err != nil {
		return out, err
	}
	if out.Pauses, err = PausesOf(ctx, q, m.ID); err != nil {
		return out, err
	}
	if out.Reports, err = ReportsOf(ctx, q, m.ID); err != nil {
		return out, err
	}
	if out.Forward, err = ForwardOf(ctx, q, m.ID); err != nil {
		return out, err
	}
	if out.Move, out.MoveTo, err = k.MoveOf(ctx, q, by, m.ID); err != nil {
		return out, err
	}
	if m.State == Received || m.State == Appraising {
		out.Needed = needed(m, out.Tasks)
	}
	if m.State != Filed && m.Title != "" {
		out.Suggested = Suggestions(m.Title)
		if out.Duplicates, err = store.List[Material](ctx, q, "WHERE dossier_id=? AND state='filed' AND title=? ORDER BY class, seq LIMIT 10", m.DossierID, m.Title); err != nil {
			return out, err
		}
	}
	if err := k.mains(ctx, by, &out); err != nil {
		return out, err
	}
	if out.Versions, err = store.List[Material](ctx, q, "WHERE dossier_id=? AND state='superseded' AND superseded_by=? ORDER BY cat_to DESC LIMIT 50", m.DossierID, m.ID); err != nil {
		return out, err
	}
	if err := k.cures(ctx, by, &out); err != nil {
		return out, err
	}
	out.Possible = k.possibleOnMaterial(by, out)
	return out, nil
}

// maxMains is how many main papers are offered to choose from.
const maxMains = 200

// mains looks up what a piece that waits for its class may be an attachment of, what the order
// of each class proposes (5, 8), and what it is one of already (materials.md 5.2).
func (k *Desk) mains(ctx context.Context, by policy.Actor, out *MaterialPage) error {
	m := out.Material
	if m.MainID != "" {
		main, err := store.Get[Material](ctx, k.gate.DB(), "WHERE id=? AND dossier_id=?", m.MainID, m.DossierID)
		if err != nil {
			return err
		}
		out.Main = k.Seen(by, main)
	}
	if m.State == Filed || m.Title == "" {
		return nil
	}
	list, err := store.List[Material](ctx, k.gate.DB(), "WHERE dossier_id=? AND state IN ('filed','to_file') AND class IS NOT NULL AND main_id IS NULL AND id<>? ORDER BY class, seq, id LIMIT ?", m.DossierID, m.ID, maxMains)
	if err != nil {
		return err
	}
	out.MainFor = map[string]string{}
	byClass := map[string][]Material{}
	for _, x := range list {
		if x = k.Seen(by, x); x.Title != "" {
			out.Mains = append(out.Mains, x)
			byClass[x.Class] = append(byClass[x.Class], x)
		}
	}
	for class, own := range byClass {
		piece := m
		piece.Class, piece.MainID = class, ""
		if main := Annexed(class, append(own, piece))[m.ID]; main != "" {
			out.MainFor[class] = main
		}
	}
	return nil
}

// cures looks up what was sent back and what came for it, either way.
func (k *Desk) cures(ctx context.Context, by policy.Actor, out *MaterialPage) error {
	list, err := store.List[Material](ctx, k.gate.DB(), "WHERE dossier_id=? AND (id=? OR resubmits=? AND state<>'superseded') ORDER BY id LIMIT 2", out.Dossier.ID, out.Material.Resubmits, out.Material.ID)
	for _, m := range list {
		if m = k.Seen(by, m); m.Resubmits == out.Material.ID {
			out.Again = m
		} else {
			out.First = m
		}
	}
	return err
}

// possibleOnMaterial lists the acts on a material, or why not.
func (k *Desk) possibleOnMaterial(by policy.Actor, page MaterialPage) []gate.Possible {
	var out []gate.Possible
	d, m, again := page.Dossier, page.Material, page.Again.ID != ""
	r := d.Resource()
	if m.AppraisedBy != "" {
		r.Attrs["appraisedBy"] = m.AppraisedBy
	}
	if m.Handler != "" {
		r.Attrs["handler"] = m.Handler
	}
	add := func(action, label string, primary bool, hindered error) {
		if p, ok := k.gate.Possible(by, action, label, r, hindered); ok {
			p.Primary = primary && p.Refusal == nil
			out = append(out, p)
		}
	}
	stands := m.running()
	if i := slices.IndexFunc(page.Reports, func(r Report) bool { return r.State == ReportOpen }); i >= 0 && m.State == Appraising { // nothing else is done before
		add("material.decide_report", "处理涉嫌涂改、造假报告", true, nil)
		return out
	}
	switch m.State {
	case Received:
		add("material.appraise", "鉴别", true, stands)
		add("material.propose_move", "移入所属档案", false, stands)
		if len(Needed(m)) > 0 {
			add("material.verify", "登记核实结果", false, nil)
			add("material.inquire", "开具核实函", false, nil)
		}
	case Appraising:
		back := m.Decision == ToCure || m.Decision == ToReturn
		var judged, passed error
		if !back {
			judged = rule.Refuse(rule.Reason{Rule: "13b", Slug: "not_judged", Message: "鉴别结论不是补办或退回。", Next: "请先由经办鉴别并列明缺陷。"})
		}
		if m.PausedOn != "" {
			judged, passed = stands, stands
		} else if m.Decision != ToCatalog {
			passed = rule.Refuse(rule.Reason{Rule: "13a", Slug: "not_appraised", Message: "材料尚未鉴别合格，不能归类。", Next: "请先鉴别；需补办、退回的按退回通知单办理。"})
		}
		if page.Move.ID != "" {
			add("material.move", "核对移入", true, stands)
		} else if m.Decision == ToForward {
			add("material.forward", "出具转交单", true, stands)
		}
		add("material.propose_move", "移入所属档案", false, stands)
		add("material.appraise", "鉴别", (m.Decision == "" || m.Decision == ToVerify) && page.Move.ID == "", stands)
		if len(Needed(m)) > 0 || m.Decision == ToVerify {
			add("material.verify", "登记核实结果", false, nil)
			add("material.inquire", "开具核实函", false, nil)
		}
		add("material.classify", "归类", m.Decision == ToCatalog, passed)
		if m.Decision != ToForward && page.Move.ID == "" {
			add("material.send_back", "出具退回单", back, judged)
		}
	case ToFile:
		var batched error
		if m.BatchID != "" {
			batched = rule.Refuse(rule.Reason{Rule: "13a", Slug: "in_batch", Message: "材料已提交归档批次，待审核。", Next: "审核退回后方可改类。"})
		} else if m.PausedOn != "" {
			batched = stands
		}
		add("material.classify", "改类", false, batched)
		add("material.submit_batch", "提交归档", true, batched)
	case Curing:
		over := m.cureOver(k.gate.Today())
		add("material.resubmit", "补办后收到", over != nil, nil)
		add("material.send_back", "逾期未补，退回", over == nil, over)
	case Filed:
		add("material.request_correction", "申请更正", false, nil)
	case Returned:
		if m.Decision == ToReturn && !again {
			add("material.resubmit", "重新收到", false, nil)
		}
		if page.Forward.ID != "" && page.Forward.ReceiptOn == "" {
			add("material.forward_receipt", "登记转交回执", true, nil)
		}
	case Superseded, Cured:
	}
	if (m.State == Received || m.State == Appraising || m.State == ToFile) && m.BatchID == "" && m.Origin != Cited && m.Origin != FromScans && m.Secrecy < Secret {
		add("material.describe", "更正登记", false, stands)
	}
	if (m.State == Received || m.State == Appraising || m.State == ToFile) && oneGiver([]Material{m}) == nil {
		add("material.print_receipt", "出具接收回单", false, nil)
	}
	switch {
	case m.PausedOn != "":
		add("material.resume", "恢复计时", true, nil)
	case (m.State == Received || m.State == Appraising || m.State == ToFile) && m.BatchID == "" && m.DueOn != "":
		add("material.pause", "暂停计时", false, m.pause(k.gate.Today())) // of a copy: m is a value
	}
	return out
}

// BatchPage is a batch with its materials.
type BatchPage struct {
	Batch     Batch
	Materials []Loose
	Packets   []Dossier // whose packets the materials go into
	Possible  []gate.Possible
}

// Batches lists the batches of an actor's agencies, newest first.
func (k *Desk) Batches(ctx context.Context, by policy.Actor, state, before string, limit int) ([]Batch, error) {
	if !mayList(by) {
		return []Batch{}, nil
	}
	where, args := "WHERE agency IN ("+store.Marks(len(by.Reach))+")", store.Args(by.Reach)
	if state != "" {
		where += " AND state=?"
		args = append(args, state)
	}
	if before != "" {
		where += " AND id<?"
		args = append(args, before)
	}
	return store.List[Batch](ctx, k.gate.DB(), where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
}

// BatchOf reads one batch; materials of dossiers that the actor may not read are left out.
func (k *Desk) BatchOf(ctx context.Context, by policy.Actor, id string) (out BatchPage, err error) {
	q := k.gate.DB()
	if out.Batch, err = store.Get[Batch](ctx, q, "WHERE id=?", id); err != nil {
		return out, err
	}
	b := out.Batch
	if !mayList(by) || !by.Reaches(b.Agency) {
		return BatchPage{}, gate.ErrHidden
	}
	if out.Materials, _, err = k.LooseMaterials(ctx, by, LooseFilter{BatchID: b.ID, Limit: maxBatch}); err != nil {
		return out, err
	}
	where, args := Scope(by)
	if out.Packets, err = store.List[Dossier](ctx, q, "WHERE "+where+" AND id IN (SELECT dossier_id FROM material WHERE batch_id=?) ORDER BY no", append(args, b.ID)...); err != nil {
		return out, err
	}
	r := policy.Resource{Type: "Filing", ID: b.ID, Agencies: []string{b.Agency}, Attrs: map[string]any{"submittedBy": b.SubmittedBy}}
	var hindered error
	if b.State != BatchWaiting {
		hindered = rule.Refuse(rule.Reason{Rule: "13a", Slug: "batch_closed", Message: "本批次已审核。", Next: "请刷新后查看。"})
	}
	var inside []rule.Reason
	for _, d := range out.Packets {
		if b.Kind == BatchFiling && d.Place == PlaceStore && b.State == BatchWaiting {
			inside = append(inside, rule.Reason{Rule: "13a", Slug: "packet_in_store", Message: fmt.Sprintf("档案 %s 尚未提出，材料不能入档。", d.No), Next: "请库管按提档单提出后再审核归档。"})
		}
	}
	if len(inside) > 0 {
		hindered = rule.Refuse(inside...)
	}
	if p, ok := k.gate.Possible(by, "material.review_batch", "审核归档", r, hindered); ok {
		p.Primary = p.Refusal == nil
		out.Possible = append(out.Possible, p)
	}
	return out, nil
}

// Corrections lists the corrections of an actor's agencies, newest first.
func (k *Desk) Corrections(ctx context.Context, by policy.Actor, state string, limit int) ([]Correction, error) {
	where, args := Scope(by)
	where = "WHERE EXISTS (SELECT 1 FROM dossier WHERE dossier.id=correction.dossier_id AND " + where + ")"
	if mayList(by) {
		where += " AND agency IN (" + store.Marks(len(by.Reach)) + ")"
		args = append(args, store.Args(by.Reach)...)
	}
	if state != "" {
		where += " AND state=?"
		args = append(args, state)
	}
	if !by.Has("reviewer") && !by.Has("head") { // what is asked for says what the material is (15)
		where += " AND NOT EXISTS (SELECT 1 FROM material m WHERE m.id=correction.material_id AND m.guard='trade')"
	}
	return store.List[Correction](ctx, k.gate.DB(), where+" ORDER BY applied_at DESC, id LIMIT ?", append(args, limit)...)
}

// maxWork bounds what one room puts on the first page.
const maxWork = 60

// Work lists what waits in this room for an actor's posts.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	var out []work.Item
	clerk, reviewer := by.Has("clerk"), by.Has("reviewer")
	if !clerk && !reviewer && !by.Has("head") {
		return nil, nil
	}
	if clerk || reviewer {
		list, _, err := k.LooseMaterials(ctx, by, LooseFilter{Limit: maxWork})
		if err != nil {
			return nil, err
		}
		moves, own, err := k.openMoves(ctx, by)
		if err != nil {
			return nil, err
		}
		out = append(out, moves...)
		for _, l := range list {
			l.Material = k.Seen(by, l.Material)
			if waits, known := own[l.Material.ID]; known && !waits { // the line of the move says it
				continue
			}
			if item, ok := looseItem(by, l); ok {
				if own[l.Material.ID] {
					item.Todo, item.Action, item.Lane = "待另一人核对移入", "查看", work.Sent
				}
				out = append(out, item)
			}
		}
	}
	if clerk {
		piles, err := k.sittingWork(ctx, by)
		if err != nil {
			return nil, err
		}
		out = append(out, piles...)
		late, err := k.overdueTasks(ctx, by)
		if err != nil {
			return nil, err
		}
		out = append(out, late...)
		unanswered, err := k.unansweredForwards(ctx, by)
		if err != nil {
			return nil, err
		}
		out = append(out, unanswered...)
	}
	if by.Has("head") {
		reports, err := k.openReports(ctx, by)
		if err != nil {
			return nil, err
		}
		out = append(out, reports...)
	}
	if reviewer {
		list, err := k.Batches(ctx, by, BatchWaiting, "", maxWork)
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			if b.SubmittedBy == by.ID {
				continue
			}
			out = append(out, work.Item{Room: "dossier", Kind: "归档·审核", Subject: b.No, SubjectNote: fmt.Sprintf("%d 份材料，%d 卷", b.Materials, b.Dossiers), Todo: "抽查后归档", Link: "/filing/batches/" + b.ID, Action: "审核",
				Basis: "13a", Lane: work.Todo, Since: b.SubmittedAt})
		}
	}
	if reviewer || by.Has("head") {
		list, err := k.Corrections(ctx, by, CorrectionAsked, maxWork)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			if c.Applicant == by.ID {
				continue
			}
			out = append(out, work.Item{Room: "dossier", Kind: "更正·审批", Subject: "材料更正申请", SubjectNote: c.Reason, DossierID: c.DossierID, Todo: "审批更正", Link: "/filing?view=corrections", Action: "审批",
				Basis: "29.2", Lane: work.Todo, Since: c.AppliedAt})
		}
	}
	if reviewer || by.Has("head") {
		list, err := k.Rearrangements(ctx, by, CorrectionAsked, maxWork)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if r.Applicant != by.ID {
				out = append(out, work.Item{Room: "dossier", Kind: "编号·审批", Subject: "目录重新编号申请", SubjectNote: r.Reason, DossierID: r.DossierID, Todo: "审批重新编号", Link: "/filing?view=corrections", Action: "审批", Basis: "13a", Lane: work.Todo, Since: r.AppliedAt})
			}
		}
	}
	entries, err := k.unconfirmed(ctx, by)
	return append(out, entries...), err
}

// looseItem is a waiting material as the first page says it.
func looseItem(by policy.Actor, l Loose) (work.Item, bool) {
	m := l.Material
	item := work.Item{Room: "dossier", Kind: "材料·归档", Subject: l.Person, SubjectNote: m.Label(), DossierID: m.DossierID, Link: "/filing?material=" + m.ID, DueOn: m.DueOn, Tentative: m.DueTentative, Basis: "13a", Lane: work.Todo,
		Since: calendar.Date(m.ReceivedOn).Moment()}
	back := m.Decision == ToCure || m.Decision == ToReturn || m.Decision == ToForward
	switch {
	case m.PausedOn != "": // it waits for somebody outside; who may let the clock run again sees it
		item.Todo, item.Action, item.Lane, item.Basis = "归档期限暂停中", "查看", work.Sent, ""
	case m.State == Curing:
		item.Todo, item.Action, item.DueOn, item.Tentative, item.Basis, item.Lane = "等待形成单位补办", "登记收到", m.CureBy, false, work.Agreed, work.Sent
	case m.State == Appraising && back:
		if !by.Has("reviewer") || m.AppraisedBy == by.ID {
			return item, false
		}
		item.Kind, item.Todo, item.Action = "材料·退回", "审核并出具退回通知单", "审核"
		if m.Decision == ToForward {
			item.Kind, item.Todo = "材料·转交", "审核并出具转交单"
		}
	case !by.Has("clerk"):
		return item, false
	case m.State == Received:
		item.Todo, item.Action = "鉴别", "鉴别"
	case m.State == Appraising && m.Decision == ToCatalog:
		item.Todo, item.Action = "归类", "归类"
	case m.State == Appraising:
		item.Todo, item.Action = "核实后鉴别", "鉴别"
	case m.BatchID != "":
		item.Todo, item.Action, item.Lane = "待审核归档", "查看", work.Sent
	default:
		item.Todo, item.Action = "提交归档", "提交"
	}
	return item, true
}

// unconfirmed lists the dossiers with entries that wait for a second person.
func (k *Desk) unconfirmed(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	if !by.Has("clerk") && !by.Has("reviewer") {
		return nil, nil
	}
	where, args := Scope(by)
	var all []any
	part := func(table string) string {
		all = append(all, by.ID)
		return "SELECT dossier_id AS d, at FROM " + table + " WHERE confirmed_by IS NULL AND void IS NULL AND entered_by<>?"
	}
	entries := part("fact") + " UNION ALL " + part("history_period") + " UNION ALL " + part("family_member") + " UNION ALL " + part("determination") + " UNION ALL " + part("not_formed")
	rows, err := k.gate.DB().Query(ctx, "SELECT dossier.id, dossier.no, person.name, count(*), min(e.at) FROM ("+entries+`) AS e CROSS JOIN dossier JOIN person ON person.id=dossier.person_id
 WHERE dossier.id=e.d AND `+where+" GROUP BY dossier.id, dossier.no, person.name ORDER BY min(e.at) LIMIT 30", append(all, args...)...)
	if err != nil {
		return nil, fmt.Errorf("unconfirmed entries: %w", err)
	}
	defer rows.Close()
	var out []work.Item
	for rows.Next() {
		var id, no, name string
		var n, at int64
		if err := rows.Scan(&id, &no, &name, &n, &at); err != nil {
			return nil, err
		}
		out = append(out, work.Item{Room: "dossier", Kind: "记载·核对", Subject: name, SubjectNote: no, DossierID: id, Todo: fmt.Sprintf("核对 %d 条记载", n), Link: "/dossiers/" + id + "?tab=facts", Action: "核对",
			Basis: "29.2", Lane: work.Todo, Since: microTime(at)})
	}
	return out, rows.Err()
}

// LabelOf names a material as sources are named.
func (k *Desk) LabelOf(ctx context.Context, id string) (string, error) {
	m, err := store.Get[Material](ctx, k.gate.DB(), "WHERE id=?", id)
	return m.Public().Label(), err
}
