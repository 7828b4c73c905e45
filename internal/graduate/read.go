package graduate

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/sheet"
)

// Most is how many rows one list holds.
const Most = 5000

// headings of the schema; the first of each is the one the manual names.
var headings = [...][]string{
	{"姓名", "毕业生姓名"}, {"身份证号", "身份证号码", "证件号码"}, {"毕业院校", "学校", "学校名称"}, {"转递编号", "档案转递编号"},
	{"邮件号", "机要号", "机要邮件号", "快递单号"}, {"学历", "学历层次"}, {"手机号", "联系电话", "电话"},
}

// Places of the columns in a read row.
const (
	colName = iota
	colID
	colSchool
	colTransfer
	colMail
	colEducation
	colPhone
	columns
)

// line is one row of a list: what it says and what is wrong with it.
type line struct {
	row      int
	cells    [columns]string
	problems []string
}

var errEnough = errors.New("more rows than a list holds")

// read reads a list, an XLSX workbook or UTF-8 CSV, and judges every row.
func read(content io.ReaderAt, size int64, today calendar.Date) ([]line, error) {
	var at [columns]int
	var lines []line
	row := func(r *sheet.Row) error {
		if at[colName] == 0 {
			for i, words := range headings {
				for _, c := range r.Cells {
					for _, w := range words {
						if strings.TrimSpace(c.Text) == w {
							at[i] = c.Column
						}
					}
				}
			}
			if at[colID] == 0 || at[colSchool] == 0 || at[colTransfer] == 0 {
				at = [columns]int{}
			}
			return nil
		}
		l := line{row: r.Number}
		said := false
		for i, column := range at {
			if column == 0 {
				continue
			}
			c := r.At(column)
			l.cells[i] = strings.Clone(strings.TrimSpace(c.Digits()))
			said = said || l.cells[i] != ""
			if c.Kind == sheet.Number && c.Significant() > 15 {
				l.problems = append(l.problems, headings[i][0]+"按数字保存，末几位已丢失，请改为文本重新录入")
			}
		}
		if !said {
			return nil
		}
		if len(lines) == Most {
			return errEnough
		}
		lines = append(lines, l)
		return nil
	}
	err := sheet.Each(content, size, row)
	switch {
	case errors.Is(err, sheet.ErrText):
		return nil, rule.Mistake(rule.Reason{Rule: "12", Slug: "list_unreadable", Field: "file", Message: "CSV 文件读不通。", Next: "请另存为 XLSX 或 UTF-8 编码的 CSV 后再登记。"})
	case errors.Is(err, errEnough):
		return nil, rule.Mistake(rule.Reason{Rule: "12", Slug: "list_too_long", Field: "file", Message: fmt.Sprintf("一份名单最多 %d 行。", Most), Next: "请分成几份名单登记。"})
	case err != nil:
		return nil, err
	case len(lines) == 0:
		return nil, rule.Mistake(rule.Reason{Rule: "12", Slug: "list_empty", Field: "file", Message: "没有读到毕业生名单。", Next: "请核对表头：姓名、身份证号、毕业院校、转递编号四列必须有。"})
	}
	judge(lines, today)
	return lines, nil
}

// judge says what is wrong with each row, everything at once.
func judge(lines []line, today calendar.Date) {
	ids, numbers := map[string]int{}, map[string]int{}
	school := ""
	for i := range lines {
		l := &lines[i]
		wrong := func(text string) { l.problems = append(l.problems, text) }
		if l.cells[colName] == "" {
			wrong("没有姓名")
		}
		if len(l.problems) == 0 || l.cells[colID] == "" {
			if c, problem := identity.Parse(l.cells[colID], today); problem != "" {
				wrong("身份证号不正确：" + identity.ProblemText(problem))
			} else {
				l.cells[colID] = c.Number
			}
		}
		if school == "" {
			school = l.cells[colSchool]
		}
		if l.cells[colSchool] == "" || l.cells[colSchool] != school {
			wrong("一份名单只能是一所学校的毕业生")
		}
		if l.cells[colTransfer] == "" {
			wrong("没有转递编号")
		}
		for column, seen := range map[int]map[string]int{colID: ids, colTransfer: numbers} {
			if v := l.cells[column]; v == "" {
				continue
			} else if first, twice := seen[v]; twice {
				wrong(fmt.Sprintf("%s与第 %d 行重复", headings[column][0], first))
			} else {
				seen[v] = l.row
			}
		}
	}
}

// writeErrors writes the rows to be corrected, in the schema's columns.
func writeErrors(lines []line, to io.Writer) error {
	w, err := sheet.NewWriter("需改正", []float64{12, 22, 24, 20, 20, 12, 16, 60})
	if err != nil {
		return err
	}
	defer func() { _ = w.Discard() }()
	var head []string
	for _, h := range headings {
		head = append(head, h[0])
	}
	looks := make([]sheet.Look, columns+1)
	for i := range looks {
		looks[i] = sheet.Heading
	}
	if err := w.Put(append(head, "问题"), looks); err != nil {
		return err
	}
	looks = make([]sheet.Look, columns+1)
	looks[columns] = sheet.Reason
	for _, l := range lines {
		if len(l.problems) > 0 {
			if err := w.Put(append(l.cells[:columns:columns], strings.Join(l.problems, "；")), looks); err != nil {
				return err
			}
		}
	}
	return w.Finish(to)
}
