package hold

import (
	"context"

	"dangan/internal/calendar"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): every document of an organ that was
// entered to keep a dossier from leaving, with what became of it.
func (k *Desk) Registers() []register.Register {
	var states []register.Choice
	for _, s := range []State{Asked, Active, Lifting, Lifted, Extended, Expired, Refused} {
		states = append(states, register.Choice{Key: string(s), Name: s.Name()})
	}
	return []register.Register{register.Of(register.Register{Key: "holds", No: 24, Name: "限制转出", Rule: "20.2a", Date: "登记日期",
		Heads: []string{"限制机关", "文书", "限制至", "解除文书", "结束日期"}, Widths: []float64{28, 34, 12, 30, 12}, States: states,
		Posts: []string{"clerk", "reviewer", "keeper", "head", "supervisor"}, Acts: []string{ActAsk}, Note: "登记的限制转出文书，续期在内，一份一条；不予登记、解除、到期的保留。"},
		register.Source[Hold]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, At: "legal_hold.asked_at", State: "legal_hold.state", Dossier: "legal_hold.dossier_id", Numbers: []string{"legal_hold.no", "legal_hold.order_no"},
			Place: func(h Hold) (string, string) { return register.Micro(h.AskedAt), h.ID },
			Rows: func(_ context.Context, list []Hold) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, h := range list {
					ended := ""
					if !h.EndedAt.IsZero() {
						ended = calendar.Of(h.EndedAt).String()
					}
					rows[i] = register.Row{On: calendar.Of(h.AskedAt).String(), Agency: h.Agency, Handler: h.AskedBy, DossierID: h.DossierID, CaseNo: h.No, State: h.State.Name(), Tone: h.State.Tone(), Link: "/holds/" + h.ID,
						Own: []string{h.Organ, h.Order(), h.Until.String(), h.Release(), ended}}
				}
				return rows, nil
			}})}
}
