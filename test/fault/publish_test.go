package fault

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"dangan/internal/founding"
	"dangan/internal/gate"
	"dangan/internal/instance"
	"dangan/internal/policy"
)

// waiting is how many acts a publisher finds that is killed: more than two tiles.
const waiting = 600

// publishEnv asks the test program to be a publisher and nothing else.
const publishEnv = "DANGAN_FAULT_PUBLISHER"

func TestMain(m *testing.M) {
	if data := os.Getenv(publishEnv); data != "" {
		if err := publishAlone(data, os.Getenv("DANGAN_FAULT_DATABASE")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// publishAlone publishes what waits: numbers, tiles, checkpoint.
func publishAlone(data, url string) error {
	in, err := instance.Open(context.Background(), instance.Config{Data: data, Database: url})
	if err != nil {
		return err
	}
	fmt.Println("ready")
	return in.Close()
}

// publisher kills the ledger's publisher alone, on what the killed programs left and
// more: while it gives numbers, writes tiles and signs checkpoints. Then the whole
// check, and what waits is published.
func (k *killed) publisher(round int) {
	k.t.Helper()
	in, err := instance.Open(k.t.Context(), instance.Config{Data: k.data, Database: k.url})
	if err != nil {
		k.t.Fatal(err)
	}
	acts := make([]gate.Act, waiting)
	for i := range acts {
		acts[i] = gate.Act{Actor: founding.By, Action: "setting.change"}
	}
	_, err = in.Gate.DoBatch(k.t.Context(), acts, func(_ int, tx *gate.Tx) error { return tx.Permit(policy.Resource{Type: "Setting", ID: "fault"}) })
	// The database alone is closed: closing the instance would publish.
	if err := firstOf(err, in.DB.Close()); err != nil {
		k.t.Fatal(err)
	}
	killedAfter := k.alone(time.Duration(k.rand.IntN(120)) * time.Millisecond)
	k.verify(fmt.Sprintf("after round %d, publisher killed after %s", round, killedAfter))
	if after := k.alone(time.Minute); after != 0 {
		k.t.Fatalf("the publisher does not come to its end")
	}
}

// alone runs a publisher and kills it after a while; 0 when it came to its end before.
func (k *killed) alone(after time.Duration) time.Duration {
	k.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), publishEnv+"="+k.data, "DANGAN_FAULT_DATABASE="+k.url)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		k.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		k.t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		k.t.Fatalf("publisher: %q, %v", line, err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer timer.Stop()
	if err := cmd.Wait(); err == nil {
		return 0
	} else if cmd.ProcessState.ExitCode() > 0 {
		k.t.Fatalf("publisher: %v", err)
	}
	k.cut++
	return after
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
