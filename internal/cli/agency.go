package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

type agencyCmd struct {
	List      agencyListCmd      `cmd:"" help:"列出账户范围内的主管部门与机构：依据、有效期、能否接收档案"`
	Establish agencyEstablishCmd `cmd:"" help:"设立或授权机构，设立区县主管部门"`
	Authorize agencyAuthorizeCmd `cmd:"" help:"登记授权或延期"`
	Rename    agencyRenameCmd    `cmd:"" help:"更名"`
	Merge     agencyMergeCmd     `cmd:"" help:"并入承接机构"`
	Assign    agencyAssignCmd    `cmd:"" help:"调整隶属：改由另一主管部门主管"`
	Contact   agencyContactCmd   `cmd:"" help:"变更联系方式"`
	Close     agencyCloseCmd     `cmd:"" help:"撤销"`
	Settle    agencySettleCmd    `cmd:"" help:"了结到期未生效的变动"`
}

// agencyOrder is what every change of an agency rests on (6a).
type agencyOrder struct {
	Where
	As
	Document string `help:"批准文号" placeholder:"TEXT"`
	On       string `help:"生效日期，如 2026-12-01；晚于今天的到日由系统执行" placeholder:"DATE"`
	Dated    string `help:"发文日期（主管部门的变动）" placeholder:"DATE"`
	Evidence string `help:"所核验的批准文件（主管部门的变动），如 批复，原件" placeholder:"TEXT"`
	JSON     bool   `help:"输出 JSON"`
}

func (o agencyOrder) change(code, kind string) agency.Change {
	return agency.Change{Agency: code, Kind: kind, Document: o.Document, EffectiveOn: o.On, Dated: o.Dated, Evidence: o.Evidence}
}

// agencyLine is an agency as --json says it.
type agencyLine struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	Kind       string `json:"kind"`
	Parent     string `json:"parent,omitempty"`
	State      string `json:"state"`
	Successor  string `json:"successor,omitempty"`
	Basis      string `json:"basis,omitempty"`
	ValidUntil string `json:"validUntil,omitempty"`
	TakesIn    bool   `json:"takesIn"`
}

// agencyDone is a change as it was entered.
type agencyDone struct {
	agencyLine
	Change      string `json:"change"`
	EffectiveOn string `json:"effectiveOn"`
	Waiting     bool   `json:"waiting"` // its day has not come
}

type agencyListCmd struct {
	Where
	As
	JSON bool `help:"输出 JSON"`
}

// Run lists the agencies of the account's own scope.
func (c *agencyListCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, true)
	if err != nil {
		return err
	}
	defer in.Close()
	tree, err := in.Agencies.Tree(e.ctx)
	if err != nil {
		return err
	}
	list := []agencyLine{}
	for _, a := range tree.Nodes() {
		if in.Gate.Allowed(actor, "agency.read", a.Resource()) == nil {
			list = append(list, lineOf(a, a.Keeps() && a.MayTakeIn(in.Gate.Today()) == nil))
		}
	}
	if c.JSON {
		return e.json(list)
	}
	for _, a := range list {
		basis := strings.TrimSpace(a.Basis)
		if a.ValidUntil != "" {
			basis += "，至 " + a.ValidUntil
		}
		if _, err := fmt.Fprintf(e.out, "%s  %s  %s  %s\n", a.Code, a.Name, a.State, basis); err != nil {
			return err
		}
	}
	return nil
}

func lineOf(a agency.Agency, takesIn bool) agencyLine {
	return agencyLine{Code: a.ID, Name: a.Name, Kind: a.Kind, Parent: a.Parent, State: string(a.State), Successor: a.Successor, Basis: a.Basis, ValidUntil: a.ValidUntil, TakesIn: takesIn}
}

