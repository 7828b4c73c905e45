package dossier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Forward is how a piece that is not filed here went on: to the department whose business it is,
// or to who keeps the dossier of the person it is about (13b, materials.md 6).
type Forward struct {
	ID         string `db:"id"`
	Version    int64  `db:"version"`
	DossierID  string `db:"dossier_id"`
	MaterialID string `db:"material_id"`
	Recipient  string `db:"recipient"`
	Way        string `db:"way"`
	Tracking   string `db:"tracking,null"`
	Receiver   string `db:"receiver,null"`
	DocumentID string `db:"document_id"` // of the 材料转交单
	Number     string `db:"number"`
	SentBy     string `db:"sent_by"`
	SentOn     string `db:"sent_on"`
	DueOn      string `db:"due_on"` // the receipt is awaited until then
	ReceiptOn  string `db:"receipt_on,null"`
	SignedBy   string `db:"signed_by,null"`
	EnteredBy  string `db:"entered_by,null"`
}

// Table names the table of what was forwarded.
func (Forward) Table() string { return "material_forward" }

func init() {
	store.Describe(Forward{})
	store.Register("material_forward", store.Audited, "转有关部门、移交所属档案保管机构的材料：去向、方式、回执")
}

// wrongPerson is the defect of a piece that is about somebody else.
const wrongPerson = "wrong-person"

// foreign says whether a piece was found to be somebody else's.
func (m Material) foreign() bool { return slices.Contains(strings.Split(m.Defects, "|"), wrongPerson) }

// Forward is the reviewer's act on a piece that goes on elsewhere: a slip with stub and receipt goes
// with it, and it leaves the loose pieces. The record of it stays (29.4).
func (k *Desk) Forward(ctx context.Context, by policy.Actor, id string, r Return) (m Material, slip document.Document, err error) {
	r.Request = ""
	if err := r.checkAs("转交"); err != nil {
		return m, slip, err
	}
	m, err = k.onMaterial(ctx, by, "material.forward", []rule.ID{"13b"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.need("转交", Appraising); err != nil {
			return err
		}
		if err := m.running(); err != nil {
			return err
		}
		if m.Decision != ToForward {
			return notForwarded()
		}
		if err := reported(ctx, tx, m.ID); err != nil {
			return err
		}
		if slip, err = k.forwardSlip(tx, *d, *m, m.ForwardTo, r); err != nil {
			return err
		}
		f := Forward{ID: gate.NewID(), Version: 1, DossierID: d.ID, MaterialID: m.ID, Recipient: m.ForwardTo, Way: r.Way, Tracking: strings.TrimSpace(r.Tracking), Receiver: strings.TrimSpace(r.Receiver), DocumentID: slip.ID, Number: slip.Number,
			SentBy: by.ID, SentOn: tx.Today().String(), DueOn: tx.Today().AddDays(k.settings.Int(setting.CureDays)).String()}
		if err := tx.Insert(f); err != nil {
			return err
		}
		return gone(tx, d, m)
	})
	return m, slip, err
}

func notForwarded() error {
	return rule.Refuse(rule.Reason{Rule: "13b", Slug: "not_forwarded", Message: "鉴别结论不是转交。", Next: "请先由经办鉴别，写明转给哪个部门或哪个保管机构。"})
}

// gone takes a piece out of the loose ones: it is no more to be filed here.
func gone(tx *gate.Tx, d *Dossier, m *Material) error {
	m.State, m.Reviewer = Returned, tx.Actor().ID
	if d.Loose > 0 {
		d.Loose--
	}
	if err := answer(tx, m.ID, "", TaskDropped); err != nil {
		return err
	}
	return sentBack(tx, d, *m)
}

// forwardSlip is the 材料转交单. Of a piece moved within the agency only the stub is drawn, and
// neither it nor any other part names the dossier it went to: who reads this one may not know
// of that one (15).
func (k *Desk) forwardSlip(tx *gate.Tx, d Dossier, m Material, to string, r Return) (document.Document, error) {
	ctx := tx.Context()
	office, err := agency.Get(ctx, tx, d.Agency)
	if err != nil {
		return document.Document{}, err
	}
	p, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return document.Document{}, err
	}
	appraiser, err := staffName(ctx, tx, m.AppraisedBy)
	if err != nil {
		return document.Document{}, err
	}
	within := to == ""
	basis := m.Reason
	if m.foreign() {
		basis = "材料不属于本人（同名异人）"
	}
	var defects []string
	for _, code := range strings.Split(m.Defects, "|") {
		if x, ok := codes.FindDefect(code); ok {
			defects = append(defects, x.Text)
		}
	}
	// What is closed to some leaves nothing but its line on a paper (15).
	pub := m.Public()
	if pub.Withheld() && !m.foreign() {
		basis = Withheld
	}
	fields := []paper.Field{{Label: "材料名称", Value: pub.Label(), Wide: true}, {Label: "形成单位", Value: orDash(pub.Maker), Wide: true}, {Label: "形成时间", Value: orDash(pub.Formed())}, {Label: "份数、页数", Value: fmt.Sprintf("%d份 %d页", m.Copies, m.Pages)},
		{Label: "收到日期", Value: calendar.Date(m.ReceivedOn).Long()}, {Label: "接收登记号", Value: m.IntakeNo}, {Label: "转交原因", Value: basis, Wide: true}}
	if len(defects) > 0 && !m.foreign() && !pub.Withheld() {
		fields = append(fields, paper.Field{Label: "鉴别情况", Value: strings.Join(defects, "；"), Wide: true})
	}
	own := append([]paper.Field{{Label: "原登记在", Value: p.Name + "　" + identity.Mask(p.IDNo), Wide: true}}, fields...)
	if !within {
		fields = append(fields, paper.Field{Label: "转交方式", Value: r.Way}, paper.Field{Label: "邮件号、领取人", Value: orDash(strings.TrimSpace(r.Tracking + " " + r.Receiver))})
		own = append(own, fields[len(fields)-2:]...)
	}
	draft := document.Draft{Kind: document.MaterialForward, Agency: office, CaseRef: "Material:" + m.ID, DossierID: d.ID, Addressee: to, IDTail: identity.LastFour(p.IDNo), Form: true, Notice: document.Foot, Title: "材料转交单"}
	if within {
		draft.Addressee = "本机构另行处理"
	}
	draft.Write = func(doc *paper.Document, i issue) {
		left := []string{"鉴别人：" + appraiser, "审核人：" + tx.Actor().Name}
		doc.Part(paper.Part{Label: "存根", Note: "由转交机构留存"}).Fields(2, own...).Close(paper.Closing{Issuer: office.Name, Date: i.At, Left: left, Seal: sealOf(within, i)})
		if within {
			return
		}
		doc.Part(paper.Part{Label: "转交单", Note: "随材料送接收单位"}).Addressee(to).Paragraph("下列材料经鉴别不归入我机构所登记的档案，依据《流动人员人事档案管理服务规定》第十三条转交你单位，请核收并填写回执寄回。")
		// The recipient learns of the piece, and of nobody's dossier.
		doc.Fields(2, fields...).Close(paper.Closing{Issuer: office.Name, Date: i.At, Seal: i.Seal, Left: append(left, "联系电话："+office.Phone)})
		doc.Part(paper.Part{Label: "回执", Note: "由接收单位填写后寄回", Title: "材料转交单回执"}).Line(paper.AlignStart, "转交的材料已核收，由我单位处理。").Signatures("接收人", "单位盖章", "日期").Close(paper.Closing{Issuer: to})
	}
	return k.Press.Issue(tx, draft)
}

