package staff

import (
	"context"
	"fmt"
	"time"

	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Work lists administrators who became kin of each other after their appointment
// (10b; security.md 5): for the security administrator, who ends one of the posts, and
// for the auditor, who sees that it is done. One item for each who holds a post.
func (o *Office) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	if !by.Has(SecAdmin) && !by.Has(Auditor) {
		return nil, nil
	}
	now := o.gate.Now()
	in := store.Marks(len(administrative))
	args := append(store.Args(administrative), now)
	args = append(append(args, store.Args(administrative)...), now)
	rows, err := o.gate.DB().Query(ctx, `SELECT s.id,s.name,p.post,t.name,q.post,max(k.at) FROM kin_declaration k
		JOIN staff s ON s.id=k.staff_id JOIN post p ON p.staff_id=s.id AND p.post IN (`+in+`) AND p.ended_at IS NULL AND (p.until_at IS NULL OR p.until_at>?)
		JOIN staff t ON t.id_ix=k.id_ix AND t.id<>s.id JOIN post q ON q.staff_id=t.id AND q.post IN (`+in+`) AND q.ended_at IS NULL AND (q.until_at IS NULL OR q.until_at>?)
		GROUP BY s.id,s.name,p.post,t.name,q.post ORDER BY 6 LIMIT 50`, args...)
	if err != nil {
		return nil, fmt.Errorf("administrators' kin: %w", err)
	}
	defer rows.Close()
	var out []work.Item
	for rows.Next() {
		var id, name, post, other, otherPost string
		var at int64
		if err := rows.Scan(&id, &name, &post, &other, &otherPost, &at); err != nil {
			return nil, err
		}
		out = append(out, work.Item{Room: "staff", Kind: "管理员回避", Subject: name, SubjectNote: PostName(post) + "，与" + other + "（" + PostName(otherPost) + "）申报为亲属",
			Todo: "另行授权并结束其中一人的管理员岗位", Link: "/staff/" + id, Action: "查看", Basis: "10b", Lane: work.Todo, Since: time.UnixMicro(at).UTC()})
	}
	return out, rows.Err()
}
