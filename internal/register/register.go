package register

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Choice is a state that a register can be narrowed to.
type Choice struct{ Key, Name string }

// Register is one 台账.
type Register struct {
	Key    string
	No     int // of the list in custody-and-statistics.md 2
	Name   string
	Rule   rule.ID
	Date   string   // what its day is: 签收日期
	Heads  []string // own columns, beside those all have
	Widths []float64
	States []Choice
	Posts  []string // whose page shows it
	Acts   []string // acts of the ledger that make its lines, one each
	Table  string   // or the audited table each of whose rows is a line, where one act makes several
	Tally  string   // the fact of those acts that says how many lines each makes, where not one
	Note   string   // what counts, in a sentence
	// How its figures of an agency and of a period are held to the ledger: Elsewhere, a line is
	// another agency's than the one that acted; Stated, its day is not the one of the act.
	Elsewhere, Stated bool

	list  func(ctx context.Context, actor policy.Actor, f Filter) ([]Row, error)
	count func(ctx context.Context, actor policy.Actor, f Filter) (int64, error)
}

// Filter narrows a register: days from and until both belong to the period.
type Filter struct {
	From, Until calendar.Date
	Agency      string
	State       string
	Text        string // name, pinyin or initials of the person, dossier number, number of the case
	After       string // cursor
	Limit       int
}

// Row is one line. A room fills in what it knows; names of staff, agencies, persons and
// dossiers are looked up for a whole page at once.
type Row struct {
	ID, Sort  string // place in the register
	On        string // day, or day and time
	Agency    string
	Handler   string // account id; a name afterwards
	DossierID string
	DossierNo string
	Person    string
	CaseRef   string // such as Transfer:<id>: its number is looked up
	CaseNo    string
	State     string
	Tone      string
	Link      string
	Own       []string
}

// Cursor is where the register goes on after a row.
func (r Row) Cursor() string { return r.Sort + "|" + r.ID }

// most is how far a register is counted, as dossier lists are.
const most = 50_000

// Source is where the lines of a register come from: one table, a row each.
type Source[T store.Row] struct {
	DB    func() store.Querier
	Scope func(policy.Actor) (string, []any) // as the room's lists have it
	Only  string                             // what makes a line of a row
	At    string                             // column of its moment
	Day   bool                               // At is a day, not microseconds
	State string                             // column of its state, where it can be narrowed to one
	// Dossier names the column of the dossier, Numbers those that Text is compared with.
	Dossier string
	Numbers []string
	Place   func(T) (at, id string) // value of At and the id
	Rows    func(ctx context.Context, list []T) ([]Row, error)
}

// Of makes a register of a source.
func Of[T store.Row](r Register, s Source[T]) Register {
	r.list = func(ctx context.Context, actor policy.Actor, f Filter) ([]Row, error) {
		where, args, err := s.where(actor, f)
		if err != nil {
			return nil, err
		}
		id := (*new(T)).Table() + ".id"
		if f.After != "" {
			at, last, err := s.after(f.After)
			if err != nil {
				return nil, err
			}
			where, args = where+" AND ("+s.At+"<? OR "+s.At+"=? AND "+id+"<?)", append(args, at, at, last)
		}
		list, err := store.List[T](ctx, s.DB(), "WHERE "+where+" ORDER BY "+s.At+" DESC, "+id+" DESC LIMIT ?", append(args, f.Limit)...)
		if err != nil {
			return nil, fmt.Errorf("register %s: %w", r.Key, err)
		}
		rows, err := s.Rows(ctx, list)
		for i := range rows {
			rows[i].Sort, rows[i].ID = s.Place(list[i])
		}
		return rows, err
	}
	r.count = func(ctx context.Context, actor policy.Actor, f Filter) (n int64, err error) {
		where, args, err := s.where(actor, f)
		if err != nil {
			return 0, err
		}
		err = s.DB().QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM "+(*new(T)).Table()+" WHERE "+where+fmt.Sprintf(" LIMIT %d) x", most), args...).Scan(&n)
		return n, store.Classify(err)
	}
	return r
}

