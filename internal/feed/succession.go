package feed

import (
	"dangan/internal/agency"
	"dangan/internal/gate"
)

// Succeed makes the successor of a merged agency keep its sources and what came from them.
// A file both had been sent stays with the first: its tasks hang on the dossiers anyway.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	if _, err := agency.HandOver(tx, "agency=?", []any{from.ID}, func(s *Source) error {
		s.Agency = to.ID
		return tx.Update(s)
	}); err != nil {
		return 0, err
	}
	_, err := agency.HandOver(tx, "agency=? AND digest NOT IN (SELECT digest FROM feed_file WHERE agency=?)", []any{from.ID, to.ID}, func(f *File) error {
		f.Agency = to.ID
		return tx.Update(f)
	})
	return 0, err
}
