package document

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/paper"
	"dangan/internal/store"
)

// answerAfter is how long a check takes at least, found or not: the time of an
// answer must not tell which numbers exist.
const answerAfter = 200 * time.Millisecond

// Checked is all that anybody may know of a paper by its number and code (forms.md 19.6).
type Checked struct {
	Document
	Expired bool
	Intact  bool // the file kept is whole and carries the province's signature
}

// Valid says whether the paper may be relied on today.
func (c Checked) Valid() bool {
	return c.Intact && !c.Expired && (c.State == Issued || c.State == Answered)
}

// NormalNumber writes a paper's number as the register does, however it was
// typed: brackets of any kind, blanks, full-width digits.
func NormalNumber(s string) string {
	return strings.NewReplacer("[", "〔", "]", "〕", "【", "〔", "】", "〕", "（", "〔", "）", "〕", "(", "〔", ")", "〕", "［", "〔", "］", "〕", " ", "", "　", "",
		"－", "-").Replace(halfWidth(strings.TrimSpace(s)))
}

// NormalCode writes a verification code as it is stored: capitals, a dash after each fourth.
func NormalCode(s string) string {
	s = strings.ToUpper(strings.NewReplacer(" ", "", "　", "", "-", "", "－", "", "—", "").Replace(halfWidth(strings.TrimSpace(s))))
	if len(s) != codeLength && len(s) != codeLength-codeGroup { // of today, of before
		return s
	}
	var groups []string
	for ; len(s) > 0; s = s[codeGroup:] {
		groups = append(groups, s[:codeGroup])
	}
	return strings.Join(groups, "-")
}

// halfWidth turns full-width digits and letters, which Chinese keyboards give, into ASCII.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' {
			return r - '０' + '0'
		}
		return r
	}, s)
}

// Check looks a paper up by number and code for anybody, unsigned. An unknown
// number and a wrong code give the same answer, store.ErrNotFound, after the same time.
func (d *Desk) Check(ctx context.Context, number, code string) (Checked, error) {
	due := time.NewTimer(answerAfter)
	defer due.Stop()
	found, err := d.check(ctx, NormalNumber(number), NormalCode(code))
	select {
	case <-due.C:
		return found, err
	case <-ctx.Done():
		return Checked{}, ctx.Err()
	}
}

func (d *Desk) check(ctx context.Context, number, code string) (Checked, error) {
	list, err := store.List[Document](ctx, d.gate.DB(), "WHERE number=? ORDER BY id LIMIT 10", number)
	if err != nil {
		return Checked{}, err
	}
	for _, doc := range list {
		if subtle.ConstantTimeCompare([]byte(doc.Code), []byte(code)) != 1 {
			continue
		}
		c := Checked{Document: doc, Expired: doc.ValidUntil != "" && doc.ValidUntil < d.gate.Today().String()}
		c.Intact, err = d.press.intact(ctx, doc)
		return c, err
	}
	return Checked{}, store.ErrNotFound
}

// ValidDays is how many days a paper is still valid for, today included; 0 without an end.
func (c Checked) ValidDays(today calendar.Date) int {
	if c.ValidUntil == "" || c.Expired {
		return 0
	}
	until, err := time.Parse(time.DateOnly, c.ValidUntil)
	from, err2 := time.Parse(time.DateOnly, today.String())
	if errors.Join(err, err2) != nil {
		return 0
	}
	return int(until.Sub(from).Hours() / 24)
}

// intact reads the file kept and holds it to its digest and to the province's
// own signature. A file that is missing or damaged is an answer, not a failure.
func (p *Press) intact(ctx context.Context, d Document) (bool, error) {
	raw, err := p.Content(ctx, d)
	if err != nil {
		return false, ctx.Err()
	}
	sum := sha256.Sum256(raw)
	_, chain := p.Keys.DocumentSigner()
	r := paper.Verify(raw, []*x509.Certificate{chain[len(chain)-1]})
	return hex.EncodeToString(sum[:]) == d.Blob && r.Valid() && r.Metadata.Number == d.Number, nil
}
