package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
	"unsafe"

	"dangan/internal/store"

	"golang.org/x/mod/sumdb/tlog"
)

// logCheck is the published log as it stood when the check began, and the tree
// that is computed again from the entries.
type logCheck struct {
	size    int64 // published
	until   int64 // how far the tree is computed: further, if a checkpoint from elsewhere is
	roots   map[int64][]wantRoot
	parts   map[tileID][]int // beginnings of a tile that lie beside it, by the tile at full width
	mu      sync.Mutex
	tree    tree
	waiting map[int64][][32]byte // computed ahead of their turn, by first number
	moved   []movedEntry         // stand where another entry was published
	gone    map[[32]byte]int64   // published commitments that no entry holds at their number
	loose   map[[32]byte]string  // entries without a published number
	first   int64                // time of the first and last entry not published
	last    int64
}

type wantRoot struct {
	path      string
	root      tlog.Hash
	elsewhere bool
}

type movedEntry struct {
	seq    int64
	id     string
	commit [32]byte
}

// lingering is how long an entry may wait to be published before somebody must
// have taken the log away: the publisher works twice a second.
const lingering = time.Hour

// openLog reads checkpoints and the list of tiles.
func (c *check) openLog() (*logCheck, error) {
	l := &logCheck{roots: map[int64][]wantRoot{}, parts: map[tileID][]int{}, waiting: map[int64][][32]byte{},
		gone: map[[32]byte]int64{}, loose: map[[32]byte]string{}}
	var good []Checkpoint
	var bad []string
	var latest Checkpoint
	var latestErr error
	for try := 0; ; try++ {
		var err error
		if good, bad, err = history(c.Dir, c.Verifier); err != nil {
			return nil, err
		}
		latest, latestErr = Latest(c.Dir, c.Verifier)
		// Signed between the two readings: read again.
		if latestErr != nil || len(bad) > 0 || try == 5 || latest.Size == 0 || len(good) > 0 && good[len(good)-1].Size >= latest.Size {
			break
		}
	}
	for _, path := range bad {
		c.found(Changed, LogTable, strings.TrimPrefix(path, logDir+"/"), "不是所签的检查点")
	}
	later := 0
	for _, cp := range good {
		if cp.Size > latest.Size {
			later++
		}
		l.want(cp.Size, wantRoot{path: historyDir + "/" + strconv.FormatInt(cp.Size, 10), root: cp.Root})
	}
	switch {
	case errors.Is(latestErr, fs.ErrNotExist):
		if len(good) > 0 {
			c.found(Removed, LogTable, checkpointFile, "检查点文件不见了")
		}
	case latestErr != nil:
		c.found(Changed, LogTable, checkpointFile, "不是所签的检查点")
	case later > 1:
		c.found(RolledBack, LogTable, checkpointFile, fmt.Sprintf("早于已签的检查点（%d 条，其后还有 %d 个）", latest.Size, later))
	case len(good) == 0 || good[len(good)-1].Size < latest.Size:
		c.found(Removed, LogTable, historyDir+"/"+strconv.FormatInt(latest.Size, 10), "最近的检查点不在历次检查点中")
	}
	if latestErr == nil && latest.Size > 0 {
		l.want(latest.Size, wantRoot{path: checkpointFile, root: latest.Root})
	}
	newest := latest
	if len(good) > 0 && good[len(good)-1].Size > newest.Size {
		newest = good[len(good)-1]
	}
	l.size, l.until = newest.Size, newest.Size
	c.report.Published, c.report.Checkpoints = newest.Size, int64(len(good))
	if newest.Size > 0 {
		c.report.Root = RootText(newest.Root)
		at := newest.Time.UTC()
		c.report.SignedAt = &at
	}
	if len(c.Against) > 0 {
		other, err := ParseCheckpoint(c.Against, c.Verifier)
		if err != nil {
			return nil, fmt.Errorf("所给的检查点不是用本省存证密钥签署的：%w", err)
		}
		l.want(other.Size, wantRoot{path: "另处保存的检查点", root: other.Root, elsewhere: true})
		l.until = max(l.until, other.Size)
	}
	l.tree.onTile = c.tile
	return l, c.listTiles(l)
}

func (l *logCheck) want(size int64, w wantRoot) { l.roots[size] = append(l.roots[size], w) }

