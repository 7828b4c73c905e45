package transfer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// Ends of a transfer.
const (
	Receiving = "receiver"
	Holding   = "holder"
)

// step is one act of a case: by direction, at which end and from which states.
type step struct {
	action, label string
	by            map[string]plan
}

type plan struct {
	end  string
	from []State
}

// steps are all acts of a case in the order of its way. What a case offers
// (Possible) and what its acts accept come from this one table.
var steps = []step{
	{action: "transfer.letter", label: "开具调档函", by: map[string]plan{Inner: {Receiving, []State{Applied}}, In: {Receiving, []State{Applied}}}},
	{action: "transfer.register", label: "登记来函", by: map[string]plan{Inner: {Holding, []State{Lettered}}}},
	{action: "transfer.list", label: "登记清单", by: map[string]plan{Inner: {Holding, []State{Pulled}}, Out: {Holding, []State{Pulled}}, In: {Receiving, []State{Checking}}}},
	{action: "transfer.review", label: "审核通过", by: map[string]plan{Inner: {Holding, []State{Pulled}}, Out: {Holding, []State{Pulled}}}},
	{action: "transfer.pack", label: "登记装封", by: map[string]plan{Inner: {Holding, []State{Approved}}, Out: {Holding, []State{Approved}}}},
	{action: "transfer.dispatch", label: "登记寄送", by: map[string]plan{Inner: {Holding, []State{Packed}}, Out: {Holding, []State{Packed}}}},
	{action: "transfer.arrive", label: "登记到件", by: map[string]plan{Inner: {Receiving, []State{InTransit}}, In: {Receiving, []State{Lettered, Expired}}}},
	{action: "transfer.check", label: "逐份核对", by: map[string]plan{Inner: {Receiving, []State{Checking}}, In: {Receiving, []State{Checking}}}},
	{action: "transfer.receive", label: "复核签收", by: map[string]plan{Inner: {Receiving, []State{Checking}}, In: {Receiving, []State{Checking, Returning}}}},
	{action: "transfer.tell", label: "一次告知", by: map[string]plan{Inner: {Receiving, []State{Promising}}, In: {Receiving, []State{Promising}}}},
	{action: "transfer.promise", label: "登记承诺", by: map[string]plan{Inner: {Receiving, []State{Promising}}, In: {Receiving, []State{Promising}}}},
	{action: "transfer.send_back", label: "登记退回寄送", by: map[string]plan{In: {Receiving, []State{Returning}}}},
	{action: "transfer.receipt", label: "登记回执", by: map[string]plan{Out: {Holding, []State{Awaiting}}, In: {Receiving, []State{Awaiting}}}},
	{action: "transfer.history", label: "登记经历", by: map[string]plan{In: {Receiving, []State{Returning}}}},
	{action: "transfer.confirm_history", label: "核对经历", by: map[string]plan{In: {Receiving, []State{Returning}}}},
	{action: "transfer.draft", label: "存草稿", by: map[string]plan{Inner: {Holding, []State{Packed}}, Out: {Holding, []State{Packed}}}},
	{action: "transfer.reopen", label: "退回审核", by: map[string]plan{Inner: {Holding, []State{Approved, Packed}}, Out: {Holding, []State{Approved, Packed}}}},
	{action: "transfer.decline", label: "不予转出", by: map[string]plan{Inner: {Holding, []State{Registered, Pulled}}, Out: {Holding, []State{Registered, Pulled}}}},
	{action: "transfer.return", label: "协商退回", by: map[string]plan{Inner: {Receiving, []State{Checking}}, In: {Receiving, []State{Checking}}}},
	{action: "transfer.withdraw", label: "撤回申请", by: map[string]plan{
		Inner: {Receiving, []State{Applied, Lettered, Registered, Pulled, Approved, Packed}}, In: {Receiving, []State{Applied, Lettered}},
		Out: {Holding, []State{Registered, Pulled, Approved, Packed}}}},
	// The keeper and the timers act on the case too.
	{action: "transfer.pulled", label: "提档", by: map[string]plan{Inner: {Holding, []State{Registered}}, Out: {Holding, []State{Registered}}}},
	{action: "transfer.shelved", label: "入库", by: map[string]plan{Inner: {Receiving, []State{Promising, Shelving}}, In: {Receiving, []State{Promising, Shelving}}}},
	{action: "transfer.expire", label: "函已过期", by: map[string]plan{Inner: {Receiving, []State{Lettered}}, In: {Receiving, []State{Lettered}}}},
	{action: "transfer.chase", label: "催办回执", by: map[string]plan{Inner: {Holding, []State{InTransit, Checking}}, Out: {Holding, []State{Awaiting}}, In: {Receiving, []State{Awaiting}}}},
	{action: "transfer.urge", label: "催办调档函", by: map[string]plan{Inner: {Receiving, []State{Lettered}}, In: {Receiving, []State{Lettered}}}},
}

