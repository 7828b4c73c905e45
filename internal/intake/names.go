package intake

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{ActRecord: "登记未能当场受理的申请", ActRefuse: "审核不予受理", ActReturn: "退回受理", ActWithdraw: "登记撤回申请", ActLapse: "逾期未补正终止", ActRead: "查看未能当场受理的申请",
		ActApply: "网上提交申请", ActAsk: "一次性告知网上补正", ActAnswer: "网上补正", ActLook: "查看网上申请的附件"})
}
