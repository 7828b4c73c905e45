package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"dangan/internal/dossier"
	"dangan/internal/rule"
)

// maxTitles bounds the file of titles that is read.
const maxTitles = 16 << 20

type classifyCmd struct {
	File string `arg:"" help:"材料题名，每行一个（UTF-8）" type:"existingfile" placeholder:"FILE"`
	JSON bool   `help:"输出一份 JSON" name:"json"`
}

// classified is the likeliest class of one title; Class is empty when no word of it speaks for any.
type classified struct {
	Title  string `json:"title"`
	Class  string `json:"class"`
	Reason string `json:"reason"`
}

// Run proposes a class for every title of the file, in the file's order.
func (c *classifyCmd) Run(e *env) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("读取 %s：%w", c.File, err)
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxTitles+1))
	if err != nil {
		return fmt.Errorf("读取 %s：%w", c.File, err)
	}
	if len(text) > maxTitles || !utf8.Valid(text) {
		return rule.Mistake(rule.Reason{Rule: "13a", Slug: "titles_unreadable", Field: "file", Message: "题名文件不是 UTF-8 编码的文本，或者超过 16 MB。",
			Next: "请另存为 UTF-8 编码、每行一个题名的文本文件；过大的请分成几份。"})
	}
	out := []classified{}
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		title := strings.TrimSpace(line)
		if title == "" {
			continue
		}
		v := classified{Title: title, Reason: "题名中没有可以判断类别的词，请按材料内容确定"}
		if s := dossier.Suggestions(title); len(s) > 0 {
			v.Class, v.Reason = s[0].Class, s[0].Reason
		}
		out = append(out, v)
	}
	if c.JSON {
		return e.json(out)
	}
	for _, v := range out {
		if _, err := fmt.Fprintf(e.out, "%s\t%s\t%s\n", v.Title, v.Class, v.Reason); err != nil {
			return err
		}
	}
	return nil
}
