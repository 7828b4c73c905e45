package transfer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
)

// mover tries acts on one case in any order, right and wrong, by right and wrong people.
type mover struct {
	p    *testkit.Province
	r    *rand.Rand
	d    string
	c    string
	no   string
	code string
	n    int
}

func (m *mover) as(users ...string) string { return users[m.r.IntN(len(users))] }

// acts are all acts of a transfer between two agencies, with the keepers' own.
var acts = []struct {
	name string
	do   func(ctx context.Context, m *mover) error
}{
	{"letter", func(ctx context.Context, m *mover) error {
		c, err := m.p.Transfers.Letter(ctx, m.p.As(m.as("clerk-500101", "clerk-500101", "clerk-500108")), m.c, "")
		if err == nil {
			m.no, m.code = c.LetterNo, c.LetterCode
		}
		return err
	}},
	{"register", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Register(ctx, m.p.As("clerk-500108"), m.c, transfer.Registration{LetterNo: m.no, Code: m.as(m.code, m.code, "AAAA-2222"), ReceivedOn: "2026-11-23"})
		return err
	}},
	{"pull", func(ctx context.Context, m *mover) error {
		_, err := m.p.Custody.Pull(ctx, m.p.As(m.as("keeper-500108", "keeper-500101")), m.d, custody.Handling{})
		return err
	}},
	{"hand over", func(ctx context.Context, m *mover) error {
		_, err := m.p.Custody.Handover(ctx, m.p.As(m.as("keeper-500108", "keeper-500101")), m.d, custody.Handling{To: m.as(dossier.PlaceWindow, dossier.PlaceReading, dossier.PlaceArranging)})
		return err
	}},
	{"put back", func(ctx context.Context, m *mover) error {
		_, err := m.p.Custody.PutBack(ctx, m.p.As(m.as("keeper-500108", "keeper-500101")), m.d, custody.Shelf{Shelfmark: "01-A-001-01-1-01"})
		return err
	}},
	{"list", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.List(ctx, m.p.As("clerk-500108"), m.c, slices.Clone(thin))
		return err
	}},
	{"review", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Review(ctx, m.p.As(m.as("reviewer-500108", "reviewer-500108", "reviewer-500101")), m.c, "")
		return err
	}},
	{"decline", func(ctx context.Context, m *mover) error {
		if m.r.IntN(8) > 0 {
			return nil
		}
		_, err := m.p.Transfers.Decline(ctx, m.p.As("reviewer-500108"), m.c)
		return err
	}},
	{"pack", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Pack(ctx, m.p.As("clerk-500108"), m.c, transfer.Seal{SealNo: m.as("N-1", "N-1", ""), Volumes: 1})
		return err
	}},
	{"reopen", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Reopen(ctx, m.p.As("clerk-500108"), m.c)
		return err
	}},
	{"dispatch", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Send(ctx, m.p.As("clerk-500108"), m.c, transfer.Dispatch{Way: m.as(transfer.ConfidentialPost, transfer.ConfidentialPost, transfer.RegisteredMail), TrackingNo: "1", Office: "重庆市机要通信局", On: "2026-11-23"})
		return err
	}},
	{"arrive", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Arrive(ctx, m.p.As("clerk-500101"), m.c, transfer.Arrival{On: "2026-11-23", Intact: m.r.IntN(3) > 0, Seen: "封条开裂"})
		return err
	}},
	{"check", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Check(ctx, m.p.As("clerk-500101"), m.c, []transfer.Result{{LineNo: 1, Check: m.as(transfer.LineOK, transfer.LineMissing)}}, nil)
		return err
	}},
	{"receive", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Receive(ctx, m.p.As(m.as("reviewer-500101", "keeper-500101", "clerk-500101")), m.c)
		return err
	}},
	{"return", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Return(ctx, m.p.As("clerk-500101"), m.c, "与南岸商定")
		return err
	}},
	{"tell", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Tell(ctx, m.p.As("clerk-500101"), m.c)
		return err
	}},
	{"promise", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Promise(ctx, m.p.As("clerk-500101"), m.c, transfer.Promised{Signed: true, Statement: "知悉", On: "2026-11-23"})
		return err
	}},
	{"sign", func(ctx context.Context, m *mover) error { // the second person's word on a torn cover
		_, err := m.p.Transfers.SignFault(ctx, m.p.As(m.as("reviewer-500101", "clerk-500101")), m.c, "封条开裂")
		return err
	}},
	{"inquire", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Inquire(ctx, m.p.As("clerk-500108"), m.c, "机要通信局")
		return err
	}},
	{"answer", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.CarrierAnswered(ctx, m.p.As("clerk-500108"), m.c, transfer.CarrierAnswer{Answer: m.as(transfer.AnswerNone, transfer.AnswerNone, transfer.AnswerOnWay), On: "2026-11-23", Note: "已查"})
		return err
	}},
	{"lost", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Lost(ctx, m.p.As("head-500108"), m.c)
		return err
	}},
	{"rebuild", func(ctx context.Context, m *mover) error {
		if _, err := m.p.Transfers.AskRebuild(ctx, m.p.As("clerk-500108"), m.c, "查明在分拣环节灭失，责任已认定", "查1号"); err != nil {
			return err
		}
		_, err := m.p.Transfers.DecideRebuild(ctx, m.p.As("supervisor-500108"), m.c, m.r.IntN(2) == 0, "再查")
		return err
	}},
	{"redeliver", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Redeliver(ctx, m.p.As("clerk-500108"), m.c, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: "2", Office: "重庆市机要通信局", On: "2026-11-23"})
		return err
	}},
	{"came back", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.CameBack(ctx, m.p.As("clerk-500108"), m.c, transfer.Back{On: "2026-11-23", Intact: m.r.IntN(2) == 0, Seen: "封条开裂"})
		return err
	}},
	{"fault", func(ctx context.Context, m *mover) error {
		_, err := m.p.Transfers.Report(ctx, m.p.As(m.as("clerk-500108", "clerk-500101")), m.c, transfer.Trouble{Kind: transfer.FaultAstray, On: "2026-11-23", Place: "某单位"})
		return err
	}},
	{"withdraw", func(ctx context.Context, m *mover) error {
		if m.r.IntN(25) > 0 { // or every case would end so
			return nil
		}
		_, err := m.p.Transfers.Withdraw(ctx, m.p.As("clerk-500101"), m.c, transfer.Withdrawal{Why: "本人申请撤回", Paper: "撤回申请 1 号"})
		return err
	}},
}

