package paper

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/smallstep/pkcs7"
)

// Flaw is one reason why a paper is not valid. Code is stable for programs,
// Message a Chinese sentence for people.
type Flaw struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// The flaws, in the order in which they are looked for.
var (
	FlawNotPDF     = Flaw{"not-pdf", "文件不是PDF，或者开头、结尾不完整"}
	FlawTooLarge   = Flaw{"too-large", "文件超过64MB，不是本系统出具的文件"}
	FlawUnsigned   = Flaw{"unsigned", "文件没有电子签名"}
	FlawSeveral    = Flaw{"several-signatures", "文件中的签名不止一个，本系统出具的文件只有一个签名"}
	FlawAppended   = Flaw{"appended", "签名之后文件末尾又追加了内容"}
	FlawUpdated    = Flaw{"updated", "签名之后文件被增补修改，所见内容可能已不是签发时的内容"}
	FlawRange      = Flaw{"range", "签名没有覆盖整个文件"}
	FlawPadding    = Flaw{"padding", "签名的填充部分被改动"}
	FlawEncoding   = Flaw{"encoding", "签名数据损坏或者被改动"}
	FlawChanged    = Flaw{"changed", "文件内容与签名时不一致，已被改动"}
	FlawSignature  = Flaw{"signature", "签名与证书中的公钥不符"}
	FlawUntrusted  = Flaw{"untrusted", "签名所用的证书不是受信任的签发机构的证书"}
	FlawTime       = Flaw{"time", "签名时间不在证书的有效期内"}
	FlawNoTrust    = Flaw{"no-trust", "没有提供受信任的公钥，不能判定真伪"}
	FlawNoMetadata = Flaw{"no-metadata", "文件有效签名，但不是本系统出具的文件"}
)

// Result is what a verification found. The claims (Signer, SignedAt, Metadata)
// are worth nothing unless Valid.
type Result struct {
	// Flaws is empty for a valid paper.
	Flaws []Flaw `json:"flaws"`
	// Signer is the name in the certificate.
	Signer      string            `json:"signer,omitempty"`
	SignedAt    time.Time         `json:"signedAt,omitzero"`
	Certificate *x509.Certificate `json:"-"`
	Metadata    Metadata          `json:"metadata"`
}

// Valid tells that the paper is whole and signed by a trusted key.
func (r Result) Valid() bool { return len(r.Flaws) == 0 && r.Certificate != nil }

var (
	byteRangePattern = regexp.MustCompile(`/ByteRange ?\[ ?(\d{1,10}) (\d{1,10}) (\d{1,10}) (\d{1,10}) ?\]`)
	signedAtPattern  = regexp.MustCompile(`/M \(D:(\d{14})\+08'00'\)`)
)

// Verify checks a paper against the trusted certificates: exactly one signature,
// over the whole file but its own value; zero padding; the end mark at the end;
// nothing appended or updated afterwards; one possible encoding; the digest; the
// key; the chain to a trusted certificate at the time of signing. Every byte of
// the file is thereby bound to the trusted key.
func Verify(pdf []byte, trusted []*x509.Certificate) Result {
	flaw := func(flaws ...Flaw) Result { return Result{Flaws: flaws} }
	if len(trusted) == 0 {
		return flaw(FlawNoTrust)
	}
	if !bytes.HasPrefix(pdf, []byte("%PDF-1.")) {
		return flaw(FlawNotPDF)
	}
	ranges := byteRangePattern.FindAllSubmatchIndex(pdf, -1)
	switch {
	case len(ranges) == 0:
		return flaw(FlawUnsigned)
	case len(ranges) > 1:
		return flaw(FlawSeveral)
	}
	var span [4]int
	for i := range span {
		span[i], _ = strconv.Atoi(string(pdf[ranges[0][2+2*i]:ranges[0][3+2*i]]))
	}
	open, end := span[1], span[2]
	if covered := end + span[3]; covered < len(pdf) && end > open {
		if bytes.Contains(pdf[max(0, covered):], []byte("startxref")) {
			return flaw(FlawUpdated)
		}
		return flaw(FlawAppended)
	}
	// The gap is the signature's own value and directly follows its byte range.
	after := ranges[0][1]
	if span[0] != 0 || open <= after || end <= open+2 || end+span[3] != len(pdf) ||
		string(pdf[after:open]) != " /Contents " || pdf[open] != '<' || pdf[end-1] != '>' {
		return flaw(FlawRange)
	}
	if !bytes.HasSuffix(pdf, []byte("\n%%EOF\n")) {
		return flaw(FlawNotPDF)
	}
	value := pdf[open+1 : end-1]
	der, padding, err := contents(value)
	if err != nil {
		return flaw(FlawEncoding)
	}
	if len(bytes.Trim(padding, "0")) != 0 {
		return flaw(FlawPadding)
	}
	signature, err := cmsParse(der)
	if err != nil {
		return flaw(FlawEncoding)
	}

	result := Result{Certificate: signature.chain[0], Signer: signature.chain[0].Subject.CommonName}
	head := pdf[:ranges[0][0]]
	if object := bytes.LastIndex(head, []byte(" 0 obj\n")); object >= 0 {
		if match := signedAtPattern.FindSubmatch(head[object:]); match != nil {
			if at, err := time.ParseInLocation("20060102150405", string(match[1]), zone); err == nil {
				result.SignedAt = at
			}
		}
	}
	hash := sha256.New()
	hash.Write(pdf[:open])
	hash.Write(pdf[end:])
	result.Flaws = signatureFlaws(signature, der, hash.Sum(nil), slices.Concat(pdf[:open], pdf[end:]))
	if len(result.Flaws) == 0 {
		result.Flaws = trustFlaws(signature.chain, trusted, result.SignedAt)
	}
	if result.Metadata, err = ReadMetadata(pdf); err != nil && len(result.Flaws) == 0 {
		result.Flaws = []Flaw{FlawNoMetadata}
	}
	return result
}

