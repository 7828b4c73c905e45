package digital

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
)

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
	if err := register(tx, j.fresh, "page"); err != nil {
		return err
	}
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

// register registers stored files in the order of their digests: folders are taken
// in side by side, and two that hold the same files would else wait for each other.
func register(tx *gate.Tx, files []file, kind string) error {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.checked.Digest, b.checked.Digest) })
	for _, f := range files {
		if err := tx.File(f.checked.Digest, f.checked.Size, kind); err != nil {
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
