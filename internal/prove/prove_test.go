package prove_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"dangan/internal/founding"
	"dangan/internal/gate"
	"dangan/internal/prove"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

func TestWholeCheckIsAnActWithAKeptReport(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		if err := p.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		by := p.As("auditor-500000")
		c, err := p.Proofs.Start(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		var refusal *rule.Refusal
		if _, err := p.Proofs.Start(t.Context(), by); !errors.As(err, &refusal) || refusal.Reasons[0].Slug != "check_running" {
			t.Errorf("a second check beside the first: %v", err)
		}
		p.RunJobs()
		if c, err = p.Proofs.CheckOf(t.Context(), by, c.ID); err != nil || c.State != prove.Done || c.Found != 0 || c.Rows == 0 || c.Signed == 0 {
			t.Fatalf("check ended as %+v, %v", c, err)
		}
		var report struct{ OK bool }
		raw, err := p.Proofs.Report(t.Context(), by, c.ID)
		if err != nil || json.Unmarshal(raw, &report) != nil || !report.OK {
			t.Errorf("report %s, %v", raw, err)
		}
		acts, err := p.Proofs.Timeline(t.Context(), by, "Ledger:"+c.ID, 0, 10)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, a := range acts {
			said = append(said, a.Of.Action+" "+a.Of.Outcome)
		}
		if want := []string{"ledger.report done", "ledger.check done"}; !slices.Equal(said, want) {
			t.Errorf("the check's time line says %v, want %v", said, want)
		}
		if _, err := p.Proofs.Cancel(t.Context(), by, c.ID); !errors.As(err, &refusal) {
			t.Errorf("a check that ended was cancelled: %v", err)
		}
	})
}

func TestACancelledCheckLeavesNoReport(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		by := p.As("supervisor-500000")
		c, err := p.Proofs.Start(t.Context(), by)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Proofs.Cancel(gate.WithRequest(t.Context(), gate.Request{IfMatch: c.Version}), by, c.ID); err != nil {
			t.Fatal(err)
		}
		p.RunJobs()
		if c, err = p.Proofs.CheckOf(t.Context(), by, c.ID); err != nil || c.State != prove.Cancelled || c.Report != "" {
			t.Errorf("check ended as %+v, %v", c, err)
		}
	})
}

func TestADistrictProvesItsOwnActsOnly(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		if _, err := p.Settings.Change(t.Context(), p.As("supervisor-500000"), setting.Key("letter_valid_days"), "45"); err != nil {
			t.Fatal(err)
		}
		of, err := p.Proofs.Timeline(t.Context(), p.As("auditor-500000"), "Setting:letter_valid_days", 0, 1)
		if err != nil || len(of) != 1 {
			t.Fatalf("%v, %v", of, err)
		}
		if _, err := p.Proofs.Prove(t.Context(), p.As("supervisor-500108"), of[0].ID); !errors.Is(err, gate.ErrHidden) {
			t.Errorf("a district proved the province's act: %v", err)
		}
		var refusal *rule.Refusal
		if _, err := p.Proofs.Start(t.Context(), p.As("supervisor-500108")); !errors.As(err, &refusal) {
			t.Errorf("a district started a whole check: %v", err)
		}
		if _, err := p.Proofs.Entry(t.Context(), p.As("clerk-500108"), "1"); err == nil {
			t.Error("a clerk read the ledger")
		}
		if _, err := p.Proofs.Prove(t.Context(), p.As("auditor-500000"), of[0].ID); !errors.As(err, &refusal) || refusal.Reasons[0].Slug != "not_published" {
			t.Errorf("a proof before the publication: %v", err)
		}
	})
}

