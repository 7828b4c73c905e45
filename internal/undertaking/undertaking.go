package undertaking

import (
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/rule"
)

// Ways an undertaking is signed.
const (
	OnPaper  = "paper"
	OnScreen = "screen"
)

// Gap is a key material that is missing, as it was told.
type Gap struct {
	KeyFact     string   `json:"keyFact,omitempty"`
	Title       string   `json:"title"`
	Class       string   `json:"class"`
	Others      []string `json:"others,omitempty"`
	Consequence string   `json:"consequence,omitempty"`
}

// Promised is the person's written statement.
type Promised struct {
	MandateID string // of an agent who promises for the person
	Signed    bool
	Statement string  // the person's words, or the fixed text confirmed
	Signing   string  // OnScreen or OnPaper, "" for paper
	Strokes   [][]int // OnScreen: the signature, x and y by turns, a stroke a row
	Return    bool    // asks for the way back instead
	On        calendar.Date
	Due       calendar.Date // zero: the latest
}

// Check holds what was signed to what was told: on which day, and until when at the latest. It
// gives the promise with its term and its way of signing. Nothing is promised that nobody signed.
func (p Promised) Check(told, today, latest calendar.Date) (Promised, error) {
	if p.Signing == OnScreen {
		if err := checkInk(p.Strokes); err != nil {
			return p, err
		}
		p.Signed = true
	}
	p.Statement = strings.TrimSpace(p.Statement)
	if !p.Signed || p.Statement == "" {
		return p, rule.Complete(rule.Reason{Rule: "20.4a", Slug: "key_material_without_undertaking", Message: "缺关键材料，本人尚未作出书面承诺。",
			Next: "请本人在告知承诺书上签名后登记；联系不上本人的，先行代管，档案不退回。"})
	}
	if !p.On.Valid() || p.On > today || p.On < told {
		return p, rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "promised_on_wrong", Field: "on", Message: "承诺日期应在告知之后、今天以前。", Next: "请填写签名日期。"})
	}
	if p.Due == "" {
		p.Due = latest
	}
	if !p.Due.Valid() || p.Due <= p.On || p.Due > latest {
		return p, rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "promise_due_wrong", Field: "due", Message: "补充期限应在承诺日期之后，最迟" + latest.Long() + "。", Next: "请重新填写补充期限。"})
	}
	if p.Signing != OnScreen {
		p.Signing = OnPaper
	}
	return p, nil
}

// bounds of a signature drawn on the screen, in a field of 1000 by 300.
const (
	inkWidth, inkHeight = 1000, 300
	inkLeast, inkMost   = 8, 6000 // points
)

// checkInk holds a drawn signature to its field: x and y by turns, a stroke a row.
func checkInk(strokes [][]int) error {
	points := 0
	bad := len(strokes) > 300
	for _, s := range strokes {
		bad = bad || len(s) < 4 || len(s)%2 != 0
		points += len(s) / 2
		for i, v := range s {
			bad = bad || v < 0 || i%2 == 0 && v > inkWidth || i%2 == 1 && v > inkHeight
		}
	}
	if bad || points > inkMost {
		return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "signature_broken", Field: "strokes", Message: "屏幕签名没有传全。", Next: "请清除后重新签名，或者改为纸面签名。"})
	}
	if points < inkLeast {
		return rule.Complete(rule.Reason{Rule: "20.4a", Slug: "signature_missing", Field: "strokes", Message: "本人还没有在屏幕上签名。", Next: "请本人在签名框内签名；不便使用屏幕的，改为纸面签名。"})
	}
	return nil
}
