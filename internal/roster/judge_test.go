package roster

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"dangan/internal/identity"
	"dangan/internal/person"
	"dangan/internal/sheet"

	"github.com/xuri/excelize/v2"
)

var here = Context{Agency: "50010801", Region: "500108", Today: "2026-11-23"}

// nobody is a province that knows nobody, or those it is given.
type nobody map[string]Held

func (n nobody) Held(_ context.Context, numbers []string) (map[string]Held, error) {
	out := map[string]Held{}
	for _, x := range numbers {
		if h, ok := n[x]; ok {
			out[x] = h
		}
	}
	return out, nil
}

func (nobody) Alike(_ context.Context, list []person.Candidate) ([]bool, error) {
	return make([]bool, len(list)), nil
}

func (nobody) Apart(_ context.Context, pairs [][2]string) ([]bool, error) {
	return make([]bool, len(pairs)), nil
}

// valid completes seventeen digits.
func valid(body string) string { return body + string(identity.CheckCharacter(body)) }

var (
	lin  = valid("50010819880307012") // a woman
	chen = valid("50010819791215005") // a man
)

// book builds a workbook by its library, values as Excel would store them.
func book(t testing.TB, fill func(f *excelize.File)) *sheet.Book {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var out bytes.Buffer
	if _, err := f.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	b, err := sheet.Read(bytes.NewReader(out.Bytes()), int64(out.Len()), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func set(t testing.TB, f *excelize.File, at string, row ...any) {
	t.Helper()
	if err := f.SetSheetRow("Sheet1", at, &row); err != nil {
		t.Fatal(err)
	}
}

// fates judges a whole workbook.
func fates(t testing.TB, b *sheet.Book, o Options, known nobody) []*Judged {
	t.Helper()
	f, err := Find(b, o)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Look(context.Background(), f, here, known)
	if err != nil {
		t.Fatal(err)
	}
	var out []*Judged
	if err := s.Each(context.Background(), f, func(batch []*Judged) error {
		out = append(out, batch...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func said(j *Judged) string {
	var words []string
	for _, f := range slices.Concat(j.Errors, j.Warnings) {
		words = append(words, string(f.Code))
		if f.Problem() == "" || strings.Contains(f.Problem(), j.Facts.Identity) && j.Facts.Identity != "" {
			words = append(words, "!"+f.Problem())
		}
	}
	return string(j.Outcome) + " " + strings.Join(words, " ")
}

func TestEveryCode(t *testing.T) {
	head := []any{"姓名", "身份证号", "性别", "出生日期", "人员类别", "户籍所在地", "统一社会信用代码", "联系电话", "接收日期", "档案编号"}
	good := []any{"林漱石", lin, "女", "1988-03-07", "4.1", "南岸区", "", "13800000000", "2019-03-05", "A-1"}
	with := func(changes ...any) []any {
		row := slices.Clone(good)
		for i := 0; i < len(changes); i += 2 {
			row[slices.Index(head, changes[i])] = changes[i+1]
		}
		return row
	}
	for _, c := range []struct {
		name string
		row  []any
		want string
	}{
		{"一切正常", good, "accepted "},
		{"没有姓名", with("姓名", " "), "rejected name-missing"},
		{"没有号码", with("身份证号", ""), "rejected id-missing"},
		{"号码 17 位", with("身份证号", lin[:17]), "rejected id-format"},
		{"号码夹有字母", with("身份证号", "5001O8"+lin[6:]), "rejected id-format"},
		{"校验码不符", with("身份证号", lin[:17]+string(rune('0'+(lin[17]-'0'+1)%10))), "rejected id-checksum"},
		{"没有这一天", with("身份证号", valid("50010819880230012")), "rejected id-date"},
		{"数字单元格只剩 15 位", with("身份证号", 500108198803070123), "rejected id-precision-lost"},
		{"全角数字、空格、撇号、小写 x", with("身份证号", "'５００108 19880307 "+lin[14:]), "accepted "},
		{"15 位旧号", with("身份证号", "500108880307012"), "accepted id-15"},
		{"姓名中的空格", with("姓名", "林 漱　石"), "accepted name-normalized"},
		{"出生日期不符", with("出生日期", "1988年3月8日"), "rejected birth-mismatch"},
		{"只有年月也比较", with("出生日期", "1988.4"), "rejected birth-mismatch"},
		{"年月相符", with("出生日期", "1988.03"), "accepted "},
		{"只有年份", with("出生日期", "1988年"), "accepted "},
		{"出生日期读不出", with("出生日期", "八八年"), "rejected birth-mismatch"},
		{"真正的日期", with("出生日期", time.Date(1988, 3, 7, 0, 0, 0, 0, time.UTC)), "accepted "},
		{"连写的日期", with("出生日期", "19880307", "接收日期", "2019年3月5日"), "accepted "},
		{"性别不符", with("性别", "男"), "rejected sex-mismatch"},
		{"性别读不出", with("性别", "不详"), "rejected sex-mismatch"},
		{"类别不在七类", with("人员类别", "社会人员"), "rejected category-unknown"},
		{"类别写标题", with("人员类别", "自由职业或灵活就业人员"), "accepted "},
		{"类别写代码和标题", with("人员类别", "4.6 自由职业或灵活就业人员"), "accepted "},
		{"代码和标题不一致", with("人员类别", "4.1 自由职业或灵活就业人员"), "rejected category-unknown"},
		{"类别半角括号", with("人员类别", "自费留学及其他因私出国（境）人员"), "accepted "},
		{"接收日期读不出", with("接收日期", "去年"), "rejected received-invalid"},
		{"接收日期只有年月", with("接收日期", "2019年13月"), "rejected received-invalid"},
		{"接收日期在今后", with("接收日期", "2027-03-02"), "rejected received-future"},
		{"接收早于出生", with("接收日期", "1985-01-01"), "rejected received-before-birth"},
		{"信用代码校验不符", with("统一社会信用代码", "91500108MA5U12345X"), "rejected credit-code-checksum"},
		{"信用代码写无", with("统一社会信用代码", "无"), "accepted "},
		{"电话位数不足", with("联系电话", "023-6280"), "accepted phone-format"},
		{"座机", with("联系电话", "023-62800000"), "accepted "},
		{"户籍不在本区", with("户籍所在地", "重庆市万州区"), "accepted jurisdiction-mismatch"},
		{"户籍写全称", with("户籍所在地", "重庆市南岸区"), "accepted "},
		{"户籍写代码", with("户籍所在地", "500108"), "accepted "},
		{"所有错误一次告知", with("姓名", "", "性别", "男", "人员类别", "x", "接收日期", "2030-01-01"), "rejected category-unknown name-missing received-future sex-mismatch"},
	} {
		b := book(t, func(f *excelize.File) {
			set(t, f, "A1", head...)
			set(t, f, "A2", c.row...)
		})
		list := fates(t, b, Options{}, nobody{})
		if len(list) != 1 {
			t.Errorf("%s: %d rows", c.name, len(list))
			continue
		}
		if got := said(list[0]); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		for _, f := range list[0].Errors {
			if f.Remedy() == "" || f.Column() == "" || f.Basis() == "" || f.Code.Label() == "" {
				t.Errorf("%s: %s does not teach", c.name, f.Code)
			}
		}
	}
}

func TestWhatOnlyTheWholeFileTells(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		set(t, f, "A1", "档案编号", "姓名", "身份证号", "人员类别")
		set(t, f, "A2", "A-1", "林漱石", lin, "4.1")
		set(t, f, "A3", "A-2", "林漱石", lin, "4.1")
		set(t, f, "A4", "A-3", "陈宛白", chen, "4.1")
		set(t, f, "A5", "A-4", "程宛白", chen, "4.1")
		third := valid("50010819900101001")
		set(t, f, "A6", "A-5", "罗以宁", third, "4.2")
		set(t, f, "A7", "A-5", "罗以安", valid("50010819900101003"), "4.2")
		set(t, f, "A8", "A-6", "阿依古丽•买买提", valid("50010819900101005"), "4.2")
		set(t, f, "A9", "A-7", "赵他区", valid("50010819900101007"), "4.2")
		set(t, f, "A10", "A-8", "钱在此", valid("50010819900101009"), "4.2")
		set(t, f, "A11", "A-9", "孙改名", valid("50010819900101011"), "4.2")
	})
	got := fates(t, b, Options{}, nobody{
		valid("50010819900101005"): {Name: "阿依古丽·买买提", Agency: here.Agency, Dossier: "d1"},
		valid("50010819900101007"): {Name: "赵他区", Agency: "50010301", Dossier: "d2"},
		valid("50010819900101009"): {Name: "钱在此", Agency: here.Agency, Dossier: "d3"},
		valid("50010819900101011"): {Name: "孙原名", Agency: here.Agency, Dossier: "d4"},
	})
	want := []string{"accepted ", "rejected duplicate-in-file", "rejected id-name-conflict", "rejected id-name-conflict", "accepted number-repeated", "accepted number-repeated",
		"already-here ", "rejected held-elsewhere", "already-here ", "rejected id-name-conflict"}
	for i, j := range got {
		if said(j) != want[i] {
			t.Errorf("row %d: %q, want %q", j.Row.Number, said(j), want[i])
		}
	}
}

func TestHeadersAsOfficesWriteThem(t *testing.T) {
	for _, c := range []struct {
		name  string
		fill  func(f *excelize.File)
		head  int
		match string // fields in the order of the columns, - for notes
		rows  int
	}{
		{"标题、说明在前，列序任意", func(f *excelize.File) {
			set(t, f, "A1", "南岸区流动人员人事档案花名册")
			set(t, f, "A3", "填表说明：按实填写")
			set(t, f, "A4", "流动人员类别", "公民身份号码", "姓  名", "柜号", "老系统序号")
			set(t, f, "A5", "4.1", lin, "林漱石", "01-C-07-2", "3391")
			set(t, f, "A6", "合计", "1 人")
			set(t, f, "A8", "制表人：罗以宁", "", "审核：")
		}, 4, "category identity name shelfmark -", 1},
		{"两层表头，合并单元格", func(f *excelize.File) {
			set(t, f, "A1", "姓名", "身份证件号码", "类别", "单位", "")
			set(t, f, "A2", "", "", "", "单位名称", "信用代码")
			for _, m := range [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"C1", "C2"}, {"D1", "E1"}} {
				if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
					t.Fatal(err)
				}
			}
			set(t, f, "A3", "林漱石", lin, "4.1", "山城电子有限公司", "")
		}, 1, "name identity category employer credit", 1},
		{"带星号、括号、全角的列名", func(f *excelize.File) {
			set(t, f, "A1", "*姓名（必填）", "证件号码(18位)", "出生年月", "文化程度", "手机号【本人】", "电话1", "人员类别")
			set(t, f, "A2", "林漱石", lin, "1988.03", "本科", "13800000000", "x", "4.1")
		}, 1, "name identity birth education phone - category", 1},
		{"每页重复表头和小计", func(f *excelize.File) {
			set(t, f, "A1", "档号", "姓名", "居民身份证号", "人员类别")
			set(t, f, "A2", "1", "林漱石", lin, "4.1")
			set(t, f, "A3", "", "本页小计", "1")
			set(t, f, "A4", "档号", "姓名", "居民身份证号", "人员类别")
			set(t, f, "A5", "2", "陈宛白", chen, "4.1")
			set(t, f, "A6", "", "总计", "2")
		}, 1, "dossier name identity category", 2},
	} {
		f, err := Find(book(t, c.fill), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var match []string
		for _, col := range f.Columns {
			if col.Field == "" {
				match = append(match, "-")
			} else {
				match = append(match, string(col.Field))
			}
		}
		rows := 0
		if err := f.Each(func(*Row) error { rows++; return nil }); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if f.HeaderRow != c.head || strings.Join(match, " ") != c.match || rows != c.rows {
			t.Errorf("%s: header in row %d, %q, %d rows; want %d, %q, %d", c.name, f.HeaderRow, strings.Join(match, " "), rows, c.head, c.match, c.rows)
		}
	}
}

func TestChoicesAndTemplates(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		set(t, f, "A1", "当事人", "号", "姓名", "身份证号", "人员类别")
		set(t, f, "A2", "林漱石", lin, "别名", "x", "4.1")
	})
	j := fates(t, b, Options{Columns: map[int]Field{1: Name, 2: Identity}}, nobody{})
	if said(j[0]) != "accepted " || j[0].Facts.Name != "林漱石" || len(j[0].Row.Notes) != 2 {
		t.Errorf("by hand: %s %+v", said(j[0]), j[0].Facts)
	}
	j = fates(t, b, Options{Known: map[string]Field{"当事人": Name, "号": Identity}}, nobody{})
	if said(j[0]) != "accepted " || j[0].Facts.Name != "林漱石" {
		t.Errorf("by template: %s %+v", said(j[0]), j[0].Facts)
	}
}

func TestCellsOfManyKinds(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		set(t, f, "A1", "姓名", "身份证号", "人员类别", "接收日期", "备注")
		set(t, f, "A2", "", "", "4.1", "", "")
		if err := f.SetCellRichText("Sheet1", "A2", []excelize.RichTextRun{{Text: "𠮷", Font: &excelize.Font{Bold: true}}, {Text: "田"}}); err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellFormula("Sheet1", "B2", `"500108"&"x"`); err != nil {
			t.Fatal(err)
		}
		set(t, f, "A3", "林漱石", lin, 4.2, time.Date(2019, 3, 5, 0, 0, 0, 0, time.UTC), 3.5)
	})
	got := fates(t, b, Options{}, nobody{})
	if got[0].Facts.Name != "𠮷田" || got[0].Outcome != Rejected {
		t.Errorf("rich text: %+v", got[0].Facts)
	}
	if f := got[1].Facts; said(got[1]) != "accepted " || f.Category != "4.2" || f.Received != "2019-03-05" || f.Remark != "3.5" {
		t.Errorf("numbers and dates: %s %+v", said(got[1]), f)
	}
}

