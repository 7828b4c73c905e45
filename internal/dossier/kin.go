package dossier

import (
	"bytes"
	"context"
	"errors"
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

// Bounds of the search through recorded families (codes.md 8): four blood steps
// and two marriages make six; a person has few relatives.
const (
	maxKinPath  = 6
	maxKinNodes = 300
)

// KinOf says whether somebody, by the keyed index of the identity number (nil if
// unknown) or by name, is the dossier's person or stands within the set of 21c
// as the recorded families tell: the dossier's own, and those of relatives who
// have a dossier. That no relation is found proves nothing: readers also sign.
func KinOf(ctx context.Context, q store.Querier, dossierID string, idIndex []byte, name string) (bool, error) {
	d, err := Get(ctx, q, dossierID)
	if err != nil {
		return false, err
	}
	own, err := indexOf(ctx, q, d.PersonID)
	if err != nil {
		return false, err
	}
	if len(idIndex) > 0 && bytes.Equal(own, idIndex) {
		return true, nil
	}
	type node struct {
		dossier, path string
	}
	seen := map[string]bool{string(own): true}
	queue := []node{{dossierID, ""}}
	for len(queue) > 0 && len(seen) < maxKinNodes {
		at := queue[0]
		queue = queue[1:]
		rows, err := familyRows(ctx, q, at.dossier)
		if err != nil {
			return false, err
		}
		for _, r := range rows {
			path, known := kinPath(r.Relation)
			path = at.path + path
			forbidden := codes.ForbiddenPath(path)
			if at.path == "" {
				forbidden = codes.ForbiddenKin(r.Relation)
			} else if !known {
				forbidden = false
			}
			switch {
			case forbidden && len(idIndex) > 0 && bytes.Equal(r.IDIndex, idIndex):
				return true, nil
			case forbidden && at.path == "" && name != "" && plainName(r.Name) == plainName(name) && (len(idIndex) == 0 || len(r.IDIndex) == 0):
				return true, nil
			}
			if len(r.IDIndex) == 0 || !known || len(path) > maxKinPath || seen[string(r.IDIndex)] {
				continue
			}
			seen[string(r.IDIndex)] = true
			next, err := dossierOf(ctx, q, r.IDIndex)
			if errors.Is(err, store.ErrNotFound) {
				continue
			} else if err != nil {
				return false, err
			}
			queue = append(queue, node{next, path})
		}
	}
	return kinByOther(ctx, q, own, idIndex)
}

// kinByOther looks from the other end: the reader's own dossier may record the
// dossier's person as kin.
func kinByOther(ctx context.Context, q store.Querier, own, idIndex []byte) (bool, error) {
	if len(idIndex) == 0 {
		return false, nil
	}
	other, err := dossierOf(ctx, q, idIndex)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	rows, err := familyRows(ctx, q, other)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(rows, func(r Family) bool {
		return bytes.Equal(r.IDIndex, own) && codes.ForbiddenKin(r.Relation)
	}), nil
}

func kinPath(slug string) (string, bool) {
	for _, k := range codes.Kins() {
		if k.Slug == slug {
			return k.Path, strings.Trim(k.Path, "UDS") == ""
		}
	}
	return "", false
}

func indexOf(ctx context.Context, q store.Querier, personID string) ([]byte, error) {
	var ix []byte
	err := q.QueryRow(ctx, "SELECT id_ix FROM person WHERE id=?", personID).Scan(&ix)
	return ix, store.Classify(err)
}

func dossierOf(ctx context.Context, q store.Querier, idIndex []byte) (string, error) {
	var id string
	err := q.QueryRow(ctx, "SELECT dossier.id FROM dossier JOIN person ON person.id=dossier.person_id WHERE person.id_ix=?", idIndex).Scan(&id)
	return id, store.Classify(err)
}
