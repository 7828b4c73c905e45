package conformance

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	persons "dangan/internal/person"
	"dangan/internal/testkit"
)

// form is a complete application for a dossier, by two members of the Party.
func form(dossierID string, change ...func(map[string]any)) map[string]any {
	f := map[string]any{"dossierId": dossierID, "unitKind": "organ", "unit": "南岸区委组织部（演示）", "purpose": "vetting", "reason": "拟任职考察，依据干部考察通知",
		"paperName": "介绍信", "paperNo": "南组信〔2026〕12号", "paperOn": "2026-11-20", "sealed": true, "matches": true, "formSigned": true, "formBy": "周启明",
		"way": "digital", "readers": []map[string]any{reader(0), reader(1)}}
	for _, c := range change {
		c(f)
	}
	return f
}

// reader is a member of the Party who has signed everything.
func reader(n int) map[string]any {
	return map[string]any{"name": []string{"冯澜", "石漱玉", "罗一鸣"}[n%3], "idNo": testkit.IDNo(9000 + n), "post": "干部科", "political": "01", "declared": true, "pledged": true}
}

func with(key string, value any) func(map[string]any) {
	return func(f map[string]any) { f[key] = value }
}

// consultation is a case under way from outside.
type consultation struct {
	p  *testkit.Province
	id string
}

func (c consultation) path(rest string) string { return "/api/v1/consultations/" + c.id + rest }

func (c consultation) post(user, rest string, body any) *testkit.Answer {
	if body == nil {
		body = map[string]any{}
	}
	return c.p.Client(user).Post(c.path(rest), body)
}

// person counts made-up persons; both databases draw from it.
var person atomic.Int64

func init() { person.Store(100) }

// shelved is a fresh paper-only dossier of 南岸, the normal case.
func shelved(p *testkit.Province, change func(*dossier.Dossier)) dossier.Dossier {
	return testkit.Stock(p, "50010801", int(person.Add(1)), change)
}

// stock is one whose catalog is in the system, a piece of it scanned.
func stock(p *testkit.Province, change func(*dossier.Dossier)) dossier.Dossier {
	d, _ := testkit.Volume(p, "50010801", int(person.Add(1)), change,
		testkit.Piece{Class: "4-1", Title: "高等学校毕业生登记表", Pages: 2, Scans: 2}, testkit.Piece{Class: "9-2", Title: "劳动合同书", Pages: 6})
	return d
}

// applied registers an application as a draft.
func applied(p *testkit.Province, d dossier.Dossier, change ...func(map[string]any)) consultation {
	return consultation{p, p.Client("clerk-500108").Post("/api/v1/consultations", form(d.ID, change...)).String("id")}
}

// checked is an application whose originals were compared.
func checked(p *testkit.Province, d dossier.Dossier, change ...func(map[string]any)) consultation {
	c := applied(p, d, change...)
	c.post("clerk-500108", "/submit", nil).OK()
	c.post("clerk-500108", "/check", nil).OK()
	return c
}

var wholeGrant = map[string]any{"kind": "whole", "minutes": 60, "pages": 100}

// ready is an approved consultation.
func ready(p *testkit.Province, d dossier.Dossier, change ...func(map[string]any)) consultation {
	c := checked(p, d, change...)
	c.post("reviewer-500108", "/approve", wholeGrant).OK()
	return c
}

// readersOf are the ids of the readers on the form.
func (c consultation) readersOf() []string {
	var v struct{ Readers []struct{ ID string } }
	c.p.Client("clerk-500108").Get(c.path("")).JSON(&v)
	var out []string
	for _, r := range v.Readers {
		out = append(out, r.ID)
	}
	return out
}

// open begins the reading with n of the readers present.
func (c consultation) open(n int) *testkit.Answer {
	return c.post("keeper-500108", "/reading", map[string]any{"readers": c.readersOf()[:n]})
}

