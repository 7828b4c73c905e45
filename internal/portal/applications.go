package portal

import (
	"cmp"
	"context"
	"slices"

	"dangan/internal/access"
	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/certificate"
	"dangan/internal/dossier"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/transfer"
)

// Application is something a unit or a person applied for, as they see it: what, of whom,
// where it stands; nothing of the dossier, and nobody who handles it.
type Application struct {
	ID, Kind, No, Agency, Person, State, Tone string
	On                                        calendar.Date
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
		list = append(list, Application{c.ID, kind, c.No, at, c.PersonName, c.State.Name(), c.State.Tone(), calendar.Date(cmp.Or(c.AppliedOn, c.LetterOn, c.RegisteredOn))})
	}
	for _, c := range consultations {
		list = append(list, Application{c.ID, "查阅档案", c.No, c.Agency, heads[c.DossierID].Name, c.State.Name(), c.State.Tone(), calendar.Of(c.AppliedAt)})
	}
	for _, c := range certificates {
		list = append(list, Application{c.ID, "出具证明：" + c.Kind.Name(), c.Number, c.Agency, heads[c.DossierID].Name, c.State.Name(), c.State.Tone(), calendar.Date(c.AppliedOn)})
	}
	slices.SortFunc(list, func(a, b Application) int { return cmp.Compare(b.ID, a.ID) })
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, nil
}
