package window

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{ActReceive: "登记异议、投诉", ActAnswer: "答复异议、投诉", ActRead: "查看异议、投诉", ActEscalate: "报告逾期没有办结的回执"})
}
