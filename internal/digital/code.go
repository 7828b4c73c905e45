package digital

import "dangan/internal/scan"

// ActNames are this room's acts as time lines say them.
var ActNames = map[string]string{
	"digital.receive": "接收数字化成果", "digital.upload": "上传数字化成果", "digital.cancel": "取消接收", "digital.ingest": "影像入库", "digital.quarantine": "成果隔离",
	"digital.finish": "接收完毕", "digital.open": "打开目录与影像", "digital.report": "下载问题清单", "digital.sample": "抽样", "digital.verdict": "抽查结论",
	"digital.accept": "验收通过", "digital.reject": "退回成果", "page.view": "查看影像",
}

// Code names what is wrong, or worth a look, in a folder of a delivery.
type Code string

// Problems: the folder is quarantined.
const (
	OwnerUnknown      Code = "owner-unknown"
	OwnerNameMismatch Code = "owner-name-mismatch"
	HashMismatch      Code = "hash-mismatch"
	HashMissing       Code = "hash-missing"
	CatalogMissing    Code = "catalog-missing"
	CatalogUnreadable Code = "catalog-unreadable"
	MaterialMissing   Code = "material-missing"
	MaterialExtra     Code = "material-extra"
	PageMissing       Code = "page-missing"
	PageExtra         Code = "page-extra"
	PageConflict      Code = "page-conflict"
	ClassUnknown      Code = "class-unknown"
	ImageCorrupt           = Code(scan.Corrupt)
	ImageEmpty             = Code(scan.Empty)
	ResolutionLow          = Code(scan.Low)
	FormatMismatch         = Code(scan.Mismatch)
	FormatNotAllowed       = Code(scan.NotAllowed)
	TrailingData           = Code(scan.Trailing)
	ImageBomb              = Code(scan.Bomb)
	Link              Code = "link"
	NameUnsafe        Code = "name-unsafe"
	SecretMark        Code = "secret-mark" // 15: beyond the contractor's list, since nothing of it may be kept
)

// Recusal says that the folder's own scanner must keep away from this dossier (10b), or
// may not know of it (15).
const Recusal Code = "recusal"

// Warnings: the folder is taken in.
const (
	BlankPage      Code = "blank-page"
	DuplicateImage Code = "duplicate-image"
	IgnoredFile    Code = "ignored-file"
)

// Properties of the four checks (四性检测).
const (
	Authenticity = "真实性"
	Integrity    = "完整性"
	Usability    = "可用性"
	Security     = "安全性"
)

type meaning struct{ property, label, next string }

var meanings = map[Code]meaning{
	OwnerUnknown:      {Authenticity, "本机构没有该身份证号的档案", "核对文件夹名中的身份证号；确属本机构的，先登记档案"},
	OwnerNameMismatch: {Authenticity, "姓名与档案登记不一致", "核对文件夹名与档案封面的姓名"},
	HashMismatch:      {Authenticity, "文件与 SHA256SUMS 记录不一致", "重新拷贝该文件，或重新生成 SHA256SUMS"},
	HashMissing:       {Authenticity, "文件没有列入 SHA256SUMS", "核对该文件是否应交付，重新生成 SHA256SUMS"},
	CatalogMissing:    {Integrity, "缺少 目录.xlsx", "补交目录"},
	CatalogUnreadable: {Integrity, "目录无法读取或内容不合要求", "按“类号 序号 材料名称 年 月 日 页数 备注”重做目录"},
	MaterialMissing:   {Integrity, "目录中有，没有影像", "补扫该份材料，或更正目录"},
	MaterialExtra:     {Integrity, "有影像，目录中没有对应材料", "在目录中补列，或移走不属于本卷的影像"},
	PageMissing:       {Integrity, "缺页", "补扫缺页，或更正目录页数"},
	PageExtra:         {Integrity, "多出的页或命名不合要求", "核对页号与目录页数"},
	PageConflict:      {Integrity, "该页已在库，内容不同", "已接收的影像不覆盖；确需更正的，按更正流程申请"},
	ClassUnknown:      {Integrity, "类号不在十类之内", "按十大类更正文件夹名或目录类号"},
	ImageCorrupt:      {Usability, "图像损坏，不能完整解码", "重新扫描或重新拷贝"},
	ImageEmpty:        {Usability, "文件为空", "重新扫描或重新拷贝"},
	ResolutionLow:     {Usability, "分辨率低于 300 dpi", "按 300 dpi 以上重新扫描"},
	FormatMismatch:    {Usability, "内容与扩展名不符", "按 JPEG 或 TIFF 重新导出"},
	FormatNotAllowed:  {Usability, "不是规定的图像格式", "只交付 JPEG 或 TIFF，单页单文件"},
	TrailingData:      {Security, "图像结束后还有数据", "由扫描软件重新导出该页"},
	ImageBomb:         {Security, "图像尺寸异常", "核对该文件来源，重新扫描"},
	Link:              {Security, "是链接或特殊文件", "交付真实文件，不要使用链接"},
	NameUnsafe:        {Security, "文件名不安全", "按规定重新命名"},
	SecretMark:        {Security, "带有国家秘密标志，影像与题名均不接收", "按涉密件（纸质）处理；立即联系保密负责人，清退已扫描的影像"},
	Recusal:           {Security, "接收人应当回避或超出知悉范围", "由本机构另一名数字化人员接收"},
	BlankPage:         {Usability, "空白页", "由验收人员查看"},
	DuplicateImage:    {Authenticity, "与本卷另一页完全相同", "由验收人员查看"},
	IgnoredFile:       {Integrity, "系统文件，未接收", ""},
}

// Label is the code as screens and the contractor's workbook say it.
func (c Code) Label() string { return meanings[c].label }

// Property is which of the four checks the code belongs to.
func (c Code) Property() string { return meanings[c].property }

// Next says what the contractor should do.
func (c Code) Next() string { return meanings[c].next }

// Finding is one problem or warning: Path is relative to the delivery, a file or
// the item, class or folder it is about.
type Finding struct {
	Path string `json:"path"`
	Code Code   `json:"code"`
}
