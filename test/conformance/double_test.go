package conformance

import (
	"encoding/json"
	"net/url"
	"strings"
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
			inboxTells(t, p, "clerk-500103", "认定不是同一人")
			return a
		}},
		{Rule: "2", Name: "撤销认定要写明原因", Refused: true, Run: undo("reviewer-500108", "")},
		{Rule: "2", Name: "库管不撤销", Refused: true, Run: undo("keeper-500108", "派出所复核为同一人")},
		{Rule: "2", Name: "其他机构的认定，与己无关的机构看不到，撤销如同没有", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id, version := said(t, p)
			stranger := p.Client("clerk-500101")
			theirs, none := stranger.Post("/api/v1/likely-doubles/distinct/"+id+"/undo", j{"reason": "有误"}, "If-Match", version), stranger.Post("/api/v1/likely-doubles/distinct/none/undo", j{"reason": "有误"}, "If-Match", version)
			if theirs.Status != 404 || none.Status != 404 || string(theirs.Body) != string(none.Body) {
				t.Errorf("another agency's: %d %s; none: %d %s", theirs.Status, theirs.Body, none.Status, none.Body)
			}
			return stranger.Get("/api/v1/likely-doubles/distinct")
		}},
		{Rule: "2", Name: "认定有误的撤销，又列出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := undo("reviewer-500108", "派出所复核为同一人")(t, p)
			if x := first(t, p, "clerk-500108"); len(x.Items) != 1 {
				t.Errorf("not listed again: %+v", x)
			}
			inboxTells(t, p, "clerk-500103", "可能重复的档案")
			return a
		}},
		{Rule: "2", Name: "撤销的认定留有记录：谁、何时、为何；不能再撤销", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var list struct {
				Items []struct{ ID, Version, State, StatedBy, UndoneBy, UndoneAt, UndoneWhy, Document string }
			}
			p.Client("clerk-500108").Get("/api/v1/likely-doubles/distinct?state=undone").JSON(&list)
			if len(list.Items) != 1 || list.Items[0].UndoneWhy != "派出所复核为同一人" || list.Items[0].UndoneBy == "" || list.Items[0].UndoneBy == list.Items[0].StatedBy || list.Items[0].UndoneAt == "" || list.Items[0].Document == "" {
				t.Fatalf("the record: %+v", list)
			}
			return p.Client("reviewer-500108").Post("/api/v1/likely-doubles/distinct/"+list.Items[0].ID+"/undo", j{"reason": "再撤一次"}, "If-Match", list.Items[0].Version)
		}},
		{Rule: "15", Name: "一卷提高密级后，这一对和认定都不再显出，撤销如同没有", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			state(parted)(t, p).OK()
			id, version := said(t, p)
			var list struct {
				Items []struct {
					Likely []struct {
						DossierID string
						Own       bool
					}
				}
			}
			p.Client("clerk-500108").Get("/api/v1/likely-doubles/distinct?state=stated").JSON(&list)
			for _, l := range list.Items[0].Likely {
				if l.Own {
					p.Client("clerk-500108").Post("/api/v1/dossiers/"+l.DossierID+"/secrecy/raise", j{"to": "work", "reason": "封面标有工作秘密"}).OK()
				}
			}
			a := p.Client("clerk-500108").Get("/api/v1/likely-doubles/distinct")
			if strings.Contains(string(a.Body), id) || len(first(t, p, "clerk-500103").Items) != 0 || strings.Contains(string(p.Client("clerk-500103").Get("/api/v1/likely-doubles/distinct").Body), id) {
				t.Errorf("still shown: %s", a.Body)
			}
			if b := p.Client("reviewer-500108").Post("/api/v1/likely-doubles/distinct/"+id+"/undo", j{"reason": "有误"}, "If-Match", version); b.Status != 404 {
				t.Errorf("taken back by who may not know of it: %d %s", b.Status, b.Body)
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

// A packet that turns out at the check to be a second one of a person whose dossier is held: it
// is kept apart and its sender answered, and goes where it belongs by two persons' word.
func TestSecondPacketAtTheCheck(t *testing.T) {
	const clerk, second = "clerk-500101", "reviewer-500101"
	compared := j{"document": "来件履历表与在管档案的学历、工作经历", "seenBy": "周知行", "seenOn": "2026-11-20", "shelf": "待核柜 01"}
	// comes is a packet from outside, checked, whose person got a dossier meanwhile.
	comes := func(t *testing.T, p *testkit.Province, n int, got func()) *moving {
		t.Helper()
		m := fromOutside(t, p, n, whole[:2])
		got()
		return m
	}
	var here, there, alike *moving
	var packet string
	on := func(m **moving, user, path string, body any) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			(*m).p, (*m).t = p, t
			return (*m).post(user, path, body)
		}
	}
	check(t, []Case{
		{Rule: "2", Name: "没有在管档案的，不能登记为一人多档", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := fromOutside(t, p, 7001, whole[:2])
			if strings.Contains(string(p.Client(second).Get("/api/v1/transfers/"+m.id).Body), `"transfer.second"`) {
				t.Error("it is offered where no dossier is held")
			}
			return m.post(second, "second", compared)
		}},
		{Rule: "20.4a", Name: "没有逐份核对完的，不能登记为一人多档", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := lettersOut(t, p, 7002)
			m.post(clerk, "arrive", j{"on": "2026-11-23", "intact": true, "noticeNo": "黔转〔2026〕8号", "volumes": 1, "way": "confidential_post", "carrier": "贵阳机要通信局", "trackingNo": "黔机0702"}).OK()
			testkit.Stock(p, "50010101", 7002, nil)
			return m.post(second, "second", compared)
		}},
		{Rule: "2", Name: "已有一卷的，复核签收不能另立一卷", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			here = comes(t, p, 7003, func() { testkit.Stock(p, "50010101", 7003, nil) })
			return here.post(second, "receive", nil)
		}},
		{Rule: "20.4a", Name: "核对人自己不能登记为一人多档", Refused: true, Run: on(&here, clerk, "second", compared)},
		{Rule: "20.4a", Name: "监督不登记", Refused: true, Run: on(&here, "supervisor-500101", "second", compared)},
		{Rule: "2", Name: "没有依据和放置处的，一次说全", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := on(&here, second, "second", j{})(t, p)
			if n := len(a.Problem().Reasons); n != 4 {
				t.Errorf("%d reasons: %s", n, a.Body)
			}
			return a
		}},
		{Rule: "2", Name: "核对发现本机构已有一卷的，登记为一人多档，回执退回", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := on(&here, second, "second", compared)(t, p).OK()
			packet = a.String("apart.id")
			if a.String("state") != "closed" || a.String("receiptNo") == "" || packet == "" {
				t.Errorf("kept apart: %s", a.Body)
			}
			v := p.Client(clerk).Get("/api/v1/unclear/" + packet)
			if v.String("kind") != "second" || v.String("state") != "open" || v.String("shelfmark") != "待核柜 01" || v.String("cameOn") != here.id || !strings.Contains(string(v.Body), "身份证号相同") {
				t.Errorf("the packet: %s", v.Body)
			}
			return a
		}},
		{Rule: "29.6", Name: "不能再登记一次", Refused: true, Run: on(&here, second, "second", compared)},
		{Rule: "2", Name: "另一人核准后并入已有的一卷，待核编号仍可查到", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			no := p.Client(clerk).Get("/api/v1/unclear/" + packet).String("no")
			p.Client(clerk).Post("/api/v1/unclear/"+packet+"/propose", j{"ending": "same", "dossierNo": "50010101-2019-007004", "document": "两卷履历表", "seenBy": "周知行", "seenOn": "2026-11-20"}).OK()
			a := p.Client(second).Post("/api/v1/unclear/"+packet+"/confirm", nil).OK()
			var list struct{ Items []struct{ No string } }
			p.Client(clerk).Get("/api/v1/dossiers?q=" + url.QueryEscape(no)).JSON(&list)
			if a.String("state") != "resolved" || len(list.Items) != 1 || list.Items[0].No != "50010101-2019-007004" {
				t.Errorf("joined: %s %+v", a.Body, list)
			}
			return a
		}},
		{Rule: "2", Name: "一卷在其他机构的，登记后告知该机构，再按转递移交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			there = comes(t, p, 7005, func() { testkit.Stock(p, "50010301", 7005, nil) })
			a := there.post(second, "second", compared).OK()
			inboxTells(t, p, "clerk-500103", "在档人员另有一袋档案")
			id := a.String("apart.id")
			p.Client(clerk).Post("/api/v1/unclear/"+id+"/propose", j{"ending": "same", "dossierNo": "50010301-2019-007006", "document": "两卷履历表", "seenBy": "周知行", "seenOn": "2026-11-20"}).OK()
			if c := p.Client(second).Post("/api/v1/unclear/"+id+"/confirm", nil).OK(); c.String("state") != "sending" {
				t.Errorf("approved: %s", c.Body)
			}
			return a
		}},
		{Rule: "2", Name: "姓名、出生日期相同的一卷，对照后登记为一人多档，保管机构收到告知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			alike = comes(t, p, 7007, func() { testkit.Twin(p, "50010301", 7007, nil) })
			no := alikeIn(t, alike.post(second, "receive", nil))
			if no.Reasons[0].Slug != "likely_double" {
				t.Errorf("received with %+v", no)
			}
			a := alike.post(second, "second", plus(compared, j{"dossierId": no.Reasons[0].Facts.Alike[0].DossierID})).OK()
			inboxTells(t, p, "clerk-500103", "可能重复的档案")
			return a
		}},
		{Rule: "15", Name: "密级高于知悉范围的一卷不因此显出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := comes(t, p, 7009, func() {
				testkit.Twin(p, "50010301", 7009, func(d *dossier.Dossier) { d.Secrecy, d.OwnSecrecy = 3, 3 })
			})
			a := m.post(second, "second", compared)
			if slugs := a.Problem().Reasons; len(slugs) != 1 || slugs[0].Slug != "not_second" {
				t.Errorf("a classed dossier is shown: %s", a.Body)
			}
			return p.Client("clerk-500101").Post("/api/v1/dossiers/"+testkit.Stock(p, "50010101", 7010, nil).ID+"/secrecy/raise", j{"to": "secret", "reason": "见（机密）某工程名单"})
		}},
	})
}

