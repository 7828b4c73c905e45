package death

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// ListState tells how far a handover is.
type ListState string

// States of a handover.
const (
	Preparing ListState = "preparing" // 拟移交: packets are pulled
	Delivered ListState = "delivered" // 已移交待回执
	Receipted ListState = "receipted" // 已签收
	Cancelled ListState = "cancelled" // 已取消
)

var listStates = map[ListState]struct{ name, tone string }{
	Preparing: {"拟移交", "wait"}, Delivered: {"待回执", "run"}, Receipted: {"已签收", "done"}, Cancelled: {"已取消", "void"},
}

// Name is the state as screens say it.
func (s ListState) Name() string { return listStates[s].name }

// Tone is the state's color on screens.
func (s ListState) Tone() string { return listStates[s].tone }

// Why a handover is made (forms.md 17), and to whom.
const (
	ForTerm  = "term" // 去世满5年
	ForMerit = "hero" // 英雄模范人物
	Archive  = "archive"
	Keeper   = "keeper"
)

var (
	purposes   = map[string]string{ForTerm: "去世满5年", ForMerit: "英雄模范人物"}
	recipients = map[string]string{Archive: "档案馆", Keeper: "其他保管单位"}
)

// Actions on a handover.
const (
	ActPrepare = "death.prepare"
	ActCheck   = "death.check"
	ActDeliver = "death.deliver"
	ActReceipt = "death.receipt"
	ActCancel  = "death.cancel"
	ActStrike  = "death.strike"
	ActOpen    = "death.open_list"
)

// Most is how many packets one list holds.
const Most = 100

// Handover is one list.
type Handover struct {
	ID            string    `db:"id"`
	Version       int64     `db:"version"`
	No            string    `db:"no"` // SY-50010801-2026-00001
	Agency        string    `db:"agency"`
	State         ListState `db:"state"`
	Reason        string    `db:"reason"`
	RecipientKind string    `db:"recipient_kind"`
	Recipient     string    `db:"recipient"`
	Basis         string    `db:"basis"`
	Secrecy       int       `db:"secrecy"` // highest of its dossiers
	Persons       int64     `db:"persons"`
	Materials     int64     `db:"materials"`
	Pages         int64     `db:"pages"`
	Volumes       int64     `db:"volumes,null"` // counted as it was handed over
	PreparedBy    string    `db:"prepared_by"`
	PreparedAt    time.Time `db:"prepared_at"`
	DeliveredBy   string    `db:"delivered_by,null"`
	HandedOn      string    `db:"handed_on,null"`
	DocumentID    string    `db:"document_id,null"`
	Number        string    `db:"number,null"`
	Takers        string    `db:"takers,null"`
	Witness       string    `db:"witness,null"`
	ReceiptNo     string    `db:"receipt_no,null"`
	ReceivedOn    string    `db:"received_on,null"`
	Note          string    `db:"note,null"` // of a cancelling
	ChangedAt     time.Time `db:"changed_at"`
}

// Table names the table of handovers.
func (Handover) Table() string { return "death_handover" }

// Ref names the list in papers and in the custody record.
func (h Handover) Ref() string { return "Handover:" + h.ID }

// ReasonName is why it is made, as papers say it.
func (h Handover) ReasonName() string { return purposes[h.Reason] }

// RecipientName is the kind of the taker.
func (h Handover) RecipientName() string { return recipients[h.RecipientKind] }

// Resource is the list as the policies see it.
func (h Handover) Resource() policy.Resource {
	return policy.Resource{Type: "Handover", ID: h.ID, Agencies: []string{h.Agency}, Secrecy: h.Secrecy, Attrs: map[string]any{"agency": h.Agency, "preparedBy": h.PreparedBy}}
}

var listFrom = map[string]ListState{ActCheck: Preparing, ActDeliver: Preparing, ActCancel: Preparing, ActStrike: Preparing, ActReceipt: Delivered}

// May says whether the state lets an action happen; nil if it does.
func (h Handover) May(action string) error {
	if listFrom[action] == h.State {
		return nil
	}
	return rule.Refuse(reason("list_"+string(h.State), "", "该移交清单"+h.State.Name()+"，不能再办此项。", "请刷新查看现在的状态。"))
}

// Plan is what a list is prepared with.
type Plan struct {
	Cases         []string
	Reason        string
	RecipientKind string
	Recipient     string
	Basis         string
}

