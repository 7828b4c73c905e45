package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"dangan/internal/account"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Receive is the second checker's word. In one act the receipt goes back and
// closes the sender's case, custody moves, gaps are named, and the packet waits
// for its shelf: whatever fails, custody has moved once or not at all.
func (k *Desk) Receive(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.on(ctx, by, "transfer.receive", []rule.ID{"20.4a", "20.4b", "20.5"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		gaps := []Gap{}
		if !c.Packet() { // what a packet lacks, the dossier that it joins may have
			if gaps, err = k.gaps(tx, *c, *d, items); err != nil {
				return err
			}
		}
		if err := c.Receive(items, gaps, by.ID, tx.Now()); err != nil {
			return err
		}
		raw, err := json.Marshal(gaps)
		if err != nil {
			return err
		}
		c.Gaps = string(raw)
		if !c.Packet() {
			if err := k.moveCustody(tx, c, d, items); err != nil {
				return err
			}
		}
		if err := k.issueReceipt(tx, c, *d, items, gaps); err != nil {
			return err
		}
		if c.CheckResult == "不符" {
			if err := k.issueDifference(tx, *c, *d, items); err != nil {
				return err
			}
		}
		if err := setPapers(tx, c.Ref(), document.Answered, document.TransferNotice, document.TransferLetter); err != nil {
			return err
		}
		if c.Packet() {
			return k.arrivedBeside(tx, c)
		}
		if err := k.oweOthers(tx, c, d, gaps); err != nil {
			return err
		}
		if err := k.issueCustodyProof(tx, *c, *d, items, gaps); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// gaps compares what came with what the category asks for.
func (k *Desk) gaps(tx *gate.Tx, c Case, d dossier.Dossier, items []Item) ([]Gap, error) {
	held, marked := heldOf(items)
	known := dossier.Recorded{Category: c.Category, Subtype: c.Subtype, Held: held, Conditions: map[string]dossier.Showing{}}
	if d.ID != "" {
		var err error
		if known, err = dossier.RecordedOf(tx.Context(), tx, d, held, nil); err != nil {
			return nil, err
		}
		if c.Category != "" {
			known.Category, known.Subtype = c.Category, c.Subtype
		}
		facts, err := dossier.FactsOf(tx.Context(), tx, d.ID)
		if err != nil {
			return nil, err
		}
		// What two persons read in a piece counts as long as that piece is there (20.4a).
		for _, f := range facts {
			if f.ConfirmedBy != "" && f.MaterialID != "" && slices.ContainsFunc(items, func(i Item) bool { return i.MaterialID == f.MaterialID && i.Sound() }) {
				marked = append(marked, f.Kind)
			}
		}
	}
	for condition, s := range (dossier.Known{Political: c.Political, Held: held}).Conditions() {
		if _, told := known.Conditions[condition]; !told {
			known.Conditions[condition] = s
		}
	}
	known.Proved = marked
	for _, h := range held {
		marked = append(marked, codes.Proves(h.Title, h.Class)...)
	}
	gaps := []Gap{}
	for _, g := range dossier.FindGaps(known) {
		gaps = append(gaps, Gap{KeyFact: g.KeyFact, Title: g.Title, Class: g.Class, Others: g.Others, Consequence: g.Consequence})
	}
	return append(gaps, lostPieces(items, gaps, marked)...), nil
}

// lostPieces are the pieces of a list that did not come, or not whole, and that are owed
// beside what the category asks for. One that alone proved a key fact is a key material, also
// where its category asks for none (20.4a); any other is supplemented later (20.4b). One whose
// key fact is asked for already is not named twice.
func lostPieces(items []Item, gaps []Gap, proved []string) (out []Gap) {
	for _, i := range items {
		if i.Void || i.Title == "" || i.Sound() || i.ReceiverCheck == "" || i.ReceiverCheck == LineContent && i.KeyFacts == "" {
			continue
		}
		facts := strings.FieldsFunc(i.KeyFacts, func(r rune) bool { return r == '|' })
		known := func(g Gap) bool { return g.Title == i.Title || g.KeyFact != "" && slices.Contains(facts, g.KeyFact) }
		if slices.ContainsFunc(gaps, known) || slices.ContainsFunc(out, known) {
			continue
		}
		lone := slices.DeleteFunc(facts, func(f string) bool { return slices.Contains(proved, f) })
		switch {
		case len(lone) > 0:
			for _, f := range lone {
				out = append(out, Gap{KeyFact: f, Title: i.Title, Class: i.Class, Consequence: dossier.Consequences[f]})
			}
		case i.ReceiverCheck == LineMissing:
			out = append(out, Gap{Title: i.Title, Class: i.Class})
		}
	}
	return out
}

// moveCustody makes the receiver the custodian: its own number, the old one kept,
// search keys under the new keeper, the packet waiting for its shelf.
func (k *Desk) moveCustody(tx *gate.Tx, c *Case, d *dossier.Dossier, items []Item) error {
	packet, from := custody.Intact, d.Agency
	if !c.Intact {
		packet = custody.Broken
	}
	no, err := dossier.NextNumber(tx, c.Receiver, tx.Today().Year())
	if err != nil {
		return err
	}
	if err := account.Gone(tx, *d, c.Ref()); err != nil {
		return err
	}
	on, err := account.ForUnit(tx, c.Receiver, c.unit())
	if err != nil {
		return err
	}
	fill := func() {
		d.Agency, d.No, d.State, d.Shelfmark = c.Receiver, no, dossier.Arriving, ""
		d.Basis, d.ReceivedOn, d.ReceivedFrom = "transfer", c.ArrivedOn, c.HolderName
		d.AccountKind, d.AccountUnit, d.AccountOn = account.Personal, "", tx.Today().String()
		if on != nil {
			d.AccountKind, d.AccountUnit = account.Collective, on.Unit
		}
		if c.Category != "" {
			d.Category, d.Subtype, d.Evidence = c.Category, c.Subtype, c.Evidence
		}
		if d.Catalog == 0 {
			d.Materials, d.Pages = received(items)
		}
	}
	if c.Direction == In && d.ID != "" && d.State != dossier.Left { // it came back by another door meanwhile
		return second(tx, d.Agency, d.No)
	}
	if d.ID == "" {
		p, err := person.ByIDNo(tx.Context(), tx, k.keys, c.IDNo)
		if errors.Is(err, store.ErrNotFound) {
			if err := double.Guard(tx, k.keys, person.CandidateOf(c.PersonName, c.IDNo)); err != nil {
				return err // somebody alike came in while the packet was on its way
			}
			p = person.Person{Name: c.PersonName, Sex: c.Sex, IDNo: c.IDNo, Political: c.Political, Employer: c.Employer,
				BirthDate: c.IDNo[6:10] + "-" + c.IDNo[10:12] + "-" + c.IDNo[12:14]}
			err = person.Add(tx, k.keys, &p)
		}
		if err != nil {
			return err
		}
		if err := none(tx, p); err != nil {
			return err
		}
		d.Place = dossier.PlaceOutside
		fill()
		if err := dossier.Add(tx, d, p); err != nil {
			return err
		}
		c.DossierID = d.ID
		if err := reachable(tx, *c, p.ID); err != nil {
			return err
		}
		if err := account.Arrived(tx, *d, on, c.Ref()); err != nil {
			return err
		}
		return custody.Take(tx, d, c.Ref(), packet, "由"+c.HolderName+"转入")
	}
	if err := tx.Insert(dossier.OldNumber{ID: gate.NewID(), DossierID: d.ID, Agency: d.Agency, No: d.No, UntilAt: tx.Now().UnixMicro()}); err != nil {
		return err
	}
	fill()
	if err := dossier.DropName(tx, d.ID); err != nil {
		return err
	}
	if err := dossier.IndexName(tx, *d, c.PersonName); err != nil {
		return err
	}
	if err := account.Arrived(tx, *d, on, c.Ref()); err != nil {
		return err
	}
	if err := k.moved(tx, *d, from); err != nil {
		return err
	}
	return custody.Take(tx, d, c.Ref(), packet, "由"+c.HolderName+"转入")
}

// none says that no dossier of the person came into being while the packet was on its way,
// by a school's list or a stock list (2).
func none(tx *gate.Tx, p person.Person) error {
	kept, err := store.List[dossier.Dossier](tx.Context(), tx, "WHERE person_id=? ORDER BY id LIMIT 1", p.ID)
	if err != nil || len(kept) == 0 {
		return err
	}
	if hidden, err := person.Concealed(tx.Context(), tx, tx.Actor(), p.ID); err != nil {
		return err
	} else if hidden { // that there is one can't be kept back here (2); where, and its number, is (15)
		return second(tx, "", "")
	}
	return second(tx, kept[0].Agency, kept[0].No)
}

// second refuses to make of one dossier two, or to take it from who keeps it.
func second(tx *gate.Tx, agency, no string) error {
	where := "本省另一机构"
	if agency == tx.Actor().Org {
		where = "本机构（" + no + "）"
	}
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "second_dossier", Message: "该同志在" + where + "已有一卷档案，不能再立一卷。", Next: "请改为登记为一人多档：这一包另行保管，查清后并入已有的一卷，或者移交保管那一卷的机构。缺关键材料的，也可以与原单位协商退回；本件已到核对中，不能撤回。"})
}

// oweOthers records what non-key materials are still owed: accepted first,
// supplemented later (20.4b).
func (k *Desk) oweOthers(tx *gate.Tx, c *Case, d *dossier.Dossier, gaps []Gap) error {
	_, other := split(gaps)
	if len(other) == 0 {
		return nil
	}
	due, _ := tx.Calendar().AddMonths(tx.Today(), k.settings.Int(setting.PromiseMonths))
	var owed []dossier.Supplement
	before, err := dossier.Owing(tx.Context(), tx, d.ID)
	if err != nil {
		return err
	}
	for _, g := range other {
		if slices.ContainsFunc(before, func(s dossier.Supplement) bool { return codes.Canonical(s.Title) == codes.Canonical(g.Title) }) {
			continue // asked for since an earlier transfer
		}
		owed = append(owed, dossier.Supplement{CaseRef: c.Ref(), Title: g.Title, Class: g.Class, DueOn: due.String()})
	}
	if err := dossier.Owe(tx, d, owed...); err != nil {
		return err
	}
	return k.issueSupplement(tx, *c, *d, other, due)
}

// Receipt registers by hand the receipt of an outside keeper: custody moves here,
// unless the packet was a return, which it never left.
func (k *Desk) Receipt(ctx context.Context, by policy.Actor, id string, r OutsideReceipt) (Case, error) {
	return k.on(ctx, by, "transfer.receipt", []rule.ID{"20.5"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := c.Receipt(r, items, tx.Today(), tx.Now()); err != nil {
			return err
		}
		if c.Direction == In {
			return setPapers(tx, c.Ref(), document.Answered, document.TransferNotice)
		}
		if err := setPapers(tx, c.Ref(), document.Answered, document.TransferNotice); err != nil {
			return err
		}
		if c.Packet() {
			return k.arrivedBeside(tx, c)
		}
		return k.gone(tx, c, d)
	})
}

// gone moves custody to the organ or unit that answered: the dossier has left the province.
func (k *Desk) gone(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
	if err := custody.Move(tx, d, custody.Arrived, dossier.PlaceOutside, c.Ref(), c.ReceiverName+"接收"); err != nil {
		return err
	}
	if err := account.Gone(tx, *d, c.Ref()); err != nil {
		return err
	}
	d.State, d.Shelfmark = dossier.Left, ""
	if err := k.moved(tx, *d, d.Agency); err != nil {
		return err
	}
	return dossier.Save(tx, d)
}

// Died ends, inside the act that confirms a death, what waits for the dead person's word (20c).
func Died(tx *gate.Tx, d *dossier.Dossier, _ string) error {
	list, err := store.List[Case](tx.Context(), tx, "WHERE dossier_id=? AND state='promising' ORDER BY id LIMIT 10"+tx.ForUpdate(), d.ID)
	if err != nil {
		return err
	}
	for _, c := range list {
		if err := c.Bury(tx.Now()); err != nil {
			return err
		}
		tx.About("Transfer", c.ID)
		if err := save(tx, &c); err != nil {
			return err
		}
	}
	return nil
}

// shelved follows the keeper at the receiver's end.
func (k *Desk) shelved(tx *gate.Tx, _ *dossier.Dossier, caseRef string) error {
	c, err := store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), strings.TrimPrefix(caseRef, "Transfer:"))
	if err != nil {
		return err
	}
	if c.State != Promising && c.State != Shelving {
		return nil // a case that was withdrawn: its packet goes back to its shelf
	}
	tx.About("Transfer", c.ID)
	if err := c.Shelve(tx.Now()); err != nil {
		return err
	}
	return save(tx, &c)
}
