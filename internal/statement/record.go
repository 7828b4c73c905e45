package statement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/paper"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Record is what a dossier holds, as far as the kinds read into it rest on it.
type Record struct {
	Dossier   dossier.Dossier
	Chain     []custody.Event
	Periods   []dossier.Period
	Family    []dossier.Family
	Facts     []dossier.Fact
	Decisions []dossier.Determination
	Materials map[string]dossier.Material
}

// Read gathers as much of a dossier's record as the kinds rest on, in a bounded
// number of statements.
func Read(ctx context.Context, q store.Querier, d dossier.Dossier, kinds ...Kind) (r Record, err error) {
	r = Record{Dossier: d, Materials: map[string]dossier.Material{}}
	var sources []string
	cite := func(materialID string) {
		if materialID != "" {
			sources = append(sources, materialID)
		}
	}
	if slices.Contains(kinds, Custody) {
		if r.Chain, err = custody.Chain(ctx, q, d.ID); err != nil {
			return r, err
		}
	}
	if slices.Contains(kinds, History) {
		if r.Periods, err = dossier.PeriodsOf(ctx, q, d.ID); err != nil {
			return r, err
		}
	}
	if slices.Contains(kinds, Kinship) {
		if r.Family, err = dossier.FamilyOf(ctx, q, d.ID); err != nil {
			return r, err
		}
	}
	if slices.Contains(kinds, Facts) {
		if r.Facts, err = dossier.FactsOf(ctx, q, d.ID); err != nil {
			return r, err
		}
		if r.Decisions, err = dossier.DeterminationsOf(ctx, q, d.ID); err != nil {
			return r, err
		}
	}
	for _, e := range r.Periods {
		cite(e.MaterialID)
	}
	for _, e := range r.Family {
		cite(e.MaterialID)
	}
	for _, e := range r.Facts {
		cite(e.MaterialID)
	}
	for _, e := range r.Decisions {
		cite(e.MaterialID)
	}
	if len(sources) == 0 {
		return r, nil
	}
	list, err := store.List[dossier.Material](ctx, q, "WHERE dossier_id=? AND id IN ("+store.Marks(len(sources))+")", append([]any{d.ID}, store.Args(sources)...)...)
	for _, m := range list {
		r.Materials[m.ID] = m
	}
	return r, err
}

// Hindrances that other rules ask for by name.
const (
	SlugUnconfirmed = "not_confirmed"
	slugNotFiled    = "source_not_filed"
)

func hindered(slug, message, next string) *rule.Reason {
	return &rule.Reason{Rule: "23", Slug: slug, Message: message, Next: next}
}

func unconfirmed(message string) *rule.Reason {
	return &rule.Reason{Rule: "29.7", Slug: SlugUnconfirmed, Message: message, Next: "请由本机构另一名经办或审核人员对照原件核对。"}
}

// source names the material and the page an entry rests on; a hindrance if it can't carry
// a statement.
func (r Record) source(materialID, cite, confirmedBy string, pageNo int64) (source, recorded string, why *rule.Reason) {
	page := ""
	if pageNo > 0 {
		page = "第" + fmt.Sprint(pageNo) + "页"
	}
	if materialID == "" {
		class, title := dossier.ParseCite(cite)
		if confirmedBy == "" {
			why = unconfirmed("这条引自纸质档案，还没有经第二人对照原件核对。")
		}
		return class + "《" + title + "》" + page, "", why
	}
	m, ok := r.Materials[materialID]
	switch {
	case !ok:
		return "", "", hindered("not_in_dossier", "出处材料不在本档案中。", "请按目录中的材料重新登记出处。")
	case m.Closed() || m.Title == "": // what is closed to some is not printed for all (security.md 1)
		return "涉密材料", "", &rule.Reason{Rule: "15", Slug: "source_secret", Message: "出处是涉密材料，不能据以出具公开证明。", Next: "请向材料形成单位申请。"}
	case m.State == dossier.Superseded:
		return "《" + m.Title + "》", "", &rule.Reason{Rule: "29.7", Slug: "source_corrected", Message: "出处材料已有更正后的版本。", Next: "请按更正后的材料重新登记这条记载。"}
	case m.State != dossier.Filed:
		return "《" + m.Title + "》", "", hindered(slugNotFiled, "出处材料"+m.State.Name()+"，尚未归档，不能据以证明。", "请先办理归档。")
	}
	recorded = paper.PartialDate(int(m.FormedYear), int(m.FormedMonth), int(m.FormedDay))
	return fmt.Sprintf("%s-%d《%s》%s", m.Class, m.Seq, m.Title, page), recorded, nil
}

// counterpart says in what words a record that disagrees and can't be stated is told beside
// another; empty where it may not be told at all. What waits for filing is told without its
// title; what is secret or was corrected is not told (15).
func counterpart(p Proposal) string {
	if p.NotFiled() {
		return "另有收到而尚未归档的材料对此有不同记载"
	}
	return ""
}

// beside lays a record that says otherwise beside a proposal: named where it may be stated,
// to be settled first where it waits for a second person, else told in the words of
// counterpart (29.7). told is what the remark says where both can be stated.
func (p *Proposal) beside(other Proposal, told string) {
	switch {
	case other.Hindrance == nil:
		p.Conflicts = append(p.Conflicts, other.Key)
		p.Remark = remark(p.Remark, told)
	case other.Waits != "":
		p.Unsettled = true
	default:
		p.Remark = remark(p.Remark, counterpart(other))
	}
}

// remark adds to what is said beside a line, each word once.
func remark(have, more string) string {
	switch {
	case more == "" || have == more:
		return have
	case have == "":
		return more
	}
	if slices.Contains(strings.Split(have, "；"), more) {
		return have
	}
	return have + "；" + more
}