// Who is likely kept already and comes by a school's list: in custody, set aside beside the
// dossier, and told of where that is kept; two in one list are no exception.
func TestLikelyDoublesOfGraduates(t *testing.T) {
	const clerk, reviewer = "clerk-500108", "reviewer-500108"
	id := func(t *testing.T, p *testkit.Province, no string) (id string) {
		t.Helper()
		if err := p.DB.QueryRow(t.Context(), "SELECT id FROM graduate WHERE transfer_no=?", no).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	scan := func(p *testkit.Province, no string) *testkit.Answer {
		return p.Client(clerk).Post("/api/v1/graduate-packets", j{"number": no, "seal": "intact"})
	}
	check(t, []Case{
		{Rule: "2", Name: "毕业生与其他机构在管的一卷姓名、出生日期相同：接收保管，列在旁边，告知保管机构", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p, "50010301", 7100, nil)
			row := func(name, idNo, no string) string { return name + "," + idNo + ",南山学院," + no + "\n" }
			class := "姓名,身份证号,毕业院校,转递编号\n" + row(testkit.Name(7100), testkit.TwinNo(7100), "LD-1") + row(testkit.Name(7101), testkit.IDNo(7101), "LD-2") + row(testkit.Name(7101), testkit.TwinNo(7101), "LD-3") +
				row(testkit.Name(7102), testkit.IDNo(7102), "LD-4") + row(testkit.Name(7102), testkit.IDNo(7102), "LD-5")
			var listed struct{ Listed, Rejected int }
			p.Client(clerk).Do("POST", "/api/v1/graduate-lists?name=ld.csv", class, "Content-Type", "application/octet-stream").OK().JSON(&listed)
			if listed.Listed != 4 || listed.Rejected != 1 { // the last row repeats a number
				t.Errorf("listed: %+v", listed)
			}
			a := scan(p, "LD-1").OK()
			if s := p.Client(clerk).Get("/api/v1/graduates/" + id(t, p, "LD-1")).String("state"); s != "elsewhere" {
				t.Errorf("set aside: %s", s)
			}
			inboxTells(t, p, "clerk-500103", "可能重复的档案")
			return a
		}},
		{Rule: "2", Name: "同一名单中两人姓名、出生日期相同：后到的列在先到的旁边", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			scan(p, "LD-2").OK()
			a := scan(p, "LD-3").OK()
			first, then := p.Client(clerk).Get("/api/v1/graduates/"+id(t, p, "LD-2")), p.Client(clerk).Get("/api/v1/graduates/"+id(t, p, "LD-3"))
			if first.String("state") != "unclaimed" || then.String("state") != "elsewhere" {
				t.Errorf("the first is %s, the other %s", first.String("state"), then.String("state"))
			}
			return a
		}},
		{Rule: "2", Name: "比对是两个人的，另一人核准后立为本机构的一卷，认定留存", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client(clerk).Post("/api/v1/graduates/"+id(t, p, "LD-3")+"/settle", j{"ending": "open", "evidence": "两人的居民身份证、学籍表"}).OK()
			a := p.Client(reviewer).Post("/api/v1/graduates/"+id(t, p, "LD-3")+"/decide", j{"approve": true}).OK()
			if a.String("state") != "unclaimed" {
				t.Errorf("opened: %s", a.Body)
			}
			if said := string(p.Client(clerk).Get("/api/v1/likely-doubles/distinct").Body); !strings.Contains(said, "两人的居民身份证、学籍表") {
				t.Errorf("not on record: %s", said)
			}
			return a
		}},
	})
}
