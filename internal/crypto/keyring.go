package crypto

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// International is the suite AES-256-GCM, SHA-256, Ed25519, ECDSA P-256.
const International = "international"

// Environment variables that hold the root key or name its file.
const (
	EnvRootKey     = "DANGAN_ROOT_KEY"
	EnvRootKeyFile = "DANGAN_ROOT_KEY_FILE"
)

const (
	rootFile = "root.key"
	ringFile = "keyring.json"
	keySize  = 32
)

// ErrRootKey says that the root key is missing or is not the one of this ring.
var ErrRootKey = errors.New("根密钥缺失或不符")

// ring is what keyring.json holds: nothing in it can be read without the root key.
type ring struct {
	Suite    string    `json:"suite"`
	Province string    `json:"province"`
	Log      string    `json:"log"` // name of the log's signing key
	MadeAt   time.Time `json:"madeAt"`
	Data     []wrapped `json:"data"` // data keys, the last one is in use
	LogKey   wrapped   `json:"logKey"`
	DocKey   wrapped   `json:"docKey"`
	CAKey    wrapped   `json:"caKey"`
	DocCert  string    `json:"docCert"` // PEM
	CACert   string    `json:"caCert"`
}

type wrapped struct {
	Version int    `json:"version"`
	Key     string `json:"key"` // base64 of nonce ‖ AES-256-GCM
}

// Keyring is an open key ring. Safe for concurrent use.
type Keyring struct {
	dir  string
	root []byte

	mu    sync.RWMutex
	ring  ring
	data  map[uint16][]byte
	aeads map[uint16]cipher.AEAD
	last  uint16

	index, mac, blob []byte
	logSigner        note.Signer
	logVerifier      string
	docSigner        *ecdsa.PrivateKey
	docChain         []*x509.Certificate
}

