package feed

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"dangan/internal/calendar"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/sheet"
)

// Most is how many rows one file holds.
const Most = 1_000_000

// Column is one column of a schema.
type Column struct {
	Name     string
	Required bool
	Note     string
}

// Kind is one kind of data and its schema, as the manual and the page name it.
type Kind struct {
	Key     string
	Name    string
	Columns []Column
}

// Names of columns.
const (
	cName     = "姓名"
	cID       = "公民身份号码"
	cInsured  = "参保单位"
	cFrom     = "参保日期"
	cStop     = "停保日期"
	cEmployer = "用人单位"
	cStart    = "就业日期"
	cEnd      = "终止日期"
	cSchool   = "毕业院校"
	cLevel    = "学历层次"
	cGraduate = "毕业日期"
	cDegree   = "学位"
)

const dates = "年月日，或年月"

// Kinds are the schemas.
var Kinds = []Kind{
	{"insurance", "社会保险", []Column{{cName, true, ""}, {cID, true, "18 位，文本"}, {cInsured, true, "单位全称"}, {cFrom, false, dates + "；与停保日期至少填一项"}, {cStop, false, dates}}},
	{"employment", "就业登记", []Column{{cName, true, ""}, {cID, true, "18 位，文本"}, {cEmployer, true, "单位全称"}, {cStart, false, dates + "；与终止日期至少填一项"}, {cEnd, false, dates}}},
	{"education", "学历教育", []Column{{cName, true, ""}, {cID, true, "18 位，文本"}, {cSchool, true, "院校全称"}, {cLevel, true, strings.Join(levels, "、")}, {cGraduate, true, dates}, {cDegree, false, "授予学位的填学位名称"}}},
}

var levels = []string{"博士研究生", "硕士研究生", "本科", "专科", "中专", "技工"}

// KindOf is a kind by key; its Key is empty when there is none.
func KindOf(key string) Kind {
	if i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Key == key }); i >= 0 {
		return Kinds[i]
	}
	return Kind{}
}

func wrongFile(slug, message, next string) error {
	return rule.Mistake(reason("14a", slug, "file", message, next))
}

// content is a file that can be read from any place, so that it need not be in memory.
type content interface {
	io.ReaderAt
	Size() int64
}

// read walks the rows of a file that hold anything, each judged by itself. What is wrong
// with the file as a whole is an error.
func read(kind Kind, file content, today calendar.Date, take func(told) error) error {
	r := reader{kind: kind, today: today, take: take}
	err := each(file, r.row)
	var broken *sheet.Error
	switch {
	case errors.As(err, &broken):
		return wrongFile(string(broken.Code), broken.Message+"。", broken.Next+"。")
	case err != nil:
		return err
	case r.columns == nil:
		return wrongFile("feed_heading", "没有找到"+kind.Name+"数据的表头。", "须有一行列出这些列："+strings.Join(r.required(), "、")+"；列名与操作手册所列的一致。")
	case r.n == 0:
		return wrongFile("feed_empty", "文件里没有数据行。", "请向来源单位核对后重新导出、重新签名。")
	}
	return nil
}

type reader struct {
	kind    Kind
	today   calendar.Date
	columns map[string]int
	n       int
	take    func(told) error
}

func (r *reader) required() (names []string) {
	for _, c := range r.kind.Columns {
		if c.Required {
			names = append(names, c.Name)
		}
	}
	return names
}

