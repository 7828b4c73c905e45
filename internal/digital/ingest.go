package digital

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"dangan/internal/agency"
	"dangan/internal/blob"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/sheet"
	"dangan/internal/store"
)

// Outcome is what became of a folder, as the report says it.
type Outcome string

// Outcomes of a folder.
const (
	Ingested        Outcome = "ingested"
	Quarantined     Outcome = "quarantined"
	AlreadyIngested Outcome = "already-ingested"
)

// Result is one folder of the report.
type Result struct {
	Folder   string    `json:"folder"`
	Outcome  Outcome   `json:"outcome"`
	Problems []Finding `json:"problems"`
	Warnings []Finding `json:"warnings"`
}

// Report is what an ingest says (data/README.md, Delivery).
type Report struct {
	Agency          string   `json:"agency"`
	Dossiers        int      `json:"dossiers"`
	Ingested        int      `json:"ingested"`
	Quarantined     int      `json:"quarantined"`
	AlreadyIngested int      `json:"already_ingested"`
	Items           []Result `json:"items"`
	Delivery        string   `json:"-"` // the record, "" when nothing new came
}

// Source is a delivery on a disk.
type Source struct {
	Dir      string
	Agency   string
	Progress func(done, total int) // may be nil
}

var ingestRules = []rule.ID{"18a", "15"}

// Ingest judges every folder of a delivery and takes in those without a problem,
// each as an act of its own; the others are kept apart as they came. Cancelling
// leaves what was taken in; the same delivery again goes on.
func (d *Desk) Ingest(ctx context.Context, by policy.Actor, s Source) (Report, error) {
	if err := d.mayIngest(ctx, by, s.Agency); err != nil {
		return Report{}, err
	}
	root, err := os.OpenRoot(s.Dir)
	if err != nil {
		return Report{}, fmt.Errorf("打不开交付目录：%w", err)
	}
	defer root.Close()
	r := &run{desk: d, by: by, agency: s.Agency, root: root, label: filepath.Base(filepath.Clean(s.Dir)), owners: owners{d, s.Agency}}
	if abs, err := filepath.Abs(s.Dir); err == nil {
		r.label = filepath.Base(abs)
	}
	if len([]rune(r.label)) > 120 || unsafe(r.label) {
		r.label = "交付目录"
	}
	if r.promised, r.sums, err = openSums(root); err != nil {
		return Report{}, fmt.Errorf("读取 SHA256SUMS：%w", err)
	}
	folders, err := r.folders()
	if err != nil {
		return Report{}, err
	}
	if len(folders) == 0 {
		return Report{}, rule.Mistake(rule.Reason{Rule: "18a", Slug: "delivery_empty", Field: "dir", Message: "目录里没有任何档案文件夹。", Next: "请指定交付目录：其下每份档案一个“身份证号_姓名”文件夹，并有 SHA256SUMS。"})
	}
	report := Report{Agency: s.Agency, Dossiers: len(folders), Items: make([]Result, len(folders))}
	failure := r.all(ctx, folders, report.Items, s.Progress)
	done := report.Items[:0]
	for _, x := range report.Items {
		switch x.Outcome {
		case Ingested:
			report.Ingested++
		case Quarantined:
			report.Quarantined++
		case AlreadyIngested:
			report.AlreadyIngested++
		default:
			continue
		}
		done = append(done, x)
	}
	report.Items = done
	report.Delivery, err = r.close(ctx, report, failure)
	return report, errors.Join(failure, err)
}

// mayIngest sees that the agency exists and that the actor may take scans in for
// it; a refusal is put on record.
func (d *Desk) mayIngest(ctx context.Context, by policy.Actor, code string) error {
	a, err := agency.Get(ctx, d.gate.DB(), code)
	if errors.Is(err, store.ErrNotFound) || err == nil && !a.Keeps() {
		return rule.Mistake(rule.Reason{Rule: "6a", Slug: "agency_unknown", Field: "agency", Message: "没有编码为 " + code + " 的档案管理服务机构。", Next: "请核对机构编码，例如 50010801。"})
	} else if err != nil {
		return err
	}
	refused := d.gate.Allowed(by, "digital.receive", Delivery{Agency: code}.Resource())
	if refused == nil {
		return nil
	}
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "digital.receive", Rules: ingestRules, On: "Agency:" + code}, func(*gate.Tx) error { return refused })
	return err
}

