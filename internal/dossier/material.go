package dossier

import "time"

// MaterialState tells how far a material has come (13).
type MaterialState string

// States of a material.
const (
	Received   MaterialState = "received"   // 已收
	Appraising MaterialState = "appraising" // 鉴别中
	Curing     MaterialState = "curing"     // 限期补办
	ToFile     MaterialState = "to_file"    // 待归档: classified, waits for review
	Filed      MaterialState = "filed"      // 已归档
	Returned   MaterialState = "returned"   // 已退回
	Cured      MaterialState = "cured"      // 已补办: came back as a piece of its own
	Superseded MaterialState = "superseded" // 旧版本: a correction replaced it (29.2)
	Delivered  MaterialState = "delivered"  // 待验收: came with scans, waits for a reviewer's acceptance (18a)
)

var materialStateNames = map[MaterialState]string{
	Received: "已收", Appraising: "鉴别中", Curing: "限期补办", ToFile: "待归档",
	Filed: "已归档", Returned: "已退回", Cured: "已补办", Superseded: "旧版本", Delivered: "待验收",
}

// StateName is where a material stands as screens say it: what was not filed may have gone to
// others than who formed it.
func (m Material) StateName() string {
	switch {
	case m.State == Returned && m.Decision == ToForward:
		return "已转交"
	case m.State == Returned && m.Decision == ToMove:
		return "不属于本人，已另行处理"
	}
	return m.State.Name()
}

// Name is the state as screens say it.
func (s MaterialState) Name() string { return materialStateNames[s] }

// Material is one document of a dossier. Loose pieces (not yet filed) carry
// neither class number nor place in the catalog.
type Material struct {
	ID           string        `db:"id"`
	Version      int64         `db:"version"`
	DossierID    string        `db:"dossier_id"`
	State        MaterialState `db:"state"`
	Class        string        `db:"class,null"`   // 1 … 10, 4-1 … 9-4
	Seq          int64         `db:"seq,null"`     // within the class, from 1, once filed
	MainID       string        `db:"main_id,null"` // an attachment: of this main paper, whose number it shares
	Annex        int64         `db:"annex,null"`   // the how manieth of its attachments, once filed
	Title        string        `db:"title,null"`   // empty for a state-secret stub (15)
	FormedYear   int64         `db:"formed_year,null"`
	FormedMonth  int64         `db:"formed_month,null"`
	FormedDay    int64         `db:"formed_day,null"`
	Copies       int64         `db:"copies"`
	Pages        int64         `db:"pages"`
	Images       int64         `db:"images"` // accepted pages with an image
	IsCopy       bool          `db:"is_copy"`
	KeyFacts     string        `db:"key_facts,null"` // slugs parted by |
	Secrecy      int           `db:"secrecy"`
	Guard        string        `db:"guard,null"` // class below the clearances: trade, privacy
	Note         string        `db:"note,null"`
	Origin       string        `db:"origin"` // delivery, window, unit, transfer, cited
	Source       string        `db:"source,null"`
	Maker        string        `db:"maker,null"`     // the unit that formed it
	IntakeNo     string        `db:"intake_no,null"` // 接收登记号
	ReceivedOn   string        `db:"received_on,null"`
	DueOn        string        `db:"due_on,null"` // 13a: two months from receipt
	DueTentative bool          `db:"due_tentative"`
	PausedOn     string        `db:"paused_on,null"`   // the clock stands since; no term meanwhile
	PausedDays   int64         `db:"paused_days,null"` // on which it stood still, by which the term moved
	LateDays     int64         `db:"late_days"`        // 14b: beyond one month from being formed
	Defects      string        `db:"defects,null"`     // codes parted by |
	Decision     string        `db:"decision,null"`    // of the appraisal: file, cure, return, transfer, verify; move once it is moved
	AppraisedBy  string        `db:"appraised_by,null"`
	AppraisedOn  string        `db:"appraised_on,null"`
	CureBy       string        `db:"cure_by,null"`
	Handler      string        `db:"handler,null"`
	Reviewer     string        `db:"reviewer,null"`
	BatchID      string        `db:"batch_id,null"`
	FiledAt      time.Time     `db:"filed_at,null"`
	CatalogFrom  int64         `db:"cat_from"` // catalog version it entered with, 0: not filed
	CatalogTo    int64         `db:"cat_to"`   // version that replaced it, 0: still stands
	Replaces     string        `db:"replaces,null"`
	SupersededBy string        `db:"superseded_by,null"`
	Resubmits    string        `db:"resubmits,null"` // the piece that was sent back, of which this is the cure
	Reason       string        `db:"reason,null"`
	ForwardTo    string        `db:"forward_to,null"` // with transfer: to whom
	MovedFrom    string        `db:"moved_from,null"` // the piece it was in a namesake's dossier
}

// Table names the table of materials.
func (Material) Table() string { return "material" }

// Fact is one mention of a key fact in a material, as written (20.4, 23).
type Fact struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	DossierID   string    `db:"dossier_id"`
	Kind        string    `db:"kind"` // of FactKinds
	Written     string    `db:"written"`
	Value       string    `db:"value,null"` // normalized
	MaterialID  string    `db:"material_id,null"`
	Cite        string    `db:"cite,null"` // class, title when the material is on paper only
	PageNo      int64     `db:"page_no,null"`
	EnteredBy   string    `db:"entered_by"`
	ConfirmedBy string    `db:"confirmed_by,null"` // a second person
	ConfirmedAt time.Time `db:"confirmed_at,null"`
	Void        string    `db:"void,null"` // why the entry does not count; the material stays as it is
	At          time.Time `db:"at"`
}

// Table names the table of facts.
func (Fact) Table() string { return "fact" }

// Period is one period of study or work as recorded.
type Period struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	DossierID   string    `db:"dossier_id"`
	Kind        string    `db:"kind"`          // study, work, service
	FromMonth   string    `db:"from_month"`    // 2006-01
	ToMonth     string    `db:"to_month,null"` // empty: 至今
	Unit        string    `db:"unit"`
	Post        string    `db:"post,null"`
	Identity    string    `db:"identity,null"` // slug of previous-identities, for 20.3b
	MaterialID  string    `db:"material_id,null"`
	Cite        string    `db:"cite,null"`
	PageNo      int64     `db:"page_no,null"`
	EnteredBy   string    `db:"entered_by"`
	ConfirmedBy string    `db:"confirmed_by,null"`
	ConfirmedAt time.Time `db:"confirmed_at,null"`
	Void        string    `db:"void,null"`
	At          time.Time `db:"at"`
}

// Table names the table of periods.
func (Period) Table() string { return "history_period" }

// Family is one member of the family as recorded (21c, 23).
type Family struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	DossierID   string    `db:"dossier_id"`
	Relation    string    `db:"relation"` // slug of the kin list
	Name        string    `db:"name,secret"`
	NameIndex   []byte    `db:"name_ix"`
	IDNo        string    `db:"id_no,null,secret"`
	IDIndex     []byte    `db:"id_ix,null"`
	MaterialID  string    `db:"material_id,null"`
	Cite        string    `db:"cite,null"`
	PageNo      int64     `db:"page_no,null"`
	EnteredBy   string    `db:"entered_by"`
	ConfirmedBy string    `db:"confirmed_by,null"`
	Void        string    `db:"void,null"`
	At          time.Time `db:"at"`
}

// Table names the table of family members.
func (Family) Table() string { return "family_member" }
