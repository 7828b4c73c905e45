package feed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// atOnce is how many rows are judged in one act.
const atOnce = 300

// silent is how long a running file may stand still before another process goes on.
const silent = 2 * time.Minute

// errMoved says that the file was stopped, or that another process is ahead.
var errMoved = errors.New("feed: the work on the file has moved")

// system is who ends what cannot go on.
var system = policy.Actor{ID: "system", Kind: policy.System, Name: "系统"}

// HandleRun is the job.
func (k *Desk) HandleRun(ctx context.Context, payload []byte) error {
	var job jobOf
	if err := json.Unmarshal(payload, &job); err != nil {
		return err
	}
	return k.Run(gate.WithRequest(ctx, gate.Request{Via: "job"}), job.File)
}

// GoOn takes up what a process that ended has left: the timer.
func (k *Desk) GoOn(ctx context.Context) error {
	list, err := store.List[File](ctx, k.gate.DB(), "WHERE state='running' AND touched_at<? ORDER BY touched_at, id LIMIT 5", k.gate.Now().Add(-silent))
	if err != nil {
		return fmt.Errorf("files that stand still: %w", err)
	}
	for _, f := range list {
		if err := k.Run(gate.WithRequest(ctx, gate.Request{Via: "job"}), f.ID); err != nil {
			return err
		}
	}
	return nil
}

// Run judges the rows of a file from where it stands to its end.
func (k *Desk) Run(ctx context.Context, id string) error {
	f, err := store.Get[File](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil || f.State != Running {
		return err
	}
	err = k.walk(ctx, f)
	var refusal *rule.Refusal
	switch {
	case err == nil, errors.Is(err, errMoved):
		return nil
	case errors.As(err, &refusal), errors.Is(err, gate.ErrHidden): // trying again would only repeat it
		note := "导入人已不再具备办理权限"
		if refusal != nil {
			note = refusal.Reasons[0].Message
		}
		_, err = k.onFile(ctx, system, ActFail, id, func(_ *gate.Tx, f *File) error {
			f.State, f.Note = Failed, note+"；已核对的保留，可以由其他经办接着核对"
			return nil
		})
	}
	return err
}

func (k *Desk) walk(ctx context.Context, f File) error {
	by, err := k.actorOf(ctx, f.ImportedBy)
	if err != nil {
		return err
	}
	file, err := k.blobs.Open(ctx, f.Digest)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	batch := make([]told, 0, atOnce)
	err = read(KindOf(f.Kind), file, k.gate.Today(), func(l told) error {
		if int64(l.row) <= f.AtRow {
			return ctx.Err()
		}
		if batch = append(batch, l); len(batch) < atOnce {
			return nil
		}
		err := k.take(ctx, by, &f, batch, false)
		batch = batch[:0]
		return err
	})
	if err != nil {
		return err
	}
	return k.take(ctx, by, &f, batch, true)
}

// judged is what is to be written of a batch of rows.
type judged struct {
	facts     []Fact
	refused   []Refusal
	elsewhere int64
}

// take judges a batch: a new fact opens its collection as an act of its own, the rest is
// written together with how far the file has come. What a stopped process had opened of
// the batch is found again by row.
func (k *Desk) take(ctx context.Context, by policy.Actor, f *File, batch []told, last bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j, err := k.judge(ctx, by, *f, batch)
	if err != nil {
		return err
	}
	_, err = k.onFile(ctx, by, ActTake, f.ID, func(tx *gate.Tx, now *File) error {
		if now.State != Running || now.AtRow != f.AtRow {
			return errMoved
		}
		for _, x := range j.facts {
			switch x.Outcome {
			case Known:
				now.Known++
			case Differs:
				now.Differs++
			}
			if err := tx.Insert(x); err != nil {
				return err
			}
		}
		for _, r := range j.refused {
			if err := tx.Insert(r); err != nil {
				return err
			}
		}
		now.Elsewhere, now.Refused, now.Done = now.Elsewhere+j.elsewhere, now.Refused+int64(len(j.refused)), now.Done+int64(len(batch))
		if len(batch) > 0 {
			now.AtRow = int64(batch[len(batch)-1].row)
		}
		if last {
			now.State = Finished
		}
		tx.Note("rows", len(batch))
		tx.Note("to", now.AtRow)
		*f = *now
		return nil
	})
	return err
}

func (k *Desk) judge(ctx context.Context, by policy.Actor, f File, batch []told) (j judged, err error) {
	db := k.gate.DB()
	var numbers []string
	for _, l := range batch {
		if len(l.faults) == 0 {
			numbers = append(numbers, l.idNo)
		}
	}
	persons, err := person.ByIDNos(ctx, db, k.keys, numbers)
	if err != nil {
		return j, err
	}
	kept, err := k.kept(ctx, by.Org, persons)
	if err != nil {
		return j, err
	}
	ids := make([]string, 0, len(kept))
	for _, d := range kept {
		ids = append(ids, d.ID)
	}
	there, mine, err := k.known(ctx, f.ID, batch, ids)
	if err != nil {
		return j, err
	}
	refuse := func(l told, problems ...string) {
		j.refused = append(j.refused, Refusal{ID: gate.NewID(), Version: 1, FileID: f.ID, Row: int64(l.row), Problems: strings.Join(problems, "\n")})
	}
	for _, l := range batch {
		if len(l.faults) > 0 {
			refuse(l, l.faults...)
			continue
		}
		who := persons[l.idNo]
		d, here := kept[who.ID]
		if !here {
			j.elsewhere++
			continue
		}
		// What is concealed from some is counted with what is kept elsewhere, whoever imports:
		// the counters of the file are read by those too who may not know of it (15).
		if d.Secrecy > dossier.Open {
			j.elsewhere++
			continue
		}
		err := k.gate.Allowed(by, collect.ActOpen, collect.Request{Agency: d.Agency, DossierID: d.ID}.Resource(d))
		var refusal *rule.Refusal
		switch {
		case errors.Is(err, gate.ErrHidden):
			j.elsewhere++
			continue
		case errors.As(err, &refusal) && refusal.Reasons[0].Slug == "recusal":
			refuse(l, "属于导入人本人或其申报的亲属，按规定应当回避，请由其他工作人员办理收集")
			continue
		case err != nil:
			return j, err
		}
		for _, h := range l.events {
			e := EventOf(h.slug)
			if mine[fmt.Sprint(l.row, "|", e.Slug)] {
				continue
			}
			x := Fact{ID: gate.NewID(), Version: 1, FileID: f.ID, Row: int64(l.row), DossierID: d.ID, Event: e.Slug, Happened: written(h.on), Unit: l.unit, Key: keyOf(d.ID, h, l.unit)}
			if l.name != who.Name {
				x.Outcome, x.Basis = Differs, "来源登记的姓名与档案不一致，请核实是否同一人"
			} else if title := e.shows(h.on, there[d.ID]); title != "" {
				x.Outcome, x.Basis = Known, title
			} else if err := k.open(ctx, by, &x, h.on); err != nil {
				return j, err
			}
			if x.Outcome != Opened {
				j.facts = append(j.facts, x)
			}
		}
	}
	return j, nil
}

// open opens the collection of a new fact and writes the fact beside it; where the fact
// was told before, or its material is asked for already, it says so instead.
func (k *Desk) open(ctx context.Context, by policy.Actor, x *Fact, on calendar.Partial) error {
	e := EventOf(x.Event)
	before, err := k.told(ctx, x.Key)
	if err != nil {
		return err
	}
	if before != "" {
		x.Outcome, x.Basis = Known, before+" 已开收集通知"
		return nil
	}
	fact := *x
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: collect.ActOpen, Rules: rules}, func(tx *gate.Tx) error {
		r, err := k.collect.OpenIn(tx, x.DossierID, collect.Order{Target: e.Target, Addressee: x.Unit, Event: e.Of, FormedOn: day(on, tx.Today()), Titles: []string{e.Ask}})
		if err != nil {
			return err
		}
		f, err := store.Get[File](ctx, tx, "WHERE id=?"+tx.ForUpdate(), x.FileID)
		if err != nil {
			return err
		}
		if f.State != Running {
			return errMoved
		}
		fact.Outcome, fact.Basis, fact.CollectionID = Opened, "《"+e.Ask+"》"+r.No, r.ID
		tx.About("FeedFile", f.ID)
		if err := tx.Insert(fact); err != nil {
			return err
		}
		f.Opened, f.TouchedAt = f.Opened+1, tx.Now()
		return tx.Update(&f)
	})
	var refusal *rule.Refusal
	switch {
	case errors.Is(err, store.ErrUnique): // another file told it meanwhile
		x.Outcome, x.Basis = Known, "另一份文件已开收集通知"
		return nil
	case errors.As(err, &refusal) && (refusal.Reasons[0].Slug == "collection_twice" || refusal.Reasons[0].Slug == "collection_not_in_house"):
		x.Outcome, x.Basis = Known, refusal.Reasons[0].Message
		return nil
	case err != nil:
		return err
	}
	*x = fact
	return nil
}

