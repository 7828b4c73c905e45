package roster

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"dangan/internal/identity"
	"dangan/internal/sheet"
)

// Column is one column of the workbook and what it is imported as.
type Column struct {
	Number     int        `json:"column"` // from 1
	Header     string     `json:"header"`
	Field      Field      `json:"field"`
	Confidence Confidence `json:"confidence"`
	Sample     string     `json:"sample"` // from the first row, numbers masked
}

// Options say what a person chose where the program guessed.
type Options struct {
	Sheet   string           // name of the worksheet; "" = the first one with a header
	Columns map[int]Field    // by number of the column; "" keeps it as a note
	Known   map[string]Field // the agency's own names of columns, from earlier files
}

// File is a roster whose header was found. It can be walked again and again.
type File struct {
	Sheet     string
	HeaderRow int // where the names of the columns stand, as Excel numbers it
	Columns   []Column

	book  *sheet.Book
	part  sheet.Sheet
	after int // last row of the header
}

// HeaderMissing is the code of a workbook without a row that names its columns.
const HeaderMissing sheet.Code = "header-missing"

// Find looks for the header in the first rows of each visible sheet: titles and
// remarks before it do not matter, nor does the order of the columns.
func Find(book *sheet.Book, o Options) (*File, error) {
	for _, part := range book.Sheets {
		if o.Sheet != "" && part.Name != o.Sheet || o.Sheet == "" && part.Hidden {
			continue
		}
		f := &File{Sheet: part.Name, book: book, part: part}
		found, err := f.find(o)
		if err != nil {
			return nil, err
		}
		if found {
			return f, nil
		}
	}
	return nil, &sheet.Error{Code: HeaderMissing, Message: "没有找到表头行（至少要有“姓名”“身份证号”两列）", Next: "请在数据上方加一行列名，例如：档案编号、姓名、性别、身份证号、人员类别"}
}

// headRows is how many rows with content are looked at for a header.
const headRows = 50

var errEnough = errors.New("enough rows")

