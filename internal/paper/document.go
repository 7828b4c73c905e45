package paper

import (
	"io"
	"time"
)

// Options are what a paper has from its first line on.
type Options struct {
	// Title is the paper's name, centered in 2号; "\n" breaks it where the meaning allows.
	Title string
	// Number is the paper's number, such as 渝人才证〔2026〕123号; it stands under
	// the title and is repeated in every part.
	Number string
	// Issuer is the full legal name; it becomes the author of the file.
	Issuer string
	// Form chooses the tighter page and 小四/五号 type of forms and lists
	// instead of the letter's 三号 (forms.md 19.3).
	Form bool
	// Landscape turns the sheet, for wide lists. It implies Form.
	Landscape bool
	// Sheet16 is the old dossiers' sheet, 16开 of 184 × 260 mm (materials.md 5.4). It implies Form.
	Sheet16 bool
	// Hotline is printed in the foot as 咨询（监督）电话.
	Hotline string
	// Oversight is printed beside it as 监督电话 where it is another number.
	Oversight string
	// VerifyURL and VerifyCode are printed in the foot with a QR code of the
	// URL; both empty leaves them out.
	VerifyURL, VerifyCode string
	// Notice is one more line in the foot, such as 本件为电子件打印，真伪请扫码验证.
	Notice string
	// Created goes into the file's data; nothing here reads a clock.
	Created time.Time
	// Metadata is read back by the verifier; see ReadMetadata.
	Metadata Metadata
}

// Document collects blocks; Render lays them out. It is not for concurrent use.
type Document struct {
	opts   Options
	blocks []block
	pages  int // of the last rendering
}

// New starts a paper.
func New(opts Options) *Document {
	if opts.Landscape || opts.Sheet16 {
		opts.Form = true
	}
	return &Document{opts: opts}
}

// block is one piece of content: it measures itself into boxes that the
// paginator places.
type block interface {
	boxes(l *layout) ([]box, error)
}

func (d *Document) add(b block) *Document {
	d.blocks = append(d.blocks, b)
	return d
}

// Align is the side on which a line or cell stands.
type Align int

// Alignments. AlignStart is left, and justified where a line is full.
const (
	AlignStart Align = iota
	AlignCenter
	AlignEnd
)

// Heading is a numbered heading; level 1 一、 and 2 （一） stand in 黑体, 3 and 4 in
// the text's own face (forms.md 19.3). The number is part of text.
func (d *Document) Heading(level int, text string) *Document {
	return d.add(heading{level, text})
}

// Addressee is the 主送 line: flush left, with a full-width colon added.
func (d *Document) Addressee(name string) *Document {
	return d.add(textBlock{text: name + "："})
}

// Paragraph is body text, first line indented by two characters.
func (d *Document) Paragraph(text string) *Document {
	return d.add(textBlock{text: text, indent: 2})
}

// Line is text without indent, on the given side.
func (d *Document) Line(align Align, text string) *Document {
	return d.add(textBlock{text: text, align: align})
}

// Note is small text (五号), for fixed sentences below a table.
func (d *Document) Note(text string) *Document {
	return d.add(textBlock{text: text, size: size5})
}

// Space leaves mm millimeters free; it disappears at the top of a page.
func (d *Document) Space(mm float64) *Document { return d.add(space(mm * pt)) }

// PageBreak goes on at the top of the next page.
func (d *Document) PageBreak() *Document { return d.add(pageBreak{}) }

// Field is one label and its value.
type Field struct {
	Label, Value string
	// Wide gives the field a row of its own.
	Wide bool
}

// Fields is a ruled table of labels and values, columns pairs a row (1 to 3).
func (d *Document) Fields(columns int, fields ...Field) *Document {
	return d.add(fieldTable{columns, fields})
}

// Column is one column of a Table. Width is a share: the columns' widths are
// scaled to the width of the page.
type Column struct {
	Title string
	Width float64
	Align Align
}

// Table is a ruled list. Its head is repeated on every page it runs over. A
// row with a single cell in a table of several columns is a heading across it.
type Table struct {
	Columns []Column
	Rows    [][]string
	// Total is a last row in 黑体, kept with the row before it; empty leaves it out.
	Total []string
}

// Table adds a ruled list.
func (d *Document) Table(t Table) *Document { return d.add(listTable{t}) }

// Part begins a part of a paper that is torn apart (存根, 正联, 回执): a perforation
// with the paper's number across it (not before the first part), then title,
// number and label again. A part that does not fit on what is left of the
// sheet begins the next one.
type Part struct {
	// Label such as 存根, 正联 or 回执.
	Label string
	// Note says who keeps it, such as 由发出单位留存.
	Note string
	// Title replaces the paper's title in this part, such as 档案转递通知单回执.
	Title string
}

// Part begins the next part of the sheet.
func (d *Document) Part(p Part) *Document { return d.add(part{p}) }

// Perforation draws the dashed line of a tear with the paper's number and 骑缝.
// Part does it by itself.
func (d *Document) Perforation() *Document { return d.add(perforation{}) }

// Closing is the end of a paper or part: issuer and date on the right, with the
// seal over both (骑年盖月). It never stands alone on a page.
type Closing struct {
	Issuer string
	// Date is printed in Chinese; the zero time prints 年 月 日 to be filled in by hand.
	Date time.Time
	// Seal is drawn over issuer and date; nil leaves the place free for a stamp.
	Seal *Seal
	// Left are lines on the left at the same height, such as 经办人：李×.
	Left []string
}

// Close adds the closing lines.
func (d *Document) Close(c Closing) *Document { return d.add(closing{c}) }

// Signatures is a row of places for handwriting: each label is followed by a
// line to write on; a label ending in 日期 gets 年 月 日.
func (d *Document) Signatures(labels ...string) *Document { return d.add(signatures(labels)) }

// QR adds a QR code of side mm millimeters, centered, with a caption under it.
func (d *Document) QR(text string, mm float64, caption string) *Document {
	return d.add(qrBlock{text, mm * pt, caption})
}

// Pages is how many pages the paper took when it was rendered.
func (d *Document) Pages() int { return d.pages }

// Render lays the paper out and writes the unsigned PDF. A character without a
// glyph gives *MissingGlyph.
func (d *Document) Render(w io.Writer) error {
	pdf, err := d.Bytes()
	if err != nil {
		return err
	}
	_, err = w.Write(pdf)
	return err
}
