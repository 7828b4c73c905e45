package graduate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/death"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/intake"
	"dangan/internal/mandate"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/transfer"
)

// Desk is the room's door.
type Desk struct {
	gate      *gate.Gate
	keys      person.Indexer
	press     *document.Press
	settings  *setting.Desk
	transfers *transfer.Desk
	reachable func(ctx context.Context, q store.Querier, d dossier.Dossier) (bool, error) // by message
}

// New opens the room.
func New(g *gate.Gate, keys person.Indexer, press *document.Press, settings *setting.Desk, transfers *transfer.Desk, messages *message.Desk) *Desk {
	d := &Desk{reachable: messages.Reachable, gate: g, keys: keys, press: press, settings: settings, transfers: transfers}
	transfers.Carry("Graduate", transfer.BesideRoom{Received: d.received, Withdrawn: d.withdrawn})
	return d
}

var rules = []rule.ID{"12"}

// Source is a list as the school sent it.
type Source struct {
	Agency   string
	FileName string
	Content  io.ReaderAt
	Size     int64
	DryRun   bool
	Errors   io.Writer // takes the workbook of rows to be corrected, if any; may be nil
}

// Wrong is a row that is to be corrected.
type Wrong struct {
	Row      int      `json:"row"`
	Problems []string `json:"problems"`
}

// Report says what became of a list's rows.
type Report struct {
	List     string  `json:"list,omitempty"`
	File     string  `json:"file"`
	School   string  `json:"school"`
	Rows     int     `json:"rows"`
	Listed   int     `json:"listed"`
	Here     int     `json:"alreadyListed"`
	Rejected int     `json:"rejected"`
	Items    []Wrong `json:"items"`
}

// listedAtOnce bounds how many rows are registered in one transaction.
const listedAtOnce = 500

