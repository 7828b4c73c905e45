package paper

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// tool runs a program of poppler-utils on a file and returns what it prints.
func tool(t testing.TB, pdf []byte, name string, args ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", path)
	}
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		t.Fatalf("%s (of poppler-utils): %v", name, err)
	}
	return string(out)
}

func render(t testing.TB, d *Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := d.Render(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// squeeze leaves out white space, which readers guess from positions.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestWhatPeopleReadIsGolden(t *testing.T) {
	for name, d := range map[string]*Document{"certificate": certificate(), "history": history(), "notice": notice(), "packing": packing()} {
		t.Run(name, func(t *testing.T) {
			got := tool(t, render(t, d), "pdftotext", "-layout", "FILE", "-")
			golden := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("text differs from %s (look, then -update):\n%s", golden, got)
			}
		})
	}
}

func TestSamePaperSameBytes(t *testing.T) {
	if !bytes.Equal(render(t, notice()), render(t, notice())) {
		t.Error("the same paper gave two different files")
	}
}

func TestCharactersExtractExactly(t *testing.T) {
	names := []string{
		"阿卜杜·热合曼", "王𬙊", "𠀀𠮷𪚥", "𫟷𫠜𬺓𮯠", "㐂䶮龘", "李⼈人", "欧阳〇", "Ålesund ﬁ 123",
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			text := tool(t, render(t, New(Options{Title: "存档证明"}).Line(AlignStart, name)), "pdftotext", "-raw", "FILE", "-")
			lines := strings.Split(text, "\n")
			if want := name; len(lines) < 2 || strings.TrimSpace(lines[1]) != want {
				t.Errorf("wrote %q, read %q", want, lines)
			}
		})
	}
}

func TestEveryCharacterOfGB18030HasAGlyph(t *testing.T) {
	// GB 18030-2022 level 3: CJK up to Extension F.
	blocks := map[string][2]rune{
		"CJK": {0x4e00, 0x9fff}, "A": {0x3400, 0x4dbf}, "B": {0x20000, 0x2a6d6}, "C": {0x2a700, 0x2b734},
		"D": {0x2b740, 0x2b81d}, "E": {0x2b820, 0x2cea1}, "F": {0x2ceb0, 0x2ebe0},
	}
	for name, block := range blocks {
		for r := block[0]; r <= block[1]; r++ {
			if err := Printable(string(r)); err != nil {
				t.Errorf("block %s: %v", name, err)
			}
		}
	}
}

func TestMissingGlyphIsNamedAndNothingIsPrinted(t *testing.T) {
	const missing = "\U000323AF" // Extension H, in no face
	table := Table{Columns: []Column{{Title: "姓名", Width: 1}}, Rows: [][]string{{missing}}}
	places := map[string]*Document{
		"a paragraph": New(Options{Title: "证明"}).Paragraph("王" + missing),
		"the title":   New(Options{Title: missing}),
		"a field":     New(Options{Title: "证明"}).Fields(2, Field{Label: "姓名", Value: missing}),
		"a table":     New(Options{Title: "证明"}).Table(table),
		"a part":      New(Options{Title: "证明"}).Part(Part{Label: missing}),
		"the closing": New(Options{Title: "证明"}).Close(Closing{Issuer: missing, Date: issued}),
		"the seal":    New(Options{Title: "证明"}).Close(Closing{Issuer: agency, Date: issued, Seal: &Seal{Name: missing}}),
		"the foot":    New(Options{Title: "证明", Notice: missing}),
	}
	for name, d := range places {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := d.Render(&out)
			var glyph *MissingGlyph
			if !errors.As(err, &glyph) || glyph.Rune != []rune(missing)[0] {
				t.Fatalf("error = %v, want the missing glyph", err)
			}
			if !strings.Contains(err.Error(), "U+323AF") || out.Len() != 0 {
				t.Errorf("error %q, %d bytes written", err, out.Len())
			}
		})
	}
	for _, control := range []string{"王\t五", "王\x00", "王\u200b五"} {
		if Printable(control) == nil {
			t.Errorf("%q passes as printable", control)
		}
	}
}

