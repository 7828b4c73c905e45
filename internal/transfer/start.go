package transfer

import (
	"dangan/internal/account"
	"slices"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/rule"
)

// Start takes in an application for a dossier that is kept here and passes it on to the
// agency that is to receive it, inside another room's act (12d): that agency opens the
// letter, as for every application that was passed on (7b).
func (k *Desk) Start(tx *gate.Tx, d dossier.Dossier, to, tie string, by account.Asking) (string, error) {
	ctx := tx.Context()
	own, err := agency.Get(ctx, tx, d.Agency)
	if err != nil {
		return "", err
	}
	receiver, err := passOn(ctx, tx, Application{PassTo: to, Holder: own.ID}, own)
	if err != nil {
		return "", err
	}
	if !slices.Contains(TieNames, tie) {
		return "", rule.Mistake(rule.Reason{Rule: "7b", Slug: "tie_unknown", Field: "regionBasis", Message: "没有选择转往" + receiver.Name + "的存档依据。", Next: "请选择户籍地、现工作单位所在地等其中一项。"})
	}
	if err := k.admits(tie); err != nil {
		return "", err
	}
	p, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return "", err
	}
	c := Case{ID: gate.NewID(), Version: 1, Direction: Inner, State: Applied, DossierID: d.ID, PersonName: p.Name, IDNo: p.IDNo, IDIndex: p.IDIndex, Sex: p.Sex, Receiver: receiver.ID, ReceiverName: receiver.Name,
		ReceiverAddr: receiver.Mail(), Holder: own.ID, HolderName: own.Name, PassedBy: own.ID, Applicant: by.Unit.Name, ApplicantUSCC: by.Unit.USCC, Reason: "其他",
		RegionBasis: tie, TiePlace: receiver.Region, Employer: p.Employer, Document: by.Document, AppliedBy: tx.Actor().ID, AppliedOn: tx.Today().String(), ChangedAt: tx.Now()}
	if by.Itself {
		c.ApplicantKind, c.ApplicantDoc = Unit, by.Document
	}
	if err := k.onlyOne(tx, c); err != nil {
		return "", err
	}
	if err := living(tx, d.ID); err != nil {
		return "", err
	}
	if c.No, err = caseNo(tx); err != nil {
		return "", err
	}
	if err := tx.Insert(c); err != nil {
		return "", err
	}
	tx.About("Transfer", c.ID)
	return c.Ref(), k.issueAcceptance(tx, c, own)
}
