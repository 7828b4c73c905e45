package custody

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Succeed moves the custody of every dossier to the successor of an agency that is
// merged, inside that act: nothing lies between two custodians (6b). Packets stay where
// they lie; numbers stay as they are. It says how many dossiers went.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	moved, err := agency.HandOver(tx, "agency=?", []any{from.ID}, func(d *dossier.Dossier) error {
		d.Agency = to.ID
		if d.State != dossier.Left {
			if err := Move(tx, d, Succeeded, d.Place, "", from.Name+"并入"+to.Name); err != nil {
				return err
			}
		}
		return dossier.Save(tx, d)
	})
	if err != nil {
		return moved, err
	}
	if err := dossier.Succeed(tx, from, to); err != nil {
		return moved, err
	}
	_, err = agency.HandOver(tx, "agency=? AND state<>'closed'", []any{from.ID}, func(r *Request) error {
		r.Agency = to.ID
		return tx.Update(r)
	})
	return moved, err
}

// Holds says why an agency can't be closed: it is custodian of dossiers.
func Holds(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		return nil, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM (SELECT 1 FROM dossier WHERE agency=? AND state<>'left' LIMIT 1) AS d", code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "6b", Slug: "dossiers_held", Message: "该机构还保管着档案，不能撤销。", Next: "请先办理合并，由承接机构接管全部档案；或逐份转出后再撤销。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "在管档案", Unit: "份", Table: "dossier", Link: "/dossiers"}, "agency=? AND state<>'left'", code)
}
