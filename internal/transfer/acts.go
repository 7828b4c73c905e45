package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Desk is the room's door.
type Desk struct {
	gate     *gate.Gate
	agencies *agency.Registry
	settings *setting.Desk
	keys     person.Indexer
	press    *document.Press
}

// New opens the room. The keeper's pull and shelving carry its cases on.
func New(g *gate.Gate, agencies *agency.Registry, settings *setting.Desk, keys person.Indexer, press *document.Press, keeper *custody.Desk) *Desk {
	k := &Desk{gate: g, agencies: agencies, settings: settings, keys: keys, press: press}
	keeper.Follow("Transfer", custody.Follower{Pulled: k.pulled, Shelved: k.shelved})
	return k
}

// Reasons for which a dossier moves, and ties of 7b.
var (
	ReasonNames = []string{"流动就业", "户籍地存档", "工作单位存档", "录用聘用", "升学", "集体户转入", "其他"}
	TieNames    = []string{"户籍地", "现工作单位所在地", "生源地", "参保地", "常住地", "出国（境）前户籍地"}
	IDDocuments = []string{"居民身份证", "社会保障卡", "港澳台居民居住证", "护照或其他有效证件"}
)

// Application is what the receiver's clerk takes in at the window.
type Application struct {
	Direction   string // Inner or In
	Name        string
	IDNo        string
	Document    string // the identity document that was seen (12b)
	Holder      string // Inner: code of the agency
	HolderName  string // In: name of the outside keeper
	Applicant   string
	Agent       string
	Reason      string
	RegionBasis string
	Employer    string
	Category    string // In: of the new dossier, with its evidence (29.5)
	Subtype     string
	Evidence    string
	Political   string
	WayRequired string
}

func (a *Application) trim() {
	for _, s := range []*string{&a.Name, &a.IDNo, &a.Document, &a.Holder, &a.HolderName, &a.Applicant, &a.Agent, &a.Reason, &a.RegionBasis, &a.Employer, &a.Category, &a.Subtype, &a.Evidence, &a.Political} {
		*s = strings.TrimSpace(*s)
	}
}

// check holds an application to its shape: first what can't be right, then what
// is still missing, each kind all at once.
func (a Application) check(own string, today calendar.Date) (identity.Citizen, error) {
	var wrong, missing []rule.Reason
	add := func(list *[]rule.Reason, id rule.ID, slug, field, message, next string) {
		*list = append(*list, rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next})
	}
	who, problem := identity.Parse(a.IDNo, today)
	if problem != "" {
		add(&wrong, "12b", "identity_number_invalid", "idNo", "公民身份号码有误："+identity.ProblemText(problem)+"。", "请对照证件原件核对后重新填写。")
	}
	if a.Name == "" {
		add(&wrong, "12b", "name_missing", "name", "姓名不能为空。", "请照证件填写。")
	}
	if a.Direction != Inner && a.Direction != In {
		add(&wrong, "20.1", "direction_unknown", "direction", "转入来源应为市内机构或外单位。", "请重新选择。")
	}
	if a.Direction == In && a.HolderName == "" {
		add(&wrong, "20.1", "holder_missing", "holderName", "原存档单位不能为空。", "请填写现在保管档案的机关、单位或外省机构全称。")
	}
	if a.Direction == Inner && a.Holder == "" {
		add(&wrong, "20.1", "holder_missing", "holder", "原存档机构不能为空。", "请选择现在保管档案的机构。")
	}
	if a.Direction == Inner && a.Holder == own {
		add(&wrong, "20.1", "holder_is_receiver", "holder", "原存档机构不能是本机构。", "请选择现在保管档案的机构。")
	}
	if !slices.Contains(ReasonNames, a.Reason) {
		add(&wrong, "20.1", "reason_unknown", "reason", "调档原因不在列表中。", "请选择一项。")
	}
	if !slices.Contains(TieNames, a.RegionBasis) {
		add(&wrong, "7b", "tie_unknown", "regionBasis", "存档依据不在列表中。", "请选择户籍地、现工作单位所在地等其中一项。")
	}
	if a.Applicant == "" {
		add(&wrong, "20.1", "applicant_missing", "applicant", "申请人不能为空。", "请填写本人姓名或申请单位名称。")
	}
	if a.Political != "" && codes.Name(codes.Politicals(), a.Political) == "" {
		add(&wrong, "14a", "political_unknown", "political", "政治面貌不在列表中。", "请重新选择。")
	}
	if a.WayRequired != "" && WayName(a.WayRequired) == a.WayRequired {
		add(&wrong, "20.3a", "way_unknown", "wayRequired", "转递方式不在规定之列。", "请选择机要通信、专人送取或给据邮件。")
	}
	known := a.Category == ""
	for _, c := range codes.Categories() {
		known = known || c.Rule == a.Category && (a.Subtype == "" || a.Subtype == c.Subtype)
	}
	if !known {
		add(&wrong, "4.7", "category_unknown", "category", "人员类别不在规定之列。", "请从七类中选择。")
	}
	if len(wrong) > 0 {
		return who, rule.Mistake(wrong...)
	}
	if !slices.Contains(IDDocuments, a.Document) {
		add(&missing, "12b", "document_not_seen", "document", "尚未核验身份证件。", "请核验居民身份证、社会保障卡或其他有效证件，登记所核验的证件。")
	}
	if a.Direction == In && (a.Category == "" || a.Evidence == "") {
		add(&missing, "29.5", "category_without_evidence", "evidence", "缺少人员类别的证明。", "请选择类别，并登记所核验的证明，例如劳动合同、毕业证书。")
	}
	if a.RegionBasis == "现工作单位所在地" && a.Employer == "" {
		add(&missing, "7b", "employer_missing", "employer", "以现工作单位所在地存档的，须登记工作单位。", "请填写工作单位全称。")
	}
	if len(missing) > 0 {
		return who, rule.Complete(missing...)
	}
	return who, nil
}

