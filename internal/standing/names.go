package standing

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/store"
)

func init() { dossier.Tell(due) }

// due says what the changes of category that were approved mean for a dossier's plan: who was
// employed and is not any more left an employer.
func due(ctx context.Context, q store.Querier, d dossier.Dossier) ([]dossier.Told, error) {
	list, err := store.List[Case](ctx, q, "WHERE dossier_id=? AND kind='category' AND state='approved' ORDER BY id LIMIT 20", d.ID)
	if err != nil {
		return nil, err
	}
	var out []dossier.Told
	for _, c := range list {
		proposed, was, err := c.contents()
		if err != nil {
			return nil, err
		}
		employed := func(category string) bool { return category == "4.1" || category == "4.5" }
		switch {
		case employed(was.Category) && !employed(proposed.Category):
			unit := was.AccountUnit
			if unit == "" {
				unit = "原用人单位"
			}
			out = append(out, dossier.Told{Condition: "left_employer", Because: "人员类别由 " + was.Category + " 变更为 " + proposed.Category, Unit: unit})
		case employed(proposed.Category):
			out = append(out, dossier.Told{Condition: "employed", Because: "人员类别变更为 " + proposed.Category})
		}
	}
	return out, nil
}

// ActNames are this room's acts as time lines say them.
var ActNames = map[string]string{
	"standing.apply":  "申请变更、并档",
	"standing.decide": "审批变更、并档",
	"standing.refuse": "不批准变更申请",
	"standing.list":   "查看变更与并档",
}
