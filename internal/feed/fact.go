package feed

import (
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/collect"
	"dangan/internal/crypto"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Actions of the room.
const (
	ActRegister = "feed.register"
	ActConfirm  = "feed.confirm"
	ActRevoke   = "feed.revoke"
	ActImport   = "feed.import"
	ActTake     = "feed.take"
	ActStop     = "feed.stop"
	ActResume   = "feed.resume"
	ActFail     = "feed.fail"
	ActRead     = "feed.read"
)

// Source is a department that sends data, and the key it signs with.
type Source struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	Agency       string    `db:"agency"`
	Kind         string    `db:"kind"`
	Name         string    `db:"name"`
	Basis        string    `db:"basis"` // number of the agreement, and how the key was checked
	PublicKey    string    `db:"public_key"`
	Fingerprint  string    `db:"fingerprint"`
	ValidFrom    string    `db:"valid_from"`
	ValidUntil   string    `db:"valid_until"`
	RegisteredBy string    `db:"registered_by"`
	RegisteredAt time.Time `db:"registered_at"`
	ConfirmedBy  string    `db:"confirmed_by,null"`
	ConfirmedAt  time.Time `db:"confirmed_at,null"`
	RevokedBy    string    `db:"revoked_by,null"`
	RevokedAt    time.Time `db:"revoked_at,null"`
	RevokedWhy   string    `db:"revoked_why,null"`
}

// Table names the table of sources.
func (Source) Table() string { return "feed_source" }

// Resource is the source as the policies see it.
func (s Source) Resource() policy.Resource {
	r := resource("FeedSource", s.ID, s.Agency)
	if s.RegisteredBy != "" {
		r.Attrs["registeredBy"] = s.RegisteredBy
	}
	return r
}

// Standing is where a source stands on a day, as screens say it.
func (s Source) Standing(today calendar.Date) (name, tone string) {
	switch {
	case s.RevokedBy != "":
		return "已停用", "void"
	case s.ConfirmedBy == "":
		return "待确认", "wait"
	case s.ValidUntil < today.String():
		return "已过有效期", "bad"
	case s.ValidFrom > today.String():
		return "未到生效日期", "wait"
	}
	return "有效", "done"
}

// Usable says whether files of its key are taken on a day.
func (s Source) Usable(today calendar.Date) bool {
	return s.RevokedBy == "" && s.ConfirmedBy != "" && s.ValidFrom <= today.String() && today.String() <= s.ValidUntil
}

// State is where the work on a file stands.
type State string

// States of a file.
const (
	Running  State = "running"
	Finished State = "finished"
	Stopped  State = "stopped"
	Failed   State = "failed"
)

var states = map[State]struct{ name, tone string }{Running: {"正在核对", "run"}, Finished: {"已核对", "done"}, Stopped: {"已停止", "wait"}, Failed: {"中断", "bad"}}

// Name is the state as screens say it.
func (s State) Name() string { return states[s].name }

// Tone is the state's color on screens.
func (s State) Tone() string { return states[s].tone }

// File is one file that came, and what became of its rows. The rows of persons whose
// dossier is not kept here are counted only.
type File struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	No         string    `db:"no"`
	Agency     string    `db:"agency"`
	SourceID   string    `db:"source_id"`
	Kind       string    `db:"kind"`
	FileName   string    `db:"file_name"`
	Digest     string    `db:"digest"` // SHA-256 of the file, hex; the file lies under it
	Bytes      int64     `db:"bytes"`
	Signature  string    `db:"signature"` // base64
	State      State     `db:"state"`
	Lines      int64     `db:"lines"`  // rows of the file
	Done       int64     `db:"done"`   // rows that were judged
	AtRow      int64     `db:"at_row"` // the last of them: the job goes on behind it
	Opened     int64     `db:"opened"` // facts
	Known      int64     `db:"known"`
	Differs    int64     `db:"differs"`
	Elsewhere  int64     `db:"elsewhere"` // rows
	Refused    int64     `db:"refused"`
	Note       string    `db:"note,null"`
	ImportedBy string    `db:"imported_by"`
	ImportedAt time.Time `db:"imported_at"`
	TouchedAt  time.Time `db:"touched_at"`
}

