package standing

import (
	"strings"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/rule"
)

// apply does what was approved.
func (k *Desk) apply(tx *gate.Tx, c *Case, d, other *dossier.Dossier) error {
	proposed, _, err := c.contents()
	if err != nil {
		return err
	}
	switch c.Kind {
	case Merge:
		return k.merge(tx, c, d, other)
	case Split:
		return k.split(tx, c, d, other, proposed.Shelfmark)
	case Identity:
		return k.rename(tx, c, d, proposed)
	case Category:
		d.Category, d.Subtype, d.Evidence = proposed.Category, proposed.Subtype, c.Document
		return dossier.Save(tx, d)
	case Account:
		if err := k.alive(tx, *d); err != nil {
			return err
		}
		return account.Move(tx, k.press, d, proposed.AccountKind, account.Opening{Unit: proposed.AccountUnit, USCC: proposed.AccountUSCC, Paper: proposed.AccountPaper, Notice: proposed.notice()}, c.ref())
	case Rebuild:
		if d.State != dossier.InStore {
			return rule.Refuse(rule.Reason{Rule: "29.5", Slug: "rebuild_state", Message: "档案现为“" + d.State.Name() + "”，正在办理其他业务。", Next: "请先办结。"})
		}
		d.Basis = "rebuilt"
		if err := custody.Move(tx, d, custody.Rebuilt, d.Place, c.ref(), "依据 "+c.Document); err != nil {
			return err
		}
		return dossier.Save(tx, d)
	}
	return nil
}

// reindexed writes the search keys anew and saves: name or unit changed.
func reindexed(tx *gate.Tx, d *dossier.Dossier) error {
	p, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	if err := dossier.DropName(tx, d.ID); err != nil {
		return err
	}
	if err := dossier.IndexName(tx, *d, p.Name); err != nil {
		return err
	}
	return dossier.Save(tx, d)
}

// rename gives a person the changed name or number; the old ones still find them.
func (k *Desk) rename(tx *gate.Tx, c *Case, d *dossier.Dossier, n Content) error {
	if err := k.fresh(tx, *d, &n); err != nil {
		return err
	}
	p, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	tx.About("Person", p.ID)
	if n.Name != "" && n.Name != p.Name {
		p.FormerNames, p.Name = alsoNamed(p.FormerNames, p.Name), n.Name
	}
	if n.IDNo != "" && n.IDNo != p.IDNo {
		if err := tx.Insert(person.Number{ID: gate.NewID(), PersonID: p.ID, IDNo: p.IDNo, IDIndex: p.IDIndex, UntilAt: tx.Now(), CaseRef: c.ref()}); err != nil {
			return err
		}
		parsed, problem := identity.Parse(n.IDNo, calendar.Of(tx.Now()))
		if problem != "" {
			return rule.Refuse(rule.Reason{Rule: "2", Slug: "id_invalid", Field: "idNo", Message: "身份证号不正确：" + identity.ProblemText(problem) + "。", Next: "请不批准，由经办重新申请。"})
		}
		p.IDNo, p.IDIndex, p.IDWritten, p.BirthDate, p.Sex = parsed.Number, k.keys.Index(person.IndexPurpose, parsed.Number), "", string(parsed.Birth), parsed.Sex()
	}
	if err := tx.Update(&p); err != nil {
		return err
	}
	return reindexed(tx, d)
}

// alsoNamed adds a former name once.
func alsoNamed(former, name string) string {
	for _, n := range strings.Split(former, "、") {
		if n == name {
			return former
		}
	}
	if former == "" {
		return name
	}
	return former + "、" + name
}
