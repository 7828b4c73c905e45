package statementtest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/statement"

	"pgregory.net/rapid"
)

// Record is a random record: materials in every state, entries that rest on them, on
// pieces cited by hand, or on nothing of this dossier. Every value is a mark of its
// own, so that a printed one can be traced to the entry it came from.
func Record(rt *rapid.T) statement.Record {
	r := statement.Record{Dossier: dossier.Dossier{ID: "d", State: dossier.InStore, ReceivedOn: "2019-06-18", AccountKind: "personal"}, Materials: map[string]dossier.Material{}}
	pick := func(label string, n int) int { return rapid.IntRange(0, n-1).Draw(rt, label) }
	states := []dossier.MaterialState{dossier.Filed, dossier.Filed, dossier.Filed, dossier.Received, dossier.ToFile, dossier.Returned, dossier.Superseded, dossier.Delivered}
	for i := range pick("materials", 6) {
		m := dossier.Material{ID: fmt.Sprint("m", i), DossierID: "d", State: states[pick("state", len(states))], Class: "4-1", Seq: int64(i + 1), Title: fmt.Sprintf("材料%d号", i), FormedYear: int64(1990 + i)}
		if pick("secret", 4) == 0 {
			m.Secrecy = 1 + pick("level", 4)
		}
		r.Materials[m.ID] = m
	}
	// An entry's source: a material (perhaps of another dossier), or cited by hand.
	source := func(i int) (material, cite, confirmed string) {
		second := []string{"", "second"}[pick("confirmed", 2)]
		if pick("cited", 3) == 0 {
			return "", dossier.Cite("1", fmt.Sprintf("纸质%d号", i)), second
		}
		return fmt.Sprint("m", pick("material", 8)), "", second
	}
	for i := range pick("periods", 6) {
		e := dossier.Period{ID: fmt.Sprint("p", i), Kind: []string{dossier.Study, dossier.Work}[pick("kind", 2)], FromMonth: fmt.Sprintf("20%02d-01", 10+pick("from", 8)), ToMonth: fmt.Sprintf("20%02d-12", 18+i),
			Unit: fmt.Sprintf("单位%d号", pick("unit", 3)), Post: fmt.Sprintf("岗位%d号", i), PageNo: 2}
		e.MaterialID, e.Cite, e.ConfirmedBy = source(i)
		r.Periods = append(r.Periods, e)
	}
	for i := range pick("family", 6) {
		e := dossier.Family{ID: fmt.Sprint("f", i), Relation: []string{"father", "mother", "son"}[pick("relation", 3)], Name: fmt.Sprintf("亲属%d号", pick("name", 4)), PageNo: 3}
		e.MaterialID, e.Cite, e.ConfirmedBy = source(100 + i)
		r.Family = append(r.Family, e)
	}
	for i := range pick("facts", 7) {
		year := 1980 + i
		e := dossier.Fact{ID: fmt.Sprint("k", i), Kind: []string{"birth_date", "work_start", "party_joining"}[pick("fact", 3)], PageNo: 4}
		if pick("same", 2) == 0 {
			year = 1980
		}
		e.Written, e.Value = fmt.Sprintf("%d年%d月", year, i+1), fmt.Sprintf("%d-%02d", year, i+1)
		if year == 1980 {
			e.Written, e.Value = "1980年", "1980"
		}
		e.MaterialID, e.Cite, e.ConfirmedBy = source(200 + i)
		r.Facts = append(r.Facts, e)
	}
	for i := range pick("decisions", 3) {
		e := dossier.Determination{ID: fmt.Sprint("z", i), Kind: "birth_date", Written: fmt.Sprintf("1985年%d月", i+1), Value: fmt.Sprintf("1985-%02d", i+1), Authority: "演示主管部门", PageNo: 1}
		e.MaterialID, e.Cite, e.ConfirmedBy = source(300 + i)
		r.Decisions = append(r.Decisions, e)
	}
	switch pick("custody", 4) {
	case 0:
		r.Dossier.ReceivedOn = ""
	case 1:
		r.Dossier.State = dossier.Left
	case 2:
		r.Dossier.State = dossier.Left
		r.Chain = []custody.Event{{Kind: custody.Taken, At: time.Date(2019, 6, 18, 1, 0, 0, 0, time.UTC)}, {Kind: custody.Dispatched, At: time.Date(2024, 3, 5, 1, 0, 0, 0, time.UTC)}}
	}
	return r
}

// Carries says whether an entry's source may carry a statement, told anew from the
// rule: a filed, open material of this dossier, or a piece cited by one and
// confirmed by another (29.7, 15).
func Carries(r statement.Record, material, cite, confirmed string) bool {
	if material == "" {
		return cite != "" && confirmed != ""
	}
	m, here := r.Materials[material]
	return here && m.State == dossier.Filed && m.Secrecy == 0
}

// Rests says whether a line is what an entry that may carry it says, word for word.
func Rests(r statement.Record, l statement.Line) bool {
	kind, id, _ := strings.Cut(l.Key, ":")
	switch kind {
	case "custody":
		return l.From != "" && l.From == r.Dossier.ReceivedOn && (r.Dossier.State == dossier.Left) == (l.To != "")
	case "period":
		return slices.ContainsFunc(r.Periods, func(e dossier.Period) bool {
			return e.ID == id && Carries(r, e.MaterialID, e.Cite, e.ConfirmedBy) && l.Kind == e.Kind && l.From == e.FromMonth && l.To == e.ToMonth && l.Unit == e.Unit && l.Post == e.Post
		})
	case "family":
		return slices.ContainsFunc(r.Family, func(e dossier.Family) bool {
			return e.ID == id && Carries(r, e.MaterialID, e.Cite, e.ConfirmedBy) && l.Name == e.Name && l.Relation == codes.KinName(e.Relation)
		})
	case "fact":
		return slices.ContainsFunc(r.Facts, func(e dossier.Fact) bool {
			return e.ID == id && e.ConfirmedBy != "" && Carries(r, e.MaterialID, e.Cite, e.ConfirmedBy) && l.Kind == e.Kind && l.Written == e.Written
		})
	case "determination":
		return slices.ContainsFunc(r.Decisions, func(e dossier.Determination) bool {
			return e.ID == id && e.ConfirmedBy != "" && Carries(r, e.MaterialID, e.Cite, e.ConfirmedBy) && l.Kind == e.Kind && l.Written == e.Written && l.Authority == e.Authority
		})
	}
	return false
}
