package retirement

import (
	"context"
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): 20 退休送审, a line for every packet sent.
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "retirements", No: 20, Name: "退休送审", Rule: "22", Date: "送审日期", Heads: []string{"清单号", "交给", "送出份／页", "退回日期", "退回核对"}, Widths: []float64{20, 24, 10, 12, 24},
		States: []register.Choice{{Key: string(Out), Name: "送审在外"}, {Key: string(Counted), Name: Counted.Name()}, {Key: Approved, Name: results[Approved]}, {Key: Declined, Name: results[Declined]}}, Posts: posts, Table: "retirement_sending", Note: "交社会保险经办机构审核的每一卷档案，送一次一条。"},
		register.Source[Sending]{DB: func() store.Querier { return k.gate.DB() }, Scope: scopeSendings, At: "retirement_sending.sent_at", State: "retirement_sending.state", Dossier: "retirement_sending.dossier_id",
			Place: func(s Sending) (string, string) { return register.Micro(s.SentAt), s.ID },
			Rows: func(ctx context.Context, list []Sending) ([]register.Row, error) {
				var ids []string
				for _, s := range list {
					ids = append(ids, s.ListID)
				}
				lists, err := store.List[List](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids)+1)+")", append(store.Args(ids), "")...)
				if err != nil {
					return nil, err
				}
				of := map[string]List{}
				for _, l := range lists {
					of[l.ID] = l
				}
				rows := make([]register.Row, len(list))
				for i, s := range list {
					name, tone := "送审在外", "wait"
					switch s.State {
					case string(Out):
					case string(Counted):
						name, tone = Counted.Name(), "run"
					default:
						name, tone = results[s.State], map[bool]string{true: "done", false: "void"}[s.State == Approved]
					}
					rows[i] = register.Row{On: calendar.Of(s.SentAt).String(), Agency: s.Agency, Handler: s.SentBy, DossierID: s.DossierID, State: name, Tone: tone, Link: "/retirements/" + s.CaseID,
						Own: []string{of[s.ListID].No, of[s.ListID].Recipient, fmt.Sprintf("%d／%d", s.Materials, s.Pages), s.ReturnedOn, s.Check()}}
				}
				return rows, nil
			}})}
}
