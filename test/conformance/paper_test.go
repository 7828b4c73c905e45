package conformance

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"

	forms "dangan/internal/document"
	"dangan/internal/testkit"
	"dangan/internal/window"
)

// walked counts the papers that were read, by kind.
var walked = struct {
	sync.Mutex
	kinds map[string]int
}{kinds: map[string]int{}}

// enough papers of a kind are read: what it says depends on the case, not on the day.
const enough = 3

// walkPapers reads what a test's province issued (8, 29.10).
func walkPapers(t *testing.T, p *testkit.Province) {
	if p.URL != "" { // papers are the same on both databases
		return
	}
	// 28: whose receipts nobody looks at would never be found late.
	rows, err := p.DB.Query(t.Context(), "SELECT DISTINCT substr(case_ref,1,instr(case_ref,':')-1) FROM document WHERE kind='acceptance'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind string
		if err := rows.Scan(&kind); err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(window.ReceiptKinds(), kind) {
			t.Errorf("a %s gets a receipt, and window.receiptSources does not know when it has an end", kind)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	walked.Lock()
	defer walked.Unlock()
	for _, kind := range testkit.FreePapers(t, p.DB, p.Press, func(kind string) bool { return walked.kinds[kind] >= enough }) {
		walked.kinds[kind]++
	}
}

// TestMain fails the whole run when a kind of paper was issued nowhere in it: then nobody
// read whether it says that the service is free.
func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if part := flag.Lookup("test.run").Value.String() + flag.Lookup("test.skip").Value.String() + flag.Lookup("test.list").Value.String(); part == "" {
		for _, kind := range forms.Kinds() {
			if walked.kinds[kind] == 0 {
				fmt.Printf("--- FAIL: no case issues a %s (%s)\n", kind, forms.KindName(kind))
				code = 1
			}
		}
	}
	os.Exit(code)
}
