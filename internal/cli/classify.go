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

const (
	maxTitles = 16 << 20 // bytes of the file of titles that are read
	maxTitle  = 120      // characters of a title, as the register of materials takes them
)

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
	titles, err := titlesOf(text)
	if err != nil {
		return err
	}
	out := make([]classified, len(titles))
	for i, title := range titles {
		out[i] = classified{Title: title, Reason: "题名中没有可以判断类别的词，请按材料内容确定"}
		if s := dossier.Suggestions(title); len(s) > 0 {
			out[i].Class, out[i].Reason = s[0].Class, s[0].Reason
		}
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

// titlesOf reads one title a line; empty lines are passed over. What is wrong is told with its line.
func titlesOf(text []byte) ([]string, error) {
	bad := func(message, next string) error {
		return rule.Mistake(rule.Reason{Rule: "13a", Slug: "titles_unreadable", Field: "file", Message: message, Next: next})
	}
	if len(text) > maxTitles {
		return nil, bad("题名文件超过 16 MB。", "请分成几份文件。")
	}
	var titles []string
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		n++
		title := strings.TrimSpace(line)
		switch {
		case !utf8.ValidString(line):
			return nil, bad(fmt.Sprintf("题名文件第 %d 行不是 UTF-8 编码的文本。", n), "请另存为 UTF-8 编码、每行一个题名的文本文件。")
		case utf8.RuneCountInString(title) > maxTitle:
			return nil, bad(fmt.Sprintf("题名文件第 %d 行有 %d 个字，题名最多 %d 个字。", n, utf8.RuneCountInString(title), maxTitle), "请每行只写一个题名，不写题名以外的内容。")
		case title != "":
			titles = append(titles, title)
		}
	}
	if len(titles) == 0 {
		return nil, bad("题名文件中没有题名。", "请每行写一个材料题名。")
	}
	return titles, nil
}
