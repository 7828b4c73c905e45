package standing

// ActNames are this room's acts as time lines say them.
var ActNames = map[string]string{
	"standing.apply":  "申请变更、并档",
	"standing.decide": "审批变更、并档",
	"standing.refuse": "不批准变更申请",
	"standing.list":   "查看变更与并档",
}
