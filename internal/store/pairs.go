package store

import "strings"

// Pairs is the predicate that two columns hold one of some pairs; it holds for nothing where
// there are none.
func Pairs(first, second string, pairs [][2]string) (string, []any) {
	if len(pairs) == 0 {
		return "1=0", nil
	}
	var args []any
	parts := make([]string, len(pairs))
	for i, p := range pairs {
		parts[i] = "(" + first + "=? AND " + second + "=?)"
		args = append(args, p[0], p[1])
	}
	return "(" + strings.Join(parts, " OR ") + ")", args
}
