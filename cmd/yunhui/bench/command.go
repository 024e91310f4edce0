package bench

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// ServerVariable names a MySQL server for the stores of the scenarios that
// write; --database says it aloud.
const ServerVariable = "YUNHUI_BENCH_DATABASE"

// Command is "yunhui bench SCENARIO [--json] [options]". The report alone goes to
// out; progress and usage go to the standard error.
func Command(ctx context.Context, args []string, out io.Writer) error {
	name := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		name, args = args[0], args[1:]
	}
	o := Options{Database: os.Getenv(ServerVariable), Progress: os.Stderr}
	var asJSON bool
	flags := flag.NewFlagSet("yunhui bench SCENARIO", flag.ContinueOnError)
	flags.SetOutput(os.Stderr)
	flags.BoolVar(&asJSON, "json", false, "print the report as JSON")
	flags.StringVar(&o.Database, "database", o.Database, "a MySQL server to make stores on, mysql://user:password@host:port/ ("+ServerVariable+"); SQLite without")
	flags.IntVar(&o.Connections, "connections", 0, "callers at once (16)")
	flags.IntVar(&o.Offers, "offers", 0, "offers of the catalogue (20000)")
	flags.IntVar(&o.Budgets, "budgets", 0, "budgets over which decisions spread (40)")
	flags.IntVar(&o.Decisions, "decisions", 0, "decisions of each kind (4000)")
	flags.IntVar(&o.Bulk, "bulk", 0, "claims approved at once (10000)")
	flags.IntVar(&o.Batch, "batch", 0, "lines of a payment batch (150000)")
	flags.IntVar(&o.Simulated, "simulated", 0, "claims that a draft is tried on (150000)")
	flags.DurationVar(&o.For, "for", 0, "how long each reading over HTTP takes (10s)")
	flags.IntVar(&o.Rounds, "rounds", 0, "rounds of each reading (3)")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected %q", flags.Arg(0))
	}
	if name == "" || name == "list" {
		return list(out)
	}
	report, err := Run(ctx, name, o)
	if err != nil {
		return err
	}
	if err := write(report, out, asJSON); err != nil {
		return err
	}
	if report.Failures() > 0 {
		return errors.New("some calls failed")
	}
	return nil
}

func list(out io.Writer) error {
	for _, s := range scenarios() {
		if _, err := fmt.Fprintf(out, "%-10s %s\n", s.name, s.about); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%-10s %s\n", All, "all of them")
	return err
}

func write(report Report, out io.Writer, asJSON bool) error {
	if !asJSON {
		return report.Print(out)
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(report)
}
