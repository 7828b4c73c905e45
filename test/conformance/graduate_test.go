package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"dangan/internal/store"
	"dangan/internal/testkit"
)

func TestGraduates(t *testing.T) {
	const clerk = "clerk-500108"
	list := func(rows ...string) string {
		out := "姓名,身份证号,毕业院校,转递编号\n"
		for _, r := range rows {
			out += r + "\n"
		}
		return out
	}
	one := func(n int, number string) string {
		return fmt.Sprintf("%s,%s,南山学院,%s", testkit.Name(n), testkit.IDNo(n), number)
	}
	upload := func(query, content string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Do("POST", "/api/v1/graduate-lists?name=a.csv"+query, content, "Content-Type", "application/octet-stream")
		}
	}
	post := func(user, path string, body any) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(user).Post("/api/v1/"+path, body)
		}
	}
	type m = map[string]any
	packet := func(number string) m { return m{"number": number, "seal": "intact"} }
	first := func(p *testkit.Province, path string) string {
		var v struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		p.Client(clerk).Get("/api/v1/" + path).JSON(&v)
		if len(v.Items) == 0 {
			return "none"
		}
		return v.Items[0].ID
	}
	batch := func(_ *testing.T, p *testkit.Province) string {
		return p.Client(clerk).Get("/api/v1/graduate-batches/open").String("batch.id")
	}
	pad := func(t *testing.T, p *testkit.Province, user string, content []byte) *testkit.Answer {
		return p.Client(user).Do("POST", "/api/v1/graduate-batches/"+batch(t, p)+"/signature", string(content), "Content-Type", "application/octet-stream")
	}
	sign := func(n int) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/graduate-batches/"+batch(t, p)+"/sign", m{"packets": n})
		}
	}
	on := func(number, act string, body m) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			id := first(p, "graduate-packets?number="+number)
			return p.Client(clerk).Post("/api/v1/graduates/"+id+"/"+act, body)
		}
	}
	promised := func(p *testkit.Province) (id string) {
		if err := p.DB.QueryRow(t.Context(), "SELECT id FROM supplement WHERE state='open' AND case_ref LIKE 'Graduate:%'").Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	class := list(one(900, "ZD-1"), one(901, "ZD-2"), one(902, "ZD-3"), one(903, "ZD-4"))
	check(t, []Case{
		{Rule: "12", Name: "空名单不登记", Refused: true, Run: upload("", list())},
		{Rule: "12", Name: "名单预检，不登记", Run: upload("&preview=true", class)},
		{Rule: "12", Name: "名单登记", Run: upload("", class)},
		{Rule: "12", Name: "名单所列毕业生的档案没有申请也接收保管，登记待认领", Run: post(clerk, "graduate-packets", packet("ZD-1"))},
		{Rule: "12", Name: "名单没有的档案袋不登记", Refused: true, Run: post(clerk, "graduate-packets", packet("ZD-9"))},
		{Rule: "12", Name: "扫描放入批次", Run: post(clerk, "graduate-scans", packet("ZD-2"))},
		{Rule: "12", Name: "扫过的不重复扫", Refused: true, Run: post(clerk, "graduate-scans", packet("ZD-2"))},
		{Rule: "12", Name: "身份证查找放入批次", Run: post(clerk, "graduate-scans", packet(testkit.IDNo(902)))},
		{Rule: "12", Name: "从批次中取出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := first(p, "graduate-packets?number=ZD-3")
			return p.Client(clerk).Post("/api/v1/graduate-batches/"+batch(t, p)+"/drop", m{"graduate": id})
		}},
		{Rule: "12", Name: "一批一次签名：签名板的文件，按内容检查", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for name, content := range map[string][]byte{"empty": nil, "nothing drawn": drawn(600, 0), "no picture": []byte("MZ")} {
				if a := pad(t, p, clerk, content); a.Status != 422 || !strings.Contains(string(a.Body), "signature_unusable") {
					t.Errorf("%s: %d %s", name, a.Status, a.Body)
				}
			}
			if a := pad(t, p, "clerk-500101", drawn(600, 90)); a.Status != 404 {
				t.Errorf("another agency: %d %s", a.Status, a.Body)
			}
			return pad(t, p, clerk, drawn(600, 100))
		}},
		{Rule: "12", Name: "同一签名文件不能再用", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer { return pad(t, p, clerk, drawn(600, 100)) }},
		{Rule: "12", Name: "签名由经办上传，其他岗位不上传", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return pad(t, p, "keeper-500108", drawn(600, 95))
		}},
		{Rule: "12", Name: "签名以后又扫了一袋，须重新签名", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client(clerk).Post("/api/v1/graduate-scans", packet("ZD-4")).OK()
			a := p.Client(clerk).Post("/api/v1/graduate-batches/"+batch(t, p)+"/sign", m{"packets": 2})
			if !strings.Contains(string(a.Body), "signature_stale") {
				t.Errorf("signed with an older signature: %d %s", a.Status, a.Body)
			}
			p.Client(clerk).Post("/api/v1/graduate-batches/"+batch(t, p)+"/drop", m{"graduate": first(p, "graduate-packets?number=ZD-4")}).OK()
			return a
		}},
		{Rule: "12", Name: "重新签名", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer { return pad(t, p, clerk, drawn(600, 110)) }},
		{Rule: "12", Name: "点数多于扫描数，不签收", Refused: true, Run: sign(2)},
		{Rule: "12", Name: "点数与扫描数相同，一次签收", Run: sign(1)},
		{Rule: "12", Name: "签名能看这一批的可以看，其他机构的如同没有", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			path := "/api/v1/graduate-batches/" + first(p, "graduate-batches")
			if a := p.Client("clerk-500101").Get(path + "/signature"); a.Status != 404 {
				t.Errorf("another agency: %d", a.Status)
			}
			var v struct {
				Signature struct {
					Digest  string
					Packets int
					Stale   bool
				}
			}
			if p.Client(clerk).Get(path).OK().JSON(&v); len(v.Signature.Digest) != 64 || v.Signature.Packets != 1 || v.Signature.Stale {
				t.Errorf("signature: %+v", v)
			}
			return p.Client("supervisor-500108").Get(path + "/signature")
		}},
		{Rule: "12", Name: "签收后不再签名", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Do("POST", "/api/v1/graduate-batches/"+first(p, "graduate-batches")+"/signature", string(drawn(600, 120)), "Content-Type", "application/octet-stream")
		}},
		{Rule: "12", Name: "签收后不能再取出", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			c := p.Client(clerk)
			id := first(p, "graduate-packets?number=ZD-2")
			return c.Post("/api/v1/graduate-batches/"+first(p, "graduate-batches")+"/drop", m{"graduate": id})
		}},
		{Rule: "12", Name: "告知要写明方式", Refused: true, Run: on("ZD-2", "tell", m{})},
		{Rule: "12", Name: "告知本人", Run: on("ZD-2", "tell", m{"way": "短信"})},
		{Rule: "12b", Name: "认领要查验证件", Refused: true, Run: on("ZD-2", "claim", m{"noticeVersion": "2026-1", "whole": true})},
		{Rule: "20.4a", Name: "没有对照清单的不能认领", Refused: true, Run: on("ZD-2", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1"})},
		{Rule: "20.4a", Name: "没有认领、没有告知的，不登记承诺", Refused: true, Run: on("ZD-2", "promise", m{"signed": true, "statement": "本人知悉", "on": "2026-11-23"})},
		{Rule: "20.4a", Name: "所列不是关键材料的，不登记", Refused: true, Run: on("ZD-2", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "missing": []string{"入团志愿书"}})},
		{Rule: "12a", Name: "认领：查验证件、交告知书，缺的一次告知，开个人户；没有签署的不算承诺", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := on("ZD-2", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "missing": []string{"education_degree"}})(t, p).OK()
			var owed, proofs int
			if err := p.DB.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM supplement WHERE case_ref LIKE 'Graduate:%'), (SELECT count(*) FROM document WHERE kind='custody_proof' AND case_ref LIKE 'Graduate:%')").Scan(&owed, &proofs); err != nil || owed != 0 || proofs != 0 {
				t.Errorf("before it was signed: %d owed, %d proofs, %v", owed, proofs, err)
			}
			if w := string(p.Client(clerk).Get("/api/v1/work").OK().Body); !strings.Contains(w, "请本人签署告知承诺书") {
				t.Errorf("nobody asks for the signature: %s", w)
			}
			// 29.8: the claim has its receipt, and its end with the signature.
			number, code := receiptOf(t, p, "Graduate:"+a.String("id"))
			if r := grade(p, number, code, 5); r.Status != 403 {
				t.Errorf("a claim that waits for its undertaking is rated: %d %s", r.Status, r.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "本人没有签名的不登记承诺", Refused: true, Run: on("ZD-2", "promise", m{"statement": "本人知悉", "on": "2026-11-23"})},
		{Rule: "20.4a", Name: "没有本人说明的不登记承诺", Refused: true, Run: on("ZD-2", "promise", m{"signed": true, "on": "2026-11-23"})},
		{Rule: "20.4a", Name: "屏幕上没有签名的不登记承诺", Refused: true, Run: on("ZD-2", "promise", m{"signing": "screen", "statement": "本人知悉", "on": "2026-11-23"})},
		{Rule: "20.4a", Name: "承诺的期限不能超过全市规定", Refused: true, Run: on("ZD-2", "promise", m{"signed": true, "statement": "本人知悉", "on": "2026-11-23", "due": "2029-01-01"})},
		{Rule: "20.4a", Name: "学校转来的档案不因本人要求退回", Refused: true, Run: on("ZD-2", "promise", m{"return": true})},
		{Rule: "20.4a", Name: "没有登记承诺的，不收签署件", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Do("POST", "/api/v1/graduates/"+first(p, "graduate-packets?number=ZD-2")+"/undertaking", portable("", 1), "Content-Type", "application/octet-stream")
		}},
		{Rule: "12", Name: "库管不登记承诺", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/graduates/"+first(p, "graduate-packets?number=ZD-2")+"/promise", m{"signed": true, "statement": "本人知悉", "on": "2026-11-23"})
		}},
		{Rule: "20.4a", Name: "没有报请处置的，负责人不处置", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500108").Post("/api/v1/graduates/"+first(p, "graduate-packets?number=ZD-2")+"/dispose", m{"note": "继续联系"})
		}},
		{Rule: "20.4a", Name: "承诺书长期未签署：提醒本人，报负责人，由负责人处置，档案不退回", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := first(p, "graduate-packets?number=ZD-2")
			since := p.Clock.Now()
			p.Clock.Set(since.AddDate(0, 0, 61))
			if err := p.Graduates.Timers(t.Context()); err != nil {
				t.Fatal(err)
			}
			p.Clock.Set(since)
			if w := string(p.Client("head-500108").Get("/api/v1/work").OK().Body); !strings.Contains(w, "承诺书已告知未签署（已提醒 1 次），处置") {
				t.Errorf("the head is not asked: %s", w)
			}
			if a := p.Client(clerk).Post("/api/v1/graduates/"+id+"/dispose", m{"note": "继续联系"}); a.Status != 403 {
				t.Errorf("the clerk decided: %d %s", a.Status, a.Body)
			}
			if a := p.Client("head-500101").Post("/api/v1/graduates/"+id+"/dispose", m{"note": "继续联系"}); a.Status != 404 {
				t.Errorf("another agency's head decided: %d %s", a.Status, a.Body)
			}
			a := p.Client("head-500108").Post("/api/v1/graduates/"+id+"/dispose", m{"note": "由经办每月电话联系，继续代管"}).OK()
			if a.String("disposed") != "由经办每月电话联系，继续代管" || strings.Contains(string(a.Body), `"escalated"`) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "20.4a", Name: "本人签署后登记承诺：列入待补充，出具收档凭证", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := on("ZD-2", "promise", m{"signed": true, "statement": "学位证书在学校，承诺补交", "on": "2026-11-23", "due": "2026-12-31"})(t, p).OK()
			var due string
			var proofs int
			if err := p.DB.QueryRow(t.Context(), "SELECT (SELECT due_on FROM supplement WHERE case_ref LIKE 'Graduate:%'), (SELECT count(*) FROM document WHERE kind='custody_proof' AND case_ref LIKE 'Graduate:%')").Scan(&due, &proofs); err != nil || due != "2026-12-31" || proofs != 1 {
				t.Errorf("after it was signed: due %s, %d proofs, %v", due, proofs, err)
			}
			number, code := receiptOf(t, p, "Graduate:"+a.String("id"))
			grade(p, number, code, 5).OK()
			return a
		}},
		{Rule: "20.4a", Name: "承诺不登记两次", Refused: true, Run: on("ZD-2", "promise", m{"signed": true, "statement": "本人知悉", "on": "2026-11-23"})},
		{Rule: "20.4a", Name: "纸面签署件上传扫描件，查看留痕", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id := first(p, "graduate-packets?number=ZD-2")
			p.Client(clerk).Do("POST", "/api/v1/graduates/"+id+"/undertaking", portable("", 1), "Content-Type", "application/octet-stream").OK()
			if a := p.Client("clerk-500101").Get("/api/v1/graduates/" + id + "/undertaking/1"); a.Status != 404 {
				t.Errorf("another agency looks at it: %d", a.Status)
			}
			return p.Client(clerk).Get("/api/v1/graduates/" + id + "/undertaking/1")
		}},
		{Rule: "20.4a", Name: "同一扫描件不收两次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Do("POST", "/api/v1/graduates/"+first(p, "graduate-packets?number=ZD-2")+"/undertaking", portable("", 1), "Content-Type", "application/octet-stream")
		}},
		{Rule: "12", Name: "关键材料齐全的，认领即出具收档凭证", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := on("ZD-1", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "whole": true})(t, p).OK()
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM document WHERE kind='custody_proof' AND case_ref=?", "Graduate:"+a.String("id")); err != nil || n != 1 {
				t.Errorf("%d proofs, %v", n, err)
			}
			return a
		}},
		{Rule: "20.4b", Name: "补充材料不能拿另一份档案的材料办结", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			other := p.Client(clerk).Post("/api/v1/dossiers/"+stock(p, nil).ID+"/materials", piece("劳动合同书", nil)).OK().String("id")
			return p.Client(clerk).Post("/api/v1/supplements/"+promised(p)+"/close", m{"materialId": other})
		}},
		{Rule: "20.4b", Name: "没有材料的写明情况后办结", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			if a := p.Client(clerk).Post("/api/v1/supplements/"+promised(p)+"/close", m{"why": "学校书面答复：学籍材料已毁于水灾"}); a.Status != 403 || !slices.Contains(a.Rules(), "20.4a") {
				t.Errorf("a clerk alone waived a promise: %d %s", a.Status, a.Body)
			}
			return p.Client("reviewer-500108").Post("/api/v1/supplements/"+promised(p)+"/close", m{"why": "学校书面答复：学籍材料已毁于水灾"})
		}},
		{Rule: "12a", Name: "委托书没有委托认领的，代办人不能认领", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			paper := mandated(p, clerk, 902, 70911, j{"matters": []string{"transfer"}}).OK().String("id")
			post(clerk, "graduate-packets", packet("ZD-3"))(t, p)
			return on("ZD-3", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "whole": true, "mandateId": paper})(t, p)
		}},
		{Rule: "12a", Name: "代办人凭委托书认领，件上写明委托书", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			paper := mandated(p, clerk, 902, 70912, j{"matters": []string{"claim"}}).OK().String("id")
			a := on("ZD-3", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "whole": true, "mandateId": paper})(t, p).OK()
			if a.String("mandate.id") != paper {
				t.Errorf("no line leads back to the mandate: %s", a.Body)
			}
			return a
		}},
		{Rule: "12", Name: "未到的不能认领", Refused: true, Run: on("ZD-4", "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "whole": true})},
		{Rule: "29.8", Name: "认领没有受理的登记报审核；审核认为应予受理的，照原申请认领", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			whole := m{"document": "居民身份证", "noticeVersion": "2026-1", "whole": true}
			claimed := merge(maps.Clone(whole), "graduateId", first(p, "graduate-packets?number=ZD-4"))
			if a := record(p, "clerk-500101", "claim", claimed); a.Status != 404 {
				t.Errorf("another agency's graduate: %d %s", a.Status, a.Body)
			}
			a := record(p, clerk, "claim", claimed).OK()
			if a.String("state") != "proposed" || !strings.Contains(string(a.Body), "graduate_awaited") {
				t.Errorf("%s", a.Body)
			}
			decide(p, "reviewer-500108", a.String("id"), "return", "档案当天已到").OK()
			post(clerk, "graduate-packets", packet("ZD-4"))(t, p).OK()
			if again := record(p, clerk, "claim", claimed); again.Status != 403 || !strings.Contains(string(again.Body), "nothing_against") {
				t.Errorf("what can be taken in is recorded: %d %s", again.Status, again.Body)
			}
			done := on("ZD-4", "claim", merge(whole, "intakeId", a.String("id")))(t, p).OK()
			if v := p.Client(clerk).Get("/api/v1/intakes/" + a.String("id")).OK(); v.String("state") != "taken" || v.String("case") != "/graduates/"+done.String("id") {
				t.Errorf("its record has no end: %s", v.Body)
			}
			return done
		}},
		{Rule: "29.8", Name: "已受理的认领，不能再凭同一收件办理", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return record(p, clerk, "claim", m{"document": "居民身份证", "noticeVersion": "2026-1", "whole": true, "graduateId": first(p, "graduate-packets?number=ZD-4"), "mandateId": ""}, "intake", func() string {
				var v struct{ Items []struct{ ID, Matter string } }
				p.Client(clerk).Get("/api/v1/intakes?limit=100").OK().JSON(&v)
				for _, x := range v.Items {
					if x.Matter == "claim" {
						return x.ID
					}
				}
				return ""
			}())
		}},
	})
}

