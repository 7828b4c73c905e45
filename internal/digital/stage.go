package digital

import (
	"archive/tar"
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"dangan/internal/blob"
	"dangan/internal/rule"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Formats of an upload: a folder comes as tar, which the browser writes as it
// reads, an archive of the contractor as zip.
const (
	Tar = "tar"
	Zip = "zip"
)

// Bounds of an upload beside its size (S-07).
const (
	maxStagedFiles = 200_000
	maxStagedPath  = 1024
)

// stage is a folder that takes an upload's files in.
type stage struct {
	dir   string
	label string
	limit int64
	files int64
	bytes int64
	root  *os.Root
}

// receive writes what comes into the stage, a folder named label in it.
func (s *stage) receive(ctx context.Context, in Incoming) error {
	raw := filepath.Join(s.dir, "raw")
	if err := os.Mkdir(raw, 0o700); err != nil {
		return fmt.Errorf("make staging folder: %w", err)
	}
	var err error
	if s.root, err = os.OpenRoot(raw); err != nil {
		return fmt.Errorf("open staging folder: %w", err)
	}
	defer s.root.Close()
	content := &bounded{r: &cancellable{ctx, in.Content}, left: s.limit, limit: s.limit}
	if in.Format == Tar {
		err = s.tar(content)
	} else {
		err = s.zip(ctx, content)
	}
	if err != nil {
		return classify(err)
	}
	return s.settle(raw)
}

// settle finds where the delivery begins: contractors pack the folder as well as
// what is in it.
func (s *stage) settle(raw string) error {
	at := raw
	for range 3 {
		entries, err := os.ReadDir(at)
		if err != nil {
			return fmt.Errorf("read staging folder: %w", err)
		}
		only, folders := "", 0
		for _, e := range entries {
			if e.Name() == sumsName || folderName.MatchString(keyOf(e.Name())) {
				folders = 2 // here it is
				break
			}
			if e.IsDir() && !ignoredDir(e.Name()) {
				only = e.Name()
				folders++
			}
		}
		if folders != 1 {
			break
		}
		at = filepath.Join(at, only)
	}
	if err := os.Rename(at, filepath.Join(s.dir, s.label)); err != nil {
		return fmt.Errorf("settle staging folder: %w", err)
	}
	return nil
}

func (s *stage) tar(r io.Reader) error {
	in := tar.NewReader(r)
	for {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return s.some()
		} else if err != nil {
			return unreadable(err)
		}
		switch h.Typeflag {
		case tar.TypeDir:
			err = s.mkdir(h.Name)
		case tar.TypeReg:
			err = s.file(h.Name, in)
		case tar.TypeSymlink, tar.TypeLink:
			err = s.link(h.Name, h.Linkname)
		default:
			err = unsafeEntry(h.Name)
		}
		if err != nil {
			return err
		}
	}
}

func (s *stage) zip(ctx context.Context, r io.Reader) error {
	file, err := os.CreateTemp(s.dir, "zip-*")
	if err != nil {
		return err
	}
	defer file.Close()
	if err := os.Remove(file.Name()); err != nil { // gone whatever happens
		return err
	}
	size, err := io.Copy(file, r)
	if err != nil {
		return err
	}
	in, err := zip.NewReader(file, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return unreadable(err)
	}
	gbk := speaksGBK(in.File)
	for _, f := range in.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := f.Name
		if gbk && f.NonUTF8 {
			name = fromGBK(name)
		}
		if err := s.entry(f, name); err != nil {
			return err
		}
	}
	return s.some()
}

func (s *stage) entry(f *zip.File, name string) error {
	if f.Flags&1 != 0 { // S-05
		return rule.Mistake(rule.Reason{Slug: "upload_encrypted", Field: "file", Message: "压缩包加了密，不能接收。", Next: "请解除口令后重新压缩上传，或直接选择文件夹。"})
	}
	if strings.HasSuffix(name, "/") {
		return s.mkdir(name)
	}
	in, err := f.Open()
	if err != nil {
		return unreadable(err)
	}
	defer in.Close()
	switch mode := f.Mode(); {
	case mode&fs.ModeSymlink != 0:
		to, err := io.ReadAll(io.LimitReader(in, maxStagedPath))
		if err != nil {
			return unreadable(err)
		}
		return s.link(name, string(to))
	case !mode.IsRegular():
		return unsafeEntry(name)
	}
	return s.file(name, in)
}

// speaksGBK says how the names of an archive are written that does not say so
// itself: Windows writes GBK, others UTF-8. One name alone can be read as both (石 is
// also two letters of UTF-8), so all are asked: GBK read as UTF-8 never has a Chinese
// character.
func speaksGBK(files []*zip.File) bool {
	han := false
	for _, f := range files {
		if !f.NonUTF8 {
			continue
		}
		if !utf8.ValidString(f.Name) {
			return true
		}
		han = han || strings.ContainsFunc(f.Name, isHan)
	}
	return !han && slices.ContainsFunc(files, func(f *zip.File) bool { return f.NonUTF8 && strings.ContainsFunc(fromGBK(f.Name), isHan) })
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

func fromGBK(name string) string {
	if out, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
		return out
	}
	return name
}

