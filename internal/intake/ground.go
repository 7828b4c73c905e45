package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"dangan/internal/rule"
	"dangan/internal/store"
)

// grounds are what an application of each matter can be refused for, and what stands in its
// way when an objection to that held. "" is a judgment: the authority's word stands in its
// place, and the room goes on despite it. The others are what a register says, and it says so
// until somebody puts it right: the words tell how.
var grounds = map[string]map[string]string{
	Transfer: {
		"tie_refused":           "",
		"worker_not_authorized": "",
		"agent_declined":        "",
		"agent_unconfirmed":     "请负责人在“委托代办”中确认代办人，再照本件受理。",
		"already_here":          "登记的保管机构有误的，先由保管机构更正登记，再照本件受理。",
		"transfer_open":         "请先办结或撤回在办的那一件，再照本件受理。",
		"person_dead":           "死亡登记有误的，先在“死亡档案”撤销，再照本件受理。",
		"agency_not_qualified":  "请一步转交有资格的机构受理。",
		"agent_is_staff":        "请存档人员本人到场，或改托他人后照本件受理。",
		"agent_is_kin":          "请由与代办人没有亲属关系的工作人员照本件受理。",
	},
	Certificate: {
		"applicant_not_person": "",
		"kin_is_person":        "",
		"unit_not_entitled":    "",
		"relation_differs":     "",
		"applicant_is_kin":     "请由与申请人没有亲属关系的工作人员照本件受理。",
		"person_dead":          "",
		"unit_matter":          "",
		"agent_declined":       "",
		"agent_unconfirmed":    "请负责人在“委托代办”中确认代办人，再照本件受理。",
		"agent_is_staff":       "请存档人员本人到场，或改托他人后照本件受理。",
		"agent_is_kin":         "请由与代办人没有亲属关系的工作人员照本件受理。",
	},
	Standing: {
		"agent_declined":        "",
		"agent_unconfirmed":     "请负责人在“委托代办”中确认代办人，再照本件受理。",
		"account_missing":       "请先在“集体户”中为单位开户，再照本件受理。",
		"worker_not_authorized": "请单位出具授权书，在“集体户”中登记后照本件受理。",
		"case_open":             "请先审批在办的那一件，再照本件受理。",
		"dossier_left":          "请一次告知申请人现保管机构，由其受理。",
		"category_same":         "登记的类别已是所申请的一类；登记有误的，先更正登记。",
		"account_same":          "登记的账户已是所申请的账户；登记有误的，先更正登记。",
		"identity_same":         "登记的姓名、号码已与所申请的相同；登记有误的，先更正登记。",
		"number_taken":          "请先就登记在另一卷的号码办理更正或并档，再照本件受理。",
		"rebuild_state":         "请先办结这卷档案在办的业务，再照本件受理。",
		"agent_is_staff":        "请存档人员本人到场，或改托他人后照本件受理。",
		"agent_is_kin":          "请由与代办人没有亲属关系的工作人员照本件受理。",
	},
	Account: {
		"account_open":         "登记有误的，先注销原集体账户，再照本件受理。",
		"agency_not_qualified": "请一步转交有资格的机构受理。",
	},
	Closing: {
		"worker_not_authorized": "",
		"account_closed":        "账户登记有误的，先为单位重新开户，再照本件受理。",
	},
	Claim: {
		"agent_declined":     "",
		"agent_unconfirmed":  "请负责人在“委托代办”中确认代办人，再照本件受理。",
		"graduate_awaited":   "请向学校催转，收到后照本件受理。",
		"graduate_elsewhere": "请先办结一人多档，再照本件受理。",
		"dossier_moved":      "请一次告知申请人现保管机构，由其受理。",
		"person_dead":        "死亡登记有误的，先在“死亡档案”撤销，再照本件受理。",
		"agent_is_staff":     "请存档人员本人到场，或改托他人后照本件受理。",
		"agent_is_kin":       "请由与代办人没有亲属关系的工作人员照本件受理。",
	},
	Whereabouts: {
		"agent_declined":    "",
		"agent_unconfirmed": "请负责人在“委托代办”中确认代办人，再照本件受理。",
		"agent_is_staff":    "请存档人员本人到场，或改托他人后照本件受理。",
		"agent_is_kin":      "请由与代办人没有亲属关系的工作人员照本件受理。",
	},
}

// Waiver is what an objection that held set aside, of one application.
type Waiver struct {
	Notice string // that was withdrawn
	matter string
	slugs  []string
	Used   bool // something was passed
}

// Pass lets an application go on over what a rule said, if that is all judgment and was set
// aside; everything else comes back as it is. A nil waiver passes nothing.
func (w *Waiver) Pass(err error) error {
	var said *rule.Refusal
	if w == nil || !errors.As(err, &said) || said.Kind != rule.Refused {
		return err
	}
	for _, r := range said.Reasons {
		if way, known := grounds[w.matter][r.Slug]; !known || way != "" || !slices.Contains(w.slugs, r.Slug) {
			return err
		}
	}
	w.Used = true
	return nil
}

// Covers says whether a judgment was set aside, for a room that need not ask for it again;
// it counts as used.
func (w *Waiver) Covers(slug string) bool {
	if w == nil || !slices.Contains(w.slugs, slug) {
		return false
	}
	w.Used = true
	return true
}

// Waived reads what was set aside for an application that goes on from its record; nil is
// nothing, as of one that has none.
func Waived(ctx context.Context, q store.Querier, id string) (*Waiver, error) {
	if id == "" {
		return nil, nil
	}
	c, err := store.Get[Case](ctx, q, "WHERE id=?", id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !c.Open() { // Take refuses it
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	aside := c.aside()
	if len(aside) == 0 {
		return nil, nil
	}
	return &Waiver{Notice: c.NoticeNo, matter: c.Matter, slugs: aside}, nil
}

// aside are the grounds that objections set aside.
func (c Case) aside() []string { return strings.Fields(c.Waived) }

// setAside keeps what the notice said, now that the objection to it holds.
func (c *Case) setAside() {
	all := c.aside()
	for _, r := range c.Why() {
		if !slices.Contains(all, r.Slug) {
			all = append(all, r.Slug)
		}
	}
	c.Waived = strings.Join(all, " ")
}

// barred refuses to propose 不予办理 again for what was set aside, whether the room can go
// on over it or the register has to be put right first.
func (c Case) barred(said *rule.Refusal) error {
	var next []string
	for _, r := range said.Reasons {
		if !slices.Contains(c.aside(), r.Slug) {
			return nil
		}
		if way := grounds[c.Matter][r.Slug]; way != "" && !slices.Contains(next, way) {
			next = append(next, way)
		}
	}
	if len(next) == 0 {
		next = []string{"请照原申请受理。"}
	}
	return rule.Refuse(reason("29.8", "objection_held", "", "对告知单"+c.NoticeNo+"的异议已经成立，不能以同一理由再次不予办理。", strings.Join(next, "")))
}
