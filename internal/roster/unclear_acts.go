package roster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/transfer"
)

var unclearRules = []rule.ID{"2"}

// Taking is the clerk's choice of which rejected rows are kept as unclear packets.
type Taking struct {
	Rows  []int  // numbers of rows; empty: all that can be
	Seal  string // how the packets were found
	Shelf string // for rows that name no shelf
}

// Taken is what became of it.
type Taken struct {
	Taken     int   `json:"taken"`
	Here      int   `json:"here"`      // registered before
	Shelfless []int `json:"shelfless"` // rows that name no shelf, when none was given: not registered
}

// takenAtOnce bounds how many packets are registered in one transaction.
const takenAtOnce = 500

// TakeUnclear registers the packets of an import's rejected rows whose person is not
// certain or has a dossier already: shelf and seal known, no service until resolved. The
// kept workbook is read again, so that nothing is taken from a screen. Asked again it
// registers what is not yet.
func (d *Desk) TakeUnclear(ctx context.Context, by policy.Actor, importID string, t Taking) (Taken, error) {
	out := Taken{Shelfless: []int{}}
	m, err := store.Get[Import](ctx, d.gate.DB(), "WHERE id=?", importID)
	if err != nil {
		return out, err
	}
	sample := Packet{Agency: m.Agency, State: Open}
	if err := d.gate.Allowed(by, "unclear.take", sample.Resource()); err != nil {
		return out, err
	}
	if SealName(t.Seal) == "" {
		return out, rule.Mistake(rule.Reason{Rule: "2", Slug: "seal_unknown", Field: "seal", Message: "没有写明封存情况。", Next: "请选择封存完好、封存有损或未封存。"})
	}
	if err := m.ended(); err != nil {
		return out, err
	}
	w, done, err := d.walkOf(ctx, m)
	if err != nil {
		return out, err
	}
	defer done()
	prints := map[string]int{}
	shelf := strings.TrimSpace(t.Shelf)
	w.each = func(batch []*Judged) error {
		var list []Packet
		for _, j := range batch {
			if !eligible(j) {
				continue
			}
			p := packetOf(j)
			p.Agency, p.ImportID, p.Seal = m.Agency, m.ID, t.Seal
			p.Print = d.print(p, prints) // of every row, so that a choice of rows tells them apart alike
			if len(t.Rows) > 0 && !slices.Contains(t.Rows, j.Row.Number) {
				continue
			}
			if p.Shelfmark == "" {
				p.Shelfmark = shelf
			}
			if p.Shelfmark == "" {
				out.Shelfless = append(out.Shelfless, j.Row.Number)
				continue
			}
			if err := d.elsewhere(ctx, &p, j.Facts.Identity); err != nil {
				return err
			}
			list = append(list, p)
		}
		for part := range slices.Chunk(list, takenAtOnce) {
			if err := d.take(ctx, by, part, &out); err != nil {
				return err
			}
		}
		return nil
	}
	return out, w.do(ctx)
}

// ended says that a run is over, so that its rejected rows are settled.
func (m Import) ended() error {
	if m.State == Uploaded || m.State == Running {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "import_not_ended", Message: "这次导入还没有结束。", Next: "请先导入，再登记其中身份待核的档案袋。"})
	}
	return nil
}

// print tells packets apart when a file comes again: what stands in the row, and which
// of the rows that say the same it is.
func (d *Desk) print(p Packet, seen map[string]int) []byte {
	sum := sha256.Sum256([]byte(strings.Join([]string{p.Name, p.Written, p.BirthDate, p.CoverNo, p.Shelfmark, p.ReceivedOn}, "\x00")))
	said := hex.EncodeToString(sum[:])
	seen[said]++
	return d.keys.Index("unclear", said+"/"+strconv.Itoa(seen[said]))
}

// elsewhere adds who keeps the person's dossier.
func (d *Desk) elsewhere(ctx context.Context, p *Packet, number string) error {
	if p.Kind != Second {
		return nil
	}
	held, err := province{d.gate.DB(), d.keys}.Held(ctx, []string{number})
	if err != nil {
		return err
	}
	p.DossierID, p.Receiver = held[number].Dossier, held[number].Agency
	return nil
}

