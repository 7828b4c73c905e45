package demo

import (
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

// Family names as frequent as in the region; the first ones stand for more people.
var surnames = strings.Fields(`李 王 张 刘 陈 杨 周 黄 赵 吴 徐 罗 何 唐 冉 胡 朱 郑 谢 曾 邓 彭 向 蒋 田 秦 谭 冯 程 蔡 潘 袁 董 余 叶 魏 夏 龚 石 熊 廖 姚 钟 雷 龙 段 侯 文 牟 易 汪 左 游 况 蒲 简 欧阳 傅 游 庞 聂 骆 代 戴 舒 幸 艾 谈 敖 晏 邬 佘`)

var givenMale = strings.Fields(`伟 强 磊 军 勇 杰 涛 斌 鹏 辉 建国 志强 国庆 晓东 海波 俊杰 子轩 浩然 宇航 明远 承宇 仲麟 文博 家豪 建华 永红 世明 中山 渝生 江川 嘉陵 云飞 正阳 思源 一鸣 泽宇 天佑 启明 树林 光荣 德清 开泰 小龙 大勇 朝阳 立新 援朝 卫东 治国 兴华`)

var givenFemale = strings.Fields(`芳 娜 敏 静 丽 艳 娟 霞 燕 玲 秀英 桂兰 淑华 晓梅 雪梅 海燕 红梅 丹丹 婷婷 雨欣 诗涵 思琪 梦瑶 佳怡 欣怡 若曦 漱石 宛白 令闻 清和 靖霞 云佑 妍敏 诗宇 芷若 语桐 春兰 小琴 素芬 国蓉 渝芳 江燕 碧莲 晓渝 明月 如意 书香 念慈 以宁 文静`)

// Parts of names with characters that keyboards and fonts know worst: in the
// State Council's table of characters, beyond U+FFFF or rare.
var rare = []string{"𬀩", "𬍛", "𬴊", "𫖯", "𫟼", "𫄸", "珺", "喆", "昇", "堃", "淼", "犇"}

// Names of minorities with the dot between their parts.
var dotted = []struct{ name, ethnic string }{
	{"阿依古丽·买买提", "维吾尔族"}, {"艾力·吐尔逊", "维吾尔族"}, {"扎西·多吉", "藏族"}, {"卓玛·央金", "藏族"}, {"吉克·阿牛", "彝族"}, {"沙马·拉且", "彝族"},
	{"古丽米热·阿卜杜拉", "维吾尔族"}, {"买买提江·艾山", "维吾尔族"}, {"巴特尔·苏和", "蒙古族"}, {"努尔兰·哈布力", "哈萨克族"},
}

func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// early prefers the first of a list.
func early[T any](r *rand.Rand, list []T) T {
	return list[min(r.IntN(len(list)), r.IntN(len(list)))]
}

// name makes a Han name; one in a hundred has a rare character.
func name(r *rand.Rand, male bool) string {
	given := givenFemale
	if male {
		given = givenMale
	}
	n := early(r, surnames) + pick(r, given)
	if r.IntN(100) == 0 {
		n = early(r, surnames) + pick(r, rare)
	}
	return n
}

// staffName is the name of an account's holder: the same for a seed.
func staffName(seed int64, username string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(username))
	r := rand.New(rand.NewPCG(uint64(seed), h.Sum64()))
	return name(r, r.IntN(2) == 0)
}
