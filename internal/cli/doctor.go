package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"dangan/internal/clock"
	"dangan/internal/crypto"
	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/message"
	"dangan/internal/server"
	"dangan/internal/store"
)

type doctorCmd struct {
	Where
	Listening
	Sending
	JSON bool `help:"输出 JSON"`
}

// finding is one thing that was looked at.
type finding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
	Next   string `json:"next,omitempty"` // what to do
}

// Run looks at everything the documented table of flags and environment speaks
// of, changes nothing, and says what to do about what is wrong.
func (c *doctorCmd) Run(e *env) error {
	var list []finding
	look := func(what string, err error, good, next string) bool {
		f := finding{What: what, OK: err == nil, Detail: good}
		if err != nil {
			f.Detail, f.Next = err.Error(), next
		}
		list = append(list, f)
		return f.OK
	}
	look("环境变量", unknownVariables(), "均为已知变量", "请对照手册“参数与环境变量”改正变量名")
	look("监听", server.Options{Listen: c.Listen, TLSCert: c.TLSCert, TLSKey: c.TLSKey, BehindProxy: c.BehindProxy}.Check(), c.Listen, "请按提示设置证书、代理或本机地址")
	for _, file := range []string{c.TLSCert, c.TLSKey} {
		if file != "" {
			_, err := os.ReadFile(file)
			look("证书文件 "+file, err, "可读", "请确认路径和权限")
		}
	}
	info, err := os.Stat(c.Data)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = fmt.Errorf("%s 其他用户可访问（%s）", c.Data, info.Mode().Perm())
	}
	if look("数据目录", err, c.Data, "请确认 --data，并执行 chmod 700") {
		look("磁盘空间", freeSpace(c.Data), "充足", "请扩容或清理磁盘；空间不足时系统会拒绝写入")
	}
	_, err = crypto.Open(filepath.Join(c.Data, instance.KeysFolder))
	if look("密钥", err, "密钥环可以打开", "请恢复密钥文件或设置 DANGAN_ROOT_KEY，见手册“密钥”") {
		c.database(e, look)
	}
	senders, err := c.senders()
	look("消息发送设置", err, fmt.Sprintf("接入 %d 种方式", len(senders)), "请对照手册“消息”改正 --sms-*、--smtp-* 参数")
	for _, way := range []string{message.SMS, message.Email} {
		if s := senders[way]; s != nil {
			look(message.WayName(way), s.Check(e.ctx), "可以连接", "请确认地址、密钥和网络；未送出的消息会保留并重试七天")
		}
	}
	look("时钟", clockDrift(), "时区与时间合理", "请校准服务器时间")
	failed := 0
	for _, f := range list {
		if !f.OK {
			failed++
		}
	}
	if c.JSON {
		if err := e.json(map[string]any{"ok": failed == 0, "findings": list}); err != nil {
			return err
		}
	} else {
		for _, f := range list {
			mark := "正常"
			if !f.OK {
				mark = "有误"
			}
			fmt.Fprintf(e.out, "%s  %s：%s\n", mark, f.What, f.Detail)
			if f.Next != "" {
				fmt.Fprintf(e.out, "      下一步：%s\n", f.Next)
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d 项需要处理", failed)
	}
	return nil
}

// database opens the data read-only and looks at its schema and published log.
func (c *doctorCmd) database(e *env, look func(what string, err error, good, next string) bool) {
	in, err := e.open(c.Where, true)
	if !look("数据库", err, "可以打开", "请确认 --database 地址、账户和服务是否运行；新建系统请运行 dangan init") {
		return
	}
	defer in.Close()
	_, err = in.DB.Schema(e.ctx)
	look("表结构", err, "每张表都有保护方式", "请用与数据相配的程序版本启动一次服务以升级")
	v, err := in.Keys.LogVerifier()
	if err == nil {
		var last ledger.Checkpoint
		if last, err = ledger.Latest(c.Data, v); err == nil && last.Size == 0 {
			err = fmt.Errorf("检查点为空")
		}
	}
	look("存证检查点", err, "签名有效", "启动服务后片刻即会公布；如曾恢复数据请运行 dangan verify")
	var waiting int64
	err = in.DB.QueryRow(e.ctx, "SELECT count(*) FROM river_job WHERE state='discarded'").Scan(&waiting)
	if err == nil && waiting > 0 {
		err = fmt.Errorf("%d 个后台任务多次失败后搁置", waiting)
	}
	look("后台任务", err, "没有搁置的任务", "请查看日志中 job failed 的原因")
	look("写入", writable(e.ctx, c.Where), "可以写入", "请检查目录权限、数据库账户权限和磁盘")
}

// writable asks for the writer's place and gives it back: nothing is written.
func writable(ctx context.Context, w Where) error {
	db, err := store.Open(ctx, store.Config{Dir: w.Data, URL: w.Database, ReadOnly: true})
	if err != nil {
		return err
	}
	defer db.Close()
	if w.Database != "" {
		return db.MayWrite(ctx)
	}
	f, err := os.CreateTemp(w.Data, ".doctor-")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	return f.Close()
}

// leastSpace is below which doctor warns.
const leastSpace = 2 << 30

func freeSpace(dir string) error {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return err
	}
	if free := s.Bavail * uint64(s.Bsize); free < leastSpace {
		return fmt.Errorf("只剩 %d MB", free>>20)
	}
	return nil
}

func clockDrift() error {
	now := clock.System{}.Now()
	if y := now.Year(); y < 2026 || y > 2100 {
		return fmt.Errorf("系统时间是 %s", now.Format(time.RFC3339))
	}
	return nil
}

// unknownVariables finds DANGAN_… variables that no flag reads: a typing error
// would otherwise be silence.
func unknownVariables() error {
	known := map[string]bool{crypto.EnvRootKey: true, crypto.EnvRootKeyFile: true}
	for _, name := range variables() {
		known[name] = true
	}
	var unknown []string
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "DANGAN_") && !strings.HasPrefix(name, "DANGAN_TEST_") && !known[name] {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return fmt.Errorf("不认识 %s", strings.Join(unknown, "、"))
	}
	return nil
}
