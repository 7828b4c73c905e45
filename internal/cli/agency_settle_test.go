package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// 5, 6a: an agency is put under another authority, and a decision that did not take effect on its
// day is settled, from the command line as on the page: same post, same documents, same refusals.
func TestAgenciesAreAssignedAndSettled(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	if time.Now().Before(p.Clock.Now()) {
		t.Skip("the command line goes by the machine's clock, which lies before the province's")
	}
	const code = "50010895"
	decide := func(c agency.Change) {
		t.Helper()
		c.Agency, c.Document = code, "渝人社〔2026〕95号"
		if _, err := p.Agencies.Resolve(t.Context(), p.As("supervisor-500000"), c); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Agencies.Establish(t.Context(), p.As("supervisor-500000"), agency.Agency{ID: code, Name: "演示授权单位", Short: "演示", Parent: "500108", BasisKind: agency.Established}, agency.Change{Document: "渝人社〔2026〕90号", EffectiveOn: "2026-01-01"}); err != nil {
		t.Fatal(err)
	}
	as := func(who string, rest ...string) []string {
		return append([]string{"--data", p.Dir, "--as", who}, rest...)
	}
	order := func(who string, rest ...string) []string {
		return as(who, append(rest, "--document", "渝人社〔2026〕96号", "--on", time.Now().Format(time.DateOnly))...)
	}
	call := func(want int, verb string, args []string) (string, string) {
		t.Helper()
		return run(t, want, append([]string{"agency", verb}, args...)...)
	}

	// What stands in the way of a second decision of later days: the agency is closed by then.
	decide(agency.Change{Kind: agency.Renamed, NewName: "不会有的名称", EffectiveOn: "2026-11-25"})
	decide(agency.Change{Kind: agency.Renamed, NewName: "也不会有", EffectiveOn: "2026-11-26"})

	out, _ := call(exitDone, "assign", append(order("supervisor-500000", code, "--parent", "500103"), "--json"))
	var done agencyDone
	if err := json.Unmarshal([]byte(out), &done); err != nil || done.Parent != "500103" || done.Waiting {
		t.Errorf("assigned %q: %v", out, err)
	}
	if _, said := call(exitRefused, "assign", order("auditor-500000", code, "--parent", "500108")); !strings.Contains(said, "由监督办理") {
		t.Errorf("the audit administrator is told %q", said)
	}
	call(exitUsage, "assign", order("supervisor-500000", code, "--parent", "500103")) // under it already
	call(exitRefused, "settle", as("supervisor-500000", code, "--note", "不再办理"))      // nothing lapsed yet

	decide(agency.Change{Kind: agency.Closing, EffectiveOn: "2026-11-24"})
	p.Clock.Set(p.Clock.Now().AddDate(0, 0, 3))
	if err := p.Agencies.TakeEffect(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, said := call(exitUsage, "settle", as("supervisor-500000", code, "--note", "不再办理")) // two: one is to be named
	if !strings.Contains(said, "2 项未生效") || !strings.Contains(said, "--change") {
		t.Errorf("of two it says %q", said)
	}
	_, after, ok := strings.Cut(said, "变动：")
	id, _, _ := strings.Cut(after, "（")
	if !ok || len(id) != 36 {
		t.Fatalf("names no number: %q", said)
	}
	call(exitRefused, "settle", as("supervisor-500000", code, "--note", "不再办理", "--change", "01a218a6-0000-7000-8000-000000000000"))
	call(exitRefused, "settle", as("auditor-500000", code, "--note", "不再办理", "--change", id))
	call(exitUsage, "settle", as("supervisor-500000", code, "--note", " ", "--change", id))
	out, _ = call(exitDone, "settle", as("supervisor-500000", code, "--note", "机构已撤销，不再更名", "--change", id, "--json"))
	var settled agencySettled
	if err := json.Unmarshal([]byte(out), &settled); err != nil || settled.Change != id || settled.Note != "机构已撤销，不再更名" || settled.Lapsed == "" {
		t.Errorf("settled %q: %v", out, err)
	}
	out, _ = call(exitDone, "settle", as("supervisor-500000", code, "--note", "另行报批")) // the one that is left
	if !strings.Contains(out, "已了结（另行报批）") {
		t.Errorf("says %q", out)
	}
}
