package transfer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/custody"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/store"
)

// listMost is how many dossiers one letter may name: what one signature stands for can be counted by hand.
const listMost = 200

// States of a list: one letter of a school or unit that names many (升学, 20b).
const (
	ListOpen   = "open"   // cases under way, to be reviewed
	ListPacked = "packed" // sealed in one packet
	ListSent   = "sent"
	ListDone   = "done"
)

// ListStateName is a list's state as screens say it.
func ListStateName(state string) string {
	return map[string]string{ListOpen: "审核中", ListPacked: "待寄送", ListSent: "待回执", ListDone: "已办结"}[state]
}

// List is what goes to one school on one letter: one review, one signature, one packet
// with one list. Each dossier in it is a case of its own.
type List struct {
	ID           string    `db:"id"`
	Version      int64     `db:"version"`
	No           string    `db:"no"`
	State        string    `db:"state"`
	Agency       string    `db:"agency"`
	ReceiverName string    `db:"receiver_name"`
	ReceiverAddr string    `db:"receiver_addr,null"`
	Province     string    `db:"province,null"`
	Reason       string    `db:"reason"`
	LetterNo     string    `db:"letter_no"`
	LetterOn     string    `db:"letter_on"`
	Verified     string    `db:"verified"`
	ReceivedOn   string    `db:"received_on"`
	DueOn        string    `db:"due_on"`
	DueTentative bool      `db:"due_tentative"`
	Persons      int64     `db:"persons"`
	LeftOut      string    `db:"left_out,null,secret"` // JSON: whom the letter names and who is not on the list, with the reasons
	RegisteredBy string    `db:"registered_by"`
	RegisteredAt time.Time `db:"registered_at"`
	ReviewedBy   string    `db:"reviewed_by,null"`
	ReviewedAt   time.Time `db:"reviewed_at,null"`
	PackedBy     string    `db:"packed_by,null"`
	PackedAt     time.Time `db:"packed_at,null"`
	SealNo       string    `db:"seal_no,null"`
	NoticeNo     string    `db:"notice_no,null"`
	Way          string    `db:"way,null"`
	TrackingNo   string    `db:"tracking_no,null"`
	Messengers   string    `db:"messengers,null,secret"`
	DispatchedOn string    `db:"dispatched_on,null"`
	DispatchedBy string    `db:"dispatched_by,null"`
	ReceiptDue   string    `db:"receipt_due,null"`
	ReceiptNo    string    `db:"receipt_no,null"`
	ReceiptOn    string    `db:"receipt_on,null"`
	ChangedAt    time.Time `db:"changed_at"`
}

// Table names the table of lists.
func (List) Table() string { return "transfer_list" }

func init() {
	store.Describe(List{})
	store.Register("transfer_list", store.Audited, "批量转出：一函一批，一次审核、一次签名、一个包封")
}

// Tone is the state's color on screens.
func (l List) Tone() string {
	switch l.State {
	case ListSent:
		return "wait"
	case ListDone:
		return "done"
	}
	return "run"
}

// Carriers are who brings the packet, where it goes by messenger.
func (l List) Carriers() []MessengerID { return Case{Messengers: l.Messengers}.Carriers() }

// Ref names the list in papers and in the ledger.
func (l List) Ref() string { return "TransferList:" + l.ID }

// Resource is the list as the policies see it.
func (l List) Resource() policy.Resource {
	return policy.Resource{Type: "TransferList", ID: l.ID, Agencies: []string{l.Agency}, Attrs: map[string]any{"holder": l.Agency, "state": l.State, "registeredBy": l.RegisteredBy}}
}

// Named is one person the letter names: by the identity number on it, or by the number on
// the packet that was found for the name.
type Named struct {
	Name      string `json:"name"`
	IDNo      string `json:"idNo,omitempty"`
	DossierNo string `json:"dossierNo,omitempty"`
}

// number is by what the person is told apart from others of the letter.
func (n Named) number() string { return n.IDNo + n.DossierNo }

