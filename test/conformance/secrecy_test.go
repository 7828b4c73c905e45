package conformance

import (
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

func lowered(materialID string, more j) j {
	b := j{"materialId": materialID, "to": "normal", "reason": "定密机关已解密", "organ": "重庆市南岸区保密局（演示）", "docName": "国家秘密解除通知书", "docNo": "南密〔2026〕8号", "docOn": "2026-11-20"}
	for k, v := range more {
		b[k] = v
	}
	return b
}

// 15: classes are given by one person at once and taken by two on a document; a state secret
// leaves a placeholder; who is named knows, who is not does not.
func TestClasses(t *testing.T) {
	var d, other dossier.Dossier
	var list []dossier.Material
	var clerk, reviewer, keeper, head, change string
	at := func(rest string) string { return "/api/v1/dossiers/" + d.ID + "/secrecy" + rest }
	check(t, []Case{
		{Rule: "15", Name: "发现工作秘密的，经办当即提高密级；本人没有知悉范围的，只得回执", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk, reviewer, keeper, head = cleared(t, p, "clerk"), cleared(t, p, "reviewer"), cleared(t, p, "keeper"), cleared(t, p, "head")
			d, list = testkit.Volume(p, "50010801", int(person.Add(1)), nil, testkit.Piece{Class: "4-1", Title: "高等学校毕业生登记表", Pages: 2, Scans: 2},
				testkit.Piece{Class: "9-2", Title: "某项工作方案", Pages: 6, Scans: 2}, testkit.Piece{Class: "10", Title: "技术入股协议", Pages: 4, Scans: 1})
			a := p.Client("clerk-500108").Post(at("/raise"), j{"materialId": list[1].ID, "to": "work", "reason": "封面标有工作秘密"})
			if strings.Contains(string(a.Body), `"visible":true`) || !strings.Contains(a.String("told"), "当面移交") {
				t.Errorf("the finder is told %s", a.Body)
			}
			if again := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.ID); again.Status != 404 {
				t.Errorf("who is not cleared still reads it: %d", again.Status)
			}
			if seen := p.Client(clerk).Get("/api/v1/dossiers/" + d.ID); seen.Status != 200 || seen.String("secrecyName") != "工作秘密" {
				t.Errorf("who is cleared: %d %s", seen.Status, seen.String("secrecyName"))
			}
			return a
		}},
		{Rule: "15", Name: "提高不得作降低用", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post(at("/raise"), j{"materialId": list[1].ID, "to": "trade", "reason": "误标"})
		}},
		{Rule: "15", Name: "监督不定密", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("supervisor-500108").Post("/api/v1/dossiers/"+stock(p, nil).ID+"/secrecy/raise", j{"to": "work", "reason": "检查发现"})
		}},
		{Rule: "15", Name: "没有定密机关的文件，不得提出降低", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post(at("/lower"), lowered(list[1].ID, j{"docNo": ""}))
		}},
		{Rule: "15", Name: "理由中写有涉密文字的，不予登记", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post(at("/raise"), j{"materialId": list[1].ID, "to": "secret", "reason": "见（机密）某工程参研名单"})
		}},
		{Rule: "15", Name: "库管不提出降低", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(keeper).Post(at("/lower"), lowered(list[1].ID, nil))
		}},
		{Rule: "15", Name: "凭文件提出降低密级，待另一人批准", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client(head).Post(at("/lower"), lowered(list[1].ID, nil))
			change = a.String("id")
			if s := p.Client(clerk).Get("/api/v1/dossiers/" + d.ID).String("secrecyName"); s != "工作秘密" {
				t.Errorf("lowered by one person: %s", s)
			}
			return a
		}},
		{Rule: "15", Name: "提出人是负责人的，也不能自己批准", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(head).Post("/api/v1/secrecy-changes/"+change+"/decide", j{"approve": true})
		}},
		{Rule: "15", Name: "审核不批准降低", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(reviewer).Post("/api/v1/secrecy-changes/"+change+"/decide", j{"approve": true})
		}},
		{Rule: "15", Name: "不批准须说明理由", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client(clerk).Post(at("/raise"), j{"materialId": list[1].ID, "to": "secret", "reason": "定密机关通知"}).OK() // the proposal lapses
			change = p.Client(clerk).Post(at("/lower"), lowered(list[1].ID, j{"to": "work"})).String("id")
			return p.Client(head).Post("/api/v1/secrecy-changes/"+change+"/decide", j{"approve": false})
		}},
		{Rule: "15", Name: "定为国家秘密的只留占位：没有题名、影像，出处于此的记载停用", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client(clerk).Get("/api/v1/materials/" + list[1].ID)
			if title := a.String("title"); title != "涉密件（纸质）" || strings.Contains(string(a.Body), "工作方案") {
				t.Errorf("the placeholder says %s", a.Body)
			}
			if page := p.Client(reviewer).Get("/api/v1/materials/" + list[1].ID + "/thumbs"); page.Status == 200 {
				t.Errorf("its pages are shown")
			}
			return a
		}},
		{Rule: "15", Name: "占位件不得补题名", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/materials/"+list[1].ID+"/corrections", j{"proposed": j{"title": "某项工作方案", "class": "9-2", "copies": 1, "pages": 6}, "reason": "补题名", "basis": "原件"})
		}},
		{Rule: "15", Name: "占位件不得作为记载的出处", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post("/api/v1/dossiers/"+d.ID+"/facts", j{"kind": "work_start", "written": "2013.7", "source": j{"materialId": list[1].ID, "page": 1}})
		}},
		{Rule: "15", Name: "另一人凭文件批准，密级降低，历次变更可查", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client(head).Post("/api/v1/secrecy-changes/"+change+"/decide", j{"approve": true})
			sheet := p.Client(clerk).Get(at(""))
			if sheet.String("highest") != "work" || strings.Count(string(sheet.Body), `"no":"DM-`) != 4 {
				t.Errorf("the sheet: %s", sheet.Body)
			}
			book := p.Client(head).Get("/api/v1/registers/secrecy?from=2026-11-01&until=2026-11-30")
			if strings.Count(string(book.Body), `"DM-50010801-2026-`) < 4 {
				t.Errorf("the register 定密变更: %s", book.Body)
			}
			return a
		}},
		{Rule: "21b", Name: "经办不指定知悉人员", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Post(at("/readers"), j{"staff": []string{p.As(keeper).ID}, "reason": "专人管理"})
		}},
		{Rule: "15", Name: "没有知悉范围的人不得指定", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(head).Post(at("/readers"), j{"staff": []string{p.As("keeper-500108").ID}, "reason": "专人管理"})
		}},
		{Rule: "21b", Name: "负责人指定知悉人员，其他人即使有知悉范围也不知道这卷档案", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client(head).Post(at("/readers"), j{"staff": []string{p.As(keeper).ID}, "reason": "涉密专区专人管理"})
			for who, want := range map[string]int{clerk: 404, keeper: 200, head: 200} {
				if got := p.Client(who).Get("/api/v1/dossiers/" + d.ID).Status; got != want {
					t.Errorf("%s reads it: %d, want %d", who, got, want)
				}
			}
			if strings.Contains(string(p.Client(clerk).Get("/api/v1/dossiers?q="+d.No).Body), d.ID) {
				t.Error("who is not named finds it")
			}
			return a
		}},
		{Rule: "15", Name: "商业秘密：库管只见中性一行，被指定的人看得到", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var pieces []dossier.Material
			other, pieces = testkit.Volume(p, "50010801", int(person.Add(1)), nil, testkit.Piece{Class: "10", Title: "技术入股协议", Pages: 4, Scans: 1})
			a := p.Client("clerk-500108").Post("/api/v1/dossiers/"+other.ID+"/secrecy/raise", j{"materialId": pieces[0].ID, "to": "trade", "reason": "形成单位要求"})
			before := p.Client("keeper-500108").Get("/api/v1/materials/" + pieces[0].ID)
			if strings.Contains(string(before.Body), "技术入股") || strings.Contains(string(before.Body), "商业秘密") || !strings.Contains(string(before.Body), "限定知悉的材料") {
				t.Errorf("the keeper reads %s", before.Body)
			}
			p.Client("head-500108").Post("/api/v1/dossiers/"+other.ID+"/secrecy/readers", j{"materialId": pieces[0].ID, "staff": []string{p.As("keeper-500108").ID}, "reason": "清点"}).OK()
			if after := p.Client("keeper-500108").Get("/api/v1/materials/" + pieces[0].ID); after.String("title") != "技术入股协议" {
				t.Errorf("who is named reads %s", after.Body)
			}
			return a
		}},
		{Rule: "15", Name: "商业秘密、个人隐私定在材料上，不定在整卷上", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/dossiers/"+other.ID+"/secrecy/raise", j{"to": "trade", "reason": "形成单位要求"})
		}},
		{Rule: "15", Name: "限定知悉的材料，影像不给无关的人看", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			var sheet struct{ Marked []struct{ ID string } }
			p.Client("head-500108").Get("/api/v1/dossiers/" + other.ID + "/secrecy").JSON(&sheet)
			return p.Client("scanner-500108").Get("/api/v1/materials/" + sheet.Marked[0].ID + "/thumbs")
		}},
		{Rule: "10a", Name: "知悉范围不由系统管理员核定", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("sysadmin-500000").Post("/api/v1/staff/"+p.As("keeper-500108").ID+"/clearance", j{"level": 2, "reason": "涉密岗位审查"})
		}},
		{Rule: "15", Name: "安全管理员凭审查核定知悉范围", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("secadmin-500000").Post("/api/v1/staff/"+p.As("keeper-500103").ID+"/clearance", j{"level": 2, "reason": "涉密岗位审查"})
			if got := p.As("keeper-500103").Clearance; got != 2 {
				t.Errorf("clearance %d", got)
			}
			return a
		}},
	})
}