// Apply takes an application in; the acceptance slip is issued at once (29.8).
func (k *Desk) Apply(ctx context.Context, by policy.Actor, a Application) (Case, error) {
	a.trim()
	c := Case{ID: gate.NewID(), Version: 1, Direction: a.Direction, State: Applied, PersonName: a.Name, Receiver: by.Org, Applicant: a.Applicant, Agent: a.Agent,
		Reason: a.Reason, RegionBasis: a.RegionBasis, Employer: a.Employer, Category: a.Category, Subtype: a.Subtype, Evidence: a.Evidence, Political: a.Political,
		Document: a.Document, WayRequired: a.WayRequired, AppliedBy: by.ID}
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.apply", Rules: []rule.ID{"20.1", "12b"}}, func(tx *gate.Tx) error {
		r := c.Resource("", 0)
		if err := tx.Permit(r); err != nil {
			return err
		}
		own, err := agency.Get(ctx, tx, by.Org)
		if err != nil {
			return err
		}
		if refused := own.MayTakeIn(tx.Today()); refused != nil {
			return refused
		}
		who, err := a.check(own.ID, tx.Today())
		if err != nil {
			return err
		}
		c.IDNo, c.IDIndex, c.Sex = who.Number, k.keys.Index(person.IndexPurpose, who.Number), who.Sex()
		c.ReceiverName, c.ReceiverAddr, c.HolderName = own.Name, strings.TrimSpace(own.Address+" "+own.Desk), a.HolderName
		if err := k.placeHolder(tx, &c, a); err != nil {
			return err
		}
		if err := k.onlyOne(tx, c); err != nil {
			return err
		}
		c.AppliedOn, c.ChangedAt = tx.Today().String(), tx.Now()
		if c.No, err = caseNo(tx); err != nil {
			return err
		}
		if err := tx.Insert(c); err != nil {
			return err
		}
		return k.issueAcceptance(tx, c, own)
	})
	return c, err
}

// caseNo draws the next number of a case: ZD-2026-00001.
func caseNo(tx *gate.Tx) (string, error) {
	year := tx.Today().Year()
	n, err := tx.Number(fmt.Sprintf("转递案号/%d", year))
	return fmt.Sprintf("ZD-%d-%05d", year, n), err
}

// placeHolder finds the dossier the application is about, and holds what was
// entered to what the province knows.
func (k *Desk) placeHolder(tx *gate.Tx, c *Case, a Application) error {
	ctx := tx.Context()
	mistake := func(id rule.ID, slug, field, message, next string) error {
		return rule.Mistake(rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next})
	}
	if c.Direction == Inner {
		holder, err := agency.Get(ctx, tx, a.Holder)
		if errors.Is(err, store.ErrNotFound) || err == nil && !holder.Keeps() {
			return mistake("20.1", "holder_unknown", "holder", "没有这个档案管理服务机构。", "请从机构列表中选择。")
		} else if err != nil {
			return err
		}
		c.Holder, c.HolderName = holder.ID, holder.Name
	}
	p, err := person.ByIDNo(ctx, tx, k.keys, c.IDNo)
	if errors.Is(err, store.ErrNotFound) {
		if c.Direction == Inner {
			return mistake("20.1", "dossier_unknown", "holder", "所填机构没有登记该同志的档案。", "请核对姓名、证件号码和原存档机构；可用查档去向查询档案现在何处。")
		}
		return nil
	} else if err != nil {
		return err
	}
	if p.Name != c.PersonName {
		return mistake("12b", "name_mismatch", "name", "姓名与该证件号码登记的姓名不一致。", "请对照证件核对；确已更名的，先办理姓名更正。")
	}
	d, err := store.Get[dossier.Dossier](ctx, tx, "WHERE person_id=?"+tx.ForUpdate(), p.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	c.DossierID = d.ID
	if err := tx.Permit(c.Resource(p.ID, 0)); err != nil { // 10b: recusal
		return err
	}
	switch {
	case d.State == dossier.Left && c.Direction == In:
	case d.Agency == c.Receiver && d.State != dossier.Left:
		return rule.Refuse(rule.Reason{Rule: "20.1", Slug: "already_here", Message: "该同志的档案已在本机构保管。", Next: "无需转入，请在原档案上办理。"})
	case c.Direction == In:
		return mistake("20.1", "holder_mismatch", "direction", "该同志的档案现由市内机构保管。", "请按市内转递申请；可用查档去向查询现在何处。")
	case d.Agency != c.Holder || d.State == dossier.Left:
		return mistake("20.1", "holder_mismatch", "holder", "该同志的档案不在所填机构。", "请用查档去向查询档案现在何处，再填写原存档机构。")
	}
	tx.About("Dossier", d.ID)
	return nil
}

