package digital

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"dangan/internal/gate"
	"dangan/internal/store"
)

// record writes the folder's row with its findings and the files kept as they came.
func (r *run) record(tx *gate.Tx, x Item, j *judged, kept []file) error {
	if err := register(tx, kept, "delivery"); err != nil {
		return err
	}
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
	if len(kept) > 0 { // a folder that changed meanwhile is read again
		if now, err := survey(r.root, j.name); err != nil {
			return Result{}, err
		} else if !now.same(j.folder) {
			return Result{}, errVanished
		}
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
