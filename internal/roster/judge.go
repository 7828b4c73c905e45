package roster

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/region"
	"dangan/internal/sheet"

	"golang.org/x/text/width"
)

// Code names what a row was found to be; the report carries these words.
type Code string

// Errors: a row with any of them is not taken in.
const (
	NameMissing     Code = "name-missing"
	IDMissing       Code = "id-missing"
	IDFormat        Code = "id-format"
	IDChecksum      Code = "id-checksum"
	IDDate          Code = "id-date"
	IDPrecisionLost Code = "id-precision-lost"
	IDNameConflict  Code = "id-name-conflict"
	DuplicateInFile Code = "duplicate-in-file"
	HeldElsewhere   Code = "held-elsewhere"
	BirthMismatch   Code = "birth-mismatch"
	SexMismatch     Code = "sex-mismatch"
	CategoryUnknown Code = "category-unknown"
	ReceivedInvalid Code = "received-invalid"
	ReceivedFuture  Code = "received-future"
	ReceivedEarly   Code = "received-before-birth"
	CreditChecksum  Code = "credit-code-checksum"
	LikelyDouble    Code = "likely-double"
	HeldHere        Code = "held-here" // of a packet that came by a transfer: no roster has it
)

// Warnings: the row is taken in and the finding listed.
const (
	ID15                 Code = "id-15"
	NameNormalized       Code = "name-normalized"
	PhoneFormat          Code = "phone-format"
	JurisdictionMismatch Code = "jurisdiction-mismatch"
	NumberRepeated       Code = "number-repeated"
)

// Finding is one error or warning of one row.
type Finding struct {
	Code   Code
	Field  Field
	Value  string // as written, where the sentence quotes it
	Detail string // what it is compared with
}

// Facts are a row's values, put right and coded; what no list knows stays as
// text beside an empty code.
type Facts struct {
	Dossier       string
	Name          string
	Identity      string // 18 characters; "" when it is wrong
	Written       string // the number as it was written
	Sex           string // by the identity number, GB/T 2261.1
	Birth         calendar.Date
	Ethnic        Coded
	Political     Coded
	Education     Coded
	Category      string // 4.1 … 4.7
	Subtype       string // of a packet that was looked into, with its evidence (29.5)
	Evidence      string
	Household     Coded
	Employer      string
	Credit        string
	EmployerPlace Coded
	Phone         string
	Received      calendar.Date
	From          string
	Shelfmark     string
	Remark        string
	Notes         []Note
}

// Coded is a value with its code, if a list knows it.
type Coded struct{ Code, Text string }

// Context is what a row is judged against.
type Context struct {
	Agency string // code of the importing agency, 50010801
	Region string // the division it serves, 500108
	Today  calendar.Date
}

// Verdict is what a row is by itself, before the file and the province are asked.
type Verdict struct {
	Facts    Facts
	Errors   []Finding
	Warnings []Finding
}

func (v *Verdict) wrong(c Code, f Field, value, detail string) {
	v.Errors = append(v.Errors, Finding{c, f, value, detail})
}

func (v *Verdict) warn(c Code, f Field, value, detail string) {
	v.Warnings = append(v.Warnings, Finding{c, f, value, detail})
}

// Judge judges a row by itself, whole: all its errors at once.
func Judge(r *Row, ctx Context) Verdict {
	v := Verdict{Facts: Facts{
		Dossier: blankless(width.Narrow.String(r.text(Dossier))), Employer: r.optional(Employer), From: r.optional(From),
		Shelfmark: r.text(Shelfmark), Remark: r.text(Remark), Notes: r.Notes,
		Ethnic: coded(r, Ethnic, codes.FindEthnic), Political: coded(r, Political, codes.FindPolitical), Education: coded(r, Education, codes.FindEducation),
	}}
	v.name(r)
	person, known := v.identity(r, ctx)
	v.birth(r, person, known)
	v.sex(r, person, known)
	v.category(r)
	v.received(r, ctx)
	v.credit(r)
	v.phone(r)
	v.jurisdiction(r, ctx)
	return v
}

