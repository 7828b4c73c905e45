package graduate

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	"graduate.import":         "登记毕业生名单",
	"graduate.scan":           "扫描毕业生档案袋",
	"graduate.drop":           "从批次中取出",
	"graduate.sign":           "签收毕业生档案批次",
	"graduate.signature":      "上传批次的签名",
	"graduate.signature_look": "查看批次的签名",
	"graduate.receive":        "接收毕业生档案",
	"graduate.tell":           "告知毕业生",
	"graduate.claim":          "毕业生认领",
	"graduate.shelve":         "登记另一袋的库位",
	"graduate.promise":        "登记毕业生的书面承诺",
	"graduate.remind":         "提醒毕业生签署承诺书",
	"graduate.escalate":       "毕业生承诺书未签署，报请处置",
	"graduate.dispose":        "处置未签署的毕业生承诺书",
	"graduate.attach":         "上传毕业生承诺书扫描件",
	"graduate.look":           "查看毕业生承诺书扫描件",
	"graduate.settle":         "提出已有档案的一袋怎样处理",
	"graduate.decide":         "审核已有档案的一袋的处理",
	"graduate.answer":         "出具毕业生档案转递回执",
	"graduate.list":           "查看毕业生名单",
}
