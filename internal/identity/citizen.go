package identity

import (
	"strconv"
	"strings"

	"dangan/internal/calendar"

	"golang.org/x/text/width"
)

// Problems of a number, in the order in which they are looked for.
const (
	ProblemLength    = "length"
	ProblemCharacter = "character"
	ProblemProvince  = "province"
	ProblemRegion    = "region"
	ProblemDate      = "date"
	ProblemDateRange = "date-range"
	ProblemSequence  = "sequence"
	ProblemChecksum  = "checksum"
	ProblemAuthority = "authority"
)

// Kinds of numbers of 18 characters.
const (
	Mainland = "citizen"
	HKMT     = "hkmt"    // residence permits of Hong Kong, Macao and Taiwan residents
	Foreign  = "foreign" // permanent residence of foreigners, since December 2023
)

// Citizen is a checked number.
type Citizen struct {
	Number string // 18 characters
	Kind   string
	Region string // first six: where it was first given, not where the person lives
	Birth  calendar.Date
	Male   bool
	Old    bool // it was written with 15 digits
}

// Sex is the code of GB/T 2261.1.
func (c Citizen) Sex() string {
	if c.Male {
		return "1"
	}
	return "2"
}

// unblank takes out blanks and quotation marks around and inside a number.
var unblank = strings.NewReplacer(" ", "", "　", "", "\t", "", "\u00a0", "", "'", "", "‘", "", "’", "", "`", "", "\u200b", "", "\ufeff", "")

// Normalize brings a number as written to half width, without blanks and the
// apostrophes of spreadsheets, with a capital X.
func Normalize(text string) string {
	return strings.ToUpper(unblank.Replace(width.Narrow.String(text)))
}

// provinces are the first two digits that exist; 81–83 are the permits.
const provinces = " 11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "

var weights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// CheckCharacter computes the 18th character over the first 17 (ISO 7064 MOD 11-2).
func CheckCharacter(first17 string) byte {
	sum := 0
	for i, w := range weights {
		sum += int(first17[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// Parse checks a number of a citizen, a permit or a foreigner, of 18 characters
// or the old 15 digits (completed to 18). problem is "" for a good one, else the
// first that was found.
func Parse(text string, today calendar.Date) (c Citizen, problem string) {
	n := Normalize(text)
	switch len([]rune(n)) {
	case 18:
	case 15:
		return parse15(n, today)
	default:
		return c, ProblemLength
	}
	for i, r := range n {
		if check := i == 17 && r == 'X'; !check && (r < '0' || r > '9') {
			return c, ProblemCharacter
		}
	}
	return parse18(n, today)
}

func parse18(n string, today calendar.Date) (c Citizen, problem string) {
	c = Citizen{Number: n, Kind: Mainland, Region: n[:6], Male: (n[16]-'0')%2 == 1}
	switch {
	case n[0] == '9':
		c.Kind = Foreign
		if p := n[1:3]; !strings.Contains(provinces, " "+p+" ") || p == "71" || p[0] == '8' {
			return c, ProblemProvince
		}
	case !strings.Contains(provinces, " "+n[:2]+" "):
		return c, ProblemProvince
	case n[0] == '8':
		c.Kind = HKMT
		if n[2:6] != "0000" {
			return c, ProblemRegion
		}
	}
	year, _ := strconv.Atoi(n[6:10])
	month, _ := strconv.Atoi(n[10:12])
	day, _ := strconv.Atoi(n[12:14])
	c.Birth = calendar.New(year, month, day)
	switch {
	case c.Birth == "":
		return c, ProblemDate
	case c.Birth > today || year < 1850:
		return c, ProblemDateRange
	case n[14:17] == "000":
		return c, ProblemSequence
	case CheckCharacter(n[:17]) != n[17]:
		return c, ProblemChecksum
	}
	return c, ""
}

// parse15 completes a number of the form that ended in 1999: 19 before the year,
// 18 for the sequences kept for persons over a hundred.
func parse15(n string, today calendar.Date) (Citizen, string) {
	for _, r := range n {
		if r < '0' || r > '9' {
			return Citizen{}, ProblemLength
		}
	}
	century := "19"
	if s := n[12:]; s >= "996" && s <= "999" {
		century = "18"
	}
	full := n[:6] + century + n[6:]
	c, problem := parse18(full+string(CheckCharacter(full)), today)
	c.Old = true
	return c, problem
}

// ProblemText says in Chinese what is wrong with a number.
func ProblemText(problem string) string {
	return map[string]string{
		ProblemLength: "位数不对，应为 18 位（旧号 15 位）", ProblemCharacter: "含有不该有的字符，只能是数字，末位可为 X", ProblemProvince: "前两位不是省级代码",
		ProblemRegion: "港澳台居民居住证第三至六位应为 0", ProblemDate: "所含出生日期不存在", ProblemDateRange: "所含出生日期不合理", ProblemSequence: "顺序码不能为 000",
		ProblemChecksum: "校验码不符", ProblemAuthority: "登记管理部门代码不对",
	}[problem]
}

// SamePerson says whether two writings are one number.
func SamePerson(a, b string, today calendar.Date) bool {
	x, p := Parse(a, today)
	y, q := Parse(b, today)
	return p == "" && q == "" && x.Number == y.Number
}

// Mask shows the first three and last four: 500***********4229 (security.md 8).
func Mask(number string) string {
	if len(number) < 8 {
		return strings.Repeat("*", len(number))
	}
	return number[:3] + strings.Repeat("*", len(number)-7) + number[len(number)-4:]
}

// LastFour is all that the public sees.
func LastFour(number string) string {
	if len(number) < 4 {
		return ""
	}
	return number[len(number)-4:]
}
