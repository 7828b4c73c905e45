package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/mandate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Notice is one version of the notice of rights and duties (12a; forms.md 16): for persons
// the 个人存档须知, for units the 集体存档协议.
type Notice struct {
	ID          string    `db:"id"`
	Version     int64     `db:"version"`
	No          string    `db:"no"`
	Kind        string    `db:"kind"` // Personal, Collective
	Text        string    `db:"text"`
	PublishedBy string    `db:"published_by"`
	PublishedAt time.Time `db:"published_at"`
	Again       bool      `db:"again,null"` // those who accepted an older one have to accept this
}

// Table names the table of notices.
func (Notice) Table() string { return "account_notice" }

// Acceptance says who accepted which version, when and how.
type Acceptance struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	Agency     string    `db:"agency"`
	AccountID  string    `db:"account_id,null"`
	DossierID  string    `db:"dossier_id,null"`
	NoticeNo   string    `db:"notice_no"`
	Way        string    `db:"way"`
	AcceptedBy string    `db:"accepted_by,secret"`
	AcceptedOn string    `db:"accepted_on"`
	RecordedBy string    `db:"recorded_by"`
	RecordedAt time.Time `db:"recorded_at"`
}

// Table names the table of acceptances.
func (Acceptance) Table() string { return "account_acceptance" }

func init() {
	store.Describe(Notice{}, Acceptance{})
	store.Register("account_notice", store.Audited, "权利义务须知的各个版本")
	store.Register("account_acceptance", store.Audited, "须知由谁、何时、怎样接受，姓名加密")
}

// Ways in which a notice is accepted.
const (
	OnScreen = "screen"
	OnPaper  = "paper"
	OnLink   = "link" // by the person, behind a one-time link
)

// WayName is how it was accepted, as screens say it.
func WayName(way string) string {
	return map[string]string{OnScreen: "屏幕阅读后同意", OnPaper: "纸质签字", OnLink: "网上链接"}[way]
}

// NoticeName is what a notice is called.
func NoticeName(kind string) string {
	if kind == Collective {
		return "集体存档协议"
	}
	return "个人存档须知"
}

// first are the texts that hold until the province publishes its own.
var first = map[string]string{
	Personal: `一、您的权利：存档和各项服务不收取任何费用；有权知道档案中缺少哪些材料；可以申请出具证明、查询、转递；对不予办理可以提出异议、投诉；个人信息受到保护，只用于档案管理服务。
二、您的义务：提供的信息和材料真实；形成的材料在一个月内移交；联系方式变更时及时告知；不得私自保管、携带、拆封档案。
三、档案按规定由机构之间转递，不由本人携带。
四、死亡、失联、单位注销等情形，按《流动人员人事档案管理服务规定》办理。
五、同意为办理存档服务处理您的个人信息。`,
	Collective: `一、单位的权利：存档和各项服务不收取任何费用；按规定查询、利用本单位职工的档案；对不予办理可以提出异议、投诉。
二、单位的义务：指定经办人并出具授权，授权变更或终止时及时告知；如实提供职工名册，职工进出及时办理；形成的材料在一个月内移交；不得私自保管、扣留档案。
三、档案管理服务机构的义务：安全保管，按时收集、鉴别、归档，按规定提供利用和转递，不收取费用。
四、注销集体账户的，名下档案转递或转为职工个人账户后办理；单位注销登记或失联的，由机构凭依据转为个人账户并告知本人。
五、同意为办理存档服务处理职工的个人信息。`,
}

const firstNo = "2026-1"

// Current is the version that is put to acceptance now.
func Current(ctx context.Context, q store.Querier, kind string) (Notice, error) {
	n, err := store.Get[Notice](ctx, q, "WHERE kind=? ORDER BY published_at DESC, id DESC LIMIT 1", kind)
	if errors.Is(err, store.ErrNotFound) {
		return Notice{No: firstNo, Kind: kind, Text: first[kind]}, nil
	}
	return n, err
}

