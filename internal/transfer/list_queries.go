package transfer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// GetList reads a list.
func GetList(ctx context.Context, q store.Querier, id string) (List, error) {
	return store.Get[List](ctx, q, "WHERE id=?", id)
}

// casesOf are the cases of a list, in the order of their numbers.
func casesOf(ctx context.Context, q store.Querier, listID string) ([]Case, error) {
	return store.List[Case](ctx, q, "WHERE list_id=? ORDER BY no LIMIT 500", listID)
}

// ListView is a list as its page shows it.
type ListView struct {
	List     List
	Cases    []Case
	Ready    int    // cases the reviewer can sign for, or that are reviewed, as the state asks
	Left     []Left // who can't go on with the others yet, with the reasons
	Possible []gate.Possible
}

// ReadList opens a list; the reading is on record (29.3).
func (k *Desk) ReadList(ctx context.Context, by policy.Actor, id string) (ListView, error) {
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.list_read", Rules: []rule.ID{"29.3"}, On: "TransferList:" + id}, func(tx *gate.Tx) error {
		l, err := GetList(ctx, tx, id)
		if err != nil {
			return err
		}
		return tx.Permit(l.Resource())
	})
	if err != nil {
		return ListView{}, err
	}
	return k.ListView(ctx, by, id)
}

// ListView is a list after an act of the actor's own.
func (k *Desk) ListView(ctx context.Context, by policy.Actor, id string) (v ListView, err error) {
	q := k.gate.DB()
	if v.List, err = GetList(ctx, q, id); err != nil {
		return v, err
	}
	if k.gate.Decide(by, "transfer.list_read", v.List.Resource()).Hidden {
		return v, gate.ErrHidden
	}
	all, err := casesOf(ctx, q, id)
	if err != nil {
		return v, err
	}
	ready, left, hidden, err := k.sift(ctx, q, by, v.List, all)
	if err != nil {
		return v, err
	}
	v.Ready, v.Left = len(ready), left
	for _, c := range all {
		if !slices.Contains(hidden, c.ID) {
			v.Cases = append(v.Cases, c)
		}
	}
	for _, a := range []struct{ action, label string }{{"transfer.list_add", "补登人员"}, {"transfer.list_review", "审核签名"}, {"transfer.list_pack", "登记装封"}, {"transfer.list_reopen", "拆封重审"}, {"transfer.list_dispatch", "登记寄送"}, {"transfer.list_receipt", "登记回执"}, {"transfer.list_chase", "催办回执"}} {
		if p, ok := k.gate.Possible(by, a.action, a.label, v.List.Resource(), v.hindered(a.action, k.gate.Today())); ok {
			p.Primary = p.Refusal == nil && !slices.Contains([]string{"transfer.list_reopen", "transfer.list_add", "transfer.list_chase"}, a.action)
			v.Possible = append(v.Possible, p)
		}
	}
	return v, nil
}

// listFrom are the states in which a list's acts are possible.
var listFrom = map[string]struct{ label, from string }{
	"transfer.list_add": {"补登人员", ListOpen}, "transfer.list_review": {"审核", ListOpen}, "transfer.list_pack": {"装封", ListOpen}, "transfer.list_reopen": {"拆封", ListPacked}, "transfer.list_dispatch": {"寄送", ListPacked}, "transfer.list_receipt": {"登记回执", ListSent}, "transfer.list_chase": {"催办", ListSent},
}

func (v ListView) hindered(action string, today calendar.Date) error {
	s := listFrom[action]
	if err := v.List.step(s.label, s.from); err != nil {
		return err
	}
	switch action {
	case "transfer.list_review":
		if v.Ready == 0 {
			return rule.Refuse(nobodyReady())
		}
	case "transfer.list_pack":
		if !slices.ContainsFunc(v.Cases, func(c Case) bool { return c.State == Approved }) {
			return rule.Refuse(nobodyApproved())
		}
	case "transfer.list_chase":
		if err := v.List.Chase(today); err != nil {
			return err
		}
		if !slices.ContainsFunc(v.Cases, Case.chasedWithList) {
			return rule.Refuse(nobodyToChase())
		}
	}
	return nil
}

func nobodyReady() rule.Reason {
	return reason("20.2a", "nobody_to_review", "本批没有可以审核的档案。", "请库管按提档单提档，没有目录的由经办逐份登记清单；再由审核人员一并审核。")
}

func nobodyApproved() rule.Reason {
	return reason("20.2a", "nobody_approved", "本批还没有审核通过的档案。", "请先由审核人员一并审核签名。")
}

// sift tells which cases a reviewer can sign for now, and why the others not; hidden are
// those the actor may know nothing of (10b).
func (k *Desk) sift(ctx context.Context, q store.Querier, by policy.Actor, l List, all []Case) (ready []Case, left []Left, hidden []string, err error) {
	dossiers, err := dossiersOf(ctx, q, all)
	if err != nil {
		return nil, nil, nil, err
	}
	hinders, err := hindrancesOf(ctx, q, all, dossiers)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, c := range all {
		d := dossiers[c.DossierID]
		decision := k.gate.Decide(by, "transfer.review", c.Resource(d))
		if k.gate.Decide(by, "transfer.read", c.Resource(d)).Hidden {
			hidden = append(hidden, c.ID)
			continue
		}
		if l.State != ListOpen || c.State != Registered && c.State != Pulled {
			continue
		}
		var reasons []rule.Reason
		if c.State == Registered {
			reasons = append(reasons, reason("20.2a", "not_pulled", "还没有提档。", "请库管按提档单提档。"))
		}
		h := hinders[c.ID]
		h.NoCatalog = h.NoCatalog && c.State == Pulled
		reasons = append(reasons, h.Reasons()...)
		if decision.Refusal != nil && by.Has("reviewer") {
			reasons = append(reasons, decision.Refusal.Reasons...)
		}
		if len(reasons) > 0 {
			left = append(left, Left{Named: Named{Name: c.PersonName}, CaseID: c.ID, Reasons: reasons})
			continue
		}
		ready = append(ready, c)
	}
	return ready, left, hidden, nil
}

// Lists are the lists of an actor's agencies, those changed last first.
func (k *Desk) Lists(ctx context.Context, by policy.Actor, after string, limit int) ([]List, error) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(readers, by.Has) {
		return nil, nil
	}
	where, args := "agency IN ("+store.Marks(len(by.Reach))+")", store.Args(by.Reach)
	if at, id, ok := strings.Cut(after, "|"); ok {
		where, args = where+" AND (changed_at<CAST(? AS BIGINT) OR changed_at=CAST(? AS BIGINT) AND id<?)", append(args, at, at, id)
	}
	return store.List[List](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY changed_at DESC, id DESC LIMIT ?", append(args, limit)...)
}

// Cursor is a list's place among the lists.
func (l List) Cursor() string { return fmt.Sprintf("%d|%s", l.ChangedAt.UnixMicro(), l.ID) }

// ListParties tells which agencies may read a list's papers.
func ListParties(ctx context.Context, q store.Querier, id string) ([]string, error) {
	l, err := GetList(ctx, q, id)
	return []string{l.Agency}, err
}

// ListLeft is how many working days a list has, negative when overdue.
func (k *Desk) ListLeft(l List) int {
	return k.gate.Calendar().Workdays(k.gate.Today(), calendar.Date(l.DueOn))
}
