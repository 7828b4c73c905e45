package portal

import (
	"time"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/store"
)

// Actions of the room, as the policies name them.
const (
	ActSignIn  = "portal.sign_in"
	ActSignOut = "portal.sign_out"
)

// Identity is whom a provider says somebody is, checked: of a unit its credit code and name,
// and always the natural person who sits there.
type Identity struct {
	Kind     string // policy.Unit or policy.Citizen
	Provider string
	USCC     string
	Unit     string
	Name     string
	IDNo     string
}

// Actor is somebody from outside who signed in. Its id is computed from who it is, under a
// key the database does not hold: the ledger names the same worker by the same id every
// time, refusals of the first day included, and tells no number.
type Actor struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	Kind     string    `db:"kind"`
	Provider string    `db:"provider"`
	USCC     string    `db:"uscc,null"`
	Unit     string    `db:"unit,null"`
	Name     string    `db:"name,secret"`
	IDNo     string    `db:"id_no,secret"`
	FirstAt  time.Time `db:"first_at"`
}

// Table names the table of actors.
func (Actor) Table() string { return "outside_actor" }

// Session is one signed-in browser of an actor from outside.
type Session struct {
	Digest    []byte    `db:"digest"`
	ActorID   string    `db:"actor_id"`
	Provider  string    `db:"provider"`
	CreatedAt time.Time `db:"created_at"`
	SeenAt    time.Time `db:"seen_at"`
	Address   string    `db:"address"`
	Agent     string    `db:"agent"`
}

// Table names the table of sessions.
func (Session) Table() string { return "outside_session" }

func init() {
	store.Describe(Actor{}, Session{})
	store.Register("outside_actor", store.Audited, "网上登录的单位经办人和个人：由谁认证、代表哪个单位，姓名号码加密")
	store.Register("outside_session", store.Transient, "单位和个人的登录会话；登录本身另有存证")
	dossier.NameActs(map[string]string{ActSignIn: "单位、个人网上登录", ActSignOut: "单位、个人退出登录"})
}

// resource is the actor as the policies see it.
func (a Actor) resource() policy.Resource {
	return policy.Resource{Type: "OutsideActor", ID: a.ID, Attrs: map[string]any{"who": a.ID}}
}
