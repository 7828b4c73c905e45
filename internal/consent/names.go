package consent

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{ActRegister: "登记核验单位", ActConfirm: "确认核验单位", ActRenew: "换发核验密钥", ActEnd: "停用核验单位",
		ActAsk: "请求同意核验", ActGrant: "同意核验", ActDecline: "不同意核验", ActRevoke: "撤回同意核验", ActAnswer: "答复核验"})
}
