package certificate

import (
	"context"

	"dangan/internal/account"
	"dangan/internal/store"
)

const known = " AND EXISTS (SELECT 1 FROM dossier d WHERE d.id=certificate.dossier_id AND d.secrecy=0"

// AppliedByUnits are the certificates that units applied for, each at the agency of its
// account, the newest first, before an id; none of a dossier with a security class (15).
func AppliedByUnits(ctx context.Context, q store.Querier, units account.Applicants, before string, limit int) ([]Certificate, error) {
	where, args := units.Where("agency", "unit_code", "unit")
	return store.List[Certificate](ctx, q, "WHERE applicant='unit' AND "+where+known+") AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", append(args, before, before, limit)...)
}

// OfPerson are the certificates that a person applied for, or an agent for the person.
func OfPerson(ctx context.Context, q store.Querier, personID, before string, limit int) ([]Certificate, error) {
	return store.List[Certificate](ctx, q, "WHERE applicant IN ('self','agent')"+known+" AND d.person_id=?) AND (?='' OR id<?) ORDER BY id DESC LIMIT ?", personID, before, before, limit)
}

// Known are some cases of which someone outside may know.
func Known(ctx context.Context, q store.Querier, ids []string) ([]Certificate, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return store.List[Certificate](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")"+known+")", store.Args(ids)...)
}
