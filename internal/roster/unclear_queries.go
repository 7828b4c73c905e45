package roster

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/work"
)

// packetReaders are the posts that roster.cedar lets read unclear packets.
var packetReaders = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// packetScope holds exactly for the packets the policies let an actor read: either end in reach.
func packetScope(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(packetReaders, by.Has) {
		return "1=0", nil
	}
	in := store.Marks(len(by.Reach))
	return "(agency IN (" + in + ") OR receiver IN (" + in + "))", append(store.Args(by.Reach), store.Args(by.Reach)...)
}

// Packets lists unclear packets of an actor's agencies, those registered first, after an id.
func (d *Desk) Packets(ctx context.Context, by policy.Actor, state PacketState, after string, limit int) ([]Packet, error) {
	where, args := packetScope(by)
	if state != "" {
		where, args = where+" AND state=?", append(args, string(state))
	}
	return store.List[Packet](ctx, d.gate.DB(), "WHERE "+where+" AND id>? ORDER BY id LIMIT ?", append(args, after, limit)...)
}

// PacketCounts says how many are in each state, of as many as counting looks at.
func (d *Desk) PacketCounts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	where, args := packetScope(by)
	rows, err := d.gate.DB().Query(ctx, "SELECT state, count(*) FROM (SELECT state FROM unclear_packet WHERE "+where+" LIMIT ?) AS c GROUP BY state", append(args, d.gate.DB().CountCap)...)
	if err != nil {
		return nil, fmt.Errorf("count unclear packets: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var state string
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		out[state] = n
	}
	return out, rows.Err()
}

// Likely is a dossier that a packet may belong to, or one of several that may be one person's.
type Likely struct {
	Dossier dossier.Dossier
	Person  person.Person
	Why     string
}

// PacketPage is an unclear packet with what it may be and what may be done.
type PacketPage struct {
	Packet   Packet
	Person   Identified
	Into     *dossier.Dossier // what it was found to belong to, or became
	Likely   []Likely
	Possible []gate.Possible
}

// PacketOf reads one packet for its page.
func (d *Desk) PacketOf(ctx context.Context, by policy.Actor, id string) (out PacketPage, err error) {
	q := d.gate.DB()
	if out.Packet, err = store.Get[Packet](ctx, q, "WHERE id=?", id); err != nil {
		return out, err
	}
	p := out.Packet
	if err := d.gate.Allowed(by, "unclear.list", p.Resource()); err != nil {
		return out, err
	}
	if out.Person, err = p.Person(); err != nil {
		return out, err
	}
	if p.DossierID != "" {
		into, err := dossier.Get(ctx, q, p.DossierID)
		if err != nil {
			return out, err
		}
		if d.gate.Allowed(by, "dossier.read", into.Resource()) == nil { // 10b, 15: nothing of it to who may not read it
			out.Into = &into
		}
	}
	if p.State == Open || p.State == Proposed {
		if out.Likely, err = d.likely(ctx, p); err != nil {
			return out, err
		}
	}
	for _, a := range []struct {
		action, label string
		primary       bool
		state         PacketState
	}{
		{"unclear.propose", "提交查实结果", true, Open},
		{"unclear.confirm", "核准", true, Proposed},
		{"unclear.return", "退回", false, Proposed},
	} {
		again := a.action == "unclear.return" && p.State == Sending && p.TransferID == ""
		if p.State != a.state && !again {
			continue // what is not due now is no act that is refused
		}
		if x, ok := d.gate.Possible(by, a.action, a.label, p.Resource(), nil); ok {
			x.Primary = a.primary && x.Refusal == nil
			out.Possible = append(out.Possible, x)
		}
	}
	return out, nil
}

// likelyMost is how many dossiers are shown beside a packet.
const likelyMost = 10

