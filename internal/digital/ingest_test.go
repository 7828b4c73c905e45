package digital_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"

	"dangan/internal/blob"
	"dangan/internal/digital"
	"dangan/internal/roster"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

func ingest(t *testing.T, p *testkit.Province, dir string) digital.Report {
	t.Helper()
	r, err := p.Digital.Ingest(t.Context(), p.As("scanner-500108"), digital.Source{Dir: dir, Agency: office})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func count(t *testing.T, p *testkit.Province, query string, args ...any) int {
	t.Helper()
	var n int
	if err := p.DB.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// said is what a report says of one folder: "code path" for each finding.
func said(list []digital.Finding, folder string) []string {
	out := []string{}
	for _, f := range list {
		out = append(out, string(f.Code)+" "+strings.TrimPrefix(strings.TrimPrefix(f.Path, folder), "/"))
	}
	return out
}

// faults are every way a folder goes wrong, each with what must be said of it.
var faults = []struct {
	name     string
	do       func(t *testing.T, d *delivery, f string)
	after    func(t *testing.T, d *delivery, f string) // after SHA256SUMS was written
	skip     string                                    // left out of SHA256SUMS
	problems []string
	warnings []string
}{
	{name: "没有毛病"},
	{name: "改过一个字节", after: func(t *testing.T, d *delivery, f string) {
		raw := bytes.Clone(page(t, 0))
		raw[25] ^= 1 // of a quantization table: still decodes
		d.put(f+"/1/001-001.jpg", raw)
	}, problems: []string{"hash-mismatch 1/001-001.jpg"}},
	{name: "没列入校验清单", skip: "1/001-002.jpg", problems: []string{"hash-missing 1/001-002.jpg"}},
	{name: "没有目录", do: func(t *testing.T, d *delivery, f string) { remove(t, d, f+"/目录.xlsx") }, problems: []string{"catalog-missing "}},
	{name: "目录不是工作簿", do: func(_ *testing.T, d *delivery, f string) { d.put(f+"/目录.xlsx", []byte("类号,序号")) }, problems: []string{"catalog-unreadable 目录.xlsx"}},
	{name: "目录页数写成汉字", do: func(_ *testing.T, d *delivery, f string) {
		d.catalog(f, line{"1", "干部履历表", 1, 2, ""}, line{"9-1", "转正定级表", 1, 0, ""})
	}, problems: []string{"catalog-unreadable 目录.xlsx"}},
	{name: "目录有而没扫", do: func(_ *testing.T, d *delivery, f string) {
		d.catalog(f, line{"1", "干部履历表", 1, 2, ""}, line{"9-1", "转正定级表", 1, 1, ""}, line{"6", "入党志愿书", 1, 4, ""})
	}, problems: []string{"material-missing 6/001"}},
	{name: "扫了而目录没有", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/10/003-001.jpg", page(t, 60)) }, problems: []string{"material-extra 10/003"}},
	{name: "缺中间一页", do: func(t *testing.T, d *delivery, f string) { remove(t, d, f+"/1/001-001.jpg") }, problems: []string{"page-missing 1/001-001.jpg"}},
	{name: "多一页", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/9-1/001-002.jpg", page(t, 61)) }, problems: []string{"page-extra 9-1/001-002.jpg"}},
	{name: "命名不合要求", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/1-3.jpg", page(t, 61)) }, problems: []string{"page-extra 1/1-3.jpg"}},
	{name: "类号不在十类之内", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/4/001-001.jpg", page(t, 61)) }, problems: []string{"class-unknown 4"}},
	{name: "图像缺了后半截", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/001-001.jpg", cut(page(t, 0))) }, problems: []string{"image-corrupt 1/001-001.jpg"}},
	{name: "图像后半全是零", do: func(t *testing.T, d *delivery, f string) {
		raw := bytes.Clone(page(t, 0))
		clear(raw[len(raw)/2 : len(raw)-2])
		d.put(f+"/1/001-001.jpg", raw)
	}, problems: []string{"image-corrupt 1/001-001.jpg"}},
	{name: "空文件", do: func(_ *testing.T, d *delivery, f string) { d.put(f+"/1/001-001.jpg", nil) }, problems: []string{"image-empty 1/001-001.jpg"}},
	{name: "分辨率低", do: func(t *testing.T, d *delivery, f string) {
		d.put(f+"/1/001-001.jpg", scanned(t, drawn(2100, 2960, 1), 200))
	}, problems: []string{"resolution-low 1/001-001.jpg"}},
	{name: "小图改写分辨率", do: func(t *testing.T, d *delivery, f string) {
		d.put(f+"/1/001-001.jpg", scanned(t, drawn(1240, 1754, 1), 300))
	}, problems: []string{"resolution-low 1/001-001.jpg"}},
	{name: "内容是 PNG", do: func(_ *testing.T, d *delivery, f string) {
		d.put(f+"/1/001-001.jpg", []byte("\x89PNG\r\n\x1a\n0000000000"))
	}, problems: []string{"format-mismatch 1/001-001.jpg"}},
	{name: "不是图像格式", do: func(_ *testing.T, d *delivery, f string) { d.put(f+"/1/说明.pdf", []byte("%PDF-1.7")) }, problems: []string{"format-not-allowed 1/说明.pdf"}},
	{name: "结束标记之后还有数据", do: func(t *testing.T, d *delivery, f string) {
		d.put(f+"/1/001-001.jpg", append(bytes.Clone(page(t, 0)), "PK\x03\x04"...))
	}, problems: []string{"trailing-data 1/001-001.jpg"}},
	{name: "尺寸异常", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/001-001.jpg", bomb(page(t, 0))) }, problems: []string{"image-bomb 1/001-001.jpg"}},
	{name: "符号链接", do: func(t *testing.T, d *delivery, f string) {
		remove(t, d, f+"/1/001-001.jpg")
		if err := os.Symlink("/etc/passwd", filepath.Join(d.dir, f, "1/001-001.jpg")); err != nil {
			t.Fatal(err)
		}
	}, problems: []string{"link 1/001-001.jpg", "page-missing 1/001-001.jpg"}},
	{name: "命名管道", do: func(t *testing.T, d *delivery, f string) {
		if err := syscall.Mkfifo(filepath.Join(d.dir, f, "1/pipe.jpg"), 0o600); err != nil {
			t.Fatal(err)
		}
	}, problems: []string{"link 1/pipe.jpg"}},
	{name: "名称含控制字符", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/001-\u202e003.jpg", page(t, 61)) },
		problems: []string{"name-unsafe 1/001-\u202e003.jpg", "page-extra 1/001-\u202e003.jpg"}},
	{name: "大小写相同的名称", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/001-002.JPG", page(t, 61)) },
		problems: []string{"name-unsafe 1/001-002.jpg", "page-extra 1/001-002.jpg"}},
	{name: "国家秘密标志", do: func(_ *testing.T, d *delivery, f string) {
		d.catalog(f, line{"1", "干部履历表", 1, 2, ""}, line{"9-1", "转正定级表", 1, 1, "机密★10年"})
	}, problems: []string{"secret-mark 9-1/001"}},
	{name: "空白页", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/001-002.jpg", scanned(t, blank(), 300)) }, warnings: []string{"blank-page 1/001-002.jpg"}},
	{name: "同一图像两页", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/001-002.jpg", page(t, 0)) }, warnings: []string{"duplicate-image 1/001-002.jpg"}},
	{name: "系统文件", do: func(_ *testing.T, d *delivery, f string) { d.put(f+"/Thumbs.db", []byte("x")) }, skip: "Thumbs.db", warnings: []string{"ignored-file Thumbs.db"}},
	{name: "TIFF 页", do: func(t *testing.T, d *delivery, f string) {
		remove(t, d, f+"/1/001-002.jpg")
		d.put(f+"/1/001-002.tif", tiffPage(t, 3))
	}},
	{name: "TIFF 里的 JPEG", do: func(t *testing.T, d *delivery, f string) {
		remove(t, d, f+"/1/001-002.jpg")
		d.put(f+"/1/001-002.tif", jpegTIFF(t, 3))
	}},
	{name: "TIFF 里的 JPEG 残缺", do: func(t *testing.T, d *delivery, f string) {
		remove(t, d, f+"/1/001-002.jpg")
		raw := jpegTIFF(t, 3)
		clear(raw[60_000:90_000])
		d.put(f+"/1/001-002.tif", raw)
	}, problems: []string{"image-corrupt 1/001-002.tif"}},
	{name: "渐进式 JPEG", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/001-002.jpg", progressive(t)) }},
	{name: "渐进式 JPEG 缺后半截", do: func(t *testing.T, d *delivery, f string) { d.put(f+"/1/001-002.jpg", cut(progressive(t))) },
		problems: []string{"image-corrupt 1/001-002.jpg"}},
}

func remove(t *testing.T, d *delivery, path string) {
	t.Helper()
	if err := os.Remove(filepath.Join(d.dir, path)); err != nil {
		t.Fatal(err)
	}
}

func cut(raw []byte) []byte { return raw[:len(raw)/2] }

// bomb rewrites the frame's dimensions.
func bomb(raw []byte) []byte {
	out := bytes.Clone(raw)
	i := bytes.Index(out, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(out[i+5:], 65000)
	binary.BigEndian.PutUint16(out[i+7:], 65000)
	return out
}

func TestEveryFaultOfAFolderIsNamed(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		who := people(t, p, len(faults))
		d := newDelivery(t)
		var skip []string
		folders := map[string]int{}
		for i, fault := range faults {
			f := d.folder(who[i], 0)
			folders[f] = i
			if fault.do != nil {
				fault.do(t, d, f)
			}
			if fault.skip != "" {
				skip = append(skip, f+"/"+fault.skip)
			}
		}
		d.seal(skip...)
		for f, i := range folders {
			if faults[i].after != nil {
				faults[i].after(t, d, f)
			}
		}
		report := ingest(t, p, d.dir)
		if len(report.Items) != len(faults) {
			t.Fatalf("%d folders reported, want %d", len(report.Items), len(faults))
		}
		for _, x := range report.Items {
			want := faults[folders[x.Folder]]
			outcome := digital.Ingested
			if len(want.problems) > 0 {
				outcome = digital.Quarantined
			}
			if got := said(x.Problems, x.Folder); x.Outcome != outcome || !slices.Equal(got, want.problems) && len(got)+len(want.problems) > 0 {
				t.Errorf("%s: %s %q, want %q", want.name, x.Outcome, got, want.problems)
			}
			if got := said(x.Warnings, x.Folder); !slices.Equal(got, want.warnings) && len(got)+len(want.warnings) > 0 {
				t.Errorf("%s: warns %q, want %q", want.name, got, want.warnings)
			}
		}
		// What came is kept as it came, but nothing of a folder with a secret mark (15).
		if n := count(t, p, "SELECT count(*) FROM delivery_item i WHERE state='quarantined' AND kept=0 AND id IN (SELECT item_id FROM delivery_problem WHERE code='secret-mark')"); n != 1 {
			t.Errorf("%d folders with a secret mark keep nothing, want 1", n)
		}
		ownExpected(t, report)
		rows := count(t, p, "SELECT count(*) FROM delivery_item")
		again := ingest(t, p, d.dir)
		if again.Ingested != 0 || again.AlreadyIngested != report.Ingested || again.Quarantined != report.Quarantined {
			t.Errorf("the same again: %d ingested, %d already, %d quarantined", again.Ingested, again.AlreadyIngested, again.Quarantined)
		}
		if n := count(t, p, "SELECT count(*) FROM delivery_item"); n != rows {
			t.Errorf("the same again wrote %d rows", n-rows)
		}
	})
}

var update = flag.Bool("update", false, "write testdata/delivery.expected.json anew")

// ownExpected compares a report with the one beside this test, byte for byte as
// `dangan ingest --json` prints it: the form of data/README.md stands there, also
// where the given delivery does not lie beside the project.
func ownExpected(t *testing.T, report digital.Report) {
	t.Helper()
	got, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path := filepath.Join("testdata", "delivery.expected.json")
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the report is not %s; after a change that is meant: go test ./internal/digital -run Fault -update", path)
	}
}

func TestOwnersAndPathsOutside(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		who := people(t, p, 3)
		d := newDelivery(t)
		other := d.folder(someone{name: "别人", id: who[0].id}, 0)
		unknown := d.folder(someone{name: "无档", id: "500108199001011235"}, 0)
		good := d.folder(who[1], 0)
		moved := d.folder(who[2], 0)
		d.seal()
		sums, err := os.ReadFile(filepath.Join(d.dir, "SHA256SUMS"))
		if err != nil {
			t.Fatal(err)
		}
		d.put("SHA256SUMS", append(sums, strings.Repeat("a", 64)+"  "+moved+"/../../../etc/passwd\n"...))
		got := map[string][]string{}
		for _, x := range ingest(t, p, d.dir).Items {
			got[x.Folder] = said(x.Problems, x.Folder)
		}
		for f, want := range map[string][]string{other: {"owner-name-mismatch "}, unknown: {"owner-unknown "}, good: {}, moved: {"name-unsafe ../../../etc/passwd"}} {
			if !slices.Equal(got[f], want) {
				t.Errorf("%s: %q, want %q", f, got[f], want)
			}
		}
	})
}

func TestFromDeliveryToUse(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := t.Context()
		who := people(t, p, 3)
		d := newDelivery(t)
		for i := range who {
			d.folder(who[i], uint64(i))
		}
		d.seal()
		report := ingest(t, p, d.dir)
		if report.Ingested != 3 {
			t.Fatalf("%+v", report)
		}
		reviewer, scanner, clerk := p.As("reviewer-500108"), p.As("scanner-500108"), p.As("clerk-500108")
		id := report.Delivery
		var refusal *rule.Refusal
		if _, err := p.Digital.DrawSample(ctx, scanner, id); !errors.As(err, &refusal) {
			t.Errorf("the scanner draws the sample: %v", err)
		}
		if _, err := p.Digital.Accept(ctx, reviewer, id); !errors.As(err, &refusal) || refusal.Kind != rule.Incomplete {
			t.Errorf("accepted without a sample: %v", err)
		}
		if _, err := p.Digital.DrawSample(ctx, reviewer, id); err != nil {
			t.Fatal(err)
		}
		sample, err := p.Digital.Sample(ctx, id, "", 100)
		if err != nil || len(sample) == 0 {
			t.Fatalf("sample: %d, %v", len(sample), err)
		}
		pageID := sample[0].PageID
		if _, err := p.Digital.Page(ctx, clerk, pageID, digital.Watermark{Who: "甲"}); !errors.As(err, &refusal) {
			t.Errorf("a clerk sees a page before acceptance: %v", err)
		}
		if _, err := p.Digital.Page(ctx, reviewer, pageID, digital.Watermark{Who: "甲"}); err != nil {
			t.Errorf("the reviewer sees no page: %v", err)
		}
		var all []digital.Opinion
		for _, s := range sample {
			all = append(all, digital.Opinion{Sample: s.ID, Verdict: digital.Pass})
		}
		if err := p.Digital.Judge(ctx, reviewer, id, []digital.Opinion{{Sample: sample[0].ID, Verdict: digital.Fail}}); !errors.As(err, &refusal) || refusal.Kind != rule.Invalid {
			t.Errorf("failed without a reason: %v", err)
		}
		if err := p.Digital.Judge(ctx, reviewer, id, all); err != nil {
			t.Fatal(err)
		}
		v, err := p.Digital.Accept(ctx, reviewer, id)
		if err != nil || v.State != digital.Accepted {
			t.Fatalf("accept: %+v, %v", v, err)
		}
		if n := count(t, p, "SELECT count(*) FROM material WHERE state='filed' AND origin='delivery' AND images=pages AND cat_from=1"); n != 6 {
			t.Errorf("%d materials filed, want 6", n)
		}
		if n := count(t, p, "SELECT count(*) FROM dossier WHERE catalog=1 AND materials=2 AND pages=3 AND images=3"); n != 3 {
			t.Errorf("%d dossiers count what was accepted, want 3", n)
		}
		before := count(t, p, "SELECT count(*) FROM ledger_entry")
		shown, err := p.Digital.Page(ctx, clerk, pageID, digital.Watermark{Who: "甲"})
		if err != nil || len(shown) == 0 {
			t.Fatalf("show: %v", err)
		}
		if n := count(t, p, "SELECT count(*) FROM ledger_entry"); n != before+1 {
			t.Errorf("a page shown left %d entries, want 1", n-before)
		}
		// A later delivery adds a material, and may not replace a page (29.4).
		e := newDelivery(t)
		f := e.folder(who[0], 0)
		e.catalog(f, line{"1", "干部履历表", 1, 2, ""}, line{"9-1", "转正定级表", 1, 1, ""}, line{"10", "调动介绍信", 1, 1, ""})
		e.put(f+"/10/001-001.jpg", page(t, 40))
		g := e.folder(who[1], 1)
		e.put(g+"/1/001-002.jpg", page(t, 41))
		e.seal()
		second := ingest(t, p, e.dir)
		if second.Ingested != 1 || second.Quarantined != 1 {
			t.Fatalf("second delivery: %+v", second)
		}
		for _, x := range second.Items {
			if x.Folder == g && !slices.Equal(said(x.Problems, g), []string{"page-conflict 1/001-002.jpg"}) {
				t.Errorf("replaced page: %v", x.Problems)
			}
		}
		if n := count(t, p, "SELECT count(*) FROM page"); n != 10 {
			t.Errorf("%d pages, want 10", n)
		}
	})
}

func TestADeliveryThatFailsGoesBackWithReasons(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := t.Context()
		d := newDelivery(t)
		who := people(t, p, 1)
		d.folder(who[0], 0)
		d.seal()
		id := ingest(t, p, d.dir).Delivery
		reviewer := p.As("reviewer-500108")
		if _, err := p.Digital.DrawSample(ctx, reviewer, id); err != nil {
			t.Fatal(err)
		}
		sample, err := p.Digital.Sample(ctx, id, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		var bad []digital.Opinion
		for _, s := range sample {
			bad = append(bad, digital.Opinion{Sample: s.ID, Verdict: digital.Fail, Note: "字迹不清"})
		}
		if err := p.Digital.Judge(ctx, reviewer, id, bad); err != nil {
			t.Fatal(err)
		}
		var refusal *rule.Refusal
		if _, err := p.Digital.Accept(ctx, reviewer, id); !errors.As(err, &refusal) || refusal.Reasons[0].Slug != "below_line" {
			t.Errorf("accepted below the line: %v", err)
		}
		if v, err := p.Digital.SendBack(ctx, reviewer, id, ""); err != nil || v.State != digital.SentBack {
			t.Fatalf("send back: %v", err)
		}
		if n := count(t, p, "SELECT count(*) FROM page WHERE state='rejected'"); n != 3 {
			t.Errorf("%d pages rejected, want 3", n)
		}
		var book bytes.Buffer
		if _, err := p.Digital.Book(ctx, reviewer, id, &book); err != nil || !bytes.HasPrefix(book.Bytes(), []byte("PK")) {
			t.Errorf("book: %v", err)
		}
		// Done again by the contractor, it is taken in as new.
		if r := ingest(t, p, d.dir); r.Ingested != 1 {
			t.Errorf("delivered again after a rejection: %+v", r)
		}
	})
}

// The limit holds for a whole process, so the test is one of its own.
func TestAFullDiskLeavesNothingHalfDone(t *testing.T) {
	engine := store.Engine(os.Getenv("DANGAN_TEST_FULL_DISK"))
	if engine == "" {
		for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
			cmd := exec.Command(os.Args[0], "-test.run=^TestAFullDiskLeavesNothingHalfDone$")
			cmd.Env = append(os.Environ(), "DANGAN_TEST_FULL_DISK="+string(engine))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v: %s", engine, err, out)
			}
		}
		return
	}
	p := testkit.New(t, engine)
	who := people(t, p, 2)
	d := newDelivery(t)
	for i := range who {
		d.folder(who[i], uint64(i))
	}
	d.seal()
	// Signals of the limit would end the test; the error alone is wanted.
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	ignoreFileSize()
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 64 << 10, Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	_, err := p.Digital.Ingest(t.Context(), p.As("scanner-500108"), digital.Source{Dir: d.dir, Agency: office})
	_, uploaded := send(t, p, "交付", digital.Tar, tarred(t, d))
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(uploaded, blob.ErrFull) || staged(t, p) != 0 {
		t.Errorf("an upload on a full disk says %v and leaves %d folders", uploaded, staged(t, p))
	}
	if !errors.Is(err, blob.ErrFull) && !errors.Is(store.Classify(err), store.ErrDiskFull) {
		t.Errorf("a full disk says %v", err)
	}
	if n := count(t, p, "SELECT (SELECT count(*) FROM page) + (SELECT count(*) FROM material) + (SELECT count(*) FROM delivery_item)"); n != 0 {
		t.Errorf("%d rows of dossiers that were not taken in whole", n)
	}
	if r := ingest(t, p, d.dir); r.Ingested != 2 {
		t.Errorf("with room again: %+v", r)
	}
}

func TestCancelledGoesOnWithTheSameDelivery(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		who := people(t, p, 6)
		d := newDelivery(t)
		for i := range who {
			d.folder(who[i], 0)
		}
		d.seal()
		ctx, cancel := context.WithCancel(t.Context())
		_, err := p.Digital.Ingest(ctx, p.As("scanner-500108"), digital.Source{Dir: d.dir, Agency: office, Progress: func(done, _ int) {
			if done == 2 {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("cancelled: %v", err)
		}
		first := count(t, p, "SELECT count(*) FROM delivery_item")
		if r := ingest(t, p, d.dir); r.Ingested+r.AlreadyIngested != 6 || r.AlreadyIngested != first {
			t.Errorf("went on: %+v after %d", r, first)
		}
		if n := count(t, p, "SELECT count(*) FROM delivery WHERE state='received' AND ingested=6"); n != 1 {
			t.Errorf("%d deliveries on record with all six", n)
		}
	})
}

// Stopped after its last folder, a delivery has nothing left but its end.
func TestStoppedAfterTheLastFolder(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		d := newDelivery(t)
		d.folder(people(t, p, 1)[0], 0)
		d.seal()
		ctx, cancel := context.WithCancel(t.Context())
		_, err := p.Digital.Ingest(ctx, p.As("scanner-500108"), digital.Source{Dir: d.dir, Agency: office, Progress: func(done, total int) {
			if done == total {
				cancel()
			}
		}})
		if !errors.Is(err, context.Canceled) || count(t, p, "SELECT count(*) FROM delivery WHERE state='stopped' AND ingested=1") != 1 {
			t.Fatalf("stopped: %v", err)
		}
		if r := ingest(t, p, d.dir); r.AlreadyIngested != 1 || r.Delivery == "" {
			t.Errorf("%+v", r)
		}
		if n := count(t, p, "SELECT count(*) FROM delivery WHERE state='received' AND ingested=1 AND already=0"); n != 1 {
			t.Errorf("%d deliveries came to their end", n)
		}
	})
}

// The contractor's disk given with the domain's papers ends exactly as a careful
// person decides; it lies beside the project and is not copied into it.
func TestGivenDelivery(t *testing.T) {
	shared := ""
	for up := "../.."; len(up) < 20 && shared == ""; up += "/.." {
		if _, err := os.Stat(filepath.Join(up, "shared/data/delivery-500108.expected.json")); err == nil {
			shared = filepath.Join(up, "shared/data")
		}
	}
	if shared == "" {
		t.Log("no shared/data beside the project: the faults above cover its codes")
		return
	}
	var want struct{ Items []digital.Result }
	expected, err := os.ReadFile(filepath.Join(shared, "delivery-500108.expected.json"))
	if err == nil {
		err = json.Unmarshal(expected, &want)
	}
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(want.Items, func(a, b digital.Result) int { return strings.Compare(a.Folder, b.Folder) })
	list, err := os.ReadFile(filepath.Join(shared, "roster-500108.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		importRoster(t, p, list)
		got := ingest(t, p, filepath.Join(shared, "delivery-500108"))
		if !reflect.DeepEqual(got.Items, want.Items) {
			t.Errorf("got  %+v\nwant %+v", got.Items, want.Items)
		}
	})
}

func ignoreFileSize() { signal.Ignore(syscall.SIGXFSZ) }

func importRoster(t *testing.T, p *testkit.Province, raw []byte) {
	t.Helper()
	if _, err := p.Rosters.Import(t.Context(), p.As("clerk-500108"), roster.Source{Agency: office, FileName: "roster.xlsx", Content: bytes.NewReader(raw), Size: int64(len(raw))}); err != nil {
		t.Fatal(err)
	}
}
