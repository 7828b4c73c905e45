package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/death"
	"dangan/internal/digital"
	"dangan/internal/mandate"
)

func init() { capabilities = append(capabilities, (*Server).deathRoutes) }

// DeathItem is one registered death in the list.
type DeathItem struct {
	ID         string `json:"id"`
	State      string `json:"state" enum:"reported,rejected,kept,retained,listed,sent,handed,revoked"`
	StateName  string `json:"stateName"`
	Tone       string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	AgencyName string `json:"agencyName"`
	DossierID  string `json:"dossierId"`
	DossierNo  string `json:"dossierNo"`
	PersonName string `json:"personName"`
	DiedOn     string `json:"diedOn"`
	TermEndsOn string `json:"termEndsOn" doc:"死亡日期后5年"`
	Due        bool   `json:"due" doc:"满5年"`
	SourceName string `json:"sourceName"`
	Evidence   string `json:"evidence"`
	Merit      string `json:"merit,omitempty" doc:"荣誉称号、授予机关、年份"`
	ReviewOn   string `json:"reviewOn,omitempty" doc:"续管到哪一天，届时复核"`
	ReviewDue  bool   `json:"reviewDue" doc:"续管的，已到复核的日期"`
	Basis      string `json:"basis,omitempty" doc:"续管、不予确认、撤销的依据"`
}

// DeathView is a registered death's page.
type DeathView struct {
	DeathItem
	EvidenceNo   string       `json:"evidenceNo"`
	Informant    string       `json:"informant,omitempty"`
	Relation     string       `json:"relation,omitempty"`
	LastPost     string       `json:"lastPost,omitempty"`
	Mandate      *MandateItem `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	RegisteredBy string       `json:"registeredBy"`
	RegisteredAt time.Time    `json:"registeredAt"`
	DecidedBy    string       `json:"decidedBy,omitempty"`
	DecidedAt    *time.Time   `json:"decidedAt,omitempty"`
	ListID       string       `json:"listId,omitempty"`
	ListNo       string       `json:"listNo,omitempty"`
	Recipient    string       `json:"recipient,omitempty"`
	HandedOn     string       `json:"handedOn,omitempty"`
	Served       []string     `json:"served" nullable:"false" doc:"死亡登记后仍可办的单位事项"`
	Possible     []Possible   `json:"possible" nullable:"false"`
	Looks        []DeathLook  `json:"looks" nullable:"false" doc:"续管和历次复核"`
	NextReview   string       `json:"nextReview" doc:"不另填时续管到哪一天"`
}

// DeathPage is a page of the list with the number in each part.
type DeathPage struct {
	Items     []DeathItem      `json:"items" nullable:"false"`
	Next      string           `json:"next,omitempty"`
	Counts    map[string]int64 `json:"counts"`
	Evidences []string         `json:"evidences" nullable:"false" doc:"可以选择的死亡依据；末三项为数据"`
}

// DeathListItem is one list of packets handed over.
type DeathListItem struct {
	ID            string `json:"id"`
	No            string `json:"no"`
	State         string `json:"state" enum:"preparing,delivered,receipted,cancelled"`
	StateName     string `json:"stateName"`
	Tone          string `json:"tone" enum:"plain,run,wait,done,bad,void"`
	AgencyName    string `json:"agencyName"`
	ReasonName    string `json:"reasonName"`
	RecipientKind string `json:"recipientKind"`
	Recipient     string `json:"recipient"`
	Persons       int64  `json:"persons"`
	PreparedOn    string `json:"preparedOn"`
	HandedOn      string `json:"handedOn,omitempty"`
	ReceivedOn    string `json:"receivedOn,omitempty"`
}

// DeathListView is a list's page.
type DeathListView struct {
	DeathListItem
	Basis       string        `json:"basis"`
	Materials   int64         `json:"materials"`
	Pages       int64         `json:"pages"`
	Volumes     int64         `json:"volumes,omitempty" doc:"总卷数，移交时点数"`
	PreparedBy  string        `json:"preparedBy"`
	DeliveredBy string        `json:"deliveredBy,omitempty"`
	Number      string        `json:"number,omitempty"`
	DocumentID  string        `json:"documentId,omitempty"`
	Takers      string        `json:"takers,omitempty"`
	Witness     string        `json:"witness,omitempty"`
	ReceiptNo   string        `json:"receiptNo,omitempty"`
	Note        string        `json:"note,omitempty"`
	Lines       []DeathListed `json:"lines" nullable:"false"`
	Possible    []Possible    `json:"possible" nullable:"false"`
}

// DeathHanded is what was counted of one dossier as it was handed over.
type DeathHanded struct {
	CaseID  string `json:"caseId" maxLength:"64"`
	Volumes int64  `json:"volumes" minimum:"0" maximum:"50"`
	Remark  string `json:"remark,omitempty" maxLength:"60"`
}

// DeathListed is one dossier on a list, with what was counted and what the four checks found.
type DeathListed struct {
	DeathItem
	Volumes int64       `json:"volumes,omitempty"`
	Remark  string      `json:"remark,omitempty"`
	Check   *DeathCheck `json:"check,omitempty" doc:"最近一次四性检测；没有检测的为空"`
}

// DeathCheck is what the four checks found of one dossier.
type DeathCheck struct {
	Words   string             `json:"words"`
	Good    bool               `json:"good"`
	Images  int64              `json:"images" doc:"检测的影像页数"`
	At      time.Time          `json:"at"`
	By      string             `json:"by"`
	Results []DeathCheckResult `json:"results" nullable:"false"`
	Found   []DeathFound       `json:"found" nullable:"false" doc:"所见问题，至多 20 条"`
}

// DeathCheckResult is one of the four.
type DeathCheckResult struct {
	Property string `json:"property"`
	Result   string `json:"result" enum:"pass,fail,none"`
	Name     string `json:"name"`
}

// DeathFound is one defect.
type DeathFound struct {
	Property string `json:"property"`
	At       string `json:"at"`
	What     string `json:"what"`
}

// DeathReport is what is entered of a death.
type DeathReport struct {
	DossierID  string `json:"dossierId" maxLength:"40"`
	DiedOn     string `json:"diedOn" maxLength:"10"`
	Evidence   string `json:"evidence" maxLength:"40"`
	EvidenceNo string `json:"evidenceNo,omitempty" maxLength:"100"`
	Informant  string `json:"informant,omitempty" maxLength:"60"`
	Relation   string `json:"relation,omitempty" maxLength:"30"`
	LastPost   string `json:"lastPost,omitempty" maxLength:"100"`
	Merit      string `json:"merit,omitempty" maxLength:"200"`
	MandateID  string `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：告知的亲属出具的委托书"`
}

