package intake

import (
	"context"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// posts see records.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// scope is the SQL predicate for what intake.read lets an actor see: post, reach, recusal
// with need to know, and clearance.
func scope(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	where := "intake.agency IN (" + store.Marks(len(by.Reach)) + ") AND (intake.dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=intake.dossier_id AND d.secrecy<=?))"
	args := append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 {
		where += " AND (intake.person_id IS NULL OR intake.person_id NOT IN (" + store.Marks(len(by.Persons)) + "))"
		args = append(args, store.Args(by.Persons)...)
	}
	return where, args
}

// Get reads a record for the room's own use, and for the face that must know its matter.
func (k *Desk) Get(ctx context.Context, id string) (Case, error) {
	return store.Get[Case](ctx, k.gate.DB(), "WHERE id=?", id)
}

// View is a record's page.
type View struct {
	Case
	Possible []gate.Possible
	// Form says that the actor may take the application in: the form is filled with it.
	Form  bool
	Files []File
	// KeptHere: the agency keeps the dossier it is about.
	KeptHere bool
}

// Read gives a record; on record.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		if v.Case, err = store.Get[Case](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		if v.DossierID != "" {
			tx.About("Dossier", v.DossierID)
		}
		secrecy, err := v.secrecy(ctx, tx)
		if err != nil {
			return err
		}
		return tx.Permit(v.Resource(secrecy))
	})
	if err != nil {
		return View{}, err
	}
	return k.After(ctx, by, v.Case)
}

// After is a record as its actor sees it after an act.
func (k *Desk) After(ctx context.Context, by policy.Actor, c Case) (View, error) {
	var d dossier.Dossier
	if c.DossierID != "" {
		var err error
		if d, err = dossier.Get(ctx, k.gate.DB(), c.DossierID); err != nil {
			return View{}, err
		}
	}
	r := c.Resource(d.Secrecy)
	if err := k.gate.Allowed(by, ActRead, r); err != nil {
		return View{}, err
	}
	v := View{Case: c, KeptHere: d.ID != "" && d.Agency == c.Agency && d.State != dossier.Left}
	if c.Sender != "" {
		var err error
		if v.Files, err = Files(ctx, k.gate.DB(), c.ID); err != nil {
			return View{}, err
		}
	}
	offer := func(action, label string, primary bool, states ...string) {
		if !slices.Contains(states, c.State) {
			return
		}
		if p, ok := k.gate.Possible(by, action, label, r, nil); ok {
			p.Primary = primary
			v.Possible = append(v.Possible, p)
		}
	}
	offer(ActRecord, map[bool]string{true: "受理", false: "继续受理"}[c.State == Sent], true, Sent, Completing, Returned)
	offer(ActAsk, map[bool]string{true: "仍未补齐", false: "一次性告知补正"}[c.Told], false, Sent)
	offer(ActRefuse, "不予办理", true, Proposed)
	offer(ActReturn, "退回受理", false, Proposed)
	offer(ActWithdraw, "撤回", false, open...)
	v.Form = slices.ContainsFunc(v.Possible, func(p gate.Possible) bool { return p.Action == ActRecord && p.Refusal == nil })
	return v, nil
}

// Views of the list.
var views = map[string]string{
	"sent": "state='sent'", "proposed": "state='proposed'", "completing": "state='completing'", "returned": "state='returned'", "refused": "state='refused'",
	"ended": "state IN ('taken','lapsed','withdrawn')", "": "1=1",
}

// List is a page of records an actor may see, the newest first, before an id.
func (k *Desk) List(ctx context.Context, by policy.Actor, view, before string, limit int) (list []Case, next string, err error) {
	only, known := views[view]
	if !known {
		return nil, "", rule.Mistake(reason("28", "view_unknown", "view", "没有这一栏。", "请从页面所列各栏中选择。"))
	}
	where, args := scope(by)
	where += " AND " + only
	if before != "" {
		where, args = where+" AND intake.id<?", append(args, before)
	}
	list, err = store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY intake.id DESC LIMIT ?", append(args, limit+1)...)
	if err == nil && len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, err
}

