package digital

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

var acceptRules = []rule.ID{"18a"}

// change performs one act on a delivery.
func (d *Desk) change(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, v *Delivery) error) (Delivery, error) {
	var v Delivery
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: acceptRules}, func(tx *gate.Tx) error {
		var err error
		if v, err = load(tx, id); err != nil {
			return err
		}
		if err := permit(tx, by, v); err != nil {
			return err
		}
		if err := tx.Expect(v.Version); err != nil {
			return err
		}
		if err := fn(tx, &v); err != nil {
			return err
		}
		return tx.Update(&v)
	})
	return v, err
}

// permit asks the policies about a delivery in the sight of one reviewer.
func permit(tx *gate.Tx, by policy.Actor, v Delivery) error {
	r, err := resourceFor(tx.Context(), tx, by, v)
	if err != nil {
		return err
	}
	return tx.Permit(r)
}

// resourceFor is a delivery as the policies see it for one actor: with the person
// to keep away from when a folder that waits is that person's (10b), so that the
// whole delivery goes to another reviewer before anything of it is decided.
func resourceFor(ctx context.Context, q store.Querier, by policy.Actor, v Delivery) (policy.Resource, error) {
	r := v.Resource()
	if len(by.Persons) == 0 {
		return r, nil
	}
	var person string
	err := q.QueryRow(ctx, "SELECT d.person_id FROM delivery_item i JOIN dossier d ON d.id=i.dossier_id WHERE i.delivery_id=? AND i.state='waiting' AND d.person_id IN ("+
		store.Marks(len(by.Persons))+") ORDER BY d.person_id LIMIT 1", append([]any{v.ID}, store.Args(by.Persons)...)...).Scan(&person)
	switch err := store.Classify(err); {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return r, fmt.Errorf("look for kin in delivery: %w", err)
	default:
		r.Attrs["person"] = person
	}
	return r, nil
}

// DrawSample draws what a person looks at: every page of the key materials and a
// share of the others (digitization.md 1). The draw follows from the ids of the act
// and the pages, so that it can be computed again.
func (d *Desk) DrawSample(ctx context.Context, by policy.Actor, id string) (Delivery, error) {
	return d.change(ctx, by, "digital.sample", id, func(tx *gate.Tx, v *Delivery) error {
		switch v.State {
		case Received:
		case Sampling:
			return rule.Refuse(rule.Reason{Rule: "18a", Slug: "sample_drawn", Message: "已经抽过样。", Next: "请接着查看抽出的页。"})
		default:
			return mayAccept(v.State, tally{}, 0)
		}
		key, rest, err := drawn(tx, v.ID)
		if err != nil {
			return err
		}
		share := d.settings.Int(setting.ScanSample)
		n := (len(rest)*share + 99) / 100
		// Written in the order of the pages: so they are looked at, a material after the other.
		sample := slices.Concat(key, rest[:min(n, len(rest))])
		slices.SortFunc(sample, func(a, b drawnPage) int { return strings.Compare(a.page, b.page) })
		for _, p := range sample {
			if err := tx.Insert(Sample{ID: gate.NewID(), Version: 1, DeliveryID: v.ID, ItemID: p.item, PageID: p.page, Why: p.why}); err != nil {
				return err
			}
		}
		v.Sample += int64(len(sample))
		v.State, v.SampledBy, v.SampledAt = Sampling, by.ID, tx.Now()
		tx.Note("sample", v.Sample)
		tx.Note("percent", share)
		return nil
	})
}

type drawnPage struct {
	item, page string
	why        string
	rank       [32]byte
}

