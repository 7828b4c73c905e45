package dossier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

var ofSittings = []rule.ID{"13a"}

// NumberSource is a room that knows dossiers of an agency by numbers of its own, such as the
// 转递编号 of a school's list; each registers itself when the instance is put together.
type NumberSource func(ctx context.Context, q store.Querier, agency, number string) ([]string, error)

// OpenSitting begins a sitting, or says anew what the pieces of the actor's open one have in
// common; a pile that was begun goes on where it was left.
func (k *Desk) OpenSitting(ctx context.Context, by policy.Actor, n Pile) (s Sitting, err error) {
	if err := n.check(k.gate.Today()); err != nil {
		return s, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.open_sitting", Rules: ofSittings}, func(tx *gate.Tx) error {
		s, err = store.Get[Sitting](ctx, tx, "WHERE staff_id=? AND state=?"+tx.ForUpdate(), by.ID, SittingOpen)
		if errors.Is(err, store.ErrNotFound) {
			s = Sitting{ID: gate.NewID(), Version: 1, Agency: by.Org, State: SittingOpen, StaffID: by.ID, OpenedAt: tx.Now()}
			if err := tx.Permit(s.Resource()); err != nil {
				return err
			}
			seq, err := tx.Number(fmt.Sprintf("%s/整批/%d", s.Agency, tx.Today().Year()))
			if err != nil {
				return err
			}
			s.No = fmt.Sprintf("ZP-%s-%d-%04d", s.Agency, tx.Today().Year(), seq)
			n.apply(&s)
			return tx.Insert(s)
		} else if err != nil {
			return err
		}
		if err := tx.Permit(s.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(s.Version); err != nil {
			return err
		}
		if s.Pieces+s.Aside > 0 && (s.Title != strings.TrimSpace(n.Title) || s.FormedYear != n.Year) {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_begun", Message: "已扫描的材料是按现在的题名和年份比对的，不能改成另一种材料。", Next: "请先签收本批或取出已扫描的各份，再收另一种材料。"})
		}
		n.apply(&s)
		return tx.Update(&s)
	})
	return s, err
}

// sitting loads a sitting inside an act, locked and permitted.
func (k *Desk) sitting(tx *gate.Tx, id string) (Sitting, error) {
	s, err := store.Get[Sitting](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return s, err
	}
	return s, tx.Permit(s.Resource())
}

// Scan puts the next piece on the pile: whose it is comes from an identity number, a dossier
// number or a number another room knows. What fits nobody or two persons is told at once and
// lies aside; the pile goes on.
func (k *Desk) Scan(ctx context.Context, by policy.Actor, id, number string) (p Piece, err error) {
	number = strings.ToUpper(identity.Normalize(number))
	if number == "" || len(number) > 64 {
		return p, rule.Mistake(rule.Reason{Rule: "13a", Slug: "number_missing", Field: "number", Message: "没有号码。", Next: "请扫描条码，或输入身份证号、档案编号、转递编号。"})
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.scan", Rules: ofSittings}, func(tx *gate.Tx) error {
		s, err := k.sitting(tx, id)
		if err != nil {
			return err
		}
		if err := s.open(by.ID); err != nil {
			return err
		}
		if s.Pieces >= maxBatch || s.Aside >= maxBatch {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_full", Message: fmt.Sprintf("这一批已有 %d 份。", maxBatch), Next: "请点数、签收后另开一批。"})
		}
		p = Piece{ID: gate.NewID(), Version: 1, SittingID: s.ID, Agency: s.Agency, State: PieceReady, Number: number, ScannedAt: tx.Now()}
		var idNo string
		if c, problem := identity.Parse(number, tx.Today()); problem == "" {
			idNo, p.Number = c.Number, identity.Mask(c.Number)
		} else if len(number) == 15 || len(number) == 18 {
			p.Number = identity.Mask(number) // a mistyped one is hardly less than the right one
		}
		found, err := k.byNumber(tx, s.Agency, number, idNo)
		if err != nil {
			return err
		}
		var refused *rule.Refusal
		found = slices.DeleteFunc(found, func(d Dossier) bool {
			decision := k.gate.Decide(by, tx.Action(), d.Resource())
			if decision.Refusal != nil {
				refused = decision.Refusal
			}
			return decision.Hidden // as unknown as what is not there (15)
		})
		switch {
		case len(found) == 0:
			p.Why = fitsNobody.Slug
		case len(found) > 1:
			p.Why = fitsMany.Slug
		case refused != nil:
			p.Why = refused.Reasons[0].Slug
		case found[0].State == Left || found[0].State == InTransit:
			p.Why = notInHouse.Slug
		default:
			if p.Why, err = k.fits(tx, s, found[0]); err != nil {
				return err
			}
			p.DossierID = found[0].ID
		}
		s.Scanned++
		p.Seq = s.Scanned
		if p.Why != "" {
			p.State = PieceAside
			s.Aside++
			tx.Note("aside", p.Why)
		} else {
			s.Pieces++
			tx.About("Dossier", p.DossierID)
		}
		if err := tx.Insert(p); err != nil {
			return err
		}
		return tx.Update(&s)
	})
	return p, err
}

