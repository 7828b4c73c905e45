package standing

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Kind is what is asked for.
type Kind string

// Kinds of cases.
const (
	Merge    Kind = "merge"    // 并档: the other dossier becomes part of this one
	Split    Kind = "split"    // 拆档: what was wrongly merged stands by itself again
	Identity Kind = "identity" // 姓名、身份证号变更
	Category Kind = "category" // 人员类别变更
	Account  Kind = "account"  // 账户变更: personal ↔ collective, joining and leaving a unit
	Rebuild  Kind = "rebuild"  // 遗失重建
)

// Kinds lists them in the order of the form.
var Kinds = []Kind{Identity, Category, Account, Merge, Split, Rebuild}

// Name is a kind as screens say it.
func (k Kind) Name() string {
	return map[Kind]string{Merge: "并档", Split: "拆档", Identity: "姓名号码变更", Category: "类别变更", Account: "账户变更", Rebuild: "遗失重建"}[k]
}

// asked says whether it is a person's own matter, with slip, notice and objection (29.8); the
// others are what the agency finds in its own house.
func (k Kind) asked() bool { return k == Identity || k == Category || k == Account }

// State is where a case stands.
type State string

// States of a case.
const (
	Asked    State = "asked"    // 待审批
	Approved State = "approved" // 已批准
	Refused  State = "refused"  // 不批准
	Undone   State = "undone"   // 已拆分: a merge that was taken apart again
)

// Name is the state as screens say it.
func (s State) Name() string {
	return map[State]string{Asked: "待审批", Approved: "已批准", Refused: "不批准", Undone: "已拆分"}[s]
}

// Content is what a case is about, before and after; fields of other kinds are empty.
type Content struct {
	Name         string `json:"name,omitempty"`
	IDNo         string `json:"idNo,omitempty"`
	Category     string `json:"category,omitempty"`
	Subtype      string `json:"subtype,omitempty"`
	Evidence     string `json:"evidence,omitempty"`
	AccountKind  string `json:"accountKind,omitempty"`
	AccountUnit  string `json:"accountUnit,omitempty"`
	AccountUSCC  string `json:"accountUscc,omitempty"`
	AccountPaper string `json:"accountPaper,omitempty"`
	NoticeNo     string `json:"noticeNo,omitempty"` // 12a: version accepted with the account
	NoticeWay    string `json:"noticeWay,omitempty"`
	NoticeBy     string `json:"noticeBy,omitempty"`
	Shelfmark    string `json:"shelfmark,omitempty"` // of a packet that stands by itself again
}

// Kinds of accounts (12b, 12c).
const (
	Personal   = account.Personal
	Collective = account.Collective
)

// notice is the acceptance that goes with an account (12a).
func (c Content) notice() account.Accepting {
	return account.Accepting{No: c.NoticeNo, Way: c.NoticeWay, By: c.NoticeBy}
}

// Case is one thing asked for, and what was decided.
type Case struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	No        string    `db:"no"`
	Agency    string    `db:"agency"`
	Kind      Kind      `db:"kind"`
	State     State     `db:"state"`
	DossierID string    `db:"dossier_id"`
	OtherID   string    `db:"other_id,null"` // merge, split: the dossier that goes, or comes back
	OfCase    string    `db:"of_case,null"`  // split: the merge
	Proposed  string    `db:"proposed,secret"`
	Was       string    `db:"was,secret"`
	Reason    string    `db:"reason"`
	Document  string    `db:"document"`
	SeenBy    string    `db:"seen_by"`
	SeenOn    string    `db:"seen_on"`
	Moved     string    `db:"moved,null"` // merge: JSON of moves
	Applicant string    `db:"applicant"`
	AppliedAt time.Time `db:"applied_at"`
	DecidedBy string    `db:"decided_by,null"`
	DecidedAt time.Time `db:"decided_at,null"`
	Note      string    `db:"note,null"`
}

