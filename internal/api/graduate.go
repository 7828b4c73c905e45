package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/graduate"
	"dangan/internal/identity"
	"dangan/internal/mandate"
	"dangan/internal/rule"
	"dangan/internal/sheet"
	"dangan/internal/undertaking"
)

func init() { capabilities = append(capabilities, (*Server).graduateRoutes) }

// GraduateList is one list of a school.
type GraduateList struct {
	ID       string    `json:"id"`
	School   string    `json:"school"`
	FileName string    `json:"fileName"`
	Rows     int64     `json:"rows" doc:"文件中的行数，含需改正的"`
	ListedAt time.Time `json:"listedAt"`
	// The receipt that the school was given.
	ReceiptNo string     `json:"receiptNo,omitempty" doc:"给学校的回执"`
	ReceiptID string     `json:"receiptId,omitempty"`
	ReceiptAt *time.Time `json:"receiptAt,omitempty"`
	Received  int64      `json:"received" doc:"回执所列收到的袋数"`
}

// GraduateListView is a list with how many of its people are in each state.
type GraduateListView struct {
	GraduateList
	Counts map[string]int64 `json:"counts" nullable:"false" doc:"未到 awaited、待认领 unclaimed、已认领 claimed、已有档案 elsewhere、已转出 gone_on"`
}

// GraduateItem is one person of a list.
type GraduateItem struct {
	ID         string     `json:"id"`
	Name       string     `json:"name"`
	IDNo       string     `json:"idNo" doc:"遮盖"`
	TransferNo string     `json:"transferNo"`
	MailNo     string     `json:"mailNo,omitempty"`
	State      string     `json:"state" enum:"awaited,unclaimed,claimed,elsewhere,handing,joined,sent_back,gone_on"`
	StateName  string     `json:"stateName"`
	Seal       string     `json:"seal,omitempty"`
	Note       string     `json:"note,omitempty"`
	ReceivedAt *time.Time `json:"receivedAt,omitempty"`
	School     string     `json:"school"`
	ToldWay    string     `json:"toldWay,omitempty"`
	ToldAt     *time.Time `json:"toldAt,omitempty"`
	ClaimedAt  *time.Time `json:"claimedAt,omitempty"`
	EndedAt    *time.Time `json:"endedAt,omitempty" doc:"办结：认领、归并、退回学校或先行转出"`
	Tone       string     `json:"tone"`
	DossierID  string     `json:"dossierId,omitempty" doc:"本机构保管的档案"`
}

