package feed

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"dangan/internal/calendar"
	"dangan/internal/rule"
	"dangan/internal/sheet"
)

// FuzzRead reads whatever a source may sign as a file, CSV or workbook, of every kind: each
// row is right or its faults are told by column, the file as a whole is refused in words, and
// a file is read the same way twice.
func FuzzRead(f *testing.F) {
	line := func(kind Kind) (head []string) {
		for _, c := range kind.Columns {
			head = append(head, c.Name)
		}
		return head
	}
	for i, kind := range Kinds {
		row := []string{"甲", number(1), "机械厂", "2019-03", "2020年5月"}
		if kind.Key == "education" {
			row = []string{"甲", number(1), "某大学", "本科", "20190701", "学士"}
		}
		f.Add(byte(i), []byte("\ufeff"+strings.Join(line(kind), ",")+"\n"+strings.Join(row, ",")+"\n,,,\n"))
		w, err := sheet.NewWriter("数据", nil)
		if err != nil {
			f.Fatal(err)
		}
		for _, r := range [][]string{{"导出说明"}, line(kind), row} {
			if err := w.Put(r, nil); err != nil {
				f.Fatal(err)
			}
		}
		var book bytes.Buffer
		if err := w.Finish(&book); err != nil {
			f.Fatal(err)
		}
		f.Add(byte(i), book.Bytes())
	}
	f.Add(byte(0), []byte("姓名,公民身份号码,参保单位,参保日期\n\"甲"))
	f.Add(byte(0), []byte("\xff\xfe姓名"))
	f.Fuzz(func(t *testing.T, which byte, raw []byte) {
		kind := Kinds[int(which)%len(Kinds)]
		walk := func() (rows []told, err error) {
			err = read(kind, bytes.NewReader(raw), calendar.Date("2026-11-26"), func(l told) error {
				if len(rows) < 1000 {
					rows = append(rows, l)
				}
				return nil
			})
			return rows, err
		}
		rows, err := walk()
		var refusal *rule.Refusal
		if err != nil && !errors.As(err, &refusal) {
			t.Fatalf("not refused in words: %v", err)
		}
		if again, twice := walk(); len(again) != len(rows) || (twice == nil) != (err == nil) {
			t.Fatalf("read twice: %d and %d rows, %v and %v", len(rows), len(again), err, twice)
		}
		last := 0
		for _, l := range rows {
			if l.row <= last {
				t.Fatalf("row %d comes after row %d", l.row, last)
			}
			last = l.row
			if len(l.faults) == 0 && (l.name == "" || len(l.idNo) != 18 || l.unit == "" || len(l.events) == 0) {
				t.Fatalf("taken for right: %+v", l)
			}
			for _, e := range l.events {
				if EventOf(e.slug).Name == "" {
					t.Fatalf("an event nobody knows: %+v", e)
				}
			}
		}
	})
}
