package custody

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	"custody.pull":     "提档",
	"custody.put_back": "归还入库",
	"custody.handover": "交接",
	"custody.read":     "查看出入库",
}