// Table names the table of cases.
func (Case) Table() string { return "person_case" }

func init() {
	store.Describe(Case{})
	store.Register("person_case", store.Audited, "变更与并档：申请、依据、审批、移动的材料，号码加密")
}

// ref names the case in records of other rooms.
func (c Case) ref() string { return "PersonCase:" + c.ID }

// Resource is the case as the policies see it: about a dossier, so that recusal and
// clearance hold.
func (c Case) Resource(d dossier.Dossier) policy.Resource {
	r := policy.Resource{Type: "PersonCase", ID: c.ID, Agencies: []string{d.Agency}, Secrecy: d.Secrecy,
		Attrs: map[string]any{"agency": d.Agency, "person": d.PersonID, "kind": string(c.Kind), "state": string(c.State)}}
	if c.Applicant != "" {
		r.Attrs["applicant"] = c.Applicant
	}
	return r
}

// contents are what is proposed and what was.
func (c Case) contents() (proposed, was Content, err error) {
	if err = json.Unmarshal([]byte(c.Proposed), &proposed); err == nil {
		err = json.Unmarshal([]byte(c.Was), &was)
	}
	if err != nil {
		err = fmt.Errorf("content of case %s: %w", c.ID, err)
	}
	return proposed, was, err
}

// Application is what a clerk asks for.
type Application struct {
	Kind      Kind
	DossierID string
	Other     string // merge: number of the dossier that goes
	Content   Content
	Reason    string
	Document  string // what was seen
	SeenBy    string
	SeenOn    calendar.Date
	MandateID string // of an agent who asks for the person (12a)
	Worker    string // of a unit that asks to join the dossier to its account: the authorization of who came (12c)
	IntakeID  string // the record of the application, where papers had to be completed first (29.8)
}

// rules are those an application rests on.
func (a Application) rules() []rule.ID {
	switch a.Kind {
	case Category:
		return []rule.ID{rule.ID(a.Content.Category), "29.5"}
	case Rebuild:
		return []rule.ID{"29.5"}
	case Account:
		if a.Content.AccountKind == Personal {
			return []rule.ID{"12b"}
		}
		return []rule.ID{"12c"}
	}
	return []rule.ID{"2"}
}

