package transfer

import (
	"context"
	"errors"
	"fmt"

	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// FaultsOf lists what went wrong with a case's packet, oldest first.
func FaultsOf(ctx context.Context, q store.Querier, caseID string) ([]Fault, error) {
	return store.List[Fault](ctx, q, "WHERE transfer_id=? ORDER BY found_at, id LIMIT 50", caseID)
}

// addFault gives a new fault its number and writes it.
func addFault(tx *gate.Tx, f *Fault) error {
	year := tx.Today().Year()
	n, err := tx.Number(fmt.Sprintf("转递异常/%d", year))
	if err != nil {
		return err
	}
	f.ID, f.Version, f.No = gate.NewID(), 1, fmt.Sprintf("ZY-%d-%05d", year, n)
	tx.Note("fault", f.Kind)
	return tx.Insert(*f)
}

// openFault is what is not dealt with; the case is locked, so nobody else deals with it.
func openFault(tx *gate.Tx, caseID string) (Fault, error) {
	f, err := store.Get[Fault](tx.Context(), tx, "WHERE transfer_id=? AND closed_on IS NULL", caseID)
	if errors.Is(err, store.ErrNotFound) {
		return f, noFault()
	}
	return f, err
}

func saveFault(tx *gate.Tx, f *Fault) error {
	f.ChangedAt = tx.Now()
	return tx.Update(f)
}

// came closes what was wrong on the way when the packet comes after all, or its case ends.
func came(tx *gate.Tx, c *Case) error {
	if c.Fault == "" {
		return nil
	}
	f, err := openFault(tx, c.ID)
	if err != nil {
		return err
	}
	c.closeFault(&f, c.settled(f.Kind), tx.Actor().ID, tx.Today())
	if err := endStray(tx, *c, "已送达"); err != nil {
		return err
	}
	return saveFault(tx, &f)
}

// onFault performs an act on what is not dealt with yet.
func (k *Desk) onFault(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier, f *Fault) error) (Case, error) {
	return k.on(ctx, by, action, rules, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Step(action); err != nil {
			return err
		}
		f, err := openFault(tx, c.ID)
		if err != nil {
			return err
		}
		if err := fn(tx, c, d, &f); err != nil {
			return err
		}
		return saveFault(tx, &f)
	})
}

// Report books that a packet is late, was misdelivered or turned away (20.3, 20.5). Both ends may.
func (k *Desk) Report(ctx context.Context, by policy.Actor, id string, t Trouble) (Case, error) {
	return k.on(ctx, by, "transfer.fault", []rule.ID{"20.3a", "20.5"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		f, err := c.Report(t, by.ID, by.Org, tx.Today(), k.settings.Int(setting.TransitDays), tx.Now())
		if err != nil {
			return err
		}
		return addFault(tx, &f)
	})
}

// Inquire asks the carrier in writing, with a term (20.3a).
func (k *Desk) Inquire(ctx context.Context, by policy.Actor, id, carrier string) (Case, error) {
	return k.onFault(ctx, by, "transfer.inquire", []rule.ID{"20.3a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier, f *Fault) error {
		due, _ := tx.Calendar().AddWorkdays(tx.Today(), k.settings.Int(setting.CarrierDays))
		if err := f.Inquire(carrier, tx.Today(), due); err != nil {
			return err
		}
		return k.issueInquiry(tx, *c, f)
	})
}

// CarrierAnswered books what the carrier says.
func (k *Desk) CarrierAnswered(ctx context.Context, by policy.Actor, id string, a CarrierAnswer) (Case, error) {
	return k.onFault(ctx, by, "transfer.inquiry_answer", []rule.ID{"20.3a"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier, f *Fault) error {
		if err := f.Answered(a, tx.Today()); err != nil {
			return err
		}
		c.Fault = f.Kind
		if f.Delivered() {
			c.DeliveredOn = f.AnswerOn
			c.closeFault(f, "承运方答复"+long(f.AnswerOn)+"已投递，催要回执", by.ID, tx.Today())
			if err := k.delivered(tx, *c); err != nil {
				return err
			}
		}
		return setPapers(tx, c.Ref(), document.Answered, document.CarrierInquiry)
	})
}

// Lost reports the loss to the superior department; the search begins (29.5).
func (k *Desk) Lost(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.onFault(ctx, by, "transfer.lost", []rule.ID{"20.3a", "29.5"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier, f *Fault) error {
		if err := c.Lose(f, by.ID, tx.Today(), tx.Today().AddDays(k.settings.Int(setting.SearchDays))); err != nil {
			return err
		}
		return k.issueLoss(tx, *c, f)
	})
}

// AskRebuild puts the investigation record before the superior (29.5).
func (k *Desk) AskRebuild(ctx context.Context, by policy.Actor, id, record, recordNo string) (Case, error) {
	return k.onFault(ctx, by, "transfer.search_ask", []rule.ID{"29.5"}, id, func(_ *gate.Tx, _ *Case, _ *dossier.Dossier, f *Fault) error {
		return f.Request(record, recordNo, by.ID)
	})
}