// Import registers a school's list. Rows that are wrong stay out and come back in the
// errors workbook; the same file again goes on where it was interrupted.
func (d *Desk) Import(ctx context.Context, by policy.Actor, s Source) (Report, error) {
	out := Report{File: path.Base(strings.ReplaceAll(s.FileName, `\`, "/")), Items: []Wrong{}}
	a, err := agency.Get(ctx, d.gate.DB(), s.Agency)
	if errors.Is(err, store.ErrNotFound) {
		return out, rule.Mistake(rule.Reason{Rule: "6a", Slug: "agency_unknown", Field: "agency", Message: "没有编码为 " + s.Agency + " 的机构。", Next: "请核对机构编码，例如 50010801。"})
	} else if err != nil {
		return out, err
	}
	list := List{Agency: a.ID, FileName: out.File}
	if err := d.gate.Allowed(by, "graduate.import", list.Resource()); err != nil {
		return out, err
	}
	if no := a.MayTakeIn(calendar.Of(d.gate.Now())); no != nil {
		return out, no
	}
	lines, err := read(s.Content, s.Size, d.gate.Today())
	if err != nil {
		return out, err
	}
	var good []line
	for _, l := range lines {
		if len(l.problems) > 0 {
			out.Items = append(out.Items, Wrong{l.row, l.problems})
		} else {
			good = append(good, l)
		}
	}
	out.School, out.Rows, out.Rejected = lines[0].cells[colSchool], len(lines), len(out.Items)
	if s.Errors != nil && out.Rejected > 0 {
		if err := writeErrors(lines, s.Errors); err != nil {
			return out, err
		}
	}
	if s.DryRun || len(good) == 0 {
		out.Here, err = d.here(ctx, a.ID, good)
		out.Listed = len(good) - out.Here
		return out, err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(s.Content, 0, s.Size)); err != nil {
		return out, err
	}
	list.School, list.Digest, list.Rows = out.School, hex.EncodeToString(hash.Sum(nil)), int64(len(lines))
	if list, err = d.open(ctx, by, list); err != nil {
		return out, err
	}
	out.List = list.ID
	for len(good) > 0 {
		n := min(listedAtOnce, len(good))
		if err := d.enter(ctx, by, list, good[:n], &out); err != nil {
			return out, err
		}
		good = good[n:]
	}
	return out, nil
}

// here counts the rows whose 转递编号 the agency has on a list already.
func (d *Desk) here(ctx context.Context, agency string, lines []line) (int, error) {
	n := 0
	for part := range slices.Chunk(lines, listedAtOnce) {
		args := []any{agency}
		for _, l := range part {
			args = append(args, strings.ToUpper(l.cells[colTransfer]))
		}
		k, err := store.Count(ctx, d.gate.DB(), "SELECT count(*) FROM graduate WHERE agency=? AND transfer_no IN ("+store.Marks(len(part))+")", args...)
		if err != nil {
			return 0, err
		}
		n += int(k)
	}
	return n, nil
}

// open registers the list itself, or finds it when the same file came before.
func (d *Desk) open(ctx context.Context, by policy.Actor, list List) (List, error) {
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: "graduate.import", Rules: rules}, func(tx *gate.Tx) error {
		if err := tx.Permit(list.Resource()); err != nil {
			return err
		}
		there, err := store.Get[List](tx.Context(), tx, "WHERE agency=? AND digest=?", list.Agency, list.Digest)
		if err == nil {
			list = there
			return nil
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		list.ID, list.Version, list.StaffID, list.ListedAt = gate.NewID(), 1, by.ID, tx.Now()
		return tx.Insert(list)
	})
	return list, err
}

func (d *Desk) enter(ctx context.Context, by policy.Actor, list List, lines []line, out *Report) error {
	acts := make([]gate.Act, len(lines))
	for i := range acts {
		acts[i] = gate.Act{Actor: by, Action: "graduate.import", Rules: rules}
	}
	done, err := d.gate.DoBulk(ctx, acts, func(i int, tx *gate.Tx) error {
		c := lines[i].cells
		g := Graduate{ID: gate.NewID(), Version: 1, ListID: list.ID, Agency: list.Agency, Row: int64(lines[i].row), School: list.School, Name: c[colName], IDNo: c[colID],
			Phone: c[colPhone], TransferNo: strings.ToUpper(c[colTransfer]), MailNo: strings.ToUpper(c[colMail]), Education: c[colEducation], State: Awaited}
		if err := tx.Permit(g.Resource()); err != nil {
			return err
		}
		tx.Note("list", list.ID)
		tx.Note("row", g.Row)
		if err := tx.Insert(g); err != nil {
			return err
		}
		return tx.Insert(Key{ID: g.ID, Version: 1, IDIndex: d.keys.Index(person.IndexPurpose, g.IDNo)})
	})
	if err != nil {
		return err
	}
	for i, o := range done {
		switch {
		case o.Err == nil:
			out.Listed++
		case errors.Is(o.Err, store.ErrUnique):
			out.Here++
		default:
			return fmt.Errorf("list row %d: %w", lines[i].row, o.Err)
		}
	}
	return nil
}

// Arrival is one packet as it was scanned.
type Arrival struct {
	Number string // 转递编号 or mail number
	Seal   string // custody.Intact or custody.Broken
	Note   string // what was found, for a damaged one
}

// Receive takes in one packet.
func (d *Desk) Receive(ctx context.Context, by policy.Actor, a Arrival) (g Graduate, err error) {
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "graduate.receive", Rules: rules}, func(tx *gate.Tx) error {
		g, err = d.receive(tx, a)
		return err
	})
	return g, err
}

// match finds the packet's line of a list, locked, and asks the policy. What hinders the
// packet from being taken in is a refusal.
func (d *Desk) match(tx *gate.Tx, a Arrival) (g Graduate, err error) {
	own := tx.Actor().Org
	if strings.TrimSpace(a.Number) == "" {
		return g, rule.Mistake(rule.Reason{Rule: "12", Slug: "number_missing", Field: "number", Message: "没有转递编号、邮件号或身份证号。", Next: "请扫描袋面条码，或者刷身份证。"})
	}
	found, err := d.find(tx.Context(), tx, own, a.Number, 2, tx.ForUpdate())
	if err != nil {
		return g, err
	}
	g = Graduate{Agency: own}
	if len(found) == 1 {
		g = found[0]
	}
	if err := d.permit(tx, g); err != nil {
		return g, err
	}
	if err := d.mayTakeIn(tx, own); err != nil {
		return g, err
	}
	switch {
	case len(found) == 0:
		return g, rule.Refuse(rule.Reason{Rule: "12", Slug: "packet_not_listed", Message: "名单中没有这个编号。", Next: "请核对袋面编号；确未列入的，请学校补报名单后再接收，档案袋单独存放，不退回。"})
	case len(found) > 1:
		return g, rule.Mistake(rule.Reason{Rule: "12", Slug: "number_of_many", Field: "number", Message: "这个号码下有多名毕业生。", Next: "请改扫每袋的转递编号。"})
	case g.State != Awaited:
		return g, rule.Refuse(rule.Reason{Rule: "12", Slug: "packet_received", Message: "这一袋已经接收，现在是“" + g.State.Name() + "”。", Next: "无需再次接收。"})
	}
	return g, sealed(a)
}

// mayTakeIn refuses a packet once the agency may take in none (6a), though its school's list
// was registered before: a list is a notice of what comes, and custody begins with the
// packet. The superior sees to it, with the agencies below that may, whom the refusal names;
// nothing goes back to the school.
func (d *Desk) mayTakeIn(tx *gate.Tx, code string) error {
	own, err := agency.Get(tx.Context(), tx, code)
	if err != nil {
		return err
	}
	no := own.MayTakeIn(tx.Today())
	if no == nil {
		return nil
	}
	above, err := agency.Get(tx.Context(), tx, own.Parent)
	if err != nil {
		return err
	}
	beside, err := store.List[agency.Agency](tx.Context(), tx, "WHERE parent=? AND id<>? ORDER BY id LIMIT 50", own.Parent, own.ID)
	if err != nil {
		return err
	}
	var names []string
	for _, a := range beside {
		if a.MayTakeIn(tx.Today()) == nil {
			names = append(names, a.Name)
		}
	}
	next := "请报" + above.Name + "指定接收机构，把档案袋连同名单移交"
	if len(names) > 0 {
		next = "请报" + above.Name + "，由其指定机构（" + strings.Join(names, "、") + "）登记学校名单、接收这一袋"
	}
	return rule.Refuse(rule.Reason{Rule: "6a", Slug: "agency_not_qualified", Message: no.Reasons[0].Message, Next: next + "；交接前封存，单独存放，不退回学校。"})
}

// permit asks the policy with the person the packet is of, as far as known (10b).
func (d *Desk) permit(tx *gate.Tx, g Graduate) error {
	res := g.Resource()
	p, _, err := d.known(tx, g.IDNo)
	if err != nil {
		return err
	}
	if p.ID != "" {
		res.Attrs["person"] = p.ID
	}
	return tx.Permit(res)
}

// find finds listed persons by what a scanner reads: the school's 转递编号, the number of
// confidential post or of the mail, or the identity card.
func (d *Desk) find(ctx context.Context, q store.Querier, agency, number string, most int, lock string) ([]Graduate, error) {
	number = strings.ToUpper(strings.TrimSpace(number))
	if c, problem := identity.Parse(number, d.gate.Today()); problem == "" {
		list, err := store.List[Graduate](ctx, q, "WHERE agency=? AND id IN (SELECT id FROM graduate_key WHERE id_ix=?) ORDER BY id LIMIT ?"+lock, agency, d.keys.Index(person.IndexPurpose, c.Number), most)
		if err != nil || len(list) > 0 {
			return list, err
		}
	}
	return store.List[Graduate](ctx, q, "WHERE agency=? AND (transfer_no=? OR mail_no=?) ORDER BY id LIMIT ?"+lock, agency, number, number, most)
}

func (d *Desk) receive(tx *gate.Tx, a Arrival) (g Graduate, err error) {
	if g, err = d.match(tx, a); err != nil {
		return g, err
	}
	return g, d.takeIn(tx, &g, a)
}

// takeIn puts a packet into custody: a dossier of its own, or beside the one that is kept.
func (d *Desk) takeIn(tx *gate.Tx, g *Graduate, a Arrival) error {
	if err := d.place(tx, g, a); err != nil {
		return err
	}
	return tx.Update(g)
}

// place finds where a packet belongs.
func (d *Desk) place(tx *gate.Tx, g *Graduate, a Arrival) error {
	p, held, err := d.known(tx, g.IDNo)
	if err != nil {
		return err
	}
	g.Seal, g.Note = a.Seal, strings.TrimSpace(a.Note)
	g.ReceivedBy, g.ReceivedAt = tx.Actor().ID, tx.Now()
	if held.ID != "" && held.State != dossier.Left {
		// One person, one dossier (2): the packet joins the dossier that is kept already.
		g.State, g.DossierID = Elsewhere, held.ID
		if err := custody.Note(tx, held, g.Agency, g.ref(), g.Seal, "另有一袋由"+g.School+"按毕业去向登记名单转来（转递编号 "+g.TransferNo+"），单独保管，待归并"); err != nil {
			return err
		}
		return tellKeeper(tx, *g, held, false)
	}
	if p.ID == "" {
		// Who is likely kept already under another number (2) is set aside beside that dossier, in custody
		// like any other, until somebody found out whether they are two. What is classed says nothing (15).
		found, err := double.Find(tx.Context(), tx, d.keys, double.Anybody, []person.Candidate{person.CandidateOf(g.Name, g.IDNo)})
		if err != nil {
			return err
		}
		if len(found[0]) > 0 {
			g.State, g.DossierID = Elsewhere, found[0][0].Dossier.ID
			tx.Note("likely", true)
			return tellKeeper(tx, *g, found[0][0].Dossier, true)
		}
	}
	return d.take(tx, g, p, held)
}

// tellKeeper tells another agency that keeps the person's dossier, or one that is likely theirs,
// of the packet that came here (2).
func tellKeeper(tx *gate.Tx, g Graduate, held dossier.Dossier, likely bool) error {
	if held.Agency == g.Agency {
		return nil
	}
	n := message.Notice{Agency: held.Agency, Post: "clerk", DossierID: held.ID, CaseRef: g.ref(), Link: "/dossiers/" + held.ID, Subject: "在档人员另有一袋档案",
		Text: "学校按毕业去向登记名单把同一人的另一袋转到了另一机构，单独保管，查实后按转递移交。"}
	if likely {
		n.Subject, n.Text = "可能重复的档案", "学校转到另一机构的一袋毕业生档案与这一卷姓名、出生日期相同而号码不同，可能是同一人，正在查实；知道情况的请告知该机构。"
	}
	return message.Inform(tx, n)
}

// Likely says whether the dossier that a packet lies beside is only likely the same person's:
// of one name and birth date, under another number.
func (d *Desk) Likely(ctx context.Context, q store.Querier, g Graduate, held dossier.Dossier) (bool, error) {
	if g.State != Elsewhere || held.ID == "" {
		return false, nil
	}
	p, err := person.ByIDNo(ctx, q, d.keys, g.IDNo)
	if errors.Is(err, store.ErrNotFound) {
		return true, nil
	}
	return p.ID != held.PersonID, err
}

// known finds the person and dossier that the province has already.
func (d *Desk) known(tx *gate.Tx, number string) (p person.Person, held dossier.Dossier, err error) {
	if number == "" {
		return p, held, nil
	}
	if p, err = person.ByIDNo(tx.Context(), tx, d.keys, number); errors.Is(err, store.ErrNotFound) {
		return person.Person{}, held, nil
	} else if err != nil {
		return p, held, err
	}
	held, err = store.Get[dossier.Dossier](tx.Context(), tx, "WHERE person_id=?"+tx.ForUpdate(), p.ID)
	if errors.Is(err, store.ErrNotFound) {
		return p, dossier.Dossier{}, nil
	}
	return p, held, err
}

// take makes the packet a dossier of this agency, waiting for its shelf.
func (d *Desk) take(tx *gate.Tx, g *Graduate, p person.Person, held dossier.Dossier) error {
	no, err := dossier.NextNumber(tx, g.Agency, tx.Today().Year())
	if err != nil {
		return err
	}
	held.Agency, held.No, held.State, held.Shelfmark, held.Place = g.Agency, no, dossier.Arriving, "", dossier.PlaceOutside
	held.Category, held.Subtype = category(g.Education)
	held.Evidence = "毕业去向登记名单（" + g.School + "，转递编号 " + g.TransferNo + "）及学校转递的档案袋"
	held.Basis, held.ReceivedOn, held.ReceivedFrom = "graduate", tx.Today().String(), g.School
	held.AccountKind, held.AccountUnit, held.AccountOn = "", "", ""
	if p.ID == "" {
		c, problem := identity.Parse(g.IDNo, tx.Today())
		if problem != "" {
			return fmt.Errorf("graduate %s: identity number: %s", g.ID, problem)
		}
		p = person.Person{Name: g.Name, Sex: c.Sex(), BirthDate: c.Birth.String(), IDNo: c.Number, Phone: g.Phone}
		if err := person.Add(tx, d.keys, &p); err != nil {
			return err
		}
	}
	fresh := held.ID == ""
	if fresh {
		err = dossier.Add(tx, &held, p)
	} else if err = dossier.DropName(tx, held.ID); err == nil {
		err = dossier.IndexName(tx, held, p.Name)
	}
	if err != nil {
		return err
	}
	g.State, g.DossierID = Unclaimed, held.ID
	if err := custody.Take(tx, &held, g.ref(), g.Seal, "由"+g.School+"按毕业去向登记名单转来，待认领"); err != nil {
		return err
	}
	return dossier.Save(tx, &held)
}

// on performs one act on a graduate.
func (d *Desk) on(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error) (Graduate, error) {
	return d.onRule(ctx, by, action, rules, id, fn)
}

func (d *Desk) onRule(ctx context.Context, by policy.Actor, action string, under []rule.ID, id string, fn func(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error) (Graduate, error) {
	var g Graduate
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: under}, func(tx *gate.Tx) error {
		// The dossier is locked before the row, as by the transfer that carries a packet.
		first, err := store.Get[Graduate](tx.Context(), tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		if first.DossierID != "" {
			if _, err := dossier.Load(tx, first.DossierID); err != nil {
				return err
			}
		}
		if g, err = store.Get[Graduate](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		var held dossier.Dossier
		res := g.Resource()
		if g.DossierID != "" {
			if held, err = dossier.Load(tx, g.DossierID); err != nil {
				return err
			}
			res.Attrs["person"] = held.PersonID // 10b
		}
		if err := tx.Permit(res); err != nil {
			return err
		}
		if err := tx.Expect(g.Version); err != nil {
			return err
		}
		if err := fn(tx, &g, &held); err != nil {
			return err
		}
		return tx.Update(&g)
	})
	return g, err
}

// Tell records that the person was told that the packet lies here: when and how.
func (d *Desk) Tell(ctx context.Context, by policy.Actor, id, way string, on calendar.Date) (Graduate, error) {
	return d.on(ctx, by, "graduate.tell", id, func(tx *gate.Tx, g *Graduate, _ *dossier.Dossier) error {
		if err := g.waits(); err != nil {
			return err
		}
		if way = strings.TrimSpace(way); way == "" {
			return rule.Complete(rule.Reason{Rule: "12", Slug: "way_missing", Field: "way", Message: "没有写明怎样告知本人。", Next: "请填写，例如：电话、短信、信函。"})
		}
		at := tx.Now()
		if on != "" && on != tx.Today() {
			if !on.Valid() || on > tx.Today() || on < calendar.Of(g.ReceivedAt) {
				return rule.Mistake(rule.Reason{Rule: "12", Slug: "told_on_impossible", Field: "on", Message: "告知日期不在接收档案之后、今天之前。", Next: "请填写实际告知的日期。"})
			}
			at = on.Moment()
		}
		g.ToldWay, g.ToldBy, g.ToldAt = way, by.ID, at
		tx.Note("way", way)
		tx.About("Dossier", g.DossierID)
		return nil
	})
}

// Claim opens the person's account once a document was seen and the notice handed over; where
// key materials are missing, all are told at once and the undertaking waits for the signature
// (12, 12b, 20.4a).
func (d *Desk) Claim(ctx context.Context, by policy.Actor, id string, c Claim) (Graduate, error) {
	return d.on(ctx, by, "graduate.claim", id, func(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error {
		if err := g.Claim(c, by.ID, tx.Now()); err != nil {
			return err
		}
		if held.Agency != g.Agency || held.State == dossier.Left {
			return rule.Refuse(rule.Reason{Rule: "12", Slug: "dossier_moved", Message: "档案已不在本机构保管。", Next: "请向现保管单位办理。"})
		}
		if _, dead, err := death.Of(ctx, tx, held.ID); err != nil {
			return err
		} else if dead {
			return rule.Refuse(rule.Reason{Rule: "20c", Slug: "person_dead", Message: "存档人已登记死亡，不再开立账户。", Next: "档案由本机构继续保管，亲属和有关单位照常申请证明；登记有误的，先撤销死亡登记。"})
		}
		notice := account.Accepting{No: g.NoticeVersion, Way: account.OnPaper, By: g.Name}
		waiver, err := intake.Waived(ctx, tx, c.IntakeID)
		if err != nil {
			return err
		}
		agent, err := dossier.ByAgent(tx, *held, c.MandateID, mandate.Claim, g.Ref(), waiver.Pass)
		if err != nil {
			return err
		}
		if agent != nil {
			notice.By = agent.For()
		}
		if missing, err := notice.Check(ctx, tx, account.Personal); err != nil {
			return err
		} else if len(missing) > 0 {
			missing[0].Field = "noticeVersion"
			return rule.Complete(missing...)
		}
		if err := d.ask(tx, g, *held, c.Missing); err != nil {
			return err
		}
		if err := tx.Insert(Proof{ID: g.ID, Version: 1, Document: strings.TrimSpace(c.Document), SeenBy: by.ID, SeenAt: tx.Now()}); err != nil {
			return err
		}
		held.AccountKind, held.AccountUnit, held.AccountOn = "personal", "", tx.Today().String()
		if err := account.Claimed(tx, d.press, *held, g.Ref(), notice); err != nil {
			return err
		}
		if err := intake.Take(tx, c.IntakeID, intake.Claim, g.Ref(), intake.OfDossier(held.ID), intake.OfPerson(d.keys.Index(person.IndexPurpose, g.IDNo))); err != nil {
			return err
		}
		if waiver != nil && waiver.Used {
			tx.Note("despite", waiver.Notice)
		}
		if c.IntakeID == "" { // else it goes on under the receipt of its record
			if err := d.accept(tx, *g, *held, strings.TrimSpace(c.Document), agent); err != nil {
				return err
			}
		}
		if g.AskedOn == "" {
			if err := d.proof(tx, *g, *held, "齐全接收", 0); err != nil {
				return err
			}
		}
		tx.About("Dossier", held.ID)
		return dossier.Save(tx, held)
	})
}
