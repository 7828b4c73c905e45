package retirement

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/staff"
)

// issueList is the 退休送审清单: it goes with the packets, is signed by both of this
// agency's staff and by the reviewer's, and is checked off on their return.
func (k *Desk) issueList(tx *gate.Tx, l *List, lines []line) error {
	own, err := agency.Get(tx.Context(), tx, l.Agency)
	if err != nil {
		return err
	}
	maker, err := staff.Get(tx.Context(), tx, l.PreparedBy)
	if err != nil {
		return err
	}
	table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 4, Align: paper.AlignCenter}, {Title: "姓名、公民身份号码、档案编号", Width: 20}, {Title: "类别", Width: 10}, {Title: "出生日期", Width: 9},
		{Title: "法定退休年龄、日期", Width: 14}, {Title: "退休方式、日期", Width: 12}, {Title: "份数／页数", Width: 7}, {Title: "信息核对", Width: 16}, {Title: "退回核对（份／页）", Width: 8}}}
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.dossier.No, b.dossier.No) })
	var pieces, pages int64
	t := k.Table()
	for i, x := range lines {
		c := x.Case
		pieces, pages = pieces+c.Materials, pages+c.Pages
		checked := "一致"
		if c.Findings != "" {
			checked = c.Findings
		}
		table.Rows = append(table.Rows, []string{strconv.Itoa(i + 1), x.person.Name + "\n" + x.person.IDNo + "\n" + x.dossier.No, GroupName(c.Group), c.BornOn + "\n" + c.BornBy,
			AgeName(t.Term(c.Group, calendar.Date(c.BornOn)).Months) + "\n" + c.StatutoryOn, ChoiceName(c.Choice) + "\n" + c.DueOn,
			strconv.FormatInt(c.Materials, 10) + "／" + strconv.FormatInt(c.Pages, 10), checked, "　　／"})
	}
	doc, err := k.press.Issue(tx, document.Draft{Kind: document.ReviewList, Agency: own, CaseRef: l.Ref(), Addressee: l.Recipient, Landscape: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Fields(3, paper.Field{Label: "送审机构", Value: own.Name}, paper.Field{Label: "审核单位", Value: l.Recipient}, paper.Field{Label: "送审日期", Value: calendar.Date(l.HandedOn).Long()},
				paper.Field{Label: "清单号", Value: l.No}, paper.Field{Label: "总人数", Value: strconv.Itoa(len(lines))}, paper.Field{Label: "应还日期", Value: calendar.Date(l.DueBack).Long()},
				paper.Field{Label: "总份数", Value: strconv.FormatInt(pieces, 10)}, paper.Field{Label: "总页数", Value: strconv.FormatInt(pages, 10)}, paper.Field{Label: "接收人", Value: l.Taker})
			out.Table(table)
			out.Note("档案只供审核，不得抽取、添加、涂改材料。退回时双方逐页清点，不符的当场注明。出生日期等记载不一致的，由审核单位认定。")
			out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"移交人：" + maker.Name + "、" + tx.Actor().Name}})
			out.Signatures("接收人签字、日期", "退回人签字、日期", "退回接收人签字、日期")
		}})
	l.DocumentID, l.Number = doc.ID, doc.Number
	return err
}

