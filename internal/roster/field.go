package roster

import (
	"regexp"
	"strings"

	"golang.org/x/text/width"
)

// Field is what a column is imported as; "" keeps it as a note.
type Field string

// Fields of a roster.
const (
	Dossier       Field = "dossier"
	Name          Field = "name"
	Sex           Field = "sex"
	Identity      Field = "identity"
	Birth         Field = "birth"
	Ethnic        Field = "ethnic"
	Political     Field = "political"
	Education     Field = "education"
	Category      Field = "category"
	Household     Field = "household"
	Employer      Field = "employer"
	Credit        Field = "credit"
	EmployerPlace Field = "employerPlace"
	Phone         Field = "phone"
	Received      Field = "received"
	From          Field = "from"
	Shelfmark     Field = "shelfmark"
	Remark        Field = "remark"
	// Ours marks the columns 问题 and 怎样改 of an error workbook that comes back corrected.
	Ours Field = "ours"
)

type heading struct {
	field Field
	label string
	sure  string // headers that mean nothing else
	maybe string // headers a person should confirm
}

// headings lists the names of columns seen in the field; the first is ours.
var headings = []heading{
	{Dossier, "档案编号", "档案编号 档号 档案号 存档编号 人事档案编号 人事档案号 档案号码", "编号 存档号 档案序号"},
	{Name, "姓名", "姓名 人员姓名 存档人姓名 存档人员姓名", "名字 存档人 人员名称"},
	{Sex, "性别", "性别", ""},
	{Identity, "身份证号", "身份证号 身份证号码 公民身份号码 公民身份证号 公民身份证号码 居民身份证号 居民身份证号码 证件号码 身份证 身份证件号码 身份证件号 身份号码", "证件号 社会保障号码 社会保障号"},
	{Birth, "出生日期", "出生日期 出生年月日 出生年月", "出生时间 生日 出生"},
	{Ethnic, "民族", "民族", ""},
	{Political, "政治面貌", "政治面貌", "政治面目"},
	{Education, "学历", "学历 文化程度", "最高学历 受教育程度 教育程度"},
	{Category, "人员类别", "人员类别 流动人员类别", "类别 存档人员类别 人员类型 存档类别"},
	{Household, "户籍所在地", "户籍所在地 户籍地 户口所在地", "户籍 户籍地址 户口地址 户籍所在区县 户口"},
	{Employer, "现工作单位", "现工作单位 工作单位 单位名称", "单位 用人单位 现单位 存档单位 就业单位"},
	{Credit, "统一社会信用代码", "统一社会信用代码 单位信用代码 信用代码 社会信用代码 单位统一社会信用代码", "单位代码 机构代码"},
	{EmployerPlace, "单位所在地", "单位所在地 工作单位所在地 单位所在区县", "单位地址 单位地"},
	{Phone, "联系电话", "联系电话 手机号 电话 手机 手机号码 电话号码 联系方式 本人联系电话", "联系手机 移动电话"},
	{Received, "接收日期", "接收日期 收档日期 转入日期 档案接收日期", "入库时间 接收时间 转入时间 收档时间 入库日期 存档日期 存档时间"},
	{From, "原存档单位", "原存档单位 转出单位 档案来源", "原存档机构 来源单位 转出机构 档案转出单位"},
	{Shelfmark, "库位", "库位 存放位置", "柜号 库位号 档案位置 架位 存放地点"},
	{Remark, "备注", "备注", "说明"},
}

var (
	sure  = map[string]Field{}
	maybe = map[string]Field{}
	label = map[Field]string{Ours: "问题"}
)

func init() {
	for _, h := range headings {
		label[h.field] = h.label
		for w := range strings.FieldsSeq(h.sure) {
			sure[w] = h.field
		}
		for w := range strings.FieldsSeq(h.maybe) {
			maybe[w] = h.field
		}
	}
}

// Label is the field's name as screens and messages say it.
func (f Field) Label() string { return label[f] }

// Fields lists what a column can be imported as, in the order of screens.
func Fields() []Field {
	out := make([]Field, len(headings))
	for i, h := range headings {
		out[i] = h.field
	}
	return out
}

// Confidence says how a column came to its field.
type Confidence string

// Confidences, as the screen shows them.
const (
	Auto    Confidence = "auto"    // 自动
	Confirm Confidence = "confirm" // 请确认
	Chosen  Confidence = "chosen"  // 我指定
	AsNote  Confidence = "note"    // 备注
)

// Label is 自动, 请确认, 我指定 or 备注.
func (c Confidence) Label() string {
	return map[Confidence]string{Auto: "自动", Confirm: "请确认", Chosen: "我指定", AsNote: "备注"}[c]
}

var (
	brackets = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕`)
	ornament = regexp.MustCompile(`[\s\x{200b}\x{feff}*#:;,.、。·_\-/"'“”‘’]+`)
	trailing = regexp.MustCompile(`[0-9一二]+$`)
)

var halfBrackets = strings.NewReplacer("（", "(", "）", ")")

// headerWord brings a header to the form in which lists hold it: half width,
// without blanks, remarks in brackets and ornaments.
func headerWord(text string) string {
	t := width.Narrow.String(text)
	t = halfBrackets.Replace(t)
	for brackets.MatchString(t) {
		t = brackets.ReplaceAllString(t, "")
	}
	t = ornament.ReplaceAllString(t, "")
	return strings.TrimSuffix(strings.TrimSuffix(t, "必填"), "选填")
}

// recognize finds a header's field and how sure that is.
func recognize(text string) (Field, Confidence) {
	w := headerWord(text)
	if f, ok := sure[w]; ok {
		return f, Auto
	}
	if f, ok := maybe[w]; ok {
		return f, Confirm
	}
	if bare := trailing.ReplaceAllString(w, ""); bare != w {
		if f, ok := sure[bare]; ok {
			return f, Confirm
		}
	}
	return "", AsNote
}
