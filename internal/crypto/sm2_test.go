package crypto_test

import (
	"bytes"
	"crypto/rand"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"dangan/internal/crypto"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/smx509"
)

// A source that signs by the national algorithms: with a library of its own, and with openssl
// as the manual says.
func TestSM2Signatures(t *testing.T) {
	content := []byte("姓名,公民身份号码\n")
	key, err := sm2.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := smx509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	sig, err := key.Sign(rand.Reader, content, sm2.NewSM2SignerOption(true, nil))
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, public, sig []byte) {
		t.Helper()
		known, again, print, err := crypto.ParsePublic(public)
		if err != nil || !crypto.IsSM2(known) {
			t.Fatalf("%s: %v", name, err)
		}
		if _, _, twice, err := crypto.ParsePublic(again); err != nil || twice != print {
			t.Errorf("%s: the same key has two fingerprints: %v", name, err)
		}
		sum, err := crypto.Digest(known, bytes.NewReader(content))
		if err != nil || len(sum) != 32 {
			t.Fatalf("%s: %v", name, err)
		}
		if err := crypto.VerifyDetached(known, sum, sig); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		other, _ := crypto.Digest(known, bytes.NewReader(append([]byte("x"), content...)))
		if crypto.VerifyDetached(known, other, sig) == nil || crypto.VerifyDetached(known, sum, sig[1:]) == nil || crypto.VerifyDetached(known, sum, nil) == nil {
			t.Errorf("%s: a changed content or signature verifies", name)
		}
	}
	check("gmsm", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), sig)

	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl here")
	}
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.WriteFile(at("file"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"ecparam", "-name", "SM2", "-genkey", "-noout", "-out", at("private.pem")},
		{"ec", "-in", at("private.pem"), "-pubout", "-out", at("public.pem")},
		{"pkeyutl", "-sign", "-inkey", at("private.pem"), "-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678", "-in", at("file"), "-out", at("sig")},
	} {
		if out, err := exec.CommandContext(t.Context(), openssl, args...).CombinedOutput(); err != nil {
			t.Skipf("this openssl knows no SM2: %v %s", args, out)
		}
	}
	public, err := os.ReadFile(at("public.pem"))
	if err != nil {
		t.Fatal(err)
	}
	made, err := os.ReadFile(at("sig"))
	if err != nil {
		t.Fatal(err)
	}
	check("openssl", public, made)
}
