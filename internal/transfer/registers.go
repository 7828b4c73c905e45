package transfer

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): what came in, what left, the letters.
func (k *Desk) Registers() []register.Register {
	db := func() store.Querier { return k.gate.DB() }
	numbers := []string{"person_name", "no", "letter_no", "notice_no"}
	return []register.Register{
		register.Of(register.Register{Key: "transfer-in", No: 1, Name: "转入接收", Rule: "20.5", Date: "签收日期",
			Heads: []string{"原存档单位", "调档函", "转递方式", "份", "缺关键材料", "承诺", "回执"}, Widths: []float64{30, 24, 14, 6, 26, 18, 24},
			States: states(Promising, Shelving, Closed), Posts: readers, Acts: []string{"transfer.receive"}, Note: "复核签收的转入，一件一条；签收日保管责任转移。"},
			register.Source[Case]{DB: db, Scope: at("receiver"), Only: "received_at IS NOT NULL", At: "received_at", State: "state", Dossier: "transfer.dossier_id", Numbers: numbers,
				Place: func(c Case) (string, string) { return register.Micro(c.ReceivedAt), c.ID }, Rows: k.cameIn}),
		register.Of(register.Register{Key: "transfer-out", No: 2, Name: "转出", Stated: true, Rule: "20.2b", Date: "寄送日期",
			Heads: []string{"接收单位", "调档函", "通知单", "转递方式", "单号或送取人", "用工作日", "回执", "回执所载"}, Widths: []float64{30, 24, 24, 14, 24, 8, 24, 40},
			States: states(InTransit, Checking, Awaiting, Missing, Packed, Closed), Posts: readers, Acts: []string{"transfer.dispatch"}, Note: "已寄送的转出，一件一条；自收函次日起十五个工作日内寄出。"},
			register.Source[Case]{DB: db, Scope: at("holder"), Only: "direction<>'in' AND coalesce(sent_first,dispatched_on) IS NOT NULL", At: "coalesce(sent_first,dispatched_on)", Day: true, State: "state", Dossier: "transfer.dossier_id", Numbers: numbers,
				Place: func(c Case) (string, string) { return c.firstSent(), c.ID }, Rows: k.wentOut}),
		register.Of(register.Register{Key: "letters", No: 3, Name: "调档函", Rule: "20.1", Date: "开函日期",
			Heads: []string{"致", "函号", "有效期至", "使用"}, Widths: []float64{30, 24, 12, 20},
			States: states(Lettered, Expired, Withdrawn, Closed), Posts: readers, Acts: []string{"transfer.letter"}, Note: "本机构开具的调档函，一件转递一条；过期、撤回的保留，更正后换发的，作废的函号列在“使用”一栏。"},
			register.Source[Case]{DB: db, Scope: at("receiver"), Only: "letter_by IS NOT NULL", At: "letter_on", Day: true, State: "state", Dossier: "transfer.dossier_id", Numbers: numbers,
				Place: func(c Case) (string, string) { return c.LetterOn, c.ID }, Rows: k.letters}),
		register.Of(register.Register{Key: "transfer-lists", No: 33, Name: "批量转出", Rule: "20b", Date: "登记日期",
			Heads: []string{"接收学校或单位", "来函", "批号", "人数", "未纳入", "通知单", "转递方式", "单号或送取人", "回执", "回执所载"}, Widths: []float64{30, 24, 16, 8, 8, 24, 14, 24, 24, 40},
			States: []register.Choice{{Key: ListOpen, Name: ListStateName(ListOpen)}, {Key: ListPacked, Name: ListStateName(ListPacked)}, {Key: ListSent, Name: ListStateName(ListSent)}, {Key: ListDone, Name: ListStateName(ListDone)}, {Key: ListEnded, Name: ListStateName(ListEnded)}},
			Posts:  readers, Table: List{}.Table(), Note: "一函多人的来函（升学等），一函一条；各人的转出另见转出台账。"},
			register.Source[List]{DB: db, Scope: register.OfAgency("transfer_list.agency", "", readers...), At: "transfer_list.registered_at", State: "transfer_list.state", Numbers: []string{"transfer_list.no", "transfer_list.letter_no", "transfer_list.notice_no", "transfer_list.receiver_name"},
				Place: func(l List) (string, string) { return register.Micro(l.RegisteredAt), l.ID }, Rows: listLines}),
		register.Of(register.Register{Key: "packet-faults", No: 34, Name: "转递异常", Elsewhere: true, Rule: "20.3a", Date: "发现日期",
			Heads: []string{"情形", "发出单位", "接收单位", "转递方式和编号", "查询函", "承运方答复", "遗失报告", "了结"}, Widths: []float64{10, 26, 26, 22, 22, 18, 22, 26},
			States: faultChoices(), Posts: readers, Table: "transfer_fault", Note: "包裹逾期、误投、拒收、遗失、破损、拆封，一次异常一条；了结前由发出单位负责。"},
			register.Source[Fault]{DB: db, Scope: faultScope, At: "transfer_fault.found_on", Day: true, State: "transfer_fault.state", Dossier: "transfer_fault.dossier_id", Numbers: []string{"transfer_fault.no", "transfer_fault.tracking_no", "transfer_fault.report_no"},
				Place: func(f Fault) (string, string) { return f.FoundOn, f.ID }, Rows: k.faultRows}),
		register.Of(register.Register{Key: "strays", No: 47, Name: "误投转送", Rule: "20.3a", Date: "收到日期",
			Heads: []string{"发出单位", "接收单位", "通知单", "登记单", "包封", "去向", "转递方式和编号", "寄出日期"}, Widths: []float64{28, 28, 24, 24, 8, 16, 26, 12},
			States: []register.Choice{{Key: StrayHeld, Name: strayStates[StrayHeld].name}, {Key: StraySent, Name: strayStates[StraySent].name}, {Key: StrayEnded, Name: strayStates[StrayEnded].name}},
			Posts:  readers, Table: Stray{}.Table(), Note: "误投到本机构的他人转递的包裹，一件一条；原封代管，转送或者退回。"},
			register.Source[Stray]{DB: db, Scope: strayScope, At: "transfer_stray.found_at", State: "transfer_stray.state", Numbers: []string{"transfer_stray.no", "transfer_stray.slip_no", "transfer_stray.tracking_no"},
				Place: func(s Stray) (string, string) { return register.Micro(s.FoundAt), s.ID }, Rows: k.strayRows}),
		k.despiteRegister(),
		register.Of(register.Register{Key: "transfer-withdrawn", No: 48, Name: "转递撤回", Elsewhere: true, Rule: "29.8", Date: "撤回日期",
			Heads: []string{"原存档单位", "接收单位", "要求撤回的", "书面材料", "原因"}, Widths: []float64{30, 30, 12, 24, 40},
			States: states(Withdrawn), Posts: readers, Acts: []string{"transfer.withdraw"}, Note: "凭申请人或者来函单位书面材料撤回的转递，一件一条；供负责人和上级监督核查。"},
			register.Source[Case]{DB: db, Scope: either, Only: "state='withdrawn'", At: "closed_at", State: "state", Dossier: "transfer.dossier_id", Numbers: numbers,
				Place: func(c Case) (string, string) { return register.Micro(c.ClosedAt), c.ID }, Rows: func(_ context.Context, list []Case) ([]register.Row, error) {
					rows := make([]register.Row, len(list))
					for i, c := range list {
						rows[i] = line(c, calendar.Of(c.ClosedAt).String(), c.withdrawnAt(), "", c.HolderName, c.ReceiverName, AskerName(c.WithdrawnBy), c.WithdrawnDoc, c.WithdrawnWhy)
					}
					return rows, nil
				}}),
	}
}

