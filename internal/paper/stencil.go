package paper

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// Stencil draws one line of text, turned counter-clockwise, as a mask of its
// coverage: the watermark of pages on the screen. px is the size of a character.
func Stencil(text string, px, degrees float64) (*image.Alpha, error) {
	var glyphs [][]pathOp
	x := 0.0
	for _, r := range text {
		_, f, glyph, err := findGlyph(hei, r)
		if err != nil {
			return nil, err
		}
		path, err := glyphPath(hei, r)
		if err != nil {
			return nil, err
		}
		at := x
		glyphs = append(glyphs, transform(path, func(gx, gy float64) (float64, float64) { return at + gx*px, gy * px }))
		x += f.advance(glyph) / 1000 * px
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	up, down := px, px*0.3
	turn := func(gx, gy float64) (float64, float64) { return gx*cos - gy*sin, -gx*sin - gy*cos }
	var least, most [2]float64
	for i, c := range [][2]float64{{0, -down}, {x, -down}, {0, up}, {x, up}} {
		cx, cy := turn(c[0], c[1])
		if i == 0 {
			least, most = [2]float64{cx, cy}, [2]float64{cx, cy}
		}
		least[0], least[1] = min(least[0], cx), min(least[1], cy)
		most[0], most[1] = max(most[0], cx), max(most[1], cy)
	}
	z := vector.NewRasterizer(int(most[0]-least[0])+2, int(most[1]-least[1])+2)
	for _, g := range glyphs {
		trace(z, transform(g, func(gx, gy float64) (float64, float64) {
			cx, cy := turn(gx, gy)
			return cx - least[0] + 1, cy - least[1] + 1
		}))
	}
	out := image.NewAlpha(z.Bounds())
	z.Draw(out, out.Bounds(), image.NewUniform(color.Opaque), image.Point{})
	return out, nil
}

func trace(z *vector.Rasterizer, path []pathOp) {
	for _, op := range path {
		a := op.at
		switch op.kind {
		case 'm':
			z.MoveTo(float32(a[0]), float32(a[1]))
		case 'l':
			z.LineTo(float32(a[0]), float32(a[1]))
		case 'c':
			z.CubeTo(float32(a[0]), float32(a[1]), float32(a[2]), float32(a[3]), float32(a[4]), float32(a[5]))
		case 'h':
			z.ClosePath()
		}
	}
}
