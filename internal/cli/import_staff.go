package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"dangan/internal/account"
	"dangan/internal/identity"
	"dangan/internal/sheet"
)

type importStaffCmd struct {
	Where
	As
	File    string `arg:"" help:"单位报来的存档人员名册（*.xlsx 或 UTF-8 的 *.csv），须有姓名、身份证号两列，可有状态（在职、离职）、离职日期" placeholder:"FILE"`
	Account string `help:"集体账户编号，如 JTH-50010801-2026-0001" required:"" placeholder:"NO"`
	DryRun  bool   `help:"只预检：逐行写出会怎样办，不写入任何数据"`
	JSON    bool   `help:"输出 JSON"`
}

// staffReport is the one document of --json.
type staffReport struct {
	Account  string             `json:"account"`
	Unit     string             `json:"unit"`
	List     string             `json:"list,omitempty"`
	File     string             `json:"file"`
	DryRun   bool               `json:"dryRun"`
	Already  bool               `json:"already"`
	Rows     int                `json:"rows"`
	Counts   map[string]int     `json:"counts"`
	Items    []staffReportRow   `json:"items"`
	Unlisted []staffReportOther `json:"unlisted"`
}

type staffReportRow struct {
	Row      int      `json:"row"`
	Name     string   `json:"name"`
	IDNo     string   `json:"idNo,omitempty"`
	Outcome  string   `json:"outcome"`
	Problems []string `json:"problems,omitempty"`
}

type staffReportOther struct {
	No   string `json:"no"`
	Name string `json:"name"`
}

// Run judges the list row by row and registers it as a whole, or nothing of it.
func (c *importStaffCmd) Run(e *env) error {
	in, actor, err := e.openAs(c.Where, c.As, false)
	if err != nil {
		return err
	}
	defer in.Close()
	file, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("打不开名册：%w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s 是目录，请指定名册文件", c.File)
	}
	r, err := in.Accounts.ImportRoll(e.ctx, actor, account.RollSource{Account: c.Account, FileName: filepath.Base(c.File), Content: file, Size: info.Size(), DryRun: c.DryRun})
	var unreadable *sheet.Error
	if errors.As(err, &unreadable) {
		return fmt.Errorf("%s：%s", filepath.Base(c.File), unreadable.Error())
	} else if err != nil {
		return err
	}
	if c.JSON {
		out := staffReport{Account: r.Account.No, Unit: r.Account.Unit, List: r.List.No, File: r.File, DryRun: c.DryRun, Already: r.Already, Rows: len(r.Lines), Counts: r.Counts, Items: []staffReportRow{}, Unlisted: []staffReportOther{}}
		for _, l := range r.Lines {
			out.Items = append(out.Items, staffReportRow{l.Row, l.Name, identity.Mask(l.IDNo), l.Outcome, l.Problems})
		}
		for _, u := range r.Unlisted {
			out.Unlisted = append(out.Unlisted, staffReportOther{u.No, u.Name})
		}
		return e.json(out)
	}
	var b strings.Builder
	switch {
	case r.Already:
		fmt.Fprintf(&b, "%s：以前登记过（%s），没有变化\n", r.File, r.List.No)
	case c.DryRun:
		fmt.Fprintf(&b, "%s（%s）：%d 行，预检\n", r.File, r.Account.Unit, len(r.Lines))
	default:
		fmt.Fprintf(&b, "%s（%s）：%d 行，已登记为 %s\n", r.File, r.Account.Unit, len(r.Lines), r.List.No)
	}
	for _, o := range account.RollOutcomes {
		if n := r.Counts[o]; n > 0 {
			name, does := account.RollName(o)
			fmt.Fprintf(&b, "%s %d 人：%s\n", name, n, does)
		}
		for _, l := range r.Lines {
			if l.Outcome == o && o != account.RollOn && o != account.RollGone {
				fmt.Fprintf(&b, "  第 %d 行 %s %s\n", l.Row, l.Name, strings.Join(l.Problems, "；"))
			}
		}
	}
	if n := len(r.Unlisted); n > 0 {
		fmt.Fprintf(&b, "名下有、名册没有 %d 卷：请向单位核实\n", n)
		for _, u := range r.Unlisted {
			fmt.Fprintf(&b, "  %s %s\n", u.No, u.Name)
		}
	}
	_, err = fmt.Fprint(e.out, b.String())
	return err
}
