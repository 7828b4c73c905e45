package roster

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Succeed makes the successor of a merged agency go on with rosters and keeper of the
// packets that are nobody's dossier yet (6b).
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	if _, err := agency.HandOver(tx, "agency=? AND state IN ('uploaded','failed')", []any{from.ID}, func(i *Import) error {
		i.Agency = to.ID
		return tx.Update(i)
	}); err != nil {
		return 0, err
	}
	_, err := agency.HandOver(tx, "(agency=? OR receiver=?) AND state<>'resolved'", []any{from.ID, from.ID}, func(p *Packet) error {
		if p.Agency == from.ID {
			p.Agency = to.ID
		}
		if p.Receiver == from.ID {
			p.Receiver = to.ID
		}
		return tx.Update(p)
	})
	return 0, err
}

// Hinder says what of this room stands against an agency's end: a roster that is being
// imported, and for closing a packet that is still kept.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	var out []rule.Reason
	n, err := store.Count(ctx, q, "SELECT count(*) FROM roster_import WHERE agency=? AND state='running'", code)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, rule.Reason{Rule: "6b", Slug: "roster_running", Message: "该机构正在导入花名册。", Next: "请在导入完成或取消后办理。"})
	}
	n, err = store.Count(ctx, q, "SELECT count(*) FROM unclear_packet WHERE state<>'resolved' AND (agency=? AND receiver=? OR receiver=? AND agency=?)", code, successor, code, successor)
	if successor == "" {
		n, err = store.Count(ctx, q, "SELECT count(*) FROM unclear_packet WHERE state<>'resolved' AND (agency=? OR receiver=?)", code, code)
	}
	if err != nil {
		return nil, err
	}
	if n > 0 {
		out = append(out, rule.Reason{Rule: "6b", Slug: "packets_unclear", Message: fmt.Sprintf("该机构还有 %d 个待查实的档案袋没有办结。", n), Next: "请先查实或办结移交。"})
	}
	return out, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "待查实的档案袋", Unit: "个", Table: "unclear_packet", Since: "taken_at", From: "登记", Link: "/unclear"}, "state<>'resolved' AND (agency=? OR receiver=?)", code, code)
}
