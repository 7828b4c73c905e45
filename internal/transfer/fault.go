package transfer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// What can be wrong with a packet on its way.
const (
	FaultLate    = "late"         // 逾期未到
	FaultAstray  = "misdelivered" // 误投
	FaultTurned  = "refused"      // 拒收
	FaultLost    = "lost"         // 遗失: after the carrier's answer, never at first sight
	FaultDamaged = "damaged"      // 破损, seen at arrival
	FaultOpened  = "opened"       // 拆封, seen at arrival

	FaultUnreceipted = "unreceipted" // 投递无回执: delivered, says the carrier, and the receiver was asked in vain
)

// FaultKinds in the order of screens.
var FaultKinds = []string{FaultLate, FaultAstray, FaultTurned, FaultLost, FaultDamaged, FaultOpened, FaultUnreceipted}

var faultNames = map[string]string{FaultLate: "逾期未到", FaultAstray: "误投", FaultTurned: "拒收", FaultLost: "遗失", FaultDamaged: "破损", FaultOpened: "拆封", FaultUnreceipted: "投递无回执"}

// FaultName is a kind of fault as papers say it.
func FaultName(kind string) string { return faultNames[kind] }

// States of a fault.
const (
	FaultOpen    = "open"      // 待处理
	FaultAsked   = "inquired"  // 查询中
	FaultTold    = "answered"  // 已答复
	FaultSearch  = "searching" // 查找中
	FaultPending = "pending"   // 待上级批复
	FaultClosed  = "closed"    // 已了结
)

var faultStates = map[string]string{FaultOpen: "待处理", FaultAsked: "查询中", FaultTold: "已答复", FaultSearch: "查找中", FaultPending: "待上级批复", FaultClosed: "已了结"}

// What the carrier answers.
const (
	AnswerOnWay  = "on_way"       // 仍在途中
	AnswerDone   = "delivered"    // 已妥投
	AnswerAstray = "misdelivered" // 误投
	AnswerNone   = "lost"         // 查无下落
)

var answerNames = map[string]string{AnswerOnWay: "仍在途中", AnswerDone: "已投递", AnswerAstray: "投递到他处", AnswerNone: "查无下落"}

// AnswerName is the carrier's answer as papers say it.
func AnswerName(answer string) string { return answerNames[answer] }

// Fault is one thing gone wrong with a packet, with what was done about it. A case has at
// most one that is not dealt with. Who sent the packet answers for it all along.
type Fault struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	No           string    `db:"no"` // ZY-2026-00001
	TransferID   string    `db:"transfer_id"`
	DossierID    string    `db:"dossier_id,null"`
	Kind         string    `db:"kind"`
	State        string    `db:"state"`
	Sender       string    `db:"sender,null"` // who sent it, and whom it goes to: empty outside the province
	Receiver     string    `db:"receiver,null"`
	Agency       string    `db:"agency"` // who noticed
	FoundOn      string    `db:"found_on"`
	FoundBy      string    `db:"found_by"`
	Seen         string    `db:"seen,null"`
	Place        string    `db:"place,null"` // where it was misdelivered, or who turned it away
	Way          string    `db:"way,null"`   // how it was sent this time
	TrackingNo   string    `db:"tracking_no,null"`
	Office       string    `db:"office,null"`
	DispatchedOn string    `db:"dispatched_on,null"`
	Carrier      string    `db:"carrier,null"`
	InquiryNo    string    `db:"inquiry_no,null"`
	InquiryOn    string    `db:"inquiry_on,null"`
	InquiryDue   string    `db:"inquiry_due,null"`
	Answer       string    `db:"answer,null"`
	AnswerOn     string    `db:"answer_on,null"`
	AnswerNote   string    `db:"answer_note,null"`
	LostOn       string    `db:"lost_on,null"`
	LostBy       string    `db:"lost_by,null"`
	ReportNo     string    `db:"report_no,null"`
	SearchDue    string    `db:"search_due,null"`
	Record       string    `db:"record,null"`    // what the investigation found
	RecordNo     string    `db:"record_no,null"` // of the investigation record
	AskedBy      string    `db:"asked_by,null"`
	DecidedBy    string    `db:"decided_by,null"`
	DecidedOn    string    `db:"decided_on,null"`
	DecidedNote  string    `db:"decided_note,null"`
	SignedBy     string    `db:"signed_by,null"` // the second person who saw the damage
	SignedOn     string    `db:"signed_on,null"`
	SignedNote   string    `db:"signed_note,null"`
	Outcome      string    `db:"outcome,null"`
	ClosedOn     string    `db:"closed_on,null"`
	ClosedBy     string    `db:"closed_by,null"`
	FoundAt      time.Time `db:"found_at"`
	ChangedAt    time.Time `db:"changed_at"`
}

