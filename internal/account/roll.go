package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/sheet"
	"dangan/internal/store"
)

// Roll is a list of a unit's staff as the unit sent it (12c). It is held against what hangs
// on the account and changes no account by itself: who joins accepts a notice, who leaves is
// told, and both are acts of their own.
type Roll struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	No         string    `db:"no"` // DWMC-50010801-2026-0001
	Agency     string    `db:"agency"`
	AccountID  string    `db:"account_id"`
	FileName   string    `db:"file_name"`
	Digest     string    `db:"digest"`
	State      string    `db:"state"`
	Rows       int64     `db:"rows"`
	Unlisted   int64     `db:"unlisted"` // dossiers on the account that it did not name
	ImportedBy string    `db:"imported_by"`
	ImportedAt time.Time `db:"imported_at"`
}

// Table names the table of lists.
func (Roll) Table() string { return "unit_staff_list" }

// States of a list: the newest of an account counts.
const (
	rollCurrent  = "current"
	rollReplaced = "replaced"
)

// Colleague is one row of a list, with what it was found to be.
type Colleague struct {
	ID        string `db:"id"`
	Version   int64  `db:"version"`
	ListID    string `db:"list_id"`
	Row       int64  `db:"row_no"`
	Name      string `db:"name,secret"`
	IDNo      string `db:"id_no,secret"`
	Gone      bool   `db:"gone"` // left the unit
	LeftOn    string `db:"left_on,null"`
	Outcome   string `db:"outcome"`
	DossierID string `db:"dossier_id,null"`
}

// Table names the table of rows.
func (Colleague) Table() string { return "unit_staff" }

func init() {
	store.Describe(Roll{}, Colleague{})
	store.Register("unit_staff_list", store.Audited, "单位报来的存档人员名册")
	store.Register("unit_staff", store.Audited, "名册逐行：与名下档案核对的结果，姓名号码加密")
}

// Outcomes of a row.
const (
	RollOn        = "on"        // works there, on the account
	RollLeft      = "left"      // left the unit, still on the account
	RollGone      = "gone"      // left the unit, not on the account
	RollPersonal  = "personal"  // kept here, on no unit
	RollOther     = "other"     // kept here, on another unit
	RollElsewhere = "elsewhere" // kept by another agency
	RollNone      = "none"      // nothing known
	RollWrong     = "wrong"     // to be corrected
)

// RollOutcomes lists them in the order of screens.
var RollOutcomes = []string{RollWrong, RollLeft, RollPersonal, RollOther, RollElsewhere, RollNone, RollOn, RollGone}

// RollName is an outcome as screens say it, with what is done about it.
func RollName(outcome string) (name, does string) {
	x := map[string][2]string{
		RollOn: {"在户下", "不变。"}, RollGone: {"已离职，不在户下", "不变。"},
		RollLeft:      {"已离职，仍在户下", "列入待转出：本人接受须知后转为个人户，或由接收机构来函转递。"},
		RollPersonal:  {"档案在本机构，不在户下", "列入待转入：由单位申请、本人接受须知，在“变更与并档”中转入。"},
		RollOther:     {"档案在本机构另一单位户下", "列入待转入：先向原单位核实，再在“变更与并档”中转入。"},
		RollElsewhere: {"档案在其他机构", "列入待调入：由单位或本人申请转递。"},
		RollNone:      {"未查到档案", "请单位核对档案现在何处；在外单位、外省的，申请转递。"},
		RollWrong:     {"需改正", "改正后重新上传，整份名册才能登记。"},
	}[outcome]
	return x[0], x[1]
}

// Most rows of one list.
const rollMost = 5000

// rollHeads are the columns of the schema; the first of each is the one the manual names.
var rollHeads = [...][]string{{"姓名"}, {"身份证号", "身份证号码", "公民身份号码", "证件号码"}, {"状态", "在职状态"}, {"离职日期"}}

// Places of the columns in a row that was read.
const (
	rollNameAt = iota
	rollIDAt
	rollStateAt
	rollLeftAt
	rollColumns
)

// RollLine is one row as it was read and judged.
type RollLine struct {
	Row      int
	Name     string
	IDNo     string
	Gone     bool
	LeftOn   calendar.Date
	Outcome  string
	Problems []string
	dossier  string
}

// RollSource is a file to be imported.
type RollSource struct {
	Account  string // its id or number
	FileName string
	Content  io.ReaderAt
	Size     int64
	DryRun   bool
	Worker   string // the authorization of who brought it; "" where nobody came
}

// Unlisted is a dossier on the account that the list does not name.
type Unlisted struct{ ID, No, Name string }

// RollReport says what each row is and does.
type RollReport struct {
	Account  Account
	List     Roll // of an import
	File     string
	Lines    []RollLine
	Counts   map[string]int
	Unlisted []Unlisted
	Already  bool // the same file was imported before: nothing changed
}

