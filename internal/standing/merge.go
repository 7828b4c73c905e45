package standing

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dangan/internal/account"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/digital"
	"dangan/internal/dossier"
	"dangan/internal/double"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/rule"
	"dangan/internal/secrecy"
	"dangan/internal/store"
)

// piece is a material that was moved, with the place it had in its own catalog.
type piece struct {
	ID    string `json:"id"`
	Class string `json:"class,omitempty"`
	Seq   int64  `json:"seq,omitempty"`
	From  int64  `json:"from,omitempty"`
	To    int64  `json:"to,omitempty"`
}

// moves is everything a merge moved, so that it can be taken apart again.
type moves struct {
	Materials   []piece  `json:"materials,omitempty"`
	Facts       []string `json:"facts,omitempty"`
	Periods     []string `json:"periods,omitempty"`
	Family      []string `json:"family,omitempty"`
	Decisions   []string `json:"decisions,omitempty"` // determinations of key facts
	NotFormed   []string `json:"notFormed,omitempty"` // statements of what was not formed
	Supplements []string `json:"supplements,omitempty"`
	Numbers     []string `json:"numbers,omitempty"` // old numbers of the dossier
	Persons     []string `json:"persons,omitempty"` // merged into the one that goes, before
	Dossiers    []string `json:"dossiers,omitempty"`
	Catalog     int64    `json:"catalog,omitempty"`
	Secrecy     int      `json:"secrecy,omitempty"`
	Shelfmark   string   `json:"shelfmark,omitempty"`
	FormerNames string   `json:"formerNames,omitempty"` // of the person that stays, before
	Beside      counts   `json:"beside"`                // counted on the roster, without rows
}

// counts are what a dossier's row counts of its materials.
type counts struct {
	Materials, Pages, Images, Loose, Owed int64
}

func (c *counts) add(m dossier.Material) {
	switch m.State {
	case dossier.Filed:
		c.Materials++
		c.Pages += m.Pages
		c.Images += m.Images
	case dossier.Received, dossier.Appraising, dossier.Curing, dossier.ToFile:
		c.Loose++
	}
}

func countsOf(d dossier.Dossier) counts {
	return counts{d.Materials, d.Pages, d.Images, d.Loose, d.Owed}
}

func (c counts) less(o counts) counts {
	return counts{c.Materials - o.Materials, c.Pages - o.Pages, c.Images - o.Images, c.Loose - o.Loose, c.Owed - o.Owed}
}

func (c counts) set(d *dossier.Dossier) {
	d.Materials, d.Pages, d.Images, d.Loose, d.Owed = c.Materials, c.Pages, c.Images, c.Loose, c.Owed
}

// most bounds what one act moves.
const most = 5000

// free says that nothing else is under way on a dossier: no case, no packet out, no
// material between two desks. A merge would pull it from under their hands.
func (k *Desk) free(tx *gate.Tx, d dossier.Dossier) error {
	var reasons []rule.Reason
	busy := func(slug, message, next string) {
		reasons = append(reasons, rule.Reason{Rule: "2", Slug: slug, Message: d.No + message, Next: next})
	}
	if d.State != dossier.InStore {
		busy("not_in_store", "现为“"+d.State.Name()+"”。", "请先办结并归还入库。")
	}
	if d.Hold != "" {
		busy("on_hold", "有限制。", "限制解除后再办理。")
	}
	for _, source := range k.dossiers.Cases {
		list, err := source(tx.Context(), tx, tx.Actor(), d.ID)
		if err != nil {
			return err
		}
		for _, c := range list {
			if c.Open && c.Room != room {
				busy("case_under_way", "有在办的"+c.Kind+"（"+c.No+"）。", "请先办结。")
			}
		}
	}
	for _, q := range []struct{ sql, slug, message string }{
		{"SELECT count(*) FROM pull_request WHERE dossier_id=? AND state<>'closed'", "packet_asked", "有未归还的提档。"},
		{"SELECT count(*) FROM correction WHERE dossier_id=? AND state='asked'", "correction_open", "有待审批的材料更正。"},
		{"SELECT count(*) FROM material WHERE dossier_id=? AND state='to_file' AND batch_id IS NOT NULL", "batch_open", "有材料在待审核的归档批次中。"},
		{"SELECT count(*) FROM rearrangement WHERE dossier_id=? AND state='asked'", "rearrangement_open", "有待审批的目录重新编号。"},
		{"SELECT count(*) FROM material_move WHERE dossier_id=? AND state='open'", "material_moving", "有待核对移入所属档案的材料。"},
		{"SELECT count(*) FROM material_report WHERE dossier_id=? AND state='open'", "material_reported", "有待处理的涉嫌涂改、造假报告。"},
		{"SELECT count(*) FROM maker_task WHERE dossier_id=? AND state='open'", "maker_asked", "有待形成单位答复的材料核实。"},
	} {
		n, err := store.Count(tx.Context(), tx, q.sql, d.ID)
		if err != nil {
			return err
		}
		if n > 0 {
			busy(q.slug, q.message, "请先办结。")
		}
	}
	if len(reasons) > 0 {
		return rule.Refuse(reasons...)
	}
	return nil
}

