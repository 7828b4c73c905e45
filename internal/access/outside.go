package access

import (
	"context"

	"dangan/internal/account"
	"dangan/internal/store"
)

// AppliedByUnits are the consultations that units applied for, each at the agency of its
// account, the newest first, before an id; none of a dossier with a security class (15).
func AppliedByUnits(ctx context.Context, q store.Querier, units account.Applicants, before string, limit int) ([]Case, error) {
	where, args := units.Where("agency", "unit_code", "unit")
	return store.List[Case](ctx, q, "WHERE "+where+" AND EXISTS (SELECT 1 FROM dossier d WHERE d.id=consultation.dossier_id AND d.secrecy=0) AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", append(args, before, before, limit)...)
}

// Known are some cases of which someone outside may know.
func Known(ctx context.Context, q store.Querier, ids []string) ([]Case, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return store.List[Case](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+") AND EXISTS (SELECT 1 FROM dossier d WHERE d.id=consultation.dossier_id AND d.secrecy=0)", store.Args(ids)...)
}