func coded(r *Row, f Field, find func(string) string) Coded {
	t := r.optional(f)
	if t == "" {
		return Coded{}
	}
	return Coded{remembered(string(f), t, func(t string) string { return find(blankless(t)) }), t}
}

func (v *Verdict) name(r *Row) {
	c := r.cell(Name)
	if c.Kind == sheet.Failed {
		c.Text = ""
	}
	name, changed := personName(strings.TrimLeft(written(c, r.base), "'‘`"))
	v.Facts.Name = name
	switch {
	case name == "":
		v.wrong(NameMissing, Name, "", "")
	case changed:
		v.warn(NameNormalized, Name, c.Text, name)
	}
}

func (v *Verdict) identity(r *Row, ctx Context) (c identity.Citizen, known bool) {
	cell := r.cell(Identity)
	written := r.text(Identity)
	v.Facts.Written = written
	if (cell.Kind == sheet.Number || cell.Kind == sheet.Date) && cell.Significant() > 15 {
		v.wrong(IDPrecisionLost, Identity, "", "")
		return c, false
	}
	number := identity.Normalize(blankless(written))
	if number == "" {
		v.wrong(IDMissing, Identity, "", "")
		return c, false
	}
	c, problem := identity.Parse(number, ctx.Today)
	switch problem {
	case "":
		v.Facts.Identity, v.Facts.Birth, v.Facts.Sex = c.Number, c.Birth, c.Sex()
		if c.Old {
			v.warn(ID15, Identity, "", "")
		}
		return c, true
	case identity.ProblemChecksum:
		v.wrong(IDChecksum, Identity, "", string(identity.CheckCharacter(number[:17])))
	case identity.ProblemDate, identity.ProblemDateRange:
		v.wrong(IDDate, Identity, "", birthPart(number))
	case identity.ProblemLength:
		v.wrong(IDFormat, Identity, "", fmt.Sprintf("共 %d 位，应为 18 位", len([]rune(number))))
	case identity.ProblemCharacter:
		v.wrong(IDFormat, Identity, "", "含有数字和末位 X 以外的字符")
	default: // a province that does not exist, or sequence 000: a typing error shows in the check character, too
		if len(number) == 18 && identity.CheckCharacter(number[:17]) != number[17] {
			v.wrong(IDChecksum, Identity, "", "")
		} else {
			v.wrong(IDFormat, Identity, "", identity.ProblemText(problem))
		}
	}
	return c, false
}

// birthPart is the part of a number that should be a day.
func birthPart(number string) string {
	if len(number) == 15 {
		return "19" + number[6:12]
	}
	return number[6:14]
}

// birth compares as far as the column goes.
func (v *Verdict) birth(r *Row, person identity.Citizen, known bool) {
	t := r.text(Birth)
	if t == "" {
		return
	}
	p, open, ok := r.date(Birth)
	if !ok {
		v.wrong(BirthMismatch, Birth, t, "")
		return
	}
	if !known {
		v.Facts.Birth = p.Date()
		return
	}
	b := person.Birth.Time()
	month := p.Month == 0 || p.Month == int(b.Month()) || open && b.Month() == 10
	if p.Year != b.Year() || !month || p.Day != 0 && p.Day != b.Day() {
		v.wrong(BirthMismatch, Birth, t, string(person.Birth))
	}
}

func (v *Verdict) sex(r *Row, person identity.Citizen, known bool) {
	t := r.text(Sex)
	if t == "" {
		return
	}
	switch code := codes.FindSex(blankless(width.Narrow.String(t))); {
	case code == "":
		v.wrong(SexMismatch, Sex, t, "")
	case known && code != person.Sex():
		v.wrong(SexMismatch, Sex, t, map[bool]string{true: "单数（男）", false: "双数（女）"}[person.Male])
	case !known:
		v.Facts.Sex = code
	}
}

func (v *Verdict) category(r *Row) {
	t := r.text(Category)
	v.Facts.Category = remembered("category", t, readCategory)
	if v.Facts.Category == "" {
		v.wrong(CategoryUnknown, Category, t, "")
	}
}

