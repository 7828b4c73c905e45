package collect

import (
	"context"
	"strings"

	"dangan/internal/register"
	"dangan/internal/store"
)

// posts see requests.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// Registers are the registers of this room (N3): every notice that was given.
func (k *Desk) Registers() []register.Register {
	var choices []register.Choice
	for _, s := range States {
		choices = append(choices, register.Choice{Key: string(s), Name: s.Name()})
	}
	return []register.Register{register.Of(register.Register{Key: "collections", No: 29, Name: "材料收集通知", Rule: "14b", Date: "通知日期", Heads: []string{"通知单号", "向谁收集", "材料", "交来期限", "催收"}, Widths: []float64{26, 28, 36, 14, 10},
		States: choices, Posts: posts, Acts: []string{ActOpen}, Note: "开具的材料收集通知单，一张一条；撤回的保留。"},
		register.Source[Request]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, At: "collection.opened_on", Day: true, State: stateSQL, Dossier: "collection.dossier_id", Numbers: []string{"collection.no", "collection.number"},
			Place: func(r Request) (string, string) { return r.OpenedOn, r.ID },
			Rows: func(ctx context.Context, list []Request) ([]register.Row, error) {
				items, err := itemsOf(ctx, k.gate.DB(), list)
				if err != nil {
					return nil, err
				}
				rows := make([]register.Row, len(list))
				for i, r := range list {
					state := StateOf(r, items[r.ID])
					var titles []string
					for _, x := range items[r.ID] {
						titles = append(titles, x.Title)
					}
					urged := ""
					if r.Urged > 0 {
						urged = r.UrgedOn
					}
					rows[i] = register.Row{On: r.OpenedOn, Agency: r.Agency, Handler: r.OpenedBy, DossierID: r.DossierID, CaseNo: r.No, State: state.Name(), Tone: state.Tone(), Link: "/collections/" + r.ID,
						Own: []string{r.Number, r.Addressee, strings.Join(titles, "、"), r.DueOn, urged}}
				}
				return rows, nil
			}})}
}
