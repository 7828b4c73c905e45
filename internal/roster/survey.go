package roster

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"dangan/internal/person"
)

// Outcome is the fate of a row.
type Outcome string

// Fates. A row without errors whose dossier the agency keeps is already here.
const (
	Accepted    Outcome = "accepted"
	Rejected    Outcome = "rejected"
	AlreadyHere Outcome = "already-here"
)

// Held is what the province knows of an identity number.
type Held struct {
	Name    string
	Agency  string // code of the agency that keeps the dossier; "" when none does
	Dossier string // number or key of that dossier, for the report of the agency itself
}

// Registry answers for the whole province, many numbers at a time; numbers
// nobody knows are left out of the answer.
type Registry interface {
	Held(ctx context.Context, numbers []string) (map[string]Held, error)
	// Alike says of each person whether a dossier is kept that is likely theirs, under another
	// number, and nobody said otherwise (2).
	Alike(ctx context.Context, list []person.Candidate) ([]bool, error)
	// Apart says of each pair of numbers whether somebody said that they are of two persons.
	Apart(ctx context.Context, pairs [][2]string) ([]bool, error)
}

// Judged is a row with its fate; findings are sorted by their codes.
type Judged struct {
	Row      *Row
	Outcome  Outcome
	Facts    Facts
	Errors   []Finding
	Warnings []Finding
	Held     Held // when it is already here

	known bool // the province knows the person
}

// BatchSize is how many rows are asked for, and registered, at a time: search
// keys fall all over their indexes, so that a larger batch writes each page less often.
const BatchSize = 2000

// Survey is what can only be known of the whole file: numbers that stand there
// twice. It holds some 200 bytes a row and no row.
type Survey struct {
	Rows int

	ctx      Context
	registry Registry
	people   map[string]*group
	numbers  map[string]int32 // of dossiers → index in accepted
	births   map[uint64]first // of names with their birth dates
	seed     maphash.Seed
	accepted []int32 // rows taken in, by dossier number
}

// group are the rows of one identity number.
type group struct {
	id    string
	names []nameAt
}

// first is the first good row of a name and birth date.
type first struct {
	id  string
	row int32
}

type nameAt struct {
	name string
	row  int // the first with this name
}

// mark is what the survey keeps of a row until it knows which dossier numbers stand there twice.
type mark struct {
	dossier int32
	row     int32
	id      *group
	number  string
	name    string
}

