package search

// Match says how much of the text a document must have.
type Match int

// The ways to match.
const (
	// MatchBest wants every word, and settles for any of them when no document
	// has all; the page then says so.
	MatchBest Match = iota
	// MatchAll wants every word.
	MatchAll
	// MatchAny takes any word: for a need told in whole sentences.
	MatchAny
)

// Query is what to look for. The zero Query lists everything.
type Query struct {
	Text  string
	Match Match
	// Filters keep documents that have, in every column named, at least one of
	// the values. A column without values does not filter.
	Filters map[string][]string
	Ranges  []Range
	Sort    Sort
	Limit   int    // hits of a page; 0 means 20, and 1,000 is the most
	After   string // Next of the page before
	// Facets names the keyword columns to count. A column's counts disregard its
	// own filter, so that a reader sees what adding another value would bring.
	Facets     []string
	FacetLimit int  // values of a facet, the most frequent first; 0 means 64
	Why        bool // tell for each hit what matched
}

// Range keeps documents whose number lies within the bounds, both included; nil
// is no bound. A document without the number is outside every range.
type Range struct {
	Column   string
	Min, Max *int64
}

// Sort is the order of hits; the zero Sort is by relevance. Documents without
// the number come last in both directions.
type Sort struct {
	Column string
	Desc   bool
}

// Page is one stretch of the answer. It may share memory with the index: it is
// to be read, not changed.
type Page struct {
	Hits    []Hit
	Total   int
	Facets  map[string][]Count
	Next    string // empty on the last page
	Relaxed bool   // no document had all the words; these have some
}

// Hit is a document found.
type Hit struct {
	ID    string
	Score int64 // comparable within one answer only
	Why   []Reason
}

// Reason is one part of the text and where it was found.
type Reason struct {
	Asked  string   // as typed, folded
	Found  string   // what stands for it in the document: itself, a synonym, a completion, a near spelling
	Fields []string // in the order in which the index met the field names
}

// Count is a value of a column and the number of documents that have it. A
// value filtered by is always listed, be it with none.
type Count struct {
	Value string
	Count int
}

const (
	defaultLimit      = 20
	maxLimit          = 1000
	defaultFacetLimit = 64
	maxText           = 900 // characters of a query that are read; more could overflow a score
)

func (q *Query) limit() int {
	switch {
	case q.Limit <= 0:
		return defaultLimit
	case q.Limit > maxLimit:
		return maxLimit
	}
	return q.Limit
}

func (q *Query) facetLimit() int {
	if q.FacetLimit <= 0 {
		return defaultFacetLimit
	}
	return q.FacetLimit
}
