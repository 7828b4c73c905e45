package message

import (
	"context"
	"fmt"
	"strings"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// views of the list, with what each asks of the rows.
var views = map[string]string{
	"open":   "message.state IN ('failed','doubtful','unaddressed')",
	"queued": "message.state='queued'",
	"all":    "1=1",
}

// Listed is a message with its dossier and person.
type Listed struct {
	Message
	DossierNo, PersonName string
	Possible              []gate.Possible
}

// readers are the posts that read what was sent.
var readers = []string{"clerk", "reviewer", "head", "supervisor"}

func scope(by policy.Actor) (string, []any) {
	mine := false
	for _, post := range readers {
		mine = mine || by.Has(post)
	}
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !mine {
		return "1=0", nil
	}
	where := "message.agency IN (" + store.Marks(len(by.Reach)) + ") AND (message.dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=message.dossier_id AND d.secrecy<=?"
	args := append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
	}
	kept, who := unkept(by)
	return where + ")) AND " + kept, append(args, who)
}

// unkept leaves out the messages that are kept from an actor.
func unkept(by policy.Actor) (string, any) {
	return "(message.kept_from IS NULL OR message.kept_from NOT LIKE ?)", `%"` + by.ID + `"%`
}

// registered is the scope of the register.
func registered(by policy.Actor) (string, []any) {
	where, args := register.OfAgency("message.agency", "message.dossier_id", readers...)(by)
	kept, who := unkept(by)
	return where + " AND " + kept, append(args, who)
}

// List is a page of messages an actor may see, the newest first. after is the id of the
// last one seen; dossierID "" lists those of all dossiers.
func (k *Desk) List(ctx context.Context, by policy.Actor, view, dossierID, after string, limit int) (out []Listed, next string, err error) {
	where, args := scope(by)
	only, known := views[view]
	if !known {
		return nil, "", rule.Mistake(rule.Reason{Rule: "29.8", Slug: "view_unknown", Field: "view", Message: "没有这种视图。", Next: "请从待处理、待发送、全部中选择。"})
	}
	where += " AND " + only
	if dossierID != "" {
		where += " AND message.dossier_id=?"
		args = append(args, dossierID)
	}
	if after != "" {
		where += " AND (message.created_at, message.id)<(SELECT created_at, id FROM message WHERE id=?)"
		args = append(args, after)
	}
	list, err := store.List[Message](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY message.created_at DESC, message.id DESC LIMIT ?", append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	out, err = k.named(ctx, by, list)
	return out, next, err
}

// named adds person, dossier number and what may be done to a page of messages.
func (k *Desk) named(ctx context.Context, by policy.Actor, list []Message) ([]Listed, error) {
	ids := make([]string, 0, len(list))
	for _, m := range list {
		ids = append(ids, m.DossierID)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	dossiers, err := store.List[dossier.Dossier](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	byID, persons := map[string]dossier.Dossier{}, []string{}
	for _, d := range dossiers {
		byID[d.ID] = d
		persons = append(persons, d.PersonID)
	}
	names := map[string]string{}
	if len(persons) > 0 {
		people, err := store.List[person.Person](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(persons))+")", store.Args(persons)...)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			names[p.ID] = p.Name
		}
	}
	out := make([]Listed, len(list))
	for i, m := range list {
		d := byID[m.DossierID]
		out[i] = Listed{Message: m, DossierNo: d.No, PersonName: names[d.PersonID], Possible: []gate.Possible{}}
		if m.Unit != "" {
			out[i].PersonName = m.Unit
		}
		if m.waits() != nil {
			continue
		}
		for _, a := range [][2]string{{ActByHand, "登记人工告知"}, {ActResend, "重发"}} {
			if p, ok := k.gate.Possible(by, a[0], a[1], m.Resource(d), nil); ok && p.Refusal == nil {
				out[i].Possible = append(out[i].Possible, p)
			}
		}
	}
	return out, nil
}

// Counts counts the views; no further than the cap of counting.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for _, view := range []string{"open", "queued"} {
		where, args := scope(by)
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM message WHERE "+where+" AND "+views[view]+" LIMIT ?) AS c", append(args, k.gate.DB().CountCap)...)
		if err != nil {
			return nil, err
		}
		out[view] = n
	}
	return out, nil
}