// Notices lists the versions of a kind, the newest first; the first of all is the program's own.
func (k *Desk) Notices(ctx context.Context, kind string) ([]Notice, error) {
	list, err := store.List[Notice](ctx, k.gate.DB(), "WHERE kind=? ORDER BY published_at DESC, id DESC LIMIT 100", kind)
	return append(list, Notice{No: firstNo, Kind: kind, Text: first[kind]}), err
}

// Publish makes a text the version that is put to acceptance from now on; acceptances of
// earlier ones stay. Where it asks again, those who accepted an older one stand on the list
// of notices to be accepted, and the agencies that have such accounts are told.
func (k *Desk) Publish(ctx context.Context, by policy.Actor, kind, text string, again bool) (n Notice, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActPublish, Rules: []rule.ID{"12a"}}, func(tx *gate.Tx) error {
		n = Notice{ID: gate.NewID(), Version: 1, Kind: kind, Text: strings.TrimSpace(text), PublishedBy: by.ID, PublishedAt: tx.Now(), Again: again}
		if err := tx.Permit(policy.Resource{Type: "AccountNotice", ID: n.ID}); err != nil {
			return err
		}
		var wrong []rule.Reason
		if kind != Personal && kind != Collective {
			wrong = append(wrong, rule.Reason{Rule: "12a", Slug: "notice_kind", Field: "kind", Message: "没有选择须知的种类。", Next: "请选择个人存档须知或集体存档协议。"})
		}
		if len([]rune(n.Text)) < 50 {
			wrong = append(wrong, rule.Reason{Rule: "12a", Slug: "notice_short", Field: "text", Message: "须知没有写明双方的权利和义务。", Next: "请写明权利、义务、单位注销等情形的处理、个人信息处理，不少于 50 字。"})
		}
		if !strings.Contains(n.Text, "不收取") && !strings.Contains(n.Text, "免费") {
			wrong = append(wrong, rule.Reason{Rule: "8", Slug: "notice_free", Field: "text", Message: "须知没有写明服务免费。", Next: "请写明存档服务不收取任何费用。"})
		}
		if len(wrong) > 0 {
			return rule.Mistake(wrong...)
		}
		seq, err := tx.Number(fmt.Sprintf("须知/%s/%d", kind, tx.Today().Year()))
		if err != nil {
			return err
		}
		n.No = fmt.Sprintf("%d-%d", tx.Today().Year(), seq+1) // the program's own is -1
		if err := tx.Insert(n); err != nil || !again {
			return err
		}
		return k.askAgain(tx, n)
	})
	return n, err
}

// MayPublish says whether an actor publishes, or who does.
func (k *Desk) MayPublish(by policy.Actor) []gate.Possible {
	if p, ok := k.gate.Possible(by, ActPublish, "发布新版本", policy.Resource{Type: "AccountNotice"}, nil); ok {
		return []gate.Possible{p}
	}
	return nil
}

// Accepting is what is recorded when a notice is accepted.
type Accepting struct {
	No        string // version that was read
	Way       string
	By        string // name of who accepted it
	MandateID string // of an agent who accepts for the person
}

// lacks says what is missing of it; field is how the form calls it.
func (a *Accepting) lacks() (missing []rule.Reason) {
	a.By = strings.TrimSpace(a.By)
	if a.Way != OnScreen && a.Way != OnPaper && a.Way != OnLink || a.By == "" {
		missing = append(missing, rule.Reason{Rule: "12a", Slug: "notice_not_accepted", Field: "noticeWay", Message: "没有登记权利义务须知由谁、怎样接受。", Next: "请把现行须知交其阅读，屏幕确认或纸质签字后登记。"})
	}
	return missing
}

// Check holds an acceptance to the version that is put to acceptance now.
func (a *Accepting) Check(ctx context.Context, q store.Querier, kind string) ([]rule.Reason, error) {
	if missing := a.lacks(); missing != nil {
		return missing, nil
	}
	now, err := Current(ctx, q, kind)
	if err == nil && a.No != now.No {
		return []rule.Reason{{Rule: "12a", Slug: "notice_old", Field: "noticeWay", Message: "接受的不是现行的" + NoticeName(kind) + "（" + now.No + "）。", Next: "请把现行版本交其阅读后重新登记。"}}, nil
	}
	return nil, err
}

