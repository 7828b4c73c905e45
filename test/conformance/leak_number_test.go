package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// numbered is one request that names somebody by number or by their dossier.
type numbered struct {
	name, who, path string
	body            any
}

// hiddenNo is the number of the made-up person whose dossier is concealed, or not there.
const hiddenNo = 7

// byNumber founds a province for questions that name a person: with no dossier of theirs, with a
// classified one, or with one of which only named colleagues may know, whatever the clearance.
func byNumber(t *testing.T, how string) *world {
	p := testkit.New(t, store.SQLite)
	w := &world{p: p}
	w.shown = testkit.Stock(p, "50010801", 1, nil)
	head, keeper := cleared(t, p, "head"), cleared(t, p, "keeper")
	cleared(t, p, "clerk")
	if strings.HasPrefix(how, "absent") {
		return w
	}
	w.secret = testkit.Stock(p, "50010801", hiddenNo, func(d *dossier.Dossier) { d.Secrecy = dossier.WorkSecret })
	if how == "named" {
		p.Client(head).Post("/api/v1/dossiers/"+w.secret.ID+"/secrecy/readers", j{"staff": []string{p.As(keeper).ID}, "reason": "专人管理"}).OK()
	}
	return w
}

// questionsByNumber are the requests that take a person's number or a dossier's number or id.
func questionsByNumber(home, dossierID string) []numbered {
	const away = "clerk-500101"
	name, no := testkit.Name(hiddenNo), testkit.IDNo(hiddenNo)
	ask := func(more j) j {
		return joinedTo(j{"name": name, "idNo": no, "document": "居民身份证", "contact": "13800138000"}, more)
	}
	m := &moving{n: hiddenNo}
	unit := func(more j) j {
		return joinedTo(m.application(), joinedTo(j{"applicantKind": "unit", "applicant": "某公司（演示）"}, more))
	}
	letter := func(person j) j {
		return j{"receiverName": "某某大学研究生院（演示）", "receiverKind": "school", "receiverAddr": "大学路1号", "reason": "升学", "letterNo": "研招调〔2026〕7号", "letterOn": "2026-11-18", "receivedOn": "2026-11-23",
			"telephone": "023-61000000", "spoke": "李老师", "persons": []j{person, {"name": testkit.Name(1), "idNo": testkit.IDNo(1)}}}
	}
	mandateOf := func(change j) j {
		return joinedTo(j{"principal": name, "principalNo": no, "principalDoc": "居民身份证", "agent": "丙某", "agentNo": testkit.IDNo(70077), "agentDoc": "居民身份证",
			"relation": "近亲属", "matters": []string{"transfer"}, "on": "2026-11-01", "until": "2026-12-31", "originals": true, "unpaid": true}, change)
	}
	standing := j{"dossierId": "", "kind": "identity", "name": "新某", "reason": "更名", "personName": name, "personIdNo": no, "accountUnit": "某公司（演示）"}
	return []numbered{
		{"去向", home, "inquiries", ask(nil)},
		{"去向，出具答复单", home, "inquiries", ask(j{"print": true})},
		{"去向，姓名不同", home, "inquiries", ask(j{"name": "欧阳某"})},
		{"去向，别的机构问", away, "inquiries", ask(nil)},
		{"去向，没有证件", home, "inquiries", ask(j{"document": ""})},
		{"去向，没有委托书", home, "inquiries", ask(j{"agent": true})},
		{"登记委托书", home, "mandates", mandateOf(nil)},
		{"登记委托书，姓名不同", home, "mandates", mandateOf(j{"principal": "欧阳某"})},
		{"查委托书", home, "mandates/find", j{"principalNo": no}},
		{"市内转入", away, "transfers", m.application()},
		{"市内转入，姓名不同", away, "transfers", joinedTo(m.application(), j{"name": "欧阳某"})},
		{"市内转入，机构不对", away, "transfers", joinedTo(m.application(), j{"holder": "50010301"})},
		{"市内转入，没有存档依据", away, "transfers", joinedTo(m.application(), j{"tiePlace": "500116"})},
		{"单位申请", away, "transfers", unit(nil)},
		{"外来转入，保管的机构受理", home, "transfers", joinedTo(m.fromCompany(), j{"tiePlace": "500108"})},
		{"外来转入，别的机构受理", away, "transfers", m.fromCompany()},
		{"外来转入，再受理一次", away, "transfers", m.fromCompany()},
		{"转出名单", home, "transfer-lists", letter(j{"name": name, "idNo": no})},
		{"转出名单，姓名不同", home, "transfer-lists", letter(j{"name": "欧阳某", "idNo": no})},
		{"转出名单，按档案编号", home, "transfer-lists", letter(j{"name": name, "idNo": "50010801-2019-000008"})},
		{"单位来函", home, "transfers/outside-letters", j{"dossierId": dossierID, "receiverName": "某局", "receiverKind": "organ", "reason": "录用聘用", "letterNo": "1", "letterOn": "2026-11-18", "receivedOn": "2026-11-23", "telephone": "1", "spoke": "2"}},
		{"个人手中档案", home, "found-packets", j{"personName": name, "idNo": no, "bringer": name, "relation": "本人", "came": "本人携带", "seal": "包封完好", "volumes": 1, "keeper": "机械厂"}},
		{"个人手中档案，姓名不同", home, "found-packets", j{"personName": "欧阳某", "idNo": no, "bringer": name, "relation": "本人", "came": "本人携带", "seal": "包封完好", "volumes": 1, "keeper": "机械厂"}},
		{"死亡", home, "deaths", j{"dossierId": dossierID, "diedOn": "2026-11-01", "evidence": "死亡证明", "evidenceNo": "1 号", "informant": "亲属", "relation": "配偶"}},
		{"死亡数据", home, "deaths/import", j{"evidence": "民政部门数据", "batch": "2026-11", "lines": []j{{"idNo": no, "diedOn": "2026-11-01"}}}},
		{"查阅", home, "consultations", form(dossierID)},
		{"证明", home, "certificates", j{"dossierId": dossierID, "kind": "custody", "applicant": "self", "use": "购房", "seen": []string{"居民身份证"}}},
		{"退休送审", home, "retirements", j{"dossierId": dossierID, "group": "women_50", "ground": "劳动合同书"}},
		{"变更", home, "dossiers/" + dossierID + "/standing", j{"kind": "identity", "name": "新某", "reason": "更名"}},
		{"两人", home, "likely-doubles/distinct", j{"dossierId": dossierID, "otherId": dossierID, "reason": "证件不同", "document": "身份证", "seenBy": "甲", "seenOn": "2026-11-20"}},
		{"收件：去向", home, "intakes", j{"matter": "whereabouts", "application": ask(j{"document": ""}), "contact": "电话"}},
		{"收件：转入", away, "intakes", j{"matter": "transfer", "application": joinedTo(m.application(), j{"document": ""}), "contact": "电话"}},
		{"收件：外来转入", away, "intakes", j{"matter": "transfer", "application": joinedTo(m.fromCompany(), j{"document": ""}), "contact": "电话"}},
		{"收件：变更", home, "intakes", j{"matter": "standing", "application": standing, "contact": "电话"}},
		{"收件：证明", home, "intakes", j{"matter": "certificate", "application": j{"dossierId": dossierID, "kind": "custody", "applicant": "self", "use": "购房"}, "contact": "电话"}},
	}
}

