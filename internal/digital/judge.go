package digital

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/dossier"

	"golang.org/x/text/unicode/norm"
)

// Owner is the dossier of an identity number in the delivering agency.
type Owner struct {
	Dossier string
	Name    string
}

// Owners finds whose folder it is; ok is false when this agency keeps no dossier of the number.
type Owners interface {
	Owner(ctx context.Context, idNo string) (o Owner, ok bool, err error)
}

// there is a material that the dossier has already.
type there struct {
	id     string
	title  string
	secret bool
	filed  bool
	pages  int
	blobs  map[int]string // page → digest, rejected ones left out
}

// judged is what becomes of a folder.
type judged struct {
	*folder
	owner    Owner
	lines    []Line
	secret   bool
	fresh    []file // pages to take in, in the order of the catalog
	problems []Finding
	warnings []Finding
}

// judge holds a folder whose files were read to its catalog, its digests and to
// what the dossier has already. All problems are found, not only the first.
func judge(f *folder, promised map[string]string, owner Owner, found bool, lines []Line, catalogTrouble bool, here map[item]there) *judged {
	j := &judged{folder: f, owner: owner, lines: lines}
	j.problems = slices.Clone(f.problems)
	j.warnings = slices.Clone(f.warnings)
	switch {
	case !found:
		j.bad(f.name, OwnerUnknown)
	case plainName(owner.Name) != plainName(f.person):
		j.bad(f.name, OwnerNameMismatch)
	}
	j.digests(promised)
	pages := j.pages()
	switch {
	case !slices.ContainsFunc(f.files, func(x file) bool { return x.kind == isCatalog }):
		j.bad(f.name, CatalogMissing)
	case catalogTrouble:
		j.bad(f.name+"/"+catalogName, CatalogUnreadable)
	default:
		j.catalog(pages, here)
	}
	if len(lines) == 0 {
		j.gaps(pages)
	}
	j.duplicates(pages, here)
	j.listed(promised)
	j.problems, j.warnings = tidy(j.problems), tidy(j.warnings)
	return j
}

func (j *judged) bad(at string, c Code)  { j.problems = append(j.problems, Finding{at, c}) }
func (j *judged) note(at string, c Code) { j.warnings = append(j.warnings, Finding{at, c}) }

// tidy sorts and drops what is said twice.
func tidy(list []Finding) []Finding {
	slices.SortFunc(list, func(a, b Finding) int { return cmp.Or(strings.Compare(a.Path, b.Path), cmp.Compare(a.Code, b.Code)) })
	return slices.Compact(list)
}

// plainName makes names comparable: composed, without blanks, one kind of middle dot.
func plainName(name string) string {
	return strings.NewReplacer(" ", "", "　", "", "·", "·", "•", "·", "．", "·", "・", "·").Replace(norm.NFC.String(name))
}

// digests compares every file with what SHA256SUMS promises.
func (j *judged) digests(promised map[string]string) {
	for _, x := range j.files {
		if x.kind == isIgnored {
			continue
		}
		switch want, listed := promised[x.key]; {
		case !listed:
			j.bad(x.path, HashMissing)
		case want != x.checked.Digest:
			j.bad(x.path, HashMismatch)
		}
	}
}

// listed finds files that are promised and did not come, and paths that lead out.
func (j *judged) listed(promised map[string]string) {
	here := map[string]bool{}
	for _, x := range j.files {
		here[x.key] = true
	}
	for name := range promised {
		switch {
		case leaves(name) || unsafe(strings.ReplaceAll(name, "/", "")):
			j.bad(name, NameUnsafe)
		case here[name]:
		case path.Base(name) == catalogName && strings.Count(name, "/") == 1:
			j.bad(j.name, CatalogMissing)
		case !ignoredFile(path.Base(name)) && !j.tells(name):
			j.bad(name, PageMissing)
		}
	}
}

// tells says whether some problem is about a path or the item it belongs to already.
func (j *judged) tells(name string) bool {
	at, _, _ := strings.Cut(path.Base(name), "-")
	whole := path.Dir(name) + "/" + at
	return slices.ContainsFunc(j.problems, func(p Finding) bool {
		return p.Path == name || p.Path == whole && p.Code == MaterialMissing || strings.TrimSuffix(p.Path, path.Ext(p.Path)) == strings.TrimSuffix(name, path.Ext(name)) && p.Code == PageMissing
	})
}

