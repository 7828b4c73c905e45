package paper

import (
	"bytes"
	"fmt"
	"strconv"
)

// canvas is one page's drawing. Its methods take the distance from the upper
// left corner in points; PDF counts from below.
type canvas struct {
	width, height float64
	out           bytes.Buffer
	fonts         *fontSet
	seal          string // rectangle of the first seal, for the signature
}

// fontSet is the faces of one document.
type fontSet struct {
	uses [families]*fontUse
}

// number prints with at most two decimals, enough for a hundredth of a point.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'f', 2, 64)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	if s == "-0" {
		return "0"
	}
	return s
}

func (c *canvas) op(operator string, operands ...float64) {
	for _, v := range operands {
		c.out.WriteString(number(v))
		c.out.WriteByte(' ')
	}
	c.out.WriteString(operator)
	c.out.WriteByte('\n')
}

// line draws a rule of the given thickness.
func (c *canvas) line(x1, y1, x2, y2, thickness float64) {
	c.op("w", thickness)
	c.op("m", x1, c.height-y1)
	c.op("l", x2, c.height-y2)
	c.op("S")
}

// dashes draws the line of a tear.
func (c *canvas) dashes(x1, x2, y float64) {
	c.out.WriteString("q [4 3] 0 d\n")
	c.line(x1, y, x2, y, 0.5)
	c.out.WriteString("Q\n")
}

// frame draws the four rules of a cell.
func (c *canvas) frame(x, y, width, height float64) {
	c.op("w", rule)
	c.op("re", x, c.height-y-height, width, height)
	c.op("S")
}

// text draws glyphs on a baseline; spread is added after every glyph.
func (c *canvas) text(x, baseline, size, spread float64, glyphs []glyph) {
	if len(glyphs) == 0 {
		return
	}
	c.out.WriteString("BT\n")
	c.op("Tc", spread)
	c.op("Tm", 1, 0, 0, 1, x, c.height-baseline)
	for i := 0; i < len(glyphs); {
		fam := glyphs[i].family
		use := c.fonts.uses[fam]
		if use == nil {
			use = newFontUse(glyphs[i].face)
			c.fonts.uses[fam] = use
		}
		fmt.Fprintf(&c.out, "/F%d %s Tf\n<", fam, number(size))
		for ; i < len(glyphs) && glyphs[i].family == fam; i++ {
			fmt.Fprintf(&c.out, "%04X", use.use(glyphs[i].r, glyphs[i].id))
		}
		c.out.WriteString("> Tj\n")
	}
	c.out.WriteString("ET\n")
}
