package demo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies/gazette"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

// TestTheDraftOfTheCityCanBePublished in whatever year the city is loaded.
func TestTheDraftOfTheCityCanBePublished(t *testing.T) {
	t.Parallel()
	law, ok := policies.Find(policy)
	require.True(t, ok)
	for _, day := range []kernel.Date{today, "2026-12-31", "2027-01-01", "2028-02-29", "2035-06-01"} {
		doc, err := raised(law, day)
		require.NoError(t, err)
		p, err := rules.Compile(doc)
		require.NoError(t, err, day)
		require.NoError(t, p.CheckCases(), day)
		require.NoError(t, gazette.Next{Version: 2, From: max(day, law.Window.From)}.Check(doc), day)
		require.Len(t, p.RunCases(), 4)
	}
	require.Empty(t, law.Cases, "the law is not touched")
	require.EqualValues(t, 3000, *law.Rates[1].Rate)
}
