package retirement

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/rule"
)

// Results of holding one line against what came back (22).
const (
	Agrees   = "ok"
	Missing  = "missing"
	PagesOff = "pages"
	Changed  = "content"
	Extra    = "extra" // came back and had not gone out
	Struck   = "struck"
)

var lineResults = map[string]string{Agrees: "相符", Missing: "缺少", PagesOff: "页数不符", Changed: "内容不符", Extra: "多出", Struck: "已更正"}

// Item is one piece as it went to the reviewer, by the catalog of that day, and what came
// back of it. What came back beyond it stands after it.
type Item struct {
	ID         string `db:"id"`
	Version    int64  `db:"version"`
	SendingID  string `db:"sending_id"`
	DossierID  string `db:"dossier_id"`
	LineNo     int64  `db:"line_no"`
	MaterialID string `db:"material_id,null"`
	Number     string `db:"number,null"` // 9-2-1; none: loose
	Title      string `db:"title,null"`  // none: a state-secret piece (15)
	Copies     int64  `db:"copies"`
	Pages      int64  `db:"pages"`
	Result     string `db:"result,null"`
	BackPages  int64  `db:"back_pages,null"`
	Note       string `db:"note,null"`
}

// Table names the table of lines.
func (Item) Table() string { return "retirement_item" }

// Text is the piece as screens and papers name it.
func (i Item) Text() string {
	if i.Title == "" {
		return "涉密材料（纸质）"
	}
	return i.Title
}

// ResultName is the line's result as screens say it.
func (i Item) ResultName() string { return lineResults[i.Result] }

// differs says whether the line is not as it went out.
func (i Item) differs() bool { return i.Result != Agrees && i.Result != Struck && i.Result != "" }

// said is a difference in words.
func (i Item) said() string {
	text := fmt.Sprintf("第%d项“%s”%s", i.LineNo, i.Text(), i.ResultName())
	if i.Result == PagesOff {
		text += fmt.Sprintf("（送出%d页，退回%d页）", i.Pages, i.BackPages)
	}
	if i.Note != "" {
		text += "，" + i.Note
	}
	return text
}

// itemsOf makes the lines of a packet: what is filed in the order of the catalog, then the
// loose pieces.
func itemsOf(materials []dossier.Material) []Item {
	out := make([]Item, len(materials))
	for n, m := range materials {
		m = m.Public()
		out[n] = Item{LineNo: int64(n + 1), MaterialID: m.ID, Title: m.Title, Copies: max(m.Copies, 1), Pages: m.Pages}
		if m.State == dossier.Filed {
			out[n].Number = fmt.Sprintf("%s-%d", m.Class, m.Seq)
		}
	}
	return out
}

// Found is what one person found of one line.
type Found struct {
	LineNo int64
	Result string
	Pages  int64
	Note   string
}

// Beyond is a piece that came back and had not gone out.
type Beyond struct {
	Title         string
	Copies, Pages int64
	Note          string
}

// Return is what came back.
type Return struct {
	Materials, Pages int64
	Packet           string // intact, broken
	Found            []Found
	Beyond           []Beyond
	Difference       string // how it came about, by the reviewer's word
	Result           string
	ApprovalNo       string
	ApprovedOn       string
	Why              string // of what was not approved
}

// mostBeyond bounds what came back beyond the list.
const mostBeyond = 100

