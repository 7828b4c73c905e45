package cli

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"os"
	"strings"

	"dangan/internal/calendar"
	"dangan/internal/clock"
	"dangan/internal/demo"
	"dangan/internal/founding"
	"dangan/internal/instance"
	"dangan/internal/staff"
)

type demoCmd struct {
	Where
	People   int    `help:"合成人员数；0 只建机构和工作人员" default:"2000" placeholder:"N"`
	Seed     int64  `help:"随机种子：同一种子、程序和起始日得到同样的人员、编号和业务" default:"1" placeholder:"N"`
	Password string `help:"所有演示账户的口令；不填则生成并显示" placeholder:"P"`
	Listening
	Sending
	Outside
	BuildOnly bool `help:"只建数据，不启动服务"`
}

// Run builds the sample province, or goes on with it, and serves it.
func (c *demoCmd) Run(e *env) error {
	senders, err := c.senders()
	if err != nil {
		return err
	}
	providers, err := c.providers()
	if err != nil {
		return err
	}
	cfg := c.configure(instance.Config{Data: c.Data, Database: c.Database, Demo: true, Version: e.version, Log: e.log, Senders: senders, Providers: providers})
	password := ""
	done, err := c.known(e)
	if err != nil {
		return err
	}
	if !done {
		if password, err = c.build(e, cfg); err != nil {
			return err
		}
	}
	if c.BuildOnly {
		return nil
	}
	in, err := instance.Open(e.ctx, cfg)
	if err != nil {
		return err
	}
	defer in.Close()
	if password != "" {
		fmt.Fprintf(e.err, "演示账户（口令均为 %s）：\n  经办 clerk-500108、审核 reviewer-500108、库管 keeper-500108、扫描 scanner-500108、负责人 head-500108，监督 supervisor-500108、supervisor-500000，\n  统计 statistician-500000，系统管理员 sysadmin-500000、安全管理员 secadmin-500000、审计管理员 auditor-500000；各区县把 500108 换成区划代码即可。\n", password)
	}
	return c.run(e, in)
}

// known says whether the folder holds a demo that was built to its end. One whose
// build was interrupted is built on with the numbers it was begun with.
func (c *demoCmd) known(e *env) (done bool, err error) {
	mark, err := demo.Read(c.Data)
	switch {
	case errors.Is(err, os.ErrNotExist) && instance.Exists(c.Data):
		return false, fmt.Errorf("%s 中是正式数据，不能用作演示；请另选 --data 目录", c.Data)
	case errors.Is(err, os.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case mark.Done:
		fmt.Fprintf(e.err, "继续使用 %s 建立的演示数据：%s（%d 人）\n", mark.StartDay, c.Data, mark.People)
		return true, nil
	case c.Database != "":
		return false, fmt.Errorf("%s 中的演示数据上次没有建完；请换一个空的 PostgreSQL 库，删除该目录后重新运行（演示数据由程序生成，不会丢失资料）", c.Data)
	}
	c.People, c.Seed = mark.People, mark.Seed
	fmt.Fprintf(e.err, "上次没有建完，按原定 %d 人、种子 %d 重新建成；结果与一次建成的相同\n", mark.People, mark.Seed)
	return false, nil
}

// build makes the province with its clock set back and returns the accounts' password.
func (c *demoCmd) build(e *env, cfg instance.Config) (password string, err error) {
	password = c.Password
	if password == "" {
		raw := make([]byte, 8)
		_, _ = rand.Read(raw)
		password = "Yan-Shi-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
	}
	hash, err := staff.Strong.Hash(password)
	if err != nil {
		return "", err
	}
	manual := clock.NewManual(clock.System{}.Now())
	cfg.Clock = manual
	release, err := demo.Claim(c.Data, c.People, c.Seed, calendar.Of(manual.Now()))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, release()) }()
	in, err := instance.Create(e.ctx, cfg, founding.Province)
	if err != nil {
		return "", err
	}
	defer in.Close()
	if err := demo.Build(e.ctx, in, manual, demo.Options{People: c.People, Seed: c.Seed, PasswordHash: hash, Step: func(msg string) { fmt.Fprintln(e.err, msg) }}); err != nil {
		return "", fmt.Errorf("建立演示数据：%w", err)
	}
	if c.BuildOnly && c.Password == "" {
		fmt.Fprintf(e.err, "演示账户口令均为 %s\n", password)
	}
	return password, nil
}
