package mandate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/work"
)

// posts of those who may see mandates.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// scope is the SQL predicate for the mandates that the policy of mandate.read lets an
// actor see: post, reach, clearance, recusal.
func scope(by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	// What was seen for an unknown number stays open where the dossier is concealed (15).
	where := "mandate.agency IN (" + store.Marks(len(by.Reach)) + ") AND NOT EXISTS (SELECT 1 FROM person p LEFT JOIN dossier d ON d.person_id=p.id WHERE p.id_ix=mandate.principal_ix AND (mandate.unknown=0 AND coalesce(d.secrecy,0)>?"
	args := append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 {
		where += " OR p.id IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
	}
	where += ")"
	if len(by.Barred) > 0 {
		where += " AND NOT (mandate.unknown=1 AND p.id IN (" + store.Marks(len(by.Barred)) + "))"
		args = append(args, store.Args(by.Barred)...)
	}
	return where + ")", args
}

// Views of the list, with what each asks of the rows on a day.
var views = map[string]string{
	"valid":   "mandate.state='valid' AND mandate.valid_until>=?",
	"waiting": "mandate.state='waiting' AND mandate.valid_until>=?",
	"ended":   "(mandate.state IN ('declined','revoked') OR mandate.valid_until<?)",
}

// List is a page of mandates an actor may see, newest first.
func (k *Desk) List(ctx context.Context, by policy.Actor, view, before string, limit int) (list []Mandate, next string, err error) {
	only, known := views[view]
	if !known {
		return nil, "", rule.Mistake(reason("12a", "view_unknown", "view", "没有这种视图。", "请从有效、待确认、已失效中选择。"))
	}
	where, args := scope(by)
	where, args = where+" AND "+only, append(args, k.gate.Today().String())
	if before != "" {
		where, args = where+" AND mandate.id<?", append(args, before)
	}
	list, err = store.List[Mandate](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY mandate.id DESC LIMIT ?", append(args, limit+1)...)
	if err == nil && len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, err
}

// Counts counts each view; no further than the cap of counting.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]int64, error) {
	out := map[string]int64{}
	for view, only := range views {
		where, args := scope(by)
		n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM (SELECT 1 FROM mandate WHERE "+where+" AND "+only+" LIMIT ?) AS c", append(args, k.gate.Today().String(), k.gate.DB().CountCap)...)
		if err != nil {
			return nil, err
		}
		out[view] = n
	}
	return out, nil
}

// Find looks up what is registered for a principal at the actor's agency and not ended:
// the clerk types the number from the document that lies before them.
func (k *Desk) Find(ctx context.Context, by policy.Actor, idNo string) ([]Mandate, error) {
	c, problem := identity.Parse(idNo, k.gate.Today())
	if problem != "" {
		return nil, rule.Mistake(reason("12a", "principal_number_invalid", "principalNo", "委托人公民身份号码"+identity.ProblemText(problem)+"。", "请对照证件原件核对后重新填写。"))
	}
	where, args := scope(by)
	return store.List[Mandate](ctx, k.gate.DB(), "WHERE "+where+" AND mandate.agency=? AND mandate.principal_ix=? AND mandate.state IN ('valid','waiting') AND mandate.valid_until>=? ORDER BY mandate.id DESC LIMIT 20",
		append(args, by.Org, k.keys.Index(person.IndexPurpose, c.Number), k.gate.Today().String())...)
}

// Agent is one who stood for others at an agency within a year.
type Agent struct {
	Agency           string
	Name, IDNo       string
	Persons, Papers  int64
	Waiting, Refused int64
	Last             string // id of the newest mandate
	LastAt           time.Time
	Flagged          bool
}

// Cursor is where the list of agents goes on.
func (a Agent) Cursor() string { return fmt.Sprintf("%d.%s", a.Persons, a.Last) }

