package api

import (
	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// Due is a term as screens show it: the day, the working days left, and what it
// rests on. Screens never count days themselves.
type Due struct {
	On        string `json:"on" doc:"到期日 2026-11-25"`
	Left      int    `json:"left" doc:"剩余工作日；负数为逾期的工作日数"`
	Tentative bool   `json:"tentative,omitempty" doc:"暂定：放假安排公布后重算"`
	Clause    string `json:"clause,omitempty" doc:"法定期限的条款标签"`
	Word      string `json:"word,omitempty" doc:"承诺或约定"`
}

// due counts a term from today. basis is a rule's id, or the word 承诺 or 约定;
// nil for no term.
func (s *Server) due(on string, tentative bool, basis string) *Due {
	if on == "" {
		return nil
	}
	now := calendar.Of(s.Clock.Now())
	days := s.Gate.Calendar()
	d := &Due{On: on, Left: days.Workdays(now, calendar.Date(on)), Tentative: tentative}
	// A term that ran out on days off is overdue by at least one day.
	if d.Left == 0 && on < string(now) {
		d.Left = -1
	}
	if known, ok := rule.Get(rule.ID(basis)); ok {
		d.Clause = known.Clause
	} else {
		d.Word = basis
	}
	return d
}
