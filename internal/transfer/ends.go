package transfer

import (
	"slices"

	"dangan/internal/codes"
	"dangan/internal/rule"
)

// Kinds of an end outside the province's agencies.
const (
	EndOrgan       = "organ"       // 机关
	EndInstitution = "institution" // 事业单位
	EndStateFirm   = "state_firm"  // 国有企业
	EndSchool      = "school"      // 学校
	EndService     = "service"     // 外省市档案管理服务机构
	EndOther       = "other"       // 其他单位: it may have kept a dossier, and gets none
)

// OutsideKinds in the order of screens.
var OutsideKinds = []codes.Code{{Code: EndOrgan, Name: "机关"}, {Code: EndInstitution, Name: "事业单位"}, {Code: EndStateFirm, Name: "国有企业"}, {Code: EndSchool, Name: "学校"}, {Code: EndService, Name: "档案管理服务机构"}, {Code: EndOther, Name: "其他单位"}}

// ReceiverKinds are those a dossier may go to (6a, 20b).
func ReceiverKinds() []codes.Code { return OutsideKinds[:len(OutsideKinds)-1] }

// EndName is a kind of outside end as papers say it.
func EndName(kind string) string { return codes.Name(OutsideKinds, kind) }

// checkEnd holds the kind of an outside end to the closed list, and, where a dossier goes to
// it, to those that may keep one.
func checkEnd(kind, field string, receives bool) *rule.Reason {
	switch {
	case kind == "" || EndName(kind) == "":
		return &rule.Reason{Rule: "20b", Slug: "end_kind_missing", Field: field, Message: "没有选择对方单位的性质。", Next: "请照单位证照或者函件选择机关、事业单位、国有企业、学校、档案管理服务机构之一。"}
	case receives && kind == EndOther:
		return &rule.Reason{Rule: "20b", Slug: "receiver_may_not_keep", Field: field, Message: "其他单位和个人不得接收、保管流动人员人事档案。", Next: "请由接收单位委托其所在地的档案管理服务机构开具调档函，档案转往该机构。"}
	}
	return nil
}

// mayReturn says whether an outside holder is a former employer, to whom alone a packet may go
// back (20.4a): a school employed nobody, and agencies keep what they were sent.
func (c Case) mayReturn() error {
	switch {
	case c.Direction != In || c.OutsideKind == EndService:
		return rule.Refuse(noReturn())
	case c.OutsideKind == "":
		return rule.Refuse(reason("20.4a", "end_kind_missing", "没有登记原存档单位的性质，不能确认是否原工作单位。", "请先在“更正”中登记原存档单位的性质。"))
	case !slices.Contains([]string{EndOrgan, EndInstitution, EndStateFirm}, c.OutsideKind):
		return rule.Refuse(reason("20.4a", "return_to_employer_only", "只能与原工作单位协商退回，对方为"+EndName(c.OutsideKind)+"，不能退回。", "请一次性告知所缺材料，由本人作出书面承诺后接收；性质登记有误的，先更正。"))
	}
	return nil
}
