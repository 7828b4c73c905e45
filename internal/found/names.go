package found

import "dangan/internal/dossier"

func init() {
	dossier.NameActs(map[string]string{
		ActRegister: "登记个人手中档案", ActSeal: "二人封存", ActAsk: "发函核实", ActRemind: "催复核实函", ActAnswer: "登记核实答复", ActReceive: "核实后转接收", ActJoin: "并入在档", ActPicture: "上传照片、签名", ActRead: "查看个人手中档案",
	})
}