// openSums reads the list of digests; without one nothing is promised.
func openSums(root *os.Root) (sums, string, error) {
	info, err := root.Lstat(sumsName)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return sums{}, hex.EncodeToString(sha256.New().Sum(nil)), nil
	} else if err != nil {
		return nil, "", err
	}
	in, err := root.Open(sumsName)
	if err != nil {
		return nil, "", err
	}
	defer in.Close()
	h := sha256.New()
	out, err := readSums(io.TeeReader(in, h))
	return out, hex.EncodeToString(h.Sum(nil)), err
}

// run is one ingest under way.
type run struct {
	desk     *Desk
	by       policy.Actor
	agency   string
	root     *os.Root
	label    string
	promised sums
	sums     string
	owners   Owners

	mu       sync.Mutex
	delivery Delivery
}

// folders lists what lies at the delivery's top; a link there is a folder with a problem.
func (r *run) folders() ([]string, error) {
	d, err := r.root.Open(".")
	if err != nil {
		return nil, fmt.Errorf("读取交付目录：%w", err)
	}
	defer d.Close()
	var out []string
	for {
		entries, err := d.ReadDir(1024)
		for _, e := range entries {
			if e.IsDir() && !ignoredDir(e.Name()) || e.Type()&fs.ModeSymlink != 0 && e.Name() != sumsName {
				out = append(out, e.Name())
			}
		}
		if errors.Is(err, io.EOF) {
			slices.Sort(out)
			return out, nil
		} else if err != nil {
			return nil, fmt.Errorf("读取交付目录：%w", err)
		}
	}
}

