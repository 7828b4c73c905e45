package random

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"dangan/internal/clock"
	"dangan/internal/demo"
	"dangan/internal/founding"
	"dangan/internal/instance"
	"dangan/internal/store"
	"dangan/internal/testkit"

	"pgregory.net/rapid"
)

// sequences on each database: as many as the suite has time for; make soak does more.
const sequences = "500"

func TestMain(m *testing.M) {
	flag.Parse()
	n := os.Getenv("DANGAN_SOAK_SEQUENCES")
	if n == "" {
		n = sequences
	}
	// What was found is told as it happened: the province has moved on, and a shorter
	// sequence would not find it again.
	if err := errors.Join(flag.Set("rapid.checks", n), flag.Set("rapid.shrinktime", "0s"), flag.Set("rapid.nofailfile", "true")); err != nil {
		panic(err)
	}
	var err error
	if home, err = os.MkdirTemp("", "dangan-random-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(home)
	os.Exit(code)
}

// sample builds the sample province, which has cases in every state.
func sample(t *testing.T, engine store.Engine) *testkit.Province {
	t.Helper()
	c := clock.NewManual(testkit.Day)
	config := instance.Config{Data: t.TempDir(), Demo: true, Version: "test", Clock: c, Log: slog.New(slog.DiscardHandler)}
	if engine == store.Postgres {
		config.Database = testkit.Database(t)
	}
	in, err := instance.Create(t.Context(), config, founding.Province)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() })
	if err := demo.Build(t.Context(), in, c, demo.Options{People: 200, Seed: 7, PasswordHash: "x", Step: func(string) {}}); err != nil {
		t.Fatal(err)
	}
	return testkit.Of(t, in, c, config.Data, config.Database)
}

// Whatever random posts do, alone, at the same time or cut off in the middle, on days that
// go by: what the regulation demands of the province as a whole holds after it.
func TestRandomSequencesOfActs(t *testing.T) {
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			k := begin(t, engine)
			killed := k.begun(t)
			k.signIn()
			k.walk(t, func() {
				if killed() || k.w.below(8) > 0 {
					return
				}
				k.p.Clock.Set(k.p.Clock.Now().AddDate(0, 0, 1+k.w.below(2)))
				k.p.RunJobs()
				k.signIn()
			})
			if dead := k.dead(); len(dead) > missed {
				t.Errorf("in %d rooms nothing ever came through:\n%s", len(dead), strings.Join(dead, "\n"))
			}
			if 5*len(k.accepted) < len(k.d.operations) || k.lost == 0 || k.broken == 0 {
				t.Errorf("the walk proves little: %d of %d operations came through, %d races, %d cut off", len(k.accepted), len(k.d.operations), k.lost, k.broken)
			}
		})
	}
}

// few are the operations of a room that a walk may miss by chance.
const few = 2

// missed are as many rooms as a walk of the suite's length passes by: mostly none, seldom two.
const missed = 3

// dead are the rooms none of whose operations ever came through though the sample has cases
// of them, with how each was refused.
func (k *walk) dead() (out []string) {
	rooms := map[string][]string{}
	for _, op := range k.unmoved() {
		rooms[op.segment()] = append(rooms[op.segment()], fmt.Sprintf("%s: asked %d times, last answer %.300s", op.id, k.asked[op.id], k.last[op.id]))
	}
	for _, room := range sorted(rooms) {
		if len(rooms[room]) > few && len(k.w.ids[room]) > few {
			out = append(out, room+"\n\t"+strings.Join(rooms[room], "\n\t"))
		}
	}
	return out
}

func begin(t *testing.T, engine store.Engine) *walk {
	t.Helper()
	p := sample(t, engine)
	return &walk{p: p, d: read(t, p), w: survey(t, p), known: rules(), clients: map[string]*testkit.Client{}, accepted: map[string]int{}, last: map[string]string{}, asked: map[string]int{}, able: map[string][]string{}}
}

// walk does sequences and looks after each at what must hold; between is what happens to
// the province between two.
func (k *walk) walk(t *testing.T, between func()) {
	defer k.log(t)
	segments, terms, done := k.d.segments(), deadlines(t, k.p), 0
	rapid.Check(t, func(rt *rapid.T) {
		k.trace = nil
		if done%10 == 0 {
			k.desks = map[string][]string{}
			k.w.learn(t, segments)
		}
		k.w.rand = rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		for range 1 + k.w.below(6) {
			k.step(rt)
		}
		between()
		custody(rt, k)
		terms.keep(rt, k)
		if done++; done%1000 == 0 {
			whole(t, k)
		}
	})
	whole(t, k)
}

func (k *walk) signIn() {
	k.p.Forget()
	for _, who := range walkers {
		k.clients[who] = k.p.Client(who)
		if k.server != nil {
			k.clients[who] = k.clients[who].At(k.server.base)
		}
	}
}

func (d *document) segments() []string {
	var out []string
	for _, op := range d.operations {
		out = append(out, op.segment())
	}
	slices.Sort(out)
	return slices.Compact(out)
}
