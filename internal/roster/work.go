package roster

import (
	"context"
	"fmt"

	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Work lists imports that wait for the clerk: uploaded and not confirmed, or stopped halfway.
func (d *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	out, err := d.packetWork(ctx, by)
	if err != nil {
		return nil, err
	}
	if mine := d.gate.Allowed(by, "roster.start", importOf(by.Org)) == nil; !mine {
		return out, nil // another post's business
	}
	list, err := store.List[Import](ctx, d.gate.DB(), "WHERE agency=? AND state='uploaded' ORDER BY id LIMIT 20", by.Org)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		out = append(out, work.Item{Room: "roster", Kind: "花名册导入", Subject: m.FileName, SubjectNote: fmt.Sprintf("表头在第 %d 行", m.HeaderRow),
			Todo: "核对预检结果并确认导入", Link: "/rosters/" + m.ID, Action: "导入", Basis: work.Agreed, Lane: work.Todo, Since: m.UploadedAt})
	}
	return out, nil
}
