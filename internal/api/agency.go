package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/rule"
)

func init() { capabilities = append(capabilities, (*Server).agencyRoutes) }

// AgencyNode is one authority or agency in the tree.
type AgencyNode struct {
	Code          string `json:"code"`
	Name          string `json:"name"`
	Short         string `json:"short" doc:"文书代字"`
	Kind          string `json:"kind" enum:"province,bureau,center,agency"`
	Parent        string `json:"parent,omitempty"`
	Region        string `json:"region"`
	State         string `json:"state" enum:"pending,active,merged,closed"`
	Successor     string `json:"successor,omitempty"`
	SuccessorName string `json:"successorName,omitempty"`
	BasisKind     string `json:"basisKind,omitempty" enum:"established,authorized"`
	Basis         string `json:"basis,omitempty" doc:"文号"`
	ValidUntil    string `json:"validUntil,omitempty" doc:"授权有效期至"`
	TakesIn       bool   `json:"takesIn" doc:"今日可以新接收档案"`
	Ended         bool   `json:"ended,omitempty" doc:"授权已到期：不新接收，在办事项照常"`
	Keeps         bool   `json:"keeps" doc:"保管档案的机构，不是主管部门"`
}

// AgencyEnding is an authorization that ends soon or has ended.
type AgencyEnding struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	ParentName string `json:"parentName"`
	Basis      string `json:"basis"`
	ValidUntil string `json:"validUntil"`
	Days       int    `json:"days" doc:"还有几日；负数为已过几日"`
}

// AgencyTree is the tree within the own scope.
type AgencyTree struct {
	Items    []AgencyNode   `json:"items" nullable:"false"`
	Ending   []AgencyEnding `json:"ending" nullable:"false" doc:"90 日内到期和已到期的授权，最近的在前"`
	Possible []Possible     `json:"possible" nullable:"false"`
}

// AgencyOpen is what an agency holds or has under way.
type AgencyOpen struct {
	Name  string `json:"name"`
	Unit  string `json:"unit"`
	N     int64  `json:"n"`
	More  bool   `json:"more,omitempty" doc:"至少这么多，没有再数"`
	Due   string `json:"due,omitempty" doc:"其中最早的期限"`
	Since string `json:"since,omitempty" doc:"其中等得最久的一件的日期"`
	From  string `json:"from,omitempty" doc:"那一日的事：申请、登记"`
	Link  string `json:"link,omitempty" doc:"所在的列表"`
}

// AgencyStanding is an agency as it was on a day.
type AgencyStanding struct {
	On            string `json:"on"`
	There         bool   `json:"there" doc:"当日已设立"`
	Name          string `json:"name"`
	Short         string `json:"short"`
	BasisKind     string `json:"basisKind,omitempty"`
	Basis         string `json:"basis,omitempty"`
	ValidUntil    string `json:"validUntil,omitempty"`
	State         string `json:"state" enum:"pending,active,merged,closed"`
	SuccessorName string `json:"successorName,omitempty"`
	TakesIn       bool   `json:"takesIn"`
	Parent        string `json:"parent,omitempty" doc:"所问的人看得到的才有"`
	ParentName    string `json:"parentName,omitempty"`
}

// AgencyForeseen is what a decision would do; nothing is changed by asking.
type AgencyForeseen struct {
	Reasons []Reason     `json:"reasons" nullable:"false" doc:"妨碍，空为没有"`
	Effects []string     `json:"effects" nullable:"false"`
	Open    []AgencyOpen `json:"open" nullable:"false"`
}

// AgencyChange is one decision on an agency.
type AgencyChange struct {
	ID            string                `json:"id"`
	Agency        string                `json:"agency"`
	AgencyName    string                `json:"agencyName"`
	Kind          string                `json:"kind"`
	KindName      string                `json:"kindName"`
	Document      string                `json:"document,omitempty"`
	Dated         string                `json:"dated,omitempty" doc:"发文日期"`
	Evidence      string                `json:"evidence,omitempty" doc:"所核验的批准文件"`
	EffectiveOn   string                `json:"effectiveOn"`
	OldName       string                `json:"oldName,omitempty"`
	NewName       string                `json:"newName,omitempty"`
	SuccessorName string                `json:"successorName,omitempty"`
	OldParentName string                `json:"oldParentName,omitempty"`
	NewParentName string                `json:"newParentName,omitempty"`
	ValidUntil    string                `json:"validUntil,omitempty"`
	Contacts      []AgencyContactChange `json:"contacts,omitempty" doc:"所变更的联系方式"`
	DecidedBy     string                `json:"decidedBy"`
	DecidedAt     time.Time             `json:"decidedAt"`
	AppliedAt     *time.Time            `json:"appliedAt,omitempty" doc:"空：尚未生效"`
	Moved         int64                 `json:"moved" doc:"由承接机构接管的档案数"`
	Version       int64                 `json:"version"`
	State         string                `json:"state" enum:"waiting,applied,lapsed" doc:"待生效，已生效，到期未生效"`
	Reasons       []Reason              `json:"reasons,omitempty" doc:"未生效的：生效日的妨碍"`
	SettledBy     string                `json:"settledBy,omitempty"`
	SettledAt     *time.Time            `json:"settledAt,omitempty"`
	Settled       string                `json:"settled,omitempty" doc:"未生效的：怎样处理"`
	Possible      []Possible            `json:"possible,omitempty"`
}

