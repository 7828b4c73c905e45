package random

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/person"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// homes are the agencies and authorities that the walkers work for: no walk closes them.
var homes = []string{"50010801", "50010301", "50000001", "500108", "500103", "500000"}

// tables hold what the ids in paths name, where the path does not say it.
var tables = map[string]string{"custody": "dossier", "filing": "filing_batch", "material-sittings": "sitting", "holds": "legal_hold", "ledger": "ledger_check", "rosters": "roster_import",
	"standing": "person_case", "unclear": "unclear_packet", "entries": "fact"}

// tableOf is the table of a path's first part: "agency_change" of "agency-changes"; "" where
// there is none.
func tableOf(segment string) string {
	if table := tables[segment]; table != "" {
		return table
	}
	name := strings.ReplaceAll(segment, "-", "_")
	all := store.TablesOf(store.Audited)
	for _, one := range []string{strings.TrimSuffix(name, "ies") + "y", strings.TrimSuffix(name, "es"), strings.TrimSuffix(name, "s"), name} {
		if slices.Contains(all, one) {
			return one
		}
	}
	return ""
}

// world is what a walk may name: ids by the segment of their path, and values by the name
// under which they are sent, taken from the rows of the province.
type world struct {
	p       *testkit.Province
	ids     map[string][]string
	values  map[string][]string            // everywhere
	own     map[string]map[string][]string // by table
	page    map[string][]string            // on the page just looked at
	table   string                         // of the case at hand
	numbers []string                       // identity numbers of persons with a dossier
	names   map[string]string
	heads   map[string][]string // columns by table
	fresh   int                 // made-up persons not met so far
	rand    *rand.Rand
}

// below draws evenly, as rapid's own draws do not: they lean to the first and the least,
// which finds short examples, and here would ever name the same agency.
func (w *world) below(n int) int { return w.rand.IntN(n) }

// survey reads the province's rows.
func survey(t *testing.T, p *testkit.Province) *world {
	t.Helper()
	w := &world{p: p, values: map[string][]string{}, names: map[string]string{}, heads: map[string][]string{}, own: map[string]map[string][]string{}, fresh: 12000}
	persons, err := store.List[person.Person](t.Context(), p.DB, "ORDER BY id LIMIT 400")
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range persons {
		w.numbers = append(w.numbers, x.IDNo)
		w.names[x.IDNo] = x.Name
	}
	for _, table := range store.TablesOf(store.Audited) {
		w.columns(t, table)
	}
	return w
}

