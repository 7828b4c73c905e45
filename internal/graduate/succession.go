package graduate

import (
	"context"
	"fmt"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Succeed makes the successor of a merged agency go on with its schools' lists: packets
// that are awaited arrive there, those in custody are claimed there (12).
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	if _, err := agency.HandOver(tx, "agency=?", []any{from.ID}, func(l *List) error {
		l.Agency = to.ID
		return tx.Update(l)
	}); err != nil {
		return 0, err
	}
	if _, err := agency.HandOver(tx, "agency=?", []any{from.ID}, func(b *Batch) error {
		b.Agency = to.ID
		return tx.Update(b)
	}); err != nil {
		return 0, err
	}
	if _, err := agency.HandOver(tx, "agency=?", []any{from.ID}, func(s *Scan) error {
		s.Agency = to.ID
		return tx.Update(s)
	}); err != nil {
		return 0, err
	}
	_, err := agency.HandOver(tx, "agency=?", []any{from.ID}, func(g *Graduate) error {
		g.Agency = to.ID
		return tx.Update(g)
	})
	return 0, err
}

// Moved ends the wait for a person whose dossier went on before they came, as to a school of
// higher education (12): where it is now is where they go.
func Moved(tx *gate.Tx, d dossier.Dossier, from string) error {
	list, err := store.List[Graduate](tx.Context(), tx, "WHERE dossier_id=? AND agency=? AND state=? ORDER BY id LIMIT 10"+tx.ForUpdate(), d.ID, from, Unclaimed)
	if err != nil {
		return err
	}
	for _, g := range list {
		g.end(GoneOn, tx.Now())
		tx.About("Graduate", g.ID)
		if err := tx.Update(&g); err != nil {
			return err
		}
	}
	return nil
}

// Hinder says what of this room stands against an agency's end: for closing a packet
// that is awaited or waits for its person, for merging a list or a number that both have.
func Hinder(ctx context.Context, q store.Querier, code, successor string) ([]rule.Reason, error) {
	if successor == "" {
		n, err := store.Count(ctx, q, "SELECT count(*) FROM graduate WHERE agency=? AND state IN (?,?,?,?)", code, Awaited, Unclaimed, Elsewhere, Handing)
		if err != nil || n == 0 {
			return nil, err
		}
		return []rule.Reason{{Rule: "12", Slug: "graduates_open", Message: fmt.Sprintf("该机构还有 %d 名毕业生的档案未到、待认领或待归并。", n), Next: "请办理机构合并，由承接机构继续接收、保管。"}}, nil
	}
	n, err := store.Count(ctx, q, `SELECT (SELECT count(*) FROM graduate a JOIN graduate b ON b.transfer_no=a.transfer_no WHERE a.agency=? AND b.agency=?)
		+ (SELECT count(*) FROM graduate_list a JOIN graduate_list b ON b.digest=a.digest WHERE a.agency=? AND b.agency=?)`, code, successor, code, successor)
	if err != nil || n == 0 {
		return nil, err
	}
	return []rule.Reason{{Rule: "12", Slug: "graduates_twice", Message: fmt.Sprintf("两个机构登记了相同的毕业生名单或者转递编号，共 %d 处。", n), Next: "请先与学校核实档案寄往哪个机构。"}}, nil
}

// UnderWay counts what an agency has of this room, for its page.
func UnderWay(ctx context.Context, q store.Querier, code string) (agency.Open, error) {
	return agency.CountOpen(ctx, q, agency.Line{Name: "未到或待认领的毕业生档案", Unit: "份", Table: "graduate", Since: "received_at", From: "接收", Link: "/graduates"}, "agency=? AND state IN (?,?,?,?)", code, Awaited, Unclaimed, Elsewhere, Handing)
}