type agencyEstablishCmd struct {
	agencyOrder
	Code       string `arg:"" help:"机构编码，如 50010891；主管部门为区划代码" placeholder:"CODE"`
	Name       string `help:"全称" placeholder:"TEXT"`
	Short      string `help:"简称" placeholder:"TEXT"`
	Parent     string `help:"上级主管部门的编码；区县主管部门不填" placeholder:"CODE"`
	Bureau     bool   `help:"设立的是区县主管部门"`
	Authorized bool   `help:"依据是授权（须有 --until），缺省为设立"`
	Until      string `help:"授权有效期至" placeholder:"DATE"`
	Address    string `help:"地址" placeholder:"TEXT"`
	Phone      string `help:"电话" placeholder:"TEXT"`
}

// Run sets up an agency, or the authority of a district.
func (c *agencyEstablishCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	a := agency.Agency{ID: c.Code, Name: c.Name, Short: c.Short, Parent: c.Parent, ValidUntil: c.Until, Address: c.Address, Phone: c.Phone, Hotline: c.Phone}
	switch {
	case c.Bureau:
		a.Kind = agency.Bureau
	case c.Authorized:
		a.BasisKind = agency.Authorized
	default:
		a.BasisKind = agency.Established
	}
	if err := in.Agencies.Establish(e.ctx, actor, a, c.change("", "")); err != nil {
		return err
	}
	now, err := agency.Get(e.ctx, in.DB, c.Code)
	if err != nil {
		return err
	}
	return c.done(e, agencyDone{lineOf(now, now.Keeps() && now.MayTakeIn(in.Gate.Today()) == nil), "established", c.On, now.State == agency.Pending})
}

