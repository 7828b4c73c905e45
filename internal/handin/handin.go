package handin

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Actions of the room, as the policies name them. Receiving a piece is room dossier's
// material.receive.
const (
	ActLink   = "hand_in.link"
	ActSubmit = "hand_in.submit"
	ActRead   = "hand_in.read"
	ActLook   = "hand_in.look"
	ActReturn = "hand_in.return"
)

// linkDays is how long a link can be used: short, as it lies on a telephone.
const linkDays = 14

// Bounds of one submission (S-07).
const (
	MaxFiles     = 30
	MaxFileBytes = 10 << 20
	MaxBytes     = 60 << 20
	maxPDFPages  = 60
	minShort     = 700 // pixels of the short side: below, print can't be read
)

// States of a link.
const (
	Open  = "open"
	Used  = "used"
	Ended = "ended" // another was sent instead
)

// Link is a one-time link for the person of a request.
type Link struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	Agency       string    `db:"agency"`
	CollectionID string    `db:"collection_id"`
	DossierID    string    `db:"dossier_id"`
	Again        string    `db:"again,null"` // the submission that was returned
	Salt         string    `db:"salt"`
	Digest       string    `db:"digest"` // SHA-256 of the token
	SentBy       string    `db:"sent_by"`
	SentAt       time.Time `db:"sent_at"`
	UntilOn      string    `db:"until_on"`
	State        string    `db:"state"`
}

// Table names the table of links.
func (Link) Table() string { return "hand_in_link" }

// StateName is the state as screens say it.
func (l Link) StateName(today calendar.Date) string {
	switch {
	case l.State == Used:
		return "已提交"
	case l.State == Ended:
		return "已由新链接代替"
	case l.UntilOn < today.String():
		return "已过期"
	}
	return "等待提交"
}

// resource is the link as the policies see it.
func (l Link) resource(d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "HandInLink", ID: l.ID, Agencies: []string{l.Agency}, Secrecy: d.Secrecy, Attrs: map[string]any{"agency": l.Agency, "person": d.PersonID, "state": l.State}}
}

// States of a submission.
const (
	Waiting  = "waiting"  // 待查看
	Taken    = "taken"    // 已接收
	Returned = "returned" // 已退回
)

var stateNames = map[string]string{Waiting: "待查看", Taken: "已接收", Returned: "已退回"}

// HandIn is one submission.
type HandIn struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	No           string    `db:"no"`
	Agency       string    `db:"agency"`
	CollectionID string    `db:"collection_id"`
	DossierID    string    `db:"dossier_id"`
	LinkID       string    `db:"link_id,null"` // empty: the sender was signed in
	Session      string    `db:"session"`      // SHA-256 of what the sender's page alone knows
	Files        int64     `db:"files"`
	Bytes        int64     `db:"bytes"`
	SentAt       time.Time `db:"sent_at"`
	SentOn       string    `db:"sent_on"`
	State        string    `db:"state"`
	Why          string    `db:"why,null"` // key of Whys
	EndedBy      string    `db:"ended_by,null"`
	EndedAt      time.Time `db:"ended_at,null"`
	ChangedAt    time.Time `db:"changed_at"`
	Sender       string    `db:"sender,null"` // who was signed in: a unit's worker, or the person
	Unit         string    `db:"unit,null"`   // for which the worker sent it
}

// Table names the table of submissions.
func (HandIn) Table() string { return "hand_in" }

// Ref names the case.
func (h HandIn) Ref() string { return "HandIn:" + h.ID }

// StateName is the state as screens say it, Tone its color.
func (h HandIn) StateName() string { return stateNames[h.State] }

// From says who sent it, as registers say it.
func (h HandIn) From() string {
	switch {
	case h.Unit != "":
		return h.Unit
	case h.Sender != "":
		return "本人（登录）"
	}
	return "本人（一次性链接）"
}

// Tone is how screens color the state.
func (h HandIn) Tone() string {
	return map[string]string{Waiting: "wait", Taken: "done", Returned: "void"}[h.State]
}

// Resource is the submission as the policies see it.
func (h HandIn) Resource(d dossier.Dossier) policy.Resource {
	return policy.Resource{Type: "HandIn", ID: h.ID, Agencies: []string{h.Agency}, Secrecy: d.Secrecy, Attrs: map[string]any{"agency": h.Agency, "person": d.PersonID}}
}

// File is one photo or PDF of a submission, for one of the materials asked for.
type File struct {
	ID         string `db:"id"`
	Version    int64  `db:"version"`
	HandInID   string `db:"hand_in_id"`
	No         int64  `db:"no"`
	ItemID     string `db:"item_id"` // supplement
	Blob       string `db:"blob"`
	Bytes      int64  `db:"bytes"`
	Format     string `db:"format"`
	Width      int64  `db:"width"`
	Height     int64  `db:"height"`
	Pages      int64  `db:"pages"`
	MaterialID string `db:"material_id,null"`
}

// Table names the table of files.
func (File) Table() string { return "hand_in_file" }

