package found

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/transfer"
)

// Desk is the room's door.
type Desk struct {
	gate      *gate.Gate
	settings  *setting.Desk
	keys      person.Indexer
	press     *document.Press
	transfers *transfer.Desk
}

// New opens the room.
func New(g *gate.Gate, settings *setting.Desk, keys person.Indexer, press *document.Press, transfers *transfer.Desk) *Desk {
	return &Desk{gate: g, settings: settings, keys: keys, press: press, transfers: transfers}
}

var rules = []rule.ID{"6b"}

// Register takes a packet down as it came. It is never refused for what it is: only for
// what is written wrongly, and where the agency itself may take in nothing any more (6a).
func (k *Desk) Register(ctx context.Context, by policy.Actor, a Arrival) (p Packet, err error) {
	a.trim()
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRegister, Rules: rules}, func(tx *gate.Tx) error {
		if err := tx.Permit(Packet{Agency: by.Org}.Resource()); err != nil {
			return err
		}
		own, err := agency.Get(ctx, tx, by.Org)
		if err != nil {
			return err
		}
		if no := own.MayTakeIn(tx.Today()); no != nil {
			return elsewhere(tx, own, no)
		}
		if err := a.check(tx.Today()); err != nil {
			return err
		}
		year := tx.Today().Year()
		n, err := tx.Number(fmt.Sprintf("%s/个人手中档案/%d", by.Org, year))
		if err != nil {
			return err
		}
		p = a.packet(gate.NewID(), fmt.Sprintf("SC-%s-%d-%05d", by.Org, year, n), by.Org, by.ID, tx.Now())
		if err := k.know(tx, &p); err != nil {
			return err
		}
		tx.About("Found", p.ID)
		tx.Note("no", p.No)
		if err := tx.Insert(p); err != nil {
			return err
		}
		_, err = k.issueSlip(tx, p)
		return err
	})
	return p, err
}

// elsewhere names the agencies that may take a packet in where this one may not any more: it is
// not sent home in private hands (6b).
func elsewhere(tx *gate.Tx, own agency.Agency, no *rule.Refusal) error {
	list, err := store.List[agency.Agency](tx.Context(), tx, "WHERE state='active' AND id<>? AND (parent=? OR kind=?) ORDER BY id LIMIT 50", own.ID, own.Parent, string(agency.Center))
	if err != nil {
		return err
	}
	var names []string
	for _, a := range list {
		if a.MayTakeIn(tx.Today()) == nil && len(names) < 3 {
			names = append(names, a.Name)
		}
	}
	if len(names) > 0 {
		no.Reasons[0].Next = "档案不得由本人带回：请当即派人陪同送交有资格的机构登记封存：" + strings.Join(names, "、") + "。"
	}
	return no
}

// know finds the person, so that recusal holds (10b).
func (k *Desk) know(tx *gate.Tx, p *Packet) error {
	if p.IDNo == "" {
		return nil
	}
	who, err := person.KnownTo(tx.Context(), tx, k.keys, tx.Actor(), p.IDNo)
	if errors.Is(err, store.ErrNotFound) { // or concealed from who takes it down, which is the same to them (15)
		return nil
	} else if err != nil {
		return err
	}
	p.PersonID = who.ID
	return tx.Permit(p.Resource())
}

func (k *Desk) on(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, p *Packet) error) (p Packet, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "Found:" + id}, func(tx *gate.Tx) error {
		if p, err = store.Get[Packet](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(p.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(p.Version); err != nil {
			return err
		}
		if err := fn(tx, &p); err != nil {
			return err
		}
		p.ChangedAt = tx.Now()
		if err := tx.Update(&p); err != nil {
			return err
		}
		return k.inform(tx, p)
	})
	return p, err
}

