package prove

import (
	"time"

	"dangan/internal/rule"
	"dangan/internal/store"
)

// ActNames are this room's acts, and those of accounts and of the province, as time
// lines say them.
var ActNames = map[string]string{
	"ledger.look": "查看存证", "ledger.check": "委派全量核验", "ledger.cancel": "取消全量核验", "ledger.report": "登记核验结果", "ledger.prove": "出具存证凭证",
	"agency.found": "设立机构", "agency.change": "变更机构登记", "setting.change": "修改全市参数",
	"staff.list": "查看账户", "staff.create": "建立账户", "staff.update": "修改账户", "staff.grant": "授予岗位", "staff.end_post": "终止岗位", "staff.unlock": "解除锁定",
	"staff.reset_password": "重置口令", "staff.reset_totp": "重置动态码", "staff.clear": "核定知悉范围", "staff.suspend": "停用账户", "staff.leave": "离岗",
	"staff.sign_in": "登录", "staff.sign_out": "退出登录", "staff.sign_in_failed": "登录失败", "staff.change_password": "修改口令",
	"staff.enroll_totp": "启用动态码", "staff.declare_kin": "申报亲属", "staff.token": "签发接口令牌", "staff.revoke_token": "撤销接口令牌", "staff.step_up": "再次确认身份",
	"staff.use": "程序使用账户", "staff.suspend_unused": "停用长期未使用的账户",
}

// State of a check.
type State string

// The states: a check runs from the moment it is asked for.
const (
	Running   State = "running"
	Done      State = "done"
	Cancelled State = "cancelled"
	Failed    State = "failed" // could not be done; Trouble says why
)

// Check is one whole check.
type Check struct {
	ID        string    `db:"id"`
	Version   int64     `db:"version"`
	State     State     `db:"state"`
	StartedBy string    `db:"started_by"`
	StartedAt time.Time `db:"started_at"`
	EndedAt   time.Time `db:"ended_at,null"`
	Entries   int64     `db:"entries"`
	Published int64     `db:"published"`
	Rows      int64     `db:"row_count"`
	Files     int64     `db:"files"`
	Bytes     int64     `db:"bytes"`
	Signed    int64     `db:"signed"` // checkpoints whose signature and root were checked
	Found     int64     `db:"found"`  // differences
	Report    string    `db:"report,null"`
	Trouble   string    `db:"trouble,null"`
}

// Table names the table of checks.
func (Check) Table() string { return "ledger_check" }

// Progress is how far a check is; Owner is the process that does it.
type Progress struct {
	CheckID string    `db:"check_id"`
	Owner   string    `db:"owner"`
	BeatAt  time.Time `db:"beat_at"`
	Stage   string    `db:"stage"`
	Done    int64     `db:"done"`
	Total   int64     `db:"total"`
}

// Table names the table of progress.
func (Progress) Table() string { return "ledger_check_progress" }

func init() {
	store.Register("ledger_check", store.Audited, "全量核验：何人委派、何时、结果与报告")
	store.Register("ledger_check_progress", store.Transient, "核验进度，核验结果另有存证")
	store.Describe(Check{})
}

// cancel ends a running check.
func (c *Check) cancel(now time.Time) error {
	if c.State != Running {
		return rule.Refuse(rule.Reason{Rule: "29.1", Slug: "check_ended", Message: "这次核验已经结束，不能取消。", Next: "需要再核验的，请开始新的全量核验。"})
	}
	c.State, c.EndedAt = Cancelled, now
	return nil
}

// alreadyRunning is said to whoever starts a second one.
func alreadyRunning() error {
	return rule.Refuse(rule.Reason{Rule: "29.1", Slug: "check_running", Message: "已有一次全量核验正在进行。", Next: "请等它结束，或先取消它。"})
}
