package certificate

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/death"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/intake"
	"dangan/internal/mandate"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/statement"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	agencies *agency.Registry
	settings *setting.Desk
	keys     person.Indexer
	press    *document.Press
}

// New opens the room.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys person.Indexer, press *document.Press) *Desk {
	return &Desk{gate: g, agencies: agencies, settings: settings, keys: keys, press: press}
}

var rules = []rule.ID{"23", "29.7"}

// Propose lists what a dossier's record can be made to state. Reading it is on record.
func (k *Desk) Propose(ctx context.Context, by policy.Actor, dossierID string, kind Kind) (out []statement.Proposal, err error) {
	if kind.Name() == "" {
		return nil, rule.Mistake(rule.Reason{Rule: "23", Slug: "application_kind", Field: "kind", Message: "没有这种证明。", Next: "请从存档证明、经历证明、亲属关系证明、档案记载情况证明中选择。"})
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActPropose, Rules: rules}, func(tx *gate.Tx) error {
		d, err := dossier.Get(ctx, tx, dossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(Certificate{Agency: d.Agency, DossierID: d.ID}.Resource(d)); err != nil {
			return err
		}
		tx.Note("kind", string(kind))
		r, err := statement.Read(ctx, tx, d, kind.States())
		out = r.Propose(kind.States())
		return err
	})
	return out, err
}

// Open takes an application, gives the applicant a 受理回执, and, with statements
// chosen, hands it to a reviewer at once. Who may not apply is refused, unless the
// applicant insists on a decision in writing.
func (k *Desk) Open(ctx context.Context, by policy.Actor, a Application) (c Certificate, err error) {
	action := ActOpen
	if a.Replaces != "" {
		action = ActCorrect
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, a.DossierID)
		if err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		c = Certificate{ID: gate.NewID(), Version: 1, Kind: a.Kind, State: Draft, Agency: d.Agency, DossierID: d.ID, Use: strings.TrimSpace(a.Use),
			Applicant: a.Applicant, Name: strings.TrimSpace(a.Name), UnitName: strings.TrimSpace(a.UnitName), Letter: strings.TrimSpace(a.Letter),
			Consent: strings.TrimSpace(a.Consent), Seen: strings.Join(a.Seen, "、"), Replaces: a.Replaces, Reason: strings.TrimSpace(a.Reason), DraftedBy: by.ID}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if a.Applicant == Unit {
			if code, problem, _ := identity.CheckCredit(a.UnitCode); problem == "" {
				c.UnitCode = code
			} else if c.UnitCode, err = account.CreditOf(ctx, tx, d.Agency, c.UnitName); err != nil {
				return err
			}
		}
		if a.Applicant == Kin {
			c.Relation, c.RightOf, c.RightProof = a.Relation, a.RightOf, strings.TrimSpace(a.Proof)
		}
		if a.Kind == Facts {
			c.Asks = strings.Join(a.Asks, "|")
		}
		waiver, err := intake.Waived(ctx, tx, a.IntakeID)
		if err != nil {
			return err
		}
		a.Waive = waiver.Pass
		if a.Applicant == Agent {
			m, err := mandate.Rest(tx, mandate.Application{MandateID: a.MandateID, Matter: mandate.Certificate, Ref: c.Ref(), Principal: [][]byte{p.IDIndex}, Waive: waiver.Pass})
			if err != nil {
				return err
			}
			a.Name, a.IDNo = m.Agent, m.AgentNo
			c.Name, c.Letter, c.Seen = m.Agent, m.Cite(), "委托书、委托人"+m.PrincipalDoc+"、代办人"+m.AgentDoc
		}
		if c.IDNo, err = k.identityOf(a.IDNo, tx); err != nil {
			return err
		}
		_, dead, err := death.Of(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		a.Dead = dead
		if a.Applicant == Kin {
			if a.Recorded, err = k.relations(ctx, tx, d, c); err != nil {
				return err
			}
		}
		same := c.IDNo != "" && bytes.Equal(k.keys.Index(person.IndexPurpose, c.IDNo), p.IDIndex)
		var refused *rule.Refusal
		switch err := a.Check(p.Name, same); {
		case errors.As(err, &refused) && refused.Kind == rule.Refused && a.Insists && a.Replaces == "":
			if err := c.Hinder(by.ID, tx.Now(), refused.Reasons); err != nil {
				return err
			}
			tx.Note("hindrance", refused.Reasons[0].Slug)
		case err != nil:
			return err
		}
		if a.Replaces != "" {
			if err := corrects(tx, a); err != nil {
				return err
			}
		}
		if waiver != nil && waiver.Used {
			tx.Note("despite", waiver.Notice)
		}
		if err := intake.Take(tx, a.IntakeID, intake.Certificate, c.Ref(), intake.OfDossier(d.ID), intake.OfPerson(p.IDIndex)); err != nil {
			return err
		}
		if a.Applicant == Unit {
			if err := account.Came(tx, d.Agency, account.Unit{USCC: c.UnitCode, Name: c.UnitName}, account.Bearer{Introduced: []string{c.IDNo}}, c.Ref()); err != nil {
				return err
			}
		}
		c.AppliedOn, c.ChangedAt = calendar.Of(tx.Now()).String(), tx.Now()
		tx.Note("kind", string(c.Kind))
		tx.Note("applicant", c.Applicant)
		if len(a.Keys) > 0 && c.Hindrance == "" {
			if err := k.submit(tx, &c, d, Choice{Keys: a.Keys}, by); err != nil {
				return err
			}
		}
		if err := k.avoid(tx, c); err != nil {
			return err
		}
		if err := k.issueAcceptance(tx, c, p); err != nil {
			return err
		}
		return tx.Insert(c)
	})
	return c, err
}

