package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/policy"
	"dangan/internal/rating"
	"dangan/internal/staff"
	"dangan/internal/store"
	"dangan/internal/window"
)

func init() { capabilities = append(capabilities, (*Server).ratingRoutes) }

// RatingEntry is what an applicant says of the service.
type RatingEntry struct {
	Number   string   `json:"number" maxLength:"80" doc:"受理回执编号"`
	Code     string   `json:"code" maxLength:"20" doc:"验证码"`
	Grade    int64    `json:"grade" minimum:"1" maximum:"5" doc:"5 非常满意、4 满意、3 基本满意、2 不满意、1 非常不满意"`
	Reasons  []string `json:"reasons,omitempty" maxItems:"12" doc:"原因"`
	Text     string   `json:"text,omitempty" maxLength:"500"`
	Nameless bool     `json:"nameless,omitempty" doc:"匿名"`
	Contact  string   `json:"contact,omitempty" maxLength:"60" doc:"回访电话，不填按登记的联系"`
	At       string   `json:"at,omitempty" maxLength:"10" doc:"window 在窗口的评价屏上，其他为扫码"`
}

// RatingTaken says that a rating was taken.
type RatingTaken struct {
	On     string `json:"on" format:"date"`
	Called bool   `json:"called" doc:"将回访"`
}

// RatingGrade is one of the five.
type RatingGrade struct {
	Grade int64  `json:"grade"`
	Name  string `json:"name"`
	Bad   bool   `json:"bad" doc:"将回访核实"`
}

// RatingChoices are what a rating is made of.
type RatingChoices struct {
	Grades  []RatingGrade `json:"grades" nullable:"false"`
	Reasons []CodeName    `json:"reasons" nullable:"false" doc:"不满意的原因"`
	Praises []CodeName    `json:"praises" nullable:"false" doc:"满意的原因"`
}

// CodeName is one of a list.
type CodeName struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// RatingItem is one bad rating that is called back on.
type RatingItem struct {
	ID         string   `json:"id"`
	No         string   `json:"no"`
	KindName   string   `json:"kindName" doc:"所评的事项"`
	GradeName  string   `json:"gradeName"`
	Why        []string `json:"why" nullable:"false"`
	Nameless   bool     `json:"nameless"`
	AgencyName string   `json:"agencyName"`
	State      string   `json:"state" enum:"open,called,closed"`
	StateName  string   `json:"stateName"`
	Tone       string   `json:"tone" enum:"plain,run,wait,done,bad,void"`
	OpenedOn   string   `json:"openedOn"`
	DueOn      string   `json:"dueOn"`
	Overdue    bool     `json:"overdue"`
}

// RatingCallView is one attempt to hear the person.
type RatingCallView struct {
	At      time.Time `json:"at"`
	WayName string    `json:"wayName"`
	Reached bool      `json:"reached"`
	Said    string    `json:"said,omitempty"`
	By      string    `json:"by"`
}

// RatingView is a call-back's page.
type RatingView struct {
	RatingItem
	Text       string           `json:"text,omitempty"`
	Who        string           `json:"who,omitempty"`
	Phone      string           `json:"phone,omitempty"`
	ReceiptNo  string           `json:"receiptNo,omitempty"`
	Case       string           `json:"case,omitempty" doc:"所评业务的页面"`
	Calls      []RatingCallView `json:"calls" nullable:"false"`
	ResultName string           `json:"resultName,omitempty"`
	Corrected  bool             `json:"corrected"`
	Answer     string           `json:"answer,omitempty"`
	FinishedBy string           `json:"finishedBy,omitempty"`
	FinishedOn string           `json:"finishedOn,omitempty"`
	Ways       []CodeName       `json:"ways" nullable:"false"`
	Results    []CodeName       `json:"results" nullable:"false"`
	Possible   []Possible       `json:"possible" nullable:"false"`
}

// RatingPage is a page of the list.
type RatingPage struct {
	Items  []RatingItem     `json:"items" nullable:"false"`
	Next   string           `json:"next,omitempty"`
	Counts map[string]int64 `json:"counts"`
}

// RatingFigure is what an agency, a matter or a member of staff was rated.
type RatingFigure struct {
	Name    string  `json:"name"`
	Ended   int64   `json:"ended" doc:"期间出具回执、已办结的申请"`
	Rated   int64   `json:"rated"`
	Hidden  bool    `json:"hidden" doc:"评价太少，不显示分级"`
	Grades  []int64 `json:"grades" nullable:"false" doc:"非常满意到非常不满意"`
	Content int64   `json:"content" doc:"基本满意以上"`
	Calls   int64   `json:"calls" doc:"应回访"`
	Late    int64   `json:"late" doc:"回访逾期"`
	Fixed   int64   `json:"fixed" doc:"已整改"`
}

