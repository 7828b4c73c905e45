// Command proofcheck verifies the proof of one act without dangan: it shares no
// code with it and uses the standard library alone. Whoever doubts the province
// reads these lines, or writes them anew from docs/manual/10-prove.md.
//
//	proofcheck --key LOGKEY FILE.json
//
// LOGKEY is the log's public key as the province published it (`dangan key public`);
// the key named in the file itself is not trusted. Exit status: 0 proved, 1 not, 2 usage.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

type proof struct {
	Format string
	Number int64
	Entry  struct {
		ID, Body, Trace string
		Salt            []byte
	}
	Index, Size int64
	Hashes      [][]byte
	Checkpoint  string
}

func main() {
	key := flag.String("key", "", "the log's public key: name+hash+base64")
	flag.Parse()
	if *key == "" || flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: proofcheck --key LOGKEY FILE.json")
		os.Exit(2)
	}
	raw, err := os.ReadFile(flag.Arg(0))
	if err == nil {
		var said string
		if said, err = check(raw, *key); err == nil {
			fmt.Println(said)
			return
		}
	}
	fmt.Fprintln(os.Stderr, "not proved:", err)
	os.Exit(1)
}

// check proves the file with the trusted key and tells what it proves.
func check(raw []byte, key string) (string, error) {
	var p proof
	if err := json.Unmarshal(raw, &p); err != nil || p.Format != "dangan-proof/1" {
		return "", errors.New("not a proof")
	}
	size, root, err := checkpoint(p.Checkpoint, key)
	if err != nil {
		return "", err
	}
	if p.Size != size || p.Index != p.Number-1 || p.Index < 0 || p.Index >= size {
		return "", errors.New("number and size disagree")
	}
	var body struct{ ID, Action, Actor, On string }
	if err := json.Unmarshal([]byte(p.Entry.Body), &body); err != nil || body.ID != p.Entry.ID {
		return "", errors.New("the entry is not the one it names")
	}
	// The leaf is a commitment: SHA-256 over salt, body and trace, each with its length.
	var leaf []byte
	for _, part := range [][]byte{p.Entry.Salt, []byte(p.Entry.Body), []byte(p.Entry.Trace)} {
		leaf = binary.BigEndian.AppendUint32(leaf, uint32(len(part)))
		leaf = append(leaf, part...)
	}
	commitment := sha256.Sum256(leaf)
	h := hash([]byte{0}, commitment[:]) // RFC 6962: a leaf
	rest, got := climb(h, p.Index, size, p.Hashes)
	if len(rest) != 0 || !bytes.Equal(got, root) {
		return "", errors.New("the way from the entry does not lead to the signed root")
	}
	return fmt.Sprintf("proved: entry %d of %d, %s by %s on %s", p.Number, size, body.Action, body.Actor, body.On), nil
}

// climb computes the root over n leaves from the leaf at index and the hashes
// beside its way, from the bottom up (RFC 6962, 2.1.1).
func climb(leaf []byte, index, n int64, beside [][]byte) (rest [][]byte, root []byte) {
	if n == 1 {
		return beside, leaf
	}
	k := int64(1) // the largest power of two smaller than n
	for k*2 < n {
		k *= 2
	}
	var below []byte
	if index < k {
		rest, below = climb(leaf, index, k, beside)
	} else {
		rest, below = climb(leaf, index-k, n-k, beside)
	}
	if len(rest) == 0 || below == nil {
		return rest, nil
	}
	if index < k {
		return rest[1:], hash([]byte{1}, below, rest[0])
	}
	return rest[1:], hash([]byte{1}, rest[0], below)
}

func hash(parts ...[]byte) []byte {
	sum := sha256.Sum256(bytes.Join(parts, nil))
	return sum[:]
}

// checkpoint checks the signature of a C2SP checkpoint with an Ed25519 key.
func checkpoint(signed, key string) (size int64, root []byte, err error) {
	name, public, err := publicKey(key)
	if err != nil {
		return 0, nil, err
	}
	text, signatures, ok := strings.Cut(signed, "\n\n")
	text += "\n"
	if !ok {
		return 0, nil, errors.New("the checkpoint is not signed")
	}
	id := hash([]byte(name+"\n"), []byte{1}, public)[:4]
	for _, line := range strings.Split(signatures, "\n") {
		by, encoded, _ := strings.Cut(strings.TrimPrefix(line, "— "), " ")
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if by != name || err != nil || len(raw) != 4+ed25519.SignatureSize || !bytes.Equal(raw[:4], id) {
			continue
		}
		if !ed25519.Verify(public, []byte(text), raw[4:]) {
			return 0, nil, errors.New("the checkpoint's signature is wrong")
		}
		lines := strings.Split(text, "\n")
		if len(lines) < 4 {
			return 0, nil, errors.New("the checkpoint is cut")
		}
		if size, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
			return 0, nil, errors.New("the checkpoint has no size")
		}
		root, err = base64.StdEncoding.DecodeString(lines[2])
		return size, root, err
	}
	return 0, nil, errors.New("the checkpoint is not signed by the trusted key")
}

func publicKey(key string) (name string, public ed25519.PublicKey, err error) {
	parts := strings.SplitN(key, "+", 3)
	if len(parts) != 3 {
		return "", nil, errors.New("the key is not name+hash+base64")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != 1 {
		return "", nil, errors.New("the key is no Ed25519 key")
	}
	return parts[0], raw[1:], nil
}
