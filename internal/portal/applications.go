package portal

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"dangan/internal/access"
	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/certificate"
	"dangan/internal/dossier"
	"dangan/internal/intake"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/transfer"
)

// Application is something a unit or a person applied for, as they see it: what, of whom,
// where it stands; nothing of the dossier, and nobody who handles it.
type Application struct {
	ID, Kind, No, Agency, Person, State, Tone string
	On                                        calendar.Date
	// Online: it was sent here, and can be opened; Waits: for what the applicant is asked for.
	Online, Waits bool
	Withdraw      bool   // its sender may take it back now
	Ref           string // of the case, or of the record it began as
}

// Applications is a page of what a visitor applied for, the newest first, before an id.
// Consultations are shown to the unit that applied, never to the person (21).
func (k *Desk) Applications(ctx context.Context, v Visit, before string, limit int) (list []Application, next string, err error) {
	q := k.gate.DB()
	var transfers []transfer.Case
	var consultations []access.Case
	var certificates []certificate.Certificate
	switch v.Actor.Kind {
	case policy.Unit:
		units, err := account.ApplicantsOf(ctx, q, v.Accounts)
		if err != nil {
			return nil, "", err
		}
		if transfers, err = transfer.AppliedByUnits(ctx, q, units, before, limit+1); err != nil {
			return nil, "", err
		}
		if consultations, err = access.AppliedByUnits(ctx, q, units, before, limit+1); err != nil {
			return nil, "", err
		}
		if certificates, err = certificate.AppliedByUnits(ctx, q, units, before, limit+1); err != nil {
			return nil, "", err
		}
	case policy.Citizen:
		if transfers, err = transfer.OfPerson(ctx, q, k.keys.Index(person.IndexPurpose, v.Who.IDNo), before, limit+1); err != nil {
			return nil, "", err
		}
		for _, id := range v.Actor.Persons {
			more, err := certificate.OfPerson(ctx, q, id, before, limit+1)
			if err != nil {
				return nil, "", err
			}
			certificates = append(certificates, more...)
		}
	}
	sent, err := k.intakes.Owned(ctx, v.Actor, before, limit+1)
	if err != nil {
		return nil, "", err
	}
	var ids []string
	for _, c := range consultations {
		ids = append(ids, c.DossierID)
	}
	for _, c := range certificates {
		ids = append(ids, c.DossierID)
	}
	heads, err := dossier.Heads(ctx, q, ids)
	if err != nil {
		return nil, "", err
	}
	for _, c := range transfers {
		at := c.Receiver
		if at == "" {
			at = c.Holder
		}
		kind := "转入档案"
		if c.Direction == transfer.Out {
			kind = "转出档案"
		}
		list = append(list, Application{ID: c.ID, Kind: kind, No: c.No, Agency: at, Person: c.PersonName, State: c.State.Name(), Tone: c.State.Tone(), On: calendar.Date(cmp.Or(c.AppliedOn, c.LetterOn, c.RegisteredOn)), Ref: c.Ref()})
	}
	for _, c := range consultations {
		list = append(list, Application{ID: c.ID, Kind: "查阅档案", No: c.No, Agency: c.Agency, Person: heads[c.DossierID].Name, State: c.State.Name(), Tone: c.State.Tone(), On: calendar.Of(c.AppliedAt), Ref: c.Ref()})
	}
	for _, c := range certificates {
		list = append(list, Application{ID: c.ID, Kind: "出具证明：" + c.Kind.Name(), No: cmp.Or(c.Number, c.NoticeNo), Agency: c.Agency, Person: heads[c.DossierID].Name, State: c.State.Name(), Tone: c.State.Tone(), On: calendar.Date(c.AppliedOn), Ref: c.Ref()})
	}
	states, err := k.became(ctx, v, sent)
	if err != nil {
		return nil, "", err
	}
	for _, c := range sent {
		list = append(list, line(c, k.gate.Today(), states[c.CaseRef]))
	}
	slices.SortFunc(list, func(a, b Application) int { return cmp.Compare(b.ID, a.ID) })
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	// What came of an application over the net is shown with it, not twice.
	var refs []string
	for _, a := range list {
		if a.Ref != "" {
			refs = append(refs, a.Ref)
		}
	}
	online, err := intake.Online(ctx, q, refs)
	return slices.DeleteFunc(list, func(a Application) bool { return online[a.Ref] }), next, err
}

