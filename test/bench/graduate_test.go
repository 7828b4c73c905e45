package bench

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"dangan/internal/custody"
	"dangan/internal/graduate"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// classSize is a graduating class.
const classSize = 5000

// BenchmarkGraduates compares a graduating class, listed, matched by scanner and taken in
// by batches of two hundred with one signature each, with bare inserts of the rows of as
// many intakes.
func BenchmarkGraduates(b *testing.B) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		p := testkit.New(b, engine)
		ctx, by := context.Background(), p.As("clerk-500108")
		testkit.StockAs(p, by, office, classSize+1, nil)
		bare := bareInserts(b, p)
		reference := rate(1, bare)
		var file bytes.Buffer
		file.WriteString("姓名,身份证号,毕业院校,转递编号,学历\n")
		for i := range classSize {
			fmt.Fprintf(&file, "%s,%s,演示学院,ZD-%05d,大学本科\n", testkit.Name(i), testNumber(i), i)
		}
		begin := time.Now()
		r, err := p.Graduates.Import(ctx, by, graduate.Source{Agency: office, FileName: "class.csv", Content: bytes.NewReader(file.Bytes()), Size: int64(file.Len())})
		if err != nil || r.Listed != classSize {
			b.Fatalf("%d listed: %v", r.Listed, err)
		}
		for from := 0; from < classSize; from += 200 {
			var list []graduate.Arrival
			for i := range 200 {
				list = append(list, graduate.Arrival{Number: fmt.Sprintf("ZD-%05d", from+i), Seal: custody.Intact})
			}
			if _, err := p.Graduates.ScanAll(ctx, by, list); err != nil {
				b.Fatal(err)
			}
			batch, _, err := p.Graduates.OpenBatch(ctx, by)
			if err != nil {
				b.Fatal(err)
			}
			if batch, err = p.Graduates.ReceiveAll(ctx, by, batch.ID, 200); err != nil || batch.State != graduate.Signed {
				b.Fatalf("batch %+v: %v", batch, err)
			}
		}
		through := classSize / time.Since(begin).Seconds()
		report(fmt.Sprintf("graduates-%s", engine), through, "packets/s", through/reference)
	}
}
