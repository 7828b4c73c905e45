package handin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"
	"strconv"
	"strings"

	"dangan/internal/account"
	"dangan/internal/collect"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/message"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/store"
)

// came is a file that lies in the staging folder, checked.
type came struct {
	slot  int // which of the materials asked for
	path  string
	page  scan.Page
	pages int
}

func wrong(n int, slug, message, next string) error {
	return rule.Mistake(reason("14b", slug, "file", fmt.Sprintf("第 %d 个文件%s", n, message), next))
}

// Submit takes what the page behind a link sends: a multipart form whose parts are called by
// the place of the material, 0, 1 … All is checked before anything is kept; then it is one
// act, and the link is used.
func (k *Desk) Submit(ctx context.Context, token, session string, body io.Reader, boundary string) (h HandIn, err error) {
	l, _, items, err := k.find(ctx, k.gate.DB(), digest(token))
	if err != nil {
		if sent, mine := k.own(ctx, l, session); mine {
			return sent, nil
		}
		return h, err
	}
	if len(session) < 20 {
		return h, rule.Mistake(reason("14b", "hand_in_session", "", "页面没有载入完整。", "请重新打开链接。"))
	}
	files, err := k.taken(ctx, multipart.NewReader(body, boundary), func(name string) int {
		slot, err := strconv.Atoi(name)
		if err != nil || slot >= len(items) {
			return -1
		}
		return slot
	})
	if err != nil {
		return h, err
	}
	// A form in parts is never sent twice in the same words: the page's session, not the
	// request's key, says that it is the same.
	_, err = k.gate.Do(gate.WithoutKey(ctx), gate.Act{Actor: public, Action: ActSubmit, Rules: rules, On: "HandInLink:" + l.ID}, func(tx *gate.Tx) error {
		_, _, d, err := request(tx, l.CollectionID)
		if err != nil {
			return err
		}
		if _, err := store.Get[Link](ctx, tx, "WHERE id=?"+tx.ForUpdate(), l.ID); err != nil {
			return err
		}
		l, r, now, err := k.find(ctx, tx, l.Digest)
		if err != nil {
			return err
		}
		tx.About("Collection", r.ID)
		if err := tx.Permit(l.resource(d)); err != nil {
			return err
		}
		if len(now) != len(items) { // something was handed in at the window meanwhile: the places moved
			return rule.Refuse(reason("14b", "hand_in_changed", "", "所要的材料刚才有变动。", "请重新打开链接，按新的清单提交。"))
		}
		h = HandIn{Agency: l.Agency, CollectionID: r.ID, DossierID: d.ID, LinkID: l.ID, Session: digest(session)}
		if err := write(tx, &h, files, now); err != nil {
			return err
		}
		l.State = Used
		if err := tx.Update(&l); err != nil {
			return err
		}
		return message.Inform(tx, message.Notice{Agency: l.Agency, Post: "clerk", Subject: "本人网上交来材料", Text: "请查看后接收或退回", DossierID: d.ID, CaseRef: h.Ref(), Link: "/hand-ins/" + h.ID})
	})
	return h, err
}

// Received is a file that came in over the net for another room, judged and kept.
type Received struct {
	Slot                        int
	Blob, Format                string
	Bytes, Width, Height, Pages int64
}

// Receive takes what is left of a form that another room reads, under the same bounds; no
// file at all is for that room to judge.
func (k *Desk) Receive(ctx context.Context, form *multipart.Reader, slot func(string) int) ([]Received, error) {
	files, err := k.kept(ctx, form, slot)
	var refused *rule.Refusal
	if errors.As(err, &refused) {
		for i := range refused.Reasons {
			refused.Reasons[i].Rule = "28"
		}
	}
	out := make([]Received, len(files))
	for i, f := range files {
		out[i] = Received{f.slot, f.page.Digest, f.page.Format, f.page.Size, int64(f.page.Width), int64(f.page.Height), int64(f.pages)}
	}
	return out, err
}

// taken receives what is sent for a request; nothing is no submission.
func (k *Desk) taken(ctx context.Context, form *multipart.Reader, slot func(string) int) ([]came, error) {
	files, err := k.kept(ctx, form, slot)
	if err == nil && len(files) == 0 {
		return nil, rule.Mistake(reason("14b", "hand_in_empty", "file", "没有选择照片或 PDF。", "请先拍照或选择文件。"))
	}
	return files, err
}

