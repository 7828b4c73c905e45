package dossier

import (
	"fmt"
	"strings"

	"dangan/internal/gate"

	"github.com/mozillazg/go-pinyin"
)

// maxNameKey bounds a key: names are short, and a longer one is found by its beginning.
const maxNameKey = 24

// NameKeys computes the search keys of a name: every suffix of its characters
// (so that any substring is a prefix of a key), its pinyin, the pinyin without
// the surname, and the initials. Lower case, without dots and blanks.
func NameKeys(name string) []string {
	runes := []rune(strings.NewReplacer("·", "", " ", "", "　", "").Replace(name))
	if len(runes) > maxNameKey {
		runes = runes[:maxNameKey]
	}
	seen := map[string]bool{}
	var out []string
	add := func(k string) {
		if k != "" && !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	for i := range runes {
		add(strings.ToLower(string(runes[i:])))
	}
	args := pinyin.NewArgs()
	args.Fallback = func(r rune, _ pinyin.Args) []string { return []string{strings.ToLower(string(r))} }
	var full, initials []string
	for _, syllable := range pinyin.Pinyin(string(runes), args) {
		if len(syllable) == 0 {
			continue
		}
		full = append(full, syllable[0])
		initials = append(initials, string([]rune(syllable[0])[:1]))
	}
	add(strings.Join(full, ""))
	if len(full) > 2 {
		add(strings.Join(full[1:], ""))
	}
	add(strings.Join(initials, ""))
	return out
}

// IndexName writes the search keys of a dossier under its present keeper; after
// a change of keeper or name call DropName first.
func IndexName(tx *gate.Tx, d Dossier, name string) error {
	keys := NameKeys(name)
	args := make([]any, 0, 3*len(keys))
	for _, k := range keys {
		args = append(args, d.Agency, k, d.ID)
	}
	if err := tx.Add("name_key", "agency,key,dossier_id", args...); err != nil {
		return fmt.Errorf("index name: %w", err)
	}
	return nil
}

// DropName removes a dossier's search keys, to be written anew.
func DropName(tx *gate.Tx, dossierID string) error {
	if err := tx.Exec("DELETE FROM name_key WHERE dossier_id=?", dossierID); err != nil {
		return fmt.Errorf("drop name keys: %w", err)
	}
	return nil
}
