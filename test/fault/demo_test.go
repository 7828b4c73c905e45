package fault

import (
	"bufio"
	"context"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dangan/internal/instance"
)

// A build of the sample province that was killed is built on when it is started
// again, and comes out as one that was never interrupted.
func TestAKilledDemoIsBuiltOn(t *testing.T) {
	bin := filepath.Join(t.TempDir(), "dangan")
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/dangan").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	args := func(data string) []string {
		return []string{"demo", "--data", data, "--people", "60", "--seed", "7", "--password", "Yan-Shi-Sha-Diao-9", "--build-only"}
	}
	whole := filepath.Join(t.TempDir(), "data")
	if out, err := exec.Command(bin, args(whole)...).CombinedOutput(); err != nil {
		t.Fatalf("demo: %v\n%s", err, out)
	}
	want := province(t, whole)
	broken := filepath.Join(t.TempDir(), "data")
	for _, step := range []string{"登记存量", "演示到"} { // each time a little further
		killAfter(t, exec.Command(bin, args(broken)...), step)
	}
	// Started again without its numbers: the folder knows them.
	if out, err := exec.Command(bin, "demo", "--data", broken, "--password", "Yan-Shi-Sha-Diao-9", "--build-only").CombinedOutput(); err != nil {
		t.Fatalf("demo again: %v\n%s", err, out)
	}
	got := province(t, broken)
	if len(got) != len(want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("not in the one built at once: %s", line)
		}
	}
	if out, err := exec.Command(bin, "verify", "--data", broken).CombinedOutput(); err != nil {
		t.Errorf("verify: %v\n%s", err, out)
	}
}

// killAfter kills a build without warning when it has told of a step.
func killAfter(t *testing.T, c *exec.Cmd, step string) {
	t.Helper()
	told, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	killed := false
	for lines := bufio.NewScanner(told); lines.Scan(); {
		if !killed && strings.Contains(lines.Text(), step) {
			killed = true
			if err := c.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := c.Wait(); err == nil || !killed {
		t.Fatalf("the build ended before %s: %v", step, err)
	}
}

// province reads persons' dossiers, papers' numbers and the states of cases.
func province(t *testing.T, dir string) []string {
	t.Helper()
	ctx := context.Background()
	in, err := instance.Open(ctx, instance.Config{Data: dir, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out []string
	for _, query := range []string{
		"SELECT 'dossier '||d.no||p.name||d.state||d.place||d.category||d.materials||d.catalog FROM dossier d JOIN person p ON p.id=d.person_id",
		"SELECT 'transfer '||person_name||direction||state||coalesce(letter_no,'') FROM transfer",
		"SELECT 'consultation '||no||state||way FROM consultation",
		"SELECT 'certificate '||kind||state||coalesce(number,'')||applied_on FROM certificate",
		"SELECT 'material '||title||state||coalesce(intake_no,'')||pages FROM material",
		"SELECT 'document '||number||kind FROM document",
		"SELECT 'series '||id||next FROM number_series",
	} {
		rows, err := in.DB.Query(ctx, query)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		for rows.Next() {
			var line string
			if err := rows.Scan(&line); err != nil {
				t.Fatal(err)
			}
			out = append(out, line)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	slices.Sort(out)
	return out
}
