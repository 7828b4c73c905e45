package api

import (
	"time"
)

// DossierView is a dossier's page.
type DossierView struct {
	ID            string           `json:"id"`
	Version       int64            `json:"version"`
	No            string           `json:"no"`
	State         string           `json:"state"`
	StateName     string           `json:"stateName"`
	Tone          string           `json:"tone"`
	Agency        string           `json:"agency"`
	AgencyName    string           `json:"agencyName"`
	Place         string           `json:"place"`
	Where         string           `json:"where"`
	Shelfmark     string           `json:"shelfmark,omitempty"`
	Hold          string           `json:"hold,omitempty"`
	Person        PersonView       `json:"person"`
	Category      CategoryView     `json:"category"`
	Account       AccountView      `json:"account"`
	Secrecy       int              `json:"secrecy"`
	SecrecyName   string           `json:"secrecyName"`
	Senior        bool             `json:"senior"`
	Forced        ForcedView       `json:"forced"`
	Basis         string           `json:"basis"`
	ReceivedOn    string           `json:"receivedOn"`
	ReceivedFrom  string           `json:"receivedFrom,omitempty"`
	Remark        string           `json:"remark,omitempty"`
	Catalog       CatalogView      `json:"catalog"`
	Loose         []MaterialView   `json:"loose" nullable:"false" doc:"零散材料"`
	Returned      []MaterialView   `json:"returned" nullable:"false"`
	KeyFacts      []KeyFactView    `json:"keyFacts" nullable:"false" doc:"信息核对：只列记载和差异，不作认定"`
	Facts         []EntryView      `json:"facts" nullable:"false"`
	Periods       []PeriodView     `json:"periods" nullable:"false"`
	History       HistoryView      `json:"history"`
	FamilyCount   int              `json:"familyCount"`
	Unconfirmed   int              `json:"unconfirmed" doc:"待第二人核对"`
	Gaps          []GapView        `json:"gaps" nullable:"false"`
	GapsKnown     bool             `json:"gapsKnown" doc:"否：纸质档案未录目录，无从比对"`
	Supplements   []SupplementView `json:"supplements" nullable:"false"`
	Corrections   []CorrectionView `json:"corrections" nullable:"false"`
	Cases         []CaseView       `json:"cases" nullable:"false"`
	Custody       []CustodyView    `json:"custody" nullable:"false"`
	Timeline      []MomentView     `json:"timeline" nullable:"false" doc:"最近的若干条"`
	TimelineCount int64            `json:"timelineCount"`
	ChangedAt     time.Time        `json:"changedAt"`
	Possible      []Possible       `json:"possible" nullable:"false"`
}

// PersonView is whose dossier it is, identity number and phone masked.
type PersonView struct {
	Name        string `json:"name"`
	FormerNames string `json:"formerNames,omitempty"`
	Sex         string `json:"sex"`
	BirthDate   string `json:"birthDate"`
	Ethnic      string `json:"ethnic,omitempty"`
	Political   string `json:"political,omitempty"`
	Education   string `json:"education,omitempty"`
	IDNo        string `json:"idNo"`
	Phone       string `json:"phone,omitempty"`
	Employer    string `json:"employer,omitempty"`
	Synthetic   bool   `json:"synthetic"`
}

// CategoryView is the category with its evidence.
type CategoryView struct {
	Code    string `json:"code"`
	Name    string `json:"name"`
	Subtype string `json:"subtype,omitempty"`
	SubName string `json:"subName,omitempty"`
	Basis   string `json:"evidence,omitempty"`
}

// AccountView is the account.
type AccountView struct {
	Kind string `json:"kind,omitempty"`
	Name string `json:"name"`
	Unit string `json:"unit,omitempty"`
	On   string `json:"on,omitempty"`
}

// ForcedView says which ways of transfer are open, and why (20.3b).
type ForcedView struct {
	Code   string `json:"code" enum:"unknown,yes,no"`
	Text   string `json:"text"`
	Reason string `json:"reason,omitempty"`
}