// Table names the table of faults.
func (Fault) Table() string { return "transfer_fault" }

// StateName is a fault's state as screens say it.
func (f Fault) StateName() string { return faultStates[f.State] }

// Tone is its color and shape.
func (f Fault) Tone() string {
	switch f.State {
	case FaultClosed:
		return "done"
	case FaultAsked, FaultPending:
		return "wait"
	case FaultSearch:
		return "bad"
	}
	return "run"
}

// sender is the agency that sent the packet and answers for it on its way; "" outside the province.
func (c Case) sender() string {
	if c.Direction == In {
		return c.Receiver
	}
	return c.Holder
}

// fault opens a fault of this case.
func (c *Case) fault(kind, seen, place, by, agency string, on calendar.Date, at time.Time) Fault {
	c.Fault = kind
	f := Fault{TransferID: c.ID, DossierID: c.DossierID, Kind: kind, State: FaultOpen, Sender: c.sender(), Receiver: c.Receiver, Agency: agency, FoundOn: on.String(), FoundBy: by,
		Seen: strings.TrimSpace(seen), Place: strings.TrimSpace(place), Way: c.Way, TrackingNo: c.TrackingNo, Office: c.Office, DispatchedOn: c.DispatchedOn, FoundAt: at, ChangedAt: at}
	if c.Direction == In && c.State == Checking { // it was sent from outside
		f.Sender = ""
	}
	return f
}

// Trouble is what is entered when something is wrong with a packet on its way.
type Trouble struct {
	Kind  string
	On    calendar.Date
	Seen  string
	Place string
}

// Report notes that a packet is late, was misdelivered or turned away. A loss is never
// reported at first sight, damage is seen at arrival.
func (c *Case) Report(t Trouble, by, agency string, today calendar.Date, transitDays int, at time.Time) (Fault, error) {
	var none Fault
	if err := c.Step("transfer.fault"); err != nil {
		return none, err
	}
	if c.Fault != "" {
		return none, rule.Refuse(faultOpen(*c))
	}
	switch t.Kind {
	case FaultLost:
		return none, rule.Refuse(reason("20.3a", "loss_without_inquiry", "未向承运方查询，不能认定遗失。", "请先按“逾期未到”登记，向承运方发查询函；答复查无下落或者到期未答复的，再报告遗失。"))
	case FaultDamaged, FaultOpened:
		return none, rule.Refuse(reason("20.4a", "damage_at_arrival", "破损、拆封在收到包裹时登记。", "请接收机构在“登记到件”中写明包封和封条的情况。"))
	case FaultLate, FaultAstray, FaultTurned:
	default:
		return none, rule.Mistake(rule.Reason{Rule: "20.3a", Slug: "fault_unknown", Field: "kind", Message: "没有选择是什么异常。", Next: "请从逾期未到、误投、拒收中选择。"})
	}
	var wrong []rule.Reason
	if !t.On.Valid() || t.On > today || t.On.String() < c.DispatchedOn {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "found_on_wrong", Field: "on", Message: "发现日期应在寄出之后、今天以前。", Next: "请填写发现的日期。"})
	}
	if t.Kind != FaultLate && strings.TrimSpace(t.Place) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "place_missing", Field: "place", Message: map[string]string{FaultAstray: "误投的，须写明投到了哪里。", FaultTurned: "拒收的，须写明由谁拒收。"}[t.Kind], Next: "请填写单位名称和联系人。"})
	}
	if t.Kind == FaultTurned && strings.TrimSpace(t.Seen) == "" {
		wrong = append(wrong, rule.Reason{Rule: "29.8", Slug: "turned_away_why", Field: "seen", Message: "拒收的，须写明对方所说的理由。", Next: "请照对方说明或者改退批条抄录；没有规定依据的拒收由上级监督部门处理。"})
	}
	if len(wrong) > 0 {
		return none, rule.Mistake(wrong...)
	}
	if first := calendar.Date(c.DispatchedOn).AddDays(transitDays); t.Kind == FaultLate && today < first {
		return none, rule.Refuse(reason("20.5", "not_late_yet", fmt.Sprintf("%s寄出，在途还不到 %d 天，不算逾期。", long(c.DispatchedOn), transitDays), "请在"+first.Long()+"以后登记；已知误投或者拒收的，按误投、拒收登记。"))
	}
	return c.fault(t.Kind, t.Seen, t.Place, by, agency, t.On, at), nil
}

