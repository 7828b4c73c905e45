package found

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dangan/internal/blob"
	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/scan"
	"dangan/internal/store"
)

// Picture is a photo of the packet, which shows the state of its seal, or a signature that was
// given on the signing pad when it was sealed.
type Picture struct {
	ID       string    `db:"id"`
	Version  int64     `db:"version"`
	PacketID string    `db:"packet_id"`
	No       int64     `db:"no"`
	Kind     string    `db:"kind"`
	Blob     string    `db:"blob"`
	Bytes    int64     `db:"bytes"`
	Format   string    `db:"format"`
	Pages    int64     `db:"pages"`
	AddedBy  string    `db:"added_by"`
	AddedAt  time.Time `db:"added_at"`
}

// Table names the table of pictures.
func (Picture) Table() string { return "found_file" }

func init() {
	store.Describe(Picture{})
	store.Register("found_file", store.Audited, "个人手中档案的照片和封存签名")
}

// Kinds of pictures.
const (
	Photo     = "photo"
	Signature = "signature"
)

var pictures = map[string]string{Photo: "包封照片", Signature: "封存签名"}

// PictureName is a kind of picture as screens say it.
func PictureName(kind string) string { return pictures[kind] }

// Bounds of a picture.
const (
	MaxPictureBytes = 10 << 20
	maxPictures     = 12
	maxPages        = 4
)

// mayAdd says whether the packet takes a picture of a kind now: it is photographed as long as it
// lies here, and signed for from the seal on, by whoever of the two saw it.
func (p Packet) mayAdd(kind, by string) error {
	if pictures[kind] == "" {
		return rule.Mistake(reason("picture_unknown", "kind", "没有写明是照片还是签名。", "请选择包封照片或封存签名。"))
	}
	if err := p.May(ActPicture); err != nil {
		return err
	}
	if kind != Signature {
		return nil
	}
	if p.SealedBy == "" {
		return rule.Refuse(reason("signed_before_seal", "file", "这一包还没有封存，没有可签名的封存记录。", "请先由另一名工作人员当面封存，二人再签名。"))
	}
	if by != p.RegisteredBy && by != p.SealedBy {
		return rule.Refuse(reason("signer_absent", "file", "封存签名由在场的二人上传。", "请由登记人或封存人上传。"))
	}
	return nil
}

// picturesOf lists a packet's pictures.
func picturesOf(ctx context.Context, q store.Querier, id string) ([]Picture, error) {
	return store.List[Picture](ctx, q, "WHERE packet_id=? ORDER BY no LIMIT ?", id, maxPictures)
}

// judge looks at a file by its content: a photo as any copy, a signature as pads give it.
func judge(kind string, content []byte) (page scan.Page, pages int, err error) {
	var problem string
	next := "请重新拍照，存为 JPG 或 PDF 后上传。"
	if kind == Signature {
		pages, next = 1, "请在签名板上重新签名，存为 PNG、JPG 或一页的 PDF 后上传。"
		page, problem, err = scan.Signature(content, MaxPictureBytes)
	} else {
		page, pages, problem, err = scan.Copy(content, MaxPictureBytes, maxPages)
	}
	if err == nil && problem != "" {
		err = rule.Mistake(reason("picture_unusable", "file", "文件"+problem+"。", next))
	}
	return page, pages, err
}

// AddPicture keeps a picture beside the packet: judged by its content, whatever it is called,
// before anything is kept. Its digest goes to the ledger with the act.
func (k *Desk) AddPicture(ctx context.Context, by policy.Actor, id, kind string, content []byte) (Packet, error) {
	page, pages, err := judge(kind, content)
	if err != nil {
		return Packet{}, err
	}
	p, err := store.Get[Packet](ctx, k.gate.DB(), "WHERE id=?", id)
	if err != nil {
		return p, err
	}
	if err := k.gate.Ready(by, ActPicture, p.Resource()); err != nil { // nobody fills the store who may not
		return p, err
	}
	if err := blob.Keep(ctx, k.press.Blobs, content, page.Digest); err != nil {
		return p, fmt.Errorf("keep picture of a found packet: %w", err)
	}
	return k.on(ctx, by, ActPicture, id, func(tx *gate.Tx, p *Packet) error {
		if err := p.mayAdd(kind, by.ID); err != nil {
			return err
		}
		list, err := picturesOf(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if len(list) >= maxPictures {
			return rule.Refuse(reason("pictures_many", "file", fmt.Sprintf("这一包已有 %d 个照片和签名。", maxPictures), "无需再上传。"))
		}
		if slices.ContainsFunc(list, func(x Picture) bool { return x.Blob == page.Digest }) {
			return rule.Refuse(reason("picture_twice", "file", "这个文件已经上传过。", "无需再次上传。"))
		}
		if err := tx.File(page.Digest, page.Size, "found"); err != nil {
			return err
		}
		tx.Note("kind", kind)
		return tx.Insert(Picture{ID: gate.NewID(), Version: 1, PacketID: p.ID, No: int64(len(list) + 1), Kind: kind, Blob: page.Digest, Bytes: page.Size, Format: page.Format, Pages: int64(pages), AddedBy: by.ID, AddedAt: tx.Now()})
	})
}

// Look shows one picture to who may see the packet, on record. A photo is drawn anew: what else
// the bytes might be is left behind.
func (k *Desk) Look(ctx context.Context, by policy.Actor, id string, no int64) (mime string, content []byte, err error) {
	var s Picture
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActRead, Rules: rules}, func(tx *gate.Tx) error {
		p, err := store.Get[Packet](ctx, tx, "WHERE id=?", id)
		if err != nil {
			return err
		}
		tx.About("Found", id)
		if err := tx.Permit(p.Resource()); err != nil {
			return err
		}
		tx.Note("file", no)
		s, err = store.Get[Picture](ctx, tx, "WHERE packet_id=? AND no=?", id, no)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	in, err := k.press.Blobs.Open(ctx, s.Blob)
	if err != nil {
		return "", nil, fmt.Errorf("open picture of a found packet: %w", err)
	}
	defer in.Close()
	return scan.Show(in, in.Size(), s.Format)
}
