package access

import (
	"context"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/store"
)

// Registers are the registers of this room (N3): every reading that was begun.
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "readings", No: 8, Name: "查阅", Rule: "21.4", Date: "开始时间",
		Heads: []string{"查阅单位", "文书", "事由", "查阅人", "审批人", "方式", "页", "结束时间"}, Widths: []float64{28, 24, 16, 20, 10, 8, 6, 16},
		Posts: readingPosts, Acts: []string{"reading.open"}, Note: "已开始的查阅，一次一条；页数为查阅期间阅看的页数。"},
		register.Source[Session]{DB: func() store.Querier { return k.gate.DB() }, Scope: readings, At: "opened_at", Dossier: "reading_session.dossier_id", Numbers: []string{"reading_session.no"},
			Place: func(s Session) (string, string) { return register.Micro(s.OpenedAt), s.ID }, Rows: k.readings})}
}

// readings is the scope of consultations over their sessions.
func readings(actor policy.Actor) (string, []any) {
	where, args := scope(actor)
	if where == "1=0" {
		return where, args
	}
	return "EXISTS (SELECT 1 FROM consultation WHERE consultation.id=reading_session.case_id AND " + where + ")", args
}

func (k *Desk) readings(ctx context.Context, list []Session) ([]register.Row, error) {
	rows := make([]register.Row, len(list))
	if len(list) == 0 {
		return rows, nil
	}
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.CaseID
	}
	cases, err := store.List[Case](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	readers, err := store.List[Reader](ctx, k.gate.DB(), "WHERE off=0 AND case_id IN ("+store.Marks(len(ids))+") ORDER BY case_id, seq", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	sessions := make([]string, len(list))
	for i, one := range list {
		sessions[i] = one.ID
	}
	present, err := store.List[Attendance](ctx, k.gate.DB(), "WHERE session_id IN ("+store.Marks(len(sessions))+")", store.Args(sessions)...)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{} // readers who came
	kept := map[string]bool{}  // sessions of which that is known
	for _, a := range present {
		there[a.ReaderID], kept[a.SessionID] = true, true
	}
	known := map[string]bool{}
	for _, one := range list {
		known[one.CaseID] = kept[one.ID]
	}
	of, names := map[string]Case{}, map[string][]string{}
	var approvers []string
	for _, c := range cases {
		of[c.ID] = c
		approvers = append(approvers, c.ApprovedBy)
	}
	for _, r := range readers {
		if known[r.CaseID] && !there[r.ID] {
			continue
		}
		names[r.CaseID] = append(names[r.CaseID], r.Name)
	}
	approved, err := staffNames(ctx, k.gate.DB(), approvers)
	if err != nil {
		return nil, err
	}
	for i, s := range list {
		c := of[s.CaseID]
		purpose, _ := codes.FindPurpose(c.Purpose)
		state := "查阅中"
		if !s.EndedAt.IsZero() {
			state = "已结束"
		}
		rows[i] = register.Row{On: register.Stamp(s.OpenedAt), Agency: s.Agency, Handler: s.Monitor, DossierID: s.DossierID, CaseNo: s.No, State: state, Tone: map[string]string{"查阅中": "run", "已结束": "done"}[state], Link: "/consultations/" + c.ID,
			Own: []string{c.Unit, strings.TrimSpace(c.PaperName + " " + c.PaperNo), purpose.Name, strings.Join(names[s.CaseID], "、"), approved[c.ApprovedBy], wayName(s.Way), register.Count(s.Pages), register.Stamp(s.EndedAt)}}
	}
	return rows, nil
}

func staffNames(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	out := map[string]string{}
	rows, err := q.Query(ctx, "SELECT id, name FROM staff WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		out[id] = name
	}
	return out, rows.Err()
}

// Refusals reads why consultations were refused, for the register of refusals.
func Refusals(ctx context.Context, q store.Querier, ids []string) (map[string]string, error) {
	list, err := store.List[Case](ctx, q, "WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	out := map[string]string{}
	for _, c := range list {
		out[c.ID] = c.Refusal
	}
	return out, err
}
