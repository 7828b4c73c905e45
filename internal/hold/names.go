package hold

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	ActAsk:        "登记限制转出",
	ActDecide:     "确认限制转出",
	ActLift:       "登记解除限制",
	ActDecideLift: "确认解除限制",
	ActExpire:     "限制到期",
	ActRead:       "查看限制转出",
}
