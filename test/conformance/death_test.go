package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

var buried atomic.Int64

func init() { buried.Store(7300) }

// deceased is a dossier whose person died.
type deceased struct {
	p           *testkit.Province
	n           int
	dossier, id string
}

func (d *deceased) report(user, on string, pairs ...any) *testkit.Answer {
	a := d.p.Client(user).Post("/api/v1/deaths", merge(map[string]any{"dossierId": d.dossier, "diedOn": on, "evidence": "死亡证明", "evidenceNo": "渝医证〔2026〕1号", "informant": "告知人", "relation": "配偶"}, pairs...))
	if a.Status == 200 {
		d.id = a.String("id")
	}
	return a
}

func (d *deceased) post(user, act string, body any) *testkit.Answer {
	return d.p.Client(user).Post("/api/v1/deaths/"+d.id+"/"+act, body)
}

func found(_ *testing.T, p *testkit.Province) *deceased {
	n := int(buried.Add(1))
	return &deceased{p: p, n: n, dossier: testkit.Stock(p, "50010801", n, nil).ID}
}

// died is a confirmed death.
func died(t *testing.T, p *testkit.Province, on string, pairs ...any) *deceased {
	d := found(t, p)
	d.report("clerk-500108", on, pairs...).OK()
	d.post("reviewer-500108", "confirm", nil).OK()
	return d
}

// plan prepares a list.
func (d *deceased) plan(pairs ...any) *testkit.Answer {
	return d.p.Client("clerk-500108").Post("/api/v1/death-handovers", merge(map[string]any{"cases": []string{d.id}, "reason": "term", "recipientKind": "archive", "recipient": "南岸区档案馆", "basis": "渝档发〔2026〕9号"}, pairs...))
}

