package death

import (
	"fmt"
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

// issueList is the 死亡人员档案移交清单 (forms.md 17), and for each dossier its own packing list.
func (k *Desk) issueList(tx *gate.Tx, h *Handover, lines []line, checks map[string]Check) error {
	own, err := agency.Get(tx.Context(), tx, h.Agency)
	if err != nil {
		return err
	}
	maker, err := staff.Get(tx.Context(), tx, h.PreparedBy)
	if err != nil {
		return err
	}
	table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 4, Align: paper.AlignCenter}, {Title: "姓名、公民身份号码、档案编号", Width: 18}, {Title: "出生日期", Width: 8}, {Title: "原单位及职务", Width: 10},
		{Title: "死亡日期、依据", Width: 14}, {Title: "届满日期", Width: 8}, {Title: "特殊贡献", Width: 10}, {Title: "卷／份／页", Width: 8}, {Title: "数字档案、校验值", Width: 10}, {Title: "四性检测", Width: 7}, {Title: "密级", Width: 5}, {Title: "备注", Width: 8}}}
	var volumes int64
	lists := make([]packed, len(lines))
	slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.dossier.No, b.dossier.No) })
	for i, l := range lines {
		digital, err := digest(tx, l.dossier)
		if err != nil {
			return err
		}
		if lists[i], err = l.packed(tx); err != nil {
			return err
		}
		volumes += l.Case.Volumes
		h.Materials, h.Pages = h.Materials+lists[i].copies, h.Pages+lists[i].pages
		table.Rows = append(table.Rows, []string{strconv.Itoa(i + 1), l.person.Name + "\n" + l.person.IDNo + "\n" + l.dossier.No, l.person.BirthDate, l.Case.LastPost,
			l.Case.DiedOn + "\n" + l.Case.Evidence + "\n" + l.Case.EvidenceNo, l.Case.TermEndsOn, l.Case.Merit, fmt.Sprintf("%d／%d／%d", l.Case.Volumes, lists[i].copies, lists[i].pages),
			digital, checks[l.Case.ID].Words(), dossier.SecrecyName(l.dossier.Secrecy), l.Case.Remark})
	}
	doc, err := k.press.Issue(tx, document.Draft{Kind: document.DeathList, Agency: own, CaseRef: h.Ref(), Addressee: h.Recipient, Landscape: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Fields(3, paper.Field{Label: "移交机构", Value: own.Name}, paper.Field{Label: "接收单位", Value: h.Recipient}, paper.Field{Label: "移交日期", Value: calendar.Date(h.HandedOn).Long()},
				paper.Field{Label: "移交原因", Value: h.ReasonName()}, paper.Field{Label: "移交依据", Value: h.Basis}, paper.Field{Label: "清单号", Value: h.No},
				paper.Field{Label: "总人数", Value: strconv.Itoa(len(lines))}, paper.Field{Label: "总卷数", Value: strconv.FormatInt(volumes, 10)}, paper.Field{Label: "总份数", Value: strconv.FormatInt(h.Materials, 10)}, paper.Field{Label: "总页数", Value: strconv.FormatInt(h.Pages, 10)})
			out.Table(table)
			out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"移交人：" + maker.Name + "、" + tx.Actor().Name}})
			out.Signatures("接收人（二人）", "监交人", "接收单位盖章、日期")
		}})
	if err != nil {
		return err
	}
	h.DocumentID, h.Number, h.Volumes = doc.ID, doc.Number, volumes
	for i, l := range lines {
		if err := k.issuePacking(tx, own, *h, l, i+1, lists[i], maker.Name); err != nil {
			return err
		}
	}
	return nil
}

// digest says whether a packet has images, and the value by which the taker checks them.
func digest(tx *gate.Tx, d dossier.Dossier) (string, error) {
	n, sum, err := dossier.ImageSum(tx.Context(), tx, d.ID)
	if err != nil || n == 0 {
		return "无", err
	}
	return strconv.Itoa(n) + "页\n" + sum, nil
}
