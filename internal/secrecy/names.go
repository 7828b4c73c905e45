package secrecy

import "dangan/internal/dossier"

func init() { dossier.NameActs(actNames) }

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	ActRaise:    "提高密级",
	ActPropose:  "提出降低密级",
	ActDecide:   "审批降低密级",
	ActName:     "指定知悉人员",
	ActUnname:   "取消知悉人员",
	ActRead:     "查看定密变更",
	ActMarkZone: "标记涉密专区", ActZoneKeepers: "变更专区保管人员", ActEndZone: "取消涉密专区", ActZoneMove: "移入专区", ActZoneRead: "查看涉密专区",
}
