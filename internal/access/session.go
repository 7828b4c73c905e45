package access

import (
	"fmt"
	"strings"
	"time"

	"dangan/internal/clock"
	"dangan/internal/policy"
	"dangan/internal/rule"
)

// Session is one reading at the desk: bounded in time and pages, under a monitor,
// open from Opened to EndsAt at the latest (21.4).
type Session struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	CaseID    string    `db:"case_id"`
	DossierID string    `db:"dossier_id"`
	Agency    string    `db:"agency"`
	No        string    `db:"no"` // 查阅号 Y-50010801-2026-00001
	Way       string    `db:"way"`
	Monitor   string    `db:"monitor"` // 监阅: the member of staff at the desk
	OpenedAt  time.Time `db:"opened_at"`
	EndsAt    time.Time `db:"ends_at"`
	EndedAt   time.Time `db:"ended_at,null"`
	EndedWhy  string    `db:"ended_why,null"`
	EndedBy   string    `db:"ended_by,null"`
	MaxPages  int64     `db:"max_pages"`
	Pages     int64     `db:"pages"` // pages read so far
	LockedAt  time.Time `db:"locked_at,null"`
	// Prolonged once, by a member of staff at the desk (21.4).
	ExtendedAt      time.Time `db:"extended_at,null"`
	ExtendedBy      string    `db:"extended_by,null"`
	ExtendedBecause string    `db:"extended_because,null"`
}

// Table names the table of sessions.
func (Session) Table() string { return "reading_session" }

// Closing is when the reading room closes on the day of a moment: no reading goes past it,
// whatever it was granted (21.4). Hour 24 is midnight.
func Closing(now time.Time, hour int) time.Time {
	y, m, d := now.In(clock.Shanghai).Date()
	return time.Date(y, m, d, hour, 0, 0, 0, clock.Shanghai)
}

// Ends is when a reading of so many minutes ends that begins now.
func Ends(now time.Time, minutes int64, hour int) (time.Time, error) {
	closing := Closing(now, hour)
	if !now.Before(closing) {
		return time.Time{}, rule.Refuse(reason("21.4", "room_closed", "", fmt.Sprintf("阅档室已于%d时闭室，当日不再开始查阅。", hour), "请在下一个工作日、批准的有效期内查阅。"))
	}
	end := now.Add(time.Duration(minutes) * time.Minute)
	if end.After(closing) {
		return closing, nil
	}
	return end, nil
}

// Extend prolongs the session once, with a reason, and never past the day's closing (21.4).
func (s *Session) Extend(by string, now time.Time, minutes int64, most, hour int, because string) error {
	if err := s.Readable(now, true); err != nil && s.LockedAt.IsZero() {
		return err
	}
	if !s.EndedAt.IsZero() || s.Over(now) {
		return s.Readable(now, true)
	}
	closing := Closing(s.OpenedAt, hour)
	switch {
	case !s.ExtendedAt.IsZero():
		return rule.Refuse(reason("21.4", "extended_already", "", "本次查阅已经延长过一次。", "还需查阅的，请查阅单位另行申请。"))
	case strings.TrimSpace(because) == "":
		return rule.Mistake(reason("21.4", "extend_reason", "reason", "未写明延长的原因。", "请填写，例如材料较多、影像辨认费时。"))
	case minutes < 5 || minutes > int64(most):
		return rule.Mistake(reason("21.4", "extend_minutes", "minutes", fmt.Sprintf("延长时间应为5至%d分钟。", most), "请更正。"))
	case !s.EndsAt.Before(closing):
		return rule.Refuse(reason("21.4", "extend_past_day", "", "查阅须在当日结束，不能延长到闭室以后。", "还需查阅的，请查阅单位另行申请。"))
	}
	s.EndsAt = s.EndsAt.Add(time.Duration(minutes) * time.Minute)
	if s.EndsAt.After(closing) {
		s.EndsAt = closing
	}
	s.ExtendedAt, s.ExtendedBy, s.ExtendedBecause = now, by, strings.TrimSpace(because)
	return nil
}

