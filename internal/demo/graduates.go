package demo

import (
	"bytes"
	"fmt"

	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/founding"
	"dangan/internal/graduate"
	"dangan/internal/identity"
	"dangan/internal/undertaking"
)

// enrolled are on the school's list; the packets of graduated have come.
const enrolled, graduated = 40, 34

// forerunner is the one whose packet came weeks before the others.
const forerunner = 9

// hasClass says whether so many persons are asked for that a class can be among them.
func (b *builder) hasClass() bool { return b.o.People >= 2*graduated }

// graduates is a class of this summer: listed by its school, most packets come and signed
// for in batches, some persons told, a few came, one never signed what was told as missing, the
// rest of the packets not there yet.
func (b *builder) graduates() error {
	o, err := b.open("500108")
	if err != nil || !b.hasClass() {
		return err
	}
	r := b.rand("graduates")
	var file bytes.Buffer
	file.WriteString("姓名,身份证号,毕业院校,转递编号,机要号,学历,手机号\n")
	for i := range enrolled {
		body := fmt.Sprintf("500108%04d%02d%02d%03d", b.today.Year()-22, 1+r.IntN(12), 1+r.IntN(28), 600+i)
		fmt.Fprintf(&file, "%s,%s,重庆云岫学院（演示）,YX-%d-%04d,JY-%06d,大学本科,138%08d\n", surnames[r.IntN(len(surnames))]+"演"+string([]rune("一二三四五六七八九十")[i%10]), body+string(identity.CheckCharacter(body)), b.today.Year(), i+1, 770000+i, r.IntN(100_000_000))
	}
	number := func(i int) string { return fmt.Sprintf("YX-%d-%04d", b.today.Year(), i+1) }
	b.plan("毕业生接收", func() error {
		b.at(96, 9, 30)
		if _, err := b.in.Graduates.Import(b.ctx, o.clerk, graduate.Source{Agency: founding.AgencyOf(o.division), FileName: "云岫学院毕业去向登记.csv", Content: bytes.NewReader(file.Bytes()), Size: int64(file.Len())}); err != nil {
			return err
		}
		var got []graduate.Line
		for _, part := range []struct{ ago, from, to int }{{94, forerunner, forerunner + 1}, {30, 0, 20}, {21, 20, graduated}} {
			b.at(part.ago, 10, 0)
			for i := part.from; i < part.to; i++ {
				if i == forerunner && part.ago == 30 {
					continue // came long before the others
				}
				a := graduate.Arrival{Number: number(i), Seal: custody.Intact}
				if i == 7 {
					a.Seal, a.Note = custody.Broken, "封口开裂约五厘米，材料未外露"
				}
				if _, err := b.in.Graduates.Scan(b.ctx, o.clerk, a); err != nil {
					return err
				}
			}
			b.at(part.ago, 11, 0)
			batch, _, err := b.in.Graduates.OpenBatch(b.ctx, o.clerk)
			if err != nil {
				return err
			}
			if batch, err = b.in.Graduates.ReceiveAll(b.ctx, o.clerk, batch.ID, batch.Packets); err != nil {
				return err
			}
			_, lines, err := b.in.Graduates.Batch(b.ctx, o.clerk, batch.ID)
			if err != nil {
				return err
			}
			if part.from == forerunner {
				if err := b.unsigned(o, lines[0].Graduate.ID); err != nil {
					return err
				}
				continue
			}
			got = append(got, lines...)
		}
		b.at(18, 15, 0)
		for _, l := range got[:16] {
			if l.Graduate.State != graduate.Unclaimed {
				continue
			}
			if _, err := b.in.Graduates.Tell(b.ctx, o.clerk, l.Graduate.ID, "短信", ""); err != nil {
				return err
			}
		}
		b.at(9, 10, 20)
		for n, l := range got[:6] {
			if l.Graduate.State != graduate.Unclaimed {
				continue
			}
			claim := graduate.Claim{Document: "居民身份证", NoticeVersion: "2026-1", Whole: true}
			if n%3 == 1 { // one without what shows the degree
				claim.Whole, claim.Missing = false, []string{"education_degree"}
			}
			if _, err := b.in.Graduates.Claim(b.ctx, o.clerk, l.Graduate.ID, claim); err != nil {
				return err
			}
			if claim.Whole || n > 3 { // the last one has not signed yet
				continue
			}
			promise := undertaking.Promised{Signed: true, Statement: "学位证书原件在学校，本人知悉影响，承诺补交", On: calendar.Of(b.in.Clock.Now())}
			if _, err := b.in.Graduates.Promise(b.ctx, o.clerk, l.Graduate.ID, promise); err != nil {
				return err
			}
		}
		b.at(0, 7, 5)
		return b.in.Graduates.Timers(b.ctx)
	})
	return nil
}

// unsigned is a claim whose undertaking was told and never signed: the person was reminded, and
// it lies before the head (20.4a).
func (b *builder) unsigned(o *office, id string) error {
	b.at(93, 15, 0)
	if _, err := b.in.Graduates.Tell(b.ctx, o.clerk, id, "电话", ""); err != nil {
		return err
	}
	b.at(92, 10, 20)
	if _, err := b.in.Graduates.Claim(b.ctx, o.clerk, id, graduate.Claim{Document: "居民身份证", NoticeVersion: "2026-1", Missing: []string{"education_degree"}}); err != nil {
		return err
	}
	b.at(61, 7, 0)
	return b.in.Graduates.Timers(b.ctx)
}
