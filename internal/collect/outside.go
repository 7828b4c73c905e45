package collect

import (
	"context"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// outside holds exactly for the requests that hand_in.submit lets an actor from outside
// answer: those to the own unit at agencies where the worker's authorization holds, or to
// the own person. Of a dossier with a security class nothing is seen on the net (15).
func outside(by policy.Actor) (string, []any) {
	const open = " AND EXISTS (SELECT 1 FROM dossier d WHERE d.id=collection.dossier_id AND d.secrecy=0"
	switch {
	case by.Kind == policy.Unit && by.Org != "" && len(by.Reach) > 0:
		return "collection.target='unit' AND collection.uscc=? AND collection.agency IN (" + store.Marks(len(by.Reach)) + ")" + open + ")", append([]any{by.Org}, store.Args(by.Reach)...)
	case by.Kind == policy.Citizen && len(by.Persons) > 0:
		return "collection.target='person'" + open + " AND d.person_id IN (" + store.Marks(len(by.Persons)) + "))", store.Args(by.Persons)
	}
	return "1=0", nil
}

// Addressed is a request that is addressed to an actor from outside; store.ErrNotFound for
// any other, whether it is there or not.
func (k *Desk) Addressed(ctx context.Context, q store.Querier, by policy.Actor, id string) (Listed, error) {
	where, args := outside(by)
	r, err := store.Get[Request](ctx, q, "WHERE collection.id=? AND "+where, append([]any{id}, args...)...)
	if err != nil {
		return Listed{}, err
	}
	list, err := k.listed(ctx, q, []Request{r})
	if err != nil {
		return Listed{}, err
	}
	return list[0], nil
}
