package access

import (
	"fmt"
	"time"

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
}

// Table names the table of sessions.
func (Session) Table() string { return "reading_session" }

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
