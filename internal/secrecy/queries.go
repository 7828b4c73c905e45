package secrecy

import (
	"context"
	"fmt"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Listed is a change with its dossier, person and the material as the actor may name it.
type Listed struct {
	Change
	DossierNo, PersonName, Label string
}

// Views of the list.
var views = map[string]string{"asked": "secrecy_change.state='asked'", "all": "1=1"}

var readers = []string{"clerk", "reviewer", "keeper", "head"}

// scope is the SQL predicate for the changes that secrecy.read lets an actor see, in
// lists; a change of a class that closes a material is listed for who decides of it.
func scope(by policy.Actor) (string, []any) {
	may := false
	for _, post := range readers {
		may = may || by.Has(post)
	}
	if !may {
		return "1=0", nil
	}
	where, args := dossier.Scope(by)
	where = "EXISTS (SELECT 1 FROM dossier WHERE dossier.id=secrecy_change.dossier_id AND " + where + ")"
	if len(by.Reach) > 0 {
		where += " AND secrecy_change.agency IN (" + store.Marks(len(by.Reach)) + ")"
		args = append(args, store.Args(by.Reach)...)
	}
	if !by.Has("reviewer") && !by.Has("head") { // the line would say which class the neutral one is
		where += " AND NOT EXISTS (SELECT 1 FROM material WHERE material.id=secrecy_change.material_id AND material.guard IS NOT NULL)" +
			" AND NOT EXISTS (SELECT 1 FROM secrecy_change t WHERE t.id=secrecy_change.id AND t.material_id IS NOT NULL AND (t.from_class IN ('privacy','trade') OR t.to_class IN ('privacy','trade')))"
	}
	return where, args
}

// List is a page of changes, newest first. after is the id of the last one seen.
func (k *Desk) List(ctx context.Context, by policy.Actor, dossiers *dossier.Desk, view, after string, limit int) (out []Listed, next string, err error) {
	only, known := views[view]
	if !known {
		return nil, "", rule.Mistake(mistake("view_unknown", "view", "没有这种视图。", "请选择待批准或全部。"))
	}
	where, args := scope(by)
	where += " AND " + only
	if after != "" {
		where += " AND (secrecy_change.changed_at, secrecy_change.id)<(SELECT changed_at, id FROM secrecy_change WHERE id=?)"
		args = append(args, after)
	}
	rows, err := store.List[Change](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY secrecy_change.changed_at DESC, secrecy_change.id DESC LIMIT ?", append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		next = rows[limit-1].ID
	}
	out, err = k.named(ctx, by, dossiers, rows)
	return out, next, err
}

// Counts counts each view, no further than the cap of counting.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for view, only := range views {
		where, args := scope(by)
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM secrecy_change WHERE "+where+" AND "+only+" LIMIT ?) AS c", append(args, k.gate.DB().CountCap)...)
		if err != nil {
			return nil, err
		}
		out[view] = n
	}
	return out, nil
}

// named adds dossier, person and material to a page of rows.
func (k *Desk) named(ctx context.Context, by policy.Actor, dossiers *dossier.Desk, rows []Change) ([]Listed, error) {
	out := make([]Listed, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	var ids, materials []string
	for i, c := range rows {
		out[i] = Listed{Change: c, Label: "整卷"}
		ids = append(ids, c.DossierID)
		if c.MaterialID != "" {
			materials = append(materials, c.MaterialID)
		}
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].DossierNo, out[i].PersonName = heads[out[i].DossierID].No, heads[out[i].DossierID].Name
	}
	if len(materials) == 0 {
		return out, nil
	}
	found, err := store.List[dossier.Material](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(materials))+")", store.Args(materials)...)
	if err != nil {
		return nil, err
	}
	for _, m := range found {
		m = dossiers.Seen(by, m)
		for i := range out {
			if out[i].MaterialID == m.ID {
				out[i].Label = m.Label()
			}
		}
	}
	return out, nil
}

// Named is a person named to know, with the name.
type Named struct {
	Reader
	Person, By string
}

// Sheet is what is known of a dossier's secrecy: its own class, the marked materials, the
// history, who is named, and what may be done.
type Sheet struct {
	Dossier  dossier.Dossier
	Person   string
	Own      dossier.Class
	Highest  dossier.Class
	Marked   []dossier.Material
	History  []Listed
	Readers  []Named
	Possible []gate.Possible
}