// A graduate's packet whose person has a dossier already (2): kept beside it, then joined,
// handed on by the rules of a transfer, or given back to the school by agreement.
func TestGraduatesBesideADossier(t *testing.T) {
	const clerk, reviewer = "clerk-500108", "reviewer-500108"
	id := func(t *testing.T, p *testkit.Province, no string) string {
		t.Helper()
		var id string
		if err := p.DB.QueryRow(t.Context(), "SELECT id FROM graduate WHERE transfer_no=?", no).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	on := func(user, no, act string, body j) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(user).Post("/api/v1/graduates/"+id(t, p, no)+"/"+act, body)
		}
	}
	carried := func(t *testing.T, p *testkit.Province, no string) *moving {
		t.Helper()
		m := &moving{t: t, p: p}
		if err := p.DB.QueryRow(t.Context(), "SELECT transfer_id FROM graduate WHERE transfer_no=?", no).Scan(&m.id); err != nil {
			t.Fatal(err)
		}
		return m
	}
	sent := func(t *testing.T, p *testkit.Province, no string) *moving {
		t.Helper()
		m := carried(t, p, no)
		m.post(reviewer, "review", j{}).OK()
		m.post(clerk, "pack", j{"sealNo": "F-" + no, "volumes": 1}).OK()
		m.post(clerk, "dispatch", j{"way": "confidential_post", "trackingNo": "渝机" + no, "office": "重庆市机要通信局", "on": "2026-11-23"}).OK()
		return m
	}
	inRegister := func(p *testkit.Province, no string) string {
		var v struct {
			Rows []struct {
				Own   []string
				State string
			}
		}
		p.Client(clerk).Get("/api/v1/registers/graduates?from=2026-01-01&until=2026-12-31&limit=100").JSON(&v)
		for _, r := range v.Rows {
			if slices.Contains(r.Own, no) {
				return fmt.Sprint(r)
			}
		}
		return "none of " + no
	}
	compared := j{"evidence": "身份证号、毕业生登记表与已有档案的履历表一致"}
	with := func(more j) j {
		for k, v := range compared {
			if _, has := more[k]; !has {
				more[k] = v
			}
		}
		return more
	}
	check(t, []Case{
		{Rule: "12", Name: "本人已有档案的一袋，收到当日在已有的一卷留下记录", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			list := "姓名,身份证号,毕业院校,转递编号\n"
			for n, agency := range map[int]string{910: "50010801", 911: "50010301", 912: "50010301"} {
				testkit.Stock(p, agency, n, nil)
			}
			for n, no := range []string{"BE-0", "BE-1", "BE-2"} {
				list += fmt.Sprintf("%s,%s,南山学院,%s\n", testkit.Name(910+n), testkit.IDNo(910+n), no)
			}
			p.Client(clerk).Do("POST", "/api/v1/graduate-lists?name=be.csv", list, "Content-Type", "application/octet-stream").OK()
			for _, no := range []string{"BE-0", "BE-1"} {
				p.Client(clerk).Post("/api/v1/graduate-packets", j{"number": no, "seal": "intact"}).OK()
			}
			a := p.Client(clerk).Post("/api/v1/graduate-packets", j{"number": "BE-2", "seal": "intact"}).OK()
			var events int
			if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM custody_event WHERE kind='beside' AND agency='50010801'").Scan(&events); err != nil || events != 3 {
				t.Errorf("%d custody events, %v", events, err)
			}
			return a
		}},
		{Rule: "16b", Name: "另一袋的库位写法不对的不登记", Refused: true, Run: on("keeper-500108", "BE-0", "shelf", j{"shelf": "3号柜"})},
		{Rule: "16b", Name: "审核不登记库位", Refused: true, Run: on(reviewer, "BE-0", "shelf", j{"shelf": "01-B-001-01-1-01"})},
		{Rule: "16b", Name: "另一袋单独存放，登记库位，台账可查", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := on("keeper-500108", "BE-0", "shelf", j{"shelf": "01-b-001-01-1-01"})(t, p).OK()
			if line := inRegister(p, "BE-0"); !strings.Contains(line, "01-B-001-01-1-01") {
				t.Errorf("register: %s", line)
			}
			return a
		}},
		{Rule: "2", Name: "没有比对依据的处理不收", Refused: true, Run: on(clerk, "BE-0", "settle", j{"ending": "join"})},
		{Rule: "2", Name: "档案在他处的，不能并入本机构", Refused: true, Run: on(clerk, "BE-1", "settle", with(j{"ending": "join"}))},
		{Rule: "2", Name: "档案在本机构的，不移交他处", Refused: true, Run: on(clerk, "BE-0", "settle", with(j{"ending": "hand"}))},
		{Rule: "12", Name: "不因无人申请退回学校：没有与学校商定的不退", Refused: true, Run: on(clerk, "BE-2", "settle", with(j{"ending": "return"}))},
		{Rule: "2", Name: "还没有提出处理的不能审核", Refused: true, Run: on(reviewer, "BE-0", "decide", j{"approve": true})},
		{Rule: "2", Name: "提出并入", Run: on(clerk, "BE-0", "settle", with(j{"ending": "join"}))},
		{Rule: "2", Name: "经办不能审核", Refused: true, Run: on(clerk, "BE-0", "decide", j{"approve": true})},
		{Rule: "2", Name: "退回要写明理由", Refused: true, Run: on(reviewer, "BE-0", "decide", j{"approve": false})},
		{Rule: "2", Name: "另一人核准，并入已有的一卷，转递编号仍可查到", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := on(reviewer, "BE-0", "decide", j{"approve": true})(t, p).OK()
			var list struct{ Items []struct{ No string } }
			p.Client(clerk).Get("/api/v1/dossiers?q=BE-0").JSON(&list)
			if a.String("state") != "joined" || len(list.Items) != 1 || strings.Contains(string(a.Body), `"shelf"`) {
				t.Errorf("joined: %s, %+v", a.String("state"), list)
			}
			if line := inRegister(p, "BE-0"); !strings.Contains(line, "已归并") || !strings.Contains(line, p.Gate.Today().String()) {
				t.Errorf("the day on which it was resolved: %s", line)
			}
			return a
		}},
		{Rule: "2", Name: "档案在他处的，核准后按转递移交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			on(clerk, "BE-1", "settle", with(j{"ending": "hand"}))(t, p).OK()
			return on(reviewer, "BE-1", "decide", j{"approve": true})(t, p)
		}},
		{Rule: "20.3b", Name: "移交同样不得邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := carried(t, p, "BE-1")
			m.post(reviewer, "review", j{}).OK()
			m.post(clerk, "pack", j{"sealNo": "F-BE1", "volumes": 1}).OK()
			return m.post(clerk, "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "29.6", Name: "寄出前可以撤回，重新处理", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := carried(t, p, "BE-1").post(clerk, "withdraw", j{"why": "改由专人送取"}).OK()
			on(clerk, "BE-1", "settle", with(j{"ending": "hand"}))(t, p).OK()
			on(reviewer, "BE-1", "decide", j{"approve": true})(t, p).OK()
			return a
		}},
		{Rule: "20.5", Name: "保管机构核对签收，归入已有的一卷", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := sent(t, p, "BE-1")
			m.post("clerk-500103", "arrive", j{"on": "2026-11-23", "intact": true}).OK()
			m.post("clerk-500103", "check", j{"results": []j{{"lineNo": 1, "check": "ok"}}}).OK()
			a := m.post("reviewer-500103", "receive", nil).OK()
			if s := p.Client(clerk).Get("/api/v1/graduates/" + id(t, p, "BE-1")).String("state"); s != "joined" {
				t.Errorf("the packet is %s", s)
			}
			return a
		}},
		{Rule: "12", Name: "学校错寄的，商定后按转递退回，凭学校回执办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			on(clerk, "BE-2", "settle", j{"ending": "return", "evidence": "袋内是另一名同学的材料", "agreed": "2026-11-23 与学校就业中心电话商定"})(t, p).OK()
			on(reviewer, "BE-2", "decide", j{"approve": true})(t, p).OK()
			m := sent(t, p, "BE-2")
			a := m.post(clerk, "receipt", outsideReceipt(p, clerk, j{"no": "南山回1"}, m)).OK()
			if v := p.Client(clerk).Get("/api/v1/graduates/" + id(t, p, "BE-2")); v.String("state") != "sent_back" || v.String("endedAt") == "" {
				t.Errorf("the packet is %s", v.Body)
			}
			return a
		}},
	})
}

