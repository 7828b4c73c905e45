package handin

import (
	"context"
	"fmt"

	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/store"
	"dangan/internal/work"
)

// posts see submissions.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

func scope(by policy.Actor) (string, []any) { return dossier.CaseScope(by, "hand_in", posts...) }

func filesOf(ctx context.Context, q store.Querier, id string) ([]File, error) {
	return store.List[File](ctx, q, "WHERE hand_in_id=? ORDER BY no", id)
}

// title is the material that an item of a submission's request asks for.
func (k *Desk) title(ctx context.Context, h HandIn, item string) (string, error) {
	_, items, err := collect.Find(ctx, k.gate.DB(), h.CollectionID)
	if err != nil {
		return "", err
	}
	for _, i := range items {
		if i.ID == item {
			return i.Title, nil
		}
	}
	return "", rule.Mistake(reason("14b", "hand_in_item", "item", "没有选择是哪一份材料。", "请从所列材料中选择。"))
}

func (k *Desk) giver(ctx context.Context, h HandIn) (string, error) {
	d, err := dossier.Get(ctx, k.gate.DB(), h.DossierID)
	if err != nil {
		return "", err
	}
	p, err := person.Get(ctx, k.gate.DB(), d.PersonID)
	return p.Name, err
}

// Slot is one material asked for with what was sent for it.
type Slot struct {
	Item, Title string
	Files       []File
	MaterialID  string
}

// View is a submission's page.
type View struct {
	HandIn
	PersonName, DossierNo, CollectionNo string
	Slots                               []Slot
	Possible                            []gate.Possible
}

// permitted loads a submission that is looked at, with its dossier, once the policy agreed.
func permitted(tx *gate.Tx, id string) (h HandIn, d dossier.Dossier, err error) {
	if h, err = store.Get[HandIn](tx.Context(), tx, "WHERE id=?", id); err != nil {
		return h, d, err
	}
	if d, err = dossier.Get(tx.Context(), tx, h.DossierID); err != nil {
		return h, d, err
	}
	tx.About("HandIn", h.ID)
	tx.About("Dossier", d.ID)
	return h, d, tx.Permit(h.Resource(d))
}

// Read opens a submission; on record.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		h, d, err := permitted(tx, id)
		if err != nil {
			return err
		}
		v, err = k.view(ctx, tx, by, h, d)
		return err
	})
	return v, err
}

// After is the submission as an act of the same request left it.
func (k *Desk) After(ctx context.Context, by policy.Actor, h HandIn) (View, error) {
	d, err := dossier.Get(ctx, k.gate.DB(), h.DossierID)
	if err != nil {
		return View{}, err
	}
	if err := k.gate.Allowed(by, ActRead, h.Resource(d)); err != nil {
		return View{}, err
	}
	return k.view(ctx, k.gate.DB(), by, h, d)
}

func (k *Desk) view(ctx context.Context, q store.Querier, by policy.Actor, h HandIn, d dossier.Dossier) (View, error) {
	v := View{HandIn: h}
	heads, err := dossier.Heads(ctx, q, []string{d.ID})
	if err != nil {
		return v, err
	}
	v.PersonName, v.DossierNo = heads[d.ID].Name, heads[d.ID].No
	r, items, err := collect.Find(ctx, q, h.CollectionID)
	if err != nil {
		return v, err
	}
	v.CollectionNo = r.No
	files, err := filesOf(ctx, q, h.ID)
	if err != nil {
		return v, err
	}
	for _, i := range items {
		s := Slot{Item: i.ID, Title: i.Title}
		for _, f := range files {
			if f.ItemID == i.ID {
				s.Files, s.MaterialID = append(s.Files, f), f.MaterialID
			}
		}
		if len(s.Files) > 0 {
			v.Slots = append(v.Slots, s)
		}
	}
	if h.State != Waiting {
		return v, nil
	}
	if p, ok := k.gate.Possible(by, "material.receive", "接收", d.Resource(), nil); ok {
		p.Primary = true
		v.Possible = append(v.Possible, p)
	}
	if p, ok := k.gate.Possible(by, ActReturn, "退回", h.Resource(d), nil); ok {
		v.Possible = append(v.Possible, p)
	}
	return v, nil
}

