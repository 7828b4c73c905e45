package dossier

import (
	"fmt"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// States of a sitting and of a piece of it.
const (
	SittingOpen   = "open"   // being scanned: nothing is received yet
	SittingSigned = "signed" // every piece a material, all in one batch for review

	PieceReady   = "ready"    // whose it is, is known
	PieceAside   = "aside"    // fits nobody, two persons, or may not go in: put aside
	PieceDropped = "dropped"  // taken off the pile again
	PieceTaken   = "received" // a material since the signature
)

// Sitting is a pile of pieces of one kind, formed by one maker on one day, each of another
// person: scanned one after the other, signed for once, reviewed as one batch (13, 13a). It
// is kept as it grows, so that neither browser nor server takes it along when they go.
type Sitting struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	No          string    `db:"no"` // ZP-50010801-2026-0001
	Agency      string    `db:"agency"`
	State       string    `db:"state"`
	StaffID     string    `db:"staff_id"`
	Title       string    `db:"title"`
	Class       string    `db:"class"`
	Maker       string    `db:"maker"`
	Giver       string    `db:"giver"`
	FormedYear  int64     `db:"formed_year"`
	FormedMonth int64     `db:"formed_month,null"`
	FormedDay   int64     `db:"formed_day,null"`
	Copies      int64     `db:"copies"`
	Pages       int64     `db:"pages"`
	IsCopy      bool      `db:"is_copy"`
	Compared    string    `db:"compared,null"` // copies: who compared them with the originals
	Note        string    `db:"note,null"`
	Expected    int64     `db:"expected"` // pieces by the maker's list, 0: none came along
	Scanned     int64     `db:"scanned"`  // highest number given to a piece
	Pieces      int64     `db:"pieces"`   // that are ready, or became materials
	Aside       int64     `db:"aside"`    // that lie aside now
	OpenedAt    time.Time `db:"opened_at"`
	SignedAt    time.Time `db:"signed_at,null"`
	BatchID     string    `db:"batch_id,null"` // in which they are, or were last, reviewed
}

// Table names the table of sittings.
func (Sitting) Table() string { return "sitting" }

// Ref names the sitting in the ledger.
func (s Sitting) Ref() string { return "Sitting:" + s.ID }

// Resource is the sitting as the policies see it.
func (s Sitting) Resource() policy.Resource {
	return policy.Resource{Type: "Sitting", ID: s.ID, Agencies: []string{s.Agency}, Attrs: map[string]any{"agency": s.Agency, "state": s.State}}
}

// Piece is one scanned piece.
type Piece struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	SittingID  string    `db:"sitting_id"`
	Agency     string    `db:"agency"`
	Seq        int64     `db:"seq"`
	State      string    `db:"state"`
	Number     string    `db:"number"` // as scanned; an identity number masked
	DossierID  string    `db:"dossier_id,null"`
	Why        string    `db:"why,null"` // it lies aside
	MaterialID string    `db:"material_id,null"`
	ScannedAt  time.Time `db:"scanned_at"`
}

// Table names the table of pieces.
func (Piece) Table() string { return "sitting_piece" }

func init() {
	store.Describe(Sitting{}, Piece{})
	store.Register("sitting", store.Audited, "整批收材料：材料种类、形成单位、日期，扫描、签收")
	store.Register("sitting_piece", store.Audited, "整批中的每一份：扫描号码、归属或搁置原因")
}

// Pile is what all pieces of a sitting have in common, as it is entered.
type Pile struct {
	Maker    string
	Giver    string // who handed the pile in; the maker where nobody else did
	Compared string
	Expected int64
	Description
}

// check holds a pile to what is asked of each of its pieces when it comes alone, with the
// class and the year of forming: what is filed at once is known in full.
func (n Pile) check(today calendar.Date) error {
	reasons := n.Description.check(today, true, false)
	add := func(id rule.ID, field, message, next string) {
		reasons = append(reasons, rule.Reason{Rule: id, Slug: "pile_" + field, Field: field, Message: message, Next: next})
	}
	if strings.TrimSpace(n.Maker) == "" {
		add("13b", "maker", "形成单位不能为空。", "请填写这批材料由哪个单位形成；不合格的要退回形成单位。")
	}
	if n.Year == 0 {
		add("14b", "formed", "形成时间不能为空。", "请填写材料上的日期，至少到年。")
	}
	if n.Expected < 0 || n.Expected > maxBatch {
		add("13a", "expected", fmt.Sprintf("每批至多 %d 份。", maxBatch), "请分批收。")
	}
	if n.IsCopy && strings.TrimSpace(n.Compared) == "" {
		add("13b", "compared", "复制件须写明由谁与原件核对。", "请填写核对盖章的原件保管单位；没有核对的，逐份收下后再核对。")
	}
	return mistakes(reasons)
}

