package transfer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/work"
)

// ReportStray books a packet between two others that came here (20.3a): it is kept as it came,
// both ends and the person are told, the slip goes out at once.
func (k *Desk) ReportStray(ctx context.Context, by policy.Actor, n Came) (s Stray, err error) {
	n.No, n.Seen = strings.TrimSpace(n.No), strings.TrimSpace(n.Seen)
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.stray", Rules: []rule.ID{"20.3a"}}, func(tx *gate.Tx) error {
		s = Stray{ID: gate.NewID(), Version: 1, Agency: by.Org, State: StrayHeld, FoundOn: n.On.String(), FoundBy: by.ID, Intact: n.Intact, Seen: n.Seen, FoundAt: tx.Now(), ChangedAt: tx.Now()}
		if err := tx.Permit(s.Resource(dossier.Dossier{})); err != nil {
			return err
		}
		if err := n.check(tx.Today()); err != nil {
			return err
		}
		c, d, err := k.strayOf(tx, n.No)
		if err != nil {
			return err
		}
		s.TransferID, s.DossierID = c.ID, d.ID
		if err := tx.Permit(s.Resource(d)); err != nil { // 10b, 15: as its person's dossier
			return err
		}
		own, err := agency.Get(ctx, tx, by.Org)
		if err != nil {
			return err
		}
		switch by.Org {
		case c.sender():
			return rule.Refuse(reason("20.3a", "stray_is_sent_here", "这是本机构寄出的包裹。", "请在原转递中登记“退回到件”。"))
		case c.Receiver:
			return rule.Refuse(reason("20.3a", "stray_is_ours", "这是寄给本机构的包裹。", "请在原转递中办理“登记到件”。"))
		}
		var f Fault
		before := c.Fault != ""
		if before {
			if f, err = openFault(tx, c.ID); err != nil {
				return err
			}
		}
		if err := c.Stray(&f, n, own.Name, by.ID, by.Org, tx.Today(), tx.Now()); err != nil {
			return err
		}
		if before {
			err = saveFault(tx, &f)
		} else {
			err = addFault(tx, &f)
		}
		if err != nil {
			return err
		}
		due, _ := tx.Calendar().AddWorkdays(tx.Today(), k.settings.Int(setting.ResendDays))
		year := tx.Today().Year()
		no, err := tx.Number(fmt.Sprintf("误投登记/%d", year))
		if err != nil {
			return err
		}
		s.No, s.DueOn = fmt.Sprintf("WT-%d-%05d", year, no), due.String()
		tx.About("Stray", s.ID)
		tx.About("Transfer", c.ID)
		tx.Note("stray", s.No)
		tx.Note("office", c.sender()) // who answers for it is whom the person asks
		if err := k.issueStray(tx, &s, c, own); err != nil {
			return err
		}
		if err := tx.Insert(s); err != nil {
			return err
		}
		if c.DossierID != "" {
			if err := custody.Move(tx, &d, custody.Strayed, dossier.PlaceTransit, c.Ref(), own.Name+"代管，"+s.No); err != nil {
				return err
			}
			if err := dossier.Save(tx, &d); err != nil {
				return err
			}
		}
		c.ChangedAt = tx.Now()
		if err := tx.Update(&c); err != nil {
			return err
		}
		return bothEnds(tx, c, "包裹误投到"+own.Name, own.Name+"登记收到本件的包裹，原封代管，将按规定转送接收单位或者退回发出单位。保管责任仍在发出单位。")
	})
	return s, err
}

// strayOf finds the packet by a number on it, and locks its case.
func (k *Desk) strayOf(tx *gate.Tx, no string) (c Case, d dossier.Dossier, err error) {
	ctx := tx.Context()
	list, err := store.List[Case](ctx, tx, "WHERE state IN ('in_transit','awaiting','missing') AND (notice_no=? OR back_no=? OR tracking_no=? OR no=?) ORDER BY id LIMIT 2", sameNo(no), sameNo(no), no, strings.ToUpper(no))
	switch {
	case err != nil:
		return c, d, err
	case len(list) == 0:
		return c, d, noStray(no)
	case len(list) > 1 || list[0].ListID != "":
		return c, d, rule.Refuse(reason("20.3a", "stray_of_many", "这个编号的包裹内有多人档案，须整包处理。", "请原封保管，电话告知发出单位，由其在批次中逐件登记误投、改投。"))
	}
	if c, err = load(tx, list[0].ID); err != nil {
		return c, d, err
	}
	switch {
	case c.DossierID != "":
		d, err = dossier.Load(tx, c.DossierID)
		tx.About("Dossier", d.ID)
	case c.JoinsID != "":
		d = c.joins
	}
	return c, d, err
}