// mergeable says whether other may become part of d.
func (k *Desk) mergeable(tx *gate.Tx, c Case, d, other dossier.Dossier) error {
	if err := tx.Permit(c.Resource(other)); err != nil {
		return err
	}
	if err := k.free(tx, d); err != nil {
		return err
	}
	if err := k.free(tx, other); err != nil {
		return err
	}
	if same, err := secrecy.SameReaders(tx, d.ID, other.ID); err != nil {
		return err
	} else if !same {
		return rule.Refuse(rule.Reason{Rule: "15", Slug: "readers_differ", Field: "other", Message: "两卷指定的知悉人员不一致，并档会使一卷的知悉人员知悉另一卷。", Next: "请负责人先把两卷的知悉人员指定一致，再办理并档。"})
	}
	if err := unparted(tx, d, other); err != nil {
		return err
	}
	n, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM person_case WHERE (dossier_id=? OR other_id=?) AND state='asked' AND id<>?", other.ID, other.ID, c.ID)
	if err != nil {
		return err
	}
	if n > 0 {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "other_case_open", Field: "other", Message: "那一卷已有一件变更或并档待审批。", Next: "请等审批后再申请。"})
	}
	return nil
}

// unparted refuses to make one of two persons who were said, on evidence, to be two.
func unparted(tx *gate.Tx, d, other dossier.Dossier) error {
	a, err := person.Get(tx.Context(), tx, d.PersonID)
	if err != nil {
		return err
	}
	b, err := person.Get(tx.Context(), tx, other.PersonID)
	if err != nil {
		return err
	}
	apart, err := person.Apart(tx.Context(), tx, a, b)
	if err != nil || !apart {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "2", Slug: "said_apart", Field: "other", Message: "这两人已凭证件材料认定不是同一人。", Next: "认定有误的，请先在“身份待核”的“已认定不是同一人”中写明理由撤销，再申请并档。"})
}

// rehang gives rows of one dossier to another and returns their ids.
func rehang[R any, P interface {
	*R
	store.Row
}](tx *gate.Tx, list []R, id func(*R) string, change func(*R)) (ids []string, err error) {
	for i := range list {
		change(&list[i])
		if err := tx.Update(P(&list[i])); err != nil {
			return nil, err
		}
		ids = append(ids, id(&list[i]))
	}
	return ids, nil
}

// listAll reads rows, and fails rather than leave any behind.
func listAll[R store.Row](tx *gate.Tx, tail string, args ...any) ([]R, error) {
	list, err := store.List[R](tx.Context(), tx, tail+fmt.Sprintf(" LIMIT %d", most+1)+tx.ForUpdate(), args...)
	if err == nil && len(list) > most {
		err = rule.Refuse(rule.Reason{Rule: "2", Slug: "too_much", Message: fmt.Sprintf("材料多于 %d 件，不能一次并档。", most), Next: "请与系统管理员联系。"})
	}
	return list, err
}

