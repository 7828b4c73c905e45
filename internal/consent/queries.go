package consent

import (
	"context"
	"slices"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/ledger"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// View is a consent with its questions, who asks, and the answers if they were made.
type View struct {
	Consent
	Requester Requester
	Questions []Question
	Answers   []Answer
}

// Answered is the answer to a question of a view.
func (v View) Answered(question string) (Answer, bool) {
	i := slices.IndexFunc(v.Answers, func(a Answer) bool { return a.QuestionID == question })
	if i < 0 {
		return Answer{}, false
	}
	return v.Answers[i], true
}

func viewOf(ctx context.Context, q store.Querier, c Consent) (v View, err error) {
	v.Consent = c
	if v.Requester, err = store.Get[Requester](ctx, q, "WHERE id=?", c.RequesterID); err != nil {
		return v, err
	}
	if v.Questions, err = questionsOf(ctx, q, c.ID); err != nil {
		return v, err
	}
	v.Answers, err = answersOf(ctx, q, c.ID)
	return v, err
}

// own is the SQL predicate for the consents an actor from outside has a part in; staff have none.
func own(by policy.Actor) (string, []any) {
	switch by.Kind {
	case policy.Requester:
		return "requester_id=?", []any{by.ID}
	case policy.Citizen:
		return "subject=?", []any{by.ID}
	}
	return "1=0", nil
}

// Get is a consent of an actor from outside. A requester is told no answer of a consent that is
// no longer in force.
func (k *Desk) Get(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	where, args := own(by)
	c, err := store.Get[Consent](ctx, k.gate.DB(), "WHERE id=? AND "+where, append([]any{id}, args...)...)
	if err != nil {
		return v, err
	}
	if v, err = viewOf(ctx, k.gate.DB(), c); err == nil && by.Kind == policy.Requester && c.On(k.gate.Today()) != Granted {
		v.Answers = nil
	}
	return v, err
}

// List lists an outside actor's consents, the last first.
func (k *Desk) List(ctx context.Context, by policy.Actor, cursor string, limit int) (out []View, next string, err error) {
	where, args := own(by)
	if cursor != "" {
		where, args = where+" AND id<?", append(args, cursor)
	}
	q := k.gate.DB()
	list, err := store.List[Consent](ctx, q, "WHERE "+where+" ORDER BY id DESC LIMIT ?", append(args, limit+1)...)
	if err != nil || len(list) == 0 {
		return nil, "", err
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	ids, from := make([]string, len(list)), make([]string, len(list))
	for i, c := range list {
		ids[i], from[i] = c.ID, c.RequesterID
	}
	requesters, err := store.List[Requester](ctx, q, "WHERE id IN ("+store.Marks(len(from))+")", store.Args(from)...)
	if err != nil {
		return nil, "", err
	}
	questions, err := store.List[Question](ctx, q, "WHERE consent_id IN ("+store.Marks(len(ids))+") ORDER BY no", store.Args(ids)...)
	if err != nil {
		return nil, "", err
	}
	for _, c := range list {
		v := View{Consent: c}
		for _, r := range requesters {
			if r.ID == c.RequesterID {
				v.Requester = r
			}
		}
		for _, x := range questions {
			if x.ConsentID == c.ID {
				v.Questions = append(v.Questions, x)
			}
		}
		out = append(out, v)
	}
	return out, next, nil
}

// Entry is the ledger's entry of a consent's answers, for the requester while the consent is in
// force and for the person at any time.
func (k *Desk) Entry(ctx context.Context, by policy.Actor, id string) (ledger.Entry, error) {
	v, err := k.Get(ctx, by, id)
	if err != nil {
		return ledger.Entry{}, err
	}
	if len(v.Answers) == 0 {
		return ledger.Entry{}, rule.Refuse(reason("N2", "not_answered", "", "这次核验还没有答复，或者已经不再有效，没有存证凭证。", "请在本人同意的期限内取得答复后再取凭证。"))
	}
	return ledger.EntryOf(ctx, k.gate.DB(), v.EntryID)
}

// Possible says what a person may do with a consent.
func (k *Desk) Possible(by policy.Actor, c Consent) (out []gate.Possible) {
	if by.Kind != policy.Citizen {
		return nil
	}
	var acts []struct{ action, label string }
	switch c.On(k.gate.Today()) {
	case Asked:
		acts = []struct{ action, label string }{{ActGrant, "同意"}, {ActDecline, "不同意"}}
	case Granted:
		acts = []struct{ action, label string }{{ActRevoke, "撤回同意"}}
	}
	for _, a := range acts {
		if p, ok := k.gate.Possible(by, a.action, a.label, c.resource(), nil); ok {
			p.Primary = a.action == ActGrant
			out = append(out, p)
		}
	}
	return out
}

// ByKey finds the requester of a key; store.ErrNotFound for any other key.
func (k *Desk) ByKey(ctx context.Context, key string) (Requester, error) {
	return store.Get[Requester](ctx, k.gate.DB(), "WHERE key_digest=?", digestOf(key))
}

// Self is the requester that an actor of this room is.
func (k *Desk) Self(ctx context.Context, by policy.Actor) (Requester, error) {
	return store.Get[Requester](ctx, k.gate.DB(), "WHERE id=?", by.ID)
}

// Today is the day on which the room stands.
func (k *Desk) Today() calendar.Date { return k.gate.Today() }

// readers see who may ask.
var readers = []string{"supervisor", "secadmin"}

func scope(table string, by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(readers, by.Has) {
		return "1=0", nil
	}
	return table + ".agency IN (" + store.Marks(len(by.Reach)) + ")", store.Args(by.Reach)
}

// Requesters lists who may ask, those in force first, a page at a time.
func (k *Desk) Requesters(ctx context.Context, by policy.Actor, cursor string, limit int) (out []Requester, next string, err error) {
	where, args := scope("requester", by)
	if cursor != "" {
		where, args = where+" AND id<?", append(args, cursor)
	}
	out, err = store.List[Requester](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY id DESC LIMIT ?", append(args, limit+1)...)
	if len(out) > limit {
		out = out[:limit]
		next = out[limit-1].ID
	}
	return out, next, err
}

// OfRequester says what a member of staff may do with a requester.
func (k *Desk) OfRequester(ctx context.Context, by policy.Actor, r Requester) (out []gate.Possible, err error) {
	if r.EndedBy != "" {
		return nil, nil
	}
	top, err := k.top(ctx, k.gate.DB(), r.Agency)
	if err != nil {
		return nil, err
	}
	add := func(action, label string) {
		if p, ok := k.gate.Possible(by, action, label, r.resource(top), nil); ok {
			p.Primary = action == ActConfirm
			out = append(out, p)
		}
	}
	if r.ConfirmedBy == "" {
		add(ActConfirm, "确认")
	}
	add(ActRenew, "换发密钥")
	add(ActEnd, "停用")
	return out, nil
}

// MayRegister says whether an actor may register a requester.
func (k *Desk) MayRegister(ctx context.Context, by policy.Actor) (out []gate.Possible, err error) {
	top, err := k.top(ctx, k.gate.DB(), by.Org)
	if err != nil {
		return nil, err
	}
	if p, ok := k.gate.Possible(by, ActRegister, "登记核验单位", Requester{Agency: by.Org}.resource(top), nil); ok {
		out = append(out, p)
	}
	return out, nil
}

// Work are the registrations that wait for another person.
func (k *Desk) Work(ctx context.Context, by policy.Actor) (out []work.Item, err error) {
	if !slices.ContainsFunc(readers, by.Has) {
		return nil, nil
	}
	list, err := store.List[Requester](ctx, k.gate.DB(), "WHERE agency=? AND confirmed_by IS NULL AND ended_by IS NULL AND registered_by<>? ORDER BY id LIMIT 20", by.Org, by.ID)
	for _, r := range list {
		out = append(out, work.Item{Room: "consent", Kind: "核验单位", Subject: r.Name, SubjectNote: r.Basis, Link: "/requesters", Lane: work.Todo, Since: r.RegisteredAt, Basis: "N2", Todo: "核对单位和依据", Action: "确认"})
	}
	return out, err
}