// sealOf is the seal on a stub: where it is the only part, the agency's own.
func sealOf(only bool, i issue) *paper.Seal {
	if only {
		return i.Seal
	}
	return nil
}

// ForwardReceipt records that the receipt of a forwarded piece came back.
func (k *Desk) ForwardReceipt(ctx context.Context, by policy.Actor, id, on, signedBy string) (Material, error) {
	signedBy = strings.TrimSpace(signedBy)
	return k.onMaterial(ctx, by, "material.forward_receipt", []rule.ID{"13b"}, id, func(tx *gate.Tx, _ *Dossier, m *Material) error {
		f, err := store.Get[Forward](ctx, tx, "WHERE material_id=?"+tx.ForUpdate(), m.ID)
		if errors.Is(err, store.ErrNotFound) {
			return rule.Refuse(rule.Reason{Rule: "13b", Slug: "forward_none", Message: "这份材料没有转交其他单位。", Next: "请核对材料；退回形成单位的不登记转交回执。"})
		} else if err != nil {
			return err
		}
		if f.ReceiptOn != "" {
			return rule.Refuse(rule.Reason{Rule: "13b", Slug: "forward_answered", Message: "回执已于" + calendar.Date(f.ReceiptOn).Long() + "登记。", Next: "无需重复登记。"})
		}
		var wrong []rule.Reason
		if day := calendar.Date(on); !day.Valid() || on < f.SentOn || day > tx.Today() {
			wrong = append(wrong, rule.Reason{Rule: "13b", Slug: "forward_receipt_on", Field: "on", Message: "签收日期缺失，早于转交之日或在今天之后。", Next: "请照回执填写日期。"})
		}
		if signedBy == "" {
			wrong = append(wrong, rule.Reason{Rule: "13b", Slug: "forward_signed", Field: "signedBy", Message: "没有写明由谁签收。", Next: "请照回执填写接收人和单位。"})
		}
		if len(wrong) > 0 {
			return rule.Mistake(wrong...)
		}
		f.ReceiptOn, f.SignedBy, f.EnteredBy = on, signedBy, by.ID
		if err := document.SetState(tx, f.DocumentID, document.Answered); err != nil {
			return err
		}
		return tx.Update(&f)
	})
}

// ForwardOf is where a piece went; no id where it went nowhere.
func ForwardOf(ctx context.Context, q store.Querier, materialID string) (Forward, error) {
	f, err := store.Get[Forward](ctx, q, "WHERE material_id=?", materialID)
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return f, err
}

// unansweredForwards are the slips whose receipt did not come in time, for the clerks of the
// keeping agency.
func (k *Desk) unansweredForwards(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := Scope(by)
	list, err := store.List[Forward](ctx, k.gate.DB(), "WHERE material_forward.receipt_on IS NULL AND material_forward.due_on<? AND EXISTS (SELECT 1 FROM dossier WHERE dossier.id=material_forward.dossier_id AND dossier.agency=? AND "+where+") ORDER BY material_forward.due_on, material_forward.id LIMIT 50",
		append([]any{k.gate.Today().String(), by.Org}, args...)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var dossiers, materials []string
	for _, f := range list {
		dossiers, materials = append(dossiers, f.DossierID), append(materials, f.MaterialID)
	}
	heads, byID, err := k.pieces(ctx, by, dossiers, materials)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, f := range list {
		out = append(out, work.Item{Room: "dossier", Kind: "材料·转交", Subject: heads[f.DossierID].Name, SubjectNote: titleOf(byID[f.MaterialID]), DossierID: f.DossierID, Link: "/materials/" + f.MaterialID, Lane: work.Todo, Since: calendar.Date(f.SentOn).Time(), DueOn: f.DueOn, Basis: "13b",
			Todo: "催" + f.Recipient + "寄回转交单回执", Action: "登记回执"})
	}
	return out, nil
}