// AgencyContact is one of the details of where an agency is reached.
type AgencyContact struct {
	Key   string `json:"key" enum:"address,postcode,desk,phone,hotline,oversight,partyHeading"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// AgencyContactChange is one detail that a change set.
type AgencyContactChange struct {
	Name string `json:"name"`
	Old  string `json:"old" doc:"空：原来没有，或者尚未生效"`
	New  string `json:"new"`
}

// AgencyView is one node with its history and the acts on it.
type AgencyView struct {
	AgencyNode
	NameOn     string          `json:"nameOn" doc:"所问日期当日的名称"`
	Standing   AgencyStanding  `json:"standing" doc:"所问日期当日的情况"`
	ParentName string          `json:"parentName,omitempty"`
	Contacts   []AgencyContact `json:"contacts" nullable:"false" doc:"所问日期当日的联系方式"`
	Current    []AgencyContact `json:"current" nullable:"false" doc:"现在的联系方式"`
	Open       []AgencyOpen    `json:"open" nullable:"false" doc:"在管档案与在办事项"`
	Below      []AgencyNode    `json:"below" nullable:"false" doc:"所问日期当日的下属机构"`
	Changes    []AgencyChange  `json:"changes" nullable:"false"`
	Possible   []Possible      `json:"possible" nullable:"false"`
}

// AgencyPath names an agency and the version a change is based on.
type AgencyPath struct {
	Code string `path:"code" maxLength:"16"`
	IfMatch
}

// AgencyOrder is what every decision rests on.
type AgencyOrder struct {
	Document    string `json:"document" maxLength:"120" doc:"批准文号"`
	EffectiveOn string `json:"effectiveOn" maxLength:"10" doc:"生效日期，可晚于今日"`
	Dated       string `json:"dated,omitempty" maxLength:"10" doc:"发文日期；主管部门的变动须有"`
	Evidence    string `json:"evidence,omitempty" maxLength:"300" doc:"所核验的批准文件：题名，原件或复印件；主管部门的变动须有"`
}

// change is a decision on this paper.
func (o AgencyOrder) change(code, kind string) agency.Change {
	return agency.Change{Agency: code, Kind: kind, Document: o.Document, EffectiveOn: o.EffectiveOn, Dated: o.Dated, Evidence: o.Evidence}
}

func (s *Server) agencyRoutes() {
	const tag = "机构"
	route(s, op("agencyTree", http.MethodGet, "/agencies/tree", "本人范围内的主管部门与机构", tag), func(ctx context.Context, _ *struct{}) (*Body[AgencyTree], error) {
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		out := &Body[AgencyTree]{Body: AgencyTree{Items: []AgencyNode{}, Ending: []AgencyEnding{}, Possible: []Possible{}}}
		if p, ok := s.Agencies.MayEstablish(actor(ctx)); ok {
			out.Body.Possible = possible([]gate.Possible{p})
		}
		endings, err := s.Agencies.Endings(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		for _, e := range endings {
			out.Body.Ending = append(out.Body.Ending, AgencyEnding{e.Agency.ID, e.Agency.Name, tree.Name(e.Agency.Parent), e.Agency.Basis, e.Agency.ValidUntil, e.Days})
		}
		for _, a := range tree.Nodes() {
			if actor(ctx).Reaches(a.ID) {
				out.Body.Items = append(out.Body.Items, s.agencyNode(tree, a))
			}
		}
		return out, nil
	})
	route(s, op("getAgency", http.MethodGet, "/agencies/{code}", "一个机构：依据、有效期与沿革", tag), func(ctx context.Context, in *struct {
		AgencyPath
		On string `query:"on" maxLength:"10" doc:"问哪一日的名称，缺省为今日"`
	}) (*Tagged[AgencyView], error) {
		return s.agencyView(ctx, in.Code, in.On)
	})
	route(s, op("foreseeAgency", http.MethodGet, "/agencies/{code}/foresee", "一项变动将会怎样：妨碍与影响，不作改动", tag), func(ctx context.Context, in *struct {
		Code        string `path:"code" maxLength:"16"`
		Kind        string `query:"kind" maxLength:"16" doc:"authorized 授权，renamed 更名，merged 合并，closed 撤销，assigned 调整隶属"`
		Successor   string `query:"successor" maxLength:"16"`
		Parent      string `query:"parent" maxLength:"16" doc:"调整隶属：新的主管部门"`
		EffectiveOn string `query:"effectiveOn" maxLength:"10"`
	}) (*Body[AgencyForeseen], error) {
		f, err := s.Agencies.Foresee(ctx, actor(ctx), agency.Change{Agency: in.Code, Kind: in.Kind, Successor: in.Successor, NewParent: in.Parent, EffectiveOn: in.EffectiveOn})
		if err != nil {
			return nil, err
		}
		out := &Body[AgencyForeseen]{Body: AgencyForeseen{Reasons: []Reason{}, Effects: []string{}, Open: agencyOpen(f.Open)}}
		if f.Against != nil {
			out.Body.Reasons = refusalProblem(f.Against).Reasons
		}
		out.Body.Effects = append(out.Body.Effects, f.Effects...)
		return out, nil
	})
	route(s, op("establishAgency", http.MethodPost, "/agencies", "设立或授权机构，设立区县主管部门", tag), func(ctx context.Context, in *struct {
		Body struct {
			AgencyOrder
			Kind       string `json:"kind,omitempty" enum:"agency,bureau" doc:"agency 档案机构，缺省；bureau 区县主管部门，编码即区划代码"`
			Code       string `json:"code" maxLength:"16"`
			Name       string `json:"name" maxLength:"120"`
			Short      string `json:"short" maxLength:"32"`
			Parent     string `json:"parent,omitempty" maxLength:"16" doc:"上级主管部门；区县主管部门不填"`
			BasisKind  string `json:"basisKind,omitempty" maxLength:"16" doc:"established 设立，authorized 授权"`
			ValidUntil string `json:"validUntil,omitempty" maxLength:"10"`
			Address    string `json:"address,omitempty" maxLength:"200"`
			Phone      string `json:"phone,omitempty" maxLength:"32"`
		}
	}) (*Body[AgencyNode], error) {
		b := in.Body
		if err := s.Agencies.Establish(ctx, actor(ctx), agency.Agency{ID: b.Code, Kind: b.Kind, Name: b.Name, Short: b.Short, Parent: b.Parent, BasisKind: b.BasisKind,
			ValidUntil: b.ValidUntil, Address: b.Address, Phone: b.Phone, Hotline: b.Phone}, b.change("", "")); err != nil {
			return nil, err
		}
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		a, _ := tree.Get(b.Code)
		return &Body[AgencyNode]{Body: s.agencyNode(tree, a)}, nil
	})
	route(s, op("authorizeAgency", http.MethodPost, "/agencies/{code}/authorize", "登记授权或延期", tag), func(ctx context.Context, in *struct {
		AgencyPath
		Body struct {
			AgencyOrder
			ValidUntil string `json:"validUntil" maxLength:"10"`
		}
	}) (*Tagged[AgencyView], error) {
		c := in.Body.change(in.Code, agency.Authorized)
		c.ValidUntil = in.Body.ValidUntil
		return s.resolve(ctx, c)
	})
	route(s, op("renameAgency", http.MethodPost, "/agencies/{code}/rename", "更名", tag), func(ctx context.Context, in *struct {
		AgencyPath
		Body struct {
			AgencyOrder
			Name  string `json:"name" maxLength:"120"`
			Short string `json:"short,omitempty" maxLength:"32" doc:"缺省不变"`
		}
	}) (*Tagged[AgencyView], error) {
		c := in.Body.change(in.Code, agency.Renamed)
		c.NewName, c.NewShort = in.Body.Name, in.Body.Short
		return s.resolve(ctx, c)
	})
	route(s, op("mergeAgency", http.MethodPost, "/agencies/{code}/merge", "并入承接机构", tag), func(ctx context.Context, in *struct {
		AgencyPath
		Body struct {
			AgencyOrder
			Successor string `json:"successor" maxLength:"16"`
		}
	}) (*Tagged[AgencyView], error) {
		c := in.Body.change(in.Code, agency.Merging)
		c.Successor = in.Body.Successor
		return s.resolve(ctx, c)
	})
	route(s, op("assignAgency", http.MethodPost, "/agencies/{code}/assign", "调整隶属：改由另一主管部门主管", tag), func(ctx context.Context, in *struct {
		AgencyPath
		Body struct {
			AgencyOrder
			Parent string `json:"parent" maxLength:"16" doc:"新的主管部门"`
		}
	}) (*Tagged[AgencyView], error) {
		c := in.Body.change(in.Code, agency.Assigned)
		c.NewParent = in.Body.Parent
		return s.resolve(ctx, c)
	})
	route(s, op("contactAgency", http.MethodPost, "/agencies/{code}/contact", "变更联系方式：地址、邮编、收件部门、办公电话、服务热线、监督电话", tag), func(ctx context.Context, in *struct {
		AgencyPath
		Body struct {
			EffectiveOn string `json:"effectiveOn" maxLength:"10" doc:"启用日期，可晚于今日"`
			Document    string `json:"document,omitempty" maxLength:"120" doc:"文号，如有"`
			Evidence    string `json:"evidence,omitempty" maxLength:"300" doc:"依据，如迁址通知"`
			Contacts    []struct {
				Key   string `json:"key" enum:"address,postcode,desk,phone,hotline,oversight,partyHeading"`
				Value string `json:"value" maxLength:"200"`
			} `json:"contacts" maxItems:"6" nullable:"false" doc:"变更的项目；没有列出的不变"`
		}
	}) (*Tagged[AgencyView], error) {
		set := agency.Details{}
		for _, d := range in.Body.Contacts {
			set[d.Key] = d.Value
		}
		return s.resolve(ctx, agency.Change{Agency: in.Code, Kind: agency.Contact, EffectiveOn: in.Body.EffectiveOn, Document: in.Body.Document, Evidence: in.Body.Evidence, Details: set.String()})
	})
	route(s, op("closeAgency", http.MethodPost, "/agencies/{code}/close", "撤销", tag), func(ctx context.Context, in *struct {
		AgencyPath
		Body struct{ AgencyOrder }
	}) (*Tagged[AgencyView], error) {
		return s.resolve(ctx, in.Body.change(in.Code, agency.Closing))
	})
	route(s, op("settleAgencyChange", http.MethodPost, "/agency-changes/{id}/settle", "了结一项到期未生效的变动", tag), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"36"`
		IfMatch
		Body struct {
			Note string `json:"note" maxLength:"500" doc:"怎样处理"`
		}
	}) (*Tagged[AgencyView], error) {
		c, err := s.Agencies.Settle(ctx, actor(ctx), in.ID, in.Body.Note)
		if err != nil {
			return nil, err
		}
		return s.agencyView(ctx, c.Agency, "")
	})
}