// identityOf reads an identity number as typed; empty stays empty, that is told with the papers.
func (k *Desk) identityOf(text string, tx *gate.Tx) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	c, problem := identity.Parse(text, calendar.Of(tx.Now()))
	if problem != "" {
		return "", rule.Mistake(rule.Reason{Rule: "12b", Slug: "id_invalid", Field: "idNo", Message: "证件号码" + identity.ProblemText(problem) + "。", Next: "请核对证件后重新录入。"})
	}
	return c.Number, nil
}

// corrects holds a correction to the certificate it names.
func corrects(tx *gate.Tx, a Application) error {
	old, err := load(tx, a.Replaces)
	if err != nil {
		return err
	}
	if err := old.May(ActCorrect); err != nil {
		return err
	}
	if old.DossierID != a.DossierID || old.Kind != a.Kind {
		return rule.Mistake(rule.Reason{Rule: "29.7", Slug: "correction_of_another", Field: "replaces", Message: "更正须是同一份档案、同一种证明。", Next: "请从原证明的页面办理更正。"})
	}
	if strings.TrimSpace(a.Reason) == "" {
		return rule.Mistake(rule.Reason{Rule: "29.7", Slug: "reason_missing", Field: "reason", Message: "更正须写明原证明错在何处。", Next: "请填写更正原因，将随登记长期保存。"})
	}
	tx.About("Certificate", old.ID)
	return nil
}

// avoid keeps a member of the staff away from an application of their own kin (10b).
func (k *Desk) avoid(tx *gate.Tx, c Certificate) error {
	if c.IDNo == "" {
		return nil
	}
	kin, err := staff.DeclaredKin(tx.Context(), tx, tx.Actor().ID, k.keys.Index(person.IndexPurpose, c.IDNo))
	if err != nil || !kin {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "10b", Slug: "applicant_is_kin", Message: "申请人是您申报的亲属，按规定应当回避。", Next: "请交由其他工作人员办理。"})
}

// relations lists what the dossier records of an applicant's kinship: by number, or by name
// where the record has no number.
func (k *Desk) relations(ctx context.Context, q store.Querier, d dossier.Dossier, c Certificate) ([]string, error) {
	family, err := dossier.FamilyOf(ctx, q, d.ID)
	var out []string
	for _, f := range family {
		if f.ConfirmedBy == "" {
			continue
		}
		if f.IDNo != "" && f.IDNo == c.IDNo || f.IDNo == "" && f.Name == c.Name {
			out = append(out, f.Relation)
		}
	}
	return out, err
}

// Choice is what a clerk has a certificate say: the recorded statements chosen, and what was
// searched for and is not recorded.
type Choice struct {
	Keys   []string
	Absent []statement.Absent
}

// submit chooses among what is recorded now.
func (k *Desk) submit(tx *gate.Tx, c *Certificate, d dossier.Dossier, chosen Choice, by policy.Actor) error {
	stated, _, err := k.stated(tx.Context(), tx, *c, d, chosen)
	if err != nil {
		return err
	}
	absent, err := encodeAbsent(chosen.Absent)
	if err != nil {
		return err
	}
	return c.Submit(by.ID, tx.Now(), chosen.Keys, stated, absent)
}

