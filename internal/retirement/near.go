package retirement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Person is one who is near the age and was not taken up yet.
type Person struct {
	DossierID, DossierNo, Name, Agency, BornOn string
	IDNo                                       string      // on papers only
	Decided                                    bool        // the birth date is the one that was decided
	Terms                                      []GroupTerm // a woman's may be one of two
}

// GroupTerm is what a table says of one group.
type GroupTerm struct {
	Group string
	Term
}

// Lists of persons without a case.
const (
	Near   = "near"   // within the months of the setting
	Past   = "past"   // over the age, whichever group
	Unsure = "unsure" // women over the lower age: their group is to be found out
)

// band is the birthdays of one group that reach the age after one day and by another.
func (t Table) band(group string, after, by calendar.Date) (string, string) {
	return t.BornBy(group, after).String(), t.BornBy(group, by).String()
}

// decidedBirth is the SQL predicate for the decision on a birth date that born goes by: the
// last that a second person confirmed and that names a day.
const decidedBirth = "e.kind='birth_date' AND e.confirmed_by IS NOT NULL AND e.void IS NULL AND length(e.value)=10"

// candidates is one of these lists as a table x(id, no, person_id, agency, born, sex, decided):
// a pension goes by the birth date that was decided, where one was, and else by the
// identity number's. Both parts find their rows by the birth date.
func (k *Desk) candidates(by policy.Actor, view string) (string, []any, error) {
	t, today := k.Table(), k.gate.Today()
	yesterday, horizon := today.AddDays(-1), k.horizon(today)
	m0, m1 := t.band(Men, yesterday, horizon)
	l0, l1 := t.band(Women50, yesterday, horizon)
	h0, h1 := t.band(Women55, yesterday, horizon)
	where, args := scopePersons(by)
	where += " AND d.state NOT IN ('left','in_transit') AND NOT EXISTS (SELECT 1 FROM retirement r WHERE r.dossier_id=d.id AND r.state<>'dropped') AND NOT EXISTS (SELECT 1 FROM death x WHERE x.dossier_id=d.id AND x.state NOT IN ('rejected','revoked'))"
	var band string
	var days []any
	switch view {
	case Near:
		band, days = "(p.sex='1' AND @>? AND @<=? OR p.sex='2' AND (@>? AND @<=? OR @>? AND @<=?))", []any{m0, m1, l0, l1, h0, h1}
	case Past:
		band, days = "(p.sex='1' AND @<=? OR p.sex='2' AND @<=?)", []any{m0, h0}
	case Unsure:
		band, days = "p.sex='2' AND @>? AND @<=?", []any{h1, l0}
	}
	if band != "" {
		part := func(born, from, more, decided string) string {
			return "SELECT d.id AS id, d.no AS no, d.person_id AS person_id, d.agency AS agency, " + born + " AS born, p.sex AS sex, " + decided + " AS decided FROM " + from + " WHERE " + more + " AND " + where + " AND " + strings.ReplaceAll(band, "@", born)
		}
		table := "(" + part("p.birth_date", "dossier d JOIN person p ON p.id=d.person_id", "NOT EXISTS (SELECT 1 FROM determination e WHERE e.dossier_id=d.id AND "+decidedBirth+")", "0") + " UNION ALL " +
			part("e.value", "determination e JOIN dossier d ON d.id=e.dossier_id JOIN person p ON p.id=d.person_id", decidedBirth+" AND NOT EXISTS (SELECT 1 FROM determination n WHERE n.dossier_id=e.dossier_id AND "+strings.ReplaceAll(decidedBirth, "e.", "n.")+" AND (n.decided_on>e.decided_on OR n.decided_on=e.decided_on AND n.id<e.id))", "1") + ") x"
		args = append(args, days...)
		return table, append(args, args...), nil
	}
	return "", nil, rule.Mistake(reason("view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
}

// scopePersons is the SQL predicate for the dossiers retirement.read lets an actor see.
func scopePersons(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	where := "d.agency IN (" + store.Marks(len(by.Reach)) + ") AND d.secrecy<=?"
	args := append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
	}
	return where, args
}

// Due lists those near or over the age who were not taken up, the oldest first.
func (k *Desk) Due(ctx context.Context, by policy.Actor, view, after string, limit int) (out []Person, next string, err error) {
	table, args, err := k.candidates(by, view)
	if err != nil {
		return nil, "", err
	}
	where := ""
	if after != "" {
		c, err := parseCursor(after)
		if err != nil {
			return nil, "", err
		}
		where, args = " WHERE x.born>? OR x.born=? AND x.id>?", append(args, c.End, c.End, c.ID)
	}
	limit = min(max(limit, 1), 100)
	if out, err = k.due(ctx, k.gate.DB(), table+where, args, limit+1); err != nil {
		return nil, "", err
	}
	if len(out) > limit {
		out = out[:limit]
		next = makeCursor(out[limit-1].BornOn, out[limit-1].DossierID)
	}
	return out, next, nil
}

// due reads rows of candidates, by birth date.
func (k *Desk) due(ctx context.Context, q store.Querier, table string, args []any, limit int) (out []Person, err error) {
	rows, err := q.Query(ctx, "SELECT x.id,x.no,x.person_id,x.agency,x.born,x.sex,x.decided FROM "+table+fmt.Sprintf(" ORDER BY x.born, x.id LIMIT %d", limit), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	t := k.Table()
	var ids []string
	for rows.Next() {
		var x Person
		var sex, who string
		var decided int64
		if err := rows.Scan(&x.DossierID, &x.DossierNo, &who, &x.Agency, &x.BornOn, &sex, &decided); err != nil {
			return nil, err
		}
		x.Decided = decided == 1
		ids = append(ids, who)
		for _, g := range Groups {
			if sexOf(g) == sex {
				x.Terms = append(x.Terms, GroupTerm{g, t.Term(g, calendar.Date(x.BornOn))})
			}
		}
		slices.SortFunc(x.Terms, func(a, b GroupTerm) int { return strings.Compare(a.Statutory.String(), b.Statutory.String()) })
		out = append(out, x)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for from := 0; from < len(ids); from += 500 {
		part := ids[from:min(from+500, len(ids))]
		list, err := store.List[person.Person](ctx, q, "WHERE id IN ("+store.Marks(len(part))+")", store.Args(part)...)
		if err != nil {
			return nil, err
		}
		of := map[string]person.Person{}
		for _, p := range list {
			of[p.ID] = p
		}
		for i, id := range part {
			out[from+i].Name, out[from+i].IDNo = of[id].Name, of[id].IDNo
		}
	}
	return out, nil
}

// mostNear is how many persons one printed list names.
const mostNear = 3000

// Month is the month a day is in, as lists of it are named.
func month(day calendar.Date) string { return day.String()[:7] }

// nearRef names the printed lists of an agency and a month.
func nearRef(agency string, day calendar.Date) string {
	return "RetirementNear:" + agency + ":" + month(day)
}

// PrintNear issues the month's list of those near the age, on paper: numbered, sealed, with
// every person and their count.
func (k *Desk) PrintNear(ctx context.Context, by policy.Actor) (doc document.Document, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActPrintNear, Rules: rules}, func(tx *gate.Tx) error {
		if err := tx.Permit(List{Agency: by.Org}.Resource()); err != nil {
			return err
		}
		own := by
		own.Reach = []string{by.Org}
		table, args, err := k.candidates(own, Near)
		if err != nil {
			return err
		}
		list, err := k.due(ctx, tx, table, args, mostNear+1)
		if err != nil {
			return err
		}
		if len(list) > mostNear {
			return rule.Refuse(service("near_too_long", "", fmt.Sprintf("将到龄的超过 %d 人，不能一次打印。", mostNear), "请先受理已列名单的人，或者缩短“到龄前几个月列入名单”的参数。"))
		}
		tx.Note("month", month(tx.Today()))
		tx.Note("persons", len(list))
		doc, err = k.issueNear(tx, list)
		return err
	})
	return doc, err
}

// TermsOf is what the table says of one dossier's person, for the form that takes a case up.
func (k *Desk) TermsOf(ctx context.Context, by policy.Actor, dossierID string) (out Person, err error) {
	d, err := dossier.Get(ctx, k.gate.DB(), dossierID)
	if err != nil {
		return out, err
	}
	if err := k.gate.Allowed(by, ActOpen, Case{Agency: d.Agency}.Resource(d)); err != nil {
		return out, err
	}
	p, err := person.Get(ctx, k.gate.DB(), d.PersonID)
	if err != nil {
		return out, err
	}
	on, paper, err := born(ctx, k.gate.DB(), d, p)
	if err != nil || !on.Valid() {
		return out, err
	}
	out = Person{DossierID: d.ID, DossierNo: d.No, Name: p.Name, Agency: d.Agency, BornOn: on.String(), Decided: paper != byNumber}
	for _, g := range Groups {
		if sexOf(g) == p.Sex {
			out.Terms = append(out.Terms, GroupTerm{g, k.Table().Term(g, on)})
		}
	}
	return out, nil
}
