package demo

import (
	"dangan/internal/document"
	"dangan/internal/store"
	"dangan/internal/window"
)

// matters are what people say of the service (28, 29.8): an objection to a refusal that
// waits, one complaint answered, one anonymous and overdue.
func (b *builder) matters() error {
	o, err := b.open("500108")
	if err != nil || len(o.persons) < smallest {
		return err
	}
	supervisor, err := b.as("supervisor", "500108")
	if err != nil {
		return err
	}
	k := b.in.Window
	b.plan("投诉 1", func() error {
		b.at(40, 10, 20)
		_, err := k.Receive(b.ctx, o.clerk, window.Entry{Kind: window.Complaint, About: "delay", Text: "电话问了三次，没有说清什么时候能调走"})
		return err
	})
	b.plan("投诉 2", func() error {
		b.at(12, 10, 25)
		m, err := k.Receive(b.ctx, o.clerk, window.Entry{Kind: window.Complaint, About: "attitude", Who: "演示投诉人", Contact: "演示电话", Text: "窗口没有一次说清要带什么材料"})
		if err != nil {
			return err
		}
		b.at(8, 15, 0)
		_, err = k.Answer(b.ctx, supervisor, m.ID, true, "经查属实，已要求窗口使用一次性告知单")
		return err
	})
	b.plan("异议", func() error {
		b.at(1, 10, 30)
		d, err := store.Get[document.Document](b.ctx, b.in.DB, "WHERE kind=? AND agency=? AND case_ref LIKE 'Consultation:%' ORDER BY id LIMIT 1", document.RefusalNotice, o.clerk.Org)
		if err != nil {
			return err
		}
		_, err = k.Receive(b.ctx, o.clerk, window.Entry{Kind: window.Objection, Notice: d.Number, Who: d.Addressee, Contact: "演示电话", Text: "查阅事由有法律依据，已补充说明"})
		return err
	})
	return nil
}
