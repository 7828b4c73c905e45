package double

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	ActState: "认定不是同一人",
	ActUndo:  "撤销不是同一人的认定",
	ActRead:  "查看可能重复的档案",
}
