package dossier

import (
	"fmt"
	"slices"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/classify"
	"dangan/internal/codes"
	"dangan/internal/rule"
)

// Description is what a catalog line says of a material (materials.md 5.1).
type Description struct {
	Title  string `json:"title"`
	Class  string `json:"class"`
	Year   int64  `json:"year,omitempty"`
	Month  int64  `json:"month,omitempty"`
	Day    int64  `json:"day,omitempty"`
	Copies int64  `json:"copies"`
	Pages  int64  `json:"pages"`
	IsCopy bool   `json:"isCopy,omitempty"`
	Note   string `json:"note,omitempty"`
}

// check holds a description to its shape; withClass asks for a class to file to,
// secret allows the title to be missing.
func (n Description) check(today calendar.Date, withClass, secret bool) []rule.Reason {
	var out []rule.Reason
	add := func(field, message, next string) {
		out = append(out, rule.Reason{Rule: "13a", Slug: "material_" + field, Field: field, Message: message, Next: next})
	}
	title := strings.TrimSpace(n.Title)
	switch {
	case secret && title != "":
		out = append(out, secretTitle("title"))
	case !secret && title == "":
		add("title", "材料名称不能为空。", "请照材料原题名填写；无题名的自拟并注明。")
	case secretMark(title) || secretMark(n.Note):
		out = append(out, secretTitle("title"))
	}
	if _, ok := codes.FindClass(n.Class); withClass && !ok {
		add("class", "类号须为十类之一，第四、第九类归到小类。", "请选择类号，例如 4-1、9-2。")
	}
	switch {
	case n.Year == 0 && (n.Month > 0 || n.Day > 0) || n.Month == 0 && n.Day > 0:
		add("formed", "形成时间缺少年或月。", "请先填年、月；不明的部分留空。")
	case n.Year > 0 && n.Month > 0 && n.Day > 0 && calendar.New(int(n.Year), int(n.Month), int(n.Day)) == "":
		add("formed", "形成时间没有这一天。", "请核对材料上的日期。")
	case n.Year > 0 && fmt.Sprintf("%04d-%02d-%02d", n.Year, n.Month, n.Day) > string(today):
		add("formed", "形成时间晚于今天。", "请核对材料上的日期。")
	}
	if n.Copies < 1 {
		add("copies", "份数至少为 1。", "请填写份数。")
	}
	if n.Pages < 1 {
		add("pages", "页数至少为 1。", "请逐面计数，有字的面计 1 页。")
	}
	return out
}

// apply writes a description into a material.
func (n Description) apply(m *Material) {
	m.Title, m.Class = strings.TrimSpace(n.Title), n.Class
	m.FormedYear, m.FormedMonth, m.FormedDay = n.Year, n.Month, n.Day
	m.Copies, m.Pages, m.IsCopy, m.Note = n.Copies, n.Pages, n.IsCopy, strings.TrimSpace(n.Note)
	m.KeyFacts = strings.Join(codes.Proves(m.Title, m.Class), "|")
	if m.Secrecy >= Secret { // whatever way the words came (15)
		m.bare()
	}
}

// Describe is the inverse of apply.
func (m Material) Describe() Description {
	return Description{m.Title, m.Class, m.FormedYear, m.FormedMonth, m.FormedDay, m.Copies, m.Pages, m.IsCopy, m.Note}
}

// Number is 类号-顺序号.
func (m Material) Number() string { return fmt.Sprintf("%s-%d", m.Class, m.Seq) }

// maxSuggested is how many classes are proposed for one title.
const maxSuggested = 3

// Suggestions are the classes a title may go to, each with its ground: what a list of
// titles says of this very one comes before what single words of it speak for. A
// person decides (13a).
func Suggestions(title string) []classify.Suggestion {
	var out []classify.Suggestion
	if class := listed(title); class != "" {
		out = append(out, classify.Suggestion{Class: class, Reason: "材料清单列有“" + codes.Canonical(title) + "”，归入此类"})
	}
	for _, s := range classify.Suggest(title) {
		if len(out) < maxSuggested && !slices.ContainsFunc(out, func(o classify.Suggestion) bool { return o.Class == s.Class }) {
			out = append(out, s)
		}
	}
	return out
}

// listed is the class of the checklist's or the evidence's line with the same canonical
// title; "" when no list knows it.
func listed(title string) string {
	canonical := codes.Canonical(title)
	for _, w := range codes.Checklist("", "") {
		if w.Title == canonical {
			return w.Class
		}
	}
	for _, c := range codes.Categories() {
		for _, w := range codes.Checklist(c.Rule, c.Subtype) {
			if w.Title == canonical {
				return w.Class
			}
		}
	}
	for _, e := range codes.KeyFactEvidence() {
		if e.Title == canonical {
			return e.Class
		}
	}
	return ""
}
