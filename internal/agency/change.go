package agency

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Kinds of changes besides Established and Authorized.
const (
	Renamed = "renamed"
	Merging = "merged"
	Closing = "closed"
)

var changes = map[string]struct{ action, name string }{
	Established: {"agency.found", "设立"}, Authorized: {"agency.authorize", "授权"}, Renamed: {"agency.rename", "更名"},
	Merging: {"agency.merge", "合并"}, Closing: {"agency.close", "撤销"},
}

// ActNames are this room's acts as time lines say them.
var ActNames = map[string]string{
	"agency.found": "设立机构", "agency.authorize": "登记授权", "agency.rename": "机构更名", "agency.merge": "机构合并", "agency.close": "撤销机构",
	actTakeEffect: "机构变动生效", actLapse: "机构变动到期未生效", actSettle: "了结未生效的变动", "agency.read": "查看机构",
}

// Change is one decision on an agency: on which document, and from which day. It waits for
// that day; then it is applied, or lapses because something stands against it.
type Change struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	Agency      string    `db:"agency"`
	Kind        string    `db:"kind"`
	Document    string    `db:"document,null"`
	EffectiveOn string    `db:"effective_on"`
	OldName     string    `db:"old_name,null"`
	NewName     string    `db:"new_name,null"`
	NewShort    string    `db:"new_short,null"`
	Successor   string    `db:"successor,null"`
	ValidUntil  string    `db:"valid_until,null"`
	DecidedBy   string    `db:"decided_by"`
	DecidedAt   time.Time `db:"decided_at"`
	AppliedAt   time.Time `db:"applied_at,null"`
	Moved       int64     `db:"moved"` // dossiers whose custody went to the successor
	LapsedAt    time.Time `db:"lapsed_at,null"`
	Lapsed      string    `db:"lapsed,null"` // what stood against it, as JSON
	SettledBy   string    `db:"settled_by,null"`
	SettledAt   time.Time `db:"settled_at,null"`
	Settled     string    `db:"settled,null"` // what was made of a lapsed one
}

// Table names the table of changes.
func (Change) Table() string { return "agency_change" }

// KindName is the change as screens say it.
func (c Change) KindName() string { return changes[c.Kind].name }

// NameOn is the name an agency had on a day, from its changes, oldest first.
func NameOn(a Agency, history []Change, day string) string {
	name := a.Name
	for i := len(history) - 1; i >= 0; i-- {
		c := history[i]
		if c.Kind == Renamed && !c.AppliedAt.IsZero() && c.EffectiveOn > day {
			name = c.OldName
		}
	}
	return name
}

// codeForm is an agency's code: the division's six digits and two of its own.
var codeForm = regexp.MustCompile(`^\d{8}$`)

