package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/identity"
	"dangan/internal/rule"
	"dangan/internal/transfer"
)

func init() { capabilities = append(capabilities, (*Server).transferRoutes) }

// TransferLine is a case in the list.
type TransferLine struct {
	ID         string    `json:"id"`
	No         string    `json:"no"`
	Direction  string    `json:"direction" enum:"inner,in,out"`
	Side       string    `json:"side" enum:"in,out,both" doc:"对本机构是转入还是转出；上级看到两端"`
	State      string    `json:"state"`
	StateName  string    `json:"stateName"`
	Tone       string    `json:"tone" enum:"plain,run,wait,done,bad,void"`
	Name       string    `json:"name"`
	DossierID  string    `json:"dossierId,omitempty"`
	Holder     string    `json:"holder"`
	Receiver   string    `json:"receiver"`
	LetterNo   string    `json:"letterNo,omitempty"`
	DueOn      string    `json:"dueOn,omitempty"`
	DueBasis   string    `json:"dueBasis,omitempty"`
	Tentative  bool      `json:"tentative"`
	Left       int       `json:"left" doc:"剩余工作日，逾期为负"`
	Clock      bool      `json:"clock" doc:"15 个工作日正在计算"`
	Chased     int64     `json:"chased"`
	ReceiptDue string    `json:"receiptDue,omitempty"`
	ChangedAt  time.Time `json:"changedAt"`
}

// TransferPage is a page of the list with the figures above it.
type TransferPage struct {
	Items    []TransferLine `json:"items" nullable:"false"`
	Next     *string        `json:"next"`
	Open     int64          `json:"open"`
	Overdue  int64          `json:"overdue"`
	Soon     int64          `json:"soon"`
	Incoming int64          `json:"incoming"`
	Outgoing int64          `json:"outgoing"`
	MayApply bool           `json:"mayApply"`
}

// TransferStage is one step of the way.
type TransferStage struct {
	No    int    `json:"no"`
	End   string `json:"end" enum:"receiver,holder"`
	Name  string `json:"name"`
	State string `json:"state" enum:"done,now,todo,stopped"`
	On    string `json:"on,omitempty"`
	Note  string `json:"note"`
}

// TransferDay is one working day of the term.
type TransferDay struct {
	On    string `json:"on"`
	State string `json:"state" enum:"past,today,ahead,due"`
}

// TransferItem is one line of the packing list.
type TransferItem struct {
	LineNo    int64    `json:"lineNo"`
	Class     string   `json:"class"`
	Number    string   `json:"number" doc:"类号-顺序号，零散材料为 —"`
	Title     string   `json:"title"`
	Formed    string   `json:"formed"`
	Copies    int64    `json:"copies"`
	Pages     int64    `json:"pages"`
	IsCopy    bool     `json:"isCopy"`
	KeyFacts  []string `json:"keyFacts" nullable:"false"`
	KeyNames  []string `json:"keyNames" nullable:"false"`
	HasImage  bool     `json:"hasImage"`
	Loose     bool     `json:"loose"`
	Secret    bool     `json:"secret"`
	Check     string   `json:"check,omitempty" enum:"ok,missing,pages,content,extra"`
	CheckName string   `json:"checkName,omitempty"`
	Note      string   `json:"note,omitempty"`
}

// TransferLog is one act of the case.
type TransferLog struct {
	At     time.Time `json:"at"`
	What   string    `json:"what"`
	By     string    `json:"by"`
	Org    string    `json:"org"`
	Number int64     `json:"number" doc:"操作存证序号"`
	Entry  string    `json:"entry"`
}

// TransferGap is what the packet lacks.
type TransferGap struct {
	KeyFact     string   `json:"keyFact,omitempty"`
	KeyName     string   `json:"keyName,omitempty"`
	Title       string   `json:"title"`
	Class       string   `json:"class"`
	Others      []string `json:"others" nullable:"false"`
	Consequence string   `json:"consequence,omitempty"`
}