// SendStray sends it on to its receiver, or back to its sender, held to 20.3 as any dispatch.
func (k *Desk) SendStray(ctx context.Context, by policy.Actor, id, to string, way Dispatch) (s Stray, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.stray_send", Rules: []rule.ID{"20.3a", "20.3b", "20.3c"}, On: "Stray:" + id}, func(tx *gate.Tx) error {
		if s, err = store.Get[Stray](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		c, err := load(tx, s.TransferID)
		if err != nil {
			return err
		}
		d := c.joins
		if c.DossierID != "" {
			if d, err = dossier.Load(tx, c.DossierID); err != nil {
				return err
			}
			tx.About("Dossier", d.ID)
		}
		if s, err = store.Get[Stray](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(s.Resource(d)); err != nil {
			return err
		}
		if err := tx.Expect(s.Version); err != nil {
			return err
		}
		if err := s.held(); err != nil {
			return err
		}
		if strayWays[to] == "" {
			return rule.Mistake(rule.Reason{Rule: "20.3a", Slug: "stray_goes_where", Field: "to", Message: "没有选择转送还是退回。", Next: "请选择转送接收单位或者退回发出单位；发出单位有要求的按其要求。"})
		}
		messengers, err := k.checkWay(tx, c, d, &way)
		if err != nil {
			return err
		}
		if err := s.Send(to, way, messengers, by.ID, tx.Today()); err != nil {
			return err
		}
		own, err := agency.Get(ctx, tx, s.Agency)
		if err != nil {
			return err
		}
		f, err := openFault(tx, c.ID)
		if err != nil {
			return err
		}
		told := own.Name + "已" + strayWays[to] + "，" + long(s.SentOn) + "，" + WayName(s.Way) + " " + byWhat(s.TrackingNo, s.Office, s.Carriers())
		f.AnswerNote = told
		if to == ToReceiver {
			sent := c.DispatchedBy
			if err := c.Redeliver(&f, way, messengers, by.ID, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
				return err
			}
			c.DispatchedBy, f.Outcome = sent, told // its sender sent it, and answers for it
		}
		if err := saveFault(tx, &f); err != nil {
			return err
		}
		tx.About("Transfer", c.ID)
		if c.DossierID != "" {
			if err := custody.Move(tx, &d, custody.Dispatched, dossier.PlaceTransit, c.Ref(), told); err != nil {
				return err
			}
			if err := dossier.Save(tx, &d); err != nil {
				return err
			}
		}
		c.ChangedAt = tx.Now()
		if err := tx.Update(&c); err != nil {
			return err
		}
		if err := k.issueStraySent(tx, s, c, own); err != nil {
			return err
		}
		s.ChangedAt = tx.Now()
		if err := tx.Update(&s); err != nil {
			return err
		}
		next := "到件后请登记。"
		if to == ToSender {
			next = "发出单位收到后请登记“退回到件”，再重新寄送。"
		}
		return bothEnds(tx, c, "误投的包裹已"+strayWays[to], told+"。"+next)
	})
	return s, err
}

// Carriers are who carries it on.
func (s Stray) Carriers() []MessengerID { return Case{Messengers: s.Messengers}.Carriers() }

// bothEnds tells the clerks of both ends that are agencies of the province.
func bothEnds(tx *gate.Tx, c Case, subject, text string) error {
	ends := []string{c.sender()}
	if c.Direction == Inner {
		ends = append(ends, c.Receiver)
	}
	for _, end := range ends {
		if end == "" {
			continue
		}
		if err := message.Inform(tx, message.Notice{Agency: end, Post: "clerk", Subject: subject, Text: text, DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID}); err != nil {
			return err
		}
	}
	return nil
}

// heldStray is the packet's row while a third agency has it; false where none has.
func heldStray(ctx context.Context, q store.Querier, caseID, lock string) (Stray, bool, error) {
	s, err := store.Get[Stray](ctx, q, "WHERE transfer_id=? AND state='held'"+lock, caseID)
	if errors.Is(err, store.ErrNotFound) {
		return s, false, nil
	}
	return s, err == nil, err
}

// endStray closes it when an end books the packet before it was sent on.
func endStray(tx *gate.Tx, c Case, outcome string) error {
	s, held, err := heldStray(tx.Context(), tx, c.ID, tx.ForUpdate())
	if err != nil || !held {
		return err
	}
	s.State, s.Outcome, s.ChangedAt = StrayEnded, outcome, tx.Now()
	tx.About("Stray", s.ID)
	return tx.Update(&s)
}