// merge makes gone part of keep: what it holds moves, numbered after what keep holds of
// each class, in a new version of the catalog; numbers old and new find keep.
func (k *Desk) merge(tx *gate.Tx, c *Case, keep, gone *dossier.Dossier) error {
	if keep.Agency != gone.Agency {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "other_elsewhere", Message: "那一卷已由另一机构保管。", Next: "请不批准。"})
	}
	if err := k.mergeable(tx, *c, *keep, *gone); err != nil {
		return err
	}
	var own counts
	m := moves{Catalog: gone.Catalog, Secrecy: gone.Secrecy, Shelfmark: gone.Shelfmark}
	last, err := lastSeq(tx, keep.ID)
	if err != nil {
		return err
	}
	materials, err := listAll[dossier.Material](tx, "WHERE dossier_id=? ORDER BY class, seq, id", gone.ID)
	if err != nil {
		return err
	}
	version := keep.Catalog + 1
	for i := range materials {
		x := &materials[i]
		m.Materials = append(m.Materials, piece{x.ID, x.Class, x.Seq, x.CatalogFrom, x.CatalogTo})
		own.add(*x)
		x.DossierID = keep.ID
		if x.Seq > 0 {
			x.Seq += last[x.Class]
		}
		if x.CatalogFrom > 0 {
			x.CatalogFrom = version
		}
		if x.CatalogTo > 0 {
			x.CatalogTo = version
		}
		if err := tx.Update(x); err != nil {
			return err
		}
	}
	if err := movePages(tx, gone.ID, keep.ID, nil); err != nil {
		return err
	}
	if err := secrecy.FollowMaterials(tx, gone.ID, keep.ID, nil); err != nil {
		return err
	}
	if err := moveEntries(tx, &m, gone.ID, keep.ID, nil); err != nil {
		return err
	}
	supplements, err := listAll[dossier.Supplement](tx, "WHERE dossier_id=? ORDER BY id", gone.ID)
	if err != nil {
		return err
	}
	for _, s := range supplements {
		if s.State == "open" {
			own.Owed++
		}
	}
	if m.Supplements, err = rehang(tx, supplements, func(s *dossier.Supplement) string { return s.ID }, func(s *dossier.Supplement) { s.DossierID = keep.ID }); err != nil {
		return err
	}
	numbers, err := listAll[dossier.OldNumber](tx, "WHERE dossier_id=? ORDER BY id", gone.ID)
	if err != nil {
		return err
	}
	if m.Numbers, err = rehang(tx, numbers, func(n *dossier.OldNumber) string { return n.ID }, func(n *dossier.OldNumber) { n.DossierID = keep.ID }); err != nil {
		return err
	}
	old := dossier.OldNumber{ID: gate.NewID(), DossierID: keep.ID, Agency: gone.Agency, No: gone.No, UntilAt: tx.Now().UnixMicro()}
	m.Numbers = append(m.Numbers, old.ID)
	if err := tx.Insert(old); err != nil {
		return err
	}
	if err := k.mergePersons(tx, &m, keep, gone); err != nil {
		return err
	}
	m.Beside = countsOf(*gone).less(own)
	if len(materials) > 0 {
		keep.Catalog = version
	}
	all, theirs := countsOf(*keep), countsOf(*gone)
	counts{all.Materials + theirs.Materials, all.Pages + theirs.Pages, all.Images + theirs.Images, all.Loose + theirs.Loose, all.Owed + theirs.Owed}.set(keep)
	keep.Secrecy = max(keep.Secrecy, gone.Secrecy)
	keep.Senior = keep.Senior || gone.Senior
	keep.HistoryBy, keep.HistoryOkBy = "", "" // what was stated as complete has grown
	if err := custody.Move(tx, keep, custody.Merged, keep.Place, c.ref(), "并入 "+gone.No+"（原库位 "+gone.Shelfmark+"）"); err != nil {
		return err
	}
	if err := custody.Move(tx, gone, custody.Merged, dossier.PlaceJoined, c.ref(), "并入 "+keep.No); err != nil {
		return err
	}
	counts{}.set(gone)
	if err := account.End(tx, gone.ID, account.EndMerged, c.ref()); err != nil {
		return err
	}
	gone.State, gone.Shelfmark, gone.MergedInto, gone.Catalog = dossier.Left, "", keep.ID, 0
	if err := dossier.Save(tx, gone); err != nil {
		return err
	}
	if c.Moved, err = asJSON(m); err != nil {
		return err
	}
	tx.Note("materials", len(materials))
	return dossier.Recompute(tx, keep)
}

