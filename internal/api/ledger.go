package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/ledger"
	"dangan/internal/prove"
	"dangan/internal/rule"
	"dangan/internal/store"
)

func init() { capabilities = append(capabilities, (*Server).ledgerRoutes) }

// LedgerView is the first look at the ledger.
type LedgerView struct {
	Entries   int64          `json:"entries" doc:"存证条目"`
	Published *PointView     `json:"published" doc:"最近的定时存证点，尚未公布时为空"`
	Agencies  int            `json:"agencies" doc:"共用这本账的机构数"`
	Days      []LedgerDay    `json:"days" nullable:"false" doc:"近 28 天每日新增条目，限于本人管辖范围"`
	Points    []PointView    `json:"points" nullable:"false" doc:"最近的定时存证点"`
	Checks    []CheckSummary `json:"checks" nullable:"false" doc:"近 5 次全量核验"`
	Key       string         `json:"key" doc:"存证日志的公开核验密钥"`
	Possible  []Possible     `json:"possible" nullable:"false"`
}

// LedgerDay is how many acts one day had.
type LedgerDay struct {
	Day   string `json:"day" format:"date"`
	Count int64  `json:"count"`
}

// PointView is one checkpoint.
type PointView struct {
	Size       int64     `json:"size" doc:"条目数"`
	Root       string    `json:"root" doc:"校验值（十六进制）"`
	At         time.Time `json:"at"`
	Consistent bool      `json:"consistent" doc:"包含上一个定时存证点的全部条目"`
}

// CheckSummary is one whole check.
type CheckSummary struct {
	ID        string     `json:"id"`
	State     string     `json:"state" enum:"running,done,cancelled,failed"`
	StartedAt time.Time  `json:"startedAt"`
	EndedAt   *time.Time `json:"endedAt"`
	By        string     `json:"by"`
	Entries   int64      `json:"entries"`
	Published int64      `json:"published"`
	Rows      int64      `json:"rows"`
	Files     int64      `json:"files"`
	Bytes     int64      `json:"bytes"`
	Signed    int64      `json:"signed"`
	Found     int64      `json:"found" doc:"差异处数"`
	Trouble   string     `json:"trouble,omitempty" doc:"没有做成的原因"`
}

// CheckDetail is a check with its progress and what it found.
type CheckDetail struct {
	CheckSummary
	Stage       string           `json:"stage,omitempty" doc:"正在核验什么"`
	Done        int64            `json:"done"`
	Total       int64            `json:"total"`
	Differences []DifferenceView `json:"differences" nullable:"false"`
	Possible    []Possible       `json:"possible" nullable:"false"`
}

// DifferenceView is one row or file that is not what the ledger says.
type DifferenceView struct {
	ledger.Difference
	KindName  string `json:"kindName"`
	TableName string `json:"tableName" doc:"表的中文说明"`
}

// ActView is one act in the ledger.
type ActView struct {
	Ord     int64          `json:"ord"`
	Number  int64          `json:"number" doc:"0 为尚未编号"`
	ID      string         `json:"id"`
	Voucher string         `json:"voucher,omitempty" doc:"凭证号"`
	At      time.Time      `json:"at"`
	By      string         `json:"by"`
	Org     string         `json:"org,omitempty"`
	Action  string         `json:"action"`
	Label   string         `json:"label"`
	On      string         `json:"on"`
	Rules   []LedgerRule   `json:"rules" nullable:"false"`
	Refused bool           `json:"refused"`
	Reasons []LedgerRule   `json:"reasons" nullable:"false"`
	Facts   map[string]any `json:"facts,omitempty"`
	Via     string         `json:"via"`
}

// LedgerRule is a rule with its clause.
type LedgerRule struct {
	Rule   string `json:"rule"`
	Clause string `json:"clause"`
}

// ProofResult is what a proof's file shows.
type ProofResult struct {
	Valid   bool       `json:"valid"`
	Trouble string     `json:"trouble,omitempty" doc:"无效的原因"`
	Entry   *ActView   `json:"entry"`
	Point   *PointView `json:"point"`
	Nodes   int        `json:"nodes" doc:"包含证明的节点数"`
}

func (s *Server) ledgerRoutes() {
	s.ledgerLooks()
	s.ledgerChecks()
	s.ledgerProofs()
}

