package mandate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/blob"
	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// Actions of this room, as the policies name them.
const (
	ActRegister = "mandate.register"
	ActDecide   = "mandate.decide"
	ActRevoke   = "mandate.revoke"
	ActRead     = "mandate.read"
	ActScan     = "mandate.scan"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	settings *setting.Desk
	keys     person.Indexer
	Blobs    blob.Store // of scans
}

// New opens the room.
func New(g *gate.Gate, settings *setting.Desk, keys person.Indexer) *Desk {
	return &Desk{gate: g, settings: settings, keys: keys}
}

var rules = []rule.ID{"12a", "29.9"}

// year is how far back an agent's persons are counted.
const year = 365

// Register enters a 委托书 at the actor's agency, with both documents seen. One whose agent
// stands for unusually many persons in the province waits for the head.
func (k *Desk) Register(ctx context.Context, by policy.Actor, p Paper) (m Mandate, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRegister, Rules: rules}, func(tx *gate.Tx) error {
		m = Mandate{ID: gate.NewID(), Version: 1, Agency: by.Org, State: Valid}
		if err := tx.Permit(m.Resource("", 0)); err != nil {
			return err
		}
		if err := p.Check(tx.Today()); err != nil {
			return err
		}
		m.PrincipalIndex, m.AgentIndex = k.keys.Index(person.IndexPurpose, p.PrincipalNo), k.keys.Index(person.IndexPurpose, p.AgentNo)
		who, err := person.KnownTo(ctx, tx, k.keys, by, p.PrincipalNo)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		m.Unknown = err != nil
		if err == nil {
			// 10b; what lies above the clearance stays as unknown as before, so no secrecy here.
			if err := tx.Permit(m.Resource(who.ID, 0)); err != nil {
				return err
			}
			if plain(who.Name) != plain(p.Principal) {
				return rule.Mistake(reason("12a", "principal_mismatch", "principal", "委托人姓名与该证件号码登记的姓名不一致。", "请对照证件核对；确已更名的，先办理姓名更正。"))
			}
		}
		if err := outsider(tx, m.AgentIndex, by.Org); err != nil {
			return err
		}
		if m.Persons, err = persons(ctx, tx, m, tx.Now()); err != nil {
			return err
		}
		if flagged(m.Persons, k.settings.Int(setting.AgentPersons)) {
			m.State = Waiting
			tx.Note("persons", m.Persons)
			if err := suspend(tx, m); err != nil {
				return err
			}
		}
		n, err := tx.Number(fmt.Sprintf("%s/委托/%d", by.Org, tx.Today().Year()))
		if err != nil {
			return err
		}
		m.No = fmt.Sprintf("WT-%s-%d-%05d", by.Org, tx.Today().Year(), n)
		m.Principal, m.PrincipalNo, m.PrincipalDoc = p.Principal, p.PrincipalNo, p.PrincipalDoc
		m.Agent, m.AgentNo, m.AgentDoc, m.Relation, m.Phone = p.Agent, p.AgentNo, p.AgentDoc, p.Relation, p.Phone
		m.Matters, m.PaperOn, m.ValidUntil, m.Unpaid = strings.Join(p.Matters, "|"), p.On.String(), p.Until.String(), p.Unpaid
		m.SeenBy, m.SeenAt, m.ChangedAt = by.ID, tx.Now(), tx.Now()
		tx.About("Mandate", m.ID)
		return tx.Insert(m)
	})
	return m, err
}

// persons is for how many an agent stood within a year, the principal of this mandate included.
func persons(ctx context.Context, q store.Querier, m Mandate, now time.Time) (int64, error) {
	others, err := store.Count(ctx, q, "SELECT count(DISTINCT principal_ix) FROM mandate WHERE agent_ix=? AND principal_ix<>? AND seen_at>=?", m.AgentIndex, m.PrincipalIndex, now.AddDate(0, 0, -year).UnixMicro())
	return others + 1, err
}

