package founding

import (
	"context"
	"fmt"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/instance"
	"dangan/internal/policy"
	"dangan/internal/region"
	"dangan/internal/staff"
)

// Province and center of Chongqing.
const (
	Province = "500000"
	Center   = "50000001"
)

// By is who founds: the program itself.
var By = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// Options say how much is set up.
type Options struct {
	Districts    []string                     // division codes; nil: every district, county and functional area of today
	Staff        bool                         // staff for every post, for demo and tests
	PasswordHash string                       // of all accounts; "": each gets a one-time password
	Done         func(what string)            // progress, may be nil
	Name         func(username string) string // a member's name; nil: post and place
}

// Account is one account that was made, with its one-time password if it got one.
type Account struct {
	Username, Name, Post, Password string
}

// Districts lists the county-level divisions and functional areas of today that have an agency.
func Districts() []region.Division {
	var out []region.Division
	for _, d := range region.Chongqing() {
		if d.Status == "active" && d.Kind != "municipality" {
			out = append(out, d)
		}
	}
	return out
}

// AgencyOf is the code of a district's agency.
func AgencyOf(division string) string { return division + "01" }

// Found sets the province up. Doing it twice fails at the first unique key.
func Found(ctx context.Context, in *instance.Instance, o Options) ([]Account, error) {
	f := founder{ctx: ctx, in: in, o: o}
	f.agency(agency.Agency{ID: Province, Name: "重庆市人力资源和社会保障局", Short: "渝人社", Kind: agency.Province, Region: Province})
	f.agency(agency.Agency{ID: Center, Name: "重庆市流动人员人事档案管理服务中心", Short: "渝人才", Kind: agency.Center, Parent: Province, Region: Province,
		BasisKind: agency.Established, Basis: "渝编〔2003〕1号（演示）"})
	for _, a := range []struct{ user, post string }{{"sysadmin", staff.SysAdmin}, {"secadmin", staff.SecAdmin}, {"auditor", staff.Auditor}} {
		f.member(a.user+"-"+Province, Province, Province, a.post)
	}
	if o.Staff {
		f.member("supervisor-"+Province, Province, Province, staff.Supervisor)
		f.member("statistician-"+Province, Province, Province, staff.Statistician)
		f.guides(Province)
		f.office(Province, Center)
	}
	for _, d := range Districts() {
		if o.Districts != nil && !contains(o.Districts, d.Code) {
			continue
		}
		short := shortName(d.Name)
		f.agency(agency.Agency{ID: d.Code, Name: d.Name + "人力资源和社会保障局", Short: short + "人社", Kind: agency.Bureau, Parent: Province, Region: d.Code})
		f.agency(agency.Agency{ID: AgencyOf(d.Code), Name: d.Name + "公共就业和人才服务中心", Short: short + "人才", Kind: agency.Office, Parent: d.Code, Region: d.Code,
			BasisKind: agency.Established, Basis: short + "编〔2012〕8号（演示）"})
		if o.Staff {
			f.member("supervisor-"+d.Code, d.Code, d.Code, staff.Supervisor)
			f.guides(d.Code)
			f.office(d.Code, AgencyOf(d.Code))
		}
	}
	return f.accounts, f.err
}

type founder struct {
	ctx      context.Context
	in       *instance.Instance
	o        Options
	accounts []Account
	err      error
}

func (f *founder) agency(a agency.Agency) {
	if f.err != nil {
		return
	}
	if a.Keeps() {
		a.Address, a.Postcode, a.Desk = "重庆市"+region.Name(a.Region)+"人才路1号（演示）", "400000", "档案收发室"
		if a.Region == Province {
			a.Address = "重庆市渝北区春华大道99号（演示）"
		}
		a.Phone, a.Hotline, a.PostNo = "023-00000000", "023-00000000", "机要"+a.Region
	}
	if _, err := f.in.Agencies.Found(f.ctx, By, a); err != nil {
		f.err = fmt.Errorf("found %s: %w", a.Name, err)
	} else if f.o.Done != nil {
		f.o.Done(a.Name)
	}
}

// office makes one member for every business post of an agency.
func (f *founder) office(division, code string) {
	for _, post := range []string{staff.Clerk, staff.Reviewer, staff.Keeper, staff.Scanner, staff.Head} {
		f.member(post+"-"+division, code, code, post)
	}
}

// guides makes the reading posts of the Party's organization department and of the
// archives department of a level (5).
func (f *founder) guides(code string) {
	f.member("organization-"+code, code, code, staff.Organization)
	f.member("archives-"+code, code, code, staff.Archives)
}

func (f *founder) member(username, org, postOrg, post string) {
	if f.err != nil {
		return
	}
	name := staff.PostName(post) + "员"
	if f.o.Name != nil {
		name = f.o.Name(username)
	}
	m, password, err := f.in.Staff.Create(f.ctx, By, staff.NewMember{Username: username, Name: name, Agency: org, PartyMember: true, PasswordHash: f.o.PasswordHash})
	if err == nil {
		_, err = f.in.Staff.Grant(f.ctx, By, staff.Appointment{StaffID: m.ID, Post: post, Org: postOrg, Reason: "初始设置"})
	}
	if err != nil {
		f.err = fmt.Errorf("account %s: %w", username, err)
		return
	}
	f.accounts = append(f.accounts, Account{Username: username, Name: name, Post: staff.PostName(post), Password: password})
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// shortName is a division's name as papers' numbers carry it: 南岸, 石柱, 高新.
func shortName(name string) string {
	switch {
	case strings.HasPrefix(name, "西部科学城"):
		return "高新"
	case strings.HasSuffix(name, "经开区"):
		return strings.TrimSuffix(name, "经开区") + "经开"
	case strings.HasSuffix(name, "新区"):
		return strings.TrimSuffix(name, "新区")
	}
	for _, group := range []string{"土家族", "苗族"} {
		if short, _, ok := strings.Cut(name, group); ok {
			return short
		}
	}
	r := []rune(name)
	if len(r) > 2 {
		return string(r[:len(r)-1])
	}
	return name
}
