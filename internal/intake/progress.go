package intake

import (
	"context"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/store"
)

// Step is one step of an application as who holds its slip sees it.
type Step struct {
	Name, State, On string // State: done, now, todo, stopped
}

// Progress tells who holds the slip where the application stands: nothing of why. onward
// is the case it became, "" while it is none.
func (k *Desk) Progress(ctx context.Context, caseRef string) (state string, steps []Step, onward string, err error) {
	id, ok := strings.CutPrefix(caseRef, "Intake:")
	if !ok {
		return "", nil, "", store.ErrNotFound
	}
	c, err := k.Get(ctx, id)
	if err != nil {
		return "", nil, "", err
	}
	steps, onward = c.steps(), c.CaseRef
	return stateNames[c.State].name, steps, onward, nil
}

func (c Case) steps() []Step {
	decided := ""
	if c.DecidedBy != "" {
		decided = calendar.Of(c.DecidedAt).String()
	}
	out := []Step{{"收件登记", "done", calendar.Of(c.RecordedAt).String()}}
	if c.Sender != "" {
		out[0].Name = "网上提交"
	}
	if c.Told {
		state := "done"
		switch c.State {
		case Completing:
			state = "now"
		case Lapsed:
			state = "stopped"
		}
		on := c.EndedOn
		if c.AnsweredOn != "" && state == "done" {
			on = c.AnsweredOn
		}
		out = append(out, Step{"补正", state, on})
	}
	switch c.State {
	case Proposed:
		return append(out, Step{"审核", "now", ""}, Step{"受理或者书面告知", "todo", ""})
	case Refused:
		return append(out, Step{"审核", "done", decided}, Step{"不予办理，已书面告知", "stopped", c.EndedOn})
	case Sent:
		return append(out, Step{"查看、受理", "now", ""})
	case Returned:
		return append(out, Step{"审核，应予受理", "done", decided}, Step{"受理", "now", ""})
	case Taken:
		return append(out, Step{"受理", "done", c.EndedOn})
	case Withdrawn:
		return append(out, Step{"申请人撤回", "stopped", c.EndedOn})
	case Lapsed:
		return append(out, Step{"期满未补正，终止", "stopped", c.EndedOn})
	}
	return append(out, Step{"受理", "todo", ""})
}
