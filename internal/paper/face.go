package paper

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

// face is a TrueType font, read once and then only looked at. It knows the
// tables that drawing and subsetting need (OpenType 1.9: head, hhea, hmtx, maxp,
// loca, glyf, cmap format 12).
type face struct {
	name        string
	unitsPerEm  int
	head        []byte
	hhea        []byte
	maxp        []byte
	hmtx        []byte
	loca        []byte
	glyf        []byte
	cmap        []byte // groups of 12 bytes: first, last, first glyph
	numGlyphs   int
	numHMetrics int
	longLoca    bool
}

func u16(b []byte) int { return int(binary.BigEndian.Uint16(b)) }
func u32(b []byte) int { return int(binary.BigEndian.Uint32(b)) }

// parseFace reads a font file. Faces are pinned by digest, so that it checks
// only what keeps the rest from reading beyond a table.
func parseFace(name string, data []byte) (*face, error) {
	if len(data) < 12 || u32(data) != 0x00010000 {
		return nil, fmt.Errorf("read face %s: not a TrueType font", name)
	}
	tables := map[string][]byte{}
	for i := range u16(data[4:]) {
		if len(data) < 28+16*i {
			return nil, fmt.Errorf("read face %s: table directory cut", name)
		}
		entry := data[12+16*i:]
		offset, length := u32(entry[8:]), u32(entry[12:])
		if offset+length > len(data) {
			return nil, fmt.Errorf("read face %s: table %s cut", name, entry[:4])
		}
		tables[string(entry[:4])] = data[offset : offset+length]
	}
	for tag, size := range map[string]int{"head": 54, "hhea": 36, "maxp": 32, "hmtx": 4, "loca": 4, "glyf": 1, "cmap": 4} {
		if len(tables[tag]) < size {
			return nil, fmt.Errorf("read face %s: table %s missing", name, tag)
		}
	}
	f := &face{
		name: name, head: tables["head"], hhea: tables["hhea"], maxp: tables["maxp"],
		hmtx: tables["hmtx"], loca: tables["loca"], glyf: tables["glyf"],
	}
	f.unitsPerEm = u16(f.head[18:])
	f.longLoca = u16(f.head[50:]) == 1
	f.numGlyphs = u16(f.maxp[4:])
	f.numHMetrics = u16(f.hhea[34:])
	entry := 2
	if f.longLoca {
		entry = 4
	}
	if f.unitsPerEm == 0 || f.numHMetrics == 0 || len(f.hmtx) < 4*f.numHMetrics || len(f.loca) < entry*(f.numGlyphs+1) {
		return nil, fmt.Errorf("read face %s: metrics cut", name)
	}
	cmap := tables["cmap"]
	for i := range u16(cmap[2:]) {
		record := cmap[4+8*i:]
		if offset := u32(record[4:]); u16(record) == 3 && u16(record[2:]) == 10 && u16(cmap[offset:]) == 12 {
			f.cmap = cmap[offset+16 : offset+16+12*u32(cmap[offset+12:])]
			return f, nil
		}
	}
	return nil, fmt.Errorf("read face %s: no full Unicode map", name)
}

// glyph returns the glyph of a character, or false.
func (f *face) glyph(r rune) (int, bool) {
	groups := len(f.cmap) / 12
	i := sort.Search(groups, func(i int) bool { return u32(f.cmap[12*i+4:]) >= int(r) })
	if i == groups || u32(f.cmap[12*i:]) > int(r) {
		return 0, false
	}
	glyph := u32(f.cmap[12*i+8:]) + int(r) - u32(f.cmap[12*i:])
	return glyph, glyph != 0 && glyph < f.numGlyphs
}

// advance is a glyph's width in thousandths of the type size.
func (f *face) advance(glyph int) float64 {
	return float64(u16(f.hmtx[4*min(glyph, f.numHMetrics-1):])) * 1000 / float64(f.unitsPerEm)
}

// bearing is a glyph's left side bearing in font units.
func (f *face) bearing(glyph int) []byte {
	if glyph < f.numHMetrics {
		return f.hmtx[4*glyph+2 : 4*glyph+4]
	}
	at := 4*f.numHMetrics + 2*(glyph-f.numHMetrics)
	if at+2 > len(f.hmtx) {
		return []byte{0, 0}
	}
	return f.hmtx[at : at+2]
}

// outline is the glyph's description; empty for a space.
func (f *face) outline(glyph int) []byte {
	var from, to int
	if f.longLoca {
		from, to = u32(f.loca[4*glyph:]), u32(f.loca[4*glyph+4:])
	} else {
		from, to = 2*u16(f.loca[2*glyph:]), 2*u16(f.loca[2*glyph+2:])
	}
	if from >= to || to > len(f.glyf) {
		return nil
	}
	return f.glyf[from:to]
}

var errOutline = errors.New("glyph description cut")

// Flags of a component of a composite glyph.
const (
	argsAreWords     = 0x0001
	argsAreXY        = 0x0002
	hasScale         = 0x0008
	moreComponents   = 0x0020
	hasXYScale       = 0x0040
	hasTwoByTwo      = 0x0080
	hasInstructions  = 0x0100
	componentMinimum = 6
)

// component is one part of a composite glyph.
type component struct {
	at     int // offset of its flags within the outline
	flags  int
	glyph  int
	dx, dy float64
	matrix [4]float64
	end    int
}

// components lists the parts of a composite glyph; none for a simple one.
func components(outline []byte) ([]component, error) {
	if len(outline) < 10 || int16(u16(outline)) >= 0 {
		return nil, nil
	}
	var list []component
	for at, more := 10, true; more; {
		if len(outline) < at+componentMinimum {
			return nil, errOutline
		}
		c := component{at: at, flags: u16(outline[at:]), glyph: u16(outline[at+2:]), matrix: [4]float64{1, 0, 0, 1}}
		at += 4
		size := 2
		if c.flags&argsAreWords != 0 {
			size = 4
		}
		scales := 0
		switch {
		case c.flags&hasScale != 0:
			scales = 1
		case c.flags&hasXYScale != 0:
			scales = 2
		case c.flags&hasTwoByTwo != 0:
			scales = 4
		}
		if len(outline) < at+size+2*scales {
			return nil, errOutline
		}
		if c.flags&argsAreXY != 0 {
			if size == 4 {
				c.dx, c.dy = float64(int16(u16(outline[at:]))), float64(int16(u16(outline[at+2:])))
			} else {
				c.dx, c.dy = float64(int8(outline[at])), float64(int8(outline[at+1]))
			}
		}
		at += size
		value := func(i int) float64 { return float64(int16(u16(outline[at+2*i:]))) / 16384 }
		switch scales {
		case 1:
			c.matrix = [4]float64{value(0), 0, 0, value(0)}
		case 2:
			c.matrix = [4]float64{value(0), 0, 0, value(1)}
		case 4:
			c.matrix = [4]float64{value(0), value(1), value(2), value(3)}
		}
		at += 2 * scales
		c.end = at
		more = c.flags&moreComponents != 0
		list = append(list, c)
	}
	return list, nil
}
