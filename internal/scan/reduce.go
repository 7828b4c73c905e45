package scan

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/draw"
)

// Reduce draws a page no longer than side pixels, as JPEG. It is for pages that
// passed their check.
func Reduce(in io.ReaderAt, size int64, format string, side int) ([]byte, error) {
	var img image.Image
	var err error
	switch format {
	case TIFF:
		img, err = decodeTIFF(in, size)
	case PNG:
		img, err = safely(func() (image.Image, error) { return png.Decode(io.NewSectionReader(in, 0, size)) })
	default:
		img, err = safely(func() (image.Image, error) { return jpeg.Decode(io.NewSectionReader(in, 0, size)) })
	}
	if err != nil {
		return nil, fmt.Errorf("decode page: %w", err)
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, w*side/long), max(1, h*side/long)
	}
	small := image.NewRGBA(image.Rect(0, 0, w, h))
	op := draw.Src
	if format == PNG { // whose ground may be transparent: it lies on white paper
		draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
		op = draw.Over
	}
	draw.ApproxBiLinear.Scale(small, small.Bounds(), img, b, op, nil)
	return encode(small, 85)
}

// Opacity of a watermark: 12–18 % (digitization.md 5).
const opacity = 0.15

// Mark burns a watermark into a reduced page, tiled over all of it.
func Mark(reduced []byte, stencil *image.Alpha) ([]byte, error) {
	img, err := jpeg.Decode(bytes.NewReader(reduced))
	if err != nil {
		return nil, fmt.Errorf("decode reduction: %w", err)
	}
	b := img.Bounds()
	page := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(page, page.Bounds(), img, b.Min, draw.Src)
	s := stencil.Bounds()
	// Tiles stand in rows, every other one shifted by half, close enough that no
	// third of a page is without.
	dx, dy := s.Dx()*4/5, s.Dy()*3/5
	for row, y := 0, -s.Dy()/2; y < b.Dy(); row, y = row+1, y+max(dy, 40) {
		for x := -s.Dx()/2 - row%2*dx/2; x < b.Dx(); x += max(dx, 80) {
			blend(page, stencil, x, y)
		}
	}
	return encode(page, 80)
}

// blend darkens, or lightens where the page is dark, so that the mark is seen on any ground.
func blend(page *image.RGBA, stencil *image.Alpha, x0, y0 int) {
	s, b := stencil.Bounds(), page.Bounds()
	for y := max(0, -y0); y < s.Dy() && y0+y < b.Dy(); y++ {
		row := stencil.Pix[y*stencil.Stride : y*stencil.Stride+s.Dx()]
		for x := max(0, -x0); x < s.Dx() && x0+x < b.Dx(); x++ {
			if row[x] == 0 {
				continue
			}
			a := int(float64(row[x]) * opacity)
			p := page.Pix[page.PixOffset(x0+x, y0+y):]
			ink := 20
			if int(p[0])+int(p[1])+int(p[2]) < 3*96 {
				ink = 235
			}
			for c := range 3 {
				p[c] = uint8((int(p[c])*(255-a) + ink*a) / 255)
			}
		}
	}
}

func encode(img image.Image, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode page: %w", err)
	}
	return out.Bytes(), nil
}