// 21b: dossiers of senior professionals and those that touch state secrets stand in a marked
// zone that only named keepers enter.
func TestMarkedZone(t *testing.T) {
	var d, plain dossier.Dossier
	var zone, stranger string
	mark := func(p *testkit.Province, more j) j {
		b := j{"zone": "01-Z", "reason": "存放涉密和高级专业技术人员档案", "keepers": []string{p.As("keeper-500108").ID}}
		for k, v := range more {
			b[k] = v
		}
		return b
	}
	asked := func(p *testkit.Province, id string) {
		p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/packet", j{}).OK()
	}
	check(t, []Case{
		{Rule: "21b", Name: "库管不标记专区", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			d, plain = testkit.Stock(p, "50010801", int(person.Add(1)), func(d *dossier.Dossier) { d.Senior = true }), testkit.Stock(p, "50010801", int(person.Add(1)), nil)
			stranger = cleared(t, p, "keeper")
			return p.Client("keeper-500108").Post("/api/v1/secret-zones", mark(p, nil))
		}},
		{Rule: "21b", Name: "没有专区的，提示负责人标记", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("head-500108").Get("/api/v1/work")
			if !strings.Contains(string(a.Body), "标记专区并指定保管人员") {
				t.Errorf("the head's work: %s", a.Body)
			}
			return a
		}},
		{Rule: "21b", Name: "专区须指定保管人员", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500108").Post("/api/v1/secret-zones", mark(p, j{"keepers": []string{}}))
		}},
		{Rule: "21b", Name: "保管人员须任库管", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500108").Post("/api/v1/secret-zones", mark(p, j{"keepers": []string{p.As("clerk-500108").ID}}))
		}},
		{Rule: "21b", Name: "负责人标记专区，指定保管人员", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("head-500108").Post("/api/v1/secret-zones", mark(p, nil))
			zone = a.String("id")
			return a
		}},
		{Rule: "21b", Name: "不在名单上的库管不得把档案移入专区", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(stranger).Post("/api/v1/dossiers/"+d.ID+"/secrecy/move", j{"shelfmark": "01-Z-001-01-1-01"})
		}},
		{Rule: "21b", Name: "专区以外的库位不放这类档案", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/dossiers/"+d.ID+"/secrecy/move", j{"shelfmark": "01-A-001-01-1-01"})
		}},
		{Rule: "21b", Name: "指定的库管把高级专业技术人员档案移入专区", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if work := p.Client("keeper-500108").Get("/api/v1/work"); !strings.Contains(string(work.Body), "移入专区") {
				t.Errorf("the keeper's work: %s", work.Body)
			}
			return p.Client("keeper-500108").Post("/api/v1/dossiers/"+d.ID+"/secrecy/move", j{"shelfmark": "01-Z-001-01-1-01"})
		}},
		{Rule: "21b", Name: "普通档案不移入专区", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/dossiers/"+plain.ID+"/secrecy/move", j{"shelfmark": "01-Z-001-01-1-02"})
		}},
		{Rule: "21b", Name: "专区内的档案，不在名单上的库管不得提出", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			asked(p, d.ID)
			return p.Client(stranger).Post("/api/v1/custody/dossiers/"+d.ID+"/pull", j{})
		}},
		{Rule: "21b", Name: "指定的库管提出", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/custody/dossiers/"+d.ID+"/pull", j{})
		}},
		{Rule: "21b", Name: "专区内有档案的，不取消专区", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("head-500108").Post("/api/v1/secret-zones/"+zone+"/end", j{})
		}},
		{Rule: "21b", Name: "负责人变更保管人员", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("head-500108").Post("/api/v1/secret-zones/"+zone+"/keepers", j{"keepers": []string{p.As(stranger).ID}})
			if list := p.Client("head-500108").Get("/api/v1/secret-zones"); strings.Contains(string(list.Body), p.As("keeper-500108").ID) || !strings.Contains(string(list.Body), p.As(stranger).ID) {
				t.Errorf("the zone is kept by %s", list.Body)
			}
			return a
		}},
	})
}

