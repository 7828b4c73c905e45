package graduate

import (
	"context"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/transfer"
)

// Ends of a packet whose person has a dossier already (2).
const (
	ByJoining = "join"   // the dossier is kept here: the packet becomes part of it
	ByHanding = "hand"   // it is kept elsewhere: the packet goes there by the rules of a transfer
	ByReturn  = "return" // the school sent what is not this person's, or not to this agency
	ByOpening = "open"   // the dossier has left the province meanwhile: the packet is one of its own
)

// EndingName is an end as screens say it.
func EndingName(ending string) string {
	return map[string]string{ByJoining: "并入本机构保管的一卷", ByHanding: "移交保管机构", ByReturn: "退回学校", ByOpening: "立为本机构的一卷"}[ending]
}

// Ending is what a clerk found out about such a packet; another person decides.
type Ending struct {
	Kind     string
	Evidence string // what was compared, and what it says
	Agreed   string // ByReturn: with whom at the school, and when
}

// besides says that the packet lies beside a dossier and waits for what becomes of it.
func (g Graduate) besides() error {
	if g.State == Elsewhere {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "graduate_" + string(g.State), Message: "这份毕业生档案现在是“" + g.State.Name() + "”，不是本人已有档案的另一袋。", Next: "请重新载入，按现在的状态办理。"})
}

// proposed and undecided say whether somebody found out what becomes of it.
func (g Graduate) proposed() error {
	if err := g.besides(); err != nil {
		return err
	}
	if g.Ending == "" {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "ending_missing", Message: "还没有提出这一袋怎样处理。", Next: "请经办先比对两处材料，提出并入、移交或退回学校。"})
	}
	return nil
}