func init() {
	store.Describe(Link{}, HandIn{}, File{})
	store.Register("hand_in_link", store.Audited, "网上交材料的一次性链接：只存令牌的校验值、截止日期")
	store.Register("hand_in", store.Audited, "网上交来的材料：件数、查看结果；接收前不进入档案")
	store.Register("hand_in_file", store.Audited, "网上交来的照片和 PDF，对应所收集的哪一份材料")
}

// Why is a reason to return a submission, as the page behind the new link says it.
type Why struct{ Key, Name, Text string }

// Whys are a closed list: the page is open to whoever holds the telephone, and a free text
// could tell of the dossier.
var Whys = []Why{
	{"blurred", "看不清", "照片看不清。请在光线充足处正对纸面重拍，四边都拍进去。"},
	{"partial", "不完整，缺页", "材料不完整。请把每一页都拍下来，背面有字的也要拍。"},
	{"other", "不是所要的材料", "提交的不是通知单上所列的材料。请对照通知单核对后重新提交。"},
	{"unsigned", "没有盖章、签字", "材料没有盖章或签字。请到形成单位补齐后重新提交。"},
	{"window", "请到窗口说明", "请携带材料原件到窗口，由工作人员当面说明。"},
}

// For is the text as a unit or a person reads it: what a person has to fetch from the unit
// that formed it, the unit has itself.
func (w Why) For(unit bool) string {
	if unit {
		return strings.Replace(w.Text, "请到形成单位补齐后", "请补齐后", 1)
	}
	return w.Text
}

// WhyOf is a reason by key.
func WhyOf(key string) (Why, bool) {
	i := slices.IndexFunc(Whys, func(w Why) bool { return w.Key == key })
	if i < 0 {
		return Why{}, false
	}
	return Whys[i], true
}

// kind is what the public page calls a material. A title, and some classes, would tell a
// stranger who picks the telephone up something of the person: an award, a punishment.
func kind(title string) string {
	switch codes.ClassOf(title) {
	case "4-1", "4-2":
		return "学历、职称类材料"
	case "3":
		return "考核类材料"
	case "9-1", "9-2":
		return "工作经历类材料"
	}
	return "其他材料"
}

// owed are the items of a request that are still asked for, in the order of the notice.
func owed(items []collect.Item) []collect.Item {
	return slices.DeleteFunc(slices.Clone(items), func(i collect.Item) bool { return i.State != dossier.Owed || i.HandedOn != "" })
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// may says why no link is sent for a request.
func may(r collect.Request, items []collect.Item, d dossier.Dossier, reachable bool, public string) error {
	var out []rule.Reason
	switch {
	case r.Target != collect.Person:
		out = append(out, reason("14b", "link_person", "", "这张通知单向"+r.Target.Name()+"收集，链接只发给本人。", "请由形成单位交来，或另向本人开具通知单。"))
	case r.EndedOn != "" || len(owed(items)) == 0:
		out = append(out, reason("14b", "link_nothing", "", "这张通知单没有待交的材料。", "请刷新后查看。"))
	case d.Secrecy > 0:
		out = append(out, reason("15", "link_secret", "", "涉密档案的材料不通过网络收集。", "请本人到窗口交来。"))
	case !reachable:
		out = append(out, reason("14b", "link_nowhere", "", "没有登记本人的手机号或邮箱，或本人不接收消息，链接发不出去。", "请先在档案页登记联系方式；仍不便的，请本人到窗口交来。"))
	case public == "":
		out = append(out, reason("14b", "link_address", "", "系统没有设置对外网址，链接无法打开。", "请系统管理员以 --public 设置对外网址。"))
	}
	if len(out) == 0 {
		return nil
	}
	return rule.Refuse(out...)
}

// Piece is what the clerk writes of one material when it is received.
type Piece struct {
	Item, Maker      string
	Year, Month, Day int64
	Pages            int64
}

// settled says whether every material that has files was received.
func settled(files []File) bool {
	return !slices.ContainsFunc(files, func(f File) bool { return f.MaterialID == "" })
}

// free are the items of a request that are still asked for and not yet sent: what waits to
// be looked at is not sent twice.
func free(items []collect.Item, waiting []File) []collect.Item {
	return slices.DeleteFunc(owed(items), func(i collect.Item) bool {
		return slices.ContainsFunc(waiting, func(f File) bool { return f.ItemID == i.ID && f.MaterialID == "" })
	})
}

// open says why nothing more is done with a submission.
func (h HandIn) open() error {
	if h.State == Waiting {
		return nil
	}
	return rule.Refuse(reason("14b", "hand_in_over", "", "这次提交"+stateNames[h.State]+"。", "请刷新后查看。"))
}

// sendBack ends a submission; what was received of it before stays received.
func (h *HandIn) sendBack(why, by string, now time.Time) error {
	if err := h.open(); err != nil {
		return err
	}
	if _, known := WhyOf(strings.TrimSpace(why)); !known {
		return rule.Mistake(reason("13b", "hand_in_why", "why", "没有选择退回的原因。", "请从列出的原因中选择，本人在页面上看到同样的说明。"))
	}
	h.State, h.Why, h.EndedBy, h.EndedAt = Returned, why, by, now
	return nil
}
