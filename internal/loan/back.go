package loan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/rule"
)

// Results of holding one line against what came back (forms.md 10).
const (
	Agrees   = "ok"
	Missing  = "missing"
	PagesOff = "pages"
	Damaged  = "damaged"
	Replaced = "replaced"
	Extra    = "extra" // came back and had not gone out
	Struck   = "struck"
)

var lineResults = map[string]string{Agrees: "相符", Missing: "缺少", PagesOff: "页数不符", Damaged: "损坏", Replaced: "更换", Extra: "增加", Struck: "已更正"}

// Item is one piece as it went out, by the catalog of that day, and what came back of it.
type Item struct {
	ID         string `db:"id"`
	Version    int64  `db:"version"`
	LoanID     string `db:"loan_id"`
	DossierID  string `db:"dossier_id"`
	LineNo     int64  `db:"line_no"`
	MaterialID string `db:"material_id,null"`
	Number     string `db:"number,null"` // 9-2-1; none: loose
	Title      string `db:"title,null"`
	Copies     int64  `db:"copies"`
	Pages      int64  `db:"pages"`
	Result     string `db:"result,null"`
	BackPages  int64  `db:"back_pages,null"`
	Note       string `db:"note,null"`
}

// Table names the table of lines.
func (Item) Table() string { return "loan_item" }

// Text is the piece as screens and papers name it.
func (i Item) Text() string {
	if i.Title == "" {
		return "涉密材料（纸质）"
	}
	return i.Title
}

// ResultName is the line's result as screens say it.
func (i Item) ResultName() string { return lineResults[i.Result] }

func (i Item) differs() bool { return i.Result != Agrees && i.Result != Struck && i.Result != "" }

func (i Item) said() string {
	text := fmt.Sprintf("第%d项“%s”%s", i.LineNo, i.Text(), i.ResultName())
	if i.Result == PagesOff {
		text += fmt.Sprintf("（借出%d页，归还%d页）", i.Pages, i.BackPages)
	}
	if i.Note != "" {
		text += "，" + i.Note
	}
	return text
}

// sum counts what lines hold, as a dossier counts its materials and pages.
func sum(items []Item) (pieces, pages int64) {
	for _, i := range items {
		if i.MaterialID != "" {
			pieces, pages = pieces+1, pages+i.Pages
		}
	}
	return pieces, pages
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
	BroughtBy        string
	Found            []Found
	Beyond           []Beyond
	Difference       string // how it came about, by the unit's word
}

const mostBeyond = 100

// hold puts the results on the lines: every line of the packet has one, or nothing is
// entered. A count that is made anew strikes the pieces beyond the list and enters its own.
func (r Return) hold(items []Item) ([]Item, error) {
	wrong := func(line int64, message, next string) error {
		return rule.Mistake(reason("22", "line_wrong", "found", fmt.Sprintf("第%d项", line)+message, next))
	}
	out := slices.Clone(items)
	seen := map[int64]bool{}
	for _, f := range r.Found {
		at := slices.IndexFunc(out, func(i Item) bool { return i.LineNo == f.LineNo && i.MaterialID != "" })
		if at < 0 || seen[f.LineNo] {
			return nil, wrong(f.LineNo, "不在借出的清单上，或登记了两次。", "请刷新清单后逐项登记。")
		}
		seen[f.LineNo] = true
		i := &out[at]
		i.Result, i.BackPages, i.Note = f.Result, i.Pages, strings.TrimSpace(f.Note)
		switch f.Result {
		case Agrees:
		case Missing:
			i.BackPages = 0
		case Damaged, Replaced:
			if i.Note == "" {
				return nil, wrong(f.LineNo, i.ResultName()+"，没有写明情况。", "请写明损坏、更换的页和情形。")
			}
		case PagesOff:
			if f.Pages < 0 || f.Pages > 20000 || f.Pages == i.Pages {
				return nil, wrong(f.LineNo, fmt.Sprintf("借出时%d页，没有填写实际归还的页数，或与借出时相同。", i.Pages), "请填写实际归还的页数；页数相同的登记相符。")
			}
			i.BackPages = f.Pages
		default:
			return nil, wrong(f.LineNo, "的结果不在相符、缺少、页数不符、损坏、更换之中。", "请从中选一种。")
		}
	}
	if left := slices.IndexFunc(out, func(i Item) bool { return i.MaterialID != "" && !seen[i.LineNo] }); left >= 0 {
		return nil, rule.Complete(reason("22", "lines_unchecked", "found", fmt.Sprintf("还有材料没有核对，例如第%d项“%s”。", out[left].LineNo, out[left].Text()), "请对照借出的清单逐份逐页核对后一次登记。"))
	}
	for n := range out {
		if out[n].Result == Extra {
			out[n].Result = Struck
		}
	}
	if len(r.Beyond) > mostBeyond {
		return nil, rule.Mistake(reason("22", "beyond_many", "beyond", fmt.Sprintf("清单以外的材料最多登记%d份。", mostBeyond), "请核对是否取错了档案。"))
	}
	for _, b := range r.Beyond {
		b.Title = strings.TrimSpace(b.Title)
		if b.Title == "" || dossier.SecretMark(b.Title) || b.Copies < 1 || b.Copies > 99 || b.Pages < 1 || b.Pages > 2000 {
			return nil, rule.Mistake(reason("22", "beyond_wrong", "beyond", "清单以外的材料没有写明名称、份数、页数，或写明了涉密内容。", "请逐份填写；涉密的名称写“涉密材料”。"))
		}
		out = append(out, Item{LineNo: int64(len(out) + 1), Title: b.Title, Copies: b.Copies, Pages: b.Pages, Result: Extra, BackPages: b.Pages, Note: strings.TrimSpace(b.Note)})
	}
	return out, nil
}

