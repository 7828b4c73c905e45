package paper

// pathOp is one step of an outline: m(ove), l(ine), c(urve) or h (close).
type pathOp struct {
	kind byte
	at   [6]float64
}

// transform maps every point of a path.
func transform(path []pathOp, f func(x, y float64) (float64, float64)) []pathOp {
	out := make([]pathOp, len(path))
	for i, op := range path {
		out[i].kind = op.kind
		for j := 0; j < 6; j += 2 {
			out[i].at[j], out[i].at[j+1] = f(op.at[j], op.at[j+1])
		}
	}
	return out
}

// glyphPath is a character's outline in units of its em square.
func glyphPath(fam family, r rune) ([]pathOp, error) {
	_, f, glyph, err := findGlyph(fam, r)
	if err != nil {
		return nil, err
	}
	path, err := f.path(glyph, 0)
	if err != nil {
		return nil, err
	}
	em := float64(f.unitsPerEm)
	return transform(path, func(x, y float64) (float64, float64) { return x / em, y / em }), nil
}

// path decodes a glyph into curves, composites included.
func (f *face) path(glyph, depth int) ([]pathOp, error) {
	outline := f.outline(glyph)
	if len(outline) == 0 {
		return nil, nil
	}
	if len(outline) < 10 || depth > 4 {
		return nil, errOutline
	}
	if contours := int(int16(u16(outline))); contours >= 0 {
		return simplePath(outline[10:], contours)
	}
	parts, err := components(outline)
	if err != nil {
		return nil, err
	}
	var path []pathOp
	for _, part := range parts {
		inner, err := f.path(part.glyph, depth+1)
		if err != nil {
			return nil, err
		}
		m := part.matrix
		path = append(path, transform(inner, func(x, y float64) (float64, float64) {
			return x*m[0] + y*m[2] + part.dx, x*m[1] + y*m[3] + part.dy
		})...)
	}
	return path, nil
}

type point struct {
	x, y float64
	on   bool
}

// Flags of a point of a simple glyph.
const (
	onCurve     = 0x01
	xIsByte     = 0x02
	yIsByte     = 0x04
	repeatFlag  = 0x08
	xSameOrPlus = 0x10
	ySameOrPlus = 0x20
)

func simplePath(data []byte, contours int) ([]pathOp, error) {
	if contours == 0 {
		return nil, nil
	}
	if len(data) < 2*contours+2 {
		return nil, errOutline
	}
	ends := make([]int, contours)
	for i := range ends {
		ends[i] = u16(data[2*i:])
	}
	count := ends[contours-1] + 1
	at := 2*contours + 2 + u16(data[2*contours:])
	flags := make([]byte, 0, count)
	for len(flags) < count {
		if at >= len(data) {
			return nil, errOutline
		}
		flag, times := data[at], 1
		at++
		if flag&repeatFlag != 0 {
			if at >= len(data) {
				return nil, errOutline
			}
			times += int(data[at])
			at++
		}
		for range times {
			flags = append(flags, flag)
		}
	}
	points := make([]point, count)
	read := func(isByte, sameOrPlus byte, set func(i int, v float64)) error {
		value := 0
		for i := range points {
			switch {
			case flags[i]&isByte != 0:
				if at >= len(data) {
					return errOutline
				}
				if flags[i]&sameOrPlus != 0 {
					value += int(data[at])
				} else {
					value -= int(data[at])
				}
				at++
			case flags[i]&sameOrPlus == 0:
				if at+2 > len(data) {
					return errOutline
				}
				value += int(int16(u16(data[at:])))
				at += 2
			}
			set(i, float64(value))
		}
		return nil
	}
	if err := read(xIsByte, xSameOrPlus, func(i int, v float64) { points[i].x = v }); err != nil {
		return nil, err
	}
	if err := read(yIsByte, ySameOrPlus, func(i int, v float64) { points[i].y = v }); err != nil {
		return nil, err
	}
	for i := range points {
		points[i].on = flags[i]&onCurve != 0
	}
	var path []pathOp
	from := 0
	for _, end := range ends {
		if end < from || end >= count {
			return nil, errOutline
		}
		path = append(path, contour(points[from:end+1])...)
		from = end + 1
	}
	return path, nil
}

// contour turns a closed run of quadratic points into cubic curves. Between two
// points off the curve stands one on it, in the middle.
func contour(points []point) []pathOp {
	between := func(a, b point) point { return point{(a.x + b.x) / 2, (a.y + b.y) / 2, true} }
	n := len(points)
	first := 0
	for first < n && !points[first].on {
		first++
	}
	var start point
	if first == n {
		first = 0
		start = between(points[n-1], points[0])
	} else {
		start = points[first]
		first++
	}
	path := []pathOp{{'m', [6]float64{start.x, start.y}}}
	current := start
	curve := func(control, to point) {
		path = append(path, pathOp{'c', [6]float64{
			current.x + 2*(control.x-current.x)/3, current.y + 2*(control.y-current.y)/3,
			to.x + 2*(control.x-to.x)/3, to.y + 2*(control.y-to.y)/3, to.x, to.y,
		}})
		current = to
	}
	var pending *point
	visit := func(p point) {
		switch {
		case p.on && pending != nil:
			curve(*pending, p)
			pending = nil
		case p.on:
			path = append(path, pathOp{'l', [6]float64{p.x, p.y}})
			current = p
		case pending != nil:
			curve(*pending, between(*pending, p))
			pending = &p
		default:
			pending = &p
		}
	}
	for i := range n {
		p := points[(first+i)%n]
		if p == start && i == n-1 {
			break
		}
		visit(p)
	}
	if pending != nil {
		curve(*pending, start)
	}
	return append(path, pathOp{kind: 'h'})
}
