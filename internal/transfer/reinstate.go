package transfer

import (
	"strings"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
)

// Reinstate opens a case again whose 不予转出 was objected to and did not hold (29.8): it
// stands where the letter was registered, with its working days from today. It runs inside
// the act that upholds the objection.
func Reinstate(tx *gate.Tx, id string) error {
	c, err := Get(tx.Context(), tx, id)
	if err != nil {
		return err
	}
	d, err := dossier.Load(tx, c.DossierID)
	if err != nil {
		return err
	}
	if c, err = load(tx, id); err != nil {
		return err
	}
	if c.State != NotSent {
		return rule.Refuse(reason("29.8", "not_refused", "本件现为“"+c.State.Name()+"”，没有可以恢复的不予转出。", "请刷新查看现在的状态。"))
	}
	c.State, c.ClosedAt, c.ReviewedBy, c.ReviewedAt = Registered, time.Time{}, "", time.Time{}
	c.term(tx.Calendar(), tx.Today(), workdays)
	c.Review = strings.TrimSpace(c.Review + " 异议成立，恢复办理")
	if err := begin(tx, &c, &d); err != nil {
		return err
	}
	return save(tx, &c)
}