// related records a member of the family in a dossier, confirmed by a second person.
func related(t *testing.T, p *testkit.Province, d dossier.Dossier, relation string, idNo string) {
	t.Helper()
	m, err := p.Dossiers.AddFamily(context.Background(), p.As("clerk-500108"), d.ID, dossier.NewFamily{Relation: relation, Name: "亲属" + relation, IDNo: idNo,
		Source: dossier.Source{Class: "1", Title: "干部履历表", Page: 2}})
	if err == nil {
		_, err = p.Dossiers.Confirm(context.Background(), p.As("reviewer-500108"), "family", m.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
}

type run = func(*testing.T, *testkit.Province) *testkit.Answer

// submits registers a form and hands it in.
func submits(change ...func(map[string]any)) run {
	return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
		return applied(p, stock(p, nil), change...).post("clerk-500108", "/submit", nil)
	}
}

func TestConsultationRules(t *testing.T) {
	work := func(d *dossier.Dossier) { d.Senior = true }
	check(t, []Case{
		{Rule: "21a", Name: "政审考察属于所列事由", Run: submits()},
		{Rule: "21a", Name: "商业背景调查不属于规定事由", Refused: true, Run: submits(with("purpose", "background_check"))},
		{Rule: "21a", Name: "其他事由未写法律依据，先补正", Refused: true, Run: submits(with("purpose", "other_legal_basis"))},
		{Rule: "21a", Name: "其他事由写明依据，可以受理", Run: submits(with("purpose", "other_legal_basis"), with("basis", "《兵役法》第二十条"))},
		{Rule: "21a", Name: "律师持调查令，全市未开放", Refused: true, Run: submits(with("purpose", "court_order"))},
		{Rule: "21a", Name: "其他事由审核通过后，由负责人再批一次", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ready(p, stock(p, nil), with("purpose", "other_legal_basis"), with("basis", "《兵役法》第二十条")).post("head-500108", "/confirm", nil)
		}},

		{Rule: "21.1", Name: "介绍信、申请表齐全", Run: submits()},
		{Rule: "21.1", Name: "介绍信没有盖章", Refused: true, Run: submits(with("sealed", false))},
		{Rule: "21.1", Name: "介绍信已过期", Refused: true, Run: submits(with("paperUntil", "2026-11-22"))},
		{Rule: "21.1", Name: "没有写理由", Refused: true, Run: submits(with("reason", ""))},
		{Rule: "21.1", Name: "纪检凭通知书和工作证，不用介绍信", Run: submits(with("purpose", "discipline_inspection"), with("paperName", "调查取证通知书"), with("formSigned", false),
			with("readers", []map[string]any{merge(reader(0), "card", "渝纪0001"), merge(reader(1), "card", "渝纪0002")}))},
		{Rule: "21.1", Name: "公安没有出示工作证", Refused: true, Run: submits(with("purpose", "judicial_evidence"))},
		{Rule: "21.1", Name: "库管不受理查阅申请", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/consultations", form(stock(p, nil).ID))
		}},

		{Rule: "21.2", Name: "两名党员", Run: submits()},
		{Rule: "21.2", Name: "只来一个人", Refused: true, Run: submits(with("readers", []map[string]any{reader(0)}))},
		{Rule: "21.2", Name: "非党员没有说明理由", Refused: true, Run: submits(with("readers", []map[string]any{reader(0), merge(reader(1), "political", "13")}))},
		{Rule: "21.2", Name: "非党员说明了理由", Run: submits(with("readers", []map[string]any{reader(0), merge(reader(1), "political", "13", "nonMember", "该单位仅有一名党员干部")}))},
		{Rule: "21.2", Name: "批了两人，只到一人", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ready(p, stock(p, nil)).open(1)
		}},
		{Rule: "21.2", Name: "两人到场", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ready(p, stock(p, nil)).open(2)
		}},
		{Rule: "21.2", Name: "同一人写了两次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/consultations", form(stock(p, nil).ID, with("readers", []map[string]any{reader(0), reader(0)})))
		}},
		{Rule: "12b", Name: "查阅人证件号校验码不对", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/consultations", form(stock(p, nil).ID, with("readers", []map[string]any{reader(0), merge(reader(1), "idNo", "500108199001010000")})))
		}},
		{Rule: "12c", Name: "单位代码校验不对", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/consultations", form(stock(p, nil).ID, with("unitKind", "unit"), with("unitCode", "91500108MA5U000000")))
		}},

		{Rule: "21.3", Name: "另一人审批", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return checked(p, stock(p, nil)).post("reviewer-500108", "/approve", wholeGrant)
		}},
		{Rule: "21.3", Name: "经办不能审批", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return checked(p, stock(p, nil)).post("clerk-500108", "/approve", wholeGrant)
		}},
		{Rule: "21.3", Name: "审核人自己核对的，自己不能批", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := applied(p, stock(p, nil))
			c.post("clerk-500108", "/submit", nil).OK()
			c.post("reviewer-500108", "/check", nil).OK()
			return c.post("reviewer-500108", "/approve", wholeGrant)
		}},
		{Rule: "21.3", Name: "缩小范围要写理由", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return checked(p, stock(p, nil)).post("reviewer-500108", "/approve", map[string]any{"kind": "classes", "list": []string{"4-1"}, "minutes": 30, "pages": 20})
		}},
		{Rule: "21.3", Name: "批准范围以外的类别不能看", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := onPaper(t, p, map[string]any{"kind": "classes", "list": []string{"4-1"}, "reason": "仅需核实学历", "minutes": 30, "pages": 20})
			return c.post("keeper-500108", "/reading/paper", map[string]any{"pieces": []map[string]any{{"class": "9-2", "title": "工作调动审批表", "pages": 2}}})
		}},

		{Rule: "21b", Name: "高级职称人员的档案由负责人再批", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ready(p, stock(p, work)).post("head-500108", "/confirm", map[string]any{"opinion": "同意"})
		}},
		{Rule: "21b", Name: "审核人不能代负责人批准", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ready(p, stock(p, work)).post("reviewer-500108", "/confirm", nil)
		}},

		{Rule: "21c", Name: "没有亲属关系，已签声明", Run: submits()},
		{Rule: "21c", Name: "没有签回避声明", Refused: true, Run: submits(with("readers", []map[string]any{reader(0), merge(reader(1), "declared", false)}))},
		{Rule: "21c", Name: "本人不得查阅自己的档案", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			return applied(p, d, with("readers", []map[string]any{reader(0), merge(reader(1), "idNo", ownNumber(p, d))})).post("clerk-500108", "/submit", nil)
		}},
		{Rule: "21c", Name: "配偶不得查阅，且不说是什么关系", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			related(t, p, d, "husband", testkit.IDNo(9001))
			a := applied(p, d).post("clerk-500108", "/submit", nil)
			said := a.Problem().Detail + a.Problem().Reasons[0].Message + a.Problem().Reasons[0].Next
			for _, word := range []string{"夫", "妻", "配偶", "husband", "石漱玉"} {
				if strings.Contains(said, word) {
					t.Errorf("the refusal tells %q: %s", word, said)
				}
			}
			return a
		}},
		{Rule: "21c", Name: "同一祖父的堂亲，祖父没有档案，两人的档案各记一半", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			related(t, p, d, "paternal_grandfather", testkit.IDNo(9400))
			related(t, p, testkit.Stock(p, "50010801", 9000, nil), "paternal_grandfather", testkit.IDNo(9400)) // the first reader's own
			return applied(p, d).post("clerk-500108", "/submit", nil)
		}},
		{Rule: "21c", Name: "同事的亲属不是被查阅人的亲属", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			related(t, p, d, "not_kin", testkit.IDNo(9400))
			related(t, p, testkit.Stock(p, "50010801", 9400, nil), "husband", testkit.IDNo(9000))
			return applied(p, d).post("clerk-500108", "/submit", nil)
		}},
		{Rule: "21c", Name: "受理后才登记的亲属，审批时也挡住", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			c := checked(p, d)
			related(t, p, d, "elder_brother", testkit.IDNo(9000))
			return c.post("reviewer-500108", "/approve", wholeGrant)
		}},

		{Rule: "29.6", Name: "未经审批不能开始查阅", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return checked(p, stock(p, nil)).open(2)
		}},
		{Rule: "29.6", Name: "审批后开始查阅", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ready(p, stock(p, nil)).open(2)
		}},
		{Rule: "29.6", Name: "同一份档案不能两批人同时查阅", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			ready(p, d).open(2).OK()
			return ready(p, d).open(2)
		}},
		{Rule: "29.8", Name: "不予查阅须注明依据", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return checked(p, stock(p, nil)).post("reviewer-500108", "/refuse", map[string]any{"reasons": []any{}, "next": "更换查阅人后重新申请"})
		}},
		{Rule: "29.8", Name: "不予查阅出具告知单", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := checked(p, stock(p, nil))
			c.post("reviewer-500108", "/refuse", map[string]any{"reasons": []map[string]any{{"rule": "21a", "fact": "介绍信所述事由实为商业用途"}}, "next": "说明符合范围的事由及依据后重新申请"}).OK()
			inboxTells(t, p, "clerk-500108", "不予查阅")
			return hasPaper(t, c, "refusal_notice")
		}},
		{Rule: "18c", Name: "没有影像的档案不能按数字影像查阅", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/consultations", form(shelved(p, nil).ID))
		}},
		{Rule: "18c", Name: "没有影像的档案可以查阅纸质原件", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return applied(p, shelved(p, nil), with("way", "paper")).post("clerk-500108", "/submit", nil)
		}},
		{Rule: "18c", Name: "准予的材料没有影像，不能按数字影像批准", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return checked(p, stock(p, nil)).post("reviewer-500108", "/approve", map[string]any{"kind": "classes", "list": []string{"9-2"}, "reason": "仅需核实聘用", "minutes": 30, "pages": 20})
		}},
		{Rule: "18c", Name: "改查原件后可以批准同样的范围", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := checked(p, stock(p, nil))
			c.post("clerk-500108", "/onpaper", nil).OK()
			return c.post("reviewer-500108", "/approve", map[string]any{"kind": "classes", "list": []string{"9-2"}, "reason": "仅需核实聘用", "minutes": 30, "pages": 20})
		}},
		{Rule: "18c", Name: "没有开始查阅就没有查阅台", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Get(ready(p, stock(p, nil)).path("/reading"))
		}},
		{Rule: "18c", Name: "结束后不能再翻阅", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := ready(p, stock(p, nil))
			c.open(2).OK()
			c.post("keeper-500108", "/reading/end", nil).OK()
			return p.Client("keeper-500108").Get(c.path("/reading"))
		}},
		{Rule: "18c", Name: "查阅期间有查阅台", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := ready(p, stock(p, nil))
			c.open(2).OK()
			return p.Client("keeper-500108").Get(c.path("/reading"))
		}},
	})
}

