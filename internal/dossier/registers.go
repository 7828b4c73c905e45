package dossier

import (
	"context"
	"fmt"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of materials (N3, 13, 14, 20.4): what was handed in, what
// was appraised and filed, what went back, what is still owed.
func (k *Desk) Registers() []register.Register {
	db := func() store.Querier { return k.gate.DB() }
	posts := []string{"clerk", "reviewer", "head", "supervisor"}
	// What a corrected material said before is not handed in or filed once more (29.2).
	current := "material.state<>'" + string(Superseded) + "'"
	own := register.OfNumber("material.intake_no", "SJ-", "material.dossier_id", posts...)
	var states []register.Choice
	for _, s := range []MaterialState{Received, Appraising, Curing, ToFile, Filed, Returned, Cured} {
		states = append(states, register.Choice{Key: string(s), Name: s.Name()})
	}
	return []register.Register{
		register.Of(register.Register{Key: "materials", No: 4, Name: "材料收集", Rule: "14b", Date: "移交日期",
			Heads: []string{"材料", "形成日期", "形成单位", "交来", "份", "页", "迟交天数"}, Widths: []float64{30, 12, 28, 20, 6, 6, 10}, States: states, Posts: posts, Acts: []string{"material.receive", "material.resubmit"}, Note: "窗口收到的材料，一份一条；移入所属档案的仍是收到时的一条。自形成之日起一个月内移交。"},
			register.Source[Material]{DB: db, Scope: own, Only: current + " AND material.moved_from IS NULL", At: "material.received_on", Day: true, State: "material.state", Dossier: "material.dossier_id", Numbers: []string{"material.intake_no"},
				Place: func(m Material) (string, string) { return m.ReceivedOn, m.ID },
				Rows: materialRows(func(m Material) (string, string, []string) {
					return m.ReceivedOn, m.Handler, []string{titleOf(m), m.Formed(), m.Maker, m.Source, register.Count(m.Copies), register.Count(m.Pages), register.Count(m.LateDays)}
				})}),
		register.Of(register.Register{Key: "filed", No: 5, Name: "鉴别归档", Rule: "13a", Date: "归档日期",
			Heads: []string{"材料", "类号", "鉴别日期", "收到日期", "期限", "用天数"}, Widths: []float64{30, 10, 12, 12, 12, 8}, Posts: posts, Acts: []string{"material.review_batch"}, Tally: "filed", Note: "窗口收到并已归档的材料，一份一条；两个月内归档。"},
			register.Source[Material]{DB: db, Scope: own, Only: "material.filed_at IS NOT NULL AND material.due_on IS NOT NULL AND " + current, At: "material.filed_at", Dossier: "material.dossier_id", Numbers: []string{"material.intake_no"},
				Place: func(m Material) (string, string) { return register.Micro(m.FiledAt), m.ID },
				Rows: materialRows(func(m Material) (string, string, []string) {
					on := calendar.Of(m.FiledAt)
					days := int(on.Time().Sub(calendar.Date(m.ReceivedOn).Time()).Hours() / 24)
					return on.String(), m.Reviewer, []string{titleOf(m), fmt.Sprintf("%s-%d", m.Class, m.Seq), m.AppraisedOn, m.ReceivedOn, m.DueOn, fmt.Sprint(days)}
				})}),
		register.Of(register.Register{Key: "returned", No: 6, Name: "退回、转交材料", Rule: "13b", Date: "退回日期",
			Heads: []string{"材料", "送交单位", "退回通知单、转交单", "缺陷", "补办期限", "补办件、回执"}, Widths: []float64{30, 28, 26, 30, 12, 22}, Posts: posts, Acts: []string{"material.send_back", "material.forward", "material.move"}, Note: "出具的材料退回通知单、材料转交单，一单一条；移入本机构所属档案的只留存根。"},
			register.Source[document.Document]{DB: db, Scope: register.OfAgency("document.agency", "document.dossier_id", posts...), Only: "document.kind IN ('" + document.ReturnSlip + "','" + document.MaterialForward + "')", At: "document.issued_at", Dossier: "document.dossier_id", Numbers: []string{"document.number"},
				Place: func(d document.Document) (string, string) { return register.Micro(d.IssuedAt), d.ID }, Rows: k.returnedRows}),
		register.Of(register.Register{Key: "supplements", No: 7, Name: "承诺与补充", Stated: true, Rule: "20.4b", Date: "应补充日期",
			Heads: []string{"所缺材料", "归入", "承诺", "办结日期", "情况"}, Widths: []float64{34, 8, 12, 12, 30},
			States: []register.Choice{{Key: Owed, Name: supplementStates[Owed]}, {Key: Supplied, Name: supplementStates[Supplied]}, {Key: Waived, Name: supplementStates[Waived]}}, Posts: posts, Table: "supplement", Note: "承诺补充和先存后补的材料，一项一条，按应补充日期列入期间。"},
			register.Source[Supplement]{DB: db, Scope: ofDossier("supplement.dossier_id"), Only: "supplement.due_on IS NOT NULL", At: "supplement.due_on", Day: true, State: "supplement.state", Dossier: "supplement.dossier_id",
				Place: func(s Supplement) (string, string) { return s.DueOn, s.ID }, Rows: k.supplementRows}),
		register.Of(register.Register{Key: "determinations", No: 25, Name: "关键信息认定", Rule: "29.2", Date: "登记日期",
			Heads: []string{"认定事项", "认定为", "认定机关", "文号", "认定日期"}, Widths: []float64{14, 16, 30, 26, 12}, Posts: posts, Acts: []string{"dossier.determine"}, Note: "凭主管部门的认定材料登记的关键信息，一项一条；经另一人确认才生效，作废的保留。"},
			register.Source[Determination]{DB: db, Scope: ofDossier("determination.dossier_id"), At: "determination.at", Dossier: "determination.dossier_id", Numbers: []string{"determination.doc_no"},
				Place: func(e Determination) (string, string) { return register.Micro(e.At), e.ID }, Rows: k.determinationRows}),
		register.Of(register.Register{Key: "verifications", No: 26, Name: "材料核实", Rule: "13b", Date: "登记日期",
			Heads: []string{"材料", "核实", "答复人、原件保管", "方式", "答复", "答复日期"}, Widths: []float64{30, 16, 26, 14, 26, 12}, Posts: posts, Acts: []string{"material.verify"}, Note: "向形成单位核实、与原件核对的结果，一次一条。"},
			register.Source[Verification]{DB: db, Scope: ofMaterial("verification", posts...), At: "verification.at", Dossier: "verification.dossier_id",
				Place: func(v Verification) (string, string) { return register.Micro(v.At), v.ID }, Rows: k.verificationRows}),
		register.Of(register.Register{Key: "maker_tasks", No: 43, Name: "核实任务", Rule: "14b", Date: "开出日期",
			Heads: []string{"任务号", "材料", "形成单位", "核实事项", "答复期限", "办结日期"}, Widths: []float64{24, 28, 26, 30, 12, 12},
			States: []register.Choice{{Key: string(TaskOpen), Name: TaskOpen.Name()}, {Key: string(TaskAgreed), Name: TaskAgreed.Name()}, {Key: string(TaskDenied), Name: TaskDenied.Name()}, {Key: string(TaskDropped), Name: TaskDropped.Name()}},
			Posts:  posts, Table: "maker_task", Note: "向材料形成单位核实的任务，一项一条：不是形成单位交来的材料收到时开出，鉴别结论为核实时开出。"},
			register.Source[MakerTask]{DB: db, Scope: ofMaterial("maker_task", posts...), At: "maker_task.opened_on", Day: true, State: "maker_task.state", Dossier: "maker_task.dossier_id", Numbers: []string{"maker_task.no"},
				Place: func(i MakerTask) (string, string) { return i.OpenedOn, i.ID }, Rows: k.taskRows}),
		register.Of(register.Register{Key: "material-reports", No: 49, Name: "涉嫌涂改造假", Rule: "29.1", Date: "报告日期",
			Heads: []string{"报告号", "材料", "情形", "发现情况", "处理", "报送部门", "文号"}, Widths: []float64{24, 28, 14, 34, 30, 26, 24},
			States: []register.Choice{{Key: ReportOpen, Name: reportStates[ReportOpen]}, {Key: ReportReferred, Name: reportStates[ReportReferred]}, {Key: ReportClosed, Name: reportStates[ReportClosed]}},
			Posts:  posts, Table: "material_report", Note: "鉴别中发现的涂改关键信息、经核实不实的材料，一项一条；由负责人处理，属实的报送主管部门。"},
			register.Source[Report]{DB: db, Scope: ofMaterial("material_report", posts...), At: "material_report.opened_on", Day: true, State: "material_report.state", Dossier: "material_report.dossier_id", Numbers: []string{"material_report.no"},
				Place: func(r Report) (string, string) { return r.OpenedOn, r.ID }, Rows: k.reportRows}),
	}
}

// reportRows makes lines of reports.
func (k *Desk) reportRows(ctx context.Context, list []Report) ([]register.Row, error) {
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.MaterialID
	}
	of, err := k.materialsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	rows := make([]register.Row, len(list))
	for i, r := range list {
		m := of[r.MaterialID]
		found, finding := r.Found, r.Finding
		if m.Withheld() || m.Secrecy >= Secret {
			found, finding = "", ""
		}
		rows[i] = register.Row{On: r.OpenedOn, Agency: issuerOf(r.No), Handler: r.OpenedBy, DossierID: r.DossierID, CaseNo: r.No, State: r.StateName(), Tone: r.Tone(), Link: "/materials/" + r.MaterialID,
			Own: []string{r.No, titleOf(m), r.KindName(), found, finding, r.Recipient, r.Number}}
	}
	return rows, nil
}

