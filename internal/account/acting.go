package account

import (
	"context"

	"dangan/internal/calendar"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Acting are the open accounts of a unit for which a worker, known by an identity number,
// may act on a day, and the authorization for each, by agency (12c). Where there is none, the
// error is a refusal that says why.
func Acting(ctx context.Context, q store.Querier, uscc, idNo string, today calendar.Date) ([]Account, map[string]string, error) {
	list, err := store.List[Account](ctx, q, "WHERE uscc=? AND state='open' ORDER BY id LIMIT 200", uscc)
	if err != nil {
		return nil, nil, err
	}
	if len(list) == 0 {
		return nil, nil, refusedActing("account_missing", "这一单位没有开立集体户，或已经销户。", "请单位携带证照和经办人授权书，到存档机构窗口开户；材料也可到窗口提交。")
	}
	ids, on := make([]string, len(list)), map[string]string{}
	for i, a := range list {
		ids[i] = a.ID
	}
	workers, err := store.List[Worker](ctx, q, "WHERE account_id IN ("+store.Marks(len(ids))+") ORDER BY id DESC LIMIT 1000", store.Args(ids)...)
	if err != nil {
		return nil, nil, err
	}
	var last *Worker
	for i, w := range workers {
		if w.IDNo != idNo {
			continue
		}
		if last == nil {
			last = &workers[i]
		}
		if on[w.AccountID] == "" && w.holds(today) {
			on[w.AccountID] = w.ID
		}
	}
	var out []Account
	by := map[string]string{}
	for _, a := range list {
		if on[a.ID] != "" {
			out = append(out, a)
			by[a.Agency] = on[a.ID]
		}
	}
	const renew = "请单位出具新的授权书，到存档机构窗口登记或续期后再登录。"
	switch {
	case len(out) > 0:
		return out, by, nil
	case last == nil:
		return nil, nil, refusedActing("worker_unknown", "您没有登记为这一单位的经办人。", "请单位出具授权书，到存档机构窗口登记后再登录。")
	case last.EndedOn != "":
		return nil, nil, refusedActing("worker_not_authorized", "您的经办人授权已于"+day(last.EndedOn)+"终止。", renew)
	case calendar.Date(last.FromOn) > today:
		return nil, nil, refusedActing("worker_not_authorized", "您的经办人授权自"+day(last.FromOn)+"起生效。", "请在生效后登录。")
	}
	return nil, nil, refusedActing("worker_not_authorized", "您的经办人授权已于"+day(last.UntilOn)+"到期。", renew)
}

func refusedActing(slug, message, next string) *rule.Refusal {
	return rule.Refuse(rule.Reason{Rule: "12c", Slug: slug, Message: message, Next: next})
}
