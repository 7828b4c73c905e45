package transfer

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// pulled follows the keeper: the case goes under review, with the packing list
// made from the catalog where there is one.
func (k *Desk) pulled(tx *gate.Tx, d *dossier.Dossier, caseRef string) error {
	c, err := store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), strings.TrimPrefix(caseRef, "Transfer:"))
	if err != nil {
		return err
	}
	if err := c.Pull(tx.Actor().ID, tx.Now()); err != nil {
		return err
	}
	d.State = dossier.Leaving
	tx.About("Transfer", c.ID)
	if d.Catalog > 0 {
		items, err := fromCatalog(tx, *d)
		if err != nil {
			return err
		}
		if err := putItems(tx, &c, items); err != nil {
			return err
		}
		if len(items) > 0 {
			c.ListedAt = tx.Now()
		}
	}
	return save(tx, &c)
}

// List enters the packing list line by line, for this case: at the holder for a
// paper-only dossier, at the receiver for what came from outside. The reviewer,
// or the second checker, confirms it.
func (k *Desk) List(ctx context.Context, by policy.Actor, id string, lines []Line) (Case, error) {
	return k.on(ctx, by, "transfer.list", []rule.ID{"20.2b"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Step("transfer.list"); err != nil {
			return err
		}
		if d.Catalog > 0 && c.Direction != In {
			return listFromCatalog()
		}
		if err := checkLines(lines); err != nil {
			return err
		}
		if err := unsettled(tx, c); err != nil {
			return err
		}
		slices.SortStableFunc(lines, func(a, b Line) int {
			if a.Loose != b.Loose {
				if a.Loose {
					return 1
				}
				return -1
			}
			return codes.ClassOrder(a.Class) - codes.ClassOrder(b.Class)
		})
		seq := map[string]int64{}
		items := make([]Item, len(lines))
		for n, l := range lines {
			if !l.Loose {
				seq[l.Class]++
			}
			items[n] = l.item(int64(n+1), seq[l.Class])
		}
		c.ListedBy, c.ListedAt = by.ID, tx.Now()
		return putItems(tx, c, items)
	})
}

// unsettled says that no line was checked yet: what was found against a list, and what came
// beyond it, is never dropped by entering another (20.4a).
func unsettled(tx *gate.Tx, c *Case) error {
	checked, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM transfer_item WHERE transfer_id=? AND void=0 AND receiver_check IS NOT NULL", c.ID)
	if err != nil || checked == 0 {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "list_checked", Message: "已对照清单开始核对，清单不再更改。", Next: "清单之外的作“多出”登记，与清单不一致的作“页数不符”“内容不符”登记并写明情况。"})
}

func listFromCatalog() error {
	return rule.Refuse(rule.Reason{Rule: "20.2b", Slug: "list_from_catalog", Message: "这份档案已有目录，清单由目录生成。", Next: "目录与实物不符的，在档案中更正；零散材料随清单单列。"})
}

// hindrances finds what keeps one dossier from leaving.
func (k *Desk) hindrances(ctx context.Context, q store.Querier, c Case, d dossier.Dossier) (Hindrances, error) {
	all, err := hindrancesOf(ctx, q, []Case{c}, map[string]dossier.Dossier{d.ID: d})
	return all[c.ID], err
}

// hindrancesOf finds, by case, what keeps the dossiers of many from leaving.
func hindrancesOf(ctx context.Context, q store.Querier, cases []Case, dossiers map[string]dossier.Dossier) (map[string]Hindrances, error) {
	out := map[string]Hindrances{}
	if len(cases) == 0 {
		return out, nil
	}
	ids, of := make([]string, len(cases)), make([]string, len(cases))
	for i, c := range cases {
		ids[i], of[i] = c.ID, c.DossierID
	}
	outside, err := store.List[custody.Request](ctx, q, "WHERE state='out' AND dossier_id IN ("+store.Marks(len(of))+") ORDER BY id LIMIT 2000", store.Args(of)...)
	if err != nil {
		return nil, err
	}
	listed, err := store.Texts(ctx, q, "SELECT DISTINCT transfer_id FROM transfer_item WHERE void=0 AND transfer_id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	for _, c := range cases {
		d := dossiers[c.DossierID]
		h := Hindrances{OpenLoan: d.State == dossier.Lent, OpenReading: d.State == dossier.Reading, Hold: d.Hold, NoCatalog: !slices.Contains(listed, c.ID)}
		for _, r := range outside {
			if r.DossierID == d.ID && r.CaseRef != c.Ref() {
				h.OpenLoan = h.OpenLoan || r.Purpose == custody.ForLoan
				h.OpenReading = h.OpenReading || r.Purpose == custody.ForReading
			}
		}
		out[c.ID] = h
	}
	return out, nil
}

// dossiersOf reads the dossiers of cases, by id.
func dossiersOf(ctx context.Context, q store.Querier, cases []Case) (map[string]dossier.Dossier, error) {
	out := map[string]dossier.Dossier{}
	if len(cases) == 0 {
		return out, nil
	}
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = c.DossierID
	}
	list, err := store.List[dossier.Dossier](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	for _, d := range list {
		out[d.ID] = d
	}
	return out, err
}

// Review passes a dossier on to be sent (20.2a); the reviewer is another person
// than who registered the letter or entered the list.
func (k *Desk) Review(ctx context.Context, by policy.Actor, id string, note string) (Case, error) {
	return k.on(ctx, by, "transfer.review", []rule.ID{"20.2a"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		h, err := k.hindrances(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		return c.Approve(h, strings.TrimSpace(note), by.ID, tx.Now())
	})
}

// Decline answers that the dossier is not sent, with all reasons, to receiver
// and person, within the same 15 working days (20.2b).
func (k *Desk) Decline(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.on(ctx, by, "transfer.decline", []rule.ID{"20.2a", "29.8"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		h, err := k.hindrances(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		reasons, err := c.Decline(h, by.ID, tx.Now())
		if err != nil {
			return err
		}
		raw, err := json.Marshal(reasons)
		if err != nil {
			return err
		}
		c.Refusal = string(raw)
		if err := k.issueRefusal(tx, *c, reasons); err != nil {
			return err
		}
		return giveBack(tx, c, d)
	})
}

// Reasons reads why a dossier was not sent.
func (c Case) Reasons() []rule.Reason {
	var out []rule.Reason
	_ = json.Unmarshal([]byte(c.Refusal), &out) // written by Decline, or empty
	return out
}