// onlyOne refuses a second open case for the same person.
func (k *Desk) onlyOne(tx *gate.Tx, c Case) error {
	other, err := store.Get[Case](tx.Context(), tx, "WHERE id_ix=? AND state NOT IN ('closed','not_sent','withdrawn','expired','returned')", c.IDIndex)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "transfer_open", Message: "该同志已有在办的转递（案号 " + other.No + "，由" + other.ReceiverName + "接收）。", Next: "该件办结或撤回后再申请。"})
}

// on performs one act on a case: the dossier is locked first, then the case (the
// keeper's acts do so too), both as the policies and the step table allow.
func (k *Desk) on(ctx context.Context, by policy.Actor, action string, rules []rule.ID, id string, want int64, fn func(tx *gate.Tx, c *Case, d *dossier.Dossier) error) (Case, error) {
	var c Case
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: rules, On: "Transfer:" + id}, func(tx *gate.Tx) error {
		first, err := Get(ctx, tx, id)
		if err != nil {
			return err
		}
		var d dossier.Dossier
		if first.DossierID != "" {
			if d, err = dossier.Load(tx, first.DossierID); err != nil {
				return err
			}
		}
		if c, err = store.Get[Case](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(c.Resource(d.PersonID, d.Secrecy)); err != nil {
			return err
		}
		if want != 0 && want != c.Version {
			return &gate.Conflict{Table: "transfer", ID: id, Want: want, Has: c.Version}
		}
		if d.ID != "" {
			tx.About("Dossier", d.ID)
		}
		if err := fn(tx, &c, &d); err != nil {
			return err
		}
		return save(tx, &c)
	})
	return c, err
}

// Letter issues the transfer letter (20.1).
func (k *Desk) Letter(ctx context.Context, by policy.Actor, id string, want int64) (Case, error) {
	return k.on(ctx, by, "transfer.letter", []rule.ID{"20.1"}, id, want, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Step("transfer.letter"); err != nil {
			return err
		}
		until := tx.Today().AddDays(k.settings.Int(setting.LetterDays))
		doc, err := k.issueLetter(tx, *c, until)
		if err != nil {
			return err
		}
		return c.Letter(doc.Number, doc.Code, by.ID, tx.Today(), until)
	})
}

// Register books a letter that came in from an agency of the province: the clock runs.
func (k *Desk) Register(ctx context.Context, by policy.Actor, id string, want int64, r Registration) (Case, error) {
	return k.on(ctx, by, "transfer.register", []rule.ID{"20.1", "20.2b"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Register(r, by.ID, tx.Today(), tx.Calendar()); err != nil {
			return err
		}
		return begin(tx, c, d)
	})
}

// begin asks the keeper for the packet and marks the dossier as leaving.
func begin(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
	if d.Agency != c.Holder || d.State == dossier.Left || d.State == dossier.InTransit || d.State == dossier.Arriving {
		return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "not_the_holder", Message: "档案现为“" + d.State.Name() + "”，不由本机构保管。", Next: "请告知开函机构档案去向，由其向现保管机构开函。"})
	}
	if err := custody.Ask(tx, d, c.Ref(), custody.ForTransfer); err != nil {
		return err
	}
	if d.State == dossier.InStore {
		d.State = dossier.Leaving
	}
	return dossier.Save(tx, d)
}

// OutsideLetter is the letter of an organ or unit to which a dossier goes (20b).
type OutsideLetter struct {
	DossierID    string
	ReceiverName string
	ReceiverAddr string
	Reason       string
	LetterOn     calendar.Date
	ValidUntil   calendar.Date // "" when the letter states none
	Registration
}

