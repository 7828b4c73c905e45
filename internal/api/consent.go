package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dangan/internal/consent"
	"dangan/internal/ledger"

	"github.com/danielgtaylor/huma/v2"
)

func init() { capabilities = append(capabilities, (*Server).consentRoutes) }

// requesterHeader carries a requester's key.
const requesterHeader = "Requester-Key"

// keyless is for who comes to the requesters' door without a key that is known.
func keyless() *Problem {
	return &Problem{Type: "about:blank", Title: "没有密钥", Status: http.StatusUnauthorized, Kind: kindSignIn, Detail: "请在请求头 " + requesterHeader + " 中提供登记时发给的密钥；没有密钥或者密钥不对的，不能核验。"}
}

// showsKey says whether an operation answers with a requester's key.
func showsKey(path string) bool {
	return path == "/api/v1/requesters" || strings.HasPrefix(path, "/api/v1/requesters/") && strings.HasSuffix(path, "/renew")
}

// requesterOp describes an operation for requesters' programs.
func requesterOp(id, method, path, summary string) huma.Operation {
	o := op(id, method, "/requester"+path, summary, "同意核验")
	o.Security = []map[string][]string{{"requester": {}}}
	return o
}

// RequesterChoice is a value a question may be asked with.
type RequesterChoice struct {
	Value string `json:"value"`
	Name  string `json:"name"`
}

// RequesterKind is a kind of question.
type RequesterKind struct {
	Kind    string            `json:"kind"`
	Name    string            `json:"name"`
	Hint    string            `json:"hint" doc:"可以填的值"`
	Choices []RequesterChoice `json:"choices" nullable:"false" doc:"固定的值；为空的填年份或者机构编码"`
	Most    int               `json:"most" doc:"对同一人，全部核验单位十二个月内合计最多问几个不同的值"`
}

// RequesterHome is what a requester's program may ask.
type RequesterHome struct {
	Name       string            `json:"name"`
	USCC       string            `json:"uscc"`
	ValidUntil string            `json:"validUntil"`
	Kinds      []RequesterKind   `json:"kinds" nullable:"false"`
	Purposes   []RequesterChoice `json:"purposes" nullable:"false"`
	MaxDays    int               `json:"maxDays"`
}

// ConsentAsking is one question as it is asked.
type ConsentAsking struct {
	Kind  string `json:"kind" maxLength:"30"`
	Value string `json:"value" maxLength:"30"`
}

// ConsentForm is a request for a person's consent.
type ConsentForm struct {
	IDNo      string          `json:"idNo" maxLength:"30" doc:"本人的公民身份号码，只用来认出同意的是不是本人，不保存"`
	Ref       string          `json:"ref,omitempty" maxLength:"60" doc:"贵单位自己的编号，不要填个人信息"`
	Purpose   string          `json:"purpose" maxLength:"20"`
	Matter    string          `json:"matter" maxLength:"100" doc:"具体事项，本人同意时看到"`
	Days      int64           `json:"days" doc:"同意后几天内可以取答复，1至90"`
	Questions []ConsentAsking `json:"questions" nullable:"false" maxItems:"10"`
}

// ConsentQuestion is a question and, once it was answered, the answer.
type ConsentQuestion struct {
	Kind       string `json:"kind"`
	Value      string `json:"value"`
	Text       string `json:"text" doc:"问题原文"`
	Answer     string `json:"answer,omitempty" enum:"yes,no,not_recorded" doc:"没有答复的为空"`
	AnswerName string `json:"answerName,omitempty" doc:"是、否、未见记载"`
}

// ConsentView is a consent as the requester or the person sees it.
type ConsentView struct {
	ID            string            `json:"id"`
	Version       int64             `json:"version"`
	No            string            `json:"no"`
	Ref           string            `json:"ref,omitempty"`
	Requester     string            `json:"requester"`
	RequesterUSCC string            `json:"requesterUscc"`
	Purpose       string            `json:"purpose"`
	PurposeName   string            `json:"purposeName"`
	Matter        string            `json:"matter"`
	Days          int64             `json:"days"`
	State         string            `json:"state" enum:"asked,granted,declined,revoked,expired"`
	StateName     string            `json:"stateName"`
	Tone          string            `json:"tone" enum:"plain,run,wait,done,bad,void"`
	AskedAt       time.Time         `json:"askedAt"`
	AskUntil      string            `json:"askUntil" doc:"等本人同意到哪一天"`
	GrantedAt     *time.Time        `json:"grantedAt,omitempty"`
	ValidUntil    string            `json:"validUntil,omitempty" doc:"同意到哪一天为止"`
	EndedAt       *time.Time        `json:"endedAt,omitempty" doc:"不同意或者撤回的时间"`
	AnsweredAt    *time.Time        `json:"answeredAt,omitempty"`
	Entry         string            `json:"entry,omitempty" doc:"答复的存证条目"`
	Questions     []ConsentQuestion `json:"questions" nullable:"false"`
	Possible      []Possible        `json:"possible" nullable:"false"`
}