// all takes the folders in turn, as many at once as there are processors.
func (r *run) all(ctx context.Context, folders []string, out []Result, progress func(done, total int)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var failure error
	done := 0
	for range min(max(2, runtime.NumCPU()), len(folders)) {
		wg.Go(func() {
			for i := range next {
				result, err := r.folder(ctx, folders[i])
				mu.Lock()
				if err == nil {
					out[i] = result
					done++
					if progress != nil {
						progress(done, len(folders))
					}
				} else if failure == nil {
					failure = err
					cancel()
				}
				mu.Unlock()
			}
		})
	}
	for i := range folders {
		select {
		case next <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(next)
	wg.Wait()
	if failure == nil {
		failure = ctx.Err()
	}
	return failure
}

// tries is how often a folder is read again that changes while it is read.
const tries = 3

// folder brings one folder to its end.
func (r *run) folder(ctx context.Context, name string) (Result, error) {
	var j *judged
	for range tries {
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
		var err error
		j, err = r.read(ctx, name)
		if err == nil {
			var result Result
			if result, err = r.settle(ctx, j); err == nil {
				return result, nil
			}
		}
		if !errors.Is(err, errVanished) && !errors.Is(err, fs.ErrNotExist) {
			return Result{}, fmt.Errorf("文件夹 %s：%w", name, err)
		}
	}
	// Somebody still writes to it: nothing of it is taken in or kept.
	f := &folder{name: name}
	f.bad(name, HashMismatch)
	return r.quarantine(ctx, &judged{folder: f, problems: f.problems, warnings: []Finding{}})
}

// read lists and reads a folder and judges it.
func (r *run) read(ctx context.Context, name string) (*judged, error) {
	var f *folder
	var err error
	if info, err := r.root.Lstat(name); err != nil {
		return nil, err
	} else if !info.IsDir() {
		f = &folder{name: name}
		f.bad(name, Link)
		return &judged{folder: f, problems: f.problems}, nil
	}
	if f, err = survey(r.root, name); err != nil {
		return nil, err
	}
	var lines []Line
	trouble := false
	for i := range f.files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		x := &f.files[i]
		got, wrong, err := r.check(x)
		if err != nil {
			return nil, err
		}
		if x.kind == isCatalog {
			lines, trouble = got, wrong
		}
	}
	owner, found := Owner{}, false
	if f.idNo != "" {
		if owner, found, err = r.owners.Owner(ctx, f.idNo); err != nil {
			return nil, err
		}
	}
	if !found {
		owner.Dossier = ""
	}
	here, err := hereOf(ctx, r.desk.gate.DB(), owner.Dossier)
	if err != nil {
		return nil, err
	}
	return judge(f, r.promised[keyOf(name)], owner, found, lines, trouble, here), nil
}

// check reads one file from its beginning to its end.
func (r *run) check(x *file) (lines []Line, wrong bool, err error) {
	in, err := x.open(r.root)
	if err != nil {
		return nil, false, err
	}
	defer in.Close()
	if x.kind == isPage {
		x.checked, err = scan.Check(in, x.size, filepath.Ext(x.path))
		if err == nil && x.checked.Size != x.size {
			err = errVanished
		}
		return nil, false, err
	}
	if x.checked.Digest, x.checked.Size, err = scan.Digest(in); err != nil {
		return nil, false, err
	}
	if x.checked.Size != x.size {
		return nil, false, errVanished
	}
	if x.kind != isCatalog {
		return nil, false, nil
	}
	lines, err = readCatalog(in, x.size)
	var workbook *sheet.Error
	if errors.Is(err, errCatalog) || errors.As(err, &workbook) {
		return nil, true, nil
	}
	return lines, false, err
}

// settle does what the judgment says.
func (r *run) settle(ctx context.Context, j *judged) (Result, error) {
	switch {
	case len(j.problems) > 0:
		return r.quarantine(ctx, j)
	case len(j.fresh) == 0:
		return j.result(AlreadyIngested), nil
	}
	return r.take(ctx, j)
}

func (j *judged) result(o Outcome) Result {
	r := Result{Folder: j.name, Outcome: o, Problems: j.problems, Warnings: j.warnings}
	if r.Problems == nil {
		r.Problems = []Finding{}
	}
	if r.Warnings == nil {
		r.Warnings = []Finding{}
	}
	return r
}

// put stores a file and holds it to the digest it was judged by.
func (r *run) put(ctx context.Context, x file) error {
	in, err := x.open(r.root)
	if err != nil {
		return err
	}
	defer in.Close()
	ref, err := r.desk.blobs.Put(ctx, in)
	if err != nil {
		return fmt.Errorf("保存影像：%w", err)
	}
	if ref.Digest != x.checked.Digest {
		return errVanished
	}
	return nil
}

// take takes a folder in: all its new pages, in one act.
func (r *run) take(ctx context.Context, j *judged) (Result, error) {
	var catalog file
	for _, x := range j.files {
		if x.kind == isCatalog {
			catalog = x
		}
	}
	for _, x := range append(slices.Clone(j.fresh), catalog) {
		if err := r.put(ctx, x); err != nil {
			return Result{}, err
		}
	}
	if now, err := survey(r.root, j.name); err != nil {
		return Result{}, err
	} else if !now.same(j.folder) {
		return Result{}, errVanished
	}
	delivery, err := r.open(ctx)
	if err != nil {
		return Result{}, err
	}
	_, err = r.desk.gate.Do(ctx, gate.Act{Actor: r.by, Action: "digital.ingest", Rules: ingestRules}, func(tx *gate.Tx) error {
		return r.write(tx, delivery, j, catalog)
	})
	var refusal *rule.Refusal
	switch {
	case errors.As(err, &refusal):
		j.problems = append(j.problems, Finding{j.name, Recusal})
		return r.quarantine(ctx, j)
	case errors.Is(err, gate.ErrHidden): // it moved to another agency since the folder was judged
		return Result{}, errVanished
	case err != nil:
		return Result{}, err
	}
	return j.result(Ingested), nil
}

// write is the act: materials, pages, files and the record of the folder.
func (r *run) write(tx *gate.Tx, delivery string, j *judged, catalog file) error {
	d, err := dossier.Load(tx, j.owner.Dossier)
	if err != nil {
		return err
	}
	if err := tx.Permit(d.Resource()); err != nil {
		return err
	}
	// Another process may have been first since the folder was judged.
	here, err := hereOf(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	again := judge(j.folder, r.promised[keyOf(j.name)], j.owner, d.Agency == r.agency, j.lines, false, here)
	if len(again.problems) > 0 || len(again.fresh) != len(j.fresh) {
		return errVanished
	}
	x := Item{ID: gate.NewID(), Version: 1, DeliveryID: delivery, Agency: r.agency, DossierID: d.ID, Folder: j.name, FolderIx: r.index(j.name), Print: j.print(),
		State: ItemWaiting, Pages: int64(len(j.fresh)), Kept: 1, At: tx.Now()}
	materials := map[item]string{}
	for _, f := range j.fresh {
		x.Bytes += f.checked.Size
		if _, known := materials[f.at]; !known {
			materials[f.at] = here[f.at].id
			if materials[f.at] == "" {
				m := j.material(tx, d.ID, f.at, delivery)
				materials[f.at] = m.ID
				if err := tx.Insert(m); err != nil {
					return err
				}
			}
		}
	}
	x.Materials = int64(len(materials))
	tx.About("Delivery", delivery)
	tx.Note("materials", x.Materials)
	tx.Note("pages", x.Pages)
	if err := r.record(tx, x, j, []file{catalog}); err != nil {
		return err
	}
	for _, f := range j.fresh {
		if err := tx.File(f.checked.Digest, f.checked.Size, "page"); err != nil {
			return err
		}
		p, err := pageRow(f, materials[f.at], d.ID, delivery)
		if err != nil {
			return err
		}
		if err := tx.Insert(p); err != nil {
			return err
		}
	}
	return nil
}

// material is a new material as the catalog lists it; it waits for acceptance.
func (j *judged) material(tx *gate.Tx, dossierID string, at item, delivery string) dossier.Material {
	i := slices.IndexFunc(j.lines, func(l Line) bool { return l.Class == at.class && l.Seq == at.seq })
	l := j.lines[i]
	return dossier.Material{ID: gate.NewID(), Version: 1, DossierID: dossierID, State: dossier.Delivered, Class: l.Class, Seq: int64(l.Seq), Title: l.Title,
		FormedYear: int64(l.Year), FormedMonth: int64(l.Month), FormedDay: int64(l.Day), Copies: 1, Pages: int64(l.Pages), Note: l.Note,
		IsCopy: strings.Contains(l.Title, "复印件"), KeyFacts: strings.Join(codes.Proves(l.Title, l.Class), "|"), Origin: "delivery", Source: delivery, ReceivedOn: tx.Today().String()}
}

func pageRow(f file, material, dossierID, delivery string) (Page, error) {
	c := f.checked
	raw, err := json.Marshal(Quality{JPEG: c.Quality, Ink: math.Round(c.Ink*10_000) / 100, Skew: c.Skew, Hints: c.Hints()})
	return Page{ID: gate.NewID(), Version: 1, MaterialID: material, DossierID: dossierID, No: int64(f.page), State: PageWaiting, Blob: c.Digest, Bytes: c.Size,
		Format: c.Format, Width: int64(c.Width), Height: int64(c.Height), DPI: int64(c.DPI), Blank: c.Blank(), Quality: string(raw), DeliveryID: delivery}, err
}

// record writes the folder's row with its findings and the files kept as they came.
func (r *run) record(tx *gate.Tx, x Item, j *judged, kept []file) error {
	if err := tx.Insert(x); err != nil {
		return err
	}
	for i, list := range [][]Finding{j.problems, j.warnings} {
		for _, f := range list {
			if err := tx.Insert(Problem{ID: gate.NewID(), ItemID: x.ID, Path: f.Path, Code: f.Code, Warning: i == 1}); err != nil {
				return err
			}
		}
	}
	for _, f := range kept {
		if err := tx.File(f.checked.Digest, f.checked.Size, "delivery"); err != nil {
			return err
		}
		if err := tx.Insert(Kept{ID: gate.NewID(), ItemID: x.ID, Path: f.path, Blob: f.checked.Digest, Bytes: f.checked.Size}); err != nil {
			return err
		}
	}
	return nil
}

// quarantine keeps a folder apart: its files as they came and every finding. Of a
// folder with a mark of a state secret only the fact is kept (15).
func (r *run) quarantine(ctx context.Context, j *judged) (Result, error) {
	print, index := j.print(), r.index(j.name)
	var before int
	err := r.desk.gate.DB().QueryRow(ctx, "SELECT count(*) FROM delivery_item WHERE agency=? AND folder_ix=? AND print=? AND state='quarantined'", r.agency, index, print).Scan(&before)
	if err != nil {
		return Result{}, fmt.Errorf("look up folder: %w", err)
	}
	if before > 0 { // the same again: it is on record, and so are its files
		return j.result(Quarantined), nil
	}
	var kept []file
	if !j.secret {
		kept = j.files
	}
	var bytes int64
	for _, x := range kept {
		if err := r.put(ctx, x); err != nil {
			return Result{}, err
		}
		bytes += x.checked.Size
	}
	delivery, err := r.open(ctx)
	if err != nil {
		return Result{}, err
	}
	_, err = r.desk.gate.Do(ctx, gate.Act{Actor: r.by, Action: "digital.quarantine", Rules: ingestRules}, func(tx *gate.Tx) error {
		v, err := store.Get[Delivery](ctx, tx, "WHERE id=?", delivery)
		if err != nil {
			return err
		}
		if err := tx.Permit(v.Resource()); err != nil {
			return err
		}
		tx.Note("problems", len(j.problems))
		pages := 0
		for _, x := range j.files {
			if x.kind == isPage {
				pages++
			}
		}
		return r.record(tx, Item{ID: gate.NewID(), Version: 1, DeliveryID: delivery, Agency: r.agency, Folder: j.name, FolderIx: index, Print: print, State: ItemQuarantined,
			Materials: int64(len(j.lines)), Pages: int64(pages), Bytes: bytes, Kept: int64(len(kept)), At: tx.Now()}, j, kept)
	})
	return j.result(Quarantined), err
}

// print tells whether a folder came again just as it was, with the same findings.
func (j *judged) print() string {
	h := sha256.New()
	for _, x := range j.files {
		fmt.Fprintf(h, "%q %s\n", x.path, x.checked.Digest)
	}
	for _, p := range j.problems {
		fmt.Fprintf(h, "%q %s\n", p.Path, p.Code)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (r *run) index(folder string) []byte {
	return r.desk.keys.Index("delivery_folder", keyOf(folder))
}

// open opens the record of the delivery with the first folder that needs it, or
// goes on with the one that a stopped process left.
func (r *run) open(ctx context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.delivery.ID != "" {
		return r.delivery.ID, nil
	}
	var v Delivery
	_, err := r.desk.gate.Do(ctx, gate.Act{Actor: r.by, Action: "digital.receive", Rules: ingestRules}, func(tx *gate.Tx) error {
		left, err := store.Get[Delivery](ctx, tx, "WHERE agency=? AND name=? AND sums=? AND state IN ('running','stopped') ORDER BY id DESC LIMIT 1"+tx.ForUpdate(), r.agency, r.label, r.sums)
		switch {
		case err == nil:
			v = left
			if err := tx.Permit(v.Resource()); err != nil {
				return err
			}
			v.State, v.Note, v.StaffID = Running, "", r.by.ID
			return tx.Update(&v)
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		v = Delivery{ID: gate.NewID(), Version: 1, Agency: r.agency, Label: r.label, Sums: r.sums, State: Running, StaffID: r.by.ID, StartedAt: tx.Now()}
		if err := tx.Permit(v.Resource()); err != nil {
			return err
		}
		n, err := tx.Number(fmt.Sprintf("%s/数字化/%d", r.agency, tx.Today().Year()))
		if err != nil {
			return err
		}
		v.No = fmt.Sprintf("%s-S%d-%04d", r.agency, tx.Today().Year(), n)
		return tx.Insert(v)
	})
	if err == nil {
		r.delivery = v
	}
	return v.ID, err
}

// close ends the record with what became of the delivery.
func (r *run) close(ctx context.Context, report Report, failure error) (string, error) {
	if r.delivery.ID == "" {
		return "", nil
	}
	ctx = context.WithoutCancel(ctx)
	_, err := r.desk.gate.Do(ctx, gate.Act{Actor: r.by, Action: "digital.finish", Rules: ingestRules}, func(tx *gate.Tx) error {
		v, err := load(tx, r.delivery.ID)
		if err != nil {
			return err
		}
		if err := tx.Permit(v.Resource()); err != nil {
			return err
		}
		var pages *int64
		err = tx.QueryRow(ctx, "SELECT count(CASE WHEN state='waiting' THEN 1 END), count(CASE WHEN state='quarantined' THEN 1 END), CAST(coalesce(sum(CASE WHEN state='waiting' THEN pages ELSE 0 END),0) AS BIGINT) FROM delivery_item WHERE delivery_id=?", v.ID).
			Scan(&v.Ingested, &v.Quarantined, &pages)
		if err != nil {
			return err
		}
		v.Pages, v.Folders, v.Already = *pages, int64(report.Dossiers), int64(report.AlreadyIngested)
		switch {
		case errors.Is(failure, context.Canceled):
			v.State, v.Note = Stopped, "已取消；已接收的保留，用同一目录可以接着接收"
		case failure != nil:
			v.State, v.Note = Stopped, stopNote(failure)
		case v.Ingested > 0:
			v.State = Received
		default:
			v.State = Faulty
		}
		v.EndedAt = tx.Now()
		tx.Note("ingested", v.Ingested)
		tx.Note("quarantined", v.Quarantined)
		return tx.Update(&v)
	})
	return r.delivery.ID, err
}

func stopNote(failure error) string {
	if errors.Is(failure, blob.ErrFull) || errors.Is(failure, store.ErrDiskFull) {
		return "存储空间不足，已接收的保留；腾出空间后用同一目录接着接收"
	}
	return "没有完成，已接收的保留；用同一目录可以接着接收"
}
