package graduate

import (
	"context"
	"encoding/json"
	"slices"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/undertaking"
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

// Told reads what was told as missing at the claim.
func (g Graduate) Told() (out []undertaking.Gap) {
	_ = json.Unmarshal([]byte(g.Gaps), &out) // written by ask, or empty
	return out
}

// Promising says that what is missing was told and its undertaking waits for the signature.
func (g Graduate) Promising() bool {
	return g.State == Claimed && g.AskedOn != "" && g.PromisedOn == ""
}

// mayPromise refuses a signature that nothing waits for.
func (g Graduate) mayPromise() error {
	switch {
	case g.State != Claimed:
		return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "not_claimed", Message: "本人还没有认领，没有告知所缺的关键材料。", Next: "请先办理认领，当面对照、一次告知。"})
	case g.AskedOn == "":
		return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "nothing_missing", Message: "认领时关键材料齐全，或者已按原来的办法登记承诺，没有待签署的承诺书。", Next: "无需登记。"})
	case g.PromisedOn != "":
		return rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "promised_already", Message: "承诺已于" + calendar.Date(g.PromisedOn).Long() + "登记。", Next: "需要延期的，在“待补充材料”中申请。"})
	}
	return nil
}

// Promise puts on record what the person signed: who asks for the dossier back is told that it
// is in custody and stays (20.4a).
func (g *Graduate) Promise(p undertaking.Promised, today, latest calendar.Date) (undertaking.Promised, error) {
	if err := g.mayPromise(); err != nil {
		return p, err
	}
	if p.Return {
		return p, rule.Refuse(rule.Reason{Rule: "20.4a", Slug: "return_after_receipt", Message: "档案由学校转来，已由本机构保管，不再退回。", Next: "请学校或形成单位补齐材料后移交本机构，由本人作出书面承诺。"})
	}
	p, err := p.Check(calendar.Date(g.AskedOn), today, latest)
	if err != nil {
		return p, err
	}
	g.Clock.Signed()
	g.Undertaking, g.PromisedOn, g.PromiseDue, g.Statement, g.Signing = true, p.On.String(), p.Due.String(), p.Statement, p.Signing
	return p, nil
}

// paper is what both parts of the 告知承诺书 say.
func (g Graduate) paper(own agency.Agency, held dossier.Dossier) undertaking.Paper {
	return undertaking.Paper{Agency: own, CaseRef: g.Ref(), Dossier: held, Name: g.Name, IDNo: g.IDNo, From: paper.Field{Label: "毕业院校", Value: g.School}, Checked: "材料清单当面开袋", Gaps: g.Told()}
}

// ask tells at the claim everything that is missing, on one paper that waits for the signature.
func (d *Desk) ask(tx *gate.Tx, g *Graduate, held dossier.Dossier, facts []string) error {
	if len(facts) == 0 {
		return nil
	}
	all := asked(held)
	var gaps []undertaking.Gap
	for _, fact := range facts {
		at := slices.IndexFunc(all, func(x dossier.Gap) bool { return x.KeyFact == fact })
		if at < 0 || slices.ContainsFunc(gaps, func(x undertaking.Gap) bool { return x.KeyFact == fact }) {
			return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "key_fact_unknown", Field: "missing", Message: "所列不是这一类人员的关键材料，或列了两次。", Next: "请从页面所列的关键材料中勾选。"})
		}
		x := all[at]
		gaps = append(gaps, undertaking.Gap{KeyFact: x.KeyFact, Title: x.Title, Class: x.Class, Others: x.Others, Consequence: x.Consequence})
	}
	raw, err := json.Marshal(gaps)
	if err != nil {
		return err
	}
	g.Gaps, g.AskedOn = string(raw), tx.Today().String()
	g.Clock.Told()
	own, err := agency.Get(tx.Context(), tx, g.Agency)
	if err != nil {
		return err
	}
	_, err = d.press.Issue(tx, g.paper(own, held).Told(d.latest(tx), tx.Actor().Name))
	return err
}

// latest is the last day that can be promised.
func (d *Desk) latest(tx *gate.Tx) calendar.Date {
	due, _ := tx.Calendar().AddMonths(tx.Today(), d.settings.Int(setting.PromiseMonths))
	return due
}

