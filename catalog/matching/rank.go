package matching

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"yunhui/services/kernel"
)

// Need is what a demand and its firm say.
type Need struct {
	ID        kernel.ID // of the demand
	Text      string
	Category  string // empty: not said
	Chains    []string
	SizeClass string
	District  string
	Budget    *kernel.Fen
	Systems   []string
}

// Candidate is an offer that may answer a need.
type Candidate struct {
	Offer      kernel.ID
	Provider   kernel.ID
	Score      int64    // of the text search, below 2^50; 0: no word was found
	Words      []string // of the need that were found in it
	Category   string
	Chains     []string // empty: any
	Sizes      []string // empty: any
	District   string   // of the provider
	FirstYear  kernel.Fen
	Integrates []string
}

// MatchReason is why an offer stands where it does. The points of all its reasons
// add up to its own.
type MatchReason struct {
	Code   string      `json:"code" enum:"words,category,budget,systems,chain,size,district"`
	Text   kernel.Text `json:"text"`
	Points int64       `json:"points"`
}

// Ranked is a candidate with its points.
type Ranked struct {
	Offer    kernel.ID
	Provider kernel.ID
	Points   int64
	Reasons  []MatchReason
}

// RankedProvider is a provider with its best offer.
type RankedProvider struct {
	Provider kernel.ID
	Best     Ranked
	Offers   int // how many of its offers were ranked
}

// Rank orders the candidates that have anything for them, the best first. Equal
// points are ordered by a digest of demand and offer, so that over many demands
// every provider comes first equally often.
func Rank(need Need, candidates []Candidate) []Ranked {
	var best int64
	for _, c := range candidates {
		best = max(best, c.Score)
	}
	out := make([]Ranked, 0, len(candidates))
	for _, c := range candidates {
		r := Ranked{Offer: c.Offer, Provider: c.Provider, Reasons: reasons(need, c, best)}
		for _, reason := range r.Reasons {
			r.Points += reason.Points
		}
		if relevant(r.Reasons) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Ranked) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(lot(need.ID, a.Offer), lot(need.ID, b.Offer)), cmp.Compare(a.Offer, b.Offer))
	})
	return out
}

// relevant refuses offers that only fit the firm and not its need.
func relevant(reasons []MatchReason) bool {
	return slices.ContainsFunc(reasons, func(r MatchReason) bool { return (r.Code == Words || r.Code == Category) && r.Points > 0 })
}

// Providers orders providers by their best offers.
func Providers(need Need, offers []Ranked) []RankedProvider {
	at := map[kernel.ID]int{}
	var out []RankedProvider
	for _, o := range offers {
		i, ok := at[o.Provider]
		if !ok {
			i = len(out)
			at[o.Provider] = i
			out = append(out, RankedProvider{Provider: o.Provider, Best: o})
		}
		out[i].Offers++
	}
	slices.SortStableFunc(out, func(a, b RankedProvider) int {
		return cmp.Or(cmp.Compare(b.Best.Points, a.Best.Points), cmp.Compare(lot(need.ID, a.Provider), lot(need.ID, b.Provider)), cmp.Compare(a.Provider, b.Provider))
	})
	return out
}

// lot draws a place for one of several equals. Anyone can draw it again.
func lot(demand, of kernel.ID) uint64 {
	sum := sha256.Sum256([]byte(string(demand) + "|" + string(of)))
	return binary.BigEndian.Uint64(sum[:8])
}
