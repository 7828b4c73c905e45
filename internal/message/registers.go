package message

import (
	"context"

	"dangan/internal/calendar"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers is the register of what persons were told.
func (k *Desk) Registers() []register.Register {
	states := []register.Choice{}
	for _, s := range []string{Queued, Sent, Failed, Doubtful, Unaddressed, ByHand, Replaced} {
		states = append(states, register.Choice{Key: s, Name: StateName(s)})
	}
	return []register.Register{register.Of(register.Register{Key: "messages", No: 28, Name: "消息告知", Elsewhere: true, Rule: "29.8", Date: "生成日期", Heads: []string{"事由", "方式", "内容", "结果", "处理"}, Widths: []float64{18, 12, 60, 26, 26},
		States: states, Posts: readers, Table: "message", Note: "业务办理时自动告知本人和单位经办人，一条消息一条；没有联系方式的也列入，由经办人员人工告知。"},
		register.Source[Message]{DB: func() store.Querier { return k.gate.DB() }, Scope: registered, At: "message.created_at", State: "message.state",
			Dossier: "message.dossier_id", Place: func(m Message) (string, string) { return register.Micro(m.CreatedAt), m.ID },
			Rows: func(_ context.Context, list []Message) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, m := range list {
					t, _ := Find(m.Template)
					rows[i] = register.Row{On: calendar.Of(m.CreatedAt).String(), Agency: m.Agency, Handler: m.HandledBy, DossierID: m.DossierID, CaseRef: m.CaseRef, State: StateName(m.State), Tone: Tone(m.State), Link: listed(m), Person: m.Unit,
						Own: []string{t.Name, WayName(m.Way), m.Text, m.Why, m.Note}}
				}
				return rows, nil
			}})}
}

// listed is where a message is found on screen.
func listed(m Message) string {
	if m.DossierID == "" {
		return "/messages?view=all"
	}
	return "/messages?dossier=" + m.DossierID
}
