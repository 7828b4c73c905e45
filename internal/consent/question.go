package consent

import (
	"fmt"
	"slices"
	"strconv"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/rule"
	"dangan/internal/statement"
)

// Outcome is the whole of what a requester hears to a question.
type Outcome string

// Outcomes of a question.
const (
	Yes         Outcome = "yes"
	No          Outcome = "no"
	NotRecorded Outcome = "not_recorded"
)

// Name is the outcome as screens say it.
func (o Outcome) Name() string {
	return map[Outcome]string{Yes: "是", No: "否", NotRecorded: "未见记载"}[o]
}

// Tone is the outcome's color on screens.
func (o Outcome) Tone() string {
	return map[Outcome]string{Yes: "done", No: "bad", NotRecorded: "plain"}[o]
}

// Kinds of questions.
const (
	EducationAtLeast = "education_at_least"
	BirthYear        = "birth_year"
	WorkStartYear    = "work_start_year"
	PartyRecorded    = "party_recorded"
	CustodyAt        = "custody_at"
)

// Choice is a value a question may be asked with.
type Choice struct{ Value, Name string }

// Kind is one kind of question: with what it compares, and with how many values a person's
// fact is compared at most in twelve months, over all requesters and consents.
type Kind struct {
	Key     string
	Name    string
	Hint    string   // which values there are
	Choices []Choice // a fixed list; none: a year, or an agency
	Most    int
}

// Kinds are the questions there are. They compare for equality, or on a fixed ladder: a free
// threshold would halve what is possible with each answer. Of the ladder's four rungs two may be
// tried, so that the way up is never walked whole.
var Kinds = []Kind{
	{Key: EducationAtLeast, Name: "学历不低于", Hint: "请填 college（大专）、bachelor（本科）、master（硕士研究生）或 doctor（博士研究生）。", Most: 2,
		Choices: []Choice{{"college", "大专"}, {"bachelor", "本科"}, {"master", "硕士研究生"}, {"doctor", "博士研究生"}}},
	{Key: BirthYear, Name: "出生年份是", Hint: "请填四位年份，如 1991；只能问是否为这一年，不能问早晚。", Most: 3},
	{Key: WorkStartYear, Name: "参加工作年份是", Hint: "请填四位年份，如 2013；只能问是否为这一年，不能问早晚。", Most: 3},
	{Key: PartyRecorded, Name: "有加入中国共产党的记载", Hint: "请填 recorded；没有记载的答复“未见记载”，不答复“否”。", Most: 1, Choices: []Choice{{"recorded", ""}}},
	{Key: CustodyAt, Name: "档案由该机构保管", Hint: "请填存档机构的编码，可在本省服务机构名录中查到。", Most: 3},
}

// KindOf finds a kind of question.
func KindOf(key string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Key == key })
	if i < 0 {
		return Kind{Key: key, Name: key}, false
	}
	return Kinds[i], true
}

// allows says whether a question may be asked with a value.
func (k Kind) allows(value string, today calendar.Date, keeps func(code string) bool) bool {
	switch {
	case len(k.Choices) > 0:
		return slices.ContainsFunc(k.Choices, func(c Choice) bool { return c.Value == value })
	case k.Key == CustodyAt:
		return keeps(value)
	}
	year, err := strconv.Atoi(value)
	return err == nil && len(value) == 4 && year >= 1900 && year <= today.Year()
}

// Text is a question as a person reads it; agency names an agency.
func (k Kind) Text(value string, agency func(code string) string) string {
	name := func() string {
		for _, c := range k.Choices {
			if c.Value == value {
				return c.Name
			}
		}
		return value
	}
	switch k.Key {
	case EducationAtLeast:
		return "学历是否不低于" + name() + "？"
	case BirthYear:
		return "出生年份是否为" + value + "年？"
	case WorkStartYear:
		return "参加工作年份是否为" + value + "年？"
	case PartyRecorded:
		return "档案中是否有加入中国共产党的记载？"
	case CustodyAt:
		return "档案是否由" + agency(value) + "保管？"
	}
	return k.Name + value
}

// facts are the key facts that kinds of questions rest on.
var facts = map[string]string{EducationAtLeast: "education_degree", BirthYear: "birth_date", WorkStartYear: "work_start", PartyRecorded: "party_joining"}

// kept are the states of a dossier that lies with its keeper: not on the way, and not being
// compared with its list.
var kept = []dossier.State{dossier.InStore, dossier.Arranging, dossier.Reading, dossier.Lent, dossier.Leaving}

// answer says what a dossier's record answers to a question: only what can be stated counts,
// and of what is told in two ways nothing is (29.7). now leads from an agency to the one that
// goes on with it.
func answer(r statement.Record, kind, value string, now func(code string) string) Outcome {
	if kind == CustodyAt {
		switch {
		case !slices.Contains(kept, r.Dossier.State):
			return NotRecorded
		case now(r.Dossier.Agency) == now(value):
			return Yes
		}
		return No
	}
	values := map[string]string{} // of entries, as dates are compared
	for _, f := range r.Facts {
		values[f.ID] = f.Value
	}
	for _, d := range r.Decisions {
		values[d.ID] = d.Value
	}
	yes, no, unread := 0, 0, 0
	for _, p := range r.Propose(statement.Facts) {
		if p.Kind != facts[kind] {
			continue
		}
		if p.Hindrance != nil {
			// An education that waits for a second person or for filing may be the higher one.
			if waits := p.Waits != "" || p.NotFiled(); waits && kind == EducationAtLeast {
				unread++
			}
			continue
		}
		if len(p.Conflicts) > 0 || p.Unsettled {
			return NotRecorded
		}
		written := values[p.Entry]
		so, known := kind == PartyRecorded || len(written) >= 4 && written[:4] == value, kind == PartyRecorded || len(written) >= 4
		if kind == EducationAtLeast {
			so, known = dossier.AtLeast(p.Written, value)
		}
		switch {
		case !known:
			unread++
		case so:
			yes++
		default:
			no++
		}
	}
	switch {
	// Several educations contradict nothing: the highest counts. What can't be read may say more.
	case yes > 0 && (kind == EducationAtLeast || no+unread == 0):
		return Yes
	case no > 0 && yes+unread == 0:
		return No
	}
	return NotRecorded
}

// spent says which kinds of questions would compare a person's fact with too many values:
// before are the pairs of kind and value that were answered in twelve months or still may be.
func spent(before []Asking, asked []Question) error {
	var reasons []rule.Reason
	for _, q := range asked {
		k, _ := KindOf(q.Kind)
		values := []string{q.Value}
		for _, b := range before {
			if b.Kind == q.Kind && !slices.Contains(values, b.Value) {
				values = append(values, b.Value)
			}
		}
		if len(values) > k.Most {
			reasons = append(reasons, reason("N2", "budget_"+q.Kind, "", fmt.Sprintf("“%s”一年内最多同意核验%d个不同的值，已经用完。", k.Name, k.Most),
				"这是为了防止有人用反复试问推出您的信息，换一个单位来问也一样。请回复对方，可以由您本人申请存档机构出具证明。"))
		}
	}
	if len(reasons) > 0 {
		return rule.Refuse(reasons...)
	}
	return nil
}