func stepOf(action string) step {
	i := slices.IndexFunc(steps, func(s step) bool { return s.action == action })
	return steps[i]
}

// Has says whether an act exists at all in the case's direction, and at which end.
func (c Case) Has(action string) (end string, ok bool) {
	p, ok := stepOf(action).by[c.Direction]
	return p.end, ok
}

// Step holds an act to the states it is possible in.
func (c Case) Step(action string) error {
	s := stepOf(action)
	p, ok := s.by[c.Direction]
	if !ok {
		return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "step_of_other_way", Message: "本件不办理“" + s.label + "”。", Next: "请按本件所列步骤办理。"})
	}
	if slices.Contains(p.from, c.State) {
		return nil
	}
	names := make([]string, len(p.from))
	for i, f := range p.from {
		names[i] = f.Name()
	}
	return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "step_out_of_order",
		Message: fmt.Sprintf("本件现为“%s”，不能办理“%s”。", c.State.Name(), s.label),
		Next:    fmt.Sprintf("“%s”在“%s”时办理；请先完成前面的步骤。", s.label, strings.Join(names, "”或“")),
		Facts:   map[string]any{"state": string(c.State)}})
}

// Moved says whether custody has moved: exactly once, by receive or receipt.
func (c Case) Moved() bool { return !c.ReceivedAt.IsZero() }

// Custodian is the end that answers for the packet now; never none, never both.
func (c Case) Custodian() string {
	if c.Moved() {
		return Receiving
	}
	return Holding
}

// Letter puts the letter on the case.
func (c *Case) Letter(no, code, by string, on, until calendar.Date) error {
	if err := c.Step("transfer.letter"); err != nil {
		return err
	}
	c.LetterNo, c.LetterCode, c.LetterBy, c.LetterOn, c.ValidUntil, c.State = no, code, by, on.String(), until.String(), Lettered
	return nil
}

// Registration is what the holder enters about a letter that came.
type Registration struct {
	LetterNo   string
	Code       string // on the letter; checked against the register
	Telephone  string // number that was called, for a letter without code or from outside
	Spoke      string // with whom
	ReceivedOn calendar.Date
}

// workdays is the term of 20.2b.
const workdays = 15

// Register starts the holder's clock: 15 working days from the day the letter came (20.2b).
func (c *Case) Register(r Registration, by string, today calendar.Date, cal *calendar.Calendar) error {
	if err := c.Step("transfer.register"); err != nil {
		return err
	}
	return c.register(r, by, today, cal)
}

