package certificate

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	"certificate.propose":  "调取可证明的记载",
	"certificate.open":     "受理证明申请",
	"certificate.pull":     "请库管提档",
	"certificate.submit":   "提交证明审核",
	"certificate.return":   "退回证明",
	"certificate.refuse":   "不予出具证明",
	"certificate.issue":    "签发证明",
	"certificate.withdraw": "撤回证明申请",
	"certificate.void":     "作废证明",
	"certificate.correct":  "更正证明",
	"certificate.read":     "查看证明",
	"certificate.word":     "发布证明用语",
}
