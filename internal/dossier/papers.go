package dossier

import (
	"context"
	"fmt"
	"slices"
	"strconv"
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
	"dangan/internal/store"
)

// Return is how a material goes back to the unit that formed it (13b).
type Return struct {
	Way      string // 机要通信, 专人送取, 给据邮件, 窗口领取
	Tracking string
	Receiver string
	Request  string // 补办后重新移交, 重新形成, 核实说明, 自行留存; "" by the decision
}

var (
	returnWays = []string{"机要通信", "专人送取", "给据邮件", "窗口领取"}
	requests   = []string{"补办后重新移交", "重新形成", "核实说明", "自行留存"}
)

func (r Return) check() error { return r.checkAs("退回") }

// checkAs is check of a piece that is sent back, or on.
func (r Return) checkAs(what string) error {
	var out []rule.Reason
	add := func(field, message, next string) {
		out = append(out, rule.Reason{Rule: "13b", Slug: "return_" + field, Field: field, Message: message, Next: next})
	}
	known := func(list []string, s string) bool {
		for _, x := range list {
			if x == s {
				return true
			}
		}
		return false
	}
	if !known(returnWays, r.Way) {
		add("way", what+"方式应为机要通信、专人送取、给据邮件或窗口领取。", "请选择"+what+"方式。")
	}
	if (r.Way == "机要通信" || r.Way == "给据邮件") && strings.TrimSpace(r.Tracking) == "" {
		add("tracking", "邮寄"+what+"须登记邮件号。", "请填写机要编号或邮件号。")
	}
	if (r.Way == "专人送取" || r.Way == "窗口领取") && strings.TrimSpace(r.Receiver) == "" {
		add("receiver", "须登记领取人。", "请填写领取人姓名。")
	}
	if r.Request != "" && !known(requests, r.Request) {
		add("request", "处理要求应为补办后重新移交、重新形成、核实说明或自行留存。", "请选择处理要求。")
	}
	return mistakes(out)
}

// SendBack is the reviewer's act on a material that did not pass: the return slip
// is issued, the material goes back; it is cured within a term or returned for
// good. The record of it stays (29.4).
func (k *Desk) SendBack(ctx context.Context, by policy.Actor, id string, r Return) (m Material, slip document.Document, err error) {
	if err := r.check(); err != nil {
		return m, slip, err
	}
	m, err = k.onMaterial(ctx, by, "material.send_back", []rule.ID{"13b"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.need("退回", Appraising, Curing); err != nil {
			return err
		}
		if err := m.running(); err != nil {
			return err
		}
		if m.State == Curing { // what was to be cured and did not come is returned for good
			if err := m.cureOver(tx.Today()); err != nil {
				return err
			}
			m.Decision = ToReturn
			tx.Note("cure_by", m.CureBy)
		}
		if m.Decision != ToCure && m.Decision != ToReturn {
			return rule.Refuse(rule.Reason{Rule: "13b", Slug: "not_judged", Message: "鉴别结论不是补办或退回。", Next: "请先由经办鉴别并列明缺陷。"})
		}
		if err := reported(ctx, tx, m.ID); err != nil {
			return err
		}
		if slip, err = k.returnSlip(tx, d, *m, r); err != nil {
			return err
		}
		m.Reviewer = tx.Actor().ID
		if err := answer(tx, m.ID, "", TaskDropped); err != nil {
			return err
		}
		if m.Decision == ToCure {
			m.State = Curing
			return nil
		}
		m.State = Returned
		if d.Loose > 0 {
			d.Loose--
		}
		return sentBack(tx, d, *m)
	})
	return m, slip, err
}

// cureOver says why a piece that is being cured is not given up yet.
func (m Material) cureOver(today calendar.Date) error {
	if m.CureBy >= today.String() {
		return rule.Refuse(rule.Reason{Rule: "13b", Slug: "cure_term", Message: "补办期限到" + calendar.Date(m.CureBy).Long() + "，尚未届满。", Next: "补办后交来的，登记“补办后收到”；逾期未补的再退回。"})
	}
	return nil
}

// originalCertificate is the defect of an original that its holder keeps.
const originalCertificate = "original-certificate"