func joinedTo(body, more j) j {
	out := maps.Clone(body)
	maps.Copy(out, more)
	return out
}

// 15, 29.8: an act that names a person by number, or a dossier by its id, is answered the same
// whether a concealed dossier of theirs is there or not: status, words, refusal, and what stands
// in the lists afterwards. Who is cleared for it is told, and takes it on.
func TestANumberTellsNothingOfAConcealedDossier(t *testing.T) {
	t.Parallel()
	// Of a dossier for which others were named, a cleared clerk may not know either.
	askers := map[string]string{"absent": "clerk-500108", "classed": "clerk-500108", "absent to the cleared": "cleared-clerk", "named": "cleared-clerk"}
	worlds := map[string]*world{}
	var wait sync.WaitGroup
	var lock sync.Mutex
	for _, how := range slices.Collect(maps.Keys(askers)) {
		wait.Go(func() {
			w := byNumber(t, how)
			lock.Lock()
			defer lock.Unlock()
			worlds[how] = w
		})
	}
	if wait.Wait(); t.Failed() {
		return
	}
	lists := []string{"inquiries", "mandates?view=valid", "mandates?view=waiting", "transfers", "intakes", "found-packets", "deaths", "certificates", "consultations", "inbox", "work", "transfer-lists", "standing"}
	hear := func(how string) map[string]string {
		w, out := worlds[how], map[string]string{}
		id := w.secret.ID
		if id == "" {
			id = "01a218b1-0000-7000-8000-000000000000"
		}
		for i, q := range questionsByNumber(askers[how], id) {
			a := w.p.Client(q.who).Post("/api/v1/"+q.path, q.body)
			out[fmt.Sprintf("%02d %s", i, q.name)] = said(a)
			if a.Status == 200 && a.Header.Get("Content-Type") == "application/json" && strings.Contains(string(a.Body), `"id":"`) && q.path != "transfer-lists" {
				if at := strings.Split(q.path, "/")[0]; at != "inquiries" && at != "deaths" && !strings.HasSuffix(q.path, "find") {
					out[fmt.Sprintf("%02d %s: its page", i, q.name)] = said(w.p.Client(q.who).Get("/api/v1/" + at + "/" + a.String("id")))
				}
			}
		}
		for _, who := range append(uncleared(w.p), askers[how]) {
			for _, l := range lists {
				out[who+" "+l] = said(w.p.Client(who).Get("/api/v1/" + l))
			}
		}
		return out
	}
	answers := map[string]map[string]string{}
	for how := range worlds {
		wait.Go(func() {
			a := hear(how)
			lock.Lock()
			defer lock.Unlock()
			answers[how] = a
		})
	}
	wait.Wait()
	for how, without := range map[string]string{"classed": "absent", "named": "absent to the cleared"} {
		for _, key := range slices.Sorted(maps.Keys(answers[without])) {
			x, y := answers[without][key], answers[how][key]
			if x == y {
				continue
			}
			i := 0
			for i < len(x) && i < len(y) && x[i] == y[i] {
				i++
			}
			t.Errorf("%s tells of a %s dossier\nabsent: …%.400s\n there: …%.400s", key, how, x[max(0, min(i-80, len(x))):], y[max(0, min(i-80, len(y))):])
		}
	}
}

