package double_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

const office = "50010801"

// number is a right number of somebody born on 1975-03-02 in the old region, another one for each n.
func number(n int) string {
	body := fmt.Sprintf("510202197503%02d%03d", 2, n)
	return body + string(identity.CheckCharacter(body))
}

// keep registers a person with a dossier of an agency.
func keep(t *testing.T, p *testkit.Province, agency string, n int, who person.Person, secrecy int) dossier.Dossier {
	t.Helper()
	who.Sex, who.BirthDate = "1", who.IDNo[6:10]+"-"+who.IDNo[10:12]+"-"+who.IDNo[12:14]
	by := p.As("clerk-" + agency[:6])
	by.Clearance = 4
	d := dossier.Dossier{Agency: agency, No: fmt.Sprintf("%s-2019-%06d", agency, n), State: dossier.InStore, Place: dossier.PlaceStore, Category: "4.1", Basis: "stock", ReceivedOn: "2019-06-18", Secrecy: secrecy, OwnSecrecy: secrecy}
	_, err := p.Gate.Do(context.Background(), gate.Act{Actor: by, Action: "roster.register"}, func(tx *gate.Tx) error {
		r := d.Resource()
		r.Attrs = map[string]any{"agency": d.Agency}
		if err := tx.Permit(r); err != nil {
			return err
		}
		if err := person.Add(tx, p.Keys, &who); err != nil {
			return err
		}
		return dossier.Add(tx, &d, who)
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// both runs a test on both engines.
func both(t *testing.T, fn func(t *testing.T, p *testkit.Province)) {
	for _, e := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(e), func(t *testing.T) { fn(t, testkit.New(t, e)) })
	}
}

// Who is likely kept already, and who is not: a row is what a clerk would say.
func TestAlike(t *testing.T) {
	both(t, func(t *testing.T, p *testkit.Province) {
		keep(t, p, office, 1, person.Person{Name: "田改名", FormerNames: "田旧名、田幼名", IDNo: number(11)}, 0)
		keep(t, p, office, 2, person.Person{Name: "阿依古丽·买买提", IDNo: number(21)}, 0)
		keep(t, p, office, 3, person.Person{Name: "MARIA Lee", IDNo: number(31)}, 0)
		keep(t, p, office, 5, person.Person{Name: "ＪＯＨＮ", IDNo: number(51)}, 0)
		keep(t, p, office, 6, person.Person{Name: "Ａnna", IDNo: number(61)}, 0)
		keep(t, p, office, 4, person.Person{Name: "张發", IDNo: number(41)}, 0)
		other := number(99)
		old := number(11)[:6] + number(11)[8:17]
		if c, problem := identity.Parse(old, calendar.Of(p.Gate.Now())); problem != "" || c.Number != number(11) {
			t.Fatalf("15 digits: %s %q", c.Number, problem)
		}
		eighteen, _ := identity.Parse(old, calendar.Of(p.Gate.Now()))
		for _, row := range []struct {
			says string
			c    person.Candidate
			want string
		}{
			{"姓名、出生日期相同，号码不同", person.CandidateOf("田改名", other), "田改名"},
			{"以曾用名来", person.CandidateOf("田旧名", other), "田改名"},
			{"以另一曾用名来", person.CandidateOf("田幼名", other), "田改名"},
			{"来人的曾用名是在档人的姓名", person.Candidate{Name: "田新名", FormerNames: "田改名", IDNo: other, BirthDate: "1975-03-02"}, "田改名"},
			{"同一号码就是本人，不是可能", person.CandidateOf("田改名", number(11)), ""},
			{"15 位旧号补为 18 位就是本人", person.CandidateOf("田改名", eighteen.Number), ""},
			{"没有号码的档案袋", person.Candidate{Name: "田改名", BirthDate: "1975-03-02"}, "田改名"},
			{"间隔号写法不同", person.CandidateOf("阿依古丽•买买提", other), "阿依古丽·买买提"},
			{"不写间隔号", person.CandidateOf("阿依古丽买买提", other), "阿依古丽·买买提"},
			{"姓名中有空格", person.CandidateOf("田 改　名", other), "田改名"},
			{"半角、大小写不同", person.CandidateOf("maria lee", other), "MARIA Lee"},
			{"全角来，半角在档", person.CandidateOf("ｍａｒｉａ　ｌｅｅ", other), "MARIA Lee"},
			{"半角来，全角在档", person.CandidateOf("JOHN", other), "ＪＯＨＮ"},
			{"全角半角混写，照样来", person.CandidateOf("Ａnna", other), "Ａnna"},
			{"繁简是不同的字", person.CandidateOf("张发", other), ""},
			{"出生日期不同", person.Candidate{Name: "田改名", IDNo: other, BirthDate: "1975-02-03"}, ""},
			{"没有出生日期", person.Candidate{Name: "田改名", IDNo: other}, ""},
			{"姓名不同", person.CandidateOf("田不同", other), ""},
		} {
			found, err := person.Alike(t.Context(), p.DB, p.Keys, []person.Candidate{row.c})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if len(found[0]) > 0 {
				got = found[0][0].Name
			}
			if got != row.want || len(found[0]) > 1 {
				t.Errorf("%s: found %q of %d, want %q", row.says, got, len(found[0]), row.want)
			}
		}
	})
}

// What was said lets the one in beside the other, is on the list no more, and comes back
// when it is taken back; what is classed says nothing to who may not know it.
func TestSaid(t *testing.T) {
	both(t, func(t *testing.T, p *testkit.Province) {
		ctx := context.Background()
		a := keep(t, p, office, 1, person.Person{Name: "田同名", IDNo: number(11)}, 0)
		b := keep(t, p, "50010301", 2, person.Person{Name: "田同名", IDNo: number(12)}, 0)
		keep(t, p, "50010301", 3, person.Person{Name: "田涉密", IDNo: number(13)}, 3)
		keep(t, p, office, 4, person.Person{Name: "田涉密", IDNo: number(14)}, 0)
		clerk := p.As("clerk-500108")
		seen := double.Statement{DossierID: a.ID, OtherID: b.ID, Reason: "父母、籍贯不同", Document: "两人户口簿", SeenBy: "周知行", SeenOn: calendar.Of(p.Gate.Now())}
		open := func() (out []string) {
			list, next, err := p.Doubles.Open(ctx, clerk, "", 20)
			if err != nil || next != "" {
				t.Fatal(next, err)
			}
			for _, x := range list {
				out = append(out, x.Likely[0].Person.Name)
			}
			return out
		}
		if got := open(); len(got) != 1 || got[0] != "田同名" {
			t.Fatalf("open: %v", got)
		}
		if list, _, err := p.Doubles.Open(ctx, p.As("clerk-500101"), "", 20); err != nil || len(list) != 0 {
			t.Errorf("an agency with neither of the two sees %d: %v", len(list), err)
		}
		var no *rule.Refusal
		if _, err := p.Doubles.State(ctx, clerk, double.Statement{DossierID: a.ID, OtherID: b.ID}); !errors.As(err, &no) || len(no.Reasons) != 4 {
			t.Errorf("without evidence: %v", err)
		}
		said, err := p.Doubles.State(ctx, clerk, seen)
		if err != nil {
			t.Fatal(err)
		}
		if got := open(); len(got) != 0 {
			t.Errorf("after the statement: %v", got)
		}
		if list, err := p.Doubles.Said(ctx, clerk, person.Stated, "", 10); err != nil || len(list) != 1 || len(list[0].Likely) != 2 {
			t.Errorf("said: %+v %v", list, err)
		}
		if _, err := p.Doubles.State(ctx, clerk, seen); !errors.As(err, &no) || no.Reasons[0].Slug != "distinct_stated" {
			t.Errorf("twice: %v", err)
		}
		if _, err := p.Doubles.Undo(ctx, clerk, said.ID, ""); !errors.As(err, &no) || no.Reasons[0].Slug != "undo_reason" {
			t.Errorf("taken back without a reason: %v", err)
		}
		if _, err := p.Doubles.Undo(ctx, clerk, said.ID, "派出所复核为同一人"); err != nil {
			t.Fatal(err)
		}
		if got := open(); len(got) != 1 {
			t.Errorf("after it was taken back: %v", got)
		}
		if _, err := p.Doubles.State(ctx, clerk, seen); err != nil {
			t.Errorf("said anew: %v", err)
		}
	})
}
