package scan

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
)

// PDF is the format of a document of several pages.
const PDF = "pdf"

// Active means that a PDF does something when it is opened, or carries another file.
const Active Flaw = "pdf-active"

// Sealed means that a PDF is encrypted: nobody can tell what is in it.
const Sealed Flaw = "pdf-encrypted"

const (
	maxObjects = 16 << 20 // bytes that the object streams of a PDF may unfold to (S-07)
)

var (
	pdfStream  = regexp.MustCompile(`>>\s*stream\r?\n`)
	pdfStart   = regexp.MustCompile(`startxref\s+(\d+)\s+%%EOF\s*$`)
	pdfXref    = regexp.MustCompile(`^(xref\b|\d+\s+\d+\s+obj\b)`)
	pdfPage    = regexp.MustCompile(`/Type\s*/Page(?:[^A-Za-z0-9]|$)`)
	pdfActive  = regexp.MustCompile(`/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE|Rendition|Sound|Movie)(?:[^A-Za-z0-9]|$)`)
	pdfSealed  = regexp.MustCompile(`/Encrypt(?:[^A-Za-z0-9]|$)`)
	pdfObjects = regexp.MustCompile(`/Type\s*/ObjStm(?:[^A-Za-z0-9]|$)`)
	pdfEscape  = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
	otherKinds = regexp.MustCompile(`(?i)PK\x03\x04|<script|<html|<\?php|\x7fELF`)
)

// CheckPDF judges a PDF by its structure, without drawing it: that it begins and ends as
// one and is nothing else besides, is not encrypted, does nothing when opened, and how many
// pages it has. It reads the file whole: the caller bounds its size. An error is the
// system's, never the file's.
func CheckPDF(in io.Reader) (p Page, pages int, err error) {
	raw, err := io.ReadAll(in)
	if err != nil {
		return p, 0, err
	}
	sum := sha256.Sum256(raw)
	p = Page{Digest: hex.EncodeToString(sum[:]), Size: int64(len(raw)), Format: PDF}
	if len(raw) == 0 {
		p.flaw(Empty)
		return p, 0, nil
	}
	if !bytes.HasPrefix(raw, []byte("%PDF-")) {
		p.Format = ""
		p.flaw(Mismatch)
		return p, 0, nil
	}
	// The place that the end names is where the table of objects is: a file that was cut, or
	// has something put before or after it, fails here.
	end := pdfStart.FindSubmatch(raw[max(0, len(raw)-2048):])
	if end == nil {
		if bytes.Contains(raw, []byte("%%EOF")) {
			p.flaw(Trailing)
		} else {
			p.flaw(Corrupt)
		}
		return p, 0, nil
	}
	at, err := strconv.Atoi(string(end[1]))
	if known := err == nil && at > 0 && at < len(raw); !known || !pdfXref.Match(raw[at:min(len(raw), at+40)]) {
		p.flaw(Corrupt)
		return p, 0, nil
	}
	text, flaw := pdfText(raw)
	if flaw != "" {
		p.flaw(flaw)
		return p, 0, nil
	}
	// A name may be written with escapes: /J#61vaScript.
	text = pdfEscape.ReplaceAllFunc(text, func(m []byte) []byte {
		b, _ := hex.DecodeString(string(m[1:]))
		return b
	})
	if pdfSealed.Match(text) {
		p.flaw(Sealed)
	}
	if pdfActive.Match(text) {
		p.flaw(Active)
	}
	if otherKinds.Match(text) {
		p.flaw(Mismatch)
	}
	if pages = len(pdfPage.FindAll(text, -1)); pages == 0 && len(p.Flaws) == 0 {
		p.flaw(Corrupt)
	}
	return p, pages, nil
}

// pdfText is what a PDF says of its objects: all outside of streams, and what is in streams
// of objects.
func pdfText(raw []byte) (text []byte, flaw Flaw) {
	var out bytes.Buffer
	left := int64(maxObjects)
	for rest := raw; ; {
		at := pdfStream.FindIndex(rest)
		if at == nil {
			out.Write(rest)
			return out.Bytes(), ""
		}
		out.Write(rest[:at[1]])
		end := bytes.Index(rest[at[1]:], []byte("endstream"))
		if end < 0 {
			return nil, Corrupt
		}
		body := rest[at[1] : at[1]+end]
		head := rest[:at[0]]
		if i := bytes.LastIndex(head, []byte("obj")); i >= 0 {
			head = head[i:]
		}
		if pdfObjects.Match(head) {
			if !bytes.Contains(head, []byte("/FlateDecode")) || bytes.Contains(head, []byte("/DecodeParms")) {
				return nil, Corrupt // whatever is in it can't be looked at
			}
			z, err := zlib.NewReader(bytes.NewReader(body))
			if err != nil {
				return nil, Corrupt
			}
			n, err := io.Copy(&out, io.LimitReader(z, left+1))
			if left -= n; left < 0 {
				return nil, Bomb
			}
			if err != nil {
				return nil, Corrupt
			}
			out.WriteByte('\n')
		}
		rest = rest[at[1]+end:]
	}
}
