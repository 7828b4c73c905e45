package conformance

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// idsOf says in which table the ids of a path are, so that few are asked for. An operation
// whose path is not here is asked for everything there is about the concealed dossier.
var idsOf = map[string]string{
	"/agencies/{code}": "agency", "/certificates/{id}": "certificate", "/consultations/{id}": "consultation", "/custody/dossiers/{id}": "dossier", "/death-handovers/{id}": "death_handover",
	"/deaths/{id}": "death", "/retirements/{id}": "retirement", "/retirements/terms/{id}": "dossier", "/retirement-lists/{id}": "retirement_list", "/deliveries/{id}": "delivery", "/documents/{id}": "document", "/dossiers/{id}": "dossier", "/filing/batches/{id}": "filing_batch", "/graduate-batches/{id}": "graduate_batch",
	"/graduate-lists/{id}": "graduate_list", "/graduates/{id}": "graduate", "/holds/{id}": "legal_hold", "/loans/{id}": "loan", "/mandates/{id}": "mandate", "/ledger/checkpoints/{size}": "0", "/ledger/checks/{id}": "ledger_check", "/ledger/entries/{entry}": "ledger_entry",
	"/materials/{id}": "material", "/material-sittings/{id}": "sitting", "/pages/{id}": "page", "/rosters/{id}": "roster_import", "/staff/{id}": "staff", "/standing/{id}": "person_case", "/transfers/{id}": "transfer", "/unclear/{id}": "unclear_packet",
	"/secrecy-changes/{id}": "secrecy_change", "/codes/{list}": "kin", "/registers/{key}": "*registers",
	"/requester/consents/{id}": "consent", "/portal/consents/{id}": "consent",
}

// getter is one GET of the OpenAPI document.
type getter struct {
	path, id string
	params   []struct {
		Name, In string
		Required bool
		Schema   struct {
			Type  any
			Enum  []any
			Items struct{ Enum []any }
		}
	}
}

// getters reads them from the province's own document, so that a new one is covered
// with the day it is there.
func getters(t *testing.T, p *testkit.Province) []getter {
	t.Helper()
	var doc struct {
		Paths map[string]struct {
			Get *struct {
				OperationID string
				Parameters  json.RawMessage
			}
		}
	}
	p.Client("").Get("/api/openapi.json").JSON(&doc)
	var out []getter
	for path, item := range doc.Paths {
		if item.Get == nil {
			continue
		}
		o := getter{path: path, id: item.Get.OperationID}
		if len(item.Get.Parameters) > 0 {
			if err := json.Unmarshal(item.Get.Parameters, &o.params); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, o)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].path < out[j].path })
	if len(out) < 80 {
		t.Fatalf("only %d operations in the document", len(out))
	}
	return out
}

// world is a province with what its questions are filled with.
type world struct {
	p       *testkit.Province
	shown   dossier.Dossier     // everybody in the house sees it
	secret  dossier.Dossier     // who is not cleared must not learn of it
	words   []string            // what to search for: names and numbers of both
	ids     map[string][]string // of each table: of the secret, then of the shown
	foreign bool                // the secret's ids are another province's
}

// fill gives the values of one path parameter.
func (w *world) fill(o getter) []string {
	prefix := regexp.MustCompile(`^/api/v1(/.*?\{[^}]+\})`).FindStringSubmatch(o.path)
	table, known := idsOf[prefix[1]]
	if !known {
		return w.ids["*"]
	}
	if table == "*registers" {
		var out []string
		for _, r := range w.p.Registers.Offered(policy.Actor{Kind: policy.Staff, Posts: staff.Posts, Reach: []string{"50010801"}}) {
			out = append(out, r.Key)
		}
		return out
	}
	if ids, there := w.ids[table]; there {
		return ids
	}
	return []string{table}
}

