package scan

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"math"
	"strings"
)

// Flaw is what makes a page unfit. The names are those of the delivery's report.
type Flaw string

// Flaws of a page.
const (
	Corrupt    Flaw = "image-corrupt"      // can't be decoded to its last line
	Empty      Flaw = "image-empty"        // no bytes
	Low        Flaw = "resolution-low"     // less than 300 dpi for the size of the paper
	Mismatch   Flaw = "format-mismatch"    // content is not what the name says
	NotAllowed Flaw = "format-not-allowed" // not an image format of the norm
	Trailing   Flaw = "trailing-data"      // bytes after the image's end
	Bomb       Flaw = "image-bomb"         // dimensions out of reason
)

// Formats of pages.
const (
	JPEG = "jpeg"
	TIFF = "tiff"
)

// Hints of a page's quality (digitization.md 2, U-04 … U-10): kept with the page for the reviewer's eye.
const (
	HintGray    = "gray"    // not 24-bit color
	HintQuality = "quality" // compressed too hard
	HintSkew    = "skew"
	HintSoft    = "soft" // little fine detail where there is ink
	HintSize    = "size" // no usual size of paper
)

// Page is what a check found out about one image.
type Page struct {
	Digest     string // SHA-256 of the whole file, hex
	Size       int64
	Format     string // JPEG, TIFF, or "" for neither
	Width      int
	Height     int
	DPI        int // as written in the file, the smaller of x and y; 0: not written
	Components int
	Quality    int     // estimate from the quantization tables, 1 … 100; 0: does not apply
	Ink        float64 // share of the page that is darker than its ground
	Skew       float64 // degrees
	Detail     float64 // coefficients a block with ink
	Flaws      []Flaw
}

// Blank says that nothing is on the page (U-07).
func (p Page) Blank() bool { return p.Ink < blankInk }

const (
	blankInk   = 0.002
	minDPI     = 299 // 118 dots a centimeter are 299.7 an inch
	maxSide    = 30_000
	maxPixels  = 200_000_000 // A1 at 600 dpi is 279 million; no paper of a dossier comes near
	minQuality = 80
	maxSkew    = 1.0
)

// The smallest paper that the norm scans as a page of its own is B5 (176×250 mm);
// stubs and photos lie on an A4 ground.
const (
	minShort = 2079 * 95 / 100
	minLong  = 2953 * 95 / 100
)

// Allowed says whether a file name's extension is one of the norm's formats.
func Allowed(ext string) bool { return formatOf(ext) != "" }

func formatOf(ext string) string {
	switch strings.ToLower(ext) {
	case ".jpg", ".jpeg":
		return JPEG
	case ".tif", ".tiff":
		return TIFF
	}
	return ""
}

// Input is a file to be checked.
type Input interface {
	io.Reader
	io.ReaderAt
}

// Check reads a file from its beginning to its end and judges it. ext is the
// extension of its name. An error is the system's, never the file's.
func Check(in Input, size int64, ext string) (Page, error) {
	s := newSource(in)
	p := Page{Size: size}
	head, err := s.peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return p, err
	}
	switch want := formatOf(ext); {
	case len(head) == 0:
		p.flaw(Empty)
	case len(head) >= 3 && head[0] == 0xFF && head[1] == 0xD8 && head[2] == 0xFF:
		p.Format = JPEG
	case len(head) == 4 && (string(head) == "II*\x00" || string(head) == "MM\x00*"):
		p.Format = TIFF
	case want == "":
		p.flaw(NotAllowed)
	case want == JPEG && head[0] == 0xFF && head[min(1, len(head)-1)] == 0xD8:
		p.flaw(Corrupt) // begins as a JPEG and ends at once
	default:
		p.flaw(Mismatch)
	}
	if p.Format != "" {
		switch want := formatOf(ext); {
		case want == "":
			p.flaw(NotAllowed)
		case want != p.Format:
			p.flaw(Mismatch)
		default:
			if err := p.decode(s, in, size); err != nil {
				return p, err
			}
		}
	}
	if p.Digest, p.Size, err = s.finish(); err != nil {
		return p, err
	}
	if p.Size == 0 && len(p.Flaws) == 0 {
		p.flaw(Empty)
	}
	return p, nil
}

func (p *Page) decode(s *source, in io.ReaderAt, size int64) error {
	var err error
	if p.Format == JPEG {
		err = checkJPEG(p, s, in, size)
	} else {
		err = checkTIFF(p, in, size)
	}
	var bad flawError
	if errors.As(err, &bad) {
		p.flaw(bad.flaw)
		return nil
	}
	if err != nil {
		return err
	}
	p.resolution()
	return nil
}

