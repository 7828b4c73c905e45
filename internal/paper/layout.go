package paper

import (
	"fmt"
	"strings"
)

// Points a millimeter, and the type sizes of forms.md 19.3.
const (
	pt         = 72 / 25.4
	size2      = 22.0 // 2号
	size2small = 18.0 // 小2
	size3      = 16.0 // 3号
	size4      = 14.0 // 4号
	size4small = 12.0 // 小4
	size5      = 10.5 // 5号
	size5small = 9.0  // 小5
	rule       = 0.5  // thickness of a table's lines
)

// layout is the page and its measures, all in points.
type layout struct {
	opts                     Options
	pageWidth, pageHeight    float64
	left, top, width, height float64 // type area
	body, step               float64 // type size and line step of text
	cell, cellStep           float64 // of tables
	padY, spare              float64 // above and below a cell's text; of a row of one line besides
	hasParts                 bool
}

// newLayout measures the page: letters by GB/T 9704-2012 (37/28/35/26 mm, 22
// lines of 28 characters), forms tighter, with 25 mm left for the binding.
func newLayout(o Options) *layout {
	l := &layout{opts: o, pageWidth: 210 * pt, pageHeight: 297 * pt}
	if o.Sheet16 {
		l.pageWidth, l.pageHeight = 184*pt, 260*pt
	}
	if o.Landscape {
		l.pageWidth, l.pageHeight = l.pageHeight, l.pageWidth
	}
	top, left, bottom, right := 37.0, 28.0, 35.0, 26.0
	l.body, l.cell, l.cellStep, l.padY, l.spare = size3, size4small, 18, 3, 2
	if o.Form {
		top, left, bottom, right = 22, 25, 31, 20
		if o.Sheet16 { // the binding keeps its 25 mm
			top, bottom, right = 18, 28, 12
		}
		l.body, l.cell, l.cellStep = size4small, size5, 15
	}
	l.left, l.top = left*pt, top*pt
	l.width, l.height = l.pageWidth-(left+right)*pt, l.pageHeight-(top+bottom)*pt
	l.step = l.height / 22
	if o.Form {
		l.step = 20
	}
	return l
}

// fold makes room for a stub, the paper itself and its receipt on one sheet, which
// is torn along its perforations (forms.md 0, Parts).
func (l *layout) fold() {
	const higher = 6 * pt
	l.hasParts = true
	l.top, l.height = l.top-higher, l.height+higher
	l.step, l.cellStep, l.padY, l.spare = 17, 13.5, 1.5, 1.5
}

// box is a piece that stands whole on one page.
type box struct {
	height float64
	draw   func(c *canvas, x, y float64)
	// keep ties it to the box after it.
	keep bool
	// gap disappears at the top of a page; flush begins a new page.
	gap, flush bool
	// head is drawn again above it at the top of a page.
	head *box
	// part is the number of the part that begins here, from 1.
	part int
}

// baseline of a line of the given step whose type has the given size: the
// characters' square stands in the middle of the line.
func baseline(size, step float64) float64 { return (step-size)/2 + 0.88*size }

// lineBox draws one line at an offset within the type area.
func lineBox(l line, size, step, offset float64) box {
	return box{height: step, draw: func(c *canvas, x, y float64) {
		c.text(x+offset, y+baseline(size, step), size, l.spread, l.glyphs)
	}}
}

func (l *layout) offset(align Align, used float64) float64 {
	switch align {
	case AlignCenter:
		return max(0, (l.width-used)/2)
	case AlignEnd:
		return max(0, l.width-used)
	}
	return 0
}

type textBlock struct {
	text   string
	indent int
	align  Align
	size   float64
}

func (b textBlock) boxes(l *layout) ([]box, error) {
	size, step := l.body, l.step
	if b.size != 0 {
		size, step = b.size, b.size*1.5
	}
	return textBoxes(l, song, b.text, size, step, float64(b.indent)*size, b.align)
}

func textBoxes(l *layout, fam family, text string, size, step, indent float64, align Align) ([]box, error) {
	var out []box
	for _, paragraph := range strings.Split(text, "\n") {
		lines, err := breakLines(fam, paragraph, size, l.width, indent)
		if err != nil {
			return nil, err
		}
		for i, line := range lines {
			offset := l.offset(align, line.width)
			if i == 0 {
				offset += indent
			}
			if align != AlignStart {
				line.spread = 0
			}
			out = append(out, lineBox(line, size, step, offset))
		}
	}
	if len(out) > 1 { // no single first or last line of a paragraph on a page
		out[0].keep = true
		out[len(out)-2].keep = true
	}
	return out, nil
}

type heading struct {
	level int
	text  string
}

func (b heading) boxes(l *layout) ([]box, error) {
	fam := song
	if b.level <= 2 {
		fam = hei
	}
	indent := 2 * l.body
	if l.opts.Form {
		indent = 0
	}
	out, err := textBoxes(l, fam, b.text, l.body, l.step, indent, AlignStart)
	for i := range out {
		out[i].keep = true
	}
	return out, err
}

type space float64

func (s space) boxes(*layout) ([]box, error) { return []box{{height: float64(s), gap: true}}, nil }