// questions are the addresses to ask of one operation.
func (w *world) questions(o getter) []string {
	paths := []string{o.path}
	for strings.Contains(paths[0], "{") {
		at := paths[0][strings.Index(paths[0], "{") : strings.Index(paths[0], "}")+1]
		values := []string{"1"}
		if at == o.path[strings.Index(o.path, "{"):strings.Index(o.path, "}")+1] {
			values = w.fill(o)
		} else if at == "{material}" {
			values = w.ids["material"]
		}
		var next []string
		for _, path := range paths {
			for _, v := range values {
				next = append(next, strings.Replace(path, at, v, 1))
			}
		}
		paths = next
	}
	must, more := url.Values{}, []url.Values{}
	value := func(name string) []string {
		switch name {
		case "from":
			return []string{"2026-01-01"}
		case "until", "to", "on", "effectiveOn":
			return []string{"2026-12-31"}
		case "dossier":
			return []string{w.secret.ID, w.shown.ID}
		case "subject":
			return []string{"Dossier:" + w.secret.ID, "Dossier:" + w.shown.ID}
		case "case":
			return []string{"Dossier:" + w.secret.ID, "Dossier:" + w.shown.ID}
		case "agency":
			return []string{"50010801"}
		case "q", "number", "no":
			return w.words
		case "code", "kind", "state", "category", "account", "place", "view", "merit", "mine", "sort", "lane", "list", "school", "overdue", "ready", "show", "download", "side", "due", "successor", "order":
			return nil
		}
		return nil
	}
	for _, x := range o.params {
		if x.In != "query" {
			continue
		}
		values := value(x.Name)
		for _, v := range append(x.Schema.Enum, x.Schema.Items.Enum...) {
			values = append(values, fmt.Sprint(v))
		}
		if x.Schema.Type == "boolean" {
			values = append(values, "true")
		}
		if x.Required {
			first := "x"
			if len(values) > 0 {
				first = values[0]
			}
			must.Set(x.Name, first)
			values = values[min(1, len(values)):]
		}
		for _, v := range values {
			more = append(more, url.Values{x.Name: {v}})
		}
	}
	if strings.HasSuffix(o.path, ".xlsx") || strings.Contains(o.path, "{id}") { // of exports five a minute are given
		more = nil
	}
	var out []string
	for _, path := range paths {
		for _, q := range append([]url.Values{{}}, more...) {
			for name, v := range must {
				if !q.Has(name) {
					q[name] = v
				}
			}
			if len(q) > 0 {
				out = append(out, path+"?"+q.Encode())
			} else {
				out = append(out, path)
			}
		}
	}
	return out
}

var (
	anyID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyHash = regexp.MustCompile(`[0-9a-f]{32,}|[A-Za-z0-9+/]{43,}={0,2}`)
	anyCode = regexp.MustCompile(`"(code|voucher)":"[0-9A-Z-]{8,}"|secret[=":]+[A-Z2-7]{32}`)
	// The number of an act counts all acts of the province, whoever did what.
	anyAct = regexp.MustCompile(`"(ord|number|next)":"?\d+"?`)
)

// said is an answer with what differs between any two provinces taken out.
func said(a *testkit.Answer) string {
	body := a.Body
	switch kind := a.Header.Get("Content-Type"); {
	case strings.Contains(kind, "spreadsheet"):
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			return fmt.Sprint(a.Status, err)
		}
		body = nil
		for _, f := range z.File {
			if !strings.Contains(f.Name, "sheet") && !strings.Contains(f.Name, "sharedStrings") {
				continue
			}
			if r, err := f.Open(); err == nil {
				raw, _ := io.ReadAll(r)
				body = append(body, raw...)
			}
		}
	case strings.Contains(kind, "pdf"), strings.Contains(kind, "jpeg"):
		body = []byte(kind)
	}
	s := anyAct.ReplaceAllString(string(body), "N")
	s = anyCode.ReplaceAllString(anyHash.ReplaceAllString(anyID.ReplaceAllString(s, "U"), "H"), "C")
	return fmt.Sprintf("%d %s %s", a.Status, a.Header.Get("Content-Type"), s)
}

