package register

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Reasons reads what cases of one kind were refused for: the JSON of the reasons, by id.
type Reasons func(ctx context.Context, q store.Querier, ids []string) (map[string]string, error)

// Refusals is register 17: every notice of 不予办理, whatever room gave it, with its
// clauses. reasons is by the kind of the case.
func Refusals(g *gate.Gate, reasons map[string]Reasons) Register {
	posts := []string{"clerk", "reviewer", "head", "supervisor"}
	kinds := map[string]string{"Transfer": "转递", "Consultation": "查阅", "Loan": "借阅", "Certificate": "出具证明", "PersonCase": "变更", "Supplement": "延期补充", "Intake": "受理"}
	return Of(Register{Key: "refusals", No: 17, Name: "不予办理", Rule: "29.8", Date: "告知日期", Heads: []string{"业务", "告知单", "告知对象", "依据"}, Widths: []float64{10, 26, 24, 26},
		Posts: posts, Acts: []string{"transfer.decline", "consultation.refuse", "loan.refuse", "certificate.refuse", "standing.refuse", "supplement.deny", "intake.refuse"}, Note: "已出具的不予办理告知单，一单一条。"},
		Source[document.Document]{DB: func() store.Querier { return g.DB() }, Scope: OfAgency("document.agency", "document.dossier_id", posts...), Only: "document.kind='" + document.RefusalNotice + "'",
			At: "issued_at", Dossier: "document.dossier_id", Numbers: []string{"number"}, Place: func(d document.Document) (string, string) { return Micro(d.IssuedAt), d.ID },
			Rows: func(ctx context.Context, list []document.Document) ([]Row, error) {
				of := map[string][]string{}
				for _, d := range list {
					if kind, id, ok := strings.Cut(d.CaseRef, ":"); ok {
						of[kind] = append(of[kind], id)
					}
				}
				clauses := map[string]string{}
				for kind, ids := range of {
					if reasons[kind] == nil {
						continue
					}
					found, err := reasons[kind](ctx, g.DB(), ids)
					if err != nil {
						return nil, fmt.Errorf("reasons of refusals: %w", err)
					}
					for id, raw := range found {
						clauses[kind+":"+id] = clausesOf(raw)
					}
				}
				rows := make([]Row, len(list))
				for i, d := range list {
					kind, id, _ := strings.Cut(d.CaseRef, ":")
					rows[i] = Row{On: Stamp(d.IssuedAt)[:10], Agency: d.Agency, Handler: d.IssuedBy, DossierID: d.DossierID, CaseRef: d.CaseRef, State: d.StateName(), Tone: "bad",
						Link: map[string]string{"Transfer": "/transfers/", "Consultation": "/consultations/", "Loan": "/loans/", "Certificate": "/certificates/", "PersonCase": "/standing/", "Supplement": "/supplements/", "Intake": "/intakes/"}[kind] + id,
						Own:  []string{kinds[kind], d.Number, d.Addressee, clauses[d.CaseRef]}}
				}
				return rows, nil
			}})
}

func clausesOf(raw string) string {
	var reasons []rule.Reason
	_ = json.Unmarshal([]byte(raw), &reasons) // written by the refusing act
	var out []string
	for _, r := range reasons {
		known, ok := rule.Get(r.Rule)
		if ok && !slices.Contains(out, known.Clause) {
			out = append(out, known.Clause)
		}
	}
	return strings.Join(out, "、")
}
