package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/identity"
	"dangan/internal/region"
	"dangan/internal/retirement"
)

// made is a made-up person with the dossier the agency keeps of them.
type made struct {
	No, Name, IDNo, Sex, Ethnic, Political, Education, Category string
	Household, Employer, Credit, EmployerPlace, Phone           string
	Received                                                    calendar.Date
	From, Shelfmark, Remark, OldNumber                          string
	Birth                                                       calendar.Date
}

// employer is a made-up unit; its name says so.
type employer struct{ name, credit, place string }

var trades = strings.Fields(`山城电子科技 两江智能装备 嘉陵机械制造 长江物流 渝都建设工程 巴渝生物医药 缙云软件 南山餐饮管理 江北嘴金融服务 武隆旅游开发 长寿化工材料 涪陵食品 綦江齿轮 永川人力资源服务 璧山汽车零部件 大足五金制造 合川新能源 江津农业发展 万州航运 黔江医药连锁`)

// employers makes units of a division.
func employers(r *rand.Rand, division string, n int) []employer {
	place := division
	if len(region.Name(division)) == 0 {
		place = "500000"
	}
	out := make([]employer, n)
	for i := range out {
		out[i] = employer{strings.TrimSuffix(region.Name(place), "区") + pick(r, trades) + pick(r, []string{"有限公司", "有限责任公司", "股份有限公司"}) + "（演示）", credit(r, place), place}
	}
	return out
}

const creditDigits = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// credit makes a unified social credit code whose check characters are right.
func credit(r *rand.Rand, place string) string {
	if place > "500300" { // the product's own codes of functional areas
		place = "500100"
	}
	for {
		body := "91" + place + "MA"
		for range 6 {
			body += string(creditDigits[r.IntN(31)])
		}
		for _, a := range creditDigits {
			for _, b := range creditDigits {
				if code, problem, warn := identity.CheckCredit(body + string(a) + string(b)); problem == "" && !warn {
					return code
				}
			}
		}
	}
}

// idNumber makes an identity number with the right check character.
func idNumber(r *rand.Rand, division string, birth calendar.Date, male bool) string {
	seq := 10 + 2*r.IntN(494)
	if male {
		seq++
	}
	body := division + strings.ReplaceAll(birth.String(), "-", "") + fmt.Sprintf("%03d", seq)
	return body + string(identity.CheckCharacter(body))
}

// native are divisions a number can begin with: those of the region, old ones too, and of the neighbors.
var neighbors = strings.Fields("510104 511602 511321 522121 420802 430103 610103 320106 330106 440305")

func day(r *rand.Rand, from, to calendar.Date) calendar.Date {
	a, b := from.Time(), to.Time()
	return calendar.Of(a.Add(time.Duration(r.Int64N(int64(b.Sub(a)/time.Hour)+1)) * time.Hour))
}

// weights of the seven categories (rule 4).
var categories = strings.Fields("4.1 4.1 4.1 4.1 4.1 4.1 4.2 4.2 4.2 4.3 4.3 4.4 4.5 4.6 4.6 4.6 4.7")

// origins are keepers and schools that dossiers came from.
var origins = []string{"重庆大学（演示）", "西南大学（演示）", "重庆工商大学（演示）", "四川外国语大学（演示）", "原单位人事科（演示）", "外省人才服务中心（演示）", "重庆市第三职业学校（演示）"}

// people makes the persons of one agency, the same for the same seed.
func people(r *rand.Rand, division string, n int, today calendar.Date) []made {
	units := employers(r, division, max(3, n/25))
	home := division
	if home == "500000" || home > "500300" {
		home = "500112"
	}
	out := make([]made, n)
	used := map[string]bool{}
	for i := range out {
		out[i] = person(r, division, home, units, i, today)
		for used[out[i].IDNo] {
			out[i] = person(r, division, home, units, i, today)
		}
		used[out[i].IDNo] = true
	}
	return out
}

func person(r *rand.Rand, division, home string, units []employer, i int, today calendar.Date) made {
	male := r.IntN(2) == 0
	p := made{No: fmt.Sprintf("%s-%05d", division, i+1), Name: name(r, male), Sex: map[bool]string{true: "男", false: "女"}[male], Ethnic: "汉族",
		Birth: day(r, "1964-01-01", "2004-08-31"), Category: pick(r, categories), Household: region.Name(home)}
	switch {
	case i%97 == 13:
		who := pick(r, dotted)
		p.Name, p.Ethnic = who.name, who.ethnic
	case (division >= "500230" || division == "500114") && r.IntN(2) == 0:
		p.Ethnic = pick(r, []string{"土家族", "苗族"})
	}
	native := home
	if r.IntN(6) == 0 {
		native = pick(r, neighbors)
	}
	p.IDNo = idNumber(r, native, p.Birth, male)
	p.Political = pick(r, []string{"群众", "群众", "群众", "共青团员", "中共党员", "中共预备党员"})
	p.Education = pick(r, []string{"大学本科", "大学本科", "大学专科", "大学专科", "中等专科", "硕士研究生", "普通高中"})
	p.Phone = fmt.Sprintf("1%d00%07d", 3+r.IntN(7), r.IntN(10_000_000))
	if p.Category == "4.1" || p.Category == "4.5" || r.IntN(12) == 0 {
		u := pick(r, units)
		p.Employer, p.Credit, p.EmployerPlace = u.name, u.credit, region.Name(u.place)
	}
	if p.Category == "4.3" {
		p.Birth = day(r, "1998-01-01", "2004-08-31")
		p.IDNo = idNumber(r, native, p.Birth, male)
	}
	if nearRetirement(division, i) {
		if p.Category == "4.3" {
			p.Category = "4.6"
		}
		group := retirement.Women50
		if male {
			group = retirement.Men
		}
		p.Birth = retirement.Default.BornBy(group, today.AddDays(60+i*3))
		body := p.IDNo[:6] + strings.ReplaceAll(p.Birth.String(), "-", "") + p.IDNo[14:17]
		p.IDNo = body + string(identity.CheckCharacter(body))
	}
	grown := calendar.Of(p.Birth.Time().AddDate(19, 0, 0))
	p.Received = day(r, max(grown, "1998-03-01"), calendar.Of(today.Time().AddDate(-1, -2, 0)))
	p.From = pick(r, origins)
	p.Shelfmark = fmt.Sprintf("%02d-%c-%02d-%d", 1+i/2400, 'A'+i/240%10, 1+i/6%40, 1+i%6)
	if r.IntN(5) == 0 {
		p.OldNumber = fmt.Sprintf("%d", 1000+r.IntN(9000))
	}
	if r.IntN(9) == 0 {
		p.Remark = pick(r, []string{"原集体户存档", "学籍材料在内", "单位改制转入", "本人曾补交学历材料", "档案袋已更换"})
	}
	return p
}

// heads are the columns of the agencies' lists, in their own words.
var heads = []string{"档案编号", "姓名", "身份证号", "性别", "出生日期", "民族", "政治面貌", "学历", "人员类别", "户籍所在地", "现工作单位", "统一社会信用代码", "单位所在地", "联系电话", "接收日期", "原存档单位", "库位", "备注", "老系统序号"}

func (p made) cells() []string {
	return []string{p.No, p.Name, p.IDNo, p.Sex, p.Birth.String(), p.Ethnic, p.Political, p.Education, p.Category + codes.CategoryName(p.Category), p.Household,
		p.Employer, p.Credit, p.EmployerPlace, p.Phone, p.Received.String(), p.From, p.Shelfmark, p.Remark, p.OldNumber}
}
