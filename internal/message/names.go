package message

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	ActPublish:       "发布消息用语",
	ActContact:       "登记联系方式",
	ActByHand:        "登记人工告知",
	ActResend:        "重发消息",
	ActRead:          "查看消息",
	"message.sent":   "消息已发送",
	"message.fail":   "消息未送达",
	"message.doubt":  "消息是否发出不明",
	"message.remind": "提醒补充材料",
}
