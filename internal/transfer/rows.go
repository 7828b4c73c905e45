package transfer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Get reads a case; store.ErrNotFound if there is none.
func Get(ctx context.Context, q store.Querier, id string) (Case, error) {
	return store.Get[Case](ctx, q, "WHERE id=?", id)
}

// ItemsOf lists the lines of a case's packing list that stand.
func ItemsOf(ctx context.Context, q store.Querier, caseID string) ([]Item, error) {
	return store.List[Item](ctx, q, "WHERE transfer_id=? AND void=0 ORDER BY line_no LIMIT 5000", caseID)
}

func allItems(tx *gate.Tx, caseID string) ([]Item, error) {
	return store.List[Item](tx.Context(), tx, "WHERE transfer_id=? ORDER BY line_no LIMIT 5000", caseID)
}

// save writes a changed case, stamps the time and tells the other end. Whatever ended it, and
// wherever it left its list, what hung on it ends here with it.
func save(tx *gate.Tx, c *Case) error {
	left := c.left
	if !c.State.Open() {
		left = cmp.Or(left, c.ListID)
	}
	if err := put(tx, c); err != nil || left == "" {
		return err
	}
	return leaveList(tx, c, left)
}

// put is save for a case of a list whose own act looks after the list.
func put(tx *gate.Tx, c *Case) error {
	if !c.State.Open() {
		if err := came(tx, c); err != nil {
			return err
		}
	}
	c.left, c.ChangedAt = "", tx.Now()
	if err := tx.Update(c); err != nil {
		return err
	}
	return tell(tx, *c)
}

// Line is one line of a packing list as it is entered by hand.
type Line struct {
	Class    string
	Title    string
	Formed   string
	Copies   int64
	Pages    int64
	IsCopy   bool
	KeyFacts []string
	Loose    bool
	Secret   bool
	Note     string
}

// bounds of a list by hand.
const maxLines = 2000

