package testkit

import (
	"net/http"
	"testing"
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
