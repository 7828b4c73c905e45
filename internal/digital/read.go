package digital

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"dangan/internal/scan"
	"dangan/internal/sheet"
	"dangan/internal/store"
)

// tries is how often a folder is read again that changes while it is read.
const tries = 3

// patience is how often a folder is tried again while other acts hold the database.
const patience = 5

// folder brings one folder to its end.
func (r *run) folder(ctx context.Context, name string) (Result, error) {
	for attempt := 1; ; attempt++ {
		result, err := r.once(ctx, name)
		if attempt == patience || !errors.Is(store.Classify(err), store.ErrBusy) {
			return result, err
		}
		select {
		case <-time.After(time.Duration(attempt) * 200 * time.Millisecond):
		case <-ctx.Done():
			return Result{}, ctx.Err()
		}
	}
}

// once tries one folder.
func (r *run) once(ctx context.Context, name string) (Result, error) {
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
