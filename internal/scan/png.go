package scan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	"image/png"
)

// PNG is the format that signing pads give. It is no format of pages: only a signature may be one.
const PNG = "png"

const (
	pngHead   = "\x89PNG\r\n\x1a\n"
	pngPixels = 8_000_000 // more than any pad has; a row is unfolded only after this was asked
	paperGray = 200       // darker than this on white paper is ink
)

// CheckPNG judges a signature as a pad gives it: decoded to its last line, nothing after its end,
// dimensions before anything is allocated, and something drawn on it. An error is the system's,
// never the file's.
func CheckPNG(raw []byte) (p Page, err error) {
	sum := sha256.Sum256(raw)
	p = Page{Digest: hex.EncodeToString(sum[:]), Size: int64(len(raw))}
	if !bytes.HasPrefix(raw, []byte(pngHead)) {
		p.flaw(Mismatch)
		return p, nil
	}
	p.Format = PNG
	in := bytes.NewReader(raw)
	c, err := png.DecodeConfig(in)
	if err != nil {
		p.flaw(Corrupt)
		return p, nil
	}
	p.Width, p.Height = c.Width, c.Height
	if p.plausible() != nil || c.Width*c.Height > pngPixels {
		p.flaw(Bomb)
		return p, nil
	}
	in.Reset(raw)
	img, err := safely(func() (image.Image, error) { return png.Decode(in) })
	if err != nil {
		p.flaw(Corrupt)
		return p, nil
	}
	if in.Len() > 0 {
		p.flaw(Trailing)
		return p, nil
	}
	if p.Ink = ink(img); p.Ink == 0 {
		p.flaw(Empty)
	}
	return p, nil
}

// ink is the share of a picture that is dark where it lies on white paper: pads leave the ground
// transparent.
func ink(img image.Image) float64 {
	b, dark := img.Bounds(), 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := img.At(x, y).RGBA() // premultiplied: the paper adds what the ink lets through
			through := 0xFFFF - a
			if gray := color.GrayModel.Convert(color.RGBA64{R: uint16(r + through), G: uint16(g + through), B: uint16(bl + through), A: 0xFFFF}).(color.Gray); gray.Y < paperGray {
				dark++
			}
		}
	}
	return float64(dark) / float64(b.Dx()*b.Dy())
}
