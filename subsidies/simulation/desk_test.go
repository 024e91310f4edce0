package simulation_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/database/databasetest"
	"yunhui/services/kernel"
	"yunhui/services/queue"
	"yunhui/subsidies"
	"yunhui/subsidies/drafts"
	"yunhui/subsidies/rules"
	"yunhui/subsidies/simulation"
	"yunhui/subsidies/subsidiestest"
)

var officer = subsidiestest.CityOfficer

// lab is a city with one node that works on simulations.
type lab struct {
	*testing.T
	city   *subsidiestest.City
	runner *simulation.Runner
}

func each(t *testing.T, test func(l lab)) {
	t.Helper()
	databasetest.Each(t, func(t *testing.T, db *database.DB, clock *kernel.ManualClock) {
		city := subsidiestest.New(t, db, clock)
		l := lab{t, city, simulation.NewRunner(db, city.Registry, slog.New(slog.DiscardHandler))}
		t.Cleanup(l.runner.Stop)
		test(l)
	})
}

func (l lab) start(q simulation.Question) kernel.ID {
	l.Helper()
	id, err := l.city.Simulations.Start(subsidiestest.As(officer), officer, subsidiestest.Policy, q)
	require.NoError(l, err)
	return id
}

// take delivers the message of a run.
func (l lab) take(id kernel.ID) {
	l.Helper()
	require.NoError(l, database.Run(subsidiestest.As(kernel.System()), l.city.DB, "test.take", func(tx *database.Tx) error {
		return l.runner.Take(tx, queue.Delivery{Kind: simulation.RunDue, Subject: id})
	}))
}

func (l lab) get(id kernel.ID) simulation.Run {
	l.Helper()
	run, err := l.city.Simulations.Get(l.Context(), subsidiestest.Auditor, id)
	require.NoError(l, err)
	return run
}

func (l lab) result(q simulation.Question) *simulation.Result {
	l.Helper()
	id := l.start(q)
	l.take(id)
	l.runner.Wait()
	run := l.get(id)
	require.Equal(l, simulation.Done, run.State, run.Failure)
	require.Equal(l, run.Total, run.Done)
	result, err := run.Answer()
	require.NoError(l, err)
	return result
}

// raised is the next version of the city's policy with five points more.
func raised(t testing.TB) json.RawMessage {
	t.Helper()
	doc := subsidiestest.Document(t, subsidiestest.Policy)
	doc.Version, doc.InForceFrom = 2, "2027-01-01"
	doc.Rates = append([]rules.RateRule(nil), doc.Rates...)
	for i, r := range doc.Rates {
		if r.Rate != nil {
			rate := *r.Rate + 500
			doc.Rates[i].Rate = &rate
		}
	}
	b, err := json.Marshal(doc)
	require.NoError(t, err)
	return b
}

func TestPastClaimsAreReplayedWithTheirFacts(t *testing.T) {
	t.Parallel()
	each(t, func(l lab) {
		paid := l.city.ClaimsIn(l.T, subsidies.ClaimApproved, 3)
		l.city.ClaimIn(l.T, subsidies.ClaimSubmitted)
		l.city.ClaimIn(l.T, subsidies.ClaimDraft)
		l.city.ClaimIn(l.T, subsidies.ClaimRefused)
		before := l.city.Marks(l.T)
		r := l.result(simulation.Question{Document: raised(l)})
		require.Equal(l, []int64{4, 4, 0, 0}, []int64{r.Claims, r.Granted, r.Unreadable, r.NotEligible})
		require.Equal(l, 4*paid[0].Legs.Subsidy, r.Before, "what they would get today is what they got")
		require.Equal(l, r.Before/30*35, r.Cost)
		require.EqualValues(l, 4, r.Winners.Count)
		require.Equal(l, r.Cost-r.Before, r.Winners.Sum)
		require.NotEmpty(l, r.Winners.Top[0].Name)
		require.NotEmpty(l, r.Winners.Top[0].Number)
		require.Equal(l, subsidiestest.District, r.ByDistrict[0].Key)
		require.Equal(l, 3*subsidiestest.Voted, r.Budget)
		after := l.city.Marks(l.T)
		for _, own := range []string{"simulations", "outbox", "audit_entries"} {
			require.Equal(l, before[own]+1, after[own], own)
			before[own] = after[own]
		}
		require.Equal(l, before, after, "no firm and no money was touched")
	})
}