var errRollLong = errors.New("more rows than a list holds")

// readRoll reads an XLSX workbook or UTF-8 CSV and judges each row by itself.
func readRoll(content io.ReaderAt, size int64, today calendar.Date) ([]RollLine, error) {
	var at [rollColumns]int
	var lines []RollLine
	seen := map[string]int{}
	err := sheet.Each(content, size, func(r *sheet.Row) error {
		if at[rollNameAt] == 0 {
			for i, words := range rollHeads {
				for _, c := range r.Cells {
					if slices.Contains(words, strings.TrimSpace(c.Text)) {
						at[i] = c.Column
					}
				}
			}
			if at[rollIDAt] == 0 {
				at = [rollColumns]int{}
			}
			return nil
		}
		var v [rollColumns]string
		said, lost := false, false
		for i, column := range at {
			if column == 0 {
				continue
			}
			c := r.At(column)
			v[i] = strings.Clone(strings.TrimSpace(c.Digits()))
			said = said || v[i] != ""
			lost = lost || i == rollIDAt && c.Kind == sheet.Number && c.Significant() > 15
		}
		if !said {
			return nil
		}
		if len(lines) == rollMost {
			return errRollLong
		}
		l := RollLine{Row: r.Number, Name: v[rollNameAt]}
		wrong := func(text string) { l.Problems = append(l.Problems, text) }
		if l.Name == "" {
			wrong("没有姓名")
		}
		c, problem := identity.Parse(v[rollIDAt], today)
		switch {
		case lost:
			wrong("身份证号按数字保存，末几位已丢失，请改为文本重新录入")
		case problem != "":
			wrong("身份证号不正确：" + identity.ProblemText(problem))
		default:
			l.IDNo = c.Number
			if first, twice := seen[c.Number]; twice {
				wrong(fmt.Sprintf("身份证号与第 %d 行重复", first))
			} else {
				seen[c.Number] = r.Number
			}
		}
		l.LeftOn = calendar.Date(v[rollLeftAt])
		switch v[rollStateAt] {
		case "离职", "已离职":
			l.Gone = true
		case "", "在职":
			l.Gone = v[rollStateAt] == "" && l.LeftOn != ""
			if !l.Gone && l.LeftOn != "" {
				wrong("在职的不填离职日期")
			}
		default:
			wrong("状态应为在职或离职")
		}
		if l.LeftOn != "" && (!l.LeftOn.Valid() || l.LeftOn > today) {
			wrong("离职日期应写成 2026-11-25，不晚于今天")
			l.LeftOn = ""
		}
		lines = append(lines, l)
		return nil
	})
	switch {
	case errors.Is(err, sheet.ErrText):
		return nil, rule.Mistake(rule.Reason{Rule: "12c", Slug: "roll_unreadable", Field: "file", Message: "CSV 文件读不通。", Next: "请另存为 XLSX 或 UTF-8 编码的 CSV 后再上传。"})
	case errors.Is(err, errRollLong):
		return nil, rule.Mistake(rule.Reason{Rule: "12c", Slug: "roll_too_long", Field: "file", Message: fmt.Sprintf("一份名册最多 %d 行。", rollMost), Next: "请单位只报存档人员；仍超过的，与系统管理人员联系。"})
	case err != nil:
		return nil, err
	case len(lines) == 0:
		return nil, rule.Mistake(rule.Reason{Rule: "12c", Slug: "roll_empty", Field: "file", Message: "没有读到名册。", Next: "请核对表头：姓名、身份证号两列必须有，状态、离职日期可以没有。"})
	}
	return lines, nil
}

