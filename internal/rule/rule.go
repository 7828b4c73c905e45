package rule

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
)

//go:embed data/regulation.txt
var regulation string

// Rule is one obligation: its id, where it stands, and the text as promulgated.
type Rule struct {
	ID     ID     `json:"id"`
	Title  string `json:"title" doc:"一句话"`
	Clause string `json:"clause" doc:"条款标签，如 第二十条（二）"`
	Paper  string `json:"paper" doc:"文书写法，如 第二十条第二项"`
	Text   string `json:"text" doc:"条文原文"`
}

// source is one line of the table below: id, article (Chinese numeral; "N" for
// the notice), item (Chinese numeral or ""), title, and a phrase by which the
// paragraph is found when the article has several.
type source struct {
	id, article, item, title, phrase string
}

var sources = []source{
	{"2", "二", "", "档案的含义", ""}, {"3", "三", "", "档案的作用", ""},
	{"4.1", "四", "一", "非公和社会组织聘用人员", ""}, {"4.2", "四", "二", "解除关系的未就业原公职和国有单位人员", ""},
	{"4.3", "四", "三", "未就业毕业生", ""}, {"4.4", "四", "四", "自费留学及其他因私出国（境）人员", ""},
	{"4.5", "四", "五", "外国企业代表机构中方雇员", ""}, {"4.6", "四", "六", "自由职业或灵活就业人员", ""}, {"4.7", "四", "七", "其他流动人员", ""},
	{"5", "五", "", "集中统一、归口管理", ""}, {"6a", "六", "", "机构须经设立或授权", "其他任何未经授权的单位"}, {"6b", "六", "", "个人不得保管档案", "严禁个人保管"},
	{"7.1", "七", "一", "接收、转递", ""}, {"7.2", "七", "二", "收集、鉴别和归档", ""}, {"7.3", "七", "三", "整理和保管", ""}, {"7.4", "七", "四", "查（借）阅", ""},
	{"7.5", "七", "五", "出具证明", ""}, {"7.6", "七", "六", "政审考察", ""}, {"7.7", "七", "七", "党员组织关系接转", ""}, {"7b", "七", "", "户籍地或现单位所在地管理", "跨地区就业创业"},
	{"8", "八", "", "免费服务", ""}, {"9", "九", "", "经费保障", ""}, {"10a", "十", "", "专职人员与关键岗位", ""}, {"10b", "十", "", "回避制度", ""}, {"10c", "十", "", "业务培训", ""},
	{"12", "十二", "", "接收形成流动人员档案", "按规定接收符合条件"}, {"12a", "十二", "", "明晰权利义务", "按规定接收符合条件"}, {"12b", "十二", "", "个人账户", "持本人居民身份证"},
	{"12c", "十二", "", "单位集体账户", "存档单位工作人员持本人居民身份证"}, {"12d", "十二", "", "注销集体账户", "注销集体账户"},
	{"13a", "十三", "", "分类编目、两个月内归档", ""}, {"13b", "十三", "", "不合格材料退回", ""}, {"14a", "十四", "", "多方面收集", "应当加强协作"}, {"14b", "十四", "", "一个月内移交", "1个月内主动"},
	{"15", "十五", "", "保密", ""}, {"16a", "十六", "", "存放秩序与安全", ""}, {"16b", "十六", "", "四室分开", ""}, {"17", "十七", "", "数据集中、共享", ""},
	{"18a", "十八", "", "数字化与四性", "数字化工作"}, {"18b", "十八", "", "电子证照、签章", "电子证照"}, {"18c", "十八", "", "数字档案同纸质管理", "数字档案在利用"},
	{"20.1", "二十", "一", "开具转档手续材料", ""}, {"20.2a", "二十", "二", "审核，不符合的不得转出", ""}, {"20.2b", "二十", "二", "清单、密封、通知单，15个工作日", ""},
	{"20.3a", "二十", "三", "三种转递方式", ""}, {"20.3b", "二十", "三", "须机要通信或专人送取", ""}, {"20.3c", "二十", "三", "严禁个人自带", ""},
	{"20.4a", "二十", "四", "关键材料告知承诺", ""}, {"20.4b", "二十", "四", "非关键材料先存后补", ""}, {"20.5", "二十", "五", "退回回执", ""},
	{"20b", "二十", "", "转档手续同等效力", "具有相同的效力"}, {"20c", "二十", "", "死亡5年后移交", "死亡5年后"},
	{"21a", "二十一", "", "查阅事由", "需查阅流动人员人事档案"}, {"21.1", "二十一", "一", "介绍信与申请表", ""}, {"21.2", "二十一", "二", "2人以上", ""}, {"21.3", "二十一", "三", "程序和权限审批", ""},
	{"21.4", "二十一", "四", "规定时限内完成", ""}, {"21b", "二十一", "", "从严保管、严格查阅", "从严保管"}, {"21c", "二十一", "", "不得查阅本人及亲属档案", "任何个人不得查阅"}, {"21d", "二十一", "", "复制摘录从严", "从严保管"},
	{"22", "二十二", "", "一般不外借", ""}, {"23", "二十三", "", "依据记载出具证明", ""}, {"24", "二十四", "", "组织关系转接", ""}, {"25", "二十五", "", "拓展服务", ""},
	{"26", "二十六", "", "服务信息公开", "加强流动人员人事档案工作服务信息公开"}, {"27", "二十七", "", "统计分析和预测", ""}, {"28", "二十八", "", "窗口作风", ""},
	{"29.1", "二十九", "一", "严禁篡改、伪造", ""}, {"29.2", "二十九", "二", "严禁擅自抽取、撤换、添加、涂改", ""}, {"29.3", "二十九", "三", "严禁泄露", ""}, {"29.4", "二十九", "四", "严禁丢弃、销毁", ""},
	{"29.5", "二十九", "五", "严禁违规新建、重建", ""}, {"29.6", "二十九", "六", "严禁违规转递、接收和查（借）阅", ""}, {"29.7", "二十九", "七", "严禁出具虚假证明", ""},
	{"29.8", "二十九", "八", "严禁拒收或推诿", ""}, {"29.9", "二十九", "九", "严禁与经营性服务挂钩", ""}, {"29.10", "二十九", "十", "严禁捆绑、隐形收费", ""},
	{"30", "三十", "", "监督检查与举报", ""}, {"31", "三十一", "", "责任追究", ""},
	{"N1", "N", "一", "规范化公共服务", "进一步规范流动人员人事档案收集"}, {"N2", "N", "二", "创新方式方法", "坚持创"}, {"N3", "N", "三", "确保规范安全", "四室分开"},
}

