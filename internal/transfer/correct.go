package transfer

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/region"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Correction is one field of a case that was put right, with what stood there before.
type Correction struct {
	ID         string    `db:"id"`
	TransferID string    `db:"transfer_id"`
	At         time.Time `db:"at"`
	MadeBy     string    `db:"made_by"`
	Field      string    `db:"field"`
	Was        string    `db:"was,null"`
	Became     string    `db:"became,null"`
	Why        string    `db:"why"`
	LetterNo   string    `db:"letter_no,null"`   // the letter that said the old value
	ReplacedBy string    `db:"replaced_by,null"` // and the one that stands for it
}

// Table names the table of corrections.
func (Correction) Table() string { return "transfer_correction" }

func init() {
	store.Describe(Correction{})
	store.Register("transfer_correction", store.Audited, "转递在办事项的更正：原值、现值、原因")
}

// CorrectionsOf lists what was put right in a case, newest first.
func CorrectionsOf(ctx context.Context, q store.Querier, caseID string) ([]Correction, error) {
	return store.List[Correction](ctx, q, "WHERE transfer_id=? ORDER BY at DESC, id DESC LIMIT 100", caseID)
}

// correctable is one field of a case, and in which states of which direction it may still be
// put right. What a letter says may change until the holder has registered it, what a notice
// says until the packet is sealed, who asks until the packet is taken in.
type correctable struct {
	field, label string
	of           func(*Case) *string
	by           map[string][]State
	lettered     bool // stands on the letter: a new one is issued for it
}

var (
	untilRegistered = []State{Applied, Lettered}
	untilReceived   = []State{Applied, Lettered, Registered, Pulled, Approved, Packed, InTransit, Checking}
	untilSealed     = []State{Registered, Pulled, Approved}
	asking          = map[string][]State{Inner: untilRegistered, In: untilRegistered}
	asker           = map[string][]State{Inner: untilReceived, In: untilReceived}
	receiving       = map[string][]State{Out: untilSealed}
)

// correctables are all fields that may be put right, in the order of screens.
var correctables = []correctable{
	{"applicantKind", "申请方式", func(c *Case) *string { return &c.ApplicantKind }, asker, false},
	{"applicant", "申请人", func(c *Case) *string { return &c.Applicant }, asker, false},
	{"applicantUscc", "申请单位信用代码", func(c *Case) *string { return &c.ApplicantUSCC }, asker, false},
	{"applicantDoc", "单位函件", func(c *Case) *string { return &c.ApplicantDoc }, asker, false},
	{"reason", "转递原因", func(c *Case) *string { return &c.Reason }, map[string][]State{Inner: untilRegistered, In: untilRegistered, Out: untilSealed}, true},
	{"regionBasis", "存档依据", func(c *Case) *string { return &c.RegionBasis }, asking, true},
	{"tiePlace", "依据所在区县", func(c *Case) *string { return &c.TiePlace }, asking, true},
	{"tieDespite", "在本机构受理的理由", func(c *Case) *string { return &c.TieDespite }, asking, false},
	{"employer", "现工作单位", func(c *Case) *string { return &c.Employer }, asking, true},
	{"wayRequired", "要求的转递方式", func(c *Case) *string { return &c.WayRequired }, asking, true},
	{"holderName", "原存档单位", func(c *Case) *string { return &c.HolderName }, map[string][]State{In: untilRegistered}, true},
	{"holderKind", "原存档单位性质", func(c *Case) *string { return &c.OutsideKind }, map[string][]State{In: untilReceived}, false},
	{"receiverKind", "接收单位性质", func(c *Case) *string { return &c.OutsideKind }, receiving, false},
	{"receiverName", "接收单位", func(c *Case) *string { return &c.ReceiverName }, receiving, false},
	{"receiverAddr", "接收地址", func(c *Case) *string { return &c.ReceiverAddr }, receiving, false},
}

// Field is a field of a case as its form of correction offers it.
type Field struct {
	Field, Label, Value string
	TooLate             *rule.Refusal // why it can't be put right any more
}

