package demo_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	"dangan/internal/api"
	"dangan/internal/testkit"
)

// What a field of a charge is called (8, 29.9, 29.10); what a text says of one, testkit knows.
var (
	price = regexp.MustCompile(`(?i)^(charges?|prices?|fees?|payments?|amounts?|costs?|paid|invoices?|money|currency|deposits?)$`)
	word  = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)
)

func priceIn(name string) string {
	for _, w := range word.FindAllString(name, -1) {
		if price.MatchString(w) {
			return w
		}
	}
	return ""
}

// No field anywhere asks for a charge, a price or a payment: not in the schema, nor in what programs see.
func TestNoFieldAsksForACharge(t *testing.T) {
	in := sample(t)
	columns := 0
	rows, err := in.DB.Query(t.Context(), "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type='table'")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		columns++
		for _, name := range []string{table, column} {
			if w := priceIn(name); w != "" {
				t.Errorf("table %s, column %s: %s", table, column, w)
			}
		}
	}
	if err := rows.Err(); err != nil || columns < 300 {
		t.Fatalf("%d columns seen: %v", columns, err)
	}
	raw, err := api.Document("test")
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	names := 0
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, inner := range v {
				names++
				if w := priceIn(k); w != "" {
					t.Errorf("OpenAPI %s: %s", at, k)
				}
				walk(at+"/"+k, inner)
			}
		case []any:
			for i, inner := range v {
				walk(fmt.Sprintf("%s[%d]", at, i), inner)
			}
		case string:
			if w := testkit.ChargeIn(v); w != "" {
				t.Errorf("OpenAPI %s: %q speaks of %s", at, v, w)
			}
		}
	}
	walk("", doc)
	if names < 3000 {
		t.Fatalf("%d names seen", names)
	}
}

// The newest paper of each kind in the sample province says that the service is free. Every
// kind of paper is held to it by the cases of test/conformance, which issue them all.
func TestEveryPaperSaysItIsFree(t *testing.T) {
	in := sample(t)
	if kinds := testkit.FreePapers(t, in.DB, in.Press, func(string) bool { return false }); len(kinds) < 30 {
		t.Fatalf("%d kinds of papers", len(kinds))
	}
}
