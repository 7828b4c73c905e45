package graduate

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// toldAtOnce bounds how many persons of a class are told in one request, and in one transaction.
const (
	toldAtOnce  = 1000
	toldInChunk = 200
)

// Telling is what became of telling a class.
type Telling struct {
	Told        int `json:"told"`
	Unreachable int `json:"unreachable"` // no number on record: to be told by letter or telephone
	Left        int `json:"left"`        // to be told by asking again
}

// TellAll tells every person of a school's class, or of one list, whose packet lies here and
// whom nobody told yet, by message. Asked again it goes on with who is left, and tells nobody twice.
func (d *Desk) TellAll(ctx context.Context, by policy.Actor, school, list string) (out Telling, err error) {
	if err := d.gate.Allowed(by, "graduate.tell", Graduate{Agency: by.Org, State: Unclaimed}.Resource()); err != nil {
		return out, err
	}
	if strings.TrimSpace(school) == "" && list == "" {
		return out, rule.Mistake(rule.Reason{Rule: "12", Slug: "class_missing", Field: "school", Message: "没有指明告知哪一所学校或哪一份名单的毕业生。", Next: "请选择学校或名单。"})
	}
	where, args := d.where(by, Filter{School: strings.TrimSpace(school), List: list, Untold: true})
	where, args = where+" AND agency=?", append(args, by.Org)
	after := ""
	for out.Told < toldAtOnce {
		some, err := store.List[Graduate](ctx, d.gate.DB(), "WHERE "+where+" AND id>? ORDER BY id LIMIT ?", append(args, after, toldInChunk)...)
		if err != nil {
			return out, err
		}
		if len(some) == 0 {
			break
		}
		after = some[len(some)-1].ID
		if err := d.tellSome(ctx, by, some, &out); err != nil {
			return out, err
		}
	}
	n, err := store.Count(ctx, d.gate.DB(), "SELECT count(*) FROM graduate WHERE "+where+" AND id>?", append(args, after)...)
	out.Left = int(n)
	if err == nil && out.Told+out.Unreachable+out.Left == 0 {
		return out, rule.Refuse(rule.Reason{Rule: "12", Slug: "nobody_to_tell", Message: "没有档案已到而尚未告知的毕业生。", Next: "无需再告知；新到的档案签收后再办。"})
	}
	return out, err
}

func (d *Desk) tellSome(ctx context.Context, by policy.Actor, some []Graduate, out *Telling) error {
	// Who can't be reached is left to a letter, and no act is made of it.
	var reached []Graduate
	for _, g := range some {
		held, err := dossier.Get(ctx, d.gate.DB(), g.DossierID)
		if err != nil {
			return err
		}
		ok, err := d.reachable(ctx, d.gate.DB(), held)
		if err != nil {
			return err
		}
		if !ok {
			out.Unreachable++
			continue
		}
		reached = append(reached, g)
	}
	acts := make([]gate.Act, len(reached))
	for i := range acts {
		acts[i] = gate.Act{Actor: by, Action: "graduate.tell", Rules: rules}
	}
	if len(acts) == 0 {
		return nil
	}
	done, err := d.gate.DoBatch(ctx, acts, func(i int, tx *gate.Tx) error {
		held, err := dossier.Load(tx, reached[i].DossierID)
		if err != nil {
			return err
		}
		g, err := store.Get[Graduate](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), reached[i].ID)
		if err != nil {
			return err
		}
		res := g.Resource()
		res.Attrs["person"] = held.PersonID // 10b
		if err := tx.Permit(res); err != nil {
			return err
		}
		if err := g.waits(); err != nil {
			return err
		}
		if !g.ToldAt.IsZero() {
			return rule.Refuse(rule.Reason{Rule: "12", Slug: "told_already", Message: "此人刚由另一人告知。", Next: "无需再告知。"})
		}
		tx.Note("way", BySMS)
		tx.About("Dossier", held.ID)
		g.ToldWay, g.ToldBy, g.ToldAt = BySMS, by.ID, tx.Now()
		return tx.Update(&g)
	})
	if err != nil {
		return err
	}
	for _, o := range done {
		var refused *rule.Refusal
		switch {
		case o.Err == nil:
			out.Told++
		case errors.As(o.Err, &refused): // told or claimed meanwhile
		default:
			return o.Err
		}
	}
	return nil
}

// BySMS is the way of telling that the system sends itself.
const BySMS = "短信"

// answered are the packets of a class as its receipt counts them.
type answered struct {
	received, missing, broken, beside []Graduate
}

func sorted(list []Graduate) (a answered) {
	for _, g := range list {
		if g.State == Awaited {
			a.missing = append(a.missing, g)
			continue
		}
		a.received = append(a.received, g)
		if g.Seal == custody.Broken {
			a.broken = append(a.broken, g)
		}
		if g.Beside() {
			a.beside = append(a.beside, g)
		}
	}
	return a
}