// check holds the province to one custodian: the row, the handovers and the case
// say the same, and whoever does not hold the packet does not answer for it.
func (m *mover) check() error {
	ctx := context.Background()
	c, err := transfer.Get(ctx, m.p.DB, m.c)
	if err != nil {
		return err
	}
	d, err := dossier.Get(ctx, m.p.DB, m.d)
	if err != nil {
		return err
	}
	chain, err := custody.Chain(ctx, m.p.DB, m.d)
	if err != nil {
		return err
	}
	open, err := custody.OpenOf(ctx, m.p.DB, m.d)
	if err != nil {
		return err
	}
	want := c.Holder
	if c.Moved() {
		want = c.Receiver
	}
	if d.Agency != want {
		return fmt.Errorf("in %s the custodian is %s, not %s", c.State, d.Agency, want)
	}
	taken, sent, last := 0, 0, chain[len(chain)-1]
	for i, e := range chain {
		if i > 0 && e.FromPlace != chain[i-1].ToPlace {
			return fmt.Errorf("the chain breaks: %s, then from %s", chain[i-1].ToPlace, e.FromPlace)
		}
		if e.CaseRef == c.Ref() && e.Kind == custody.Taken {
			taken++
		}
		if e.CaseRef == c.Ref() && e.Kind == custody.Dispatched && e.FromPlace != dossier.PlaceTransit {
			sent++
		}
		if e.CaseRef == c.Ref() && (e.Kind == custody.CameBack || e.Kind == custody.Rebuilt) {
			sent--
		}
	}
	if last.ToPlace != d.Place || last.Agency != d.Agency {
		return fmt.Errorf("the dossier is at %s %s, its last handover says %s %s", d.Agency, d.Place, last.Agency, last.ToPlace)
	}
	if (taken == 1) != c.Moved() || taken > 1 {
		return fmt.Errorf("custody was taken %d times in %s", taken, c.State)
	}
	onTheWay := c.State == transfer.InTransit || c.State == transfer.Checking || c.State == transfer.Missing
	if (sent == 1) != (onTheWay || c.Moved()) || sent > 1 {
		return fmt.Errorf("sent %d times in %s", sent, c.State)
	}
	if (d.Place == dossier.PlaceTransit) != onTheWay {
		return fmt.Errorf("place %s in %s", d.Place, c.State)
	}
	// On the way somebody answers: the sender, by name, until a day the receipt is due.
	if onTheWay && (c.DispatchedBy == "" || c.ReceiptDue == "" || last.StaffID == "" || last.Agency != c.Holder) {
		return fmt.Errorf("nobody answers for the packet on its way")
	}
	// In the house it lies on its shelf, or a case or the keeper is waiting for it.
	if !onTheWay && d.Place != dossier.PlaceStore && len(open) == 0 {
		return fmt.Errorf("the packet lies in %s for nobody", d.Place)
	}
	if !c.State.Open() && d.State == dossier.Leaving {
		return fmt.Errorf("the case is %s, yet the dossier is leaving", c.State)
	}
	var cases int
	if err := m.p.DB.QueryRow(ctx, "SELECT count(*) FROM transfer WHERE dossier_id=? AND state NOT IN ('closed','not_sent','withdrawn','expired','returned')", m.d).Scan(&cases); err != nil {
		return store.Classify(err)
	}
	var faults int
	if err := m.p.DB.QueryRow(ctx, "SELECT count(*) FROM transfer_fault WHERE transfer_id=? AND closed_on IS NULL", m.c).Scan(&faults); err != nil {
		return store.Classify(err)
	}
	if (c.Fault != "") != (faults == 1) || faults > 1 {
		return fmt.Errorf("%d faults not dealt with, the case says %q", faults, c.Fault)
	}
	if cases > 1 {
		return fmt.Errorf("%d open cases for one packet", cases)
	}
	return nil
}

