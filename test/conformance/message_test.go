package conformance

import (
	"strings"
	"testing"

	"dangan/internal/testkit"
)

// Persons are told by message: what may be said, who says how they are reached, and what a
// clerk does about what did not arrive.
func TestMessages(t *testing.T) {
	const clerk, top = "clerk-500108", "supervisor-500000"
	var dossier string
	put := func(who, path string, body j) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(who).Put("/api/v1/"+path, body)
		}
	}
	contact := func(who string, body j) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(who).Put("/api/v1/dossiers/"+dossier+"/contact", body)
		}
	}
	waiting := func(p *testkit.Province) string {
		var v struct{ Items []struct{ ID string } }
		p.Client(clerk).Get("/api/v1/messages?dossier=" + dossier).JSON(&v)
		if len(v.Items) == 0 {
			return "none"
		}
		return v.Items[0].ID
	}
	check(t, []Case{
		{Rule: "29.8", Name: "受理证明申请即生成告知，没有联系方式的待人工告知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			c := atWindow(t, p)
			dossier = c.dossier
			c.apply("custody").OK()
			a := p.Client(clerk).Get("/api/v1/messages?dossier=" + dossier)
			if waiting(p) == "none" {
				t.Errorf("nobody is told: %s", a.Body)
			}
			return a
		}},
		{Rule: "29.8", Name: "没有联系方式的不能重发", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/messages/"+waiting(p)+"/resend", nil)
		}},
		{Rule: "29.8", Name: "手机号有误不登记", Refused: true, Run: contact(clerk, j{"way": "sms", "address": "12345"})},
		{Rule: "29.8", Name: "库管不登记联系方式", Refused: true, Run: contact("keeper-500108", j{"way": "sms", "address": "13800000001"})},
		{Rule: "29.8", Name: "经办登记本人的联系方式", Run: contact(clerk, j{"way": "sms", "address": "13800000001"})},
		{Rule: "29.8", Name: "人工告知须写明怎样告知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/messages/"+waiting(p)+"/by-hand", j{"note": " "})
		}},
		{Rule: "29.8", Name: "审核岗不代经办登记人工告知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500108").Post("/api/v1/messages/"+waiting(p)+"/by-hand", j{"note": "电话告知"})
		}},
		{Rule: "29.8", Name: "经办登记人工告知", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/messages/"+waiting(p)+"/by-hand", j{"note": "11月23日电话告知本人"})
		}},
		{Rule: "20.1", Name: "开出调档函的，对方经办在收件箱看到一次，读后不再未读", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, 700, nil)
			m.lettered()
			a := p.Client(clerk).Get("/api/v1/inbox")
			first := inboxOf(a)
			if len(first) != 1 || first[0].Subject != "收到调档函" || first[0].Name != testkit.Name(700) || first[0].Link != "/transfers/"+m.id {
				t.Errorf("at the other end: %s", a.Body)
			}
			for _, other := range []string{"keeper-500108", "clerk-500101", "clerk-500103"} {
				if list := inboxOf(p.Client(other).Get("/api/v1/inbox?view=all")); len(list) != 0 {
					t.Errorf("%s is told too: %v", other, list)
				}
			}
			p.Client("clerk-500101").Post("/api/v1/inbox/read", j{"ids": []string{first[0].ID}}).OK() // not theirs: nothing is marked
			if list := inboxOf(p.Client(clerk).Get("/api/v1/inbox")); len(list) != 1 {
				t.Error("another agency's clerk marked it as read")
			}
			a = p.Client(clerk).Post("/api/v1/inbox/read", j{"ids": []string{first[0].ID}})
			if all := inboxOf(p.Client(clerk).Get("/api/v1/inbox?view=all")); len(inboxOf(p.Client(clerk).Get("/api/v1/inbox"))) != 0 || len(all) != 1 || !all[0].Read {
				t.Errorf("after reading: %v", all)
			}
			return a
		}},
		{Rule: "15", Name: "涉密人员的通知不进未授权人员的收件箱", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := move(t, p, 701, nil)
			m.lettered()
			tx, err := p.DB.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(t.Context(), "UPDATE dossier SET secrecy=2 WHERE id=?", m.d.ID); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			a := p.Client(clerk).Get("/api/v1/inbox")
			if list := inboxOf(a); len(list) != 0 {
				t.Errorf("told of a dossier above their clearance: %v", list)
			}
			return a
		}},
		{Rule: "12c", Name: "经办人的手机号或邮箱有误", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return opened(p, j{"workerAddress": "12345"})
		}},
		{Rule: "12c", Name: "单位开户，其经办人收到一条告知，只一条", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := opened(p, j{"workerAddress": "jingban@unit.example"}).OK()
			list := toUnits(p, clerk)
			if len(list) != 1 || list[0].State != "queued" || list[0].PersonName != unitName || strings.Contains(list[0].Text, "周知行") || !strings.Contains(list[0].Text, "集体户开立") {
				t.Errorf("the unit is told: %v", list)
			}
			return a
		}},
		{Rule: "12c", Name: "单位为职工申请转入，受理告知其经办人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d := testkit.Stock(p, "50010101", 710, nil)
			a := p.Client(clerk).Post("/api/v1/transfers", j{"direction": "inner", "name": testkit.Name(710), "idNo": testkit.IDNo(710), "document": "居民身份证", "holder": d.Agency, "applicantKind": "unit", "applicant": unitName, "applicantDoc": "介绍信 3 号", "applicantUscc": "91500103MA5U00011H", "workerId": bearer(p, clerk, "91500103MA5U00011H"),
				"reason": "流动就业", "regionBasis": "户籍地", "tiePlace": "500108"}).OK()
			if list := toUnits(p, clerk); len(list) != 2 || !strings.Contains(list[0].Text, "档案转递") {
				t.Errorf("the unit is told: %v", list)
			}
			return a
		}},
		{Rule: "29.3", Name: "用语含证件号一项不能发布", Refused: true, Run: put(top, "message-templates/accepted", j{"text": "{机构}已受理{身份证号}的申请"})},
		{Rule: "29.3", Name: "用语提到处分不能发布", Refused: true, Run: put(top, "message-templates/accepted", j{"text": "{机构}：您的处分材料已收到"})},
		{Rule: "29.3", Name: "区县监督不发布用语", Refused: true, Run: put("supervisor-500108", "message-templates/accepted", j{"text": "{机构}已受理您的申请。"})},
		{Rule: "29.3", Name: "市级监督发布用语的新版本", Run: put(top, "message-templates/accepted", j{"text": "{姓名}，{机构}已受理您的{事项}申请，不收取任何费用。"})},
	})
}

