package roster_test

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dangan/internal/roster"
	"dangan/internal/sheet"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// TestBench prints what an import costs against only reading the workbook. It
// is part of `make bench`, which sets DANGAN_BENCH to the number of rows.
func TestBench(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("DANGAN_BENCH"))
	if err != nil || n == 0 {
		t.Skip("make bench")
	}
	file := made(t, 0, n)
	begin := time.Now()
	book, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	if err := book.Each(book.Sheets[0], func(*sheet.Row) error { rows++; return nil }); err != nil {
		t.Fatal(err)
	}
	reading := time.Since(begin)
	t.Logf("reading alone %v, %.0f rows/s", reading, float64(n)/reading.Seconds())
	for _, engine := range []store.Engine{store.SQLite, store.Postgres} {
		var before, after syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
		p := testkit.New(t, engine)
		var peak atomic.Uint64
		ctx, stop := context.WithCancel(context.Background())
		go func() {
			for ctx.Err() == nil {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				if m.HeapInuse > peak.Load() {
					peak.Store(m.HeapInuse)
				}
				time.Sleep(50 * time.Millisecond)
			}
		}()
		begin = time.Now()
		r := mustImport(t, p, source(file))
		took := time.Since(begin)
		stop()
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
		cpu := time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
		if r.Accepted != n {
			t.Fatalf("%d accepted", r.Accepted)
		}
		t.Logf("BENCH import-%s %.0f rows/s %.2f (%v, cpu %v, heap %d MB)", engine, float64(n)/took.Seconds(), reading.Seconds()/took.Seconds(), took, cpu, peak.Load()>>20)
	}
	_ = roster.Accepted
}
