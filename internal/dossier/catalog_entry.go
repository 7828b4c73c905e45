package dossier

import (
	"context"
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// EnterCatalog enters the lines of the paper dossier's own catalog; they count
// once another person has compared them with the packet (B.12).
func (k *Desk) EnterCatalog(ctx context.Context, by policy.Actor, dossierID string, lines []Description) (b Batch, err error) {
	if len(lines) == 0 || len(lines) > maxBatch {
		return b, rule.Mistake(rule.Reason{Rule: "13a", Slug: "catalog_lines", Field: "lines", Message: fmt.Sprintf("每次录入 1 至 %d 条目录。", maxBatch), Next: "请逐份录入；过多的分次录入。"})
	}
	var reasons []rule.Reason
	for i, n := range lines {
		for _, r := range n.check(k.gate.Today(), true, false) {
			r.Field = fmt.Sprintf("lines.%d.%s", i, r.Field)
			r.Message = fmt.Sprintf("第 %d 条：%s", i+1, r.Message)
			reasons = append(reasons, r)
		}
	}
	if err := mistakes(reasons); err != nil {
		return b, err
	}
	_, err = k.act(ctx, by, "material.enter_catalog", []rule.ID{"13a"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		if err := tx.Expect(d.Version); err != nil {
			return err
		}
		var list []Material
		for _, n := range lines {
			m := Material{ID: gate.NewID(), Version: 1, DossierID: d.ID, State: ToFile, Origin: Cited, Decision: ToCatalog, AppraisedBy: by.ID, Handler: by.ID, ReceivedOn: string(calendar.Of(tx.Now()))}
			n.apply(&m)
			if err := tx.Insert(m); err != nil {
				return err
			}
			d.Loose++
			list = append(list, m)
		}
		b, err = k.submit(tx, by, BatchCatalog, list, []*Dossier{d})
		return err
	})
	return b, err
}