// hear asks everything as one account. Lists first, then what is named by id: a look at
// what is there is itself on record.
func (w *world) hear(ops []getter, who string) map[string]string {
	out := map[string]string{}
	c, searches := w.p.Client(who), 0
	for _, byID := range []bool{false, true} {
		for _, o := range ops {
			if strings.Contains(o.path, "{") != byID || strings.HasPrefix(o.path, "/api/v1/verify") && who != "" {
				continue
			}
			for n, path := range w.questions(o) {
				// So many searches a minute are given (api/limit.go), by each server for itself.
				if strings.Contains(path, "q=") {
					searches++
				}
				if searches == 200 {
					c, searches = c.At(w.p.Serve().URL), 0
				}
				out[fmt.Sprintf("%s #%02d", o.path, n)] = path + "\n" + said(c.Get(path))
			}
		}
	}
	return out
}

// equal holds what one account hears in two provinces to be the same, byte by byte.
func equal(t *testing.T, who string, a, b map[string]string, except ...string) {
	t.Helper()
	for key, x := range a {
		y, there := b[key]
		_, x, _ = strings.Cut(x, "\n")
		path, y, _ := strings.Cut(y, "\n")
		if x == y && there || slices.ContainsFunc(except, func(e string) bool { return strings.HasPrefix(key, e) }) {
			continue
		}
		i := 0
		for i < len(x) && i < len(y) && x[i] == y[i] {
			i++
		}
		t.Errorf("%s hears of it at %s (%s)\n one: …%.300s\ntwo: …%.300s", who, key, path, x[max(0, min(i-60, len(x))):], y[max(0, min(i-60, len(y))):])
	}
	if len(a) < 150 || len(a) != len(b) {
		t.Errorf("%s asked %d and %d questions", who, len(a), len(b))
	}
}

// uncleared are accounts of every post, in the house, over it and beside it.
func uncleared(p *testkit.Province) []string {
	rows, err := p.DB.Query(context.Background(), "SELECT username FROM staff WHERE clearance=0 AND (agency='50010801' OR agency='500108' AND username LIKE 'supervisor%' OR agency='500000' AND username NOT LIKE 'sysadmin%') ORDER BY username")
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			panic(err)
		}
		out = append(out, s)
	}
	return out
}

// gather collects the ids of every table: those about the secret dossier of `of`, and the
// first ones of the others.
func (w *world) gather(t *testing.T, of *world) {
	w.ids = map[string][]string{}
	for _, table := range append(store.TablesOf(store.Audited), "ledger_entry", "ledger_check") {
		if table != "agency" && !has(of.p, table, "id") {
			continue
		}
		column, limit := "id", "1"
		if table == "material" || table == "page" {
			limit = "3"
		}
		if table == "agency" {
			w.ids[table] = []string{"50010801", "500108"}
			continue
		}
		read := func(p *testkit.Province, where string, args ...any) []string {
			rows, err := p.DB.Query(context.Background(), "SELECT "+column+" FROM "+table+" WHERE "+where+" ORDER BY id LIMIT "+limit, args...)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			var out []string
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					t.Fatal(err)
				}
				out = append(out, s)
			}
			return out
		}
		secret, rest := "1=0", "1=1"
		var args, none []any
		switch {
		case table == "dossier":
			secret, rest, args = "id=?", "id<>?", []any{of.secret.ID}
		case has(of.p, table, "dossier_id"):
			secret, rest, args = "dossier_id=?", "coalesce(dossier_id,'')<>?", []any{of.secret.ID}
		}
		if args != nil {
			none = []any{w.secret.ID}
		}
		if about := read(of.p, secret, args...); len(about) > 0 {
			w.ids["*"] = append(w.ids["*"], about[0])
		}
		if w.ids[table] = append(read(of.p, secret, args...), read(w.p, rest, none...)...); len(w.ids[table]) == 0 {
			w.ids[table] = []string{"01a218a6-0000-7000-8000-000000000000"} // asked all the same
		}
	}
}

