package account

import (
	"context"
	"slices"
	"strings"

	"dangan/internal/store"
)

// Unit is who applies, as a paper names it: by its credit code, and the name it has. One
// without a code was recorded before codes were asked for.
type Unit struct {
	USCC string
	Name string
}

// at is the open account of a unit at an agency, if it has one. The code decides; an account
// of the stock, whose papers were not seen yet, has none and goes by its name. So does a
// record without a code, unless two units bear or bore the name here.
func at(ctx context.Context, q store.Querier, agency string, u Unit, lock string) (*Account, error) {
	u.Name = strings.TrimSpace(u.Name)
	one := func(where string, args ...any) (*Account, error) {
		list, err := store.List[Account](ctx, q, "WHERE agency=? AND state='open' AND "+where+" ORDER BY id LIMIT 2"+lock, append([]any{agency}, args...)...)
		if err != nil || len(list) != 1 {
			return nil, err
		}
		return &list[0], nil
	}
	if u.USCC != "" {
		if a, err := one("uscc=?", u.USCC); a != nil || err != nil {
			return a, err
		}
		return one("uscc IS NULL AND unit=?", u.Name)
	}
	if only, err := unambiguous(ctx, q, agency, []string{u.Name}); err != nil || len(only) == 0 {
		return nil, err
	}
	return one("(unit=? OR id IN (SELECT account_id FROM unit_name WHERE was=?))", u.Name, u.Name)
}

// unambiguous are those of some names that no two units bear or bore at an agency.
func unambiguous(ctx context.Context, q store.Querier, agency string, names []string) ([]string, error) {
	if len(names) == 0 {
		return nil, nil
	}
	marks, args := store.Marks(len(names)), store.Args(names)
	rows, err := q.Query(ctx, `SELECT name FROM (
		SELECT unit AS name, coalesce(uscc, id) AS who FROM unit_account WHERE agency=? AND unit IN (`+marks+`)
		UNION SELECT n.was, coalesce(u.uscc, u.id) FROM unit_name n JOIN unit_account u ON u.id=n.account_id WHERE u.agency=? AND n.was IN (`+marks+`)
	) AS borne GROUP BY name HAVING count(*)>1`, append(append([]any{agency}, args...), append([]any{agency}, args...)...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var many []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		many = append(many, name)
	}
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(many, n) }), rows.Err()
}

// Applicants are how the applications of some accounts' units are found, each pair an agency
// and a value: by code, and those of before codes by a name that is only theirs there.
type Applicants struct {
	Codes, Names [][2]string
}

// Where is the condition for a table's columns of agency, code and name.
func (a Applicants) Where(agency, code, name string) (string, []any) {
	where, args := store.Pairs(agency, code, a.Codes)
	old, more := store.Pairs(agency, name, a.Names)
	return "(" + where + " OR " + code + " IS NULL AND " + old + ")", append(args, more...)
}

// ApplicantsOf are the units of accounts as applicants.
func ApplicantsOf(ctx context.Context, q store.Querier, accounts []Account) (out Applicants, err error) {
	ids := make([]string, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	renamed, err := store.List[Renaming](ctx, q, "WHERE account_id IN ("+store.Marks(len(ids)+1)+") ORDER BY id LIMIT 1000", append(store.Args(ids), "")...)
	if err != nil {
		return out, err
	}
	for _, a := range accounts {
		if a.USCC != "" {
			out.Codes = append(out.Codes, [2]string{a.Agency, a.USCC})
		}
		names := []string{a.Unit}
		for _, n := range renamed {
			if n.AccountID == a.ID && !slices.Contains(names, n.Was) {
				names = append(names, n.Was)
			}
		}
		if names, err = unambiguous(ctx, q, a.Agency, names); err != nil {
			return out, err
		}
		for _, n := range names {
			out.Names = append(out.Names, [2]string{a.Agency, n})
		}
	}
	return out, nil
}

// CreditOf is the credit code of the unit that has an open account of a name at an agency;
// "" where there is none, or its papers were not seen.
func CreditOf(ctx context.Context, q store.Querier, agency, unit string) (string, error) {
	a, err := at(ctx, q, agency, Unit{Name: unit}, "")
	if err != nil || a == nil {
		return "", err
	}
	return a.USCC, nil
}
