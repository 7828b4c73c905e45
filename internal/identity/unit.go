package identity

import (
	"regexp"
	"strings"

	"golang.org/x/text/width"
)

const creditAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// NormalizeCode brings a code as written to half-width capitals without blanks.
func NormalizeCode(text string) string { return Normalize(text) }

// CheckCredit checks a unified social credit code (GB 32100-2015). warn says that
// the organization code inside does not agree: such codes were issued.
func CheckCredit(text string) (code, problem string, warn bool) {
	code = NormalizeCode(text)
	if len([]rune(code)) != 18 {
		return code, ProblemLength, false
	}
	sum, weight := 0, 1
	for i, r := range code {
		v := strings.IndexRune(creditAlphabet, r)
		if v < 0 {
			return code, ProblemCharacter, false
		}
		if i < 17 {
			sum += v * weight
			weight = weight * 3 % 31
		}
	}
	if !strings.ContainsRune("123456789ANY", rune(code[0])) {
		return code, ProblemAuthority, false
	}
	for _, r := range code[2:8] {
		if r < '0' || r > '9' {
			return code, ProblemRegion, false
		}
	}
	if creditAlphabet[(31-sum%31)%31] != code[17] {
		return code, ProblemChecksum, false
	}
	return code, "", !organizationAgrees(code[8:17])
}

// organizationAgrees checks the organization code (GB 11714) inside.
func organizationAgrees(org string) bool {
	weights := [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		v := int(org[i] - '0')
		if org[i] >= 'A' {
			v = int(org[i]-'A') + 10
		}
		sum += v * w
	}
	return "0X987654321"[sum%11] == org[8]
}

var (
	mobileForm = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	postalForm = regexp.MustCompile(`^[0-9]{6}$`)
)

// phoneless takes out what people write between the digits of a number.
var phoneless = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "　", "")

// Mobile brings a mobile number to its eleven digits; ok is false for anything else.
func Mobile(text string) (number string, ok bool) {
	number = phoneless.Replace(width.Narrow.String(text))
	for _, prefix := range []string{"+86", "0086", "86"} {
		if rest, found := strings.CutPrefix(number, prefix); found && len(rest) == 11 {
			number = rest
			break
		}
	}
	return number, mobileForm.MatchString(number)
}

const postalStarts = " 01 02 03 04 05 06 07 10 11 12 13 15 16 20 21 22 23 24 25 26 27 30 31 32 33 34 35 36 40 41 42 43 44 45 46 47 51 52 53 54 55 56 57 61 62 63 64 65 66 67 71 72 73 74 75 81 83 84 85 86 "

// Postal checks a postal code; the list of beginnings only warns.
func Postal(text string) bool {
	return postalForm.MatchString(text) && strings.Contains(postalStarts, " "+text[:2]+" ")
}

// MaskPhone shows 138****5678.
func MaskPhone(phone string) string {
	if len(phone) < 8 {
		return strings.Repeat("*", len(phone))
	}
	return phone[:3] + strings.Repeat("*", len(phone)-7) + phone[len(phone)-4:]
}
