package oversight

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{ActFigures: "查看监督概览", ActRefusals: "查看不予办理清单", ActChanges: "查看机构变动"})
}
