package retirement

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{
		ActOpen: "受理退休事项", ActCheck: "核对退休信息", ActDrop: "终止退休事项", ActReturn: "登记送审退回", ActFinish: "办结退休事项", ActRead: "查看退休事项",
		ActCountersign: "复核送审退回", ActDispute: "退回重新清点", ActSettle: "查清退回差异",
		ActPrintNear: "打印将到龄名单",
		ActPrepare:   "拟定退休送审清单", ActDeliver: "送审移交档案", ActCancel: "取消送审清单", ActOpenList: "查看送审清单",
	})
}
