package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"dangan/internal/agency"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/sheet"
)

// Bounds of what leaves at once (29.3).
const (
	mostExported = 100_000
	mostPrinted  = 3_000
)

func resource(r Register) policy.Resource { return policy.Resource{Type: "Register", ID: r.Key} }

// heads are the columns of a register as it leaves the system.
func heads(r Register) []string {
	return slices.Concat([]string{"序号", r.Date, "机构", "经办", "姓名", "档案编号", "案号"}, r.Heads, []string{"状态"})
}

func cells(n int, row Row) []string {
	return slices.Concat([]string{strconv.Itoa(n), row.On, row.Agency, row.Handler, row.Person, row.DossierNo, row.CaseNo}, row.Own, []string{row.State})
}

// Exported is a workbook that left: its number and its lines.
type Exported struct {
	Name   string
	Number string // TZ-2026-00001
	Rows   int
}

// Export writes a register's lines of a period as a workbook, row by row. It has a
// number and is on record with its extent and the file's digest before a byte leaves.
func (k *Desk) Export(ctx context.Context, by policy.Actor, key string, f Filter, to io.Writer) (out Exported, err error) {
	r, err := k.find(by, key)
	if err != nil {
		return out, err
	}
	if err := check(r, f); err != nil {
		return out, err
	}
	if err := k.gate.Ready(by, "register.export", resource(r)); err != nil {
		return out, err
	}
	spool, err := os.CreateTemp("", "dangan-register-")
	if err != nil {
		return out, err
	}
	defer func() { _ = spool.Close() }()
	if err := os.Remove(spool.Name()); err != nil { // nothing of it stays, whatever happens
		return out, err
	}
	digest := sha256.New()
	out.Name = r.Name
	if out.Rows, err = k.write(ctx, by, r, f, io.MultiWriter(spool, digest)); err != nil {
		return out, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "register.export", Rules: []rule.ID{"N3", "29.3"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(resource(r)); err != nil {
			return err
		}
		year := tx.Today().Year()
		n, err := tx.Number(fmt.Sprintf("台账导出/%d", year))
		if err != nil {
			return err
		}
		out.Number = fmt.Sprintf("TZ-%d-%05d", year, n)
		told(tx, r, f, out.Rows)
		tx.Note("number", out.Number)
		tx.Note("sha256", hex.EncodeToString(digest.Sum(nil)))
		return nil
	})
	if err != nil {
		return out, err
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return out, err
	}
	_, err = io.Copy(to, spool)
	return out, err
}

// told puts on record what of a register left: what was searched for can be a name, so
// only that something was.
func told(tx *gate.Tx, r Register, f Filter, rows int) {
	tx.Note("register", r.Key)
	tx.Note("from", f.From.String())
	tx.Note("until", f.Until.String())
	tx.Note("rows", rows)
	if f.Agency != "" {
		tx.Note("agency", f.Agency)
	}
	if f.Text != "" {
		tx.Note("q", "given")
	}
}

func (k *Desk) write(ctx context.Context, by policy.Actor, r Register, f Filter, to io.Writer) (rows int, err error) {
	widths := slices.Concat([]float64{6, 18, 30, 10, 12, 24, 26}, r.Widths, []float64{12})
	book, err := sheet.NewWriter(r.Name, widths)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = book.Discard()
		}
	}()
	names := heads(r)
	if err := book.Put(names, slices.Repeat([]sheet.Look{sheet.Heading}, len(names))); err != nil {
		return 0, err
	}
	err = k.each(ctx, by, r, f, func(n int, row Row) error {
		if rows = n; n > mostExported {
			return rule.Refuse(rule.Reason{Rule: "29.3", Slug: "register_too_long", Message: fmt.Sprintf("期间内超过 %d 条，不能一次导出。", mostExported), Next: "请缩短期间，分次导出。"})
		}
		return book.Put(cells(n, row), nil)
	})
	if err != nil {
		return 0, err
	}
	return rows, book.Finish(to)
}

// Print issues a register of a period as a numbered, signed paper.
func (k *Desk) Print(ctx context.Context, by policy.Actor, key string, f Filter) (doc document.Document, err error) {
	r, err := k.find(by, key)
	if err != nil {
		return doc, err
	}
	if err := check(r, f); err != nil {
		return doc, err
	}
	if err := k.gate.Ready(by, "register.print", resource(r)); err != nil {
		return doc, err
	}
	table := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 5, Align: paper.AlignCenter}, {Title: r.Date, Width: 13}, {Title: "经办", Width: 8}, {Title: "姓名、档案编号", Width: 20}, {Title: "案号", Width: 17}}}
	for i, head := range r.Heads {
		table.Columns = append(table.Columns, paper.Column{Title: head, Width: max(5, r.Widths[i]*0.6)})
	}
	table.Columns = append(table.Columns, paper.Column{Title: "状态", Width: 9})
	rows := 0
	err = k.each(ctx, by, r, f, func(n int, row Row) error {
		if rows = n; n > mostPrinted {
			return rule.Refuse(rule.Reason{Rule: "N3", Slug: "register_too_long_to_print", Message: fmt.Sprintf("期间内超过 %d 条，不能一次打印。", mostPrinted), Next: "请缩短期间分册打印，或者导出电子表格。"})
		}
		who := row.Person
		if row.DossierNo != "" {
			who += "\n" + row.DossierNo
		}
		table.Rows = append(table.Rows, slices.Concat([]string{strconv.Itoa(n), row.On, row.Handler, who, row.CaseNo}, row.Own, []string{row.State}))
		return nil
	})
	if err != nil {
		return doc, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: "register.print", Rules: []rule.ID{"N3"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(resource(r)); err != nil {
			return err
		}
		own, of := by.Org, "本机构"
		office, err := agency.Get(ctx, tx, own)
		if err != nil {
			return err
		}
		switch {
		case f.Agency != "":
			if a, err := agency.Get(ctx, tx, f.Agency); err == nil {
				of = a.Name
			}
		case !office.Keeps():
			of = "所属全部机构"
		default:
			of = office.Name
		}
		told(tx, r, f, rows)
		doc, err = k.press.Issue(tx, document.Draft{Kind: document.Register, Agency: office, CaseRef: "Register:" + r.Key, Title: r.Name + "台账", Landscape: true, Notice: document.Foot,
			Write: func(out *paper.Document, i document.Issue) {
				out.Fields(3, paper.Field{Label: "期间", Value: f.From.Long() + "至" + f.Until.Long()}, paper.Field{Label: "范围", Value: of}, paper.Field{Label: "条数", Value: strconv.Itoa(rows)})
				if rows == 0 {
					out.Paragraph("期间内没有登记事项。")
				} else {
					out.Table(table)
				}
				out.Close(paper.Closing{Issuer: office.Name, Date: i.At, Seal: i.Seal, Left: []string{"打印人：" + by.Name}})
			}})
		return err
	})
	return doc, err
}
