package digital

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
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
	if len([]rune(r.label)) > 120 || unsafe(r.label) || folderName.MatchString(keyOf(r.label)) {
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
