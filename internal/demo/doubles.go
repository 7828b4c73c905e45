package demo

import (
	"bytes"
	"fmt"

	"dangan/internal/double"
	"dangan/internal/founding"
	persons "dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/roster"
)

// doubled are the dossiers that come in beside one of the same name and birth date.
const doubled = 3

// hasDoubles says whether so many persons are asked for that some can be alike.
func (b *builder) hasDoubles() bool { return b.o.People >= 5*smallest }

// enroll imports a short list of an office's own, as its clerk would.
func (b *builder) enroll(o *office, list []made, what, basis string) (roster.Report, error) {
	tree, err := b.in.Agencies.Tree(b.ctx)
	if err != nil {
		return roster.Report{}, err
	}
	home, ok := tree.Get(founding.AgencyOf(o.division))
	if !ok {
		return roster.Report{}, errImperfect
	}
	file, err := workbook(home, list)
	if err != nil {
		return roster.Report{}, err
	}
	return b.in.Rosters.Import(b.ctx, o.clerk, roster.Source{Agency: home.ID, FileName: home.Short + what + ".xlsx", Basis: home.Short + basis + "（演示）", Content: bytes.NewReader(file), Size: int64(len(file))})
}

// doubles are persons of one name and birth date under two numbers (2): said to be two, so that
// both are kept, and of two pairs taken back since; and a packet that is still to be found out.
func (b *builder) doubles() error {
	o, err := b.open("500108")
	if err != nil || !b.hasDoubles() {
		return err
	}
	away, err := b.open("500101")
	if err != nil {
		return err
	}
	r := b.rand("doubles")
	twin := func(of made, no string) made {
		t := of
		for t.IDNo == of.IDNo {
			t.IDNo = idNumber(r, pick(r, neighbors), of.Birth, of.Sex == "男")
		}
		t.No, t.Shelfmark, t.OldNumber = no, "09-D-02-"+no[len(no)-1:], ""
		return t
	}
	said := make([]persons.Distinct, doubled)
	at := []*office{o, away, o} // who keeps the other one
	b.plan("姓名和出生日期相同", func() error {
		for i, to := range at {
			p := o.persons[12+2*i]
			t := twin(p, fmt.Sprintf("%s-S%04d", to.division, i+1))
			b.at(72-i, 9, 40)
			claim := double.Claim(b.in.Keys, persons.CandidateOf(t.Name, t.IDNo))
			if said[i], err = b.in.Doubles.State(b.ctx, to.clerk, double.Statement{DossierID: o.ids[12+2*i], Candidate: &claim, Reason: "父母姓名、籍贯、毕业院校均不同", Document: "两人的居民身份证、袋内履历表（演示）", SeenBy: "何树林", SeenOn: b.today.AddDays(i - 72)}); err != nil {
				return err
			}
			b.at(72-i, 10, 30)
			if done, err := b.enroll(to, []made{t}, "补登花名册", "〔2026〕7号 清库记录"); err != nil {
				return err
			} else if done.Accepted != 1 {
				return errImperfect
			}
		}
		return nil
	})
	b.plan("撤销不是同一人的认定", func() error {
		b.at(16, 15, 30)
		for i, by := range []policy.Actor{o.reviewer, away.reviewer} {
			if _, err := b.in.Doubles.Undo(b.ctx, by, said[i].ID, "派出所复核：两个号码疑为同一人先后使用（演示）"); err != nil {
				return err
			}
		}
		b.at(12, 14, 20)
		done, err := b.enroll(away, []made{twin(o.persons[18], away.division+"-S0009")}, "来袋登记表", "〔2026〕9号 清库记录")
		if err != nil {
			return err
		}
		_, err = b.in.Rosters.TakeUnclear(b.ctx, away.clerk, done.Import, roster.Taking{Seal: roster.Sealed})
		return err
	})
	return nil
}
