package handin

import (
	"errors"
	"io"

	"dangan/internal/dossier"
)

func init() {
	dossier.NameActs(map[string]string{ActLink: "发送网上交材料的链接", ActSubmit: "网上交来材料", ActRead: "查看网上交来的材料", ActLook: "查看网上交来的文件", ActReturn: "退回网上交来的材料"})
}

// ignoreEOF is for reads of a whole file, which may end with it.
func ignoreEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
