package access

import (
	"context"
	"fmt"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Piece is a material read on paper: one of the catalog, or cited by hand.
type Piece struct {
	MaterialID   string
	Class, Title string
	Pages        int64
}

// RecordPaper puts on record what the readers read on paper, ticked by the monitor.
func (k *Desk) RecordPaper(ctx context.Context, by policy.Actor, caseID string, pieces []Piece) (Session, error) {
	return k.onSession(ctx, by, "reading.record", []rule.ID{"21.4"}, caseID, func(tx *gate.Tx, s *Session, c *Case, _ *dossier.Dossier) error {
		if err := s.Readable(tx.Now(), true); err != nil {
			return err
		}
		if len(pieces) == 0 {
			return rule.Mistake(reason("21.4", "nothing_ticked", "pieces", "没有选定所阅材料。", "请勾选，或按类号、材料名称登记。"))
		}
		for i, p := range pieces {
			v, err := k.ticked(tx, *s, *c, i, p)
			if err != nil {
				return err
			}
			if v.MaterialID != "" {
				var n int
				if err := tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM reading_view WHERE session_id=? AND kind=? AND material_id=?", s.ID, Paper, v.MaterialID).Scan(&n); err != nil {
					return fmt.Errorf("pieces read: %w", err)
				}
				if n > 0 {
					continue // ticked before
				}
			}
			if s.Pages+v.Pages > s.MaxPages {
				return rule.Refuse(reason("21.4", "page_limit_reached", "", fmt.Sprintf("已达本次查阅的页数上限（%d页）。", s.MaxPages), "还需查阅的，请查阅单位另行申请。"))
			}
			s.Pages += v.Pages
			if err := tx.Insert(v); err != nil {
				return err
			}
		}
		return nil
	})
}

// ticked makes the row of one piece, or says why it may not be read.
func (k *Desk) ticked(tx *gate.Tx, s Session, c Case, i int, p Piece) (View, error) {
	v := View{ID: gate.NewID(), SessionID: s.ID, DossierID: s.DossierID, Kind: Paper, At: tx.Now(), StaffID: tx.Actor().ID}
	at := func(f string) string { return fmt.Sprintf("pieces.%d.%s", i, f) }
	if p.MaterialID != "" {
		m, err := store.Get[dossier.Material](tx.Context(), tx, "WHERE id=? AND dossier_id=?", p.MaterialID, s.DossierID)
		if err != nil {
			return v, err
		}
		if err := mayRead(c, m); err != nil {
			return v, err
		}
		v.MaterialID, v.Class, v.Title, v.Pages = m.ID, m.Class, m.Public().Title, m.Pages
		return v, nil
	}
	class, known := codes.FindClass(p.Class)
	var wrong []rule.Reason
	if !known {
		wrong = append(wrong, reason("21.4", "class_unknown", at("class"), "没有这一类别。", "请从十类中选择。"))
	}
	if strings.TrimSpace(p.Title) == "" {
		wrong = append(wrong, reason("21.4", "title_missing", at("title"), "材料名称不能为空。", "请照材料原名填写。"))
	}
	if p.Pages < 1 || p.Pages > 500 {
		wrong = append(wrong, reason("21.4", "pages_wrong", at("pages"), "页数应为1至500。", "请照实填写。"))
	}
	if len(wrong) > 0 {
		return v, rule.Mistake(wrong...)
	}
	if c.GrantKind != Whole && !c.Covers(dossier.Material{State: dossier.Filed, Class: class.Code}) {
		return v, rule.Refuse(outsideGrant())
	}
	v.Class, v.Title, v.Pages = class.Code, strings.TrimSpace(p.Title), p.Pages
	return v, nil
}

func outsideGrant() rule.Reason {
	return reason("21.3", "outside_grant", "", "该材料不在批准的查阅范围内。", "请在批准的范围内查阅；需要扩大范围的，请查阅单位另行申请。")
}

// mayRead says why a material may not be read: secret (15) or outside the grant.
func mayRead(c Case, m dossier.Material) error {
	switch {
	case m.Secrecy > 0:
		return rule.Refuse(reason("15", "secret_closed", "", "该材料涉密，不在查阅之列。", "请查阅其他材料；确需了解的，由查阅单位按保密规定另行商办。"))
	case !c.Covers(m):
		return rule.Refuse(outsideGrant())
	}
	return nil
}
