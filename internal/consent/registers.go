package consent

import (
	"context"

	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): every answer under consent. Whose it was and
// what was answered stand in none of them: staff count, the person reads.
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "consent-answers", No: 56, Name: "同意核验答复", Elsewhere: true, Rule: "N2", Date: "答复时间",
		Heads: []string{"核验编号", "核验单位", "目的", "问题"}, Widths: []float64{28, 36, 20, 24}, Posts: []string{"supervisor"}, Table: "consent_answer",
		Note: "本人同意后答复的问题，一问一条；重复询问不另记。不列本人姓名和答复内容，由本人在网上办事中查看。"},
		register.Source[Answer]{DB: func() store.Querier { return k.gate.DB() }, Scope: answerScope, At: "consent_answer.answered_at",
			Place: func(a Answer) (string, string) { return register.Micro(a.AnsweredAt), a.ID },
			Rows: func(ctx context.Context, list []Answer) ([]register.Row, error) {
				if len(list) == 0 {
					return nil, nil
				}
				ids, from := make([]string, len(list)), make([]string, len(list))
				for i, a := range list {
					ids[i], from[i] = a.ConsentID, a.RequesterID
				}
				consents, err := store.List[Consent](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
				if err != nil {
					return nil, err
				}
				requesters, err := store.List[Requester](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(from))+")", store.Args(from)...)
				if err != nil {
					return nil, err
				}
				of, names := map[string]Consent{}, map[string]string{}
				for _, c := range consents {
					of[c.ID] = c
				}
				for _, r := range requesters {
					names[r.ID] = r.Name
				}
				rows := make([]register.Row, len(list))
				for i, a := range list {
					c, kind := of[a.ConsentID], a.Kind
					if known, ok := KindOf(a.Kind); ok {
						kind = known.Name
					}
					rows[i] = register.Row{On: register.Stamp(a.AnsweredAt), Agency: a.Agency, CaseNo: c.No, State: "已答复", Tone: "done", Own: []string{c.No, names[a.RequesterID], PurposeName(c.Purpose), kind}}
				}
				return rows, nil
			}})}
}

// answerScope is the scope of the register: the authority's own, for who supervises.
func answerScope(by policy.Actor) (string, []any) {
	if !by.Has("supervisor") {
		return "1=0", nil
	}
	return scope("consent_answer", by)
}
