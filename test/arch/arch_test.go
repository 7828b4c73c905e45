package arch

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// floors of the house, the lowest first. A package imports packages of lower
// floors, and on the business floor only those the room's own line names.
var floors = [][]string{
	{"clock", "calendar", "identity", "region", "codes", "classify", "rule"},
	{"store", "blob", "crypto", "paper", "sheet", "scan"},
	{"policy", "ledger", "gate"},
	{"work"},
	{
		"agency",
		"setting",
		"person",
		"staff",
		"mandate",
		"document",
		"undertaking",
		"dossier",
		"kin",
		"double",
		"custody",
		"intake",
		"hold",
		"collect",
		"supplement",
		"handin",
		"portal",
		"message",
		"account",
		"digital",
		"secrecy",
		"standing",
		"roster",
		"graduate",
		"death",
		"retirement",
		"transfer",
		"found",
		"feed",
		"window",
		"rating",
		"guide",
		"introduction",
		"access",
		"loan",
		"statement",
		"certificate",
		"consent",
		"jobs",
		"prove",
		"register",
		"oversight",
	},
	{"instance"},
	{"founding", "api", "web"},
	{"server"},
	{"demo", "backup"},
	{"cli", "testkit"},
}

// within says which rooms of the business floor a room may use.
var within = map[string][]string{
	"staff":        {"setting", "agency", "person"},
	"person":       {},
	"mandate":      {"setting", "agency", "person", "staff", "register"},
	"agency":       {},
	"setting":      {},
	"document":     {"agency"},
	"register":     {"agency", "document"},
	"undertaking":  {"agency", "document", "dossier"},
	"dossier":      {"setting", "agency", "person", "document", "custody", "register", "mandate"},
	"kin":          {"person", "staff", "dossier"},
	"custody":      {"agency", "person", "dossier", "register"},
	"double":       {"agency", "person", "dossier", "message"},
	"hold":         {"agency", "dossier", "register", "message"},
	"collect":      {"staff", "account", "message", "agency", "person", "dossier", "document", "register"},
	"supplement":   {"mandate", "setting", "agency", "person", "staff", "document", "dossier", "message", "register"},
	"handin":       {"account", "agency", "person", "dossier", "collect", "message", "register"},
	"account":      {"mandate", "intake", "agency", "person", "dossier", "document", "register", "message"},
	"portal":       {"account", "person", "dossier", "document", "collect", "handin", "intake", "transfer", "access", "certificate"},
	"secrecy":      {"agency", "custody", "staff", "dossier", "digital", "register"},
	"digital":      {"setting", "agency", "person", "dossier", "custody", "document", "register"},
	"standing":     {"double", "setting", "staff", "intake", "account", "agency", "person", "document", "dossier", "custody", "digital", "register", "message", "secrecy", "mandate"},
	"roster":       {"double", "agency", "person", "staff", "dossier", "custody", "register", "transfer", "message"},
	"graduate":     {"undertaking", "intake", "death", "double", "staff", "mandate", "account", "setting", "agency", "person", "document", "dossier", "custody", "register", "message", "transfer"},
	"transfer":     {"undertaking", "kin", "double", "intake", "account", "setting", "agency", "person", "dossier", "custody", "document", "staff", "register", "death", "message", "mandate"},
	"introduction": {},
	"access":       {"introduction", "kin", "account", "intake", "setting", "agency", "person", "dossier", "custody", "document", "digital", "staff", "register", "death", "message"},
	"loan":         {"introduction", "kin", "account", "setting", "agency", "person", "dossier", "custody", "document", "staff", "register", "death", "message"},
	"intake":       {"setting", "agency", "person", "staff", "document", "dossier", "register", "message"},
	"statement":    {"custody", "dossier"},
	"certificate":  {"statement", "account", "intake", "setting", "agency", "person", "dossier", "custody", "document", "staff", "register", "death", "message", "mandate"},
	"consent":      {"agency", "person", "dossier", "statement", "portal", "death", "register"},
	"window":       {"mandate", "setting", "agency", "document", "dossier", "message", "register"},
	"rating":       {"setting", "agency", "person", "document", "dossier", "message", "register", "window"},
	"guide":        {"setting", "agency", "account", "mandate", "certificate", "transfer"},
	"feed":         {"agency", "person", "dossier", "collect", "register"},
	"found":        {"setting", "agency", "person", "custody", "dossier", "document", "register", "transfer", "message"},
	"retirement":   {"mandate", "setting", "agency", "person", "dossier", "custody", "document", "staff", "register", "death"},
	"death":        {"mandate", "digital", "account", "setting", "agency", "person", "dossier", "custody", "document", "staff", "register"},
	"oversight":    {"agency", "dossier", "roster", "transfer", "supplement", "collect", "window", "rating", "register"},
	"jobs":         {},
	"prove":        {"agency"},
}