// The clock is the province's: these cases have one of their own.
func TestReadingInTime(t *testing.T) {
	check(t, []Case{
		{Rule: "21.4", Name: "纸质原件没有送到阅档室", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ready(p, shelved(p, nil), with("way", "paper")).open(2)
		}},
		{Rule: "21.4", Name: "库管提档后，纸质逐份登记", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := onPaper(t, p, wholeGrant)
			c.post("keeper-500108", "/reading/paper", map[string]any{"pieces": []map[string]any{{"class": "4-1", "title": "高等学校毕业生登记表", "pages": 8}}}).OK()
			c.post("keeper-500108", "/reading/end", nil).OK()
			return hasPaper(t, c, "reading_record")
		}},
		{Rule: "21.4", Name: "超过批准的页数", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := onPaper(t, p, map[string]any{"kind": "whole", "minutes": 60, "pages": 5})
			return c.post("keeper-500108", "/reading/paper", map[string]any{"pieces": []map[string]any{{"class": "4-1", "title": "高等学校毕业生登记表", "pages": 8}}})
		}},
		{Rule: "21.4", Name: "批准的时限超过全市上限", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return checked(p, stock(p, nil)).post("reviewer-500108", "/approve", map[string]any{"kind": "whole", "minutes": 600, "pages": 20})
		}},
		{Rule: "21.4", Name: "服务中断，到时仍然结束", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := ready(p, stock(p, nil))
			c.open(2).OK()
			p.Clock.Advance(3 * time.Hour) // no job ran meanwhile
			a := p.Client("keeper-500108").Get(c.path("/reading"))
			var v struct {
				State   string
				Session struct{ EndedWhy string }
			}
			p.Client("clerk-500108").Get(c.path("")).JSON(&v)
			if v.State != "closed" || v.Session.EndedWhy != "time" {
				t.Errorf("the case is %s, ended by %q", v.State, v.Session.EndedWhy)
			}
			return a
		}},
		{Rule: "21.4", Name: "无人过问，定时任务也会结束", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			c := ready(p, d)
			c.open(2).OK()
			p.Clock.Advance(2 * time.Hour)
			p.RunJobs()
			if now, err := dossier.Get(context.Background(), p.DB, d.ID); err != nil || now.State != dossier.InStore {
				t.Errorf("the dossier is %s (%v)", now.State, err)
			}
			inboxTells(t, p, "clerk-500108", "查阅到时自动结束")
			return c.post("keeper-500108", "/reading/lock", nil)
		}},
		{Rule: "21.4", Name: "批准满十个工作日无人来，自动过期", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := ready(p, stock(p, nil))
			p.Clock.Advance(15 * 24 * time.Hour)
			a := c.open(2)
			p.RunJobs()
			if state := p.Client("clerk-500108").Get(c.path("")).String("state"); state != "expired" {
				t.Errorf("the case is %s", state)
			}
			return a
		}},
		{Rule: "10b", Name: "没有申报、但家庭记载里查得到的亲属，也不能经手", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			c := checked(p, d, with("paperOn", ""), with("paperOn", today(p)))
			related(t, p, d, "father", testkit.IDNo(9400))
			related(t, p, testkit.Stock(p, "50010801", 9401, nil), "younger_brother", testkit.IDNo(9400)) // the mother's brother is the father
			if _, err := p.Staff.DeclareKin(context.Background(), p.As("reviewer-500108"), "mother", "何某", testkit.IDNo(9401)); err != nil {
				t.Fatal(err)
			}
			return c.post("reviewer-500108", "/approve", wholeGrant)
		}},
		{Rule: "10b", Name: "被查阅人的亲属不能经手", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			c := checked(p, d, with("paperOn", ""), with("paperOn", today(p)))
			if _, err := p.Staff.DeclareKin(context.Background(), p.As("reviewer-500108"), "elder_sister", "被查阅人", ownNumber(p, d)); err != nil {
				t.Fatal(err)
			}
			return c.post("reviewer-500108", "/approve", wholeGrant)
		}},
	})
}

