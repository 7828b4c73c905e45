package demo

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"
)

// course is one case from its first act to where it is to stand, or one stretch of an
// office's work. It is written as if nothing else happened: each `at` waits until all
// the others have come as far, so that the acts of the whole province follow each other
// in time, as they would.
type course struct {
	name  string
	next  func() (time.Time, bool) // goes on until the next `at`; false when done
	stop  func()
	yield func(time.Time) bool
	due   time.Time
	err   error
}

// errStopped unwinds a course that is not gone on with.
var errStopped = errors.New("demo: course stopped")

// plan takes a course up. Before its first `at` it may not touch the province: its day
// has not come.
func (b *builder) plan(name string, run func() error) {
	c := &course{name: name}
	c.next, c.stop = iter.Pull(func(yield func(time.Time) bool) {
		defer func() {
			if r := recover(); r != nil && r != any(errStopped) {
				panic(r)
			}
		}()
		c.yield = yield
		c.err = run()
	})
	b.courses = append(b.courses, c)
}

// at sets the clock to a day before the present, at an hour in Chongqing; within a
// course, once every other one has come to that moment.
func (b *builder) at(daysAgo, hour, minute int) {
	t := b.today.Moment().AddDate(0, 0, -daysAgo).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	if b.on == nil {
		b.clock.Set(t)
	} else if !b.on.yield(t) {
		panic(errStopped)
	}
}

// goOn resumes a course and tells whether it waits again.
func (b *builder) goOn(c *course) (waits bool, err error) {
	b.on = c
	c.due, waits = c.next()
	b.on = nil
	if c.err != nil {
		return false, fmt.Errorf("%s：%w", c.name, c.err)
	}
	if waits && c.due.Before(b.clock.Now()) {
		return false, fmt.Errorf("%s：%s is over, the clock stands at %s", c.name, c.due, b.clock.Now())
	}
	return waits, nil
}

// live goes through the days: always on with the course that is due first. Each week has
// its checkpoint, each month a line of progress.
func (b *builder) live(ctx context.Context) error {
	defer func() {
		for _, c := range b.courses {
			c.stop()
		}
		b.courses = nil
	}()
	var waiting []*course
	for _, c := range b.courses {
		waits, err := b.goOn(c)
		if err != nil {
			return err
		}
		if waits {
			waiting = append(waiting, c)
		}
	}
	begin, published, total := time.Now(), b.clock.Now(), len(waiting)
	for len(waiting) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		first := 0
		for i, c := range waiting {
			if c.due.Before(waiting[first].due) {
				first = i
			}
		}
		c := waiting[first]
		if c.due.Sub(published) >= 7*24*time.Hour {
			if err := b.in.Publish(ctx); err != nil {
				return err
			}
			if c.due.Month() != published.Month() {
				b.o.Step(fmt.Sprintf("演示到%d年%d月：%d / %d 项业务已办到位，用时 %.1f 秒", c.due.Year(), c.due.Month(), total-len(waiting), total, time.Since(begin).Seconds()))
			}
			published = c.due
		}
		b.clock.Set(c.due)
		waits, err := b.goOn(c)
		if err != nil {
			return err
		}
		if !waits {
			waiting = append(waiting[:first], waiting[first+1:]...)
		}
	}
	return b.in.Publish(ctx)
}
