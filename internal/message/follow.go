package message

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/person"
	"dangan/internal/store"
)

// event is what an act tells.
type event struct {
	Template string
	Matter   string
	If       func(tx *gate.Tx) bool // nil: always
}

func by(fact string, values ...string) func(tx *gate.Tx) bool {
	return func(tx *gate.Tx) bool {
		v, _ := tx.Fact(fact).(string)
		return slices.Contains(values, v)
	}
}

// events say which act tells the person what.
var events = map[string]event{
	"transfer.letter":        {Lettered, "档案转递", nil},
	"transfer.register":      {Accepted, "档案转递", nil},
	"transfer.decline":       {Declined, "档案转递", nil},
	"transfer.answer":        {Declined, "档案转递", by("answer", "decline")},
	"transfer.search_decide": {Delayed, "档案转递", nil},
	"transfer.dispatch":      {Left, "档案转递", nil},
	"transfer.receive":       {Received, "档案转递", nil},
	"transfer.receipt":       {Delivered, "档案转递", nil},
	"transfer.second":        {Decided, "档案转入", nil},
	"transfer.remind":        {Promise, "档案转入", nil},
	"transfer.fault":         {Delayed, "档案转递", nil},
	"transfer.stray":         {Delayed, "档案转递", nil},
	"transfer.stray_send":    {Left, "档案转递", nil},
	"transfer.lost":          {Delayed, "档案转递", nil},
	"transfer.resend":        {Left, "档案转递", nil},
	"transfer.redeliver":     {Left, "档案转递", nil},
	"transfer.expire":        {Stale, "档案转入", nil},
	"transfer.came_back":     {TurnedBack, "档案转递", nil},
	"transfer.send_back":     {SentBack, "档案转递", nil},
	"transfer.forward":       {PassedOn, "档案转入", nil},
	"transfer.pass_on":       {PassedOn, "档案转入", nil},
	"transfer.forwarded":     {UnderWay, "档案转入", nil},
	"transfer.correct":       {Corrected, "档案转递", nil},
	"transfer.withdraw":      {Withdrawn, "档案转递", nil},
	"transfer.tell":          {Gaps, "档案转入", nil},
	"certificate.open":       {Accepted, "档案证明", nil},
	"certificate.issue":      {Certified, "档案证明", nil},
	"certificate.refuse":     {Declined, "档案证明", nil},
	"standing.apply":         {Accepted, "档案信息变更", nil},
	"standing.decide":        {Decided, "档案信息变更", nil},
	"intake.refuse":          {Declined, "业务申请", func(tx *gate.Tx) bool { return tx.Fact("silent") == nil }},
	"intake.ask":             {Gaps, "业务申请", func(tx *gate.Tx) bool { return tx.Fact("silent") == nil }},
	"graduate.remind":        {Promise, "毕业生档案", nil},
	"graduate.tell":          {Waiting, "毕业生档案", by("way", "短信")},
	"collection.open":        {Gaps, "档案材料收集", by("target", "person")},
	"collection.urge":        {Supplement, "档案材料收集", by("target", "person")},
	"collection.remind":      {Overdue, "档案材料收集", by("target", "person")},
	"retirement.open":        {Nearing, "退休档案核对", nil},
	"retirement.finish":      {Pensioned, "退休档案", nil},
	"account.remind":         {Terms, "存档须知", by("way", "link")},
	"hand_in.link":           {HandIn, "档案材料收集通知", nil},
	"hand_in.return":         {HandInMore, "档案材料收集", func(tx *gate.Tx) bool { return tx.Fact("silent") == nil }},
	"supplement.lapse":       {Lapsed, "补充材料", nil},
	"supplement.remind":      {Lapsed, "补充材料", nil},
	"supplement.grant":       {Extended, "补充材料", nil},
	"supplement.deny":        {Decided, "补充材料延期", nil},
	"message.remind":         {Supplement, "补充材料", nil},
	"standing.refuse":        {Declined, "档案信息变更", nil},
}

// Follow writes, inside an act, what it tells the person; it is the gate's. An act on no
// dossier or on several tells nobody, nor does one on a dossier with a security class.
func (k *Desk) Follow(tx *gate.Tx) error {
	if err := reviewed(tx); err != nil {
		return err
	}
	e, tells := events[tx.Action()]
	ids := tx.Subjects("Dossier")
	if tells && len(ids) == 0 && (e.If == nil || e.If(tx)) {
		return k.applied(tx, e)
	}
	if !tells || len(ids) != 1 || e.If != nil && !e.If(tx) {
		return nil
	}
	return k.tell(tx, ids[0], e, nil)
}

