package roster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/region"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// run is one walk that registers.
type run struct {
	desk    *Desk
	actor   policy.Actor
	imp     Import
	survey  *Survey
	resumed bool   // an earlier process began it: what it registered counts as accepted
	cameOn  string // of one packet that came by a transfer: its case, instead of the import
}

// attempts at a chunk that another process stood in the way of.
const attempts = 5

// chunk registers the accepted rows of a batch; each row is an act of its own, whole or not at all.
func (r *run) chunk(ctx context.Context, batch []*Judged) error {
	if r.resumed {
		if err := r.mine(ctx, batch); err != nil {
			return err
		}
	}
	var todo []*Judged
	for _, j := range batch {
		if j.Outcome == Accepted && j.Held.Dossier == "" {
			todo = append(todo, j)
		}
	}
	for attempt := 1; len(todo) > 0; attempt++ {
		left, err := r.register(ctx, todo)
		switch {
		case errors.Is(err, store.ErrBusy) && attempt < attempts && ctx.Err() == nil:
			time.Sleep(time.Duration(attempt) * 50 * time.Millisecond)
			continue
		case err != nil:
			return err
		case attempt >= attempts && len(left) > 0:
			return fmt.Errorf("register row %d: %w", left[0].Row.Number, store.ErrBusy)
		}
		todo = left
	}
	return nil
}

