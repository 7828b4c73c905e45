package dossier

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Case is another room's case about a dossier, as its page shows it.
type Case struct {
	Ref       string // "Transfer:<id>"
	Room      string // transfer, access …
	Kind      string // 转递·转出
	No        string
	State     string // code
	StateName string
	Tone      string // plain, run, wait, done, bad, void (design/README, Color)
	Since     string // 2006-01-02
	DueOn     string
	Note      string
	Link      string
	Open      bool // still binds the dossier
}

// CaseSource lists a room's cases about a dossier that the actor may know of,
// newest first, at most 50.
type CaseSource func(ctx context.Context, q store.Querier, actor policy.Actor, dossierID string) ([]Case, error)

// ActSource lists another room's acts on a dossier: possible now, or why not.
type ActSource func(ctx context.Context, q store.Querier, actor policy.Actor, d Dossier) ([]gate.Possible, error)

// Page is everything a dossier's page shows apart from custody and time line.
type Page struct {
	Dossier     Dossier
	Person      person.Person
	Catalog     []Material
	Loose       []Material
	Returned    []Material
	Facts       []Fact
	Periods     []Period
	Forcing     Period // the period that forces the way of transfer
	Supplements []Supplement
	Gaps        []Gap
	GapsKnown   bool // false: paper only, nobody has listed the content
	KeyFacts    []Compared
	Intervals   []Interval // gaps and overlaps of the history
	Cases       []Case
	Corrections []Correction
	Family      int // members recorded, without their names
	Unconfirmed int
	Possible    []gate.Possible
}

// Open reads a dossier's page; the reading is on record.
func (k *Desk) Open(ctx context.Context, by policy.Actor, id string) (Page, error) {
	d, p, err := k.Read(ctx, by, id)
	if err != nil {
		return Page{}, err
	}
	out := Page{Dossier: d, Person: p}
	q := k.gate.DB()
	steps := []func() error{
		func() (err error) { out.Catalog, err = CatalogOf(ctx, q, d.ID); return },
		func() (err error) { out.Loose, err = LooseOf(ctx, q, d.ID); return },
		func() (err error) {
			out.Returned, err = store.List[Material](ctx, q, "WHERE dossier_id=? AND state IN ('returned','cured') ORDER BY appraised_on DESC, id LIMIT 100", d.ID)
			return
		},
		func() (err error) { out.Facts, err = FactsOf(ctx, q, d.ID); return },
		func() (err error) { out.Periods, err = PeriodsOf(ctx, q, d.ID); return },
		func() (err error) { out.Supplements, err = Owing(ctx, q, d.ID); return },
		func() (err error) { out.Gaps, out.GapsKnown, err = Gaps(ctx, q, d); return },
		func() (err error) {
			out.Corrections, err = store.List[Correction](ctx, q, "WHERE dossier_id=? ORDER BY applied_at DESC LIMIT 100", d.ID)
			return
		},
		func() error {
			return q.QueryRow(ctx, `SELECT (SELECT count(*) FROM family_member WHERE dossier_id=? AND void IS NULL),
 (SELECT count(*) FROM family_member WHERE dossier_id=? AND void IS NULL AND confirmed_by IS NULL)`, d.ID, d.ID).Scan(&out.Family, &out.Unconfirmed)
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return Page{}, fmt.Errorf("dossier %s: %w", d.ID, err)
		}
	}
	for _, f := range out.Facts {
		if f.ConfirmedBy == "" {
			out.Unconfirmed++
		}
	}
	for _, f := range out.Periods {
		if f.ConfirmedBy == "" {
			out.Unconfirmed++
		}
	}
	_, out.Forcing = ForcedBy(out.Periods, d.HistoryOkBy != "")
	decisions, err := DeterminationsOf(ctx, q, d.ID)
	if err != nil {
		return Page{}, err
	}
	for _, f := range decisions {
		if f.ConfirmedBy == "" {
			out.Unconfirmed++
		}
	}
	decisions = k.closed(by, &out, decisions)
	out.KeyFacts = Compare(p, out.Catalog, out.Facts, out.Periods, out.Gaps, decisions)
	out.Intervals = Intervals(out.Periods, string(k.gate.Today())[:7])
	for _, source := range k.Cases {
		list, err := source(ctx, q, by, d.ID)
		if err != nil {
			return Page{}, err
		}
		out.Cases = append(out.Cases, list...)
	}
	out.Possible, err = k.PossibleOn(ctx, by, d, len(out.Catalog))
	return out, err
}