// kept are, by person, the dossiers that lie in the agency.
func (k *Desk) kept(ctx context.Context, agency string, persons map[string]person.Person) (map[string]dossier.Dossier, error) {
	out := map[string]dossier.Dossier{}
	if len(persons) == 0 {
		return out, nil
	}
	args := []any{agency}
	for _, p := range persons {
		args = append(args, p.ID)
	}
	list, err := store.List[dossier.Dossier](ctx, k.gate.DB(), "WHERE agency=? AND person_id IN ("+store.Marks(len(args)-1)+")", args...)
	for _, d := range list {
		if d.State != dossier.Left && d.State != dossier.InTransit {
			out[d.PersonID] = d
		}
	}
	return out, err
}

// known reads what dossiers hold, and which facts of these rows a stopped process had opened.
func (k *Desk) known(ctx context.Context, file string, batch []told, ids []string) (there map[string][]held, mine map[string]bool, err error) {
	there, mine = map[string][]held{}, map[string]bool{}
	if len(ids) == 0 {
		return there, mine, nil
	}
	list, err := store.List[dossier.Material](ctx, k.gate.DB(), "WHERE dossier_id IN ("+store.Marks(len(ids))+") AND state NOT IN ('returned','superseded') AND title IS NOT NULL", store.Args(ids)...)
	if err != nil {
		return nil, nil, err
	}
	for _, m := range list {
		there[m.DossierID] = append(there[m.DossierID], held{codes.Canonical(m.Title), int(m.FormedYear), int(m.FormedMonth), m.Secrecy > 0 || m.Guard != ""})
	}
	facts, err := store.List[Fact](ctx, k.gate.DB(), "WHERE file_id=? AND row_no>=? AND row_no<=?", file, int64(batch[0].row), int64(batch[len(batch)-1].row))
	for _, x := range facts {
		mine[fmt.Sprint(x.Row, "|", x.Event)] = true
	}
	return there, mine, err
}

// told is the number of the file that opened a fact's collection.
func (k *Desk) told(ctx context.Context, key string) (string, error) {
	list, err := store.List[File](ctx, k.gate.DB(), "WHERE id IN (SELECT file_id FROM feed_fact WHERE fact_key=? AND outcome='opened') LIMIT 1", key)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[0].No, nil
}
