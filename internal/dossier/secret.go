package dossier

import (
	"regexp"

	"dangan/internal/rule"
)

// Levels of secrecy of dossiers, materials and clearances (security.md 1).
const (
	Open         = 0 // 普通
	WorkSecret   = 1 // 工作秘密
	Secret       = 2 // 秘密
	Confidential = 3 // 机密
	TopSecret    = 4 // 绝密
)

var secrecyNames = []string{"普通", "工作秘密", "秘密", "机密", "绝密"}

// SecrecyName is a level as screens say it.
func SecrecyName(level int) string {
	if level < 0 || level >= len(secrecyNames) {
		return ""
	}
	return secrecyNames[level]
}

var secretMarks = regexp.MustCompile(`(^|[^业作家])(绝密|机密|秘密)\s*[★☆*]|[【\[（(](绝密|机密|秘密)[】\]）)]`)

// secretMark finds a mark of a state secret in a text: such an item is registered
// on paper only (15).
func secretMark(text string) bool { return secretMarks.MatchString(text) }

func secretTitle(field string) rule.Reason {
	return rule.Reason{Rule: "15", Slug: "secret_on_paper_only", Field: field, Message: "涉及国家秘密的材料不得录入题名、内容或影像。",
		Next: "请只登记为涉密件（纸质）：类号、页数和密级，纸质原件按保密规定移交指定人员保管。"}
}

// SecretMark finds a mark of a state secret in a text that comes from outside,
// such as a delivery's catalog (15).
func SecretMark(text string) bool { return secretMark(text) }
