package scan

import (
	"encoding/binary"
	"errors"
	"image/jpeg"
	"io"
	"math"
)

// markers of ITU-T T.81 that the check treats.
const (
	mSOF0 = 0xC0 // baseline
	mSOF1 = 0xC1 // extended, Huffman
	mSOF2 = 0xC2 // progressive
	mDHT  = 0xC4
	mDAC  = 0xCC
	mRST0 = 0xD0
	mSOI  = 0xD8
	mEOI  = 0xD9
	mSOS  = 0xDA
	mDQT  = 0xDB
	mDRI  = 0xDD
	mAPP0 = 0xE0
	mAPP1 = 0xE1
)

// progressivePixels bounds a progressive image, whose coefficients must all be held.
const progressivePixels = 40_000_000

type component struct {
	id     byte
	h, v   int
	tq     byte
	td, ta byte
	pred   int
	bw, bh int // blocks with a place in the image
	stride int // blocks a row, those of whole MCUs
	means  []uint8
	done   bool
}

// jpegCheck decodes the structure and the entropy-coded data of one JPEG.
type jpegCheck struct {
	p     *Page
	s     *source
	acc   uint64 // the next bits, left-aligned
	n     int    // how many of them are there; below zero: read past the end
	ended bool   // a marker follows the bits
	next  byte   // that marker

	comps    []component
	hmax     int
	vmax     int
	restart  int
	quant    [4][64]uint16
	hasQuant [4]bool
	dc, ac   [4]*huffman
	detail   int // coefficients beside the mean, luma
	busy     int // luma blocks that have any
	adobe    bool
}

// checkJPEG reads a JPEG from its beginning to the end of the file.
func checkJPEG(p *Page, s *source, in io.ReaderAt, size int64) error {
	d := &jpegCheck{p: p, s: s}
	s.i += 2 // SOI, seen by the caller
	if err := d.segments(); err != nil {
		if errors.Is(err, errProgressive) {
			return d.progressive(in, size)
		}
		return d.or(err)
	}
	// EOI must end the file (S-02).
	if _, more := s.byte(); more {
		p.flaw(Trailing)
	}
	d.measure()
	return s.trouble()
}

var corrupt = flawError{Corrupt}

type stop string

func (s stop) Error() string { return string(s) }

const errProgressive = stop("progressive")

// or prefers an error of reading to the flaw it looks like.
func (d *jpegCheck) or(err error) error {
	if t := d.s.trouble(); t != nil {
		return t
	}
	return err
}

// marker reads the next marker; fill bytes before it are legal.
func (d *jpegCheck) marker() (byte, error) {
	if d.ended {
		d.ended = false
		return d.next, nil
	}
	b, ok := d.s.byte()
	if !ok || b != 0xFF {
		return 0, corrupt
	}
	for b == 0xFF {
		if b, ok = d.s.byte(); !ok {
			return 0, corrupt
		}
	}
	return b, nil
}

// segment reads the body of a marker segment.
func (d *jpegCheck) segment() ([]byte, error) {
	hi, _ := d.s.byte()
	lo, ok := d.s.byte()
	n := int(hi)<<8 | int(lo)
	if !ok || n < 2 {
		return nil, corrupt
	}
	body := make([]byte, n-2)
	for i := range body {
		if body[i], ok = d.s.byte(); !ok {
			return nil, corrupt
		}
	}
	return body, nil
}

func (d *jpegCheck) segments() error {
	for {
		m, err := d.marker()
		if err != nil {
			return err
		}
		switch {
		case m == mEOI:
			return d.complete()
		case m == mSOI, m == 0, m >= mRST0 && m < mRST0+8:
			return corrupt
		}
		body, err := d.segment()
		if err != nil {
			return err
		}
		if err := d.apply(m, body); err != nil {
			return err
		}
	}
}

