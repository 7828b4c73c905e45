package cli

import (
	"fmt"

	"dangan/internal/instance"
	"dangan/internal/server"
)

// Listening are the flags of commands that serve.
type Listening struct {
	Listen      string `help:"监听地址；没有 TLS 时只能是本机地址" default:"127.0.0.1:8080" env:"DANGAN_LISTEN" placeholder:"ADDR"`
	TLSCert     string `help:"TLS 证书文件（PEM）" name:"tls-cert" env:"DANGAN_TLS_CERT" placeholder:"FILE"`
	TLSKey      string `help:"TLS 私钥文件（PEM）" name:"tls-key" env:"DANGAN_TLS_KEY" placeholder:"FILE"`
	BehindProxy bool   `help:"在终止 TLS 的反向代理之后运行，信任其 X-Forwarded-For" env:"DANGAN_BEHIND_PROXY"`
	Public      string `help:"对外网址，用于文书上的验证二维码，如 https://dangan.example.gov.cn；不填为监听地址" env:"DANGAN_PUBLIC" placeholder:"URL"`
}

type serveCmd struct {
	Where
	Listening
	Sending
	Outside
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(e *env) error {
	senders, err := c.senders()
	if err != nil {
		return err
	}
	providers, err := c.providers()
	if err != nil {
		return err
	}
	in, err := instance.Open(e.ctx, c.configure(instance.Config{Data: c.Data, Database: c.Database, Version: e.version, Log: e.log, Senders: senders, Providers: providers}))
	if err != nil {
		return err
	}
	defer in.Close()
	return c.run(e, in)
}

// configure tells the instance how it is reached.
func (l Listening) configure(cfg instance.Config) instance.Config {
	cfg.BehindProxy, cfg.Secure, cfg.Public = l.BehindProxy, l.TLSCert != "" || l.BehindProxy, l.Public
	if cfg.Public == "" {
		cfg.Public = l.scheme() + "://" + l.Listen
	}
	return cfg
}

func (l Listening) scheme() string {
	if l.TLSCert != "" {
		return "https"
	}
	return "http"
}

func (l Listening) run(e *env, in *instance.Instance) error {
	scheme := l.scheme()
	return server.Run(e.ctx, in, server.Options{Listen: l.Listen, TLSCert: l.TLSCert, TLSKey: l.TLSKey, BehindProxy: l.BehindProxy, Log: e.log,
		Ready: func(address string) { fmt.Fprintf(e.err, "服务已启动：%s://%s/\n", scheme, address) }})
}
