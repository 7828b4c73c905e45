package paper

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Signing is who signs and what is said about it.
type Signing struct {
	// Signer holds an ECDSA P-256 or RSA key; it may live in a token.
	Signer crypto.Signer
	// Chain begins with the certificate of Signer's key, then its issuers.
	Chain []*x509.Certificate
	// At is printed by readers as the time of signing.
	At time.Time
	// Name is the agency's full name; Reason such as 签发存档证明.
	Name, Reason string
}

// sealRect and firstPage are catalog entries by which Sign finds its place.
const (
	sealKey = "DNGN_Seal"
	pageKey = "DNGN_Page"
)

// Sign adds the one signature a paper has, over the whole file, as an
// incremental update. It takes what Render wrote; a signed paper is refused.
// Where a seal is drawn, readers show the signature by clicking on it.
func Sign(pdf []byte, s Signing) ([]byte, error) {
	if s.Signer == nil || len(s.Chain) == 0 {
		return nil, errors.New("sign paper: a key and its certificate are needed")
	}
	if !sameKey(s.Signer.Public(), s.Chain[0].PublicKey) {
		return nil, errors.New("sign paper: the certificate does not belong to the key")
	}
	f, err := openFile(pdf)
	if err != nil {
		return nil, fmt.Errorf("sign paper: %w", err)
	}
	catalog, err := f.object(f.root)
	if err != nil {
		return nil, fmt.Errorf("sign paper: %w", err)
	}
	if strings.Contains(catalog, "/AcroForm") {
		return nil, errors.New("sign paper: it is signed already")
	}
	place := regexp.MustCompile(`/` + pageKey + ` (\d+) 0 R`).FindStringSubmatch(catalog)
	if place == nil {
		return nil, fmt.Errorf("sign paper: %w: no place for the signature", errNotOurs)
	}
	pageNumber, _ := strconv.Atoi(place[1])
	page, err := f.object(pageNumber)
	if err != nil {
		return nil, fmt.Errorf("sign paper: %w", err)
	}
	rect := "0 0 0 0"
	if match := regexp.MustCompile(`/` + sealKey + ` \[([0-9. ]+)\]`).FindStringSubmatch(catalog); match != nil {
		rect = match[1]
	}

	room, err := contentsRoom(s)
	if err != nil {
		return nil, fmt.Errorf("sign paper: %w", err)
	}
	widget, signature, appearance := f.size, f.size+1, f.size+2
	out := bytes.NewBuffer(make([]byte, 0, len(pdf)+2*room+4096))
	out.Write(pdf)
	offsets := map[int]int{}
	object := func(number int, body string) {
		offsets[number] = out.Len()
		fmt.Fprintf(out, "%d 0 obj\n%s\nendobj\n", number, body)
	}
	object(f.root, strings.TrimSuffix(catalog, ">>")+fmt.Sprintf("/AcroForm <</Fields [%d 0 R] /SigFlags 3>>>>", widget))
	object(pageNumber, strings.TrimSuffix(page, ">>")+fmt.Sprintf("/Annots [%d 0 R]>>", widget))
	object(widget, fmt.Sprintf("<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [%s] /P %d 0 R /V %d 0 R /AP <</N %d 0 R>>>>",
		rect, pageNumber, signature, appearance))
	const blank = "0000000000"
	object(signature, fmt.Sprintf("<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name %s /Reason %s /M (%s) /ByteRange [0 %s %s %s] /Contents <%s>>>",
		textString(s.Name), textString(s.Reason), pdfDate(s.At), blank, blank, blank, strings.Repeat("0", 2*room)))
	object(appearance, "<</Type /XObject /Subtype /Form /BBox [0 0 0 0] /Length 0>>\nstream\n\nendstream")
	xref := out.Len()
	out.WriteString("xref\n")
	for _, number := range sortedKeys(offsets) {
		fmt.Fprintf(out, "%d 1\n%010d 00000 n \n", number, offsets[number])
	}
	fmt.Fprintf(out, "trailer\n<</Size %d /Root %d 0 R /Prev %d %s>>\nstartxref\n%d\n%%%%EOF\n", f.size+3, f.root, f.start, f.id, xref)

	signed := out.Bytes()
	open := offsets[signature] + bytes.Index(signed[offsets[signature]:], []byte("/Contents <")) + len("/Contents ")
	end := open + 2*room + 2
	ranges := signed[offsets[signature]+bytes.Index(signed[offsets[signature]:], []byte("/ByteRange [")) : open]
	copy(ranges, fmt.Sprintf("/ByteRange [0 %010d %010d %010d]", open, end, len(signed)-end))
	hash := sha256.New()
	hash.Write(signed[:open])
	hash.Write(signed[end:])
	der, err := cmsSign(hash.Sum(nil), s.Signer, s.Chain)
	if err != nil {
		return nil, fmt.Errorf("sign paper: %w", err)
	}
	if len(der) > room {
		return nil, fmt.Errorf("sign paper: signature of %d bytes does not fit into %d", len(der), room)
	}
	hex.Encode(signed[open+1:], der)
	return signed, nil
}

// contentsRoom is the space for the signature in bytes: its parts and some to
// spare, since an ECDSA signature varies by a few bytes.
func contentsRoom(s Signing) (int, error) {
	room := 1024
	for _, certificate := range s.Chain {
		room += len(certificate.Raw) + 64 + len(certificate.RawIssuer)
	}
	switch key := s.Signer.Public().(type) {
	case *rsa.PublicKey:
		room += key.Size()
	case *ecdsa.PublicKey:
		room += 2 * (key.Curve.Params().BitSize/8 + 8)
	default:
		return 0, fmt.Errorf("a key of type %T can't sign papers", key)
	}
	return room, nil
}

func sameKey(a, b crypto.PublicKey) bool {
	key, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && key.Equal(b)
}

// SelfSigned makes the certificate of an agency's or province's signing key; it
// is what a verifier trusts. serial must differ for each key of the same name.
func SelfSigned(key crypto.Signer, name string, serial *big.Int, from, to time.Time) (*x509.Certificate, error) {
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Country: []string{"CN"}, Organization: []string{name}, CommonName: name},
		NotBefore:             from,
		NotAfter:              to,
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make certificate of the signing key: %w", err)
	}
	return x509.ParseCertificate(der)
}

// EncodeTrust writes certificates as PEM: the file a province publishes.
func EncodeTrust(certificates ...*x509.Certificate) []byte {
	var out []byte
	for _, certificate := range certificates {
		out = append(out, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})...)
	}
	return out
}

// ParseTrust reads what EncodeTrust wrote. A file without a certificate is an
// error: with it nothing could be trusted.
func ParseTrust(data []byte) ([]*x509.Certificate, error) {
	var certificates []*x509.Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read trusted certificate: %w", err)
		}
		certificates = append(certificates, certificate)
	}
	if len(certificates) == 0 {
		return nil, errors.New("read trusted certificates: 文件中没有证书（PEM 格式 CERTIFICATE）")
	}
	return certificates, nil
}