func (p *Page) flaw(f Flaw) {
	for _, has := range p.Flaws {
		if has == f {
			return
		}
	}
	p.Flaws = append(p.Flaws, f)
}

// resolution holds the page to 300 dpi (U-03): as written, and by its pixels for
// the smallest paper that is scanned alone, since a number is easily rewritten.
func (p *Page) resolution() {
	short, long := min(p.Width, p.Height), max(p.Width, p.Height)
	if p.DPI > 0 && p.DPI < minDPI || short < minShort || long < minLong {
		p.flaw(Low)
	}
}

// plausible refuses dimensions that nobody scans, before anything is allocated (S-07).
func (p *Page) plausible() error {
	if p.Width <= 0 || p.Height <= 0 {
		return flawError{Corrupt}
	}
	if p.Width > maxSide || p.Height > maxSide || p.Width*p.Height > maxPixels {
		return flawError{Bomb}
	}
	return nil
}

// Hints lists what a person should look at.
func (p Page) Hints() []string {
	var out []string
	if p.Components == 1 {
		out = append(out, HintGray)
	}
	if p.Quality > 0 && p.Quality < minQuality {
		out = append(out, HintQuality)
	}
	if math.Abs(p.Skew) > maxSkew {
		out = append(out, HintSkew)
	}
	if p.Format == JPEG && !p.Blank() && p.Detail > 0 && p.Detail < 3 {
		out = append(out, HintSoft)
	}
	if !p.Blank() && p.DPI > 0 && !usualSize(p.Width, p.Height, p.DPI) {
		out = append(out, HintSize)
	}
	return out
}

// papers in millimeters: A3, A4, A5, 16K, B5, 8K.
var papers = [][2]float64{{297, 420}, {210, 297}, {148, 210}, {185, 260}, {176, 250}, {260, 370}, {182, 257}}

// usualSize compares with the usual papers, 5 % more or less (U-05).
func usualSize(w, h, dpi int) bool {
	short, long := float64(min(w, h))*25.4/float64(dpi), float64(max(w, h))*25.4/float64(dpi)
	for _, p := range papers {
		if math.Abs(short-p[0]) <= p[0]*0.05 && math.Abs(long-p[1]) <= p[1]*0.05 {
			return true
		}
	}
	return false
}

type flawError struct{ flaw Flaw }

func (f flawError) Error() string { return string(f.flaw) }

// source reads a file in pieces and digests them.
type source struct {
	in     io.Reader
	digest hash.Hash
	buf    []byte
	i, end int
	size   int64
	err    error
}

const bufferSize = 128 << 10

func newSource(in io.Reader) *source {
	return &source{in: in, digest: sha256.New(), buf: make([]byte, bufferSize)}
}

// more reads the next piece; false at the end or after an error, which err tells.
func (s *source) more() bool {
	if s.err != nil {
		return false
	}
	n, err := s.in.Read(s.buf)
	for n == 0 && err == nil {
		n, err = s.in.Read(s.buf)
	}
	s.digest.Write(s.buf[:n])
	s.size += int64(n)
	s.i, s.end, s.err = 0, n, err
	return n > 0
}

// peek shows the first bytes of the file; it may only be asked first.
func (s *source) peek(n int) ([]byte, error) {
	have := 0
	for have < n {
		k, err := s.in.Read(s.buf[have:])
		s.digest.Write(s.buf[have : have+k])
		s.size += int64(k)
		have += k
		if err != nil {
			s.err = err
			break
		}
	}
	s.i, s.end = 0, have
	return s.buf[:min(n, have)], s.trouble()
}

// trouble is an error of reading that is not the end.
func (s *source) trouble() error {
	if s.err == nil || errors.Is(s.err, io.EOF) {
		return nil
	}
	return s.err
}

func (s *source) byte() (byte, bool) {
	if s.i == s.end && !s.more() {
		return 0, false
	}
	b := s.buf[s.i]
	s.i++
	return b, true
}

// finish reads what is left and gives the digest of all.
func (s *source) finish() (string, int64, error) {
	for s.more() {
	}
	return hex.EncodeToString(s.digest.Sum(nil)), s.size, s.trouble()
}

// Digest reads a file that is no page and gives its SHA-256 and size.
func Digest(in io.Reader) (string, int64, error) {
	h := sha256.New()
	n, err := io.Copy(h, bufio.NewReaderSize(in, bufferSize))
	return hex.EncodeToString(h.Sum(nil)), n, err
}
