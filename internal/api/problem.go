package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"

	"github.com/danielgtaylor/huma/v2"
)

// Kinds of problems beside those of rule.Refusal.
const (
	kindConflict = "conflict" // somebody else was first
	kindError    = "error"    // our failure; nothing was changed
	kindAbsent   = "absent"   // does not exist, or may not be known of
	kindSignIn   = "signin"   // not signed in
	kindProof    = "proof"    // the session must prove anew who sits before it; then the act can be repeated
)

// Reason is one reason of a problem, with the clause to unfold.
type Reason struct {
	rule.Reason
	Clause string `json:"clause,omitempty" doc:"条款标签，如 第二十条（二）"`
	Text   string `json:"text,omitempty" doc:"条文"`
}

// Problem is problem+json (RFC 9457) in Chinese.
type Problem struct {
	Type    string   `json:"type"`
	Title   string   `json:"title"`
	Status  int      `json:"status"`
	Detail  string   `json:"detail,omitempty"`
	Kind    string   `json:"kind" enum:"invalid,incomplete,refused,conflict,absent,signin,proof,error"`
	Reasons []Reason `json:"reasons,omitempty"`
	Number  string   `json:"number,omitempty" doc:"出错编号，报修时提供"`
}

// Error is for logs.
func (p *Problem) Error() string { return p.Title + " " + p.Detail }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is what huma sends.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var kindStatus = map[rule.Kind]int{
	rule.Invalid: http.StatusUnprocessableEntity, rule.Incomplete: http.StatusUnprocessableEntity, rule.Refused: http.StatusForbidden,
}

var kindTitle = map[rule.Kind]string{
	rule.Invalid: "输入有误", rule.Incomplete: "需要补正", rule.Refused: "不予办理",
}

// problem turns any error into what people may see. Details of failures go to
// the log under a number, never to the person.
func (s *Server) problem(ctx context.Context, err error) error {
	var refusal *rule.Refusal
	var conflict *gate.Conflict
	var unproved *gate.Unproved
	var made *Problem
	switch {
	case errors.As(err, &made):
		return made
	case errors.As(err, &refusal):
		return refusalProblem(refusal)
	case errors.As(err, &unproved):
		return proofProblem(unproved)
	case errors.As(err, &conflict):
		return s.conflictProblem(ctx, conflict)
	case errors.Is(err, gate.ErrHidden), errors.Is(err, store.ErrNotFound):
		return absent()
	case errors.Is(err, gate.ErrKeyReused):
		return &Problem{Type: "about:blank", Title: "请求编号重复", Status: http.StatusConflict, Kind: kindConflict,
			Detail: "同一请求编号（Idempotency-Key）已用于另一项内容，本次未办理。请重新发起。"}
	case errors.Is(err, gate.ErrReplay):
		return &Problem{Type: "about:blank", Title: "已经办理", Status: http.StatusConflict, Kind: kindConflict,
			Detail: "这项请求先前已经办理，没有重复办理。请刷新查看结果。"}
	case errors.Is(err, store.ErrUnique):
		return &Problem{Type: "about:blank", Title: "记录已存在", Status: http.StatusConflict, Kind: kindConflict,
			Detail: "同样的记录已经存在，本次未办理。请刷新后查看。"}
	case errors.Is(err, context.Canceled):
		return &Problem{Type: "about:blank", Title: "已取消", Status: 499, Kind: kindError, Detail: "请求已取消，没有改动任何内容。"}
	}
	number := gate.NewID()[24:]
	s.log.ErrorContext(ctx, "request failed", slog.String("number", number), slog.Any("error", err))
	p := &Problem{Type: "about:blank", Title: "系统出错", Status: http.StatusInternalServerError, Kind: kindError, Number: number,
		Detail: "这次没有办成，也没有改动任何内容。请重试；仍不行请把出错编号告诉系统管理员。"}
	if errors.Is(err, store.ErrDiskFull) || errors.Is(err, blob.ErrFull) {
		p.Status, p.Title, p.Detail = http.StatusInsufficientStorage, "存储空间不足", "服务器存储空间不足，这次没有办成，也没有改动任何内容。请联系系统管理员。"
	}
	if errors.Is(err, store.ErrBusy) {
		p.Status, p.Title, p.Detail = http.StatusServiceUnavailable, "系统繁忙", "数据库正忙，这次没有办成，也没有改动任何内容。请稍后重试。"
	}
	return p
}