// Promise records the signed undertaking of a graduate: what is missing is owed from now on, with
// reminders, and the person gets the 收档凭证.
func (d *Desk) Promise(ctx context.Context, by policy.Actor, id string, p undertaking.Promised) (Graduate, error) {
	return d.onRule(ctx, by, "graduate.promise", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, g *Graduate, held *dossier.Dossier) error {
		p, err := g.Promise(p, tx.Today(), d.latest(tx))
		if err != nil {
			return err
		}
		if err := here(*g, *held); err != nil {
			return err
		}
		agent, err := dossier.ByAgent(tx, *held, p.MandateID, mandate.Undertaking, g.Ref(), nil)
		if err != nil {
			return err
		}
		if agent != nil {
			p.Statement = agent.For() + "：" + p.Statement
			g.Statement = p.Statement
		}
		told, err := undertaking.Issued(tx, g.Ref())
		if err != nil {
			return err
		}
		if p.Signing == undertaking.OnScreen {
			own, err := agency.Get(ctx, tx, g.Agency)
			if err != nil {
				return err
			}
			if told, err = d.press.Issue(tx, g.paper(own, *held).Signed(told, g.AskedOn, p, tx.Actor().Name)); err != nil {
				return err
			}
		}
		if told.ID != "" {
			if err := document.SetState(tx, told.ID, document.Answered); err != nil {
				return err
			}
		}
		var owed []dossier.Supplement
		for _, x := range g.Told() {
			owed = append(owed, dossier.Supplement{CaseRef: g.Ref(), KeyFact: x.KeyFact, Title: x.Title, Class: x.Class, Consequence: x.Consequence, DueOn: g.PromiseDue, Promised: true})
		}
		if err := dossier.Owe(tx, held, owed...); err != nil {
			return err
		}
		if err := d.proof(tx, *g, *held, "告知承诺接收", len(owed)); err != nil {
			return err
		}
		tx.About("Dossier", held.ID)
		return dossier.Save(tx, held)
	})
}

// here refuses what only the keeper of the dossier does.
func here(g Graduate, held dossier.Dossier) error {
	if held.Agency == g.Agency && held.State != dossier.Left {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "12", Slug: "dossier_moved", Message: "档案已不在本机构保管。", Next: "请向现保管单位办理。"})
}

// scans names the scans of a graduate's undertaking.
func (g Graduate) scans() undertaking.Of { return undertaking.Of{GraduateID: g.ID} }

// Scans lists the scans of what was signed on paper.
func (d *Desk) Scans(ctx context.Context, g Graduate) ([]undertaking.File, error) {
	return undertaking.FilesOf(ctx, d.gate.DB(), g.scans())
}

// AttachSigned keeps a scan of the undertaking that was signed on paper.
func (d *Desk) AttachSigned(ctx context.Context, by policy.Actor, id string, content []byte) (Graduate, error) {
	scan, err := undertaking.Look(content)
	if err != nil {
		return Graduate{}, err
	}
	g, err := store.Get[Graduate](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return g, err
	}
	if err := d.gate.Ready(by, "graduate.attach", g.Resource()); err != nil { // nobody fills the store who may not
		return g, err
	}
	if err := scan.Put(ctx, d.press.Blobs, content); err != nil {
		return g, err
	}
	return d.onRule(ctx, by, "graduate.attach", []rule.ID{"20.4a"}, id, func(tx *gate.Tx, g *Graduate, _ *dossier.Dossier) error {
		if err := undertaking.MayAttach(g.PromisedOn, g.Signing); err != nil {
			return err
		}
		tx.About("Dossier", g.DossierID)
		return scan.Attach(tx, g.scans())
	})
}

// LookSigned shows one scan, on record.
func (d *Desk) LookSigned(ctx context.Context, by policy.Actor, id string, no int64) (mime string, content []byte, err error) {
	var f undertaking.File
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "graduate.look", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		g, err := store.Get[Graduate](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		res := g.Resource()
		if g.DossierID != "" {
			held, err := dossier.Get(ctx, tx, g.DossierID)
			if err != nil {
				return err
			}
			res.Attrs["person"] = held.PersonID // 10b
		}
		tx.About("Graduate", g.ID)
		if err := tx.Permit(res); err != nil {
			return err
		}
		tx.Note("file", no)
		f, err = undertaking.FileOf(ctx, tx, g.scans(), no)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	return f.Show(ctx, d.press.Blobs)
}
