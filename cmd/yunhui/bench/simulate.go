package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/simulation"
)

// simulating tries a draft, in which one rate is raised, on made-up claims beside
// the version in force, as an officer asks for it and a worker carries it out:
// once by itself, and once with the cost at four values of that rate.
func simulating(ctx context.Context, o Options, r *Report) (err error) {
	clock := kernel.NewManualClock(time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC))
	s, err := openStore(ctx, Options{Connections: o.Connections}, clock, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	c := newCity(s, clock)
	if err := c.legislate(ctx, demoPolicy); err != nil {
		return err
	}
	clock.Advance(3 * time.Second) // the library may be as old as its freshness
	doc, ok := policies.Find(demoPolicy)
	if !ok {
		return fmt.Errorf("no policy %s", demoPolicy)
	}
	higher := *doc.Rates[0].Rate + 500
	doc.Version, doc.Rates[0].Rate = doc.Version+1, &higher
	draft, err := json.Marshal(doc)
	if err != nil {
		return err
	}
	desk := &simulation.Desk{DB: s.DB, Policies: c.policies}
	runner := simulation.NewRunner(s.DB, parties{}, slog.New(slog.DiscardHandler))
	defer runner.Stop()
	runtime := queue.New(s.DB, queue.Options{})
	runtime.Handle(simulation.RunDue, runner.Take)
	asked := simulation.Question{Document: draft, Against: 1, Synthetic: &simulation.Made{Count: o.Simulated, Seed: 1}}
	varied := asked
	varied.Vary = &simulation.Varying{Path: "rates[0].rate_bp", Values: rates(higher)}
	for _, on := range []struct {
		name     string
		question simulation.Question
	}{{"a draft beside the version in force", asked}, {"the same at four values of a rate", varied}} {
		o.say("  %s: %d claims", on.name, o.Simulated)
		measured, peak := watched(ctx, processor{}, func(ctx context.Context) error {
			id, err := desk.Start(as(ctx, officer), officer, demoPolicy, on.question)
			if err != nil {
				return err
			}
			if err := runtime.Drain(ctx); err != nil {
				return err
			}
			runner.Wait()
			run, err := desk.Get(ctx, officer, id)
			if err == nil && (run.State != simulation.Done || run.Done != int64(o.Simulated)) {
				err = fmt.Errorf("the run is %s after %d claims: %s", run.State, run.Done, run.Failure)
			}
			return err
		})
		r.long(on.name, measured, peak, o.Simulated)
	}
	return nil
}

func rates(around kernel.Rate) []int64 {
	return []int64{int64(around) - 1000, int64(around) - 500, int64(around), int64(around) + 500}
}
