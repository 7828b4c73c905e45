package introduction

import (
	"fmt"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/rule"
)

// Kinds of units.
const (
	Enterprise = "unit"  // by its unified social credit code
	Organ      = "organ" // an organ that states its name and brings its paper
)

// Words are how a room calls what the unit wants: 查阅 or 借阅, whose dossier it is, and the
// field of its form that lists the people.
type Words struct {
	Verb, Whose, People string
}

// Letter is a unit's application and the paper it rests on.
type Letter struct {
	UnitKind, Unit, UnitCode string
	Purpose, Reason, Basis   string
	PaperNo                  string
	PaperOn                  string // day of the paper
	PaperUntil               string // as written in it; empty: 15 days (forms.md 9)
	Sealed                   bool   // the unit's seal was seen on it
	Matches                  bool   // addressee, subject and people are those of the form
	FormSigned               bool   // the application form bears the unit's opinion and seal
}

// Person is one of those the unit sends.
type Person struct {
	Name, IDNo string
	Political  string
	NonMember  string // reason for one who is no Party member
	Card       string // number of the work card that was seen
	Declared   bool   // signed: no kinship (21c)
	Pledged    bool   // signed: secrecy
}

// Standards are what the check depends on beside the form.
type Standards struct {
	Today           calendar.Date
	CandidateCounts bool // 中共预备党员 counts as a member
}

// letterDays is how long a letter holds that names no term (forms.md 9).
const letterDays = 15

// mostPeople bounds the form.
const mostPeople = 10

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// Until is the last day of the letter; a legal paper without a term has none.
func (l Letter) Until() calendar.Date {
	if l.PaperUntil != "" {
		return calendar.Date(l.PaperUntil)
	}
	p, _ := codes.FindPurpose(l.Purpose)
	if p.Powers || l.PaperOn == "" {
		return ""
	}
	return calendar.Date(l.PaperOn).AddDays(letterDays)
}

// Wrong says what can't be right in the letter, and brings the credit code to the form in
// which it is kept.
func (l *Letter) Wrong(w Words, today calendar.Date) []rule.Reason {
	var out []rule.Reason
	wrong := func(id rule.ID, slug, field, message, next string) {
		out = append(out, reason(id, slug, field, message, next))
	}
	if l.Unit == "" {
		wrong("21.1", "unit_missing", "unit", w.Verb+"单位名称不能为空。", "请照介绍信填写单位全称。")
	}
	switch {
	case l.UnitKind == Organ && strings.TrimSpace(l.UnitCode) == "":
		l.UnitCode = ""
	case l.UnitKind == Organ, l.UnitKind == Enterprise:
		code, problem, _ := identity.CheckCredit(l.UnitCode)
		if l.UnitCode = code; problem != "" {
			wrong("12c", "credit_code_invalid", "unitCode", "统一社会信用代码"+identity.ProblemText(problem)+"。", "请照单位证照核对。")
		}
	default:
		wrong("21.1", "unit_kind", "unitKind", "未选定单位类型。", "请选“单位”或“机关”。")
	}
	for _, d := range []struct{ field, value, what string }{{"paperOn", l.PaperOn, "日期"}, {"paperUntil", l.PaperUntil, "有效期"}} {
		if d.value != "" && !calendar.Date(d.value).Valid() {
			wrong("21.1", "date_invalid", d.field, d.what+"无法识别。", "请按 2026-11-25 的写法填写。")
		}
	}
	if calendar.Date(l.PaperOn).Valid() && l.PaperOn > today.String() {
		wrong("21.1", "letter_in_future", "paperOn", "文书日期在今天之后。", "请照原件核对日期。")
	}
	return out
}

// WrongPeople says what can't be right in those the unit sends, and brings their numbers to
// the form in which they are kept.
func WrongPeople(people []Person, w Words, today calendar.Date) []rule.Reason {
	var out []rule.Reason
	wrong := func(id rule.ID, slug, field, message, next string) {
		out = append(out, reason(id, slug, field, message, next))
	}
	if len(people) > mostPeople {
		wrong("21.2", "too_many_readers", w.People, fmt.Sprintf("%s人不超过%d人。", w.Verb, mostPeople), "请减少"+w.Verb+"人。")
	}
	seen := map[string]bool{}
	for i := range people {
		p := &people[i]
		if p.Name == "" {
			wrong("21.2", "reader_name", w.at(i, "name"), w.Verb+"人姓名不能为空。", "请照身份证填写。")
		}
		id, problem := identity.Parse(p.IDNo, today)
		if problem != "" {
			wrong("12b", "identity_number_invalid", w.at(i, "idNo"), "公民身份号码"+identity.ProblemText(problem)+"。", "请照身份证核对。")
		} else if seen[id.Number] {
			wrong("21.2", "reader_twice", w.at(i, "idNo"), "同一人登记了两次。", "请登记另一名"+w.Verb+"人。")
		}
		if p.Political != "" && codes.Name(codes.Politicals(), p.Political) == "" {
			wrong("21.2", "political_unknown", w.at(i, "political"), "没有这种政治面貌。", "请从列表中选择。")
		}
		seen[id.Number], p.IDNo = true, id.Number
	}
	return out
}

