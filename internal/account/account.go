package account

import (
	"context"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Kinds of accounts as a dossier bears them (12b, 12c).
const (
	Personal   = "personal"
	Collective = "collective"
)

// Papers are the papers a unit's account is opened on (12c).
var Papers = []codes.Code{{Code: "business_licence", Name: "营业执照"}, {Code: "social_organization", Name: "社会组织登记证书"}, {Code: "representative_office", Name: "代表机构登记证"}, {Code: "practice_licence", Name: "执业许可证"}}

// State is where an account stands.
type State string

// States of an account.
const (
	Open   State = "open"
	Closed State = "closed"
)

// Name is the state as screens say it.
func (s State) Name() string { return map[State]string{Open: "使用中", Closed: "已注销"}[s] }

// Tone is how screens color it.
func (s State) Tone() string { return map[State]string{Open: "run", Closed: "void"}[s] }

// Bases on which an account stands here.
const (
	Opened = "opened" // on the unit's papers
	Stock  = "stock"  // dossiers taken over as stock hang on the unit; its papers were not seen
)

// Whys an account is closed.
const (
	Asked        = "asked"        // the unit asked
	Deregistered = "deregistered" // 注销
	Unreachable  = "unreachable"  // 失联
	Merged       = "merged"       // the successor of a merged agency has one of the same unit
)

// WhyName is why an account was closed, as papers say it.
func WhyName(why string) string {
	return map[string]string{Asked: "单位申请注销", Deregistered: "单位已注销登记", Unreachable: "单位失联", Merged: "机构合并，并入承接机构的同一单位账户"}[why]
}

// Account is a unit's collective account at an agency.
type Account struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	No         string    `db:"no"`
	Agency     string    `db:"agency"`
	Unit       string    `db:"unit"`
	USCC       string    `db:"uscc,null"`
	Paper      string    `db:"paper,null"`
	PaperNo    string    `db:"paper_no,null"`
	Basis      string    `db:"basis"`
	State      State     `db:"state"`
	OpenedBy   string    `db:"opened_by"`
	OpenedAt   time.Time `db:"opened_at"`
	Why        string    `db:"why,null"`
	Document   string    `db:"document,null"` // of the closing, as seen
	DocumentOn string    `db:"document_on,null"`
	Reason     string    `db:"reason,null"`
	ClosedBy   string    `db:"closed_by,null"`
	ClosedAt   time.Time `db:"closed_at,null"`
	ChangedAt  time.Time `db:"changed_at"`
}

// Table names the table of accounts.
func (Account) Table() string { return "unit_account" }

// Kinds of changes.
const (
	ChangeOpened    = "opened"
	ChangeJoined    = "joined"
	ChangeLeft      = "left"      // one dossier by itself, on application
	ChangeMoved     = "moved"     // to another keeper, by transfer
	ChangeDied      = "died"      // the person is dead (20c)
	ChangeConverted = "converted" // by closing the account
	ChangeSent      = "sent"      // by closing the account: transfer started
	ChangeClosed    = "closed"
)

var changeNames = map[string]string{ChangeOpened: "开户", ChangeJoined: "转入集体户", ChangeLeft: "转出集体户", ChangeMoved: "随转递转出", ChangeDied: "本人死亡转出", ChangeConverted: "销户转个人账户", ChangeSent: "销户启动转递", ChangeClosed: "销户", ChangeRenamed: "更名"}

// ChangeName is a change as the register says it.
func ChangeName(kind string) string { return changeNames[kind] }

// Change is one line of the register 集体户变动.
type Change struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	AccountID string    `db:"account_id"`
	Agency    string    `db:"agency"`
	Unit      string    `db:"unit"`
	Kind      string    `db:"kind"`
	DossierID string    `db:"dossier_id,null"`
	ToAgency  string    `db:"to_agency,null"`
	CaseRef   string    `db:"case_ref,null"`
	Document  string    `db:"document,null"` // number of the paper that says it
	ChangedBy string    `db:"changed_by"`
	ChangedAt time.Time `db:"changed_at"`
	ToldWay   string    `db:"told_way,null"` // how the person was told
	ToldOn    string    `db:"told_on,null"`
	ToldBy    string    `db:"told_by,null"`
}

// Table names the table of changes.
func (Change) Table() string { return "account_change" }

func init() {
	store.Describe(Account{}, Change{})
	store.Register("unit_account", store.Audited, "单位集体账户：证照、开户与销户依据")
	store.Register("account_change", store.Audited, "集体户变动：开户、转入、转出、销户时每卷档案的去向，告知本人的时间和方式")
}

// Ref names the account in papers and time lines.
func (a Account) Ref() string { return "UnitAccount:" + a.ID }

// Resource is the account as the policies see it.
func (a Account) Resource() policy.Resource {
	return policy.Resource{Type: "UnitAccount", ID: a.ID, Agencies: []string{a.Agency}, Attrs: map[string]any{"agency": a.Agency, "state": string(a.State)}}
}

