package bench

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Options bound a run. Zero values take the defaults that the published figures
// were measured with.
type Options struct {
	Database    string        // where stores are made: a MySQL server's address; empty: SQLite in a folder of its own
	Connections int           // how many callers at once; default 16
	Offers      int           // of the catalogue; default 20,000
	Budgets     int           // over which decisions spread; default 40
	Decisions   int           // of each kind, the house's and the bare ones; default 4,000
	Bulk        int           // claims approved at once; default 10,000
	Batch       int           // lines of a payment batch; default 150,000
	Simulated   int           // claims that a draft is tried on; default 150,000
	For         time.Duration // of each reading over HTTP; default 10 s
	Rounds      int           // in which a reading is taken, turn by turn with its bare limit; default 3
	Progress    io.Writer     // what is being done; nil: silence
}

func (o Options) filled() Options {
	o.Connections = positive(o.Connections, 16)
	o.Offers = positive(o.Offers, 20_000)
	o.Budgets = positive(o.Budgets, 40)
	o.Decisions = positive(o.Decisions, 4_000)
	o.Bulk = positive(o.Bulk, 10_000)
	o.Batch = positive(o.Batch, 150_000)
	o.Simulated = positive(o.Simulated, 150_000)
	o.Rounds = positive(o.Rounds, 3)
	if o.For <= 0 {
		o.For = 10 * time.Second
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	return o
}

// share is what one of the rounds of a reading lasts.
func (o Options) share() time.Duration { return o.For / time.Duration(o.Rounds) }

func positive(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

func (o Options) say(format string, args ...any) {
	_, _ = fmt.Fprintf(o.Progress, format+"\n", args...)
}

// scenario is one thing that can be measured.
type scenario struct {
	name  string
	about string
	run   func(ctx context.Context, o Options, r *Report) error
}

func scenarios() []scenario {
	return []scenario{
		{"catalogue", "list with facets and search over HTTP", catalogue},
		{"quotes", "the three-way split, over HTTP and in the process", quoting},
		{"decisions", "awards of claims, spread over budgets and on one hot budget", decisions},
		{"ceilings", "awards with every kind of ceiling in force, with cold and with warm caches", capped},
		{"bulk", "approval of many clean claims at once", bulk},
		{"batch", "a payment batch: gathered, taken out, its results booked, reconciled", paying},
		{"simulate", "a draft tried on made-up claims", simulating},
	}
}

// All is the scenario that runs every other.
const All = "all"

// Run measures a scenario, or All of them.
func Run(ctx context.Context, name string, o Options) (Report, error) {
	o = o.filled()
	report := Report{Scenario: name, Machine: Machine{CPUs: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version()}}
	ran := false
	for _, s := range scenarios() {
		if s.name != name && name != All {
			continue
		}
		ran = true
		o.say("%s: %s", s.name, s.about)
		if err := s.run(ctx, o, &report); err != nil {
			return report, fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if !ran {
		return report, fmt.Errorf("no scenario %q; there are %s", name, strings.Join(names(), ", "))
	}
	return report, nil
}

func names() []string {
	out := []string{All}
	for _, s := range scenarios() {
		out = append(out, s.name)
	}
	slices.Sort(out[1:])
	return out
}
