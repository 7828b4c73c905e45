package conformance

import (
	"context"
	"strings"
	"testing"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

// borrowing is a complete application to borrow, by two members of the Party who carry it.
func borrowing(dossierID string, change ...func(map[string]any)) map[string]any {
	f := map[string]any{"dossierId": dossierID, "unitKind": "organ", "unit": "南岸区监察委员会（演示）" + unique(), "superior": "重庆市监察委员会（演示）", "purpose": "vetting", "reason": "专案审查，依据审查决定",
		"whyNotHere": "须与外调卷宗逐页比对，不能在阅档室进行", "keptAt": "本单位302室保险柜", "paperName": "介绍信", "paperNo": "南监信〔2026〕8号", "paperOn": "2026-11-20", "sealed": true, "matches": true,
		"formSigned": true, "formBy": "周启明", "pledged": true, "days": 10, "way": "messenger", "people": []map[string]any{borrower(0), borrower(1)}}
	for _, c := range change {
		c(f)
	}
	return f
}

func borrower(n int) map[string]any { return merge(reader(n), "carries", true, "keeps", n == 0) }

// lending is a loan under way from outside.
type lending struct {
	p       *testkit.Province
	dossier string
	id      string
}

func (l lending) post(user, act string, body any) *testkit.Answer {
	if body == nil {
		body = map[string]any{}
	}
	return l.p.Client(user).Post("/api/v1/loans/"+l.id+"/"+act, body)
}

func (l lending) get() *testkit.Answer {
	return l.p.Client("reviewer-500108").Get("/api/v1/loans/" + l.id).OK()
}

func borrowed(p *testkit.Province, d dossier.Dossier, change ...func(map[string]any)) lending {
	return lending{p, d.ID, p.Client("clerk-500108").Post("/api/v1/loans", borrowing(d.ID, change...)).String("id")}
}

func (l lending) checked() lending {
	l.post("clerk-500108", "submit", nil).OK()
	l.post("clerk-500108", "check", nil).OK()
	return l
}

func (l lending) heading() lending {
	l.checked().post("reviewer-500108", "approve", map[string]any{"days": 10}).OK()
	return l
}

// pulled is an approved loan whose packet lies at the desk.
func (l lending) pulled() lending {
	l.heading().post("head-500108", "confirm", map[string]any{"opinion": "同意"}).OK()
	l.p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+l.dossier+"/pull", map[string]any{}).OK()
	return l
}

func (l lending) messengers() []string {
	var v struct{ People []struct{ ID string } }
	l.p.Client("clerk-500108").Get("/api/v1/loans/" + l.id).JSON(&v)
	var out []string
	for _, x := range v.People {
		out = append(out, x.ID)
	}
	return out
}

// hand gives the packet out: of the stock, two pieces of eight pages.
func (l lending) hand(pairs ...any) *testkit.Answer {
	return l.post("keeper-500108", "hand-out", merge(map[string]any{"materials": 2, "pages": 8, "seal": "F-0001", "came": l.messengers()}, pairs...))
}

func (l lending) out() lending {
	l.pulled().hand().OK()
	return l
}

func (l lending) back(pairs ...any) *testkit.Answer {
	return l.post("keeper-500108", "return", merge(map[string]any{"materials": 2, "pages": 8, "packet": "intact", "broughtBy": "冯澜、石漱玉", "found": []map[string]any{line(1, "ok"), line(2, "ok")}}, pairs...))
}

func (l lending) short() *testkit.Answer {
	return l.back("pages", 7, "difference", "末页误留卷宗，三日内补送", "found", []map[string]any{line(1, "ok"), line(2, "pages", "pages", 5)})
}

func borrows(change ...func(map[string]any)) run {
	return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
		return borrowed(p, stock(p, nil), change...).post("clerk-500108", "submit", nil)
	}
}

func lends(do func(l lending) *testkit.Answer) run {
	return func(_ *testing.T, p *testkit.Province) *testkit.Answer { return do(borrowed(p, stock(p, nil))) }
}