func (d *Desk) take(ctx context.Context, by policy.Actor, list []Packet, out *Taken) error {
	held, err := d.heldOf(ctx, list)
	if err != nil {
		return err
	}
	acts := make([]gate.Act, len(list))
	for i := range acts {
		acts[i] = gate.Act{Actor: by, Action: "unclear.take", Rules: unclearRules}
	}
	done, err := d.gate.DoBatch(ctx, acts, func(i int, tx *gate.Tx) error {
		p := list[i]
		if err := tx.Permit(p.Resource()); err != nil {
			return err
		}
		a, err := agency.Get(ctx, tx, p.Agency)
		if err != nil {
			return err
		}
		if no := a.MayTakeIn(tx.Today()); no != nil {
			return no
		}
		if err := d.number(tx, &p); err != nil {
			return err
		}
		tx.Note("import", p.ImportID)
		tx.Note("row", p.Row)
		tx.Note("found", p.Codes)
		if err := tx.Insert(p); err != nil {
			return err
		}
		for _, l := range held[i] {
			if err := inform(tx, p, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var no *rule.Refusal
	for i, o := range done {
		switch {
		case o.Err == nil:
			out.Taken++
		case errors.Is(o.Err, store.ErrUnique):
			out.Here++
		case errors.As(o.Err, &no):
			return no // the agency may take in none of them
		default:
			return fmt.Errorf("register packet of row %d: %w", list[i].Row, o.Err)
		}
	}
	return nil
}

// heldOf finds, for each packet, the dossiers that are or likely are of its person, as far as
// everybody on the staff may know of them.
func (d *Desk) heldOf(ctx context.Context, list []Packet) ([][]dossier.Dossier, error) {
	out := make([][]dossier.Dossier, len(list))
	var ids []string
	var who []person.Candidate
	var at []int
	for i, p := range list {
		if p.DossierID != "" {
			ids = append(ids, p.DossierID)
		} else if slices.Contains(strings.Split(p.Codes, ","), string(LikelyDouble)) {
			who, at = append(who, p.candidate()), append(at, i)
		}
	}
	if len(ids) > 0 {
		kept, err := store.List[dossier.Dossier](ctx, d.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
		if err != nil {
			return nil, err
		}
		for i, p := range list {
			out[i] = append(out[i], slices.DeleteFunc(slices.Clone(kept), func(k dossier.Dossier) bool { return k.ID != p.DossierID })...)
		}
	}
	found, err := double.Find(ctx, d.gate.DB(), d.keys, double.Anybody, who)
	if err != nil {
		return nil, err
	}
	for n, alike := range found {
		for _, l := range alike {
			out[at[n]] = append(out[at[n]], l.Dossier)
		}
	}
	return out, nil
}

// Proposal is what a clerk found out about a packet, and by which document.
type Proposal struct {
	Ending    string
	Person    Identified // AsPerson
	DossierNo string     // AsSame: number of the dossier, present or former
	DossierID string     // AsSame: instead of the number
	Document  string     // what was seen
	SeenBy    string
	SeenOn    calendar.Date
}

// check says everything that is missing at once.
func (f *Proposal) check(today calendar.Date) error {
	var missing []rule.Reason
	lacks := func(slug, field, message, next string) {
		missing = append(missing, rule.Reason{Rule: "2", Slug: slug, Field: field, Message: message, Next: next})
	}
	f.Person.Name, f.Person.Evidence, f.Document, f.SeenBy = strings.TrimSpace(f.Person.Name), strings.TrimSpace(f.Person.Evidence), strings.TrimSpace(f.Document), strings.TrimSpace(f.SeenBy)
	if f.Document == "" {
		lacks("document_missing", "document", "没有写明查看了什么证件或材料。", "请写明，例如：袋内招工登记表、居民身份证原件。")
	}
	if f.SeenBy == "" {
		lacks("seen_by_missing", "seenBy", "没有写明由谁查看。", "请填写查看人姓名。")
	}
	if !f.SeenOn.Valid() || f.SeenOn > today {
		lacks("seen_on_invalid", "seenOn", "查看日期没有填写，或晚于今天。", "请填写实际查看的日期。")
	}
	switch f.Ending {
	case AsPerson:
		c, problem := identity.Parse(f.Person.IDNo, today)
		if problem != "" {
			lacks("id_invalid", "idNo", "身份证号不正确："+identity.ProblemText(problem)+"。", "请对照证件重新录入 18 位号码。")
		} else {
			f.Person.IDNo = c.Number
		}
		if f.Person.Name == "" {
			lacks("name_missing", "name", "没有填写姓名。", "请对照证件填写。")
		}
		missing = append(missing, f.Person.category()...)
	case AsSame:
		if f.DossierID == "" && strings.TrimSpace(f.DossierNo) == "" {
			lacks("dossier_missing", "dossierNo", "没有指明是哪一卷档案。", "请填写同一人档案的编号，或从可能的档案中选择。")
		}
	default:
		lacks("ending_missing", "ending", "没有选择查实结果。", "请选择查清本人，或与已有档案同属一人。")
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	return nil
}

// category holds a dossier that is opened to what every other one is held to: a category
// down to its subtype, with the material that shows it (29.5).
func (p *Identified) category() []rule.Reason {
	var missing []rule.Reason
	next := "请写明袋内或本人出示的材料。"
	p.Category = codes.FindCategory(p.Category)
	at := slices.IndexFunc(codes.Categories(), func(c codes.Category) bool { return c.Rule == p.Category && c.Subtype == p.Subtype })
	switch {
	case p.Category == "":
		missing = append(missing, rule.Reason{Rule: "29.5", Slug: "category_missing", Field: "category", Message: "没有选择人员类别。", Next: "请按第四条的七类选择。"})
	case at < 0:
		missing = append(missing, rule.Reason{Rule: "29.5", Slug: "subtype_missing", Field: "subtype", Message: "这一类分小类，没有选到小类。", Next: "请选择小类。"})
	default:
		next = "这一类须有：" + codes.Categories()[at].Evidence + "。" + next
	}
	if p.Evidence == "" {
		missing = append(missing, rule.Reason{Rule: "29.5", Slug: "evidence_missing", Field: "evidence", Message: "没有写明这一类别的依据材料。", Next: next + "没有依据的，不立档，档案袋继续保管。"})
	}
	return missing
}

// Propose puts down whose packet it is, with the document seen and by whom; another
// person approves it.
func (d *Desk) Propose(ctx context.Context, by policy.Actor, id string, f Proposal) (Packet, error) {
	return d.onPacket(ctx, by, "unclear.propose", id, func(tx *gate.Tx, p *Packet) error {
		if err := p.may(Open); err != nil {
			return err
		}
		if err := f.check(tx.Today()); err != nil {
			return err
		}
		p.Receiver, p.DossierID, p.Found, p.Way, p.TransferID = "", "", "", "", ""
		if f.Ending == AsPerson {
			if err := d.free(tx, p.Agency, f.Person); err != nil {
				return err
			}
			raw, err := json.Marshal(f.Person)
			if err != nil {
				return err
			}
			p.Found = string(raw)
		} else if err := d.joins(tx, p, f); err != nil {
			return err
		}
		p.State, p.Ending, p.Document, p.SeenBy, p.SeenOn = Proposed, f.Ending, f.Document, f.SeenBy, string(f.SeenOn)
		p.ProposedBy, p.ProposedAt, p.DecidedBy, p.Note = by.ID, tx.Now(), "", ""
		p.DecidedAt = time.Time{}
		return nil
	})
}

// free says that no agency keeps a dossier of the person (2); whoever does is named.
func (d *Desk) free(tx *gate.Tx, own string, who Identified) error {
	kin, err := staff.Own(tx.Context(), tx, tx.Actor().ID, d.keys.Index(person.IndexPurpose, who.IDNo))
	if err != nil {
		return err
	}
	if kin {
		return rule.Refuse(apart)
	}
	p, err := person.ByIDNo(tx.Context(), tx, d.keys, who.IDNo)
	if errors.Is(err, store.ErrNotFound) {
		return double.Guard(tx, d.keys, person.CandidateOf(who.Name, who.IDNo))
	} else if err != nil {
		return err
	}
	if !person.SameName(p.Name, who.Name) {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "id_name_conflict", Field: "name", Message: "全市登记中这一号码的姓名与所填的不同。", Next: "请核对证件；姓名变更的，凭证明先更正登记。"})
	}
	have, err := store.Get[dossier.Dossier](tx.Context(), tx, "WHERE person_id=?", p.ID)
	if errors.Is(err, store.ErrNotFound) || err == nil && have.State == dossier.Left {
		return nil
	} else if err != nil {
		return err
	}
	where, no := "本机构", "（"+have.No+"）"
	if hidden, err := person.Concealed(tx.Context(), tx, tx.Actor(), p.ID); err != nil {
		return err
	} else if hidden { // that there is one can't be kept back here (2); where, and its number, is (15)
		where, no = "全市一家机构", ""
	} else if have.Agency != own {
		where, no = keeper(have.Agency), ""
	}
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "person_has_dossier", Field: "ending", Message: "此人的档案" + no + "已由" + where + "保管，一人只有一卷档案。",
		Next: "请选择“与已有档案同属一人”，归并到那一卷。"})
}

// joins finds the dossier that the packet belongs to.
func (d *Desk) joins(tx *gate.Tx, p *Packet, f Proposal) error {
	to, err := d.dossierOf(tx, p.Agency, f)
	if errors.Is(err, store.ErrNotFound) || err == nil && to.State == dossier.Left {
		return rule.Refuse(unknownDossier)
	} else if err != nil {
		return err
	}
	if err := fit(tx.Actor(), to); err != nil {
		return err
	}
	if to.Agency != p.Agency {
		p.Receiver = to.Agency
	}
	p.DossierID = to.ID
	return nil
}

// fit says whether the actor may have to do with the dossier a packet joins (10b, 15); a
// dossier above their clearance is as unknown as one that is not there.
func fit(by policy.Actor, to dossier.Dossier) error {
	switch {
	case to.Secrecy > by.Clearance || slices.Contains(by.Barred, to.PersonID):
		return rule.Refuse(unknownDossier)
	case slices.Contains(by.Persons, to.PersonID):
		return rule.Refuse(apart)
	}
	return nil
}

var apart = rule.Reason{Rule: "10b", Slug: "recusal", Message: "该档案属于您本人或您申报的亲属，按规定应当回避。", Next: "请交由其他工作人员办理。"}

var unknownDossier = rule.Reason{Rule: "2", Slug: "dossier_unknown", Field: "dossierNo", Message: "没有机构保管这一编号的档案。", Next: "请核对档案编号。"}

// dossierOf finds the dossier by what the proposal gives: its id, or a number it has, here
// or elsewhere, or had before.
func (d *Desk) dossierOf(tx *gate.Tx, own string, f Proposal) (to dossier.Dossier, err error) {
	if f.DossierID != "" {
		return store.Get[dossier.Dossier](tx.Context(), tx, "WHERE id=?", f.DossierID)
	}
	no := strings.ToUpper(identity.Normalize(f.DossierNo))
	for _, by := range []struct {
		where string
		args  []any
	}{
		{"WHERE agency=? AND no=? ORDER BY id LIMIT 1", []any{own, no}},
		{"WHERE agency IN (SELECT id FROM agency) AND no=? ORDER BY id LIMIT 1", []any{no}},
		{"WHERE id IN (SELECT dossier_id FROM dossier_number WHERE no=?) ORDER BY id LIMIT 1", []any{no}},
	} {
		if to, err = store.Get[dossier.Dossier](tx.Context(), tx, by.where, by.args...); !errors.Is(err, store.ErrNotFound) {
			return to, err
		}
	}
	return to, err
}

// Confirm approves what another person found out. A verified person's packet becomes
// their dossier as stock; a packet of a dossier kept here joins it; one kept elsewhere
// goes there as a transfer of its own: list, seal, way and receipt as for any other (20.2b–20.3c).
func (d *Desk) Confirm(ctx context.Context, by policy.Actor, id string) (Packet, error) {
	return d.onPacket(ctx, by, "unclear.confirm", id, func(tx *gate.Tx, p *Packet) error {
		if err := p.may(Proposed); err != nil {
			return err
		}
		p.DecidedBy, p.DecidedAt = by.ID, tx.Now()
		if p.Ending == AsSame {
			if p.Receiver != "" {
				return d.send(tx, p)
			}
			return d.join(tx, p)
		}
		return d.establish(tx, p)
	})
}

// establish makes the packet the dossier of the person it was found to be.
func (d *Desk) establish(tx *gate.Tx, p *Packet) error {
	who, err := p.Person()
	if err != nil {
		return err
	}
	if err := d.free(tx, p.Agency, who); err != nil {
		return err
	}
	c, problem := identity.Parse(who.IDNo, tx.Today())
	if problem != "" {
		return fmt.Errorf("packet %s: identity number no longer valid: %s", p.ID, problem)
	}
	f := p.facts(who)
	f.Identity, f.Birth, f.Sex, f.Received = c.Number, c.Birth, c.Sex(), calendar.Date(p.ReceivedOn)
	f.Subtype, f.Evidence = who.Subtype, who.Evidence
	_, err = person.ByIDNo(tx.Context(), tx, d.keys, who.IDNo)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	r := &run{desk: d, actor: tx.Actor(), imp: Import{ID: p.ImportID, Agency: p.Agency}, cameOn: p.CameOn}
	fresh := r.fresh(f)
	if p.CameOn != "" {
		fresh.Basis = "transfer"
	}
	if p.DossierID, err = r.enter(tx, fresh, f, err == nil); errors.Is(err, store.ErrUnique) {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "person_has_dossier", Message: "此人刚由另一机构或另一人登记。", Next: "请退回，改为与已有档案同属一人。"})
	} else if err != nil {
		return err
	}
	tx.Note("document", p.Document)
	p.State, p.ResolvedAt = Resolved, tx.Now()
	return nil
}

