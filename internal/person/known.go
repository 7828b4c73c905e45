package person

import (
	"context"
	"slices"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// Concealed says whether what is kept of a person is as unknown to an actor as what is not
// there (15): it lies above their clearance, or others were named to know it. It is what the
// policies with @hide say of the dossier, for acts that begin with a number instead of one.
func Concealed(ctx context.Context, q store.Querier, by policy.Actor, personID string) (bool, error) {
	if by.Kind != policy.Staff {
		return false, nil // who is outside learns of no dossier at all
	}
	if slices.Contains(by.Barred, personID) {
		return true, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM dossier WHERE person_id=? AND secrecy>?", personID, by.Clearance)
	return n > 0, err
}

// KnownTo is ByIDNo for an act whose answer the actor hears: somebody whose dossier is concealed
// from them is nobody, so that the act takes the way it takes with an unknown number.
func KnownTo(ctx context.Context, q store.Querier, keys Indexer, by policy.Actor, idNo string) (Person, error) {
	p, err := ByIDNo(ctx, q, keys, idNo)
	if err != nil {
		return p, err
	}
	hidden, err := Concealed(ctx, q, by, p.ID)
	if err == nil && hidden {
		return Person{}, store.ErrNotFound
	}
	return p, err
}