// Record writes an acceptance inside the act that opens the account.
func (a Accepting) Record(tx *gate.Tx, agency, accountID, dossierID string) error {
	return tx.Insert(Acceptance{ID: gate.NewID(), Version: 1, Agency: agency, AccountID: accountID, DossierID: dossierID, NoticeNo: a.No, Way: a.Way, AcceptedBy: a.By, AcceptedOn: tx.Today().String(), RecordedBy: tx.Actor().ID, RecordedAt: tx.Now()})
}

// Accept records that the person of a dossier accepted the present version: at the next
// contact after a new one was published, or where stock never had one.
func (k *Desk) Accept(ctx context.Context, by policy.Actor, dossierID string, a Accepting) (out Acceptance, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActAccept, Rules: []rule.ID{"12a"}}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, dossierID)
		if err != nil {
			return err
		}
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		if dead, err := k.Dead(ctx, tx, d.ID); err != nil {
			return err
		} else if dead {
			return rule.Refuse(rule.Reason{Rule: "20c", Slug: "person_dead", Message: "存档人已登记死亡，账户已终止，不再登记须知接受。", Next: "登记有误的，先撤销死亡登记。"})
		}
		missing, err := a.Check(ctx, tx, Personal)
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			return rule.Complete(missing...)
		}
		if err := unaccepted(ctx, tx, d, a.No); err != nil {
			return err
		}
		agent, err := dossier.ByAgent(tx, d, a.MandateID, mandate.Notice, "Dossier:"+d.ID, nil)
		if err != nil {
			return err
		}
		if agent != nil {
			a.By = agent.For()
		}
		tx.About("Dossier", d.ID)
		if err := a.Record(tx, d.Agency, "", d.ID); err != nil || d.AccountKind != Personal {
			return err
		}
		p, err := current(tx, d.ID)
		if err != nil {
			return err
		}
		if p == nil {
			fresh, err := openPersonal(tx, d, ByStock, "", &a)
			if err != nil {
				return err
			}
			return issueTerms(tx, k.press, fresh, a)
		}
		return k.accepted(tx, p.ID, a)
	})
	if err != nil {
		return out, err
	}
	return store.Get[Acceptance](ctx, k.gate.DB(), "WHERE dossier_id=? ORDER BY id DESC LIMIT 1", dossierID)
}

// accepted notes on a personal account which version its person accepted, and issues the paper.
func (k *Desk) accepted(tx *gate.Tx, id string, a Accepting) error {
	p, err := store.Get[PersonalAccount](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id)
	if err != nil {
		return err
	}
	if err := p.accept(tx, a.No); err != nil {
		return err
	}
	tx.About("PersonalAccount", p.ID)
	if err := tx.Update(&p); err != nil {
		return err
	}
	return issueTerms(tx, k.press, p, a)
}

// askAgain tells every agency with accounts that a version has to be accepted anew.
func (k *Desk) askAgain(tx *gate.Tx, n Notice) error {
	from, link := "personal_account", "/account-notices/waiting?view=again"
	if n.Kind == Collective {
		from, link = "unit_account", "/units?view=unagreed"
	}
	rows, err := tx.Query(tx.Context(), "SELECT DISTINCT agency FROM "+from+" WHERE state='open' ORDER BY agency")
	if err != nil {
		return err
	}
	defer rows.Close()
	var agencies []string
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return err
		}
		agencies = append(agencies, code)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	for _, code := range agencies {
		if err := message.Inform(tx, message.Notice{Agency: code, Post: "clerk", Subject: NoticeName(n.Kind) + "有新版本", Text: "已接受旧版本的须接受" + n.No + "，请在名单中逐一办理", CaseRef: "AccountNotice:" + n.ID, Link: link}); err != nil {
			return err
		}
	}
	return nil
}