// ownNumber is the identity number of a dossier's person.
func ownNumber(p *testkit.Province, d dossier.Dossier) string {
	who, err := persons.Get(context.Background(), p.DB, d.PersonID)
	if err != nil {
		panic(err)
	}
	return who.IDNo
}

func today(p *testkit.Province) string { return p.Gate.Today().String() }

// 15: nobody without clearance knows of a dossier that touches secrets, nor of its
// consultation; an open piece beside a secret one is told, the secret one's title is not.
func TestSecretPartsStayClosed(t *testing.T) {
	check(t, []Case{
		{Rule: "15", Name: "一般档案可以受理；知悉范围之外的档案如同没有", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			secret := p.Client("clerk-500108").Post("/api/v1/consultations", form(stock(p, func(d *dossier.Dossier) { d.Secrecy = dossier.Secret }).ID))
			none := p.Client("clerk-500108").Post("/api/v1/consultations", form("01a218b1-0000-7000-8000-000000000000"))
			if secret.Status != 404 || none.Status != 404 {
				t.Errorf("a concealed dossier is answered %d, one that is not there %d", secret.Status, none.Status)
			}
			return submits()(t, p)
		}},
	})
}

// The form learns before it is filled in how a dossier can be read.
func TestWaysAreToldBeforeTheForm(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		ways := func(d dossier.Dossier) map[string]int {
			var v struct {
				Ways []struct {
					Way     string
					Reasons []struct{ Rule, Message, Next string }
				}
			}
			p.Client("clerk-500108").Get("/api/v1/consultation-ways?dossier=" + d.ID).JSON(&v)
			out := map[string]int{}
			for _, w := range v.Ways {
				out[w.Way] = len(w.Reasons)
				for _, r := range w.Reasons {
					if r.Rule != "18c" || !strings.Contains(r.Next, "纸质原件") {
						t.Errorf("%s is hindered by %+v", w.Way, r)
					}
				}
			}
			return out
		}
		if w := ways(shelved(p, nil)); w["digital"] != 1 || w["paper"] != 0 {
			t.Errorf("a dossier on paper only: %v", w)
		}
		if w := ways(stock(p, nil)); w["digital"] != 0 || w["paper"] != 0 {
			t.Errorf("a scanned dossier: %v", w)
		}
		if a := p.Client("clerk-500103").Get("/api/v1/consultation-ways?dossier=" + stock(p, nil).ID); a.Status != 404 {
			t.Errorf("another agency was answered %d", a.Status)
		}
	})
}

