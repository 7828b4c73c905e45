package account

import (
	"context"
	"strconv"

	"dangan/internal/calendar"
	"dangan/internal/register"
	"dangan/internal/store"
)

// personals is the register of personal accounts (12b): each from its opening to its end.
func (k *Desk) personals() register.Register {
	return register.Of(register.Register{Key: "personal-accounts", No: 41, Name: "个人账户", Rule: "12b", Date: "开户日期", Heads: []string{"账户编号", "开立缘由", "接受的须知", "接受日期", "提醒次数", "终止"}, Widths: []float64{28, 22, 12, 12, 10, 24},
		States: []register.Choice{{Key: string(Open), Name: "使用中"}, {Key: string(Closed), Name: "已终止"}},
		Posts:  noticePosts, Table: "personal_account", Note: "个人账户一户一条，从开立到终止；须知一栏空白的，本人尚未接受；本人死亡经确认的，当日终止。"},
		register.Source[PersonalAccount]{DB: func() store.Querier { return k.gate.DB() }, Scope: noticeScope, At: "personal_account.opened_at", State: "personal_account.state", Dossier: "personal_account.dossier_id", Numbers: []string{"personal_account.no"},
			Place: func(p PersonalAccount) (string, string) { return register.Micro(p.OpenedAt), p.ID },
			Rows: func(_ context.Context, list []PersonalAccount) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, p := range list {
					ended := ""
					if p.State == Closed {
						ended = calendar.Of(p.EndedAt).String() + " " + EndName(p.EndedHow)
					}
					rows[i] = register.Row{On: calendar.Of(p.OpenedAt).String(), Agency: p.Agency, Handler: p.OpenedBy, DossierID: p.DossierID, State: p.StateName(), Tone: p.State.Tone(), Link: "/personal-accounts/" + p.ID,
						Own: []string{p.No, HowName(p.How), p.NoticeNo, p.NoticeOn, strconv.FormatInt(p.Reminded, 10), ended}}
				}
				return rows, nil
			}})
}

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
				units := map[string]Account{}
				for _, a := range accounts {
					units[a.ID] = a
				}
				renamed, err := renamings(ctx, k.gate.DB(), ids...)
				if err != nil {
					return nil, err
				}
				rows := make([]register.Row, len(list))
				for i, a := range list {
					kind, link := "个人账户", "/dossiers/"+a.DossierID
					if a.AccountID != "" {
						kind, link = "集体账户", "/units/"+a.AccountID
					}
					rows[i] = register.Row{On: calendar.Of(a.RecordedAt).String(), Agency: a.Agency, Handler: a.RecordedBy, DossierID: a.DossierID, State: kind, Tone: "plain", Link: link,
						Own: []string{nameOn(units[a.AccountID], renamed, a.AcceptedOn), a.NoticeNo, WayName(a.Way), a.AcceptedBy, a.AcceptedOn}}
				}
				return rows, nil
			}})
}