// read takes a line as it was entered: what looks like an identity number is one, anything
// else is the number of a dossier.
func (n *Named) read(today calendar.Date) (field, message string) {
	raw := strings.ToUpper(strings.TrimSpace(n.IDNo))
	n.Name, n.IDNo, n.DossierNo = strings.TrimSpace(n.Name), identity.Normalize(raw), ""
	switch {
	case n.IDNo == "":
		return "idNo", "没有公民身份号码或档案编号"
	case strings.Contains(raw, "-"): // 50010801-2026-000001
		n.IDNo, n.DossierNo = "", raw
	default:
		who, bad := identity.Parse(n.IDNo, today)
		if bad != "" {
			return "idNo", "公民身份号码有误：" + identity.ProblemText(bad)
		}
		n.IDNo = who.Number
	}
	if n.Name == "" {
		return "name", "没有姓名"
	}
	return "", ""
}

// readNamed holds the persons of a letter to their shape: all mistakes at once, each by its line.
func readNamed(named []Named, room int, today calendar.Date) (wrong []rule.Reason) {
	if len(named) == 0 || len(named) > room {
		return []rule.Reason{{Rule: "20b", Slug: "list_size", Field: "persons", Message: fmt.Sprintf("一函所列最多 %d 人，现在还可以登记 1 至 %d 人。", listMost, max(room, 0)), Next: "请照函逐人登记；人数更多的，按函的附页分批登记。"}}
	}
	seen := map[string]int{}
	for i := range named {
		mistake := func(slug, field, message, next string) {
			wrong = append(wrong, rule.Reason{Rule: "12b", Slug: slug, Field: fmt.Sprintf("persons[%d].%s", i, field), Message: fmt.Sprintf("第%d人%s。", i+1, message), Next: next})
		}
		field, problem := named[i].read(today)
		at, twice := seen[named[i].number()]
		switch {
		case field == "name":
			mistake("name_missing", field, problem, "请照函填写姓名，与号码在同一行。")
		case field != "":
			mistake("identity_number_invalid", field, problem, "请照函核对。")
		case twice:
			mistake("named_twice", "idNo", fmt.Sprintf("与第%d人是同一人", at+1), "请删去重复的一行。")
		}
		seen[named[i].number()] = i
	}
	return wrong
}

// Left is a person of the letter, or of the list, that does not go on with the others.
type Left struct {
	Named
	CaseID  string        `json:"caseId,omitempty"`
	Reasons []rule.Reason `json:"reasons"`
}

// LeftOuts reads who of the letter is not on the list.
func (l List) LeftOuts() []Left {
	var out []Left
	_ = json.Unmarshal([]byte(l.LeftOut), &out) // written by RegisterList, or empty
	return out
}

// step holds an act to a list's states.
func (l List) step(label string, from ...string) error {
	if slices.Contains(from, l.State) {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "29.6", Slug: "step_out_of_order", Message: fmt.Sprintf("本批现为“%s”，不能%s。", ListStateName(l.State), label), Next: "请重新载入，按本批所列步骤办理。"})
}

// RegisterList books one letter that names many: each becomes a case of its own, and
// who can't be is left out with the reasons, to be told to the school.
func (k *Desk) RegisterList(ctx context.Context, by policy.Actor, o OutsideLetter, named []Named) (List, error) {
	o.trim()
	l := List{ID: gate.NewID(), Version: 1, State: ListOpen, Agency: by.Org, RegisteredBy: by.ID, ReceiverName: o.ReceiverName, ReceiverAddr: o.ReceiverAddr, Province: o.Province, Reason: o.Reason,
		LetterNo: strings.TrimSpace(o.LetterNo), LetterOn: o.LetterOn.String(), ReceivedOn: o.ReceivedOn.String()}
	if err := k.gate.Ready(by, "transfer.list_register", l.Resource()); err != nil {
		return l, err
	}
	today := k.gate.Today()
	wrong := append(o.check(today), readNamed(named, listMost, today)...)
	if len(wrong) > 0 {
		return l, rule.Mistake(wrong...)
	}
	// The letter itself is held to its shape once, before any case is made of it.
	var letter Case
	letter.Direction, letter.State, letter.LetterOn, letter.ValidUntil = Out, Lettered, o.LetterOn.String(), o.ValidUntil.String()
	if err := letter.register(o.Registration, by.ID, today, k.gate.Calendar()); err != nil {
		return l, err
	}
	l.Verified, l.DueOn, l.DueTentative = letter.Verified, letter.DueOn, letter.DueTentative
	o.list = l.ID
	err := k.nameAll(ctx, by, "transfer.list_register", l.Ref(), o, named, func(tx *gate.Tx, made int, outs []Left) error {
		if err := tx.Permit(l.Resource()); err != nil {
			return err
		}
		if made == 0 {
			return rule.Refuse(outs[0].Reasons...)
		}
		year := tx.Today().Year()
		n, err := tx.Number(fmt.Sprintf("批量转出/%d", year))
		if err != nil {
			return err
		}
		if err := l.leave(outs); err != nil {
			return err
		}
		l.Persons, l.No, l.RegisteredAt, l.ChangedAt = int64(made), fmt.Sprintf("PL-%d-%04d", year, n), tx.Now(), tx.Now()
		return tx.Insert(l)
	})
	return l, err
}