func (c *Case) register(r Registration, by string, today calendar.Date, cal *calendar.Calendar) error {
	var wrong []rule.Reason
	mistake := func(field, slug, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: slug, Field: field, Message: message, Next: next})
	}
	r.LetterNo, r.Code, r.Telephone, r.Spoke = strings.TrimSpace(r.LetterNo), strings.TrimSpace(r.Code), strings.TrimSpace(r.Telephone), strings.TrimSpace(r.Spoke)
	switch {
	case r.LetterNo == "":
		return rule.Complete(rule.Reason{Rule: "20.1", Slug: "letter_missing", Field: "letterNo", Message: "没有调档函，不能办理转出。", Next: "请凭接收单位开具的调档函登记；填写函上的编号。"})
	case c.Direction == Inner && sameNo(r.LetterNo) != sameNo(c.LetterNo):
		mistake("letterNo", "letter_number_mismatch", "函号与本件登记的调档函不一致。", "请核对函上的编号。")
	}
	if !r.ReceivedOn.Valid() || r.ReceivedOn > today || r.ReceivedOn < calendar.Date(c.LetterOn) {
		mistake("receivedOn", "received_on_wrong", "收函日期应在发函之后、今天以前。", "请填写实际收到调档函的日期，15 个工作日自该日起算。")
	}
	switch {
	case r.Code != "" && c.Direction == Inner && plainCode(r.Code) != plainCode(c.LetterCode):
		mistake("code", "letter_code_mismatch", "验证码与调档函登记簿不符。", "请核对函上的验证码；仍不符的，电话向开函机构核实，不要发档。")
	case r.Code == "" && (r.Telephone == "" || r.Spoke == ""):
		return rule.Complete(rule.Reason{Rule: "20.1", Slug: "letter_unverified", Field: "telephone", Message: "调档函没有验证码或来自外单位，尚未核实。", Next: "请电话向开函单位核实，并登记所拨电话和接听人。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if c.ValidUntil != "" && r.ReceivedOn > calendar.Date(c.ValidUntil) {
		return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "letter_expired", Message: "调档函已于" + calendar.Date(c.ValidUntil).Long() + "过期。", Next: "请接收单位重新开具调档函；重新开函不收费、不影响本人。"})
	}
	due, tentative := cal.AddWorkdays(r.ReceivedOn, workdays)
	c.Verified = "函上验证码核对一致"
	if r.Code == "" {
		c.Verified = fmt.Sprintf("电话核实：%s，接听人%s", r.Telephone, r.Spoke)
	}
	c.RegisteredOn, c.RegisteredBy, c.DueOn, c.DueTentative, c.State = r.ReceivedOn.String(), by, due.String(), tentative, Registered
	return nil
}

var noForm = strings.NewReplacer(" ", "", "　", "", "[", "〔", "]", "〕", "(", "〔", ")", "〕", "（", "〔", "）", "〕", "【", "〔", "】", "〕")

func sameNo(no string) string { return noForm.Replace(no) }

func plainCode(code string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "", "－", "", "—", "").Replace(code))
}

// Recount computes a provisional term anew (codes.md 1) and says whether it changed.
func (c *Case) Recount(cal *calendar.Calendar) bool {
	due, tentative := cal.AddWorkdays(calendar.Date(c.RegisteredOn), workdays)
	changed := due.String() != c.DueOn || tentative != c.DueTentative
	c.DueOn, c.DueTentative = due.String(), tentative
	return changed
}

// Pull follows the keeper's pull.
func (c *Case) Pull(by string, at time.Time) error {
	if err := c.Step("transfer.pulled"); err != nil {
		return err
	}
	c.PulledBy, c.PulledAt, c.State = by, at, Pulled
	return nil
}

// Approve is the review of 20.2a: nothing but the four hindrances stands in the way.
func (c *Case) Approve(h Hindrances, note, by string, at time.Time) error {
	if err := c.Step("transfer.review"); err != nil {
		return err
	}
	if reasons := h.Reasons(); len(reasons) > 0 {
		return rule.Refuse(reasons...)
	}
	c.Review, c.ReviewedBy, c.ReviewedAt, c.State = note, by, at, Approved
	return nil
}

