package ledger

import (
	"encoding/binary"
	"hash/maphash"
	"sync"
	"sync/atomic"

	"dangan/internal/store"
)

// mark is a 128-bit fingerprint under seeds of this run alone: nobody can have
// prepared two keys that share one.
type mark [16]byte

type marker struct{ a, b maphash.Seed }

func newMarker() marker { return marker{maphash.MakeSeed(), maphash.MakeSeed()} }

func (m marker) of(b []byte) mark {
	var out mark
	binary.LittleEndian.PutUint64(out[:8], maphash.Bytes(m.a, b))
	binary.LittleEndian.PutUint64(out[8:], maphash.Bytes(m.b, b))
	return out
}

func rowName(buf []byte, table string, key []byte) []byte {
	buf = append(append(buf[:0], table...), 0)
	return append(buf, key...)
}

// lastSeal is the newest seal of one row.
type lastSeal struct {
	row    mark
	ord    int64 // of the entry; 0 marks an empty place, negative that the row was met
	digest store.Digest
}

// sealTable keeps the last seal of every row: an open-addressed table without
// pointers, 56 bytes a row, in shards that several workers fill at once.
type sealTable struct {
	marker marker
	shards [64]sealShard
}

type sealShard struct {
	mu    sync.Mutex
	slots []lastSeal
	used  int
}

func newSealTable(rows int64) *sealTable {
	t := &sealTable{marker: newMarker()}
	for i := range t.shards {
		t.shards[i].slots = make([]lastSeal, max(16, int(rows*5/4)/len(t.shards)))
	}
	return t
}

func (t *sealTable) shard(m mark) *sealShard { return &t.shards[m[0]%byte(len(t.shards))] }

func (s *sealShard) find(m mark) *lastSeal {
	n := uint64(len(s.slots))
	for i := binary.LittleEndian.Uint64(m[8:]) % n; ; i = (i + 1) % n {
		if s.slots[i].ord == 0 || s.slots[i].row == m {
			return &s.slots[i]
		}
	}
}

// put notes a seal, if it is newer than the one that is there.
func (t *sealTable) put(m mark, ord int64, digest store.Digest) {
	s := t.shard(m)
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.find(m)
	if at.ord == 0 {
		if s.used+s.used/8 >= len(s.slots)-1 {
			s.grow()
			at = s.find(m)
		}
		s.used++
	} else if at.ord >= ord {
		return
	}
	*at = lastSeal{m, ord, digest}
}

func (s *sealShard) grow() {
	old := s.slots
	s.slots = make([]lastSeal, len(old)*3/2)
	for _, l := range old {
		if l.ord != 0 {
			*s.find(l.row) = l
		}
	}
}

// What meeting a row found.
type meeting int

const (
	agrees meeting = iota
	unsealed
	differs
	twice
)

// meet holds a row against its last seal and remembers that it is there.
func (t *sealTable) meet(m mark, digest store.Digest) (what meeting, ord int64) {
	s := t.shard(m)
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.find(m)
	switch {
	case at.ord == 0:
		return unsealed, 0
	case at.ord < 0:
		return twice, -at.ord
	}
	ord = at.ord
	at.ord = -ord
	if at.digest != digest {
		return differs, ord
	}
	return agrees, ord
}

// unmet visits the sealed rows that were not met.
func (t *sealTable) unmet(fn func(m mark)) {
	for i := range t.shards {
		for _, l := range t.shards[i].slots {
			if l.ord > 0 {
				fn(l.row)
			}
		}
	}
}

// multiset compares two heaps of rows in constant memory: keyed sums in buckets
// by the row's key, added for what should be there, taken away for what is. What
// remains says in which buckets to look closer.
type multiset struct {
	marker marker
	sums   [buckets][2]atomic.Uint64
}

const buckets = 4096

func newMultiset() *multiset { return &multiset{marker: newMarker()} }

func (s *multiset) bucket(key []byte) int { return int(maphash.Bytes(s.marker.b, key) % buckets) }

func (s *multiset) count(key, row []byte, sign uint64) {
	m, at := s.marker.of(row), &s.sums[s.bucket(key)]
	at[0].Add(sign * binary.LittleEndian.Uint64(m[:8]))
	at[1].Add(sign * binary.LittleEndian.Uint64(m[8:]))
}

// should and is count a row that the rebuild gives, and one that the table has.
func (s *multiset) should(key, row []byte) { s.count(key, row, 1) }
func (s *multiset) is(key, row []byte)     { s.count(key, row, ^uint64(0)) }

// odd says whether a bucket's two sides differ; any whether one does.
func (s *multiset) odd(key []byte) bool {
	at := &s.sums[s.bucket(key)]
	return at[0].Load() != 0 || at[1].Load() != 0
}

func (s *multiset) any() bool {
	for i := range s.sums {
		if s.sums[i][0].Load() != 0 || s.sums[i][1].Load() != 0 {
			return true
		}
	}
	return false
}