func TestSpanVersionAndMadeUpClaimsAreWhatWasAsked(t *testing.T) {
	t.Parallel()
	each(t, func(l lab) {
		l.city.ClaimsIn(l.T, subsidies.ClaimSubmitted, 2)
		today := kernel.DayOf(l.city.Clock.Now())
		require.EqualValues(l, 2, l.result(simulation.Question{Version: 1, Claims: &simulation.Span{From: today.AddDays(-30), To: today}}).Unchanged)
		require.Zero(l, l.result(simulation.Question{Version: 1, Claims: &simulation.Span{From: today.AddDays(1)}}).Claims)
		require.Zero(l, l.result(simulation.Question{Version: 1, Claims: &simulation.Span{To: today.AddDays(-60)}}).Claims)
		r := l.result(simulation.Question{
			Document: raised(l), Claims: &simulation.Span{}, Synthetic: &simulation.Made{Count: 500, Seed: 4},
			Vary: &simulation.Varying{Path: "rates[1].rate_bp", Values: []int64{1000, 5000}},
		})
		require.EqualValues(l, 502, r.Claims)
		require.Len(l, r.Sensitivity.Points, 2)
		require.Less(l, r.Sensitivity.Points[0].Cost, r.Sensitivity.Points[1].Cost)
		again := l.result(simulation.Question{Document: raised(l), Synthetic: &simulation.Made{Count: 500, Seed: 4}})
		require.EqualValues(l, 500, again.Claims)
	})
}

func TestADraftOfANewPolicyIsReplayedOverTheCitysClaims(t *testing.T) {
	t.Parallel()
	each(t, func(l lab) {
		l.city.ClaimsIn(l.T, subsidies.ClaimSubmitted, 2)
		document, err := json.Marshal(subsidiestest.Document(l, "brand-new"))
		require.NoError(l, err)
		draft, err := l.city.Drafts.Create(subsidiestest.As(officer), drafts.New{Document: document})
		require.NoError(l, err)
		id, err := l.city.Simulations.Start(subsidiestest.As(officer), officer, "brand-new", simulation.Question{Draft: draft})
		require.NoError(l, err)
		l.take(id)
		l.runner.Wait()
		r, err := l.get(id).Answer()
		require.NoError(l, err)
		require.EqualValues(l, 2, r.Winners.Count)
		require.Zero(l, r.Before)
		require.Positive(l, r.Cost)
	})
}

func TestAQuestionThatCannotBeAnsweredIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(l lab) {
		for name, x := range map[string]struct {
			q    simulation.Question
			code string
		}{
			"nothing said":      {simulation.Question{}, "invalid_input"},
			"two said":          {simulation.Question{Version: 1, Draft: "x"}, "invalid_input"},
			"unknown draft":     {simulation.Question{Draft: "none"}, "not_found"},
			"unknown version":   {simulation.Question{Version: 9}, "not_found"},
			"unknown against":   {simulation.Question{Version: 1, Against: 9}, "not_found"},
			"a broken document": {simulation.Question{Document: json.RawMessage(`{"code":"x"}`)}, "policy.invalid"},
			"no JSON":           {simulation.Question{Document: json.RawMessage(`{`)}, "policy.json"},
			"another's code":    {simulation.Question{Document: bytes.Replace(raised(l), []byte(subsidiestest.Policy), []byte("other"), 1)}, "invalid_input"},
			"days in disorder":  {simulation.Question{Version: 1, Claims: &simulation.Span{From: "2026-02-02", To: "2026-02-01"}}, "invalid_input"},
			"no such day":       {simulation.Question{Version: 1, Claims: &simulation.Span{From: "2026-02-30"}}, "invalid_input"},
			"too many":          {simulation.Question{Version: 1, Synthetic: &simulation.Made{Count: simulation.MaxMade + 1}}, "invalid_input"},
			"none":              {simulation.Question{Version: 1, Synthetic: &simulation.Made{}}, "invalid_input"},
			"no figure":         {simulation.Question{Version: 1, Vary: &simulation.Varying{Path: "title.zh", Values: []int64{1}}}, "invalid_input"},
			"no values":         {simulation.Question{Version: 1, Vary: &simulation.Varying{Path: "rates[0].rate_bp"}}, "invalid_input"},
			"a bad value":       {simulation.Question{Version: 1, Vary: &simulation.Varying{Path: "rates[0].rate_bp", Values: []int64{10_001}}}, "invalid_input"},
		} {
			e := l.city.Refused(l.T, x.code, func() error {
				_, err := l.city.Simulations.Start(subsidiestest.As(officer), officer, subsidiestest.Policy, x.q)
				return err
			})
			require.NotNil(l, e, name)
		}
		for _, who := range []kernel.Actor{subsidiestest.Auditor, subsidiestest.DistrictOfficer, subsidiestest.Finance, subsidiestest.Nobody} {
			_, err := l.city.Simulations.Start(subsidiestest.As(who), who, subsidiestest.Policy, simulation.Question{Version: 1})
			require.NotNil(l, kernel.AsError(err))
		}
	})
}

