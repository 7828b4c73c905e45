package random

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/testkit"

	"pgregory.net/rapid"
)

// never are questions to which no row may answer, with what it would mean. A dossier is in
// exactly one custody (2, 6b, 16b).
var never = map[string]string{
	"a dossier's place and state disagree": `SELECT id FROM dossier WHERE (place='transit' AND state NOT IN ('in_transit','arriving')) OR (state='in_transit' AND place<>'transit') OR (place='outside' AND state NOT IN ('left','lent')) OR (state='lent' AND place<>'outside') OR (place='joined')<>(merged_into IS NOT NULL)
		OR (state='in_store' AND place NOT IN ('store','window','arranging'))`,
	"a dossier is not where its last handover put it": `SELECT d.id FROM dossier d JOIN custody_event e ON e.dossier_id=d.id
		WHERE e.id=(SELECT max(x.id) FROM custody_event x WHERE x.dossier_id=d.id) AND e.to_place<>d.place`,
	"a dossier has no handover at all": `SELECT d.id FROM dossier d WHERE NOT EXISTS (SELECT 1 FROM custody_event e WHERE e.dossier_id=d.id)`,
	"two open transfers bind one dossier": `SELECT dossier_id FROM transfer WHERE dossier_id IS NOT NULL AND state NOT IN ('closed','not_sent','withdrawn','expired','returned')
		GROUP BY dossier_id HAVING count(*)>1`,
	"a dossier is on the way and nobody sent it": `SELECT d.id FROM dossier d WHERE d.state='in_transit' AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.dossier_id=d.id AND t.state IN ('in_transit','missing','awaiting','checking'))
		AND NOT EXISTS (SELECT 1 FROM death x JOIN death_handover h ON h.id=x.handover_id WHERE x.dossier_id=d.id)`,
	"a transfer under its clock has no end":                 `SELECT id FROM transfer WHERE state IN ('registered','pulled','approved','packed') AND due_on IS NULL`,
	"a material on its way to the file has no end":          `SELECT id FROM material WHERE state IN ('received','appraising','curing','to_file') AND coalesce(decision,'')<>'file' AND due_on IS NULL AND paused_on IS NULL`,
	"a supplement is owed without an end":                   `SELECT id FROM supplement WHERE state='open' AND due_on IS NULL`,
	"a dead person is waited for to promise":                `SELECT t.id FROM transfer t JOIN death x ON x.dossier_id=t.dossier_id WHERE t.state='promising' AND x.state IN ('kept','retained','listed','sent','handed')`,
	"a graduate is told to come for what is kept elsewhere": `SELECT g.id FROM graduate g JOIN dossier d ON d.id=g.dossier_id WHERE g.state='unclaimed' AND (d.agency<>g.agency OR d.state='left')`,
	"a hold is in force of who does not keep the dossier":   `SELECT h.id FROM legal_hold h JOIN dossier d ON d.id=h.dossier_id WHERE h.state IN ('active','lifting') AND (h.agency<>d.agency OR d.state='left')`,
	"a person is reminded of one day twice a day": `SELECT min(id) FROM message WHERE template IN ('supplement','lapsed') AND state<>'replaced' AND dossier_id IS NOT NULL
		GROUP BY dossier_id, template, text, (created_at+28800000000)/86400000000 HAVING count(*)>1`,
	"a fault is open of a packet whose case ended": `SELECT t.id FROM transfer t LEFT JOIN transfer_fault f ON f.transfer_id=t.id AND f.closed_on IS NULL
		WHERE t.state IN ('closed','not_sent','withdrawn','expired','returned') AND (t.fault IS NOT NULL OR f.id IS NOT NULL) OR (t.fault IS NULL)<>(f.id IS NULL)`,
	"a list waits for nobody": `SELECT l.id FROM transfer_list l WHERE l.state IN ('open','packed','sent')
		AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.list_id=l.id AND t.state NOT IN ('closed','not_sent','withdrawn','expired','returned'))`,
	"an ended list is waited for":          `SELECT l.id FROM transfer_list l WHERE l.state IN ('done','ended') AND EXISTS (SELECT 1 FROM transfer t WHERE t.list_id=l.id AND t.state NOT IN ('closed','not_sent','withdrawn','expired','returned'))`,
	"a packet is out in two rooms at once": `SELECT dossier_id FROM pull_request WHERE state='out' GROUP BY dossier_id HAVING count(DISTINCT place)>1`,
}

// custody asks what may never be.
func custody(rt *rapid.T, k *walk) {
	for _, meaning := range sorted(never) {
		if ids := k.list(rt, never[meaning]); len(ids) > 0 {
			rt.Fatalf("%s: %s%s", meaning, strings.Join(ids, " "), k.story())
		}
	}
}

func (k *walk) list(rt *rapid.T, query string) (out []string) {
	rows, err := k.p.DB.Query(rt.Context(), query)
	if err != nil {
		rt.Fatalf("%v in %s", err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			rt.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		rt.Fatal(err)
	}
	return out
}

// terms remembers every deadline: one that was set stands until its case has moved on.
type terms struct {
	ask  []string
	last map[string]string
}

// ends are the names of columns that hold one, beside those that end in _due.
var ends = []string{"due_on", "until_on", "term_ends_on", "due_back", "valid_until"}

// deadlines asks for every column of the database that holds an end, with the case and its
// state: a room that is added is looked at without being named here.
func deadlines(t *testing.T, p *testkit.Province) *terms {
	t.Helper()
	s, err := p.DB.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	names, err := s.TableNames(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d := &terms{}
	for _, table := range names {
		columns, err := s.Columns(t.Context(), table)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(columns, "id") {
			continue
		}
		state := ""
		if slices.Contains(columns, "state") {
			state = "||' '||state"
		}
		for _, c := range columns {
			if slices.Contains(ends, c) || strings.HasSuffix(c, "_due") {
				d.ask = append(d.ask, fmt.Sprintf(`SELECT '%s.%s '||id%s, coalesce(%s,'') FROM %s`, table, c, state, c, table))
			}
		}
	}
	if len(d.ask) < 20 {
		t.Fatalf("only %d deadlines were found: %v", len(d.ask), d.ask)
	}
	return d
}

func (d *terms) keep(rt *rapid.T, k *walk) {
	now := map[string]string{}
	for _, query := range d.ask {
		rows, err := k.p.DB.Query(rt.Context(), query)
		if err != nil {
			rt.Fatalf("%v in %s", err, query)
		}
		for rows.Next() {
			var key, due string
			if err := rows.Scan(&key, &due); err != nil {
				rt.Fatal(err)
			}
			now[key] = due
		}
		if err := rows.Close(); err != nil {
			rt.Fatal(err)
		}
	}
	for key, due := range d.last {
		if still, there := now[key]; there && due != "" && still == "" {
			rt.Fatalf("the deadline %s of %s is gone%s", due, key, k.story())
		}
	}
	d.last = now
}

// whole checks everything: registers against the ledger, every row and file against it.
func whole(t *testing.T, k *walk) {
	t.Helper()
	k.p.RunJobs()
	testkit.RegistersAgree(t, k.p.Instance)
	report(t, k.p)
}

// report has the whole check find nothing.
func report(t *testing.T, p *testkit.Province) {
	t.Helper()
	if err := p.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	v, err := instance.OpenVault(t.Context(), instance.Config{Data: p.Dir, Database: p.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	r, err := v.Verify(t.Context(), nil, p.Clock.Now(), func(ledger.Progress) {})
	if err != nil || !r.OK {
		t.Fatalf("the whole check: %v %+v", err, r.Differences)
	}
}
