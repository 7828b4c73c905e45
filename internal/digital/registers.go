package digital

import (
	"context"

	"dangan/internal/calendar"
	book "dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3, 18a): every delivery of scans.
func (d *Desk) Registers() []book.Register {
	posts := []string{"scanner", "reviewer", "clerk", "head", "supervisor"}
	var states []book.Choice
	for _, s := range []State{Running, Stopped, Faulty, Received, Sampling, Accepted, SentBack} {
		states = append(states, book.Choice{Key: string(s), Name: s.Name()})
	}
	tones := map[State]string{Running: "run", Sampling: "run", Received: "wait", Stopped: "wait", Accepted: "done", Faulty: "bad", SentBack: "void"}
	return []book.Register{book.Of(book.Register{Key: "deliveries", No: 16, Name: "数字化", Rule: "18a", Date: "接收日期",
		Heads: []string{"批次", "卷", "已收卷", "隔离卷", "页", "抽检页", "不合格页", "验收日期"}, Widths: []float64{24, 6, 8, 8, 8, 8, 8, 12}, States: states, Posts: posts, Table: "delivery", Note: "承制单位交付的每一批数字化成果。"},
		book.Source[Delivery]{DB: func() store.Querier { return d.gate.DB() }, Scope: book.OfAgency("delivery.agency", "", posts...), At: "delivery.started_at", State: "delivery.state", Numbers: []string{"delivery.no", "delivery.name"},
			Place: func(v Delivery) (string, string) { return book.Micro(v.StartedAt), v.ID },
			Rows: func(_ context.Context, list []Delivery) ([]book.Row, error) {
				rows := make([]book.Row, len(list))
				for i, v := range list {
					decided := ""
					if !v.DecidedAt.IsZero() {
						decided = calendar.Of(v.DecidedAt).String()
					}
					rows[i] = book.Row{On: calendar.Of(v.StartedAt).String(), Agency: v.Agency, Handler: v.StaffID, CaseNo: v.No, State: v.State.Name(), Tone: tones[v.State], Link: "/deliveries/" + v.ID,
						Own: []string{v.Label, book.Count(v.Folders), book.Count(v.Ingested), book.Count(v.Quarantined), book.Count(v.Pages), book.Count(v.Sample), book.Count(v.Failed), decided}}
				}
				return rows, nil
			}})}
}