// fits says why a piece can't go into a dossier though it is known whose it is; "" if it can.
func (k *Desk) fits(tx *gate.Tx, s Sitting, d Dossier) (why string, err error) {
	before, err := store.Get[Piece](tx.Context(), tx, "WHERE sitting_id=? AND dossier_id=? AND state=?", s.ID, d.ID, PieceReady)
	if err == nil {
		return "", rule.Mistake(rule.Reason{Rule: "13a", Slug: "piece_scanned", Field: "number", Message: fmt.Sprintf("此人的这种材料已扫过，是本批第 %d 份。", before.Seq), Next: "同一份无需再扫；确有两份的，第二份单独收下并鉴别。"})
	} else if !errors.Is(err, store.ErrNotFound) {
		return "", err
	}
	n, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM material WHERE dossier_id=? AND title=? AND formed_year=? AND (state='filed' OR "+openStates+")", d.ID, s.Title, s.FormedYear)
	if n > 0 {
		return sameFiled.Slug, err
	}
	return "", err
}

// byNumber finds the dossiers of an agency that a number names: at most a few, each once.
func (k *Desk) byNumber(tx *gate.Tx, agency, number, idNo string) ([]Dossier, error) {
	ctx := tx.Context()
	ids := []string{}
	if idNo != "" {
		p, err := person.ByIDNo(ctx, tx, k.keys, idNo)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if err == nil {
			return store.List[Dossier](ctx, tx, "WHERE person_id=? AND agency=? ORDER BY id LIMIT 3", p.ID, agency)
		}
	}
	list, err := store.List[Dossier](ctx, tx, "WHERE agency=? AND (no=? OR id IN (SELECT dossier_id FROM dossier_number WHERE no=?)) ORDER BY id LIMIT 3", agency, number, number)
	if err != nil {
		return nil, err
	}
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	for _, source := range k.Numbers {
		more, err := source(ctx, tx, agency, number)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, nil
	}
	return store.List[Dossier](ctx, tx, "WHERE agency=? AND id IN ("+store.Marks(len(ids))+") ORDER BY id LIMIT 3", append([]any{agency}, store.Args(ids)...)...)
}

// Drop takes a piece off the pile: one that was scanned by mistake, or one that lay aside and
// was given back.
func (k *Desk) Drop(ctx context.Context, by policy.Actor, id, piece string) error {
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.drop", Rules: ofSittings}, func(tx *gate.Tx) error {
		s, err := k.sitting(tx, id)
		if err != nil {
			return err
		}
		p, err := store.Get[Piece](ctx, tx, "WHERE id=? AND sitting_id=?"+tx.ForUpdate(), piece, s.ID)
		if err != nil {
			return err
		}
		switch p.State {
		case PieceReady:
			if err := s.open(by.ID); err != nil {
				return err
			}
			tx.About("Dossier", p.DossierID)
			s.Pieces--
		case PieceAside: // whether or not the rest was signed for: it lies on a table
			s.Aside--
		default:
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "piece_settled", Message: "这一份已不在本批的桌上。", Next: "请重新载入。"})
		}
		p.State = PieceDropped
		if err := tx.Update(&p); err != nil {
			return err
		}
		return tx.Update(&s)
	})
	return err
}

