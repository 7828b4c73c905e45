package dossier

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Kinds of reports (29.1).
const (
	ReportAltered = "altered" // 涂改关键信息
	ReportFalse   = "false"   // 经核实不实
)

var reportKinds = map[string]string{ReportAltered: "涂改关键信息", ReportFalse: "经核实不实"}

// States of a report.
const (
	ReportOpen     = "open"     // 待负责人处理
	ReportReferred = "referred" // 已报送主管部门
	ReportClosed   = "closed"   // 已办结: not what it seemed
)

var reportStates = map[string]string{ReportOpen: "待负责人处理", ReportReferred: "已报送主管部门", ReportClosed: "已办结"}

// Report is a suspected falsification: key information that was altered, or a piece that its maker
// says is not genuine (29.1). The appraisal that finds it opens it, the head decides it, and the
// piece stays in the house until then.
type Report struct {
	ID         string `db:"id"`
	Version    int64  `db:"version"`
	No         string `db:"no"`
	DossierID  string `db:"dossier_id"`
	MaterialID string `db:"material_id"`
	Kind       string `db:"kind"`
	Found      string `db:"found"`
	State      string `db:"state"`
	OpenedBy   string `db:"opened_by"`
	OpenedOn   string `db:"opened_on"`
	DecidedBy  string `db:"decided_by,null"`
	DecidedOn  string `db:"decided_on,null"`
	Finding    string `db:"finding,null"`
	Recipient  string `db:"recipient,null"` // the competent department
	DocumentID string `db:"document_id,null"`
	Number     string `db:"number,null"`
}

// Table names the table of reports.
func (Report) Table() string { return "material_report" }

func init() {
	store.Describe(Report{})
	store.Register("material_report", store.Audited, "涉嫌涂改、造假的报告：发现什么、负责人怎样处理、报送哪个部门")
}

// KindName is the kind as screens say it.
func (r Report) KindName() string { return reportKinds[r.Kind] }

// StateName is the state as screens say it.
func (r Report) StateName() string { return reportStates[r.State] }

// Tone is how screens color it.
func (r Report) Tone() string {
	return map[string]string{ReportOpen: "wait", ReportReferred: "bad", ReportClosed: "done"}[r.State]
}

// alteredMark and falseMark are the defects of which a report comes.
const (
	alteredMark = "altered"
	falseMark   = "false-or-suspect"
)

// suspected is the pure rule of what an appraisal that sends a piece on has to report: key
// information that was altered, and what its maker denied. What seems false goes nowhere before
// its maker, or who came after, was asked and answered (materials.md 6).
func suspected(m Material, j Judgement, answers []Verification) (kinds []string, err error) {
	if j.Decision != ToReturn && j.Decision != ToForward {
		return nil, nil
	}
	if slices.Contains(j.Defects, falseMark) {
		var last *Verification
		for i, a := range answers {
			if a.Kind == WithMaker {
				last = &answers[i]
			}
		}
		switch {
		case last == nil:
			return nil, rule.Refuse(rule.Reason{Rule: "13b", Slug: "suspect_not_verified", Field: "decision", Message: "材料真实性存疑，还没有核实结果，不能退回或转交。", Next: "请选“核实”，向形成单位（已撤并的向承继单位、主管部门）核实并登记结果，再作结论。"})
		case last.Agrees:
			return nil, rule.Refuse(rule.Reason{Rule: "13b", Slug: "suspect_confirmed_true", Field: "defects", Message: "形成单位已答复材料相符，不能再以真实性存疑退回。", Next: "请去掉这一项缺陷后归档；又有新的疑点的，再次核实。"})
		}
		kinds = append(kinds, ReportFalse)
	}
	if slices.Contains(j.Defects, alteredMark) && m.KeyFacts != "" {
		kinds = append(kinds, ReportAltered)
	}
	if len(kinds) > 0 && strings.TrimSpace(j.Note) == "" {
		return nil, rule.Mistake(rule.Reason{Rule: "29.1", Slug: "report_found", Field: "note", Message: "涉嫌涂改、造假的须报告负责人，没有写明发现了什么。", Next: "请写明涂改了哪一处、原来和现在各写什么，或核实的结果。"})
	}
	return kinds, nil
}