// judge holds the rows against the province: whose dossier hangs on the account, is kept here
// or elsewhere. What lies above the actor's clearance, or is of their kin, is as unknown as
// before (10b, 15).
func judge(ctx context.Context, q store.Querier, keys person.Indexer, by policy.Actor, a Account, lines []RollLine) error {
	plain := strings.NewReplacer(" ", "", "　", "", "·", "")
	for part := range slices.Chunk(lines, 500) {
		var numbers []string
		for _, l := range part {
			if l.IDNo != "" {
				numbers = append(numbers, l.IDNo)
			}
		}
		people, err := person.ByIDNos(ctx, q, keys, numbers)
		if err != nil {
			return err
		}
		var ids []string
		for _, p := range people {
			ids = append(ids, p.ID)
		}
		// Elsewhere is known for what bears no class only.
		list, err := store.List[dossier.Dossier](ctx, q, "WHERE person_id IN ("+store.Marks(len(ids)+1)+") AND state<>'left' AND merged_into IS NULL AND (secrecy=0 OR agency=? AND secrecy<=?)", append(append(store.Args(ids), ""), a.Agency, by.Clearance)...)
		if err != nil {
			return err
		}
		of := map[string]dossier.Dossier{}
		for _, d := range list {
			if !slices.Contains(by.Persons, d.PersonID) {
				of[d.PersonID] = d
			}
		}
		for i := range part {
			l := &part[i]
			d, known := of[people[l.IDNo].ID]
			if known && plain.Replace(people[l.IDNo].Name) != plain.Replace(l.Name) {
				l.Problems = append(l.Problems, "姓名与档案登记的不一致，请照身份证核对；确已更名的，先办理姓名更正")
			}
			switch {
			case len(l.Problems) > 0:
				l.Outcome = RollWrong
				continue
			case known && d.Agency == a.Agency && d.AccountKind == Collective && d.AccountUnit == a.Unit:
				l.Outcome, l.dossier = RollOn, d.ID
				if l.Gone {
					l.Outcome = RollLeft
				}
			case l.Gone:
				l.Outcome = RollGone
			case !known:
				l.Outcome = RollNone
			case d.Agency != a.Agency:
				l.Outcome = RollElsewhere
			case d.AccountKind == Collective:
				l.Outcome, l.dossier = RollOther, d.ID
			default:
				l.Outcome, l.dossier = RollPersonal, d.ID
			}
		}
	}
	return nil
}

// report judges a file against an account as it is now.
func (k *Desk) report(ctx context.Context, q store.Querier, by policy.Actor, a Account, lines []RollLine) (out RollReport, err error) {
	out = RollReport{Account: a, Lines: lines, Counts: map[string]int{}}
	if err := judge(ctx, q, k.Keys, by, a, lines); err != nil {
		return out, err
	}
	named := map[string]bool{}
	for _, l := range lines {
		out.Counts[l.Outcome]++
		if l.dossier != "" {
			named[l.dossier] = true
		}
	}
	where, args := dossier.Scope(by)
	on, err := store.List[dossier.Dossier](ctx, q, fmt.Sprintf("WHERE "+where+" AND "+hangs+" ORDER BY id LIMIT %d", most), append(args, a.Agency, a.Unit)...)
	if err != nil {
		return out, err
	}
	var ids []string
	for _, d := range on {
		if !named[d.ID] {
			out.Unlisted = append(out.Unlisted, Unlisted{ID: d.ID, No: d.No})
			ids = append(ids, d.ID)
		}
	}
	for part := range slices.Chunk(ids, 500) {
		heads, err := dossier.Heads(ctx, q, part)
		if err != nil {
			return out, err
		}
		for i := range out.Unlisted {
			if h, there := heads[out.Unlisted[i].ID]; there {
				out.Unlisted[i].Name = h.Name
			}
		}
	}
	return out, nil
}

