package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/founding"
	"dangan/internal/instance"
	"dangan/internal/policy"
	"dangan/internal/roster"
)

// Options say what is built.
type Options struct {
	People       int
	Seed         int64
	PasswordHash string           // of every account
	Step         func(msg string) // progress
}

// marker is the file in the data folder that says which demo it holds.
const marker = "demo.json"

// Mark is what the marker says.
type Mark struct {
	People   int           `json:"people"`
	Seed     int64         `json:"seed"`
	StartDay calendar.Date `json:"startDay"`
	Done     bool          `json:"done"`
}

// Read reads the marker of a data folder; os.ErrNotExist when it holds no demo.
func Read(dir string) (Mark, error) {
	var m Mark
	raw, err := os.ReadFile(filepath.Join(dir, marker))
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(raw, &m)
}

// ErrBuilding says that another process is building in the folder.
var ErrBuilding = errors.New("另一个进程正在此目录建立演示数据")

// lockName is the file whose lock a builder holds.
const lockName = "demo.lock"

// Claim marks a data folder as a demo under construction before anything else lies in
// it, and keeps other builders out until release. What an interrupted build left is
// made-up data that the same seed gives again: it is cleared away, so that the province
// comes out as one that was never interrupted.
func Claim(dir string, people int, seed int64, today calendar.Date) (release func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	release = func() error { return errors.Join(os.Remove(lock.Name()), lock.Close()) }
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(ErrBuilding, lock.Close())
	}
	old, err := Read(dir)
	if err == nil && old.Done {
		return nil, errors.Join(fmt.Errorf("%s: demo is built", dir), release())
	}
	if err == nil {
		err = clear(dir)
	} else if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	if err == nil {
		err = Mark{People: people, Seed: seed, StartDay: today}.write(dir)
	}
	if err != nil {
		return nil, errors.Join(err, release())
	}
	return release, nil
}

