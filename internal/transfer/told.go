package transfer

import (
	"dangan/internal/account"
	"dangan/internal/gate"
	"dangan/internal/message"
)

// telling is what an act at one end of a transfer says in the inbox of the other.
type telling struct{ end, subject, text string }

var tellings = map[string]telling{
	"transfer.letter":        {Holding, "收到调档函", "请核对函号和验证码后登记来函，15 个工作日自收函之日起算。"},
	"transfer.urge":          {Holding, "对方催办调档函", "请登记来函并按时转出。"},
	"transfer.withdraw":      {Holding, "申请已撤回", "不再转出；已提出的档案归还库房。"},
	"transfer.receive":       {Holding, "回执已退回", "对方已复核签收，保管责任转移，本件办结。"},
	"transfer.dispatch":      {Receiving, "档案已寄出", "到件后请登记，并对照清单逐份核对。"},
	"transfer.chase":         {Receiving, "对方催办回执", "请核对后退回转递通知单回执。"},
	"transfer.decline":       {Receiving, "对方不予转出", "请查看书面答复的全部理由，并告知本人。"},
	"transfer.expire":        {Receiving, "调档函已过期", "仍需转入的，请重新受理申请、开具新函。"},
	"transfer.pass_on":       {Receiving, "转来的转入申请", "由其他机构受理后转来，请接着办理，申请人无需往返。"},
	"transfer.fault":         {Receiving, "包裹异常", "发出单位或对方登记了包裹异常，正在查询处理，情况见本件。"},
	"transfer.lost":          {Receiving, "包裹报告遗失", "发出单位已报告遗失，正在查找；请告知本人，保管责任仍在发出单位。"},
	"transfer.came_back":     {Receiving, "包裹已退回", "包裹已退回发出单位，将重新寄送。"},
	"transfer.fault_sign":    {Holding, "包封异常已签认", "到件时包封异常，二人签认的记录见本件。"},
	"transfer.search_decide": {Receiving, "遗失查找已批复", "上级已作批复，重建或者继续查找见本件。"},
	"transfer.forward":       {Receiving, "转来的转入申请", "由其他机构受理后转来，请接着办理，申请人无需往返。"},
}

// tell writes what the act means for the clerks of the other end. A letter that was never
// seen there is withdrawn without a word.
func tell(tx *gate.Tx, c Case) error {
	t, tells := tellings[tx.Action()]
	if tx.Action() == "transfer.withdraw" && c.PassedBy != "" && c.PassedBy != tx.Actor().Org {
		if err := message.Inform(tx, message.Notice{Agency: c.PassedBy, Post: "clerk", Subject: "转交的申请已撤回", Text: "由本机构受理并转交的转入申请已撤回，原因见本件；申请人来问的，请告知。", DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID}); err != nil {
			return err
		}
	}
	if !tells || c.Direction == Out || c.Direction == In && tx.Action() == "transfer.chase" || tx.Action() == "transfer.withdraw" && c.LetterOn == "" {
		return nil
	}
	to := c.Receiver
	if t.end == Holding {
		to = c.Holder
	}
	if to == tx.Actor().Org {
		return nil
	}
	return message.Inform(tx, message.Notice{Agency: to, Post: "clerk", Subject: t.subject, Text: t.text, DossierID: c.DossierID, CaseRef: c.Ref(), Link: "/transfers/" + c.ID})
}

// unitTold is what a unit that applied for its worker is told, in which wording (20.1).
// Not those that a person gets: they say "your dossier".
var unitTold = map[string]string{"transfer.apply": message.Accepted, "transfer.decline": message.Declined, "transfer.receive": message.Decided, "transfer.second": message.Decided, "transfer.withdraw": message.Withdrawn, "transfer.correct": message.Corrected}

// tellUnit tells the unit that applied; one without an account at the agency is told on paper.
func (k *Desk) tellUnit(tx *gate.Tx, c Case) error {
	template, tells := unitTold[tx.Action()]
	if !tells || c.ApplicantKind != Unit || c.Receiver == "" {
		return nil
	}
	return k.TellUnit(tx, c.Receiver, account.Unit{USCC: c.ApplicantUSCC, Name: c.Applicant}, template, "档案转递", c.Ref())
}
