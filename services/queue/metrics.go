package queue

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// meter counts what the runtime does and reads the outbox when it is asked.
type meter struct {
	r             *Runtime
	deliveries    prometheus.Counter
	relayFailures prometheus.Counter
	tasks         *prometheus.CounterVec
	duties        *prometheus.CounterVec
	open          *prometheus.Desc
	dead          *prometheus.Desc
	oldest        *prometheus.Desc
}

var _ prometheus.Collector = (*meter)(nil)

func newMeter(r *Runtime) *meter {
	counter := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "yunhui", Name: name, Help: help}
	}
	return &meter{
		r:             r,
		deliveries:    prometheus.NewCounter(counter("outbox_deliveries_total", "Outbox rows handed to Redis, repetitions included.")),
		relayFailures: prometheus.NewCounter(counter("outbox_relay_failures_total", "Relay rounds that failed.")),
		tasks:         prometheus.NewCounterVec(counter("tasks_total", "Deliveries handled: done, failed, or repeated without effect."), []string{"kind", "outcome"}),
		duties:        prometheus.NewCounterVec(counter("duties_total", "Runs of recurring duties on this node."), []string{"duty", "outcome"}),
		open:          prometheus.NewDesc("yunhui_outbox_open", "Outbox rows that are not done.", nil, nil),
		dead:          prometheus.NewDesc("yunhui_outbox_dead", "Outbox rows that were given up.", nil, nil),
		oldest:        prometheus.NewDesc("yunhui_outbox_oldest_seconds", "Age of the oldest outbox row that should be done.", nil, nil),
	}
}

// Collector is what to register with the registry of the process.
func (r *Runtime) Collector() prometheus.Collector { return r.meter }

// Describe implements prometheus.Collector.
func (m *meter) Describe(to chan<- *prometheus.Desc) {
	for _, c := range m.counters() {
		c.Describe(to)
	}
	to <- m.open
	to <- m.dead
	to <- m.oldest
}

// Collect implements prometheus.Collector. When the database does not answer,
// the outbox's readings are left out rather than told as zero.
func (m *meter) Collect(to chan<- prometheus.Metric) {
	for _, c := range m.counters() {
		c.Collect(to)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	b, err := ReadBacklog(ctx, m.r.db)
	if err != nil {
		return
	}
	age := 0.0
	if b.Oldest != nil {
		age = m.r.db.Clock().Now().Sub(*b.Oldest).Seconds()
	}
	to <- prometheus.MustNewConstMetric(m.open, prometheus.GaugeValue, float64(b.Open))
	to <- prometheus.MustNewConstMetric(m.dead, prometheus.GaugeValue, float64(b.Dead))
	to <- prometheus.MustNewConstMetric(m.oldest, prometheus.GaugeValue, age)
}

func (m *meter) counters() []prometheus.Collector {
	return []prometheus.Collector{m.deliveries, m.relayFailures, m.tasks, m.duties}
}
