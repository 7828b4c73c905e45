package digital

import (
	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/person"
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
}

// New opens the room. renderings holds reduced pages, encrypted like the originals.
func New(g *gate.Gate, keys person.Indexer, blobs, renderings blob.Store, settings *setting.Desk) *Desk {
	return &Desk{gate: g, keys: keys, blobs: blobs, renderings: renderings, settings: settings}
}

func keyOf(name string) string { return norm.NFC.String(name) }
