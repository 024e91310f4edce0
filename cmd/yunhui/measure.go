package main

import (
	"context"

	"yunhui/cmd/yunhui/bench"
)

// measure makes stores of its own; it reads no settings and touches no data.
func measure(ctx context.Context, p *process, args []string) error {
	return bench.Command(ctx, args, p.out)
}
