package demo

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"

	"dangan/internal/feed"
)

// department is a source of the sample province. Its key is made while the province is
// built and thrown away with it: nobody can sign in its name afterwards.
type department struct {
	key    *ecdsa.PrivateKey
	public string
}

func newDepartment() (d department, err error) {
	if d.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return d, err
	}
	der, err := x509.MarshalPKIXPublicKey(&d.key.PublicKey)
	d.public = string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	return d, err
}

func (d department) sign(content []byte) (string, error) {
	sum := sha256.Sum256(content)
	sig, err := ecdsa.SignASN1(rand.Reader, d.key, sum[:])
	return base64.StdEncoding.EncodeToString(sig), err
}

// feeds are data of other departments (14a, 18b): a source in force with a file judged to
// its end and one that was stopped, one whose key waits for the second person, one ended.
func (b *builder) feeds() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	register := func(kind, name, basis string) (department, feed.Source, error) {
		d, err := newDepartment()
		if err != nil {
			return d, feed.Source{}, err
		}
		s, err := b.in.Feeds.Register(b.ctx, o.clerk, feed.Draft{Kind: kind, Name: name, Basis: basis, PublicKey: d.public, From: b.today.AddDays(-60), Until: b.today.AddDays(670)})
		return d, s, err
	}
	bring := func(d department, s feed.Source, name string, content []byte) (feed.File, error) {
		sig, err := d.sign(content)
		if err != nil {
			return feed.File{}, err
		}
		f, _, err := b.in.Feeds.Import(b.ctx, o.clerk, feed.Delivery{SourceID: s.ID, FileName: name, Content: bytes.NewReader(content), Signature: sig})
		return f, err
	}
	b.plan("部门数据", func() error {
		b.at(48, 9, 20)
		insurance, s, err := register("insurance", "南岸区社会保险中心（演示）", "数据共享协议〔2026〕3号（演示）")
		if err != nil {
			return err
		}
		_, old, err := register("employment", "南岸区就业服务中心（演示）", "数据共享协议〔2026〕4号（演示）")
		if err != nil {
			return err
		}
		b.at(47, 10, 5)
		for _, id := range []string{s.ID, old.ID} {
			if _, err := b.in.Feeds.Confirm(b.ctx, o.headOf, id); err != nil {
				return err
			}
		}
		// The stock's last dossiers have no case of their own.
		n := len(o.persons)
		var first, second bytes.Buffer
		first.WriteString("姓名,公民身份号码,参保单位,参保日期,停保日期\n")
		second.WriteString("姓名,公民身份号码,参保单位,参保日期,停保日期\n")
		month := b.today.AddDays(-60).String()[:7]
		for i := range 5 {
			p := o.persons[n-1-i]
			name := p.Name
			if i == 3 {
				name = "演示另名"
			}
			fmt.Fprintf(&first, "%s,%s,云岫智能（演示）有限公司,%s,\n", name, p.IDNo, month)
			fmt.Fprintf(&second, "%s,%s,嘉陵物流（演示）有限公司,%s,\n", p.Name, p.IDNo, month)
		}
		fmt.Fprintf(&first, "%s,%s,,2026-13,\n", o.persons[n-1].Name, o.persons[n-1].IDNo)
		fmt.Fprintf(&first, "演不在,11010519491231002X,云岫智能（演示）有限公司,%s,\n", month)
		b.at(16, 9, 40)
		f, err := bring(insurance, s, "参保变动-10月.csv", first.Bytes())
		if err != nil {
			return err
		}
		if err := b.in.Feeds.Run(b.ctx, f.ID); err != nil {
			return err
		}
		b.at(15, 16, 10)
		if _, err := b.in.Feeds.Revoke(b.ctx, o.headOf, old.ID, "对方更换密钥（演示）"); err != nil {
			return err
		}
		b.at(3, 9, 15)
		if f, err = bring(insurance, s, "参保变动-11月.csv", second.Bytes()); err != nil {
			return err
		}
		if _, err := b.in.Feeds.Stop(b.ctx, o.clerk, f.ID); err != nil {
			return err
		}
		b.at(2, 15, 30)
		_, _, err = register("education", "云岫学院学历档案室（演示）", "学历核验协议〔2026〕7号（演示）")
		return err
	})
	return nil
}