// Create makes a new key ring in dir, refusing one that exists. province is the
// name in the certificates.
func Create(dir, province string) (*Keyring, error) {
	if _, err := os.Stat(filepath.Join(dir, ringFile)); err == nil {
		return nil, fmt.Errorf("%s 中已有密钥，不能覆盖", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create key folder: %w", err)
	}
	root, err := readRoot(dir)
	if errors.Is(err, os.ErrNotExist) {
		root = random(keySize)
		err = writeFile(filepath.Join(dir, rootFile), []byte(base64.StdEncoding.EncodeToString(root)+"\n"))
	}
	if err != nil {
		return nil, err
	}
	k := &Keyring{dir: dir, root: root, ring: ring{Suite: International, Province: province, Log: "dangan/" + province, MadeAt: time.Now().UTC().Truncate(time.Second)}}
	if err := k.makeKeys(); err != nil {
		return nil, err
	}
	if err := k.save(); err != nil {
		return nil, err
	}
	return Open(dir)
}

func (k *Keyring) makeKeys() error {
	var err error
	wrap := func(name string, plain []byte) wrapped {
		var w wrapped
		if err == nil {
			w, err = k.wrap(name, 1, plain)
		}
		return w
	}
	k.ring.Data = []wrapped{wrap("data", random(keySize))}
	k.ring.LogKey = wrap("log", random(ed25519.SeedSize))
	ca, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	doc, err2 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	caDER, err1 := x509.MarshalECPrivateKey(ca)
	docDER, err2 := x509.MarshalECPrivateKey(doc)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	k.ring.CAKey, k.ring.DocKey = wrap("ca", caDER), wrap("document", docDER)
	if err != nil {
		return err
	}
	name := pkix.Name{Country: []string{"CN"}, Organization: []string{k.ring.Province}, CommonName: k.ring.Province + "流动人员人事档案文书根证书"}
	now := k.ring.MadeAt
	// A sample province's cases begin in the past, and its papers with them.
	since := now.AddDate(-3, 0, 0)
	caCert := &x509.Certificate{SerialNumber: serial(), Subject: name, NotBefore: since, NotAfter: now.AddDate(30, 0, 0), IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, MaxPathLenZero: true}
	caRaw, err := x509.CreateCertificate(rand.Reader, caCert, caCert, ca.Public(), ca)
	if err != nil {
		return err
	}
	name.CommonName = k.ring.Province + "流动人员人事档案文书签章"
	docCert := &x509.Certificate{SerialNumber: serial(), Subject: name, NotBefore: since, NotAfter: now.AddDate(10, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment}
	docRaw, err := x509.CreateCertificate(rand.Reader, docCert, caCert, doc.Public(), ca)
	if err != nil {
		return err
	}
	k.ring.CACert, k.ring.DocCert = pemOf(caRaw), pemOf(docRaw)
	return nil
}

func pemOf(der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func serial() *big.Int { return new(big.Int).SetBytes(random(16)) }

// Open opens the key ring in dir. A missing or wrong root key, or a ring that was
// changed, gives ErrRootKey with what to do.
func Open(dir string) (*Keyring, error) {
	raw, err := os.ReadFile(filepath.Join(dir, ringFile))
	if err != nil {
		return nil, fmt.Errorf("读取密钥环 %s 失败：%w。请确认数据目录正确，或从密钥备份恢复", filepath.Join(dir, ringFile), err)
	}
	root, err := readRoot(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w：没有找到 %s，也没有设置 %s 或 %s。请恢复密钥文件后重试", ErrRootKey, filepath.Join(dir, rootFile), EnvRootKey, EnvRootKeyFile)
	} else if err != nil {
		return nil, err
	}
	k := &Keyring{dir: dir, root: root}
	if err := json.Unmarshal(raw, &k.ring); err != nil {
		return nil, fmt.Errorf("密钥环 %s 已损坏：%w。请从密钥备份恢复", ringFile, err)
	}
	if k.ring.Suite != International {
		return nil, fmt.Errorf("密钥环使用的算法套件 %q 本版本不支持", k.ring.Suite)
	}
	return k, k.load()
}

func (k *Keyring) load() error {
	k.data, k.aeads = map[uint16][]byte{}, map[uint16]cipher.AEAD{}
	for _, w := range k.ring.Data {
		key, err := k.unwrap("data", w)
		if err != nil {
			return err
		}
		v := uint16(w.Version)
		if k.aeads[v], err = gcm(derive(key, "field")); err != nil {
			return err
		}
		k.data[v], k.last = key, v
	}
	if len(k.ring.Data) == 0 {
		return fmt.Errorf("%w：密钥环中没有数据密钥", ErrRootKey)
	}
	// Indexes, codes and blob keys hang on the first data key: they must stay the
	// same for ever, or nothing would be found again.
	first := k.data[uint16(k.ring.Data[0].Version)]
	k.index, k.mac, k.blob = derive(first, "index"), derive(first, "entry"), derive(first, "blob")
	seed, err := k.unwrap("log", k.ring.LogKey)
	if err != nil {
		return err
	}
	if k.logSigner, k.logVerifier, err = newSigner(k.ring.Log, seed); err != nil {
		return err
	}
	der, err := k.unwrap("document", k.ring.DocKey)
	if err != nil {
		return err
	}
	if k.docSigner, err = x509.ParseECPrivateKey(der); err != nil {
		return fmt.Errorf("document key: %w", err)
	}
	for _, text := range []string{k.ring.DocCert, k.ring.CACert} {
		block, _ := pem.Decode([]byte(text))
		if block == nil {
			return errors.New("密钥环中的证书已损坏，请从密钥备份恢复")
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("document certificate: %w", err)
		}
		k.docChain = append(k.docChain, cert)
	}
	return nil
}

// newSigner builds a note signer from an Ed25519 seed.
func newSigner(name string, seed []byte) (note.Signer, string, error) {
	private := ed25519.NewKeyFromSeed(seed)
	vkey, err := note.NewEd25519VerifierKey(name, private.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, "", err
	}
	hash := strings.Split(vkey, "+")[1]
	skey := "PRIVATE+KEY+" + name + "+" + hash + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed...))
	signer, err := note.NewSigner(skey)
	return signer, vkey, err
}

func readRoot(dir string) ([]byte, error) {
	text := os.Getenv(EnvRootKey)
	where := EnvRootKey
	if text == "" {
		where = os.Getenv(EnvRootKeyFile)
		if where == "" {
			where = filepath.Join(dir, rootFile)
		}
		raw, err := os.ReadFile(where)
		if err != nil {
			return nil, fmt.Errorf("read root key: %w", err)
		}
		text = string(raw)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keySize {
		return nil, fmt.Errorf("%w：%s 的内容不是 32 字节的 Base64。请从密钥备份恢复", ErrRootKey, where)
	}
	return key, nil
}

func (k *Keyring) wrap(name string, version int, plain []byte) (wrapped, error) {
	aead, err := gcm(derive(k.root, "wrap"))
	if err != nil {
		return wrapped{}, err
	}
	nonce := random(aead.NonceSize())
	return wrapped{version, base64.StdEncoding.EncodeToString(aead.Seal(nonce, nonce, plain, fmt.Appendf(nil, "%s/%d", name, version)))}, nil
}

func (k *Keyring) unwrap(name string, w wrapped) ([]byte, error) {
	aead, err := gcm(derive(k.root, "wrap"))
	if err != nil {
		return nil, err
	}
	raw, err := base64.StdEncoding.DecodeString(w.Key)
	if err != nil || len(raw) < aead.NonceSize() {
		return nil, fmt.Errorf("密钥环 %s 已损坏，请从密钥备份恢复", ringFile)
	}
	n := aead.NonceSize()
	plain, err := aead.Open(nil, raw[:n], raw[n:], fmt.Appendf(nil, "%s/%d", name, w.Version))
	if err != nil {
		return nil, fmt.Errorf("%w：根密钥不能打开密钥环 %s。请恢复与本数据目录配套的根密钥", ErrRootKey, ringFile)
	}
	return plain, nil
}

func (k *Keyring) save() error {
	raw, err := json.MarshalIndent(k.ring, "", " ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(k.dir, ringFile), raw)
}

// SealField encrypts a column's value under the newest data key: version ‖ nonce ‖ ciphertext.
func (k *Keyring) SealField(plain []byte, aad string) ([]byte, error) {
	k.mu.RLock()
	version, aead := k.last, k.aeads[k.last]
	k.mu.RUnlock()
	out := make([]byte, 2+aead.NonceSize(), 2+aead.NonceSize()+len(plain)+aead.Overhead())
	binary.BigEndian.PutUint16(out, version)
	if _, err := rand.Read(out[2:]); err != nil {
		return nil, err
	}
	return aead.Seal(out, out[2:], plain, []byte(aad)), nil
}

// OpenField decrypts what SealField made, of whatever version.
func (k *Keyring) OpenField(sealed []byte, aad string) ([]byte, error) {
	if len(sealed) < 2 {
		return nil, errors.New("sealed field is too short")
	}
	k.mu.RLock()
	aead := k.aeads[binary.BigEndian.Uint16(sealed)]
	k.mu.RUnlock()
	if aead == nil || len(sealed) < 2+aead.NonceSize() {
		return nil, errors.New("sealed field of an unknown key version")
	}
	n := 2 + aead.NonceSize()
	plain, err := aead.Open(nil, sealed[2:n], sealed[n:], []byte(aad))
	if err != nil {
		return nil, errors.New("sealed field does not open: changed, or moved from another place")
	}
	return plain, nil
}

// Index is the keyed index of a value: 32 bytes that can be compared and found
// but not turned back.
func (k *Keyring) Index(purpose, value string) []byte {
	return hmacSum(k.index, []byte(purpose), []byte(value))
}

// EntryMAC authenticates a ledger entry with a key the database does not hold.
func (k *Keyring) EntryMAC(data []byte) []byte { return hmacSum(k.mac, data) }

// BlobKey derives the key of one stored file.
func (k *Keyring) BlobKey(nonce []byte) [32]byte {
	return [32]byte(hmacSum(k.blob, []byte("key"), nonce))
}

// BlobAddress hides a file's digest: who steals the disk can't tell known documents.
// It is a tag and the masked digest, so that a file whose act never came to its
// end can still be told from one that somebody put there.
func (k *Keyring) BlobAddress(digest []byte) []byte {
	tag := hmacSum(k.blob, []byte("address"), digest)[:blobTag]
	return append(tag, xor(digest, hmacSum(k.blob, []byte("mask"), tag))...)
}

// BlobDigest reads an address back; false for one that BlobAddress did not make.
func (k *Keyring) BlobDigest(address []byte) ([]byte, bool) {
	if len(address) != blobTag+sha256.Size {
		return nil, false
	}
	tag := address[:blobTag]
	digest := xor(address[blobTag:], hmacSum(k.blob, []byte("mask"), tag))
	return digest, hmac.Equal(tag, hmacSum(k.blob, []byte("address"), digest)[:blobTag])
}

const blobTag = 16

func xor(a, b []byte) []byte {
	out := make([]byte, len(a))
	subtle.XORBytes(out, a, b)
	return out
}

// LogSigner signs checkpoints.
func (k *Keyring) LogSigner() note.Signer { return k.logSigner }

// LogVerifierKey is the published key by which anybody checks checkpoints.
func (k *Keyring) LogVerifierKey() string { return k.logVerifier }

// LogVerifier checks checkpoints.
func (k *Keyring) LogVerifier() (note.Verifier, error) { return note.NewVerifier(k.logVerifier) }

// DocumentSigner signs papers; the chain ends in the province's own root.
func (k *Keyring) DocumentSigner() (crypto.Signer, []*x509.Certificate) {
	return k.docSigner, k.docChain
}

// TrustPEM is the province's published root certificate, for `verify certificate --trust`.
func (k *Keyring) TrustPEM() []byte { return []byte(k.ring.CACert) }

// Suite names the algorithms in use.
func (k *Keyring) Suite() string { return k.ring.Suite }

// Province is the name the ring was made for.
func (k *Keyring) Province() string { return k.ring.Province }

// Version is the data key now in use.
func (k *Keyring) Version() int { return int(k.last) }

// Rotate starts a new data key; what older ones sealed stays readable.
func (k *Keyring) Rotate() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	version := int(k.last) + 1
	key := random(keySize)
	w, err := k.wrap("data", version, key)
	if err != nil {
		return err
	}
	aead, err := gcm(derive(key, "field"))
	if err != nil {
		return err
	}
	k.ring.Data = append(k.ring.Data, w)
	if err := k.save(); err != nil {
		k.ring.Data = k.ring.Data[:len(k.ring.Data)-1]
		return err
	}
	k.data[uint16(version)], k.aeads[uint16(version)], k.last = key, aead, uint16(version)
	return nil
}

// Export writes ring and root key, for escrow in a safe. Whoever holds it reads everything.
func (k *Keyring) Export(w io.Writer) error {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return json.NewEncoder(w).Encode(map[string]any{"root": base64.StdEncoding.EncodeToString(k.root), "ring": k.ring})
}

// Import restores an export into an empty key folder.
func Import(dir string, r io.Reader) error {
	var doc struct {
		Root string `json:"root"`
		Ring ring   `json:"ring"`
	}
	if err := json.NewDecoder(r).Decode(&doc); err != nil {
		return fmt.Errorf("密钥备份无法读取：%w", err)
	}
	for _, name := range []string{rootFile, ringFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("%s 中已有密钥，不能覆盖", dir)
		}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	k := &Keyring{dir: dir, ring: doc.Ring}
	if err := writeFile(filepath.Join(dir, rootFile), []byte(doc.Root+"\n")); err != nil {
		return err
	}
	return k.save()
}

func derive(key []byte, use string) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, "dangan/1/"+use, keySize)
	if err != nil {
		panic(err) // only for lengths that HKDF can't give
	}
	return out
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// hmacSum authenticates parts with their lengths.
func hmacSum(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		var n [4]byte
		binary.BigEndian.PutUint32(n[:], uint32(len(p)))
		h.Write(n[:])
		h.Write(p)
	}
	return h.Sum(nil)
}

func random(n int) []byte {
	out := make([]byte, n)
	_, _ = rand.Read(out) // crypto/rand never fails (Go 1.24)
	return out
}

// writeFile writes a file for its owner only, whole or not at all.
func writeFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write key file: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