// TransferView is a case in full.
type TransferView struct {
	TransferLine
	Version      int64            `json:"version"`
	DossierNo    string           `json:"dossierNo,omitempty"`
	IDNoMasked   string           `json:"idNoMasked"`
	Sex          string           `json:"sex"`
	HolderCode   string           `json:"holderCode,omitempty"`
	ReceiverCode string           `json:"receiverCode,omitempty"`
	ReceiverAddr string           `json:"receiverAddr,omitempty"`
	Applicant    string           `json:"applicant"`
	Agent        string           `json:"agent,omitempty"`
	Reason       string           `json:"reason"`
	RegionBasis  string           `json:"regionBasis,omitempty"`
	Employer     string           `json:"employer,omitempty"`
	Document     string           `json:"document,omitempty"`
	WayRequired  string           `json:"wayRequired,omitempty"`
	AppliedOn    string           `json:"appliedOn,omitempty"`
	LetterOn     string           `json:"letterOn,omitempty"`
	LetterCode   string           `json:"letterCode,omitempty" doc:"只给开函机构看"`
	ValidUntil   string           `json:"validUntil,omitempty"`
	Verified     string           `json:"verified,omitempty"`
	RegisteredOn string           `json:"registeredOn,omitempty"`
	HandledBy    string           `json:"handledBy" doc:"经办人"`
	ReviewedBy   string           `json:"reviewedBy" doc:"审核人"`
	Review       string           `json:"review,omitempty"`
	SealNo       string           `json:"sealNo,omitempty"`
	Volumes      int64            `json:"volumes"`
	NoticeNo     string           `json:"noticeNo,omitempty"`
	Way          string           `json:"way,omitempty"`
	WayName      string           `json:"wayName,omitempty"`
	TrackingNo   string           `json:"trackingNo,omitempty"`
	Carriers     []string         `json:"carriers" nullable:"false"`
	DispatchedOn string           `json:"dispatchedOn,omitempty"`
	ArrivedOn    string           `json:"arrivedOn,omitempty"`
	Intact       bool             `json:"intact"`
	CheckedBy    string           `json:"checkedBy,omitempty"`
	CheckedAll   bool             `json:"checkedAll"`
	SecondBy     string           `json:"secondBy,omitempty"`
	CheckResult  string           `json:"checkResult,omitempty"`
	Differences  string           `json:"differences,omitempty"`
	Outcome      string           `json:"outcome,omitempty"`
	ReceiptNo    string           `json:"receiptNo,omitempty"`
	ReceiptOn    string           `json:"receiptOn,omitempty"`
	ToldOn       string           `json:"toldOn,omitempty"`
	PromisedOn   string           `json:"promisedOn,omitempty"`
	PromiseDue   string           `json:"promiseDue,omitempty"`
	ShelvedOn    string           `json:"shelvedOn,omitempty"`
	WithdrawnWhy string           `json:"withdrawnWhy,omitempty"`
	Custodian    string           `json:"custodian" enum:"receiver,holder" doc:"档案现由哪一方负责"`
	Forced       string           `json:"forced,omitempty" enum:"unknown,yes,no" doc:"是否须机要或专送；未登记经历按是办理"`
	ForcedWhy    string           `json:"forcedWhy,omitempty"`
	FromCatalog  bool             `json:"fromCatalog"`
	Listed       bool             `json:"listed"`
	Copies       int64            `json:"copies"`
	Pages        int64            `json:"pages"`
	Hinders      []TransferHinder `json:"hinders" nullable:"false"`
	Refused      []Reason         `json:"refused" nullable:"false" doc:"不予转出的理由"`
	Gaps         []TransferGap    `json:"gaps" nullable:"false"`
	Stages       []TransferStage  `json:"stages" nullable:"false"`
	Days         []TransferDay    `json:"days" nullable:"false"`
	Items        []TransferItem   `json:"items" nullable:"false"`
	Documents    []DocumentView   `json:"documents" nullable:"false"`
	Log          []TransferLog    `json:"log" nullable:"false"`
	Possible     []Possible       `json:"possible" nullable:"false"`
}