// AddToList books more persons of the same letter on a list that is still under review:
// those left out at first whose number was entered wrongly, or a page that was overlooked.
func (k *Desk) AddToList(ctx context.Context, by policy.Actor, id string, named []Named) (List, error) {
	l, err := GetList(ctx, k.gate.DB(), id)
	if err != nil {
		return l, err
	}
	if err := k.gate.Ready(by, "transfer.list_add", l.Resource()); err != nil {
		return l, err
	}
	if err := l.step("补登人员", ListOpen); err != nil {
		return l, err
	}
	if wrong := readNamed(named, listMost-int(l.Persons), k.gate.Today()); len(wrong) > 0 {
		return l, rule.Mistake(wrong...)
	}
	others, err := casesOf(ctx, k.gate.DB(), id)
	if err != nil {
		return l, err
	}
	o := OutsideLetter{ReceiverName: l.ReceiverName, ReceiverAddr: l.ReceiverAddr, Province: l.Province, Reason: l.Reason, LetterOn: calendar.Date(l.LetterOn), list: l.ID,
		Registration: Registration{LetterNo: l.LetterNo, ReceivedOn: calendar.Date(l.ReceivedOn), verified: l.Verified}}
	if len(others) > 0 {
		o.OnlineNo, o.ValidUntil = others[0].OnlineNo, calendar.Date(others[0].ValidUntil)
	}
	err = k.nameAll(ctx, by, "transfer.list_add", l.Ref(), o, named, func(tx *gate.Tx, made int, outs []Left) (err error) {
		if l, err = store.Get[List](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Permit(l.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(l.Version); err != nil {
			return err
		}
		if err := l.step("补登人员", ListOpen); err != nil {
			return err
		}
		if made == 0 {
			return rule.Refuse(outs[0].Reasons...)
		}
		// Who is named again is no longer left out for the old reason.
		still := slices.DeleteFunc(l.LeftOuts(), func(old Left) bool {
			return slices.ContainsFunc(named, func(n Named) bool { return n.number() == old.number() || n.Name == old.Name })
		})
		if err := l.leave(append(still, outs...)); err != nil {
			return err
		}
		l.Persons, l.ChangedAt = l.Persons+int64(made), tx.Now()
		return tx.Update(&l)
	})
	return l, err
}

// leave writes down who of the letter is not on the list, and why.
func (l *List) leave(outs []Left) error {
	raw, err := json.Marshal(outs)
	l.LeftOut = string(raw)
	return err
}

// nameAll opens a case for each person of a letter, each as an act of its own that may be
// refused, and ends with the act on the list, which is told who did not come on it.
func (k *Desk) nameAll(ctx context.Context, by policy.Actor, action, ref string, o OutsideLetter, named []Named, end func(tx *gate.Tx, made int, outs []Left) error) error {
	acts := make([]gate.Act, len(named)+1)
	for i := range acts {
		acts[i] = gate.Act{Actor: by, Action: "transfer.register", Rules: []rule.ID{"20b", "20.2b"}}
	}
	acts[len(named)] = gate.Act{Actor: by, Action: action, Rules: []rule.ID{"20b", "20.2b"}, On: ref}
	left := make([]error, len(named))
	out, err := k.gate.DoBatch(ctx, acts, func(i int, tx *gate.Tx) error {
		if i < len(named) {
			left[i] = k.registerNamed(tx, by, o, named[i])
			return left[i]
		}
		made := 0
		outs := []Left{}
		for n, err := range left {
			var refused *rule.Refusal
			switch {
			case err == nil:
				made++
			case errors.As(err, &refused):
				outs = append(outs, Left{Named: named[n], Reasons: refused.Reasons})
			case errors.Is(err, gate.ErrHidden): // recusal: another colleague registers this one
				outs = append(outs, Left{Named: named[n], Reasons: []rule.Reason{reason("20.1", "dossier_unknown", "本机构没有可由经办人办理的该同志档案。", "请核对姓名、证件号码；仍查不到的，告知学校。")}})
			default:
				return err
			}
		}
		return end(tx, made, outs)
	})
	if err != nil {
		return err
	}
	return out[len(named)].Err
}

// registerNamed finds the dossier of one person of the letter and opens its case.
func (k *Desk) registerNamed(tx *gate.Tx, by policy.Actor, o OutsideLetter, n Named) error {
	unknown := rule.Refuse(reason("20.1", "dossier_unknown", "本机构没有登记该同志的档案。", "请核对姓名、证件号码；可用查档去向查询，并告知学校向现保管机构发函。"))
	d, p, err := k.findNamed(tx, by, n)
	if errors.Is(err, store.ErrNotFound) {
		return unknown
	} else if err != nil {
		return err
	}
	if p.Name != n.Name {
		return rule.Refuse(reason("12b", "name_mismatch", "函上的姓名与该号码登记的姓名不一致。", "请与学校核对；确已更名的，先办理姓名更正。"))
	}
	o.DossierID = d.ID
	_, err = k.registerOutside(tx, by, o)
	return err
}

// findNamed is the dossier of the actor's agency that a line of a letter means.
func (k *Desk) findNamed(tx *gate.Tx, by policy.Actor, n Named) (d dossier.Dossier, p person.Person, err error) {
	if n.DossierNo != "" {
		if d, err = store.Get[dossier.Dossier](tx.Context(), tx, "WHERE no=? AND agency=?"+tx.ForUpdate(), n.DossierNo, by.Org); err != nil {
			return d, p, err
		}
		p, err = person.Get(tx.Context(), tx, d.PersonID)
		return d, p, err
	}
	if p, err = person.ByIDNo(tx.Context(), tx, k.keys, n.IDNo); err != nil {
		return d, p, err
	}
	d, err = store.Get[dossier.Dossier](tx.Context(), tx, "WHERE person_id=? AND agency=?"+tx.ForUpdate(), p.ID, by.Org)
	return d, p, err
}

// GetList reads a list.
func GetList(ctx context.Context, q store.Querier, id string) (List, error) {
	return store.Get[List](ctx, q, "WHERE id=?", id)
}

// casesOf are the cases of a list, in the order of their numbers.
func casesOf(ctx context.Context, q store.Querier, listID string) ([]Case, error) {
	return store.List[Case](ctx, q, "WHERE list_id=? ORDER BY no LIMIT 500", listID)
}

// ListView is a list as its page shows it.
type ListView struct {
	List     List
	Cases    []Case
	Ready    int    // cases the reviewer can sign for, or that are reviewed, as the state asks
	Left     []Left // who can't go on with the others yet, with the reasons
	Possible []gate.Possible
}

// ReadList opens a list; the reading is on record (29.3).
func (k *Desk) ReadList(ctx context.Context, by policy.Actor, id string) (ListView, error) {
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: "transfer.list_read", Rules: []rule.ID{"29.3"}, On: "TransferList:" + id}, func(tx *gate.Tx) error {
		l, err := GetList(ctx, tx, id)
		if err != nil {
			return err
		}
		return tx.Permit(l.Resource())
	})
	if err != nil {
		return ListView{}, err
	}
	return k.ListView(ctx, by, id)
}