// In random orders of acts, right and wrong, two at a time, some given up in the
// middle, custody moves once or not at all, and at every moment one agency answers.
func TestCustodyMovesOnceInAnyInterleaving(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		moved := 0
		for seed := range uint64(7) {
			r := rand.New(rand.NewPCG(seed, 20))
			n := int(seed) + 1
			d := testkit.Stock(p, "50010801", n, nil)
			c := ok(p.Transfers.Apply(context.Background(), p.As("clerk-500101"), transfer.Application{Direction: transfer.Inner, Name: testkit.Name(n), IDNo: testkit.IDNo(n), Document: "居民身份证",
				Holder: "50010801", Applicant: testkit.Name(n), Reason: "流动就业", RegionBasis: "户籍地", TiePlace: "500101"}))
			m := &mover{p: p, r: r, d: d.ID, c: c.ID, n: n}
			for step := range 70 {
				// Mostly the acts near the next one in order, so that cases get far; sometimes any.
				at := r.IntN(len(acts))
				first, second := acts[at], acts[r.IntN(len(acts))]
				ctx := context.Background()
				switch r.IntN(4) {
				case 0: // two at once
					a, b := *m, *m
					a.r, b.r = rand.New(rand.NewPCG(r.Uint64(), 1)), rand.New(rand.NewPCG(r.Uint64(), 2))
					var wait sync.WaitGroup
					wait.Go(func() { _ = first.do(ctx, &a) })
					wait.Go(func() { _ = second.do(ctx, &b) })
					wait.Wait()
					if a.no != "" {
						m.no, m.code = a.no, a.code
					} else if b.no != "" {
						m.no, m.code = b.no, b.code
					}
				case 1: // given up in the middle
					short, cancel := context.WithTimeout(ctx, time.Duration(r.IntN(4000))*time.Microsecond)
					_ = first.do(short, m)
					cancel()
				default:
					_ = first.do(ctx, m)
				}
				if now := ok(transfer.Get(ctx, p.DB, m.c)); now.LetterNo != "" {
					m.no, m.code = now.LetterNo, now.LetterCode
				}
				if err := m.check(); err != nil {
					t.Fatalf("seed %d, step %d, after %s (%s): %v", seed, step, first.name, second.name, err)
				}
			}
			// Whatever happened, the case can be brought to its end.
			for range 12 {
				for _, a := range acts {
					if a.name != "withdraw" && a.name != "decline" && a.name != "reopen" && a.name != "fault" && a.name != "hand over" {
						_ = a.do(context.Background(), m)
					}
				}
			}
			if err := m.check(); err != nil {
				t.Fatalf("seed %d, at the end: %v", seed, err)
			}
			end := ok(transfer.Get(context.Background(), p.DB, m.c))
			if end.State.Open() {
				t.Errorf("seed %d: the case is stuck in %s", seed, end.State)
			}
			if end.Moved() {
				moved++
			}
		}
		if moved < 2 {
			t.Errorf("only %d of the cases moved custody: the acts were not tried far enough", moved)
		}
	})
}
