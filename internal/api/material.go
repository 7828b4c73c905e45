package api

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/dossier"
)

// MaterialView is one material. A state-secret item has no title.
type MaterialView struct {
	ID           string       `json:"id"`
	Version      int64        `json:"version"`
	DossierID    string       `json:"dossierId"`
	State        string       `json:"state"`
	StateName    string       `json:"stateName"`
	Tone         string       `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Class        string       `json:"class,omitempty"`
	ClassName    string       `json:"className,omitempty"`
	Seq          int64        `json:"seq,omitempty"`
	Number       string       `json:"number,omitempty" doc:"类号-顺序号"`
	Title        string       `json:"title"`
	Year         int64        `json:"year,omitempty"`
	Month        int64        `json:"month,omitempty"`
	Day          int64        `json:"day,omitempty"`
	Copies       int64        `json:"copies"`
	Pages        int64        `json:"pages"`
	Images       int64        `json:"images"`
	IsCopy       bool         `json:"isCopy"`
	KeyFacts     []string     `json:"keyFacts" nullable:"false"`
	KeyFactNames []string     `json:"keyFactNames" nullable:"false"`
	Secrecy      int          `json:"secrecy"`
	SecrecyName  string       `json:"secrecyName"`
	Note         string       `json:"note,omitempty"`
	Origin       string       `json:"origin"`
	OriginName   string       `json:"originName"`
	Source       string       `json:"source,omitempty"`
	Maker        string       `json:"maker,omitempty"`
	IntakeNo     string       `json:"intakeNo,omitempty"`
	ReceivedOn   string       `json:"receivedOn,omitempty"`
	DueOn        string       `json:"dueOn,omitempty" doc:"收到之日起两个月"`
	DueTentative bool         `json:"dueTentative,omitempty"`
	DaysLeft     *int         `json:"daysLeft,omitempty"`
	LateDays     int64        `json:"lateDays" doc:"超过形成之日起一个月的天数"`
	Defects      []DefectView `json:"defects" nullable:"false"`
	Decision     string       `json:"decision,omitempty"`
	CureBy       string       `json:"cureBy,omitempty"`
	AppraisedBy  string       `json:"appraisedBy,omitempty"`
	AppraisedOwn bool         `json:"appraisedOwn,omitempty"`
	BatchID      string       `json:"batchId,omitempty"`
	FiledAt      *time.Time   `json:"filedAt,omitempty"`
	Reason       string       `json:"reason,omitempty"`
}

// DefectView is one appraisal defect.
type DefectView struct {
	Code string `json:"code"`
	Text string `json:"text"`
	Way  string `json:"way"`
}

// DescriptionView is what a catalog line says; in a correction, what is asked for.
type DescriptionView struct {
	Title  string `json:"title" maxLength:"120"`
	Class  string `json:"class" maxLength:"4"`
	Year   int64  `json:"year,omitempty" minimum:"0" maximum:"2200"`
	Month  int64  `json:"month,omitempty" minimum:"0" maximum:"12"`
	Day    int64  `json:"day,omitempty" minimum:"0" maximum:"31"`
	Copies int64  `json:"copies" minimum:"1" maximum:"99"`
	Pages  int64  `json:"pages" minimum:"0" maximum:"9999"`
	IsCopy bool   `json:"isCopy,omitempty"`
	Note   string `json:"note,omitempty" maxLength:"200"`
}

// CorrectionView is an application to correct a filed material.
type CorrectionView struct {
	ID           string          `json:"id"`
	Version      int64           `json:"version"`
	MaterialID   string          `json:"materialId"`
	DossierID    string          `json:"dossierId"`
	Label        string          `json:"label"`
	State        string          `json:"state" enum:"asked,approved,refused"`
	StateName    string          `json:"stateName"`
	Proposed     DescriptionView `json:"proposed"`
	Reason       string          `json:"reason"`
	Basis        string          `json:"basis,omitempty"`
	Applicant    string          `json:"applicant"`
	ApplicantOwn bool            `json:"applicantOwn"`
	AppliedAt    time.Time       `json:"appliedAt"`
	DecidedBy    string          `json:"decidedBy,omitempty"`
	Note         string          `json:"note,omitempty"`
}

var materialTones = map[dossier.MaterialState]string{
	dossier.Received: "run", dossier.Appraising: "run", dossier.ToFile: "run", dossier.Curing: "wait", dossier.Filed: "plain", dossier.Returned: "void", dossier.Superseded: "void",
}

var originNames = map[string]string{"window": "窗口", "unit": "单位移交", "person": "本人提交", "delivery": "数字化", "transfer": "转入", "cited": "目录录入"}

var correctionNames = map[string]string{dossier.CorrectionAsked: "待审批", dossier.CorrectionApproved: "已更正", dossier.CorrectionRefused: "未批准"}

func split(list string) []string {
	if list == "" {
		return []string{}
	}
	return strings.Split(list, "|")
}

func (s *Server) materialView(ctx context.Context, m dossier.Material, name func(string) string) MaterialView {
	v := MaterialView{ID: m.ID, Version: m.Version, DossierID: m.DossierID, State: string(m.State), StateName: m.State.Name(), Tone: materialTones[m.State], Class: m.Class, Seq: m.Seq, Title: m.Title,
		Year: m.FormedYear, Month: m.FormedMonth, Day: m.FormedDay, Copies: m.Copies, Pages: m.Pages, Images: m.Images, IsCopy: m.IsCopy, KeyFacts: split(m.KeyFacts), KeyFactNames: []string{},
		Secrecy: m.Secrecy, SecrecyName: dossier.SecrecyName(m.Secrecy), Note: m.Note, Origin: m.Origin, OriginName: originNames[m.Origin], Source: m.Source, Maker: m.Maker, IntakeNo: m.IntakeNo,
		ReceivedOn: m.ReceivedOn, DueOn: m.DueOn, DueTentative: m.DueTentative, LateDays: m.LateDays, Defects: []DefectView{}, Decision: m.Decision, CureBy: m.CureBy,
		AppraisedBy: name(m.AppraisedBy), AppraisedOwn: m.AppraisedBy != "" && m.AppraisedBy == actor(ctx).ID, BatchID: m.BatchID, Reason: m.Reason}
	if m.Title == "" {
		v.Title = "涉密件（纸质）"
	}
	if c, ok := codes.FindClass(m.Class); ok {
		v.ClassName = c.Short
		if m.State == dossier.Filed {
			v.Number = m.Number()
		}
	}
	for _, fact := range v.KeyFacts {
		v.KeyFactNames = append(v.KeyFactNames, dossier.KeyFactName(fact))
	}
	for _, code := range split(m.Defects) {
		if d, ok := codes.FindDefect(code); ok {
			v.Defects = append(v.Defects, DefectView(d))
		}
	}
	if !m.FiledAt.IsZero() {
		v.FiledAt = &m.FiledAt
	}
	if m.State != dossier.Filed && m.State != dossier.Returned && m.State != dossier.Superseded {
		due := m.DueOn
		if m.State == dossier.Curing {
			due = m.CureBy
		}
		v.DaysLeft = s.daysLeft(due)
	}
	return v
}

func (s *Server) materials(ctx context.Context, list []dossier.Material) []MaterialView {
	out := []MaterialView{}
	name := s.names(ctx)
	for _, m := range list {
		out = append(out, s.materialView(ctx, m, name))
	}
	return out
}

// catalogView groups the filed materials by class; every class stands in it.
func (s *Server) catalogView(ctx context.Context, d dossier.Dossier, catalog []dossier.Material) CatalogView {
	v := CatalogView{Version: d.Catalog, Materials: d.Materials, Pages: d.Pages, Images: d.Images, Classes: []ClassView{}}
	at := map[string]int{}
	for _, c := range codes.Classes() {
		if c.Selectable {
			at[c.Code] = len(v.Classes)
			v.Classes = append(v.Classes, ClassView{Code: c.Code, Name: c.Name, Short: c.Short, Items: []MaterialView{}})
		}
	}
	name := s.names(ctx)
	for _, m := range catalog {
		if i, ok := at[m.Class]; ok {
			v.Classes[i].Items = append(v.Classes[i].Items, s.materialView(ctx, m, name))
			v.Classes[i].Pages += m.Pages
		}
	}
	return v
}

func (s *Server) correctionView(ctx context.Context, c dossier.Correction, label string) CorrectionView {
	name := s.names(ctx)
	v := CorrectionView{ID: c.ID, Version: c.Version, MaterialID: c.MaterialID, DossierID: c.DossierID, Label: label, State: c.State, StateName: correctionNames[c.State], Reason: c.Reason, Basis: c.Basis,
		Applicant: name(c.Applicant), ApplicantOwn: c.Applicant == actor(ctx).ID, AppliedAt: c.AppliedAt, DecidedBy: name(c.DecidedBy), Note: c.Note}
	var d dossier.Description
	if json.Unmarshal([]byte(c.Proposed), &d) == nil {
		v.Proposed = DescriptionView(d)
	}
	return v
}
