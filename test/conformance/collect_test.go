package conformance

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"slices"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// wantedLine is a line of a dossier's plan.
type wantedLine struct {
	Title, Consequence, Because string
	Key, Expected               bool
}

// unformed states that an expected material was not formed.
func unformed(p *testkit.Province, dossierID, title string) *testkit.Answer {
	return p.Client("clerk-500108").Post("/api/v1/dossiers/"+dossierID+"/not-formed", j{"title": title, "statedBy": "云岫智能（演示）有限公司", "on": "2026-11-20", "statement": "书面说明，随回单存"})
}

// ask opens a request for materials.
func ask(p *testkit.Province, user, dossierID string, more j) *testkit.Answer {
	b := j{"target": "unit", "addressee": "云岫智能（演示）有限公司", "titles": []string{"年度考核登记表"}}
	for k, v := range more {
		b[k] = v
	}
	return p.Client(user).Post("/api/v1/dossiers/"+dossierID+"/collections", b)
}

func TestCollection(t *testing.T) {
	var d, closed dossier.Dossier
	var mine dossier.Dossier
	var id, token, dead, hand, contract, absent string
	stands := func(t *testing.T, p *testkit.Province, want string) *testkit.Answer {
		t.Helper()
		a := p.Client("clerk-500108").Get("/api/v1/collections/" + id)
		if s := a.String("state"); s != want {
			t.Errorf("state %s, want %s: %s", s, want, a.Body)
		}
		return a
	}
	check(t, append([]Case{
		{Rule: "14a", Name: "对照类别的清单列出缺少的材料，每项写明影响", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d = stock(p, func(d *dossier.Dossier) { d.Category, d.Subtype = "4.2", "former_soe_professional" })
			a := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.ID + "/collection-plan")
			var plan struct {
				Known  bool
				Wanted []wantedLine
				Events []struct{ Slug string }
			}
			a.JSON(&plan)
			if !plan.Known || len(plan.Wanted) == 0 || len(plan.Events) < 10 {
				t.Errorf("%+v", plan)
			}
			// The contract proves the history; what else the checklist requires stays wanted (materials.md 4).
			if !slices.ContainsFunc(plan.Wanted, func(w wantedLine) bool {
				return w.Title == "履历表（存档人员登记表）" && !w.Key && !w.Expected
			}) {
				t.Errorf("a required material whose key fact is proved is not in the plan: %+v", plan.Wanted)
			}
			expected := 0
			for _, w := range plan.Wanted {
				if w.Title == "" || w.Key != (w.Consequence != "") || w.Expected && w.Key {
					t.Errorf("%+v", w)
				}
				if w.Expected {
					expected++
				}
			}
			if expected == 0 || expected == len(plan.Wanted) {
				t.Errorf("%d of %d are only expected", expected, len(plan.Wanted))
			}
			return a
		}},
		{Rule: "14a", Name: "登记的经历表明已离开单位的，清单要求解除劳动合同证明；一人登记未核对的不算", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			held := stock(p, func(d *dossier.Dossier) { d.Category = "4.6" })
			clerk := p.Client("clerk-500108")
			wanted := func() (because string, found bool) {
				var plan struct{ Wanted []wantedLine }
				clerk.Get("/api/v1/dossiers/" + held.ID + "/collection-plan").JSON(&plan)
				for _, w := range plan.Wanted {
					if w.Title == "解除（终止）劳动合同证明书" {
						return w.Because, true
					}
				}
				return "", false
			}
			a := clerk.Post("/api/v1/dossiers/"+held.ID+"/periods", j{"kind": "work", "from": "2018-07", "to": "2020-06", "unit": "甲科技（演示）有限公司", "source": cited})
			a.OK()
			if _, found := wanted(); found {
				t.Error("an unconfirmed period makes a material due")
			}
			p.Client("reviewer-500108").Post("/api/v1/entries/period/"+a.String("id")+"/confirm", nil).OK()
			if because, found := wanted(); !found || !strings.Contains(because, "甲科技（演示）有限公司") {
				t.Errorf("left an employer: %q", because)
			}
			return clerk.Get("/api/v1/dossiers/" + held.ID + "/collection-plan")
		}},
		{Rule: "14a", Name: "清单要求的材料不能登记为未形成", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return unformed(p, d.ID, "履历表（存档人员登记表）")
		}},
		{Rule: "14a", Name: "没有说明的，不登记未形成", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+d.ID+"/not-formed", j{"title": "工资变动审批表"})
		}},
		{Rule: "29.2", Name: "登记人自己不能核对未形成", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := unformed(p, d.ID, "工资变动审批表")
			a.OK()
			absent = a.String("id")
			if again := unformed(p, d.ID, "工资变动审批表"); again.Status != 403 {
				t.Errorf("stated twice: %s", again.Body)
			}
			if other := unformed(p.In(t), "00000000-0000-0000-0000-000000000000", "工资变动审批表"); other.Status != 404 {
				t.Errorf("of no dossier: %d", other.Status)
			}
			return p.Client("clerk-500108").Post("/api/v1/entries/not_formed/"+absent+"/confirm", nil)
		}},
		{Rule: "14a", Name: "一般应有的材料凭说明登记未形成，另一人核对后不再列为所缺，写明理由撤销后又列出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			wanted := func() bool {
				var plan struct{ Wanted []wantedLine }
				p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.ID + "/collection-plan").JSON(&plan)
				return slices.ContainsFunc(plan.Wanted, func(w wantedLine) bool { return w.Title == "工资变动审批表" })
			}
			if !wanted() {
				t.Error("closed before a second person confirmed it")
			}
			a := p.Client("reviewer-500108").Post("/api/v1/entries/not_formed/"+absent+"/confirm", nil)
			a.OK()
			if wanted() {
				t.Error("still wanted")
			}
			if bare := p.Client("reviewer-500108").Post("/api/v1/entries/not_formed/"+absent+"/withdraw", j{"reason": " "}); bare.Status != 422 {
				t.Errorf("undone without a reason: %d", bare.Status)
			}
			p.Client("reviewer-500108").Post("/api/v1/entries/not_formed/"+absent+"/withdraw", j{"reason": "单位后来找到了审批表"}).OK()
			if !wanted() {
				t.Error("undone, and not wanted again")
			}
			return a
		}},
		{Rule: "14a", Name: "没有写明要收集什么，不开通知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"titles": []string{" "}})
		}},
		{Rule: "15", Name: "带国家秘密标志的材料名称不印在通知单上", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"titles": []string{"（绝密）某型号任务书"}})
		}},
		{Rule: "14b", Name: "向单位收集而不写单位，不开通知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"addressee": ""})
		}},
		{Rule: "14b", Name: "事项的日期晚于今天，不开通知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"event": "review", "formedOn": "2027-01-01"})
		}},
		{Rule: "14a", Name: "审核人员不开通知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return ask(p, "reviewer-500108", d.ID, nil) }},
		{Rule: "14b", Name: "向形成单位开具通知，期限为形成之日起一个月", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := ask(p, "clerk-500108", d.ID, j{"event": "review", "formedOn": "2026-11-10", "titles": []string{"年度考核登记表", "奖励审批（登记）表"}})
			id = a.String("id")
			if other := p.Client("clerk-500103").Get("/api/v1/collections/" + id); other.Status != 404 {
				t.Errorf("another agency reads it: %d", other.Status)
			}
			if other := ask(p, "clerk-500103", d.ID, nil); other.Status != 404 {
				t.Errorf("another agency asks: %d", other.Status)
			}
			if due := a.String("dueOn"); due != "2026-12-10" {
				t.Errorf("due %s", due)
			}
			if !strings.HasPrefix(a.String("no"), "SJTZ-50010801-2026-") {
				t.Errorf("%s", a.Body)
			}
			if pdf := p.Client("clerk-500108").Get("/api/v1/documents/" + a.String("documentId") + "/pdf"); pdf.Status != 200 || !strings.HasPrefix(string(pdf.Body), "%PDF") {
				t.Errorf("the notice: %d", pdf.Status)
			}
			return a
		}},
		{Rule: "14a", Name: "同一材料不通知两次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return ask(p, "clerk-500108", d.ID, nil) }},
		{Rule: "14a", Name: "两个单位形成的同名材料，分别通知", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			contract = ask(p, "clerk-500108", d.ID, j{"titles": []string{"劳动合同书"}}).String("id")
			a := ask(p, "clerk-500108", d.ID, j{"titles": []string{"劳动合同书"}, "addressee": "长江物流（演示）有限公司"})
			// the other's contract, by another name and with half-width brackets
			p.Client("clerk-500108").Post("/api/v1/dossiers/"+d.ID+"/materials", piece("全日制劳动合同书", j{"giver": "长江物流（演示）有限公司", "maker": "长江物流(演示)有限公司"})).OK()
			for one, want := range map[string]string{contract: "waiting", a.String("id"): "handed"} {
				if s := p.Client("clerk-500108").Get("/api/v1/collections/" + one).String("state"); s != want {
					t.Errorf("state %s, want %s", s, want)
				}
			}
			return a
		}},
		{Rule: "14a", Name: "没有写明由谁形成的，不再收集同名材料", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return ask(p, "clerk-500108", d.ID, j{"titles": []string{"劳动合同"}, "target": "person", "addressee": ""})
		}},
		{Rule: "14b", Name: "交来的材料退回形成单位后，又列为待交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			came := clerk.Post("/api/v1/dossiers/"+d.ID+"/materials", piece("劳动合同书", nil)).String("id")
			if s := clerk.Get("/api/v1/collections/" + contract).String("state"); s != "handed" {
				t.Errorf("state %s", s)
			}
			clerk.Post("/api/v1/materials/"+came+"/appraise", j{"decision": "return", "defects": []string{"wrong-seal"}}).OK()
			p.Client("reviewer-500108").Post("/api/v1/materials/"+came+"/send-back", j{"way": "给据邮件", "tracking": "XA12345678950"}).OK()
			a := clerk.Get("/api/v1/collections/" + contract)
			if s := a.String("state"); s != "waiting" {
				t.Errorf("state %s", s)
			}
			return a
		}},
		{Rule: "14b", Name: "逾期可以催收", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/urge", j{})
			if !strings.Contains(string(a.Body), `"urged":1`) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "一天只催一次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/urge", j{})
		}},
		{Rule: "14b", Name: "材料收到即算交来，归档后自动办结", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			clerk.Post("/api/v1/dossiers/"+d.ID+"/materials", piece("奖励审批（登记）表", nil)).OK()
			stands(t, p, "waiting")
			filed(t, p, d.ID, "年度考核登记表", "3")
			return stands(t, p, "handed")
		}},
		{Rule: "14a", Name: "撤回须写明理由", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/withdraw", j{})
		}},
		{Rule: "14a", Name: "单位书面说明没有形成的，写明理由撤回；已归档的不受影响", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/withdraw", j{"why": "单位函告未形成奖励材料"})
			if !strings.Contains(string(a.Body), "已归档") || !strings.Contains(string(a.Body), "已撤回") {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "已撤回的不再催收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/urge", j{})
		}},
		{Rule: "14b", Name: "迟交清单按单位、按人列出超过一个月的天数；涉密件不列", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			late := stock(p, nil)
			clerk.Post("/api/v1/dossiers/"+late.ID+"/materials", piece("劳动合同书", j{"maker": "迟交（演示）有限公司", "giver": "送件人", "month": 3, "day": 2})).OK()
			clerk.Post("/api/v1/dossiers/"+late.ID+"/materials", piece("年度考核登记表", j{"origin": "person", "giver": "本人", "month": 9, "day": 1})).OK()
			units := clerk.Get("/api/v1/collections/tardy?by=unit&from=2026-01-01&until=2026-12-31").OK()
			if !strings.Contains(string(units.Body), `"name":"迟交（演示）有限公司","materials":1,"days":235,"longest":235`) {
				t.Errorf("%s", units.Body)
			}
			if other := p.Client("clerk-500103").Get("/api/v1/collections/tardy?by=unit&from=2026-01-01&until=2026-12-31").OK(); strings.Contains(string(other.Body), "迟交（演示）") {
				t.Errorf("another agency sees it: %s", other.Body)
			}
			a := clerk.Get("/api/v1/collections/tardy?by=person&from=2026-01-01&until=2026-12-31").OK()
			if !strings.Contains(string(a.Body), late.ID) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "起止颠倒的迟交清单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Get("/api/v1/collections/tardy?by=unit&from=2026-12-31&until=2026-01-01")
		}},
		{Rule: "14a", Name: "向本人收集的，通知开给本人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			closed = stock(p, func(d *dossier.Dossier) { d.Category, d.Subtype = "4.2", "former_soe_professional" })
			a := ask(p, "clerk-500108", closed.ID, j{"target": "person", "addressee": ""})
			id = a.String("id")
			if a.String("addressee") == "" || a.String("dueOn") != "2026-12-23" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "全部归档的，由系统记为收齐，不再列为待交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			filed(t, p, closed.ID, "年度考核登记表", "3")
			if err := p.Collections.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM collection WHERE id=? AND ended_on IS NOT NULL", id); err != nil || n != 1 {
				t.Errorf("%d ended, %v", n, err)
			}
			if list := p.Client("clerk-500108").Get("/api/v1/collections?view=ended").OK(); !strings.Contains(string(list.Body), id) {
				t.Errorf("not among the ended: %s", list.Body)
			}
			return stands(t, p, "done")
		}},
		{Rule: "14b", Name: "没有登记本人联系方式的，不发链接", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			mine = stock(p, func(d *dossier.Dossier) { d.Category, d.Subtype = "4.2", "former_soe_professional" })
			p.Client("clerk-500108").Put("/api/v1/dossiers/"+mine.ID+"/contact", j{"way": "none"}).OK()
			id = ask(p, "clerk-500108", mine.ID, j{"target": "person", "addressee": "", "titles": []string{"奖励审批（登记）表", "毕业证书复印件（审核盖章）"}}).OK().String("id")
			return p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/link", nil)
		}},
		{Rule: "14a", Name: "审核人员不发链接", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("clerk-500108").Put("/api/v1/dossiers/"+mine.ID+"/contact", j{"way": "sms", "address": "13800000002"}).OK()
			return p.Client("reviewer-500108").Post("/api/v1/collections/"+id+"/link", nil)
		}},
		{Rule: "14b", Name: "向本人收集的发一次性链接；链接不见于消息、列表和数据库", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/link", nil).OK()
			token = linked(t, p, "Collection:"+id)
			told := p.Client("clerk-500108").Get("/api/v1/messages?view=all&dossier=" + mine.ID).OK()
			for _, x := range []*testkit.Answer{a, told, p.Client("clerk-500108").Get("/api/v1/collections/" + id + "/hand-ins").OK()} {
				if strings.Contains(string(x.Body), token) {
					t.Errorf("the link is told: %s", x.Body)
				}
			}
			if !strings.Contains(string(told.Body), "〔一次性链接〕") {
				t.Errorf("%s", told.Body)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM hand_in_link WHERE digest=? OR salt=?", token, token); err != nil || n != 0 {
				t.Errorf("the token is kept: %d, %v", n, err)
			}
			return a
		}},
		{Rule: "14b", Name: "链接的页面只说哪个机构要哪类材料，不说人、不说材料名称", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("").Do("GET", "/api/v1/hand-in", nil, "Link-Token", token).OK()
			for _, secret := range []string{"奖励", "毕业证书", "SJTZ", mine.No, mine.ID, id, testkit.Name(1)} {
				if secret != "" && strings.Contains(string(a.Body), secret) {
					t.Errorf("%q is told: %s", secret, a.Body)
				}
			}
			if !strings.Contains(string(a.Body), `"kinds":["其他材料","学历、职称类材料"]`) && !strings.Contains(string(a.Body), `"kinds":["学历、职称类材料","其他材料"]`) {
				t.Errorf("%s", a.Body)
			}
			unknown := p.Client("").Do("GET", "/api/v1/hand-in", nil, "Link-Token", "aaaabbbbccccddddeeeeffffgggghhhh")
			if unknown.Status != 404 {
				t.Errorf("an unknown link: %d", unknown.Status)
			}
			dead = string(unknown.Body)
			return a
		}},
		{Rule: "14b", Name: "以次充好的文件一个也不收：网页、截断的照片、带尾巴的照片、畸形尺寸、会动的 PDF、加密的 PDF", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			photo := snap(1500, 2000)
			huge := bytes.Clone(photo)
			at := bytes.Index(huge, []byte{0xFF, 0xC0})
			copy(huge[at+5:], []byte{0xFF, 0xF0, 0xFF, 0xF0})
			var a *testkit.Answer
			for slug, raw := range map[string][]byte{
				"hand_in_format_mismatch": []byte("<html><script>alert(1)</script></html>"), "hand_in_image_empty": {}, "hand_in_image_corrupt": photo[:len(photo)/2],
				"hand_in_trailing_data": append(bytes.Clone(photo), "PK\x03\x04 an archive"...), "hand_in_image_bomb": huge, "hand_in_small": snap(300, 400),
				"hand_in_pdf_active": portable("/OpenAction << /S /J#61vaScript >>", 1), "hand_in_pdf_encrypted": portable("/Encrypt 9 0 R", 1), "hand_in_pages": portable("", 70),
			} {
				a = photographed(p, token, "0", raw)
				if !strings.Contains(string(a.Body), slug) {
					t.Errorf("%s: %d %s", slug, a.Status, a.Body)
				}
			}
			png := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff"), make([]byte, 64)...)
			for name, raw := range map[string][]byte{"a PNG of 4 billion by 4 billion": png, "a PDF that was cut": portable("", 1)[:200], "a PDF with an archive behind": append(portable("", 1), "PK\x03\x04"...)} {
				if a := photographed(p, token, "0", raw); a.Status != 422 {
					t.Errorf("%s: %d %s", name, a.Status, a.Body)
				}
			}
			many := make([]any, 0, 64)
			for range 31 {
				many = append(many, "0", snap(800, 900))
			}
			if a := photographed(p, token, many...); !strings.Contains(string(a.Body), "hand_in_many") {
				t.Errorf("31 files: %d %s", a.Status, a.Body)
			}
			if a := photographed(p, token, "7", photo); !strings.Contains(string(a.Body), "hand_in_slot") {
				t.Errorf("for nothing asked: %s", a.Body)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM hand_in"); err != nil || n != 0 {
				t.Errorf("%d submissions, %v", n, err)
			}
			return a
		}},
		{Rule: "14b", Name: "提交一次后链接失效；同一页面重发只算一次；档案没有变化", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			before := p.Client("clerk-500108").Get("/api/v1/dossiers/" + mine.ID).ETag()
			a := photographed(p, token, "0", snap(1500, 2000), "1", portable("", 2)).OK()
			if again := photographed(p, token, "0", snap(1500, 2000)).OK(); again.String("no") != a.String("no") {
				t.Errorf("sent twice: %s, %s", a.Body, again.Body)
			}
			if now := p.Client("clerk-500108").Get("/api/v1/dossiers/" + mine.ID).ETag(); now != before {
				t.Errorf("the dossier changed: %s, %s", before, now)
			}
			for _, x := range []*testkit.Answer{p.Client("").Do("GET", "/api/v1/hand-in", nil, "Link-Token", token), p.Client("").Do("GET", "/api/v1/hand-in", nil, "Link-Token", token, "Link-Session", "another page, another day")} {
				if x.Status != 404 || string(x.Body) != dead {
					t.Errorf("a used link: %d %s", x.Status, x.Body)
				}
			}
			return a
		}},
		{Rule: "14b", Name: "经办查看留痕；外机构看不到；照片重新绘制", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var list struct{ Items []struct{ ID string } }
			p.Client("clerk-500108").Get("/api/v1/collections/" + id + "/hand-ins").JSON(&list)
			hand = list.Items[0].ID
			for _, path := range []string{"", "/files/1"} {
				if other := p.Client("clerk-500103").Get("/api/v1/hand-ins/" + hand + path); other.Status != 404 {
					t.Errorf("another agency reads %q: %d", path, other.Status)
				}
			}
			a := p.Client("clerk-500108").Get("/api/v1/hand-ins/" + hand + "/files/1").OK()
			if a.Header.Get("Content-Type") != "image/jpeg" || bytes.Equal(a.Body, snap(1500, 2000)) {
				t.Errorf("%s, the very bytes that came: %t", a.Header.Get("Content-Type"), bytes.Equal(a.Body, snap(1500, 2000)))
			}
			if pdf := p.Client("clerk-500108").Get("/api/v1/hand-ins/" + hand + "/files/2").OK(); pdf.Header.Get("Content-Type") != "application/pdf" {
				t.Errorf("%v", pdf.Header)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM ledger_entry WHERE body LIKE '%hand_in.look%'"); err != nil || n < 2 {
				t.Errorf("%d looks on record, %v", n, err)
			}
			return a
		}},
		{Rule: "29.3", Name: "库管不看网上交件", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Get("/api/v1/hand-ins/" + hand)
		}},
		{Rule: "14b", Name: "不写形成单位的不能接收：归档前要向它核实", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return take(p, hand, 0, "") }},
		{Rule: "14b", Name: "接收即收材料：记为本人交来的复制件，原件待核对、形成单位待核实", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := take(p, hand, 0, "演示大学").OK()
			m, err := store.Get[dossier.Material](t.Context(), p.DB, "WHERE dossier_id=? ORDER BY id DESC LIMIT 1", mine.ID)
			if err != nil || m.Origin != dossier.FromPerson || !m.IsCopy || len(dossier.Needed(m)) != 2 || m.State != dossier.Received {
				t.Errorf("%+v %v", m, err)
			}
			if a.String("state") != "waiting" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "同一份不接收两次", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return take(p, hand, 0, "演示大学") }},
		{Rule: "13b", Name: "退回须选原因", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/hand-ins/"+hand+"/return", j{"why": "自己写的"})
		}},
		{Rule: "14a", Name: "审核人员不退回", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("reviewer-500108").Post("/api/v1/hand-ins/"+hand+"/return", j{"why": "blurred"})
		}},
		{Rule: "13b", Name: "退回的同时发出新的链接，页面写明原因，只要还没有接收的材料", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/hand-ins/"+hand+"/return", j{"why": "blurred"}).OK()
			token = linked(t, p, "HandIn:"+hand)
			page := p.Client("").Do("GET", "/api/v1/hand-in", nil, "Link-Token", token).OK()
			if !strings.Contains(string(page.Body), "看不清") || strings.Count(string(page.Body), "类材料")+strings.Count(string(page.Body), "其他材料") != 1 {
				t.Errorf("%s", page.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "已退回的不再接收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return take(p, hand, 1, "演示大学") }},
		{Rule: "14a", Name: "通知单撤回，链接随之失效", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/withdraw", j{"why": "本人书面说明没有这一材料"}).OK()
			if x := p.Client("").Do("GET", "/api/v1/hand-in", nil, "Link-Token", token); x.Status != 404 || string(x.Body) != dead {
				t.Errorf("%d %s", x.Status, x.Body)
			}
			if x := photographed(p, token, "0", snap(1500, 2000)); x.Status != 404 || string(x.Body) != dead {
				t.Errorf("%d %s", x.Status, x.Body)
			}
			return a
		}},
		{Rule: "14b", Name: "没有待交材料的不发链接", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/collections/"+id+"/link", nil)
		}},
		{Rule: "18c", Name: "监督岗位看得到交件的办理，看不到图像：影像与卷内页面同一规则", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("supervisor-500108").Get("/api/v1/hand-ins/" + hand).OK()
			return p.Client("supervisor-500108").Get("/api/v1/hand-ins/" + hand + "/files/1")
		}},
		{Rule: "15", Name: "接收后定为商业秘密的，经手人以外的经办不再看到图像", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m, err := store.Get[dossier.Material](t.Context(), p.DB, "WHERE dossier_id=? AND origin='person' ORDER BY id DESC LIMIT 1", mine.ID)
			if err != nil {
				t.Fatal(err)
			}
			other := cleared(t, p, "clerk")
			p.Client(other).Get("/api/v1/hand-ins/" + hand + "/files/1").OK()
			p.Client("reviewer-500108").Post("/api/v1/dossiers/"+mine.ID+"/secrecy/raise", j{"materialId": m.ID, "to": "trade", "reason": "形成单位要求"}).OK()
			p.Client("reviewer-500108").Get("/api/v1/hand-ins/" + hand + "/files/1").OK()
			return p.Client(other).Get("/api/v1/hand-ins/" + hand + "/files/1")
		}},
		{Rule: "15", Name: "接收后定为国家秘密的，谁也不再看到图像，核实函和收集通知里的题名一并隐去，已出文书列明收回", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m, err := store.Get[dossier.Material](t.Context(), p.DB, "WHERE dossier_id=? AND origin='person' ORDER BY id DESC LIMIT 1", mine.ID)
			if err != nil {
				t.Fatal(err)
			}
			a := p.Client("reviewer-500108").Post("/api/v1/dossiers/"+mine.ID+"/secrecy/raise", j{"materialId": m.ID, "to": "secret", "class": "10", "reason": "封面标有秘密"}).OK()
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM secrecy_change WHERE material_id=? AND note LIKE '%请收回：%'", m.ID); n != 1 || err != nil {
				t.Errorf("no papers are called back: %s", a.Body)
			}
			for _, q := range []string{"SELECT count(*) FROM maker_task WHERE material_id=? AND (party<>'' OR question LIKE '%提交%')", "SELECT count(*) FROM supplement WHERE (handed_id=? OR material_id=?) AND title<>'涉密件（纸质）'"} {
				if n, err := store.Count(t.Context(), p.DB, q, slices.Repeat([]any{m.ID}, strings.Count(q, "?"))...); n != 0 || err != nil {
					t.Errorf("%d rows tell of it: %s %v", n, q, err)
				}
			}
			return p.Client("cleared-clerk").Get("/api/v1/hand-ins/" + hand + "/files/1")
		}},
	}, append(onlineCases(), portalCases()...)...))
}

