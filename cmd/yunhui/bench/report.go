package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Report is what a run found.
type Report struct {
	Scenario string    `json:"scenario"`
	Machine  Machine   `json:"machine"`
	Measures []Measure `json:"measures"`
	Checks   []string  `json:"checks"` // what was verified after the measuring
}

// Machine is what the figures are figures of.
type Machine struct {
	CPUs     int    `json:"cpus"`
	System   string `json:"system"`
	Go       string `json:"go"`
	Database string `json:"database,omitempty"`
}

// Measure is one figure. A bare one is the limit that others are held against.
type Measure struct {
	Name       string  `json:"name"`
	Bare       bool    `json:"bare"`
	Operations int     `json:"operations"`
	Failures   int     `json:"failures"`
	Failure    string  `json:"failure,omitempty"` // the first
	Seconds    float64 `json:"seconds"`
	PerSecond  float64 `json:"per_second"`
	P50        float64 `json:"p50_ms"`
	P99        float64 `json:"p99_ms"`
	Processor  float64 `json:"processor_us"`          // spent on one call by this process, callers included
	Database   float64 `json:"database_processor_us"` // and by the database server, where it is on this machine
	Peak       int     `json:"peak_mib,omitempty"`    // of this process's memory meanwhile
	Bytes      int     `json:"bytes,omitempty"`       // of an answer, on average
	Retries    int     `json:"retries,omitempty"`     // of transactions
	Limit      string  `json:"limit,omitempty"`       // the bare measure it is held against
	Share      float64 `json:"share_of_limit,omitempty"`
}

// add notes measures beside their bare limit, which comes first.
func (r *Report) add(bare Measure, houses ...Measure) {
	bare.Bare = true
	r.Measures = append(r.Measures, bare)
	for _, house := range houses {
		house.Limit = bare.Name
		if bare.PerSecond > 0 {
			house.Share = house.PerSecond / bare.PerSecond
		}
		r.Measures = append(r.Measures, house)
	}
}

// alone notes a measure that has no limit but the processor's.
func (r *Report) alone(m Measure) { r.Measures = append(r.Measures, m) }

// Failures counts the calls of all measures that went wrong.
func (r *Report) Failures() int {
	n := 0
	for _, m := range r.Measures {
		n += m.Failures
	}
	return n
}

// Print writes the report for people.
func (r *Report) Print(w io.Writer) error {
	database := ""
	if r.Machine.Database != "" {
		database = ", " + r.Machine.Database
	}
	if _, err := fmt.Fprintf(w, "%d CPUs, %s, %s%s\n", r.Machine.CPUs, r.Machine.System, r.Machine.Go, database); err != nil {
		return err
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, "measure\t/s\tof limit\tp50 ms\tp99 ms\tcpu µs\tdb cpu µs\tcalls\tretries\tbytes\tMiB\t")
	for _, m := range r.Measures {
		share := "limit"
		switch {
		case m.Limit == "" && !m.Bare:
			share = "—"
		case !m.Bare:
			share = fmt.Sprintf("%.0f %%", 100*m.Share)
		}
		_, _ = fmt.Fprintf(t, "%s\t%.0f\t%s\t%.2f\t%.2f\t%.0f\t%.0f\t%d\t%d\t%d\t%d\t\n", m.Name, m.PerSecond, share, m.P50, m.P99, m.Processor, m.Database, m.Operations, m.Retries, m.Bytes, m.Peak)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, m := range r.Measures {
		if m.Failures > 0 {
			_, _ = fmt.Fprintf(w, "FAILED  %s: %d calls, the first: %s\n", m.Name, m.Failures, m.Failure)
		}
	}
	for _, c := range r.Checks {
		_, _ = fmt.Fprintln(w, c)
	}
	return nil
}
