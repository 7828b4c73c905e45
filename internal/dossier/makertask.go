package dossier

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/document"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
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
	LetterID       string         `db:"letter_id,null"` // the last 材料核实函
	Letter         string         `db:"letter,null"`    // its number
}

// Table names the table of these tasks.
func (MakerTask) Table() string { return "maker_task" }

func init() {
	store.Describe(MakerTask{})
	store.Register("maker_task", store.Audited, "向材料形成单位核实的任务：问什么、期限、结果")
}

// handedIn is what is asked of the maker of everything that another hands in.
const handedIn = "提交的材料是否由该单位形成，内容是否相符"

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

// Inquire issues the 材料核实函 of an open task: the letter to the unit, and the answer that
// comes back. party is the unit, where the receipt did not tell it. A second one is written
// when the first was not answered.
func (k *Desk) Inquire(ctx context.Context, by policy.Actor, id, party string) (m Material, letter document.Document, err error) {
	m, err = k.onMaterial(ctx, by, "material.inquire", []rule.ID{"13b", "14b"}, id, func(tx *gate.Tx, d *Dossier, m *Material) error {
		if m.Title == "" {
			return rule.Refuse(rule.Reason{Rule: "15", Slug: "secret_on_paper_only", Message: "涉密件不在本系统出具函件。", Next: "请按保密规定另行函询，得到答复后登记核实结果。"})
		}
		if err := m.onlyPaper(party); err != nil {
			return err
		}
		t, err := openTask(tx, m.ID)
		if errors.Is(err, store.ErrNotFound) {
			return rule.Refuse(rule.Reason{Rule: "14b", Slug: "no_maker_task", Message: "这份材料没有待答复的核实任务。", Next: "鉴别中有疑问的，结论选“核实”并写明核实事项。"})
		} else if err != nil {
			return err
		}
		if party = strings.TrimSpace(party); party != "" {
			t.Party = party
		}
		if t.Party == "" {
			return rule.Mistake(rule.Reason{Rule: "14b", Slug: "maker_unknown", Field: "party", Message: "没有写明向哪个单位核实。", Next: "请填写材料形成单位全称；单位已撤并的，写承继单位或主管部门。"})
		}
		office, err := agency.Get(ctx, tx, d.Agency)
		if err != nil {
			return err
		}
		p, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		name := m.Public().Label()
		letter, err = k.Press.Issue(tx, document.Draft{Kind: document.MakerInquiry, Agency: office, CaseRef: "Material:" + m.ID, DossierID: d.ID, Addressee: t.Party, IDTail: identity.LastFour(p.IDNo), ValidUntil: t.DueOn, Form: true, Notice: document.Foot, Title: "材料核实函",
			Write: func(out *paper.Document, i issue) {
				fields := []paper.Field{{Label: "核实任务号", Value: t.No}, {Label: "姓名", Value: p.Name}, {Label: "公民身份号码", Value: identity.Mask(p.IDNo)}, {Label: "材料名称", Value: name}, {Label: "形成时间", Value: orDash(m.Formed())},
					{Label: "份数、页数", Value: fmt.Sprintf("%d份 %d页", m.Copies, m.Pages)}, {Label: "核实事项", Value: t.Question, Wide: true}}
				out.Part(paper.Part{Label: "正本", Note: "送材料形成单位"}).Addressee(t.Party).
					Paragraph("按照《流动人员人事档案管理服务规定》第十三条、第十四条，材料归档前须向形成单位核实。下列材料请核对，并于"+calendar.Date(t.DueOn).Long()+"前书面答复；请勿要求存档人往返证明。").
					Fields(2, fields...).Close(paper.Closing{Issuer: office.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + tx.Actor().Name, "联系电话：" + office.Phone}})
				out.Part(paper.Part{Label: "答复", Note: "由材料形成单位填写后寄回"}).
					Fields(2, paper.Field{Label: "核实任务号", Value: t.No}, paper.Field{Label: "核实结果", Value: paper.Choose([]string{"相符", "不符", "查无此件"}, "")}, paper.Field{Label: "不符之处、说明", Value: "", Wide: true}).
					Signatures("答复人", "单位盖章", "日期")
			}})
		if err != nil {
			return err
		}
		t.LetterID, t.Letter = letter.ID, letter.Number
		tx.Note("maker_task", t.No)
		return tx.Update(&t)
	})
	return m, letter, err
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
	heads, byID, err := k.pieces(ctx, by, dossiers, materials)
	if err != nil {
		return nil, err
	}
	var out []work.Item
	for _, x := range list {
		m := byID[x.MaterialID]
		if m.Withheld() {
			continue
		}
		out = append(out, work.Item{Room: "dossier", Kind: "材料核实", Subject: heads[x.DossierID].Name, SubjectNote: titleOf(m), DossierID: x.DossierID, Link: "/materials/" + x.MaterialID, Lane: work.Todo, Since: calendar.Date(x.OpenedOn).Time(), DueOn: x.DueOn, Basis: "13b",
			Todo: strings.TrimSpace("向形成单位再次核实 " + m.Maker), Action: "登记核实结果"})
	}
	return out, nil
}
