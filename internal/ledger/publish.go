package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"

	"dangan/internal/clock"
	"dangan/internal/store"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// ErrRolledBack says that the database is not the one the last checkpoint was
// signed for: it has fewer entries, or others. Nothing is published over that.
var ErrRolledBack = errors.New("数据库早于或不同于最近一次公布的检查点，停止公布")

// Signer is the log's key.
type Signer interface {
	LogSigner() note.Signer
	LogVerifier() (note.Verifier, error)
}

// PublisherConfig wires a publisher.
type PublisherConfig struct {
	DB     *store.DB
	Dir    string // data folder; the log lies in Dir/log
	Origin string // first line of a checkpoint, such as "dangan/500000"
	Keys   Signer
	Clock  clock.Clock
	Every  time.Duration // 0: 500 ms
	Log    *slog.Logger
}

// Publisher writes tiles and checkpoints outside the database. Several
// processes may run one on the same folder: a file lock lets one work at a time.
type Publisher struct {
	cfg      PublisherConfig
	verifier note.Verifier
	mu       sync.Mutex
	tree     tree
	loaded   bool

	lastSigned Checkpoint      // the one before, by this process
	folders    map[string]bool // written to, not yet synced
}

// publishChunk bounds how many entries stand between two checkpoints and in memory.
const publishChunk = 20000

// NewPublisher makes a publisher; it reads nothing yet.
func NewPublisher(cfg PublisherConfig) (*Publisher, error) {
	v, err := cfg.Keys.LogVerifier()
	if err != nil {
		return nil, fmt.Errorf("publisher: %w", err)
	}
	if cfg.Origin == "" {
		cfg.Origin = v.Name()
	}
	if cfg.Every == 0 {
		cfg.Every = 500 * time.Millisecond
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Publisher{cfg: cfg, verifier: v}, nil
}

// Run publishes until the context ends; a failure is logged and tried again.
func (p *Publisher) Run(ctx context.Context) {
	t := time.NewTicker(p.cfg.Every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if _, err := p.Publish(ctx); err != nil && ctx.Err() == nil {
				p.cfg.Log.Error("ledger not published", "error", err)
			}
		}
	}
}

// Publish brings tiles and checkpoint to the present number of entries and
// returns how many are published. Doing it again changes nothing.
func (p *Publisher) Publish(ctx context.Context) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	unlock, err := p.lock()
	if err != nil {
		return 0, fmt.Errorf("publish: %w", err)
	}
	if unlock == nil { // another process is at it
		return p.tree.size, nil
	}
	defer unlock()
	if err := Sequence(ctx, p.cfg.DB); err != nil {
		return 0, fmt.Errorf("publish: %w", err)
	}
	if err := p.open(ctx); err != nil {
		p.loaded = false
		return 0, fmt.Errorf("publish: %w", err)
	}
	for {
		n, err := p.chunk(ctx)
		if err != nil {
			p.loaded = false
			return 0, fmt.Errorf("publish: %w", err)
		}
		if n < publishChunk {
			return p.tree.size, nil
		}
	}
}

// Published is how many entries stand in the checkpoint this publisher signed or saw last.
func (p *Publisher) Published() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tree.size
}

func (p *Publisher) path(name string) string { return filepath.Join(p.cfg.Dir, logDir, name) }

func (p *Publisher) lock() (func(), error) { return lock(p.cfg.Dir) }

// lock takes the log's file lock; nil when another holds it.
func lock(dir string) (func(), error) {
	if err := os.MkdirAll(filepath.Join(dir, logDir, historyDir), 0o700); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, logDir, ".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, f.Close()
	} else if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil // closing lets the lock go
}

