package message

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Actions on messages, as the policies name them.
const (
	ActPublish = "message.publish"
	ActContact = "message.contact"
	ActByHand  = "message.by_hand"
	ActResend  = "message.resend"
	ActRead    = "message.read"
)

// Desk is the room's door.
type Desk struct {
	gate *gate.Gate

	// Senders by way; a way without one keeps its messages queued. Set at the start only.
	Senders map[string]Sender
	// Reach says how a unit's worker is told now, whatever became of the authorization.
	Reach func(ctx context.Context, q store.Querier, workerID string) (way, address string, err error)
	// Link is the address of the one-time link that a message of a case carries, made when it
	// is sent; store.ErrNotFound when the link has ended.
	Link func(ctx context.Context, caseRef string) (string, error)
	// Applied says who is told of a case that has no dossier yet, by its reference.
	Applied func(ctx context.Context, q store.Querier, ref string) (Applicant, bool, error)
	// Dead says whether the dossier's person is registered as dead: nobody writes to them.
	Dead func(ctx context.Context, q store.Querier, dossierID string) (bool, error)
}

// New opens the room.
func New(g *gate.Gate) *Desk {
	return &Desk{gate: g, Senders: map[string]Sender{}, Reach: func(context.Context, store.Querier, string) (string, string, error) { return "", "", nil },
		Link: func(context.Context, string) (string, error) { return "", store.ErrNotFound },
		Dead: func(context.Context, store.Querier, string) (bool, error) { return false, nil }}
}

var (
	mobile  = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	mailbox = regexp.MustCompile(`^[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}$`)
)

// Publish makes a new wording of a template hold for the whole province (N1, 29.3).
func (k *Desk) Publish(ctx context.Context, by policy.Actor, template, text string) (w Wording, err error) {
	text = strings.TrimSpace(text)
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActPublish, Rules: []rule.ID{"29.3", "N1"}}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Template", ID: template}); err != nil {
			return err
		}
		now, err := k.wording(ctx, tx, template)
		if err != nil {
			return err
		}
		if no := Check(text); no != nil {
			return no
		}
		if first, _ := Find(template); strings.Contains(first.Text, "{链接}") != strings.Contains(text, "{链接}") {
			return rule.Mistake(rule.Reason{Rule: "29.3", Slug: "wording_link", Field: "text", Message: "这一模板带不带链接不能改。", Next: "请照原有用语写入或删去 {链接}。"})
		}
		if text == now.Text {
			return rule.Refuse(rule.Reason{Rule: "N1", Slug: "wording_same", Field: "text", Message: "内容与现行版本相同。", Next: "请修改后再发布。"})
		}
		w = Wording{ID: gate.NewID(), Template: template, Wording: now.Wording + 1, Text: text, PublishedBy: by.ID, PublishedAt: tx.Now()}
		return tx.Insert(w)
	})
	return w, err
}

// SetContact records how a person wants to be told; asking not to be written to is their
// right (PIPL 15).
func (k *Desk) SetContact(ctx context.Context, by policy.Actor, dossierID, way, address string) error {
	address = strings.TrimSpace(address)
	wrong := func(slug, field, message, next string) error {
		return rule.Mistake(rule.Reason{Rule: "29.8", Slug: slug, Field: field, Message: message, Next: next})
	}
	switch {
	case WayName(way) == "":
		return wrong("way_unknown", "way", "没有这种告知方式。", "请选择短信、电子邮件或不接收消息。")
	case way == SMS && !mobile.MatchString(address):
		return wrong("phone_wrong", "address", "手机号应为 11 位数字，以 13 至 19 开头。", "请核对本人提供的号码。")
	case way == Email && !mailbox.MatchString(address):
		return wrong("mailbox_wrong", "address", "邮箱地址有误。", "请核对，例如 zhang@example.cn。")
	case way == None:
		address = ""
	}
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: ActContact, Rules: []rule.ID{"29.8"}}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, dossierID)
		if err != nil {
			return err
		}
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		tx.Note("way", way)
		c, err := store.Get[Contact](ctx, tx, "WHERE person_id=?"+tx.ForUpdate(), d.PersonID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return tx.Insert(Contact{ID: gate.NewID(), Version: 1, PersonID: d.PersonID, Way: way, Address: address, NotedBy: by.ID, NotedAt: tx.Now()})
		case err != nil:
			return err
		}
		c.Way, c.Address, c.NotedBy, c.NotedAt = way, address, by.ID, tx.Now()
		return tx.Update(&c)
	})
	return err
}