func TestNoHeaderIsSaid(t *testing.T) {
	_, err := Find(book(t, func(f *excelize.File) { set(t, f, "A1", "林漱石", lin, "4.1") }), Options{})
	var wrong *sheet.Error
	if !errors.As(err, &wrong) || wrong.Code != HeaderMissing || wrong.Next == "" {
		t.Errorf("%v", err)
	}
}

func FuzzJudge(f *testing.F) {
	f.Add("林漱石", lin, "女", "1988-03-07", "4.1", "南岸区", "2019.3.5", "13800000000")
	f.Add("", "5.00108E+17", "?", "1988.1", "4.1自", "重庆", "0", "+86")
	f.Add("阿·卜", "50010819880307012x", "男", "19880307", "４．６", "500108", "2019年", "023-1")
	f.Fuzz(func(t *testing.T, name, id, sex, birth, category, home, received, phone string) {
		list := []string{name, id, sex, birth, category, home, received, phone}
		fields := []Field{Name, Identity, Sex, Birth, Category, Household, Received, Phone}
		r := &Row{Number: 2, at: map[Field]int{Credit: len(fields) + 1}, all: make([]sheet.Cell, len(fields))}
		for i, field := range fields {
			r.at[field] = i + 1
		}
		for i, text := range list {
			for _, kind := range []sheet.Kind{sheet.Text, sheet.Number, sheet.Date} {
				r.all[i] = sheet.Cell{Column: i + 1, Kind: kind, Text: text}
				v := Judge(r, here)
				for _, e := range slices.Concat(v.Errors, v.Warnings) {
					if e.Problem() == "" || e.Code.Label() == "" {
						t.Fatalf("%+v says nothing", e)
					}
				}
				if len(v.Errors) == 0 && (v.Facts.Name == "" || len(v.Facts.Identity) != 18 || v.Facts.Category == "") {
					t.Fatalf("accepted without what it needs: %+v", v.Facts)
				}
			}
			r.all[i] = sheet.Cell{Column: i + 1, Kind: sheet.Text, Text: text}
		}
	})
}

