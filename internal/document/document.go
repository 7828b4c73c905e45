package document

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/blob"
	"dangan/internal/clock"
	"dangan/internal/gate"
	"dangan/internal/paper"
	"dangan/internal/store"
)

// Kinds of papers; each has a mark in its number (forms.md 0).
const (
	TransferLetter   = "transfer_letter"   // 调 调档函
	TransferNotice   = "transfer_notice"   // 转 转递通知单与回执
	PackingList      = "packing_list"      // 转 -M 材料目录清单
	ReceiptSlip      = "receipt_slip"      // 转 -H 回执
	Undertaking      = "undertaking"       // 承 告知承诺书
	Supplement       = "supplement"        // 补 先存后补通知书
	ReturnSlip       = "return_slip"       // 退 材料退回通知单
	CustodyProof     = "custody_proof"     // 收 收档凭证
	MaterialReceipt  = "material_receipt"  // 收 材料接收回单
	Acceptance       = "acceptance"        // 受 受理回执
	Consultation     = "consultation"      // 查 查阅申请表
	CustodyCert      = "custody_cert"      // 证 存档证明
	HistoryCert      = "history_cert"      // 证 经历证明
	KinshipCert      = "kinship_cert"      // 证 亲属关系证明
	RecordCert       = "record_cert"       // 证 档案记载情况证明
	NoRecord         = "no_record"         // 无 查无记载告知单, no certificate
	RefusalNotice    = "refusal_notice"    // 告 不予办理告知单
	Completion       = "completion"        // 正 补正告知单
	Catalog          = "catalog"           // 目 目录
	ReadingRecord    = "reading_record"    // 查 -J 查阅记录
	Whereabouts      = "whereabouts"       // 去 查档去向答复单
	Comparison       = "comparison"        // 核 信息核对表
	DeathList        = "death_list"        // 移 死亡人员档案移交清单
	Register         = "register"          // 账 业务台账
	ClassReceipt     = "class_receipt"     // 毕 毕业生档案接收清单
	ClassAnswer      = "class_answer"      // 毕 毕业生档案转递回执, to the school
	FoundSlip        = "found_slip"        // 携 个人手中档案接收登记单
	FoundInquiry     = "found_inquiry"     // 询 档案核实函
	MatterAnswer     = "matter_answer"     // 复 异议、投诉答复书
	IntakeSlips      = "intake_slips"      // 毕 -D 入库单
	AccountClosing   = "account_closing"   // 户 集体账户销户通知单
	AccountNotice    = "account_notice"    // 户 -G 账户变更告知书
	AccountTerms     = "account_terms"     // 户 -X 个人存档须知, under the account's number
	AccountAgreement = "account_agreement" // 户 -X 集体存档协议, under the account's number
	LetterAnswer     = "letter_answer"     // 答 调档函回执
	CarrierInquiry   = "carrier_inquiry"   // 询 档案转递查询函
	PacketRecord     = "packet_record"     // 录 包封异常记录
	DifferenceRecord = "difference_record" // 录 档案核对差异记录
	LossReport       = "loss_report"       // 失 档案遗失报告
	LossAnswer       = "loss_answer"       // 失 档案遗失查找结果批复
	CollectNotice    = "collect_notice"    // 集 材料收集通知单
	ReviewList       = "review_list"       // 休 退休送审清单
	MaterialForward  = "material_forward"  // 交 材料转交单
	FalsityReport    = "falsity_report"    // 疑 档案材料涉嫌涂改、造假情况报告
	MakerInquiry     = "maker_inquiry"     // 询 材料核实函
	NearList         = "near_list"         // 龄 将到龄人员名单
	Withdrawal       = "withdrawal"        // 撤 转递撤回告知书
	Recall           = "recall"            // 撤 撤销调档函通知
	StraySlip        = "stray_slip"        // 误 误投包裹登记单
	ChaseLetter      = "chase_letter"      // 催 催办函
	Loan             = "loan"              // 借 档案借阅申请审批表
	LoanSlip         = "loan_slip"         // 借 -J 档案借阅交接登记单
	LoanCard         = "loan_card"         // 借 -D 代卷卡
	LoanReceipt      = "loan_receipt"      // 借 -H 档案借阅归还回执
)