// contents splits the hexadecimal value into the signature and its padding. The
// signature has one spelling only, in lower case.
func contents(value []byte) (der, padding []byte, err error) {
	raw := make([]byte, len(value)/2)
	n, _ := hex.Decode(raw, value[:len(value)&^1]) // what does not decode shows up below
	var outer asn1.RawValue
	if _, err := asn1.Unmarshal(raw[:n], &outer); err != nil {
		return nil, nil, err
	}
	der = outer.FullBytes
	if !bytes.Equal(hex.AppendEncode(nil, der), value[:2*len(der)]) {
		return nil, nil, errors.New("signature not in lower case")
	}
	return der, value[2*len(der):], nil
}

// signatureFlaws checks the signature itself. The expected parts are built anew
// and compared, then a second implementation has its say.
func signatureFlaws(parts cmsParts, der, digest, covered []byte) []Flaw {
	expected, err := cmsAttributes(digest, parts.chain)
	if err != nil {
		return []Flaw{FlawEncoding}
	}
	if !bytes.Equal(expected, parts.attributes) {
		return []Flaw{attributeFlaw(parts.attributes, digest)}
	}
	again, err := cmsAssemble(parts.attributes, parts.signature, parts.chain)
	if err != nil || !bytes.Equal(again, der) {
		return []Flaw{FlawEncoding}
	}
	if key, ok := parts.chain[0].PublicKey.(*ecdsa.PublicKey); ok && !isLowS(parts.signature, key) {
		return []Flaw{FlawEncoding}
	}
	library, err := pkcs7.Parse(der)
	if err != nil {
		return []Flaw{FlawEncoding}
	}
	library.Content = covered
	if err := library.Verify(); err != nil {
		var mismatch *pkcs7.MessageDigestMismatchError
		if errors.As(err, &mismatch) {
			return []Flaw{FlawChanged}
		}
		return []Flaw{FlawSignature}
	}
	return nil
}

// attributeFlaw tells a changed file from a changed signature.
func attributeFlaw(attributes, digest []byte) Flaw {
	if bytes.Contains(attributes, digest) {
		return FlawEncoding
	}
	return FlawChanged
}

func isLowS(der []byte, key *ecdsa.PublicKey) bool {
	var signature ecdsaSignature
	rest, err := asn1.Unmarshal(der, &signature)
	if err != nil || len(rest) != 0 {
		return false
	}
	half := new(big.Int).Rsh(key.Curve.Params().N, 1)
	return signature.S.Cmp(half) <= 0
}

func trustFlaws(chain, trusted []*x509.Certificate, at time.Time) []Flaw {
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	for _, certificate := range trusted {
		roots.AddCert(certificate)
	}
	for _, certificate := range chain[1:] {
		between.AddCert(certificate)
	}
	if at.IsZero() {
		return []Flaw{FlawTime}
	}
	_, err := chain[0].Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err == nil {
		return nil
	}
	var invalid x509.CertificateInvalidError
	if errors.As(err, &invalid) && invalid.Reason == x509.Expired {
		return []Flaw{FlawTime}
	}
	return []Flaw{FlawUntrusted}
}
