package loan

import "dangan/internal/dossier"

// Acts of this room.
const (
	ActApply       = "loan.apply"
	ActEdit        = "loan.edit"
	ActSubmit      = "loan.submit"
	ActCheck       = "loan.check"
	ActApprove     = "loan.approve"
	ActConfirm     = "loan.confirm"
	ActRefuse      = "loan.refuse"
	ActWithdraw    = "loan.withdraw"
	ActHandOut     = "loan.hand_out"
	ActExtend      = "loan.extend"
	ActRecall      = "loan.recall"
	ActReturn      = "loan.return"
	ActCountersign = "loan.countersign"
	ActDispute     = "loan.dispute"
	ActSettle      = "loan.settle"
	ActRead        = "loan.read"
	ActLapse       = "loan.lapse"
	ActChase       = "loan.chase"
	ActEscalate    = "loan.escalate"
)

func init() {
	dossier.NameActs(map[string]string{
		ActApply: "登记借阅申请", ActEdit: "修改借阅申请", ActSubmit: "提交借阅申请", ActCheck: "核对借阅原件", ActApprove: "审核借阅", ActConfirm: "负责人批准借阅",
		ActRefuse: "不予借阅", ActWithdraw: "撤回借阅申请", ActHandOut: "借出交接", ActExtend: "同意续借", ActRecall: "召回借出的档案",
		ActReturn: "登记借阅归还", ActCountersign: "复核借阅归还", ActDispute: "退回重新清点归还的档案", ActSettle: "查清归还差异", ActRead: "查看借阅",
		ActLapse: "借阅申请过期", ActChase: "催还借阅档案", ActEscalate: "借阅逾期报上级",
	})
}