// StrayView is a stray packet as its page shows it: numbers and ends, nothing of the person.
type StrayView struct {
	Stray
	Case     Case // for its numbers and ends
	Bound    Bound
	Possible []gate.Possible
}

// ReadStray opens it; the reading is on record (29.3).
func (k *Desk) ReadStray(ctx context.Context, by policy.Actor, id string) (v StrayView, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.stray_read", Rules: []rule.ID{"29.3"}, On: "Stray:" + id}, func(tx *gate.Tx) error {
		s, err := store.Get[Stray](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		d, err := strayDossier(ctx, tx, s)
		if err != nil {
			return err
		}
		return tx.Permit(s.Resource(d))
	})
	if err != nil {
		return v, err
	}
	return k.StrayAfter(ctx, by, id)
}

func strayDossier(ctx context.Context, q store.Querier, s Stray) (dossier.Dossier, error) {
	if s.DossierID == "" {
		return dossier.Dossier{}, nil
	}
	return dossier.Get(ctx, q, s.DossierID)
}

// StrayAfter is the packet after an act of the actor's own.
func (k *Desk) StrayAfter(ctx context.Context, by policy.Actor, id string) (v StrayView, err error) {
	q := k.gate.DB()
	if v.Stray, err = store.Get[Stray](ctx, q, "WHERE id=?", id); err != nil {
		return v, err
	}
	d, err := strayDossier(ctx, q, v.Stray)
	if err != nil {
		return v, err
	}
	if k.gate.Decide(by, "transfer.stray_read", v.Resource(d)).Hidden {
		return v, gate.ErrHidden
	}
	if v.Case, err = Get(ctx, q, v.TransferID); err != nil {
		return v, err
	}
	if v.State == StrayHeld {
		if v.Bound, err = boundBy(ctx, q, v.Case, d); err != nil {
			return v, err
		}
	}
	if p, ok := k.gate.Possible(by, "transfer.stray_send", "转送或退回", v.Resource(d), v.held()); ok {
		p.Primary = p.Refusal == nil
		v.Possible = append(v.Possible, p)
	}
	return v, nil
}

// strayScope is the predicate over table transfer_stray that holds for the packets which
// transfer.stray_read lets an actor see.
func strayScope(actor policy.Actor) (string, []any) {
	if actor.Kind != policy.Staff || len(actor.Reach) == 0 || !slices.ContainsFunc(readers, actor.Has) {
		return "1=0", nil
	}
	where, args := "transfer_stray.agency IN ("+store.Marks(len(actor.Reach))+") AND (transfer_stray.dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=transfer_stray.dossier_id AND d.secrecy<=?", append(store.Args(actor.Reach), actor.Clearance)
	if len(actor.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(actor.Persons)) + ")"
		args = append(args, store.Args(actor.Persons)...)
	}
	return where + "))", args
}

