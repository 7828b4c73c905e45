package standing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/account"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/intake"
	"dangan/internal/mandate"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	settings *setting.Desk
	keys     person.Indexer
	dossiers *dossier.Desk
	press    *document.Press

	Dead func(ctx context.Context, q store.Querier, dossierID string) (bool, error) // 20c: nobody opens an account for the dead
}

// New opens the room.
func New(g *gate.Gate, settings *setting.Desk, keys person.Indexer, dossiers *dossier.Desk, press *document.Press) *Desk {
	return &Desk{gate: g, settings: settings, keys: keys, dossiers: dossiers, press: press}
}

// Apply puts down what is asked for, with the document seen; another person decides.
func (k *Desk) Apply(ctx context.Context, by policy.Actor, a Application) (c Case, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "standing.apply", Rules: a.rules()}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, a.DossierID)
		if err != nil {
			return err
		}
		c = Case{ID: gate.NewID(), Version: 1, Agency: d.Agency, Kind: a.Kind, State: Asked, DossierID: d.ID, Applicant: by.ID, AppliedAt: tx.Now()}
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		if err := tx.Expect(d.Version); err != nil {
			return err
		}
		if err := a.check(tx.Today()); err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		tx.Note("kind", string(a.Kind))
		if err := k.prepare(tx, &c, &d, &a); err != nil {
			return err
		}
		if a.Kind == Account && a.Content.AccountKind == account.Collective { // the unit asks, by its worker
			if err := account.Came(tx, d.Agency, account.Unit{USCC: a.Content.AccountUSCC, Name: a.Content.AccountUnit}, account.Bearer{Worker: a.Worker, Intake: a.IntakeID}, c.ref()); err != nil {
				return err
			}
		}
		if a.Kind == Account && a.Content.AccountKind == account.Personal { // a unit may ask over the net
			uscc, unit, err := intake.UnitOf(tx, a.IntakeID)
			if err != nil {
				return err
			}
			if uscc != "" {
				u := account.Unit{USCC: uscc, Name: unit}
				if err := account.Leaves(tx, d, u); err != nil {
					return err
				}
				if err := account.Came(tx, d.Agency, u, account.Bearer{Intake: a.IntakeID}, c.ref()); err != nil {
					return err
				}
			}
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		if a.MandateID != "" {
			principal := [][]byte{p.IDIndex}
			if a.Kind == Identity && a.Content.IDNo != "" { // the principal's document may bear the new number
				principal = append(principal, k.keys.Index(person.IndexPurpose, a.Content.IDNo))
			}
			waiver, err := intake.Waived(ctx, tx, a.IntakeID)
			if err != nil {
				return err
			}
			if _, err := mandate.Rest(tx, mandate.Application{MandateID: a.MandateID, Matter: mandate.Standing, Ref: c.ref(), Principal: principal, Waive: waiver.Pass}); err != nil {
				return err
			}
		}
		if err := intake.Take(tx, a.IntakeID, intake.Standing, c.ref(), intake.OfDossier(d.ID), intake.OfPerson(p.IDIndex)); err != nil {
			return err
		}
		was := Content{Name: p.Name, IDNo: p.IDNo, Category: d.Category, Subtype: d.Subtype, Evidence: d.Evidence, AccountKind: d.AccountKind, AccountUnit: d.AccountUnit, Shelfmark: d.Shelfmark}
		if c.Was, err = asJSON(was); err != nil {
			return err
		}
		if c.Proposed, err = asJSON(a.Content); err != nil {
			return err
		}
		year := tx.Now().Year()
		n, err := tx.Number(fmt.Sprintf("%s/变更/%d", d.Agency, year))
		if err != nil {
			return err
		}
		c.No = fmt.Sprintf("变更-%s-%d-%05d", d.Agency, year, n)
		c.Reason, c.Document, c.SeenBy, c.SeenOn = a.Reason, a.Document, a.SeenBy, string(a.SeenOn)
		if err := tx.Insert(c); errors.Is(err, store.ErrUnique) {
			return rule.Refuse(caseOpen)
		} else if err != nil {
			return err
		}
		if !c.Kind.asked() || a.IntakeID != "" { // it goes on under the receipt of its record
			return nil
		}
		return k.issueAcceptance(tx, c, d, p)
	})
	return c, err
}

var caseOpen = rule.Reason{Rule: "2", Slug: "case_open", Message: "这卷档案已有一件变更或并档待审批。", Next: "请等审批后再申请。"}

func asJSON(v any) (string, error) {
	raw, err := json.Marshal(v)
	return string(raw), err
}

