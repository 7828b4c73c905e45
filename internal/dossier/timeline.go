package dossier

import (
	"context"
	"errors"
	"strings"

	"dangan/internal/gate"
	"dangan/internal/ledger"
	"dangan/internal/policy"
)

// actNames are this room's acts as time lines say them.
var actNames = map[string]string{
	"dossier.read": "打开档案页", "dossier.reveal": "查看完整证件号", "dossier.read_family": "查看家庭成员", "dossier.whereabouts": "答复查档去向",
	"dossier.enter": "登记记载", "dossier.confirm": "第二人核对", "dossier.determine": "登记认定", "dossier.supplement": "补充材料办结", "dossier.print_catalog": "打印目录", "dossier.print_comparison": "打印信息核对表", "dossier.export": "导出清单", "dossier.export_catalog": "导出目录",
	"material.receive": "收材料", "material.print_receipt": "出具材料接收回单", "material.appraise": "鉴别", "material.verify": "登记核实结果", "material.inquire": "开具材料核实函", "material.know": "知悉限定的材料", "material.classify": "归类", "material.forward": "出具转交单", "material.forward_receipt": "登记转交回执", "material.propose_move": "提出移入所属档案", "material.move": "移入所属档案", "material.refuse_move": "不予移入所属档案", "material.decide_report": "处理涉嫌涂改、造假报告", "material.describe": "更正材料登记", "material.resubmit": "补办后重新收到", "material.submit_batch": "提交归档批次",
	"material.open_sitting": "开始整批收材料", "material.scan": "扫入整批", "material.drop": "从整批中取出", "material.sign_sitting": "整批签收", "material.print_sitting_receipt": "出具整批材料接收回单", "material.pause": "暂停归档期限", "material.resume": "恢复归档期限",
	"mandate.register": "查验登记委托书", "mandate.decide": "确认代办人", "mandate.revoke": "登记撤销委托", "mandate.read": "查看委托书", "mandate.scan": "上传委托书扫描件",
	"document.read": "打开文书", "material.enter_catalog": "录入目录", "material.ask_packet": "请库管提档", "material.recount": "重算期限", "material.review_batch": "审核归档批次", "material.send_back": "出具退回通知单", "material.request_correction": "申请更正", "material.decide_correction": "审批更正", "material.rearrange": "申请重新编号", "material.decide_rearrangement": "审批重新编号",
}

var roomNames = map[string]string{
	"mandate":  "委托代办",
	"transfer": "转递", "access": "查阅", "consultation": "查阅", "certificate": "出具证明", "digital": "数字化", "custody": "出入库", "roster": "花名册导入", "document": "文书", "dossier": "档案", "material": "材料",
}

// NameActs adds another room's acts to what time lines say; each room calls it in its
// init, before anything is read.
func NameActs(names map[string]string) {
	for action, name := range names {
		actNames[action] = name
	}
}

// ActName is an act as time lines say it; one that no room has named goes by its room.
func ActName(action string) string {
	if n := actNames[action]; n != "" {
		return n
	}
	room, _, _ := strings.Cut(action, ".")
	return roomNames[room]
}

// May asks whether an actor may do an action on a dossier, outside of any act:
// ErrHidden or a refusal if not.
func (k *Desk) May(ctx context.Context, by policy.Actor, action, id string) (Dossier, error) {
	d, err := Get(ctx, k.gate.DB(), id)
	if err != nil {
		return d, err
	}
	switch decision := k.gate.Decide(by, action, d.Resource()); {
	case decision.Hidden:
		return Dossier{}, gate.ErrHidden
	case decision.Refusal != nil:
		return Dossier{}, decision.Refusal
	}
	return d, nil
}

// Moment is one act in a dossier's time line.
type Moment struct {
	Ord    int64
	Number int64
	Entry  string
	Body   ledger.Body
}

// Timeline lists the acts about a dossier, newest first, before ord (0: from the
// newest). Refused attempts stand in it too.
func (k *Desk) Timeline(ctx context.Context, by policy.Actor, id string, before int64, limit int) ([]Moment, error) {
	if _, err := k.May(ctx, by, "dossier.read", id); err != nil {
		return nil, err
	}
	entries, err := ledger.About(ctx, k.gate.DB(), "Dossier:"+id, before, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Moment, 0, len(entries))
	var errs error
	for _, e := range entries {
		body, err := e.Parse()
		errs = errors.Join(errs, err)
		out = append(out, Moment{e.Ord, e.Seq, e.ID, body})
	}
	return out, errs
}

// ActsAbout counts the acts about a dossier.
func (k *Desk) ActsAbout(ctx context.Context, id string) (n int64, err error) {
	err = k.gate.DB().QueryRow(ctx, "SELECT count(*) FROM ledger_subject WHERE subject=?", "Dossier:"+id).Scan(&n)
	return n, err
}
