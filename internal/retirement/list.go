package retirement

import (
	"fmt"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// ListState tells how far a list is.
type ListState string

// States of a list.
const (
	Preparing ListState = "preparing" // 拟送审: packets are pulled
	Delivered ListState = "delivered" // 送审在外
	Returned  ListState = "returned"  // 已全部退回
	Cancelled ListState = "cancelled" // 已取消
)

var listStates = map[ListState]struct{ name, tone string }{
	Preparing: {"拟送审", "wait"}, Delivered: {"送审在外", "run"}, Returned: {"已全部退回", "done"}, Cancelled: {"已取消", "void"},
}

// Name is the state as screens say it.
func (s ListState) Name() string { return listStates[s].name }

// Tone is the state's color on screens.
func (s ListState) Tone() string { return listStates[s].tone }

// Actions on a list.
const (
	ActPrepare  = "retirement.prepare"
	ActDeliver  = "retirement.deliver"
	ActCancel   = "retirement.cancel"
	ActOpenList = "retirement.open_list"
)

// Most is how many packets one list holds.
const Most = 100

// List is one 退休送审清单.
type List struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	No          string    `db:"no"` // TX-50010801-2026-00001
	Agency      string    `db:"agency"`
	State       ListState `db:"state"`
	Recipient   string    `db:"recipient"` // the social-insurance reviewer
	Secrecy     int       `db:"secrecy"`   // highest of its dossiers
	Persons     int64     `db:"persons"`
	Away        int64     `db:"away"` // packets not yet back
	PreparedBy  string    `db:"prepared_by"`
	PreparedAt  time.Time `db:"prepared_at"`
	DeliveredBy string    `db:"delivered_by,null"`
	HandedOn    string    `db:"handed_on,null"`
	Taker       string    `db:"taker,null"` // who signed for the reviewer
	DueBack     string    `db:"due_back,null"`
	DocumentID  string    `db:"document_id,null"`
	Number      string    `db:"number,null"`
	Note        string    `db:"note,null"` // of a cancelling
	ChangedAt   time.Time `db:"changed_at"`
}

// Table names the table of lists.
func (List) Table() string { return "retirement_list" }

// Ref names the list in papers and in the custody record.
func (l List) Ref() string { return "ReviewList:" + l.ID }

// Resource is the list as the policies see it.
func (l List) Resource() policy.Resource {
	return policy.Resource{Type: "ReviewList", ID: l.ID, Agencies: []string{l.Agency}, Secrecy: l.Secrecy, Attrs: map[string]any{"agency": l.Agency, "preparedBy": l.PreparedBy}}
}

// Sending is one packet's way to the reviewer and back; a case sent twice has two.
type Sending struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	CaseID     string    `db:"case_id"`
	ListID     string    `db:"list_id"`
	DossierID  string    `db:"dossier_id"`
	Agency     string    `db:"agency"`
	State      string    `db:"state"` // out, counted, approved, declined
	Materials  int64     `db:"materials"`
	Pages      int64     `db:"pages"`
	SentBy     string    `db:"sent_by"`
	SentAt     time.Time `db:"sent_at"`
	BackPieces int64     `db:"back_materials,null"`
	BackPages  int64     `db:"back_pages,null"`
	Packet     string    `db:"packet,null"`
	Difference string    `db:"difference,null"`
	ReturnedBy string    `db:"returned_by,null"`
	ReturnedOn string    `db:"returned_on,null"`
	SignedBy   string    `db:"signed_by,null"` // the second person
	SignedOn   string    `db:"signed_on,null"`
}

// Table names the table of sendings.
func (Sending) Table() string { return "retirement_sending" }

// Check is what the return showed, as registers say it.
func (s Sending) Check() string {
	switch {
	case s.State == string(Out):
		return "未退回"
	case s.State == string(Counted):
		return "待第二人复核"
	case s.Difference != "":
		return "有差异：" + s.Difference
	}
	return "相符"
}

var listFrom = map[string]ListState{ActDeliver: Preparing, ActCancel: Preparing}

// May says whether the state lets an action happen; nil if it does.
func (l List) May(action string) error {
	if listFrom[action] == l.State {
		return nil
	}
	return rule.Refuse(reason("list_"+string(l.State), "", "该送审清单"+l.State.Name()+"，不能再办此项。", "请刷新查看现在的状态。"))
}

