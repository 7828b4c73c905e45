package death

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/digital"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Results of one of the four checks.
const (
	Passed  = "pass"
	Failed  = "fail"
	Nothing = "none" // nothing digital is kept of the dossier
)

var results = map[string]string{Passed: "通过", Failed: "不通过", Nothing: "无数字档案"}

// ResultName is a result as screens and papers say it.
func ResultName(r string) string { return results[r] }

// mostFound bounds how many defects of one dossier are kept: the first show what is wrong.
const mostFound = 20

// Check is what the four checks found of one dossier on a list (section 5, 四性检测). A list that
// is checked again keeps what was found before.
type Check struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	HandoverID   string    `db:"handover_id"`
	CaseID       string    `db:"case_id"`
	DossierID    string    `db:"dossier_id"`
	Images       int64     `db:"images"`
	Sum          string    `db:"sum,null"`
	Catalog      int64     `db:"catalog"`
	Authenticity string    `db:"authenticity"`
	Integrity    string    `db:"integrity"`
	Usability    string    `db:"usability"`
	Security     string    `db:"security"`
	Found        string    `db:"found,null"` // JSON: []Found
	CheckedBy    string    `db:"checked_by"`
	CheckedAt    time.Time `db:"checked_at"`
}

// Table names the table of checks.
func (Check) Table() string { return "death_check" }

// Found is one defect as it is kept.
type Found struct {
	Property string `json:"property"`
	At       string `json:"at"`
	What     string `json:"what"`
}

// Results are the four results in the order of digital.Properties.
func (c Check) Results() []string {
	return []string{c.Authenticity, c.Integrity, c.Usability, c.Security}
}

// Defects reads what was found.
func (c Check) Defects() (out []Found) {
	_ = json.Unmarshal([]byte(c.Found), &out) // written by examined, or empty
	return out
}

// Words is the result as the list says it.
func (c Check) Words() string {
	switch {
	case c.ID == "":
		return "未检测"
	case c.Images == 0:
		return results[Nothing]
	case slices.Contains(c.Results(), Failed):
		var bad []string
		for i, r := range c.Results() {
			if r == Failed {
				bad = append(bad, digital.Properties[i])
			}
		}
		return strings.Join(bad, "、") + "不通过"
	}
	return "四性通过"
}

// examined is an examination as it is kept.
func examined(l line, e digital.Examination, h Handover, by string, at time.Time) (Check, error) {
	c := Check{ID: gate.NewID(), Version: 1, HandoverID: h.ID, CaseID: l.Case.ID, DossierID: l.dossier.ID, Images: int64(e.Images), Sum: e.Sum, Catalog: e.Catalog, CheckedBy: by, CheckedAt: at}
	for i, to := range []*string{&c.Authenticity, &c.Integrity, &c.Usability, &c.Security} {
		switch {
		case e.Images == 0:
			*to = Nothing
		case e.Passed(digital.Properties[i]):
			*to = Passed
		default:
			*to = Failed
		}
	}
	if len(e.Defects) == 0 {
		return c, nil
	}
	var found []Found
	for _, d := range e.Defects[:min(len(e.Defects), mostFound)] {
		found = append(found, Found(d))
	}
	raw, err := json.Marshal(found)
	c.Found = string(raw)
	return c, err
}

// against says why a dossier may not go to an archive on this check; nil if it may.
func (c Check) against(name string, images int, sum string, catalog int64) *rule.Reason {
	var r rule.Reason
	switch {
	case c.ID == "":
		r = reason("not_checked", "", name+"的档案还没有做四性检测。", "向档案馆移交前，请先办理“四性检测”。")
	case int64(images) != c.Images || sum != c.Sum || catalog != c.Catalog:
		r = reason("check_outdated", "", name+"的档案在四性检测以后有变动。", "请重新办理“四性检测”。")
	case slices.Contains(c.Results(), Failed):
		what := ""
		if d := c.Defects(); len(d) > 0 {
			what = "：" + d[0].At + d[0].What
		}
		r = reason("check_failed", "", name+"的档案"+c.Words()+what+"。", "请由数字化人员补扫、更正后重新检测；一时办不了的，把这一人移出清单。")
	default:
		return nil
	}
	return &r
}

