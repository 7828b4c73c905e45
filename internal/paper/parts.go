package paper

import (
	"fmt"

	"rsc.io/qr"
)

type part struct{ Part }

// boxes is empty: a part needs to know its place, see begin.
func (part) boxes(*layout) ([]box, error) { return nil, nil }

// begin is the head of the n-th part: tear, title, label and number.
func (p part) begin(l *layout, n int) ([]box, error) {
	var out []box
	if n > 1 {
		tear, err := perforation{}.boxes(l)
		if err != nil {
			return nil, err
		}
		out = append(out, tear...)
	}
	name := p.Title
	if name == "" {
		name = l.opts.Title
	}
	const size = 15.0
	head, err := textBoxes(l, title, name, size, size*1.4, 0, AlignCenter)
	if err != nil {
		return nil, err
	}
	out = append(out, head...)
	label := "（" + p.Label + "）"
	if p.Note != "" {
		label += "　" + p.Note
	}
	left, err := measure(song, label)
	if err != nil {
		return nil, err
	}
	right, err := measure(song, "编号："+l.opts.Number)
	if err != nil {
		return nil, err
	}
	const step = size5 * 1.7
	out = append(out, box{height: step, draw: func(c *canvas, x, y float64) {
		c.text(x, y+baseline(size5, step), size5, 0, left)
		if l.opts.Number != "" {
			c.text(x+l.width-width(right, size5), y+baseline(size5, step), size5, 0, right)
		}
	}})
	for i := range out {
		out[i].keep = true
	}
	out[0].part = n
	return out, nil
}

type perforation struct{}

func (perforation) boxes(l *layout) ([]box, error) {
	text := "骑　缝"
	if l.opts.Number != "" {
		text = l.opts.Number + "　　" + text
	}
	glyphs, err := measure(song, text)
	if err != nil {
		return nil, err
	}
	const height = 22.0
	return []box{{height: height, gap: true, keep: true, draw: func(c *canvas, x, y float64) {
		used := width(glyphs, size5small)
		middle, edge := y+height/2, (l.width-used)/2
		// The line runs to the sheet's edges, so that the tear does too.
		c.dashes(10*pt, x+edge-6, middle)
		c.dashes(x+edge+used+6, l.pageWidth-10*pt, middle)
		c.text(x+edge, middle+size5small*0.38, size5small, 0, glyphs)
	}}}, nil
}

type closing struct{ Closing }

func (b closing) boxes(l *layout) ([]box, error) {
	date := "　　　　年　　月　　日"
	if !b.Date.IsZero() {
		date = Date(b.Date)
	}
	issuer, err := measure(song, b.Issuer)
	if err != nil {
		return nil, err
	}
	day, err := measure(song, date)
	if err != nil {
		return nil, err
	}
	left := make([][]glyph, len(b.Left))
	for i, text := range b.Left {
		if left[i], err = measure(song, text); err != nil {
			return nil, err
		}
	}
	size, step := l.body, l.step
	free := 4 * size // GB/T 9704 7.3.5: four characters free behind a sealed date
	if l.opts.Form {
		free, step = 3*size, 19
	}
	wi, wd := width(issuer, size), width(day, size)
	middle := l.width - free - wd/2
	if middle+wi/2 > l.width-size {
		middle = l.width - size - wi/2
	}
	above, height := step*0.8, 0.0
	if l.opts.Form {
		above = 8
	}
	var stamp *stamp
	center := 0.0
	if b.Seal != nil {
		if stamp, err = b.Seal.stamp(); err != nil {
			return nil, err
		}
		// 骑年盖月: issuer and date stand a little below the seal's center. On a
		// form the seal may reach into the table above it.
		center = stamp.radius + 2
		if l.opts.Form {
			center -= 2 * pt
		}
		if l.hasParts {
			center -= 4 * pt
		}
		above = center + 5*pt - step
		height = center + stamp.radius + 2
	}
	rows := max(2, len(left))
	height = max(height, above+float64(rows)*step+4)
	return []box{{height: height, draw: func(c *canvas, x, y float64) {
		for i, glyphs := range left {
			c.text(x, y+above+float64(i)*step+baseline(size, step), size, 0, glyphs)
		}
		c.text(x+middle-wi/2, y+above+baseline(size, step), size, 0, issuer)
		c.text(x+middle-wd/2, y+above+step+baseline(size, step), size, 0, day)
		if stamp != nil {
			stamp.draw(c, x+middle, y+center)
		}
	}}}, nil
}

type signatures []string

func (s signatures) boxes(l *layout) ([]box, error) {
	labels := make([][]glyph, len(s))
	widths := make([]float64, len(s))
	size, height := l.body, l.step*1.5
	left, lines := l.width, 0
	for i, label := range s {
		text := label + "："
		if hasDate(label) {
			text += "　　　年　　月　　日"
		}
		var err error
		if labels[i], err = measure(song, text); err != nil {
			return nil, err
		}
		if hasDate(label) {
			widths[i] = width(labels[i], size)
			left -= widths[i]
		} else {
			lines++
		}
	}
	return []box{{height: height, draw: func(c *canvas, x, y float64) {
		foot := y + height - l.step + baseline(size, l.step)
		for i, glyphs := range labels {
			c.text(x, foot, size, 0, glyphs)
			if hasDate(s[i]) {
				x += widths[i]
				continue
			}
			each := left / float64(lines)
			c.line(x+width(glyphs, size), foot+2, x+each-size, foot+2, rule)
			x += each
		}
	}}}, nil
}

func hasDate(label string) bool {
	runes := []rune(label)
	return len(runes) >= 2 && string(runes[len(runes)-2:]) == "日期"
}

type qrBlock struct {
	text    string
	side    float64
	caption string
}

func (b qrBlock) boxes(l *layout) ([]box, error) {
	if _, err := qr.Encode(b.text, qr.M); err != nil {
		return nil, fmt.Errorf("make QR code: %w", err)
	}
	caption, err := measure(song, b.caption)
	if err != nil {
		return nil, err
	}
	const step = size5small * 1.6
	return []box{{height: b.side + step + 4, draw: func(c *canvas, x, y float64) {
		_ = c.qr(b.text, x+(l.width-b.side)/2, y, b.side) // encoded above
		c.text(x+(l.width-width(caption, size5small))/2, y+b.side+2+baseline(size5small, step), size5small, 0, caption)
	}}}, nil
}

// qr draws a QR code (level M) as vectors; dark cells in a row are one bar.
func (c *canvas) qr(text string, x, y, side float64) error {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return fmt.Errorf("make QR code: %w", err)
	}
	unit := side / float64(code.Size)
	c.out.WriteString("q\n")
	fmt.Fprintf(&c.out, "%.4f 0 0 %.4f %.4f %.4f cm\n", unit, unit, x, c.height-y-side)
	for row := range code.Size {
		for column := 0; column < code.Size; column++ {
			if !code.Black(column, row) {
				continue
			}
			from := column
			for column < code.Size && code.Black(column, row) {
				column++
			}
			c.op("re", float64(from), float64(code.Size-1-row), float64(column-from), 1)
		}
	}
	c.out.WriteString("f\nQ\n")
	return nil
}