// The proof convinces a program that shares no code with us, and nothing in it can
// be changed without that program seeing it.
func TestProofConvincesTheIndependentProgram(t *testing.T) {
	program := filepath.Join(t.TempDir(), "proofcheck")
	if out, err := exec.Command("go", "build", "-o", program, "../../test/proofcheck").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		for i := range 5 {
			if _, err := p.Settings.Change(t.Context(), founding.By, setting.Key("letter_valid_days"), []string{"41", "42", "43", "44", "45"}[i]); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		by := p.As("auditor-500000")
		file := filepath.Join(t.TempDir(), "proof.json")
		accepted := func(v any, key string) bool {
			t.Helper()
			raw, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			return exec.Command(program, "--key", key, file).Run() == nil
		}
		var size int64
		for _, number := range []string{"1", "2", "17", "40", "64", "65"} {
			proof, err := p.Proofs.Prove(t.Context(), by, number)
			if err != nil {
				t.Fatal(err)
			}
			size = proof.Size
			if !accepted(proof, p.Proofs.Key) {
				t.Errorf("entry %s of %d was not accepted", number, size)
			}
			if c, err := p.Proofs.CheckProof(by, proof); err != nil || c.Trouble != "" {
				t.Errorf("our own check: %v", err)
			}
		}
		proof, err := p.Proofs.Prove(t.Context(), by, "17")
		if err != nil {
			t.Fatal(err)
		}
		voucher, err := p.Proofs.Entry(t.Context(), by, "17")
		if err != nil {
			t.Fatal(err)
		}
		if again, err := p.Proofs.Entry(t.Context(), by, voucher.Voucher()); err != nil || again.ID != voucher.ID {
			t.Errorf("voucher %s: %v", voucher.Voucher(), err)
		}
		if _, err := p.Proofs.Entry(t.Context(), by, "CZ-17-ZZZZ"); !errors.Is(err, gate.ErrHidden) {
			t.Errorf("a voucher with wrong check digits: %v", err)
		}
		for name, spoil := range map[string]func(m map[string]any){
			"body":       func(m map[string]any) { e := m["entry"].(map[string]any); e["body"] = e["body"].(string) + " " },
			"trace":      func(m map[string]any) { e := m["entry"].(map[string]any); e["trace"] = e["trace"].(string) + "s x\n" },
			"salt":       func(m map[string]any) { m["entry"].(map[string]any)["salt"] = "AAAAAAAAAAAAAAAAAAAAAA==" },
			"number":     func(m map[string]any) { m["number"], m["index"] = 18, 17 },
			"size":       func(m map[string]any) { m["size"] = size + 1 },
			"hash":       func(m map[string]any) { m["hashes"].([]any)[0] = m["hashes"].([]any)[1] },
			"short":      func(m map[string]any) { m["hashes"] = m["hashes"].([]any)[1:] },
			"checkpoint": func(m map[string]any) { m["checkpoint"] = "x" + m["checkpoint"].(string) },
		} {
			raw, err := json.Marshal(proof)
			if err != nil {
				t.Fatal(err)
			}
			var m map[string]any
			if err := json.Unmarshal(raw, &m); err != nil {
				t.Fatal(err)
			}
			spoil(m)
			if accepted(m, p.Proofs.Key) {
				t.Errorf("a proof with another %s was accepted", name)
			}
		}
		other := testkit.Other(t, p.DB.Engine)
		if accepted(proof, other.Proofs.Key) {
			t.Error("another province's key accepts the proof")
		}
	})
}

// 5: who watches over a district sees how much was done there and no more; the province
// counts all.
func TestDaysAreOfTheOwnScope(t *testing.T) {
	p := testkit.New(t, store.SQLite)
	count := func(name string) int64 {
		days, err := p.Proofs.Days(t.Context(), p.As(name), 1)
		if err != nil {
			t.Fatal(err)
		}
		return days[0].Count
	}
	here, there, all := count("supervisor-500108"), count("supervisor-500103"), count("supervisor-500000")
	for n := range 3 {
		testkit.Stock(p, "50010801", n, nil)
	}
	if h, o, a := count("supervisor-500108"), count("supervisor-500103"), count("supervisor-500000"); h != here+3 || o != there || a != all+3 || a <= h {
		t.Errorf("three acts in 南岸: its own supervisor counts %d of %d, the neighbour %d of %d, the province %d of %d", h, here, o, there, a, all)
	}
}
