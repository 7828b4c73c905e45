package conformance

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"dangan/internal/dossier"
	persons "dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// visitor is a session from outside, entered with what a provider would say.
type visitor struct{ cookie string }

func entered(t *testing.T, p *testkit.Province, who portal.Identity) visitor {
	t.Helper()
	who.Provider = "test"
	token, _, err := p.Portal.Enter(t.Context(), who, "127.0.0.1", "test")
	if err != nil {
		t.Fatal(err)
	}
	return visitor{"dangan-outside=" + token}
}

func (v visitor) do(p *testkit.Province, method, path string, body any, headers ...string) *testkit.Answer {
	return p.Client("").Do(method, path, body, append([]string{"Cookie", v.cookie}, headers...)...)
}

// sends hands one photo in for a material of a request.
func (v visitor) sends(p *testkit.Province, request, item, session string, raw []byte) *testkit.Answer {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(item, "photo.jpg")
	if err == nil {
		_, err = part.Write(raw)
	}
	if err != nil || w.Close() != nil {
		panic(err)
	}
	return v.do(p, "POST", "/api/v1/portal/requests/"+request+"/hand-ins", body.Bytes(), "Content-Type", w.FormDataContentType(), "Page-Session", session)
}

// portalCases are what units and persons do for themselves; they go on in the province of
// TestCollection.
func portalCases() []Case {
	const unit, other = "歌乐山测绘（演示）有限公司", "浮图关勘察（演示）有限公司"
	const uscc, otherUSCC = "91500106MA5UPR0189", "91500103MA5U00011H"
	worker := portal.Identity{Kind: policy.Unit, USCC: uscc, Unit: unit, Name: "周知行", IDNo: testkit.IDNo(9001)}
	colleague := portal.Identity{Kind: policy.Unit, USCC: otherUSCC, Unit: other, Name: "周知行", IDNo: testkit.IDNo(9001)}
	var mine, theirs, me, stranger visitor
	var d dossier.Dossier
	var request, item, hand, own string
	const page = "a page of this test, random enough"
	item1 := func(v visitor, p *testkit.Province, id string) string {
		var r struct{ Items []struct{ ID string } }
		v.do(p, "GET", "/api/v1/portal/requests/"+id, nil).JSON(&r)
		return r.Items[0].ID
	}
	return []Case{
		{Rule: "29.3", Name: "没有登记为经办人的，不能以单位登录；登录的经办人打不开工作人员的功能", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for name, code := range map[string]string{unit: uscc, other: otherUSCC} {
				p.Client("clerk-500108").Post("/api/v1/unit-accounts", papers(j{"unit": name, "uscc": code, "workerUntil": "2026-11-30"})).OK()
			}
			someone := worker
			someone.IDNo = testkit.IDNo(9002)
			if _, _, err := p.Portal.Enter(t.Context(), someone, "", ""); err == nil || !strings.Contains(err.Error(), "worker_unknown") {
				t.Errorf("let in: %v", err)
			}
			mine, theirs = entered(t, p, worker), entered(t, p, colleague)
			// A session from outside opens no operation of staff.
			return mine.do(p, "GET", "/api/v1/dossiers", nil)
		}},
		{Rule: "14b", Name: "单位登录后只见给本单位的通知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d = stock(p, func(d *dossier.Dossier) { d.Category, d.Subtype = "4.2", "former_soe_professional" })
			request = ask(p, "clerk-500108", d.ID, j{"addressee": unit, "titles": []string{"年度考核登记表", "奖励审批（登记）表"}}).OK().String("id")
			to := ask(p, "clerk-500108", d.ID, j{"addressee": other, "titles": []string{"劳动合同书"}}).OK().String("id")
			item = item1(mine, p, request)
			if x := mine.do(p, "GET", "/api/v1/portal/requests/"+to, nil); x.Status != http.StatusNotFound {
				t.Errorf("a request to another unit is open: %d %s", x.Status, x.Body)
			}
			if x := theirs.sends(p, request, item, page, snap(1500, 2000)); x.Status != http.StatusNotFound {
				t.Errorf("another unit hands in: %d %s", x.Status, x.Body)
			}
			a := mine.do(p, "GET", "/api/v1/portal/requests", nil)
			if s := string(a.Body); !strings.Contains(s, request) || strings.Contains(s, to) || strings.Contains(s, d.ID) || strings.Contains(s, testkit.IDNo(9001)) {
				t.Errorf("%s", s)
			}
			return a
		}},
		{Rule: "29.3", Name: "工作人员的账户不能在网上办事中代单位办理", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Get("/api/v1/portal/requests")
		}},
		{Rule: "29.3", Name: "单位登录的不能接收、退回材料", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mine.do(p, "POST", "/api/v1/collections/"+request+"/withdraw", j{"why": "自己撤回"})
		}},
		{Rule: "14b", Name: "单位提交的网页不收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return mine.sends(p, request, item, page, []byte("<html><script>alert(1)</script></html>"))
		}},
		{Rule: "14b", Name: "单位提交照片，同一页面重发只算一次，待查看的不重复提交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := mine.sends(p, request, item, page, snap(1500, 2000)).OK()
			mine.sends(p, request, item, page, snap(1500, 2000)).OK()
			if x := mine.sends(p, request, item, "another page of this test, random", snap(1500, 2000)); x.Status != 422 {
				t.Errorf("sent again: %d %s", x.Status, x.Body)
			}
			n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM hand_in WHERE collection_id=?", request)
			if err != nil || n != 1 {
				t.Errorf("%d submissions, %v", n, err)
			}
			// 12c: the worker who handed in is on the unit's account, once.
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM unit_visit v JOIN hand_in h ON v.case_ref='HandIn:'||h.id WHERE h.collection_id=? AND v.act='hand_in.submit'", request); err != nil || n != 1 {
				t.Errorf("%d workers handed in, %v", n, err)
			}
			if !strings.Contains(string(a.Body), "已提交，待查看") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "13b", Name: "经办退回，单位看到原因，可以重新提交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var list struct{ Items []struct{ ID string } }
			p.Client("clerk-500108").Get("/api/v1/collections/" + request + "/hand-ins").JSON(&list)
			p.Client("clerk-500108").Post("/api/v1/hand-ins/"+list.Items[0].ID+"/return", j{"why": "unsigned"}).OK()
			if x := mine.do(p, "GET", "/api/v1/portal/requests/"+request, nil).OK(); !strings.Contains(string(x.Body), "材料没有盖章或签字") {
				t.Errorf("%s", x.Body)
			}
			a := mine.sends(p, request, item, "the second page of this test, random", snap(1500, 2000)).OK()
			p.Client("clerk-500108").Get("/api/v1/collections/" + request + "/hand-ins").JSON(&list)
			hand = list.Items[0].ID
			return a
		}},
		{Rule: "14b", Name: "接收单位交来的：来源为形成单位，只差核对原件", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := take(p, hand, 0, unit).OK()
			m, err := store.Get[dossier.Material](t.Context(), p.DB, "WHERE dossier_id=? ORDER BY id DESC LIMIT 1", d.ID)
			if err != nil || m.Origin != dossier.FromUnit || m.Source != unit || !m.IsCopy || len(dossier.Needed(m)) != 1 {
				t.Errorf("%+v %v", m, err)
			}
			if a.String("sender") != "周知行" || a.String("state") != "taken" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "本人登录只见向本人收集的", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			own = ask(p, "clerk-500108", d.ID, j{"target": "person", "addressee": "", "titles": []string{"毕业证书复印件（审核盖章）"}}).OK().String("id")
			n, err := persons.Get(t.Context(), p.DB, d.PersonID)
			if err != nil {
				t.Fatal(err)
			}
			me = entered(t, p, portal.Identity{Kind: policy.Citizen, Name: n.Name, IDNo: n.IDNo})
			stranger = entered(t, p, portal.Identity{Kind: policy.Citizen, Name: "路人", IDNo: testkit.IDNo(9005)})
			if x := stranger.do(p, "GET", "/api/v1/portal/requests/"+own, nil); x.Status != http.StatusNotFound {
				t.Errorf("a stranger sees it: %d", x.Status)
			}
			if x := me.do(p, "GET", "/api/v1/portal/requests/"+request, nil); x.Status != http.StatusNotFound {
				t.Errorf("the person sees what is asked of a unit: %d", x.Status)
			}
			me.sends(p, own, item1(me, p, own), page, snap(1500, 2000)).OK()
			return me.do(p, "GET", "/api/v1/portal/requests", nil)
		}},
		{Rule: "12c", Name: "单位登录后只见本单位申请的事项和办理状态，本人见本人的", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			testkit.Stock(p, "50010301", 192, nil)
			id := p.Client("clerk-500108").Post("/api/v1/transfers", j{"direction": "inner", "name": testkit.Name(192), "idNo": testkit.IDNo(192), "document": "居民身份证", "holder": "50010301", "applicant": unit + "（原名）", "applicantKind": "unit", "applicantUscc": uscc, "workerId": bearer(p, "clerk-500108", uscc), "applicantDoc": "单位存档申请（演示）",
				"reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": "500108", "employer": unit}).OK().String("id")
			for name, v := range map[string]visitor{"another unit": theirs, "another person": me} {
				if x := v.do(p, "GET", "/api/v1/portal/applications", nil).OK(); strings.Contains(string(x.Body), id) {
					t.Errorf("%s sees it: %s", name, x.Body)
				}
			}
			subject := entered(t, p, portal.Identity{Kind: policy.Citizen, Name: testkit.Name(192), IDNo: testkit.IDNo(192)})
			if x := subject.do(p, "GET", "/api/v1/portal/applications", nil).OK(); !strings.Contains(string(x.Body), id) {
				t.Errorf("the person does not: %s", x.Body)
			}
			// One of before codes goes by a name, while only one unit bears or bore it.
			testkit.Stock(p, "50010301", 193, nil)
			old := p.Client("clerk-500108").Post("/api/v1/transfers", j{"direction": "inner", "name": testkit.Name(193), "idNo": testkit.IDNo(193), "document": "居民身份证", "holder": "50010301", "applicant": unit, "applicantKind": "unit", "applicantUscc": "91500000202800110K", "applicantDoc": "单位存档申请（演示）",
				"reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": "500108", "employer": unit}).OK().String("id")
			shows := func() bool {
				return strings.Contains(string(mine.do(p, "GET", "/api/v1/portal/applications", nil).OK().Body), old)
			}
			if shows() {
				t.Error("another unit of the same name: its application is shown")
			}
			tx, err := p.DB.Begin(t.Context())
			if err == nil {
				_, err = tx.Exec(t.Context(), "UPDATE transfer SET applicant_uscc=NULL WHERE id=?", old)
			}
			if err != nil || tx.Commit() != nil {
				t.Fatal(err)
			}
			if !shows() {
				t.Error("one without a code is not shown by its name")
			}
			a := mine.do(p, "GET", "/api/v1/portal/applications", nil).OK()
			if s := string(a.Body); !strings.Contains(s, id) || !strings.Contains(s, "转入档案") || strings.Contains(s, testkit.IDNo(192)) {
				t.Errorf("%s", s)
			}
			return a
		}},
		{Rule: "12c", Name: "授权到期，登录着的经办人也不能再办理，写明怎么办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Clock.Set(p.Clock.Now().AddDate(0, 0, 8))
			if _, _, err := p.Portal.Enter(t.Context(), worker, "", ""); err == nil || !strings.Contains(err.Error(), "worker_not_authorized") {
				t.Errorf("let in after the term: %v", err)
			}
			// A session that outlives the term: the day it was begun is set forward with the clock.
			if err := p.Gate.Touch(t.Context(), "UPDATE outside_session SET seen_at=?, created_at=?", p.Clock.Now(), p.Clock.Now()); err != nil {
				t.Fatal(err)
			}
			a := mine.do(p, "GET", "/api/v1/portal/requests", nil)
			if !strings.Contains(string(a.Body), "2026年11月30日到期") || !strings.Contains(string(a.Body), "新的授权书") {
				t.Errorf("no way on: %s", a.Body)
			}
			return a
		}},
	}
}
