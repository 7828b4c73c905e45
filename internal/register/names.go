package register

// ActNames are this room's acts as time lines say them.
var ActNames = map[string]string{"register.export": "导出台账", "register.print": "打印台账"}
