package matching_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"yunhui/catalog"
	"yunhui/catalog/matching"
	"yunhui/services/kernel"
)

func leaves() (out []string) {
	for _, c := range catalog.Categories() {
		if c.Leaf() {
			out = append(out, c.Code)
		}
	}
	return out
}

func drawNeed(t *rapid.T) matching.Need {
	n := matching.Need{
		ID: "demand", Text: "库存对不上", Category: rapid.SampledFrom(append(leaves(), "", "app")).Draw(t, "category"),
		SizeClass: rapid.SampledFrom(append([]string{""}, catalog.Sizes...)).Draw(t, "size"), District: "500103",
		Chains:  rapid.SliceOfN(rapid.SampledFrom([]string{"motorcycles", "software", "robots"}), 0, 2).Draw(t, "chains"),
		Systems: rapid.SliceOfN(rapid.SampledFrom([]string{"用友 U8", "金蝶", "SAP"}), 0, 4).Draw(t, "systems"),
	}
	if rapid.Bool().Draw(t, "has budget") {
		b := kernel.Fen(rapid.Int64Range(1, int64(kernel.MaxFen)).Draw(t, "budget"))
		n.Budget = &b
	}
	return n
}

func drawCandidate(t *rapid.T, id string) matching.Candidate {
	return matching.Candidate{
		Offer: kernel.ID("offer-" + id), Provider: kernel.ID(rapid.SampledFrom([]string{"p1", "p2", "p3"}).Draw(t, "provider")),
		Score: rapid.Int64Range(0, 1<<40).Draw(t, "score"), Category: rapid.SampledFrom(leaves()).Draw(t, "own category"),
		Chains:   rapid.SliceOfN(rapid.SampledFrom([]string{"motorcycles", "robots"}), 0, 2).Draw(t, "own chains"),
		Sizes:    rapid.SliceOfN(rapid.SampledFrom(catalog.Sizes), 0, 3).Draw(t, "own sizes"),
		District: rapid.SampledFrom([]string{"500103", "500104"}).Draw(t, "own district"), FirstYear: kernel.Fen(rapid.Int64Range(0, int64(kernel.MaxFen)).Draw(t, "cost")),
		Integrates: rapid.SliceOfN(rapid.SampledFrom([]string{"用友U8+", "sap"}), 0, 2).Draw(t, "integrates"),
	}
}

func drawCandidates(t *rapid.T) []matching.Candidate {
	out := make([]matching.Candidate, rapid.IntRange(0, 12).Draw(t, "how many"))
	for i := range out {
		out[i] = drawCandidate(t, string(rune('a'+i)))
	}
	return out
}

func TestTheRankingIsItsReasonsAddedUp(t *testing.T) {
	t.Parallel()
	bounds := map[string]int64{}
	for _, w := range matching.Weights() {
		bounds[w.Code] = w.Most
	}
	rapid.Check(t, func(t *rapid.T) {
		ranked := matching.Rank(drawNeed(t), drawCandidates(t))
		for i, r := range ranked {
			var sum int64
			for _, reason := range r.Reasons {
				most, known := bounds[reason.Code]
				if !known || reason.Points < 0 || reason.Points > most || reason.Text.ZH == "" || reason.Text.EN == "" {
					t.Fatalf("%+v", reason)
				}
				sum += reason.Points
			}
			if sum != r.Points || (i > 0 && ranked[i-1].Points < r.Points) {
				t.Fatalf("%+v", ranked)
			}
		}
	})
}

func TestTheOrderOfCandidatesDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		need, candidates := drawNeed(t), drawCandidates(t)
		want := matching.Rank(need, candidates)
		shuffled := rapid.Permutation(candidates).Draw(t, "shuffled")
		got := matching.Rank(need, shuffled)
		if !slices.EqualFunc(want, got, func(a, b matching.Ranked) bool { return a.Offer == b.Offer && a.Points == b.Points }) {
			t.Fatalf("%v\n%v", want, got)
		}
		a, b := matching.Providers(need, want), matching.Providers(need, got)
		if !slices.EqualFunc(a, b, func(a, b matching.RankedProvider) bool {
			return a.Provider == b.Provider && a.Best.Offer == b.Best.Offer && a.Offers == b.Offers
		}) {
			t.Fatalf("%v\n%v", a, b)
		}
	})
}