// withdrawnAt is the agency that booked a withdrawal.
func (c Case) withdrawnAt() string {
	if c.Direction == Out {
		return c.Holder
	}
	return c.Receiver
}

// either is the scope of the cases of which an actor's agency is the end that withdraws.
func either(actor policy.Actor) (string, []any) {
	where, args := scope(actor)
	if len(actor.Reach) == 0 {
		return where, args
	}
	in, reach := store.Marks(len(actor.Reach)), store.Args(actor.Reach)
	return where + " AND (direction<>'out' AND receiver IN (" + in + ") OR direction='out' AND holder IN (" + in + "))", append(append(args, reach...), reach...)
}

// at is the scope of the cases of one end.
func at(end string) func(policy.Actor) (string, []any) {
	return func(actor policy.Actor) (string, []any) {
		where, args := scope(actor)
		if len(actor.Reach) == 0 {
			return where, args
		}
		return where + " AND " + end + " IN (" + store.Marks(len(actor.Reach)) + ")", append(args, store.Args(actor.Reach)...)
	}
}

func states(list ...State) []register.Choice {
	out := make([]register.Choice, len(list))
	for i, s := range list {
		out[i] = register.Choice{Key: string(s), Name: s.Name()}
	}
	return out
}

func line(c Case, on, agency, handler string, own ...string) register.Row {
	return register.Row{On: on, Agency: agency, Handler: handler, DossierID: c.DossierID, Person: c.PersonName, CaseNo: c.No, State: c.State.Name(), Tone: c.State.Tone(), Link: "/transfers/" + c.ID, Own: own}
}

