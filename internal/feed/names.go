package feed

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{ActRegister: "登记数据来源", ActConfirm: "确认数据来源", ActRevoke: "停用数据来源", ActImport: "导入部门数据", ActTake: "核对部门数据",
		ActStop: "停止核对部门数据", ActResume: "继续核对部门数据", ActFail: "部门数据核对中断", ActRead: "查看部门数据"})
}
