package demo

import (
	"fmt"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/secrecy"
)

// secrets are classified dossiers and materials of the municipal center at every step (15, 21b): three people
// are cleared, what was found is raised at once, a lowering waits for the head, one was
// approved and one was not, a trade secret and a private paper are closed to some.
func (b *builder) secrets() error {
	const division = "500000"
	o, err := b.open(division)
	if err != nil || o.part() < 5 {
		return err
	}
	guard, err := b.as("secadmin", "500000")
	if err != nil {
		return err
	}
	b.plan("核定知悉范围", func() error {
		b.at(200, 9, 10)
		for _, a := range []policy.Actor{o.reviewer, o.keeper, o.headOf} {
			if err := b.in.Staff.Clear(b.ctx, guard, a.ID, dossier.TopSecret, "涉密岗位审查（演示）渝人社保〔2026〕3号"); err != nil {
				return err
			}
		}
		return nil
	})
	cleared := func(post string) (policy.Actor, error) { return b.as(post, division) } // anew: the clearance counts from now
	last := func(dossierID string) (dossier.Material, error) {
		list, err := dossier.CatalogOf(b.ctx, b.in.DB, dossierID)
		if err != nil || len(list) == 0 {
			return dossier.Material{}, fmt.Errorf("no catalog in %s: %w", dossierID, err)
		}
		return list[len(list)-1], nil
	}
	paper := secrecy.Basis{Organ: "重庆市保密局（演示）", DocName: "国家秘密解除通知书"}
	for i, c := range []struct {
		at             int
		to             dossier.Class
		whole          bool
		ago            int
		by             string
		lower, decide  int // days ago; 0: not
		approved       bool
		reason, doc    string
		namesTheKeeper bool
	}{
		{at: 0, to: dossier.ClassTrade, ago: 60, by: "clerk", reason: "形成单位来函说明属商业秘密", namesTheKeeper: true},
		{at: 1, to: dossier.ClassPrivacy, ago: 50, by: "reviewer", reason: "记载健康状况"},
		{at: 2, to: dossier.ClassWork, whole: true, ago: 40, by: "clerk", lower: 2, reason: "卷内附有工作秘密文件", doc: "渝保〔2026〕31号"},
		{at: 3, to: dossier.ClassSecret, ago: 45, by: "keeper", lower: 20, decide: 18, approved: true, reason: "封面标有密级标志", doc: "渝保〔2026〕19号"},
		{at: 4, to: dossier.ClassWork, ago: 35, by: "reviewer", lower: 12, decide: 11, reason: "标有工作秘密", doc: "渝保〔2026〕25号"},
	} {
		id := o.ids[c.at]
		b.plan(fmt.Sprintf("定密 %d", i+1), func() error {
			b.at(c.ago, 10, 15+i)
			by, err := cleared(c.by)
			if err != nil {
				return err
			}
			n := secrecy.Entry{DossierID: id, To: c.to, Basis: secrecy.Basis{Reason: c.reason}}
			if !c.whole {
				m, err := last(id)
				if err != nil {
					return err
				}
				n.MaterialID = m.ID
			}
			if _, err := b.in.Secrecy.Raise(b.ctx, by, n); err != nil {
				return err
			}
			if c.namesTheKeeper {
				head, err := cleared("head")
				if err != nil {
					return err
				}
				return b.in.Secrecy.Name(b.ctx, head, id, n.MaterialID, []string{o.keeper.ID}, "年度清点")
			}
			if c.lower == 0 {
				return nil
			}
			b.at(c.lower, 9, 30)
			reviewer, err := cleared("reviewer")
			if err != nil {
				return err
			}
			n.To, n.Basis = dossier.ClassNormal, paper
			n.Reason, n.DocNo, n.DocOn = "定密机关已解除", c.doc, b.today.AddDays(-c.lower-3)
			change, err := b.in.Secrecy.Propose(b.ctx, reviewer, n)
			if err != nil || c.decide == 0 {
				return err
			}
			b.at(c.decide, 15, 20)
			head, err := cleared("head")
			if err != nil {
				return err
			}
			note := ""
			if !c.approved {
				note = "文件只解除其中两页，请向定密机关核实后再提。"
			}
			_, err = b.in.Secrecy.Decide(b.ctx, head, change.ID, c.approved, note)
			return err
		})
	}
	return nil
}
