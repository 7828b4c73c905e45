package blob

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"

	"github.com/minio/sio"
)

// fill takes the content in, digesting it on the way.
func (d *draft) fill(ctx context.Context, r io.Reader) error {
	in := io.TeeReader(&cancellable{ctx, r}, d.digest)
	var mem bytes.Buffer
	n, err := io.CopyN(&mem, in, draftInMemory+1)
	if errors.Is(err, io.EOF) {
		d.mem, d.size = mem.Bytes(), n
		return nil
	} else if err != nil {
		return err
	}
	if d.file, err = os.CreateTemp(d.dir, "draft-*"); err != nil {
		return err
	}
	// Unlinked at once: whatever happens, nothing stays behind.
	if err := os.Remove(d.file.Name()); err != nil {
		return err
	}
	if _, err := rand.Read(d.key[:]); err != nil {
		return err
	}
	counted := &counter{r: io.MultiReader(&mem, in)}
	if _, err := sio.Encrypt(d.file, counted, d.config()); err != nil {
		return err
	}
	d.size = counted.n
	return nil
}

func (d *draft) config() sio.Config {
	return sio.Config{MinVersion: sio.Version20, MaxVersion: sio.Version20, Key: d.key[:]}
}

// reader gives the content again, from its beginning.
func (d *draft) reader() (io.Reader, error) {
	if d.file == nil {
		return bytes.NewReader(d.mem), nil
	}
	if _, err := d.file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	return sio.DecryptReader(d.file, d.config())
}

func (d *draft) discard() {
	if d.file != nil {
		_ = d.file.Close()
	}
}

// cancellable ends a copy when its context does.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
