package digital

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dangan/internal/scan"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Names in a delivery.
const (
	sumsName    = "SHA256SUMS"
	catalogName = "目录.xlsx"
)

// Limits of a folder (S-07).
const (
	maxFiles = 20_000
	maxDepth = 8
)

// fileKind says what a file of a folder is taken for.
type fileKind int

const (
	isOther   fileKind = iota // kept with a quarantined folder, else of no use
	isCatalog                 // 目录.xlsx
	isPage                    // <class>/<item>-<page>.jpg
	isIgnored                 // of the system that wrote the disk
)

// file is one regular file of a folder, as it was when the folder was listed.
type file struct {
	path    string // relative to the delivery, as on the disk
	key     string // the same in NFC
	kind    fileKind
	at      item
	page    int
	size    int64
	changed time.Time
	checked scan.Page // of pages; Digest and Size of every file that was read
}

// folder is what was found in one folder before any file was opened.
type folder struct {
	name     string
	idNo     string // as written
	person   string
	files    []file
	problems []Finding
	warnings []Finding
}

var (
	folderName = regexp.MustCompile(`^([0-9０-９]{14,17}[0-9０-９xXｘＸ])[_＿](.+)$`)
	pageName   = regexp.MustCompile(`^([0-9]{3})-([0-9]{3})$`)
	fold       = cases.Fold()
)

// survey lists a folder without following links and sorts its files.
func survey(root *os.Root, name string) (*folder, error) {
	f := &folder{name: name}
	if m := folderName.FindStringSubmatch(norm.NFC.String(name)); m != nil {
		f.idNo, f.person = m[1], strings.TrimSpace(m[2])
	}
	if unsafe(name) {
		f.bad(name, NameUnsafe)
	}
	if err := f.walk(root, name, 1); err != nil {
		return nil, err
	}
	slices.SortFunc(f.files, func(a, b file) int { return strings.Compare(a.path, b.path) })
	return f, nil
}

func (f *folder) bad(at string, c Code)  { f.problems = append(f.problems, Finding{at, c}) }
func (f *folder) note(at string, c Code) { f.warnings = append(f.warnings, Finding{at, c}) }

func (f *folder) walk(root *os.Root, dir string, depth int) error {
	d, err := root.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	entries, err := d.ReadDir(maxFiles + 1)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(entries)+len(f.files) > maxFiles {
		f.bad(dir, PageExtra)
		return nil
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	seen := map[string]bool{}
	for _, e := range entries {
		at := dir + "/" + e.Name()
		alike := fold.String(norm.NFKC.String(e.Name()))
		if unsafe(e.Name()) || seen[alike] { // S-03: a case collision would overwrite elsewhere
			f.bad(at, NameUnsafe)
		}
		seen[alike] = true
		if err := f.entry(root, e, at, depth); err != nil {
			return err
		}
	}
	return nil
}

func (f *folder) entry(root *os.Root, e fs.DirEntry, at string, depth int) error {
	info, err := root.Lstat(at)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // gone since the listing: found missing by the catalog
	} else if err != nil {
		return err
	}
	switch {
	case info.IsDir():
		return f.directory(root, e.Name(), at, depth)
	case !info.Mode().IsRegular():
		f.bad(at, Link)
		return nil
	}
	x := file{path: at, key: norm.NFC.String(at), size: info.Size(), changed: info.ModTime()}
	f.sort(&x, e.Name(), depth)
	f.files = append(f.files, x)
	return nil
}

func (f *folder) directory(root *os.Root, name, at string, depth int) error {
	switch {
	case ignoredDir(name):
		f.note(at, IgnoredFile)
		return nil
	case depth > 1 || !known(norm.NFC.String(name)):
		f.bad(at, ClassUnknown)
	}
	if depth >= maxDepth {
		f.bad(at, NameUnsafe)
		return nil
	}
	if depth > 1 || !known(norm.NFC.String(name)) {
		return f.walk(root, at, max(depth, 2)+1) // kept untouched with the rest, and not judged
	}
	return f.walk(root, at, 2)
}

// sort decides what a file is taken for. Depth 1 is the folder itself, 2 a class,
// more is beyond what a delivery knows.
func (f *folder) sort(x *file, name string, depth int) {
	plain := norm.NFC.String(name)
	ext := path.Ext(plain)
	switch {
	case ignoredFile(plain):
		x.kind = isIgnored
		f.note(x.path, IgnoredFile)
	case depth == 1 && plain == catalogName:
		x.kind = isCatalog
	case depth > 2:
	case !scan.Allowed(ext):
		f.bad(x.path, FormatNotAllowed)
	case depth == 1:
		f.bad(x.path, PageExtra)
	default:
		m := pageName.FindStringSubmatch(strings.TrimSuffix(plain, ext))
		if m == nil || m[1] == "000" || m[2] == "000" {
			f.bad(x.path, PageExtra)
			return
		}
		x.kind = isPage
		seq, _ := strconv.Atoi(m[1])
		x.page, _ = strconv.Atoi(m[2])
		x.at = item{norm.NFC.String(path.Base(path.Dir(x.path))), seq}
	}
}

// unsafe finds names that leave the folder, hold control characters, or turn the
// direction of writing to hide what they are.
func unsafe(name string) bool {
	if !utf8.ValidString(name) || name == ".." || strings.ContainsAny(name, "\\/") {
		return true
	}
	return strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
	})
}

// ignoredFile are those that systems leave on disks, not contractors.
func ignoredFile(name string) bool {
	low := strings.ToLower(name)
	switch low {
	case "thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".directory", "folder.jpg.tmp":
		return true
	}
	return strings.HasPrefix(low, "._") || strings.HasPrefix(low, "~$") || strings.HasPrefix(low, ".~lock.")
}

func ignoredDir(name string) bool {
	switch strings.ToLower(name) {
	case "@eadir", "__macosx", ".spotlight-v100", ".trashes", ".fseventsd", "$recycle.bin", "system volume information":
		return true
	}
	return false
}

// errVanished says that a file went away or became another one while the folder was read.
var errVanished = errors.New("file changed while it was read")

// open opens a file of the survey and holds it to what was listed: not through a
// link that took its place.
func (x *file) open(root *os.Root) (*os.File, error) {
	info, err := root.Lstat(x.path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, errVanished
	} else if err != nil {
		return nil, err
	}
	in, err := root.Open(x.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errVanished
	} else if err != nil {
		return nil, err
	}
	opened, err := in.Stat()
	if err != nil || !os.SameFile(info, opened) {
		return nil, errors.Join(errVanished, err, in.Close())
	}
	x.size = opened.Size()
	return in, nil
}

// same says whether two surveys saw the same files.
func (f *folder) same(other *folder) bool {
	return slices.EqualFunc(f.files, other.files, func(a, b file) bool {
		return a.path == b.path && a.size == b.size && a.changed.Equal(b.changed)
	})
}
