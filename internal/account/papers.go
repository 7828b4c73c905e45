package account

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// perNotice is how many persons' notices are one file, to be torn apart.
const perNotice = 100

// issue is the 集体账户销户通知单 with the list of what became of every dossier, and the
// notice for each person. It answers the number of the first.
func (k *Desk) issue(tx *gate.Tx, a Account, lines []line) (string, error) {
	own, err := agency.Get(tx.Context(), tx, a.Agency)
	if err != nil {
		return "", err
	}
	clerk := tx.Actor().Name
	// A dossier with a class is in no list that others read: its person is told by a paper of its own.
	open, classed := parted(lines)
	sent := 0
	table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 7, Align: paper.AlignCenter}, {Title: "姓名", Width: 14}, {Title: "公民身份号码", Width: 25}, {Title: "档案编号", Width: 24}, {Title: "办理结果", Width: 30}}}
	for i, l := range open {
		if l.to.ID != "" {
			sent++
		}
		table.Rows = append(table.Rows, []string{strconv.Itoa(i + 1), l.person.Name, masked(l.person), l.dossier.No, l.outcome()})
	}
	came, err := closedBy(tx, a)
	if err != nil {
		return "", err
	}
	doc, err := k.press.Issue(tx, document.Draft{Kind: document.AccountClosing, Agency: own, CaseRef: a.Ref(), Addressee: a.Unit, Form: true, Notice: document.Foot,
		Write: func(d *paper.Document, i document.Issue) {
			d.Addressee(a.Unit)
			d.Fields(2, append([]paper.Field{{Label: "账户编号", Value: a.No}, {Label: "统一社会信用代码", Value: a.USCC}, {Label: "销户原因", Value: WhyName(a.Why)},
				{Label: "销户日期", Value: paper.Date(i.At)}, {Label: "依据材料", Value: a.Document + "（" + calendar.Date(a.DocumentOn).Long() + "）", Wide: true}, {Label: "说明", Value: a.Reason, Wide: true}}, came...)...)
			switch {
			case len(open) == 0:
				d.Paragraph("你单位在我单位的集体账户下已没有档案，账户现予注销。")
			case sent == 0:
				d.Paragraph(fmt.Sprintf("你单位集体账户下的%d卷档案已全部转为存档人员的个人账户，账户现予注销。档案仍由我单位保管，所需服务不变。", len(open)))
			default:
				d.Paragraph(fmt.Sprintf("你单位集体账户下的%d卷档案，%d卷转为存档人员的个人账户，%d卷已启动转递，账户现予注销。启动转递的档案寄出前由我单位以个人账户保管。", len(open), len(open)-sent, sent))
			}
			if len(open) > 0 {
				d.Table(table)
			}
			d.Paragraph("存档服务不收取任何费用。对本通知有异议的，可以向我单位或其主管部门提出。")
			d.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"签批人：" + clerk}})
		}})
	if err != nil {
		return "", err
	}
	part := 0
	for chunk := range slices.Chunk(open, perNotice) {
		part++
		if _, err := k.press.Issue(tx, notices(a, own, chunk, doc.Number, part)); err != nil {
			return "", err
		}
	}
	for _, l := range classed {
		draft := notices(a, own, []line{l}, "", 0)
		draft.DossierID = l.dossier.ID
		if _, err := k.press.Issue(tx, draft); err != nil {
			return "", err
		}
	}
	return doc.Number, nil
}

// acceptOpening is the 受理回执 of a unit that opens its account (29.8): it waits at the window, so
// the slip says how its application ended.
func (k *Desk) acceptOpening(tx *gate.Tx, a Account, worker Authorization) error {
	own, err := agency.Get(tx.Context(), tx, a.Agency)
	if err != nil {
		return err
	}
	return k.press.Accept(tx, document.Draft{Agency: own, CaseRef: a.Ref(), Addressee: a.Unit}, document.Taken{To: a.Unit,
		Fields: []paper.Field{{Label: "申请事项", Value: "开立集体账户"}, {Label: "申请日期", Value: paper.Date(tx.Now())},
			{Label: "统一社会信用代码", Value: a.USCC}, {Label: "查验的单位证照", Value: strings.TrimSpace(codes.Name(Papers, a.Paper) + " " + a.PaperNo)},
			{Label: "单位经办人", Value: worker.Name}, {Label: "授权", Value: strings.TrimSpace(worker.LetterNo + " 至" + worker.Until.Long())},
			{Label: "办理结果", Value: "已开立"}, {Label: "账户编号", Value: a.No}},
		Says: []string{"你单位的申请已受理，当场办结：集体账户已开立，集体存档协议一并交你单位。对办理有异议的，可以向我单位或者其主管部门提出。"}})
}

// ClosingRef names a unit's application to close its account: another service than its opening,
// which is rated by itself (28).
func (a Account) ClosingRef() string { return "UnitClosing:" + a.ID }

