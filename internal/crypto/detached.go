package crypto

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
)

// ErrWeak says that a key is of a kind or length that is not relied on.
var ErrWeak = errors.New("crypto: key is too weak or of an unknown kind")

// ErrSignature says that a signature is not that of the key over the content.
var ErrSignature = errors.New("crypto: signature does not verify")

// ParsePublic reads one public key, or the certificate it stands in, from PEM, and gives
// the key in its one form and its fingerprint: what both sides read to each other on the
// phone. ECDSA on P-256 to P-521 and RSA from 2048 bits are relied on: both sign a digest,
// so that a large file need not be held in memory to be verified.
func ParsePublic(text []byte) (key crypto.PublicKey, canonical []byte, fingerprint string, err error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, nil, "", errors.New("crypto: no PEM")
	}
	switch block.Type {
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "CERTIFICATE":
		var c *x509.Certificate
		if c, err = x509.ParseCertificate(block.Bytes); err == nil {
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
		if k.Curve != elliptic.P256() && k.Curve != elliptic.P384() && k.Curve != elliptic.P521() {
			return nil, nil, "", ErrWeak
		}
	case *rsa.PublicKey:
		if k.N.BitLen() < 2048 {
			return nil, nil, "", ErrWeak
		}
	default:
		return nil, nil, "", ErrWeak
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return nil, nil, "", err
	}
	sum := sha256.Sum256(der)
	return key, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), hex.EncodeToString(sum[:]), nil
}

// VerifyDetached checks a signature that stands beside the content it is of, by the
// content's SHA-256: ECDSA (ASN.1) or RSA (PKCS #1 v1.5), as openssl dgst -sha256 makes them.
func VerifyDetached(key crypto.PublicKey, sum, signature []byte) error {
	ok := false
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		ok = ecdsa.VerifyASN1(k, sum, signature)
	case *rsa.PublicKey:
		ok = rsa.VerifyPKCS1v15(k, crypto.SHA256, sum, signature) == nil
	}
	if !ok {
		return ErrSignature
	}
	return nil
}
