package api

import (
	"context"
	"net/http"

	"dangan/internal/setting"
)

func init() { capabilities = append(capabilities, (*Server).settingRoutes) }

// SettingView is one setting of the province.
type SettingView struct {
	Key     string `json:"key"`
	Label   string `json:"label"`
	Unit    string `json:"unit"`
	Rule    string `json:"rule"`
	Value   int    `json:"value"`
	Default int    `json:"default"`
	Min     int    `json:"min"`
	Max     int    `json:"max"`
	Version int64  `json:"version"`
	// Unverified: the province is asked to hold the default against the official text.
	Unverified bool `json:"unverified" doc:"默认值未对照正式文本核实，由市级确认"`

	YesNo   bool     `json:"yesNo" doc:"只有是（1）和否（0）的参数"`
	Choices []string `json:"choices,omitempty" doc:"可以多选的参数：有哪些选项"`
	Chosen  []string `json:"chosen,omitempty" doc:"可以多选的参数：现在选了哪些"`
}

// SettingsView is all of them, with the calendar's last year.
type SettingsView struct {
	Items        []SettingView `json:"items" nullable:"false"`
	CalendarYear int           `json:"calendarYear" doc:"放假安排已载入到哪一年；更晚的期限为暂定"`
	Possible     []Possible    `json:"possible" nullable:"false"`
}

func (s *Server) settingRoutes() {
	route(s, op("listSettings", http.MethodGet, "/settings", "全市参数与放假安排", "参数"), func(ctx context.Context, _ *struct{}) (*Body[SettingsView], error) {
		return s.settingsView(ctx), nil
	})
	route(s, op("changeSetting", http.MethodPut, "/settings/{key}", "修改参数", "参数"), func(ctx context.Context, in *struct {
		Key  string `path:"key" maxLength:"64"`
		Body struct {
			Value string `json:"value" maxLength:"200" doc:"数值；可以多选的参数为所选各项，以逗号分隔，空为一项不选"`
		}
	}) (*Body[SettingsView], error) {
		if _, err := s.Settings.Change(ctx, actor(ctx), setting.Key(in.Key), in.Body.Value); err != nil {
			return nil, err
		}
		return s.settingsView(ctx), nil
	})
	route(s, op("loadHolidays", http.MethodPost, "/calendar", "载入一年的放假安排", "参数"), func(ctx context.Context, in *struct {
		Body struct {
			Year  int    `json:"year" minimum:"2018" maximum:"2100"`
			Table string `json:"table" maxLength:"20000" doc:"date,kind,name_zh 三列"`
		}
	}) (*Body[SettingsView], error) {
		if _, err := s.Settings.LoadHolidays(ctx, actor(ctx), in.Body.Year, in.Body.Table); err != nil {
			return nil, err
		}
		return s.settingsView(ctx), nil
	})
}

func (s *Server) settingsView(ctx context.Context) *Body[SettingsView] {
	out := &Body[SettingsView]{Body: SettingsView{Items: []SettingView{}, CalendarYear: s.Settings.Calendar().LastYear()}}
	for _, p := range s.Settings.Present() {
		out.Body.Items = append(out.Body.Items, SettingView{Key: string(p.Key), Label: p.Label, Unit: p.Unit, Rule: string(p.Rule), Value: p.Value, Default: p.Default, Min: p.Min, Max: p.Max, Version: p.Version, Unverified: p.Unverified(), YesNo: p.Unit == setting.YesNo, Choices: p.Choices(), Chosen: p.Chosen})
	}
	out.Body.Possible = possible(s.Settings.Possible(actor(ctx)))
	return out
}
