package api

import (
	"context"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/mandate"
	"dangan/internal/message"
	"dangan/internal/roster"
	"dangan/internal/rule"
	"dangan/internal/transfer"
)

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
	FaultName  string    `json:"faultName,omitempty" doc:"包裹异常，尚未了结"`
	ReceiptDue string    `json:"receiptDue,omitempty"`
	ChangedAt  time.Time `json:"changedAt"`
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
	GotPages  int64    `json:"gotPages,omitempty" doc:"页数不符的，实收页数"`
	Proves    bool     `json:"proves,omitempty" doc:"少页，核对人认为仍能证明关键信息"`
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

// TransferPeriod is one period that a packet from outside records.
type TransferPeriod struct {
	transfer.Recorded
	IdentityName string `json:"identityName"`
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

// TransferAttempt is one try at reaching the person, or what was decided about one not reached.
type TransferAttempt struct {
	On      string `json:"on"`
	By      string `json:"by"`
	Way     string `json:"way"`
	Reached bool   `json:"reached"`
	Note    string `json:"note"`
}

// TransferView is a case in full.
type TransferView struct {
	TransferLine
	Version       int64                `json:"version"`
	DossierNo     string               `json:"dossierNo,omitempty"`
	IDNoMasked    string               `json:"idNoMasked"`
	Sex           string               `json:"sex"`
	HolderCode    string               `json:"holderCode,omitempty"`
	ReceiverCode  string               `json:"receiverCode,omitempty"`
	ReceiverAddr  string               `json:"receiverAddr,omitempty"`
	EndKind       string               `json:"endKind,omitempty" doc:"外单位的性质"`
	Applicant     string               `json:"applicant"`
	Agent         string               `json:"agent,omitempty"`
	Bearer        *UnitBearer          `json:"bearer,omitempty" doc:"单位申请的，来办的经办人"`
	Promiser      *MandateItem         `json:"promiser,omitempty" doc:"承诺由代办人签的，所凭的委托书"`
	Mandate       *MandateItem         `json:"mandate,omitempty" doc:"代办的，所凭的委托书"`
	Reason        string               `json:"reason"`
	RegionBasis   string               `json:"regionBasis,omitempty"`
	Tie           string               `json:"tie,omitempty" doc:"存档依据及所在区县"`
	TieDespite    string               `json:"tieDespite,omitempty"`
	PassedBy      string               `json:"passedBy,omitempty" doc:"受理并转交的机构"`
	Agreement     string               `json:"agreement,omitempty" doc:"与谁、何时商定退回"`
	History       []TransferPeriod     `json:"history" nullable:"false" doc:"来件所载经历"`
	HistoryBy     string               `json:"historyBy,omitempty"`
	HistoryOkBy   string               `json:"historyOkBy,omitempty"`
	BackNo        string               `json:"backNo,omitempty" doc:"退回所附通知单编号"`
	Draft         *TransferDispatch    `json:"draft,omitempty" doc:"寄送草稿，只给转出机构经办看"`
	Employer      string               `json:"employer,omitempty"`
	Document      string               `json:"document,omitempty"`
	WayRequired   string               `json:"wayRequired,omitempty"`
	AppliedOn     string               `json:"appliedOn,omitempty"`
	LetterOn      string               `json:"letterOn,omitempty"`
	LetterCode    string               `json:"letterCode,omitempty" doc:"只给开函机构看"`
	ValidUntil    string               `json:"validUntil,omitempty"`
	Verified      string               `json:"verified,omitempty"`
	RegisteredOn  string               `json:"registeredOn,omitempty"`
	HandledBy     string               `json:"handledBy" doc:"经办人"`
	ReviewedBy    string               `json:"reviewedBy" doc:"审核人"`
	Review        string               `json:"review,omitempty"`
	SealNo        string               `json:"sealNo,omitempty"`
	Volumes       int64                `json:"volumes"`
	VolumesIn     int64                `json:"volumesIn,omitempty" doc:"实收卷数"`
	NoticeNo      string               `json:"noticeNo,omitempty"`
	Way           string               `json:"way,omitempty"`
	WayName       string               `json:"wayName,omitempty"`
	TrackingNo    string               `json:"trackingNo,omitempty"`
	Office        string               `json:"office,omitempty" doc:"交寄的机要通信局（站），或收寄的邮政网点"`
	Member        bool                 `json:"member,omitempty" doc:"中共党员：调档函写明党组织关系接转抬头"`
	PartyHeading  string               `json:"partyHeading,omitempty" doc:"党组织关系接转抬头；开函以前为本机构的"`
	Carriers      []string             `json:"carriers" nullable:"false"`
	DispatchedOn  string               `json:"dispatchedOn,omitempty"`
	ArrivedOn     string               `json:"arrivedOn,omitempty"`
	Intact        bool                 `json:"intact"`
	Came          string               `json:"came,omitempty" doc:"怎样送来的：方式、承运方、编号"`
	DeliveredOn   string               `json:"deliveredOn,omitempty" doc:"承运方答复已投递的日期，还没有回执"`
	CheckedBy     string               `json:"checkedBy,omitempty"`
	CheckedAll    bool                 `json:"checkedAll"`
	SecondBy      string               `json:"secondBy,omitempty"`
	CheckResult   string               `json:"checkResult,omitempty"`
	Differences   string               `json:"differences,omitempty"`
	Outcome       string               `json:"outcome,omitempty"`
	ReceiptNo     string               `json:"receiptNo,omitempty"`
	Answered      string               `json:"answered,omitempty" doc:"回执所载：实收、处理、收件人、核对人"`
	AnswerMissing string               `json:"answerMissing,omitempty" doc:"回执写明缺少的关键材料"`
	ReceiptOn     string               `json:"receiptOn,omitempty"`
	ToldOn        string               `json:"toldOn,omitempty"`
	PromisedOn    string               `json:"promisedOn,omitempty"`
	PromiseDue    string               `json:"promiseDue,omitempty"`
	ShelvedOn     string               `json:"shelvedOn,omitempty"`
	WithdrawnWhy  string               `json:"withdrawnWhy,omitempty"`
	Custodian     string               `json:"custodian" enum:"receiver,holder" doc:"档案现由哪一方负责"`
	Forced        string               `json:"forced,omitempty" enum:"unknown,yes,no" doc:"是否须机要或专送；未登记经历按是办理"`
	ForcedWhy     string               `json:"forcedWhy,omitempty"`
	SecretWhy     string               `json:"secretWhy,omitempty" doc:"涉密，限机要通信或专人送取"`
	FromCatalog   bool                 `json:"fromCatalog"`
	Listed        bool                 `json:"listed"`
	Copies        int64                `json:"copies"`
	Pages         int64                `json:"pages"`
	Hinders       []TransferHinder     `json:"hinders" nullable:"false"`
	Refused       []Reason             `json:"refused" nullable:"false" doc:"不予转出的理由"`
	Gaps          []TransferGap        `json:"gaps" nullable:"false"`
	Stages        []TransferStage      `json:"stages" nullable:"false"`
	Exchange      []TransferStage      `json:"exchange" nullable:"false" doc:"跨省通办的五个状态；不跨省的为空"`
	Province      string               `json:"province,omitempty" doc:"对方所在省份"`
	OnlineNo      string               `json:"onlineNo,omitempty"`
	Answer        string               `json:"answer,omitempty" enum:"agree,decline"`
	AnswerOn      string               `json:"answerOn,omitempty"`
	AnswerNote    string               `json:"answerNote,omitempty"`
	Packet        *TransferPacket      `json:"packet,omitempty" doc:"转的是另一袋，不是一卷档案"`
	ListID        string               `json:"listId,omitempty" doc:"随批转出的批"`
	ApplicantDoc  string               `json:"applicantDoc,omitempty"`
	ApplicantUSCC string               `json:"applicantUscc,omitempty" doc:"申请单位的统一社会信用代码"`
	ApplicantKind string               `json:"applicantKind,omitempty" doc:"申请方式：本人申请、单位申请、委托代办"`
	Corrections   []TransferCorrection `json:"corrections" nullable:"false" doc:"更正记录，新的在前"`
	Fields        []TransferField      `json:"fields" nullable:"false" doc:"可以更正的项目；不能再改的写明理由"`
	Faults        []TransferFault      `json:"faults" nullable:"false" doc:"包裹异常及处理"`
	Attempts      []TransferAttempt    `json:"attempts" nullable:"false" doc:"联系本人的经过"`
	Reminded      int64                `json:"reminded" doc:"提醒承诺次数"`
	Escalated     int64                `json:"escalated" doc:"1 已报负责人，2 已报上级"`
	Signing       string               `json:"signing,omitempty" enum:"paper,screen"`
	SentFirst     string               `json:"sentFirst,omitempty" doc:"首次寄出日期"`
	Second        []LikelyView         `json:"second" nullable:"false" doc:"核对时：此人已有的，或姓名、出生日期相同的一卷（一人多档）"`
	Apart         *TransferApart       `json:"apart,omitempty" doc:"登记为一人多档的这一包"`
	Signed        []TransferSigned     `json:"signed" nullable:"false" doc:"纸面签名的承诺书的扫描件"`
	Contact       string               `json:"contact,omitempty" doc:"申请时留的联系方式，中间隐去"`
	Days          []TransferDay        `json:"days" nullable:"false"`
	Items         []TransferItem       `json:"items" nullable:"false"`
	Documents     []DocumentView       `json:"documents" nullable:"false"`
	Log           []TransferLog        `json:"log" nullable:"false"`
	Possible      []Possible           `json:"possible" nullable:"false"`
}

// TransferSigned is a scan of the undertaking.
type TransferSigned struct {
	No      int64     `json:"no"`
	Format  string    `json:"format"`
	Pages   int64     `json:"pages"`
	AddedBy string    `json:"addedBy"`
	AddedAt time.Time `json:"addedAt"`
}

// TransferApart is the packet that was kept apart as a second one of its person.
type TransferApart struct {
	ID string `json:"id"`
	No string `json:"no"`
}

// TransferPacket is a packet that is no dossier of its own.
type TransferPacket struct {
	Kind  string `json:"kind" doc:"身份待核、一人多档，毕业生档案"`
	Basis string `json:"basis" doc:"查实结果和依据"`
	Link  string `json:"link,omitempty"`
}

var besideKinds = map[string][2]string{"UnclearPacket": {"身份待核、一人多档", "/unclear/"}, "Graduate": {"毕业生档案", "/graduates/"}}

// TransferCorrection is one field that was put right.
type TransferCorrection struct {
	At         time.Time `json:"at"`
	By         string    `json:"by"`
	Field      string    `json:"field"`
	Was        string    `json:"was"`
	Became     string    `json:"became"`
	Why        string    `json:"why"`
	LetterNo   string    `json:"letterNo,omitempty" doc:"换发前的函号"`
	ReplacedBy string    `json:"replacedBy,omitempty" doc:"换发的函号"`
}

// TransferField is a field that may be put right, or why it may not any more.
type TransferField struct {
	Field   string       `json:"field"`
	Label   string       `json:"label"`
	Value   string       `json:"value"`
	Choices []codes.Code `json:"choices" nullable:"false"`
	TooLate *Reason      `json:"tooLate,omitempty"`
}

// TransferHinder is one of the four things that may keep a dossier, and whether it does.
type TransferHinder struct {
	Slug    string `json:"slug"`
	Text    string `json:"text"`
	Hinders bool   `json:"hinders"`
}

func (s *Server) transferLine(ctx context.Context, c transfer.Case) TransferLine {
	by := actor(ctx)
	l := TransferLine{ID: c.ID, No: c.No, Direction: c.Direction, Side: "both", State: string(c.State), StateName: c.StateName(), Tone: c.State.Tone(), Name: c.PersonName, DossierID: c.DossierID,
		Holder: c.HolderName, Receiver: c.ReceiverName, LetterNo: c.LetterNo, DueOn: c.DueOn, Tentative: c.DueTentative, Left: s.Transfers.Left(c), Chased: c.Chased, FaultName: transfer.FaultName(c.Fault),
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
		HolderCode: c.Holder, ReceiverCode: c.Receiver, ReceiverAddr: c.ReceiverAddr, EndKind: transfer.EndName(c.OutsideKind), Applicant: c.Applicant, Agent: c.Agent, Reason: c.Reason, RegionBasis: c.RegionBasis, Employer: c.Employer,
		Document: c.Document, WayRequired: c.WayRequired, AppliedOn: c.AppliedOn, LetterOn: c.LetterOn, ValidUntil: c.ValidUntil, Verified: c.Verified, RegisteredOn: c.RegisteredOn,
		Review: c.Review, SealNo: c.SealNo, Volumes: c.Volumes, VolumesIn: c.VolumesIn, NoticeNo: c.NoticeNo, Way: c.Way, TrackingNo: c.TrackingNo, Office: c.Office, Member: v.Member, PartyHeading: v.Heading, Carriers: []string{}, DispatchedOn: c.DispatchedOn,
		ArrivedOn: c.ArrivedOn, Intact: c.Intact, CheckedAll: !c.CheckedAt.IsZero(), CheckResult: c.CheckResult, Differences: c.Differences, Outcome: c.Outcome, ReceiptNo: c.ReceiptNo, Answered: c.Answered(), AnswerMissing: c.ReceiptMissing,
		ReceiptOn: c.ReceiptOn, ToldOn: c.ToldOn, PromisedOn: c.PromisedOn, PromiseDue: c.PromiseDue, WithdrawnWhy: c.WithdrawnWhy, Custodian: c.Custodian(), Forced: string(v.Forced), ForcedWhy: v.Why, SecretWhy: v.Secret,
		FromCatalog: v.Dossier.Catalog > 0 && c.Direction != transfer.In, Listed: !c.ListedAt.IsZero(), Hinders: []TransferHinder{}, Refused: []Reason{}, Gaps: []TransferGap{},
		History: []TransferPeriod{}, Tie: c.Tie(), TieDespite: c.TieDespite, Agreement: c.Agreement, BackNo: c.BackNo,
		Exchange: []TransferStage{}, Province: transfer.ProvinceName(c.Province), OnlineNo: c.OnlineNo, Answer: c.Answer, AnswerOn: c.AnswerOn, AnswerNote: c.AnswerNote, ListID: c.ListID, ApplicantDoc: c.ApplicantDoc, ApplicantUSCC: c.ApplicantUSCC,
		ApplicantKind: transfer.KindName(c.ApplicantKind), Corrections: []TransferCorrection{}, Fields: []TransferField{},
		Attempts: []TransferAttempt{}, Reminded: c.Reminded, Escalated: c.Escalated, Signing: c.Signing, Faults: []TransferFault{}, Signed: []TransferSigned{}, SentFirst: c.SentFirst, Stages: []TransferStage{}, Days: []TransferDay{}, Items: []TransferItem{}, Documents: []DocumentView{}, Log: []TransferLog{}, Possible: possible(v.Possible)}
	if c.Receiver != "" && c.DispatchedOn == "" { // an agency may have moved since the application
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		if to, ok := tree.Get(c.Receiver); ok && to.Address != "" {
			out.ReceiverAddr = to.Mail()
		}
	}
	if c.Packet() {
		kind, id, _ := strings.Cut(c.PacketRef, ":")
		out.Packet = &TransferPacket{Kind: besideKinds[kind][0], Basis: c.Document}
		if c.Holder != "" && actor(ctx).Reaches(c.Holder) {
			out.Packet.Link = besideKinds[kind][1] + id
		}
	}
	var err error
	if out.Bearer, err = s.bearerOf(ctx, c.Ref()); err != nil {
		return nil, err
	}
	if out.Promiser, err = s.mandateOf(ctx, c.Ref(), mandate.Undertaking); err != nil {
		return nil, err
	}
	if c.Agent != "" {
		if out.Mandate, err = s.mandateOf(ctx, c.Ref(), mandate.Transfer); err != nil {
			return nil, err
		}
	}
	if c.Receiver != "" && actor(ctx).Reaches(c.Receiver) {
		out.LetterCode = c.LetterCode
	}
	if c.Way != "" {
		out.WayName = transfer.WayName(c.Way)
	}
	if c.CameWay != "" {
		out.Came = strings.TrimSpace(transfer.WayName(c.CameWay) + " " + strings.TrimSpace(c.CameCarrier+" "+c.CameNo))
	}
	out.DeliveredOn = c.DeliveredOn
	if !c.ShelvedAt.IsZero() {
		out.ShelvedOn = calendar.Of(c.ShelvedAt).String()
	}
	for _, m := range c.Carriers() {
		out.Carriers = append(out.Carriers, m.Name+"（"+identity.Mask(m.IDNo)+"）")
	}
	for to, id := range map[*string]string{&out.HandledBy: c.RegisteredBy, &out.ReviewedBy: c.ReviewedBy, &out.CheckedBy: c.CheckedBy, &out.SecondBy: c.SecondChecker, &out.HistoryBy: c.HistoryBy, &out.HistoryOkBy: c.HistoryOkBy} {
		if id != "" {
			*to = s.staffName(ctx, id)
		}
	}
	if out.HandledBy == "" && c.AppliedBy != "" {
		out.HandledBy = s.staffName(ctx, c.AppliedBy)
	}
	if c.PassedBy != "" {
		tree, err := s.Agencies.Tree(ctx)
		if err != nil {
			return nil, err
		}
		out.PassedBy = tree.Name(c.PassedBy)
	}
	if k := c.Kept(); k != nil && actor(ctx).Has("clerk") && actor(ctx).Reaches(c.Holder) {
		out.Draft = &TransferDispatch{Way: k.Way, TrackingNo: k.TrackingNo, Office: k.Office, On: k.On, Messengers: k.Messengers}
	}
	for _, a := range v.Attempts {
		out.Attempts = append(out.Attempts, TransferAttempt{On: a.TriedOn, By: s.staffName(ctx, a.TriedBy), Way: a.Way, Reached: a.Reached, Note: a.Note})
	}
	for _, r := range v.Righted {
		out.Corrections = append(out.Corrections, TransferCorrection{At: r.At, By: s.staffName(ctx, r.MadeBy), Field: r.Field, Was: r.Was, Became: r.Became, Why: r.Why, LetterNo: r.LetterNo, ReplacedBy: r.ReplacedBy})
	}
	if slices.ContainsFunc(v.Possible, func(p gate.Possible) bool { return p.Action == "transfer.correct" && p.Refusal == nil }) {
		for _, f := range c.Fields(s.Gate.Today()) {
			field := TransferField{Field: f.Field, Label: f.Label, Value: f.Value, Choices: s.Transfers.Choices(f.Field)}
			if field.Choices == nil {
				field.Choices = []codes.Code{}
			}
			if f.TooLate != nil {
				field.TooLate = &refusalProblem(f.TooLate).Reasons[0]
			}
			out.Fields = append(out.Fields, field)
		}
	}
	if by := actor(ctx); c.Contact != "" && by.Has("clerk") && by.Reaches(c.Receiver) {
		out.Contact = message.Hide(c.Contact)
	}
	for _, f := range v.Signed {
		out.Signed = append(out.Signed, TransferSigned{No: f.No, Format: f.Format, Pages: f.Pages, AddedBy: s.staffName(ctx, f.AddedBy), AddedAt: f.AddedAt})
	}
	second := make([]roster.Likely, len(v.Second))
	for i, l := range v.Second {
		second[i] = roster.Likely{Dossier: l.Dossier, Person: l.Person, Why: "姓名、出生日期相同"}
		if l.Person.IDNo == c.IDNo {
			second[i].Why = "身份证号相同"
		}
	}
	if out.Second, err = s.likelyViews(ctx, second); err != nil {
		return nil, err
	}
	if c.Outcome == transfer.KeptApart && actor(ctx).Reaches(c.Receiver) {
		p, err := s.Rosters.Came(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		out.Apart = &TransferApart{ID: p.ID, No: p.No}
	}
	for _, f := range v.Faults {
		out.Faults = append(out.Faults, s.transferFault(ctx, f))
	}
	s.transferParts(v, &out)
	papers, err := s.Documents.OfCase(ctx, actor(ctx), c.Ref())
	if err != nil {
		return nil, err
	}
	strays, err := transfer.StraysOf(ctx, s.DB, c.ID)
	if err != nil {
		return nil, err
	}
	for _, st := range strays { // what a third agency issued when it had the packet
		more, err := s.Documents.OfCase(ctx, actor(ctx), st.Ref())
		if err != nil {
			return nil, err
		}
		papers = append(papers, more...)
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
			KeyFacts: []string{}, KeyNames: []string{}, HasImage: i.HasImage, Loose: i.Loose, Secret: i.Secret, Check: i.ReceiverCheck, CheckName: transfer.LineName(i.ReceiverCheck), Note: i.Note, GotPages: i.GotPages, Proves: i.ProvesStill > 0}
		if i.KeyFacts != "" && i.Title != dossier.Withheld { // of a closed piece it would tell what it is (15)
			for _, f := range strings.Split(i.KeyFacts, "|") {
				line.KeyFacts, line.KeyNames = append(line.KeyFacts, f), append(line.KeyNames, dossier.KeyFactName(f))
			}
		}
		out.Items = append(out.Items, line)
	}
	out.Copies, out.Pages = transfer.Size(v.Items)
	if c.Direction != transfer.In && !c.Moved() && c.RegisteredOn != "" && c.State != transfer.NotSent {
		h := v.Hinders
		hold := "无限制"
		if h.Hold != "" {
			hold = "限制转出：" + h.Hold
		}
		list := "目录清单已有"
		if h.NoCatalog {
			list = "尚无材料目录清单"
		}
		unlisted := h.NoCatalog
		if h.NoCatalog && c.State == transfer.Registered { // the list is made once the packet is there: no hindrance yet
			list, unlisted = "提档后登记目录清单", false
		}
		out.Hinders = []TransferHinder{{"open_loan", pick(h.OpenLoan, "有未归还的借阅", "无未归还的借阅"), h.OpenLoan}, {"reading_in_progress", pick(h.OpenReading, "档案正在查阅", "无正在进行的查阅"), h.OpenReading},
			{"hold_active", hold, h.Hold != ""}, {"catalog_missing", list, unlisted}}
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
	for _, r := range c.Recorded() {
		name := "材料没有写明"
		if id, ok := codes.FindIdentity(r.Identity); ok {
			name = id.Name
		}
		out.History = append(out.History, TransferPeriod{r, name})
	}
	for _, st := range c.Stages(v.Items) {
		if st.Name == "审核" && c.ReviewedBy != "" && st.State == "done" {
			st.Note = out.ReviewedBy + " 通过"
		}
		out.Stages = append(out.Stages, TransferStage(st))
	}
	for _, st := range c.Exchange() {
		st.End = transfer.Receiving
		out.Exchange = append(out.Exchange, TransferStage(st))
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
