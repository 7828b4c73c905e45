package handin

import (
	"context"
	"strconv"

	"dangan/internal/collect"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): every submission that came over the net.
func (k *Desk) Registers() []register.Register {
	var choices []register.Choice
	for _, s := range []string{Waiting, Taken, Returned} {
		choices = append(choices, register.Choice{Key: s, Name: stateNames[s]})
	}
	return []register.Register{register.Of(register.Register{Key: "hand-ins", No: 40, Name: "网上交件", Elsewhere: true, Rule: "14b", Date: "提交日期", Heads: []string{"提交编号", "通知单", "提交人", "文件", "退回原因"}, Widths: []float64{26, 26, 30, 8, 18},
		States: choices, Posts: posts, Acts: []string{ActSubmit}, Note: "单位登录、本人登录或凭一次性链接提交的照片和 PDF，一次一条；接收前不进入档案。"},
		register.Source[HandIn]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, At: "hand_in.sent_on", Day: true, State: "hand_in.state", Dossier: "hand_in.dossier_id", Numbers: []string{"hand_in.no"},
			Place: func(h HandIn) (string, string) { return h.SentOn, h.ID },
			Rows: func(ctx context.Context, list []HandIn) ([]register.Row, error) {
				ids := make([]string, len(list))
				for i, h := range list {
					ids[i] = h.CollectionID
				}
				asked, err := store.List[collect.Request](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids)+1)+")", append(store.Args(ids), "")...)
				if err != nil {
					return nil, err
				}
				numbers := map[string]string{}
				for _, r := range asked {
					numbers[r.ID] = r.No
				}
				rows := make([]register.Row, len(list))
				for i, h := range list {
					why, _ := WhyOf(h.Why)
					rows[i] = register.Row{On: h.SentOn, Agency: h.Agency, Handler: h.EndedBy, DossierID: h.DossierID, CaseNo: h.No, State: h.StateName(), Tone: h.Tone(), Link: "/hand-ins/" + h.ID,
						Own: []string{h.No, numbers[h.CollectionID], h.From(), strconv.FormatInt(h.Files, 10), why.Name}}
				}
				return rows, nil
			}})}
}