// PossibleOn lists what an actor may do on a dossier now, or why not: this
// room's acts and those of the rooms that registered theirs.
func (k *Desk) PossibleOn(ctx context.Context, by policy.Actor, d Dossier, filed int) ([]gate.Possible, error) {
	var out []gate.Possible
	add := func(action, label string, hindered error) {
		if p, ok := k.gate.Possible(by, action, label, d.Resource(), hindered); ok {
			out = append(out, p)
		}
	}
	var gone, bare error
	if d.State == Left {
		gone = rule.Refuse(rule.Reason{Rule: "29.6", Slug: "dossier_left", Message: "档案已转出本市，不再收材料。", Next: "材料请交现保管单位。"})
	}
	if filed == 0 {
		bare = rule.Refuse(catalogEmpty())
	}
	add("material.receive", "收材料", gone)
	add("material.enter_catalog", "录入目录", gone)
	add("dossier.enter", "登记记载", gone)
	add("material.request_correction", "申请更正", bare)
	add("dossier.print_catalog", "打印目录", bare)
	add("dossier.export_catalog", "导出目录", bare)
	add("material.rearrange", "重新编号", bare)
	add("dossier.determine", "登记认定", gone)
	add("dossier.print_comparison", "打印信息核对表", nil)
	add("material.ask_packet", "提档", outside(d))
	add("dossier.reveal", "显示证件号", nil)
	if d.Owed > 0 {
		add("dossier.supplement", "补充办结", nil)
	}
	for _, source := range k.Acts {
		list, err := source(ctx, k.gate.DB(), by, d)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// outside says why a packet can't be asked for.
func outside(d Dossier) error {
	if d.Place == PlaceStore {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "16b", Slug: "packet_out", Message: "档案不在库房，无须提档。", Next: "请按档案页所示的位置取用。"})
}

// Mention is one writing of a key fact with its source.
type Mention struct {
	Label      string // 9-2-1 聘用合同书, or 身份证号
	MaterialID string
	Page       int64
	Written    string
	Value      string // comparable
	Weight     string // determines, primary, supports, statement
	Confirmed  bool
	Formed     string   // when the material was formed, as known
	Earliest   bool     // recorded first, of those whose time is known
	Doubts     []string // what keeps it from being taken as it stands
	Against    string   // beside the first recorded: 一致, 相差 1 个月, 无法比较
	EntryID    string
	EnteredBy  string
	EnteredAt  time.Time
	Checked    []Check // by whom it was compared with the material, and when
	Conversion string  // of a lunar date: what it is in the solar calendar
	formed     string
	rank       int
}

// Check is the hand of a second person.
type Check struct {
	By string
	At time.Time // zero: before the time was kept
}

// Decision is what a competent department determined of a key fact.
type Decision struct {
	Determination
	Label string // the paper
}

// Verdicts of comparing what is written. Nothing is decided: the differences are named.
const (
	Agrees  = "agree"   // 一致
	Differs = "differ"  // 不一致
	Missing = "missing" // 缺材料
	Silent  = "silent"  // nothing entered yet
	Decided = "decided" // 已认定: by the competent department, confirmed by a second person
)

// Compared is one key fact with all its mentions side by side (信息核对).
type Compared struct {
	Kind      string
	Name      string
	Mentions  []Mention  // leading first
	Decisions []Decision // newest first
	Adopted   string     // as the competent department decided, confirmed by a second person; of nobody else
	Unread    []Material // filed materials that prove it, and nobody has taken down what they say
	Verdict   string
	Note      string   // 一致, 相差 1 个月 …
	Highest   []string // of education: the highest full-time and the highest in service, apart
}

var weightOrder = map[string]int{"determines": 0, "primary": 1, "supports": 2, "statement": 3}

// evidenceOf says how strongly a title proves a key fact.
func evidenceOf(kind, title, class string) (weight string, rank int) {
	for i, e := range codes.KeyFactEvidence() {
		if e.KeyFact == kind && e.Title == codes.Canonical(title) && (e.Class == class || class == "") {
			return e.Weight, i
		}
	}
	return "supports", 1000
}

// Label is a material as sources are named: 9-2-1 聘用合同书.
func (m Material) Label() string {
	switch {
	case m.State == Filed && m.Title == "":
		return fmt.Sprintf("%s-%d 涉密件（纸质）", m.Class, m.Seq)
	case m.State == Filed:
		return fmt.Sprintf("%s-%d %s", m.Class, m.Seq, m.Title)
	case m.Title == "":
		return "涉密件（纸质）"
	}
	return m.Title
}

// Formed is when the material was formed, as known: 2013.6.20, 2013.6, 2013.
func (m Material) Formed() string {
	switch {
	case m.FormedYear == 0:
		return ""
	case m.FormedMonth == 0:
		return fmt.Sprint(m.FormedYear)
	case m.FormedDay == 0:
		return fmt.Sprintf("%d.%d", m.FormedYear, m.FormedMonth)
	}
	return fmt.Sprintf("%d.%d.%d", m.FormedYear, m.FormedMonth, m.FormedDay)
}

// Compare puts the mentions of each key fact side by side, with what was decided of it.
func Compare(p person.Person, catalog []Material, facts []Fact, periods []Period, gaps []Gap, decisions []Determination) []Compared {
	return compare(KeyFacts, p, catalog, facts, periods, gaps, decisions)
}

func compare(kinds []string, p person.Person, catalog []Material, facts []Fact, periods []Period, gaps []Gap, decisions []Determination) []Compared {
	byID := map[string]Material{}
	for _, m := range catalog {
		byID[m.ID] = m
	}
	var out []Compared
	for _, kind := range kinds {
		c := Compared{Kind: kind, Name: keyFactNames[kind]}
		for _, f := range facts {
			if f.Kind != kind {
				continue
			}
			n := Mention{Page: f.PageNo, Written: f.Written, Value: f.Value, Confirmed: f.ConfirmedBy != "", MaterialID: f.MaterialID, EntryID: f.ID, EnteredBy: f.EnteredBy, EnteredAt: f.At}
			if f.ConfirmedBy != "" {
				n.Checked = []Check{{f.ConfirmedBy, f.ConfirmedAt}}
			}
			_, n.Conversion = asLunar(kind, f.Written)
			class, title := ParseCite(f.Cite)
			n.Label = f.Cite
			if m, ok := byID[f.MaterialID]; ok {
				class, title, n.Label = m.Class, m.Title, m.Label()
				if n.Formed = m.Formed(); n.Formed != "" {
					n.formed = fmt.Sprintf("%04d-%02d-%02d", m.FormedYear, m.FormedMonth, m.FormedDay)
				}
			}
			n.Weight, n.rank = evidenceOf(evidenceKind(kind), title, class)
			c.Mentions = append(c.Mentions, n)
		}
		slices.SortStableFunc(c.Mentions, func(a, b Mention) int {
			if w := weightOrder[a.Weight] - weightOrder[b.Weight]; w != 0 {
				return w
			}
			if kind == "birth_date" && a.formed != "" && b.formed != "" && a.formed != b.formed {
				return strings.Compare(a.formed, b.formed) // the earliest sound one leads
			}
			return a.rank - b.rank
		})
		if kind == "birth_date" && len(c.Mentions) > 0 {
			c.Mentions = append(c.Mentions, Mention{Label: "身份证号", Written: calendar.Date(p.BirthDate).Long(), Value: p.BirthDate, Weight: "supports", Confirmed: true})
		}
		if told := registered(kind, p); told != "" && len(c.Mentions) > 0 {
			c.Mentions = append(c.Mentions, Mention{Label: "登记信息", Written: told, Value: plainValue(kind, told), Weight: "supports", Confirmed: true})
		}
		if kind == "work_history" {
			c = withHistory(c, periods, byID)
		}
		if kind == "education_degree" && len(c.Mentions) > 0 {
			c.Verdict, c.Note = lacking(c, gaps)
			c.schooled()
		} else {
			c.Verdict, c.Note = verdict(c, gaps)
			c.beside()
		}
		if told := registered(kind, p); told != "" {
			c.besideRegister()
		}
		c.calendars()
		if kind == nameFact {
			c.formerNames(p)
		}
		c.doubt(byID)
		c.decided(decisions, byID)
		c.Unread = unread(kind, catalog, facts, periods, decisions)
		out = append(out, c)
	}
	return out
}

// beside marks the mention that was recorded first and lays the others against it; as
// long as no time is known, against the one that leads.
func (c *Compared) beside() {
	first := -1
	for i, m := range c.Mentions {
		if m.formed != "" && (first < 0 || m.formed < c.Mentions[first].formed) {
			first = i
		}
	}
	if first >= 0 {
		c.Mentions[first].Earliest = true
	}
	base := max(first, 0)
	for i := range c.Mentions {
		m := &c.Mentions[i]
		switch lead := c.Mentions[base].Value; {
		case i == base && first < 0 && len(c.Mentions) > 1:
			m.Against = "以此对照" // no time is known
		case i == base:
		case lead == "" || m.Value == "":
			m.Against = "无法比较"
		case strings.HasPrefix(m.Value, lead) || strings.HasPrefix(lead, m.Value):
			m.Against = "一致"
		default:
			m.Against = apart(lead, m.Value)
		}
	}
}

// besideRegister lays the mentions of a plain fact against what the register holds, which stands
// last: none of them is the first recorded of anything.
func (c *Compared) besideRegister() {
	if len(c.Mentions) < 2 {
		return
	}
	register := &c.Mentions[len(c.Mentions)-1]
	register.Against = ""
	for i := range c.Mentions[:len(c.Mentions)-1] {
		m := &c.Mentions[i]
		m.Earliest, m.Against = false, "一致"
		if m.Value != register.Value {
			m.Against = "与登记不一致"
		}
	}
}

// calendars names a difference that is no more than that between the lunar and the solar
// calendar: one wrote the lunar date without saying so. It is shown, and closes nothing.
func (c *Compared) calendars() {
	if c.Kind != "birth_date" || len(c.Mentions) == 0 {
		return
	}
	base := c.Mentions[0]
	for _, m := range c.Mentions {
		if m.Earliest {
			base = m
		}
	}
	for i := range c.Mentions {
		m := &c.Mentions[i]
		if l, ok := calendar.LunarReadings(calendar.Date(base.Value), calendar.Date(m.Value)); ok && m.Value != base.Value {
			from, _ := l.Solar()
			m.Against += "，恰为农历与公历之差（" + l.String() + "即公历" + from.Long() + "）"
		}
	}
	if c.Verdict != Differs {
		return
	}
	for _, m := range c.Mentions {
		if m.Against != "" && m.Against != "一致" && m.Against != "无法比较" && !strings.Contains(m.Against, "农历与公历之差") {
			return
		}
	}
	c.Note += "，恰为农历与公历之差"
}

// formerNames names a writing that is a name the person had before.
func (c *Compared) formerNames(p person.Person) {
	for i := range c.Mentions {
		if m := &c.Mentions[i]; m.EntryID != "" && m.Value != plainValue(nameFact, p.Name) && formerly(p, m.Value) {
			m.Against = formerName
		}
	}
	for _, m := range c.Mentions {
		if m.EntryID != "" && m.Value != plainValue(nameFact, p.Name) && m.Against != formerName {
			return
		}
	}
	if c.Verdict == Differs {
		c.Verdict, c.Note = Agrees, "一致（有曾用名）"
	}
}

// formerName is what lies beside a name the person had before.
const formerName = "曾用名"

// Contradicts says whether a mention differs from the one that leads; of education, from what
// else is told of the same education.
func (c Compared) Contradicts(m Mention) bool {
	if c.Kind == "education_degree" {
		return strings.Contains(m.Against, "不一致") || strings.Contains(m.Against, "相差")
	}
	if m.Against == formerName {
		return false
	}
	lead := c.Mentions[0].Value
	return m.Value != "" && lead != "" && !strings.HasPrefix(m.Value, lead) && !strings.HasPrefix(lead, m.Value)
}

// doubt says of each mention what keeps it from being taken as it stands: it differs from
// the first, is only the person's own word, has no known time, or was filed with a remark.
func (c *Compared) doubt(byID map[string]Material) {
	for i := range c.Mentions {
		m := &c.Mentions[i]
		if m.Against != "" && m.Against != "一致" && m.Against != "以此对照" && m.Against != otherSchooling && m.Against != formerName {
			m.Doubts = append(m.Doubts, m.Against)
		}
		if m.Weight == "statement" {
			m.Doubts = append(m.Doubts, "仅为本人填写")
		}
		of, filed := byID[m.MaterialID]
		if filed && of.FormedYear == 0 {
			m.Doubts = append(m.Doubts, "形成时间不明")
		}
		for _, code := range strings.Split(of.Defects, "|") {
			if d, ok := codes.FindDefect(code); ok {
				m.Doubts = append(m.Doubts, d.Text)
			}
		}
	}
}

// unread are the filed materials that prove a key fact and of which nobody took down what
// they say of it. What is withheld from the catalog's reader is not named.
func unread(kind string, catalog []Material, facts []Fact, periods []Period, decisions []Determination) []Material {
	hidden, read := withheldOf(catalog), map[string]bool{}
	for _, f := range facts {
		if f.Kind == kind {
			read[f.MaterialID], read[f.Cite] = true, true
		}
	}
	for _, p := range periods {
		if kind == "work_history" {
			read[p.MaterialID], read[p.Cite] = true, true
		}
	}
	for _, e := range decisions {
		if e.Kind == kind {
			read[e.MaterialID], read[e.Cite] = true, true
		}
	}
	var out []Material
	for _, m := range catalog {
		if m.Title == "" || hidden[m.ID] || read[m.ID] || read[Cite(m.Class, m.Title)] || !slices.Contains(codes.Proves(m.Title, m.Class), kind) {
			continue
		}
		out = append(out, m)
	}
	return out
}

// decided lays what competent departments determined beside the mentions. The mentions
// stay as they are written.
func (c *Compared) decided(decisions []Determination, byID map[string]Material) {
	for _, e := range decisions {
		if e.Kind != c.Kind {
			continue
		}
		d := Decision{Determination: e, Label: e.Cite}
		if m, ok := byID[e.MaterialID]; ok {
			d.Label = m.Label()
		}
		c.Decisions = append(c.Decisions, d)
		if e.ConfirmedBy != "" && c.Verdict != Decided {
			c.Verdict, c.Note, c.Adopted = Decided, "已由"+e.Authority+"认定", e.Written
		}
	}
}

// withHistory sums the recorded periods up: 3 段，2013.7 至今.
func withHistory(c Compared, periods []Period, byID map[string]Material) Compared {
	var first, last string
	n, open, sources := 0, false, map[string]bool{}
	confirmed := true
	var hands []Check
	for _, p := range periods {
		if p.Kind == Study {
			continue
		}
		n++
		if first == "" || p.FromMonth < first {
			first = p.FromMonth
		}
		if p.ToMonth == "" {
			open = true
		} else if p.ToMonth > last {
			last = p.ToMonth
		}
		confirmed = confirmed && p.ConfirmedBy != ""
		if at := slices.IndexFunc(hands, func(c Check) bool { return c.By == p.ConfirmedBy }); p.ConfirmedBy != "" && at < 0 {
			hands = append(hands, Check{p.ConfirmedBy, p.ConfirmedAt})
		} else if p.ConfirmedBy != "" && p.ConfirmedAt.After(hands[at].At) {
			hands[at].At = p.ConfirmedAt
		}
		label := p.Cite
		if m, ok := byID[p.MaterialID]; ok {
			label = m.Label()
		}
		sources[label] = true
	}
	if n == 0 {
		return c
	}
	end := strings.ReplaceAll(last, "-", ".")
	if open {
		end = "至今"
	}
	written := fmt.Sprintf("%d 段，%s—%s", n, strings.ReplaceAll(first, "-", "."), end)
	label := fmt.Sprintf("%d 份材料", len(sources))
	if len(sources) == 1 {
		for only := range sources {
			label = only
		}
	}
	c.Mentions = append([]Mention{{Label: label, Written: written, Value: "", Weight: "primary", Confirmed: confirmed, Checked: hands}}, c.Mentions...)
	return c
}

// verdict names agreement or difference. Dates known to the month only agree
// with every day of it.
func verdict(c Compared, gaps []Gap) (string, string) {
	if len(c.Mentions) == 0 {
		for _, g := range gaps {
			if g.KeyFact == c.Kind {
				return Missing, "缺" + g.Title
			}
		}
		return Silent, "未登记"
	}
	lead := c.Mentions[0]
	for _, m := range c.Mentions[1:] {
		if m.Value == "" || lead.Value == "" || strings.HasPrefix(m.Value, lead.Value) || strings.HasPrefix(lead.Value, m.Value) {
			continue
		}
		return Differs, apart(lead.Value, m.Value)
	}
	return lacking(c, gaps)
}

// lacking is the verdict on mentions that do not differ.
func lacking(c Compared, gaps []Gap) (string, string) {
	for _, g := range gaps {
		if g.KeyFact == c.Kind {
			return Missing, "缺" + g.Title
		}
	}
	return Agrees, "一致"
}

// apart says how far two dates lie apart, or only that the writings differ.
func apart(a, b string) string {
	x, okX := month(a)
	y, okY := month(b)
	switch {
	case !okX || !okY:
		return "记载不一致"
	case x.Equal(y):
		return "日期不一致"
	}
	n := (x.Year()-y.Year())*12 + int(x.Month()) - int(y.Month())
	if n < 0 {
		n = -n
	}
	if n%12 == 0 {
		return fmt.Sprintf("相差 %d 年", n/12)
	}
	return fmt.Sprintf("相差 %d 个月", n)
}

func month(v string) (time.Time, bool) {
	if len(v) < 7 {
		return time.Time{}, false
	}
	t, err := time.Parse("2006-01", v[:7])
	return t, err == nil
}
