package feed

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/register"
	"dangan/internal/rule"
	"dangan/internal/sheet"
	"dangan/internal/store"
	"dangan/internal/work"
)

// posts see files and sources.
var posts = []string{"clerk", "reviewer", "head", "supervisor"}

// scope is the SQL predicate for what feed.read lets an actor see.
func scope(table string, by policy.Actor) (string, []any) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(posts, by.Has) {
		return "1=0", nil
	}
	return table + ".agency IN (" + store.Marks(len(by.Reach)) + ")", store.Args(by.Reach)
}

// Sources lists the sources, those in force first.
func (k *Desk) Sources(ctx context.Context, by policy.Actor) ([]Source, error) {
	where, args := scope("feed_source", by)
	return store.List[Source](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY CASE WHEN revoked_by IS NULL THEN 0 ELSE 1 END, registered_at DESC, id LIMIT 200", args...)
}

// Possible says what an actor may do here.
func (k *Desk) Possible(by policy.Actor) (out []gate.Possible) {
	for _, l := range []struct{ action, label string }{{ActImport, "导入数据"}, {ActRegister, "登记数据来源"}} {
		if m, ok := k.gate.Possible(by, l.action, l.label, resource("FeedFile", "", by.Org), nil); ok {
			out = append(out, m)
		}
	}
	return out
}

// OfSource says what an actor may do with a source.
func (k *Desk) OfSource(by policy.Actor, s Source) (out []gate.Possible) {
	if s.RevokedBy != "" {
		return nil
	}
	try := s
	if s.ConfirmedBy == "" {
		if m, ok := k.gate.Possible(by, ActConfirm, "确认公钥", s.Resource(), try.Confirm(by.ID, k.gate.Now())); ok {
			out = append(out, m)
		}
	}
	if m, ok := k.gate.Possible(by, ActRevoke, "停用", s.Resource(), nil); ok {
		out = append(out, m)
	}
	return out
}

// OfFile says what an actor may do with a file.
func (k *Desk) OfFile(by policy.Actor, f File) (out []gate.Possible) {
	action, label := ActStop, "停止核对"
	switch f.State {
	case Finished:
		return nil
	case Stopped, Failed:
		action, label = ActResume, "接着核对"
	}
	if m, ok := k.gate.Possible(by, action, label, f.Resource(), nil); ok {
		out = append(out, m)
	}
	return out
}

// SourceOf is the source of a file the actor may see.
func (k *Desk) SourceOf(ctx context.Context, f File) (Source, error) {
	return store.Get[Source](ctx, k.gate.DB(), "WHERE id=?", f.SourceID)
}

// Refused lists the rows of a file that could not be used, by row.
func (k *Desk) Refused(ctx context.Context, by policy.Actor, file string, after int64, limit int) ([]Refusal, error) {
	where, args := scope("feed_file", by)
	return store.List[Refusal](ctx, k.gate.DB(), "WHERE file_id IN (SELECT id FROM feed_file WHERE id=? AND "+where+") AND row_no>? ORDER BY row_no LIMIT ?",
		append(append([]any{file}, args...), after, limit)...)
}

// RefusedBook writes the refused rows as a workbook for the source: row and problem.
func (k *Desk) RefusedBook(ctx context.Context, by policy.Actor, f File, to io.Writer) error {
	w, err := sheet.NewWriter("没有采用的行", []float64{10, 90})
	if err != nil {
		return err
	}
	defer func() { _ = w.Discard() }()
	if err := w.Put([]string{"行号", "问题"}, []sheet.Look{sheet.Heading, sheet.Heading}); err != nil {
		return err
	}
	for after := int64(0); ; {
		list, err := k.Refused(ctx, by, f.ID, after, 1000)
		if err != nil {
			return err
		}
		for _, r := range list {
			if err := w.Put([]string{fmt.Sprint(r.Row), r.Problems}, []sheet.Look{sheet.Plain, sheet.Reason}); err != nil {
				return err
			}
			after = r.Row
		}
		if len(list) < 1000 {
			return w.Finish(to)
		}
	}
}

// Work lists the files whose work stands, and the sources that wait for the second person.
func (k *Desk) Work(ctx context.Context, by policy.Actor) (out []work.Item, err error) {
	if by.Has("head") {
		list, err := store.List[Source](ctx, k.gate.DB(), "WHERE agency=? AND confirmed_by IS NULL AND revoked_by IS NULL AND registered_by<>? ORDER BY registered_at, id LIMIT 20", by.Org, by.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			out = append(out, work.Item{Room: "feed", Kind: "部门数据", Subject: s.Name, Link: "/feed-sources", Lane: work.Todo, Since: s.RegisteredAt, Basis: "18b", Todo: "核对公钥指纹", Action: "确认"})
		}
	}
	if by.Has("clerk") {
		list, err := store.List[File](ctx, k.gate.DB(), "WHERE agency=? AND state IN ('stopped','failed') ORDER BY touched_at, id LIMIT 20", by.Org)
		if err != nil {
			return nil, err
		}
		for _, f := range list {
			out = append(out, work.Item{Room: "feed", Kind: "部门数据", Subject: f.FileName, SubjectNote: f.No, Link: "/feeds/" + f.ID, Lane: work.Todo, Since: f.TouchedAt, Basis: "14a", Todo: "接着核对", Action: "查看"})
		}
	}
	return out, nil
}

// Files lists what came, the last first.
func (k *Desk) Files(ctx context.Context, by policy.Actor, cursor string, limit int) (out []File, next string, err error) {
	where, args := scope("feed_file", by)
	if cursor != "" {
		at, id, ok := strings.Cut(cursor, "|")
		micro, err := strconv.ParseInt(at, 10, 64)
		if err != nil || !ok {
			return nil, "", badCursor()
		}
		where, args = where+" AND (imported_at<? OR imported_at=? AND id<?)", append(args, micro, micro, id)
	}
	limit = min(max(limit, 1), 100)
	if out, err = store.List[File](ctx, k.gate.DB(), "WHERE "+where+fmt.Sprintf(" ORDER BY imported_at DESC, id DESC LIMIT %d", limit+1), args...); err != nil {
		return nil, "", err
	}
	if len(out) > limit {
		out = out[:limit]
		last := out[limit-1]
		next = register.Micro(last.ImportedAt) + "|" + last.ID
	}
	return out, next, nil
}

func badCursor() error {
	return rule.Mistake(reason("14a", "cursor", "cursor", "翻页位置无法识别。", "请从第一页重新查看。"))
}

// Read gives a file; on record, as it names persons.
func (k *Desk) Read(ctx context.Context, by policy.Actor, id string) (f File, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		if f, err = store.Get[File](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		tx.About("FeedFile", id)
		return tx.Permit(f.Resource())
	})
	return f, err
}

