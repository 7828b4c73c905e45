package conformance

import (
	"encoding/json"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

// likelyDoubles is the list as somebody sees it.
type likelyDoubles struct {
	Items []struct {
		Merge  string
		Likely []struct {
			DossierID, No, Name string
			Own                 bool
		}
	}
}

// alikeOf is what a refusal shows of who is likely kept already.
type alikeOf struct {
	Reasons []struct {
		Slug  string
		Facts struct {
			Alike     []struct{ DossierID, No, IDNo string }
			Candidate j
		}
	}
}

func alikeIn(t *testing.T, a *testkit.Answer) (no alikeOf) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), &no); err != nil || len(no.Reasons) != 1 || len(no.Reasons[0].Facts.Alike) != 1 {
		t.Fatalf("not refused as a likely double: %s", a.Body)
	}
	return no
}

var parted = j{"reason": "父母姓名、籍贯均不同", "document": "两人的居民身份证、户口簿", "seenBy": "周知行", "seenOn": "2026-11-20"}

func plus(a j, more j) j {
	out := j{}
	for _, m := range []j{a, more} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// twinComes is an application for somebody of the 60th person's name and birth date, under another number.
func twinComes(p *testkit.Province) *testkit.Answer {
	return p.Client("clerk-500108").Post("/api/v1/transfers", j{"direction": "in", "name": testkit.Name(60), "idNo": testkit.TwinNo(60), "document": "居民身份证", "applicant": testkit.Name(60), "holderName": "成都市人才流动服务中心", "holderKind": "service",
		"reason": "流动就业", "regionBasis": "户籍地", "tiePlace": "500108", "category": "4.1", "subtype": "private_enterprise", "evidence": "劳动合同", "political": "13"})
}

func TestLikelyDoubles(t *testing.T) {
	first := func(t *testing.T, p *testkit.Province, user string) likelyDoubles {
		t.Helper()
		var list likelyDoubles
		p.Client(user).Get("/api/v1/likely-doubles").JSON(&list)
		return list
	}
	state := func(more j) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			x := first(t, p, "clerk-500108").Items[0].Likely
			return p.Client("clerk-500108").Post("/api/v1/likely-doubles/distinct", plus(more, j{"dossierId": x[0].DossierID, "otherId": x[1].DossierID}))
		}
	}
	said := func(t *testing.T, p *testkit.Province) (id, version string) {
		t.Helper()
		var list struct {
			Items []struct{ ID, Version, State string }
		}
		p.Client("clerk-500108").Get("/api/v1/likely-doubles/distinct?state=stated").JSON(&list)
		if len(list.Items) == 0 {
			t.Fatal("nothing was said")
		}
		return list.Items[0].ID, list.Items[0].Version
	}
	undo := func(user, why string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id, version := said(t, p)
			return p.Client(user).Post("/api/v1/likely-doubles/distinct/"+id+"/undo", j{"reason": why}, "If-Match", version)
		}
	}
	check(t, []Case{
		{Rule: "2", Name: "姓名、出生日期相同的两卷列出，其他机构的不显示编号", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p, "50010801", 50, nil)
			testkit.Twin(p, "50010301", 50, nil)
			testkit.Stock(p, "50010301", 51, nil)
			a := p.Client("clerk-500108").Get("/api/v1/likely-doubles")
			var list likelyDoubles
			if a.JSON(&list); len(list.Items) != 1 || len(list.Items[0].Likely) != 2 || list.Items[0].Merge != "" {
				t.Fatalf("the doubles of 南岸: %+v", list)
			}
			for _, l := range list.Items[0].Likely {
				if l.Own != (l.No != "") {
					t.Errorf("another agency's number is shown: %+v", l)
				}
			}
			if x := first(t, p, "clerk-500101"); len(x.Items) != 0 {
				t.Errorf("万州 sees %+v", x)
			}
			return a
		}},
		{Rule: "15", Name: "涉密的一卷不因姓名、出生日期相同而显出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p, "50010801", 52, nil)
			testkit.Twin(p, "50010801", 52, func(d *dossier.Dossier) { d.Secrecy, d.OwnSecrecy = 3, 3 })
			a := p.Client("clerk-500108").Get("/api/v1/likely-doubles")
			var list likelyDoubles
			if a.JSON(&list); len(list.Items) != 1 {
				t.Errorf("a classed dossier is shown: %+v", list)
			}
			return a
		}},
		{Rule: "2", Name: "没有依据的认定一次说全", Refused: true, Run: state(j{})},
		{Rule: "2", Name: "库管不认定", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			x := first(t, p, "clerk-500108").Items[0].Likely
			return p.Client("keeper-500108").Post("/api/v1/likely-doubles/distinct", plus(parted, j{"dossierId": x[0].DossierID, "otherId": x[1].DossierID}))
		}},
		{Rule: "2", Name: "凭证件材料认定不是同一人，不再列出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := state(parted)(t, p)
			if x := first(t, p, "clerk-500108"); len(x.Items) != 0 {
				t.Errorf("still listed: %+v", x)
			}
			return a
		}},
		{Rule: "2", Name: "撤销认定要写明原因", Refused: true, Run: undo("reviewer-500108", "")},
		{Rule: "2", Name: "库管不撤销", Refused: true, Run: undo("keeper-500108", "派出所复核为同一人")},
		{Rule: "2", Name: "认定有误的撤销，又列出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := undo("reviewer-500108", "派出所复核为同一人")(t, p)
			if x := first(t, p, "clerk-500108"); len(x.Items) != 1 {
				t.Errorf("not listed again: %+v", x)
			}
			return a
		}},
		{Rule: "2", Name: "转入时姓名、出生日期与在管档案相同的，先核实", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p, "50010301", 60, nil)
			a := twinComes(p)
			no := alikeIn(t, a)
			if len(no.Reasons) != 1 || no.Reasons[0].Slug != "likely_double" || len(no.Reasons[0].Facts.Alike) != 1 || no.Reasons[0].Facts.Alike[0].No != "" {
				t.Errorf("refused with %+v", no)
			}
			return a
		}},
		{Rule: "2", Name: "认定不是同一人后照常受理转入", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			no := alikeIn(t, twinComes(p))
			f := no.Reasons[0].Facts
			p.Client("clerk-500108").Post("/api/v1/likely-doubles/distinct", plus(parted, j{"dossierId": f.Alike[0].DossierID, "candidate": f.Candidate})).OK()
			return twinComes(p)
		}},
		{Rule: "2", Name: "认定不是同一人的两卷不能并档", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := testkit.Stock(p, "50010801", 61, nil)
			b := testkit.Twin(p, "50010801", 61, nil)
			p.Client("clerk-500108").Post("/api/v1/likely-doubles/distinct", plus(parted, j{"dossierId": a.ID, "otherId": b.ID})).OK()
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+a.ID+"/standing", j{"kind": "merge", "other": b.No, "reason": "同一人", "document": "履历表", "seenBy": "周知行", "seenOn": "2026-11-20"})
		}},
		{Rule: "2", Name: "更名后与另一在管档案姓名、出生日期相同的，先核实", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p, "50010301", 62, nil)
			d := testkit.Stock(p, "50010801", 63, nil)
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+d.ID+"/standing", j{"kind": "identity", "name": testkit.Name(62), "idNo": testkit.TwinNo(62), "reason": "更名", "document": "户口簿变更页", "seenBy": "周知行", "seenOn": "2026-11-20"})
		}},
	})
}