var kinds = map[string]struct{ mark, name string }{
	TransferLetter: {"调", "调档函"}, TransferNotice: {"转", "档案转递通知单"}, PackingList: {"转", "材料目录清单"},
	ReceiptSlip: {"转", "档案转递通知单回执"}, Undertaking: {"承", "告知承诺书"}, Supplement: {"补", "先存后补通知书"},
	ReturnSlip: {"退", "材料退回通知单"}, CustodyProof: {"收", "收档凭证"}, MaterialReceipt: {"收", "材料接收回单"}, Acceptance: {"受", "受理回执"},
	Consultation: {"查", "查阅申请表"}, CustodyCert: {"证", "存档证明"}, HistoryCert: {"证", "经历证明"}, KinshipCert: {"证", "亲属关系证明"}, RecordCert: {"证", "档案记载情况证明"}, NoRecord: {"无", "查无记载告知单"}, RefusalNotice: {"告", "不予办理告知单"},
	Completion: {"正", "补正告知单"}, Catalog: {"目", "档案目录"}, ReadingRecord: {"查", "查阅记录"}, Whereabouts: {"去", "查档去向答复单"}, Comparison: {"核", "信息核对表"}, DeathList: {"移", "死亡人员档案移交清单"}, Register: {"账", "业务台账"}, ReviewList: {"休", "退休送审清单"}, ClassReceipt: {"毕", "毕业生档案接收清单"}, IntakeSlips: {"毕", "入库单"}, AccountClosing: {"户", "集体账户销户通知单"}, AccountNotice: {"户", "账户变更告知书"}, AccountTerms: {"户", "个人存档须知"}, AccountAgreement: {"户", "集体存档协议"},
	FoundSlip: {"携", "个人手中档案接收登记单"}, FoundInquiry: {"询", "档案核实函"}, MakerInquiry: {"询", "材料核实函"}, MatterAnswer: {"复", "异议、投诉答复书"}, LetterAnswer: {"答", "调档函回执"},
	MaterialForward: {"交", "材料转交单"}, FalsityReport: {"疑", "档案材料涉嫌涂改、造假情况报告"},
	NearList:       {"龄", "将到龄人员名单"},
	Withdrawal:     {"撤", "转递撤回告知书"},
	Recall:         {"撤", "撤销调档函通知"},
	ClassAnswer:    {"毕", "毕业生档案转递回执"},
	Loan:           {"借", "档案借阅申请审批表"},
	LoanSlip:       {"借", "档案借阅交接登记单"},
	LoanCard:       {"借", "代卷卡"},
	LoanReceipt:    {"借", "档案借阅归还回执"},
	StraySlip:      {"误", "误投包裹登记单"},
	ChaseLetter:    {"催", "催办函"},
	CollectNotice:  {"集", "材料收集通知单"},
	CarrierInquiry: {"询", "档案转递查询函"}, PacketRecord: {"录", "包封异常记录"}, DifferenceRecord: {"录", "档案核对差异记录"}, LossReport: {"失", "档案遗失报告"}, LossAnswer: {"失", "档案遗失查找结果批复"},
}

// Kinds lists the kinds of papers.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// KindName is a kind of paper as screens say it.
func KindName(kind string) string { return kinds[kind].name }

// States of a paper.
const (
	Issued     = "issued"
	Answered   = "answered"
	Void       = "void"       // 作废, with a reason in the ledger
	Superseded = "superseded" // a re-issue names it
)

// Document is one issued paper.
type Document struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	Kind       string    `db:"kind"`
	Agency     string    `db:"agency"`
	Number     string    `db:"number"`
	Series     string    `db:"series"`
	Seq        int64     `db:"seq"`
	Code       string    `db:"code"` // verification code, NewCode
	State      string    `db:"state"`
	CaseRef    string    `db:"case_ref"` // "Transfer:<id>"
	DossierID  string    `db:"dossier_id,null"`
	Addressee  string    `db:"addressee,null"`
	Blob       string    `db:"blob"`
	IssuedBy   string    `db:"issued_by"`
	IssuedAt   time.Time `db:"issued_at"`
	ValidUntil string    `db:"valid_until,null"` // 2006-01-02
	Replaces   string    `db:"replaces,null"`
	IDTail     string    `db:"id_tail,null"` // last four of the identity number on it, all that the check page shows of the person

	Pages int64 // of a paper just issued; not kept
}

// Table names the table of papers.
func (Document) Table() string { return "document" }

func init() { store.Describe(Document{}) }

func init() {
	store.Register("document", store.Audited, "已出具文书登记：编号、验证码、文件校验值")
}

// Signer gives the key and chain with which papers are signed.
type Signer interface {
	DocumentSigner() (crypto.Signer, []*x509.Certificate)
}

// Press issues papers.
type Press struct {
	Blobs  blob.Store
	Keys   Signer
	Public string // address of the public verification page, may be empty
}

// Draft is a paper about to be issued: who issues it and on which case, and a
// function that writes its content once number and code are known.
type Draft struct {
	Kind       string
	Agency     agency.Agency
	CaseRef    string
	DossierID  string
	Addressee  string
	ValidUntil string
	Replaces   string
	IDTail     string // last four of the identity number on it
	NumberOf   string // for a paper that shares another's number: that number
	Suffix     string // "-M" for the packing list
	Form       bool
	Landscape  bool // a wide list
	Sheet16    bool // on the old dossiers' 16开
	Title      string
	Notice     string // one more line in the foot
	Extra      map[string]string
	Write      func(d *paper.Document, p Issue)
}

// Issue is what is known when a paper is written.
type Issue struct {
	Number string
	Code   string
	At     time.Time
	Seal   *paper.Seal
}

// Foot is on every electronic paper (forms.md 19.6).
const Foot = "本件为电子件打印，真伪请扫码验证"

