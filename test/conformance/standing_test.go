package conformance

import (
	"encoding/json"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/testkit"
)

// standingBasis is what every application states, with more.
func standingBasis(more map[string]any) map[string]any {
	out := map[string]any{"reason": "本人申请", "document": "居民身份证、户口簿变更页原件", "seenBy": "周知行", "seenOn": "2026-11-20"}
	for k, v := range more {
		out[k] = v
	}
	return out
}

// asked asks for a change on a dossier.
func asked(p *testkit.Province, id string, more map[string]any) *testkit.Answer {
	return p.Client("clerk-500108").Post("/api/v1/dossiers/"+id+"/standing", standingBasis(more))
}

// granted asks and has the reviewer approve.
func granted(p *testkit.Province, id string, more map[string]any) *testkit.Answer {
	return decided(p, "reviewer-500108", asked(p, id, more).String("id"), map[string]any{"approve": true})
}

func decided(p *testkit.Province, user, id string, body map[string]any) *testkit.Answer {
	return p.Client(user).Post("/api/v1/standing/"+id+"/decide", body)
}

// numbersFound are the numbers of the dossiers a search answers.
func numbersFound(p *testkit.Province, q string) (out []string) {
	var list struct{ Items []struct{ No string } }
	p.Client("clerk-500108").Get("/api/v1/dossiers?q=" + q).JSON(&list)
	for _, x := range list.Items {
		out = append(out, x.No)
	}
	return out
}

// held is what a dossier's page says it holds.
type held struct {
	No, State, StateName, Shelfmark string
	Person                          struct{ Name string }
	Category                        struct{ Code, Subtype, Evidence string }
	Catalog                         struct {
		Groups []struct {
			Materials []struct {
				ID, Title string
				Seq       int64
			}
		}
	}
	Cases []struct{ No, Kind, State string }
}

func heldBy(p *testkit.Province, id string) (h held) {
	p.Client("clerk-500108").Get("/api/v1/dossiers/" + id).JSON(&h)
	return h
}

