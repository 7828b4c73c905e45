package access

import (
	"time"

	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Reinstate opens an application again whose 不予查阅 was objected to and did not hold
// (29.8): it is checked anew. It runs inside the act that upholds the objection.
func Reinstate(tx *gate.Tx, id string) error {
	c, err := store.Get[Case](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return err
	}
	if c.State != Refused {
		return rule.Refuse(reason("29.8", "not_refused", "", "本件没有可以恢复的不予查阅。", "请刷新查看现在的状态。"))
	}
	c.State, c.ClosedAt, c.ClosedWhy, c.ChangedAt = Checking, time.Time{}, "", tx.Now()
	return tx.Update(&c)
}
