package offers

import (
	"context"
	"fmt"
	"strings"

	"yunhui/catalog"
	"yunhui/services/kernel"
	"yunhui/services/search"
)

// Query is what a visitor looks for. Empty fields do not narrow.
type Query struct {
	Text     string
	Category string // a leaf, or a parent with all below it
	Depth    string
	Provider kernel.ID
	Chain    string
	Size     string
	PriceMax *kernel.Fen
	Sort     string // relevance, price, -price or newest; empty: relevance
	Limit    int
	After    string // Next of the page before
}

// Found is one page of the answer.
type Found struct {
	Items   []OfferBrief
	Facets  Facets
	Total   int
	Next    string
	Relaxed bool // no offer had all the words; these have some
}

var facetColumns = []string{columnCategory, columnDepth, columnProvider, columnChain, columnSize}

// Find answers from memory. Without words, relevance means the newest first.
func (s *Shelf) Find(ctx context.Context, q Query) (Found, error) {
	page, err := s.index.Find(ctx, search.Query{
		Text: q.Text, Filters: q.filters(), Ranges: q.ranges(), Sort: q.order(), Limit: q.Limit, After: q.After, Facets: facetColumns,
	})
	if err != nil {
		return Found{}, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return Found{Items: s.items(page.Hits), Facets: s.facets(page.Facets, q.Provider), Total: page.Total, Next: page.Next, Relaxed: page.Relaxed}, nil
}

func (q Query) filters() map[string][]string {
	filters := map[string][]string{}
	for column, value := range map[string]string{
		columnCategory: q.Category, columnDepth: q.Depth, columnProvider: string(q.Provider), columnChain: q.Chain, columnSize: q.Size,
	} {
		if value != "" {
			filters[column] = []string{value}
		}
	}
	return filters
}

func (q Query) ranges() []search.Range {
	if q.PriceMax == nil {
		return nil
	}
	most := int64(*q.PriceMax)
	return []search.Range{{Column: columnPrice, Max: &most}}
}

func (q Query) order() search.Sort {
	switch {
	case q.Sort == "price":
		return search.Sort{Column: columnPrice}
	case q.Sort == "-price":
		return search.Sort{Column: columnPrice, Desc: true}
	case q.Sort == "newest" || strings.TrimSpace(q.Text) == "":
		return search.Sort{Column: columnListed, Desc: true}
	default:
		return search.Sort{}
	}
}

// items turns hits into briefs; the caller holds the lock. An offer that left
// between the two is left out.
func (s *Shelf) items(hits []search.Hit) []OfferBrief {
	out := make([]OfferBrief, 0, len(hits))
	for _, h := range hits {
		if b := s.briefs[kernel.ID(h.ID)]; b != nil {
			out = append(out, *b)
		}
	}
	return out
}

// Similar returns offers that resemble one, of the same category.
func (s *Shelf) Similar(ctx context.Context, o catalog.Offer, most int) ([]OfferBrief, error) {
	page, err := s.index.Find(ctx, search.Query{
		Text: o.NameZH + " " + o.NameEN + " " + o.SummaryZH, Match: search.MatchAny,
		Filters: map[string][]string{columnCategory: {o.Category}}, Limit: most + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("similar offers: %w", err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]OfferBrief, 0, most)
	for _, b := range s.items(page.Hits) {
		if b.ID != o.ID && len(out) < most {
			out = append(out, b)
		}
	}
	return out, nil
}

// Brief returns a listed offer, or false.
func (s *Shelf) Brief(id kernel.ID) (OfferBrief, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.briefs[id]
	if !ok {
		return OfferBrief{}, false
	}
	return *b, true
}

// Size tells how many offers are on the shelf.
func (s *Shelf) Size() int { return s.index.Size() }
