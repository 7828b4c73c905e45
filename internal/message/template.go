package message

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dangan/internal/rule"
)

// Template is what is told.
type Template struct {
	Key  string
	Name string
	Text string // the first wording
}

// Templates' keys.
const (
	Accepted   = "accepted"
	Lettered   = "lettered"
	Gaps       = "gaps"
	Declined   = "declined"
	Left       = "left"
	Received   = "received"
	Delivered  = "delivered"
	Certified  = "certified"
	Waiting    = "waiting"
	Supplement = "supplement"
	Decided    = "decided"
	Delayed    = "delayed"
	Promise    = "promise"
	Nearing    = "nearing"
	Pensioned  = "pensioned"
	HandIn     = "hand_in"
	HandInMore = "hand_in_more"
	Corrected  = "corrected"
	Lapsed     = "lapsed"
	Extended   = "extended"
	Withdrawn  = "withdrawn"
	UnitAsked  = "unit_asked"
	UnitBack   = "unit_back"
	Terms      = "terms"
	Rated      = "rated"
	Stale      = "stale"
	TurnedBack = "turned_back"
	SentBack   = "sent_back"
	PassedOn   = "passed_on"
	UnderWay   = "under_way"

	UnitMore     = "unit_more"
	UnitDeclined = "unit_declined"
	UnitDue      = "unit_due"
	UnitOver     = "unit_over"
	Overdue      = "overdue"
	LoanBack     = "loan_back"
)

