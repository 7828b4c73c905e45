package transfer

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Letter issues the transfer letter (20.1). Of a Party member it says to whom the membership
// letter is addressed (24): as the clerk enters it, or the receiving agency's own organization.
func (k *Desk) Letter(ctx context.Context, by policy.Actor, id, partyHeading string) (Case, error) {
	return k.on(ctx, by, "transfer.letter", []rule.ID{"20.1"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Step("transfer.letter"); err != nil {
			return err
		}
		political, err := politicalOf(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		own, err := agency.Get(ctx, tx, c.Receiver)
		if err != nil {
			return err
		}
		if err := c.heading(political, partyHeading, own.PartyHeading); err != nil {
			return err
		}
		until := tx.Today().AddDays(k.settings.Int(setting.LetterDays))
		doc, err := k.issueLetter(tx, *c, until)
		if err != nil {
			return err
		}
		return c.Letter(doc.Number, doc.Code, by.ID, tx.Today(), until)
	})
}

// Member says whether a political status (GB/T 4762) is that of a Party member, full or probationary.
func Member(political string) bool { return political == "01" || political == "02" }

// politicalOf is what is on record of a case's person: the register of persons comes before what
// was said at the application.
func politicalOf(ctx context.Context, q store.Querier, c Case, d dossier.Dossier) (string, error) {
	if d.PersonID == "" {
		return c.Political, nil
	}
	p, err := person.Get(ctx, q, d.PersonID)
	return cmp.Or(p.Political, c.Political), err
}

// heading puts on the case to whom the membership letter of a Party member is addressed.
func (c *Case) heading(political, entered, own string) error {
	c.PartyHeading = ""
	if !Member(political) {
		return nil
	}
	c.PartyHeading = cmp.Or(strings.Join(strings.Fields(entered), " "), own)
	if c.PartyHeading == "" {
		return rule.Complete(rule.Reason{Rule: "24", Slug: "party_heading_missing", Field: "partyHeading", Message: "该同志是中共党员，调档函须写明党组织关系接转抬头。", Next: "请填写接收其组织关系的党组织全称；本机构党组织接收的，由负责人在机构联系方式中登记后自动带出。"})
	}
	return nil
}

// Register books a letter that came in from an agency of the province: the clock runs.
func (k *Desk) Register(ctx context.Context, by policy.Actor, id string, r Registration) (Case, error) {
	return k.on(ctx, by, "transfer.register", []rule.ID{"20.1", "20.2b"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Register(r, by.ID, tx.Today(), tx.Calendar()); err != nil {
			return err
		}
		return begin(tx, c, d)
	})
}

// begin asks the keeper for the packet and marks the dossier as leaving.
func begin(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
	if d.Agency != c.Holder || d.State == dossier.Left || d.State == dossier.InTransit || d.State == dossier.Arriving {
		return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "not_the_holder", Message: "档案现为“" + d.State.Name() + "”，不由本机构保管。", Next: "请告知开函机构档案去向，由其向现保管机构开函。"})
	}
	if err := living(tx, d.ID); err != nil {
		return err
	}
	if err := custody.Ask(tx, d, c.Ref(), custody.ForTransfer); err != nil {
		return err
	}
	if d.State == dossier.InStore {
		d.State = dossier.Leaving
	}
	return dossier.Save(tx, d)
}

// OutsideLetter is the letter of an organ or unit to which a dossier goes (20b).
type OutsideLetter struct {
	DossierID    string
	ReceiverName string
	Kind         string // what the receiver is
	ReceiverAddr string
	Province     string // two digits, where the receiver is in another province
	OnlineNo     string
	Reason       string
	LetterOn     calendar.Date
	ValidUntil   calendar.Date // "" when the letter states none
	Registration
	list string // the list on which it came with others
}

// trim takes the letter as it is entered. Only a letter that came over the national
// platform from another province needs no call.
func (o *OutsideLetter) trim() {
	o.ReceiverName, o.Kind, o.ReceiverAddr, o.OnlineNo, o.Code, o.Online = strings.TrimSpace(o.ReceiverName), strings.TrimSpace(o.Kind), strings.TrimSpace(o.ReceiverAddr), strings.TrimSpace(o.OnlineNo), "", ""
	if o.Province != "" {
		o.Online = o.OnlineNo
	}
}

