package paper

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// The signature is a CMS SignedData (RFC 5652) as PAdES asks for it (ETSI EN
// 319 142-1: subfilter ETSI.CAdES.detached, no signing-time attribute, ESS
// signing-certificate-v2). The structures are written here instead of by
// smallstep/pkcs7, because that library stamps the wall clock into every
// signature; it is used as the second, independent reader in Verify.
var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidRSA           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidECDSASHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
)

type cmsContentInfo struct {
	ContentType asn1.ObjectIdentifier
	Content     asn1.RawValue `asn1:"explicit,tag:0"`
}

type cmsSignedData struct {
	Version          int
	DigestAlgorithms []pkix.AlgorithmIdentifier `asn1:"set"`
	EncapContentInfo cmsEncapsulated
	Certificates     asn1.RawValue
	SignerInfos      []cmsSignerInfo `asn1:"set"`
}

// cmsEncapsulated has no content: the signature is detached.
type cmsEncapsulated struct {
	ContentType asn1.ObjectIdentifier
}

type cmsSignerInfo struct {
	Version            int
	Issuer             cmsIssuer
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
}

type cmsIssuer struct {
	Name   asn1.RawValue
	Serial *big.Int
}

type cmsAttribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue
}

type essCertIDv2 struct {
	// The hash algorithm is SHA-256 by default and therefore left out.
	CertHash []byte
}

type essSigningCertificateV2 struct {
	Certs []essCertIDv2
}

// cmsSign signs digest (SHA-256 of the covered bytes). chain begins with the
// signer's own certificate; every certificate is bound by the signed attributes.
func cmsSign(digest []byte, signer crypto.Signer, chain []*x509.Certificate) ([]byte, error) {
	attributes, err := cmsAttributes(digest, chain)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(attributes)
	signature, err := signer.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign the paper's digest: %w", err)
	}
	if key, ok := signer.Public().(*ecdsa.PublicKey); ok {
		if signature, err = lowS(signature, key.Curve); err != nil {
			return nil, err
		}
	}
	return cmsAssemble(attributes, signature, chain)
}

// cmsAttributes is the DER SET of signed attributes, in the order DER asks for.
func cmsAttributes(digest []byte, chain []*x509.Certificate) ([]byte, error) {
	ess := essSigningCertificateV2{}
	for _, certificate := range chain {
		sum := sha256.Sum256(certificate.Raw)
		ess.Certs = append(ess.Certs, essCertIDv2{sum[:]})
	}
	var encoded [][]byte
	for _, attribute := range []struct {
		oid   asn1.ObjectIdentifier
		value any
	}{{oidContentType, oidData}, {oidMessageDigest, digest}, {oidSigningCertV2, ess}} {
		value, err := asn1.Marshal(attribute.value)
		if err != nil {
			return nil, fmt.Errorf("encode signed attribute: %w", err)
		}
		set := asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSet, IsCompound: true, Bytes: value}
		der, err := asn1.Marshal(cmsAttribute{attribute.oid, set})
		if err != nil {
			return nil, fmt.Errorf("encode signed attribute: %w", err)
		}
		encoded = append(encoded, der)
	}
	slices.SortFunc(encoded, bytes.Compare)
	return asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSet, IsCompound: true, Bytes: bytes.Join(encoded, nil)})
}

// cmsAssemble writes the one possible encoding of these parts. Verify assembles
// them again and compares: a signature has no byte that may be changed freely.
func cmsAssemble(attributes, signature []byte, chain []*x509.Certificate) ([]byte, error) {
	algorithm, err := signatureAlgorithm(chain[0].PublicKey)
	if err != nil {
		return nil, err
	}
	var certificates []byte
	for _, certificate := range chain {
		certificates = append(certificates, certificate.Raw...)
	}
	var set asn1.RawValue
	if _, err := asn1.Unmarshal(attributes, &set); err != nil {
		return nil, fmt.Errorf("read signed attributes: %w", err)
	}
	sha := pkix.AlgorithmIdentifier{Algorithm: oidSHA256}
	inner, err := asn1.Marshal(cmsSignedData{
		Version:          1,
		DigestAlgorithms: []pkix.AlgorithmIdentifier{sha},
		EncapContentInfo: cmsEncapsulated{oidData},
		Certificates:     asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: certificates},
		SignerInfos: []cmsSignerInfo{{
			Version:            1,
			Issuer:             cmsIssuer{asn1.RawValue{FullBytes: chain[0].RawIssuer}, chain[0].SerialNumber},
			DigestAlgorithm:    sha,
			SignedAttributes:   asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: set.Bytes},
			SignatureAlgorithm: algorithm,
			Signature:          signature,
		}},
	})
	if err != nil {
		return nil, fmt.Errorf("encode signature: %w", err)
	}
	return asn1.Marshal(cmsContentInfo{oidSignedData, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: inner}})
}

func signatureAlgorithm(key crypto.PublicKey) (pkix.AlgorithmIdentifier, error) {
	switch key := key.(type) {
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() {
			return pkix.AlgorithmIdentifier{}, fmt.Errorf("sign with curve %s: only P-256 is read by everyone", key.Curve.Params().Name)
		}
		return pkix.AlgorithmIdentifier{Algorithm: oidECDSASHA256}, nil
	case *rsa.PublicKey:
		return pkix.AlgorithmIdentifier{Algorithm: oidRSA, Parameters: asn1.NullRawValue}, nil
	}
	return pkix.AlgorithmIdentifier{}, fmt.Errorf("sign with a key of type %T: ECDSA P-256 or RSA is needed", key)
}

type ecdsaSignature struct{ R, S *big.Int }

// lowS picks the smaller of the two equivalent ECDSA signatures, so that a paper
// has one valid form only.
func lowS(der []byte, curve elliptic.Curve) ([]byte, error) {
	var signature ecdsaSignature
	if rest, err := asn1.Unmarshal(der, &signature); err != nil || len(rest) != 0 {
		return nil, errors.New("sign the paper's digest: the key gave no ECDSA signature")
	}
	order := curve.Params().N
	if other := new(big.Int).Sub(order, signature.S); other.Cmp(signature.S) < 0 {
		signature.S = other
	}
	return asn1.Marshal(signature)
}

// cmsParts are what a signature consists of.
type cmsParts struct {
	attributes []byte // DER SET
	signature  []byte
	chain      []*x509.Certificate
}

// cmsParse reads a signature made by cmsSign; anything else is an error.
func cmsParse(der []byte) (cmsParts, error) {
	var info cmsContentInfo
	var data cmsSignedData
	if rest, err := asn1.Unmarshal(der, &info); err != nil || len(rest) != 0 || !info.ContentType.Equal(oidSignedData) {
		return cmsParts{}, errors.New("not a CMS signed-data")
	}
	if rest, err := asn1.Unmarshal(info.Content.Bytes, &data); err != nil || len(rest) != 0 || len(data.SignerInfos) != 1 {
		return cmsParts{}, errors.New("not a CMS signed-data with one signer")
	}
	chain, err := x509.ParseCertificates(data.Certificates.Bytes)
	if err != nil || len(chain) == 0 {
		return cmsParts{}, errors.New("no readable certificate in the signature")
	}
	signer := data.SignerInfos[0]
	attributes, err := asn1.Marshal(asn1.RawValue{Class: asn1.ClassUniversal, Tag: asn1.TagSet, IsCompound: true, Bytes: signer.SignedAttributes.Bytes})
	if err != nil {
		return cmsParts{}, fmt.Errorf("read signed attributes: %w", err)
	}
	return cmsParts{attributes, signer.Signature, chain}, nil
}
