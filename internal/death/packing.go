package death

import (
	"fmt"
	"strconv"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/clock"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
)

// packed is what one dossier's own packing list says of it.
type packed struct {
	rows          [][]string
	copies, pages int64
}

// packed reads a dossier's pieces as its packing list has them: by class, loose ones last under a
// heading of their own, a state-secret one without title (15).
func (l line) packed(tx *gate.Tx) (out packed, _ error) {
	filed, err := dossier.CatalogOf(tx.Context(), tx, l.dossier.ID)
	if err != nil {
		return out, err
	}
	loose, err := dossier.LooseOf(tx.Context(), tx, l.dossier.ID)
	if err != nil {
		return out, err
	}
	names := map[string]string{}
	for _, c := range codes.Classes() {
		names[c.Code] = c.Name
	}
	heading := ""
	for n, m := range append(filed, loose...) {
		m = m.Public()
		main, _, _ := strings.Cut(m.Class, "-")
		h, number := "零散材料（未归档）", "—"
		if m.State == dossier.Filed {
			h, number = main+"　"+names[main], fmt.Sprintf("%s-%d", m.Class, m.Seq)
		}
		if h != heading {
			out.rows, heading = append(out.rows, []string{h}), h
		}
		title, keys, image, note := m.Title, "—", "无", m.Note
		if title == "" {
			title, note = "涉密材料（纸质随转）", ""
		} else if slugs := m.KeyFacts; slugs != "" {
			var facts []string
			for _, s := range strings.Split(slugs, "|") {
				facts = append(facts, dossier.KeyFactName(s))
			}
			keys = strings.Join(facts, "、")
		}
		if m.Images > 0 {
			image = "有"
		}
		if m.IsCopy {
			note = strings.TrimSpace("复制件 " + note)
		}
		copies := max(m.Copies, 1)
		out.copies, out.pages = out.copies+copies, out.pages+m.Pages
		out.rows = append(out.rows, []string{strconv.Itoa(n + 1), number, title, formed(m), strconv.FormatInt(copies, 10), strconv.FormatInt(m.Pages, 10), keys, image, "√", "", note})
	}
	return out, nil
}

func formed(m dossier.Material) string {
	s := ""
	for i, part := range []int64{m.FormedYear, m.FormedMonth, m.FormedDay} {
		switch {
		case part == 0:
			return s
		case i == 0:
			s = strconv.FormatInt(part, 10)
		default:
			s += fmt.Sprintf(".%02d", part)
		}
	}
	return s
}

// issuePacking is the 材料目录清单 that goes with one dossier of the list (forms.md 17 and 3); it
// shares the list's number.
func (k *Desk) issuePacking(tx *gate.Tx, own agency.Agency, h Handover, l line, n int, p packed, maker string) error {
	t := paper.Table{
		Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "类号", Width: 12, Align: paper.AlignCenter}, {Title: "材料名称", Width: 42},
			{Title: "形成时间", Width: 18, Align: paper.AlignCenter}, {Title: "份数", Width: 8, Align: paper.AlignCenter}, {Title: "页数", Width: 8, Align: paper.AlignCenter},
			{Title: "关键材料", Width: 16, Align: paper.AlignCenter}, {Title: "影像", Width: 8, Align: paper.AlignCenter}, {Title: "移交", Width: 8, Align: paper.AlignCenter},
			{Title: "接收", Width: 8, Align: paper.AlignCenter}, {Title: "备注", Width: 14}},
		Rows: p.rows, Total: []string{"", "", "合计", "", strconv.FormatInt(p.copies, 10), strconv.FormatInt(p.pages, 10), "", "", "", "", ""},
	}
	second := tx.Actor().Name
	_, err := k.press.Issue(tx, document.Draft{Kind: document.PackingList, Agency: own, CaseRef: h.Ref(), DossierID: l.dossier.ID, Addressee: h.Recipient, Title: "流动人员人事档案材料目录清单", Form: true,
		NumberOf: h.Number, Suffix: fmt.Sprintf("-M%d", n), IDTail: identity.LastFour(l.person.IDNo), Notice: document.Foot,
		Write: func(doc *paper.Document, i document.Issue) {
			source := "未编目录"
			if l.dossier.Catalog > 0 {
				source = fmt.Sprintf("目录第%d版", l.dossier.Catalog)
			}
			doc.Fields(2, paper.Field{Label: "姓名", Value: l.person.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(l.person.IDNo)}, paper.Field{Label: "档案编号", Value: l.dossier.No},
				paper.Field{Label: "移交清单编号", Value: h.Number}, paper.Field{Label: "卷数", Value: fmt.Sprintf("%d卷", l.Case.Volumes)}, paper.Field{Label: "目录来源", Value: source},
				paper.Field{Label: "生成时间", Value: i.At.In(clock.Shanghai).Format("2006年1月2日 15:04"), Wide: true})
			if len(p.rows) == 0 {
				doc.Paragraph("本卷没有编目，按卷移交，由接收单位开卷后编目。")
			} else {
				doc.Table(t)
			}
			doc.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"整理人：" + maker, "审核人：" + second, "接收方核对人（二人）：", "核对日期："}})
		}})
	return err
}
