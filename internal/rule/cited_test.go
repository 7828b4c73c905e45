package rule_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dangan/internal/rule"
)

// Every rule that code or a policy cites by a literal exists: a refusal under an unknown one
// would show no clause.
func TestCitedRulesExist(t *testing.T) {
	single := regexp.MustCompile(`(?:\bRule:|rule\.Reason\{Rule:|\breason\(|@rule\()\s*"([0-9]+[a-z]?(?:\.[0-9]+[a-z]?)?)"`)
	many := regexp.MustCompile(`\[\]rule\.ID\{([^}]*)\}`)
	quoted := regexp.MustCompile(`"([^"]+)"`)
	seen := 0
	check := func(path, id string) {
		seen++
		if _, known := rule.Get(rule.ID(id)); !known {
			t.Errorf("%s cites rule %s, which does not exist", path, id)
		}
	}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || filepath.Ext(path) != ".go" && filepath.Ext(path) != ".cedar" {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range single.FindAllSubmatch(src, -1) {
			check(path, string(m[1]))
		}
		for _, m := range many.FindAllSubmatch(src, -1) {
			for _, q := range quoted.FindAllSubmatch(m[1], -1) {
				check(path, string(q[1]))
			}
		}
		return nil
	})
	if err != nil || seen < 1000 {
		t.Fatalf("%d literals read: %v", seen, err)
	}
}
