package dossier

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"dangan/internal/agency"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// maxReceipt is how many pieces one receipt lists; more are a pile for a sitting.
const maxReceipt = 50

// ofReceipts are the rules a 材料接收回单 rests on: received and filed in two months, handed over
// by persons and units, free of charge.
var ofReceipts = []rule.ID{"13a", "14b", "8"}

// PrintReceipt issues the 材料接收回单 for pieces of one dossier that one giver handed in
// (forms.md 7): what was received, when, and by when it is appraised and filed.
func (k *Desk) PrintReceipt(ctx context.Context, by policy.Actor, dossierID string, ids []string) (doc document.Document, err error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if len(ids) == 0 || len(ids) > maxReceipt {
		return doc, rule.Mistake(rule.Reason{Rule: "14b", Slug: "receipt_pieces", Field: "materials", Message: fmt.Sprintf("一份回单列 1 至 %d 件材料。", maxReceipt), Next: "请选择要列入回单的材料；更多的分份出具，整批移交的用整批收材料。"})
	}
	_, err = k.act(ctx, by, "material.print_receipt", ofReceipts, dossierID, func(tx *gate.Tx, d *Dossier) error {
		list, err := store.List[Material](ctx, tx, "WHERE dossier_id=? AND id IN ("+store.Marks(len(ids))+") ORDER BY intake_no", append([]any{d.ID}, store.Args(ids)...)...)
		if err != nil {
			return err
		}
		if len(list) != len(ids) {
			return store.ErrNotFound
		}
		if err := oneGiver(list); err != nil {
			return err
		}
		office, err := agency.Get(ctx, tx, d.Agency)
		if err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		for _, m := range list {
			tx.About("Material", m.ID)
		}
		ref, about := "Material:"+list[0].ID, []paper.Field{{Label: "姓名", Value: p.Name}, {Label: "公民身份号码", Value: identity.Mask(p.IDNo)}, {Label: "档案编号", Value: d.No}}
		if len(list) > 1 {
			ref = "Dossier:" + d.ID
		}
		doc, err = k.Press.Issue(tx, receiptDraft(office, list[0].Source, about, receiptTable(list),
			document.Draft{CaseRef: ref, DossierID: d.ID, IDTail: identity.LastFour(p.IDNo)}, by.Name))
		return err
	})
	return doc, err
}

// oneGiver holds a receipt to what was handed in, by one giver: it is given to whoever brought it.
func oneGiver(list []Material) error {
	for _, m := range list {
		switch {
		case !slices.Contains([]string{FromWindow, FromUnit, FromPerson}, m.Origin):
			return rule.Refuse(rule.Reason{Rule: "14b", Slug: "not_received", Message: "所选材料中有目录录入或数字化的结果，不是收下的材料。", Next: "请只选收下的材料。"})
		case m.Source != list[0].Source:
			return rule.Mistake(rule.Reason{Rule: "14b", Slug: "receipt_givers", Field: "materials", Message: "所选材料由不同的人（单位）交来。", Next: "请按交来人（单位）分份出具回单。"})
		}
	}
	return nil
}

// PrintSittingReceipt issues the 材料接收回单 for a pile that was signed for: the pieces one by
// one, for whoever handed the pile in. Whoever signed issues it: of what another received,
// a clerk may not know every dossier (10b, 15).
func (k *Desk) PrintSittingReceipt(ctx context.Context, by policy.Actor, id string) (doc document.Document, err error) {
	s, err := k.seenSitting(ctx, by, id)
	if err != nil {
		return doc, err
	}
	pieces, err := store.List[Piece](ctx, k.gate.DB(), "WHERE sitting_id=? AND state=? ORDER BY seq LIMIT ?", s.ID, PieceTaken, maxBatch)
	if err != nil {
		return doc, err
	}
	lines, err := k.linesOf(ctx, by, pieces)
	if err != nil {
		return doc, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "material.print_sitting_receipt", Rules: ofReceipts}, func(tx *gate.Tx) error {
		s, err := k.sitting(tx, id)
		if err != nil {
			return err
		}
		if err := s.receipted(by.ID); err != nil {
			return err
		}
		list, err := store.List[Material](ctx, tx, "WHERE id IN (SELECT material_id FROM sitting_piece WHERE sitting_id=? AND state=?) LIMIT ?", s.ID, PieceTaken, maxBatch)
		if err != nil {
			return err
		}
		office, err := agency.Get(ctx, tx, s.Agency)
		if err != nil {
			return err
		}
		about := []paper.Field{{Label: "整批编号", Value: s.No}, {Label: "材料名称", Value: s.Title}, {Label: "形成单位", Value: s.Maker}, {Label: "共计", Value: fmt.Sprintf("%d人 %d份 %d页", s.Pieces, s.Copies*s.Pieces, s.Pages*s.Pieces)}}
		doc, err = k.Press.Issue(tx, receiptDraft(office, s.Giver, about, pileTable(lines, list), document.Draft{CaseRef: s.Ref()}, by.Name))
		return err
	})
	return doc, err
}

