package paper

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// FuzzVerify changes a signed paper in any way: cuts a stretch, puts bytes in its
// place, or is another file altogether. Verify never fails on it, and calls nothing
// valid but the paper itself. The paper and its key are files, so that every worker
// has the same; TestFuzzPaper -update makes them anew.
func FuzzVerify(f *testing.F) {
	pdf, err := os.ReadFile(filepath.Join("testdata", "fuzz-paper.pdf"))
	if err != nil {
		f.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join("testdata", "fuzz-trust.pem"))
	if err != nil {
		f.Fatal(err)
	}
	trust, err := ParseTrust(raw)
	if err != nil {
		f.Fatal(err)
	}
	size := uint32(len(pdf))
	open := uint32(bytes.Index(pdf, []byte("/Contents <")))
	f.Add([]byte{}, uint32(0), uint32(0))
	f.Add([]byte(" "), size, uint32(0))
	f.Add([]byte("%%EOF\n"), size-7, uint32(7))
	f.Add([]byte("/ByteRange [0 1 2 3]"), size-7, uint32(0))
	f.Add([]byte("xref\n0 1\ntrailer\n<</Size 9>>\nstartxref\n0\n%%EOF\n"), size, uint32(0))
	f.Add([]byte("/Contents <00>"), open, uint32(20))
	f.Add([]byte("%PDF-1.7\n/ByteRange [0 9999999999 1 1]\n%%EOF\n"), uint32(0), size)
	f.Add([]byte("ff"), open+40, uint32(2))
	f.Fuzz(func(t *testing.T, put []byte, at, cut uint32) {
		at %= size + 1
		end := at + min(cut, size-at)
		changed := slices.Concat(pdf[:at], put, pdf[end:])
		r := Verify(changed, trust)
		switch whole := bytes.Equal(changed, pdf); {
		case whole && !r.Valid():
			t.Fatalf("the paper itself is called %v", r.Flaws)
		case !whole && r.Valid():
			t.Fatalf("%d bytes at %d replaced by %q go unnoticed", end-at, at, put)
		case !whole && (len(r.Flaws) == 0 || r.Flaws[0].Message == ""):
			t.Fatalf("no word about what is wrong: %+v", r)
		}
		if r := Verify(changed, nil); r.Valid() {
			t.Fatal("valid without a trusted key")
		}
	})
}

// The paper that is fuzzed is as our papers are: made anew with -update.
func TestFuzzPaper(t *testing.T) {
	at := func(name string) string { return filepath.Join("testdata", name) }
	if *update {
		s := newSigner(t)
		for name, content := range map[string][]byte{"fuzz-paper.pdf": signed(t, s), "fuzz-trust.pem": EncodeTrust(s.trust...)} {
			if err := os.WriteFile(at(name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	pdf, err := os.ReadFile(at("fuzz-paper.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(pdf, []byte("/DNGN_Info <")) || !bytes.HasSuffix(pdf, []byte("%%EOF\n")) {
		t.Error("not built as our papers are: run with -update")
	}
}