// Table names the table of files.
func (File) Table() string { return "feed_file" }

// Resource is the file as the policies see it.
func (f File) Resource() policy.Resource { return resource("FeedFile", f.ID, f.Agency) }

func resource(kind, id, agency string) policy.Resource {
	return policy.Resource{Type: kind, ID: id, Agencies: []string{agency}, Attrs: map[string]any{"agency": agency}}
}

// Outcome says what became of a row.
type Outcome string

// Outcomes of a row of a person whose dossier is kept here.
const (
	Opened  Outcome = "opened"  // 新情况: a collection task was opened
	Known   Outcome = "known"   // 已有材料, told before, or asked for already
	Differs Outcome = "differs" // 姓名不一致: nothing is opened for what may be another person
)

var outcomes = map[Outcome]struct{ name, tone string }{Opened: {"新情况，已开收集通知", "run"}, Known: {"已有或已在收集", "done"}, Differs: {"姓名不一致", "wait"}}

// Name is the outcome as screens say it.
func (o Outcome) Name() string { return outcomes[o].name }

// Tone is the outcome's color on screens.
func (o Outcome) Tone() string { return outcomes[o].tone }

// Fact is one event a row tells of a dossier kept here.
type Fact struct {
	ID           string  `db:"id"`
	Version      int64   `db:"version"`
	FileID       string  `db:"file_id"`
	Row          int64   `db:"row_no"`
	DossierID    string  `db:"dossier_id"`
	Event        string  `db:"event"`
	Happened     string  `db:"happened"` // a day, or a month where no day is told
	Unit         string  `db:"unit"`
	Key          string  `db:"fact_key"` // opens one collection, whichever file tells it
	Outcome      Outcome `db:"outcome"`
	Basis        string  `db:"basis"` // what shows it already, or what is asked for
	CollectionID string  `db:"collection_id,null"`
}

// Table names the table of facts.
func (Fact) Table() string { return "feed_fact" }

// Refusal is a row that could not be used. What stood in it is not kept: the source finds
// it by its number.
type Refusal struct {
	ID       string `db:"id"`
	Version  int64  `db:"version"`
	FileID   string `db:"file_id"`
	Row      int64  `db:"row_no"`
	Problems string `db:"problems"` // one a line
}

// Table names the table of refused rows.
func (Refusal) Table() string { return "feed_refusal" }

func init() {
	store.Describe(Source{}, File{}, Fact{}, Refusal{})
	store.Register("feed_refusal", store.Audited, "部门数据中没有采用的行：行号与问题，不留内容")
	store.Register("feed_source", store.Audited, "部门数据来源及其签名公钥")
	store.Register("feed_file", store.Audited, "导入的部门数据文件：来源、摘要、签名与结果")
	store.Register("feed_fact", store.Audited, "部门数据所示在档人员的情况与所开收集通知")
}

// Event is what a row tells of a working life, and which materials would show it.
type Event struct {
	Slug   string
	Name   string
	Ask    string // what is collected
	Of     string // the event of collect it is
	Target collect.Target
	Titles []string // what shows it as well
	Months int      // a material formed so far from it is of it; 0: any formed since is
}

