package cli

import (
	"fmt"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/double"
	"dangan/internal/identity"
)

type doubleCmd struct {
	List doubleListCmd `cmd:"" help:"列出可能重复的档案：姓名、出生日期相同而号码不同的两卷，还没有认定的"`
	Said doubleSaidCmd `cmd:"" help:"列出已认定不是同一人的，和已撤销的认定"`
}

// doubleSide is one of the two dossiers, as far as the account may see it.
type doubleSide struct {
	No        string `json:"no,omitempty"` // none of an agency out of reach
	Name      string `json:"name"`
	IDNo      string `json:"idNo"` // masked
	BirthDate string `json:"birthDate"`
	Agency    string `json:"agency"`
}

type doubleListCmd struct {
	Where
	As
	Limit int  `help:"最多列出几对" default:"1000" placeholder:"N"`
	JSON  bool `help:"输出 JSON"`
}

// Run lists the pairs in the account's own scope, a page after the other.
func (c *doubleListCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, true)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := in.Doubles.MayRead(actor); err != nil {
		return err
	}
	tree, err := in.Agencies.Tree(e.ctx)
	if err != nil {
		return err
	}
	list := [][]doubleSide{}
	for after, more := "", true; more && len(list) < c.Limit; more = after != "" {
		var page []double.Pair
		if page, after, err = in.Doubles.Open(e.ctx, actor, after, 100); err != nil {
			return err
		}
		for _, p := range page {
			var pair []doubleSide
			for _, l := range p.Likely {
				s := doubleSide{Name: l.Person.Name, IDNo: identity.Mask(l.Person.IDNo), BirthDate: l.Person.BirthDate, Agency: tree.Name(l.Dossier.Agency)}
				if actor.Reaches(l.Dossier.Agency) {
					s.No = l.Dossier.No
				}
				pair = append(pair, s)
			}
			list = append(list, pair)
		}
	}
	list = list[:min(len(list), c.Limit)]
	if c.JSON {
		return e.json(list)
	}
	var b strings.Builder
	for _, pair := range list {
		for i, s := range pair {
			lead := s.Name + " " + s.BirthDate
			if i > 0 {
				lead = "  与"
				if s.Name != pair[0].Name {
					lead += " " + s.Name
				}
			}
			no := s.No
			if no == "" {
				no = "（编号由保管机构查看）"
			}
			fmt.Fprintf(&b, "%s  %s  %s  %s\n", lead, s.IDNo, no, s.Agency)
		}
	}
	fmt.Fprintf(&b, "共 %d 对\n", len(list))
	_, err = fmt.Fprint(e.out, b.String())
	return err
}

// doubleWord is what was said of two people.
type doubleWord struct {
	Name      string `json:"name"`
	BirthDate string `json:"birthDate"`
	State     string `json:"state"`
	Reason    string `json:"reason"`
	Document  string `json:"document"`
	SeenBy    string `json:"seenBy"`
	SeenOn    string `json:"seenOn"`
	Agency    string `json:"agency"`
	StatedOn  string `json:"statedOn"`
	UndoneOn  string `json:"undoneOn,omitempty"`
	UndoneWhy string `json:"undoneWhy,omitempty"`
}

type doubleSaidCmd struct {
	Where
	As
	Limit int  `help:"最多列出几件" default:"1000" placeholder:"N"`
	JSON  bool `help:"输出 JSON"`
}

// Run lists what was said in the account's own scope, the last first.
func (c *doubleSaidCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, true)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := in.Doubles.MayRead(actor); err != nil {
		return err
	}
	tree, err := in.Agencies.Tree(e.ctx)
	if err != nil {
		return err
	}
	list := []doubleWord{}
	for before, more := "", true; more && len(list) < c.Limit; {
		page, err := in.Doubles.Said(e.ctx, actor, "", before, 100)
		if err != nil {
			return err
		}
		for _, p := range page {
			d := p.Said
			w := doubleWord{Name: d.Name, BirthDate: d.BirthDate, State: d.State, Reason: d.Reason, Document: d.Document, SeenBy: d.SeenBy, SeenOn: d.SeenOn, Agency: tree.Name(d.Agency), StatedOn: calendar.Of(d.StatedAt).String(), UndoneWhy: d.UndoneWhy}
			if !d.UndoneAt.IsZero() {
				w.UndoneOn = calendar.Of(d.UndoneAt).String()
			}
			list, before = append(list, w), d.ID
		}
		more = len(page) == 100
	}
	list = list[:min(len(list), c.Limit)]
	if c.JSON {
		return e.json(list)
	}
	var b strings.Builder
	for _, w := range list {
		fmt.Fprintf(&b, "%s %s  %s认定不是同一人：%s（%s，%s %s 查看）\n", w.Name, w.BirthDate, w.Agency, w.Reason, w.Document, w.SeenBy, w.SeenOn)
		if w.UndoneOn != "" {
			fmt.Fprintf(&b, "  已撤销：%s\n", w.UndoneWhy)
		}
	}
	fmt.Fprintf(&b, "共 %d 件\n", len(list))
	_, err = fmt.Fprint(e.out, b.String())
	return err
}
