package digital

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dangan/internal/blob"
	"dangan/internal/dossier"
	"dangan/internal/scan"
	"dangan/internal/store"
)

// Properties are the four checks in the order in which papers name them.
var Properties = []string{Authenticity, Integrity, Usability, Security}

// Defect is what the four checks found wrong with what is kept of a dossier.
type Defect struct {
	Property string
	At       string // class-number, and the page
	What     string
}

// Examination is what the four checks found of a dossier's images as they are kept here.
type Examination struct {
	Images  int    // pages read; 0: there is nothing digital to check
	Sum     string // of the pages that were read (dossier.ImageSum)
	Catalog int64
	Defects []Defect
}

// Passed says whether one of the four checks found nothing wrong.
func (e Examination) Passed(property string) bool {
	return !slices.ContainsFunc(e.Defects, func(d Defect) bool { return d.Property == property })
}

// Examine runs the four checks (四性检测) on what is kept of a dossier, as it is to leave for an
// archive: every page is read from the store again, compared with what was taken in, held to its
// catalog, decoded, and looked through for what does not belong there. Nothing is written.
func (d *Desk) Examine(ctx context.Context, held dossier.Dossier) (Examination, error) {
	q := d.gate.DB()
	out := Examination{Catalog: held.Catalog}
	var err error
	if out.Images, out.Sum, err = dossier.ImageSum(ctx, q, held.ID); err != nil || out.Images == 0 {
		return out, err
	}
	filed, err := dossier.CatalogOf(ctx, q, held.ID)
	if err != nil {
		return out, err
	}
	pages := map[string][]Page{}
	if err := store.Each(ctx, q, "WHERE dossier_id=? AND state='accepted' ORDER BY material_id, no, id", []any{held.ID}, func(p Page) error {
		pages[p.MaterialID] = append(pages[p.MaterialID], p)
		return nil
	}); err != nil {
		return out, err
	}
	bad := func(property, at, what string) { out.Defects = append(out.Defects, Defect{property, at, what}) }
	for _, m := range filed {
		came := pages[m.ID]
		delete(pages, m.ID)
		at := item{m.Class, int(m.Seq)}.String()
		if len(came) == 0 {
			continue // on paper alone: the packing list says so
		}
		if m.Secrecy >= dossier.Secret {
			bad(Security, at, "涉密材料留有影像")
		}
		if int64(len(came)) != m.Pages {
			bad(Integrity, at, fmt.Sprintf("目录%d页，影像%d页", m.Pages, len(came)))
		}
		for n, p := range came {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			where := fmt.Sprintf("%s第%d页", at, p.No)
			if p.No != int64(n+1) {
				bad(Integrity, where, "页号不连续")
			}
			property, what, err := d.examinePage(ctx, p)
			if err != nil {
				return out, err
			}
			if what != "" {
				bad(property, where, what)
			}
		}
	}
	if len(pages) > 0 { // of materials that stand in no catalog
		bad(Integrity, "目录", fmt.Sprintf("%d份材料有影像而不在目录中", len(pages)))
	}
	return out, nil
}

// examinePage reads one page from its beginning to its end.
func (d *Desk) examinePage(ctx context.Context, p Page) (property, what string, _ error) {
	in, err := d.blobs.Open(ctx, p.Blob)
	switch {
	case errors.Is(err, blob.ErrNotFound):
		return Integrity, "影像不在库中", nil
	case errors.Is(err, blob.ErrCorrupt):
		return Authenticity, "影像与接收时的校验值不一致", nil
	case err != nil:
		return "", "", err
	}
	defer in.Close()
	ext := ".jpg"
	if p.Format == scan.TIFF {
		ext = ".tif"
	}
	checked, err := scan.Check(in, in.Size(), ext)
	switch {
	case errors.Is(err, blob.ErrCorrupt), err == nil && (checked.Digest != p.Blob || checked.Size != p.Bytes):
		return Authenticity, "影像与接收时的校验值不一致", nil
	case err != nil:
		return "", "", err
	}
	for _, f := range checked.Flaws {
		if code := Code(f); f != scan.Low { // how finely it was scanned was judged when it was taken in
			return code.Property(), code.Label(), nil
		}
	}
	return "", "", nil
}
