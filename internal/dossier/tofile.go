package dossier

import (
	"errors"
	"fmt"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// fileLoose files materials of one dossier that were loose until now.
func (k *Desk) fileLoose(tx *gate.Tx, d *Dossier, list []Material, reviewer string) error {
	next, err := startVersion(tx, d)
	if err != nil {
		return err
	}
	filed := map[string]Material{}
	for _, m := range list {
		m.Reviewer = reviewer
		if m.MainID == "" {
			next.last[m.Class]++
			m.Seq = next.last[m.Class]
		} else if m.Seq, m.Annex, err = behind(tx, filed, m); err != nil {
			return err
		}
		filed[m.ID] = m
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

// behind is the number an attachment takes: its main paper's, as the next of its attachments
// (materials.md 5.2). The main paper stands in the catalog, or was filed just before.
func behind(tx *gate.Tx, filed map[string]Material, m Material) (seq, annex int64, err error) {
	main, here := filed[m.MainID]
	if !here {
		if main, err = store.Get[Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", m.MainID, m.DossierID); err != nil && !errors.Is(err, store.ErrNotFound) {
			return 0, 0, err
		}
		if main.State != Filed {
			return 0, 0, mainNotFiled(m)
		}
	}
	if main.Class != m.Class {
		return 0, 0, mainNotFiled(m)
	}
	if err := tx.QueryRow(tx.Context(), "SELECT coalesce(max(annex),0) FROM material WHERE main_id=? AND state='filed'", main.ID).Scan(&annex); err != nil {
		return 0, 0, fmt.Errorf("attachments of %s: %w", main.ID, err)
	}
	return main.Seq, annex + 1, nil
}

func mainNotFiled(m Material) error {
	return rule.Refuse(rule.Reason{Rule: "13a", Slug: "annex_main", Message: fmt.Sprintf("附件“%s”的主件尚未归档，或与附件不在同一类。", m.Public().Label()), Next: "请与主件同批提交；或改类时改为单独编号。"})
}

// inPlace puts the materials of one dossier that are filed together into the order in which
// they are numbered: class by class, by the rules of each class's order.
func inPlace(list []Material) []Material {
	var out []Material
	byClass := map[string][]Material{}
	var classes []string
	for _, m := range list {
		if byClass[m.Class] == nil {
			classes = append(classes, m.Class)
		}
		byClass[m.Class] = append(byClass[m.Class], m)
	}
	for _, class := range classes {
		out = append(out, Arrange(class, byClass[class])...)
	}
	return out
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
