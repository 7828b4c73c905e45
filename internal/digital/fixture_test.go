package digital_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"dangan/internal/identity"
	"dangan/internal/roster"
	"dangan/internal/sheet"
	"dangan/internal/testkit"

	"golang.org/x/image/tiff"
)

const office = "50010801"

// someone is a person of the test's own stock.
type someone struct{ no, name, id string }

// people registers n made-up persons with the office.
func people(t testing.TB, p *testkit.Province, n int) []someone {
	t.Helper()
	w, err := sheet.NewWriter("花名册", nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]string{{"档案编号", "姓名", "身份证号", "人员类别", "户籍所在地"}}
	var out []someone
	for i := range n {
		body := fmt.Sprintf("5001081985%02d%02d%03d", 1+i%12, 1+i%28, 200+i)
		x := someone{fmt.Sprintf("NA-%04d", i), "石溪" + string(rune(0x4e00+i)), body + string(identity.CheckCharacter(body))}
		out = append(out, x)
		rows = append(rows, []string{x.no, x.name, x.id, "4.1", "南岸区"})
	}
	book := written(t, w, rows)
	r, err := p.Rosters.Import(t.Context(), p.As("clerk-500108"), roster.Source{Agency: office, FileName: "r.xlsx", Content: bytes.NewReader(book), Size: int64(len(book))})
	if err != nil || r.Accepted != n {
		t.Fatalf("roster: %+v, %v", r, err)
	}
	return out
}

func written(t testing.TB, w *sheet.Writer, rows [][]string) []byte {
	t.Helper()
	for _, r := range rows {
		if err := w.Put(r, nil); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := w.Finish(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// drawn is a page of w×h pixels with lines of ink that depend on a seed.
func drawn(w, h int, seed uint64) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{245, 240, 228, 255}), image.Point{}, draw.Src)
	r := rand.New(rand.NewPCG(seed, 7))
	for y := h / 10; y < h*9/10; y += h / 40 {
		for x := w / 10; x < w*9/10; x += 24 {
			if r.IntN(4) > 0 {
				draw.Draw(img, image.Rect(x, y, x+16, y+10+r.IntN(8)), image.NewUniform(color.RGBA{30, 30, 60, 255}), image.Point{}, draw.Src)
			}
		}
	}
	return img
}

// scanned is a page as a scanner writes it: JPEG with a JFIF header of so many dpi.
func scanned(t testing.TB, img image.Image, dpi int) []byte {
	t.Helper()
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, img, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	head := []byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 1, byte(dpi >> 8), byte(dpi), byte(dpi >> 8), byte(dpi), 0, 0}
	return append(head, raw.Bytes()[2:]...)
}

// Pages are drawn once for all tests, smaller than A4 (B5): they take time.
var (
	pages   = map[uint64][]byte{}
	drawing sync.Mutex
)

func page(t testing.TB, seed uint64) []byte {
	t.Helper()
	drawing.Lock()
	defer drawing.Unlock()
	if pages[seed] == nil {
		pages[seed] = scanned(t, drawn(2100, 2960, seed), 300)
	}
	return pages[seed]
}

func tiffPage(t testing.TB, seed uint64) []byte {
	t.Helper()
	var raw bytes.Buffer
	if err := tiff.Encode(&raw, drawn(2100, 2960, seed), &tiff.Options{Compression: tiff.Deflate}); err != nil {
		t.Fatal(err)
	}
	// The encoder writes 72 dpi; scanners write what they scan at.
	return bytes.ReplaceAll(raw.Bytes(), []byte{72, 0, 0, 0, 1, 0, 0, 0}, []byte{0x2C, 1, 0, 0, 1, 0, 0, 0})
}

// jpegTIFF is a page as many scanners deliver it: one strip of JPEG in a TIFF.
func jpegTIFF(t testing.TB, seed uint64) []byte {
	t.Helper()
	strip := page(t, seed)
	order := binary.LittleEndian
	out := append(append([]byte("II*\x00"), 0, 0, 0, 0), strip...)
	tail := uint32(len(out))
	out = order.AppendUint32(order.AppendUint32(append(out, 8, 0, 8, 0, 8, 0), 300), 1)
	order.PutUint32(out[4:], uint32(len(out)))
	entries := [][4]uint32{{256, 3, 1, 2100}, {257, 3, 1, 2960}, {258, 3, 3, tail}, {259, 3, 1, 7}, {262, 3, 1, 6}, {273, 4, 1, 8}, {277, 3, 1, 3}, {278, 3, 1, 2960},
		{279, 4, 1, uint32(len(strip))}, {282, 5, 1, tail + 6}, {283, 5, 1, tail + 6}, {296, 3, 1, 2}}
	out = order.AppendUint16(out, uint16(len(entries)))
	for _, e := range entries {
		out = order.AppendUint32(order.AppendUint32(order.AppendUint16(order.AppendUint16(out, uint16(e[0])), uint16(e[1])), e[2]), e[3])
	}
	return append(out, 0, 0, 0, 0)
}

// progressive is a page of 2100×2960 points by libjpeg's `cjpeg -progressive`.
func progressive(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile("../scan/testdata/progressive.jpg")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func blank() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 2100, 2960))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{244, 240, 230, 255}), image.Point{}, draw.Src)
	return img
}

// line is a row of a catalog.
type line struct {
	class, title string
	seq, pages   int
	note         string
}

// delivery is a contractor's disk under construction.
type delivery struct {
	t   testing.TB
	dir string
}

func newDelivery(t testing.TB) *delivery {
	return &delivery{t, filepath.Join(t.TempDir(), "交付")}
}

// empty makes the folder, with nothing in it.
func (d *delivery) empty() *delivery {
	d.t.Helper()
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		d.t.Fatal(err)
	}
	return d
}

func (d *delivery) put(path string, content []byte) {
	d.t.Helper()
	full := filepath.Join(d.dir, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		d.t.Fatal(err)
	}
	if err := os.WriteFile(full, content, 0o600); err != nil {
		d.t.Fatal(err)
	}
}

func (d *delivery) catalog(folder string, lines ...line) {
	d.t.Helper()
	w, err := sheet.NewWriter("目录", nil)
	if err != nil {
		d.t.Fatal(err)
	}
	rows := [][]string{{"案卷目录"}, {"类号", "序号", "材料名称", "年", "月", "日", "页数", "备注"}}
	for _, l := range lines {
		rows = append(rows, []string{l.class, strconv.Itoa(l.seq), l.title, "2013", "6", "", strconv.Itoa(l.pages), l.note})
	}
	d.put(folder+"/目录.xlsx", written(d.t, w, rows))
}

// folder is a dossier without a fault: two materials, three pages.
func (d *delivery) folder(who someone, seed uint64) string {
	d.t.Helper()
	f := who.id + "_" + who.name
	d.catalog(f, line{"1", "干部履历表", 1, 2, ""}, line{"9-1", "转正定级表", 1, 1, ""})
	d.put(f+"/1/001-001.jpg", page(d.t, seed))
	d.put(f+"/1/001-002.jpg", page(d.t, seed+1))
	d.put(f+"/9-1/001-001.jpg", page(d.t, seed+2))
	return f
}

// seal writes SHA256SUMS over what is there, paths that skip says left out.
func (d *delivery) seal(skip ...string) {
	d.t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		rel, _ := filepath.Rel(d.dir, path)
		if rel == "SHA256SUMS" || slices.Contains(skip, rel) {
			return nil
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(raw)
		fmt.Fprintf(&out, "%s  %s\n", hex.EncodeToString(sum[:]), rel)
		return nil
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.put("SHA256SUMS", []byte(out.String()))
}
