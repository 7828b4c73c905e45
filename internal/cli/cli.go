package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"dangan/internal/gate"
	"dangan/internal/instance"
	"dangan/internal/policy"
	"dangan/internal/rule"
	"dangan/internal/staff"
	"dangan/internal/store"

	"github.com/alecthomas/kong"
)

// Exit statuses.
const (
	exitDone = iota
	exitFailure
	exitUsage
	exitRefused
	exitDifferences
)

// errDifferences says that a verification found something.
var errDifferences = errors.New("differences found")

// Where are the flags every command takes.
type Where struct {
	Data     string `help:"数据目录（密钥、影像、存证日志；未用 --database 时也含数据库）" default:"./dangan-data" env:"DANGAN_DATA" placeholder:"DIR"`
	Database string `help:"PostgreSQL 地址 postgres://…；不填用数据目录中的 SQLite" env:"DANGAN_DATABASE" placeholder:"URL"`
}

// As names the account a command acts with: its posts and nothing more.
type As struct {
	As string `help:"以哪个账户的岗位办理（存证注明来自控制台）" required:"" placeholder:"USER" env:"DANGAN_AS"`
}

type commands struct {
	LogLevel string `help:"日志级别：debug、info、warn、error" enum:"debug,info,warn,error" default:"info" env:"DANGAN_LOG_LEVEL"`

	Init     initCmd     `cmd:"" help:"建立系统：生成密钥，建立省级主管部门、中心和三名管理员"`
	Demo     demoCmd     `cmd:"" help:"建立并运行重庆演示数据"`
	Serve    serveCmd    `cmd:"" help:"运行服务"`
	Import   importCmd   `cmd:"" help:"导入"`
	Ingest   ingestCmd   `cmd:"" help:"接收数字化成果（扫描影像）"`
	Backup   backupCmd   `cmd:"" help:"备份（服务运行中即可），完成后核对"`
	Restore  restoreCmd  `cmd:"" help:"把备份恢复到空的数据目录"`
	Key      keyCmd      `cmd:"" help:"密钥：导出、恢复、轮换、公开核验密钥"`
	Token    tokenCmd    `cmd:"" help:"接口令牌"`
	Doctor   doctorCmd   `cmd:"" help:"检查参数、密钥、数据库、磁盘和时钟"`
	Agency   agencyCmd   `cmd:"" help:"机构管理：列出、设立或授权、更名、合并、撤销"`
	Double   doubleCmd   `cmd:"" help:"可能重复的档案：列出待核实的，和认定过的"`
	Verify   verifyCmd   `cmd:"" help:"全量核验存证、业务记录、影像与文书"`
	Prove    proveCmd    `cmd:"" help:"出具一次办理的存证凭证（JSON），可离线核验"`
	Schema   schemaCmd   `cmd:"" help:"列出每张表及其保护方式"`
	Classify classifyCmd `cmd:"" help:"按题名建议材料类别，由人决定；不需要数据目录"`
	Openapi  openapiCmd  `cmd:"" help:"输出接口说明（OpenAPI 3.1）"`
}

// env is what a command runs with.
type env struct {
	ctx     context.Context
	version string
	out     io.Writer
	err     io.Writer
	log     *slog.Logger
}

// Main runs one command and returns its exit status.
func Main(version string, args []string, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	exited := -1
	parser, err := newParser(&c, kong.Writers(out, errOut), kong.Exit(func(code int) { exited = code }))
	if err != nil {
		fmt.Fprintln(errOut, err)
		return exitFailure
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintln(errOut, "用法有误：", err)
		fmt.Fprintln(errOut, "请用 dangan --help 查看用法。")
		return exitUsage
	}
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel))
	e := &env{ctx: ctx, version: version, out: out, err: errOut, log: slog.New(slog.NewJSONHandler(errOut, &slog.HandlerOptions{Level: level}))}
	return e.status(parsed.Run(e))
}

func newParser(c *commands, options ...kong.Option) (*kong.Kong, error) {
	return kong.New(c, append(options, kong.Name("dangan"), kong.Description("流动人员人事档案管理服务信息系统"), kong.UsageOnError())...)
}

// variables lists every environment variable that some flag reads.
func variables() []string {
	parser, err := newParser(&commands{})
	if err != nil {
		return nil
	}
	var out []string
	_ = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			out = append(out, f.Envs...)
		}
		return next(nil)
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// status turns a command's error into an exit status and a Chinese sentence.
func (e *env) status(err error) int {
	var refusal *rule.Refusal
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errDifferences):
		return exitDifferences
	case errors.As(err, &refusal):
		for _, r := range refusal.Reasons {
			fmt.Fprintln(e.err, rule.Console(refusal.Kind, r))
		}
		if refusal.Kind == rule.Invalid {
			return exitUsage
		}
		return exitRefused
	case errors.Is(err, gate.ErrHidden):
		fmt.Fprintln(e.err, "不予办理：所指机构或档案不在该账户的业务范围内。（规则 29.3）")
		return exitRefused
	}
	fmt.Fprintln(e.err, "没有办成：", err)
	return exitFailure
}

// open opens the province for a command.
func (e *env) open(w Where, readOnly bool) (*instance.Instance, error) {
	return instance.Open(e.ctx, instance.Config{Data: w.Data, Database: w.Database, ReadOnly: readOnly, Version: e.version, Log: e.log})
}

// openAs opens the province and finds the actor of --as; acts done with it are noted
// as coming from the console. Close the instance.
func (e *env) openAs(w Where, as As, readOnly bool) (*instance.Instance, policy.Actor, error) {
	in, err := e.open(w, readOnly)
	if err != nil {
		return nil, policy.Actor{}, err
	}
	e.ctx = gate.WithRequest(e.ctx, gate.Request{Via: "console"})
	m, err := staff.Named(e.ctx, in.DB, as.As)
	if errors.Is(err, store.ErrNotFound) {
		err = fmt.Errorf("没有账户 %s", as.As)
	}
	if err == nil && !readOnly && m.State == staff.Active {
		err = in.Staff.Used(e.ctx, m)
	}
	var actor policy.Actor
	if err == nil {
		actor, err = in.Staff.ActorOf(e.ctx, m)
	}
	if err != nil {
		return nil, actor, errors.Join(err, in.Close())
	}
	return in, actor, nil
}

// json prints the one document of a --json command.
func (e *env) json(v any) error {
	enc := json.NewEncoder(e.out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	return enc.Encode(v)
}