// Papers come on the case: slip, completion told once, form, record.
func TestPapersOfAConsultation(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		c := applied(p, stock(p, nil), with("sealed", false))
		a := c.post("clerk-500108", "/submit", nil)
		if a.Status != 422 || a.Problem().Kind != "incomplete" {
			t.Fatalf("told %d %s", a.Status, a.Body)
		}
		var v struct {
			State, DossierID string
			Missing          []struct{ Slug string }
		}
		p.Client("clerk-500108").Get(c.path("")).JSON(&v)
		if v.State != "incomplete" || len(v.Missing) != 1 {
			t.Fatalf("the case is %s and lacks %v", v.State, v.Missing)
		}
		// Numbers that the form shows masked stay as they are.
		kept := c.readersOf()
		p.Client("clerk-500108").Put(c.path(""), form(v.DossierID, with("readers", []map[string]any{
			merge(reader(0), "id", kept[0], "idNo", identity.Mask(testkit.IDNo(9000))), merge(reader(1), "id", kept[1], "idNo", "")}))).OK()
		c.post("clerk-500108", "/submit", nil).OK()
		c.post("clerk-500108", "/check", nil).OK()
		c.post("reviewer-500108", "/approve", wholeGrant).OK()
		for _, kind := range []string{"acceptance", "completion", "consultation"} {
			hasPaper(t, c, kind)
		}
		// Stale versions and another agency's eyes.
		if a := p.Client("clerk-500108").Do("POST", c.path("/withdraw"), map[string]any{"reason": "来函撤回"}, "If-Match", `"1"`); a.Status != 409 {
			t.Errorf("a stale version was answered %d", a.Status)
		}
		if a := p.Client("clerk-500103").Get(c.path("")); a.Status != 404 {
			t.Errorf("another agency was answered %d", a.Status)
		}
		if a := p.Client("scanner-500108").Get(c.path("")); a.Status != 403 {
			t.Errorf("a scanner was answered %d", a.Status)
		}
	})
}

