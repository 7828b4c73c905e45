package graduate

import (
	"fmt"
	"strconv"

	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/mandate"
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
func (b Batch) list(a agency.Agency, lines []Line, nos map[string]string, clerk string, s Signature) document.Draft {
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
			if s.ID != "" {
				d.Paragraph(fmt.Sprintf("经办人%s已在签名板上为本批%d袋签名，签名文件由本机构加密保存，其摘要（SHA-256）为 %s。", clerk, s.Packets, s.Blob))
			}
			d.Close(paper.Closing{Issuer: a.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + clerk, fmt.Sprintf("共计：%d袋", len(lines))}})
		}}
}

// slips are the 入库单 that go with the packets to the store, torn apart.
func (b Batch) slips(a agency.Agency, lines []Line, nos map[string]string, number string, s Signature) document.Draft {
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
				if s.ID != "" {
					d.Fields(1, paper.Field{Label: "签收", Value: "签名板签名，文件摘要 " + s.Blob[:16] + "…，见 " + number})
				}
				d.Signatures("库管", "上架日期")
			}
		}}
}

// proof is the 收档凭证 (forms.md 7): what the graduate has of the dossier's being kept. It is given
// once the claim is complete: at once, or with the signed undertaking.
func (d *Desk) proof(tx *gate.Tx, g Graduate, held dossier.Dossier, acceptance string, open int) error {
	own, err := agency.Get(tx.Context(), tx, g.Agency)
	if err != nil {
		return err
	}
	name := tx.Actor().Name
	fields := []paper.Field{{Label: "姓名", Value: g.Name}, {Label: "公民身份号码", Value: identity.Mask(g.IDNo)}, {Label: "档案编号", Value: held.No}, {Label: "账户类型", Value: "个人账户"},
		{Label: "转入来源", Value: g.School}, {Label: "转递编号", Value: g.TransferNo}, {Label: "收到日期", Value: paper.Date(g.ReceivedAt)}, {Label: "认领日期", Value: paper.Date(g.ClaimedAt)},
		{Label: "接收方式", Value: acceptance}, {Label: "待补充材料", Value: fmt.Sprintf("%d项", open)}}
	_, err = d.press.Issue(tx, document.Draft{Kind: document.CustodyProof, Agency: own, CaseRef: g.Ref(), DossierID: held.ID, Addressee: g.Name, IDTail: identity.LastFour(g.IDNo), Form: true,
		Write: func(doc *paper.Document, i document.Issue) {
			doc.Part(paper.Part{Label: "存根", Note: "由出具机构留存"})
			doc.Fields(2, fields...)
			doc.Part(paper.Part{Label: "凭证", Note: "交本人"})
			doc.Paragraph("兹收到" + g.Name + "同志的人事档案1卷（学校密封转递的毕业生档案袋），已办理存档手续。")
			doc.Fields(2, fields...)
			doc.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + name}})
		}})
	return err
}

// accept is the 受理回执 of a claim (29.8): it ends at once, or with the signed undertaking.
func (d *Desk) accept(tx *gate.Tx, g Graduate, held dossier.Dossier, seen string, agent *mandate.Mandate) error {
	own, err := agency.Get(tx.Context(), tx, g.Agency)
	if err != nil {
		return err
	}
	fields := []paper.Field{{Label: "申请事项", Value: "毕业生认领档案、开立个人账户"}, {Label: "申请日期", Value: paper.Date(tx.Now())},
		{Label: "姓名", Value: g.Name}, {Label: "公民身份号码", Value: identity.Mask(g.IDNo)}, {Label: "档案编号", Value: held.No}, {Label: "查验的证件", Value: seen}}
	if agent != nil {
		fields = append(fields, paper.Field{Label: "代办人", Value: agent.For() + "，委托书 " + agent.No, Wide: true})
	}
	says := "您的申请已受理，当场办结：个人账户已开立，收档凭证和存档须知一并交您。"
	if g.AskedOn != "" {
		says = "您的申请已受理，个人账户已开立，档案由我机构保管。缺少的关键材料见告知承诺书，已一次性告知；您签署承诺以后办结，同时出具收档凭证。没有签署的，档案同样由我机构保管，不退回。"
	}
	return d.press.Accept(tx, document.Draft{Agency: own, CaseRef: g.Ref(), DossierID: held.ID, Addressee: g.Name, IDTail: identity.LastFour(g.IDNo)}, document.Taken{To: g.Name, Fields: fields,
		Says: []string{says, "对办理有异议的，可以向我机构或者其主管部门提出。"}})
}
