package cli

import (
	"fmt"
	"os"
	"time"

	"dangan/internal/instance"
	"dangan/internal/ledger"
)

type verifyCmd struct {
	Data        verifyDataCmd        `cmd:"" default:"withargs" help:"全量核验：逐条重算存证，逐行、逐件比对（缺省）"`
	Certificate verifyCertificateCmd `cmd:"" help:"核验一份文书（PDF）是否由受信任的签发机构签发、有无改动；不需要数据目录"`
}

// verifyDataCmd checks everything the data folder and the database hold.
type verifyDataCmd struct {
	Where
	Checkpoint string `help:"与另处保存的检查点比对，可发现整个数据目录被退回" placeholder:"FILE"`
	JSON       bool   `help:"输出 JSON"`
}

// Run does the whole check, read-only; differences give exit status 4.
func (c *verifyDataCmd) Run(e *env) error {
	var against []byte
	if c.Checkpoint != "" {
		var err error
		if against, err = os.ReadFile(c.Checkpoint); err != nil {
			return fmt.Errorf("读取检查点：%w", err)
		}
	}
	v, err := instance.OpenVault(e.ctx, instance.Config{Data: c.Data, Database: c.Database})
	if err != nil {
		return err
	}
	defer v.Close()
	stage := ""
	report, err := v.Verify(e.ctx, against, time.Now(), func(p ledger.Progress) {
		if p.Stage != stage {
			stage = p.Stage
			e.step(stage)
		}
	})
	if err != nil {
		return err
	}
	if err := c.print(e, report); err != nil {
		return err
	}
	if !report.OK {
		return errDifferences
	}
	return nil
}

func (c *verifyDataCmd) print(e *env, r ledger.Report) error {
	if c.JSON {
		return e.json(r)
	}
	fmt.Fprintf(e.out, "存证 %d 条（已公布 %d 条，检查点 %d 个），业务记录 %d 行，派生记录 %d 行，文件 %d 个（%d 字节），用时 %.1f 秒\n",
		r.Entries, r.Published, r.Checkpoints, r.Rows, r.Derived, r.Files, r.Bytes, r.Seconds)
	if r.Unclaimed > 0 {
		fmt.Fprintf(e.out, "另有 %d 个文件完好，但所属的办理没有完成\n", r.Unclaimed)
	}
	if r.OK {
		_, err := fmt.Fprintln(e.out, "无差异")
		return err
	}
	for _, d := range r.Differences {
		fmt.Fprintf(e.out, "%s  %s  %s  %s\n", ledger.KindName(d.Kind), d.Table, d.Key, d.Detail)
	}
	_, err := fmt.Fprintf(e.out, "共 %d 处差异\n", r.Found)
	return err
}
