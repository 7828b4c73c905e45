package transfer

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
)

// Return notes that a packet goes back to a former employer, as agreed, before custody
// moved (20.4a); it is sent by SendBack. Only missing key materials are a
// ground: for others it is taken first and supplemented later (20.4b).
func (c *Case) Return(agreement string, gaps []Gap) error {
	if err := c.Step("transfer.return"); err != nil {
		return err
	}
	if err := c.mayReturn(); err != nil {
		return err
	}
	if c.CheckedAt.IsZero() {
		return rule.Refuse(unchecked())
	}
	if key, _ := split(gaps); len(key) == 0 {
		return rule.Refuse(rule.Reason{Rule: "20.4b", Slug: "return_for_non_key", Message: "关键材料齐全，不得以缺少其他材料为由退回。", Next: "请先接收，再由形成单位或本人补充。"})
	}
	if strings.TrimSpace(agreement) == "" {
		return rule.Complete(rule.Reason{Rule: "20.4a", Slug: "return_not_agreed", Field: "agreement", Message: "退回须与原单位协商一致。", Next: "请登记与谁、何时协商一致以及补充什么材料；协商不成的，告知承诺后接收。"})
	}
	c.Outcome, c.Agreement, c.State = "协商退回", strings.TrimSpace(agreement), Returning
	return nil
}

// SendBack sends an agreed return on its way; CheckWay has passed. The former
// employer answers for the packet all along.
func (c *Case) SendBack(s Seal, d Dispatch, messengers, by string, today calendar.Date, receiptDays int) error {
	if err := c.Step("transfer.send_back"); err != nil {
		return err
	}
	if err := c.seal(s); err != nil {
		return err
	}
	if err := c.sent(d, c.readyOn(), messengers, by, today, receiptDays); err != nil {
		return err
	}
	c.State = Awaiting
	return nil
}

// Recorded is one period of the history that a packet from outside records. The
// province has no dossier for it yet, so it stands in the case (20.3b).
type Recorded struct {
	Identity string `json:"identity,omitempty"` // slug of previous-identities; empty: the material does not say
	Unit     string `json:"unit"`
	From     string `json:"from"`         // 2009-07
	To       string `json:"to,omitempty"` // empty: 至今
	LineNo   int64  `json:"lineNo"`       // the piece of the list that records it
}

var monthForm = regexp.MustCompile(`^(19|20)\d\d-(0[1-9]|1[0-2])$`)

