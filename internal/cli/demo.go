package cli

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"strings"

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
	BuildOnly bool `help:"只建数据，不启动服务"`
}

// Run builds the sample province, or goes on with it, and serves it.
func (c *demoCmd) Run(e *env) error {
	cfg := c.configure(instance.Config{Data: c.Data, Database: c.Database, Demo: true, Version: e.version, Log: e.log})
	if instance.Exists(c.Data) {
		in, err := instance.Open(e.ctx, cfg)
		if err != nil {
			return err
		}
		defer in.Close()
		fmt.Fprintln(e.err, "继续使用已有的演示数据：", c.Data)
		return c.serve(e, in)
	}
	password := c.Password
	if password == "" {
		raw := make([]byte, 8)
		_, _ = rand.Read(raw)
		password = "Yan-Shi-" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
	}
	hash, err := staff.HashPassword(password)
	if err != nil {
		return err
	}
	in, err := instance.Create(e.ctx, cfg, founding.Province)
	if err != nil {
		return err
	}
	defer in.Close()
	if _, err := founding.Found(e.ctx, in, founding.Options{Staff: true, PasswordHash: hash, Done: func(what string) { fmt.Fprintln(e.err, "已设立", what) }}); err != nil {
		return err
	}
	if err := in.Settings.MarkDemo(e.ctx, founding.By); err != nil {
		return err
	}
	fmt.Fprintf(e.err, "演示账户如 clerk-500108、reviewer-500108、keeper-500108、supervisor-500000，口令均为 %s\n", password)
	return c.serve(e, in)
}

func (c *demoCmd) serve(e *env, in *instance.Instance) error {
	if c.BuildOnly {
		return nil
	}
	return c.run(e, in)
}