// RequesterView is a requester as staff see it.
type RequesterView struct {
	ID           string     `json:"id"`
	Version      int64      `json:"version"`
	Name         string     `json:"name"`
	USCC         string     `json:"uscc"`
	Basis        string     `json:"basis"`
	ValidUntil   string     `json:"validUntil"`
	Standing     string     `json:"standing"`
	Tone         string     `json:"tone" enum:"plain,run,wait,done,bad,void"`
	RegisteredBy string     `json:"registeredBy"`
	RegisteredAt time.Time  `json:"registeredAt"`
	ConfirmedBy  string     `json:"confirmedBy,omitempty"`
	ConfirmedAt  *time.Time `json:"confirmedAt,omitempty"`
	EndedWhy     string     `json:"endedWhy,omitempty"`
	Possible     []Possible `json:"possible" nullable:"false"`
}

// RequesterKeyView is a requester with its key, which is shown this once.
type RequesterKeyView struct {
	RequesterView
	Key string `json:"key" doc:"密钥，只显示这一次"`
}

// Requesters are the requesters and what may be done.
type Requesters struct {
	Items    []RequesterView `json:"items" nullable:"false"`
	Next     *string         `json:"next" doc:"下一页游标，空为没有了"`
	Possible []Possible      `json:"possible" nullable:"false"`
}

// RequesterDraft is what is entered of a requester.
type RequesterDraft struct {
	Name  string `json:"name,omitempty" maxLength:"100" doc:"单位全称"`
	USCC  string `json:"uscc,omitempty" maxLength:"30"`
	Basis string `json:"basis,omitempty" maxLength:"200" doc:"同意其接入的协议号或文号"`
	Until string `json:"until,omitempty" maxLength:"10" doc:"有效期，最长一年"`
}

type consentIn struct {
	ID string `path:"id" maxLength:"64"`
}

// RequesterIn names what is acted on.
type RequesterIn struct {
	ID string `path:"id" maxLength:"64"`
	IfMatch
}