// Record puts the history on the case, each period with the piece of the list it
// rests on; a second person confirms it.
func (c *Case) Record(periods []Recorded, items []Item, by string) error {
	if err := c.Step("transfer.history"); err != nil {
		return err
	}
	var wrong []rule.Reason
	mistake := func(n int, field, message, next string) {
		wrong = append(wrong, rule.Reason{Rule: "20.3b", Slug: "history_" + field, Field: fmt.Sprintf("periods[%d].%s", n, field), Message: fmt.Sprintf("第%d段：%s", n+1, message), Next: next})
	}
	if len(periods) == 0 {
		return rule.Mistake(rule.Reason{Rule: "20.3b", Slug: "history_empty", Field: "periods", Message: "没有登记经历。", Next: "请照来件材料逐段登记单位、起止年月、身份和出处。"})
	}
	for n := range periods {
		p := &periods[n]
		p.Unit = strings.TrimSpace(p.Unit)
		if p.Unit == "" {
			mistake(n, "unit", "单位（学校）不能为空。", "请照材料原文填写全称。")
		}
		if !monthForm.MatchString(p.From) || p.To != "" && (!monthForm.MatchString(p.To) || p.To < p.From) {
			mistake(n, "from", "起止年月不对。", "请填写年月，例如 2013-07；至今的截止年月留空。")
		}
		if _, known := codes.FindIdentity(p.Identity); !known && p.Identity != "" {
			mistake(n, "identity", "没有这种身份。", "请从列表中选择；材料没有写明的留空。")
		}
		if !slices.ContainsFunc(items, func(i Item) bool { return i.LineNo == p.LineNo && !i.Void && i.ReceiverCheck != LineMissing }) {
			mistake(n, "lineNo", "没有写明出自清单的哪一份材料。", "请选择清单中实际收到的一份。")
		}
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	raw, err := json.Marshal(periods)
	if err != nil {
		return err
	}
	c.History, c.HistoryBy, c.HistoryOkBy = string(raw), by, ""
	return nil
}

// Confirm is the second person's word on the recorded history.
func (c *Case) Confirm(by string) error {
	if err := c.Step("transfer.confirm_history"); err != nil {
		return err
	}
	if c.History == "" {
		return rule.Refuse(unrecorded())
	}
	c.HistoryOkBy = by
	return nil
}

func unrecorded() rule.Reason {
	return rule.Reason{Rule: "20.3b", Slug: "history_unrecorded", Message: "来件中的经历还没有登记。", Next: "请经办人员先照材料登记经历。"}
}

// Recorded reads the history that stands in the case.
func (c Case) Recorded() []Recorded {
	var out []Recorded
	_ = json.Unmarshal([]byte(c.History), &out) // written by Record, or empty
	return out
}

// periods are the recorded history as 20.3b is computed from it.
func (c Case) periods() []dossier.Period {
	var out []dossier.Period
	for _, r := range c.Recorded() {
		out = append(out, dossier.Period{Kind: dossier.Work, FromMonth: r.From, ToMonth: r.To, Unit: r.Unit, Identity: r.Identity, Cite: fmt.Sprintf("清单第%d项", r.LineNo), ConfirmedBy: c.HistoryOkBy})
	}
	return out
}

// Return agrees with a former employer that the packet goes back to it (20.4a).
func (k *Desk) Return(ctx context.Context, by policy.Actor, id string, agreement string) (Case, error) {
	return k.on(ctx, by, "transfer.return", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		gaps, err := k.gaps(tx, *c, *d, items)
		if err != nil {
			return err
		}
		if err := c.Return(agreement, gaps); err != nil {
			return err
		}
		raw, err := json.Marshal(gaps)
		c.Gaps = string(raw)
		return err
	})
}

// Record enters what a packet from outside records of the person's history.
func (k *Desk) Record(ctx context.Context, by policy.Actor, id string, periods []Recorded) (Case, error) {
	return k.on(ctx, by, "transfer.history", []rule.ID{"20.3b"}, id, func(tx *gate.Tx, c *Case, _ *dossier.Dossier) error {
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		return c.Record(periods, items, by.ID)
	})
}

// ConfirmHistory is the second person's word on it.
func (k *Desk) ConfirmHistory(ctx context.Context, by policy.Actor, id string) (Case, error) {
	return k.on(ctx, by, "transfer.confirm_history", []rule.ID{"20.3b"}, id, func(_ *gate.Tx, c *Case, _ *dossier.Dossier) error {
		return c.Confirm(by.ID)
	})
}

// SendBack dispatches an agreed return by one of the three ways, held to 20.3 as
// any other dispatch: with its notice, list and the answer to the sender's notice.
func (k *Desk) SendBack(ctx context.Context, by policy.Actor, id string, seal Seal, s Dispatch) (Case, error) {
	return k.on(ctx, by, "transfer.send_back", []rule.ID{"20.4a", "20.3a", "20.3b", "20.3c"}, id, func(tx *gate.Tx, c *Case, d *dossier.Dossier) error {
		if err := c.Step("transfer.send_back"); err != nil {
			return err
		}
		messengers, err := k.checkWay(tx, *c, *d, &s)
		if err != nil {
			return err
		}
		if err := c.SendBack(seal, s, messengers, by.ID, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
			return err
		}
		items, err := ItemsOf(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if err := k.issueReceipt(tx, c, *d, items, c.gaps()); err != nil {
			return err
		}
		if err := k.issueBack(tx, c, *d, items); err != nil {
			return err
		}
		if err := k.issueSentOf(tx, *c); err != nil {
			return err
		}
		return setPapers(tx, c.Ref(), document.Answered, document.TransferLetter)
	})
}