// SignSitting receives, appraises and classifies every piece of a sitting with one signature,
// all or none: each becomes a material with an entry of its own, and all of them one batch
// that another person reviews with a sample (13a).
func (k *Desk) SignSitting(ctx context.Context, by policy.Actor, id string, counted int64) (s Sitting, err error) {
	if s, err = k.seenSitting(ctx, by, id); err != nil {
		return s, err
	}
	if err := k.gate.Ready(by, "material.sign_sitting", s.Resource()); err != nil {
		return s, err
	}
	var pieces []Piece
	if s.ready(by.ID, counted) == nil {
		if pieces, err = store.List[Piece](ctx, k.gate.DB(), "WHERE sitting_id=? AND state=? ORDER BY seq LIMIT ?", s.ID, PieceReady, maxBatch); err != nil {
			return s, err
		}
	}
	acts := make([]gate.Act, len(pieces), len(pieces)+1)
	for i := range acts {
		acts[i] = gate.Act{Actor: by, Action: "material.receive", Rules: []rule.ID{"13a", "14b"}}
	}
	acts = append(acts, gate.Act{Actor: by, Action: "material.sign_sitting", On: s.Ref(), Rules: ofSittings})
	ids := make([]string, len(pieces))
	_, err = k.gate.DoAll(ctx, acts, func(i int, tx *gate.Tx) error {
		if i == 0 {
			// The sitting is locked for all that follows: nothing is scanned into it meanwhile.
			if s, err = store.Get[Sitting](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
				return err
			}
		}
		if i < len(pieces) {
			ids[i], err = k.take(tx, s, &pieces[i])
			return err
		}
		if err := tx.Permit(s.Resource()); err != nil {
			return err
		}
		if err := s.ready(by.ID, counted); err != nil {
			return err
		}
		if int64(len(pieces)) != s.Pieces {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_changed", Message: "签收时这一批又有变动。", Next: "请重新载入，点数后再签收。"})
		}
		list, dossiers, err := k.gather(tx, slices.Sorted(slices.Values(ids)))
		if err != nil {
			return err
		}
		b, err := k.submit(tx, by, BatchFiling, list, dossiers)
		if err != nil {
			return err
		}
		s.State, s.SignedAt, s.BatchID = SittingSigned, tx.Now(), b.ID
		return tx.Update(&s)
	})
	return s, err
}

// take makes a scanned piece a material that is appraised and classified, and says whose.
func (k *Desk) take(tx *gate.Tx, s Sitting, p *Piece) (id string, err error) {
	d, err := Load(tx, p.DossierID)
	if err != nil {
		return "", err
	}
	if err := permit(tx, d, nil); err != nil {
		return "", err
	}
	if d.State == Left || d.State == InTransit || d.Agency != s.Agency {
		r := notInHouse
		r.Message = fmt.Sprintf("第 %d 份：", p.Seq) + r.Message
		return "", rule.Refuse(r)
	}
	today, by := tx.Today(), tx.Actor().ID
	seq, err := tx.Number(fmt.Sprintf("%s/收件/%d", d.Agency, today.Year()))
	if err != nil {
		return "", err
	}
	n := s.Describe()
	due, tentative, late := Deadlines(tx.Calendar(), today, n)
	m := Material{ID: gate.NewID(), Version: 1, DossierID: d.ID, State: ToFile, Origin: FromUnit, Source: s.Giver, Maker: s.Maker,
		IntakeNo: fmt.Sprintf("SJ-%s-%d-%05d", d.Agency, today.Year(), seq), ReceivedOn: string(today), DueOn: string(due), DueTentative: tentative, LateDays: late,
		Handler: by, Decision: ToCatalog, AppraisedBy: by, AppraisedOn: string(today)}
	n.apply(&m)
	m.KeyFacts = strings.Join(codes.Proves(m.Title, m.Class), "|")
	tx.Note("sitting", s.ID)
	tx.Note("decision", ToCatalog)
	tx.Note("class", m.Class)
	if late > 0 {
		tx.Note("late_days", late)
	}
	if err := k.came(tx, &d, m); err != nil {
		return "", err
	}
	if s.IsCopy {
		err := tx.Insert(Verification{ID: gate.NewID(), Version: 1, DossierID: d.ID, MaterialID: m.ID, Kind: WithOriginal, Party: s.Compared, Way: "原件保管单位核对盖章", Agrees: true, AnsweredOn: string(today), ByStaff: by, At: tx.Now()})
		if err != nil {
			return "", err
		}
	}
	p.State, p.MaterialID = PieceTaken, m.ID
	return m.ID, tx.Update(p)
}

