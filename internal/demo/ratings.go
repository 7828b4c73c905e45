package demo

import (
	"fmt"
	"strings"

	"dangan/internal/document"
	"dangan/internal/rating"
	"dangan/internal/store"
	"dangan/internal/window"
)

// ratings are what applicants said of the service once they had a result (28): most content;
// one not, called back on and put right; one nobody called back on in time; one nameless.
func (b *builder) ratings() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	k := b.in.Ratings
	for i, one := range []struct {
		ago int
		rating.Entry
	}{
		{33, rating.Entry{Grade: 2, Reasons: []string{"slow", "unclear"}, Text: "等了很久，打电话也问不到办到哪一步", Contact: "演示电话"}},
		{32, rating.Entry{Grade: 1, Reasons: []string{"again"}, Text: "跑了三次"}},
		{31, rating.Entry{Grade: 5, Reasons: []string{"kind"}}},
		{30, rating.Entry{Grade: 4}},
		{24, rating.Entry{Grade: 5, Reasons: []string{"clear", "fast"}, Channel: rating.AtWindow}},
		{10, rating.Entry{Grade: 3}},
		{3, rating.Entry{Grade: 2, Reasons: []string{"told"}, Nameless: true}},
	} {
		b.plan(fmt.Sprintf("评价 %d", i+1), func() error {
			b.at(one.ago, 16, 10+i)
			d, err := b.ended(o)
			if err != nil || d.ID == "" {
				return err
			}
			one.Number, one.Code = d.Number, d.Code
			if err := k.Rate(b.ctx, rating.Public, one.Entry); err != nil || i > 0 {
				return err
			}
			c, err := store.Get[rating.Case](b.ctx, b.in.DB, "WHERE receipt_no=?", d.Number)
			if err != nil {
				return err
			}
			by := o.headOf
			if strings.Contains(c.Handlers, by.ID) { // who had a hand in it does not call
				if by, err = b.as("supervisor", "500108"); err != nil {
					return err
				}
			}
			b.at(one.ago-2, 10, 20)
			if _, err := k.Call(b.ctx, by, c.ID, rating.Call{Way: "phone"}); err != nil {
				return err
			}
			b.at(one.ago-3, 15, 40)
			if _, err := k.Call(b.ctx, by, c.ID, rating.Call{Way: "phone", Reached: true, Said: "等候期间没有人告诉进度，办结后才接到电话"}); err != nil {
				return err
			}
			b.at(one.ago-6, 11, 0)
			_, err = k.Finish(b.ctx, by, c.ID, rating.Finishing{Result: "true", Corrected: true, Answer: "办理进度可凭回执查询，窗口没有告知；已要求出具回执时当面说明查询办法"})
			return err
		})
	}
	return nil
}

// ended is an application of an office that has its result and was not rated.
func (b *builder) ended(o *office) (document.Document, error) {
	list, err := store.List[document.Document](b.ctx, b.in.DB, "WHERE kind=? AND state=? AND agency=? ORDER BY issued_at, id LIMIT 200", document.Acceptance, document.Issued, o.clerk.Org)
	if err != nil {
		return document.Document{}, err
	}
	refs := make([]string, len(list))
	for i, d := range list {
		refs[i] = d.CaseRef
	}
	ended, err := window.Ended(b.ctx, b.in.DB, refs)
	if err != nil {
		return document.Document{}, err
	}
	for _, d := range list {
		if ended[d.CaseRef] == "" {
			continue
		}
		if state, err := b.in.Ratings.Asked(b.ctx, d); err != nil || state == "open" {
			return d, err
		}
	}
	return document.Document{}, nil
}