// send starts the packet's way to the agency that keeps the person's dossier.
func (d *Desk) send(tx *gate.Tx, p *Packet) error {
	to, err := dossier.Load(tx, p.DossierID)
	if err != nil {
		return err
	}
	if to.Agency != p.Receiver || to.State == dossier.Left {
		return moved(p.Receiver)
	}
	if err := fit(tx.Actor(), to); err != nil {
		return err
	}
	who, err := person.Get(tx.Context(), tx, to.PersonID)
	if err != nil {
		return err
	}
	c, err := d.transfers.OpenBeside(tx, transfer.Beside{Ref: p.ref(), Holder: p.Agency, Receiver: p.Receiver, Joins: to, PersonName: who.Name, IDNo: who.IDNo,
		Reason: "一人多档，并入已有一卷", Basis: "查实结果 " + p.No + "（" + p.Document + "）", FoundBy: p.ProposedBy})
	if err != nil {
		return err
	}
	p.State, p.TransferID = Sending, c.ID
	return custody.Note(tx, to, p.Agency, c.Ref(), "", "同一人的另一袋（"+p.No+"）由"+keeper(p.Agency)+"保管，移交中")
}

func moved(holder string) error {
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "dossier_moved", Message: "那一卷档案已不在" + keeper(holder) + "。", Next: "请退回，按现在的保管机构重新提交。"})
}