// inform tells whom a packet's fate concerns beside the clerk at work on it: an agency that
// keeps the same person's dossier (2), before two grow out of one; and the storekeepers,
// whose shelf for the unverified a packet leaves.
func (k *Desk) inform(tx *gate.Tx, p Packet) error {
	n := message.Notice{CaseRef: p.Ref()}
	switch {
	case tx.Action() == ActAnswer && p.State == Verified && p.IDNo != "":
		who, err := person.ByIDNo(tx.Context(), tx, k.keys, p.IDNo)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		d, err := store.Get[dossier.Dossier](tx.Context(), tx, "WHERE person_id=? AND (agency<>? OR secrecy>0) AND state<>? ORDER BY id LIMIT 1", who.ID, p.Agency, string(dossier.Left))
		if errors.Is(err, store.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		n.Agency, n.Post, n.DossierID, n.Link = d.Agency, "clerk", d.ID, "/dossiers/"+d.ID
		n.Subject, n.Text = "在档人员另有一份档案", "有机构收到该同志的个人手中档案（"+p.No+"），已核实属实。一人一档：请与该机构商定由谁保管。"
	case tx.Action() == ActReceive || tx.Action() == ActJoin:
		n.Agency, n.Post, n.DossierID, n.Link = p.Agency, "keeper", p.DossierID, "/found/"+p.ID
		n.Subject, n.Text = "封存的档案移出"+p.Shelf, p.No+" 已"+map[string]string{ActReceive: "转接收，移交核对。", ActJoin: "并入在档的档案，移交整理。"}[tx.Action()]
	default:
		return nil
	}
	return message.Inform(tx, n)
}

// Seal is the second person's act: from here on the agency keeps the packet.
func (k *Desk) Seal(ctx context.Context, by policy.Actor, id, sealNo, shelf string) (Packet, error) {
	return k.on(ctx, by, ActSeal, id, func(tx *gate.Tx, p *Packet) error { return p.OnSeal(sealNo, shelf, by.ID, tx.Now()) })
}

// Ask sends the letter of inquiry.
func (k *Desk) Ask(ctx context.Context, by policy.Actor, id, kind, addressee string) (Packet, error) {
	addressee = strings.TrimSpace(addressee)
	return k.on(ctx, by, ActAsk, id, func(tx *gate.Tx, p *Packet) error {
		if err := p.May(ActAsk); err != nil {
			return err
		}
		if KindName(kind) == "" || addressee == "" {
			return rule.Mistake(reason("addressee_missing", "addressee", "没有写明向谁核实。", "请选择最后存档单位、承继单位、主管部门或毕业院校，并填写全称。"))
		}
		due, _ := tx.Calendar().AddWorkdays(tx.Today(), k.settings.Int(setting.InquiryDays))
		q := Inquiry{ID: gate.NewID(), Version: 1, PacketID: p.ID, Kind: kind, Addressee: addressee, SentBy: by.ID, SentOn: tx.Today().String(), DueOn: due.String()}
		doc, err := k.issueInquiry(tx, *p, q)
		if err != nil {
			return err
		}
		q.DocumentID, q.Number, p.State = doc.ID, doc.Number, Asked
		return tx.Insert(q)
	})
}

// waiting is the inquiry without an answer, locked.
func waiting(tx *gate.Tx, packet string) (Inquiry, error) {
	return store.Get[Inquiry](tx.Context(), tx, "WHERE packet_id=? AND result IS NULL"+tx.ForUpdate(), packet)
}

// Remind asks again for an answer that is overdue.
func (k *Desk) Remind(ctx context.Context, by policy.Actor, id string) (Packet, error) {
	return k.on(ctx, by, ActRemind, id, func(tx *gate.Tx, p *Packet) error {
		if err := p.May(ActRemind); err != nil {
			return err
		}
		q, err := waiting(tx, p.ID)
		if err != nil {
			return err
		}
		if err := q.Remind(tx.Today()); err != nil {
			return err
		}
		return tx.Update(&q)
	})
}

// Answer registers what was answered.
func (k *Desk) Answer(ctx context.Context, by policy.Actor, id string, a Answer) (Packet, error) {
	for _, s := range []*string{&a.Result, &a.No, &a.On, &a.Note, &a.IDNo} {
		*s = strings.TrimSpace(*s)
	}
	return k.on(ctx, by, ActAnswer, id, func(tx *gate.Tx, p *Packet) error {
		if err := p.May(ActAnswer); err != nil {
			return err
		}
		q, err := waiting(tx, p.ID)
		if err != nil {
			return err
		}
		if err := p.Answered(&q, a, by.ID, tx.Today(), tx.Now()); err != nil {
			return err
		}
		if a.IDNo != "" {
			who, problem := identity.Parse(a.IDNo, tx.Today())
			if problem != "" {
				return rule.Mistake(rule.Reason{Rule: "12b", Slug: "identity_number_invalid", Field: "idNo", Message: "公民身份号码有误：" + identity.ProblemText(problem) + "。", Next: "请照答复核对。"})
			}
			p.IDNo = who.Number
			if err := k.know(tx, p); err != nil {
				return err
			}
		}
		if err := document.SetState(tx, q.DocumentID, document.Answered); err != nil {
			return err
		}
		return tx.Update(&q)
	})
}

// Receive has a verified packet go on as one that has arrived (20.4): it is checked item by
// item, gaps are told once, the receipt goes to who answered.
func (k *Desk) Receive(ctx context.Context, by policy.Actor, id string, a transfer.Application) (Packet, error) {
	return k.on(ctx, by, ActReceive, id, func(tx *gate.Tx, p *Packet) error {
		if err := p.May(ActReceive); err != nil {
			return err
		}
		a.Name, a.Holder, a.HolderName, a.PassTo = p.PersonName, "", p.Holder, ""
		if a.Applicant == "" {
			a.Applicant = p.PersonName
		}
		if a.IDNo == "" {
			a.IDNo = p.IDNo
		}
		c, err := k.transfers.TakeFound(tx, a, transfer.Found{On: calendar.Of(p.RegisteredAt), By: p.RegisteredBy, Intact: p.Seal == Seals[0], Seen: strings.TrimSuffix(p.Seal+"，"+p.Seen, "，"), Volumes: p.Volumes, ProofNo: p.ProofNo})
		if err != nil {
			return err
		}
		p.State, p.TransferID, p.IDNo = Received, c.ID, c.IDNo
		tx.About("Transfer", c.ID)
		return nil
	})
}

// Join ends a packet whose person's dossier is kept here already: one person, one dossier
// (2). Its pieces are taken in one by one as materials of that dossier.
func (k *Desk) Join(ctx context.Context, by policy.Actor, id, dossierID string) (Packet, error) {
	return k.on(ctx, by, ActJoin, id, func(tx *gate.Tx, p *Packet) error {
		if err := p.May(ActJoin); err != nil {
			return err
		}
		d, err := dossier.Load(tx, dossierID)
		if err != nil {
			return err
		}
		if slices.Contains(by.Persons, d.PersonID) || d.Secrecy > by.Clearance {
			return gate.ErrHidden
		}
		if err := k.know(tx, p); err != nil { // whom the clerk who took it down did not know of
			return err
		}
		switch {
		case d.Agency != p.Agency || d.State == dossier.Left:
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_elsewhere", Field: "dossierId", Message: "该同志的档案不由本机构保管。", Next: "请先按转递把在档的档案调入本机构，再并入；或者请现保管机构办理。档案在此期间由本机构封存保管。"})
		case p.PersonID == "" || d.PersonID != p.PersonID:
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "not_same_person", Field: "dossierId", Message: "所选档案与这份个人手中档案的公民身份号码不一致，不能并入。", Next: "请核对是不是同一人；号码登记有误的，先办理更正。"})
		}
		p.State, p.DossierID = Joined, d.ID
		tx.About("Dossier", d.ID)
		// Its number is still found, and the time line says where it came from.
		if err := tx.Insert(dossier.OldNumber{ID: gate.NewID(), DossierID: d.ID, Agency: p.Agency, No: p.No, UntilAt: tx.Now().UnixMicro()}); err != nil {
			return err
		}
		if err := custody.Move(tx, &d, custody.Taken, d.Place, p.Ref(), "并入同一人的个人手中档案（"+p.No+"，"+p.Seal+"），材料逐份收下"); err != nil {
			return err
		}
		return dossier.Save(tx, &d)
	})
}