// acceptClosing is the 受理回执 of a unit that asked to close its account, with how it ended.
func (k *Desk) acceptClosing(tx *gate.Tx, a Account, notice string, dossiers int) error {
	own, err := agency.Get(tx.Context(), tx, a.Agency)
	if err != nil {
		return err
	}
	came, err := closedBy(tx, a)
	if err != nil {
		return err
	}
	result := "账户下没有档案，已注销"
	if dossiers > 0 {
		result = fmt.Sprintf("账户下%d卷档案已转为个人账户或者启动转递，账户已注销", dossiers)
	}
	return k.press.Accept(tx, document.Draft{Agency: own, CaseRef: a.ClosingRef(), Addressee: a.Unit}, document.Taken{To: a.Unit,
		Fields: append([]paper.Field{{Label: "申请事项", Value: "注销集体账户"}, {Label: "申请日期", Value: paper.Date(tx.Now())},
			{Label: "账户编号", Value: a.No}, {Label: "统一社会信用代码", Value: a.USCC},
			{Label: "查验的材料", Value: a.Document, Wide: true}, {Label: "办理结果", Value: result, Wide: true}}, came...),
		Says: []string{"你单位的申请已受理，当场办结，每卷档案的去向见集体账户销户通知单 " + notice + "。对办理有异议的，可以向我单位或者其主管部门提出。"}})
}

// closedBy is the worker who asked for the closing; the agency's own act has none.
func closedBy(tx *gate.Tx, a Account) ([]paper.Field, error) {
	if a.Why != Asked {
		return nil, nil
	}
	return CameField(tx, a.Ref())
}

// services are what is entrusted with an account (7), as its papers say it.
const services = "档案的接收和转递；材料的收集、鉴别和归档；档案的整理和保管；查（借）阅服务；出具存档、经历、亲属关系等证明；政审考察服务；党员组织关系接转"

// issueTerms is the 个人存档须知 as its person accepted it (12a; forms.md 16): it says by whom,
// when and on what way, so it is issued when it was accepted, under the account's number.
func issueTerms(tx *gate.Tx, press *document.Press, p PersonalAccount, a Accepting) error {
	own, err := agency.Get(tx.Context(), tx, p.Agency)
	if err != nil {
		return err
	}
	text, err := textOf(tx, Personal, a.No)
	if err != nil {
		return err
	}
	d, err := dossier.Get(tx.Context(), tx, p.DossierID)
	if err != nil {
		return err
	}
	who, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	_, err = press.Issue(tx, document.Draft{Kind: document.AccountTerms, Agency: own, CaseRef: p.Ref(), DossierID: d.ID, Addressee: who.Name, IDTail: who.IDNo[max(0, len(who.IDNo)-4):], Form: true, Notice: document.Foot, NumberOf: p.No, Suffix: "-X" + a.No,
		Write: func(doc *paper.Document, i document.Issue) {
			doc.Fields(2, paper.Field{Label: "须知版本", Value: a.No}, paper.Field{Label: "账户编号", Value: p.No}, paper.Field{Label: "存档人员", Value: who.Name}, paper.Field{Label: "公民身份号码", Value: masked(who)},
				paper.Field{Label: "档案编号", Value: d.No}, paper.Field{Label: "开立缘由", Value: HowName(p.How)}, paper.Field{Label: "委托事项", Value: services, Wide: true})
			written(doc, text)
			doc.Paragraph("存档服务不收取任何费用。")
			doc.Fields(2, paper.Field{Label: "接受人", Value: a.By}, paper.Field{Label: "接受日期", Value: paper.Date(i.At)}, paper.Field{Label: "接受途径", Value: WayName(a.Way), Wide: true})
			doc.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: handled(tx)})
		}})
	return err
}

