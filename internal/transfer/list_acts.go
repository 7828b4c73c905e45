package transfer

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// RegisterList books one letter that names many: each becomes a case of its own, and
// who can't be is left out with the reasons, to be told to the school.
func (k *Desk) RegisterList(ctx context.Context, by policy.Actor, o OutsideLetter, named []Named) (List, error) {
	o.trim()
	l := List{ID: gate.NewID(), Version: 1, State: ListOpen, Agency: by.Org, RegisteredBy: by.ID, ReceiverName: o.ReceiverName, ReceiverKind: o.Kind, ReceiverAddr: o.ReceiverAddr, Province: o.Province, Reason: o.Reason,
		LetterNo: strings.TrimSpace(o.LetterNo), LetterOn: o.LetterOn.String(), ReceivedOn: o.ReceivedOn.String()}
	if err := k.gate.Ready(by, "transfer.list_register", l.Resource()); err != nil {
		return l, err
	}
	today := k.gate.Today()
	wrong := append(o.check(today), readNamed(named, listMost, today)...)
	if len(wrong) > 0 {
		return l, rule.Mistake(wrong...)
	}
	// The letter itself is held to its shape once, before any case is made of it.
	var letter Case
	letter.Direction, letter.State, letter.LetterOn, letter.ValidUntil = Out, Lettered, o.LetterOn.String(), o.ValidUntil.String()
	if err := letter.register(o.Registration, by.ID, today, k.gate.Calendar()); err != nil {
		return l, err
	}
	l.Verified, l.DueOn, l.DueTentative = letter.Verified, letter.DueOn, letter.DueTentative
	o.list = l.ID
	err := k.nameAll(ctx, by, "transfer.list_register", l.Ref(), o, named, func(tx *gate.Tx, made int, outs []Left) error {
		if err := tx.Permit(l.Resource()); err != nil {
			return err
		}
		if made == 0 {
			return rule.Refuse(outs[0].Reasons...)
		}
		year := tx.Today().Year()
		n, err := tx.Number(fmt.Sprintf("批量转出/%d", year))
		if err != nil {
			return err
		}
		if err := l.leave(outs); err != nil {
			return err
		}
		l.Persons, l.No, l.RegisteredAt, l.ChangedAt = int64(made), fmt.Sprintf("PL-%d-%04d", year, n), tx.Now(), tx.Now()
		if err := tx.Insert(l); err != nil {
			return err
		}
		own, err := agency.Get(ctx, tx, l.Agency)
		if err != nil {
			return err
		}
		return k.issueLetterTaken(tx, document.Draft{Agency: own, CaseRef: l.Ref(), Addressee: l.ReceiverName}, l.No, fmt.Sprintf("%d人（未纳入%d人，理由另行告知）", made, len(outs)), l.LetterNo, l.ReceivedOn, l.DueOn)
	})
	return l, err
}