func (k *Desk) cameIn(ctx context.Context, list []Case) ([]register.Row, error) {
	pieces, err := k.pieces(ctx, list)
	if err != nil {
		return nil, err
	}
	rows := make([]register.Row, len(list))
	for i, c := range list {
		var missing []string
		var gaps []Gap
		if c.Gaps != "" {
			if err := json.Unmarshal([]byte(c.Gaps), &gaps); err != nil {
				return nil, fmt.Errorf("gaps of %s: %w", c.No, err)
			}
		}
		for _, g := range gaps {
			if g.KeyFact != "" {
				missing = append(missing, g.Title)
			}
		}
		promise := ""
		switch {
		case c.PromisedOn != "":
			promise = calendar.Date(c.PromisedOn).Long()
		case len(missing) > 0:
			promise = "待承诺"
		}
		rows[i] = line(c, calendar.Of(c.ReceivedAt).String(), c.Receiver, c.SecondChecker, c.HolderName, c.LetterNo, WayName(cmp.Or(c.CameWay, c.Way)), register.Count(pieces[c.ID]), strings.Join(missing, "、"), promise, c.ReceiptNo)
	}
	return rows, nil
}

func (k *Desk) wentOut(_ context.Context, list []Case) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	for i, c := range list {
		by := byWhat(c.TrackingNo, c.Office, c.Carriers())
		used := k.gate.Calendar().Workdays(calendar.Date(c.RegisteredOn), calendar.Date(c.firstSent()))
		clerk := c.DispatchedBy
		if clerk == "" { // it came back and was not sent again yet
			clerk = c.RegisteredBy
		}
		rows[i] = line(c, c.firstSent(), c.Holder, clerk, c.ReceiverName, c.LetterNo, c.NoticeNo, WayName(c.Way), by, fmt.Sprint(used), c.ReceiptNo, c.Answered())
		if c.ReceiptOn != "" { // the receipt closes the holder's case, whatever the receiver still has to do
			rows[i].State, rows[i].Tone = Closed.Name(), Closed.Tone()
		}
	}
	return rows, nil
}

// firstSent is the day a packet left for the first time, whatever became of it on its way.
func (c Case) firstSent() string {
	if c.SentFirst != "" {
		return c.SentFirst
	}
	return c.DispatchedOn
}

func faultChoices() []register.Choice {
	var out []register.Choice
	for _, s := range []string{FaultOpen, FaultAsked, FaultTold, FaultSearch, FaultPending, FaultClosed} {
		out = append(out, register.Choice{Key: s, Name: faultStates[s]})
	}
	return out
}

// answers is who answers for a packet on its way, the receiver where it was sent from outside.
func (f Fault) answers() string {
	if f.Sender != "" {
		return f.Sender
	}
	return f.Receiver
}

// faultScope is scope for the faults of those cases: each is in the register of the one agency that answers.
func faultScope(actor policy.Actor) (string, []any) {
	where, args := scope(actor)
	if len(actor.Reach) == 0 {
		return where, args
	}
	return "transfer_fault.transfer_id IN (SELECT transfer.id FROM transfer WHERE " + where + ") AND coalesce(transfer_fault.sender,transfer_fault.receiver) IN (" + store.Marks(len(actor.Reach)) + ")",
		append(args, store.Args(actor.Reach)...)
}

