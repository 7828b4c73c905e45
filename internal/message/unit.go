package message

import (
	"context"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/store"
)

// Worker is whom a unit authorized, as far as they are told (12c).
type Worker struct {
	ID, Name, Unit, Agency string
	Way, Address           string
}

// WayOf is the way an address belongs to; empty where it is neither a mobile nor a mailbox.
func WayOf(address string) string {
	switch address = strings.TrimSpace(address); {
	case mobile.MatchString(address):
		return SMS
	case mailbox.MatchString(address):
		return Email
	}
	return ""
}

// TellUnit writes, inside the act it tells of, a message to a unit's worker, in the wordings
// that persons are told in: it is sent as theirs are, once, and lost as little.
func (k *Desk) TellUnit(tx *gate.Tx, w Worker, template, matter, caseRef string) error {
	office, err := agency.Get(tx.Context(), tx, w.Agency)
	if err != nil {
		return err
	}
	m := Message{ID: gate.NewID(), Version: 1, State: Queued, Agency: w.Agency, CaseRef: caseRef, Template: template, CreatedAt: tx.Now(), Unit: w.Unit, WorkerID: w.ID, Way: w.Way, Address: w.Address}
	if m.Address == "" {
		m.Way, m.State, m.Why, m.EndedAt = SMS, Unaddressed, "没有登记经办人的电话或邮箱", tx.Now()
	}
	if m.Text, m.Wording, err = k.say(tx.Context(), tx, template, map[string]string{"姓名": masked(w.Name), "事项": matter, "机构": office.Name}); err != nil {
		return err
	}
	if reminds[template] {
		told, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM message WHERE worker_id=? AND created_at>=? AND template=? AND text=?", m.WorkerID, tx.Today().Moment().UnixMicro(), m.Template, m.Text)
		if err != nil || told > 0 {
			return err
		}
	}
	return tx.Insert(m)
}

// dossierOf is the dossier a message is of; none of one to a unit.
func dossierOf(ctx context.Context, q store.Querier, m Message) (dossier.Dossier, error) {
	if m.DossierID == "" {
		return dossier.Dossier{}, nil
	}
	return dossier.Get(ctx, q, m.DossierID)
}

// reached is where the one a message is for is reached now.
func (k *Desk) reached(ctx context.Context, q store.Querier, m Message, d dossier.Dossier) (way, address string, err error) {
	if m.WorkerID != "" {
		return k.Reach(ctx, q, m.WorkerID)
	}
	if d.ID == "" { // who applied, before there was a dossier: where they said
		return WayOf(m.Address), m.Address, nil
	}
	p, err := person.Get(ctx, q, d.PersonID)
	if err != nil {
		return "", "", err
	}
	return reach(ctx, q, p)
}
