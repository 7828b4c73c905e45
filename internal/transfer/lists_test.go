package transfer_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/message"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
	"dangan/internal/work"
)

// batch is one letter of a school that names some of 南岸, listed and out of the store.
func batch(t *testing.T, p *testkit.Province, ns ...int) (transfer.List, []transfer.Case) {
	t.Helper()
	ctx, out := context.Background(), p.As("clerk-500108")
	var named []transfer.Named
	for _, n := range ns {
		testkit.Stock(p, "50010801", n, nil)
		named = append(named, transfer.Named{Name: testkit.Name(n), IDNo: testkit.IDNo(n)})
	}
	l := ok(p.Transfers.RegisterList(ctx, out, transfer.OutsideLetter{ReceiverName: "某某大学研究生院（演示）", Kind: transfer.EndSchool, ReceiverAddr: "大学路1号", Reason: "升学", LetterOn: "2026-11-18",
		Registration: transfer.Registration{LetterNo: "研招调〔2026〕7号", ReceivedOn: "2026-11-23", Telephone: "023-61000000", Spoke: "李老师"}}, named))
	cases := ok(store.List[transfer.Case](ctx, p.DB, "WHERE list_id=? ORDER BY no", l.ID))
	for _, c := range cases {
		ok(p.Custody.Pull(ctx, p.As("keeper-500108"), c.DossierID, custody.Handling{}))
		ok(p.Transfers.List(ctx, out, c.ID, thin))
	}
	return l, cases
}

// gone brings a batch on its way.
func gone(t *testing.T, p *testkit.Province, l transfer.List) transfer.List {
	t.Helper()
	ctx, out := context.Background(), p.As("clerk-500108")
	ok(p.Transfers.ReviewList(ctx, p.As("reviewer-500108"), l.ID, ""))
	ok(p.Transfers.PackList(ctx, out, l.ID, "N-501", map[string]int64{}))
	return ok(p.Transfers.DispatchList(ctx, out, l.ID, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: "渝机0501", Office: "重庆市机要通信局", On: "2026-11-23"}))
}

var receipt = transfer.OutsideReceipt{No: "研回1号", On: "2026-11-23", Intact: true, Note: "页数另核", Volumes: 1, Copies: 1, Pages: 1, Outcome: "接收", By: "收发室", Checker: "档案室"}

// A list ends by one rule wherever its last case leaves it, and a fault with its case.
func TestAListEndsWithItsLastCase(t *testing.T) {
	ctx := context.Background()
	for _, x := range []struct {
		name, want string
		end        func(p *testkit.Province, l transfer.List, of []transfer.Case)
	}{
		{"a receipt for one, the other was late and found", transfer.ListDone, func(p *testkit.Province, l transfer.List, of []transfer.Case) {
			out := p.As("clerk-500108")
			ok(p.Transfers.ReceiptList(ctx, out, l.ID, receipt, []string{of[1].ID}))
			ok(p.Transfers.Report(ctx, out, of[1].ID, transfer.Trouble{Kind: transfer.FaultAstray, On: "2026-11-23", Place: "某学院收发室"}))
			ok(p.Transfers.ReceiptList(ctx, out, l.ID, receipt, nil))
		}},
		{"a receipt for one, the other came back", transfer.ListDone, func(p *testkit.Province, l transfer.List, of []transfer.Case) {
			out := p.As("clerk-500108")
			ok(p.Transfers.ReceiptList(ctx, out, l.ID, receipt, []string{of[1].ID}))
			ok(p.Transfers.Report(ctx, out, of[1].ID, transfer.Trouble{Kind: transfer.FaultTurned, On: "2026-11-23", Place: "研究生院", Seen: "未录取"}))
			ok(p.Transfers.CameBack(ctx, out, of[1].ID, transfer.Back{On: "2026-11-23", Intact: true}))
		}},
		{"a receipt for one, the other is lost", transfer.ListDone, func(p *testkit.Province, l transfer.List, of []transfer.Case) {
			out := p.As("clerk-500108")
			ok(p.Transfers.ReceiptList(ctx, out, l.ID, receipt, []string{of[1].ID}))
			ok(p.Transfers.Report(ctx, out, of[1].ID, transfer.Trouble{Kind: transfer.FaultAstray, On: "2026-11-23", Place: "不明"}))
			ok(p.Transfers.Inquire(ctx, out, of[1].ID, "机要通信局"))
			ok(p.Transfers.CarrierAnswered(ctx, out, of[1].ID, transfer.CarrierAnswer{Answer: transfer.AnswerNone, On: "2026-11-23", Note: "查无下落"}))
			ok(p.Transfers.Lost(ctx, p.As("head-500108"), of[1].ID))
		}},
		{"both came back", transfer.ListEnded, func(p *testkit.Province, l transfer.List, of []transfer.Case) {
			out := p.As("clerk-500108")
			for _, c := range of {
				ok(p.Transfers.Report(ctx, out, c.ID, transfer.Trouble{Kind: transfer.FaultTurned, On: "2026-11-23", Place: "研究生院", Seen: "未录取"}))
				ok(p.Transfers.CameBack(ctx, out, c.ID, transfer.Back{On: "2026-11-23", Intact: true}))
			}
		}},
	} {
		t.Run(x.name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, p *testkit.Province) {
				l, of := batch(t, p, 1, 2)
				gone(t, p, l)
				x.end(p, l, of)
				ended(t, p, l.ID, x.want)
			})
		})
	}
	for name, leave := range map[string]func(p *testkit.Province, c transfer.Case){
		"withdrawn": func(p *testkit.Province, c transfer.Case) {
			ok(p.Transfers.Withdraw(ctx, p.As("clerk-500108"), c.ID, transfer.Withdrawal{Why: "学校撤函", Paper: "撤函 3 号"}))
		},
		"packed alone": func(p *testkit.Province, c transfer.Case) {
			ok(p.Transfers.Review(ctx, p.As("reviewer-500108"), c.ID, ""))
			ok(p.Transfers.Pack(ctx, p.As("clerk-500108"), c.ID, transfer.Seal{SealNo: "N-9", Volumes: 1}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, p *testkit.Province) {
				l, of := batch(t, p, 1, 2)
				leave(p, of[0])
				if now := ok(transfer.GetList(ctx, p.DB, l.ID)); now.State != transfer.ListOpen {
					t.Fatalf("with one of two left the list is %s", now.State)
				}
				leave(p, of[1])
				ended(t, p, l.ID, transfer.ListEnded)
			})
		})
	}
}