// RegisterOutside books the letter of an outside organ: it opens the case. Such a
// letter is always verified by telephone.
func (k *Desk) RegisterOutside(ctx context.Context, by policy.Actor, o OutsideLetter) (Case, error) {
	o.ReceiverName, o.ReceiverAddr, o.Code = strings.TrimSpace(o.ReceiverName), strings.TrimSpace(o.ReceiverAddr), ""
	var c Case
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.register", Rules: []rule.ID{"20b", "20.2b"}}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, o.DossierID)
		if err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		c = Case{ID: gate.NewID(), Version: 1, Direction: Out, State: Lettered, DossierID: d.ID, PersonName: p.Name, IDNo: p.IDNo, IDIndex: p.IDIndex, Sex: p.Sex,
			ReceiverName: o.ReceiverName, ReceiverAddr: o.ReceiverAddr, Holder: d.Agency, Applicant: o.ReceiverName, Reason: o.Reason, AppliedBy: by.ID,
			LetterNo: strings.TrimSpace(o.LetterNo), LetterOn: o.LetterOn.String(), ValidUntil: o.ValidUntil.String()}
		if err := tx.Permit(c.Resource(p.ID, d.Secrecy)); err != nil {
			return err
		}
		holder, err := agency.Get(ctx, tx, d.Agency)
		if err != nil {
			return err
		}
		c.HolderName = holder.Name
		var wrong []rule.Reason
		if o.ReceiverName == "" {
			wrong = append(wrong, rule.Reason{Rule: "20b", Slug: "receiver_missing", Field: "receiverName", Message: "接收单位不能为空。", Next: "请照函填写机关、单位全称；个人不得接收档案。"})
		}
		if !slices.Contains(ReasonNames, o.Reason) {
			wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: "reason_unknown", Field: "reason", Message: "转递原因不在列表中。", Next: "请选择一项。"})
		}
		if !o.LetterOn.Valid() || o.LetterOn > tx.Today() {
			wrong = append(wrong, rule.Reason{Rule: "20.1", Slug: "letter_on_wrong", Field: "letterOn", Message: "发函日期有误。", Next: "请照函填写。"})
		}
		if len(wrong) > 0 {
			return rule.Mistake(wrong...)
		}
		if err := k.onlyOne(tx, c); err != nil {
			return err
		}
		if err := c.register(o.Registration, by.ID, tx.Today(), tx.Calendar()); err != nil {
			return err
		}
		if c.No, err = caseNo(tx); err != nil {
			return err
		}
		c.ChangedAt = tx.Now()
		if err := tx.Insert(c); err != nil {
			return err
		}
		tx.About("Transfer", c.ID)
		return begin(tx, &c, &d)
	})
	return c, err
}

// pulled follows the keeper: the case goes under review, with the packing list
// made from the catalog where there is one.
func (k *Desk) pulled(tx *gate.Tx, d *dossier.Dossier, caseRef string) error {
	c, err := store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), strings.TrimPrefix(caseRef, "Transfer:"))
	if err != nil {
		return err
	}
	if err := c.Pull(tx.Actor().ID, tx.Now()); err != nil {
		return err
	}
	d.State = dossier.Leaving
	tx.About("Transfer", c.ID)
	if d.Catalog > 0 {
		items, err := fromCatalog(tx, *d)
		if err != nil {
			return err
		}
		if err := putItems(tx, &c, items); err != nil {
			return err
		}
		if len(items) > 0 {
			c.ListedAt = tx.Now()
		}
	}
	return save(tx, &c)
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

// List enters the packing list line by line, for this case: at the holder for a
// paper-only dossier, at the receiver for what came from outside. The reviewer,
// or the second checker, confirms it.
func (k *Desk) List(ctx context.Context, by policy.Actor, id string, want int64, lines []Line) (Case, error) {
	return k.on(ctx, by, "transfer.list", []rule.ID{"20.2b"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Step("transfer.list"); err != nil {
			return err
		}
		if d.Catalog > 0 && c.Direction != In {
			return listFromCatalog()
		}
		if err := checkLines(lines); err != nil {
			return err
		}
		slices.SortStableFunc(lines, func(a, b Line) int {
			if a.Loose != b.Loose {
				if a.Loose {
					return 1
				}
				return -1
			}
			return codes.ClassOrder(a.Class) - codes.ClassOrder(b.Class)
		})
		seq := map[string]int64{}
		items := make([]Item, len(lines))
		for n, l := range lines {
			if !l.Loose {
				seq[l.Class]++
			}
			items[n] = l.item(int64(n+1), seq[l.Class])
		}
		c.ListedBy, c.ListedAt = by.ID, tx.Now()
		return putItems(tx, c, items)
	})
}