// mergePersons has every number of the one that goes find the one that stays.
func (k *Desk) mergePersons(tx *gate.Tx, m *moves, keep, gone *dossier.Dossier) error {
	stays, err := person.Get(tx.Context(), tx, keep.PersonID)
	if err != nil {
		return err
	}
	goes, err := person.Get(tx.Context(), tx, gone.PersonID)
	if err != nil {
		return err
	}
	tx.About("Person", stays.ID)
	tx.About("Person", goes.ID)
	before, err := listAll[person.Person](tx, "WHERE merged_into=? ORDER BY id", goes.ID)
	if err != nil {
		return err
	}
	if m.Persons, err = rehang(tx, before, func(p *person.Person) string { return p.ID }, func(p *person.Person) { p.MergedInto = stays.ID }); err != nil {
		return err
	}
	goes.MergedInto = stays.ID
	if err := tx.Update(&goes); err != nil {
		return err
	}
	m.FormerNames = stays.FormerNames
	if goes.Name != stays.Name {
		stays.FormerNames = alsoNamed(stays.FormerNames, goes.Name)
		return tx.Update(&stays)
	}
	return nil
}

// lastSeq is the last number in use of each class of a dossier.
func lastSeq(tx *gate.Tx, dossierID string) (map[string]int64, error) {
	rows, err := tx.Query(tx.Context(), "SELECT class, max(seq) FROM material WHERE dossier_id=? AND class IS NOT NULL AND seq IS NOT NULL GROUP BY class", dossierID)
	if err != nil {
		return nil, fmt.Errorf("last numbers: %w", err)
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var class string
		var seq int64
		if err := rows.Scan(&class, &seq); err != nil {
			return nil, err
		}
		out[class] = seq
	}
	return out, rows.Err()
}

// movePages moves pages with their materials; only: of these materials, nil for all.
func movePages(tx *gate.Tx, from, to string, only map[string]bool) error {
	pages, err := listAll[digital.Page](tx, "WHERE dossier_id=? ORDER BY id", from)
	if err != nil {
		return err
	}
	for i := range pages {
		if only != nil && !only[pages[i].MaterialID] {
			continue
		}
		pages[i].DossierID = to
		if err := tx.Update(&pages[i]); err != nil {
			return err
		}
	}
	return nil
}

// moveEntries moves what was entered as recorded; only: those that rest on these
// materials or are listed in m, nil for all.
func moveEntries(tx *gate.Tx, m *moves, from, to string, only map[string]bool) error {
	goes := func(ids []string, id, material string) bool {
		return only == nil || only[material] || slices.Contains(ids, id)
	}
	facts, err := listAll[dossier.Fact](tx, "WHERE dossier_id=? ORDER BY id", from)
	if err != nil {
		return err
	}
	facts = slices.DeleteFunc(facts, func(f dossier.Fact) bool { return !goes(m.Facts, f.ID, f.MaterialID) })
	if m.Facts, err = rehang(tx, facts, func(f *dossier.Fact) string { return f.ID }, func(f *dossier.Fact) { f.DossierID = to }); err != nil {
		return err
	}
	periods, err := listAll[dossier.Period](tx, "WHERE dossier_id=? ORDER BY id", from)
	if err != nil {
		return err
	}
	periods = slices.DeleteFunc(periods, func(p dossier.Period) bool { return !goes(m.Periods, p.ID, p.MaterialID) })
	if m.Periods, err = rehang(tx, periods, func(p *dossier.Period) string { return p.ID }, func(p *dossier.Period) { p.DossierID = to }); err != nil {
		return err
	}
	family, err := listAll[dossier.Family](tx, "WHERE dossier_id=? ORDER BY id", from)
	if err != nil {
		return err
	}
	family = slices.DeleteFunc(family, func(f dossier.Family) bool { return !goes(m.Family, f.ID, f.MaterialID) })
	if m.Family, err = rehang(tx, family, func(f *dossier.Family) string { return f.ID }, func(f *dossier.Family) { f.DossierID = to }); err != nil {
		return err
	}
	decisions, err := listAll[dossier.Determination](tx, "WHERE dossier_id=? ORDER BY id", from)
	if err != nil {
		return err
	}
	decisions = slices.DeleteFunc(decisions, func(e dossier.Determination) bool { return !goes(m.Decisions, e.ID, e.MaterialID) })
	m.Decisions, err = rehang(tx, decisions, func(e *dossier.Determination) string { return e.ID }, func(e *dossier.Determination) { e.DossierID = to })
	if err != nil {
		return err
	}
	stated, err := listAll[dossier.NotFormed](tx, "WHERE dossier_id=? ORDER BY id", from)
	if err != nil {
		return err
	}
	stated = slices.DeleteFunc(stated, func(e dossier.NotFormed) bool { return !goes(m.NotFormed, e.ID, "") })
	m.NotFormed, err = rehang(tx, stated, func(e *dossier.NotFormed) string { return e.ID }, func(e *dossier.NotFormed) { e.DossierID = to })
	return err
}

