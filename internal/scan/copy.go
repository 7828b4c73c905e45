package scan

import (
	"bytes"
	"fmt"
)

var copyFlaws = map[Flaw]string{Corrupt: "已损坏，打不开", Empty: "是空的", Mismatch: "不是照片，也不是 PDF", NotAllowed: "不是照片，也不是 PDF",
	Trailing: "末尾带有别的内容", Bomb: "尺寸不合理", Active: "含有程序或附件", Sealed: "加了密"}

// Copy judges a photo or a PDF that is kept beside a record of what was seen in the original:
// by its content, whatever it is called. problem says in words what is wrong with it; a low
// resolution is nothing wrong with a copy.
func Copy(content []byte, maxBytes, maxPages int) (page Page, pages int, problem string, err error) {
	if len(content) > maxBytes {
		return page, 0, fmt.Sprintf("超过 %d MB", maxBytes>>20), nil
	}
	pages = 1
	if bytes.HasPrefix(content, []byte("%PDF-")) {
		page, pages, err = CheckPDF(bytes.NewReader(content))
	} else {
		page, err = Check(bytes.NewReader(content), int64(len(content)), ".jpg")
	}
	if err != nil {
		return page, 0, "", fmt.Errorf("check a copy: %w", err)
	}
	for _, f := range page.Flaws {
		if f != Low {
			return page, 0, copyFlaws[f], nil
		}
	}
	if pages > maxPages {
		return page, 0, fmt.Sprintf("超过 %d 页", maxPages), nil
	}
	return page, pages, "", nil
}
