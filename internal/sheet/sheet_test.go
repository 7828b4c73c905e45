package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

const (
	types     = `<Types><Default Extension="xml" ContentType="application/xml"/></Types>`
	rootRels  = `<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	bookRels  = `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/styles" Target="styles.xml"/><Relationship Id="rId3" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	bookPart  = `<x:workbook xmlns:x="m" xmlns:r="n"><x:workbookPr/><x:sheets><x:sheet name="甲&amp;乙" sheetId="1" r:id="rId1"/></x:sheets></x:workbook>`
	stylePart = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;;@"/><numFmt numFmtId="171" formatCode="&quot;day&quot;0.00"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/></cellXfs></styleSheet>`
	textPart  = `<sst><si><t>一</t></si><si><r><t>富</t></r><r><rPr><b/></rPr><t xml:space="preserve">文 本</t></r><rPh><t>ふ</t></rPh></si></sst>`
)

// made puts a workbook together from its one sheet's XML; extra parts replace the usual ones.
func made(sheet string, extra ...string) []byte {
	parts := map[string]string{"[Content_Types].xml": types, "_rels/.rels": rootRels, "xl/workbook.xml": bookPart,
		"xl/_rels/workbook.xml.rels": bookRels, "xl/styles.xml": stylePart, "xl/sharedStrings.xml": textPart, "xl/worksheets/sheet1.xml": sheet}
	for i := 0; i < len(extra); i += 2 {
		parts[extra[i]] = extra[i+1]
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func data(rows string) string {
	return `<worksheet><sheetData>` + rows + `</sheetData><mergeCells><mergeCell ref="A1:S1"/></mergeCells></worksheet>`
}

func readAll(b []byte, limits Limits) (rows []Row, err error) {
	book, err := Read(bytes.NewReader(b), int64(len(b)), limits)
	if err != nil {
		return nil, err
	}
	err = book.Each(book.Sheets[0], func(r *Row) error {
		rows = append(rows, Row{r.Number, append([]Cell(nil), r.Cells...)})
		return nil
	})
	return rows, err
}

func TestCellsComeOutAsTheyAreStored(t *testing.T) {
	rows, err := readAll(made(data(`<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3"><v>5.00108196309017e+17</v></c><c r="C3" s="1"><v>32498</v></c><c r="D3" s="2"><v>32498</v></c>`+
		`<c r="E3" s="3"><v>1.5</v></c><c r="G3" t="inlineStr"><is><r><t>a&lt;</t></r><r><t>&#x20BB7;_x000D_</t></r></is></c><c t="str"><f>A1&amp;"x"</f><v>算</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c r="K3" t="d"><v>2019-03-05T00:00:00</v></c><c r="L3" s="1"/></row>`+
		`<row r="4"/><!-- a > b --><row><c><v>7</v></c></row>`)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Cell{{1, Text, 0, "富文 本"}, {2, Number, 0, "5.00108196309017e+17"}, {3, Date, ShowsDay, "32498"}, {4, Date, ShowsMonth, "32498"},
		{5, Number, 0, "1.5"}, {7, Text, 0, "a<𠮷"}, {8, Text, 0, "算"}, {9, Bool, 0, "TRUE"}, {10, Failed, 0, "#N/A"}, {11, Date, ShowsDay, "2019-03-05T00:00:00"}}
	if len(rows) != 2 || rows[0].Number != 3 || rows[1].Number != 5 || fmt.Sprint(rows[0].Cells) != fmt.Sprint(want) {
		t.Fatalf("got %+v", rows)
	}
	if got := rows[0].Cells[1]; got.Digits() != "500108196309017000" || got.Significant() != 18 {
		t.Errorf("digits %s, %d", got.Digits(), got.Significant())
	}
	if y, m, d, ok := rows[0].Cells[2].Day(false); !ok || y != 1988 || m != 12 || d != 21 {
		t.Errorf("day %d-%d-%d %v", y, m, d, ok)
	}
}

func TestSerialDays(t *testing.T) {
	for _, c := range []struct {
		text string
		old  bool
		want string
	}{{"1", false, "1900-1-1 true"}, {"59", false, "1900-2-28 true"}, {"60", false, "0-0-0 false"}, {"61", false, "1900-3-1 true"},
		{"43529.75", false, "2019-3-5 true"}, {"42067", true, "2019-3-5 true"}, {"0", true, "1904-1-1 true"}, {"-1", false, "0-0-0 false"}, {"NaN", false, "0-0-0 false"}, {"9e9", false, "0-0-0 false"}} {
		y, m, d, ok := Cell{Kind: Date, Text: c.text}.Day(c.old)
		if got := fmt.Sprintf("%d-%d-%d %v", y, m, d, ok); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestDigitsOfNumbers(t *testing.T) {
	for text, want := range map[string]string{"500108198812218074": "500108198812218074", "5.0010819630901715E17": "500108196309017000", "4.0999999999999996": "4.1", "1988.12": "1988.12", "1e3": "1000", "-2": "-2", "510202700103396": "510202700103396"} {
		if got := (Cell{Kind: Number, Text: text}).Digits(); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func ole(stream string) []byte {
	b := append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), make([]byte, 600)...)
	return append(b, utf16(stream)...)
}

// crooked makes a part whose directory promises more than there is.
func crooked(sheet string) []byte {
	b := made(data(`<row><c><v>1</v></c></row>`))
	r, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		panic(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range r.File {
		if f.Name == "xl/worksheets/sheet1.xml" {
			continue
		}
		if err := z.Copy(f); err != nil {
			panic(err)
		}
	}
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(sheet)), CompressedSize64: uint64(len(sheet)), UncompressedSize64: uint64(len(sheet)) + 50})
	if err == nil {
		_, err = io.WriteString(w, sheet)
	}
	if err := errors.Join(err, z.Close()); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func TestFlawedFilesAreNamed(t *testing.T) {
	good := made(data(`<row r="1"><c><v>1</v></c></row>`))
	for name, c := range map[string]struct {
		file []byte
		want Code
	}{
		"an empty file":                      {nil, Empty},
		"a workbook with a password":         {ole("EncryptedPackage"), Encrypted},
		"an old workbook renamed":            {ole("Workbook"), OldExcel},
		"a workbook cut in the middle":       {good[:len(good)/2], Cut},
		"a PDF renamed":                      {[]byte("%PDF-1.7\n…"), PDF},
		"a page renamed":                     {[]byte("<html><table><tr><td>1</table>"), HTML},
		"a list in UTF-8 renamed":            {[]byte("姓名,身份证号\n张三,1\n"), CSV},
		"a list in GBK renamed":              {[]byte("\xd0\xd5\xc3\xfb,\xd0\xd4\xb1\xf0\n\xd5\xc5\xc8\xfd,\xc4\xd0\n"), CSV},
		"a picture renamed":                  {[]byte("\x89PNG\r\n\x1a\n"), Image},
		"an XML sheet renamed":               {[]byte("<?xml version=\"1.0\"?><Workbook/>"), XML2003},
		"noise":                              {[]byte{0, 1, 2, 3, 4, 5}, Other},
		"a macro workbook":                   {made(data(""), "xl/vbaProject.bin", "x"), Macro},
		"a macro workbook by its type":       {made(data(""), "[Content_Types].xml", `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`), Macro},
		"a binary workbook":                  {made(data(""), "xl/workbook.bin", "x"), Binary},
		"a text document":                    {made(data(""), "word/document.xml", "x"), Archive},
		"entities in the sheet":              {made(`<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>` + data("")), Entity},
		"a sheet that swells":                {made(data("") + strings.Repeat("<x/>", 10<<20)), Bomb},
		"shared texts that swell":            {made(data(""), "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>", 40_000)+"</sst>"), Bomb},
		"a cell of a million characters":     {made(data(`<row><c t="inlineStr"><is><t>` + strings.Repeat("a", 1<<20) + `</t></is></c></row>`)), CellLong},
		"a cell just too long":               {made(data(`<row><c t="inlineStr"><is><t>` + strings.Repeat("a", 32_768) + `</t></is></c></row>`)), CellLong},
		"a jump to the last row":             {made(data(`<row r="1"><c><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>`)), RowJump},
		"a row beyond the last":              {made(data(`<row r="1048577"><c><v>1</v></c></row>`)), TooMany},
		"a row twice":                        {made(data(`<row r="2"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>`)), Damaged},
		"a shared text that is not there":    {made(data(`<row><c t="s"><v>9</v></c></row>`)), Damaged},
		"a sheet cut between rows":           {made(`<worksheet><sheetData><row><c><v>1</v></c></row>`), Cut},
		"a sheet cut in a row":               {made(`<worksheet><sheetData><row><c><v>1</v></c>`), Cut},
		"a sheet cut in a tag":               {made(`<worksheet><sheetData><row><c><v>1</v></c></row><row r="`), Cut},
		"a sheet cut after its rows":         {made(`<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>`), Cut},
		"fewer rows than the sheet claims":   {made(`<worksheet><dimension ref="A1:S406"/><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>`), RowsLost},
		"a zip directory that promises more": {crooked(data(`<row><c><v>1</v></c></row>`)), Cut},
		"a workbook without sheets":          {made(data(""), "xl/workbook.xml", "<workbook><sheets/></workbook>"), NoSheet},
		"shared texts cut":                   {made(data(""), "xl/sharedStrings.xml", "<sst><si><t>a</t></si>"), Cut},
	} {
		_, err := readAll(c.file, Limits{SharedBytes: 2 << 20})
		var e *Error
		if !errors.As(err, &e) || e.Code != c.want || e.Message == "" || e.Next == "" {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestSheetThatClaimsAllRowsIsRead(t *testing.T) {
	rows, err := readAll(made(`<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="2"><c><v>1</v></c></row><row r="1048576" ht="12"/></sheetData></worksheet>`), Limits{})
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
}

func TestWrittenIsReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[a-z0-9<>&"' 张三丰𠮷_=]{1,8}`), 1, 5), 1, 8).Draw(t, "rows")
		w, err := NewWriter("花名册", []float64{20})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range want {
			if err := w.Put(row, []Look{Problem}); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		if err := w.Finish(&out); err != nil {
			t.Fatal(err)
		}
		rows, err := readAll(out.Bytes(), Limits{})
		if err != nil || len(rows) != len(want) {
			t.Fatal(len(rows), err)
		}
		for i, row := range rows {
			for j, c := range row.Cells {
				if c.Kind != Text || c.Text != want[i][j] {
					t.Fatalf("%q, want %q", c.Text, want[i][j])
				}
			}
		}
	})
}

// What excelize reads the slow way, cell by cell, is what we read.
func TestAgreesWithExcelize(t *testing.T) {
	f := excelize.NewFile()
	for r := 1; r <= 40; r++ {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", r), &[]any{r, fmt.Sprint("甲", r%7), 0.25 * float64(r), "乙"}); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := readAll(out.Bytes(), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := f.GetRows("Sheet1")
	if err != nil || len(want) != len(rows) {
		t.Fatal(len(want), len(rows), err)
	}
	for i, row := range rows {
		for j, c := range row.Cells {
			if c.Text != want[i][j] {
				t.Errorf("%d/%d: %s, want %s", i, j, c.Text, want[i][j])
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(data(`<row r="1"><c r="A1" t="s"><v>1</v></c><c t="inlineStr"><is><t>a&amp;</t></is></c></row>`))
	f.Add(`<worksheet><dimension ref="A1:B2"/><sheetData/></worksheet>`)
	f.Add(`<!--><worksheet><c><![`)
	f.Fuzz(func(t *testing.T, sheet string) {
		_, err := readAll(made(sheet), Limits{})
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("not a sentence for people: %v", err)
		}
		if _, err := readAll([]byte(sheet), Limits{}); err == nil && !strings.HasPrefix(sheet, "PK") {
			t.Error("read what is no zip")
		}
	})
}

func BenchmarkRead(b *testing.B) {
	w, err := NewWriter("花名册", nil)
	if err != nil {
		b.Fatal(err)
	}
	for i := range 100_000 {
		row := make([]string, 19)
		for j := range row {
			row[j] = fmt.Sprintf("重庆市南岸区%d-%d", i, j)
		}
		if err := w.Put(row, nil); err != nil {
			b.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := w.Finish(&out); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		book, err := Read(bytes.NewReader(out.Bytes()), int64(out.Len()), Limits{})
		if err == nil {
			err = book.Each(book.Sheets[0], func(*Row) error { n++; return nil })
		}
		if err != nil || n != 100_000 {
			b.Fatal(n, err)
		}
	}
}