// ended says that a list is over, waits on nobody's page, and that nothing is open on its closed cases.
func ended(t *testing.T, p *testkit.Province, id, want string) {
	t.Helper()
	ctx := context.Background()
	if now := ok(transfer.GetList(ctx, p.DB, id)); now.State != want {
		t.Errorf("the list is %s, want %s", now.State, want)
	}
	for _, i := range ok(p.Transfers.Work(ctx, p.As("clerk-500108"))) {
		if i.Link == "/transfers/lists/"+id {
			t.Errorf("an ended list waits: %s", i.Todo)
		}
	}
	if n := ok(store.Count(ctx, p.DB, "SELECT count(*) FROM transfer t LEFT JOIN transfer_fault f ON f.transfer_id=t.id AND f.closed_on IS NULL WHERE t.state='closed' AND (t.fault IS NOT NULL OR f.id IS NOT NULL)")); n > 0 {
		t.Errorf("%d closed cases with an open fault", n)
	}
}

// One packet is asked for once, whoever asks: one letter with all names, one notice (20.5).
func TestAListIsChasedOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx, out := context.Background(), p.As("clerk-500108")
		l, of := batch(t, p, 1, 2, 3)
		gone(t, p, l)
		count := func(query string, args ...any) int64 { return ok(store.Count(ctx, p.DB, query, args...)) }
		p.Clock.Set(testkit.Day.AddDate(0, 0, 20))
		for range 2 { // once a term, however often the timer runs
			if err := p.Transfers.Timers(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if letters := count("SELECT count(*) FROM document WHERE kind=?", document.ChaseLetter); letters != 1 {
			t.Errorf("%d letters", letters)
		}
		if told := ok(store.List[message.Notice](ctx, p.DB, "WHERE agency='50010801' AND subject='催办函待寄'")); len(told) != 1 || told[0].Link != "/transfers/lists/"+l.ID {
			t.Errorf("told: %+v", told)
		}
		if now := ok(transfer.GetList(ctx, p.DB, l.ID)); now.Chased != 1 || count("SELECT count(*) FROM transfer WHERE chased>0") != 0 {
			t.Errorf("chased %d times", now.Chased)
		}
		refused := func(err error, slug string) {
			t.Helper()
			if r := new(rule.Refusal); !errors.As(err, &r) || r.Reasons[0].Slug != slug {
				t.Errorf("%v, want %s", err, slug)
			}
		}
		_, err := p.Transfers.Chase(ctx, out, of[0].ID)
		refused(err, "chased_with_list")
		_, err = p.Transfers.ChaseList(ctx, out, l.ID)
		refused(err, "chased_today")
		p.Clock.Set(p.Clock.Now().Add(24 * time.Hour))
		if n, refused, err := p.Transfers.ChaseAll(ctx, out); err != nil || n != 1 || len(refused) != 0 {
			t.Errorf("all chased: %d %v %v", n, refused, err)
		}
		for _, i := range ok(p.Transfers.Work(ctx, out)) {
			if i.Lane == work.Sent && (i.Chase || i.Link != "/transfers/lists/"+l.ID) {
				t.Errorf("waits: %+v", i)
			}
		}
		// Each that something is wrong with is dealt with alone.
		p.Clock.Set(p.Clock.Now().Add(24 * time.Hour))
		for _, c := range of {
			ok(p.Transfers.Report(ctx, out, c.ID, transfer.Trouble{Kind: transfer.FaultAstray, On: calendar.Of(p.Clock.Now()), Place: "不明"}))
		}
		_, err = p.Transfers.ChaseList(ctx, out, l.ID)
		refused(err, "nobody_to_chase")
	})
}

