package dossier

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dangan/internal/codes"
	"dangan/internal/store"
)

// Showing says what shows that a condition of the checklist holds.
type Showing struct {
	Because string
	Again   bool // wanted although one of the title is there: of another unit, of another year
}

// Told is what another room has on record of a dossier's person that makes materials due: a
// condition of the checklist, and what shows it.
type Told struct {
	Condition string
	Because   string
	Unit      string // of an employer that was left: the unit
}

// tellers are the rooms that have such records.
var tellers []func(ctx context.Context, q store.Querier, d Dossier) ([]Told, error)

// Tell adds a room that has on record what makes materials due; each calls it in its init.
func Tell(source func(ctx context.Context, q store.Querier, d Dossier) ([]Told, error)) {
	tellers = append(tellers, source)
}

// RecordedOf gathers what is known of a dossier beside the pieces that are there: what its
// mentions and periods say once two persons read them, and what other rooms have on record.
// What was read in a piece that is closed to some (hidden) makes nothing due: the plan would tell it.
func RecordedOf(ctx context.Context, q store.Querier, d Dossier, held []Held, hidden map[string]bool) (Recorded, error) {
	r := Recorded{Category: d.Category, Subtype: d.Subtype, Held: held}
	facts, err := FactsOf(ctx, q, d.ID)
	if err != nil {
		return r, err
	}
	periods, err := PeriodsOf(ctx, q, d.ID)
	if err != nil {
		return r, err
	}
	decisions, err := DeterminationsOf(ctx, q, d.ID)
	if err != nil {
		return r, err
	}
	facts = slices.DeleteFunc(facts, func(f Fact) bool { return hidden[f.MaterialID] })
	periods = slices.DeleteFunc(periods, func(p Period) bool { return hidden[p.MaterialID] })
	decisions = slices.DeleteFunc(decisions, func(e Determination) bool { return hidden[e.MaterialID] })
	var political string
	if err := q.QueryRow(ctx, "SELECT coalesce(political,'') FROM person WHERE id=?", d.PersonID).Scan(&political); err != nil {
		return r, store.Classify(err)
	}
	var told []Told
	for _, source := range tellers {
		more, err := source(ctx, q, d)
		if err != nil {
			return r, err
		}
		told = append(told, more...)
	}
	r.Conditions = Known{Political: political, Senior: d.Senior, Abroad: d.Category == "4.4", Unit: d.AccountUnit, Held: r.Held, Facts: facts, Periods: periods, Decisions: decisions, Told: told}.conditions()
	return r, nil
}

// Known is what the conditions of the checklist are read from.
type Known struct {
	Political string // code of the political status
	Senior    bool   // 21b: holds a senior title
	Abroad    bool   // kept as of one who went abroad
	Unit      string // whose collective account the dossier is in
	Held      []Held
	Facts     []Fact
	Periods   []Period
	Decisions []Determination
	Told      []Told
}

// Conditions is Known's answer for what stands outside a dossier's own record, such as a
// packet whose content is being checked.
func (k Known) Conditions() map[string]Showing { return k.conditions() }

var (
	schoolHigh    = regexp.MustCompile(`高中|高级中学|中学`)
	schoolHigher  = regexp.MustCompile(`大学|学院|高等专科|职业技术`)
	schoolAbroad  = regexp.MustCompile(`留学|国外|境外|国（境）外|海外|美国|英国|日本|德国|法国|澳大利亚|加拿大|新加坡|韩国|俄罗斯`)
	postTitle     = regexp.MustCompile(`工程师|讲师|教授|研究员|医师|药师|护师|会计师|经济师|统计师|农艺师|技术员|职称`)
	postProbation = regexp.MustCompile(`见习|试用`)
	titleYear     = regexp.MustCompile(`((?:19|20)\d{2})\s*年?度?`)
)

