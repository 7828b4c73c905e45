package death

import (
	"context"
	"errors"
	"slices"
	"strings"

	"dangan/internal/rule"
	"dangan/internal/store"
)

// Of is the death of a dossier's person, if one holds.
func Of(ctx context.Context, q store.Querier, dossierID string) (Case, bool, error) {
	c, err := store.Get[Case](ctx, q, "WHERE dossier_id=? AND state IN ('kept','retained','listed','sent','handed') LIMIT 1", dossierID)
	if errors.Is(err, store.ErrNotFound) {
		return c, false, nil
	}
	return c, err == nil, err
}

// Matters are what units that settle pensions and survivors' matters ask for (20c).
var Matters = []string{"丧葬补助金、抚恤金", "遗属待遇", "养老保险待遇结算", "工亡待遇", "继承"}

// Certify says who may have a certificate of a dead person's dossier: kin, and a unit
// that settles one of Matters, which needs no consent of the dead.
func Certify(applicant, use string) error {
	switch applicant {
	case "self":
		return rule.Refuse(reason("person_dead", "applicant", "存档人已登记死亡，不能按本人申请办理。", "请由亲属持关系证明申请，或由办理抚恤、遗属待遇等事项的单位申请。"))
	case "unit":
		if !slices.ContainsFunc(Matters, func(m string) bool { return strings.Contains(use, m) }) {
			return rule.Refuse(reason("unit_matter", "use", "存档人已登记死亡，单位只能为办理"+strings.Join(Matters, "、")+"申请证明。", "请在用途中写明所办事项（如“办理遗属待遇”）；其他用途由亲属申请，或按查阅办理。"))
		}
	}
	return nil
}

// ofTheLiving are purposes of reading that only a living person can be meant with.
var ofTheLiving = []string{"selection_recruitment", "talent_introduction", "title_review", "official_travel_abroad", "party_admission", "enlistment"}

// Consult says whether a dead person's dossier can be read for a purpose.
func Consult(purpose string) error {
	if !slices.Contains(ofTheLiving, purpose) {
		return nil
	}
	return rule.Refuse(reason("purpose_of_the_living", "purpose", "存档人已登记死亡，没有这种查阅用途。", "社会保险、抚恤、继承公证、取证等事项仍可查阅，请按实际用途申请。"))
}

// Move says that a dead person's dossier goes by a list of its own and not on a letter.
func Move() error {
	return rule.Refuse(reason("person_dead", "", "存档人已登记死亡，档案不再按调档函转递。", "满5年的按现行渠道移交或续管，英雄模范人物的移交档案馆，均在“死亡档案”办理；登记有误的，先撤销死亡登记。"))
}
