package demo

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"yunhui/catalog"
	"yunhui/services/kernel"
	"yunhui/services/registry"
)

func TestOffersStandOnKnownWordsAndCoverEveryLeaf(t *testing.T) {
	t.Parallel()
	c := content(t)
	providers, offered, keys := map[string]bool{}, map[string]int{}, map[string]bool{}
	for _, p := range c.Providers {
		require.False(t, providers[p.Key], p.Key)
		providers[p.Key] = true
		require.NotEmpty(t, p.Strengths, p.Key)
		for _, s := range p.Strengths {
			leaf(t, s)
		}
	}
	active := map[string]bool{}
	for _, o := range c.Offers {
		require.False(t, keys[o.Key], o.Key)
		keys[o.Key] = true
		require.True(t, providers[o.Provider], o.Provider)
		active[o.Provider] = true
		leaf(t, o.Category)
		offered[o.Category]++
		require.Contains(t, catalog.Depths, o.Depth, o.Key)
		require.Contains(t, []string{"A", "B"}, o.Class, o.Key)
		chainKeys(t, o.Chains)
		require.NotEmpty(t, o.Sizes, o.Key)
		for _, s := range o.Sizes {
			require.True(t, registry.SizeClass(s).Valid(), o.Key)
		}
		checkPlans(t, o)
	}
	require.Len(t, active, len(providers), "every provider sells something")
	for _, k := range catalog.Categories() {
		if k.Leaf() {
			require.GreaterOrEqual(t, offered[k.Code], 2, k.Code)
		}
	}
}

func leaf(t *testing.T, code string) {
	t.Helper()
	k, ok := catalog.FindCategory(code)
	require.True(t, ok && k.Leaf(), code)
}

func checkPlans(t *testing.T, o Offer) {
	t.Helper()
	require.GreaterOrEqual(t, len(o.Plans), 2, o.Key)
	require.LessOrEqual(t, len(o.Plans), 4, o.Key)
	keys := map[string]bool{}
	for _, p := range o.Plans {
		require.False(t, keys[p.Key], "%s/%s", o.Key, p.Key)
		keys[p.Key] = true
		require.Contains(t, catalog.Units, p.Unit, o.Key)
		require.GreaterOrEqual(t, p.Price, kernel.Fen(30_00), "%s/%s", o.Key, p.Key)
		require.LessOrEqual(t, p.Price, kernel.Fen(300_000_00), "%s/%s", o.Key, p.Key)
	}
}

func TestNeedsCanBeAnswered(t *testing.T) {
	t.Parallel()
	c := content(t)
	known := map[string]bool{}
	for _, o := range c.Offers {
		for _, s := range o.Systems {
			known[s.ZH] = true
		}
	}
	for _, e := range c.Enterprises {
		require.NotEmpty(t, e.Needs, e.Key)
		require.LessOrEqual(t, len(e.Needs), 2, e.Key)
		for _, n := range e.Needs {
			require.Positive(t, n.Budget, e.Key)
			require.Positive(t, n.ByWhen, e.Key)
			if n.Category != "" {
				leaf(t, n.Category)
			}
			for _, s := range n.Systems {
				require.True(t, known[s.ZH], "%s uses %s, which no offer works with", e.Key, s.ZH)
			}
		}
	}
}

func TestDescriptionsAreWrittenOneByOne(t *testing.T) {
	t.Parallel()
	offers := content(t).Offers
	end := regexp.MustCompile(`[。！？]|[.!?](\s|$)`)
	for _, side := range []string{"zh", "en"} {
		sets := make([]map[string]bool, len(offers))
		for i, o := range offers {
			s := o.Description.In(side)
			n := len(end.FindAllString(s, -1))
			require.True(t, n >= 3 && n <= 6, "%s has %d sentences in %s", o.Key, n, side)
			sets[i] = shingles(s)
			for j := range i {
				require.Less(t, likeness(sets[i], sets[j]), 0.15, "%s and %s (%s)", o.Key, offers[j].Key, side)
			}
		}
	}
}

// shingles are the runs of five characters of a text.
func shingles(s string) map[string]bool {
	r, set := []rune(s), map[string]bool{}
	for i := 0; i+5 <= len(r); i++ {
		set[string(r[i:i+5])] = true
	}
	return set
}

// likeness is the share of runs that two texts have in common (Jaccard).
func likeness(a, b map[string]bool) float64 {
	both := 0
	for k := range a {
		if b[k] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