// After is what an act left, as the screen shows it next.
func (k *Desk) After(ctx context.Context, by policy.Actor, m Message) (Listed, error) {
	list, err := k.named(ctx, by, []Message{m})
	if err != nil {
		return Listed{}, err
	}
	return list[0], nil
}

// Published is a template with the wording that holds and those before it.
type Published struct {
	Template
	Now    Wording
	Before []Wording
}

// Wordings lists the templates; they are no secret within the administration.
func (k *Desk) Wordings(ctx context.Context) ([]Published, error) {
	all, err := store.List[Wording](ctx, k.gate.DB(), "ORDER BY template, wording DESC LIMIT 1000")
	if err != nil {
		return nil, err
	}
	out := make([]Published, len(Templates))
	for i, t := range Templates {
		out[i] = Published{Template: t, Now: Wording{Template: t.Key, Text: t.Text}}
		for _, w := range all {
			switch {
			case w.Template != t.Key:
			case out[i].Now.Wording == 0:
				out[i].Now = w
			default:
				out[i].Before = append(out[i].Before, w)
			}
		}
	}
	return out, nil
}

// MayPublish says whether the actor can publish a wording.
func (k *Desk) MayPublish(by policy.Actor) bool {
	p, ok := k.gate.Possible(by, ActPublish, "发布", policy.Resource{Type: "Template"}, nil)
	return ok && p.Refusal == nil
}

// ContactOf is how the dossier's person is told, the address with its middle left out.
func (k *Desk) ContactOf(ctx context.Context, by policy.Actor, dossierID string) (way, address string, err error) {
	d, err := dossier.Get(ctx, k.gate.DB(), dossierID)
	if err != nil {
		return "", "", err
	}
	if dec := k.gate.Decide(by, ActContact, d.Resource()); dec.Hidden {
		return "", "", gate.ErrHidden
	} else if dec.Refusal != nil {
		return "", "", dec.Refusal
	}
	p, err := person.Get(ctx, k.gate.DB(), d.PersonID)
	if err != nil {
		return "", "", err
	}
	way, address, err = reach(ctx, k.gate.DB(), p)
	return way, Hide(address), err
}

// Hide leaves the first three and the last two characters of an address.
func Hide(address string) string {
	r := []rune(address)
	if len(r) < 6 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:3]) + strings.Repeat("*", len(r)-5) + string(r[len(r)-2:])
}

// Offers are the acts a dossier's page offers.
func (k *Desk) Offers(_ context.Context, _ store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	if p, ok := k.gate.Possible(by, ActContact, "登记联系方式", d.Resource(), nil); ok && p.Refusal == nil {
		return []gate.Possible{p}, nil
	}
	return nil, nil
}

// maxWork bounds what the room puts on the first page.
const maxWork = 60

// Work lists the messages that did not reach their person: somebody calls them.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	if !by.Has("clerk") {
		return nil, nil
	}
	where, args := scope(by)
	list, err := store.List[Message](ctx, k.gate.DB(), "WHERE "+where+" AND message.state IN ('failed','doubtful') ORDER BY message.created_at, message.id LIMIT ?", append(args, maxWork)...)
	if err != nil {
		return nil, err
	}
	rows, err := k.named(ctx, by, list)
	if err != nil {
		return nil, err
	}
	out := make([]work.Item, 0, len(rows)+1)
	unaddressed, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM message WHERE "+where+" AND message.state='unaddressed'", args...)
	if err != nil {
		return nil, err
	}
	if unaddressed > 0 { // one line: whoever has no number in stock would fill the page
		out = append(out, work.Item{Room: "message", Kind: "消息·" + StateName(Unaddressed), Subject: fmt.Sprintf("%d 条", unaddressed), Todo: "没有联系方式：问明后登记，或者人工告知", Link: "/messages", Action: "处理",
			Basis: "29.8", Lane: work.Todo, Since: k.gate.Now()})
	}
	for _, m := range rows {
		t, _ := Find(m.Template)
		out = append(out, work.Item{Room: "message", Kind: "消息·" + StateName(m.State), Subject: m.PersonName, SubjectNote: t.Name, DossierID: m.DossierID, Todo: "核对联系方式，人工告知或重发", Link: "/messages", Action: "处理",
			Basis: "29.8", Lane: work.Todo, Since: m.EndedAt})
	}
	return out, nil
}