// A class is told in one act, and its school gets a receipt.
func TestAClassIsToldAndItsSchoolAnswered(t *testing.T) {
	const clerk = "clerk-500108"
	list := func(t *testing.T, p *testkit.Province) string {
		t.Helper()
		var id string
		if err := p.DB.QueryRow(t.Context(), "SELECT id FROM graduate_list WHERE file_name='class.csv'").Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	tell := func(_ *testing.T, p *testkit.Province) *testkit.Answer {
		return p.Client(clerk).Post("/api/v1/graduate-tellings", j{"school": "北山学院"})
	}
	receipt := func(t *testing.T, p *testkit.Province) *testkit.Answer {
		return p.Client(clerk).Post("/api/v1/graduate-lists/"+list(t, p)+"/receipt", nil)
	}
	check(t, []Case{
		{Rule: "20.5", Name: "一袋未收的，不出具回执", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			rows := "姓名,身份证号,毕业院校,转递编号,联系电话\n"
			for n := range 4 {
				phone := fmt.Sprintf("1380000%04d", n)
				if n == 2 {
					phone = ""
				}
				rows += fmt.Sprintf("%s,%s,北山学院,CL-%d,%s\n", testkit.Name(920+n), testkit.IDNo(920+n), n, phone)
			}
			p.Client(clerk).Do("POST", "/api/v1/graduate-lists?name=class.csv", rows, "Content-Type", "application/octet-stream").OK()
			return receipt(t, p)
		}},
		{Rule: "12", Name: "没有档案已到的，无人可告知", Refused: true, Run: tell},
		{Rule: "12", Name: "没有指明学校的不告知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/graduate-tellings", j{})
		}},
		{Rule: "12", Name: "库管不办告知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/graduate-tellings", j{"school": "北山学院"})
		}},
		{Rule: "12", Name: "一次告知全部未告知的，经消息发送；没有电话的留待信函", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for n := range 3 {
				seal, note := "intact", ""
				if n == 1 {
					seal, note = "broken", "封口开裂"
				}
				p.Client(clerk).Post("/api/v1/graduate-packets", j{"number": fmt.Sprintf("CL-%d", n), "seal": seal, "note": note}).OK()
			}
			a := tell(t, p).OK()
			var out struct{ Told, Unreachable, Left int }
			a.JSON(&out)
			var messages int
			if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM message WHERE template='waiting' AND state='queued'").Scan(&messages); err != nil || out.Told != 2 || out.Unreachable != 1 || messages != 2 {
				t.Errorf("told %+v, %d messages, %v", out, messages, err)
			}
			return a
		}},
		{Rule: "12", Name: "再次办理不重复告知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := tell(t, p).OK()
			var messages int
			if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM message WHERE template='waiting'").Scan(&messages); err != nil || messages != 2 {
				t.Errorf("%d messages, %v", messages, err)
			}
			return a
		}},
		{Rule: "20.5", Name: "向学校出具回执：收到、未到、有损", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := receipt(t, p).OK()
			if a.String("receiptNo") == "" || !strings.Contains(string(a.Body), `"received":3`) {
				t.Errorf("the receipt: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.5", Name: "没有新到的，不重复出具", Refused: true, Run: receipt},
		{Rule: "20.5", Name: "又收到的，再出具替换前一份", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client(clerk).Post("/api/v1/graduate-packets", j{"number": "CL-3", "seal": "intact"}).OK()
			a := receipt(t, p).OK()
			var old int
			if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM document WHERE kind='class_answer' AND state='superseded'").Scan(&old); err != nil || old != 1 {
				t.Errorf("%d receipts replaced, %v", old, err)
			}
			return a
		}},
	})
}