// listTiles looks for files that no publisher writes, and for beginnings of tiles
// that lie there still. Tiles beyond the checkpoint are one that is under way, or
// that a crash left: the next publication writes them anew.
func (c *check) listTiles(l *logCheck) error {
	root := filepath.Join(c.Dir, logDir)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // folded into a full tile meanwhile
		} else if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || d.IsDir() || isDraft(name) {
			return err
		}
		switch {
		case name == ".lock" || name == checkpointFile || filepath.Dir(name) == historyDir:
		default:
			t, ok := parseTile(name)
			if !ok {
				c.found(Added, LogTable, name, "不是防改树的文件")
			} else if t.width < tileWidth {
				full := tileID{t.level, t.n, tileWidth}
				l.parts[full] = append(l.parts[full], t.width)
			}
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// tile holds one tile of the computed tree against its file.
func (c *check) tile(t tileID, data []byte) error {
	if c.log.tree.size > c.log.size {
		return nil
	}
	has, err := readTile(c.Dir, t)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		c.found(Removed, LogTable, t.path(), "防改树文件不见了")
	case err != nil:
		c.found(Changed, LogTable, t.path(), "防改树文件长度不对")
	case !bytes.Equal(has, data):
		c.found(Changed, LogTable, t.path(), "防改树文件与条目重算的结果不符")
	}
	for _, w := range c.log.parts[tileID{t.level, t.n, tileWidth}] {
		part := tileID{t.level, t.n, w}
		if w >= t.width {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(c.Dir, logDir, part.path()))
		if err == nil && !bytes.Equal(raw, data[:w*t.unit()]) {
			c.found(Changed, LogTable, part.path(), "防改树文件与条目重算的结果不符")
		}
	}
	return nil
}

// reader is what one worker keeps between entries.
type entryReader struct {
	c     *check
	buf   []byte
	name  []byte
	key   []byte
	canon *store.Canon
	line  [3]store.Value
}

const subjectTable = "ledger_subject"

var subjectColumns = []string{"subject", "ord", "entry_id"}

func (c *check) newEntryReader() *entryReader {
	return &entryReader{c: c, canon: store.NewCanon(subjectTable, subjectColumns)}
}

const entryColumns = "SELECT id,seq,ord,body,trace,salt,mac FROM ledger_entry"

// readEntry is one entry as stored.
type readEntry struct {
	id, body, trace string // not copied
	seq, ord        int64
	commit          [32]byte
	sound           bool // its code is right
}

func (r *entryReader) read(v []store.Value) readEntry {
	e := readEntry{id: plain(v[0]), seq: v[1].Int, ord: v[2].Int, body: plain(v[3]), trace: plain(v[4])}
	r.buf, e.commit = commit(r.buf, v[5].Bytes, v[3].Bytes, v[4].Bytes)
	typed := v[0].Tag == store.TagText && v[2].Tag == store.TagInt && v[3].Tag == store.TagText && v[4].Tag == store.TagText && v[5].Tag == store.TagBytes && v[6].Tag == store.TagBytes
	e.sound = typed && e.ord > 0 && bytes.Equal(v[6].Bytes, r.c.Auth.EntryMAC(macInput(e.id, e.ord, e.commit)))
	return e
}

// plain looks at a text without copying it.
func plain(v store.Value) string { return unsafe.String(unsafe.SliceData(v.Bytes), len(v.Bytes)) }

// take keeps the seals and subjects of an entry.
func (r *entryReader) take(e readEntry, trusted bool) {
	ord := e.ord
	if !e.sound {
		ord = max(e.seq, 1)
	}
	subjects := r.c.rebuilt[subjectTable]
	err := eachTrace(e.trace, func(s Seal) error {
		if trusted {
			r.name = rowName(r.name, s.Table, unsafe.Slice(unsafe.StringData(s.Key), len(s.Key)))
			r.c.seals.put(r.c.seals.marker.of(r.name), ord, s.Digest)
		}
		return nil
	}, func(s string) error {
		r.line = [3]store.Value{textValue(s), {Tag: store.TagInt, Int: e.ord}, textValue(e.id)}
		r.key = strconv.AppendInt(rowName(r.key, s, nil), e.ord, 10)
		subjects.should(r.key, r.canon.Encode(r.line[:]))
		return nil
	})
	if err != nil && trusted {
		r.c.found(Unreadable, "ledger_entry", strings.Clone(e.id), "条目的明细无法读取")
	}
}

func textValue(s string) store.Value {
	return store.Value{Tag: store.TagText, Bytes: unsafe.Slice(unsafe.StringData(s), len(s))}
}

// entriesChunk is how many entries a worker takes at once: whole tiles.
const entriesChunk = 80 * tileWidth

