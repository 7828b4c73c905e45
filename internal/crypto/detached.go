package crypto

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/smx509"
)

// ErrWeak says that a key is of a kind or length that is not relied on.
var ErrWeak = errors.New("crypto: key is too weak or of an unknown kind")

// ErrSignature says that a signature is not that of the key over the content.
var ErrSignature = errors.New("crypto: signature does not verify")

// ParsePublic reads one public key, or the certificate it stands in, from PEM, and gives
// the key in its one form and its fingerprint: what both sides read to each other on the
// phone. ECDSA on P-256 to P-521, RSA from 2048 bits and SM2 (GB/T 32918) are relied on: all
// sign a digest, so that a large file need not be held in memory to be verified.
func ParsePublic(text []byte) (key crypto.PublicKey, canonical []byte, fingerprint string, err error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, nil, "", errors.New("crypto: no PEM")
	}
	switch block.Type {
	case "PUBLIC KEY":
		key, err = smx509.ParsePKIXPublicKey(block.Bytes) // the standard library's, and SM2
	case "CERTIFICATE":
		var c *smx509.Certificate
		if c, err = smx509.ParseCertificate(block.Bytes); err == nil {
			key = c.PublicKey
		}
	default:
		err = errors.New("crypto: not a public key")
	}
	if err != nil {
		return nil, nil, "", err
	}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() && k.Curve != elliptic.P521() && !IsSM2(k) {
			return nil, nil, "", ErrWeak
		}
	case *rsa.PublicKey:
		if k.N.BitLen() < 2048 {
			return nil, nil, "", ErrWeak
		}
	default:
		return nil, nil, "", ErrWeak
	}
	der, err := smx509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, nil, "", err
	}
	sum := sha256.Sum256(der)
	return key, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), hex.EncodeToString(sum[:]), nil
}

// IsSM2 says whether a key is of the national curve.
func IsSM2(key crypto.PublicKey) bool {
	k, ok := key.(*ecdsa.PublicKey)
	return ok && k.Curve == sm2.P256()
}

// Digest is what a key signs of a content: SHA-256, and for SM2 the SM3 that begins with the
// signer (GB/T 32918.2 §5.5, with the identifier of GB/T 35276, 1234567812345678).
func Digest(key crypto.PublicKey, content io.Reader) ([]byte, error) {
	h := sha256.New()
	if k, ok := key.(*ecdsa.PublicKey); ok && IsSM2(k) {
		signer, err := sm2.CalculateZA(k, []byte("1234567812345678"))
		if err != nil {
			return nil, err
		}
		h = sm3.New()
		h.Write(signer)
	}
	_, err := io.Copy(h, content)
	return h.Sum(nil), err
}

// VerifyDetached checks a signature that stands beside the content it is of, by the content's
// Digest: ECDSA (ASN.1) or RSA (PKCS #1 v1.5) as openssl dgst -sha256 makes them, SM2 (ASN.1)
// as openssl dgst -sm3 does with the usual identifier.
func VerifyDetached(key crypto.PublicKey, sum, signature []byte) error {
	ok := false
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		if IsSM2(k) {
			ok = sm2.VerifyASN1(k, sum, signature)
		} else {
			ok = ecdsa.VerifyASN1(k, sum, signature)
		}
	case *rsa.PublicKey:
		ok = rsa.VerifyPKCS1v15(k, crypto.SHA256, sum, signature) == nil
	}
	if !ok {
		return ErrSignature
	}
	return nil
}