// Events that files tell of.
var Events = []Event{
	{"insured", "参加社会保险", "社会保险参保缴费证明", "insurance", collect.Office, nil, 0},
	{"uninsured", "停止参保", "解除（终止）劳动合同证明书", "left", collect.Unit, []string{"辞去公职审批材料（辞退、开除、取消录用决定）", "解除（终止）聘用合同、辞职（辞退）批复", "辞职（解除劳动合同）材料"}, 2},
	{"employed", "就业登记", "劳动合同书", "hired", collect.Unit, []string{"就业登记表", "聘用合同书", "录用（聘用）审批表", "招工登记表", "劳动用工备案表"}, 2},
	{"unemployed", "终止就业", "解除（终止）劳动合同证明书", "left", collect.Unit, []string{"辞去公职审批材料（辞退、开除、取消录用决定）", "解除（终止）聘用合同、辞职（辞退）批复", "辞职（解除劳动合同）材料"}, 2},
	{"graduated", "高等学校毕业", "普通高等学校毕业生登记表", "degree", collect.Person, []string{"毕业证书复印件（审核盖章）", "成人高等教育（自学考试）毕业生登记表"}, 12},
	{"graduated_research", "研究生毕业", "研究生报考登记表、学籍表、毕业生登记表", "degree", collect.Person, []string{"毕业证书复印件（审核盖章）"}, 12},
	{"graduated_vocational", "中等职业学校毕业", "中专毕业生登记表", "degree", collect.Person, []string{"毕业证书复印件（审核盖章）", "技师学院（技工学校）毕业生登记表"}, 12},
	{"degree", "授予学位", "学位审批（授予）材料", "degree", collect.Person, nil, 12},
}

// EventOf is an event by slug.
func EventOf(slug string) Event {
	if i := slices.IndexFunc(Events, func(e Event) bool { return e.Slug == slug }); i >= 0 {
		return Events[i]
	}
	return Event{}
}

// told is what one row says: a person, and one event or two.
type told struct {
	row        int
	name, idNo string
	unit       string
	events     []happening
	faults     []string
}

type happening struct {
	slug string
	on   calendar.Partial
}

// held is one material of a dossier.
type held struct {
	title       string
	year, month int
	narrow      bool // its title is not everybody's to see (15)
}

// shows says, in words, that one of a dossier's materials shows an event; "" when none does. What has no
// date is taken for it only where nothing else could be meant: an undated material shows
// no event of a day.
func (e Event) shows(on calendar.Partial, there []held) string {
	at := on.Year*12 + on.Month
	for _, h := range there {
		same := codes.Canonical(h.title) == codes.Canonical(e.Ask) || slices.ContainsFunc(e.Titles, func(t string) bool { return codes.Canonical(t) == codes.Canonical(h.title) })
		if !same || h.year == 0 {
			continue
		}
		from, to := h.year*12+max(h.month, 1), h.year*12+h.month
		if h.month == 0 {
			to = h.year*12 + 12
		}
		if e.Months == 0 && to >= at || e.Months > 0 && from <= at+e.Months && to >= at-e.Months {
			return "档案中已有相应材料" // not its title, which may have to go one day (15)
		}
	}
	return ""
}

// written is a date as far as it is known.
func written(p calendar.Partial) string {
	if d := p.Date(); d != "" {
		return d.String()
	}
	return calendar.New(p.Year, p.Month, 1).String()[:7]
}

// day is the day a fact's month runs from: where only a month is told, its last, or today.
func day(p calendar.Partial, today calendar.Date) calendar.Date {
	if d := p.Date(); d != "" {
		return d
	}
	return min(today, calendar.Date(calendar.New(p.Year, p.Month, 1).Time().AddDate(0, 1, -1).Format(time.DateOnly)))
}

// keyOf names a fact of a dossier: told twice, also by another file, it is one.
func keyOf(dossierID string, h happening, unit string) string {
	return strings.Join([]string{dossierID, h.slug, written(h.on)[:7], codes.Canonical(unit)}, "|")
}

func reason(id rule.ID, slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: id, Slug: slug, Field: field, Message: message, Next: next}
}

// Draft is what is entered of a source.
type Draft struct {
	Kind, Name, Basis, PublicKey string
	From, Until                  calendar.Date
}

func (d *Draft) check() error {
	for _, s := range []*string{&d.Kind, &d.Name, &d.Basis, &d.PublicKey} {
		*s = strings.TrimSpace(*s)
	}
	var wrong []rule.Reason
	if KindOf(d.Kind).Key == "" {
		wrong = append(wrong, reason("18b", "feed_kind", "kind", "没有选择数据种类。", "请从社会保险、就业登记、学历教育中选择。"))
	}
	if d.Name == "" {
		wrong = append(wrong, reason("18b", "feed_name", "name", "没有填写来源单位。", "请填写提供数据的单位全称。"))
	}
	if d.Basis == "" {
		wrong = append(wrong, reason("18b", "feed_basis", "basis", "没有填写依据。", "请填写数据共享的文号或协议号。"))
	}
	if !d.From.Valid() || !d.Until.Valid() || d.Until < d.From {
		wrong = append(wrong, reason("18b", "feed_validity", "until", "有效期缺失或起止颠倒。", "请按协议填写公钥使用的起止日期。"))
	}
	if len(wrong) > 0 {
		return rule.Mistake(wrong...)
	}
	return nil
}