func has(p *testkit.Province, table, column string) bool {
	rows, err := p.DB.Query(context.Background(), "SELECT "+column+" FROM "+table+" WHERE 1=0")
	return err == nil && rows.Close() == nil
}

// concealed makes a province with a dossier that a class conceals, and with every kind of
// case about it that cleared people have opened; level 0: without that dossier.
func concealed(t *testing.T, level int) *world {
	p := testkit.New(t, store.SQLite)
	w := &world{p: p}
	w.shown, _ = testkit.Volume(p, "50010801", 1, nil, testkit.Piece{Class: "4-1", Title: "高等学校毕业生登记表", Pages: 2, Scans: 2}, testkit.Piece{Class: "9-2", Title: "劳动合同书", Pages: 6})
	posts := map[string]string{}
	for _, post := range []string{"clerk", "reviewer", "keeper", "head"} {
		posts[post] = cleared(t, p, post)
	}
	w.words = []string{testkit.Name(1), w.shown.No, testkit.IDNo(1), testkit.Name(7), "50010801-2019-000008", testkit.IDNo(7)}
	if level == dossier.Open {
		return w
	}
	var list []dossier.Material
	w.secret, list = testkit.Volume(p, "50010801", 7, func(d *dossier.Dossier) { d.Secrecy = level }, testkit.Piece{Class: "4-1", Title: "高等学校毕业生登记表", Pages: 2, Scans: 2},
		testkit.Piece{Class: "10", Title: fmt.Sprintf("机密事项%d", level), Pages: 10 + level, Scans: 1, Secrecy: level})
	id := w.secret.ID
	clerk, reviewer, keeper := p.Client(posts["clerk"]), p.Client(posts["reviewer"]), p.Client(posts["keeper"])
	clerk.Post("/api/v1/dossiers/"+id+"/materials", piece("劳动合同书", nil)).OK()
	clerk.Post("/api/v1/dossiers/"+id+"/materials", piece("", map[string]any{"secrecy": max(level, dossier.Secret), "class": "10"})).OK()
	clerk.Post("/api/v1/consultations", form(id, with("way", "paper"))).OK()
	clerk.Post("/api/v1/loans", borrowing(id)) // of a work secret; a state secret is not lent
	clerk.Post("/api/v1/dossiers/"+id+"/holds", court(nil)).OK()
	clerk.Post("/api/v1/deaths", j{"dossierId": id, "diedOn": "2026-11-01", "evidence": "certificate", "evidenceNo": "居民死亡医学证明 1 号", "informant": "亲属", "relation": "配偶"})
	clerk.Post("/api/v1/dossiers/"+id+"/catalog", j{})
	clerk.Post("/api/v1/dossiers/"+id+"/secrecy/lower", j{"materialId": list[1].ID, "to": "normal", "reason": "定密期限届满", "organ": "南岸区保密局（演示）", "docName": "解密通知", "docNo": "南密〔2026〕1号", "docOn": "2026-11-20"}).OK()
	reviewer.Post("/api/v1/materials/"+list[0].ID+"/corrections", j{"proposed": j{"title": "高等学校毕业生登记表", "class": "4-1", "copies": 1, "pages": 3}, "reason": "漏计一页", "basis": "原件"}).OK()
	keeper.Post("/api/v1/custody/dossiers/"+id+"/pull", j{})
	clerk.Post("/api/v1/inquiries", j{"idNo": testkit.IDNo(7)})
	return w
}

