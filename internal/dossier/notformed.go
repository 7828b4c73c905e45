package dossier

import (
	"context"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// NotFormed says that a material which the checklist expects never came to be, with who states
// it and on what. Like every entry it counts once another person confirms it; then the line is
// closed until the entry is withdrawn with a reason (materials.md 4).
type NotFormed struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	DossierID   string    `db:"dossier_id"`
	Title       string    `db:"title"`     // as the checklist writes it
	StatedBy    string    `db:"stated_by"` // the unit that would have formed it, or the person
	StatedOn    string    `db:"stated_on"`
	Statement   string    `db:"statement"` // the paper that says it, and where it lies
	EnteredBy   string    `db:"entered_by"`
	ConfirmedBy string    `db:"confirmed_by,null"`
	Void        string    `db:"void,null"`
	At          time.Time `db:"at"`
}

// Table names the table of what was not formed.
func (NotFormed) Table() string { return "not_formed" }

func init() {
	store.Describe(NotFormed{})
	store.Register("not_formed", store.Audited, "未形成的材料：谁在何时以何说明，第二人核对")
}

// NewNotFormed is a statement as its paper says it.
type NewNotFormed struct {
	Title, StatedBy, On, Statement string
}

func (n NewNotFormed) check(today calendar.Date) error {
	var reasons []rule.Reason
	add := func(field, message, next string) {
		reasons = append(reasons, rule.Reason{Rule: "14a", Slug: "not_formed_" + strings.ToLower(field), Field: field, Message: message, Next: next})
	}
	if strings.TrimSpace(n.StatedBy) == "" {
		add("statedBy", "须写明由谁说明没有形成。", "请填写形成单位全称；由本人说明的写“本人”。")
	}
	if strings.TrimSpace(n.Statement) == "" {
		add("statement", "须写明凭什么说明。", "请填写说明的名称、文号和存放处，例如“书面说明，随通知单回单存”。")
	}
	if on := calendar.Date(n.On); !on.Valid() || on > today {
		add("on", "说明的日期缺失，或在今天之后。", "请照说明填写日期。")
	}
	if slices.ContainsFunc([]string{n.StatedBy, n.Statement}, secretMark) {
		reasons = append(reasons, secretTitle("statement"))
	}
	return mistakes(reasons)
}

// StateNotFormed records that an expected material was not formed. What the checklist requires
// can't be stated away, and what is filed was formed.
func (k *Desk) StateNotFormed(ctx context.Context, by policy.Actor, dossierID string, n NewNotFormed) (e NotFormed, err error) {
	if err := n.check(k.gate.Today()); err != nil {
		return e, err
	}
	_, err = k.act(ctx, by, "dossier.enter", []rule.ID{"14a", "29.2"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		title := codes.Canonical(strings.TrimSpace(n.Title))
		_, expected, known, err := Lacks(ctx, tx, *d)
		if err != nil {
			return err
		}
		if !known || !slices.ContainsFunc(expected, func(g Gap) bool { return g.Title == title }) {
			return rule.Refuse(rule.Reason{Rule: "14a", Slug: "not_formed_unexpected", Field: "title", Message: "《" + title + "》不是这份档案清单上尚缺的“一般应有”材料，不能以未形成办结。", Next: "清单要求的材料照常收集；确实无法补来的，在待补材料中写明情况，由审核人员办结。"})
		}
		open, err := NotFormedOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(open, func(x NotFormed) bool { return x.Title == title }) {
			return rule.Refuse(rule.Reason{Rule: "14a", Slug: "not_formed_twice", Field: "title", Message: "《" + title + "》已登记未形成，待第二人核对。", Next: "请由本机构另一人核对；登记有误的撤销后重新登记。"})
		}
		e = NotFormed{ID: gate.NewID(), Version: 1, DossierID: d.ID, Title: title, StatedBy: strings.TrimSpace(n.StatedBy), StatedOn: n.On, Statement: strings.TrimSpace(n.Statement), EnteredBy: by.ID, At: tx.Now()}
		tx.Note("entered", EntryNotFormed)
		return entered(tx, d, e)
	})
	return e, err
}

// NotFormedOf lists what is stated as not formed of a dossier, newest first, whether it was
// confirmed or waits for it.
func NotFormedOf(ctx context.Context, q store.Querier, dossierID string) ([]NotFormed, error) {
	return store.List[NotFormed](ctx, q, "WHERE dossier_id=? AND void IS NULL ORDER BY id DESC LIMIT 100", dossierID)
}

// formed leaves out what two persons know was not formed.
func formed(expected []Gap, stated []NotFormed) []Gap {
	return slices.DeleteFunc(expected, func(g Gap) bool {
		return slices.ContainsFunc(stated, func(e NotFormed) bool { return e.ConfirmedBy != "" && e.Title == g.Title })
	})
}