// text is a value as people read it.
func (f correctable) text(value string) string {
	switch f.field {
	case "tiePlace":
		if value != "" {
			return region.Name(value)
		}
	case "wayRequired":
		if value != "" {
			return WayName(value)
		}
	case "applicantKind":
		return KindName(value)
	case "holderKind", "receiverKind":
		return EndName(value)
	}
	return value
}

// KindName is who applies, as people say it.
func KindName(kind string) string {
	return map[string]string{Self: "本人申请", Unit: "单位申请", Agent: "委托代办"}[kind]
}

// Fields are what a case has that may be put right at all in its direction.
func (c Case) Fields(today calendar.Date) []Field {
	out := []Field{}
	for _, f := range correctables {
		if _, ok := f.by[c.Direction]; !ok {
			continue
		}
		out = append(out, Field{Field: f.field, Label: f.label, Value: *f.of(&c), TooLate: f.late(c, today)})
	}
	return out
}

// late says why a field can't be put right any more.
func (f correctable) late(c Case, today calendar.Date) *rule.Refusal {
	next := "确需改变的，撤回本件后重新受理；已寄出的，待签收核对后在档案上办理。"
	switch {
	case !c.State.Open():
		next = "本件已经结束；信息有误的，在档案上办理更正，或者重新申请。"
	case c.Direction == Out && c.State == Packed && f.by[Out] != nil:
		next = "已装封、已出通知单的，先“退回审核”，更正后重新装封。"
	case f.lettered && c.State == Lettered && c.Answer != "":
		return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "correct_answered", Field: f.field, Message: "对方已对调档函作出预审答复，“" + f.label + "”不能再改。", Next: next})
	case f.lettered && c.State == Lettered && c.ValidUntil != "" && calendar.Date(c.ValidUntil) < today:
		return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "letter_expired", Field: f.field, Message: "调档函已过期，不能换发。", Next: "到期后自动结束；请重新受理申请、开具新函。"})
	case slices.Contains(f.by[c.Direction], c.State):
		return nil
	}
	until := map[bool]string{true: "对方登记来函以前", false: "签收以前"}[len(f.by[c.Direction]) == len(untilRegistered)]
	if c.Direction == Out {
		until = "装封以前"
	}
	return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "correct_too_late", Field: f.field, Message: fmt.Sprintf("“%s”只能在%s更正，本件现为“%s”。", f.label, until, c.State.Name()), Next: next, Facts: map[string]any{"state": string(c.State)}})
}

// correctableNow refuses where nothing of a case can be put right any more.
func (c Case) correctableNow(today calendar.Date) error {
	var last *rule.Refusal
	for _, f := range c.Fields(today) {
		if f.TooLate == nil {
			return nil
		}
		last = f.TooLate
	}
	if last == nil {
		return nil
	}
	return last
}

// Change is one field with its right value.
type Change struct{ Field, Value string }

// Correct puts fields right and gives what was changed; all that stands in the way is told at
// once. What needs the province (ties, accounts, the letter) the desk adds.
func (c *Case) Correct(changes []Change, why string, today calendar.Date) ([]Correction, error) {
	if err := c.Step("transfer.correct"); err != nil {
		return nil, err
	}
	why = strings.TrimSpace(why)
	var late, wrong []rule.Reason
	var out []Correction
	mistake := func(id rule.ID, slug, field, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next})
	}
	for _, ch := range changes {
		i := slices.IndexFunc(correctables, func(f correctable) bool { return f.field == ch.Field })
		if i < 0 || correctables[i].by[c.Direction] == nil {
			mistake("20.1", "correct_unknown", "changes", "本件没有可以更正的这一项。", "请从所列项目中选择；姓名、证件号码有误的，撤回后重新受理。")
			continue
		}
		f := correctables[i]
		at, value := f.of(c), strings.TrimSpace(ch.Value)
		if f.field == "applicantUscc" {
			if code, problem, _ := identity.CheckCredit(value); problem == "" {
				value = code
			}
		}
		if *at == value {
			continue
		}
		if r := f.late(*c, today); r != nil {
			late = append(late, r.Reasons...)
			continue
		}
		if len([]rune(value)) > 200 {
			mistake("20.1", "correct_too_long", f.field, f.label+"最长 200 字。", "请照证件或函件填写。")
			continue
		}
		out = append(out, Correction{Field: f.label, Was: f.text(*at), Became: f.text(value)})
		if f.field == "applicantKind" && (*at == Agent || value == Agent) {
			mistake("20.1", "correct_agent", f.field, "本人、单位申请与委托代办之间不能改。", "代办的凭委托书和双方证件，请撤回后重新受理。")
		}
		*at = value
	}
	if len(late) > 0 {
		return nil, rule.Refuse(late...)
	}
	wrong = append(wrong, c.holds()...)
	if why == "" {
		mistake("20.1", "correct_reason_missing", "why", "更正须写明原因。", "请写明原来错在哪里、依据什么更正。")
	}
	if len(out) == 0 && len(wrong) == 0 {
		mistake("20.1", "correct_nothing", "changes", "没有要更正的内容。", "请填写更正后的值。")
	}
	if len(wrong) > 0 {
		return nil, rule.Mistake(wrong...)
	}
	for i := range out {
		out[i].Why = why
	}
	return out, nil
}

