package testkit

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"dangan/internal/staff"
	"dangan/internal/store"
)

func TestProvinceIsServed(t *testing.T) {
	Each(t, func(t *testing.T, p *Province) {
		s := p.Serve()
		for token, want := range map[string]int{"": 401, p.Token("clerk-500108"): 200} {
			r, _ := http.NewRequest("GET", s.URL+"/api/v1/session", nil)
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != want {
				t.Errorf("session answered %d, want %d", res.StatusCode, want)
			}
		}
	})
}

// The next test finds nothing of what this one did.
func TestADatabaseIsSetBack(t *testing.T) {
	content := func(p *Province) map[string]string {
		out := map[string]string{"": p.URL}
		names, err := p.DB.TableNames(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			var all string
			if err := p.DB.QueryRow(t.Context(), `SELECT coalesce(string_agg(r::text, ';' ORDER BY r::text), '') FROM "`+name+`" r`).Scan(&all); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(name, "river_") { // the queue keeps hours of its own
				out[name] = all
			}
		}
		return out
	}
	var founded, changed, again map[string]string
	t.Run("first", func(t *testing.T) {
		p := New(t, store.Postgres)
		founded = content(p)
		if _, _, err := p.Staff.Create(t.Context(), p.As("sysadmin-500000"), staff.NewMember{Username: "new", Name: "新来", Agency: "50010801", PartyMember: true}); err != nil {
			t.Fatal(err)
		}
		changed = content(p)
	})
	t.Run("second", func(t *testing.T) { again = content(New(t, store.Postgres)) })
	if maps.Equal(founded, changed) {
		t.Error("nothing was changed in the first place")
	}
	for name, rows := range founded {
		if again[name] != rows {
			t.Errorf("%q: %.200s, founded with %.200s", name, again[name], rows)
		}
	}
}
