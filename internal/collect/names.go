package collect

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{ActOpen: "开具材料收集通知", ActUrge: "催收材料", ActWithdraw: "撤回材料收集", ActEnd: "材料收齐", ActAssign: "改交他人收集材料", ActRemind: "材料收集期限提醒", ActRead: "查看材料收集"})
}
