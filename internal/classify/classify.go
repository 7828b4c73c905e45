package classify

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/width"
)

// Suggestion is a class that a title speaks for, and the words that do.
type Suggestion struct {
	Class  string `json:"class"`
	Reason string `json:"reason"`
}

// most is how many classes are proposed for one title.
const most = 3

type clue struct {
	class string
	words *regexp.Regexp
	why   string
}

func c(class, words, why string) clue { return clue{class, regexp.MustCompile(words), why} }

// clues stand in the order in which they outweigh each other: what a paper decides
// before the event that it is about, the event before the form of the sheet.
var clues = []clue{
	c("7", `撤销(奖励|荣誉|表彰)`, "撤销奖励、荣誉的决定随奖励材料归第七类"),
	c("10", `体检|健康检查|报到证|派遣证|就业通知书|毕业去向|介绍信.*行政|行政介绍信|调动介绍信|工作关系介绍信`, "体检、报到、介绍类材料归第十类"),
	c("10", `工伤|劳动能力鉴定|残疾|仲裁|调解书|死亡|悼词|生平|治丧|遗书|遗嘱|居留|户口|就业协议|委托存档|人事代理|脱密|就业困难`, "其他可供组织参考的材料归第十类"),
	c("9-4", `代表(大会)?(代表)?登记|代表大会|党代表|人大代表|人民代表|政协|委员登记|人大常委|社会兼职|代表补选|会议代表`, "会议代表、委员和社会兼职材料归第九类之四"),
	c("4-1", `(学历|学位)(证书)?.*(认证|备案)|留学回国人员证明`, "学历学位的认证、备案材料归第四类之一"),
	c("5", `专项审核|任前审核|信息审核|审核认定|(更改|更正|变更|认定).*(出生|年龄|工时间|参加工作|入党时间|民族|国籍|学历|身份)|(出生|年龄|参加工作时间|学历学位|干部身份).*(认定|更改|更正|审核)|情况说明|缺失`, "基本信息的更改、认定、审核材料归第五类"),
	c("6", `入党时间|党员身份|入党志愿|入党申请|转正申请|积极分子|发展对象|预备党员|党员登记|民主评议党员|党籍|退党|脱党|组织关系|组织生活|推优|民主党派|入团|退团|离团`, "入党、入团和党派身份材料归第六类"),
	c("9-3", `出国|出境|出(（|\()境|留学|因公|因私|逾期不归|在外期限`, "出国（境）审批和留学手续归第九类之三"),
	c("5", `政审|政治审查|政治考核|政历|政治历史|审计|离任检查|廉洁|移居|甄别|复查结论`, "政审、审计和核查材料归第五类"),
	c("8", `处分|处罚|判决|裁定|不起诉|开除|诫勉|戒毒|失信|违法|违纪|违规|通报批评|组织处理|检查处理`, "违规违纪违法处理处分材料归第八类"),
	c("4-3", `院士|人才工程|人才计划|特殊津贴|突出贡献|博士后|专利|科研|科技成果|论文目录|论著|著作|译著|发明|学科带头人|学术`, "反映科研学术水平的材料归第四类之三"),
	c("7", `奖|先进|劳动模范|劳模|三好|优秀|嘉奖|记功|立功|荣誉|表彰|见义勇为|标兵|能手|竞赛`, "表彰奖励材料归第七类"),
	c("9-1", `工资|薪级|薪|定级|退(（离）|离)?休费|离休费|保险|养老|社保|缴费|连续工龄|视同|待遇`, "工资待遇和参加社会保险材料归第九类之一"),
	c("4-2", `职称|任职资格|专业技术(职务|资格)|专业技术.*(评审|聘|考绩)|职业资格|执业|技能(鉴定|等级)|技师(资格|.*审批)|高级工.*(资格|审批)|教师资格|法律职业|注册.*师|资格(证书|考试|认定)|聘任`, "职业资格和职称评聘材料归第四类之二"),
	c("3", `鉴定|考核|民主测评|述职|重大任务|综合评价(?:意见)$`, "考核鉴定材料归第三类"),
	c("4-4", `培训|进修|继续教育|学员|结业(登记|鉴定)|学时`, "教育培训材料归第四类之四"),
	c("4-1", `毕业|学籍|学位|学历|成绩|高中|初中|中专|技工学校|技校|学生登记|新生|招生|报考|考生|录取|高考|研究生|自考|自学考试|肄业|结业|休学|复学|退学|转学|转专业|答辩|综合素质`, "学历学位和学籍材料归第四类之一"),
	c("9-2", `任免|任职|任命|录用|聘|招工|合同|就业登记|失业登记|用工|调动|调入|公务员登记|参照公务员|套改|晋升|等级|入伍|退出现役|退伍|转业|复员|安置|辞职|辞退|辞去|解除|终止|退休|退职|离职|转干|招募|转正|见习|派遣|自主择业`, "录用、聘用、任免、调动和离职材料归第九类之二"),
	c("2", `自传|思想|党性|对照检查|主题教育|教育活动|个人有关事项|自我|家庭.*变化`, "自传和思想类材料归第二类"),
	c("1", `履历|简历|登记表|登记卡|更改姓名|更名|曾用名`, "反映本人基本情况和经历的登记材料归第一类"),
}

