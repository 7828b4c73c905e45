package graduate

import (
	"fmt"
	"strconv"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
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

// undertaking is the 告知承诺书 of a graduate whose packet lacks key materials (forms.md 4).
func (g Graduate) undertaking(a agency.Agency, held dossier.Dossier, gaps []dossier.Gap, due calendar.Date, clerk string) document.Draft {
	return document.Draft{Kind: document.Undertaking, Agency: a, CaseRef: g.Ref(), DossierID: held.ID, IDTail: identity.LastFour(g.IDNo), Title: "流动人员人事档案缺少关键材料\n告知承诺书", Form: true,
		Write: func(d *paper.Document, i document.Issue) {
			t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "关键信息", Width: 18, Align: paper.AlignCenter}, {Title: "所缺材料", Width: 34},
				{Title: "类号", Width: 9, Align: paper.AlignCenter}, {Title: "可能造成的影响", Width: 60}}}
			for n, x := range gaps {
				t.Rows = append(t.Rows, []string{strconv.Itoa(n + 1), dossier.KeyFactName(x.KeyFact), x.Title, x.Class, x.Consequence})
			}
			d.Fields(2, paper.Field{Label: "姓名", Value: g.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(g.IDNo)},
				paper.Field{Label: "档案编号", Value: held.No}, paper.Field{Label: "人员类别", Value: codes.CategoryName(held.Category)},
				paper.Field{Label: "毕业院校", Value: g.School, Wide: true})
			d.Heading(1, "一、一次性告知")
			d.Paragraph("经当面对照材料清单，你的档案缺少下列关键材料，可能产生所列影响。")
			d.Table(t)
			d.Heading(1, "二、本人承诺")
			d.Paragraph("本人已知悉上述情况，承诺于" + due.Long() + "前补充材料；所述属实。未按期补充的，档案不退回，由我单位继续保管并提醒。")
			d.Fields(1, paper.Field{Label: "本人说明", Value: ""})
			d.Signatures("本人签名", "日期")
			d.Close(paper.Closing{Issuer: a.Name, Date: i.At, Seal: i.Seal, Left: []string{"告知人：" + clerk}})
		}}
}
