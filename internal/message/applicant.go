package message

import (
	"errors"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// Applicant is who is told of a case before the province has a dossier of theirs.
type Applicant struct{ Name, Address, Agency string }

// applied tells, inside an act on such a case, who applied (20.1): by where they said they are
// reached, and not at all where they said nothing.
func (k *Desk) applied(tx *gate.Tx, e event) error {
	if k.Applied == nil || tx.On() == "" {
		return nil
	}
	who, tells, err := k.Applied(tx.Context(), tx, tx.On())
	if err != nil || !tells {
		return err
	}
	office, err := agency.Get(tx.Context(), tx, who.Agency)
	if err != nil {
		return err
	}
	m := Message{ID: gate.NewID(), Version: 1, State: Queued, Agency: who.Agency, CaseRef: tx.On(), Template: e.Template, CreatedAt: tx.Now(), Unit: masked(who.Name) + "（申请人）", Way: WayOf(who.Address), Address: who.Address}
	due, _ := tx.Fact("due").(string)
	if m.Text, m.Wording, err = k.say(tx.Context(), tx, e.Template, map[string]string{"姓名": masked(who.Name), "事项": e.Matter, "机构": office.Name, "期限": due, "链接": link}); err != nil {
		return err
	}
	return tx.Insert(m)
}

// NoteContact records, inside another act, where a person is reached. What they chose before
// stands unless it is they who say so now.
func NoteContact(tx *gate.Tx, personID, address string, self bool) error {
	address = strings.TrimSpace(address)
	way := WayOf(address)
	if way == "" {
		return nil
	}
	c, err := store.Get[Contact](tx.Context(), tx, "WHERE person_id=?"+tx.ForUpdate(), personID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return tx.Insert(Contact{ID: gate.NewID(), Version: 1, PersonID: personID, Way: way, Address: address, NotedBy: tx.Actor().ID, NotedAt: tx.Now()})
	case err != nil || !self || c.Way == way && c.Address == address:
		return err
	}
	c.Way, c.Address, c.NotedBy, c.NotedAt = way, address, tx.Actor().ID, tx.Now()
	return tx.Update(&c)
}
