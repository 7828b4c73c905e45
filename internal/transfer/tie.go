package transfer

import (
	"context"
	"errors"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/region"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// Tie is the basis on which an agency keeps the dossier, as papers say it: 户籍地（南岸区）.
func (c Case) Tie() string {
	if c.TiePlace == "" {
		return c.RegionBasis
	}
	return c.RegionBasis + "（" + region.Name(c.TiePlace) + "）"
}

// switched are the ties that the province admits or not; household and present employer
// stand in the regulation and always are (7b).
var switched = map[string]setting.Key{"生源地": setting.TieOrigin, "参保地": setting.TieInsurance, "常住地": setting.TieResidence, "出国（境）前户籍地": setting.TieAbroad}

// Ties are the ties that an application may name in this province now.
func (k *Desk) Ties() []string {
	return slices.DeleteFunc(slices.Clone(TieNames), func(name string) bool {
		key, may := switched[name]
		return may && k.settings.Int(key) == 0
	})
}

// admits refuses a tie that the province does not admit. Stock is never asked.
func (k *Desk) admits(tie string) error {
	if !slices.Contains(TieNames, tie) || slices.Contains(k.Ties(), tie) {
		return nil
	}
	return rule.Mistake(rule.Reason{Rule: "7b", Slug: "tie_off", Field: "regionBasis", Message: "全市规定不以“" + tie + "”作为存档依据。", Next: "可以作为依据的有：" + strings.Join(k.Ties(), "、") + "。"})
}

// Tied lists the keepers whose region a place of the person's ties lies in (7b); the
// municipal center, which serves the whole city, comes last. A region whose agency was
// merged is served by the successor, one whose authority was merged also by the agencies
// below that authority's successor.
func Tied(tree *agency.Tree, places ...string) []agency.Agency {
	var out, center []agency.Agency
	nodes := tree.Nodes()
	for _, a := range tree.Nodes() {
		if a.Kind == agency.Bureau && a.State == agency.Merged && slices.ContainsFunc(places, func(p string) bool { return p != "" && region.Covers(a.Region, p) }) {
			for _, b := range tree.Below(tree.Now(a.ID)) {
				b.Region = a.Region // serves it now
				nodes = append(nodes, b)
			}
		}
	}
	for _, a := range nodes {
		if !a.Keeps() || a.State == agency.Closed || a.State == agency.Pending || !slices.ContainsFunc(places, func(p string) bool { return p != "" && region.Covers(a.Region, p) }) {
			continue
		}
		a, _ = tree.Get(tree.Now(a.ID))
		if slices.ContainsFunc(append(out, center...), func(b agency.Agency) bool { return a.ID == b.ID }) {
			continue
		}
		if a.Kind == agency.Center {
			center = append(center, a)
			continue
		}
		out = append(out, a)
	}
	return append(out, center...)
}

// refuses says whether the province's list has an application refused that names a tie and
// does not lead here: there are agencies that have it, or none in the whole province.
func (k *Desk) refuses(tie string, others bool) bool {
	list := k.settings.Chosen(setting.TieRefuse)
	return slices.Contains(list, tie) && (others || slices.Contains(list, setting.TieNowhere))
}

// heldTo holds an application to 7b, which permits and does not exclude: where the
// recorded ties do not lead to the agency that takes it in, those that have one are
// named, so that it is passed on in one step, or taken in here with a reason. That comes
// before whatever else is missing.
func (k *Desk) heldTo(tx *gate.Tx, own agency.Agency, c Case, missing []rule.Reason) ([]rule.Reason, error) {
	if c.TiePlace == "" && len(missing) > 0 { // it is missing itself
		return missing, nil
	}
	places := []string{c.TiePlace}
	p, err := person.KnownTo(tx.Context(), tx, k.keys, tx.Actor(), c.IDNo)
	if err == nil {
		places = append(places, p.Household, p.EmployerPlace)
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	tree, err := k.agencies.Tree(tx.Context())
	if err != nil {
		return nil, err
	}
	tied := Tied(tree, places...)
	if slices.ContainsFunc(tied, func(a agency.Agency) bool { return a.ID == own.ID }) {
		return missing, nil
	}
	var names []string
	proposed := []codes.Code{}
	for _, a := range tied {
		if a.ID != c.Holder && a.MayTakeIn(tx.Today()) == nil {
			names, proposed = append(names, a.Name), append(proposed, codes.Code{Code: a.ID, Name: a.Name})
		}
	}
	// A packet that lies here sealed and verified is not sent away again (6b): a reason is asked for.
	strict := c.Reason != ReasonFound && k.refuses(c.RegionBasis, len(names) > 0)
	if c.TieDespite != "" && !strict {
		return missing, despite(tx, own, c, names)
	}
	next := "所填地区在市内没有对应的机构；确需在本机构存档的，请写明在本机构受理的理由。"
	if len(names) > 0 {
		next = "有联系的机构：" + strings.Join(names, "、") + "。可以一步转交，申请人无需往返；仍在本机构受理的，请写明理由。"
	}
	if c.Reason == ReasonFound {
		next = "这份档案已由本机构封存保管：请写明在本机构受理的理由；本人愿在有联系的机构存档的，接收后再按转递办理。"
	}
	if strict {
		next = "所填地区在市内没有对应的机构；请向市人力资源和社会保障局咨询，或以其他存档依据申请。"
		if len(names) > 0 {
			next = "有联系的机构：" + strings.Join(names, "、") + "。可以一步转交，申请人无需往返。"
		}
		return nil, rule.Refuse(rule.Reason{Rule: "7b", Slug: "tie_refused", Message: "登记的存档依据“" + c.Tie() + "”不在" + own.Name + "服务区域，全市规定以“" + c.RegionBasis + "”为依据的不予受理。", Next: next, Facts: map[string]any{"agencies": proposed}})
	}
	elsewhere := rule.Reason{Rule: "7b", Slug: "tie_elsewhere", Field: "tieDespite", Message: "登记的存档依据“" + c.Tie() + "”不在本机构服务区域。", Next: next,
		Facts: map[string]any{"agencies": proposed}}
	return append([]rule.Reason{elsewhere}, missing...), nil
}

// passOn makes another keeper the receiver of an application taken in here.
func passOn(ctx context.Context, tx *gate.Tx, a Application, own agency.Agency) (agency.Agency, error) {
	to, err := agency.Get(ctx, tx, a.PassTo)
	if errors.Is(err, store.ErrNotFound) || err == nil && (!to.Keeps() || to.ID == own.ID || to.ID == a.Holder) {
		return to, rule.Mistake(rule.Reason{Rule: "7b", Slug: "pass_to_wrong", Field: "passTo", Message: "不能转交这个机构。", Next: "请从有联系的机构中选择。"})
	} else if err != nil {
		return to, err
	}
	if refused := to.MayTakeIn(tx.Today()); refused != nil {
		return to, refused
	}
	return to, nil
}
