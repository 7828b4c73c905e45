package conformance

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/staff"
	"dangan/internal/testkit"
)

// cleared makes an account of 南岸 that may know of dossiers which touch secrets.
func cleared(t *testing.T, p *testkit.Province, post string) string {
	t.Helper()
	ctx := context.Background()
	name := "cleared-" + post
	hash, err := testkit.Passwords.Hash(testkit.Password)
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := p.Staff.Create(ctx, p.As("sysadmin-500000"), staff.NewMember{Username: name, Name: "涉密岗" + post, Agency: "50010801", PartyMember: true, Clearance: dossier.TopSecret, PasswordHash: hash})
	if err == nil {
		_, err = p.Staff.Grant(ctx, p.As("secadmin-500000"), staff.Appointment{StaffID: m.ID, Post: post, Reason: "涉密档案专人管理"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// mixed is a volume in which pieces up to a class lie beside open ones, each title of its own.
func mixed(p *testkit.Province, r *rand.Rand, most int) (dossier.Dossier, []dossier.Material) {
	var pieces []testkit.Piece
	for i := range 3 + r.IntN(5) {
		x := testkit.Piece{Class: []string{"1", "3", "4-1", "4-2", "7", "9-2", "10"}[r.IntN(7)], Title: fmt.Sprintf("题名%d号%s", i, unique()), Pages: 40 + i, Scans: r.IntN(3)}
		switch r.IntN(3) {
		case 0:
			x.Secrecy = 1 + r.IntN(most)
		case 1:
			x.Scans++
		}
		pieces = append(pieces, x)
	}
	pieces = append(pieces, testkit.Piece{Class: "4-1", Title: "必有的公开材料" + unique(), Pages: 39, Scans: 1}, testkit.Piece{Class: "4-1", Title: "涉密的材料" + unique(), Pages: 97, Scans: 1, Secrecy: most})
	return testkit.Volume(p, "50010801", int(person.Add(1)), func(d *dossier.Dossier) { d.Secrecy = most }, pieces...)
}

// narrowed is a grant by an approver: all of it, some classes, or some pieces.
func narrowed(r *rand.Rand, list []dossier.Material) (map[string]any, func(dossier.Material) bool) {
	g := map[string]any{"kind": "whole", "minutes": 60, "pages": 100}
	open := func(m dossier.Material) bool { return m.Secrecy == 0 }
	switch r.IntN(3) {
	case 1:
		classes := []string{"4-1"}
		for _, c := range []string{"1", "3", "7"} {
			if r.IntN(2) == 0 {
				classes = append(classes, c)
			}
		}
		g["kind"], g["list"], g["reason"] = "classes", classes, "只需核实所列各类"
		return g, func(m dossier.Material) bool { return open(m) && slices.Contains(classes, m.Class) }
	case 2:
		ids := []string{list[len(list)-2].ID}
		for _, m := range list[:len(list)-2] {
			if open(m) && r.IntN(2) == 0 {
				ids = append(ids, m.ID)
			}
		}
		g["kind"], g["list"], g["reason"] = "materials", ids, "只需核实所列材料"
		return g, func(m dossier.Material) bool { return slices.Contains(ids, m.ID) }
	}
	return g, open
}

// 15, 21.3: whatever lies beside it and whatever was granted, readers get the open
// pieces of the grant and learn nothing of the others: no page, title, number, count.
func TestReadersLearnNothingOfClosedPieces(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		clerk, reviewer, keeper, head := cleared(t, p, "clerk"), cleared(t, p, "reviewer"), cleared(t, p, "keeper"), cleared(t, p, "head")
		for seed := range uint64(12) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 15))
				p := p.In(t)
				// What touches state secrets is read on paper only (21b); beside a work secret the screen shows the open pieces.
				way, most := "digital", dossier.WorkSecret
				if seed%2 == 1 {
					way, most = "paper", dossier.TopSecret
				}
				d, list := mixed(p, r, most)
				c := consultation{p, p.Client(clerk).Post("/api/v1/consultations", form(d.ID, with("way", way))).String("id")}
				c.post(clerk, "/submit", nil).OK()
				c.post(clerk, "/check", nil).OK()
				grant, open := narrowed(r, list)
				c.post(reviewer, "/approve", grant).OK()
				c.post(head, "/confirm", nil).OK()
				if way == "paper" {
					p.Client(keeper).Post("/api/v1/custody/dossiers/"+d.ID+"/pull", map[string]any{"packet": "intact"}).OK()
				}
				var v struct{ Readers []struct{ ID string } }
				p.Client(clerk).Get(c.path("")).JSON(&v)
				c.post(keeper, "/reading", map[string]any{"readers": []string{v.Readers[0].ID, v.Readers[1].ID}}).OK()
				shows(t, p.Client(keeper), c, list, open, way == "digital")
			})
		}
	})
}

// shows holds the reading view and its pages to what is open; on paper no page comes to the screen.
func shows(t *testing.T, keeper *testkit.Client, c consultation, list []dossier.Material, open func(dossier.Material) bool, screen bool) {
	t.Helper()
	a := keeper.Get(c.path("/reading"))
	var view struct {
		Materials []struct {
			ID     string
			Leaves []int64
		}
	}
	a.JSON(&view)
	told := map[string]int{}
	for _, m := range view.Materials {
		told[m.ID] = len(m.Leaves)
	}
	opened := 0
	for _, m := range list {
		leaves, there := told[m.ID]
		if open(m) {
			if opened++; !there || leaves != int(m.Images) {
				t.Errorf("open %s %s: listed %v, %d of %d pages", m.Class, m.Title, there, leaves, m.Images)
			}
		} else if there || strings.Contains(string(a.Body), m.Title) || strings.Contains(string(a.Body), fmt.Sprintf(`"pages":%d,`, m.Pages)) {
			t.Errorf("closed %s %s (secrecy %d) is told in %s", m.Class, m.Title, m.Secrecy, a.Body)
		}
		for no := range m.Images {
			page := keeper.Get(c.path(fmt.Sprintf("/reading/pages/%s/%d", m.ID, no+1)))
			switch {
			case screen && open(m) && (page.Status != http.StatusOK || page.Header.Get("Content-Type") != "image/jpeg"):
				t.Errorf("page %d of open %s answered %d: %s", no+1, m.Title, page.Status, page.Body)
			case (!screen || !open(m)) && (page.Status != http.StatusForbidden || strings.Contains(string(page.Body), m.Title)):
				t.Errorf("page %d of closed %s (secrecy %d) answered %d: %.80s", no+1, m.Title, m.Secrecy, page.Status, page.Body)
			}
		}
	}
	if len(told) != opened {
		t.Errorf("%d pieces listed, %d are open", len(told), opened)
	}
	// What was read is on record, and nothing else.
	var after struct {
		Read []struct{ Class, Title string }
	}
	keeper.Get(c.path("")).JSON(&after)
	for _, line := range after.Read {
		at := slices.IndexFunc(list, func(m dossier.Material) bool { return m.Title == line.Title })
		if _, known := codes.FindClass(line.Class); at < 0 || !known || !open(list[at]) {
			t.Errorf("%s %s is on the record of what was read", line.Class, line.Title)
		}
	}
}