type consentPage struct {
	Cursor string `query:"cursor" maxLength:"64"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

func (s *Server) consentRoutes() {
	s.requesterRoutes()
	s.portalConsentRoutes()
	route(s, op("requesters", http.MethodGet, "/requesters", "核验单位", "同意核验"), func(ctx context.Context, in *consentPage) (*Body[Requesters], error) {
		list, next, err := s.Consents.Requesters(ctx, actor(ctx), in.Cursor, in.Limit)
		if err != nil {
			return nil, err
		}
		may, err := s.Consents.MayRegister(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := &Body[Requesters]{Requesters{Items: []RequesterView{}, Possible: possible(may)}}
		for _, r := range list {
			v, err := s.requesterView(ctx, r)
			if err != nil {
				return nil, err
			}
			out.Body.Items = append(out.Body.Items, v)
		}
		if next != "" {
			out.Body.Next = &next
		}
		return out, nil
	})
	keyed := func(ctx context.Context, r consent.Requester, key string) (*Body[RequesterKeyView], error) {
		v, err := s.requesterView(ctx, r)
		return &Body[RequesterKeyView]{RequesterKeyView{v, key}}, err
	}
	route(s, op("registerRequester", http.MethodPost, "/requesters", "登记核验单位；密钥只显示这一次", "同意核验"), func(ctx context.Context, in *struct{ Body RequesterDraft }) (*Body[RequesterKeyView], error) {
		r, key, err := s.Consents.Register(ctx, actor(ctx), consent.Draft{Name: in.Body.Name, USCC: in.Body.USCC, Basis: in.Body.Basis, Until: in.Body.Until})
		if err != nil {
			return nil, err
		}
		return keyed(ctx, r, key)
	})
	route(s, op("renewRequester", http.MethodPost, "/requesters/{id}/renew", "换发密钥：原密钥立即失效，新密钥待另一人确认", "同意核验"), func(ctx context.Context, in *RequesterIn) (*Body[RequesterKeyView], error) {
		r, key, err := s.Consents.Renew(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return keyed(ctx, r, key)
	})
	route(s, op("confirmRequester", http.MethodPost, "/requesters/{id}/confirm", "确认核验单位（另一人）", "同意核验"), func(ctx context.Context, in *RequesterIn) (*Body[RequesterView], error) {
		r, err := s.Consents.Confirm(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		v, err := s.requesterView(ctx, r)
		return &Body[RequesterView]{v}, err
	})
	route(s, op("endRequester", http.MethodPost, "/requesters/{id}/end", "停用核验单位", "同意核验"), func(ctx context.Context, in *struct {
		RequesterIn
		Body struct {
			Why string `json:"why,omitempty" maxLength:"200"`
		}
	}) (*Body[RequesterView], error) {
		r, err := s.Consents.End(ctx, actor(ctx), in.ID, in.Body.Why)
		if err != nil {
			return nil, err
		}
		v, err := s.requesterView(ctx, r)
		return &Body[RequesterView]{v}, err
	})
}

// requesterRoutes are what requesters' programs reach.
func (s *Server) requesterRoutes() {
	route(s, requesterOp("requesterHome", http.MethodGet, "", "本单位，可以问的问题和目的"), func(ctx context.Context, _ *struct{}) (*Body[RequesterHome], error) {
		r, err := s.Consents.Self(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := RequesterHome{Name: r.Name, USCC: r.USCC, ValidUntil: r.ValidUntil, Kinds: []RequesterKind{}, Purposes: []RequesterChoice{}, MaxDays: consent.MaxDays}
		for _, k := range consent.Kinds {
			v := RequesterKind{Kind: k.Key, Name: k.Name, Hint: k.Hint, Choices: []RequesterChoice{}, Most: k.Most}
			for _, c := range k.Choices {
				v.Choices = append(v.Choices, RequesterChoice{c.Value, c.Name})
			}
			out.Kinds = append(out.Kinds, v)
		}
		for _, p := range consent.Purposes {
			out.Purposes = append(out.Purposes, RequesterChoice{p.Key, p.Name})
		}
		return &Body[RequesterHome]{out}, nil
	})
	route(s, requesterOp("askConsent", http.MethodPost, "/consents", "请本人同意核验；无论是谁，回答都一样"), func(ctx context.Context, in *struct{ Body ConsentForm }) (*Body[ConsentView], error) {
		f := consent.Form{IDNo: in.Body.IDNo, Ref: in.Body.Ref, Purpose: in.Body.Purpose, Matter: in.Body.Matter, Days: in.Body.Days}
		for _, q := range in.Body.Questions {
			f.Questions = append(f.Questions, consent.Asking{Kind: q.Kind, Value: q.Value})
		}
		v, err := s.Consents.Ask(ctx, actor(ctx), f)
		if err != nil {
			return nil, err
		}
		return &Body[ConsentView]{s.consentView(ctx, v)}, nil
	})
	route(s, requesterOp("askedConsents", http.MethodGet, "/consents", "本单位提出的核验"), s.consents)
	route(s, requesterOp("askedConsent", http.MethodGet, "/consents/{id}", "一次核验：本人是否同意，答复过的答复"), s.consent)
	route(s, requesterOp("answerConsent", http.MethodPost, "/consents/{id}/answers", "取答复：每个问题答复一次，再取还是同一答复"), func(ctx context.Context, in *consentIn) (*Body[ConsentView], error) {
		v, err := s.Consents.Answer(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[ConsentView]{s.consentView(ctx, v)}, nil
	})
	route(s, requesterOp("proveConsent", http.MethodGet, "/consents/{id}/proof", "答复的存证凭证：条目、包含证明和签名的存证点"), s.consentProof)
}

// portalConsentRoutes are what the person reaches.
func (s *Server) portalConsentRoutes() {
	route(s, portalOp("portalConsents", http.MethodGet, "/consents", "请本人同意的核验"), s.consents)
	route(s, portalOp("portalConsent", http.MethodGet, "/consents/{id}", "一次核验：谁为什么目的问什么，答复了什么"), s.consent)
	route(s, portalOp("portalConsentProof", http.MethodGet, "/consents/{id}/proof", "答复的存证凭证"), s.consentProof)
	route(s, portalOp("portalGrantConsent", http.MethodPost, "/consents/{id}/grant", "同意核验"), func(ctx context.Context, in *struct {
		RequesterIn
		Body struct {
			Days int64 `json:"days,omitempty" doc:"同意几天；不填为对方要求的天数"`
		}
	}) (*Body[ConsentView], error) {
		v, err := s.Consents.Grant(ctx, actor(ctx), in.ID, in.Body.Days, askerOf(ctx).visit.Session.CreatedAt)
		if err != nil {
			return nil, err
		}
		return &Body[ConsentView]{s.consentView(ctx, v)}, nil
	})
	route(s, portalOp("portalDeclineConsent", http.MethodPost, "/consents/{id}/decline", "不同意核验"), func(ctx context.Context, in *RequesterIn) (*Body[ConsentView], error) {
		v, err := s.Consents.Decline(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[ConsentView]{s.consentView(ctx, v)}, nil
	})
	route(s, portalOp("portalRevokeConsent", http.MethodPost, "/consents/{id}/revoke", "撤回同意：以后不再答复"), func(ctx context.Context, in *RequesterIn) (*Body[ConsentView], error) {
		v, err := s.Consents.Revoke(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[ConsentView]{s.consentView(ctx, v)}, nil
	})
}

func (s *Server) consents(ctx context.Context, in *consentPage) (*Body[Page[ConsentView]], error) {
	list, next, err := s.Consents.List(ctx, actor(ctx), in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &Body[Page[ConsentView]]{Body: Page[ConsentView]{Items: []ConsentView{}}}
	for _, v := range list {
		out.Body.Items = append(out.Body.Items, s.consentView(ctx, v))
	}
	if next != "" {
		out.Body.Next = &next
	}
	return out, nil
}

func (s *Server) consent(ctx context.Context, in *consentIn) (*Body[ConsentView], error) {
	v, err := s.Consents.Get(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &Body[ConsentView]{s.consentView(ctx, v)}, nil
}

func (s *Server) consentProof(ctx context.Context, in *consentIn) (*Body[ledger.Proof], error) {
	e, err := s.Consents.Entry(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	p, err := ledger.Prove(s.Proofs.Dir, s.Proofs.Verifier, s.Proofs.Key, e)
	if err != nil {
		return nil, err
	}
	return &Body[ledger.Proof]{p}, nil
}

// when is a moment of an answer; none for one that has not come.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (s *Server) consentView(ctx context.Context, v consent.View) ConsentView {
	state := v.On(s.Consents.Today())
	out := ConsentView{ID: v.ID, Version: v.Version, No: v.No, Ref: v.Ref, Requester: v.Requester.Name, RequesterUSCC: v.Requester.USCC, Purpose: v.Purpose, PurposeName: consent.PurposeName(v.Purpose), Matter: v.Matter, Days: v.Days,
		State: string(state), StateName: state.Name(), Tone: state.Tone(), AskedAt: v.AskedAt, AskUntil: v.AskUntil, GrantedAt: when(v.GrantedAt), ValidUntil: v.ValidUntil, EndedAt: when(v.EndedAt),
		Questions: []ConsentQuestion{}, Possible: possible(s.Consents.Possible(actor(ctx), v.Consent))}
	if len(v.Answers) > 0 {
		out.AnsweredAt, out.Entry = when(v.AnsweredAt), v.EntryID
	}
	for _, q := range v.Questions {
		kind, _ := consent.KindOf(q.Kind)
		line := ConsentQuestion{Kind: q.Kind, Value: q.Value, Text: kind.Text(q.Value, func(code string) string { return s.agencyName(ctx, code) })}
		if a, ok := v.Answered(q.ID); ok {
			line.Answer, line.AnswerName = string(a.Outcome), a.Outcome.Name()
		}
		out.Questions = append(out.Questions, line)
	}
	return out
}

func (s *Server) requesterView(ctx context.Context, r consent.Requester) (RequesterView, error) {
	name, tone := r.Standing(s.Consents.Today())
	v := RequesterView{ID: r.ID, Version: r.Version, Name: r.Name, USCC: r.USCC, Basis: r.Basis, ValidUntil: r.ValidUntil, Standing: name, Tone: tone, RegisteredBy: s.staffName(ctx, r.RegisteredBy), RegisteredAt: r.RegisteredAt, ConfirmedAt: when(r.ConfirmedAt), EndedWhy: r.EndedWhy}
	if r.ConfirmedBy != "" {
		v.ConfirmedBy = s.staffName(ctx, r.ConfirmedBy)
	}
	may, err := s.Consents.OfRequester(ctx, actor(ctx), r)
	v.Possible = possible(may)
	return v, err
}
