package identity

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"dangan/internal/calendar"
)

const today calendar.Date = "2026-11-23"

func vectors(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/test-" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	return rows[1:]
}

func TestNumbers(t *testing.T) {
	for _, list := range []string{"citizen-valid", "permit-valid"} {
		for _, row := range vectors(t, list) {
			c, problem := Parse(row[0], today)
			want := strings.Fields(row[1])
			sex := "F"
			if c.Male {
				sex = "M"
			}
			if problem != "" || c.Kind != want[0] || sex != want[1] || string(c.Birth) != want[2] {
				t.Errorf("%s: %q = %+v %s, want %s", list, row[0], c, problem, row[1])
			}
		}
	}
	for _, list := range []string{"citizen-invalid", "permit-invalid", "15-invalid"} {
		for _, row := range vectors(t, list) {
			if row[0] == "USA11008507090" || row[0] == "(empty)" {
				row[0] = strings.TrimSuffix(row[0], "(empty)")
			}
			if _, problem := Parse(row[0], today); problem != row[1] {
				t.Errorf("%s: %q = %q, want %q (%s)", list, row[0], problem, row[1], row[len(row)-1])
			}
		}
	}
	for _, row := range vectors(t, "15-valid") {
		if c, problem := Parse(row[0], today); problem != "" || c.Number != row[1] || !c.Old {
			t.Errorf("%q = %+v %s, want %s", row[0], c, problem, row[1])
		}
	}
}

func TestCreditCodes(t *testing.T) {
	for _, row := range vectors(t, "credit-valid") {
		_, problem, warn := CheckCredit(row[0])
		if problem != "" || warn != strings.Contains(row[1], "mismatch") {
			t.Errorf("%q: %s %v, want %s", row[0], problem, warn, row[1])
		}
	}
	for _, row := range vectors(t, "credit-invalid") {
		if _, problem, _ := CheckCredit(row[0]); problem != row[1] {
			t.Errorf("%q: %q, want %q", row[0], problem, row[1])
		}
	}
}

func TestTelephonesAndPostalCodes(t *testing.T) {
	for _, row := range vectors(t, "mobile-valid") {
		if got, ok := Mobile(row[0]); !ok || got != row[1] {
			t.Errorf("%q = %q %v, want %q", row[0], got, ok, row[1])
		}
	}
	for _, row := range vectors(t, "mobile-invalid") {
		if got, ok := Mobile(strings.TrimSuffix(row[0], "(empty)")); ok {
			t.Errorf("%q was taken for %q", row[0], got)
		}
	}
	for _, row := range vectors(t, "postal-valid") {
		if !Postal(row[0]) {
			t.Errorf("%q refused", row[0])
		}
	}
	for _, row := range vectors(t, "postal-invalid") {
		if Postal(strings.TrimSuffix(row[0], "(empty)")) {
			t.Errorf("%q accepted", row[0])
		}
	}
}

func TestMasks(t *testing.T) {
	if got := Mask("500103199003071239"); got != "500***********1239" {
		t.Error(got)
	}
	if got := MaskPhone("13800138000"); got != "138****8000" {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("500103199003071239")
	f.Add("５００１０１１９９７０７０１００３６")
	f.Fuzz(func(t *testing.T, s string) {
		if c, problem := Parse(s, today); problem == "" && (len(c.Number) != 18 || CheckCharacter(c.Number[:17]) != c.Number[17]) {
			t.Errorf("%q passed as %+v", s, c)
		}
	})
}
