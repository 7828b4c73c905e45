package paper

import "strings"

// glyph is one measured character.
type glyph struct {
	r       rune
	id      int
	face    *face
	family  family
	advance float64 // in thousandths of the type size
}

// line is one line of text. Its width leaves out the empty half of a closing
// mark that hangs over the edge.
type line struct {
	glyphs []glyph
	width  float64
	spread float64 // added after each glyph to fill the line
	last   bool    // of its paragraph
}

// 禁则 (GB/T 15834, CLREQ): what may not begin and what may not end a line.
const (
	noStart = "，。、；：！？）》〉】〕」』”’…—～·％‰℃°々,.;:!?)]}%"
	noEnd   = "（《〈【〔「『“‘￥＄([{$"
	// hanging marks fill only the left half of their square.
	hanging = "，。、；：！？）》〉】〕」』”’"
	// joined stands inside numbers, times, codes and addresses without a break.
	joined = ".,:/-_@%+*#&=?'"
)

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= 0xc0 && r <= 0x24f
}

// canBreak tells whether a line may end between a and b.
func canBreak(a, b rune) bool {
	switch {
	case strings.ContainsRune(noStart, b), strings.ContainsRune(noEnd, a), b == ' ':
		return false
	case isWord(a) && isWord(b), isWord(a) && strings.ContainsRune(joined, b), strings.ContainsRune(joined, a) && isWord(b):
		return false
	case strings.ContainsRune(joined, a) && strings.ContainsRune(joined, b):
		return false
	case a == b && (a == '…' || a == '—'), a == '·':
		return false
	}
	return true
}

// measure finds every character's glyph and width.
func measure(fam family, text string) ([]glyph, error) {
	glyphs := make([]glyph, 0, len(text)/3+4)
	for _, r := range text {
		from, f, id, err := findGlyph(fam, r)
		if err != nil {
			return nil, err
		}
		glyphs = append(glyphs, glyph{r, id, f, from, f.advance(id)})
	}
	return glyphs, nil
}

func width(glyphs []glyph, size float64) float64 {
	var sum float64
	for _, g := range glyphs {
		sum += g.advance
	}
	return sum * size / 1000
}

// breakLines sets text into lines of at most limit points, the first one shorter
// by indent. "\n" begins a new paragraph. Only a single piece without a permitted
// break that is wider than a whole line is broken anywhere.
func breakLines(fam family, text string, size, limit, indent float64) ([]line, error) {
	var lines []line
	for _, paragraph := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		glyphs, err := measure(fam, paragraph)
		if err != nil {
			return nil, err
		}
		lines = append(lines, breakParagraph(glyphs, size, limit, indent)...)
	}
	return lines, nil
}

func breakParagraph(glyphs []glyph, size, limit, indent float64) []line {
	var lines []line
	room := limit - indent
	from := 0
	for {
		to := fit(glyphs[from:], size, room) + from
		if to == len(glyphs) {
			return append(lines, closeLine(glyphs[from:], size, room, true))
		}
		lines = append(lines, closeLine(glyphs[from:to], size, room, false))
		for from = to; from < len(glyphs) && glyphs[from].r == ' '; from++ {
			continue
		}
		if from == len(glyphs) {
			lines[len(lines)-1].last = true
			return lines
		}
		room = limit
	}
}

// fit returns how many glyphs go onto a line, ending at a permitted break.
func fit(glyphs []glyph, size, room float64) int {
	const slack = 0.01 // of a point, for sums of widths
	good, full := 0, 0
	var x float64
	for i, g := range glyphs {
		x += g.advance * size / 1000
		fits := x <= room+slack || g.r == ' '
		if !fits && x-g.advance*size/2000 <= room+slack && strings.ContainsRune(hanging, g.r) {
			// Its empty half may stand in the margin, if the line ends here.
			if i+1 < len(glyphs) && canBreak(g.r, glyphs[i+1].r) {
				return i + 1
			}
			if i+1 == len(glyphs) {
				return i + 1
			}
			fits = false
		}
		if !fits {
			break
		}
		full = i + 1
		if i+1 == len(glyphs) || canBreak(g.r, glyphs[i+1].r) {
			good = i + 1
		}
	}
	if good > 0 {
		return good
	}
	return max(full, min(1, len(glyphs)))
}

// closeLine measures a line and spreads it to the edge when little is missing:
// more than a twelfth of a character between two would look torn, and readers
// would take the gap for a space.
func closeLine(glyphs []glyph, size, room float64, last bool) line {
	for len(glyphs) > 0 && glyphs[len(glyphs)-1].r == ' ' {
		glyphs = glyphs[:len(glyphs)-1]
	}
	l := line{glyphs: glyphs, width: width(glyphs, size), last: last}
	if len(glyphs) == 0 {
		return l
	}
	if end := glyphs[len(glyphs)-1]; l.width > room && strings.ContainsRune(hanging, end.r) {
		l.width -= end.advance * size / 2000
	}
	if missing := room - l.width; !last && len(glyphs) > 1 && missing > 0 {
		if spread := missing / float64(len(glyphs)-1); spread <= size/12 {
			l.spread = spread
		}
	}
	return l
}
