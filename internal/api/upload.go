package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"dangan/internal/digital"
	"dangan/internal/rule"

	"github.com/danielgtaylor/huma/v2"
)

func init() { capabilities = append(capabilities, (*Server).uploadRoutes) }

// UploadView is a delivery on its way from a browser into the dossiers.
type UploadView struct {
	ID          string    `json:"id"`
	Label       string    `json:"label" doc:"目录或压缩包名"`
	State       string    `json:"state" enum:"waiting,running,ended,cancelled,failed"`
	StateName   string    `json:"stateName"`
	StaffName   string    `json:"staffName"`
	Files       int64     `json:"files"`
	Bytes       int64     `json:"bytes"`
	Done        int64     `json:"done" doc:"已处理档案数"`
	Total       int64     `json:"total"`
	Cancelling  bool      `json:"cancelling"`
	DeliveryID  string    `json:"deliveryId,omitempty"`
	Ingested    int64     `json:"ingested"`
	Quarantined int64     `json:"quarantined"`
	Already     int64     `json:"already"`
	Trouble     string    `json:"trouble,omitempty"`
	At          time.Time `json:"at"`
}

// UploadList is the latest uploads, and whether the actor may add one.
type UploadList struct {
	Items    []UploadView `json:"items" nullable:"false"`
	Possible []Possible   `json:"possible" nullable:"false"`
	Limit    int64        `json:"limit" doc:"一次上传的上限，字节"`
}

// DeliveryUpload takes its content as a stream: it may be larger than memory.
type DeliveryUpload struct {
	Name   string `query:"name" maxLength:"255" required:"true" doc:"目录或压缩包名"`
	Format string `query:"format" enum:"tar,zip" required:"true"`
	Length string `header:"Content-Length"`

	content io.Reader
}

// Resolve keeps the request's body for the handler.
func (u *DeliveryUpload) Resolve(ctx huma.Context) []error {
	u.content = ctx.BodyReader()
	return nil
}

func (s *Server) uploadRoutes() {
	const tag = "数字化"
	upload := op("uploadDelivery", http.MethodPost, "/delivery-uploads", "上传成果（目录打包为 tar，或 zip）", tag)
	upload.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	route(s, upload, func(ctx context.Context, in *DeliveryUpload) (*Body[UploadView], error) {
		size, err := strconv.ParseInt(in.Length, 10, 64)
		if err != nil {
			size = -1
		}
		u, err := s.Digital.Upload(ctx, actor(ctx), digital.Incoming{Name: in.Name, Format: in.Format, Content: in.content, Size: size})
		var refusal *rule.Refusal
		if errors.As(err, &refusal) && size <= s.Digital.UploadLimit() {
			// A browser hears why only when it has sent all.
			_, _ = io.Copy(io.Discard, io.LimitReader(in.content, s.Digital.UploadLimit()))
		}
		if err != nil {
			return nil, err
		}
		return &Body[UploadView]{s.uploadView(ctx, u)}, nil
	})
	route(s, op("listDeliveryUploads", http.MethodGet, "/delivery-uploads", "网页上传的接收进度", tag), func(ctx context.Context, _ *struct{}) (*Body[UploadList], error) {
		list, can, err := s.Digital.Uploads(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := UploadList{Items: []UploadView{}, Possible: possible(can), Limit: s.Digital.UploadLimit()}
		for _, u := range list {
			out.Items = append(out.Items, s.uploadView(ctx, u))
		}
		return &Body[UploadList]{out}, nil
	})
	route(s, op("cancelDeliveryUpload", http.MethodPost, "/delivery-uploads/{id}/cancel", "停止接收", tag), func(ctx context.Context, in *DeliveryID) (*Body[UploadView], error) {
		u, err := s.Digital.CancelUpload(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Body[UploadView]{s.uploadView(ctx, u)}, nil
	})
}

func (s *Server) uploadView(ctx context.Context, u digital.Upload) UploadView {
	return UploadView{ID: u.ID, Label: u.Label, State: string(u.State), StateName: u.State.Name(), StaffName: s.staffName(ctx, u.StaffID), Files: u.Files, Bytes: u.Bytes,
		Done: u.Done, Total: u.Total, Cancelling: u.Cancel, DeliveryID: u.DeliveryID, Ingested: u.Ingested, Quarantined: u.Quarantined, Already: u.Already, Trouble: u.Trouble, At: u.At}
}
