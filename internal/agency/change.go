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
	"dangan/internal/region"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Kinds of changes besides Established and Authorized.
const (
	Renamed  = "renamed"
	Merging  = "merged"
	Closing  = "closed"
	Assigned = "assigned" // under another authority
)

var changes = map[string]struct{ action, name string }{
	Established: {"agency.found", "设立"}, Authorized: {"agency.authorize", "授权"}, Renamed: {"agency.rename", "更名"},
	Merging: {"agency.merge", "合并"}, Closing: {"agency.close", "撤销"}, Assigned: {"agency.assign", "调整隶属"}, Contact: {"agency.contact", "变更联系方式"},
}

// ActNames are this room's acts as time lines say them.
var ActNames = map[string]string{
	"agency.found": "设立机构", "agency.authorize": "登记授权", "agency.rename": "机构更名", "agency.merge": "机构合并", "agency.close": "撤销机构", "agency.assign": "调整机构隶属", "agency.contact": "变更机构联系方式",
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
	Dated       string    `db:"dated,null"`    // the paper's own day
	Evidence    string    `db:"evidence,null"` // what was seen of it: title, original or copy
	EffectiveOn string    `db:"effective_on"`
	OldName     string    `db:"old_name,null"`
	NewName     string    `db:"new_name,null"`
	NewShort    string    `db:"new_short,null"`
	Successor   string    `db:"successor,null"`
	OldParent   string    `db:"old_parent,null"`
	NewParent   string    `db:"new_parent,null"`
	ValidUntil  string    `db:"valid_until,null"`
	Details     string    `db:"details,null"`     // contact details it sets, as JSON
	OldDetails  string    `db:"old_details,null"` // and what stood before
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

// ParentOn is the node an agency stood under on a day, from its changes, oldest first.
func ParentOn(a Agency, history []Change, day string) string {
	parent := a.Parent
	for i := len(history) - 1; i >= 0; i-- {
		c := history[i]
		if c.Agency == a.ID && c.Kind == Assigned && !c.AppliedAt.IsZero() && c.EffectiveOn > day {
			parent = c.OldParent
		}
	}
	return parent
}

// codeForm is an agency's code: the division's six characters, letters among them where it
// is a functional area (codes.md 2), and two digits of its own.
var codeForm = regexp.MustCompile(`^(\d{6}|\d{2}[0-9A-Z]{4})\d{2}$`)

func mistake(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// order checks what every decision needs: a document and a day. Where an agency is reached
// needs nobody's approval; a document may be named.
func order(kind, document, day string) []rule.Reason {
	var out []rule.Reason
	if strings.TrimSpace(document) == "" && kind != Contact {
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

// paper checks what a decision on an authority rests on besides: the paper's own day, and
// what was seen of it. An agency's may name them.
func (c Change) paper(authority bool, today string) []rule.Reason {
	var out []rule.Reason
	if c.Dated != "" && (!isDay(c.Dated) || c.Dated > today) || c.Dated == "" && authority {
		out = append(out, mistake("5", "dated_wrong", "dated", "没有写明批准文件的发文日期，或者晚于今天。", "请照批准文件填写发文日期。"))
	}
	if authority && strings.TrimSpace(c.Evidence) == "" {
		out = append(out, mistake("5", "evidence_missing", "evidence", "没有登记所核验的批准文件。", "请填写文件名称和所见的是原件还是复印件，例如“国务院关于……的批复，复印件”。"))
	}
	return out
}

// Establish sets an agency up under an authority, established without end or authorized
// for a term, or a district's authority under the province (5, 6a); from a coming day the
// timer does it.
func (r *Registry) Establish(ctx context.Context, by policy.Actor, a Agency, c Change) error {
	if a.Kind != Bureau {
		a.Kind = Office
	}
	a.ID, a.Basis = strings.TrimSpace(a.ID), c.Document
	wrong := append(order(c.Kind, c.Document, c.EffectiveOn), c.paper(a.Kind == Bureau, r.gate.Today().String())...)
	if a.Kind == Bureau {
		a.BasisKind, a.ValidUntil, a.Region = Established, "", a.ID
		if !region.InForce(a.ID, c.EffectiveOn) {
			wrong = append(wrong, mistake("5", "division_wrong", "code", "该日没有这个区划代码。", "区县主管部门以生效日有效的区划代码为编码；功能区用本系统的代码，如 50GXQ0。"))
		}
	} else {
		if !codeForm.MatchString(a.ID) || !region.Known(a.ID[:6]) {
			wrong = append(wrong, mistake("6a", "code_invalid", "code", "机构编码应为区划代码 6 位和顺序号 2 位。", "前 6 位为行政区划或功能区代码，后 2 位为顺序号。"))
		}
		if a.BasisKind != Established && a.BasisKind != Authorized {
			wrong = append(wrong, mistake("6a", "basis_missing", "basisKind", "没有说明是设立还是授权。", "请选择设立或授权。"))
		}
	}
	if strings.TrimSpace(a.Name) == "" || strings.TrimSpace(a.Short) == "" {
		wrong = append(wrong, mistake("6a", "name_missing", "name", "机构名称和文书代字不能为空。", "请按批准文件填写全称和代字。"))
	}
	wrong = append(wrong, term(a.BasisKind, a.ValidUntil, c.EffectiveOn)...)
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	_, err := r.gate.Do(ctx, gate.Act{Actor: by, Action: "agency.found", On: "Agency:" + a.ID, Rules: []rule.ID{"5", "6a"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Agency", ID: a.ID, Attrs: map[string]any{"kind": a.Kind}}); err != nil {
			return err
		}
		if err := r.under(ctx, tx, &a, c.EffectiveOn); err != nil {
			return err
		}
		a.State = Active
		if c.EffectiveOn > tx.Today().String() {
			a.State = Pending
		}
		if err := r.enter(ctx, tx, a); err != nil {
			return err
		}
		c := founding(tx, a, c)
		if err := tx.Insert(c); err != nil {
			return err
		}
		return decidedAnew(tx, c)
	})
	r.tree.Store(nil)
	return err
}

// under finds what a new node stands under from a day: the province for an authority, the
// province or an authority for an agency.
func (r *Registry) under(ctx context.Context, tx *gate.Tx, a *Agency, day string) error {
	if a.Kind == Bureau {
		top, err := store.Get[Agency](ctx, tx, "WHERE kind=? AND state=?", Province, Active)
		if err != nil {
			return err
		}
		a.Parent = top.ID
		return nil
	}
	above, err := Get(ctx, tx, a.Parent)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	stands := false
	if err == nil && !above.Keeps() {
		if stands, err = r.stands(ctx, tx, above, day); err != nil {
			return err
		}
	}
	if !stands {
		return rule.Mistake(mistake("5", "parent_wrong", "parent", "上级主管部门不对：档案管理服务机构设在市或区县人力资源社会保障部门之下。", "请选择市级或区县主管部门。"))
	}
	a.Region = above.Region
	return nil
}

// enter writes a new node, or one whose establishing did not take effect and is decided anew.
func (r *Registry) enter(ctx context.Context, tx *gate.Tx, a Agency) error {
	old, err := load(tx, a.ID)
	if errors.Is(err, store.ErrNotFound) {
		a.Version = 1
		return tx.Insert(a)
	} else if err != nil {
		return err
	}
	waits, err := r.comes(ctx, tx, old, "9999-12-31")
	if err != nil {
		return err
	}
	if old.State != Pending || waits {
		return rule.Mistake(mistake("6a", "code_taken", "code", "这个机构编码已经使用。", "编码不重复使用，请换一个顺序号。"))
	}
	a.Version = old.Version
	return tx.Update(&a)
}

// comes says whether an establishing that still waits holds by a day.
func (r *Registry) comes(ctx context.Context, q store.Querier, a Agency, day string) (bool, error) {
	n, err := store.Count(ctx, q, "SELECT count(*) FROM agency_change WHERE agency=? AND kind IN (?,?) AND applied_at IS NULL AND lapsed_at IS NULL AND effective_on<=?", a.ID, Established, Authorized, day)
	return n > 0, err
}

// stands says whether a node will be there on a day: it is, or it is established by then.
func (r *Registry) stands(ctx context.Context, q store.Querier, a Agency, day string) (bool, error) {
	if a.State != Pending || day <= r.gate.Today().String() {
		return a.State == Active, nil
	}
	return r.comes(ctx, q, a, day)
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
	rules := []rule.ID{"5", "6a"}
	if c.Kind == Contact {
		rules = []rule.ID{"26"}
	}
	_, err := r.gate.Do(ctx, gate.Act{Actor: by, Action: changes[c.Kind].action, On: "Agency:" + c.Agency, Rules: rules}, func(tx *gate.Tx) error {
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
		wrong := append(c.mistakes(), c.paper(!a.Keeps() && c.Kind != Contact, tx.Today().String())...)
		if c.Kind == Contact {
			wrong = append(wrong, c.contact(a, tx.Today().String())...)
		}
		if len(wrong) > 0 {
			return rule.Mistake(wrong...)
		}
		c.ID, c.Version, c.DecidedBy, c.DecidedAt, c.OldName = gate.NewID(), 1, tx.Actor().ID, tx.Now(), a.Name
		if c.Kind == Assigned {
			c.OldParent = a.Parent
		}
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
	out := order(c.Kind, c.Document, c.EffectiveOn)
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
	case Assigned:
		if c.NewParent == "" {
			out = append(out, mistake("5", "parent_missing", "parent", "没有选择新的主管部门。", "请选择市级或区县主管部门。"))
		}
	}
	return out
}

// check holds a decision to what stands against it now.
func (r *Registry) check(ctx context.Context, q store.Querier, a Agency, c Change) error {
	switch {
	case a.gone():
		return rule.Refuse(rule.Reason{Rule: "5", Slug: "agency_ended", Message: a.Name + "已经合并或撤销，不能再办理变动。", Next: "请在承接机构上办理。"})
	case a.State == Pending && (c.Kind == Established || c.Kind == Authorized):
		above, err := Get(ctx, q, a.Parent)
		if err != nil {
			return err
		}
		if above.State != Active {
			return rule.Refuse(rule.Reason{Rule: "5", Slug: "parent_ended", Message: a.Name + "的上级主管部门" + above.Name + "不在设。", Next: "请在现在的主管部门之下另行登记设立。"})
		}
		return nil
	case a.State == Pending:
		return rule.Refuse(rule.Reason{Rule: "5", Slug: "agency_coming", Message: a.Name + "尚未设立，不能办理变动。", Next: "请在设立生效后办理；设立没有生效的，另行登记设立。"})
	case c.Kind == Renamed || c.Kind == Contact:
		return nil
	case a.Kind == Province:
		return rule.Refuse(rule.Reason{Rule: "5", Slug: "province_stays", Message: a.Name + "是全市主管部门，不在此办理授权、合并、撤销和隶属调整。", Next: "请选择区县主管部门或档案管理服务机构。"})
	case !a.Keeps() && (c.Kind == Authorized || c.Kind == Assigned):
		return rule.Refuse(rule.Reason{Rule: "5", Slug: "not_an_agency", Message: a.Name + "是主管部门，不需要授权，也不调整隶属。", Next: "请选择档案管理服务机构。"})
	case c.Kind == Authorized && a.BasisKind == Established:
		return rule.Refuse(rule.Reason{Rule: "6a", Slug: "established_already", Message: a.Name + "是依法设立的机构，不需要授权。", Next: "授权只适用于未设立的单位。"})
	case c.Kind == Authorized:
		return nil
	case c.Kind == Assigned:
		return r.assignable(ctx, q, a, c)
	case c.Kind == Merging:
		if err := r.follows(ctx, q, a, c); err != nil {
			return err
		}
	}
	var reasons []rule.Reason
	if c.Kind == Closing && !a.Keeps() {
		n, err := store.Count(ctx, q, "SELECT count(*) FROM agency WHERE parent=? AND state IN (?,?)", a.ID, Active, Pending)
		if err != nil {
			return err
		}
		if n > 0 {
			reasons = append(reasons, rule.Reason{Rule: "5", Slug: "agencies_below", Message: fmt.Sprintf("%s之下还有 %d 个机构，不能撤销。", a.Name, n), Next: "请先办理合并，下属机构随之由承接的主管部门主管；或逐个调整隶属、合并、撤销。"})
		}
	}
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

// follows holds a merger to its successor: of the same kind, and there on the day.
func (r *Registry) follows(ctx context.Context, q store.Querier, a Agency, c Change) error {
	to, err := Get(ctx, q, c.Successor)
	if errors.Is(err, store.ErrNotFound) {
		return rule.Mistake(mistake("5", "successor_unknown", "successor", "没有这个承接机构。", "请从列表中选择。"))
	} else if err != nil {
		return err
	}
	if to.Keeps() != a.Keeps() {
		return rule.Mistake(mistake("5", "successor_kind", "successor", "主管部门由主管部门承接，档案机构由档案机构承接。", "请从列表中选择。"))
	}
	stands, err := r.stands(ctx, q, to, c.EffectiveOn)
	if err != nil {
		return err
	}
	if to.Keeps() && to.State != Pending {
		if no := to.MayTakeIn(r.gate.Today()); no != nil {
			return no
		}
	}
	if !stands {
		return rule.Refuse(rule.Reason{Rule: "5", Slug: "successor_not_there", Message: "承接的" + to.Name + "在生效日不在设。", Next: "请选择在设的承接机构，或先登记它的设立。"})
	}
	return nil
}

// assignable holds a new place in the tree to what may stand above an agency (5).
func (r *Registry) assignable(ctx context.Context, q store.Querier, a Agency, c Change) error {
	above, err := Get(ctx, q, c.NewParent)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	stands := false
	if err == nil && !above.Keeps() && above.ID != a.Parent {
		if stands, err = r.stands(ctx, q, above, c.EffectiveOn); err != nil {
			return err
		}
	}
	if !stands {
		return rule.Mistake(mistake("5", "parent_wrong", "parent", "不能改由这个部门主管：它不是主管部门、不在设，或者现在就是。", "请选择另一个市级或区县主管部门。"))
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
	case Established:
		a.State = Active
	case Authorized:
		a.State, a.BasisKind, a.Basis, a.ValidUntil = Active, Authorized, c.Document, c.ValidUntil
	case Renamed:
		c.OldName, a.Name = a.Name, c.NewName
		if c.NewShort != "" {
			a.Short = c.NewShort
		}
	case Contact:
		set, err := parse(c.Details)
		if err != nil {
			return err
		}
		c.OldDetails = a.set(set).String()
	case Closing:
		a.State = Closed
	case Assigned:
		c.OldParent, a.Parent = a.Parent, c.NewParent
		tx.About("Agency", c.OldParent)
		tx.About("Agency", c.NewParent)
		c.AppliedAt = tx.Now()
		if err := tx.Update(&a); err != nil {
			return err
		}
		return r.placed(tx, a)
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
		if !a.Keeps() {
			if err := r.inherit(tx, a, to, *c); err != nil {
				return err
			}
		}
	}
	c.AppliedAt = tx.Now()
	return tx.Update(&a)
}

// inherit puts every agency below a merged authority under its successor, the ended ones
// too: whoever asks about their past is answered by an authority that is there (5). Each
// has it in its own history, on the paper of the merger.
func (r *Registry) inherit(tx *gate.Tx, from, to Agency, c Change) error {
	below, err := store.List[Agency](tx.Context(), tx, "WHERE parent=? ORDER BY id LIMIT 1000"+tx.ForUpdate(), from.ID)
	if err != nil {
		return err
	}
	for _, a := range below {
		a.Parent = to.ID
		tx.About("Agency", a.ID)
		if err := tx.Update(&a); err != nil {
			return err
		}
		if err := tx.Insert(Change{ID: gate.NewID(), Version: 1, Agency: a.ID, Kind: Assigned, Document: c.Document, Dated: c.Dated, Evidence: c.Evidence, EffectiveOn: c.EffectiveOn,
			OldParent: from.ID, NewParent: to.ID, DecidedBy: c.DecidedBy, DecidedAt: c.DecidedAt, AppliedAt: tx.Now()}); err != nil {
			return err
		}
	}
	tx.Note("agencies", len(below))
	return nil
}

func (r *Registry) placed(tx *gate.Tx, a Agency) error {
	for _, f := range r.Placed {
		if err := f(tx, a); err != nil {
			return fmt.Errorf("place %s under %s: %w", a.ID, a.Parent, err)
		}
	}
	return nil
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
	list, err := store.List[Change](ctx, r.gate.DB(), "WHERE agency=? OR successor=? OR old_parent=? OR kind=? AND new_parent=? ORDER BY effective_on, id LIMIT 500", code, code, code, Assigned, code)
	if err != nil {
		return a, nil, nil, err
	}
	var ended error
	if a.gone() {
		ended = rule.Refuse(rule.Reason{Rule: "5", Slug: "agency_ended", Message: a.Name + "已经合并或撤销，不能再办理变动。", Next: "请在承接机构上办理。"})
	}
	var possible []gate.Possible
	for _, kind := range []string{Authorized, Renamed, Contact, Assigned, Merging, Closing} {
		if kind == Authorized && a.BasisKind != Authorized || kind == Assigned && !a.Keeps() || kind != Renamed && kind != Contact && a.Kind == Province || a.State == Pending {
			continue
		}
		if p, ok := r.gate.Possible(by, changes[kind].action, changes[kind].name, a.Resource(), ended); ok {
			possible = append(possible, p)
		}
	}
	return a, list, possible, nil
}
