package graduate

import (
	"strings"
	"time"

	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
	"dangan/internal/undertaking"
)

// State is where a person of a list stands.
type State string

// States of a person of a list; each is in exactly one.
const (
	Awaited   State = "awaited"   // 未到: listed, the packet has not come
	Unclaimed State = "unclaimed" // 待认领: in custody, the person has not come
	Claimed   State = "claimed"   // 已认领
	Elsewhere State = "elsewhere" // 已有档案: the person's dossier is kept already (2); the packet lies here beside it
	Handing   State = "handing"   // 转递中: on its way to where that dossier is, or back to the school
	Joined    State = "joined"    // 已归并
	SentBack  State = "sent_back" // 已退学校
	GoneOn    State = "gone_on"   // 已转出: it left before the person came
)

// Name is the state as screens say it.
func (s State) Name() string {
	return map[State]string{Awaited: "未到", Unclaimed: "待认领", Claimed: "已认领", Elsewhere: "已有档案", Handing: "转递中", Joined: "已归并", SentBack: "已退学校", GoneOn: "已转出"}[s]
}

// Tone is how screens mark the state.
func (s State) Tone() string {
	return map[State]string{Awaited: "plain", Unclaimed: "wait", Claimed: "done", Elsewhere: "wait", Handing: "run", Joined: "done", SentBack: "void", GoneOn: "void"}[s]
}

// List is one list of a school.
type List struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	Agency   string    `db:"agency"`
	School   string    `db:"school"`
	FileName string    `db:"file_name"`
	Digest   string    `db:"digest"`
	Rows     int64     `db:"row_count"`
	StaffID  string    `db:"staff_id"`
	ListedAt time.Time `db:"listed_at"`
	// The receipt that the school was given last, and for how many packets.
	ReceiptNo string    `db:"receipt_no,null"`
	ReceiptID string    `db:"receipt_id,null"`
	ReceiptBy string    `db:"receipt_by,null"`
	ReceiptAt time.Time `db:"receipt_at,null"`
	Received  int64     `db:"received,null"`
}

// Table names the table of lists.
func (List) Table() string { return "graduate_list" }

// Resource is the list as the policies see it.
func (l List) Resource() policy.Resource {
	return policy.Resource{Type: "GraduateList", ID: l.ID, Agencies: []string{l.Agency}, Attrs: map[string]any{"agency": l.Agency}}
}

// Graduate is one person of a list and what became of the packet.
type Graduate struct {
	ID                string    `db:"id"`
	Version           int64     `db:"version"`
	ListID            string    `db:"list_id"`
	Agency            string    `db:"agency"`
	Row               int64     `db:"row_no"`
	School            string    `db:"school"`
	Name              string    `db:"name"`
	IDNo              string    `db:"id_no,secret"`
	Phone             string    `db:"phone,null,secret"`
	TransferNo        string    `db:"transfer_no"` // 转递编号
	MailNo            string    `db:"mail_no,null"`
	Education         string    `db:"education,null"`
	State             State     `db:"state"`
	Seal              string    `db:"seal,null"` // custody.Intact or custody.Broken
	Note              string    `db:"note,null"` // what was found of a damaged packet
	ReceivedBy        string    `db:"received_by,null"`
	ReceivedAt        time.Time `db:"received_at,null"`
	DossierID         string    `db:"dossier_id,null"`
	ToldWay           string    `db:"told_way,null"`
	ToldBy            string    `db:"told_by,null"`
	ToldAt            time.Time `db:"told_at,null"`
	NoticeVersion     string    `db:"notice_version,null"` // of the notice of rights and duties
	Missing           string    `db:"missing,null"`        // key materials missing, parted by 、
	Undertaking       bool      `db:"undertaking"`         // the person signed for what is missing
	Gaps              string    `db:"gaps,null"`           // JSON: what was told at once as missing
	AskedOn           string    `db:"asked_on,null"`       // since when the undertaking waits for its signature
	PromisedOn        string    `db:"promised_on,null"`    // signed
	PromiseDue        string    `db:"promise_due,null"`    // until when what is missing is brought
	Statement         string    `db:"statement,null"`      // in the person's words
	Signing           string    `db:"signing,null"`        // on paper or on the screen
	ClaimedBy         string    `db:"claimed_by,null"`
	ClaimedAt         time.Time `db:"claimed_at,null"`
	Ending            string    `db:"ending,null"`   // beside a dossier: what becomes of the packet
	Evidence          string    `db:"evidence,null"` // what was compared
	EndingBy          string    `db:"ending_by,null"`
	EndingAt          time.Time `db:"ending_at,null"`
	DecidedBy         string    `db:"decided_by,null"`
	DecidedAt         time.Time `db:"decided_at,null"`
	DecidedNote       string    `db:"decided_note,null"`
	TransferID        string    `db:"transfer_id,null"` // the case it goes on
	Shelf             string    `db:"shelf,null"`       // where the packet lies, while it lies beside a dossier
	EndedAt           time.Time `db:"ended_at,null"`    // claimed, joined, sent back or gone on
	undertaking.Clock           // how long the undertaking waits for its signature
	DisposedBy        string    `db:"disposed_by,null"` // what the head or the superior decided of one that waits too long
	DisposedOn        string    `db:"disposed_on,null"`
	DisposedNote      string    `db:"disposed_note,null"`
}