// issueAgreement is the 集体存档协议 as the unit accepted it (12a; forms.md 16), two originals
// by content, with whose dossiers hang on the account: none when it is opened.
func (k *Desk) issueAgreement(tx *gate.Tx, a Account, by Accepting, worker Authorization) error {
	own, err := agency.Get(tx.Context(), tx, a.Agency)
	if err != nil {
		return err
	}
	text, err := textOf(tx, Collective, by.No)
	if err != nil {
		return err
	}
	// One with a class is in no list that others read.
	list, err := store.List[dossier.Dossier](tx.Context(), tx, fmt.Sprintf("WHERE "+hangs+" AND secrecy=0 ORDER BY id LIMIT %d", most), a.Agency, a.Unit)
	if err != nil {
		return err
	}
	table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 10, Align: paper.AlignCenter}, {Title: "姓名", Width: 40}, {Title: "档案编号", Width: 50}}}
	for part := range slices.Chunk(list, 500) {
		ids := make([]string, len(part))
		for i, d := range part {
			ids[i] = d.ID
		}
		heads, err := dossier.Heads(tx.Context(), tx, ids)
		if err != nil {
			return err
		}
		for _, d := range part {
			table.Rows = append(table.Rows, []string{strconv.Itoa(len(table.Rows) + 1), heads[d.ID].Name, d.No})
		}
	}
	_, err = k.press.Issue(tx, document.Draft{Kind: document.AccountAgreement, Agency: own, CaseRef: a.Ref(), Addressee: a.Unit, Form: true, Notice: document.Foot, NumberOf: a.No, Suffix: "-X" + by.No,
		Write: func(doc *paper.Document, i document.Issue) {
			doc.Fields(2, paper.Field{Label: "协议版本", Value: by.No}, paper.Field{Label: "账户编号", Value: a.No}, paper.Field{Label: "甲方", Value: own.Name, Wide: true}, paper.Field{Label: "乙方（单位全称）", Value: a.Unit, Wide: true},
				paper.Field{Label: "统一社会信用代码", Value: a.USCC}, paper.Field{Label: "单位证照", Value: strings.TrimSpace(codes.Name(Papers, a.Paper) + " " + a.PaperNo)},
				paper.Field{Label: "经办人", Value: worker.Name}, paper.Field{Label: "授权", Value: strings.TrimSpace(worker.LetterNo + " 至" + worker.Until.Long())}, paper.Field{Label: "委托事项", Value: services, Wide: true})
			written(doc, text)
			doc.Paragraph("存档服务不收取任何费用。")
			if len(table.Rows) > 0 {
				doc.Paragraph("存档人员名单：")
				doc.Table(table)
			}
			doc.Fields(2, paper.Field{Label: "乙方接受人", Value: by.By}, paper.Field{Label: "接受日期", Value: paper.Date(i.At)}, paper.Field{Label: "接受途径", Value: WayName(by.Way), Wide: true})
			doc.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: handled(tx)})
		}})
	return err
}

// handled says who issued a paper; what a person does by themselves was handled by nobody.
func handled(tx *gate.Tx) []string {
	if tx.Actor().Kind != policy.Staff {
		return nil
	}
	return []string{"经办人：" + tx.Actor().Name}
}

// written writes a text as it was published, a paragraph a line.
func written(doc *paper.Document, text string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			doc.Paragraph(line)
		}
	}
}

// textOf is the wording of a version.
func textOf(tx *gate.Tx, kind, no string) (string, error) {
	n, err := store.Get[Notice](tx.Context(), tx, "WHERE kind=? AND no=?", kind, no)
	if errors.Is(err, store.ErrNotFound) {
		return first[kind], nil
	}
	return n.Text, err
}

// parted parts the dossiers without a class from those with one.
func parted(lines []line) (open, classed []line) {
	for _, l := range lines {
		if l.dossier.Secrecy > 0 {
			classed = append(classed, l)
		} else {
			open = append(open, l)
		}
	}
	return open, classed
}

// outcome is what became of a dossier.
func (l line) outcome() string {
	if l.to.ID == "" {
		return "转为个人账户"
	}
	return "转递至" + l.to.Name + "（已转交申请）"
}

// notices are the 账户变更告知书 of some persons, one to tear off for each.
func notices(a Account, own agency.Agency, lines []line, number string, part int) document.Draft {
	return document.Draft{Kind: document.AccountNotice, Agency: own, CaseRef: a.Ref(), Form: true, Notice: document.Foot, NumberOf: number, Suffix: fmt.Sprintf("-G%d", part),
		Write: func(d *paper.Document, i document.Issue) {
			for n, l := range lines {
				d.Part(paper.Part{Label: fmt.Sprintf("第%d份，共%d份", n+1, len(lines)), Note: "交本人"})
				d.Addressee(l.person.Name)
				d.Fields(2, paper.Field{Label: "公民身份号码", Value: masked(l.person)}, paper.Field{Label: "档案编号", Value: l.dossier.No}, paper.Field{Label: "原存档单位", Value: a.Unit, Wide: true})
				text := "因" + WhyName(a.Why) + "，原单位在我单位的集体账户已注销。你的档案自" + paper.Date(i.At) + "起转为你本人的个人账户，仍由我单位保管，你无需办理手续，不收取任何费用。"
				if l.to.ID != "" {
					text = "因" + WhyName(a.Why) + "，原单位在我单位的集体账户已注销。你的档案已申请转递至" + l.to.Name + "，由该机构开具调档函后寄送，无需本人携带；寄出前以你本人的个人账户由我单位保管，不收取任何费用。"
				}
				d.Paragraph(text + "今后可以本人身份证件办理查询、证明、转递等服务；有异议的，可以向我单位或其主管部门提出。联系电话：" + own.Phone + "。")
				d.Line(paper.AlignEnd, own.Name+"　"+paper.Date(i.At))
			}
		}}
}
