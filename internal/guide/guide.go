package guide

import (
	"context"
	"fmt"
	"strings"

	"dangan/internal/account"
	"dangan/internal/agency"
	"dangan/internal/certificate"
	"dangan/internal/codes"
	"dangan/internal/mandate"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/transfer"
)

// Free is what every guide and receipt says first (8, 29.10).
const Free = "档案管理服务是公益服务，不收取任何费用。任何机构和个人都不得收取保管、查阅、证明、转递等费用，也不得捆绑或变相收费。"

// Guide is the whole of it as of a moment.
type Guide struct {
	Services   []Service
	Categories []Category
	Ties       []string     // by which an application is taken in (7b)
	Agents     []codes.Code // matters an agent may do, and what none may do, with the reason
	Personal   []codes.Code
	Agencies   []agency.Agency // that keep dossiers, in the order of the tree
}

// Service is one matter.
type Service struct {
	Key    string
	Name   string
	Rule   rule.ID
	Who    string   // may apply
	Papers []string // to bring
	Term   string
	Result string // what the applicant holds in the end
	Online bool   // can be applied for over the net
}

// Category is one of the seven with its kinds and what each has to show (4).
type Category struct {
	Code, Name string
	Kinds      []Kind
}

// Kind is a kind of a category, Name empty where there is only one.
type Kind struct{ Name, Evidence string }

// Desk is the room's door.
type Desk struct {
	agencies  *agency.Registry
	settings  *setting.Desk
	transfers *transfer.Desk
}

// New opens the room.
func New(agencies *agency.Registry, settings *setting.Desk, transfers *transfer.Desk) *Desk {
	return &Desk{agencies: agencies, settings: settings, transfers: transfers}
}

// Now is the guide as it holds at this moment.
func (k *Desk) Now(ctx context.Context) (Guide, error) {
	tree, err := k.agencies.Tree(ctx)
	if err != nil {
		return Guide{}, err
	}
	ties := k.transfers.Ties()
	return Guide{Services: services(k.settings.Int, ties), Categories: categories(), Ties: ties, Agents: mandate.Matters, Personal: mandate.Personal, Agencies: tree.Keepers()}, nil
}

func categories() []Category {
	var out []Category
	for _, c := range codes.Categories() {
		if len(out) == 0 || out[len(out)-1].Code != c.Rule {
			out = append(out, Category{Code: c.Rule, Name: c.Name})
		}
		at := &out[len(out)-1]
		at.Kinds = append(at.Kinds, Kind{c.SubName, c.Evidence})
	}
	return out
}

// identity is what everybody brings (12b).
var identity = "有效证件：" + strings.Join(mandate.Documents, "、")

