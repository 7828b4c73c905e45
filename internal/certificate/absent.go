package certificate

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/rule"
	"dangan/internal/statement"
	"dangan/internal/store"
)

func encodeAbsent(list []statement.Absent) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	raw, err := json.Marshal(list)
	return string(raw), err
}

// Unrecorded is what was found unrecorded, as submitted.
func (c Certificate) Unrecorded() ([]statement.Absent, error) {
	if c.Absent == "" {
		return nil, nil
	}
	var out []statement.Absent
	if err := json.Unmarshal([]byte(c.Absent), &out); err != nil {
		return nil, fmt.Errorf("certificate %s: absent: %w", c.ID, err)
	}
	return out, nil
}

// choice is what was submitted.
func (c Certificate) choice() (Choice, error) {
	absent, err := c.Unrecorded()
	return Choice{Keys: c.Chosen(), Absent: absent}, err
}

// Subjects lists what is asked for: key facts, or the whole of the kind.
func (c Certificate) Subjects() []string {
	if c.Kind == Facts {
		return strings.Split(c.Asks, "|")
	}
	return statement.Subjects(c.Kind.States())
}

// answered holds a submission to what was asked for (23): each key fact asked for is stated, or
// told to be unrecorded, and nothing beside.
func (c Certificate) answered(lines []statement.Line, absent []statement.Absent) error {
	var out []rule.Reason
	asked := c.Subjects()
	for i, a := range absent {
		twice := slices.ContainsFunc(absent[:i], func(b statement.Absent) bool { return b.Subject == a.Subject })
		if twice || !slices.Contains(asked, a.Subject) {
			out = append(out, rule.Reason{Rule: "23", Slug: "not_asked", Field: "absent", Message: "申请人没有申请这一事项。", Next: "请照申请办理；需要增加的，请申请人另行申请。"})
		}
	}
	if c.Kind != Facts {
		if len(lines) > 0 && len(absent) > 0 {
			out = append(out, rule.Reason{Rule: "23", Slug: "recorded", Field: "absent", Message: "已经选定记载，不能同时告知查无记载。", Next: "请只选其一。"})
		}
		return refuseAll(out)
	}
	for _, subject := range asked {
		told := slices.ContainsFunc(lines, func(l statement.Line) bool { return l.Kind == subject }) || slices.ContainsFunc(absent, func(a statement.Absent) bool { return a.Subject == subject })
		if !told {
			out = append(out, rule.Reason{Rule: "23", Slug: "asked_unanswered", Field: "keys", Message: "申请证明的“" + dossier.KeyFactName(subject) + "”还没有选定记载，也没有告知查无记载。", Next: "请选定记载；提档查找后确无记载的，勾选查无记载。"})
		}
	}
	for _, l := range lines {
		if !slices.Contains(asked, l.Kind) {
			out = append(out, rule.Reason{Rule: "23", Slug: "not_asked", Field: "keys", Message: "申请人没有申请证明“" + dossier.KeyFactName(l.Kind) + "”。", Next: "请照申请办理；需要增加的，请申请人另行申请。"})
		}
	}
	return refuseAll(out)
}

func refuseAll(out []rule.Reason) error {
	if len(out) == 0 {
		return nil
	}
	return rule.Refuse(out...)
}

// silent holds every word that something is not recorded to the record as it stands.
func (k *Desk) silent(ctx context.Context, q store.Querier, c Certificate, d dossier.Dossier, proposals []statement.Proposal, absent []statement.Absent) error {
	if len(absent) == 0 {
		return nil
	}
	unread, err := unreadOf(ctx, q, d, c.Kind)
	if err != nil {
		return err
	}
	searched, err := custody.OutFor(ctx, q, d.ID, c.Ref())
	if err != nil {
		return err
	}
	var out []rule.Reason
	for _, a := range absent {
		out = append(out, statement.Silent(c.Kind.States(), proposals, a, unread[a.Subject], searched)...)
	}
	return refuseAll(out)
}

// unreadOf lists by subject the filed materials that could prove it and were not read.
func unreadOf(ctx context.Context, q store.Querier, d dossier.Dossier, kind Kind) (map[string][]dossier.Material, error) {
	switch kind {
	case Facts:
		return dossier.Unread(ctx, q, d, statement.FactKinds...)
	case History:
		of, err := dossier.Unread(ctx, q, d, "work_history", "education_degree")
		all := of["work_history"]
		for _, m := range of["education_degree"] {
			if !slices.ContainsFunc(all, func(o dossier.Material) bool { return o.ID == m.ID }) {
				all = append(all, m)
			}
		}
		return map[string][]dossier.Material{statement.Whole: all}, err
	case Kinship:
		// No table says which forms name the family: every open piece of the catalog that no entry cites is looked through.
		list, err := dossier.UnreadOfKin(ctx, q, d)
		return map[string][]dossier.Material{statement.Whole: list}, err
	}
	return nil, nil
}

// issueNotice tells the applicant what was searched and is not recorded. It is no certificate
// and says of nothing that it is not so.
func (k *Desk) issueNotice(tx *gate.Tx, c content, d dossier.Dossier, absent []statement.Absent) (document.Document, error) {
	catalog, err := dossier.CatalogOf(tx.Context(), tx, d.ID)
	if err != nil {
		return document.Document{}, err
	}
	titles := map[string]string{}
	for _, m := range catalog {
		titles[m.ID] = m.Public().Label()
	}
	kind := c.Kind.States()
	t := paper.Table{Columns: []paper.Column{{Title: "查找的事项", Width: 34, Align: paper.AlignCenter}, {Title: "查看过的材料", Width: 60}, {Title: "结果", Width: 23, Align: paper.AlignCenter}}}
	for _, a := range absent {
		looked := "目录所列材料"
		if len(a.Looked) > 0 {
			names := make([]string, len(a.Looked))
			for i, id := range a.Looked {
				names[i] = titles[id]
			}
			looked += "，其中逐份查看：" + strings.Join(names, "、")
		}
		t.Rows = append(t.Rows, []string{statement.SubjectName(kind, a.Subject), looked, "未查到记载"})
	}
	return k.press.Issue(tx, document.Draft{Kind: document.NoRecord, Agency: c.agency, CaseRef: c.Ref(), DossierID: d.ID, Addressee: c.Name, Form: true, Notice: document.Foot,
		IDTail: identity.LastFour(c.person.IDNo), Write: func(out *paper.Document, i document.Issue) {
			out.Fields(2, paper.Field{Label: "申请人", Value: c.applicantText()}, paper.Field{Label: "存档人", Value: c.person.Name},
				paper.Field{Label: "公民身份号码", Value: identity.Mask(c.person.IDNo)}, paper.Field{Label: "档案编号", Value: d.No},
				paper.Field{Label: "用途", Value: c.Use}, paper.Field{Label: "查找日期", Value: paper.Date(i.At)})
			out.Paragraph(fmt.Sprintf("您申请证明的下列事项，经提档查找档案目录（共%d份材料）、已登记的记载和纸质原件，在可以据以出具证明的已归档材料中没有查到记载：", len(catalog)))
			out.Table(t)
			out.Space(2)
			out.Paragraph("本告知单只说明查找的范围和结果，不是证明，不表示有关事实存在或者不存在。以后补充的材料归档的，可以重新申请。")
			out.Paragraph("可以这样办：" + statement.NotInDossier(kind).Next)
			out.Close(paper.Closing{Issuer: c.agency.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + c.maker, "审核人：" + c.reviewer}})
		}})
}
