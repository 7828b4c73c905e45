package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/klauspost/compress/zlib"
)

// pdfWriter collects numbered objects and writes them in order (ISO 32000-1).
type pdfWriter struct {
	objects [][]byte // index + 1 is the object's number
}

// reserve takes a number whose body comes later.
func (w *pdfWriter) reserve() int {
	w.objects = append(w.objects, nil)
	return len(w.objects)
}

func (w *pdfWriter) set(number int, format string, args ...any) {
	w.objects[number-1] = fmt.Appendf(nil, format, args...)
}

func (w *pdfWriter) add(format string, args ...any) int {
	number := w.reserve()
	w.set(number, format, args...)
	return number
}

// packers are kept: each holds a megabyte of tables, and a paper has a dozen streams.
// klauspost packs in half the time of the standard library.
var packers = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

// stream adds a compressed stream; extra is more of its dictionary.
func (w *pdfWriter) stream(extra string, data []byte) int {
	var packed bytes.Buffer
	z := packers.Get().(*zlib.Writer)
	z.Reset(&packed)
	_, _ = z.Write(data) // a bytes.Buffer takes everything
	_ = z.Close()
	packers.Put(z)
	return w.add("<<%s /Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream", extra, packed.Len(), packed.Bytes())
}

// bytes writes header, objects, cross-reference table and trailer. The file's ID
// is the digest of its content: same paper, same ID.
func (w *pdfWriter) bytes(root, info int) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(w.objects))
	for i, body := range w.objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	sum := sha256.Sum256(out.Bytes())
	id := hex.EncodeToString(sum[:16])
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(w.objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&out, "trailer\n<</Size %d /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(w.objects)+1, root, info, id, id, xref)
	return out.Bytes()
}

// embed writes a face's used glyphs as a composite font (CIDFontType2,
// Identity-H) with the exact way back to characters.
func (w *pdfWriter) embed(u *fontUse, tag string) (int, error) {
	program, err := u.subset()
	if err != nil {
		return 0, err
	}
	file := w.stream(fmt.Sprintf("/Length1 %d", len(program)), program)
	name := tag + "+" + strings.ReplaceAll(u.face.name, "_", "-")
	scale := func(offset int, table []byte) int {
		return int(int16(u16(table[offset:]))) * 1000 / u.face.unitsPerEm
	}
	descriptor := w.add("<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 /Ascent %d /Descent %d /CapHeight 733 /StemV 80 /FontFile2 %d 0 R>>",
		name, scale(36, u.face.head), scale(38, u.face.head), scale(40, u.face.head), scale(42, u.face.head),
		scale(4, u.face.hhea), scale(6, u.face.hhea), file)
	var widths strings.Builder
	for i, glyph := range u.glyphs {
		if advance := u.face.advance(glyph); advance != 1000 {
			fmt.Fprintf(&widths, "%d [%s] ", i+1, number(advance))
		}
	}
	descendant := w.add("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor %d 0 R /DW 1000 /W [%s] /CIDToGIDMap /Identity>>",
		name, descriptor, strings.TrimSpace(widths.String()))
	back := w.stream("", toUnicode(u.runes))
	return w.add("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>",
		name, descendant, back), nil
}

// toUnicode maps glyph numbers back to characters, those beyond U+FFFF as
// surrogate pairs.
func toUnicode(runes []rune) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for from := 0; from < len(runes); from += 100 {
		part := runes[from:min(from+100, len(runes))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for i, r := range part {
			fmt.Fprintf(&b, "<%04X> <", from+i+1)
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// textString writes a PDF text string as UTF-16BE.
func textString(s string) string {
	var b strings.Builder
	b.WriteString("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	b.WriteString(">")
	return b.String()
}

func pdfDate(t time.Time) string { return t.In(zone).Format("D:20060102150405") + "+08'00'" }

// xmp is the file's data in the form archives read (PDF/A asks for it).
func xmp(o Options) []byte {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "").Replace
	at := o.Created.In(zone).Format(time.RFC3339)
	return fmt.Appendf(nil, `<?xpacket begin="%s" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>
<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>
<pdf:Producer>dangan</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`, "\ufeff", escape(o.Title), escape(o.Issuer), at, at)
}

// assemble writes the laid-out pages as a file.
func assemble(o Options, pages []*canvas, fonts *fontSet) ([]byte, error) {
	w := &pdfWriter{}
	root, tree := w.reserve(), w.reserve()
	info := w.add("<</Title %s /Author %s /Producer (dangan) /CreationDate (%s) /ModDate (%s)>>",
		textString(strings.ReplaceAll(o.Title, "\n", "")), textString(o.Issuer), pdfDate(o.Created), pdfDate(o.Created))
	data := xmp(o)
	metadata := w.add("<</Type /Metadata /Subtype /XML /Length %d>>\nstream\n%s\nendstream", len(data), data)
	var resources strings.Builder
	for fam := range families {
		use := fonts.uses[fam]
		if use == nil {
			continue
		}
		id, err := w.embed(use, "DNGN"+string(rune('A'+fam))+"A")
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&resources, "/F%d %d 0 R ", fam, id)
	}
	shared := w.add("<</Font <<%s>> /ExtGState <</Ink <</Type /ExtGState /BM /Multiply>>>>>>", strings.TrimSpace(resources.String()))
	var kids []string
	signed, rect := 0, ""
	for _, page := range pages {
		content := w.stream("", page.out.Bytes())
		id := w.add("<</Type /Page /Parent %d 0 R /MediaBox [0 0 %s %s] /Resources %d 0 R /Contents %d 0 R>>",
			tree, number(page.width), number(page.height), shared, content)
		kids = append(kids, fmt.Sprintf("%d 0 R", id))
		if signed == 0 || (rect == "" && page.seal != "") {
			signed, rect = id, page.seal
		}
	}
	w.set(tree, "<</Type /Pages /Count %d /Kids [%s]>>", len(kids), strings.Join(kids, " "))
	claims, err := json.Marshal(o.Metadata)
	if err != nil {
		return nil, fmt.Errorf("write paper's metadata: %w", err)
	}
	place := ""
	if rect != "" {
		place = fmt.Sprintf(" /%s [%s]", sealKey, rect)
	}
	w.set(root, "<</Type /Catalog /Pages %d 0 R /Lang (zh-CN) /ViewerPreferences <</DisplayDocTitle true>> /Metadata %d 0 R /%s <%x> /%s %d 0 R%s>>",
		tree, metadata, metadataKey, claims, pageKey, signed, place)
	return w.bytes(root, info), nil
}

func sortedKeys(m map[int]int) []int { return slices.Sorted(maps.Keys(m)) }