// ImportRoll takes in a unit's list of staff: previewed, what each row is and does; else the
// whole list in one act, or none of it. The same file twice changes nothing.
func (k *Desk) ImportRoll(ctx context.Context, by policy.Actor, s RollSource) (out RollReport, err error) {
	q := k.gate.DB()
	a, err := store.Get[Account](ctx, q, "WHERE id=? OR no=? ORDER BY id LIMIT 1", s.Account, strings.ToUpper(s.Account))
	if errors.Is(err, store.ErrNotFound) || err == nil && k.gate.Allowed(by, ActList, a.Resource()) != nil {
		return out, rule.Mistake(rule.Reason{Rule: "12c", Slug: "account_unknown", Field: "account", Message: "没有这个集体账户。", Next: "请核对账户编号，例如 JTH-50010801-2026-0001。"})
	} else if err != nil {
		return out, err
	}
	if err := k.gate.Ready(by, ActRoll, a.Resource()); err != nil {
		return out, err
	}
	lines, err := readRoll(s.Content, s.Size, k.gate.Today())
	if err != nil {
		return out, err
	}
	file := path.Base(strings.ReplaceAll(s.FileName, `\`, "/"))
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(s.Content, 0, s.Size)); err != nil {
		return out, err
	}
	digest := hex.EncodeToString(hash.Sum(nil))
	if s.DryRun {
		out, err = k.report(ctx, q, by, a, lines)
		out.File = file
		return out, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRoll, Rules: []rule.ID{"12c"}}, func(tx *gate.Tx) error {
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?"+tx.ForUpdate(), a.ID); err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		if a.State != Open {
			return a.close(Closing{}, "", tx.Now(), 0)
		}
		if out, err = k.report(ctx, tx, by, a, lines); err != nil {
			return err
		}
		out.File = file
		tx.About("UnitAccount", a.ID)
		there, err := store.Get[Roll](ctx, tx, "WHERE account_id=? AND digest=?", a.ID, digest)
		if err == nil {
			out.List, out.Already = there, true
			tx.Note("already", there.No)
			return nil
		} else if !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if n := out.Counts[RollWrong]; n > 0 {
			return rule.Mistake(rollWrong(lines, n)...)
		}
		if err := k.enterRoll(tx, a, &out, digest); err != nil {
			return err
		}
		return a.brought(tx, s.Worker, a.Ref())
	})
	return out, err
}

// rollWrong names the rows to be corrected, a page of them.
func rollWrong(lines []RollLine, n int) []rule.Reason {
	out := []rule.Reason{{Rule: "12c", Slug: "roll_wrong", Field: "file", Message: fmt.Sprintf("名册有 %d 行需改正，一行也没有登记。", n), Next: "请照各行的问题改正后重新上传整份名册。"}}
	for _, l := range lines {
		if len(l.Problems) > 0 && len(out) <= 50 {
			out = append(out, rule.Reason{Rule: "12c", Slug: "roll_row", Field: "file", Message: fmt.Sprintf("第 %d 行：%s。", l.Row, strings.Join(l.Problems, "；")), Next: "请照居民身份证和单位人事记录改正这一行。"})
		}
	}
	return out
}

// enterRoll writes the list inside its act; the one before it counts no more.
func (k *Desk) enterRoll(tx *gate.Tx, a Account, out *RollReport, digest string) error {
	before, err := store.List[Roll](tx.Context(), tx, "WHERE account_id=? AND state='current' ORDER BY id LIMIT 2"+tx.ForUpdate(), a.ID)
	if err != nil {
		return err
	}
	for i := range before {
		before[i].State = rollReplaced
		if err := tx.Update(&before[i]); err != nil {
			return err
		}
	}
	n, err := tx.Number(fmt.Sprintf("%s/单位名册/%d", a.Agency, tx.Today().Year()))
	if err != nil {
		return err
	}
	out.List = Roll{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("DWMC-%s-%d-%04d", a.Agency, tx.Today().Year(), n), Agency: a.Agency, AccountID: a.ID, FileName: out.File, Digest: digest, State: rollCurrent,
		Rows: int64(len(out.Lines)), Unlisted: int64(len(out.Unlisted)), ImportedBy: tx.Actor().ID, ImportedAt: tx.Now()}
	if err := tx.Insert(out.List); err != nil {
		return err
	}
	for _, l := range out.Lines {
		if err := tx.Insert(Colleague{ID: gate.NewID(), Version: 1, ListID: out.List.ID, Row: int64(l.Row), Name: l.Name, IDNo: l.IDNo, Gone: l.Gone, LeftOn: l.LeftOn.String(), Outcome: l.Outcome, DossierID: l.dossier}); err != nil {
			return err
		}
	}
	tx.Note("rows", len(out.Lines))
	for _, o := range []string{RollLeft, RollPersonal, RollOther, RollElsewhere, RollNone} {
		if out.Counts[o] > 0 {
			tx.Note(o, out.Counts[o])
		}
	}
	return nil
}

// RollOf is the list of an account that counts, with a page of its rows of an outcome ("" for
// all), after a row; ok is false where none was imported.
func (k *Desk) RollOf(ctx context.Context, by policy.Actor, accountID, outcome string, after, limit int) (r Roll, counts map[string]int64, rows []Colleague, ok bool, err error) {
	q := k.gate.DB()
	a, err := store.Get[Account](ctx, q, "WHERE id=?", accountID)
	if err != nil {
		return r, nil, nil, false, err
	}
	if err := k.gate.Allowed(by, ActList, a.Resource()); err != nil {
		return r, nil, nil, false, err
	}
	if r, err = store.Get[Roll](ctx, q, "WHERE account_id=? AND state='current'", a.ID); errors.Is(err, store.ErrNotFound) {
		return r, nil, nil, false, nil
	} else if err != nil {
		return r, nil, nil, false, err
	}
	// A row whose dossier has since become hidden from the actor is hidden with it.
	where, args := dossier.Scope(by)
	seen := "list_id=? AND (dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier WHERE dossier.id=unit_staff.dossier_id AND (" + where + " OR dossier.agency<>?)))"
	args = append(append([]any{r.ID}, args...), a.Agency)
	counts = map[string]int64{}
	for _, o := range RollOutcomes {
		if counts[o], err = store.Count(ctx, q, "SELECT count(*) FROM unit_staff WHERE "+seen+" AND outcome=?", append(slices.Clone(args), o)...); err != nil {
			return r, nil, nil, false, err
		}
	}
	rows, err = store.List[Colleague](ctx, q, "WHERE "+seen+" AND (?='' OR outcome=?) AND row_no>? ORDER BY row_no LIMIT ?", append(args, outcome, outcome, after, limit)...)
	return r, counts, rows, true, err
}
