package digital

import (
	"time"

	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// State tells how far a delivery is.
type State string

// States of a delivery.
const (
	Running  State = "running"   // 接收中
	Stopped  State = "stopped"   // 已中断: what was taken in stays, the same delivery goes on
	Faulty   State = "faulty"    // 需改正: nothing was taken in
	Received State = "received"  // 待验收
	Sampling State = "sampling"  // 验收中: the sample is drawn
	Accepted State = "accepted"  // 已验收
	SentBack State = "sent_back" // 已退回: below the line, all of it
)

// Name is the state as screens say it.
func (s State) Name() string {
	return map[State]string{Running: "接收中", Stopped: "已中断", Faulty: "需改正", Received: "待验收", Sampling: "验收中", Accepted: "已验收", SentBack: "已退回"}[s]
}

// Delivery is the record of what a contractor brought.
type Delivery struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	Agency      string    `db:"agency"`
	No          string    `db:"no"`   // 50010801-S2026-0003
	Label       string    `db:"name"` // of the folder on the disk
	Sums        string    `db:"sums"` // digest of its SHA256SUMS: which delivery it is
	State       State     `db:"state"`
	StaffID     string    `db:"staff_id"`
	Folders     int64     `db:"folders"`
	Ingested    int64     `db:"ingested"`
	Quarantined int64     `db:"quarantined"`
	Already     int64     `db:"already"`
	Pages       int64     `db:"pages"`
	Note        string    `db:"note,null"`
	StartedAt   time.Time `db:"started_at"`
	EndedAt     time.Time `db:"ended_at,null"`
	SampledBy   string    `db:"sampled_by,null"`
	SampledAt   time.Time `db:"sampled_at,null"`
	Sample      int64     `db:"sample"` // pages drawn
	Passed      int64     `db:"passed"`
	Failed      int64     `db:"failed"`
	DecidedBy   string    `db:"decided_by,null"`
	DecidedAt   time.Time `db:"decided_at,null"`
	Decision    string    `db:"decision,null"` // what was told to the contractor
}

// Table names the table of deliveries.
func (Delivery) Table() string { return "delivery" }

// Resource is the delivery as the policies see it.
func (d Delivery) Resource() policy.Resource {
	attrs := map[string]any{"agency": d.Agency, "state": string(d.State)}
	if d.StaffID != "" {
		attrs["scanner"] = d.StaffID
	}
	return policy.Resource{Type: "Delivery", ID: d.ID, Agencies: []string{d.Agency}, Attrs: attrs}
}

// ItemState tells what became of one folder.
type ItemState string

// States of a folder.
const (
	ItemWaiting     ItemState = "waiting"     // 待验收
	ItemQuarantined ItemState = "quarantined" // 已隔离
	ItemAccepted    ItemState = "accepted"    // 已验收
	ItemRejected    ItemState = "rejected"    // 已退回
)

// Name is the state as screens say it.
func (s ItemState) Name() string {
	return map[ItemState]string{ItemWaiting: "待验收", ItemQuarantined: "需改正", ItemAccepted: "已验收", ItemRejected: "已退回"}[s]
}

// Item is one folder of a delivery.
type Item struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	DeliveryID string    `db:"delivery_id"`
	Agency     string    `db:"agency"`
	DossierID  string    `db:"dossier_id,null"`
	Folder     string    `db:"folder,secret"` // holds an identity number and a name
	FolderIx   []byte    `db:"folder_ix"`
	Print      string    `db:"print"` // digest of what was found: the same again is known
	State      ItemState `db:"state"`
	Materials  int64     `db:"materials"`
	Pages      int64     `db:"pages"`
	Bytes      int64     `db:"bytes"`
	Kept       int64     `db:"kept"` // files kept as they came
	At         time.Time `db:"at"`
	DecidedBy  string    `db:"decided_by,null"`
	DecidedAt  time.Time `db:"decided_at,null"`
	Reason     string    `db:"reason,null"`
}

// Table names the table of folders.
func (Item) Table() string { return "delivery_item" }

// Problem is one finding about a folder, on record.
type Problem struct {
	ID      string `db:"id"`
	ItemID  string `db:"item_id"`
	Path    string `db:"path,secret"`
	Code    Code   `db:"code"`
	Warning bool   `db:"warning"`
}

// Table names the table of findings.
func (Problem) Table() string { return "delivery_problem" }

// Kept is one file kept as it came.
type Kept struct {
	ID     string `db:"id"`
	ItemID string `db:"item_id"`
	Path   string `db:"path,secret"`
	Blob   string `db:"blob"`
	Bytes  int64  `db:"bytes"`
}

// Table names the table of kept files.
func (Kept) Table() string { return "delivery_file" }

// PageState tells whether a page may be used.
type PageState string

// States of a page.
const (
	PageWaiting  PageState = "waiting"  // 待验收
	PageAccepted PageState = "accepted" // 可用
	PageRejected PageState = "rejected" // 已退回
)

