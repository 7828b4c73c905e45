package rating

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{ActRate: "评价服务", ActCall: "登记差评回访", ActFinish: "办结差评回访", ActRead: "查看差评回访", ActRemind: "报告逾期没有回访的差评"})
}