// resolve enters a decision on an agency, as the page does.
func (o agencyOrder) resolve(e *env, c agency.Change) error {
	in, actor, err := e.openAs(o.Where, o.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	made, err := in.Agencies.Resolve(e.ctx, actor, c)
	if errors.Is(err, store.ErrNotFound) { // as unknown as an agency beside the own scope
		return gate.ErrHidden
	} else if err != nil {
		return err
	}
	now, err := agency.Get(e.ctx, in.DB, c.Agency)
	if err != nil {
		return err
	}
	return o.done(e, agencyDone{lineOf(now, now.Keeps() && now.MayTakeIn(in.Gate.Today()) == nil), c.Kind, c.EffectiveOn, made.State() == agency.Waiting})
}

func (o agencyOrder) done(e *env, d agencyDone) error {
	if o.JSON {
		return e.json(d)
	}
	said := "已生效"
	if d.Waiting {
		said = "已登记，自 " + d.EffectiveOn + " 起生效，到日由系统执行"
	}
	_, err := fmt.Fprintf(e.out, "%s %s：%s\n", d.Code, d.Name, said)
	return err
}

type agencyAuthorizeCmd struct {
	agencyOrder
	Code  string `arg:"" help:"机构编码" placeholder:"CODE"`
	Until string `help:"授权有效期至" placeholder:"DATE"`
}

// Run registers an authorization or its extension.
func (c *agencyAuthorizeCmd) Run(e *env) error {
	x := c.change(c.Code, agency.Authorized)
	x.ValidUntil = c.Until
	return c.resolve(e, x)
}

type agencyRenameCmd struct {
	agencyOrder
	Code  string `arg:"" help:"机构编码" placeholder:"CODE"`
	Name  string `help:"新的全称" placeholder:"TEXT"`
	Short string `help:"新的简称，缺省不变" placeholder:"TEXT"`
}

// Run gives an agency another name.
func (c *agencyRenameCmd) Run(e *env) error {
	x := c.change(c.Code, agency.Renamed)
	x.NewName, x.NewShort = c.Name, c.Short
	return c.resolve(e, x)
}

type agencyContactCmd struct {
	agencyOrder
	Code         string  `arg:"" help:"机构编码" placeholder:"CODE"`
	Address      *string `help:"地址" placeholder:"TEXT"`
	Postcode     *string `help:"邮政编码" placeholder:"TEXT"`
	Desk         *string `help:"收件部门" placeholder:"TEXT"`
	Phone        *string `help:"办公电话" placeholder:"TEXT"`
	Hotline      *string `help:"服务热线" placeholder:"TEXT"`
	Oversight    *string `help:"监督电话" placeholder:"TEXT"`
	PartyHeading *string `help:"党组织关系接转抬头，印在调档函上" placeholder:"TEXT"`
}

// Run changes where an agency is reached; what is not named stays.
func (c *agencyContactCmd) Run(e *env) error {
	set := agency.Details{}
	for key, v := range map[string]*string{"address": c.Address, "postcode": c.Postcode, "desk": c.Desk, "phone": c.Phone, "hotline": c.Hotline, "oversight": c.Oversight, "partyHeading": c.PartyHeading} {
		if v != nil {
			set[key] = *v
		}
	}
	x := c.change(c.Code, agency.Contact)
	x.Details = set.String()
	return c.resolve(e, x)
}

type agencyMergeCmd struct {
	agencyOrder
	Code      string `arg:"" help:"被合并的机构编码" placeholder:"CODE"`
	Successor string `help:"承接机构的编码" placeholder:"CODE"`
}

// Run merges an agency into its successor.
func (c *agencyMergeCmd) Run(e *env) error {
	x := c.change(c.Code, agency.Merging)
	x.Successor = c.Successor
	return c.resolve(e, x)
}

type agencyAssignCmd struct {
	agencyOrder
	Code   string `arg:"" help:"机构编码" placeholder:"CODE"`
	Parent string `help:"新的主管部门的编码" placeholder:"CODE"`
}

// Run puts an agency under another authority.
func (c *agencyAssignCmd) Run(e *env) error {
	x := c.change(c.Code, agency.Assigned)
	x.NewParent = c.Parent
	return c.resolve(e, x)
}

type agencySettleCmd struct {
	Where
	As
	Code   string `arg:"" help:"机构编码" placeholder:"CODE"`
	Note   string `help:"怎样处理，如 不再办理" placeholder:"TEXT"`
	Change string `help:"有几项未生效的：指定其中一项的编号" placeholder:"ID"`
	JSON   bool   `help:"输出 JSON"`
}

// agencySettled is a lapsed decision as it was settled.
type agencySettled struct {
	Code   string `json:"code"`
	Change string `json:"change"`
	Kind   string `json:"kind"`
	Lapsed string `json:"lapsed"` // what stood against it
	Note   string `json:"note"`
}

// Run says how a decision that did not take effect was dealt with. Where an agency has several,
// they are listed, and one is to be named.
func (c *agencySettleCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	_, history, _, err := in.Agencies.Look(e.ctx, actor, c.Code)
	if err != nil {
		return err
	}
	open := slices.DeleteFunc(history, func(x agency.Change) bool { return !x.Unsettled() || c.Change != "" && x.ID != c.Change })
	switch {
	case len(open) == 0:
		return rule.Refuse(rule.Reason{Rule: "6a", Slug: "not_lapsed", Message: "该机构没有这样一项未生效、未了结的变动。", Next: "请在机构沿革中查看各项变动的状态。"})
	case len(open) > 1:
		var ids []string
		for _, x := range open {
			ids = append(ids, x.ID+"（"+x.EffectiveOn+" "+x.KindName()+"）")
		}
		return rule.Mistake(rule.Reason{Rule: "6a", Slug: "change_missing", Field: "change", Message: fmt.Sprintf("该机构有 %d 项未生效的变动：%s。", len(open), strings.Join(ids, "、")), Next: "请用 --change 指定其中一项。"})
	}
	done, err := in.Agencies.Settle(e.ctx, actor, open[0].ID, c.Note)
	if err != nil {
		return err
	}
	if c.JSON {
		stood, err := done.Reasons()
		if err != nil {
			return err
		}
		why := ""
		for _, r := range stood {
			why += r.Message
		}
		return e.json(agencySettled{done.Agency, done.ID, done.KindName(), why, done.Settled})
	}
	_, err = fmt.Fprintf(e.out, "%s：未生效的变动已了结（%s）\n", done.Agency, done.Settled)
	return err
}

type agencyCloseCmd struct {
	agencyOrder
	Code string `arg:"" help:"机构编码" placeholder:"CODE"`
}

// Run closes an agency that keeps nothing any more.
func (c *agencyCloseCmd) Run(e *env) error { return c.resolve(e, c.change(c.Code, agency.Closing)) }