// GraduateView is one person of a list with what may be done.
type GraduateView struct {
	GraduateItem
	Mandate       *MandateItem     `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	ListID        string           `json:"listId"`
	Education     string           `json:"education,omitempty"`
	Phone         string           `json:"phone,omitempty" doc:"遮盖"`
	Document      string           `json:"document,omitempty" doc:"认领时查验的证件"`
	NoticeVersion string           `json:"noticeVersion,omitempty"`
	Missing       string           `json:"missing,omitempty" doc:"缺少的关键材料"`
	Asked         []GraduateAsked  `json:"asked,omitempty" doc:"认领时逐项对照的关键材料"`
	Held          *GraduateHeld    `json:"held,omitempty" doc:"本人已有的档案，这一袋在它之外"`
	Ending        string           `json:"ending,omitempty" enum:"join,hand,return,open" doc:"提出的处理"`
	EndingName    string           `json:"endingName,omitempty"`
	Evidence      string           `json:"evidence,omitempty"`
	EndingBy      string           `json:"endingBy,omitempty"`
	DecidedBy     string           `json:"decidedBy,omitempty"`
	DecidedNote   string           `json:"decidedNote,omitempty"`
	TransferID    string           `json:"transferId,omitempty" doc:"办理移交或退回的转递"`
	Told          []GraduateAsked  `json:"told,omitempty" doc:"一次告知所缺的关键材料"`
	AskedOn       string           `json:"askedOn,omitempty" doc:"一次告知的日期，待本人签署"`
	PromisedOn    string           `json:"promisedOn,omitempty" doc:"本人签署的日期"`
	PromiseDue    string           `json:"promiseDue,omitempty" doc:"承诺补充的期限"`
	Statement     string           `json:"statement,omitempty" doc:"本人说明"`
	Promiser      *MandateItem     `json:"promiser,omitempty" doc:"代签承诺的，所凭的委托书"`
	Signing       string           `json:"signing,omitempty" enum:"paper,screen"`
	Signed        []TransferSigned `json:"signed" nullable:"false" doc:"纸面签署件的扫描件"`
	Reminded      int64            `json:"reminded,omitempty" doc:"已提醒本人签署几次"`
	Escalated     int64            `json:"escalated,omitempty" doc:"未签署：1 已报负责人，2 已报上级监督"`
	Disposed      string           `json:"disposed,omitempty" doc:"负责人、上级监督的处置意见"`
	DisposedBy    string           `json:"disposedBy,omitempty"`
	DisposedOn    string           `json:"disposedOn,omitempty"`
	Shelf         string           `json:"shelf,omitempty" doc:"另一袋单独存放的库位"`
	Possible      []Possible       `json:"possible" nullable:"false"`
}

// GraduateHeld is the dossier that the person has already; of another agency's only where it is.
type GraduateHeld struct {
	Likely     bool   `json:"likely,omitempty" doc:"姓名、出生日期相同而号码不同，是否同一人待查"`
	DossierID  string `json:"dossierId,omitempty"`
	No         string `json:"no,omitempty"`
	AgencyName string `json:"agencyName"`
	Left       bool   `json:"left" doc:"已转出本市"`
	Own        bool   `json:"own"`
}

// GraduateTold is what became of telling a class.
type GraduateTold struct {
	Told        int `json:"told"`
	Unreachable int `json:"unreachable" doc:"没有登记电话或邮箱，须以信函、电话或经学校告知"`
	Left        int `json:"left" doc:"还未告知，再次告知即接着办"`
}

// GraduateAsked is one key material a packet is looked through for.
type GraduateAsked struct {
	KeyFact     string   `json:"keyFact"`
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Others      []string `json:"others,omitempty" doc:"可替代的材料"`
	Consequence string   `json:"consequence"`
}

// GraduateWrong is a row of a list that is to be corrected.
type GraduateWrong struct {
	Row      int      `json:"row"`
	Problems []string `json:"problems" nullable:"false"`
}

// GraduateReport says what became, or would become, of a list's rows.
type GraduateReport struct {
	ListID   string          `json:"listId,omitempty"`
	FileName string          `json:"fileName"`
	School   string          `json:"school"`
	Preview  bool            `json:"preview" doc:"只预检，没有登记"`
	Rows     int             `json:"rows"`
	Listed   int             `json:"listed" doc:"可登记，或已登记"`
	Here     int             `json:"here" doc:"原已登记"`
	Rejected int             `json:"rejected" doc:"需改正，不登记"`
	Items    []GraduateWrong `json:"items" nullable:"false" doc:"需改正的行，最多 500 行；全部在错误工作簿中"`
}

// GraduatePage is a page of graduates with how many of the same filter are in each state.
type GraduatePage struct {
	Items  []GraduateItem   `json:"items" nullable:"false"`
	Next   *string          `json:"next"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	Untold int64            `json:"untold" doc:"待认领中尚未告知的"`
}

// GraduateSchool is how a school's graduates stand.
type GraduateSchool struct {
	School string           `json:"school"`
	Counts map[string]int64 `json:"counts" nullable:"false"`
	Untold int64            `json:"untold"`
}

// GraduateFound is what a scanner's number stands for.
type GraduateFound struct {
	Items []GraduateItem `json:"items" nullable:"false"`
}

// GraduateSchools are the schools of an actor's reach.
type GraduateSchools struct {
	Items []GraduateSchool `json:"items" nullable:"false"`
}

// GraduateScanLine is one packet of a batch.
type GraduateScanLine struct {
	Seq       int64        `json:"seq"`
	Seal      string       `json:"seal"`
	Note      string       `json:"note,omitempty"`
	ScannedAt time.Time    `json:"scannedAt"`
	Graduate  GraduateItem `json:"graduate"`
}

// GraduateBatchItem is one batch: what one signature takes over.
type GraduateBatchItem struct {
	ID         string     `json:"id"`
	State      string     `json:"state" enum:"open,signed"`
	StaffName  string     `json:"staffName"`
	OpenedAt   time.Time  `json:"openedAt"`
	Packets    int64      `json:"packets"`
	Number     string     `json:"number,omitempty" doc:"接收清单编号"`
	DocumentID string     `json:"documentId,omitempty"`
	SignedAt   *time.Time `json:"signedAt,omitempty"`
}

// GraduateBatchView is a batch with its packets.
type GraduateBatchView struct {
	GraduateBatchItem
	Lines     []GraduateScanLine      `json:"lines" nullable:"false"`
	Signature *GraduateBatchSignature `json:"signature,omitempty" doc:"签名板上的签名"`
}