// at is the field of one of the people.
func (w Words) at(i int, field string) string { return fmt.Sprintf("%s.%d.%s", w.People, i, field) }

func (s Standards) isMember(political string) bool {
	return political == "01" || political == "02" && s.CandidateCounts
}

// Lacks lists every paper and statement that is missing, all at once (21.1, 21.2, 21a, 21c,
// 29.3; 补正). Bodies with powers of inquiry bring their own papers and work cards in place of
// letter and form (21a).
func (l Letter) Lacks(people []Person, w Words, s Standards) []rule.Reason {
	var out []rule.Reason
	add := func(id rule.ID, slug, field, message, next string) {
		out = append(out, reason(id, slug, field, message, next))
	}
	purpose, _ := codes.FindPurpose(l.Purpose)
	unit, paper := "请"+w.Verb+"单位", "介绍信"
	if purpose.Powers {
		paper = "法律文书（" + purpose.Papers + "）"
	}
	if l.PaperNo == "" || l.PaperOn == "" {
		add("21.1", "introduction_letter_missing", "paperNo", "缺少"+paper+"，或文号、日期未登记。", unit+"提供"+paper+"，登记文号和日期。")
	}
	if !l.Sealed {
		add("21.1", "letter_without_seal", "sealed", paper+"未见加盖公章。", unit+"加盖单位公章（党委组织部门用部门公章）后重新提交。")
	}
	if !l.Matches {
		add("21.1", "letter_differs", "matches", paper+"的抬头、"+w.Whose+"或"+w.Verb+"人与申请不一致，或尚未核对。", "请逐项核对；不一致的由"+w.Verb+"单位重新出具。")
	}
	if strings.TrimSpace(l.Reason) == "" {
		add("21.1", "reason_missing", "reason", "未写明"+w.Verb+"理由。", "请写明因何事"+w.Verb+"、依据什么文件。")
	}
	if until := l.Until(); until != "" && until < s.Today {
		add("21.1", "letter_expired", "paperUntil", paper+"已于"+until.Long()+"过期。", unit+"重新出具。")
	}
	if !purpose.Powers && !l.FormSigned {
		add("21.1", "form_not_signed", "formSigned", w.Verb+"申请表未经"+w.Verb+"单位负责人签署意见并盖章。", unit+"负责人签署并盖章后提交。")
	}
	if purpose.Basis && strings.TrimSpace(l.Basis) == "" {
		add("21a", "legal_basis_missing", "basis", w.Verb+"事由不在所列范围，未写明法律依据。", "请写明法律、法规或规章的名称和条款。")
	}
	if len(people) < 2 {
		add("21.2", "too_few_readers", w.People, fmt.Sprintf("%s人不足两人（现有%d人）。", w.Verb, len(people)), unit+"增派"+w.Verb+"人，至少两人。")
	}
	for i, p := range people {
		switch {
		case p.Political == "":
			add("21.2", "political_missing", w.at(i, "political"), p.Name+"的政治面貌未登记。", "请登记政治面貌。")
		case !purpose.Powers && !s.isMember(p.Political) && strings.TrimSpace(p.NonMember) == "":
			add("21.2", "non_member_without_reason", w.at(i, "nonMember"), p.Name+"不是中共党员，且未说明理由。", "请改派党员；确需由其"+w.Verb+"的，由"+w.Verb+"单位说明理由。")
		}
		if purpose.Powers && p.Card == "" {
			add("21.1", "card_not_seen", w.at(i, "card"), "未核验"+p.Name+"的工作证件。", "请出示工作证（律师证、公证员证）并登记证号。")
		}
		if !p.Declared {
			add("21c", "declaration_missing", w.at(i, "declared"), p.Name+"未签署亲属回避声明。", "请本人阅读并签署声明后提交。")
		}
		if !p.Pledged {
			add("29.3", "pledge_missing", w.at(i, "pledged"), p.Name+"未签署保密承诺。", "请本人阅读并签署承诺后提交。")
		}
	}
	return out
}

// Unlisted says that a purpose is not on the list (21a); nil if it is.
func (w Words) Unlisted(purpose string) []rule.Reason {
	if _, listed := codes.FindPurpose(purpose); listed {
		return nil
	}
	return []rule.Reason{reason("21a", "purpose_not_listed", "purpose", w.Verb+"事由不在规定之列。", "请从所列事由中选择；有其他法律依据的，选“其他有法律依据的工作”并写明依据。")}
}