// Show reads a dossier's sheet; the reading is on record.
func (k *Desk) Show(ctx context.Context, by policy.Actor, dossiers *dossier.Desk, dossierID string) (s Sheet, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		d, err := dossier.Get(ctx, tx, dossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		s.Dossier = d
		return nil
	})
	if err != nil {
		return s, err
	}
	q := k.gate.DB()
	own, err := ownLevel(ctx, q, s.Dossier)
	if err != nil {
		return s, err
	}
	s.Own, s.Highest = dossier.OfLevel(own), dossier.OfLevel(s.Dossier.Secrecy)
	if err := q.QueryRow(ctx, "SELECT name FROM person WHERE id=?", s.Dossier.PersonID).Scan(&s.Person); err != nil {
		return s, store.Classify(err)
	}
	marked, err := store.List[dossier.Material](ctx, q, "WHERE dossier_id=? AND (secrecy>0 OR guard IS NOT NULL) AND state NOT IN ('superseded','returned') ORDER BY class, seq, id LIMIT 500", dossierID)
	if err != nil {
		return s, err
	}
	for _, m := range marked {
		s.Marked = append(s.Marked, dossiers.Seen(by, m))
	}
	where, args := scope(by)
	rows, err := store.List[Change](ctx, q, "WHERE secrecy_change.dossier_id=? AND "+where+" ORDER BY secrecy_change.asked_at DESC, secrecy_change.id DESC LIMIT 200", append([]any{dossierID}, args...)...)
	if err != nil {
		return s, err
	}
	if s.History, err = k.named(ctx, by, dossiers, rows); err != nil {
		return s, err
	}
	if by.Has(staff.Head) || by.Has(staff.Reviewer) {
		if s.Readers, err = k.readersOf(ctx, dossierID); err != nil {
			return s, err
		}
	}
	var bare error
	if s.Highest == dossier.ClassNormal && len(marked) == 0 {
		bare = rule.Refuse(nothingConfined())
	}
	for _, a := range []struct {
		action, label string
		hindered      error
	}{{ActRaise, "提高密级", nil}, {ActPropose, "提出降低密级", bare}, {ActName, "指定知悉人员", bare}} {
		if p, ok := k.gate.Possible(by, a.action, a.label, s.Dossier.Resource(), a.hindered); ok {
			s.Possible = append(s.Possible, p)
		}
	}
	if Strict(s.Dossier) {
		if p, ok := k.gate.Possible(by, ActZoneMove, "移入专区", s.Dossier.Resource(), k.movable(s.Dossier)); ok {
			s.Possible = append(s.Possible, p)
		}
	}
	return s, nil
}

func (k *Desk) readersOf(ctx context.Context, dossierID string) ([]Named, error) {
	list, err := store.List[Reader](ctx, k.gate.DB(), "WHERE dossier_id=? ORDER BY named_at DESC, id LIMIT 200", dossierID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var ids []string
	for _, r := range list {
		ids = append(ids, r.StaffID, r.NamedBy)
	}
	names := map[string]string{}
	rows, err := k.gate.DB().Query(ctx, "SELECT id,name FROM staff WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	out := make([]Named, len(list))
	for i, r := range list {
		out[i] = Named{r, names[r.StaffID], names[r.NamedBy]}
	}
	return out, rows.Err()
}

// Look reads one change; the reading is on record.
func (k *Desk) Look(ctx context.Context, by policy.Actor, dossiers *dossier.Desk, id string) (l Listed, can []gate.Possible, err error) {
	var d dossier.Dossier
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		where, args := scope(by) // what lists leave out is not there for who names it either
		c, err := store.Get[Change](ctx, tx, "WHERE secrecy_change.id=? AND "+where, append([]any{id}, args...)...)
		if err != nil {
			return err
		}
		if d, err = dossier.Get(ctx, tx, c.DossierID); err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		tx.About("SecrecyChange", c.ID)
		l.Change = c
		return tx.Permit(c.Resource(d))
	})
	if err != nil {
		return l, nil, err
	}
	return k.After(ctx, by, dossiers, l.Change)
}