// Opening is what an account is opened on.
type Opening struct {
	Unit    string
	USCC    string
	Paper   string
	PaperNo string
	Stock   bool // only register that dossiers of the stock hang on it
	Worker  Authorization
	Notice  Accepting
	// IntakeID is the record of the application, where papers had to be completed first (29.8).
	IntakeID string
}

// check says all that is missing at once, and brings it into the form that is kept.
func (o *Opening) check(ctx context.Context, q store.Querier, today calendar.Date) error {
	o.Unit, o.PaperNo = strings.TrimSpace(o.Unit), strings.TrimSpace(o.PaperNo)
	var missing []rule.Reason
	lacks := func(slug, field, message, next string) {
		missing = append(missing, rule.Reason{Rule: "12c", Slug: slug, Field: field, Message: message, Next: next})
	}
	if o.Unit == "" {
		lacks("unit_missing", "unit", "没有填写存档单位。", "请照单位证照填写全称。")
	}
	if o.Stock {
		o.USCC, o.Paper, o.PaperNo = "", "", ""
	} else {
		code, problem, _ := identity.CheckCredit(o.USCC)
		if problem != "" {
			lacks("uscc_invalid", "uscc", "统一社会信用代码不正确。", "请对照单位证照录入 18 位代码。")
		}
		o.USCC = code
		if codes.Name(Papers, o.Paper) == "" {
			lacks("unit_paper_missing", "paper", "没有选择查看的单位证照。", "请选择营业执照、社会组织登记证书、代表机构登记证或执业许可证。")
		}
		missing = append(missing, o.Worker.check(today)...)
		unread, err := o.Notice.Check(ctx, q, Collective)
		if err != nil {
			return err
		}
		missing = append(missing, unread...)
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	return nil
}

// Closing is why an account is closed, and the document it rests on.
type Closing struct {
	Why        string
	Document   string
	DocumentOn calendar.Date
	Reason     string
	Worker     string // of what the unit asks for itself: the authorization of who came
	IntakeID   string // of what the unit asks for itself: the record of its application, where it was not taken in at first (29.8)
}

// check says all that is missing at once.
func (c *Closing) check(today calendar.Date) error {
	c.Document, c.Reason = strings.TrimSpace(c.Document), strings.TrimSpace(c.Reason)
	var missing []rule.Reason
	lacks := func(slug, field, message, next string) {
		missing = append(missing, rule.Reason{Rule: "12d", Slug: slug, Field: field, Message: message, Next: next})
	}
	switch c.Why {
	case Asked, Deregistered, Unreachable:
	default:
		lacks("why_missing", "why", "没有选择销户原因。", "请选择单位申请、单位已注销登记或单位失联。")
	}
	if c.Document == "" {
		next := "请写明单位的销户申请、经办人居民身份证。"
		switch c.Why {
		case Deregistered:
			next = "请写明登记机关的注销登记证明或公示系统查询记录的名称和文号。"
		case Unreachable:
			next = "请写明查找单位的记录，例如：退回的挂号信、列入经营异常名录的公示。"
		}
		lacks("evidence_missing", "document", "没有写明销户的依据材料。", next)
	}
	if !c.DocumentOn.Valid() || c.DocumentOn > today {
		lacks("evidence_date", "documentOn", "依据材料的日期没有填写，或晚于今天。", "请照材料填写。")
	}
	if c.Why == Unreachable && c.Reason == "" {
		lacks("search_missing", "reason", "没有写明怎样联系过单位。", "请写明联系的日期、方式和结果，至少两次。")
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	if c.IntakeID != "" && c.Why != Asked {
		return rule.Mistake(rule.Reason{Rule: "29.8", Slug: "intake_of_another", Field: "why", Message: "登记的收件是单位自己的销户申请，销户原因与它不符。", Next: "请选择单位申请；单位已注销登记或者失联的，另行办理。"})
	}
	return nil
}

// close ends the account: nothing may hang on it any more.
func (a *Account) close(c Closing, by string, at time.Time, hanging int64) error {
	if a.State != Open {
		return rule.Refuse(rule.Reason{Rule: "12d", Slug: "account_closed", Message: "这个集体账户已经注销。", Next: "请刷新后查看。"})
	}
	if hanging > 0 {
		return rule.Refuse(rule.Reason{Rule: "12d", Slug: "dossiers_hang", Message: "集体账户下仍有档案，不能注销。", Next: "请选择批量转递或转为个人账户后注销。"})
	}
	a.State, a.Why, a.Document, a.DocumentOn, a.Reason, a.ClosedBy, a.ClosedAt, a.ChangedAt = Closed, c.Why, c.Document, string(c.DocumentOn), c.Reason, by, at, at
	return nil
}

// Choice is where a dossier goes when its account is closed; one that is not chosen for
// becomes a personal account.
type Choice struct {
	DossierID string
	To        string // agency to which its transfer is started; "" for a personal account
	Tie       string // 7b: what ties the person to that agency
}

// Ways in which persons are told.
var Ways = []string{"电话", "短信", "邮寄", "当面", "单位转告", "公告"}
