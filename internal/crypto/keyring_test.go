package crypto

import (
	"bytes"
	"crypto/cipher"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

func create(t testing.TB) (*Keyring, string) {
	t.Helper()
	dir := t.TempDir()
	k, err := Create(dir, "重庆市")
	if err != nil {
		t.Fatal(err)
	}
	return k, dir
}

// edited changes the ring's file as somebody with an editor would.
func edited(t *testing.T, dir string, change func(r *ring)) {
	t.Helper()
	path := filepath.Join(dir, ringFile)
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var r ring
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	change(&r)
	if raw, err = json.Marshal(r); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// flipped changes one byte of a base64 text.
func flipped(t *testing.T, text string, at int) string {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	raw[at] ^= 1
	return base64.StdEncoding.EncodeToString(raw)
}

// Each thing that can be wrong with keys is said in Chinese, with what to do.
func TestWhatIsWrongWithKeysIsSaid(t *testing.T) {
	write := func(t *testing.T, dir, name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(t *testing.T, dir, name string) {
		t.Helper()
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name   string
		damage func(t *testing.T, dir string)
		root   bool // ErrRootKey
		says   string
	}{
		{"no ring", func(t *testing.T, dir string) { remove(t, dir, ringFile) }, false, "读取密钥环"},
		{"no root key", func(t *testing.T, dir string) { remove(t, dir, rootFile) }, true, EnvRootKeyFile},
		{"another root key", func(t *testing.T, dir string) {
			write(t, dir, rootFile, base64.StdEncoding.EncodeToString(random(keySize))+"\n")
		}, true, "不能打开密钥环"},
		{"a root key cut short", func(t *testing.T, dir string) { write(t, dir, rootFile, base64.StdEncoding.EncodeToString(random(20))) }, true, "32 字节"},
		{"a root key that is no key", func(t *testing.T, dir string) { write(t, dir, rootFile, "口令") }, true, "32 字节"},
		{"a ring that is no ring", func(t *testing.T, dir string) { write(t, dir, ringFile, "{") }, false, "已损坏"},
		{"another suite", func(t *testing.T, dir string) { edited(t, dir, func(r *ring) { r.Suite = "national" }) }, false, "不支持"},
		{"a data key changed", func(t *testing.T, dir string) {
			edited(t, dir, func(r *ring) { r.Data[0].Key = flipped(t, r.Data[0].Key, 20) })
		}, true, "不能打开密钥环"},
		{"a data key under another number", func(t *testing.T, dir string) { edited(t, dir, func(r *ring) { r.Data[0].Version = 2 }) }, true, "不能打开密钥环"},
		{"the log's key in the data key's place", func(t *testing.T, dir string) { edited(t, dir, func(r *ring) { r.Data[0] = r.LogKey }) }, true, "不能打开密钥环"},
		{"no data key", func(t *testing.T, dir string) { edited(t, dir, func(r *ring) { r.Data = nil }) }, true, "没有数据密钥"},
		{"a key that is no text", func(t *testing.T, dir string) { edited(t, dir, func(r *ring) { r.DocKey.Key = "###" }) }, false, "已损坏"},
		{"a certificate changed", func(t *testing.T, dir string) { edited(t, dir, func(r *ring) { r.CACert = "证书" }) }, false, "证书已损坏"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, dir := create(t)
			c.damage(t, dir)
			k, err := Open(dir)
			if err == nil {
				t.Fatalf("opened, %s", k.Suite())
			}
			if errors.Is(err, ErrRootKey) != c.root || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %q (root key: %v), want %q (%v)", err, errors.Is(err, ErrRootKey), c.says, c.root)
			}
		})
	}
}

func TestARootKeyFromElsewhere(t *testing.T) {
	_, dir := create(t)
	raw, err := os.ReadFile(filepath.Join(dir, rootFile))
	if err != nil {
		t.Fatal(err)
	}
	away := filepath.Join(t.TempDir(), "root")
	if err := errors.Join(os.WriteFile(away, raw, 0o600), os.Remove(filepath.Join(dir, rootFile))); err != nil {
		t.Fatal(err)
	}
	t.Setenv(EnvRootKeyFile, away)
	if _, err := Open(dir); err != nil {
		t.Errorf("root key named by its file: %v", err)
	}
	t.Setenv(EnvRootKeyFile, filepath.Join(dir, "none"))
	if _, err := Open(dir); !errors.Is(err, ErrRootKey) {
		t.Errorf("a root key file that is not there: %v", err)
	}
	t.Setenv(EnvRootKey, string(raw))
	if _, err := Open(dir); err != nil {
		t.Errorf("root key in the environment: %v", err)
	}
}

func TestKeyFilesAreTheOwnersAndNeverOverwritten(t *testing.T) {
	_, dir := create(t)
	for _, name := range []string{rootFile, ringFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	if _, err := Create(dir, "重庆市"); err == nil {
		t.Error("keys were made over keys")
	}
	raw, err := os.ReadFile(filepath.Join(dir, ringFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"PRIVATE", "BEGIN EC"} {
		if bytes.Contains(raw, []byte(secret)) {
			t.Errorf("the ring tells %s", secret)
		}
	}
}

// After rotations everything sealed before stays readable, new values stand under
// the new key, and what is found by an index is found as before.
func TestRotation(t *testing.T) {
	k, dir := create(t)
	index, address, mac := k.Index("identity", "500108199103140022"), k.BlobAddress(bytes.Repeat([]byte{7}, 32)), k.EntryMAC([]byte("entry"))
	var sealed [][]byte
	for i := range 3 {
		x, err := k.SealField([]byte("程砚清"), "person.name")
		if err != nil {
			t.Fatal(err)
		}
		if x[0] != 0 || int(x[1]) != i+1 {
			t.Errorf("value %d stands under key %x", i, x[:2])
		}
		sealed = append(sealed, x)
		if err := k.Rotate(); err != nil {
			t.Fatal(err)
		}
	}
	again, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, ring := range []*Keyring{k, again} {
		if ring.Version() != 4 {
			t.Errorf("version %d, want 4", ring.Version())
		}
		for i, x := range sealed {
			if plain, err := ring.OpenField(x, "person.name"); err != nil || string(plain) != "程砚清" {
				t.Errorf("value %d opens as %q, %v", i, plain, err)
			}
		}
		if !bytes.Equal(ring.Index("identity", "500108199103140022"), index) || !bytes.Equal(ring.BlobAddress(bytes.Repeat([]byte{7}, 32)), address) || !bytes.Equal(ring.EntryMAC([]byte("entry")), mac) {
			t.Error("an index, an address or an entry's code changed with the data key")
		}
	}
	// The older copy of the ring, put back, does not know the newer key.
	edited(t, dir, func(r *ring) { r.Data = r.Data[:1] })
	old, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.OpenField(sealed[2], "person.name"); err == nil || !strings.Contains(err.Error(), "unknown key version") {
		t.Errorf("a value of a newer key: %v", err)
	}
}

// From the root key 00 01 … 1f, all computed by another implementation too (HKDF-SHA256,
// HMAC-SHA256 over parts with their lengths, AES-256-GCM).
const (
	vectorIndexKey = "5a05f13b26d273c96de6672339baf5c8be367412544c4c581c3835b85de62826"
	vectorIndex    = "1c7b48b80d7120956ec9cf2e5bf16f566e703f18683fa193eff5a1eb58ee23c9"
	vectorEntry    = "2a954f5b0c3f6bcb838e32687e44679017cfca9d1252d95e5bc6e30aa1016d82"
	vectorField    = "0001000102030405060708090a0b40614f7184ceda76e76c9357304d07928c8c0aacea0b3fb23c12df66b28480bfcd5e"
)

// Fixed keys give fixed values: what is stored today is found and opened tomorrow.
func TestVectors(t *testing.T) {
	root := make([]byte, keySize)
	for i := range root {
		root[i] = byte(i)
	}
	k := &Keyring{index: derive(root, "index"), mac: derive(root, "entry"), blob: derive(root, "blob"), data: map[uint16][]byte{}, last: 1}
	aead, err := gcm(derive(root, "field"))
	if err != nil {
		t.Fatal(err)
	}
	k.aeads = map[uint16]cipher.AEAD{1: aead}
	nonce, _ := hex.DecodeString("000102030405060708090a0b")
	sealed := aead.Seal(append([]byte{0, 1}, nonce...), nonce, []byte("500108199103140022"), []byte("person.id_no"))
	for _, v := range []struct {
		what string
		got  []byte
		want string
	}{
		{"index key", k.index, vectorIndexKey},
		{"index", k.Index("identity", "500108199103140022"), vectorIndex},
		{"entry", k.EntryMAC([]byte("entry")), vectorEntry},
		{"field", sealed, vectorField},
	} {
		if got := hex.EncodeToString(v.got); got != v.want {
			t.Errorf("%s is %s, want %s", v.what, got, v.want)
		}
	}
	raw, err := hex.DecodeString(vectorField)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := k.OpenField(raw, "person.id_no"); err != nil || string(plain) != "500108199103140022" {
		t.Errorf("the vector opens as %q, %v", plain, err)
	}
}

// Whatever is sealed comes back, in its own place only; whatever was changed does not.
func TestFieldsComeBackOrNot(t *testing.T) {
	k, _ := create(t)
	rapid.Check(t, func(rt *rapid.T) {
		plain, place := rapid.SliceOfN(rapid.Byte(), 0, 400).Draw(rt, "plain"), rapid.String().Draw(rt, "place")
		sealed, err := k.SealField(plain, place)
		if err != nil {
			rt.Fatal(err)
		}
		if back, err := k.OpenField(sealed, place); err != nil || !bytes.Equal(back, plain) {
			rt.Fatalf("came back as %x: %v", back, err)
		}
		if twice, err := k.SealField(plain, place); err != nil || bytes.Equal(twice, sealed) {
			rt.Fatal("the same value twice gives the same ciphertext")
		}
		if _, err := k.OpenField(sealed, place+"x"); err == nil {
			rt.Fatal("opens in another place")
		}
		changed := slices.Clone(sealed)
		changed[rapid.IntRange(0, len(changed)-1).Draw(rt, "at")] ^= byte(rapid.IntRange(1, 255).Draw(rt, "by"))
		if _, err := k.OpenField(changed, place); err == nil {
			rt.Fatal("a changed value opens")
		}
		if _, err := k.OpenField(sealed[:rapid.IntRange(0, len(sealed)-1).Draw(rt, "cut")], place); err == nil {
			rt.Fatal("a cut value opens")
		}
	})
}

// An index is equal exactly for equal values of one purpose under one ring.
func TestIndex(t *testing.T) {
	k, _ := create(t)
	other, _ := create(t)
	rapid.Check(t, func(rt *rapid.T) {
		purpose, value := rapid.String().Draw(rt, "purpose"), rapid.String().Draw(rt, "value")
		more := rapid.StringN(1, 8, -1).Draw(rt, "more")
		x := k.Index(purpose, value)
		if len(x) != 32 || !bytes.Equal(x, k.Index(purpose, value)) {
			rt.Fatal("not the same twice")
		}
		for what, y := range map[string][]byte{"another value": k.Index(purpose, value+more), "another purpose": k.Index(purpose+more, value), "moved border": k.Index(purpose+value, ""), "another ring": other.Index(purpose, value)} {
			if bytes.Equal(x, y) && (what != "moved border" || value != "") {
				rt.Fatalf("%s has the same index", what)
			}
		}
		digest := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "digest")
		address := k.BlobAddress(digest)
		if back, ok := k.BlobDigest(address); !ok || !bytes.Equal(back, digest) || bytes.Contains(address, digest) {
			rt.Fatal("an address that does not lead back, or that tells the digest")
		}
		address[rapid.IntRange(0, len(address)-1).Draw(rt, "at")] ^= 1
		if _, ok := k.BlobDigest(address); ok {
			rt.Fatal("a changed address is taken")
		}
		if _, ok := other.BlobDigest(k.BlobAddress(digest)); ok {
			rt.Fatal("another ring's address is taken")
		}
	})
}

// Escrow: what is exported opens everything again, and is not put over other keys.
func TestExportAndImport(t *testing.T) {
	k, dir := create(t)
	if err := k.Rotate(); err != nil {
		t.Fatal(err)
	}
	sealed, err := k.SealField([]byte("值"), "a")
	if err != nil {
		t.Fatal(err)
	}
	var escrow bytes.Buffer
	if err := k.Export(&escrow); err != nil {
		t.Fatal(err)
	}
	away := filepath.Join(t.TempDir(), "keys")
	if err := Import(away, bytes.NewReader(escrow.Bytes())); err != nil {
		t.Fatal(err)
	}
	back, err := Open(away)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := back.OpenField(sealed, "a"); err != nil || string(plain) != "值" {
		t.Errorf("opens as %q, %v", plain, err)
	}
	if back.LogVerifierKey() != k.LogVerifierKey() || !bytes.Equal(back.TrustPEM(), k.TrustPEM()) {
		t.Error("the published keys are others")
	}
	if err := Import(dir, bytes.NewReader(escrow.Bytes())); err == nil {
		t.Error("keys were put over keys")
	}
	if err := Import(t.TempDir(), strings.NewReader("不是备份")); err == nil || !strings.Contains(err.Error(), "密钥备份无法读取") {
		t.Errorf("a file that is no escrow: %v", err)
	}
}

func TestSigningKeys(t *testing.T) {
	k, _ := create(t)
	signed, err := note.Sign(&note.Note{Text: "checkpoint\n"}, k.LogSigner())
	if err != nil {
		t.Fatal(err)
	}
	v, err := k.LogVerifier()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, note.VerifierList(v)); err != nil {
		t.Errorf("the log's own key refuses its checkpoint: %v", err)
	}
	other, _ := create(t)
	if v, err = other.LogVerifier(); err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(signed, note.VerifierList(v)); err == nil {
		t.Error("another ring's key takes it")
	}
	signer, chain := k.DocumentSigner()
	if len(chain) != 2 || chain[0].CheckSignatureFrom(chain[1]) != nil || !chain[0].PublicKey.(*ecdsa.PublicKey).Equal(signer.Public()) {
		t.Error("the paper's certificate does not lead from its key to the province's root")
	}
}