// AddToList books more persons of the same letter on a list that is still under review:
// those left out at first whose number was entered wrongly, or a page that was overlooked.
func (k *Desk) AddToList(ctx context.Context, by policy.Actor, id string, named []Named) (List, error) {
	l, err := GetList(ctx, k.gate.DB(), id)
	if err != nil {
		return l, err
	}
	if err := k.gate.Ready(by, "transfer.list_add", l.Resource()); err != nil {
		return l, err
	}
	if err := l.step("补登人员", ListOpen); err != nil {
		return l, err
	}
	if wrong := readNamed(named, listMost-int(l.Persons), k.gate.Today()); len(wrong) > 0 {
		return l, rule.Mistake(wrong...)
	}
	others, err := casesOf(ctx, k.gate.DB(), id)
	if err != nil {
		return l, err
	}
	o := OutsideLetter{ReceiverName: l.ReceiverName, Kind: l.ReceiverKind, ReceiverAddr: l.ReceiverAddr, Province: l.Province, Reason: l.Reason, LetterOn: calendar.Date(l.LetterOn), list: l.ID,
		Registration: Registration{LetterNo: l.LetterNo, ReceivedOn: calendar.Date(l.ReceivedOn), verified: l.Verified}}
	if len(others) > 0 {
		o.OnlineNo, o.ValidUntil = others[0].OnlineNo, calendar.Date(others[0].ValidUntil)
	}
	err = k.nameAll(ctx, by, "transfer.list_add", l.Ref(), o, named, func(tx *gate.Tx, made int, outs []Left) (err error) {
		if l, err = store.Get[List](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(l.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(l.Version); err != nil {
			return err
		}
		if err := l.step("补登人员", ListOpen); err != nil {
			return err
		}
		if made == 0 {
			return rule.Refuse(outs[0].Reasons...)
		}
		// Who is named again is no longer left out for the old reason.
		still := slices.DeleteFunc(l.LeftOuts(), func(old Left) bool {
			return slices.ContainsFunc(named, func(n Named) bool { return n.number() == old.number() || n.Name == old.Name })
		})
		if err := l.leave(append(still, outs...)); err != nil {
			return err
		}
		l.Persons, l.ChangedAt = l.Persons+int64(made), tx.Now()
		return tx.Update(&l)
	})
	return l, err
}

// leave writes down who of the letter is not on the list, and why.
func (l *List) leave(outs []Left) error {
	raw, err := json.Marshal(outs)
	l.LeftOut = string(raw)
	return err
}

// nameAll opens a case for each person of a letter, each as an act of its own that may be
// refused, and ends with the act on the list, which is told who did not come on it.
func (k *Desk) nameAll(ctx context.Context, by policy.Actor, action, ref string, o OutsideLetter, named []Named, end func(tx *gate.Tx, made int, outs []Left) error) error {
	acts := make([]gate.Act, len(named)+1)
	for i := range acts {
		acts[i] = gate.Act{Actor: by, Action: "transfer.register", Rules: []rule.ID{"20b", "20.2b"}}
	}
	acts[len(named)] = gate.Act{Actor: by, Action: action, Rules: []rule.ID{"20b", "20.2b"}, On: ref}
	left := make([]error, len(named))
	out, err := k.gate.DoBatch(ctx, acts, func(i int, tx *gate.Tx) error {
		if i < len(named) {
			left[i] = k.registerNamed(tx, by, o, named[i])
			return left[i]
		}
		made := 0
		outs := []Left{}
		for n, err := range left {
			var refused *rule.Refusal
			switch {
			case err == nil:
				made++
			case errors.As(err, &refused):
				outs = append(outs, Left{Named: named[n], Reasons: refused.Reasons})
			default:
				return err
			}
		}
		return end(tx, made, outs)
	})
	if err != nil {
		return err
	}
	return out[len(named)].Err
}

// registerNamed finds the dossier of one person of the letter and opens its case.
func (k *Desk) registerNamed(tx *gate.Tx, by policy.Actor, o OutsideLetter, n Named) error {
	unknown := rule.Refuse(reason("20.1", "dossier_unknown", "本机构没有可由经办人办理的该同志档案。", "请核对姓名、证件号码；可用查档去向查询，仍查不到的，告知学校向现保管机构发函。"))
	d, p, err := k.findNamed(tx, by, n)
	if errors.Is(err, store.ErrNotFound) {
		return unknown
	} else if err != nil {
		return err
	}
	if hidden, err := person.Concealed(tx.Context(), tx, by, p.ID); err != nil {
		return err
	} else if hidden { // as unknown as one that is not here (15): a cleared colleague registers this one
		return unknown
	}
	if p.Name != n.Name {
		return rule.Refuse(reason("12b", "name_mismatch", "函上的姓名与该号码登记的姓名不一致。", "请与学校核对；确已更名的，先办理姓名更正。"))
	}
	o.DossierID = d.ID
	_, err = k.registerOutside(tx, by, o)
	return err
}

// findNamed is the dossier of the actor's agency that a line of a letter means.
func (k *Desk) findNamed(tx *gate.Tx, by policy.Actor, n Named) (d dossier.Dossier, p person.Person, err error) {
	if n.DossierNo != "" {
		if d, err = store.Get[dossier.Dossier](tx.Context(), tx, "WHERE no=? AND agency=?"+tx.ForUpdate(), n.DossierNo, by.Org); err != nil {
			return d, p, err
		}
		p, err = person.Get(tx.Context(), tx, d.PersonID)
		return d, p, err
	}
	if p, err = person.ByIDNo(tx.Context(), tx, k.keys, n.IDNo); err != nil {
		return d, p, err
	}
	d, err = store.Get[dossier.Dossier](tx.Context(), tx, "WHERE person_id=? AND agency=?"+tx.ForUpdate(), p.ID, by.Org)
	return d, p, err
}

// onList performs an act on a list and, with the same signature, on cases of it, all or
// none: first fn on the list, then each on every case that pick names.
func (k *Desk) onList(ctx context.Context, by policy.Actor, action, caseAction string, rules []rule.ID, id string, pick func(l List, all []Case) ([]Case, error),
	fn func(tx *gate.Tx, l *List, cases []Case) error, each func(tx *gate.Tx, l List, c *Case, d *dossier.Dossier) error) (List, error) {
	first, err := GetList(ctx, k.gate.DB(), id)
	if err != nil {
		return first, err
	}
	if err := k.gate.Ready(by, action, first.Resource()); err != nil {
		return first, err
	}
	all, err := casesOf(ctx, k.gate.DB(), id)
	if err != nil {
		return first, err
	}
	cases, err := pick(first, all)
	if err != nil {
		return first, err
	}
	acts := []gate.Act{{Actor: by, Action: action, Rules: rules, On: first.Ref()}}
	for _, c := range cases {
		acts = append(acts, gate.Act{Actor: by, Action: caseAction, Rules: rules, On: c.Ref()})
	}
	var l List
	_, err = k.gate.DoAll(ctx, acts, func(i int, tx *gate.Tx) (err error) {
		if i == 0 {
			if l, err = store.Get[List](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
				return err
			}
			if err := tx.Permit(l.Resource()); err != nil {
				return err
			}
			if err := tx.Expect(l.Version); err != nil {
				return err
			}
			s := listFrom[action]
			if err := l.step(s.label, s.from); err != nil {
				return err
			}
			if err := fn(tx, &l, cases); err != nil {
				return err
			}
			l.ChangedAt = tx.Now()
			return tx.Update(&l)
		}
		d, err := dossier.Load(tx, cases[i-1].DossierID)
		if err != nil {
			return err
		}
		c, err := load(tx, cases[i-1].ID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		tx.Note("list", l.No)
		if err := each(tx, l, &c, &d); err != nil {
			return err
		}
		return put(tx, &c)
	})
	return l, err
}

func in(states ...State) func(l List, all []Case) ([]Case, error) {
	return func(_ List, all []Case) (out []Case, _ error) {
		for _, c := range all {
			if slices.Contains(states, c.State) {
				out = append(out, c)
			}
		}
		return out, nil
	}
}

// ReviewList is one review and one signature for all dossiers of a list that nothing
// hinders; the others stay, each with its reasons (20.2a).
func (k *Desk) ReviewList(ctx context.Context, by policy.Actor, id, note string) (List, error) {
	return k.onList(ctx, by, "transfer.list_review", "transfer.review", []rule.ID{"20.2a"}, id, func(l List, all []Case) ([]Case, error) {
		ready, _, _, err := k.sift(ctx, k.gate.DB(), by, l, all)
		return ready, err
	}, func(tx *gate.Tx, l *List, cases []Case) error {
		if len(cases) == 0 {
			return rule.Refuse(nobodyReady())
		}
		l.ReviewedBy, l.ReviewedAt = by.ID, tx.Now()
		return nil
	}, func(tx *gate.Tx, _ List, c *Case, d *dossier.Dossier) error {
		h, err := k.hindrances(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		return c.Approve(h, strings.TrimSpace(note), by.ID, tx.Now())
	})
}

// PackList seals the reviewed dossiers of a list in one packet with one notice and one
// list; who is not reviewed goes on alone.
func (k *Desk) PackList(ctx context.Context, by policy.Actor, id, sealNo string, volumes map[string]int64) (List, error) {
	seal := func(c Case) Seal { // one volume where nothing else is said of a case
		n, said := volumes[c.ID]
		if !said {
			n = 1
		}
		return Seal{SealNo: sealNo, Volumes: n}
	}
	return k.onList(ctx, by, "transfer.list_pack", "transfer.pack", []rule.ID{"20.2b"}, id, in(Approved), func(tx *gate.Tx, l *List, cases []Case) error {
		if len(cases) == 0 {
			return rule.Refuse(nobodyApproved())
		}
		for i := range cases {
			if err := cases[i].seal(seal(cases[i])); err != nil {
				return err
			}
		}
		l.State, l.SealNo, l.PackedBy, l.PackedAt, l.Persons = ListPacked, strings.TrimSpace(sealNo), by.ID, tx.Now(), int64(len(cases))
		if err := detach(tx, *l); err != nil {
			return err
		}
		return k.issueListPapers(tx, l, cases)
	}, func(tx *gate.Tx, l List, c *Case, _ *dossier.Dossier) error {
		c.NoticeNo = l.NoticeNo
		return c.Pack(seal(*c), by.ID, tx.Now())
	})
}

// detach lets the cases that are not reviewed, and those that ended, go on alone.
func detach(tx *gate.Tx, l List) error {
	all, err := casesOf(tx.Context(), tx, l.ID)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.State == Approved {
			continue
		}
		if c, err = load(tx, c.ID); err != nil {
			return err
		}
		c.ListID = "" // some stay, so the list does not end here
		tx.About("Transfer", c.ID)
		if err := put(tx, &c); err != nil {
			return err
		}
	}
	return nil
}

// ReopenList opens the packet again: its papers are void, every dossier is under review.
func (k *Desk) ReopenList(ctx context.Context, by policy.Actor, id string) (List, error) {
	return k.onList(ctx, by, "transfer.list_reopen", "transfer.reopen", []rule.ID{"20.2a"}, id, in(Packed), func(tx *gate.Tx, l *List, _ []Case) error {
		l.State, l.SealNo, l.NoticeNo, l.PackedBy, l.PackedAt, l.ReviewedBy, l.ReviewedAt = ListOpen, "", "", "", time.Time{}, "", time.Time{}
		return voidPapers(tx, l.Ref(), document.TransferNotice, document.PackingList)
	}, func(tx *gate.Tx, _ List, c *Case, _ *dossier.Dossier) error {
		if err := c.Reopen(); err != nil {
			return err
		}
		return voidPapers(tx, c.Ref(), document.Comparison)
	})
}

// DispatchList sends the packet; the way is held to 20.3 for every dossier in it.
func (k *Desk) DispatchList(ctx context.Context, by policy.Actor, id string, s Dispatch) (List, error) {
	messengers := ""
	return k.onList(ctx, by, "transfer.list_dispatch", "transfer.dispatch", []rule.ID{"20.3a", "20.3b", "20.3c"}, id, in(Packed), func(tx *gate.Tx, l *List, cases []Case) error {
		dossiers, err := dossiersOf(ctx, tx, cases)
		if err != nil {
			return err
		}
		hinders, err := hindrancesOf(ctx, tx, cases, dossiers)
		if err != nil {
			return err
		}
		var against []rule.Reason
		all := make([]packet, len(cases))
		for i, c := range cases {
			for _, r := range hinders[c.ID].Reasons() {
				r.Message, r.Next = c.PersonName+"："+r.Message, "请拆封重审，该件留下单独办理。"
				against = append(against, r)
			}
			all[i] = packet{c, dossiers[c.DossierID]}
		}
		var whole error // what is wrong with the dispatch whoever is in the packet
		messengers, err = k.checkWays(tx, all, &s, func(c Case, err error) {
			var refused *rule.Refusal
			if !errors.As(err, &refused) {
				whole = cmp.Or(whole, err)
				return
			}
			mine := slices.DeleteFunc(slices.Clone(refused.Reasons), func(r rule.Reason) bool {
				return r.Slug != "way_not_allowed" && r.Slug != "messenger_is_person_or_kin" && r.Slug != "messenger_is_agent"
			})
			if len(mine) == 0 {
				whole = cmp.Or(whole, err)
			}
			for _, r := range mine {
				r.Message = c.PersonName + "：" + r.Message
				against = append(against, r)
			}
		})
		if err = cmp.Or(err, whole); err != nil {
			return err
		}
		if len(against) > 0 {
			return rule.Refuse(against...)
		}
		var sent Case
		if err := sent.sent(s, latest(reached{l.ReceivedOn, "收函"}, reached{dayOf(l.ReviewedAt), "审核"}, reached{dayOf(l.PackedAt), "装封"}), messengers, by.ID, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
			return err
		}
		l.State, l.Way, l.TrackingNo, l.Office, l.Messengers, l.DispatchedOn, l.DispatchedBy, l.ReceiptDue = ListSent, sent.Way, sent.TrackingNo, sent.Office, messengers, sent.DispatchedOn, by.ID, sent.ReceiptDue
		own, err := agency.Get(ctx, tx, l.Agency)
		if err != nil {
			return err
		}
		d := document.Draft{Kind: document.TransferNotice, Agency: own, CaseRef: l.Ref(), Addressee: l.ReceiverName, Notice: foot}
		return k.issueSent(tx, own, d, l.NoticeNo, fmt.Sprintf("%d人", l.Persons), l.Way, byWhat(l.TrackingNo, l.Office, l.Carriers()), l.DispatchedOn, l.SealNo)
	}, func(tx *gate.Tx, _ List, c *Case, d *dossier.Dossier) error {
		if err := c.Dispatched(s, messengers, by.ID, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
			return err
		}
		if err := custody.Send(tx, d, c.Ref(), WayName(s.Way)); err != nil {
			return err
		}
		d.State = dossier.InTransit
		return dossier.Save(tx, d)
	})
}

// ReceiptList books a receipt of the school. It closes the cases it is for; those of which
// the school says that they did not come stay open, and the list waits for the next receipt.
func (k *Desk) ReceiptList(ctx context.Context, by policy.Actor, id string, r OutsideReceipt, absent []string) (List, error) {
	sizes := map[string]size{}
	return k.onList(ctx, by, "transfer.list_receipt", "transfer.receipt", []rule.ID{"20.5"}, id, func(_ List, all []Case) (out []Case, _ error) {
		for _, c := range all {
			if c.State == Awaiting && !slices.Contains(absent, c.ID) {
				out = append(out, c)
			}
		}
		return out, nil
	}, func(tx *gate.Tx, l *List, cases []Case) error {
		if len(cases) == 0 {
			return rule.Mistake(rule.Reason{Rule: "20.5", Slug: "nothing_received", Field: "absent", Message: "没有一份收到的，不登记回执。", Next: "请逐件登记包裹异常，向承运单位查询。"})
		}
		items, err := itemsOf(tx, cases)
		if err != nil {
			return err
		}
		var sent size
		for _, c := range cases {
			n := c.sizeOf(items[c.ID])
			sizes[c.ID] = n
			sent = size{sent.volumes + n.volumes, sent.copies + n.copies, sent.pages + n.pages}
		}
		if err := l.receipt(&r, sent, tx.Today()); err != nil {
			return err
		}
		return l.settle(tx, len(cases))
	}, func(tx *gate.Tx, _ List, c *Case, d *dossier.Dossier) error {
		if err := c.Step("transfer.receipt"); err != nil {
			return err
		}
		if r.Match { // whose part came whole; otherwise the note says what did not
			n := sizes[c.ID]
			c.ReceiptVolumes, c.ReceiptCopies, c.ReceiptPages = n.volumes, n.copies, n.pages
		}
		c.answered(r, tx.Today(), tx.Now())
		return k.gone(tx, c, d)
	})
}

// settle is the one rule by which a list ends: none of its cases is open any more, wherever
// the last one left it. leaving counts those that end later in this very act. With a receipt it
// is done; without one nobody of it went on with the others.
func (l *List) settle(tx *gate.Tx, leaving int) error {
	if l.State == ListDone || l.State == ListEnded {
		return nil
	}
	open, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM transfer WHERE list_id=? AND "+running, l.ID)
	if err != nil || int(open) > leaving {
		return err
	}
	if l.ReceiptOn == "" {
		l.State = ListEnded
		return nil
	}
	l.State = ListDone
	return setPapers(tx, l.Ref(), document.Answered, document.TransferNotice)
}

// leaveList looks whether the list goes on that a case left or ended on in its own act.
func leaveList(tx *gate.Tx, c *Case, id string) error {
	l, err := store.Get[List](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return err
	}
	before := l
	if c.State == Closed { // the school answered for this one alone
		l.ReceiptNo, l.ReceiptOn, l.ReceiptOutcome, l.ReceiptBy, l.ReceiptChecker = c.ReceiptNo, c.ReceiptOn, c.Outcome, c.ReceiptBy, c.ReceiptChecker
		l.ReceiptVolumes, l.ReceiptCopies, l.ReceiptPages = l.ReceiptVolumes+c.ReceiptVolumes, l.ReceiptCopies+c.ReceiptCopies, l.ReceiptPages+c.ReceiptPages
	}
	if err := l.settle(tx, 0); err != nil || l == before {
		return err
	}
	l.ChangedAt = tx.Now()
	tx.About("TransferList", l.ID)
	return tx.Update(&l)
}

// Chase notes that the receipt of the list's packet was asked for: once a day at most (20.5).
func (l *List) Chase(today calendar.Date) error {
	s := listFrom["transfer.list_chase"]
	if err := l.step(s.label, s.from); err != nil {
		return err
	}
	if l.ChasedOn == today.String() {
		return rule.Refuse(askedToday("20.5"))
	}
	l.ChasedOn, l.Chased = today.String(), l.Chased+1
	return nil
}

// ChaseList asks once for the receipt of everybody on a list: one packet, one letter (20.5).
func (k *Desk) ChaseList(ctx context.Context, by policy.Actor, id string) (l List, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.list_chase", Rules: []rule.ID{"20.5"}, On: "TransferList:" + id}, func(tx *gate.Tx) error {
		l, err = k.chaseList(tx, id)
		return err
	})
	return l, err
}

func (k *Desk) chaseList(tx *gate.Tx, id string) (List, error) {
	l, err := store.Get[List](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return l, err
	}
	if err := tx.Permit(l.Resource()); err != nil {
		return l, err
	}
	if err := tx.Expect(l.Version); err != nil {
		return l, err
	}
	if err := l.Chase(tx.Today()); err != nil {
		return l, err
	}
	all, err := casesOf(tx.Context(), tx, id)
	if err != nil {
		return l, err
	}
	waiting := slices.DeleteFunc(all, func(c Case) bool { return !c.chasedWithList() })
	if len(waiting) == 0 {
		return l, rule.Refuse(nobodyToChase())
	}
	if err := k.issueListChase(tx, l, waiting); err != nil {
		return l, err
	}
	l.ChangedAt = tx.Now()
	return l, tx.Update(&l)
}

// chasedWithList says that the receipt of a case is asked for with the others of its packet:
// not while something is wrong with it, nor when the carrier said that this one was delivered.
func (c Case) chasedWithList() bool {
	return c.ListID != "" && c.State == Awaiting && c.Fault == "" && c.DeliveredOn == ""
}

func nobodyToChase() rule.Reason {
	return reason("20.5", "nobody_to_chase", "本批等待回执的各件都已登记包裹异常，正在查询。", "请在各件中办理异常；了结后仍没有回执的，再催办。")
}

// inList refuses to work alone on a case that lies sealed with others.
func (c Case) inList() error {
	if c.ListID != "" && c.State == Packed {
		return rule.Refuse(reason("20.2b", "packed_with_list", "本件已随同批装封，不能单独办理。", "请在本批中办理；确需单独办理的，先拆封重审。"))
	}
	return nil
}

// issueListPapers makes the notice with everybody's name and the packing list, one for the packet.
func (k *Desk) issueListPapers(tx *gate.Tx, l *List, cases []Case) error {
	own, err := agency.Get(tx.Context(), tx, l.Agency)
	if err != nil {
		return err
	}
	dossiers, err := dossiersOf(tx.Context(), tx, cases)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if err := k.travel(tx, c, dossiers[c.DossierID]); err != nil {
			return err
		}
	}
	listed, err := itemsOf(tx, cases)
	if err != nil {
		return err
	}
	parts := make([]part, len(cases))
	for i, c := range cases {
		parts[i] = part{Case: c, held: dossiers[c.DossierID], items: listed[c.ID]}
		if parts[i].held.Images == 0 {
			continue
		}
		if parts[i].images, parts[i].sum, err = dossier.ImageSum(tx.Context(), tx, c.DossierID); err != nil {
			return err
		}
	}
	clerk, reviewer := tx.Actor().Name, handler(tx.Context(), tx, l.ReviewedBy)
	notice, err := k.press.Issue(tx, l.notice(own, parts, clerk, reviewer))
	if err != nil {
		return err
	}
	l.NoticeNo = notice.Number
	_, err = k.press.Issue(tx, l.packing(own, parts, clerk, reviewer))
	return err
}

// part is one dossier of a packet with many, for its papers.
type part struct {
	Case
	held   dossier.Dossier
	items  []Item
	images int
	sum    string
}

// itemsOf lists the lines that stand of many cases, by case.
func itemsOf(tx *gate.Tx, cases []Case) (map[string][]Item, error) {
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	list, err := store.List[Item](tx.Context(), tx, "WHERE void=0 AND transfer_id IN ("+store.Marks(len(ids))+") ORDER BY transfer_id, line_no", store.Args(ids)...)
	out := map[string][]Item{}
	for _, i := range list {
		out[i.TransferID] = append(out[i.TransferID], i)
	}
	return out, err
}