// drawn parts a delivery's waiting pages into those of key materials and the rest
// in the order of the draw.
func drawn(tx *gate.Tx, deliveryID string) (key, rest []drawnPage, err error) {
	rows, err := tx.Query(tx.Context(), `SELECT i.id, p.id, coalesce(m.key_facts,'') FROM delivery_item i JOIN page p ON p.delivery_id=i.delivery_id AND p.dossier_id=i.dossier_id
  JOIN material m ON m.id=p.material_id WHERE i.delivery_id=? AND i.state='waiting' AND p.state='waiting' ORDER BY p.id`, deliveryID)
	if err != nil {
		return nil, nil, fmt.Errorf("draw sample: %w", err)
	}
	defer rows.Close()
	seen := map[string]bool{}
	for rows.Next() {
		var p drawnPage
		var facts string
		if err := rows.Scan(&p.item, &p.page, &facts); err != nil {
			return nil, nil, err
		}
		if seen[p.page] {
			continue
		}
		seen[p.page] = true
		if facts != "" {
			p.why = WhyKey
			key = append(key, p)
			continue
		}
		p.why = WhyRandom
		p.rank = sha256.Sum256([]byte(tx.EntryID() + p.page))
		rest = append(rest, p)
	}
	slices.SortFunc(rest, func(a, b drawnPage) int { return bytes.Compare(a.rank[:], b.rank[:]) })
	return key, rest, rows.Err()
}

// Opinion is a verdict on one page of the sample.
type Opinion struct {
	Sample  string
	Verdict string // pass, fail
	Note    string // why it fails
}

// Judge gives verdicts on pages of the sample.
func (d *Desk) Judge(ctx context.Context, by policy.Actor, id string, opinions []Opinion) error {
	var wrong []rule.Reason
	for i, o := range opinions {
		if o.Verdict != Pass && o.Verdict != Fail {
			wrong = append(wrong, rule.Reason{Rule: "18a", Slug: "verdict_unknown", Field: fmt.Sprintf("opinions.%d.verdict", i), Message: "结论须为合格或不合格。", Next: "请选择。"})
		}
		if o.Verdict == Fail && strings.TrimSpace(o.Note) == "" {
			wrong = append(wrong, rule.Reason{Rule: "13b", Slug: "fail_reason", Field: fmt.Sprintf("opinions.%d.note", i), Message: "不合格须写明原因。", Next: "请写明哪里不合格，承制单位据此返工。"})
		}
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: "digital.verdict", Rules: acceptRules}, func(tx *gate.Tx) error {
		v, err := load(tx, id)
		if err != nil {
			return err
		}
		if err := permit(tx, by, v); err != nil {
			return err
		}
		if v.State != Sampling {
			return mayAccept(v.State, tally{}, 0)
		}
		for _, o := range opinions {
			s, err := store.Get[Sample](ctx, tx, "WHERE id=? AND delivery_id=?"+tx.ForUpdate(), o.Sample, v.ID)
			if err != nil {
				return err
			}
			s.Verdict, s.Note, s.StaffID, s.At = o.Verdict, strings.TrimSpace(o.Note), by.ID, tx.Now()
			if s.Verdict == Pass {
				s.Note = ""
			}
			if err := tx.Update(&s); err != nil {
				return err
			}
		}
		tx.Note("verdicts", len(opinions))
		return nil
	})
	return err
}

// Accept opens a delivery's materials and pages for use, a dossier at a time;
// dossiers with a page that failed go back. Stopped in the middle, it goes on when
// it is done again.
func (d *Desk) Accept(ctx context.Context, by policy.Actor, id string) (Delivery, error) {
	line := d.settings.Int(setting.ScanPass)
	v, t, failed, err := d.decision(ctx, id)
	if err != nil {
		return v, err
	}
	hindered := mayAccept(v.State, t, line)
	if allowed, err := d.mayDecide(ctx, by, "digital.accept", v); err != nil {
		return v, err
	} else if hindered == nil && allowed {
		err = d.eachWaiting(ctx, id, func(x Item) error {
			if why := failed[x.ID]; len(why) > 0 {
				return d.reject(ctx, by, v, x, strings.Join(why, "；"))
			}
			return d.accept(ctx, by, v, x)
		})
		if err != nil {
			return v, err
		}
	}
	return d.change(ctx, by, "digital.accept", id, func(tx *gate.Tx, v *Delivery) error {
		if hindered != nil {
			return hindered
		}
		v.State, v.Passed, v.Failed, v.DecidedBy, v.DecidedAt = Accepted, t.passed, t.failed, by.ID, tx.Now()
		v.Decision = fmt.Sprintf("抽查 %d 页，合格 %d 页", t.sample, t.passed)
		if len(failed) > 0 {
			v.Decision += fmt.Sprintf("；%d 份退回返工", len(failed))
		}
		return nil
	})
}

