package secrecy

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"dangan/internal/custody"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"
)

// Actions on marked zones.
const (
	ActMarkZone    = "zone.mark"
	ActZoneKeepers = "zone.keepers"
	ActEndZone     = "zone.end"
	ActZoneMove    = "zone.move"
	ActZoneRead    = "zone.read"
)

// Zone is a part of a store that only named keepers enter (21b): the beginning of its
// shelfmarks, such as 01-Z.
type Zone struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	Agency   string    `db:"agency"`
	Zone     string    `db:"zone"`
	Reason   string    `db:"reason"`
	MarkedBy string    `db:"marked_by"`
	MarkedAt time.Time `db:"marked_at"`
	EndedBy  string    `db:"ended_by,null"`
	EndedAt  time.Time `db:"ended_at,null"`
}

// Table names the table of zones.
func (Zone) Table() string { return "secret_zone" }

// Holds says whether a shelfmark lies in the zone.
func (z Zone) Holds(shelfmark string) bool { return strings.HasPrefix(shelfmark, z.Zone+"-") }

// Resource is the zone as the policies see it.
func (z Zone) Resource() policy.Resource {
	return policy.Resource{Type: "SecretZone", ID: z.ID, Agencies: []string{z.Agency}, Attrs: map[string]any{"agency": z.Agency}}
}

// ZoneKeeper is a keeper named for a zone.
type ZoneKeeper struct {
	ID      string    `db:"id"`
	Version int64     `db:"version"`
	ZoneID  string    `db:"zone_id"`
	StaffID string    `db:"staff_id"`
	NamedBy string    `db:"named_by"`
	NamedAt time.Time `db:"named_at"`
	EndedBy string    `db:"ended_by,null"`
	EndedAt time.Time `db:"ended_at,null"`
}

// Table names the table of a zone's keepers.
func (ZoneKeeper) Table() string { return "zone_keeper" }

func init() {
	store.Describe(Zone{}, ZoneKeeper{})
	store.Register("secret_zone", store.Audited, "涉密专区：库房中标记的区，由指定人员保管")
	store.Register("zone_keeper", store.Audited, "涉密专区的保管人员：谁、由谁指定、起止")
}

var zoneForm = regexp.MustCompile(`^\d{2}-[A-Z]{1,2}$`)

// Strict says whether a dossier belongs into a marked zone: those of senior professionals
// and those that touch state secrets (21b).
func Strict(d dossier.Dossier) bool { return d.Senior || d.Secrecy >= dossier.Secret }

func strictly(slug, field, message, next string) rule.Reason {
	return rule.Reason{Rule: "21b", Slug: slug, Field: field, Message: message, Next: next}
}

// CheckShelf is the pure rule of where a packet may stand and who may put it there or take
// it: as long as an agency has marked no zone, its head is reminded and nothing is refused.
func CheckShelf(strict bool, shelfmark string, zones []Zone, keeps map[string]bool) error {
	at := slices.IndexFunc(zones, func(z Zone) bool { return z.Holds(shelfmark) })
	switch {
	case at < 0 && strict && len(zones) > 0:
		var names []string
		for _, z := range zones {
			names = append(names, z.Zone)
		}
		return rule.Refuse(strictly("zone_missed", "shelfmark", "这卷档案须存放在标记的专区。", "请放入专区（"+strings.Join(names, "、")+"）的库位，由指定的库管办理。"))
	case at >= 0 && !keeps[zones[at].ID]:
		return rule.Refuse(strictly("zone_not_keeper", "", "专区"+zones[at].Zone+"由指定人员保管，您不在名单上。", "请由指定的库管办理，或请负责人变更保管人员。"))
	}
	return nil
}

