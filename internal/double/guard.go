package double

import (
	"context"
	"encoding/hex"
	"slices"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Likely is a dossier that may be the same person's.
type Likely struct {
	Dossier dossier.Dossier
	Person  person.Person
}

// Slug names the refusal of somebody who is likely kept already.
const Slug = "likely_double"

// Find tells, for each candidate, the dossiers that are likely of the same person and that
// the actor may know of. It asks a few queries, however many the candidates are.
func Find(ctx context.Context, q store.Querier, keys person.Indexer, by policy.Actor, list []person.Candidate) ([][]Likely, error) {
	out := make([][]Likely, len(list))
	alike, err := person.Alike(ctx, q, keys, list)
	if err != nil {
		return nil, err
	}
	var people []person.Person
	for _, a := range alike {
		people = append(people, a...)
	}
	kept, err := KeptOf(ctx, q, by, people)
	if err != nil {
		return nil, err
	}
	for i, a := range alike {
		for _, p := range a {
			if d, ok := kept[p.ID]; ok {
				out[i] = append(out[i], Likely{d, p})
			}
		}
	}
	return out, nil
}

// KeptOf are the dossiers of persons, by person, as far as the actor may know of them (10b, 15).
func KeptOf(ctx context.Context, q store.Querier, by policy.Actor, people []person.Person) (map[string]dossier.Dossier, error) {
	out := map[string]dossier.Dossier{}
	if len(people) == 0 {
		return out, nil
	}
	args := []any{by.Clearance}
	for _, p := range people {
		args = append(args, p.ID)
	}
	list, err := store.List[dossier.Dossier](ctx, q, "WHERE merged_into IS NULL AND secrecy<=? AND person_id IN ("+store.Marks(len(people))+")", args...)
	for _, d := range list {
		if !slices.Contains(by.Persons, d.PersonID) && !slices.Contains(by.Barred, d.PersonID) {
			out[d.PersonID] = d
		}
	}
	return out, err
}

// Anybody knows what everybody on the staff may: nothing that is classed, and only what is
// classed has named readers. A report that colleagues read, too, is asked for in this name.
var Anybody = policy.Actor{Clearance: dossier.Open}

// Guard refuses to make a person of the candidate, or to have one called so, while a
// dossier of the province is likely theirs and nobody has said that they are two (2).
func Guard(tx *gate.Tx, keys person.Indexer, c person.Candidate) error {
	found, err := Find(tx.Context(), tx, keys, tx.Actor(), []person.Candidate{c})
	if err != nil || len(found[0]) == 0 {
		return err
	}
	return refuse(tx, keys, c, found[0])
}

// Alike is a dossier as a refusal shows it; the number of another agency's is not said.
type Alike struct {
	DossierID  string `json:"dossierId"`
	No         string `json:"no,omitempty"`
	Name       string `json:"name"`
	IDNo       string `json:"idNo"`
	AgencyName string `json:"agencyName"`
}

// refuse says which dossiers are likely the candidate's, and both ways out.
func refuse(tx *gate.Tx, keys person.Indexer, c person.Candidate, found []Likely) error {
	var codes []string
	for _, l := range found {
		codes = append(codes, l.Dossier.Agency)
	}
	agencies, err := store.List[agency.Agency](tx.Context(), tx, "WHERE id IN ("+store.Marks(len(codes))+")", store.Args(codes)...)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, a := range agencies {
		names[a.ID] = a.Name
	}
	var alike []Alike
	for _, l := range found {
		a := Alike{DossierID: l.Dossier.ID, Name: l.Person.Name, IDNo: identity.Mask(l.Person.IDNo), AgencyName: names[l.Dossier.Agency]}
		if tx.Actor().Reaches(l.Dossier.Agency) {
			a.No = l.Dossier.No
		}
		alike = append(alike, a)
	}
	return rule.Complete(rule.Reason{Rule: "2", Slug: Slug, Message: "全市在管档案中有姓名、出生日期都相同而号码不同的人，可能是同一人。",
		Next:  "请对照证件核实：是两个人的，写明理由和查看的证件材料，认定不是同一人后再办；是同一人的，先在“变更与并档”更正姓名号码，或把这一袋登记为一人多档，并入已有的一卷。",
		Facts: map[string]any{"alike": alike, "candidate": Claim(keys, c)}})
}

// Candidate is somebody who is not kept yet, as a refusal hands them to whoever decides:
// the number as its keyed index.
type Candidate struct {
	Number    string `json:"number"`
	Name      string `json:"name"`
	BirthDate string `json:"birthDate"`
}

// Claim puts a candidate into the form in which a decision names them.
func Claim(keys person.Indexer, c person.Candidate) Candidate {
	return Candidate{Number: hex.EncodeToString(keys.Index(person.IndexPurpose, c.IDNo)), Name: c.Name, BirthDate: c.BirthDate}
}