// likely finds the dossiers a packet may belong to: the same number, the same name and birth date.
func (d *Desk) likely(ctx context.Context, p Packet) ([]Likely, error) {
	q := d.gate.DB()
	found := map[string]string{}
	var order []string
	add := func(list []person.Person, why string) {
		for _, x := range list {
			if found[x.ID] == "" {
				found[x.ID], order = why, append(order, x.ID)
			}
		}
	}
	if c, problem := identity.Parse(p.Written, calendar.Of(p.TakenAt)); problem == "" {
		same, err := store.List[person.Person](ctx, q, "WHERE id_ix=?", d.keys.Index(person.IndexPurpose, c.Number))
		if err != nil {
			return nil, err
		}
		add(same, "身份证号相同")
	}
	if birth := p.born(); birth != "" && p.Name != "" {
		same, err := store.List[person.Person](ctx, q, "WHERE birth_date=? AND name=? ORDER BY id LIMIT ?", birth, p.Name, likelyMost)
		if err != nil {
			return nil, err
		}
		add(same, "姓名、出生日期相同")
	}
	return d.dossiersOf(ctx, order, found)
}

// born is the birth date as the row states it, or as its wrong number still says.
func (p Packet) born() string {
	if p.BirthDate != "" {
		return p.BirthDate
	}
	n := identity.Normalize(p.Written)
	if len(n) != 18 {
		return ""
	}
	if day := calendar.Date(n[6:10] + "-" + n[10:12] + "-" + n[12:14]); day.Valid() {
		return string(day)
	}
	return ""
}

// dossiersOf reads the dossiers of persons, in their order; persons without one are left out.
func (d *Desk) dossiersOf(ctx context.Context, persons []string, why map[string]string) ([]Likely, error) {
	if len(persons) == 0 {
		return nil, nil
	}
	q := d.gate.DB()
	in, args := "("+store.Marks(len(persons))+")", store.Args(persons)
	people, err := store.List[person.Person](ctx, q, "WHERE id IN "+in, args...)
	if err != nil {
		return nil, err
	}
	dossiers, err := store.List[dossier.Dossier](ctx, q, "WHERE merged_into IS NULL AND person_id IN "+in, args...)
	if err != nil {
		return nil, err
	}
	var out []Likely
	for _, id := range persons {
		k := slices.IndexFunc(dossiers, func(x dossier.Dossier) bool { return x.PersonID == id })
		i := slices.IndexFunc(people, func(x person.Person) bool { return x.ID == id })
		if k >= 0 && i >= 0 {
			out = append(out, Likely{dossiers[k], people[i], why[id]})
		}
	}
	return out, nil
}

// Double are persons of one name and birth date, at least one of whose dossiers is in the actor's scope.
type Double struct {
	Name, BirthDate string
	Likely          []Likely
}

// Cursor is a double's place in the list.
func (d Double) Cursor() string { return d.BirthDate + "|" + d.Name }

// doubleMost is how many of one name and birth date are shown.
const doubleMost = 10

// Doubles lists persons whose names and birth dates are alike, after a place in the
// list. The index of births is walked, some groups at a time, until the page is full.
func (d *Desk) Doubles(ctx context.Context, by policy.Actor, afterDate, afterName string, limit int) ([]Double, error) {
	where, scope := dossier.Scope(by)
	if !slices.ContainsFunc(packetReaders, by.Has) {
		return []Double{}, nil
	}
	out := []Double{}
	for len(out) < limit {
		groups, err := d.alike(ctx, afterDate, afterName)
		if err != nil {
			return nil, err
		}
		for _, g := range groups {
			var own int
			if err := d.gate.DB().QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM person JOIN dossier ON dossier.person_id=person.id WHERE person.birth_date=? AND person.name=? AND "+where+" LIMIT 1) AS own",
				append([]any{g.BirthDate, g.Name}, scope...)...).Scan(&own); err != nil {
				return nil, fmt.Errorf("doubles in scope: %w", err)
			}
			if own == 0 {
				continue
			}
			same, err := store.List[person.Person](ctx, d.gate.DB(), "WHERE birth_date=? AND name=? ORDER BY id LIMIT ?", g.BirthDate, g.Name, doubleMost)
			if err != nil {
				return nil, err
			}
			ids := make([]string, len(same))
			for i, p := range same {
				ids[i] = p.ID
			}
			if g.Likely, err = d.dossiersOf(ctx, ids, nil); err != nil {
				return nil, err
			}
			if len(g.Likely) > 1 {
				out = append(out, g)
			}
			if len(out) == limit {
				return out, nil
			}
		}
		if len(groups) < doubleStretch {
			return out, nil
		}
		afterDate, afterName = groups[len(groups)-1].BirthDate, groups[len(groups)-1].Name
	}
	return out, nil
}