// classMost is how many lines a school's list has at most, as its import says.
const classMost = 5000

// Answer gives the school the receipt for the packets of one list: how many came, which are
// missing, which are damaged. One given later replaces it.
func (d *Desk) Answer(ctx context.Context, by policy.Actor, id string) (l List, err error) {
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "graduate.answer", On: "GraduateList:" + id, Rules: []rule.ID{"12", "20.5"}}, func(tx *gate.Tx) error {
		if l, err = store.Get[List](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(l.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(l.Version); err != nil {
			return err
		}
		people, err := store.List[Graduate](tx.Context(), tx, "WHERE list_id=? ORDER BY row_no, id LIMIT ?", l.ID, classMost)
		if err != nil {
			return err
		}
		a := sorted(people)
		if err := l.mayAnswer(int64(len(a.received))); err != nil {
			return err
		}
		own, err := agency.Get(tx.Context(), tx, l.Agency)
		if err != nil {
			return err
		}
		draft := l.answer(own, a, tx.Actor().Name)
		draft.Replaces = l.ReceiptID
		doc, err := d.press.Issue(tx, draft)
		if err != nil {
			return err
		}
		if l.ReceiptID != "" {
			if err := document.SetState(tx, l.ReceiptID, document.Superseded); err != nil {
				return err
			}
		}
		l.ReceiptNo, l.ReceiptID, l.ReceiptBy, l.ReceiptAt, l.Received = doc.Number, doc.ID, by.ID, tx.Now(), int64(len(a.received))
		return tx.Update(&l)
	})
	return l, err
}

// mayAnswer refuses a receipt for nothing, and one that says the same as the last.
func (l List) mayAnswer(received int64) error {
	switch {
	case received == 0:
		return rule.Refuse(rule.Reason{Rule: "20.5", Slug: "nothing_received", Message: "这份名单的档案还没有收到一袋。", Next: "请接收、签收后出具回执；迟迟未到的，向学校催转。"})
	case l.ReceiptID != "" && received == l.Received:
		return rule.Refuse(rule.Reason{Rule: "20.5", Slug: "receipt_issued", Message: "回执 " + l.ReceiptNo + " 出具以后没有再收到档案。", Next: "请用已出具的回执；又收到的，再出具时替换前一份。"})
	}
	return nil
}

// answer is the 毕业生档案转递回执 (20.5).
func (l List) answer(own agency.Agency, a answered, clerk string) document.Draft {
	columns := func(last string) []paper.Column {
		return []paper.Column{{Title: "序号", Width: 8, Align: paper.AlignCenter}, {Title: "姓名", Width: 16}, {Title: "转递编号", Width: 26}, {Title: "邮件号", Width: 24}, {Title: last, Width: 34}}
	}
	table := func(list []Graduate, last string, note func(g Graduate) string) paper.Table {
		t := paper.Table{Columns: columns(last)}
		for n, g := range list {
			t.Rows = append(t.Rows, []string{strconv.Itoa(n + 1), g.Name, g.TransferNo, g.MailNo, note(g)})
		}
		return t
	}
	return document.Draft{Kind: document.ClassAnswer, Agency: own, CaseRef: l.Ref(), Addressee: l.School, Form: true, Notice: document.Foot,
		Write: func(d *paper.Document, i document.Issue) {
			d.Addressee(l.School)
			d.Paragraph(fmt.Sprintf("你校毕业去向登记名单（%s）所列毕业生%d人，截至本回执出具之日，我单位收到档案%d袋，其中封存有损%d袋、本人在本市已有档案单独存放待归并%d袋；尚未收到%d袋。", l.FileName, len(a.received)+len(a.missing), len(a.received), len(a.broken), len(a.beside), len(a.missing)))
			if len(a.missing) > 0 {
				d.Heading(1, "一、尚未收到的档案")
				d.Paragraph("请查明是否寄出，已寄出的向承运方查询；未寄出的请按机要通信、专人送取或给据邮件转递，不得交由本人携带。")
				d.Table(table(a.missing, "说明", func(Graduate) string { return "未到" }))
			}
			if len(a.broken) > 0 {
				d.Heading(1, "二、封存有损的档案")
				d.Paragraph("已由我单位接收保管，请核实装封情况并书面说明。")
				d.Table(table(a.broken, "情况", func(g Graduate) string { return g.Note }))
			}
			d.Heading(1, "三、已收到的档案")
			d.Table(table(a.received, "收到日期、封存", func(g Graduate) string {
				words := paper.Date(g.ReceivedAt)
				if g.Seal == custody.Broken {
					return words + "，有损"
				}
				return words + "，完好"
			}))
			d.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + clerk}})
		}}
}

// Ref names the list as its papers do.
func (l List) Ref() string { return "GraduateList:" + l.ID }
