package crypto_test

import (
	stdcrypto "crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"dangan/internal/crypto"
)

func TestDetachedSignatures(t *testing.T) {
	content := []byte("姓名,公民身份号码\n")
	sum := sha256.Sum256(content)
	edPublic, _, _ := ed25519.GenerateKey(rand.Reader)
	ecKey, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rsaKey, _ := rsa.GenerateKey(rand.Reader, 2048)
	weak, _ := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	ecSig, _ := ecdsa.SignASN1(rand.Reader, ecKey, sum[:])
	rsaSig, _ := rsa.SignPKCS1v15(rand.Reader, rsaKey, stdcrypto.SHA256, sum[:])
	for _, c := range []struct {
		name string
		key  any
		sig  []byte
	}{{"p256", &ecKey.PublicKey, ecSig}, {"rsa", &rsaKey.PublicKey, rsaSig}} {
		key, again, print, err := crypto.ParsePublic(pemOf(t, c.key))
		if err != nil || len(print) != 64 {
			t.Fatalf("%s: %q %v", c.name, print, err)
		}
		if _, _, twice, _ := crypto.ParsePublic(again); twice != print {
			t.Errorf("%s: the same key has two fingerprints", c.name)
		}
		if err := crypto.VerifyDetached(key, sum[:], c.sig); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if other := sha256.Sum256(append([]byte("x"), content...)); crypto.VerifyDetached(key, other[:], c.sig) == nil || crypto.VerifyDetached(key, sum[:], c.sig[1:]) == nil || crypto.VerifyDetached(key, sum[:], nil) == nil {
			t.Errorf("%s: a changed content or signature verifies", c.name)
		}
	}
	for name, text := range map[string][]byte{"ed25519": pemOf(t, edPublic), "P-224": pemOf(t, &weak.PublicKey), "nothing": nil, "text": []byte("key"), "private": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte{1}})} {
		if _, _, _, err := crypto.ParsePublic(text); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func pemOf(t *testing.T, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}