// report opens the reports of an appraisal; one that was made and decided is not made again.
func (k *Desk) report(tx *gate.Tx, d Dossier, m Material, kinds []string, found string) error {
	before, err := ReportsOf(tx.Context(), tx, m.ID)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		if slices.ContainsFunc(before, func(r Report) bool { return r.Kind == kind }) {
			continue
		}
		n, err := tx.Number(fmt.Sprintf("%s/涉嫌/%d", d.Agency, tx.Today().Year()))
		if err != nil {
			return err
		}
		r := Report{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("SX-%s-%d-%05d", d.Agency, tx.Today().Year(), n), DossierID: d.ID, MaterialID: m.ID, Kind: kind, Found: found, State: ReportOpen, OpenedBy: tx.Actor().ID, OpenedOn: tx.Today().String()}
		if err := tx.Insert(r); err != nil {
			return err
		}
		tx.Note("report", r.No)
	}
	return nil
}

// ReportsOf lists the reports about a material, oldest first.
func ReportsOf(ctx context.Context, q store.Querier, materialID string) ([]Report, error) {
	return store.List[Report](ctx, q, "WHERE material_id=? ORDER BY id LIMIT 20", materialID)
}

// reported says why a piece that is under report stays as it is: what it looks like is the evidence.
func reported(ctx context.Context, q store.Querier, materialID string) error {
	r, err := store.Get[Report](ctx, q, "WHERE material_id=? AND state='open' ORDER BY id LIMIT 1", materialID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "29.1", Slug: "report_open", Message: "这份材料涉嫌" + map[string]string{ReportAltered: "涂改关键信息", ReportFalse: "造假"}[r.Kind] + "（报告 " + r.No + "），负责人还没有处理。", Next: "请负责人处理报告；在此之前材料原样留存，不退回、不转交。"})
}

// Reporting is how the head decides a report.
type Reporting struct {
	Refer     bool   // sent to the competent department; else closed
	Recipient string // with Refer
	Finding   string
}

// DecideReport is the head's act on the open reports of a piece: they are sent to the competent
// department, or closed with what was found.
func (k *Desk) DecideReport(ctx context.Context, by policy.Actor, id string, n Reporting) (m Material, letter document.Document, err error) {
	n.Recipient, n.Finding = strings.TrimSpace(n.Recipient), strings.TrimSpace(n.Finding)
	var wrong []rule.Reason
	if n.Refer && n.Recipient == "" {
		wrong = append(wrong, rule.Reason{Rule: "29.1", Slug: "report_recipient", Field: "recipient", Message: "没有写明报送哪个主管部门。", Next: "请填写部门全称，如上级人力资源社会保障部门、组织部门。"})
	}
	if n.Finding == "" {
		wrong = append(wrong, rule.Reason{Rule: "29.1", Slug: "report_finding", Field: "finding", Message: "没有写明处理意见。", Next: "请写明核查的情况；不属于涂改、造假的写明理由。"})
	}
	if err := mistakes(wrong); err != nil {
		return m, letter, err
	}
	m, err = k.onMaterial(ctx, by, "material.decide_report", []rule.ID{"29.1"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.onlyPaper(n.Finding, n.Recipient); err != nil {
			return err
		}
		open, err := store.List[Report](ctx, tx, "WHERE material_id=? AND state='open' ORDER BY id"+tx.ForUpdate(), m.ID)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			return rule.Refuse(rule.Reason{Rule: "29.1", Slug: "report_none", Message: "这份材料没有待处理的涉嫌涂改、造假报告。", Next: "请刷新后查看。"})
		}
		if slices.ContainsFunc(open, func(r Report) bool { return r.OpenedBy == by.ID }) {
			return rule.Refuse(rule.Reason{Rule: "29.1", Slug: "report_own", Message: "报告人不能处理自己的报告。", Next: "请本机构另一名负责人处理。"})
		}
		if n.Refer {
			if letter, err = k.reportLetter(tx, *d, *m, open, n); err != nil {
				return err
			}
		}
		for _, r := range open {
			r.State, r.DecidedBy, r.DecidedOn, r.Finding = ReportClosed, by.ID, tx.Today().String(), n.Finding
			if n.Refer {
				r.State, r.Recipient, r.DocumentID, r.Number = ReportReferred, n.Recipient, letter.ID, letter.Number
			}
			if err := tx.Update(&r); err != nil {
				return err
			}
		}
		tx.Note("referred", n.Refer)
		if !n.Refer { // judged anew, without the suspicion
			m.State, m.Decision, m.Reason = Appraising, "", "经负责人核查不属于涂改、造假，请重新鉴别"
		}
		return nil
	})
	return m, letter, err
}