// ListView is a list after an act of the actor's own.
func (k *Desk) ListView(ctx context.Context, by policy.Actor, id string) (v ListView, err error) {
	q := k.gate.DB()
	if v.List, err = GetList(ctx, q, id); err != nil {
		return v, err
	}
	if k.gate.Decide(by, "transfer.list_read", v.List.Resource()).Hidden {
		return v, gate.ErrHidden
	}
	all, err := casesOf(ctx, q, id)
	if err != nil {
		return v, err
	}
	ready, left, hidden, err := k.sift(ctx, q, by, v.List, all)
	if err != nil {
		return v, err
	}
	v.Ready, v.Left = len(ready), left
	for _, c := range all {
		if !slices.Contains(hidden, c.ID) {
			v.Cases = append(v.Cases, c)
		}
	}
	for _, a := range []struct{ action, label string }{{"transfer.list_add", "补登人员"}, {"transfer.list_review", "审核签名"}, {"transfer.list_pack", "登记装封"}, {"transfer.list_reopen", "拆封重审"}, {"transfer.list_dispatch", "登记寄送"}, {"transfer.list_receipt", "登记回执"}} {
		if p, ok := k.gate.Possible(by, a.action, a.label, v.List.Resource(), v.hindered(a.action)); ok {
			p.Primary = p.Refusal == nil && a.action != "transfer.list_reopen" && a.action != "transfer.list_add"
			v.Possible = append(v.Possible, p)
		}
	}
	return v, nil
}