// rowsOf counts the rows that hang on a dossier, by table.
func rowsOf(t *testing.T, p *testkit.Province, id string) map[string]int {
	t.Helper()
	out := map[string]int{}
	for _, table := range []string{"material", "page", "fact", "history_period", "family_member", "determination", "not_formed", "supplement", "secrecy_reader"} {
		var n int
		if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE dossier_id=?", id).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

func TestOnePersonOneDossier(t *testing.T) {
	var keep, gone, third dossier.Dossier
	var one, merge, split string
	var before map[string]int
	check(t, []Case{
		{Rule: "2", Name: "没有依据的并档申请一次说全", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			keep, _ = testkit.Volume(p, "50010801", 60, nil, testkit.Piece{Class: "1", Title: "干部履历表", Pages: 4, Scans: 2}, testkit.Piece{Class: "4-1", Title: "毕业生登记表", Pages: 3})
			var pieces []dossier.Material
			gone, pieces = testkit.Volume(p, "50010801", 61, nil, testkit.Piece{Class: "1", Title: "职工履历表", Pages: 2, Scans: 1}, testkit.Piece{Class: "9-2", Title: "劳动合同书", Pages: 5, Scans: 2})
			third = testkit.Stock(p, "50010301", 62, nil)
			clerk := p.Client("clerk-500108")
			clerk.Post("/api/v1/dossiers/"+gone.ID+"/facts", map[string]any{"kind": "birth_date", "written": "1980年1月1日", "source": map[string]any{"class": "1", "title": "职工履历表", "page": 1}}).OK()
			clerk.Post("/api/v1/dossiers/"+gone.ID+"/determinations", map[string]any{"kind": "birth_date", "written": "1980年1月2日", "authority": "南岸区委组织部", "docNo": "南组认〔2026〕3号", "on": "2026-10-12", "source": map[string]any{"class": "5", "title": "出生日期认定材料", "page": 1}}).OK()
			p.Client("reviewer-500108").Post("/api/v1/dossiers/"+gone.ID+"/secrecy/raise", j{"materialId": pieces[1].ID, "to": "trade", "reason": "形成单位要求"}).OK()
			p.Client("head-500108").Post("/api/v1/dossiers/"+gone.ID+"/secrecy/readers", j{"materialId": pieces[1].ID, "staff": []string{p.As("keeper-500108").ID}, "reason": "清点"}).OK()
			unformed(p, gone.ID, "劳动用工备案表").OK()
			if before = rowsOf(t, p, gone.ID); before["determination"] != 1 || before["not_formed"] != 1 {
				t.Errorf("%d decisions and %d statements on the one that goes", before["determination"], before["not_formed"])
			}
			return clerk.Post("/api/v1/dossiers/"+keep.ID+"/standing", map[string]any{"kind": "merge"})
		}},
		{Rule: "2", Name: "他处保管的一卷，先转递再并档", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, keep.ID, map[string]any{"kind": "merge", "other": third.No})
		}},
		{Rule: "2", Name: "库管不申请并档", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/dossiers/"+keep.ID+"/standing", standingBasis(map[string]any{"kind": "merge", "other": gone.No}))
		}},
		{Rule: "2", Name: "经办申请并档", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			a := asked(p, keep.ID, map[string]any{"kind": "merge", "other": gone.No})
			merge = a.String("id")
			return a
		}},
		{Rule: "2", Name: "待审批时不能再申请", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, gone.ID, map[string]any{"kind": "identity", "name": "另有其名"})
		}},
		{Rule: "2", Name: "申请人不能自己审批", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return decided(p, "clerk-500108", merge, map[string]any{"approve": true})
		}},
		{Rule: "2", Name: "不批准要写明理由", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return decided(p, "reviewer-500108", merge, map[string]any{"approve": false})
		}},
		{Rule: "2", Name: "另一人批准：材料、影像、登记内容都在保留的一卷，一件不少，原编号和原号码仍可查到", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			own := rowsOf(t, p, keep.ID)
			a := decided(p, "reviewer-500108", merge, map[string]any{"approve": true}).OK()
			after, left := rowsOf(t, p, keep.ID), rowsOf(t, p, gone.ID)
			for table := range own {
				if after[table] != own[table]+before[table] || left[table] != 0 {
					t.Errorf("%s: %d and %d became %d, %d are left", table, own[table], before[table], after[table], left[table])
				}
			}
			for _, q := range []string{gone.No, testkit.IDNo(61), keep.No, testkit.IDNo(60)} {
				if found := numbersFound(p, q); len(found) != 1 || found[0] != keep.No {
					t.Errorf("%s finds %v, not %s", q, found, keep.No)
				}
			}
			if h := heldBy(p, gone.ID); h.StateName != "已并入" || len(h.Cases) == 0 {
				t.Errorf("the one that was merged: %+v", h)
			}
			var n, pages int
			if err := p.DB.QueryRow(t.Context(), "SELECT materials, pages FROM dossier WHERE id=?", keep.ID).Scan(&n, &pages); err != nil || n != 4 || pages != 14 {
				t.Errorf("%d materials, %d pages: %v", n, pages, err)
			}
			if err := p.DB.QueryRow(t.Context(), "SELECT count(*) FROM (SELECT class, seq FROM material WHERE dossier_id=? GROUP BY class, seq HAVING count(*)>1) AS d", keep.ID).Scan(&n); err != nil || n != 0 {
				t.Errorf("%d numbers stand twice: %v", n, err)
			}
			return a
		}},
		{Rule: "2", Name: "并入的号码不能再登记出第二卷", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			another := testkit.Stock(p, "50010801", 63, nil)
			return asked(p, another.ID, map[string]any{"kind": "identity", "idNo": testkit.IDNo(61)})
		}},
		{Rule: "2", Name: "没有并过的一卷无可拆分", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			one = testkit.Stock(p, "50010801", 64, nil).ID
			return asked(p, one, map[string]any{"kind": "split", "shelfmark": "01-A-9"})
		}},
		{Rule: "2", Name: "误并的拆回：两卷各归原处", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			split = asked(p, keep.ID, map[string]any{"kind": "split", "shelfmark": "01-A-777"}).String("id")
			a := decided(p, "reviewer-500108", split, map[string]any{"approve": true}).OK()
			after := rowsOf(t, p, gone.ID)
			for table, n := range before {
				if after[table] != n {
					t.Errorf("%s: %d came back as %d", table, n, after[table])
				}
			}
			for q, no := range map[string]string{gone.No: gone.No, testkit.IDNo(61): gone.No, testkit.IDNo(60): keep.No} {
				if found := numbersFound(p, q); len(found) != 1 || found[0] != no {
					t.Errorf("%s finds %v, not %s", q, found, no)
				}
			}
			var n, pages, seq int
			if err := p.DB.QueryRow(t.Context(), "SELECT d.materials, d.pages, m.seq FROM dossier d JOIN material m ON m.dossier_id=d.id WHERE d.id=? AND m.class='9-2'", gone.ID).Scan(&n, &pages, &seq); err != nil || n != 2 || pages != 7 || seq != 2 {
				t.Errorf("%d materials, %d pages, number %d: %v", n, pages, seq, err)
			}
			if h := heldBy(p, gone.ID); h.StateName != "在库" || h.Shelfmark != "01-A-777" {
				t.Errorf("split off: %+v", h)
			}
			return a
		}},
		{Rule: "15", Name: "两卷指定的知悉人员不一致，不能并档", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk, head := cleared(t, p, "clerk"), cleared(t, p, "head")
			known, open := testkit.Stock(p, "50010801", 66, nil), testkit.Stock(p, "50010801", 67, nil)
			for _, d := range []dossier.Dossier{known, open} {
				p.Client(clerk).Post("/api/v1/dossiers/"+d.ID+"/secrecy/raise", j{"to": "work", "reason": "封面标有工作秘密"}).OK()
			}
			p.Client(head).Post("/api/v1/dossiers/"+known.ID+"/secrecy/readers", j{"staff": []string{p.As(clerk).ID}, "reason": "承办"}).OK()
			a := p.Client(clerk).Post("/api/v1/dossiers/"+open.ID+"/standing", standingBasis(j{"kind": "merge", "other": known.No}))
			if !strings.Contains(string(a.Body), "知悉人员不一致") {
				t.Errorf("answered %s", a.Body)
			}
			return a
		}},
		{Rule: "2", Name: "拆过的不能再拆", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, keep.ID, map[string]any{"kind": "split", "shelfmark": "01-A-778"})
		}},
		{Rule: "2", Name: "号码变更须是新的正确号码", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, one, map[string]any{"kind": "identity", "idNo": "500108198001011230"})
		}},
		{Rule: "29.8", Name: "本人申请的变更有受理回执；不批准的出具告知单，列入不予办理台账，异议成立的恢复审批", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			of := testkit.Stock(p, "50010801", 68, nil).ID
			id := asked(p, of, map[string]any{"kind": "identity", "name": "石又名"}).OK().String("id")
			a := decided(p, "reviewer-500108", id, map[string]any{"approve": false, "note": "户口簿没有变更记载"}).OK()
			var notice string
			for _, kind := range []string{"acceptance", "refusal_notice"} {
				if err := p.DB.QueryRow(t.Context(), "SELECT number FROM document WHERE case_ref=? AND kind=?", "PersonCase:"+id, kind).Scan(&notice); err != nil {
					t.Errorf("no %s: %v", kind, err)
				}
			}
			if book := p.Client("head-500108").Get("/api/v1/registers/refusals?from=2026-01-01&until=2026-12-31").OK(); !strings.Contains(string(book.Body), notice) {
				t.Errorf("%s is not in register 17: %s", notice, book.Body)
			}
			answered(p, "supervisor-500108", object(p, notice).OK().String("id"), true).OK()
			if got := p.Client("clerk-500108").Get("/api/v1/standing/" + id).OK().String("state"); got != "asked" {
				t.Errorf("after the objection it is %s", got)
			}
			decided(p, "reviewer-500108", id, map[string]any{"approve": true}).OK()
			return a
		}},
		{Rule: "2", Name: "姓名和号码凭证明变更，原姓名原号码仍可查到本人", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := granted(p, one, map[string]any{"kind": "identity", "name": "石改名", "idNo": testkit.IDNo(900)}).OK()
			for _, q := range []string{"石改名", testkit.IDNo(64), testkit.IDNo(900)} {
				if found := numbersFound(p, q); len(found) != 1 {
					t.Errorf("%s finds %v", q, found)
				}
			}
			return a
		}},
		{Rule: "2", Name: "已改过的旧号码不能给另一人", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, keep.ID, map[string]any{"kind": "identity", "idNo": testkit.IDNo(64)})
		}},
		{Rule: "2", Name: "其他区县看不到", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			if a := p.Client("clerk-500103").Get("/api/v1/standing/" + merge); a.Status != 404 {
				t.Errorf("another district: %d", a.Status)
			}
			a := p.Client("clerk-500103").Get("/api/v1/standing")
			var list struct{ Items []json.RawMessage }
			if a.JSON(&list); len(list.Items) != 0 {
				t.Errorf("another district lists %d", len(list.Items))
			}
			return a
		}},
	})
}