// Templates in the order of screens.
var Templates = []Template{
	{Accepted, "受理", "【人事档案】{姓名}，您申请的{事项}已由{机构}受理，办理结果另行告知。本服务不收取任何费用。"},
	{Lettered, "开具调档函", "【人事档案】{姓名}，{机构}已向您的档案现保管单位开具调档函，对方应在15个工作日内转出。"},
	{Gaps, "一次性告知", "【人事档案】{姓名}，{机构}办理您的{事项}时发现需要补充材料，已一次性开具告知书，请到{机构}领取或联系办理。"},
	{Declined, "不予办理", "【人事档案】{姓名}，{机构}对您申请的{事项}作出了书面答复，请到{机构}领取；对答复有异议的可以提出。"},
	{Left, "转出", "【人事档案】{姓名}，您的档案已由{机构}按规定密封寄出，不能由本人携带。"},
	{Delivered, "转出办结", "【人事档案】{姓名}，{机构}寄出的您的档案，接收单位已签收并退回回执，由接收单位保管。"},
	{Received, "转入接收", "【人事档案】{姓名}，您的档案已由{机构}接收保管。本服务不收取任何费用。"},
	{Certified, "证明可领", "【人事档案】{姓名}，您申请的{事项}已由{机构}办结，请凭有效证件领取。本服务不收取任何费用。"},
	{Waiting, "毕业生待认领", "【人事档案】{姓名}，您的档案已由学校转到{机构}保管，请凭有效证件办理认领。本服务不收取任何费用。"},
	{Supplement, "补充材料提醒", "【人事档案】{姓名}，您应向{机构}补充的材料将在{期限}到期，请及时提交。"},
	{Promise, "提醒承诺", "【人事档案】{姓名}，您的档案已由{机构}代管，请尽快到{机构}签署告知承诺书；档案不会退回。本服务不收取任何费用。"},
	{Delayed, "转递异常", "【人事档案】{姓名}，您的档案在转递途中出现异常，{机构}正在查询处理，保管责任不变，结果可到{机构}查询。"},
	{Decided, "审批结果", "【人事档案】{姓名}，您申请的{事项}已由{机构}审批，结果请到{机构}查询。"},
	{Corrected, "更正", "【人事档案】{姓名}，{机构}更正了在办的{事项}的登记信息，不需要您办理手续，可到{机构}核对。"},
	{Withdrawn, "撤回", "【人事档案】{姓名}，在{机构}办理的{事项}已撤回，档案仍由原存档机构保管；不是您的意愿的，请与{机构}联系。"},
	{Stale, "调档函过期", "【人事档案】{姓名}，{机构}为您开具的调档函已过期，档案仍由原存档单位保管；仍需转入的，请与{机构}联系重新开函，无需往返。本服务不收取任何费用。"},
	{TurnedBack, "包裹退回", "【人事档案】{姓名}，您的档案包裹已退回{机构}，将按规定重新寄送，保管责任不变，不需要您办理手续。"},
	{SentBack, "协商退回", "【人事档案】{姓名}，经与您的原单位协商，{机构}已将档案寄回原单位补充材料，补齐后再转入，不需要您取送。"},
	{PassedOn, "转交办理", "【人事档案】{姓名}，您申请的{事项}已由{机构}转交有关机构接着办理，不需要重新申请，可向{机构}查询。"},
	{UnderWay, "对方寄出", "【人事档案】{姓名}，您的档案已由原存档单位寄往{机构}，到件核对以后另行告知。"},
	{Lapsed, "补充材料逾期", "【人事档案】{姓名}，应向{机构}补充的材料已过期限（{期限}），请尽快提交；确有困难的可以申请延期一次，档案照常保管，不会退回。"},
	{Extended, "同意延期", "【人事档案】{姓名}，您应向{机构}补充的材料，期限已延至{期限}，只能延期一次，请及时提交。"},
	{Nearing, "到龄核对", "【人事档案】{姓名}，{机构}正在办理您的{事项}，需要补充材料的请与{机构}联系。本服务不收取任何费用。"},
	{Pensioned, "退休材料归档", "【人事档案】{姓名}，您的{事项}事项已由{机构}办结，审批材料已归入档案，去向可到{机构}查询。"},
	{HandIn, "网上交材料", "【人事档案】{姓名}，{机构}请您网上提交{事项}所列材料，{期限}前有效，只用一次，请勿转给他人：{链接} 也可到窗口提交。"},
	{Terms, "接受存档须知", "【人事档案】{姓名}，{机构}请您阅读并接受存档须知，{期限}前有效，只用一次，请勿转给他人：{链接} 也可到窗口办理。本服务不收取任何费用。"},
	{HandInMore, "网上交材料退回", "【人事档案】{姓名}，您提交给{机构}的材料需要重新拍摄，原因见页面，{期限}前有效，请勿转给他人：{链接} 也可到窗口提交。"},
	{UnitAsked, "单位交材料", "【人事档案】{姓名}，{机构}向贵单位发出{事项}通知，请登录单位网上办事页面查看并提交，也可到窗口提交。本服务不收取任何费用。"},
	{UnitDue, "单位交材料将到期", "【人事档案】{姓名}，{机构}向贵单位发出的{事项}通知一周内到期，还有材料没有交来，请登录单位网上办事页面查看并提交，也可到窗口提交。本服务不收取任何费用。"},
	{UnitOver, "单位交材料逾期", "【人事档案】{姓名}，{机构}向贵单位发出的{事项}通知已过期限，还有材料没有交来，请尽快在单位网上办事页面或到窗口提交；没有形成的请书面说明。"},
	{Overdue, "本人交材料逾期", "【人事档案】{姓名}，{机构}向您收集的材料已过期限（{期限}），请尽快提交；没有形成的请告知{机构}。本服务不收取任何费用。"},
	{UnitMore, "单位网上申请补正", "【人事档案】{姓名}，贵单位向{机构}申请的{事项}需要补正，内容已一次告知，请登录单位网上办事页面查看并补正，也可到窗口办理。"},
	{UnitDeclined, "单位网上申请答复", "【人事档案】{姓名}，{机构}对贵单位申请的{事项}作出了书面答复，请登录单位网上办事页面查看，书面答复到{机构}领取；有异议的可以提出。"},
	{LoanBack, "归还借阅档案", "【人事档案】{姓名}，贵单位向{机构}借阅的档案应当归还（{事项}），请立即由取送人密封送还；不能归还的，请书面说明。"},
	{Rated, "评价办结", "【人事档案】{姓名}，您对{机构}服务的评价已经核实处理，需要了解结果的，请与{机构}联系。感谢您的意见。"},
	{UnitBack, "单位交材料退回", "【人事档案】{姓名}，贵单位提交给{机构}的材料已退回，原因请登录单位网上办事页面查看，并重新提交。"},
}