// hold puts the results on the lines: every line of the packet has one, or nothing is
// entered. A count that is made anew strikes the pieces beyond the list and enters its own.
func (r Return) hold(items []Item) ([]Item, error) {
	wrong := func(line int64, message, next string) error {
		return rule.Mistake(reason("line_wrong", "found", fmt.Sprintf("第%d项", line)+message, next))
	}
	out := slices.Clone(items)
	seen := map[int64]bool{}
	for _, f := range r.Found {
		at := slices.IndexFunc(out, func(i Item) bool { return i.LineNo == f.LineNo && i.MaterialID != "" })
		if at < 0 || seen[f.LineNo] {
			return nil, wrong(f.LineNo, "不在送出的清单上，或登记了两次。", "请刷新清单后逐项登记。")
		}
		seen[f.LineNo] = true
		i := &out[at]
		switch f.Result {
		case Agrees, Missing, Changed:
			f.Pages = map[string]int64{Agrees: i.Pages, Changed: i.Pages}[f.Result]
		case PagesOff:
			if f.Pages < 0 || f.Pages > 20000 || f.Pages == i.Pages {
				return nil, wrong(f.LineNo, fmt.Sprintf("送出时%d页，没有填写实际退回的页数，或与送出时相同。", i.Pages), "请填写实际退回的页数；页数相同的登记相符。")
			}
		default:
			return nil, wrong(f.LineNo, "的结果不在相符、缺少、页数不符、内容不符之中。", "请从中选一种。")
		}
		i.Result, i.BackPages, i.Note = f.Result, f.Pages, strings.TrimSpace(f.Note)
		if f.Result == Changed && i.Note == "" {
			return nil, wrong(f.LineNo, "内容不符，没有写明怎样不符。", "请写明抽换、涂改、污损等情况。")
		}
	}
	left := slices.IndexFunc(out, func(i Item) bool { return i.MaterialID != "" && !seen[i.LineNo] })
	if left >= 0 {
		return nil, rule.Complete(reason("lines_unchecked", "found", fmt.Sprintf("还有材料没有核对，例如第%d项“%s”。", out[left].LineNo, out[left].Text()), "请对照送出的清单逐份逐页核对后一次登记。"))
	}
	for n := range out {
		if out[n].Result == Extra {
			out[n].Result = Struck
		}
	}
	if len(r.Beyond) > mostBeyond {
		return nil, rule.Mistake(reason("beyond_many", "beyond", fmt.Sprintf("清单以外的材料最多登记%d份。", mostBeyond), "请核对是否取错了档案。"))
	}
	for _, b := range r.Beyond {
		b.Title = strings.TrimSpace(b.Title)
		if b.Title == "" || dossier.SecretMark(b.Title) || b.Copies < 1 || b.Copies > 99 || b.Pages < 1 || b.Pages > 2000 {
			return nil, rule.Mistake(reason("beyond_wrong", "beyond", "清单以外的材料没有写明名称、份数、页数，或写明了涉密内容。", "请逐份填写；涉密的名称写“涉密材料”。"))
		}
		out = append(out, Item{LineNo: int64(len(out) + 1), Title: b.Title, Copies: b.Copies, Pages: b.Pages, Result: Extra, BackPages: b.Pages, Note: strings.TrimSpace(b.Note)})
	}
	return out, nil
}

