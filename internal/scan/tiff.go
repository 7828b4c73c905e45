package scan

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"golang.org/x/image/tiff"
)

// Tags of TIFF 6.0 that the check reads.
const (
	tWidth        = 256
	tLength       = 257
	tBits         = 258
	tCompression  = 259
	tPhotometric  = 262
	tStripOffsets = 273
	tSamples      = 277
	tRowsPerStrip = 278
	tStripCounts  = 279
	tXRes         = 282
	tYRes         = 283
	tPlanar       = 284
	tUnit         = 296
	tTileWidth    = 322
	tTileLength   = 323
	tTileOffsets  = 324
	tTileCounts   = 325
	tJPEGTables   = 347
)

// Compressions of TIFF.
const (
	cJPEGOld = 6
	cJPEG    = 7
)

// tiffPixels bounds what is decoded whole.
const tiffPixels = 80_000_000

// byteOrder reads the head of a TIFF structure.
func byteOrder(b []byte) (binary.ByteOrder, bool) {
	switch {
	case len(b) >= 8 && string(b[:4]) == "II*\x00":
		return binary.LittleEndian, true
	case len(b) >= 8 && string(b[:4]) == "MM\x00*":
		return binary.BigEndian, true
	}
	return nil, false
}

// tiffFile is the first directory of a file and what it points at.
type tiffFile struct {
	in     io.ReaderAt
	size   int64
	order  binary.ByteOrder
	values map[uint16][]uint64
	res    map[uint16]float64
	end    int64 // of everything that is pointed at
	more   bool  // a second page follows
}

var typeSize = [...]int64{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8}

// maxValues bounds one entry of a directory: the strips of a tall page.
const maxValues = 1 << 16

func (t *tiffFile) read(at, n int64) ([]byte, error) {
	if at < 0 || n < 0 || at+n > t.size {
		return nil, corrupt
	}
	b := make([]byte, n)
	if _, err := t.in.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	t.end = max(t.end, at+n)
	return b, nil
}

func openTIFF(in io.ReaderAt, size int64) (*tiffFile, error) {
	t := &tiffFile{in: in, size: size, values: map[uint16][]uint64{}, res: map[uint16]float64{}}
	head, err := t.read(0, 8)
	if err != nil {
		return nil, err
	}
	t.order, _ = byteOrder(head)
	at := int64(t.order.Uint32(head[4:]))
	count, err := t.read(at, 2)
	if err != nil {
		return nil, err
	}
	n := int64(t.order.Uint16(count))
	entries, err := t.read(at+2, 12*n+4)
	if err != nil {
		return nil, err
	}
	for i := range n {
		if err := t.entry(entries[12*i : 12*i+12]); err != nil {
			return nil, err
		}
	}
	t.more = t.order.Uint32(entries[12*n:]) != 0
	return t, nil
}

func (t *tiffFile) entry(e []byte) error {
	tag, kind, count := t.order.Uint16(e), int(t.order.Uint16(e[2:])), int64(t.order.Uint32(e[4:]))
	if kind == 0 || kind >= len(typeSize) {
		return nil
	}
	n := typeSize[kind] * count
	if n > t.size {
		return corrupt
	}
	value := e[8:12]
	if n > 4 {
		at := int64(t.order.Uint32(e[8:]))
		if at+n > t.size {
			return corrupt
		}
		t.end = max(t.end, at+n)
		if count > maxValues && kind != 7 && kind != 1 || n > 1<<20 {
			return nil // a picture of colors, a profile, a note: not ours
		}
		var err error
		if value, err = t.read(at, n); err != nil {
			return err
		}
	}
	if kind == 5 && count >= 1 {
		t.res[tag] = float64(t.order.Uint32(value)) / float64(t.order.Uint32(value[4:]))
		return nil
	}
	var out []uint64
	for i := range count {
		switch kind {
		case 1, 7:
			out = append(out, uint64(value[i]))
		case 3:
			out = append(out, uint64(t.order.Uint16(value[2*i:])))
		case 4:
			out = append(out, uint64(t.order.Uint32(value[4*i:])))
		}
	}
	t.values[tag] = out
	return nil
}

