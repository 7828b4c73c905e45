package message

import (
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/store"
)

// HandOver tells, inside an act of somebody from whom a person's dossier is concealed, those at its
// keeper who are cleared for it (15): they answer the person and go on with what was asked for. An
// inbox leaves out what its reader may not know, so nobody else is told, and who acts hears what is
// said of an unknown number. Where the person can be reached is noted with it.
func HandOver(tx *gate.Tx, personID, ref, subject, text, contact string, self bool) error {
	hidden, err := store.List[dossier.Dossier](tx.Context(), tx, "WHERE person_id=? AND merged_into IS NULL AND state<>? ORDER BY id LIMIT 3", personID, string(dossier.Left))
	if err != nil || len(hidden) == 0 {
		return err
	}
	for _, d := range hidden {
		for _, post := range []string{"clerk", "head"} {
			if err := Inform(tx, Notice{Agency: d.Agency, Post: post, Subject: subject, Text: text, DossierID: d.ID, CaseRef: ref, Link: "/dossiers/" + d.ID}); err != nil {
				return err
			}
		}
	}
	return NoteContact(tx, personID, contact, self)
}