// exceptions outweigh every clue: two words together mean another thing than each alone.
var exceptions = []clue{
	c("5", `任前审核|专项审核`, "基本信息的审核认定归第五类"),
	c("7", `优秀.*(党员|团员|党务|团干部)`, "表彰党员、团员的材料归第七类"),
	c("6", `预备期`, "入党、入团和党派身份材料归第六类"),
	c("4-4", `(出国|出境|（境）).*培训`, "出国（境）培训的鉴定和总结归第四类之四"),
	c("9-2", `退出现役`, "退出现役材料归第九类之二"),
	c("9-1", `奖励工资`, "工资待遇材料归第九类之一"),
	c("3", `见习期.*(考核|鉴定)|试用期.*考核|聘期考核|任期考核|年度(工作)?(（业绩）|业绩)?考核|(出国|援藏|援疆|挂职|转业|复员|调动|军训|实习|学年|社会实践|毕业).*鉴定`, "组织作出的考核、鉴定归第三类"),
	c("4-4", `培训.*(考核|鉴定|总结|证明|登记)|结业.*鉴定|进修.*鉴定|党校.*学员`, "培训的登记、考核和鉴定归第四类之四"),
	c("4-2", `职业技能鉴定|技能等级(认定|评价)`, "技能鉴定、等级认定归第四类之二"),
	c("4-3", `(成果|项目).*(鉴定|获奖|结题)`, "科研成果的鉴定和获奖归第四类之三"),
	c("2", `入党自传`, "与入党申请不成套的自传归第二类"),
	c("1", `^(专业技术人员|企业管理人员|流动人员|存档人员|教职工|教师|医务人员|职工|干部|军人|士兵|运动员|团员|知识青年).*(登记表|履历表|履历书|简历表)$`, "综合反映个人情况的登记表归第一类"),
	c("9-2", `(干部|职工).*(调动|录用|聘用|转干)`, "录用、调动、转干登记归第九类之二"),
}

var (
	dressing = regexp.MustCompile(`[\s《》〈〉“”"'、，,。.:：·_-]+`)
	years    = regexp.MustCompile(`^((19|20)\d\d(年度?|学年)?)+`)
	copies   = regexp.MustCompile(`(\(?(复印件|影印件|副本|原件)\)?)+$`)
)

// Fold strips from a title what does not speak for a class: width of the letters,
// spaces, quotes, a leading year, the mark of a copy.
func Fold(title string) string {
	t := dressing.ReplaceAllString(width.Fold.String(title), "")
	t = copies.ReplaceAllString(years.ReplaceAllString(t, ""), "")
	return strings.NewReplacer("(", "（", ")", "）").Replace(t)
}

// Suggest returns up to three classes, the likeliest first; none when no word of
// the title speaks for any.
func Suggest(title string) []Suggestion {
	t := Fold(title)
	var out []Suggestion
	for _, list := range [][]clue{exceptions, clues} {
		for _, k := range list {
			word := k.words.FindString(t)
			if word == "" || slices.ContainsFunc(out, func(s Suggestion) bool { return s.Class == k.class }) {
				continue
			}
			if out = append(out, Suggestion{k.class, "题名中有“" + word + "”：" + k.why}); len(out) == most {
				return out
			}
		}
	}
	return out
}
