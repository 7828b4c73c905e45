package work

import (
	"context"
	"time"

	"dangan/internal/policy"
)

// Lanes of the first page.
const (
	Todo = "todo" // waits for this actor's posts
	Sent = "sent" // sent by this agency and not answered
)

// Promise and Agreed stand in Basis where no rule sets the term.
const (
	Promise = "承诺"
	Agreed  = "约定"
)

// Item is one thing that waits.
type Item struct {
	Room        string    // transfer, dossier … : the folder's name
	Kind        string    // 事项, such as 转递·转出
	Subject     string    // name of the person or unit
	SubjectNote string    // dossier number, letter number, the other agency
	DossierID   string    // "" where there is none
	Todo        string    // what is to be done now
	Link        string    // path of the page where it is done
	Action      string    // the button's verb, 2–4 characters
	DueOn       string    // 2006-01-02, "" without a term
	Tentative   bool      // reaches past the last year of the calendar: 暂定
	Basis       string    // rule id that sets the term, or Promise, or Agreed
	Lane        string    // Todo or Sent
	Since       time.Time // when it began to wait
	Chase       bool      // of Sent: it may be chased now
}

// Source lists what waits for an actor in one room: bounded, ordered by due day.
type Source func(ctx context.Context, actor policy.Actor) ([]Item, error)
