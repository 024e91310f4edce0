package openings_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/services/kernel"
	"yunhui/subsidies"
	"yunhui/subsidies/budget"
	"yunhui/subsidies/openings"
)

var someday = time.Date(2026, 3, 2, 1, 2, 3, 456_789_000, time.UTC)

func someLots(t *rapid.T) []openings.Lot {
	bands := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 80).Draw(t, "bands")
	lots := make([]openings.Lot, len(bands))
	for i, b := range bands {
		lots[i] = openings.Lot{Number: i + 1, Agreement: fmt.Sprintf("A2026-%08d", i), Band: b, At: someday.Add(time.Duration(i) * time.Second)}
	}
	return lots
}

func seedOf(t *rapid.T, name string) string {
	return rapid.StringMatching("[0-9a-f]{64}").Draw(t, name)
}

func TestADrawIsAPermutationWhoseBandsNeverCross(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lots, seed := someLots(t), seedOf(t, "seed")
		order := openings.Order(lots, seed)
		require.ElementsMatch(t, lots, order)
		require.True(t, slices.IsSortedFunc(order, func(a, b openings.Lot) int { return a.Band - b.Band }))
		shuffled := rapid.Permutation(lots).Draw(t, "shuffled")
		require.Equal(t, order, openings.Order(shuffled, seed), "the order in which the list is read is no matter")
	})
}

func TestAnyChangeOfListOrSeedsChangesTheDraw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lots, a, b := someLots(t), seedOf(t, "a"), seedOf(t, "b")
		digest := openings.Digest(openings.List("p", "2026-03-31", lots))
		seed := openings.EffectiveSeed([]string{a, b}, digest)
		require.Equal(t, seed, openings.EffectiveSeed([]string{a, b}, digest), "replayed, it is the same")

		other := slices.Clone(lots)
		i := rapid.IntRange(0, len(lots)-1).Draw(t, "which")
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0:
			other[i].Band++
		case 1:
			other[i].At = other[i].At.Add(time.Microsecond)
		case 2:
			other[i].Agreement += "X"
		default:
			other = other[:i]
		}
		changed := openings.Digest(openings.List("p", "2026-03-31", other))
		require.NotEqual(t, digest, changed)
		require.NotEqual(t, seed, openings.EffectiveSeed([]string{a, b}, changed))
		require.NotEqual(t, digest, openings.Digest(openings.List("q", "2026-03-31", lots)), "a list belongs to its policy")
		require.NotEqual(t, openings.Key(seed, 1), openings.Key(seed, 2))

		c := seedOf(t, "c")
		if c != b {
			require.NotEqual(t, seed, openings.EffectiveSeed([]string{a, c}, digest))
			require.NotEqual(t, seed, openings.EffectiveSeed([]string{c, b}, digest))
		}
	})
}

// TestTheRecipe holds the draw to figures that were made with coreutils and
// openssl, as docs/draws.md tells everybody to.
func TestTheRecipe(t *testing.T) {
	t.Parallel()
	lots := []openings.Lot{{1, "A2026-AAAAAAAA", 2, someday}, {2, "A2026-BBBBBBBB", 1, someday.Add(time.Second)}, {3, "A2026-CCCCCCCC", 2, someday.Add(time.Minute)}}
	list := openings.List("demo", "2026-03-31", lots)
	require.Equal(t, "yunhui-draw-1\tdemo\t2026-03-31\t3\n1\tA2026-AAAAAAAA\t2\t2026-03-02T01:02:03.456789Z\n2\tA2026-BBBBBBBB\t1\t2026-03-02T01:02:04.456789Z\n3\tA2026-CCCCCCCC\t2\t2026-03-02T01:03:03.456789Z\n", string(list))
	one, two := strings.Repeat("01", 32), strings.Repeat("ef", 32)
	require.Equal(t, "fca36608a37de800219574bb504cafa63383240a4e36331fc2332ace5583e39f", openings.Digest(list))
	require.Equal(t, "58badd9b455145b487ad24c7f259cc437cc4ffd0784716845249321fb5961cfc", openings.Pledge(one))
	seed := openings.EffectiveSeed([]string{one, two}, openings.Digest(list))
	require.Equal(t, "6af9c4802a5cf3f898c98dfd95f33d75cf2c660a96ad8465b3a133ddf4d99060", seed)
	require.Equal(t, "7d59b770536ad5afa678d63a0fcd527aaad8bb2959c5b0f88fced77b92788134", openings.Key(seed, 1))
	var order []int
	for _, l := range openings.Order(lots, seed) {
		order = append(order, l.Number)
	}
	require.Equal(t, []int{2, 3, 1}, order)
}

