package transfer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/death"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/intake"
	"dangan/internal/mandate"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/region"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Reasons for which a dossier moves, and ties of 7b.
var (
	ReasonNames = []string{"流动就业", "户籍地存档", "工作单位存档", "录用聘用", "升学", "集体户转入", "其他"}
	TieNames    = []string{"户籍地", "现工作单位所在地", "生源地", "参保地", "常住地", "出国（境）前户籍地"}
	IDDocuments = []string{"居民身份证", "社会保障卡", "港澳台居民居住证", OnlineDocument, "护照或其他有效证件"}
)

// OnlineDocument is what proves who applies over the net, at a provider of identities.
const OnlineDocument = "电子身份凭证"

// Who applies (20.1).
const (
	Self  = "person"
	Unit  = "unit"
	Agent = "agent"
)

// kind is who applies where it is not said.
func (a Application) kind() string {
	if a.MandateID != "" {
		return Agent
	}
	return Self
}

// Application is what the receiver's clerk takes in at the window.
type Application struct {
	Direction  string // Inner or In
	Name       string
	IDNo       string
	Document   string // the identity document that was seen (12b)
	Holder     string // Inner: code of the agency
	HolderName string // In: name of the outside keeper
	HolderKind string // In: what it is
	Applicant  string
	Contact    string // telephone or mailbox of the person; may be empty
	// Who applies: the person, a unit on its letter, or an agent whom the person authorized.
	ApplicantKind string
	ApplicantDoc  string
	ApplicantUSCC string // of a unit: its credit code
	MandateID     string // of an agent
	Province      string // In: two digits, where the present holder is in another province
	OnlineNo      string
	Reason        string
	RegionBasis   string
	TiePlace      string // 7b: code of the division the tie lies in
	TieDespite    string // 7b: why it is taken in here although the tie leads elsewhere
	PassTo        string // 7b: code of the agency the application is passed on to
	Employer      string
	Category      string // In: of the new dossier, with its evidence (29.5)
	Subtype       string
	Evidence      string
	Political     string
	WayRequired   string
	Worker        string // of a unit with an account here: the authorization of who came (12c)
	IntakeID      string // the record of the application, where it was not taken in at first (29.8)
}

// trim takes spaces off, and the applicant for the person where nothing else was said.
func (a *Application) trim() {
	for _, s := range []*string{&a.Name, &a.IDNo, &a.Document, &a.Holder, &a.HolderName, &a.HolderKind, &a.Applicant, &a.Contact, &a.Reason, &a.RegionBasis, &a.TiePlace, &a.TieDespite, &a.PassTo, &a.Employer, &a.Category, &a.Subtype, &a.Evidence, &a.Political, &a.ApplicantKind, &a.ApplicantDoc, &a.ApplicantUSCC, &a.MandateID, &a.Province, &a.OnlineNo} {
		*s = strings.TrimSpace(*s)
	}
	if a.ApplicantKind == "" {
		a.ApplicantKind = a.kind()
	}
	if a.ApplicantKind != Unit {
		a.ApplicantUSCC = ""
	} else if code, problem, _ := identity.CheckCredit(a.ApplicantUSCC); problem == "" {
		a.ApplicantUSCC = code
	}
}