// Agents lists who stood for others within a year, agency by agency, those for most
// persons first: where the supervisor looks for intermediaries (29.9).
func (k *Desk) Agents(ctx context.Context, by policy.Actor, after string, limit int) (list []Agent, next string, err error) {
	where, args := scope(by)
	query := "SELECT mandate.agency, count(DISTINCT mandate.principal_ix), count(*), sum(CASE WHEN mandate.state='waiting' THEN 1 ELSE 0 END), sum(CASE WHEN mandate.state='declined' THEN 1 ELSE 0 END), max(mandate.id)" +
		" FROM mandate WHERE " + where + " AND mandate.seen_at>=? GROUP BY mandate.agency, mandate.agent_ix"
	args = append(args, k.gate.Now().AddDate(0, 0, -year).UnixMicro())
	if after != "" {
		persons, last, _ := strings.Cut(after, ".")
		n, err := strconv.ParseInt(persons, 10, 64)
		if err != nil {
			return nil, "", rule.Mistake(reason("12a", "cursor_invalid", "cursor", "翻页位置有误。", "请回到第一页。"))
		}
		query += " HAVING count(DISTINCT mandate.principal_ix)<? OR count(DISTINCT mandate.principal_ix)=? AND max(mandate.id)<?"
		args = append(args, n, n, last)
	}
	rows, err := k.gate.DB().Query(ctx, query+" ORDER BY 2 DESC, 6 DESC LIMIT ?", append(args, limit+1)...)
	if err != nil {
		return nil, "", err
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var a Agent
		if err := rows.Scan(&a.Agency, &a.Persons, &a.Papers, &a.Waiting, &a.Refused, &a.Last); err != nil {
			return nil, "", err
		}
		list, ids = append(list, a), append(ids, a.Last)
	}
	if err := rows.Err(); err != nil || len(list) == 0 {
		return list, "", err
	}
	last, err := store.List[Mandate](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+") ORDER BY id LIMIT ?", append(store.Args(ids), len(ids))...)
	if err != nil {
		return nil, "", err
	}
	most := k.settings.Int(setting.AgentPersons)
	for i := range list {
		for _, m := range last {
			if m.ID == list[i].Last {
				list[i].Name, list[i].IDNo, list[i].LastAt = m.Agent, m.AgentNo, m.SeenAt
				list[i].Flagged = flagged(m.Persons, most)
			}
		}
	}
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].Cursor()
	}
	return list, next, nil
}

// View is a mandate with what was applied for on it and what may be done.
type View struct {
	Mandate
	Uses     []Use
	Scans    []Scan
	Possible []gate.Possible
}

// maxUses bounds what a mandate's page lists.
const maxUses = 100

// Show reads one mandate; the reading is on record.
func (k *Desk) Show(ctx context.Context, by policy.Actor, id string) (v View, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		m, err := store.Get[Mandate](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		r, err := k.resource(ctx, tx, by, m)
		if err != nil {
			return err
		}
		tx.About("Mandate", m.ID)
		if err := tx.Permit(r); err != nil {
			return err
		}
		v, err = k.view(ctx, tx, by, m, r)
		return err
	})
	return v, err
}

// After is the mandate as an act of the same request left it: the act is on record.
func (k *Desk) After(ctx context.Context, by policy.Actor, m Mandate) (View, error) {
	r, err := k.resource(ctx, k.gate.DB(), by, m)
	if err != nil {
		return View{}, err
	}
	return k.view(ctx, k.gate.DB(), by, m, r)
}

func (k *Desk) view(ctx context.Context, q store.Querier, by policy.Actor, m Mandate, r policy.Resource) (v View, err error) {
	v = View{Mandate: m, Possible: []gate.Possible{}}
	if v.Uses, err = store.List[Use](ctx, q, "WHERE mandate_id=? ORDER BY id DESC LIMIT ?", m.ID, maxUses); err != nil {
		return v, err
	}
	if v.Scans, err = scansOf(ctx, q, m.ID); err != nil {
		return v, err
	}
	if p, ok := k.gate.Possible(by, ActScan, "上传扫描件", r, nil); ok {
		v.Possible = append(v.Possible, p)
	}
	many := m.State == Waiting
	if m.State == Valid && m.DecidedBy == "" {
		n, err := persons(ctx, q, m, k.gate.Now())
		if err != nil {
			return v, err
		}
		many = flagged(n, k.settings.Int(setting.AgentPersons))
	}
	if many {
		if p, ok := k.gate.Possible(by, ActDecide, "确认代办人", r, nil); ok {
			p.Primary = p.Refusal == nil
			v.Possible = append(v.Possible, p)
		}
	}
	if m.State == Valid || m.State == Waiting {
		if p, ok := k.gate.Possible(by, ActRevoke, "登记撤销委托", r, nil); ok {
			v.Possible = append(v.Possible, p)
		}
	}
	return v, nil
}

