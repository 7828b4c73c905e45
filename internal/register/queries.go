package register

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate      *gate.Gate
	agencies  *agency.Registry
	press     *document.Press
	registers []Register
}

// New opens the room with the registers of all others, in the order of the list.
func New(g *gate.Gate, agencies *agency.Registry, press *document.Press, registers ...Register) *Desk {
	slices.SortStableFunc(registers, func(a, b Register) int { return a.No - b.No })
	return &Desk{gate: g, agencies: agencies, press: press, registers: registers}
}

// Offered lists the registers of an actor's posts.
func (k *Desk) Offered(actor policy.Actor) []Register {
	var out []Register
	for _, r := range k.registers {
		if slices.ContainsFunc(r.Posts, actor.Has) {
			out = append(out, r)
		}
	}
	return out
}

// find is an offered register; a register of other posts is not there.
func (k *Desk) find(actor policy.Actor, key string) (Register, error) {
	for _, r := range k.Offered(actor) {
		if r.Key == key {
			return r, nil
		}
	}
	return Register{}, gate.ErrHidden
}

// Page is a part of a register.
type Page struct {
	Register Register
	Rows     []Row
	Next     string
	Total    int64
	Capped   bool // there are more than were counted
}

// List reads a page of a register, the newest lines first, within the actor's scope.
func (k *Desk) List(ctx context.Context, actor policy.Actor, key string, f Filter) (p Page, err error) {
	if p.Register, err = k.find(actor, key); err != nil {
		return p, err
	}
	if err := check(p.Register, f); err != nil {
		return p, err
	}
	actor = actor.Within(f.Agency)
	limit := f.Limit
	f.Limit++
	if p.Rows, err = p.Register.list(ctx, actor, f); err != nil {
		return p, err
	}
	if len(p.Rows) > limit {
		p.Rows = p.Rows[:limit]
		p.Next = p.Rows[limit-1].Cursor()
	}
	if p.Total, err = p.Register.count(ctx, actor, f); err != nil {
		return p, err
	}
	p.Capped = p.Total >= most
	return p, k.name(ctx, p.Rows)
}

// Count counts a register's lines, up to the most that is counted.
func (k *Desk) Count(ctx context.Context, actor policy.Actor, key string, f Filter) (int64, error) {
	r, err := k.find(actor, key)
	if err != nil {
		return 0, err
	}
	return r.count(ctx, actor.Within(f.Agency), f)
}

// Lines counts as Count does, and says whether there are more than were counted.
func (k *Desk) Lines(ctx context.Context, actor policy.Actor, key string, f Filter) (n int64, more bool, err error) {
	r, err := k.find(actor, key)
	if err == nil {
		err = check(r, f)
	}
	if err != nil {
		return 0, false, err
	}
	n, err = r.count(ctx, actor.Within(f.Agency), f)
	return n, n >= most, err
}

func check(r Register, f Filter) error {
	switch {
	case !f.From.Valid() || !f.Until.Valid() || f.From > f.Until:
		return rule.Mistake(rule.Reason{Rule: "N3", Slug: "period_invalid", Field: "from", Message: "期间的起止日期不对。", Next: "请填写起止日期，起始日期不晚于截止日期。"})
	case f.State != "" && !slices.ContainsFunc(r.States, func(c Choice) bool { return c.Key == f.State }):
		return rule.Mistake(rule.Reason{Rule: "N3", Slug: "state_unknown", Field: "state", Message: "此台账没有这种状态。", Next: "请从列出的状态中选择。"})
	}
	return nil
}

// each walks a register page by page.
func (k *Desk) each(ctx context.Context, actor policy.Actor, r Register, f Filter, fn func(n int, row Row) error) error {
	actor = actor.Within(f.Agency)
	f.Limit, f.After = 500, ""
	for n := 0; ; {
		rows, err := r.list(ctx, actor, f)
		if err != nil {
			return err
		}
		if err := k.name(ctx, rows); err != nil {
			return err
		}
		for _, row := range rows {
			n++
			if err := fn(n, row); err != nil {
				return err
			}
		}
		if len(rows) < f.Limit {
			return nil
		}
		f.After = rows[len(rows)-1].Cursor()
	}
}

