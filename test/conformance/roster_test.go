package conformance

import (
	"bytes"
	"fmt"
	"testing"

	"dangan/internal/agency"
	"dangan/internal/founding"
	"dangan/internal/identity"
	"dangan/internal/sheet"
	"dangan/internal/staff"
	"dangan/internal/testkit"
)

const workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// stockList is a roster of n persons, one after another from a serial number.
func stockList(t *testing.T, from, n int) []byte {
	t.Helper()
	w, err := sheet.NewWriter("花名册", nil)
	if err != nil {
		t.Fatal(err)
	}
	list := [][]string{{"档案编号", "姓名", "身份证号", "人员类别", "户籍所在地"}}
	for i := from; i < from+n; i++ {
		body := fmt.Sprintf("5001081980%02d%02d%03d", 1+i/28%12, 1+i%28, 100+i/336)
		list = append(list, []string{fmt.Sprintf("NA-%04d", i), "石溪" + string(rune(0x4e00+i)), body + string(identity.CheckCharacter(body)), "4.1", "南岸区"})
	}
	for _, r := range list {
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

func upload(p *testkit.Province, user string, file []byte) *testkit.Answer {
	return p.Client(user).Do("POST", "/api/v1/rosters?name=roster.xlsx", file, "Content-Type", workbook)
}

func TestRosters(t *testing.T) {
	send := func(user string, from int) func(*testing.T, *testkit.Province) *testkit.Answer {
		return func(t *testing.T, p *testkit.Province) *testkit.Answer { return upload(p, user, stockList(t, from, 3)) }
	}
	check(t, []Case{
		{Rule: "6a", Name: "依法设立的机构登记存量档案", Run: send("clerk-500108", 0)},
		{Rule: "6a", Name: "没有设立或授权依据的机构不能接收档案", Refused: true, Run: func(t *testing.T, p *testkit.Province) *testkit.Answer {
			found := agency.Agency{ID: "50010899", Name: "无依据机构", Short: "无", Kind: agency.Office, Parent: "500108", Region: "500108"}
			if _, err := p.Agencies.Found(t.Context(), founding.By, found); err != nil {
				t.Fatal(err)
			}
			m, _, err := p.Staff.Create(t.Context(), founding.By, staff.NewMember{Username: "clerk-50010899", Name: "秦无据", Agency: found.ID})
			if err == nil {
				_, err = p.Staff.Grant(t.Context(), founding.By, staff.Appointment{StaffID: m.ID, Post: staff.Clerk})
			}
			if err != nil {
				t.Fatal(err)
			}
			return upload(p, "clerk-50010899", stockList(t, 0, 1))
		}},
		{Rule: "2", Name: "库管不办花名册导入", Refused: true, Run: send("keeper-500108", 0)},
		{Rule: "2", Name: "不是工作簿的文件说明原因", Refused: true, Run: func(_ *testing.T, p *testkit.Province) *testkit.Answer {
			return upload(p, "clerk-500108", []byte("姓名,身份证号\n"))
		}},
	})
}

func TestARosterFromUploadToResult(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		clerk := p.Client("clerk-500108")
		a := upload(p, "clerk-500108", stockList(t, 0, 12))
		id := a.String("id")
		p.RunJobs()
		var v struct {
			State    string
			Progress struct {
				Phase  string
				Counts struct{ Accepted, Rejected int }
			}
			Counts struct{ Accepted int }
		}
		clerk.Get("/api/v1/rosters/" + id).JSON(&v)
		if v.Progress.Phase != "checked" || v.Progress.Counts.Accepted != 12 {
			t.Fatalf("checked: %+v", v)
		}
		if other := p.Client("clerk-500103").Get("/api/v1/rosters/" + id); other.Status != 404 {
			t.Errorf("another agency reads the import: %d", other.Status)
		}
		columns := map[string]any{"columns": []map[string]any{{"column": 4, "field": ""}}}
		if stale := clerk.Put("/api/v1/rosters/"+id+"/columns", columns, "If-Match", `"7"`); stale.Status != 409 {
			t.Errorf("a stale version is taken: %d", stale.Status)
		}
		clerk.Put("/api/v1/rosters/"+id+"/columns", columns, "If-Match", a.ETag()).OK()
		p.RunJobs()
		clerk.Get("/api/v1/rosters/" + id).JSON(&v)
		if v.Progress.Counts.Rejected != 12 {
			t.Errorf("without categories %d rows are to be corrected, want 12", v.Progress.Counts.Rejected)
		}
		if book := clerk.Get("/api/v1/rosters/" + id + "/errors"); book.Status != 200 || !bytes.HasPrefix(book.Body, []byte("PK")) {
			t.Errorf("error workbook: %d", book.Status)
		}
		columns["columns"] = []map[string]any{{"column": 4, "field": "category"}}
		clerk.Put("/api/v1/rosters/"+id+"/columns", columns).OK()
		clerk.Post("/api/v1/rosters/"+id+"/template", nil).OK()
		clerk.Post("/api/v1/rosters/"+id+"/start", map[string]string{"basis": "清册"}).OK()
		p.RunJobs()
		clerk.Get("/api/v1/rosters/" + id).JSON(&v)
		if v.State != "finished" || v.Counts.Accepted != 12 {
			t.Errorf("result: %+v", v)
		}
		var rows struct {
			Items []struct{ Outcome, Identity, Dossier string }
			Next  *int
		}
		clerk.Get("/api/v1/rosters/" + id + "/rows?show=all&limit=5").JSON(&rows)
		if len(rows.Items) != 5 || rows.Next == nil || rows.Items[0].Outcome != "accepted" || rows.Items[0].Dossier == "" || !bytes.Contains([]byte(rows.Items[0].Identity), []byte("***")) {
			t.Errorf("rows: %+v", rows)
		}
		if again := clerk.Post("/api/v1/rosters/"+id+"/start", map[string]string{}); again.Status != 403 {
			t.Errorf("started twice: %d", again.Status)
		}
		if list := clerk.Get("/api/v1/rosters"); !bytes.Contains(list.Body, []byte(id)) {
			t.Errorf("list: %s", list.Body)
		}
	})
}