// entries authenticates every entry, holds it against the published tree and
// computes that tree again.
func (c *check) entries() error {
	var highest, numbered, count int64
	if err := c.views[0].QueryRow(c.ctx, "SELECT coalesce(max(seq),0), count(seq), count(*) FROM ledger_entry").Scan(&highest, &numbered, &count); err != nil {
		return c.unreadable("ledger_entry", err)
	}
	rows, err := c.countRows()
	if err != nil {
		return err
	}
	c.seals, c.rebuilt[subjectTable] = newSealTable(rows), newMultiset()
	c.tell(StageEntries, count)
	l := c.log
	if highest < l.until {
		c.found(RolledBack, "ledger_entry", fmt.Sprintf("%d–%d", highest+1, l.until), fmt.Sprintf("已公布 %d 条，数据库中只有 %d 条：数据库被退回到较早的副本，或末尾的条目被删除", l.until, highest))
		l.until = l.size
	}
	// Without gaps the highest number is how many there are; one beyond that was put there.
	total := max(min(highest, numbered), l.until)
	if err := c.share(int((total+entriesChunk-1)/entriesChunk), func(view *store.Snapshot, job int) error {
		from := int64(job) * entriesChunk
		return c.numbered(view, from, min(from+entriesChunk, total), highest)
	}); err != nil {
		return err
	}
	if err := c.unnumbered(c.views[0], total); err != nil {
		return err
	}
	c.judgeMoved()
	c.report.Entries = count
	if waiting := time.Duration(l.last-l.first) * time.Microsecond; waiting > lingering {
		c.found(Removed, LogTable, checkpointFile, fmt.Sprintf("有存证条目办理后超过一小时仍不在公布的防改树中（已公布 %d 条）：防改树可能被退回或移走", l.size))
	}
	return nil
}

// published reads what was published for the numbers from+1 … to: commitments and
// their leaf hashes. What can't be read stays empty; tile reports it.
func (c *check) published(from, to int64) (commits [][]byte, leaves [][]byte) {
	to = min(to, c.log.size)
	if to <= from {
		return nil, nil
	}
	commits, leaves = make([][]byte, to-from), make([][]byte, to-from)
	for n := from / tileWidth; n*tileWidth < to; n++ {
		width := int(min(tileWidth, c.log.size-n*tileWidth))
		bundle := tileID{bundleLevel, n, width}
		entries, err1 := readTile(c.Dir, bundle)
		hashes, err2 := readTile(c.Dir, tileID{0, n, width})
		for i := range width {
			at := n*tileWidth + int64(i) - from
			if at >= int64(len(commits)) {
				break
			}
			if unit := bundle.unit(); err1 == nil && entries[i*unit] == 0 && entries[i*unit+1] == 32 {
				commits[at] = entries[i*unit+2 : (i+1)*unit]
			}
			if err2 == nil {
				leaves[at] = hashes[i*tlog.HashSize : (i+1)*tlog.HashSize]
			}
		}
	}
	return commits, leaves
}

// numbered checks the entries from+1 … to.
func (c *check) numbered(view *store.Snapshot, from, to, highest int64) error {
	commits, leaves := c.published(from, to)
	tree := make([][32]byte, to-from)
	there := make([]bool, to-from)
	r := c.newEntryReader()
	failed := view.Scan(c.ctx, entryColumns+" WHERE seq>? AND seq<=? ORDER BY seq", []any{from, to}, func(v []store.Value) error {
		e := r.read(v)
		at := e.seq - from - 1
		c.advance(1)
		if there[at] {
			c.found(Added, "ledger_entry", strings.Clone(e.id), fmt.Sprintf("与另一条目同为第 %d 条", e.seq))
			return nil
		}
		there[at] = true
		if at >= int64(len(commits)) {
			tree[at] = e.commit
			c.notPublished(r, e)
			return nil
		}
		r.take(e, c.against(e, commits[at], leaves[at], &tree[at]))
		return nil
	})
	if err := c.unreadable("ledger_entry", failed); err != nil {
		return err
	}
	for i, t := range there {
		if t {
			continue
		}
		seq := from + int64(i) + 1
		if i < len(commits) && commits[i] != nil {
			tree[i] = [32]byte(commits[i])
		}
		switch {
		case failed != nil || seq > highest:
		case i < len(commits):
			c.log.mu.Lock()
			c.log.gone[tree[i]] = seq
			c.log.mu.Unlock()
		default:
			c.found(Removed, "ledger_entry", fmt.Sprintf("第 %d 条", seq), "编号空缺")
		}
	}
	return c.log.grow(c, from, tree)
}

