package dossier_test

import (
	"context"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// A list leaves row by row: a workbook several times the memory allowed is made and read.
func TestAnExportedListIsNotHeld(t *testing.T) {
	const rows, wide, allowed = 120, 40, 72 << 20
	p := testkit.New(t, store.SQLite)
	for n := range rows {
		testkit.Stock(p, "50010801", n, nil)
	}
	random := rand.New(rand.NewPCG(1, 2))
	cells := func(int, dossier.Found) []string {
		out := make([]string, wide)
		for i := range out {
			raw := make([]byte, 32_000)
			for k := range raw {
				raw[k] = 'a' + byte(random.IntN(26))
			}
			out[i] = string(raw)
		}
		return out
	}
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	most := make(chan uint64)
	stop := make(chan struct{})
	go func() {
		var high uint64
		for {
			select {
			case <-stop:
				most <- high
				return
			case <-time.After(5 * time.Millisecond):
				runtime.GC()
				runtime.ReadMemStats(&now)
				high = max(high, now.HeapAlloc)
			}
		}
	}()
	book, n, err := p.Dossiers.Export(context.Background(), p.As("clerk-500108"), dossier.Filter{}, nil, dossier.Sheet{Name: "清单", Heads: slices.Repeat([]string{"列"}, wide), Widths: []float64{6}, Cells: cells})
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	size, err := io.Copy(io.Discard, book)
	if err != nil || n != rows {
		t.Fatalf("%d rows, %v", n, err)
	}
	close(stop)
	high := <-most
	t.Logf("%d MB of text in a workbook of %d MB: %d MB held", rows*wide*32_000>>20, size>>20, (high-before.HeapAlloc)>>20)
	if high-before.HeapAlloc > allowed || size < allowed {
		t.Errorf("%d bytes held for a workbook of %d", high-before.HeapAlloc, size)
	}
}