func (f *File) find(o Options) (bool, error) {
	var rows []sheet.Row
	err := f.book.Each(f.part, func(r *sheet.Row) error {
		rows = append(rows, sheet.Row{Number: r.Number, Cells: slices.Clone(r.Cells)})
		if len(rows) == headRows {
			return errEnough
		}
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return false, err
	}
	best, most := -1, 0
	for i := range rows {
		if n := score(&rows[i]); n > most {
			best, most = i, n
		}
	}
	if best < 0 {
		return false, nil
	}
	f.HeaderRow, f.after = rows[best].Number, rows[best].Number
	head := rows[best].Cells
	head, f.after = joined(head, rows, best, f.after)
	f.match(head, o)
	f.sample(rows)
	return true, nil
}

// score counts the different fields a row names; a header names the person.
func score(r *sheet.Row) int {
	seen := map[Field]bool{}
	for _, c := range r.Cells {
		if f, _ := recognize(c.Text); f != "" && c.Kind == sheet.Text {
			seen[f] = true
		}
	}
	if len(seen) < 2 || !seen[Name] && !seen[Identity] {
		return 0
	}
	return len(seen)
}

// joined adds the names from a neighboring row where a header has two levels:
// 单位 over 名称 and 代码, with 姓名 merged over both.
func joined(head []sheet.Cell, rows []sheet.Row, at, after int) ([]sheet.Cell, int) {
	for _, i := range []int{at - 1, at + 1} {
		if i < 0 || i >= len(rows) || rows[i].Number != rows[at].Number+i-at {
			continue
		}
		if i > at && isData(rows[i].Cells) {
			continue
		}
		used := false
		for _, c := range rows[i].Cells {
			if _, how := recognize(c.Text); how != Auto {
				continue
			}
			j := slices.IndexFunc(head, func(h sheet.Cell) bool { return h.Column == c.Column })
			if j < 0 {
				head, used = append(slices.Clone(head), c), true
			} else if field, _ := recognize(head[j].Text); field == "" {
				head = slices.Clone(head)
				head[j], used = c, true
			}
		}
		if used && i > at {
			after = rows[i].Number
		}
	}
	slices.SortFunc(head, func(a, b sheet.Cell) int { return a.Column - b.Column })
	return head, after
}

// isData says whether a row beneath a header holds a person already.
func isData(cells []sheet.Cell) bool {
	return slices.ContainsFunc(cells, func(c sheet.Cell) bool { return numberLike(c.Text) || c.Kind != sheet.Text })
}

// match gives each column its field: the person's choice, then what is sure,
// then what is likely; a field taken twice stays with the first.
func (f *File) match(head []sheet.Cell, o Options) {
	taken := map[Field]bool{}
	for _, field := range o.Columns {
		taken[field] = true
	}
	for _, c := range head {
		f.Columns = append(f.Columns, Column{Number: c.Column, Header: strings.TrimSpace(c.Text), Confidence: AsNote})
	}
	for number := range o.Columns { // columns without a header can be chosen too
		if !slices.ContainsFunc(f.Columns, func(c Column) bool { return c.Number == number }) {
			f.Columns = append(f.Columns, Column{Number: number})
		}
	}
	slices.SortFunc(f.Columns, func(a, b Column) int { return a.Number - b.Number })
	for _, round := range []Confidence{Auto, Confirm} {
		for i := range f.Columns {
			c := &f.Columns[i]
			if chosen, ok := o.Columns[c.Number]; ok {
				c.Field, c.Confidence = chosen, Chosen
				continue
			}
			field, how := recognize(c.Header)
			if mine, ok := o.Known[headerWord(c.Header)]; ok && c.Header != "" {
				if field, how = mine, Auto; mine == "" {
					how = AsNote
				}
			}
			if c.Field == "" && how == round && !taken[field] {
				c.Field, c.Confidence, taken[field] = field, how, true
			}
		}
	}
	if n := len(f.Columns); n >= 2 && f.Columns[n-2].Header == headProblem && f.Columns[n-1].Header == headRemedy {
		f.Columns[n-2].Field, f.Columns[n-1].Field = Ours, Ours
		f.Columns[n-2].Confidence, f.Columns[n-1].Confidence = Auto, Auto
	}
}

func (f *File) sample(rows []sheet.Row) {
	for i := range rows {
		if rows[i].Number <= f.after || !f.holdsPerson(&rows[i]) {
			continue
		}
		for j := range f.Columns {
			c := &f.Columns[j]
			c.Sample = written(rows[i].At(c.Number), f.book.Base1904)
			switch c.Field {
			case Identity:
				c.Sample = identity.Mask(identity.Normalize(c.Sample))
			case Phone:
				c.Sample = identity.MaskPhone(c.Sample)
			}
		}
		return
	}
}

// Missing lists the fields without which every row is wrong and that no column is matched to.
func Missing(columns []Column) []Field {
	var out []Field
	for _, field := range []Field{Name, Identity, Category} {
		if !slices.ContainsFunc(columns, func(c Column) bool { return c.Field == field }) {
			out = append(out, field)
		}
	}
	return out
}

// Row is one person's row as it is written.
type Row struct {
	Number int
	Notes  []Note // of columns that are no field, and cells without a header

	at   map[Field]int // column of each field, one map for the whole file
	base bool          // 1904
	all  []sheet.Cell
}

// cell is what stands in the column of a field; blank when there is none.
func (r *Row) cell(f Field) sheet.Cell {
	column, ok := r.at[f]
	if !ok {
		return sheet.Cell{}
	}
	source := sheet.Row{Cells: r.all}
	return source.At(column)
}

// has says whether the list has a column of a field.
func (r *Row) has(f Field) bool {
	_, ok := r.at[f]
	return ok
}

// Note is a value kept from a column the system has no field for.
type Note struct {
	Header string `json:"header"`
	Text   string `json:"text"`
}

// Each walks the persons' rows; totals, signatures and repeated headers are
// none. A row may be kept.
func (f *File) Each(each func(*Row) error) error {
	at := make(map[Field]int, len(f.Columns))
	for _, c := range f.Columns {
		if c.Field != "" && c.Field != Ours {
			at[c.Field] = c.Number
		}
	}
	return f.book.Each(f.part, func(r *sheet.Row) error {
		if r.Number <= f.after || !f.holdsPerson(r) {
			return nil
		}
		row := &Row{Number: r.Number, at: at, base: f.book.Base1904, all: slices.Clone(r.Cells)}
		next := 0
		for _, c := range row.all {
			for next < len(f.Columns) && f.Columns[next].Number < c.Column {
				next++
			}
			var col Column
			if next < len(f.Columns) && f.Columns[next].Number == c.Column {
				col = f.Columns[next]
			}
			if col.Field == "" {
				if text := strings.TrimSpace(written(c, row.base)); text != "" {
					row.Notes = append(row.Notes, Note{col.Header, text})
				}
			}
		}
		return each(row)
	})
}

// closing are the first words of rows that count, sign or explain.
var (
	closing   = regexp.MustCompile(`^(合计|总计|小计|共计|总数|本页|累计|制表|填表|填报|编制|经办|审核|复核|审批|负责人|单位盖章|单位负责|盖章|签字|签名|注[:：]|注意|说明[:：]|备注[:：]|日期[:：]|以下空白|以上)`)
	signature = regexp.MustCompile(`^[^\d:：]{2,10}[:：]`)
)

// holdsPerson says whether a row is one of the list.
func (f *File) holdsPerson(r *sheet.Row) bool {
	fields, person, first, same := 0, false, "", 0
	for _, col := range f.Columns {
		c := r.At(col.Number)
		text := blankless(c.Text)
		if text == "" || col.Field == Ours {
			continue
		}
		if col.Field == Identity && numberLike(text) {
			return true
		}
		if first == "" && c.Kind == sheet.Text {
			first = text
		}
		if col.Header != "" && text == blankless(col.Header) {
			same++
		}
		switch col.Field {
		case "":
		case Name, Identity:
			person = true
			fields++
		default:
			fields++
		}
	}
	if fields == 0 || same >= 2 || closing.MatchString(first) || signature.MatchString(first) {
		return false
	}
	return person || fields >= 2 || blankless(r.At(f.column(Dossier)).Text) != ""
}

func (f *File) column(field Field) int {
	for _, c := range f.Columns {
		if c.Field == field {
			return c.Number
		}
	}
	return 0
}

// numberLike says whether a text could be meant as an identity number.
func numberLike(text string) bool {
	digits := 0
	for _, r := range identity.Normalize(text) {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 6
}