func listFromCatalog() error {
	return rule.Refuse(rule.Reason{Rule: "20.2b", Slug: "list_from_catalog", Message: "这份档案已有目录，清单由目录生成。", Next: "目录与实物不符的，在档案中更正；零散材料随清单单列。"})
}

// hindrances finds out what keeps a dossier from leaving (20.2a).
func (k *Desk) hindrances(ctx context.Context, q store.Querier, c Case, d dossier.Dossier) (Hindrances, error) {
	h := Hindrances{OpenLoan: d.State == dossier.Lent, OpenReading: d.State == dossier.Reading, Hold: d.Hold}
	open, err := custody.OpenOf(ctx, q, d.ID)
	if err != nil {
		return h, err
	}
	for _, r := range open {
		if r.CaseRef != c.Ref() && r.State == custody.Out {
			h.OpenLoan = h.OpenLoan || r.Purpose == custody.ForLoan
			h.OpenReading = h.OpenReading || r.Purpose == custody.ForReading
		}
	}
	var lines int
	if err := q.QueryRow(ctx, "SELECT count(*) FROM transfer_item WHERE transfer_id=? AND void=0", c.ID).Scan(&lines); err != nil {
		return h, store.Classify(err)
	}
	h.NoCatalog = lines == 0
	return h, nil
}

