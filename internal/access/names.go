package access

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	"consultation.apply":    "登记查阅申请",
	"consultation.edit":     "修改查阅申请",
	"consultation.submit":   "提交查阅申请",
	"consultation.check":    "核对介绍信、证件",
	"consultation.approve":  "批准查阅",
	"consultation.confirm":  "负责人批准查阅",
	"consultation.refuse":   "不予查阅",
	"consultation.withdraw": "撤回查阅申请",
	"consultation.onpaper":  "改为查阅纸质原件",
	"consultation.read":     "查看查阅申请",
	"consultation.lapse":    "查阅批准过期",
	"reading.open":          "开始查阅",
	"reading.page":          "查阅影像页",
	"reading.record":        "登记所阅材料",
	"reading.lock":          "锁定阅档",
	"reading.unlock":        "解除锁定",
	"reading.extend":        "延长查阅",
	"reading.leave":         "页面离屏",
	"reading.end":           "结束查阅",
	"reading.close":         "查阅时限已到",
}
