package staff

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"dangan/internal/rule"

	"golang.org/x/crypto/argon2"
)

// Cost is what one argon2id hash takes. Every hash carries its own, so that passwords
// kept under another cost still open.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

// Strong is RFC 9106's second choice: 64 MiB, 3 passes, 4 lanes.
var Strong = Cost{Memory: 64 << 10, Passes: 3, Lanes: 4}

const saltLen, tagLen = 16, 32 // bytes

// hashing bounds how many hashes run at once: each takes 64 MiB.
var hashing = make(chan struct{}, 4)

// Hash returns the password's argon2id hash in PHC form.
func (c Cost) Hash(password string) (string, error) {
	salt := make([]byte, saltLen)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return c.phc(salt, argon2.IDKey([]byte(password), salt, c.Passes, c.Memory, c.Lanes, tagLen)), nil
}

func (c Cost) phc(salt, tag []byte) string {
	enc := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.Memory, c.Passes, c.Lanes, enc(salt), enc(tag))
}

// decoy is the hash of no password: checking one against it takes as long as against a
// true one. Making a true one would take every start of the program a fifth of a second.
func (c Cost) decoy() string {
	raw := make([]byte, saltLen+tagLen)
	_, _ = rand.Read(raw)
	return c.phc(raw[:saltLen], raw[saltLen:])
}

// A password has 12 to 128 characters (CheckPassword).
const passwordMin, passwordMax = 12, 128

// VerifyPassword compares in constant time. An unreadable hash is simply wrong, and so,
// without the cost of a hash, is what can't be anybody's password.
func VerifyPassword(hash, password string) bool {
	if n := utf8.RuneCountInString(password); n < passwordMin || n > passwordMax {
		return false
	}
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) == 0 {
		return false
	}
	hashing <- struct{}{}
	defer func() { <-hashing }()
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// common are the beginnings of passwords that everybody tries first.
var common = []string{"password", "123456", "111111", "000000", "qwerty", "abc123", "admin", "dangan", "888888", "iloveyou", "woaini", "chongqing", "cq1234"}

// CheckPassword holds a new password to length (12–128 characters, any Unicode),
// three kinds of characters (等保) and the list of those everybody tries.
func CheckPassword(password, username, name string) *rule.Refusal {
	var why []string
	n := utf8.RuneCountInString(password)
	if n < passwordMin || n > passwordMax {
		why = append(why, fmt.Sprintf("口令长度须为 %d 至 %d 个字符", passwordMin, passwordMax))
	}
	kinds := map[string]bool{}
	for _, r := range password {
		switch {
		case unicode.IsDigit(r):
			kinds["digit"] = true
		case unicode.IsLower(r):
			kinds["lower"] = true
		case unicode.IsUpper(r):
			kinds["upper"] = true
		default:
			kinds["other"] = true
		}
	}
	if len(kinds) < 3 {
		why = append(why, "须含大写字母、小写字母、数字、其他字符中的三种")
	}
	low := strings.ToLower(password)
	if username != "" && strings.Contains(low, strings.ToLower(username)) || name != "" && strings.Contains(password, name) {
		why = append(why, "不得包含用户名或姓名")
	}
	for _, c := range common {
		if strings.HasPrefix(low, c) && len(low) < len(c)+8 {
			why = append(why, "过于常见")
			break
		}
	}
	if len(why) == 0 {
		return nil
	}
	return rule.Mistake(rule.Reason{Rule: "18a", Slug: "password_weak", Field: "password",
		Message: strings.Join(why, "；") + "。", Next: "请换一个口令，例如几个不相干的词加数字。"})
}

// OneTimePassword makes a random first password that passes CheckPassword.
func OneTimePassword() string {
	raw := make([]byte, 10)
	_, _ = rand.Read(raw)
	s := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
	return strings.ToUpper(s[:1]) + s[1:8] + "-" + s[8:16] + "7"
}

// randomToken makes 256 random bits and their digest.
func randomToken(prefix string) (token string, digest []byte) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	token = prefix + base64.RawURLEncoding.EncodeToString(raw)
	return token, tokenDigest(token)
}

func tokenDigest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