// 15: a work secret is neither exported nor printed nor put on a list that travels: its line stays,
// with its number, so that the numbering is whole, and says the same as any closed one.
func TestWorkSecretsLeaveInNoFile(t *testing.T) {
	const title = "某项工作方案"
	var d dossier.Dossier
	var clerk string
	check(t, []Case{
		{Rule: "15", Name: "打印的目录不写工作秘密的题名，编号不缺", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk = cleared(t, p, "clerk")
			d, _ = testkit.Volume(p, "50010801", int(person.Add(1)), func(d *dossier.Dossier) { d.Secrecy = dossier.WorkSecret }, testkit.Piece{Class: "9-2", Title: "劳动合同书", Pages: 6},
				testkit.Piece{Class: "9-2", Title: title, Pages: 7, Secrecy: dossier.WorkSecret}, testkit.Piece{Class: "9-2", Title: "解除劳动合同证明书", Pages: 1})
			a := p.Client(clerk).Post("/api/v1/dossiers/"+d.ID+"/catalog/print", j{}).OK()
			text := testkit.PaperText(t, p.Client(clerk).Get("/api/v1/documents/"+a.String("id")+"/pdf").OK().Body)
			if strings.Contains(text, title) || !strings.Contains(text, dossier.Withheld) || !strings.Contains(text, "9-2-2") || !strings.Contains(text, "9-2-3") || !strings.Contains(text, "14") {
				t.Errorf("the printed catalog says %s", text)
			}
			return a
		}},
		{Rule: "15", Name: "定有工作秘密的，目录不得导出为表格", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Get("/api/v1/dossiers/" + d.ID + "/catalog.xlsx")
		}},
		{Rule: "15", Name: "也不得导出为数据", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if a := p.Client("clerk-500108").Get("/api/v1/dossiers/" + d.ID + "/catalog.json"); a.Status != 404 {
				t.Errorf("who is not cleared is answered %d", a.Status)
			}
			return p.Client(clerk).Get("/api/v1/dossiers/" + d.ID + "/catalog.json")
		}},
		{Rule: "29.3", Name: "没有密级的，目录照常导出", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			open, _ := testkit.Volume(p, "50010801", int(person.Add(1)), nil, testkit.Piece{Class: "9-2", Title: "劳动合同书", Pages: 6})
			return p.Client(clerk).Get("/api/v1/dossiers/" + open.ID + "/catalog.json")
		}},
		{Rule: "15", Name: "选中的有工作秘密的，清单不得导出", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client(clerk).Get("/api/v1/dossiers/list.xlsx?ids=" + d.ID)
		}},
		{Rule: "15", Name: "按条件导出的清单不含定有密级的档案", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client(clerk).Get("/api/v1/dossiers/list.xlsx")
			if strings.Contains(said(a), d.No) {
				t.Error("the exported list has the classified dossier in it")
			}
			return a
		}},
		{Rule: "15", Name: "转递清单不写工作秘密的题名", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client(clerk).Post("/api/v1/transfers/outside-letters", j{"dossierId": d.ID, "receiverName": "某局", "receiverKind": "organ", "receiverAddr": "某路1号", "reason": "录用聘用", "letterNo": "〔2026〕1号", "letterOn": "2026-11-18", "receivedOn": "2026-11-23", "telephone": "023-61000000", "spoke": "李某"}).OK()
			id := a.String("id")
			p.Client(cleared(t, p, "keeper")).Post("/api/v1/custody/dossiers/"+d.ID+"/pull", j{}).OK()
			p.Client(cleared(t, p, "reviewer")).Post("/api/v1/transfers/"+id+"/review", j{"note": "无阻碍事由"}).OK()
			page := p.Client(clerk).Get("/api/v1/transfers/" + id).OK()
			if strings.Contains(string(page.Body), title) || !strings.Contains(string(page.Body), dossier.Withheld) {
				t.Errorf("the packing list says %s", page.Body)
			}
			return page
		}},
	})
}