func (r *reader) row(base1904 bool, line *sheet.Row) error {
	if r.columns == nil {
		at := map[string]int{}
		for _, c := range line.Cells {
			name := strings.TrimSpace(c.Text)
			if _, twice := at[name]; twice && name != "" {
				return wrongFile("feed_column_twice", "表头中“"+name+"”一列出现两次。", "请删去多余的一列后重新导出、重新签名。")
			}
			at[name] = c.Column
		}
		for _, name := range r.required() {
			if at[name] == 0 {
				if at[cName] != 0 || at[cID] != 0 {
					return wrongFile("feed_column_missing", "表头缺少“"+name+"”一列。", r.kind.Name+"数据须有这些列："+strings.Join(r.required(), "、")+"。")
				}
				return nil
			}
		}
		r.columns = at
		return nil
	}
	l := told{row: line.Number}
	fault := func(column, what string) { l.faults = append(l.faults, "“"+column+"”："+what) }
	text := func(name string) string { return strings.Clone(strings.TrimSpace(line.At(r.columns[name]).Digits())) }
	blank := true
	for _, c := range r.kind.Columns {
		blank = blank && (r.columns[c.Name] == 0 || text(c.Name) == "")
	}
	if blank {
		return nil
	}
	if r.n++; r.n > Most {
		return wrongFile("feed_long", fmt.Sprintf("一份文件最多 %d 行。", Most), "请来源单位分成几份导出，分别签名。")
	}
	for _, name := range r.required() {
		if name != cID && text(name) == "" {
			fault(name, "没有填写")
		}
		if len([]rune(text(name))) > 100 {
			fault(name, "超过 100 字")
		}
	}
	if c := line.At(r.columns[cID]); c.Kind == sheet.Number && c.Significant() > 15 {
		fault(cID, "按数字保存，末几位已丢失，请改为文本重新录入")
	} else if who, problem := identity.Parse(text(cID), r.today); problem != "" {
		fault(cID, identity.ProblemText(problem))
	} else {
		l.idNo = who.Number
	}
	date := func(name string) (p calendar.Partial, told bool) {
		if r.columns[name] == 0 || text(name) == "" {
			return p, false
		}
		c, ok := line.At(r.columns[name]), false
		if c.Kind == sheet.Date {
			p.Year, p.Month, p.Day, ok = c.Day(base1904)
			if c.Shows == sheet.ShowsMonth {
				p.Day = 0
			}
		} else {
			p, ok = calendar.Parse(text(name))
		}
		switch {
		case !ok || p.Year < 1950 || p.Month == 0:
			fault(name, "日期无法识别，应为 2026-03-05、2026年3月5日或 2026-03")
		case calendar.New(p.Year, p.Month, max(p.Day, 1)) > r.today:
			fault(name, "晚于今天")
		default:
			return p, true
		}
		return p, false
	}
	span := func(from, to, began, ended string) {
		a, first := date(from)
		b, last := date(to)
		if text(from) == "" && (r.columns[to] == 0 || text(to) == "") {
			fault(from, "与“"+to+"”至少填一项")
		}
		if first && last && b.Year*12+b.Month < a.Year*12+a.Month {
			fault(to, "早于“"+from+"”")
		}
		if first {
			l.events = append(l.events, happening{began, a})
		}
		if last {
			l.events = append(l.events, happening{ended, b})
		}
	}
	l.name = text(cName)
	switch r.kind.Key {
	case "insurance":
		l.unit = text(cInsured)
		span(cFrom, cStop, "insured", "uninsured")
	case "employment":
		l.unit = text(cEmployer)
		span(cStart, cEnd, "employed", "unemployed")
	case "education":
		l.unit = text(cSchool)
		level, slug := text(cLevel), "graduated"
		switch {
		case level != "" && !slices.Contains(levels, level):
			fault(cLevel, "应为"+strings.Join(levels, "、")+"之一")
		case slices.Index(levels, level) < 2:
			slug = "graduated_research"
		case slices.Index(levels, level) > 3:
			slug = "graduated_vocational"
		}
		if on, ok := date(cGraduate); ok {
			l.events = append(l.events, happening{slug, on})
			if r.columns[cDegree] != 0 && text(cDegree) != "" {
				l.events = append(l.events, happening{"degree", on})
			}
		}
	}
	return r.take(l)
}

// each walks the rows of an XLSX workbook's first sheet or of UTF-8 CSV.
func each(file content, row func(base1904 bool, r *sheet.Row) error) error {
	var head [2]byte
	if _, err := file.ReadAt(head[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	// A zip is a workbook; what old Excel wrote is refused by the reader with a sentence of its own.
	if head == [2]byte{'P', 'K'} || head == [2]byte{0xD0, 0xCF} {
		book, err := sheet.Read(file, file.Size(), sheet.Limits{})
		if err != nil {
			return err
		}
		return book.Each(book.Sheets[0], func(r *sheet.Row) error { return row(book.Base1904, r) })
	}
	unreadable := wrongFile("feed_unreadable", "CSV 文件读不通。", "请来源单位另存为 XLSX 或 UTF-8 编码的 CSV，重新签名。")
	text := bufio.NewReader(io.NewSectionReader(file, 0, file.Size()))
	if mark, _ := text.Peek(3); string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	in := csv.NewReader(text)
	in.FieldsPerRecord, in.ReuseRecord = -1, true
	var bad *csv.ParseError
	for {
		record, err := in.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
			return unreadable
		case err != nil:
			return err
		}
		number, _ := in.FieldPos(0)
		r := sheet.Row{Number: number}
		for i, v := range record {
			if !utf8.ValidString(v) {
				return unreadable
			}
			r.Cells = append(r.Cells, sheet.Cell{Column: i + 1, Kind: sheet.Text, Text: v})
		}
		if err := row(false, &r); err != nil {
			return err
		}
	}
}
