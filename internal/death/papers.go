package death

import (
	"slices"
	"strconv"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/staff"
)

// issueList is the 死亡人员档案移交清单 (forms.md 17).
func (k *Desk) issueList(tx *gate.Tx, h *Handover, lines []line) error {
	own, err := agency.Get(tx.Context(), tx, h.Agency)
	if err != nil {
		return err
	}
	maker, err := staff.Get(tx.Context(), tx, h.PreparedBy)
	if err != nil {
		return err
	}
	table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 4, Align: paper.AlignCenter}, {Title: "姓名、公民身份号码、档案编号", Width: 19}, {Title: "出生日期", Width: 9}, {Title: "原单位及职务", Width: 12},
		{Title: "死亡日期、依据", Width: 15}, {Title: "届满日期", Width: 9}, {Title: "特殊贡献", Width: 11}, {Title: "份数／页数", Width: 7}, {Title: "数字档案", Width: 9}, {Title: "密级", Width: 5}}}
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.dossier.No, b.dossier.No) })
	for i, l := range lines {
		digital, err := digest(tx, l.dossier)
		if err != nil {
			return err
		}
		table.Rows = append(table.Rows, []string{strconv.Itoa(i + 1), l.person.Name + "\n" + l.person.IDNo + "\n" + l.dossier.No, l.person.BirthDate, l.Case.LastPost,
			l.Case.DiedOn + "\n" + l.Case.Evidence + "\n" + l.Case.EvidenceNo, l.Case.TermEndsOn, l.Case.Merit, strconv.FormatInt(l.dossier.Materials, 10) + "／" + strconv.FormatInt(l.dossier.Pages, 10),
			digital, dossier.SecrecyName(l.dossier.Secrecy)})
	}
	doc, err := k.press.Issue(tx, document.Draft{Kind: document.DeathList, Agency: own, CaseRef: h.Ref(), Addressee: h.Recipient, Landscape: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Fields(3, paper.Field{Label: "移交机构", Value: own.Name}, paper.Field{Label: "接收单位", Value: h.Recipient}, paper.Field{Label: "移交日期", Value: calendar.Date(h.HandedOn).Long()},
				paper.Field{Label: "移交原因", Value: h.ReasonName()}, paper.Field{Label: "移交依据", Value: h.Basis}, paper.Field{Label: "清单号", Value: h.No},
				paper.Field{Label: "总人数", Value: strconv.Itoa(len(lines))}, paper.Field{Label: "总份数", Value: strconv.FormatInt(h.Materials, 10)}, paper.Field{Label: "总页数", Value: strconv.FormatInt(h.Pages, 10)})
			out.Table(table)
			out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"移交人：" + maker.Name + "、" + tx.Actor().Name}})
			out.Signatures("接收人（二人）", "监交人", "接收单位盖章、日期")
		}})
	h.DocumentID, h.Number = doc.ID, doc.Number
	return err
}

// digest says whether a packet has images, and the value by which the taker checks them.
func digest(tx *gate.Tx, d dossier.Dossier) (string, error) {
	n, sum, err := dossier.ImageSum(tx.Context(), tx, d.ID)
	if err != nil || n == 0 {
		return "无", err
	}
	return strconv.Itoa(n) + "页\n" + sum, nil
}
