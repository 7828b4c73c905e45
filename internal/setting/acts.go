package setting

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync/atomic"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Recount is queued when a year's holidays were loaded: terms that reached past
// the last year are computed again (codes.md 1).
const Recount = "calendar.recount"

const (
	holidays = "holidays-"
	tables   = "table-"
)

// Demo marks a sample province: no compulsory second factor, a banner on every screen.
const Demo Key = "demo"

// Desk is the room's door. Values are read from memory; another process's
// change is seen at the next Reload, a timer's.
type Desk struct {
	gate *gate.Gate
	now  atomic.Pointer[values]
}

type values struct {
	byKey    map[string]Value
	calendar *calendar.Calendar
}

// New opens the room. Reload reads the values.
func New(g *gate.Gate) *Desk {
	d := &Desk{gate: g}
	d.now.Store(&values{byKey: map[string]Value{}, calendar: calendar.Default()})
	return d
}

// Reload reads all values.
func (d *Desk) Reload(ctx context.Context) error {
	list, err := store.List[Value](ctx, d.gate.DB(), "ORDER BY id LIMIT 500")
	if err != nil {
		return err
	}
	v := &values{byKey: map[string]Value{}, calendar: calendar.Default()}
	for _, x := range list {
		v.byKey[x.ID] = x
		if strings.HasPrefix(x.ID, holidays) {
			if v.calendar, err = v.calendar.Load(strings.NewReader(x.Value)); err != nil {
				return fmt.Errorf("setting %s: %w", x.ID, err)
			}
		}
	}
	d.now.Store(v)
	return nil
}

// Int is a setting's present value.
func (d *Desk) Int(k Key) int {
	def, _ := Define(k)
	if v, ok := d.now.Load().byKey[string(k)]; ok {
		if n, err := strconv.Atoi(v.Value); err == nil {
			return n
		}
	}
	return def.Default
}

// Chosen is the present value of a setting that is a list.
func (d *Desk) Chosen(k Key) []string {
	def, _ := Define(k)
	chosen, _ := def.list(d.now.Load().byKey[string(k)].Value)
	return chosen
}

// Share is a percentage as 0 … 1.
func (d *Desk) Share(k Key) float64 { return float64(d.Int(k)) / 100 }

// IsDemo says whether this is a sample province.
func (d *Desk) IsDemo() bool { return d.now.Load().byKey[string(Demo)].Value == "1" }

// Calendar is the calendar with every year loaded so far.
func (d *Desk) Calendar() *calendar.Calendar { return d.now.Load().calendar }

// Present lists every setting with its value and version (0: never changed).
func (d *Desk) Present() []Present {
	out := make([]Present, len(Definitions))
	for i, def := range Definitions {
		out[i] = Present{Definition: def, Version: d.now.Load().byKey[string(def.Key)].Version}
		if def.Choices() != nil {
			out[i].Chosen = d.Chosen(def.Key)
		} else {
			out[i].Value = d.Int(def.Key)
		}
	}
	return out
}

// Present is a setting as it stands.
type Present struct {
	Definition
	Value   int
	Chosen  []string // of one that is a list
	Version int64
}

// Change sets a value, for the whole province (N1).
func (d *Desk) Change(ctx context.Context, by policy.Actor, k Key, value string) (gate.Receipt, error) {
	def, known := Define(k)
	if !known {
		return gate.Receipt{}, store.ErrNotFound
	}
	if def.Choices() != nil {
		list, err := def.ParseList(value)
		if err != nil {
			return gate.Receipt{}, err
		}
		return d.set(ctx, by, string(k), list, map[string]any{"to": list})
	}
	n, err := def.Parse(value)
	if err != nil {
		return gate.Receipt{}, err
	}
	return d.set(ctx, by, string(k), strconv.Itoa(n), map[string]any{"to": n})
}

// MarkDemo marks a province that holds synthetic data only.
func (d *Desk) MarkDemo(ctx context.Context, by policy.Actor) error {
	_, err := d.set(ctx, by, string(Demo), "1", nil)
	return err
}

// LoadHolidays takes in a year of the State Council's arrangement, as a table
// date,kind,name_zh (kind holiday or workday). Terms marked 暂定 are computed anew.
func (d *Desk) LoadHolidays(ctx context.Context, by policy.Actor, year int, table string) (gate.Receipt, error) {
	wrong := func(message string) error {
		return rule.Mistake(rule.Reason{Rule: "20.2b", Slug: "calendar_unreadable", Field: "table", Message: message,
			Next: "请按国务院办公厅公布的放假安排，以 date,kind,name_zh 三列填写，kind 为 holiday（放假）或 workday（调休上班）。"})
	}
	loaded, err := new(calendar.Calendar).Load(strings.NewReader(table))
	if err != nil {
		return gate.Receipt{}, wrong(err.Error())
	}
	if first, last := loaded.Span(); first.Year() != year || last.Year() != year {
		return gate.Receipt{}, wrong(fmt.Sprintf("表中日期应都在 %d 年内。", year))
	}
	return d.set(ctx, by, holidays+strconv.Itoa(year), table, map[string]any{"year": year}, gate.Job{Kind: Recount})
}

// Table is a table of the province that another room reads, as it was last replaced;
// empty if it never was.
func (d *Desk) Table(id string) string { return d.now.Load().byKey[tables+id].Value }

// ReplaceTable replaces such a table as a whole. The room it belongs to has checked it.
func (d *Desk) ReplaceTable(ctx context.Context, by policy.Actor, id, table string) (gate.Receipt, error) {
	return d.set(ctx, by, tables+id, table, map[string]any{"table": id})
}

func (d *Desk) set(ctx context.Context, by policy.Actor, id, value string, facts map[string]any, jobs ...gate.Job) (gate.Receipt, error) {
	receipt, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: "setting.change", Rules: []rule.ID{"N1"}}, func(tx *gate.Tx) error {
		v, err := store.Get[Value](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id)
		fresh := errors.Is(err, store.ErrNotFound)
		if err != nil && !fresh {
			return err
		}
		if fresh {
			v = Value{ID: id, Version: 1}
		}
		if err := tx.Permit(v.resource()); err != nil {
			return err
		}
		for k, f := range facts {
			tx.Note(k, f)
		}
		for _, j := range jobs {
			tx.Enqueue(j)
		}
		v.Value = value
		if fresh {
			return tx.Insert(v)
		}
		return tx.Update(&v)
	})
	if err != nil {
		return receipt, err
	}
	return receipt, d.Reload(ctx)
}

// Possible says whether an actor may change settings.
func (d *Desk) Possible(by policy.Actor) []gate.Possible {
	p, ok := d.gate.Possible(by, "setting.change", "修改参数", Value{ID: "any"}.resource(), nil)
	if !ok {
		return nil
	}
	return []gate.Possible{p}
}