// The one notice of the gaps that nobody gave is watched: clerk, head, superior (20.4a).
func TestTheNoticeNobodyGaveIsWatched(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		in := p.As("clerk-500101")
		_, c := sent(t, p, 1)
		ok(p.Transfers.Arrive(ctx, in, c.ID, transfer.Arrival{On: "2026-11-23", Intact: true, Volumes: 1}))
		ok(p.Transfers.Check(ctx, in, c.ID, []transfer.Result{{LineNo: 1, Check: transfer.LineOK}}, nil))
		ok(p.Transfers.Receive(ctx, p.As("reviewer-500101"), c.ID))
		line := func(who string) (todo, due string) {
			t.Helper()
			for _, i := range ok(p.Transfers.Work(ctx, p.As(who))) {
				if i.Link == "/transfers/"+c.ID {
					todo, due = i.Todo, i.DueOn
				}
			}
			return todo, due
		}
		if todo, due := line("clerk-500101"); todo != "一次性告知所缺材料" || due != "2026-11-30" {
			t.Errorf("the clerk's line: %s, %s", todo, due)
		}
		after := func(days int) {
			t.Helper()
			p.Clock.Set(testkit.Day.AddDate(0, 0, days))
			if err := p.Transfers.Timers(ctx); err != nil {
				t.Fatal(err)
			}
		}
		reminders := func() int {
			return len(ok(store.List[message.Notice](ctx, p.DB, "WHERE agency='50010101' AND subject='尚未一次性告知'")))
		}
		after(7)
		if reminders() != 0 {
			t.Error("reminded before the term")
		}
		after(8)
		after(9)
		if reminders() != 1 {
			t.Errorf("%d reminders", reminders())
		}
		ok(p.Transfers.Try(ctx, in, c.ID, transfer.Attempt{Way: "电话", TriedOn: "2026-12-01", Note: "号码停机"})) // looked for before the paper is made
		after(31)
		if todo, _ := line("head-500101"); todo != "签收后没有一次性告知所缺材料，督办" {
			t.Errorf("the head's line: %s", todo)
		}
		after(62)
		if now := ok(transfer.Get(ctx, p.DB, c.ID)); now.Escalated != 2 {
			t.Errorf("escalated %d times", now.Escalated)
		}
		if todo, _ := line("supervisor-500101"); todo == "" {
			t.Error("the superior sees nothing")
		}
		ok(p.Transfers.Tell(ctx, in, c.ID))
		if now := ok(transfer.Get(ctx, p.DB, c.ID)); now.Escalated != 0 || now.RemindedOn != "" {
			t.Errorf("told, and still before %d", now.Escalated)
		}
	})
}

// What the receiver counted stands beside what the sender packed, and is a difference (20.4a);
// each dossier of a packet with many has its own volumes.
func TestVolumesAreCounted(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		in, out := p.As("clerk-500101"), p.As("clerk-500108")
		_, c := sent(t, p, 1)
		c = ok(p.Transfers.Arrive(ctx, in, c.ID, transfer.Arrival{On: "2026-11-23", Intact: true, Volumes: 2}))
		ok(p.Transfers.Check(ctx, in, c.ID, []transfer.Result{{LineNo: 1, Check: transfer.LineOK}}, nil))
		c = ok(p.Transfers.Receive(ctx, p.As("reviewer-500101"), c.ID))
		if c.Volumes != 1 || c.VolumesIn != 2 || c.CheckResult != "不符" || c.Differences != "通知单1卷、实收2卷" {
			t.Errorf("counted: %d of %d, %s: %s", c.VolumesIn, c.Volumes, c.CheckResult, c.Differences)
		}
		l, of := batch(t, p, 2, 3)
		ok(p.Transfers.ReviewList(ctx, p.As("reviewer-500108"), l.ID, ""))
		if _, err := p.Transfers.PackList(ctx, out, l.ID, "N-502", map[string]int64{of[1].ID: 100}); err == nil {
			t.Error("a hundred volumes of one dossier")
		}
		ok(p.Transfers.PackList(ctx, out, l.ID, "N-502", map[string]int64{of[1].ID: 2}))
		for i, want := range []int64{1, 2} {
			if now := ok(transfer.Get(ctx, p.DB, of[i].ID)); now.Volumes != want {
				t.Errorf("%s: %d volumes, want %d", now.PersonName, now.Volumes, want)
			}
		}
	})
}