// services are the matters in the order people ask for them; days are the province's settings.
func services(days func(setting.Key) int, ties []string) []Service {
	licences := make([]string, len(account.Papers))
	for i, p := range account.Papers {
		licences[i] = p.Name
	}
	kinds := make([]string, len(certificate.Kinds))
	for i, c := range certificate.Kinds {
		kinds[i] = c.Name()
	}
	return []Service{
		{Key: "receive", Name: "档案转入", Rule: "20.1", Who: "本人、用人单位，或受托的代办人", Online: true,
			Papers: []string{identity, "存档依据的证明，有一项即可：" + strings.Join(ties, "、"), "人员类别的证明，见“人员类别和依据”", "单位申请的：加盖公章的申请函，由登记过的经办人办理"},
			Term:   fmt.Sprintf("机构开出调档函，有效%d天；原存档机构收到之日起15个工作日内寄出", days(setting.LetterDays)), Result: "受理回执、调档函、收档凭证"},
		{Key: "send", Name: "档案转出", Rule: "20.2b", Who: "由接收方凭调档函办理，本人不必到原存档机构", Papers: []string{"接收方的调档函"},
			Term: "收到调档函之日起15个工作日内寄出；只经机要通信、专人送取或给据邮件，任何个人不得携带档案", Result: "不能转出的，15个工作日内书面告知全部理由"},
		{Key: "graduate", Name: "毕业生档案", Rule: "12", Who: "毕业生本人，或受托的代办人", Papers: []string{identity},
			Term: "档案到达之日起由机构保管；没有申请的告知本人，不因此退回", Result: "认领后开立账户"},
		{Key: "materials", Name: "材料交存归档", Rule: "14b", Who: "本人、形成材料的单位", Papers: []string{"材料原件，须完整、真实，符合归档规范"},
			Term: "材料形成之日起1个月内交存；机构收到之日起2个月内归档", Result: "材料接收回单；不合格的书面说明理由，退回形成单位"},
		{Key: "certificate", Name: "出具证明", Rule: "23", Who: "本人、亲属，或受托的代办人", Online: true,
			Papers: []string{identity, "亲属申请的：证明亲属关系和有关权益的材料"},
			Term:   fmt.Sprintf("证明自出具之日起%d个月内有效；只写已归档材料记载的内容", days(setting.CertificateMonth)), Result: strings.Join(kinds, "、") + "，可扫码查验"},
		{Key: "consult", Name: "查阅借阅", Rule: "21.1", Who: "单位，派两名以上工作人员；任何人不得查阅本人和亲属的档案", Online: true,
			Papers: []string{"介绍信，或者有权机关的法律文书，加盖公章", "查阅申请表，负责人签署并盖章", "查阅人的身份证件、工作证件"},
			Term:   fmt.Sprintf("经审批后在阅档室查阅，一次不超过%d分钟；一般不借出", days(setting.ReadingMinutes)), Result: "查阅登记"},
		{Key: "change", Name: "信息变更", Rule: "2", Who: "本人，或受托的代办人；单位办理加入、退出集体户", Online: true,
			Papers: []string{identity, "姓名、公民身份号码变更的：户口簿变更页或公安机关的证明", "人员类别变更的：新类别的证明，见“人员类别和依据”"}, Term: "由另一名工作人员审核后变更，原来的记载保留", Result: "受理回执；不予变更的书面说明理由"},
		{Key: "account", Name: "单位开立集体户", Rule: "12c", Who: "单位，由授权的经办人办理",
			Papers: []string{"单位证照，有一种即可：" + strings.Join(licences, "、"), "经办人的身份证件和单位的授权"}, Term: "先接受存档权利义务须知", Result: "集体户编号"},
		{Key: "retire", Name: "退休送审", Rule: "7.4", Who: "到龄的存档人", Papers: []string{identity, "女职工：劳动合同、聘任材料", "弹性提前或延迟的：本人自愿选择的书面材料"},
			Term: fmt.Sprintf("到龄前%d个月列入名单；弹性提前的至少在所选日期前%d个月告知，延迟的至少在到龄前%d个月约定", days(setting.RetireMonths), days(setting.RetireEarlier), days(setting.RetireLater)), Result: "社会保险经办机构的审批结果"},
		{Key: "death", Name: "已故人员档案", Rule: "20c", Who: "亲属，办理养老、抚恤等事项的单位", Papers: []string{"死亡证明", identity, "亲属关系的证明"},
			Term: "档案保管满五年后移交或继续保管", Result: "所办事项的证明"},
		{Key: "whereabouts", Name: "查询档案去向", Rule: "28", Who: "本人，或受托的代办人", Papers: []string{identity}, Term: "当场答复；须向外查找的书面答复", Result: "受理回执、答复"},
		{Key: "objection", Name: "异议和投诉", Rule: "29.8", Who: "对不予办理有异议的申请人；对服务、捆绑或变相收费等问题，任何人都可以投诉", Papers: []string{"异议：不予办理告知单", "投诉：说明事情经过，可以不留姓名"},
			Term: fmt.Sprintf("异议在%d天内提出，%d个工作日内答复", days(setting.ObjectionDays), days(setting.ObjectionAnswer)), Result: "书面答复"},
	}
}
