package dossier

import (
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/person"
)

// ByAgent has an act on a dossier rest on a 委托书 of its person, where an agent came for it
// (12a); nil where the person did.
func ByAgent(tx *gate.Tx, d Dossier, mandateID, matter, ref string, waive func(error) error) (*mandate.Mandate, error) {
	if mandateID == "" {
		return nil, nil
	}
	p, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return nil, err
	}
	m, err := mandate.Rest(tx, mandate.Application{MandateID: mandateID, Matter: matter, Ref: ref, Principal: [][]byte{p.IDIndex}, Agencies: []string{d.Agency}, Waive: waive})
	return &m, err
}
