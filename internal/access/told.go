package access

import (
	"dangan/internal/gate"
	"dangan/internal/message"
)

// informed is what the clerk who took an application in finds in the inbox. An approval in
// full is not told: it stands in the work list. What ends a case leaves that list without a
// word, and a narrowed grant looks there like a full one.
var informed = map[string]struct{ subject, text string }{
	"consultation.approve": {"查阅已批准，范围有缩小", "请查看批准的范围和理由，告知查阅单位。"},
	"consultation.refuse":  {"不予查阅", "请将告知单交查阅单位，说明异议的途径。"},
	"consultation.lapse":   {"查阅已过期", "期限已过，没有查阅或补正；仍需查阅的，请查阅单位重新申请。"},
	"reading.close":        {"查阅到时自动结束", "请收回原件、查看查阅记录；没有查完的，请查阅单位重新申请。"},
}

// inform tells the clerk who took the application in what became of it (21.3, 21.4, 29.8).
func inform(tx *gate.Tx, c Case) error {
	n, tells := informed[tx.Action()]
	if !tells || tx.Action() == "consultation.approve" && c.GrantKind == c.AskedKind && c.Granted == c.Asked {
		return nil
	}
	return message.Inform(tx, message.Notice{Agency: c.Agency, Post: "clerk", StaffID: c.AppliedBy, Subject: n.subject, Text: n.text, DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/consultations/" + c.ID})
}