// check holds a letter to its shape.
func (o OutsideLetter) check(today calendar.Date) (wrong []rule.Reason) {
	if o.ReceiverName == "" {
		wrong = append(wrong, rule.Reason{Rule: "20b", Slug: "receiver_missing", Field: "receiverName", Message: "接收单位不能为空。", Next: "请照函填写机关、单位全称；个人不得接收档案。"})
	}
	if r := checkEnd(o.Kind, "receiverKind", true); r != nil {
		wrong = append(wrong, *r)
	}
	if !slices.Contains(ReasonNames, o.Reason) {
		wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: "reason_unknown", Field: "reason", Message: "转递原因不在列表中。", Next: "请选择一项。"})
	}
	if !o.LetterOn.Valid() || o.LetterOn > today {
		wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: "letter_on_wrong", Field: "letterOn", Message: "发函日期有误。", Next: "请照函填写。"})
	}
	if o.Province != "" && ProvinceName(o.Province) == "" {
		wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: "province_unknown", Field: "province", Message: "接收机构所在的省份不对。", Next: "请从列表中选择；在本市的不选。"})
	}
	return wrong
}

// RegisterOutside books the letter of an outside organ: it opens the case. Such a
// letter is verified by telephone.
func (k *Desk) RegisterOutside(ctx context.Context, by policy.Actor, o OutsideLetter) (Case, error) {
	o.trim()
	var c Case
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.register", Rules: []rule.ID{"20b", "20.2b"}}, func(tx *gate.Tx) (err error) {
		c, err = k.registerOutside(tx, by, o)
		return err
	})
	return c, err
}

// registerOutside opens the case of one dossier on an outside organ's letter.
func (k *Desk) registerOutside(tx *gate.Tx, by policy.Actor, o OutsideLetter) (c Case, err error) {
	ctx := tx.Context()
	d, err := dossier.Load(tx, o.DossierID)
	if err != nil {
		return c, err
	}
	p, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return c, err
	}
	c = Case{ID: gate.NewID(), Version: 1, Direction: Out, State: Lettered, DossierID: d.ID, PersonName: p.Name, IDNo: p.IDNo, IDIndex: p.IDIndex, Sex: p.Sex,
		ReceiverName: o.ReceiverName, OutsideKind: o.Kind, ReceiverAddr: o.ReceiverAddr, Holder: d.Agency, Applicant: o.ReceiverName, Reason: o.Reason, AppliedBy: by.ID,
		Province: o.Province, OnlineNo: strings.TrimSpace(o.OnlineNo), ListID: o.list, LetterNo: strings.TrimSpace(o.LetterNo), LetterOn: o.LetterOn.String(), ValidUntil: o.ValidUntil.String()}
	if err := tx.Permit(c.Resource(dossier.Dossier{PersonID: p.ID, Secrecy: d.Secrecy})); err != nil {
		return c, err
	}
	holder, err := agency.Get(ctx, tx, d.Agency)
	if err != nil {
		return c, err
	}
	c.HolderName = holder.Name
	if wrong := o.check(tx.Today()); len(wrong) > 0 {
		return c, rule.Mistake(wrong...)
	}
	if err := k.onlyOne(tx, c); err != nil {
		return c, err
	}
	if err := c.register(o.Registration, by.ID, tx.Today(), tx.Calendar()); err != nil {
		return c, err
	}
	if c.No, err = caseNo(tx); err != nil {
		return c, err
	}
	c.ChangedAt = tx.Now()
	if err := tx.Insert(c); err != nil {
		return c, err
	}
	tx.About("Transfer", c.ID)
	if err := begin(tx, &c, &d); err != nil || o.list != "" { // a letter that names many gets one slip for all
		return c, err
	}
	return c, k.issueLetterTaken(tx, c.draft(document.Acceptance, holder, c.ReceiverName), c.No, c.PersonName, c.LetterNo, c.RegisteredOn, c.DueOn)
}
