package scan

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"os"
	"slices"
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

// progressive.jpg is text(2100, 2960, 0) by `cjpeg -progressive -quality 40`.
func progressive(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/progressive.jpg")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestProgressiveJPEG(t *testing.T) {
	raw := progressive(t)
	p := check(t, raw, ".jpg")
	if len(p.Flaws) > 0 || p.Width != 2100 || p.Height != 2960 || p.Quality < 35 || p.Quality > 45 || p.Blank() || math.Abs(p.Skew) > 0.3 {
		t.Errorf("%+v", p)
	}
	if p := check(t, append(bytes.Clone(raw), 0), ".jpg"); !hasFlaw(p, Trailing) {
		t.Errorf("bytes after the end: %v", p.Flaws)
	}
	for n := 100; n < len(raw); n += len(raw) / 9 {
		if p := check(t, raw[:n], ".jpg"); !hasFlaw(p, Corrupt) {
			t.Errorf("cut at %d of %d: %v", n, len(raw), p.Flaws)
		}
	}
	// Cut between two scans and closed again, it decodes: to a blurred page.
	last := bytes.LastIndex(raw, []byte{0xFF, mSOS})
	closed := append(bytes.Clone(raw[:last]), 0xFF, mEOI)
	if p := check(t, closed, ".jpg"); !hasFlaw(p, Corrupt) {
		t.Errorf("the last scan is missing: %v", p.Flaws)
	}
	wide := bytes.Clone(raw)
	i := bytes.Index(wide, []byte{0xFF, mSOF2})
	copy(wide[i+5:], []byte{0x4E, 0x20, 0x4E, 0x20}) // 20,000 × 20,000
	if p := check(t, wide, ".jpg"); !hasFlaw(p, Bomb) {
		t.Errorf("a progressive image of 400 million points: %v", p.Flaws)
	}
	if small, err := Reduce(bytes.NewReader(raw), int64(len(raw)), JPEG, 240); err != nil || len(small) == 0 {
		t.Errorf("reduce: %v", err)
	}
}

// stripped is a page as JPEG-in-TIFF (compression 7): strips of so many rows, each
// a whole JPEG, or with the tables once for all of them.
func stripped(t testing.TB, img image.Image, rows int, shared bool) []byte {
	t.Helper()
	b := img.Bounds()
	var tables []byte
	var strips [][]byte
	for y := 0; y < b.Dy(); y += rows {
		part := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(rows, b.Dy()-y)))
		draw.Draw(part, part.Bounds(), img, image.Pt(0, y), draw.Src)
		raw := encoded(t, part, 85)
		if shared { // DQT and DHT move to the tables
			sof, dht, sos := bytes.Index(raw, []byte{0xFF, mSOF0}), bytes.Index(raw, []byte{0xFF, mDHT}), bytes.Index(raw, []byte{0xFF, mSOS})
			tables = slices.Concat(raw[:sof], raw[dht:sos], []byte{0xFF, mEOI})
			raw = slices.Concat(raw[:2], raw[sof:dht], raw[sos:])
		}
		strips = append(strips, raw)
	}
	order := binary.LittleEndian
	out := append([]byte("II*\x00"), 0, 0, 0, 0)
	put := func(data []byte) uint32 {
		at := uint32(len(out))
		out = append(out, data...)
		return at
	}
	var offsets, counts []byte
	for _, s := range strips {
		offsets, counts = order.AppendUint32(offsets, put(s)), order.AppendUint32(counts, uint32(len(s)))
	}
	type entry struct {
		tag, kind uint16
		n, value  uint32
	}
	dpi := order.AppendUint32(order.AppendUint32(nil, 300), 1)
	entries := []entry{
		{tWidth, 3, 1, uint32(b.Dx())}, {tLength, 3, 1, uint32(b.Dy())}, {tBits, 3, 3, put([]byte{8, 0, 8, 0, 8, 0})}, {tCompression, 3, 1, cJPEG}, {tPhotometric, 3, 1, 6},
		{tStripOffsets, 4, uint32(len(strips)), put(offsets)}, {tSamples, 3, 1, 3}, {tRowsPerStrip, 3, 1, uint32(rows)}, {tStripCounts, 4, uint32(len(strips)), put(counts)},
		{tXRes, 5, 1, put(dpi)}, {tYRes, 5, 1, put(dpi)}, {tUnit, 3, 1, 2},
	}
	if shared {
		entries = append(entries, entry{tJPEGTables, 7, uint32(len(tables)), put(tables)})
	}
	order.PutUint32(out[4:], uint32(len(out)))
	out = order.AppendUint16(out, uint16(len(entries)))
	for _, e := range entries {
		out = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(out, e.tag), e.kind), e.n), e.value)
	}
	return append(out, 0, 0, 0, 0)
}

func TestJPEGInTIFF(t *testing.T) {
	img := text(2100, 2960, 0)
	for _, shared := range []bool{false, true} {
		raw := stripped(t, img, 512, shared)
		p := check(t, raw, ".tif")
		if len(p.Flaws) > 0 || p.Width != 2100 || p.Height != 2960 || p.DPI != 300 || p.Quality < 80 || p.Blank() {
			t.Errorf("tables shared %v: %+v", shared, p)
		}
		if p := check(t, append(bytes.Clone(raw), "PK"...), ".tif"); !hasFlaw(p, Trailing) {
			t.Errorf("bytes after the end: %v", p.Flaws)
		}
		broken := bytes.Clone(raw)
		at := bytes.Index(broken, []byte{0xFF, mSOS}) + 2000
		clear(broken[at : at+400]) // in the middle of a strip
		if p := check(t, broken, ".tif"); !hasFlaw(p, Corrupt) {
			t.Errorf("a strip overwritten with zeros: %v", p.Flaws)
		}
		small, err := Reduce(bytes.NewReader(raw), int64(len(raw)), TIFF, 1600)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := jpeg.Decode(bytes.NewReader(small))
		if err != nil {
			t.Fatal(err)
		}
		// Line by line where text() drew them, also across the strips.
		for y := 2960 / 6; y < 2960*5/6; y += 48 {
			dark := color.GrayModel.Convert(shown.At(560, (y+7)*1600/2960)).(color.Gray).Y
			light := color.GrayModel.Convert(shown.At(560, (y+31)*1600/2960)).(color.Gray).Y
			if dark > 120 || light < 200 {
				t.Fatalf("row %d: ink %d, paper %d", y, dark, light)
			}
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

// small is a progressive image of 64×48 points, for the fuzzer.
func small(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/progressive-small.jpg")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The check must be at least as strict as the standard decoder, and never panic.
func FuzzJPEG(f *testing.F) {
	f.Add(encoded(f, text(64, 48, 0), 85))
	f.Add(encoded(f, image.NewGray(image.Rect(0, 0, 33, 17)), 20))
	f.Add(small(f))
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
	f.Add(stripped(f, text(40, 30, 0), 16, true))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := Check(bytes.NewReader(raw), int64(len(raw)), ".tif"); err != nil {
			t.Fatal(err)
		}
	})
}
