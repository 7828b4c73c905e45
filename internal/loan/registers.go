package loan

import (
	"context"
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): 9 借阅, a line for every packet that went out.
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "loans", No: 9, Name: "借阅", Rule: "22", Date: "借出日期",
		Heads: []string{"借阅单位", "经手人", "事由", "审批编号", "份／页", "应还日期", "归还日期", "归还核对", "差异编号"}, Widths: []float64{26, 14, 14, 22, 10, 12, 12, 16, 18},
		States: []register.Choice{{Key: string(Out), Name: Out.Name()}, {Key: string(Counted), Name: Counted.Name()}, {Key: string(Disputed), Name: Disputed.Name()}, {Key: string(Closed), Name: Closed.Name()}},
		Posts:  readingPosts, Acts: []string{ActHandOut}, Note: "每一卷借出的档案，借出一次一条；应还日期为续借或召回以后的。"},
		register.Source[Case]{DB: func() store.Querier { return k.gate.DB() }, Scope: wentOut, At: "loan.handed_at", State: "loan.state", Dossier: "loan.dossier_id", Numbers: []string{"loan.no", "loan.number"},
			Place: func(c Case) (string, string) { return register.Micro(c.HandedAt), c.ID },
			Rows: func(_ context.Context, list []Case) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, c := range list {
					back, check := "", ""
					if !c.ReturnedAt.IsZero() {
						back = calendar.Of(c.ReturnedAt).String()
						if check = "相符"; c.Difference != "" {
							check = "有差异"
						}
					}
					rows[i] = register.Row{On: calendar.Of(c.HandedAt).String(), Agency: c.Agency, Handler: c.HandedBy, DossierID: c.DossierID, CaseRef: c.Ref(), CaseNo: c.No, State: c.State.Name(), Tone: c.State.Tone(), Link: "/loans/" + c.ID,
						Own: []string{c.Unit, c.TakenBy, c.PurposeText(), c.Number, fmt.Sprintf("%d／%d", c.Materials, c.Pages), c.DueOn, back, check, c.DifferenceNo}}
				}
				return rows, nil
			}})}
}

func wentOut(actor policy.Actor) (string, []any) {
	where, args := scope(actor)
	return where + " AND loan.handed_at IS NOT NULL", args
}

// Refusals reads why loans were refused, for the register of refusals.
func Refusals(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	list, err := store.List[Case](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := map[string]string{}
	for _, c := range list {
		out[c.ID] = c.Refusal
	}
	return out, err
}