// lawLine is the order on the law's floor.
var lawLine = map[string][]string{"policy": {}, "ledger": {}, "gate": {"policy", "ledger"}}

type listed struct {
	ImportPath string
	Imports    []string
	GoFiles    []string
	Dir        string
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json", "./internal/...", "./cmd/...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// room is the first folder below internal, "" for anything else.
func room(path string) string {
	rest, ok := strings.CutPrefix(path, "dangan/internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

func floorOf(name string) int {
	return slices.IndexFunc(floors, func(f []string) bool { return slices.Contains(f, name) })
}

func TestArrowsPointDown(t *testing.T) {
	for _, p := range packages(t) {
		from := room(p.ImportPath)
		if from == "" {
			continue
		}
		at := floorOf(from)
		if at < 0 {
			t.Errorf("%s stands on no floor: give it one here", from)
			continue
		}
		for _, i := range p.Imports {
			to := room(i)
			if to == "" || to == from {
				continue
			}
			below := floorOf(to)
			switch {
			case below > at:
				t.Errorf("%s imports %s, which stands above it", from, to)
			case below == at && at >= 2:
				allowed, named := within[from]
				if !named {
					allowed, named = lawLine[from]
				}
				if named && !slices.Contains(allowed, to) {
					t.Errorf("%s imports its neighbor %s: not one of %v", from, to, allowed)
				}
			}
		}
	}
}

// Only the gate and the ledger's sequencer begin a write; backup and the queue
// know the engines, nobody else.
func TestOnlyTheGateWrites(t *testing.T) {
	begin := regexp.MustCompile(`\.Begin\(|\.Raw\(\)|QueueDriver\(`)
	allowed := map[string]bool{"store": true, "gate": true, "ledger": true, "jobs": true}
	write := regexp.MustCompile(`(?i)(db|DB\(\)|read|snapshot)\.(Exec|ExecContext)\(`)
	for _, p := range packages(t) {
		name := room(p.ImportPath)
		for _, f := range p.GoFiles {
			raw, err := os.ReadFile(filepath.Join(p.Dir, f))
			if err != nil {
				t.Fatal(err)
			}
			if !allowed[name] && name != "testkit" && begin.Match(raw) {
				t.Errorf("%s/%s begins a transaction: only the gate does", name, f)
			}
			if !allowed[name] && write.Match(raw) {
				t.Errorf("%s/%s writes beside the gate", name, f)
			}
			if !allowed[name] && strings.Contains(string(raw), `"database/sql"`) && name != "testkit" && name != "backup" {
				t.Errorf("%s/%s speaks to the driver itself: use store", name, f)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		if room(p.ImportPath) != "" && !slices.Contains(p.GoFiles, "doc.go") {
			t.Errorf("%s has no doc.go", p.ImportPath)
		}
	}
}

// Nothing in the interfaces deletes (29.4): only what is the account's own goes.
func TestNoDeleteInTheInterface(t *testing.T) {
	deletes := regexp.MustCompile(`MethodDelete,\s*"([^"]+)"`)
	own := []string{"/session", "/account/", "/views"}
	files, err := filepath.Glob("../../internal/api/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files of the API: %v", err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range deletes.FindAllStringSubmatch(string(raw), -1) {
			if !slices.ContainsFunc(own, func(prefix string) bool { return strings.HasPrefix(m[1], prefix) }) {
				t.Errorf("%s offers DELETE %s", filepath.Base(f), m[1])
			}
		}
	}
}
