package api

import (
	"context"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/ledger"
	"dangan/internal/rule"
	"dangan/internal/staff"
)

// MomentView is one act of the time line.
type MomentView struct {
	Ord     int64     `json:"ord"`
	At      time.Time `json:"at"`
	Action  string    `json:"action"`
	Label   string    `json:"label"`
	By      string    `json:"by"`
	Org     string    `json:"org,omitempty"`
	Detail  string    `json:"detail,omitempty"`
	Refused bool      `json:"refused"`
	Reasons []string  `json:"reasons,omitempty"`
	Via     string    `json:"via"`
	Entry   string    `json:"entry"`
	Number  int64     `json:"number,omitempty"`
}

// names looks members of staff up once an answer.
func (s *Server) names(ctx context.Context) func(id string) string {
	known := map[string]string{"": "", "system": "系统", "public": "公众"}
	return func(id string) string {
		if n, ok := known[id]; ok {
			return n
		}
		n := "—"
		if m, err := staff.Get(ctx, s.DB, id); err == nil {
			n = m.Name
		}
		known[id] = n
		return n
	}
}

func (s *Server) moments(ctx context.Context, list []dossier.Moment) []MomentView {
	out := []MomentView{}
	name := s.names(ctx)
	for _, m := range list {
		v := MomentView{Ord: m.Ord, At: m.Body.Time(), Action: m.Body.Action, Label: dossier.ActName(m.Body.Action), By: name(m.Body.Actor), Org: s.agencyName(ctx, m.Body.Org),
			Refused: m.Body.Outcome == ledger.Refused, Via: m.Body.Via, Entry: m.Entry, Number: m.Number}
		if slug, ok := m.Body.Facts["pause"].(string); ok {
			reason, _ := codes.FindPause(slug)
			v.Detail = reason.Name
		}
		for _, why := range m.Body.Reasons {
			id, _, _ := strings.Cut(why, "/")
			if r, ok := rule.Get(rule.ID(id)); ok {
				v.Reasons = append(v.Reasons, r.Clause)
			}
		}
		out = append(out, v)
	}
	return out
}
