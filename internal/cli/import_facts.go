package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/feed"
)

type importFactsCmd struct {
	Where
	As
	File      string `arg:"" help:"来源单位的数据文件（*.xlsx 或 UTF-8 的 *.csv），列名见操作手册" placeholder:"FILE"`
	Signature string `help:"来源单位的签名文件（openssl 签名的结果，或其 Base64）" required:"" placeholder:"FILE.sig"`
	Source    string `help:"数据来源的单位全称，或其公钥指纹的前几位" required:"" placeholder:"NAME"`
	DryRun    bool   `help:"只预检：核对签名、读出各行的问题，不导入"`
	JSON      bool   `help:"输出 JSON"`
}

// Run verifies the signature, imports the file and judges its rows to the end.
func (c *importFactsCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	signature, err := os.ReadFile(c.Signature)
	if err != nil {
		return fmt.Errorf("打不开签名文件：%w", err)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("打不开数据文件：%w", err)
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil {
		return err
	} else if info.IsDir() {
		return fmt.Errorf("%s 是目录，请指定数据文件", c.File)
	}
	sources, err := in.Feeds.Sources(e.ctx, actor)
	if err != nil {
		return err
	}
	var found []feed.Source
	for _, s := range sources {
		if s.RevokedBy == "" && s.Agency == actor.Org && (s.Name == c.Source || len(c.Source) >= 8 && strings.HasPrefix(s.Fingerprint, strings.ToLower(c.Source))) {
			found = append(found, s)
		}
	}
	if len(found) != 1 {
		return fmt.Errorf("“%s”在本机构对应 %d 个数据来源，请写单位全称或公钥指纹的前 8 位以上", c.Source, len(found))
	}
	delivery := feed.Delivery{SourceID: found[0].ID, FileName: filepath.Base(c.File), Content: file, Signature: feed.SignatureText(signature)}
	if c.DryRun {
		p, err := in.Feeds.Preview(e.ctx, actor, delivery)
		if err != nil {
			return err
		}
		if c.JSON {
			return e.json(map[string]any{"lines": p.Lines, "wrong": p.Wrong, "events": p.Events, "digest": p.Digest, "before": p.Before.No})
		}
		if _, err := fmt.Fprintf(e.out, "%s（%s）：签名相符，%d 行，可采用 %d，有误 %d\n", p.FileName, p.Source.Name, p.Lines, p.Lines-p.Wrong, p.Wrong); err != nil {
			return err
		}
		if p.Before.ID != "" {
			if _, err := fmt.Fprintf(e.out, "该文件已于 %s 导入（%s），再导入也不会再做一遍\n", calendar.Of(p.Before.ImportedAt).Long(), p.Before.No); err != nil {
				return err
			}
		}
		for _, r := range p.Findings {
			if _, err := fmt.Fprintf(e.out, "  第 %d 行：%s\n", r.Row, strings.ReplaceAll(r.Problems, "\n", "；")); err != nil {
				return err
			}
		}
		return nil
	}
	f, again, err := in.Feeds.Import(e.ctx, actor, delivery)
	if err != nil {
		return err
	}
	if err := in.Feeds.Run(e.ctx, f.ID); err != nil {
		return err
	}
	if f, err = in.Feeds.Read(e.ctx, actor, f.ID); err != nil {
		return err
	}
	if c.JSON {
		return e.json(map[string]any{"no": f.No, "again": again, "state": f.State, "lines": f.Lines, "done": f.Done, "opened": f.Opened, "known": f.Known, "differs": f.Differs, "elsewhere": f.Elsewhere, "refused": f.Refused})
	}
	if again {
		if _, err := fmt.Fprintf(e.out, "该文件已于 %s 导入（%s），没有再做一遍；下面是那次的结果\n", calendar.Of(f.ImportedAt).Long(), f.No); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(e.out, "%s %s：%d 行，新开收集通知 %d，已有 %d，姓名不一致 %d，不在本机构 %d，没有采用 %d\n", f.No, f.State.Name(), f.Lines, f.Opened, f.Known, f.Differs, f.Elsewhere, f.Refused)
	return err
}