// 15: who is not cleared hears the same of a province whether a classified dossier is there
// or not, and whatever its class: in counts, searches, lists, registers, exports, errors,
// time lines. Only the ledger counts every act of the province, whoever asks: it has no
// names and no class.
func TestAConcealedDossierLeavesNoTrace(t *testing.T) {
	t.Parallel()
	var absent, work, top *world
	var wait sync.WaitGroup
	for level, to := range map[int]**world{dossier.Open: &absent, dossier.WorkSecret: &work, dossier.TopSecret: &top} {
		wait.Go(func() { *to = concealed(t, level) })
	}
	if wait.Wait(); t.Failed() {
		return
	}
	absent.secret = work.secret
	absent.foreign = true
	for _, w := range []*world{absent, work, top} {
		of := w
		if w.foreign {
			of = work
		}
		w.gather(t, of)
	}
	ops := getters(t, work.p)
	for _, who := range append(uncleared(work.p), "") {
		except := []string{"/api/v1/ledger"}
		if strings.HasPrefix(who, "auditor") {
			except = append(except, "/api/v1/timeline") // sees that something was done, and not of what class
		}
		var one, two, three map[string]string
		wait.Go(func() { one = work.hear(ops, who) })
		wait.Go(func() { three = absent.hear(ops, who) })
		if who == "head-500108" || who == "supervisor-500108" { // the first of their kind
			wait.Go(func() { two = top.hear(ops, who) })
		}
		wait.Wait()
		equal(t, who, one, three, except...)
		if two != nil {
			equal(t, who, one, two, "/api/v1/ledger", "/api/v1/timeline", "/api/v1/dossiers/{id}")
		}
	}
}

// withheldIn makes a province with a dossier everybody sees, one material of which is
// closed to some.
func withheldIn(t *testing.T, guard, title string) *world {
	p := testkit.New(t, store.SQLite)
	w := &world{p: p}
	var list []dossier.Material
	w.shown, list = testkit.Volume(p, "50010801", 1, nil, testkit.Piece{Class: "4-1", Title: "高等学校毕业生登记表", Pages: 2, Scans: 2}, testkit.Piece{Class: "9-2", Title: title, Pages: 6, Scans: 2})
	w.secret, w.words = w.shown, []string{testkit.Name(1), title}
	head, reviewer := p.Client("head-500108"), p.Client("reviewer-500108")
	reviewer.Post("/api/v1/dossiers/"+w.shown.ID+"/secrecy/raise", j{"materialId": list[1].ID, "to": guard, "reason": "形成单位要求"}).OK()
	head.Post("/api/v1/dossiers/"+w.shown.ID+"/secrecy/lower", j{"materialId": list[1].ID, "to": "normal", "reason": "已公开", "organ": "云岫智能（演示）有限公司", "docName": "函", "docNo": "1号", "docOn": "2026-11-20"}).OK()
	reviewer.Post("/api/v1/dossiers/"+w.shown.ID+"/periods", j{"kind": "work", "from": "2013-07", "unit": title + "的签订单位", "source": j{"materialId": list[1].ID, "page": 1}}).OK()
	w.gather(t, w)
	return w
}

// 15: a material that is closed to who looks is the same neutral line whatever its class
// and whatever it says.
func TestWithheldMaterialsLookAlike(t *testing.T) {
	t.Parallel()
	compare := func(one, two *world, which func(post string) bool) {
		two.words = one.words
		ops := getters(t, one.p)
		for _, who := range uncleared(one.p) {
			if post, _, _ := strings.Cut(who, "-"); which(post) {
				var a, b map[string]string
				var wait sync.WaitGroup
				wait.Go(func() { a = one.hear(ops, who) })
				wait.Go(func() { b = two.hear(ops, who) })
				wait.Wait()
				equal(t, who, a, b)
			}
		}
	}
	// Who decides of a material knows what it is; clerks know of what is private.
	compare(withheldIn(t, "trade", "技术秘密入股协议"), withheldIn(t, "privacy", "劳动能力鉴定结论"), func(post string) bool { return slices.Contains([]string{"keeper", "scanner", "supervisor"}, post) })
	compare(withheldIn(t, "trade", "技术秘密入股协议"), withheldIn(t, "trade", "客户名单保密协议"), func(post string) bool { return post == "clerk" })
}