func TestACancelledRunStaysCancelled(t *testing.T) {
	t.Parallel()
	each(t, func(l lab) {
		waiting := l.start(simulation.Question{Version: 1})
		require.NoError(l, l.city.Simulations.Cancel(subsidiestest.As(officer), officer, waiting))
		l.take(waiting)
		l.runner.Wait()
		require.Equal(l, simulation.Cancelled, l.get(waiting).State)

		running := l.start(simulation.Question{Version: 1, Synthetic: &simulation.Made{Count: simulation.MaxMade, Seed: 1}})
		l.take(running)
		require.Equal(l, simulation.Running, l.get(running).State)
		require.NoError(l, l.city.Simulations.Cancel(subsidiestest.As(officer), officer, running))
		l.runner.Wait()
		run := l.get(running)
		require.Equal(l, simulation.Cancelled, run.State)
		require.Empty(l, run.Result)
		require.NoError(l, l.city.Simulations.Cancel(subsidiestest.As(officer), officer, running), "again is no change")
		require.EqualValues(l, 2, l.city.Count(l.T, "audit_entries", "action = 'simulation.cancel'"))
		require.True(l, kernel.IsCode(l.city.Simulations.Cancel(subsidiestest.As(officer), officer, "none"), "not_found"))
	})
}

func TestARunWhoseNodeDiedIsSeenToHaveFailed(t *testing.T) {
	t.Parallel()
	each(t, func(l lab) {
		stopped := l.start(simulation.Question{Version: 1, Synthetic: &simulation.Made{Count: simulation.MaxMade, Seed: 1}})
		l.take(stopped)
		l.runner.Stop()
		require.Equal(l, []any{simulation.Failed, "simulation.interrupted"}, []any{l.get(stopped).State, l.get(stopped).Failure})

		died := l.start(simulation.Question{Version: 1})
		l.take(died) // by a node that has just stopped: committed, and never begun
		require.Equal(l, simulation.Running, l.get(died).State)
		never := l.start(simulation.Question{Version: 1})
		l.city.Clock.Advance(2 * time.Minute)
		require.Equal(l, []any{simulation.Failed, "simulation.lost"}, []any{l.get(died).State, l.get(died).Failure})
		require.Equal(l, simulation.Queued, l.get(never).State, "it may wait longer for a node")
		require.NoError(l, l.city.Simulations.Sweep(l.Context()))
		require.EqualValues(l, 1, l.city.Count(l.T, "simulations", "failure = 'simulation.lost'"))
		l.city.Clock.Advance(31 * 24 * time.Hour)
		require.NoError(l, l.city.Simulations.Sweep(l.Context()))
		require.NoError(l, l.city.Simulations.Sweep(l.Context()))
		l.city.Clock.Advance(31 * 24 * time.Hour)
		require.NoError(l, l.city.Simulations.Sweep(l.Context()))
		require.Zero(l, l.city.Count(l.T, "simulations", ""))
	})
}

func TestTooManyRunsAtOnceAreTurnedAway(t *testing.T) {
	t.Parallel()
	each(t, func(l lab) {
		for range 8 {
			l.start(simulation.Question{Version: 1})
		}
		l.city.Refused(l.T, "simulation.busy", func() error {
			_, err := l.city.Simulations.Start(subsidiestest.As(officer), officer, subsidiestest.Policy, simulation.Question{Version: 1})
			return err
		})
		runs, err := l.city.Simulations.List(l.Context(), officer, subsidiestest.Policy, "", 5)
		require.NoError(l, err)
		require.Len(l, runs, 5)
	})
}

func TestAResultIsTakenOutAsAWorkbook(t *testing.T) {
	t.Parallel()
	db, clock := databasetest.SQLite(t)
	city := subsidiestest.New(t, db, clock)
	l := lab{t, city, simulation.NewRunner(db, city.Registry, slog.New(slog.DiscardHandler))}
	t.Cleanup(l.runner.Stop)
	r := l.result(simulation.Question{Document: raised(t), Synthetic: &simulation.Made{Count: 300, Seed: 1}, Vary: &simulation.Varying{Path: "rates[0].rate_bp", Values: []int64{1, 2}}})
	for _, language := range []string{"zh-CN", "en"} {
		var b bytes.Buffer
		require.NoError(t, simulation.WriteXLSX(&b, language, *r))
		require.Greater(t, b.Len(), 2000)
		require.Equal(t, "PK", b.String()[:2])
	}
}