// CatalogView is the catalog by class.
type CatalogView struct {
	Version   int64       `json:"version"`
	Materials int64       `json:"materials"`
	Pages     int64       `json:"pages"`
	Images    int64       `json:"images"`
	Classes   []ClassView `json:"classes" nullable:"false"`
}

// ClassView is one class with its materials.
type ClassView struct {
	Code  string         `json:"code"`
	Name  string         `json:"name"`
	Short string         `json:"short"`
	Items []MaterialView `json:"items" nullable:"false"`
	Pages int64          `json:"pages"`
}

// KeyFactView is one key fact with all its mentions.
type KeyFactView struct {
	Kind      string              `json:"kind"`
	Name      string              `json:"name"`
	Verdict   string              `json:"verdict" enum:"agree,differ,missing,silent,decided"`
	Note      string              `json:"note"`
	Mentions  []MentionView       `json:"mentions" nullable:"false"`
	Decisions []DeterminationView `json:"decisions" nullable:"false" doc:"主管部门的认定"`
	Adopted   string              `json:"adopted,omitempty" doc:"采用值：只取主管部门的认定"`
	Highest   []string            `json:"highest" nullable:"false" doc:"学历学位：最高全日制、最高在职分别列出"`
	Unread    []UnreadView        `json:"unread" nullable:"false" doc:"已归档、能证明这一信息而尚未登记记载的材料"`
}

// UnreadView is a filed key material that nobody has read yet.
type UnreadView struct {
	MaterialID string `json:"materialId"`
	Label      string `json:"label"`
	Formed     string `json:"formed,omitempty"`
}

// MentionView is one writing of a key fact.
type MentionView struct {
	Label      string `json:"label"`
	MaterialID string `json:"materialId,omitempty"`
	Page       int64  `json:"page,omitempty"`
	Written    string `json:"written"`
	Weight     string `json:"weight"`
	Confirmed  bool   `json:"confirmed"`
	Differs    bool   `json:"differs"`
	Formed     string `json:"formed,omitempty" doc:"材料形成时间"`
	Value      string `json:"value,omitempty" doc:"规范值"`
	Earliest   bool   `json:"earliest,omitempty" doc:"最早的记载"`
	Against    string `json:"against,omitempty" doc:"与最早记载相比"`

	Doubts []string `json:"doubts" nullable:"false" doc:"存疑"`

	Entry      string `json:"entry,omitempty"`
	EnteredOwn bool   `json:"enteredOwn,omitempty"`

	Conversion string     `json:"conversion,omitempty" doc:"农历日期折合的公历"`
	Entered    *HandView  `json:"entered,omitempty" doc:"经办"`
	Checked    []HandView `json:"checked" nullable:"false" doc:"核对人和时间"`
}

// HandView is who did something and when, as far as the time was kept.
type HandView struct {
	By string     `json:"by"`
	At *time.Time `json:"at,omitempty"`
}

// FlagView is something recorded that does not look plausible: shown, not decided.
type FlagView struct {
	Kind string `json:"kind" enum:"league_age,school_age,party_age,work_age,probation,formed_late,told_early,name,number,one_day"`
	Name string `json:"name"`
	Text string `json:"text"`
}

// DeterminationView is a decision of a competent department on a key fact.
type DeterminationView struct {
	ID         string     `json:"id"`
	Written    string     `json:"written"`
	Value      string     `json:"value,omitempty" doc:"规范值"`
	Authority  string     `json:"authority"`
	DocNo      string     `json:"docNo"`
	On         string     `json:"on"`
	Source     SourceView `json:"source"`
	Confirmed  bool       `json:"confirmed"`
	EnteredBy  string     `json:"enteredBy"`
	EnteredOwn bool       `json:"enteredOwn"`
	EnteredAt  time.Time  `json:"enteredAt"`
	Checked    []HandView `json:"checked" nullable:"false" doc:"核对人和时间"`
}

// IntervalView is a gap or an overlap of the recorded history.
type IntervalView struct {
	Kind   string `json:"kind" enum:"gap,overlap,study"`
	Name   string `json:"name"`
	Months int    `json:"months"`
	Text   string `json:"text"`
}

