package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"dangan/internal/identity"
	"dangan/internal/roster"
	"dangan/internal/sheet"
	"dangan/internal/store"
	"dangan/internal/testkit"

	"github.com/xuri/excelize/v2"
)

// importRows is the length of the imported list: both databases in about half a
// minute. DANGAN_BENCH_ROWS sets another.
const importRows = 20_000

// BenchmarkImport compares an import, from the closed file to the last row on
// record, with only reading every cell of the same workbook: by excelize, the
// reader most programs use, and by our own, which is some six times faster.
func BenchmarkImport(b *testing.B) {
	n := importRows
	if asked, err := strconv.Atoi(os.Getenv("DANGAN_BENCH_ROWS")); err == nil && asked > 0 {
		n = asked
	}
	file := stockList(b, n)
	plain := readPlain(b, file, n)
	own := readOwn(b, file, n)
	report("read-excelize", float64(n)/plain.Seconds(), "rows/s", 1)
	report("read-own", float64(n)/own.Seconds(), "rows/s", plain.Seconds()/own.Seconds())
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		p := testkit.New(b, engine)
		begin := time.Now()
		r, err := p.Rosters.Import(context.Background(), p.As("clerk-500108"), roster.Source{Agency: office, FileName: "list.xlsx", Basis: "bench",
			Content: bytes.NewReader(file), Size: int64(len(file))})
		if err != nil {
			b.Fatal(err)
		}
		took := time.Since(begin)
		if r.Accepted != n {
			b.Fatalf("%d of %d accepted", r.Accepted, n)
		}
		report(fmt.Sprintf("import-%s-to-excelize-reading", engine), float64(n)/took.Seconds(), "rows/s", plain.Seconds()/took.Seconds())
		report(fmt.Sprintf("import-%s-to-own-reading", engine), float64(n)/took.Seconds(), "rows/s", own.Seconds()/took.Seconds())
	}
}

// readPlain reads every cell with excelize's streaming reader.
func readPlain(b *testing.B, file []byte, n int) time.Duration {
	b.Helper()
	begin := time.Now()
	f, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := f.Rows(f.GetSheetName(0))
	if err != nil {
		b.Fatal(err)
	}
	seen := -1 // the header
	for rows.Next() {
		if _, err := rows.Columns(); err != nil {
			b.Fatal(err)
		}
		seen++
	}
	if err := rows.Error(); err != nil || seen != n {
		b.Fatalf("read %d of %d: %v", seen, n, err)
	}
	return time.Since(begin)
}

func readOwn(b *testing.B, file []byte, n int) time.Duration {
	b.Helper()
	begin := time.Now()
	book, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	seen := -1
	if err := book.Each(book.Sheets[0], func(*sheet.Row) error { seen++; return nil }); err != nil || seen != n {
		b.Fatalf("read %d of %d: %v", seen, n, err)
	}
	return time.Since(begin)
}

var stockHeads = []string{"档案编号", "姓名", "身份证号", "性别", "出生日期", "民族", "政治面貌", "学历", "人员类别", "户籍所在地", "现工作单位",
	"统一社会信用代码", "单位所在地", "联系电话", "接收日期", "原存档单位", "库位", "备注", "入职渠道"}

// stockList is a workbook of n made-up persons with all columns a roster can have
// and one that nobody knows: 19, as MEASURED.md reads them.
func stockList(b testing.TB, n int) []byte {
	b.Helper()
	return stockListFrom(b, 0, n)
}

// stockListFrom is the same of n persons after others.
func stockListFrom(b testing.TB, from, n int) []byte {
	b.Helper()
	w, err := sheet.NewWriter("花名册", nil)
	if err != nil {
		b.Fatal(err)
	}
	put := func(cells []string) {
		if err := w.Put(cells, nil); err != nil {
			b.Fatal(err)
		}
	}
	put(stockHeads)
	for i := from; i < from+n; i++ {
		id := testNumber(i)
		unit, code := testUnit(i)
		sex := "女"
		if id[16]%2 == 1 {
			sex = "男"
		}
		put([]string{fmt.Sprintf("NA-%07d", i), testkit.Name(i), id, sex, id[6:10] + "-" + id[10:12] + "-" + id[12:14], "汉族", "群众", "大学本科", "4.1", "南岸区", unit, code, "南岸区",
			fmt.Sprintf("138%08d", i), "2019-06-18", "重庆市渝中区人才服务中心", fmt.Sprintf("01-A-%03d-%d", i%400, i%6), "", "校园招聘"})
	}
	var out bytes.Buffer
	if err := w.Finish(&out); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

// testNumber is a right identity number, another one for each of 13 million.
func testNumber(i int) string {
	k := i / 900
	body := fmt.Sprintf("500108%04d%02d%02d%03d", 1960+k/336%45, 1+k/28%12, 1+k%28, 100+i%900)
	return body + string(identity.CheckCharacter(body))
}

// testUnit is one of a thousand employers, with a credit code that passes the check.
func testUnit(i int) (name, code string) {
	k := i % 1000
	name = fmt.Sprintf("重庆市南岸区云岫%c%c（演示）有限公司", []rune("甲乙丙丁戊己庚辛壬癸")[k%10], []rune("智能软件建筑物流餐饮商贸教育文化环保电力")[k/10%20])
	for _, last := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
		code = fmt.Sprintf("91500108MA%06d0%c", k, last)
		if _, problem, _ := identity.CheckCredit(code); problem == "" {
			break
		}
	}
	return name, code
}
