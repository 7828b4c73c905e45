package region

import (
	"embed"
	"encoding/csv"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed data/*.csv
var data embed.FS

// Division is one code in one period.
type Division struct {
	Code, Name, Kind, Parent, Status string
	From, To                         string
	Successors                       []string // codes that hold the territory now
}

type tables struct {
	own    []Division // Chongqing, with functional areas
	byCode map[string][]Division
}

var yearMark = regexp.MustCompile(`\[\d+\]`)

var load = sync.OnceValue(func() *tables {
	t := &tables{byCode: map[string][]Division{}}
	for _, name := range []string{"data/divisions.csv", "data/provinces.csv"} {
		f, err := data.Open(name)
		if err != nil {
			panic(err) // embedded
		}
		r := csv.NewReader(f)
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			panic(err) // embedded: found by the first test
		}
		for _, row := range rows[1:] {
			d := Division{Code: row[0], Name: row[1], Kind: row[2], Parent: row[3], Status: row[4], From: row[5], To: row[6]}
			for _, s := range strings.Split(row[7], "|") {
				if s = yearMark.ReplaceAllString(s, ""); s != "" {
					d.Successors = append(d.Successors, s)
				}
			}
			if name == "data/divisions.csv" {
				t.own = append(t.own, d)
			}
			t.byCode[d.Code] = append(t.byCode[d.Code], d)
		}
	}
	return t
})

// Chongqing lists the municipality's divisions and functional areas as given,
// abolished ones included.
func Chongqing() []Division { return load().own }

// Name is the newest name of a code; the code itself when nobody knows it.
func Name(code string) string {
	list := load().byCode[code]
	best := ""
	for _, d := range list {
		if best == "" || d.Status == "active" {
			best = d.Name
		}
	}
	if best == "" {
		return code
	}
	return best
}

// Known says whether a code is or was in use.
func Known(code string) bool { return len(load().byCode[code]) > 0 }

// Retired says whether a code was in use and is no more.
func Retired(code string) bool {
	list := load().byCode[code]
	return len(list) > 0 && !slices.ContainsFunc(list, func(d Division) bool { return d.Status == "active" })
}

// InForce says whether a code was in force on a day; the tables know years only.
func InForce(code, day string) bool {
	if len(day) < 4 {
		return false
	}
	year := day[:4]
	return slices.ContainsFunc(load().byCode[code], func(d Division) bool {
		return d.Kind != "aggregate" && (d.From == "" || d.From <= year) && (d.To == "" || d.To >= year)
	})
}

// unspaced takes out blanks.
var unspaced = strings.NewReplacer(" ", "", "　", "")

// Find turns what offices write into a code: a code, or a name with or without
// 重庆市. Chongqing's own come first.
func Find(text string) (code string, ok bool) {
	text = unspaced.Replace(text)
	if text == "" {
		return "", false
	}
	if len(text) == 6 && Known(text) {
		return text, true
	}
	bare := strings.TrimPrefix(strings.TrimPrefix(text, "重庆市"), "重庆")
	if bare == "" {
		return "500000", true
	}
	for _, d := range load().own {
		if d.Name == bare {
			return d.Code, true
		}
	}
	for _, d := range load().own {
		if strings.HasPrefix(d.Name, bare) && len([]rune(bare)) >= 2 {
			return d.Code, true
		}
	}
	return findElsewhere(text)
}

// findElsewhere looks for a province, prefecture or county outside Chongqing: by
// the longest name that ends the text, else by the longest that begins it.
func findElsewhere(text string) (string, bool) {
	names, longest := elsewhere().codes, elsewhere().longest
	for i := max(0, len(text)-longest); i < len(text); i++ {
		if code, ok := names[text[i:]]; ok {
			return code, true
		}
	}
	for i := min(len(text), longest); i > 0; i-- {
		if code, ok := names[text[:i]]; ok {
			return code, true
		}
	}
	return "", false
}

type byName struct {
	codes   map[string]string // the smallest code of a name
	longest int               // name, in bytes
}

// elsewhere holds the names outside Chongqing: addresses are looked up by the hundred thousand.
var elsewhere = sync.OnceValue(func() byName {
	out := byName{codes: map[string]string{}}
	for code, list := range load().byCode {
		for _, d := range list {
			if d.Kind == "aggregate" || d.Name == "" || strings.HasPrefix(code, "50") {
				continue
			}
			if best, ok := out.codes[d.Name]; !ok || code < best {
				out.codes[d.Name] = code
			}
			out.longest = max(out.longest, len(d.Name))
		}
	}
	return out
})

// Covers says whether an agency serving region serves a place: the same code, a
// code whose territory it holds now, one that holds its own territory now, or
// the division it lies in (7b). The municipality covers everything in it.
func Covers(serving, place string) bool {
	if serving == place || serving == "500000" && strings.HasPrefix(place, "50") {
		return true
	}
	return slices.Contains(now(place), serving) || slices.Contains(now(serving), place) || overlap(now(serving), now(place))
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// now lists the codes that hold a code's territory today, itself included while
// it is in force; a functional area lies in its parent.
func now(code string) []string { return appendNow(nil, code, map[string]bool{}) }

// appendNow follows successors; some codes succeed each other in circles, so each is visited once.
func appendNow(out []string, code string, seen map[string]bool) []string {
	if seen[code] {
		return out
	}
	seen[code] = true
	for _, d := range load().byCode[code] {
		if d.Status == "active" {
			out = append(out, code)
		} else {
			for _, s := range d.Successors {
				out = appendNow(out, s, seen)
			}
		}
		if d.Kind == "functional_area" && d.Parent != "" && d.Parent != "500000" {
			out = append(out, d.Parent)
		}
	}
	return out
}
