package transfer_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
)

// ok is the value of a step that has to succeed.
func ok[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

var thin = []transfer.Line{{Class: "10", Title: "其他可供参考的材料", Copies: 1, Pages: 1}}

// sent brings a dossier of 南岸 on its way to 万州.
func sent(t *testing.T, p *testkit.Province, n int) (dossier.Dossier, transfer.Case) {
	t.Helper()
	ctx := context.Background()
	d := testkit.Stock(p, "50010801", n, nil)
	in, out := p.As("clerk-500101"), p.As("clerk-500108")
	c := ok(ok(p.Transfers.Apply(ctx, in, transfer.Application{Direction: transfer.Inner, Name: testkit.Name(n), IDNo: testkit.IDNo(n), Document: "居民身份证", Holder: "50010801",
		Applicant: testkit.Name(n), Reason: "流动就业", RegionBasis: "户籍地", TiePlace: "500101"})), nil)
	c = ok(p.Transfers.Letter(ctx, in, c.ID, ""))
	c = ok(p.Transfers.Register(ctx, out, c.ID, transfer.Registration{LetterNo: c.LetterNo, Code: c.LetterCode, ReceivedOn: "2026-11-23"}))
	if _, err := p.Custody.Pull(ctx, p.As("keeper-500108"), d.ID, custody.Handling{}); err != nil {
		t.Fatal(err)
	}
	c = ok(p.Transfers.List(ctx, out, c.ID, thin))
	c = ok(p.Transfers.Review(ctx, p.As("reviewer-500108"), c.ID, ""))
	c = ok(p.Transfers.Pack(ctx, out, c.ID, transfer.Seal{SealNo: "N-1", Volumes: 1}))
	c = ok(p.Transfers.Send(ctx, out, c.ID, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: "1", Office: "重庆市机要通信局", On: "2026-11-23"}))
	return d, c
}

func TestCustodyMovesOnceAndPapersAreSigned(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		d, c := sent(t, p, 1)
		in := p.As("clerk-500101")
		c = ok(p.Transfers.Arrive(ctx, in, c.ID, transfer.Arrival{On: "2026-11-23", Intact: true}))
		if now := ok(dossier.Get(ctx, p.DB, d.ID)); now.Agency != "50010801" {
			t.Fatal("custody moved before the receipt")
		}
		c = ok(p.Transfers.Check(ctx, in, c.ID, []transfer.Result{{LineNo: 1, Check: transfer.LineOK}}, nil))
		if _, err := p.Transfers.Receive(gate.WithRequest(ctx, gate.Request{IfMatch: c.Version - 1}), p.As("reviewer-500101"), c.ID); !errors.As(err, new(*gate.Conflict)) {
			t.Fatalf("a stale version: %v", err)
		}
		c = ok(p.Transfers.Receive(ctx, p.As("reviewer-500101"), c.ID))
		now := ok(dossier.Get(ctx, p.DB, d.ID))
		if now.Agency != "50010101" || !strings.HasPrefix(now.No, "50010101-2026-") || c.State != transfer.Promising {
			t.Fatalf("after the receipt: %s %s %s", now.Agency, now.No, c.State)
		}
		for _, q := range []struct {
			what, query string
			want        int
		}{
			{"old number", "SELECT count(*) FROM dossier_number WHERE dossier_id=? AND agency='50010801'", 1},
			{"keys under the new keeper", "SELECT count(DISTINCT agency) FROM name_key WHERE dossier_id=? AND agency='50010101'", 1},
			{"keys under the old keeper", "SELECT count(*) FROM name_key WHERE dossier_id=? AND agency='50010801'", 0},
			{"open requests", "SELECT count(*) FROM pull_request WHERE dossier_id=? AND state<>'closed'", 1},
		} {
			var n int
			if err := p.DB.QueryRow(ctx, q.query, d.ID).Scan(&n); err != nil || n != q.want {
				t.Errorf("%s: %d, want %d (%v)", q.what, n, q.want, err)
			}
		}
		if _, err := p.Transfers.Receive(ctx, p.As("keeper-500101"), c.ID); err == nil {
			t.Fatal("received twice")
		}
		// 代管待承诺: on the shelf, and in custody, before the person promised.
		if _, err := p.Custody.PutBack(ctx, p.As("keeper-500101"), d.ID, custody.Shelf{Shelfmark: "01-A-001-01-1-01"}); err != nil {
			t.Fatal(err)
		}
		c = ok(p.Transfers.Tell(ctx, in, c.ID))
		c = ok(p.Transfers.Promise(ctx, in, c.ID, transfer.Promised{Signed: true, Statement: "知悉", On: "2026-11-23"}))
		if c.State != transfer.Closed {
			t.Errorf("shelved and promised, but %s", c.State)
		}
		papers(t, p, c)
	})
}

