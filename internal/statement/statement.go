package statement

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/rule"
)

// Kind is what is stated.
type Kind string

// Kinds of statements (forms.md 11–14).
const (
	Custody Kind = "custody" // since when the dossier is kept, and whether still
	History Kind = "history" // study, work and service
	Kinship Kind = "kinship" // the family
	Facts   Kind = "facts"   // birth date, start of work, education and degree, joining the Party
)

// Line is one statement with what it rests on, as it is printed.
type Line struct {
	Key       string `json:"key"`
	Kind      string `json:"kind,omitempty"` // study, work, service; custody; a relation; a key fact
	From      string `json:"from,omitempty"` // 2006-01, of custody 2006-01-02
	To        string `json:"to,omitempty"`   // "": 至今
	Unit      string `json:"unit,omitempty"`
	Post      string `json:"post,omitempty"`
	Name      string `json:"name,omitempty"` // of kin
	Relation  string `json:"relation,omitempty"`
	IDNo      string `json:"idNo,omitempty"`
	Written   string `json:"written,omitempty"`   // a key fact as the material writes it
	Authority string `json:"authority,omitempty"` // whose decision on a key fact this is
	Source    string `json:"source"`              // class and number, title, page
	Recorded  string `json:"recorded,omitempty"`  // when the material was formed
	Remark    string `json:"remark,omitempty"`    // records that disagree
}

// Proposal is a recorded statement, or what hinders it from being stated.
type Proposal struct {
	Line
	Entry     string // id of the entry, "" for custody
	EntryKind string // fact, period, family, determination: where the entry is confirmed
	Waits     string // "confirm": waits for a second person
	EnteredBy string
	Conflicts []string // keys of records that say otherwise and can be stated
	Unsettled bool     // a record that says otherwise waits for a second person
	Hindrance *rule.Reason
}

// NotFiled says whether a proposal only lacks the filing of its material.
func (p Proposal) NotFiled() bool { return p.Hindrance != nil && p.Hindrance.Slug == slugNotFiled }

// waits marks a proposal that a second person's word would free.
func (p Proposal) waits() Proposal {
	if p.Hindrance != nil && p.Hindrance.Slug == SlugUnconfirmed {
		p.Waits = "confirm"
	}
	return p
}

// Propose lists what the record can be made to state for a kind.
func (r Record) Propose(kind Kind) []Proposal {
	switch kind {
	case Custody:
		return []Proposal{r.custody()}
	case History:
		return r.history()
	case Kinship:
		return r.kinship()
	case Facts:
		return r.facts()
	}
	return nil
}

// whole says whether what is chosen of a kind must name every record that disagrees:
// the printed line of history names the others in its own remark, kin and key facts
// are only told all together (29.7).
func (k Kind) whole() bool { return k == Kinship || k == Facts }

// Choose turns keys into lines, or refuses with every reason: what is not
// recorded can't be stated (23, 29.7), and records that contradict each other are
// all named.
func Choose(kind Kind, proposals []Proposal, keys []string) ([]Line, error) {
	var reasons []rule.Reason
	if len(keys) == 0 {
		return nil, rule.Complete(rule.Reason{Rule: "23", Slug: "nothing_chosen", Field: "keys", Message: "还没有选定要证明的内容。", Next: "请从档案记载中勾选；档案没有记载的不能证明。"})
	}
	var out []Line
	for _, p := range proposals {
		if !slices.Contains(keys, p.Key) {
			continue
		}
		if p.Hindrance != nil {
			reasons = append(reasons, *p.Hindrance)
			continue
		}
		for _, other := range p.Conflicts {
			if kind.whole() && !slices.Contains(keys, other) {
				reasons = append(reasons, leftOut(kind))
			}
		}
		if p.Unsettled {
			reasons = append(reasons, rule.Reason{Rule: "29.7", Slug: "contradiction_unconfirmed", Field: "keys", Message: "另有一条登记的记载与此不同，还没有经第二人核对。", Next: "请先由另一名人员对照原件核对或者撤销那条登记，再选定。"})
		}
		out = append(out, p.Line)
	}
	for _, k := range keys {
		if !slices.ContainsFunc(proposals, func(p Proposal) bool { return p.Key == k }) {
			reasons = append(reasons, NotInDossier(kind))
			break
		}
	}
	if len(reasons) > 0 {
		return nil, rule.Refuse(slices.CompactFunc(reasons, func(a, b rule.Reason) bool { return a.Slug == b.Slug && a.Message == b.Message })...)
	}
	return out, nil
}

func leftOut(kind Kind) rule.Reason {
	r := rule.Reason{Rule: "29.7", Slug: "contradiction_left_out", Field: "keys", Message: "档案中对这一亲属关系有不同记载，只证明其中一种会失实。", Next: "请把不同记载一并列出，或者不出具，请申请人向户籍部门、公证机构申请。"}
	if kind == Facts {
		r.Message, r.Next = "档案中对这一项有不同记载，只证明其中一种会失实。", "请把不同记载一并列出；需要认定的，请申请人向有权的主管部门申请认定。"
	}
	return r
}

// NotInDossier is the refusal for what no filed material shows, with the way on (forms.md 18).
func NotInDossier(kind Kind) rule.Reason {
	next := "请向材料形成单位申请；材料在纸质档案中的，请提档后引用并经第二人核对。"
	switch kind {
	case Kinship:
		next = "请向户籍、民政部门或者公证机构申请；材料在纸质档案中的，请提档后引用并经第二人核对。"
	case Custody:
		next = "请先核实并登记接收日期，或者请申请人向现存档机构申请。"
	}
	return rule.Reason{Rule: "23", Slug: "not_in_dossier", Field: "keys", Message: "档案材料中没有相应记载，不能出具该证明。", Next: next}
}

// Encode writes lines so that equal statements are equal texts.
func Encode(lines []Line) (string, error) {
	raw, err := json.Marshal(lines)
	return string(raw), err
}

// Decode is the inverse of Encode.
func Decode(text string) ([]Line, error) {
	if text == "" {
		return nil, nil
	}
	var out []Line
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return nil, fmt.Errorf("stated lines: %w", err)
	}
	return out, nil
}

// Span is a period as tables of history say it: 2013.07—至今.
func Span(from, to string) string {
	end := "至今"
	if to != "" {
		end = strings.ReplaceAll(to, "-", ".")
	}
	return strings.ReplaceAll(from, "-", ".") + "—" + end
}
