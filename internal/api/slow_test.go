package api_test

import (
	"testing"
	"time"

	"dangan/internal/store"
	"dangan/internal/testkit"
)

// What waits longer for its turn than a request's body may take to arrive is done all the
// same, and so is what comes after it. SQLite: its one writer is easily held.
func TestAnActThatWaitsIsNotCancelled(t *testing.T) {
	t.Parallel()
	p := testkit.New(t, store.SQLite)
	admin := p.Client("sysadmin-500000")
	create := func(username string) {
		admin.Post("/api/v1/staff", map[string]any{"username": username, "name": "新来", "agency": "50010801", "partyMember": true}).OK()
	}
	writer, err := p.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(5500*time.Millisecond, writer.Rollback)
	create("waits-500108")
	create("after-500108")
}
