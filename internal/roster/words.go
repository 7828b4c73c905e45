package roster

import "dangan/internal/region"

// Problem says what is wrong, Remedy how to put it right; numbers of persons are not quoted.
func (f Finding) Problem() string {
	quoted := "“" + f.Value + "”"
	switch f.Code {
	case NameMissing:
		return "没有填写"
	case IDMissing:
		return "没有填写"
	case IDFormat:
		return "格式不对：" + f.Detail
	case IDChecksum:
		if f.Detail == "" {
			return "校验码不符"
		}
		return "校验码不符：末位应为 " + f.Detail
	case IDDate:
		return "其中的出生日期 " + f.Detail + " 不存在或不合理"
	case IDPrecisionLost:
		return "数字格式，Excel 只保留 15 位，末位不可信"
	case IDNameConflict:
		if f.Detail == "" {
			return "与系统已登记的同一号码姓名不同"
		}
		return f.Detail + "号码相同、姓名不同，这些行都需改正"
	case DuplicateInFile:
		return f.Detail + "号码、姓名都相同，重复"
	case HeldElsewhere:
		return keeper(f.Detail) + "已保管此人档案（" + f.Detail + "）"
	case LikelyDouble:
		if f.Detail == "" {
			return "全市在管档案中有姓名、出生日期都相同而号码不同的人"
		}
		return f.Detail + "姓名、出生日期都相同，号码不同"
	case BirthMismatch:
		if f.Detail == "" {
			return quoted + "读不出日期"
		}
		return "填写" + quoted + "，身份证号为 " + f.Detail
	case SexMismatch:
		if f.Detail == "" {
			return quoted + "读不出性别"
		}
		return "填写" + quoted + "，身份证号顺序码为" + f.Detail
	case CategoryUnknown:
		if f.Value == "" {
			return "没有填写"
		}
		return quoted + "不是七类之一"
	case ReceivedInvalid:
		return quoted + "读不出日期"
	case ReceivedFuture:
		return quoted + "晚于今天"
	case ReceivedEarly:
		return quoted + "早于出生日期 " + f.Detail
	case CreditChecksum:
		if f.Detail != "" {
			return "数字格式，Excel 只保留 15 位，末位不可信"
		}
		return quoted + "不是正确的统一社会信用代码（位数、字符或校验码不符）"
	}
	return f.notice(quoted)
}

// notice is the sentence of a warning.
func (f Finding) notice(quoted string) string {
	switch f.Code {
	case ID15:
		return "15 位旧号，已补为 18 位"
	case NameNormalized:
		return "已去掉名字中的空格"
	case PhoneFormat:
		return quoted + "不像电话号码，照原样保存"
	case JurisdictionMismatch:
		return "户籍、单位均不在" + f.Detail + "服务范围，仍可导入并列入清单"
	default: // NumberRepeated
		return quoted + "有多人使用，仍可导入，请核对"
	}
}

// Remedy says how to put it right; "" for what needs nothing.
func (f Finding) Remedy() string { return remedies[f.Code] }

var remedies = map[Code]string{
	NameMissing:     "按证件填写姓名",
	IDMissing:       "按证件填写 18 位身份证号",
	IDFormat:        "改为文本格式，从证件重新录入 18 位号码",
	IDChecksum:      "从证件重新录入",
	IDDate:          "核对证件，改正号码中的出生年月日",
	IDPrecisionLost: "改为文本格式，从证件重新录入",
	IDNameConflict:  "核对证件后改正号码或姓名",
	DuplicateInFile: "删去重复的行，保留一行",
	HeldElsewhere:   "请通过转递办理，勿重复建档",
	LikelyDouble:    "对照证件核实：是两个人的，先认定不是同一人再导入；查不清的登记为身份待核",
	BirthMismatch:   "核对证件后改正出生日期或号码，日期写成 1990-03-07",
	SexMismatch:     "核对证件后改正性别或号码",
	CategoryUnknown: "选 4.1—4.7 中的一类",
	ReceivedInvalid: "写成 2019-03-05 这样的日期",
	ReceivedFuture:  "填写实际收档日期",
	ReceivedEarly:   "核对收档记录后填写实际收档日期",
	CreditChecksum:  "从营业执照重新录入 18 位代码，没有可留空",
	PhoneFormat:     "有空时核对电话",
	NumberRepeated:  "核对卷面编号",
}

// Basis is the clause a finding rests on, or 数据校验.
func (f Finding) Basis() string {
	switch f.Code {
	case IDNameConflict, DuplicateInFile, HeldElsewhere, LikelyDouble:
		return "第二条"
	case CategoryUnknown:
		return "第四条"
	case JurisdictionMismatch:
		return "第七条"
	}
	return "数据校验"
}

// Column is the label beside the sentence.
func (f Finding) Column() string {
	switch f.Code {
	case HeldElsewhere:
		return "档案"
	case JurisdictionMismatch:
		return "户籍、单位"
	}
	return f.Field.Label()
}

// keeper names the place of an agency by its code's first six digits.
func keeper(agency string) string {
	if len(agency) >= 6 && region.Known(agency[:6]) {
		return region.Name(agency[:6])
	}
	return "其他机构"
}

var labels = map[Code]string{
	NameMissing: "姓名没有填写", IDMissing: "身份证号没有填写", IDFormat: "身份证号格式不对", IDChecksum: "身份证号校验码不符", IDDate: "身份证号中的出生日期有误",
	IDPrecisionLost: "身份证号为数字格式，末位不可信", IDNameConflict: "同一身份证号姓名不同", DuplicateInFile: "文件内重复", HeldElsewhere: "其他机构已保管此人档案", LikelyDouble: "可能与在管档案是同一人", HeldHere: "本机构已保管此人档案",
	BirthMismatch: "出生日期与身份证号不符", SexMismatch: "性别与身份证号不符", CategoryUnknown: "人员类别不是七类之一", ReceivedInvalid: "接收日期读不出",
	ReceivedFuture: "接收日期晚于今天", ReceivedEarly: "接收日期早于出生日期", CreditChecksum: "统一社会信用代码有误",
	ID15: "15 位旧号已补为 18 位", NameNormalized: "已去掉名字中的空格", PhoneFormat: "电话照原样保存", JurisdictionMismatch: "户籍、单位均不在服务范围", NumberRepeated: "档案编号有多人使用",
}

// Label is a code in a few words.
func (c Code) Label() string { return labels[c] }
