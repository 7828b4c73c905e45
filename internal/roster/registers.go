package roster

import (
	"context"

	"dangan/internal/calendar"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): packets on the shelf that are nobody's
// dossier yet, with what was found out. A packet belongs to who has it on the shelf.
func (d *Desk) Registers() []register.Register {
	var states []register.Choice
	for _, s := range []PacketState{Open, Proposed, Sending, Resolved} {
		states = append(states, register.Choice{Key: string(s), Name: s.Name()})
	}
	tones := map[PacketState]string{Open: "wait", Proposed: "run", Sending: "run", Resolved: "done"}
	ends := map[string]string{AsPerson: "查明本人，立档", AsSame: "与已存档案为同一人"}
	return []register.Register{register.Of(register.Register{Key: "unclear", No: 21, Name: "身份待核、一人多档", Rule: "2", Date: "登记日期",
		Heads: []string{"种类", "袋上姓名", "封存", "库位", "查实结果", "依据", "查实日期"}, Widths: []float64{12, 12, 12, 18, 22, 30, 12}, States: states, Posts: packetReaders, Table: "unclear_packet",
		Note: "库存中不能确定是谁的、或者本人已有档案的档案袋，一袋一条；查实的保留。"},
		register.Source[Packet]{DB: func() store.Querier { return d.gate.DB() }, Scope: register.OfAgency("unclear_packet.agency", "unclear_packet.dossier_id", packetReaders...), At: "unclear_packet.taken_at", State: "unclear_packet.state",
			Dossier: "unclear_packet.dossier_id", Numbers: []string{"unclear_packet.no", "unclear_packet.cover_no", "unclear_packet.name"}, Place: func(p Packet) (string, string) { return register.Micro(p.TakenAt), p.ID },
			Rows: func(_ context.Context, list []Packet) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, p := range list {
					found, resolved := "", ""
					if !p.ResolvedAt.IsZero() {
						found, resolved = ends[p.Ending], calendar.Of(p.ResolvedAt).String()
					}
					rows[i] = register.Row{On: calendar.Of(p.TakenAt).String(), Agency: p.Agency, Handler: p.TakenBy, DossierID: p.DossierID, CaseNo: p.No, State: p.State.Name(), Tone: tones[p.State], Link: "/unclear/" + p.ID,
						Own: []string{KindName(p.Kind), p.Name, SealName(p.Seal), p.Shelfmark, found, p.Document, resolved}}
				}
				return rows, nil
			}})}
}
