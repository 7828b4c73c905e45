package graduate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dangan/internal/agency"
	"dangan/internal/custody"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Most packets of one batch: what one signature stands for can still be counted by hand.
const batchMost = 200

// States of a batch and of a scan.
const (
	Open    = "open"
	Signed  = "signed"
	Scanned = "scanned"
	Dropped = "dropped"  // taken out of the batch before the signature
	TakenIn = "received" // in custody since the signature
)

// Batch is what one clerk takes over with one signature.
type Batch struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	Agency     string    `db:"agency"`
	State      string    `db:"state"`
	StaffID    string    `db:"staff_id"`
	OpenedAt   time.Time `db:"opened_at"`
	Scanned    int64     `db:"scanned"` // highest number given to a packet
	Packets    int64     `db:"packets"` // that lie in it now
	Number     string    `db:"number,null"`
	DocumentID string    `db:"document_id,null"`
	SignedAt   time.Time `db:"signed_at,null"`
}

// Table names the table of batches.
func (Batch) Table() string { return "graduate_batch" }

// Ref names the batch as its papers do.
func (b Batch) Ref() string { return "GraduateBatch:" + b.ID }

// Resource is the batch as the policies see it.
func (b Batch) Resource() policy.Resource {
	return policy.Resource{Type: "GraduateBatch", ID: b.ID, Agencies: []string{b.Agency}, Attrs: map[string]any{"agency": b.Agency, "state": b.State}}
}

// Scan is one packet of a batch.
type Scan struct {
	ID         string    `db:"id"`
	Version    int64     `db:"version"`
	BatchID    string    `db:"batch_id"`
	GraduateID string    `db:"graduate_id"`
	Agency     string    `db:"agency"`
	State      string    `db:"state"`
	Seq        int64     `db:"seq"`
	Seal       string    `db:"seal"`
	Note       string    `db:"note,null"`
	ScannedAt  time.Time `db:"scanned_at"`
}

// Table names the table of scans.
func (Scan) Table() string { return "graduate_scan" }

// sealed refuses a packet whose seal was not looked at.
func sealed(a Arrival) error {
	switch {
	case a.Seal != custody.Intact && a.Seal != custody.Broken:
		return rule.Mistake(rule.Reason{Rule: "20.4a", Slug: "seal_unknown", Field: "seal", Message: "没有写明封存情况。", Next: "请选择封存完好或封存有损。"})
	case a.Seal == custody.Broken && strings.TrimSpace(a.Note) == "":
		return rule.Complete(rule.Reason{Rule: "20.4a", Slug: "damage_undescribed", Field: "note", Message: "封存有损，没有写明情况。", Next: "请写明破损、拆封的情况，并告知学校。"})
	}
	return nil
}

// Line is one packet of a batch with whose it is.
type Line struct {
	Scan
	Graduate Graduate
}

// Outcome is what became of one scan.
type Outcome struct {
	Line Line
	Err  error
}

// ScanAll puts packets into the actor's open batch, which the first one opens: each an
// act of its own, what can't be matched is refused alone. Nothing is in custody yet.
func (d *Desk) ScanAll(ctx context.Context, by policy.Actor, list []Arrival) ([]Outcome, error) {
	acts := make([]gate.Act, len(list))
	for i := range acts {
		acts[i] = gate.Act{Actor: by, Action: "graduate.scan", Rules: rules}
	}
	out := make([]Outcome, len(list))
	done, err := d.gate.DoBatch(ctx, acts, func(i int, tx *gate.Tx) (err error) {
		out[i].Line, err = d.scan(tx, list[i])
		return err
	})
	for i, o := range done {
		out[i].Err = o.Err
	}
	return out, err
}

// Scan puts one packet into the actor's open batch.
func (d *Desk) Scan(ctx context.Context, by policy.Actor, a Arrival) (l Line, err error) {
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "graduate.scan", Rules: rules}, func(tx *gate.Tx) error {
		l, err = d.scan(tx, a)
		return err
	})
	return l, err
}