// Fields are what a wording may name; all of them are harmless on a stranger's screen. The
// link is filled in when the message is sent, and is in no text that is kept.
var Fields = []string{"姓名", "事项", "机构", "期限", "链接"}

// link stands in a text that is kept where the one that is sent has a one-time link.
const link = "〔一次性链接〕"

// Find is a template by key.
func Find(key string) (Template, bool) {
	i := slices.IndexFunc(Templates, func(t Template) bool { return t.Key == key })
	if i < 0 {
		return Template{}, false
	}
	return Templates[i], true
}

// longest is how many characters a wording may have: four SMS.
const longest = 260

var (
	field   = regexp.MustCompile(`\{([^{}]*)\}`)
	numbers = regexp.MustCompile(`[0-9A-Za-z]{15,}`)
)

// sensitive are words that would tell a stranger something about the person.
var sensitive = []string{"身份证", "处分", "违纪", "犯罪", "服刑", "党籍", "病", "死亡", "涉密", "秘密", "工资", "政审"}

// Check holds a wording to what may be sent to a telephone that a stranger may hold (29.3).
func Check(text string) *rule.Refusal {
	wrong := func(slug, message, next string) rule.Reason {
		return rule.Reason{Rule: "29.3", Slug: slug, Field: "text", Message: message, Next: next}
	}
	var out []rule.Reason
	switch n := utf8.RuneCountInString(strings.TrimSpace(text)); {
	case n == 0:
		return rule.Mistake(wrong("wording_empty", "短信内容不能为空。", "请填写内容。"))
	case n > longest:
		out = append(out, wrong("wording_long", fmt.Sprintf("内容 %d 字，超过 %d 字。", n, longest), "请缩短内容。"))
	}
	named := map[string]bool{}
	for _, m := range field.FindAllStringSubmatch(text, -1) {
		named[m[1]] = true
		if !slices.Contains(Fields, m[1]) {
			out = append(out, wrong("wording_field", "没有“{"+m[1]+"}”这一项：消息里只能写姓名（隐去名）、事项、机构、期限、链接。", "请删去该项；证件号、材料名称和档案内容不得写入消息。"))
		}
	}
	if strings.Count(text, "{") != len(field.FindAllString(text, -1)) || strings.Count(text, "}") != strings.Count(text, "{") {
		out = append(out, wrong("wording_braces", "花括号不成对。", "请写成 {姓名} 这样的形式。"))
	}
	if !named["机构"] {
		out = append(out, wrong("wording_agency", "没有写明由哪个机构告知。", "请写入 {机构}。"))
	}
	if numbers.MatchString(text) {
		out = append(out, wrong("wording_number", "内容含有像证件号的长串数字或网址。", "请删去；需要核对的号码当面或电话提供。"))
	}
	for _, word := range sensitive {
		if strings.Contains(text, word) {
			out = append(out, wrong("wording_sensitive", "内容含有“"+word+"”，可能泄露档案信息。", "请改用不涉及档案内容的说法。"))
		}
	}
	if len(out) == 0 {
		return nil
	}
	return rule.Mistake(out...)
}

// render fills a wording in.
func render(text string, values map[string]string) string {
	return field.ReplaceAllStringFunc(text, func(m string) string { return values[strings.Trim(m, "{}")] })
}

// masked leaves the family name: 李**.
func masked(name string) string {
	r := []rune(name)
	if len(r) == 0 {
		return ""
	}
	return string(r[0]) + strings.Repeat("*", max(1, len(r)-1))
}