func mistake(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// order checks what every decision needs: a document and a day.
func order(document, day string) []rule.Reason {
	var out []rule.Reason
	if strings.TrimSpace(document) == "" {
		out = append(out, mistake("6a", "document_missing", "document", "没有填写批准文号。", "请填写批准文件的文号。"))
	}
	if !isDay(day) {
		out = append(out, mistake("6a", "effective_on_invalid", "effectiveOn", "生效日期无法识别。", "请按 2026-11-30 的写法填写。"))
	}
	return out
}

func isDay(day string) bool {
	_, err := time.Parse(time.DateOnly, day)
	return err == nil
}

// Establish sets an agency up under a bureau or the province, established without end
// or authorized for a term (5, 6a).
func (r *Registry) Establish(ctx context.Context, by policy.Actor, a Agency, day string) error {
	wrong := order(a.Basis, day)
	if !codeForm.MatchString(a.ID) {
		wrong = append(wrong, mistake("6a", "code_invalid", "code", "机构编码应为 8 位数字。", "前 6 位为行政区划代码，后 2 位为顺序号。"))
	}
	if strings.TrimSpace(a.Name) == "" || strings.TrimSpace(a.Short) == "" {
		wrong = append(wrong, mistake("6a", "name_missing", "name", "机构名称和文书代字不能为空。", "请按批准文件填写全称和代字。"))
	}
	if a.BasisKind != Established && a.BasisKind != Authorized {
		wrong = append(wrong, mistake("6a", "basis_missing", "basisKind", "没有说明是设立还是授权。", "请选择设立或授权。"))
	}
	wrong = append(wrong, term(a.BasisKind, a.ValidUntil, day)...)
	if day > r.gate.Today().String() {
		wrong = append(wrong, mistake("6a", "not_yet", "effectiveOn", "设立或授权尚未生效。", "请在生效日当天或之后登记。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	a.Kind = Office
	_, err := r.gate.Do(ctx, gate.Act{Actor: by, Action: "agency.found", On: "Agency:" + a.ID, Rules: []rule.ID{"5", "6a"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Agency", ID: a.ID, Attrs: map[string]any{"kind": a.Kind}}); err != nil {
			return err
		}
		above, err := Get(ctx, tx, a.Parent)
		if errors.Is(err, store.ErrNotFound) || err == nil && (above.Keeps() || above.State != Active) {
			return rule.Mistake(mistake("5", "parent_wrong", "parent", "上级主管部门不对：档案管理服务机构设在市或区县人力资源社会保障部门之下。", "请选择市级或区县主管部门。"))
		} else if err != nil {
			return err
		}
		a.Region = above.Region
		err = found(tx, a, day)
		if errors.Is(err, store.ErrUnique) {
			return rule.Mistake(mistake("6a", "code_taken", "code", "这个机构编码已经使用。", "编码不重复使用，请换一个顺序号。"))
		}
		return err
	})
	r.tree.Store(nil)
	return err
}

func term(kind, until, day string) []rule.Reason {
	switch {
	case kind == Authorized && (!isDay(until) || until < day):
		return []rule.Reason{mistake("6a", "validity_missing", "validUntil", "授权须有有效期，且不早于生效日期。", "请按授权文件填写截止日期。")}
	case kind == Established && until != "":
		return []rule.Reason{mistake("6a", "validity_given", "validUntil", "依法设立的机构没有截止日期。", "请去掉截止日期，或改为授权。")}
	}
	return nil
}

// Resolve records a decision on an agency and, once its day has come, applies it in the
// same act; an earlier record waits for its day.
func (r *Registry) Resolve(ctx context.Context, by policy.Actor, c Change) (Change, error) {
	c.NewName, c.NewShort = strings.TrimSpace(c.NewName), strings.TrimSpace(c.NewShort)
	_, err := r.gate.Do(ctx, gate.Act{Actor: by, Action: changes[c.Kind].action, On: "Agency:" + c.Agency, Rules: []rule.ID{"5", "6a"}}, func(tx *gate.Tx) error {
		a, err := load(tx, c.Agency)
		if err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(a.Version); err != nil {
			return err
		}
		if wrong := c.mistakes(); len(wrong) > 0 {
			return rule.Mistake(wrong...)
		}
		c.ID, c.Version, c.DecidedBy, c.DecidedAt, c.OldName = gate.NewID(), 1, tx.Actor().ID, tx.Now(), a.Name
		if c.EffectiveOn > tx.Today().String() {
			if err := r.check(ctx, tx, a, c); err != nil {
				return err
			}
		} else if err := r.apply(tx, a, &c); err != nil {
			return err
		}
		if err := tx.Insert(c); err != nil {
			return err
		}
		return decidedAnew(tx, c)
	})
	r.tree.Store(nil)
	return c, err
}

func load(tx *gate.Tx, code string) (Agency, error) {
	return store.Get[Agency](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), code)
}

func (c Change) mistakes() []rule.Reason {
	out := order(c.Document, c.EffectiveOn)
	switch c.Kind {
	case Authorized:
		out = append(out, term(Authorized, c.ValidUntil, c.EffectiveOn)...)
	case Renamed:
		if c.NewName == "" {
			out = append(out, mistake("6a", "name_missing", "name", "没有填写新名称。", "请按批准文件填写全称。"))
		}
	case Merging:
		if c.Successor == "" || c.Successor == c.Agency {
			out = append(out, mistake("5", "successor_missing", "successor", "没有选择承接机构。", "请选择另一个在设的机构。"))
		}
	}
	return out
}

// check holds a decision to what stands against it now.
func (r *Registry) check(ctx context.Context, q store.Querier, a Agency, c Change) error {
	if a.State != Active {
		return rule.Refuse(rule.Reason{Rule: "5", Slug: "agency_ended", Message: a.Name + "已经合并或撤销，不能再办理变动。", Next: "请在承接机构上办理。"})
	}
	if c.Kind == Renamed {
		return nil
	}
	if !a.Keeps() {
		return rule.Refuse(rule.Reason{Rule: "5", Slug: "not_an_agency", Message: a.Name + "是主管部门，不在此办理授权、合并或撤销。", Next: "请选择档案管理服务机构。"})
	}
	if c.Kind == Authorized {
		if a.BasisKind == Established {
			return rule.Refuse(rule.Reason{Rule: "6a", Slug: "established_already", Message: a.Name + "是依法设立的机构，不需要授权。", Next: "授权只适用于未设立的单位。"})
		}
		return nil
	}
	if c.Kind == Merging {
		to, err := Get(ctx, q, c.Successor)
		if errors.Is(err, store.ErrNotFound) {
			return rule.Mistake(mistake("5", "successor_unknown", "successor", "没有这个承接机构。", "请从列表中选择。"))
		} else if err != nil {
			return err
		}
		if no := to.MayTakeIn(r.gate.Today()); no != nil {
			return no
		}
	}
	var reasons []rule.Reason
	for _, hinder := range r.Hinder {
		more, err := hinder(ctx, q, a.ID, c.Successor)
		if err != nil {
			return err
		}
		reasons = append(reasons, more...)
	}
	if len(reasons) > 0 {
		return rule.Refuse(reasons...)
	}
	return nil
}

// apply makes a decision hold. A merger moves everything in this one act or not at all.
func (r *Registry) apply(tx *gate.Tx, a Agency, c *Change) error {
	if err := r.check(tx.Context(), tx, a, *c); err != nil {
		return err
	}
	tx.Note("effective_on", c.EffectiveOn)
	switch c.Kind {
	case Authorized:
		a.BasisKind, a.Basis, a.ValidUntil = Authorized, c.Document, c.ValidUntil
	case Renamed:
		c.OldName, a.Name = a.Name, c.NewName
		if c.NewShort != "" {
			a.Short = c.NewShort
		}
	case Closing:
		a.State = Closed
	case Merging:
		to, err := Get(tx.Context(), tx, c.Successor)
		if err != nil {
			return err
		}
		a.State, a.Successor = Merged, to.ID
		tx.About("Agency", to.ID)
		for _, succeed := range r.Succeed {
			n, err := succeed(tx, a, to)
			if err != nil {
				return fmt.Errorf("merge %s into %s: %w", a.ID, to.ID, err)
			}
			c.Moved += int64(n)
		}
		tx.Note("dossiers", c.Moved)
	}
	c.AppliedAt = tx.Now()
	return tx.Update(&a)
}

// HandOver writes rows over to a successor inside the act of merging, a thousand at a
// time: where must match only rows that set has not been called for.
func HandOver[T store.Row](tx *gate.Tx, where string, args []any, set func(*T) error) (int, error) {
	total := 0
	for {
		list, err := store.List[T](tx.Context(), tx, "WHERE "+where+" ORDER BY id LIMIT 1000"+tx.ForUpdate(), args...)
		if err != nil || len(list) == 0 {
			return total, err
		}
		for i := range list {
			if err := set(&list[i]); err != nil {
				return total, err
			}
		}
		total += len(list)
	}
}

// Look reads an agency with its changes, oldest first, for those whose scope covers it.
func (r *Registry) Look(ctx context.Context, by policy.Actor, code string) (Agency, []Change, []gate.Possible, error) {
	a, err := Get(ctx, r.gate.DB(), code)
	if err != nil {
		return a, nil, nil, err
	}
	if err := r.gate.Allowed(by, "agency.read", a.Resource()); err != nil {
		return a, nil, nil, err
	}
	list, err := store.List[Change](ctx, r.gate.DB(), "WHERE agency=? OR successor=? ORDER BY effective_on, id LIMIT 500", code, code)
	if err != nil {
		return a, nil, nil, err
	}
	var ended error
	if a.State != Active {
		ended = rule.Refuse(rule.Reason{Rule: "5", Slug: "agency_ended", Message: a.Name + "已经合并或撤销，不能再办理变动。", Next: "请在承接机构上办理。"})
	}
	var possible []gate.Possible
	for _, kind := range []string{Authorized, Renamed, Merging, Closing} {
		if kind == Authorized && a.BasisKind != Authorized || kind != Renamed && !a.Keeps() {
			continue
		}
		if p, ok := r.gate.Possible(by, changes[kind].action, changes[kind].name, a.Resource(), ended); ok {
			possible = append(possible, p)
		}
	}
	return a, list, possible, nil
}
