package dossier

import (
	"encoding/json"
	"time"

	"dangan/internal/store"
)

// States of a batch.
const (
	BatchWaiting  = "waiting"  // 待审核
	BatchAccepted = "accepted" // 已归档
	BatchRejected = "rejected" // 已退回: its materials wait for classifying again
)

// Kinds of batches.
const (
	BatchFiling  = "filing"  // loose materials go to the catalog
	BatchCatalog = "catalog" // a paper catalog was entered by hand: another person compares
)

// Batch is a set of classified materials on the way to the catalog (13a).
type Batch struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	No          string    `db:"no"` // 归档 GD-50010801-2026-0001
	Agency      string    `db:"agency"`
	Kind        string    `db:"kind"`
	State       string    `db:"state"`
	Materials   int64     `db:"materials"`
	Dossiers    int64     `db:"dossiers"`
	Sample      string    `db:"sample"` // JSON list of material ids drawn
	SubmittedBy string    `db:"submitted_by"`
	SubmittedAt time.Time `db:"submitted_at"`
	ReviewedBy  string    `db:"reviewed_by,null"`
	ReviewedAt  time.Time `db:"reviewed_at,null"`
	Note        string    `db:"note,null"`
}

// Table names the table of batches.
func (Batch) Table() string { return "filing_batch" }

// Ref names the batch in custody and papers.
func (b Batch) Ref() string { return "Filing:" + b.ID }

// Drawn lists the materials of the sample.
func (b Batch) Drawn() []string {
	var out []string
	_ = json.Unmarshal([]byte(b.Sample), &out)
	return out
}

// States of a correction.
const (
	CorrectionAsked    = "asked"
	CorrectionApproved = "approved"
	CorrectionRefused  = "refused"
)

// Correction is an application to correct what the catalog says of a filed material (29.2).
type Correction struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	MaterialID string    `db:"material_id"`
	DossierID  string    `db:"dossier_id"`
	Agency     string    `db:"agency"`
	State      string    `db:"state"`
	Proposed   string    `db:"proposed"` // JSON of Description
	Reason     string    `db:"reason"`
	Basis      string    `db:"basis,null"`
	Applicant  string    `db:"applicant"`
	AppliedAt  time.Time `db:"applied_at"`
	DecidedBy  string    `db:"decided_by,null"`
	DecidedAt  time.Time `db:"decided_at,null"`
	Note       string    `db:"note,null"`
}

// Table names the table of corrections.
func (Correction) Table() string { return "correction" }

// Inquiry is one question where a dossier is, of a person present (查档去向).
type Inquiry struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	No        string    `db:"no"`
	Agency    string    `db:"agency"`
	Name      string    `db:"name"`
	IDNo      string    `db:"id_no,secret"`
	IDIndex   []byte    `db:"id_ix"`
	Asker     string    `db:"asker"`               // self, or the agent's name and authority
	Document  string    `db:"document"`            // identity paper that was seen
	Contact   string    `db:"contact,null,secret"` // where the asker is reached, should more be found
	DossierID string    `db:"dossier_id,null"`
	Answer    string    `db:"answer"`
	Paper     string    `db:"paper,null"` // id of the printed answer
	ByStaff   string    `db:"by_staff"`
	At        time.Time `db:"at"`
}

// Table names the table of inquiries.
func (Inquiry) Table() string { return "inquiry" }

func init() {
	store.Describe(Batch{}, Correction{}, Inquiry{})
	store.Register("filing_batch", store.Audited, "归档批次：提交、抽查、审核")
	store.Register("correction", store.Audited, "归档材料更正：申请、批准、理由")
	store.Register("inquiry", store.Audited, "查档去向：查询人、答复")
	store.Register("saved_view", store.Transient, "工作人员自存的查询条件，个人习惯，不含档案内容")
}
