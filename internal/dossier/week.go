package dossier

import (
	"context"
	"time"

	"dangan/internal/policy"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Finished counts the materials filed that had the two months (13a).
func (k *Desk) Finished(ctx context.Context, by policy.Actor, from, until time.Time) ([]work.Tally, error) {
	if len(by.Reach) == 0 {
		return nil, nil
	}
	where, args := Scope(by)
	t, err := work.CountOnTime(ctx, k.gate.DB(), work.Filed, "m.filed_at", "m.due_on",
		"material m JOIN dossier ON dossier.id=m.dossier_id WHERE m.due_on IS NOT NULL AND m.filed_at>=? AND m.filed_at<? AND m.secrecy<=? AND "+where,
		append([]any{from.UnixMicro(), until.UnixMicro(), by.Clearance}, args...)...)
	return []work.Tally{t}, err
}

// Parts lists the batches an actor submitted that were decided since a moment (13a).
func (k *Desk) Parts(ctx context.Context, by policy.Actor, since time.Time) ([]work.Part, error) {
	if len(by.Reach) == 0 {
		return nil, nil
	}
	list, err := store.List[Batch](ctx, k.gate.DB(), "WHERE agency IN ("+store.Marks(len(by.Reach))+") AND submitted_by=? AND reviewed_at>=? ORDER BY reviewed_at DESC, id DESC LIMIT 40",
		append(store.Args(by.Reach), by.ID, since.UnixMicro())...)
	if err != nil {
		return nil, err
	}
	out := make([]work.Part, len(list))
	for i, b := range list {
		out[i] = work.Part{Ref: b.Ref(), Kind: "归档", Subject: b.No, Link: "/filing/batches/" + b.ID}
	}
	return out, nil
}
