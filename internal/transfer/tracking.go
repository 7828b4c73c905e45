package transfer

import (
	"fmt"
	"regexp"
	"strings"

	"dangan/internal/rule"
)

var (
	// s10 is an item number of the Universal Postal Union: service, eight digits with their check digit, country.
	s10 = regexp.MustCompile(`^[A-Z]{2}([0-9]{8})([0-9])[A-Z]{2}$`)
	// almost has the letters of such a number at both ends, whatever stands between.
	almost = regexp.MustCompile(`^[A-Z]{2}[0-9]+[A-Z]{2}$`)
	// other is what carriers use that publish no checksum.
	plain = regexp.MustCompile(`^[A-Z0-9]{8,30}$`)
)

// weights of the check digit of S10.
var weights = [8]int{8, 6, 4, 2, 3, 5, 9, 7}

// CheckDigit is the check digit of eight digits by S10.
func CheckDigit(serial string) byte {
	sum := 0
	for i, w := range weights {
		sum += w * int(serial[i]-'0')
	}
	switch d := 11 - sum%11; d {
	case 10:
		return '0'
	case 11:
		return '5'
	default:
		return byte('0' + d)
	}
}

// mailNo is a number of registered mail without the blanks it is printed with.
func mailNo(no string) string {
	full := strings.NewReplacer("　", "", "-", "", "－", "").Replace(no)
	return strings.ToUpper(strings.Join(strings.Fields(full), ""))
}

// checkMail holds a number of registered mail to the carrier's form (20.3a): a mistyped
// number is found before the packet can't be traced by it. Which digit is wrong a checksum
// can't tell, so none is put right here.
func checkMail(no string) *rule.Reason {
	wrong := func(slug, message, next string) *rule.Reason {
		return &rule.Reason{Rule: "20.3a", Slug: slug, Field: "trackingNo", Message: message, Next: next}
	}
	no = mailNo(no)
	if no == "" {
		return wrong("tracking_missing", "给据邮件须登记邮件号。", "请填写邮件号。")
	}
	if m := s10.FindStringSubmatch(no); m != nil {
		if want := string(CheckDigit(m[1])); want != m[2] {
			r := wrong("tracking_checksum", fmt.Sprintf("邮件号 %s 校验不符：前八位数字 %s 对应的校验位是 %s，所填第九位是 %s。", no, m[1], want, m[2]),
				"九位数字中至少有一位抄错，系统不代为更正；请对照邮件详情单逐位核对后重新填写，不要只改最后一位。")
			r.Facts = map[string]any{"expected": want, "found": m[2]}
			return r
		}
		return nil
	}
	if almost.MatchString(no) {
		return wrong("tracking_form", fmt.Sprintf("邮件号 %s 位数不对：两端字母之间应为 9 位数字，所填 %d 位。", no, len(no)-4), "请对照邮件详情单重新填写，例如 EX123456785CN。")
	}
	if !plain.MatchString(no) {
		return wrong("tracking_form", "邮件号写法不对：应为字母和数字，8 至 30 位。", "请对照邮件详情单重新填写，例如 EX123456785CN。")
	}
	return nil
}