// codeAlphabet leaves out what is mixed up when read aloud: I L O U, 0 1.
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ"

// codeLength is the number of characters; dashes after each fourth are for people.
const codeLength = 12

// codeGroup is how many characters stand between dashes.
const codeGroup = 4

// NewCode makes a verification code of 12 characters that can't be guessed: 58 bits,
// each character as likely as any other. Papers of before bear 8; both are found.
func NewCode() string {
	// A byte at or beyond the last whole multiple of the alphabet would favor its first letters.
	const fair = 256 - 256%len(codeAlphabet)
	var b strings.Builder
	raw := make([]byte, 1)
	for n := 0; n < codeLength; {
		if _, _ = rand.Read(raw); int(raw[0]) >= fair { // never fails: crypto/rand
			continue
		}
		if n > 0 && n%codeGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeAlphabet[int(raw[0])%len(codeAlphabet)])
		n++
	}
	return b.String()
}

// Issue draws the number, lays the paper out, signs it, stores the file and
// registers it, all inside the act. The file is stored before the commit: one
// that is not committed leaves a file nobody refers to, never a register line
// without a file.
func (p *Press) Issue(tx *gate.Tx, draft Draft) (Document, error) {
	at := tx.Now()
	kind := kinds[draft.Kind]
	year := at.In(clock.Shanghai).Year()
	d := Document{ID: gate.NewID(), Version: 1, Kind: draft.Kind, Agency: draft.Agency.ID, State: Issued, CaseRef: draft.CaseRef, DossierID: draft.DossierID,
		Addressee: draft.Addressee, ValidUntil: draft.ValidUntil, Replaces: draft.Replaces, IDTail: draft.IDTail, IssuedBy: tx.Actor().ID, IssuedAt: at, Code: NewCode()}
	d.Series = fmt.Sprintf("%s/%s/%d", draft.Agency.ID, kind.mark, year)
	if draft.NumberOf != "" {
		d.Number = draft.NumberOf + draft.Suffix
	} else {
		seq, err := tx.Number(d.Series)
		if err != nil {
			return d, err
		}
		d.Seq = seq
		d.Number = paper.Number{Prefix: draft.Agency.Short, Kind: kind.mark, Year: year, Seq: int(seq)}.String()
	}
	title := draft.Title
	if title == "" {
		title = kind.name
	}
	verify := ""
	if p.Public != "" {
		verify = p.Public + "/verify?" + url.Values{"n": {d.Number}, "c": {d.Code}}.Encode()
	}
	pdf := paper.New(paper.Options{Title: title, Number: d.Number, Issuer: draft.Agency.Name, Form: draft.Form, Landscape: draft.Landscape, Sheet16: draft.Sheet16, Hotline: draft.Agency.Hotline, Oversight: draft.Agency.Oversight,
		VerifyURL: verify, VerifyCode: d.Code, Notice: draft.Notice, Created: at,
		Metadata: paper.Metadata{Number: d.Number, Kind: draft.Kind, Code: d.Code, Agency: draft.Agency.ID, IssuedOn: at.In(clock.Shanghai).Format(time.DateOnly), Extra: draft.Extra}})
	draft.Write(pdf, Issue{Number: d.Number, Code: d.Code, At: at, Seal: &paper.Seal{Name: draft.Agency.Name, Line: "档案业务专用章"}})
	var raw bytes.Buffer
	if err := pdf.Render(&raw); err != nil {
		return d, fmt.Errorf("%s: %w", title, err)
	}
	signer, chain := p.Keys.DocumentSigner()
	signed, err := paper.Sign(raw.Bytes(), paper.Signing{Signer: signer, Chain: chain, At: at, Name: draft.Agency.Name, Reason: "出具" + title})
	if err != nil {
		return d, fmt.Errorf("%s: %w", title, err)
	}
	ref, err := p.Blobs.Put(tx.Context(), bytes.NewReader(signed))
	if err != nil {
		return d, fmt.Errorf("%s: %w", title, err)
	}
	if err := tx.File(ref.Digest, ref.Size, "paper"); err != nil {
		return d, err
	}
	d.Blob, d.Pages = ref.Digest, int64(pdf.Pages())
	tx.About("Document", d.ID)
	tx.Note(draft.Kind, d.Number)
	return d, tx.Insert(d)
}

// Of lists the papers of a case, oldest first.
func Of(ctx context.Context, q store.Querier, caseRef string) ([]Document, error) {
	return store.List[Document](ctx, q, "WHERE case_ref=? ORDER BY issued_at, id LIMIT 200", caseRef)
}

// Get reads one paper.
func Get(ctx context.Context, q store.Querier, id string) (Document, error) {
	return store.Get[Document](ctx, q, "WHERE id=?", id)
}

// SetState marks a paper as answered, void or superseded.
func SetState(tx *gate.Tx, id, state string) error {
	d, err := store.Get[Document](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return err
	}
	d.State = state
	return tx.Update(&d)
}