// ofMaterial is the scope of rows about a material: they stay in the register of the agency
// that took it in, wherever the dossier went.
func ofMaterial(table string, posts ...string) func(policy.Actor) (string, []any) {
	of := register.OfNumber("material.intake_no", "SJ-", table+".dossier_id", posts...)
	return func(actor policy.Actor) (string, []any) {
		where, args := of(actor)
		return "EXISTS (SELECT 1 FROM material WHERE material.id=" + table + ".material_id AND " + where + ")", args
	}
}

var materialTones = map[MaterialState]string{Received: "run", Appraising: "run", ToFile: "run", Curing: "wait", Filed: "plain", Returned: "void", Cured: "done", Superseded: "void"}

// ofDossier is the scope of rows that follow their dossier to whoever keeps it.
func ofDossier(column string) func(policy.Actor) (string, []any) {
	return func(actor policy.Actor) (string, []any) {
		where, args := Scope(actor)
		return "EXISTS (SELECT 1 FROM dossier WHERE dossier.id=" + column + " AND " + where + ")", args
	}
}

var supplementStates = map[string]string{Owed: "待补充", Supplied: "已补充", Waived: "已说明"}

func titleOf(m Material) string {
	m = m.Public()
	if m.Title == "" {
		return "涉密件（纸质）"
	}
	return m.Title
}

