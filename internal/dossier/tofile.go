package dossier

import (
	"fmt"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/gate"
)

// fileLoose files materials of one dossier that were loose until now.
func (k *Desk) fileLoose(tx *gate.Tx, d *Dossier, list []Material, reviewer string) error {
	next, err := startVersion(tx, d)
	if err != nil {
		return err
	}
	for _, m := range list {
		m.Reviewer = reviewer
		next.last[m.Class]++
		m.Seq = next.last[m.Class]
		if err := next.file(tx, d, &m); err != nil {
			return err
		}
		if err := tx.Update(&m); err != nil {
			return err
		}
		if d.Loose > 0 {
			d.Loose--
		}
	}
	return nil
}

// FileDelivered makes delivered materials part of the catalog, inside the act by
// which a reviewer accepts them. They keep the number they were delivered with
// where it is free, since it stands on the paper (materials.md 5.3). The caller
// saves the dossier.
func FileDelivered(tx *gate.Tx, d *Dossier, list []Material) error {
	next, err := startVersion(tx, d)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	catalog, err := CatalogOf(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	for _, m := range catalog {
		taken[m.Number()] = true
	}
	for i := range list {
		m := &list[i]
		if m.State != Delivered {
			return fmt.Errorf("material %s is %s, not delivered", m.ID, m.State)
		}
		m.Reviewer = tx.Actor().ID
		if m.KeyFacts == "" {
			m.KeyFacts = strings.Join(codes.Proves(m.Title, m.Class), "|")
		}
		if m.Seq == 0 || taken[m.Number()] {
			next.last[m.Class]++
			m.Seq = next.last[m.Class]
		}
		taken[m.Number()] = true
		if err := next.file(tx, d, m); err != nil {
			return err
		}
		if err := tx.Update(m); err != nil {
			return err
		}
	}
	return nil
}

// numbering gives the next numbers within each class of one dossier, for one
// new version of its catalog.
type numbering struct {
	last    map[string]int64
	version int64
}

func startVersion(tx *gate.Tx, d *Dossier) (*numbering, error) {
	n := &numbering{last: map[string]int64{}, version: d.Catalog + 1}
	rows, err := tx.Query(tx.Context(), "SELECT class, max(seq) FROM material WHERE dossier_id=? AND class IS NOT NULL AND seq IS NOT NULL GROUP BY class", d.ID)
	if err != nil {
		return nil, fmt.Errorf("number materials: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var class string
		var seq int64
		if err := rows.Scan(&class, &seq); err != nil {
			return nil, err
		}
		n.last[class] = seq
	}
	d.Catalog = n.version
	tx.Note("catalog", n.version)
	return n, rows.Err()
}

// file makes one numbered material part of the catalog and counts it in its dossier.
func (n *numbering) file(tx *gate.Tx, d *Dossier, m *Material) error {
	m.State, m.FiledAt, m.CatalogFrom = Filed, tx.Now(), n.version
	d.Materials++
	d.Pages += m.Pages
	d.Images += m.Images
	d.Secrecy = max(d.Secrecy, m.Secrecy)
	return supplied(tx, d, *m)
}