func (s *Server) ledgerLooks() {
	route(s, op("getLedger", http.MethodGet, "/ledger", "存证核验首页", "存证"), func(ctx context.Context, _ *struct{}) (*Body[LedgerView], error) {
		by := actor(ctx)
		points, err := s.Proofs.Points(by, 0, 10)
		if err != nil {
			return nil, err
		}
		days, err := s.Proofs.Days(ctx, by, 28)
		if err != nil {
			return nil, err
		}
		checks, err := s.Proofs.Checks(ctx, by, 5)
		if err != nil {
			return nil, err
		}
		out := &Body[LedgerView]{LedgerView{Days: []LedgerDay{}, Points: pointViews(points), Checks: s.checkSummaries(ctx, checks), Key: s.Proofs.Key, Possible: possible(s.Proofs.Possible(by, nil))}}
		for _, d := range days {
			out.Body.Days = append(out.Body.Days, LedgerDay{string(d.Day), d.Count})
		}
		if len(out.Body.Points) > 0 {
			out.Body.Published = &out.Body.Points[0]
		}
		if err := s.DB.QueryRow(ctx, "SELECT coalesce(max(seq),0) FROM ledger_entry").Scan(&out.Body.Entries); err != nil {
			return nil, err
		}
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		out.Body.Agencies = len(tree.Keepers())
		return out, nil
	})
	route(s, op("listCheckpoints", http.MethodGet, "/ledger/checkpoints", "历次定时存证点", "存证"), func(ctx context.Context, in *struct {
		Before int64 `query:"before" doc:"只列条目数小于此的"`
		Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[PointView]], error) {
		list, err := s.Proofs.Points(actor(ctx), in.Before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[PointView]]{}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			next := strconv.FormatInt(list[in.Limit-1].Size, 10)
			out.Body.Next = &next
		}
		out.Body.Items = pointViews(list)
		return out, nil
	})
	route(s, op("getCheckpoint", http.MethodGet, "/ledger/checkpoints/{size}", "下载定时存证点（0 为最近的）", "存证"), func(ctx context.Context, in *struct {
		Size int64 `path:"size" minimum:"0"`
	}) (*File, error) {
		c, err := s.Proofs.CheckpointAt(actor(ctx), in.Size)
		if err != nil {
			return nil, err
		}
		return &File{Type: "text/plain; charset=utf-8", Disposition: disposition("checkpoint-"+strconv.FormatInt(c.Size, 10)+".txt", true), Body: c.Note}, nil
	})
	type page struct {
		Subject string `query:"subject" required:"true" maxLength:"120" doc:"事由，如 Dossier:<id>"`
		Before  int64  `query:"before" doc:"上一页最后一条的 ord"`
		Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}
	route(s, op("timeline", http.MethodGet, "/timeline", "某一事由的全部办理", "存证"), func(ctx context.Context, in *page) (*Body[Page[ActView]], error) {
		list, err := s.Proofs.Timeline(ctx, actor(ctx), in.Subject, in.Before, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[ActView]]{Body: Page[ActView]{Items: []ActView{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			next := strconv.FormatInt(list[in.Limit-1].Ord, 10)
			out.Body.Next = &next
		}
		for _, e := range list {
			out.Body.Items = append(out.Body.Items, s.actView(ctx, e))
		}
		return out, nil
	})
}

func (s *Server) ledgerChecks() {
	type id struct {
		ID string `path:"id" maxLength:"40"`
	}
	route(s, op("listChecks", http.MethodGet, "/ledger/checks", "历次全量核验", "存证"), func(ctx context.Context, in *struct {
		Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[CheckSummary]], error) {
		list, err := s.Proofs.Checks(ctx, actor(ctx), in.Limit)
		if err != nil {
			return nil, err
		}
		return &Body[Page[CheckSummary]]{Page[CheckSummary]{Items: s.checkSummaries(ctx, list)}}, nil
	})
	route(s, op("startCheck", http.MethodPost, "/ledger/checks", "开始全量核验", "存证"), func(ctx context.Context, _ *struct{}) (*Tagged[CheckDetail], error) {
		c, err := s.Proofs.Start(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		return s.checkDetail(ctx, c)
	})
	route(s, op("getCheck", http.MethodGet, "/ledger/checks/{id}", "全量核验：进度与报告", "存证"), func(ctx context.Context, in *id) (*Tagged[CheckDetail], error) {
		c, err := s.Proofs.CheckOf(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.checkDetail(ctx, c)
	})
	route(s, op("cancelCheck", http.MethodPost, "/ledger/checks/{id}/cancel", "取消全量核验", "存证"), func(ctx context.Context, in *struct {
		ID string `path:"id" maxLength:"40"`
		IfMatch
	}) (*Tagged[CheckDetail], error) {
		c, err := s.Proofs.Cancel(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.checkDetail(ctx, c)
	})
	route(s, op("getCheckReport", http.MethodGet, "/ledger/checks/{id}/report", "下载核验报告（JSON）", "存证"), func(ctx context.Context, in *id) (*File, error) {
		raw, err := s.Proofs.Report(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &File{Type: "application/json", Disposition: disposition("核验报告-"+in.ID+".json", true), Body: raw}, nil
	})
}

func (s *Server) ledgerProofs() {
	type entry struct {
		Entry string `path:"entry" maxLength:"60" doc:"存证编号、凭证号或条目标识"`
	}
	route(s, op("getEntry", http.MethodGet, "/ledger/entries/{entry}", "一条存证", "存证"), func(ctx context.Context, in *entry) (*Body[ActView], error) {
		e, err := s.Proofs.Entry(ctx, actor(ctx), in.Entry)
		if err != nil {
			return nil, err
		}
		return &Body[ActView]{s.actView(ctx, e)}, nil
	})
	route(s, op("proveEntry", http.MethodPost, "/ledger/entries/{entry}/proof", "出具存证凭证", "存证"), func(ctx context.Context, in *entry) (*Body[ledger.Proof], error) {
		p, err := s.Proofs.Prove(ctx, actor(ctx), in.Entry)
		if err != nil {
			return nil, err
		}
		return &Body[ledger.Proof]{p}, nil
	})
	route(s, op("checkProof", http.MethodPost, "/ledger/proofs/check", "核验存证凭证文件", "存证"), func(ctx context.Context, in *struct {
		Body ledger.Proof
	}) (*Body[ProofResult], error) {
		c, err := s.Proofs.CheckProof(actor(ctx), in.Body)
		if err != nil {
			return nil, err
		}
		if c.Trouble != "" {
			return &Body[ProofResult]{ProofResult{Trouble: c.Trouble}}, nil
		}
		v := s.actView(ctx, c.Found)
		return &Body[ProofResult]{ProofResult{Valid: true, Entry: &v, Point: &PointView{Size: c.At.Size, Root: ledger.RootText(c.At.Root), At: c.At.Time, Consistent: true}, Nodes: len(in.Body.Hashes)}}, nil
	})
}

func pointViews(list []prove.Point) []PointView {
	out := []PointView{}
	for _, p := range list {
		out = append(out, PointView{Size: p.Size, Root: ledger.RootText(p.Root), At: p.Time, Consistent: p.Consistent})
	}
	return out
}

func (s *Server) checkSummaries(ctx context.Context, list []prove.Check) []CheckSummary {
	out := []CheckSummary{}
	name := s.names(ctx)
	for _, c := range list {
		v := CheckSummary{ID: c.ID, State: string(c.State), StartedAt: c.StartedAt, By: name(c.StartedBy), Entries: c.Entries, Published: c.Published,
			Rows: c.Rows, Files: c.Files, Bytes: c.Bytes, Signed: c.Signed, Found: c.Found, Trouble: c.Trouble}
		if !c.EndedAt.IsZero() {
			v.EndedAt = &c.EndedAt
		}
		out = append(out, v)
	}
	return out
}

// shownDifferences bounds what a screen lists; the report's file has more.
const shownDifferences = 200

func (s *Server) checkDetail(ctx context.Context, c prove.Check) (*Tagged[CheckDetail], error) {
	by := actor(ctx)
	v := CheckDetail{CheckSummary: s.checkSummaries(ctx, []prove.Check{c})[0], Differences: []DifferenceView{}, Possible: possible(s.Proofs.Possible(by, &c))}
	if c.State == prove.Running {
		p, err := s.Proofs.Progress(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		v.Stage, v.Done, v.Total = p.Stage, p.Done, p.Total
	}
	if c.Report != "" && c.Found > 0 {
		raw, err := s.Proofs.Report(ctx, by, c.ID)
		if err != nil {
			return nil, err
		}
		var r ledger.Report
		if err := json.Unmarshal(raw, &r); err != nil {
			return nil, err
		}
		for _, d := range r.Differences[:min(len(r.Differences), shownDifferences)] {
			v.Differences = append(v.Differences, DifferenceView{Difference: d, KindName: ledger.KindName(d.Kind), TableName: tableName(d.Table)})
		}
	}
	return &Tagged[CheckDetail]{etag(c.Version), v}, nil
}

func (s *Server) actView(ctx context.Context, e prove.Found) ActView {
	b := e.Of
	v := ActView{Ord: e.Ord, Number: e.Seq, ID: e.ID, At: b.Time(), By: s.names(ctx)(b.Actor), Action: b.Action, Label: dossier.ActName(b.Action), On: b.On,
		Rules: []LedgerRule{}, Refused: b.Outcome == ledger.Refused, Reasons: []LedgerRule{}, Facts: b.Facts, Via: b.Via}
	if e.Seq > 0 {
		v.Voucher = e.Voucher()
	}
	if b.Org != "" {
		v.Org = s.agencyName(ctx, b.Org)
	}
	for _, id := range b.Rules {
		v.Rules = append(v.Rules, ledgerRule(id))
	}
	for _, why := range b.Reasons {
		id, _, _ := strings.Cut(why, "/")
		v.Reasons = append(v.Reasons, ledgerRule(rule.ID(id)))
	}
	return v
}

// tableName says what a table holds, for people.
func tableName(table string) string {
	switch table {
	case ledger.LogTable:
		return "公布的防改树"
	case ledger.FilesTable:
		return "影像与文书文件"
	}
	what, _, _ := strings.Cut(store.ReasonOf(table), "：")
	return what
}

func ledgerRule(id rule.ID) LedgerRule {
	r, _ := rule.Get(id)
	return LedgerRule{string(id), r.Clause}
}