// pages sorts the page files by item and takes over what the image check found.
func (j *judged) pages() map[item]map[int]file {
	out := map[item]map[int]file{}
	for _, x := range j.files {
		if x.kind != isPage {
			continue
		}
		for _, flaw := range x.checked.Flaws {
			j.bad(x.path, Code(flaw))
		}
		if len(x.checked.Flaws) == 0 && x.checked.Blank() {
			j.note(x.path, BlankPage)
		}
		if out[x.at] == nil {
			out[x.at] = map[int]file{}
		}
		if _, twice := out[x.at][x.page]; twice { // 001-001.jpg beside 001-001.tif
			j.bad(x.path, PageExtra)
			continue
		}
		out[x.at][x.page] = x
	}
	return out
}

// catalog compares line by line, both ways (I-03, I-04, I-05, I-10).
func (j *judged) catalog(pages map[item]map[int]file, here map[item]there) {
	listed := map[item]bool{}
	for _, l := range j.lines {
		at := item{l.Class, l.Seq}
		listed[at] = true
		if dossier.SecretMark(l.Title) || dossier.SecretMark(l.Note) {
			j.secret = true
			j.bad(j.name+"/"+at.String(), SecretMark)
		}
		if !known(l.Class) {
			j.bad(j.name+"/"+l.Class, ClassUnknown)
			continue
		}
		before, known := here[at]
		if known && before.secret {
			j.secret = true
			j.bad(j.name+"/"+at.String(), SecretMark)
			continue
		}
		if known && codes.Canonical(before.title) != codes.Canonical(l.Title) {
			j.bad(j.name+"/"+at.String(), MaterialExtra)
			continue
		}
		j.line(l, at, pages[at], before, known)
	}
	for _, at := range sortedItems(pages) {
		if !listed[at] {
			j.bad(j.name+"/"+at.String(), MaterialExtra)
		}
	}
}

func (j *judged) line(l Line, at item, came map[int]file, before there, known bool) {
	if len(came) == 0 && len(before.blobs) == 0 {
		j.bad(j.name+"/"+at.String(), MaterialMissing)
		return
	}
	for n := 1; n <= l.Pages; n++ {
		_, here := before.blobs[n]
		if _, ok := came[n]; !ok && !here {
			j.bad(fmt.Sprintf("%s/%s-%03d%s", j.name, at, n, extension(came)), PageMissing)
		}
	}
	last := l.Pages
	if known && (before.filed || len(before.blobs) > 0) { // what is in the catalog has the pages it has (29.2)
		last = min(last, before.pages)
	}
	for _, n := range sortedPages(came) {
		x := came[n]
		switch blob, here := before.blobs[n]; {
		case here && blob != x.checked.Digest:
			j.bad(x.path, PageConflict)
		case here:
		case n > last:
			j.bad(x.path, PageExtra)
		default:
			j.fresh = append(j.fresh, x)
		}
	}
}

// gaps finds what is missing between the pages themselves when no catalog tells.
func (j *judged) gaps(pages map[item]map[int]file) {
	for _, at := range sortedItems(pages) {
		came := pages[at]
		numbers := sortedPages(came)
		for n := 1; n < numbers[len(numbers)-1]; n++ {
			if _, ok := came[n]; !ok {
				j.bad(fmt.Sprintf("%s/%s-%03d%s", j.name, at, n, extension(came)), PageMissing)
			}
		}
	}
}

// duplicates finds the same bytes on two pages of one dossier; the later one is named.
func (j *judged) duplicates(pages map[item]map[int]file, here map[item]there) {
	type place struct {
		at   item
		page int
	}
	first := map[string]place{}
	for at, t := range here {
		for n, blob := range t.blobs {
			first[blob] = place{at, n}
		}
	}
	for _, at := range sortedItems(pages) {
		for _, n := range sortedPages(pages[at]) {
			x := pages[at][n]
			if x.checked.Size == 0 {
				continue
			}
			where, seen := first[x.checked.Digest]
			if seen && where != (place{at, n}) {
				j.note(x.path, DuplicateImage)
			} else if !seen {
				first[x.checked.Digest] = place{at, n}
			}
		}
	}
}

func sortedItems(pages map[item]map[int]file) []item {
	out := make([]item, 0, len(pages))
	for at := range pages {
		out = append(out, at)
	}
	slices.SortFunc(out, func(a, b item) int {
		return cmp.Or(cmp.Compare(codes.ClassOrder(a.class), codes.ClassOrder(b.class)), strings.Compare(a.class, b.class), cmp.Compare(a.seq, b.seq))
	})
	return out
}

func sortedPages(came map[int]file) []int {
	out := make([]int, 0, len(came))
	for n := range came {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// extension is the one an item's pages have.
func extension(came map[int]file) string {
	for _, x := range came {
		return strings.ToLower(path.Ext(x.path))
	}
	return ".jpg"
}
