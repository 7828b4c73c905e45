package digital_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dangan/internal/digital"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/testkit"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// tarred packs a delivery as the browser does, under the folder's name.
func tarred(t *testing.T, d *delivery) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	each(t, d, func(rel string, raw []byte) error {
		return errors.Join(w.WriteHeader(&tar.Header{Name: "交付/" + rel, Typeflag: tar.TypeReg, Mode: 0o600, Size: int64(len(raw))}), second(w.Write(raw)))
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// zipped packs a delivery; gbk: as Windows does, without saying how names are written.
func zipped(t *testing.T, d *delivery, gbk bool) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	each(t, d, func(rel string, raw []byte) error {
		h := &zip.FileHeader{Name: rel, Method: zip.Deflate}
		if gbk {
			name, err := simplifiedchinese.GBK.NewEncoder().String(rel)
			if err != nil {
				return err
			}
			h.Name, h.NonUTF8 = name, true
		}
		to, err := w.CreateHeader(h)
		if err != nil {
			return err
		}
		return second(to.Write(raw))
	})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func second(_ int, err error) error { return err }

func each(t *testing.T, d *delivery, fn func(rel string, raw []byte) error) {
	t.Helper()
	err := filepath.WalkDir(d.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(d.dir, path)
		return errors.Join(err, fn(filepath.ToSlash(rel), raw))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func send(t *testing.T, p *testkit.Province, name, format string, raw []byte) (digital.Upload, error) {
	t.Helper()
	return p.Digital.Upload(t.Context(), p.As("scanner-500108"), digital.Incoming{Name: name, Format: format, Content: bytes.NewReader(raw), Size: int64(len(raw))})
}

func latest(t *testing.T, p *testkit.Province) digital.Upload {
	t.Helper()
	list, _, err := p.Digital.Uploads(t.Context(), p.As("scanner-500108"))
	if err != nil || len(list) == 0 {
		t.Fatalf("%d uploads, %v", len(list), err)
	}
	return list[0]
}

// staged counts what lies in the staging folder.
func staged(t *testing.T, p *testkit.Province) int {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(p.Dir, "staging"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return len(entries)
}

func TestADeliveryFromTheBrowser(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		who := people(t, p, 3)
		d := newDelivery(t)
		d.folder(who[0], 0)
		bad := d.folder(who[1], 4)
		remove(t, d, bad+"/目录.xlsx")
		d.seal()
		if _, err := send(t, p, "交付", digital.Tar, tarred(t, d)); err != nil {
			t.Fatal(err)
		}
		p.RunJobs()
		u := latest(t, p)
		if u.State != digital.UploadEnded || u.Ingested != 1 || u.Quarantined != 1 || u.Done != 2 || u.Total != 2 || u.Label != "交付" {
			t.Errorf("%+v", u)
		}
		if v, err := p.Digital.Get(t.Context(), p.As("scanner-500108"), u.DeliveryID); err != nil || v.Label != "交付" || v.State != digital.Received || v.StaffID != p.As("scanner-500108").ID {
			t.Errorf("%+v, %v", v, err)
		}
		// The same disk again as an archive, repaired, with one more: what is here stays.
		d.catalog(bad, line{"1", "干部履历表", 1, 2, ""}, line{"9-1", "转正定级表", 1, 1, ""})
		d.folder(who[2], 8)
		d.seal()
		if _, err := send(t, p, "交付.zip", digital.Zip, zipped(t, d, true)); err != nil {
			t.Fatal(err)
		}
		p.RunJobs()
		if u := latest(t, p); u.State != digital.UploadEnded || u.Ingested != 2 || u.Already != 1 || u.Quarantined != 0 {
			t.Errorf("%+v", u)
		}
		if n := staged(t, p); n != 0 {
			t.Errorf("%d folders left in staging", n)
		}
	})
}

func TestUploadsThatAreNotTaken(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := newDelivery(t)
		d.folder(people(t, p, 1)[0], 0)
		d.seal()
		packed := tarred(t, d)
		zeros := newDelivery(t)
		zeros.put("SHA256SUMS", make([]byte, 3<<20))
		entry := func(h tar.Header) []byte {
			var out bytes.Buffer
			w := tar.NewWriter(&out)
			if err := w.WriteHeader(&h); err != nil {
				t.Fatal(err)
			}
			return out.Bytes()
		}
		if _, err := p.Settings.Change(t.Context(), p.As("supervisor-500000"), setting.ScanUpload, "2"); err != nil {
			t.Fatal(err)
		}
		locked := zipped(t, d, false)
		locked[bytes.Index(locked, []byte("PK\x01\x02"))+8] |= 1 // the flag of encryption
		for _, c := range []struct {
			name, format, slug string
			raw                []byte
		}{
			{"截断的", digital.Tar, "upload_unreadable", packed[:len(packed)/2]},
			{"不是压缩包", digital.Zip, "upload_unreadable", []byte("类号,序号")},
			{"空的", digital.Zip, "upload_empty", zipped(t, newDelivery(t).empty(), false)},
			{"路径出去的", digital.Tar, "upload_path", entry(tar.Header{Name: "../../x", Typeflag: tar.TypeReg})},
			{"绝对路径", digital.Tar, "upload_path", entry(tar.Header{Name: "/etc/x", Typeflag: tar.TypeReg})},
			{"设备文件", digital.Tar, "upload_path", entry(tar.Header{Name: "null", Typeflag: tar.TypeChar})},
			{"加密的", digital.Zip, "upload_encrypted", locked},
			{"太大的", digital.Tar, "upload_large", make([]byte, 2<<20+1)},
			{"压缩炸弹", digital.Zip, "upload_large", zipped(t, zeros, false)},
		} {
			if _, err := send(t, p, c.name, c.format, c.raw); !refusedBy(err, c.slug) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if _, err := p.Digital.Upload(t.Context(), p.As("clerk-500108"), digital.Incoming{Name: "x", Format: digital.Tar, Content: bytes.NewReader(packed), Size: -1}); err == nil {
			t.Error("a clerk uploads scans")
		}
		// A line that breaks leaves nothing.
		broken := io.MultiReader(bytes.NewReader(packed[:5000]), lost{})
		if _, err := p.Digital.Upload(t.Context(), p.As("scanner-500108"), digital.Incoming{Name: "x", Format: digital.Tar, Content: broken, Size: -1}); !errors.Is(err, errLost) {
			t.Errorf("cut: %v", err)
		}
		if n := staged(t, p); n != 0 {
			t.Errorf("%d folders left in staging", n)
		}
		if n := count(t, p, "SELECT (SELECT count(*) FROM delivery_upload) + (SELECT count(*) FROM delivery)"); n != 0 {
			t.Errorf("%d rows of uploads that were not taken", n)
		}
	})
}

var errLost = errors.New("connection lost")

type lost struct{}

func (lost) Read([]byte) (int, error) { return 0, errLost }

// A link in an archive is put where it stood and found by the same check as on a disk.
func TestALinkInAnArchive(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := newDelivery(t)
		f := d.folder(people(t, p, 1)[0], 0)
		d.seal()
		remove(t, d, f+"/1/001-001.jpg")
		packed := tarred(t, d)
		var tail bytes.Buffer
		w := tar.NewWriter(&tail)
		if err := errors.Join(w.WriteHeader(&tar.Header{Name: "交付/" + f + "/1/001-001.jpg", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}), w.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := send(t, p, "交付", digital.Tar, append(packed[:len(packed)-1024], tail.Bytes()...)); err != nil {
			t.Fatal(err)
		}
		p.RunJobs()
		if u := latest(t, p); u.Quarantined != 1 || count(t, p, "SELECT count(*) FROM delivery_problem WHERE code='link'") != 1 {
			t.Errorf("%+v", u)
		}
	})
}

func TestAnUploadIsCancelledOrGoneOnWith(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := newDelivery(t)
		d.folder(people(t, p, 1)[0], 0)
		d.seal()
		u, err := send(t, p, "交付", digital.Tar, tarred(t, d))
		if err != nil {
			t.Fatal(err)
		}
		scanner := p.As("scanner-500108")
		if _, err := p.Digital.CancelUpload(t.Context(), scanner, u.ID); err != nil {
			t.Fatal(err)
		}
		p.RunJobs()
		if u := latest(t, p); u.State != digital.UploadCancelled || u.Ingested != 0 || !strings.Contains(u.Trouble, "已取消") || staged(t, p) != 0 {
			t.Errorf("%+v", u)
		}
		if _, err := p.Digital.CancelUpload(t.Context(), scanner, u.ID); !refusedBy(err, "upload_ended") {
			t.Errorf("cancelled twice: %v", err)
		}
		// A process that died in the middle: its lease runs out, the timer goes on.
		u, err = send(t, p, "交付", digital.Tar, tarred(t, d))
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Gate.Touch(t.Context(), "UPDATE delivery_upload SET state='running', owner='dead', beat_at=? WHERE id=?", p.Gate.Now(), u.ID); err != nil {
			t.Fatal(err)
		}
		p.RunJobs()
		if u := latest(t, p); u.State != digital.UploadRunning {
			t.Errorf("taken from a process that may live: %+v", u)
		}
		p.Clock.Advance(31e9)
		p.RunJobs()
		if u := latest(t, p); u.State != digital.UploadEnded || u.Ingested != 1 {
			t.Errorf("left by a process that died: %+v", u)
		}
		var refusal *rule.Refusal
		if _, err := p.Digital.CancelUpload(t.Context(), p.As("scanner-500103"), u.ID); !errors.Is(err, gate.ErrHidden) && !errors.As(err, &refusal) {
			t.Errorf("another district cancels: %v", err)
		}
	})
}