// Revoke ends a source: no file of its key is taken from now on.
func (s *Source) Revoke(by, why string, at time.Time) error {
	if s.RevokedBy != "" {
		return rule.Refuse(reason("18b", "feed_revoked", "", "这个来源已经停用。", "请刷新后查看。"))
	}
	if why = strings.TrimSpace(why); why == "" {
		return rule.Complete(reason("18b", "feed_revoke_why", "why", "没有写明停用原因。", "请填写原因，例如 更换密钥、协议到期。"))
	}
	s.RevokedBy, s.RevokedAt, s.RevokedWhy = by, at, why
	return nil
}

// Confirm puts a source in force: a second person has compared the fingerprint.
func (s *Source) Confirm(by string, at time.Time) error {
	if s.RevokedBy != "" || s.ConfirmedBy != "" {
		return rule.Refuse(reason("18b", "feed_confirmed", "", "这个来源已经确认或停用。", "请刷新后查看。"))
	}
	s.ConfirmedBy, s.ConfirmedAt = by, at
	return nil
}

// digest is what the source's key signs of a file.
func (s Source) digest(file io.Reader) ([]byte, error) {
	key, _, _, err := crypto.ParsePublic([]byte(s.PublicKey))
	if err != nil {
		return nil, err
	}
	return crypto.Digest(key, file)
}

// SM2 says whether the source signs by the national algorithms.
func (s Source) SM2() bool {
	key, _, _, err := crypto.ParsePublic([]byte(s.PublicKey))
	return err == nil && crypto.IsSM2(key)
}

// verify holds a file's digest to the key of its source, on a day it is in force.
func (s Source) verify(sum []byte, signature string, today calendar.Date) error {
	switch {
	case s.RevokedBy != "":
		return rule.Refuse(reason("18b", "feed_revoked", "source", "来源“"+s.Name+"”已经停用："+s.RevokedWhy+"。", "请登记来源单位现用的公钥，再导入用它签名的文件。"))
	case s.ConfirmedBy == "":
		return rule.Refuse(reason("18b", "feed_unconfirmed", "source", "来源“"+s.Name+"”的公钥还没有由第二人确认。", "请本机构负责人与来源单位核对公钥指纹后确认。"))
	case today.String() < s.ValidFrom || today.String() > s.ValidUntil:
		return rule.Refuse(reason("18b", "feed_expired", "source", "来源“"+s.Name+"”的公钥不在有效期内（"+s.ValidFrom+" 至 "+s.ValidUntil+"）。", "请停用后按现行协议重新登记。"))
	}
	if strings.TrimSpace(signature) == "" {
		return rule.Refuse(reason("18b", "feed_unsigned", "signature", "文件没有签名，没有导入。", "请向来源单位索取与文件同时导出的签名文件，与数据文件一并选取。"))
	}
	key, _, _, err := crypto.ParsePublic([]byte(s.PublicKey))
	if err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(signature))
	if err != nil || crypto.VerifyDetached(key, sum, raw) != nil {
		return rule.Refuse(reason("18b", "feed_signature", "signature", "签名与文件、来源单位的公钥不符，没有导入。", "请核对选的是不是同一次导出的文件和签名、来源单位选得对不对；文件存过盘、改过一个字也会不符，请向来源单位重新索取。"))
	}
	return nil
}

// SignatureText is a signature file as Import takes it: openssl writes bytes, some sources
// send them as Base64.
func SignatureText(file []byte) string {
	text := strings.Join(strings.Fields(string(file)), "")
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil && len(raw) > 0 {
		return text
	}
	return base64.StdEncoding.EncodeToString(file)
}
