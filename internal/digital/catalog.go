package digital

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/sheet"

	"golang.org/x/text/width"
)

// Line is one material as a delivery's catalog lists it.
type Line struct {
	Class            string
	Seq              int
	Title            string
	Year, Month, Day int
	Pages            int
	Note             string
}

// item is a material's place: class and number.
type item struct {
	class string
	seq   int
}

func (i item) String() string { return fmt.Sprintf("%s/%03d", i.class, i.seq) }

// Bounds of a catalog.
const (
	maxCatalogLines = 5_000
	maxTitle        = 200
	maxNumber       = 999 // three digits
)

// errCatalog is a catalog that can't be what was meant.
var errCatalog = errors.New("目录内容不合要求")

// columns of a catalog, with what contractors call them.
var catalogColumns = []struct {
	name  string
	words []string
}{
	{"class", []string{"类号", "类别号", "分类号", "类别", "类别代码"}},
	{"seq", []string{"序号", "材料序号", "份号", "顺序号"}},
	{"title", []string{"材料名称", "材料题名", "题名", "名称"}},
	{"year", []string{"年", "形成年"}},
	{"month", []string{"月", "形成月"}},
	{"day", []string{"日", "形成日"}},
	{"date", []string{"形成时间", "材料形成时间", "制成时间", "材料制成时间", "日期"}},
	{"pages", []string{"页数", "张数", "材料页数"}},
	{"note", []string{"备注", "说明"}},
}

// readCatalog reads the first sheet that has the header row. What is wrong with
// the workbook or its content is errCatalog or a *sheet.Error; anything else is the system's.
func readCatalog(r io.ReaderAt, size int64) ([]Line, error) {
	book, err := sheet.Read(r, size, sheet.Limits{})
	if err != nil {
		return nil, err
	}
	for _, s := range book.Sheets {
		if s.Hidden {
			continue
		}
		c := catalogReader{at: map[string]int{}, seen: map[item]bool{}, old: book.Base1904}
		if err := book.Each(s, c.row); err != nil {
			return nil, err
		}
		if len(c.at) > 0 {
			if len(c.lines) == 0 {
				return nil, errCatalog
			}
			return c.lines, nil
		}
	}
	return nil, errCatalog
}

type catalogReader struct {
	at    map[string]int // column of each field
	old   bool
	rows  int
	class string // of the line above: offices merge the cells of a class
	lines []Line
	seen  map[item]bool
}

func (c *catalogReader) row(r *sheet.Row) error {
	if len(c.at) == 0 {
		c.rows++
		if c.rows <= 20 {
			c.header(r)
		}
		return nil
	}
	if len(c.lines) >= maxCatalogLines {
		return errCatalog
	}
	l := Line{Title: c.text(r, "title"), Note: c.text(r, "note")}
	class := className(r.At(c.at["class"]), c.old)
	seq, pages := c.text(r, "seq"), c.text(r, "pages")
	if l.Title == "" && seq == "" && pages == "" || seq == "" && pages == "" || strings.HasPrefix(class, "合计") || strings.HasPrefix(l.Title, "合计") {
		if class != "" && seq == "" { // the heading of a class
			c.class = class
		}
		return nil
	}
	if class == "" {
		class = c.class
	}
	c.class, l.Class = class, class
	var ok bool
	if l.Seq, ok = number(seq, 1, maxNumber); !ok {
		return errCatalog
	}
	if l.Pages, ok = number(pages, 1, maxNumber); !ok || l.Title == "" || len([]rune(l.Title)) > maxTitle || len([]rune(l.Note)) > maxTitle || class == "" {
		return errCatalog
	}
	if !c.date(r, &l) {
		return errCatalog
	}
	at := item{l.Class, l.Seq}
	if c.seen[at] {
		return errCatalog
	}
	c.seen[at] = true
	c.lines = append(c.lines, l)
	return nil
}

func (c *catalogReader) header(r *sheet.Row) {
	found := map[string]int{}
	for _, cell := range r.Cells {
		word := strings.Join(strings.Fields(width.Fold.String(cell.Text)), "")
		for _, col := range catalogColumns {
			if _, taken := found[col.name]; !taken && slices.Contains(col.words, word) {
				found[col.name] = cell.Column
			}
		}
	}
	for _, must := range []string{"class", "seq", "title", "pages"} {
		if found[must] == 0 {
			return
		}
	}
	c.at = found
}

func (c *catalogReader) text(r *sheet.Row, field string) string {
	column := c.at[field]
	if column == 0 {
		return ""
	}
	return strings.Clone(strings.TrimSpace(r.At(column).Digits()))
}

// date reads three columns or one; month and day may be empty.
func (c *catalogReader) date(r *sheet.Row, l *Line) bool {
	if column := c.at["date"]; column > 0 && c.at["year"] == 0 {
		cell := r.At(column)
		if cell.Kind == sheet.Date {
			var ok bool
			l.Year, l.Month, l.Day, ok = cell.Day(c.old)
			return ok
		}
		return l.written(strings.TrimSpace(cell.Digits()))
	}
	var ok [3]bool
	l.Year, ok[0] = number(orZero(c.text(r, "year")), 0, 9999)
	l.Month, ok[1] = number(orZero(c.text(r, "month")), 0, 12)
	l.Day, ok[2] = number(orZero(c.text(r, "day")), 0, 31)
	return ok == [3]bool{true, true, true} && l.plausible()
}

func (l *Line) plausible() bool {
	return (l.Year == 0 || l.Year >= 1900 && l.Year <= 2100) && (l.Month > 0 || l.Day == 0) && (l.Year > 0 || l.Month == 0)
}

// written reads 20180716, 2018.07.16, 2018年7月 and the like.
func (l *Line) written(text string) bool {
	parts := strings.FieldsFunc(width.Fold.String(text), func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) == 1 && (len(parts[0]) == 8 || len(parts[0]) == 6) {
		whole := parts[0]
		parts = []string{whole[:4], whole[4:6]}
		if len(whole) == 8 {
			parts = append(parts, whole[6:])
		}
	}
	if len(parts) > 3 {
		return false
	}
	for i, to := range []*int{&l.Year, &l.Month, &l.Day} {
		if i < len(parts) {
			n, ok := number(parts[i], 0, [...]int{9999, 12, 31}[i])
			if !ok {
				return false
			}
			*to = n
		}
	}
	return l.plausible()
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

func number(text string, least, most int) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(width.Fold.String(strings.TrimSpace(text)), ".0"))
	return n, err == nil && n >= least && n <= most
}

// className reads 4-1 also as 4—1, as full-width digits, and as the day that
// Excel makes of it.
func className(cell sheet.Cell, old bool) string {
	if cell.Kind == sheet.Date {
		if _, month, day, ok := cell.Day(old); ok {
			return fmt.Sprintf("%d-%d", month, day)
		}
	}
	text := strings.Join(strings.Fields(width.Fold.String(cell.Digits())), "")
	text = strings.NewReplacer("—", "-", "–", "-", "－", "-", "―", "-", "_", "-").Replace(text)
	for strings.Contains(text, "--") {
		text = strings.ReplaceAll(text, "--", "-")
	}
	if len(text) > 64 {
		text = text[:64]
	}
	return strings.Clone(text)
}

// known says whether something can be filed to a class.
func known(class string) bool {
	_, ok := codes.FindClass(class)
	return ok
}