// Decline says that the dossier is not sent, with all reasons (20.2b). Only a
// hindrance of 20.2a is a reason: the agency's own backlog is none. A catalog can
// be entered in the case, so its lack alone keeps nobody.
func (c *Case) Decline(h Hindrances, by string, at time.Time) ([]rule.Reason, error) {
	if err := c.Step("transfer.decline"); err != nil {
		return nil, err
	}
	h.NoCatalog = h.NoCatalog && c.State == Pulled
	reasons := h.Reasons()
	if len(reasons) == 0 {
		return nil, rule.Refuse(rule.Reason{Rule: "29.8", Slug: "refusal_without_rule", Message: "没有规定的不予转出情形：无未还借阅、无正在进行的查阅、无限制，目录已有或可以登记。",
			Next: "请继续办理转出；材料欠缺、待归档、记载不一致的，随档案注明，不影响转出。"})
	}
	c.ReviewedBy, c.ReviewedAt, c.State, c.ClosedAt = by, at, NotSent, at
	return reasons, nil
}

// Seal is what is entered when a packet is sealed.
type Seal struct {
	SealNo  string
	Volumes int64
}

// Pack seals the packet; the papers are issued in the same act.
func (c *Case) Pack(s Seal, by string, at time.Time) error {
	if err := c.Step("transfer.pack"); err != nil {
		return err
	}
	if err := c.seal(s); err != nil {
		return err
	}
	c.PackedBy, c.PackedAt, c.State = by, at, Packed
	return nil
}

