package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Link is a one-time link on which a person reads and accepts the notice (12a).
type Link struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	Agency    string    `db:"agency"`
	AccountID string    `db:"account_id"`
	DossierID string    `db:"dossier_id"`
	Salt      string    `db:"salt"`
	Digest    string    `db:"digest"`
	SentBy    string    `db:"sent_by"`
	SentAt    time.Time `db:"sent_at"`
	UntilOn   string    `db:"until_on"`
	State     string    `db:"state"`
}

// Table names the table of links.
func (Link) Table() string { return "notice_link" }

func init() {
	store.Describe(Link{})
	store.Register("notice_link", store.Audited, "须知接受的一次性链接，只存密文摘要")
}

// States of a link.
const (
	linkOpen  = "open"
	linkUsed  = "used"
	linkEnded = "ended"
)

// StateName is where a link stands on a day, as screens say it.
func (l Link) StateName(today calendar.Date) string {
	if l.State == linkOpen && calendar.Date(l.UntilOn) < today {
		return "已过期"
	}
	return map[string]string{linkOpen: "待接受", linkUsed: "已接受", linkEnded: "已作废"}[l.State]
}

// linkDays is how long a link can be used.
const linkDays = 14

// public is who holds a link: nobody that the system knows.
var public = policy.Actor{ID: "public", Kind: policy.Public}

// ByLink is the way of reminding by a one-time link.
const ByLink = "link"

// RemindWays are the other ways, as the form lists them.
var RemindWays = []string{"电话", "邮寄", "当面", "单位转告"}

// RemindName is how a person was reminded, as screens say it.
func RemindName(way string) string {
	if way == ByLink {
		return "一次性链接"
	}
	return way
}

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// token is the secret of a link: under a key that the database does not hold, so it is kept
// nowhere and can be written into the message when that goes out.
func (k *Desk) token(l Link) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(k.Keys.Index("notice link", l.ID+" "+l.Salt)[:20]))
}

// Remind records that a person was asked to accept the notice; by link, the message with it
// is written in the same act.
func (k *Desk) Remind(ctx context.Context, by policy.Actor, id, way string) (p PersonalAccount, err error) {
	if p, err = store.Get[PersonalAccount](ctx, k.gate.DB(), "WHERE id=?", id); err != nil {
		return p, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRemind, Rules: []rule.ID{"12a"}, On: p.Ref()}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, p.DossierID)
		if err != nil {
			return err
		}
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		if p, err = store.Get[PersonalAccount](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Expect(p.Version); err != nil {
			return err
		}
		switch owes, err := p.owes(ctx, tx); {
		case err != nil:
			return err
		case owes == "":
			return rule.Refuse(rule.Reason{Rule: "12a", Slug: "nothing_owed", Message: "这一账户没有待接受的须知。", Next: "请刷新后查看。"})
		}
		tx.About("Dossier", d.ID)
		tx.About("PersonalAccount", p.ID)
		tx.Note("way", way)
		switch {
		case way == ByLink:
			reachable, err := k.messages.Reachable(ctx, tx, d)
			if err != nil {
				return err
			}
			if k.Public == "" || !reachable {
				return rule.Refuse(rule.Reason{Rule: "12a", Slug: "not_reachable", Field: "way", Message: "本人没有可以接收消息的手机号或邮箱，或系统没有对外的网址，不能发送链接。", Next: "请先登记本人的告知方式，或改用电话、邮寄、当面。"})
			}
			if err := k.send(tx, p); err != nil {
				return err
			}
		case !slices.Contains(RemindWays, way):
			return rule.Mistake(rule.Reason{Rule: "12a", Slug: "remind_way", Field: "way", Message: "没有选择怎样提醒。", Next: "请从列表中选择一种。"})
		}
		p.Reminded, p.RemindedOn, p.RemindedBy = p.Reminded+1, tx.Today().String(), way
		return tx.Update(&p)
	})
	return p, err
}

// send writes a new link; the one before it ends.
func (k *Desk) send(tx *gate.Tx, p PersonalAccount) error {
	before, err := store.List[Link](tx.Context(), tx, "WHERE account_id=? AND state='open' ORDER BY id"+tx.ForUpdate(), p.ID)
	if err != nil {
		return err
	}
	for _, l := range before {
		l.State = linkEnded
		if err := tx.Update(&l); err != nil {
			return err
		}
	}
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return err
	}
	l := Link{ID: gate.NewID(), Version: 1, Agency: p.Agency, AccountID: p.ID, DossierID: p.DossierID, Salt: hex.EncodeToString(salt), SentBy: tx.Actor().ID, SentAt: tx.Now(), UntilOn: tx.Today().AddDays(linkDays).String(), State: linkOpen}
	l.Digest = digest(k.token(l))
	tx.Note("due", l.UntilOn)
	return tx.Insert(l)
}