// zonesOf lists an agency's zones in force, and those the actor keeps.
func zonesOf(ctx context.Context, q store.Querier, agency, staffID string) ([]Zone, map[string]bool, error) {
	zones, err := store.List[Zone](ctx, q, "WHERE agency=? AND ended_at IS NULL ORDER BY zone LIMIT 100", agency)
	if err != nil || len(zones) == 0 {
		return nil, nil, err
	}
	keeps := map[string]bool{}
	for _, z := range zones {
		n, err := store.Count(ctx, q, "SELECT count(*) FROM zone_keeper WHERE zone_id=? AND staff_id=? AND ended_at IS NULL", z.ID, staffID)
		if err != nil {
			return nil, nil, err
		}
		keeps[z.ID] = n > 0
	}
	return zones, keeps, nil
}

// Shelf holds the keeper's acts to the zones: custody asks before it moves a packet onto a
// shelf or off it.
func Shelf(tx *gate.Tx, d dossier.Dossier, shelfmark string, onto bool) error {
	zones, keeps, err := zonesOf(tx.Context(), tx, d.Agency, tx.Actor().ID)
	if err != nil || len(zones) == 0 {
		return err
	}
	return CheckShelf(onto && Strict(d), shelfmark, zones, keeps)
}

// MarkZone marks a zone and names its keepers.
func (k *Desk) MarkZone(ctx context.Context, by policy.Actor, zone, reason string, keepers []string) (z Zone, err error) {
	z = Zone{ID: gate.NewID(), Version: 1, Agency: by.Org, Zone: strings.ToUpper(strings.TrimSpace(zone)), Reason: strings.TrimSpace(reason), MarkedBy: by.ID}
	var wrong []rule.Reason
	if !zoneForm.MatchString(z.Zone) {
		wrong = append(wrong, strictly("zone_form", "zone", "专区写作“库号-区号”。", "例如 01-Z：1 号库 Z 区。"))
	}
	if z.Reason == "" {
		wrong = append(wrong, strictly("zone_reason", "reason", "须写明用途。", "例如：存放涉密档案、高级专业技术人员档案。"))
	}
	if len(keepers) == 0 {
		wrong = append(wrong, strictly("zone_keepers", "keepers", "须指定保管人员。", "请从本机构在岗库管中选择。"))
	}
	if len(wrong) > 0 {
		return z, rule.Mistake(wrong...)
	}
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActMarkZone, Rules: []rule.ID{"21b"}}, func(tx *gate.Tx) error {
		tx.About("SecretZone", z.ID)
		if err := tx.Permit(z.Resource()); err != nil {
			return err
		}
		z.MarkedAt = tx.Now()
		err := tx.Insert(z)
		if errors.Is(err, store.ErrUnique) {
			return rule.Mistake(strictly("zone_twice", "zone", "这个区已经标记为专区。", "请在列表中变更保管人员。"))
		}
		if err != nil {
			return err
		}
		return keptBy(tx, z, keepers)
	})
	return z, err
}

