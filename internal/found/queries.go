package found

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// View is a packet's page.
type View struct {
	Packet
	Inquiries []Inquiry
	Slip      string // id of the 接收登记单
	Pictures  []Picture
	Possible  []gate.Possible
}

// Read gives a packet; on record.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		if v.Packet, err = store.Get[Packet](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		tx.About("Found", id)
		return tx.Permit(v.Resource())
	})
	if err != nil {
		return View{}, err
	}
	return k.view(ctx, by, v.Packet)
}

// After is the packet as its actor sees it after an act, which is on record itself.
func (k *Desk) After(ctx context.Context, by policy.Actor, p Packet) (View, error) {
	if err := k.gate.Allowed(by, ActRead, p.Resource()); err != nil {
		return View{}, err
	}
	return k.view(ctx, by, p)
}

func (k *Desk) view(ctx context.Context, by policy.Actor, p Packet) (v View, err error) {
	v.Packet = p
	if v.Inquiries, err = store.List[Inquiry](ctx, k.gate.DB(), "WHERE packet_id=? ORDER BY sent_on DESC, id DESC LIMIT 50", p.ID); err != nil {
		return v, err
	}
	if v.Pictures, err = picturesOf(ctx, k.gate.DB(), p.ID); err != nil {
		return v, err
	}
	papers, err := document.Of(ctx, k.gate.DB(), p.Ref())
	if err != nil {
		return v, err
	}
	for _, d := range papers {
		if d.Kind == document.FoundSlip {
			v.Slip = d.ID
		}
	}
	for _, l := range []struct{ action, label string }{{ActSeal, "二人封存"}, {ActAsk, "发函核实"}, {ActAnswer, "登记答复"}, {ActRemind, "催复"}, {ActReceive, "转接收"}, {ActJoin, "并入在档"}, {ActPicture, "上传照片、签名"}} {
		if !slices.Contains(from[l.action], p.State) {
			continue
		}
		var hindered error
		if l.action == ActRemind && len(v.Inquiries) > 0 {
			q := v.Inquiries[0]
			hindered = q.Remind(k.gate.Today())
		}
		if m, ok := k.gate.Possible(by, l.action, l.label, p.Resource(), hindered); ok {
			m.Primary = l.action != ActPicture && l.action != ActRemind && l.action != ActJoin && m.Refusal == nil
			v.Possible = append(v.Possible, m)
		}
	}
	return v, nil
}

// Filter is what the list asks for.
type Filter struct {
	View   string // waiting, verified, ended; "" all
	Cursor string // registered_at|id
	Limit  int
}

var views = map[string]string{
	"": "1=1", "waiting": "state IN ('registered','sealed','asked')", "verified": "state='verified'", "ended": "state IN ('received','joined')",
}

// posts see packets.
var posts = []string{"clerk", "reviewer", "keeper", "head", "supervisor"}

// scope is the SQL predicate for what found.read lets an actor see.
func scope(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	where, args := "found_packet.agency IN ("+store.Marks(len(by.Reach))+")", store.Args(by.Reach)
	if len(by.Persons) > 0 {
		where += " AND (found_packet.person_id IS NULL OR found_packet.person_id NOT IN (" + store.Marks(len(by.Persons)) + "))"
		args = append(args, store.Args(by.Persons)...)
	}
	return where, args
}

// List gives the packets in the actor's scope, the last registered first.
func (k *Desk) List(ctx context.Context, by policy.Actor, f Filter) (out []Packet, next string, err error) {
	part, known := views[f.View]
	if !known {
		return nil, "", rule.Mistake(reason("view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
	}
	where, args := scope(by)
	where = dossier.InOrder(by, "found_packet", where) + " AND " + part
	if f.Cursor != "" {
		at, id, ok := strings.Cut(f.Cursor, "|")
		var micro int64
		if _, err := fmt.Sscan(at, &micro); err != nil || !ok {
			return nil, "", rule.Mistake(reason("cursor", "cursor", "翻页位置无法识别。", "请从第一页重新查看。"))
		}
		where, args = where+" AND (registered_at<? OR registered_at=? AND id<?)", append(args, micro, micro, id)
	}
	limit := min(max(f.Limit, 1), 100)
	if out, err = store.List[Packet](ctx, k.gate.DB(), "WHERE "+where+fmt.Sprintf(" ORDER BY registered_at DESC, id DESC LIMIT %d", limit+1), args...); err != nil {
		return nil, "", err
	}
	if len(out) > limit {
		out = out[:limit]
		last := out[limit-1]
		next = register.Micro(last.RegisteredAt) + "|" + last.ID
	}
	return out, next, nil
}

// Counts says how many stand in each part of the list.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	where, args := scope(by)
	for name, part := range views {
		if name == "" {
			continue
		}
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM found_packet WHERE "+where+" AND "+part+" LIMIT 50000) x", args...)
		if err != nil {
			return nil, err
		}
		out[name] = n
	}
	return out, nil
}

