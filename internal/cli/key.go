package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"dangan/internal/crypto"
	"dangan/internal/instance"
)

type keyCmd struct {
	Export keyExportCmd `cmd:"" help:"导出密钥，离线封存；持有者可读全部数据"`
	Import keyImportCmd `cmd:"" help:"把封存的密钥恢复到空的数据目录"`
	Rotate keyRotateCmd `cmd:"" help:"启用新的数据密钥；旧密钥仍可读旧数据"`
	Trust  keyTrustCmd  `cmd:"" help:"输出公开的核验密钥（证书与存证日志公钥），供 verify certificate --trust 使用"`
}

type keyExportCmd struct {
	Where
	File string `arg:"" help:"写入的文件" placeholder:"FILE"`
}

// Run writes the escrow file, readable by its owner only.
func (c *keyExportCmd) Run(_ *env) error {
	keys, err := crypto.Open(filepath.Join(c.Data, instance.KeysFolder))
	if err != nil {
		return err
	}
	return create(c.File, keys.Export)
}

// create writes a new file that nobody else can read and that must not exist yet.
func create(path string, fill func(io.Writer) error) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("写入 %s：%w", path, err)
	}
	if err := fill(f); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

type keyImportCmd struct {
	Where
	File string `arg:"" help:"key export 写出的文件" type:"existingfile" placeholder:"FILE"`
}

// Run restores an export and opens it once.
func (c *keyImportCmd) Run(e *env) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	dir := filepath.Join(c.Data, instance.KeysFolder)
	if err := crypto.Import(dir, f); err != nil {
		return err
	}
	if _, err := crypto.Open(dir); err != nil {
		return err
	}
	_, err = fmt.Fprintln(e.out, "密钥已恢复到", dir)
	return err
}

type keyRotateCmd struct{ Where }

// Run starts a new data key.
func (c *keyRotateCmd) Run(e *env) error {
	keys, err := crypto.Open(filepath.Join(c.Data, instance.KeysFolder))
	if err != nil {
		return err
	}
	if err := keys.Rotate(); err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "已启用第 %d 版数据密钥。请重新导出封存，并重启正在运行的服务。\n", keys.Version())
	return err
}

type keyTrustCmd struct{ Where }

// Run prints what anyone may know: the root certificate of papers and the log's key.
func (c *keyTrustCmd) Run(e *env) error {
	keys, err := crypto.Open(filepath.Join(c.Data, instance.KeysFolder))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.out, "%s# 存证日志公钥：%s\n", keys.TrustPEM(), keys.LogVerifierKey())
	return err
}