// check holds an application to its shape: what can't be right is an error, all at once;
// what is still missing is answered, so that it can be told together with a tie that leads
// elsewhere: a person is sent for papers once, and not for an agency that won't take them (29.8).
func (a Application) check(own string, today calendar.Date) (_ identity.Citizen, missing []rule.Reason, _ error) {
	var wrong []rule.Reason
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
	if r := checkEnd(a.HolderKind, "holderKind", false); r != nil && a.Direction == In {
		add(&wrong, r.Rule, r.Slug, r.Field, r.Message, "请选择机关、事业单位、国有企业、学校、档案管理服务机构或者其他单位。")
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
	if a.TiePlace != "" && !region.Known(a.TiePlace) {
		add(&wrong, "7b", "tie_place_unknown", "tiePlace", "没有这个区县。", "请从区县列表中选择。")
	}
	if a.Province != "" && (a.Direction != In || ProvinceName(a.Province) == "") {
		add(&wrong, "20.1", "province_unknown", "province", "原存档机构所在的省份不对。", "请从列表中选择；在本市的不选。")
	}
	if !slices.Contains([]string{Self, Unit, Agent}, a.ApplicantKind) {
		add(&wrong, "20.1", "applicant_kind_unknown", "applicantKind", "申请人应为本人、单位或代办人。", "请重新选择。")
	}
	if problem := creditProblem(a.ApplicantKind, a.ApplicantUSCC); problem != "" {
		add(&wrong, "12c", "uscc_invalid", "applicantUscc", "申请单位的统一社会信用代码"+problem+"。", "请照单位证照录入 18 位代码。")
	}
	if a.Applicant == "" {
		add(&wrong, "20.1", "applicant_missing", "applicant", "申请人不能为空。", "请填写本人姓名或申请单位名称。")
	}
	if a.Contact != "" && message.WayOf(a.Contact) == "" {
		add(&wrong, "29.8", "contact_wrong", "contact", "联系方式不是手机号，也不是邮箱地址。", "请核对本人提供的 11 位手机号或邮箱；本人不留的可以不填。")
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
		return who, nil, rule.Mistake(wrong...)
	}
	if !slices.Contains(IDDocuments, a.Document) {
		add(&missing, "12b", "document_not_seen", "document", "尚未核验身份证件。", "请核验居民身份证、社会保障卡或其他有效证件，登记所核验的证件。")
	}
	if a.ApplicantKind == Unit && a.ApplicantDoc == "" {
		add(&missing, "20.1", "unit_letter_missing", "applicantDoc", "单位申请没有登记单位的函件。", "请登记单位介绍信或者申请函的编号。")
	}
	if a.ApplicantKind == Unit && a.ApplicantUSCC == "" {
		add(&missing, "12c", "uscc_missing", "applicantUscc", "单位申请没有登记单位的统一社会信用代码。", "请照单位证照或函件录入 18 位代码；单位更名的，也凭代码认定。")
	}
	if a.TiePlace == "" {
		add(&missing, "7b", "tie_place_missing", "tiePlace", "没有登记存档依据所在的区县。", "请按证件或证明登记“"+a.RegionBasis+"”是哪个区县。")
	}
	if (a.Direction == In || a.Category != "") && (a.Category == "" || a.Evidence == "") { // named for a dossier the province knows, it changes its category
		add(&missing, "29.5", "category_without_evidence", "evidence", "缺少人员类别的证明。", "请选择类别，并登记所核验的证明，例如劳动合同、毕业证书。")
	}
	if a.Category != "" && a.Subtype == "" && codes.HasSubtypes(a.Category) {
		add(&missing, rule.ID(a.Category), "subtype_missing", "category", "没有选择“"+codes.CategoryName(a.Category)+"”中的哪一种。", "请按类别选择到具体一种，各有所需的证明。")
	}
	if a.RegionBasis == "现工作单位所在地" && a.Employer == "" {
		add(&missing, "7b", "employer_missing", "employer", "以现工作单位所在地存档的，须登记工作单位。", "请填写工作单位全称。")
	}
	return who, missing, nil
}

// creditProblem says what is wrong with a unit's credit code as it was entered.
func creditProblem(kind, code string) string {
	if kind != Unit || code == "" {
		return ""
	}
	if _, problem, _ := identity.CheckCredit(code); problem != "" {
		return identity.ProblemText(problem)
	}
	return ""
}

// Wrong says what can't be right in an application to a receiver. What is only missing is
// for its clerk to tell (29.8).
func (k *Desk) Wrong(a Application, receiver string) error {
	a.trim()
	if _, _, err := a.check(receiver, k.gate.Today()); err != nil {
		return err
	}
	return k.admits(a.RegionBasis)
}

// Apply takes an application in; the acceptance slip is issued at once (29.8).
func (k *Desk) Apply(ctx context.Context, by policy.Actor, a Application) (Case, error) {
	a.trim()
	c := Case{ID: gate.NewID(), Version: 1, Direction: a.Direction, State: Applied, PersonName: a.Name, Receiver: by.Org, Applicant: a.Applicant, Contact: a.Contact,
		Reason: a.Reason, RegionBasis: a.RegionBasis, TiePlace: a.TiePlace, TieDespite: a.TieDespite, Employer: a.Employer, Category: a.Category, Subtype: a.Subtype, Evidence: a.Evidence, Political: a.Political,
		Document: a.Document, WayRequired: a.WayRequired, AppliedBy: by.ID,
		ApplicantKind: a.ApplicantKind, ApplicantDoc: a.ApplicantDoc, ApplicantUSCC: a.ApplicantUSCC, Province: a.Province, OnlineNo: a.OnlineNo}
	if a.Direction == In {
		c.OutsideKind = a.HolderKind
	}
	action := "transfer.apply"
	if a.PassTo != "" {
		action, c.Receiver, c.PassedBy = "transfer.pass_on", a.PassTo, by.Org
	}
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: []rule.ID{"20.1", "12b", "7b"}}, func(tx *gate.Tx) error {
		r := c.Resource(dossier.Dossier{})
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
		to := own
		if a.PassTo != "" {
			if to, err = passOn(ctx, tx, a, own); err != nil {
				return err
			}
		}
		who, missing, err := a.check(to.ID, tx.Today())
		if err != nil {
			return err
		}
		// What an objection that held set aside does not stand against the application again.
		waiver, err := intake.Waived(ctx, tx, a.IntakeID)
		if err != nil {
			return err
		}
		if a.Applicant != a.Name {
			if err := waiver.Pass(account.Came(tx, own.ID, account.Unit{USCC: a.ApplicantUSCC, Name: a.Applicant}, account.Bearer{Worker: a.Worker, Intake: a.IntakeID}, c.Ref())); err != nil {
				return err
			}
		}
		if err := k.admits(a.RegionBasis); err != nil {
			return err
		}
		c.IDNo, c.IDIndex, c.Sex = who.Number, k.keys.Index(person.IndexPurpose, who.Number), who.Sex()
		c.ReceiverName, c.ReceiverAddr, c.HolderName = to.Name, to.Mail(), a.HolderName
		if err := k.placeHolder(tx, &c, a); err != nil {
			return err
		}
		if err := k.onlyOne(tx, c); err != nil {
			return err
		}
		if waiver.Covers("tie_refused") { // the authority's answer stands in the place of a tie
			c.TieDespite = "异议成立（" + waiver.Notice + "已撤销）"
		} else if missing, err = k.heldTo(tx, to, c, missing); err != nil {
			return err
		}
		if len(missing) > 0 {
			return rule.Complete(missing...)
		}
		if a.ApplicantKind == Agent {
			m, err := mandate.Rest(tx, mandate.Application{MandateID: a.MandateID, Matter: mandate.Transfer, Ref: c.Ref(), Principal: [][]byte{c.IDIndex}, Agencies: []string{to.ID, c.Holder}, Waive: waiver.Pass})
			if err != nil {
				return err
			}
			c.Agent, c.AgentIDNo, c.ApplicantDoc = m.Agent, m.AgentNo, m.Cite()
		}
		if waiver != nil && waiver.Used {
			tx.Note("despite", waiver.Notice)
		}
		if err := intake.Take(tx, a.IntakeID, intake.Transfer, c.Ref(), intake.OfPerson(c.IDIndex)); err != nil {
			return err
		}
		c.AppliedOn, c.ChangedAt = tx.Today().String(), tx.Now()
		if c.No, err = caseNo(tx); err != nil {
			return err
		}
		if err := tx.Insert(c); err != nil {
			return err
		}
		if c.DossierID != "" {
			d, err := dossier.Get(ctx, tx, c.DossierID)
			if err != nil {
				return err
			}
			if err := reachable(tx, c, d.PersonID); err != nil {
				return err
			}
		}
		if err := tell(tx, c); err != nil {
			return err
		}
		if err := k.tellUnit(tx, c); err != nil {
			return err
		}
		return k.issueAcceptance(tx, c, own)
	})
	return c, err
}

