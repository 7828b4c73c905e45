package paper

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func TestABookReadsBackAsWritten(t *testing.T) {
	b, err := NewBook()
	if err != nil {
		t.Fatal(err)
	}
	s, err := b.Sheet("需更正", Header{Title: "姓名", Width: 12}, Header{Title: "公民身份号码", Width: 22}, Header{Title: "页数"}, Header{Title: "时间"})
	if err != nil {
		t.Fatal(err)
	}
	rows := [][]any{
		{rareMan, "500112199001010014", 12, issued},
		{"=HYPERLINK(\"x\")", "+86", nil, time.Time{}},
		{"@SUM(A1)", "-1+1", -3, "-"},
	}
	for _, row := range rows {
		if err := s.Row(row...); err != nil {
			t.Fatal(err)
		}
	}
	if s, err = b.Sheet("说明", Header{Title: "说明"}); err != nil {
		t.Fatal(err)
	}
	if err := s.Row("测试数据"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"A1": "姓名", "A2": rareMan, "B2": "500112199001010014", "C2": "12", "D2": "2026-11-24 09:30",
		"A3": "'=HYPERLINK(\"x\")", "B3": "'+86", "C3": "", "D3": "", "A4": "'@SUM(A1)", "B4": "'-1+1", "C4": "-3", "D4": "-",
	}
	for cell, text := range want {
		if got, err := f.GetCellValue("需更正", cell); err != nil || got != text {
			t.Errorf("%s = %q, want %q (%v)", cell, got, text, err)
		}
		if formula, err := f.GetCellFormula("需更正", cell); err != nil || formula != "" {
			t.Errorf("%s became a formula %q (%v)", cell, formula, err)
		}
	}
	if got, err := f.GetCellValue("说明", "A2"); err != nil || got != "测试数据" {
		t.Errorf("second sheet has %q (%v)", got, err)
	}
}

func TestEscapedCellsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("'=+-@\t甲1"))).Draw(t, "text")
		escaped := EscapeCell(text)
		if UnescapeCell(escaped) != text {
			t.Fatalf("%q came back as %q", text, UnescapeCell(escaped))
		}
		if len(escaped) > 1 && bytes.ContainsRune([]byte("=+-@\t\r"), rune(escaped[0])) {
			t.Fatalf("%q is still a formula", escaped)
		}
	})
}
