package api

import (
	"fmt"
	"reflect"
	"strings"

	"dangan/internal/rule"
)

// legible refuses what no form can have written: control characters, which cut
// texts short, marks of writing direction, which make a name look like another, and
// the sign that stands for a character lost on the way.
func legible(in any) error {
	var bad []rule.Reason
	visit(reflect.ValueOf(in), "", func(field, text string) {
		if len(bad) < 5 && strings.ContainsFunc(text, illegible) {
			bad = append(bad, rule.Reason{Rule: "29.8", Slug: "illegible", Field: field, Message: fmt.Sprintf("%s含有不能显示的字符，或者有字在传输中损坏。", labelled(field)), Next: "请删去后重新录入该项。"})
		}
	})
	if len(bad) == 0 {
		return nil
	}
	return rule.Mistake(bad...)
}

func labelled(field string) string {
	if field == "" {
		return "所填内容"
	}
	return "“" + field + "”"
}

func illegible(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return false
	case r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0:
		return true
	case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
		return true
	}
	return r == 0xfffd || r == 0xfffe || r == 0xffff
}

// visit goes through every text of a decoded request, with the name it was sent under.
func visit(v reflect.Value, field string, each func(field, text string)) {
	switch v.Kind() {
	case reflect.String:
		each(field, v.String())
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			visit(v.Elem(), field, each)
		}
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return // a file
		}
		for i := range v.Len() {
			visit(v.Index(i), field, each)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			visit(key, field, each)
			visit(v.MapIndex(key), field, each)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() || f.Anonymous {
				visit(v.Field(i), nameOf(f, field), each)
			}
		}
	}
}

// nameOf is the name a field is sent under; a body's own fields stand for themselves.
func nameOf(f reflect.StructField, outer string) string {
	for _, tag := range []string{"json", "path", "query", "header"} {
		if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" && name != "-" {
			return name
		}
	}
	return outer
}