// holds is what an application and a letter are held to, whatever was put right.
func (c Case) holds() (wrong []rule.Reason) {
	mistake := func(id rule.ID, slug, field, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next})
	}
	if c.Reason != ReasonFound && !slices.Contains(ReasonNames, c.Reason) {
		mistake("20.1", "reason_unknown", "reason", "调档原因不在列表中。", "请选择一项。")
	}
	if c.WayRequired != "" && WayName(c.WayRequired) == c.WayRequired {
		mistake("20.3a", "way_unknown", "wayRequired", "转递方式不在规定之列。", "请选择机要通信、专人送取或给据邮件。")
	}
	if c.OutsideKind != "" && c.Direction != Inner {
		if r := checkEnd(c.OutsideKind, map[string]string{In: "holderKind", Out: "receiverKind"}[c.Direction], c.Direction == Out); r != nil {
			wrong = append(wrong, *r)
		}
	}
	if c.Direction == Out {
		if c.ReceiverName == "" {
			mistake("20b", "receiver_missing", "receiverName", "接收单位不能为空。", "请照函填写机关、单位全称；个人不得接收档案。")
		}
		return wrong
	}
	if c.Applicant == "" {
		mistake("20.1", "applicant_missing", "applicant", "申请人不能为空。", "请填写本人姓名或申请单位名称。")
	}
	if !slices.Contains([]string{Self, Unit, Agent, ""}, c.ApplicantKind) {
		mistake("20.1", "applicant_kind_unknown", "applicantKind", "申请人应为本人或单位。", "请重新选择。")
	}
	if c.ApplicantKind == Unit && c.ApplicantDoc == "" {
		mistake("20.1", "unit_letter_missing", "applicantDoc", "单位申请没有登记单位的函件。", "请登记单位介绍信或者申请函的编号。")
	}
	if problem := creditProblem(c.ApplicantKind, c.ApplicantUSCC); problem != "" {
		mistake("12c", "uscc_invalid", "applicantUscc", "申请单位的统一社会信用代码"+problem+"。", "请照单位证照录入 18 位代码。")
	}
	if c.ApplicantKind == Unit && c.ApplicantUSCC == "" {
		mistake("12c", "uscc_missing", "applicantUscc", "单位申请没有登记单位的统一社会信用代码。", "请照单位证照录入 18 位代码。")
	}
	if c.Direction == In && c.HolderName == "" {
		mistake("20.1", "holder_missing", "holderName", "原存档单位不能为空。", "请填写现在保管档案的机关、单位或外省机构全称。")
	}
	if c.RegionBasis == "" { // 集体户转来的不问依据
		return wrong
	}
	if !slices.Contains(TieNames, c.RegionBasis) {
		mistake("7b", "tie_unknown", "regionBasis", "存档依据不在列表中。", "请选择户籍地、现工作单位所在地等其中一项。")
	}
	if c.TiePlace != "" && !region.Known(c.TiePlace) {
		mistake("7b", "tie_place_unknown", "tiePlace", "没有这个区县。", "请从区县列表中选择。")
	}
	if c.RegionBasis == "现工作单位所在地" && c.Employer == "" {
		mistake("7b", "employer_missing", "employer", "以现工作单位所在地存档的，须登记工作单位。", "请填写工作单位全称。")
	}
	return wrong
}

