package graduate

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/store"
	"dangan/internal/work"
)

// chaseAfter is how many days after a list a packet that has not come is asked for.
const chaseAfter = 15

// answerAfter is how many days after its first packet a school is owed the receipt of its class (20.5).
const answerAfter = 5

// Work lists, a line for each school and list, whom nobody told yet and which packets
// were listed but have not come, and the own batch that waits for its signature.
func (d *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	out, err := d.decisions(ctx, by)
	if err != nil {
		return nil, err
	}
	escalated, err := d.escalated(ctx, by)
	if err != nil {
		return nil, err
	}
	out = append(out, escalated...)
	if may := d.gate.Allowed(by, "graduate.tell", Graduate{Agency: by.Org}.Resource()) == nil; !may {
		return out, nil
	}
	open, err := store.List[Batch](ctx, d.gate.DB(), "WHERE staff_id=? AND state=? AND packets>0 LIMIT 1", by.ID, Open)
	if err != nil {
		return nil, err
	}
	for _, b := range open {
		out = append(out, work.Item{Room: "graduate", Kind: "毕业生接收", Subject: fmt.Sprintf("%d 袋已扫描", b.Packets), Todo: "点数、签收本批", Link: "/graduates/desk", Action: "签收", Basis: "12", Lane: work.Todo, Since: b.OpenedAt})
	}
	unsigned, err := d.unsigned(ctx, by)
	if err != nil {
		return nil, err
	}
	out = append(out, unsigned...)
	for _, q := range []struct {
		query, todo, action, link, lane string
		args                            []any
	}{
		{"SELECT school, count(*), min(received_at) FROM graduate WHERE agency=? AND state='unclaimed' AND told_at IS NULL GROUP BY school ORDER BY min(received_at) LIMIT 50",
			"告知本人档案已到", "告知", "/graduates?state=untold", work.Todo, []any{by.Org}},
		{"SELECT school, count(*), min(received_at) FROM graduate WHERE agency=? AND state='elsewhere' AND ending IS NULL GROUP BY school ORDER BY min(received_at) LIMIT 50",
			"本人已有档案，比对后并入、移交或退回学校", "处理", "/graduates?state=elsewhere", work.Todo, []any{by.Org}},
		{"SELECT g.school, count(*), min(l.listed_at) FROM graduate g JOIN graduate_list l ON l.id=g.list_id WHERE g.agency=? AND g.state='awaited' AND l.listed_at<? GROUP BY g.school ORDER BY min(l.listed_at) LIMIT 50",
			"档案未到，向学校催转", "催转", "/graduates?state=awaited", work.Sent, []any{by.Org, d.gate.Now().AddDate(0, 0, -chaseAfter)}},
		{"SELECT l.school, count(*), min(g.received_at) FROM graduate_list l JOIN graduate g ON g.list_id=l.id WHERE l.agency=? AND l.receipt_id IS NULL AND g.received_at<? GROUP BY l.school ORDER BY min(g.received_at) LIMIT 50",
			"向学校出具回执", "回执", "/graduates/lists?", work.Todo, []any{by.Org, d.gate.Now().AddDate(0, 0, -answerAfter)}},
	} {
		rows, err := d.gate.DB().Query(ctx, q.query, q.args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var school string
			var n, since int64
			if err := rows.Scan(&school, &n, &since); err != nil {
				_ = rows.Close()
				return nil, err
			}
			out = append(out, work.Item{Room: "graduate", Kind: "毕业生接收", Subject: school, SubjectNote: fmt.Sprintf("%d 人", n), Todo: q.todo, Action: q.action,
				Link: q.link + "&school=" + url.QueryEscape(school), Basis: "12", Lane: q.lane, Since: time.UnixMicro(since)})
		}
		err = rows.Err()
		_ = rows.Close()
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// signBy is how many working days an undertaking that was told may wait for its signature before
// it is late.
const signBy = 5

// decisions are the packets beside a dossier whose end another person proposed.
func (d *Desk) decisions(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	if d.gate.Allowed(by, "graduate.decide", Graduate{Agency: by.Org, State: Elsewhere}.Resource()) != nil {
		return nil, nil
	}
	where, args := scope(by)
	list, err := store.List[Graduate](ctx, d.gate.DB(), "WHERE "+where+" AND agency=? AND state='elsewhere' AND ending IS NOT NULL AND ending_by<>? ORDER BY ending_at LIMIT 20", append(args, by.Org, by.ID)...)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, g := range list {
		out = append(out, work.Item{Room: "graduate", Kind: "毕业生接收", Subject: g.Name, SubjectNote: g.TransferNo, Todo: "审核：" + EndingName(g.Ending), Link: "/graduates/" + g.ID, Action: "审核", Basis: "2", Lane: work.Todo, Since: g.EndingAt})
	}
	return out, nil
}

// Registers are the registers of this room (N3): the packets received by lists.
func (d *Desk) Registers() []register.Register {
	var states []register.Choice
	for _, s := range States[1:] {
		states = append(states, register.Choice{Key: string(s), Name: s.Name()})
	}
	return []register.Register{register.Of(register.Register{Key: "graduates", No: 21, Name: "毕业生接收", Rule: "12", Date: "接收日期",
		Heads: []string{"毕业院校", "转递编号", "封存", "库位", "告知", "办结日期"}, Widths: []float64{24, 20, 12, 18, 20, 12}, States: states, Posts: readers,
		Acts: []string{"graduate.receive"}, Note: "按毕业去向登记名单接收的档案袋，一袋一条，自接收日起保管；库位是档案袋现在的位置，办结是本人认领、并入本人的一卷、退回学校或者先行转出的日期。"},
		register.Source[Graduate]{DB: func() store.Querier { return d.gate.DB() }, Scope: scope, Only: "graduate.received_at IS NOT NULL", At: "graduate.received_at", State: "graduate.state", Dossier: "graduate.dossier_id",
			Numbers: []string{"graduate.transfer_no", "graduate.mail_no", "graduate.school"},
			Place:   func(g Graduate) (string, string) { return register.Micro(g.ReceivedAt), g.ID },
			Rows: func(ctx context.Context, list []Graduate) ([]register.Row, error) {
				shelves, err := shelves(ctx, d.gate.DB(), list)
				if err != nil {
					return nil, err
				}
				rows := make([]register.Row, len(list))
				for i, g := range list {
					told, resolved := "", ""
					if !g.ToldAt.IsZero() {
						told = calendar.Of(g.ToldAt).String() + " " + g.ToldWay
					}
					if at := g.Resolved(); !at.IsZero() {
						resolved = calendar.Of(at).String()
					}
					own := g.DossierID
					if g.Beside() {
						own = "" // another agency's dossier is not named here
					}
					rows[i] = register.Row{On: calendar.Of(g.ReceivedAt).String(), Agency: g.Agency, Handler: g.ReceivedBy, DossierID: own, Person: g.Name, CaseNo: g.TransferNo, State: g.State.Name(), Tone: g.State.Tone(), Link: "/graduates/" + g.ID,
						Own: []string{g.School, g.TransferNo, map[string]string{"intact": "封存完好", "broken": "封存有损"}[g.Seal], shelves[g.ID], told, resolved}}
				}
				return rows, nil
			}})}
}

// shelves says where the packets of a list stand: a dossier of its own by its shelfmark while it
// is kept here, a packet beside another dossier by what was put down of it.
func shelves(ctx context.Context, q store.Querier, list []Graduate) (map[string]string, error) {
	out := map[string]string{}
	var ids []string
	for _, g := range list {
		if out[g.ID] = g.Shelf; !g.Beside() && g.DossierID != "" {
			ids = append(ids, g.DossierID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	held, err := store.List[dossier.Dossier](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	byID := map[string]dossier.Dossier{}
	for _, d := range held {
		byID[d.ID] = d
	}
	for _, g := range list {
		if own := byID[g.DossierID]; !g.Beside() && own.Agency == g.Agency {
			out[g.ID] = own.Shelfmark
		}
	}
	return out, nil
}
