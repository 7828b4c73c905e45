package sheet

// Code names why a workbook can't be read.
type Code string

// Reasons a workbook is refused as a whole.
const (
	Empty     Code = "empty"
	Encrypted Code = "encrypted"
	Macro     Code = "macro"
	Bomb      Code = "bomb"
	CellLong  Code = "cell-too-long"
	RowJump   Code = "row-jump"
	TooMany   Code = "too-many-rows"
	Entity    Code = "entity"
	Cut       Code = "cut"
	RowsLost  Code = "rows-lost"
	Damaged   Code = "damaged"
	OldExcel  Code = "renamed-xls"
	Binary    Code = "renamed-xlsb"
	OpenDoc   Code = "renamed-ods"
	PDF       Code = "renamed-pdf"
	HTML      Code = "renamed-html"
	CSV       Code = "renamed-csv"
	XML2003   Code = "renamed-xml"
	Image     Code = "renamed-image"
	Archive   Code = "renamed-archive"
	Other     Code = "not-workbook"
	NoSheet   Code = "no-sheet"
)

// Error says in Chinese what is wrong with a workbook and how to go on; it is
// meant for the person who chose the file.
type Error struct {
	Code    Code
	Message string
	Next    string
	cause   error
}

// Error is the sentence and the way on.
func (e *Error) Error() string { return e.Message + "。" + e.Next }

// Unwrap is what the reader stumbled over, for operators; nil when it found the flaw itself.
func (e *Error) Unwrap() error { return e.cause }

const saveAs = "请用 Excel 或 WPS 打开原文件，另存为“Excel 工作簿（*.xlsx）”后再上传"

var sentences = map[Code][2]string{
	Empty:     {"文件是空的", "请重新导出花名册后再上传"},
	Encrypted: {"工作簿设了打开密码，无法读取", "请在 Excel 或 WPS 中取消密码，另存后再上传"},
	Macro:     {"工作簿带有宏程序，为安全起见不接收", "请另存为不含宏的“Excel 工作簿（*.xlsx）”后再上传"},
	Bomb:      {"工作簿解压后的内容大得不合常理，已停止读取", "请把需要的行复制到新建工作簿后再上传；仍不行请联系系统管理员"},
	CellLong:  {"有单元格超过 32767 个字符，已停止读取", "请删去过长的内容后再上传"},
	RowJump:   {"行号跳跃过大，中间有大段空行，已停止读取", "请删去表格末尾多余的行，或把数据复制到新建工作簿后再上传"},
	TooMany:   {"工作表的行列超出了 Excel 的范围，已停止读取", "请分成几个文件上传"},
	Entity:    {"工作簿里含有不允许的实体声明，已停止读取", saveAs},
	Cut:       {"工作簿不完整，后面的内容缺失", "请重新复制或下载原文件后再上传，已读到的行没有导入"},
	RowsLost:  {"工作表标明的行数比实际读到的多，可能缺行", "请用 Excel 或 WPS 打开核对行数，另存后再上传"},
	Damaged:   {"工作簿内容已损坏，无法读取", saveAs},
	OldExcel:  {"这是旧版 Excel（*.xls）文件，只是改了扩展名", saveAs},
	Binary:    {"这是二进制工作簿（*.xlsb），暂不支持", saveAs},
	OpenDoc:   {"这是 OpenDocument 表格（*.ods），只是改了扩展名", saveAs},
	PDF:       {"这是 PDF 文件，只是改了扩展名", "请向提供单位索取 Excel 工作簿"},
	HTML:      {"这是网页（HTML）文件，只是改了扩展名", saveAs},
	CSV:       {"这是文本（CSV）文件，只是改了扩展名", "请用 Excel 导入文本，身份证号列选“文本”格式，另存为“Excel 工作簿（*.xlsx）”后再上传"},
	XML2003:   {"这是 XML 表格文件，只是改了扩展名", saveAs},
	Image:     {"这是图片文件，只是改了扩展名", "请向提供单位索取 Excel 工作簿"},
	Archive:   {"这是压缩包或其他文档，不是工作簿", "请解压后上传其中的“Excel 工作簿（*.xlsx）”"},
	Other:     {"这个文件不是 Excel 工作簿", saveAs},
	NoSheet:   {"工作簿里没有可读的工作表", "请确认花名册所在的工作表没有被删除"},
}

func refuse(code Code, cause error) *Error {
	s := sentences[code]
	return &Error{Code: code, Message: s[0], Next: s[1], cause: cause}
}
