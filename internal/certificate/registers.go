package certificate

import (
	"context"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/register"
	"dangan/internal/statement"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): the certificates issued. A number that
// was taken out of force stays.
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "certificates", No: 10, Name: "出具证明", Rule: "23", Date: "签发日期",
		Heads: []string{"种类", "编号", "申请人", "与存档人关系", "用途", "有效期至"}, Widths: []float64{14, 26, 14, 14, 20, 12},
		States: []register.Choice{{Key: string(Issued), Name: Issued.Name()}, {Key: string(Void), Name: Void.Name()}}, Posts: []string{"clerk", "reviewer", "head", "supervisor"},
		Acts: []string{"certificate.issue"}, Tally: "certificates", Note: "已签发的证明，一份一条；作废、更正的编号保留。"},
		register.Source[Certificate]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, Only: "certificate.number IS NOT NULL", At: "certificate.reviewed_at", State: "certificate.state", Dossier: "certificate.dossier_id", Numbers: []string{"certificate.number"},
			Place: func(c Certificate) (string, string) { return register.Micro(c.ReviewedAt), c.ID },
			Rows: func(_ context.Context, list []Certificate) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, c := range list {
					relation := "本人"
					switch c.Applicant {
					case "kin":
						relation = codes.KinName(c.Relation)
					case "unit":
						relation = c.UnitName
					}
					rows[i] = register.Row{On: calendar.Of(c.ReviewedAt).String(), Agency: c.Agency, Handler: c.ReviewedBy, DossierID: c.DossierID, CaseNo: c.Number, State: c.State.Name(), Tone: c.State.Tone(), Link: "/certificates/" + c.ID,
						Own: []string{c.Kind.Name(), c.Number, c.Name, relation, c.Use, c.ValidUntil}}
				}
				return rows, nil
			}}), register.Of(register.Register{Key: "no-records", No: 53, Name: "查无记载告知", Rule: "23", Date: "告知日期",
		Heads: []string{"种类", "告知单编号", "查找的事项", "申请人", "用途"}, Widths: []float64{18, 28, 30, 14, 20},
		States: []register.Choice{{Key: string(Void), Name: Void.Name()}}, Posts: []string{"clerk", "reviewer", "head", "supervisor"},
		Acts: []string{"certificate.issue"}, Tally: "notices", Note: "出具的查无记载告知单，一单一条；告知单不是证明，作废的保留。"},
		register.Source[Certificate]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, Only: "certificate.notice_no IS NOT NULL", At: "certificate.reviewed_at", State: "certificate.state", Dossier: "certificate.dossier_id", Numbers: []string{"certificate.notice_no"},
			Place: func(c Certificate) (string, string) { return register.Micro(c.ReviewedAt), c.ID },
			Rows: func(_ context.Context, list []Certificate) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, c := range list {
					absent, err := c.Unrecorded()
					if err != nil {
						return nil, err
					}
					names := make([]string, len(absent))
					for n, a := range absent {
						names[n] = statement.SubjectName(c.Kind.States(), a.Subject)
					}
					rows[i] = register.Row{On: calendar.Of(c.ReviewedAt).String(), Agency: c.Agency, Handler: c.ReviewedBy, DossierID: c.DossierID, CaseNo: c.NoticeNo, State: c.State.Name(), Tone: c.State.Tone(), Link: "/certificates/" + c.ID,
						Own: []string{c.Kind.Name(), c.NoticeNo, strings.Join(names, "、"), c.Name, c.Use}}
				}
				return rows, nil
			}})}
}

// Refusals reads why certificates were refused, for the register of refusals.
func Refusals(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	list, err := store.List[Certificate](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := map[string]string{}
	for _, c := range list {
		out[c.ID] = c.Refusal
	}
	return out, err
}
