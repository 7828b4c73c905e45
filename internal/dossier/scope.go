package dossier

import (
	"slices"
	"strconv"
	"strings"

	"dangan/internal/policy"
	"dangan/internal/store"
)

// readers are the posts that dossier.cedar lets read a dossier.
var readers = []string{"clerk", "reviewer", "keeper", "scanner", "head", "supervisor"}

// Scope is the SQL predicate over the table dossier (unaliased) that holds
// exactly for the dossiers the policies let an actor read: post, reach,
// clearance, recusal. Lists carry it in their WHERE; nothing is filtered
// afterwards.
func Scope(actor policy.Actor) (where string, args []any) {
	if !mayList(actor) {
		return "1=0", nil
	}
	rest, args := scopeBeside(actor)
	return "dossier.agency IN (" + store.Marks(len(actor.Reach)) + ")" + rest, append(store.Args(actor.Reach), args...)
}

// mayList says whether the actor reads dossiers at all.
func mayList(actor policy.Actor) bool {
	return actor.Kind == policy.Staff && len(actor.Reach) > 0 && slices.ContainsFunc(readers, actor.Has)
}

// scopeBeside is what Scope asks beside the agency: clearance and recusal. The clearance
// stands in the text: of a parameter PostgreSQL guesses that it holds for a third of the
// rows, and sorts an agency's whole stock for a page that its index has in order.
func scopeBeside(actor policy.Actor) (string, []any) {
	var b strings.Builder
	b.WriteString(" AND dossier.secrecy<=" + strconv.Itoa(actor.Clearance))
	var args []any
	if len(actor.Persons) > 0 {
		b.WriteString(" AND dossier.person_id NOT IN (" + store.Marks(len(actor.Persons)) + ")")
		args = append(args, store.Args(actor.Persons)...)
	}
	return b.String(), args
}

// CaseScope is the SQL predicate for a room's cases about dossiers: rows of a table with an
// agency and a dossier_id, for an actor of one of the posts that the room's policy of reading
// names. It asks post, reach, clearance and recusal as that policy does; nothing is filtered
// afterwards.
func CaseScope(actor policy.Actor, table string, posts ...string) (where string, args []any) {
	if actor.Kind != policy.Staff || len(actor.Reach) == 0 || !slices.ContainsFunc(posts, actor.Has) {
		return "1=0", nil
	}
	where = table + ".agency IN (" + store.Marks(len(actor.Reach)) + ") AND EXISTS (SELECT 1 FROM dossier d WHERE d.id=" + table + ".dossier_id AND d.secrecy<=?"
	args = append(store.Args(actor.Reach), actor.Clearance)
	if len(actor.Persons) > 0 {
		where += " AND d.person_id NOT IN (" + store.Marks(len(actor.Persons)) + ")"
		args = append(args, store.Args(actor.Persons)...)
	}
	return where + ")", args
}

// InOrder has the database go through a table in the order of a list of what is due, and look
// at the agency on the way, where an actor sees a tree of agencies: by the agencies' own
// index it would sort all that any of them has before the first line is known. where is
// what CaseScope gave for the table, or begins with it.
func InOrder(actor policy.Actor, table, where string) string {
	if len(actor.Reach) < 2 {
		return where
	}
	return PastAgency(table, where)
}

// PastAgency keeps the database from the agencies' own index: for the few rows that an index of
// their own has, whatever the agency.
func PastAgency(table, where string) string {
	return strings.Replace(where, table+".agency IN", "coalesce("+table+".agency,'') IN", 1)
}
