package digital

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"dangan/internal/blob"
	"dangan/internal/clock"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/store"
)

// Watermark is what is burned into every rendering: who reads, in which case,
// when, to the minute.
type Watermark struct {
	Who  string // name and staff or reader number, with the unit
	Case string // 查阅号 Y-000918, or what the staff member is doing
	At   time.Time
}

// Text is the line that is tiled over the page.
func (w Watermark) Text() string {
	parts := []string{w.Who, w.At.In(clock.Shanghai).Format("2006-01-02 15:04"), w.Case, "仅供查阅 不得外传"}
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

// Sides of renderings, in pixels of the longer one (digitization.md 5).
const (
	Full  = 1600
	Thumb = 240
)

var viewRules = []rule.ID{"18c", "29.3"}

// Page shows one page to an actor: policies asked, the showing on record, the
// rendering made for this actor and minute.
func (d *Desk) Page(ctx context.Context, by policy.Actor, pageID string, mark Watermark) ([]byte, error) {
	var p Page
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: "page.view", Rules: viewRules}, func(tx *gate.Tx) error {
		var err error
		if p, err = store.Get[Page](ctx, tx, "WHERE id=?", pageID); err != nil {
			return err
		}
		m, err := store.Get[dossier.Material](ctx, tx, "WHERE id=?", p.MaterialID)
		if err != nil {
			return err
		}
		tx.About("Page", p.ID)
		tx.Note("page", p.No)
		return permitPages(tx, m, p.State, &mark)
	})
	if err != nil {
		return nil, err
	}
	return d.draw(ctx, p, Full, mark)
}

// permitPages asks whether the actor may see pages of a material, and completes
// the mark with the time and, where no case is named, the dossier.
func permitPages(tx *gate.Tx, m dossier.Material, state PageState, mark *Watermark) error {
	dos, err := dossier.Get(tx.Context(), tx, m.DossierID)
	if err != nil {
		return err
	}
	r := dos.Resource()
	r.Secrecy = max(r.Secrecy, m.Secrecy)
	r.Attrs["pageState"], r.Attrs["materialSecrecy"] = string(state), max(m.Secrecy, dos.OwnSecrecy)
	m.Guarded(r.Attrs)
	tx.About("Material", m.ID)
	if mark.At = tx.Now(); mark.Case == "" {
		mark.Case = "档号 " + dos.No
	}
	return tx.Permit(r)
}

// Draw makes a page's rendering inside another room's act, which must have asked
// the policies and recorded the showing: reading sessions do (access).
func (d *Desk) Draw(ctx context.Context, pageID string, mark Watermark) ([]byte, error) {
	p, err := store.Get[Page](ctx, d.gate.DB(), "WHERE id=?", pageID)
	if err != nil {
		return nil, err
	}
	if p.State != PageAccepted {
		return nil, store.ErrNotFound
	}
	return d.draw(ctx, p, Full, mark)
}

// Strip shows pages of a material after a number as thumbnails, too small to be read,
// in one act for all of them.
func (d *Desk) Strip(ctx context.Context, by policy.Actor, materialID string, after int64, mark Watermark) (out []Thumbnail, err error) {
	var pages []Page
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "page.view", Rules: viewRules}, func(tx *gate.Tx) error {
		m, err := store.Get[dossier.Material](ctx, tx, "WHERE id=?", materialID)
		if err != nil {
			return err
		}
		if pages, err = pagesOf(ctx, tx, m.ID); err != nil {
			return err
		}
		pages = slices.DeleteFunc(pages, func(p Page) bool { return p.No <= after })
		if len(pages) == 0 {
			return store.ErrNotFound
		}
		pages = pages[:min(len(pages), maxStrip)]
		tx.Note("thumbnails", len(pages))
		return permitPages(tx, m, pages[0].State, &mark)
	})
	if err != nil {
		return nil, err
	}
	for _, p := range pages {
		img, err := d.draw(ctx, p, Thumb, mark)
		if err != nil {
			return nil, err
		}
		out = append(out, Thumbnail{p.ID, p.No, img})
	}
	return out, nil
}

// Thumbnail is one page of a strip.
type Thumbnail struct {
	Page string
	No   int64
	JPEG []byte
}

const maxStrip = 60

// drawing bounds how many pages are decoded at once: each takes some 50 MB.
var drawing = make(chan struct{}, max(1, runtime.NumCPU()))

func (d *Desk) draw(ctx context.Context, p Page, side int, mark Watermark) ([]byte, error) {
	small, err := d.reduction(ctx, p, side)
	if err != nil {
		return nil, err
	}
	px := 22.0
	if side == Thumb {
		px = 9
	}
	stencil, err := stencilOf(mark, px)
	if err != nil {
		return nil, err
	}
	return scan.Mark(small, stencil)
}

