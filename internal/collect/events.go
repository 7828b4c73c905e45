package collect

import (
	"slices"

	"dangan/internal/codes"
	"dangan/internal/dossier"
)

// Event is something in a working life that forms materials (14a).
type Event struct {
	Slug   string
	Name   string
	Target Target // who usually forms them
	Titles []string
}

// Events by the contents that 14a lists, in its order. The titles are those of the
// checklists (materials.md 4); a test holds them to it. An event that is on record makes its
// materials gaps by itself (dossier.Known): this list is for what somebody tells of.
var Events = []Event{
	{"party", "加入中国共产党", Unit, []string{"中国共产党入党志愿书", "入党申请书", "入党积极分子培养教育考察表", "转正申请书"}},
	{"hired", "就业、录用（聘用）", Unit, []string{"劳动合同书", "录用（聘用）审批表"}},
	{"left", "解除、终止劳动关系", Unit, []string{"解除（终止）劳动合同证明书"}},
	{"service", "入伍、退役", Person, []string{"入伍批准书（入伍登记表）", "士兵退出现役登记表（转业审批表）"}},
	{"degree", "取得学历学位", Person, []string{"普通高等学校毕业生登记表", "毕业证书复印件（审核盖章）", "学位审批（授予）材料"}},
	{"abroad_degree", "取得国（境）外学历学位", Person, []string{"国外学历学位认证书"}},
	{"title", "取得职称、职业资格", Unit, []string{"专业技术职务任职资格评审（认定）表", "职业资格（技能等级）审批材料"}},
	{"training", "参加教育培训", Unit, []string{"培训登记（结业鉴定）表"}},
	{"appointment", "任职、聘任", Unit, []string{"录用（聘用）审批表", "聘用合同书"}},
	{"review", "年度考核", Unit, []string{"年度考核登记表"}},
	{"award", "受到表彰奖励", Unit, []string{"奖励审批（登记）表"}},
	{"discipline", "受到处分或解除处分", Unit, []string{"处分决定及解除材料"}},
	{"insurance", "参加社会保险", Office, []string{"社会保险参保缴费证明"}},
	{"abroad", "出国（境）", Person, []string{"出国（境）审批材料"}},
}

// FindEvent is an event by slug.
func FindEvent(slug string) (Event, bool) {
	i := slices.IndexFunc(Events, func(e Event) bool { return e.Slug == slug })
	if i < 0 {
		return Event{}, false
	}
	return Events[i], true
}

// Wanted is one line of a dossier's plan.
type Wanted struct {
	dossier.Gap
	Expected bool    // usual, and nobody must have it
	Asked    []Asked // the requests that ask for it already
}

// plan marks, of what a dossier lacks and of what is expected, what is asked for already.
func plan(gaps, expected []dossier.Gap, asked map[string][]Asked) []Wanted {
	out := make([]Wanted, 0, len(gaps)+len(expected))
	for i, g := range slices.Concat(gaps, expected) {
		out = append(out, Wanted{Gap: g, Expected: i >= len(gaps), Asked: asked[codes.Canonical(g.Title)]})
	}
	return out
}
