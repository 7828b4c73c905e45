package feed

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/store"
)

// shown are the conditions of the checklist that the events of files tell of.
var shown = map[string][]string{
	"insured": {"insured", "worked"}, "uninsured": {"left_employer"}, "employed": {"employment_registered", "employed", "worked"}, "unemployed": {"left_employer"},
	"graduated": {"college_full_time"}, "graduated_research": {"postgraduate"}, "graduated_vocational": {"college_or_vocational"}, "degree": {"degree"},
}

// tell says what signed files told of a dossier's person, for its plan; what may be of
// another person tells nothing.
func tell(ctx context.Context, q store.Querier, d dossier.Dossier) ([]dossier.Told, error) {
	list, err := store.List[Fact](ctx, q, "WHERE dossier_id=? AND outcome IN ('opened','known') ORDER BY happened, id LIMIT 200", d.ID)
	if err != nil {
		return nil, err
	}
	var out []dossier.Told
	for _, f := range list {
		because := "部门数据：" + f.Happened + " " + EventOf(f.Event).Name
		if f.Unit != "" {
			because += "，" + f.Unit
		}
		for _, c := range shown[f.Event] {
			out = append(out, dossier.Told{Condition: c, Because: because, Unit: f.Unit})
		}
	}
	return out, nil
}

func init() {
	dossier.Tell(tell)

	dossier.NameActs(map[string]string{ActRegister: "登记数据来源", ActConfirm: "确认数据来源", ActRevoke: "停用数据来源", ActImport: "导入部门数据", ActTake: "核对部门数据",
		ActStop: "停止核对部门数据", ActResume: "继续核对部门数据", ActFail: "部门数据核对中断", ActRead: "查看部门数据"})
}