// 15, 29.8: who may know of it answers the person and goes on with what was asked for.
func TestWhatIsConcealedIsHandedOn(t *testing.T) {
	n := 8900
	hidden := func(p *testkit.Province) *moving {
		n++
		return move(t, p, n, func(d *dossier.Dossier) { d.Secrecy = dossier.WorkSecret })
	}
	inbox := func(p *testkit.Province, who string) string {
		return string(p.Client(who).Get("/api/v1/inbox").OK().Body)
	}
	ask := func(p *testkit.Province, who string, m *moving) *testkit.Answer {
		return p.Client(who).Post("/api/v1/inquiries", j{"name": testkit.Name(m.n), "idNo": testkit.IDNo(m.n), "document": "居民身份证", "contact": "13800138000"})
	}
	clerk := map[*testkit.Province]string{}
	known := func(t *testing.T, p *testkit.Province) string {
		for q, name := range clerk {
			if q.DB == p.DB {
				return name
			}
		}
		clerk[p] = cleared(t, p, "clerk")
		return clerk[p]
	}
	check(t, []Case{
		{Rule: "15", Name: "知悉范围之外的窗口照没有查到答复，同时转告保管机构有知悉范围的人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m, who := hidden(p), known(t, p)
			a := ask(p, "clerk-500103", m).OK()
			if answer := a.String("answer"); !strings.Contains(answer, "没有查到") || strings.Contains(answer, m.d.No) || strings.Contains(string(a.Body), m.d.ID) {
				t.Errorf("the window answered %q", a.Body)
			}
			if got := inbox(p, who); !strings.Contains(got, a.String("no")) || !strings.Contains(got, m.d.ID) {
				t.Errorf("who is cleared at the keeper finds %s", got)
			}
			for _, other := range []string{"clerk-500108", "head-500108", "clerk-500103"} {
				if got := inbox(p, other); strings.Contains(got, a.String("no")) {
					t.Errorf("%s finds %s", other, got)
				}
			}
			return a
		}},
		{Rule: "15", Name: "有知悉范围的经办人当场答复存档机构", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := hidden(p)
			a := ask(p, known(t, p), m).OK()
			if !strings.Contains(a.String("answer"), m.d.No) {
				t.Errorf("answered %q", a.String("answer"))
			}
			return a
		}},
		{Rule: "15", Name: "按外单位转入受理的，转告保管机构有知悉范围的人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m, who := hidden(p), known(t, p)
			a := p.Client("clerk-500101").Post("/api/v1/transfers", m.fromCompany()).OK()
			if got := inbox(p, who); !strings.Contains(got, "转入申请") {
				t.Errorf("who is cleared at the keeper finds %s", got)
			}
			return a
		}},
		{Rule: "20.1", Name: "知悉范围之外的经办人受理市内转入，与没有登记的一样答复", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500101").Post("/api/v1/transfers", hidden(p).application())
		}},
		{Rule: "12b", Name: "联系方式写错了，请更正", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/inquiries", j{"name": testkit.Name(1), "idNo": testkit.IDNo(1), "document": "居民身份证", "contact": "没有"})
		}},
	})
}
