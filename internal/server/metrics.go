package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"dangan/internal/instance"
	"dangan/internal/ledger"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are Prometheus's, of one server.
type metrics struct {
	registry *prometheus.Registry
	took     *prometheus.HistogramVec
}

func newMetrics(in *instance.Instance, publisher *ledger.Publisher) *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.took = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "dangan_http_request_seconds", Help: "Time to answer a request, by route and status.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 60}}, []string{"method", "route", "status"})
	count := func(name, help, query string) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			var n int64
			if err := in.DB.QueryRow(context.Background(), query).Scan(&n); err != nil {
				return -1
			}
			return float64(n)
		})
	}
	m.registry.MustRegister(m.took, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		count("dangan_ledger_entries", "Entries with a number.", "SELECT coalesce(max(seq),0) FROM ledger_entry"),
		count("dangan_ledger_waiting", "Entries that wait for their number.", "SELECT count(*) FROM ledger_entry WHERE seq IS NULL"),
		count("dangan_jobs_waiting", "Jobs that are due and not done.", "SELECT count(*) FROM river_job WHERE state IN ('available','running','retryable')"),
		count("dangan_jobs_set_aside", "Jobs that failed at every try.", "SELECT count(*) FROM river_job WHERE state='discarded'"),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "dangan_ledger_published", Help: "Entries in the newest signed checkpoint."}, func() float64 { return float64(publisher.Published()) }))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// measured times requests by the route's pattern; r.Pattern is set by the mux below.
func (m *metrics) measured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		seen := &statusWriter{ResponseWriter: w}
		next.ServeHTTP(seen, r)
		m.took.WithLabelValues(r.Method, r.Pattern, strconv.Itoa(seen.code())).Observe(time.Since(begin).Seconds())
	})
}
