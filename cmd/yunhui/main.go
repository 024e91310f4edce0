// Command yunhui is the whole product in one binary. It is a door and not a
// room: it reads the settings, joins the rooms and lets people in.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"yunhui/services/kernel"
)

// version is set at build time by -ldflags "-X main.version=…".
var version = "dev"

type command struct {
	name  string
	about string
	run   func(ctx context.Context, p *process, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "API, site and workers in one process (--no-workers leaves the workers out)", serve},
		{"work", "the workers alone", work},
		{"migrate", "bring the schema up to this program's version", migrate},
		{"demo", "load the demo city (--enterprises N --claims M make it grow)", loadDemo},
		{"operator", "make an operator of a fresh installation (password on standard input)", operator},
		{"publish", "publish policy documents (files)", publish},
		{"appropriate", "vote money for a policy", appropriate},
		{"verify", "check the laws on the stored data; exit 1 when one is broken", verify},
		{"doctor", "effective settings, reachability and schema version", doctor},
		{"bench", "measure a scenario (bench list names them)", measure},
		{"openapi", "print the API document", openapi},
		{"version", "print the version", printVersion},
	}
}

// process is what a command may touch of the outside.
type process struct {
	out, err  io.Writer
	config    string
	clockFile string
	clock     kernel.Clock // set by commands that bring their own
}

// clockFlag defines --clock-file for the commands that tell the time.
func (p *process) clockFlag(f *flag.FlagSet) {
	f.StringVar(&p.clockFile, "clock-file", "", "demo mode only: a file with how far the clock runs ahead, e.g. 240h")
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// errSaid is a failure whose reason has been printed already.
var errSaid = errors.New("")

func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	p := &process{out: out, err: errOut}
	flags := flag.NewFlagSet("yunhui", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.StringVar(&p.config, "config", "", "settings file (YAML)")
	flags.Usage = func() { usage(errOut) }
	if err := flags.Parse(args); err != nil {
		return exitCode(err)
	}
	for _, c := range commands() {
		if c.name != flags.Arg(0) {
			continue
		}
		err := c.run(ctx, p, flags.Args()[1:])
		if err != nil && !errors.Is(err, errSaid) && !errors.Is(err, flag.ErrHelp) {
			_, _ = fmt.Fprintf(errOut, "yunhui %s: %v\n", c.name, err)
		}
		return exitCode(err)
	}
	usage(errOut)
	return 2
}

func exitCode(err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	default:
		return 1
	}
}

func usage(w io.Writer) {
	_, _ = fmt.Fprintln(w, "usage: yunhui [--config FILE] COMMAND [options]")
	for _, c := range commands() {
		_, _ = fmt.Fprintf(w, "  %-11s %s\n", c.name, c.about)
	}
}

// options parses a command's own flags; --config may stand there as well.
func (p *process) options(name string, args []string, define func(*flag.FlagSet)) error {
	flags := flag.NewFlagSet("yunhui "+name, flag.ContinueOnError)
	flags.SetOutput(p.err)
	flags.StringVar(&p.config, "config", p.config, "settings file (YAML)")
	if define != nil {
		define(flags)
	}
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected %q", flags.Arg(0))
	}
	return nil
}

func printVersion(_ context.Context, p *process, _ []string) error {
	_, err := fmt.Fprintln(p.out, version)
	return err
}
