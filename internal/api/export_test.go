package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"dangan/internal/ledger"
	"dangan/internal/testkit"

	"github.com/xuri/excelize/v2"
)

// An exported list holds what the actor may list and the filter answers, numbers
// masked, and is on record before it leaves.
func TestAnExportedListIsInScopeMaskedAndOnRecord(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		var mine []string
		for n := range 3 {
			mine = append(mine, testkit.Stock(p, "50010801", n, nil).ID)
		}
		other := testkit.Stock(p, "50010301", 7, nil)
		clerk := p.Client("clerk-500108")
		rows := func(a *testkit.Answer) [][]string {
			book, err := excelize.OpenReader(bytes.NewReader(a.OK().Body))
			if err != nil {
				t.Fatal(err)
			}
			defer book.Close()
			out, err := book.GetRows("档案清单")
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		all := clerk.Get("/api/v1/dossiers/list.xlsx?sort=no")
		list := rows(all)
		if len(list) != 4 || all.Header.Get("X-Rows") != "3" || list[1][2] != testkit.Name(0) {
			t.Fatalf("%d rows: %v", len(list), list)
		}
		for n, r := range list[1:] {
			full := testkit.IDNo(n)
			if line := strings.Join(r, " "); strings.Contains(line, full) || !strings.Contains(line, full[:3]+"***********"+full[14:]) {
				t.Errorf("identity number not masked: %s", line)
			}
		}
		if got := rows(clerk.Get("/api/v1/dossiers/list.xlsx?ids=" + mine[2] + "," + mine[0])); len(got) != 3 {
			t.Errorf("two chosen: %d rows", len(got))
		}
		if got := rows(clerk.Get("/api/v1/dossiers/list.xlsx?state=lent")); len(got) != 1 {
			t.Errorf("nothing found: %d rows", len(got))
		}
		if a := clerk.Get("/api/v1/dossiers/list.xlsx?ids=" + mine[0] + "," + other.ID); a.Status != http.StatusNotFound {
			t.Errorf("another agency's dossier: %d %s", a.Status, a.Body)
		}
		if a := p.Client("keeper-500108").Get("/api/v1/dossiers/list.xlsx"); a.Status != http.StatusForbidden || a.Problem().Reasons[0].Rule != "29.3" {
			t.Errorf("the keeper: %d %s", a.Status, a.Body)
		}
		told, err := ledger.About(t.Context(), p.DB, "Dossier:"+mine[2], 0, 5)
		if err != nil || len(told) == 0 {
			t.Fatalf("nothing on record about a chosen dossier: %v", err)
		}
		body, err := told[0].Parse()
		if err != nil || body.Action != "dossier.export" || body.Facts["rows"] != float64(2) || body.Facts["sha256"] == "" {
			t.Errorf("recorded as %+v, %v", body, err)
		}
		// A browser is asked for a fresh proof before the work, and the sixth list in a minute is one too many.
		b := &browser{c: p.Client("")}
		b.post("/api/v1/session", map[string]any{"username": "head-500108", "password": testkit.Password}).OK()
		p.Clock.Advance(6 * time.Minute)
		if a := b.c.Do("GET", "/api/v1/dossiers/list.xlsx", nil, "Cookie", b.cookie); a.Problem().Kind != "proof" {
			t.Errorf("an old session: %d %s", a.Status, a.Body)
		}
		last := 0
		for range 4 {
			last = clerk.Get("/api/v1/dossiers/list.xlsx").Status
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the sixth list in a minute answered %d", last)
		}
	})
}