// stated resolves what was chosen against the record as it stands.
func (k *Desk) stated(ctx context.Context, q store.Querier, c Certificate, d dossier.Dossier, chosen Choice) (string, []statement.Line, error) {
	if d.Agency != c.Agency {
		return "", nil, rule.Refuse(rule.Reason{Rule: "23", Slug: "kept_elsewhere", Message: "该档案已不在本机构保管。", Next: "请申请人向现存档机构申请。"})
	}
	kind := c.Kind.States()
	r, err := statement.Read(ctx, q, d, kind)
	if err != nil {
		return "", nil, err
	}
	proposals := r.Propose(kind)
	var lines []statement.Line
	if len(chosen.Keys) > 0 || len(chosen.Absent) == 0 {
		if lines, err = statement.Choose(kind, proposals, chosen.Keys); err != nil {
			return "", nil, err
		}
	}
	if err := k.silent(ctx, q, c, d, proposals, chosen.Absent); err != nil {
		return "", nil, err
	}
	if err := c.answered(lines, chosen.Absent); err != nil {
		return "", nil, err
	}
	text, err := statement.Encode(lines)
	return text, lines, err
}

// act performs one act on a certificate and saves it.
func (k *Desk) act(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, c *Certificate, d *dossier.Dossier) error) (Certificate, error) {
	act := gate.Act{Actor: by, Action: action, Rules: rules, On: "Certificate:" + id}
	return dossier.On(ctx, k.gate, act, func(tx *gate.Tx) (Certificate, error) { return load(tx, id) }, func(tx *gate.Tx, c *Certificate, d *dossier.Dossier) error {
		if err := fn(tx, c, d); err != nil {
			return err
		}
		if err := k.avoid(tx, *c); err != nil {
			return err
		}
		c.ChangedAt = tx.Now()
		return tx.Update(c)
	})
}

// Pull has the keeper bring the packet, so that pieces on paper can be cited.
func (k *Desk) Pull(ctx context.Context, by policy.Actor, id string) (Certificate, error) {
	return k.act(ctx, by, ActPull, id, func(tx *gate.Tx, c *Certificate, d *dossier.Dossier) error {
		if err := c.May(ActPull); err != nil {
			return err
		}
		if err := custody.Ask(tx, d, c.Ref(), custody.ForCertificate); err != nil {
			return err
		}
		c.Asked = true
		return nil
	})
}

// Submit fixes what is stated, and what was found unrecorded, and hands it to a reviewer.
func (k *Desk) Submit(ctx context.Context, by policy.Actor, id string, chosen Choice) (Certificate, error) {
	return k.act(ctx, by, ActSubmit, id, func(tx *gate.Tx, c *Certificate, d *dossier.Dossier) error {
		if err := c.May(ActSubmit); err != nil {
			return err
		}
		return k.submit(tx, c, *d, chosen, by)
	})
}

// Return gives it back to the clerk with what is to be changed.
func (k *Desk) Return(ctx context.Context, by policy.Actor, id, note string) (Certificate, error) {
	return k.act(ctx, by, ActReturn, id, func(tx *gate.Tx, c *Certificate, _ *dossier.Dossier) error {
		return c.Return(by.ID, tx.Now(), note)
	})
}

// Issue is the reviewer's act: the record still says what was submitted, and the
// certificate gets its number, seal and signature. One that corrects another
// takes it out of force in the same act. What is not recorded is told in a paper of its own
// that is no certificate.
func (k *Desk) Issue(ctx context.Context, by policy.Actor, id string) (Certificate, error) {
	return k.act(ctx, by, ActIssue, id, func(tx *gate.Tx, c *Certificate, d *dossier.Dossier) error {
		if err := c.May(ActIssue); err != nil {
			return err
		}
		chosen, err := c.choice()
		if err != nil {
			return err
		}
		stated, lines, err := k.stated(ctx, tx, *c, *d, chosen)
		if err != nil {
			return err
		}
		if err := c.Issue(by.ID, tx.Now(), stated); err != nil {
			return err
		}
		tx.Note("certificates", min(len(lines), 1))
		tx.Note("notices", min(len(chosen.Absent), 1))
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		maker, err := staff.Get(ctx, tx, c.SubmittedBy)
		if err != nil {
			return err
		}
		a, err := agency.Get(ctx, tx, c.Agency)
		if err != nil {
			return err
		}
		words, err := wordsOf(ctx, tx, c.Kind)
		if err != nil {
			return err
		}
		out := content{Certificate: *c, person: p, agency: a, lines: lines, maker: maker.Name, reviewer: by.Name, words: words}
		// The wrong one is out of force whatever takes its place, also where nothing is recorded.
		old, err := k.supersede(tx, *c)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			c.ValidUntil = Until(calendar.Of(tx.Now()), k.settings.Int(setting.CertificateMonth)).String()
			out.ValidUntil, out.old = c.ValidUntil, old.Number
			doc, err := k.press.Issue(tx, out.draft(old.DocumentID))
			if err != nil {
				return err
			}
			c.DocumentID, c.Number, c.Wording = doc.ID, doc.Number, words.Wording
		}
		if len(chosen.Absent) > 0 {
			doc, err := k.issueNotice(tx, out, *d, chosen.Absent)
			if err != nil {
				return err
			}
			c.NoticeID, c.NoticeNo = doc.ID, doc.Number
		}
		return finish(tx, *c, d)
	})
}

