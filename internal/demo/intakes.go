package demo

import (
	"context"
	"encoding/json"
	"fmt"

	"dangan/internal/certificate"
	"dangan/internal/founding"
	"dangan/internal/intake"
	"dangan/internal/policy"
	"dangan/internal/transfer"
)

// intakes are applications that were not taken in as they came (28, 29.8): papers asked for
// once, in time and not; a refusal that waits, one that went out, one the reviewer sent back.
func (b *builder) intakes() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	k := b.in.Intakes
	// A unit asks for a certificate without the person's consent.
	certified := func(at int, whole bool, id string) (certificate.Application, json.RawMessage, error) {
		a := certificate.Application{Kind: certificate.Custody, DossierID: o.ids[at], Use: "办理入职（演示）", Applicant: certificate.Unit, Name: "演示经办", IDNo: o.persons[at+1].IDNo, UnitName: "演示科技公司", Letter: "演示函〔2026〕6号", Seen: []string{"居民身份证", "单位介绍信"}, IntakeID: id}
		if whole {
			a.Consent, a.Seen = "同意书（演示）", append(a.Seen, "本人书面同意书")
		}
		raw, err := json.Marshal(map[string]any{"kind": a.Kind, "dossierId": a.DossierID, "use": a.Use, "applicant": a.Applicant, "name": a.Name, "idNo": a.IDNo, "unit": a.UnitName, "letter": a.Letter, "seen": a.Seen})
		return a, raw, err
	}
	for i, one := range []struct {
		ago  int
		then string
	}{{35, "逾期"}, {9, "补齐"}, {2, ""}} {
		b.plan(fmt.Sprintf("补正 %d", i+1), func() error {
			b.at(one.ago, 9, 40+i)
			at, err := b.staying(o, 9+i)
			if err != nil {
				return err
			}
			a, raw, err := certified(at, false, "")
			if err != nil {
				return err
			}
			c, err := k.Record(b.ctx, o.clerk, intake.Entry{Matter: intake.Certificate, Application: raw, DossierID: a.DossierID, Applicant: a.UnitName, Contact: "演示电话"}, func(ctx context.Context, by policy.Actor) error {
				_, err := b.in.Certificates.Open(ctx, by, a)
				return err
			})
			if err != nil || one.then != "补齐" {
				return err
			}
			b.at(one.ago-3, 10, 5)
			if a, _, err = certified(at, true, c.ID); err != nil {
				return err
			}
			_, err = b.in.Certificates.Open(b.ctx, o.clerk, a)
			return err
		})
	}
	b.plan("逾期未补正", func() error {
		b.at(4, 7, 0)
		return k.Sweep(b.ctx)
	})
	// A unit asks for a dossier that has been here all along.
	for i, one := range []struct {
		ago  int
		then string
	}{{6, "不予办理"}, {3, "退回"}, {1, ""}} {
		b.plan(fmt.Sprintf("不予受理 %d", i+1), func() error {
			b.at(one.ago, 15, 20+i)
			at, err := b.staying(o, 12+i)
			if err != nil {
				return err
			}
			p := o.persons[at]
			a := transfer.Application{Direction: transfer.Inner, Name: p.Name, IDNo: p.IDNo, Document: "居民身份证", Holder: founding.AgencyOf("500101"), Applicant: p.Name, Reason: "流动就业", RegionBasis: "户籍地", TiePlace: o.division}
			raw, err := json.Marshal(map[string]any{"direction": a.Direction, "name": a.Name, "idNo": a.IDNo, "document": a.Document, "holder": a.Holder, "applicant": a.Applicant, "reason": a.Reason, "regionBasis": a.RegionBasis, "tiePlace": a.TiePlace})
			if err != nil {
				return err
			}
			try := func(ctx context.Context, by policy.Actor) error {
				_, err := b.in.Transfers.Apply(ctx, by, a)
				return err
			}
			c, err := k.Record(b.ctx, o.clerk, intake.Entry{Matter: intake.Transfer, Application: raw, Name: p.Name, IDNo: p.IDNo, Applicant: p.Name, Contact: "演示电话"}, try)
			if err != nil || one.then == "" {
				return err
			}
			b.at(one.ago-1, 11, 10+i)
			if one.then == "退回" {
				_, err = k.Return(b.ctx, o.reviewer, c.ID, "申请人要求书面答复档案现在何处，先按查档去向答复（演示）")
				return err
			}
			_, err = k.Refuse(b.ctx, o.reviewer, c.ID, "", func(intake.Case) intake.Try { return try })
			return err
		})
	}
	return nil
}

// staying is the n-th living person of an office whose dossier lies there now, by its place in the
// office's list. The last of the list travel: what is done for weeks takes one of the first.
func (b *builder) staying(o *office, n int) (int, error) {
	rows, err := b.in.DB.Query(b.ctx, "SELECT id FROM dossier WHERE agency=? AND state='in_store' AND NOT EXISTS (SELECT 1 FROM death WHERE death.dossier_id=dossier.id) ORDER BY no, id", founding.AgencyOf(o.division))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	here := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
		here[id] = true
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	for i, id := range o.ids {
		if here[id] && n == 0 {
			return i, nil
		}
		if here[id] {
			n--
		}
	}
	return 0, fmt.Errorf("%s has no %d-th dossier in its store", o.division, n)
}
