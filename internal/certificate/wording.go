package certificate

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"dangan/internal/gate"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/store"
)

// Words are the sentences of a certificate that tell nothing of the person: how it opens and
// what it keeps itself from saying. The province words them in versions; each certificate
// keeps the version it was issued with, and what is stated stands in none of them.
type Words struct {
	ID          string    `db:"id"`
	Kind        Kind      `db:"kind"`
	Wording     int64     `db:"wording"` // 0: the system's own
	Opening     string    `db:"opening,null"`
	Closing     string    `db:"closing"`
	PublishedBy string    `db:"published_by"`
	PublishedAt time.Time `db:"published_at"`
}

// Table names the table of wordings.
func (Words) Table() string { return "certificate_wording" }

func init() {
	store.Describe(Words{})
	store.Register("certificate_wording", store.Audited, "证明的固定用语，逐版保存")
}

// holder stands in an opening where the person is named.
const holder = "{存档人}"

// firstWords are the system's own (forms.md 11–13).
var firstWords = map[Kind]Words{
	Custody: {Closing: "本证明只说明档案存放情况，不对就业、收入、有无某项记录和个人表现作证明。"},
	History: {Opening: "经查阅" + holder + "人事档案，其经历记载如下：", Closing: "以上内容据档案材料记载，不对档案以外事项作证明。"},
	Kinship: {Closing: "以上内容据档案材料记载，关系按材料形成时的写法表述，不对档案以外事项作证明。"},
	Facts:   {Opening: "经查阅" + holder + "人事档案，下列事项记载如下：", Closing: "以上内容照档案材料原文列出，有不同记载的一并列出，不作认定，不对档案以外事项作证明。"},
}

func (w Words) opening(who string) string { return strings.ReplaceAll(w.Opening, holder, who) }

// wordsOf is the wording that holds for a kind.
func wordsOf(ctx context.Context, q store.Querier, kind Kind) (Words, error) {
	w, err := store.Get[Words](ctx, q, "WHERE kind=? ORDER BY wording DESC LIMIT 1", kind)
	if errors.Is(err, store.ErrNotFound) {
		w, err = firstWords[kind], nil
		w.Kind = kind
	}
	return w, err
}

// longestWords is how many characters one sentence may have: it must leave room for what is stated.
const longestWords = 200

var (
	braces  = regexp.MustCompile(`[{}]`)
	figures = regexp.MustCompile(`[0-9０-９]|〔|年|月`)
)

// check holds a wording to what it may do (29.7): it states nothing, and takes none of the
// reserve back.
func (w Words) check() error {
	var out []rule.Reason
	add := func(field, slug, message, next string) {
		out = append(out, rule.Reason{Rule: "29.7", Slug: "words_" + slug, Field: field, Message: message, Next: next})
	}
	first, ok := firstWords[w.Kind]
	if !ok {
		return rule.Mistake(rule.Reason{Rule: "23", Slug: "application_kind", Field: "kind", Message: "没有这种证明。", Next: "请从所列证明中选择。"})
	}
	for _, part := range []struct{ field, text string }{{"opening", w.Opening}, {"closing", w.Closing}} {
		if n := utf8.RuneCountInString(part.text); n > longestWords {
			add(part.field, "long", "用语过长，会挤占所证明的内容。", "请缩短到 200 字以内。")
		}
		if figures.MatchString(part.text) {
			add(part.field, "figures", "固定用语里不能有数字、日期、文号：这些都是要有出处的内容。", "请删去；所证明的内容由系统照档案记载写入。")
		}
	}
	if (first.Opening == "") != (w.Opening == "") || strings.Count(w.Opening, holder) != strings.Count(first.Opening, holder) || braces.MatchString(strings.ReplaceAll(w.Opening, holder, "")) {
		add("opening", "opening", "开头须与原有用语一样写明存档人，写作 "+holder+"；没有开头的证明不能加。", "请照原有用语改写。")
	}
	if braces.MatchString(w.Closing) || !strings.Contains(w.Closing, "档案") || !strings.Contains(w.Closing, "不对") || !strings.Contains(w.Closing, "作证明") {
		add("closing", "closing", "结尾须写明依据档案记载，并写明不对哪些事项作证明。", "请保留“……不对……作证明”的说法。")
	}
	if len(out) > 0 {
		return rule.Mistake(out...)
	}
	return nil
}

// Word publishes a new wording of a kind; it holds for what is issued from now on.
func (k *Desk) Word(ctx context.Context, by policy.Actor, kind Kind, opening, closing string) (w Words, err error) {
	_, err = k.gate.Do(ctx, gate.Act{Actor: by, Action: ActWord, Rules: rules}, func(tx *gate.Tx) error {
		if err := tx.Permit(policy.Resource{Type: "Template", ID: string(kind)}); err != nil {
			return err
		}
		w = Words{ID: gate.NewID(), Kind: kind, Opening: strings.TrimSpace(opening), Closing: strings.TrimSpace(closing), PublishedBy: by.ID, PublishedAt: tx.Now()}
		if err := w.check(); err != nil {
			return err
		}
		now, err := wordsOf(ctx, tx, kind)
		if err != nil {
			return err
		}
		if now.Opening == w.Opening && now.Closing == w.Closing {
			return rule.Refuse(rule.Reason{Rule: "29.7", Slug: "words_same", Field: "closing", Message: "内容与现行版本相同。", Next: "请修改后再发布。"})
		}
		w.Wording = now.Wording + 1
		tx.Note("kind", string(kind))
		tx.Note("wording", w.Wording)
		return tx.Insert(w)
	})
	return w, err
}

// Worded is a kind with the wording that holds and those before it.
type Worded struct {
	Now    Words
	Before []Words
}

// Wordings lists the kinds with their wordings; they are no secret within the administration.
func (k *Desk) Wordings(ctx context.Context) ([]Worded, error) {
	all, err := store.List[Words](ctx, k.gate.DB(), "ORDER BY kind, wording DESC LIMIT 500")
	if err != nil {
		return nil, err
	}
	out := make([]Worded, len(Kinds))
	for i, kind := range Kinds {
		first := firstWords[kind]
		first.Kind = kind
		out[i].Now = first
		for _, w := range all {
			switch {
			case w.Kind != kind:
			case out[i].Now.Wording == 0:
				out[i].Now = w
			default:
				out[i].Before = append(out[i].Before, w)
			}
		}
	}
	return out, nil
}

// MayWord says whether the actor can publish a wording.
func (k *Desk) MayWord(by policy.Actor) bool {
	p, ok := k.gate.Possible(by, ActWord, "发布", policy.Resource{Type: "Template"}, nil)
	return ok && p.Refusal == nil
}