// After is a change as an act of the same request left it, and what may be done next.
func (k *Desk) After(ctx context.Context, by policy.Actor, dossiers *dossier.Desk, c Change) (Listed, []gate.Possible, error) {
	d, err := dossier.Get(ctx, k.gate.DB(), c.DossierID)
	if err != nil {
		return Listed{}, nil, err
	}
	list, err := k.named(ctx, by, dossiers, []Change{c})
	if err != nil {
		return Listed{}, nil, err
	}
	var can []gate.Possible
	if c.State == Asked {
		if p, ok := k.gate.Possible(by, ActDecide, "审批", c.Resource(d), nil); ok {
			p.Primary = p.Refusal == nil
			can = append(can, p)
		}
	}
	return list[0], can, nil
}

// Knows says whether an actor still knows of a dossier: who raises a class above the own
// clearance doesn't, and gets a receipt only.
func (k *Desk) Knows(ctx context.Context, by policy.Actor, dossierID string) bool {
	d, err := dossier.Get(ctx, k.gate.DB(), dossierID)
	return err == nil && k.gate.Decide(by, ActRead, d.Resource()).Allowed()
}

// Cases lists a dossier's changes for its page.
func (k *Desk) Cases(ctx context.Context, q store.Querier, by policy.Actor, dossierID string) ([]dossier.Case, error) {
	where, args := scope(by)
	rows, err := store.List[Change](ctx, q, "WHERE secrecy_change.dossier_id=? AND "+where+" ORDER BY secrecy_change.changed_at DESC, secrecy_change.id DESC LIMIT 50", append([]any{dossierID}, args...)...)
	if err != nil {
		return nil, err
	}
	out := make([]dossier.Case, len(rows))
	for i, c := range rows {
		out[i] = dossier.Case{Ref: "SecrecyChange:" + c.ID, Room: "secrecy", Kind: "定密变更", No: c.No, State: c.State, StateName: StateName(c.State), Tone: Tone(c.State), Since: calendar.Of(c.AskedAt).String(),
			Note: c.From.Name() + " → " + c.To.Name(), Link: "/secrecy/" + c.ID, Open: c.State == Asked}
	}
	return out, nil
}

// Offers is what a dossier's page says of classes.
func (k *Desk) Offers(_ context.Context, _ store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	var gone error
	if d.State == dossier.Left {
		gone = rule.Refuse(rule.Reason{Rule: "15", Slug: "dossier_left", Message: "档案已转出，不由本机构定密。", Next: "请书面告知现保管单位。"})
	}
	p, ok := k.gate.Possible(by, ActRaise, "定密与知悉", d.Resource(), gone)
	if !ok || p.Refusal != nil && gone == nil {
		return nil, nil
	}
	return []gate.Possible{p}, nil
}

const maxWork = 100

// Work lists the proposals that wait for another person's decision.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	rows, err := store.List[Change](ctx, k.gate.DB(), "WHERE "+where+fmt.Sprintf(" AND secrecy_change.state='asked' ORDER BY secrecy_change.asked_at, secrecy_change.id LIMIT %d", maxWork), args...)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	outside, zoneless, err := k.zoneWork(ctx, by)
	if err != nil {
		return nil, err
	}
	switch {
	case zoneless && len(outside) > 0 && by.Has(staff.Head):
		out = append(out, work.Item{Room: "secrecy", Kind: "涉密专区", Subject: "尚未标记专区", SubjectNote: "有须严格保管的档案", Todo: "标记专区并指定保管人员", Action: "标记", Link: "/secrecy/zones", Basis: "21b", Lane: work.Todo, Since: outside[0].ChangedAt})
	case !zoneless:
		for _, d := range outside {
			out = append(out, work.Item{Room: "secrecy", Kind: "涉密专区", Subject: d.No, SubjectNote: d.Shelfmark, DossierID: d.ID, Todo: "移入专区", Action: "移入", Link: "/dossiers/" + d.ID + "/secrecy", Basis: "21b", Lane: work.Todo, Since: d.ChangedAt})
		}
	}
	for _, c := range rows {
		item := work.Item{Room: "secrecy", Kind: "定密变更", Subject: c.No, SubjectNote: c.From.Name() + " → " + c.To.Name(), DossierID: c.DossierID, Link: "/secrecy/" + c.ID, Basis: "15", Lane: work.Todo, Since: c.AskedAt}
		switch {
		case c.AskedBy == by.ID:
			item.Todo, item.Action, item.Lane = "待负责人批准降低密级", "查看", work.Sent
		case by.Has(staff.Head):
			item.Todo, item.Action = "对照定密机关的文件，审批降低密级", "审批"
		default:
			continue
		}
		out = append(out, item)
	}
	return out, nil
}

