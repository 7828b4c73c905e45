package transfer

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	"transfer.apply":           "受理调档申请",
	"transfer.letter":          "开具调档函",
	"transfer.register":        "登记来函",
	"transfer.draft":           "拟定材料清单",
	"transfer.list":            "登记材料清单",
	"transfer.history":         "登记转递依据的经历",
	"transfer.confirm_history": "核对转递依据的经历",
	"transfer.review":          "审核通过",
	"transfer.send_back":       "审核退回",
	"transfer.decline":         "不予转出",
	"transfer.pack":            "装封",
	"transfer.reopen":          "退回审核",
	"transfer.dispatch":        "登记寄送",
	"transfer.arrive":          "签收包裹",
	"transfer.check":           "逐份核对",
	"transfer.receive":         "复核签收，退回执",
	"transfer.receipt":         "登记外单位回执",
	"transfer.tell":            "一次性告知所缺材料",
	"transfer.promise":         "登记书面承诺",
	"transfer.return":          "与原单位协商退回",
	"transfer.withdraw":        "撤回转递",
	"transfer.forward":         "转交有关机构",
	"transfer.pass_on":         "转请有关机构受理",
	"transfer.read":            "查看转递",
	"transfer.expire":          "调档函过期",
	"transfer.chase":           "催办回执",
	"transfer.urge":            "催办调档函",
	"transfer.recount":         "重算期限",
	"transfer.mail":            "登记邮寄",
	"transfer.answer":          "登记预审答复",
	"transfer.forwarded":       "登记对方寄出",
	"transfer.list_register":   "登记批量转出",
	"transfer.list_add":        "批量转出补登人员",
	"transfer.list_review":     "批量审核签名",
	"transfer.list_pack":       "批量装封",
	"transfer.list_reopen":     "批量拆封重审",
	"transfer.list_dispatch":   "批量登记寄送",
	"transfer.list_receipt":    "批量登记回执",
	"transfer.list_read":       "查看批量转出",
}