// Line is a fact with its dossier and where its collection stands.
type Line struct {
	Fact
	DossierNo, PersonName string
	CollectionNo          string
}

// Facts lists what a file says of dossiers the actor may read, in its order of rows.
func (k *Desk) Facts(ctx context.Context, by policy.Actor, file string, outcome Outcome, after string, limit int) (out []Line, next string, err error) {
	where, args := scope("feed_file", by)
	kept, more := dossier.Scope(by)
	query := "WHERE file_id IN (SELECT id FROM feed_file WHERE id=? AND " + where + ") AND EXISTS (SELECT 1 FROM dossier WHERE dossier.id=feed_fact.dossier_id AND " + kept + ")"
	args = append(append([]any{file}, args...), more...)
	if outcome != "" {
		query, args = query+" AND outcome=?", append(args, string(outcome))
	}
	if after != "" {
		row, id, ok := strings.Cut(after, "|")
		n, err := strconv.ParseInt(row, 10, 64)
		if err != nil || !ok {
			return nil, "", badCursor()
		}
		query, args = query+" AND (row_no>? OR row_no=? AND id>?)", append(args, n, n, id)
	}
	limit = min(max(limit, 1), 200)
	list, err := store.List[Fact](ctx, k.gate.DB(), query+fmt.Sprintf(" ORDER BY row_no, id LIMIT %d", limit+1), args...)
	if err != nil {
		return nil, "", err
	}
	if len(list) > limit {
		list = list[:limit]
		next = fmt.Sprintf("%d|%s", list[limit-1].Row, list[limit-1].ID)
	}
	ids, nos := make([]string, len(list)), map[string]string{}
	var opened []string
	for i, x := range list {
		if ids[i] = x.DossierID; x.CollectionID != "" {
			opened = append(opened, x.CollectionID)
		}
	}
	heads, err := dossier.Heads(ctx, k.gate.DB(), ids)
	if err != nil {
		return nil, "", err
	}
	if len(opened) > 0 {
		found, err := store.List[collect.Request](ctx, k.gate.DB(), "WHERE id IN ("+store.Marks(len(opened))+")", store.Args(opened)...)
		if err != nil {
			return nil, "", err
		}
		for _, r := range found {
			nos[r.ID] = r.No
		}
	}
	for _, x := range list {
		out = append(out, Line{Fact: x, DossierNo: heads[x.DossierID].No, PersonName: heads[x.DossierID].Name, CollectionNo: nos[x.CollectionID]})
	}
	return out, next, nil
}

// Registers are the registers of this room: every file that was imported.
func (k *Desk) Registers() []register.Register {
	return []register.Register{register.Of(register.Register{Key: "feeds", No: 44, Name: "部门数据导入", Rule: "14a", Date: "导入日期", Heads: []string{"导入号", "种类", "文件", "行数", "新开通知", "已有", "姓名不一致", "不在本机构", "没有采用"}, Widths: []float64{26, 12, 30, 8, 10, 8, 12, 12, 10},
		Posts: posts, Acts: []string{ActImport}, Note: "来源单位签名的数据文件，一份一条；再次导入同一份不另记。"},
		register.Source[File]{DB: func() store.Querier { return k.gate.DB() }, Scope: func(by policy.Actor) (string, []any) { return scope("feed_file", by) }, At: "feed_file.imported_at", Numbers: []string{"feed_file.no"},
			Place: func(f File) (string, string) { return register.Micro(f.ImportedAt), f.ID },
			Rows: func(_ context.Context, list []File) ([]register.Row, error) {
				rows := make([]register.Row, len(list))
				for i, f := range list {
					rows[i] = register.Row{On: calendar.Of(f.ImportedAt).String(), Agency: f.Agency, Handler: f.ImportedBy, State: f.State.Name(), Tone: f.State.Tone(), Link: "/feeds/" + f.ID,
						Own: []string{f.No, KindOf(f.Kind).Name, f.FileName, fmt.Sprint(f.Lines), fmt.Sprint(f.Opened), fmt.Sprint(f.Known), fmt.Sprint(f.Differs), fmt.Sprint(f.Elsewhere), fmt.Sprint(f.Refused)}}
				}
				return rows, nil
			}})}
}