// linked is the secret of the link that a message of a case carries, as the message has it.
func linked(t *testing.T, p *testkit.Province, caseRef string) string {
	t.Helper()
	at, err := p.HandIns.Address(t.Context(), caseRef)
	_, token, _ := strings.Cut(at, "#")
	if err != nil || len(token) != 32 {
		t.Fatalf("%s: %q %v", caseRef, at, err)
	}
	return token
}

// photographed hands files in: pairs of the place of a material and the file.
func photographed(p *testkit.Province, token string, parts ...any) *testkit.Answer {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(parts); i += 2 {
		part, err := w.CreateFormFile(parts[i].(string), "一张照片.jpg")
		if err == nil {
			_, err = part.Write(parts[i+1].([]byte))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return p.Client("").Do("POST", "/api/v1/hand-in", body.Bytes(), "Content-Type", w.FormDataContentType(), "Link-Token", token, "Link-Session", "the page of this test, random enough")
}

// take receives the n-th material of a submission.
func take(p *testkit.Province, id string, n int, maker string) *testkit.Answer {
	var v struct{ Slots []struct{ Item string } }
	p.Client("clerk-500108").Get("/api/v1/hand-ins/" + id).JSON(&v)
	return p.Client("clerk-500108").Post("/api/v1/hand-ins/"+id+"/take", j{"item": v.Slots[n].Item, "maker": maker, "year": 2020, "month": 6, "pages": 1})
}

// snap is a photo.
func snap(w, h int) []byte {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(200 + i%50)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// portable is a PDF with something in its catalog.
func portable(more string, pages int) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R " + more + " >> endobj\n2 0 obj << /Type /Pages /Count 1 >> endobj\n")
	for i := range pages {
		fmt.Fprintf(&b, "%d 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >> endobj\n", i+3)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n", pages+3, at)
	return b.Bytes()
}
