package testkit

import (
	"context"
	"fmt"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
)

var (
	surnames = []rune("王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗")
	given    = []string{"砚清", "予安", "闻笛", "思齐", "可", "知行", "兰芝", "晓棠", "临川", "望舒", "南星", "令仪", "一鸣", "疏影", "既明"}
)

// IDNo is a made-up valid identity number, another one for each n.
func IDNo(n int) string {
	first := fmt.Sprintf("500108%04d%02d%02d%03d", 1960+n%40, 1+n%12, 1+n%28, 100+n%800)
	return first + string(identity.CheckCharacter(first))
}

// Name is a made-up name, for each n.
func Name(n int) string {
	return string(surnames[n%len(surnames)]) + given[n/len(surnames)%len(given)]
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
	by.Clearance = 4
	d := dossier.Dossier{Agency: agency, No: fmt.Sprintf("%s-2019-%06d", agency, n+1), State: dossier.InStore, Place: dossier.PlaceStore,
		Shelfmark: fmt.Sprintf("01-A-%03d-1-01", n+1), Category: "4.1", Basis: "stock", ReceivedOn: "2019-06-18"}
	if change != nil {
		change(&d)
	}
	who := person.Person{Name: Name(n), Sex: "2", IDNo: IDNo(n), Political: "13", Synthetic: true, Employer: "云岫智能（演示）有限公司"}
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
