package transfer

import (
	"cmp"
	"context"
	"slices"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/undertaking"
)

// View is a case as its page shows it.
type View struct {
	Case     Case
	Dossier  dossier.Dossier // zero until the province knows it
	Items    []Item
	Forced   dossier.Forced
	Why      string // the identity that forces the way, with its source
	Secret   string // what in the packet is secret, which forces it too
	Member   bool   // 24: a Party member, whose letter says where the membership goes
	Heading  string // what the letter says or would say of it
	Hinders  Hindrances
	Attempts []Attempt // at reaching the person, newest first
	Faults   []Fault   // what went wrong with the packet, oldest first
	Righted  []Correction
	Signed   []undertaking.File // scans of the undertaking
	Second   []double.Likely    // dossiers of the person that are held already, at the check (2)
	HeldBy   string             // the third agency that has the packet now
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
	if err := c.joined(func(id string) (dossier.Dossier, error) { return dossier.Get(ctx, q, id) }); err != nil {
		return policy.Resource{}, err
	}
	if c.DossierID == "" {
		return c.Resource(dossier.Dossier{}), nil
	}
	d, err := dossier.Get(ctx, q, c.DossierID)
	return c.Resource(d), err
}

// View is a case after an act of the actor's own, without another entry of reading.
func (k *Desk) View(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	q := k.gate.DB()
	if v.Case, err = Get(ctx, q, id); err != nil {
		return v, err
	}
	if err := v.Case.joined(func(id string) (dossier.Dossier, error) { return dossier.Get(ctx, q, id) }); err != nil {
		return v, err
	}
	if v.Case.DossierID != "" {
		if v.Dossier, err = dossier.Get(ctx, q, v.Case.DossierID); err != nil {
			return v, err
		}
	}
	if k.gate.Decide(by, "transfer.read", v.Case.Resource(v.Dossier)).Hidden {
		return v, gate.ErrHidden
	}
	if v.Items, err = ItemsOf(ctx, q, id); err != nil {
		return v, err
	}
	if _, ok := v.Case.Has("transfer.letter"); ok && v.Case.Receiver != "" && by.Reaches(v.Case.Receiver) {
		political, err := politicalOf(ctx, q, v.Case, v.Dossier)
		if err != nil {
			return v, err
		}
		own, err := agency.Get(ctx, q, v.Case.Receiver)
		if err != nil {
			return v, err
		}
		v.Member, v.Heading = Member(political), cmp.Or(v.Case.PartyHeading, own.PartyHeading)
	}
	leaves := (v.Dossier.ID != "" || v.Case.Packet()) && !v.Case.Moved() && v.Case.Direction != In
	if v.Case.Direction == In && v.Case.Outcome == "协商退回" || leaves {
		bound, err := boundBy(ctx, q, v.Case, v.Dossier)
		if err != nil {
			return v, err
		}
		v.Forced, v.Why, v.Secret = bound.Forced, bound.Why, bound.Secret
	}
	if leaves {
		if v.Hinders, err = k.hindrances(ctx, q, v.Case, v.Dossier); err != nil {
			return v, err
		}
	}
	if v.Attempts, err = AttemptsOf(ctx, q, id); err != nil {
		return v, err
	}
	if v.Faults, err = FaultsOf(ctx, q, id); err != nil {
		return v, err
	}
	if v.Righted, err = CorrectionsOf(ctx, q, id); err != nil {
		return v, err
	}
	if v.Signed, err = undertaking.FilesOf(ctx, q, v.Case.scans()); err != nil {
		return v, err
	}
	if v.Case.Fault == FaultAstray {
		s, held, err := heldStray(ctx, q, id, "")
		if err != nil {
			return v, err
		}
		if held {
			v.HeldBy = k.agencyName(ctx, s.Agency)
		}
	}
	if v.Second, err = k.SecondOf(ctx, by, v.Case); err != nil {
		return v, err
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
	r := v.Case.Resource(v.Dossier)
	primary := false
	for _, s := range steps {
		if _, ok := v.Case.Has(s.action); !ok || slices.Contains([]string{"transfer.pulled", "transfer.shelved", "transfer.buried", "transfer.expire", "transfer.stray", "transfer.unreceipted", "transfer.untold", "transfer.remind", "transfer.escalate", "transfer.overdue"}, s.action) {
			continue
		}
		if s.action == "transfer.second" && len(v.Second) == 0 { // a way out, not a step that everybody waits for
			continue
		}
		if s.action == "transfer.answer" && v.Case.Direction == Out && v.Case.Province == "" {
			continue
		}
		if s.action == "transfer.dispatch" && v.Case.SentFirst != "" || s.action == "transfer.resend" && v.Case.SentFirst == "" || v.Case.Fault == "" && slices.Contains(faultActs, s.action) || s.action == "transfer.dispose" && v.Case.Escalated == 0 {
			continue
		}
		p, ok := k.gate.Possible(by, s.action, s.label, r, v.hindered(s.action, k.gate.Today()))
		if !ok {
			continue
		}
		side := slices.Contains([]string{"transfer.reopen", "transfer.decline", "transfer.return", "transfer.withdraw", "transfer.forward", "transfer.draft", "transfer.chase", "transfer.urge", "transfer.answer", "transfer.forwarded", "transfer.fault", "transfer.came_back", "transfer.contact", "transfer.correct", "transfer.correct_way", "transfer.second"}, s.action) ||
			s.action == "transfer.receive" && v.Case.State == Returning // the return is agreed: taking it in after all is the exception
		p.Primary = p.Refusal == nil && !side && !primary
		primary = primary || p.Primary
		out = append(out, p)
	}
	if v.Case.mayAttach() == nil { // no step of the way: the case stays as it is
		if p, ok := k.gate.Possible(by, "transfer.attach", "上传承诺书扫描件", r, nil); ok {
			out = append(out, p)
		}
	}
	return out
}

// hindered is what stands in the way of an act, whatever is entered.
func (v View) hindered(action string, today calendar.Date) error {
	c := v.Case
	if err := c.Step(action); err != nil {
		return err
	}
	switch action {
	case "transfer.answer":
		if c.Direction == Out && c.Province == "" {
			return rule.Refuse(notAcross())
		}
	case "transfer.correct":
		return c.correctableNow(today)
	case "transfer.correct_way":
		return c.mayCorrectWay()
	case "transfer.reopen", "transfer.withdraw", "transfer.draft":
		return c.inList()
	case "transfer.chase", "transfer.urge":
		return c.chase(action, today)
	case "transfer.list":
		if v.Dossier.Catalog > 0 && c.Direction != In {
			return listFromCatalog()
		}
	case "transfer.fault":
		if c.Fault != "" {
			return rule.Refuse(faultOpen(c))
		}
	case "transfer.inquire", "transfer.inquiry_answer", "transfer.redeliver", "transfer.came_back", "transfer.lost", "transfer.search_ask", "transfer.search_decide", "transfer.fault_sign":
		return v.faulty(action, today)
	case "transfer.review", "transfer.dispatch", "transfer.resend":
		if err := c.inList(); err != nil {
			return err
		}
		if reasons := v.Hinders.Reasons(); len(reasons) > 0 {
			return rule.Refuse(reasons...)
		}
	case "transfer.decline":
		_, err := c.Decline(v.Hinders, "", time.Time{})
		return err
	case "transfer.second":
		if len(v.Second) == 0 {
			return rule.Refuse(notSecond)
		}
		return c.Keep(v.Items, "", time.Time{})
	case "transfer.receive":
		if c.CheckedAt.IsZero() || c.damaged() { // both are told beside each other
			var out []rule.Reason
			if c.CheckedAt.IsZero() {
				out = append(out, unchecked())
			}
			if c.damaged() {
				out = append(out, unsigned())
			}
			return rule.Refuse(out...)
		}
		return c.Receive(v.Items, nil, "", time.Time{})
	case "transfer.tell":
		return c.Tell("")
	case "transfer.promise":
		if c.ToldOn == "" {
			return notTold()
		}
	case "transfer.confirm_history":
		if c.History == "" {
			return rule.Refuse(unrecorded())
		}
	case "transfer.return":
		if err := c.mayReturn(); err != nil {
			return err
		}
		if c.CheckedAt.IsZero() {
			return rule.Refuse(unchecked())
		}
	}
	return nil
}

// faultActs need a fault that is not dealt with; without one a case does not offer them.
var faultActs = []string{"transfer.inquire", "transfer.inquiry_answer", "transfer.redeliver", "transfer.came_back", "transfer.lost", "transfer.search_ask", "transfer.search_decide", "transfer.fault_sign"}

// faulty is what stands in the way of an act on the open fault.
func (v View) faulty(action string, today calendar.Date) error {
	at := slices.IndexFunc(v.Faults, func(f Fault) bool { return f.ClosedOn == "" })
	if at < 0 {
		return noFault()
	}
	f := v.Faults[at]
	switch action {
	case "transfer.inquire":
		return f.mayInquire()
	case "transfer.inquiry_answer":
		if f.State != FaultAsked {
			return rule.Refuse(reason("20.3a", "inquiry_none", "没有等待答复的查询函。", "请先向承运方查询。"))
		}
	case "transfer.redeliver":
		if v.HeldBy != "" {
			return rule.Refuse(strayHeld(v.HeldBy))
		}
		return f.mayRedeliver()
	case "transfer.lost":
		return f.mayReportLoss(today)
	case "transfer.search_ask":
		if f.State != FaultSearch {
			return rule.Refuse(reason("29.5", "search_"+f.State, "这一异常现为“"+f.StateName()+"”。", "报告遗失、查找以后才能申请重建。"))
		}
	case "transfer.search_decide":
		if f.State != FaultPending {
			return rule.Refuse(reason("29.5", "search_"+f.State, "没有等待批复的重建申请。", "请由保管机构先提出。"))
		}
	}
	return nil
}

// labels are the acts as a log says them.
var labels = map[string]string{
	"transfer.apply": "提出申请", "transfer.letter": "开具调档函", "transfer.register": "来函登记，时限起算", "custody.pull": "提档出库", "transfer.list": "登记材料清单",
	"transfer.review": "审核通过", "transfer.decline": "不予转出", "transfer.pack": "装封", "transfer.reopen": "退回审核", "transfer.dispatch": "寄送", "transfer.arrive": "到件登记",
	"transfer.check": "逐份核对", "transfer.receive": "复核签收，回执退回", "transfer.second": "核对发现此人已有一卷，登记为一人多档，回执退回", "transfer.tell": "一次性告知", "transfer.promise": "登记承诺", "transfer.receipt": "登记回执",
	"transfer.return": "商定退回", "transfer.send_back": "退回寄送", "transfer.history": "登记经历", "transfer.confirm_history": "核对经历", "transfer.pass_on": "受理并转交", "transfer.forward": "转交有关机构", "account.settle": "集体户销户，受理并转交", "transfer.withdraw": "撤回", "transfer.correct": "更正", "transfer.correct_way": "更正寄送登记", "transfer.answer": "登记预审答复", "transfer.forwarded": "登记对方寄出", "custody.put_back": "入库", "transfer.resend": "重新寄送", "transfer.contact": "登记联系本人的情况", "transfer.dispose": "处置代管待承诺", "transfer.attach": "上传承诺书扫描件", "transfer.untold": "提醒经办一次性告知", "transfer.remind": "提醒作出承诺", "transfer.escalate": "代管待承诺报请处置", "transfer.fault": "登记包裹异常", "transfer.inquire": "向承运方查询", "transfer.inquiry_answer": "登记查询答复", "transfer.redeliver": "改投接收单位",
	"transfer.came_back": "登记退回到件", "transfer.lost": "报告遗失", "transfer.search_ask": "报送调查记录，申请重建", "transfer.search_decide": "批复遗失重建", "transfer.fault_sign": "第二人签认包封异常", "transfer.expire": "函已过期", "transfer.overdue": "期限已过，报请督办", "transfer.stray": "第三方机构登记误投", "transfer.stray_send": "第三方机构寄出误投包裹", "transfer.chase": "催办回执", "transfer.urge": "催办调档函", "transfer.recount": "时限重新计算", "transfer.unreceipted": "投递后没有回执，登记异常",
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
