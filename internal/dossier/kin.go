package dossier

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// check holds a family entry to its shape and returns the identity number in
// the form that is compared, "" when the material records none.
func (n NewFamily) check(now time.Time) (string, error) {
	reasons := n.Source.check()
	if !slices.ContainsFunc(codes.Kins(), func(k codes.Kin) bool { return k.Slug == n.Relation }) || n.Relation == "self" {
		reasons = append(reasons, rule.Reason{Rule: "21c", Slug: "family_relation", Field: "relation", Message: "没有这种关系。", Next: "请从亲属关系列表中选择。"})
	}
	if strings.TrimSpace(n.Name) == "" {
		reasons = append(reasons, rule.Reason{Rule: "29.2", Slug: "family_name", Field: "name", Message: "姓名不能为空。", Next: "请照材料原文填写。"})
	}
	idNo := ""
	if strings.TrimSpace(n.IDNo) != "" {
		c, problem := identity.Parse(n.IDNo, calendar.Of(now))
		if problem != "" {
			reasons = append(reasons, rule.Reason{Rule: "12b", Slug: "id_invalid", Field: "idNo", Message: "证件号码" + identity.ProblemText(problem) + "。", Next: "请核对材料；材料没有记载的留空。"})
		}
		idNo = c.Number
	}
	return idNo, mistakes(reasons)
}

// plainName is a name as it is compared: without dots and blanks.
func plainName(name string) string {
	return strings.NewReplacer("·", "", " ", "", "　", "", "•", "", ".", "").Replace(name)
}

// Relative is a recorded member of a person's family, for package kin.
type Relative struct {
	PersonID string // whose dossier records it
	Family
}

// FamiliesOf reads the recorded families of persons, those merged into them among them.
func FamiliesOf(ctx context.Context, q store.Querier, persons []string) ([]Relative, error) {
	in, args := "("+store.Marks(len(persons))+")", store.Args(persons)
	return relatives(ctx, q, "SELECT d.id FROM dossier d JOIN person p ON p.id=d.person_id WHERE p.id IN "+in+" UNION SELECT d.id FROM dossier d JOIN person p ON p.id=d.person_id WHERE p.merged_into IN "+in, "dossier_id", append(args, args...))
}

// FamiliesNaming reads from whichever dossier the members of families with one of these keyed
// indexes of a number.
func FamiliesNaming(ctx context.Context, q store.Querier, indexes [][]byte) ([]Relative, error) {
	return relatives(ctx, q, store.Marks(len(indexes)), "id_ix", store.Args(indexes))
}

func relatives(ctx context.Context, q store.Querier, in, column string, args []any) ([]Relative, error) {
	if len(args) == 0 {
		return nil, nil
	}
	list, err := store.List[Family](ctx, q, "WHERE "+column+" IN ("+in+") AND void IS NULL", args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var ids []string
	for _, f := range list {
		if !slices.Contains(ids, f.DossierID) {
			ids = append(ids, f.DossierID)
		}
	}
	rows, err := q.Query(ctx, "SELECT d.id, coalesce(p.merged_into, p.id) FROM dossier d JOIN person p ON p.id=d.person_id WHERE d.id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, fmt.Errorf("whose families: %w", err)
	}
	defer rows.Close()
	whose := map[string]string{}
	for rows.Next() {
		var id, person string
		if err := rows.Scan(&id, &person); err != nil {
			return nil, err
		}
		whose[id] = person
	}
	out := make([]Relative, len(list))
	for i, f := range list {
		out[i] = Relative{whose[f.DossierID], f}
	}
	return out, rows.Err()
}