func faultOpen(c Case) rule.Reason {
	return reason("20.3a", "fault_open", "已登记“"+faultNames[c.Fault]+"”，尚未了结。", "请先办结这一异常。")
}

func noFault() error {
	return rule.Refuse(reason("20.3a", "no_fault", "本件没有未了结的异常。", "包裹逾期、误投、拒收的，先登记异常。"))
}

// mayInquire says whether the carrier may be asked.
func (f Fault) mayInquire() error {
	switch f.State {
	case FaultOpen, FaultTold:
		return nil
	case FaultAsked:
		return rule.Refuse(reason("20.3a", "inquiry_open", "查询函"+f.InquiryNo+"已发出，等待答复。", "请先登记答复；"+long(f.InquiryDue)+"仍未答复的，可以报告遗失。"))
	}
	return rule.Refuse(reason("20.3a", "inquiry_over", "已报告遗失，正在查找。", "承运方又找到的，登记退回到件，或者由接收机构登记到件。"))
}

// Inquire asks the carrier until a day.
func (f *Fault) Inquire(carrier string, today, due calendar.Date) error {
	if err := f.mayInquire(); err != nil {
		return err
	}
	if strings.TrimSpace(carrier) == "" {
		return rule.Mistake(rule.Reason{Rule: "20.3a", Slug: "carrier_missing", Field: "carrier", Message: "没有写明向谁查询。", Next: "请填写承运方名称，例如机要通信局、邮政速递物流营业部；专人送取的填写送取人单位。"})
	}
	f.Carrier, f.InquiryOn, f.InquiryDue, f.State = strings.TrimSpace(carrier), today.String(), due.String(), FaultAsked
	f.Answer, f.AnswerOn, f.AnswerNote = "", "", ""
	return nil
}

// CarrierAnswer is what the carrier says.
type CarrierAnswer struct {
	Answer string
	On     calendar.Date
	Note   string
	Place  string
}

// Answered books the carrier's answer.
func (f *Fault) Answered(a CarrierAnswer, today calendar.Date) error {
	if f.State != FaultAsked {
		return rule.Refuse(reason("20.3a", "inquiry_none", "没有等待答复的查询函。", "请先向承运方查询。"))
	}
	var wrong []rule.Reason
	if answerNames[a.Answer] == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "carrier_answer_unknown", Field: "answer", Message: "没有选择答复结果。", Next: "请从仍在途中、已投递、投递到他处、查无下落中选择。"})
	}
	if !a.On.Valid() || a.On > today || a.On.String() < f.InquiryOn {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "answered_on_wrong", Field: "on", Message: "答复日期应在查询之后、今天以前。", Next: "请照答复填写。"})
	}
	if strings.TrimSpace(a.Note) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "carrier_answer_words", Field: "note", Message: "没有抄录答复内容。", Next: "请照承运方的书面答复抄录，写明答复人。"})
	}
	if a.Answer == AnswerAstray && strings.TrimSpace(a.Place) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "place_missing", Field: "place", Message: "投递到他处的，须写明投到了哪里。", Next: "请填写单位名称和联系人。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	f.Answer, f.AnswerOn, f.AnswerNote, f.State = a.Answer, a.On.String(), strings.TrimSpace(a.Note), FaultTold
	if a.Answer == AnswerAstray {
		f.Kind, f.Place = FaultAstray, strings.TrimSpace(a.Place)
	}
	return nil
}

// Delivered says that the carrier has done its part: what is wrong is no longer the way, but
// the receipt, which is asked for.
func (f Fault) Delivered() bool {
	return f.State == FaultTold && f.Answer == AnswerDone && f.Kind != FaultUnreceipted
}

// Unreceipted opens the fault of a packet that was delivered, says the carrier, before a day,
// and whose receipt was asked for since.
func (c *Case) Unreceipted(today calendar.Date, at time.Time, before calendar.Date) (Fault, error) {
	if err := c.Step("transfer.unreceipted"); err != nil {
		return Fault{}, err
	}
	if c.Fault != "" {
		return Fault{}, rule.Refuse(faultOpen(*c))
	}
	if c.DeliveredOn == "" || c.DeliveredOn > before.String() || c.ChasedOn < c.DeliveredOn {
		return Fault{}, rule.Refuse(reason("20.5", "not_chased_yet", "投递以后还没有催办，或者未满期限。", "请先催办回执。"))
	}
	f := c.fault(FaultUnreceipted, fmt.Sprintf("承运方答复%s已投递，已催办 %d 次，没有回执。", long(c.DeliveredOn), c.Chased), "", "system", c.sender(), today, at)
	f.State, f.Answer, f.AnswerOn, f.AnswerNote = FaultTold, AnswerDone, c.DeliveredOn, "已投递"
	c.DeliveredOn = ""
	return f, nil
}

