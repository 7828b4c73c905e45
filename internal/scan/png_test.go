package scan

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
)

// pad is what a signing pad gives: a stroke of dark ink on a transparent ground.
func pad(t testing.TB, w, h, stroke int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for x := range stroke {
		for y := range 4 {
			img.Set(10+x, h/2+y, color.NRGBA{B: 80, A: 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestASignatureAsAPadGivesIt(t *testing.T) {
	raw := pad(t, 640, 220, 300)
	page, problem, err := Signature(raw, 1<<20)
	if err != nil || problem != "" || page.Format != PNG || page.Width != 640 || page.Ink == 0 {
		t.Fatalf("%+v %q %v", page, problem, err)
	}
	if _, _, problem, _ := Copy(raw, 1<<20, 1); problem == "" {
		t.Error("a PNG passes for a photo")
	}
	// Shown on white paper: the ground is transparent and the ink dark.
	mime, shown, err := Show(bytes.NewReader(raw), int64(len(raw)), PNG)
	if err != nil || mime != "image/jpeg" {
		t.Fatal(mime, err)
	}
	img, err := jpeg.Decode(bytes.NewReader(shown))
	if err != nil {
		t.Fatal(err)
	}
	if g := color.GrayModel.Convert(img.At(5, 5)).(color.Gray); g.Y < 240 {
		t.Errorf("the ground is %d", g.Y)
	}
	if g := color.GrayModel.Convert(img.At(100, 111)).(color.Gray); g.Y > 80 {
		t.Errorf("the ink is %d", g.Y)
	}
}

func TestWhatIsNoSignature(t *testing.T) {
	raw := pad(t, 640, 220, 300)
	huge := slices.Clone(raw) // says to be 60000×60000, with a right checksum
	binary.BigEndian.PutUint32(huge[16:], 60000)
	binary.BigEndian.PutUint32(huge[20:], 60000)
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	for name, x := range map[string]struct {
		raw  []byte
		want string
	}{
		"nothing drawn":  {pad(t, 640, 220, 0), copyFlaws[Empty]},
		"something else": {append(slices.Clone(raw), "PK\x03\x04"...), copyFlaws[Trailing]},
		"dimensions":     {huge, copyFlaws[Bomb]},
		"empty":          {nil, copyFlaws[Empty]},
		"too many bytes": {make([]byte, 1<<20+1), "超过 1 MB"},
	} {
		if _, problem, err := Signature(x.raw, 1<<20); err != nil || problem != x.want {
			t.Errorf("%s: %q, not %q (%v)", name, problem, x.want, err)
		}
	}
	for i := len(pngHead); i < len(raw); i += 7 {
		if _, problem, err := Signature(raw[:i], 1<<20); err != nil || problem != copyFlaws[Corrupt] {
			t.Fatalf("cut at %d of %d: %q (%v)", i, len(raw), problem, err)
		}
	}
}

func FuzzPNG(f *testing.F) {
	f.Add(pad(f, 64, 22, 30))
	f.Fuzz(func(t *testing.T, raw []byte) {
		page, err := CheckPNG(raw)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Flaws) == 0 {
			if _, _, err := Show(bytes.NewReader(raw), int64(len(raw)), PNG); err != nil {
				t.Error(err)
			}
		}
	})
}