// clear removes what an unfinished build left; the marker goes on saying what the folder is.
func clear(dir string) error {
	list, err := os.ReadDir(dir)
	for _, e := range list {
		if e.Name() != marker && e.Name() != lockName {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

func (m Mark) write(dir string) error {
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, marker)
	if err := os.WriteFile(path+".new", raw, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// builder holds what the steps of a build share.
type builder struct {
	ctx   context.Context
	in    *instance.Instance
	clock *clock.Manual
	o     Options
	today calendar.Date
	now   time.Time
	keeps []agency.Agency

	courses []*course
	on      *course // the one that is acting
}

// Build fills a new, empty instance whose clock is manual and stands at the
// present. It comes back with the clock where it was.
func Build(ctx context.Context, in *instance.Instance, c *clock.Manual, o Options) error {
	b := &builder{ctx: ctx, in: in, clock: c, o: o, now: c.Now(), today: calendar.Of(c.Now())}
	mark := Mark{People: o.People, Seed: o.Seed, StartDay: b.today}
	if err := mark.write(in.Data); err != nil {
		return err
	}
	for _, step := range []struct {
		name string
		run  func() error
	}{
		{"设立机构和工作人员", b.found},
		{"登记存量档案", b.stock},
		{"工作人员申报亲属", b.kin},
		{"各机构日常业务", b.everyday},
	} {
		if err := ctx.Err(); err != nil {
			return err
		}
		begin := time.Now()
		if err := step.run(); err != nil {
			return fmt.Errorf("%s：%w", step.name, err)
		}
		// A checkpoint of each stretch of time, as a serving province would have.
		if err := in.Publish(ctx); err != nil {
			return err
		}
		o.Step(fmt.Sprintf("%s，用时 %.1f 秒", step.name, time.Since(begin).Seconds()))
	}
	c.Set(b.now)
	mark.Done = true
	return mark.write(in.Data)
}

// rand is a source of its own for every purpose, so that one step's draws never shift another's.
func (b *builder) rand(purpose string) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write([]byte(purpose))
	return rand.New(rand.NewPCG(uint64(b.o.Seed), h.Sum64()))
}

// as is the actor of a post in a division, such as clerk of 500108.
func (b *builder) as(post, division string) (policy.Actor, error) {
	a, err := b.in.Staff.ByUsername(b.ctx, post+"-"+division)
	if err != nil {
		return a, fmt.Errorf("account %s-%s: %w", post, division, err)
	}
	return a, nil
}

// Days before the present on which the province was set up and its stock registered.
const (
	foundedAgo = 420
	stockAgo   = 400
)

// everyday is all that goes on beside each other, from the first catalog entered to this morning.
func (b *builder) everyday() error {
	for _, plan := range []func() error{b.contents, b.scans, b.materials, b.collections, b.unclear, b.doubles, b.standing, b.accounts, b.online, b.holds, b.secrets, b.transfers, b.consultations, b.loans, b.certificates, b.mandates, b.intakes, b.applied, b.consents, b.matters, b.ratings, b.deaths, b.retirements, b.handed, b.asked, b.graduates, b.agencies} {
		if err := plan(); err != nil {
			return err
		}
	}
	return b.live(b.ctx)
}

func (b *builder) found() error {
	b.at(foundedAgo, 9, 0)
	_, err := founding.Found(b.ctx, b.in, founding.Options{Staff: true, PasswordHash: b.o.PasswordHash,
		Name: func(username string) string { return staffName(b.o.Seed, username) }})
	if err != nil {
		return err
	}
	if err := b.in.Settings.MarkDemo(b.ctx, founding.By); err != nil {
		return err
	}
	tree, err := b.in.Agencies.Tree(b.ctx)
	if err != nil {
		return err
	}
	b.keeps = tree.Keepers()
	return nil
}

// shares tells how many persons each agency keeps: the fifth part in 500108, a
// tenth in the center, the rest evenly.
func (b *builder) shares() map[string]int {
	out := map[string]int{}
	rich, center := b.o.People/5, b.o.People/10
	rest := b.o.People - rich - center
	if b.hasClass() {
		rest -= graduated // they come by their school's list
	}
	if b.hasDoubles() {
		rest -= doubled // and they one by one
	}
	others := len(b.keeps) - 2
	k := 0
	for _, a := range b.keeps {
		switch a.ID {
		case "50010801":
			out[a.ID] = rich
		case founding.Center:
			out[a.ID] = center
		default:
			out[a.ID] = rest*(k+1)/others - rest*k/others
			k++
		}
	}
	return out
}

// stock registers each agency's list as its clerk would: a workbook, imported.
func (b *builder) stock() error {
	shares := b.shares()
	done := 0
	for i, a := range b.keeps {
		if shares[a.ID] == 0 {
			continue
		}
		b.at(stockAgo-i/2, 9+5*(i%2), 10)
		list := people(b.rand("people/"+a.ID), a.Region, shares[a.ID], b.today)
		file, err := workbook(a, list)
		if err != nil {
			return err
		}
		clerk, err := b.as("clerk", a.Region)
		if err != nil {
			return err
		}
		r, err := b.in.Rosters.Import(b.ctx, clerk, roster.Source{Agency: a.ID, FileName: a.Short + "存量档案花名册.xlsx", Basis: a.Short + "〔2025〕12号 存量档案移交清册（演示）",
			Content: bytes.NewReader(file), Size: int64(len(file))})
		if err != nil {
			return fmt.Errorf("%s: %w", a.Name, err)
		}
		if r.Rejected > 0 || r.Cancelled {
			return fmt.Errorf("%s: %d 行未登记: %w", a.Name, r.Rejected, errors.Join(b.ctx.Err(), errImperfect))
		}
		if done += r.Accepted; i%10 == 9 {
			b.o.Step(fmt.Sprintf("已登记 %d / %d 人", done, b.o.People))
		}
	}
	return nil
}

var errImperfect = errors.New("演示花名册有误")

// workbook writes an agency's list as an office would: a title, the header, the rows, a total.
func workbook(a agency.Agency, list []made) ([]byte, error) {
	rows := [][]string{{a.Name + "存量档案花名册（演示数据）"}, heads}
	for _, p := range list {
		rows = append(rows, p.cells())
	}
	rows = append(rows, []string{"合计", fmt.Sprintf("%d 人", len(list))})
	return table("存量", rows)
}

// kin has a few members declare relatives, some of whom have dossiers here (10b).
func (b *builder) kin() error {
	b.at(380, 10, 0)
	r := b.rand("kin")
	for _, division := range []string{"500108", "500103", "500101", "500000"} {
		list := people(b.rand("people/"+founding.AgencyOf(division)), division, b.shares()[founding.AgencyOf(division)], b.today)
		for _, post := range []string{"reviewer", "keeper"} {
			by, err := b.as(post, division)
			if err != nil {
				return err
			}
			birth := day(r, "1955-01-01", "1975-12-31")
			relative, number := name(r, true), idNumber(r, division[:4]+"00", birth, true)
			// The last on the shelf: whoever has a case goes through the keeper's hands (10b).
			if post == "keeper" && len(list) > 21 {
				relative, number = list[len(list)-1].Name, list[len(list)-1].IDNo
			}
			if _, err := b.in.Staff.DeclareKin(b.ctx, by, map[string]string{"reviewer": "father", "keeper": "spouse"}[post], relative, number); err != nil {
				return err
			}
		}
	}
	return nil
}