// TransferHinder is one of the four things that may keep a dossier, and whether it does.
type TransferHinder struct {
	Slug    string `json:"slug"`
	Text    string `json:"text"`
	Hinders bool   `json:"hinders"`
}

// TransferChoices are the lists an application is filled in from.
type TransferChoices struct {
	Reasons    []string     `json:"reasons" nullable:"false"`
	Ties       []string     `json:"ties" nullable:"false"`
	Documents  []string     `json:"documents" nullable:"false"`
	Ways       []codes.Way  `json:"ways" nullable:"false"`
	Agencies   []codes.Code `json:"agencies" nullable:"false"`
	Categories []codes.Code `json:"categories" nullable:"false"`
	Politicals []codes.Code `json:"politicals" nullable:"false"`
	Classes    []codes.Code `json:"classes" nullable:"false"`
	KeyFacts   []codes.Code `json:"keyFacts" nullable:"false"`
	Today      string       `json:"today"`
}

// TransferIn names a case and the version it was seen in.
type TransferIn struct {
	IfMatch
	ID string `path:"id" maxLength:"64"`
}

// TransferListLine is one line of a packing list entered by hand.
type TransferListLine struct {
	Class    string   `json:"class" maxLength:"8"`
	Title    string   `json:"title" maxLength:"400"`
	Formed   string   `json:"formed,omitempty" maxLength:"20"`
	Copies   int64    `json:"copies"`
	Pages    int64    `json:"pages"`
	IsCopy   bool     `json:"isCopy,omitempty"`
	KeyFacts []string `json:"keyFacts,omitempty" maxItems:"5"`
	Loose    bool     `json:"loose,omitempty"`
	Secret   bool     `json:"secret,omitempty"`
	Note     string   `json:"note,omitempty" maxLength:"200"`
}

func (l TransferListLine) line() transfer.Line {
	return transfer.Line{Class: l.Class, Title: l.Title, Formed: l.Formed, Copies: l.Copies, Pages: l.Pages, IsCopy: l.IsCopy, KeyFacts: l.KeyFacts, Loose: l.Loose, Secret: l.Secret, Note: l.Note}
}

// TransferCheckLine is what the first checker found for one line.
type TransferCheckLine struct {
	LineNo   int64     `json:"lineNo"`
	Check    string    `json:"check" enum:"ok,missing,pages,content,extra"`
	Note     string    `json:"note,omitempty" maxLength:"200"`
	KeyFacts *[]string `json:"keyFacts,omitempty" doc:"所证明的关键信息，改动时才给"`
}

func listLines(in []TransferListLine) []transfer.Line {
	out := make([]transfer.Line, len(in))
	for i, l := range in {
		out[i] = l.line()
	}
	return out
}