// Received joins the packet to its dossier inside the receipt of its transfer.
func (d *Desk) Received(tx *gate.Tx, c transfer.Case) error {
	return d.carried(tx, c, func(p *Packet) error { return d.join(tx, p) })
}

// Withdrawn puts the packet before the clerk again whose transfer was taken back.
func (d *Desk) Withdrawn(tx *gate.Tx, c transfer.Case) error {
	return d.carried(tx, c, func(p *Packet) error {
		p.State, p.TransferID, p.Note = Open, "", "移交已撤回："+c.WithdrawnWhy
		return nil
	})
}

func (d *Desk) carried(tx *gate.Tx, c transfer.Case, fn func(p *Packet) error) error {
	p, err := store.Get[Packet](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), strings.TrimPrefix(c.PacketRef, "UnclearPacket:"))
	if err != nil {
		return err
	}
	if err := p.may(Sending); err != nil {
		return err
	}
	if err := fn(&p); err != nil {
		return err
	}
	return tx.Update(&p)
}

// join puts the packet into the dossier it belongs to: its number is still found, and the
// time line says where it came from.
func (d *Desk) join(tx *gate.Tx, p *Packet) error {
	to, err := dossier.Load(tx, p.DossierID)
	if err != nil {
		return err
	}
	holder := p.Agency
	if p.Receiver != "" {
		holder = p.Receiver
	}
	if to.Agency != holder || to.State == dossier.Left {
		return moved(holder)
	}
	if err := fit(tx.Actor(), to); err != nil {
		return err
	}
	tx.About("Dossier", to.ID)
	for _, no := range []string{p.CoverNo, p.No} {
		if no == "" || no == to.No {
			continue
		}
		if err := tx.Insert(dossier.OldNumber{ID: gate.NewID(), DossierID: to.ID, Agency: p.Agency, No: no, UntilAt: tx.Now().UnixMicro()}); err != nil {
			return err
		}
	}
	if err := custody.Move(tx, &to, custody.Taken, to.Place, p.ref(), "并入同一人的另一袋（"+p.No+"，原库位 "+p.Shelfmark+"，"+SealName(p.Seal)+"）"); err != nil {
		return err
	}
	if err := dossier.Save(tx, &to); err != nil {
		return err
	}
	tx.Note("document", p.Document)
	p.State, p.ResolvedAt = Resolved, tx.Now()
	return nil
}

