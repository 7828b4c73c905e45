package death

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{
		ActReport: "登记死亡", ActImport: "导入死亡数据", ActConfirm: "确认死亡", ActReject: "不予确认死亡", ActHonor: "登记荣誉称号", ActRetain: "期满续管", ActReview: "复核续管",
		ActRevoke: "撤销死亡登记", ActRead: "查看死亡登记", ActPrepare: "拟定死亡档案移交清单", ActCheck: "四性检测", ActDeliver: "移交死亡人员档案", ActReceipt: "登记移交回执", ActCancel: "取消移交清单", ActStrike: "移出移交清单", ActOpen: "查看移交清单",
	})
}