// Page is one scanned page of a material; its image never changes (29.4).
type Page struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	MaterialID string    `db:"material_id"`
	DossierID  string    `db:"dossier_id"`
	No         int64     `db:"no"`
	State      PageState `db:"state"`
	Blob       string    `db:"blob"`
	Bytes      int64     `db:"bytes"`
	Format     string    `db:"format"`
	Width      int64     `db:"width"`
	Height     int64     `db:"height"`
	DPI        int64     `db:"dpi"`
	Blank      bool      `db:"blank"`
	Quality    string    `db:"quality,null"` // JSON: Quality
	DeliveryID string    `db:"delivery_id,null"`
}

// Table names the table of pages.
func (Page) Table() string { return "page" }

// Quality is what the image check measured, beside what blocks.
type Quality struct {
	JPEG  int      `json:"jpeg,omitempty"` // estimate, 1 … 100
	Ink   float64  `json:"ink"`            // percent
	Skew  float64  `json:"skew,omitempty"` // degrees
	Hints []string `json:"hints,omitempty"`
}

// Why a page is in the sample, and the verdicts.
const (
	WhyKey    = "key"    // of a key material: all of them
	WhyRandom = "random" // drawn
	Pass      = "pass"
	Fail      = "fail"
)

// Sample is one page a reviewer looks at.
type Sample struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	DeliveryID string    `db:"delivery_id"`
	ItemID     string    `db:"item_id"`
	PageID     string    `db:"page_id"`
	Why        string    `db:"why"`
	Verdict    string    `db:"verdict"` // "", pass, fail
	Note       string    `db:"note,null"`
	StaffID    string    `db:"staff_id,null"`
	At         time.Time `db:"at,null"`
}

// Table names the table of samples.
func (Sample) Table() string { return "delivery_sample" }

func init() {
	store.Register("delivery", store.Audited, "数字化成果交付：来源、接收人、结果与验收")
	store.Register("delivery_item", store.Audited, "交付中每个文件夹的去向，文件夹名加密")
	store.Register("delivery_problem", store.Audited, "四性检测发现的问题与提示")
	store.Register("delivery_file", store.Audited, "隔离文件夹的原样文件与目录")
	store.Register("delivery_sample", store.Audited, "验收抽样及逐页结论")
	store.Register("page", store.Audited, "影像页：校验值、规格与检测结果")
	store.Register("rendering", store.Transient, "缩小图的存放位置，可由原件重新生成")
	store.Describe(Delivery{}, Item{}, Problem{}, Kept{}, Sample{}, Page{})
}

// Verdict of a whole sample: what may be decided.
type tally struct{ sample, passed, failed int64 }

func (t tally) open() int64 { return t.sample - t.passed - t.failed }

// passes says whether the share of good pages reaches the line (percent).
func (t tally) passes(line int) bool {
	return t.sample > 0 && t.passed*100 >= int64(line)*t.sample
}

// mayAccept is what stands in the way of accepting a delivery, nil if nothing.
func mayAccept(state State, t tally, line int) error {
	switch {
	case state == Accepted || state == SentBack:
		return ended()
	case state == Running || state == Stopped:
		return rule.Refuse(rule.Reason{Rule: "18a", Slug: "delivery_open", Message: "这批成果还没有接收完。", Next: "请由数字化人员重新运行接收，完成后再验收。"})
	case state == Faulty:
		return rule.Refuse(rule.Reason{Rule: "18a", Slug: "nothing_ingested", Message: "这批成果全部需要改正，没有可验收的档案。", Next: "请把问题清单交承制单位改正后重新交付。"})
	case state == Received:
		return rule.Complete(rule.Reason{Rule: "18a", Slug: "sample_not_drawn", Message: "还没有抽样。", Next: "请先抽样，再逐页查看。"})
	case t.open() > 0:
		return rule.Complete(rule.Reason{Rule: "18a", Slug: "sample_open", Message: "抽样还没有看完。", Next: "请逐页给出合格或不合格的结论后再验收。", Facts: map[string]any{"open": t.open()}})
	case !t.passes(line):
		return rule.Refuse(rule.Reason{Rule: "18a", Slug: "below_line", Message: "抽查合格率没有达到合格线。", Next: "请整批退回承制单位返工，注明不合格原因。", Facts: map[string]any{"passed": t.passed, "sample": t.sample, "line": line}})
	}
	return nil
}

// maySendBack is what stands in the way of sending a delivery back.
func maySendBack(state State, t tally) error {
	switch {
	case state == Accepted || state == SentBack:
		return ended()
	case state != Sampling:
		return mayAccept(state, t, 0)
	case t.failed == 0:
		return rule.Refuse(rule.Reason{Rule: "29.8", Slug: "no_fault_found", Message: "抽样中没有不合格的页。", Next: "请先标明不合格的页和原因，再退回。"})
	}
	return nil
}

func ended() error {
	return rule.Refuse(rule.Reason{Rule: "18a", Slug: "delivery_decided", Message: "这批成果已经作出验收结论。", Next: "请查看验收结果；返工后的成果作为新的一批接收。"})
}
