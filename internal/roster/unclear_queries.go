package roster

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/double"
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

// Likely is a dossier that a packet may belong to.
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
		if out.Likely, err = d.likely(ctx, by, p); err != nil {
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

// likely finds the dossiers a packet may belong to: of the same number now or before, of the same
// name, now or before, and birth date.
func (d *Desk) likely(ctx context.Context, by policy.Actor, p Packet) ([]Likely, error) {
	q := d.gate.DB()
	var out []Likely
	c := p.candidate()
	if c.IDNo != "" {
		same, err := person.ByIDNo(ctx, q, d.keys, c.IDNo)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			kept, err := double.KeptOf(ctx, q, by, []person.Person{same})
			if err != nil {
				return nil, err
			}
			if k, ok := kept[same.ID]; ok {
				out = append(out, Likely{k, same, "身份证号相同"})
			}
		}
	}
	found, err := double.Find(ctx, q, d.keys, by, []person.Candidate{c})
	if err != nil {
		return nil, err
	}
	for _, l := range found[0] {
		out = append(out, Likely{l.Dossier, l.Person, "姓名、出生日期相同"})
	}
	return out, nil
}

// candidate is whose packet it is, as far as what is written on it says.
func (p Packet) candidate() person.Candidate {
	c := person.Candidate{Name: p.Name, BirthDate: p.born()}
	if n, problem := identity.Parse(p.Written, calendar.Of(p.TakenAt)); problem == "" {
		c.IDNo = n.Number
	}
	return c
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

// Came is the packet that came on a transfer and was kept apart as a second one of its person.
func (d *Desk) Came(ctx context.Context, transferID string) (Packet, error) {
	return store.Get[Packet](ctx, d.gate.DB(), "WHERE came_on=?", transferID)
}

// Named is the name of an import's file; none of a packet that came by a transfer.
func (d *Desk) Named(ctx context.Context, id string) (string, error) {
	if id == "" {
		return "", nil
	}
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

// UnclearAt counts by agency the packets whose person is not certain yet. Where one is to go over
// to another agency it is counted where it lies.
func (d *Desk) UnclearAt(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	where, args := packetScope(by)
	if where == "1=0" {
		return nil, nil
	}
	rows, err := d.gate.DB().Query(ctx, "SELECT agency, count(*) FROM unclear_packet WHERE "+where+" AND state<>'resolved' AND agency IN ("+store.Marks(len(by.Reach))+") GROUP BY agency", append(args, store.Args(by.Reach)...)...)
	if err != nil {
		return nil, fmt.Errorf("count unclear packets by agency: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var agency string
		var n int64
		if err := rows.Scan(&agency, &n); err != nil {
			return nil, err
		}
		out[agency] = n
	}
	return out, rows.Err()
}
