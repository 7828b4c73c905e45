package conformance

import (
	"context"
	"crypto/sha256"
	"slices"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/ledger"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// pile is what the diplomas of one university have in common.
func pile(more map[string]any) map[string]any {
	m := map[string]any{"title": "普通高等学校毕业生登记表", "class": "4-1", "maker": "南山演示学院", "year": 2026, "month": 6, "day": 30, "copies": 1, "pages": 4, "expected": 5}
	for k, v := range more {
		m[k] = v
	}
	return m
}

type sittingPage struct {
	ID, State, BatchID string
	Pieces, Aside      int
	Lines              []struct{ ID, State, Why, Name, MaterialID, DossierID string }
}

// sittings are the cases of a pile scanned in one sitting; they share the province of the
// single pieces (13, 13a).
func sittings() []Case {
	const first = 60 // of the made-up persons, that no other case uses
	var id string
	var page sittingPage
	var dossiers []string
	scan := func(p *testkit.Province, number string) *testkit.Answer {
		return p.Client("clerk-500108").Post("/api/v1/material-sittings/"+id+"/scan", map[string]any{"number": number})
	}
	review := func(p *testkit.Province, who string, accept bool, wrong int) *testkit.Answer {
		batch := p.Client("reviewer-500108").Get("/api/v1/filing/batches/" + page.BatchID)
		var b struct{ Sample []string }
		batch.JSON(&b)
		checks := map[string]bool{}
		for i, m := range b.Sample {
			checks[m] = i >= wrong
		}
		return p.Client(who).Post("/api/v1/filing/batches/"+page.BatchID+"/review", map[string]any{"accept": accept, "checks": checks, "note": "抽查一份题名与原件不符"})
	}
	return []Case{
		{Rule: "13b", Name: "整批材料不写明形成单位，不能开始", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/material-sittings", pile(map[string]any{"maker": " "}))
		}},
		{Rule: "13a", Name: "库管不能整批收材料", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/material-sittings", pile(nil))
		}},
		{Rule: "13a", Name: "按身份证号、档案编号逐份扫入；找不到人的当即告知、搁置，整批照常进行", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			dossiers = nil
			for n := range 4 {
				dossiers = append(dossiers, oneOf(t, p, first+n))
			}
			id = clerk.Post("/api/v1/material-sittings", pile(nil)).OK().String("id")
			for n := range 3 {
				if name := scan(p, testkit.IDNo(first+n)).OK().String("piece.name"); name != testkit.Name(first+n) {
					t.Errorf("scanned %s", name)
				}
			}
			var d struct{ No string }
			clerk.Get("/api/v1/dossiers/" + dossiers[3]).JSON(&d)
			scan(p, strings.ToLower(d.No)).OK()
			lost := scan(p, "NS-2026-9999").OK()
			if lost.String("piece.state") != "aside" || !strings.Contains(lost.String("piece.why"), "没有这个号码") {
				t.Errorf("a number of nobody: %s", lost.Body)
			}
			a := clerk.Get("/api/v1/material-sittings/open")
			var open struct{ Sitting sittingPage }
			a.JSON(&open)
			if s := open.Sitting; s.ID != id || s.Pieces != 4 || s.Aside != 1 || len(s.Lines) != 5 || s.Lines[0].State != "aside" {
				t.Errorf("the draft is %+v", s)
			}
			return a
		}},
		{Rule: "13a", Name: "同一人扫两次，当即告知", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return scan(p, testkit.IDNo(first))
		}},
		{Rule: "13a", Name: "尚未签收的一批，不出具接收回单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/material-sittings/"+id+"/receipt", nil)
		}},
		{Rule: "13a", Name: "点数与扫描数不同，不能签收，一份也不收", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/material-sittings/"+id+"/sign", map[string]any{"pieces": 5})
			if n, err := store.Count(context.Background(), p.DB, "SELECT count(*) FROM material WHERE maker=?", "南山演示学院"); n != 0 || err != nil {
				t.Errorf("%d pieces came in without a signature, %v", n, err)
			}
			return a
		}},
		{Rule: "13a", Name: "一次签收整批收下：每份各有存证，一并提交另一人审核，抽样可复算", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/material-sittings/"+id+"/sign", map[string]any{"pieces": 4})
			a.JSON(&page)
			if page.State != "waiting" || page.Pieces != 4 || page.Aside != 1 {
				t.Errorf("signed: %+v", page)
			}
			var all []string
			for _, l := range page.Lines {
				if l.State != "received" {
					continue
				}
				all = append(all, l.MaterialID)
				entries, err := ledger.About(context.Background(), p.DB, "Material:"+l.MaterialID, 0, 5)
				if err != nil || len(entries) == 0 {
					t.Fatalf("material %s: %d entries, %v", l.MaterialID, len(entries), err)
				}
				body, err := entries[len(entries)-1].Parse()
				if err != nil || body.Action != "material.receive" || body.Facts["sitting"] != id {
					t.Errorf("its first entry is %s %v, %v", body.Action, body.Facts, err)
				}
			}
			var b struct{ Sample []string }
			p.Client("reviewer-500108").Get("/api/v1/filing/batches/" + page.BatchID).JSON(&b)
			place := func(m string) string { sum := sha256.Sum256([]byte(page.BatchID + "/" + m)); return string(sum[:]) }
			slices.SortFunc(all, func(x, y string) int { return strings.Compare(place(x), place(y)) })
			if len(all) != 4 || !slices.Equal(b.Sample, all[:len(b.Sample)]) || len(b.Sample) != 1 {
				t.Errorf("sample %v of %v", b.Sample, all)
			}
			return a
		}},
		{Rule: "14b", Name: "签收后出具整批的接收回单，交移交单位", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/material-sittings/"+id+"/receipt", nil)
			if n := a.String("number"); !strings.Contains(n, "收〔2026〕") {
				t.Errorf("receipt %s", n)
			}
			return a
		}},
		{Rule: "13a", Name: "库管不收材料，不出具整批的接收回单", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("keeper-500108").Post("/api/v1/material-sittings/"+id+"/receipt", nil)
		}},
		{Rule: "13a", Name: "抽查有不符的，整批不能归档", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return review(p, "reviewer-500108", true, 1)
		}},
		{Rule: "13a", Name: "抽查不符，整批退回；不符的未重新鉴别前，不能再提交", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			review(p, "reviewer-500108", false, 1).OK()
			states := map[string]int{}
			list, err := store.List[dossier.Material](context.Background(), p.DB, "WHERE maker=?", "南山演示学院")
			for _, m := range list {
				states[string(m.State)]++
				if m.BatchID != "" {
					t.Errorf("%s still lies in a batch", m.ID)
				}
			}
			if err != nil || states["to_file"] != 3 || states["appraising"] != 1 {
				t.Errorf("sent back whole: %v, %v", states, err)
			}
			if work := p.Client("clerk-500108").Get("/api/v1/work").OK(); !strings.Contains(string(work.Body), "更正后整批重新提交") {
				t.Errorf("nothing on the first page: %s", work.Body)
			}
			return p.Client("clerk-500108").Post("/api/v1/material-sittings/"+id+"/submit", nil)
		}},
		{Rule: "13a", Name: "更正后整批重新提交，另抽一次样", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			clerk := p.Client("clerk-500108")
			wrong, err := store.Get[dossier.Material](context.Background(), p.DB, "WHERE maker=? AND state='appraising'", "南山演示学院")
			if err != nil {
				t.Fatal(err)
			}
			clerk.Post("/api/v1/materials/"+wrong.ID+"/appraise", map[string]any{"decision": "file", "class": "4-1"}).OK()
			before := page.BatchID
			a := clerk.Post("/api/v1/material-sittings/"+id+"/submit", nil)
			a.JSON(&page)
			if page.State != "waiting" || page.BatchID == before {
				t.Errorf("submitted again: %+v", page)
			}
			return a
		}},
		{Rule: "13a", Name: "签收人兼任审核的，也不能审核自己的批次", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			p.Client("secadmin-500000").Post("/api/v1/staff/"+idOf(t, p, "clerk-500108")+"/posts", map[string]any{"post": "reviewer"}).OK()
			return review(p, "clerk-500108", true, 0)
		}},
		{Rule: "13a", Name: "提出档案、抽查相符后整批归档", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			for _, d := range dossiers {
				pull(p, d)
			}
			a := review(p, "reviewer-500108", true, 0)
			if n, err := store.Count(context.Background(), p.DB, "SELECT count(*) FROM material WHERE maker=? AND state='filed' AND class='4-1' AND seq=1", "南山演示学院"); n != 4 || err != nil {
				t.Errorf("%d filed, %v", n, err)
			}
			inboxTells(t, p, "clerk-500108", "归档审核通过")
			return a
		}},
	}
}

