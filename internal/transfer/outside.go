package transfer

import (
	"context"

	"dangan/internal/account"
	"dangan/internal/store"
)

// known holds for cases of which someone outside may know: none of a dossier with a security class (15).
const known = " AND NOT EXISTS (SELECT 1 FROM dossier d WHERE d.id=transfer.dossier_id AND d.secrecy>0)"

// AppliedByUnits are the cases that units applied for, each at the agency of its account,
// the newest first, before an id.
func AppliedByUnits(ctx context.Context, q store.Querier, units account.Applicants, before string, limit int) ([]Case, error) {
	where, args := units.Where("receiver", "applicant_uscc", "applicant")
	return store.List[Case](ctx, q, "WHERE applicant_kind='unit' AND "+where+known+" AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", append(args, before, before, limit)...)
}

// OfPerson are the cases of whom an identity number names, the newest first, before an id.
func OfPerson(ctx context.Context, q store.Querier, idIndex []byte, before string, limit int) ([]Case, error) {
	return store.List[Case](ctx, q, "WHERE id_ix=?"+known+" AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", idIndex, before, before, limit)
}

// Known are some cases of which someone outside may know.
func Known(ctx context.Context, q store.Querier, ids []string) ([]Case, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return store.List[Case](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")"+known, store.Args(ids)...)
}