// Correct puts right what was entered wrongly in a case under way, with the reason; the old
// values stay. What the letter says needs a new letter: the old one is replaced in the register.
func (k *Desk) Correct(ctx context.Context, by policy.Actor, id string, changes []Change, why, worker string) (Case, error) {
	return k.on(ctx, by, "transfer.correct", []rule.ID{"20.1", "29.6"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		old := *c
		made, err := c.Correct(changes, why, tx.Today())
		if err != nil {
			return err
		}
		if err := k.holdsTo(tx, old, *c, worker); err != nil {
			return err
		}
		replaced := ""
		if c.State == Lettered && slices.ContainsFunc(made, func(m Correction) bool { return onLetter(m.Field) }) {
			if err := setPapers(tx, c.Ref(), document.Superseded, document.TransferLetter); err != nil {
				return err
			}
			doc, err := k.issueLetter(tx, *c, calendar.Date(c.ValidUntil))
			if err != nil {
				return err
			}
			replaced = doc.Number
			c.LetterNo, c.LetterCode, c.LetterBy, c.LetterOn = doc.Number, doc.Code, by.ID, tx.Today().String()
		}
		for _, m := range made {
			m.ID, m.TransferID, m.At, m.MadeBy = gate.NewID(), c.ID, tx.Now(), by.ID
			if replaced != "" && onLetter(m.Field) {
				m.LetterNo, m.ReplacedBy = old.LetterNo, replaced
			}
			if err := tx.Insert(m); err != nil {
				return err
			}
		}
		text := "对方更正了在办转递的登记信息，原值和原因见“更正记录”。"
		if replaced != "" {
			text = "原调档函已换发，请凭新的函号和验证码登记来函；原值和原因见“更正记录”。"
		}
		return c.tellOthers(tx, "转递信息已更正", text)
	})
}

func onLetter(label string) bool {
	return slices.ContainsFunc(correctables, func(f correctable) bool { return f.label == label && f.lettered })
}

// holdsTo asks what the province knows of a corrected application: the unit's account (12c)
// and the ties (7b), where they were changed.
func (k *Desk) holdsTo(tx *gate.Tx, old, c Case, worker string) error {
	if c.Direction == Out {
		return nil
	}
	if (c.Applicant != old.Applicant || c.ApplicantUSCC != old.ApplicantUSCC) && c.Applicant != c.PersonName {
		if err := account.Came(tx, c.Receiver, account.Unit{USCC: c.ApplicantUSCC, Name: c.Applicant}, account.Bearer{Worker: worker}, c.Ref()); err != nil {
			return err
		}
	}
	if c.RegionBasis == old.RegionBasis && c.TiePlace == old.TiePlace && c.TieDespite == old.TieDespite {
		return nil
	}
	if err := k.admits(c.RegionBasis); err != nil {
		return err
	}
	own, err := agency.Get(tx.Context(), tx, c.Receiver)
	if err != nil {
		return err
	}
	missing, err := k.heldTo(tx, own, c, nil)
	if err == nil && len(missing) > 0 {
		err = rule.Complete(missing...)
	}
	return err
}

// tellOthers tells every agency that has to do with a case, but for the one that acts.
func (c Case) tellOthers(tx *gate.Tx, subject, text string) error {
	told := []string{tx.Actor().Org, ""}
	for _, to := range []string{c.Holder, c.Receiver, c.PassedBy} {
		if slices.Contains(told, to) || to == c.Holder && c.LetterOn == "" { // no letter: nothing is known there
			continue
		}
		told = append(told, to)
		if err := message.Inform(tx, message.Notice{Agency: to, Post: "clerk", Subject: subject, Text: text, DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID}); err != nil {
			return err
		}
	}
	return nil
}

