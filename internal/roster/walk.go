package roster

import (
	"context"
	"errors"
	"fmt"
	"io"

	"dangan/internal/agency"
	"dangan/internal/blob"
	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/sheet"
	"dangan/internal/store"
)

// walk takes a file from its first row to the report.
type walk struct {
	desk     *Desk
	file     *File
	agency   agency.Agency
	run      *run       // nil: nothing is registered
	errors   *ErrorBook // for the caller, may be nil
	kept     *ErrorBook // for the record of a run
	report   Report
	compact  bool                         // counts only, no items
	each     func([]*Judged) error        // sees every batch when it is done, may be nil
	progress func(done, total int)        // may be nil
	beat     func(r *Report, n int) error // between batches: cancelled elsewhere? may be nil
}

func (w *walk) do(ctx context.Context) error {
	if w.run != nil {
		var err error
		if w.kept, err = NewErrorBook(w.file); err != nil {
			return err
		}
	}
	context := Context{Agency: w.agency.ID, Region: w.agency.Region, Today: calendar.Of(w.desk.gate.Now())}
	survey, err := Look(ctx, w.file, context, province{w.desk.gate.DB(), w.desk.keys})
	if err != nil {
		return err
	}
	if w.run != nil {
		w.run.survey = survey
	}
	return survey.Each(ctx, w.file, func(batch []*Judged) error {
		if w.run != nil {
			if err := w.run.chunk(ctx, batch); err != nil {
				return err
			}
		}
		for _, j := range batch {
			if err := w.take(j); err != nil {
				return err
			}
		}
		if w.each != nil {
			if err := w.each(batch); err != nil {
				return err
			}
		}
		if w.progress != nil {
			w.progress(w.report.Rows, survey.Rows)
		}
		if w.beat != nil {
			return w.beat(&w.report, survey.Rows)
		}
		return nil
	})
}

func (w *walk) take(j *Judged) error {
	if w.compact {
		w.report.count(j)
	} else {
		w.report.add(j)
	}
	for _, b := range []*ErrorBook{w.errors, w.kept} {
		if b != nil {
			if err := b.Put(j); err != nil {
				return err
			}
		}
	}
	return nil
}

// keepErrors stores the workbook of rejected rows.
func (w *walk) keepErrors(ctx context.Context) (blob.Ref, error) {
	pr, pw := io.Pipe()
	go func() { pw.CloseWithError(w.kept.Finish(pw)) }()
	ref, err := w.desk.blobs.Put(ctx, pr)
	return ref, errors.Join(err, pr.Close())
}

// open opens the kept workbook of an import.
func (d *Desk) open(ctx context.Context, m Import) (*File, func(), error) {
	in, err := d.blobs.Open(ctx, m.Blob)
	if err != nil {
		return nil, nil, fmt.Errorf("open workbook of import %s: %w", m.ID, err)
	}
	f, err := d.find(ctx, m, in)
	if err != nil {
		return nil, nil, errors.Join(err, in.Close())
	}
	return f, func() { _ = in.Close() }, nil
}

func (d *Desk) find(ctx context.Context, m Import, in blob.Reader) (*File, error) {
	o, err := m.Options()
	if err != nil {
		return nil, err
	}
	if o.Known, err = d.headers(ctx, m.Agency); err != nil {
		return nil, err
	}
	book, err := sheet.Read(in, in.Size(), sheet.Limits{})
	if err != nil {
		return nil, err
	}
	return Find(book, o)
}

// walkOf prepares to walk the kept file of an import.
func (d *Desk) walkOf(ctx context.Context, m Import) (*walk, func(), error) {
	a, err := agency.Get(ctx, d.gate.DB(), m.Agency)
	if err != nil {
		return nil, nil, err
	}
	f, done, err := d.open(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	return &walk{desk: d, file: f, agency: a, compact: true, report: Report{File: m.FileName, Agency: m.Agency, Import: m.ID}}, done, nil
}

// Errors writes the workbook of the rows to be corrected: the kept one of a run
// that ended, else as the rows are judged now.
func (d *Desk) Errors(ctx context.Context, m Import, to io.Writer) error {
	if m.ErrorsBlob != "" {
		in, err := d.blobs.Open(ctx, m.ErrorsBlob)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, in)
		return errors.Join(err, in.Close())
	}
	w, done, err := d.walkOf(ctx, m)
	if err != nil {
		return err
	}
	defer done()
	if w.errors, err = NewErrorBook(w.file); err != nil {
		return err
	}
	defer func() { _ = w.errors.Discard() }()
	if err := w.do(ctx); err != nil {
		return err
	}
	return w.errors.Finish(to)
}

// jobOf is the payload of the room's jobs.
type jobOf struct {
	Import string `json:"import"`
}

// waiting says that an import is to be run and nobody works at it.
const waitingSQL = `WHERE state='running' AND id NOT IN (SELECT import_id FROM roster_progress WHERE beat_at > ?) ORDER BY id LIMIT 20`

// Resume goes on with runs that a stopped process left: a timer calls it.
func (d *Desk) Resume(ctx context.Context) error {
	list, err := store.List[Import](ctx, d.gate.DB(), waitingSQL, d.gate.Now().Add(-lease))
	if err != nil {
		return err
	}
	var errs []error
	for _, m := range list {
		errs = append(errs, d.runImport(gate.WithRequest(ctx, gate.Request{Via: "job"}), m.ID))
	}
	return errors.Join(errs...)
}