type pageBreak struct{}

func (pageBreak) boxes(*layout) ([]box, error) { return []box{{flush: true}}, nil }

// titleBoxes are the paper's name and number.
func (l *layout) titleBoxes(name string, size float64) ([]box, error) {
	out, err := textBoxes(l, title, name, size, size*1.5, 0, AlignCenter)
	if err != nil {
		return nil, err
	}
	if l.opts.Number != "" {
		small := size4
		if l.opts.Form {
			small = size5
		}
		number, err := textBoxes(l, song, "编号："+l.opts.Number, small, small*1.9, 0, AlignEnd)
		if err != nil {
			return nil, err
		}
		if !l.opts.Form {
			out = append(out, box{height: 4, gap: true})
		}
		out = append(out, number...)
	}
	after := 4.0
	if !l.opts.Form {
		after = l.step * 0.6
	}
	out = append(out, box{height: after, gap: true})
	for i := range out {
		out[i].keep = true
	}
	return out, nil
}

// placed is a box at its distance from the top of the type area.
type placed struct {
	box box
	y   float64
}

// paginate sets boxes onto pages. Boxes tied by keep stay together where a page
// has room for them at all.
func (l *layout) paginate(boxes []box) [][]placed {
	pages := [][]placed{nil}
	y := 0.0
	turn := func() {
		pages = append(pages, nil)
		y = 0
	}
	set := func(b box) {
		if b.gap && y == 0 {
			return
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], placed{b, y})
		y += b.height
	}
	for i := 0; i < len(boxes); {
		if boxes[i].flush {
			if y > 0 {
				turn()
			}
			i++
			continue
		}
		if boxes[i].part > 0 {
			if need := partHeight(boxes[i:]); y > 0 && y+need > l.height && need <= l.height {
				turn()
			}
		}
		end := i + 1
		need := boxes[i].height
		for end < len(boxes) && boxes[end-1].keep {
			need += boxes[end].height
			end++
		}
		if need > l.height { // can't stay together: one by one
			end, need = i+1, boxes[i].height
		}
		if y > 0 && y+need > l.height+0.01 {
			if boxes[i].gap && end == i+1 {
				i = end
				continue
			}
			turn()
		}
		for ; i < end; i++ {
			if boxes[i].head != nil && y == 0 {
				set(*boxes[i].head)
			}
			set(boxes[i])
		}
	}
	if last := len(pages) - 1; last > 0 && len(pages[last]) == 0 {
		pages = pages[:last]
	}
	return pages
}

// partHeight is the height of the part that begins with the first box.
func partHeight(boxes []box) float64 {
	height := 0.0
	for i, b := range boxes {
		if i > 0 && (b.part > 0 || b.flush) {
			break
		}
		height += b.height
	}
	return height
}

// Bytes lays the paper out and returns the unsigned PDF.
func (d *Document) Bytes() ([]byte, error) {
	l := newLayout(d.opts)
	var boxes []box
	for _, b := range d.blocks {
		if _, ok := b.(part); ok {
			l.fold()
			break
		}
	}
	if !l.hasParts {
		size := size2
		if d.opts.Form {
			size = size2small
		}
		head, err := l.titleBoxes(d.opts.Title, size)
		if err != nil {
			return nil, fmt.Errorf("lay out %q: %w", d.opts.Title, err)
		}
		boxes = head
	}
	parts := 0
	for i, b := range d.blocks {
		more, err := b.boxes(l)
		if err != nil {
			return nil, fmt.Errorf("lay out %q: %w", d.opts.Title, err)
		}
		if p, ok := b.(part); ok {
			parts++
			if more, err = p.begin(l, parts); err != nil {
				return nil, fmt.Errorf("lay out %q: %w", d.opts.Title, err)
			}
		}
		if _, ok := b.(closing); ok {
			tie(boxes)
		}
		if i > 0 && isTable(d.blocks[i-1]) != isTable(b) {
			boxes = append(boxes, box{height: l.step / 5, gap: true, keep: len(boxes) > 0 && boxes[len(boxes)-1].keep})
		}
		boxes = append(boxes, more...)
	}
	fonts := &fontSet{}
	pages := l.paginate(boxes)
	d.pages = len(pages)
	canvases := make([]*canvas, len(pages))
	for i, page := range pages {
		c := &canvas{width: l.pageWidth, height: l.pageHeight, fonts: fonts}
		canvases[i] = c
		for _, p := range page {
			if p.box.draw != nil {
				p.box.draw(c, l.left, l.top+p.y)
			}
		}
		if err := l.margins(c, i+1, len(pages)); err != nil {
			return nil, fmt.Errorf("lay out %q: %w", d.opts.Title, err)
		}
	}
	return assemble(d.opts, canvases, fonts)
}

func isTable(b block) bool {
	switch b.(type) {
	case fieldTable, listTable:
		return true
	}
	return false
}

// tie keeps the end of what stands before a closing with it: no sheet has a
// seal and no text (forms.md 19.5).
func tie(boxes []box) {
	for i := len(boxes) - 1; i >= 0; i-- {
		boxes[i].keep = true
		if !boxes[i].gap {
			return
		}
	}
}
