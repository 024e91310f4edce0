// Package telemetry is how the house is watched: structured logs that carry the
// request and hide secrets, and counters in the Prometheus text format.
package telemetry
