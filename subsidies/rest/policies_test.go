package rest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/database"
	"yunhui/services/kernel"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/subsidiestest"
)

func TestAnybodyReadsInWordsHowTwoVersionsDiffer(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	publish := func(change func(version int) (rate kernel.Rate, from kernel.Date), version int) {
		doc := subsidiestest.Document(t, "compared")
		rate, from := change(version)
		doc.Version, doc.InForceFrom, doc.Rates[0].Rate = version, from, &rate
		require.NoError(t, database.Run(t.Context(), c.city.DB, "test.publish", func(tx *database.Tx) error { return gazette.Publish(tx, doc) }))
	}
	terms := func(version int) (kernel.Rate, kernel.Date) {
		if version == 1 {
			return 4000, ""
		}
		return 4250, "2027-01-01"
	}
	publish(terms, 1)
	publish(terms, 2)

	status, out := c.ask(subsidiestest.Nobody, "GET", "/api/v1/policies/compared/changes?from=1&to=2", "")
	require.Equal(t, 200, status, out)
	told := fmt.Sprint(out["items"])
	for _, part := range []string{"rates[0].rate_bp", "40%", "42.5%", "in_force_from"} {
		require.Contains(t, told, part)
	}
	status, same := c.ask(subsidiestest.Nobody, "GET", "/api/v1/policies/compared/changes?from=2&to=2", "")
	require.Equal(t, []any{200, "[]"}, []any{status, fmt.Sprint(same["items"])})
	for query, want := range map[string]int{"from=1&to=9": 404, "from=0&to=1": 422, "to=1": 422, "from=x&to=1": 422} {
		status, refused := c.ask(subsidiestest.Nobody, "GET", "/api/v1/policies/compared/changes?"+query, "")
		require.Equal(t, want, status, "%s: %v", query, refused)
		require.NotContains(t, fmt.Sprint(refused), "rate_bp")
	}
}