// Table names the table of graduates.
func (Graduate) Table() string { return "graduate" }

// Resource is the graduate as the policies see it.
func (g Graduate) Resource() policy.Resource {
	attrs := map[string]any{"agency": g.Agency, "state": string(g.State)}
	if g.EndingBy != "" {
		attrs["endingBy"] = g.EndingBy
	}
	return policy.Resource{Type: "Graduate", ID: g.ID, Agencies: []string{g.Agency}, Attrs: attrs}
}

// Beside says that the row's dossier is another one than the packet: nothing of it is shown here.
func (g Graduate) Beside() bool {
	return g.State == Elsewhere || g.State == Handing || g.State == Joined || g.State == SentBack
}

// Resolved is when the packet came to its end; zero while it waits. A claim bears its own
// time, also from before there was one for every end.
func (g Graduate) Resolved() time.Time {
	if g.EndedAt.IsZero() {
		return g.ClaimedAt
	}
	return g.EndedAt
}

// end brings the packet to its end: what it waited for is resolved, and no shelf is its own.
func (g *Graduate) end(to State, now time.Time) {
	g.State, g.EndedAt, g.Shelf = to, now, ""
}

// ref names the packet in the custody record.
func (g Graduate) ref() string { return "Graduate:" + g.ID }

func init() {
	store.Describe(List{}, Graduate{}, Key{}, Proof{}, Batch{}, Scan{})
	store.Register("graduate_list", store.Audited, "学校毕业去向登记名单：来源学校、文件与行数")
	store.Register("graduate", store.Audited, "名单中的毕业生：转递编号、到档、告知与认领，号码加密")
	store.Register("graduate_key", store.Audited, "名单中毕业生身份证号的带密钥索引，供读卡查找")
	store.Register("graduate_proof", store.Audited, "毕业生认领时查验的证件")
	store.Register("graduate_batch", store.Audited, "毕业生档案接收批次：扫描与签收的袋数、签收文书")
	store.Register("graduate_scan", store.Audited, "接收批次中逐袋扫描的记录：封存情况、序号")
}

// category is the category of a graduate by the education the list writes (4.3; N2/25
// names the classes of technician colleges under 4.7).
func category(education string) (category, subtype string) {
	switch {
	case strings.Contains(education, "预备技师"):
		return "4.7", "tech_college_prep_technician_class"
	case strings.Contains(education, "高级工"):
		return "4.7", "tech_college_senior_worker_class"
	case strings.Contains(education, "中专"), strings.Contains(education, "中等"):
		return "4.3", "secondary_vocational_graduate"
	}
	return "4.3", "college_graduate"
}

