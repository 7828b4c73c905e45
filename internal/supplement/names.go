package supplement

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{ActRemind: "催补材料", ActLapse: "补充期限届满，告知本人", ActEscalate: "补充逾期报请处置", ActDispose: "处置补充逾期", ActAsk: "申请延期补充", ActGrant: "同意延期补充", ActDeny: "不同意延期补充", ActRead: "查看补充材料"})
}
