package rules

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
)

// FuzzParse: whatever is handed in as a policy document, it is refused with words
// for its author, or it is computed, the same way each time, and reviewed.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"code":"a","version":1e9999}`))
	d := sample()
	f.Add([]byte(asJSON(f, d)))
	minimumAbove(&d)
	districtTwice(&d)
	bands(Band{To: 100, Rate: 1}, Band{From: 100, Rate: 1})(&d)
	f.Add([]byte(asJSON(f, d)))
	f.Add([]byte(asJSON(f, changing())))
	f.Add([]byte(asJSON(f, cited())))
	for _, pattern := range []string{"../policies/*.json", "../policies/testdata/*.json"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		require.NotEmpty(f, files)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := Parse(data)
		if err != nil {
			require.NotNil(t, kernel.AsError(err), "a bad document is the author's to mend: %v", err)
			return
		}
		again, err := Compile(d)
		require.NoError(t, err)
		require.JSONEq(t, asJSON(t, d), asJSON(t, again.Document()))
		for _, w := range Review(again) {
			require.NotEmpty(t, w.Message.EN)
		}
		q := facts(one(yuan(1000))...)
		q.Enterprise.FoundedOn, q.Enterprise.CreditCode = "2026-01-31", "91500103MAAY4CL12J"
		first, err := again.Quote(q)
		require.NoError(t, err)
		require.NoError(t, first.Legs.Conserved())
		second, err := again.Quote(q)
		require.NoError(t, err)
		require.Equal(t, asJSON(t, first), asJSON(t, second))
	})
}

// FuzzCondition: whatever stands in a condition, it is refused naming clause and
// column, or it is judged on any facts within its cost, and what is promised for a
// day is found on it.
func FuzzCondition(f *testing.F) {
	for _, e := range []string{
		"true", "enterprise.size_class in ['small']", "enterprise.age_months >= parameter.least_age", "!(on < '2027-01-01') || enterprise.star > 3",
		"lines.all(l, l.cost_kind != 'equipment' && l.list_price_fen > 0)", "enterprise.revenue_fen * 2 > 1", "enterprise.chains.exists(c, c == 'auto')",
		"agreement.months >= 6 && claim.first_invoice_on >= agreement.signed_on", "enterprise.founded_on <= on ? true : false", "on.matches('(a+)+$')",
		"size(lines) > 0 && lines[0].first_use", "'x' in {'x': 1}", "-9223372036854775808 < enterprise.head_count", "provider.group == 'others'", "1 == 1.0", "[1, 2].map(x, x)",
	} {
		f.Add(e, "2026-01-31", int64(5))
	}
	f.Fuzz(func(t *testing.T, expression, born string, revenue int64) {
		d := changing()
		d.Eligibility = append(d.Eligibility, Predicate{Clause: "1", Rule: words2("fuzzed"), Expression: expression})
		p, err := Compile(d)
		if err != nil {
			e := kernel.AsError(err)
			require.NotNil(t, e, "%v", err)
			for _, field := range e.Fields {
				require.NotEmpty(t, field.Message.ZH)
			}
			return
		}
		q := facts(one(yuan(1000))...)
		q.Enterprise.FoundedOn, q.Enterprise.Revenue = kernel.Date(born), kernel.Fen(revenue)
		if q.Check() != nil {
			q = facts(one(yuan(1000))...)
		}
		r, err := p.Quote(q)
		require.NoError(t, err)
		found := r.Eligibility[2]
		if found.EligibleFrom != "" {
			require.False(t, found.Passed)
			q.On = found.EligibleFrom
			later, err := p.Quote(q)
			require.NoError(t, err)
			require.True(t, later.Eligibility[2].Passed, expression)
		}
		_, err = json.Marshal(r)
		require.NoError(t, err)
	})
}
