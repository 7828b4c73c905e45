package api

import (
	"context"
	"strings"
	"time"

	"dangan/internal/codes"
	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/person"
)

func maskPhone(phone string) string {
	if len(phone) < 8 {
		return strings.Repeat("*", len(phone))
	}
	return phone[:3] + "****" + phone[len(phone)-4:]
}

func (s *Server) personView(p person.Person) PersonView {
	return PersonView{Name: p.Name, FormerNames: p.FormerNames, Sex: sexName(p.Sex), BirthDate: p.BirthDate, Ethnic: codes.Name(codes.Ethnics(), p.Ethnic),
		Political: codes.Name(codes.Politicals(), p.Political), Education: codes.Name(codes.Educations(), p.Education), IDNo: identity.Mask(p.IDNo), Phone: maskPhone(p.Phone), Employer: p.Employer, Synthetic: p.Synthetic}
}

func forcedView(d dossier.Dossier, because dossier.Period) ForcedView {
	v := ForcedView{Code: string(d.Forced)}
	switch d.Forced {
	case dossier.ForcedYes:
		v.Text = "只能机要通信或专人送取"
		span := strings.ReplaceAll(because.FromMonth, "-", ".") + "—"
		if because.ToMonth == "" {
			span += "至今"
		} else {
			span += strings.ReplaceAll(because.ToMonth, "-", ".")
		}
		if id, ok := codes.FindIdentity(because.Identity); ok {
			v.Reason = "曾任" + id.Name + " " + span
		} else if because.Unit != "" {
			v.Reason = because.Unit + " " + span + "，岗位未登记"
		}
	case dossier.ForcedNo:
		v.Text = "机要通信、专人送取、给据邮件均可"
	default:
		v.Text = "按只能机要通信或专人送取办理"
		v.Reason = "工作经历未登记完整并核对"
	}
	return v
}