// Return sends a finding back to the clerk with what is amiss.
func (d *Desk) Return(ctx context.Context, by policy.Actor, id, note string) (Packet, error) {
	note = strings.TrimSpace(note)
	return d.onPacket(ctx, by, "unclear.return", id, func(tx *gate.Tx, p *Packet) error {
		// What was approved before packets went by transfers has no case to withdraw: it is looked into anew.
		if p.State != Sending || p.TransferID != "" {
			if err := p.may(Proposed); err != nil {
				return err
			}
		}
		if note == "" {
			return rule.Complete(rule.Reason{Rule: "2", Slug: "note_missing", Field: "note", Message: "没有写明为什么退回。", Next: "请写明还要查什么。"})
		}
		p.State, p.Note, p.DecidedBy, p.DecidedAt = Open, note, by.ID, tx.Now()
		return nil
	})
}

// onPacket performs one act on an unclear packet.
func (d *Desk) onPacket(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, p *Packet) error) (Packet, error) {
	var p Packet
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: unclearRules}, func(tx *gate.Tx) error {
		var err error
		if p, err = store.Get[Packet](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(p.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(p.Version); err != nil {
			return err
		}
		if err := fn(tx, &p); err != nil {
			return err
		}
		return tx.Update(&p)
	})
	return p, err
}