// SubmitSitting hands a sitting that was sent back to review again, whole: what was found
// wrong is appraised anew or went back to its maker first. A new sample is drawn.
func (k *Desk) SubmitSitting(ctx context.Context, by policy.Actor, id string) (b Batch, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.submit_batch", Rules: ofSittings}, func(tx *gate.Tx) error {
		s, err := k.sitting(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Expect(s.Version); err != nil {
			return err
		}
		if s.State != SittingSigned {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_open", Message: "这一批还没有签收。", Next: "请先点数、签收。"})
		}
		all, err := store.List[Material](ctx, tx, "WHERE id IN (SELECT material_id FROM sitting_piece WHERE sitting_id=? AND state=?) ORDER BY id", s.ID, PieceTaken)
		if err != nil {
			return err
		}
		var ids []string
		open := 0
		for _, m := range all {
			switch {
			case m.State == ToFile && m.BatchID == "" && m.PausedOn == "":
				ids = append(ids, m.ID)
			case m.State == Received || m.State == Appraising || m.PausedOn != "":
				open++
			}
		}
		switch {
		case open > 0:
			return rule.Complete(rule.Reason{Rule: "13a", Slug: "sitting_unsettled", Message: fmt.Sprintf("抽查不符的材料还有 %d 份未重新鉴别，或暂停着归档期限。", open), Next: "请在“待鉴别”中更正后重新鉴别归类，或退回形成单位，再整批提交。"})
		case len(ids) == 0:
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_submitted", Message: "这一批已提交审核或已归档。", Next: "无需再提交。"})
		}
		list, dossiers, err := k.gather(tx, ids)
		if err != nil {
			return err
		}
		if b, err = k.submit(tx, by, BatchFiling, list, dossiers); err != nil {
			return err
		}
		s.BatchID = b.ID
		return tx.Update(&s)
	})
	return b, err
}

// SittingLine is a piece with whose it is.
type SittingLine struct {
	Piece
	Dossier Dossier
	Person  person.Person
}

// SittingPage is a sitting with its pieces, newest first, and the batch they are reviewed in.
type SittingPage struct {
	Sitting Sitting
	Lines   []SittingLine
	Batch   Batch
}

func (k *Desk) seenSitting(ctx context.Context, by policy.Actor, id string) (Sitting, error) {
	s, err := store.Get[Sitting](ctx, k.gate.DB(), "WHERE id=?", id)
	if err == nil && (!mayList(by) || !by.Reaches(s.Agency)) {
		return Sitting{}, gate.ErrHidden
	}
	return s, err
}

// Sittings lists the sittings of an actor's agencies, newest first.
func (k *Desk) Sittings(ctx context.Context, by policy.Actor, before string, limit int) ([]SittingPage, error) {
	if !mayList(by) {
		return nil, nil
	}
	where, args := "WHERE agency IN ("+store.Marks(len(by.Reach))+")", store.Args(by.Reach)
	if before != "" {
		where += " AND id<?"
		args = append(args, before)
	}
	list, err := store.List[Sitting](ctx, k.gate.DB(), where+" ORDER BY id DESC LIMIT ?", append(args, limit)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var batches []string
	for _, s := range list {
		batches = append(batches, s.BatchID)
	}
	found, err := store.List[Batch](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(batches))+")", store.Args(batches)...)
	byID := map[string]Batch{}
	for _, b := range found {
		byID[b.ID] = b
	}
	out := make([]SittingPage, len(list))
	for i, s := range list {
		out[i] = SittingPage{Sitting: s, Batch: byID[s.BatchID]}
	}
	return out, err
}

// OpenSittingOf is the actor's sitting under way; store.ErrNotFound when there is none.
func (k *Desk) OpenSittingOf(ctx context.Context, by policy.Actor) (SittingPage, error) {
	s, err := store.Get[Sitting](ctx, k.gate.DB(), "WHERE staff_id=? AND state=?", by.ID, SittingOpen)
	if err != nil {
		return SittingPage{}, err
	}
	return k.SittingOf(ctx, by, s.ID)
}

