package graduate_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/graduate"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

const office = "50010801"

// class is a list of n graduates as CSV.
func class(n int) []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff姓名,身份证号,毕业院校,转递编号,学历\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,%s,南山学院,ZD-%04d,大学本科\n", testkit.Name(i), testkit.IDNo(i), i)
	}
	return b.Bytes()
}

func list(t *testing.T, p *testkit.Province, file []byte, errs *bytes.Buffer) graduate.Report {
	t.Helper()
	s := graduate.Source{Agency: office, FileName: "名单.csv", Content: bytes.NewReader(file), Size: int64(len(file))}
	if errs != nil {
		s.Errors = errs
	}
	r, err := p.Graduates.Import(t.Context(), p.As("clerk-500108"), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func slug(t *testing.T, err error) string {
	t.Helper()
	var r *rule.Refusal
	if !errors.As(err, &r) {
		t.Fatalf("no refusal: %v", err)
	}
	return string(r.Reasons[0].Rule) + " " + r.Reasons[0].Slug
}

func TestAClassFromListToClaim(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		by := p.As("clerk-500108")
		held := testkit.Stock(p, office, 2, nil)
		var errs bytes.Buffer
		file := append(class(4), []byte("无号,123,南山学院,ZD-9,本科\n")...)
		r := list(t, p, file, &errs)
		if r.Listed != 4 || r.Rejected != 1 || !bytes.HasPrefix(errs.Bytes(), []byte("PK")) {
			t.Fatalf("report %+v, %d bytes of errors", r, errs.Len())
		}
		if again := list(t, p, file, nil); again.Here != 4 || again.List != r.List {
			t.Errorf("again: %+v", again)
		}
		got, err := p.Graduates.ReceiveAll(t.Context(), by, []graduate.Arrival{{Number: "zd-0000", Seal: custody.Intact}, {Number: "ZD-0001", Seal: custody.Broken},
			{Number: "ZD-0002", Seal: custody.Intact}, {Number: "ZD-7777", Seal: custody.Intact}, {Number: "ZD-0000", Seal: custody.Intact}})
		if err != nil {
			t.Fatal(err)
		}
		if got[0].Err != nil || got[0].Graduate.State != graduate.Unclaimed {
			t.Fatalf("first: %+v", got[0])
		}
		if got[2].Err != nil || got[2].Graduate.State != graduate.Elsewhere || got[2].Graduate.DossierID != held.ID {
			t.Errorf("one person, one dossier: %+v", got[2])
		}
		for i, want := range map[int]string{1: "20.3 damage_undescribed", 3: "12 packet_not_listed", 4: "12 packet_received"} {
			if s := slug(t, got[i].Err); s != want {
				t.Errorf("packet %d: %s, want %s", i, s, want)
			}
		}
		g := got[0].Graduate
		d, err := store.Get[dossier.Dossier](t.Context(), p.DB, "WHERE id=?", g.DossierID)
		if err != nil || d.State != dossier.Arriving || d.Agency != office || d.Category != "4.3" || d.AccountKind != "" {
			t.Errorf("dossier %+v %v", d, err)
		}
		if chain, err := custody.Chain(t.Context(), p.DB, d.ID); err != nil || len(chain) != 1 {
			t.Errorf("custody from day one: %v %v", chain, err)
		}
		if _, err := p.Graduates.Tell(t.Context(), by, g.ID, "短信"); err != nil {
			t.Fatal(err)
		}
		_, err = p.Graduates.Claim(t.Context(), by, g.ID, graduate.Claim{NoticeVersion: "2026-1", Missing: []string{"入团志愿书"}})
		if s := slug(t, err); s != "20.4a undertaking_missing" {
			t.Error(s)
		}
		if _, err := p.Graduates.Claim(t.Context(), by, g.ID, graduate.Claim{NoticeVersion: "2026-1", Missing: []string{"入团志愿书"}, Undertaking: true}); err != nil {
			t.Fatal(err)
		}
		if d, err = store.Get[dossier.Dossier](t.Context(), p.DB, "WHERE id=?", g.DossierID); err != nil || d.AccountKind != "personal" {
			t.Errorf("account: %+v %v", d, err)
		}
	})
}

// Nothing of a class is lost: whatever is done, every listed person is in exactly one state.
func TestNothingOfAClassIsLost(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		const n = 12
		by := p.As("clerk-500108")
		r := list(t, p, class(n), nil)
		dice := rand.New(rand.NewPCG(12, 20))
		for range 30 {
			i := dice.IntN(n + 2)
			g, err := p.Graduates.Receive(t.Context(), by, graduate.Arrival{Number: fmt.Sprintf("ZD-%04d", i), Seal: custody.Intact})
			if err == nil && dice.IntN(2) == 0 {
				_, err = p.Graduates.Claim(t.Context(), by, g.ID, graduate.Claim{NoticeVersion: "1"})
			}
			var refused *rule.Refusal
			if err != nil && !errors.As(err, &refused) {
				t.Fatal(err)
			}
			_, counts, err := p.Graduates.ListOf(t.Context(), by, r.List)
			if err != nil {
				t.Fatal(err)
			}
			var sum int64
			for s, k := range counts {
				if !slices.Contains([]graduate.State{graduate.Awaited, graduate.Unclaimed, graduate.Claimed, graduate.Elsewhere}, s) {
					t.Errorf("state %q", s)
				}
				sum += k
			}
			if sum != n {
				t.Fatalf("%d of %d: %v", sum, n, counts)
			}
		}
	})
}