// Of finds the mandate a case rests on in a matter, the newest; none is no error. Whoever may
// read the case may.
func Of(ctx context.Context, q store.Querier, ref, matter string) (*Mandate, error) {
	m, err := store.Get[Mandate](ctx, q, "WHERE id=(SELECT mandate_id FROM mandate_use WHERE case_ref=? AND matter=? ORDER BY id DESC LIMIT 1)", ref, matter)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return &m, nil
}

// maxWork bounds what one room puts on a first page.
const maxWork = 100

// Work lists what waits for an actor: agents that stand for unusually many.
func (k *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	if !by.Has("head") && !by.Has("clerk") {
		return nil, nil
	}
	where, args := scope(by)
	list, err := store.List[Mandate](ctx, k.gate.DB(), "WHERE "+where+" AND mandate.state='waiting' AND mandate.valid_until>=? ORDER BY mandate.seen_at, mandate.id LIMIT ?", append(args, k.gate.Today().String(), maxWork)...)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, m := range list {
		item := work.Item{Room: "mandate", Kind: "委托代办", Subject: m.Agent, SubjectNote: "代" + m.Principal, Link: "/mandates/" + m.ID, Lane: work.Todo, Since: m.SeenAt, Basis: "29.9"}
		switch {
		case by.Has("head") && m.SeenBy != by.ID:
			item.Todo, item.Action = fmt.Sprintf("一年内代办 %d 人：核实是否有偿中介", m.Persons), "确认"
		case m.SeenBy == by.ID:
			item.Todo, item.Action, item.Lane = "代办人数异常，待负责人确认", "查看", work.Sent
		default:
			continue
		}
		out = append(out, item)
	}
	return out, nil
}

// Registers are the registers of this room (N3): every 委托书 that was seen.
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "mandates", No: 36, Name: "委托代办", Rule: "12a", Date: "查验日期",
		Heads: []string{"委托人", "代办人", "关系", "委托事项", "委托书日期", "有效期至", "一年内代办人数"}, Widths: []float64{14, 14, 16, 30, 12, 12, 10},
		States: []register.Choice{{Key: string(Valid), Name: "认可"}, {Key: string(Waiting), Name: "待负责人确认"}, {Key: string(Declined), Name: "不予认可"}, {Key: string(Revoked), Name: "已撤销"}},
		Posts:  posts, Acts: []string{ActRegister}, Note: "查验登记的委托书，一份一条；过期、撤销、不予认可的保留。代办人不得有偿代办。"},
		register.Source[Mandate]{DB: func() store.Querier { return k.gate.DB() }, Scope: scope, At: "mandate.seen_at", State: "mandate.state", Numbers: []string{"mandate.no", "mandate.principal", "mandate.agent"},
			Place: func(m Mandate) (string, string) { return register.Micro(m.SeenAt), m.ID },
			Rows: func(_ context.Context, list []Mandate) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, m := range list {
					_, name, tone := m.Standing(k.gate.Today())
					rows[i] = register.Row{On: calendar.Of(m.SeenAt).String(), Agency: m.Agency, Handler: m.SeenBy, CaseNo: m.No, State: name, Tone: tone, Link: "/mandates/" + m.ID,
						Own: []string{m.Principal, m.Agent, m.Relation, MatterNames(m.List()), m.PaperOn, m.ValidUntil, strconv.FormatInt(m.Persons, 10)}}
				}
				return rows, nil
			}})}
}
