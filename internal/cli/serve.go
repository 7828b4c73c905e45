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
	"dangan/internal/ledger"
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

// serve runs jobs, publishes the ledger and answers HTTP until the context ends,
// then lets running requests and jobs finish.
func (e *env) serve(in *instance.Instance, listen string) error {
	stopJobs, err := in.Jobs.Start(e.ctx)
	if err != nil {
		return err
	}
	publisher, err := ledger.NewPublisher(ledger.PublisherConfig{DB: in.DB, Dir: in.Data, Keys: in.Keys, Clock: in.Clock, Log: e.log})
	if err != nil {
		return err
	}
	published := make(chan struct{})
	go func() { defer close(published); publisher.Run(e.ctx) }()
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
	served := server.Serve(l)
	if errors.Is(served, http.ErrServerClosed) {
		served = nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), 20*time.Second)
	defer cancel()
	err = stopJobs(ctx)
	if e.ctx.Err() != nil {
		<-published
		_, last := publisher.Publish(ctx) // what the last requests did
		err = errors.Join(err, last)
	}
	return errors.Join(served, err)
}