// unaccepted refuses a second acceptance of the same version at the same agency.
func unaccepted(ctx context.Context, q store.Querier, d dossier.Dossier, no string) error {
	n, err := store.Count(ctx, q, "SELECT count(*) FROM account_acceptance WHERE dossier_id=? AND agency=? AND notice_no=?", d.ID, d.Agency, no)
	if err != nil || n == 0 {
		return err
	}
	return rule.Refuse(rule.Reason{Rule: "12a", Slug: "notice_accepted", Message: "本人已接受现行须知（" + no + "）。", Next: "发布新版本后再登记。"})
}

// Acceptances lists who accepted what for a dossier or an account, the newest first.
func (k *Desk) Acceptances(ctx context.Context, column, id string) ([]Acceptance, error) {
	where := "WHERE account_id=?"
	if column == "dossier" {
		where = "WHERE dossier_id=?"
	}
	return store.List[Acceptance](ctx, k.gate.DB(), where+" ORDER BY id DESC LIMIT 50", id)
}

// Offers is what a dossier's page says: the present notice was not accepted yet.
func (k *Desk) Offers(ctx context.Context, q store.Querier, by policy.Actor, d dossier.Dossier) ([]gate.Possible, error) {
	if d.State == dossier.Left || d.AccountKind != Personal {
		return nil, nil
	}
	now, err := Current(ctx, q, Personal)
	if err != nil {
		return nil, err
	}
	var refused *rule.Refusal
	if err := unaccepted(ctx, q, d, now.No); errors.As(err, &refused) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	p, ok := k.gate.Possible(by, ActAccept, "登记须知接受", d.Resource(), nil)
	if !ok {
		return nil, nil
	}
	return []gate.Possible{p}, nil
}

// day is a day as refusals say it.
func day(d string) string { return calendar.Date(d).Long() }

// Agree records that a unit accepted the present agreement (12a): at the next contact after a
// version that asks again, or where an account of the stock never had one. Its worker accepts.
func (k *Desk) Agree(ctx context.Context, by policy.Actor, id string, x Accepting) (a Account, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActAgree, Rules: []rule.ID{"12a"}}, func(tx *gate.Tx) error {
		if a, err = store.Get[Account](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(a.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(a.Version); err != nil {
			return err
		}
		if a.State != Open {
			return a.close(Closing{}, "", tx.Now(), 0)
		}
		missing, err := x.Check(ctx, tx, Collective)
		if err != nil {
			return err
		}
		if len(missing) > 0 {
			return rule.Complete(missing...)
		}
		n, err := store.Count(ctx, tx, "SELECT count(*) FROM account_acceptance WHERE account_id=? AND notice_no=?", a.ID, x.No)
		if err != nil {
			return err
		}
		if n > 0 {
			return rule.Refuse(rule.Reason{Rule: "12a", Slug: "agreement_accepted", Message: "单位已接受现行协议（" + x.No + "）。", Next: "发布新版本后再登记。"})
		}
		workers, err := store.List[Worker](ctx, tx, "WHERE account_id=? ORDER BY id DESC LIMIT 200", a.ID)
		if err != nil {
			return err
		}
		if err := anyHolds(a, workers, tx.Today()); err != nil {
			return err
		}
		of := slices.IndexFunc(workers, func(w Worker) bool { return w.holds(tx.Today()) && w.Name == x.By })
		if of < 0 {
			return rule.Complete(rule.Reason{Rule: "12a", Slug: "not_the_worker", Field: "noticeBy", Message: "接受人不是授权有效的单位经办人。", Next: "请由登记的经办人接受，或先登记新的授权。"})
		}
		w := workers[of]
		if err := a.visited(tx, w, a.Ref()); err != nil {
			return err
		}
		who := Authorization{Name: w.Name, LetterNo: w.LetterNo, Until: calendar.Date(w.UntilOn)}
		tx.About("UnitAccount", a.ID)
		if err := x.Record(tx, a.Agency, a.ID, ""); err != nil {
			return err
		}
		return k.issueAgreement(tx, a, x, who)
	})
	return a, err
}