// check holds a plan to its shape and to what it must bring.
func (p Plan) check() error {
	var wrong, missing []rule.Reason
	if purposes[p.Reason] == "" {
		wrong = append(wrong, reason("reason_unknown", "reason", "未选定移交原因。", "请选去世满5年或英雄模范人物。"))
	}
	if recipients[p.RecipientKind] == "" {
		wrong = append(wrong, reason("recipient_unknown", "recipientKind", "未选定接收单位的类别。", "请选档案馆或其他保管单位。"))
	}
	if len(p.Cases) == 0 || len(p.Cases) > Most {
		wrong = append(wrong, reason("list_size", "cases", fmt.Sprintf("一份移交清单应有 1 至 %d 人。", Most), "请从到期名单中勾选，超过的分次移交。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if p.Reason == ForMerit && p.RecipientKind != Archive {
		return rule.Refuse(reason("heroes_to_archives", "recipientKind", "英雄、模范人物的档案应向有关档案馆移交。", "请选择档案馆并填写馆名。"))
	}
	if p.Recipient == "" {
		missing = append(missing, reason("recipient_missing", "recipient", "没有填写接收单位。", "请填写接收档案馆（单位）的全称。"))
	}
	if p.Basis == "" {
		missing = append(missing, reason("handover_basis_missing", "basis", "没有填写移交依据。", "请填写移交所依据的文件、批复或者协议的文号。"))
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	return nil
}

// Takes says whether a case may go on a list made for a reason; nil if it may.
func (c Case) Takes(why string, today calendar.Date) error {
	if c.State != Kept && c.State != Retained {
		return rule.Refuse(reason("state_"+string(c.State), "cases", "有一人的登记"+c.State.Name()+"，不能列入移交清单。", "请只选保管中或期满续管的。"))
	}
	if why == ForMerit {
		if c.Merit == "" {
			return rule.Refuse(reason("merit_missing", "cases", "有一人没有登记荣誉称号，不能按英雄模范人物移交。", "请先登记荣誉称号、授予机关和年份。"))
		}
		return nil
	}
	if !c.Due(today) {
		return rule.Refuse(reason("term_running", "cases", "有一人去世未满5年（"+calendar.Date(c.TermEndsOn).Long()+"届满），不能移交。", "届满后再移交；英雄、模范人物登记荣誉称号后按英雄模范人物移交。"))
	}
	return nil
}

// Deliver hands the packets over: not by the one who prepared the list, and only when
// every packet is in hand and nothing is against its leaving.
func (h *Handover) Deliver(by string, on, today calendar.Date, lines []line, counted []Counted) error {
	if err := h.May(ActDeliver); err != nil {
		return err
	}
	if by == h.PreparedBy {
		return rule.Refuse(ownList)
	}
	if !on.Valid() || on > today || on < calendar.Of(h.PreparedAt) {
		return rule.Mistake(reason("handed_on_wrong", "on", "移交日期应在拟移交之后、今天以前。", "请填写实际移交的日期。"))
	}
	var against []rule.Reason
	for _, l := range lines {
		switch d := l.dossier; {
		case d.Hold != "":
			against = append(against, reason("on_hold", "", l.person.Name+"的档案有限制："+d.Hold+"。", "解除限制后移交，或者取消本清单重新拟定。"))
		case d.State == dossier.Lent || d.State == dossier.Reading:
			against = append(against, reason("in_use", "", l.person.Name+"的档案"+d.State.Name()+"。", "归还或查阅结束后移交。"))
		case d.Place == dossier.PlaceStore:
			against = append(against, reason("not_pulled", "", l.person.Name+"的档案还在库房。", "请库管按提档单提出后移交。"))
		}
	}
	if len(against) > 0 {
		return rule.Refuse(against...)
	}
	if err := count(lines, counted); err != nil {
		return err
	}
	h.State, h.DeliveredBy, h.HandedOn = Delivered, by, on.String()
	return nil
}

var ownList = reason("own_list", "", "移交须由两人经手，拟定清单的人不能自己移交。", "请由本机构另一名审核人员核对实物后移交。")

// Receipt is what the taker signed.
type Receipt struct {
	On, No, Witness string
	Takers          []string
	Absent          []string // cases whose dossier the taker did not get: the list waits for them
}

// Receive closes the handover by the taker's receipt: two who took it.
func (h *Handover) Receive(r Receipt, today calendar.Date) error {
	if err := h.May(ActReceipt); err != nil {
		return err
	}
	var takers []string
	for _, t := range r.Takers {
		if t = strings.TrimSpace(t); t != "" && !slices.Contains(takers, t) {
			takers = append(takers, t)
		}
	}
	if on := calendar.Date(r.On); !on.Valid() || on > today || r.On < h.HandedOn {
		return rule.Mistake(reason("received_on_wrong", "on", "签收日期应在移交之后、今天以前。", "请照回执填写。"))
	}
	var missing []rule.Reason
	if len(takers) < 2 {
		missing = append(missing, reason("takers_missing", "takers", "接收单位应由两人签收。", "请照回执填写两名接收人。"))
	}
	if strings.TrimSpace(r.No) == "" {
		missing = append(missing, reason("receipt_missing", "no", "没有登记回执的编号。", "请填写接收单位回执的编号；没有编号的写明盖章日期。"))
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	h.Takers, h.Witness, h.ReceivedOn = strings.Join(takers, "、"), strings.TrimSpace(r.Witness), r.On
	if h.ReceiptNo = strings.TrimPrefix(h.ReceiptNo+"、"+strings.TrimSpace(r.No), "、"); len(r.Absent) == 0 {
		h.State = Receipted
	}
	return nil
}

// taken are the lines a receipt is for.
func (r Receipt) taken(lines []line) (out []line, _ error) {
	for _, l := range lines {
		if l.Case.State == Sent && !slices.Contains(r.Absent, l.Case.ID) {
			out = append(out, l)
		}
	}
	if len(out) == 0 {
		return nil, rule.Mistake(reason("nothing_received", "absent", "没有一卷收到的，不登记回执。", "请与接收单位查明下落后再登记。"))
	}
	return out, nil
}

// Strike takes one packet off a list that was not handed over.
func (h *Handover) Strike(why string) error {
	if err := h.May(ActStrike); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return rule.Complete(reason("basis_missing", "basis", "没有写明移出清单的原因。", "请填写原因，例如：档案有限制、借出未还。"))
	}
	if h.Persons < 2 {
		return rule.Refuse(reason("last_of_list", "", "清单上只有这一人，不能再移出。", "请取消这份清单。"))
	}
	h.Persons--
	return nil
}

// Cancel gives up a list that was not handed over.
func (h *Handover) Cancel(why string) error {
	if err := h.May(ActCancel); err != nil {
		return err
	}
	if h.Note = strings.TrimSpace(why); h.Note == "" {
		return rule.Complete(reason("basis_missing", "basis", "没有写明取消的原因。", "请填写原因。"))
	}
	h.State = Cancelled
	return nil
}
