package dossier

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Filter is what a list asks for. Zero fields ask for nothing.
type Filter struct {
	Q        string // name, pinyin, initials, identity number, dossier number, unit
	View     string // attention, owed, paper, forced, hold, other
	Agency   string
	State    string
	Category string
	Account  string // personal, collective, none
	Place    string
	From, To string // days between which it was last dealt with
	Sort     string // changed (newest first), no
	Limit    int
	Cursor   string
}

// Views are the named lists of the page, with their predicates, written as the
// partial indexes of the table are.
var Views = []struct {
	Code, Name, where string
	rank              int
}{
	{"all", "全部", "", 0},
	{"attention", "在办与待处理", "dossier.attention=1", rare},
	{"owed", "待补充材料", "dossier.owed>0", rare},
	{"paper", "未数字化", "dossier.images=0", common},
	{"forced", "须机要或专送", "dossier.forced<>'no'", common},
	{"hold", "限制", "dossier.hold IS NOT NULL", rare},
	{"other", "其他人员", "dossier.category='4.7' AND dossier.subtype='other'", rare},
}

// Found is one row of the list.
type Found struct {
	Dossier Dossier
	Person  person.Person
	Open    map[MaterialState]int // loose materials by state
	DueOn   string                // earliest term among them
	Owed    string                // earliest term of what is owed
}

// List is a page of found dossiers; Next is the cursor of the following one.
type List struct {
	Items []Found
	Next  string
}

// mode is how a search box's text is looked for.
type mode string

const (
	byTime   mode = "time"
	byNumber mode = "no"
	byOldNo  mode = "old"
	byName   mode = "name"
	byUnit   mode = "unit"
	byIDNo   mode = "id"
)

type cursor struct {
	Mode mode   `json:"m"`
	Key  string `json:"k"`
	At   int64  `json:"t,omitempty"`
	ID   string `json:"i"`
}

func (c cursor) String() string {
	raw, _ := json.Marshal(c)
	return base64.RawURLEncoding.EncodeToString(raw)
}

func readCursor(text string) (c cursor, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	if err != nil {
		return c, rule.Mistake(rule.Reason{Rule: "26", Slug: "cursor", Field: "cursor", Message: "翻页标记无法识别。", Next: "请从第一页重新查询。"})
	}
	return c, nil
}

var (
	wholeIDNo = regexp.MustCompile(`^(\d{17}[\dX]|\d{15})$`)
	hasDigit  = regexp.MustCompile(`\d`)
	unitWords = regexp.MustCompile(`(公司|厂|院|校|集团|中心|局|所|店|社|部|银行|协会)$`)
	uscc      = regexp.MustCompile(`^[0-9A-HJ-NP-RTUWXY]{18}$`)
)

// modesOf says in which ways a text is looked for, the likeliest first: the
// first that finds something answers.
func modesOf(q string) []mode {
	n := identity.Normalize(q)
	switch {
	case q == "":
		return []mode{byTime}
	case wholeIDNo.MatchString(n):
		return []mode{byIDNo}
	case uscc.MatchString(n):
		return []mode{byUnit}
	case hasDigit.MatchString(q):
		return []mode{byNumber, byOldNo, byUnit}
	case unitWords.MatchString(q):
		return []mode{byUnit, byName}
	}
	return []mode{byName, byUnit}
}

// Find lists the dossiers an actor may read that answer a filter, a page at a
// time. Scope stands in the query, agency by agency: however many dossiers there
// are, each agency's part is a walk along one index.
func (k *Desk) Find(ctx context.Context, by policy.Actor, f Filter) (List, error) {
	if f.Limit <= 0 || f.Limit > 100 {
		f.Limit = 20
	}
	f.Q = strings.TrimSpace(f.Q)
	modes := modesOf(f.Q)
	var after cursor
	if f.Cursor != "" {
		var err error
		if after, err = readCursor(f.Cursor); err != nil {
			return List{}, err
		}
		modes = []mode{after.Mode}
	} else if modes[0] == byTime && f.Sort == "no" {
		modes = []mode{byNumber}
	}
	for _, m := range modes {
		keys, err := k.ids(ctx, by, f, m, after)
		if err != nil {
			return List{}, err
		}
		if len(keys) == 0 {
			continue
		}
		out := List{}
		if len(keys) > f.Limit {
			keys = keys[:f.Limit]
			out.Next = keys[len(keys)-1].String()
		}
		out.Items, err = k.rowsOf(ctx, keys)
		return out, err
	}
	return List{Items: []Found{}}, nil
}