var numerals = map[string]string{"一": "一", "二": "二", "三": "三", "四": "四", "五": "五", "六": "六", "七": "七", "八": "八", "九": "九", "十": "十"}

var load = sync.OnceValues(func() ([]Rule, map[ID]Rule) {
	list := make([]Rule, 0, len(sources))
	byID := map[ID]Rule{}
	for _, s := range sources {
		r := Rule{ID: ID(s.id), Title: s.title, Text: quote(s)}
		switch {
		case s.article == "N":
			r.Clause, r.Paper = "通知第"+s.item+"条", "渝人社办〔2022〕129号通知第"+s.item+"条"
		case s.item != "":
			r.Clause, r.Paper = "第"+s.article+"条（"+s.item+"）", "第"+s.article+"条第"+numerals[s.item]+"项"
		default:
			r.Clause, r.Paper = "第"+s.article+"条", "第"+s.article+"条"
		}
		list = append(list, r)
		byID[r.ID] = r
	}
	return list, byID
})

// quote cuts a rule's paragraph out of the regulation, so that it can't drift.
// An article or item that is not there is an error of the program.
func quote(s source) string {
	var paragraphs []string
	if s.article == "N" {
		head, _, _ := strings.Cut(regulation, "第一章")
		paragraphs = strings.Split(head, "\n")
	} else {
		start := strings.Index(regulation, "第"+s.article+"条  ")
		if start < 0 {
			panic("rule: no article " + s.article)
		}
		body := regulation[start:]
		if end := strings.Index(body[1:], "\n第"); end >= 0 {
			body = body[:end+1]
		}
		paragraphs = strings.Split(body, "\n")
	}
	for _, p := range paragraphs {
		p = strings.TrimSpace(p)
		switch {
		case p == "":
		case s.article != "N" && s.item != "":
			if strings.HasPrefix(p, "（"+s.item+"）") {
				return p
			}
		case s.phrase == "" || strings.Contains(p, s.phrase):
			return p
		}
	}
	panic(fmt.Sprintf("rule: %s not found in the regulation", s.id))
}

// All lists every rule in the order of the regulation.
func All() []Rule {
	list, _ := load()
	return list
}

// Get returns one rule.
func Get(id ID) (Rule, bool) {
	_, byID := load()
	r, ok := byID[id]
	return r, ok
}

// Console is one reason as the command line prints it. Of the three kinds of "no"
// only a refusal is 不予办理 (29.8); an input that can't be right names no clause.
func Console(kind Kind, r Reason) string {
	out := map[Kind]string{Invalid: "输入有误：", Incomplete: "需要补正："}[kind]
	if out == "" {
		out = "不予办理："
	}
	out += r.Message
	if known, ok := Get(r.Rule); ok && kind != Invalid {
		out += "\n  依据：" + known.Clause + "　" + known.Text
	}
	if r.Next != "" {
		out += "\n  下一步：" + r.Next
	}
	return out + "（规则 " + string(r.Rule) + "）"
}
