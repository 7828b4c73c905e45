package cli

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dangan/internal/certificate"
	"dangan/internal/paper"
	"dangan/internal/store"
	"dangan/internal/testkit"
)

// certified is a certificate that a province issued, as the citizen holds it.
func certified(t *testing.T, p *testkit.Province) []byte {
	t.Helper()
	ctx := context.Background()
	d := testkit.Stock(p, "50010801", 1, nil)
	c, err := p.Certificates.Open(ctx, p.As("clerk-500108"), certificate.Application{Kind: certificate.Custody, DossierID: d.ID, Use: "办理落户", Applicant: certificate.Self,
		Name: testkit.Name(1), IDNo: testkit.IDNo(1), Seen: []string{"居民身份证"}, Keys: []string{"custody"}})
	if err == nil {
		c, err = p.Certificates.Issue(ctx, p.As("reviewer-500108"), c.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p.Client("clerk-500108").Get("/api/v1/documents/" + c.DocumentID + "/pdf").OK().Body
}

// forged is a paper with the same words, signed by a key of the forger's own under
// a certificate that bears the province's names.
func forged(t *testing.T, trust []byte) []byte {
	t.Helper()
	real, err := paper.ParseTrust(trust)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: real[0].Subject.CommonName, Organization: real[0].Subject.Organization}, NotBefore: real[0].NotBefore,
		NotAfter: real[0].NotAfter, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	chain, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	var raw bytes.Buffer
	d := paper.New(paper.Options{Title: "存档证明", Number: "演人才证〔2026〕1号", Issuer: "演示", Created: testkit.Day, Metadata: paper.Metadata{Number: "演人才证〔2026〕1号", Kind: "custody_certificate", Code: "AAAA-BBBB"}})
	if err := d.Paragraph("兹证明其无任何不良记录。").Render(&raw); err != nil {
		t.Fatal(err)
	}
	out, err := paper.Sign(raw.Bytes(), paper.Signing{Signer: key, Chain: []*x509.Certificate{chain}, At: testkit.Day, Name: "演示", Reason: "出具"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	pageObject = regexp.MustCompile(`(?s)(\d+) 0 obj\n(<<[^>]*/Type /Page .*?)\nendobj\n`)
	startXref  = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	rootEntry  = regexp.MustCompile(`/Size (\d+)[^>]*/Root (\d+) 0 R|/Root (\d+) 0 R[^>]*/Size (\d+)`)
	byteRange  = regexp.MustCompile(`/ByteRange ?\[ ?0 (\d+) (\d+) (\d+) ?\]`)
)

// hidden is an incremental update that empties the page: pdfsig lets it pass.
func hidden(t *testing.T, pdf []byte) []byte {
	t.Helper()
	page, start := pageObject.FindSubmatch(pdf), startXref.FindSubmatch(pdf)
	if page == nil || start == nil {
		t.Fatal("the paper is built otherwise than this attack knows")
	}
	out := bytes.NewBuffer(slices.Clone(pdf))
	at := out.Len()
	fmt.Fprintf(out, "%s 0 obj\n%s\nendobj\n", page[1], bytes.Replace(page[2], []byte("/Contents"), []byte("/Hidden"), 1))
	xref := out.Len()
	root := rootEntry.FindSubmatch(pdf[bytes.LastIndex(pdf, []byte("trailer")):])
	if root == nil {
		t.Fatal("the paper's trailer is built otherwise than this attack knows")
	}
	size, catalog := root[1], root[2]
	if len(size) == 0 {
		size, catalog = root[4], root[3]
	}
	fmt.Fprintf(out, "xref\n%s 1\n%010d 00000 n \ntrailer\n<</Size %s /Root %s 0 R /Prev %s>>\nstartxref\n%d\n%%%%EOF\n", page[1], at, size, catalog, start[1], xref)
	return out.Bytes()
}

// narrowed changes the signature's range to leave out the last n bytes.
func narrowed(t *testing.T, pdf []byte, n int) []byte {
	t.Helper()
	m := byteRange.FindSubmatchIndex(pdf)
	if m == nil {
		t.Fatal("no range")
	}
	last, _ := strconv.Atoi(string(pdf[m[6]:m[7]]))
	fresh := fmt.Sprintf("%0*d", m[7]-m[6], last-n)
	return slices.Concat(pdf[:m[6]], []byte(fresh), pdf[m[7]:])
}

// with is the file with one byte changed.
func with(pdf []byte, at int, b byte) []byte {
	out := slices.Clone(pdf)
	out[at] = b
	return out
}

// A corpus of attacks through the command itself: what is whole says so with 0,
// whatever was done to it is said in Chinese with 4, a question that can't be right
// gives 2, what can't be read 1; nothing but the untouched file under its province's key is ever called valid.
func TestAttacksOnACertificate(t *testing.T) {
	testkit.Each(t, func(t *testing.T, p *testkit.Province) {
		dir := t.TempDir()
		file := func(name string, content []byte) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		pdf, trust := certified(t, p), file("trust.pem", p.Keys.TrustPEM())
		otherProvince := testkit.Other(t, store.SQLite)
		open := bytes.Index(pdf, []byte("/Contents <")) + len("/Contents <")
		end := open + bytes.IndexByte(pdf[open:], '>')
		for _, c := range []struct {
			name string
			pdf  []byte
			flaw string
		}{
			{"bytes appended", append(slices.Clone(pdf), "  "...), "appended"},
			{"a second end mark", append(slices.Clone(pdf), "%%EOF\n"...), "appended"},
			{"another document appended", append(slices.Clone(pdf), pdf...), "several-signatures"},
			{"text hidden by an update", hidden(t, pdf), "updated"},
			{"padding flipped", with(pdf, end-1, '1'), "padding"},
			{"padding flipped in the middle", with(pdf, end-400, 'f'), "padding"},
			{"a second signature", append(slices.Clone(pdf), "99 0 obj\n<</Type /Sig /ByteRange [0 10 20 30] /Contents <00>>>\nendobj\n"...), "several-signatures"},
			{"another province's key", certified(t, otherProvince), "untrusted"},
			{"a forger's key under the province's name", forged(t, p.Keys.TrustPEM()), "untrusted"},
			{"a range that leaves out the end", narrowed(t, pdf, 7), ""},
			{"a range that reaches beyond the file", narrowed(t, pdf, -9), "range"},
			{"the last bytes cut", pdf[:len(pdf)-3], "range"},
			{"cut in the middle", pdf[:len(pdf)/2], "unsigned"},
			{"the head cut", pdf[20:], "not-pdf"},
			{"a text file", []byte("兹证明……"), "not-pdf"},
			{"a picture", []byte("\x89PNG\r\n\x1a\n0000"), "not-pdf"},
			{"an empty file", nil, "not-pdf"},
			{"a page's byte", with(pdf, 900, pdf[900]^1), ""},
			{"a byte of the signature", with(pdf, open+200, pdf[open+200]^1), ""},
			{"the day edited", bytes.Replace(pdf, []byte("/M (D:2026"), []byte("/M (D:2027"), 1), "changed"},
		} {
			t.Run(c.name, func(t *testing.T) {
				path := file("attack.pdf", c.pdf)
				said, _ := run(t, exitDifferences, "verify", "certificate", path, "--trust", trust)
				if !strings.Contains(said, "核验不通过，请勿采信") || strings.Contains(said, "核验通过") || strings.Contains(said, "人才证") {
					t.Errorf("says %q", said)
				}
				out, _ := run(t, exitDifferences, "verify", "certificate", path, "--trust", trust, "--json")
				var v verifiedCertificate
				if err := json.Unmarshal([]byte(out), &v); err != nil {
					t.Fatalf("%v in %s", err, out)
				}
				if v.OK || len(v.Flaws) != 1 || c.flaw != "" && v.Flaws[0].Code != c.flaw || v.Number != "" || v.Signer != "" || v.SignedAt != nil {
					t.Errorf("result %+v, want flaw %q and no claim", v, c.flaw)
				}
				if !strings.ContainsRune(v.Flaws[0].Message, '的') && !strings.ContainsAny(v.Flaws[0].Message, "文签末") {
					t.Errorf("flaw %q is not told in Chinese", v.Flaws[0].Message)
				}
			})
		}
		whole := file("whole.pdf", pdf)
		said, _ := run(t, exitDone, "verify", "certificate", whole, "--trust", trust)
		if !strings.Contains(said, "核验通过") || !strings.Contains(said, "存档证明") {
			t.Errorf("says %q", said)
		}
		// Never valid without a key that is trusted.
		other := file("other.pem", otherProvince.Keys.TrustPEM())
		neverValid(t, exitDifferences, whole, "--trust", other)
		neverValid(t, exitUsage, whole)
		neverValid(t, exitUsage, whole, "--trust", filepath.Join(dir, "missing.pem"))
		neverValid(t, exitUsage, filepath.Join(dir, "missing.pdf"), "--trust", trust)
		for name, content := range map[string]string{"empty.pem": "", "words.pem": "公钥", "broken.pem": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "key.pem": string(pdf)} {
			neverValid(t, exitUsage, whole, "--trust", file(name, []byte(content)))
		}
		neverValid(t, exitFailure, "/proc/self/mem", "--trust", trust) // there, and can't be read
		// It needs no data folder: none is named, none is made.
		if found, err := filepath.Glob("*data*"); err != nil || len(found) > 0 {
			t.Errorf("the command left %v: %v", found, err)
		}
	})
}

// neverValid runs the command and looks for a word of praise.
func neverValid(t *testing.T, want int, args ...string) {
	t.Helper()
	for _, more := range [][]string{nil, {"--json"}} {
		out, errOut := run(t, want, slices.Concat([]string{"verify", "certificate"}, args, more)...)
		if strings.Contains(out+errOut, "核验通过") || strings.Contains(out, `"ok":true`) || strings.Contains(out, `"ok": true`) {
			t.Errorf("%v: %s%s", args, out, errOut)
		}
		if !strings.ContainsFunc(out+errOut, func(r rune) bool { return r > '一' && r < '龥' }) {
			t.Errorf("%v is not told in Chinese: %s%s", args, out, errOut)
		}
	}
}

// A file larger than any paper of ours is not read into memory.
func TestAHugeFileIsNoCertificate(t *testing.T) {
	dir := t.TempDir()
	path, trust := filepath.Join(dir, "huge.pdf"), filepath.Join(dir, "trust.pem")
	if err := os.WriteFile(path, []byte("%PDF-1.7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<30); err != nil {
		t.Fatal(err)
	}
	p := testkit.New(t, store.SQLite)
	if err := os.WriteFile(trust, p.Keys.TrustPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	neverValid(t, exitDifferences, path, "--trust", trust)
	if took := time.Since(begin); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}