// CorrectWay puts right how a packet under way was sent: a number misread, a messenger
// exchanged. The same is asked as when it is sent (20.3); a packet with a fault or in a list is
// dealt with there.
func (k *Desk) CorrectWay(ctx context.Context, by policy.Actor, id string, s Dispatch, why string) (Case, error) {
	return k.on(ctx, by, "transfer.correct_way", []rule.ID{"20.3a", "20.3b", "20.3c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.mayCorrectWay(); err != nil {
			return err
		}
		if strings.TrimSpace(why) == "" {
			return rule.Mistake(rule.Reason{Rule: "20.3a", Slug: "correct_reason_missing", Field: "why", Message: "更正须写明原因。", Next: "请写明原来错在哪里、依据什么更正，例如：照机要交寄单核对。"})
		}
		messengers, err := k.checkWay(tx, *c, *d, &s)
		if err != nil {
			return err
		}
		old := *c
		if err := c.sent(s, c.readyOn(), messengers, old.DispatchedBy, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
			return err
		}
		fields := []Correction{{Field: "转递方式", Was: WayName(old.Way), Became: WayName(c.Way)}, {Field: "编号", Was: old.TrackingNo, Became: c.TrackingNo}, {Field: "交寄局（网点）", Was: old.Office, Became: c.Office},
			{Field: "送取人", Was: old.carried(), Became: c.carried()}, {Field: "交寄日期", Was: old.DispatchedOn, Became: c.DispatchedOn}}
		changed := false
		for _, m := range fields {
			if m.Was == m.Became {
				continue
			}
			changed = true
			m.ID, m.TransferID, m.At, m.MadeBy, m.Why = gate.NewID(), c.ID, tx.Now(), by.ID, strings.TrimSpace(why)
			if err := tx.Insert(m); err != nil {
				return err
			}
		}
		if !changed && old.Messengers == c.Messengers {
			return rule.Mistake(rule.Reason{Rule: "20.3a", Slug: "correct_nothing", Field: "trackingNo", Message: "没有要更正的内容。", Next: "请填写更正后的值。"})
		}
		return c.tellOthers(tx, "寄送登记已更正", "对方更正了包裹的转递方式、编号或送取人，请按更正后的登记收件。")
	})
}

// mayCorrectWay says whether how the packet went may be put right now.
func (c Case) mayCorrectWay() error {
	if err := c.Step("transfer.correct_way"); err != nil {
		return err
	}
	if c.Fault != "" {
		return rule.Refuse(rule.Reason{Rule: "20.3a", Slug: "fault_open", Message: "包裹异常“" + FaultName(c.Fault) + "”尚未了结。", Next: "请在异常处理中查询、改投或者登记退回。"})
	}
	if c.ListID != "" {
		return rule.Refuse(reason("20.2b", "packed_with_list", "本件随批寄送，编号为全批一件。", "编号登错的，请在本批的回执中注明。"))
	}
	return nil
}

// carried names the messengers without their whole numbers.
func (c Case) carried() string {
	var out []string
	for _, m := range c.Carriers() {
		out = append(out, m.Name+"（"+identity.Mask(m.IDNo)+"）")
	}
	return strings.Join(out, "、")
}

// reasonCodes are the reasons as choices of a form.
func reasonCodes(names []string) []codes.Code {
	out := make([]codes.Code, len(names))
	for i, n := range names {
		out[i] = codes.Code{Code: n, Name: n}
	}
	return out
}

// Choices are the values a field is chosen from; none for one that is written.
func (k *Desk) Choices(field string) []codes.Code {
	switch field {
	case "applicantKind":
		return []codes.Code{{Code: Self, Name: KindName(Self)}, {Code: Unit, Name: KindName(Unit)}}
	case "reason":
		return reasonCodes(ReasonNames)
	case "regionBasis":
		return reasonCodes(k.Ties())
	case "tiePlace":
		var out []codes.Code
		for _, d := range region.Chongqing() {
			if d.Status == "active" && d.Code != "500000" {
				out = append(out, codes.Code{Code: d.Code, Name: d.Name})
			}
		}
		return out
	case "holderKind":
		return OutsideKinds
	case "receiverKind":
		return ReceiverKinds()
	case "wayRequired":
		out := []codes.Code{{Code: "", Name: "依规定"}}
		for _, w := range codes.TransferWays() {
			out = append(out, codes.Code{Code: w.Slug, Name: w.Name})
		}
		return out
	}
	return nil
}
