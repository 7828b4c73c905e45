package paper

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func signed(t testing.TB, s signerAndTrust) []byte {
	t.Helper()
	out, err := Sign(render(t, certificate()), s.signing)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// issue makes a certificate under a parent; a nil parent makes a root.
func issue(t testing.TB, key crypto.Signer, name string, parent *x509.Certificate, parentKey crypto.Signer) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(int64(len(name))), Subject: pkix.Name{CommonName: name}, BasicConstraintsValid: true,
		NotBefore: issued.AddDate(-1, 0, 0), NotAfter: issued.AddDate(9, 0, 0), IsCA: parent == nil,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	if parent == nil {
		parent, parentKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestASignedPaperIsValidForUsAndForPdfsig(t *testing.T) {
	root, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	authority := issue(t, root, "重庆市流动人员人事档案公共服务平台（测试）", nil, nil)
	under := issue(t, leaf, agency, authority, root)
	for name, s := range map[string]signerAndTrust{
		"ECDSA P-256, itself trusted": newSigner(t),
		"RSA under a trusted root": {
			Signing{Signer: leaf, Chain: []*x509.Certificate{under, authority}, At: issued, Name: agency, Reason: "签发"},
			[]*x509.Certificate{authority},
		},
	} {
		t.Run(name, func(t *testing.T) {
			pdf := signed(t, s)
			said := tool(t, pdf, "pdfsig", "-nocert", "FILE")
			for _, want := range []string{"Signature is Valid.", "Total document signed", agency} {
				if !strings.Contains(said, want) {
					t.Errorf("pdfsig lacks %q:\n%s", want, said)
				}
			}
			r := Verify(pdf, s.trust)
			if !r.Valid() || r.Signer != agency || !r.SignedAt.Equal(issued) || r.Metadata.Code != "7K3M-9QXT" || r.Metadata.IssuedOn != "2026-11-24" {
				t.Errorf("result %+v", r)
			}
			if text := squeeze(tool(t, pdf, "pdftotext", "FILE", "-")); !strings.Contains(text, rareMan) {
				t.Errorf("text lost its name: %s", text)
			}
		})
	}
}

func TestSignRefuses(t *testing.T) {
	s := newSigner(t)
	other := newSigner(t)
	pdf := render(t, certificate())
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	mixed := s.signing
	mixed.Chain = other.signing.Chain
	bare := s.signing
	bare.Chain = nil
	curve := s.signing
	curve.Signer, curve.Chain = p384, []*x509.Certificate{issue(t, p384, "甲", nil, nil)}
	for name, try := range map[string]struct {
		pdf []byte
		s   Signing
	}{
		"a second signature":           {signed(t, s), s.signing},
		"another key's certificate":    {pdf, mixed},
		"no certificate":               {pdf, bare},
		"a curve readers don't know":   {pdf, curve},
		"a file that is not a PDF":     {[]byte("转递通知单"), s.signing},
		"a cut paper":                  {pdf[:len(pdf)-20], s.signing},
		"a paper with a broken header": {append([]byte("x"), pdf...), s.signing},
	} {
		t.Run(name, func(t *testing.T) {
			if out, err := Sign(try.pdf, try.s); err == nil {
				t.Errorf("signed, %d bytes", len(out))
			}
		})
	}
}

// hide appends an incremental update that empties the page.
func hide(t testing.TB, pdf []byte) []byte {
	t.Helper()
	f, err := openFile(pdf)
	if err != nil {
		t.Fatal(err)
	}
	var page int
	for number := range f.offsets {
		if body, err := f.object(number); err == nil && strings.Contains(body, "/Type /Page ") {
			page = number
		}
	}
	body, err := f.object(page)
	if err != nil {
		t.Fatal(err)
	}
	out := bytes.NewBuffer(slices.Clone(pdf))
	at := out.Len()
	fmt.Fprintf(out, "%d 0 obj\n%s\nendobj\n", page, strings.Replace(body, "/Contents", "/Hidden", 1))
	xref := out.Len()
	fmt.Fprintf(out, "xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d /Root %d 0 R /Prev %d>>\nstartxref\n%d\n%%%%EOF\n", page, at, f.size, f.root, f.start, xref)
	return out.Bytes()
}

// reseal replaces the signature's value by another of at most its length.
func reseal(t testing.TB, pdf []byte, change func(cmsParts) cmsParts) []byte {
	t.Helper()
	open := bytes.Index(pdf, []byte("/Contents <")) + len("/Contents <")
	end := open + bytes.IndexByte(pdf[open:], '>')
	der, _, err := contents(pdf[open:end])
	if err != nil {
		t.Fatal(err)
	}
	parts, err := cmsParse(der)
	if err != nil {
		t.Fatal(err)
	}
	parts = change(parts)
	der, err = cmsAssemble(parts.attributes, parts.signature, parts.chain)
	if err != nil {
		t.Fatal(err)
	}
	value := hex.EncodeToString(der)
	if len(value) > end-open {
		t.Fatalf("no room for %d digits", len(value))
	}
	out := slices.Clone(pdf)
	copy(out[open:end], value+strings.Repeat("0", end-open-len(value)))
	return out
}

func TestEveryForgeryIsFoundAndSaid(t *testing.T) {
	s, other := newSigner(t), newSigner(t)
	pdf := signed(t, s)
	edit := func(old, new string) []byte {
		t.Helper()
		if !bytes.Contains(pdf, []byte(old)) {
			t.Fatalf("paper has no %q", old)
		}
		return bytes.Replace(pdf, []byte(old), []byte(new), 1)
	}
	at := func(pdf []byte, i int, b byte) []byte {
		out := slices.Clone(pdf)
		out[i] = b
		return out
	}
	open := bytes.Index(pdf, []byte("/Contents <")) + len("/Contents <")
	end := open + bytes.IndexByte(pdf[open:], '>')
	late := s
	late.signing.At = issued.AddDate(10, 0, 0)
	digit := open + bytes.IndexAny(pdf[open:end], "abcdef")
	foreign := render(t, New(Options{Title: "证明"}))
	foreign = bytes.Replace(foreign, []byte("/"+metadataKey), []byte("/DNGN_Xnfo"), 1)
	foreign, err := Sign(foreign, s.signing)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		pdf   []byte
		trust []*x509.Certificate
		want  Flaw
	}{
		"no trusted key is given":               {pdf, nil, FlawNoTrust},
		"a text file":                           {[]byte("存档证明"), s.trust, FlawNotPDF},
		"an unsigned paper":                     {render(t, certificate()), s.trust, FlawUnsigned},
		"signed by someone else's key":          {signed(t, other), s.trust, FlawUntrusted},
		"signed when the certificate was over":  {signed(t, late), s.trust, FlawTime},
		"one byte appended":                     {append(slices.Clone(pdf), ' '), s.trust, FlawAppended},
		"a comment appended":                    {append(slices.Clone(pdf), "% 注\n"...), s.trust, FlawAppended},
		"text hidden by an update":              {hide(t, pdf), s.trust, FlawUpdated},
		"a second signature":                    {append(slices.Clone(pdf), "9 0 obj\n<</ByteRange [0 1 2 3]>>\n"...), s.trust, FlawSeveral},
		"the end cut off":                       {pdf[:len(pdf)-2], s.trust, FlawRange},
		"padding flipped":                       {at(pdf, end-1, '1'), s.trust, FlawPadding},
		"padding not hexadecimal":               {at(pdf, end-2, ' '), s.trust, FlawPadding},
		"the signature in capitals":             {at(pdf, digit, pdf[digit]-32), s.trust, FlawEncoding},
		"the first byte of the signature":       {at(pdf, open, 'f'), s.trust, FlawEncoding},
		"the date of signing edited":            {edit("/M (D:2026", "/M (D:2025"), s.trust, FlawChanged},
		"the metadata edited":                   {edit("/DNGN_Info <7b", "/DNGN_Info <7c"), s.trust, FlawChanged},
		"the range moved":                       {edit("/ByteRange [0 0", "/ByteRange [1 0"), s.trust, FlawRange},
		"the other of the two ECDSA signatures": {reseal(t, pdf, highS(t)), s.trust, FlawEncoding},
		"a certificate slipped in": {reseal(t, pdf, func(p cmsParts) cmsParts {
			p.chain = append(p.chain, other.trust...)
			return p
		}), s.trust, FlawEncoding},
		"signed again by another key under the old attributes": {reseal(t, pdf, func(p cmsParts) cmsParts {
			p.signature[len(p.signature)-1] ^= 1
			return p
		}), s.trust, FlawSignature},
		"trusted key, foreign file": {foreign, s.trust, FlawNoMetadata},
	} {
		t.Run(name, func(t *testing.T) {
			r := Verify(c.pdf, c.trust)
			if r.Valid() || len(r.Flaws) != 1 || r.Flaws[0] != c.want {
				t.Errorf("flaws %v, want %v", r.Flaws, c.want)
			}
		})
	}
	// What makes our own check necessary: the usual reader lets this pass.
	if said := tool(t, hide(t, pdf), "pdfsig", "-nocert", "FILE"); !strings.Contains(said, "Signature is Valid.") {
		t.Errorf("pdfsig finds hidden text by itself now:\n%s", said)
	}
}

// highS is the malleable twin of an ECDSA signature, as valid to most readers.
func highS(t testing.TB) func(cmsParts) cmsParts {
	return func(p cmsParts) cmsParts {
		var signature ecdsaSignature
		if _, err := asn1.Unmarshal(p.signature, &signature); err != nil {
			t.Fatal(err)
		}
		signature.S.Sub(elliptic.P256().Params().N, signature.S)
		der, err := asn1.Marshal(signature)
		if err != nil {
			t.Fatal(err)
		}
		p.signature = der
		return p
	}
}

func TestAnyChangedByteIsFound(t *testing.T) {
	s := newSigner(t)
	pdf := signed(t, s)
	rapid.Check(t, func(t *rapid.T) {
		out := slices.Clone(pdf)
		// The signature is a small part of the file and has the most to hide.
		i := rapid.OneOf(rapid.IntRange(0, len(pdf)-1), rapid.IntRange(len(pdf)-6000, len(pdf)-1)).Draw(t, "position")
		b := rapid.Byte().Draw(t, "byte")
		if out[i] == b {
			return
		}
		out[i] = b
		if r := Verify(out, s.trust); r.Valid() {
			t.Fatalf("byte %d changed from %q to %q goes unnoticed", i, pdf[i], b)
		}
	})
}

func TestCutsAndInsertionsAreFound(t *testing.T) {
	s := newSigner(t)
	pdf := signed(t, s)
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.IntRange(0, len(pdf)).Draw(t, "from")
		to := rapid.IntRange(from, len(pdf)).Draw(t, "to")
		put := rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "put")
		out := slices.Concat(pdf[:from], put, pdf[to:])
		if bytes.Equal(out, pdf) {
			return
		}
		if r := Verify(out, s.trust); r.Valid() {
			t.Fatalf("%d bytes at %d replaced by %d go unnoticed", to-from, from, len(put))
		}
	})
}

func TestTrustFileRoundTrip(t *testing.T) {
	s := newSigner(t)
	got, err := ParseTrust(EncodeTrust(s.trust...))
	if err != nil || len(got) != 1 || !got[0].Equal(s.trust[0]) {
		t.Errorf("trust came back as %v, %v", got, err)
	}
	for _, bad := range []string{"", "公钥", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"} {
		if _, err := ParseTrust([]byte(bad)); err == nil {
			t.Errorf("%q is taken as trust", bad)
		}
	}
}

func BenchmarkCertificate(b *testing.B) {
	s := newSigner(b)
	signed(b, s) // the faces are opened once a process
	b.ResetTimer()
	for b.Loop() {
		signed(b, s)
	}
}

func BenchmarkVerify(b *testing.B) {
	s := newSigner(b)
	pdf := signed(b, s)
	for b.Loop() {
		if r := Verify(pdf, s.trust); !r.Valid() {
			b.Fatal(r.Flaws)
		}
	}
}
