package handin

import (
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"slices"

	"dangan/internal/account"
	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Sent is a submission as its sender sees it: what it was for and what became of it, never
// the files again.
type Sent struct {
	HandIn
	For map[string]int // files by item
}

// Asked is a request as whom it is addressed to sees it.
type Asked struct {
	collect.Listed
	Sent []Sent // the newest first
	Free []collect.Item
}

// Asked is a request addressed to an actor from outside, with what was sent for it;
// store.ErrNotFound for any other.
func (k *Desk) Asked(ctx context.Context, by policy.Actor, id string) (Asked, error) {
	return k.asked(ctx, k.gate.DB(), by, id)
}

func (k *Desk) asked(ctx context.Context, q store.Querier, by policy.Actor, id string) (a Asked, err error) {
	if a.Listed, err = k.collections.Addressed(ctx, q, by, id); err != nil {
		return a, err
	}
	rows, err := store.List[HandIn](ctx, q, "WHERE collection_id=? ORDER BY id DESC LIMIT 50", id)
	if err != nil {
		return a, err
	}
	ids, waiting := make([]string, len(rows)), map[string]bool{}
	for i, h := range rows {
		ids[i], waiting[h.ID] = h.ID, h.State == Waiting
	}
	var files, pending []File
	if len(ids) > 0 {
		if files, err = store.List[File](ctx, q, "WHERE hand_in_id IN ("+store.Marks(len(ids))+") ORDER BY hand_in_id, no LIMIT 2000", store.Args(ids)...); err != nil {
			return a, err
		}
	}
	counts := map[string]map[string]int{}
	for _, f := range files {
		if counts[f.HandInID] == nil {
			counts[f.HandInID] = map[string]int{}
		}
		counts[f.HandInID][f.ItemID]++
		if waiting[f.HandInID] {
			pending = append(pending, f)
		}
	}
	for _, h := range rows {
		a.Sent = append(a.Sent, Sent{h, counts[h.ID]})
	}
	if a.EndedOn == "" {
		a.Free = free(a.Items, pending)
	}
	return a, nil
}

// Pending are the materials, by item, of which something sent waits to be looked at, of a
// page of requests.
func (k *Desk) Pending(ctx context.Context, requests []string) (map[string]bool, error) {
	out := map[string]bool{}
	if len(requests) == 0 {
		return out, nil
	}
	rows, err := k.gate.DB().Query(ctx, "SELECT DISTINCT f.item_id FROM hand_in_file f JOIN hand_in h ON h.id=f.hand_in_id WHERE h.state='waiting' AND f.material_id IS NULL AND h.collection_id IN ("+store.Marks(len(requests))+") LIMIT 5000", store.Args(requests)...)
	if err != nil {
		return nil, fmt.Errorf("what waits to be looked at: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[id] = true
	}
	return out, rows.Err()
}

// SentName is what a material is called that was sent and waits to be looked at.
const (
	SentName = "已提交，待查看"
	SentTone = "run"
)

// Of says whether a material can be sent now, and where it stands for whom it is asked of.
func (a Asked) Of(i collect.Item) (open bool, name, tone string) {
	if slices.ContainsFunc(a.Free, func(f collect.Item) bool { return f.ID == i.ID }) {
		return true, i.Name(), i.Tone()
	}
	if i.State == dossier.Owed && i.HandedOn == "" && a.EndedOn == "" {
		return false, SentName, SentTone
	}
	return false, i.Name(), i.Tone()
}

// SubmitAs takes what a unit's worker or a person who is signed in sends for a request
// addressed to them: a multipart form whose parts are called by the id of the material. All
// is checked before anything is kept; then it is one act.
func (k *Desk) SubmitAs(ctx context.Context, by policy.Actor, id, session string, body io.Reader, boundary string) (h HandIn, err error) {
	if len(session) < 20 {
		return h, rule.Mistake(reason("14b", "hand_in_session", "", "页面没有载入完整。", "请重新打开页面。"))
	}
	a, err := k.asked(ctx, k.gate.DB(), by, id)
	if err != nil {
		return h, err
	}
	if i := slices.IndexFunc(a.Sent, func(s Sent) bool { return s.Session == digest(session) && s.Sender == by.ID }); i >= 0 {
		return a.Sent[i].HandIn, nil // the answer was lost on the way
	}
	if len(a.Free) == 0 {
		return h, nothingFree()
	}
	files, err := k.taken(ctx, multipart.NewReader(body, boundary), func(name string) int {
		return slices.IndexFunc(a.Free, func(i collect.Item) bool { return i.ID == name })
	})
	if err != nil {
		return h, err
	}
	_, err = k.gate.Do(gate.WithoutKey(ctx), gate.Act{Actor: by, Action: ActSubmit, Rules: rules, On: "Collection:" + id}, func(tx *gate.Tx) error {
		r, _, d, err := request(tx, id)
		if err != nil {
			return err
		}
		tx.About("Collection", r.ID)
		if err := tx.Permit(r.Resource(d)); err != nil {
			return err
		}
		now, err := k.asked(ctx, tx, by, id)
		if err != nil {
			return err
		}
		for _, f := range files {
			if !slices.ContainsFunc(now.Free, func(i collect.Item) bool { return i.ID == a.Free[f.slot].ID }) {
				return nothingFree()
			}
		}
		h = HandIn{Agency: r.Agency, CollectionID: r.ID, DossierID: d.ID, Session: digest(session), Sender: by.ID}
		subject := "本人网上交来材料"
		if by.Kind == policy.Unit {
			h.Unit, subject = r.Addressee, "单位网上交来材料"
		}
		if err := write(tx, &h, files, a.Free); err != nil {
			return err
		}
		if err := account.Online(tx, r.Agency, h.Ref()); err != nil {
			return err
		}
		return message.Inform(tx, message.Notice{Agency: r.Agency, Post: "clerk", Subject: subject, Text: "请查看后接收或退回", DossierID: d.ID, CaseRef: h.Ref(), Link: "/hand-ins/" + h.ID})
	})
	return h, err
}

func nothingFree() error {
	return rule.Refuse(reason("14b", "hand_in_nothing", "", "这份材料已经提交或不再需要。", "请刷新后查看；工作人员退回的可以重新提交。"))
}