// SendBack sends a whole delivery back to the contractor with the reasons.
func (d *Desk) SendBack(ctx context.Context, by policy.Actor, id, note string) (Delivery, error) {
	v, t, failed, err := d.decision(ctx, id)
	if err != nil {
		return v, err
	}
	hindered := maySendBack(v.State, t)
	if allowed, err := d.mayDecide(ctx, by, "digital.reject", v); err != nil {
		return v, err
	} else if hindered == nil && allowed {
		err = d.eachWaiting(ctx, id, func(x Item) error {
			why := "整批抽查未达到合格线"
			if own := failed[x.ID]; len(own) > 0 {
				why += "；" + strings.Join(own, "；")
			}
			return d.reject(ctx, by, v, x, why)
		})
		if err != nil {
			return v, err
		}
	}
	return d.change(ctx, by, "digital.reject", id, func(tx *gate.Tx, v *Delivery) error {
		if hindered != nil {
			return hindered
		}
		v.State, v.Passed, v.Failed, v.DecidedBy, v.DecidedAt = SentBack, t.passed, t.failed, by.ID, tx.Now()
		v.Decision = strings.TrimSpace(fmt.Sprintf("抽查 %d 页，不合格 %d 页，整批退回。%s", t.sample, t.failed, note))
		return nil
	})
}

// decision reads what a decision rests on: the sample's tally, and why folders failed.
func (d *Desk) decision(ctx context.Context, id string) (v Delivery, t tally, failed map[string][]string, err error) {
	q := d.gate.DB()
	if v, err = store.Get[Delivery](ctx, q, "WHERE id=?", id); err != nil {
		return v, t, nil, err
	}
	// Before the first folder is decided; the act that ends the decision expects the same.
	if err = d.gate.Expect(ctx, "Delivery:"+v.ID, v.Version); err != nil {
		return v, t, nil, err
	}
	if t, err = tallyOf(ctx, q, id); err != nil {
		return v, t, nil, err
	}
	failed = map[string][]string{}
	err = store.Each(ctx, q, "WHERE delivery_id=? AND verdict='fail' ORDER BY id", []any{id}, func(s Sample) error {
		if why := failed[s.ItemID]; !slices.Contains(why, s.Note) {
			failed[s.ItemID] = append(why, s.Note)
		}
		return nil
	})
	return v, t, failed, err
}

// mayDecide asks before the first folder is decided; the act that ends the decision
// asks again and puts a refusal on record.
func (d *Desk) mayDecide(ctx context.Context, by policy.Actor, action string, v Delivery) (bool, error) {
	r, err := resourceFor(ctx, d.gate.DB(), by, v)
	return err == nil && d.gate.Allowed(by, action, r) == nil, err
}

// eachWaiting visits the folders that wait for the decision, some at a time.
func (d *Desk) eachWaiting(ctx context.Context, id string, fn func(Item) error) error {
	for {
		list, err := store.List[Item](ctx, d.gate.DB(), "WHERE delivery_id=? AND state='waiting' ORDER BY id LIMIT 100", id)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, x := range list {
			if err := fn(x); err != nil {
				return err
			}
		}
	}
}

