package transfer

import (
	"context"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/work"
)

// Chase asks again for one answer that is out: the receipt of a packet (20.5), or the
// packet that a letter asks for (20.1).
func (k *Desk) Chase(ctx context.Context, by policy.Actor, id string) (Case, error) {
	first, err := Get(ctx, k.gate.DB(), id)
	if err != nil {
		return first, err
	}
	action, under := first.chasing()
	return k.on(ctx, by, action, []rule.ID{under}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.chase(action, tx.Today()); err != nil {
			return err
		}
		return k.issueChase(tx, *c)
	})
}

// chasing is the act that asks for what a case waits for, and its rule.
func (c Case) chasing() (action string, under rule.ID) {
	if c.State == Lettered || c.Direction == In && c.State == InTransit {
		return "transfer.urge", "20.1"
	}
	return "transfer.chase", "20.5"
}

func (c *Case) chase(action string, today calendar.Date) error {
	if action == "transfer.urge" {
		return c.Urge(today)
	}
	return c.Chase(today)
}

// ChaseAll asks again for every answer that this actor's first page shows as out and
// that was not asked for today: one batch, an entry of the ledger for each case or list. It
// tells how many were asked for, and what stood in the way of the others.
func (k *Desk) ChaseAll(ctx context.Context, by policy.Actor) (asked int, refused []error, err error) {
	list, err := k.open(ctx, by)
	if err != nil {
		return 0, nil, err
	}
	lists, err := k.listWork(ctx, by)
	if err != nil {
		return 0, nil, err
	}
	var acts []gate.Act
	var cases []Case
	for _, c := range list {
		if i, waits := c.waitsFor(by, k.gate.Today(), false); waits && i.Lane == work.Sent && i.Chase {
			action, under := c.chasing()
			cases, acts = append(cases, c), append(acts, gate.Act{Actor: by, Action: action, Rules: []rule.ID{under}, On: c.Ref()})
		}
	}
	var sent []string
	for _, i := range lists {
		if id := strings.TrimPrefix(i.Link, "/transfers/lists/"); i.Chase {
			sent, acts = append(sent, id), append(acts, gate.Act{Actor: by, Action: "transfer.list_chase", Rules: []rule.ID{"20.5"}, On: "TransferList:" + id})
		}
	}
	if len(acts) == 0 {
		return 0, nil, rule.Refuse(reason("20.5", "nothing_to_chase", "没有今天可以催办的事项。", "今天已催办的，明天仍未答复时再催。"))
	}
	out, err := k.gate.DoBatch(ctx, acts, func(i int, tx *gate.Tx) error {
		if i >= len(cases) {
			_, err := k.chaseList(tx, sent[i-len(cases)])
			return err
		}
		return k.chaseOne(tx, acts[i].Action, cases[i])
	})
	if err != nil {
		return 0, nil, err
	}
	for _, o := range out {
		if o.Err != nil {
			refused = append(refused, o.Err)
			continue
		}
		asked++
	}
	return asked, refused, nil
}

// chaseOne is one act of a batch: the dossier is locked before the case, as every act does.
func (k *Desk) chaseOne(tx *gate.Tx, action string, listed Case) (err error) {
	var d dossier.Dossier
	if listed.DossierID != "" {
		if d, err = dossier.Load(tx, listed.DossierID); err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
	}
	c, err := load(tx, listed.ID)
	if err != nil {
		return err
	}
	if err := tx.Permit(c.Resource(d)); err != nil {
		return err
	}
	if err := c.chase(action, tx.Today()); err != nil {
		return err
	}
	if err := k.issueChase(tx, c); err != nil {
		return err
	}
	return save(tx, &c)
}