// Attendance is a reader of the form who came to the desk, and whether they sit there now.
type Attendance struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	SessionID string    `db:"session_id"`
	ReaderID  string    `db:"reader_id"`
	CameAt    time.Time `db:"came_at"`
	AwayAt    time.Time `db:"away_at,null"`
}

// Table names the table of those who came.
func (Attendance) Table() string { return "reading_attendance" }

// Here says whether the reader sits at the desk.
func (a Attendance) Here() bool { return a.AwayAt.IsZero() }

// Open says whether the session can be read in at a moment: the clock ends it,
// whether or not anybody was there to close it.
func (s Session) Open(now time.Time) bool { return s.EndedAt.IsZero() && now.Before(s.EndsAt) }

// Over says whether it is time to close it.
func (s Session) Over(now time.Time) bool { return s.EndedAt.IsZero() && !now.Before(s.EndsAt) }

// Left is the time that remains.
func (s Session) Left(now time.Time) time.Duration {
	if !s.Open(now) {
		return 0
	}
	return s.EndsAt.Sub(now)
}

// Readable says why no page may be turned, nil if one may. A page read before
// costs no page more.
func (s Session) Readable(now time.Time, again bool) error {
	switch {
	case s.Over(now), s.EndedWhy == EndedByTime:
		return rule.Refuse(reason("21.4", "reading_time_over", "", "查阅时限已到，本次查阅已经结束。", "还需查阅的，请查阅单位另行申请。"))
	case !s.EndedAt.IsZero():
		return rule.Refuse(reason("18c", "no_open_session", "", "没有正在进行的查阅，不能翻阅。", "请在批准的时限内到阅档室，由监阅人开始查阅。"))
	case !s.LockedAt.IsZero():
		return rule.Refuse(reason("21.2", "screen_locked", "", "屏幕已锁定：查阅须两人以上同时在场。", "查阅人到齐后，由监阅人解锁。"))
	case !again && s.Pages >= s.MaxPages:
		return rule.Refuse(reason("21.4", "page_limit_reached", "", fmt.Sprintf("已达本次查阅的页数上限（%d页）。", s.MaxPages), "已阅的页可以再看；还需查阅的，请查阅单位另行申请。"))
	}
	return nil
}

// Actor is the readers as the policies see them: they hold no post, reach nothing
// but the session.
func (s Session) Actor(unit string, names string) policy.Actor {
	return policy.Actor{ID: s.ID, Kind: policy.Unit, Name: names, Org: unit, Attrs: map[string]any{"session": s.ID}}
}

// View is one thing that was read: a page on the screen, or a material on paper
// ticked by the monitor. It is never changed.
type View struct {
	ID         string    `db:"id"`
	SessionID  string    `db:"session_id"`
	DossierID  string    `db:"dossier_id"`
	Kind       string    `db:"kind"` // Digital, Paper
	MaterialID string    `db:"material_id,null"`
	Class      string    `db:"class,null"`
	Title      string    `db:"title,null"` // cited by hand where there is no catalog
	PageNo     int64     `db:"page_no,null"`
	Pages      int64     `db:"pages"`
	At         time.Time `db:"at"`
	StaffID    string    `db:"staff_id"` // the monitor
}

// Table names the table of what was read.
func (View) Table() string { return "reading_view" }

// Leave is the end of one showing: when the page left the screen, and why. A page that was
// shown has one, and with it its duration; neither is ever changed.
type Leave struct {
	ID        string    `db:"id"`
	SessionID string    `db:"session_id"`
	ViewID    string    `db:"view_id"`
	At        time.Time `db:"at"`
	Why       string    `db:"why"` // turned, left, locked, ended
}

// Table names the table of pages that left the screen.
func (Leave) Table() string { return "reading_leave" }

// Why a page left the screen.
const (
	LeftTurned = "turned" // the next page was asked for
	LeftScreen = "left"   // the browser hid it: nobody was there, or the window was covered
	LeftLocked = "locked"
	LeftEnded  = "ended"
)
