package demo

import (
	"fmt"

	"dangan/internal/certificate"
)

// certificates stand at every step: issued ones that the check page shows, one
// corrected, some waiting for review, one sent back, one refused, one just taken in.
func (b *builder) certificates() error {
	o, err := b.open("500108")
	if err != nil || o.part() < 16 {
		return err
	}
	k := b.in.Certificates
	uses := []string{"办理社会保险", "办理落户", "职称申报", "公证", "考试报名"}
	for i, c := range []struct {
		kind  certificate.Kind
		at    int // place in the list
		ago   int
		until string
	}{
		{certificate.Custody, 0, 46, "issued"}, {certificate.History, 1, 30, "issued"}, {certificate.Kinship, 2, 21, "issued"}, {certificate.Custody, 3, 12, "corrected"}, {certificate.Custody, 4, 9, "void"},
		{certificate.History, 5, 6, "issued"}, {certificate.History, 6, 4, "returned"}, {certificate.Kinship, 7, 3, "refused"}, {certificate.Custody, 9, 2, "submitted"}, {certificate.History, 10, 1, "submitted"}, {certificate.History, 11, 1, "draft"},
	} {
		p := o.persons[c.at]
		b.at(c.ago, 9, 5+i)
		a := certificate.Application{Kind: c.kind, DossierID: o.ids[c.at], Use: uses[i%len(uses)], Applicant: certificate.Self, Name: p.Name, IDNo: p.IDNo, Seen: []string{"居民身份证"}}
		if c.until != "draft" && c.until != "refused" {
			if a.Keys, err = b.statements(o, a); err != nil {
				return err
			}
		}
		made, err := k.Open(b.ctx, o.clerk, a)
		if err == nil {
			b.at(c.ago, 15, 10+i)
			err = b.certify(o, a, made.ID, c.until)
		}
		if err != nil {
			return fmt.Errorf("%s of %s: %w", c.kind.Name(), p.No, err)
		}
	}
	return nil
}

// statements are the keys of everything a dossier's record can be made to state.
func (b *builder) statements(o *office, a certificate.Application) ([]string, error) {
	list, err := b.in.Certificates.Propose(b.ctx, o.clerk, a.DossierID, a.Kind)
	var out []string
	for _, p := range list {
		if p.Hindrance == nil {
			out = append(out, p.Key)
		}
	}
	return out, err
}

// certify drives an application as far as it is to stand.
func (b *builder) certify(o *office, a certificate.Application, id, until string) error {
	k := b.in.Certificates
	switch until {
	case "returned":
		_, err := k.Return(b.ctx, o.reviewer, id, "请核对第一段的起止时间后再提交")
		return err
	case "refused":
		_, err := k.Refuse(b.ctx, o.reviewer, id, []certificate.RefuseReason{{Rule: "23", Fact: "档案材料中没有申请人所述养父母的记载。"}}, "请向户籍、民政部门或者公证机构申请。")
		return err
	case "issued", "corrected", "void":
		if _, err := k.Issue(b.ctx, o.reviewer, id); err != nil {
			return err
		}
	}
	switch until {
	case "void":
		_, err := k.Void(b.ctx, o.reviewer, id, "申请人不再需要，交回原件")
		return err
	case "corrected":
		a.Replaces, a.Reason, a.Use = id, "用途写错", "办理居住证"
		fresh, err := k.Open(b.ctx, o.clerk, a)
		if err == nil {
			_, err = k.Issue(b.ctx, o.reviewer, fresh.ID)
		}
		return err
	}
	return nil
}