// lastMerge is the merge into a dossier that was not taken apart again. Of several only
// the last can be, as its numbers come after the others'.
func lastMerge(tx *gate.Tx, dossierID string) (Case, error) {
	c, err := store.Get[Case](tx.Context(), tx, "WHERE dossier_id=? AND kind='merge' AND state='approved' ORDER BY id DESC LIMIT 1", dossierID)
	if errors.Is(err, store.ErrNotFound) {
		return c, rule.Refuse(rule.Reason{Rule: "2", Slug: "never_merged", Message: "没有另一卷并入过这卷档案。", Next: "拆档只用于纠正误并的两卷。"})
	}
	return c, err
}

// split takes a merge apart: what it moved goes back, with what was made of it since.
func (k *Desk) split(tx *gate.Tx, c *Case, keep, gone *dossier.Dossier, shelf string) error {
	if err := k.free(tx, *keep); err != nil {
		return err
	}
	merge, err := lastMerge(tx, keep.ID)
	if err != nil {
		return err
	}
	if merge.ID != c.OfCase {
		return rule.Refuse(rule.Reason{Rule: "2", Slug: "merged_again", Message: "这之后又有另一卷并入。", Next: "请不批准，先拆最后并入的一卷。"})
	}
	var m moves
	if err := json.Unmarshal([]byte(merge.Moved), &m); err != nil {
		return fmt.Errorf("moves of %s: %w", merge.ID, err)
	}
	back := map[string]piece{}
	moved := map[string]bool{}
	for _, p := range m.Materials {
		back[p.ID], moved[p.ID] = p, true
	}
	materials, err := listAll[dossier.Material](tx, "WHERE dossier_id=? ORDER BY class, seq, id", keep.ID)
	if err != nil {
		return err
	}
	own := counts{}
	for i := range materials {
		x := &materials[i]
		p, ours := back[x.ID]
		if !ours && !moved[x.SupersededBy] {
			continue
		}
		moved[x.ID] = true // an old version made since goes with its material
		own.add(*x)
		x.DossierID = gone.ID
		if ours && p.Class == x.Class && p.Seq > 0 {
			x.Seq, x.CatalogFrom, x.CatalogTo = p.Seq, p.From, p.To
		} else if x.CatalogFrom > 0 {
			x.CatalogFrom = m.Catalog + 1
		}
		if err := tx.Update(x); err != nil {
			return err
		}
	}
	if err := movePages(tx, keep.ID, gone.ID, moved); err != nil {
		return err
	}
	if err := secrecy.FollowMaterials(tx, keep.ID, gone.ID, moved); err != nil {
		return err
	}
	if err := moveEntries(tx, &m, keep.ID, gone.ID, moved); err != nil {
		return err
	}
	supplements, err := listAll[dossier.Supplement](tx, "WHERE dossier_id=? ORDER BY id", keep.ID)
	if err != nil {
		return err
	}
	supplements = slices.DeleteFunc(supplements, func(s dossier.Supplement) bool { return !slices.Contains(m.Supplements, s.ID) })
	for _, s := range supplements {
		if s.State == "open" {
			own.Owed++
		}
	}
	if _, err := rehang(tx, supplements, func(s *dossier.Supplement) string { return s.ID }, func(s *dossier.Supplement) { s.DossierID = gone.ID }); err != nil {
		return err
	}
	numbers, err := listAll[dossier.OldNumber](tx, "WHERE dossier_id=? ORDER BY id", keep.ID)
	if err != nil {
		return err
	}
	numbers = slices.DeleteFunc(numbers, func(n dossier.OldNumber) bool { return !slices.Contains(m.Numbers, n.ID) })
	if _, err := rehang(tx, numbers, func(n *dossier.OldNumber) string { return n.ID }, func(n *dossier.OldNumber) { n.DossierID = gone.ID }); err != nil {
		return err
	}
	if err := k.splitPersons(tx, m, keep, gone); err != nil {
		return err
	}
	theirs := counts{own.Materials + m.Beside.Materials, own.Pages + m.Beside.Pages, own.Images + m.Beside.Images, own.Loose + m.Beside.Loose, own.Owed + m.Beside.Owed}
	countsOf(*keep).less(theirs).set(keep)
	theirs.set(gone)
	if len(moved) > 0 {
		keep.Catalog++
		gone.Catalog = m.Catalog + 1
	}
	gone.State, gone.MergedInto, gone.Shelfmark, gone.Secrecy = dossier.InStore, "", shelf, max(gone.Secrecy, m.Secrecy)
	gone.Agency = keep.Agency
	keep.HistoryBy, keep.HistoryOkBy, gone.HistoryBy, gone.HistoryOkBy = "", "", "", ""
	if err := custody.Move(tx, keep, custody.Parted, keep.Place, c.ref(), "拆出 "+gone.No); err != nil {
		return err
	}
	if err := custody.Move(tx, gone, custody.Parted, dossier.PlaceStore, c.ref(), "自 "+keep.No+" 拆出，库位 "+shelf); err != nil {
		return err
	}
	if err := reindexed(tx, gone); err != nil {
		return err
	}
	if err := parted(tx, *c, *keep, *gone); err != nil {
		return err
	}
	merge.State = Undone
	if err := tx.Update(&merge); err != nil {
		return err
	}
	if err := dossier.Recompute(tx, gone); err != nil {
		return err
	}
	return dossier.Recompute(tx, keep)
}

