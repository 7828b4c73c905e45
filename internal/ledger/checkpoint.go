package ledger

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoint is one signed statement: at Time the log had Size entries and this Root.
type Checkpoint struct {
	Origin string    `json:"origin"`
	Size   int64     `json:"size"`
	Root   tlog.Hash `json:"root"`
	Time   time.Time `json:"time"`
	Note   []byte    `json:"note"` // the signed text, as witnesses and proofs want it
}

// Names under the data folder.
const (
	logDir         = "log"
	checkpointFile = "checkpoint"
	historyDir     = "checkpoints"
	timePrefix     = "time "
)

func signCheckpoint(s note.Signer, c Checkpoint) ([]byte, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n%s%s\n", c.Origin, c.Size, c.Root, timePrefix, c.Time.UTC().Format(time.RFC3339Nano))
	return note.Sign(&note.Note{Text: text}, s)
}

// ParseCheckpoint checks the signature of a checkpoint (C2SP tlog-checkpoint) and reads it.
func ParseCheckpoint(raw []byte, v note.Verifier) (Checkpoint, error) {
	n, err := note.Open(raw, note.VerifierList(v))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	if len(lines) < 3 {
		return Checkpoint{}, errors.New("checkpoint: fewer than three lines")
	}
	c := Checkpoint{Origin: lines[0], Note: raw}
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 {
		return Checkpoint{}, fmt.Errorf("checkpoint: size %q", lines[1])
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	for _, l := range lines[3:] {
		if at, ok := strings.CutPrefix(l, timePrefix); ok {
			if c.Time, err = time.Parse(time.RFC3339Nano, at); err != nil {
				return Checkpoint{}, fmt.Errorf("checkpoint: %w", err)
			}
		}
	}
	return c, nil
}

// Latest reads the newest checkpoint of the data folder; fs.ErrNotExist if
// nothing was published yet.
func Latest(dir string, v note.Verifier) (Checkpoint, error) {
	raw, err := os.ReadFile(filepath.Join(dir, logDir, checkpointFile))
	if err != nil {
		return Checkpoint{}, err
	}
	return ParseCheckpoint(raw, v)
}

// Checkpoints lists the checkpoints of the data folder over time, the oldest
// first. One that can't be read ends it with an error that names its file.
func Checkpoints(dir string, v note.Verifier) ([]Checkpoint, error) {
	out, bad, err := history(dir, v)
	if err == nil && len(bad) > 0 {
		err = fmt.Errorf("checkpoint %s is not what was signed", bad[0])
	}
	return out, err
}

// history reads all checkpoints and names the files that are none.
func history(dir string, v note.Verifier) (good []Checkpoint, bad []string, err error) {
	names, err := os.ReadDir(filepath.Join(dir, logDir, historyDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	} else if err != nil {
		return nil, nil, err
	}
	for _, d := range names {
		if isDraft(d.Name()) {
			continue
		}
		raw, err := os.ReadFile(filepath.Join(dir, logDir, historyDir, d.Name()))
		if err != nil {
			return nil, nil, err
		}
		c, err := ParseCheckpoint(raw, v)
		if err != nil || strconv.FormatInt(c.Size, 10) != d.Name() {
			bad = append(bad, filepath.Join(logDir, historyDir, d.Name()))
			continue
		}
		good = append(good, c)
	}
	sort.Slice(good, func(a, b int) bool { return good[a].Size < good[b].Size })
	return good, bad, nil
}

const draftPrefix = ".new-"

// isDraft tells a file that a crash left half written; its place was never taken.
func isDraft(name string) bool { return strings.HasPrefix(filepath.Base(name), draftPrefix) }

// writeDurably puts a file in its place whole or not at all, and on the disk.
// The folder is synced by the caller, once for many files.
func writeDurably(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), draftPrefix)
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