// materialRows makes lines of materials; what is own to a register comes from cells.
func materialRows(cells func(Material) (on, handler string, own []string)) func(context.Context, []Material) ([]register.Row, error) {
	return func(_ context.Context, list []Material) ([]register.Row, error) {
		rows := make([]register.Row, len(list))
		for i, m := range list {
			m = m.Public()
			on, handler, own := cells(m)
			rows[i] = register.Row{On: on, Agency: issuerOf(m.IntakeNo), Handler: handler, DossierID: m.DossierID, CaseNo: m.IntakeNo, State: m.StateName(), Tone: materialTones[m.State], Link: "/materials/" + m.ID, Own: own}
		}
		return rows, nil
	}
}

// issuerOf is the agency in a number such as SJ-50010801-2026-00001.
func issuerOf(number string) string {
	parts := strings.Split(number, "-")
	if len(parts) < 2 {
		return ""
	}
	return parts[1]
}

func (k *Desk) returnedRows(ctx context.Context, list []document.Document) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	if len(list) == 0 {
		return rows, nil
	}
	var ids []string
	for _, d := range list {
		ids = append(ids, strings.TrimPrefix(d.CaseRef, "Material:"))
	}
	materials, err := store.List[Material](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	of := map[string]Material{}
	for _, m := range materials {
		of["Material:"+m.ID] = m
	}
	cures, err := store.List[Material](ctx, k.gate.DB(), "WHERE state<>'superseded' AND resubmits IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	again := map[string]string{}
	for _, m := range cures {
		again[m.Resubmits] = m.IntakeNo
	}
	sent, err := store.List[Forward](ctx, k.gate.DB(), "WHERE material_id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	for _, f := range sent {
		if f.ReceiptOn != "" {
			again[f.MaterialID] = f.SignedBy + " " + f.ReceiptOn
		}
	}
	for i, d := range list {
		m := of[d.CaseRef].Public()
		var defects []string
		for _, code := range strings.Split(m.Defects, "|") {
			if known, ok := codes.FindDefect(code); ok {
				defects = append(defects, known.Text)
			}
		}
		on := calendar.Of(d.IssuedAt).String()
		rows[i] = register.Row{On: on, Agency: d.Agency, Handler: d.IssuedBy, DossierID: d.DossierID, CaseNo: m.IntakeNo, State: m.StateName(), Tone: materialTones[m.State], Link: "/materials/" + m.ID,
			Own: []string{titleOf(m), d.Addressee, d.Number, strings.Join(defects, "、"), m.CureBy, again[m.ID]}}
	}
	return rows, nil
}

func (k *Desk) supplementRows(ctx context.Context, list []Supplement) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	if len(list) == 0 {
		return rows, nil
	}
	var ids []string
	for _, s := range list {
		ids = append(ids, s.DossierID)
	}
	agency, err := k.keepers(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, s := range list {
		promised, done := "先存后补", ""
		if s.Promised {
			promised = "本人承诺"
		}
		if !s.ClosedAt.IsZero() {
			done = calendar.Of(s.ClosedAt).String()
		}
		tone := "wait"
		if s.State != Owed {
			tone = "done"
		}
		rows[i] = register.Row{On: s.DueOn, Agency: agency[s.DossierID], DossierID: s.DossierID, CaseRef: s.CaseRef, State: supplementStates[s.State], Tone: tone, Link: "/dossiers/" + s.DossierID,
			Own: []string{s.Title, s.Class, promised, done, s.ClosedWhy}}
	}
	return rows, nil
}

// keepers are the agencies that keep dossiers, by id.
func (k *Desk) keepers(ctx context.Context, ids []string) (map[string]string, error) {
	list, err := store.List[Dossier](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := map[string]string{}
	for _, d := range list {
		out[d.ID] = d.Agency
	}
	return out, err
}

// pieces reads what an actor's list of pieces says of each: whose dossier, and the piece as the
// actor may know it (15), in two statements.
func (k *Desk) pieces(ctx context.Context, by policy.Actor, dossiers, materials []string) (heads map[string]Head, byID map[string]Material, err error) {
	if heads, err = Heads(ctx, k.gate.DB(), dossiers); err != nil {
		return nil, nil, err
	}
	byID, err = k.materialsOf(ctx, materials)
	for id, m := range byID {
		byID[id] = k.Seen(by, m)
	}
	return heads, byID, err
}

// materialsOf are materials as registers name them, by id.
func (k *Desk) materialsOf(ctx context.Context, ids []string) (map[string]Material, error) {
	list, err := store.List[Material](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := map[string]Material{}
	for _, m := range list {
		out[m.ID] = m.Public()
	}
	return out, err
}

// determinationRows makes lines of decisions. What one says that rests on a closed material
// is withheld with it (15).
func (k *Desk) determinationRows(ctx context.Context, list []Determination) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	if len(list) == 0 {
		return rows, nil
	}
	var ids, papers []string
	for _, e := range list {
		ids, papers = append(ids, e.DossierID), append(papers, e.MaterialID)
	}
	agency, err := k.keepers(ctx, ids)
	if err != nil {
		return nil, err
	}
	materials, err := k.materialsOf(ctx, papers)
	if err != nil {
		return nil, err
	}
	for i, e := range list {
		state, tone := "待确认", "wait"
		switch {
		case e.Void != "":
			state, tone = "作废", "void"
		case e.ConfirmedBy != "":
			state, tone = "已确认", "done"
		}
		own := []string{KeyFactName(e.Kind), e.Written, e.Authority, e.DocNo, e.DecidedOn}
		if m := materials[e.MaterialID]; m.Closed() {
			own = []string{Withheld, "", "", "", ""}
		}
		rows[i] = register.Row{On: calendar.Of(e.At).String(), Agency: agency[e.DossierID], Handler: e.EnteredBy, DossierID: e.DossierID, State: state, Tone: tone, Link: "/dossiers/" + e.DossierID, Own: own}
	}
	return rows, nil
}

var verifyNames = map[string]string{WithMaker: "向形成单位核实", WithOriginal: "与原件核对"}

func (k *Desk) taskRows(ctx context.Context, list []MakerTask) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	if len(list) == 0 {
		return rows, nil
	}
	ids := make([]string, len(list))
	for i, x := range list {
		ids[i] = x.MaterialID
	}
	materials, err := k.materialsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, x := range list {
		m := materials[x.MaterialID]
		own := []string{x.No, titleOf(m), x.Party, x.Question, x.DueOn, x.ClosedOn}
		if m.Closed() {
			own[2], own[3] = "", "" // who formed it and what is asked tell of it (15)
		}
		rows[i] = register.Row{On: x.OpenedOn, Agency: issuerOf(x.No), Handler: x.OpenedBy, DossierID: x.DossierID, CaseNo: m.IntakeNo, State: x.State.Name(), Tone: x.State.Tone(), Link: "/materials/" + x.MaterialID, Own: own}
	}
	return rows, nil
}

func (k *Desk) verificationRows(ctx context.Context, list []Verification) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	if len(list) == 0 {
		return rows, nil
	}
	var ids []string
	for _, v := range list {
		ids = append(ids, v.MaterialID)
	}
	materials, err := k.materialsOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, v := range list {
		m := materials[v.MaterialID]
		state, tone := "相符", "done"
		if !v.Agrees {
			state, tone = "不符", "bad"
		}
		own := []string{titleOf(m), verifyNames[v.Kind], v.Party, v.Way, v.Answer, v.AnsweredOn}
		if m.Closed() {
			own[2], own[4] = "", "" // who formed it and what it should say tell of it (15)
		}
		rows[i] = register.Row{On: calendar.Of(v.At).String(), Agency: issuerOf(m.IntakeNo), Handler: v.ByStaff, DossierID: v.DossierID, CaseNo: m.IntakeNo, State: state, Tone: tone, Link: "/materials/" + v.MaterialID, Own: own}
	}
	return rows, nil
}