// Returned is the first person's count of a packet against what left (22): each difference is
// written down. It may be made anew until a second person has signed.
func (c *Case) Returned(r *Return, items []Item, by string, at time.Time) error {
	if err := c.step("登记归还", Out, Counted); err != nil {
		return err
	}
	r.Difference, r.BroughtBy = strings.TrimSpace(r.Difference), strings.TrimSpace(r.BroughtBy)
	if r.Packet != "intact" && r.Packet != "broken" {
		return rule.Mistake(reason("22", "packet_unknown", "packet", "没有登记密封情况。", "请选密封完好或密封有损。"))
	}
	if r.Materials < 0 || r.Pages < 0 || r.Pages > 20000 {
		return rule.Mistake(reason("22", "count_wrong", "pages", "份数、页数不对。", "请逐页清点后填写。"))
	}
	var said []string
	for _, i := range items {
		if i.differs() {
			said = append(said, i.said())
		}
	}
	if r.Materials != c.Materials || r.Pages != c.Pages {
		said = append(said, fmt.Sprintf("借出%d份%d页，归还%d份%d页", c.Materials, c.Pages, r.Materials, r.Pages))
	}
	if r.Packet == "broken" {
		said = append(said, "密封有损")
	}
	var missing []rule.Reason
	if r.BroughtBy == "" {
		missing = append(missing, reason("22", "bringer_missing", "broughtBy", "没有登记归还人。", "请填写送还的两人，或机要通信的件号。"))
	}
	if len(said) > 0 && r.Difference == "" {
		missing = append(missing, reason("22", "difference_unsaid", "difference", "归还的与借出的不符（"+strings.Join(said, "；")+"），没有写明借阅单位的说明。", "请当场向借阅单位问明多、缺、损的原因和补送的安排，照写；缺失的随即追查。"))
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	if c.Difference = ""; len(said) > 0 {
		c.Difference = strings.Join(said, "；") + "。借阅单位说明：" + r.Difference
	}
	// Counted anew, it came back when it came back.
	if c.State == Out {
		c.ReturnedAt, c.BroughtBy = at, r.BroughtBy
	}
	c.State, c.ReturnedBy, c.BackMaterials, c.BackPages, c.Packet, c.Recount = Counted, by, r.Materials, r.Pages, r.Packet, ""
	return nil
}

var ownCount = reason("22", "own_count", "", "归还核对须由两人进行，清点的人不能自己复核。", "请由本机构另一名工作人员对照实物复核。")

// second holds the second person's word to a count that is another's.
func (c Case) second(what, by string) error {
	if err := c.step(what, Counted); err != nil {
		return err
	}
	if by == c.ReturnedBy {
		return rule.Refuse(ownCount)
	}
	return nil
}

// Countersign is the second person's word that the packet is as it was counted. A difference
// keeps the case open until it is cleared up (22).
func (c *Case) Countersign(by string, at time.Time) error {
	if err := c.second("复核归还", by); err != nil {
		return err
	}
	if c.Recount != "" {
		return rule.Refuse(reason("22", "count_disputed", "", "复核认为清点有误（"+c.Recount+"），还没有重新清点。", "请重新清点登记后再复核。"))
	}
	c.SignedBy, c.SignedAt = by, at
	if c.Difference != "" {
		c.State = Disputed
		return nil
	}
	c.State, c.ClosedAt, c.ClosedWhy = Closed, at, "按期归还"
	if c.DueOn < dayOf(c.ReturnedAt) {
		c.ClosedWhy = "逾期归还"
	}
	return nil
}

// Dispute is the second person's word that it is not: it is counted again.
func (c *Case) Dispute(by, why string) error {
	if err := c.second("退回重新清点", by); err != nil {
		return err
	}
	if c.Recount = strings.TrimSpace(why); c.Recount == "" {
		return rule.Complete(reason("22", "reason_missing", "reason", "没有写明清点有什么错误。", "请写明复核所见与登记不同的材料和页数。"))
	}
	return nil
}

// Settle records what became of a difference: pieces brought back, or the unit's word.
func (c *Case) Settle(by, what string, at time.Time) error {
	if err := c.step("查清差异", Disputed); err != nil {
		return err
	}
	if c.Settled = strings.TrimSpace(what); c.Settled == "" {
		return rule.Complete(reason("22", "reason_missing", "reason", "没有写明差异怎样查清。", "请写明追回、补送的材料，或借阅单位书面说明的文号；遗失的同时按遗失档案办理。"))
	}
	c.State, c.SettledBy, c.SettledAt, c.ClosedAt, c.ClosedWhy = Closed, by, at, at, "差异查清后归还"
	return nil
}
