package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/mandate"
)

func init() { capabilities = append(capabilities, (*Server).mandateRoutes) }

// MandateItem is one 委托书 in a list or beside the case that rests on it.
type MandateItem struct {
	ID          string    `json:"id"`
	No          string    `json:"no"`
	State       string    `json:"state" enum:"valid,waiting,expired,revoked,declined"`
	StateName   string    `json:"stateName"`
	Tone        string    `json:"tone"`
	AgencyName  string    `json:"agencyName"`
	Principal   string    `json:"principal"`
	Agent       string    `json:"agent"`
	Relation    string    `json:"relation"`
	MatterNames string    `json:"matterNames"`
	Matters     []string  `json:"matters" nullable:"false"`
	PaperOn     string    `json:"paperOn"`
	ValidUntil  string    `json:"validUntil"`
	Persons     int64     `json:"persons" doc:"登记时，代办人一年内在全市代办的人数"`
	SeenBy      string    `json:"seenBy"`
	SeenAt      time.Time `json:"seenAt"`
}

// MandateList is a page of them with the number in each view.
type MandateList struct {
	Items  []MandateItem    `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	More   bool             `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// MandateUse is one application that rests on a mandate.
type MandateUse struct {
	Matter     string    `json:"matter"`
	MatterName string    `json:"matterName"`
	Case       string    `json:"case" doc:"受理的申请，如 Transfer:id"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// MandateScan is one file of a scanned 委托书.
type MandateScan struct {
	No     int64     `json:"no"`
	Format string    `json:"format"`
	Pages  int64     `json:"pages"`
	Bytes  int64     `json:"bytes"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// MandateView is one mandate's page.
type MandateView struct {
	MandateItem
	PrincipalNo  string        `json:"principalNo" doc:"前三后四"`
	PrincipalDoc string        `json:"principalDoc"`
	AgentNo      string        `json:"agentNo" doc:"前三后四"`
	AgentDoc     string        `json:"agentDoc"`
	Phone        string        `json:"phone,omitempty"`
	DecidedBy    string        `json:"decidedBy,omitempty"`
	DecidedAt    *time.Time    `json:"decidedAt,omitempty"`
	Note         string        `json:"note,omitempty"`
	EndedBy      string        `json:"endedBy,omitempty"`
	EndedAt      *time.Time    `json:"endedAt,omitempty"`
	EndReason    string        `json:"endReason,omitempty"`
	Uses         []MandateUse  `json:"uses" nullable:"false"`
	Scans        []MandateScan `json:"scans" nullable:"false" doc:"扫描件"`
	Possible     []Possible    `json:"possible" nullable:"false"`
}

// MandatePaper is what is entered from the 委托书 and both documents.
type MandatePaper struct {
	Principal    string   `json:"principal,omitempty" maxLength:"60" doc:"委托人（存档人员）"`
	PrincipalNo  string   `json:"principalNo,omitempty" maxLength:"40"`
	PrincipalDoc string   `json:"principalDoc,omitempty" maxLength:"40" doc:"查验的委托人证件"`
	Agent        string   `json:"agent,omitempty" maxLength:"60" doc:"代办人"`
	AgentNo      string   `json:"agentNo,omitempty" maxLength:"40"`
	AgentDoc     string   `json:"agentDoc,omitempty" maxLength:"40" doc:"查验的代办人证件"`
	Relation     string   `json:"relation,omitempty" maxLength:"40" doc:"代办人与委托人的关系"`
	Phone        string   `json:"phone,omitempty" maxLength:"40" doc:"代办人电话"`
	Matters      []string `json:"matters,omitempty" maxItems:"20" doc:"委托事项"`
	On           string   `json:"on,omitempty" maxLength:"10" doc:"委托书日期"`
	Until        string   `json:"until,omitempty" maxLength:"10" doc:"委托有效至（含）"`
	Originals    bool     `json:"originals,omitempty" doc:"委托书和双方证件均已核对原件"`
	Unpaid       bool     `json:"unpaid,omitempty" doc:"代办人声明不收取费用，不是有偿中介"`
}

// MandateLists are what the form chooses from.
type MandateLists struct {
	Matters   []codes.Code `json:"matters" nullable:"false"`
	Personal  []codes.Code `json:"personal" nullable:"false" doc:"不能委托代办的，按规定"`
	Documents []string     `json:"documents" nullable:"false"`
	Relations []string     `json:"relations" nullable:"false"`
}

// AgentItem is one who stood for others at an agency within a year.
type AgentItem struct {
	AgencyName string    `json:"agencyName"`
	Name       string    `json:"name"`
	IDNo       string    `json:"idNo" doc:"前三后四"`
	Persons    int64     `json:"persons" doc:"一年内在该机构代办的人数"`
	Papers     int64     `json:"papers" doc:"委托书份数"`
	Waiting    int64     `json:"waiting"`
	Refused    int64     `json:"refused" doc:"不予认可的份数"`
	Flagged    bool      `json:"flagged,omitempty" doc:"全市代办人数超过设定"`
	Last       string    `json:"last" doc:"最近一份委托书"`
	LastAt     time.Time `json:"lastAt"`
}

// MandateIn names a mandate and the version it was seen at.
type MandateIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// MandateDecision is the head's word.
type MandateDecision struct {
	Confirm bool   `json:"confirm"`
	Note    string `json:"note,omitempty" maxLength:"300" doc:"怎样核实的"`
}

func (s *Server) mandateRoutes() {
	const tag = "委托代办"
	route(s, op("listMandates", http.MethodGet, "/mandates", "登记的委托书", tag), func(ctx context.Context, in *struct {
		View   string `query:"view" enum:"valid,waiting,ended" default:"valid"`
		Cursor string `query:"cursor" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[MandateList], error) {
		by := actor(ctx)
		list, next, err := s.Mandates.List(ctx, by, in.View, in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		counts, err := s.Mandates.Counts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[MandateList]{Body: MandateList{Items: []MandateItem{}, Counts: counts, More: s.capped(counts)}}
		for _, m := range list {
			out.Body.Items = append(out.Body.Items, s.mandateItem(ctx, m))
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("listAgents", http.MethodGet, "/agents", "一年内的代办人，按代办人数多少", tag), func(ctx context.Context, in *struct {
		Cursor string `query:"cursor" maxLength:"100"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[AgentItem]], error) {
		list, next, err := s.Mandates.Agents(ctx, actor(ctx), in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[AgentItem]]{Body: Page[AgentItem]{Items: []AgentItem{}}}
		for _, a := range list {
			out.Body.Items = append(out.Body.Items, AgentItem{AgencyName: s.agencyName(ctx, a.Agency), Name: a.Name, IDNo: identity.Mask(a.IDNo), Persons: a.Persons, Papers: a.Papers, Waiting: a.Waiting, Refused: a.Refused, Flagged: a.Flagged, Last: a.Last, LastAt: a.LastAt})
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	route(s, op("mandateLists", http.MethodGet, "/mandate-lists", "委托事项、证件、关系", tag), func(_ context.Context, _ *struct{}) (*Body[MandateLists], error) {
		return &Body[MandateLists]{Body: MandateLists{Matters: mandate.Matters, Personal: mandate.Personal, Documents: mandate.Documents, Relations: mandate.Relations}}, nil
	})
	route(s, op("registerMandate", http.MethodPost, "/mandates", "查验登记委托书；代办人数异常的待负责人确认", tag), func(ctx context.Context, in *struct{ Body MandatePaper }) (*Tagged[MandateView], error) {
		b := in.Body
		m, err := s.Mandates.Register(ctx, actor(ctx), mandate.Paper{Principal: b.Principal, PrincipalNo: b.PrincipalNo, PrincipalDoc: b.PrincipalDoc, Agent: b.Agent, AgentNo: b.AgentNo, AgentDoc: b.AgentDoc,
			Relation: b.Relation, Phone: b.Phone, Matters: b.Matters, On: calendar.Date(b.On), Until: calendar.Date(b.Until), Originals: b.Originals, Unpaid: b.Unpaid})
		return s.mandateDone(ctx, m, err)
	})
	route(s, op("findMandates", http.MethodPost, "/mandates/find", "按委托人证件号码查本机构已登记、未失效的委托书", tag), func(ctx context.Context, in *struct {
		Body struct {
			PrincipalNo string `json:"principalNo" maxLength:"40"`
		}
	}) (*Body[Page[MandateItem]], error) {
		list, err := s.Mandates.Find(ctx, actor(ctx), in.Body.PrincipalNo)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[MandateItem]]{Body: Page[MandateItem]{Items: []MandateItem{}}}
		for _, m := range list {
			out.Body.Items = append(out.Body.Items, s.mandateItem(ctx, m))
		}
		return out, nil
	})
	route(s, op("getMandate", http.MethodGet, "/mandates/{id}", "一份委托书（查看留痕）", tag), func(ctx context.Context, in *MandateIn) (*Tagged[MandateView], error) {
		v, err := s.Mandates.Show(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.mandateView(ctx, v), nil
	})
	scan := op("addMandateScan", http.MethodPost, "/mandates/{id}/scans", "上传委托书扫描件（照片 JPG 或 PDF）", tag)
	attached(s, scan, mandate.MaxScanBytes, func(ctx context.Context, in *struct {
		MandateIn
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*Tagged[MandateView], error) {
		m, err := s.Mandates.AddScan(ctx, actor(ctx), in.ID, in.RawBody)
		return s.mandateDone(ctx, m, err)
	})
	route(s, op("getMandateScan", http.MethodGet, "/mandates/{id}/scans/{no}", "委托书的一个扫描件（查看留痕）", tag), func(ctx context.Context, in *struct {
		MandateIn
		No int64 `path:"no" minimum:"1" maximum:"99"`
	}) (*File, error) {
		kind, content, err := s.Mandates.Look(ctx, actor(ctx), in.ID, in.No)
		if err != nil {
			return nil, err
		}
		return pictureFile(kind, content, "委托书-"+strconv.FormatInt(in.No, 10)), nil
	})
	route(s, op("decideMandate", http.MethodPost, "/mandates/{id}/decide", "负责人确认代办人，或不予认可", tag), func(ctx context.Context, in *struct {
		MandateIn
		Body MandateDecision
	}) (*Tagged[MandateView], error) {
		m, err := s.Mandates.Decide(ctx, actor(ctx), in.ID, in.Body.Confirm, in.Body.Note)
		return s.mandateDone(ctx, m, err)
	})
	route(s, op("revokeMandate", http.MethodPost, "/mandates/{id}/revoke", "登记委托人撤销委托", tag), func(ctx context.Context, in *struct {
		MandateIn
		Body struct {
			Reason string `json:"reason,omitempty" maxLength:"200"`
		}
	}) (*Tagged[MandateView], error) {
		m, err := s.Mandates.Revoke(ctx, actor(ctx), in.ID, in.Body.Reason)
		return s.mandateDone(ctx, m, err)
	})
}

func (s *Server) mandateDone(ctx context.Context, m mandate.Mandate, err error) (*Tagged[MandateView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Mandates.After(ctx, actor(ctx), m)
	if err != nil {
		return nil, err
	}
	return s.mandateView(ctx, v), nil
}

func (s *Server) mandateItem(ctx context.Context, m mandate.Mandate) MandateItem {
	slug, name, tone := m.Standing(s.Gate.Today())
	return MandateItem{ID: m.ID, No: m.No, State: slug, StateName: name, Tone: tone, AgencyName: s.agencyName(ctx, m.Agency), Principal: m.Principal, Agent: m.Agent, Relation: m.Relation,
		MatterNames: mandate.MatterNames(m.List()), Matters: m.List(), PaperOn: m.PaperOn, ValidUntil: m.ValidUntil, Persons: m.Persons, SeenBy: s.staffName(ctx, m.SeenBy), SeenAt: m.SeenAt}
}

// mandateOf is the mandate a case rests on, for the case's page.
func (s *Server) mandateOf(ctx context.Context, ref, matter string) (*MandateItem, error) {
	m, err := mandate.Of(ctx, s.DB, ref, matter)
	if err != nil || m == nil {
		return nil, err
	}
	v := s.mandateItem(ctx, *m)
	return &v, nil
}

// mandateSeen is mandateOf for pages that posts and agencies may open which the mandate is not
// open to: its line leads to its page, so it is there for those who may read that.
func (s *Server) mandateSeen(ctx context.Context, ref, matter string) (*MandateItem, error) {
	m, err := mandate.Of(ctx, s.DB, ref, matter)
	if err != nil || m == nil || !s.Gate.Decide(actor(ctx), mandate.ActRead, m.Resource("", 0)).Allowed() {
		return nil, err
	}
	v := s.mandateItem(ctx, *m)
	return &v, nil
}

func (s *Server) mandateView(ctx context.Context, v mandate.View) *Tagged[MandateView] {
	m := v.Mandate
	out := MandateView{MandateItem: s.mandateItem(ctx, m), PrincipalNo: identity.Mask(m.PrincipalNo), PrincipalDoc: m.PrincipalDoc, AgentNo: identity.Mask(m.AgentNo), AgentDoc: m.AgentDoc, Phone: m.Phone,
		Note: m.Note, EndReason: m.EndReason, Uses: []MandateUse{}, Scans: []MandateScan{}, Possible: possible(v.Possible)}
	if m.DecidedBy != "" {
		out.DecidedBy, out.DecidedAt = s.staffName(ctx, m.DecidedBy), &m.DecidedAt
	}
	if m.EndedBy != "" {
		out.EndedBy, out.EndedAt = s.staffName(ctx, m.EndedBy), &m.EndedAt
	}
	for _, x := range v.Scans {
		out.Scans = append(out.Scans, MandateScan{No: x.No, Format: x.Format, Pages: x.Pages, Bytes: x.Bytes, By: s.staffName(ctx, x.AddedBy), At: x.AddedAt})
	}
	for _, u := range v.Uses {
		out.Uses = append(out.Uses, MandateUse{Matter: u.Matter, MatterName: codes.Name(mandate.Matters, u.Matter), Case: u.CaseRef, By: s.staffName(ctx, u.UsedBy), At: u.UsedAt})
	}
	return &Tagged[MandateView]{ETag: etag(m.Version), Body: out}
}