// papers opens every paper of a case with Debian's own tools.
func papers(t *testing.T, p *testkit.Province, c transfer.Case) {
	t.Helper()
	ctx := context.Background()
	list, err := document.Of(ctx, p.DB, c.Ref())
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]bool{}
	for _, d := range list {
		kinds[d.Kind] = true
		pdf, err := p.Press.Content(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "paper.pdf")
		if err := os.WriteFile(file, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("pdfsig", file).CombinedOutput(); err != nil || !strings.Contains(string(out), "Signature is Valid") {
			t.Errorf("%s: %v %s", d.Kind, err, out)
		}
		text, err := exec.Command("pdftotext", file, "-").CombinedOutput()
		if err != nil || !strings.Contains(strings.ReplaceAll(string(text), "\n", ""), c.PersonName) || !strings.Contains(string(text), d.Code) {
			t.Errorf("%s %s: %v %s", d.Kind, d.Number, err, text)
		}
	}
	for _, k := range []string{document.Acceptance, document.TransferLetter, document.TransferNotice, document.PackingList, document.ReceiptSlip, document.CustodyProof, document.Undertaking} {
		if !kinds[k] {
			t.Errorf("no %s among the papers", k)
		}
	}
}

func TestTimers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		_, c := sent(t, p, 1)
		testkit.Stock(p, "50010801", 2, nil)
		in := p.As("clerk-500101")
		waiting := ok(p.Transfers.Apply(ctx, in, transfer.Application{Direction: transfer.Inner, Name: testkit.Name(2), IDNo: testkit.IDNo(2), Document: "居民身份证", Holder: "50010801",
			Applicant: testkit.Name(2), Reason: "流动就业", RegionBasis: "户籍地", TiePlace: "500101"}))
		ok(p.Transfers.Letter(ctx, in, waiting.ID, ""))
		p.Clock.Advance(16 * 24 * time.Hour)
		for range 2 { // twice a day is once
			if err := p.Transfers.Timers(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if now := ok(transfer.Get(ctx, p.DB, c.ID)); now.Chased != 1 {
			t.Errorf("chased %d times after 16 days", now.Chased)
		}
		if now := ok(transfer.Get(ctx, p.DB, waiting.ID)); now.State != transfer.Lettered || now.Chased != 1 {
			t.Errorf("the letter is still valid and asks again once, but %s, %d times", now.State, now.Chased)
		}
		// One that came on its last day may be booked within two working days more.
		for _, at := range []struct {
			days int
			want transfer.State
		}{{16, transfer.Lettered}, {5, transfer.Expired}} {
			p.Clock.Advance(time.Duration(at.days) * 24 * time.Hour)
			if err := p.Transfers.Timers(ctx); err != nil {
				t.Fatal(err)
			}
			if now := ok(transfer.Get(ctx, p.DB, waiting.ID)); now.State != at.want {
				t.Errorf("%d days later the letter is %s, not %s", at.days, now.State, at.want)
			}
		}
	})
}
