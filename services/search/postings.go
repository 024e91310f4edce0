package search

import "slices"

// lexicon holds the terms of a segment and where each stands: terms sorted,
// postings of all terms in one array, documents ascending within a term.
type lexicon struct {
	grams    []gram
	words    []string
	byFirst  []uint32          // where the pairs of each common first character begin among grams
	wordAt   map[string]uint32 // place of each word among words
	starts   []uint32          // of each gram's postings, then of each word's; one more than terms
	postings []posting         // document and how much the term tells about it
	fields   []uint8           // beside each posting, the fields as a bit mask

	// impacts of the terms that very many documents have, by document, under the
	// start of the term's span: 服务 stands nearly everywhere, and to ask for one
	// document is quicker than to seek it.
	impacts map[uint32][]uint8
}

// A term that one in so many documents has gets its impacts by document.
const impactsShare = 6

// posting is a document in the upper 24 bits and the impact in the lower 8.
type posting uint32

func (p posting) doc() uint32    { return uint32(p) >> 8 }
func (p posting) impact() uint32 { return uint32(p) & 0xFF }

// span is where the postings of a term lie.
type span struct{ start, end uint32 }

func (s span) size() int { return int(s.end - s.start) }

func (l *lexicon) gram(g gram) span {
	from, to := 0, len(l.grams)
	if i := int(g>>gramBits) - commonFirst; i >= 0 && i < len(l.byFirst)-1 {
		from, to = int(l.byFirst[i]), int(l.byFirst[i+1])
	}
	i, ok := slices.BinarySearch(l.grams[from:to], g)
	if !ok {
		return span{}
	}
	i += from
	return span{l.starts[i], l.starts[i+1]}
}

func (l *lexicon) word(w string) span {
	at, ok := l.wordAt[w]
	if !ok {
		return span{}
	}
	i := len(l.grams) + int(at)
	return span{l.starts[i], l.starts[i+1]}
}

// A lexicon smaller than this is searched fast enough without byFirst.
const fewGrams = 20_000

// indexFirsts fills byFirst: one step in place of the ten that miss the cache.
func (l *lexicon) indexFirsts() {
	if len(l.grams) < fewGrams {
		return
	}
	l.byFirst = make([]uint32, 0, commonLast-commonFirst+2)
	at := 0
	for c := rune(commonFirst); c <= commonLast+1; c++ {
		for at < len(l.grams) && l.grams[at] < pair(c, 0) {
			at++
		}
		l.byFirst = append(l.byFirst, uint32(at))
	}
}

func (l *lexicon) list(s span) []posting { return l.postings[s.start:s.end] }

// fieldsOf returns the fields in which the term of the span stands in a document.
func (l *lexicon) fieldsOf(s span, doc uint32) (mask uint8, ok bool) {
	i, ok := slices.BinarySearchFunc(l.list(s), doc, func(p posting, doc uint32) int {
		return int(p.doc()) - int(doc)
	})
	if !ok {
		return 0, false
	}
	return l.fields[int(s.start)+i], true
}

// seek returns the first place at or after from whose document is at least doc.
// It gallops, so a short list walks a long one in few steps.
func seek(list []posting, from int, doc uint32) int {
	step := 1
	high := from
	for high < len(list) && list[high].doc() < doc {
		from = high + 1
		high += step
		step <<= 1
	}
	high = min(high, len(list))
	for from < high {
		middle := int(uint(from+high) >> 1)
		if list[middle].doc() < doc {
			from = middle + 1
		} else {
			high = middle
		}
	}
	return from
}

// spread fills impacts.
func (l *lexicon) spread(documents int) {
	l.impacts = map[uint32][]uint8{}
	for i, start := range l.starts[:len(l.starts)-1] {
		s := span{start, l.starts[i+1]}
		if s.size() == 0 || s.size()*impactsShare < documents {
			continue
		}
		impacts := make([]uint8, documents)
		for _, p := range l.list(s) {
			impacts[p.doc()] = uint8(p.impact())
		}
		l.impacts[start] = impacts
	}
}

// impactsOf returns the impacts by document of a frequent term, else nil.
func (l *lexicon) impactsOf(s span, documents int) []uint8 {
	if s.size()*impactsShare < documents {
		return nil
	}
	return l.impacts[s.start]
}