func TestAnOfferThatGetsBetterNeverFalls(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		need, candidates := drawNeed(t), drawCandidates(t)
		if len(candidates) == 0 {
			return
		}
		i := rapid.IntRange(0, len(candidates)-1).Draw(t, "which")
		before := place(matching.Rank(need, candidates), candidates[i].Offer)
		better := slices.Clone(candidates)
		better[i].FirstYear /= 2
		better[i].District = need.District
		better[i].Chains = append(slices.Clone(better[i].Chains), need.Chains...)
		better[i].Integrates = append(slices.Clone(better[i].Integrates), need.Systems...)
		if after := place(matching.Rank(need, better), candidates[i].Offer); after > before {
			t.Fatalf("from %d to %d", before, after)
		}
	})
}

func place(ranked []matching.Ranked, offer kernel.ID) int {
	i := slices.IndexFunc(ranked, func(r matching.Ranked) bool { return r.Offer == offer })
	if i < 0 {
		return len(ranked)
	}
	return i
}

func TestEqualsTakeTurnsAtBeingFirst(t *testing.T) {
	t.Parallel()
	first := map[kernel.ID]int{}
	candidates := []matching.Candidate{{Offer: "o1", Provider: "p1", Category: "app.erp"}, {Offer: "o2", Provider: "p2", Category: "app.erp"}}
	for i := range 1000 {
		need := matching.Need{ID: kernel.ID(rune(0x4E00 + i)), Category: "app.erp"}
		ranked := matching.Rank(need, candidates)
		first[ranked[0].Offer]++
		first[matching.Providers(need, ranked)[0].Provider]++
	}
	for _, id := range []kernel.ID{"o1", "p1"} {
		require.InDelta(t, 500, first[id], 80)
	}
}

func TestWhatOnlyFitsTheFirmIsNotAnAnswer(t *testing.T) {
	t.Parallel()
	budget := kernel.Fen(100)
	need := matching.Need{ID: "d", Category: "app.erp", SizeClass: "small", District: "500103", Budget: &budget}
	ranked := matching.Rank(need, []matching.Candidate{
		{Offer: "other", Provider: "p", Category: "infra.compute", Sizes: []string{"small"}, District: "500103"},
		{Offer: "near", Provider: "p", Category: "app.crm", FirstYear: 121},
		{Offer: "right", Provider: "p", Category: "app.erp", FirstYear: 120},
	})
	require.Len(t, ranked, 2)
	require.Equal(t, kernel.ID("right"), ranked[0].Offer)
	require.Equal(t, kernel.ID("near"), ranked[1].Offer)
	require.Equal(t, []matching.MatchReason{
		{Code: "category", Text: ranked[0].Reasons[0].Text, Points: 25},
		{Code: "budget", Text: kernel.T("最低规格首年 ¥1.20，略超预算", "Its cheapest plan costs ¥1.20 in the first year, a little above your budget"), Points: 5},
		{Code: "size", Text: kernel.T("不限企业规模", "For firms of any size"), Points: 5},
	}, ranked[0].Reasons)
}

func TestMatchedWordsAreToldAsAPersonWouldSayThem(t *testing.T) {
	t.Parallel()
	need := "我们仓库的库存总是对不上，需要进销存软件，最好能接 ERP"
	require.Equal(t, []string{"进销存", "erp", "仓库", "库存"}, matching.Tell(need, []string{"我们", "仓库", "库存", "需要", "进销", "销存", "软件", "erp", "的"}))
	require.Empty(t, matching.Tell(need, []string{"我们", "需要", "的"}))
}
