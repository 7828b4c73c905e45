package api

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"
)

// Attention is one thing a list row wants noticed.
type Attention struct {
	Text string `json:"text"`
	Tone string `json:"tone" enum:"plain,wait,bad"`
}

// DossierItem is one row of the list.
type DossierItem struct {
	ID           string      `json:"id"`
	Version      int64       `json:"version"`
	No           string      `json:"no" doc:"档案编号"`
	Name         string      `json:"name"`
	Sex          string      `json:"sex"`
	IDNo         string      `json:"idNo" doc:"前三后四"`
	Category     string      `json:"category"`
	CategoryName string      `json:"categoryName"`
	State        string      `json:"state"`
	StateName    string      `json:"stateName"`
	Tone         string      `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Agency       string      `json:"agency"`
	AgencyName   string      `json:"agencyName"`
	Place        string      `json:"place"`
	Where        string      `json:"where" doc:"现在何处"`
	Materials    int64       `json:"materials"`
	Pages        int64       `json:"pages"`
	Images       int64       `json:"images"`
	Forced       string      `json:"forced" enum:"unknown,yes,no"`
	Attention    []Attention `json:"attention" nullable:"false"`
	ChangedAt    time.Time   `json:"changedAt"`
}

// DossierQuery is what a list asks for.
type DossierQuery struct {
	Q        string `query:"q" maxLength:"60" doc:"姓名、拼音、首字母、完整身份证号、档案编号（含旧号）、单位"`
	View     string `query:"view" enum:"all,attention,owed,paper,forced,hold,other" doc:"视图"`
	Agency   string `query:"agency" maxLength:"12"`
	State    string `query:"state" maxLength:"20"`
	Category string `query:"category" maxLength:"60"`
	Account  string `query:"account" enum:"personal,collective,none"`
	Place    string `query:"place" maxLength:"20"`
	From     string `query:"from" maxLength:"10" doc:"更新起日"`
	To       string `query:"to" maxLength:"10" doc:"更新止日"`
	Sort     string `query:"sort" enum:"changed,no"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Cursor   string `query:"cursor" maxLength:"400"`
}

func (q DossierQuery) filter() dossier.Filter {
	return dossier.Filter{Q: q.Q, View: q.View, Agency: q.Agency, State: q.State, Category: q.Category, Account: q.Account, Place: q.Place,
		From: q.From, To: q.To, Sort: q.Sort, Limit: q.Limit, Cursor: q.Cursor}
}

