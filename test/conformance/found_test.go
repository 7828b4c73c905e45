package conformance

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"testing"

	"dangan/internal/testkit"
)

// brought is a packet somebody brings along.
type brought struct {
	p  *testkit.Province
	n  int
	id string
}

func bring(p *testkit.Province, user string, pairs ...any) (*brought, *testkit.Answer) {
	n := int(buried.Add(1))
	b := &brought{p: p, n: n}
	a := p.Client(user).Post("/api/v1/found-packets", merge(map[string]any{"personName": testkit.Name(n), "idNo": testkit.IDNo(n), "bringer": testkit.Name(n), "relation": "本人", "came": "本人携带", "seal": "包封完好", "volumes": 1, "keeper": "机械厂"}, pairs...))
	if a.Status == 200 {
		b.id = a.String("id")
	}
	return b, a
}

func (b *brought) post(user, act string, pairs ...any) *testkit.Answer {
	return b.p.Client(user).Post("/api/v1/found-packets/"+b.id+"/"+act, merge(map[string]any{}, pairs...))
}

// sealed is one that two staff sealed.
func sealed(p *testkit.Province) *brought {
	b, a := bring(p, "clerk-500108")
	a.OK()
	b.post("keeper-500108", "seal", "sealNo", "封1", "shelf", "待核实柜-01").OK()
	return b
}

// proved is one whose last keeper answered that it is genuine.
func proved(p *testkit.Province) *brought {
	b := sealed(p)
	b.post("clerk-500108", "ask", "kind", "keeper", "addressee", "机械厂").OK()
	b.post("clerk-500108", "answer", "result", "genuine", "no", "机劳〔2026〕1号", "on", p.Gate.Today().String(), "note", "属实").OK()
	return b
}

func (b *brought) receive(pairs ...any) *testkit.Answer {
	return b.post("clerk-500108", "receive", append([]any{"document", "居民身份证", "regionBasis", "户籍地", "tiePlace", "500108", "category", "4.6", "subtype", "flexible", "evidence", "灵活就业登记"}, pairs...)...)
}

