package digital

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"dangan/internal/sheet"
)

func TestLinesOfDigests(t *testing.T) {
	a := strings.Repeat("a", 64)
	list := "\ufeff" + a + "  x/目录.xlsx\r\n" + strings.ToUpper(a) + " *x/1/001-001.jpg\n\\" + a + "  x/a\\\\b\n" + "not a line\n" + strings.Repeat("b", 64) + "  x/目录.xlsx\n" + a + "  ./y/z"
	got, err := readSums(strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	if got["x"]["x/1/001-001.jpg"] != a || got["x"][`x/a\b`] != a || got["y"]["y/z"] != a || len(got["x"]) != 3 {
		t.Errorf("%v", got)
	}
	if got["x"]["x/目录.xlsx"] != contradicted {
		t.Error("a path with two digests is trusted")
	}
}

func FuzzSums(f *testing.F) {
	f.Add([]byte(strings.Repeat("a", 64) + "  x/y\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := readSums(bytes.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzCatalog(f *testing.F) {
	w, err := sheet.NewWriter("目录", nil)
	if err != nil {
		f.Fatal(err)
	}
	for _, row := range [][]string{{"类号", "序号", "材料名称", "年", "月", "日", "页数", "备注"}, {"4-1", "1", "学籍卡", "2001", "7", "", "2", ""}} {
		if err := w.Put(row, nil); err != nil {
			f.Fatal(err)
		}
	}
	var book bytes.Buffer
	if err := w.Finish(&book); err != nil {
		f.Fatal(err)
	}
	f.Add(book.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		lines, err := readCatalog(bytes.NewReader(raw), int64(len(raw)))
		var workbook *sheet.Error
		if err != nil && !errors.Is(err, errCatalog) && !errors.As(err, &workbook) {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.Seq < 1 || l.Pages < 1 || l.Title == "" || l.Class == "" {
				t.Errorf("%+v", l)
			}
		}
	})
}
