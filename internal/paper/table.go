package paper

import (
	"math"
	"strings"
)

const padX = 4.0 // points between a cell's rule and its text

// cell is one measured cell of a row.
type cell struct {
	lines []line
	width float64
	align Align
	fam   family
}

func (l *layout) setCell(fam family, text string, width float64, align Align) (cell, error) {
	pad := padX
	if align == AlignCenter { // a narrow column keeps two characters on a line
		pad = 2
	}
	lines, err := breakLines(fam, text, l.cell, width-2*pad, 0)
	return cell{lines, width, align, fam}, err
}

// rows turns cells into boxes: one, or several when the row is higher than half
// a page and has to run over.
func (l *layout) rows(cells []cell) []box {
	most := 1
	for _, c := range cells {
		most = max(most, len(c.lines))
	}
	limit := max(1, int((l.height/2-2*l.padY)/l.cellStep))
	var out []box
	for from := 0; from < most; from += limit {
		count := min(limit, most-from)
		height := math.Max(float64(count)*l.cellStep+2*l.padY, l.cellStep+2*l.padY+l.spare)
		slice := make([]cell, len(cells))
		for i, c := range cells {
			slice[i] = c
			slice[i].lines = c.lines[min(from, len(c.lines)):min(from+count, len(c.lines))]
		}
		out = append(out, box{height: height, draw: func(c *canvas, x, y float64) { l.drawRow(c, x, y, height, slice) }})
	}
	return out
}

func (l *layout) drawRow(c *canvas, x, y, height float64, cells []cell) {
	for _, cell := range cells {
		c.frame(x, y, cell.width, height)
		at := y + (height-float64(len(cell.lines))*l.cellStep)/2
		for _, line := range cell.lines {
			offset, spread := padX, line.spread
			switch cell.align {
			case AlignCenter:
				offset, spread = (cell.width-line.width)/2, 0
			case AlignEnd:
				offset, spread = cell.width-padX-line.width, 0
			}
			c.text(x+offset, at+baseline(l.cell, l.cellStep), l.cell, spread, line.glyphs)
			at += l.cellStep
		}
		x += cell.width
	}
}

type fieldTable struct {
	columns int
	fields  []Field
}

func (t fieldTable) boxes(l *layout) ([]box, error) {
	columns := min(max(t.columns, 1), 3)
	rows := t.grid(columns)
	labels, values, err := t.widths(l, rows, columns)
	if err != nil {
		return nil, err
	}
	var out []box
	for _, row := range rows {
		var cells []cell
		rest := l.width
		for i, field := range row {
			name, err := l.setCell(song, field.Label, labels[i], AlignCenter)
			if err != nil {
				return nil, err
			}
			room := values[i]
			if i == len(row)-1 { // the last value takes what is left of the row
				room = rest - labels[i]
			}
			value, err := l.setCell(song, field.Value, room, AlignStart)
			if err != nil {
				return nil, err
			}
			rest -= labels[i] + room
			cells = append(cells, name, value)
		}
		out = append(out, l.rows(cells)...)
	}
	return out, nil
}

// grid fills rows of pairs; a wide field has a row of its own.
func (t fieldTable) grid(columns int) [][]Field {
	var rows [][]Field
	open := false
	for _, field := range t.fields {
		if field.Wide || !open || len(rows[len(rows)-1]) == columns {
			rows = append(rows, nil)
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], field)
		open = !field.Wide
	}
	return rows
}

// widths gives every column of labels and of values its share: labels as wide as
// the longest (at most 40 hundredths of an even pair), values what they need and
// an equal part of what is left.
func (t fieldTable) widths(l *layout, rows [][]Field, columns int) (labels, values []float64, err error) {
	labels, values = make([]float64, columns), make([]float64, columns)
	even := l.width / float64(columns)
	for _, row := range rows {
		for i, field := range row {
			label, err := widest(l, field.Label)
			if err != nil {
				return nil, nil, err
			}
			labels[i] = min(max(labels[i], label+6, 4*l.cell+2*padX), even*0.4)
			if field.Wide {
				continue
			}
			value, err := widest(l, field.Value)
			if err != nil {
				return nil, nil, err
			}
			values[i] = max(values[i], min(value, even), 2*l.cell)
		}
	}
	left := l.width
	for i := range columns {
		left -= labels[i] + values[i]
	}
	for i := range columns {
		if left >= 0 {
			values[i] += left / float64(columns)
		} else {
			values[i] = max(values[i]+left/float64(columns), 2*l.cell)
		}
	}
	return labels, values, nil
}

// widest is the width of a text's longest line in a cell, with its padding.
func widest(l *layout, text string) (float64, error) {
	most := 0.0
	for _, part := range strings.Split(text, "\n") {
		glyphs, err := measure(song, part)
		if err != nil {
			return 0, err
		}
		most = max(most, width(glyphs, l.cell))
	}
	return most + 2*padX + 0.1, nil
}

type listTable struct{ Table }

func (t listTable) boxes(l *layout) ([]box, error) {
	widths := make([]float64, len(t.Columns))
	total := 0.0
	for _, column := range t.Columns {
		total += math.Max(column.Width, 0.1)
	}
	for i, column := range t.Columns {
		widths[i] = l.width * math.Max(column.Width, 0.1) / total
	}
	var head []cell
	for i, column := range t.Columns {
		c, err := l.setCell(hei, column.Title, widths[i], AlignCenter)
		if err != nil {
			return nil, err
		}
		head = append(head, c)
	}
	header := l.rows(head)[0]
	header.keep = true
	out := []box{header}
	for _, row := range t.Rows {
		across := len(row) == 1 && len(t.Columns) > 1
		cells, err := t.cells(l, row, widths, song)
		if err != nil {
			return nil, err
		}
		for _, b := range l.rows(cells) {
			b.head = &header
			b.keep = across
			out = append(out, b)
		}
	}
	if len(t.Total) > 0 {
		if len(t.Rows) > 0 {
			out[len(out)-1].keep = true
		}
		cells, err := t.cells(l, t.Total, widths, hei)
		if err != nil {
			return nil, err
		}
		for _, b := range l.rows(cells) {
			b.head = &header
			out = append(out, b)
		}
	}
	return out, nil
}

func (t listTable) cells(l *layout, row []string, widths []float64, fam family) ([]cell, error) {
	if len(row) == 1 && len(t.Columns) > 1 {
		c, err := l.setCell(hei, row[0], l.width, AlignStart)
		return []cell{c}, err
	}
	var cells []cell
	for i := range t.Columns {
		text := ""
		if i < len(row) {
			text = row[i]
		}
		c, err := l.setCell(fam, text, widths[i], t.Columns[i].Align)
		if err != nil {
			return nil, err
		}
		cells = append(cells, c)
	}
	return cells, nil
}
