package roster_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/founding"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/roster"
	"dangan/internal/rule"
	"dangan/internal/sheet"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

const office = "50010801"

// given is the district's stock list with what a careful clerk would decide.
func given(t *testing.T) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/roster-500108.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func source(raw []byte) roster.Source {
	return roster.Source{Agency: office, FileName: "花名册.xlsx", Basis: "存量清册（演示）", Content: bytes.NewReader(raw), Size: int64(len(raw))}
}

func mustImport(t *testing.T, p *testkit.Province, s roster.Source) roster.Report {
	t.Helper()
	r, err := p.Rosters.Import(context.Background(), p.As("clerk-500108"), s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func count(t *testing.T, p *testkit.Province, query string, args ...any) int {
	t.Helper()
	var n int
	if err := p.DB.QueryRow(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestGivenRosterEndsAsACarefulClerkDecides(t *testing.T) {
	var want struct {
		Rows, Accepted, Rejected int
		Items                    []struct {
			Row              int
			Outcome          roster.Outcome
			Errors, Warnings []roster.Code
			ID, Name         string
			Category         string
		}
	}
	raw, err := os.ReadFile("testdata/roster-500108.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		t.Fatal(err)
	}
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		file := given(t)
		dry := source(file)
		dry.DryRun = true
		before := count(t, p, "SELECT count(*) FROM ledger_entry")
		preview := mustImport(t, p, dry)
		if n := count(t, p, "SELECT count(*) FROM ledger_entry"); n != before {
			t.Errorf("a dry run wrote %d entries", n-before)
		}
		got := mustImport(t, p, source(file))
		if got.Rows != want.Rows || got.Accepted != want.Accepted || got.Rejected != want.Rejected || got.AlreadyHere != 0 {
			t.Errorf("counts %d %d %d %d, want %d %d %d 0", got.Rows, got.Accepted, got.Rejected, got.AlreadyHere, want.Rows, want.Accepted, want.Rejected)
		}
		for i, w := range want.Items {
			g := got.Items[i]
			if g.Row != w.Row || g.Outcome != w.Outcome || !slices.Equal(g.Errors, w.Errors) || !slices.Equal(g.Warnings, w.Warnings) {
				t.Errorf("row %d: %s %v %v, want %s %v %v", g.Row, g.Outcome, g.Errors, g.Warnings, w.Outcome, w.Errors, w.Warnings)
			}
			pre := preview.Items[i]
			if pre.Outcome != g.Outcome || !slices.Equal(pre.Errors, g.Errors) || !slices.Equal(pre.Warnings, g.Warnings) {
				t.Errorf("row %d: the preview said %v", g.Row, pre)
			}
			if g.Outcome != roster.Accepted {
				continue
			}
			d, err := dossier.Get(ctx, p.DB, g.Dossier)
			if err != nil {
				t.Fatal(err)
			}
			who, err := person.Get(ctx, p.DB, d.PersonID)
			if err != nil {
				t.Fatal(err)
			}
			if who.IDNo != w.ID || who.Name != w.Name || d.Category != w.Category || d.Basis != "stock" || d.State != dossier.InStore || d.Agency != office || !who.Synthetic {
				t.Errorf("row %d became %s %s %s", g.Row, who.Name, d.Category, d.State)
			}
			chain, err := custody.Chain(ctx, p.DB, d.ID)
			if err != nil || len(chain) != 1 || chain[0].Kind != custody.Taken || chain[0].ToPlace != dossier.PlaceStore || chain[0].CaseRef != "RosterImport:"+got.Import {
				t.Errorf("row %d: custody %v %v", g.Row, chain, err)
			}
		}
		if n := count(t, p, "SELECT count(*) FROM dossier"); n != want.Accepted {
			t.Errorf("%d dossiers, want %d", n, want.Accepted)
		}
		if n := count(t, p, "SELECT count(DISTINCT dossier_id) FROM name_key WHERE agency=?", office); n != want.Accepted {
			t.Errorf("%d dossiers can be found by name, want %d", n, want.Accepted)
		}
		again := mustImport(t, p, source(file))
		if again.Accepted != 0 || again.AlreadyHere != want.Accepted || again.Rejected != want.Rejected || count(t, p, "SELECT count(*) FROM dossier") != want.Accepted {
			t.Errorf("the same file again: %d accepted, %d already here, %d rejected", again.Accepted, again.AlreadyHere, again.Rejected)
		}
		m, err := store.Get[roster.Import](ctx, p.DB, "WHERE id=?", got.Import)
		if err != nil || m.State != roster.Finished || m.Basis == "" || m.Accepted != int64(want.Accepted) || m.ErrorsBlob == "" {
			t.Errorf("record of the run: %+v %v", m, err)
		}
	})
}

// rows builds a workbook of text cells.
func rows(t testing.TB, list ...[]string) []byte {
	t.Helper()
	w, err := sheet.NewWriter("花名册", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if err := w.Put(r, nil); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := w.Finish(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// made makes n rows of different persons; from shifts them.
func made(t testing.TB, from, n int) []byte {
	list := [][]string{{"档案编号", "姓名", "身份证号", "性别", "人员类别", "户籍所在地", "库位", "入职渠道"}}
	for i := from; i < from+n; i++ {
		k := i / 900
		body := fmt.Sprintf("500108%04d%02d%02d%03d", 1960+k/336%45, 1+k/28%12, 1+k%28, 100+i%900)
		id := body + string(identity.CheckCharacter(body))
		sex := "女"
		if i%2 == 1 {
			sex = "男"
		}
		list = append(list, []string{fmt.Sprintf("NA-%06d", i), "测试" + string(rune(0x4e00+i%2000)), id, sex, "4.1", "南岸区", fmt.Sprintf("01-A-%02d-%d", i%40, i%6), "校园"})
	}
	return rows(t, list...)
}

func TestErrorWorkbookComesBackCorrected(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	var book bytes.Buffer
	s := source(given(t))
	s.Errors = &book
	first := mustImport(t, p, s)
	second := source(book.Bytes())
	r := mustImport(t, p, second)
	if r.Rows != first.Rejected {
		t.Errorf("the error workbook holds %d rows, want %d", r.Rows, first.Rejected)
	}
	for _, i := range r.Items {
		if i.Outcome == roster.Accepted {
			t.Errorf("row %d passes uncorrected", i.Row)
		}
	}
}

func TestTheProvinceIsAsked(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		file := made(t, 0, 3)
		mustImport(t, p, source(file))
		other := source(file)
		other.Agency = "50010301"
		r, err := p.Rosters.Import(ctx, p.As("clerk-500103"), other)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range r.Items {
			if i.Outcome != roster.Rejected || !slices.Contains(i.Errors, roster.HeldElsewhere) {
				t.Errorf("row %d: %v, want held-elsewhere", i.Row, i)
			}
		}
		d, err := store.Get[dossier.Dossier](ctx, p.DB, "WHERE no=?", "NA-000001")
		if err != nil || d.Shelfmark == "" || d.Notes != `[{"header":"入职渠道","text":"校园"}]` {
			t.Errorf("dossier %+v %v", d, err)
		}
		who, err := person.Get(ctx, p.DB, d.PersonID)
		if err != nil {
			t.Fatal(err)
		}
		renamed := rows(t, []string{"姓名", "身份证号", "人员类别"}, []string{"别人", who.IDNo, "4.1"})
		for code, want := range map[string][]roster.Code{office: {roster.IDNameConflict}, "50010301": {roster.HeldElsewhere, roster.IDNameConflict}} {
			s := source(renamed)
			s.Agency = code
			r, err := p.Rosters.Import(ctx, p.As("clerk-"+code[:6]), s)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(r.Items[0].Errors, want) {
				t.Errorf("%s: errors %v, want %v", code, r.Items[0].Errors, want)
			}
		}
		// A dossier that left the province comes home as the same record.
		_, err = p.Gate.Do(ctx, gate.Act{Actor: p.As("clerk-500108"), Action: "roster.register"}, func(tx *gate.Tx) error {
			d, err := dossier.Load(tx, d.ID)
			if err != nil {
				return err
			}
			if err := tx.Permit(d.Resource()); err != nil {
				return err
			}
			d.State, d.Place = dossier.Left, dossier.PlaceOutside
			return dossier.Save(tx, &d)
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err = p.Rosters.Import(ctx, p.As("clerk-500103"), other)
		if err != nil || r.Accepted != 1 || r.Rejected != 2 {
			t.Fatalf("%+v %v", r, err)
		}
		home, err := dossier.Get(ctx, p.DB, d.ID)
		if err != nil || home.Agency != "50010301" || home.State != dossier.InStore {
			t.Errorf("came home as %+v %v", home, err)
		}
		if n := count(t, p, "SELECT count(*) FROM name_key WHERE dossier_id=? AND agency<>?", d.ID, "50010301"); n != 0 {
			t.Errorf("%d search keys still stand under the old keeper", n)
		}
	})
}

func TestTwoImportsAtOnceRegisterEverybodyOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		const n = 1200
		var wg sync.WaitGroup
		reports := make([]roster.Report, 2)
		for i, file := range [][]byte{made(t, 0, n), made(t, 0, n)} {
			wg.Go(func() {
				var err error
				if reports[i], err = p.Rosters.Import(context.Background(), p.As("clerk-500108"), source(file)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if sum := reports[0].Accepted + reports[1].Accepted; sum != n {
			t.Errorf("%d rows accepted by the two, want %d", sum, n)
		}
		if here := reports[0].AlreadyHere + reports[1].AlreadyHere; here != n {
			t.Errorf("%d rows already here, want %d", here, n)
		}
		if k := count(t, p, "SELECT count(*) FROM dossier"); k != n {
			t.Errorf("%d dossiers, want %d", k, n)
		}
	})
}

func TestCancelKeepsWhatIsRegisteredAndTheSameFileGoesOn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx, cancel := context.WithCancel(context.Background())
		file := made(t, 0, 4500)
		s := source(file)
		s.Progress = func(done, _ int) {
			if done >= 500 {
				cancel()
			}
		}
		r, err := p.Rosters.Import(ctx, p.As("clerk-500108"), s)
		if err != nil || !r.Cancelled {
			t.Fatalf("%+v %v", r.Cancelled, err)
		}
		kept := count(t, p, "SELECT count(*) FROM dossier")
		if kept == 0 || kept == 4500 || kept != r.Accepted {
			t.Errorf("%d registered, report says %d", kept, r.Accepted)
		}
		if n := count(t, p, "SELECT count(*) FROM roster_import WHERE state='cancelled'"); n != 1 {
			t.Errorf("%d cancelled runs on record", n)
		}
		again := mustImport(t, p, source(file))
		if again.AlreadyHere != kept || again.Accepted != 4500-kept {
			t.Errorf("going on: %d already here, %d accepted", again.AlreadyHere, again.Accepted)
		}
	})
}

func TestWhoMayNotImport(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		for _, c := range []struct{ name, user, agency, rule string }{
			{"经办不能导入外区机构", "clerk-500108", "50010301", "hidden"},
			{"库管不办导入", "keeper-500108", office, "2"},
			{"监督不办导入", "supervisor-500108", office, "2"},
			{"主管部门本身不保管档案", "clerk-500108", "500108", "hidden"},
		} {
			s := source(made(t, 0, 1))
			s.Agency = c.agency
			_, err := p.Rosters.Import(ctx, p.As(c.user), s)
			var refusal *rule.Refusal
			switch {
			case c.rule == "hidden" && errors.Is(err, gate.ErrHidden):
			case errors.As(err, &refusal) && string(refusal.Reasons[0].Rule) == c.rule:
			default:
				t.Errorf("%s: %v", c.name, err)
			}
		}
		// 6a: without a basis, or after the authorization ended, no intake.
		_, err := p.Agencies.Found(ctx, founding.By, agency.Agency{ID: "50010809", Name: "无依据机构", Short: "无", Kind: agency.Office, Parent: "500108", Region: "500108"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.Agencies.Found(ctx, founding.By, agency.Agency{ID: "50010808", Name: "授权到期机构", Short: "授", Kind: agency.Office, Parent: "500108", Region: "500108",
			BasisKind: agency.Authorized, Basis: "渝人社〔2023〕9号", ValidUntil: "2026-11-22"})
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"50010809", "50010808"} {
			clerk := p.As("clerk-500108")
			clerk.Org, clerk.Reach = code, []string{code}
			s := source(made(t, 0, 1))
			s.Agency = code
			_, err := p.Rosters.Import(ctx, clerk, s)
			var refusal *rule.Refusal
			if !errors.As(err, &refusal) || refusal.Reasons[0].Rule != "6a" {
				t.Errorf("%s: %v, want 6a", code, err)
			}
		}
		if n := count(t, p, "SELECT count(*) FROM dossier"); n != 0 {
			t.Errorf("%d dossiers registered", n)
		}
	})
}

func TestARunThatAStoppedProcessLeftGoesOn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		file := made(t, 0, 4300)
		m, _, err := p.Rosters.Receive(ctx, p.As("clerk-500108"), source(file))
		if err != nil {
			t.Fatal(err)
		}
		if m, err = p.Rosters.Start(ctx, p.As("clerk-500108"), m.ID, "清册"); err != nil {
			t.Fatal(err)
		}
		dying, kill := context.WithCancel(ctx)
		go func() {
			for count(t, p, "SELECT count(*) FROM dossier") == 0 {
				time.Sleep(time.Millisecond)
			}
			kill()
		}()
		payload := []byte(`{"import":"` + m.ID + `"}`)
		_ = p.Rosters.HandleRun(dying, payload)
		if m, err = p.Rosters.Get(ctx, p.As("clerk-500108"), m.ID); err != nil {
			t.Fatal(err)
		}
		p.Clock.Advance(time.Minute)
		if err := p.Rosters.Resume(ctx); err != nil {
			t.Fatal(err)
		}
		m, err = p.Rosters.Get(ctx, p.As("clerk-500108"), m.ID)
		if err != nil || m.State != roster.Finished || m.Accepted != 4300 || m.AlreadyHere != 0 {
			t.Errorf("record %+v %v", m, err)
		}
	})
}

// A list without numbers gets them as the agency draws them: no gap, none twice,
// rejected rows take none, and the next list goes on.
func TestRowsWithoutANumberDrawOne(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		list := func(from, n int) []byte {
			out := [][]string{{"姓名", "身份证号", "人员类别"}}
			for i := from; i < from+n; i++ {
				body := fmt.Sprintf("50010819%02d0307%03d", 60+i/800, 100+i%800)
				id := body + string(identity.CheckCharacter(body))
				if i%10 == 5 {
					id = id[:17] + "?"
				}
				out = append(out, []string{"测试" + string(rune(0x4e00+i)), id, "4.1"})
			}
			return rows(t, out...)
		}
		for _, part := range []struct{ from, total int }{{0, 27}, {30, 54}} {
			mustImport(t, p, source(list(part.from, 30)))
			if n := count(t, p, "SELECT count(DISTINCT no) FROM dossier"); n != part.total {
				t.Fatalf("%d numbers, want %d", n, part.total)
			}
			last := fmt.Sprintf("%s-2026-%06d", office, part.total)
			if n := count(t, p, "SELECT count(*) FROM dossier WHERE no=?", last); n != 1 {
				t.Errorf("%s stands %d times", last, n)
			}
		}
	})
}
