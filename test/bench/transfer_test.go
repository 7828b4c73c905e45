package bench

import (
	"context"
	"fmt"
	"testing"
	"time"

	"dangan/internal/custody"
	"dangan/internal/store"
	"dangan/internal/testkit"
	"dangan/internal/transfer"
)

// BenchmarkTransfer is the server's time for one transfer from letter to receipt: every act
// of both ends and the keeper, papers signed, custody moved. The ratio is to plain inserts of
// the rows it left behind, in as many transactions as acts, into tables without constraints.
func BenchmarkTransfer(b *testing.B) {
	const runs = 15
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		p := testkit.New(b, engine)
		ctx := context.Background()
		in, out, keeper, reviewer, second := p.As("clerk-500101"), p.As("clerk-500108"), p.As("keeper-500108"), p.As("reviewer-500108"), p.As("reviewer-500101")
		must := func(err error) {
			if err != nil {
				b.Helper()
				b.Fatal(err)
			}
		}
		var took, bare []time.Duration
		for n := range runs {
			d := testkit.Stock(p, office, n+1, nil)
			c, err := p.Transfers.Apply(ctx, in, transfer.Application{Direction: transfer.Inner, Name: testkit.Name(n + 1), IDNo: testkit.IDNo(n + 1), Document: "居民身份证", Holder: office,
				Applicant: testkit.Name(n + 1), Reason: "流动就业", RegionBasis: "户籍地", TiePlace: "500101"})
			must(err)
			var last int64
			must(p.DB.QueryRow(ctx, "SELECT max(ord) FROM ledger_entry").Scan(&last))
			id, begin := c.ID, time.Now()
			c, err = p.Transfers.Letter(ctx, in, id, "")
			must(err)
			_, err = p.Transfers.Register(ctx, out, id, transfer.Registration{LetterNo: c.LetterNo, Code: c.LetterCode, ReceivedOn: "2026-11-23"})
			must(err)
			_, err = p.Custody.Pull(ctx, keeper, d.ID, custody.Handling{})
			must(err)
			_, err = p.Transfers.List(ctx, out, id, []transfer.Line{{Class: "1", Title: "履历表", Copies: 1, Pages: 8}, {Class: "9-2", Title: "劳动合同书", Copies: 1, Pages: 6}})
			must(err)
			_, err = p.Transfers.Review(ctx, reviewer, id, "")
			must(err)
			_, err = p.Transfers.Pack(ctx, out, id, transfer.Seal{SealNo: "N-1", Volumes: 1})
			must(err)
			_, err = p.Transfers.Send(ctx, out, id, transfer.Dispatch{Way: transfer.ConfidentialPost, TrackingNo: "1", Office: "重庆市机要通信局", On: "2026-11-23"})
			must(err)
			_, err = p.Transfers.Arrive(ctx, in, id, transfer.Arrival{On: "2026-11-23", Intact: true})
			must(err)
			_, err = p.Transfers.Check(ctx, in, id, []transfer.Result{{LineNo: 1, Check: transfer.LineOK}, {LineNo: 2, Check: transfer.LineOK}}, nil)
			must(err)
			_, err = p.Transfers.Receive(ctx, second, id)
			must(err)
			took = append(took, time.Since(begin))
			bare = append(bare, copyTransfer(b, p, c.Ref(), d.ID, last, n == 0))
		}
		through, reference := median(took), median(bare)
		report(fmt.Sprintf("transfer-%s", engine), float64(through.Milliseconds()), "ms", through.Seconds()/reference.Seconds())
	}
}

// copyTransfer inserts the rows of one transfer again, plainly, and tells how long it took.
func copyTransfer(b *testing.B, p *testkit.Province, ref, dossierID string, last int64, first bool) time.Duration {
	b.Helper()
	ctx := context.Background()
	db, _ := plain(b, p)
	id := ref[len("Transfer:"):]
	type statement struct {
		query string
		row   []any
	}
	var list []statement
	acts := 0
	view, err := p.DB.Snapshot(ctx)
	if err != nil {
		b.Fatal(err)
	}
	defer view.Close()
	for _, t := range []struct {
		table, where string
		arg          any
	}{
		{"transfer", "id=?", id}, {"transfer_item", "transfer_id=?", id}, {"document", "case_ref=?", ref}, {"custody_event", "case_ref=?", ref}, {"pull_request", "case_ref=?", ref},
		{"dossier_number", "dossier_id=?", dossierID}, {"name_key", "dossier_id=?", dossierID}, {"supplement", "dossier_id=?", dossierID}, {"message", "dossier_id=?", dossierID},
		{"ledger_entry", "ord>?", last}, {"ledger_subject", "ord>?", last},
	} {
		if first {
			if _, err := db.ExecContext(ctx, "CREATE TABLE bare_"+t.table+" AS SELECT * FROM "+t.table+" WHERE 1=0"); err != nil {
				b.Fatal(err)
			}
		}
		columns, err := view.Columns(ctx, t.table)
		if err != nil {
			b.Fatal(err)
		}
		rows, err := view.Query(ctx, "SELECT * FROM "+t.table+" WHERE "+t.where, t.arg)
		if err != nil {
			b.Fatal(err)
		}
		marks := ""
		for i := range columns {
			switch {
			case p.URL != "":
				marks += fmt.Sprintf(",$%d", i+1)
			default:
				marks += ",?"
			}
		}
		for rows.Next() {
			row, at := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				at[i] = &row[i]
			}
			if err := rows.Scan(at...); err != nil {
				b.Fatal(err)
			}
			list = append(list, statement{"INSERT INTO bare_" + t.table + " VALUES(" + marks[1:] + ")", row})
			if t.table == "ledger_entry" {
				acts++
			}
		}
		if err := rows.Err(); err != nil {
			b.Fatal(err)
		}
		_ = rows.Close()
	}
	if acts < 10 || len(list) < 3*acts {
		b.Fatalf("%d acts left %d rows", acts, len(list))
	}
	begin := time.Now()
	for a := range acts {
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for i := a; i < len(list); i += acts {
			if _, err := tx.Exec(list[i].query, list[i].row...); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(begin)
}