// Still runs fn while nothing is published, so that the log can be copied whole.
func Still(ctx context.Context, dir string, fn func() error) error {
	for {
		unlock, err := lock(dir)
		if err != nil {
			return err
		}
		if unlock != nil {
			defer unlock()
			return fn()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// open loads the right edge of what is published and holds the database against it.
func (p *Publisher) open(ctx context.Context) error {
	last, err := Latest(p.cfg.Dir, p.verifier)
	if errors.Is(err, fs.ErrNotExist) {
		// No checkpoint, but a history: a crash at the very first publication, or somebody took it away.
		past, bad, err := history(p.cfg.Dir, p.verifier)
		if err != nil {
			return err
		} else if len(past) > 1 || len(bad) > 0 {
			return fmt.Errorf("%w：检查点文件缺失", ErrRolledBack)
		}
		last = Checkpoint{}
		if len(past) == 1 {
			last = past[0]
			if err := writeDurably(p.path(checkpointFile), last.Note); err != nil {
				return err
			}
		}
	} else if err != nil {
		return err
	}
	if !p.loaded || p.tree.size != last.Size {
		p.tree.onTile = p.write
		if err := p.tree.load(last.Size, p.readTile); err != nil {
			return err
		}
	}
	if last.Size > 0 && p.tree.root() != last.Root {
		return fmt.Errorf("%w：防改树文件与检查点不符", ErrRolledBack)
	}
	var has int64
	if err := p.cfg.DB.QueryRow(ctx, "SELECT coalesce(max(seq),0) FROM ledger_entry").Scan(&has); err != nil {
		return err
	}
	if has < last.Size {
		return fmt.Errorf("%w：检查点有 %d 条，数据库只有 %d 条", ErrRolledBack, last.Size, has)
	}
	if !p.loaded && last.Size > 0 {
		if err := p.sameEnd(ctx, last.Size); err != nil {
			return err
		}
	}
	p.loaded, p.lastSigned = true, last
	return nil
}

// sameEnd compares the last published entries with the database's: a copy that
// went on by itself from an older state has others.
func (p *Publisher) sameEnd(ctx context.Context, size int64) error {
	n := (size - 1) / tileWidth
	want, err := p.readTile(tileID{bundleLevel, n, int(size - n*tileWidth)})
	if err != nil {
		return err
	}
	var has []byte
	if err := store.Each(ctx, p.cfg.DB, "WHERE seq>? AND seq<=? ORDER BY seq", []any{n * tileWidth, size}, func(e Entry) error {
		c := e.Commitment()
		has = append(append(has, 0, byte(len(c))), c[:]...)
		return nil
	}); err != nil {
		return err
	}
	if !bytes.Equal(want, has) {
		return fmt.Errorf("%w：最后公布的条目与数据库不符", ErrRolledBack)
	}
	return nil
}

// readTile reads a tile, or its beginning from the full one.
func (p *Publisher) readTile(t tileID) ([]byte, error) { return readTile(p.cfg.Dir, t) }

func readTile(dir string, t tileID) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(dir, logDir, t.path()))
	if t.width < tileWidth && errors.Is(err, fs.ErrNotExist) {
		full := tileID{t.level, t.n, tileWidth}
		data, err = os.ReadFile(filepath.Join(dir, logDir, full.path()))
		if each := t.unit(); err == nil && len(data) == tileWidth*each {
			data = data[:t.width*each]
		}
	}
	if err != nil {
		return nil, err
	}
	if len(data) != t.width*t.unit() {
		return nil, fmt.Errorf("tile %s: %d bytes", t.path(), len(data))
	}
	return data, nil
}

// unit is the length of one element in a tile's file.
func (t tileID) unit() int {
	if t.level == bundleLevel {
		return 2 + tlog.HashSize
	}
	return tlog.HashSize
}

// write puts one tile on the disk; what is there already is left alone.
func (p *Publisher) write(t tileID, data []byte) error {
	path := p.path(t.path())
	if has, err := os.ReadFile(path); err == nil && bytes.Equal(has, data) {
		return nil
	}
	if err := writeDurably(path, data); err != nil {
		return err
	}
	if p.folders == nil {
		p.folders = map[string]bool{}
	}
	for d := filepath.Dir(path); len(d) >= len(p.path("")) && !p.folders[d]; d = filepath.Dir(d) {
		p.folders[d] = true
	}
	return nil
}

// chunk publishes up to publishChunk entries and a checkpoint.
func (p *Publisher) chunk(ctx context.Context) (int, error) {
	old, oldRoot, n := p.tree.size, p.tree.root(), 0
	var full []tileID
	p.tree.onTile = func(t tileID, data []byte) error {
		full = append(full, t)
		return p.write(t, data)
	}
	err := store.Each(ctx, p.cfg.DB, "WHERE seq>? AND seq<=? ORDER BY seq", []any{old, old + publishChunk}, func(e Entry) error {
		if e.Seq != p.tree.size+1 {
			return fmt.Errorf("%w：缺第 %d 条", ErrRolledBack, p.tree.size+1)
		}
		n++
		return p.tree.add(e.Commitment())
	})
	if err != nil || n == 0 {
		return 0, err
	}
	if err := p.tree.partial(p.write); err != nil {
		return 0, err
	}
	if err := p.extends(old, oldRoot); err != nil {
		return 0, err
	}
	for d := range p.folders {
		if err := syncDir(d); err != nil {
			return 0, err
		}
	}
	p.folders = nil
	if err := p.sign(); err != nil {
		return 0, err
	}
	// A full tile says all that its beginnings said.
	for _, t := range full {
		if err := os.RemoveAll(p.path(t.path()) + ".p"); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// extends proves that the new tree contains the one last signed.
func (p *Publisher) extends(old int64, oldRoot tlog.Hash) error {
	return Extends(p.cfg.Dir, Checkpoint{Size: old, Root: oldRoot}, Checkpoint{Size: p.tree.size, Root: p.tree.root()})
}

// Extends reads the tiles of a data folder as any outsider would and proves that
// the tree of a later checkpoint contains that of an earlier one.
func Extends(dir string, earlier, later Checkpoint) error {
	if earlier.Size == 0 {
		return nil
	}
	now := tlog.Tree{N: later.Size, Hash: later.Root}
	proof, err := tlog.ProveTree(now.N, earlier.Size, tlog.TileHashReader(now, tileReader(dir)))
	if err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	if err := tlog.CheckTree(proof, now.N, now.Hash, earlier.Size, earlier.Root); err != nil {
		return fmt.Errorf("%w: %w", ErrRolledBack, err)
	}
	return nil
}

// sign writes the checkpoint, first into the history.
func (p *Publisher) sign() error {
	c := Checkpoint{Origin: p.cfg.Origin, Size: p.tree.size, Root: p.tree.root(), Time: p.cfg.Clock.Now()}
	past := p.path(filepath.Join(historyDir, strconv.FormatInt(c.Size, 10)))
	signed, err := os.ReadFile(past)
	if err == nil {
		// Left by a crash: what was signed once stays, if it says the same.
		if had, err := ParseCheckpoint(signed, p.verifier); err != nil || had.Root != c.Root {
			return fmt.Errorf("%w：同一长度已签过另一检查点", ErrRolledBack)
		}
	} else if signed, err = signCheckpoint(p.cfg.Keys.LogSigner(), c); err != nil {
		return err
	} else if err := errors.Join(writeDurably(past, signed), syncDir(p.path(historyDir))); err != nil {
		return err
	}
	if err := errors.Join(writeDurably(p.path(checkpointFile), signed), syncDir(p.path(""))); err != nil {
		return err
	}
	return p.thin(c)
}

// thin keeps the last checkpoint of every hour in the history: the tree of any
// other size can be computed again, and a busy year would leave a million files.
func (p *Publisher) thin(now Checkpoint) error {
	hour := now.Time.UTC().Truncate(time.Hour)
	if before := p.lastSigned; before.Size > 0 && before.Size != now.Size && before.Time.UTC().Truncate(time.Hour).Equal(hour) {
		err := os.Remove(p.path(filepath.Join(historyDir, strconv.FormatInt(before.Size, 10))))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	p.lastSigned = now
	return nil
}

// tileReader reads published tiles for tlog's own proofs.
type tileReader string

func (tileReader) Height() int { return tileHeight }

func (tileReader) SaveTiles([]tlog.Tile, [][]byte) {}

func (dir tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		data, err := readTile(string(dir), tileID{t.L, t.N, t.W})
		if err != nil {
			return nil, err
		}
		out[i] = data
	}
	return out, nil
}
