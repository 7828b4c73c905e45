package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"dangan/internal/api"
	"dangan/internal/instance"
	"dangan/internal/ledger"
	"dangan/internal/web"
)

// Options say where and how to listen.
type Options struct {
	Listen      string
	TLSCert     string // PEM files; both or none
	TLSKey      string
	BehindProxy bool // a proxy in front ends TLS and sets X-Forwarded-For
	Stop        time.Duration
	Ready       func(address string) // called once the listener is open
	Log         *slog.Logger
}

// ErrPlainHTTP says that the address is not this machine's own and nothing protects the connection.
var ErrPlainHTTP = errors.New("没有 TLS 证书，也没有声明在反向代理之后，只能监听本机地址（127.0.0.1）。请用 --tls-cert 和 --tls-key，或 --behind-proxy")

// Check holds options to what is allowed: plain HTTP on loopback only.
func (o Options) Check() error {
	if (o.TLSCert == "") != (o.TLSKey == "") {
		return errors.New("--tls-cert 和 --tls-key 须同时给出")
	}
	if o.TLSCert != "" || o.BehindProxy {
		return nil
	}
	host, _, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return fmt.Errorf("监听地址 %q 应为 主机:端口：%w", o.Listen, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return ErrPlainHTTP
	}
	return nil
}

// Run serves until the context ends: it runs jobs and timers, publishes the
// ledger and answers HTTP; then it lets running requests and jobs finish.
func Run(ctx context.Context, in *instance.Instance, o Options) error {
	if err := o.Check(); err != nil {
		return err
	}
	if o.Stop == 0 {
		o.Stop = 20 * time.Second
	}
	publisher, err := ledger.NewPublisher(ledger.PublisherConfig{DB: in.DB, Dir: in.Data, Keys: in.Keys, Clock: in.Clock, Log: o.Log})
	if err != nil {
		return err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return fmt.Errorf("监听 %s：%w", o.Listen, err)
	}
	stopJobs, err := in.Jobs.Start(ctx)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	// The log is published a little longer than requests are answered: what they did is in it.
	publishing, stopPublishing := context.WithCancel(context.WithoutCancel(ctx))
	published := make(chan struct{})
	go func() { defer close(published); publisher.Run(publishing) }()

	go refresh(publishing, in, o.Log)

	h := &http.Server{Handler: Handler(in, o, publisher), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug)}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		<-ctx.Done()
		patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.Stop)
		defer cancel()
		_ = h.Shutdown(patience)
	}()
	if o.Ready != nil {
		o.Ready(listener.Addr().String())
	}
	var served error
	if o.TLSCert != "" {
		served = h.ServeTLS(listener, o.TLSCert, o.TLSKey)
	} else {
		served = h.Serve(listener)
	}
	if errors.Is(served, http.ErrServerClosed) {
		served = nil
		<-drained
	}
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), o.Stop)
	defer cancel()
	stopped := stopJobs(patience)
	stopPublishing()
	<-published
	_, last := publisher.Publish(patience)
	return errors.Join(served, stopped, last)
}

// refreshEvery is how old settings and the tree of agencies may be in this process.
const refreshEvery = 30 * time.Second

func refresh(ctx context.Context, in *instance.Instance, log *slog.Logger) {
	t := time.NewTicker(refreshEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			if err := in.Refresh(ctx); err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "settings not read again", "error", err)
			}
		}
	}
}

// Handler is everything that is served, with its headers.
func Handler(in *instance.Instance, o Options, publisher *ledger.Publisher) http.Handler {
	m := newMetrics(in, publisher)
	mux := http.NewServeMux()
	mux.Handle("/api/", api.New(in, o.Log).Handler())
	mux.Handle("GET /healthz", http.HandlerFunc(alive))
	mux.Handle("GET /readyz", ready(in))
	mux.Handle("GET /metrics", ownMachine(m.handler()))
	mux.Handle("/", web.Handler())
	return m.measured(logged(o.Log, headers(o, recovered(o.Log, mux))))
}