// Counts counts each view; no further than the cap of counting.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for view, only := range views {
		if view == "" {
			continue
		}
		where, args := scope(by)
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM intake WHERE "+where+" AND "+only+" LIMIT ?) AS c", append(args, k.gate.DB().CountCap)...)
		if err != nil {
			return nil, err
		}
		out[view] = n
	}
	return out, nil
}

// Work lists what waits: a decision for who reviews, what is to be taken in for the clerk,
// and what is waited for.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := scope(by)
	if where == "1=0" {
		return nil, nil
	}
	var states []string
	if by.Has("reviewer") || by.Has("head") {
		states = append(states, Proposed)
	}
	if by.Has("clerk") {
		states = append(states, Sent, Returned, Completing)
	}
	if len(states) == 0 {
		return nil, nil
	}
	list, err := store.List[Case](ctx, k.gate.DB(), "WHERE "+where+" AND intake.agency=? AND state IN ("+store.Marks(len(states))+") AND (state<>'proposed' OR recorded_by<>?) ORDER BY due_on, id LIMIT 100",
		append(append(append(args, by.Org), store.Args(states)...), by.ID)...)
	if err != nil {
		return nil, err
	}
	out := make([]work.Item, len(list))
	for i, c := range list {
		it := work.Item{Room: "intake", Kind: "受理·" + c.MatterName(), Subject: c.Name, SubjectNote: c.No, DossierID: c.DossierID, Link: "/intakes/" + c.ID, Lane: work.Todo, Since: c.ChangedAt, DueOn: c.DueOn, Basis: "29.8"}
		switch c.State {
		case Proposed:
			it.Todo, it.Action = "审核拟不予办理的申请", "审核"
		case Sent:
			it.Todo, it.Action = map[bool]string{true: "网上补正的，查看后受理", false: "网上申请，查看后受理"}[c.Told], "查看"
		case Returned:
			it.Todo, it.Action = "应予受理，继续办理", "受理"
		case Completing:
			it.Lane, it.Todo, it.Action = work.Sent, "等待申请人补正", "查看"
		}
		out[i] = it
	}
	return out, nil
}

// Refusals gives what applications were refused for, for the register of 不予办理.
func Refusals(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	list, err := store.List[Case](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := map[string]string{}
	for _, c := range list {
		out[c.ID] = c.Reasons
	}
	return out, err
}

// Registers are the registers of this room (N3).
func (k *Desk) Registers() []register.Register {
	choices := make([]register.Choice, 0, len(stateNames))
	for _, s := range []string{Sent, Completing, Proposed, Returned, Refused, Taken, Lapsed, Withdrawn} {
		choices = append(choices, register.Choice{Key: s, Name: stateNames[s].name})
	}
	return []register.Register{register.Of(register.Register{Key: "intakes", No: 38, Name: "网上申请、补正告知、不予受理", Elsewhere: true, Rule: "29.8", Date: "登记日期", Heads: []string{"收件编号", "申请事项", "申请人", "补正内容或理由", "期限、结果"}, Widths: []float64{22, 10, 16, 30, 20},
		States: choices, Posts: posts, Table: Case{}.Table(), Note: "网上申请和未能当场受理的申请，一件一条：一次性告知补正的、拟不予办理的，及其结果。"},
		register.Source[Case]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, At: "intake.recorded_at", State: "intake.state", Dossier: "intake.dossier_id", Numbers: []string{"intake.no", "intake.notice_no"},
			Place: func(c Case) (string, string) { return register.Micro(c.RecordedAt), c.ID },
			Rows: func(_ context.Context, list []Case) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, c := range list {
					name, tone := c.StateName(k.gate.Today())
					term := c.DueOn
					if c.EndedOn != "" {
						term = c.EndedOn + "办结"
					}
					if c.NoticeNo != "" {
						term += "，" + c.NoticeNo
					}
					var why []string
					for _, r := range c.Why() {
						why = append(why, r.Message)
					}
					rows[i] = register.Row{On: calendar.Of(c.RecordedAt).String(), Agency: c.Agency, Handler: c.RecordedBy, DossierID: c.DossierID, State: name, Tone: tone, Link: "/intakes/" + c.ID,
						Own: []string{c.No, c.MatterName(), c.Applicant, strings.Join(why, ""), term}}
				}
				return rows, nil
			}})}
}