func (s *Server) resolve(ctx context.Context, c agency.Change) (*Tagged[AgencyView], error) {
	if _, err := s.Agencies.Resolve(ctx, actor(ctx), c); err != nil {
		return nil, err
	}
	return s.agencyView(ctx, c.Agency, "")
}

func (s *Server) agencyView(ctx context.Context, code, on string) (*Tagged[AgencyView], error) {
	a, history, may, err := s.Agencies.Look(ctx, actor(ctx), code)
	if err != nil {
		return nil, err
	}
	tree, err := s.Agencies.Tree(ctx)
	if err != nil {
		return nil, err
	}
	if on == "" {
		on = s.Gate.Today().String()
	}
	open, err := s.Agencies.Holds(ctx, actor(ctx), code)
	if err != nil {
		return nil, err
	}
	day := calendar.Date(on)
	if !day.Valid() {
		return nil, rule.Mistake(rule.Reason{Rule: "5", Slug: "day_invalid", Field: "on", Message: "日期无法识别。", Next: "请按 2026-11-30 的写法填写。"})
	}
	then := agency.StandingOn(a, history, on)
	out := &Tagged[AgencyView]{ETag: etag(a.Version), Body: AgencyView{AgencyNode: s.agencyNode(tree, a), NameOn: agency.NameOn(a, history, on), Below: []AgencyNode{}, Changes: []AgencyChange{}, Possible: possible(may)}}
	out.Body.Open, out.Body.Current = agencyOpen(open), agencyContacts(a)
	dated, err := agency.ContactOn(a, history, on)
	if err != nil {
		return nil, err
	}
	out.Body.Contacts = agencyContacts(dated)
	out.Body.Standing = AgencyStanding{On: on, There: then.There, Name: then.Name, Short: then.Short, BasisKind: then.BasisKind, Basis: then.Basis, ValidUntil: then.ValidUntil, State: then.State, TakesIn: then.TookIn(a, day)}
	if then.Successor != "" {
		out.Body.Standing.SuccessorName = tree.Name(then.Successor)
	}
	if then.Parent != "" {
		out.Body.Standing.ParentName = tree.Name(then.Parent)
		if actor(ctx).Reaches(then.Parent) { // who sees nothing above is not led there
			out.Body.Standing.Parent = then.Parent
		}
	}
	if !a.Keeps() {
		below, err := s.Agencies.Below(ctx, code, on)
		if err != nil {
			return nil, err
		}
		for _, b := range below {
			out.Body.Below = append(out.Body.Below, s.agencyNode(tree, b))
		}
	}
	if above, ok := tree.Supervisor(code); ok {
		out.Body.ParentName = above.Name
	}
	for _, c := range history {
		v := AgencyChange{ID: c.ID, Agency: c.Agency, AgencyName: tree.Name(c.Agency), Kind: c.Kind, KindName: c.KindName(), Document: c.Document, Dated: c.Dated, Evidence: c.Evidence, EffectiveOn: c.EffectiveOn, OldName: c.OldName, NewName: c.NewName,
			ValidUntil: c.ValidUntil, DecidedBy: s.decider(ctx, c.DecidedBy), DecidedAt: c.DecidedAt, Moved: c.Moved, Version: c.Version, State: c.State()}
		if c.Successor != "" {
			v.SuccessorName = tree.Name(c.Successor)
		}
		if c.OldParent != "" {
			v.OldParentName = tree.Name(c.OldParent)
		}
		if c.NewParent != "" {
			v.NewParentName = tree.Name(c.NewParent)
		}
		if !c.AppliedAt.IsZero() {
			v.AppliedAt = &c.AppliedAt
		}
		set, err := c.Contacts()
		if err != nil {
			return nil, err
		}
		for _, d := range set {
			v.Contacts = append(v.Contacts, AgencyContactChange(d))
		}
		if err := s.lapsed(ctx, &v, c); err != nil {
			return nil, err
		}
		out.Body.Changes = append(out.Body.Changes, v)
	}
	return out, nil
}