// kept receives a form's files, judges each and keeps them: none is kept before all are good.
func (k *Desk) kept(ctx context.Context, form *multipart.Reader, slot func(string) int) ([]came, error) {
	if err := os.MkdirAll(k.staging, 0o700); err != nil {
		return nil, fmt.Errorf("make staging folder: %w", err)
	}
	dir, err := os.MkdirTemp(k.staging, "hand-in-*")
	if err != nil {
		return nil, fmt.Errorf("make staging folder: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an error leaves it to the sweep of the staging folder
	files, err := receive(dir, form, slot)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if err := k.keep(ctx, f); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// write puts a submission and its files on record inside the act.
func write(tx *gate.Tx, h *HandIn, files []came, items []collect.Item) error {
	n, err := tx.Number(fmt.Sprintf("%s/网上交件/%d", h.Agency, tx.Today().Year()))
	if err != nil {
		return err
	}
	h.ID, h.Version, h.No = gate.NewID(), 1, fmt.Sprintf("WSJJ-%s-%d-%05d", h.Agency, tx.Today().Year(), n)
	h.Files, h.SentAt, h.SentOn, h.State, h.ChangedAt = int64(len(files)), tx.Now(), tx.Today().String(), Waiting, tx.Now()
	for _, f := range files {
		h.Bytes += f.page.Size
	}
	tx.About("HandIn", h.ID)
	tx.Note("files", h.Files)
	tx.Note("bytes", h.Bytes)
	if err := tx.Insert(*h); err != nil {
		return err
	}
	for i, f := range files {
		if err := tx.File(f.page.Digest, f.page.Size, "hand-in"); err != nil {
			return err
		}
		row := File{ID: gate.NewID(), Version: 1, HandInID: h.ID, No: int64(i + 1), ItemID: items[f.slot].ID, Blob: f.page.Digest, Bytes: f.page.Size, Format: f.page.Format, Width: int64(f.page.Width), Height: int64(f.page.Height), Pages: int64(f.pages)}
		if err := tx.Insert(row); err != nil {
			return err
		}
	}
	return nil
}

// receive writes the parts into the staging folder and judges each; slot tells which material
// a part's name stands for, -1 for none.
func receive(dir string, form *multipart.Reader, slot func(string) int) (files []came, err error) {
	left := int64(MaxBytes)
	for {
		part, err := form.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, rule.Mistake(reason("14b", "hand_in_cut", "file", "文件没有传完整。", "请检查网络后重新提交。"))
		}
		n := len(files) + 1
		if n > MaxFiles {
			return nil, rule.Mistake(reason("14b", "hand_in_many", "file", fmt.Sprintf("文件超过 %d 个。", MaxFiles), "请减少照片，或到窗口提交。"))
		}
		at := slot(part.FormName())
		if at < 0 {
			return nil, wrong(n, "hand_in_slot", "没有对应所要的材料。", "请重新打开页面，按页面提交。")
		}
		f := came{slot: at, path: fmt.Sprintf("%s/%02d", dir, n)}
		size, err := save(f.path, io.LimitReader(part, MaxFileBytes+1))
		switch left -= size; {
		case err != nil:
			return nil, rule.Mistake(reason("14b", "hand_in_cut", "file", "文件没有传完整。", "请检查网络后重新提交。"))
		case size > MaxFileBytes:
			return nil, wrong(n, "hand_in_large", fmt.Sprintf("超过 %d MB。", MaxFileBytes>>20), "请重新拍照，或分成几个文件。")
		case left < 0:
			return nil, rule.Mistake(reason("14b", "hand_in_large", "file", fmt.Sprintf("全部文件超过 %d MB。", MaxBytes>>20), "请减少照片，或到窗口提交。"))
		}
		if err := f.judge(n, size); err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// save writes a part to a file of its own. What the disk does and what the line does look
// alike to the sender: not complete.
func save(path string, r io.Reader) (int64, error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(out, r)
	return n, errors.Join(err, out.Close())
}

// flaws that a photo may have: it is a copy, and the original is seen at the window.
var tolerated = map[scan.Flaw]bool{scan.Low: true}

var said = map[scan.Flaw]string{scan.Corrupt: "已损坏，打不开。", scan.Empty: "是空的。", scan.Mismatch: "不是照片，也不是 PDF。", scan.NotAllowed: "不是照片，也不是 PDF。",
	scan.Trailing: "末尾带有别的内容。", scan.Bomb: "尺寸不合理。", scan.Active: "含有程序或附件。", scan.Sealed: "加了密。"}

// judge holds a file to what a dossier may be handed: by its content, whatever it is called.
func (f *came) judge(n int, size int64) error {
	in, err := os.Open(f.path)
	if err != nil {
		return fmt.Errorf("read staged file: %w", err)
	}
	defer in.Close()
	var head [5]byte
	if _, err := in.ReadAt(head[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read staged file: %w", err)
	}
	f.pages = 1
	if strings.HasPrefix(string(head[:]), "%PDF-") {
		f.page, f.pages, err = scan.CheckPDF(in)
	} else {
		f.page, err = scan.Check(in, size, ".jpg")
	}
	if err != nil {
		return fmt.Errorf("check staged file: %w", err)
	}
	for _, flaw := range f.page.Flaws {
		if !tolerated[flaw] {
			return wrong(n, "hand_in_"+strings.ReplaceAll(string(flaw), "-", "_"), said[flaw], "请重新拍照，或重新导出 PDF 后提交；不便的请到窗口提交。")
		}
	}
	switch {
	case f.pages > maxPDFPages:
		return wrong(n, "hand_in_pages", fmt.Sprintf("超过 %d 页。", maxPDFPages), "请分成几个文件，或到窗口提交。")
	case f.page.Format == scan.JPEG && min(f.page.Width, f.page.Height) < minShort:
		return wrong(n, "hand_in_small", "太小，看不清字。", "请用手机相机的原图，不要用聊天软件压缩过的图。")
	}
	return nil
}

// keep stores a file and holds it to the digest it was judged by.
func (k *Desk) keep(ctx context.Context, f came) error {
	in, err := os.Open(f.path)
	if err != nil {
		return fmt.Errorf("read staged file: %w", err)
	}
	defer in.Close()
	ref, err := k.blobs.Put(ctx, in)
	if err == nil && ref.Digest != f.page.Digest {
		err = errors.New("a staged file changed while it was read")
	}
	if err != nil {
		return fmt.Errorf("keep what was handed in: %w", err)
	}
	return nil
}

// Take receives one material of a submission: room dossier's own act, in which the files are
// marked. It is a copy that the person handed in: the original is seen, and the unit that
// formed it asked, before it is filed (13b, 14b).
func (k *Desk) Take(ctx context.Context, by policy.Actor, id string, p Piece) (h HandIn, err error) {
	if h, err = store.Get[HandIn](ctx, k.gate.DB(), "WHERE id=?", id); err != nil {
		return h, err
	}
	title, err := k.title(ctx, h, p.Item)
	if err != nil {
		return h, err
	}
	name, err := k.giver(ctx, h)
	if err != nil {
		return h, err
	}
	if strings.TrimSpace(p.Maker) == "" {
		return h, rule.Mistake(reason("14b", "hand_in_maker", "maker", "没有写明形成单位。", "请照材料上的落款填写：归档前要向它核实。"))
	}
	origin, note := dossier.FromPerson, "本人网上提交，"+h.No
	if h.Unit != "" { // it formed what it sends, and need not be asked; the original is still to be seen
		origin, name, note = dossier.FromUnit, h.Unit, "单位网上提交，"+h.No
	}
	_, err = k.dossiers.ReceiveAnd(ctx, by, dossier.Intake{DossierID: h.DossierID, Origin: origin, Giver: name, Maker: p.Maker,
		Description: dossier.Description{Title: title, Year: p.Year, Month: p.Month, Day: p.Day, Copies: 1, Pages: p.Pages, IsCopy: true, Note: note}}, func(tx *gate.Tx, m dossier.Material) error {
		tx.About("HandIn", id)
		if h, err = store.Get[HandIn](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		if err := tx.Expect(h.Version); err != nil {
			return err
		}
		if err := h.open(); err != nil {
			return err
		}
		files, err := filesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		marked := 0
		for i := range files {
			if files[i].ItemID != p.Item || files[i].MaterialID != "" {
				continue
			}
			files[i].MaterialID = m.ID
			if err := tx.Update(&files[i]); err != nil {
				return err
			}
			marked++
		}
		if marked == 0 {
			return rule.Refuse(reason("14b", "hand_in_received", "item", "这份材料已经接收，或没有交来。", "请刷新后查看。"))
		}
		if settled(files) {
			h.State, h.EndedBy, h.EndedAt = Taken, by.ID, tx.Now()
		}
		h.ChangedAt = tx.Now()
		return tx.Update(&h)
	})
	return h, err
}

// Return sends a submission back for a reason, with a new link where the person can be
// reached and the request still waits.
func (k *Desk) Return(ctx context.Context, by policy.Actor, id, why string) (h HandIn, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActReturn, Rules: rules, On: "HandIn:" + id}, func(tx *gate.Tx) error {
		if h, err = store.Get[HandIn](ctx, tx, "WHERE id=?", id); err != nil {
			return err
		}
		r, items, d, err := request(tx, h.CollectionID)
		if err != nil {
			return err
		}
		if h, err = store.Get[HandIn](ctx, tx, "WHERE id=?"+tx.ForUpdate(), id); err != nil {
			return err
		}
		tx.About("Dossier", d.ID)
		tx.About("Collection", r.ID)
		tx.About("HandIn", h.ID)
		if err := tx.Permit(h.Resource(d)); err != nil {
			return err
		}
		if err := tx.Expect(h.Version); err != nil {
			return err
		}
		if err := h.sendBack(why, by.ID, tx.Now()); err != nil {
			return err
		}
		h.ChangedAt = tx.Now()
		if err := tx.Update(&h); err != nil {
			return err
		}
		if h.Unit != "" {
			tx.Note("silent", true) // the person has no part in it
			return k.TellUnit(tx, h.Agency, account.Unit{USCC: r.USCC, Name: h.Unit}, message.UnitBack, "材料收集", h.Ref())
		}
		reachable, err := k.messages.Reachable(ctx, tx, d)
		if err != nil {
			return err
		}
		if linked := may(r, items, d, reachable, k.public) == nil; !linked {
			tx.Note("silent", true) // withdrawn, or nowhere to be told: no link, and no message that promises one
			return nil
		}
		_, err = k.issue(tx, r, h.ID)
		return err
	})
	return h, err
}