// on performs one act on a message that did not arrive.
func (k *Desk) on(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, m *Message, d dossier.Dossier) error) (m Message, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: []rule.ID{"29.8"}}, func(tx *gate.Tx) error {
		if m, err = store.Get[Message](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		d, err := dossierOf(ctx, tx, m)
		if err != nil {
			return err
		}
		if d.ID != "" && m.KeptFrom == "" { // nor is one that is kept from somebody on the dossier's time line
			tx.About("Dossier", d.ID)
		}
		if err := tx.Permit(m.Resource(d)); err != nil {
			return err
		}
		if err := tx.Expect(m.Version); err != nil {
			return err
		}
		if no := m.waits(); no != nil {
			return no
		}
		if err := fn(tx, &m, d); err != nil {
			return err
		}
		m.HandledBy, m.EndedAt = by.ID, tx.Now()
		return tx.Update(&m)
	})
	return m, err
}

// waits says why a clerk has nothing to do with a message.
func (m Message) waits() *rule.Refusal {
	switch m.State {
	case Failed, Doubtful, Unaddressed:
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "29.8", Slug: "message_" + m.State, Message: "这条消息" + StateName(m.State) + "，不需要处理。", Next: "请在消息列表中查看未送达的。"})
}

// TellByHand records that a clerk told the person otherwise.
func (k *Desk) TellByHand(ctx context.Context, by policy.Actor, id, how string) (Message, error) {
	return k.on(ctx, by, ActByHand, id, func(_ *gate.Tx, m *Message, _ dossier.Dossier) error {
		if how = strings.TrimSpace(how); how == "" {
			return rule.Complete(rule.Reason{Rule: "29.8", Slug: "how_missing", Field: "note", Message: "没有写明怎样告知本人。", Next: "请填写，例如：11月26日电话告知本人。"})
		}
		m.State, m.Note = ByHand, how
		return nil
	})
}

// Resend says the same again, to where the person is reached now.
func (k *Desk) Resend(ctx context.Context, by policy.Actor, id string) (Message, error) {
	return k.on(ctx, by, ActResend, id, func(tx *gate.Tx, m *Message, d dossier.Dossier) error {
		again := *m
		var err error
		if again.Way, again.Address, err = k.reached(ctx, tx, *m, d); err != nil {
			return err
		}
		if again.Address == "" {
			return rule.Complete(rule.Reason{Rule: "29.8", Slug: "contact_missing", Message: "没有可用的电话或邮箱。", Next: "请先登记联系方式，或人工告知后登记；单位经办人的在集体户中登记。"})
		}
		again.ID, again.Version, again.State, again.Why, again.Receipt, again.HandledBy, again.Note = gate.NewID(), 1, Queued, "", "", "", ""
		again.CreatedAt, again.EndedAt = tx.Now(), time.Time{}
		m.State = Replaced
		return tx.Insert(again)
	})
}

// Succeed makes the successor of a merged agency go on with what did not arrive,
// and gives its clerks the inbox.
func Succeed(tx *gate.Tx, from, to agency.Agency) (int, error) {
	_, err := agency.HandOver(tx, "agency=? AND state IN ('queued','failed','doubtful','unaddressed')", []any{from.ID}, func(m *Message) error {
		m.Agency = to.ID
		return tx.Update(m)
	})
	if err != nil {
		return 0, err
	}
	_, err = agency.HandOver(tx, "agency=?", []any{from.ID}, func(n *Notice) error {
		n.Agency = to.ID
		return tx.Update(n)
	})
	return 0, err
}
