package access

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// Offers is what a dossier's page says of consultation: an application can be
// taken in, or why not.
func (k *Desk) Offers(_ context.Context, _ store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	p, ok := k.gate.Possible(by, "consultation.apply", "受理查阅", Case{Agency: d.Agency, State: Draft}.Resource(d), held(d))
	if !ok {
		return nil, nil
	}
	return []gate.Possible{p}, nil
}
