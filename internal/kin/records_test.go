package kin_test

import (
	"slices"
	"testing"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/kin"
	"dangan/internal/person"
	"dangan/internal/standing"
	"dangan/internal/testkit"
)

// 21c stands on what is recorded: the dossier's own family, those of relatives who have dossiers,
// from either end, and what members of staff declared.
func TestTheCircleFollowsTheRecords(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		clerk := p.As("clerk-500108")
		ids, persons := make([]string, 9), make([]string, 9)
		for n := range ids {
			d := testkit.Stock(p, "50010801", n, nil)
			ids[n], persons[n] = d.ID, d.PersonID
		}
		family := func(of int, relation, name, idNo string) {
			t.Helper()
			if _, err := p.Dossiers.AddFamily(t.Context(), clerk, ids[of], dossier.NewFamily{Relation: relation, Name: name, IDNo: idNo, Source: dossier.Source{Class: "1", Title: "履历表", Page: 2}}); err != nil {
				t.Fatal(err)
			}
		}
		const nobody = 40 // from here on persons who have no dossier
		grandfather, cousinOfStaff := testkit.IDNo(nobody), testkit.IDNo(nobody+1)
		family(0, "father", testkit.Name(1), testkit.IDNo(1))
		family(1, "younger_brother", testkit.Name(2), testkit.IDNo(2))
		family(0, "mother", "欧阳·明月", "") // recorded without a number
		family(3, "son", testkit.Name(0), testkit.IDNo(0))
		family(0, "paternal_grandfather", testkit.Name(nobody), grandfather)
		family(4, "father", testkit.Name(nobody), grandfather) // 4 and 0's father have one father, who has no dossier
		family(0, "not_kin", testkit.Name(5), testkit.IDNo(5)) // a colleague …
		family(5, "spouse", testkit.Name(6), testkit.IDNo(6))  // … whose own family is none of 0's
		family(0, "other_kin", testkit.Name(7), testkit.IDNo(7))
		family(7, "spouse", testkit.Name(8), testkit.IDNo(8))
		if _, err := p.Staff.DeclareKin(t.Context(), p.As("scanner-500108"), "uncle?", "某", testkit.IDNo(20)); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Staff.DeclareKin(t.Context(), p.As("scanner-500108"), "paternal_grandfather", testkit.Name(nobody), grandfather); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Staff.DeclareKin(t.Context(), p.As("scanner-500108"), "cousins_child", "某", cousinOfStaff); err != nil {
			t.Fatal(err)
		}
		index := func(no string) []byte { return p.Keys.Index(person.IndexPurpose, no) }
		of := func(n int) []byte { return index(testkit.IDNo(n)) }
		circle, err := kin.Of(t.Context(), p.DB, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name  string
			index []byte
			who   string
			want  bool
		}{
			{"本人", of(0), testkit.Name(0), true},
			{"父亲，有身份号码", of(1), testkit.Name(1), true},
			{"父亲的兄弟，从父亲的档案得知", of(2), testkit.Name(2), true},
			{"母亲，只记有姓名，写法不同", of(21), "欧阳明月", true},
			{"没有带号码的人，同名", nil, testkit.Name(1), true},
			{"从对方档案得知的亲属", of(3), testkit.Name(3), true},
			{"没有档案的祖父", index(grandfather), "", true},
			{"祖父的另一个儿子，祖父没有档案", of(4), testkit.Name(4), true},
			{"申报人的堂侄", index(cousinOfStaff), "", false},
			{"非亲属", of(5), testkit.Name(5), false},
			{"非亲属的配偶", of(6), testkit.Name(6), false},
			{"没有说明的亲属，问明之前不得查阅", of(7), testkit.Name(7), true},
			{"没有说明的亲属的配偶", of(8), testkit.Name(8), false},
			{"没有记载的人", of(22), testkit.Name(22), false},
			{"同名，但两边都有身份号码且不同", of(22), testkit.Name(1), false},
			{"既无号码也无姓名", nil, "", false},
		} {
			if got, err := circle.Has(t.Context(), c.index, c.who); err != nil || got != c.want {
				t.Errorf("%s：%v，应为 %v（%v）", c.name, got, c.want, err)
			}
		}
		if _, err := kin.Of(t.Context(), p.DB, "no such dossier"); err == nil {
			t.Error("a dossier that is not there has kin")
		}
		// The member of staff declared 0's grandfather as their own: they stand to each other as cousins.
		if away := p.As("scanner-500108").Persons; !slices.Contains(away, persons[0]) || slices.Contains(away, persons[5]) {
			t.Errorf("the scanner keeps away from %v", away)
		}
		// What was entered wrongly and voided counts no more.
		own, err := p.Dossiers.FamilyOf(t.Context(), clerk, ids[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range own {
			if f.Relation == "father" {
				if _, err := p.Dossiers.Withdraw(t.Context(), p.As("reviewer-500108"), dossier.EntryFamily, f.ID, "登记有误"); err != nil {
					t.Fatal(err)
				}
			}
		}
		if circle, err = kin.Of(t.Context(), p.DB, ids[0]); err != nil {
			t.Fatal(err)
		}
		if got, err := circle.Has(t.Context(), of(2), testkit.Name(2)); err != nil || got {
			t.Errorf("kin by way of an entry that was withdrawn: %v, %v", got, err)
		}
	})
}

// A number that changed, and a person who was registered twice, are the same one.
func TestFormerNumbersAreTheSamePerson(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		clerk := p.As("clerk-500108")
		d := testkit.Stock(p, "50010801", 0, nil)
		brother := testkit.Stock(p, "50010801", 41, nil)
		uncle := testkit.IDNo(40)
		for _, f := range []struct {
			of                   dossier.Dossier
			relation, name, idNo string
		}{{d, "younger_brother", testkit.Name(41), testkit.IDNo(41)}, {brother, "fathers_elder_brother", testkit.Name(40), uncle}} {
			if _, err := p.Dossiers.AddFamily(t.Context(), clerk, f.of.ID, dossier.NewFamily{Relation: f.relation, Name: f.name, IDNo: f.idNo, Source: dossier.Source{Class: "1", Title: "履历表", Page: 2}}); err != nil {
				t.Fatal(err)
			}
		}
		has := func(no string) bool {
			t.Helper()
			circle, err := kin.Of(t.Context(), p.DB, d.ID)
			if err != nil {
				t.Fatal(err)
			}
			got, err := circle.Has(t.Context(), p.Keys.Index(person.IndexPurpose, no), "")
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		asked, err := p.Standing.Apply(t.Context(), clerk, standing.Application{Kind: standing.Identity, DossierID: brother.ID, Reason: "号码登记有误，公安机关更正", Document: "公安机关更正证明", SeenBy: "何树林", SeenOn: calendar.Of(p.Clock.Now()), Content: standing.Content{IDNo: testkit.IDNo(1)}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Standing.Decide(t.Context(), p.As("reviewer-500108"), asked.ID, true, ""); err != nil {
			t.Fatal(err)
		}
		for _, no := range []string{uncle, testkit.IDNo(1), testkit.IDNo(41)} { // the record says 41, which nobody has any more
			if !has(no) {
				t.Errorf("%s leads to nobody", no)
			}
		}
		around, err := kin.Around(t.Context(), p.DB, "", p.Keys.Index(person.IndexPurpose, uncle))
		want := []string{d.PersonID, brother.PersonID}
		slices.Sort(want)
		if err != nil || !slices.Equal(around, want) {
			t.Errorf("around the uncle stand %v, not %v (%v)", around, want, err)
		}
	})
}
