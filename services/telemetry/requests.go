package telemetry

import (
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Requests counts and times HTTP requests by route template, so that the number
// of series is bounded by the number of routes and not by what visitors type.
type Requests struct {
	count *prometheus.CounterVec
	took  *prometheus.HistogramVec
}

// NewRequests registers yunhui_http_requests_total and yunhui_http_request_seconds.
func NewRequests(r *Registry) *Requests {
	return &Requests{
		count: r.Counter("http_requests_total", "Requests answered, by route, method and status.", "route", "method", "status"),
		took:  r.Histogram("http_request_seconds", "Time from the request's header to its answer.", nil, "route", "method"),
	}
}

// RouteMeter is the meter of one route. Its series are looked up once, not on
// each request.
type RouteMeter struct {
	route, method string
	count         *prometheus.CounterVec
	took          prometheus.Observer
	byStatus      [600]atomic.Pointer[prometheus.Counter]
}

// Route gives the meter of a route.
func (q *Requests) Route(method, route string) *RouteMeter {
	return &RouteMeter{route: route, method: method, count: q.count, took: q.took.WithLabelValues(route, method)}
}

// Observe notes one answer. A nil meter notes nothing.
func (m *RouteMeter) Observe(status int, took time.Duration) {
	if m == nil || status < 0 || status >= len(m.byStatus) {
		return
	}
	c := m.byStatus[status].Load()
	if c == nil {
		made := m.count.WithLabelValues(m.route, m.method, strconv.Itoa(status))
		c = &made
		m.byStatus[status].Store(c)
	}
	(*c).Inc()
	m.took.Observe(took.Seconds())
}
