package dossier

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
	"dangan/internal/work"
)

// MakerTaskState is where the task to ask a maker stands.
type MakerTaskState string

// States of an maker_task.
const (
	TaskOpen    MakerTaskState = "open"    // 待答复
	TaskAgreed  MakerTaskState = "agreed"  // 相符
	TaskDenied  MakerTaskState = "denied"  // 不符
	TaskDropped MakerTaskState = "dropped" // 材料已退回
)

var taskNames = map[MakerTaskState]string{TaskOpen: "待答复", TaskAgreed: "相符", TaskDenied: "不符", TaskDropped: "材料已退回"}

// Name is the state as screens say it.
func (s MakerTaskState) Name() string { return taskNames[s] }

// Tone is how screens color it.
func (s MakerTaskState) Tone() string {
	return map[MakerTaskState]string{TaskOpen: "wait", TaskAgreed: "done", TaskDenied: "bad", TaskDropped: "void"}[s]
}

// MakerTask is the task to ask the unit that formed a material. The act that gives cause opens
// it: taking in what a person brings (14b), or an appraisal that ends in a question (13b).
// While it stands open the material is not filed.
type MakerTask struct {
	ID             string         `db:"id"`
	Version        int64          `db:"version"`
	No             string         `db:"no"`
	DossierID      string         `db:"dossier_id"`
	MaterialID     string         `db:"material_id"`
	Party          string         `db:"party,null"` // the unit; empty: it is not known yet
	Question       string         `db:"question"`
	State          MakerTaskState `db:"state"`
	OpenedBy       string         `db:"opened_by"`
	OpenedOn       string         `db:"opened_on"`
	DueOn          string         `db:"due_on"`
	ClosedOn       string         `db:"closed_on,null"`
	VerificationID string         `db:"verification_id,null"`
}

// Table names the table of these tasks.
func (MakerTask) Table() string { return "maker_task" }

func init() {
	store.Describe(MakerTask{})
	store.Register("maker_task", store.Audited, "向材料形成单位核实的任务：问什么、期限、结果")
}

// handedIn is what is asked of the maker of everything that a person hands in.
const handedIn = "本人提交的材料是否由该单位形成，内容是否相符"

// askMaker opens the task; one stands open a material.
func (k *Desk) askMaker(tx *gate.Tx, d *Dossier, m Material, question string) error {
	if _, err := openTask(tx, m.ID); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	n, err := tx.Number(fmt.Sprintf("%s/核实/%d", d.Agency, tx.Today().Year()))
	if err != nil {
		return err
	}
	i := MakerTask{ID: gate.NewID(), Version: 1, No: fmt.Sprintf("HS-%s-%d-%05d", d.Agency, tx.Today().Year(), n), DossierID: d.ID, MaterialID: m.ID, Party: m.Maker, Question: question, State: TaskOpen,
		OpenedBy: tx.Actor().ID, OpenedOn: tx.Today().String(), DueOn: tx.Today().AddDays(k.settings.Int(setting.CureDays)).String()}
	tx.Note("maker_task", i.No)
	return tx.Insert(i)
}

func openTask(tx *gate.Tx, materialID string) (MakerTask, error) {
	return store.Get[MakerTask](tx.Context(), tx, "WHERE material_id=? AND state='open'"+tx.ForUpdate(), materialID)
}

// answer closes the open task of a material with what its maker said; dropped when the piece
// goes back.
func answer(tx *gate.Tx, materialID, verificationID string, state MakerTaskState) error {
	i, err := openTask(tx, materialID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	i.State, i.VerificationID, i.ClosedOn = state, verificationID, tx.Today().String()
	return tx.Update(&i)
}

// MakerTasksOf lists the tasks about a material, the newest first.
func MakerTasksOf(ctx context.Context, q store.Querier, materialID string) ([]MakerTask, error) {
	return store.List[MakerTask](ctx, q, "WHERE material_id=? ORDER BY opened_on DESC, id DESC LIMIT 20", materialID)
}

// asked says why a material with an open question is not filed.
func asked(list []MakerTask) error {
	for _, i := range list {
		if i.State == TaskOpen {
			return rule.Refuse(rule.Reason{Rule: "13b", Slug: "maker_not_answered", Message: "核实任务 " + i.No + " 尚未答复，不能归档。", Next: "得到形成单位的答复后登记核实结果；逾期未答的请再次函询。"})
		}
	}
	return nil
}

// overdueTasks are the tasks whose term is over, for the clerks of the keeping agency.
func (k *Desk) overdueTasks(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	where, args := Scope(by)
	list, err := store.List[MakerTask](ctx, k.gate.DB(), "WHERE maker_task.state='open' AND maker_task.due_on<? AND EXISTS (SELECT 1 FROM material JOIN dossier ON dossier.id=material.dossier_id WHERE material.id=maker_task.material_id AND dossier.agency=? AND "+where+") ORDER BY maker_task.due_on, maker_task.id LIMIT 50",
		append([]any{k.gate.Today().String(), by.Org}, args...)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	dossiers, materials := make([]string, len(list)), make([]string, len(list))
	for i, x := range list {
		dossiers[i], materials[i] = x.DossierID, x.MaterialID
	}
	heads, err := Heads(ctx, k.gate.DB(), dossiers)
	if err != nil {
		return nil, err
	}
	byID, err := k.materialsOf(ctx, materials)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, x := range list {
		m := k.Seen(by, byID[x.MaterialID])
		if m.Withheld() {
			continue
		}
		out = append(out, work.Item{Room: "dossier", Kind: "材料核实", Subject: heads[x.DossierID].Name, SubjectNote: titleOf(m), DossierID: x.DossierID, Link: "/materials/" + x.MaterialID, Lane: work.Todo, Since: calendar.Date(x.OpenedOn).Time(), DueOn: x.DueOn, Basis: "13b",
			Todo: strings.TrimSpace("向形成单位再次核实 " + m.Maker), Action: "登记核实结果"})
	}
	return out, nil
}