// register registers rows and returns those that are still to be done: somebody
// else registered the person in between, and yet the row is to be accepted.
func (r *run) register(ctx context.Context, todo []*Judged) ([]*Judged, error) {
	acts := make([]gate.Act, len(todo))
	ids := make([]string, len(todo))
	for i := range acts {
		acts[i] = gate.Act{Actor: r.actor, Action: "roster.register", Rules: registerRules}
	}
	out, err := r.desk.gate.DoBulk(ctx, acts, func(i int, tx *gate.Tx) error {
		var err error
		ids[i], err = r.row(tx, todo[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	var left []*Judged
	for i, o := range out {
		j := todo[i]
		switch {
		case o.Err == nil:
			j.Held.Dossier = ids[i]
		case errors.Is(o.Err, store.ErrUnique):
			if err := r.survey.Again(ctx, j); err != nil {
				return nil, err
			}
			if j.Outcome == Accepted {
				left = append(left, j)
			}
		default:
			return nil, fmt.Errorf("register row %d: %w", j.Row.Number, o.Err)
		}
	}
	return left, nil
}

var registerRules = []rule.ID{"2", "29.5"}

// row writes what one row says: the person, the dossier, that it stands here.
func (r *run) row(tx *gate.Tx, j *Judged) (string, error) {
	d := r.fresh(j.Facts)
	res := d.Resource()
	res.Attrs = map[string]any{"agency": d.Agency}
	if err := tx.Permit(res); err != nil {
		return "", err
	}
	tx.Note("import", r.imp.ID)
	tx.Note("row", j.Row.Number)
	return r.enter(tx, d, j.Facts, j.known)
}

// fresh is the dossier as a row states it.
func (r *run) fresh(f Facts) dossier.Dossier {
	return dossier.Dossier{ID: gate.NewID(), Agency: r.imp.Agency, No: f.Dossier, State: dossier.InStore, Shelfmark: f.Shelfmark, Category: f.Category, Subtype: f.Subtype, Evidence: f.Evidence,
		Basis: "stock", ReceivedOn: string(f.Received), ReceivedFrom: f.From, Remark: f.Remark, Notes: notes(f)}
}

// enter writes a person, unless the province knows them, and the dossier.
func (r *run) enter(tx *gate.Tx, d dossier.Dossier, f Facts, known bool) (string, error) {
	if d.No == "" {
		var err error
		if d.No, err = dossier.NextNumber(tx, d.Agency, tx.Now().Year()); err != nil {
			return "", err
		}
	}
	if known {
		return r.back(tx, d, f)
	}
	p := personOf(f)
	p.ID = gate.NewID()
	if err := person.Add(tx, r.desk.keys, &p); err != nil {
		return "", err
	}
	d.Place = dossier.PlaceStore
	if err := dossier.Add(tx, &d, p); err != nil {
		return "", err
	}
	return d.ID, r.shelve(tx, d)
}

// shelve records that the packet stands where the roster says.
func (r *run) shelve(tx *gate.Tx, d dossier.Dossier) error {
	note := "存量登记"
	if d.Shelfmark != "" {
		note += "，库位 " + d.Shelfmark
	}
	d.Place = ""
	from := ref(r.imp.ID)
	if r.cameOn != "" {
		from, note = "Transfer:"+r.cameOn, strings.Replace(note, "存量登记", "由"+d.ReceivedFrom+"转入，查实后立档", 1)
	}
	return custody.Move(tx, &d, custody.Taken, dossier.PlaceStore, from, note)
}

// ref names the import in the custody record.
func ref(id string) string { return "RosterImport:" + id }

// back takes up a person whom the province knows and whose dossier no agency
// keeps: the dossier that left comes home, as the same record (2).
func (r *run) back(tx *gate.Tx, fresh dossier.Dossier, f Facts) (string, error) {
	p, err := person.ByIDNo(tx.Context(), tx, r.desk.keys, f.Identity)
	if err != nil {
		return "", err
	}
	d, err := store.Get[dossier.Dossier](tx.Context(), tx, "WHERE person_id=?"+tx.ForUpdate(), p.ID)
	if errors.Is(err, store.ErrNotFound) {
		tx.About("Person", p.ID)
		fresh.Place = dossier.PlaceStore
		if err := dossier.Add(tx, &fresh, p); err != nil {
			return "", err
		}
		return fresh.ID, r.shelve(tx, fresh)
	} else if err != nil {
		return "", err
	}
	if d.State != dossier.Left {
		return "", store.ErrUnique // somebody took it in meanwhile: judged again
	}
	d.Agency, d.No, d.State, d.Shelfmark, d.Category, d.Basis = fresh.Agency, fresh.No, dossier.InStore, fresh.Shelfmark, fresh.Category, fresh.Basis
	d.Subtype, d.Evidence = fresh.Subtype, fresh.Evidence
	d.ReceivedOn, d.ReceivedFrom, d.Notes, d.Remark, d.Place = fresh.ReceivedOn, fresh.ReceivedFrom, fresh.Notes, fresh.Remark, dossier.PlaceStore
	if err := dossier.DropName(tx, d.ID); err != nil {
		return "", err
	}
	if err := dossier.IndexName(tx, d, p.Name); err != nil {
		return "", err
	}
	if err := dossier.Save(tx, &d); err != nil {
		return "", err
	}
	return d.ID, r.shelve(tx, d)
}

// mine turns rows that this very import registered before it was interrupted back into accepted ones.
func (r *run) mine(ctx context.Context, batch []*Judged) error {
	here := map[string]*Judged{}
	var args []any
	for _, j := range batch {
		if j.Outcome == AlreadyHere {
			here[j.Held.Dossier] = j
			args = append(args, j.Held.Dossier)
		}
	}
	if len(args) == 0 {
		return nil
	}
	args = append(args, ref(r.imp.ID))
	list, err := store.List[custody.Event](ctx, r.desk.gate.DB(), "WHERE dossier_id IN ("+store.Marks(len(args)-1)+") AND case_ref=?", args...)
	if err != nil {
		return err
	}
	for _, e := range list {
		here[e.DossierID].Outcome = Accepted
	}
	return nil
}

// personOf is the person as the row states it.
func personOf(f Facts) person.Person {
	p := person.Person{Name: f.Name, Sex: f.Sex, BirthDate: string(f.Birth), IDNo: f.Identity, Ethnic: f.Ethnic.Code, Political: f.Political.Code,
		Education: f.Education.Code, Phone: f.Phone, Household: f.Household.Code, Employer: f.Employer, EmployerUSCC: f.Credit, EmployerPlace: f.EmployerPlace.Code}
	if len(blankless(f.Written)) == 15 {
		p.IDWritten = blankless(f.Written)
	}
	return p
}

// notes keeps, as JSON, the columns nobody knew and what a list of codes could not take in.
func notes(f Facts) string {
	list := f.Notes
	for _, c := range []struct {
		field Field
		value Coded
		place bool
	}{{Ethnic, f.Ethnic, false}, {Political, f.Political, false}, {Education, f.Education, false}, {Household, f.Household, true}, {EmployerPlace, f.EmployerPlace, true}} {
		t := blankless(c.value.Text)
		said := c.value.Code != "" && (!c.place || t == c.value.Code || t == region.Name(c.value.Code) || t == "重庆市"+region.Name(c.value.Code))
		if t != "" && !said {
			list = append(list[:len(list):len(list)], Note{c.field.Label(), c.value.Text})
		}
	}
	if len(list) == 0 {
		return ""
	}
	raw, err := json.Marshal(list)
	if err != nil {
		return ""
	}
	return string(raw)
}
