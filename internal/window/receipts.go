package window

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// receiptSource names a room's cases that got a 受理回执 and have no end: reference, who has to
// end it, and the term the room itself set. Every room that issues receipts stands here, which
// test/conformance holds against the papers it issued.
type receiptSource struct {
	kind, name, page string // kind is the case's in papers
	open             string // SELECT ref, agency, due; narrowed to a case by its column id
	id               string
}

var receiptSources = []receiptSource{
	{"Transfer", "档案转入", "/transfers/", "SELECT 'Transfer:'||id AS ref, receiver AS agency, coalesce(promise_due, receipt_due, due_on, valid_until) AS due FROM transfer WHERE direction<>'out' AND state NOT IN ('closed','not_sent','withdrawn','expired','returned')", "id"},
	{"Transfer", "档案转出", "/transfers/", "SELECT 'Transfer:'||id AS ref, holder AS agency, coalesce(receipt_due, due_on) AS due FROM transfer WHERE direction='out' AND state NOT IN ('closed','not_sent','withdrawn','expired','returned')", "id"},
	{"TransferList", "档案批量转出", "/transfers/lists/", "SELECT 'TransferList:'||id AS ref, agency, coalesce(receipt_due, due_on) AS due FROM transfer_list WHERE state NOT IN ('done','ended')", "id"},
	{"Certificate", "出具证明", "/certificates/", "SELECT 'Certificate:'||id AS ref, agency, NULL AS due FROM certificate WHERE state IN ('draft','submitted','returned')", "id"},
	{"Consultation", "查阅", "/consultations/", "SELECT 'Consultation:'||id AS ref, agency, CASE WHEN state='incomplete' THEN told_due ELSE valid_until END AS due FROM consultation WHERE state NOT IN ('closed','refused','withdrawn','expired')", "id"},
	{"Loan", "借阅", "/loans/", "SELECT 'Loan:'||id AS ref, agency, CASE WHEN state='incomplete' THEN told_due ELSE valid_until END AS due FROM loan WHERE state IN ('draft','incomplete','checking','approving','heading','ready')", "id"},
	{"Matter", "异议、投诉", "/window/", "SELECT 'Matter:'||id AS ref, authority AS agency, due_on AS due FROM window_matter WHERE state='received'", "id"},
	{"Intake", "补正与审核", "/intakes/", "SELECT 'Intake:'||id AS ref, agency, due_on AS due FROM intake WHERE state IN ('completing','proposed','returned')", "id"},
	{"PersonCase", "档案信息变更", "/standing/", "SELECT 'PersonCase:'||id AS ref, agency, NULL AS due FROM person_case WHERE state='asked'", "id"},
	{"Supplement", "延期补充材料", "/supplements/", "SELECT 'Supplement:'||id AS ref, (SELECT k.agency FROM dossier k WHERE k.id=supplement.dossier_id) AS agency, NULL AS due FROM supplement WHERE state='open' AND asked_until IS NOT NULL AND EXISTS (SELECT 1 FROM dossier k WHERE k.id=supplement.dossier_id AND k.state<>'left')", "id"},
	// What is done while the applicant waits has its end with its receipt.
	{"UnitAccount", "开立集体户", "/units/", "SELECT 'UnitAccount:'||id AS ref, agency, NULL AS due FROM unit_account WHERE id IS NULL", "id"},
	{"UnitClosing", "注销集体户", "/units/", "SELECT 'UnitClosing:'||id AS ref, agency, NULL AS due FROM unit_account WHERE id IS NULL", "id"},
	{"Graduate", "毕业生认领", "/graduates/", "SELECT 'Graduate:'||id AS ref, agency, NULL AS due FROM graduate WHERE asked_on IS NOT NULL AND promised_on IS NULL AND EXISTS (SELECT 1 FROM dossier k WHERE k.id=graduate.dossier_id AND k.agency=graduate.agency AND k.state<>'left' AND k.account_kind IS NOT NULL)", "id"},
	// One that had to be completed first goes on under the receipt of its record.
	{"Intake", "档案信息变更", "/intakes/", "SELECT 'Intake:'||i.id AS ref, c.agency AS agency, NULL AS due FROM intake i JOIN person_case c ON i.case_ref='PersonCase:'||c.id WHERE i.state='taken' AND c.state='asked'", "i.id"},
}

// ReceiptKinds are the kinds of cases that get a receipt.
func ReceiptKinds() (out []string) {
	for _, s := range receiptSources {
		if !slices.Contains(out, s.kind) {
			out = append(out, s.kind)
		}
	}
	return out
}

// Receipt is one whose case has no end beyond its term.
type Receipt struct {
	ID, Number, CaseRef, Agency string
	Source                      int // of receiptSources
	IssuedAt                    time.Time
	DueOn                       string
	HeadOn, AboveOn             string // when they were told
}

// Name is what was applied for.
func (r Receipt) Name() string { return receiptSources[r.Source].name }

// Link is the page of the case.
func (r Receipt) Link() string {
	_, id, _ := strings.Cut(r.CaseRef, ":")
	return receiptSources[r.Source].page + id
}

// Watch is what was said of a receipt that is late.
type Watch struct {
	ID      string `db:"id"`
	Version int64  `db:"version"`
	CaseRef string `db:"case_ref"`
	Number  string `db:"number"`
	Agency  string `db:"agency"`
	DueOn   string `db:"due_on"`
	HeadOn  string `db:"head_on"`
	AboveOn string `db:"above_on,null"`
}

// Table names the table of watched receipts.
func (Watch) Table() string { return "receipt_watch" }

func init() {
	store.Describe(Watch{})
	store.Register("receipt_watch", store.Audited, "逾期没有办结的受理回执：何时提醒负责人、何时报主管部门")
}