func TestDeathsByRule(t *testing.T) {
	long, lately := "2020-03-01", "2026-09-01"
	receipt := map[string]any{"on": "2026-11-26", "no": "馆收1", "takers": []string{"馆员甲", "馆员乙"}, "witness": "监交人"}
	check(t, []Case{
		{Rule: "20c", Name: "凭死亡证明登记，第二人确认，五年期自死亡日期起算", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := found(t, p)
			d.report("clerk-500108", lately).OK()
			a := d.post("reviewer-500108", "confirm", nil).OK()
			if a.String("state") != "kept" || a.String("termEndsOn") != "2031-09-01" {
				t.Errorf("%s until %s", a.String("state"), a.String("termEndsOn"))
			}
			return a
		}},
		{Rule: "20c", Name: "死亡确认后不再挂在单位集体账户名下", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := &deceased{p: p, n: int(buried.Add(1))}
			d.dossier = onAccount(p, "垫江物流（演示）有限公司", d.n, 1)[0].ID
			account := p.Client("clerk-500108").Post("/api/v1/unit-accounts", j{"unit": "垫江物流（演示）有限公司", "stock": true}).OK().String("id")
			d.report("clerk-500108", lately).OK()
			a := d.post("reviewer-500108", "confirm", nil).OK()
			if n := number(p.Client("reviewer-500108").Get("/api/v1/unit-accounts/"+account), "dossiers"); n != 0 {
				t.Errorf("%d still hang on the account", n)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM personal_account WHERE dossier_id=? AND state='open'", d.dossier); err != nil || n != 0 {
				t.Errorf("%d accounts opened for the dead, %v", n, err)
			}
			d.post("reviewer-500108", "revoke", map[string]any{"basis": "本人到场核实"}).OK()
			if n := number(p.Client("reviewer-500108").Get("/api/v1/unit-accounts/"+account), "dossiers"); n != 1 {
				t.Errorf("%d hang on the account after the revocation", n)
			}
			return a
		}},
		{Rule: "20c", Name: "死亡确认后个人账户终止，台账不再列为使用中；撤销登记的恢复", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := &deceased{p: p, n: int(buried.Add(1))}
			d.dossier = testkit.Stock(p, "50010801", d.n, func(d *dossier.Dossier) { d.AccountKind = "personal" }).ID
			if err := p.Accounts.Adopt(t.Context()); err != nil {
				t.Fatal(err)
			}
			states := func() (out []string) {
				var v struct{ Rows []struct{ State string } }
				no := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.dossier).OK().String("no")
				p.Client("clerk-500108").Get("/api/v1/registers/personal-accounts?from=2026-01-01&until=2026-12-31&q=" + no).JSON(&v)
				for _, r := range v.Rows {
					out = append(out, r.State)
				}
				slices.Sort(out)
				return out
			}
			before := states()
			d.report("clerk-500108", lately).OK()
			d.post("reviewer-500108", "confirm", nil).OK()
			dead := states()
			if err := p.Accounts.Adopt(t.Context()); err != nil {
				t.Fatal(err)
			}
			again := states()
			a := d.post("reviewer-500108", "revoke", map[string]any{"basis": "本人到场核实"}).OK()
			if got := fmt.Sprint(before, dead, again, states()); got != "[使用中] [已终止] [已终止] [使用中 已终止]" {
				t.Errorf("accounts: %s", got)
			}
			return a
		}},
		{Rule: "20c", Name: "死亡确认后不再开立、变更账户", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, lately)
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+d.dossier+"/standing", j{"kind": "account", "accountKind": "personal", "reason": "转为个人账户", "document": "居民身份证", "seenBy": "经办", "seenOn": "2026-11-20", "noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": testkit.Name(d.n)})
		}},
		{Rule: "20c", Name: "没有死亡依据的不能登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return found(t, p).report("clerk-500108", lately, "evidence", "听说")
		}},
		{Rule: "20c", Name: "死亡数据只产生待确认的登记，不在本机构的不登记", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := found(t, p)
			line := func(id string) map[string]any { return map[string]any{"idNo": id, "diedOn": lately} }
			a := p.Client("clerk-500108").Post("/api/v1/deaths/import", map[string]any{"evidence": "民政部门数据", "batch": "2026-11", "lines": []any{line(testkit.IDNo(d.n)), line(testkit.IDNo(99901)), line("1")}}).OK()
			if !strings.Contains(string(a.Body), `"registered":1,"already":0,"elsewhere":1`) || !strings.Contains(string(a.Body), "第 3 行") {
				t.Errorf("%s", a.Body)
			}
			return p.Client("reviewer-500108").Get("/api/v1/deaths?view=reported")
		}},
		{Rule: "20c", Name: "期限将满的列入名单，期限还长的不列", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			near, far := died(t, p, p.Clock.Now().AddDate(-5, 0, 100).Format(time.DateOnly)), died(t, p, p.Clock.Now().AddDate(-5, 0, 300).Format(time.DateOnly))
			a := p.Client("clerk-500108").Get("/api/v1/deaths?limit=100&view=near").OK()
			if body := string(a.Body); !strings.Contains(body, near.id) || strings.Contains(body, far.id) {
				t.Errorf("near the end of the term: %s", body)
			}
			return a
		}},
		{Rule: "20c", Name: "转出期间告知的死亡由接收机构确认，待承诺的转入随之办结，未确认的限制终止", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, int(buried.Add(1)), nil).packed(thin)
			d := &deceased{p: p, n: m.n, dossier: m.d.ID}
			d.report("clerk-500108", lately).OK()
			held := p.Client("clerk-500108").Post("/api/v1/dossiers/"+m.d.ID+"/holds", court(nil)).OK().String("id")
			m.post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0071", "office": "重庆市机要通信局", "on": "2026-11-23"}).OK()
			m.post("clerk-500101", "arrive", j{"on": "2026-11-23", "intact": true}).OK()
			m.post("clerk-500101", "check", j{"results": []j{{"lineNo": 1, "check": "ok"}}}).OK()
			m.post("reviewer-500101", "receive", nil).OK()
			if a := p.Client("reviewer-500108").Get("/api/v1/holds/" + held); a.String("state") != "refused" {
				t.Errorf("the hold nobody confirmed is %s", a.String("state"))
			}
			if a := d.post("reviewer-500108", "confirm", nil); a.Status != 404 {
				t.Errorf("the old keeper still confirms it: %d", a.Status)
			}
			p.Client("keeper-500101").Post("/api/v1/custody/dossiers/"+m.d.ID+"/put-back", j{"packet": "intact", "shelfmark": "01-A-007-07-7-07"}).OK()
			a := d.post("reviewer-500101", "confirm", nil).OK()
			if v := p.Client("clerk-500101").Get("/api/v1/transfers/" + m.id); v.String("state") != "closed" || v.String("outcome") != "本人去世，由本机构保管" {
				t.Errorf("%s: %s", v.String("state"), v.String("outcome"))
			}
			return a
		}},
		{Rule: "20c", Name: "登记人不能确认自己登记的死亡", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := found(t, p)
			d.report("clerk-500108", lately).OK()
			return d.post("clerk-500108", "confirm", nil)
		}},
		{Rule: "20c", Name: "同一人不重复登记", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return died(t, p, lately).report("clerk-500108", lately)
		}},
		{Rule: "20c", Name: "死亡登记后不按本人申请出具证明", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, lately)
			c := &certifying{t: t, p: p, n: d.n, dossier: d.dossier}
			return c.apply("custody", "keys", []string{"custody"})
		}},
		{Rule: "20c", Name: "亲属可以申请证明；办理遗属待遇的单位不需要本人同意", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, lately)
			c := &certifying{t: t, p: p, n: d.n, dossier: d.dossier}
			c.apply("custody", "keys", []string{"custody"}, "applicant", "kin", "relation", "spouse", "name", testkit.Name(3), "idNo", testkit.IDNo(3), "seen", []string{"居民身份证", "结婚证"}, "right", "inheritance", "proof", "公证处受理通知书（演示）").OK()
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM message WHERE dossier_id=?", d.dossier); err != nil || n != 0 {
				t.Errorf("%d messages to the dead, %v", n, err)
			}
			return c.apply("custody", "keys", []string{"custody"}, "applicant", "unit", "unit", "社会保险局", "letter", "介1号", "use", "办理遗属待遇", "name", testkit.Name(4), "idNo", testkit.IDNo(4))
		}},
		{Rule: "20c", Name: "死者的档案不因录用被查阅", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, lately)
			return p.Client("clerk-500108").Post("/api/v1/consultations", map[string]any{"dossierId": d.dossier, "unitKind": "organ", "unit": "某局", "purpose": "selection_recruitment", "reason": "录用考察", "way": "paper",
				"readers": []any{map[string]any{"name": testkit.Name(5), "idNo": testkit.IDNo(5)}}})
		}},
		{Rule: "20c", Name: "死者的档案不按调档函转递", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, lately)
			return p.Client("clerk-500101").Post("/api/v1/transfers", map[string]any{"direction": "inner", "name": testkit.Name(d.n), "idNo": testkit.IDNo(d.n), "document": "居民身份证", "holder": "50010801",
				"applicant": testkit.Name(d.n), "reason": "流动就业", "regionBasis": "户籍地", "tiePlace": "500101"})
		}},
		{Rule: "20c", Name: "未满五年不能列入移交清单", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return died(t, p, lately).plan()
		}},
		{Rule: "20c", Name: "未满五年不需要续管", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return died(t, p, lately).post("reviewer-500108", "retain", map[string]any{"basis": "文件"})
		}},
		{Rule: "20c", Name: "满五年的由本机构续管，写明依据", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return died(t, p, long).post("reviewer-500108", "retain", map[string]any{"basis": "区人社局会议纪要"})
		}},
		{Rule: "20c", Name: "续管的到期列出，由审核人员复核，续管到某日并写明理由", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, long)
			until := p.Gate.Today().AddDays(3).String()
			d.post("reviewer-500108", "retain", map[string]any{"basis": "区人社局会议纪要", "until": until}).OK()
			waits := func() bool {
				return strings.Contains(string(p.Client("reviewer-500108").Get("/api/v1/deaths?limit=100&view=review").OK().Body), d.id)
			}
			if waits() {
				t.Error("to be looked through before its day")
			}
			p.Clock.Set(p.Clock.Now().AddDate(0, 0, 3))
			if w := string(p.Client("reviewer-500108").Get("/api/v1/work").OK().Body); !waits() || !strings.Contains(w, "复核是否继续保管") {
				t.Errorf("nobody is told: %s", w)
			}
			a := d.post("reviewer-500108", "review", map[string]any{"basis": "家属仍有遗属待遇在办", "until": p.Gate.Today().AddDays(400).String()}).OK()
			if a.String("reviewOn") != p.Gate.Today().AddDays(400).String() || strings.Count(string(a.Body), `"until":`) != 2 || waits() {
				t.Errorf("%s", a.Body)
			}
			if b := p.Client("supervisor-500108").Get("/api/v1/registers/deaths?from=2026-01-01&until=2026-12-31").OK(); !strings.Contains(string(b.Body), "续管至"+a.String("reviewOn")) {
				t.Errorf("register: %s", b.Body)
			}
			return a
		}},
		{Rule: "20c", Name: "续管一次最长五年", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return died(t, p, long).post("reviewer-500108", "retain", map[string]any{"basis": "文件", "until": p.Clock.Now().AddDate(5, 0, 2).Format(time.DateOnly)})
		}},
		{Rule: "20c", Name: "没有续管的不复核", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return died(t, p, long).post("reviewer-500108", "review", map[string]any{"basis": "文件"})
		}},
		{Rule: "20c", Name: "经办不复核续管", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, long)
			d.post("reviewer-500108", "retain", map[string]any{"basis": "区人社局会议纪要"}).OK()
			return d.post("clerk-500108", "review", map[string]any{"basis": "文件"})
		}},
		{Rule: "20c", Name: "续管的复核后仍可列入移交清单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, long)
			d.post("reviewer-500108", "retain", map[string]any{"basis": "区人社局会议纪要"}).OK()
			return d.plan()
		}},
		{Rule: "20c", Name: "英雄模范人物的档案只移交档案馆", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return died(t, p, lately, "merit", "全国劳动模范，国务院，2005年").plan("reason", "hero", "recipientKind", "keeper")
		}},
		{Rule: "20c", Name: "还在库房的不能移交", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			list := died(t, p, long).plan().OK().String("id")
			return p.Client("reviewer-500108").Post("/api/v1/death-handovers/"+list+"/deliver", map[string]any{"on": "2026-11-25", "lines": []j{}})
		}},
		{Rule: "20c", Name: "库管不做四性检测", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/death-handovers/"+died(t, p, long).plan().OK().String("id")+"/check", nil)
		}},
		{Rule: "20c", Name: "四性检测由经办或审核办理，移交前可以重做", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			list := "/api/v1/death-handovers/" + died(t, p, long).plan().OK().String("id")
			p.Client("clerk-500108").Post(list+"/check", nil).OK()
			return p.Client("reviewer-500108").Post(list+"/check", nil)
		}},
		{Rule: "20c", Name: "没有做四性检测的不能移交档案馆", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, long)
			list := d.plan().OK().String("id")
			p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+d.dossier+"/pull", map[string]any{"to": "arranging"}).OK()
			return p.Client("reviewer-500108").Post("/api/v1/death-handovers/"+list+"/deliver", map[string]any{"on": p.Gate.Today().String(), "lines": []j{{"caseId": d.id, "volumes": 1}}})
		}},
		{Rule: "20c", Name: "按清单移交档案馆，两人签收，回执办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, lately, "merit", "全国劳动模范，国务院，2005年")
			list := "/api/v1/death-handovers/" + d.plan("reason", "hero").OK().String("id")
			p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+d.dossier+"/pull", map[string]any{"to": "arranging"}).OK()
			on := p.Gate.Today().String()
			handed := map[string]any{"on": on, "lines": []j{{"caseId": d.id, "volumes": 2, "remark": "副本一卷"}}}
			if a := p.Client("reviewer-500108").Post(list+"/deliver", handed); a.Status < 400 || !strings.Contains(string(a.Body), "not_checked") {
				t.Errorf("to an archive without the four checks: %d %s", a.Status, a.Body)
			}
			if a := p.Client("clerk-500108").Post(list+"/check", nil).OK(); !strings.Contains(string(a.Body), "无数字档案") {
				t.Errorf("checks: %s", a.Body)
			}
			if a := p.Client("reviewer-500108").Post(list+"/deliver", map[string]any{"on": on}); a.Status < 400 || !strings.Contains(string(a.Body), "volumes_missing") {
				t.Errorf("without volumes: %d %s", a.Status, a.Body)
			}
			sent := p.Client("reviewer-500108").Post(list+"/deliver", handed).OK()
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM document WHERE kind='packing_list' AND dossier_id=?", d.dossier); err != nil || n != 1 || number(sent, "volumes") != 2 {
				t.Errorf("%d packing lists, %v; %s", n, err, sent.Body)
			}
			if !strings.Contains(sent.String("number"), "移") {
				t.Errorf("number %s", sent.String("number"))
			}
			if a := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.dossier).OK(); a.String("state") != "in_transit" {
				t.Errorf("dossier %s", a.String("state"))
			}
			receipt["on"] = on
			a := p.Client("clerk-500108").Post(list+"/receipt", receipt).OK()
			if got := p.Client("clerk-500108").Get("/api/v1/deaths/" + d.id).OK().String("state"); got != "handed" {
				t.Errorf("case %s", got)
			}
			if got := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.dossier).OK().String("state"); got != "left" {
				t.Errorf("dossier %s", got)
			}
			if a := p.Client("supervisor-500108").Get("/api/v1/registers/deaths?from=2026-01-01&until=2026-12-31").OK(); !strings.Contains(string(a.Body), "南岸区档案馆") {
				t.Errorf("register: %s", a.Body)
			}
			return a
		}},
		{Rule: "20c", Name: "逐卷移交：移出一人其他人照办，一人没有收到的等候其回执", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			one, two, three := died(t, p, long), died(t, p, long), died(t, p, long)
			list := "/api/v1/death-handovers/" + one.plan("cases", []string{one.id, two.id, three.id}).OK().String("id")
			p.Client("clerk-500108").Post(list+"/strike", map[string]any{"caseId": three.id, "why": "借出未还"}).OK()
			if got := p.Client("clerk-500108").Get("/api/v1/deaths/" + three.id).OK().String("state"); got != "kept" {
				t.Errorf("struck off: %s", got)
			}
			for _, d := range []*deceased{one, two} {
				p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+d.dossier+"/pull", map[string]any{"to": "arranging"}).OK()
			}
			on := p.Gate.Today().String()
			p.Client("reviewer-500108").Post(list+"/check", nil).OK()
			p.Client("reviewer-500108").Post(list+"/deliver", map[string]any{"on": on, "lines": []j{{"caseId": one.id, "volumes": 1}, {"caseId": two.id, "volumes": 3}}}).OK()
			part := p.Client("clerk-500108").Post(list+"/receipt", merge(maps.Clone(receipt), "on", on, "absent", []string{two.id})).OK()
			if part.String("state") != "delivered" {
				t.Errorf("after a receipt in part: %s", part.Body)
			}
			if none := p.Client("clerk-500108").Post(list+"/receipt", merge(maps.Clone(receipt), "on", on, "absent", []string{two.id})); none.Status < 400 {
				t.Errorf("a receipt of nothing: %d", none.Status)
			}
			a := p.Client("clerk-500108").Post(list+"/receipt", merge(maps.Clone(receipt), "on", on, "no", "馆收2")).OK()
			if a.String("state") != "receipted" || a.String("receiptNo") != "馆收1、馆收2" {
				t.Errorf("after the last receipt: %s", a.Body)
			}
			return a
		}},
		{Rule: "20c", Name: "清单上只剩一人的不能移出", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, long)
			return p.Client("clerk-500108").Post("/api/v1/death-handovers/"+d.plan().OK().String("id")+"/strike", map[string]any{"caseId": d.id, "why": "限制转出"})
		}},
		{Rule: "20c", Name: "误登的死亡由另一人撤销，服务恢复", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := died(t, p, lately)
			d.post("reviewer-500108", "revoke", map[string]any{"basis": "本人到场核实"}).OK()
			c := &certifying{t: t, p: p, n: d.n, dossier: d.dossier}
			return c.apply("custody", "keys", []string{"custody"})
		}},
	})
}
