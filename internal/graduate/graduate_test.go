package graduate_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/graduate"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/testkit"
	"dangan/internal/undertaking"
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
		got, err := p.Graduates.ScanAll(t.Context(), by, []graduate.Arrival{{Number: "zd-0000", Seal: custody.Intact}, {Number: "ZD-0001", Seal: custody.Broken},
			{Number: testkit.IDNo(2), Seal: custody.Broken, Note: "封口撕裂"}, {Number: "ZD-7777", Seal: custody.Intact}, {Number: "ZD-0000", Seal: custody.Intact}, {Number: "ZD-0003", Seal: custody.Intact}})
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range map[int]string{1: "20.4a damage_undescribed", 3: "12 packet_not_listed", 4: "12 packet_scanned"} {
			if s := slug(t, got[i].Err); s != want {
				t.Errorf("packet %d: %s, want %s", i, s, want)
			}
		}
		batch, lines, err := p.Graduates.OpenBatch(t.Context(), by)
		if err != nil || len(lines) != 3 || batch.Packets != 3 || lines[0].Graduate.State != graduate.Awaited {
			t.Fatalf("scanned, not received: %+v %+v %v", batch, lines, err)
		}
		if found, err := p.Graduates.Lookup(t.Context(), by, testkit.IDNo(3)); err != nil || len(found) != 1 || found[0].TransferNo != "ZD-0003" {
			t.Errorf("by identity card: %+v %v", found, err)
		}
		// The bulk takes in what was scanned and counted, nothing beyond it.
		_, err = p.Graduates.ReceiveAll(t.Context(), by, batch.ID, 4)
		if s := slug(t, err); s != "12 count_differs" {
			t.Error(s)
		}
		if err := p.Graduates.Drop(t.Context(), by, batch.ID, got[5].Line.GraduateID); err != nil {
			t.Fatal(err)
		}
		_, err = p.Graduates.ReceiveAll(t.Context(), p.As("clerk-500103"), batch.ID, 2)
		if err == nil {
			t.Error("another agency's clerk signed")
		}
		signed, err := p.Graduates.ReceiveAll(t.Context(), by, batch.ID, 2)
		if err != nil {
			t.Fatal(err)
		}
		if papers, err := document.Of(t.Context(), p.DB, signed.Ref()); err != nil || len(papers) != 2 || papers[0].Number != signed.Number || papers[1].Number != signed.Number+"-D" {
			t.Errorf("list and slips: %+v %v", papers, err)
		}
		_, err = p.Graduates.ReceiveAll(t.Context(), by, batch.ID, 2)
		if s := slug(t, err); s != "12 batch_signed" {
			t.Error(s)
		}
		_, lines, err = p.Graduates.Batch(t.Context(), by, batch.ID)
		if err != nil || len(lines) != 2 || lines[0].Graduate.State != graduate.Unclaimed {
			t.Fatalf("received: %+v %v", lines, err)
		}
		if g := lines[1].Graduate; g.State != graduate.Elsewhere || g.DossierID != held.ID || g.Note != "封口撕裂" {
			t.Errorf("one person, one dossier: %+v", g)
		}
		_, counts, err := p.Graduates.ListOf(t.Context(), by, r.List)
		if err != nil || counts[graduate.Awaited] != 2 || counts[graduate.Unclaimed] != 1 || counts[graduate.Elsewhere] != 1 {
			t.Errorf("the dropped packet is awaited as before: %v %v", counts, err)
		}
		_, err = p.Graduates.Scan(t.Context(), by, graduate.Arrival{Number: "ZD-0000", Seal: custody.Intact})
		if s := slug(t, err); s != "12 packet_received" {
			t.Error(s)
		}
		if again, err := p.Graduates.Scan(t.Context(), by, graduate.Arrival{Number: "ZD-0003", Seal: custody.Intact}); err != nil || again.Seq != 1 || again.BatchID == batch.ID {
			t.Errorf("dropped and scanned again: %+v %v", again, err)
		}
		items, err := p.Graduates.Work(t.Context(), by)
		if err != nil || len(items) != 3 || items[0].Action != "签收" || items[1].SubjectNote != "1 人" || items[1].Action != "告知" || items[2].Action != "处理" {
			t.Errorf("work: %+v %v", items, err)
		}
		p.Clock.Advance(20 * 24 * time.Hour)
		if items, err = p.Graduates.Work(t.Context(), by); err != nil || len(items) != 5 || items[3].Action != "催转" || items[4].Action != "回执" || items[3].SubjectNote != "2 人" {
			t.Errorf("work later: %+v %v", items, err)
		}
		g := lines[0].Graduate
		d, err := store.Get[dossier.Dossier](t.Context(), p.DB, "WHERE id=?", g.DossierID)
		if err != nil || d.State != dossier.Arriving || d.Agency != office || d.Category != "4.3" || d.AccountKind != "" {
			t.Errorf("dossier %+v %v", d, err)
		}
		if chain, err := custody.Chain(t.Context(), p.DB, d.ID); err != nil || len(chain) != 1 {
			t.Errorf("custody from day one: %v %v", chain, err)
		}
		if _, err := p.Graduates.Tell(t.Context(), by, g.ID, "短信", ""); err != nil {
			t.Fatal(err)
		}
		if told, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM message WHERE dossier_id=? AND template='waiting'", d.ID); err != nil || told != 1 {
			t.Errorf("told by SMS: %d messages, %v", told, err)
		}
		_, err = p.Graduates.Tell(t.Context(), by, g.ID, "电话", "2020-01-01")
		if s := slug(t, err); s != "12 told_on_impossible" {
			t.Error(s)
		}
		_, err = p.Graduates.Claim(t.Context(), by, g.ID, graduate.Claim{NoticeVersion: "2026-1"})
		if s := slug(t, err); s != "12b document_missing" {
			t.Error(s)
		}
		_, err = p.Graduates.Claim(t.Context(), by, g.ID, graduate.Claim{Document: "居民身份证", NoticeVersion: "2026-1"})
		if s := slug(t, err); s != "20.4a key_materials_unchecked" {
			t.Error(s)
		}
		if _, err := p.Graduates.Claim(t.Context(), by, g.ID, graduate.Claim{Document: "居民身份证", Phone: "13800000000", NoticeVersion: "2026-1", Missing: []string{"birth_date", "education_degree"}}); err != nil {
			t.Fatal(err)
		}
		if d, err = store.Get[dossier.Dossier](t.Context(), p.DB, "WHERE id=?", g.DossierID); err != nil || d.Owed != 0 {
			t.Errorf("owed before it was signed: %+v %v", d, err)
		}
		promise := undertaking.Promised{Signing: undertaking.OnScreen, Statement: "本人知悉，承诺补交", On: p.Gate.Today(), Strokes: [][]int{{10, 10, 40, 60, 90, 20, 140, 80, 180, 30, 220, 90, 260, 40, 300, 100, 340, 60}}}
		if _, err := p.Graduates.Promise(t.Context(), by, g.ID, undertaking.Promised{Signing: undertaking.OnScreen, Statement: "本人知悉", On: p.Gate.Today()}); slug(t, err) != "20.4a signature_missing" {
			t.Error(err)
		}
		if g, err = p.Graduates.Promise(t.Context(), by, g.ID, promise); err != nil || g.Signing != undertaking.OnScreen || !g.Undertaking {
			t.Fatalf("%+v %v", g, err)
		}
		if d, err = store.Get[dossier.Dossier](t.Context(), p.DB, "WHERE id=?", g.DossierID); err != nil || d.AccountKind != "personal" || d.Owed != 2 {
			t.Errorf("account: %+v %v", d, err)
		}
		// Two materials owed by one day are told of once before it and once after.
		due, err := store.Texts(t.Context(), p.DB, "SELECT DISTINCT due_on FROM supplement WHERE dossier_id=?", d.ID)
		if err != nil || len(due) != 1 {
			t.Fatal(due, err)
		}
		p.Clock.Set(calendar.Date(due[0]).AddDays(-2).Moment())
		for range 4 {
			if err := p.Messages.Remind(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.Clock.Advance(14 * time.Hour)
		}
		p.Clock.Advance(48 * time.Hour)
		if err := p.Supplements.Timers(t.Context()); err != nil {
			t.Fatal(err)
		}
		told, err := store.Texts(t.Context(), p.DB, "SELECT template FROM message WHERE dossier_id=? AND template IN ('supplement','lapsed') ORDER BY created_at, id", d.ID)
		if err != nil || !slices.Equal(told, []string{"supplement", "lapsed"}) {
			t.Errorf("told %v, %v", told, err)
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
				_, err = p.Graduates.Claim(t.Context(), by, g.ID, graduate.Claim{Document: "社会保障卡", NoticeVersion: "2026-1"})
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
				if !slices.Contains(graduate.States, s) {
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