func (t *tiffFile) one(tag uint16, otherwise uint64) uint64 {
	if v := t.values[tag]; len(v) > 0 {
		return v[0]
	}
	return otherwise
}

// parts lists where the pixel data lies, strip by strip or tile by tile.
func (t *tiffFile) parts() (at, n []uint64, err error) {
	at, n = t.values[tStripOffsets], t.values[tStripCounts]
	if len(at) == 0 {
		at, n = t.values[tTileOffsets], t.values[tTileCounts]
	}
	if len(at) == 0 || len(at) != len(n) {
		return nil, nil, corrupt
	}
	for i := range at {
		if at[i]+n[i] > uint64(t.size) || n[i] == 0 {
			return nil, nil, corrupt
		}
		t.end = max(t.end, int64(at[i]+n[i]))
	}
	return at, n, nil
}

func checkTIFF(p *Page, in io.ReaderAt, size int64) error {
	if size < 8 {
		return corrupt
	}
	t, err := openTIFF(in, size)
	if err != nil {
		return err
	}
	p.Width, p.Height = int(t.one(tWidth, 0)), int(t.one(tLength, 0))
	p.Components = int(t.one(tSamples, 1))
	p.DPI = dpiOf(t.res[tXRes], t.res[tYRes], float64(t.one(tUnit, 2)), 0)
	if err := p.plausible(); err != nil {
		return err
	}
	compression := t.one(tCompression, 1)
	if t.more || compression == cJPEGOld { // one page a file
		return flawError{NotAllowed}
	}
	if _, _, err := t.parts(); err != nil {
		return err
	}
	if p.Width*p.Height > tiffPixels {
		return flawError{Bomb}
	}
	var img image.Image
	if compression == cJPEG {
		img, err = t.jpegs(p)
	} else {
		r := &endReaderAt{in: in}
		img, err = safely(func() (image.Image, error) { return tiff.Decode(io.NewSectionReader(r, 0, size)) })
		if r.err != nil {
			return r.err
		}
		var unsupported tiff.UnsupportedError
		switch {
		case errors.As(err, &unsupported):
			return flawError{NotAllowed}
		case err != nil:
			return corrupt
		}
	}
	if err != nil {
		return err
	}
	if b := img.Bounds(); b.Dx() != p.Width || b.Dy() != p.Height {
		return corrupt
	}
	if size > t.end+1 { // one byte may fill the last word
		p.flaw(Trailing)
	}
	means, w, h := eighth(img)
	p.Ink, p.Skew = inkOf(means, w, w, h)
	return nil
}

// safely turns a panic of a decoder on a hostile file into an error.
func safely(decode func() (image.Image, error)) (img image.Image, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decoder: %v", r)
		}
	}()
	return decode()
}

type endReaderAt struct {
	in  io.ReaderAt
	err error
}

func (e *endReaderAt) ReadAt(p []byte, at int64) (int, error) {
	n, err := e.in.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) {
		e.err = err
	}
	return n, err
}

