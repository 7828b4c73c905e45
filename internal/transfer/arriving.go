package transfer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"
	"dangan/internal/undertaking"
)

// Arrival is what is seen when a packet comes.
type Arrival struct {
	On       calendar.Date
	Intact   bool
	Seen     string // what is wrong with cover or seal, when not intact
	Opened   bool   // not only damaged: somebody opened it on its way
	NoticeNo string // of an outside sender
	Volumes  int64  // counted on arrival; 0: as the notice of the province's sender says
	Way      string // how it came; "" where it is on record how it was sent
	Carrier  string // who brought it: the office of the post, the messengers' unit
	No       string // on the packet
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
	wrong = append(wrong, c.cameWrong(&a)...)
	if a.Volumes == 0 && c.Direction != In {
		a.Volumes = c.Volumes
	}
	if a.Volumes < 1 && c.Direction == In || a.Volumes < 0 || a.Volumes > 99 {
		wrong = append(wrong, rule.Reason{Rule: "20.4a", Slug: "volumes_wrong", Field: "volumes", Message: "卷数应为 1 至 99。", Next: "请填写实收卷数。"})
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	if c.Direction == In {
		c.NoticeNo, c.Volumes = strings.TrimSpace(a.NoticeNo), a.Volumes
	}
	c.VolumesIn = a.Volumes
	c.ArrivedOn, c.ArrivedBy, c.Intact, c.State, c.ClosedAt = a.On.String(), by, a.Intact, Checking, time.Time{}
	c.CameWay, c.CameCarrier, c.CameNo, c.DeliveredOn = a.Way, a.Carrier, a.No, ""
	var seen []string
	if !a.Intact {
		seen = append(seen, "包封："+strings.TrimSpace(a.Seen))
	}
	if c.Way != "" && a.Way != c.Way {
		seen = append(seen, "来件方式："+WayName(a.Way)+"，寄送登记为"+WayName(c.Way))
	} else if c.TrackingNo != "" && mailNo(a.No) != mailNo(c.TrackingNo) {
		seen = append(seen, "来件编号："+a.No+"，寄送登记为"+c.TrackingNo)
	}
	if len(seen) > 0 {
		c.Differences = strings.Join(seen, "；")
	}
	return nil
}

// came is how many volumes came.
func (c Case) came() int64 {
	if c.VolumesIn > 0 {
		return c.VolumesIn
	}
	return c.Volumes
}

// ByPerson is no way a packet may come (20.3c).
const ByPerson = "person"

// cameWrong holds how a packet came to 20.3a: by one of the three ways, as it was sent where
// that is on record, never with the person.
func (c Case) cameWrong(a *Arrival) (wrong []rule.Reason) {
	a.Carrier, a.No = strings.TrimSpace(a.Carrier), strings.TrimSpace(a.No)
	if a.Way == "" && c.Way != "" {
		a.Way = c.Way
		if a.No == "" {
			a.No = c.TrackingNo
		}
	}
	switch {
	case a.Way == ByPerson:
		return []rule.Reason{{Rule: "20.3c", Slug: "came_with_person", Field: "way", Message: "档案由本人或其亲属带来，不能按转递到件登记。", Next: "请当场收下，按“个人手中档案”登记、二人封存，并向原存档单位核实后接收。"}}
	case a.Way == "" || WayName(a.Way) == a.Way:
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "came_way_missing", Field: "way", Message: "没有登记档案是怎样送来的。", Next: "请选择机要通信、专人送取或给据邮件。"})
	case a.Way != Messenger && a.No == "":
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "came_no_missing", Field: "trackingNo", Message: "没有登记机要号或邮件号。", Next: "请照包裹上的单号填写。"})
	case a.Way == Messenger && a.Carrier == "" && c.Messengers == "":
		wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "came_carrier_missing", Field: "carrier", Message: "专人送来的，没有登记送取人姓名和单位。", Next: "请查验送取人的工作证件后填写。"})
	}
	return wrong
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

// checkers are all who entered a result: none of them may be the second person.
func (c Case) checkers() []string {
	if c.Checkers == "" {
		return []string{}
	}
	return strings.Split(c.Checkers, "|")
}

// Checked says that every line has its result, by the first checker or several.
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
	if !slices.Contains(c.checkers(), by) {
		c.Checkers = strings.Join(append(c.checkers(), by), "|")
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
	if c.damaged() {
		return rule.Refuse(unsigned())
	}
	c.compare(items)
	c.SecondChecker, c.ReceivedAt, c.ReceiptOn = by, at, calendar.Of(at).String()
	if c.Packet() {
		c.Outcome, c.State, c.ClosedAt = "接收", Closed, at
		return nil
	}
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

// compare puts on the case what the check found, line by line.
func (c *Case) compare(items []Item) {
	var found []string
	if c.VolumesIn != c.Volumes && c.VolumesIn > 0 {
		found = append(found, fmt.Sprintf("通知单%d卷、实收%d卷", c.Volumes, c.VolumesIn))
	}
	for _, i := range items {
		if !i.Void && i.ReceiverCheck != LineOK {
			text := fmt.Sprintf("第%d项%s", i.LineNo, lineNames[i.ReceiverCheck])
			if i.ReceiverCheck == LinePages && i.GotPages > 0 {
				text += fmt.Sprintf("，清单%d页、实收%d页", i.Pages, i.GotPages)
			}
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
}

// Gap is a key fact no sound material covers (20.4a), or a missing non-key material (20.4b).
type Gap = undertaking.Gap

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
	c.Clock.Told()
	return nil
}

// Promised is the person's written statement.
type Promised = undertaking.Promised

// Promise accepts the undertaking: the dossier, which is in custody all along, is served from now on.
func (c *Case) Promise(p Promised, today, latest calendar.Date, at time.Time) error {
	if err := c.Step("transfer.promise"); err != nil {
		return err
	}
	if c.ToldOn == "" {
		return notTold()
	}
	if p.Return {
		if c.mayReturn() != nil {
			return rule.Refuse(noReturn())
		}
		return rule.Refuse(reason("20.4a", "return_after_receipt", "档案已签收，保管责任已转移，不再退回。", "请原工作单位补齐材料后移交本机构，由本人作出书面承诺；协商退回须在复核签收以前。"))
	}
	p, err := p.Check(calendar.Date(c.ToldOn), today, latest)
	if err != nil {
		return err
	}
	c.Clock.Signed()
	c.PromisedOn, c.Statement, c.PromiseDue, c.Signing, c.State = p.On.String(), p.Statement, p.Due.String(), p.Signing, Shelving
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

// Bury ends the wait for an undertaking that nobody can give any more: the person is dead
// (20c). The dossier stays where it is kept.
func (c *Case) Bury(at time.Time) error {
	if err := c.Step("transfer.buried"); err != nil {
		return err
	}
	c.Outcome, c.State = "本人去世，由本机构保管", Shelving
	if !c.ShelvedAt.IsZero() {
		c.State, c.ClosedAt = Closed, at
	}
	return nil
}