// supersede takes the corrected certificate and its paper out of force.
func (k *Desk) supersede(tx *gate.Tx, c Certificate) (old Certificate, err error) {
	if c.Replaces == "" {
		return old, nil
	}
	if old, err = load(tx, c.Replaces); err != nil {
		return old, err
	}
	if err := old.Supersede(c.ID); err != nil {
		return old, err
	}
	old.ChangedAt = tx.Now()
	tx.About("Certificate", old.ID)
	if err := tx.Update(&old); err != nil {
		return old, err
	}
	return old, old.outOfForce(tx, document.Superseded)
}

// outOfForce marks what was given out with a certificate: itself, and what told that something
// is not recorded.
func (c Certificate) outOfForce(tx *gate.Tx, state string) error {
	for _, id := range []string{c.DocumentID, c.NoticeID} {
		if id == "" {
			continue
		}
		if err := document.SetState(tx, id, state); err != nil {
			return err
		}
	}
	return nil
}

// finish tells the keeper that the packet, if it was asked for, may go back.
func finish(tx *gate.Tx, c Certificate, d *dossier.Dossier) error {
	if result := map[string][2]string{ActIssue: {map[bool]string{true: "查无记载", false: "已签发"}[c.State == Unrecorded], "请交申请人，并登记领取。"}, ActRefuse: {"不予出具", "请将告知单交申请人，说明异议的途径。"}}[tx.Action()]; result[0] != "" {
		n := message.Notice{Agency: c.Agency, Post: "clerk", StaffID: c.SubmittedBy, Subject: c.Kind.Name() + result[0], Text: result[1], DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/certificates/" + c.ID}
		if err := message.Inform(tx, n); err != nil {
			return err
		}
	}
	if !c.Asked {
		return nil
	}
	return custody.Finish(tx, d, c.Ref())
}

// Withdraw ends an application before it is issued.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id, reason string) (Certificate, error) {
	return k.act(ctx, by, ActWithdraw, id, func(tx *gate.Tx, c *Certificate, d *dossier.Dossier) error {
		if c.sent.No != "" {
			reason = "申请人网上撤回"
		}
		if err := c.Withdraw(reason); err != nil {
			return err
		}
		if err := account.Online(tx, c.Agency, c.Ref()); err != nil {
			return err
		}
		if err := c.sent.GivenUp(tx, c.Ref(), "/certificates/"+c.ID); err != nil {
			return err
		}
		return finish(tx, *c, d)
	})
}

// RefuseReason is one reason of 不予出具: the clause and the fact in words.
type RefuseReason struct {
	Rule rule.ID
	Fact string
}

// Refuse is 不予出具 (29.8): the applicant gets a notice with every reason, and the
// way on; the packet, if it was asked for, may go back.
func (k *Desk) Refuse(ctx context.Context, by policy.Actor, id string, facts []RefuseReason, next string) (Certificate, error) {
	return k.act(ctx, by, ActRefuse, id, func(tx *gate.Tx, c *Certificate, d *dossier.Dossier) error {
		next = strings.TrimSpace(next)
		reasons, ids := make([]rule.Reason, len(facts)), make([]string, len(facts))
		for i, f := range facts {
			reasons[i], ids[i] = rule.Reason{Rule: f.Rule, Slug: "certificate_refused", Message: strings.TrimSpace(f.Fact), Next: next}, string(f.Rule)
		}
		if err := c.Refuse(by.ID, tx.Now(), reasons); err != nil {
			return err
		}
		tx.Note("rules", ids)
		if err := k.issueRefusal(tx, *c, *d, reasons, next); err != nil {
			return err
		}
		return finish(tx, *c, d)
	})
}

// Void takes an issued certificate out of force. Its number stays in the register.
func (k *Desk) Void(ctx context.Context, by policy.Actor, id, reason string) (Certificate, error) {
	return k.act(ctx, by, ActVoid, id, func(tx *gate.Tx, c *Certificate, _ *dossier.Dossier) error {
		if err := c.Cancel(reason); err != nil {
			return err
		}
		return c.outOfForce(tx, document.Void)
	})
}

// Chosen lists the keys of the records that are stated.
func (c Certificate) Chosen() []string {
	if c.Keys == "" {
		return nil
	}
	return slices.Clip(strings.Split(c.Keys, "|"))
}