// ViewCount is a named view with its count.
type ViewCount struct {
	Code  string `json:"code"`
	Name  string `json:"name"`
	Count int64  `json:"count"`
	More  bool   `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// DossierCount is how many dossiers answer a filter.
type DossierCount struct {
	Total int64 `json:"total"`
	More  bool  `json:"more,omitempty" doc:"至少这么多，没有再数"`
}

// capped says whether counting stopped before all were counted.
func (s *Server) capped(counts map[string]int64) bool {
	var n int64
	for _, c := range counts {
		n += c
	}
	return n >= s.DB.CountCap
}

// SavedView is a filter a member of staff keeps.
type SavedView struct {
	Name  string `json:"name" maxLength:"20"`
	Query string `json:"query" maxLength:"500" doc:"列表的查询参数"`
}

// ViewsView are the counts of the views and the own saved ones.
type ViewsView struct {
	Views []ViewCount `json:"views" nullable:"false"`
	Saved []SavedView `json:"saved" nullable:"false"`
}

// views are the counts and the saved filters.
func (s *Server) views(ctx context.Context) (*Body[ViewsView], error) {
	counts, err := s.Dossiers.Counts(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	out := &Body[ViewsView]{Body: ViewsView{Views: []ViewCount{}, Saved: []SavedView{}}}
	for _, v := range dossier.Views {
		out.Body.Views = append(out.Body.Views, ViewCount{v.Code, v.Name, counts[v.Code].N, counts[v.Code].More})
	}
	raw, err := s.Dossiers.SavedViews(ctx, actor(ctx))
	if err != nil || raw == "" {
		return out, err
	}
	return out, json.Unmarshal([]byte(raw), &out.Body.Saved)
}

// dossierTone is the tone of a dossier's state (design/README, Color).
func dossierTone(d dossier.Dossier) string {
	switch d.State {
	case dossier.InStore:
		if d.Hold != "" {
			return "bad"
		}
		return "plain"
	case dossier.Lent:
		return "wait"
	case dossier.Left:
		return "void"
	}
	return "run"
}

func dossierState(d dossier.Dossier) string {
	if d.MergedInto != "" {
		return "已并入"
	}
	if d.State == dossier.InStore && d.Hold != "" {
		return "限制"
	}
	return d.State.Name()
}

var placeNames = map[string]string{
	dossier.PlaceStore: "库房", dossier.PlaceArranging: "整理室", dossier.PlaceReading: "阅档室", dossier.PlaceWindow: "窗口", dossier.PlaceTransit: "在途", dossier.PlaceOutside: "外单位", dossier.PlaceJoined: "并入他卷",
}

func placeName(place string) string {
	if n, ok := placeNames[place]; ok {
		return n
	}
	return place
}

// whereIs says where the packet is now: its shelf when it is in store.
func whereIs(d dossier.Dossier) string {
	if d.Place == dossier.PlaceStore && d.Shelfmark != "" {
		return d.Shelfmark
	}
	return placeName(d.Place)
}

func (s *Server) today() calendar.Date { return calendar.Of(s.Gate.Now()) }

// daysLeft counts working days to a day, negative when it is over.
func (s *Server) daysLeft(due string) *int {
	d := calendar.Date(due)
	if !d.Valid() {
		return nil
	}
	n := s.Gate.Calendar().Workdays(s.today(), d)
	return &n
}

func (s *Server) dossierItem(ctx context.Context, f dossier.Found) DossierItem {
	d, p := f.Dossier, f.Person
	v := DossierItem{ID: d.ID, Version: d.Version, No: d.No, Name: p.Name, Sex: sexName(p.Sex), IDNo: identity.Mask(p.IDNo), Category: d.Category, CategoryName: codes.CategoryName(d.Category),
		State: string(d.State), StateName: dossierState(d), Tone: dossierTone(d), Agency: d.Agency, AgencyName: s.agencyName(ctx, d.Agency), Place: d.Place, Where: whereIs(d),
		Materials: d.Materials, Pages: d.Pages, Images: d.Images, Forced: string(d.Forced), ChangedAt: d.ChangedAt, Attention: []Attention{}}
	if d.Hold != "" {
		v.Attention = append(v.Attention, Attention{"限制", "bad"})
	}
	if d.Category == "4.7" && d.Subtype == "other" {
		v.Attention = append(v.Attention, Attention{"理由：" + pick(d.Evidence != "", d.Evidence, "没有写明"), pick(d.Evidence != "", "plain", "bad")}) // seen by the superior in this list
	}
	if left := s.daysLeft(f.DueOn); left != nil && *left <= 3 {
		if *left < 0 {
			v.Attention = append(v.Attention, Attention{fmt.Sprintf("逾期 %d 天", -*left), "bad"})
		} else {
			v.Attention = append(v.Attention, Attention{fmt.Sprintf("剩 %d 天", *left), "wait"})
		}
	}
	if n := f.Open[dossier.Received] + f.Open[dossier.Appraising]; n > 0 {
		v.Attention = append(v.Attention, Attention{fmt.Sprintf("待鉴别 %d", n), "plain"})
	}
	if n := f.Open[dossier.ToFile]; n > 0 {
		v.Attention = append(v.Attention, Attention{fmt.Sprintf("待归档 %d", n), "plain"})
	}
	if n := f.Open[dossier.Curing]; n > 0 {
		v.Attention = append(v.Attention, Attention{fmt.Sprintf("限期补办 %d", n), "wait"})
	}
	if d.Owed > 0 {
		v.Attention = append(v.Attention, Attention{fmt.Sprintf("待补充 %d", d.Owed), "plain"})
	}
	return v
}