// checksOf gives the latest check of each case of a list.
func checksOf(ctx context.Context, q store.Querier, handoverID string) (map[string]Check, error) {
	list, err := store.List[Check](ctx, q, "WHERE handover_id=? AND checked_at=(SELECT max(x.checked_at) FROM death_check x WHERE x.handover_id=death_check.handover_id AND x.case_id=death_check.case_id) ORDER BY id LIMIT 400", handoverID)
	out := map[string]Check{}
	for _, c := range list {
		out[c.CaseID] = c
	}
	return out, err
}

// CheckList runs the four checks on every dossier of a list that was not handed over yet. The
// pages are read before the act begins, so that nobody waits for the disk; what changed
// meanwhile is refused.
func (k *Desk) CheckList(ctx context.Context, by policy.Actor, id string) (Handover, error) {
	q := k.gate.DB()
	first, err := store.Get[Handover](ctx, q, "WHERE id=?", id)
	if err != nil {
		return first, err
	}
	if err := k.gate.Ready(by, ActCheck, first.Resource()); err != nil { // nobody has the disk read who may not
		return first, err
	}
	if err := first.May(ActCheck); err != nil {
		return first, err
	}
	ids, err := store.Texts(ctx, q, "SELECT dossier_id FROM death WHERE handover_id=? ORDER BY dossier_id LIMIT 200", id)
	if err != nil {
		return first, err
	}
	done := map[string]digital.Examination{}
	for _, dossierID := range ids {
		held, err := dossier.Get(ctx, q, dossierID)
		if err != nil {
			return first, err
		}
		if done[dossierID], err = k.digital.Examine(ctx, held); err != nil {
			return first, err
		}
	}
	return k.onList(ctx, by, ActCheck, id, func(tx *gate.Tx, h *Handover, lines []line) error {
		if err := h.May(ActCheck); err != nil {
			return err
		}
		failed := 0
		for _, l := range lines {
			e, ok := done[l.dossier.ID]
			images, sum, err := dossier.ImageSum(ctx, tx, l.dossier.ID)
			if err != nil {
				return err
			}
			if !ok || images != e.Images || sum != e.Sum || l.dossier.Catalog != e.Catalog {
				return rule.Refuse(reason("changed_meanwhile", "", l.person.Name+"的档案在检测期间有变动。", "请再做一次四性检测。"))
			}
			c, err := examined(l, e, *h, by.ID, tx.Now())
			if err != nil {
				return err
			}
			if slices.Contains(c.Results(), Failed) {
				failed++
			}
			if err := tx.Insert(c); err != nil {
				return err
			}
		}
		tx.Note("checked", len(lines))
		tx.Note("failed", failed)
		return nil
	})
}

// checked holds a list for an archive to its checks; what it gives stands on the list.
func checked(tx *gate.Tx, h Handover, lines []line) (map[string]Check, error) {
	checks, err := checksOf(tx.Context(), tx, h.ID)
	if err != nil || h.RecipientKind != Archive {
		return checks, err
	}
	var against []rule.Reason
	for _, l := range lines {
		images, sum, err := dossier.ImageSum(tx.Context(), tx, l.dossier.ID)
		if err != nil {
			return nil, err
		}
		if r := checks[l.Case.ID].against(l.person.Name, images, sum, l.dossier.Catalog); r != nil {
			against = append(against, *r)
		}
	}
	if len(against) > 0 {
		return nil, rule.Refuse(against...)
	}
	return checks, nil
}

// Counted is what is counted of one packet as it is handed over (forms.md 17).
type Counted struct {
	CaseID  string
	Volumes int64
	Remark  string
}

// mostVolumes bounds what can be a count of volumes.
const mostVolumes = 50

// count puts what was counted on the lines: every packet's volumes, before anything is handed over.
func count(lines []line, counted []Counted) error {
	var wrong []rule.Reason
	for i := range lines {
		c := &lines[i].Case
		at := slices.IndexFunc(counted, func(h Counted) bool { return h.CaseID == c.ID })
		if at < 0 || counted[at].Volumes < 1 || counted[at].Volumes > mostVolumes {
			wrong = append(wrong, reason("volumes_missing", "lines", "没有填写"+lines[i].person.Name+"的档案卷数。", fmt.Sprintf("请核对实物，填写 1 至 %d 卷。", mostVolumes)))
			continue
		}
		c.Volumes, c.Remark = counted[at].Volumes, strings.TrimSpace(counted[at].Remark)
	}
	if len(wrong) > 0 {
		return rule.Complete(wrong...)
	}
	return nil
}
