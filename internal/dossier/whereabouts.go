package dossier

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/mandate"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Question is a person's "where is my dossier?" at the window.
type Question struct {
	Agency   string // whose window
	Name     string
	IDNo     string
	Document string // identity paper seen: 居民身份证, 社会保障卡 …
	Contact  string // where the asker is reached, should the window find nothing
	Print    bool
	// Agent asks for the person, on a mandate.
	Agent   bool
	Mandate string
	// IntakeID is the record of a question whose papers had to be completed first (29.8).
	IntakeID string
}

// Applications is what the records of applications do for a question: what an objection that held
// set aside is passed, and the record ends with the answer.
type Applications struct {
	Waive func(tx *gate.Tx, id string) (func(error) error, error)
	Take  func(tx *gate.Tx, id string, index []byte, ref string) error
	// HandOver has a question about a dossier that is concealed from who took it in answered by
	// those who are cleared at its keeper.
	HandOver func(tx *gate.Tx, personID string, q Inquiry, office string, self bool) error
}

// reachable says whether somebody can be told something there: a mobile number, or a mailbox.
func reachable(contact string) bool {
	contact = strings.TrimSpace(contact)
	if at := strings.Index(contact, "@"); at > 0 {
		return strings.Contains(contact[at:], ".") && !strings.ContainsAny(contact, " ，,;；")
	}
	return len(contact) == 11 && contact[0] == '1' && strings.Trim(contact, "0123456789") == ""
}

func (n Question) check(today calendar.Date) (string, error) {
	var out []rule.Reason
	add := func(field, message, next string) {
		out = append(out, rule.Reason{Rule: "12b", Slug: "inquiry_" + field, Field: field, Message: message, Next: next})
	}
	c, problem := identity.Parse(n.IDNo, today)
	if problem != "" {
		add("idNo", "身份证号"+identity.ProblemText(problem)+"。", "请照证件核对。")
	}
	if strings.TrimSpace(n.Name) == "" {
		add("name", "姓名不能为空。", "请照证件填写。")
	}
	if n.Contact != "" && !reachable(n.Contact) {
		add("contact", "联系方式不是手机号，也不是邮箱地址。", "请核对 11 位手机号或邮箱；不留的可以不填。")
	}
	if err := mistakes(out); err != nil {
		return "", err
	}
	if strings.TrimSpace(n.Document) == "" {
		return "", rule.Complete(rule.Reason{Rule: "12b", Slug: "inquiry_document", Field: "document", Message: "没有出示有效证件。", Next: "请带居民身份证、社会保障卡等有效证件到窗口；代办的，带委托书和双方证件。"})
	}
	return c.Number, nil
}

// Whereabouts answers a person present where the dossier is, wherever in the
// province it is kept: the keeper, its telephone and what is going on, never the
// shelf. Question and answer stay on record. A dossier that is concealed from the clerk is
// answered as one that is not there, and handed to who is cleared at its keeper (15): they
// answer the person.
func (k *Desk) Whereabouts(ctx context.Context, by policy.Actor, n Question) (out Inquiry, slip document.Document, err error) {
	today := k.gate.Today()
	idNo, err := n.check(today)
	if err != nil {
		return out, slip, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "dossier.whereabouts", Rules: []rule.ID{"7.4"}}, func(tx *gate.Tx) error {
		out = Inquiry{ID: gate.NewID(), Version: 1, Agency: n.Agency, Name: strings.TrimSpace(n.Name), IDNo: idNo, IDIndex: k.keys.Index(person.IndexPurpose, idNo),
			Asker: "本人", Document: strings.TrimSpace(n.Document), Contact: strings.TrimSpace(n.Contact), ByStaff: by.ID, At: tx.Now()}
		r := policy.Resource{Type: "Inquiry", ID: out.ID, Agencies: []string{n.Agency}, Attrs: map[string]any{}}
		p, err := person.ByIDNo(ctx, tx, k.keys, idNo)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		known, hidden := err == nil, false
		if known {
			if hidden, err = person.Concealed(ctx, tx, by, p.ID); err != nil {
				return err
			}
			known = !hidden
		}
		if known {
			r.Attrs["person"] = p.ID
		}
		if err := tx.Permit(r); err != nil {
			return err
		}
		if known && plainName(p.Name) != plainName(n.Name) && !strings.Contains("、"+p.FormerNames+"、", "、"+strings.TrimSpace(n.Name)+"、") {
			return rule.Mistake(rule.Reason{Rule: "12b", Slug: "inquiry_name", Field: "name", Message: "姓名与登记的不一致。", Next: "请照证件核对姓名；曾更名的请出示更名证明。"})
		}
		if n.Agent || n.Mandate != "" {
			waive, err := k.Applications.Waive(tx, n.IntakeID)
			if err != nil {
				return err
			}
			m, err := mandate.Rest(tx, mandate.Application{MandateID: n.Mandate, Matter: mandate.Whereabouts, Ref: "Inquiry:" + out.ID, Principal: [][]byte{out.IDIndex}, Agencies: []string{n.Agency}, Waive: waive})
			if err != nil {
				return err
			}
			out.Asker = "代办人" + m.Agent + "，" + m.Cite()
		}
		if err := k.Applications.Take(tx, n.IntakeID, out.IDIndex, "Inquiry:"+out.ID); err != nil {
			return err
		}
		office, err := agency.Get(ctx, tx, n.Agency)
		if err != nil {
			return err
		}
		if out.Answer, out.DossierID, err = k.answer(tx, p, known); err != nil {
			return err
		}
		if out.DossierID != "" {
			tx.About("Dossier", out.DossierID)
		}
		seq, err := tx.Number(fmt.Sprintf("%s/去向/%d", n.Agency, today.Year()))
		if err != nil {
			return err
		}
		out.No = fmt.Sprintf("QX-%s-%d-%05d", n.Agency, today.Year(), seq)
		if n.Print {
			if slip, err = k.answerPaper(tx, office, out); err != nil {
				return err
			}
			out.Paper = slip.ID
		}
		if err := tx.Insert(out); err != nil || !hidden {
			return err
		}
		return k.Applications.HandOver(tx, p.ID, out, office.Name, !n.Agent && n.Mandate == "")
	})
	return out, slip, err
}

