package rule

import "strings"

// ID names a rule of the regulation's reading, such as "20.3b" or "N2".
type ID string

// Kind tells the three ways of saying no apart (29.8): they look different,
// ask for different things, and only the last one goes on the supervisors' list.
type Kind string

const (
	// Invalid is an input that can't be right; it is said beside the field.
	Invalid Kind = "invalid"
	// Incomplete are papers to be completed (补正告知): told once and whole, the case waits.
	Incomplete Kind = "incomplete"
	// Refused is 不予办理: a rule forbids the act.
	Refused Kind = "refused"
)

// Reason is one thing that stands in the way. Message and Next are Chinese
// sentences for people, without codes; Facts fill details of a screen and hold
// nothing the asker may not see (a refusal by 21c never tells which kinship).
type Reason struct {
	Rule    ID             `json:"rule" doc:"规则编号"`
	Slug    string         `json:"slug" doc:"原因代码，同一规则内唯一"`
	Message string         `json:"message" doc:"什么不对"`
	Next    string         `json:"next" doc:"下一步怎么办"`
	Field   string         `json:"field,omitempty" doc:"输入项（输入有误时）"`
	Facts   map[string]any `json:"facts,omitempty" doc:"供界面展示的细节"`
}

// Refusal is the one value by which policies and state machines say no. It
// always carries every reason, never only the first (20.2a, 20.4a).
type Refusal struct {
	Kind    Kind     `json:"kind"`
	Reasons []Reason `json:"reasons"`
}

// Error joins the messages, for logs of operators and for the command line.
func (r *Refusal) Error() string {
	parts := make([]string, 0, len(r.Reasons))
	for _, reason := range r.Reasons {
		parts = append(parts, string(reason.Rule)+"/"+reason.Slug+" "+reason.Message)
	}
	return strings.Join(parts, "；")
}

// Refuse says 不予办理 with all its reasons.
func Refuse(reasons ...Reason) *Refusal { return &Refusal{Kind: Refused, Reasons: reasons} }

// Complete asks for papers that are missing, all at once.
func Complete(reasons ...Reason) *Refusal { return &Refusal{Kind: Incomplete, Reasons: reasons} }

// Mistake points at inputs that can't be right; each reason names its Field.
func Mistake(reasons ...Reason) *Refusal { return &Refusal{Kind: Invalid, Reasons: reasons} }