func TestSevenCategories(t *testing.T) {
	var id string
	// to changes the category and sees it on the dossier with its evidence.
	to := func(category, subtype, evidence string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := granted(p, id, map[string]any{"kind": "category", "category": category, "subtype": subtype, "document": evidence}).OK()
			var has, sub, seen string
			if err := p.DB.QueryRow(t.Context(), "SELECT category, coalesce(subtype,''), evidence FROM dossier WHERE id=?", id).Scan(&has, &sub, &seen); err != nil || has != category || sub != subtype || seen != evidence {
				t.Errorf("%s %s %s: %v", has, sub, seen, err)
			}
			return a
		}
	}
	bare := func(category, subtype string) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "category", "category": category, "subtype": subtype, "document": ""})
		}
	}
	check(t, []Case{
		{Rule: "4.7", Name: "其他人员连同机构写明的理由列给上级", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			of := testkit.Stock(p.In(t), "50010801", 79, nil).ID
			granted(p, of, map[string]any{"kind": "category", "category": "4.7", "subtype": "other", "document": "本机构书面说明：照料亲属"}).OK()
			if a := p.Client("supervisor-500103").Get("/api/v1/dossiers?view=other").OK(); strings.Contains(string(a.Body), of) {
				t.Errorf("another district's supervisor lists it: %s", a.Body)
			}
			a := p.Client("supervisor-500108").Get("/api/v1/dossiers?view=other").OK()
			if !strings.Contains(string(a.Body), of) || !strings.Contains(string(a.Body), "理由：本机构书面说明：照料亲属") {
				t.Errorf("the superior's list: %s", a.Body)
			}
			return a
		}},
		{Rule: "29.5", Name: "没有依据不得变更类别", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id = testkit.Stock(p, "50010801", 70, nil).ID
			return bare("4.2", "former_civil_servant")(t, p)
		}},
		{Rule: "29.5", Name: "有小类的须选到小类", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "category", "category": "4.2"})
		}},
		{Rule: "29.5", Name: "七类之外没有类别", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "category", "category": "4.8"})
		}},
		{Rule: "4.1", Name: "非公企业聘用，凭劳动合同", Run: to("4.1", "private_enterprise", "劳动合同")},
		{Rule: "4.1", Name: "已是这一类，不必变更", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "category", "category": "4.1", "subtype": "private_enterprise"})
		}},
		{Rule: "4.2", Name: "原机关公务员，凭辞去公职批准文件", Run: to("4.2", "former_civil_servant", "辞去公职批准文件")},
		{Rule: "4.2", Name: "已是这一类，不必变更", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "category", "category": "4.2", "subtype": "former_civil_servant"})
		}},
		{Rule: "4.3", Name: "未就业毕业生没有毕业证书等依据的，不得变更为这一类", Refused: true, Run: bare("4.3", "college_graduate")},
		{Rule: "4.3", Name: "未就业高校毕业生，凭毕业证书", Run: to("4.3", "college_graduate", "毕业证书")},
		{Rule: "4.4", Name: "自费留学没有录取通知等依据的，不得变更为这一类", Refused: true, Run: bare("4.4", "self_funded_student")},
		{Rule: "4.4", Name: "自费留学，凭录取通知", Run: to("4.4", "self_funded_student", "录取通知、签证")},
		{Rule: "4.5", Name: "外企代表机构中方雇员没有合同和登记证的，不得变更为这一类", Refused: true, Run: bare("4.5", "")},
		{Rule: "4.5", Name: "外企代表机构中方雇员，凭合同和代表机构登记证", Run: to("4.5", "", "劳动合同、代表机构登记证")},
		{Rule: "4.6", Name: "灵活就业没有声明、参保记录的，不得变更为这一类", Refused: true, Run: bare("4.6", "flexible")},
		{Rule: "4.6", Name: "灵活就业，凭本人声明和参保记录", Run: to("4.6", "flexible", "本人声明、参保记录")},
		{Rule: "4.7", Name: "技师学院高级工班毕业生，凭毕业证书和技能证书", Run: to("4.7", "tech_college_senior_worker_class", "毕业证书、技能等级证书")},
		{Rule: "4.7", Name: "已是这一类，不必变更", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "category", "category": "4.7", "subtype": "tech_college_senior_worker_class"})
		}},
		{Rule: "25", Name: "类别表有技师学院两类，每一类写明依据；历次变更都在档案页", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Get("/api/v1/dossiers/" + id + "/standing")
			var f struct {
				Categories []struct{ Rule, Subtype, Evidence string }
			}
			a.JSON(&f)
			seen := map[string]bool{}
			for _, c := range f.Categories {
				if seen[c.Rule], seen[c.Subtype] = true, true; c.Evidence == "" {
					t.Errorf("%s %s asks for no evidence", c.Rule, c.Subtype)
				}
			}
			for _, want := range []string{"4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "tech_college_senior_worker_class", "tech_college_prep_technician_class"} {
				if !seen[want] {
					t.Errorf("no %s", want)
				}
			}
			if h := heldBy(p, id); len(h.Cases) != 7 {
				t.Errorf("%d changes on the page, want 7", len(h.Cases))
			}
			return a
		}},
		{Rule: "29.5", Name: "没有调查记录不得重建", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "rebuild", "document": ""})
		}},
		{Rule: "29.5", Name: "本机构不能自己批准重建", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			asked(p, id, map[string]any{"kind": "rebuild", "document": "档案遗失调查报告（南人社调〔2026〕2号）"}).OK()
			var list struct{ Items []struct{ ID string } }
			p.Client("reviewer-500108").Get("/api/v1/standing?state=asked").JSON(&list)
			return decided(p, "reviewer-500108", list.Items[0].ID, map[string]any{"approve": true})
		}},
		{Rule: "29.5", Name: "有调查记录，上级主管部门批准重建", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			var list struct{ Items []struct{ ID string } }
			p.Client("supervisor-500108").Get("/api/v1/standing?state=asked").JSON(&list)
			if len(list.Items) != 1 {
				t.Fatalf("the superior sees %d", len(list.Items))
			}
			a := decided(p, "supervisor-500108", list.Items[0].ID, map[string]any{"approve": true}).OK()
			var basis string
			if err := p.DB.QueryRow(t.Context(), "SELECT basis FROM dossier WHERE id=?", id).Scan(&basis); err != nil || basis != "rebuilt" {
				t.Errorf("basis %s: %v", basis, err)
			}
			return a
		}},
		{Rule: "12c", Name: "集体账户须有单位证照和正确的统一社会信用代码", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "account", "accountKind": "collective", "accountUnit": "云岫智能（演示）有限公司", "accountUscc": "91500108MA5U000000"})
		}},
		{Rule: "12b", Name: "转为个人账户，凭本人证件", Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return granted(p, id, map[string]any{"kind": "account", "accountKind": "personal", "noticeNo": "2026-1", "noticeWay": "screen", "noticeBy": "本人"})
		}},
		{Rule: "12b", Name: "没有看过证件不得开个人账户", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return asked(p, id, map[string]any{"kind": "account", "accountKind": "personal", "document": ""})
		}},
	})
}
