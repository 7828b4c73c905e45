package statement_test

import (
	"slices"
	"strings"
	"testing"

	"dangan/internal/dossier"
	"dangan/internal/statement"
	"dangan/internal/statement/statementtest"

	"pgregory.net/rapid"
)

var kinds = []statement.Kind{statement.Custody, statement.History, statement.Kinship, statement.Facts}

// asked are keys of what the desk proposes, or of anything, also what is in nobody's record.
func asked(rt *rapid.T, proposals []statement.Proposal) []string {
	anything, offered := []string{"custody", "period:x", "family:x", "fact:x", ""}, []string{}
	for _, p := range proposals {
		anything = append(anything, p.Key)
		if p.Hindrance == nil {
			offered = append(offered, p.Key)
		}
	}
	if len(offered) == 0 || rapid.IntRange(0, 3).Draw(rt, "anything") == 0 {
		return rapid.SliceOfN(rapid.SampledFrom(anything), 0, 4).Draw(rt, "keys")
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(offered), 1, len(offered), rapid.ID[string]).Draw(rt, "keys")
}

// 29.7: whatever is asked for, what comes out rests on a filed material or the
// custody record, says what stands there, names where, and leaves no known
// contradiction out; if anything asked for does not, nothing comes out.
func TestEveryLineRestsOnTheRecord(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
		r := statementtest.Record(rt)
		proposals := r.Propose(kind)
		keys := asked(rt, proposals)
		lines, err := statement.Choose(kind, proposals, keys)
		if err != nil {
			if len(lines) > 0 {
				rt.Fatalf("refused, and %d lines given all the same", len(lines))
			}
			return
		}
		if len(lines) == 0 {
			rt.Fatal("a certificate without a statement")
		}
		for _, k := range keys {
			if !slices.ContainsFunc(lines, func(l statement.Line) bool { return l.Key == k }) {
				rt.Fatalf("%q was asked for and left out in silence", k)
			}
		}
		for _, l := range lines {
			if !statementtest.Rests(r, l) || l.Source == "" || !slices.Contains(keys, l.Key) {
				rt.Fatalf("%+v rests on nothing", l)
			}
			if kind != statement.Custody && !strings.Contains(l.Source, "页") {
				rt.Fatalf("%+v names no page", l)
			}
			for _, other := range lines {
				if kind == statement.Kinship && l.Relation == "父亲" && other.Relation == "父亲" && l.Name != other.Name && l.Remark == "" {
					rt.Fatalf("two fathers and no word about it: %+v", l)
				}
			}
			if kind != statement.Facts {
				continue
			}
			for _, e := range r.Facts { // every writing that may be stated and differs stands beside it
				says := dossier.Fact{Kind: l.Kind, Written: l.Written, Value: valueOf(r, l.Key)}
				differs := "fact:"+e.ID != l.Key && dossier.Disagree(says, e) && e.ConfirmedBy != "" && statementtest.Carries(r, e.MaterialID, e.Cite, e.ConfirmedBy)
				if differs && (l.Remark == "" || !slices.ContainsFunc(lines, func(o statement.Line) bool { return o.Key == "fact:"+e.ID })) {
					rt.Fatalf("%+v is stated, %+v differs and is left out", l, e)
				}
			}
		}
	})
}

func valueOf(r statement.Record, key string) string {
	for _, e := range r.Facts {
		if "fact:"+e.ID == key {
			return e.Value
		}
	}
	for _, e := range r.Decisions {
		if "determination:"+e.ID == key {
			return e.Value
		}
	}
	return ""
}

// What is secret, was corrected or is no material of the dossier is told by no remark; what
// waits for filing is told without its title (15).
func TestARemarkTellsNothingThatIsClosed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := statementtest.Record(rt)
		for _, kind := range kinds {
			for _, p := range r.Propose(kind) {
				for _, m := range r.Materials {
					if (m.Secrecy > 0 || m.State != dossier.Filed) && strings.Contains(p.Remark, m.Title) {
						rt.Fatalf("%s (%s, secrecy %d) is told beside %+v", m.Title, m.State, m.Secrecy, p.Line)
					}
				}
			}
		}
	})
}

// What can be stated is never told to be lacking, and the other way round.
func TestLacks(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := statementtest.Record(rt)
		proposals := r.Propose(statement.Facts)
		lacks := statement.Lacks(proposals, statement.FactKinds)
		for _, kind := range statement.FactKinds {
			some := slices.ContainsFunc(proposals, func(p statement.Proposal) bool { return p.Kind == kind && p.Hindrance == nil })
			if some == slices.Contains(lacks, kind) {
				rt.Fatalf("%s: can be stated %v, lacking %v", kind, some, lacks)
			}
		}
	})
}