// issueDifference is the 核对差异记录 of what came back, signed by the two who counted (22).
func (k *Desk) issueDifference(tx *gate.Tx, c Case, s Sending, l List, d dossier.Dossier) error {
	own, err := agency.Get(tx.Context(), tx, c.Agency)
	if err != nil {
		return err
	}
	first, err := staff.Get(tx.Context(), tx, c.ReturnedBy)
	if err != nil {
		return err
	}
	who, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	items, err := linesOf(tx.Context(), tx, s.ID)
	if err != nil {
		return err
	}
	table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 10, Align: paper.AlignCenter}, {Title: "类号", Width: 14, Align: paper.AlignCenter}, {Title: "材料名称", Width: 58},
		{Title: "送出份／页", Width: 18, Align: paper.AlignCenter}, {Title: "退回核对", Width: 22, Align: paper.AlignCenter}, {Title: "说明", Width: 34}}}
	for _, i := range items {
		if !i.differs() {
			continue
		}
		went, found := fmt.Sprintf("%d／%d", i.Copies, i.Pages), i.ResultName()
		switch i.Result {
		case Extra:
			went, found = "未列", fmt.Sprintf("多出%d份%d页", i.Copies, i.Pages)
		case PagesOff:
			found = fmt.Sprintf("退回%d页", i.BackPages)
		}
		table.Rows = append(table.Rows, []string{strconv.FormatInt(i.LineNo, 10), map[bool]string{true: "—", false: i.Number}[i.Number == ""], i.Text(), went, found, i.Note})
	}
	_, err = k.press.Issue(tx, document.Draft{Kind: document.DifferenceRecord, Title: "退休送审退回核对差异记录", Agency: own, CaseRef: c.Ref(), DossierID: d.ID, Addressee: l.Recipient, Form: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Addressee(l.Recipient)
			out.Fields(2, paper.Field{Label: "姓名", Value: who.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(who.IDNo)}, paper.Field{Label: "档案编号", Value: d.No}, paper.Field{Label: "送审清单", Value: l.No},
				paper.Field{Label: "送出", Value: fmt.Sprintf("%s，%d份%d页", calendar.Date(l.HandedOn).Long(), s.Materials, s.Pages)}, paper.Field{Label: "退回", Value: fmt.Sprintf("%s，%d份%d页", calendar.Date(s.ReturnedOn).Long(), s.BackPieces, s.BackPages)},
				paper.Field{Label: "封存", Value: paper.Choose([]string{"完好", "有损"}, map[bool]string{true: "完好", false: "有损"}[s.Packet == custody.Intact])}, paper.Field{Label: "审核结果", Value: results[c.Result]},
				paper.Field{Label: "差异", Value: c.Difference, Wide: true})
			if len(table.Rows) > 0 {
				out.Table(table)
			}
			out.Paragraph("上列差异由二人对照送出的清单逐份逐页核对确认。请审核单位查明，缺少的补送，多出的说明来源；多出的材料一并保管，不丢弃。")
			out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"清点人（第一人）：" + first.Name, "复核人（第二人）：" + tx.Actor().Name}})
		}})
	return err
}

// issueNear is the month's 将到龄人员名单.
func (k *Desk) issueNear(tx *gate.Tx, list []Person) (doc document.Document, err error) {
	own, err := agency.Get(tx.Context(), tx, tx.Actor().Org)
	if err != nil {
		return doc, err
	}
	table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 5, Align: paper.AlignCenter}, {Title: "姓名、公民身份号码、档案编号", Width: 26}, {Title: "出生日期", Width: 15}, {Title: "类别、法定退休年龄、日期", Width: 40}, {Title: "核对情况", Width: 14}}}
	decided := 0
	for i, p := range list {
		born := calendar.Date(p.BornOn).Long()
		if p.Decided {
			decided, born = decided+1, born+"\n（经认定）"
		}
		var terms []string
		for _, t := range p.Terms {
			terms = append(terms, GroupName(t.Group)+"："+AgeName(t.Months)+"，"+t.Statutory.Long())
		}
		table.Rows = append(table.Rows, []string{strconv.Itoa(i + 1), p.Name + "\n" + p.IDNo + "\n" + p.DossierNo, born, strings.Join(terms, "\n"), ""})
	}
	today := tx.Today()
	return k.press.Issue(tx, document.Draft{Kind: document.NearList, Agency: own, CaseRef: nearRef(own.ID, today), Landscape: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Fields(3, paper.Field{Label: "机构", Value: own.Name}, paper.Field{Label: "截至", Value: today.Long()}, paper.Field{Label: "到龄范围", Value: today.Long() + "至" + k.horizon(today).Long()},
				paper.Field{Label: "人数", Value: strconv.Itoa(len(list))}, paper.Field{Label: "其中出生日期经认定", Value: strconv.Itoa(decided)})
			if len(list) == 0 {
				out.Paragraph("没有将到退休年龄、尚未办理的人。")
			} else {
				out.Table(table)
			}
			out.Note("出生日期经主管部门认定的按认定，其余按公民身份号码。女职工依岗位身份分两类，凭劳动合同、聘任材料核实。本服务不收取任何费用。")
			out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"打印人：" + tx.Actor().Name}})
		}})
}
