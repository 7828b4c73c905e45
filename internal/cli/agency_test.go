package cli

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/instance"
)

// Where an agency is reached (26), from the command line: by the head of the agency itself or the
// province's authority, from today or a coming day; what is not named stays.
func TestAnAgencysContactDetails(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	run(t, exitDone, "demo", "--data", data, "--people", "0", "--build-only", "--password", "Yan-Shi-cli-2026")
	today := calendar.Of(time.Now())
	contact := func(want int, as, code, on string, more ...string) (d agencyDone) {
		t.Helper()
		out, _ := run(t, want, append([]string{"agency", "contact", "--data", data, "--as", as, "--on", on, "--json", code}, more...)...)
		if want == exitDone {
			if err := json.Unmarshal([]byte(out), &d); err != nil {
				t.Fatalf("%q: %v", out, err)
			}
		}
		return d
	}
	reached := func(code string) agency.Agency {
		t.Helper()
		in, err := instance.Open(t.Context(), instance.Config{Data: data, Demo: true})
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		a, err := agency.Get(t.Context(), in.DB, code)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	before := reached("50010801")
	d := contact(exitDone, "head-500108", "50010801", today.String(), "--phone", "023-00000018", "--desk", "综合科档案室", "--evidence", "内设机构调整通知")
	if d.Change != agency.Contact || d.Waiting || d.EffectiveOn != today.String() {
		t.Errorf("done as %+v", d)
	}
	now := reached("50010801")
	if now.Phone != "023-00000018" || now.Desk != "综合科档案室" || now.Address != before.Address || now.Hotline != before.Hotline || now.Name != before.Name {
		t.Errorf("reached at %+v, before %+v", now, before)
	}
	// An empty value takes a detail away where it may be missing: calls for supervision go to the hotline.
	contact(exitDone, "supervisor-500000", "50010801", today.String(), "--oversight", "023-00000019")
	contact(exitDone, "supervisor-500000", "50010801", today.String(), "--oversight", "")
	if a := reached("50010801"); a.Oversight != "" || a.Phone != "023-00000018" {
		t.Errorf("reached at %+v", a)
	}
	if d := contact(exitDone, "head-500108", "50010801", today.AddDays(30).String(), "--address", "重庆市南岸区新办公路8号（演示）"); !d.Waiting {
		t.Errorf("a coming day is done as %+v", d)
	}
	if a := reached("50010801"); a.Address != before.Address {
		t.Errorf("it moved before its day: %s", a.Address)
	}
	contact(exitRefused, "clerk-500108", "50010801", today.String(), "--phone", "023-00000020")
	contact(exitRefused, "organization-500000", "50010801", today.String(), "--phone", "023-00000020")
	contact(exitUsage, "head-500108", "50010801", today.String(), "--phone", "见门口")
	contact(exitUsage, "head-500108", "50010801", today.String())
	// Another district's agency is as unknown as one that is not there.
	contact(exitRefused, "head-500103", "50010801", today.String(), "--phone", "023-00000020")
	contact(exitRefused, "head-500103", "50019999", today.String(), "--phone", "023-00000020")
	if a := reached("50010801"); a.Phone != "023-00000018" {
		t.Errorf("a refused change took effect: %s", a.Phone)
	}
}