// parted puts on record that the two who were wrongly merged are two, so that they are on the
// list of likely doubles no more.
func parted(tx *gate.Tx, c Case, keep, gone dossier.Dossier) error {
	stays, err := person.Get(tx.Context(), tx, keep.PersonID)
	if err != nil {
		return err
	}
	goes, err := person.Get(tx.Context(), tx, gone.PersonID)
	if err != nil || stays.BirthDate != goes.BirthDate || !stays.Called(goes.Name) && !goes.Called(stays.Name) {
		return err
	}
	return double.Part(tx, keep, double.Candidate{Number: hex.EncodeToString(goes.IDIndex), Name: goes.Name, BirthDate: goes.BirthDate},
		double.Statement{Reason: "拆档 " + c.No + "：" + c.Reason, Document: c.Document, SeenBy: c.SeenBy, SeenOn: calendar.Date(c.SeenOn)})
}

// splitPersons has the numbers find their own persons again.
func (k *Desk) splitPersons(tx *gate.Tx, m moves, keep, gone *dossier.Dossier) error {
	for _, id := range append([]string{gone.PersonID}, m.Persons...) {
		p, err := person.Get(tx.Context(), tx, id)
		if err != nil {
			return err
		}
		tx.About("Person", p.ID)
		p.MergedInto = ""
		if id != gone.PersonID {
			p.MergedInto = gone.PersonID
		}
		if err := tx.Update(&p); err != nil {
			return err
		}
	}
	stays, err := person.Get(tx.Context(), tx, keep.PersonID)
	if err != nil || stays.FormerNames == m.FormerNames {
		return err
	}
	goes, err := person.Get(tx.Context(), tx, gone.PersonID)
	if err != nil {
		return err
	}
	if stays.FormerNames != alsoNamed(m.FormerNames, goes.Name) {
		return nil // named otherwise since: left as it is
	}
	stays.FormerNames = m.FormerNames
	return tx.Update(&stays)
}