// seal puts seal and volumes on the case.
func (c *Case) seal(s Seal) error {
	var wrong []rule.Reason
	if strings.TrimSpace(s.SealNo) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.2b", Slug: "seal_missing", Field: "sealNo", Message: "档案须密封，封条编号不能为空。", Next: "请填写封条上的编号。"})
	}
	if s.Volumes < 1 || s.Volumes > 99 {
		wrong = append(wrong, rule.Reason{Rule: "20.2b", Slug: "volumes_wrong", Field: "volumes", Message: "卷数应为 1 至 99。", Next: "请填写实际卷数。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	c.SealNo, c.Volumes = strings.TrimSpace(s.SealNo), s.Volumes
	return nil
}

// Reopen puts a packet back under review; its papers are void.
func (c *Case) Reopen() error {
	if err := c.Step("transfer.reopen"); err != nil {
		return err
	}
	c.SealNo, c.Volumes, c.NoticeNo, c.PackedBy, c.PackedAt, c.Draft = "", 0, "", "", time.Time{}, ""
	c.Review, c.ReviewedBy, c.ReviewedAt, c.State = "", "", time.Time{}, Pulled
	return nil
}

// Dispatched sends the packet on its way; CheckWay has passed.
func (c *Case) Dispatched(d Dispatch, messengers, by string, today calendar.Date, receiptDays int) error {
	if err := c.Step("transfer.dispatch"); err != nil {
		return err
	}
	if err := c.sent(d, c.RegisteredOn, messengers, by, today, receiptDays); err != nil {
		return err
	}
	c.State = InTransit
	if c.Direction == Out {
		c.State = Awaiting
	}
	return nil
}

// sent writes down how a packet went, not before a day.
func (c *Case) sent(d Dispatch, after, messengers, by string, today calendar.Date, receiptDays int) error {
	on := calendar.Date(d.On)
	if !on.Valid() || on > today || on.String() < after {
		return rule.Mistake(rule.Reason{Rule: "20.2b", Slug: "dispatched_on_wrong", Field: "on", Message: "交寄日期应在收函（收件）之后、今天以前。", Next: "请填写实际交寄的日期。"})
	}
	c.Way, c.TrackingNo, c.Messengers, c.Draft = d.Way, strings.TrimSpace(d.TrackingNo), messengers, ""
	c.DispatchedOn, c.DispatchedBy, c.ReceiptDue = on.String(), by, on.AddDays(receiptDays).String()
	return nil
}

// Arrival is what is seen when a packet comes.
type Arrival struct {
	On       calendar.Date
	Intact   bool
	Seen     string // what is wrong with cover or seal, when not intact
	NoticeNo string // of an outside sender
	Volumes  int64  // likewise
}

// Arrive records the packet's coming; custody has not moved yet.
func (c *Case) Arrive(a Arrival, by string, today calendar.Date) error {
	if err := c.Step("transfer.arrive"); err != nil {
		return err
	}
	var wrong []rule.Reason
	if earliest := max(c.DispatchedOn, c.LetterOn); !a.On.Valid() || a.On > today || a.On.String() < earliest {
		wrong = append(wrong, rule.Reason{Rule: "20.5", Slug: "arrived_on_wrong", Field: "on", Message: "到件日期应在寄出之后、今天以前。", Next: "请填写实际收到的日期。"})
	}
	if !a.Intact && strings.TrimSpace(a.Seen) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.4a", Slug: "packet_state_missing", Field: "seen", Message: "包封或封条不完好的，须写明情况。", Next: "请写明破损位置和程度。"})
	}
	if c.Direction == In && (a.Volumes < 1 || a.Volumes > 99) {
		wrong = append(wrong, rule.Reason{Rule: "20.4a", Slug: "volumes_wrong", Field: "volumes", Message: "卷数应为 1 至 99。", Next: "请填写实收卷数。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if c.Direction == In {
		c.NoticeNo, c.Volumes = strings.TrimSpace(a.NoticeNo), a.Volumes
	}
	c.ArrivedOn, c.ArrivedBy, c.Intact, c.State, c.ClosedAt = a.On.String(), by, a.Intact, Checking, time.Time{}
	if !a.Intact {
		c.Differences = "包封：" + strings.TrimSpace(a.Seen)
	}
	return nil
}

// Results of checking one line.
const (
	LineOK      = "ok"
	LineMissing = "missing"
	LinePages   = "pages"
	LineContent = "content"
	LineExtra   = "extra"
)

var lineNames = map[string]string{LineOK: "相符", LineMissing: "缺少", LinePages: "页数不符", LineContent: "内容不符", LineExtra: "多出"}

// LineName is a line's result as papers say it.
func LineName(result string) string { return lineNames[result] }

// Checked says that every line has its result, by the first checker.
func (c *Case) Checked(items []Item, by string, at time.Time) error {
	if err := c.Step("transfer.check"); err != nil {
		return err
	}
	left := 0
	for _, i := range items {
		if !i.Void && i.ReceiverCheck == "" {
			left++
		}
	}
	c.CheckedBy, c.CheckedAt = by, at
	if left > 0 || len(items) == 0 {
		c.CheckedAt = time.Time{} // under way
	}
	return nil
}

// Receive is the second checker's word: the receipt goes back, custody moves.
func (c *Case) Receive(items []Item, gaps []Gap, by string, at time.Time) error {
	if err := c.Step("transfer.receive"); err != nil {
		return err
	}
	if c.CheckedAt.IsZero() {
		return rule.Refuse(unchecked())
	}
	var found []string
	for _, i := range items {
		if !i.Void && i.ReceiverCheck != LineOK {
			text := fmt.Sprintf("第%d项%s", i.LineNo, lineNames[i.ReceiverCheck])
			if i.Note != "" {
				text += "（" + i.Note + "）"
			}
			found = append(found, text)
		}
	}
	c.CheckResult = "相符"
	if len(found) > 0 {
		c.CheckResult = "不符"
		if c.Differences != "" {
			c.Differences += "；"
		}
		c.Differences += strings.Join(found, "；")
	}
	c.SecondChecker, c.ReceivedAt, c.ReceiptOn = by, at, calendar.Of(at).String()
	key, other := split(gaps)
	switch {
	case len(key) > 0:
		c.Outcome, c.State = "告知承诺后接收", Promising
	case len(other) > 0:
		c.Outcome, c.State = "先存后补接收", Shelving
	default:
		c.Outcome, c.State = "接收", Shelving
	}
	return nil
}

// Gap is a key fact no sound material covers (20.4a), or a missing non-key material (20.4b).
type Gap struct {
	KeyFact     string   `json:"keyFact,omitempty"`
	Title       string   `json:"title"`
	Class       string   `json:"class"`
	Others      []string `json:"others,omitempty"`
	Consequence string   `json:"consequence,omitempty"`
}

func split(gaps []Gap) (key, other []Gap) {
	for _, g := range gaps {
		if g.KeyFact != "" {
			key = append(key, g)
		} else {
			other = append(other, g)
		}
	}
	return key, other
}

// Tell puts the one notice of all gaps on the case (20.4a): told once, not piece by piece.
func (c *Case) Tell(today calendar.Date) error {
	if err := c.Step("transfer.tell"); err != nil {
		return err
	}
	if c.ToldOn != "" {
		return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "told_already", Message: "已于" + calendar.Date(c.ToldOn).Long() + "一次性告知，不再另行告知。", Next: "请联系本人作出书面承诺，登记承诺即可。"})
	}
	c.ToldOn = today.String()
	return nil
}

// Promised is the person's written statement.
type Promised struct {
	Signed    bool
	Statement string
	Return    bool // the person would rather have it returned
	On        calendar.Date
	Due       calendar.Date // empty: the province's term
}

// Promise accepts the undertaking: the dossier, which is in custody all along, is served from now on.
func (c *Case) Promise(p Promised, today, latest calendar.Date, at time.Time) error {
	if err := c.Step("transfer.promise"); err != nil {
		return err
	}
	if c.ToldOn == "" {
		return notTold()
	}
	if p.Return {
		return rule.Refuse(noReturn())
	}
	if !p.Signed || strings.TrimSpace(p.Statement) == "" {
		return rule.Complete(rule.Reason{Rule: "20.4a", Slug: "key_material_without_undertaking", Message: "缺关键材料，本人尚未作出书面承诺。",
			Next: "请本人在告知承诺书上签名后登记；联系不上本人的，先行代管，档案不退回。"})
	}
	if !p.On.Valid() || p.On > today || p.On.String() < c.ToldOn {
		return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "promised_on_wrong", Field: "on", Message: "承诺日期应在告知之后、今天以前。", Next: "请填写签名日期。"})
	}
	due := latest
	if p.Due != "" {
		due = p.Due
	}
	if !due.Valid() || due <= p.On || due > latest {
		return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "promise_due_wrong", Field: "due", Message: "补充期限应在承诺日期之后，最迟" + latest.Long() + "。", Next: "请重新填写补充期限。"})
	}
	c.PromisedOn, c.Statement, c.PromiseDue, c.State = p.On.String(), strings.TrimSpace(p.Statement), due.String(), Shelving
	if !c.ShelvedAt.IsZero() {
		c.State, c.ClosedAt = Closed, at
	}
	return nil
}