// prepare holds an application to what it is about; it is asked again when it is decided.
func (k *Desk) prepare(tx *gate.Tx, c *Case, d *dossier.Dossier, a *Application) error {
	open, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM person_case WHERE (dossier_id=? OR other_id=?) AND state='asked' AND id<>?", d.ID, d.ID, c.ID)
	if err != nil {
		return err
	}
	if open > 0 {
		return rule.Refuse(caseOpen)
	}
	if d.State == dossier.Left {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_left", Message: "这卷档案已转出或已并入另一卷。", Next: "请在现在保管的一卷上办理。"})
	}
	switch c.Kind {
	case Merge:
		other, err := otherOf(tx, *d, a.Other)
		if err != nil {
			return err
		}
		c.OtherID = other.ID
		return k.mergeable(tx, *c, *d, other)
	case Split:
		merge, err := lastMerge(tx, d.ID)
		if err != nil {
			return err
		}
		c.OfCase, c.OtherID = merge.ID, merge.OtherID
		return k.free(tx, *d)
	case Identity:
		return k.fresh(tx, *d, &a.Content)
	case Category:
		if d.Category == a.Content.Category && d.Subtype == a.Content.Subtype {
			return rule.Refuse(rule.Reason{Rule: rule.ID(d.Category), Slug: "category_same", Field: "category", Message: "现在就是这一类。", Next: "请选择变更后的类别。"})
		}
	case Account:
		if err := k.alive(tx, *d); err != nil {
			return err
		}
		if d.AccountKind == a.Content.AccountKind && d.AccountUnit == a.Content.AccountUnit {
			return rule.Refuse(rule.Reason{Rule: "12b", Slug: "account_same", Field: "accountKind", Message: "现在就是这一账户。", Next: "请选择变更后的账户。"})
		}
		notice := a.Content.notice()
		missing, err := notice.Check(tx.Context(), tx, account.Personal)
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			return rule.Complete(missing...)
		}
		if a.Content.AccountKind == account.Collective {
			return account.Joins(tx, d.Agency, account.Unit{USCC: a.Content.AccountUSCC, Name: a.Content.AccountUnit})
		}
	case Rebuild:
		if d.State != dossier.InStore {
			return rule.Refuse(rule.Reason{Rule: "29.5", Slug: "rebuild_state", Message: "档案现为“" + d.State.Name() + "”，正在办理其他业务。", Next: "请先办结，再申请重建。"})
		}
	}
	return nil
}

// alive refuses an account for who is dead: the confirmation closed the one there was (20c).
func (k *Desk) alive(tx *gate.Tx, d dossier.Dossier) error {
	dead, err := k.Dead(tx.Context(), tx, d.ID)
	if err != nil || !dead {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "20c", Slug: "person_dead", Field: "dossierId", Message: "存档人已登记死亡，账户已终止，不再开立、变更账户。", Next: "亲属和办理抚恤、遗属待遇等事项的单位照常申请证明；登记有误的，先撤销死亡登记。"})
}

// otherOf finds the dossier that becomes part of another by its number, here.
func otherOf(tx *gate.Tx, d dossier.Dossier, no string) (dossier.Dossier, error) {
	unknown := rule.Refuse(rule.Reason{Rule: "2", Slug: "other_unknown", Field: "other", Message: "没有机构保管这一编号的档案。", Next: "请核对档案编号。"})
	list, err := store.List[dossier.Dossier](tx.Context(), tx, "WHERE agency IN (SELECT id FROM agency) AND no=? AND merged_into IS NULL ORDER BY id LIMIT 20", strings.ToUpper(identity.Normalize(no)))
	if err != nil {
		return dossier.Dossier{}, err
	}
	var elsewhere bool
	for _, x := range list {
		switch {
		case x.Agency != d.Agency || x.State == dossier.Left:
			elsewhere = elsewhere || x.State != dossier.Left
		case x.Secrecy > tx.Actor().Clearance:
		case x.ID == d.ID:
			return x, rule.Refuse(rule.Reason{Rule: "2", Slug: "other_same", Field: "other", Message: "填写的就是这一卷。", Next: "请填写并入的那一卷的编号。"})
		default:
			return x, nil
		}
	}
	if elsewhere {
		return dossier.Dossier{}, rule.Refuse(rule.Reason{Rule: "2", Slug: "other_elsewhere", Field: "other", Message: "那一卷由其他机构保管。", Next: "请先按转递把那一卷转入本机构，再并档。"})
	}
	return dossier.Dossier{}, unknown
}