func TestASeedHasOneForm(t *testing.T) {
	t.Parallel()
	require.True(t, openings.SeedForm(strings.Repeat("0f", 32)))
	for _, bad := range []string{"", "0f", strings.Repeat("0F", 32), strings.Repeat("0g", 32), strings.Repeat("0f", 33), strings.Repeat("0f", 31) + "\n0"} {
		require.False(t, openings.SeedForm(bad), "%q", bad)
	}
}

// TestNobodyOvertakesWhoWaitsForTheSameMoney plays random lines: what is given
// out never exceeds what is free, and whoever gets nothing is followed by nobody
// who gets of the money that he lacked.
func TestNobodyOvertakesWhoWaitsForTheSameMoney(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		free := map[string]kernel.Fen{budget.City: kernel.Fen(rapid.IntRange(0, 400).Draw(t, "city"))}
		districts := []string{"a", "b", "c"}
		for _, d := range districts {
			free[d] = kernel.Fen(rapid.IntRange(0, 150).Draw(t, d))
		}
		left := maps.Clone(free)
		n := rapid.IntRange(1, 25).Draw(t, "n")
		line := openings.NewLine(nil, left)
		short := map[string]bool{}
		given := map[string]kernel.Fen{}
		for range n {
			d := rapid.SampledFrom(districts).Draw(t, "district")
			need := budget.Portion{Municipal: kernel.Fen(rapid.IntRange(0, 60).Draw(t, "municipal")), District: kernel.Fen(rapid.IntRange(0, 60).Draw(t, "share"))}
			if line.Take(d, need) {
				given[budget.City] += need.Municipal
				given[d] += need.District
				require.False(t, short[budget.City] && need.Municipal > 0, "overtakes in the city")
				require.False(t, short[d] && need.District > 0, "overtakes in the district")
				continue
			}
			short[budget.City] = short[budget.City] || free[budget.City]-given[budget.City] < need.Municipal && !short[d]
			short[d] = short[d] || free[d]-given[d] < need.District && !short[budget.City]
		}
		for scope, sum := range given {
			require.LessOrEqual(t, sum, free[scope], scope)
		}
	})
}

func TestWhoIsStillExaminedKeepsHisPlace(t *testing.T) {
	t.Parallel()
	ask := func(id kernel.ID, state subsidies.AgreementState, district string, city, share kernel.Fen) openings.Asker {
		return openings.Asker{ID: id, State: state, District: district, Municipal: city, Share: share}
	}
	free := func() map[string]kernel.Fen { return map[string]kernel.Fen{budget.City: 100, "a": 50, "b": 50} }
	all := []openings.Asker{
		ask("1", subsidies.AgreementEnterpriseConfirmed, "a", 60, 20), ask("2", subsidies.AgreementEnterpriseConfirmed, "b", 60, 20),
		ask("3", subsidies.AgreementWaiting, "b", 10, 10), ask("4", subsidies.AgreementEnterpriseConfirmed, "a", 0, 30),
	}
	reaches := func(id kernel.ID, need budget.Portion) bool { return openings.NewLine(all, free()).Reaches(id, need) }
	require.True(t, reaches("1", budget.Portion{Municipal: 60, District: 20}))
	require.False(t, reaches("2", budget.Portion{Municipal: 60, District: 20}), "the first one's money is held back for him")
	require.True(t, reaches("2", budget.Portion{Municipal: 40, District: 20}), "what it needs now counts, not what it was estimated at")
	require.False(t, reaches("3", budget.Portion{Municipal: 10, District: 10}), "a small one does not slip past")
	require.True(t, reaches("4", budget.Portion{District: 30}), "the city's shortage is no concern of who needs none of it")
	require.False(t, reaches("5", budget.Portion{}), "who is not in the line is not served")
	undrawn := openings.Asker{ID: "1", State: subsidies.AgreementWaiting, Band: 1}
	require.False(t, openings.NewLine([]openings.Asker{undrawn}, free()).Reaches("1", budget.Portion{}))
	require.False(t, undrawn.Turn())
	undrawn.Place = 1
	require.True(t, undrawn.Turn())
}
