package transfer

import (
	"fmt"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// States of a stray packet.
const (
	StrayHeld  = "held"  // 代为保管
	StraySent  = "sent"  // 已转送, or sent back
	StrayEnded = "ended" // 已了结: an end booked it before it was sent on here
)

var strayStates = map[string]struct{ name, tone string }{StrayHeld: {"代为保管", "wait"}, StraySent: {"已寄出", "done"}, StrayEnded: {"已了结", "done"}}

// Where a stray packet goes.
const (
	ToReceiver = "receiver" // 转送接收单位
	ToSender   = "sender"   // 退回发出单位
)

var strayWays = map[string]string{ToReceiver: "转送接收单位", ToSender: "退回发出单位"}

// Stray is a packet that came to an agency which is neither end of its transfer (20.3a). The
// agency keeps it as it came and sends it on by a way of 20.3; who sent the packet answers for
// it all along. It sees numbers and ends of the transfer and nothing of the person.
type Stray struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	No         string    `db:"no"` // WT-2026-00001
	TransferID string    `db:"transfer_id"`
	DossierID  string    `db:"dossier_id,null"`
	Agency     string    `db:"agency"` // where it came to
	State      string    `db:"state"`
	FoundOn    string    `db:"found_on"`
	FoundBy    string    `db:"found_by"`
	Intact     bool      `db:"intact"`
	Seen       string    `db:"seen,null"`
	DueOn      string    `db:"due_on"` // sent on until then
	SlipNo     string    `db:"slip_no,null"`
	GoesTo     string    `db:"goes_to,null"`
	Way        string    `db:"way,null"`
	TrackingNo string    `db:"tracking_no,null"`
	Office     string    `db:"office,null"`
	Messengers string    `db:"messengers,null,secret"`
	SentOn     string    `db:"sent_on,null"`
	SentBy     string    `db:"sent_by,null"`
	Outcome    string    `db:"outcome,null"`
	FoundAt    time.Time `db:"found_at"`
	ChangedAt  time.Time `db:"changed_at"`
}

// Table names the table of stray packets.
func (Stray) Table() string { return "transfer_stray" }

func init() {
	store.Describe(Stray{})
	store.Register("transfer_stray", store.Audited, "误投到第三方机构的包裹：登记、代管、转送或退回")
}

// Ref names the packet in papers and time lines.
func (s Stray) Ref() string { return "Stray:" + s.ID }

// StateName is the state as screens say it.
func (s Stray) StateName() string {
	if s.State == StraySent {
		return "已" + strayWays[s.GoesTo]
	}
	return strayStates[s.State].name
}

// Tone is the state's color.
func (s Stray) Tone() string { return strayStates[s.State].tone }

// Resource is the packet as the policies see it.
func (s Stray) Resource(d dossier.Dossier) policy.Resource {
	r := policy.Resource{Type: "Stray", ID: s.ID, Agencies: []string{s.Agency}, Secrecy: d.Secrecy, Attrs: map[string]any{"agency": s.Agency}}
	if d.PersonID != "" {
		r.Attrs["person"] = d.PersonID
	}
	return r
}

// Came is what the third agency enters of a packet that is not its own.
type Came struct {
	No     string // of the notice, the case or the mail, as it stands on the packet
	On     calendar.Date
	Intact bool
	Seen   string // what is wrong with cover or seal
}

// check holds it to its shape.
func (n Came) check(today calendar.Date) error {
	var wrong []rule.Reason
	add := func(slug, field, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: slug, Field: field, Message: message, Next: next})
	}
	if n.No == "" {
		add("stray_number_missing", "no", "没有填写包裹上的编号。", "请照包裹填写转递通知单编号、案号或者机要号、邮件号。")
	}
	if !n.On.Valid() || n.On > today {
		add("stray_on_wrong", "on", "收到日期应是今天以前的日期。", "请填写实际收到的日期。")
	}
	if !n.Intact && n.Seen == "" {
		add("packet_state_missing", "seen", "包封或封条不完好的，须写明情况。", "请写明破损位置和程度；不得拆看卷内材料。")
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// Stray books that a third agency has the packet: what was known to be wrong with it, or
// nothing, becomes a misdelivery whose place is known; a search is over.
func (c *Case) Stray(f *Fault, n Came, at, by, agency string, today calendar.Date, now time.Time) error {
	if err := c.Step("transfer.stray"); err != nil {
		return err
	}
	if n.On.String() < c.DispatchedOn {
		return rule.Mistake(rule.Reason{Rule: "20.3a", Slug: "stray_on_wrong", Field: "on", Message: "收到日期早于该包裹的寄出日期。", Next: "请核对编号和收到的日期。"})
	}
	if c.Fault == "" {
		*f = c.fault(FaultAstray, n.Seen, at, by, agency, n.On, now)
	}
	f.Kind, f.Place, f.State, c.Fault = FaultAstray, at, FaultTold, FaultAstray
	f.Answer, f.AnswerOn, f.AnswerNote = AnswerAstray, today.String(), at+"登记收到，原封代管"
	if c.State == Missing {
		c.State = InTransit
		if c.Direction != Inner {
			c.State = Awaiting
		}
	}
	return nil
}

// Send books how the third agency sent it on. CheckWay has passed.
func (s *Stray) Send(to string, d Dispatch, messengers, by string, today calendar.Date) error {
	if err := s.held(); err != nil {
		return err
	}
	on := calendar.Date(d.On)
	if !on.Valid() || on > today || on.String() < s.FoundOn {
		return rule.Mistake(rule.Reason{Rule: "20.3a", Slug: "dispatched_on_wrong", Field: "on", Message: "交寄日期应在收到之后、今天以前。", Next: "请填写实际交寄的日期。"})
	}
	s.State, s.GoesTo, s.Way, s.TrackingNo, s.Office, s.Messengers, s.SentOn, s.SentBy = StraySent, to, d.Way, strings.TrimSpace(d.TrackingNo), d.office(), messengers, on.String(), by
	s.Outcome = strayWays[to]
	return nil
}

// held refuses what is done only while the packet is here.
func (s Stray) held() error {
	if s.State == StrayHeld {
		return nil
	}
	return rule.Refuse(reason("20.3a", "stray_"+s.State, "这个包裹"+s.StateName()+"，不能再办理。", "请刷新查看现在的状态。"))
}

// strayHeld refuses what a packet does not allow its sender while a third agency has it.
func strayHeld(at string) rule.Reason {
	return reason("20.3a", "stray_held", "包裹现由"+at+"登记代管，由其转送或退回。", "请等待转送、退回；急需的电话联系"+at+"。")
}

func noStray(no string) error {
	return rule.Refuse(reason("20.3a", "stray_unknown", fmt.Sprintf("没有查到编号为 %s 的在途包裹。", no), "请照包裹逐字核对编号；包裹上没有编号或者仍查不到的，按“身份待核”原封登记，不得开拆，不得交给个人。"))
}