// check says everything that is missing at once and brings the content into the form
// that is kept.
func (a *Application) check(today calendar.Date) error {
	var missing []rule.Reason
	basis := rule.ID("2")
	switch a.Kind {
	case Category, Rebuild:
		basis = "29.5"
	case Account:
		basis = "12b"
		if a.Content.AccountKind == Collective {
			basis = "12c"
		}
	}
	lacks := func(slug, field, message, next string) {
		missing = append(missing, rule.Reason{Rule: basis, Slug: slug, Field: field, Message: message, Next: next})
	}
	for _, s := range []*string{&a.Reason, &a.Document, &a.SeenBy, &a.Other, &a.Content.Name, &a.Content.AccountUnit, &a.Content.Shelfmark} {
		*s = strings.TrimSpace(*s)
	}
	if a.Reason == "" {
		lacks("reason_missing", "reason", "没有写明缘由。", "请写明为什么变更。")
	}
	if !a.SeenOn.Valid() || a.SeenOn > today {
		lacks("seen_on_invalid", "seenOn", "查看日期没有填写，或晚于今天。", "请填写实际查看的日期。")
	}
	if a.SeenBy == "" {
		lacks("seen_by_missing", "seenBy", "没有写明由谁查看。", "请填写查看人姓名。")
	}
	evidence := "请写明，例如：居民身份证、户口簿变更页。"
	c := &a.Content
	switch a.Kind {
	case Identity:
		evidence = "请写明，例如：户口簿变更页、公安机关更正证明。"
		if c.Name == "" && strings.TrimSpace(c.IDNo) == "" {
			lacks("nothing_changed", "name", "没有填写新的姓名或身份证号。", "请填写要变更的一项。")
		}
		if strings.TrimSpace(c.IDNo) != "" {
			if n, problem := identity.Parse(c.IDNo, today); problem != "" {
				lacks("id_invalid", "idNo", "身份证号不正确："+identity.ProblemText(problem)+"。", "请对照证件重新录入 18 位号码。")
			} else {
				c.IDNo = n.Number
			}
		}
	case Category:
		known, ok := findCategory(c.Category, c.Subtype)
		if !ok {
			lacks("category_missing", "category", "没有选择人员类别，或没有选到小类。", "请按第四条的七类选择，分小类的选到小类。")
		} else {
			evidence = "这一类须有：" + known.Evidence + "。"
			if a.Document == "" { // what the category itself asks for, beside 29.5
				missing = append(missing, rule.Reason{Rule: rule.ID(known.Rule), Slug: "category_evidence", Field: "document", Message: "“" + known.Name + "”以" + known.Evidence + "为依据。", Next: "请查看原件后写明名称。"})
			}
		}
	case Account:
		switch c.AccountKind {
		case Personal:
			c.AccountUnit, c.AccountUSCC, c.AccountPaper = "", "", ""
			evidence = "请写明，例如：本人居民身份证、社会保障卡。"
		case Collective:
			evidence = "请写明，例如：单位存档委托、经办人居民身份证。"
			if c.AccountUnit == "" {
				lacks("unit_missing", "accountUnit", "没有填写存档单位。", "请填写单位全称。")
			}
			code, problem, _ := identity.CheckCredit(c.AccountUSCC)
			if problem != "" {
				lacks("uscc_invalid", "accountUscc", "统一社会信用代码不正确。", "请对照单位证照录入 18 位代码。")
			}
			c.AccountUSCC = code
			if codes.Name(account.Papers, c.AccountPaper) == "" {
				lacks("unit_paper_missing", "accountPaper", "没有选择查看的单位证照。", "请选择营业执照、社会组织登记证书、代表机构登记证或执业许可证。")
			}
		default:
			lacks("account_missing", "accountKind", "没有选择账户种类。", "请选择个人账户或集体账户。")
		}
	case Merge:
		evidence = "请写明，例如：两卷的履历表、公安机关同一人证明。"
		if a.Other == "" {
			lacks("other_missing", "other", "没有指明并入的是哪一卷。", "请填写那一卷的档案编号。")
		}
	case Split:
		evidence = "请写明，例如：两人的居民身份证、核查记录。"
		if c.Shelfmark == "" {
			lacks("shelf_missing", "shelfmark", "没有写明拆出的一卷放在何处。", "请填写库位。")
		}
	case Rebuild:
		evidence = "请写明调查记录的名称和文号，例如：档案遗失调查报告及处理意见。"
	default:
		lacks("kind_missing", "kind", "没有选择事项。", "请选择要办理的事项。")
	}
	if a.Document == "" {
		message := "没有写明查看了什么证件或材料。"
		switch a.Kind {
		case Rebuild:
			message = "重建档案须有调查记录。"
		case Category:
			message = "没有写明这一类别的依据材料。"
		}
		lacks("document_missing", "document", message, evidence)
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	if a.MandateID != "" && (a.Kind == Merge || a.Kind == Split || a.Kind == Rebuild) {
		return rule.Mistake(rule.Reason{Rule: "12a", Slug: "no_agent", Field: "mandateId", Message: "这一事项由机构提出，不凭委托书办理。", Next: "请去掉代办人后提交。"})
	}
	return nil
}

// findCategory finds a category with its subtype in the one table of them (4); a
// category that has subtypes is named down to the subtype.
func findCategory(code, subtype string) (codes.Category, bool) {
	for _, c := range codes.Categories() {
		if c.Rule == code && c.Subtype == subtype {
			return c, true
		}
	}
	return codes.Category{}, false
}
