package dossier

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"dangan/internal/rule"
)

func TestArrangeFollowsTheTimeFormed(t *testing.T) {
	list := []Material{{ID: "unknown"}, {ID: "2013", FormedYear: 2013}, {ID: "2013-06-20", FormedYear: 2013, FormedMonth: 6, FormedDay: 20}, {ID: "2013-06", FormedYear: 2013, FormedMonth: 6}, {ID: "2009", FormedYear: 2009, FormedMonth: 1}}
	if got, want := idsOf(Arrange("9-2", list)), []string{"2009", "2013-06-20", "2013-06", "2013", "unknown"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func idsOf(list []Material) (out []string) {
	for _, m := range list {
		out = append(out, m.ID)
	}
	return out
}

// 5, 6 and 8 go by matter and by the weight of its papers (materials.md 5.2).
func TestArrangeFollowsTheMatter(t *testing.T) {
	paper := func(id, title string, year, month int64) Material {
		return Material{ID: id, Title: title, FormedYear: year, FormedMonth: month}
	}
	for name, c := range map[string]struct {
		class   string
		list    []Material
		want    []string
		annexes map[string]string
	}{
		"a discipline, its report and self-criticism before it in time, its lifting, and another": {"8", []Material{
			paper("检查", "本人检查", 2010, 1), paper("报告", "关于×××违纪问题的调查报告", 2010, 2), paper("决定", "关于给予×××警告处分的决定", 2010, 3), paper("批复", "对给予×××警告处分决定的批复", 2010, 3),
			paper("意见", "本人对处分决定的意见", 2010, 4), paper("解除", "关于解除×××警告处分的决定", 2010, 9), paper("撤职", "关于撤销×××主任职务处分的决定", 2016, 5), paper("后报告", "调查报告", 2016, 4),
		}, []string{"批复", "决定", "意见", "报告", "检查", "解除", "撤职", "后报告"}, map[string]string{"意见": "决定", "报告": "决定", "检查": "决定", "后报告": "撤职"}},
		"the birth date and the start of work are two matters": {"5", []Material{
			paper("证明", "出生日期证明材料", 1998, 1), paper("工龄", "更改参加工作时间审批表", 1999, 1), paper("出生", "更改出生日期的审批表", 1998, 5), paper("工龄证明", "参加工作时间证明", 1998, 6), paper("不明", "入党政审材料", 0, 0),
		}, []string{"出生", "证明", "工龄", "工龄证明", "不明"}, map[string]string{"证明": "出生", "工龄证明": "工龄"}},
		"nothing decided yet: by weight, nothing shares a number": {"8", []Material{paper("检查", "检查", 2010, 1), paper("报告", "调查报告", 2010, 2)}, []string{"报告", "检查"}, map[string]string{}},
		"what was looked into for an appointment stands behind its form": {"9-2", []Material{paper("考察", "考察材料", 2015, 2), paper("合同", "聘用合同书", 2010, 7), paper("任免", "干部任免审批表", 2015, 3)},
			[]string{"合同", "任免", "考察"}, map[string]string{"考察": "任免"}},
		"the Party before the League, the form of joining before the application": {"6", []Material{
			paper("团申请", "入团申请书", 2004, 3), paper("团", "中国共产主义青年团入团志愿书", 2004, 5), paper("申请", "入党申请书", 2009, 3), paper("考察", "入党积极分子培养教育考察登记表", 2010, 6), paper("志愿", "中国共产党入党志愿书", 2011, 6),
			paper("转正", "转正申请书", 2012, 6), paper("登记", "党员登记表", 2005, 1), paper("民盟", "中国民主同盟入盟申请表", 2001, 1), paper("推优", "推荐优秀团员作入党积极分子审核表", 2010, 1),
		}, []string{"志愿", "申请", "转正", "推优", "考察", "登记", "团", "团申请", "民盟"}, map[string]string{}},
	} {
		l := propose(c.class, c.list)
		if !slices.Equal(l.Order, c.want) || !maps.Equal(l.Annexes, c.annexes) {
			t.Errorf("%s:\n%v %v, want\n%v %v", name, l.Order, l.Annexes, c.want, c.annexes)
		}
	}
}

func TestALayoutHoldsEveryMaterialOnceAndAttachmentsBehind(t *testing.T) {
	present := []Material{{ID: "a", Seq: 1}, {ID: "b", Seq: 2}, {ID: "c", Seq: 2, Annex: 1, MainID: "b"}}
	same := map[string]string{"c": "b"}
	for name, c := range map[string]struct {
		order   []string
		annexes map[string]string
		slug    string
	}{
		"turned":                     {[]string{"b", "c", "a"}, same, ""},
		"the attachment by itself":   {[]string{"a", "b", "c"}, nil, ""},
		"as it stands":               {[]string{"a", "b", "c"}, same, "order_same"},
		"left out":                   {[]string{"b", "a"}, nil, "order_outdated"},
		"twice":                      {[]string{"b", "a", "a"}, nil, "order_outdated"},
		"foreign":                    {[]string{"b", "a", "x"}, nil, "order_outdated"},
		"away from its main paper":   {[]string{"b", "a", "c"}, same, "annex_apart"},
		"an attachment's attachment": {[]string{"a", "b", "c"}, map[string]string{"b": "a", "c": "b"}, "annex_apart"},
		"of one not there":           {[]string{"a", "b", "c"}, map[string]string{"x": "b"}, "order_outdated"},
	} {
		err := Layout{c.order, c.annexes}.check(present)
		var refusal *rule.Refusal
		if (err == nil) != (c.slug == "") || err != nil && (!errors.As(err, &refusal) || refusal.Reasons[0].Slug != c.slug) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (Layout{Order: []string{"a", "b"}}).check([]Material{{ID: "a", Seq: 1}, {ID: "b", Seq: 3}}); err != nil {
		t.Errorf("a gap in the numbers is closed: %v", err)
	}
}

func TestSuggestionsNameAtMostThreeWithTheirGround(t *testing.T) {
	for title, first := range map[string]string{"劳动合同书": "9-2", "见习期满转正定级考核鉴定表": "", "甲乙丙": ""} {
		got := Suggestions(title)
		if len(got) > 3 || first != "" && (len(got) == 0 || got[0].Class != first) {
			t.Errorf("%s: %+v", title, got)
		}
		seen := map[string]bool{}
		for _, s := range got {
			if s.Reason == "" || seen[s.Class] {
				t.Errorf("%s: %+v", title, got)
			}
			seen[s.Class] = true
		}
	}
}