func (d *jpegCheck) apply(m byte, body []byte) error {
	switch m {
	case mDQT:
		return d.dqt(body)
	case mDHT:
		return d.dht(body)
	case mDRI:
		if len(body) != 2 {
			return corrupt
		}
		d.restart = int(binary.BigEndian.Uint16(body))
	case mSOF0, mSOF1, mSOF2:
		if err := d.sof(body); err != nil {
			return err
		}
		if m == mSOF2 {
			return errProgressive
		}
	case 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF, mDAC: // lossless, hierarchical, arithmetic
		return flawError{NotAllowed}
	case mSOS:
		return d.scan(body)
	case mAPP0:
		d.p.DPI = jfifDPI(body, d.p.DPI)
	case mAPP1:
		d.p.DPI = exifDPI(body, d.p.DPI)
	case 0xEE:
		d.adobe = d.adobe || len(body) >= 5 && string(body[:5]) == "Adobe"
	}
	return nil
}

// complete holds at the end marker: every component must have had its scan.
func (d *jpegCheck) complete() error {
	if len(d.comps) == 0 {
		return corrupt
	}
	for _, c := range d.comps {
		if !c.done {
			return corrupt
		}
	}
	return nil
}

func (d *jpegCheck) dqt(b []byte) error {
	for len(b) > 0 {
		tq, wide := b[0]&15, b[0]>>4
		if tq > 3 || wide > 1 || len(b) < 1+64*(1+int(wide)) {
			return corrupt
		}
		b = b[1:]
		for i := range 64 {
			if wide == 0 {
				d.quant[tq][i] = uint16(b[i])
			} else {
				d.quant[tq][i] = binary.BigEndian.Uint16(b[2*i:])
			}
		}
		d.hasQuant[tq] = true
		b = b[64*(1+int(wide)):]
	}
	return nil
}

func (d *jpegCheck) dht(b []byte) error {
	for len(b) > 0 {
		if len(b) < 17 || b[0]&15 > 3 || b[0]>>4 > 1 {
			return corrupt
		}
		class, at := b[0]>>4, b[0]&15
		total := 0
		for _, n := range b[1:17] {
			total += int(n)
		}
		if total > 256 || len(b) < 17+total {
			return corrupt
		}
		h, ok := newHuffman(b[1:17], b[17:17+total])
		if !ok {
			return corrupt
		}
		if class == 0 {
			d.dc[at] = h
		} else {
			d.ac[at] = h
		}
		b = b[17+total:]
	}
	return nil
}

// sof reads the frame: dimensions before anything is allocated.
func (d *jpegCheck) sof(b []byte) error {
	if len(d.comps) > 0 || len(b) < 6 || len(b) != 6+3*int(b[5]) {
		return corrupt
	}
	if b[0] != 8 {
		return flawError{NotAllowed}
	}
	d.p.Height, d.p.Width, d.p.Components = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:])), int(b[5])
	if n := d.p.Components; n != 1 && n != 3 && n != 4 {
		return corrupt
	}
	if err := d.p.plausible(); err != nil {
		return err
	}
	for i := range d.p.Components {
		c := component{id: b[6+3*i], h: int(b[7+3*i] >> 4), v: int(b[7+3*i] & 15), tq: b[8+3*i]}
		if c.h < 1 || c.h > 4 || c.v < 1 || c.v > 4 || c.tq > 3 {
			return corrupt
		}
		for _, other := range d.comps {
			if other.id == c.id {
				return corrupt
			}
		}
		d.hmax, d.vmax = max(d.hmax, c.h), max(d.vmax, c.v)
		d.comps = append(d.comps, c)
	}
	for i := range d.comps {
		c := &d.comps[i]
		c.bw = ceil(ceil(d.p.Width*c.h, d.hmax), 8)
		c.bh = ceil(ceil(d.p.Height*c.v, d.vmax), 8)
		c.stride = ceil(d.p.Width, 8*d.hmax) * c.h
	}
	luma := &d.comps[0]
	luma.means = make([]uint8, luma.stride*ceil(d.p.Height, 8*d.vmax)*luma.v)
	return nil
}

func ceil(a, b int) int { return (a + b - 1) / b }