// LostBack ends a return that was lost on its way back: the former employer, which answers for
// the dossier all along, makes it anew on the superior's word from the list checked here.
func (c *Case) LostBack(f *Fault, by string, today calendar.Date, at time.Time) {
	c.State, c.ClosedAt, c.Outcome = Returned, at, "退回途中遗失，经批复由原单位依据清单重建"
	c.closeFault(f, "退回途中遗失，经上级批准由原单位重建", by, today)
}

// mayReportLoss says whether the carrier's answer, or its silence, allows to call it a loss.
func (f Fault) mayReportLoss(today calendar.Date) error {
	if f.State == FaultTold && (f.Answer == AnswerNone || f.Kind == FaultUnreceipted) || f.State == FaultAsked && today.String() > f.InquiryDue {
		return nil
	}
	if f.State == FaultAsked {
		return rule.Refuse(reason("20.3a", "inquiry_open", "查询函"+f.InquiryNo+"还在答复期限内。", "请等待答复；"+long(f.InquiryDue)+"以后仍未答复的，再报告遗失。"))
	}
	return rule.Refuse(reason("20.3a", "loss_without_inquiry", "承运方没有答复查无下落，不能认定遗失。", "请先向承运方查询；答复查无下落或者到期未答复的，再报告遗失。"))
}

// Lose reports the loss to the superior: the search begins, the sender goes on answering.
func (c *Case) Lose(f *Fault, by string, today, due calendar.Date) error {
	if err := c.Step("transfer.lost"); err != nil {
		return err
	}
	if err := f.mayReportLoss(today); err != nil {
		return err
	}
	f.Kind, f.State, f.LostOn, f.LostBy, f.SearchDue = FaultLost, FaultSearch, today.String(), by, due.String()
	c.Fault, c.State = FaultLost, Missing
	c.alone()
	return nil
}

// Request asks the superior to end the search and to have the dossier rebuilt (29.5).
func (f *Fault) Request(record, recordNo, by string) error {
	if f.State != FaultSearch {
		return rule.Refuse(reason("29.5", "search_"+f.State, "这一异常现为“"+f.StateName()+"”。", "报告遗失、查找以后才能申请重建。"))
	}
	var lacks []rule.Reason
	if strings.TrimSpace(recordNo) == "" {
		lacks = append(lacks, rule.Reason{Rule: "29.5", Slug: "record_no_missing", Field: "recordNo", Message: "没有填写调查记录的文号。", Next: "请填写调查记录的名称和文号。"})
	}
	if len([]rune(strings.TrimSpace(record))) < 10 {
		lacks = append(lacks, rule.Reason{Rule: "29.5", Slug: "record_missing", Field: "record", Message: "重建档案须有调查记录。", Next: "请写明查找经过、遗失环节、责任认定和可以收集的材料，不少于 10 字。"})
	}
	if len(lacks) > 0 {
		return rule.Complete(lacks...)
	}
	f.Record, f.RecordNo, f.AskedBy, f.State = strings.TrimSpace(record), strings.TrimSpace(recordNo), by, FaultPending
	return nil
}

// Decide is the superior's word on it: rebuilt, or searched on with a reason.
func (f *Fault) Decide(approve bool, note, by string, today calendar.Date) error {
	if f.State != FaultPending {
		return rule.Refuse(reason("29.5", "search_"+f.State, "没有等待批复的重建申请。", "请由保管机构先提出。"))
	}
	if !approve && strings.TrimSpace(note) == "" {
		return rule.Complete(rule.Reason{Rule: "29.5", Slug: "note_missing", Field: "note", Message: "没有写明为什么不批准。", Next: "请写明还要查找什么、补充什么。"})
	}
	f.DecidedBy, f.DecidedOn, f.DecidedNote = by, today.String(), strings.TrimSpace(note)
	if !approve {
		f.State = FaultSearch
	}
	return nil
}

// close ends a fault with what became of it.
func (c *Case) closeFault(f *Fault, outcome, by string, today calendar.Date) {
	f.State, f.Outcome, f.ClosedOn, f.ClosedBy = FaultClosed, outcome, today.String(), by
	c.Fault = ""
}

// Redeliver sends a misdelivered or refused packet on to its receiver from where it lies:
// the second try. CheckWay has passed.
func (c *Case) Redeliver(f *Fault, d Dispatch, messengers, by string, today calendar.Date, receiptDays int) error {
	if err := c.Step("transfer.redeliver"); err != nil {
		return err
	}
	if err := f.mayRedeliver(); err != nil {
		return err
	}
	first := c.SentFirst
	if first == "" {
		first = c.DispatchedOn
	}
	if err := c.sent(d, reached{f.FoundOn, "发现异常"}, messengers, by, today, receiptDays); err != nil {
		return err
	}
	c.SentFirst = first
	c.closeFault(f, "改投接收单位", by, today)
	return nil
}