type noticed struct {
	ID, Subject, Name, Link string
	Read                    bool
}

// inboxTells holds the newest notice in an inbox to its subject.
func inboxTells(t *testing.T, p *testkit.Province, user, subject string) {
	t.Helper()
	list := inboxOf(p.Client(user).Get("/api/v1/inbox").OK())
	if len(list) == 0 || list[0].Subject != subject {
		t.Errorf("%s is not told %s: %v", user, subject, list)
	}
}

func inboxOf(a *testkit.Answer) []noticed {
	var v struct{ Items []noticed }
	a.JSON(&v)
	return v.Items
}

const unitName = "消息演示机械有限公司"

// opened opens a unit's account, its worker reached as change says.
func opened(p *testkit.Province, change j) *testkit.Answer {
	body := j{"unit": unitName, "uscc": "91500103MA5U00011H", "paper": "business_licence", "workerName": "周知行", "workerIdNo": testkit.IDNo(9001), "workerLetter": "授权书9号（演示）", "workerUntil": "2027-11-30", "noticeNo": "2026-1", "noticeWay": "paper", "noticeBy": "周知行"}
	for k, v := range change {
		body[k] = v
	}
	return p.Client("clerk-500108").Post("/api/v1/unit-accounts", body)
}

type toldUnit struct{ State, Text, PersonName, DossierID string }

// toUnits are the messages to units, the newest first.
func toUnits(p *testkit.Province, who string) (out []toldUnit) {
	var v struct{ Items []toldUnit }
	p.Client(who).Get("/api/v1/messages?view=all").JSON(&v)
	for _, m := range v.Items {
		if m.DossierID == "" {
			out = append(out, m)
		}
	}
	return out
}
