package cli

import (
	"errors"
	"fmt"
	"time"

	"dangan/internal/blob"
	"dangan/internal/digital"
	"dangan/internal/store"
)

type ingestCmd struct {
	Where
	As
	Dir    string `arg:"" help:"交付目录：SHA256SUMS 和每份档案一个“身份证号_姓名”文件夹" placeholder:"DIR"`
	Agency string `help:"接收到哪个机构，如 50010801" required:"" placeholder:"CODE"`
	JSON   bool   `help:"输出 JSON"`
}

// Run judges every folder and takes in those without a problem.
func (c *ingestCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	shown := time.Now()
	report, err := in.Digital.Ingest(e.ctx, actor, digital.Source{Dir: c.Dir, Agency: c.Agency, Progress: func(done, total int) {
		if time.Since(shown) > time.Second || done == total {
			shown = time.Now()
			fmt.Fprintf(e.err, "已处理 %d / %d 份\n", done, total)
		}
	}})
	switch {
	case errors.Is(err, blob.ErrFull), errors.Is(err, store.ErrDiskFull):
		return fmt.Errorf("存储空间不足：已接收 %d 份，正在处理的没有写入；腾出空间后用同一目录接着接收（%w）", report.Ingested, err)
	case e.ctx.Err() != nil:
		return fmt.Errorf("已取消：已接收 %d 份，保留；用同一目录可以接着接收", report.Ingested)
	case err != nil:
		return err
	}
	return c.print(e, report)
}

func (c *ingestCmd) print(e *env, r digital.Report) error {
	if c.JSON {
		return e.json(r)
	}
	if _, err := fmt.Fprintf(e.out, "%d 份：接收 %d，需改正 %d，已在库 %d\n", r.Dossiers, r.Ingested, r.Quarantined, r.AlreadyIngested); err != nil {
		return err
	}
	for _, x := range r.Items {
		for _, p := range x.Problems {
			if _, err := fmt.Fprintf(e.out, "  需改正　%s　%s（%s）\n", p.Path, p.Code.Label(), p.Code.Property()); err != nil {
				return err
			}
		}
		for _, p := range x.Warnings {
			if _, err := fmt.Fprintf(e.out, "  提示　　%s　%s\n", p.Path, p.Code.Label()); err != nil {
				return err
			}
		}
	}
	return nil
}
