package paper

import "fmt"

// Ink is a signature drawn on a screen: a label, then strokes in a field of Width by Height
// units, x and y by turns, drawn as lines where a hand would have signed.
type Ink struct {
	Label         string
	After         string // the date behind it
	Strokes       [][]int
	Width, Height int
}

// Ink adds a drawn signature.
func (d *Document) Ink(i Ink) *Document { return d.add(inkBlock{i}) }

type inkBlock struct{ Ink }

func (b inkBlock) boxes(l *layout) ([]box, error) {
	label, err := measure(song, b.Label+"：")
	if err != nil {
		return nil, err
	}
	after, err := measure(song, b.After)
	if err != nil {
		return nil, err
	}
	const height, wide = 18 * pt, 60 * pt
	return []box{{height: height + 4, draw: func(c *canvas, x, y float64) {
		foot := y + height - 4
		c.text(x, foot, l.body, 0, label)
		at := x + width(label, l.body) + 4
		scale := min(wide/float64(b.Width), height/float64(b.Height))
		fmt.Fprintf(&c.out, "q 1 J 1 j 1.1 w 0 0 0 RG\n")
		for _, s := range b.Strokes {
			for i := 0; i+1 < len(s); i += 2 {
				op := "l"
				if i == 0 {
					op = "m"
				}
				fmt.Fprintf(&c.out, "%.2f %.2f %s\n", at+float64(s[i])*scale, c.height-y-float64(s[i+1])*scale, op)
			}
			c.out.WriteString("S\n")
		}
		c.out.WriteString("Q\n")
		c.text(at+wide+8, foot, l.body, 0, after)
	}}}, nil
}