// receipted says whether a pile can be acknowledged: once it is received, by who received it.
func (s Sitting) receipted(by string) error {
	switch {
	case s.State == SittingOpen:
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_unsigned", Message: "这一批尚未签收，不能出具回单。", Next: "请先点数、签收。"})
	case s.StaffID != by:
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_of_another", Message: "这一批由另一人签收。", Next: "请由签收人出具回单。"})
	}
	return nil
}

// receiptDraft lays the receipt out: a stub that stays and the slip for whoever brought the pieces.
func receiptDraft(office agency.Agency, giver string, about []paper.Field, table paper.Table, draft document.Draft, clerk string) document.Draft {
	draft.Kind, draft.Agency, draft.Addressee, draft.Form, draft.Notice, draft.Title = document.MaterialReceipt, office, giver, true, document.Foot, "材料接收回单"
	draft.Write = func(doc *paper.Document, p issue) {
		fields := append([]paper.Field{{Label: "交来人（单位）", Value: giver, Wide: true}}, about...)
		fields = append(fields, paper.Field{Label: "出具时间", Value: paper.DateTime(p.At)})
		left := []string{"经办人：" + clerk}
		doc.Part(paper.Part{Label: "存根", Note: "由接收机构留存"}).Fields(2, fields...).Table(table).Signatures("交来人").Close(paper.Closing{Issuer: office.Name, Date: p.At, Left: left})
		doc.Part(paper.Part{Label: "回单", Note: "交来人（单位）留存"}).Addressee(giver).Paragraph("下列材料已收到并登记。我机构将在所列期限前完成鉴别和归档；经鉴别不合格的，出具退回通知单，限期补办或者退回形成单位。本人提交的材料须向形成单位核实。").
			Fields(2, fields...).Table(table).Note("本回单只证明材料已经收到，不证明材料内容属实或者已经归档。暂定的期限待国务院公布该年节假日安排后确定。办理免费。").Close(paper.Closing{Issuer: office.Name, Date: p.At, Seal: p.Seal, Left: left})
	}
	return draft
}

// receiptTable lists pieces of one dossier; what is closed stands without its title (15).
func receiptTable(list []Material) paper.Table {
	t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 6, Align: paper.AlignCenter}, {Title: "接收登记号", Width: 29}, {Title: "材料名称", Width: 27}, {Title: "份/页", Width: 8, Align: paper.AlignCenter}, {Title: "收到日期", Width: 14}, {Title: "鉴别归档期限", Width: 16}}}
	var copies, pages int64
	for i, m := range list {
		title := m.Public().Title
		if title == "" {
			title = secretPiece
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), m.IntakeNo, title, fmt.Sprintf("%d/%d", m.Copies, m.Pages), m.ReceivedOn, m.filedBy()})
		copies, pages = copies+m.Copies, pages+m.Pages
	}
	t.Total = []string{"", "合计", fmt.Sprintf("%d件", len(list)), fmt.Sprintf("%d/%d", copies, pages), "", ""}
	return t
}

// pileTable lists the pieces of a pile by whose they are.
func pileTable(lines []SittingLine, list []Material) paper.Table {
	t := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 7, Align: paper.AlignCenter}, {Title: "姓名", Width: 15}, {Title: "档案编号", Width: 19}, {Title: "接收登记号", Width: 29}, {Title: "收到日期", Width: 14}, {Title: "鉴别归档期限", Width: 16}}}
	of := make(map[string]Material, len(list))
	for _, m := range list {
		of[m.ID] = m
	}
	for i, l := range lines {
		m := of[l.MaterialID]
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), orDash(l.Person.Name), orDash(l.Dossier.No), m.IntakeNo, m.ReceivedOn, m.filedBy()})
	}
	return t
}

// filedBy is the day by which a piece is appraised and filed, as papers say it (13a).
func (m Material) filedBy() string {
	switch {
	case m.DueOn == "":
		return "—"
	case m.DueTentative:
		return m.DueOn + "（暂定）"
	}
	return m.DueOn
}