// fresh says that a new number is nobody's, and that something changes.
func (k *Desk) fresh(tx *gate.Tx, d dossier.Dossier, c *Content) error {
	p, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	if (c.Name == "" || c.Name == p.Name) && (c.IDNo == "" || c.IDNo == p.IDNo) {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "identity_same", Field: "name", Message: "填写的姓名、身份证号与现在登记的相同。", Next: "请填写变更后的姓名或号码。"})
	}
	if c.IDNo == "" || c.IDNo == p.IDNo {
		return k.unlike(tx, p, *c)
	}
	other, err := person.ByIDNo(tx.Context(), tx, k.keys, c.IDNo)
	if errors.Is(err, store.ErrNotFound) || err == nil && other.ID == p.ID {
		return k.unlike(tx, p, *c)
	} else if err != nil {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "number_taken", Field: "idNo", Message: "全市登记中这一号码已属于另一人或另一卷档案。", Next: "请核对证件；确是同一人的，申请并档。"})
}

// unlike says that nobody is likely the person under the changed name and number, whose
// dossier is kept already (2).
func (k *Desk) unlike(tx *gate.Tx, p person.Person, c Content) error {
	n := person.Candidate{ID: p.ID, Name: p.Name, IDNo: p.IDNo, BirthDate: p.BirthDate}
	if c.Name != "" {
		n.Name = c.Name
	}
	if c.IDNo != "" && c.IDNo != p.IDNo {
		n.IDNo, n.BirthDate = c.IDNo, person.CandidateOf("", c.IDNo).BirthDate
	}
	return double.Guard(tx, k.keys, n)
}

// Decide approves what was asked for, which takes effect at once, or refuses it with a note.
func (k *Desk) Decide(ctx context.Context, by policy.Actor, id string, approve bool, note string) (c Case, err error) {
	action, rules := "standing.decide", []rule.ID{"2"}
	if c, err = store.Get[Case](ctx, k.gate.DB(), "WHERE id=?", id); err != nil {
		return c, err
	} else if !approve && c.Kind.asked() { // what a person asked for: a 不予办理, with its notice (29.8)
		action, rules = "standing.refuse", []rule.ID{"2", "29.8"}
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules}, func(tx *gate.Tx) error {
		if c, err = store.Get[Case](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		d, other, err := loadBoth(tx, c)
		if err != nil {
			return err
		}
		if c, err = store.Get[Case](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		for _, x := range []*dossier.Dossier{&d, other} {
			if x == nil {
				continue
			}
			if err := tx.Permit(c.Resource(*x)); err != nil {
				return err
			}
			tx.About("Dossier", x.ID)
		}
		if err := tx.Expect(c.Version); err != nil {
			return err
		}
		if c.State != Asked {
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "case_" + string(c.State), Message: "这一件现在是“" + c.State.Name() + "”。", Next: "请重新载入。"})
		}
		c.DecidedBy, c.DecidedAt, c.Note = by.ID, tx.Now(), strings.TrimSpace(note)
		tx.Note("kind", string(c.Kind))
		tx.Note("approved", approve)
		if !approve {
			if c.Note == "" {
				return rule.Complete(rule.Reason{Rule: "2", Slug: "note_missing", Field: "note", Message: "没有写明为什么不批准。", Next: "请写明理由，供申请人补充依据。"})
			}
			c.State = Refused
			if err := tx.Update(&c); err != nil {
				return err
			}
			if c.Kind.asked() {
				if err := k.issueRefusal(tx, c, d); err != nil {
					return err
				}
			}
			return tell(tx, c, "不予批准", "请查看理由，告知申请人补充依据。")
		}
		if d.Agency != c.Agency {
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_moved", Message: "这卷档案已由另一机构保管。", Next: "请不批准，由现在的保管机构重新申请。"})
		}
		c.State = Approved
		if err := k.apply(tx, &c, &d, other); err != nil {
			return err
		}
		if err := tx.Update(&c); err != nil {
			return err
		}
		return tell(tx, c, "已批准", "变更已经生效，请告知申请人。")
	})
	return c, err
}

// tell puts the decision into the inbox of the clerk who asked.
func tell(tx *gate.Tx, c Case, result, text string) error {
	return message.Inform(tx, message.Notice{Agency: c.Agency, Post: "clerk", StaffID: c.Applicant, Subject: c.Kind.Name() + result, Text: text, DossierID: c.DossierID, CaseRef: "Standing:" + c.ID, Link: "/standing/" + c.ID})
}

// loadBoth locks the dossiers of a case, in the order of their ids, so that two cases
// about the same two never wait for each other.
func loadBoth(tx *gate.Tx, c Case) (d dossier.Dossier, other *dossier.Dossier, err error) {
	if c.OtherID == "" {
		d, err = dossier.Load(tx, c.DossierID)
		return d, nil, err
	}
	first, second := c.DossierID, c.OtherID
	if second < first {
		first, second = second, first
	}
	a, err := dossier.Load(tx, first)
	if err != nil {
		return d, nil, err
	}
	b, err := dossier.Load(tx, second)
	if a.ID == c.DossierID {
		return a, &b, err
	}
	return b, &a, err
}