// where is the part of a query that counting and listing share.
func (s Source[T]) where(actor policy.Actor, f Filter) (string, []any, error) {
	where, args := s.Scope(actor)
	if s.Only != "" {
		where += " AND " + s.Only
	}
	if s.Day {
		where, args = where+" AND "+s.At+">=? AND "+s.At+"<=?", append(args, f.From.String(), f.Until.String())
	} else {
		where, args = where+" AND "+s.At+">=? AND "+s.At+"<?", append(args, f.From.Moment().UnixMicro(), f.Until.AddDays(1).Moment().UnixMicro())
	}
	if f.State != "" && s.State != "" {
		where, args = where+" AND "+s.State+"=?", append(args, f.State)
	}
	text := strings.TrimSpace(f.Text)
	if text == "" {
		return where, args, nil
	}
	var any []string
	for _, column := range s.Numbers {
		any, args = append(any, column+"=?"), append(args, text)
	}
	if s.Dossier != "" {
		key := strings.ToLower(text)
		any = append(any, "EXISTS (SELECT 1 FROM name_key n WHERE n.dossier_id="+s.Dossier+" AND n.key>=? AND n.key<?)", "EXISTS (SELECT 1 FROM dossier o WHERE o.id="+s.Dossier+" AND o.no=?)")
		args = append(args, key, key+"\U0010ffff", strings.ToUpper(text))
	}
	if len(any) == 0 {
		return "1=0", nil, nil
	}
	return where + " AND (" + strings.Join(any, " OR ") + ")", args, nil
}

func (s Source[T]) after(cursor string) (at any, id string, err error) {
	text, id, ok := strings.Cut(cursor, "|")
	at = text
	if !s.Day {
		n, bad := strconv.ParseInt(text, 10, 64)
		at, ok = n, ok && bad == nil
	}
	if !ok {
		return nil, "", rule.Mistake(rule.Reason{Rule: "N3", Slug: "cursor_invalid", Field: "after", Message: "翻页位置无效。", Next: "请从第一页重新载入。"})
	}
	return at, id, nil
}

// OfAgency is the scope of rows that bear an agency: in reach, for these posts, and not
// of a dossier above the actor's clearance or one the actor must keep away from (10b).
func OfAgency(agency, dossier string, posts ...string) func(policy.Actor) (string, []any) {
	return func(actor policy.Actor) (string, []any) {
		if !holds(actor, posts) {
			return "1=0", nil
		}
		where, args := agency+" IN ("+store.Marks(len(actor.Reach))+")", store.Args(actor.Reach)
		if dossier == "" {
			return where, args
		}
		more, with := beside(actor, dossier)
		return where + " AND " + more, append(args, with...)
	}
}

// OfNumber is the scope of rows that were numbered by an agency, such as SJ-50010801-2026-00001:
// they stay in its register wherever the dossier went.
func OfNumber(column, prefix, dossier string, posts ...string) func(policy.Actor) (string, []any) {
	return func(actor policy.Actor) (string, []any) {
		if !holds(actor, posts) {
			return "1=0", nil
		}
		var own []string
		var args []any
		for _, code := range actor.Reach {
			own, args = append(own, column+">=? AND "+column+"<?"), append(args, prefix+code+"-", prefix+code+".")
		}
		more, with := beside(actor, dossier)
		return "(" + strings.Join(own, " OR ") + ") AND " + more, append(args, with...)
	}
}

func holds(actor policy.Actor, posts []string) bool {
	return actor.Kind == policy.Staff && len(actor.Reach) > 0 && slices.ContainsFunc(posts, actor.Has)
}

func beside(actor policy.Actor, dossier string) (string, []any) {
	where, args := "("+dossier+" IS NULL OR EXISTS (SELECT 1 FROM dossier sd WHERE sd.id="+dossier+" AND sd.secrecy<=?", []any{actor.Clearance}
	if len(actor.Persons) > 0 {
		where += " AND sd.person_id NOT IN (" + store.Marks(len(actor.Persons)) + ")"
		args = append(args, store.Args(actor.Persons)...)
	}
	return where + "))", args
}

// Micro and Stamp are a moment as the registers sort and show it.
func Micro(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }

// Stamp is day and time in China.
func Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(clock.Shanghai).Format("2006-01-02 15:04")
}

// Count shows a number, nothing for none.
func Count(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}