// longSide is how large a photo is shown.
const longSide = 2200

// Shown is a file as the clerk looks at it.
type Shown struct {
	Type, Name string
	Content    []byte
}

// Look shows one file of a submission, on record. A photo is drawn anew: what else the bytes
// might be is left behind.
func (k *Desk) Look(ctx context.Context, by policy.Actor, id string, no int64) (out Shown, err error) {
	var f File
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActLook, Rules: rules}, func(tx *gate.Tx) error {
		tx.Note("file", no)
		if _, _, err := permitted(tx, id); err != nil {
			return err
		}
		if f, err = store.Get[File](ctx, tx, "WHERE hand_in_id=? AND no=?", id, no); err != nil || f.MaterialID == "" {
			return err
		}
		m, err := store.Get[dossier.Material](ctx, tx, "WHERE id=?", f.MaterialID)
		if err != nil {
			return err
		}
		return k.dossiers.Picture(by, m)
	})
	if err != nil {
		return out, err
	}
	return k.Draw(ctx, f.Blob, f.Format, f.Bytes)
}

// Draw is a file that was received, as it is shown: whose reading was allowed is for the
// caller to know.
func (k *Desk) Draw(ctx context.Context, blob, format string, bytes int64) (out Shown, err error) {
	in, err := k.blobs.Open(ctx, blob)
	if err != nil {
		return out, fmt.Errorf("open what was handed in: %w", err)
	}
	defer in.Close()
	if format == scan.PDF {
		raw := make([]byte, bytes)
		_, err = in.ReadAt(raw, 0)
		return Shown{Type: "application/pdf", Content: raw}, ignoreEOF(err)
	}
	small, err := scan.Reduce(in, in.Size(), format, longSide)
	return Shown{Type: "image/jpeg", Content: small}, err
}

// Of lists what was sent for a request: links and submissions, the newest first. Who reads
// the request reads them.
func (k *Desk) Of(ctx context.Context, by policy.Actor, collectionID string) (links []Link, list []HandIn, possible []gate.Possible, err error) {
	q := k.gate.DB()
	r, items, err := collect.Find(ctx, q, collectionID)
	if err != nil {
		return nil, nil, nil, err
	}
	d, err := dossier.Get(ctx, q, r.DossierID)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := k.gate.Allowed(by, collect.ActRead, r.Resource(d)); err != nil {
		return nil, nil, nil, err
	}
	if links, err = store.List[Link](ctx, q, "WHERE collection_id=? ORDER BY id DESC LIMIT 20", r.ID); err != nil {
		return nil, nil, nil, err
	}
	if list, err = store.List[HandIn](ctx, q, "WHERE collection_id=? ORDER BY id DESC LIMIT 20", r.ID); err != nil {
		return nil, nil, nil, err
	}
	if r.Target != collect.Person || r.EndedOn != "" {
		return links, list, nil, nil
	}
	reachable, err := k.messages.Reachable(ctx, q, d)
	if err != nil {
		return nil, nil, nil, err
	}
	if p, ok := k.gate.Possible(by, ActLink, "发送提交链接", r.Resource(d), may(r, items, d, reachable, k.public)); ok {
		possible = append(possible, p)
	}
	return links, list, possible, nil
}

// Work lists what waits to be looked at.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	if !by.Has("clerk") {
		return nil, nil
	}
	where, args := scope(by)
	rows, err := store.List[HandIn](ctx, k.gate.DB(), "WHERE hand_in.state='waiting' AND hand_in.agency=? AND "+where+" ORDER BY hand_in.id LIMIT 50", append([]any{by.Org}, args...)...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, h := range rows {
		ids[i] = h.DossierID
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return nil, err
	}
	out := make([]work.Item, len(rows))
	for i, h := range rows {
		out[i] = work.Item{Room: "handin", Kind: "网上交件", Subject: heads[h.DossierID].Name, SubjectNote: heads[h.DossierID].No, DossierID: h.DossierID, Link: "/hand-ins/" + h.ID, Lane: work.Todo, Since: h.SentAt, Basis: "14b",
			Todo: "查看" + map[bool]string{true: "单位", false: "本人"}[h.Unit != ""] + "网上交来的材料", Action: "查看"}
	}
	return out, nil
}
