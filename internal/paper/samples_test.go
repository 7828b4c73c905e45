package paper

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"math/big"
	"testing"
	"time"
)

// All persons, numbers and agencies' papers here are synthetic (测试数据).

var (
	issued  = time.Date(2026, 11, 24, 9, 30, 0, 0, zone)
	agency  = "重庆市渝北区人才交流服务中心"
	foot    = "本件为电子件打印，真伪请扫码验证"
	rareMan = "王𬙊𠀀𫟷"
)

func certificate() *Document {
	d := New(Options{
		Title: "存档证明", Number: "渝北人才证〔2026〕123号", Issuer: agency, Created: issued,
		Hotline: "023-00000000", VerifyURL: "https://dangan.example/v/7K3M-9QXT", VerifyCode: "7K3M-9QXT", Notice: foot,
		Metadata: Metadata{Number: "渝北人才证〔2026〕123号", Kind: "证", Code: "7K3M-9QXT", Agency: "50011201", IssuedOn: "2026-11-24"},
	})
	d.Paragraph("兹证明" + rareMan + "（男，公民身份号码500***********1234）的人事档案自2019年7月1日起由我单位管理，截至出具日仍在我单位。")
	d.Paragraph("本证明据我单位保管记录出具，用途：办理职称评审。有效期至2027年2月24日。")
	d.Paragraph("特此证明。")
	d.Close(Closing{Issuer: agency, Date: issued, Seal: &Seal{Name: agency, Line: "档案业务专用章"}})
	return d
}

func history() *Document {
	d := New(Options{
		Title: "经历证明", Number: "渝北人才证〔2026〕124号", Issuer: agency, Created: issued,
		Hotline: "023-00000000", VerifyURL: "https://dangan.example/v/8K3M-9QXT", VerifyCode: "8K3M-9QXT", Notice: foot,
	})
	d.Addressee("重庆市职称改革办公室")
	d.Paragraph("经查阅" + rareMan + "同志人事档案，其经历记载如下：")
	d.Table(Table{
		Columns: []Column{{"起止时间", 22, AlignCenter}, {"学习或工作单位", 34, AlignStart}, {"职务（岗位）", 16, AlignCenter}, {"依据材料", 34, AlignStart}},
		Rows: [][]string{
			{"2011.09—2015.06", "西南大学（测试）计算机与信息科学学院", "学生", "4-1《高等学校毕业生登记表》（2015年6月）"},
			{"2015.07—2019.06", "重庆某某科技有限公司（测试）", "工程师", "9-1《劳动合同书》（2015年7月）；1-2《履历表》"},
			{"2019.07—至今", "灵活就业", "—", "9-3《存档协议》（2019年7月）"},
		},
	})
	d.Note("以上内容据档案材料记载，不对档案以外事项作证明。")
	d.Close(Closing{Issuer: agency, Date: issued, Seal: &Seal{Name: agency}, Left: []string{"制作人：李测试", "审核人：张测试"}})
	return d
}

func notice() *Document {
	const no = "渝北人才转〔2026〕88号"
	d := New(Options{
		Title: "流动人员人事档案转递通知单", Number: no, Issuer: agency, Created: issued, Form: true,
		Hotline: "023-00000000", VerifyURL: "https://dangan.example/v/9K3M-9QXT", VerifyCode: "9K3M-9QXT", Notice: foot,
	})
	main := []Field{
		{Label: "接收单位", Value: "重庆市万州区人才交流服务中心", Wide: true},
		{Label: "姓名", Value: rareMan}, {Label: "公民身份号码", Value: "500***********1234"},
		{Label: "依据（调档函编号）", Value: "万州人才调〔2026〕31号"}, {Label: "转递原因", Value: "工作单位存档"},
		{Label: "正本／副本", Value: "1卷／0卷"}, {Label: "材料份数／页数", Value: "36份／182页"},
		{Label: "转递方式", Value: "机要通信"}, {Label: "机要号", Value: "渝机（测试）0001"},
	}
	d.Part(Part{Label: "存根", Note: "由发出单位留存"})
	d.Fields(2, main[:5]...)
	d.Signatures("经办人", "审核人", "日期")
	d.Part(Part{Label: "通知单", Note: "随档案转递"})
	d.Fields(2, main...)
	d.Close(Closing{Issuer: agency, Date: issued, Seal: &Seal{Name: agency, Line: "转档专用章"}, Left: []string{"经办人：李测试", "审核人：张测试"}})
	d.Part(Part{Label: "回执", Note: "由接收单位填写后退回", Title: "流动人员人事档案转递通知单回执"})
	d.Fields(2,
		Field{Label: "姓名", Value: rareMan}, Field{Label: "收到日期", Value: "　　年　　月　　日"},
		Field{Label: "包封、封条", Value: Choose([]string{"完好", "有损"})}, Field{Label: "与目录核对", Value: Choose([]string{"相符", "不符"}, "相符")},
		Field{Label: "处理", Value: Choose([]string{"接收", "告知承诺后接收", "先存后补接收", "协商退回"}, "接收"), Wide: true},
		Field{Label: "不符情况", Value: "", Wide: true})
	d.Close(Closing{Issuer: "接收单位（盖章）：", Left: []string{"收件人：", "核对人："}})
	return d
}

func packing() *Document {
	const no = "渝北人才转〔2026〕88号-M"
	d := New(Options{Title: "流动人员人事档案材料目录清单", Number: no, Issuer: agency, Created: issued, Form: true, Hotline: "023-00000000",
		VerifyURL: "https://dangan.example/v/9K3M-9QXT", VerifyCode: "9K3M-9QXT", Notice: foot})
	d.Fields(3, Field{Label: "姓名", Value: rareMan}, Field{Label: "公民身份号码", Value: "500***********1234"}, Field{Label: "档案编号", Value: "50011201-000123"})
	t := Table{
		Columns: []Column{{"序号", 8, AlignCenter}, {"类号", 10, AlignCenter}, {"材料名称", 52, AlignStart}, {"形成时间", 24, AlignCenter}, {"份数", 8, AlignCenter}, {"页数", 8, AlignCenter}, {"核对", 10, AlignCenter}, {"备注", 16, AlignStart}},
		Total:   []string{"", "", "合计", "", "60", "182", "", ""},
	}
	for class := 1; class <= 10; class++ {
		t.Rows = append(t.Rows, []string{fmt.Sprintf("第%s类", Numeral(class))})
		for i := 1; i <= 6; i++ {
			name := "干部履历表（测试）"
			if i == 3 {
				name = "关于某某同志在“庆祝活动”中受到表彰奖励的决定及审批材料（复制件，已核对并盖章，测试数据）"
			}
			t.Rows = append(t.Rows, []string{fmt.Sprint((class-1)*6 + i), fmt.Sprintf("%d-%d", class, i), name, "2015年7月1日", "1", "3", "√", ""})
		}
	}
	d.Table(t)
	d.Close(Closing{Issuer: agency, Date: issued, Seal: &Seal{Name: agency}, Left: []string{"整理人：李测试", "审核人：张测试"}})
	return d
}

type signerAndTrust struct {
	signing Signing
	trust   []*x509.Certificate
}

func newSigner(t testing.TB) signerAndTrust {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c, err := SelfSigned(key, agency, big.NewInt(1), issued.AddDate(-1, 0, 0), issued.AddDate(4, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return signerAndTrust{Signing{Signer: key, Chain: []*x509.Certificate{c}, At: issued, Name: agency, Reason: "签发存档证明"}, []*x509.Certificate{c}}
}
