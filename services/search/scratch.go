package search

import "sync"

// scratch is the working memory of one query, reused by later ones.
type scratch struct {
	parts  []part
	counts []uint32
	docs   []uint32
	other  bitmap
	top    smallest
	found  []candidate
	match  matcher
	plan   plan
}

// part is what a query has made of one view.
type part struct {
	hits     []scored // what the text matches, by document; may name removed documents
	exact    bool     // the hits are the set, which is then made only when needed
	within   bitmap   // documents that pass all but the keyword filters
	set      bitmap   // documents found; see setOf
	count    int      // how many
	filters  []bitmap // documents that pass each keyword filter
	members  []uint32 // the set as a list...
	listed   bool     // ...once it has been asked for
	ownBits  [2]bitmap
	ownMarks []bitmap
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

func (s *scratch) prepare(views []view) {
	for len(s.parts) < len(views) {
		s.parts = append(s.parts, part{})
	}
	for i := range views {
		p := &s.parts[i]
		*p = part{
			hits: p.hits[:0], filters: p.filters[:0], members: p.members[:0],
			ownBits: p.ownBits, ownMarks: p.ownMarks,
		}
	}
	s.found = s.found[:0]
}

// release gives the memory back, holding on to nothing of the snapshot: an old
// one must be free to go.
func (s *scratch) release() {
	clear(s.match.lists[:cap(s.match.lists)])
	for i := range s.parts {
		p := &s.parts[i]
		clear(p.filters)
		p.within, p.set = nil, nil
	}
	scratches.Put(s)
}

// list returns the set as a list of documents.
func (p *part) list() []uint32 {
	switch {
	case p.listed:
	case p.exact:
		for _, s := range p.hits {
			p.members = append(p.members, s.doc())
		}
	default:
		p.members = p.set.list(p.members)
	}
	p.listed = true
	return p.members
}

func (s *scratch) countsFor(values int) []uint32 {
	s.counts = cleared(s.counts, values)
	return s.counts
}

func (p *part) bits(i, documents int) bitmap {
	p.ownBits[i] = sized(p.ownBits[i], (documents+63)/64)
	return p.ownBits[i]
}

// marks returns the n-th empty bitmap for a filter.
func (p *part) marks(n, documents int) bitmap {
	for len(p.ownMarks) <= n {
		p.ownMarks = append(p.ownMarks, nil)
	}
	p.ownMarks[n] = cleared(p.ownMarks[n], (documents+63)/64)
	return p.ownMarks[n]
}

func sized[S ~[]E, E any](s S, n int) S {
	if cap(s) < n {
		return make(S, n)
	}
	return s[:n]
}

func cleared[S ~[]E, E any](s S, n int) S {
	s = sized(s, n)
	clear(s)
	return s
}
