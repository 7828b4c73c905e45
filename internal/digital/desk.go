package digital

import (
	"context"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/setting"

	"golang.org/x/text/unicode/norm"
)

// Desk is the room's door.
type Desk struct {
	gate       *gate.Gate
	keys       person.Indexer
	blobs      blob.Store // originals, for ever
	renderings blob.Store // reductions, made anew when lost
	settings   *setting.Desk

	Staging string                                                          // folder for uploads until they are taken in
	ActorOf func(ctx context.Context, staffID string) (policy.Actor, error) // who an upload's job acts as
}

// New opens the room. renderings holds reduced pages, encrypted like the originals.
func New(g *gate.Gate, keys person.Indexer, blobs, renderings blob.Store, settings *setting.Desk) *Desk {
	return &Desk{gate: g, keys: keys, blobs: blobs, renderings: renderings, settings: settings}
}

func keyOf(name string) string { return norm.NFC.String(name) }