// jpegs decodes JPEG-in-TIFF, which x/image/tiff does not: every part is held to
// the same check as a file of its own, then put at its place.
func (t *tiffFile) jpegs(p *Page) (image.Image, error) {
	at, n, err := t.parts()
	if err != nil {
		return nil, err
	}
	if t.one(tPlanar, 1) != 1 || p.Components != 3 && p.Components != 1 {
		return nil, flawError{NotAllowed}
	}
	partW, partH := p.Width, int(min(t.one(tRowsPerStrip, uint64(p.Height)), uint64(p.Height)))
	if tw := int(t.one(tTileWidth, 0)); tw > 0 {
		partW, partH = tw, int(t.one(tTileLength, 0))
	}
	if partW <= 0 || partH <= 0 || partW > maxSide || partH > maxSide {
		return nil, corrupt
	}
	across := ceil(p.Width, partW)
	if across*ceil(p.Height, partH) != len(at) {
		return nil, corrupt
	}
	tables := make([]byte, 0, 1024)
	for _, v := range t.values[tJPEGTables] {
		tables = append(tables, byte(v))
	}
	out := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	quality := 100
	for i := range at {
		raw, err := t.read(int64(at[i]), int64(n[i]))
		if err != nil {
			return nil, err
		}
		whole := withTables(tables, raw)
		part := Page{}
		s := newSource(bytes.NewReader(whole))
		if head, err := s.peek(4); err != nil || len(head) < 4 || head[0] != 0xFF || head[1] != 0xD8 {
			return nil, corrupt
		}
		if err := checkJPEG(&part, s, bytes.NewReader(whole), int64(len(whole))); err != nil {
			return nil, err
		}
		img, err := safely(func() (image.Image, error) { return jpeg.Decode(bytes.NewReader(whole)) })
		if err != nil || len(part.Flaws) > 0 {
			return nil, corrupt
		}
		if part.Quality > 0 {
			quality = min(quality, part.Quality)
		}
		origin := image.Pt(i%across*partW, i/across*partH)
		want := image.Rect(0, 0, min(partW, p.Width-origin.X), min(partH, p.Height-origin.Y))
		if b := img.Bounds(); b.Dx() < want.Dx() || b.Dy() < want.Dy() {
			return nil, corrupt
		}
		place(out, origin, want, img, t.one(tPhotometric, 6) == 2)
	}
	p.Quality = quality
	return out, nil
}

// withTables puts the shared tables in front of an abbreviated stream.
func withTables(tables, raw []byte) []byte {
	if len(tables) < 4 || len(raw) < 2 {
		return raw
	}
	out := append([]byte(nil), tables[:len(tables)-2]...) // without EOI
	return append(out, raw[2:]...)                        // without SOI
}

// place copies a part. With photometric RGB the samples are the colors themselves,
// though the decoder took them for luma and chroma.
func place(out *image.RGBA, at image.Point, want image.Rectangle, img image.Image, rgb bool) {
	ycc, isYCC := img.(*image.YCbCr)
	for y := range want.Dy() {
		for x := range want.Dx() {
			c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
			if rgb && isYCC {
				k := ycc.COffset(x, y)
				c = color.RGBA{ycc.Y[ycc.YOffset(x, y)], ycc.Cb[k], ycc.Cr[k], 255}
			}
			out.SetRGBA(at.X+x, at.Y+y, c)
		}
	}
}

// decodeTIFF decodes a page that passed its check.
func decodeTIFF(in io.ReaderAt, size int64) (image.Image, error) {
	t, err := openTIFF(in, size)
	if err != nil {
		return nil, err
	}
	if t.one(tCompression, 1) != cJPEG {
		return safely(func() (image.Image, error) { return tiff.Decode(io.NewSectionReader(in, 0, size)) })
	}
	p := Page{Width: int(t.one(tWidth, 0)), Height: int(t.one(tLength, 0)), Components: int(t.one(tSamples, 1))}
	if err := p.plausible(); err != nil {
		return nil, err
	}
	return t.jpegs(&p)
}

// eighth averages luma over blocks of 8×8.
func eighth(img image.Image) (means []uint8, w, h int) {
	b := img.Bounds()
	w, h = ceil(b.Dx(), 8), ceil(b.Dy(), 8)
	means = make([]uint8, w*h)
	for by := range h {
		for bx := range w {
			sum, n := 0, 0
			for y := by * 8; y < min(by*8+8, b.Dy()); y += 2 {
				for x := bx * 8; x < min(bx*8+8, b.Dx()); x += 2 {
					sum += int(color.GrayModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y)
					n++
				}
			}
			means[by*w+bx] = uint8(sum / n)
		}
	}
	return means, w, h
}