func (d *Desk) scan(tx *gate.Tx, a Arrival) (l Line, err error) {
	if l.Graduate, err = d.match(tx, a); err != nil {
		return l, err
	}
	ctx, g := tx.Context(), l.Graduate
	tx.About("Graduate", g.ID)
	batch, err := store.Get[Batch](ctx, tx, "WHERE staff_id=? AND state=?"+tx.ForUpdate(), tx.Actor().ID, Open)
	fresh := errors.Is(err, store.ErrNotFound)
	if fresh {
		batch = Batch{ID: gate.NewID(), Version: 1, Agency: g.Agency, State: Open, StaffID: tx.Actor().ID, OpenedAt: tx.Now()}
	} else if err != nil {
		return l, err
	}
	if batch.Packets >= batchMost {
		return l, rule.Refuse(rule.Reason{Rule: "12", Slug: "batch_full", Message: fmt.Sprintf("这一批已有 %d 袋。", batchMost), Next: "请点数、签收后再扫下一批。"})
	}
	before, err := store.Get[Scan](ctx, tx, "WHERE graduate_id=?"+tx.ForUpdate(), g.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return l, err
	}
	if before.State == Scanned {
		where := "这一袋已在另一人的批次中。"
		if before.BatchID == batch.ID {
			where = fmt.Sprintf("这一袋已扫过，是本批第 %d 袋。", before.Seq)
		}
		return l, rule.Refuse(rule.Reason{Rule: "12", Slug: "packet_scanned", Message: where, Next: "无需再扫；放错的，请从那一批中取出。"})
	}
	batch.Scanned++
	batch.Packets++
	if fresh {
		err = tx.Insert(batch)
	} else {
		err = tx.Update(&batch)
	}
	if err != nil {
		return l, err
	}
	l.Scan = before
	l.BatchID, l.GraduateID, l.Agency, l.State, l.Seq = batch.ID, g.ID, g.Agency, Scanned, batch.Scanned
	l.Seal, l.Note, l.ScannedAt = a.Seal, strings.TrimSpace(a.Note), tx.Now()
	if l.ID == "" {
		l.ID, l.Version = gate.NewID(), 1
		return l, tx.Insert(l.Scan)
	}
	return l, tx.Update(&l.Scan)
}

// Drop takes a packet out of an open batch again; it is awaited as before.
func (d *Desk) Drop(ctx context.Context, by policy.Actor, batch, graduate string) error {
	_, err := d.gate.Do(ctx, gate.Act{Actor: by, Action: "graduate.drop", On: "GraduateBatch:" + batch, Rules: rules}, func(tx *gate.Tx) error {
		b, err := store.Get[Batch](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), batch)
		if err != nil {
			return err
		}
		if err := tx.Permit(b.Resource()); err != nil {
			return err
		}
		if err := b.open(); err != nil {
			return err
		}
		s, err := store.Get[Scan](tx.Context(), tx, "WHERE batch_id=? AND graduate_id=? AND state=?"+tx.ForUpdate(), b.ID, graduate, Scanned)
		if err != nil {
			return err
		}
		tx.About("Graduate", graduate)
		s.State = Dropped
		b.Packets--
		if err := tx.Update(&s); err != nil {
			return err
		}
		return tx.Update(&b)
	})
	return err
}

func (b Batch) open() error {
	if b.State == Open {
		return nil
	}
	return rule.Refuse(rule.Reason{Rule: "12", Slug: "batch_signed", Message: "这一批已经签收。", Next: "请扫下一批。"})
}

// ready is the pure rule of a signature: by who scanned, over what was scanned and
// nothing else, as many as were counted on the table.
func (b Batch) ready(by string, counted int64) error {
	if err := b.open(); err != nil {
		return err
	}
	switch {
	case b.StaffID != by:
		return rule.Refuse(rule.Reason{Rule: "12", Slug: "batch_of_another", Message: "这一批由另一人扫描。", Next: "请由扫描人点数、签收。"})
	case b.Packets == 0:
		return rule.Refuse(rule.Reason{Rule: "12", Slug: "batch_empty", Message: "这一批还没有档案袋。", Next: "请先扫描档案袋。"})
	case counted != b.Packets:
		return rule.Mistake(rule.Reason{Rule: "12", Slug: "count_differs", Field: "packets", Message: fmt.Sprintf("点数 %d 袋，扫描 %d 袋。", counted, b.Packets), Next: "请逐袋核对：漏扫的补扫，多扫的取出，再签收。"})
	}
	return nil
}