// Look walks the file once. Rows are taken in as the second walk, Each, says.
func Look(ctx context.Context, f *File, c Context, registry Registry) (*Survey, error) {
	s := &Survey{ctx: c, registry: registry, people: map[string]*group{}, numbers: map[string]int32{}, births: map[uint64]first{}, seed: maphash.MakeSeed()}
	var marks []mark
	var seen []int32
	err := f.Each(func(r *Row) error {
		s.Rows++
		if s.Rows%BatchSize == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		v := Judge(r, c)
		g := s.note(v.Facts, r.Number)
		if len(v.Errors) == 0 && g != nil {
			if k := s.birthKey(v.Facts); s.births[k].row == 0 {
				s.births[k] = first{g.id, int32(r.Number)}
			}
		}
		if v.Facts.Dossier == "" {
			return nil
		}
		i, ok := s.numbers[v.Facts.Dossier]
		if !ok {
			i = int32(len(seen))
			s.numbers[strings.Clone(v.Facts.Dossier)] = i
			seen = append(seen, 0)
		}
		if len(v.Errors) == 0 && g != nil {
			seen[i]++
			marks = append(marks, mark{i, int32(r.Number), g, strings.Clone(v.Facts.Identity), strings.Clone(v.Facts.Name)})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.accepted = make([]int32, len(seen))
	return s, s.settle(ctx, slices.DeleteFunc(marks, func(m mark) bool { return seen[m.dossier] < 2 }))
}

// note files a row under its identity number; nil when it has none that is right, or no name.
func (s *Survey) note(f Facts, row int) *group {
	if f.Identity == "" || f.Name == "" {
		return nil
	}
	g := s.people[f.Identity]
	if g == nil {
		g = &group{id: strings.Clone(f.Identity)}
		s.people[g.id] = g
	}
	if !slices.ContainsFunc(g.names, func(n nameAt) bool { return person.SameName(n.name, f.Name) }) {
		g.names = append(g.names, nameAt{strings.Clone(f.Name), row})
	}
	return g
}

// birthKey stands for a name and birth date: 64 bits tell the rows of a file apart.
func (s *Survey) birthKey(f Facts) uint64 {
	return maphash.String(s.seed, string(f.Birth)+person.Plain(f.Name))
}

// settle counts, for dossier numbers that stand there twice, the rows that will be taken in.
func (s *Survey) settle(ctx context.Context, marks []mark) error {
	for batch := range slices.Chunk(marks, BatchSize) {
		var ask []string
		for _, m := range batch {
			ask = append(ask, m.number)
		}
		held, err := s.registry.Held(ctx, ask)
		if err != nil {
			return fmt.Errorf("look up the province: %w", err)
		}
		for _, m := range batch {
			h, known := held[m.number]
			if len(m.id.names) == 1 && m.id.names[0].row == int(m.row) && (!known || h.Agency == "" && person.SameName(h.Name, m.name)) {
				s.accepted[m.dossier]++
			}
		}
	}
	return nil
}

// Each walks the file again and gives every row its fate, in order, some
// hundred rows at a time. While one batch is worked on the next one is read.
func (s *Survey) Each(ctx context.Context, f *File, each func([]*Judged) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan []*Judged, 1)
	read := make(chan error, 1)
	go func() {
		defer close(batches)
		read <- s.batches(ctx, f, batches)
	}()
	for batch := range batches {
		err := s.decide(ctx, batch)
		if err == nil {
			err = each(batch)
		}
		if err != nil {
			stop()
			return errors.Join(err, <-read)
		}
	}
	if err := <-read; err != nil {
		return err
	}
	return ctx.Err()
}

// batches reads and judges the rows one by one and hands them on together.
func (s *Survey) batches(ctx context.Context, f *File, to chan<- []*Judged) error {
	var batch []*Judged
	send := func() error {
		select {
		case to <- batch:
			batch = nil
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	err := f.Each(func(r *Row) error {
		v := Judge(r, s.ctx)
		batch = append(batch, &Judged{Row: r, Facts: v.Facts, Errors: v.Errors, Warnings: v.Warnings})
		if len(batch) == BatchSize {
			return send()
		}
		return nil
	})
	if err != nil || len(batch) == 0 {
		return err
	}
	return send()
}

func (s *Survey) decide(ctx context.Context, batch []*Judged) error {
	var ask []string
	for _, j := range batch {
		if j.Facts.Identity != "" {
			ask = append(ask, j.Facts.Identity)
		}
	}
	held := map[string]Held{}
	if len(ask) > 0 {
		var err error
		if held, err = s.registry.Held(ctx, ask); err != nil {
			return fmt.Errorf("look up the province: %w", err)
		}
	}
	if err := s.alike(ctx, batch, held); err != nil {
		return fmt.Errorf("look up the province: %w", err)
	}
	for _, j := range batch {
		h, known := held[j.Facts.Identity]
		s.fate(j, h, known)
	}
	return nil
}

// alike sets aside the rows that would make a second dossier of a person who is likely kept
// already, or stands in the file before, under another number (2).
func (s *Survey) alike(ctx context.Context, batch []*Judged, held map[string]Held) error {
	var rows, twice []*Judged
	var ask []person.Candidate
	var pairs [][2]string
	for _, j := range batch {
		f := j.Facts
		if _, known := held[f.Identity]; known || len(j.Errors) > 0 || f.Identity == "" || f.Name == "" {
			continue
		}
		rows, ask = append(rows, j), append(ask, person.Candidate{Name: f.Name, IDNo: f.Identity, BirthDate: string(f.Birth)})
		if b := s.births[s.birthKey(f)]; b.row != 0 && b.id != f.Identity {
			twice, pairs = append(twice, j), append(pairs, [2]string{b.id, f.Identity})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	kept, err := s.registry.Alike(ctx, ask)
	if err != nil {
		return err
	}
	for i, j := range rows {
		if kept[i] {
			j.Errors = append(j.Errors, Finding{Code: LikelyDouble, Field: Name})
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	apart, err := s.registry.Apart(ctx, pairs)
	if err != nil {
		return err
	}
	for i, j := range twice {
		if !apart[i] && !slices.ContainsFunc(j.Errors, func(f Finding) bool { return f.Code == LikelyDouble }) {
			j.Errors = append(j.Errors, Finding{Code: LikelyDouble, Field: Name, Detail: fmt.Sprintf("与第 %d 行", s.births[s.birthKey(j.Facts)].row)})
		}
	}
	return nil
}

// Again gives a row its fate anew: somebody else registered the person in between.
func (s *Survey) Again(ctx context.Context, j *Judged) error {
	v := Judge(j.Row, s.ctx)
	j.Errors, j.Warnings = v.Errors, v.Warnings
	return s.decide(ctx, []*Judged{j})
}

func (s *Survey) fate(j *Judged, h Held, known bool) {
	row := j.Row.Number
	wrong := func(c Code, detail string) {
		j.Errors = append(j.Errors, Finding{Code: c, Field: Identity, Detail: detail})
	}
	if g := s.people[j.Facts.Identity]; g != nil && j.Facts.Name != "" {
		mine := slices.IndexFunc(g.names, func(n nameAt) bool { return person.SameName(n.name, j.Facts.Name) })
		if mine >= 0 && g.names[mine].row != row {
			wrong(DuplicateInFile, fmt.Sprintf("与第 %d 行", g.names[mine].row))
		}
		if len(g.names) > 1 {
			other := g.names[0]
			if mine == 0 {
				other = g.names[1]
			}
			wrong(IDNameConflict, fmt.Sprintf("与第 %d 行“%s”", other.row, other.name))
		} else if known && h.Name != "" && !person.SameName(h.Name, j.Facts.Name) {
			wrong(IDNameConflict, "")
		}
	}
	j.known = known
	here := known && h.Agency == s.ctx.Agency && h.Agency != ""
	if known && h.Agency != "" && !here {
		wrong(HeldElsewhere, h.Agency)
	}
	switch {
	case len(j.Errors) > 0:
		j.Outcome = Rejected
	case here:
		j.Outcome, j.Held = AlreadyHere, h
	default:
		j.Outcome = Accepted
		if i, ok := s.numbers[j.Facts.Dossier]; ok && s.accepted[i] > 1 {
			j.Warnings = append(j.Warnings, Finding{Code: NumberRepeated, Field: Dossier, Value: j.Facts.Dossier})
		}
	}
	order := func(a, b Finding) int { return strings.Compare(string(a.Code), string(b.Code)) }
	slices.SortStableFunc(j.Errors, order)
	slices.SortStableFunc(j.Warnings, order)
}