// onPaper is an open reading of a packet that the keeper pulled.
func onPaper(t *testing.T, p *testkit.Province, grant map[string]any) consultation {
	t.Helper()
	d := shelved(p, nil)
	c := checked(p, d, with("way", "paper"), with("paperOn", today(p)))
	c.post("reviewer-500108", "/approve", grant).OK()
	if _, err := p.Custody.Pull(context.Background(), p.As("keeper-500108"), d.ID, custody.Handling{}); err != nil {
		t.Fatal(err)
	}
	c.open(2).OK()
	return c
}

// hasPaper finds a paper of the case and reads it.
func hasPaper(t *testing.T, c consultation, kind string) *testkit.Answer {
	t.Helper()
	return paperOf(t, c.p, "Consultation:"+c.id, kind)
}

// paperOf finds a paper of any case and reads it.
func paperOf(t *testing.T, p *testkit.Province, ref, kind string) *testkit.Answer {
	t.Helper()
	var list struct {
		Items []struct{ ID, Kind string }
	}
	a := p.Client("reviewer-500108").Get("/api/v1/documents?case=" + ref)
	a.JSON(&list)
	for _, d := range list.Items {
		if d.Kind == kind {
			return p.Client("reviewer-500108").Get("/api/v1/documents/" + d.ID + "/pdf")
		}
	}
	t.Fatalf("no %s among %s", kind, a.Body)
	return nil
}

func merge(m map[string]any, pairs ...any) map[string]any {
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}
