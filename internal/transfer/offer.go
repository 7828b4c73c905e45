package transfer

import (
	"context"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Offers is what a dossier's page says of transfer: whether a letter of an outside
// organ can be registered, and, while something stands in the way of leaving or of
// the mail, what (20.2a, 20.3b). A case has its own page for everything else.
func (k *Desk) Offers(ctx context.Context, q store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	gone := d.State == dossier.Left || d.State == dossier.InTransit || d.State == dossier.Arriving
	var hindered error
	if gone {
		hindered = rule.Refuse(rule.Reason{Rule: "29.6", Slug: "not_the_holder", Message: "档案现为“" + d.State.Name() + "”，不由本机构保管。", Next: "请告知来函单位档案去向。"})
	}
	register, ok := k.gate.Possible(by, "transfer.register", "登记外来调函", Case{Direction: Out, State: Lettered, Holder: d.Agency}.Resource(d), hindered)
	if !ok || register.Refusal != nil && !gone {
		return nil, nil // another post's business
	}
	out := []gate.Possible{register}
	if gone {
		return out, nil
	}
	h := Hindrances{OpenLoan: d.State == dossier.Lent, OpenReading: d.State == dossier.Reading, Hold: d.Hold}
	open, err := custody.OpenOf(ctx, q, d.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range open {
		if r.State == custody.Out {
			h.OpenLoan = h.OpenLoan || r.Purpose == custody.ForLoan
			h.OpenReading = h.OpenReading || r.Purpose == custody.ForReading
		}
	}
	if reasons := h.Reasons(); len(reasons) > 0 {
		out = append(out, gate.Possible{Action: "transfer.review", Label: "转出", Refusal: rule.Refuse(reasons...)})
	}
	bound, err := boundBy(ctx, q, Case{}, d)
	if err != nil {
		return nil, err
	}
	why := bound.Why
	if bound.Secret != "" {
		out = append(out, gate.Possible{Action: "transfer.mail", Label: "邮寄转递", Refusal: rule.Refuse(reason("15", "way_not_allowed", bound.Secret+"。", "转出时用机要通信或专人送取。"))})
		return out, nil
	}
	switch bound.Forced {
	case dossier.ForcedYes:
		out = append(out, gate.Possible{Action: "transfer.mail", Label: "邮寄转递", Refusal: rule.Refuse(reason("20.3b", "way_not_allowed", "曾任"+why+"。", "转出时用机要通信或专人送取。"))})
	case dossier.ForcedUnknown:
		out = append(out, gate.Possible{Action: "transfer.mail", Label: "邮寄转递", Refusal: rule.Refuse(reason("20.3b", "way_not_allowed", "工作经历未登记完整，不能确认是否曾任公职或国有单位管理、专业技术人员。", "转出时用机要通信或专人送取；登记经历并由第二人核对后再看。"))})
	}
	return out, nil
}