// answer says in words where a person's dossier is.
func (k *Desk) answer(tx *gate.Tx, p person.Person, known bool) (text, dossierID string, err error) {
	const nowhere = "截至今日，本窗口没有查到可以当场答复的存档记录。档案可能仍在毕业学校、原工作单位或外省市存档机构，请向其查询；需要时我机构可开具调档函。您确认档案在本市存档的，请留下联系方式，由负责的机构核实后与您联系。"
	if !known {
		return nowhere, "", nil
	}
	d, err := store.Get[Dossier](tx.Context(), tx, "WHERE person_id=?", p.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nowhere, "", nil
	} else if err != nil {
		return "", "", err
	}
	keeper, err := agency.Get(tx.Context(), tx, d.Agency)
	if err != nil {
		return "", "", err
	}
	contact := ""
	if keeper.Phone != "" {
		contact = "，咨询电话 " + keeper.Phone
	}
	switch d.State {
	case Left:
		return fmt.Sprintf("您的档案已由%s转出本市，请向接收单位查询%s。", keeper.Name, contact), d.ID, nil
	case InTransit:
		return fmt.Sprintf("您的档案由%s寄出，正在转递途中%s。", keeper.Name, contact), d.ID, nil
	case Leaving:
		return fmt.Sprintf("您的档案在%s保管，正在办理转出%s。", keeper.Name, contact), d.ID, nil
	case Lent:
		return fmt.Sprintf("您的档案由%s保管，现经批准借阅在外%s。", keeper.Name, contact), d.ID, nil
	case Arriving:
		return fmt.Sprintf("您的档案已到%s，正在核对%s。", keeper.Name, contact), d.ID, nil
	}
	return fmt.Sprintf("您的档案在%s保管，档案编号 %s%s。", keeper.Name, d.No, contact), d.ID, nil
}

func (k *Desk) answerPaper(tx *gate.Tx, office agency.Agency, out Inquiry) (document.Document, error) {
	return k.Press.Issue(tx, document.Draft{Kind: document.Whereabouts, Agency: office, CaseRef: "Inquiry:" + out.ID, DossierID: out.DossierID, Addressee: out.Name, IDTail: identity.LastFour(out.IDNo), Form: true, Notice: document.Foot,
		Write: func(doc *paper.Document, i issue) {
			doc.Fields(2, paper.Field{Label: "姓名", Value: out.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(out.IDNo)},
				paper.Field{Label: "查询登记号", Value: out.No}, paper.Field{Label: "查验证件", Value: out.Document})
			doc.Paragraph(out.Answer)
			doc.Note("本件只答复查询当日的档案去向，不作其他用途。本服务不收取任何费用。")
			doc.Close(paper.Closing{Issuer: office.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + tx.Actor().Name}})
		}})
}

// Inquiries lists the answers given at an agency's window, newest first: what they say of a
// dossier is for those who may read it (10b, 15).
func (k *Desk) Inquiries(ctx context.Context, by policy.Actor, before string, limit int) ([]Inquiry, error) {
	if !by.Has("clerk") && !by.Has("head") && !by.Has("supervisor") || len(by.Reach) == 0 {
		return []Inquiry{}, nil
	}
	where, args := "WHERE inquiry.agency IN ("+store.Marks(len(by.Reach))+") AND (inquiry.dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=inquiry.dossier_id AND d.secrecy<=?))", append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 { // an answer that tells of no dossier tells nothing of a concealed one either
		where += " AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id_ix=inquiry.id_ix AND p.id IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
		if len(by.Barred) > 0 {
			where += " AND NOT (inquiry.dossier_id IS NULL AND p.id IN (" + store.Marks(len(by.Barred)) + "))"
			args = append(args, store.Args(by.Barred)...)
		}
		where += ")"
	}
	if before != "" {
		where += " AND inquiry.id<?"
		args = append(args, before)
	}
	return store.List[Inquiry](ctx, k.gate.DB(), where+" ORDER BY inquiry.id DESC LIMIT ?", append(args, limit)...)
}
