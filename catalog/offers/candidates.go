package offers

import (
	"context"
	"fmt"

	"yunhui/catalog/matching"
	"yunhui/services/kernel"
	"yunhui/services/search"
)

// mostCandidates bounds how many offers are looked at for one need.
const mostCandidates = 300

// Matches ranks what is on sale for a need.
func (s *Shelf) Matches(ctx context.Context, need matching.Need) ([]matching.Ranked, error) {
	candidates, err := s.candidates(ctx, need)
	if err != nil {
		return nil, err
	}
	return matching.Rank(need, candidates), nil
}

// candidates gathers the best hits by words anywhere, by words in the category
// asked for, and the rest of that category.
func (s *Shelf) candidates(ctx context.Context, need matching.Need) ([]matching.Candidate, error) {
	queries := []search.Query{{Text: need.Text, Match: search.MatchAny, Why: true, Limit: mostCandidates}}
	if need.Category != "" {
		within := map[string][]string{columnCategory: {need.Category}}
		queries = append(queries,
			search.Query{Text: need.Text, Match: search.MatchAny, Why: true, Limit: mostCandidates, Filters: within},
			search.Query{Filters: within, Limit: mostCandidates})
	}
	var out []matching.Candidate
	seen := map[string]bool{}
	for i, q := range queries {
		page, err := s.index.Find(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("candidates: %w", err)
		}
		if i == 2 {
			for n := range page.Hits {
				page.Hits[n].Score = 0 // not by words
			}
		}
		s.mu.RLock()
		for _, h := range page.Hits {
			if b := s.briefs[kernel.ID(h.ID)]; b != nil && !seen[h.ID] {
				seen[h.ID] = true
				out = append(out, candidate(need, b, h))
			}
		}
		s.mu.RUnlock()
	}
	return out, nil
}

func candidate(need matching.Need, b *OfferBrief, h search.Hit) matching.Candidate {
	pieces := make([]string, 0, len(h.Why))
	for _, why := range h.Why {
		pieces = append(pieces, why.Asked)
	}
	return matching.Candidate{
		Offer: b.ID, Provider: b.Provider.ID, Score: h.Score, Words: matching.Tell(need.Text, pieces),
		Category: b.Category, Chains: b.Chains, Sizes: b.Sizes, District: b.district, FirstYear: b.firstYear, Integrates: b.Integrates,
	}
}
