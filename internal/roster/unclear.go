package roster

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// unclear are the errors of rows whose packets lie on the shelf all the same: whose
// dossier it is can't be said, or the person's dossier is kept already (2).
var unclear = []Code{IDMissing, IDChecksum, IDPrecisionLost, IDNameConflict, HeldElsewhere, LikelyDouble}

// Kinds of unclear packets.
const (
	Unverified = "unverified" // 身份待核
	Second     = "second"     // 一人多档
)

// KindName is a kind as screens say it.
func KindName(kind string) string {
	return map[string]string{Unverified: "身份待核", Second: "一人多档"}[kind]
}

// PacketState is where an unclear packet stands.
type PacketState string

// States of an unclear packet.
const (
	Open     PacketState = "open"     // 待查实
	Proposed PacketState = "proposed" // 待审核: found out by one, to be approved by another
	Sending  PacketState = "sending"  // 移交中: on its way to the agency that keeps the person's dossier
	Resolved PacketState = "resolved" // 已查实
)

// Name is the state as screens say it.
func (s PacketState) Name() string {
	return map[PacketState]string{Open: "待查实", Proposed: "待审核", Sending: "移交中", Resolved: "已查实"}[s]
}

// Ends of an unclear packet.
const (
	AsPerson = "person" // it is the dossier of a person now verified
	AsSame   = "same"   // it belongs to a dossier that is kept already
)

// Seals of a packet as it was found on the shelf.
const (
	Sealed   = "intact"
	Damaged  = "broken"
	Unsealed = "unsealed"
)

// SealName is a seal as screens say it.
func SealName(seal string) string {
	return map[string]string{Sealed: "封存完好", Damaged: "封存有损", Unsealed: "未封存"}[seal]
}

// Packet is a packet on the shelf that is nobody's dossier yet: shelf and seal are
// known, and until it is resolved nothing serves from it.
type Packet struct {
	ID           string      `db:"id"`
	Version      int64       `db:"version"`
	No           string      `db:"no"`
	Agency       string      `db:"agency"`
	Receiver     string      `db:"receiver,null"` // who keeps the person's dossier, when another agency does
	Kind         string      `db:"kind"`
	Codes        string      `db:"codes"` // what the row was found to be, parted by commas
	State        PacketState `db:"state"`
	Shelfmark    string      `db:"shelfmark"`
	Seal         string      `db:"seal"`
	CoverNo      string      `db:"cover_no,null"`
	Name         string      `db:"name,null"`
	Written      string      `db:"written,null,secret"` // the number as the roster wrote it
	BirthDate    string      `db:"birth_date,null"`
	Category     string      `db:"category,null"`
	ReceivedOn   string      `db:"received_on,null"`
	ReceivedFrom string      `db:"received_from,null"`
	Remark       string      `db:"remark,null"`
	Print        []byte      `db:"print"`
	ImportID     string      `db:"import_id,null"`
	Row          int64       `db:"row_no"`
	TakenBy      string      `db:"taken_by"`
	TakenAt      time.Time   `db:"taken_at"`
	Ending       string      `db:"ending,null"`
	Found        string      `db:"found,null,secret"` // JSON of Finding out
	Document     string      `db:"document,null"`
	SeenBy       string      `db:"seen_by,null"`
	SeenOn       string      `db:"seen_on,null"`
	Way          string      `db:"way,null"`
	ProposedBy   string      `db:"proposed_by,null"`
	ProposedAt   time.Time   `db:"proposed_at,null"`
	DecidedBy    string      `db:"decided_by,null"`
	DecidedAt    time.Time   `db:"decided_at,null"`
	Note         string      `db:"note,null"`
	DossierID    string      `db:"dossier_id,null"`
	ResolvedAt   time.Time   `db:"resolved_at,null"`
	TransferID   string      `db:"transfer_id,null"` // the case it goes to the keeping agency on
	CameOn       string      `db:"came_on,null"`     // the case it came on, where no roster named it
}

// Table names the table of unclear packets.
func (Packet) Table() string { return "unclear_packet" }

func init() { store.Describe(Packet{}) }

func init() {
	store.Register("unclear_packet", store.Audited, "身份待核和一人多档的档案袋：库位、封存、查实结果与依据，号码加密")
}

// Resource is the packet as the policies see it.
func (p Packet) Resource() policy.Resource {
	r := policy.Resource{Type: "UnclearPacket", ID: p.ID, Agencies: []string{p.Agency}, Attrs: map[string]any{"agency": p.Agency, "state": string(p.State)}}
	if p.Receiver != "" {
		r.Agencies = append(r.Agencies, p.Receiver)
		r.Attrs["receiver"] = p.Receiver
	}
	if p.ProposedBy != "" {
		r.Attrs["proposedBy"] = p.ProposedBy
	}
	return r
}

// ref names the packet in the custody record.
func (p Packet) ref() string { return "UnclearPacket:" + p.ID }

// Identified is whose packet it was found to be.
type Identified struct {
	Name     string `json:"name,omitempty"`
	IDNo     string `json:"idNo,omitempty"`
	Category string `json:"category,omitempty"`
	Subtype  string `json:"subtype,omitempty"`
	Evidence string `json:"evidence,omitempty"` // of the category (29.5)
}

// Person is what was found out, as it was proposed.
func (p Packet) Person() (who Identified, err error) {
	if p.Found == "" {
		return who, nil
	}
	if err := json.Unmarshal([]byte(p.Found), &who); err != nil {
		return who, fmt.Errorf("finding of packet %s: %w", p.ID, err)
	}
	return who, nil
}

// may says whether the packet stands where an act needs it.
func (p Packet) may(state PacketState) error {
	if p.State == state {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "packet_" + string(p.State), Message: "这一袋现在是“" + p.State.Name() + "”。", Next: "请重新载入，按现在的状态办理。"})
}

// eligible says whether a rejected row can be kept as an unclear packet.
func eligible(j *Judged) bool {
	return j.Outcome == Rejected && slices.ContainsFunc(j.Errors, func(f Finding) bool { return slices.Contains(unclear, f.Code) })
}

// packetOf is the packet that a rejected row speaks of.
func packetOf(j *Judged) Packet {
	f := j.Facts
	p := Packet{Kind: Unverified, State: Open, Shelfmark: f.Shelfmark, CoverNo: f.Dossier, Name: f.Name, Written: f.Written, BirthDate: string(f.Birth), Category: f.Category,
		ReceivedOn: string(f.Received), ReceivedFrom: f.From, Remark: f.Remark, Row: int64(j.Row.Number)}
	var found []string
	for _, c := range codesOf(j.Errors) {
		found = append(found, string(c))
		if c == HeldElsewhere {
			p.Kind = Second
		}
		if c == IDPrecisionLost {
			p.Written = "" // the digits shown were never typed
		}
	}
	p.Codes = strings.Join(found, ",")
	return p
}

// facts are what the packet is registered with once its person is known.
func (p Packet) facts(who Identified) Facts {
	return Facts{Dossier: p.CoverNo, Name: who.Name, Identity: who.IDNo, Category: who.Category, Shelfmark: p.Shelfmark, Remark: p.Remark, From: p.ReceivedFrom}
}