// Registers is the register of changes (N3, 15).
func (k *Desk) Registers() []register.Register {
	posts := []string{"reviewer", "head"}
	states := []register.Choice{}
	for _, s := range []string{Done, Asked, Approved, Refused, Lapsed} {
		states = append(states, register.Choice{Key: s, Name: StateName(s)})
	}
	return []register.Register{register.Of(register.Register{Key: "secrecy", No: 22, Name: "定密变更", Rule: "15", Date: "登记日期",
		Heads: []string{"对象", "原密级", "变更为", "定密机关", "文件", "理由", "审批日期"}, Widths: []float64{12, 14, 14, 24, 28, 30, 12}, States: states, Posts: posts, Acts: []string{ActRaise, ActPropose},
		Note: "提高密级当即生效；降低密级由一人提出、另一人批准，一项一条。知悉范围以外的档案不列。"},
		register.Source[Change]{DB: func() store.Querier { return k.gate.DB() }, Scope: register.OfAgency("secrecy_change.agency", "secrecy_change.dossier_id", posts...), At: "secrecy_change.asked_at", State: "secrecy_change.state",
			Dossier: "secrecy_change.dossier_id", Numbers: []string{"secrecy_change.no"}, Place: func(c Change) (string, string) { return register.Micro(c.AskedAt), c.ID },
			Rows: func(_ context.Context, list []Change) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, c := range list {
					what, decided := "整卷", ""
					if c.MaterialID != "" {
						what = "一份材料"
					}
					if !c.DecidedAt.IsZero() {
						decided = calendar.Of(c.DecidedAt).String()
					}
					rows[i] = register.Row{On: calendar.Of(c.AskedAt).String(), Agency: c.Agency, Handler: c.AskedBy, DossierID: c.DossierID, CaseNo: c.No, State: StateName(c.State), Tone: Tone(c.State), Link: "/secrecy/" + c.ID,
						Own: []string{what, c.From.Name(), c.To.Name(), c.Organ, c.Document(), c.Reason, decided}}
				}
				return rows, nil
			}})}
}

// Need is what an account knows beside its clearance, asked as actors are made: the persons
// whose dossiers others were named to know, and the closed materials the account was named
// for. A list holds while an active head of the keeping agency stands on it; without one
// nobody could end it, and the clearance decides again.
func Need(ctx context.Context, q store.Querier, staffID string, clearance int, now time.Time) (barred, named []string, err error) {
	if named, err = texts(ctx, q, "SELECT material_id FROM secrecy_reader WHERE staff_id=? AND ended_at IS NULL AND material_id IS NOT NULL LIMIT 2000", staffID); err != nil || clearance == dossier.Open {
		return nil, named, err // who has no clearance sees none of them anyhow
	}
	at := now.UnixMicro()
	barred, err = texts(ctx, q, `SELECT DISTINCT d.person_id FROM secrecy_reader r JOIN dossier d ON d.id=r.dossier_id
 WHERE r.ended_at IS NULL AND r.material_id IS NULL AND d.secrecy>0
 AND EXISTS (SELECT 1 FROM secrecy_reader h JOIN staff s ON s.id=h.staff_id JOIN post p ON p.staff_id=s.id
  WHERE h.dossier_id=r.dossier_id AND h.material_id IS NULL AND h.ended_at IS NULL AND s.state='active' AND s.agency=d.agency
  AND p.post='head' AND p.ended_at IS NULL AND p.from_at<=? AND (p.until_at IS NULL OR p.until_at>?))
 AND NOT EXISTS (SELECT 1 FROM secrecy_reader me WHERE me.dossier_id=r.dossier_id AND me.material_id IS NULL AND me.ended_at IS NULL AND me.staff_id=?)`, at, at, staffID)
	return barred, named, err
}

func texts(ctx context.Context, q store.Querier, query string, args ...any) (out []string, err error) {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("need to know: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		out = append(out, strings.Clone(s))
	}
	return out, rows.Err()
}
