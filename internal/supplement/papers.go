package supplement

import (
	"context"
	"encoding/json"
	"errors"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/mandate"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// form is what both papers of an application for a longer term begin with.
func (o Owed) form(d dossier.Dossier, p person.Person, until string, asked calendar.Date) []paper.Field {
	return []paper.Field{{Label: "申请事项", Value: "延期补充材料"}, {Label: "申请日期", Value: asked.Long()},
		{Label: "存档人", Value: p.Name}, {Label: "公民身份号码", Value: identity.Mask(p.IDNo)},
		{Label: "档案编号", Value: d.No}, {Label: "应补充的材料", Value: o.Title},
		{Label: "现在的期限", Value: calendar.Date(o.DueOn).Long()}, {Label: "申请延至", Value: calendar.Date(until).Long()}}
}

// draft is what every paper of a supplement has.
func (o Owed) draft(own agency.Agency, d dossier.Dossier, p person.Person) document.Draft {
	return document.Draft{Agency: own, CaseRef: o.Ref(), DossierID: d.ID, Addressee: p.Name, IDTail: identity.LastFour(p.IDNo)}
}

// accept gives an application for a longer term its 受理回执 (29.8). One that was answered before
// has its end: its slip is replaced, so that nobody looks for that end again.
func (k *Desk) accept(tx *gate.Tx, o Owed, d dossier.Dossier, agent *mandate.Mandate) error {
	own, err := agency.Get(tx.Context(), tx, d.Agency)
	if err != nil {
		return err
	}
	p, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	if err := replaced(tx, o); err != nil {
		return err
	}
	fields := o.form(d, p, o.AskedUntil, tx.Today())
	if agent != nil {
		fields = append(fields, paper.Field{Label: "代办人", Value: agent.For() + "，委托书 " + agent.No, Wide: true})
	}
	return k.press.Accept(tx, o.draft(own, d, p), document.Taken{To: p.Name, Fields: append(fields, paper.Field{Label: "延期理由", Value: o.AskedWhy, Wide: true}),
		Says: []string{"您的申请已受理，由申请经办以外的人员审批；同意的，期限改为所申请的日期，只延一次。不同意的，我机构将出具不予办理告知单，写明理由、依据和提出异议的办法。审批期间档案照常保管，不退回。"}})
}

// replaced takes the slip of an earlier application out of what is looked after.
func replaced(tx *gate.Tx, o Owed) error {
	papers, err := document.Of(tx.Context(), tx, o.Ref())
	if err != nil {
		return err
	}
	for _, p := range papers {
		if p.Kind != document.Acceptance || p.State != document.Issued {
			continue
		}
		if err := document.SetState(tx, p.ID, document.Superseded); err != nil {
			return err
		}
	}
	return nil
}

// denial is why a longer term was not agreed to, as notice and register 17 say it.
func (o Owed) denial(note string) []rule.Reason {
	return []rule.Reason{reason(o.under(), "extension_denied", "", note, "期限不变，请在"+calendar.Date(o.DueOn).Long()+"前补充；有新的情况的，可以写明理由重新申请一次，确无此材料的，凭形成单位的书面说明办结。")}
}

// issueRefusal gives the person the notice with the reason, how to go on, and where to object (29.8).
// was is the application as it stood.
func (k *Desk) issueRefusal(tx *gate.Tx, was Owed, d dossier.Dossier, note string) error {
	ctx := tx.Context()
	own, err := agency.Get(ctx, tx, d.Agency)
	if err != nil {
		return err
	}
	var above agency.Agency
	if own.Parent != "" {
		if above, err = agency.Get(ctx, tx, own.Parent); err != nil {
			return err
		}
	}
	p, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return err
	}
	asker, err := staff.Get(ctx, tx, was.AskedBy)
	if err != nil {
		return err
	}
	asked, err := last(ctx, tx, was.ID, ActAsk)
	if err != nil {
		return err
	}
	reasons := was.denial(note)
	draft := was.draft(own, d, p)
	draft.Kind, draft.Title, draft.Form, draft.Notice = document.RefusalNotice, "不予办理告知单", true, document.Foot
	draft.Write = document.Refusal{Doing: "办理", Reasons: reasons, Next: reasons[0].Next, ObjectionDays: k.settings.Int(setting.ObjectionDays), AnswerDays: k.settings.Int(setting.ObjectionAnswer),
		Issuer: own, Authority: above, Handler: asker.Name, Reviewer: tx.Actor().Name, Fields: was.form(d, p, was.AskedUntil, calendar.Of(asked.At))}.Write
	_, err = k.press.Issue(tx, draft)
	return err
}

// last is the newest step of a kind.
func last(ctx context.Context, q store.Querier, id, kind string) (Step, error) {
	return store.Get[Step](ctx, q, "WHERE supplement_id=? AND kind=? ORDER BY at DESC, id DESC LIMIT 1", id, kind)
}

// Refusals are the reasons for which longer terms were not agreed to, for register 17.
func Refusals(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	list, err := store.List[dossier.Supplement](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	steps, err := store.List[Step](ctx, q, "WHERE kind='"+ActDeny+"' AND supplement_id IN ("+store.Marks(len(ids))+") ORDER BY at, id", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	note := map[string]string{}
	for _, s := range steps {
		note[s.SupplementID] = s.Note
	}
	out := map[string]string{}
	for _, s := range list {
		raw, err := json.Marshal(Owed{s}.denial(note[s.ID]))
		if err != nil {
			return nil, err
		}
		out[s.ID] = string(raw)
	}
	return out, nil
}

// Reinstate puts an application for a longer term before who decides again, inside the act that
// upholds the objection to its 不予办理 (29.8). What it asked for stands in its step: the
// supplement itself forgot it when it was denied.
func Reinstate(tx *gate.Tx, id string) error {
	o, err := load(tx, id)
	if err != nil {
		return err
	}
	d, err := dossier.Get(tx.Context(), tx, o.DossierID)
	if err != nil {
		return err
	}
	asked, err := last(tx.Context(), tx, id, ActAsk)
	if errors.Is(err, store.ErrNotFound) {
		return rule.Refuse(notDenied)
	} else if err != nil {
		return err
	}
	if err := o.Reinstate(asked, tx.Today()); err != nil {
		return err
	}
	if err := tx.Update(&o.Supplement); err != nil {
		return err
	}
	s := Step{ID: gate.NewID(), SupplementID: o.ID, DossierID: o.DossierID, Kind: stepReinstated, At: tx.Now(), MadeBy: tx.Actor().ID, DueOn: o.DueOn, UntilOn: o.AskedUntil}
	if err := tx.Insert(s); err != nil {
		return err
	}
	return inform(tx, o, d, d.Agency, "head", "异议成立，延期申请恢复审批", "主管部门认定不同意延期的理由不成立，请由申请经办以外的人员重新审批。")
}