func (s *Server) transferRoutes() {
	const tag = "转递"
	route(s, op("listTransfers", http.MethodGet, "/transfers", "转递", tag), func(ctx context.Context, in *struct {
		Side  string `query:"side" enum:"in,out,"`
		State string `query:"state" maxLength:"20" doc:"某一状态，或 open、done"`
		Due   string `query:"due" enum:"overdue,soon,"`
		Text  string `query:"q" maxLength:"100" doc:"姓名、身份证号、案号、函号、通知单号"`
		After string `query:"after" maxLength:"100"`
		Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*Body[TransferPage], error) {
		by := actor(ctx)
		list, err := s.Transfers.Cases(ctx, by, transfer.Filter{Side: in.Side, State: in.State, Due: in.Due, Text: in.Text, After: in.After, Limit: in.Limit + 1})
		if err != nil {
			return nil, err
		}
		n, err := s.Transfers.Counts(ctx, by)
		if err != nil {
			return nil, err
		}
		out := &Body[TransferPage]{Body: TransferPage{Items: []TransferLine{}, Open: n.Open, Overdue: n.Overdue, Soon: n.Soon, Incoming: n.Incoming, Outgoing: n.Outgoing,
			MayApply: s.Gate.Decide(by, "transfer.apply", transfer.Case{Receiver: by.Org}.Resource("", 0)).Allowed()}}
		if len(list) > in.Limit {
			list = list[:in.Limit]
			next := list[in.Limit-1].Cursor()
			out.Body.Next = &next
		}
		for _, c := range list {
			out.Body.Items = append(out.Body.Items, s.transferLine(ctx, c))
		}
		return out, nil
	})
	route(s, op("transferChoices", http.MethodGet, "/transfers/choices", "转递用到的选项", tag), func(ctx context.Context, _ *struct{}) (*Body[TransferChoices], error) {
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		v := TransferChoices{Reasons: transfer.ReasonNames, Ties: transfer.TieNames, Documents: transfer.IDDocuments, Ways: codes.TransferWays(), Agencies: []codes.Code{},
			Categories: []codes.Code{}, Politicals: codes.Politicals(), Classes: []codes.Code{}, KeyFacts: []codes.Code{}, Today: s.Gate.Today().String()}
		for _, a := range tree.Keepers() {
			if a.ID != actor(ctx).Org {
				v.Agencies = append(v.Agencies, codes.Code{Code: a.ID, Name: a.Name})
			}
		}
		for _, c := range codes.Categories() {
			if c.Subtype == "" {
				v.Categories = append(v.Categories, codes.Code{Code: c.Rule, Name: codes.CategoryName(c.Rule)})
			}
		}
		for _, c := range codes.Classes() {
			if c.Selectable {
				v.Classes = append(v.Classes, codes.Code{Code: c.Code, Name: c.Short})
			}
		}
		for _, f := range dossier.KeyFacts {
			v.KeyFacts = append(v.KeyFacts, codes.Code{Code: f, Name: dossier.KeyFactName(f)})
		}
		return &Body[TransferChoices]{v}, nil
	})
	route(s, op("getTransfer", http.MethodGet, "/transfers/{id}", "一件转递，查看留痕", tag), func(ctx context.Context, in *TransferIn) (*Tagged[TransferView], error) {
		v, err := s.Transfers.Read(ctx, actor(ctx), in.ID)
		if err != nil {
			return nil, err
		}
		return s.transferView(ctx, v)
	})
	route(s, op("applyTransfer", http.MethodPost, "/transfers", "受理转入申请", tag), func(ctx context.Context, in *struct {
		Body struct {
			Direction   string `json:"direction" enum:"inner,in" doc:"inner 市内机构，in 外单位或外省"`
			Name        string `json:"name" maxLength:"100"`
			IDNo        string `json:"idNo" maxLength:"40"`
			Document    string `json:"document,omitempty" maxLength:"40" doc:"核验的证件"`
			Holder      string `json:"holder,omitempty" maxLength:"16"`
			HolderName  string `json:"holderName,omitempty" maxLength:"120"`
			Applicant   string `json:"applicant" maxLength:"120"`
			Agent       string `json:"agent,omitempty" maxLength:"100"`
			Reason      string `json:"reason" maxLength:"40"`
			RegionBasis string `json:"regionBasis" maxLength:"40"`
			Employer    string `json:"employer,omitempty" maxLength:"120"`
			Category    string `json:"category,omitempty" maxLength:"8"`
			Subtype     string `json:"subtype,omitempty" maxLength:"40"`
			Evidence    string `json:"evidence,omitempty" maxLength:"200"`
			Political   string `json:"political,omitempty" maxLength:"4"`
			WayRequired string `json:"wayRequired,omitempty" maxLength:"40"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Apply(ctx, actor(ctx), transfer.Application(in.Body))
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("registerOutsideLetter", http.MethodPost, "/transfers/outside-letters", "登记外单位来函，开始转出", tag), func(ctx context.Context, in *struct {
		Body struct {
			DossierID    string `json:"dossierId" maxLength:"64"`
			ReceiverName string `json:"receiverName" maxLength:"120"`
			ReceiverAddr string `json:"receiverAddr,omitempty" maxLength:"200"`
			Reason       string `json:"reason" maxLength:"40"`
			LetterNo     string `json:"letterNo" maxLength:"60"`
			LetterOn     string `json:"letterOn" maxLength:"10"`
			ValidUntil   string `json:"validUntil,omitempty" maxLength:"10"`
			ReceivedOn   string `json:"receivedOn" maxLength:"10"`
			Telephone    string `json:"telephone,omitempty" maxLength:"40"`
			Spoke        string `json:"spoke,omitempty" maxLength:"60"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.RegisterOutside(ctx, actor(ctx), transfer.OutsideLetter{DossierID: b.DossierID, ReceiverName: b.ReceiverName, ReceiverAddr: b.ReceiverAddr, Reason: b.Reason,
			LetterOn: calendar.Date(b.LetterOn), ValidUntil: calendar.Date(b.ValidUntil),
			Registration: transfer.Registration{LetterNo: b.LetterNo, Telephone: b.Telephone, Spoke: b.Spoke, ReceivedOn: calendar.Date(b.ReceivedOn)}})
		return s.transferAfter(ctx, c, err)
	})
	type plain = struct{ TransferIn }
	simple := func(id, path, summary string, do func(context.Context, *plain) (transfer.Case, error)) {
		route(s, op(id, http.MethodPost, "/transfers/{id}/"+path, summary, tag), func(ctx context.Context, in *plain) (*Tagged[TransferView], error) {
			c, err := do(ctx, in)
			return s.transferAfter(ctx, c, err)
		})
	}
	simple("issueLetter", "letter", "开具调档函", func(ctx context.Context, in *plain) (transfer.Case, error) {
		return s.Transfers.Letter(ctx, actor(ctx), in.ID, in.Want())
	})
	simple("declineTransfer", "decline", "不予转出，出具告知单", func(ctx context.Context, in *plain) (transfer.Case, error) {
		return s.Transfers.Decline(ctx, actor(ctx), in.ID, in.Want())
	})
	simple("reopenTransfer", "reopen", "退回审核", func(ctx context.Context, in *plain) (transfer.Case, error) {
		return s.Transfers.Reopen(ctx, actor(ctx), in.ID, in.Want())
	})
	simple("receiveTransfer", "receive", "复核签收：回执退回，保管权转移", func(ctx context.Context, in *plain) (transfer.Case, error) {
		return s.Transfers.Receive(ctx, actor(ctx), in.ID, in.Want())
	})
	simple("tellGaps", "tell", "一次性告知所缺关键材料", func(ctx context.Context, in *plain) (transfer.Case, error) {
		return s.Transfers.Tell(ctx, actor(ctx), in.ID, in.Want())
	})
	route(s, op("registerLetter", http.MethodPost, "/transfers/{id}/register", "登记来函，15 个工作日起算", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			LetterNo   string `json:"letterNo" maxLength:"60"`
			Code       string `json:"code,omitempty" maxLength:"20"`
			Telephone  string `json:"telephone,omitempty" maxLength:"40"`
			Spoke      string `json:"spoke,omitempty" maxLength:"60"`
			ReceivedOn string `json:"receivedOn" maxLength:"10"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Register(ctx, actor(ctx), in.ID, in.Want(), transfer.Registration{LetterNo: b.LetterNo, Code: b.Code, Telephone: b.Telephone, Spoke: b.Spoke, ReceivedOn: calendar.Date(b.ReceivedOn)})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("enterPackingList", http.MethodPut, "/transfers/{id}/list", "逐份登记材料清单", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Lines []TransferListLine `json:"lines" maxItems:"2000" nullable:"false"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.List(ctx, actor(ctx), in.ID, in.Want(), listLines(in.Body.Lines))
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("reviewTransfer", http.MethodPost, "/transfers/{id}/review", "审核通过", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Note string `json:"note,omitempty" maxLength:"500" doc:"关键信息记载情况等，仅提示"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Review(ctx, actor(ctx), in.ID, in.Want(), in.Body.Note)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("packTransfer", http.MethodPost, "/transfers/{id}/pack", "装封，出具清单与通知单", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			SealNo  string `json:"sealNo" maxLength:"40"`
			Volumes int64  `json:"volumes"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Pack(ctx, actor(ctx), in.ID, in.Want(), transfer.Seal(in.Body))
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("dispatchTransfer", http.MethodPost, "/transfers/{id}/dispatch", "登记寄送", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Way        string                 `json:"way" maxLength:"40"`
			TrackingNo string                 `json:"trackingNo,omitempty" maxLength:"60"`
			On         string                 `json:"on" maxLength:"10"`
			Messengers []transfer.MessengerID `json:"messengers,omitempty" maxItems:"4"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Send(ctx, actor(ctx), in.ID, in.Want(), transfer.Dispatch{Way: b.Way, TrackingNo: b.TrackingNo, On: b.On, Messengers: b.Messengers})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("arriveTransfer", http.MethodPost, "/transfers/{id}/arrive", "登记到件", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			On       string `json:"on" maxLength:"10"`
			Intact   bool   `json:"intact"`
			Seen     string `json:"seen,omitempty" maxLength:"300" doc:"不完好时写明"`
			NoticeNo string `json:"noticeNo,omitempty" maxLength:"60" doc:"外来档案的通知单编号"`
			Volumes  int64  `json:"volumes,omitempty"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Arrive(ctx, actor(ctx), in.ID, in.Want(), transfer.Arrival{On: calendar.Date(b.On), Intact: b.Intact, Seen: b.Seen, NoticeNo: b.NoticeNo, Volumes: b.Volumes})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("checkTransfer", http.MethodPost, "/transfers/{id}/check", "逐份核对，可分次登记", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Results []TransferCheckLine `json:"results" maxItems:"5000" nullable:"false"`
			Extra   []TransferListLine  `json:"extra,omitempty" maxItems:"200"`
		}
	}) (*Tagged[TransferView], error) {
		var results []transfer.Result
		for _, r := range in.Body.Results {
			x := transfer.Result{LineNo: r.LineNo, Check: r.Check, Note: r.Note}
			if r.KeyFacts != nil {
				x.KeyFacts, x.MarkKeys = *r.KeyFacts, true
			}
			results = append(results, x)
		}
		c, err := s.Transfers.Check(ctx, actor(ctx), in.ID, in.Want(), results, listLines(in.Body.Extra))
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("promiseGaps", http.MethodPost, "/transfers/{id}/promise", "登记本人书面承诺", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Signed    bool   `json:"signed"`
			Statement string `json:"statement,omitempty" maxLength:"500"`
			Return    bool   `json:"return,omitempty" doc:"要求退回"`
			On        string `json:"on,omitempty" maxLength:"10"`
			Due       string `json:"due,omitempty" maxLength:"10"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Promise(ctx, actor(ctx), in.ID, in.Want(), transfer.Promised{Signed: b.Signed, Statement: b.Statement, Return: b.Return, On: calendar.Date(b.On), Due: calendar.Date(b.Due)})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("returnTransfer", http.MethodPost, "/transfers/{id}/return", "与原单位协商退回", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Agreement string `json:"agreement" maxLength:"500" doc:"与谁、何时协商一致，补充什么"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Return(ctx, actor(ctx), in.ID, in.Want(), in.Body.Agreement)
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("registerReceipt", http.MethodPost, "/transfers/{id}/receipt", "登记外单位回执", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			No     string `json:"no,omitempty" maxLength:"60"`
			On     string `json:"on" maxLength:"10"`
			Intact bool   `json:"intact"`
			Match  bool   `json:"match"`
			Note   string `json:"note,omitempty" maxLength:"500"`
		}
	}) (*Tagged[TransferView], error) {
		b := in.Body
		c, err := s.Transfers.Receipt(ctx, actor(ctx), in.ID, in.Want(), transfer.OutsideReceipt{No: b.No, On: calendar.Date(b.On), Intact: b.Intact, Match: b.Match, Note: b.Note})
		return s.transferAfter(ctx, c, err)
	})
	route(s, op("withdrawTransfer", http.MethodPost, "/transfers/{id}/withdraw", "撤回", tag), func(ctx context.Context, in *struct {
		TransferIn
		Body struct {
			Why string `json:"why" maxLength:"300"`
		}
	}) (*Tagged[TransferView], error) {
		c, err := s.Transfers.Withdraw(ctx, actor(ctx), in.ID, in.Want(), in.Body.Why)
		return s.transferAfter(ctx, c, err)
	})
}

// transferAfter shows a case after an act of the asker's own.
func (s *Server) transferAfter(ctx context.Context, c transfer.Case, err error) (*Tagged[TransferView], error) {
	if err != nil {
		return nil, err
	}
	v, err := s.Transfers.View(ctx, actor(ctx), c.ID)
	if err != nil {
		return nil, err
	}
	return s.transferView(ctx, v)
}

func (s *Server) transferLine(ctx context.Context, c transfer.Case) TransferLine {
	by := actor(ctx)
	l := TransferLine{ID: c.ID, No: c.No, Direction: c.Direction, Side: "both", State: string(c.State), StateName: c.State.Name(), Tone: c.State.Tone(), Name: c.PersonName, DossierID: c.DossierID,
		Holder: c.HolderName, Receiver: c.ReceiverName, LetterNo: c.LetterNo, DueOn: c.DueOn, Tentative: c.DueTentative, Left: s.Transfers.Left(c), Chased: c.Chased,
		ReceiptDue: c.ReceiptDue, ChangedAt: c.ChangedAt}
	receives, holds := c.Receiver != "" && by.Reaches(c.Receiver), c.Holder != "" && by.Reaches(c.Holder)
	switch {
	case receives && !holds:
		l.Side = "in"
	case holds && !receives:
		l.Side = "out"
	}
	if l.Side == "out" && c.Moved() { // the receipt closed the sender's case, whatever the receiver still does
		l.StateName, l.Tone = transfer.Closed.Name(), transfer.Closed.Tone()
	}
	switch c.State {
	case transfer.Registered, transfer.Pulled, transfer.Approved, transfer.Packed:
		l.Clock, l.DueBasis = true, "20.2b"
	}
	return l
}

func (s *Server) transferView(ctx context.Context, v transfer.View) (*Tagged[TransferView], error) {
	c := v.Case
	out := TransferView{TransferLine: s.transferLine(ctx, c), Version: c.Version, DossierNo: v.Dossier.No, IDNoMasked: identity.Mask(c.IDNo), Sex: sexName(c.Sex),
		HolderCode: c.Holder, ReceiverCode: c.Receiver, ReceiverAddr: c.ReceiverAddr, Applicant: c.Applicant, Agent: c.Agent, Reason: c.Reason, RegionBasis: c.RegionBasis, Employer: c.Employer,
		Document: c.Document, WayRequired: c.WayRequired, AppliedOn: c.AppliedOn, LetterOn: c.LetterOn, ValidUntil: c.ValidUntil, Verified: c.Verified, RegisteredOn: c.RegisteredOn,
		Review: c.Review, SealNo: c.SealNo, Volumes: c.Volumes, NoticeNo: c.NoticeNo, Way: c.Way, TrackingNo: c.TrackingNo, Carriers: []string{}, DispatchedOn: c.DispatchedOn,
		ArrivedOn: c.ArrivedOn, Intact: c.Intact, CheckedAll: !c.CheckedAt.IsZero(), CheckResult: c.CheckResult, Differences: c.Differences, Outcome: c.Outcome, ReceiptNo: c.ReceiptNo,
		ReceiptOn: c.ReceiptOn, ToldOn: c.ToldOn, PromisedOn: c.PromisedOn, PromiseDue: c.PromiseDue, WithdrawnWhy: c.WithdrawnWhy, Custodian: c.Custodian(), Forced: string(v.Forced), ForcedWhy: v.Why,
		FromCatalog: v.Dossier.Catalog > 0 && c.Direction != transfer.In, Listed: !c.ListedAt.IsZero(), Hinders: []TransferHinder{}, Refused: []Reason{}, Gaps: []TransferGap{},
		Stages: []TransferStage{}, Days: []TransferDay{}, Items: []TransferItem{}, Documents: []DocumentView{}, Log: []TransferLog{}, Possible: possible(v.Possible)}
	if c.Receiver != "" && actor(ctx).Reaches(c.Receiver) {
		out.LetterCode = c.LetterCode
	}
	if c.Way != "" {
		out.WayName = transfer.WayName(c.Way)
	}
	if !c.ShelvedAt.IsZero() {
		out.ShelvedOn = calendar.Of(c.ShelvedAt).String()
	}
	for _, m := range c.Carriers() {
		out.Carriers = append(out.Carriers, m.Name+"（"+identity.Mask(m.IDNo)+"）")
	}
	for to, id := range map[*string]string{&out.HandledBy: c.RegisteredBy, &out.ReviewedBy: c.ReviewedBy, &out.CheckedBy: c.CheckedBy, &out.SecondBy: c.SecondChecker} {
		if id != "" {
			*to = s.staffName(ctx, id)
		}
	}
	if out.HandledBy == "" && c.AppliedBy != "" {
		out.HandledBy = s.staffName(ctx, c.AppliedBy)
	}
	s.transferParts(v, &out)
	papers, err := s.Documents.OfCase(ctx, actor(ctx), c.Ref())
	if err != nil {
		return nil, err
	}
	for _, d := range papers {
		out.Documents = append(out.Documents, s.documentView(ctx, d))
	}
	return &Tagged[TransferView]{ETag: etag(c.Version), Body: out}, nil
}

// transferParts fills what is listed on a case's page.
func (s *Server) transferParts(v transfer.View, out *TransferView) {
	c := v.Case
	for _, i := range v.Items {
		line := TransferItem{LineNo: i.LineNo, Class: i.Class, Number: i.Number(), Title: i.Text(), Formed: i.Formed, Copies: i.Copies, Pages: i.Pages, IsCopy: i.IsCopy,
			KeyFacts: []string{}, KeyNames: []string{}, HasImage: i.HasImage, Loose: i.Loose, Secret: i.Secret, Check: i.ReceiverCheck, CheckName: transfer.LineName(i.ReceiverCheck), Note: i.Note}
		if i.KeyFacts != "" {
			for _, f := range strings.Split(i.KeyFacts, "|") {
				line.KeyFacts, line.KeyNames = append(line.KeyFacts, f), append(line.KeyNames, dossier.KeyFactName(f))
			}
		}
		out.Items = append(out.Items, line)
	}
	out.Copies, out.Pages = transfer.Size(v.Items)
	if c.Direction != transfer.In && !c.Moved() && c.RegisteredOn != "" {
		h := v.Hinders
		hold := "无限制"
		if h.Hold != "" {
			hold = "处于限制状态：" + h.Hold
		}
		list := "目录清单已有"
		if h.NoCatalog {
			list = "尚无材料目录清单"
		}
		out.Hinders = []TransferHinder{{"open_loan", pick(h.OpenLoan, "有未归还的借阅", "无未归还的借阅"), h.OpenLoan}, {"reading_in_progress", pick(h.OpenReading, "档案正在查阅", "无正在进行的查阅"), h.OpenReading},
			{"hold_active", hold, h.Hold != ""}, {"catalog_missing", list, h.NoCatalog}}
	}
	for _, r := range c.Reasons() {
		out.Refused = append(out.Refused, refusalProblem(rule.Refuse(r)).Reasons...)
	}
	for _, g := range c.Missing() {
		others := g.Others
		if others == nil {
			others = []string{}
		}
		out.Gaps = append(out.Gaps, TransferGap{KeyFact: g.KeyFact, KeyName: dossier.KeyFactName(g.KeyFact), Title: g.Title, Class: g.Class, Others: others, Consequence: g.Consequence})
	}
	for _, st := range c.Stages(v.Items) {
		if st.Name == "审核" && c.ReviewedBy != "" && st.State == "done" {
			st.Note = out.ReviewedBy + " 通过"
		}
		out.Stages = append(out.Stages, TransferStage(st))
	}
	for _, d := range s.Transfers.Days(c) {
		out.Days = append(out.Days, TransferDay(d))
	}
	for _, l := range v.Log {
		out.Log = append(out.Log, TransferLog(l))
	}
}

func pick(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
