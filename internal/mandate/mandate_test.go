package mandate

import (
	"errors"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

const today = calendar.Date("2026-11-24")

// Numbers of the standard's own examples, with a valid check digit.
const one, two = "11010519491231002X", "440524188001010014"

func paper(change func(p *Paper)) *Paper {
	p := &Paper{Principal: "甲", PrincipalNo: one, PrincipalDoc: Documents[0], Agent: "乙", AgentNo: two, AgentDoc: Documents[1], Relation: Relations[0],
		Matters: []string{Transfer, Certificate}, On: "2026-11-01", Until: "2026-12-31", Originals: true, Unpaid: true}
	if change != nil {
		change(p)
	}
	return p
}

// slugs are the kind of a refusal and its reasons.
func slugs(t *testing.T, err error) (kind rule.Kind, out []string) {
	t.Helper()
	var r *rule.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("not a refusal: %v", err)
	}
	for _, x := range r.Reasons {
		if x.Message == "" || x.Next == "" {
			t.Errorf("teaches nothing: %+v", x)
		}
		out = append(out, string(x.Rule)+" "+x.Slug)
	}
	return r.Kind, out
}

func TestAPaperSaysEverythingOrWhatIsMissing(t *testing.T) {
	for name, c := range map[string]struct {
		change func(p *Paper)
		kind   rule.Kind
		want   string
	}{
		"whole":                {nil, "", ""},
		"ends today":           {func(p *Paper) { p.Until = today }, "", ""},
		"agent is principal":   {func(p *Paper) { p.AgentNo = one }, rule.Invalid, "12a agent_is_principal"},
		"number of the agent":  {func(p *Paper) { p.AgentNo = "110105194912310021" }, rule.Invalid, "12a agent_number_invalid"},
		"no name":              {func(p *Paper) { p.Principal = " " }, rule.Invalid, "12a principal_name_missing"},
		"unknown matter":       {func(p *Paper) { p.Matters = []string{"loan"} }, rule.Invalid, "12a matter_unknown"},
		"paper of tomorrow":    {func(p *Paper) { p.On = "2026-11-25" }, rule.Invalid, "12a paper_day_invalid"},
		"ends before it began": {func(p *Paper) { p.Until = "2026-10-01" }, rule.Invalid, "12a validity_invalid"},
		"no paper":             {func(p *Paper) { p.On = "" }, rule.Incomplete, "12a paper_missing"},
		"no end":               {func(p *Paper) { p.Until = "" }, rule.Incomplete, "12a validity_missing"},
		"over":                 {func(p *Paper) { p.Until = "2026-11-23" }, rule.Incomplete, "12a mandate_expired"},
		"no matter":            {func(p *Paper) { p.Matters = nil }, rule.Incomplete, "12a scope_missing"},
		"principal's document": {func(p *Paper) { p.PrincipalDoc = "" }, rule.Incomplete, "12a principal_document_missing"},
		"agent's document":     {func(p *Paper) { p.AgentDoc = "工作证" }, rule.Incomplete, "12a agent_document_missing"},
		"relation":             {func(p *Paper) { p.Relation = "" }, rule.Incomplete, "29.9 relation_missing"},
		"copies":               {func(p *Paper) { p.Originals = false }, rule.Incomplete, "12a originals_not_seen"},
		"paid":                 {func(p *Paper) { p.Unpaid = false }, rule.Incomplete, "29.9 unpaid_not_declared"},
	} {
		err := paper(c.change).Check(today)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if kind, got := slugs(t, err); kind != c.kind || len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %v %v, want %s", name, kind, got, c.want)
		}
	}
	if _, got := slugs(t, paper(func(p *Paper) { p.On, p.Until, p.Matters, p.Originals, p.Unpaid = "", "", nil, false, false }).Check(today)); len(got) != 5 {
		t.Errorf("not all at once: %v", got)
	}
}

func TestAMandateCoversItsPrincipalMatterAndDays(t *testing.T) {
	m := Mandate{State: Valid, PrincipalIndex: []byte{1}, Matters: Transfer, PaperOn: "2026-11-01", ValidUntil: "2026-11-24"}
	with := func(change func(m *Mandate)) Mandate { out := m; change(&out); return out }
	for name, c := range map[string]struct {
		m      Mandate
		matter string
		who    byte
		day    calendar.Date
		kind   rule.Kind
		want   string
	}{
		"covers":        {m, Transfer, 1, today, "", ""},
		"other person":  {m, Transfer, 2, today, rule.Incomplete, "12a other_principal"},
		"out of scope":  {m, Certificate, 1, today, rule.Incomplete, "12a out_of_scope"},
		"the day after": {m, Transfer, 1, "2026-11-25", rule.Incomplete, "12a mandate_expired"},
		"revoked":       {with(func(m *Mandate) { m.State = Revoked }), Transfer, 1, today, rule.Incomplete, "12a mandate_revoked"},
		"waiting":       {with(func(m *Mandate) { m.State = Waiting }), Transfer, 1, today, rule.Refused, "29.9 agent_unconfirmed"},
		"declined":      {with(func(m *Mandate) { m.State = Declined }), Transfer, 1, today, rule.Refused, "29.9 agent_declined"},
	} {
		err := c.m.Covers(c.matter, c.day, []byte{c.who})
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if kind, got := slugs(t, err); kind != c.kind || got[0] != c.want {
			t.Errorf("%s: %v %v, want %s", name, kind, got, c.want)
		}
	}
	if err := m.Covers(Transfer, today, []byte{9}, []byte{1}); err != nil {
		t.Errorf("the number that goes or the one that comes: %v", err)
	}
}

func TestTheHeadDecidesOnceAndTheWordStays(t *testing.T) {
	at := time.Now()
	m := Mandate{State: Valid}
	if _, got := slugs(t, m.Decide("h", at, true, "问过")); got[0] != "29.9 not_waiting" {
		t.Error(got)
	}
	m.State = Waiting
	if _, got := slugs(t, m.Decide("h", at, true, " ")); got[0] != "29.9 decision_note" || m.State != Waiting {
		t.Error(got, m.State)
	}
	if err := m.Decide("h", at, false, "委托人说付了费。"); err != nil || m.State != Declined || m.Note != "委托人说付了费" {
		t.Error(err, m)
	}
	if _, got := slugs(t, m.Revoke("c", at, "书面撤销")); got[0] != "12a mandate_ended" {
		t.Error(got)
	}
	m.State = Valid
	if _, got := slugs(t, m.Revoke("c", at, "")); got[0] != "12a revoke_reason" {
		t.Error(got)
	}
	if err := m.Revoke("c", at, "书面撤销"); err != nil || m.State != Revoked {
		t.Error(err, m.State)
	}
	if flagged(5, 5) || !flagged(6, 5) {
		t.Error("the setting is the most that is usual")
	}
}