// readCategory reads a code, a title, or both; both must agree.
func readCategory(text string) string {
	t := blankless(width.Narrow.String(text))
	if c := codes.FindCategory(t); c != "" {
		return c
	}
	t = strings.Trim(t, "()（）[]【】.,;:、。，；：")
	if c := codes.FindCategory(t); c != "" {
		return c
	}
	if len(t) > 3 && strings.HasPrefix(t, "4.") {
		if title := strings.Trim(t[3:], "-—_.,:、：)）"); codes.FindCategory(title) == t[:3] {
			return t[:3]
		}
	}
	return ""
}

func (v *Verdict) received(r *Row, ctx Context) {
	t := r.text(Received)
	if t == "" {
		return
	}
	p, _, ok := r.date(Received)
	day := p.Date()
	switch {
	case !ok || day == "":
		v.wrong(ReceivedInvalid, Received, t, "")
		return
	case day > ctx.Today:
		v.wrong(ReceivedFuture, Received, t, "")
	case v.Facts.Birth != "" && day < v.Facts.Birth:
		v.wrong(ReceivedEarly, Received, t, string(v.Facts.Birth))
	}
	v.Facts.Received = day
}

// credit: codes.md 5. Registration numbers of 15 digits and organization codes
// of 9 characters stand in old rosters; they have no check here.
func (v *Verdict) credit(r *Row) {
	t := r.optional(Credit)
	if t == "" {
		return
	}
	cell := r.cell(Credit)
	code, problem, _ := identity.CheckCredit(blankless(t))
	lost := cell.Kind == sheet.Number && cell.Significant() > 15
	v.Facts.Credit = code
	if lost || problem != "" && !oldCode.MatchString(code) {
		v.wrong(CreditChecksum, Credit, t, map[bool]string{true: "lost"}[lost])
	}
}

var (
	oldCode  = regexp.MustCompile(`^([0-9]{15}|[0-9A-Z]{8}-?[0-9X])$`)
	landline = regexp.MustCompile(`^(0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(-[0-9]{1,6})?$`)
	abroad   = regexp.MustCompile(`^(\+|00)[1-9][0-9]{6,14}$`)
)

// phone keeps the number as written when it is none (codes.md 6).
func (v *Verdict) phone(r *Row) {
	t := r.optional(Phone)
	v.Facts.Phone = t
	if t == "" {
		return
	}
	if n, ok := identity.Mobile(blankless(strings.Trim(t, "'’"))); ok {
		v.Facts.Phone = n
		return
	}
	n := areaCode.Replace(blankless(width.Narrow.String(t)))
	china := strings.HasPrefix(n, "+86") || strings.HasPrefix(n, "0086")
	if landline.MatchString(n) && !strings.HasPrefix(n, "023") || chongqing.MatchString(n) || abroad.MatchString(n) && !china {
		return
	}
	v.warn(PhoneFormat, Phone, t, "")
}

var areaCode = strings.NewReplacer("(", "", ")", "-")

// chongqing: a fixed line has eight digits after 023.
var chongqing = regexp.MustCompile(`^023-?[2-9][0-9]{7}(-[0-9]{1,6})?$`)

// jurisdiction (7b): the household or the employer lies in the agency's region;
// stock that does not stays, and is listed.
func (v *Verdict) jurisdiction(r *Row, ctx Context) {
	home, work := r.optional(Household), r.optional(EmployerPlace)
	v.Facts.Household = Coded{remembered("place", home, place), home}
	v.Facts.EmployerPlace = Coded{remembered("place", work, place), work}
	if work == "" && len(v.Facts.Credit) == 18 && !slices.ContainsFunc(v.Errors, func(f Finding) bool { return f.Code == CreditChecksum }) {
		v.Facts.EmployerPlace.Code = v.Facts.Credit[2:8] // where it is registered, when its seat is not written
	}
	if !r.has(Household) && !r.has(EmployerPlace) && !r.has(Credit) {
		return
	}
	for _, code := range []string{v.Facts.Household.Code, v.Facts.EmployerPlace.Code} {
		if code != "" && region.Covers(ctx.Region, code) {
			return
		}
	}
	v.warn(JurisdictionMismatch, Household, home, region.Name(ctx.Region))
}
