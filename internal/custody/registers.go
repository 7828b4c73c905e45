package custody

import (
	"context"

	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3, 16b): every handover.
func (k *Desk) Registers() []register.Register {
	posts := []string{"keeper", "clerk", "reviewer", "head", "supervisor"}
	var kinds []register.Choice
	for _, kind := range []string{Taken, Shelved, Pulled, Handed, Dispatched, Arrived} {
		kinds = append(kinds, register.Choice{Key: kind, Name: KindName(kind)})
	}
	return []register.Register{register.Of(register.Register{Key: "handovers", No: 14, Name: "出入库交接", Elsewhere: true, Rule: "16b", Date: "时间",
		Heads: []string{"自", "至", "封存", "说明"}, Widths: []float64{10, 10, 12, 36}, States: kinds, Posts: posts, Table: "custody_event", Note: "档案实物的每一次交接，一次一条；存量登记在内。"},
		register.Source[Event]{DB: func() store.Querier { return k.gate.DB() }, Scope: register.OfAgency("custody_event.agency", "custody_event.dossier_id", posts...), At: "custody_event.at", State: "custody_event.kind", Dossier: "custody_event.dossier_id",
			Place: func(e Event) (string, string) { return register.Micro(e.At), e.ID },
			Rows: func(_ context.Context, list []Event) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, e := range list {
					packet := map[string]string{Intact: "封存完好", Broken: "封存有损"}[e.Packet]
					rows[i] = register.Row{On: register.Stamp(e.At), Agency: e.Agency, Handler: e.StaffID, DossierID: e.DossierID, CaseRef: e.CaseRef, State: KindName(e.Kind), Tone: "plain", Link: "/dossiers/" + e.DossierID,
						Own: []string{PlaceName(e.FromPlace), PlaceName(e.ToPlace), packet, e.Note}}
				}
				return rows, nil
			}})}
}
