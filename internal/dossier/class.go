package dossier

import (
	"slices"

	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Class is a security class of the closed list (15; security.md 1).
type Class string

// The classes, lowest first. Work secrets and state secrets conceal the whole dossier from
// who has no clearance for it; trade secrets and privacy close one material to who has no
// need to know it.
const (
	ClassNormal       Class = "normal"
	ClassPrivacy      Class = "privacy"
	ClassTrade        Class = "trade"
	ClassWork         Class = "work"
	ClassSecret       Class = "secret"
	ClassConfidential Class = "confidential"
	ClassTopSecret    Class = "top_secret"
)

// Classes lists them, lowest first.
var Classes = []Class{ClassNormal, ClassPrivacy, ClassTrade, ClassWork, ClassSecret, ClassConfidential, ClassTopSecret}

var classNames = map[Class]string{ClassNormal: "普通", ClassPrivacy: "个人隐私", ClassTrade: "商业秘密", ClassWork: "工作秘密", ClassSecret: "国家秘密·秘密", ClassConfidential: "国家秘密·机密", ClassTopSecret: "国家秘密·绝密"}

// Name is the class as screens say it.
func (c Class) Name() string { return classNames[c] }

// Rank orders the classes; -1 for what is none.
func (c Class) Rank() int { return slices.Index(Classes, c) }

// Level is the clearance the class asks for.
func (c Class) Level() int { return max(Open, c.Rank()-ClassWork.Rank()+1) }

// State says whether it is a state secret, of which the system holds a placeholder only.
func (c Class) State() bool { return c.Level() >= Secret }

// Guard is the class where it closes a single material, else "".
func (c Class) Guard() string {
	if c == ClassPrivacy || c == ClassTrade {
		return string(c)
	}
	return ""
}

// OfLevel is the class of a clearance's level.
func OfLevel(level int) Class {
	if level <= Open || level > TopSecret {
		return ClassNormal
	}
	return Classes[ClassWork.Rank()+level-1]
}

// Mark is a material's class.
func (m Material) Mark() Class {
	if m.Secrecy > Open {
		return OfLevel(m.Secrecy)
	}
	if c := Class(m.Guard); c.Guard() != "" {
		return c
	}
	return ClassNormal
}

// Assign gives a material a class. A state secret leaves nothing but class number, number
// of pages and the mark (security.md 1); what stood in the row goes, sealed anew.
func (m *Material) Assign(c Class) {
	m.Secrecy, m.Guard = c.Level(), c.Guard()
	if c.State() {
		m.bare()
	}
}

// bare takes out of a material everything that could tell what it says.
func (m *Material) bare() {
	m.Title, m.Note, m.KeyFacts, m.Source, m.Maker, m.Reason, m.Defects, m.ForwardTo = "", "", "", "", "", "", "", ""
	m.FormedYear, m.FormedMonth, m.FormedDay, m.Images, m.IsCopy = 0, 0, 0, 0, false
}

// Withheld is what a line says of a material that is closed to who looks: the same for
// every class, so that the line does not tell which one it is.
const Withheld = "限定知悉的材料"

const withheld = "withheld" // the guard of such a line

// Withheld says whether the material is such a line.
func (m Material) Withheld() bool { return m.Guard == withheld }

// Public is the material as papers, registers and lists that leave the house name it:
// what is closed to some is a neutral line to all, so that a paper says the same whoever
// prints it. A work secret is neither printed nor exported nor exchanged, though who is cleared
// for the dossier reads it on the screen (security.md 1). What the catalog counts stays: class
// number, copies, pages.
func (m Material) Public() Material {
	if m.Guard == "" && m.Secrecy != WorkSecret || m.Guard == withheld {
		return m
	}
	images := m.Images
	m.bare()
	m.Title, m.Guard, m.Images = Withheld, withheld, images
	return m
}

// Closed says whether a material is outside of whole-dossier grants: readers see it only
// where the approver names it (21.3), never above work secrets.
func (m Material) Closed() bool { return m.Secrecy > Open || m.Guard != "" }

// Seen is a material as an actor may know it (15): the policy of material.know decides of
// those that are closed.
func (k *Desk) Seen(by policy.Actor, m Material) Material {
	if m.Guard == "" || m.Guard == withheld || k.gate.Decide(by, "material.know", m.known()).Allowed() {
		return m
	}
	return m.Public()
}

// Picture says why a picture of a material is not shown, wherever it came from: none of a state
// secret, whoever asks, and none to whom the material is closed (15, 18c).
func (k *Desk) Picture(by policy.Actor, m Material) error {
	switch {
	case m.Secrecy >= Secret:
		return rule.Refuse(rule.Reason{Rule: "15", Slug: "secret_page", Message: "该材料涉密，不提供影像。", Next: "请按保密规定到涉密档案专区查阅纸质原件。"})
	case k.Seen(by, m).Withheld():
		return rule.Refuse(rule.Reason{Rule: "15", Slug: "page_withheld", Message: "该材料限定知悉，影像不予显示。", Next: "因工作确需查看的，请本机构负责人指定知悉人员。"})
	}
	return nil
}

// closed leaves on a dossier's page what the actor may know of it.
func (k *Desk) closed(by policy.Actor, p *Page, decisions []Determination) []Determination {
	p.Catalog, p.Loose, p.Returned = k.seen(by, p.Catalog), k.seen(by, p.Loose), k.seen(by, p.Returned)
	hidden := withheldOf(p.Catalog)
	p.Corrections = slices.DeleteFunc(p.Corrections, func(c Correction) bool { return hidden[c.MaterialID] })
	p.Facts, p.Periods, decisions = told(p.Catalog, p.Facts, p.Periods, decisions)
	return decisions
}

func withheldOf(catalog []Material) map[string]bool {
	hidden := map[string]bool{}
	for _, m := range catalog {
		if m.Withheld() {
			hidden[m.ID] = true
		}
	}
	return hidden
}

// told leaves out what was read in materials that are withheld.
func told(catalog []Material, facts []Fact, periods []Period, decisions []Determination) ([]Fact, []Period, []Determination) {
	hidden := withheldOf(catalog)
	if len(hidden) == 0 {
		return facts, periods, decisions
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return hidden[f.MaterialID] }), slices.DeleteFunc(periods, func(p Period) bool { return hidden[p.MaterialID] }),
		slices.DeleteFunc(decisions, func(d Determination) bool { return hidden[d.MaterialID] })
}

func (k *Desk) seen(by policy.Actor, list []Material) []Material {
	for i, m := range list {
		list[i] = k.Seen(by, m)
	}
	return list
}

// known is a material as material.know and page.view ask of it.
func (m Material) known() policy.Resource {
	r := policy.Resource{Type: "Material", ID: m.ID, Attrs: map[string]any{}}
	m.Guarded(r.Attrs)
	return r
}

// Guarded writes what the policies ask of a closed material into a resource.
func (m Material) Guarded(attrs map[string]any) {
	if m.Guard == "" {
		return
	}
	attrs["guard"], attrs["material"], attrs["handler"] = m.Guard, m.ID, ""
	if m.State != Filed {
		attrs["handler"] = m.Handler // in whose hands it is until it is filed
	}
}

// onlyPaper refuses words about a state-secret item, whatever act brings them (15).
func (m Material) onlyPaper(texts ...string) error {
	if m.Secrecy < Secret || !slices.ContainsFunc(texts, func(s string) bool { return s != "" }) {
		return nil
	}
	return rule.Refuse(secretTitle("title"))
}