// GraduateBatchSignature is what the clerk wrote on the signing pad for a batch.
type GraduateBatchSignature struct {
	Format  string    `json:"format"`
	Digest  string    `json:"digest" doc:"签名文件的 SHA-256，也写在接收清单上"`
	Packets int64     `json:"packets" doc:"签名时的袋数"`
	Stale   bool      `json:"stale,omitempty" doc:"签名以后这一批又有变动，须重新签名"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// GraduateOpenBatch is the own open batch, if there is one.
type GraduateOpenBatch struct {
	Batch *GraduateBatchView `json:"batch,omitempty"`
}

// GraduateArrival is one packet as it lies on the table.
type GraduateArrival struct {
	Number string `json:"number" maxLength:"64" doc:"转递编号、机要号或邮件号、身份证号"`
	Seal   string `json:"seal" enum:"intact,broken" doc:"封存完好、封存有损"`
	Note   string `json:"note,omitempty" maxLength:"200" doc:"有损的，写明情况"`
}

// GraduateScanned is what became of one scan.
type GraduateScanned struct {
	Number  string            `json:"number"`
	Line    *GraduateScanLine `json:"line,omitempty"`
	Reasons []Reason          `json:"reasons,omitempty" doc:"没有扫入本批的原因和办法"`
}

// GraduateScans are the fates of several scans.
type GraduateScans struct {
	Items []GraduateScanned `json:"items" nullable:"false"`
}

// GraduateIn names a person of a list and the version it was seen at.
type GraduateIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

func (s *Server) graduateRoutes() {
	const tag = "毕业生接收"
	upload := op("uploadGraduateList", http.MethodPost, "/graduate-lists", "上传学校的毕业去向登记名单：先预检（preview=true），再登记", tag)
	upload.MaxBodyBytes = maxGraduateList
	route(s, upload, func(ctx context.Context, in *struct {
		Name    string `query:"name" maxLength:"255" required:"true" doc:"文件名"`
		Preview bool   `query:"preview" doc:"只预检，不登记"`
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*Body[GraduateReport], error) {
		r, err := s.Graduates.Import(ctx, actor(ctx), graduate.Source{Agency: actor(ctx).Org, FileName: in.Name, Content: bytes.NewReader(in.RawBody), Size: int64(len(in.RawBody)), DryRun: in.Preview})
		if err != nil {
			return nil, graduateListProblem(err)
		}
		out := GraduateReport{ListID: r.List, FileName: r.File, School: r.School, Preview: in.Preview, Rows: r.Rows, Listed: r.Listed, Here: r.Here, Rejected: r.Rejected, Items: []GraduateWrong{}}
		for _, w := range r.Items[:min(500, len(r.Items))] {
			out.Items = append(out.Items, GraduateWrong{w.Row, w.Problems})
		}
		return &Body[GraduateReport]{out}, nil
	})
	wrong := op("graduateListErrors", http.MethodPost, "/graduate-list-errors", "名单中需改正的行，成工作簿；不登记", tag)
	wrong.MaxBodyBytes = maxGraduateList
	route(s, wrong, func(ctx context.Context, in *struct {
		Name    string `query:"name" maxLength:"255" required:"true" doc:"文件名"`
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*File, error) {
		var book bytes.Buffer
		r, err := s.Graduates.Import(ctx, actor(ctx), graduate.Source{Agency: actor(ctx).Org, FileName: in.Name, Content: bytes.NewReader(in.RawBody), Size: int64(len(in.RawBody)), DryRun: true, Errors: &book})
		if err != nil {
			return nil, graduateListProblem(err)
		}
		if r.Rejected == 0 {
			return nil, rule.Refuse(rule.Reason{Rule: "12", Slug: "nothing_wrong", Message: "名单中没有需改正的行。", Next: "可以直接登记。"})
		}
		name, _, _ := strings.Cut(r.File, ".")
		return &File{Type: workbookType, Disposition: disposition(name+"-需改正.xlsx", true), Body: book.Bytes()}, nil
	})
	route(s, op("searchGraduates", http.MethodGet, "/graduates", "毕业生：按名单、学校、状态、姓名或号码", tag), func(ctx context.Context, in *struct {
		OfAgency
		List   string `query:"list" maxLength:"64"`
		School string `query:"school" maxLength:"100"`
		State  string `query:"state" enum:"awaited,unclaimed,claimed,elsewhere,handing,joined,sent_back,gone_on,untold," doc:"untold：待认领而尚未告知的"`
		Text   string `query:"q" maxLength:"64" doc:"姓名开头、转递编号、邮件号或身份证号"`
		After  string `query:"after" maxLength:"64"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[GraduatePage], error) {
		f := graduate.Filter{List: in.List, School: in.School, Text: in.Text}
		counts, err := s.Graduates.Count(ctx, in.of(ctx), f)
		if err != nil {
			return nil, err
		}
		f.Untold = true
		untold, err := s.Graduates.Count(ctx, in.of(ctx), f)
		if err != nil {
			return nil, err
		}
		f.Untold, f.After, f.Limit = in.State == "untold", in.After, in.Limit+1
		if !f.Untold {
			f.State = graduate.State(in.State)
		}
		list, err := s.Graduates.Search(ctx, in.of(ctx), f)
		if err != nil {
			return nil, err
		}
		out := &Body[GraduatePage]{GraduatePage{Items: []GraduateItem{}, Counts: map[string]int64{}, Untold: untold[graduate.Unclaimed]}}
		for state, n := range counts {
			out.Body.Counts[string(state)] = n
		}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, g := range list {
			out.Body.Items = append(out.Body.Items, graduateItem(g))
		}
		return out, nil
	})
	route(s, op("graduateSchools", http.MethodGet, "/graduate-schools", "各学校毕业生未到、待认领、已认领各几人", tag), func(ctx context.Context, _ *struct{}) (*Body[GraduateSchools], error) {
		list, err := s.Graduates.Schools(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := GraduateSchools{Items: []GraduateSchool{}}
		for _, c := range list {
			v := GraduateSchool{School: c.School, Counts: map[string]int64{}, Untold: c.Untold}
			for _, state := range graduate.States {
				v.Counts[string(state)] = c.Counts[state]
			}
			out.Items = append(out.Items, v)
		}
		return &Body[GraduateSchools]{out}, nil
	})
	route(s, op("lookUpGraduate", http.MethodGet, "/graduate-packets", "扫描查找：转递编号、机要号或邮件号、身份证号是谁的", tag), func(ctx context.Context, in *struct {
		Number string `query:"number" maxLength:"64" required:"true"`
	}) (*Body[GraduateFound], error) {
		list, err := s.Graduates.Lookup(ctx, actor(ctx), in.Number)
		if err != nil {
			return nil, err
		}
		out := GraduateFound{Items: []GraduateItem{}}
		for _, g := range list {
			out.Items = append(out.Items, graduateItem(g))
		}
		return &Body[GraduateFound]{out}, nil
	})
	route(s, op("scanGraduate", http.MethodPost, "/graduate-scans", "扫描一袋，放入本人正在扫描的批次；签收后才算接收", tag), func(ctx context.Context, in *struct{ Body GraduateArrival }) (*Body[GraduateScanLine], error) {
		l, err := s.Graduates.Scan(ctx, actor(ctx), graduate.Arrival(in.Body))
		if err != nil {
			return nil, err
		}
		return &Body[GraduateScanLine]{graduateLine(l)}, nil
	})
	route(s, op("scanGraduates", http.MethodPost, "/graduate-scan-lists", "扫描枪存下的多个号码一次放入批次，逐个告知结果", tag), func(ctx context.Context, in *struct {
		Body struct {
			Packets []GraduateArrival `json:"packets" minItems:"1" maxItems:"200"`
		}
	}) (*Body[GraduateScans], error) {
		list := make([]graduate.Arrival, len(in.Body.Packets))
		for i, a := range in.Body.Packets {
			list[i] = graduate.Arrival(a)
		}
		done, err := s.Graduates.ScanAll(ctx, actor(ctx), list)
		if err != nil {
			return nil, err
		}
		out := GraduateScans{Items: []GraduateScanned{}}
		for i, o := range done {
			v := GraduateScanned{Number: list[i].Number}
			var refused *rule.Refusal
			switch {
			case o.Err == nil:
				l := graduateLine(o.Line)
				v.Line = &l
			case errors.As(o.Err, &refused):
				for _, r := range refused.Reasons {
					v.Reasons = append(v.Reasons, reasonView(r))
				}
			default:
				return nil, o.Err
			}
			out.Items = append(out.Items, v)
		}
		return &Body[GraduateScans]{out}, nil
	})
	route(s, op("openGraduateBatch", http.MethodGet, "/graduate-batches/open", "本人正在扫描、尚未签收的批次", tag), func(ctx context.Context, _ *struct{}) (*Body[GraduateOpenBatch], error) {
		b, lines, err := s.Graduates.OpenBatch(ctx, actor(ctx))
		if err != nil {
			return nil, err
		}
		out := GraduateOpenBatch{}
		if b.ID != "" {
			v, err := s.graduateBatchSigned(ctx, b, lines)
			if err != nil {
				return nil, err
			}
			out.Batch = &v
		}
		return &Body[GraduateOpenBatch]{out}, nil
	})
	route(s, op("listGraduateBatches", http.MethodGet, "/graduate-batches", "本机构的接收批次", tag), func(ctx context.Context, in *struct {
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[GraduateBatchItem]], error) {
		list, err := s.Graduates.Batches(ctx, actor(ctx), in.After, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[GraduateBatchItem]]{Body: Page[GraduateBatchItem]{Items: []GraduateBatchItem{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, b := range list {
			out.Body.Items = append(out.Body.Items, s.graduateBatch(ctx, b, nil).GraduateBatchItem)
		}
		return out, nil
	})
	route(s, op("getGraduateBatch", http.MethodGet, "/graduate-batches/{id}", "一个批次和其中的档案袋", tag), func(ctx context.Context, in *GraduateIn) (*Tagged[GraduateBatchView], error) {
		return s.graduateBatchView(ctx, in.ID)
	})
	route(s, op("dropGraduateScan", http.MethodPost, "/graduate-batches/{id}/drop", "从未签收的批次中取出一袋", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Graduate string `json:"graduate" maxLength:"64"`
		}
	}) (*Tagged[GraduateBatchView], error) {
		if err := s.Graduates.Drop(ctx, actor(ctx), in.ID, in.Body.Graduate); err != nil {
			return nil, err
		}
		return s.graduateBatchView(ctx, in.ID)
	})
	signature := op("addGraduateSignature", http.MethodPost, "/graduate-batches/{id}/signature", "上传本批在签名板上的签名（PNG、JPG 或一页 PDF），签收前上传；再变动的须重签", tag)
	attached(s, signature, graduate.MaxSignatureBytes, func(ctx context.Context, in *struct {
		GraduateIn
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*Tagged[GraduateBatchView], error) {
		if err := s.Graduates.AddSignature(ctx, actor(ctx), in.ID, in.RawBody); err != nil {
			return nil, err
		}
		return s.graduateBatchView(ctx, in.ID)
	})
	route(s, op("getGraduateSignature", http.MethodGet, "/graduate-batches/{id}/signature", "本批的签名（查看留痕）", tag), func(ctx context.Context, in *GraduateIn) (*File, error) {
		kind, content, err := s.Graduates.LookSignature(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return pictureFile(kind, content, "批次签名"), nil
	})
	route(s, op("signGraduateBatch", http.MethodPost, "/graduate-batches/{id}/sign", "点数、签收：接收本批所扫描的全部档案袋，全部或全不", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Packets int64 `json:"packets" minimum:"0" maximum:"1000" doc:"桌上点到的袋数，须与扫描数相同"`
		}
	}) (*Tagged[GraduateBatchView], error) {
		if _, err := s.Graduates.ReceiveAll(ctx, actor(ctx), in.ID, in.Body.Packets); err != nil {
			return nil, err
		}
		return s.graduateBatchView(ctx, in.ID)
	})
	route(s, op("listGraduateLists", http.MethodGet, "/graduate-lists", "本机构的毕业去向登记名单", tag), func(ctx context.Context, in *struct {
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[GraduateList]], error) {
		list, err := s.Graduates.Lists(ctx, actor(ctx), in.After, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[GraduateList]]{Body: Page[GraduateList]{Items: []GraduateList{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, l := range list {
			out.Body.Items = append(out.Body.Items, graduateList(l))
		}
		return out, nil
	})
	route(s, op("getGraduateList", http.MethodGet, "/graduate-lists/{id}", "一份名单：未到、待认领、已认领、已有档案各几人", tag), func(ctx context.Context, in *GraduateIn) (*Tagged[GraduateListView], error) {
		l, counts, err := s.Graduates.ListOf(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		v := GraduateListView{GraduateList: graduateList(l), Counts: map[string]int64{}}
		for state, n := range counts {
			v.Counts[string(state)] = n
		}
		return &Tagged[GraduateListView]{ETag: etag(l.Version), Body: v}, nil
	})
	route(s, op("listGraduates", http.MethodGet, "/graduate-lists/{id}/graduates", "名单中的毕业生", tag), func(ctx context.Context, in *struct {
		ID    string `path:"id" maxLength:"64"`
		State string `query:"state" enum:"awaited,unclaimed,claimed,elsewhere,handing,joined,sent_back,gone_on,"`
		After string `query:"after" maxLength:"64"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[Page[GraduateItem]], error) {
		list, err := s.Graduates.People(ctx, actor(ctx), in.ID, graduate.State(in.State), in.After, in.Limit+1)
		if err != nil {
			return nil, err
		}
		out := &Body[Page[GraduateItem]]{Body: Page[GraduateItem]{Items: []GraduateItem{}}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			out.Body.Next = &list[in.Limit-1].ID
		}
		for _, g := range list {
			out.Body.Items = append(out.Body.Items, graduateItem(g))
		}
		return out, nil
	})
	route(s, op("tellGraduates", http.MethodPost, "/graduate-tellings", "一次告知一所学校（一份名单）中档案已到而尚未告知的毕业生，经消息发送；重复办理不重发", tag), func(ctx context.Context, in *struct {
		Body struct {
			School string `json:"school,omitempty" maxLength:"100"`
			List   string `json:"list,omitempty" maxLength:"64"`
		}
	}) (*Body[GraduateTold], error) {
		out, err := s.Graduates.TellAll(ctx, actor(ctx), in.Body.School, in.Body.List)
		if err != nil {
			return nil, err
		}
		return &Body[GraduateTold]{GraduateTold(out)}, nil
	})
	route(s, op("answerSchool", http.MethodPost, "/graduate-lists/{id}/receipt", "向学校出具回执：收到、未到、有损的档案；再次出具替换前一份", tag), func(ctx context.Context, in *GraduateIn) (*Tagged[GraduateList], error) {
		l, err := s.Graduates.Answer(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return &Tagged[GraduateList]{ETag: etag(l.Version), Body: graduateList(l)}, nil
	})
	route(s, op("settleGraduate", http.MethodPost, "/graduates/{id}/settle", "本人已有档案的一袋：比对后提出并入、移交保管机构或退回学校", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Ending   string `json:"ending" enum:"join,hand,return,open"`
			Evidence string `json:"evidence,omitempty" maxLength:"200" doc:"比对了什么、依据是什么"`
			Agreed   string `json:"agreed,omitempty" maxLength:"200" doc:"退回学校的，与学校何时、与谁商定"`
		}
	}) (*Tagged[GraduateView], error) {
		if _, err := s.Graduates.Settle(ctx, actor(ctx), in.ID, graduate.Ending{Kind: in.Body.Ending, Evidence: in.Body.Evidence, Agreed: in.Body.Agreed}); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
	route(s, op("shelveGraduate", http.MethodPost, "/graduates/{id}/shelf", "登记本人已有档案的一袋单独存放的库位", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Shelf string `json:"shelf" maxLength:"40" doc:"库房-区-架-节-层-盒，如 01-A-012-03-5-08"`
		}
	}) (*Tagged[GraduateView], error) {
		if _, err := s.Graduates.Shelve(ctx, actor(ctx), in.ID, in.Body.Shelf); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
	route(s, op("decideGraduate", http.MethodPost, "/graduates/{id}/decide", "审核已有档案的一袋的处理", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Approve bool   `json:"approve"`
			Note    string `json:"note,omitempty" maxLength:"200"`
		}
	}) (*Tagged[GraduateView], error) {
		if _, err := s.Graduates.Decide(ctx, actor(ctx), in.ID, in.Body.Approve, in.Body.Note); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
	route(s, op("receiveGraduate", http.MethodPost, "/graduate-packets", "收到一袋毕业生档案：按转递编号或邮件号对名单，当日起保管", tag), func(ctx context.Context, in *struct {
		Body GraduateArrival
	}) (*Tagged[GraduateView], error) {
		g, err := s.Graduates.Receive(ctx, actor(ctx), graduate.Arrival(in.Body))
		if err != nil {
			return nil, err
		}
		return s.graduateView(ctx, g.ID)
	})
	route(s, op("getGraduate", http.MethodGet, "/graduates/{id}", "名单中的一名毕业生", tag), func(ctx context.Context, in *GraduateIn) (*Tagged[GraduateView], error) {
		return s.graduateView(ctx, in.ID)
	})
	route(s, op("tellGraduate", http.MethodPost, "/graduates/{id}/tell", "登记已告知本人档案在此", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Way string `json:"way,omitempty" maxLength:"100" doc:"怎样告知，如电话、短信、信函"`
			On  string `json:"on,omitempty" maxLength:"10" doc:"告知日期，不填为今天"`
		}
	}) (*Tagged[GraduateView], error) {
		if _, err := s.Graduates.Tell(ctx, actor(ctx), in.ID, in.Body.Way, calendar.Date(in.Body.On)); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
	s.graduateUndertaking(tag)
	route(s, op("claimGraduate", http.MethodPost, "/graduates/{id}/claim", "本人认领：开户，告知权利义务，缺关键材料的一次告知，待本人签署承诺书", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body GraduateClaim
	}) (*Tagged[GraduateView], error) {
		if _, err := s.Graduates.Claim(ctx, actor(ctx), in.ID, in.Body.claim()); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
}

// GraduateClaim is what is done when the person comes for the packet.
type GraduateClaim struct {
	Document      string   `json:"document,omitempty" maxLength:"40" doc:"查验的证件，如居民身份证"`
	Phone         string   `json:"phone,omitempty" maxLength:"40" doc:"本人电话，与名单不同的填写"`
	NoticeVersion string   `json:"noticeVersion,omitempty" maxLength:"40" doc:"告知书版本"`
	Whole         bool     `json:"whole,omitempty" doc:"已对照清单，关键材料齐全"`
	Missing       []string `json:"missing,omitempty" maxItems:"20" doc:"缺少的关键材料，填关键信息的代码"`
	MandateID     string   `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
	IntakeID      string   `json:"intakeId,omitempty" maxLength:"64" doc:"先前登记的收件（补正后、应予受理后继续）"`
}

func (b GraduateClaim) claim() graduate.Claim {
	return graduate.Claim{MandateID: b.MandateID, Document: b.Document, Phone: b.Phone, NoticeVersion: b.NoticeVersion, Whole: b.Whole, Missing: b.Missing, IntakeID: b.IntakeID}
}

func (s *Server) graduateUndertaking(tag string) {
	route(s, op("promiseGraduate", http.MethodPost, "/graduates/{id}/promise", "登记本人签署的书面承诺；出具收档凭证", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Signed    bool    `json:"signed,omitempty"`
			MandateID string  `json:"mandateId,omitempty" maxLength:"64" doc:"代办的：已登记的委托书"`
			Statement string  `json:"statement,omitempty" maxLength:"500" doc:"本人说明"`
			Return    bool    `json:"return,omitempty" doc:"要求退回"`
			Signing   string  `json:"signing,omitempty" enum:"paper,screen," doc:"纸面或屏幕签名"`
			Strokes   [][]int `json:"strokes,omitempty" maxItems:"300" doc:"屏幕签名：一笔一行，x、y 相间，1000×300"`
			On        string  `json:"on,omitempty" maxLength:"10"`
			Due       string  `json:"due,omitempty" maxLength:"10"`
		}
	}) (*Tagged[GraduateView], error) {
		b := in.Body
		if _, err := s.Graduates.Promise(ctx, actor(ctx), in.ID, undertaking.Promised{MandateID: b.MandateID, Signed: b.Signed, Statement: b.Statement, Return: b.Return, Signing: b.Signing, Strokes: b.Strokes, On: calendar.Date(b.On), Due: calendar.Date(b.Due)}); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
	route(s, op("disposeGraduate", http.MethodPost, "/graduates/{id}/dispose", "处置长期未签署的承诺书：继续代管，不退回", tag), func(ctx context.Context, in *struct {
		GraduateIn
		Body struct {
			Note string `json:"note" maxLength:"500" doc:"由谁、用什么方式继续联系"`
		}
	}) (*Tagged[GraduateView], error) {
		if _, err := s.Graduates.Dispose(ctx, actor(ctx), in.ID, in.Body.Note); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
	attach := op("attachGraduateUndertaking", http.MethodPost, "/graduates/{id}/undertaking", "上传本人纸面签名的承诺书扫描件（照片 JPG 或 PDF）", tag)
	attached(s, attach, undertaking.MaxBytes, func(ctx context.Context, in *struct {
		GraduateIn
		RawBody []byte `contentType:"application/octet-stream"`
	}) (*Tagged[GraduateView], error) {
		if _, err := s.Graduates.AttachSigned(ctx, actor(ctx), in.ID, in.RawBody); err != nil {
			return nil, err
		}
		return s.graduateView(ctx, in.ID)
	})
	route(s, op("getGraduateUndertaking", http.MethodGet, "/graduates/{id}/undertaking/{no}", "承诺书的一个扫描件（查看留痕）", tag), func(ctx context.Context, in *struct {
		GraduateIn
		No int64 `path:"no" minimum:"1" maximum:"99"`
	}) (*File, error) {
		kind, content, err := s.Graduates.LookSigned(ctx, actor(ctx), in.ID, in.No)
		if err != nil {
			return nil, err
		}
		return undertakingFile(kind, content, in.No), nil
	})
}

func graduateList(l graduate.List) GraduateList {
	v := GraduateList{ID: l.ID, School: l.School, FileName: l.FileName, Rows: l.Rows, ListedAt: l.ListedAt, ReceiptNo: l.ReceiptNo, ReceiptID: l.ReceiptID, Received: l.Received}
	if !l.ReceiptAt.IsZero() {
		v.ReceiptAt = &l.ReceiptAt
	}
	return v
}

func graduateItem(g graduate.Graduate) GraduateItem {
	v := GraduateItem{ID: g.ID, Name: g.Name, IDNo: identity.Mask(g.IDNo), TransferNo: g.TransferNo, MailNo: g.MailNo, State: string(g.State), StateName: g.State.Name(),
		School: g.School, Seal: g.Seal, Note: g.Note, ToldWay: g.ToldWay, Tone: g.State.Tone()}
	if !g.ToldAt.IsZero() {
		v.ToldAt = &g.ToldAt
	}
	if !g.ClaimedAt.IsZero() {
		v.ClaimedAt = &g.ClaimedAt
	}
	if at := g.Resolved(); !at.IsZero() {
		v.EndedAt = &at
	}
	if !g.ReceivedAt.IsZero() {
		v.ReceivedAt = &g.ReceivedAt
	}
	if !g.Beside() {
		v.DossierID = g.DossierID
	}
	return v
}

func (s *Server) graduateView(ctx context.Context, id string) (*Tagged[GraduateView], error) {
	g, may, err := s.Graduates.Of(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	seen, err := s.Graduates.Seen(ctx, id)
	if err != nil {
		return nil, err
	}
	wanted, err := s.Graduates.Asked(ctx, g)
	if err != nil {
		return nil, err
	}
	var asked []GraduateAsked
	for _, w := range wanted {
		asked = append(asked, GraduateAsked{w.KeyFact, dossier.KeyFactName(w.KeyFact), w.Title, w.Others, w.Consequence})
	}
	phone := g.Phone
	if len(phone) > 7 {
		phone = phone[:3] + strings.Repeat("*", len(phone)-7) + phone[len(phone)-4:]
	}
	v := GraduateView{GraduateItem: graduateItem(g), ListID: g.ListID, Education: g.Education, Phone: phone, Document: seen.Document,
		NoticeVersion: g.NoticeVersion, Missing: g.Missing, Asked: asked, Possible: possible(may),
		Ending: g.Ending, EndingName: graduate.EndingName(g.Ending), Evidence: g.Evidence, DecidedNote: g.DecidedNote, TransferID: g.TransferID, Shelf: g.Shelf,
		AskedOn: g.AskedOn, PromisedOn: g.PromisedOn, Reminded: g.Reminded, Escalated: g.Escalated, Disposed: g.DisposedNote, DisposedOn: g.DisposedOn, PromiseDue: g.PromiseDue, Statement: g.Statement, Signing: g.Signing, Signed: []TransferSigned{}}
	if g.DisposedBy != "" {
		v.DisposedBy = s.staffName(ctx, g.DisposedBy)
	}
	for _, w := range g.Told() {
		v.Told = append(v.Told, GraduateAsked{w.KeyFact, dossier.KeyFactName(w.KeyFact), w.Title, w.Others, w.Consequence})
	}
	files, err := s.Graduates.Scans(ctx, g)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		v.Signed = append(v.Signed, TransferSigned{f.No, f.Format, f.Pages, s.staffName(ctx, f.AddedBy), f.AddedAt})
	}
	if g.EndingBy != "" && g.Ending != "" {
		v.EndingBy = s.staffName(ctx, g.EndingBy)
	}
	if g.DecidedBy != "" {
		v.DecidedBy = s.staffName(ctx, g.DecidedBy)
	}
	if v.Promiser, err = s.mandateSeen(ctx, g.Ref(), mandate.Undertaking); err != nil {
		return nil, err
	}
	if v.Mandate, err = s.mandateSeen(ctx, g.Ref(), mandate.Claim); err != nil {
		return nil, err
	}
	if g.Beside() {
		if v.Held, err = s.graduateHeld(ctx, g); err != nil {
			return nil, err
		}
	}
	return &Tagged[GraduateView]{ETag: etag(g.Version), Body: v}, nil
}

// graduateHeld is the dossier beside which a packet lies: who keeps it, and its number where the actor may know it.
func (s *Server) graduateHeld(ctx context.Context, g graduate.Graduate) (*GraduateHeld, error) {
	d, err := dossier.Get(ctx, s.DB, g.DossierID)
	if err != nil {
		return nil, err
	}
	by := actor(ctx)
	h := &GraduateHeld{AgencyName: s.agencyName(ctx, d.Agency), Left: d.State == dossier.Left, Own: by.Reaches(d.Agency) && d.Secrecy <= by.Clearance}
	if h.Likely, err = s.Graduates.Likely(ctx, s.DB, g, d); err != nil {
		return nil, err
	}
	if h.Own {
		h.DossierID, h.No = d.ID, d.No
	}
	return h, nil
}

// maxGraduateList is how large a list's file may be; five thousand rows are a few hundred KB.
const maxGraduateList = 16 << 20

// graduateListProblem says what is wrong with a list's workbook as a whole.
func graduateListProblem(err error) error {
	var file *sheet.Error
	if !errors.As(err, &file) {
		return err
	}
	return rule.Mistake(rule.Reason{Rule: "12", Slug: string(file.Code), Field: "file", Message: file.Message + "。", Next: file.Next + "。"})
}

func graduateLine(l graduate.Line) GraduateScanLine {
	return GraduateScanLine{Seq: l.Seq, Seal: l.Seal, Note: l.Note, ScannedAt: l.ScannedAt, Graduate: graduateItem(l.Graduate)}
}

func (s *Server) graduateBatch(ctx context.Context, b graduate.Batch, lines []graduate.Line) GraduateBatchView {
	v := GraduateBatchView{Lines: []GraduateScanLine{}, GraduateBatchItem: GraduateBatchItem{ID: b.ID, State: b.State, StaffName: s.staffName(ctx, b.StaffID), OpenedAt: b.OpenedAt,
		Packets: b.Packets, Number: b.Number, DocumentID: b.DocumentID}}
	if !b.SignedAt.IsZero() {
		v.SignedAt = &b.SignedAt
	}
	for _, l := range lines {
		v.Lines = append(v.Lines, graduateLine(l))
	}
	return v
}

func (s *Server) graduateBatchView(ctx context.Context, id string) (*Tagged[GraduateBatchView], error) {
	b, lines, err := s.Graduates.Batch(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	v, err := s.graduateBatchSigned(ctx, b, lines)
	if err != nil {
		return nil, err
	}
	return &Tagged[GraduateBatchView]{ETag: etag(b.Version), Body: v}, nil
}

// graduateBatchSigned is a batch with the signature of its clerk.
func (s *Server) graduateBatchSigned(ctx context.Context, b graduate.Batch, lines []graduate.Line) (GraduateBatchView, error) {
	v := s.graduateBatch(ctx, b, lines)
	x, err := s.Graduates.SignatureOf(ctx, b)
	if err == nil && x.ID != "" {
		v.Signature = &GraduateBatchSignature{Format: x.Format, Digest: x.Blob, Packets: x.Packets, Stale: !x.Of(b), By: s.staffName(ctx, x.AddedBy), At: x.AddedAt}
	}
	return v, err
}
