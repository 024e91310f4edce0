package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"yunhui/services/telemetry"
)

// transactions counts what the database's one door does.
type transactions struct {
	took     *prometheus.HistogramVec
	attempts *prometheus.CounterVec
}

func newTransactions(r *telemetry.Registry) transactions {
	return transactions{
		took:     r.Histogram("transaction_seconds", "Time of a write, retries included.", []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5}, "name", "outcome"),
		attempts: r.Counter("transaction_attempts_total", "Attempts at writes; more than the writes themselves means retries.", "name"),
	}
}

// Transaction implements database.Observer.
func (t transactions) Transaction(name string, attempts int, took time.Duration, err error) {
	outcome := "committed"
	if err != nil {
		outcome = "failed"
	}
	t.took.WithLabelValues(name, outcome).Observe(took.Seconds())
	t.attempts.WithLabelValues(name).Add(float64(attempts))
}