// RatingIn names a call-back.
type RatingIn struct {
	ID string `path:"id" maxLength:"40"`
}

func codeNames(list []rating.Choice) []CodeName {
	out := make([]CodeName, len(list))
	for i, c := range list {
		out[i] = CodeName(c)
	}
	return out
}

func (s *Server) ratingRoutes() {
	const tag = "好差评"
	take := func(ctx context.Context, by policy.Actor, channel string, e RatingEntry) (*Body[RatingTaken], error) {
		in := rating.Entry{Number: e.Number, Code: e.Code, Grade: e.Grade, Reasons: e.Reasons, Text: e.Text, Nameless: e.Nameless, Contact: e.Contact, Channel: channel}
		err := s.Ratings.Rate(ctx, by, in)
		if errors.Is(err, store.ErrNotFound) {
			return nil, &Problem{Type: "about:blank", Title: "没有查到", Status: http.StatusNotFound, Kind: kindAbsent, Detail: "没有查到与编号、验证码都相符的受理回执。请对照纸面逐字核对。"}
		} else if err != nil {
			return nil, err
		}
		return &Body[RatingTaken]{RatingTaken{s.Gate.Today().String(), in.Bad() && !e.Nameless}}, nil
	}
	route(s, public(op("ratingChoices", http.MethodGet, "/rating-choices", "评价的五级和原因", tag)), func(context.Context, *struct{}) (*Body[RatingChoices], error) {
		out := RatingChoices{Reasons: codeNames(rating.Reasons), Praises: codeNames(rating.Praises)}
		for g := int64(rating.Best); g >= rating.Worst; g-- {
			out.Grades = append(out.Grades, RatingGrade{g, rating.GradeName(g), g < rating.Content})
		}
		return &Body[RatingChoices]{out}, nil
	})
	route(s, public(op("rate", http.MethodPost, "/ratings", "凭受理回执的编号和验证码评价，一件一次", tag)), func(ctx context.Context, in *struct{ Body RatingEntry }) (*Body[RatingTaken], error) {
		channel := rating.ByCode
		if in.Body.At == rating.AtWindow {
			channel = rating.AtWindow
		}
		return take(ctx, rating.Public, channel, in.Body)
	})
	route(s, portalOp("portalRate", http.MethodPost, "/ratings", "评价本单位或本人的申请，一件一次"), func(ctx context.Context, in *struct{ Body RatingEntry }) (*Body[RatingTaken], error) {
		return take(ctx, askerOf(ctx).visit.Actor, rating.Portal, in.Body)
	})
	route(s, op("listRatingCases", http.MethodGet, "/rating-cases", "差评回访，按期限", tag), func(ctx context.Context, in *struct {
		OfAgency
		View   string `query:"view" maxLength:"20" doc:"open 待办结、overdue 逾期、closed 已办结；空为全部"`
		Cursor string `query:"cursor" maxLength:"80"`
		Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100"`
	}) (*Body[RatingPage], error) {
		rows, next, err := s.Ratings.List(ctx, in.of(ctx), rating.Filter{View: in.View, Cursor: in.Cursor, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		counts, err := s.Ratings.Counts(ctx, in.of(ctx))
		if err != nil {
			return nil, err
		}
		out := RatingPage{Items: []RatingItem{}, Next: next, Counts: counts}
		for _, c := range rows {
			out.Items = append(out.Items, s.ratingItem(ctx, c))
		}
		return &Body[RatingPage]{out}, nil
	})
	route(s, op("getRatingCase", http.MethodGet, "/rating-cases/{id}", "一件差评回访（查看留痕）", tag), func(ctx context.Context, in *RatingIn) (*Tagged[RatingView], error) {
		v, err := s.Ratings.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.ratingView(ctx, v), nil
	})
	answer := func(ctx context.Context, c rating.Case, err error) (*Tagged[RatingView], error) {
		if err != nil {
			return nil, err
		}
		v, err := s.Ratings.After(ctx, actor(ctx), c)
		if err != nil {
			return nil, err
		}
		return s.ratingView(ctx, v), nil
	}
	route(s, op("callRating", http.MethodPost, "/rating-cases/{id}/calls", "登记一次回访", tag), func(ctx context.Context, in *struct {
		RatingIn
		Body struct {
			Way     string `json:"way" maxLength:"20"`
			Reached bool   `json:"reached" doc:"联系到了评价人"`
			Said    string `json:"said,omitempty" maxLength:"1000" doc:"评价人所述；没有联系到的，可以写情况"`
		}
	}) (*Tagged[RatingView], error) {
		c, err := s.Ratings.Call(ctx, actor(ctx), in.ID, rating.Call{Way: in.Body.Way, Reached: in.Body.Reached, Said: in.Body.Said})
		return answer(ctx, c, err)
	})
	route(s, op("finishRating", http.MethodPost, "/rating-cases/{id}/finish", "办结回访：核实结果、是否整改", tag), func(ctx context.Context, in *struct {
		RatingIn
		Body struct {
			Result    string `json:"result" maxLength:"20"`
			Corrected bool   `json:"corrected,omitempty" doc:"已整改"`
			Answer    string `json:"answer,omitempty" maxLength:"1000"`
		}
	}) (*Tagged[RatingView], error) {
		c, err := s.Ratings.Finish(ctx, actor(ctx), in.ID, rating.Finishing{Result: in.Body.Result, Corrected: in.Body.Corrected, Answer: in.Body.Answer})
		return answer(ctx, c, err)
	})
	route(s, op("ratingFigures", http.MethodGet, "/rating-figures", "好差评统计：各机构、各事项、各经办人（负责人、监督）", tag), func(ctx context.Context, in *struct {
		By    string `query:"by" enum:"agency,matter,clerk" default:"agency"`
		From  string `query:"from" maxLength:"10"`
		Until string `query:"until" maxLength:"10"`
	}) (*Body[Page[RatingFigure]], error) {
		list, err := s.Ratings.Figures(ctx, actor(ctx), in.By, calendar.Date(in.From), calendar.Date(in.Until))
		if err != nil {
			return nil, err
		}
		names, err := s.figureNames(ctx, in.By, list)
		if err != nil {
			return nil, err
		}
		items := []RatingFigure{}
		for _, f := range list {
			one := RatingFigure{Name: names[f.Key], Ended: f.Ended, Rated: f.Rated, Hidden: f.Hidden, Content: f.Content(), Calls: f.Calls, Late: f.Late, Fixed: f.Fixed}
			for g := rating.Best; g >= rating.Worst; g-- {
				one.Grades = append(one.Grades, f.Grades[g])
			}
			items = append(items, one)
		}
		return &Body[Page[RatingFigure]]{Page[RatingFigure]{Items: items}}, nil
	})
}

// figureNames are what the lines of figures are called, all at once.
func (s *Server) figureNames(ctx context.Context, by string, list []rating.Figure) (map[string]string, error) {
	out := map[string]string{}
	var ids []string
	for _, f := range list {
		switch by {
		case "agency":
			out[f.Key] = s.agencyName(ctx, f.Key)
		case "matter":
			out[f.Key] = window.ReceiptName(f.Key)
		default:
			out[f.Key] = "网上、系统受理"
			ids = append(ids, f.Key)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	people, err := store.List[staff.Member](ctx, s.DB, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	for _, p := range people {
		out[p.ID] = p.Name
	}
	return out, err
}

func (s *Server) ratingItem(ctx context.Context, c rating.Case) RatingItem {
	today := s.Gate.Today()
	name, tone := c.StateName(today)
	why := c.Why()
	if why == nil {
		why = []string{}
	}
	return RatingItem{ID: c.ID, No: c.No, KindName: c.KindName(), GradeName: rating.GradeName(c.Grade), Why: why, Nameless: c.Nameless, AgencyName: s.agencyName(ctx, c.Agency), State: c.State, StateName: name, Tone: tone, OpenedOn: c.OpenedOn, DueOn: c.DueOn, Overdue: c.Overdue(today)}
}

func (s *Server) ratingView(ctx context.Context, v rating.View) *Tagged[RatingView] {
	out := RatingView{RatingItem: s.ratingItem(ctx, v.Case), Text: v.Text, Who: v.Who, Phone: v.Phone, ReceiptNo: v.ReceiptNo, Calls: []RatingCallView{}, ResultName: rating.ResultName(v.Result), Corrected: v.Corrected, Answer: v.Answer, FinishedOn: v.FinishedOn,
		Ways: codeNames(rating.Ways), Results: codeNames(rating.Results), Possible: possible(v.Possible)}
	if v.CaseRef != "" {
		out.Case = window.ReceiptLink(v.CaseRef)
	}
	if v.FinishedBy != "" {
		out.FinishedBy = s.staffName(ctx, v.FinishedBy)
	}
	for _, c := range v.Calls {
		out.Calls = append(out.Calls, RatingCallView{c.At, rating.WayName(c.Way), c.Reached, c.Said, s.staffName(ctx, c.ByID)})
	}
	return &Tagged[RatingView]{etag(v.Version), out}
}

// rateable tells which of some applications on a page can be rated now: their slips.
func (s *Server) rateable(ctx context.Context, list []PortalApplication, refs []string) error {
	slips, err := s.Ratings.Waiting(ctx, refs)
	for i, ref := range refs {
		if slip, ok := slips[ref]; ok {
			list[i].Rate = &PortalSlip{slip.Number, slip.Code}
		}
	}
	return err
}

// PortalSlip names the slip that an application is rated on.
type PortalSlip struct {
	Number string `json:"number"`
	Code   string `json:"code"`
}