// reportLetter is the 情况报告 to the competent department.
func (k *Desk) reportLetter(tx *gate.Tx, d Dossier, m Material, open []Report, n Reporting) (document.Document, error) {
	ctx := tx.Context()
	office, err := agency.Get(ctx, tx, d.Agency)
	if err != nil {
		return document.Document{}, err
	}
	p, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return document.Document{}, err
	}
	answers, err := VerificationsOf(ctx, tx, m.ID)
	if err != nil {
		return document.Document{}, err
	}
	pub := m.Public() // what is closed to some leaves nothing but its line on a paper (15)
	fields := []paper.Field{{Label: "姓名", Value: p.Name}, {Label: "公民身份号码", Value: identity.Mask(p.IDNo)}, {Label: "档案编号", Value: d.No}, {Label: "接收登记号", Value: m.IntakeNo}, {Label: "材料名称", Value: pub.Label(), Wide: true}, {Label: "形成单位", Value: orDash(pub.Maker), Wide: true}, {Label: "交来人（单位）", Value: orDash(pub.Source)}, {Label: "收到日期", Value: calendar.Date(m.ReceivedOn).Long()}}
	for _, r := range open {
		fields = append(fields, paper.Field{Label: r.KindName(), Value: r.No + "　" + r.Found, Wide: true})
	}
	for _, a := range answers {
		if a.Kind == WithMaker {
			result := "相符"
			if !a.Agrees {
				result = "不符：" + a.Answer
			}
			fields = append(fields, paper.Field{Label: "核实结果", Value: fmt.Sprintf("%s（%s，%s）　%s", a.Party, a.Way, calendar.Date(a.AnsweredOn).Long(), result), Wide: true})
		}
	}
	fields = append(fields, paper.Field{Label: "本机构意见", Value: n.Finding, Wide: true})
	return k.Press.Issue(tx, document.Draft{Kind: document.FalsityReport, Agency: office, CaseRef: "Material:" + m.ID, DossierID: d.ID, Addressee: n.Recipient, IDTail: identity.LastFour(p.IDNo), Form: true, Notice: document.Foot, Title: "档案材料涉嫌涂改、造假情况报告",
		Write: func(out *paper.Document, i issue) {
			left := []string{"负责人：" + tx.Actor().Name, "联系电话：" + office.Phone}
			out.Part(paper.Part{Label: "存根", Note: "由报告机构留存"}).Fields(2, fields...).Close(paper.Closing{Issuer: office.Name, Date: i.At, Left: left[:1]})
			out.Part(paper.Part{Label: "报告", Note: "送主管部门"}).Addressee(n.Recipient).Paragraph("《流动人员人事档案管理服务规定》第二十九条规定，严禁篡改、伪造档案。我机构鉴别材料时发现下列情况，材料原样留存，现予报告，请调查处理并告知结果。").
				Fields(2, fields...).Close(paper.Closing{Issuer: office.Name, Date: i.At, Seal: i.Seal, Left: left})
			out.Part(paper.Part{Label: "回执", Note: "由主管部门填写后寄回", Title: "情况报告回执"}).Line(paper.AlignStart, "报告已收到。").Signatures("接收人", "单位盖章", "日期").Close(paper.Closing{Issuer: n.Recipient})
		}})
}

// openReports are the reports that wait for the heads of the keeping agency.
func (k *Desk) openReports(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := Scope(by)
	list, err := store.List[Report](ctx, k.gate.DB(), "WHERE material_report.state='open' AND EXISTS (SELECT 1 FROM dossier WHERE dossier.id=material_report.dossier_id AND dossier.agency=? AND "+where+") ORDER BY material_report.opened_on, material_report.id LIMIT 50", append([]any{by.Org}, args...)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var dossiers, materials []string
	for _, r := range list {
		dossiers, materials = append(dossiers, r.DossierID), append(materials, r.MaterialID)
	}
	heads, byID, err := k.pieces(ctx, by, dossiers, materials)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, r := range list {
		if r.OpenedBy == by.ID {
			continue
		}
		out = append(out, work.Item{Room: "dossier", Kind: "材料·涉嫌造假", Subject: heads[r.DossierID].Name, SubjectNote: titleOf(byID[r.MaterialID]), DossierID: r.DossierID, Link: "/materials/" + r.MaterialID, Lane: work.Todo, Since: calendar.Date(r.OpenedOn).Time(), Basis: "29.1",
			Todo: "处理报告：" + r.KindName(), Action: "处理"})
	}
	return out, nil
}
