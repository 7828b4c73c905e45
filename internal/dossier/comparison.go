package dossier

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

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
	w, err := k.weighed(ctx, tx, p, d)
	if err != nil || !recorded(w.facts) {
		return doc, false, err
	}
	office, err := agency.Get(ctx, tx, d.Agency)
	if err != nil {
		return doc, false, err
	}
	doc, err = k.Press.Issue(tx, document.Draft{Kind: document.Comparison, Agency: office, CaseRef: caseRef, DossierID: d.ID, IDTail: identity.LastFour(p.IDNo), Form: true, Notice: document.Foot, Landscape: true, Title: "流动人员人事档案信息核对表",
		Write: func(out *paper.Document, i issue) {
			out.Fields(3, paper.Field{Label: "姓名", Value: p.Name}, paper.Field{Label: "性别", Value: sexNames[p.Sex]}, paper.Field{Label: "民族", Value: orDash(codes.Name(codes.Ethnics(), p.Ethnic))},
				paper.Field{Label: "公民身份号码", Value: identity.Mask(p.IDNo)}, paper.Field{Label: "证件出生日期", Value: calendar.Date(p.BirthDate).Long()}, paper.Field{Label: "档案编号", Value: d.No})
			out.Table(w.table())
			if len(w.flags) > 0 {
				out.Table(flagTable(w.flags))
			}
			out.Paragraph("本表只列出档案中的记载和差异，不作认定；采用值只取有权机关依照规定作出的认定，未认定的不填。“未读”是已归档、能证明该项信息而尚无人登记其记载的材料。农历日期照原文列出，规范值为折合的公历。合理性提示只供核查，不是结论。")
			out.Close(paper.Closing{Issuer: office.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + tx.Actor().Name}})
		}})
	return doc, true, err
}

// Weigh lays the mentions of the key facts side by side for another room's act.
func (k *Desk) Weigh(ctx context.Context, q store.Querier, p person.Person, d Dossier) ([]Compared, error) {
	w, err := k.weighed(ctx, q, p, d)
	return slices.DeleteFunc(w.facts, func(c Compared) bool { return !slices.Contains(KeyFacts, c.Kind) }), err
}

// weighing is what the comparison says: of every fact, of the intervals of the history, and
// what does not look plausible.
type weighing struct {
	facts     []Compared
	intervals []Interval
	flags     []Flag
	hands     map[string]string
}

// weighed gathers what the comparison stands on.
func (k *Desk) weighed(ctx context.Context, q store.Querier, p person.Person, d Dossier) (w weighing, err error) {
	catalog, err := CatalogOf(ctx, q, d.ID)
	if err != nil {
		return w, err
	}
	facts, err := FactsOf(ctx, q, d.ID)
	if err != nil {
		return w, err
	}
	periods, err := PeriodsOf(ctx, q, d.ID)
	if err != nil {
		return w, err
	}
	decisions, err := DeterminationsOf(ctx, q, d.ID)
	if err != nil {
		return w, err
	}
	gaps, _, err := Gaps(ctx, q, d)
	if err != nil {
		return w, err
	}
	for i, m := range catalog {
		catalog[i] = m.Public()
	}
	facts, periods, decisions = told(catalog, facts, periods, decisions)
	w.facts, w.intervals = compare(FactKinds, p, catalog, facts, periods, gaps, decisions), Intervals(periods, string(k.gate.Today())[:7])
	w.flags = Flags(p, catalog, w.facts, periods, k.gate.Today())
	w.hands, err = handsOf(ctx, q, w.facts)
	return w, err
}

