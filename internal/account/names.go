package account

import (
	"context"

	"dangan/internal/dossier"
	"dangan/internal/store"
)

// Actions of this room, as the policies name them.
const (
	ActOpen   = "account.open"
	ActClose  = "account.close"
	ActSettle = "account.settle"
	ActTell   = "account.tell"
	ActList   = "account.list"
	ActRename = "account.rename"
	ActAdopt  = "account.adopt"
	ActRoll   = "account.staff_list"

	ActAuthorize = "account.authorize"
	ActRevoke    = "account.revoke"
	ActPublish   = "account.publish"
	ActAccept    = "account.accept"
	ActNotices   = "account.notices"
	ActRemind    = "account.remind"
	ActSign      = "account.sign"
	ActAgree     = "account.agree"
)

func init() {
	dossier.NameActs(actNames)
	dossier.Tell(tell)
}

// tell says which units' accounts a dossier left by itself: its person left the unit.
func tell(ctx context.Context, q store.Querier, d dossier.Dossier) ([]dossier.Told, error) {
	list, err := store.List[Change](ctx, q, "WHERE dossier_id=? AND kind='"+ChangeLeft+"' ORDER BY id LIMIT 50", d.ID)
	if err != nil {
		return nil, err
	}
	var out []dossier.Told
	for _, c := range list {
		if !dossier.SameMaker(c.Unit, d.AccountUnit) { // or came back to it
			out = append(out, dossier.Told{Condition: "left_employer", Because: "转出" + c.Unit + "的集体户", Unit: c.Unit})
		}
	}
	return out, nil
}

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	ActOpen:   "开立集体账户",
	ActClose:  "注销集体账户",
	ActSettle: "集体账户销户：批量转个人账户或转递",
	ActTell:   "告知本人账户变动",
	ActList:   "查看集体账户",
	ActRename: "登记单位更名",
	ActAdopt:  "原有个人账户列入须知待接受",
	ActRoll:   "登记单位名册",

	ActAuthorize: "登记单位经办人授权",
	ActRevoke:    "终止单位经办人授权",
	ActPublish:   "发布权利义务须知",
	ActAccept:    "登记须知接受",
	ActNotices:   "查看须知待接受名单",
	ActRemind:    "提醒本人接受须知",
	ActSign:      "本人凭链接接受须知",
	ActAgree:     "登记单位接受集体存档协议",
}
