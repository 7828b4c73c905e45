package dossier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/sheet"
	"dangan/internal/store"
)

// maxExport is the most rows one list takes along (29.3: no more than is needed).
const maxExport = 100_000

// Sheet is how a list leaves the system: its columns, and a row's cells. What the
// cells show is masked by the face as lists are (security.md 8).
type Sheet struct {
	Name   string
	Heads  []string
	Widths []float64
	Cells  func(n int, f Found) []string
}

// Export makes a workbook of the dossiers a filter answers, or of those chosen, row by
// row, within the actor's scope: it lies in a file without a name, gone when it is
// closed, however long the list. It is on record with its extent and the file's
// digest before a byte of it leaves; chosen dossiers show it in their time lines.
func (k *Desk) Export(ctx context.Context, by policy.Actor, f Filter, chosen []string, s Sheet) (book io.ReadCloser, rows int, err error) {
	list := policy.Resource{Type: "DossierList"}
	// What is classified leaves the system in no open file, whoever exports (15): of a list that
	// leaves, everybody is as somebody without clearance.
	within := by
	by.Clearance = Open
	if err := k.gate.Ready(by, "dossier.export", list); err != nil {
		return nil, 0, err
	}
	if err := k.classified(ctx, within, chosen); err != nil {
		return nil, 0, err
	}
	spool, err := os.CreateTemp("", "dangan-list-")
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			_ = spool.Close()
		}
	}()
	if err := os.Remove(spool.Name()); err != nil { // nothing of it stays, whatever happens
		return nil, 0, err
	}
	digest := sha256.New()
	if rows, err = k.writeList(ctx, by, f, chosen, s, io.MultiWriter(spool, digest)); err != nil {
		return nil, 0, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "dossier.export", Rules: []rule.ID{"29.3"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(list); err != nil {
			return err
		}
		tx.Note("rows", rows)
		tx.Note("sha256", hex.EncodeToString(digest.Sum(nil)))
		tx.Note("filter", f.told())
		for _, id := range chosen {
			tx.About("Dossier", id)
		}
		return nil
	})
	if err != nil {
		return nil, 0, err
	}
	if _, err = spool.Seek(0, io.SeekStart); err != nil {
		return nil, 0, err
	}
	return spool, rows, nil
}

// classified refuses to export what was chosen with classified dossiers in it, of which the actor
// may know; of the others nothing is said (15).
func (k *Desk) classified(ctx context.Context, by policy.Actor, chosen []string) error {
	if len(chosen) == 0 || by.Clearance == Open {
		return nil
	}
	where, args := Scope(by)
	n, err := store.Count(ctx, k.gate.DB(), "SELECT count(*) FROM dossier WHERE dossier.secrecy>0 AND dossier.id IN ("+store.Marks(len(chosen))+") AND "+where, append(store.Args(chosen), args...)...)
	if err != nil || n == 0 {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "15", Slug: "classified_export", Message: fmt.Sprintf("所选档案中有 %d 卷定有工作秘密以上密级，不得导出。", n), Next: "请取消选中这些档案后导出；需要的，由知悉范围以内的人员在系统中查看。"})
}

// told is a filter as the ledger may hold it: what was searched for can be a name or
// an identity number, so only that something was.
func (f Filter) told() map[string]string {
	out := map[string]string{}
	for name, value := range map[string]string{"view": f.View, "agency": f.Agency, "state": f.State, "category": f.Category, "account": f.Account, "place": f.Place, "from": f.From, "to": f.To} {
		if value != "" {
			out[name] = value
		}
	}
	if f.Q != "" {
		out["q"] = "given"
	}
	return out
}

func (k *Desk) writeList(ctx context.Context, by policy.Actor, f Filter, chosen []string, s Sheet, to io.Writer) (rows int, err error) {
	book, err := sheet.NewWriter(s.Name, s.Widths)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = book.Discard()
		}
	}()
	if err := book.Put(s.Heads, slices.Repeat([]sheet.Look{sheet.Heading}, len(s.Heads))); err != nil {
		return 0, err
	}
	err = k.eachFound(ctx, by, f, chosen, func(found Found) error {
		if rows++; rows > maxExport {
			return rule.Refuse(rule.Reason{Rule: "29.3", Slug: "list_too_long", Message: fmt.Sprintf("符合条件的超过 %d 卷，不能一次导出。", maxExport), Next: "请加上状态、类别、日期等条件，分次导出所需的部分。"})
		}
		return book.Put(s.Cells(rows, found), nil)
	})
	if err != nil {
		return 0, err
	}
	return rows, book.Finish(to)
}

// eachFound walks what a filter answers page by page, or the chosen ones in scope.
func (k *Desk) eachFound(ctx context.Context, by policy.Actor, f Filter, chosen []string, fn func(Found) error) error {
	if len(chosen) > 0 {
		where, args := Scope(by)
		own, err := store.List[Dossier](ctx, k.gate.DB(), "WHERE dossier.id IN ("+store.Marks(len(chosen))+") AND "+where, append(store.Args(chosen), args...)...)
		if err != nil {
			return err
		}
		if len(own) < len(chosen) {
			return gate.ErrHidden
		}
		keys := make([]cursor, len(chosen))
		for i, id := range chosen {
			keys[i].ID = id
		}
		list, err := k.rowsOf(ctx, keys)
		for _, found := range list {
			if err == nil {
				err = fn(found)
			}
		}
		return err
	}
	f.Limit, f.Cursor = 100, ""
	for {
		page, err := k.Find(ctx, by, f)
		if err != nil {
			return err
		}
		for _, found := range page.Items {
			if err := fn(found); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		f.Cursor = page.Next
	}
}
