package secrecy

import (
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Kinds of changes.
const (
	Raise = "raise"
	Lower = "lower"
)

// States of a change.
const (
	Done     = "done"     // 已提高: in force with the act that raised it
	Asked    = "asked"    // 待批准
	Approved = "approved" // 已降低
	Refused  = "refused"  // 未批准
	Lapsed   = "lapsed"   // 已失效: raised meanwhile
)

var stateNames = map[string]string{Done: "已提高", Asked: "待批准", Approved: "已降低", Refused: "未批准", Lapsed: "已失效"}

// StateName is a state as screens say it.
func StateName(state string) string { return stateNames[state] }

// Tone is how screens color a state.
func Tone(state string) string {
	switch state {
	case Asked:
		return "wait"
	case Refused, Lapsed:
		return "void"
	}
	return "done"
}

// Change is one change of a class: of a dossier, or of one material.
type Change struct {
	ID         string        `db:"id"`
	Version    int64         `db:"version"`
	No         string        `db:"no"`
	DossierID  string        `db:"dossier_id"`
	MaterialID string        `db:"material_id,null"`
	Agency     string        `db:"agency"`
	Kind       string        `db:"kind"`
	State      string        `db:"state"`
	From       dossier.Class `db:"from_class"`
	To         dossier.Class `db:"to_class"`
	Reason     string        `db:"reason"`
	Organ      string        `db:"organ,null"` // that decided of the class
	DocName    string        `db:"doc_name,null"`
	DocNo      string        `db:"doc_no,null"`
	DocOn      calendar.Date `db:"doc_on,null"`
	AskedBy    string        `db:"asked_by"`
	AskedAt    time.Time     `db:"asked_at"`
	DecidedBy  string        `db:"decided_by,null"`
	DecidedAt  time.Time     `db:"decided_at,null"`
	Note       string        `db:"note,null"`
	ChangedAt  time.Time     `db:"changed_at"`
}

// Table names the table of changes.
func (Change) Table() string { return "secrecy_change" }

// Binds names the dossier it is about and the version it was seen at.
func (c Change) Binds() (string, int64) { return c.DossierID, c.Version }

// Resource is the change as the policies see it.
func (c Change) Resource(d dossier.Dossier) policy.Resource {
	r := d.Resource()
	r.Type, r.ID, r.Attrs["askedBy"] = "SecrecyChange", c.ID, c.AskedBy
	return r
}

// Document is the paper it rests on: name and number.
func (c Change) Document() string { return strings.TrimSpace(c.DocName + " " + c.DocNo) }

// Reader is a person named to know a dossier or one closed material.
type Reader struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	DossierID  string    `db:"dossier_id"`
	MaterialID string    `db:"material_id,null"`
	StaffID    string    `db:"staff_id"`
	Reason     string    `db:"reason"`
	NamedBy    string    `db:"named_by"`
	NamedAt    time.Time `db:"named_at"`
	EndedBy    string    `db:"ended_by,null"`
	EndedAt    time.Time `db:"ended_at,null"`
}

// Table names the table of readers.
func (Reader) Table() string { return "secrecy_reader" }

func init() {
	store.Describe(Change{}, Reader{})
	store.Register("secrecy_change", store.Audited, "定密变更：提高、降低密级，依据、提出人、批准人")
	store.Register("secrecy_reader", store.Audited, "指定知悉人员：谁、由谁指定、起止")
}

// Basis is what a change of class rests on.
type Basis struct {
	Reason                string
	Organ, DocName, DocNo string
	DocOn                 calendar.Date
}

func (b Basis) trimmed() Basis {
	b.Reason, b.Organ, b.DocName, b.DocNo = strings.TrimSpace(b.Reason), strings.TrimSpace(b.Organ), strings.TrimSpace(b.DocName), strings.TrimSpace(b.DocNo)
	return b
}

func mistake(slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: "15", Slug: slug, Field: field, Message: message, Next: next}
}

// Direct is the pure rule of who may go which way: raising goes up and needs a reason,
// lowering goes down and needs the document of the organ that decided.
func Direct(kind string, from, to dossier.Class, onMaterial bool, b Basis, today calendar.Date) error {
	var wrong []rule.Reason
	switch {
	case to.Rank() < 0:
		return rule.Mistake(mistake("class_unknown", "to", "没有这个密级。", "请从列表中选择密级。"))
	case !onMaterial && to.Guard() != "":
		wrong = append(wrong, mistake("class_of_material", "to", to.Name()+"只定在单份材料上。", "请在目录中选择材料后标定；整卷限定知悉的，请本机构负责人指定知悉人员。"))
	case kind == Raise && to.Rank() <= from.Rank():
		return rule.Refuse(rule.Reason{Rule: "15", Slug: "not_higher", Field: "to", Message: "现为“" + from.Name() + "”，“" + to.Name() + "”不比现密级高。", Next: "降低或解除密级，须由一人凭定密机关的文件提出，本机构负责人（另一人）批准。"})
	case kind == Lower && to.Rank() >= from.Rank():
		return rule.Refuse(rule.Reason{Rule: "15", Slug: "not_lower", Field: "to", Message: "现为“" + from.Name() + "”，“" + to.Name() + "”不比现密级低。", Next: "需要提高密级的，由发现人直接提高，立即生效。"})
	}
	if b.Reason == "" {
		wrong = append(wrong, mistake("reason_missing", "reason", "须写明理由。", "请写明依据什么变更，不要写材料的内容。"))
	}
	if kind == Lower {
		for _, f := range []struct{ field, value, name string }{{"organ", b.Organ, "定密机关"}, {"docName", b.DocName, "文件名称"}, {"docNo", b.DocNo, "文号"}} {
			if f.value == "" {
				wrong = append(wrong, mistake(f.field+"_missing", f.field, f.name+"不能为空。", "降低、解除密级须有定密机关的文件，请照文件填写。"))
			}
		}
		if !b.DocOn.Valid() || b.DocOn > today {
			wrong = append(wrong, mistake("doc_on_invalid", "docOn", "文件日期不对，或在今天之后。", "请照文件填写日期。"))
		}
	}
	for _, f := range []struct{ field, value string }{{"reason", b.Reason}, {"docName", b.DocName}} {
		if dossier.SecretMark(f.value) {
			wrong = append(wrong, mistake("secret_text", f.field, "文字中带有密级标志，可能涉及国家秘密。", "请只写依据和文号，不写涉密内容。"))
		}
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// decide closes a proposal.
func (c *Change) decide(approve bool, note, by string, at time.Time) error {
	if c.State != Asked {
		return rule.Refuse(rule.Reason{Rule: "15", Slug: "change_closed", Message: "这项变更" + StateName(c.State) + "，不再审批。", Next: "请刷新后查看。"})
	}
	if !approve && strings.TrimSpace(note) == "" {
		return rule.Mistake(mistake("note_missing", "note", "不批准须说明理由。", "请填写理由，供提出人补充依据。"))
	}
	c.State, c.DecidedBy, c.DecidedAt, c.Note = Refused, by, at, strings.TrimSpace(note)
	if approve {
		c.State = Approved
	}
	return nil
}

// counted are the states of a material that count for its dossier's class.
func counted(s dossier.MaterialState) bool {
	return !slices.Contains([]dossier.MaterialState{dossier.Superseded, dossier.Returned}, s)
}
