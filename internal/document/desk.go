package document

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// maxPaper bounds a paper read into memory: the longest lists are a few megabytes.
const maxPaper = 64 << 20

// Parties tells which agencies, beside a paper's issuer, take part in a case and
// may read its papers, such as the receiver of a transfer.
type Parties func(ctx context.Context, q store.Querier, caseID string) ([]string, error)

// Desk is the room's door for those who read papers.
type Desk struct {
	gate    *gate.Gate
	press   *Press
	parties map[string]Parties
}

// NewDesk opens the room.
func NewDesk(g *gate.Gate, press *Press) *Desk {
	return &Desk{gate: g, press: press, parties: map[string]Parties{}}
}

// Share tells who takes part in the cases of a type ("Transfer"); it is called
// while the instance is put together.
func (d *Desk) Share(caseType string, p Parties) { d.parties[caseType] = p }

// KindName is the paper's kind as screens say it.
func (d Document) KindName() string { return KindName(d.Kind) }

var stateNames = map[string]string{Issued: "已出具", Answered: "已答复", Void: "已作废", Superseded: "已被新件代替"}

// StateName is the paper's state as screens say it.
func (d Document) StateName() string { return stateNames[d.State] }

// Paper is a document with its content.
type Paper struct {
	Document
	PDF []byte
}

// Read gives a paper's content; the reading is on record (29.3).
func (d *Desk) Read(ctx context.Context, by policy.Actor, id string) (p Paper, err error) {
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "document.read", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		if p.Document, err = Get(ctx, tx, id); err != nil {
			return err
		}
		r, err := d.resource(ctx, tx, p.Document)
		if err != nil {
			return err
		}
		if p.DossierID != "" {
			tx.About("Dossier", p.DossierID)
		}
		return tx.Permit(r)
	})
	if err != nil {
		return p, err
	}
	p.PDF, err = d.press.Content(ctx, p.Document)
	return p, err
}

// Show is the register's line of one paper, for those who may read it.
func (d *Desk) Show(ctx context.Context, by policy.Actor, id string) (Document, error) {
	doc, err := Get(ctx, d.gate.DB(), id)
	if err != nil {
		return doc, err
	}
	r, err := d.resource(ctx, d.gate.DB(), doc)
	if err != nil {
		return doc, err
	}
	switch decision := d.gate.Decide(by, "document.read", r); {
	case decision.Hidden:
		return doc, gate.ErrHidden
	case decision.Refusal != nil:
		return doc, decision.Refusal
	}
	return doc, nil
}

// resource is a paper as the policies see it: of its issuer, of those who take
// part in its case, and of the person it is about.
func (d *Desk) resource(ctx context.Context, q store.Querier, doc Document) (policy.Resource, error) {
	r := policy.Resource{Type: "Document", ID: doc.ID, Agencies: []string{doc.Agency}, Attrs: map[string]any{"agency": doc.Agency, "kind": doc.Kind}}
	more, err := d.partiesOf(ctx, q, doc.CaseRef)
	if err != nil {
		return r, err
	}
	r.Agencies = append(r.Agencies, more...)
	if doc.DossierID != "" {
		var person string
		err := q.QueryRow(ctx, "SELECT person_id,secrecy FROM dossier WHERE id=?", doc.DossierID).Scan(&person, &r.Secrecy)
		if err != nil {
			return r, store.Classify(err)
		}
		r.Attrs["person"] = person
	}
	return r, nil
}

func (d *Desk) partiesOf(ctx context.Context, q store.Querier, caseRef string) ([]string, error) {
	kind, id, _ := strings.Cut(caseRef, ":")
	share := d.parties[kind]
	if share == nil {
		return nil, nil
	}
	return share(ctx, q, id)
}

// OfCase lists the papers of a case that the actor may read, oldest first.
func (d *Desk) OfCase(ctx context.Context, by policy.Actor, caseRef string) ([]Document, error) {
	list, err := Of(ctx, d.gate.DB(), caseRef)
	if err != nil {
		return nil, err
	}
	return d.readable(ctx, by, list)
}

// OfDossier lists the papers about a dossier that the actor may read, newest first.
func (d *Desk) OfDossier(ctx context.Context, by policy.Actor, dossierID string) ([]Document, error) {
	if len(by.Reach) == 0 {
		return nil, nil
	}
	list, err := store.List[Document](ctx, d.gate.DB(), "WHERE dossier_id=? ORDER BY issued_at DESC, id DESC LIMIT 200", dossierID)
	if err != nil {
		return nil, err
	}
	return d.readable(ctx, by, list)
}

// readable keeps the papers of one case or dossier, a bounded list, that the
// policies let the actor read.
func (d *Desk) readable(ctx context.Context, by policy.Actor, list []Document) ([]Document, error) {
	out := []Document{}
	for _, doc := range list {
		r, err := d.resource(ctx, d.gate.DB(), doc)
		if err != nil {
			return nil, err
		}
		if d.gate.Decide(by, "document.read", r).Allowed() {
			out = append(out, doc)
		}
	}
	return slices.Clip(out), nil
}

// Content reads a paper's file whole and holds it to its digest.
func (p *Press) Content(ctx context.Context, d Document) ([]byte, error) {
	f, err := p.Blobs.Open(ctx, d.Blob)
	if err != nil {
		return nil, fmt.Errorf("paper %s: %w", d.ID, err)
	}
	raw, err := io.ReadAll(io.LimitReader(f, maxPaper+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("paper %s: %w", d.ID, err)
	}
	if len(raw) > maxPaper {
		return nil, fmt.Errorf("paper %s: larger than %d bytes", d.ID, maxPaper)
	}
	return raw, nil
}
