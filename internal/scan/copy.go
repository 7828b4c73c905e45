package scan

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

var copyFlaws = map[Flaw]string{Corrupt: "已损坏，打不开", Empty: "是空的", Mismatch: "不是照片，也不是 PDF", NotAllowed: "不是照片，也不是 PDF",
	Trailing: "末尾带有别的内容", Bomb: "尺寸不合理", Active: "含有程序或附件", Sealed: "加了密"}

// Copy judges a photo or a PDF that is kept beside a record of what was seen in the original:
// by its content, whatever it is called. problem says in words what is wrong with it; a low
// resolution is nothing wrong with a copy.
func Copy(content []byte, maxBytes, maxPages int) (page Page, pages int, problem string, err error) {
	if bytes.HasPrefix(content, []byte(pngHead)) {
		return page, 0, "是 PNG 图片（可在看图程序中打开，“另存为”选择 JPEG）", nil
	}
	return judge(content, maxBytes, maxPages)
}

// Signature judges what a signing pad gives: a PNG, or one page of what Copy takes.
func Signature(content []byte, maxBytes int) (page Page, problem string, err error) {
	page, _, problem, err = judge(content, maxBytes, 1)
	return page, problem, err
}

func judge(content []byte, maxBytes, maxPages int) (page Page, pages int, problem string, err error) {
	if len(content) > maxBytes {
		return page, 0, fmt.Sprintf("超过 %d MB", maxBytes>>20), nil
	}
	pages = 1
	switch {
	case bytes.HasPrefix(content, []byte("%PDF-")):
		page, pages, err = CheckPDF(bytes.NewReader(content))
	case bytes.HasPrefix(content, []byte(pngHead)):
		page, err = CheckPNG(content)
	default:
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

// shownSide is how long a copy is at most as it is shown, in pixels.
const shownSide = 2200

// Show gives a copy that was kept to a reader: a PDF as it is, a picture drawn anew, so that what
// else its bytes might be is left behind.
func Show(in io.ReaderAt, size int64, format string) (mime string, content []byte, err error) {
	if format == PDF {
		content = make([]byte, size)
		if _, err = in.ReadAt(content, 0); errors.Is(err, io.EOF) {
			err = nil
		}
		return "application/pdf", content, err
	}
	content, err = Reduce(in, size, format, shownSide)
	return "image/jpeg", content, err
}