// Key is the keyed index of a listed person's identity number.
type Key struct {
	ID      string `db:"id"` // of the graduate
	Version int64  `db:"version"`
	IDIndex []byte `db:"id_ix"`
}

// Table names the table of keys.
func (Key) Table() string { return "graduate_key" }

// Proof is the document that was seen when the person came (12b).
type Proof struct {
	ID       string    `db:"id"` // of the graduate
	Version  int64     `db:"version"`
	Document string    `db:"document"`
	SeenBy   string    `db:"seen_by"`
	SeenAt   time.Time `db:"seen_at"`
}

// Table names the table of documents seen.
func (Proof) Table() string { return "graduate_proof" }

// Claim is what is done when the person comes.
type Claim struct {
	MandateID     string   // of an agent who claims for the person
	IntakeID      string   // the record of the application, where it was not taken in at first (29.8)
	Document      string   // identity document seen, such as 居民身份证
	Phone         string   // where the person is reached; empty keeps what the list says
	NoticeVersion string   // of the notice of rights and duties handed over
	Whole         bool     // looked through against the checklist: every key fact has its material
	Missing       []string // key facts without a sound material, of those that the category asks for
}

// waits refuses what only an unclaimed packet allows.
func (g Graduate) waits() error {
	if g.State == Unclaimed {
		return nil
	}
	next := "请重新载入，按现在的状态办理。"
	switch g.State {
	case Awaited:
		next = "档案尚未寄到，请向学校催转；收到后再办理。"
	case Elsewhere:
		next = "此人已有档案（一人一档）：请比对后并入、移交保管机构，或按规定退回学校。"
	}
	return rule.Refuse(rule.Reason{Rule: "12", Slug: "graduate_" + string(g.State), Message: "这份毕业生档案现在是“" + g.State.Name() + "”。", Next: next})
}

// Claim is the pure rule of a claim: notice in a version, and what was found of the key
// materials. What is missing is told at once, and waits for its signature (20.4a).
func (g *Graduate) Claim(c Claim, by string, now time.Time) error {
	if err := g.waits(); err != nil {
		return err
	}
	var missing []rule.Reason
	if strings.TrimSpace(c.Document) == "" {
		missing = append(missing, rule.Reason{Rule: "12b", Slug: "document_missing", Field: "document", Message: "没有登记查验的证件。", Next: "请查验本人居民身份证、社会保障卡等有效证件，并选择证件名称。"})
	}
	c.NoticeVersion = strings.TrimSpace(c.NoticeVersion)
	if c.NoticeVersion == "" {
		missing = append(missing, rule.Reason{Rule: "12", Slug: "notice_missing", Field: "noticeVersion", Message: "没有登记告知书的版本。", Next: "请将权利义务告知书交本人，并填写版本。"})
	}
	names := make([]string, len(c.Missing))
	for i, fact := range c.Missing {
		names[i] = dossier.KeyFactName(fact)
	}
	if c.Whole == (len(c.Missing) > 0) {
		missing = append(missing, rule.Reason{Rule: "20.4a", Slug: "key_materials_unchecked", Field: "missing", Message: "没有登记袋内关键材料是否齐全。", Next: "请当本人面开袋对照清单，勾选缺少的，或登记关键材料齐全。"})
	}
	if len(missing) > 0 {
		return rule.Complete(missing...)
	}
	if phone := strings.TrimSpace(c.Phone); phone != "" {
		g.Phone = phone
	}
	if g.ToldAt.IsZero() {
		g.ToldWay, g.ToldBy, g.ToldAt = "本人到场", by, now
	}
	g.end(Claimed, now)
	g.NoticeVersion, g.Missing, g.ClaimedBy, g.ClaimedAt = c.NoticeVersion, strings.Join(names, "、"), by, now
	return nil
}
