package simulation

import (
	"context"
	"encoding/json"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/services/kernel"
	"yunhui/subsidies/policies"
	"yunhui/subsidies/rules"
)

func demo(t testing.TB, change func(*rules.Document)) rules.Document {
	t.Helper()
	doc, ok := policies.Find("chongqing-demo-2026")
	require.True(t, ok)
	copied, err := doc.Clone()
	require.NoError(t, err)
	if change != nil {
		change(&copied)
	}
	return copied
}

func lanesOf(t testing.TB, docs ...rules.Document) []lane {
	t.Helper()
	var out []lane
	for _, d := range docs {
		l, err := newLane(d)
		require.NoError(t, err)
		out = append(out, l)
	}
	return out
}

func run(t testing.TB, lanes []lane, sources ...source) Result {
	t.Helper()
	sum, err := replay(t.Context(), lanes, sources, func(int) {})
	require.NoError(t, err)
	return sum.conclude(1_000_000_000)
}

func richer(d *rules.Document) {
	for i := range d.Rates {
		if d.Rates[i].Rate != nil {
			rate := *d.Rates[i].Rate + 500
			d.Rates[i].Rate = &rate
		}
	}
}

// TestTheSameSeedGivesTheSameBytes, however the work is shared out.
//
//nolint:paralleltest // it sets how many cores there are
func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	lanes := func() []lane { return lanesOf(t, demo(t, richer), demo(t, nil), demo(t, nil)) }
	var first []byte
	for _, cores := range []int{1, 2, 3, 7, 16, 2, 2} {
		before := runtime.GOMAXPROCS(cores)
		got, err := json.Marshal(run(t, lanes(), newSynthetic(20_000, 7, "2027-01-01")))
		runtime.GOMAXPROCS(before)
		require.NoError(t, err)
		if first == nil {
			first = got
		}
		require.Equal(t, string(first), string(got), "on %d cores", cores)
	}
	other, err := json.Marshal(run(t, lanes(), newSynthetic(20_000, 8, "2027-01-01")))
	require.NoError(t, err)
	require.NotEqual(t, string(first), string(other))
}

func TestTheSumsAgree(t *testing.T) {
	t.Parallel()
	r := run(t, lanesOf(t, demo(t, richer), demo(t, nil), demo(t, richer)), newSynthetic(9_999, 1, "2027-01-01"))
	require.EqualValues(t, 9_999, r.Claims)
	require.Zero(t, r.Unreadable)
	require.Equal(t, r.Claims, r.Winners.Count+r.Losers.Count+r.Unchanged)
	require.Equal(t, r.Cost-r.Before, r.Winners.Sum-r.Losers.Sum)
	require.Positive(t, r.Winners.Count)
	require.Len(t, r.ByMonth, 12)
	for name, buckets := range map[string][]Bucket{"month": r.ByMonth, "district": r.ByDistrict, "size": r.BySize, "category": r.ByCategory} {
		var sum Bucket
		for _, b := range buckets {
			sum.add(b.Claims, b.Granted, b.Cost, b.Before)
		}
		require.Equal(t, Bucket{Claims: r.Claims, Granted: r.Granted, Cost: r.Cost, Before: r.Before}, sum, name)
	}
	last := r.Curve[len(r.Curve)-1]
	require.Equal(t, r.Cost, last.Cost)
	var over kernel.Date
	for _, s := range r.Curve {
		if s.Cost > r.Budget && over == "" {
			over = s.Day
		}
	}
	require.Equal(t, over, r.ExhaustedOn)
	require.NotEmpty(t, over)
	require.NotEmpty(t, r.Reasons)
	require.Len(t, r.Winners.Top, top)
}

func TestADraftThatChangesNothingMovesNobody(t *testing.T) {
	t.Parallel()
	r := run(t, lanesOf(t, demo(t, nil), demo(t, nil)), newSynthetic(3_000, 3, "2027-01-01"))
	require.Equal(t, r.Claims, r.Unchanged)
	require.Equal(t, r.Cost, r.Before)
	require.Empty(t, r.Winners.Top)
}

// claims is a source of given facts.
type claims []rules.Facts

func (c claims) each(_ context.Context, yield func([]item) error) error {
	for i, f := range c {
		if err := yield([]item{{number: string(rune('a' + i)), firm: f.Enterprise.CreditCode, past: true, place: uint64(i)}}); err != nil {
			return err
		}
	}
	return nil
}

func (c claims) facts(i item) (rules.Facts, error) { return c[i.place], nil }

