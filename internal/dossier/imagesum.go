package dossier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"dangan/internal/store"
)

// ImageSum counts the accepted pages of a dossier and gives the value by which who takes it
// over checks them (forms.md 2, 17): SHA-256 over the digests of its pages in their order,
// as far as a paper can bear it. "" where there is none.
func ImageSum(ctx context.Context, q store.Querier, dossierID string) (pages int, sum string, err error) {
	rows, err := q.Query(ctx, "SELECT page.blob FROM page WHERE dossier_id=? AND state='accepted' ORDER BY material_id, no, id", dossierID)
	if err != nil {
		return 0, "", err
	}
	defer rows.Close()
	all := sha256.New()
	for rows.Next() {
		var blob string
		if err := rows.Scan(&blob); err != nil {
			return 0, "", err
		}
		all.Write([]byte(blob))
		pages++
	}
	if pages == 0 {
		return 0, "", rows.Err()
	}
	return pages, hex.EncodeToString(all.Sum(nil))[:16], rows.Err()
}
