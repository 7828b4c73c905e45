package paper

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// fontUse is a face as one document uses it. Every character gets a glyph number
// of its own in order of first use, even where two share a drawing: so the way
// back from glyph to character is exact, and 人 never extracts as ⼈ (U+2F08).
type fontUse struct {
	face   *face
	runes  []rune
	glyphs []int // in the face, same order; number in the subset is index + 1
	number map[rune]int
}

func newFontUse(f *face) *fontUse { return &fontUse{face: f, number: map[rune]int{}} }

func (u *fontUse) use(r rune, glyph int) int {
	if n, ok := u.number[r]; ok {
		return n
	}
	u.runes = append(u.runes, r)
	u.glyphs = append(u.glyphs, glyph)
	u.number[r] = len(u.runes)
	return len(u.runes)
}

// subset writes a TrueType file with only the used glyphs, without hinting.
func (u *fontUse) subset() ([]byte, error) {
	glyphs := append([]int{0}, u.glyphs...)
	position := map[int]int{} // components that were appended
	var glyf, loca, hmtx bytes.Buffer
	be := binary.BigEndian
	for i := 0; i < len(glyphs); i++ { // grows while components are found
		loca.Write(be.AppendUint32(nil, uint32(glyf.Len())))
		source := glyphs[i]
		hmtx.Write(be.AppendUint16(nil, uint16(u16(u.face.hmtx[4*min(source, u.face.numHMetrics-1):]))))
		hmtx.Write(u.face.bearing(source))
		if i == 0 {
			continue // .notdef is never drawn
		}
		outline, err := unhinted(u.face.outline(source))
		if err != nil {
			return nil, fmt.Errorf("subset %s, glyph %d: %w", u.face.name, source, err)
		}
		parts, err := components(outline)
		if err != nil {
			return nil, fmt.Errorf("subset %s, glyph %d: %w", u.face.name, source, err)
		}
		for _, part := range parts {
			to, ok := position[part.glyph]
			if !ok {
				to = len(glyphs)
				position[part.glyph] = to
				glyphs = append(glyphs, part.glyph)
			}
			be.PutUint16(outline[part.at+2:], uint16(to))
		}
		glyf.Write(outline)
		for glyf.Len()%4 != 0 {
			glyf.WriteByte(0)
		}
	}
	loca.Write(be.AppendUint32(nil, uint32(glyf.Len())))

	head := bytes.Clone(u.face.head)
	be.PutUint32(head[8:], 0)
	be.PutUint16(head[50:], 1)
	hhea := bytes.Clone(u.face.hhea)
	be.PutUint16(hhea[34:], uint16(len(glyphs)))
	maxp := bytes.Clone(u.face.maxp)
	be.PutUint16(maxp[4:], uint16(len(glyphs)))
	return assembleFont([]fontTable{
		{"glyf", glyf.Bytes()}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx.Bytes()}, {"loca", loca.Bytes()}, {"maxp", maxp},
	}), nil
}

// unhinted copies a glyph's description without its instructions.
func unhinted(outline []byte) ([]byte, error) {
	if len(outline) == 0 {
		return nil, nil
	}
	if len(outline) < 10 {
		return nil, errOutline
	}
	if contours := int(int16(u16(outline))); contours >= 0 {
		at := 10 + 2*contours
		if len(outline) < at+2 {
			return nil, errOutline
		}
		length := u16(outline[at:])
		if len(outline) < at+2+length {
			return nil, errOutline
		}
		out := make([]byte, 0, len(outline)-length)
		out = append(out, outline[:at]...)
		out = append(out, 0, 0)
		return append(out, outline[at+2+length:]...), nil
	}
	parts, err := components(outline)
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(outline[:parts[len(parts)-1].end])
	for _, part := range parts {
		binary.BigEndian.PutUint16(out[part.at:], uint16(part.flags&^hasInstructions))
	}
	return out, nil
}

type fontTable struct {
	tag  string
	data []byte
}

// assembleFont writes the table directory and its checksums; tables come sorted by tag.
func assembleFont(tables []fontTable) []byte {
	be := binary.BigEndian
	n := len(tables)
	power := 1 << (bits.Len(uint(n)) - 1)
	out := be.AppendUint32(nil, 0x00010000)
	out = be.AppendUint16(out, uint16(n))
	out = be.AppendUint16(out, uint16(16*power))
	out = be.AppendUint16(out, uint16(bits.Len(uint(power))-1))
	out = be.AppendUint16(out, uint16(16*(n-power)))
	offset, headAt := 12+16*n, 0
	for _, table := range tables {
		if table.tag == "head" {
			headAt = offset
		}
		out = append(out, table.tag...)
		out = be.AppendUint32(out, checksum(table.data))
		out = be.AppendUint32(out, uint32(offset))
		out = be.AppendUint32(out, uint32(len(table.data)))
		offset += (len(table.data) + 3) &^ 3
	}
	for _, table := range tables {
		out = append(out, table.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	be.PutUint32(out[headAt+8:], 0xB1B0AFBA-checksum(out))
	return out
}

func checksum(data []byte) uint32 {
	var sum uint32
	for ; len(data) >= 4; data = data[4:] {
		sum += binary.BigEndian.Uint32(data)
	}
	var last [4]byte
	copy(last[:], data)
	return sum + binary.BigEndian.Uint32(last[:])
}
