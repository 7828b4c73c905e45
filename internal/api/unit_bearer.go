package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dangan/internal/account"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/staff"
)

func init() { capabilities = append(capabilities, (*Server).unitBearerRoutes) }

// UnitBearer is the authorized worker who came for a unit with a case (12c).
type UnitBearer struct {
	Name   string    `json:"name"`
	IDNo   string    `json:"idNo" doc:"遮盖"`
	Letter string    `json:"letter"`
	Until  string    `json:"until"`
	Unit   string    `json:"unit" doc:"集体户，/unit-accounts/{id}"`
	By     string    `json:"by" doc:"核对人"`
	At     time.Time `json:"at"`
}

// UnitCall is one matter for which a worker came.
type UnitCall struct {
	Name string    `json:"name"`
	Did  string    `json:"did"`
	Case string    `json:"case" doc:"如 Transfer:id"`
	By   string    `json:"by"`
	At   time.Time `json:"at"`
}

func (s *Server) unitBearerRoutes() {
	route(s, op("listUnitBearers", http.MethodGet, "/unit-workers", "单位今天可以来本机构办事的经办人；没有集体户的为空", "集体账户"), func(ctx context.Context, in *struct {
		USCC string `query:"uscc" maxLength:"30"`
		Unit string `query:"unit" maxLength:"100"`
	}) (*Body[Page[UnitWorker]], error) {
		out := &Body[Page[UnitWorker]]{Body: Page[UnitWorker]{Items: []UnitWorker{}}}
		code, _, _ := identity.CheckCredit(in.USCC)
		list, err := s.Accounts.Workable(ctx, actor(ctx), account.Unit{USCC: code, Name: strings.TrimSpace(in.Unit)})
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			out.Body.Items = append(out.Body.Items, s.unitWorker(w))
		}
		return out, nil
	})
}

func (s *Server) unitWorker(w account.Worker) UnitWorker {
	v := UnitWorker{ID: w.ID, Name: w.Name, IDNo: identity.Mask(w.IDNo), Letter: w.LetterNo, From: w.FromOn, Until: w.UntilOn, EndedOn: w.EndedOn, EndedWhy: w.EndedWhy, Address: message.Hide(w.Address)}
	v.StateName, v.Tone = w.State(s.Gate.Today())
	return v
}

// bearerOf is who came for a unit with a case, for the case's page.
func (s *Server) bearerOf(ctx context.Context, ref string) (*UnitBearer, error) {
	w, v, err := account.CameFor(ctx, s.DB, ref)
	if err != nil || w == nil {
		return nil, err
	}
	return &UnitBearer{Name: w.Name, IDNo: identity.Mask(w.IDNo), Letter: w.LetterNo, Until: w.UntilOn, Unit: v.AccountID, By: s.seenBy(ctx, v.SeenBy), At: v.SeenAt}, nil
}

func (s *Server) unitCalls(ctx context.Context, id string) ([]UnitCall, error) {
	list, err := s.Accounts.Calls(ctx, id)
	out := []UnitCall{}
	for _, c := range list {
		out = append(out, UnitCall{Name: c.Worker.Name, Did: dossier.ActName(c.Act), Case: c.CaseRef, By: s.seenBy(ctx, c.SeenBy), At: c.SeenAt})
	}
	return out, err
}

// seenBy is who saw a worker's document; over the net it was the sign-in.
func (s *Server) seenBy(ctx context.Context, id string) string {
	m, err := staff.Get(ctx, s.Gate.DB(), id)
	if err != nil {
		return "网上登录"
	}
	return m.Name
}
