package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"dangan/internal/api"
	"dangan/internal/instance"
	"dangan/internal/web"
)

type serveCmd struct {
	Where
	Listen string `help:"监听地址" default:"127.0.0.1:8080" env:"DANGAN_LISTEN" placeholder:"ADDR"`
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(e *env) error {
	in, err := e.open(c.Where, false)
	if err != nil {
		return err
	}
	defer in.Close()
	return e.serve(in, c.Listen)
}

// serve answers HTTP until the context ends, then lets running requests finish.
func (e *env) serve(in *instance.Instance, listen string) error {
	mux := http.NewServeMux()
	mux.Handle("/api/", api.New(in, e.log).Handler())
	mux.Handle("/", web.Handler())
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("监听 %s：%w", listen, err)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	go func() {
		<-e.ctx.Done()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), 20*time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
	}()
	fmt.Fprintf(e.err, "服务已启动：http://%s/\n", l.Addr())
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
