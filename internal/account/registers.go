package account

import (
	"context"

	"dangan/internal/calendar"
	"dangan/internal/register"
	"dangan/internal/store"
)

// acceptances is the register of notices accepted with an account (12a): by whom, which
// version, when and how.
func (k *Desk) acceptances() register.Register {
	return register.Of(register.Register{Key: "acceptances", No: 13, Name: "存档须知接受", Rule: "12a", Date: "登记日期", Heads: []string{"存档单位", "须知版本", "接受方式", "接受人", "接受日期"}, Widths: []float64{34, 20, 16, 12, 12},
		Posts: readers, Table: "account_acceptance", Note: "开立、变更账户时接受的存档须知或集体存档协议，一次一条。"},
		register.Source[Acceptance]{DB: func() store.Querier { return k.gate.DB() }, Scope: register.OfAgency("account_acceptance.agency", "account_acceptance.dossier_id", readers...), At: "account_acceptance.recorded_at",
			Dossier: "account_acceptance.dossier_id", Numbers: []string{"account_acceptance.notice_no"}, Place: func(a Acceptance) (string, string) { return register.Micro(a.RecordedAt), a.ID },
			Rows: func(ctx context.Context, list []Acceptance) ([]register.Row, error) {
				var ids []string
				for _, a := range list {
					ids = append(ids, a.AccountID)
				}
				accounts, err := store.List[Account](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids)+1)+")", append(store.Args(ids), "")...)
				if err != nil {
					return nil, err
				}
				units := map[string]string{}
				for _, a := range accounts {
					units[a.ID] = a.Unit
				}
				rows := make([]register.Row, len(list))
				for i, a := range list {
					kind, link := "个人账户", "/dossiers/"+a.DossierID
					if a.AccountID != "" {
						kind, link = "集体账户", "/units/"+a.AccountID
					}
					rows[i] = register.Row{On: calendar.Of(a.RecordedAt).String(), Agency: a.Agency, Handler: a.RecordedBy, DossierID: a.DossierID, State: kind, Tone: "plain", Link: link,
						Own: []string{units[a.AccountID], a.NoticeNo, WayName(a.Way), a.AcceptedBy, a.AcceptedOn}}
				}
				return rows, nil
			}})
}
