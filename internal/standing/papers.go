package standing

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// issueAcceptance gives the application its 受理回执 (29.8).
func (k *Desk) issueAcceptance(tx *gate.Tx, c Case, d dossier.Dossier, p person.Person) error {
	own, err := agency.Get(tx.Context(), tx, c.Agency)
	if err != nil {
		return err
	}
	came, err := account.CameField(tx, c.ref())
	if err != nil {
		return err
	}
	return k.press.Accept(tx, document.Draft{Agency: own, CaseRef: c.ref(), DossierID: d.ID, Addressee: p.Name, IDTail: identity.LastFour(p.IDNo)}, document.Taken{
		Fields: append([]paper.Field{{Label: "申请事项", Value: c.Kind.Name()}, {Label: "申请日期", Value: paper.Date(tx.Now())},
			{Label: "存档人", Value: p.Name}, {Label: "公民身份号码", Value: identity.Mask(p.IDNo)},
			{Label: "登记号", Value: c.No}, {Label: "查验的证件、材料", Value: c.Document}}, came...),
		Says: []string{"您的申请已受理，由申请经办以外的人员审批。不批准的，我机构将出具告知单，一次性告知理由和办理途径。"}})
}

// reasons are why a person's application was refused, as notice and register 17 say it.
func (c Case) reasons() []rule.Reason {
	id := rule.ID("2")
	switch c.Kind {
	case Category:
		id = "29.5"
	case Account:
		id = "12a"
	}
	return []rule.Reason{{Rule: id, Slug: "not_approved", Message: c.Note, Next: "请按所写理由补充依据后重新申请。"}}
}

// issueRefusal gives the applicant the notice with the reason, how to go on, and where to object.
func (k *Desk) issueRefusal(tx *gate.Tx, c Case, d dossier.Dossier) error {
	ctx := tx.Context()
	own, err := agency.Get(ctx, tx, c.Agency)
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
	maker, err := staff.Get(ctx, tx, c.Applicant)
	if err != nil {
		return err
	}
	reasons := c.reasons()
	_, err = k.press.Issue(tx, document.Draft{Kind: document.RefusalNotice, Title: "不予办理告知单", Agency: own, CaseRef: c.ref(), DossierID: d.ID, Addressee: p.Name, Form: true, Notice: document.Foot, IDTail: identity.LastFour(p.IDNo),
		Write: document.Refusal{Doing: "办理", Reasons: reasons, Next: reasons[0].Next, ObjectionDays: k.settings.Int(setting.ObjectionDays), AnswerDays: k.settings.Int(setting.ObjectionAnswer), Issuer: own, Authority: above, Handler: maker.Name, Reviewer: tx.Actor().Name, Fields: []paper.Field{
			{Label: "存档人", Value: p.Name}, {Label: "公民身份号码", Value: identity.Mask(p.IDNo)}, {Label: "档案编号", Value: d.No}, {Label: "登记号", Value: c.No},
			{Label: "申请事项", Value: c.Kind.Name()}, {Label: "申请日期", Value: calendar.Of(c.AppliedAt).Long()}}}.Write})
	return err
}

// Refusals are the reasons of refused applications, for register 17.
func Refusals(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	list, err := store.List[Case](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := map[string]string{}
	for _, c := range list {
		raw, err := json.Marshal(c.reasons())
		if err != nil {
			return nil, err
		}
		out[c.ID] = string(raw)
	}
	return out, err
}

// Reinstate opens a refused application again where it stood, inside the act that upholds the
// objection (29.8).
func Reinstate(tx *gate.Tx, id string) error {
	c, err := store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return err
	}
	if c.State != Refused {
		return rule.Refuse(rule.Reason{Rule: "29.8", Slug: "not_refused", Message: "本件没有可以恢复的不批准。", Next: "请刷新查看现在的状态。"})
	}
	c.State, c.DecidedBy, c.DecidedAt, c.Note = Asked, "", time.Time{}, ""
	if err := tx.Update(&c); errors.Is(err, store.ErrUnique) {
		return rule.Refuse(caseOpen)
	} else if err != nil {
		return err
	}
	return nil
}
