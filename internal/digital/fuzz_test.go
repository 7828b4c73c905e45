package digital

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dangan/internal/rule"
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

// Whatever a file of a delivery is called: only a page of a known class, or the
// catalog, is taken for one, and a name that could leave the folder is a problem.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"001-002.jpg", "目录.xlsx", "../x.jpg", "001-001.JPG", "Thumbs.db", "a\u202egpj.exe", "000-001.tif", "\xff.jpg", "001-002.jpg\n"} {
		f.Add(name, "4-1", byte(1))
	}
	f.Fuzz(func(t *testing.T, name, class string, deep byte) {
		depth := 1 + int(deep)%maxDepth
		d := &folder{name: "x"}
		x := file{path: "x/" + class + "/" + name}
		d.sort(&x, name, depth)
		switch x.kind {
		case isPage:
			if x.page < 1 || x.page > maxNumber || x.at.seq < 1 || x.at.seq > maxNumber || depth != 2 {
				t.Errorf("%q is page %d of %v at depth %d", name, x.page, x.at, depth)
			}
			if unsafe(name) {
				t.Errorf("%q is unsafe and a page", name)
			}
		case isCatalog:
			if depth != 1 {
				t.Errorf("a catalog at depth %d", depth)
			}
		}
		if strings.ContainsAny(name, "/\\\x00\n") && !unsafe(name) {
			t.Errorf("%q is safe", name)
		}
		if shown := masked(name); folderName.MatchString(name) && shown == name {
			t.Errorf("%q shows an identity number", name)
		}
	})
}

// Whatever an archive holds, nothing lies outside the stage, and people hear why it is not taken.
func FuzzArchive(f *testing.F) {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	if to, err := w.Create("交付/SHA256SUMS"); err != nil {
		f.Fatal(err)
	} else if _, err := to.Write([]byte("x")); err != nil {
		f.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(packed.Bytes(), true)
	packed.Reset()
	tape := tar.NewWriter(&packed)
	for _, h := range []tar.Header{{Name: "交付/a", Typeflag: tar.TypeSymlink, Linkname: "../.."}, {Name: "交付/a/b", Typeflag: tar.TypeReg}} {
		if err := tape.WriteHeader(&h); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(packed.Bytes(), false)
	f.Fuzz(func(t *testing.T, raw []byte, zipped bool) {
		dir := t.TempDir()
		inner := filepath.Join(dir, "inner")
		if err := os.Mkdir(inner, 0o700); err != nil {
			t.Fatal(err)
		}
		s := stage{dir: inner, label: "交付", limit: 1 << 20}
		in := Incoming{Format: Tar, Content: bytes.NewReader(raw)}
		if zipped {
			in.Format = Zip
		}
		err := s.receive(t.Context(), in)
		var refusal *rule.Refusal
		var op *fs.PathError
		var link *os.LinkError
		if err != nil && !errors.As(err, &refusal) && !errors.As(err, &op) && !errors.As(err, &link) {
			t.Errorf("%v", err)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("outside the stage: %v, %v", entries, err)
		}
		if s.bytes > s.limit {
			t.Errorf("%d bytes", s.bytes)
		}
	})
}