func TestNoLineBeginsOrEndsWithAForbiddenMark(t *testing.T) {
	pieces := []string{"档", "案", "管理", "服务", "，", "。", "、", "；", "”", "）", "》", "（", "《", "“", "〔", "〕", "2026", "500***********1234", "GB/T", "12.5%", "——", "……", "·", "𬙊"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 80).Draw(t, "pieces"), "")
		size := 16.0
		limit := rapid.Float64Range(6, 30).Draw(t, "characters") * size
		indent := float64(rapid.IntRange(0, 2).Draw(t, "indent")) * size
		lines, err := breakLines(song, text, size, limit, indent)
		if err != nil {
			t.Fatal(err)
		}
		var all []rune
		for i, l := range lines {
			room := limit
			if i == 0 {
				room -= indent
			}
			if l.width+l.spread*float64(max(0, len(l.glyphs)-1)) > room+0.1 {
				t.Fatalf("line %d is %.1f wide, %.1f are free", i, l.width, room)
			}
			for _, g := range l.glyphs {
				all = append(all, g.r)
			}
			if i == 0 || len(l.glyphs) == 0 {
				continue
			}
			before := lines[i-1].glyphs
			a, b := before[len(before)-1].r, l.glyphs[0].r
			if !canBreak(a, b) && !noChoice(before) {
				t.Fatalf("line %d ends with %q and the next begins with %q in %q", i-1, a, b, text)
			}
		}
		if string(all) != text {
			t.Fatalf("text came out as %q, was %q", string(all), text)
		}
	})
}

// noChoice tells that a line has no permitted break inside.
func noChoice(glyphs []glyph) bool {
	for i := 1; i < len(glyphs); i++ {
		if canBreak(glyphs[i-1].r, glyphs[i].r) {
			return false
		}
	}
	return true
}

