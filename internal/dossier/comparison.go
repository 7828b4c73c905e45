package dossier

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// PrintComparison issues the 信息核对表 (materials.md 3.6): every writing of a key fact
// with its material, side by side. It names differences and decides nothing.
func (k *Desk) PrintComparison(ctx context.Context, by policy.Actor, dossierID string) (doc document.Document, err error) {
	_, err = k.act(ctx, by, "dossier.print_comparison", []rule.ID{"20.2a"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		var some bool
		if doc, some, err = k.IssueComparison(tx, *d, "Dossier:"+d.ID); err == nil && !some {
			return nothingToCompare()
		}
		return err
	})
	return doc, err
}

// IssueComparison issues the table inside an act, for the case it goes with; false where
// nothing was recorded that could be compared.
func (k *Desk) IssueComparison(tx *gate.Tx, d Dossier, caseRef string) (doc document.Document, some bool, err error) {
	ctx := tx.Context()
	p, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return doc, false, err
	}
	facts, intervals, err := k.weighed(ctx, tx, p, d)
	if err != nil || !recorded(facts) {
		return doc, false, err
	}
	office, err := agency.Get(ctx, tx, d.Agency)
	if err != nil {
		return doc, false, err
	}
	doc, err = k.Press.Issue(tx, document.Draft{Kind: document.Comparison, Agency: office, CaseRef: caseRef, DossierID: d.ID, IDTail: identity.LastFour(p.IDNo), Form: true, Notice: document.Foot, Landscape: true, Title: "流动人员人事档案信息核对表",
		Write: func(out *paper.Document, i issue) {
			out.Fields(3, paper.Field{Label: "姓名", Value: p.Name}, paper.Field{Label: "性别", Value: map[string]string{"1": "男", "2": "女"}[p.Sex]}, paper.Field{Label: "民族", Value: orDash(codes.Name(codes.Ethnics(), p.Ethnic))},
				paper.Field{Label: "公民身份号码", Value: identity.Mask(p.IDNo)}, paper.Field{Label: "证件出生日期", Value: calendar.Date(p.BirthDate).Long()}, paper.Field{Label: "档案编号", Value: d.No})
			out.Table(comparisonTable(facts, intervals))
			out.Paragraph("本表只列出档案中的记载和差异，不作认定；采用值只取有权机关依照规定作出的认定，未认定的不填。“未读”是已归档、能证明该项信息而尚无人登记其记载的材料。")
			out.Close(paper.Closing{Issuer: office.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + tx.Actor().Name}})
		}})
	return doc, true, err
}

// Weigh lays the mentions of the key facts side by side for another room's act.
func (k *Desk) Weigh(ctx context.Context, q store.Querier, p person.Person, d Dossier) ([]Compared, error) {
	facts, _, err := k.weighed(ctx, q, p, d)
	return facts, err
}

// weighed gathers what the comparison stands on.
func (k *Desk) weighed(ctx context.Context, q store.Querier, p person.Person, d Dossier) ([]Compared, []Interval, error) {
	catalog, err := CatalogOf(ctx, q, d.ID)
	if err != nil {
		return nil, nil, err
	}
	facts, err := FactsOf(ctx, q, d.ID)
	if err != nil {
		return nil, nil, err
	}
	periods, err := PeriodsOf(ctx, q, d.ID)
	if err != nil {
		return nil, nil, err
	}
	decisions, err := DeterminationsOf(ctx, q, d.ID)
	if err != nil {
		return nil, nil, err
	}
	gaps, _, err := Gaps(ctx, q, d)
	if err != nil {
		return nil, nil, err
	}
	for i, m := range catalog {
		catalog[i] = m.Public()
	}
	facts, periods, decisions = told(catalog, facts, periods, decisions)
	return Compare(p, catalog, facts, periods, gaps, decisions), Intervals(periods, string(k.gate.Today())[:7]), nil
}

