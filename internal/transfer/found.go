package transfer

import (
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/person"
	"dangan/internal/rule"
)

// Found is a packet that was found in private hands, sealed and verified (6b).
type Found struct {
	On      calendar.Date // the day it was brought
	By      string        // who registered it
	Intact  bool
	Seen    string // what is wrong with cover or seal
	Volumes int64
	ProofNo string // of the last keeper's answer, which stands for the letter and the notice
}

// ReasonFound is why a packet moves that was found in private hands.
const ReasonFound = "个人手中档案核实接收"

// TakeFound opens a case at its check (20.4): the packet is here, and the last keeper's written
// answer stands for letter and notice. It runs inside the act of the room that kept it.
func (k *Desk) TakeFound(tx *gate.Tx, a Application, f Found) (Case, error) {
	ctx, by := tx.Context(), tx.Actor()
	a.Direction, a.Reason = In, ReasonNames[len(ReasonNames)-1]
	if a.HolderKind == "" { // the record of a found packet names its last keeper, not what it is
		a.HolderKind = EndOther
	}
	a.trim()
	c := Case{ID: gate.NewID(), Version: 1, Direction: In, State: Checking, PersonName: a.Name, Receiver: by.Org, OutsideKind: a.HolderKind, Applicant: a.Applicant, Reason: ReasonFound,
		RegionBasis: a.RegionBasis, TiePlace: a.TiePlace, TieDespite: a.TieDespite, Employer: a.Employer, Category: a.Category, Subtype: a.Subtype, Evidence: a.Evidence, Political: a.Political,
		Document: a.Document, AppliedBy: by.ID, NoticeNo: f.ProofNo, Volumes: f.Volumes, Intact: f.Intact, ArrivedOn: f.On.String(), ArrivedBy: f.By}
	if !f.Intact {
		c.Differences = "包封：" + strings.TrimSpace(f.Seen)
	}
	if err := tx.Permit(c.Resource(dossier.Dossier{})); err != nil {
		return c, err
	}
	own, err := agency.Get(ctx, tx, by.Org)
	if err != nil {
		return c, err
	}
	if refused := own.MayTakeIn(f.On); refused != nil { // what was registered while it might goes on (6a)
		return c, refused
	}
	who, missing, err := a.check(own.ID, tx.Today())
	if err != nil {
		return c, err
	}
	c.IDNo, c.IDIndex, c.Sex = who.Number, k.keys.Index(person.IndexPurpose, who.Number), who.Sex()
	c.ReceiverName, c.ReceiverAddr, c.HolderName = own.Name, own.Mail(), a.HolderName
	if err := k.placeHolder(tx, &c, a); err != nil {
		return c, err
	}
	if err := k.onlyOne(tx, c); err != nil {
		return c, err
	}
	if missing, err = k.heldTo(tx, own, c, missing); err != nil {
		return c, err
	}
	if len(missing) > 0 {
		return c, rule.Complete(missing...)
	}
	if a.ApplicantKind == Agent {
		m, err := mandate.Rest(tx, mandate.Application{MandateID: a.MandateID, Matter: mandate.Transfer, Ref: c.Ref(), Principal: [][]byte{c.IDIndex}, Agencies: []string{own.ID}})
		if err != nil {
			return c, err
		}
		c.ApplicantKind, c.Agent, c.AgentIDNo, c.ApplicantDoc = Agent, m.Agent, m.AgentNo, m.Cite()
	}
	c.AppliedOn, c.ChangedAt = tx.Today().String(), tx.Now()
	if c.No, err = caseNo(tx); err != nil {
		return c, err
	}
	if err := tx.Insert(c); err != nil {
		return c, err
	}
	return c, k.issueAcceptance(tx, c, own)
}