// reachable notes how the person is reached, as they said at the window; what others say of
// them does not replace what they chose themselves.
func reachable(tx *gate.Tx, c Case, personID string) error {
	if c.Contact == "" {
		return nil
	}
	return message.NoteContact(tx, personID, c.Contact, c.ApplicantKind == Self)
}

// Told is whom an act on a case that has no dossier yet tells, and where (20.1).
func (k *Desk) Told(ctx context.Context, q store.Querier, ref string) (message.Applicant, bool, error) {
	id, ok := strings.CutPrefix(ref, "Transfer:")
	if !ok {
		return message.Applicant{}, false, nil
	}
	c, err := Get(ctx, q, id)
	if err != nil || c.Contact == "" || c.Receiver == "" || c.Packet() {
		return message.Applicant{}, false, err
	}
	return message.Applicant{Name: c.PersonName, Address: c.Contact, Agency: c.Receiver}, true, nil
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
	p, err := person.KnownTo(ctx, tx, k.keys, tx.Actor(), c.IDNo)
	if errors.Is(err, store.ErrNotFound) {
		if c.Direction == Inner {
			return mistake("20.1", "dossier_unknown", "holder", "所填机构没有可以由经办人查询的该同志档案。", "请核对姓名、证件号码和原存档机构；可用查档去向查询档案现在何处，本人确认存档的，留下联系方式，由负责的工作人员联系办理。")
		}
		if err := double.Guard(tx, k.keys, person.CandidateOf(c.PersonName, c.IDNo)); err != nil {
			return err
		}
		return k.handOver(tx, *c)
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
	if err := tx.Permit(c.Resource(dossier.Dossier{PersonID: p.ID})); err != nil { // 10b: recusal
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
	return living(tx, d.ID)
}

// handOver tells who is cleared at the keeper that somebody's dossier is asked for as one from
// outside, because it is concealed from the clerk who took the application in (15): they settle
// with the receiver who goes on with it. The clerk is told nothing.
func (k *Desk) handOver(tx *gate.Tx, c Case) error {
	p, err := person.ByIDNo(tx.Context(), tx, k.keys, c.IDNo)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return message.HandOver(tx, p.ID, c.Ref(), "有机构受理了该同志的转入申请", c.ReceiverName+"按外单位转入受理（"+c.Applicant+"申请），其经办人不在知悉范围之内。请与接收机构有知悉范围的工作人员商定由谁办理。", c.Contact, c.ApplicantKind == Self)
}

// living refuses to move the dossier of the dead on a letter (20c).
func living(tx *gate.Tx, dossierID string) error {
	_, dead, err := death.Of(tx.Context(), tx, dossierID)
	if err != nil || !dead {
		return err
	}
	return death.Move()
}

// again refuses to go on with a letter that expired while another application of the same
// person is under way: a person has one open case (29.6).
func (k *Desk) again(tx *gate.Tx, was State, c Case) error {
	if was != Expired {
		return nil
	}
	return k.onlyOne(tx, c)
}

// onlyOne refuses a second open case for the same person.
func (k *Desk) onlyOne(tx *gate.Tx, c Case) error {
	// What concerns a dossier that is concealed from the actor is as unknown as that (15).
	where, args := "id_ix=? AND id<>? AND state NOT IN ('closed','not_sent','withdrawn','expired','returned')", []any{c.IDIndex, c.ID}
	if by := tx.Actor(); by.Kind == policy.Staff {
		where, args = where+" AND (dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id=transfer.dossier_id AND d.secrecy<=?", append(args, by.Clearance)
		if len(by.Barred) > 0 {
			where, args = where+" AND d.person_id NOT IN ("+store.Marks(len(by.Barred))+")", append(args, store.Args(by.Barred)...)
		}
		where += "))"
	}
	other, err := store.Get[Case](tx.Context(), tx, "WHERE "+where+" ORDER BY id LIMIT 1", args...)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "transfer_open", Message: "该同志已有在办的转递（案号 " + other.No + "，由" + other.ReceiverName + "接收）。", Next: "该件办结或撤回后再办理。"})
}