// agenciesFor lists the keepers within an actor's reach, or the one asked for.
func (k *Desk) agenciesFor(ctx context.Context, by policy.Actor, asked string) ([]string, error) {
	if !mayList(by) {
		return nil, nil
	}
	tree, err := k.agencies.Tree(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, a := range tree.Keepers() {
		if by.Reaches(a.ID) && (asked == "" || asked == a.ID) {
			out = append(out, a.ID)
		}
	}
	return out, nil
}

// ids runs the query of one mode and returns up to one key more than the page.
func (k *Desk) ids(ctx context.Context, by policy.Actor, f Filter, m mode, after cursor) ([]cursor, error) {
	agencies, err := k.agenciesFor(ctx, by, f.Agency)
	if err != nil || len(agencies) == 0 {
		return nil, err
	}
	if m == byName || m == byUnit {
		return k.named(ctx, by, f, m, agencies, after)
	}
	beside, besideArgs := scopeBeside(by)
	more, moreArgs := and(f.conditions())
	part := store.Part{Limit: f.Limit + 1}
	order := "k, id"
	few := false // wherever they are: all agencies at once
	switch m {
	case byTime:
		part.Head, part.Order = "SELECT dossier.id AS id, '' AS k, dossier.changed_at AS t FROM dossier WHERE dossier.agency=", "dossier.changed_at DESC, dossier.id DESC"
		order = "t DESC, id DESC"
		if after.ID != "" {
			more += " AND (dossier.changed_at,dossier.id)<(?,?)"
			moreArgs = append(moreArgs, after.At, after.ID)
		}
	case byNumber:
		part.Head, part.Order = "SELECT dossier.id AS id, dossier.no AS k, dossier.changed_at AS t FROM dossier WHERE dossier.agency=", "dossier.no, dossier.id"
		if no := strings.ToUpper(identity.Normalize(f.Q)); no != "" {
			more += " AND dossier.no>=? AND dossier.no<?"
			moreArgs = append(moreArgs, no, no+"\uffff")
		}
		if after.ID != "" {
			more += " AND (dossier.no,dossier.id)>(?,?)"
			moreArgs = append(moreArgs, after.Key, after.ID)
		}
	case byOldNo:
		few = true
		part.Head = "SELECT dossier.id AS id, dossier_number.no AS k, dossier.changed_at AS t FROM dossier_number JOIN dossier ON dossier.id=dossier_number.dossier_id WHERE dossier.agency IN "
		more += " AND dossier_number.no=?"
		moreArgs = append(moreArgs, identity.Normalize(f.Q))
	case byIDNo:
		c, problem := identity.Parse(f.Q, calendar.Of(k.gate.Now()))
		if problem != "" {
			return nil, nil
		}
		few = true
		part.Head = "SELECT dossier.id AS id, '' AS k, dossier.changed_at AS t FROM person JOIN dossier ON dossier.person_id=coalesce(person.merged_into,person.id) WHERE dossier.agency IN "
		more += " AND person.id IN (SELECT id FROM person WHERE id_ix=? UNION SELECT person_id FROM person_number WHERE id_ix=?)"
		ix := k.keys.Index(person.IndexPurpose, c.Number)
		moreArgs = append(moreArgs, ix, ix)
	}
	part.Tail, part.Args = beside+more, slices.Concat(besideArgs, moreArgs)
	var query string
	var args []any
	if few {
		query, args = part.Head+"("+store.Marks(len(agencies))+")"+part.Tail, slices.Concat(store.Args(agencies), part.Args)
	} else {
		query, args = k.gate.DB().FirstOfEach(agencies, part)
	}
	query += " ORDER BY " + order + " LIMIT ?"
	args = append(args, f.Limit+1)
	rows, err := k.gate.DB().Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("find dossiers: %w", err)
	}
	defer rows.Close()
	var out []cursor
	for rows.Next() {
		c := cursor{Mode: m}
		if err := rows.Scan(&c.ID, &c.Key, &c.At); err != nil {
			return nil, fmt.Errorf("find dossiers: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// named walks the search keys with a prefix in their order, a stretch at a time,
// and keeps the dossiers that answer the filter. The stretch comes from the index
// of keys alone: a join in every agency's part made a province's page ten times slower.
func (k *Desk) named(ctx context.Context, by policy.Actor, f Filter, m mode, agencies []string, after cursor) ([]cursor, error) {
	prefix := foldKey(f.Q)
	if prefix == "" {
		return nil, nil
	}
	if m == byUnit {
		prefix = unitMark + prefix
	}
	var out []cursor
	for size := f.Limit + 10; ; size = min(2*size, maxStretch) {
		list, err := k.stretch(ctx, agencies, prefix, after, size)
		if err != nil || len(list) == 0 {
			return out, err
		}
		kept, err := k.answering(ctx, by, f, prefix, list)
		if err != nil {
			return nil, err
		}
		for _, c := range list {
			at, ok := kept[keyOf{c.Key, c.ID}]
			if !ok {
				continue
			}
			if out = append(out, cursor{m, c.Key, at, c.ID}); len(out) > f.Limit {
				return out, nil
			}
		}
		if len(list) < size {
			return out, nil
		}
		after = list[len(list)-1]
	}
}

// maxStretch bounds one stretch of search keys, and the arguments of its query.
const maxStretch = 1000

type keyOf struct{ key, dossier string }

// stretch reads the next search keys with a prefix.
func (k *Desk) stretch(ctx context.Context, agencies []string, prefix string, after cursor, size int) ([]cursor, error) {
	part := store.Part{Head: "SELECT key, dossier_id FROM name_key WHERE agency=", Tail: " AND key>=? AND key<?", Args: []any{prefix, prefix + "\U0010ffff"}, Order: "key, dossier_id", Limit: size}
	if after.ID != "" {
		part.Tail += " AND (key,dossier_id)>(?,?)"
		part.Args = append(part.Args, after.Key, after.ID)
	}
	query, args := k.gate.DB().FirstOfEach(agencies, part)
	rows, err := k.gate.DB().Query(ctx, query+" ORDER BY key, dossier_id LIMIT ?", append(args, size)...)
	if err != nil {
		return nil, fmt.Errorf("find names: %w", err)
	}
	defer rows.Close()
	var out []cursor
	for rows.Next() {
		var c cursor
		if err := rows.Scan(&c.Key, &c.ID); err != nil {
			return nil, fmt.Errorf("find names: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// answering says which keys of a stretch stand for a dossier that answers the
// filter, and when it was last dealt with. A dossier may have several keys with
// the prefix: the smallest stands for it. No agency stands in the query: both
// planners would rather walk all of one agency than look up thirty ids.
func (k *Desk) answering(ctx context.Context, by policy.Actor, f Filter, prefix string, list []cursor) (map[keyOf]int64, error) {
	ids := make([]any, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	beside, besideArgs := scopeBeside(by)
	more, moreArgs := and(f.conditions())
	query := `SELECT dossier.id, dossier.agency, dossier.changed_at, coalesce((SELECT min(n.key) FROM name_key n WHERE n.dossier_id=dossier.id AND n.key>=? AND n.key<?),'')
 FROM dossier WHERE dossier.id IN (` + store.Marks(len(ids)) + ")" + beside + more
	rows, err := k.gate.DB().Query(ctx, query, slices.Concat([]any{prefix, prefix + "\U0010ffff"}, ids, besideArgs, moreArgs)...)
	if err != nil {
		return nil, fmt.Errorf("find by name: %w", err)
	}
	defer rows.Close()
	out := map[keyOf]int64{}
	for rows.Next() {
		var id, agency, key string
		var at int64
		if err := rows.Scan(&id, &agency, &at, &key); err != nil {
			return nil, fmt.Errorf("find by name: %w", err)
		}
		if by.Reaches(agency) { // it may have moved on since its key was read
			out[keyOf{key, id}] = at
		}
	}
	return out, rows.Err()
}

// condition is one part of a filter.
type condition struct {
	sql  string
	args []any
	rank int
}

// How many dossiers a condition holds for, as a rule; all but the last have an index.
const (
	rare = iota + 1
	some
	common
	unindexed
)

// unmerged leaves out what became part of another dossier (2).
const unmerged = "dossier.merged_into IS NULL"

// conditions are the filter without the search box.
func (f Filter) conditions() []condition {
	var out []condition
	add := func(rank int, sql string, args ...any) { out = append(out, condition{sql, args, rank}) }
	if f.State != string(Left) {
		add(unindexed, unmerged) // found as the dossier it became part of
	}
	equal := func(rank int, column, value string) {
		if value != "" {
			add(rank, "dossier."+column+"=?", value)
		}
	}
	for _, v := range Views {
		if v.Code == f.View && v.where != "" {
			add(v.rank, v.where)
		}
	}
	if f.State == string(InStore) {
		equal(common, "state", f.State)
	} else {
		equal(rare, "state", f.State)
	}
	category, subtype, _ := strings.Cut(f.Category, "/")
	equal(some, "category", category)
	equal(unindexed, "subtype", subtype)
	if f.Place == PlaceStore {
		equal(unindexed, "place", f.Place)
	} else if f.Place != "" {
		add(rare, "dossier.place=? AND dossier.place<>'"+PlaceStore+"'", f.Place) // as its index says
	}
	if f.Account == "none" {
		add(unindexed, "dossier.account_kind IS NULL")
	} else {
		equal(some, "account_kind", f.Account)
	}
	if d := calendar.Date(f.From); d.Valid() {
		add(some, "dossier.changed_at>=?", d.Moment())
	}
	if d := calendar.Date(f.To); d.Valid() {
		add(some, "dossier.changed_at<?", d.AddDays(1).Moment())
	}
	slices.SortStableFunc(out, func(a, b condition) int { return a.rank - b.rank })
	return out
}

// and joins conditions, each behind an AND.
func and(list []condition) (string, []any) {
	var b strings.Builder
	var args []any
	for _, c := range list {
		b.WriteString(" AND ")
		b.WriteString(c.sql)
		args = append(args, c.args...)
	}
	return b.String(), args
}

// rowsOf reads what the list shows, for one page of ids.
func (k *Desk) rowsOf(ctx context.Context, keys []cursor) ([]Found, error) {
	q := k.gate.DB()
	ids := make([]string, len(keys))
	for i, c := range keys {
		ids[i] = c.ID
	}
	in := "(" + store.Marks(len(ids)) + ")"
	dossiers, err := store.List[Dossier](ctx, q, "WHERE id IN "+in, store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	people, err := store.List[person.Person](ctx, q, "WHERE id IN (SELECT person_id FROM dossier WHERE id IN "+in+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	byPerson := map[string]person.Person{}
	for _, p := range people {
		byPerson[p.ID] = p
	}
	found := map[string]*Found{}
	for _, d := range dossiers {
		found[d.ID] = &Found{Dossier: d, Person: byPerson[d.PersonID], Open: map[MaterialState]int{}}
	}
	if err := k.waiting(ctx, found, ids); err != nil {
		return nil, err
	}
	out := make([]Found, 0, len(ids))
	for _, id := range ids {
		if f := found[id]; f != nil {
			out = append(out, *f)
		}
	}
	return out, nil
}

// waiting adds what waits on the dossiers of a page.
func (k *Desk) waiting(ctx context.Context, found map[string]*Found, ids []string) error {
	busy := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		f := found[id]
		return f == nil || f.Dossier.Loose == 0 && f.Dossier.Owed == 0
	})
	if len(busy) == 0 {
		return nil
	}
	rows, err := k.gate.DB().Query(ctx, `SELECT dossier_id, state, count(*), coalesce(min(due_on),'') FROM material WHERE dossier_id IN (`+store.Marks(len(busy))+`)
 AND state IN ('received','appraising','curing','to_file') GROUP BY dossier_id, state
 UNION ALL SELECT dossier_id, '', count(*), coalesce(min(due_on),'') FROM supplement WHERE state='open' AND dossier_id IN (`+store.Marks(len(busy))+`) GROUP BY dossier_id`,
		append(store.Args(busy), store.Args(busy)...)...)
	if err != nil {
		return fmt.Errorf("what waits: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, state, due string
		var n int
		if err := rows.Scan(&id, &state, &n, &due); err != nil {
			return err
		}
		f := found[id]
		if state == "" {
			f.Owed = due
			continue
		}
		f.Open[MaterialState(state)] = n
		if due != "" && (f.DueOn == "" || due < f.DueOn) {
			f.DueOn = due
		}
	}
	return rows.Err()
}

// Tally is how many there are; with More, at least as many: counting stops.
type Tally struct {
	N    int64
	More bool
}

// Counts counts the views within an actor's scope.
func (k *Desk) Counts(ctx context.Context, by policy.Actor) (map[string]Tally, error) {
	where, args := Scope(by)
	where += " AND " + unmerged
	out := map[string]Tally{}
	var columns, sums strings.Builder
	var common []string
	for _, v := range Views[1:] {
		if v.rank == rare {
			t, err := k.tally(ctx, where+" AND "+v.where, args, "")
			if err != nil {
				return nil, err
			}
			out[v.Code] = t
			continue
		}
		fmt.Fprintf(&columns, ", CASE WHEN %s THEN 1 ELSE 0 END AS %s", v.where, v.Code)
		fmt.Fprintf(&sums, ", coalesce(sum(%s),0)", v.Code)
		common = append(common, v.Code)
	}
	values := make([]int64, 1+len(common))
	holders := make([]any, len(values))
	for i := range values {
		holders[i] = &values[i]
	}
	query := "SELECT count(*)" + sums.String() + " FROM (SELECT dossier.id" + columns.String() + " FROM dossier WHERE " + where + " LIMIT ?) AS c"
	if err := k.gate.DB().QueryRow(ctx, query, append(slices.Clone(args), k.gate.DB().CountCap)...).Scan(holders...); err != nil {
		return nil, fmt.Errorf("count views: %w", err)
	}
	more := values[0] == k.gate.DB().CountCap
	out[Views[0].Code] = Tally{values[0], more}
	for i, code := range common {
		out[code] = Tally{values[i+1], more}
	}
	return out, nil
}

// Count counts what a filter without search text answers: the rarest condition is
// walked along its index, the others are looked at on the way.
func (k *Desk) Count(ctx context.Context, by policy.Actor, f Filter) (Tally, error) {
	where, args := Scope(by)
	if f.Agency != "" {
		where += " AND dossier.agency=?"
		args = append(args, f.Agency)
	}
	list := f.conditions()
	if len(list) == 0 {
		return k.tally(ctx, where, args, "")
	}
	first, firstArgs := and(list[:1])
	rest, restArgs := and(list[1:])
	return k.tally(ctx, where+first, append(args, firstArgs...), rest, restArgs...)
}

// tally looks at the dossiers of where, up to the cap, and counts those that answer rest, too.
func (k *Desk) tally(ctx context.Context, where string, args []any, rest string, restArgs ...any) (t Tally, err error) {
	var seen int64
	all := slices.Concat(restArgs, args, []any{k.gate.DB().CountCap})
	err = k.gate.DB().QueryRow(ctx, "SELECT count(*), coalesce(sum(hit),0) FROM (SELECT CASE WHEN 1=1"+rest+" THEN 1 ELSE 0 END AS hit FROM dossier WHERE "+where+" LIMIT ?) AS c", all...).Scan(&seen, &t.N)
	if err != nil {
		return t, fmt.Errorf("count dossiers: %w", err)
	}
	t.More = seen == k.gate.DB().CountCap
	return t, nil
}
