package ledger

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Tiles are 8 levels high and 256 hashes wide, as C2SP tlog-tiles wants them.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// bundleLevel stands for bundles of entries where a tile's level is asked.
const bundleLevel = -1

// tileID names one tile: level (bundleLevel for entries), place and width.
type tileID struct {
	level int
	n     int64
	width int // 1 … 256
}

// path is the tile's place under the log folder: tile/0/x001/067, tile/entries/000.p/17.
func (t tileID) path() string {
	level := "entries"
	if t.level != bundleLevel {
		level = strconv.Itoa(t.level)
	}
	n, place := t.n, fmt.Sprintf("%03d", t.n%1000)
	for n >= 1000 {
		n /= 1000
		place = fmt.Sprintf("x%03d/%s", n%1000, place)
	}
	if t.width < tileWidth {
		place += ".p/" + strconv.Itoa(t.width)
	}
	return "tile/" + level + "/" + place
}

// parseTile reads a path back; only the one spelling that path gives is right.
func parseTile(path string) (tileID, bool) {
	t := tileID{width: tileWidth}
	parts := strings.Split(path, "/")
	if len(parts) < 3 || parts[0] != "tile" {
		return t, false
	}
	if parts[1] == "entries" {
		t.level = bundleLevel
	} else if v, err := strconv.Atoi(parts[1]); err == nil {
		t.level = v
	} else {
		return t, false
	}
	rest := parts[2:]
	if len(rest) >= 2 && strings.HasSuffix(rest[len(rest)-2], ".p") {
		w, err := strconv.Atoi(rest[len(rest)-1])
		if err != nil || w < 1 || w >= tileWidth {
			return t, false
		}
		t.width = w
		rest = rest[:len(rest)-1]
		rest[len(rest)-1] = strings.TrimSuffix(rest[len(rest)-1], ".p")
	}
	for _, p := range rest {
		v, err := strconv.ParseInt(strings.TrimPrefix(p, "x"), 10, 64)
		if err != nil || v < 0 || t.n > 1<<50 {
			return t, false
		}
		t.n = t.n*1000 + v
	}
	return t, t.path() == path
}

// tree grows an RFC 6962 tree leaf by leaf, computing each inner hash once. It
// keeps the right edge only: the perfect subtrees and the tiles not yet full.
type tree struct {
	size    int64
	edge    [64]tlog.Hash // edge[b] is the subtree of 2^b leaves, if bit b of size is set
	levels  [][]tlog.Hash // hashes of the tile under way, by tile level
	bundle  []byte        // entries of the bundle under way, as the file holds them
	onTile  func(t tileID, data []byte) error
	scratch []byte
}

// add appends a commitment; full tiles are given to onTile.
func (t *tree) add(c [32]byte) error {
	h := tlog.RecordHash(c[:])
	t.bundle = append(t.bundle, 0, byte(len(c)))
	t.bundle = append(t.bundle, c[:]...)
	n := t.size
	t.size++
	if t.size%tileWidth == 0 {
		if err := t.emit(tileID{bundleLevel, n / tileWidth, tileWidth}, t.bundle); err != nil {
			return err
		}
		t.bundle = t.bundle[:0]
	}
	for b := 0; ; b++ {
		if b%tileHeight == 0 {
			if err := t.place(b/tileHeight, n>>b, h); err != nil {
				return err
			}
		}
		if n>>b&1 == 0 {
			t.edge[b] = h
			return nil
		}
		h = tlog.NodeHash(t.edge[b], h)
	}
}

func (t *tree) place(level int, n int64, h tlog.Hash) error {
	if level == len(t.levels) {
		t.levels = append(t.levels, nil)
	}
	t.levels[level] = append(t.levels[level], h)
	if len(t.levels[level]) < tileWidth {
		return nil
	}
	err := t.emit(tileID{level, n / tileWidth, tileWidth}, t.hashes(level))
	t.levels[level] = t.levels[level][:0]
	return err
}

func (t *tree) hashes(level int) []byte {
	t.scratch = t.scratch[:0]
	for _, h := range t.levels[level] {
		t.scratch = append(t.scratch, h[:]...)
	}
	return t.scratch
}

func (t *tree) emit(id tileID, data []byte) error {
	if t.onTile == nil {
		return nil
	}
	return t.onTile(id, data)
}

// partial gives the tiles that are not full at the present size.
func (t *tree) partial(fn func(id tileID, data []byte) error) error {
	if w := int(t.size % tileWidth); w > 0 {
		if err := fn(tileID{bundleLevel, t.size / tileWidth, w}, t.bundle); err != nil {
			return err
		}
	}
	for level := range t.levels {
		if w := len(t.levels[level]); w > 0 {
			if err := fn(tileID{level, t.size >> (tileHeight * (level + 1)), w}, t.hashes(level)); err != nil {
				return err
			}
		}
	}
	return nil
}

// root is the tree's hash at the present size.
func (t *tree) root() tlog.Hash {
	if t.size == 0 {
		h, _ := tlog.TreeHash(0, nil) // the constant hash of the empty tree: no reading
		return h
	}
	b := bits.TrailingZeros64(uint64(t.size))
	h := t.edge[b]
	for b++; b < 63; b++ {
		if t.size>>b&1 == 1 {
			h = tlog.NodeHash(t.edge[b], h)
		}
	}
	return h
}

// load sets the tree to a published size by reading its right edge from tiles.
func (t *tree) load(size int64, read func(tileID) ([]byte, error)) error {
	*t = tree{onTile: t.onTile}
	for level, count := 0, size; count > 0; level, count = level+1, count>>tileHeight {
		t.levels = append(t.levels, nil)
		w := int(count % tileWidth)
		if w == 0 {
			continue
		}
		data, err := read(tileID{level, count / tileWidth, w})
		if err != nil {
			return err
		}
		if len(data) != w*tlog.HashSize {
			return fmt.Errorf("tile %s: %d bytes", tileID{level, count / tileWidth, w}.path(), len(data))
		}
		row := make([]tlog.Hash, w)
		for i := range row {
			copy(row[i][:], data[i*tlog.HashSize:])
		}
		t.levels[level] = row
		at := 0
		for b := tileHeight - 1; b >= 0; b-- {
			if w>>b&1 == 1 {
				t.edge[level*tileHeight+b] = perfect(row[at : at+1<<b])
				at += 1 << b
			}
		}
	}
	if w := int(size % tileWidth); w > 0 {
		data, err := read(tileID{bundleLevel, size / tileWidth, w})
		if err != nil {
			return err
		}
		t.bundle = append(t.bundle, data...)
	}
	t.size = size
	return nil
}

// perfect is the hash over 2^k neighboring hashes.
func perfect(row []tlog.Hash) tlog.Hash {
	if len(row) == 1 {
		return row[0]
	}
	half := len(row) / 2
	return tlog.NodeHash(perfect(row[:half]), perfect(row[half:]))
}
