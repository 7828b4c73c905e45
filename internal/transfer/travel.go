package transfer

import (
	"slices"

	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
)

// travelling is the title under which the 信息核对表 stands in a packing list.
const travelling = "信息核对表"

// travel lets the 信息核对表 go with the packet (20.2a): issued for the case, a line of the
// list, seen at both ends. Contradictions travel, they keep nobody. Where nothing was ever
// recorded there is none.
func (k *Desk) travel(tx *gate.Tx, c Case, d dossier.Dossier) error {
	if d.ID == "" || k.Comparison == nil {
		return nil
	}
	doc, some, err := k.Comparison(tx, d, c.Ref())
	if err != nil || !some {
		return err
	}
	items, err := allItems(tx, c.ID)
	if err != nil {
		return err
	}
	line := Item{TransferID: c.ID, LineNo: int64(len(items) + 1), Title: travelling, Copies: 1, Pages: max(doc.Pages, 1), Loose: true, Note: "编号 " + doc.Number}
	at := slices.IndexFunc(items, func(i Item) bool { return i.travels() && !i.Void })
	if at < 0 {
		line.ID, line.Version = gate.NewID(), 1
		return tx.Insert(line)
	}
	line.ID, line.Version, line.LineNo = items[at].ID, items[at].Version, items[at].LineNo
	return tx.Update(&line)
}

// travels says whether a line is the table and no material of the dossier.
func (i Item) travels() bool { return i.Title == travelling && i.MaterialID == "" && i.Loose }

// leavingPapers are what a packet leaves with; all of them are void when it is opened again.
var leavingPapers = []string{document.TransferNotice, document.PackingList, document.Comparison}
