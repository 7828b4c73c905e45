package certificate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/clock"
	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/paper"
	"dangan/internal/rule"
)

// Line is one statement with what it rests on, as it is printed.
type Line struct {
	Key      string `json:"key"`
	Kind     string `json:"kind,omitempty"` // study, work, service; custody
	From     string `json:"from,omitempty"` // 2006-01, of custody 2006-01-02
	To       string `json:"to,omitempty"`   // "": 至今
	Unit     string `json:"unit,omitempty"`
	Post     string `json:"post,omitempty"`
	Name     string `json:"name,omitempty"` // of kin
	Relation string `json:"relation,omitempty"`
	IDNo     string `json:"idNo,omitempty"`
	Source   string `json:"source"`
	Recorded string `json:"recorded,omitempty"` // when the material was formed
	Remark   string `json:"remark,omitempty"`   // records that disagree
}

// Proposal is a recorded statement, or what hinders it from being stated.
type Proposal struct {
	Line
	Entry     string // id of the entry, "" for custody
	Waits     string // "confirm": cited by hand, waits for a second person
	EnteredBy string
	Conflicts []string // keys of records that say otherwise
	Hindrance *rule.Reason
}

// record is what a dossier holds, read in one go.
type record struct {
	dossier   dossier.Dossier
	chain     []custody.Event
	periods   []dossier.Period
	family    []dossier.Family
	materials map[string]dossier.Material
}

// propose lists what the record can be made to state for a kind.
func propose(kind Kind, r record) []Proposal {
	switch kind {
	case Custody:
		return []Proposal{custodyOf(r)}
	case History:
		return historyOf(r)
	default:
		return kinshipOf(r)
	}
}

func hindered(slug, message, next string) *rule.Reason {
	return &rule.Reason{Rule: "23", Slug: slug, Message: message, Next: next}
}

// custodyOf states custody from the custody record: since when, and whether still.
func custodyOf(r record) Proposal {
	p := Proposal{Line: Line{Key: "custody", Kind: "custody", From: r.dossier.ReceivedOn, Source: "档案接收与出入库登记"}}
	if r.dossier.AccountKind == "collective" {
		p.Unit = r.dossier.AccountUnit
	}
	p.Post = map[string]string{"personal": "个人账户", "collective": "集体账户"}[r.dossier.AccountKind]
	if r.dossier.ReceivedOn == "" {
		p.Hindrance = hindered("not_in_dossier", "接收登记中没有存档起始日期，不能出具存档证明。", "请先按交接清单、转递通知单等核实并登记接收日期。")
		return p
	}
	if r.dossier.State != dossier.Left && r.dossier.State != dossier.InTransit {
		return p
	}
	for _, e := range slices.Backward(r.chain) {
		if e.Kind == custody.Dispatched {
			p.To = e.At.In(clock.Shanghai).Format(time.DateOnly)
			return p
		}
	}
	p.Hindrance = hindered("not_in_dossier", "档案已转出，但登记中没有寄送日期，不能证明存档起止。", "请先补齐转出登记，或者请申请人向现存档机构申请。")
	return p
}

// sourceOf names the material an entry rests on; a hindrance if it can't carry a statement.
func (r record) sourceOf(materialID, cite, confirmedBy string, pageNo int64) (source, recorded string, why *rule.Reason) {
	if materialID == "" {
		class, title := dossier.ParseCite(cite)
		source = class + "《" + title + "》第" + fmt.Sprint(pageNo) + "页"
		if confirmedBy == "" {
			why = &rule.Reason{Rule: "29.7", Slug: "not_confirmed", Message: "这条引自纸质档案，还没有经第二人对照原件核对。", Next: "请由本机构另一名经办或审核人员对照原件核对。"}
		}
		return source, "", why
	}
	m, ok := r.materials[materialID]
	switch {
	case !ok:
		return "", "", hindered("not_in_dossier", "出处材料不在本档案中。", "请按目录中的材料重新登记出处。")
	case m.Closed() || m.Title == "": // what is closed to some is not printed for all (security.md 1)
		return "涉密材料", "", &rule.Reason{Rule: "15", Slug: "source_secret", Message: "出处是涉密材料，不能据以出具公开证明。", Next: "请向材料形成单位申请。"}
	case m.State == dossier.Superseded:
		return "《" + m.Title + "》", "", &rule.Reason{Rule: "29.7", Slug: "source_corrected", Message: "出处材料已有更正后的版本。", Next: "请按更正后的材料重新登记这条记载。"}
	case m.State != dossier.Filed:
		return "《" + m.Title + "》", "", hindered("source_not_filed", "出处材料"+m.State.Name()+"，尚未归档，不能据以证明。", "请先办理归档。")
	}
	recorded = paper.PartialDate(int(m.FormedYear), int(m.FormedMonth), int(m.FormedDay))
	return fmt.Sprintf("%s-%d《%s》", m.Class, m.Seq, m.Title), recorded, nil
}