// scan reads one scan: its header, every block of it, and the marker after the last one.
func (d *jpegCheck) scan(b []byte) error {
	if len(d.comps) == 0 || len(b) < 1 || len(b) != 4+2*int(b[0]) || b[0] < 1 || int(b[0]) > len(d.comps) {
		return corrupt
	}
	var in []*component
	blocks := 0
	for i := range int(b[0]) {
		var c *component
		for k := range d.comps {
			if d.comps[k].id == b[1+2*i] {
				c = &d.comps[k]
			}
		}
		if c == nil || c.done {
			return corrupt
		}
		c.td, c.ta = b[2+2*i]>>4, b[2+2*i]&15
		if c.td > 3 || c.ta > 3 || d.dc[c.td] == nil || d.ac[c.ta] == nil || !d.hasQuant[c.tq] {
			return corrupt
		}
		c.done = true
		blocks += c.h * c.v
		in = append(in, c)
	}
	if tail := b[len(b)-3:]; tail[0] != 0 || tail[1] != 63 || tail[2] != 0 || len(in) > 1 && blocks > 10 {
		return corrupt
	}
	d.acc, d.n = 0, 0
	var err error
	if len(in) == 1 {
		err = d.single(in[0])
	} else {
		err = d.interleaved(in)
	}
	if err != nil {
		return err
	}
	return d.align(true)
}

