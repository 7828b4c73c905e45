package statement

import (
	"fmt"
	"slices"

	"dangan/internal/dossier"
	"dangan/internal/rule"
)

// Whole is what is said to be unrecorded of a kind that is asked for as a whole.
const Whole = "whole"

// Subjects are what may be asked for of a kind, each answered by lines or by its being unrecorded.
func Subjects(kind Kind) []string {
	switch kind {
	case Facts:
		return FactKinds
	case History, Kinship:
		return []string{Whole}
	}
	return nil
}

// SubjectName is a subject as screens and papers say it.
func SubjectName(kind Kind, subject string) string {
	switch {
	case kind == Facts:
		return dossier.KeyFactName(subject)
	case kind == History:
		return "学习、工作经历"
	}
	return "家庭成员、亲属关系"
}

// about says whether a proposal tells of a subject.
func (p Proposal) about(subject string) bool { return subject == Whole || p.Kind == subject }

// Absent is the word that nothing is recorded of a subject, and which filed materials that
// could prove it were looked through for it.
type Absent struct {
	Subject string   `json:"subject"`
	Looked  []string `json:"looked,omitempty"` // ids of materials
}

// Silent holds the word that nothing is recorded of a subject to the record (23): nothing
// can be stated of it, nothing waits for a second person, every filed material that could
// prove it was looked through, and the paper was searched. What is closed is told by none of
// these.
func Silent(kind Kind, proposals []Proposal, a Absent, unread []dossier.Material, searched bool) []rule.Reason {
	subject, name := a.Subject, SubjectName(kind, a.Subject)
	reason := func(slug, message, next string) rule.Reason {
		return rule.Reason{Rule: "23", Slug: slug, Field: "absent", Message: message, Next: next}
	}
	var out []rule.Reason
	if !slices.Contains(Subjects(kind), subject) {
		return []rule.Reason{reason("absent_unknown", "没有这一事项。", "请从所申请的事项中选择。")}
	}
	if slices.ContainsFunc(proposals, func(p Proposal) bool { return p.about(subject) && p.Hindrance == nil }) {
		out = append(out, reason("recorded", "档案中有"+name+"的记载，不能告知查无记载。", "请选定记载出具证明。"))
	}
	if slices.ContainsFunc(proposals, func(p Proposal) bool { return p.about(subject) && p.Waits != "" }) {
		out = append(out, reason("record_waits", name+"有登记的记载还没有经第二人核对。", "请先由另一名人员对照原件核对或者撤销，再作结论。"))
	}
	for i, id := range a.Looked {
		if slices.Contains(a.Looked[:i], id) || !slices.ContainsFunc(unread, func(m dossier.Material) bool { return m.ID == id }) {
			out = append(out, reason("looked_unknown", "所列查看过的材料，不是能证明"+name+"而尚未登记记载的材料，或者重复。", "请刷新后按所列材料勾选。"))
			break
		}
	}
	var left []dossier.Material
	for _, m := range unread {
		if !slices.Contains(a.Looked, m.ID) {
			left = append(left, m)
		}
	}
	if len(left) > 0 {
		out = append(out, reason("record_unread", fmt.Sprintf("有%d份已归档的材料能证明%s，还没有登记其记载，也没有注明已经查看（如 %s）。", len(left), name, left[0].Label()), "请逐份查看：写明的，照原文登记记载并由第二人核对；没有写明的，勾选“已查看，未写明”。"))
	}
	if !searched {
		out = append(out, reason("paper_not_searched", "没有查找纸质档案，不能告知"+name+"查无记载。", "请先请库管提档，对照原件逐份查找后再提交。"))
	}
	return out
}
