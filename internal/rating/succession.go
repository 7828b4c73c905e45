package rating

import (
	"context"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/store"
)

const open = "agency=? AND state<>'closed'"

// Succeed makes the successor of a merged agency call back; what is due to a merged authority
// its successor is told.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, open, []any{from.ID}, func(c *Case) error {
		c.Agency, c.Authority = to.ID, to.Parent
		tx.About("RatingCase", c.ID)
		return tx.Update(c)
	})
	if err != nil || from.Keeps() {
		return 0, err
	}
	_, err = agency.HandOver(tx, "authority=? AND state<>'closed'", []any{from.ID}, func(c *Case) error {
		c.Authority = to.ID
		tx.About("RatingCase", c.ID)
		return tx.Update(c)
	})
	return 0, err
}

// Place makes the authority that an agency went under hear of what is overdue.
func Place(tx *gate.Tx, a agency.Agency) error {
	_, err := agency.HandOver(tx, "agency=? AND coalesce(authority,'')<>? AND state<>'closed'", []any{a.ID, a.Parent}, func(c *Case) error {
		c.Authority = a.Parent
		tx.About("RatingCase", c.ID)
		return tx.Update(c)
	})
	return err
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "待回访的差评", Unit: "件", Table: "rating_case", Due: "due_on", Since: "opened_on", From: "评价", Link: "/ratings"}, open, code)
}