// Work lists what waits: packets to be sealed for a second person, to be asked about,
// reminded of and received for the clerk. What nobody has answered for stays on the list.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	if where == "1=0" {
		return nil, nil
	}
	rows, err := store.List[Packet](ctx, k.gate.DB(), "WHERE state IN ('registered','sealed','asked','verified') AND agency=? AND "+where+" ORDER BY registered_at, id LIMIT 100", append([]any{by.Org}, args...)...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, p := range rows {
		ids[i] = p.ID
	}
	asked, err := store.List[Inquiry](ctx, k.gate.DB(), "WHERE result IS NULL AND packet_id IN ("+store.Marks(len(ids))+") LIMIT 100", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	due := map[string]Inquiry{}
	for _, q := range asked {
		due[q.PacketID] = q
	}
	var out []work.Item
	for _, p := range rows {
		item := work.Item{Room: "found", Kind: "个人手中档案", Subject: p.PersonName, SubjectNote: p.No, Link: "/found/" + p.ID, Lane: work.Todo, Since: p.ChangedAt, Basis: "6b"}
		q := due[p.ID]
		switch {
		case p.State == Registered && p.RegisteredBy != by.ID && slices.ContainsFunc([]string{"clerk", "reviewer", "keeper"}, by.Has):
			item.Todo, item.Action, item.DueOn = "当面清点，二人封存", "封存", calendar.Of(p.RegisteredAt).String() // the same day
		case p.State == Sealed && by.Has("clerk"):
			item.Todo, item.Action = "各类单位均已问过、未获属实答复：请报主管部门研究，再向其他知情单位发函", "发函"
			if kind := k.nextKind(ctx, p.ID); kind != "" {
				item.Todo = "发函核实：" + KindName(kind)
			}
		case p.State == Asked && by.Has("clerk"):
			item.Todo, item.Action, item.DueOn, item.Lane = "待"+q.Addressee+"答复", "登记", q.DueOn, work.Sent
			if q.DueOn < k.gate.Today().String() {
				item.Todo, item.Action, item.Lane = q.Addressee+"逾期未答复，催复", "催复", work.Todo
			}
		case p.State == Verified && by.Has("clerk"):
			item.Todo, item.Action = p.Holder+"答复属实，转接收", "接收"
		default:
			continue
		}
		out = append(out, item)
	}
	return out, nil
}

// nextKind is who is asked next: the first kind nobody of was asked yet, "" when all were.
func (k *Desk) nextKind(ctx context.Context, packet string) string {
	list, err := store.List[Inquiry](ctx, k.gate.DB(), "WHERE packet_id=? LIMIT 50", packet)
	if err != nil {
		return Kinds[0].Key
	}
	for _, kind := range Kinds {
		if !slices.ContainsFunc(list, func(q Inquiry) bool { return q.Kind == kind.Key }) {
			return kind.Key
		}
	}
	return ""
}

// Registers are the registers of this room (N3): every packet registered.
func (k *Desk) Registers() []register.Register {
	var choices []register.Choice
	for _, s := range order {
		choices = append(choices, register.Choice{Key: string(s), Name: s.Name()})
	}
	return []register.Register{register.Of(register.Register{Key: "found", No: 35, Name: "个人手中档案", Rule: "6b", Date: "登记日期", Heads: []string{"登记号", "来源、包封", "核实单位、答复", "存放位置"}, Widths: []float64{20, 24, 30, 14},
		States: choices, Posts: posts, Acts: []string{ActRegister}, Note: "个人交来或者手中查获的档案，一件一条。"},
		register.Source[Packet]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, At: "found_packet.registered_at", State: "found_packet.state", Dossier: "found_packet.dossier_id", Numbers: []string{"found_packet.no"},
			Place: func(p Packet) (string, string) { return register.Micro(p.RegisteredAt), p.ID },
			Rows: func(_ context.Context, list []Packet) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, p := range list {
					rows[i] = register.Row{On: calendar.Of(p.RegisteredAt).String(), Agency: p.Agency, Handler: p.RegisteredBy, DossierID: p.DossierID, Person: p.PersonName, State: p.State.Name(), Tone: p.State.Tone(), Link: "/found/" + p.ID,
						Own: []string{p.No, p.Came + "，" + p.Seal, strings.TrimSpace(p.Holder + " " + p.ProofNo), p.Shelf}}
				}
				return rows, nil
			}})}
}
