package access

import (
	"context"
	"fmt"

	"dangan/internal/digital"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// scope is the case as far as it lets read: what was granted, before that what was asked.
func (c Case) scope() Case {
	if c.GrantKind == "" {
		c.GrantKind, c.Granted = c.AskedKind, c.Asked
	}
	return c
}

// leaves counts the pages that a reading on the screen can show: accepted images of
// filed, open materials within the case's scope.
func leaves(ctx context.Context, q store.Querier, c Case) (n int64, err error) {
	c = c.scope()
	err = eachScanned(ctx, q, c.DossierID, func(m dossier.Material, _ int64) {
		if c.Covers(m) {
			n++
		}
	})
	return n, err
}

// maxLeaves bounds what is read of one dossier's pages.
const maxLeaves = 5000

// eachScanned calls fn for every accepted page of a dossier's filed, open materials.
func eachScanned(ctx context.Context, q store.Querier, dossierID string, fn func(m dossier.Material, no int64)) error {
	rows, err := q.Query(ctx, "SELECT m.id, m.class, coalesce(m.guard,''), p.no FROM page p JOIN material m ON m.id=p.material_id WHERE p.dossier_id=? AND p.state=? AND m.state=? AND m.secrecy=0 ORDER BY m.id, p.no LIMIT ?",
		dossierID, string(digital.PageAccepted), string(dossier.Filed), maxLeaves)
	if err != nil {
		return fmt.Errorf("pages of dossier: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		m, no := dossier.Material{DossierID: dossierID, State: dossier.Filed}, int64(0)
		if err := rows.Scan(&m.ID, &m.Class, &m.Guard, &no); err != nil {
			return fmt.Errorf("pages of dossier: %w", err)
		}
		fn(m, no)
	}
	return rows.Err()
}

// Readable says why a case can't be read the way it asks for: on the screen only
// what was scanned and accepted can be (18c). n are the pages of its scope.
// A dossier that touches state secrets is not shown on a screen at all (21b).
func (c Case) readable(n int64, d dossier.Dossier) error {
	switch {
	case c.Way != Digital:
		return nil
	case d.Secrecy >= dossier.Secret:
		return rule.Refuse(digitalBarred())
	case n > 0:
		return nil
	case c.scope().GrantKind == Whole:
		return rule.Refuse(noImages("该档案没有验收合格的数字影像，不能按数字影像查阅。"))
	}
	return rule.Refuse(noImages("所定范围内的材料没有验收合格的数字影像，不能按数字影像查阅。"))
}

func digitalBarred() rule.Reason {
	return reason("21b", "digital_barred", "way", "涉密档案不提供数字影像查阅。", "请改为查阅纸质原件：批准后由库管从专库提档到阅档室。")
}

func noImages(message string) rule.Reason {
	return reason("18c", "no_images", "way", message, "请改为查阅纸质原件：批准后由库管提档到阅档室，监阅人逐份登记所阅材料；影像验收合格后可另按数字影像申请。")
}

// onScreen is readable on the record as it stands.
func onScreen(ctx context.Context, q store.Querier, c Case, d dossier.Dossier) error {
	if c.Way != Digital {
		return nil
	}
	n, err := leaves(ctx, q, c)
	if err != nil {
		return err
	}
	return c.readable(n, d)
}

// OnPaper changes a case from the screen to the packet itself, before it is ready.
func (k *Desk) OnPaper(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.act(ctx, by, "consultation.onpaper", []rule.ID{"18c", "21.4"}, id, func(_ *gate.Tx, c *Case, _ *dossier.Dossier) error {
		return c.OnPaper()
	})
}

// WayOpen is one way of reading a dossier: open, or why not.
type WayOpen struct {
	Way, Name string
	Refusal   *rule.Refusal
}

// Ways says how a dossier can be read, for the form before it is filled in.
func (k *Desk) Ways(ctx context.Context, by policy.Actor, dossierID string) ([]WayOpen, error) {
	d, err := dossier.Get(ctx, k.gate.DB(), dossierID)
	if err != nil {
		return nil, err
	}
	c := Case{Agency: d.Agency, DossierID: d.ID, State: Draft, AskedKind: Whole}
	if err := k.gate.Allowed(by, "consultation.apply", c.Resource(d)); err != nil {
		return nil, err
	}
	n, err := leaves(ctx, k.gate.DB(), c)
	if err != nil {
		return nil, err
	}
	out := []WayOpen{{Way: Digital}, {Way: Paper}}
	for i, w := range out {
		c.Way = w.Way
		p, _ := k.gate.Possible(by, "consultation.apply", "", c.Resource(d), c.readable(n, d))
		out[i].Name, out[i].Refusal = wayName(w.Way), p.Refusal
	}
	return out, nil
}
