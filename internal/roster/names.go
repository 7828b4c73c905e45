package roster

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	"roster.upload":   "上传花名册",
	"roster.map":      "对应字段",
	"roster.check":    "预检花名册",
	"roster.start":    "开始导入",
	"roster.register": "花名册登记",
	"roster.finish":   "导入完成",
	"roster.cancel":   "取消导入",
	"roster.list":     "查看花名册",
	"roster.template": "下载模板",
	"unclear.take":    "登记待核档案袋",
	"unclear.list":    "查看待核档案袋",
	"unclear.propose": "提交查实结果",
	"unclear.confirm": "审核查实结果",
	"unclear.return":  "退回查实结果",
}
