package cli

import (
	"fmt"

	"dangan/internal/backup"
	"dangan/internal/instance"
)

type backupCmd struct {
	Where
	Dir  string `arg:"" help:"备份目录；再次备份到同一目录时只补新增文件" placeholder:"DIR"`
	JSON bool   `help:"输出 JSON"`
}

// Run copies the province while it serves and reads the copy again.
func (c *backupCmd) Run(e *env) error {
	in, err := e.open(c.Where, true)
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := backup.Make(e.ctx, in, c.Dir, e.step); err != nil {
		return err
	}
	m, err := backup.Check(e.ctx, c.Dir)
	if err != nil {
		return err
	}
	return c.report(e, "备份完成并已核对", m, c.JSON)
}

func (*backupCmd) report(e *env, what string, m backup.Manifest, asJSON bool) error {
	if asJSON {
		return e.json(m)
	}
	var rows int64
	for _, n := range m.Rows {
		rows += n
	}
	_, err := fmt.Fprintf(e.out, "%s：存证 %d 条，记录 %d 行，文件 %d 个。密钥不在备份中，请用 dangan key export 另存。\n", what, m.Entries, rows, len(m.Files))
	return err
}

type restoreCmd struct {
	Where
	Dir  string `arg:"" help:"备份目录" placeholder:"DIR"`
	JSON bool   `help:"输出 JSON"`
}

// Run puts a backup into an empty data folder whose keys are there already.
func (c *restoreCmd) Run(e *env) error {
	m, err := backup.Restore(e.ctx, c.Dir, instance.Config{Data: c.Data, Database: c.Database, Version: e.version, Log: e.log}, e.step)
	if err != nil {
		return err
	}
	return (*backupCmd)(nil).report(e, "恢复完成，请运行 dangan verify 核验", m, c.JSON)
}

// step tells what is being worked on.
func (e *env) step(what string) { fmt.Fprintln(e.err, "……", what) }