// Two rows of one file that are called alike and born on one day under two numbers: the later one
// waits until somebody said that they are two (2).
func TestLikelyDoublesInOneFile(t *testing.T) {
	b := book(t, func(f *excelize.File) {
		set(t, f, "A1", "姓名", "身份证号", "人员类别", "户籍所在地")
		set(t, f, "A2", "林漱石", lin, "4.1", "南岸区")
		set(t, f, "A3", "林 漱石", valid("50010819880307998"), "4.1", "南岸区")
		set(t, f, "A4", "林漱石", lin, "4.1", "南岸区")
		set(t, f, "A5", "林枕流", valid("50010819880307980"), "4.1", "南岸区")
	})
	got := fates(t, b, Options{}, nobody{})
	if s := said(got[0]); s != "accepted " {
		t.Errorf("the first: %s", s)
	}
	if s := said(got[1]); !strings.HasPrefix(s, "rejected likely-double") || !strings.Contains(got[1].Errors[0].Problem(), "第 2 行") {
		t.Errorf("the other: %s %+v", s, got[1].Errors)
	}
	if s := said(got[2]); !strings.HasPrefix(s, "rejected duplicate-in-file") {
		t.Errorf("the same again: %s", s)
	}
	if s := said(got[3]); s != "accepted " {
		t.Errorf("of the same day only: %s", s)
	}
}