// Returned is the first person's count of a packet against what left (22): each difference
// is written down. It may be made anew until a second person has signed.
func (c *Case) Returned(r *Return, items []Item, by string, at time.Time, today calendar.Date) error {
	if err := c.May(ActReturn); err != nil {
		return err
	}
	for _, s := range []*string{&r.Difference, &r.ApprovalNo, &r.ApprovedOn, &r.Why} {
		*s = strings.TrimSpace(*s)
	}
	if results[r.Result] == "" {
		return rule.Mistake(reason("result_unknown", "result", "没有选定审核结果。", "请选审核通过或未通过。"))
	}
	if r.Packet != "intact" && r.Packet != "broken" {
		return rule.Mistake(reason("packet_unknown", "packet", "没有登记封存情况。", "请选封存完好或封存有损。"))
	}
	if r.Materials < 0 || r.Pages < 0 || r.Pages > 20000 {
		return rule.Mistake(reason("count_wrong", "pages", "份数、页数不对。", "请逐页清点后填写。"))
	}
	if on := calendar.Date(r.ApprovedOn); r.Result == Approved && (!on.Valid() || on > today) {
		return rule.Mistake(reason("approved_on_wrong", "approvedOn", "审批日期应是今天以前的日期。", "请照退休审批表填写。"))
	}
	var said []string
	for _, i := range items {
		if i.differs() {
			said = append(said, i.said())
		}
	}
	if r.Materials != c.Materials || r.Pages != c.Pages {
		said = append(said, fmt.Sprintf("送出%d份%d页，退回%d份%d页", c.Materials, c.Pages, r.Materials, r.Pages))
	}
	if r.Packet == "broken" {
		said = append(said, "封存有损")
	}
	var missing []rule.Reason
	if len(said) > 0 && r.Difference == "" {
		missing = append(missing, reason("difference_unsaid", "difference", "退回的与送出的不符（"+strings.Join(said, "；")+"），没有写明审核单位的说明。", "请当场向审核单位问明多、缺、损的原因和补送的安排，照写；缺失的随即追查。"))
	}
	if r.Result == Approved && r.ApprovalNo == "" {
		missing = append(missing, reason("approval_missing", "approvalNo", "没有登记退休审批表的编号。", "请照审批表填写；没有编号的写明审批机关。"))
	}
	if r.Result == Declined && r.Why == "" {
		missing = append(missing, reason("decline_unsaid", "why", "没有写明未通过的原因。", "请照审核意见填写，补齐后可以重新送审。"))
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	if len(said) == 0 {
		r.Difference = ""
	} else {
		r.Difference = strings.Join(said, "；") + "。审核单位说明：" + r.Difference
	}
	c.State, c.Result, c.ApprovalNo, c.ApprovedOn, c.Difference, c.ReturnedBy, c.ReturnedAt = Counted, r.Result, r.ApprovalNo, r.ApprovedOn, r.Difference, by, at
	c.Basis, c.Disputed, c.SignedBy, c.SignedAt, c.Settled, c.SettledBy, c.SettledAt = r.Why, "", "", time.Time{}, "", "", time.Time{}
	return nil
}

var ownCount = reason("own_count", "", "退回核对须由两人进行，清点的人不能自己复核。", "请由本机构另一名审核人员对照实物复核。")

// second holds the second person's word to a count that stands and is another's.
func (c Case) second(action, by string) error {
	if err := c.May(action); err != nil {
		return err
	}
	if by == c.ReturnedBy {
		return rule.Refuse(ownCount)
	}
	return nil
}

// Countersign is the second person's word that the packet is as it was counted (22).
func (c *Case) Countersign(by string, at time.Time) error {
	if err := c.second(ActCountersign, by); err != nil {
		return err
	}
	if c.Disputed != "" {
		return rule.Refuse(reason("count_disputed", "", "复核认为清点有误（"+c.Disputed+"），还没有重新清点。", "请经办人员重新清点登记后再复核。"))
	}
	c.SignedBy, c.SignedAt = by, at
	if c.State = Back; c.Result == Declined {
		// What was missing is made up and checked again; the next sending is one of its own.
		c.State, c.ListID = Checking, ""
	}
	return nil
}

// Dispute is the second person's word that it is not: it is counted again.
func (c *Case) Dispute(by, why string) error {
	if err := c.second(ActDispute, by); err != nil {
		return err
	}
	if c.Disputed = strings.TrimSpace(why); c.Disputed == "" {
		return rule.Complete(reason("basis_missing", "basis", "没有写明清点有什么错误。", "请写明复核所见与登记不同的材料和页数。"))
	}
	return nil
}

// Unsettled says whether a difference two persons signed still waits for its end.
func (c Case) Unsettled() bool { return c.Difference != "" && c.SignedBy != "" && c.Settled == "" }

// Settle records what became of a difference: pieces brought back, or the reviewer's word.
func (c *Case) Settle(by, what string, at time.Time) error {
	if !c.Unsettled() {
		return rule.Refuse(reason("nothing_to_settle", "", "没有已复核而未查清的差异。", "请刷新查看现在的状态。"))
	}
	if c.Settled = strings.TrimSpace(what); c.Settled == "" {
		return rule.Complete(reason("basis_missing", "basis", "没有写明差异怎样查清。", "请写明追回、补送的材料，或审核单位书面说明的文号。"))
	}
	c.SettledBy, c.SettledAt = by, at
	return nil
}

// openDifference is what stands in the way while a difference has no end.
func openDifference() rule.Reason {
	return reason("difference_open", "", "退回时的差异还没有查清。", "请先在“差异查清”中登记追回、补送的材料或审核单位的书面说明。")
}
