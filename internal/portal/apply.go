package portal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime/multipart"
	"slices"

	"dangan/internal/dossier"
	"dangan/internal/intake"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Paper is one kind of paper that an application comes with.
type Paper struct {
	Key, Name string
	// Needed: without it nobody can look at the application (21.1: not submitted without).
	Needed bool
}

// papers of the matters that are applied for over the net.
var (
	unitLetter  = Paper{"letter", "单位申请函（加盖公章）", true}
	tieProof    = Paper{"tie", "存档依据的证明（户口簿、劳动合同、参保证明等）", false}
	otherPapers = Paper{"other", "其他材料", false}
)

// PapersOf lists what an application of a matter comes with.
func PapersOf(matter string, unit bool) []Paper {
	switch {
	case matter == intake.Certificate && !unit:
		return []Paper{otherPapers}
	case matter == intake.Transfer && !unit:
		return []Paper{tieProof, {"category", "人员类别的证明（劳动合同、毕业证书等），从外单位或外省转入的交", false}, otherPapers}
	case matter == intake.Transfer:
		return []Paper{unitLetter, {"identity", "存档人员的身份证件", false}, tieProof, {"category", "人员类别的证明（劳动合同等），从外单位或外省转入的交", false}, otherPapers}
	case matter == intake.Consultation && unit:
		return []Paper{{"letter", "介绍信或法律文书（加盖公章）", true}, {"form", "查阅申请表（负责人签署并盖章）", false}, {"cards", "查阅人的身份证件、工作证件", false}, otherPapers}
	case matter == intake.Standing && unit:
		return []Paper{unitLetter, {"contract", "劳动合同（加入）或解除、终止劳动合同的证明（退出）", false}, {"consent", "本人接受存档须知的签名", false}, otherPapers}
	}
	return nil
}

// sessionOf is the digest of what the sender's page alone knows.
func sessionOf(secret string) (string, error) {
	if len(secret) < 20 {
		return "", rule.Mistake(rule.Reason{Rule: "28", Slug: "page_session", Message: "页面没有载入完整。", Next: "请重新打开页面。"})
	}
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:]), nil
}

// Form is what a page sends: its first part, and files called by the key of their paper.
type Form struct {
	reader *multipart.Reader
	First  []byte
}

// mostFirst bounds the first part.
const mostFirst = 20_000

// Open reads the first part of a form, called by a name; the files wait.
func Open(body io.Reader, boundary, name string) (f Form, err error) {
	f.reader = multipart.NewReader(body, boundary)
	part, err := f.reader.NextPart()
	if err == nil && part.FormName() == name {
		f.First, err = io.ReadAll(io.LimitReader(part, mostFirst+1))
	} else if err == nil {
		err = io.ErrUnexpectedEOF
	}
	if err != nil || len(f.First) > mostFirst {
		return f, rule.Mistake(rule.Reason{Rule: "28", Slug: "form_cut", Field: name, Message: "提交的内容没有传完整，或过长。", Next: "请检查网络后在页面上重新提交。"})
	}
	return f, nil
}

// files receives what is left of a form.
func (k *Desk) files(ctx context.Context, f Form, papers []Paper) ([]intake.File, error) {
	came, err := k.handIns.Receive(ctx, f.reader, func(name string) int {
		return slices.IndexFunc(papers, func(p Paper) bool { return p.Key == name })
	})
	if err != nil {
		return nil, err
	}
	out := make([]intake.File, len(came))
	for i, c := range came {
		out[i] = intake.File{Paper: papers[c.Slot].Name, Blob: c.Blob, Format: c.Format, Bytes: c.Bytes, Width: c.Width, Height: c.Height, Pages: c.Pages}
	}
	return out, nil
}

// Apply sends an application with the files that come behind it.
func (k *Desk) Apply(ctx context.Context, v Visit, s intake.Sending, secret string, f Form) (c intake.Case, err error) {
	if v.Lapsed != nil {
		return c, v.Lapsed
	}
	if s.Session, err = sessionOf(secret); err != nil {
		return c, err
	}
	if c, err = k.intakes.Sent(ctx, v.Actor, s.Session); !errors.Is(err, store.ErrNotFound) {
		return c, err // the answer was lost on the way
	}
	papers := PapersOf(s.Matter, v.Who.USCC != "")
	if papers == nil {
		return c, rule.Mistake(rule.Reason{Rule: "28", Slug: "matter_not_online", Field: "matter", Message: "这一事项不在网上申请。", Next: "请到存档机构窗口办理。"})
	}
	if s.Files, err = k.files(ctx, f, papers); err != nil {
		return c, err
	}
	var missing []rule.Reason
	for _, p := range papers {
		if p.Needed && !slices.ContainsFunc(s.Files, func(f intake.File) bool { return f.Paper == p.Name }) {
			missing = append(missing, rule.Reason{Rule: "20.1", Slug: "paper_" + p.Key, Field: p.Key, Message: "没有附" + p.Name + "。", Next: "请拍照或选择 PDF 后提交。"})
		}
	}
	if len(missing) > 0 {
		if s.Matter == intake.Consultation {
			missing[0].Rule = "21.1"
		}
		return c, rule.Complete(missing...)
	}
	return k.intakes.Apply(ctx, v.Actor, s)
}

// Answer sends what was asked for once.
func (k *Desk) Answer(ctx context.Context, v Visit, id, secret string, f Form) (c intake.Case, err error) {
	if v.Lapsed != nil {
		return c, v.Lapsed
	}
	if c, err = k.intakes.Own(ctx, v.Actor, id); err != nil {
		return c, err
	}
	session, err := sessionOf(secret)
	if err != nil {
		return c, err
	}
	files, err := k.files(ctx, f, []Paper{{Key: "more", Name: "补正材料"}})
	if err != nil {
		return c, err
	}
	return k.intakes.Answer(ctx, v.Actor, id, string(f.First), session, files)
}

// Kept is the dossier of a person as applications over the net may name it: where it lies
// now. store.ErrNotFound where there is none, and where it is not served over the net (15),
// alike.
func (k *Desk) Kept(ctx context.Context, v Visit) (dossier.Dossier, error) {
	if len(v.Actor.Persons) == 0 {
		return dossier.Dossier{}, store.ErrNotFound
	}
	return store.Get[dossier.Dossier](ctx, k.gate.DB(), "WHERE person_id=? AND secrecy=0 AND state<>'left'", v.Actor.Persons[0])
}
