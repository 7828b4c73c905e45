package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unsafe"

	"dangan/internal/blob"
	"dangan/internal/store"
)

func init() {
	store.Derive(subjectTable, store.Rebuild{Key: subjectColumns[:2], Columns: subjectColumns, From: "ledger_entry", Rows: rebuildSubjects})
}

func rebuildSubjects(ctx context.Context, view *store.Snapshot, share string, emit func([]store.Value) error) error {
	var row [3]store.Value
	return view.Scan(ctx, "SELECT id,ord,trace FROM ledger_entry WHERE "+share, nil, func(v []store.Value) error {
		row[1], row[2] = v[1], v[0]
		return eachTrace(plain(v[2]), nil, func(s string) error {
			row[0] = textValue(s)
			return emit(row[:])
		})
	})
}

// auditedTables are those whose rows have seals; the entries seal the others.
func (c *check) auditedTables() ([]string, error) {
	there, err := c.views[0].TableNames(c.ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(there, func(n string) bool { return n == "ledger_entry" || store.KindOf(n) != store.Audited }), nil
}

func (c *check) countRows() (int64, error) {
	names, err := c.auditedTables()
	if err != nil {
		return 0, err
	}
	var all int64
	for _, n := range names {
		var rows int64
		if err := c.views[0].QueryRow(c.ctx, "SELECT count(*) FROM "+n).Scan(&rows); err != nil {
			if err := c.unreadable(n, err); err != nil {
				return 0, err
			}
		}
		c.report.Tables[n] = rows
		all += rows
	}
	return all, nil
}

// part is one share of a table.
type part struct{ table, where string }

func (c *check) parts(tables []string) ([]part, error) {
	var out []part
	for _, t := range tables {
		list, err := c.views[0].Parts(c.ctx, t)
		if err := c.unreadable(t, err); err != nil {
			return nil, err
		}
		for _, where := range list {
			out = append(out, part{t, where})
		}
	}
	return out, nil
}

// explained is a row that is not what its last seal says, to be told more about.
type explained struct {
	digest store.Digest
	ord    int64
}

// rows holds every audited row against its last seal.
func (c *check) rows() error {
	if c.seals == nil {
		return nil // no entry could be read: that is reported
	}
	names, err := c.auditedTables()
	if err != nil {
		return err
	}
	var total int64
	for _, n := range names {
		total += c.report.Tables[n]
	}
	c.tell(StageRows, total)
	list, err := c.parts(names)
	if err != nil {
		return err
	}
	if err := c.share(len(list), func(view *store.Snapshot, job int) error { return c.partOfRows(view, list[job]) }); err != nil {
		return err
	}
	c.report.Rows = c.done.Load()
	return nil
}

func (c *check) partOfRows(view *store.Snapshot, p part) error {
	columns, err := view.Columns(c.ctx, p.table)
	if err != nil {
		return c.unreadable(p.table, err)
	}
	id := slices.Index(columns, "id")
	if id < 0 {
		return c.unreadable(p.table, errors.New("没有 id 列"))
	}
	secrets := secretColumns(p.table, columns)
	canon := store.NewCanon(p.table, columns)
	var name []byte
	var n int64
	err = view.Scan(c.ctx, "SELECT "+strings.Join(columns, ",")+" FROM "+p.table+" WHERE "+p.where, nil, func(v []store.Value) error {
		digest := canon.SumValues(v)
		name = rowName(name, p.table, v[id].Bytes)
		what, ord := c.seals.meet(c.seals.marker.of(name), digest)
		if what != agrees {
			c.odd(what, p.table, string(v[id].Bytes), digest, ord)
		}
		for _, s := range secrets {
			if bad := c.opens(p.table, s, v[id], v[s.at]); bad != "" {
				c.found(Unreadable, p.table, string(v[id].Bytes), s.column+" "+bad)
			}
		}
		if n++; n%1000 == 0 {
			c.advance(1000)
		}
		return nil
	})
	c.advance(n % 1000)
	return c.unreadable(p.table, err)
}

func (c *check) odd(what meeting, table, key string, digest store.Digest, ord int64) {
	switch what {
	case unsealed:
		c.found(Added, table, key, "没有任何存证记过这一行")
	case twice:
		c.found(Added, table, key, "同一标识出现两次")
	case differs:
		c.mu.Lock()
		full := len(c.explain) >= listedDifferences
		if !full {
			c.explain[table+"\x00"+key] = explained{digest, ord}
		}
		c.mu.Unlock()
		if full {
			c.found(Changed, table, key, "与最后一次存证不符")
		}
	}
}

type secretColumn struct {
	column string
	at     int
}

func secretColumns(table string, columns []string) []secretColumn {
	var out []secretColumn
	if plan := store.PlanFor(table); plan != nil {
		for _, s := range plan.Secrets() {
			if at := slices.Index(columns, s); at >= 0 {
				out = append(out, secretColumn{s, at})
			}
		}
	}
	return out
}

// opens says why a secret value can't be read, "" if it can.
func (c *check) opens(table string, s secretColumn, id, v store.Value) string {
	switch v.Tag {
	case store.TagNull:
		return ""
	case store.TagBytes:
		if _, err := c.DB.Cipher().OpenField(v.Bytes, store.SecretOf(table, s.column, plain(id))); err != nil {
			return "无法解密"
		}
		return ""
	}
	return "不是加密的值"
}

// explainRows reads the entries once more when rows differ: to name those that
// are gone, and to tell a row put back to an earlier state from one written over.
func (c *check) explainRows() error {
	if c.seals == nil {
		return nil
	}
	type row struct {
		table, key string
		explained
	}
	odd := map[mark]row{}
	for name, e := range c.explain {
		table, key, _ := strings.Cut(name, "\x00")
		odd[c.seals.marker.of([]byte(name))] = row{table, key, e}
	}
	gone := map[mark]bool{}
	c.seals.unmet(func(m mark) {
		if len(gone) < listedDifferences {
			gone[m] = true
		} else {
			c.mu.Lock()
			c.report.Found++
			c.mu.Unlock()
		}
	})
	if len(odd) == 0 && len(gone) == 0 {
		return nil
	}
	named := map[mark]Seal{}
	numbers := map[int64]int64{}
	earlier := map[mark]bool{}
	var buf []byte
	err := c.views[0].Scan(c.ctx, "SELECT seq,ord,trace FROM ledger_entry", nil, func(v []store.Value) error {
		// What can't be read here was reported with its entry.
		_ = eachTrace(plain(v[2]), func(s Seal) error {
			buf = rowName(buf, s.Table, unsafe.Slice(unsafe.StringData(s.Key), len(s.Key)))
			m := c.seals.marker.of(buf)
			if gone[m] {
				named[m] = Seal{Table: strings.Clone(s.Table), Key: strings.Clone(s.Key)}
			}
			if r, is := odd[m]; is {
				if v[1].Int == r.ord {
					numbers[r.ord] = v[0].Int
				} else if s.Digest == r.digest {
					earlier[m] = true
				}
			}
			return nil
		}, nil)
		return nil
	})
	if err := c.unreadable("ledger_entry", err); err != nil {
		return err
	}
	for m, r := range odd {
		last := "最后一次存证"
		if n := numbers[r.ord]; n > 0 {
			last = fmt.Sprintf("最后一次存证（第 %d 条）", n)
		}
		if earlier[m] {
			c.found(RolledBack, r.table, r.key, "与"+last+"不符，与较早一次存证相同：被退回到较早的内容")
		} else {
			c.found(Changed, r.table, r.key, "与"+last+"不符")
		}
	}
	for _, s := range named {
		c.found(Removed, s.Table, s.Key, "存证记过的行不见了")
	}
	return nil
}

// derived rebuilds the derived tables and compares.
func (c *check) derived() error {
	if c.seals == nil {
		return nil
	}
	there, err := c.views[0].TableNames(c.ctx)
	if err != nil {
		return err
	}
	tables := slices.DeleteFunc(store.TablesOf(store.Derived), func(n string) bool { return !slices.Contains(there, n) })
	c.tell(StageDerived, int64(len(tables)))
	list, err := c.parts(tables)
	if err != nil {
		return err
	}
	var again []part
	for _, t := range tables {
		if c.rebuilt[t] != nil { // the entries gave theirs already
			continue
		}
		c.rebuilt[t] = newMultiset()
		shares, err := c.rebuildParts(t)
		if err != nil {
			return err
		}
		again = append(again, shares...)
	}
	if err := c.share(len(again)+len(list), func(view *store.Snapshot, job int) error {
		if job < len(again) {
			return c.partOfRebuild(view, again[job])
		}
		return c.partOfDerived(view, list[job-len(again)])
	}); err != nil {
		return err
	}
	for _, t := range tables {
		if c.rebuilt[t].any() {
			if err := c.closer(t); err != nil {
				return err
			}
		}
		c.advance(1)
	}
	return nil
}

// rebuildParts splits the rebuild of a derived table into shares of what it follows from.
func (c *check) rebuildParts(table string) ([]part, error) {
	r, ok := store.RebuildOf(table)
	if !ok {
		return nil, c.unreadable(table, errNoRebuild)
	}
	list, err := c.parts([]string{r.From})
	for i := range list {
		list[i].table = table
	}
	return list, err
}

// partOfRebuild counts what a share of a derived table should be.
func (c *check) partOfRebuild(view *store.Snapshot, p part) error {
	sums := c.rebuilt[p.table]
	return c.unreadable(p.table, c.eachRebuilt(view, p, func(key, row []byte, _ string) { sums.should(key, row) }))
}

// partOfDerived counts what a share of a derived table is.
func (c *check) partOfDerived(view *store.Snapshot, p part) error {
	sums := c.rebuilt[p.table]
	var n int64
	err := c.eachStored(view, p, func(key, row []byte, _ string) { sums.is(key, row); n++ })
	c.mu.Lock()
	c.report.Derived += n
	c.mu.Unlock()
	return c.unreadable(p.table, err)
}

var errNoRebuild = errors.New("没有登记重建的办法")

func (c *check) eachRebuilt(view *store.Snapshot, p part, fn func(key, row []byte, name string)) error {
	r, ok := store.RebuildOf(p.table)
	if !ok {
		return errNoRebuild
	}
	line := newDerivedLine(p.table, r)
	return r.Rows(c.ctx, view, p.where, func(row []store.Value) error {
		line.values = row
		key, encoded := line.encode()
		fn(key, encoded, line.name())
		return nil
	})
}

func (c *check) eachStored(view *store.Snapshot, p part, fn func(key, row []byte, name string)) error {
	r, ok := store.RebuildOf(p.table)
	if !ok {
		return nil // said once, by its rebuild
	}
	columns, err := view.Columns(c.ctx, p.table)
	if err != nil {
		return err
	}
	r.Columns = columns
	line := newDerivedLine(p.table, r)
	return view.Scan(c.ctx, "SELECT "+strings.Join(columns, ",")+" FROM "+p.table+" WHERE "+p.where, nil, func(v []store.Value) error {
		line.values = v
		key, row := line.encode()
		fn(key, row, line.name())
		return nil
	})
}

// derivedLine encodes rows of a derived table.
type derivedLine struct {
	canon  *store.Canon
	keys   []int
	values []store.Value
	key    []byte
}

func newDerivedLine(table string, r store.Rebuild) *derivedLine {
	l := &derivedLine{canon: store.NewCanon(table, r.Columns), values: make([]store.Value, len(r.Columns))}
	for _, k := range r.Key {
		l.keys = append(l.keys, slices.Index(r.Columns, k))
	}
	return l
}

func (l *derivedLine) encode() (key, row []byte) {
	l.key = l.key[:0]
	for n, i := range l.keys {
		if n > 0 {
			l.key = append(l.key, 0)
		}
		switch {
		case i < 0:
		case l.values[i].Tag == store.TagInt:
			l.key = strconv.AppendInt(l.key, l.values[i].Int, 10)
		default:
			l.key = append(l.key, l.values[i].Bytes...)
		}
	}
	return l.key, l.canon.Encode(l.values)
}

func (l *derivedLine) name() string { return plain(store.Value{Bytes: l.key}) }

// closer lists the rows of a derived table that differ.
func (c *check) closer(table string) error {
	sums := c.rebuilt[table]
	should := map[string]string{}
	again, err := c.rebuildParts(table)
	if err != nil {
		return err
	}
	for _, p := range again {
		if err := c.unreadable(table, c.eachRebuilt(c.views[0], p, func(key, row []byte, name string) {
			if sums.odd(key) {
				should[strings.Clone(name)] = string(row)
			}
		})); err != nil {
			return err
		}
	}
	list, err := c.parts([]string{table})
	if err != nil {
		return err
	}
	people := strings.NewReplacer("\x00", "/")
	for _, p := range list {
		if err := c.unreadable(table, c.eachStored(c.views[0], p, func(key, row []byte, name string) {
			if !sums.odd(key) {
				return
			}
			want, known := should[name]
			switch {
			case !known:
				c.found(Added, table, people.Replace(name), "重建时没有这一行")
			case want != string(row):
				c.found(Changed, table, people.Replace(name), "与重建的不符")
			}
			delete(should, name)
		})); err != nil {
			return err
		}
	}
	for name := range should {
		c.found(Removed, table, people.Replace(name), "重建时有这一行")
	}
	return nil
}

// files reads every registered file and looks for others.
func (c *check) files() error {
	var total int64
	if err := c.views[0].QueryRow(c.ctx, "SELECT CAST(coalesce(sum(size),0) AS BIGINT) FROM blob").Scan(&total); err != nil {
		return c.unreadable("blob", err)
	}
	c.tell(StageFiles, total)
	list, err := c.parts([]string{"blob"})
	if err != nil {
		return err
	}
	if err := c.share(len(list), func(view *store.Snapshot, job int) error {
		return c.unreadable("blob", view.Scan(c.ctx, "SELECT id,size FROM blob WHERE "+list[job].where, nil, func(v []store.Value) error {
			c.file(v[0].String(), v[1].Int)
			return nil
		}))
	}); err != nil {
		return err
	}
	return c.otherFiles()
}

func (c *check) file(digest string, size int64) {
	name, err := c.Files.Name(digest)
	if err != nil {
		return // the row's own difference
	}
	switch err := c.Files.Check(c.ctx, digest, size); {
	case c.ctx.Err() != nil:
		return
	case errors.Is(err, blob.ErrNotFound):
		c.found(Removed, FilesTable, name, "登记的文件不见了，校验值 "+digest)
	case errors.Is(err, blob.ErrCorrupt):
		c.found(Changed, FilesTable, name, "文件与登记的校验值或大小不符，校验值 "+digest)
	case err != nil:
		c.found(Unreadable, FilesTable, name, "文件读取失败："+err.Error())
	}
	c.mu.Lock()
	c.report.Files++
	c.report.Bytes += size
	c.mu.Unlock()
	c.advance(size)
}

// otherFiles visits what lies in the store. A file whose act never came to its end
// (refused, or killed in the middle) is whole and carries its own name: it is
// counted. Anything else was put there by somebody.
func (c *check) otherFiles() error {
	err := c.Files.Each(c.ctx, func(name string, _ int64) error {
		digest, ours := c.Files.Digest(name)
		if !ours {
			c.found(Added, FilesTable, name, "不是本系统存入的文件")
			return nil
		}
		var n int
		if err := c.views[0].QueryRow(c.ctx, "SELECT count(*) FROM blob WHERE id=?", digest).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return nil
		}
		c.report.Unclaimed++
		r, err := c.Files.Open(c.ctx, digest)
		if err == nil {
			size := r.Size()
			err = errors.Join(r.Close(), c.Files.Check(c.ctx, digest, size))
		}
		if err != nil && c.ctx.Err() == nil {
			c.found(Changed, FilesTable, name, "文件与其校验值不符")
		}
		return nil
	})
	return c.unreadable(FilesTable, err)
}
