package digital

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/setting"
	"dangan/internal/sheet"
	"dangan/internal/store"
	"dangan/internal/work"
)

// Get reads a delivery that the actor may know of.
func (d *Desk) Get(ctx context.Context, by policy.Actor, id string) (Delivery, error) {
	v, err := store.Get[Delivery](ctx, d.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return v, err
	}
	return v, d.gate.Allowed(by, "digital.read", v.Resource())
}

// List lists the deliveries in the actor's scope, newest first, before an id.
func (d *Desk) List(ctx context.Context, by policy.Actor, agency, before string, limit int) ([]Delivery, error) {
	if err := d.gate.Allowed(by, "digital.read", Delivery{Agency: by.Org}.Resource()); err != nil {
		return nil, err
	}
	if by = by.Within(agency); len(by.Reach) == 0 {
		return nil, nil
	}
	if before == "" {
		before = "~" // after every id
	}
	args := append(store.Args(by.Reach), before, limit)
	return store.List[Delivery](ctx, d.gate.DB(), "WHERE agency IN ("+store.Marks(len(by.Reach))+") AND id<? ORDER BY id DESC LIMIT ?", args...)
}

// Folder is one folder of a delivery with its findings; the identity number in
// its name is masked.
type Folder struct {
	Item
	Shown    string
	Dossier  string // number of the dossier, "" when it was not found
	Findings []Shown
}

// Shown is a finding as a screen shows it.
type Shown struct {
	Path    string
	Code    Code
	Warning bool
}

// masked hides the identity number at the head of a folder's name or path.
func masked(path string) string {
	folder, rest, deep := strings.Cut(path, "/")
	if m := folderName.FindStringSubmatch(folder); m != nil {
		folder = identity.Mask(m[1]) + "_" + m[2]
	}
	if deep {
		return folder + "/" + rest
	}
	return folder
}

// Folders lists a delivery's folders after an id; state "" is all of them.
func (d *Desk) Folders(ctx context.Context, deliveryID string, state ItemState, after string, limit int) ([]Folder, error) {
	q := d.gate.DB()
	where, args := "WHERE delivery_id=? AND id>?", []any{deliveryID, after}
	if state != "" {
		where, args = where+" AND state=?", append(args, string(state))
	}
	list, err := store.List[Item](ctx, q, where+" ORDER BY id LIMIT ?", append(args, limit)...)
	if err != nil {
		return nil, err
	}
	out := make([]Folder, 0, len(list))
	for _, x := range list {
		f := Folder{Item: x, Shown: masked(x.Folder), Findings: []Shown{}}
		if x.DossierID != "" {
			dos, err := dossier.Get(ctx, q, x.DossierID)
			if err != nil {
				return nil, err
			}
			f.Dossier = dos.No
		}
		found, err := store.List[Problem](ctx, q, "WHERE item_id=? ORDER BY warning, id LIMIT 200", x.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range found {
			f.Findings = append(f.Findings, Shown{masked(p.Path), p.Code, p.Warning})
		}
		out = append(out, f)
	}
	return out, nil
}

// Drawn is one page of the sample with what it is.
type Drawn struct {
	Sample
	Page     Page
	Material dossier.Material
	Person   string
	Dossier  string
}

// Sample lists the pages that were drawn, in the order of the delivery, after an id.
func (d *Desk) Sample(ctx context.Context, deliveryID, after string, limit int) ([]Drawn, error) {
	q := d.gate.DB()
	list, err := store.List[Sample](ctx, q, "WHERE delivery_id=? AND id>? ORDER BY id LIMIT ?", deliveryID, after, limit)
	if err != nil {
		return nil, err
	}
	out := make([]Drawn, 0, len(list))
	names := map[string][2]string{}
	for _, s := range list {
		x := Drawn{Sample: s}
		if x.Page, err = store.Get[Page](ctx, q, "WHERE id=?", s.PageID); err != nil {
			return nil, err
		}
		if x.Material, err = store.Get[dossier.Material](ctx, q, "WHERE id=?", x.Page.MaterialID); err != nil {
			return nil, err
		}
		if _, known := names[x.Page.DossierID]; !known {
			dos, err := dossier.Get(ctx, q, x.Page.DossierID)
			if err != nil {
				return nil, err
			}
			p, err := person.Get(ctx, q, dos.PersonID)
			if err != nil {
				return nil, err
			}
			names[x.Page.DossierID] = [2]string{p.Name, dos.No}
		}
		x.Person, x.Dossier = names[x.Page.DossierID][0], names[x.Page.DossierID][1]
		out = append(out, x)
	}
	return out, nil
}

// Tally counts the sample: drawn, passed, failed, and the line in percent.
func (d *Desk) Tally(ctx context.Context, deliveryID string) (sample, passed, failed int64, line int, err error) {
	t, err := tallyOf(ctx, d.gate.DB(), deliveryID)
	return t.sample, t.passed, t.failed, d.settings.Int(setting.ScanPass), err
}

// Possible lists what the actor may do with a delivery now, and why not.
func (d *Desk) Possible(ctx context.Context, by policy.Actor, v Delivery) ([]gate.Possible, error) {
	if v.State == Accepted || v.State == SentBack { // nothing is left to be done with it
		return nil, nil
	}
	t, err := tallyOf(ctx, d.gate.DB(), v.ID)
	if err != nil {
		return nil, err
	}
	draw := mayAccept(v.State, t, 0)
	switch v.State {
	case Received:
		draw = nil
	case Sampling:
		draw = rule.Refuse(rule.Reason{Rule: "18a", Slug: "sample_drawn", Message: "已经抽过样。", Next: "请接着查看抽出的页。"})
	}
	line := d.settings.Int(setting.ScanPass)
	accept, back := mayAccept(v.State, t, line), maySendBack(v.State, t)
	r, err := resourceFor(ctx, d.gate.DB(), by, v)
	if err != nil {
		return nil, err
	}
	var out []gate.Possible
	for _, a := range []struct {
		action, label string
		primary       bool
		hindered      error
	}{
		{"digital.sample", "抽样", v.State == Received, draw},
		{"digital.accept", "验收通过", v.State == Sampling && accept == nil, accept},
		{"digital.reject", "整批退回", v.State == Sampling && accept != nil && back == nil, back},
	} {
		if p, ok := d.gate.Possible(by, a.action, a.label, r, a.hindered); ok {
			p.Primary = a.primary && p.Refusal == nil
			out = append(out, p)
		}
	}
	return out, nil
}

// Book writes what is to be corrected as a workbook for the contractor; it holds
// the folders' full names, so its download is on record.
func (d *Desk) Book(ctx context.Context, by policy.Actor, id string, to io.Writer) (v Delivery, err error) {
	_, err = d.gate.Do(ctx, gate.Act{Actor: by, Action: "digital.report", Rules: []rule.ID{"18a", "29.3"}}, func(tx *gate.Tx) error {
		if v, err = store.Get[Delivery](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		return tx.Permit(v.Resource())
	})
	if err != nil {
		return v, err
	}
	w, err := sheet.NewWriter("需改正", []float64{34, 48, 12, 36, 44})
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, w.Discard()) }()
	head := []sheet.Look{sheet.Heading, sheet.Heading, sheet.Heading, sheet.Heading, sheet.Heading}
	if err := w.Put([]string{"文件夹", "位置", "检测", "问题", "怎样改"}, head); err != nil {
		return v, err
	}
	after := ""
	for {
		list, err := store.List[Item](ctx, d.gate.DB(), "WHERE delivery_id=? AND state IN ('quarantined','rejected') AND id>? ORDER BY id LIMIT 200", id, after)
		if err != nil {
			return v, err
		}
		if len(list) == 0 {
			return v, w.Finish(to)
		}
		for _, x := range list {
			after = x.ID
			if err := d.bookItem(ctx, w, x); err != nil {
				return v, err
			}
		}
	}
}