func notTold() error {
	return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "not_told", Message: "尚未一次性告知所缺关键材料。", Next: "请先出具告知承诺书。"})
}

func unchecked() rule.Reason {
	return rule.Reason{Rule: "20.4a", Slug: "check_incomplete", Message: "还没有对照清单逐份核对完。", Next: "请先逐份登记核对结果；外来档案没有清单的，先逐份登记清单。"}
}

func noReturn() rule.Reason {
	return rule.Reason{Rule: "20.4a", Slug: "return_between_agencies", Message: "档案管理服务机构之间不得以材料不全为由退回档案。", Next: "请一次性告知所缺材料，由本人作出书面承诺；联系不上的先行代管。"}
}

// Shelve follows the keeper's shelving. A dossier whose person has not promised
// is kept all the same (代管待承诺).
func (c *Case) Shelve(at time.Time) error {
	if err := c.Step("transfer.shelved"); err != nil {
		return err
	}
	c.ShelvedAt = at
	if c.State == Shelving {
		c.State, c.ClosedAt = Closed, at
	}
	return nil
}

// OutsideReceipt is a receipt that came back on paper.
type OutsideReceipt struct {
	No     string
	On     calendar.Date // the day the outside keeper received the packet
	Intact bool
	Match  bool
	Note   string
}