func (f Fault) mayRedeliver() error {
	if f.Kind == FaultAstray || f.Kind == FaultTurned {
		return nil
	}
	return rule.Refuse(reason("20.3a", "redeliver_kind", "只有误投、拒收的包裹可以改投。", "请先向承运方查询，或者登记退回到件后重新寄送。"))
}

// Back is a packet that is at its sender again.
type Back struct {
	On     calendar.Date
	Intact bool
	Seen   string
}

// CameBack takes it in again: sealed as it left, it is sent once more; opened or damaged, it
// is reviewed and sealed anew.
func (c *Case) CameBack(f *Fault, b Back, by string, today calendar.Date, cal *calendar.Calendar, resendDays int) error {
	if err := c.Step("transfer.came_back"); err != nil {
		return err
	}
	var wrong []rule.Reason
	if !b.On.Valid() || b.On > today || b.On.String() < f.FoundOn {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "came_back_on_wrong", Field: "on", Message: "退回日期应在登记异常之后、今天以前。", Next: "请填写实际收到的日期。"})
	}
	if !b.Intact && strings.TrimSpace(b.Seen) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.4a", Slug: "packet_state_missing", Field: "seen", Message: "包封或封条不完好的，须写明情况。", Next: "请写明破损位置和程度。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	c.unsent()
	outcome := "退回，封存完好，重新寄送"
	switch {
	case c.Direction == In:
		c.State, c.TermFrom, outcome = Returning, b.On.String(), "退回，重新寄送"
	case b.Intact:
		c.State = Packed
		c.term(cal, b.On, resendDays)
	default:
		c.term(cal, b.On, resendDays)
		c.reopen()
		outcome = "退回，包封有损，重新审核装封：" + strings.TrimSpace(b.Seen)
	}
	c.closeFault(f, outcome, by, today)
	return nil
}

// unsent takes what was said of the packet's way off the case; the fault keeps it.
func (c *Case) unsent() {
	if c.SentFirst == "" {
		c.SentFirst = c.DispatchedOn
	}
	c.Way, c.TrackingNo, c.Office, c.Messengers, c.DispatchedOn, c.DispatchedBy, c.ReceiptDue, c.ChasedOn, c.DeliveredOn = "", "", "", "", "", "", "", "", ""
	c.alone()
}

// Rebuild goes on with a dossier that is rebuilt on the superior's word: reviewed and packed anew.
func (c *Case) Rebuild(f *Fault, by string, today calendar.Date, cal *calendar.Calendar, relist bool) {
	c.unsent()
	c.term(cal, today, workdays)
	c.reopen()
	if relist {
		c.ListedBy, c.ListedAt = "", time.Time{}
	}
	c.closeFault(f, "经上级批准重建", by, today)
}

// Sign is the second person's word on what was seen of a damaged packet: another than who
// registered its arrival (the policy's word).
func (c *Case) Sign(f *Fault, note, by string, today calendar.Date) error {
	if err := c.Step("transfer.fault_sign"); err != nil {
		return err
	}
	if strings.TrimSpace(note) == "" {
		return rule.Complete(rule.Reason{Rule: "20.4a", Slug: "signed_note_missing", Field: "note", Message: "没有写明第二人所见。", Next: "请写明对照实物所见的包封、封条和卷内情况。"})
	}
	f.SignedBy, f.SignedOn, f.SignedNote = by, today.String(), strings.TrimSpace(note)
	c.closeFault(f, "二人签认，逐份核对", by, today)
	return nil
}

// unsigned is what keeps a damaged packet from being received.
func unsigned() rule.Reason {
	return reason("20.4a", "record_unsigned", "包封异常记录还没有第二人签认。", "请登记到件的人以外的另一名工作人员对照实物签认，随后逐份核对。")
}

// damaged says whether a case waits for the second signature.
func (c Case) damaged() bool { return slices.Contains([]string{FaultDamaged, FaultOpened}, c.Fault) }

// settled is what became of a fault when the packet came after all, or its case ended otherwise.
func (c Case) settled(kind string) string {
	switch {
	case !c.State.Open() && c.State != Closed && c.State != Returned:
		return "本件" + c.State.Name()
	case kind == FaultLost:
		return "找到并送达"
	case kind == FaultLate:
		return "迟到送达"
	}
	return "已送达"
}