// single reads a scan of one component: its own blocks, without those that only fill MCUs.
func (d *jpegCheck) single(c *component) error {
	left, expect := d.restart, byte(0)
	c.pred = 0
	for by := range c.bh {
		for bx := range c.bw {
			if d.restart > 0 && left == 0 {
				if err := d.restartAt(expect); err != nil {
					return err
				}
				left, expect, c.pred = d.restart, (expect+1)&7, 0
			}
			left--
			if err := d.block(c, by*c.stride+bx); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *jpegCheck) interleaved(in []*component) error {
	mw, mh := ceil(d.p.Width, 8*d.hmax), ceil(d.p.Height, 8*d.vmax)
	left, expect := d.restart, byte(0)
	for _, c := range in {
		c.pred = 0
	}
	for my := range mh {
		for mx := range mw {
			if d.restart > 0 && left == 0 {
				if err := d.restartAt(expect); err != nil {
					return err
				}
				left, expect = d.restart, (expect+1)&7
				for _, c := range in {
					c.pred = 0
				}
			}
			left--
			for _, c := range in {
				for v := range c.v {
					at := (my*c.v+v)*c.stride + mx*c.h
					for h := range c.h {
						if err := d.block(c, at+h); err != nil {
							return err
						}
					}
				}
			}
		}
	}
	return nil
}

// restartAt demands the restart marker that is due.
func (d *jpegCheck) restartAt(expect byte) error {
	if err := d.align(false); err != nil {
		return err
	}
	m, err := d.marker()
	if err != nil || m != mRST0+expect {
		return corrupt
	}
	d.acc, d.n = 0, 0
	return nil
}

// align drops the padding of the last byte: a marker must follow at once. More
// data than blocks is as wrong as less.
func (d *jpegCheck) align(atEnd bool) error {
	if d.n < 0 || d.n >= 8 {
		return corrupt
	}
	if !d.ended {
		d.refill()
		if d.n >= 8 || !d.ended {
			return corrupt
		}
	}
	if atEnd && d.next >= mRST0 && d.next < mRST0+8 {
		return corrupt
	}
	d.acc, d.n = 0, 0
	return nil
}

// refill takes bytes in until the accumulator is full or a marker stands in the way.
func (d *jpegCheck) refill() {
	for d.n <= 56 && !d.ended {
		b, ok := d.s.byte()
		if !ok {
			return
		}
		if b == 0xFF {
			b2, ok := d.s.byte()
			for ok && b2 == 0xFF { // fill bytes
				b2, ok = d.s.byte()
			}
			if !ok {
				return
			}
			if b2 != 0 {
				d.ended, d.next = true, b2
				return
			}
		}
		if d.n < 0 {
			return
		}
		d.acc |= uint64(b) << (56 - d.n)
		d.n += 8
	}
}

// block decodes one block without dequantizing its details: only the mean is kept.
func (d *jpegCheck) block(c *component, at int) error {
	if d.n < 32 {
		d.refill()
	}
	s, size := d.dc[c.td].find(d.acc)
	if size == 0 || s > 11 {
		return corrupt
	}
	d.acc <<= size
	d.n -= size
	if s > 0 {
		v := int(d.acc >> (64 - s))
		if v < 1<<(s-1) {
			v += -1<<s + 1
		}
		c.pred += v
		d.acc <<= s
		d.n -= int(s)
	}
	mean := c.pred * int(d.quant[c.tq][0])
	if mean < -2048 || mean > 2048 { // a mean of 8-bit samples can't leave ±1024
		return corrupt
	}
	if c.means != nil {
		c.means[at] = uint8(min(max(mean/8+128, 0), 255))
	}
	table := d.ac[c.ta]
	details := 0
	for k := 1; k < 64; k++ {
		if d.n < 32 {
			d.refill()
			if d.n < 0 {
				return corrupt
			}
		}
		rs, size := table.find(d.acc)
		if size == 0 {
			return corrupt
		}
		run, bitsOf := int(rs>>4), uint(rs&15)
		d.acc <<= size + int(bitsOf)
		d.n -= size + int(bitsOf)
		if bitsOf == 0 {
			if run != 15 {
				break
			}
			k += 15
			if k > 63 {
				return corrupt
			}
			continue
		}
		if k += run; k > 63 || bitsOf > 10 {
			return corrupt
		}
		details++
	}
	if d.n < 0 {
		return corrupt
	}
	if c.means != nil && details > 0 {
		d.detail += details
		d.busy++
	}
	return nil
}

// progressive hands the file to the standard decoder, having seen the frame: rare
// in scanning, and its scans can't be checked without holding all coefficients.
func (d *jpegCheck) progressive(in io.ReaderAt, size int64) error {
	if d.p.Width*d.p.Height > progressivePixels {
		return flawError{Bomb}
	}
	r := &endReader{r: io.NewSectionReader(in, 0, size)}
	img, err := jpeg.Decode(r)
	if r.err != nil {
		return r.err
	}
	if err != nil {
		return corrupt
	}
	end, err := endOfJPEG(in, size, d.comps)
	if err != nil {
		return err
	}
	if end < 0 {
		return corrupt
	}
	if end < size {
		d.p.flaw(Trailing)
	}
	means, w, h := eighth(img)
	d.p.Ink, d.p.Skew = inkOf(means, w, w, h)
	d.quality()
	return nil
}

// endReader remembers an error of reading, which the decoder would call a flaw of the file.
type endReader struct {
	r   io.Reader
	err error
}

func (e *endReader) Read(p []byte) (int, error) {
	n, err := e.r.Read(p)
	if err != nil && err != io.EOF {
		e.err = err
	}
	return n, err
}

// endOfJPEG walks the markers and finds where the first end marker ends; -1 if there
// is none, or if a scan is missing before it: a decoder would show what came so far
// and say nothing, but the page was not sent to its last line.
func endOfJPEG(in io.ReaderAt, size int64, components []component) (int64, error) {
	s := newSource(io.NewSectionReader(in, 0, size))
	var at int64
	read := func() (byte, bool) { b, ok := s.byte(); at++; return b, ok }
	final := make([]uint64, len(components)) // bit k: coefficient k came to its last bit
	for {
		b, ok := read()
		if !ok {
			return -1, s.trouble()
		}
		if b != 0xFF {
			continue
		}
		for ok && b == 0xFF {
			b, ok = read()
		}
		switch {
		case !ok:
			return -1, s.trouble()
		case b == mEOI:
			for _, bits := range final {
				if bits != math.MaxUint64 {
					return -1, nil
				}
			}
			return at, nil
		case b == 0, b == mSOI, b == 1, b >= mRST0 && b < mRST0+8:
			continue
		}
		hi, _ := read()
		lo, _ := read()
		body := make([]byte, max(0, int(hi)<<8|int(lo)-2))
		for i := range body {
			if body[i], ok = read(); !ok {
				return -1, s.trouble()
			}
		}
		if b == mSOS {
			finished(body, components, final)
		}
	}
}

// finished notes which coefficients a progressive scan brings to their last bit.
func finished(sos []byte, components []component, final []uint64) {
	if len(sos) < 1 || len(sos) != 4+2*int(sos[0]) {
		return
	}
	first, last, low := sos[len(sos)-3], sos[len(sos)-2], sos[len(sos)-1]&15
	if low != 0 || last > 63 {
		return
	}
	for i := range int(sos[0]) {
		for k, c := range components {
			if c.id != sos[1+2*i] {
				continue
			}
			for n := first; n <= last; n++ {
				final[k] |= 1 << n
			}
		}
	}
}

// measure derives what the means of the blocks tell.
func (d *jpegCheck) measure() {
	luma := d.comps[0]
	d.p.Ink, d.p.Skew = inkOf(luma.means, luma.stride, luma.bw, luma.bh)
	if d.busy > 0 {
		d.p.Detail = float64(d.detail) / float64(d.busy)
	}
	d.quality()
}

// Luma of Annex K, in zigzag order, that libjpeg scales by its quality.
var annexK = [64]int{
	16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40, 26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
	56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87, 95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
}

// quality estimates the setting the image was compressed with (U-10).
func (d *jpegCheck) quality() {
	if len(d.comps) == 0 || !d.hasQuant[d.comps[0].tq] {
		return
	}
	sum, ones := 0.0, 0
	for i, q := range d.quant[d.comps[0].tq] {
		sum += float64(q) * 100 / float64(annexK[i])
		if q == 1 {
			ones++
		}
	}
	scale := sum / 64
	quality := 100.0
	switch {
	case ones == 64:
	case scale <= 100:
		quality = (200 - scale) / 2
	default:
		quality = 5000 / scale
	}
	d.p.Quality = int(math.Round(min(max(quality, 1), 100)))
}

// jfifDPI reads the density of a JFIF header.
func jfifDPI(b []byte, known int) int {
	if len(b) < 12 || string(b[:5]) != "JFIF\x00" {
		return known
	}
	x, y := int(binary.BigEndian.Uint16(b[8:])), int(binary.BigEndian.Uint16(b[10:]))
	switch b[7] {
	case 1:
		return min(x, y)
	case 2:
		return int(math.Round(float64(min(x, y)) * 2.54))
	}
	return known
}

// exifDPI reads the resolution of an Exif block, used when JFIF gives none.
func exifDPI(b []byte, known int) int {
	if known > 0 || len(b) < 14 || string(b[:6]) != "Exif\x00\x00" {
		return known
	}
	t := b[6:]
	order, ok := byteOrder(t)
	if !ok {
		return known
	}
	at := int(order.Uint32(t[4:]))
	if at < 8 || at+2 > len(t) {
		return known
	}
	var x, y, unit float64 = 0, 0, 2
	for i := range int(order.Uint16(t[at:])) {
		e := at + 2 + 12*i
		if e+12 > len(t) {
			return known
		}
		switch tag := order.Uint16(t[e:]); tag {
		case 282, 283:
			off := int(order.Uint32(t[e+8:]))
			if off < 0 || off+8 > len(t) {
				return known
			}
			v := float64(order.Uint32(t[off:])) / float64(order.Uint32(t[off+4:]))
			if tag == 282 {
				x = v
			} else {
				y = v
			}
		case 296:
			unit = float64(order.Uint16(t[e+8:]))
		}
	}
	return dpiOf(x, y, unit, known)
}

func dpiOf(x, y, unit float64, known int) int {
	v := min(x, y)
	if math.IsNaN(v) || math.IsInf(v, 0) || v <= 0 || v > 100_000 {
		return known
	}
	switch unit {
	case 2:
		return int(math.Round(v))
	case 3:
		return int(math.Round(v * 2.54))
	}
	return known
}

// huffman is one code table: a look-up of the short codes, the long ones by length.
type huffman struct {
	short  [1 << shortBits]uint16 // length<<8 | symbol; 0: longer
	limit  [17]uint32             // first code above those of a length, left-aligned to 16 bits
	offset [17]int                // index of a length's first symbol minus its first code
	values []byte
}

const shortBits = 10

func newHuffman(counts, values []byte) (*huffman, bool) {
	h := &huffman{values: append([]byte(nil), values...)}
	code, index := uint32(0), 0
	for length := 1; length <= 16; length++ {
		h.offset[length] = index - int(code)
		for range int(counts[length-1]) {
			if code >= 1<<length {
				return nil, false
			}
			if length <= shortBits {
				first := code << (shortBits - length)
				for k := range uint32(1) << (shortBits - length) {
					h.short[first+k] = uint16(length)<<8 | uint16(values[index])
				}
			}
			code++
			index++
		}
		h.limit[length] = code << (16 - length)
		code <<= 1
	}
	return h, true
}

// find decodes the symbol at the head of the bits; size 0: there is no such code.
func (h *huffman) find(acc uint64) (symbol byte, size int) {
	if e := h.short[acc>>(64-shortBits)]; e != 0 {
		return byte(e), int(e >> 8)
	}
	head := uint32(acc >> 48)
	for length := shortBits + 1; length <= 16; length++ {
		if head < h.limit[length] {
			i := h.offset[length] + int(head>>(16-length))
			if i < 0 || i >= len(h.values) {
				return 0, 0
			}
			return h.values[i], length
		}
	}
	return 0, 0
}

// inkOf measures a picture of means: how much is darker than the ground, and by
// how many degrees its lines lean.
func inkOf(means []uint8, stride, w, h int) (ink, skew float64) {
	if w == 0 || h == 0 {
		return 0, 0
	}
	var histogram [256]int
	for y := range h {
		for _, v := range means[y*stride : y*stride+w] {
			histogram[v]++
		}
	}
	// The ground is the most frequent of the light values.
	ground := 128
	for v := 128; v < 256; v++ {
		if histogram[v] > histogram[ground] {
			ground = v
		}
	}
	// The outermost blocks hold the scanner's edge, which is no ink.
	mx, my := w/50+1, h/50+1
	var points [][2]int
	sum := 0.0
	every := max(1, w*h/400_000)
	for y := my; y < h-my; y++ {
		for x := mx; x < w-mx; x++ {
			if dark := ground - int(means[y*stride+x]); dark > inkStep {
				sum += float64(dark) / float64(ground)
				if (x+y*7)%every == 0 {
					points = append(points, [2]int{x, y})
				}
			}
		}
	}
	ink = sum / float64(max(1, (w-2*mx)*(h-2*my)))
	return ink, skewOf(points, w, h)
}

const inkStep = 14

// skewOf finds the angle at which the rows of ink are sharpest: the sum of
// squares of the projection is largest along the lines.
func skewOf(points [][2]int, w, h int) float64 {
	if len(points) < 200 {
		return 0
	}
	if step := len(points)/4000 + 1; step > 1 {
		kept := points[:0]
		for i := 0; i < len(points); i += step {
			kept = append(kept, points[i])
		}
		points = kept
	}
	rows := make([]int32, 2*(h+w))
	score := func(angle float64) float64 {
		clear(rows)
		slope := int64(math.Tan(angle*math.Pi/180) * 65536)
		for _, p := range points {
			rows[int64(p[1])+(slope*int64(p[0]))>>16+int64(w)/2]++
		}
		var sum float64
		for _, n := range rows {
			sum += float64(n) * float64(n)
		}
		return sum
	}
	best, bestScore := 0.0, score(0)*1.02 // straight unless clearly not
	for a := -12; a <= 12; a++ {
		if angle := float64(a) / 4; a != 0 {
			if s := score(angle); s > bestScore {
				best, bestScore = angle, s
			}
		}
	}
	return 0 - best
}