func TestPrivateHandsByRule(t *testing.T) {
	check(t, []Case{
		{Rule: "6b", Name: "个人带来的档案当面登记，封面没有号码、包封破损的也不推回", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			_, a := bring(p, "clerk-500108", "idNo", "", "seal", "已经拆封", "seen", "封口撕开")
			return a
		}},
		{Rule: "6b", Name: "登记后由第二名工作人员封存，转为机构保管、待核实", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			b := sealed(p)
			a := p.Client("clerk-500108").Get("/api/v1/found-packets/" + b.id).OK()
			if a.String("state") != "sealed" || a.String("shelf") == "" || a.String("slipId") == "" {
				t.Errorf("%s", a.Body)
			}
			return a
		}},
		{Rule: "6b", Name: "一个人不能又登记又封存", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			b, a := bring(p, "clerk-500108")
			a.OK()
			return b.post("clerk-500108", "seal", "sealNo", "封1", "shelf", "柜1")
		}},
		{Rule: "6b", Name: "没有封存的不能发函核实", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			b, a := bring(p, "clerk-500108")
			a.OK()
			return b.post("clerk-500108", "ask", "kind", "keeper", "addressee", "机械厂")
		}},
		{Rule: "6b", Name: "没有核实的不能接收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return sealed(p).receive() }},
		{Rule: "6b", Name: "属实须凭书面答复", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			b := sealed(p)
			b.post("clerk-500108", "ask", "kind", "keeper", "addressee", "机械厂").OK()
			return b.post("clerk-500108", "answer", "result", "genuine", "on", p.Gate.Today().String(), "note", "电话里说属实")
		}},
		{Rule: "6b", Name: "查无记载的仍由机构保管，再向主管部门核实", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			b := sealed(p)
			b.post("clerk-500108", "ask", "kind", "keeper", "addressee", "机械厂").OK()
			if a := b.post("clerk-500108", "answer", "result", "unknown", "on", p.Gate.Today().String(), "note", "厂已注销，查无记载").OK(); a.String("state") != "sealed" {
				t.Errorf("state %s", a.String("state"))
			}
			return b.post("clerk-500108", "ask", "kind", "bureau", "addressee", "机械工业局")
		}},
		{Rule: "6b", Name: "答复期限内不催复", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			b := sealed(p)
			b.post("clerk-500108", "ask", "kind", "school", "addressee", "技工学校").OK()
			return b.post("clerk-500108", "remind")
		}},
		{Rule: "6b", Name: "核实属实的转接收，逐份核对后由第二人签收，归入台账", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			b := proved(p)
			id := b.receive().OK().String("transferId")
			one := p.Client("clerk-500108").Get("/api/v1/transfers/" + id).OK()
			if one.String("state") != "checking" {
				t.Errorf("transfer %s", one.String("state"))
			}
			line := map[string]any{"class": "1", "title": "干部履历表", "copies": 1, "pages": 4}
			p.Client("clerk-500108").Put("/api/v1/transfers/"+id+"/list", map[string]any{"lines": []any{line}}).OK()
			p.Client("clerk-500108").Post("/api/v1/transfers/"+id+"/check", map[string]any{"results": []any{map[string]any{"lineNo": 1, "check": "ok"}}}).OK()
			inboxTells(t, p, "keeper-500108", "封存的档案移出待核实柜-01")
			a := p.Client("reviewer-500108").Post("/api/v1/transfers/"+id+"/receive", nil).OK()
			if reg := p.Client("supervisor-500108").Get("/api/v1/registers/found?from=2026-01-01&until=2026-12-31").OK(); !strings.Contains(string(reg.Body), "机劳〔2026〕1号") {
				t.Errorf("register: %s", reg.Body)
			}
			return a
		}},
		{Rule: "29.5", Name: "转接收须有人员类别的证明", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer { return proved(p).receive("evidence", "") }},
		{Rule: "20.1", Name: "本机构已有其档案的不重复接收", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			b := proved(p)
			testkit.Stock(p, "50010801", b.n, nil)
			return b.receive()
		}},
		{Rule: "2", Name: "本机构已有其档案的并入，一人一档", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			n := int(buried.Add(1))
			d := testkit.Stock(p, "50010801", n, nil)
			b, a := bring(p, "clerk-500108", "personName", testkit.Name(n), "idNo", testkit.IDNo(n))
			a.OK()
			b.post("keeper-500108", "seal", "sealNo", "封1", "shelf", "柜1").OK()
			b.post("clerk-500108", "ask", "kind", "keeper", "addressee", "机械厂").OK()
			b.post("clerk-500108", "answer", "result", "genuine", "no", "1号", "on", p.Gate.Today().String(), "note", "属实").OK()
			return b.post("clerk-500108", "join", "dossierId", d.ID)
		}},
		{Rule: "2", Name: "另一机构已保管其档案的，核实属实时告知该机构", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			n := int(buried.Add(1))
			testkit.Stock(p, "50010301", n, nil)
			b, a := bring(p, "clerk-500108", "personName", testkit.Name(n), "idNo", testkit.IDNo(n))
			a.OK()
			b.post("keeper-500108", "seal", "sealNo", "封1", "shelf", "柜1").OK()
			b.post("clerk-500108", "ask", "kind", "keeper", "addressee", "机械厂").OK()
			a = b.post("clerk-500108", "answer", "result", "genuine", "no", "1号", "on", p.Gate.Today().String(), "note", "属实").OK()
			inboxTells(t, p, "clerk-500103", "在档人员另有一份档案")
			return a
		}},
		{Rule: "2", Name: "不是同一人的不能并入", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return proved(p).post("clerk-500108", "join", "dossierId", testkit.Stock(p, "50010801", int(buried.Add(1)), nil).ID)
		}},
	})
}

