package dossier

import (
	"context"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Determination is a decision of the competent department on a key fact, with the
// paper that says so. The agency lists what is written and decides nothing itself.
type Determination struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	DossierID   string    `db:"dossier_id"`
	Kind        string    `db:"kind"`
	Written     string    `db:"written"` // what was decided, as the paper writes it
	Value       string    `db:"value,null"`
	Authority   string    `db:"authority"`
	DocNo       string    `db:"doc_no"`
	DecidedOn   string    `db:"decided_on"`
	MaterialID  string    `db:"material_id,null"`
	Cite        string    `db:"cite,null"`
	PageNo      int64     `db:"page_no"`
	EnteredBy   string    `db:"entered_by"`
	ConfirmedBy string    `db:"confirmed_by,null"`
	ConfirmedAt time.Time `db:"confirmed_at,null"`
	Void        string    `db:"void,null"`
	At          time.Time `db:"at"`
}

// Table names the table of determinations.
func (Determination) Table() string { return "determination" }

func init() {
	store.Describe(Determination{})
	store.Register("determination", store.Audited, "关键信息的认定：认定机关、文号、日期、所据材料")
}

// NewDetermination is a decision as its paper writes it.
type NewDetermination struct {
	Kind, Written, Authority, DocNo, On string
	Source                              Source
}

// decisive are the classes in which the papers of a decision are filed (materials.md 3).
var decisive = []string{"5", "6"}

func (n NewDetermination) check(today calendar.Date) error {
	fact := NewFact{Kind: n.Kind, Written: n.Written, Source: n.Source}
	reasons := fact.reasons()
	need := func(field, value, message, next string) {
		if strings.TrimSpace(value) == "" {
			reasons = append(reasons, rule.Reason{Rule: "29.2", Slug: "decision_" + field, Field: field, Message: message, Next: next})
		}
	}
	need("authority", n.Authority, "须注明作出认定的主管部门。", "请照认定材料填写机关全称。")
	need("docNo", n.DocNo, "须注明认定的文号。", "请照认定材料填写文号；没有文号的写明材料名称和日期。")
	if on := calendar.Date(n.On); !on.Valid() || on > today {
		reasons = append(reasons, rule.Reason{Rule: "29.2", Slug: "decision_on", Field: "on", Message: "认定日期不对，或在今天之后。", Next: "请照认定材料填写日期。"})
	}
	return mistakes(reasons)
}

// Determine records a decision of the competent department on a key fact; like
// every entry it counts once another person confirms it. What the agency itself
// would decide is refused.
func (k *Desk) Determine(ctx context.Context, by policy.Actor, dossierID string, n NewDetermination) (e Determination, err error) {
	if err := n.check(k.gate.Today()); err != nil {
		return e, err
	}
	_, err = k.act(ctx, by, "dossier.determine", []rule.ID{"20.4a", "29.2"}, dossierID, func(tx *gate.Tx, d *Dossier) error {
		office, err := agency.Get(ctx, tx, d.Agency)
		if err != nil {
			return err
		}
		authority := strings.TrimSpace(n.Authority)
		if authority == office.Name || authority == office.Short {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "agency_decides_nothing", Field: "authority", Message: "档案管理服务机构只列出记载和差异，不作认定。", Next: "请由有权的主管部门作出认定，凭其认定材料登记。"})
		}
		e = Determination{ID: gate.NewID(), Version: 1, DossierID: d.ID, Kind: n.Kind, Written: strings.TrimSpace(n.Written), Value: NewFact{Kind: n.Kind, Written: n.Written}.normalized(),
			Authority: authority, DocNo: strings.TrimSpace(n.DocNo), DecidedOn: n.On, EnteredBy: by.ID, At: tx.Now()}
		if e.MaterialID, e.Cite, e.PageNo, err = placed(tx, *d, n.Source); err != nil {
			return err
		}
		class, _ := ParseCite(e.Cite)
		if e.MaterialID != "" {
			m, err := store.Get[Material](ctx, tx, "WHERE id=?", e.MaterialID)
			if err != nil {
				return err
			}
			class = m.Class
		}
		if !slices.Contains(decisive, class) {
			return rule.Refuse(rule.Reason{Rule: "29.2", Slug: "decision_paper", Field: "source", Message: "认定须以主管部门的认定、审核材料为依据，归第五类；党员身份和入党时间的归第六类。", Next: "请先把认定材料收齐归档，再登记认定。"})
		}
		tx.Note("entered", "determination")
		tx.Note("fact", n.Kind)
		return entered(tx, d, e)
	})
	return e, err
}

// DeterminationsOf lists the decisions entered for a dossier, newest first.
func DeterminationsOf(ctx context.Context, q store.Querier, dossierID string) ([]Determination, error) {
	return store.List[Determination](ctx, q, "WHERE dossier_id=? AND void IS NULL ORDER BY decided_on DESC, id LIMIT 100", dossierID)
}

// Comparison is the 信息核对表 of a dossier: every mention of the key facts side by
// side, what was decided of them elsewhere, gaps and overlaps of the history.
type Comparison struct {
	Dossier   Dossier
	Person    string
	Facts     []Compared
	Intervals []Interval
	Flags     []Flag
	Hands     map[string]string // names of those who entered and compared, by id
	Possible  []gate.Possible
}

// CompareAll reads the comparison of a dossier; the reading is on record.
func (k *Desk) CompareAll(ctx context.Context, by policy.Actor, id string) (out Comparison, err error) {
	d, p, err := k.Read(ctx, by, id)
	if err != nil {
		return out, err
	}
	out.Dossier, out.Person = d, p.Name
	w, err := k.weighed(ctx, k.gate.DB(), p, d)
	if err != nil {
		return out, err
	}
	out.Facts, out.Intervals, out.Flags, out.Hands = w.facts, w.intervals, w.flags, w.hands
	all, err := k.PossibleOn(ctx, by, d, int(d.Materials))
	for _, x := range all {
		if x.Action == "dossier.enter" || x.Action == "dossier.determine" || x.Action == "dossier.print_comparison" {
			out.Possible = append(out.Possible, x)
		}
	}
	return out, err
}