// ActEscalate tells of a receipt that is late.
const ActEscalate = "window.escalate"

// aboveAfter is how many working days after its head the authority is told.
const aboveAfter = 5

// back is the last day whose term of n working days is over today.
func (k *Desk) back(n int) calendar.Date {
	d := k.gate.Today()
	for {
		d = d.AddDays(-1)
		if end, _ := k.gate.Calendar().AddWorkdays(d, n); end < k.gate.Today() {
			return d
		}
	}
}

// late selects receipts beyond their term; where and args say whose.
func (k *Desk) late(ctx context.Context, where string, args []any, limit int) ([]Receipt, error) {
	days, today := k.settings.Int(setting.ApplicationDays), k.gate.Today()
	parts := make([]string, len(receiptSources))
	for i, s := range receiptSources {
		parts[i] = fmt.Sprintf("SELECT %d AS source, s.ref, s.agency, s.due FROM (%s) s", i, s.open)
	}
	until := k.back(days).AddDays(1).Moment()
	rows, err := k.gate.DB().Query(ctx, "SELECT d.id, d.number, d.case_ref, x.agency, x.source, d.issued_at, coalesce(x.due,''), coalesce(w.head_on,''), coalesce(w.above_on,'') FROM ("+strings.Join(parts, " UNION ALL ")+
		") x JOIN document d ON d.case_ref=x.ref AND d.kind='acceptance' AND d.state='issued' LEFT JOIN receipt_watch w ON w.case_ref=x.ref WHERE d.issued_at<? AND (x.due IS NULL OR x.due<?) AND "+where+" ORDER BY d.issued_at, d.id LIMIT ?",
		append(append([]any{until, today.String()}, args...), limit)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Receipt
	for rows.Next() {
		var r Receipt
		var at int64
		if err := rows.Scan(&r.ID, &r.Number, &r.CaseRef, &r.Agency, &r.Source, &at, &r.DueOn, &r.HeadOn, &r.AboveOn); err != nil {
			return nil, err
		}
		r.IssuedAt = time.UnixMicro(at).UTC()
		end, _ := k.gate.Calendar().AddWorkdays(calendar.Of(r.IssuedAt), days)
		r.DueOn = max(r.DueOn, end.String())
		out = append(out, r)
	}
	return out, rows.Err()
}

// overseers see receipts that are late.
var overseers = []string{"head", "supervisor"}

// Late is a page of the receipts beyond their term in a head's or supervisor's reach, the
// oldest first: no name is in it.
func (k *Desk) Late(ctx context.Context, by policy.Actor, cursor string, limit int) (list []Receipt, next string, err error) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(overseers, by.Has) {
		return nil, "", nil
	}
	where, args := "x.agency IN ("+store.Marks(len(by.Reach))+") AND (d.dossier_id IS NULL OR EXISTS (SELECT 1 FROM dossier o WHERE o.id=d.dossier_id AND o.secrecy<=?", append(store.Args(by.Reach), by.Clearance)
	if len(by.Persons) > 0 { // 10b
		where += " AND o.person_id NOT IN (" + store.Marks(len(by.Persons)) + ")"
		args = append(args, store.Args(by.Persons)...)
	}
	where += "))"
	if cursor != "" {
		where += " AND (d.issued_at, d.id) > (SELECT issued_at, id FROM document WHERE id=?)"
		args = append(args, cursor)
	}
	limit = min(max(limit, 1), 100)
	if list, err = k.late(ctx, where, args, limit+1); err == nil && len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, err
}

var system = policy.Actor{ID: "system", Kind: policy.System}

// Escalate tells the head of the agency of each receipt whose term passed, and after some days
// the authority above; each once.
func (k *Desk) Escalate(ctx context.Context) error {
	list, err := k.late(ctx, "(w.id IS NULL OR w.above_on IS NULL AND w.head_on<=?)", []any{k.back(aboveAfter).String()}, 500)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range list {
		_, err := k.gate.Do(ctx, gate.Act{Actor: system, Action: ActEscalate, Rules: rules, On: "Document:" + r.ID}, func(tx *gate.Tx) error {
			if err := tx.Permit(policy.Resource{Type: "Receipt", ID: r.ID, Agencies: []string{r.Agency}}); err != nil {
				return err
			}
			return k.escalate(tx, r)
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (k *Desk) escalate(tx *gate.Tx, r Receipt) error {
	own, err := agency.Get(tx.Context(), tx, r.Agency)
	if err != nil {
		return err
	}
	w, err := store.Get[Watch](tx.Context(), tx, "WHERE case_ref=?"+tx.ForUpdate(), r.CaseRef)
	fresh := errors.Is(err, store.ErrNotFound)
	if err != nil && !fresh {
		return err
	}
	told := message.Notice{Agency: own.ID, Post: "head", Subject: "受理回执逾期没有办结", Text: r.Name() + "，回执 " + r.Number + "，应于" + calendar.Date(r.DueOn).Long() + "前办结", CaseRef: r.CaseRef, Link: r.Link()}
	switch {
	case !fresh && own.Parent != "":
		told.Agency, told.Post = own.Parent, "supervisor"
	case !own.Keeps(): // an authority answers by its supervisors
		told.Post = "supervisor"
	}
	if fresh {
		w = Watch{ID: gate.NewID(), Version: 1, CaseRef: r.CaseRef, Number: r.Number, Agency: own.ID, DueOn: r.DueOn, HeadOn: tx.Today().String()}
		err = tx.Insert(w)
	} else {
		w.AboveOn = tx.Today().String()
		err = tx.Update(&w)
	}
	if err != nil {
		return err
	}
	tx.Note("due", r.DueOn)
	return message.Inform(tx, told)
}