// DeathLine is one line of a batch of data.
type DeathLine struct {
	IDNo   string `json:"idNo" maxLength:"30"`
	DiedOn string `json:"diedOn" maxLength:"10"`
}

// DeathBatch is a batch of data of other authorities.
type DeathBatch struct {
	Evidence string      `json:"evidence" maxLength:"40"`
	Batch    string      `json:"batch,omitempty" maxLength:"100"`
	Lines    []DeathLine `json:"lines" maxItems:"500" nullable:"false"`
}

// DeathImported says what became of a batch.
type DeathImported struct {
	Registered int      `json:"registered"`
	Already    int      `json:"already"`
	Elsewhere  int      `json:"elsewhere" doc:"不在本机构的"`
	Wrong      []string `json:"wrong" nullable:"false"`
}

// DeathBasis is the ground of an act.
type DeathBasis struct {
	DeathPath
	Body struct {
		Basis string `json:"basis" maxLength:"200"`
	}
}

// DeathKeeping is until when something is kept on, and why.
type DeathKeeping struct {
	DeathPath
	Body struct {
		Basis string `json:"basis" maxLength:"200"`
		Until string `json:"until,omitempty" maxLength:"10" doc:"续管截止日期，届时复核；不填的按全市参数的间隔"`
	}
}

// DeathLook is one decision to keep a dossier on.
type DeathLook struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Until  string    `json:"until"`
	Reason string    `json:"reason"`
}

// DeathPath names a case or a list.
type DeathPath struct {
	ID string `path:"id" maxLength:"40"`
}