const doubleStretch = 100

func (d *Desk) alike(ctx context.Context, afterDate, afterName string) ([]Double, error) {
	rows, err := d.gate.DB().Query(ctx, "SELECT birth_date, name FROM person WHERE (birth_date,name)>(?,?) GROUP BY birth_date, name HAVING count(*)>1 ORDER BY birth_date, name LIMIT ?", afterDate, afterName, doubleStretch)
	if err != nil {
		return nil, fmt.Errorf("names and birth dates alike: %w", err)
	}
	defer rows.Close()
	var out []Double
	for rows.Next() {
		var g Double
		if err := rows.Scan(&g.BirthDate, &g.Name); err != nil {
			return nil, err
		}
		out = append(out, g)
	}
	return out, rows.Err()
}

// Named is the name of an import's file.
func (d *Desk) Named(ctx context.Context, id string) (string, error) {
	m, err := store.Get[Import](ctx, d.gate.DB(), "WHERE id=?", id)
	return m.FileName, err
}

// Eligible counts the rows of an import's last check or run that can be kept as unclear packets.
func (d *Desk) Eligible(ctx context.Context, id string) (n int64, err error) {
	err = d.gate.DB().QueryRow(ctx, "SELECT count(*) FROM roster_row WHERE import_id=? AND flag=3", id).Scan(&n)
	return n, store.Classify(err)
}

// packetWork lists what waits about unclear packets: those to look into as one line,
// those to approve or to receive each by itself.
func (d *Desk) packetWork(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	var out []work.Item
	sample := Packet{Agency: by.Org, State: Open}.Resource()
	if d.gate.Allowed(by, "unclear.propose", sample) == nil {
		var n int64
		var since int64
		err := d.gate.DB().QueryRow(ctx, "SELECT count(*), coalesce(min(taken_at),0) FROM (SELECT taken_at FROM unclear_packet WHERE agency=? AND state='open' LIMIT ?) AS c", by.Org, d.gate.DB().CountCap).Scan(&n, &since)
		if err != nil {
			return nil, fmt.Errorf("count unclear packets: %w", err)
		}
		if n > 0 {
			out = append(out, work.Item{Room: "unclear", Kind: "身份待核、一人多档", Subject: fmt.Sprintf("%d 袋", n), SubjectNote: "只保管，查实前不提供服务", Todo: "查实是谁的档案", Link: "/unclear",
				Action: "查实", Basis: work.Agreed, Lane: work.Todo, Since: time.UnixMicro(since).UTC()})
		}
	}
	if d.gate.Allowed(by, "unclear.confirm", sample) == nil {
		list, err := store.List[Packet](ctx, d.gate.DB(), "WHERE agency=? AND state='proposed' AND proposed_by<>? ORDER BY id LIMIT 20", by.Org, by.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			out = append(out, p.item("审核查实结果", "审核", p.ProposedAt))
		}
	}
	return out, nil
}

func (p Packet) item(todo, action string, since time.Time) work.Item {
	name := p.Name
	if name == "" {
		name = "姓名不详"
	}
	return work.Item{Room: "unclear", Kind: KindName(p.Kind), Subject: name, SubjectNote: p.No, Todo: todo, Link: "/unclear/" + p.ID, Action: action, Basis: work.Agreed, Lane: work.Todo, Since: since}
}