// numbers says how the number of a case is found, by its kind.
var numbers = map[string]string{
	"Transfer":     "SELECT id, no, '' FROM transfer WHERE id IN (%s)",
	"Consultation": "SELECT id, no, '' FROM consultation WHERE id IN (%s)",
	"Loan":         "SELECT id, no, '' FROM loan WHERE id IN (%s)",
	"Certificate":  "SELECT id, coalesce(number,''), '' FROM certificate WHERE id IN (%s)",
	"Filing":       "SELECT id, no, '' FROM filing_batch WHERE id IN (%s)",
	"Material":     "SELECT id, coalesce(intake_no,''), '' FROM material WHERE id IN (%s)",
}

// name looks up who and what a page's lines speak of, once for each table.
func (k *Desk) name(ctx context.Context, rows []Row) error {
	tree, err := k.agencies.Tree(ctx)
	if err != nil {
		return err
	}
	staff, dossiers := map[string][]string{}, map[string][]string{}
	for _, r := range rows {
		staff[r.Handler], dossiers[r.DossierID] = nil, nil
	}
	if err := k.look(ctx, "SELECT id, name, '' FROM staff WHERE id IN (%s)", staff); err != nil {
		return err
	}
	former, err := k.former(ctx, dossiers)
	if err != nil {
		return err
	}
	if err := k.look(ctx, "SELECT d.id, d.no, p.name FROM dossier d JOIN person p ON p.id=d.person_id WHERE d.id IN (%s)", dossiers); err != nil {
		return err
	}
	cases := map[string]map[string][]string{}
	for _, r := range rows {
		if kind, id, ok := strings.Cut(r.CaseRef, ":"); ok && numbers[kind] != "" {
			if cases[kind] == nil {
				cases[kind] = map[string][]string{}
			}
			cases[kind][id] = nil
		}
	}
	for kind, found := range cases {
		if err := k.look(ctx, numbers[kind], found); err != nil {
			return err
		}
	}
	for i := range rows {
		r := &rows[i]
		if kind, id, ok := strings.Cut(r.CaseRef, ":"); ok {
			if known := cases[kind][id]; known != nil && r.CaseNo == "" {
				r.CaseNo = known[0]
			}
		}
		// A register names a dossier as its agency did, wherever it went since.
		if no := former[r.DossierID+" "+r.Agency]; no != "" && r.DossierNo == "" {
			r.DossierNo = no
		}
		r.Agency = tree.Name(r.Agency)
		if r.Handler == "system" {
			r.Handler = "系统"
		} else if known := staff[r.Handler]; known != nil {
			r.Handler = known[0]
		}
		if known := dossiers[r.DossierID]; known != nil {
			if r.DossierNo == "" {
				r.DossierNo = known[0]
			}
			if r.Person == "" {
				r.Person = known[1]
			}
		}
	}
	return nil
}

// former finds the numbers that dossiers had at agencies they left, by dossier and agency.
func (k *Desk) former(ctx context.Context, dossiers map[string][]string) (map[string]string, error) {
	out := map[string]string{}
	ids := make([]string, 0, len(dossiers))
	for id := range dossiers {
		if id != "" {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := k.gate.DB().Query(ctx, "SELECT n.dossier_id, n.agency, n.no FROM dossier_number n JOIN dossier d ON d.id=n.dossier_id WHERE n.agency<>d.agency AND n.dossier_id IN ("+store.Marks(len(ids))+") ORDER BY n.until_at", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, agency, no string
		if err := rows.Scan(&id, &agency, &no); err != nil {
			return nil, err
		}
		out[id+" "+agency] = no
	}
	return out, rows.Err()
}

func (k *Desk) look(ctx context.Context, query string, found map[string][]string) error {
	delete(found, "")
	if len(found) == 0 {
		return nil
	}
	ids := make([]string, 0, len(found))
	for id := range found {
		ids = append(ids, id)
	}
	rows, err := k.gate.DB().Query(ctx, fmt.Sprintf(query, store.Marks(len(ids))), store.Args(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, a, b string
		if err := rows.Scan(&id, &a, &b); err != nil {
			return err
		}
		found[id] = []string{a, b}
	}
	return rows.Err()
}
