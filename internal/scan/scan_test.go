package scan

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"testing"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/tiff"
)

// text is a picture with lines of ink, turned by some degrees.
func text(w, h int, degrees float64) *image.RGBA {
	flat := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(flat, flat.Bounds(), image.White, image.Point{}, draw.Src)
	for y := h / 6; y < h*5/6; y += 48 {
		draw.Draw(flat, image.Rect(w/6, y, w*5/6, y+14), image.NewUniform(color.Gray{30}), image.Point{}, draw.Src)
	}
	if degrees == 0 {
		return flat
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	out := image.NewRGBA(flat.Bounds())
	draw.Draw(out, out.Bounds(), image.White, image.Point{}, draw.Src)
	cx, cy := float64(w)/2, float64(h)/2
	xdraw.ApproxBiLinear.Transform(out, f64.Aff3{cos, -sin, cx - cos*cx + sin*cy, sin, cos, cy - sin*cx - cos*cy}, flat, flat.Bounds(), xdraw.Src, nil)
	return out
}

func encoded(t testing.TB, img image.Image, quality int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func check(t testing.TB, raw []byte, ext string) Page {
	t.Helper()
	p, err := Check(bytes.NewReader(raw), int64(len(raw)), ext)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhatIsMeasured(t *testing.T) {
	for _, degrees := range []float64{0, 1.5, -2} {
		p := check(t, encoded(t, text(2100, 2960, degrees), 85), ".jpg")
		if len(p.Flaws) > 0 || math.Abs(p.Skew-degrees) > 0.3 {
			t.Errorf("%v degrees: measured %v, flaws %v", degrees, p.Skew, p.Flaws)
		}
		if p.Quality < 80 || p.Quality > 90 || p.Blank() || p.Components != 3 {
			t.Errorf("quality %d, ink %v, %d components", p.Quality, p.Ink, p.Components)
		}
	}
	gray := image.NewGray(image.Rect(0, 0, 2100, 2960))
	if p := check(t, encoded(t, gray, 60), ".jpg"); p.Components != 1 || p.Hints()[0] != HintGray {
		t.Errorf("gray: %+v", p)
	}
}

func TestEveryCutIsSeen(t *testing.T) {
	raw := encoded(t, text(640, 480, 0), 85)
	for n := 3; n < len(raw); n += 1 + len(raw)/400 {
		p := check(t, raw[:n], ".jpg")
		if !hasFlaw(p, Corrupt) {
			t.Fatalf("cut at %d of %d: %v", n, len(raw), p.Flaws)
		}
	}
	for _, tail := range []string{"\x00", "\xff\xd9", "PK\x03\x04"} {
		if p := check(t, append(bytes.Clone(raw), tail...), ".jpg"); !hasFlaw(p, Trailing) {
			t.Errorf("tail %q: %v", tail, p.Flaws)
		}
	}
}

func hasFlaw(p Page, f Flaw) bool {
	for _, x := range p.Flaws {
		if x == f {
			return true
		}
	}
	return false
}

func TestTIFF(t *testing.T) {
	img := text(2100, 2960, 0)
	for _, compression := range []tiff.CompressionType{tiff.Uncompressed, tiff.Deflate} {
		var raw bytes.Buffer
		if err := tiff.Encode(&raw, img, &tiff.Options{Compression: compression}); err != nil {
			t.Fatal(err)
		}
		p := check(t, raw.Bytes(), ".tif")
		if p.Width != 2100 || p.Height != 2960 || hasFlaw(p, Corrupt) || hasFlaw(p, Trailing) || p.DPI != 72 {
			t.Errorf("compression %d: %+v", compression, p)
		}
		if p := check(t, raw.Bytes(), ".jpg"); !hasFlaw(p, Mismatch) {
			t.Errorf("a TIFF named .jpg: %v", p.Flaws)
		}
		if p := check(t, append(raw.Bytes(), "hidden"...), ".tif"); !hasFlaw(p, Trailing) {
			t.Errorf("hidden bytes: %v", p.Flaws)
		}
	}
}

func TestARenderingIsReducedAndMarked(t *testing.T) {
	raw := encoded(t, text(2100, 2960, 0), 85)
	small, err := Reduce(bytes.NewReader(raw), int64(len(raw)), JPEG, 1600)
	if err != nil {
		t.Fatal(err)
	}
	stencil := image.NewAlpha(image.Rect(0, 0, 300, 200))
	for i := range stencil.Pix {
		stencil.Pix[i] = 255
	}
	marked, err := Mark(small, stencil)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(marked))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); max(b.Dx(), b.Dy()) != 1600 {
		t.Errorf("reduced to %v", b)
	}
	if y := color.GrayModel.Convert(img.At(20, 20)).(color.Gray).Y; y > 245 || y < 120 {
		t.Errorf("white paper under the mark is %d", y)
	}
}

// The check must be at least as strict as the standard decoder, and never panic.
func FuzzJPEG(f *testing.F) {
	f.Add(encoded(f, text(64, 48, 0), 85))
	f.Add(encoded(f, image.NewGray(image.Rect(0, 0, 33, 17)), 20))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Check(bytes.NewReader(raw), int64(len(raw)), ".jpg")
		if err != nil {
			t.Fatal(err)
		}
		if hasFlaw(p, Corrupt) || hasFlaw(p, Bomb) || hasFlaw(p, NotAllowed) || hasFlaw(p, Mismatch) || hasFlaw(p, Empty) || p.Width*p.Height > 1<<22 {
			return
		}
		if c, err := jpeg.DecodeConfig(bytes.NewReader(raw)); err != nil || c.Width != p.Width || c.Height != p.Height {
			t.Errorf("passed with %d×%d, the decoder says %v, %v", p.Width, p.Height, c, err)
		}
	})
}

func FuzzTIFF(f *testing.F) {
	var raw bytes.Buffer
	if err := tiff.Encode(&raw, text(40, 30, 0), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(raw.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := Check(bytes.NewReader(raw), int64(len(raw)), ".tif"); err != nil {
			t.Fatal(err)
		}
	})
}