func (s *Server) deathRoutes() {
	const tag = "死亡档案"
	route(s, op("listDeaths", http.MethodGet, "/deaths", "死亡登记，按5年届满日期", tag), func(ctx context.Context, in *struct {
		OfAgency
		View   string `query:"view" maxLength:"20" doc:"reported 待确认、running 5年期内、near 将满5年、due 已满5年、review 续管待复核、retained 期满续管、moving 移交中、ended 已办结；空为全部"`
		Merit  bool   `query:"merit" doc:"只列有荣誉称号的"`
		Cursor string `query:"cursor" maxLength:"200"`
		Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) (*Body[DeathPage], error) {
		rows, next, err := s.Deaths.List(ctx, in.of(ctx), death.Filter{View: in.View, Merit: in.Merit, Cursor: in.Cursor, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		counts, err := s.Deaths.Counts(ctx, in.of(ctx))
		if err != nil {
			return nil, err
		}
		return &Body[DeathPage]{DeathPage{Items: s.deathItems(ctx, rows), Next: next, Counts: counts, Evidences: death.Evidences}}, nil
	})
	route(s, op("reportDeath", http.MethodPost, "/deaths", "登记死亡，待第二人确认", tag), func(ctx context.Context, in *struct{ Body DeathReport }) (*Tagged[DeathView], error) {
		c, err := s.Deaths.Report(ctx, actor(ctx), death.Report(in.Body))
		return s.deathAnswer(ctx, c, err)
	})
	route(s, op("importDeaths", http.MethodPost, "/deaths/import", "导入民政、公安、社会保险的死亡数据，逐人待第二人确认", tag), func(ctx context.Context, in *struct{ Body DeathBatch }) (*Body[DeathImported], error) {
		lines := make([]death.Line, len(in.Body.Lines))
		for i, l := range in.Body.Lines {
			lines[i] = death.Line(l)
		}
		out, err := s.Deaths.Import(ctx, actor(ctx), in.Body.Evidence, in.Body.Batch, lines)
		if err != nil {
			return nil, err
		}
		return &Body[DeathImported]{DeathImported{out.Registered, out.Already, out.Elsewhere, append([]string{}, out.Wrong...)}}, nil
	})
	route(s, op("getDeath", http.MethodGet, "/deaths/{id}", "一件死亡登记（查看留痕）", tag), func(ctx context.Context, in *DeathPath) (*Tagged[DeathView], error) {
		v, err := s.Deaths.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.deathView(ctx, v)
	})
	route(s, op("confirmDeath", http.MethodPost, "/deaths/{id}/confirm", "第二人确认死亡", tag), func(ctx context.Context, in *DeathPath) (*Tagged[DeathView], error) {
		c, err := s.Deaths.Confirm(ctx, actor(ctx), in.ID)
		return s.deathAnswer(ctx, c, err)
	})
	route(s, op("rejectDeath", http.MethodPost, "/deaths/{id}/reject", "不予确认", tag), func(ctx context.Context, in *DeathBasis) (*Tagged[DeathView], error) {
		c, err := s.Deaths.Reject(ctx, actor(ctx), in.ID, in.Body.Basis)
		return s.deathAnswer(ctx, c, err)
	})
	route(s, op("honorDeath", http.MethodPost, "/deaths/{id}/honor", "登记荣誉称号", tag), func(ctx context.Context, in *DeathBasis) (*Tagged[DeathView], error) {
		c, err := s.Deaths.Honor(ctx, actor(ctx), in.ID, in.Body.Basis)
		return s.deathAnswer(ctx, c, err)
	})
	route(s, op("retainDeath", http.MethodPost, "/deaths/{id}/retain", "期满后由本机构续管到某日，届时复核", tag), func(ctx context.Context, in *DeathKeeping) (*Tagged[DeathView], error) {
		c, err := s.Deaths.Retain(ctx, actor(ctx), in.ID, in.Body.Basis, in.Body.Until)
		return s.deathAnswer(ctx, c, err)
	})
	route(s, op("reviewDeath", http.MethodPost, "/deaths/{id}/review", "复核续管的档案：继续保管到某日，写明理由", tag), func(ctx context.Context, in *DeathKeeping) (*Tagged[DeathView], error) {
		c, err := s.Deaths.Review(ctx, actor(ctx), in.ID, in.Body.Basis, in.Body.Until)
		return s.deathAnswer(ctx, c, err)
	})
	route(s, op("revokeDeath", http.MethodPost, "/deaths/{id}/revoke", "撤销死亡登记", tag), func(ctx context.Context, in *DeathBasis) (*Tagged[DeathView], error) {
		c, err := s.Deaths.Revoke(ctx, actor(ctx), in.ID, in.Body.Basis)
		return s.deathAnswer(ctx, c, err)
	})
	route(s, op("listHandovers", http.MethodGet, "/death-handovers", "死亡人员档案移交清单", tag), func(ctx context.Context, in *struct {
		OfAgency
		Limit int `query:"limit" default:"50" minimum:"1" maximum:"100"`
	}) (*Body[Page[DeathListItem]], error) {
		rows, err := s.Deaths.Lists(ctx, in.of(ctx), in.Limit)
		if err != nil {
			return nil, err
		}
		items := []DeathListItem{}
		for _, h := range rows {
			items = append(items, s.handoverItem(ctx, h))
		}
		return &Body[Page[DeathListItem]]{Page[DeathListItem]{Items: items}}, nil
	})
	route(s, op("prepareHandover", http.MethodPost, "/death-handovers", "拟定移交清单，请库管提档", tag), func(ctx context.Context, in *struct {
		Body struct {
			Cases         []string `json:"cases" maxItems:"100" nullable:"false"`
			Reason        string   `json:"reason" enum:"term,hero" doc:"term 去世满5年、hero 英雄模范人物"`
			RecipientKind string   `json:"recipientKind" enum:"archive,keeper"`
			Recipient     string   `json:"recipient,omitempty" maxLength:"120"`
			Basis         string   `json:"basis,omitempty" maxLength:"200"`
		}
	}) (*Tagged[DeathListView], error) {
		h, err := s.Deaths.Prepare(ctx, actor(ctx), death.Plan(in.Body))
		return s.handoverAnswer(ctx, h, err)
	})
	route(s, op("getHandover", http.MethodGet, "/death-handovers/{id}", "一份移交清单（查看留痕）", tag), func(ctx context.Context, in *DeathPath) (*Tagged[DeathListView], error) {
		v, err := s.Deaths.OpenList(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.handoverView(ctx, v), nil
	})
	route(s, op("checkHandover", http.MethodPost, "/death-handovers/{id}/check", "四性检测：逐页读出清单所列档案的影像，核对真实、完整、可用、安全", tag), func(ctx context.Context, in *DeathPath) (*Tagged[DeathListView], error) {
		h, err := s.Deaths.CheckList(ctx, actor(ctx), in.ID)
		return s.handoverAnswer(ctx, h, err)
	})
	route(s, op("deliverHandover", http.MethodPost, "/death-handovers/{id}/deliver", "第二人核对实物后移交，出具移交清单", tag), func(ctx context.Context, in *struct {
		DeathPath
		Body struct {
			On    string        `json:"on" maxLength:"10"`
			Lines []DeathHanded `json:"lines,omitempty" maxItems:"100" doc:"逐人点数的卷数"`
		}
	}) (*Tagged[DeathListView], error) {
		counted := make([]death.Counted, len(in.Body.Lines))
		for i, l := range in.Body.Lines {
			counted[i] = death.Counted(l)
		}
		h, err := s.Deaths.Deliver(ctx, actor(ctx), in.ID, in.Body.On, counted)
		return s.handoverAnswer(ctx, h, err)
	})
	route(s, op("receiptHandover", http.MethodPost, "/death-handovers/{id}/receipt", "登记接收单位回执", tag), func(ctx context.Context, in *struct {
		DeathPath
		Body struct {
			On      string   `json:"on" maxLength:"10"`
			No      string   `json:"no,omitempty" maxLength:"100"`
			Witness string   `json:"witness,omitempty" maxLength:"60"`
			Takers  []string `json:"takers" maxItems:"4" nullable:"false"`
			Absent  []string `json:"absent,omitempty" maxItems:"100" doc:"没有收到的：死亡登记的编号（id），清单等候其回执"`
		}
	}) (*Tagged[DeathListView], error) {
		h, err := s.Deaths.Receipt(ctx, actor(ctx), in.ID, death.Receipt(in.Body))
		return s.handoverAnswer(ctx, h, err)
	})
	route(s, op("strikeHandover", http.MethodPost, "/death-handovers/{id}/strike", "把一人移出未移交的清单", tag), func(ctx context.Context, in *struct {
		DeathPath
		Body struct {
			CaseID string `json:"caseId" maxLength:"64"`
			Why    string `json:"why" maxLength:"200"`
		}
	}) (*Tagged[DeathListView], error) {
		h, err := s.Deaths.Strike(ctx, actor(ctx), in.ID, in.Body.CaseID, in.Body.Why)
		return s.handoverAnswer(ctx, h, err)
	})
	route(s, op("cancelHandover", http.MethodPost, "/death-handovers/{id}/cancel", "取消未移交的清单", tag), func(ctx context.Context, in *DeathBasis) (*Tagged[DeathListView], error) {
		h, err := s.Deaths.Cancel(ctx, actor(ctx), in.ID, in.Body.Basis)
		return s.handoverAnswer(ctx, h, err)
	})
}

func (s *Server) deathItems(ctx context.Context, rows []death.Row) []DeathItem {
	out := []DeathItem{}
	for _, r := range rows {
		i := s.deathItem(ctx, r.Case)
		i.PersonName, i.DossierNo = r.PersonName, r.DossierNo
		out = append(out, i)
	}
	return out
}

func (s *Server) deathItem(ctx context.Context, c death.Case) DeathItem {
	return DeathItem{ID: c.ID, State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(), AgencyName: s.agencyName(ctx, c.Agency), DossierID: c.DossierID,
		DiedOn: c.DiedOn, TermEndsOn: c.TermEndsOn, Due: c.Due(s.Gate.Today()), ReviewOn: c.ReviewOn, ReviewDue: c.ReviewDue(s.Gate.Today()), Basis: map[bool]string{true: c.Basis}[c.State == death.Retained], SourceName: death.SourceName(c.Source), Evidence: c.Evidence, Merit: c.Merit}
}

func (s *Server) deathAnswer(ctx context.Context, c death.Case, err error) (*Tagged[DeathView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Deaths.After(ctx, actor(ctx), c.ID)
	if err != nil {
		return nil, err
	}
	return s.deathView(ctx, v)
}

func (s *Server) deathView(ctx context.Context, v death.View) (*Tagged[DeathView], error) {
	out := DeathView{DeathItem: s.deathItem(ctx, v.Case), EvidenceNo: v.EvidenceNo, Informant: v.Informant, Relation: v.Relation, LastPost: v.LastPost, Looks: []DeathLook{}, NextReview: s.Deaths.NextReview().String(),
		RegisteredBy: s.staffName(ctx, v.RegisteredBy), RegisteredAt: v.RegisteredAt, Served: death.Matters, Possible: possible(v.Possible)}
	out.PersonName, out.DossierNo, out.Basis = v.Person.Name, v.Dossier.No, v.Basis
	for _, l := range v.Looks {
		out.Looks = append(out.Looks, DeathLook{l.At, s.staffName(ctx, l.By), l.UntilOn, l.Reason})
	}
	if v.DecidedBy != "" {
		out.DecidedBy, out.DecidedAt = s.staffName(ctx, v.DecidedBy), &v.DecidedAt
	}
	if v.List != nil && v.List.Secrecy <= actor(ctx).Clearance {
		out.ListID, out.ListNo, out.Recipient, out.HandedOn = v.List.ID, v.List.No, v.List.Recipient, v.List.HandedOn
	}
	var err error
	if out.Mandate, err = s.mandateSeen(ctx, v.Ref(), mandate.Death); err != nil {
		return nil, err
	}
	return &Tagged[DeathView]{etag(v.Version), out}, nil
}

func (s *Server) handoverItem(ctx context.Context, h death.Handover) DeathListItem {
	return DeathListItem{ID: h.ID, No: h.No, State: string(h.State), StateName: h.State.Name(), Tone: h.State.Tone(), AgencyName: s.agencyName(ctx, h.Agency), ReasonName: h.ReasonName(),
		RecipientKind: h.RecipientName(), Recipient: h.Recipient, Persons: h.Persons, PreparedOn: calendar.Of(h.PreparedAt).String(), HandedOn: h.HandedOn, ReceivedOn: h.ReceivedOn}
}

func (s *Server) handoverAnswer(ctx context.Context, h death.Handover, err error) (*Tagged[DeathListView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Deaths.AfterList(ctx, actor(ctx), h)
	if err != nil {
		return nil, err
	}
	return s.handoverView(ctx, v), nil
}

func (s *Server) handoverView(ctx context.Context, v death.ListView) *Tagged[DeathListView] {
	out := DeathListView{DeathListItem: s.handoverItem(ctx, v.Handover), Basis: v.Basis, Materials: v.Materials, Pages: v.Pages, Volumes: v.Volumes, PreparedBy: s.staffName(ctx, v.PreparedBy), Number: v.Number, DocumentID: v.DocumentID,
		Takers: v.Takers, Witness: v.Witness, ReceiptNo: v.ReceiptNo, Note: v.Note, Lines: []DeathListed{}, Possible: possible(v.Possible)}
	for i, item := range s.deathItems(ctx, v.Lines) {
		l := DeathListed{DeathItem: item, Volumes: v.Lines[i].Volumes, Remark: v.Lines[i].Remark}
		if c := v.Checks[item.ID]; c.ID != "" {
			l.Check = &DeathCheck{Words: c.Words(), Good: true, Images: c.Images, At: c.CheckedAt, By: s.staffName(ctx, c.CheckedBy), Results: []DeathCheckResult{}, Found: []DeathFound{}}
			for n, r := range c.Results() {
				l.Check.Good = l.Check.Good && r != death.Failed
				l.Check.Results = append(l.Check.Results, DeathCheckResult{digital.Properties[n], r, death.ResultName(r)})
			}
			for _, f := range c.Defects() {
				l.Check.Found = append(l.Check.Found, DeathFound(f))
			}
		}
		out.Lines = append(out.Lines, l)
	}
	if v.DeliveredBy != "" {
		out.DeliveredBy = s.staffName(ctx, v.DeliveredBy)
	}
	return &Tagged[DeathListView]{etag(v.Version), out}
}
