package paper

import (
	"bytes"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/klauspost/compress/gzip" // opens the faces in half the time of the standard library
)

//go:embed all:fonts
var fontFiles embed.FS

// ErrNoFaces means that the binary was built without its type faces.
var ErrNoFaces = errors.New("程序未嵌入字体：请先运行 scripts/fonts.sh（make build 会自动运行），再重新编译")

// MissingGlyph says that no face has a character; the paper is not printed.
type MissingGlyph struct{ Rune rune }

func (m *MissingGlyph) Error() string {
	if m.Rune < ' ' || m.Rune == 0x7f {
		return fmt.Sprintf("文字中含有不能打印的控制字符（U+%04X）", m.Rune)
	}
	return fmt.Sprintf("字符“%c”（U+%04X）在所有字体中都没有字形，不能打印", m.Rune, m.Rune)
}

// family is one of the three hands of a paper.
type family int

const (
	song  family = iota // text (宋体; stands in for 仿宋)
	title               // titles and seals (小标宋)
	hei                 // headings (黑体)
	rare                // fallback for rare characters only
	families
)

// loadFace opens a face on first use and keeps it: 15 to 30 MB and a tenth of a
// second each, the rare one only when a name needs it.
var loadFace = [families]func() (*face, error){
	song:  lazyFace("NotoSerifSC_400Regular"),
	title: lazyFace("NotoSerifSC_600SemiBold"),
	hei:   lazyFace("NotoSansSC_500Medium"),
	rare:  lazyFace("HanaMinB"),
}

// TextFont is the file of the text face, for drawing on images.
func TextFont() ([]byte, error) { return unpacked("NotoSerifSC_400Regular") }

// unpacked reads an embedded font file.
func unpacked(name string) ([]byte, error) {
	packed, err := fontFiles.ReadFile("fonts/" + name + ".ttf.gz")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoFaces
	}
	if err != nil {
		return nil, fmt.Errorf("read face %s: %w", name, err)
	}
	raw, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack face %s: %w", name, err)
	}
	// gzip's last four bytes are the length (RFC 1952); a guess that grows would copy a face
	// of twenty megabytes five times.
	data := bytes.NewBuffer(make([]byte, 0, int(binary.LittleEndian.Uint32(packed[len(packed)-4:]))+bytes.MinRead))
	if _, err := data.ReadFrom(raw); err != nil {
		return nil, fmt.Errorf("unpack face %s: %w", name, err)
	}
	return data.Bytes(), nil
}

func lazyFace(name string) func() (*face, error) {
	return sync.OnceValues(func() (*face, error) {
		data, err := unpacked(name)
		if err != nil {
			return nil, err
		}
		return parseFace(name, data)
	})
}

// fallbacks are asked in turn when a face lacks a character. Together they cover
// GB 18030-2022 level 3 (CJK up to Extension F).
var fallbacks = [...]family{song, rare}

// findGlyph returns the face that has a character, the wanted one if it can.
func findGlyph(want family, r rune) (family, *face, int, error) {
	f, err := loadFace[want]()
	if err != nil {
		return 0, nil, 0, err
	}
	if glyph, ok := f.glyph(r); ok {
		return want, f, glyph, nil
	}
	for _, other := range fallbacks {
		if f, err = loadFace[other](); err != nil {
			return 0, nil, 0, err
		}
		if glyph, ok := f.glyph(r); ok {
			return other, f, glyph, nil
		}
	}
	return 0, nil, 0, &MissingGlyph{r}
}

// Printable tells beforehand whether every character of a text can be printed;
// the error is a *MissingGlyph that names the first that can't.
func Printable(text string) error {
	for _, r := range text {
		if r == '\n' {
			continue
		}
		if _, _, _, err := findGlyph(song, r); err != nil {
			return err
		}
	}
	return nil
}