// suspend has an agent's other mandates wait for the head of their agency too, where nobody
// decided on them: they were seen while the agent stood for few.
func suspend(tx *gate.Tx, m Mandate) error {
	list, err := store.List[Mandate](tx.Context(), tx, "WHERE agent_ix=? AND state='valid' AND decided_by IS NULL AND valid_until>=? ORDER BY id LIMIT 200"+tx.ForUpdate(), m.AgentIndex, tx.Today().String())
	if err != nil {
		return err
	}
	for i := range list {
		list[i].State, list[i].Persons, list[i].ChangedAt = Waiting, m.Persons, tx.Now()
		tx.About("Mandate", list[i].ID)
		if err := tx.Update(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// Follow looks, at the end of every act, at what an agent has to do with it: whoever handles
// a matter later keeps away as its first clerk did, where they or their declared kin are the
// agent (10b); and what rests on a mandate is held to the agent's persons as they are counted
// now, not as they were when the paper was seen (29.9). It is the gate's.
func (k *Desk) Follow(tx *gate.Tx) error {
	if tx.Actor().Kind != policy.Staff {
		return nil
	}
	if err := apart(tx); err != nil || strings.HasPrefix(tx.Action(), "mandate.") {
		return err
	}
	for _, id := range tx.Subjects("Mandate") {
		m, err := store.Get[Mandate](tx.Context(), tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		if m.DecidedBy != "" {
			continue
		}
		if m.Persons, err = persons(tx.Context(), tx, m, tx.Now()); err != nil {
			return err
		}
		if flagged(m.Persons, k.settings.Int(setting.AgentPersons)) {
			return unconfirmed(m)
		}
	}
	return nil
}

// matters are the kinds of cases that can rest on a mandate.
var matters = []string{"Transfer", "Certificate", "Inquiry", "PersonCase", "Graduate", "Supplement", "Matter", "Retirement", "Death"}

// apart refuses an act on a case whose agent is its actor, or the actor's declared kin.
func apart(tx *gate.Tx) error {
	var refs []string
	for _, kind := range matters {
		for _, id := range tx.Subjects(kind) {
			refs = append(refs, kind+":"+id)
		}
	}
	if len(refs) == 0 {
		return nil
	}
	list, err := store.List[Mandate](tx.Context(), tx, "WHERE id IN (SELECT mandate_id FROM mandate_use WHERE case_ref IN ("+store.Marks(len(refs))+")) ORDER BY id LIMIT 200", store.Args(refs)...)
	if err != nil {
		return err
	}
	for _, m := range list {
		own, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM staff WHERE id=? AND id_ix=?", tx.Actor().ID, m.AgentIndex)
		if err != nil {
			return err
		}
		kin, err := staff.DeclaredKin(tx.Context(), tx, tx.Actor().ID, m.AgentIndex)
		if err != nil {
			return err
		}
		if own > 0 || kin {
			return rule.Refuse(reason("10b", "agent_of_matter", "", "这件申请的代办人是您本人或您申报的亲属，按规定应当回避。", "请交由其他工作人员办理。"))
		}
	}
	return nil
}

// plain is a name without the blanks and dots that documents write differently.
func plain(name string) string {
	return strings.NewReplacer(" ", "", "　", "", "·", "").Replace(name)
}

// outsider keeps those away from standing as an agent who handle the matter themselves:
// the staff of the agencies concerned, and kin of the actor (10b).
func outsider(tx *gate.Tx, agent []byte, agencies ...string) error {
	works, err := staff.Works(tx.Context(), tx, agent, agencies...)
	if err != nil {
		return err
	}
	if works {
		return rule.Refuse(reason("10b", "agent_is_staff", "agentNo", "代办人是经办机构的工作人员，按规定应当回避。", "请存档人员本人办理，或改托他人。"))
	}
	kin, err := staff.DeclaredKin(tx.Context(), tx, tx.Actor().ID, agent)
	if err != nil {
		return err
	}
	if kin {
		return rule.Refuse(reason("10b", "agent_is_kin", "agentNo", "代办人是您申报的亲属，按规定应当回避。", "请交由其他工作人员办理。"))
	}
	return nil
}

// Application is what a room takes in from an agent.
type Application struct {
	MandateID string
	Matter    string
	Ref       string   // the case, such as Transfer:<id>
	Principal [][]byte // keyed index of the identity number of the person it is about; both while a number changes
	Agencies  []string // others that handle it
	// Kin is, of a matter of the dead (20c), the name of the kin who asks: the principal is they,
	// and not the person it is about, whose mandates ended with them.
	Kin string
	// Waive passes what an objection that held set aside (29.8); nil passes nothing.
	Waive func(error) error
}

// Rest has an application rest on a mandate, inside the room's own act and after its
// policy was asked: held to its principal, matter, days and the head's word, and recorded.
func Rest(tx *gate.Tx, a Application) (m Mandate, err error) {
	if strings.TrimSpace(a.MandateID) == "" {
		return m, rule.Complete(reason("12a", "mandate_missing", "mandateId", "代办没有登记委托书。", "请查验委托书和双方证件原件并登记；本人到场的，按本人申请办理。"))
	}
	m, err = store.Get[Mandate](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), a.MandateID)
	if errors.Is(err, store.ErrNotFound) || err == nil && m.Agency != tx.Actor().Org {
		return m, rule.Complete(reason("12a", "mandate_unknown", "mandateId", "本机构没有登记这份委托书。", "请在本机构查验委托书和双方证件原件并登记。"))
	} else if err != nil {
		return m, err
	}
	covers := a.covers(m, tx.Today())
	if a.Waive != nil {
		covers = a.Waive(covers)
	}
	if covers != nil {
		return m, covers
	}
	if err := outsider(tx, m.AgentIndex, append(a.Agencies, m.Agency)...); err != nil {
		return m, err
	}
	tx.About("Mandate", m.ID)
	return m, tx.Insert(Use{ID: gate.NewID(), Version: 1, MandateID: m.ID, Matter: a.Matter, CaseRef: a.Ref, UsedBy: tx.Actor().ID, UsedAt: tx.Now()})
}

// covers is Covers with the principal that the application is of.
func (a Application) covers(m Mandate, today calendar.Date) error {
	if a.Kin == "" {
		return m.Covers(a.Matter, today, a.Principal...)
	}
	if slices.ContainsFunc(a.Principal, func(ix []byte) bool { return bytes.Equal(m.PrincipalIndex, ix) }) {
		return rule.Refuse(reason("20c", "mandate_ended_by_death", "mandateId", "这份委托书的委托人就是死者，委托因死亡终止。", "请亲属本人告知，或者由亲属出具委托书。"))
	}
	if plain(m.Principal) != plain(a.Kin) {
		return rule.Complete(reason("12a", "other_principal", "mandateId", "委托书的委托人不是所登记的告知人。", "请登记委托人为告知人，写明与死者的关系；或者核对所选的委托书。"))
	}
	return m.Covers(a.Matter, today, m.PrincipalIndex)
}

// Decide is the head's word on an agent who stands for many.
func (k *Desk) Decide(ctx context.Context, by policy.Actor, id string, confirm bool, note string) (Mandate, error) {
	return k.on(ctx, by, ActDecide, id, func(tx *gate.Tx, m *Mandate) error {
		if m.State == Valid && m.DecidedBy == "" { // the count grew, or the threshold was lowered, since the paper was seen
			n, err := persons(ctx, tx, *m, tx.Now())
			if err != nil {
				return err
			}
			if flagged(n, k.settings.Int(setting.AgentPersons)) {
				m.State, m.Persons = Waiting, n
			}
		}
		return m.Decide(by.ID, tx.Now(), confirm, note)
	})
}

// Revoke ends a mandate on the principal's word.
func (k *Desk) Revoke(ctx context.Context, by policy.Actor, id, why string) (Mandate, error) {
	return k.on(ctx, by, ActRevoke, id, func(tx *gate.Tx, m *Mandate) error { return m.Revoke(by.ID, tx.Now(), why) })
}

// on performs one act on a mandate and saves it.
func (k *Desk) on(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, m *Mandate) error) (m Mandate, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "Mandate:" + id}, func(tx *gate.Tx) error {
		if m, err = store.Get[Mandate](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		r, err := k.resource(ctx, tx, by, m)
		if err != nil {
			return err
		}
		if err := tx.Permit(r); err != nil {
			return err
		}
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		tx.About("Mandate", m.ID)
		if err := fn(tx, &m); err != nil {
			return err
		}
		m.ChangedAt = tx.Now()
		return tx.Update(&m)
	})
	return m, err
}

// resource is a mandate with what the province knows of its principal.
func (k *Desk) resource(ctx context.Context, q store.Querier, by policy.Actor, m Mandate) (policy.Resource, error) {
	who, err := person.ByIDNo(ctx, q, k.keys, m.PrincipalNo)
	if errors.Is(err, store.ErrNotFound) {
		return m.Resource("", 0), nil
	} else if err != nil {
		return policy.Resource{}, err
	}
	if m.Unknown {
		// 15: as it was seen for an unknown number, it is read as one. Recusal stays (10b).
		if hidden, err := person.Concealed(ctx, q, by, who.ID); err != nil || hidden {
			return m.Resource("", 0), err
		}
	}
	secrecy, err := store.Count(ctx, q, "SELECT coalesce(max(secrecy),0) FROM dossier WHERE person_id=?", who.ID)
	return m.Resource(who.ID, int(secrecy)), err
}