// onFolder performs the act on one folder's dossier, with the pages that wait.
func (d *Desk) onFolder(ctx context.Context, by policy.Actor, action string, v Delivery, x Item, fn func(tx *gate.Tx, dos *dossier.Dossier, x *Item, pages map[string][]Page) error) error {
	_, err := d.gate.Do(gate.WithoutKey(ctx), gate.Act{Actor: by, Action: action, Rules: acceptRules}, func(tx *gate.Tx) error {
		dos, err := dossier.Load(tx, x.DossierID)
		if err != nil {
			return err
		}
		r := dos.Resource(v.Agency)
		r.Attrs["scanner"] = v.StaffID
		if err := tx.Permit(r); err != nil {
			return err
		}
		tx.About("Delivery", v.ID)
		x, err := store.Get[Item](ctx, tx, "WHERE id=?"+tx.ForUpdate(), x.ID)
		if err != nil || x.State != ItemWaiting {
			return err
		}
		pages := map[string][]Page{}
		err = store.Each(ctx, tx, "WHERE delivery_id=? AND dossier_id=? AND state='waiting' ORDER BY material_id, no", []any{v.ID, dos.ID}, func(p Page) error {
			pages[p.MaterialID] = append(pages[p.MaterialID], p)
			return nil
		})
		if err != nil {
			return err
		}
		if err := fn(tx, &dos, &x, pages); err != nil {
			return err
		}
		x.DecidedBy, x.DecidedAt = by.ID, tx.Now()
		return tx.Update(&x)
	})
	return err
}

// accept files the delivered materials and opens their pages.
func (d *Desk) accept(ctx context.Context, by policy.Actor, v Delivery, x Item) error {
	return d.onFolder(ctx, by, "digital.accept", v, x, func(tx *gate.Tx, dos *dossier.Dossier, x *Item, pages map[string][]Page) error {
		dos.Catalog++
		for _, materialID := range keysOf(pages) {
			m, err := store.Get[dossier.Material](ctx, tx, "WHERE id=?"+tx.ForUpdate(), materialID)
			if err != nil {
				return err
			}
			if m.State == dossier.Delivered {
				if m.Seq, err = freeNumber(tx, m); err != nil {
					return err
				}
				m.State, m.Handler, m.Reviewer, m.FiledAt, m.CatalogFrom = dossier.Filed, v.StaffID, by.ID, tx.Now(), dos.Catalog
				dos.Materials++
				dos.Pages += m.Pages
			}
			for _, p := range pages[materialID] {
				p.State = PageAccepted
				if err := tx.Update(&p); err != nil {
					return err
				}
				m.Images++
				dos.Images++
			}
			if err := tx.Update(&m); err != nil {
				return err
			}
		}
		x.State = ItemAccepted
		return dossier.Save(tx, dos)
	})
}

// freeNumber is the material's number in its class, or the next one when the
// window filed another piece under it meanwhile.
func freeNumber(tx *gate.Tx, m dossier.Material) (int64, error) {
	var taken, last int64
	err := tx.QueryRow(tx.Context(), "SELECT count(CASE WHEN seq=? THEN 1 END), coalesce(max(seq),0) FROM material WHERE dossier_id=? AND class=? AND state IN ('filed','delivered') AND id<>?",
		m.Seq, m.DossierID, m.Class, m.ID).Scan(&taken, &last)
	if err != nil {
		return 0, fmt.Errorf("number of material: %w", err)
	}
	if taken > 0 {
		return last + 1, nil
	}
	return m.Seq, nil
}

// reject sends a folder's materials back with the reason; they stay on record.
func (d *Desk) reject(ctx context.Context, by policy.Actor, v Delivery, x Item, why string) error {
	return d.onFolder(ctx, by, "digital.reject", v, x, func(tx *gate.Tx, _ *dossier.Dossier, x *Item, pages map[string][]Page) error {
		for _, materialID := range keysOf(pages) {
			m, err := store.Get[dossier.Material](ctx, tx, "WHERE id=?"+tx.ForUpdate(), materialID)
			if err != nil {
				return err
			}
			if m.State == dossier.Delivered {
				m.State, m.Reviewer, m.Reason = dossier.Returned, by.ID, why
				if err := tx.Update(&m); err != nil {
					return err
				}
			}
			for _, p := range pages[materialID] {
				p.State = PageRejected
				if err := tx.Update(&p); err != nil {
					return err
				}
			}
		}
		x.State, x.Reason = ItemRejected, why
		return nil
	})
}

func keysOf(pages map[string][]Page) []string {
	out := make([]string, 0, len(pages))
	for id := range pages {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
