package bench_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"yunhui/cmd/yunhui/bench"
	"yunhui/services/database/databasetest"
)

// small is a run that shows whether the scenarios work, not how fast.
var small = bench.Options{Connections: 4, Offers: 200, Budgets: 3, Decisions: 60, Bulk: 250, Batch: 230, Simulated: 900, For: 30 * time.Millisecond, Rounds: 2}

func TestEveryFigureStandsBesideItsLimitAndNothingFails(t *testing.T) {
	t.Parallel()
	report, err := bench.Run(t.Context(), bench.All, small)
	require.NoError(t, err)
	require.Zero(t, report.Failures(), "%+v", report)
	limits := map[string]bool{}
	for _, m := range report.Measures {
		require.Positive(t, m.Operations, m.Name)
		require.Positive(t, m.PerSecond, m.Name)
		require.LessOrEqual(t, m.P50, m.P99, m.Name)
		limits[m.Name] = m.Bare
	}
	for _, m := range report.Measures {
		if m.Limit != "" {
			require.True(t, limits[m.Limit], "%s is held against %q", m.Name, m.Limit)
			require.Positive(t, m.Share, m.Name)
		}
	}
	require.Equal(t, []string{
		"verified: 120 claims awarded, ledger, budgets and claims keep the laws",
		"cold is no colder than warm: only MySQL's pages can be dropped",
		"verified: 240 claims awarded, ledger, budgets and claims keep the laws",
		"verified: 501 claims awarded, ledger, budgets and claims keep the laws",
		"reconciled: 230 lines, lines and ledger agree to the fen",
	}, report.Checks)
}

func TestDecisionsOnAServer(t *testing.T) {
	t.Parallel()
	server := os.Getenv(databasetest.ServerVariable)
	if server == "" {
		t.Skipf("not run on MariaDB: %s names no server", databasetest.ServerVariable)
	}
	o := small
	o.Database = server
	for _, scenario := range []string{"decisions", "ceilings", "bulk", "batch"} {
		report, err := bench.Run(t.Context(), scenario, o)
		require.NoError(t, err)
		require.Zero(t, report.Failures(), "%+v", report)
		require.Contains(t, report.Machine.Database, "mysql")
	}
}

func TestCommandPrintsTheReportForPeopleAndForPrograms(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, bench.Command(t.Context(), []string{"quotes", "--for", "20ms", "--connections", "2", "--rounds", "1"}, &out))
	require.Contains(t, out.String(), "quotes over HTTP")

	out.Reset()
	require.NoError(t, bench.Command(t.Context(), []string{"quotes", "--json", "--for", "20ms", "--connections", "2", "--rounds", "1"}, &out))
	var report bench.Report
	require.NoError(t, json.Unmarshal(out.Bytes(), &report))
	require.GreaterOrEqual(t, len(report.Measures), 3)

	out.Reset()
	require.NoError(t, bench.Command(t.Context(), nil, &out))
	require.Contains(t, out.String(), "decisions")
	require.ErrorContains(t, bench.Command(t.Context(), []string{"nothing"}, &out), "catalogue")
	require.ErrorContains(t, bench.Command(t.Context(), []string{"quotes", "more"}, &out), "more")
}