func TestLoanByRule(t *testing.T) {
	check(t, []Case{
		{Rule: "22", Name: "写明不能就地查阅的理由，材料齐全，可以受理", Run: borrows()},
		{Rule: "22", Name: "没有写明为什么不能就地查阅，先补正", Refused: true, Run: borrows(with("whyNotHere", ""))},
		{Rule: "22", Name: "没有写明存放地点，先补正", Refused: true, Run: borrows(with("keptAt", " "))},
		{Rule: "22", Name: "没有保管责任人，先补正", Refused: true, Run: borrows(with("people", []map[string]any{borrower(1), borrower(2)}))},
		{Rule: "22", Name: "专人送取只有一人，先补正", Refused: true, Run: borrows(with("people", []map[string]any{borrower(0), merge(borrower(1), "carries", false)}))},
		{Rule: "22", Name: "机要通信不要取送人", Run: borrows(with("way", "confidential"), with("people", []map[string]any{merge(borrower(0), "carries", false), merge(borrower(1), "carries", false)}))},
		{Rule: "22", Name: "期限超过全市上限", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/loans", borrowing(stock(p, nil).ID, with("days", 16)))
		}},
		{Rule: "22", Name: "律师持调查令不能借出", Refused: true, Run: borrows(with("purpose", "court_order"))},
		{Rule: "21a", Name: "事由不在规定之列的不借", Refused: true, Run: borrows(with("purpose", "background_check"))},
		{Rule: "21.1", Name: "介绍信没有盖章的借阅，先补正", Refused: true, Run: borrows(with("sealed", false))},
		{Rule: "21.2", Name: "借阅只来一人，先补正", Refused: true, Run: borrows(with("people", []map[string]any{borrower(0)}))},
		{Rule: "21c", Name: "取送人是本人的，不予借出", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			return borrowed(p, d, with("people", []map[string]any{borrower(0), merge(borrower(1), "idNo", ownNumber(p, d))})).post("clerk-500108", "submit", nil)
		}},
		{Rule: "21c", Name: "取送人是亲属的，交接时也挡住，且不说是什么关系", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			l := borrowed(p, d).pulled()
			related(t, p, d, "elder_brother", testkit.IDNo(9001))
			a := l.hand()
			for _, word := range []string{"兄", "弟", "石漱玉"} {
				if strings.Contains(string(a.Body), word) {
					t.Errorf("the refusal tells %q: %s", word, a.Body)
				}
			}
			return a
		}},
		{Rule: "15", Name: "国家秘密的档案不借出，无权知悉的人看来是没有", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, func(d *dossier.Dossier) { d.Secrecy = dossier.Secret })
			if a := p.Client("clerk-500108").Post("/api/v1/loans", borrowing(d.ID)); a.Status != 404 {
				t.Errorf("who is not cleared got %d", a.Status)
			}
			return p.Client(cleared(t, p, "clerk")).Post("/api/v1/loans", borrowing(d.ID))
		}},
		{Rule: "22", Name: "负责人批准后出具审批表，向库管提档", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			l := borrowed(p, stock(p, nil)).heading()
			a := l.post("head-500108", "confirm", nil).OK()
			if !strings.Contains(a.String("number"), "借〔2026〕") || a.String("state") != "ready" {
				t.Errorf("%s", a.Body)
			}
			paperOf(t, p, "Loan:"+l.id, "loan")
			return a
		}},
		{Rule: "22", Name: "没有负责人批准不能借出", Refused: true, Run: lends(func(l lending) *testkit.Answer { return l.heading().post("reviewer-500108", "confirm", nil) })},
		{Rule: "22", Name: "登记、核对的人不能审核", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			l := borrowed(p, stock(p, nil))
			l.post("clerk-500108", "submit", nil).OK()
			l.post("reviewer-500108", "check", nil).OK()
			return l.post("reviewer-500108", "approve", map[string]any{"days": 10})
		}},
		{Rule: "29.6", Name: "审核以前不能借出", Refused: true, Run: lends(func(l lending) *testkit.Answer { return l.checked().hand() })},
		{Rule: "29.6", Name: "没有归还不能复核", Refused: true, Run: lends(func(l lending) *testkit.Answer { return l.out().post("reviewer-500108", "countersign", nil) })},
		{Rule: "29.6", Name: "档案在途的不受理借阅", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/loans", borrowing(stock(p, func(d *dossier.Dossier) { d.State = dossier.InTransit }).ID))
		}},
		{Rule: "16b", Name: "还在库房的不能借出", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			l.heading().post("head-500108", "confirm", nil).OK()
			return l.hand()
		})},
		{Rule: "22", Name: "清点的页数与目录不符，不能借出", Refused: true, Run: lends(func(l lending) *testkit.Answer { return l.pulled().hand("pages", 7) })},
		{Rule: "22", Name: "没有密封的，不能借出", Refused: true, Run: lends(func(l lending) *testkit.Answer { return l.pulled().hand("seal", "") })},
		{Rule: "22", Name: "取送人只到一人，不能借出", Refused: true, Run: lends(func(l lending) *testkit.Answer { l.pulled(); return l.hand("came", l.messengers()[:1]) })},
		{Rule: "22", Name: "两人取档，逐页清点密封后借出，出具交接单和代卷卡，登入台账", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			l := borrowed(p, stock(p, nil)).pulled()
			a := l.hand().OK()
			if a.String("dossierState") != "借阅在外" || a.String("dueOn") != "2026-12-03" {
				t.Errorf("%s", a.Body)
			}
			paperOf(t, p, "Loan:"+l.id, "loan_slip")
			paperOf(t, p, "Loan:"+l.id, "loan_card")
			if rows := string(p.Client("keeper-500108").Get("/api/v1/registers/loans?from=2026-11-01&until=2026-11-30").OK().Body); !strings.Contains(rows, a.String("number")) {
				t.Errorf("not in the register: %.300s", rows)
			}
			return a
		}},
		{Rule: "22", Name: "借出的档案不能再借", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			l.out()
			return l.p.Client("clerk-500108").Post("/api/v1/loans", borrowing(l.dossier))
		})},
		{Rule: "29.6", Name: "借出的档案不能查阅原件", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := stock(p, nil)
			c := ready(p, d, with("way", "paper"))
			borrowed(p, d).heading().post("head-500108", "confirm", nil).OK()
			l := lending{p, d.ID, strings.TrimPrefix(openLoan(t, p, d.ID), "Loan:")}
			p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+d.ID+"/pull", map[string]any{}).OK()
			c.post("clerk-500108", "/withdraw", map[string]any{"reason": "改日再来"}).OK()
			l.hand().OK()
			return ready(p, d, with("way", "paper")).open(2)
		}},
		{Rule: "16b", Name: "借出的档案不能提出来出具证明", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			l.out()
			return l.p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+l.dossier+"/pull", map[string]any{})
		})},
		{Rule: "20.2a", Name: "借出的档案不予转出，理由写明有未归还的借阅", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, int(person.Add(1)), nil)
			l := borrowed(p, m.d).pulled()
			l.hand("materials", 3, "pages", 20).OK()
			m.registered()
			return m.post("reviewer-500108", "decline", nil)
		}},
		{Rule: "22", Name: "到期前续借一次", Run: lends(func(l lending) *testkit.Answer {
			return l.out().post("head-500108", "extend", map[string]any{"days": 5, "reason": "审查未完，续借函〔2026〕3号"})
		})},
		{Rule: "22", Name: "不能续借第二次", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			l.out().post("head-500108", "extend", map[string]any{"days": 5, "reason": "审查未完"}).OK()
			return l.post("head-500108", "extend", map[string]any{"days": 5, "reason": "审查仍未完"})
		})},
		{Rule: "22", Name: "召回借出的档案，出具召回函", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			l := borrowed(p, stock(p, nil)).out()
			a := l.post("reviewer-500108", "recall", map[string]any{"dueOn": "2026-11-26", "reason": "存档人员办理转出"}).OK()
			paperOf(t, p, "Loan:"+l.id, "chase_letter")
			return a
		}},
		{Rule: "22", Name: "召回后不能续借", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			l.out().post("reviewer-500108", "recall", map[string]any{"dueOn": "2026-11-26", "reason": "存档人员办理转出"}).OK()
			return l.post("head-500108", "extend", map[string]any{"days": 5, "reason": "审查未完"})
		})},
		{Rule: "22", Name: "归还须逐份核对", Refused: true, Run: lends(func(l lending) *testkit.Answer { return l.out().back("found", []map[string]any{line(1, "ok")}) })},
		{Rule: "22", Name: "归还的页数不符，须写明借阅单位的说明", Refused: true, Run: lends(func(l lending) *testkit.Answer { return l.out().back("pages", 7) })},
		{Rule: "22", Name: "清点归还的人不能自己复核", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			l.out().back().OK()
			return l.post("keeper-500108", "countersign", nil)
		})},
		{Rule: "22", Name: "两人核对相符后归还，出具回执，档案可以入库", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			l := borrowed(p, stock(p, nil)).out()
			l.back().OK()
			a := l.post("reviewer-500108", "countersign", nil).OK()
			if a.String("state") != "closed" {
				t.Errorf("%s", a.Body)
			}
			paperOf(t, p, "Loan:"+l.id, "loan_receipt")
			p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+l.dossier+"/put-back", map[string]any{}).OK()
			return a
		}},
		{Rule: "22", Name: "有差异的另立差异记录，查清前不办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			l := borrowed(p, stock(p, nil)).out()
			l.short().OK()
			a := l.post("reviewer-500108", "countersign", nil).OK()
			if a.String("state") != "disputed" || a.String("differenceNo") == "" {
				t.Errorf("%s", a.Body)
			}
			paperOf(t, p, "Loan:"+l.id, "difference_record")
			return l.post("reviewer-500108", "settle", map[string]any{"reason": "末页已补送，南监函〔2026〕9号"})
		}},
		{Rule: "22", Name: "差异没有写明怎样查清，不能办结", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			l.out().short().OK()
			l.post("reviewer-500108", "countersign", nil).OK()
			return l.post("reviewer-500108", "settle", map[string]any{"reason": " "})
		})},
		{Rule: "22", Name: "复核认为清点有误，重新清点后才能复核", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			l.out().back().OK()
			l.post("reviewer-500108", "dispute", map[string]any{"reason": "第2项少一页"}).OK()
			return l.post("reviewer-500108", "countersign", nil)
		})},
		{Rule: "29.8", Name: "不予借阅须注明依据", Refused: true, Run: lends(func(l lending) *testkit.Answer {
			return l.checked().post("reviewer-500108", "refuse", map[string]any{"reasons": []any{}, "next": "改为查阅"})
		})},
		{Rule: "29.8", Name: "不予借阅，出具告知单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			l := borrowed(p, stock(p, nil)).checked()
			a := l.post("reviewer-500108", "refuse", map[string]any{"reasons": []map[string]any{{"rule": "22", "fact": "可以在阅档室查阅"}}, "next": "请改办查阅"}).OK()
			paperOf(t, p, "Loan:"+l.id, "refusal_notice")
			return a
		}},
		{Rule: "20c", Name: "死亡确认后，只有生者才有的借阅随之终止", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			l := borrowed(p, stock(p, nil), with("purpose", "title_review")).checked()
			d := &deceased{p: p, dossier: l.dossier}
			d.report("clerk-500108", p.Gate.Today().AddDays(-3).String()).OK()
			a := d.post("reviewer-500108", "confirm", nil).OK()
			if s := l.get().String("state"); s != "withdrawn" {
				t.Errorf("still %s", s)
			}
			return a
		}},
	})
}