func TestLinesBreakWhereAClerkWouldBreakThem(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		width float64 // in characters
		want  []string
	}{
		"between characters":                       {"档案管理服务", 4, []string{"档案管理", "服务"}},
		"a full stop hangs over the edge":          {"档案管理。服务", 4.5, []string{"档案管理。", "服务"}},
		"a mark without room takes its word along": {"档案管理。服务", 4, []string{"档案管", "理。服务"}},
		"an opening bracket goes to the next line": {"档案管（理服务", 4, []string{"档案管", "（理服务"}},
		"a number stays whole":                     {"档案123456号", 4.5, []string{"档案", "123456号"}},
		"a dash of two squares stays whole":        {"档案管——理", 3.5, []string{"档案", "管——", "理"}},
		"a blank at the break is dropped":          {"ab cd ef", 1.4, []string{"ab", "cd", "ef"}},
		"a dotted name is not broken at the dot":   {"阿卜杜·热合曼", 3.2, []string{"阿卜", "杜·热", "合曼"}},
		"a line break is kept":                     {"档案\n管理", 4, []string{"档案", "管理"}},
		"nothing is one empty line":                {"", 4, []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			lines, err := breakLines(song, c.text, 16, c.width*16, 0)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range lines {
				var text []rune
				for _, g := range l.glyphs {
					text = append(text, g.r)
				}
				got = append(got, string(text))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q broke into %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestLongListsRepeatTheirHeadAndKeepTheSealWithText(t *testing.T) {
	pages := strings.Split(strings.TrimSuffix(tool(t, render(t, packing()), "pdftotext", "-layout", "FILE", "-"), "\f"), "\f")
	if len(pages) < 3 {
		t.Fatalf("%d pages, want several", len(pages))
	}
	for i, page := range pages {
		for _, want := range []string{"材料名称", "本服务不收取任何费用", "第" + string(rune('1'+i)) + "张"} {
			if !strings.Contains(page, want) {
				t.Errorf("page %d lacks %q", i+1, want)
			}
		}
	}
	// forms.md 19.5: no sheet with a seal and no text, whatever the length.
	for rows := range 60 {
		d := New(Options{Title: "清单", Form: true})
		t1 := Table{Columns: []Column{{"序号", 1, AlignCenter}, {"材料名称", 9, AlignStart}}}
		for range rows + 20 {
			t1.Rows = append(t1.Rows, []string{"1", "材料"})
		}
		d.Table(t1).Close(Closing{Issuer: agency, Date: issued, Seal: &Seal{Name: agency}})
		l := newLayout(d.opts)
		var boxes []box
		for _, b := range d.blocks {
			more, err := b.boxes(l)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := b.(closing); ok {
				tie(boxes)
			}
			boxes = append(boxes, more...)
		}
		pages := l.paginate(boxes)
		for i, page := range pages {
			if len(page) < 2 {
				t.Errorf("%d rows: page %d has %d pieces", rows+20, i+1, len(page))
			}
			if end := page[len(page)-1]; end.y+end.box.height > l.height+0.1 {
				t.Errorf("%d rows: page %d runs over", rows+20, i+1)
			}
		}
	}
}

func TestPartsRepeatTheNumberAndStandOnOneSheet(t *testing.T) {
	pdf := render(t, notice())
	text := tool(t, pdf, "pdftotext", "-layout", "FILE", "-")
	if n := strings.Count(text, "渝北人才转〔2026〕88号"); n != 5 {
		t.Errorf("number stands %d times, want once a part and once a tear", n)
	}
	if n := strings.Count(squeeze(text), "骑缝"); n != 2 {
		t.Errorf("%d tears, want 2:\n%s", n, text)
	}
	if info := tool(t, pdf, "pdfinfo", "FILE"); !strings.Contains(info, "Pages:           1") {
		t.Errorf("not one sheet:\n%s", info)
	}
}

func TestASealIsAtMostFortyFiveMillimeters(t *testing.T) {
	for diameter, ok := range map[float64]bool{0: true, 38: true, 45: true, 45.5: false, 5: false, -1: false} {
		if _, err := (&Seal{Name: agency, Diameter: diameter}).stamp(); (err == nil) != ok {
			t.Errorf("diameter %g: %v", diameter, err)
		}
	}
}

func TestEmptyAndHugeInputsAreLaidOut(t *testing.T) {
	long := strings.Repeat("长", 6000)
	for name, d := range map[string]*Document{
		"nothing":            New(Options{}),
		"an empty table":     New(Options{Title: "清单"}).Table(Table{Columns: []Column{{Title: "甲", Width: 1}}}),
		"a row over a page":  New(Options{Title: "清单", Form: true}).Table(Table{Columns: []Column{{Title: "甲", Width: 1}, {Title: "乙", Width: 1}}, Rows: [][]string{{long, "乙"}}}),
		"a wide list":        New(Options{Title: "清单", Landscape: true}).Table(Table{Columns: []Column{{Title: "甲", Width: 1}, {Title: "乙", Width: 1}}, Rows: [][]string{{"一"}, {"一", "二"}}, Total: []string{"合计"}}),
		"a long paragraph":   New(Options{Title: "说明"}).Heading(1, "一、说明").Paragraph(long).PageBreak().Space(5).Note("注").QR("https://dangan.example", 30, "扫码"),
		"a long unbreakable": New(Options{Title: "说明"}).Paragraph(strings.Repeat("9", 400)),
		"empty fields":       New(Options{Title: "表"}).Fields(3, Field{}, Field{Wide: true}, Field{Label: long[:300], Value: long}),
	} {
		t.Run(name, func(t *testing.T) {
			if out := tool(t, render(t, d), "pdftotext", "FILE", "-"); !strings.Contains(out, "本服务不收取任何费用") {
				t.Errorf("unreadable: %q", out)
			}
		})
	}
}