// apply writes what is common into a sitting.
func (n Pile) apply(s *Sitting) {
	s.Title, s.Class, s.Maker, s.Giver = strings.TrimSpace(n.Title), n.Class, strings.TrimSpace(n.Maker), strings.TrimSpace(n.Giver)
	if s.Giver == "" {
		s.Giver = s.Maker
	}
	s.FormedYear, s.FormedMonth, s.FormedDay, s.Copies, s.Pages = n.Year, n.Month, n.Day, n.Copies, n.Pages
	s.IsCopy, s.Note, s.Expected, s.Compared = n.IsCopy, strings.TrimSpace(n.Note), n.Expected, ""
	if n.IsCopy {
		s.Compared = strings.TrimSpace(n.Compared)
	}
}

// Describe is what the catalog says of each piece.
func (s Sitting) Describe() Description {
	return Description{s.Title, s.Class, s.FormedYear, s.FormedMonth, s.FormedDay, s.Copies, s.Pages, s.IsCopy, s.Note}
}

// open holds an act to a sitting that is still being scanned, by the one who scans.
func (s Sitting) open(by string) error {
	switch {
	case s.State != SittingOpen:
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_signed", Message: "这一批已经签收。", Next: "请另开一批。"})
	case s.StaffID != by:
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_of_another", Message: "这一批由另一人扫描。", Next: "请由扫描人继续，或另开一批。"})
	}
	return nil
}

// ready is the pure rule of the signature: by who scanned, over what was scanned, as many as
// were counted on the table, and as many as the maker's list says less those put aside.
func (s Sitting) ready(by string, counted int64) error {
	if err := s.open(by); err != nil {
		return err
	}
	switch {
	case s.Pieces == 0:
		return rule.Refuse(rule.Reason{Rule: "13a", Slug: "sitting_empty", Message: "这一批还没有可收的材料。", Next: "请先逐份扫描或输入号码。"})
	case counted != s.Pieces:
		return rule.Mistake(rule.Reason{Rule: "13a", Slug: "count_differs", Field: "pieces", Message: fmt.Sprintf("点数 %d 份，扫描 %d 份。", counted, s.Pieces), Next: "请逐份核对：漏扫的补扫，多扫的取出，搁置的另放，再签收。"})
	case s.Expected > 0 && s.Pieces+s.Aside != s.Expected:
		return rule.Mistake(rule.Reason{Rule: "13a", Slug: "list_differs", Field: "pieces", Message: fmt.Sprintf("移交清单 %d 份，扫描 %d 份、搁置 %d 份。", s.Expected, s.Pieces, s.Aside), Next: "请与移交清单核对；清单有误的，先改正本批的清单份数。"})
	}
	return nil
}

// Why a piece lies aside, apart from what a policy says.
var (
	fitsNobody = rule.Reason{Rule: "13b", Slug: "fits_nobody", Field: "number", Message: "本机构没有这个号码的档案。", Next: "请核对号码；确不在本机构存档的，搁置的这份退还移交单位。"}
	fitsMany   = rule.Reason{Rule: "13b", Slug: "fits_many", Field: "number", Message: "这个号码对应不止一人。", Next: "请取出后改用身份证号或档案编号输入。"}
	notInHouse = rule.Reason{Rule: "29.6", Slug: "not_in_house", Field: "number", Message: "档案已转出或在途，不在本机构。", Next: "这份材料请交现保管单位。"}
	sameFiled  = rule.Reason{Rule: "13b", Slug: "same_piece", Field: "number", Message: "档案中已有同名、同年形成的材料。", Next: "请对照后取出；确是另一份的，单独收下并鉴别。"}
)

var asideReasons = map[string]rule.Reason{fitsNobody.Slug: fitsNobody, fitsMany.Slug: fitsMany, notInHouse.Slug: notInHouse, sameFiled.Slug: sameFiled}

// Reason is why the piece lies aside, and what to do with it. What a policy said when it was
// scanned is not told again in full: a recusal may name whose kin somebody is.
func (p Piece) Reason() rule.Reason {
	if r, ok := asideReasons[p.Why]; ok {
		return r
	}
	return rule.Reason{Rule: "10b", Slug: p.Why, Message: "这份材料不能由您收。", Next: "请交由其他工作人员单独收下。"}
}
