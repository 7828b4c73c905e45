package standing

import (
	"context"

	"dangan/internal/calendar"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): every change, merger, splitting and
// rebuilding that was asked for, with what became of it.
func (k *Desk) Registers() []register.Register {
	var states []register.Choice
	for _, s := range []State{Asked, Approved, Refused, Undone} {
		states = append(states, register.Choice{Key: string(s), Name: s.Name()})
	}
	tones := map[State]string{Asked: "wait", Approved: "done", Refused: "bad", Undone: "void"}
	return []register.Register{register.Of(register.Register{Key: "standing", No: 23, Name: "变更与并档", Rule: "2", Date: "申请日期",
		Heads: []string{"事项", "缘由", "查看的证件、材料", "查看人", "查看日期", "审批日期"}, Widths: []float64{14, 30, 30, 10, 12, 12}, States: states, Posts: readers, Acts: []string{"standing.apply"},
		Note: "姓名号码、类别、账户变更，并档、拆档，遗失重建，一件申请一条；不批准的保留。"},
		register.Source[Case]{DB: func() store.Querier { return k.gate.DB() }, Scope: register.OfAgency("person_case.agency", "person_case.dossier_id", readers...), At: "person_case.applied_at", State: "person_case.state",
			Dossier: "person_case.dossier_id", Numbers: []string{"person_case.no"}, Place: func(c Case) (string, string) { return register.Micro(c.AppliedAt), c.ID },
			Rows: func(_ context.Context, list []Case) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, c := range list {
					decided := ""
					if !c.DecidedAt.IsZero() {
						decided = calendar.Of(c.DecidedAt).String()
					}
					rows[i] = register.Row{On: calendar.Of(c.AppliedAt).String(), Agency: c.Agency, Handler: c.Applicant, DossierID: c.DossierID, CaseNo: c.No, State: c.State.Name(), Tone: tones[c.State], Link: "/standing/" + c.ID,
						Own: []string{c.Kind.Name(), c.Reason, c.Document, c.SeenBy, c.SeenOn, decided}}
				}
				return rows, nil
			}})}
}