func (k *Desk) returnSlip(tx *gate.Tx, d *Dossier, m Material, r Return) (document.Document, error) {
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
	request := r.Request
	if request == "" {
		request = map[string]string{ToCure: "补办后重新移交", ToReturn: "重新形成"}[m.Decision]
	}
	maker, who := m.Maker, "材料形成单位"
	if maker == "" {
		maker = m.Source
		if m.Origin == FromPerson {
			who = "材料交来人"
		}
	}
	// An original diploma or licence goes back to whose it is, who keeps it (materials.md 6).
	if slices.Contains(strings.Split(m.Defects, "|"), originalCertificate) {
		maker, who = p.Name, "本人"
		if r.Request == "" {
			request = "原件由本人保存，请交经核对、盖章的复印件"
		}
	}
	var reasons [][]string
	for i, code := range strings.Split(m.Defects, "|") {
		if x, ok := codes.FindDefect(code); ok {
			reasons = append(reasons, []string{strconv.Itoa(i + 1), x.Code, x.Text})
		}
	}
	cure := "—"
	if m.CureBy != "" {
		cure = calendar.Date(m.CureBy).Long()
	}
	fields := []paper.Field{
		{Label: who, Value: maker, Wide: true}, {Label: "姓名", Value: p.Name}, {Label: "公民身份号码", Value: identity.Mask(p.IDNo)},
		{Label: "材料名称", Value: m.Public().Label(), Wide: true}, {Label: "形成时间", Value: orDash(m.Formed())}, {Label: "份数、页数", Value: fmt.Sprintf("%d份 %d页", m.Copies, m.Pages)},
		{Label: "收到日期", Value: calendar.Date(m.ReceivedOn).Long()}, {Label: "接收登记号", Value: m.IntakeNo}, {Label: "处理要求", Value: request}, {Label: "建议补办期限", Value: cure},
		{Label: "退回方式", Value: r.Way}, {Label: "邮件号、领取人", Value: orDash(strings.TrimSpace(r.Tracking + " " + r.Receiver))},
	}
	return k.Press.Issue(tx, document.Draft{Kind: document.ReturnSlip, Agency: office, CaseRef: "Material:" + m.ID, DossierID: d.ID, Addressee: maker, ValidUntil: m.CureBy, IDTail: identity.LastFour(p.IDNo), Form: true, Notice: document.Foot, Title: "材料退回通知单",
		Write: func(doc *paper.Document, p issue) {
			table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "缺陷代码", Width: 28}, {Title: "退回原因", Width: 64}}, Rows: reasons}
			left := []string{"鉴别人：" + appraiser, "审核人：" + tx.Actor().Name}
			doc.Part(paper.Part{Label: "存根", Note: "由退回机构留存"}).Fields(2, fields...).Table(table).Close(paper.Closing{Issuer: office.Name, Date: p.At, Left: left})
			doc.Part(paper.Part{Label: "通知单", Note: "随材料送" + who}).Addressee(maker).Paragraph("移交的下列材料经鉴别不符合归档要求，依据《流动人员人事档案管理服务规定》第十三条予以退回。").
				Fields(2, fields...).Table(table).Close(paper.Closing{Issuer: office.Name, Date: p.At, Seal: p.Seal, Left: left})
			doc.Part(paper.Part{Label: "回执", Note: "由" + who + "填写后寄回", Title: "材料退回通知单回执"}).Line(paper.AlignStart, "退回的材料已收到。").Signatures("收件人", "日期").
				Close(paper.Closing{Issuer: maker})
		}})
}

// issue is what is known when a paper is written.
type issue = document.Issue

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func staffName(ctx context.Context, q store.Querier, id string) (string, error) {
	var name string
	err := store.Classify(q.QueryRow(ctx, "SELECT name FROM staff WHERE id=?", id).Scan(&name))
	return name, err
}

// Sheets on which a catalog is printed (materials.md 5.4): those of old dossiers are 16开.
const (
	SheetA4 = "a4"
	Sheet16 = "16k"
)

