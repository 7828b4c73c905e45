package dossier

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"dangan/internal/gate"
	"dangan/internal/person"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/width"
)

// maxNameKey bounds a key: names are short, and a longer one is found by its beginning.
const maxNameKey = 24

// keyless takes out what no search key holds; built once, names come by the thousand.
var keyless = strings.NewReplacer("·", "", " ", "", "　", "")

// NameKeys computes the search keys of a name: every suffix of its characters
// (so that any substring is a prefix of a key), its pinyin, the pinyin without
// the surname, and the initials. Lower case, without dots and blanks.
func NameKeys(name string) []string {
	runes := []rune(keyless.Replace(name))
	if len(runes) > maxNameKey {
		runes = runes[:maxNameKey]
	}
	var out []string
	add := func(k string) {
		if k != "" && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	for i := range runes {
		add(strings.ToLower(string(runes[i:])))
	}
	var full, initials []string
	for _, r := range runes {
		syllable := syllableOf(r)
		full = append(full, syllable)
		_, first := utf8.DecodeRuneInString(syllable)
		initials = append(initials, syllable[:first])
	}
	add(strings.Join(full, ""))
	if len(full) > 2 {
		add(strings.Join(full[1:], ""))
	}
	add(strings.Join(initials, ""))
	return out
}

// syllables are those looked up so far: names use a few thousand characters, and a
// whole check writes every name in pinyin again.
var syllables sync.Map // rune → string

// syllableOf is the pinyin of a character without tone, in its most usual reading; a
// character that has none stands for itself.
func syllableOf(r rune) string {
	if s, ok := syllables.Load(r); ok {
		return s.(string)
	}
	s := strings.ToLower(string(r))
	if known := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(known) > 0 {
		s = known[0]
	}
	syllables.Store(r, s)
	return s
}

// unitMark begins the keys of units, so that they stand apart from names in the
// same index.
const unitMark = "@"

// foldless takes out what no key of a unit holds; a replacer made at every call
// cost more than all keys of a name.
var foldless = strings.NewReplacer("·", "", " ", "", "　", "", "（", "", "）", "", "(", "", ")", "")

// foldKey is a text as keys hold it: lower case, half width, without dots and blanks.
func foldKey(text string) string {
	text = strings.ToLower(foldless.Replace(width.Narrow.String(text)))
	n := 0
	for i := range text {
		if n == maxNameKey {
			return text[:i]
		}
		n++
	}
	return text
}

// withoutPlace takes off the place a unit's name begins with: 重庆市, 重庆, and a
// district or county of three or four characters.
func withoutPlace(unit string) string {
	if rest, ok := strings.CutPrefix(unit, "重庆"); ok {
		unit = strings.TrimPrefix(rest, "市")
	}
	n := 0
	for i, r := range unit {
		if n >= 2 && n <= 3 && (r == '区' || r == '县') {
			return unit[i+utf8.RuneLen(r):]
		}
		if n == 4 || !unicode.Is(unicode.Han, r) {
			break
		}
		n++
	}
	return unit
}

// UnitKeys computes the search keys of a unit: its name from the beginning, and
// without the place it begins with.
func UnitKeys(unit string) []string {
	whole := foldKey(unit)
	if whole == "" {
		return nil
	}
	out := []string{unitMark + whole}
	if rest := foldKey(withoutPlace(unit)); rest != "" && rest != whole {
		out = append(out, unitMark+rest)
	}
	return out
}

// Keys are all search keys of a dossier and its person: name, employer with its
// code, the unit of a collective account.
func Keys(d Dossier, p person.Person) []string {
	out := NameKeys(p.Name)
	for _, unit := range []string{p.Employer, p.EmployerUSCC, d.AccountUnit} {
		for _, k := range UnitKeys(unit) {
			if !slices.Contains(out, k) {
				out = append(out, k)
			}
		}
	}
	return out
}

// IndexName writes the search keys of a dossier under its present keeper; after
// a change of keeper, name or employer call DropName first. name is the person's
// present name.
func IndexName(tx *gate.Tx, d Dossier, name string) error {
	p, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	p.Name = name
	return index(tx, d, p)
}

func index(tx *gate.Tx, d Dossier, p person.Person) error {
	keys := Keys(d, p)
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
