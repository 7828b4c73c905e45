package window

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

const open = "agency=? AND state='received'"

// Succeed makes the successor of a merged agency, and who stands above it, go on with what waits for an answer.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, open, []any{from.ID}, func(m *Matter) error {
		m.Agency, m.Authority = to.ID, to.Parent
		tx.About("Matter", m.ID)
		return tx.Update(m)
	})
	if err != nil || from.Keeps() {
		return 0, err
	}
	// What a merged authority had to answer about others, its successor answers.
	_, err = agency.HandOver(tx, "authority=? AND state='received'", []any{from.ID}, func(m *Matter) error {
		m.Authority = to.ID
		tx.About("Matter", m.ID)
		return tx.Update(m)
	})
	return 0, err
}

// Place makes the authority that an agency went under answer what is asked about it.
func Place(tx *gate.Tx, a agency.Agency) error {
	_, err := agency.HandOver(tx, "agency=? AND authority<>? AND state='received'", []any{a.ID, a.Parent}, func(m *Matter) error {
		m.Authority = a.Parent
		tx.About("Matter", m.ID)
		return tx.Update(m)
	})
	return err
}

// Hinder says that an authority still has to answer somebody, against its closing.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor != "" {
		return nil, nil
	}
	n, err := store.Count(ctx, q, "SELECT count(*) FROM window_matter WHERE authority=? AND state='received'", code)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "29.8", Slug: "matters_open", Message: fmt.Sprintf("该部门还有 %d 件异议、投诉没有答复。", n), Next: "请先答复，或办理合并由承接的主管部门答复。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "待答复的异议、投诉", Unit: "件", Table: "window_matter", Due: "due_on", Since: "received_at", From: "登记", Link: "/window"}, open, code)
}