func (d *Desk) bookItem(ctx context.Context, w *sheet.Writer, x Item) error {
	looks := []sheet.Look{sheet.Plain, sheet.Plain, sheet.Plain, sheet.Problem, sheet.Reason}
	if x.State == ItemRejected {
		return w.Put([]string{x.Folder, x.Folder, "人工抽查", "不合格：" + x.Reason, "按不合格原因返工后，整卷重新交付"}, looks)
	}
	return store.Each(ctx, d.gate.DB(), "WHERE item_id=? AND warning=0 ORDER BY id", []any{x.ID}, func(p Problem) error {
		return w.Put([]string{x.Folder, p.Path, p.Code.Property(), p.Code.Label() + "（" + string(p.Code) + "）", p.Code.Next()}, looks)
	})
}

// Work lists deliveries that wait: for a reviewer to accept, for a scanner to go on.
func (d *Desk) Work(ctx context.Context, by policy.Actor) ([]work.Item, error) {
	var out []work.Item
	add := func(states string, may string, kind, todo, action string) error {
		list, err := store.List[Delivery](ctx, d.gate.DB(), "WHERE agency=? AND state IN ("+states+") ORDER BY id LIMIT 20", by.Org)
		if err != nil {
			return err
		}
		for _, v := range list {
			if d.gate.Allowed(by, may, v.Resource()) != nil {
				continue
			}
			out = append(out, work.Item{Room: "digital", Kind: kind, Subject: v.Label, SubjectNote: fmt.Sprintf("%s·%d 份 %d 页", v.No, v.Ingested, v.Pages),
				Todo: todo, Link: "/deliveries/" + v.ID, Action: action, Basis: work.Agreed, Lane: work.Todo, Since: v.StartedAt})
		}
		return nil
	}
	if err := add("'received','sampling'", "digital.accept", "数字化·验收", "抽查影像并作出验收结论", "验收"); err != nil {
		return nil, err
	}
	return out, add("'stopped'", "digital.receive", "数字化·接收", "接收中断，用同一目录接着接收", "查看")
}