// Propose puts down what is to become of the packet. Nothing goes back because nobody
// applied (12): a return names what is wrong with the packet, and with whom it was agreed.
func (g *Graduate) Propose(e Ending, held dossier.Dossier, likely bool, by string, now time.Time) error {
	if err := g.besides(); err != nil {
		return err
	}
	e.Evidence, e.Agreed = strings.TrimSpace(e.Evidence), strings.TrimSpace(e.Agreed)
	if EndingName(e.Kind) == "" {
		return rule.Mistake(rule.Reason{Rule: "2", Slug: "ending_unknown", Field: "ending", Message: "没有选择这一袋怎样处理。", Next: "请选择并入、移交保管机构或退回学校。"})
	}
	var missing []rule.Reason
	if e.Evidence == "" {
		missing = append(missing, rule.Reason{Rule: "2", Slug: "evidence_missing", Field: "evidence", Message: "没有写明比对了什么、依据是什么。", Next: "请写明比对的材料，例如：身份证号、毕业生登记表与已有档案的履历表一致。"})
	}
	if e.Kind == ByReturn && e.Agreed == "" {
		missing = append(missing, rule.Reason{Rule: "12", Slug: "return_not_agreed", Field: "agreed", Message: "退回学校的，须写明与学校何时、与谁商定。", Next: "毕业生档案不因无人申请退回；只有学校错寄、错装的，与学校商定后退回。"})
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	if err := g.fits(e.Kind, held, likely); err != nil {
		return err
	}
	if e.Kind == ByReturn {
		e.Evidence += "；" + e.Agreed
	}
	g.Ending, g.Evidence, g.EndingBy, g.EndingAt, g.DecidedBy, g.DecidedNote = e.Kind, e.Evidence, by, now, "", ""
	g.DecidedAt = time.Time{}
	return nil
}

// fits holds an end to where the dossier is now. Beside a dossier that is only likely the same
// person's, the packet may also turn out to be another person's, and one of its own.
func (g Graduate) fits(ending string, held dossier.Dossier, likely bool) error {
	gone, here := held.State == dossier.Left, held.Agency == g.Agency
	switch {
	case ending == ByReturn, ending == ByOpening && (gone || likely), ending == ByJoining && here && !gone, ending == ByHanding && !here && !gone:
		return nil
	case gone:
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_left", Field: "ending", Message: "本人原有的一卷已转出本市。", Next: "请选择立为本机构的一卷。"})
	case here:
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_here", Field: "ending", Message: "本人的档案由本机构保管（" + held.No + "）。", Next: "请选择并入本机构保管的一卷。"})
	}
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_elsewhere", Field: "ending", Message: "本人的档案由其他机构保管。", Next: "请选择移交保管机构，按转递的规定寄送。"})
}

// Settle proposes what becomes of a packet whose person has a dossier already.
func (d *Desk) Settle(ctx context.Context, by policy.Actor, id string, e Ending) (Graduate, error) {
	return d.onRule(ctx, by, "graduate.settle", []rule.ID{"2"}, id, func(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error {
		likely, err := d.Likely(ctx, tx, *g, *held)
		if err != nil {
			return err
		}
		return g.Propose(e, *held, likely, by.ID, tx.Now())
	})
}

// Decide approves what was proposed, which is done at once, or sends it back with a note.
func (d *Desk) Decide(ctx context.Context, by policy.Actor, id string, approve bool, note string) (Graduate, error) {
	return d.onRule(ctx, by, "graduate.decide", []rule.ID{"2"}, id, func(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error {
		if err := g.proposed(); err != nil {
			return err
		}
		note = strings.TrimSpace(note)
		tx.Note("approved", approve)
		if !approve {
			if note == "" {
				return rule.Complete(rule.Reason{Rule: "2", Slug: "note_missing", Field: "note", Message: "没有写明为什么退回。", Next: "请写明还要比对什么。"})
			}
			g.Ending, g.DecidedBy, g.DecidedAt, g.DecidedNote = "", by.ID, tx.Now(), note
			return nil
		}
		likely, err := d.Likely(ctx, tx, *g, *held)
		if err != nil {
			return err
		}
		if err := g.fits(g.Ending, *held, likely); err != nil {
			return err
		}
		g.DecidedBy, g.DecidedAt, g.DecidedNote = by.ID, tx.Now(), note
		switch g.Ending {
		case ByJoining:
			return join(tx, g, held)
		case ByOpening:
			if likely {
				return d.apart(tx, g, *held)
			}
			p, err := person.Get(ctx, tx, held.PersonID)
			if err != nil {
				return err
			}
			return d.take(tx, g, p, *held)
		}
		return d.send(tx, g, *held)
	})
}

// apart puts on record that the packet is of another person than the dossier it lay beside (2),
// and takes it in: as one of its own, unless there is still another that is likely theirs.
func (d *Desk) apart(tx *gate.Tx, g *Graduate, held dossier.Dossier) error {
	ctx := tx.Context()
	seen, err := store.Get[staff.Member](ctx, tx, "WHERE id=?", g.EndingBy)
	if err != nil {
		return err
	}
	if err := double.Part(tx, held, double.Claim(d.keys, person.CandidateOf(g.Name, g.IDNo)),
		double.Statement{Reason: "毕业生档案袋（转递编号 " + g.TransferNo + "）另有其人", Document: g.Evidence, SeenBy: seen.Name, SeenOn: calendar.Of(g.EndingAt)}); err != nil {
		return err
	}
	arrived := Arrival{Seal: g.Seal, Note: g.Note}
	by, at := g.ReceivedBy, g.ReceivedAt
	g.DossierID, g.Ending, g.Shelf = "", "", ""
	if err := d.place(tx, g, arrived); err != nil {
		return err
	}
	g.ReceivedBy, g.ReceivedAt = by, at // it is in custody since it came
	return nil
}

// Stand puts down where a packet beside a dossier stands.
func (g *Graduate) Stand(shelf string) error {
	if err := g.besides(); err != nil {
		return err
	}
	shelf = strings.ToUpper(strings.TrimSpace(shelf))
	if err := custody.CheckShelfmark(shelf); err != nil {
		return err
	}
	g.Shelf = shelf
	return nil
}

// Shelve records where a packet beside a dossier stands (16b): it has no dossier of its own
// whose shelfmark would say it.
func (d *Desk) Shelve(ctx context.Context, by policy.Actor, id, shelf string) (Graduate, error) {
	return d.onRule(ctx, by, "graduate.shelve", []rule.ID{"16b"}, id, func(tx *gate.Tx, g *Graduate, _ *dossier.Dossier) error {
		if err := g.Stand(shelf); err != nil {
			return err
		}
		tx.Note("shelf", g.Shelf)
		return nil
	})
}

// send starts the packet's way, to the keeping agency or back to the school, by the rules of
// every packet (20.2b–20.3c). It goes unopened as the school sealed it.
func (d *Desk) send(tx *gate.Tx, g *Graduate, held dossier.Dossier) error {
	b := transfer.Beside{Ref: g.ref(), Holder: g.Agency, Joins: held, PersonName: g.Name, IDNo: g.IDNo, FoundBy: g.EndingBy, Basis: g.Evidence,
		Sealed: "毕业生档案袋（" + g.School + "，转递编号 " + g.TransferNo + "）"}
	if g.Ending == ByReturn {
		b.ReceiverName, b.Reason = g.School, "毕业生档案退回学校"
	} else {
		b.Receiver, b.Reason = held.Agency, "毕业生档案并入已有一卷"
	}
	c, err := d.transfers.OpenBeside(tx, b)
	if err != nil {
		return err
	}
	g.State, g.TransferID, g.Shelf = Handing, c.ID, ""
	return custody.Note(tx, held, g.Agency, c.Ref(), g.Seal, "另一袋（转递编号 "+g.TransferNo+"）："+EndingName(g.Ending)+"，办理转递")
}

// join makes the packet part of the dossier: its number still finds it.
func join(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error {
	if g.TransferNo != held.No {
		if err := tx.Insert(dossier.OldNumber{ID: gate.NewID(), DossierID: held.ID, Agency: held.Agency, No: g.TransferNo, UntilAt: tx.Now().UnixMicro()}); err != nil {
			return err
		}
	}
	tx.About("Dossier", held.ID)
	if err := custody.Move(tx, held, custody.Taken, held.Place, g.ref(), "并入毕业生档案袋（"+g.School+"，转递编号 "+g.TransferNo+"）"); err != nil {
		return err
	}
	g.end(Joined, tx.Now())
	return dossier.Save(tx, held)
}

// received ends the packet's way inside the receipt of its transfer: joined where the dossier
// is, or with the school again.
func (d *Desk) received(tx *gate.Tx, c transfer.Case) error {
	return d.carried(tx, c, func(g *Graduate, held *dossier.Dossier) error {
		if g.Ending == ByReturn {
			g.end(SentBack, tx.Now())
			return custody.Note(tx, *held, g.Agency, g.ref(), "", "另一袋（转递编号 "+g.TransferNo+"）已由学校收回")
		}
		if held.Agency != c.Receiver || held.State == dossier.Left {
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_moved", Message: "本人的一卷已不在本机构。", Next: "请与发出机构联系，撤回后转往现在的保管机构。"})
		}
		return join(tx, g, held)
	})
}

// withdrawn puts the packet back beside the dossier: what becomes of it is asked anew.
func (d *Desk) withdrawn(tx *gate.Tx, c transfer.Case) error {
	return d.carried(tx, c, func(g *Graduate, _ *dossier.Dossier) error {
		g.State, g.Ending, g.TransferID, g.DecidedNote = Elsewhere, "", "", "转递已撤回："+c.WithdrawnWhy
		return nil
	})
}

func (d *Desk) carried(tx *gate.Tx, c transfer.Case, fn func(g *Graduate, held *dossier.Dossier) error) error {
	held, err := dossier.Load(tx, c.JoinsID)
	if err != nil {
		return err
	}
	g, err := store.Get[Graduate](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), strings.TrimPrefix(c.PacketRef, "Graduate:"))
	if err != nil {
		return err
	}
	if g.State != Handing {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "graduate_" + string(g.State), Message: "这份毕业生档案现在是“" + g.State.Name() + "”。", Next: "请重新载入。"})
	}
	if err := fn(&g, &held); err != nil {
		return err
	}
	return tx.Update(&g)
}
