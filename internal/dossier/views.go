package dossier

import (
	"context"
	"errors"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// SavedViews are the filters a member of staff keeps, as JSON; "" for none.
func (k *Desk) SavedViews(ctx context.Context, by policy.Actor) (string, error) {
	var views string
	err := store.Classify(k.gate.DB().QueryRow(ctx, "SELECT views FROM saved_view WHERE staff_id=?", by.ID).Scan(&views))
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return views, err
}

// SaveViews keeps a member's filters: a habit of the screen, no act.
func (k *Desk) SaveViews(ctx context.Context, by policy.Actor, views string) error {
	return k.gate.Touch(ctx, "INSERT INTO saved_view(staff_id,views,at) VALUES(?,?,?) ON CONFLICT(staff_id) DO UPDATE SET views=excluded.views, at=excluded.at", by.ID, views, k.gate.Now())
}
