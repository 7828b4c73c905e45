package dossier

import (
	"context"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// Case is another room's case about a dossier, as its page shows it.
type Case struct {
	Ref       string // "Transfer:<id>"
	Room      string // transfer, access …
	Kind      string // 转递·转出
	No        string
	State     string // code
	StateName string
	Tone      string // plain, run, wait, done, bad, void (design/README, Color)
	Since     string // 2006-01-02
	DueOn     string
	Note      string
	Link      string
	Open      bool // still binds the dossier
}

// CaseSource lists a room's cases about a dossier that the actor may know of,
// newest first, at most 50.
type CaseSource func(ctx context.Context, q store.Querier, actor policy.Actor, dossierID string) ([]Case, error)