// Strays is a page of stray packets, the newest first; after is the id of the last one seen.
func (k *Desk) Strays(ctx context.Context, by policy.Actor, after string, limit int) ([]Stray, error) {
	where, args := strayScope(by)
	if after != "" {
		where, args = where+" AND (found_at, id)<(SELECT found_at, id FROM transfer_stray WHERE id=?)", append(args, after)
	}
	return store.List[Stray](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY found_at DESC, id DESC LIMIT ?", append(args, limit)...)
}

// StraysOf lists the stray rows of a case, for its page.
func StraysOf(ctx context.Context, q store.Querier, caseID string) ([]Stray, error) {
	return store.List[Stray](ctx, q, "WHERE transfer_id=? ORDER BY found_at, id LIMIT 20", caseID)
}

// strayWork is what waits at a third agency.
func (k *Desk) strayWork(ctx context.Context, actor policy.Actor) ([]work.Item, error) {
	if !actor.Has("clerk") {
		return nil, nil
	}
	where, args := strayScope(actor)
	list, err := store.List[Stray](ctx, k.gate.DB(), "WHERE "+where+" AND state='held' ORDER BY due_on, id LIMIT 100", args...)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, s := range list {
		out = append(out, work.Item{Room: "transfer", Kind: "转递·误投", Subject: "误投包裹", SubjectNote: s.No, Todo: "转送或退回误投的包裹", Action: "寄出", Link: "/strays/" + s.ID, DueOn: s.DueOn, Basis: "20.3a", Lane: work.Todo, Since: s.FoundAt})
	}
	return out, nil
}

// StrayParties are who may read the papers of a stray packet: who has it, and both ends.
func StrayParties(ctx context.Context, q store.Querier, id string) ([]string, error) {
	s, err := store.Get[Stray](ctx, q, "WHERE id=?", id)
	if err != nil {
		return nil, err
	}
	ends, err := Parties(ctx, q, s.TransferID)
	return append(ends, s.Agency), err
}

// strayPaper is what both papers of a stray packet say of it.
func (s Stray) strayPaper(c Case) []paper.Field {
	notice := c.NoticeNo
	if c.BackNo != "" {
		notice = c.BackNo
	}
	state := "完好"
	if !s.Intact {
		state = "有损"
	}
	from, to := c.HolderName, c.ReceiverName
	if c.Direction == In { // on its way back
		from, to = to, from
	}
	return []paper.Field{{Label: "登记编号", Value: s.No}, {Label: "案号", Value: c.No}, {Label: "通知单编号", Value: notice}, {Label: "封条编号", Value: c.SealNo}, {Label: "发出单位", Value: from, Wide: true}, {Label: "接收单位", Value: to, Wide: true},
		{Label: "收到日期", Value: long(s.FoundOn)}, {Label: "包封、封条", Value: paper.Choose([]string{"完好", "有损"}, state)}, {Label: "情况", Value: s.Seen, Wide: true}}
}

// issueStray is the 误投包裹登记单, sent to both ends.
func (k *Desk) issueStray(tx *gate.Tx, s *Stray, c Case, own agency.Agency) error {
	fields, name := s.strayPaper(c), tx.Actor().Name
	d := document.Draft{Kind: document.StraySlip, Agency: own, CaseRef: s.Ref(), DossierID: s.DossierID, Addressee: c.HolderName + "、" + c.ReceiverName, Notice: foot, Form: true}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "存根", Note: "由登记机构留存"})
		doc.Fields(2, fields[:4]...)
		doc.Part(paper.Part{Label: "正联", Note: "送发出单位和接收单位"})
		doc.Addressee(d.Addressee)
		doc.Paragraph("下列密封包裹误投到我单位。我单位未开拆，原封代为保管，将于" + long(s.DueOn) + "前按规定的方式转送接收单位或者退回发出单位；不交由个人携带。转送以前，档案仍由发出单位负责。")
		doc.Fields(2, fields...)
		doc.Close(closing(own, p, "登记人："+name))
	}
	doc, err := k.press.Issue(tx, d)
	s.SlipNo = doc.Number
	return err
}

// issueStraySent is the 转送单 that goes with the packet, under the slip's number.
func (k *Desk) issueStraySent(tx *gate.Tx, s Stray, c Case, own agency.Agency) error {
	name, to := tx.Actor().Name, c.ReceiverName
	if (s.GoesTo == ToSender) != (c.Direction == In) {
		to = c.HolderName
	}
	fields := append(s.strayPaper(c), paper.Field{Label: "办理", Value: paper.Choose([]string{strayWays[ToReceiver], strayWays[ToSender]}, strayWays[s.GoesTo]), Wide: true},
		paper.Field{Label: "转递方式", Value: paper.Choose(postWays, postWay[s.Way]), Wide: true}, paper.Field{Label: "编号或送取人", Value: byWhat(s.TrackingNo, s.Office, s.Carriers())}, paper.Field{Label: "交寄日期", Value: long(s.SentOn)})
	d := document.Draft{Kind: document.StraySlip, Agency: own, CaseRef: s.Ref(), DossierID: s.DossierID, Addressee: to, Notice: foot, Form: true, Title: "误投包裹转送单", NumberOf: s.SlipNo, Suffix: "-Z"}
	d.Write = func(doc *paper.Document, p document.Issue) {
		doc.Part(paper.Part{Label: "正联", Note: "随包裹寄送"})
		doc.Addressee(to)
		doc.Paragraph("误投到我单位的密封包裹一件，原封" + strayWays[s.GoesTo] + "，请查收登记。")
		doc.Fields(2, fields...)
		doc.Close(closing(own, p, "经办人："+name))
		doc.Part(paper.Part{Label: "回执", Note: "由收件单位填写后退回", Title: "误投包裹转送单回执"})
		doc.Fields(2, paper.Field{Label: "登记编号", Value: s.No}, paper.Field{Label: "收到日期", Value: blankDay}, paper.Field{Label: "包封、封条", Value: paper.Choose([]string{"完好", "有损"}), Wide: true})
		doc.Close(paper.Closing{Issuer: "收件单位（盖章）：", Left: []string{"收件人："}})
	}
	_, err := k.press.Issue(tx, d)
	return err
}
