package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// Get reads an import that the actor may know of.
func (d *Desk) Get(ctx context.Context, by policy.Actor, id string) (Import, error) {
	m, err := store.Get[Import](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return m, err
	}
	return m, d.gate.Allowed(by, "roster.list", m.Resource())
}

// List lists an agency's imports, newest first, before an id.
func (d *Desk) List(ctx context.Context, by policy.Actor, agency, before string, limit int) ([]Import, error) {
	if err := d.gate.Allowed(by, "roster.list", importOf(agency)); err != nil {
		return nil, err
	}
	if before == "" {
		before = "~" // after every id
	}
	return store.List[Import](ctx, d.gate.DB(), "WHERE agency=? AND id<? ORDER BY id DESC LIMIT ?", agency, before, limit)
}

// Progress tells how far the check or run of an import is; a zero one when nothing was begun.
func (d *Desk) Progress(ctx context.Context, id string) (Progress, error) {
	p, err := store.Get[Progress](ctx, d.gate.DB(), "WHERE import_id=?", id)
	if errors.Is(err, store.ErrNotFound) {
		return Progress{ImportID: id}, nil
	}
	return p, err
}

// Columns are those of the import's workbook as they are matched now.
func (d *Desk) Columns(ctx context.Context, m Import) ([]Column, error) {
	f, done, err := d.open(ctx, m)
	if err != nil {
		return nil, err
	}
	defer done()
	return f.Columns, nil
}

// Lines lists the fates of rows after one, those with at least a flag: 0 all,
// 1 findings, 2 to be corrected.
func (d *Desk) Lines(ctx context.Context, id string, least, after, limit int) ([]Line, error) {
	rows, err := d.gate.DB().Query(ctx, "SELECT row_no, body FROM roster_row WHERE import_id=? AND flag>=? AND row_no>? ORDER BY row_no LIMIT ?", id, least, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []Line{}
	for rows.Next() {
		var n int
		var sealed []byte
		var l Line
		if err := rows.Scan(&n, &sealed); err != nil {
			return nil, err
		}
		raw, err := d.gate.DB().Cipher().OpenField(sealed, aad(id, n))
		if err != nil {
			return nil, fmt.Errorf("fate of row %d: %w", n, err)
		}
		if err := json.Unmarshal(raw, &l); err != nil {
			return nil, fmt.Errorf("fate of row %d: %w", n, err)
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

// Possible lists what the actor may do with an import now, and why not.
func (d *Desk) Possible(by policy.Actor, m Import) []gate.Possible {
	var out []gate.Possible
	for _, a := range []struct {
		action, label string
		primary       bool
		hindered      error
	}{
		{"roster.map", "改字段对应", false, only(m.State == Uploaded)},
		{"roster.start", "导入", true, only(m.State != Running && m.State != Finished)},
		{"roster.cancel", "取消导入", false, only(m.State == Uploaded || m.State == Running)},
		{"roster.template", "存为本机构模板", false, nil},
		{"unclear.take", "登记为待核", false, m.ended()},
	} {
		if p, ok := d.gate.Possible(by, a.action, a.label, m.Resource(), a.hindered); ok {
			p.Primary = a.primary && p.Refusal == nil
			out = append(out, p)
		}
	}
	return out
}

func only(ok bool) error {
	if ok {
		return nil
	}
	return begun()
}

// keptDays is how long the fates of rows stay for the screen; the workbook of rejected rows stays for ever.
const keptDays = 30

// Forget drops the fates of rows of long ago.
func (d *Desk) Forget(ctx context.Context) error {
	return d.gate.Touch(ctx, "DELETE FROM roster_row WHERE import_id IN (SELECT import_id FROM roster_progress WHERE beat_at < ?)",
		d.gate.Now().Add(-keptDays*24*time.Hour))
}
