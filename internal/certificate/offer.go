package certificate

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// Offers is what a dossier's page says of certificates: an application can be
// taken in, or why not (23).
func (k *Desk) Offers(_ context.Context, _ store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	p, ok := k.gate.Possible(by, ActOpen, "出具证明", Certificate{Agency: d.Agency, State: Draft}.Resource(d), nil)
	if !ok {
		return nil, nil
	}
	return []gate.Possible{p}, nil
}