// listFrom are the states in which a list's acts are possible.
var listFrom = map[string]struct{ label, from string }{
	"transfer.list_add": {"补登人员", ListOpen}, "transfer.list_review": {"审核", ListOpen}, "transfer.list_pack": {"装封", ListOpen}, "transfer.list_reopen": {"拆封", ListPacked}, "transfer.list_dispatch": {"寄送", ListPacked}, "transfer.list_receipt": {"登记回执", ListSent},
}

func (v ListView) hindered(action string) error {
	s := listFrom[action]
	if err := v.List.step(s.label, s.from); err != nil {
		return err
	}
	switch action {
	case "transfer.list_review":
		if v.Ready == 0 {
			return rule.Refuse(nobodyReady())
		}
	case "transfer.list_pack":
		if !slices.ContainsFunc(v.Cases, func(c Case) bool { return c.State == Approved }) {
			return rule.Refuse(nobodyApproved())
		}
	}
	return nil
}

func nobodyReady() rule.Reason {
	return reason("20.2a", "nobody_to_review", "本批没有可以审核的档案。", "请库管按提档单提档，没有目录的由经办逐份登记清单；再由审核人员一并审核。")
}

func nobodyApproved() rule.Reason {
	return reason("20.2a", "nobody_approved", "本批还没有审核通过的档案。", "请先由审核人员一并审核签名。")
}

// sift tells which cases a reviewer can sign for now, and why the others not; hidden are
// those the actor may know nothing of (10b).
func (k *Desk) sift(ctx context.Context, q store.Querier, by policy.Actor, l List, all []Case) (ready []Case, left []Left, hidden []string, err error) {
	dossiers, err := dossiersOf(ctx, q, all)
	if err != nil {
		return nil, nil, nil, err
	}
	hinders, err := hindrancesOf(ctx, q, all, dossiers)
	if err != nil {
		return nil, nil, nil, err
	}
	for _, c := range all {
		d := dossiers[c.DossierID]
		decision := k.gate.Decide(by, "transfer.review", c.Resource(d))
		if k.gate.Decide(by, "transfer.read", c.Resource(d)).Hidden {
			hidden = append(hidden, c.ID)
			continue
		}
		if l.State != ListOpen || c.State != Registered && c.State != Pulled {
			continue
		}
		var reasons []rule.Reason
		if c.State == Registered {
			reasons = append(reasons, reason("20.2a", "not_pulled", "还没有提档。", "请库管按提档单提档。"))
		}
		h := hinders[c.ID]
		h.NoCatalog = h.NoCatalog && c.State == Pulled
		reasons = append(reasons, h.Reasons()...)
		if decision.Refusal != nil && by.Has("reviewer") {
			reasons = append(reasons, decision.Refusal.Reasons...)
		}
		if len(reasons) > 0 {
			left = append(left, Left{Named: Named{Name: c.PersonName}, CaseID: c.ID, Reasons: reasons})
			continue
		}
		ready = append(ready, c)
	}
	return ready, left, hidden, nil
}

