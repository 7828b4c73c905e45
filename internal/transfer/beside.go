package transfer

import (
	"strings"

	"dangan/internal/agency"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Beside is a packet that is no dossier of its own and goes to where it belongs: of a
// person whose dossier another agency keeps, of a graduate, astray. It is listed, sealed,
// sent, checked and answered for by the same steps and papers as a dossier (20.2b–20.5);
// what becomes of it at its end is the room's whose packet it is.
type Beside struct {
	Ref          string // of the room's own row: UnclearPacket:…
	Holder       string
	Receiver     string // agency; "" for what goes outside, whose name stands beside
	ReceiverName string
	ReceiverAddr string
	Joins        dossier.Dossier // that it belongs to; none for a packet whose person is not known here
	PersonName   string
	IDNo         string // may be empty: what is not known can't be compared with a messenger
	Reason       string
	Basis        string // what was found out, and by which document
	FoundBy      string // who found it out: not the reviewer of what leaves
	Sealed       string // what stands on a packet that is passed on unopened: it is the list's one line
}

// BesideRoom is what a room does with its packet at the end of the way, inside the
// transfer's own act.
type BesideRoom struct {
	Received  func(tx *gate.Tx, c Case) error
	Withdrawn func(tx *gate.Tx, c Case) error
}

// Carry registers what a room does with the packets whose references begin with kind and
// a colon. For the start only.
func (k *Desk) Carry(kind string, r BesideRoom) { k.beside[kind] = r }

// Columns of the table of steps for such a packet, to an agency and to an outside school or
// organ: the steps of Inner and Out from the list on, all of the sender's at the holder.
const (
	besideWay = "beside"
	besideOut = "beside_out"
)

// Packet says whether the case moves a packet that is no dossier of its own.
func (c Case) Packet() bool { return c.PacketRef != "" }

// way is the column of the table of steps that the case goes by.
func (c Case) way() string {
	switch {
	case c.Packet() && c.Direction == Inner:
		return besideWay
	case c.Packet():
		return besideOut
	}
	return c.Direction
}

// OpenBeside opens the case of such a packet inside the act that decided where it goes. It
// stands under review with the term of 20.2b running.
func (k *Desk) OpenBeside(tx *gate.Tx, b Beside) (Case, error) {
	ctx := tx.Context()
	holder, err := agency.Get(ctx, tx, b.Holder)
	if err != nil {
		return Case{}, err
	}
	due, tentative := tx.Calendar().AddWorkdays(tx.Today(), workdays)
	c := Case{ID: gate.NewID(), Version: 1, Direction: Inner, State: Pulled, PacketRef: b.Ref, JoinsID: b.Joins.ID, PersonName: b.PersonName, IDNo: b.IDNo,
		// One open case a packet: the index of what is open goes by the packet, so that the person's dossier may move meanwhile.
		IDIndex: k.keys.Index("packet", b.Ref), Receiver: b.Receiver, ReceiverName: strings.TrimSpace(b.ReceiverName), ReceiverAddr: strings.TrimSpace(b.ReceiverAddr),
		Holder: holder.ID, HolderName: holder.Name, Applicant: holder.Name, Reason: b.Reason, Document: b.Basis, AppliedBy: b.FoundBy,
		RegisteredOn: tx.Today().String(), RegisteredBy: b.FoundBy, DueOn: due.String(), DueTentative: tentative, PulledBy: b.FoundBy, PulledAt: tx.Now(), ChangedAt: tx.Now()}
	if b.Receiver == "" {
		c.Direction = Out
	} else {
		to, err := agency.Get(ctx, tx, b.Receiver)
		if err != nil {
			return c, err
		}
		c.ReceiverName, c.ReceiverAddr = to.Name, to.Mail()
	}
	if open, err := store.Count(ctx, tx, "SELECT count(*) FROM transfer WHERE packet_ref=? AND "+running, b.Ref); err != nil {
		return c, err
	} else if open > 0 {
		return c, rule.Refuse(reason("29.6", "transfer_open", "这一袋已有在办的转递。", "请办结或撤回后再办。"))
	}
	if c.No, err = caseNo(tx); err != nil {
		return c, err
	}
	if b.Sealed != "" {
		c.ListedBy, c.ListedAt = b.FoundBy, tx.Now()
	}
	if err := tx.Insert(c); err != nil {
		return c, err
	}
	tx.About("Transfer", c.ID)
	if b.Sealed == "" {
		return c, nil
	}
	return c, putItems(tx, &c, []Item{{Title: b.Sealed, Copies: 1, Pages: 1, Loose: true, Note: "原封转送，未启封"}})
}

// joined reads the dossier that a case's packet belongs to, for recusal, secrecy and 20.3b.
func (c *Case) joined(get func(id string) (dossier.Dossier, error)) (err error) {
	if c.JoinsID != "" {
		c.joins, err = get(c.JoinsID)
	}
	return err
}

// besideRoom is the room whose packet a case moves.
func (k *Desk) besideRoom(c Case) BesideRoom {
	kind, _, _ := strings.Cut(c.PacketRef, ":")
	return k.beside[kind]
}

// arrivedBeside ends a packet's way: who sent it is free of it, and its room goes on.
func (k *Desk) arrivedBeside(tx *gate.Tx, c *Case) error {
	if f := k.besideRoom(*c).Received; f != nil {
		return f(tx, *c)
	}
	return nil
}

// stagesBeside are the steps of such a packet's way.
func (c Case) stagesBeside(review, pack, send, check, receipt Stage) ([]Stage, int) {
	found := Stage{End: Holding, Name: "核准转送", On: c.RegisteredOn, Note: c.Reason}
	if c.Direction == Out {
		receipt.Note = "收到后登记"
		return []Stage{found, review, pack, send, receipt}, map[State]int{Pulled: 1, Approved: 2, Packed: 3, Awaiting: 4, Missing: 4, Closed: 5}[c.State]
	}
	return []Stage{found, review, pack, send, check, receipt}, map[State]int{Pulled: 1, Approved: 2, Packed: 3, InTransit: 4, Missing: 4, Checking: 4, Closed: 6}[c.State]
}
