package testkit

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"

	"dangan/internal/custody"
	"dangan/internal/digital"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/scan"
)

var (
	surnames = []rune("王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗")
	given    = []string{"砚清", "予安", "闻笛", "思齐", "可", "知行", "兰芝", "晓棠", "临川", "望舒", "南星", "令仪", "一鸣", "疏影", "既明"}
)

// IDNo is a made-up valid identity number, another one for each n.
func IDNo(n int) string {
	// the parts come round together after 16,800; the year then moves on by one
	first := fmt.Sprintf("500108%04d%02d%02d%03d", 1960+(n+n/16800)%40, 1+n%12, 1+n%28, 100+n%800)
	return first + string(identity.CheckCharacter(first))
}

// Name is a made-up name, for each n; those whose numbers come round to one birth date have
// different ones, so that they are no likely doubles (2).
func Name(n int) string {
	all := len(surnames) * len(given)
	name := string(surnames[n%len(surnames)]) + given[n/len(surnames)%len(given)]
	if n >= all {
		name += given[n/all%len(given)]
	}
	return name
}

// Stock registers the n-th made-up person with a paper-only dossier on the shelf
// of an agency, as its clerk imports a roster line. change may alter the dossier
// before it is written.
func Stock(p *Province, agency string, n int, change func(*dossier.Dossier)) dossier.Dossier {
	p.t.Helper()
	return StockAs(p, p.As("clerk-"+agency[:6]), agency, n, change)
}

// StockAs is Stock by an actor that was looked up before, as a request does once.
func StockAs(p *Province, by policy.Actor, agency string, n int, change func(*dossier.Dossier)) dossier.Dossier {
	p.t.Helper()
	return stock(p, by, agency, n, person.Person{Name: Name(n), Sex: "2", IDNo: IDNo(n), Political: "13", Employer: "云岫智能（演示）有限公司"}, change)
}

// TwinNo is the number of somebody born on the n-th person's day.
func TwinNo(n int) string {
	first := IDNo(n)[:14] + fmt.Sprint(900+n%99)
	return first + string(identity.CheckCharacter(first))
}

// Twin is Stock of somebody of the n-th person's name and birth date, under another number.
func Twin(p *Province, agency string, n int, change func(*dossier.Dossier)) dossier.Dossier {
	p.t.Helper()
	return stock(p, p.As("clerk-"+agency[:6]), agency, 90_000+n, person.Person{Name: Name(n), Sex: "2", IDNo: TwinNo(n)}, change)
}

func stock(p *Province, by policy.Actor, agency string, n int, who person.Person, change func(*dossier.Dossier)) dossier.Dossier {
	p.t.Helper()
	by.Clearance = 4
	d := dossier.Dossier{Agency: agency, No: fmt.Sprintf("%s-2019-%06d", agency, n+1), State: dossier.InStore, Place: dossier.PlaceStore,
		Shelfmark: fmt.Sprintf("01-A-%03d-1-01", n+1), Category: "4.1", Basis: "stock", ReceivedOn: "2019-06-18"}
	if change != nil {
		change(&d)
	}
	who.BirthDate = who.IDNo[6:10] + "-" + who.IDNo[10:12] + "-" + who.IDNo[12:14]
	_, err := p.Gate.Do(context.Background(), gate.Act{Actor: by, Action: "roster.register"}, func(tx *gate.Tx) error {
		r := d.Resource()
		r.Attrs = map[string]any{"agency": d.Agency}
		if err := tx.Permit(r); err != nil {
			return err
		}
		if err := person.Add(tx, p.Keys, &who); err != nil {
			return err
		}
		if err := dossier.Add(tx, &d, who); err != nil {
			return err
		}
		return custody.Move(tx, &d, custody.Taken, dossier.PlaceStore, "", "存量登记")
	})
	if err != nil {
		p.t.Fatal(fmt.Errorf("stock %d: %w", n, err))
	}
	return d
}

// Piece is a filed material of a made-up volume; Scans of its pages have images
// that were accepted.
type Piece struct {
	Class, Title string
	Secrecy      int
	Pages, Scans int
}

// sheet is a small drawn page; each n another one.
func sheet(n int) []byte {
	img := image.NewGray(image.Rect(0, 0, 210, 297))
	draw.Draw(img, img.Bounds(), image.White, image.Point{}, draw.Src)
	for line := range 12 {
		width := 40 + (n*37+line*53)%120
		draw.Draw(img, image.Rect(24, 40+line*18, 24+width, 46+line*18), image.Black, image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}

// Volume is Stock with a catalog in the system and images of some of it.
func Volume(p *Province, agency string, n int, change func(*dossier.Dossier), pieces ...Piece) (dossier.Dossier, []dossier.Material) {
	p.t.Helper()
	d := Stock(p, agency, n, change)
	by := p.As("clerk-" + agency[:6])
	by.Clearance = 4
	var out []dossier.Material
	_, err := p.Gate.Do(context.Background(), gate.Act{Actor: by, Action: "roster.register"}, func(tx *gate.Tx) (err error) {
		if d, err = dossier.Load(tx, d.ID); err != nil {
			return err
		}
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		d.Catalog = 1
		for i, x := range pieces {
			m := dossier.Material{ID: gate.NewID(), Version: 1, DossierID: d.ID, State: dossier.Filed, Class: x.Class, Seq: int64(i + 1), Title: x.Title, FormedYear: 2013, FormedMonth: 6,
				Copies: 1, Pages: int64(x.Pages), Images: int64(x.Scans), Secrecy: x.Secrecy, Origin: "cited", Handler: by.ID, Reviewer: by.ID, FiledAt: tx.Now(), CatalogFrom: 1}
			if err := tx.Insert(m); err != nil {
				return err
			}
			for no := range x.Scans {
				if err := scanned(p, tx, m, no+1); err != nil {
					return err
				}
			}
			d.Materials, d.Pages, d.Images = d.Materials+1, d.Pages+m.Pages, d.Images+m.Images
			out = append(out, m)
		}
		return dossier.Save(tx, &d)
	})
	if err != nil {
		p.t.Fatal(fmt.Errorf("volume %d: %w", n, err))
	}
	return d, out
}

// scanned keeps one page as an accepted delivery leaves it.
func scanned(p *Province, tx *gate.Tx, m dossier.Material, no int) error {
	raw := sheet(no)
	ref, err := p.Blobs.Put(tx.Context(), bytes.NewReader(raw))
	if err != nil {
		return err
	}
	if err := tx.File(ref.Digest, ref.Size, "page"); err != nil {
		return err
	}
	return tx.Insert(digital.Page{ID: gate.NewID(), Version: 1, MaterialID: m.ID, DossierID: m.DossierID, No: int64(no), State: digital.PageAccepted, Blob: ref.Digest, Bytes: ref.Size,
		Format: scan.JPEG, Width: 210, Height: 297, DPI: 25})
}