// Receipt closes a transfer to an outside keeper: custody moves here.
func (c *Case) Receipt(r OutsideReceipt, today calendar.Date, at time.Time) error {
	if err := c.Step("transfer.receipt"); err != nil {
		return err
	}
	var wrong []rule.Reason
	if !r.On.Valid() || r.On > today || r.On.String() < c.DispatchedOn {
		wrong = append(wrong, rule.Reason{Rule: "20.5", Slug: "receipt_on_wrong", Field: "on", Message: "收到日期应在寄出之后、今天以前。", Next: "请按回执填写。"})
	}
	if (!r.Intact || !r.Match) && strings.TrimSpace(r.Note) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.5", Slug: "difference_missing", Field: "note", Message: "包封不完好或核对不符的，须写明情况。", Next: "请照回执抄录。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	c.ReceiptNo, c.ReceiptOn = strings.TrimSpace(r.No), today.String()
	if c.Direction == In { // a return: custody was the former employer's all along
		if note := strings.TrimSpace(r.Note); note != "" {
			c.Differences = note
		}
		c.ClosedAt, c.State = at, Returned
		return nil
	}
	c.ArrivedOn, c.Intact, c.CheckResult, c.Outcome = r.On.String(), r.Intact, "相符", "接收"
	if !r.Match {
		c.CheckResult = "不符"
	}
	c.Differences = strings.TrimSpace(r.Note)
	c.ReceivedAt, c.ClosedAt, c.State = at, at, Closed
	return nil
}

// Withdraw ends a case before the packet has left.
func (c *Case) Withdraw(why string, at time.Time) error {
	if err := c.Step("transfer.withdraw"); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return rule.Mistake(rule.Reason{Rule: "29.6", Slug: "withdraw_reason_missing", Field: "why", Message: "撤回须写明原因。", Next: "请填写撤回原因，例如：本人申请撤回。"})
	}
	c.WithdrawnWhy, c.State, c.ClosedAt = strings.TrimSpace(why), Withdrawn, at
	return nil
}

// Expire ends a letter nobody registered in time.
func (c *Case) Expire(today calendar.Date, at time.Time) error {
	if err := c.Step("transfer.expire"); err != nil {
		return err
	}
	if c.ValidUntil >= today.String() {
		return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "letter_valid", Message: "调档函仍在有效期内。", Next: "到期后自动登记。"})
	}
	c.State, c.ClosedAt = Expired, at
	return nil
}

// Chase notes that the receipt was asked for (20.5), Urge that an answer to the
// letter was (20.1): once a day at most.
func (c *Case) Chase(today calendar.Date) error { return c.ask("transfer.chase", "20.5", today) }

// Urge asks the holder again for what the letter asks.
func (c *Case) Urge(today calendar.Date) error { return c.ask("transfer.urge", "20.1", today) }

func (c *Case) ask(action string, under rule.ID, today calendar.Date) error {
	if err := c.Step(action); err != nil {
		return err
	}
	if r := c.chasedToday(under, today); r != nil {
		return rule.Refuse(*r)
	}
	c.ChasedOn, c.Chased = today.String(), c.Chased+1
	return nil
}

func (c Case) chasedToday(under rule.ID, today calendar.Date) *rule.Reason {
	if c.ChasedOn != today.String() {
		return nil
	}
	r := reason(under, "chased_today", "今天已经催办过。", "明天仍未答复的，可以再次催办，或者电话联系对方。")
	return &r
}