// Review passes a dossier on to be sent (20.2a); the reviewer is another person
// than who registered the letter or entered the list.
func (k *Desk) Review(ctx context.Context, by policy.Actor, id string, want int64, note string) (Case, error) {
	return k.on(ctx, by, "transfer.review", []rule.ID{"20.2a"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		h, err := k.hindrances(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		return c.Approve(h, strings.TrimSpace(note), by.ID, tx.Now())
	})
}

// Decline answers that the dossier is not sent, with all reasons, to receiver
// and person, within the same 15 working days (20.2b).
func (k *Desk) Decline(ctx context.Context, by policy.Actor, id string, want int64) (Case, error) {
	return k.on(ctx, by, "transfer.decline", []rule.ID{"20.2a", "29.8"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		h, err := k.hindrances(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		reasons, err := c.Decline(h, by.ID, tx.Now())
		if err != nil {
			return err
		}
		raw, err := json.Marshal(reasons)
		if err != nil {
			return err
		}
		c.Refusal = string(raw)
		if err := k.issueRefusal(tx, *c, reasons); err != nil {
			return err
		}
		return giveBack(tx, c, d)
	})
}

// giveBack ends a case at the holder: the keeper gets the packet back.
func giveBack(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
	if d.ID == "" || c.RegisteredOn == "" {
		return nil
	}
	if err := custody.Finish(tx, d, c.Ref()); err != nil {
		return err
	}
	if d.State == dossier.Leaving {
		d.State = dossier.Arranging
		if d.Place == dossier.PlaceStore {
			d.State = dossier.InStore
		}
	}
	return dossier.Save(tx, d)
}

// Pack seals the packet and issues packing list and notice (20.2b).
func (k *Desk) Pack(ctx context.Context, by policy.Actor, id string, want int64, s Seal) (Case, error) {
	return k.on(ctx, by, "transfer.pack", []rule.ID{"20.2b"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Pack(s, by.ID, tx.Now()); err != nil {
			return err
		}
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		return k.issueNotice(tx, c, *d, items)
	})
}

// Reopen puts a packet back under review; notice and list become void.
func (k *Desk) Reopen(ctx context.Context, by policy.Actor, id string, want int64) (Case, error) {
	return k.on(ctx, by, "transfer.reopen", []rule.ID{"20.2a"}, id, want, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Reopen(); err != nil {
			return err
		}
		return voidPapers(tx, c.Ref(), document.TransferNotice, document.PackingList)
	})
}

// voidPapers marks the issued papers of some kinds as void; their numbers stay in the register.
func voidPapers(tx *gate.Tx, caseRef string, kinds ...string) error {
	return setPapers(tx, caseRef, document.Void, kinds...)
}

func setPapers(tx *gate.Tx, caseRef, state string, kinds ...string) error {
	papers, err := document.Of(tx.Context(), tx, caseRef)
	if err != nil {
		return err
	}
	for _, p := range papers {
		if p.State == document.Issued && slices.Contains(kinds, p.Kind) {
			if err := document.SetState(tx, p.ID, state); err != nil {
				return err
			}
		}
	}
	return nil
}

// Send dispatches the packet by one of the three ways (20.3).
func (k *Desk) Send(ctx context.Context, by policy.Actor, id string, want int64, s Dispatch) (Case, error) {
	return k.on(ctx, by, "transfer.dispatch", []rule.ID{"20.3a", "20.3b", "20.3c"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Step("transfer.dispatch"); err != nil {
			return err
		}
		h, err := k.hindrances(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		if reasons := h.Reasons(); len(reasons) > 0 {
			return rule.Refuse(reasons...)
		}
		if err := k.checkWay(tx, *c, *d, &s); err != nil {
			return err
		}
		messengers := ""
		if s.Way == Messenger {
			raw, err := json.Marshal(s.Messengers)
			if err != nil {
				return err
			}
			messengers = string(raw)
		}
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

// checkWay asks the pure rule of 20.3 with what the province knows: the recorded
// history and the recorded families.
func (k *Desk) checkWay(tx *gate.Tx, c Case, d dossier.Dossier, s *Dispatch) error {
	forced, why, err := forcedBy(tx.Context(), tx, d)
	if err != nil {
		return err
	}
	var wrong []rule.Reason
	for i := range s.Messengers {
		m := &s.Messengers[i]
		m.Name, m.Unit = strings.TrimSpace(m.Name), strings.TrimSpace(m.Unit)
		who, problem := identity.Parse(m.IDNo, tx.Today())
		if m.Name == "" || problem != "" {
			wrong = append(wrong, rule.Reason{Rule: "20.3a", Slug: "messenger_identity", Field: fmt.Sprintf("messengers[%d].idNo", i), Message: fmt.Sprintf("第%d名送取人的姓名或公民身份号码有误。", i+1), Next: "请对照证件填写。"})
		}
		m.IDNo = who.Number
	}
	if s.Way == Messenger && len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	var failed error
	kin := func(idNo, name string) bool {
		related, err := dossier.KinOf(tx.Context(), tx, d.ID, k.keys.Index(person.IndexPurpose, idNo), name)
		if err != nil {
			failed = err
		}
		return related
	}
	err = CheckWay(*s, forced, why, c.IDNo, kin)
	if failed != nil {
		return failed
	}
	return err
}

// forcedBy says whether 20.3b forces the way, and by what: 曾任…（2009.7—2015.3，见 9-2-2）.
func forcedBy(ctx context.Context, q store.Querier, d dossier.Dossier) (dossier.Forced, string, error) {
	periods, err := dossier.PeriodsOf(ctx, q, d.ID)
	if err != nil {
		return "", "", err
	}
	forced, p := dossier.ForcedBy(periods, d.HistoryOkBy != "")
	if forced != dossier.ForcedYes {
		return forced, "", nil
	}
	name := p.Unit + "工作人员（身份未注明）"
	if id, ok := codes.FindIdentity(p.Identity); ok {
		name = id.Name
	}
	span := dotted(p.FromMonth) + "—至今"
	if p.ToMonth != "" {
		span = dotted(p.FromMonth) + "—" + dotted(p.ToMonth)
	}
	source := p.Cite
	if p.MaterialID != "" {
		m, err := store.Get[dossier.Material](ctx, q, "WHERE id=?", p.MaterialID)
		if err != nil {
			return "", "", err
		}
		source = fmt.Sprintf("%s-%d", m.Class, m.Seq)
	}
	return forced, name + "（" + span + "，见 " + source + "）", nil
}

// dotted is 2009-07 as papers write it: 2009.7.
func dotted(month string) string {
	year, m, _ := strings.Cut(month, "-")
	return year + "." + strings.TrimPrefix(m, "0")
}

// Arrive records that the packet came. The sender answers for it until the receipt.
func (k *Desk) Arrive(ctx context.Context, by policy.Actor, id string, want int64, a Arrival) (Case, error) {
	return k.on(ctx, by, "transfer.arrive", []rule.ID{"20.4a"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Arrive(a, by.ID, tx.Today()); err != nil {
			return err
		}
		if d.ID == "" || c.Direction == In {
			return nil
		}
		if err := custody.Move(tx, d, custody.Arrived, dossier.PlaceTransit, c.Ref(), c.ReceiverName+"签收，核对中"); err != nil {
			return err
		}
		d.State = dossier.Arriving
		return dossier.Save(tx, d)
	})
}

// Result is what the first checker found for one line.
type Result struct {
	LineNo   int64
	Check    string
	Note     string
	KeyFacts []string // what the piece proves, where the sender did not say
	MarkKeys bool     // KeyFacts was given
}

// Check records results line by line and pieces beyond the list, which are added
// and never dropped (forms.md 3). It may be done in parts.
func (k *Desk) Check(ctx context.Context, by policy.Actor, id string, want int64, results []Result, extra []Line) (Case, error) {
	return k.on(ctx, by, "transfer.check", []rule.ID{"20.4a"}, id, want, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		if err := c.Step("transfer.check"); err != nil {
			return err
		}
		items, err := allItems(tx, c.ID)
		if err != nil {
			return err
		}
		for _, r := range results {
			at := slices.IndexFunc(items, func(i Item) bool { return i.LineNo == r.LineNo && !i.Void })
			if at < 0 || LineName(r.Check) == "" || r.Check == LineExtra != (at >= 0 && items[at].ReceiverCheck == LineExtra) {
				return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "line_unknown", Field: "results", Message: fmt.Sprintf("清单没有第%d项，或结果不在相符、缺少、页数不符、内容不符之中。", r.LineNo), Next: "请刷新清单后重新登记。"})
			}
			i := items[at]
			i.ReceiverCheck, i.Note = r.Check, strings.TrimSpace(r.Note)
			if r.MarkKeys {
				i.KeyFacts = strings.Join(r.KeyFacts, "|")
			}
			if i == items[at] {
				continue
			}
			if err := tx.Update(&i); err != nil {
				return err
			}
			items[at] = i
		}
		if len(extra) > 0 {
			if err := checkLines(extra); err != nil {
				return err
			}
			for _, l := range extra {
				i := l.item(int64(len(items)+1), 0)
				i.ID, i.Version, i.TransferID, i.ReceiverCheck = gate.NewID(), 1, c.ID, LineExtra
				if err := tx.Insert(i); err != nil {
					return err
				}
				items = append(items, i)
			}
		}
		return c.Checked(standing(items), by.ID, tx.Now())
	})
}

func standing(items []Item) []Item {
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return i.Void })
}