// DecideRebuild is the superior's word: what was lost is rebuilt at the sender, who answers
// for it as before, and the transfer goes on from its review; or it is searched on.
func (k *Desk) DecideRebuild(ctx context.Context, by policy.Actor, id string, approve bool, note string) (Case, error) {
	return k.onFault(ctx, by, "transfer.search_decide", []rule.ID{"29.5"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier, f *Fault) error {
		if err := f.Decide(approve, note, by.ID, tx.Today()); err != nil {
			return err
		}
		tx.Note("approved", approve)
		if err := k.issueLossAnswer(tx, *c, *f, approve); err != nil || !approve {
			return err
		}
		if c.Direction == In { // the former employer answers for it, and makes it anew from the list that was checked here
			c.LostBack(f, by.ID, tx.Today(), tx.Now())
			return nil
		}
		c.Rebuild(f, by.ID, tx.Today(), tx.Calendar(), d.Catalog == 0)
		if err := voidPapers(tx, c.Ref(), leavingPapers...); err != nil {
			return err
		}
		if c.Packet() {
			return nil
		}
		d.State, d.Basis = dossier.Leaving, "rebuilt"
		if err := custody.Return(tx, d, c.Ref(), custody.Rebuilt, "", "依据 "+f.RecordNo); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// Redeliver sends a misdelivered or refused packet on from where it lies, held to 20.3 as any dispatch.
func (k *Desk) Redeliver(ctx context.Context, by policy.Actor, id string, s Dispatch) (Case, error) {
	return k.onFault(ctx, by, "transfer.redeliver", []rule.ID{"20.3a", "20.3b", "20.3c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier, f *Fault) error {
		if err := f.mayRedeliver(); err != nil {
			return err
		}
		if s, held, err := heldStray(ctx, tx, c.ID, ""); err != nil {
			return err
		} else if held {
			return rule.Refuse(strayHeld(k.agencyName(ctx, s.Agency)))
		}
		messengers, err := k.checkWay(tx, *c, *d, &s)
		if err != nil {
			return err
		}
		if err := c.Redeliver(f, s, messengers, by.ID, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
			return err
		}
		if err := k.issueSentOf(tx, *c); err != nil {
			return err
		}
		if d.ID == "" || c.Direction == In {
			return nil
		}
		if err := custody.Move(tx, d, custody.Dispatched, dossier.PlaceTransit, c.Ref(), "改投："+WayName(s.Way)); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// CameBack books that the packet is at its sender again; it is sent once more.
func (k *Desk) CameBack(ctx context.Context, by policy.Actor, id string, b Back) (Case, error) {
	return k.onFault(ctx, by, "transfer.came_back", []rule.ID{"20.3a", "20.2b"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier, f *Fault) error {
		if err := c.CameBack(f, b, by.ID, tx.Today(), tx.Calendar(), k.settings.Int(setting.ResendDays)); err != nil {
			return err
		}
		if err := endStray(tx, *c, "已退回发出单位"); err != nil {
			return err
		}
		if c.Direction == In || !b.Intact {
			if err := voidPapers(tx, c.Ref(), leavingPapers...); err != nil {
				return err
			}
		}
		if c.Direction == In || c.Packet() {
			return nil
		}
		packet := custody.Intact
		if !b.Intact {
			packet = custody.Broken
		}
		d.State = dossier.Leaving
		if err := custody.Return(tx, d, c.Ref(), custody.CameBack, packet, b.Seen); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// SignFault is the second person's word on a damaged or opened packet; the record goes to both ends.
func (k *Desk) SignFault(ctx context.Context, by policy.Actor, id, note string) (Case, error) {
	return k.onFault(ctx, by, "transfer.fault_sign", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier, f *Fault) error {
		if err := c.Sign(f, note, by.ID, tx.Today()); err != nil {
			return err
		}
		return k.issueRecord(tx, *c, *d, *f)
	})
}

// agencyName is an agency as refusals name it.
func (k *Desk) agencyName(ctx context.Context, code string) string {
	tree, err := k.agencies.Tree(ctx)
	if err != nil {
		return code
	}
	return tree.Name(code)
}

// delivered tells the receiving agency that the carrier says it has the packet.
func (k *Desk) delivered(tx *gate.Tx, c Case) error {
	if c.Receiver == "" || c.Direction == In {
		return nil
	}
	return message.Inform(tx, message.Notice{Agency: c.Receiver, Post: "clerk", Subject: "承运方答复已投递", Text: "承运方答复本件已于" + long(c.DeliveredOn) + "投递到贵机构。请登记到件；没有收到的，请查找收发登记并告知发出机构。",
		DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID})
}

// unreceipted opens a fault on a packet that the carrier says it delivered, whose receiver was
// asked and still gives no receipt (20.5).
func (k *Desk) unreceipted(ctx context.Context) error {
	return k.each(ctx, "transfer.unreceipted", "20.5", func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		f, err := c.Unreceipted(tx.Today(), tx.Now(), tx.Today().AddDays(-k.settings.Int(setting.ReceiptReminder)))
		if err != nil {
			return err
		}
		if err := addFault(tx, &f); err != nil {
			return err
		}
		for _, to := range []string{c.sender(), c.Receiver} {
			if to == "" {
				continue
			}
			if err := message.Inform(tx, message.Notice{Agency: to, Post: "clerk", Subject: "投递后没有回执", Text: "承运方答复已投递，经催办仍没有回执，已登记异常。发出机构请向承运方调取签收底单，接收机构请查找收发登记。", DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID}); err != nil {
				return err
			}
			if c.Direction == In {
				break // the other end is outside
			}
		}
		return nil
	}, "WHERE delivered_on<=? AND chased_on>=delivered_on AND fault IS NULL AND (state IN ('in_transit','awaiting')) ORDER BY id LIMIT 500", k.chaseFrom())
}
