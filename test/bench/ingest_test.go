package bench

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangan/internal/digital"
	"dangan/internal/sheet"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// The set of scans: so many dossiers of so many pages, A4 at 300 dpi.
const (
	scannedDossiers = 12
	scannedPages    = 16
)

// BenchmarkIngest compares the taking in of a delivery with all its checks, stored,
// encrypted and on record, with only digesting and decoding the same files: one
// sha256sum and one libjpeg after the other.
func BenchmarkIngest(b *testing.B) {
	djpeg, err := exec.LookPath("djpeg")
	if err != nil {
		b.Fatal("djpeg is missing: scripts/tools.sh installs it")
	}
	p := testkit.New(b, store.SQLite)
	dir, pages := scans(b, p)
	var reference, ours float64
	for round := range 2 { // turn by turn, so that a busy machine burdens both
		reference += seconds(b, func() error { return digestAndDecode(djpeg, dir) }) / 2
		if round > 0 { // the same files in another province: nothing is here yet
			p = testkit.New(b, store.SQLite)
			people(p)
		}
		ours += seconds(b, func() error {
			r, err := p.Digital.Ingest(b.Context(), p.As("scanner-500108"), digital.Source{Dir: dir, Agency: office})
			if err == nil && r.Ingested != scannedDossiers {
				err = fmt.Errorf("%+v", r)
			}
			return err
		}) / 2
	}
	report("ingest", float64(pages)/ours, "pages/s", reference/ours)
}

func seconds(b *testing.B, fn func() error) float64 {
	b.Helper()
	begin := time.Now()
	if err := fn(); err != nil {
		b.Fatal(err)
	}
	return time.Since(begin).Seconds()
}

// digestAndDecode is what any check of a delivery must do at least.
func digestAndDecode(djpeg, dir string) error {
	var files []string
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".jpg") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := exec.Command("sha256sum", files...).Run(); err != nil {
		return fmt.Errorf("sha256sum: %w", err)
	}
	for _, f := range files {
		if err := exec.Command(djpeg, "-outfile", "/dev/null", f).Run(); err != nil {
			return fmt.Errorf("djpeg: %w", err)
		}
	}
	return nil
}

// people registers those whose dossiers are scanned.
func people(p *testkit.Province) {
	for n := range scannedDossiers {
		testkit.Stock(p, office, n, nil)
	}
}

// scans writes the delivery: eight drawn pages, each file with a remark of its own.
func scans(b *testing.B, p *testkit.Province) (dir string, pages int) {
	b.Helper()
	people(p)
	dir = filepath.Join(b.TempDir(), "交付")
	var drawn [8][]byte
	for i := range drawn {
		drawn[i] = form(b, uint64(i))
	}
	w, err := sheet.NewWriter("目录", nil)
	if err != nil {
		b.Fatal(err)
	}
	for _, row := range [][]string{{"类号", "序号", "材料名称", "年", "月", "日", "页数", "备注"}, {"1", "1", "干部履历表", "2013", "6", "", strconv.Itoa(scannedPages), ""}} {
		if err := w.Put(row, nil); err != nil {
			b.Fatal(err)
		}
	}
	var catalog bytes.Buffer
	if err := w.Finish(&catalog); err != nil {
		b.Fatal(err)
	}
	var sums strings.Builder
	put := func(path string, raw []byte) {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(full, raw, 0o600); err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(raw), path)
	}
	for n := range scannedDossiers {
		folder := testkit.IDNo(n) + "_" + testkit.Name(n)
		put(folder+"/目录.xlsx", catalog.Bytes())
		for page := range scannedPages {
			remark := fmt.Appendf([]byte{0xFF, 0xFE, 0, 10}, "%04d%04d", n, page)
			raw := drawn[(n+page)%len(drawn)]
			put(fmt.Sprintf("%s/1/001-%03d.jpg", folder, page+1), slices.Concat(raw[:20], remark, raw[20:]))
			pages++
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(sums.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	return dir, pages
}

// form is a scanned A4 page: grained paper with lines of strokes.
func form(b *testing.B, seed uint64) []byte {
	b.Helper()
	img := image.NewYCbCr(image.Rect(0, 0, 2480, 3508), image.YCbCrSubsampleRatio420)
	r := rand.New(rand.NewPCG(seed, 3))
	for i := range img.Y {
		img.Y[i] = uint8(226 + r.IntN(8))
	}
	for i := range img.Cb {
		img.Cb[i], img.Cr[i] = uint8(122+r.IntN(2)), uint8(131+r.IntN(2))
	}
	ink := &image.Gray{Pix: img.Y, Stride: img.YStride, Rect: img.Rect}
	for y := 300; y < 3200; y += 96 {
		for x := 240; x < 2240; x += 60 {
			for range r.IntN(6) { // strokes of a character
				at := image.Pt(x+r.IntN(30), y+r.IntN(30))
				size := image.Pt(4, 8+r.IntN(24))
				if r.IntN(2) == 0 {
					size = image.Pt(8+r.IntN(24), 4)
				}
				draw.Draw(ink, image.Rectangle{at, at.Add(size)}, image.NewUniform(color.Gray{uint8(40 + r.IntN(30))}), image.Point{}, draw.Src)
			}
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 85}); err != nil {
		b.Fatal(err)
	}
	head := []byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 1, 0x2C, 1, 0x2C, 0, 0}
	return append(head, out.Bytes()[2:]...)
}