// Receive is the second checker's word. In one act the receipt goes back and
// closes the sender's case, custody moves, gaps are named, and the packet waits
// for its shelf: whatever fails, custody has moved once or not at all.
func (k *Desk) Receive(ctx context.Context, by policy.Actor, id string, want int64) (Case, error) {
	return k.on(ctx, by, "transfer.receive", []rule.ID{"20.4a", "20.4b", "20.5"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		gaps, err := k.gaps(tx, *c, *d, items)
		if err != nil {
			return err
		}
		if err := c.Receive(items, gaps, by.ID, tx.Now()); err != nil {
			return err
		}
		raw, err := json.Marshal(gaps)
		if err != nil {
			return err
		}
		c.Gaps = string(raw)
		if err := k.moveCustody(tx, c, d, items); err != nil {
			return err
		}
		if err := k.issueReceipt(tx, c, *d, items, gaps); err != nil {
			return err
		}
		if err := setPapers(tx, c.Ref(), document.Answered, document.TransferNotice, document.TransferLetter); err != nil {
			return err
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
	category, subtype, political := c.Category, c.Subtype, c.Political
	held, marked := heldOf(items)
	if d.ID != "" {
		if category == "" {
			category, subtype = d.Category, d.Subtype
		}
		p, err := person.Get(tx.Context(), tx, d.PersonID)
		if err != nil {
			return nil, err
		}
		if political == "" {
			political = p.Political
		}
		facts, err := dossier.FactsOf(tx.Context(), tx, d.ID)
		if err != nil {
			return nil, err
		}
		for _, f := range facts {
			if f.ConfirmedBy != "" {
				marked = append(marked, f.Kind)
			}
		}
	}
	gaps := []Gap{}
	for _, g := range dossier.FindGaps(category, subtype, political == "01" || political == "02", held) {
		if g.KeyFact == "" || !slices.Contains(marked, g.KeyFact) {
			gaps = append(gaps, Gap{KeyFact: g.KeyFact, Title: g.Title, Class: g.Class, Others: g.Others, Consequence: g.Consequence})
		}
	}
	// A piece of the list that did not come is owed too, unless its key fact is asked for already.
	for _, i := range items {
		known := func(g Gap) bool {
			return g.Title == i.Title || g.KeyFact != "" && slices.Contains(strings.Split(i.KeyFacts, "|"), g.KeyFact)
		}
		if i.ReceiverCheck == LineMissing && i.Title != "" && !slices.ContainsFunc(gaps, known) {
			gaps = append(gaps, Gap{Title: i.Title, Class: i.Class})
		}
	}
	return gaps, nil
}

// moveCustody makes the receiver the custodian: its own number, the old one kept,
// search keys under the new keeper, the packet waiting for its shelf.
func (k *Desk) moveCustody(tx *gate.Tx, c *Case, d *dossier.Dossier, items []Item) error {
	packet := custody.Intact
	if !c.Intact {
		packet = custody.Broken
	}
	no, err := dossier.NextNumber(tx, c.Receiver, tx.Today().Year())
	if err != nil {
		return err
	}
	fill := func() {
		d.Agency, d.No, d.State, d.Shelfmark = c.Receiver, no, dossier.Arriving, ""
		d.Basis, d.ReceivedOn, d.ReceivedFrom = "transfer", c.ArrivedOn, c.HolderName
		d.AccountKind, d.AccountUnit, d.AccountOn = "personal", "", tx.Today().String()
		if c.Category != "" {
			d.Category, d.Subtype, d.Evidence = c.Category, c.Subtype, c.Evidence
		}
		if d.Catalog == 0 {
			d.Materials, d.Pages = received(items)
		}
	}
	if d.ID == "" {
		p, err := person.ByIDNo(tx.Context(), tx, k.keys, c.IDNo)
		if errors.Is(err, store.ErrNotFound) {
			p = person.Person{Name: c.PersonName, Sex: c.Sex, IDNo: c.IDNo, Political: c.Political, Employer: c.Employer,
				BirthDate: c.IDNo[6:10] + "-" + c.IDNo[10:12] + "-" + c.IDNo[12:14]}
			err = person.Add(tx, k.keys, &p)
		}
		if err != nil {
			return err
		}
		d.Place = dossier.PlaceOutside
		fill()
		if err := dossier.Add(tx, d, p); err != nil {
			return err
		}
		c.DossierID = d.ID
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
	return custody.Take(tx, d, c.Ref(), packet, "由"+c.HolderName+"转入")
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
	for _, g := range other {
		owed = append(owed, dossier.Supplement{CaseRef: c.Ref(), Title: g.Title, Class: g.Class, DueOn: due.String()})
	}
	if err := dossier.Owe(tx, d, owed...); err != nil {
		return err
	}
	return k.issueSupplement(tx, *c, *d, other, due)
}

// Tell issues the one notice of all that is missing (20.4a).
func (k *Desk) Tell(ctx context.Context, by policy.Actor, id string, want int64) (Case, error) {
	return k.on(ctx, by, "transfer.tell", []rule.ID{"20.4a"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Tell(tx.Today()); err != nil {
			return err
		}
		due, _ := tx.Calendar().AddMonths(tx.Today(), k.settings.Int(setting.PromiseMonths))
		return k.issueUndertaking(tx, *c, *d, due)
	})
}

// Promise records the person's signed undertaking; what is owed becomes open
// supplements with reminders.
func (k *Desk) Promise(ctx context.Context, by policy.Actor, id string, want int64, p Promised) (Case, error) {
	return k.on(ctx, by, "transfer.promise", []rule.ID{"20.4a"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		latest, _ := tx.Calendar().AddMonths(tx.Today(), k.settings.Int(setting.PromiseMonths))
		if err := c.Promise(p, tx.Today(), latest, tx.Now()); err != nil {
			return err
		}
		key, _ := split(c.gaps())
		var owed []dossier.Supplement
		for _, g := range key {
			owed = append(owed, dossier.Supplement{CaseRef: c.Ref(), KeyFact: g.KeyFact, Title: g.Title, Class: g.Class, Consequence: g.Consequence, DueOn: c.PromiseDue, Promised: true})
		}
		if err := dossier.Owe(tx, d, owed...); err != nil {
			return err
		}
		if err := setPapers(tx, c.Ref(), document.Answered, document.Undertaking); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// gaps reads what was found missing at the receipt.
func (c Case) gaps() []Gap {
	var out []Gap
	_ = json.Unmarshal([]byte(c.Gaps), &out) // written by Receive, or empty
	return out
}

// Return gives a packet back to a former employer as agreed with it (20.4a).
func (k *Desk) Return(ctx context.Context, by policy.Actor, id string, want int64, agreement string) (Case, error) {
	return k.on(ctx, by, "transfer.return", []rule.ID{"20.4a"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		gaps, err := k.gaps(tx, *c, *d, items)
		if err != nil {
			return err
		}
		return c.Return(agreement, gaps, tx.Now())
	})
}

// Receipt registers by hand the receipt of an outside keeper: custody moves here.
func (k *Desk) Receipt(ctx context.Context, by policy.Actor, id string, want int64, r OutsideReceipt) (Case, error) {
	return k.on(ctx, by, "transfer.receipt", []rule.ID{"20.5"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Receipt(r, tx.Today(), tx.Now()); err != nil {
			return err
		}
		if err := custody.Move(tx, d, custody.Arrived, dossier.PlaceOutside, c.Ref(), c.ReceiverName+"接收"); err != nil {
			return err
		}
		d.State, d.Shelfmark = dossier.Left, ""
		if err := setPapers(tx, c.Ref(), document.Answered, document.TransferNotice); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	})
}

// Withdraw ends a case before its packet has left.
func (k *Desk) Withdraw(ctx context.Context, by policy.Actor, id string, want int64, why string) (Case, error) {
	return k.on(ctx, by, "transfer.withdraw", []rule.ID{"29.6"}, id, want, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Withdraw(why, tx.Now()); err != nil {
			return err
		}
		if err := voidPapers(tx, c.Ref(), document.TransferNotice, document.PackingList, document.TransferLetter); err != nil {
			return err
		}
		return giveBack(tx, c, d)
	})
}