func (s *Server) dossierView(ctx context.Context, id string) (*Tagged[DossierView], error) {
	page, err := s.Dossiers.Open(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	chain, err := custody.Chain(ctx, s.DB, id)
	if err != nil {
		return nil, err
	}
	moments, err := s.Dossiers.Timeline(ctx, actor(ctx), id, 0, 8)
	if err != nil {
		return nil, err
	}
	acts, err := s.Dossiers.ActsAbout(ctx, id)
	if err != nil {
		return nil, err
	}
	d := page.Dossier
	me := actor(ctx).ID
	name := s.names(ctx)
	v := DossierView{ID: d.ID, Version: d.Version, No: d.No, State: string(d.State), StateName: dossierState(d), Tone: dossierTone(d), Agency: d.Agency, AgencyName: s.agencyName(ctx, d.Agency),
		Place: d.Place, Where: whereIs(d), Shelfmark: d.Shelfmark, Hold: d.Hold, Person: s.personView(page.Person), Secrecy: d.Secrecy, SecrecyName: dossier.OfLevel(d.Secrecy).Name(), Senior: d.Senior,
		Category: CategoryView{d.Category, codes.CategoryName(d.Category), d.Subtype, codes.SubtypeName(d.Subtype), d.Evidence},
		Account:  AccountView{Kind: d.AccountKind, Name: map[string]string{"personal": "个人账户", "collective": "集体账户"}[d.AccountKind], Unit: d.AccountUnit, On: d.AccountOn},
		Forced:   forcedView(d, page.Forcing), Basis: d.BasisName(), ReceivedOn: d.ReceivedOn, ReceivedFrom: d.ReceivedFrom, Remark: d.Remark,
		Catalog: s.catalogView(ctx, d, page.Catalog), Loose: s.materials(ctx, page.Loose), Returned: s.materials(ctx, page.Returned),
		KeyFacts: s.keyFacts(ctx, page.KeyFacts, s.names(ctx)), Facts: []EntryView{}, Periods: []PeriodView{}, Gaps: []GapView{}, Supplements: []SupplementView{}, Corrections: []CorrectionView{}, Cases: []CaseView{}, Custody: []CustodyView{},
		History:     HistoryView{Stated: d.HistoryBy != "", StatedBy: name(d.HistoryBy), StatedOwn: d.HistoryBy == me, Confirmed: d.HistoryOkBy != "", ConfirmedBy: name(d.HistoryOkBy)},
		FamilyCount: page.Family, Unconfirmed: page.Unconfirmed, GapsKnown: page.GapsKnown, Timeline: s.moments(ctx, moments), TimelineCount: acts, ChangedAt: d.ChangedAt, Possible: possible(page.Possible)}
	if v.Account.Name == "" {
		v.Account.Name = "未开户"
		if dead, err := s.Accounts.Dead(ctx, s.DB, d.ID); err != nil {
			return nil, err
		} else if dead {
			v.Account.Name = "已终止（本人死亡）"
		}
	}
	labels := map[string]string{}
	for _, m := range page.Catalog {
		labels[m.ID] = m.Label()
	}
	source := func(materialID, cite string, pageNo int64) SourceView {
		if l := labels[materialID]; l != "" {
			cite = l
		}
		return SourceView{materialID, cite, pageNo}
	}
	for _, f := range page.Facts {
		v.Facts = append(v.Facts, EntryView{f.ID, f.Kind, dossier.KeyFactName(f.Kind), f.Written, source(f.MaterialID, f.Cite, f.PageNo), f.ConfirmedBy != "", name(f.EnteredBy), f.EnteredBy == me, f.At})
	}
	for _, p := range page.Periods {
		pv := PeriodView{ID: p.ID, Kind: p.Kind, KindName: periodNames[p.Kind], From: p.FromMonth, To: p.ToMonth, Unit: p.Unit, Post: p.Post, Identity: p.Identity,
			Source: source(p.MaterialID, p.Cite, p.PageNo), Confirmed: p.ConfirmedBy != "", EnteredBy: name(p.EnteredBy), EnteredOwn: p.EnteredBy == me}
		if id, ok := codes.FindIdentity(p.Identity); ok {
			pv.IdentityName, pv.Forces = id.Name, id.Forces
		}
		v.Periods = append(v.Periods, pv)
	}
	for _, g := range page.Gaps {
		v.Gaps = append(v.Gaps, GapView{g.KeyFact, dossier.KeyFactName(g.KeyFact), g.Title, g.Class, g.Others, g.Consequence, g.Because})
	}
	for _, x := range page.Supplements {
		v.Supplements = append(v.Supplements, SupplementView{x.ID, x.Title, x.Class, x.KeyFact, x.Maker, x.HandedOn, x.Promised, x.DueOn, s.daysLeft(x.DueOn)})
	}
	for _, c := range page.Corrections {
		v.Corrections = append(v.Corrections, s.correctionView(ctx, c, labels[c.MaterialID]))
	}
	for _, c := range page.Cases {
		v.Cases = append(v.Cases, CaseView(c))
	}
	for _, e := range chain {
		v.Custody = append(v.Custody, CustodyView{e.At, e.Kind, custodyNames[e.Kind], s.agencyName(ctx, e.Agency), placeName(e.FromPlace), placeName(e.ToPlace), name(e.StaffID), e.Note})
	}
	return &Tagged[DossierView]{ETag: etag(d.Version), Body: v}, nil
}

var periodNames = map[string]string{dossier.Study: "学习", dossier.Work: "工作", dossier.Service: "服役"}

var custodyNames = map[string]string{
	custody.Taken: "转入接收", custody.Shelved: "入库", custody.Pulled: "提档", custody.Handed: "交接", custody.Dispatched: "寄送", custody.Arrived: "签收", custody.CameBack: "退回到件", custody.Merged: "并档", custody.Parted: "拆档", custody.Rebuilt: "重建", custody.Beside: "另袋", custody.Strayed: "误投代管",
}

func (s *Server) keyFacts(ctx context.Context, list []dossier.Compared, name func(string) string) []KeyFactView {
	out := []KeyFactView{}
	me := actor(ctx).ID
	for _, c := range list {
		v := KeyFactView{Kind: c.Kind, Name: c.Name, Verdict: c.Verdict, Note: c.Note, Mentions: []MentionView{}, Decisions: []DeterminationView{}, Adopted: c.Adopted, Highest: append([]string{}, c.Highest...), Unread: []UnreadView{}}
		for _, m := range c.Mentions {
			n := MentionView{Label: m.Label, MaterialID: m.MaterialID, Page: m.Page, Written: m.Written, Weight: m.Weight, Confirmed: m.Confirmed, Differs: c.Contradicts(m), Formed: m.Formed, Value: m.Value,
				Earliest: m.Earliest, Against: m.Against, Doubts: append([]string{}, m.Doubts...), Entry: m.EntryID, EnteredOwn: m.EnteredBy != "" && m.EnteredBy == me, Conversion: m.Conversion, Checked: []HandView{}}
			if m.EnteredBy != "" {
				n.Entered = &HandView{name(m.EnteredBy), momentOf(m.EnteredAt)}
			}
			for _, h := range m.Checked {
				n.Checked = append(n.Checked, HandView{name(h.By), momentOf(h.At)})
			}
			v.Mentions = append(v.Mentions, n)
		}
		for _, e := range c.Decisions {
			n := DeterminationView{ID: e.ID, Written: e.Written, Value: e.Value, Authority: e.Authority, DocNo: e.DocNo, On: e.DecidedOn, Source: SourceView{e.MaterialID, e.Label, e.PageNo},
				Confirmed: e.ConfirmedBy != "", EnteredBy: name(e.EnteredBy), EnteredOwn: e.EnteredBy == me, EnteredAt: e.At, Checked: []HandView{}}
			if e.ConfirmedBy != "" {
				n.Checked = append(n.Checked, HandView{name(e.ConfirmedBy), momentOf(e.ConfirmedAt)})
			}
			v.Decisions = append(v.Decisions, n)
		}
		for _, m := range c.Unread {
			v.Unread = append(v.Unread, UnreadView{m.ID, m.Label(), m.Formed()})
		}
		out = append(out, v)
	}
	return out
}

// momentOf is a moment that may not be known.
func momentOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
