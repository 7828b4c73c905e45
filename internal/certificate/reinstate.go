package certificate

import (
	"time"

	"dangan/internal/gate"
	"dangan/internal/rule"
)

// Reinstate opens an application again whose 不予出具 was objected to and did not hold
// (29.8): as a draft, so that it is stated anew. It runs inside the act that upholds the objection.
func Reinstate(tx *gate.Tx, id string) error {
	c, err := load(tx, id)
	if err != nil {
		return err
	}
	if c.State != Refused {
		return rule.Refuse(rule.Reason{Rule: "29.8", Slug: "not_refused", Message: "本件没有可以恢复的不予出具。", Next: "请刷新查看现在的状态。"})
	}
	c.State, c.ReviewedBy, c.ReviewedAt, c.Asked, c.ChangedAt = Draft, "", time.Time{}, false, tx.Now()
	return tx.Update(&c)
}