// conditions reads which conditions of the checklist are known to hold, each with what shows
// it. Only what two persons read counts of mentions and periods; a piece that is there speaks
// for itself. What nothing recorded shows is collected by hand (codes.ByHand).
func (k Known) conditions() map[string]Showing {
	out := map[string]Showing{}
	add := func(condition, because string) {
		if _, known := out[condition]; !known {
			out[condition] = Showing{Because: because}
		}
	}
	has := func(title string) bool {
		return slices.ContainsFunc(k.Held, func(h Held) bool { return codes.Canonical(h.Title) == title })
	}
	for _, h := range k.Held {
		if !h.Quiet {
			k.seen(h, add)
		}
	}
	switch k.Political {
	case "01":
		add("party", "政治面貌为中共党员")
		add("full_party", "政治面貌为中共党员")
	case "02":
		add("party", "政治面貌为中共预备党员")
	case "03":
		add("league", "政治面貌为共青团员")
	}
	if k.Senior {
		add("title", "登记为高级专业技术人员")
	}
	if k.Abroad {
		add("abroad", "按因私出国（境）人员存档")
	}
	if k.Unit != "" {
		add("employed", "档案在"+k.Unit+"的集体户")
		add("worked", "档案在"+k.Unit+"的集体户")
	}
	party := ""
	for _, f := range k.Facts {
		if f.ConfirmedBy == "" || f.Void != "" {
			continue
		}
		says := "材料记载“" + f.Written + "”"
		switch f.Kind {
		case "education_degree":
			k.educated(f.Written, says, add)
		case "party_joining":
			add("party", "材料记载入党时间 "+f.Written)
			if party != "" && f.Value != "" && !strings.HasPrefix(party, f.Value) && !strings.HasPrefix(f.Value, party) {
				add("party_disputed", "入党时间记载不一致")
			}
			if party == "" {
				party = f.Value
			}
		case "work_start":
			add("worked", "材料记载参加工作时间 "+f.Written)
		}
	}
	for _, e := range k.Decisions {
		if e.ConfirmedBy != "" {
			add("determined", keyFactNames[e.Kind]+"已由"+e.Authority+"认定")
		}
	}
	var left []string
	for _, p := range k.Periods {
		if p.ConfirmedBy == "" || p.Void != "" {
			continue
		}
		if unit := k.lived(p, add); unit != "" {
			left = append(left, unit)
		}
	}
	for _, t := range k.Told {
		if t.Condition != "left_employer" {
			add(t.Condition, t.Because)
			continue
		}
		left = append(left, t.Unit)
		add("worked", t.Because)
	}
	k.parted(left, out)
	k.reviewed(out)
	if _, college := out["college_full_time"]; college {
		out["college_or_vocational"] = out["college_full_time"]
		if !has("普通高等学校毕业生登记表") {
			out["schooling_unregistered"] = Showing{Because: "没有毕业生登记表"}
		}
	}
	return out
}

// seen is what a piece that is there says of others that belong with it.
func (k Known) seen(h Held, add func(condition, because string)) {
	because := "有《" + h.Title + "》"
	for _, x := range []struct{ class, has, condition string }{
		{"6", "入党志愿书", "party"}, {"6", "转正申请书", "party"}, {"6", "转正申请书", "full_party"}, {"6", "入党申请书", "party"}, {"6", "入团申请书", "league"}, {"6", "团员", "league"},
		{"4-1", "普通高等学校毕业生登记表", "college_full_time"}, {"4-1", "高等学校学籍表", "college_full_time"}, {"4-1", "学位证书", "degree"}, {"4-1", "研究生", "postgraduate"},
		{"4-1", "国外学历", "education_abroad"}, {"4-1", "留学回国", "education_abroad"}, {"4-1", "自学考试", "education_in_service"}, {"4-1", "成人高等", "education_in_service"},
		{"9-2", "劳动合同书", "employed"}, {"9-2", "劳动合同书", "worked"}, {"9-2", "聘用合同书", "worked"}, {"9-2", "录用", "worked"}, {"9-2", "入伍", "served"}, {"9-2", "退出现役", "served"},
		{"9-2", "转业审批", "served"}, {"4-2", "职务聘任", "title"}, {"4-2", "资格证书", "qualification"}, {"4-2", "等级证书", "qualification"}, {"7", "荣誉证书", "awarded"}, {"7", "奖状", "awarded"},
		{"8", "解除处分", "punished"}, {"8", "处分期满", "punished"}, {"9-3", "出国", "abroad"}, {"9-3", "留学", "abroad"},
	} {
		if h.Class != x.class || !strings.Contains(h.Title, x.has) {
			continue
		}
		if x.class == "9-2" && strings.Contains(h.Title, "解除") {
			continue // 解除（终止）劳动合同证明书 names the contract that it ends
		}
		add(x.condition, because)
	}
}

// educated is what a mention of education makes due.
func (k Known) educated(written, because string, add func(condition, because string)) {
	s, ok := schoolingOf(written)
	if !ok {
		return
	}
	abroad := schoolAbroad.MatchString(written)
	switch {
	case abroad:
		add("education_abroad", because)
	case s.level >= levelCollege && s.form == formService:
		add("education_in_service", because)
	case s.level == levelCollege || s.level == levelBachelor:
		add("college_full_time", because)
	case s.level >= levelGraduate:
		add("postgraduate", because)
	case s.level == levelVocational:
		add("college_or_vocational", because)
	case s.level == levelHigh:
		add("high_school", because)
	}
	if !abroad && (strings.Contains(written, "学位") || strings.Contains(written, "学士") || strings.Contains(written, "硕士") && !strings.Contains(written, "硕士研究生") || strings.Contains(written, "博士") && !strings.Contains(written, "博士研究生")) {
		add("degree", because)
	}
}