// second puts on the shelf for the unclear, inside the second checker's act, a packet that came by
// a transfer and is another one of a person whose dossier is held: it serves nobody until a clerk
// and a reviewer have said which dossier it joins.
func (d *Desk) second(tx *gate.Tx, c transfer.Case, s transfer.Second) error {
	code := HeldHere
	switch {
	case s.Alike:
		code = LikelyDouble
	case s.Held.Agency != c.Receiver:
		code = HeldElsewhere
	}
	p := Packet{Agency: c.Receiver, Kind: Second, Codes: string(code), State: Open, Shelfmark: s.Shelf, Seal: Damaged, CoverNo: c.NoticeNo, Name: c.PersonName, Written: c.IDNo,
		BirthDate: c.IDNo[6:10] + "-" + c.IDNo[10:12] + "-" + c.IDNo[12:14], Category: c.Category, ReceivedOn: c.ArrivedOn, ReceivedFrom: c.HolderName,
		Remark: "转递核对时发现：" + s.Document + "（" + s.SeenBy + " " + s.SeenOn.Long() + "查看）", DossierID: s.Held.ID, CameOn: c.ID, Print: d.keys.Index("unclear", c.Ref())}
	if c.Intact {
		p.Seal = Sealed
	}
	if s.Held.Agency != c.Receiver {
		p.Receiver = s.Held.Agency
	}
	if err := d.number(tx, &p); err != nil {
		return err
	}
	if !s.Alike {
		if err := custody.Note(tx, s.Held, p.Agency, c.Ref(), "", "同一人的另一袋（"+p.No+"）由"+c.HolderName+"转来，单独保管，待归并"); err != nil {
			return err
		}
	}
	if err := inform(tx, p, s.Held); err != nil {
		return err
	}
	return tx.Insert(p)
}

// number gives a packet its id and its number on the shelf for the unclear.
func (d *Desk) number(tx *gate.Tx, p *Packet) error {
	n, err := tx.Number(fmt.Sprintf("%s/待核/%d", p.Agency, tx.Now().Year()))
	if err != nil {
		return err
	}
	p.ID, p.Version, p.No, p.TakenBy, p.TakenAt = gate.NewID(), 1, fmt.Sprintf("待核-%s-%d-%05d", p.Agency, tx.Now().Year(), n), tx.Actor().ID, tx.Now()
	return nil
}

// inform tells an agency that keeps a dossier of a packet elsewhere that is, or likely is, of the
// same person (2). Who may not know of the dossier does not see the notice (10b, 15).
func inform(tx *gate.Tx, p Packet, held dossier.Dossier) error {
	if held.ID == "" || held.Agency == p.Agency || held.State == dossier.Left {
		return nil
	}
	n := message.Notice{Agency: held.Agency, Post: "clerk", DossierID: held.ID, CaseRef: p.ref(), Link: "/dossiers/" + held.ID, Subject: "在档人员另有一袋档案",
		Text: "另一机构登记了同一人的另一袋（" + p.No + "），单独保管，查实后按转递移交。"}
	if slices.Contains(strings.Split(p.Codes, ","), string(LikelyDouble)) {
		n.Subject, n.Text = "可能重复的档案", "另一机构登记的一袋（"+p.No+"）与这一卷姓名、出生日期相同而号码不同，可能是同一人，正在查实；知道情况的请告知该机构。"
	}
	return message.Inform(tx, n)
}
