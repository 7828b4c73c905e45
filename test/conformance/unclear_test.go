package conformance

import (
	"bytes"
	"fmt"
	"testing"

	"dangan/internal/identity"
	"dangan/internal/sheet"
	"dangan/internal/testkit"
)

// unclearList is a roster of an office whose shelves hold what its list can't name:
// no number, a wrong check character, another name under a known number, a person whose
// dossier another office keeps, and one row without a shelf.
func unclearList(t *testing.T) []byte {
	t.Helper()
	w, err := sheet.NewWriter("花名册", nil)
	if err != nil {
		t.Fatal(err)
	}
	wrong := []byte("50010819800101123")
	wrong = append(wrong, "0123456789X"[(bytes.IndexByte([]byte("0123456789X"), identity.CheckCharacter(string(wrong)))+1)%11])
	for _, r := range [][]string{
		{"档案编号", "姓名", "身份证号", "人员类别", "户籍所在地", "出生日期", "库位"},
		{"NA-1", "石无号", "", "4.1", "南岸区", "1975-03-02", "02-B-001"},
		{"NA-2", "石有误", string(wrong), "4.1", "南岸区", "", "02-B-002"},
		{"NA-3", "石另名", testkit.IDNo(40), "4.1", "南岸区", "", "02-B-003"},
		{"NA-4", testkit.Name(41), testkit.IDNo(41), "4.1", "南岸区", "", "02-B-004"},
		{"NA-5", "石无架", "", "4.1", "南岸区", "", ""},
		{"NA-6", "石无类", "", "不知道", "南岸区", "1975-03-02", "02-B-006"},
		{"NA-7", "石可入", testkit.IDNo(42), "4.1", "南岸区", "", "02-B-007"},
	} {
		if err := w.Put(r, nil); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := w.Finish(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// packetAt is the packet with a number on its cover.
func packetAt(t *testing.T, p *testkit.Province, cover string) string {
	t.Helper()
	var id string
	if err := p.DB.QueryRow(t.Context(), "SELECT id FROM unclear_packet WHERE cover_no=?", cover).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// carry is the transfer that a packet goes on.
func carry(t *testing.T, p *testkit.Province, cover string) *moving {
	t.Helper()
	m := &moving{t: t, p: p}
	if err := p.DB.QueryRow(t.Context(), "SELECT transfer_id FROM unclear_packet WHERE cover_no=?", cover).Scan(&m.id); err != nil {
		t.Fatal(err)
	}
	return m
}

// unclearStock imports the list and registers what it can't name.
func unclearStock(t *testing.T, p *testkit.Province) (importID string) {
	t.Helper()
	testkit.Stock(p, "50010801", 40, nil)
	testkit.Stock(p, "50010301", 41, nil)
	clerk := p.Client("clerk-500108")
	importID = upload(p, "clerk-500108", unclearList(t)).String("id")
	p.RunJobs()
	clerk.Post("/api/v1/rosters/"+importID+"/start", map[string]any{"basis": "清册"}).OK()
	p.RunJobs()
	var taken struct {
		Taken, Here int
		Shelfless   []int
	}
	clerk.Post("/api/v1/rosters/"+importID+"/unclear", map[string]any{"seal": "intact"}).JSON(&taken)
	if taken.Taken != 5 || taken.Here != 0 || len(taken.Shelfless) != 1 {
		t.Fatalf("registered: %+v", taken)
	}
	var list struct {
		Items []struct{ ID, CoverNo, Kind, State, Receiver string }
	}
	clerk.Get("/api/v1/unclear?state=open").JSON(&list)
	for _, x := range list.Items {
		if want := map[bool]string{true: "second", false: "unverified"}[x.CoverNo == "NA-4"]; x.Kind != want || (x.Receiver != "") != (x.CoverNo == "NA-4") {
			t.Errorf("%s: %s, kept by %q", x.CoverNo, x.Kind, x.Receiver)
		}
	}
	return importID
}

func TestUnclearPackets(t *testing.T) {
	seen := map[string]any{"document": "袋内招工登记表、居民身份证原件", "seenBy": "周知行", "seenOn": "2026-11-20"}
	with := func(more map[string]any) map[string]any {
		out := map[string]any{}
		for _, m := range []map[string]any{seen, more} {
			for k, v := range m {
				out[k] = v
			}
		}
		return out
	}
	act := func(user, cover, what string, body any) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(user).Post("/api/v1/unclear/"+packetAt(t, p, cover)+"/"+what, body)
		}
	}
	person := func(n int) map[string]any {
		return with(map[string]any{"ending": "person", "name": "石无号", "idNo": testkit.IDNo(n), "category": "4.1", "subtype": "private_enterprise", "evidence": "袋内劳动合同"})
	}
	check(t, []Case{
		{Rule: "10b", Name: "本人亲属的档案袋不能由自己查实，亲属还没有登记过也一样", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			unclearStock(t, p)
			p.Client("clerk-500108").Post("/api/v1/account/kin", j{"name": "石无号", "relation": "spouse", "idNo": testkit.IDNo(77)}).OK()
			return act("clerk-500108", "NA-1", "propose", person(77))(t, p)
		}},
		{Rule: "2", Name: "身份待核的档案袋登记入库，再次登记不重复", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var importID string
			if err := p.DB.QueryRow(t.Context(), "SELECT import_id FROM unclear_packet WHERE cover_no='NA-1'").Scan(&importID); err != nil {
				t.Fatal(err)
			}
			var again struct{ Taken, Here int }
			a := p.Client("clerk-500108").Post("/api/v1/rosters/"+importID+"/unclear", map[string]any{"seal": "intact"})
			if a.JSON(&again); again.Taken != 0 || again.Here != 5 {
				t.Errorf("a second time: %+v", again)
			}
			return a
		}},
		{Rule: "2", Name: "查实前没有档案可以提供服务", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Get("/api/v1/dossiers?q=石无号")
			var list struct{ Items []any }
			if a.JSON(&list); len(list.Items) != 0 {
				t.Errorf("a packet nobody knows the person of is in the list of dossiers")
			}
			return a
		}},
		{Rule: "2", Name: "没有依据的查实结果一次说全", Refused: true, Run: act("clerk-500108", "NA-1", "propose", map[string]any{"ending": "person"})},
		{Rule: "2", Name: "已有档案的人不能再立一卷", Refused: true, Run: act("clerk-500108", "NA-1", "propose", with(map[string]any{"ending": "person", "name": testkit.Name(40), "idNo": testkit.IDNo(40), "category": "4.1", "subtype": "private_enterprise", "evidence": "袋内劳动合同"}))},
		{Rule: "29.5", Name: "没有类别依据材料的不能立档", Refused: true, Run: act("clerk-500108", "NA-1", "propose", with(map[string]any{"ending": "person", "name": "石无号", "idNo": testkit.IDNo(43), "category": "4.1", "subtype": "private_enterprise"}))},
		{Rule: "29.5", Name: "分小类的类别没有选到小类，不能立档", Refused: true, Run: act("clerk-500108", "NA-1", "propose", with(map[string]any{"ending": "person", "name": "石无号", "idNo": testkit.IDNo(43), "category": "4.3", "evidence": "毕业证书"}))},
		{Rule: "2", Name: "库管不办查实", Refused: true, Run: act("keeper-500108", "NA-1", "propose", person(43))},
		{Rule: "2", Name: "经办提交查实结果和依据", Run: act("clerk-500108", "NA-1", "propose", person(43))},
		{Rule: "2", Name: "提交后不能再提交", Refused: true, Run: act("clerk-500108", "NA-1", "propose", person(43))},
		{Rule: "2", Name: "经办不能自己核准", Refused: true, Run: act("clerk-500108", "NA-1", "confirm", nil)},
		{Rule: "2", Name: "退回要写明原因", Refused: true, Run: act("reviewer-500108", "NA-1", "return", map[string]any{})},
		{Rule: "2", Name: "审核退回", Run: act("reviewer-500108", "NA-1", "return", map[string]any{"note": "请再核对派出所证明"})},
		{Rule: "2", Name: "补查后重新提交", Run: act("clerk-500108", "NA-1", "propose", person(43))},
		{Rule: "2", Name: "另一人核准，成为此人的档案", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := act("reviewer-500108", "NA-1", "confirm", nil)(t, p)
			var v struct{ State, DossierID string }
			a.JSON(&v)
			var d struct{ No, Name, State, Shelfmark string }
			p.Client("clerk-500108").Get("/api/v1/dossiers/" + v.DossierID).OK()
			var list struct{ Items []struct{ No, Name string } }
			p.Client("clerk-500108").Get("/api/v1/dossiers?q=NA-1").JSON(&list)
			if v.State != "resolved" || len(list.Items) != 1 || list.Items[0].Name != "石无号" {
				t.Errorf("the dossier: %+v %+v %+v", v, d, list)
			}
			return a
		}},
		{Rule: "2", Name: "与本机构已有档案同属一人的归并，原编号仍可查到", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			act("clerk-500108", "NA-2", "propose", with(map[string]any{"ending": "same", "dossierNo": "NA-1"}))(t, p).OK()
			a := act("reviewer-500108", "NA-2", "confirm", nil)(t, p).OK()
			var list struct{ Items []struct{ No string } }
			p.Client("clerk-500108").Get("/api/v1/dossiers?q=NA-2").JSON(&list)
			if len(list.Items) != 1 || list.Items[0].No != "NA-1" {
				t.Errorf("by the packet's old number: %+v", list)
			}
			return a
		}},
		{Rule: "2", Name: "他处已有档案的一袋，核准后按转递移交", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			act("clerk-500108", "NA-4", "propose", with(map[string]any{"ending": "same", "dossierNo": "50010301-2019-000042"}))(t, p).OK()
			a := act("reviewer-500108", "NA-4", "confirm", nil)(t, p)
			if a.String("state") != "sending" || a.String("transferId") == "" {
				t.Errorf("approved: %s", a.Body)
			}
			return a
		}},
		{Rule: "29.6", Name: "移交中的不能不办转递而收下", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return carry(t, p, "NA-4").post("clerk-500103", "arrive", j{"on": "2026-11-23", "intact": true})
		}},
		{Rule: "20.2a", Name: "没有清单的不能审核通过", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return carry(t, p, "NA-4").post("reviewer-500108", "review", j{})
		}},
		{Rule: "20.2b", Name: "逐份登记清单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Put("/api/v1/transfers/"+carry(t, p, "NA-4").id+"/list", j{"lines": []j{{"class": "1", "title": "职工登记表", "copies": 1, "pages": 4}}})
		}},
		{Rule: "20.2a", Name: "另一人审核通过", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return carry(t, p, "NA-4").post("reviewer-500108", "review", j{})
		}},
		{Rule: "20.2b", Name: "没有封条编号的不能装封", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return carry(t, p, "NA-4").post("clerk-500108", "pack", j{"sealNo": "", "volumes": 1})
		}},
		{Rule: "20.2b", Name: "装封，出具清单和通知单", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := carry(t, p, "NA-4").post("clerk-500108", "pack", j{"sealNo": "F-0401", "volumes": 1}).OK()
			var v struct{ Documents []struct{ Kind string } }
			if a.JSON(&v); len(v.Documents) != 2 {
				t.Errorf("papers: %s", a.Body)
			}
			return a
		}},
		{Rule: "20.3b", Name: "经历未登记的一袋不能邮寄", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return carry(t, p, "NA-4").post("clerk-500108", "dispatch", j{"way": "registered_mail", "trackingNo": "EX123456785CN", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.3c", Name: "本人不能送取", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return carry(t, p, "NA-4").post("clerk-500108", "dispatch", j{"way": "messenger", "on": "2026-11-23", "messengers": []j{{"name": testkit.Name(41), "idNo": testkit.IDNo(41)}}})
		}},
		{Rule: "20.3a", Name: "机要通信寄出", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return carry(t, p, "NA-4").post("clerk-500108", "dispatch", j{"way": "confidential_post", "trackingNo": "渝机0401", "office": "重庆市机要通信局", "on": "2026-11-23"})
		}},
		{Rule: "20.1", Name: "发出机构不能替对方签收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return carry(t, p, "NA-4").post("clerk-500108", "arrive", j{"on": "2026-11-23", "intact": true})
		}},
		{Rule: "20.5", Name: "对方逐份核对、复核签收，归入已有的一卷", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			m := carry(t, p, "NA-4")
			m.post("clerk-500103", "arrive", j{"on": "2026-11-23", "intact": true}).OK()
			m.post("clerk-500103", "check", j{"results": []j{{"lineNo": 1, "check": "ok"}}}).OK()
			a := m.post("reviewer-500103", "receive", nil).OK()
			if a.String("state") != "closed" || a.String("receiptNo") == "" {
				t.Errorf("received: %s", a.Body)
			}
			if v := p.Client("clerk-500108").Get("/api/v1/unclear/" + packetAt(t, p, "NA-4")); v.String("state") != "resolved" {
				t.Errorf("the packet: %s", v.Body)
			}
			var list struct{ Items []struct{ No string } }
			p.Client("clerk-500103").Get("/api/v1/dossiers?q=NA-4").JSON(&list)
			if len(list.Items) != 1 || list.Items[0].No != "50010301-2019-000042" {
				t.Errorf("by the packet's number at its new place: %+v", list)
			}
			return a
		}},
		{Rule: "2", Name: "其他区县看不到本机构的待核档案袋", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if a := p.Client("clerk-500101").Get("/api/v1/unclear/" + packetAt(t, p, "NA-3")); a.Status != 404 {
				t.Errorf("another district: %d", a.Status)
			}
			a := p.Client("clerk-500101").Get("/api/v1/unclear")
			var list struct{ Items []any }
			if a.JSON(&list); len(list.Items) != 0 {
				t.Errorf("another district lists %d", len(list.Items))
			}
			return a
		}},
		{Rule: "29.5", Name: "没有类别依据的不能成为档案", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			return act("clerk-500108", "NA-6", "propose", with(map[string]any{"ending": "person", "name": "石无类", "idNo": testkit.IDNo(44), "category": ""}))(t, p)
		}},
	})
}

// Every one of the seven categories can be chosen.
func TestUnclearCategories(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		unclearStock(t, p)
		var v struct {
			Categories []struct{ Rule, Name, Evidence string }
		}
		p.Client("clerk-500108").Get("/api/v1/unclear/" + packetAt(t, p, "NA-1")).JSON(&v)
		seen := map[string]bool{}
		for _, c := range v.Categories {
			seen[c.Rule] = true
			if c.Name == "" || c.Evidence == "" {
				t.Errorf("a category without name or evidence: %+v", c)
			}
		}
		for n := range 7 {
			if !seen[fmt.Sprintf("4.%d", n+1)] {
				t.Errorf("4.%d is missing", n+1)
			}
		}
	})
}