func claimOf(firm string, on kernel.Date, price kernel.Fen) rules.Facts {
	return rules.Facts{
		On: on, Enterprise: rules.EnterpriseFacts{CreditCode: firm, District: "500103", SizeClass: "small", FoundedOn: "2015-02-28", Verified: true},
		Provider: rules.ProviderFacts{CreditCode: "p", Admitted: true}, Lines: []rules.Line{{Category: "app.erp", Depth: "business", ListPrice: price, Quantity: 1}},
		Used: rules.Used{ThisYear: 99, ThisPolicy: 99, Purchases: 9}, // of the day, under another law: not to be believed
	}
}

// TestAFirmsClaimsDrawOnOneCeilingInTheirOrder: ¥200,000 a year, 30 %.
func TestAFirmsClaimsDrawOnOneCeilingInTheirOrder(t *testing.T) {
	t.Parallel()
	r := run(t, lanesOf(t, demo(t, nil), demo(t, nil)), claims{
		claimOf("a", "2026-03-01", 50_000_000), claimOf("b", "2026-03-02", 50_000_000), claimOf("a", "2026-03-03", 50_000_000),
		claimOf("a", "2026-03-04", 50_000_000), claimOf("a", "2027-01-01", 50_000_000),
	})
	want := []kernel.Fen{35_000_000, 15_000_000} // a's 150,000 + 50,000 + 0 and b's in 2026, a's again in 2027
	require.Equal(t, []Bucket{{"2026-03", 4, 3, want[0], want[0]}, {"2027-01", 1, 1, want[1], want[1]}}, r.ByMonth)
}

func TestPastClaimsAreMovedIntoTheYearsOfTheDraft(t *testing.T) {
	t.Parallel()
	require.Equal(t, 1, yearsUntil("2026-03-01", "2026-12-01"))
	require.Zero(t, yearsUntil("2026-03-01", ""))
	require.Zero(t, yearsUntil("2026-03-01", "2026-03-01"))
	require.Equal(t, kernel.Date("2029-02-28"), later("2028-02-29", 1))
	require.Equal(t, kernel.Date("2032-02-29"), later("2028-02-29", 4))
	lanes := lanesOf(t, demo(t, nil), demo(t, nil))
	lanes[0].years = 1
	r := run(t, lanes, claims{claimOf("a", "2026-03-01", 100_000)})
	require.Equal(t, "2027-03", r.ByMonth[0].Key)
	require.Equal(t, kernel.Date("2027-03-01"), r.Curve[0].Day)
}

func TestAClaimThatCannotBeReadIsCounted(t *testing.T) {
	t.Parallel()
	bad := claimOf("a", "2026-03-01", 100)
	bad.Lines[0].Discount = 200
	r := run(t, lanesOf(t, demo(t, nil), demo(t, nil)), claims{bad, claimOf("a", "2026-03-01", 100_000)})
	require.Equal(t, []int64{1, 1}, []int64{r.Unreadable, r.Claims})
}

func TestACancelledReplayStopsAndGivesNothing(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	var seen atomic.Int64
	_, err := replay(ctx, lanesOf(t, demo(t, nil), demo(t, nil)), []source{newSynthetic(200_000, 1, "2027-01-01")}, func(n int) {
		if seen.Add(int64(n)) > 2_000 {
			cancel()
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, seen.Load(), int64(20_000))
}

func TestOneFigureIsVaried(t *testing.T) {
	t.Parallel()
	doc := demo(t, nil)
	changed, err := vary(doc, "caps[0].limit_fen", 12_300)
	require.NoError(t, err)
	require.EqualValues(t, 12_300, changed.Caps[0].Limit)
	require.NotEqual(t, doc.Caps[0].Limit, changed.Caps[0].Limit)
	for path, value := range map[string]int64{"": 1, "caps": 1, "caps[99].limit_fen": 1, "title.zh": 1, "caps[0]": 1, "caps.limit_fen": 1, "none": 1, "a..b": 1, "[0]": 1, "caps[-1].limit_fen": 1, "caps[0].limit_fen": -5, "version": 0} {
		_, err := vary(doc, path, value)
		require.NotNil(t, kernel.AsError(err), path)
	}
}

func BenchmarkReplay(b *testing.B) {
	lanes := lanesOf(b, demo(b, richer), demo(b, nil))
	for b.Loop() {
		r := run(b, lanes, newSynthetic(150_000, 1, "2027-01-01"))
		require.EqualValues(b, 150_000, r.Claims)
	}
	b.ReportAllocs()
}