// Plan is what a list is prepared with.
type Plan struct {
	Cases     []string
	Recipient string
}

// check holds a plan to its shape and to what it must bring.
func (p Plan) check() error {
	if len(p.Cases) == 0 || len(p.Cases) > Most {
		return rule.Mistake(reason("list_size", "cases", fmt.Sprintf("一份送审清单应有 1 至 %d 人。", Most), "请从待送审的人中勾选，超过的分次送审。"))
	}
	if p.Recipient == "" {
		return rule.Complete(reason("recipient_missing", "recipient", "没有填写审核单位。", "请填写社会保险经办机构（人社部门）的全称。"))
	}
	return nil
}

// Takes says whether a case may go on a list; nil if it may.
func (c Case) Takes() error {
	if c.State == Ready && c.Unsettled() {
		return rule.Refuse(openDifference())
	}
	if c.State == Ready {
		return nil
	}
	return rule.Refuse(service("state_"+string(c.State), "cases", "有一人"+c.State.Name()+"，不能列入送审清单。", "请只选核对完毕、待送审的。"))
}

// Handing is what is said when packets are handed to the reviewer.
type Handing struct{ On, Taker string }

// Deliver hands the packets over under two signatures: not by the one who prepared the
// list, and only when every packet is in hand and nothing is against its leaving.
func (l *List) Deliver(by string, h Handing, today, dueBack calendar.Date, lines []line) error {
	if err := l.May(ActDeliver); err != nil {
		return err
	}
	if by == l.PreparedBy {
		return rule.Refuse(ownList)
	}
	if on := calendar.Date(h.On); !on.Valid() || on > today || on < calendar.Of(l.PreparedAt) {
		return rule.Mistake(reason("handed_on_wrong", "on", "送审日期应在拟定清单之后、今天以前。", "请填写实际交接的日期。"))
	}
	if h.Taker = strings.TrimSpace(h.Taker); h.Taker == "" {
		return rule.Complete(reason("taker_missing", "taker", "没有登记审核单位的接收人。", "请照清单签收处填写接收人姓名。"))
	}
	var against []rule.Reason
	for _, x := range lines {
		switch d := x.dossier; {
		case d.Agency != l.Agency || d.State == dossier.Leaving || d.State == dossier.InTransit || d.State == dossier.Left:
			against = append(against, reason("moving", "", x.person.Name+"的档案"+d.State.Name()+"，不能送审。", "请取消本清单，待转递办结后由现保管机构送审。"))
		case d.Secrecy >= dossier.Secret: // 15, forms.md 10: not lent on a list
			against = append(against, rule.Reason{Rule: "15", Slug: "state_secret_on_list", Message: x.person.Name + "的档案定为" + dossier.OfLevel(d.Secrecy).Name() + "，不得随清单送审。", Next: "请取消本清单，由社会保险经办机构按保密规定派人到保管机构查阅。"})
		case d.State == dossier.Lent || d.State == dossier.Reading:
			against = append(against, reason("in_use", "", x.person.Name+"的档案"+d.State.Name()+"。", "归还或查阅结束后送审。"))
		case d.Place == dossier.PlaceStore:
			against = append(against, reason("not_pulled", "", x.person.Name+"的档案还在库房。", "请库管按提档单提出后送审。"))
		}
	}
	if len(against) > 0 {
		return rule.Refuse(against...)
	}
	l.State, l.DeliveredBy, l.HandedOn, l.Taker, l.DueBack, l.Away = Delivered, by, h.On, h.Taker, dueBack.String(), int64(len(lines))
	return nil
}

var ownList = reason("own_list", "", "送审须由两人经手，拟定清单的人不能自己移交。", "请由本机构另一名审核人员核对实物后移交。")

// cameBack counts one packet in.
func (l *List) cameBack() {
	if l.Away--; l.Away == 0 {
		l.State = Returned
	}
}

// Cancel gives up a list that was not handed over.
func (l *List) Cancel(why string) error {
	if err := l.May(ActCancel); err != nil {
		return err
	}
	if l.Note = strings.TrimSpace(why); l.Note == "" {
		return rule.Complete(reason("basis_missing", "basis", "没有写明取消的原因。", "请填写原因。"))
	}
	l.State = Cancelled
	return nil
}