// onList performs an act on a list and, with the same signature, on cases of it, all or
// none: first fn on the list, then each on every case that pick names.
func (k *Desk) onList(ctx context.Context, by policy.Actor, action, caseAction string, rules []rule.ID, id string, pick func(l List, all []Case) ([]Case, error),
	fn func(tx *gate.Tx, l *List, cases []Case) error, each func(tx *gate.Tx, l List, c *Case, d *dossier.Dossier) error) (List, error) {
	first, err := GetList(ctx, k.gate.DB(), id)
	if err != nil {
		return first, err
	}
	if err := k.gate.Ready(by, action, first.Resource()); err != nil {
		return first, err
	}
	all, err := casesOf(ctx, k.gate.DB(), id)
	if err != nil {
		return first, err
	}
	cases, err := pick(first, all)
	if err != nil {
		return first, err
	}
	acts := []gate.Act{{Actor: by, Action: action, Rules: rules, On: first.Ref()}}
	for _, c := range cases {
		acts = append(acts, gate.Act{Actor: by, Action: caseAction, Rules: rules, On: c.Ref()})
	}
	var l List
	_, err = k.gate.DoAll(ctx, acts, func(i int, tx *gate.Tx) (err error) {
		if i == 0 {
			if l, err = store.Get[List](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
				return err
			}
			if err := tx.Permit(l.Resource()); err != nil {
				return err
			}
			if err := tx.Expect(l.Version); err != nil {
				return err
			}
			s := listFrom[action]
			if err := l.step(s.label, s.from); err != nil {
				return err
			}
			if err := fn(tx, &l, cases); err != nil {
				return err
			}
			l.ChangedAt = tx.Now()
			return tx.Update(&l)
		}
		d, err := dossier.Load(tx, cases[i-1].DossierID)
		if err != nil {
			return err
		}
		c, err := load(tx, cases[i-1].ID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(c.Resource(d)); err != nil {
			return err
		}
		tx.Note("list", l.No)
		if err := each(tx, l, &c, &d); err != nil {
			return err
		}
		return save(tx, &c)
	})
	return l, err
}

func in(states ...State) func(l List, all []Case) ([]Case, error) {
	return func(_ List, all []Case) (out []Case, _ error) {
		for _, c := range all {
			if slices.Contains(states, c.State) {
				out = append(out, c)
			}
		}
		return out, nil
	}
}

// ReviewList is one review and one signature for all dossiers of a list that nothing
// hinders; the others stay, each with its reasons (20.2a).
func (k *Desk) ReviewList(ctx context.Context, by policy.Actor, id, note string) (List, error) {
	return k.onList(ctx, by, "transfer.list_review", "transfer.review", []rule.ID{"20.2a"}, id, func(l List, all []Case) ([]Case, error) {
		ready, _, _, err := k.sift(ctx, k.gate.DB(), by, l, all)
		return ready, err
	}, func(tx *gate.Tx, l *List, cases []Case) error {
		if len(cases) == 0 {
			return rule.Refuse(nobodyReady())
		}
		l.ReviewedBy, l.ReviewedAt = by.ID, tx.Now()
		return nil
	}, func(tx *gate.Tx, _ List, c *Case, d *dossier.Dossier) error {
		h, err := k.hindrances(ctx, tx, *c, *d)
		if err != nil {
			return err
		}
		return c.Approve(h, strings.TrimSpace(note), by.ID, tx.Now())
	})
}

// PackList seals the reviewed dossiers of a list in one packet with one notice and one
// list; who is not reviewed goes on alone.
func (k *Desk) PackList(ctx context.Context, by policy.Actor, id, sealNo string) (List, error) {
	seal := Seal{SealNo: sealNo, Volumes: 1}
	return k.onList(ctx, by, "transfer.list_pack", "transfer.pack", []rule.ID{"20.2b"}, id, in(Approved), func(tx *gate.Tx, l *List, cases []Case) error {
		if len(cases) == 0 {
			return rule.Refuse(nobodyApproved())
		}
		if err := new(Case).seal(seal); err != nil {
			return err
		}
		l.State, l.SealNo, l.PackedBy, l.PackedAt, l.Persons = ListPacked, strings.TrimSpace(sealNo), by.ID, tx.Now(), int64(len(cases))
		if err := detach(tx, *l); err != nil {
			return err
		}
		return k.issueListPapers(tx, l, cases)
	}, func(tx *gate.Tx, l List, c *Case, _ *dossier.Dossier) error {
		c.NoticeNo = l.NoticeNo
		return c.Pack(seal, by.ID, tx.Now())
	})
}

// detach lets the cases that are not reviewed, and those that ended, go on alone.
func detach(tx *gate.Tx, l List) error {
	all, err := casesOf(tx.Context(), tx, l.ID)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.State == Approved {
			continue
		}
		if c, err = load(tx, c.ID); err != nil {
			return err
		}
		c.ListID = ""
		tx.About("Transfer", c.ID)
		if err := save(tx, &c); err != nil {
			return err
		}
	}
	return nil
}