func (k *Desk) faultRows(ctx context.Context, list []Fault) ([]register.Row, error) {
	ids := make([]string, len(list))
	for i, f := range list {
		ids[i] = f.TransferID
	}
	cases, err := store.List[Case](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	of := map[string]Case{}
	for _, c := range cases {
		of[c.ID] = c
	}
	rows := make([]register.Row, len(list))
	for i, f := range list {
		c := of[f.TransferID]
		end := f.Outcome
		if f.ClosedOn != "" {
			end = calendar.Date(f.ClosedOn).Long() + "，" + end
		}
		rows[i] = register.Row{On: f.FoundOn, Agency: f.answers(), Handler: f.FoundBy, DossierID: f.DossierID, Person: c.PersonName, CaseNo: f.No, State: f.StateName(), Tone: f.Tone(), Link: "/transfers/" + c.ID,
			Own: []string{FaultName(f.Kind), c.HolderName, c.ReceiverName, strings.TrimSpace(WayName(f.Way) + " " + f.TrackingNo), f.InquiryNo, AnswerName(f.Answer), f.ReportNo, end}}
	}
	return rows, nil
}

func (k *Desk) letters(ctx context.Context, list []Case) ([]register.Row, error) {
	replaced, err := k.replacedLetters(ctx, list)
	if err != nil {
		return nil, err
	}
	rows := make([]register.Row, len(list))
	for i, c := range list {
		used := "未使用"
		switch {
		case c.RegisteredOn != "":
			used = calendar.Date(c.RegisteredOn).Long() + "登记"
		case c.ArrivedOn != "":
			used = calendar.Date(c.ArrivedOn).Long() + "到件"
		case c.State == Expired:
			used = "过期未使用"
		case c.State == Withdrawn:
			used = "作废"
		}
		for _, no := range replaced[c.ID] {
			used += "；更正前的 " + no + " 作废"
		}
		rows[i] = line(c, c.LetterOn, c.Receiver, c.LetterBy, c.HolderName, c.LetterNo, c.ValidUntil, used)
	}
	return rows, nil
}

// replacedLetters are the numbers of letters that a correction had issued anew: an issued number
// stays in the register.
func (k *Desk) replacedLetters(ctx context.Context, list []Case) (map[string][]string, error) {
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	rows, err := store.List[Correction](ctx, k.gate.DB(), "WHERE replaced_by IS NOT NULL AND transfer_id IN ("+store.Marks(len(ids))+") ORDER BY at, id", store.Args(ids)...)
	out := map[string][]string{}
	for _, r := range rows {
		if !slices.Contains(out[r.TransferID], r.LetterNo) {
			out[r.TransferID] = append(out[r.TransferID], r.LetterNo)
		}
	}
	return out, err
}

// byWhat is the number a packet went under and where it was handed over, or who brought it.
func byWhat(trackingNo, office string, carriers []MessengerID) string {
	if trackingNo != "" {
		if office != "" {
			return trackingNo + "（" + office + "）"
		}
		return trackingNo
	}
	names := make([]string, len(carriers))
	for i, m := range carriers {
		names[i] = m.Name
	}
	return strings.Join(names, "、")
}

func listLines(_ context.Context, list []List) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	for i, l := range list {
		by := byWhat(l.TrackingNo, l.Office, l.Carriers())
		way := ""
		if l.Way != "" {
			way = WayName(l.Way)
		}
		rows[i] = register.Row{On: calendar.Of(l.RegisteredAt).String(), Agency: l.Agency, Handler: l.RegisteredBy, CaseNo: l.No, State: ListStateName(l.State), Tone: l.Tone(), Link: "/transfers/lists/" + l.ID,
			Own: []string{l.ReceiverName, l.LetterNo, l.No, fmt.Sprint(l.Persons), register.Count(int64(len(l.LeftOuts()))), l.NoticeNo, way, by, l.ReceiptNo, l.Answered()}}
	}
	return rows, nil
}

// pieces counts what the lists of cases hold.
func (k *Desk) pieces(ctx context.Context, list []Case) (map[string]int64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]string, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return store.Counts(ctx, k.gate.DB(), "SELECT transfer_id, sum(copies) FROM transfer_item WHERE void=0 AND coalesce(receiver_check,'')<>'missing' AND transfer_id IN ("+store.Marks(len(ids))+") GROUP BY transfer_id", store.Args(ids)...)
}

// Refusals reads why cases were not sent, for the register of refusals.
func Refusals(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	list, err := store.List[Case](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := map[string]string{}
	for _, c := range list {
		out[c.ID] = c.Refusal
	}
	return out, err
}

// strayRows are lines without the person: who keeps a stray packet does not know whose it is.
func (k *Desk) strayRows(ctx context.Context, list []Stray) ([]register.Row, error) {
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.TransferID
	}
	cases, err := store.List[Case](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	of := map[string]Case{}
	for _, c := range cases {
		of[c.ID] = c
	}
	rows := make([]register.Row, len(list))
	for i, s := range list {
		c, cover, way := of[s.TransferID], "完好", ""
		if !s.Intact {
			cover = "有损"
		}
		if s.Way != "" {
			way = strings.TrimSpace(WayName(s.Way) + " " + byWhat(s.TrackingNo, s.Office, s.Carriers()))
		}
		rows[i] = register.Row{On: calendar.Of(s.FoundAt).String(), Agency: s.Agency, Handler: s.FoundBy, CaseNo: s.No, State: s.StateName(), Tone: s.Tone(), Link: "/strays/" + s.ID,
			Own: []string{c.HolderName, c.ReceiverName, c.NoticeNo, s.SlipNo, cover, s.Outcome, way, s.SentOn}}
	}
	return rows, nil
}