// lapsed adds what stood against a decision on its day, and what was made of it.
func (s *Server) lapsed(ctx context.Context, v *AgencyChange, c agency.Change) error {
	if c.State() != agency.Lapsed {
		return nil
	}
	reasons, err := c.Reasons()
	if err != nil {
		return err
	}
	v.Reasons = refusalProblem(rule.Refuse(reasons...)).Reasons
	if !c.Unsettled() {
		v.SettledBy, v.SettledAt, v.Settled = s.decider(ctx, c.SettledBy), &c.SettledAt, c.Settled
		return nil
	}
	a, err := agency.Get(ctx, s.Gate.DB(), c.Agency)
	if err != nil {
		return err
	}
	if p, ok := s.Agencies.MaySettle(actor(ctx), a); ok {
		v.Possible = possible([]gate.Possible{p})
	}
	return nil
}

func (s *Server) agencyNode(tree *agency.Tree, a agency.Agency) AgencyNode {
	out := AgencyNode{Code: a.ID, Name: a.Name, Short: a.Short, Kind: a.Kind, Parent: a.Parent, Region: a.Region, State: a.State, Successor: a.Successor,
		BasisKind: a.BasisKind, Basis: a.Basis, ValidUntil: a.ValidUntil, TakesIn: a.Keeps() && a.MayTakeIn(s.Gate.Today()) == nil,
		Ended: a.Ended(s.Gate.Today()), Keeps: a.Keeps()}
	if a.Successor != "" {
		out.SuccessorName = tree.Name(a.Successor)
	}
	return out
}

func agencyOpen(list []agency.Open) []AgencyOpen {
	out := []AgencyOpen{}
	for _, o := range list {
		out = append(out, AgencyOpen(o))
	}
	return out
}

func agencyContacts(a agency.Agency) []AgencyContact {
	out := []AgencyContact{}
	for _, d := range a.Contacts() {
		out = append(out, AgencyContact(d))
	}
	return out
}

// decider names who entered a decision: staff, or the program's own first start.
func (s *Server) decider(ctx context.Context, id string) string {
	if id == "system" {
		return "系统"
	}
	return s.staffName(ctx, id)
}
