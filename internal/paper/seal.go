package paper

import (
	"fmt"
	"math"
)

// Seal is an agency's drawn seal: a red ring, a five-pointed star, the name from
// left to right along the ring (国发〔1999〕25号, forms.md 19.5). It is a picture of
// authority, never the authority itself: that is the signature.
type Seal struct {
	// Name is the full legal name.
	Name string
	// Line stands under the star, such as 档案业务专用章; empty for the 公章.
	Line string
	// Diameter in millimeters; 0 means 42, more than 45 is refused.
	Diameter float64
}

// stamp is a seal ready to draw: paths around its center, in points, y upwards.
type stamp struct {
	radius float64
	path   []pathOp
	ring   float64 // thickness
}

// stamp draws the seal's characters as outlines: they belong to the picture and
// do not appear in the paper's text.
func (s *Seal) stamp() (*stamp, error) {
	diameter := s.Diameter
	if diameter == 0 {
		diameter = 42
	}
	if diameter < 20 || diameter > 45 {
		return nil, fmt.Errorf("draw seal: diameter of %g mm, 20 to 45 are allowed (国发〔1999〕25号)", diameter)
	}
	radius := diameter / 2 * pt
	unit := radius / 21 // a millimeter of the usual seal of 42 mm
	st := &stamp{radius: radius, ring: 1.1 * unit}
	st.path = append(st.path, star(6.9*unit)...)

	name := []rune(s.Name)
	high := 5.6 * unit
	base := radius - st.ring - 1.3*unit - high // the characters' feet stand on this circle
	middle := base + high/2
	span := math.Min(float64(len(name))*high*1.18/middle, 292*math.Pi/180)
	step := span / float64(max(1, len(name)))
	wide := math.Min(high*0.86, step*middle*0.93)
	for i, r := range name {
		angle := -span/2 + (float64(i)+0.5)*step // clockwise from the top
		glyph, err := glyphPath(title, r)
		if err != nil {
			return nil, err
		}
		sin, cos := math.Sincos(-angle)
		st.path = append(st.path, transform(glyph, func(x, y float64) (float64, float64) {
			x, y = (x-0.5)*wide, base+(y+0.12)*high
			return x*cos - y*sin, x*sin + y*cos
		})...)
	}
	line := []rune(s.Line)
	if len(line) == 0 {
		return st, nil
	}
	high = 4.2 * unit
	wide = math.Min(high*0.95, 21*unit/float64(len(line)))
	for i, r := range line {
		glyph, err := glyphPath(title, r)
		if err != nil {
			return nil, err
		}
		x0 := (float64(i) - float64(len(line))/2) * wide
		st.path = append(st.path, transform(glyph, func(x, y float64) (float64, float64) {
			return x0 + x*wide*0.94, -12.2*unit + (y+0.12)*high
		})...)
	}
	return st, nil
}

// star is a five-pointed star around the origin.
func star(radius float64) []pathOp {
	var path []pathOp
	for i := range 10 {
		r := radius
		if i%2 == 1 {
			r *= 0.381966 // where the sides of a regular star cross
		}
		sin, cos := math.Sincos(math.Pi/2 + float64(i)*math.Pi/5)
		kind := byte('l')
		if i == 0 {
			kind = 'm'
		}
		path = append(path, pathOp{kind, [6]float64{r * cos, r * sin}})
	}
	return append(path, pathOp{kind: 'h'})
}

// draw sets the stamp around a point. Ink multiplies: what is written under a
// seal stays readable, as on paper.
func (st *stamp) draw(c *canvas, x, y float64) {
	if c.seal == "" {
		c.seal = fmt.Sprintf("%s %s %s %s", number(x-st.radius), number(c.height-y-st.radius), number(x+st.radius), number(c.height-y+st.radius))
	}
	c.out.WriteString("q /Ink gs 0.86 0.06 0.08 rg 0.86 0.06 0.08 RG\n")
	c.op("cm", 1, 0, 0, 1, x, c.height-y)
	c.op("w", st.ring)
	r := st.radius - st.ring/2
	k := r * 0.5522847498 // circle by four curves
	c.op("m", r, 0)
	c.op("c", r, k, k, r, 0, r)
	c.op("c", -k, r, -r, k, -r, 0)
	c.op("c", -r, -k, -k, -r, 0, -r)
	c.op("c", k, -r, r, -k, r, 0)
	c.out.WriteString("s\n")
	for _, op := range st.path {
		switch op.kind {
		case 'm', 'l':
			c.op(string(op.kind), op.at[:2]...)
		case 'c':
			c.op("c", op.at[:]...)
		case 'h':
			c.out.WriteString("h\n")
		}
	}
	c.out.WriteString("f\nQ\n")
}