// ReceiveAll takes in all packets of a batch with one signature, all or none: what was
// scanned and nothing beyond it, as many as the clerk counted. From here on they are in
// custody, whether or not anybody applied (12).
func (d *Desk) ReceiveAll(ctx context.Context, by policy.Actor, id string, counted int64) (Batch, error) {
	b, lines, err := d.Batch(ctx, by, id)
	if err != nil {
		return b, err
	}
	if err := d.gate.Ready(by, "graduate.sign", b.Resource()); err != nil {
		return b, err
	}
	acts := []gate.Act{}
	if b.ready(by.ID, counted) == nil {
		for range lines {
			acts = append(acts, gate.Act{Actor: by, Action: "graduate.receive", Rules: rules})
		}
	}
	n := len(acts)
	acts = append(acts, gate.Act{Actor: by, Action: "graduate.sign", On: b.Ref(), Rules: rules})
	_, err = d.gate.DoAll(ctx, acts, func(i int, tx *gate.Tx) (err error) {
		if i == 0 {
			// The batch is locked for all that follows: nothing is scanned into it meanwhile.
			if b, err = store.Get[Batch](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
				return err
			}
			if n > 0 { // scanned while the agency might still take in
				if err := d.permit(tx, lines[0].Graduate); err != nil {
					return err
				}
				if err := d.mayTakeIn(tx, b.Agency); err != nil {
					return err
				}
			}
		}
		if i < n {
			return d.receiveScan(tx, b, &lines[i])
		}
		if err := tx.Permit(b.Resource()); err != nil {
			return err
		}
		if err := b.ready(by.ID, counted); err != nil {
			return err
		}
		if int64(n) != b.Packets {
			return rule.Refuse(rule.Reason{Rule: "12", Slug: "batch_changed", Message: "签收时这一批又有变动。", Next: "请重新载入，点数后再签收。"})
		}
		s, err := lastSignature(tx.Context(), tx, b.ID)
		if err != nil {
			return err
		}
		if err := b.signedFor(s); err != nil {
			return err
		}
		b.State, b.SignedAt = Signed, tx.Now()
		if s.ID != "" {
			tx.Note("signature", s.Blob)
		}
		if err := d.papers(tx, &b, lines, s); err != nil {
			return err
		}
		return tx.Update(&b)
	})
	return b, err
}

func (d *Desk) receiveScan(tx *gate.Tx, b Batch, l *Line) error {
	g, err := store.Get[Graduate](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), l.GraduateID)
	if err != nil {
		return err
	}
	if err := d.permit(tx, g); err != nil {
		return err
	}
	s, err := store.Get[Scan](tx.Context(), tx, "WHERE id=?"+tx.ForUpdate(), l.ID)
	if err != nil {
		return err
	}
	if s.BatchID != b.ID || s.State != Scanned || g.State != Awaited {
		return rule.Refuse(rule.Reason{Rule: "12", Slug: "packet_not_scanned", Message: g.Name + "（" + g.TransferNo + "）不在这一批待签收的档案袋中。", Next: "请重新载入，点数后再签收。"})
	}
	if err := d.takeIn(tx, &g, Arrival{Seal: s.Seal, Note: s.Note}); err != nil {
		return err
	}
	tx.Note("batch", b.ID)
	s.State = TakenIn
	l.Graduate = g
	if err := tx.Update(&s); err != nil {
		return err
	}
	l.Scan = s
	return nil
}

// papers issues the batch's list and the slips that go with the packets to the store.
func (d *Desk) papers(tx *gate.Tx, b *Batch, lines []Line, s Signature) error {
	a, err := agency.Get(tx.Context(), tx, b.Agency)
	if err != nil {
		return err
	}
	nos, err := numbers(tx.Context(), tx, lines)
	if err != nil {
		return err
	}
	list, err := d.press.Issue(tx, b.list(a, lines, nos, tx.Actor().Name, s))
	if err != nil {
		return err
	}
	b.Number, b.DocumentID = list.Number, list.ID
	_, err = d.press.Issue(tx, b.slips(a, lines, nos, list.Number, s))
	return err
}

// numbers are the dossier numbers of packets that are kept here, by dossier.
func numbers(ctx context.Context, q store.Querier, lines []Line) (map[string]string, error) {
	var ids []string
	for _, l := range lines {
		if !l.Graduate.Beside() && l.Graduate.DossierID != "" {
			ids = append(ids, l.Graduate.DossierID)
		}
	}
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := q.Query(ctx, "SELECT id, no FROM dossier WHERE id IN ("+store.Marks(len(ids))+")", store.Args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, no string
		if err := rows.Scan(&id, &no); err != nil {
			return nil, err
		}
		out[id] = no
	}
	return out, rows.Err()
}