// openLoan is the reference of a dossier's open loan.
func openLoan(t *testing.T, p *testkit.Province, dossierID string) (ref string) {
	t.Helper()
	if err := p.DB.QueryRow(t.Context(), "SELECT 'Loan:'||id FROM loan WHERE dossier_id=? AND state NOT IN ('closed','refused','withdrawn','expired')", dossierID).Scan(&ref); err != nil {
		t.Fatal(err)
	}
	return ref
}

// TestOverdueLoans has the clock ask the unit, then tell the supervisor, once each (22).
func TestOverdueLoans(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		timers := func() {
			t.Helper()
			if err := p.Loans.Timers(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		d := stock(p, nil)
		l := borrowed(p, d, with("unit", "南岸区监察委员会（演示）")).out()
		timers()
		if strings.Contains(string(l.get().Body), "chasedOn") {
			t.Fatal("asked for before its day")
		}
		waits := borrowed(p, stock(p, nil)).heading()
		waits.post("head-500108", "confirm", nil).OK()
		p.Clock.Advance(11 * 24 * time.Hour)
		p.Forget()
		timers()
		timers()
		if v := l.get(); v.String("chasedOn") != "2026-12-04" || v.String("stateName") != "逾期未还" || strings.Contains(string(v.Body), "escalatedOn") {
			t.Fatalf("on the day after: %s", v.Body)
		}
		paperOf(t, p, "Loan:"+l.id, "chase_letter")
		if a := l.post("head-500108", "extend", map[string]any{"days": 5, "reason": "审查未完"}); a.Status != 403 {
			t.Errorf("an overdue loan was extended: %d", a.Status)
		}
		again := borrowed(p, stock(p, nil), with("unit", "南岸区监察委员会（演示）"), with("paperOn", "2026-12-04"))
		if a := again.post("clerk-500108", "submit", nil); a.Status != 422 || !strings.Contains(string(a.Body), "unit_overdue") {
			t.Errorf("a unit that owes one borrows another: %d %s", a.Status, a.Body)
		}
		p.Clock.Advance(7 * 24 * time.Hour)
		p.Forget()
		timers()
		timers()
		if v := l.get(); v.String("escalatedOn") != "2026-12-11" || v.String("chasedOn") != "2026-12-11" {
			t.Fatalf("a week later: %s", v.Body)
		}
		var told int
		if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM staff_notice WHERE case_ref=? AND post='supervisor' AND agency='500108'", "Loan:"+l.id).Scan(&told); err != nil || told != 1 {
			t.Errorf("the supervisor was told %d times (%v)", told, err)
		}
		if s := waits.get().String("state"); s != "expired" {
			t.Errorf("an approval nobody came for is %s", s)
		}
		l.back().OK()
		if v := l.post("reviewer-500108", "countersign", nil).OK(); v.String("closedWhy") != "逾期归还" {
			t.Errorf("%s", v.Body)
		}
	})
}
