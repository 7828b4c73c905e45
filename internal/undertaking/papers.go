package undertaking

import (
	"fmt"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
)

// choice is what the person chooses of: once the dossier is in custody nothing else is left.
const choice = "承诺补充后接收"

// Paper is what both parts of the 告知承诺书 say of the case they are issued in.
type Paper struct {
	Agency  agency.Agency
	CaseRef string
	Dossier dossier.Dossier
	Name    string // whose dossier it is
	IDNo    string
	From    paper.Field // where the dossier came from: 原存档机构, 毕业院校
	Checked string      // against what the gaps were found
	Gaps    []Gap
	Notice  string // foot of the paper
}

func (p Paper) draft(title string) document.Draft {
	return document.Draft{Kind: document.Undertaking, Agency: p.Agency, CaseRef: p.CaseRef, DossierID: p.Dossier.ID, Addressee: p.Name, Notice: p.Notice, IDTail: identity.LastFour(p.IDNo), Title: title, Form: true}
}

func (p Paper) close(i document.Issue, left ...string) paper.Closing {
	return paper.Closing{Issuer: p.Agency.Name, Date: i.At, Seal: i.Seal, Left: left}
}

// Told is the paper: part A told by the agency, part B for the person's signature.
func (p Paper) Told(due calendar.Date, informer string) document.Draft {
	t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "关键信息", Width: 18, Align: paper.AlignCenter}, {Title: "所缺材料", Width: 30},
		{Title: "类号", Width: 9, Align: paper.AlignCenter}, {Title: "形成（补办）单位", Width: 22}, {Title: "可替代的材料", Width: 30}, {Title: "可能造成的影响", Width: 30}}}
	for n, g := range p.Gaps {
		others := strings.Join(g.Others, "、")
		if others == "" {
			others = "—"
		}
		t.Rows = append(t.Rows, []string{fmt.Sprint(n + 1), dossier.KeyFactName(g.KeyFact), g.Title, g.Class, codes.FormedBy(g.Class), others, g.Consequence})
	}
	p.From.Wide = true
	d := p.draft("流动人员人事档案缺少关键材料\n告知承诺书")
	d.Write = func(doc *paper.Document, i document.Issue) {
		doc.Fields(2, paper.Field{Label: "姓名", Value: p.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(p.IDNo)},
			paper.Field{Label: "档案编号", Value: p.Dossier.No, Wide: true}, paper.Field{Label: "人员类别", Value: codes.CategoryName(p.Dossier.Category), Wide: true}, p.From)
		doc.Heading(1, "一、一次性告知")
		doc.Paragraph("经对照" + p.Checked + "审核，你的档案缺少下列关键材料，可能产生所列影响。")
		doc.Table(t)
		doc.Close(p.close(i, "告知人："+informer))
		doc.Heading(1, "二、本人承诺")
		doc.Paragraph("本人已知悉上述情况，承诺于　　　　年　　月　　日前（最迟" + due.Long() + "）补充材料；所述属实。")
		doc.Fields(1, paper.Field{Label: "本人选择", Value: paper.Choose([]string{choice})}, paper.Field{Label: "本人说明", Value: ""})
		doc.Paragraph("档案已签收，由我单位保管，不退回；材料可由本人提交，也可由形成单位补齐后移交我单位。未按期补充的，由我单位继续保管并提醒。")
		doc.Signatures("本人签名", "日期")
	}
	return d
}

// Issued is the paper of a case that waits to be signed; none, where it was issued before papers had records.
func Issued(tx *gate.Tx, caseRef string) (out document.Document, _ error) {
	papers, err := document.Of(tx.Context(), tx, caseRef)
	for _, p := range papers {
		if p.Kind == document.Undertaking && p.State == document.Issued {
			out = p
		}
	}
	return out, err
}

// Signed is part B as it was signed on the screen; it shares the number of the paper it answers.
func (p Paper) Signed(answers document.Document, told string, s Promised, witness string) document.Draft {
	var missing []string
	for _, g := range p.Gaps {
		missing = append(missing, dossier.KeyFactName(g.KeyFact)+"："+g.Title)
	}
	d := p.draft("流动人员人事档案缺少关键材料\n告知承诺书（本人承诺）")
	if answers.ID != "" {
		d.NumberOf, d.Suffix, d.Replaces = answers.Number, "-B", answers.ID
	}
	d.Write = func(doc *paper.Document, i document.Issue) {
		doc.Fields(2, paper.Field{Label: "姓名", Value: p.Name}, paper.Field{Label: "公民身份号码", Value: identity.Mask(p.IDNo)}, paper.Field{Label: "档案编号", Value: p.Dossier.No, Wide: true},
			paper.Field{Label: "一次性告知", Value: calendar.Date(told).Long(), Wide: true}, paper.Field{Label: "所缺关键材料", Value: strings.Join(missing, "；"), Wide: true})
		doc.Paragraph("本人已知悉上述情况和可能造成的影响，承诺于" + s.Due.Long() + "前补充材料；所述属实。")
		doc.Fields(1, paper.Field{Label: "本人选择", Value: paper.Choose([]string{choice, "协商退回原单位补充（限原工作单位）"}, choice)}, paper.Field{Label: "本人说明", Value: s.Statement})
		doc.Ink(paper.Ink{Label: "本人签名（屏幕手写）", After: s.On.Long(), Strokes: s.Strokes, Width: inkWidth, Height: inkHeight})
		doc.Close(p.close(i, "见证人："+witness))
	}
	return d
}