// The state of a seal is photographed, and the two before whom it was sealed sign on the pad: files
// that are judged by their content and seen by who may see the packet.
func TestPicturesOfAFoundPacket(t *testing.T) {
	add := func(p *testkit.Province, b *brought, user, kind string, content []byte) *testkit.Answer {
		return p.Client(user).Do("POST", "/api/v1/found-packets/"+b.id+"/pictures?kind="+kind, string(content), "Content-Type", "application/octet-stream")
	}
	var b *brought
	with := func(user, kind string, content []byte) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer { return add(p, b, user, kind, content) }
	}
	check(t, []Case{
		{Rule: "6b", Name: "包封状态拍照留存", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			var a *testkit.Answer
			b, a = bring(p, "clerk-500108")
			a.OK()
			return add(p, b, "clerk-500108", "photo", snap(1600, 1200))
		}},
		{Rule: "6b", Name: "同一照片不重复上传", Refused: true, Run: with("clerk-500108", "photo", snap(1600, 1200))},
		{Rule: "6b", Name: "不是照片的不收，不论叫什么", Refused: true, Run: with("clerk-500108", "photo", []byte("MZ not a picture"))},
		{Rule: "6b", Name: "没有写明是照片还是签名的不收", Refused: true, Run: with("clerk-500108", "other", snap(1500, 1200))},
		{Rule: "6b", Name: "封存以前没有可签的", Refused: true, Run: with("clerk-500108", "signature", snap(900, 300))},
		{Rule: "6b", Name: "封存的二人在签名板签名", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			b.p = p
			b.post("keeper-500108", "seal", "sealNo", "封1", "shelf", "柜1").OK()
			add(p, b, "clerk-500108", "signature", snap(900, 300)).OK()
			a := add(p, b, "keeper-500108", "signature", snap(910, 300)).OK()
			var v struct {
				Pictures []struct{ KindName, By string }
			}
			if a.JSON(&v); len(v.Pictures) != 3 || v.Pictures[1].KindName != "封存签名" || v.Pictures[1].By == v.Pictures[2].By {
				t.Errorf("pictures: %s", a.Body)
			}
			return a
		}},
		{Rule: "6b", Name: "签名板存出的 PNG，检查到最后一行才收；PNG 不作包封照片", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			signed := drawn(600, 200)
			for name, content := range map[string][]byte{"空白": drawn(600, 0), "截断": signed[:len(signed)-20], "末尾": append(slices.Clone(signed), "PK\x03\x04"...)} {
				if a := add(p, b, "keeper-500108", "signature", content); a.Status != 422 || !strings.Contains(string(a.Body), "picture_unusable") {
					t.Errorf("%s: %d %s", name, a.Status, a.Body)
				}
			}
			if a := add(p, b, "keeper-500108", "photo", signed); a.Status != 422 || !strings.Contains(string(a.Body), "另存为") {
				t.Errorf("a PNG as photo: %d %s", a.Status, a.Body)
			}
			return add(p, b, "keeper-500108", "signature", signed)
		}},
		{Rule: "6b", Name: "空的文件不收，说明怎样办", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := add(p, b, "clerk-500108", "photo", nil)
			if !strings.Contains(string(a.Body), "是空的") {
				t.Errorf("an empty body: %d %s", a.Status, a.Body)
			}
			return a
		}},
		{Rule: "6b", Name: "不在场的人不能代签", Refused: true, Run: with("reviewer-500108", "signature", snap(920, 300))},
		{Rule: "6b", Name: "监督不上传", Refused: true, Run: with("supervisor-500108", "photo", snap(930, 300))},
		{Rule: "29.3", Name: "能看这一件的可以看照片，其他机构的如同没有", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			path := "/api/v1/found-packets/" + b.id + "/pictures/1"
			if a := p.Client("clerk-500101").Get(path); a.Status != 404 {
				t.Errorf("another agency: %d", a.Status)
			}
			if a := add(p, b, "clerk-500101", "photo", snap(940, 300)); a.Status != 404 {
				t.Errorf("another agency adds: %d", a.Status)
			}
			return p.Client("supervisor-500108").Get(path)
		}},
	})
}

// drawn is what a signing pad gives: a stroke of so many pixels on a transparent ground.
func drawn(w, stroke int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, w, w/3))
	for x := range stroke {
		img.Set(20+x, 30+x/3, color.NRGBA{B: 90, A: 255})
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err)
	}
	return out.Bytes()
}
