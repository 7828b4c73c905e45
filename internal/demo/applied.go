package demo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"mime/multipart"

	"dangan/internal/certificate"
	"dangan/internal/founding"
	"dangan/internal/intake"
	"dangan/internal/policy"
	"dangan/internal/portal"
	"dangan/internal/transfer"
)

// applied are applications that came over the net (28, 29.8): a person's that waits to be
// looked at, one whose papers are asked for, one answered and taken in; a unit's with its letter.
func (b *builder) applied() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	here := founding.AgencyOf(o.division)
	send := func(who portal.Identity, s intake.Sending, body any, papers ...string) (portal.Visit, intake.Case, error) {
		who.Provider = "demo"
		_, v, err := b.in.Portal.Enter(b.ctx, who, "127.0.0.1", "demo")
		if err != nil {
			return v, intake.Case{}, err
		}
		if s.Application, err = json.Marshal(body); err != nil {
			return v, intake.Case{}, err
		}
		form, boundary, err := b.posted("application", "{}", s.Applicant, papers)
		if err != nil {
			return v, intake.Case{}, err
		}
		f, err := portal.Open(form, boundary, "application")
		if err != nil {
			return v, intake.Case{}, err
		}
		c, err := b.in.Portal.Apply(b.ctx, v, s, fmt.Sprintf("a page of the demo, of no browser, %s %s", s.Matter, s.IDNo), f)
		return v, c, err
	}
	for i, one := range []struct {
		ago   int
		kind  certificate.Kind
		use   string
		asked string
		then  string
	}{
		{8, certificate.History, "评定职称（演示）", "请写明要证明的起止时间", "受理"},
		{4, certificate.Custody, "办理落户（演示）", "请附落户地派出所的办理告知", ""},
		{1, certificate.Custody, "办理社会保险（演示）", "", ""},
	} {
		b.plan(fmt.Sprintf("网上申请证明 %d", i+1), func() error {
			b.at(one.ago, 20, 10+i)
			at, err := b.staying(o, 5+i)
			if err != nil {
				return err
			}
			p := o.persons[at]
			body := map[string]any{"kind": one.kind, "dossierId": o.ids[at], "use": one.use, "applicant": certificate.Self, "name": p.Name, "idNo": p.IDNo, "seen": []string{transfer.OnlineDocument}}
			v, c, err := send(portal.Identity{Kind: policy.Citizen, Name: p.Name, IDNo: p.IDNo}, intake.Sending{Matter: intake.Certificate, Agency: here, Name: p.Name, IDNo: p.IDNo, Applicant: p.Name, Contact: "演示电话"}, body, "other")
			if err != nil || one.asked == "" {
				return err
			}
			b.at(one.ago-1, 9, 30+i)
			if _, err = b.in.Intakes.Ask(b.ctx, o.clerk, c.ID, []string{one.asked}, nil); err != nil || one.then == "" {
				return err
			}
			b.at(one.ago-3, 12, 30)
			form, boundary, err := b.posted("answer", "2010 年 7 月至 2018 年 6 月（演示）", p.Name, nil)
			if err != nil {
				return err
			}
			f, err := portal.Open(form, boundary, "answer")
			if err != nil {
				return err
			}
			if _, err := b.in.Portal.Answer(b.ctx, v, c.ID, "a page of the demo that answers, of no browser", f); err != nil {
				return err
			}
			b.at(one.ago-4, 10, 30)
			_, err = b.in.Certificates.Open(b.ctx, o.clerk, certificate.Application{Kind: one.kind, DossierID: o.ids[at], Use: one.use, Applicant: certificate.Self, Name: p.Name, IDNo: p.IDNo, Seen: []string{transfer.OnlineDocument}, IntakeID: c.ID})
			return err
		})
	}
	b.plan("单位网上申请转入", func() error {
		const unit, uscc = "南坪精密机械（演示）有限公司", "91500103MA5U00011H"
		b.at(1, 11, 5)
		worker, p := o.persons[len(o.persons)-1], o.persons[len(o.persons)-2]
		body := map[string]any{"direction": transfer.In, "name": p.Name, "idNo": p.IDNo, "holderName": "成都市人才流动服务中心（演示）", "holderKind": transfer.EndService, "province": "51", "applicant": unit, "applicantKind": transfer.Unit, "applicantUscc": uscc, "applicantDoc": "网上提交的单位申请函",
			"reason": "集体户转入", "regionBasis": "现工作单位所在地", "tiePlace": o.division, "employer": unit, "category": "4.1"}
		_, _, err := send(portal.Identity{Kind: policy.Unit, USCC: uscc, Unit: unit, Name: "经办甲（演示）", IDNo: worker.IDNo}, intake.Sending{Matter: intake.Transfer, Agency: here, Name: p.Name, IDNo: p.IDNo, Applicant: unit, Contact: "演示电话"}, body, "letter", "identity")
		return err
	})
	return nil
}

// posted is a form as a page sends it, with a drawn page for each paper.
func (b *builder) posted(part, first, who string, papers []string) (*bytes.Buffer, string, error) {
	body := &bytes.Buffer{}
	w := multipart.NewWriter(body)
	if err := w.WriteField(part, first); err != nil {
		return nil, "", err
	}
	for i, key := range papers {
		p, err := newPen()
		if err != nil {
			return nil, "", err
		}
		page, err := p.draw(rand.New(rand.NewPCG(uint64(b.o.Seed), uint64(190+i))), form{title: map[string]string{"letter": "存档申请函", "identity": "身份证件复印件", "other": "办理通知"}[key], year: b.today.Year(), rows: [][]string{{"申请人", who, "年度", fmt.Sprint(b.today.Year())}}, text: []string{"事由：", "申请办理人事档案事项（演示）。"}}) //nolint:gosec // a drawn page
		if err != nil {
			return nil, "", err
		}
		part, err := w.CreateFormFile(key, "page.jpg")
		if err != nil {
			return nil, "", err
		}
		if _, err := part.Write(page); err != nil {
			return nil, "", err
		}
	}
	return body, w.Boundary(), w.Close()
}
