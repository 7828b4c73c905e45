package conformance

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"maps"
	"net/url"
	"strings"
	"testing"

	"dangan/internal/dossier"
	persons "dangan/internal/person"
	"dangan/internal/store"
	"dangan/internal/testkit"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

func TestDataOfOtherDepartments(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	public := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	draft := j{"kind": "insurance", "name": "社会保险局（演示）", "basis": "数据共享协议〔2026〕1号（演示）", "publicKey": public, "from": "2026-01-01", "until": "2026-12-31"}
	sign := func(content string) string {
		sum := sha256.Sum256([]byte(content))
		sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(sig)
	}
	smKey, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if der, err = smx509.MarshalPKIXPublicKey(&smKey.PublicKey); err != nil {
		t.Fatal(err)
	}
	national := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	signSM2 := func(content string) string {
		sig, err := smKey.Sign(rand.Reader, []byte(content), sm2.NewSM2SignerOption(true, nil))
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(sig)
	}
	var source, file, content string
	var d, other dossier.Dossier
	send := func(p *testkit.Province, user, content, signature string) *testkit.Answer {
		return p.Client(user).Do("POST", "/api/v1/feeds?name=cb.csv&source="+source+"&signature="+url.QueryEscape(signature), []byte(content), "Content-Type", "application/octet-stream")
	}
	preview := func(p *testkit.Province, content, signature string) *testkit.Answer {
		return p.Client("clerk-500108").Do("POST", "/api/v1/feed-previews?name=cb.csv&source="+source+"&signature="+url.QueryEscape(signature), []byte(content), "Content-Type", "application/octet-stream")
	}
	who := func(t *testing.T, p *testkit.Province, d dossier.Dossier) persons.Person {
		t.Helper()
		x, err := persons.Get(t.Context(), p.DB, d.PersonID)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	const head = "姓名,公民身份号码,参保单位,参保日期,停保日期\n"
	check(t, []Case{
		{Rule: "18b", Name: "没有依据和有效期的数据来源不登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/feed-sources", j{"kind": "insurance", "name": "社会保险局（演示）", "publicKey": public})
		}},
		{Rule: "18b", Name: "登记数据来源及其公钥", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/feed-sources", draft)
			source = a.String("id")
			return a
		}},
		{Rule: "18b", Name: "公钥未经第二人确认，不采用其数据", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return send(p, "clerk-500108", head, sign(head))
		}},
		{Rule: "18b", Name: "经办人员不能确认数据来源", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/feed-sources/"+source+"/confirm", nil)
		}},
		{Rule: "18b", Name: "负责人核对指纹后确认", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500108").Post("/api/v1/feed-sources/"+source+"/confirm", nil)
		}},
		{Rule: "18b", Name: "负责人自己登记的来源，不能自己确认", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			own := j{"kind": "employment"}
			for k, v := range draft {
				if k != "kind" {
					own[k] = v
				}
			}
			a := p.Client("head-500108").Post("/api/v1/feed-sources", own).OK()
			return p.Client("head-500108").Post("/api/v1/feed-sources/"+a.String("id")+"/confirm", nil)
		}},
		{Rule: "18b", Name: "没有签名的文件不导入", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return send(p, "clerk-500108", head, "")
		}},
		{Rule: "18b", Name: "改动过的文件也不预检", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return preview(p, head+"甲,1,乙,2026-01,\n", sign(head))
		}},
		{Rule: "14a", Name: "预检读出各行与问题，不留存文件", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			looked := head + "甲,500108198001015008,乙,2026-01,\n丙,1,丁,2026-13,\n"
			a := preview(p, looked, sign(looked)).OK()
			var v struct {
				Lines, Wrong, Events int
				Rows                 []struct{ IDNo string }
				Findings             []struct{ Row int }
			}
			a.JSON(&v)
			if v.Lines != 2 || v.Wrong != 1 && v.Wrong != 2 || len(v.Findings) != v.Wrong || strings.Contains(string(a.Body), "500108198001015008") {
				t.Errorf("%s", a.Body)
			}
			if n, err := store.Count(t.Context(), p.DB, "SELECT count(*) FROM feed_file"); err != nil || n != 0 {
				t.Errorf("%d files kept by a preview, %v", n, err)
			}
			return a
		}},
		{Rule: "18b", Name: "签名与文件不符，不导入", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return send(p, "clerk-500108", head+"甲,1,乙,2026-01,\n", sign(head))
		}},
		{Rule: "14a", Name: "没有数据行的文件不导入", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return send(p, "clerk-500108", head, sign(head))
		}},
		{Rule: "14a", Name: "审核人员不导入", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return send(p, "reviewer-500108", head, sign(head))
		}},
		{Rule: "14b", Name: "新情况开出收集通知，档案不因此改变；不在本机构的只计数，有误的行不采用", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d = stock(p, nil)
			other = stock(p, nil)
			a, b := who(t, p, d), who(t, p, other)
			content = head + a.Name + "," + a.IDNo + ",云岫智能（演示）有限公司,2026-10,\n" +
				a.Name + "," + a.IDNo + ",云岫智能（演示）有限公司,2026-10,\n" +
				"另名," + b.IDNo + ",云岫智能（演示）有限公司,2026-10,\n" +
				"甲,500108198001015008,云岫智能（演示）有限公司,2026-10,\n" +
				a.Name + "," + a.IDNo + ",,2026-13,\n" +
				"丙,11010519491231002X,云岫智能（演示）有限公司,2026-10,\n"
			got := send(p, "clerk-500108", content, sign(content)).OK()
			file = got.String("id")
			p.RunJobs()
			var v struct {
				State                                                   string
				Lines, Done, Opened, Known, Differs, Elsewhere, Refused int
			}
			p.Client("clerk-500108").Get("/api/v1/feeds/" + file).OK().JSON(&v)
			if v.State != "finished" || v.Lines != 6 || v.Done != 6 || v.Opened != 1 || v.Known != 1 || v.Differs != 1 || v.Elsewhere+v.Refused != 3 || v.Elsewhere < 1 || v.Refused < 1 {
				t.Errorf("%+v", v)
			}
			after, err := dossier.Get(t.Context(), p.DB, d.ID)
			if err != nil || after.State != d.State || after.Category != d.Category || after.AccountKind != d.AccountKind {
				t.Errorf("the dossier was changed: %+v, %v", after, err)
			}
			facts := p.Client("clerk-500108").Get("/api/v1/feeds/" + file + "/facts?outcome=opened").OK()
			var page struct {
				Items []struct{ CollectionID, CollectionNo, PersonName string }
			}
			facts.JSON(&page)
			if len(page.Items) != 1 || page.Items[0].PersonName != a.Name || !strings.HasPrefix(page.Items[0].CollectionNo, "SJTZ-") {
				t.Errorf("%s", facts.Body)
				return facts
			}
			refused := p.Client("clerk-500108").Get("/api/v1/feeds/" + file + "/refused").OK()
			if !strings.Contains(string(refused.Body), "参保日期") || strings.Contains(string(refused.Body), a.IDNo) {
				t.Errorf("%s", refused.Body)
			}
			if book := p.Client("clerk-500108").Get("/api/v1/feeds/" + file + "/refused.xlsx").OK(); !strings.HasPrefix(string(book.Body), "PK") {
				t.Error("no workbook of refused rows")
			}
			return p.Client("clerk-500108").Get("/api/v1/collections/" + page.Items[0].CollectionID)
		}},
		{Rule: "14a", Name: "同一份文件再导入，不再做一遍", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := send(p, "clerk-500108", content, sign(content))
			if a.String("id") != file || !strings.Contains(string(a.Body), `"again":true`) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14a", Name: "导入过的文件，预检写明哪一天导入、编号多少", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := preview(p, content, sign(content)).OK()
			if a.String("beforeId") != file || a.String("beforeNo") == "" || a.String("beforeAt") == "" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "18b", Name: "国密 SM2 公钥一样由两人登记、确认，按 SM3 核对签名", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			sm := merge(maps.Clone(draft), "name", "国密社会保险局（演示）", "publicKey", national)
			id := p.Client("clerk-500108").Post("/api/v1/feed-sources", sm).OK().String("id")
			p.Client("head-500108").Post("/api/v1/feed-sources/"+id+"/confirm", nil).OK()
			was := source
			defer func() { source = was }()
			source = id
			text := head + "甲,500108198001015008,丁,2026-10,\n"
			if a := preview(p, text+"乙,500108198001015008,丁,2026-10,\n", signSM2(text)); a.Status != 403 {
				t.Errorf("a changed file is taken: %s", a.Body)
			}
			return preview(p, text, signSM2(text))
		}},
		{Rule: "18b", Name: "国密来源的文件用别的密钥签名，不采用", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return preview(p, head+"甲,500108198001015008,丁,2026-10,\n", signSM2(head+"甲,500108198001015008,丁,2026-10,\n"))
		}},
		{Rule: "14a", Name: "另一份文件里的同一情况不重复通知；中途停止的可以接着核对", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			x := who(t, p, d)
			more := head + x.Name + "," + x.IDNo + ",云岫智能（演示）有限公司,2026-10-08,\n"
			id := send(p, "clerk-500108", more, sign(more)).OK().String("id")
			p.Client("clerk-500108").Post("/api/v1/feeds/"+id+"/stop", nil).OK()
			p.RunJobs()
			if a := p.Client("clerk-500108").Get("/api/v1/feeds/" + id).OK(); a.String("state") != "stopped" {
				t.Errorf("%s", a.Body)
			}
			p.Client("clerk-500108").Post("/api/v1/feeds/"+id+"/resume", nil).OK()
			p.RunJobs()
			a := p.Client("clerk-500108").Get("/api/v1/feeds/" + id)
			if a.String("state") != "finished" || !strings.Contains(string(a.Body), `"opened":0`) || !strings.Contains(string(a.Body), `"known":1`) {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "14a", Name: "已核对的文件无可停止", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/feeds/"+file+"/stop", nil)
		}},
		{Rule: "18b", Name: "停用须写明原因", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500108").Post("/api/v1/feed-sources/"+source+"/revoke", j{})
		}},
		{Rule: "18b", Name: "停用数据来源", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500108").Post("/api/v1/feed-sources/"+source+"/revoke", j{"why": "更换密钥"})
		}},
		{Rule: "18b", Name: "停用以后签名的文件不再采用", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			late := head + "甲,500108198001015008,丁,2026-10,\n"
			return send(p, "clerk-500108", late, sign(late))
		}},
	})
}