// columns remembers what stands in the columns of a table, under the names of the API.
func (w *world) columns(t *testing.T, table string) {
	t.Helper()
	rows, err := w.p.DB.Query(t.Context(), "SELECT * FROM "+table+" LIMIT 300")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	heads, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	w.heads[table], w.own[table] = heads, map[string][]string{}
	cells := make([]any, len(heads))
	for i := range cells {
		cells[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		for i, head := range heads {
			if s, ok := (*cells[i].(*any)).(string); ok && s != "" && len(s) < 200 {
				see(w.values, camel(head), s)
				see(w.own[table], camel(head), s)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func see(values map[string][]string, name, value string) {
	if list := values[name]; len(list) < 60 && !slices.Contains(list, value) {
		values[name] = append(list, value)
	}
}

// look remembers what a page says, by name.
func (w *world) look(page any, name string) {
	switch v := page.(type) {
	case map[string]any:
		for key, x := range v {
			w.look(x, key)
		}
	case []any:
		for _, x := range v {
			w.look(x, name)
		}
	case string:
		if v != "" && len(v) < 200 {
			see(w.page, name, v)
		}
	}
}

// learn reads the newest and the oldest ids anew, where the walkers have something to do.
func (w *world) learn(t *testing.T, segments []string) {
	t.Helper()
	w.ids = map[string][]string{}
	for _, segment := range segments {
		table := tableOf(segment)
		if table == "" {
			continue
		}
		var near []string
		for _, column := range []string{"agency", "holder", "receiver"} {
			if slices.Contains(w.heads[table], column) {
				near = append(near, column+" IN ('50010801','50010301','50000001')")
			}
		}
		where := ""
		if len(near) > 0 {
			where = "WHERE " + strings.Join(near, " OR ")
		}
		for _, query := range []string{
			"SELECT id FROM " + table + " " + where + " ORDER BY id DESC LIMIT 60",
			"SELECT id FROM " + table + " " + where + " ORDER BY id LIMIT 30",
			"SELECT id FROM " + table + " ORDER BY id LIMIT 20",
		} {
			rows, err := w.p.DB.Query(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var id string
				if err := rows.Scan(&id); err != nil {
					t.Fatal(err)
				}
				if !slices.Contains(homes, id) {
					w.ids[segment] = append(w.ids[segment], id)
				}
			}
			if err := rows.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// fill replaces the parameters of a path.
func (w *world) fill(o operation, id string) string {
	parts := strings.Split(o.path, "/")
	for i, part := range parts {
		switch {
		case part == "{id}" || part == "{code}" || part == "{entry}":
			parts[i] = id
		case strings.HasPrefix(part, "{"):
			parts[i] = w.draw(o.choices[strings.Trim(part, "{}")], "x")
		}
	}
	return strings.Join(parts, "/")
}

// body draws what an operation is sent.
func (w *world) body(d *document, name string, s *schema) any {
	s = d.resolve(s)
	if len(s.Enum) > 0 {
		return s.Enum[w.below(len(s.Enum))]
	}
	switch s.kind() {
	case "object":
		return w.object(d, s)
	case "array":
		list := []any{}
		for range w.below(4) {
			list = append(list, w.body(d, name, s.Items))
		}
		return list
	case "boolean":
		return w.below(4) > 0 && (name != "secret" || w.below(10) == 0)
	case "integer", "number":
		switch name {
		case "year":
			return 1990 + w.below(36)
		case "secrecy":
			return 0
		}
		return 1 + w.below(12)
	case "string":
		text := []rune(w.text(name))
		if s.MaxLength > 0 && len(text) > s.MaxLength {
			text = text[:s.MaxLength]
		}
		return string(text)
	}
	return map[string]any{}
}

func (w *world) object(d *document, s *schema) map[string]any {
	out, more := map[string]any{}, w.below(4) // from none of what is optional to most of it
	for _, name := range sorted(s.Properties) {
		required := false
		for _, r := range s.Required {
			required = required || r == name
		}
		if name != "$schema" && (required || w.below(4) < more) {
			out[name] = w.body(d, name, s.Properties[name])
		}
	}
	if number, ok := out["idNo"].(string); ok && out["name"] != nil {
		out["name"] = w.nameOf(number)
	}
	return out
}

// nameOf is the name to an identity number.
func (w *world) nameOf(number string) string {
	if n := w.names[number]; n != "" {
		return n
	}
	return testkit.Name(w.fresh)
}

// text draws a text for a name: a date, an id, a number, or what stands in such a column.
func (w *world) text(name string) string {
	switch {
	case strings.HasSuffix(strings.ToLower(name), "idno"):
		if w.below(2) == 0 {
			return w.draw(w.numbers, "")
		}
		w.fresh++
		return testkit.IDNo(w.fresh)
	case name == "dossierId" || name == "materialId" || name == "batch" || name == "list" || name == "graduate" || name == "replaces":
		segment := map[string]string{"dossierId": "dossiers", "materialId": "materials", "batch": "graduate-batches", "list": "graduate-lists", "graduate": "graduates", "replaces": "certificates"}[name]
		return w.draw(w.ids[segment], "")
	case name == "holder" || name == "receiver" || name == "agency" || name == "passTo" || name == "successor":
		return w.draw(homes[:3], "")
	case name == "formed":
		return w.draw([]string{"2019-06", "2020-05-11", "2021"}, "")
	case name == "workerAddress":
		return "13900000000"
	case w.table == "unit_account" && name == "why":
		return w.draw([]string{account.Asked, account.Deregistered, account.Unreachable}, "")
	case w.table == "unit_account" && name == "way":
		return w.draw(account.Ways, "")
	case name == "zone":
		return "01-" + string(rune('A'+w.below(26)))
	case name == "tiePlace":
		return "500108"
	case name == "from" || name == "to":
		return w.draw([]string{"2001-09", "2005-07", "2013-07", "2020-01"}, "")
	case name == "on" || strings.HasSuffix(name, "On") || name == "due" || strings.HasSuffix(name, "Until") || name == "until" || name == "cureBy":
		days := -w.below(4)
		if name == "due" || strings.HasSuffix(strings.ToLower(name), "until") || name == "cureBy" {
			days = 1 + w.below(60)
		}
		return calendar.Of(w.p.Clock.Now()).AddDays(days).String()
	}
	if strings.HasSuffix(name, "Code") || strings.HasSuffix(name, "Uscc") {
		name = "employerUscc"
	}
	for _, list := range [][]string{w.page[name], w.own[w.table][name], w.values[name]} {
		if len(list) > 0 && w.below(10) < 8 {
			return w.draw(list, "")
		}
	}
	return "演示：" + name
}

func (w *world) draw(from []string, otherwise string) string {
	if len(from) == 0 {
		return otherwise
	}
	return from[w.below(len(from))]
}

// camel turns a column's name into the API's.
func camel(column string) string {
	head, rest, _ := strings.Cut(column, "_")
	for rest != "" {
		var part string
		part, rest, _ = strings.Cut(rest, "_")
		head += strings.ToUpper(part[:1]) + part[1:]
	}
	return head
}
