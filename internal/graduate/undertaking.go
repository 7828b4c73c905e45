package graduate

import (
	"context"
	"slices"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/setting"
)

// Ref names the graduate in papers and supplements.
func (g Graduate) Ref() string { return "Graduate:" + g.ID }

// asked are the key facts a graduate's packet is looked through for, each with the material
// that records it and what its absence means (20.4a).
func asked(held dossier.Dossier) []dossier.Gap {
	return slices.DeleteFunc(dossier.FindGaps(dossier.Recorded{Category: held.Category, Subtype: held.Subtype}), func(g dossier.Gap) bool { return g.KeyFact == "" })
}

// Asked is what a clerk goes through with the person at the claim.
func (d *Desk) Asked(ctx context.Context, g Graduate) ([]dossier.Gap, error) {
	if g.State != Unclaimed {
		return nil, nil
	}
	held, err := dossier.Get(ctx, d.gate.DB(), g.DossierID)
	if err != nil {
		return nil, err
	}
	return asked(held), nil
}

// promise puts what is missing on the dossier as promised, with the province's term, and
// gives the person the 告知承诺书 that was signed (20.4a, forms.md 4).
func (d *Desk) promise(tx *gate.Tx, g Graduate, held *dossier.Dossier, facts []string) error {
	if len(facts) == 0 {
		return nil
	}
	due, _ := tx.Calendar().AddMonths(tx.Today(), d.settings.Int(setting.PromiseMonths))
	all := asked(*held)
	var gaps []dossier.Gap
	for _, fact := range facts {
		at := slices.IndexFunc(all, func(x dossier.Gap) bool { return x.KeyFact == fact })
		if at < 0 || slices.ContainsFunc(gaps, func(x dossier.Gap) bool { return x.KeyFact == fact }) {
			return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "key_fact_unknown", Field: "missing", Message: "所列不是这一类人员的关键材料，或列了两次。", Next: "请从页面所列的关键材料中勾选。"})
		}
		gaps = append(gaps, all[at])
		if err := dossier.Owe(tx, held, dossier.Supplement{CaseRef: g.Ref(), KeyFact: fact, Title: all[at].Title, Class: all[at].Class, Consequence: all[at].Consequence, DueOn: due.String(), Promised: true}); err != nil {
			return err
		}
	}
	own, err := agency.Get(tx.Context(), tx, g.Agency)
	if err != nil {
		return err
	}
	_, err = d.press.Issue(tx, g.undertaking(own, *held, gaps, due, tx.Actor().Name))
	return err
}
