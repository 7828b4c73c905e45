package transfer

import (
	"cmp"
	"context"
	"strconv"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/clock"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Withdraw ends a case before its packet has left. Who applied over the net withdraws there:
// the application they sent is the paper it rests on.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id string, w Withdrawal) (Case, error) {
	return k.on(ctx, by, "transfer.withdraw", []rule.ID{"29.6", "29.8"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.inList(); err != nil {
			return err
		}
		if c.online.No != "" {
			w = Withdrawal{Why: "申请人网上撤回", Paper: "网上申请 " + c.online.No}
		}
		if err := c.Withdraw(w, tx.Now()); err != nil {
			return err
		}
		if err := account.Online(tx, cmp.Or(c.PassedBy, c.Receiver), c.Ref()); err != nil {
			return err
		}
		if err := c.online.GivenUp(tx, c.Ref(), "/transfers/"+c.ID); err != nil {
			return err
		}
		if !c.Packet() {
			if err := k.issueWithdrawal(tx, *c); err != nil {
				return err
			}
		}
		if err := voidPapers(tx, c.Ref(), append([]string{document.TransferLetter}, leavingPapers...)...); err != nil {
			return err
		}
		if f := k.besideRoom(*c).Withdrawn; f != nil {
			if err := f(tx, *c); err != nil {
				return err
			}
		}
		return giveBack(tx, c, d)
	})
}

// giveBack ends a case at the holder: the keeper gets the packet back.
func giveBack(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
	if d.ID == "" || c.RegisteredOn == "" {
		return nil
	}
	if err := custody.Finish(tx, d, c.Ref()); err != nil {
		return err
	}
	if d.State == dossier.Leaving {
		d.State = dossier.Arranging
		if d.Place == dossier.PlaceStore {
			d.State = dossier.InStore
		}
	}
	return dossier.Save(tx, d)
}

// issueWithdrawal tells who applied that the case ended on their own paper, and where to say
// that it was not their will (29.8); an outside holder is told that the letter is void.
func (k *Desk) issueWithdrawal(tx *gate.Tx, c Case) error {
	at, to := c.Receiver, c.Applicant
	if c.Direction == Out {
		at, to = c.Holder, c.ReceiverName
	}
	own, err := agency.Get(tx.Context(), tx, at)
	if err != nil {
		return err
	}
	above, err := store.Get[agency.Agency](tx.Context(), tx, "WHERE id=?", own.Parent)
	if err != nil {
		return err
	}
	phone := cmp.Or(above.Complaints(), own.Complaints())
	signed := "经办人：" + tx.Actor().Name
	if c.online.No != "" {
		signed = "申请人网上撤回，系统出具"
	}
	var came []paper.Field
	if tx.Actor().Kind == policy.Unit { // which worker took it back
		if came, err = account.CameField(tx, c.Ref()); err != nil {
			return err
		}
	}
	d := c.draft(document.Withdrawal, own, to)
	d.Form = true
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Addressee(to)
		doc.Fields(2, append([]paper.Field{{Label: "存档人员", Value: c.PersonName}, {Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, {Label: "案号", Value: c.No}, {Label: "要求撤回的", Value: AskerName(c.WithdrawnBy)},
			{Label: "书面材料", Value: c.WithdrawnDoc}, {Label: "撤回日期", Value: p.At.In(clock.Shanghai).Format("2006年1月2日")}, {Label: "原因", Value: c.WithdrawnWhy, Wide: true}}, came...)...)
		doc.Paragraph("本件凭上列书面材料撤回，已开具的函和通知单作废，档案仍由" + c.HolderName + "保管。需要时可随时重新申请。撤回不是申请人意愿的，可自收到之日起" + strconv.Itoa(k.settings.Int(setting.ObjectionDays)) + "日内向" + above.Name + "提出，电话" + phone + "。")
		doc.Close(closing(own, p, signed))
	}
	if _, err := k.press.Issue(tx, d); err != nil || c.Direction != In || c.LetterNo == "" {
		return err
	}
	d = c.draft(document.Recall, own, c.HolderName)
	d.Form = true
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Addressee(c.HolderName)
		doc.Paragraph("我单位" + long(c.LetterOn) + "开具的调档函（" + c.LetterNo + "）现予撤销，请勿再凭该函转出" + c.PersonName + "同志的人事档案。已经寄出的，请即告知我单位转递方式和编号，由我单位登记后妥为保管、原路退回。")
		doc.Fields(2, paper.Field{Label: "姓名", Value: c.PersonName}, paper.Field{Label: "公民身份号码", Value: identity.Mask(c.IDNo)}, paper.Field{Label: "联系电话", Value: own.Phone}, paper.Field{Label: "案号", Value: c.No})
		doc.Close(closing(own, p, signed))
	}
	_, err = k.press.Issue(tx, d)
	return err
}