// TellApart writes, inside an act that is not about the dossier, what its person is told, and
// keeps it from some staff: neither the dossier's time line nor a list of messages shows it to them.
func (k *Desk) TellApart(tx *gate.Tx, dossierID, template, matter string, from []string) error {
	return k.tell(tx, dossierID, event{Template: template, Matter: matter}, from)
}

func (k *Desk) tell(tx *gate.Tx, dossierID string, e event, from []string) error {
	ctx := tx.Context()
	d, err := dossier.Get(ctx, tx, dossierID)
	if err != nil || d.Secrecy > 0 {
		return err
	}
	if dead, err := k.Dead(ctx, tx, d.ID); err != nil || dead {
		return err
	}
	p, err := person.Get(ctx, tx, d.PersonID)
	if err != nil {
		return err
	}
	// Who acts tells: on its way from one agency to another both do.
	at := tx.Actor().Org
	if office, says := tx.Fact("office").(string); says { // a timer acts for the agency whose case it is
		at = office
	}
	if a, err := agency.Get(ctx, tx, at); err != nil || !a.Keeps() {
		at = d.Agency
	}
	office, err := agency.Get(ctx, tx, at)
	if err != nil {
		return err
	}
	m := Message{ID: gate.NewID(), Version: 1, State: Queued, Agency: at, DossierID: d.ID, CaseRef: tx.On(), Template: e.Template, CreatedAt: tx.Now()}
	if len(from) > 0 {
		raw, err := json.Marshal(from)
		if err != nil {
			return err
		}
		m.KeptFrom = string(raw)
	}
	if m.Way, m.Address, err = reach(ctx, tx, p); err != nil {
		return err
	}
	switch {
	case m.Way == None:
		return nil
	case m.Address == "":
		m.State, m.Why, m.EndedAt = Unaddressed, "没有登记电话或邮箱", tx.Now()
	}
	due, _ := tx.Fact("due").(string)
	if m.Text, m.Wording, err = k.say(ctx, tx, e.Template, map[string]string{"姓名": masked(p.Name), "事项": e.Matter, "机构": office.Name, "期限": due, "链接": link}); err != nil {
		return err
	}
	if reminds[m.Template] {
		told, err := store.Count(ctx, tx, "SELECT count(*) FROM message WHERE dossier_id=? AND created_at>=? AND template=? AND text=?", m.DossierID, tx.Today().Moment().UnixMicro(), m.Template, m.Text)
		if err != nil || told > 0 {
			return err
		}
	}
	return tx.Insert(m)
}

// reminds are templates that name no single material: of several that are owed by one day,
// each with an act of its own, the person, or a unit's worker, hears once.
var reminds = map[string]bool{Supplement: true, Lapsed: true, Overdue: true, UnitDue: true, UnitOver: true}

// reach is how a person is told: as they chose, else by the telephone on record.
func reach(ctx context.Context, q store.Querier, p person.Person) (way, address string, err error) {
	c, err := store.Get[Contact](ctx, q, "WHERE person_id=?", p.ID)
	switch {
	case err == nil:
		return c.Way, c.Address, nil
	case !errors.Is(err, store.ErrNotFound):
		return "", "", err
	}
	if phone := strings.TrimSpace(p.Phone); mobile.MatchString(phone) {
		return SMS, phone, nil
	}
	return SMS, "", nil
}

// Reachable says whether a message would reach the person of a dossier now: what is only told
// by message, as a one-time link, is not promised to others. A class keeps a dossier out of
// every message (15).
func (k *Desk) Reachable(ctx context.Context, q store.Querier, d dossier.Dossier) (bool, error) {
	if d.Secrecy > 0 {
		return false, nil
	}
	if dead, err := k.Dead(ctx, q, d.ID); err != nil || dead {
		return false, err
	}
	p, err := person.Get(ctx, q, d.PersonID)
	if err != nil {
		return false, err
	}
	way, address, err := reach(ctx, q, p)
	return way != None && address != "", err
}

// say fills in the wording that holds now.
func (k *Desk) say(ctx context.Context, q store.Querier, template string, values map[string]string) (text string, version int64, err error) {
	w, err := k.wording(ctx, q, template)
	if err != nil {
		return "", 0, err
	}
	return render(w.Text, values), w.Wording, nil
}

// wording is the version that holds: the newest published, else the program's own.
func (k *Desk) wording(ctx context.Context, q store.Querier, template string) (Wording, error) {
	w, err := store.Get[Wording](ctx, q, "WHERE template=? ORDER BY wording DESC LIMIT 1", template)
	if errors.Is(err, store.ErrNotFound) {
		t, known := Find(template)
		if !known {
			return w, store.ErrNotFound
		}
		return Wording{Template: template, Text: t.Text}, nil
	}
	return w, err
}
