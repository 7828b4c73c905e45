package supplement

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/store"
)

// UnderWay counts what dossiers an agency keeps are owed. It follows the dossiers, so a
// merger has nothing of its own to hand over here; what is collected is counted there.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "承诺补充和先存后补的材料", Unit: "份", Table: "supplement", Due: "due_on", Link: "/supplements"},
		"supplement.state='open' AND supplement.case_ref NOT LIKE 'Collection:%' AND supplement.dossier_id IN (SELECT k.id FROM dossier k WHERE k.agency=? AND k.state<>'left')", code)
}
