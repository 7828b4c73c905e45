package agency

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"dangan/internal/rule"
)

// Contact is a change of where an agency is reached (26): no organ decides on it, the
// agency's head or the province's authority says so, from today or a coming day.
const Contact = "contact"

// Details are values of where an agency is reached, by their key; what is not named stays.
type Details map[string]string

// detail is one of an agency's contact details.
type detail struct {
	key, name string
	max       int
	needed    bool // an agency that keeps dossiers can't be without
	of        func(*Agency) *string
	form      *regexp.Regexp
	example   string
}

var (
	phoneForm    = regexp.MustCompile(`^[0-9][0-9()（）\-－ 、,，;；/转]{2,63}$`)
	postcodeForm = regexp.MustCompile(`^[0-9]{6}$`)
)

// details are all of them, in the order of screens.
var details = []detail{
	{"address", "地址", 200, true, func(a *Agency) *string { return &a.Address }, nil, ""},
	{"postcode", "邮政编码", 6, false, func(a *Agency) *string { return &a.Postcode }, postcodeForm, "6 位数字，例如 400060"},
	{"desk", "收件部门", 64, false, func(a *Agency) *string { return &a.Desk }, nil, ""},
	{"phone", "办公电话", 64, true, func(a *Agency) *string { return &a.Phone }, phoneForm, "区号和号码，例如 023-62988888"},
	{"hotline", "服务热线", 64, false, func(a *Agency) *string { return &a.Hotline }, phoneForm, "区号和号码，例如 023-12333"},
	{"oversight", "监督电话", 64, false, func(a *Agency) *string { return &a.Oversight }, phoneForm, "区号和号码，例如 023-62988999"},
	{"partyHeading", "党组织关系接转抬头", 120, false, func(a *Agency) *string { return &a.PartyHeading }, nil, ""},
}

// Detail is one contact detail as screens say it.
type Detail struct{ Key, Name, Value string }

// Contacts are an agency's contact details, in the order of screens.
func (a Agency) Contacts() []Detail {
	out := make([]Detail, len(details))
	for n, d := range details {
		out[n] = Detail{d.key, d.name, *d.of(&a)}
	}
	return out
}

// Mail is where packets for the agency go.
func (a Agency) Mail() string { return strings.TrimSpace(a.Address + " " + a.Desk) }

// Complaints is the telephone for objections and supervision.
func (a Agency) Complaints() string { return cmp.Or(a.Oversight, a.Hotline) }

// Changed is one contact detail that a change set.
type Changed struct{ Name, Old, New string }

// Contacts are the contact details a change sets; what stood before is known once it holds.
func (c Change) Contacts() ([]Changed, error) {
	set, err := parse(c.Details)
	if err != nil {
		return nil, err
	}
	old, err := parse(c.OldDetails)
	if err != nil {
		return nil, err
	}
	var out []Changed
	for _, d := range details {
		if v, ok := set[d.key]; ok {
			out = append(out, Changed{d.name, old[d.key], v})
		}
	}
	return out, nil
}

// ContactOn is an agency with the contact details it had on a day, from its changes, oldest first.
func ContactOn(a Agency, history []Change, day string) (Agency, error) {
	for n := len(history) - 1; n >= 0; n-- {
		c := history[n]
		if c.Agency != a.ID || c.Kind != Contact || c.AppliedAt.IsZero() || c.EffectiveOn <= day {
			continue
		}
		old, err := parse(c.OldDetails)
		if err != nil {
			return a, err
		}
		a.set(old)
	}
	return a, nil
}

func parse(raw string) (Details, error) {
	if raw == "" {
		return nil, nil
	}
	var out Details
	if err := json.Unmarshal([]byte(raw), &out); err != nil {
		return nil, fmt.Errorf("contact details: %w", err)
	}
	return out, nil
}

func (d Details) String() string {
	raw, _ := json.Marshal(map[string]string(d)) // strings always marshal
	return string(raw)
}

// set writes details into the agency and says what stood there.
func (a *Agency) set(values Details) Details {
	old := Details{}
	for _, d := range details {
		if v, ok := values[d.key]; ok {
			old[d.key], *d.of(a) = *d.of(a), v
		}
	}
	return old
}

// contact keeps of a change what differs from the agency, and holds it to its form: a wrong
// address or number goes onto every paper from that day.
func (c *Change) contact(a Agency, today string) []rule.Reason {
	given, err := parse(c.Details)
	if err != nil {
		return []rule.Reason{mistake("26", "contact_wrong", "", "联系方式无法识别。", "请重新填写。")}
	}
	var wrong []rule.Reason
	if isDay(c.EffectiveOn) && c.EffectiveOn < today {
		wrong = append(wrong, mistake("26", "effective_on_past", "effectiveOn", "联系方式不能从过去的日期起变更：已出具的文书印的是当日的联系方式。", "请填写今天或以后的日期。"))
	}
	set := Details{}
	for _, d := range details {
		v, ok := given[d.key]
		if v = strings.Join(strings.Fields(v), " "); !ok || v == *d.of(&a) {
			continue
		}
		set[d.key] = v
		switch {
		case v == "" && d.needed && a.Keeps():
			wrong = append(wrong, mistake("26", "contact_missing", d.key, d.name+"不能为空：文书和办事指南须写明。", "请填写现在的"+d.name+"。"))
		case utf8.RuneCountInString(v) > d.max:
			wrong = append(wrong, mistake("26", "contact_too_long", d.key, d.name+"太长。", fmt.Sprintf("请不超过 %d 个字。", d.max)))
		case v != "" && d.form != nil && !d.form.MatchString(v):
			wrong = append(wrong, mistake("26", "contact_form", d.key, d.name+"的写法不对。", "请填写"+d.example+"。"))
		}
	}
	if len(set) == 0 && len(wrong) == 0 {
		wrong = append(wrong, mistake("26", "contact_same", "", "填写的与现在的联系方式相同，没有变更。", "请改动需要变更的项目，或者取消。"))
	}
	c.Details = set.String()
	return wrong
}