func historyOf(r record) []Proposal {
	out := make([]Proposal, 0, len(r.periods))
	for _, e := range r.periods {
		p := Proposal{Line: Line{Key: "period:" + e.ID, Kind: e.Kind, From: e.FromMonth, To: e.ToMonth, Unit: e.Unit, Post: e.Post}, Entry: e.ID, EnteredBy: e.EnteredBy}
		p.Source, p.Recorded, p.Hindrance = r.sourceOf(e.MaterialID, e.Cite, e.ConfirmedBy, e.PageNo)
		if p.Hindrance != nil && p.Hindrance.Slug == "not_confirmed" {
			p.Waits = "confirm"
		}
		out = append(out, p)
	}
	// The same period at the same unit, told with other dates: the certificate says so beside both.
	for i := range out {
		for j := range out {
			a, b := out[i].Line, out[j].Line
			if i != j && a.Kind == b.Kind && a.Unit == b.Unit && (a.From != b.From || a.To != b.To) && overlap(a, b) && out[j].Hindrance == nil {
				out[i].Conflicts = append(out[i].Conflicts, b.Key)
				out[i].Remark = appendRemark(out[i].Remark, "档案记载不一致，"+b.Source+"记为"+Span(b.From, b.To))
			}
		}
	}
	return out
}

func overlap(a, b Line) bool {
	end := func(s string) string {
		if s == "" {
			return "9999-12"
		}
		return s
	}
	return a.From <= end(b.To) && b.From <= end(a.To)
}

func appendRemark(have, more string) string {
	if have == "" {
		return more
	}
	return have + "；" + more
}

// single are relations of which a person has one at a time: two names for one contradict each other.
var single = []string{"father", "mother", "husband", "wife", "spouse"}

func kinshipOf(r record) []Proposal {
	out := make([]Proposal, 0, len(r.family))
	for _, e := range r.family {
		p := Proposal{Line: Line{Key: "family:" + e.ID, Name: e.Name, Relation: codes.KinName(e.Relation), IDNo: e.IDNo, Kind: e.Relation}, Entry: e.ID, EnteredBy: e.EnteredBy}
		p.Source, p.Recorded, p.Hindrance = r.sourceOf(e.MaterialID, e.Cite, e.ConfirmedBy, e.PageNo)
		if p.Hindrance != nil && p.Hindrance.Slug == "not_confirmed" {
			p.Waits = "confirm"
		}
		out = append(out, p)
	}
	for i := range out {
		for j := range out {
			a, b := out[i].Line, out[j].Line
			sameName, sameKind := a.Name == b.Name, a.Kind == b.Kind
			if i != j && out[j].Hindrance == nil && (sameName && !sameKind || sameKind && !sameName && slices.Contains(single, a.Kind)) {
				out[i].Conflicts = append(out[i].Conflicts, b.Key)
				out[i].Remark = "档案中对此有不同记载，一并列出"
			}
		}
	}
	return out
}

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
			if kind == Kinship && !slices.Contains(keys, other) {
				reasons = append(reasons, rule.Reason{Rule: "29.7", Slug: "contradiction_left_out", Field: "keys", Message: "档案中对这一亲属关系有不同记载，只证明其中一种会失实。", Next: "请把不同记载一并列出，或者不出具，请申请人向户籍部门、公证机构申请。"})
			}
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

// encode writes lines so that equal statements are equal texts.
func encode(lines []Line) (string, error) {
	raw, err := json.Marshal(lines)
	return string(raw), err
}

func decode(text string) ([]Line, error) {
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