// SittingOf reads a sitting. Of a dossier that the actor may not read only the number stands.
func (k *Desk) SittingOf(ctx context.Context, by policy.Actor, id string) (out SittingPage, err error) {
	q := k.gate.DB()
	if out.Sitting, err = k.seenSitting(ctx, by, id); err != nil {
		return SittingPage{}, err
	}
	if out.Sitting.BatchID != "" {
		if out.Batch, err = store.Get[Batch](ctx, q, "WHERE id=?", out.Sitting.BatchID); err != nil {
			return SittingPage{}, err
		}
	}
	pieces, err := store.List[Piece](ctx, q, "WHERE sitting_id=? AND state<>? ORDER BY seq DESC LIMIT ?", id, PieceDropped, 2*maxBatch)
	if err != nil {
		return SittingPage{}, err
	}
	if out.Lines, err = k.linesOf(ctx, by, pieces); err != nil {
		return SittingPage{}, err
	}
	if out.Sitting.StaffID != by.ID || out.Sitting.State != SittingOpen {
		// Who scanned it has the piece on the table; to all others it is as what is not there (10b, 15).
		out.Lines = slices.DeleteFunc(out.Lines, func(l SittingLine) bool { return l.DossierID != "" && l.Dossier.ID == "" })
	}
	return out, nil
}

// sittingWork lists the actor's pile under way, and those sent back that wait to be submitted
// again, for the clerks of their agency.
func (k *Desk) sittingWork(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	open, err := store.List[Sitting](ctx, k.gate.DB(), "WHERE staff_id=? AND state=? LIMIT 1", by.ID, SittingOpen)
	if err != nil {
		return nil, err
	}
	back, err := store.List[Sitting](ctx, k.gate.DB(), "WHERE agency=? AND EXISTS (SELECT 1 FROM filing_batch b WHERE b.id=sitting.batch_id AND b.state='"+BatchRejected+
		"') AND EXISTS (SELECT 1 FROM sitting_piece p JOIN material m ON m.id=p.material_id WHERE p.sitting_id=sitting.id AND m.batch_id IS NULL AND m.state IN ('received','appraising','to_file')) ORDER BY id DESC LIMIT 20", by.Org)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, s := range append(open, back...) {
		item := work.Item{Room: "dossier", Kind: "整批·收材料", Subject: s.No, SubjectNote: fmt.Sprintf("%s，%d 份", s.Title, s.Pieces), Link: "/filing/sitting", Todo: "接着扫描，点数签收", Action: "扫描", Basis: "13a", Lane: work.Todo, Since: s.OpenedAt}
		if s.State == SittingSigned {
			item.Link, item.Todo, item.Action, item.Since = "/filing/sittings/"+s.ID, "抽查不符，更正后整批重新提交", "更正", s.SignedAt
		}
		out = append(out, item)
	}
	return out, nil
}

// PieceOf is a piece as it was just scanned, with whose it is.
func (k *Desk) PieceOf(ctx context.Context, by policy.Actor, p Piece) (SittingLine, error) {
	lines, err := k.linesOf(ctx, by, []Piece{p})
	if err != nil {
		return SittingLine{}, err
	}
	return lines[0], nil
}

func (k *Desk) linesOf(ctx context.Context, by policy.Actor, pieces []Piece) ([]SittingLine, error) {
	out := make([]SittingLine, len(pieces))
	var ids []string
	for i, p := range pieces {
		out[i].Piece = p
		if p.DossierID != "" {
			ids = append(ids, p.DossierID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	where, args := Scope(by)
	dossiers, err := store.List[Dossier](ctx, k.gate.DB(), "WHERE "+where+" AND id IN ("+store.Marks(len(ids))+")", append(args, store.Args(ids)...)...)
	if err != nil || len(dossiers) == 0 {
		return out, err
	}
	byID, of := map[string]Dossier{}, make([]string, len(dossiers))
	for i, d := range dossiers {
		byID[d.ID], of[i] = d, d.PersonID
	}
	persons, err := store.List[person.Person](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(of))+")", store.Args(of)...)
	if err != nil {
		return out, err
	}
	who := map[string]person.Person{}
	for _, p := range persons {
		who[p.ID] = p
	}
	for i := range out {
		out[i].Dossier = byID[out[i].DossierID]
		out[i].Person = who[out[i].Dossier.PersonID]
	}
	return out, nil
}