// against holds a numbered entry against what was published under its number: it
// gives the commitment that counts, and says whether the entry's seals do.
func (c *check) against(e readEntry, published, leaf []byte, counts *[32]byte) (trusted bool) {
	*counts = e.commit
	same := bytes.Equal(published, e.commit[:])
	if !same && published != nil {
		mine, theirs := tlog.RecordHash(e.commit[:]), tlog.RecordHash(published)
		switch {
		case bytes.Equal(mine[:], leaf): // the bundle's file was changed, not the entry
			same = true
		case bytes.Equal(theirs[:], leaf) || !e.sound:
			*counts = [32]byte(published)
		default:
			same = true // neither file agrees with it: the tiles are reported, and the root decides
		}
	}
	switch {
	case !same:
		l := c.log
		l.mu.Lock()
		l.moved = append(l.moved, movedEntry{e.seq, strings.Clone(e.id), e.commit})
		l.gone[*counts] = e.seq
		l.mu.Unlock()
	case !e.sound && published != nil:
		c.found(Changed, "ledger_entry", strings.Clone(e.id), fmt.Sprintf("第 %d 条：标识、次序或鉴别码被改动", e.seq))
	case !e.sound:
		c.found(Changed, "ledger_entry", strings.Clone(e.id), fmt.Sprintf("第 %d 条：鉴别码不符", e.seq))
		return false
	}
	return same || e.sound
}

// notPublished takes an entry that stands on its code alone.
func (c *check) notPublished(r *entryReader, e readEntry) {
	id := strings.Clone(e.id)
	if !e.sound {
		c.found(Added, "ledger_entry", id, "鉴别码不符：不是经本系统写入的条目，或写入后被改动")
	} else {
		var at struct {
			At int64 `json:"at"`
		}
		_ = json.Unmarshal([]byte(e.body), &at) // an authentic body was made by Marshal
		l := c.log
		l.mu.Lock()
		if len(l.loose) < listedDifferences*4 {
			l.loose[e.commit] = id
		}
		if l.first == 0 || at.At < l.first {
			l.first = at.At
		}
		l.last = max(l.last, at.At)
		l.mu.Unlock()
	}
	r.take(e, e.sound)
}

// unnumbered takes the entries that wait for a number as part of the log.
func (c *check) unnumbered(view *store.Snapshot, total int64) error {
	r := c.newEntryReader()
	err := view.Scan(c.ctx, entryColumns+" WHERE seq IS NULL OR seq<=0 OR seq>? ORDER BY ord", []any{total}, func(v []store.Value) error {
		e := r.read(v)
		c.advance(1)
		if v[1].Tag != store.TagNull {
			c.found(Changed, "ledger_entry", strings.Clone(e.id), fmt.Sprintf("编号被改为 %d", e.seq))
		}
		c.notPublished(r, e)
		return nil
	})
	return c.unreadable("ledger_entry", err)
}

// grow adds commitments to the tree in the order of their numbers.
func (l *logCheck) grow(c *check, from int64, commits [][32]byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting[from] = commits
	for l.tree.size < l.until {
		next, ready := l.waiting[l.tree.size]
		if !ready {
			return nil
		}
		delete(l.waiting, l.tree.size)
		for _, commit := range next {
			if l.tree.size == l.until {
				break
			}
			if err := l.tree.add(commit); err != nil {
				return err
			}
			l.compareRoots(c)
		}
	}
	return nil
}

func (l *logCheck) compareRoots(c *check) {
	if l.tree.size == l.size {
		_ = l.tree.partial(c.tile) // tile reports and gives no error
	}
	for _, w := range l.roots[l.tree.size] {
		switch {
		case l.tree.root() == w.root:
		case w.elsewhere:
			c.found(RolledBack, LogTable, w.path, fmt.Sprintf("前 %d 条存证与另处保存的检查点不是同一本账", l.tree.size))
		default:
			c.found(Changed, LogTable, w.path, fmt.Sprintf("由前 %d 条存证重算的根与所签的不符", l.tree.size))
		}
	}
}

// judgeMoved tells entries that were put at another number from changed and
// removed ones.
func (c *check) judgeMoved() {
	l := c.log
	elsewhere := map[int64]bool{}
	for _, m := range l.moved {
		if was, published := l.gone[m.commit]; published {
			elsewhere[was] = true
			c.found(Reordered, "ledger_entry", m.id, fmt.Sprintf("公布为第 %d 条，现在是第 %d 条", was, m.seq))
		} else {
			c.found(Changed, "ledger_entry", m.id, fmt.Sprintf("第 %d 条的内容与公布的防改树不符", m.seq))
			elsewhere[m.seq] = true
		}
	}
	for commit, seq := range l.gone {
		if elsewhere[seq] {
			continue
		}
		if id, loose := l.loose[commit]; loose {
			c.found(Reordered, "ledger_entry", id, fmt.Sprintf("公布为第 %d 条，现在不在该编号", seq))
		} else {
			c.found(Removed, "ledger_entry", fmt.Sprintf("第 %d 条", seq), "条目不见了，编号空缺")
		}
	}
}
