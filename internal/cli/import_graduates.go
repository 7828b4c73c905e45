package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"dangan/internal/graduate"
	"dangan/internal/sheet"
)

type importGraduatesCmd struct {
	Where
	As
	File   string `arg:"" help:"学校的毕业去向登记名单（*.xlsx 或 UTF-8 的 *.csv），须有姓名、身份证号、毕业院校、转递编号四列" placeholder:"FILE"`
	Agency string `help:"由哪个机构接收，如 50010801" required:"" placeholder:"CODE"`
	DryRun bool   `help:"只预检，不写入任何数据"`
	Errors string `help:"把需改正的行写入工作簿，改正后可再登记" placeholder:"OUT.xlsx"`
	JSON   bool   `help:"输出 JSON"`
}

// Run judges the list and registers what is right.
func (c *importGraduatesCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("打不开名单：%w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s 是目录，请指定名单文件", c.File)
	}
	var wrong bytes.Buffer
	source := graduate.Source{Agency: c.Agency, FileName: filepath.Base(c.File), Content: file, Size: info.Size(), DryRun: c.DryRun}
	if c.Errors != "" {
		source.Errors = &wrong
	}
	r, err := in.Graduates.Import(e.ctx, actor, source)
	var unreadable *sheet.Error
	if errors.As(err, &unreadable) {
		return fmt.Errorf("%s：%s", filepath.Base(c.File), unreadable.Error())
	} else if err != nil {
		return err
	}
	if wrong.Len() > 0 {
		if err := writeFile(c.Errors, wrong.Bytes()); err != nil {
			return fmt.Errorf("写错误工作簿：%w", err)
		}
	}
	if c.JSON {
		return e.json(r)
	}
	verb := "已登记"
	if c.DryRun {
		verb = "可登记"
	}
	if _, err := fmt.Fprintf(e.out, "%s（%s）：%d 行，%s %d，原已登记 %d，需改正 %d\n", r.File, r.School, r.Rows, verb, r.Listed, r.Here, r.Rejected); err != nil {
		return err
	}
	for _, i := range r.Items {
		if _, err := fmt.Fprintf(e.out, "  第 %d 行：%s\n", i.Row, strings.Join(i.Problems, "；")); err != nil {
			return err
		}
	}
	return nil
}
