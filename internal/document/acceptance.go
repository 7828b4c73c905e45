package document

import (
	"cmp"

	"dangan/internal/gate"
	"dangan/internal/paper"
)

// Taken is what a 受理回执 says: every application gets one, whatever room takes it in (29.8).
type Taken struct {
	To     string // who is spoken to in the first line; "" for a paper without one
	Fields []paper.Field
	// Says is how it goes on and how it ends, a paragraph each: until when, and what is given
	// to who is refused. That nothing is charged the paper says by itself (8).
	Says []string
	Role string // of whoever took it in; "" is 经办人
	By   string // "" is the actor
}

// Accept gives an application its 受理回执, inside the act that takes it in. The draft says whose
// it is and on which case.
func (p *Press) Accept(tx *gate.Tx, draft Draft, t Taken) error {
	by := cmp.Or(t.Role, "经办人") + "：" + cmp.Or(t.By, tx.Actor().Name)
	draft.Kind, draft.Form, draft.Notice = Acceptance, true, Foot
	draft.Write = func(d *paper.Document, i Issue) {
		if t.To != "" {
			d.Addressee(t.To)
		}
		d.Fields(2, t.Fields...)
		d.Space(3)
		for _, s := range t.Says {
			d.Paragraph(s)
		}
		d.Note("本服务不收取任何费用。")
		d.Close(paper.Closing{Issuer: draft.Agency.Name, Date: i.At, Seal: i.Seal, Left: []string{by}})
	}
	_, err := p.Issue(tx, draft)
	return err
}
