package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// run calls the command line as a shell would.
func run(t *testing.T, want int, args ...string) (out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	if got := Main("test", args, &o, &e); got != want {
		t.Fatalf("dangan %s exits %d, want %d\n%s%s", strings.Join(args, " "), got, want, o.String(), e.String())
	}
	return o.String(), e.String()
}

func TestAProvinceFromInitToRestore(t *testing.T) {
	data, kept := filepath.Join(t.TempDir(), "data"), t.TempDir()
	run(t, exitFailure, "schema", "--data", data)
	out, _ := run(t, exitDone, "init", "--data", data, "--json")
	var accounts []struct{ Username, Password string }
	if err := json.Unmarshal([]byte(out), &accounts); err != nil {
		t.Fatal(err)
	}
	if len(accounts) != 3 || slices.ContainsFunc(accounts, func(a struct{ Username, Password string }) bool { return len(a.Password) < 12 }) {
		t.Errorf("init made %d accounts, want three administrators with one-time passwords", len(accounts))
	}
	run(t, exitFailure, "init", "--data", data)
	out, _ = run(t, exitDone, "schema", "--data", data, "--json")
	var schema struct {
		Tables []struct{ Name, Kind, Reason string }
	}
	if err := json.Unmarshal([]byte(out), &schema); err != nil {
		t.Fatal(err)
	}
	for _, table := range schema.Tables {
		if !slices.Contains([]string{"audited", "derived", "transient"}, table.Kind) || table.Reason == "" {
			t.Errorf("table %+v says not how it is protected", table)
		}
	}
	run(t, exitDone, "backup", "--data", data, filepath.Join(kept, "backup"))
	run(t, exitDone, "key", "export", "--data", data, filepath.Join(kept, "keys.json"))
	run(t, exitFailure, "key", "export", "--data", data, filepath.Join(kept, "keys.json"))
	if info, err := os.Stat(filepath.Join(kept, "keys.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("escrow file: %v %v", info.Mode(), err)
	}
	again := filepath.Join(t.TempDir(), "data")
	run(t, exitFailure, "restore", "--data", again, filepath.Join(kept, "backup"))
	run(t, exitDone, "key", "import", "--data", again, filepath.Join(kept, "keys.json"))
	run(t, exitDone, "restore", "--data", again, filepath.Join(kept, "backup"))
	run(t, exitFailure, "restore", "--data", again, filepath.Join(kept, "backup"))
	run(t, exitDone, "key", "rotate", "--data", again)
	out, _ = run(t, exitDone, "key", "trust", "--data", again)
	if !strings.Contains(out, "BEGIN CERTIFICATE") {
		t.Errorf("trust is %q", out)
	}
	run(t, exitUsage, "serve", "--data", again, "--no-such-flag")
	run(t, exitFailure, "serve", "--data", again, "--listen", "0.0.0.0:0")
}

func TestDoctorNamesWhatIsWrong(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	t.Setenv("DANGAN_LISTEM", "127.0.0.1:1")
	out, _ := run(t, exitFailure, "doctor", "--data", data, "--json")
	var report struct {
		OK       bool
		Findings []finding
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	for _, what := range []string{"环境变量", "数据目录", "密钥"} {
		if !slices.ContainsFunc(report.Findings, func(f finding) bool { return f.What == what && !f.OK && f.Next != "" }) {
			t.Errorf("doctor does not name %s: %+v", what, report.Findings)
		}
	}
}

func TestTokensActWithTheAccountOnly(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	run(t, exitDone, "init", "--data", data)
	out, _ := run(t, exitDone, "token", "new", "--data", data, "--as", "auditor-500000", "--json", "审计接口")
	var made struct{ ID, Token string }
	if err := json.Unmarshal([]byte(out), &made); err != nil || !strings.HasPrefix(made.Token, "dgn_") {
		t.Fatalf("token %q: %v", out, err)
	}
	run(t, exitDone, "token", "revoke", "--data", data, "--as", "auditor-500000", made.ID)
	out, _ = run(t, exitDone, "token", "list", "--data", data, "--as", "auditor-500000")
	if !strings.Contains(out, "已吊销") {
		t.Errorf("list says %q", out)
	}
	run(t, exitFailure, "token", "new", "--data", data, "--as", "nobody", "x")

	// Agencies: listed within the account's scope, changed by the post that may and on a document.
	out, _ = run(t, exitDone, "agency", "list", "--data", data, "--as", "auditor-500000", "--json")
	var agencies []agencyLine
	if err := json.Unmarshal([]byte(out), &agencies); err != nil || !slices.ContainsFunc(agencies, func(a agencyLine) bool { return a.Code == "50000001" && a.TakesIn }) {
		t.Errorf("agencies %q: %v", out, err)
	}
	// Likely doubles are for the posts that may see them.
	run(t, exitRefused, "double", "list", "--data", data, "--as", "auditor-500000")
	run(t, exitRefused, "agency", "rename", "--data", data, "--as", "auditor-500000", "50000001", "--name", "新名", "--document", "文号", "--on", "2026-01-01")
}
