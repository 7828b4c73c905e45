package digital_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"dangan/internal/blob"
	"dangan/internal/digital"
	"dangan/internal/testkit"
)

// meddler is the real store; between the check of a folder and the storing of its
// files it lets somebody else at the contractor's disk.
type meddler struct {
	blob.Store
	puts   int
	meddle func(put int)
}

func (m *meddler) Put(ctx context.Context, r io.Reader) (blob.Ref, error) {
	m.puts++
	m.meddle(m.puts)
	return m.Store.Put(ctx, r)
}

// changes are what happens to a folder of three pages while it is read, each with
// what must be said of it. Every one ends with nothing of the folder in the dossier.
var changes = []struct {
	name     string
	meddle   func(t *testing.T, d *delivery, f string, put int)
	problems []string
	kept     int // files in quarantine
}{
	{"还没保存的页变长", func(t *testing.T, d *delivery, f string, put int) {
		if put == 1 {
			d.put(f+"/9-1/001-001.jpg", append(bytes.Clone(page(t, 2)), "more"...))
		}
	}, []string{"hash-mismatch 9-1/001-001.jpg", "trailing-data 9-1/001-001.jpg"}, 4},
	{"还没保存的页消失", func(t *testing.T, d *delivery, f string, put int) {
		if put == 1 {
			remove(t, d, f+"/9-1/001-001.jpg")
		}
	}, []string{"material-missing 9-1/001"}, 3},
	{"已保存的页被换成另一幅", func(t *testing.T, d *delivery, f string, put int) {
		if put == 3 {
			d.put(f+"/new", page(t, 77))
			rename(t, d, f+"/new", f+"/1/001-001.jpg")
		}
	}, []string{"hash-mismatch 1/001-001.jpg"}, 4},
	{"正在保存的页被换成链接", func(t *testing.T, d *delivery, f string, put int) {
		if put == 1 {
			remove(t, d, f+"/1/001-002.jpg")
			if err := os.Symlink("/etc/passwd", filepath.Join(d.dir, f, "1/001-002.jpg")); err != nil {
				t.Fatal(err)
			}
		}
	}, []string{"link 1/001-002.jpg", "page-missing 1/001-002.jpg"}, 3},
	{"目录被换", func(_ *testing.T, d *delivery, f string, put int) {
		if put == 2 {
			d.catalog(f, line{"1", "干部履历表", 1, 2, ""})
		}
	}, []string{"material-extra 9-1/001", "hash-mismatch 目录.xlsx"}, 4},
	{"多出一页", func(t *testing.T, d *delivery, f string, put int) {
		if put == 4 {
			d.put(f+"/9-1/001-002.jpg", page(t, 78))
		}
	}, []string{"hash-missing 9-1/001-002.jpg", "page-extra 9-1/001-002.jpg"}, 5},
	{"一直在变", func(t *testing.T, d *delivery, f string, put int) {
		d.put(f+"/9-1/001-001.jpg", append(bytes.Clone(page(t, 2)), make([]byte, put)...))
	}, []string{"hash-mismatch "}, 0},
	{"整个文件夹被移走", func(t *testing.T, d *delivery, f string, put int) {
		if put == 1 {
			rename(t, d, f, "../elsewhere")
		}
	}, []string{"hash-mismatch "}, 0},
}

func rename(t *testing.T, d *delivery, from, to string) {
	t.Helper()
	if err := os.Rename(filepath.Join(d.dir, from), filepath.Join(d.dir, to)); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderThatChangesWhileItIsRead(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		who := people(t, p, len(changes))
		for i, c := range changes {
			t.Run(c.name, func(t *testing.T) {
				d := newDelivery(t)
				f := d.folder(who[i], 0)
				d.seal()
				store := &meddler{Store: p.Blobs, meddle: func(put int) { c.meddle(t, d, f, put) }}
				desk := digital.New(p.Gate, p.Keys, store, p.Blobs, p.Settings)
				report, err := desk.Ingest(t.Context(), p.As("scanner-500108"), digital.Source{Dir: d.dir, Agency: office})
				if err != nil || len(report.Items) != 1 {
					t.Fatalf("%+v, %v", report, err)
				}
				if x := report.Items[0]; x.Outcome != digital.Quarantined || !slices.Equal(said(x.Problems, f), c.problems) {
					t.Errorf("%s %q, want %q", x.Outcome, said(x.Problems, f), c.problems)
				}
				if n := count(t, p, "SELECT count(*) FROM page"); n != 0 {
					t.Errorf("%d pages of a folder that changed", n)
				}
				if n := count(t, p, "SELECT kept FROM delivery_item WHERE delivery_id=?", report.Delivery); n != c.kept {
					t.Errorf("%d files kept, want %d", n, c.kept)
				}
			})
		}
		if n := count(t, p, "SELECT count(*) FROM material WHERE origin='delivery'"); n != 0 {
			t.Errorf("%d materials of folders that changed", n)
		}
	})
}

// What changes before the files are stored and then holds still is read again and taken in.
func TestAFolderThatHoldsStillAgainIsTakenIn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := newDelivery(t)
		f := d.folder(people(t, p, 1)[0], 0)
		d.seal()
		store := &meddler{Store: p.Blobs, meddle: func(put int) {
			switch put {
			case 1:
				d.put(f+"/1/001-002.jpg", []byte("half a copy"))
			case 2:
				d.put(f+"/1/001-002.jpg", page(t, 1))
			}
		}}
		desk := digital.New(p.Gate, p.Keys, store, p.Blobs, p.Settings)
		report, err := desk.Ingest(t.Context(), p.As("scanner-500108"), digital.Source{Dir: d.dir, Agency: office})
		if err != nil || report.Ingested != 1 || count(t, p, "SELECT count(*) FROM page") != 3 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}