// Line is one application over the net as its sender sees it in a list.
func (k *Desk) Line(ctx context.Context, v Visit, c intake.Case) (Application, error) {
	states, err := k.became(ctx, v, []intake.Case{c})
	return line(c, k.gate.Today(), states[c.CaseRef]), err
}

func line(c intake.Case, today calendar.Date, went state) Application {
	a := Application{ID: c.ID, Kind: c.MatterName(), No: c.No, Agency: c.Agency, Person: c.Name, On: calendar.Of(c.RecordedAt), Online: true, Ref: c.Ref(), Waits: c.State == intake.Completing, Withdraw: c.Open() || went.withdraw}
	if a.State, a.Tone = c.StateName(today); went.name != "" {
		a.State, a.Tone = "已受理，"+went.name, went.tone
	}
	return a
}

// state is where a case stands, and whether its own rule lets the applicant take it back.
type state struct {
	name, tone string
	withdraw   bool
}

// Withdraw takes an application back: before it was taken in as an application, afterwards by
// the withdrawal of the case it became, as far as that case's own rule goes (29.8). Why it
// goes no further is not told: it would tell of the dossier.
func (k *Desk) Withdraw(ctx context.Context, v Visit, id string) error {
	c, err := k.intakes.Own(ctx, v.Actor, id)
	if err != nil {
		return err
	}
	if v.Lapsed != nil {
		return v.Lapsed
	}
	if c.State != intake.Taken {
		_, err = k.intakes.Withdraw(ctx, v.Actor, id, "")
		return err
	}
	states, err := k.became(ctx, v, []intake.Case{c})
	if err != nil {
		return err
	}
	kind, caseID, _ := strings.Cut(c.CaseRef, ":")
	if withdraw := k.withdraw[kind]; withdraw != nil && states[c.CaseRef].withdraw {
		var said *rule.Refusal
		if err = withdraw(ctx, v.Actor, caseID); !errors.As(err, &said) {
			return err
		}
	}
	return rule.Refuse(rule.Reason{Rule: "29.8", Slug: "withdraw_at_window", Message: "这件申请已经受理，现在不能在网上撤回。", Next: "请到受理机构窗口或拨打咨询电话了解办理情况；还可以撤回的，凭书面申请和有效证件（单位凭介绍信）在窗口撤回；已经办结的，可以重新申请。"})
}

// became says where the cases stand that applications became, where their sender may know:
// of a dossier with a security class nothing is seen on the net (15).
func (k *Desk) became(ctx context.Context, v Visit, sent []intake.Case) (map[string]state, error) {
	ids := map[string][]string{}
	for _, c := range sent {
		if kind, id, ok := strings.Cut(c.CaseRef, ":"); ok {
			ids[kind] = append(ids[kind], id)
		}
	}
	out, q := map[string]state{}, k.gate.DB()
	transfers, err := transfer.Known(ctx, q, ids["Transfer"])
	if err != nil {
		return nil, err
	}
	now := k.gate.Now()
	for _, c := range transfers {
		try := c
		out[c.Ref()] = state{c.State.Name(), c.State.Tone(), try.Withdraw(transfer.Withdrawal{Why: "撤回", Paper: "撤回"}, now) == nil}
	}
	certificates, err := certificate.Known(ctx, q, ids["Certificate"])
	if err != nil {
		return nil, err
	}
	for _, c := range certificates {
		try := c
		out[c.Ref()] = state{c.State.Name(), c.State.Tone(), try.Withdraw("撤回") == nil}
	}
	if v.Actor.Kind != policy.Unit { // 21: nothing of who consults
		return out, nil
	}
	consultations, err := access.Known(ctx, q, ids["Consultation"])
	for _, c := range consultations {
		try := c
		out[c.Ref()] = state{c.State.Name(), c.State.Tone(), try.Withdraw(now, "撤回") == nil}
	}
	return out, err
}