// local holds a name to the stage (S-03).
func (s *stage) local(name string) (string, error) {
	name = strings.TrimPrefix(path.Clean(strings.TrimSuffix(name, "/")), "./")
	if len(name) > maxStagedPath || strings.Contains(name, `\`) || !filepath.IsLocal(name) || strings.Count(name, "/") > maxDepth+4 {
		return "", unsafeEntry(name)
	}
	return name, nil
}

func (s *stage) mkdir(name string) error {
	name, err := s.local(name)
	if err != nil || name == "." {
		return err
	}
	return s.root.MkdirAll(name, 0o700)
}

func (s *stage) file(name string, r io.Reader) error {
	name, err := s.local(name)
	if err != nil {
		return err
	}
	if s.files++; s.files > maxStagedFiles {
		return rule.Mistake(rule.Reason{Slug: "upload_files", Field: "file", Message: fmt.Sprintf("文件超过 %d 个。", maxStagedFiles), Next: "请分批上传。"})
	}
	if err := s.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	out, err := s.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return rule.Mistake(rule.Reason{Slug: "upload_twice", Field: "file", Message: "同一文件出现两次：" + masked(name), Next: "请重新压缩上传。"})
	} else if err != nil {
		return err
	}
	n, err := io.Copy(out, &bounded{r: r, left: s.limit - s.bytes, limit: s.limit}) // a small archive may hold much (S-07)
	s.bytes += n
	if err := errors.Join(err, out.Close()); err != nil {
		return unreadable(err)
	}
	return nil
}

// link puts a link where the archive has one: it is never followed, and the folder
// is quarantined for it as one from a disk.
func (s *stage) link(name, to string) error {
	name, err := s.local(name)
	if err != nil {
		return err
	}
	s.files++
	if err := s.root.MkdirAll(path.Dir(name), 0o700); err != nil {
		return err
	}
	return s.root.Symlink(to, name)
}

// some refuses an archive without any file.
func (s *stage) some() error {
	if s.files == 0 {
		return rule.Mistake(rule.Reason{Slug: "upload_empty", Field: "file", Message: "没有任何文件。", Next: "请选择交付目录或其压缩包：其下每份档案一个“身份证号_姓名”文件夹，并有 SHA256SUMS。"})
	}
	return nil
}

func unsafeEntry(name string) error {
	return rule.Mistake(rule.Reason{Slug: "upload_path", Field: "file", Message: "压缩包里的路径不安全：" + masked(clipped(name)), Next: "请由承制单位重新压缩，只含普通文件和文件夹。"})
}

func clipped(name string) string {
	if r := []rune(strings.ToValidUTF8(name, "�")); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return strings.ToValidUTF8(name, "�")
}

// unreadable tells a damaged archive from a line or a disk that failed.
func unreadable(err error) error {
	var refusal *rule.Refusal
	var op *fs.PathError
	switch {
	case errors.As(err, &refusal), errors.Is(err, context.Canceled), errors.As(err, &op), errors.Is(err, errLine):
		return err
	}
	return rule.Mistake(rule.Reason{Slug: "upload_unreadable", Field: "file", Message: "压缩包损坏，或不是 ZIP 格式。", Next: "请核对文件，重新压缩后上传；也可直接选择文件夹。"})
}

func tooLarge(limit int64) error {
	return rule.Mistake(rule.Reason{Slug: "upload_large", Field: "file", Message: fmt.Sprintf("成果超过网页上传的上限 %d MB。", limit>>20),
		Next: "请分批上传，或由系统管理员在服务器上用 dangan ingest 接收。"})
}

// errLine marks an error of the connection.
var errLine = errors.New("upload was cut")

// classify names a full disk.
func classify(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", blob.ErrFull, err)
	}
	return err
}

// bounded gives no more than left bytes, and tells of more.
type bounded struct {
	r           io.Reader
	left, limit int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, tooLarge(b.limit)
	}
	return n, err
}

// cancellable ends with its context and marks what the line does.
type cancellable struct {
	ctx context.Context
	r   io.Reader
}

func (c *cancellable) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", errLine, err)
	}
	return n, err
}

// labelOf is the name an upload goes by: never that of a person's folder.
func labelOf(in Incoming) string {
	name := path.Base(strings.ReplaceAll(strings.TrimSpace(in.Name), `\`, "/"))
	if in.Format == Zip {
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	if name == "" || name == "." || name == ".." || name == "raw" || len([]rune(name)) > 120 || unsafe(name) || folderName.MatchString(keyOf(name)) {
		return "上传成果"
	}
	return name
}