// handsOf names who entered and who compared what stands in the comparison.
func handsOf(ctx context.Context, q store.Querier, facts []Compared) (map[string]string, error) {
	names := map[string]string{}
	for _, c := range facts {
		for _, m := range c.Mentions {
			names[m.EnteredBy] = ""
			for _, h := range m.Checked {
				names[h.By] = ""
			}
		}
		for _, e := range c.Decisions {
			names[e.EnteredBy], names[e.ConfirmedBy] = "", ""
		}
	}
	delete(names, "")
	if len(names) == 0 {
		return names, nil
	}
	ids := slices.Collect(maps.Keys(names))
	rows, err := q.Query(ctx, "SELECT id, name FROM staff WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("hands of a comparison: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}

// Unread lists, for key facts, the filed materials that can prove one and of which nobody took
// down what they say of it. What is closed to some is in no list (15).
func Unread(ctx context.Context, q store.Querier, d Dossier, kinds ...string) (map[string][]Material, error) {
	catalog, err := CatalogOf(ctx, q, d.ID)
	if err != nil {
		return nil, err
	}
	facts, err := FactsOf(ctx, q, d.ID)
	if err != nil {
		return nil, err
	}
	periods, err := PeriodsOf(ctx, q, d.ID)
	if err != nil {
		return nil, err
	}
	decisions, err := DeterminationsOf(ctx, q, d.ID)
	if err != nil {
		return nil, err
	}
	for i, m := range catalog {
		catalog[i] = m.Public()
	}
	out := map[string][]Material{}
	for _, kind := range kinds {
		out[kind] = unread(kind, catalog, facts, periods, decisions)
	}
	return out, nil
}

// familyClasses are the classes whose forms name the family: the person's own record, the
// account of themselves, the Party's papers (materials.md 2).
var familyClasses = []string{"1", "2", "6"}

// UnreadOfKin lists the filed materials of the classes whose forms name the family that no
// entry of the family cites.
func UnreadOfKin(ctx context.Context, q store.Querier, d Dossier) ([]Material, error) {
	catalog, err := CatalogOf(ctx, q, d.ID)
	if err != nil {
		return nil, err
	}
	family, err := FamilyOf(ctx, q, d.ID)
	if err != nil {
		return nil, err
	}
	cited := map[string]bool{}
	for _, f := range family {
		cited[f.MaterialID], cited[f.Cite] = true, true
	}
	var out []Material
	for _, m := range catalog {
		class, _, _ := strings.Cut(m.Class, "-")
		if m = m.Public(); m.Title == "" || m.Withheld() || cited[m.ID] || cited[Cite(m.Class, m.Title)] || !slices.Contains(familyClasses, class) {
			continue
		}
		out = append(out, m)
	}
	return out, nil
}

// recorded says whether anything is recorded that could be compared.
func recorded(facts []Compared) bool {
	return slices.ContainsFunc(facts, func(c Compared) bool { return len(c.Mentions)+len(c.Decisions) > 0 })
}

func nothingToCompare() error {
	return rule.Refuse(rule.Reason{Rule: "20.2a", Slug: "nothing_to_compare", Message: "系统中还没有登记关键信息的记载，无从核对。", Next: "请先提档，按材料原文登记记载并由第二人核对。"})
}

// hand is who did something and on which day, as the paper says it.
func (w weighing) hand(id string, at time.Time) string {
	if at.IsZero() {
		return w.hands[id]
	}
	return w.hands[id] + " " + strings.ReplaceAll(string(calendar.Of(at)), "-", ".")
}

// checked names the second person of a writing.
func (w weighing) checked(confirmed bool, by []Check) string {
	if !confirmed {
		return "待第二人核对"
	}
	var out []string
	for _, h := range by {
		out = append(out, w.hand(h.By, h.At))
	}
	return strings.Join(out, "；")
}

// table has a heading for each fact with its verdict and the value adopted, a line for each
// writing with who entered and who compared it, and one for each key material that nobody has
// read yet.
func (w weighing) table() paper.Table {
	t := paper.Table{Columns: []paper.Column{{Title: "类号　材料名称", Width: 25}, {Title: "页", Width: 4, Align: paper.AlignCenter}, {Title: "材料形成时间", Width: 12, Align: paper.AlignCenter}, {Title: "原文记载", Width: 19},
		{Title: "规范值", Width: 13, Align: paper.AlignCenter}, {Title: "与最早记载", Width: 13, Align: paper.AlignCenter}, {Title: "存疑", Width: 15}, {Title: "采用值", Width: 11}, {Title: "经办", Width: 12, Align: paper.AlignCenter}, {Title: "核对", Width: 12, Align: paper.AlignCenter}}}
	verdicts := map[string]string{Agrees: "一致", Differs: "不一致", Missing: "缺材料", Silent: "未登记", Decided: "已认定"}
	for _, c := range w.facts {
		if !slices.Contains(KeyFacts, c.Kind) && len(c.Mentions)+len(c.Decisions) == 0 {
			continue // what is compared plainly stands there once somebody took it down
		}
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
			page := ""
			if m.Page > 0 {
				page = fmt.Sprint(m.Page)
			}
			value := orDash(m.Value)
			if m.Conversion != "" {
				value = strings.TrimSpace(m.Value + " " + m.Conversion)
			}
			entered, checked := w.hand(m.EnteredBy, m.EnteredAt), w.checked(m.Confirmed, m.Checked)
			if m.EntryID == "" && len(m.Checked) == 0 && m.Confirmed { // the register's own, for reference
				entered, checked = "", "供参照"
			}
			t.Rows = append(t.Rows, []string{m.Label, page, orDash(m.Formed), m.Written, value, against, strings.Join(m.Doubts, "；"), "", entered, checked})
		}
		for _, e := range c.Decisions {
			adopted := ""
			if e.ConfirmedBy != "" && e.Written == c.Adopted {
				adopted = e.Written
			}
			t.Rows = append(t.Rows, []string{"认定：" + e.Authority + "　" + e.DocNo + "（" + e.Label + "）", fmt.Sprint(e.PageNo), calendar.Date(e.DecidedOn).Long(), e.Written, orDash(e.Value), "认定", "", adopted,
				w.hand(e.EnteredBy, e.At), w.checked(e.ConfirmedBy != "", []Check{{e.ConfirmedBy, e.ConfirmedAt}})})
		}
		for _, m := range c.Unread {
			t.Rows = append(t.Rows, []string{m.Label(), "", orDash(m.Formed()), "未读：尚未登记记载", "", "", "", "", "", ""})
		}
		if c.Kind != "work_history" {
			continue
		}
		for _, i := range w.intervals {
			t.Rows = append(t.Rows, []string{"经历衔接：" + i.Name(), "", "", i.Text(), "", "—", "", "", "", ""})
		}
	}
	return t
}

// flagTable lists what does not look plausible, to be looked at.
func flagTable(flags []Flag) paper.Table {
	t := paper.Table{Columns: []paper.Column{{Title: "合理性提示", Width: 30}, {Title: "记载", Width: 106}}}
	for _, f := range flags {
		t.Rows = append(t.Rows, []string{f.Name, f.Text})
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