// pauses are the cases of the clock of two months; the last one moves the province's clock on.
func pauses() []Case {
	var id, due string
	type term struct{ DueOn, PausedOn string }
	read := func(p *testkit.Province) (m term) {
		p.Client("reviewer-500108").Get("/api/v1/materials/" + id).JSON(&m)
		return m
	}
	pause := func(p *testkit.Province, who, reason, basis string) *testkit.Answer {
		return p.Client(who).Post("/api/v1/materials/"+id+"/pause", map[string]any{"reason": reason, "basis": basis})
	}
	return []Case{
		{Rule: "13a", Name: "经办不能暂停自己经办材料的归档期限", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			id = p.Client("clerk-500108").Post("/api/v1/dossiers/"+oneOf(t, p, 70)+"/materials", piece("职工登记表", nil)).String("id")
			due = read(p).DueOn
			return pause(p, "clerk-500108", "maker_asked", "南山核函〔2026〕5号")
		}},
		{Rule: "13a", Name: "清单之外的事由不能暂停", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return pause(p, "reviewer-500108", "short_of_staff", "人手不足")
		}},
		{Rule: "13a", Name: "向形成单位发函核实，由审核暂停期限；暂停中没有到期日", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := pause(p, "reviewer-500108", "maker_asked", "南山核函〔2026〕5号")
			if m := read(p); m.DueOn != "" || m.PausedOn == "" {
				t.Errorf("the clock stands: %+v", m)
			}
			var line struct {
				Items []struct{ Label, Detail string }
			}
			var m struct{ DossierID string }
			p.Client("clerk-500108").Get("/api/v1/materials/" + id).JSON(&m)
			p.Client("clerk-500108").Get("/api/v1/dossiers/" + m.DossierID + "/timeline").JSON(&line)
			if !slices.ContainsFunc(line.Items, func(x struct{ Label, Detail string }) bool {
				return x.Label == "暂停归档期限" && strings.Contains(x.Detail, "等候答复")
			}) {
				t.Errorf("the time line says %+v", line.Items)
			}
			return a
		}},
		{Rule: "13a", Name: "期限暂停中的材料不能鉴别", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/materials/"+id+"/appraise", map[string]any{"decision": "file", "class": "1"})
		}},
		{Rule: "13a", Name: "不写明事由怎样了结，不能恢复", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return p.Client("clerk-500108").Post("/api/v1/materials/"+id+"/resume", map[string]any{"outcome": ""})
		}},
		{Rule: "13a", Name: "当日恢复，期限一天不延", Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			a := p.Client("clerk-500108").Post("/api/v1/materials/"+id+"/resume", map[string]any{"outcome": "形成单位已答复相符"})
			if m := read(p); m.DueOn != due || m.PausedOn != "" {
				t.Errorf("due %s before, %+v after", due, m)
			}
			return a
		}},
		{Rule: "13a", Name: "逾期的不能再暂停；监督岗按机构看到逾期份数，逐份下查", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			now := p.Clock.Now()
			defer p.Clock.Set(now)
			p.Clock.Set(now.AddDate(0, 0, 80))
			p.Forget()
			defer p.Forget()
			var b struct {
				Items []struct {
					Agency            string
					Overdue, DaysOver int
				}
			}
			top := p.Client("supervisor-500000")
			top.Get("/api/v1/material-backlogs").JSON(&b)
			if len(b.Items) != 1 || b.Items[0].Agency != "50010801" || b.Items[0].Overdue == 0 || b.Items[0].DaysOver < 10 {
				t.Errorf("backlogs %+v", b.Items)
			}
			var list struct {
				Items []struct{ Agency, ID string }
			}
			top.Get("/api/v1/materials?overdue=true&limit=200&agency=50010801").JSON(&list)
			waiting := slices.DeleteFunc(list.Items, func(m struct{ Agency, ID string }) bool { return m.Agency != "50010801" })
			if len(waiting) < b.Items[0].Overdue || !slices.ContainsFunc(waiting, func(m struct{ Agency, ID string }) bool { return m.ID == id }) {
				t.Errorf("%d overdue are counted, %d listed", b.Items[0].Overdue, len(waiting))
			}
			return pause(p, "reviewer-500108", "maker_asked", "南山核函〔2026〕6号")
		}},
	}
}
