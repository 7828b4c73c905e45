package dossier

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Pause is one stretch in which the clock of a material stood still (13a).
type Pause struct {
	ID         string `db:"id"`
	Version    int64  `db:"version"`
	MaterialID string `db:"material_id"`
	DossierID  string `db:"dossier_id"`
	Reason     string `db:"reason"` // slug of the list
	Basis      string `db:"basis"`  // the paper it rests on
	PausedOn   string `db:"paused_on"`
	PausedBy   string `db:"paused_by"`
	ResumedOn  string `db:"resumed_on,null"`
	ResumedBy  string `db:"resumed_by,null"`
	Outcome    string `db:"outcome,null"` // why the clock runs again
	Days       int64  `db:"days,null"`    // by which the term moved
}

// Table names the table of pauses.
func (Pause) Table() string { return "material_pause" }

func init() {
	store.Describe(Pause{})
	store.Register("material_pause", store.Audited, "材料两个月归档期限的暂停与恢复：原因、依据、天数")
}

// term is the day by which a material is to be filed: two months from receipt and the days
// on which its clock stood still, nothing else.
func (m Material) term(c *calendar.Calendar) (due calendar.Date, tentative bool) {
	return c.AddMonthsDays(calendar.Date(m.ReceivedOn), 2, int(m.PausedDays))
}

// running refuses an act on a material whose clock stands: what goes on, goes on within its term.
func (m Material) running() error {
	if m.PausedOn == "" {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "13a", Slug: "clock_paused", Message: "这份材料的归档期限已暂停计算。", Next: "暂停的事由已了结的，请先恢复计时，再继续办理。"})
}

// pause is the pure rule of stopping the clock: only while it runs, only before its term is
// over, only with a reason of the list and the paper that shows it.
func (m *Material) pause(today calendar.Date) error {
	switch {
	case m.PausedOn != "":
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "clock_paused", Message: "这份材料的归档期限已暂停计算。", Next: "事由变化的，请先恢复计时，再按新的事由暂停。"})
	case m.DueOn == "":
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "no_term", Message: "这份材料没有两个月的归档期限。", Next: "无需暂停。"})
	case m.DueOn < string(today):
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "term_over", Message: "归档期限 " + calendar.Date(m.DueOn).Long() + " 已过，不能再暂停。", Next: "请尽快办理；逾期如实列入逾期清单。"})
	}
	m.PausedOn, m.DueOn, m.DueTentative = string(today), "", false
	return nil
}

// resume is the pure rule of letting it run again: the term moves by the days it stood still.
func (m *Material) resume(c *calendar.Calendar, today calendar.Date) (days int64, err error) {
	if m.PausedOn == "" {
		return 0, rule.Refuse(rule.Reason{Rule: "13a", Slug: "clock_runs", Message: "这份材料的归档期限没有暂停。", Next: "请刷新后查看。"})
	}
	days = int64(today.Time().Sub(calendar.Date(m.PausedOn).Time()).Hours() / 24)
	m.PausedDays += days
	m.PausedOn = ""
	due, tentative := m.term(c)
	m.DueOn, m.DueTentative = string(due), tentative
	return days, nil
}

// PauseClock stops the clock of two months for a reason of the list. Who has the material in
// hand does not stop the own clock.
func (k *Desk) PauseClock(ctx context.Context, by policy.Actor, id, reason, basis string) (Material, error) {
	var wrong []rule.Reason
	known, ok := codes.FindPause(reason)
	if !ok {
		wrong = append(wrong, rule.Reason{Rule: "13a", Slug: "pause_reason", Field: "reason", Message: "归档期限只能按清单所列的事由暂停。", Next: "请从清单中选择；不在清单中的事由不能暂停。"})
	}
	if basis = strings.TrimSpace(basis); basis == "" {
		wrong = append(wrong, rule.Reason{Rule: "13a", Slug: "pause_basis", Field: "basis", Message: "暂停须写明依据。", Next: "请填写" + cmp.Or(known.Basis, "文书名称和文号") + "。"})
	}
	if err := mistakes(wrong); err != nil {
		return Material{}, err
	}
	return k.onMaterial(ctx, by, "material.pause", []rule.ID{"13a"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if err := m.need("暂停归档期限", Received, Appraising, ToFile); err != nil {
			return err
		}
		if m.BatchID != "" {
			return rule.Refuse(rule.Reason{Rule: "13a", Slug: "in_batch", Message: "材料已提交归档批次，待审核。", Next: "审核退回后方可暂停。"})
		}
		if err := m.onlyPaper(basis); err != nil {
			return err
		}
		if err := m.pause(tx.Today()); err != nil {
			return err
		}
		tx.Note("pause", reason)
		return tx.Insert(Pause{ID: gate.NewID(), Version: 1, MaterialID: m.ID, DossierID: d.ID, Reason: reason, Basis: basis, PausedOn: m.PausedOn, PausedBy: by.ID})
	})
}