// lived is what a period of the history makes due; the unit, where it was an employer that was left.
func (k Known) lived(p Period, add func(condition, because string)) string {
	dots := func(m string) string { return strings.ReplaceAll(m, "-", ".") }
	until := "至今"
	if p.ToMonth != "" {
		until = dots(p.ToMonth)
	}
	because := fmt.Sprintf("经历记载 %s—%s %s", dots(p.FromMonth), until, p.Unit)
	switch p.Kind {
	case Study:
		switch {
		case schoolAbroad.MatchString(p.Unit):
			add("education_abroad", because)
		case schoolHigher.MatchString(p.Unit) && !serviceWords.MatchString(p.Unit+p.Post):
			add("college_full_time", because)
		case schoolHigher.MatchString(p.Unit):
			add("education_in_service", because)
		case schoolHigh.MatchString(p.Unit):
			add("high_school", because)
		}
		return ""
	case Service:
		add("served", because)
		if p.ToMonth != "" {
			add("left_forces", because)
		}
		return ""
	}
	add("worked", because)
	id, known := codes.FindIdentity(p.Identity)
	if known && !id.Forces || !known && !stateUnit.MatchString(p.Unit) {
		add("employed", because)
	}
	if postTitle.MatchString(p.Post) {
		add("title", because+"，"+p.Post)
	}
	if postProbation.MatchString(p.Post) {
		add("probation", because+"，"+p.Post)
	}
	if p.ToMonth == "" {
		return ""
	}
	return p.Unit
}

// parting are the papers that show that a work relation ended.
var parting = []string{"解除（终止）劳动合同证明书", "辞去公职审批材料（辞退、开除、取消录用决定）", "解除（终止）聘用合同、辞职（辞退）批复", "辞职（解除劳动合同）材料"}

// parted names the employers that were left and of which no paper that ended the relation is
// there: each has its own. One that does not say whose it is answers for one of them.
func (k Known) parted(left []string, out map[string]Showing) {
	var units []string
	for _, u := range left {
		if u != "" && !slices.ContainsFunc(units, func(x string) bool { return SameMaker(x, u) }) {
			units = append(units, u)
		}
	}
	there, nameless := 0, 0
	for _, h := range k.Held {
		if !slices.Contains(parting, codes.Canonical(h.Title)) {
			continue
		}
		there++
		if i := slices.IndexFunc(units, func(u string) bool { return SameMaker(u, h.Maker) }); i >= 0 {
			units = slices.Delete(units, i, i+1)
		} else if h.Maker == "" {
			nameless++
		}
	}
	if len(units) > nameless {
		out["left_employer"] = Showing{Because: "已离开：" + strings.Join(units, "、"), Again: there > 0}
	}
}

// reviewed names the full years in work of which no yearly review is there, up to the last
// full one that a period records.
func (k Known) reviewed(out map[string]Showing) {
	const title = "年度考核登记表"
	have := map[int]bool{}
	there := false
	for _, h := range k.Held {
		if codes.Canonical(h.Title) != title && !strings.Contains(h.Title, "年度考核") {
			continue
		}
		there = true
		if y := titleYear.FindStringSubmatch(h.Title); y != nil {
			n, _ := strconv.Atoi(y[1])
			have[n] = true
		} else if h.Year > 0 {
			have[int(h.Year)], have[int(h.Year)-1] = true, true // a year is reviewed at its end or early in the next
		}
	}
	var missing []string
	seen := map[int]bool{}
	for _, p := range k.Periods {
		if p.Kind != Work || p.ConfirmedBy == "" || p.Void != "" || p.ToMonth == "" {
			continue // how far one that still runs was reviewed, nobody can tell from it
		}
		from, to := monthNo(p.FromMonth), monthNo(p.ToMonth)
		for y := (from + 11) / 12; (y+1)*12-1 <= to; y++ {
			if !have[y] && !seen[y] {
				seen[y] = true
				missing = append(missing, strconv.Itoa(y))
			}
		}
	}
	slices.Sort(missing)
	if len(missing) == 0 {
		return
	}
	text := strings.Join(missing, "、")
	if len(missing) > 6 {
		text = fmt.Sprintf("%s—%s 年中 %d 个年度", missing[0], missing[len(missing)-1], len(missing))
	}
	out["reviewed"] = Showing{Because: "缺 " + text + " 年度", Again: there}
}
