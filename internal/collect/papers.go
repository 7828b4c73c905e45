package collect

import (
	"strconv"

	"dangan/internal/agency"
	"dangan/internal/calendar"
	"dangan/internal/codes"
	"dangan/internal/document"
	"dangan/internal/dossier"
	"dangan/internal/gate"
	"dangan/internal/identity"
	"dangan/internal/paper"
	"dangan/internal/person"
)

// issue is the 材料收集通知单: the notice, and the slip that comes back with the materials.
func (k *Desk) issue(tx *gate.Tx, r Request, d dossier.Dossier, who person.Person, o Order) (document.Document, error) {
	own, err := agency.Get(tx.Context(), tx, r.Agency)
	if err != nil {
		return document.Document{}, err
	}
	list := paper.Table{Columns: []paper.Column{{Title: "序号", Width: 6, Align: paper.AlignCenter}, {Title: "材料名称", Width: 50}, {Title: "类别", Width: 24}, {Title: "交来日期", Width: 20}}}
	for i, t := range o.Titles {
		class, _ := codes.FindClass(codes.ClassOf(t))
		list.Rows = append(list.Rows, []string{strconv.Itoa(i + 1), t, class.Short, ""})
	}
	fields := []paper.Field{{Label: "登记号", Value: r.No}, {Label: "存档人姓名", Value: who.Name}, {Label: "公民身份号码", Value: identity.Mask(who.IDNo)}, {Label: "档案编号", Value: d.No}, {Label: "交来期限", Value: calendar.Date(r.DueOn).Long()}}
	if e, known := FindEvent(r.Event); known {
		fields = append(fields, paper.Field{Label: "事项、日期", Value: e.Name + "，" + calendar.Date(r.FormedOn).Long()})
	}
	if o.Maker != "" && r.Target != Unit {
		fields = append(fields, paper.Field{Label: "材料形成单位", Value: o.Maker})
	}
	return k.press.Issue(tx, document.Draft{Kind: document.CollectNotice, Agency: own, CaseRef: r.Ref(), DossierID: d.ID, Addressee: r.Addressee, IDTail: identity.LastFour(who.IDNo), Form: true, Notice: document.Foot,
		Write: func(out *paper.Document, i document.Issue) {
			out.Part(paper.Part{Label: "通知", Note: "交" + r.Target.Name()})
			out.Addressee(r.Addressee)
			out.Fields(2, fields...)
			out.Paragraph("按照《流动人员人事档案管理服务规定》第十四条，流动人员人事档案材料由材料形成单位和本人自材料形成之日起一个月内，真实、准确、规范地送交档案管理服务机构。请于" + calendar.Date(r.DueOn).Long() + "前交来下列材料；没有形成其中某一材料的，请书面说明。")
			out.Table(list)
			if r.Target == Person {
				out.Note("本人交来的材料由我机构向形成单位核实，不需要您往返证明。")
			}
			out.Note("送交、核实和归档均免费办理。")
			out.Close(paper.Closing{Issuer: own.Name, Date: i.At, Seal: i.Seal, Left: []string{"经办人：" + tx.Actor().Name, "联系电话：" + own.Phone}})
			out.Part(paper.Part{Label: "回单", Note: "随材料交回"})
			out.Fields(2, paper.Field{Label: "登记号", Value: r.No}, paper.Field{Label: "交来份数", Value: ""}, paper.Field{Label: "未形成的材料及说明", Value: "", Wide: true})
			out.Signatures("交来人（单位盖章）", "接收人", "日期")
		}})
}