// Address is the address of the link that a message of an account carries; store.ErrNotFound
// when it can be used no more.
func (k *Desk) Address(ctx context.Context, accountID string) (string, error) {
	l, err := store.Get[Link](ctx, k.gate.DB(), "WHERE account_id=? ORDER BY id DESC LIMIT 1", accountID)
	if err != nil {
		return "", err
	}
	if _, _, err := k.usable(ctx, k.gate.DB(), l); err != nil {
		return "", err
	}
	return strings.TrimSuffix(k.Public, "/") + "/notice#" + k.token(l), nil
}

// usable is the account of a link that can be used now: store.ErrNotFound for one that is
// used, ended, over its date, or whose account owes nothing any more, all alike.
func (k *Desk) usable(ctx context.Context, q store.Querier, l Link) (p PersonalAccount, now Notice, err error) {
	if l.State != linkOpen || calendar.Date(l.UntilOn) < k.gate.Today() {
		return p, now, store.ErrNotFound
	}
	if p, err = store.Get[PersonalAccount](ctx, q, "WHERE id=?", l.AccountID); err != nil {
		return p, now, err
	}
	owes, err := p.owes(ctx, q)
	if err != nil {
		return p, now, err
	}
	if owes == "" {
		return p, now, store.ErrNotFound
	}
	now, err = Current(ctx, q, Personal)
	return p, now, err
}

// LinkPage is all that a link shows: who asks, until when, and the notice; nobody's name.
type LinkPage struct {
	Agency, Until string
	Notice        Notice
}

// OpenLink is what the page behind a link shows.
func (k *Desk) OpenLink(ctx context.Context, token string) (out LinkPage, err error) {
	l, err := store.Get[Link](ctx, k.gate.DB(), "WHERE digest=?", digest(token))
	if err != nil {
		return out, err
	}
	_, now, err := k.usable(ctx, k.gate.DB(), l)
	return LinkPage{l.Agency, l.UntilOn, now}, err
}

// Signing is what a person sends from the page behind a link.
type Signing struct {
	NoticeNo string // that was shown
	Name     string
	IDTail   string // last four of the identity number: whoever found the telephone is not them
	Agreed   bool
}

// Sign records that the person behind a link accepted the notice; the link is used.
func (k *Desk) Sign(ctx context.Context, token string, s Signing) (a Acceptance, err error) {
	l, err := store.Get[Link](ctx, k.gate.DB(), "WHERE digest=?", digest(token))
	if err != nil {
		return a, err
	}
	if _, _, err := k.usable(ctx, k.gate.DB(), l); err != nil {
		return a, err
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: public, Action: ActSign, Rules: []rule.ID{"12a"}, On: "PersonalAccount:" + l.AccountID}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, l.DossierID)
		if err != nil {
			return err
		}
		if l, err = store.Get[Link](ctx, tx, "WHERE id=?"+tx.ForUpdate(), l.ID); err != nil {
			return err
		}
		r := d.Resource()
		if err := tx.Permit(policy.Resource{Type: "NoticeLink", ID: l.ID, Agencies: r.Agencies, Secrecy: r.Secrecy, Attrs: map[string]any{"agency": l.Agency, "state": l.State}}); err != nil {
			return err
		}
		p, now, err := k.usable(ctx, tx, l)
		if err != nil {
			return err
		}
		who, err := person.Get(ctx, tx, d.PersonID)
		if err != nil {
			return err
		}
		if err := s.check(now, who); err != nil {
			return err
		}
		accepting := Accepting{No: now.No, Way: OnLink, By: who.Name}
		if err := accepting.Record(tx, d.Agency, "", d.ID); err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := k.accepted(tx, p.ID, accepting); err != nil {
			return err
		}
		l.State = linkUsed
		if err := tx.Update(&l); err != nil {
			return err
		}
		a = Acceptance{NoticeNo: now.No, AcceptedOn: tx.Today().String()}
		return message.Inform(tx, message.Notice{Agency: p.Agency, Post: "clerk", StaffID: l.SentBy, Subject: "本人已网上接受存档须知", Text: NoticeName(Personal) + "（" + now.No + "）已接受，须知文书已出具", DossierID: d.ID, CaseRef: p.Ref(), Link: "/personal-accounts/" + p.ID})
	})
	return a, err
}

// check holds what was sent to whom the link is for.
func (s Signing) check(now Notice, who person.Person) error {
	wrong := func(slug, field, message, next string) error {
		return rule.Mistake(rule.Reason{Rule: "12a", Slug: slug, Field: field, Message: message, Next: next})
	}
	bare := func(name string) string { return strings.NewReplacer(" ", "", "　", "", "·", "").Replace(name) }
	switch tail := strings.ToUpper(strings.TrimSpace(s.IDTail)); {
	case s.NoticeNo != now.No:
		return wrong("notice_changed", "", "须知刚才发布了新版本。", "请重新打开链接，阅读新版本。")
	case !s.Agreed:
		return wrong("not_agreed", "agreed", "没有勾选“已阅读并接受”。", "请阅读后勾选；不同意的，请与机构联系。")
	case bare(s.Name) != bare(who.Name), len(tail) != 4, !strings.HasSuffix(who.IDNo, tail):
		return wrong("not_the_person", "name", "姓名或证件号码后四位与登记的不一致。", "请照居民身份证填写；仍不一致的，请到窗口办理。")
	}
	return nil
}