// stencilOf draws the watermark's text; a character no face has gives way to 〓.
func stencilOf(mark Watermark, px float64) (*image.Alpha, error) {
	text := mark.Text()
	for range 8 {
		stencil, err := paper.Stencil(text, px, 30)
		var missing *paper.MissingGlyph
		if !errors.As(err, &missing) {
			return stencil, err
		}
		text = strings.ReplaceAll(text, string(missing.Rune), "〓")
	}
	return paper.Stencil("仅供查阅 不得外传", px, 30)
}

// reduction finds the prepared reduction of a page, or makes and keeps it.
func (d *Desk) reduction(ctx context.Context, p Page, side int) ([]byte, error) {
	var digest string
	err := d.gate.DB().QueryRow(ctx, "SELECT digest FROM rendering WHERE blob=? AND size=?", p.Blob, side).Scan(&digest)
	if err == nil {
		if r, err := d.renderings.Open(ctx, digest); err == nil {
			raw, err := io.ReadAll(r)
			if err := errors.Join(err, r.Close()); err == nil && len(raw) > 0 {
				return raw, nil
			}
		}
	} else if !errors.Is(store.Classify(err), store.ErrNotFound) {
		return nil, fmt.Errorf("find reduction: %w", err)
	}
	select {
	case drawing <- struct{}{}:
		defer func() { <-drawing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	original, err := d.blobs.Open(ctx, p.Blob)
	if err != nil {
		return nil, fmt.Errorf("open page: %w", err)
	}
	defer original.Close()
	small, err := scan.Reduce(original, original.Size(), p.Format, side)
	if err != nil {
		return nil, err
	}
	// A reduction that can't be kept is still shown: it is only made again next time.
	if ref, err := d.renderings.Put(ctx, bytes.NewReader(small)); err == nil {
		_ = d.gate.Touch(ctx, "INSERT INTO rendering(blob,size,digest) VALUES(?,?,?) ON CONFLICT(blob,size) DO UPDATE SET digest=excluded.digest", p.Blob, side, ref.Digest)
	} else if !errors.Is(err, blob.ErrFull) {
		return nil, fmt.Errorf("keep reduction: %w", err)
	}
	return small, nil
}

// Volume is a dossier with its materials and their pages, for viewing beside the catalog.
type Volume struct {
	Dossier   dossier.Dossier
	Person    person.Person
	Materials []Sheaf
}

// Sheaf is one material and its pages.
type Sheaf struct {
	Material dossier.Material
	Pages    []Page
}

// Open opens a dossier's images beside its catalog; that is on record.
func (d *Desk) Open(ctx context.Context, by policy.Actor, dossierID string) (v Volume, err error) {
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "digital.open", Rules: viewRules}, func(tx *gate.Tx) error {
		if v.Dossier, err = dossier.Get(ctx, tx, dossierID); err != nil {
			return err
		}
		if err := tx.Permit(v.Dossier.Resource()); err != nil {
			return err
		}
		if v.Person, err = person.Get(ctx, tx, v.Dossier.PersonID); err != nil {
			return err
		}
		waiting := by.Has("scanner") || by.Has("reviewer")
		v.Materials, err = sheaves(ctx, tx, dossierID, waiting)
		return err
	})
	return v, err
}

// Pages lists a dossier's accepted pages by material, in the order of the catalog,
// for a room that shows them under a permission of its own (access).
func Pages(ctx context.Context, q store.Querier, dossierID string) ([]Sheaf, error) {
	return sheaves(ctx, q, dossierID, false)
}

func sheaves(ctx context.Context, q store.Querier, dossierID string, waiting bool) ([]Sheaf, error) {
	list, err := dossier.CatalogOf(ctx, q, dossierID)
	if err != nil {
		return nil, err
	}
	if waiting {
		more, err := store.List[dossier.Material](ctx, q, "WHERE dossier_id=? AND state='delivered' ORDER BY id LIMIT 5000", dossierID)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	byMaterial := map[string][]Page{}
	tail := "WHERE dossier_id=? AND state='accepted' ORDER BY material_id, no"
	if waiting {
		tail = "WHERE dossier_id=? AND state<>'rejected' ORDER BY material_id, no"
	}
	err = store.Each(ctx, q, tail, []any{dossierID}, func(p Page) error {
		byMaterial[p.MaterialID] = append(byMaterial[p.MaterialID], p)
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]Sheaf, 0, len(list))
	for _, m := range list {
		out = append(out, Sheaf{m, byMaterial[m.ID]})
	}
	return out, nil
}

// Withdraw takes the pages of a material out of use, inside the act by which it became a
// state secret (15): no list names them and no policy opens them any more. What was
// scanned stays where nothing is ever destroyed (29.4), encrypted, until the organ that
// keeps secrets disposes of it.
func Withdraw(tx *gate.Tx, materialID string) error {
	list, err := store.List[Page](tx.Context(), tx, "WHERE material_id=? ORDER BY no LIMIT 10000", materialID)
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].State == PageRejected {
			continue
		}
		list[i].State = PageRejected
		if err := tx.Update(&list[i]); err != nil {
			return err
		}
	}
	tx.Note("pages_withdrawn", len(list))
	return nil
}
