package telemetry

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Registry holds the collectors of one process. Rooms make theirs through it, so
// that all names begin with "yunhui_" and a name is taken once.
type Registry struct{ prom *prometheus.Registry }

// NewRegistry starts with the collectors of the Go runtime and of the process.
func NewRegistry() *Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return &Registry{prom: r}
}

// Counter makes a counter; its name should end in "_total".
func (r *Registry) Counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "yunhui", Name: name, Help: help}, labels)
	r.prom.MustRegister(c)
	return c
}

// Gauge makes a gauge that its room sets.
func (r *Registry) Gauge(name, help string, labels ...string) *prometheus.GaugeVec {
	g := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "yunhui", Name: name, Help: help}, labels)
	r.prom.MustRegister(g)
	return g
}

// GaugeFunc makes a gauge that is asked at each reading; read must be quick.
func (r *Registry) GaugeFunc(name, help string, read func() float64) {
	r.prom.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "yunhui", Name: name, Help: help}, read))
}

// Histogram makes a histogram; nil buckets mean Seconds.
func (r *Registry) Histogram(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	if buckets == nil {
		buckets = Seconds
	}
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "yunhui", Name: name, Help: help, Buckets: buckets}, labels)
	r.prom.MustRegister(h)
	return h
}

// Register takes a collector that a room built itself.
func (r *Registry) Register(c prometheus.Collector) { r.prom.MustRegister(c) }

// Handler serves the readings as text.
func (r *Registry) Handler() http.Handler {
	return promhttp.HandlerFor(r.prom, promhttp.HandlerOpts{})
}

// Seconds are the bucket bounds for durations: from a cached list (1 ms) to the
// limit of a request (30 s).
var Seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30}
