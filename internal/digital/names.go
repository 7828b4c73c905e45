package digital

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	"digital.upload":     "上传数字化成果",
	"digital.receive":    "接收交付",
	"digital.ingest":     "接收数字化成果",
	"digital.quarantine": "列入需改正",
	"digital.finish":     "接收完成",
	"digital.cancel":     "取消接收",
	"digital.open":       "打开影像目录",
	"digital.read":       "查看交付",
	"digital.report":     "下载问题清单",
	"digital.sample":     "抽取验收样本",
	"digital.verdict":    "验收意见",
	"digital.accept":     "验收通过",
	"digital.reject":     "验收不通过",
	"page.view":          "阅看影像页",
}
