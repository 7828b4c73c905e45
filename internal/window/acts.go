package window

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Reopener opens a refused case of one kind again, inside the act that upholds the objection.
type Reopener func(tx *gate.Tx, id string) error

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	settings *setting.Desk
	press    *document.Press
	reopen   map[string]Reopener
}

// New opens the room. reopen is by the kind of the case.
func New(g *gate.Gate, settings *setting.Desk, press *document.Press, reopen map[string]Reopener) *Desk {
	return &Desk{gate: g, settings: settings, press: press, reopen: reopen}
}

var rules = []rule.ID{"28", "29.8"}

// Receive registers an objection or a complaint at the window; the slip goes out at once.
func (k *Desk) Receive(ctx context.Context, by policy.Actor, e Entry) (m Matter, err error) {
	e.trim()
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActReceive, Rules: rules}, func(tx *gate.Tx) error {
		if e.Agency == "" {
			e.Agency = by.Org
		}
		about, err := agency.Get(ctx, tx, e.Agency)
		if errors.Is(err, store.ErrNotFound) {
			return rule.Mistake(reason("28", "agency_unknown", "agency", "没有这个机构。", "请从机构列表中选择。"))
		} else if err != nil {
			return err
		}
		m = Matter{ID: gate.NewID(), Version: 1, Kind: e.Kind, About: e.About, Agency: about.ID, Authority: about.Parent, Who: e.Who, Contact: e.Contact, Text: e.Text, ReceivedBy: by.ID, ReceivedAt: tx.Now(), State: Received, ChangedAt: tx.Now()}
		if err := tx.Permit(m.Resource(dossier.Dossier{})); err != nil {
			return err
		}
		if err := e.check(); err != nil {
			return err
		}
		if e.Kind == Objection {
			m.About = ""
			if err := k.against(tx, &m, e.Notice); err != nil {
				return err
			}
			d, err := m.of(ctx, tx)
			if err != nil {
				return err
			}
			if err := tx.Permit(m.Resource(d)); err != nil {
				return err
			}
			if e.MandateID != "" && d.ID == "" {
				return rule.Complete(reason("12a", "no_principal", "mandateId", "这份告知单不涉及本系统登记的存档人员，不能核对委托人。", "请由申请人本人或单位提出。"))
			}
			agent, err := dossier.ByAgent(tx, d, e.MandateID, mandate.Objection, m.Ref(), nil)
			if err != nil {
				return err
			}
			if agent != nil {
				m.Who = agent.For()
			}
		}
		above, err := agency.Get(ctx, tx, m.Authority)
		if err != nil {
			return fmt.Errorf("authority above %s: %w", about.ID, err)
		}
		due, _ := tx.Calendar().AddWorkdays(tx.Today(), k.settings.Int(setting.ObjectionAnswer))
		m.DueOn = due.String()
		year := tx.Today().Year()
		n, err := tx.Number(fmt.Sprintf("%s/异议投诉/%d", m.Agency, year))
		if err != nil {
			return err
		}
		m.No = fmt.Sprintf("YT-%s-%d-%05d", m.Agency, year, n)
		tx.About("Matter", m.ID)
		tx.Note("no", m.No)
		if err := tx.Insert(m); err != nil {
			return err
		}
		issuer := about
		if by.Org != about.ID {
			issuer = above
		}
		return k.acknowledge(tx, m, issuer, about, above)
	})
	return m, err
}

// against ties an objection to the notice it is about: within its days, once.
func (k *Desk) against(tx *gate.Tx, m *Matter, number string) error {
	number = document.NormalNumber(number)
	d, err := store.Get[document.Document](tx.Context(), tx, "WHERE number=? AND kind IN (?,?) AND agency=?"+tx.ForUpdate(), number, document.RefusalNotice, document.Withdrawal, m.Agency)
	if errors.Is(err, store.ErrNotFound) {
		return rule.Mistake(reason("29.8", "notice_unknown", "notice", "所涉机构没有出具过这个编号的不予办理告知单或者撤回告知书。", "请照告知单核对编号和出具机构；没有出具告知单的，按投诉登记。"))
	} else if err != nil {
		return err
	}
	last := calendar.Of(d.IssuedAt).AddDays(k.settings.Int(setting.ObjectionDays))
	if tx.Today() > last {
		return rule.Refuse(reason("29.8", "objection_late", "notice", "异议期限已于"+last.Long()+"届满。", "可以作为投诉登记，或者按现在的情况重新申请。"))
	}
	n, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM window_matter WHERE notice_id=?", d.ID)
	if err != nil {
		return err
	}
	if n > 0 {
		return rule.Refuse(reason("29.8", "objected_already", "notice", "对这份告知单已经提出过异议。", "请等候或查看答复；对答复不服的，按投诉登记。"))
	}
	m.NoticeID, m.NoticeNo, m.CaseRef, m.DossierID = d.ID, d.Number, d.CaseRef, d.DossierID
	return nil
}

// Answer is the authority's word. An objection that is upheld takes the notice out of
// force and opens the case again where it stood.
func (k *Desk) Answer(ctx context.Context, by policy.Actor, id string, upheld bool, text string) (m Matter, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActAnswer, Rules: rules, On: "Matter:" + id}, func(tx *gate.Tx) error {
		if m, err = store.Get[Matter](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		d, err := m.of(ctx, tx)
		if err != nil {
			return err
		}
		if err := tx.Permit(m.Resource(d)); err != nil {
			return err
		}
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		if err := m.Reply(upheld, text, by.ID, tx.Today()); err != nil {
			return err
		}
		if upheld && m.Kind == Objection {
			kind, caseID, _ := strings.Cut(m.CaseRef, ":")
			open := k.reopen[kind]
			if open == nil {
				return fmt.Errorf("no room opens a refused %s again", kind)
			}
			if err := open(tx, caseID); err != nil {
				return err
			}
			if err := document.SetState(tx, m.NoticeID, document.Void); err != nil {
				return err
			}
			tx.About(kind, caseID)
		}
		if m.DossierID != "" {
			tx.About("Dossier", m.DossierID)
		}
		if err := k.issueAnswer(tx, &m); err != nil {
			return err
		}
		m.ChangedAt = tx.Now()
		return tx.Update(&m)
	})
	return m, err
}
