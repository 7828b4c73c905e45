package graduate

import (
	"fmt"
	"strconv"

	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/identity"
	"dangan/internal/paper"
)

// sealWords is a seal as papers say it, with what was found.
func sealWords(seal, note string) string {
	if seal == custody.Broken {
		return "封存有损：" + note
	}
	return "封存完好"
}

// list is the 毕业生档案接收清单: what one signature took over.
func (b Batch) list(a agency.Agency, lines []Line, nos map[string]string, clerk string) document.Draft {
	return document.Draft{Kind: document.ClassReceipt, Agency: a, CaseRef: b.Ref(), Form: true, Landscape: true, Notice: document.Foot,
		Write: func(d *paper.Document, i document.Issue) {
			t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 6, Align: paper.AlignCenter}, {Title: "姓名", Width: 10}, {Title: "毕业院校", Width: 20}, {Title: "转递编号", Width: 18},
				{Title: "邮件号", Width: 16}, {Title: "封存", Width: 20}, {Title: "档案编号", Width: 20}, {Title: "状态", Width: 10, Align: paper.AlignCenter}}}
			broken, elsewhere := 0, 0
			for n, l := range lines {
				g := l.Graduate
				if l.Seal == custody.Broken {
					broken++
				}
				if g.State == Elsewhere {
					elsewhere++
				}
				t.Rows = append(t.Rows, []string{strconv.Itoa(n + 1), g.Name, g.School, g.TransferNo, g.MailNo, sealWords(l.Seal, l.Note), nos[g.DossierID], g.State.Name()})
			}
			d.Paragraph(fmt.Sprintf("依据毕业去向登记名单，本批扫描核对并接收毕业生档案%d袋，其中封存有损%d袋、本人在本市已有档案%d袋。自接收之日起由本机构保管；本人尚未办理的登记为待认领，不因无人申请退回。", len(lines), broken, elsewhere))
			d.Table(t)
			d.Close(paper.Closing{Issuer: a.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + clerk, fmt.Sprintf("共计：%d袋", len(lines))}})
		}}
}

// slips are the 入库单 that go with the packets to the store, torn apart.
func (b Batch) slips(a agency.Agency, lines []Line, nos map[string]string, number string) document.Draft {
	return document.Draft{Kind: document.IntakeSlips, Agency: a, CaseRef: b.Ref(), Form: true, Notice: document.Foot, NumberOf: number, Suffix: "-D",
		Write: func(d *paper.Document, i document.Issue) {
			for n, l := range lines {
				g := l.Graduate
				no := nos[g.DossierID]
				if g.State == Elsewhere {
					no = "已有档案，单独存放待归并"
				}
				d.Part(paper.Part{Label: fmt.Sprintf("第%d袋，共%d袋", n+1, len(lines)), Note: "随档案袋入库"})
				d.Fields(2, paper.Field{Label: "姓名", Value: g.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(g.IDNo)},
					paper.Field{Label: "档案编号", Value: no}, paper.Field{Label: "转递编号", Value: g.TransferNo},
					paper.Field{Label: "毕业院校", Value: g.School}, paper.Field{Label: "封存", Value: sealWords(l.Seal, l.Note)},
					paper.Field{Label: "接收日期", Value: paper.Date(i.At)}, paper.Field{Label: "状态", Value: g.State.Name()})
				d.Signatures("库管", "上架日期")
			}
		}}
}