// ComparisonView is the 信息核对表 of a dossier.
type ComparisonView struct {
	DossierID string         `json:"dossierId"`
	No        string         `json:"no"`
	Person    string         `json:"person"`
	Facts     []KeyFactView  `json:"facts" nullable:"false"`
	Intervals []IntervalView `json:"intervals" nullable:"false" doc:"经历的空白和重叠"`
	Flags     []FlagView     `json:"flags" nullable:"false" doc:"合理性提示：只供核查，不作结论"`
	Possible  []Possible     `json:"possible" nullable:"false"`
}

// EntryView is a key fact as entered.
type EntryView struct {
	ID         string     `json:"id"`
	Kind       string     `json:"kind"`
	KindName   string     `json:"kindName"`
	Written    string     `json:"written"`
	Source     SourceView `json:"source"`
	Confirmed  bool       `json:"confirmed"`
	EnteredBy  string     `json:"enteredBy"`
	EnteredOwn bool       `json:"enteredOwn" doc:"本人登记，须他人核对"`
	At         time.Time  `json:"at"`
}

// SourceView is where an entry stands.
type SourceView struct {
	MaterialID string `json:"materialId,omitempty"`
	Label      string `json:"label"`
	Page       int64  `json:"page,omitempty"`
}

// PeriodView is a period as entered.
type PeriodView struct {
	ID           string     `json:"id"`
	Kind         string     `json:"kind"`
	KindName     string     `json:"kindName"`
	From         string     `json:"from"`
	To           string     `json:"to,omitempty"`
	Unit         string     `json:"unit"`
	Post         string     `json:"post,omitempty"`
	Identity     string     `json:"identity,omitempty"`
	IdentityName string     `json:"identityName,omitempty"`
	Forces       bool       `json:"forces"`
	Source       SourceView `json:"source"`
	Confirmed    bool       `json:"confirmed"`
	EnteredBy    string     `json:"enteredBy"`
	EnteredOwn   bool       `json:"enteredOwn"`
}

// HistoryView says whether the history was stated as complete and confirmed.
type HistoryView struct {
	Stated      bool   `json:"stated"`
	StatedBy    string `json:"statedBy,omitempty"`
	StatedOwn   bool   `json:"statedOwn"`
	Confirmed   bool   `json:"confirmed"`
	ConfirmedBy string `json:"confirmedBy,omitempty"`
}

// GapView is what the checklist or a key fact lacks.
type GapView struct {
	KeyFact     string   `json:"keyFact,omitempty"`
	KeyFactName string   `json:"keyFactName,omitempty"`
	Title       string   `json:"title"`
	Class       string   `json:"class"`
	Others      []string `json:"others,omitempty"`
	Consequence string   `json:"consequence,omitempty"`
	Because     string   `json:"because,omitempty" doc:"有条件才需要的材料：哪项记载表明需要"`
}

// SupplementView is what is owed.
type SupplementView struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Class    string `json:"class,omitempty"`
	KeyFact  string `json:"keyFact,omitempty"`
	Maker    string `json:"maker,omitempty" doc:"形成单位"`
	HandedOn string `json:"handedOn,omitempty" doc:"已交来、待归档：收到日期"`
	Promised bool   `json:"promised"`
	DueOn    string `json:"dueOn,omitempty"`
	DaysLeft *int   `json:"daysLeft,omitempty"`
}

// CaseView is another room's case.
type CaseView struct {
	Ref       string `json:"ref"`
	Room      string `json:"room"`
	Kind      string `json:"kind"`
	No        string `json:"no"`
	State     string `json:"state"`
	StateName string `json:"stateName"`
	Tone      string `json:"tone"`
	Since     string `json:"since,omitempty"`
	DueOn     string `json:"dueOn,omitempty"`
	Note      string `json:"note,omitempty"`
	Link      string `json:"link"`
	Open      bool   `json:"open"`
}

// CustodyView is one handover in the chain.
type CustodyView struct {
	At         time.Time `json:"at"`
	Kind       string    `json:"kind"`
	Name       string    `json:"name"`
	AgencyName string    `json:"agencyName"`
	From       string    `json:"from"`
	To         string    `json:"to"`
	By         string    `json:"by"`
	Note       string    `json:"note,omitempty"`
}