// ReopenList opens the packet again: its papers are void, every dossier is under review.
func (k *Desk) ReopenList(ctx context.Context, by policy.Actor, id string) (List, error) {
	return k.onList(ctx, by, "transfer.list_reopen", "transfer.reopen", []rule.ID{"20.2a"}, id, in(Packed), func(tx *gate.Tx, l *List, _ []Case) error {
		l.State, l.SealNo, l.NoticeNo, l.PackedBy, l.PackedAt, l.ReviewedBy, l.ReviewedAt = ListOpen, "", "", "", time.Time{}, "", time.Time{}
		return voidPapers(tx, l.Ref(), document.TransferNotice, document.PackingList)
	}, func(_ *gate.Tx, _ List, c *Case, _ *dossier.Dossier) error { return c.Reopen() })
}

// DispatchList sends the packet; the way is held to 20.3 for every dossier in it.
func (k *Desk) DispatchList(ctx context.Context, by policy.Actor, id string, s Dispatch) (List, error) {
	messengers := ""
	return k.onList(ctx, by, "transfer.list_dispatch", "transfer.dispatch", []rule.ID{"20.3a", "20.3b", "20.3c"}, id, in(Packed), func(tx *gate.Tx, l *List, cases []Case) error {
		dossiers, err := dossiersOf(ctx, tx, cases)
		if err != nil {
			return err
		}
		hinders, err := hindrancesOf(ctx, tx, cases, dossiers)
		if err != nil {
			return err
		}
		var against []rule.Reason
		for _, c := range cases {
			for _, r := range hinders[c.ID].Reasons() {
				r.Message, r.Next = c.PersonName+"："+r.Message, "请拆封重审，该件留下单独办理。"
				against = append(against, r)
			}
			carried, err := k.checkWay(tx, c, dossiers[c.DossierID], &s)
			var refused *rule.Refusal
			switch {
			case errors.As(err, &refused) && slices.ContainsFunc(refused.Reasons, func(r rule.Reason) bool { return r.Slug == "way_not_allowed" || r.Slug == "messenger_is_person_or_kin" }):
				for _, r := range refused.Reasons {
					r.Message = c.PersonName + "：" + r.Message
					against = append(against, r)
				}
			case err != nil:
				return err
			}
			messengers = carried
		}
		if len(against) > 0 {
			return rule.Refuse(against...)
		}
		var sent Case
		if err := sent.sent(s, l.ReceivedOn, messengers, by.ID, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
			return err
		}
		l.State, l.Way, l.TrackingNo, l.Messengers, l.DispatchedOn, l.DispatchedBy, l.ReceiptDue = ListSent, sent.Way, sent.TrackingNo, messengers, sent.DispatchedOn, by.ID, sent.ReceiptDue
		return nil
	}, func(tx *gate.Tx, _ List, c *Case, d *dossier.Dossier) error {
		if err := c.Dispatched(s, messengers, by.ID, tx.Today(), k.settings.Int(setting.ReceiptDays)); err != nil {
			return err
		}
		if err := custody.Send(tx, d, c.Ref(), WayName(s.Way)); err != nil {
			return err
		}
		d.State = dossier.InTransit
		return dossier.Save(tx, d)
	})
}

// ReceiptList books a receipt of the school. It closes the cases it is for; those of which
// the school says that they did not come stay open, and the list waits for the next receipt.
func (k *Desk) ReceiptList(ctx context.Context, by policy.Actor, id string, r OutsideReceipt, absent []string) (List, error) {
	return k.onList(ctx, by, "transfer.list_receipt", "transfer.receipt", []rule.ID{"20.5"}, id, func(_ List, all []Case) (out []Case, _ error) {
		for _, c := range all {
			if c.State == Awaiting && !slices.Contains(absent, c.ID) {
				out = append(out, c)
			}
		}
		return out, nil
	}, func(tx *gate.Tx, l *List, cases []Case) error {
		if len(cases) == 0 {
			return rule.Mistake(rule.Reason{Rule: "20.5", Slug: "nothing_received", Field: "absent", Message: "没有一份收到的，不登记回执。", Next: "请逐件登记包裹异常，向承运单位查询。"})
		}
		waiting, err := store.Count(ctx, tx, "SELECT count(*) FROM transfer WHERE list_id=? AND state='awaiting'", l.ID)
		if err != nil {
			return err
		}
		l.ReceiptNo, l.ReceiptOn = strings.TrimSpace(r.No), tx.Today().String()
		if int(waiting) > len(cases) {
			return nil
		}
		return l.finish(tx)
	}, func(tx *gate.Tx, _ List, c *Case, d *dossier.Dossier) error {
		if err := c.Receipt(r, tx.Today(), tx.Now()); err != nil {
			return err
		}
		return gone(tx, c, d)
	})
}

