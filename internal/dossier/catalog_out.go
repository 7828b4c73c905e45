package dossier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"slices"

	"dangan/internal/agency"
	"dangan/internal/codes"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/sheet"
)

// Forms in which a catalog leaves the system beside its paper.
const (
	AsSheet = "xlsx"
	AsData  = "json"
)

// CatalogFile is a dossier's catalog as data: the columns of the printed one
// (materials.md 5.1), the unknown parts of a date left out.
type CatalogFile struct {
	Form      string         `json:"form"`
	DossierNo string         `json:"dossierNo"`
	Name      string         `json:"name"`
	Agency    string         `json:"agency"`
	Version   int64          `json:"version"`
	On        string         `json:"on"`
	Materials int            `json:"materials"`
	Copies    int64          `json:"copies"`
	Pages     int64          `json:"pages"`
	Classes   []CatalogClass `json:"classes"`
}

// CatalogClass is one class of a catalog that has materials.
type CatalogClass struct {
	Code  string        `json:"code"`
	Name  string        `json:"name"`
	Items []CatalogLine `json:"items"`
}

// CatalogLine is one material; a state-secret item has neither title nor note (15).
type CatalogLine struct {
	Number  string `json:"number"`
	Seq     int64  `json:"seq"`
	Title   string `json:"title,omitempty"`
	Secret  bool   `json:"secret,omitempty"`
	Year    int64  `json:"year,omitempty"`
	Month   int64  `json:"month,omitempty"`
	Day     int64  `json:"day,omitempty"`
	Copies  int64  `json:"copies"`
	Pages   int64  `json:"pages"`
	IsCopy  bool   `json:"isCopy,omitempty"`
	Annex   bool   `json:"annex,omitempty"`
	Remarks string `json:"note,omitempty"`
}

// ExportCatalog gives a dossier's catalog as a spreadsheet or as data. Like a list that
// leaves the system it is on record with the file's digest before a byte of it goes.
func (k *Desk) ExportCatalog(ctx context.Context, by policy.Actor, id, form string) (file io.ReadCloser, no string, err error) {
	spool, err := os.CreateTemp("", "dangan-catalog-")
	if err != nil {
		return nil, "", err
	}
	defer func() {
		if err != nil {
			_ = spool.Close()
		}
	}()
	if err := os.Remove(spool.Name()); err != nil { // nothing of it stays, whatever happens
		return nil, "", err
	}
	_, err = k.act(ctx, by, "dossier.export_catalog", []rule.ID{"13a", "29.3"}, id, func(tx *gate.Tx, d *Dossier) error {
		catalog, err := CatalogOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		if len(catalog) == 0 {
			return rule.Refuse(catalogEmpty())
		}
		office, err := agency.Get(ctx, tx, d.Agency)
		if err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		data := catalogFile(catalog, *d, p.Name, office.Name, string(k.gate.Today()))
		no = d.No
		digest := sha256.New()
		if err := data.write(form, io.MultiWriter(spool, digest)); err != nil {
			return err
		}
		tx.Note("form", form)
		tx.Note("catalog", d.Catalog)
		tx.Note("sha256", hex.EncodeToString(digest.Sum(nil)))
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	if _, err = spool.Seek(0, io.SeekStart); err != nil {
		return nil, "", err
	}
	return spool, no, nil
}

func catalogEmpty() rule.Reason {
	return rule.Reason{Rule: "13a", Slug: "catalog_empty", Message: "系统中尚无材料目录。", Next: "请先提档，逐份录入目录并由第二人核对。"}
}

func catalogFile(catalog []Material, d Dossier, name, office, on string) CatalogFile {
	f := CatalogFile{Form: "流动人员人事档案目录", DossierNo: d.No, Name: name, Agency: office, Version: d.Catalog, On: on, Materials: len(catalog)}
	for _, m := range catalog {
		m = m.Public()
		if n := len(f.Classes); n == 0 || f.Classes[n-1].Code != m.Class {
			c, _ := codes.FindClass(m.Class)
			f.Classes = append(f.Classes, CatalogClass{Code: m.Class, Name: c.Name})
		}
		line := CatalogLine{Number: m.Number(), Seq: m.Seq, Title: m.Title, Secret: m.Title == "", Year: m.FormedYear, Month: m.FormedMonth, Day: m.FormedDay, Copies: m.Copies, Pages: m.Pages, IsCopy: m.IsCopy, Annex: m.Annex > 0, Remarks: m.Note}
		if line.Secret {
			line.Remarks = ""
		}
		at := &f.Classes[len(f.Classes)-1]
		at.Items = append(at.Items, line)
		f.Copies, f.Pages = f.Copies+m.Copies, f.Pages+m.Pages
	}
	return f
}

func (f CatalogFile) write(form string, to io.Writer) (err error) {
	if form == AsData {
		e := json.NewEncoder(to)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(f)
	}
	book, err := sheet.NewWriter("目录", []float64{10, 48, 8, 6, 6, 8, 8, 24})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = book.Discard()
		}
	}()
	heading := func(cells ...string) error {
		return book.Put(cells, slices.Repeat([]sheet.Look{sheet.Heading}, len(cells)))
	}
	if err := heading(f.Form, "姓名："+f.Name+"　档案编号："+f.DossierNo, "第"+number(f.Version)+"版", "", "", "", "", f.Agency+"　"+f.On); err != nil {
		return err
	}
	if err := heading("类号", "材料名称", "年", "月", "日", "份数", "页数", "备注"); err != nil {
		return err
	}
	for _, c := range f.Classes {
		class, _ := codes.FindClass(c.Code)
		if err := heading(c.Code, className(class)); err != nil {
			return err
		}
		for _, l := range c.Items {
			title, note := l.Title, l.Remarks
			if l.Secret {
				title = "涉密件（纸质）"
			}
			if l.IsCopy {
				note = copyNote(note)
			}
			if l.Annex {
				note = annexNote(note)
			}
			if err := book.Put([]string{l.Number, title, number(l.Year), number(l.Month), number(l.Day), number(l.Copies), number(l.Pages), note}, nil); err != nil {
				return err
			}
		}
	}
	if err := heading("", "合计", "", "", "", number(f.Copies), number(f.Pages), ""); err != nil {
		return err
	}
	return book.Finish(to)
}