// TypeProof is the type of the problem that asks for a fresh proof of identity:
// POST /api/v1/account/step-up gives it, then the same request is sent again.
const TypeProof = "urn:dangan:problem:fresh-proof"

func proofProblem(u *gate.Unproved) *Problem {
	return &Problem{Type: TypeProof, Title: u.What + "前请再次确认身份", Status: http.StatusForbidden, Kind: kindProof,
		Detail: fmt.Sprintf("%s须在 %d 分钟内确认过本人身份；确认后自动继续，已填写的内容保留。", u.What, int(u.Within.Minutes()))}
}

func absent() *Problem {
	return &Problem{Type: "about:blank", Title: "没有找到", Status: http.StatusNotFound, Kind: kindAbsent,
		Detail: "没有这条记录，或者不在您的业务范围内。请核对编号。"}
}

func refusalProblem(r *rule.Refusal) *Problem {
	p := &Problem{Type: "about:blank", Title: kindTitle[r.Kind], Status: kindStatus[r.Kind], Kind: string(r.Kind)}
	var messages []string
	for _, reason := range r.Reasons {
		p.Reasons = append(p.Reasons, reasonView(reason))
		messages = append(messages, reason.Message)
	}
	p.Detail = strings.Join(messages, " ")
	return p
}

// reasonView adds the clause to a reason.
func reasonView(reason rule.Reason) Reason {
	out := Reason{Reason: reason}
	if known, ok := rule.Get(reason.Rule); ok {
		out.Clause, out.Text = known.Clause, known.Text
	}
	return out
}

// conflictProblem says who was first and what they did.
func (s *Server) conflictProblem(ctx context.Context, c *gate.Conflict) *Problem {
	detail := "这条记录刚被他人办理，本次未保存。请重新载入后再办。"
	if c.By != "" {
		detail = fmt.Sprintf("%s 于 %s 已先办理，本次未保存。请重新载入后再办。", s.staffName(ctx, c.By), chineseTime(c.At))
	}
	return &Problem{Type: "about:blank", Title: "内容已变化", Status: http.StatusConflict, Kind: kindConflict, Detail: detail}
}

func init() {
	// huma's own findings (wrong types, missing fields, unknown media types) speak
	// Chinese and name the place.
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p := &Problem{Type: "about:blank", Title: "请求有误", Status: status, Kind: string(rule.Invalid), Detail: chineseShape(status, message)}
		for _, err := range errs {
			var detail *huma.ErrorDetail
			if errors.As(err, &detail) {
				p.Reasons = append(p.Reasons, Reason{Reason: rule.Reason{Slug: "shape", Field: strings.TrimPrefix(detail.Location, "body."),
					Message: chineseDetail(detail.Message), Next: "请按接口说明或界面提示更正后重试。"}})
			}
		}
		return p
	}
}

func chineseShape(status int, message string) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "内容过大，没有接收。请拆分后重试。"
	case http.StatusUnsupportedMediaType:
		return "内容类型不对，应为 application/json。"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "没有这个接口。"
	case http.StatusInternalServerError:
		return "这次没有办成，也没有改动任何内容。请重试。"
	}
	return "内容不符合要求：" + chineseDetail(message)
}

// chineseDetail translates huma's sentences; what it does not know stays as it is.
func chineseDetail(m string) string {
	for from, to := range map[string]string{
		"validation failed": "校验未通过", "expected required property": "缺少必填项", "expected string": "应为文字", "expected integer": "应为整数",
		"expected number": "应为数字", "expected boolean": "应为是或否", "expected object": "应为对象", "expected array": "应为列表",
		"unexpected property": "多余的项", "unexpected end of JSON input": "内容不完整", "request body is required": "缺少请求内容",
		"expected length <=": "长度不超过", "expected length >=": "长度不少于", "expected value to be one of": "应为下列之一",
		"to be present": "", "invalid character": "无法识别的字符",
	} {
		m = strings.ReplaceAll(m, from, to)
	}
	return strings.TrimSpace(m)
}