// finish ends a list whose last receipt came.
func (l *List) finish(tx *gate.Tx) error {
	l.State = ListDone
	return setPapers(tx, l.Ref(), document.Answered, document.TransferNotice)
}

// lastOfList ends the list of a case that is closed alone, when no other of it waits.
func lastOfList(tx *gate.Tx, c *Case) error {
	if c.ListID == "" {
		return nil
	}
	l, err := store.Get[List](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), c.ListID)
	if err != nil {
		return err
	}
	waiting, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM transfer WHERE list_id=? AND state='awaiting' AND id<>?", l.ID, c.ID)
	if err != nil || waiting > 0 || l.State != ListSent {
		return err
	}
	l.ReceiptNo, l.ReceiptOn, l.ChangedAt = c.ReceiptNo, c.ReceiptOn, tx.Now()
	if err := l.finish(tx); err != nil {
		return err
	}
	tx.About("TransferList", l.ID)
	return tx.Update(&l)
}

// inList refuses to work alone on a case that lies sealed with others.
func (c Case) inList() error {
	if c.ListID != "" && c.State == Packed {
		return rule.Refuse(reason("20.2b", "packed_with_list", "本件已随同批装封，不能单独办理。", "请在本批中办理；确需单独办理的，先拆封重审。"))
	}
	return nil
}

// Lists are the lists of an actor's agencies, those changed last first.
func (k *Desk) Lists(ctx context.Context, by policy.Actor, after string, limit int) ([]List, error) {
	if by.Kind != policy.Staff || len(by.Reach) == 0 || !slices.ContainsFunc(readers, by.Has) {
		return nil, nil
	}
	where, args := "agency IN ("+store.Marks(len(by.Reach))+")", store.Args(by.Reach)
	if at, id, ok := strings.Cut(after, "|"); ok {
		where, args = where+" AND (changed_at<CAST(? AS BIGINT) OR changed_at=CAST(? AS BIGINT) AND id<?)", append(args, at, at, id)
	}
	return store.List[List](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY changed_at DESC, id DESC LIMIT ?", append(args, limit)...)
}

// Cursor is a list's place among the lists.
func (l List) Cursor() string { return fmt.Sprintf("%d|%s", l.ChangedAt.UnixMicro(), l.ID) }

// ListParties tells which agencies may read a list's papers.
func ListParties(ctx context.Context, q store.Querier, id string) ([]string, error) {
	l, err := GetList(ctx, q, id)
	return []string{l.Agency}, err
}

// ListLeft is how many working days a list has, negative when overdue.
func (k *Desk) ListLeft(l List) int {
	return k.gate.Calendar().Workdays(k.gate.Today(), calendar.Date(l.DueOn))
}

// issueListPapers makes the notice with everybody's name and the packing list, one for the packet.
func (k *Desk) issueListPapers(tx *gate.Tx, l *List, cases []Case) error {
	own, err := agency.Get(tx.Context(), tx, l.Agency)
	if err != nil {
		return err
	}
	packed := make([][]Item, len(cases))
	for i, c := range cases {
		if packed[i], err = ItemsOf(tx.Context(), tx, c.ID); err != nil {
			return err
		}
	}
	notice, err := k.press.Issue(tx, l.notice(own, cases, packed, tx.Actor().Name, handler(tx.Context(), tx, l.ReviewedBy)))
	if err != nil {
		return err
	}
	l.NoticeNo = notice.Number
	_, err = k.press.Issue(tx, l.packing(own, cases, packed, tx.Actor().Name))
	return err
}