// keptBy makes a list the keepers of a zone.
func keptBy(tx *gate.Tx, z Zone, keepers []string) error {
	now, err := store.List[ZoneKeeper](tx.Context(), tx, "WHERE zone_id=? AND ended_at IS NULL ORDER BY id LIMIT 200"+tx.ForUpdate(), z.ID)
	if err != nil {
		return err
	}
	for i := range now {
		if r := &now[i]; !slices.Contains(keepers, r.StaffID) {
			r.EndedBy, r.EndedAt = tx.Actor().ID, tx.Now()
			if err := tx.Update(r); err != nil {
				return err
			}
		}
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(keepers))) {
		if slices.ContainsFunc(now, func(r ZoneKeeper) bool { return r.StaffID == id }) {
			continue
		}
		m, err := staff.Get(tx.Context(), tx, id)
		serves := false
		if err == nil {
			serves, err = staff.Serves(tx.Context(), tx, m, z.Agency)
		}
		if errors.Is(err, store.ErrNotFound) || err == nil && !serves {
			return rule.Mistake(strictly("zone_keeper_unknown", "keepers", "所选人员不是本机构在岗库管。", "请从本机构在岗库管中选择。"))
		}
		if err != nil {
			return err
		}
		n, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM post WHERE staff_id=? AND post='keeper' AND ended_at IS NULL", id)
		if err != nil {
			return err
		}
		if n == 0 {
			return rule.Mistake(strictly("zone_keeper_unknown", "keepers", m.Name+"不任库管。", "请从本机构在岗库管中选择。"))
		}
		if err := tx.Insert(ZoneKeeper{ID: gate.NewID(), Version: 1, ZoneID: z.ID, StaffID: id, NamedBy: tx.Actor().ID, NamedAt: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

func (k *Desk) onZone(ctx context.Context, by policy.Actor, action, id string, fn func(tx *gate.Tx, z *Zone) error) (z Zone, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: action, Rules: []rule.ID{"21b"}}, func(tx *gate.Tx) error {
		if z, err = store.Get[Zone](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		tx.About("SecretZone", z.ID)
		if err := tx.Permit(z.Resource()); err != nil {
			return err
		}
		if err := tx.Expect(z.Version); err != nil {
			return err
		}
		if !z.EndedAt.IsZero() {
			return rule.Refuse(strictly("zone_ended", "", "这个专区已取消。", "请刷新后查看。"))
		}
		if err := fn(tx, &z); err != nil {
			return err
		}
		return tx.Update(&z)
	})
	return z, err
}

// SetKeepers names other keepers of a zone.
func (k *Desk) SetKeepers(ctx context.Context, by policy.Actor, id string, keepers []string) (Zone, error) {
	if len(keepers) == 0 {
		return Zone{}, rule.Mistake(strictly("zone_keepers", "keepers", "须指定保管人员。", "请从本机构在岗库管中选择。"))
	}
	return k.onZone(ctx, by, ActZoneKeepers, id, func(tx *gate.Tx, z *Zone) error { return keptBy(tx, *z, keepers) })
}

// EndZone takes the mark off an empty zone.
func (k *Desk) EndZone(ctx context.Context, by policy.Actor, id string) (Zone, error) {
	return k.onZone(ctx, by, ActEndZone, id, func(tx *gate.Tx, z *Zone) error {
		n, err := store.Count(tx.Context(), tx, "SELECT count(*) FROM (SELECT 1 FROM dossier WHERE agency=? AND shelfmark>=? AND shelfmark<? AND state<>'left' LIMIT 1) AS c", z.Agency, z.Zone+"-", z.Zone+".")
		if err != nil {
			return err
		}
		if n > 0 {
			return rule.Refuse(strictly("zone_in_use", "", "专区内还有档案，不能取消。", "请先标记另一个专区，由保管人员把档案移过去。"))
		}
		z.EndedBy, z.EndedAt = by.ID, tx.Now()
		return nil
	})
}

// Move puts a packet that stands on a shelf onto another one within the keeper's zones:
// what was classified is moved without waiting for a case that asks for it.
func (k *Desk) Move(ctx context.Context, by policy.Actor, dossierID, shelfmark string) error {
	shelfmark = strings.ToUpper(strings.TrimSpace(shelfmark))
	_, err := k.gate.Do(ctx, gate.Act{Actor: by, Action: ActZoneMove, Rules: []rule.ID{"16b", "21b"}}, func(tx *gate.Tx) error {
		d, err := dossier.Load(tx, dossierID)
		if err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		if err := tx.Permit(d.Resource()); err != nil {
			return err
		}
		zones, keeps, err := zonesOf(ctx, tx, d.Agency, by.ID)
		if err != nil {
			return err
		}
		if len(zones) == 0 {
			return rule.Refuse(strictly("zone_none", "", "本机构没有标记专区。", "请负责人在“定密变更”的“涉密专区”中标记。"))
		}
		if err := k.movable(d); err != nil {
			return err
		}
		if err := custody.CheckShelfmark(shelfmark); err != nil {
			return err
		}
		if d.Shelfmark != "" { // off the shelf where it stands
			if err := CheckShelf(false, d.Shelfmark, zones, keeps); err != nil {
				return err
			}
		}
		if err := CheckShelf(true, shelfmark, zones, keeps); err != nil {
			return err
		}
		d.Shelfmark = shelfmark
		if err := custody.Move(tx, &d, custody.Shelved, dossier.PlaceStore, "", "移入专区"); err != nil {
			return err
		}
		return dossier.Save(tx, &d)
	})
	return err
}

// movable says why a packet can't be moved into a zone.
func (k *Desk) movable(d dossier.Dossier) error {
	switch {
	case !Strict(d):
		return rule.Refuse(strictly("zone_not_strict", "", "这卷档案不属于涉密或高级专业技术人员档案。", "请放在普通库位。"))
	case d.Place != dossier.PlaceStore:
		return rule.Refuse(strictly("zone_packet_out", "", "档案不在库位上。", "请在归还入库时放入专区。"))
	}
	return nil
}

// ZoneView is a zone with its keepers, and what may be done.
type ZoneView struct {
	Zone
	Keepers  []string // ids
	Possible []gate.Possible
}

// Zones lists the zones of the actor's own agency, those in force first.
func (k *Desk) Zones(ctx context.Context, by policy.Actor) (out []ZoneView, mark []gate.Possible, err error) {
	own := Zone{Agency: by.Org}
	if err := k.gate.Allowed(by, ActZoneRead, own.Resource()); err != nil {
		return nil, nil, err
	}
	list, err := store.List[Zone](ctx, k.gate.DB(), "WHERE agency=? ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, zone, id LIMIT 100", by.Org)
	if err != nil {
		return nil, nil, err
	}
	for _, z := range list {
		v := ZoneView{Zone: z}
		if v.Keepers, err = texts(ctx, k.gate.DB(), "SELECT staff_id FROM zone_keeper WHERE zone_id=? AND (ended_at IS NULL OR ended_at=?) ORDER BY named_at, id LIMIT 200", z.ID, z.EndedAt.UnixMicro()); err != nil {
			return nil, nil, err
		}
		if z.EndedAt.IsZero() {
			for _, a := range []struct{ action, label string }{{ActZoneKeepers, "变更保管人员"}, {ActEndZone, "取消专区"}} {
				if p, ok := k.gate.Possible(by, a.action, a.label, z.Resource(), nil); ok {
					v.Possible = append(v.Possible, p)
				}
			}
		}
		out = append(out, v)
	}
	if p, ok := k.gate.Possible(by, ActMarkZone, "标记专区", own.Resource(), nil); ok {
		mark = append(mark, p)
	}
	return out, mark, nil
}

// zoneWork is what 21b asks of a head and of named keepers: a zone where there is none yet,
// and dossiers that stand outside of it.
func (k *Desk) zoneWork(ctx context.Context, by policy.Actor) (outside []dossier.Dossier, zoneless bool, err error) {
	if !by.Has(staff.Head) && !by.Has(staff.Keeper) {
		return nil, false, nil
	}
	zones, keeps, err := zonesOf(ctx, k.gate.DB(), by.Org, by.ID)
	if err != nil {
		return nil, false, err
	}
	where, args := dossier.Scope(by)
	where += fmt.Sprintf(" AND (dossier.senior=1 OR dossier.secrecy>=%d) AND dossier.agency=? AND dossier.place='store'", dossier.Secret)
	args = append(args, by.Org)
	if len(zones) > 0 && !slices.ContainsFunc(zones, func(z Zone) bool { return keeps[z.ID] }) {
		return nil, false, nil
	}
	for _, z := range zones {
		where += " AND NOT (dossier.shelfmark>=? AND dossier.shelfmark<?)"
		args = append(args, z.Zone+"-", z.Zone+".")
	}
	outside, err = store.List[dossier.Dossier](ctx, k.gate.DB(), "WHERE "+where+" ORDER BY dossier.id LIMIT 30", args...)
	return outside, len(zones) == 0, err
}