// checkLines holds lines entered by hand to their shape, all mistakes at once.
func checkLines(lines []Line) error {
	var wrong []rule.Reason
	mistake := func(i int, field, message, next string) {
		if len(wrong) < 50 {
			wrong = append(wrong, rule.Reason{Rule: "20.2b", Slug: "list_line_" + field, Field: fmt.Sprintf("lines[%d].%s", i, field), Message: fmt.Sprintf("第%d行：%s", i+1, message), Next: next})
		}
	}
	if len(lines) == 0 {
		return rule.Mistake(rule.Reason{Rule: "20.2b", Slug: "list_empty", Field: "lines", Message: "清单没有内容。", Next: "请对照实物逐份登记：类号、材料名称、份数、页数。"})
	}
	if len(lines) > maxLines {
		return rule.Mistake(rule.Reason{Rule: "20.2b", Slug: "list_too_long", Field: "lines", Message: fmt.Sprintf("清单超过 %d 行。", maxLines), Next: "请核对后分卷登记。"})
	}
	for i, l := range lines {
		if _, known := codes.FindClass(l.Class); !known && !l.Loose {
			mistake(i, "class", "类号不在十类之中，第四、第九类须写到小类。", "请填写类号，如 1、4-1、9-2；未归类的作零散材料登记。")
		}
		title := strings.TrimSpace(l.Title)
		switch {
		case l.Secret && title != "":
			wrong = append(wrong, rule.Reason{Rule: "15", Slug: "state_secret_electronic", Field: fmt.Sprintf("lines[%d].title", i), Message: fmt.Sprintf("第%d行：涉密材料不登记名称。", i+1), Next: "请清空名称；清单上只列“涉密材料（纸质随转）”。"})
		case dossier.SecretMark(title) || dossier.SecretMark(l.Note):
			wrong = append(wrong, rule.Reason{Rule: "15", Slug: "state_secret_electronic", Field: fmt.Sprintf("lines[%d].title", i), Message: fmt.Sprintf("第%d行：名称或备注带有国家秘密标志，不得录入。", i+1), Next: "请作涉密件登记，不写名称；清单上只列“涉密材料（纸质随转）”。"})
		case !l.Secret && (title == "" || len([]rune(title)) > 200):
			mistake(i, "title", "材料名称不能为空，最长 200 字。", "请照材料原题名填写。")
		}
		if l.Copies < 1 || l.Copies > 99 {
			mistake(i, "copies", "份数应为 1 至 99。", "请填写实际份数。")
		}
		if l.Pages < 1 || l.Pages > 2000 {
			mistake(i, "pages", "页数应为 1 至 2000。", "请填写实际页数。")
		}
		for _, f := range l.KeyFacts {
			if !slices.Contains(dossier.KeyFacts, f) {
				mistake(i, "keyFacts", "没有这一项关键信息。", "请从出生日期、参加工作时间、入党时间、学历学位、工作经历中选择。")
			}
		}
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// item turns an entered line into a row: numbered within its class, loose pieces
// under their own heading after class 10.
func (l Line) item(no int64, seq int64) Item {
	i := Item{LineNo: no, Class: l.Class, Seq: seq, Title: strings.TrimSpace(l.Title), Formed: strings.TrimSpace(l.Formed), Copies: l.Copies, Pages: l.Pages,
		IsCopy: l.IsCopy, KeyFacts: strings.Join(l.KeyFacts, "|"), Loose: l.Loose, Secret: l.Secret, Note: strings.TrimSpace(l.Note)}
	if l.Loose {
		i.Seq = 0
	}
	return i
}

// putItems makes rows the lines of a case: a line that stands is changed in
// place, what is left over is struck out, nothing is removed.
func putItems(tx *gate.Tx, c *Case, want []Item) error {
	have, err := allItems(tx, c.ID)
	if err != nil {
		return err
	}
	for n, w := range want {
		w.TransferID, w.LineNo = c.ID, int64(n+1)
		if n < len(have) {
			w.ID, w.Version = have[n].ID, have[n].Version
			if w == have[n] {
				continue
			}
			if err := tx.Update(&w); err != nil {
				return err
			}
			continue
		}
		w.ID, w.Version = gate.NewID(), 1
		if err := tx.Insert(w); err != nil {
			return err
		}
	}
	for _, rest := range have[min(len(want), len(have)):] {
		if rest.Void {
			continue
		}
		rest.Void = true
		if err := tx.Update(&rest); err != nil {
			return err
		}
	}
	return nil
}

// fromCatalog makes the packing list from the catalog, loose pieces last. A
// state-secret item is a line without title (15).
func fromCatalog(tx *gate.Tx, d dossier.Dossier) ([]Item, error) {
	filed, err := dossier.CatalogOf(tx.Context(), tx, d.ID)
	if err != nil {
		return nil, err
	}
	loose, err := dossier.LooseOf(tx.Context(), tx, d.ID)
	if err != nil {
		return nil, err
	}
	var out []Item
	for _, m := range append(filed, loose...) {
		facts := m.KeyFacts // what a piece proves counts on arrival, though no list prints it of a closed one
		m = m.Public()
		i := Item{MaterialID: m.ID, Class: m.Class, Seq: m.Seq, Title: m.Title, Formed: formed(m), Copies: max(m.Copies, 1), Pages: m.Pages, IsCopy: m.IsCopy, KeyFacts: facts,
			HasImage: m.Images > 0, Loose: m.State != dossier.Filed, Secret: m.Title == ""}
		if i.Loose {
			i.Seq = 0
		}
		if i.KeyFacts == "" {
			i.KeyFacts = strings.Join(codes.Proves(m.Title, m.Class), "|")
		}
		out = append(out, i)
	}
	return out, nil
}

func formed(m dossier.Material) string {
	if m.FormedYear == 0 {
		return ""
	}
	s := strconv.FormatInt(m.FormedYear, 10)
	if m.FormedMonth > 0 {
		s += fmt.Sprintf(".%02d", m.FormedMonth)
	}
	if m.FormedDay > 0 {
		s += fmt.Sprintf(".%02d", m.FormedDay)
	}
	return s
}

// totals counts the pieces and pages of a list, and the loose ones among them.
func totals(items []Item) (copies, pages, loose int64) {
	for _, i := range items {
		if i.Void || i.ReceiverCheck == LineExtra {
			continue
		}
		copies, pages = copies+i.Copies, pages+i.Pages
		if i.Loose {
			loose += i.Copies
		}
	}
	return copies, pages, loose
}

// Size is the pieces and pages of a list.
func Size(items []Item) (copies, pages int64) {
	copies, pages, _ = totals(items)
	return copies, pages
}

// received counts what really came.
func received(items []Item) (copies, pages int64) {
	for _, i := range items {
		if i.Void || i.ReceiverCheck == LineMissing {
			continue
		}
		copies, pages = copies+i.Copies, pages+i.Got()
	}
	return copies, pages
}

// heldOf lists the pieces that came and are sound, for the gaps.
func heldOf(items []Item) (held []dossier.Held, facts []string) {
	for _, i := range items {
		if !i.Sound() {
			continue
		}
		held = append(held, dossier.Held{Title: i.Title, Class: i.Class})
		if i.KeyFacts != "" {
			facts = append(facts, strings.Split(i.KeyFacts, "|")...)
		}
	}
	return held, facts
}
