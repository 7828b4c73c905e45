package api

import (
	"context"
	"net/http"
	"time"

	"dangan/internal/access"
	"dangan/internal/codes"
)

// ReadingMaterial is one piece that is open to the readers. Closed and secret
// pieces are not in the answer at all.
type ReadingMaterial struct {
	ID     string  `json:"id"`
	Class  string  `json:"class"`
	Kind   string  `json:"kind" doc:"类别简称"`
	Seq    int64   `json:"seq"`
	Title  string  `json:"title"`
	Formed string  `json:"formed,omitempty"`
	Pages  int64   `json:"pages"`
	Leaves []int64 `json:"leaves" nullable:"false" doc:"可在屏幕上翻阅的页"`
	Viewed []int64 `json:"viewed" nullable:"false" doc:"本次已阅的页"`
	Ticked bool    `json:"ticked" doc:"纸质已阅"`
}

// ReadingView is what the reading page draws.
type ReadingView struct {
	Consultation ConsultationView  `json:"consultation"`
	Materials    []ReadingMaterial `json:"materials" nullable:"false"`
}

// PieceBody is a piece read on paper: of the catalog, or cited by hand.
type PieceBody struct {
	MaterialID string `json:"materialId,omitempty" maxLength:"64"`
	Class      string `json:"class,omitempty" maxLength:"8"`
	Title      string `json:"title,omitempty" maxLength:"200"`
	Pages      int64  `json:"pages,omitempty"`
}

func (s *Server) readingRoutes(tag string) {
	route(s, op("openReading", http.MethodPost, "/consultations/{id}/reading", "开始查阅", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body struct {
			Readers []string `json:"readers" maxItems:"10" doc:"到场并核验身份的查阅人"`
		}
	}) (*Tagged[ReadingView], error) {
		if _, err := s.Access.Open(ctx, actor(ctx), in.ID, access.Present{Readers: in.Body.Readers}); err != nil {
			return nil, err
		}
		return s.readingView(ctx, in.ID)
	})
	route(s, op("getReading", http.MethodGet, "/consultations/{id}/reading", "查阅台", tag), func(ctx context.Context, in *ConsultationPath) (*Tagged[ReadingView], error) {
		return s.readingView(ctx, in.ID)
	})
	route(s, op("endReading", http.MethodPost, "/consultations/{id}/reading/end", "结束查阅", tag), func(ctx context.Context, in *ConsultationPath) (*Tagged[ConsultationView], error) {
		if _, err := s.Access.End(ctx, actor(ctx), in.ID); err != nil {
			return nil, err
		}
		return s.consultationView(ctx, in.ID)
	})
	route(s, op("lockReading", http.MethodPost, "/consultations/{id}/reading/lock", "离席、无人操作锁屏", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body *struct {
			Away []string `json:"away,omitempty" maxItems:"10" doc:"离席的查阅人；不写明的也锁屏"`
		}
	}) (*Tagged[ReadingView], error) {
		var away []string
		if in.Body != nil {
			away = in.Body.Away
		}
		if _, err := s.Access.Lock(ctx, actor(ctx), in.ID, away); err != nil {
			return nil, err
		}
		return s.readingView(ctx, in.ID)
	})
	route(s, op("unlockReading", http.MethodPost, "/consultations/{id}/reading/unlock", "两人以上在场，解锁", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body *struct {
			Here []string `json:"here,omitempty" maxItems:"10" doc:"在场的查阅人；不写明的，锁屏时在场的都在场"`
		}
	}) (*Tagged[ReadingView], error) {
		var here []string
		if in.Body != nil {
			here = in.Body.Here
		}
		if _, err := s.Access.Unlock(ctx, actor(ctx), in.ID, here, proofOf(ctx)); err != nil {
			return nil, err
		}
		return s.readingView(ctx, in.ID)
	})
	route(s, op("extendReading", http.MethodPost, "/consultations/{id}/reading/extend", "延长查阅，一次，不超过当日闭室", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body struct {
			Minutes int64  `json:"minutes" minimum:"1" maximum:"240"`
			Reason  string `json:"reason" maxLength:"200"`
		}
	}) (*Tagged[ReadingView], error) {
		if _, err := s.Access.Extend(ctx, actor(ctx), in.ID, in.Body.Minutes, in.Body.Reason); err != nil {
			return nil, err
		}
		return s.readingView(ctx, in.ID)
	})
	route(s, op("leaveReadingPage", http.MethodPost, "/consultations/{id}/reading/leave", "页面离开屏幕（变暗、遮住），记录显示时长", tag), func(ctx context.Context, in *ConsultationPath) (*struct{}, error) {
		_, err := s.Access.Left(ctx, actor(ctx), in.ID)
		return nil, err
	})
	route(s, op("readingPage", http.MethodGet, "/consultations/{id}/reading/pages/{material}/{no}", "查阅一页：缩小并加水印的影像，逐页留痕", tag), func(ctx context.Context, in *struct {
		ID       string `path:"id" maxLength:"64"`
		Material string `path:"material" maxLength:"64"`
		No       int64  `path:"no" minimum:"1" maximum:"5000"`
	}) (*struct {
		ContentType string `header:"Content-Type"`
		Body        []byte
	}, error) {
		img, err := s.Access.Turn(ctx, actor(ctx), in.ID, in.Material, in.No)
		if err != nil {
			return nil, err
		}
		return &struct {
			ContentType string `header:"Content-Type"`
			Body        []byte
		}{"image/jpeg", img}, nil
	})
	route(s, op("recordPaperReading", http.MethodPost, "/consultations/{id}/reading/paper", "登记纸质所阅材料", tag), func(ctx context.Context, in *struct {
		ConsultationPath
		Body struct {
			Pieces []PieceBody `json:"pieces" maxItems:"200"`
		}
	}) (*Tagged[ReadingView], error) {
		var pieces []access.Piece
		for _, p := range in.Body.Pieces {
			pieces = append(pieces, access.Piece(p))
		}
		if _, err := s.Access.RecordPaper(ctx, actor(ctx), in.ID, pieces); err != nil {
			return nil, err
		}
		return s.readingView(ctx, in.ID)
	})
}

// proofOf is when the browser's session last proved who sits there; zero of a program's token.
func proofOf(ctx context.Context) time.Time {
	who := askerOf(ctx)
	if len(who.session.Digest) == 0 {
		return time.Time{}
	}
	if who.session.SteppedAt.IsZero() {
		return time.Unix(0, 1) // a browser that gave no proof yet
	}
	return who.session.SteppedAt
}

func (s *Server) readingView(ctx context.Context, id string) (*Tagged[ReadingView], error) {
	t, err := s.Access.Table(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &Tagged[ReadingView]{ETag: etag(t.Version), Body: ReadingView{Materials: []ReadingMaterial{}}}
	if out.Body.Consultation, err = s.consultation(ctx, t.Full); err != nil {
		return nil, err
	}
	for _, m := range t.Catalog {
		v := ReadingMaterial{ID: m.ID, Class: m.Class, Seq: m.Seq, Title: m.Title, Pages: m.Pages, Leaves: m.Leaves, Viewed: m.Viewed, Ticked: m.Ticked,
			Formed: access.Formed(m.Material)}
		if class, known := codes.FindClass(m.Class); known {
			v.Kind = class.Short
		}
		if v.Viewed == nil {
			v.Viewed = []int64{}
		}
		if v.Leaves == nil {
			v.Leaves = []int64{}
		}
		out.Body.Materials = append(out.Body.Materials, v)
	}
	return out, nil
}