// ResumeClock lets the clock run again once the reason is over, and says what came of it.
func (k *Desk) ResumeClock(ctx context.Context, by policy.Actor, id, outcome string) (Material, error) {
	if outcome = strings.TrimSpace(outcome); outcome == "" {
		return Material{}, rule.Mistake(rule.Reason{Rule: "13a", Slug: "resume_outcome", Field: "outcome", Message: "恢复计时须写明暂停的事由怎样了结。", Next: "请填写，例如：形成单位已答复相符。"})
	}
	return k.onMaterial(ctx, by, "material.resume", []rule.ID{"13a"}, id, func(tx *gate.Tx, _ *Dossier, m *Material) error {
		if err := m.onlyPaper(outcome); err != nil {
			return err
		}
		days, err := m.resume(tx.Calendar(), tx.Today())
		if err != nil {
			return err
		}
		p, err := store.Get[Pause](ctx, tx, "WHERE material_id=? AND resumed_on IS NULL"+tx.ForUpdate(), m.ID)
		if err != nil {
			return err
		}
		p.ResumedOn, p.ResumedBy, p.Outcome, p.Days = tx.Today().String(), by.ID, outcome, days
		tx.Note("pause", p.Reason)
		tx.Note("days", days)
		return tx.Update(&p)
	})
}

// PausesOf lists the stretches in which a material's clock stood still, oldest first.
func PausesOf(ctx context.Context, q store.Querier, materialID string) ([]Pause, error) {
	return store.List[Pause](ctx, q, "WHERE material_id=? ORDER BY id LIMIT 100", materialID)
}

// Backlog is what one agency has not filed within the term (13a).
type Backlog struct {
	Agency  string
	Overdue int64
	Oldest  string // the earliest of the terms that are over
	Paused  int64
}

// walked is how many of the province's overdue terms are counted before a count is said to be
// "at least".
const walked int64 = 10_000

// Backlogs counts overdue materials and stopped clocks of an actor's scope by agency, those
// that are most behind first. more says that no more than a bounded number were counted.
func (k *Desk) Backlogs(ctx context.Context, by policy.Actor) (out []Backlog, more bool, err error) {
	if !mayList(by) {
		return nil, false, nil
	}
	where, args := Scope(by)
	most := min(int64(len(by.Reach))*1000, walked)
	at := map[string]*Backlog{}
	bounded := false
	read := func(query string, args []any, into func(b *Backlog, n int64, first string)) error {
		rows, err := k.gate.DB().Query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		var seen int64
		for rows.Next() {
			var agency, first string
			var n int64
			if err := rows.Scan(&agency, &n, &first); err != nil {
				return err
			}
			if at[agency] == nil {
				at[agency] = &Backlog{Agency: agency}
			}
			into(at[agency], n, first)
			seen += n
		}
		more = more || seen >= most && bounded
		return rows.Err()
	}
	// The earliest terms of the province are read from their index alone, before anything is
	// joined: as long as they are fewer than that, the count is whole, whoever asks. Where they
	// are more, the actor's own are walked to, and counted up to a bound.
	earliest := "SELECT material.dossier_id AS dossier_id, " + byTerm + " AS due FROM material WHERE material." + openStates + " AND material.state<>'curing' AND " + byTerm + "<? ORDER BY " + byTerm + ", material.id LIMIT ?"
	count := func(b *Backlog, n int64, first string) { b.Overdue, b.Oldest = n, first }
	today := string(k.gate.Today())
	all, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM ("+earliest+") AS c", today, walked)
	if err != nil {
		return nil, false, err
	}
	bounded = all >= walked
	if !bounded {
		err = read("SELECT dossier.agency, count(*), min(c.due) FROM ("+earliest+") AS c JOIN dossier ON dossier.id=c.dossier_id WHERE "+where+" GROUP BY dossier.agency", append([]any{today, walked}, args...), count)
	} else {
		err = read("SELECT agency, count(*), min(due) FROM (SELECT dossier.agency AS agency, "+byTerm+" AS due FROM material CROSS JOIN dossier WHERE dossier.id=material.dossier_id AND material."+openStates+
			" AND material.state<>'curing' AND "+byTerm+"<? AND "+where+" ORDER BY "+byTerm+", material.id LIMIT ?) AS c GROUP BY agency", append(append([]any{today}, args...), most), count)
	}
	if err != nil {
		return nil, false, err
	}
	bounded = true
	err = read("SELECT agency, count(*), min(since) FROM (SELECT dossier.agency AS agency, material.paused_on AS since FROM material CROSS JOIN dossier WHERE dossier.id=material.dossier_id AND material.paused_on IS NOT NULL AND "+where+
		" ORDER BY material.paused_on, material.id LIMIT ?) AS c GROUP BY agency", append(append([]any{}, args...), most),
		func(b *Backlog, n int64, _ string) { b.Paused = n })
	for _, b := range at {
		out = append(out, *b)
	}
	slices.SortFunc(out, func(a, b Backlog) int {
		return cmp.Or(cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(b.Paused, a.Paused), cmp.Compare(a.Agency, b.Agency))
	})
	return out, more, err
}
