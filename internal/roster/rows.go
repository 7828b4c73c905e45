package roster

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// State tells how far an import is.
type State string

// States of an import.
const (
	Uploaded  State = "uploaded"  // 待导入: the file is here, nothing registered yet
	Running   State = "running"   // 导入中
	Finished  State = "finished"  // 已完成
	Cancelled State = "cancelled" // 已取消: what was registered stays
	Failed    State = "failed"    // 未完成: what was registered stays; the same file goes on
)

// Name is the state as screens say it.
func (s State) Name() string {
	return map[State]string{Uploaded: "待导入", Running: "导入中", Finished: "已完成", Cancelled: "已取消", Failed: "未完成"}[s]
}

// Import is the record of one run: which file, on which basis, with what end.
type Import struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	Agency      string    `db:"agency"`
	FileName    string    `db:"file_name"`
	Blob        string    `db:"blob"`
	Bytes       int64     `db:"bytes"`
	Sheet       string    `db:"sheet"`
	HeaderRow   int64     `db:"header_row"`
	Columns     string    `db:"columns"` // JSON: number of the column → field, as a person chose
	Basis       string    `db:"basis,null"`
	State       State     `db:"state"`
	Rows        int64     `db:"row_count"`
	Accepted    int64     `db:"accepted"`
	Warned      int64     `db:"warned"` // of the accepted
	Rejected    int64     `db:"rejected"`
	AlreadyHere int64     `db:"already_here"`
	ErrorsBlob  string    `db:"errors_blob,null"`
	Note        string    `db:"note,null"` // why it did not come to its end
	StaffID     string    `db:"staff_id"`
	UploadedAt  time.Time `db:"uploaded_at"`
	StartedAt   time.Time `db:"started_at,null"`
	EndedAt     time.Time `db:"ended_at,null"`
}

// Table names the table of imports.
func (Import) Table() string { return "roster_import" }

// Resource is the import as the policies see it.
func (m Import) Resource() policy.Resource {
	return policy.Resource{Type: "RosterImport", ID: m.ID, Agencies: []string{m.Agency}, Attrs: map[string]any{"agency": m.Agency, "state": string(m.State)}}
}

// Options are the choices a person made for the file.
func (m Import) Options() (Options, error) {
	o := Options{Sheet: m.Sheet}
	if err := json.Unmarshal([]byte(m.Columns), &o.Columns); err != nil {
		return o, fmt.Errorf("columns of import %s: %w", m.ID, err)
	}
	return o, nil
}

// Template is what an agency calls its columns.
type Template struct {
	ID      string `db:"id"` // the agency
	Version int64  `db:"version"`
	Headers string `db:"headers"` // JSON: header → field
}

// Table names the table of templates.
func (Template) Table() string { return "roster_template" }

func init() { store.Describe(Import{}, Template{}) }

func init() {
	store.Register("roster_import", store.Audited, "花名册导入：原件、依据与结果，逐行登记另有存证")
	store.Register("roster_template", store.Audited, "各机构花名册的列名对应")
	store.Register("roster_progress", store.Transient, "导入进度与取消标记，结果另记在导入记录中")
	store.Register("roster_row", store.Transient, "预检与导入逐行结果，供界面查看，可由原件重算；加密")
}

// province answers for all agencies from the database.
type province struct {
	q    store.Querier
	keys person.Indexer
}

// Alike asks which persons are likely kept already, as far as a report may say that
// colleagues read, too (15).
func (p province) Alike(ctx context.Context, list []person.Candidate) ([]bool, error) {
	found, err := double.Find(ctx, p.q, p.keys, double.Anybody, list)
	out := make([]bool, len(list))
	for i := range found {
		out[i] = len(found[i]) > 0
	}
	return out, err
}

// Apart asks what was said of pairs of numbers.
func (p province) Apart(ctx context.Context, pairs [][2]string) ([]bool, error) {
	return person.ApartNumbers(ctx, p.q, p.keys, pairs)
}

// Held asks for many numbers at once.
func (p province) Held(ctx context.Context, numbers []string) (map[string]Held, error) {
	out := map[string]Held{}
	asked := make(map[string]string, len(numbers))
	for _, n := range numbers {
		asked[string(p.keys.Index(person.IndexPurpose, n))] = n
	}
	args := make([]any, 0, BatchSize)
	for ix := range asked {
		args = append(args, []byte(ix))
	}
	for len(args) > 0 {
		size := askSizes[0]
		if len(args) > size {
			size = askSizes[1]
		}
		n := min(len(args), size)
		batch := args[:n:n]
		args = args[n:]
		for len(batch) < size { // few statements for every number of rows
			batch = append(batch, batch[0])
		}
		if err := p.ask(ctx, batch, asked, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

var askSizes = [2]int{64, 1000}

const heldSQL = `SELECT p.id_ix, p.name, coalesce(d.agency,''), coalesce(d.id,''), coalesce(d.state,'')
  FROM person p LEFT JOIN dossier d ON d.person_id=coalesce(p.merged_into,p.id) WHERE p.id_ix IN `

// formerSQL is heldSQL by a number given up for another (2).
const formerSQL = `SELECT n.id_ix, p.name, coalesce(d.agency,''), coalesce(d.id,''), coalesce(d.state,'')
  FROM person_number n JOIN person p ON p.id=n.person_id LEFT JOIN dossier d ON d.person_id=coalesce(p.merged_into,p.id) WHERE n.id_ix IN `

func (p province) ask(ctx context.Context, args []any, asked map[string]string, out map[string]Held) error {
	in := "(" + store.Marks(len(args)) + ")"
	rows, err := p.q.Query(ctx, heldSQL+in+" UNION ALL "+formerSQL+in, append(args[:len(args):len(args)], args...)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ix []byte
		var h Held
		var state string
		if err := rows.Scan(&ix, &h.Name, &h.Agency, &h.Dossier, &state); err != nil {
			return err
		}
		if dossier.State(state) == dossier.Left {
			h.Agency = ""
		}
		out[asked[string(ix)]] = h
	}
	return rows.Err()
}

func load(tx *gate.Tx, id string) (Import, error) {
	return store.Get[Import](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
}