// PrintCatalog issues the official catalog of a dossier: by class, with the
// columns of materials.md 5.1; a state-secret item stands without title (15). The paper says
// on which sheet it stands.
func (k *Desk) PrintCatalog(ctx context.Context, by policy.Actor, dossierID, sheet string) (doc document.Document, err error) {
	old := sheet == Sheet16
	size := "A4（210×297 毫米）"
	if old {
		size = "16开（184×260 毫米）"
	}
	_, err = k.act(ctx, by, "dossier.print_catalog", []rule.ID{"13a"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		catalog, err := CatalogOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if len(catalog) == 0 {
			return rule.Refuse(catalogEmpty())
		}
		office, err := agency.Get(ctx, tx, d.Agency)
		if err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		arranger, reviewer, err := hands(ctx, tx, catalog)
		if err != nil {
			return err
		}
		table := CatalogTable(catalog)
		tx.Note("sheet", size)
		doc, err = k.Press.Issue(tx, document.Draft{Kind: document.Catalog, Agency: office, CaseRef: "Dossier:" + d.ID, DossierID: d.ID, IDTail: identity.LastFour(p.IDNo), Form: true, Notice: document.Foot, Sheet16: old, Title: "流动人员人事档案目录",
			Write: func(out *paper.Document, i issue) {
				out.Fields(3, paper.Field{Label: "姓名", Value: p.Name}, paper.Field{Label: "档案编号", Value: d.No}, paper.Field{Label: "目录版本", Value: fmt.Sprintf("第%d版", d.Catalog)})
				out.Table(table)
				out.Note("用纸：" + size)
				out.Close(paper.Closing{Issuer: office.Name, Date: i.At, Seal: i.Seal, Left: []string{"整理人：" + arranger, "审核人：" + reviewer}})
			}})
		return err
	})
	return doc, err
}

// hands names who arranged and who reviewed the newest filed material.
func hands(ctx context.Context, q store.Querier, catalog []Material) (arranger, reviewer string, err error) {
	newest := catalog[0]
	for _, m := range catalog {
		if m.FiledAt.After(newest.FiledAt) {
			newest = m
		}
	}
	name := func(id string) string {
		if id == "" || err != nil {
			return ""
		}
		var n string
		n, err = staffName(ctx, q, id)
		return n
	}
	return name(newest.Handler), name(newest.Reviewer), err
}

// CatalogTable lays a catalog out by class (materials.md 5.1): each class is headed
// by its Chinese name, each line numbered 类号-顺序号, unknown parts of a date empty.
func CatalogTable(catalog []Material) paper.Table {
	t := paper.Table{Columns: []paper.Column{{Title: "类号", Width: 8, Align: paper.AlignCenter}, {Title: "材料名称", Width: 40}, {Title: "年", Width: 7, Align: paper.AlignCenter}, {Title: "月", Width: 5, Align: paper.AlignCenter},
		{Title: "日", Width: 5, Align: paper.AlignCenter}, {Title: "份数", Width: 6, Align: paper.AlignCenter}, {Title: "页数", Width: 6, Align: paper.AlignCenter}, {Title: "备注", Width: 17}}}
	class := ""
	var copies, pages int64
	for _, m := range catalog {
		if m.Class != class {
			class = m.Class
			if c, ok := codes.FindClass(class); ok {
				t.Rows = append(t.Rows, []string{className(c)})
			}
		}
		m = m.Public()
		title, note := m.Title, m.Note
		if title == "" {
			title, note = "涉密件（纸质）", ""
		}
		if m.IsCopy {
			note = copyNote(note)
		}
		if m.Annex > 0 {
			note = annexNote(note)
		}
		t.Rows = append(t.Rows, []string{m.Number(), title, number(m.FormedYear), number(m.FormedMonth), number(m.FormedDay), number(m.Copies), number(m.Pages), note})
		copies, pages = copies+m.Copies, pages+m.Pages
	}
	t.Total = []string{"", "合计", "", "", "", number(copies), number(pages), ""}
	return t
}

// annexNote is the remark of an attachment, which shares its main paper's number.
func annexNote(note string) string { return strings.TrimSpace("附件 " + note) }

// copyNote is the remark of a copy, which says that it is one.
func copyNote(note string) string {
	if strings.Contains(note, "复制件") {
		return note
	}
	return strings.TrimSpace("复制件 " + note)
}

var classNumerals = map[string]string{"1": "一", "2": "二", "3": "三", "4": "四", "5": "五", "6": "六", "7": "七", "8": "八", "9": "九", "10": "十"}

func className(c codes.Class) string {
	main, sub, _ := strings.Cut(c.Code, "-")
	if sub != "" {
		return fmt.Sprintf("第%s类（%s）　%s", classNumerals[main], c.Code, c.Name)
	}
	return "第" + classNumerals[main] + "类　" + c.Name
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