// recorded says whether anything is recorded that could be compared.
func recorded(facts []Compared) bool {
	return slices.ContainsFunc(facts, func(c Compared) bool { return len(c.Mentions)+len(c.Decisions) > 0 })
}

func nothingToCompare() error {
	return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "nothing_to_compare", Message: "系统中还没有登记关键信息的记载，无从核对。", Next: "请先提档，按材料原文登记记载并由第二人核对。"})
}

// comparisonTable has a heading for each fact with its verdict and the value adopted, a line
// for each writing, and one for each key material that nobody has read yet.
func comparisonTable(facts []Compared, intervals []Interval) paper.Table {
	t := paper.Table{Columns: []paper.Column{{Title: "类号　材料名称", Width: 27}, {Title: "页", Width: 4, Align: paper.AlignCenter}, {Title: "材料形成时间", Width: 12, Align: paper.AlignCenter}, {Title: "原文记载", Width: 21},
		{Title: "规范值", Width: 12, Align: paper.AlignCenter}, {Title: "与最早记载", Width: 11, Align: paper.AlignCenter}, {Title: "存疑", Width: 18}, {Title: "采用值", Width: 15}, {Title: "核对", Width: 10, Align: paper.AlignCenter}}}
	verdicts := map[string]string{Agrees: "一致", Differs: "不一致", Missing: "缺材料", Silent: "未登记", Decided: "已认定"}
	checked := func(by string) string {
		if by != "" {
			return "已核对"
		}
		return "待第二人核对"
	}
	for _, c := range facts {
		note := c.Note
		if note == "" {
			note = verdicts[c.Verdict]
		}
		heading := c.Name + "　" + note
		if len(c.Unread) > 0 {
			heading += fmt.Sprintf("　%d 份材料未读", len(c.Unread))
		}
		for _, h := range c.Highest {
			heading += "　" + h
		}
		t.Rows = append(t.Rows, []string{heading + "　采用值：" + orDash(c.Adopted)})
		for _, m := range c.Mentions {
			against := orDash(m.Against)
			if m.Earliest {
				against = "最早记载"
			}
			page, confirmed := "", ""
			if m.Page > 0 {
				page = fmt.Sprint(m.Page)
			}
			if m.Confirmed {
				confirmed = "1"
			}
			t.Rows = append(t.Rows, []string{m.Label, page, orDash(m.Formed), m.Written, orDash(m.Value), against, strings.Join(m.Doubts, "；"), "", checked(confirmed)})
		}
		for _, e := range c.Decisions {
			adopted := ""
			if e.ConfirmedBy != "" && e.Written == c.Adopted {
				adopted = e.Written
			}
			t.Rows = append(t.Rows, []string{"认定：" + e.Authority + "　" + e.DocNo + "（" + e.Label + "）", fmt.Sprint(e.PageNo), calendar.Date(e.DecidedOn).Long(), e.Written, orDash(e.Value), "认定", "", adopted, checked(e.ConfirmedBy)})
		}
		for _, m := range c.Unread {
			t.Rows = append(t.Rows, []string{m.Label(), "", orDash(m.Formed()), "未读：尚未登记记载", "", "", "", "", ""})
		}
		if c.Kind != "work_history" {
			continue
		}
		for _, i := range intervals {
			t.Rows = append(t.Rows, []string{"经历衔接：" + i.Name(), "", "", i.Text(), "", "—", "", "", ""})
		}
	}
	return t
}

// packetRef names the wish of those who enter a paper dossier's catalog to have the packet.
func packetRef(d Dossier) string { return "CatalogEntry:" + d.ID }

// AskPacket asks the keeper for the packet of a dossier whose catalog is to be entered;
// it goes back when the entered catalog has been compared with it.
func (k *Desk) AskPacket(ctx context.Context, by policy.Actor, dossierID string) error {
	_, err := k.act(ctx, by, "material.ask_packet", []rule.ID{"13a", "16b"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		if err := outside(*d); err != nil {
			return err
		}
		return k.Ask(tx, d, packetRef(*d), "filing")
	})
	return err
}
