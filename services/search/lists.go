package search

import "slices"

// scored is a document in the upper half and its score in the lower, so that
// lists of them sort, merge and add up as plain numbers.
type scored uint64

func (s scored) doc() uint32   { return uint32(s >> 32) }
func (s scored) score() uint32 { return uint32(s) }

// weighedList is a term's postings in one view; impacts only for a frequent one.
type weighedList struct {
	postings []posting
	impacts  []uint8
	factor   uint32
}

// listsOf appends the postings of all terms; it is not ok if one stands nowhere.
func listsOf(v *view, terms []weighed, to []weighedList) (lists []weighedList, ok bool) {
	for i := range terms {
		s := terms[i].spans[v.index]
		if s.size() == 0 {
			return to, false
		}
		to = append(to, weighedList{v.list(s), v.impactsOf(s, v.size()), terms[i].factor})
	}
	return to, true
}

// intersection appends the documents that stand in all lists, from the shortest on.
func intersection(lists []weighedList, to []scored) []scored {
	slices.SortFunc(lists, func(a, b weighedList) int { return len(a.postings) - len(b.postings) })
	first := lists[0]
	for _, p := range first.postings {
		to = append(to, scored(p.doc())<<32|scored(p.impact()*first.factor))
	}
	for _, l := range lists[1:] {
		to = narrow(to, l)
	}
	return to
}

// narrow keeps what stands in the list too, adding what it scores there.
func narrow(found []scored, l weighedList) []scored {
	if l.impacts != nil {
		return narrowByImpacts(found, l)
	}
	kept, at := 0, 0
	far := len(l.postings) > 8*len(found)
	for _, s := range found {
		doc := s.doc()
		if far {
			at = seek(l.postings, at, doc)
		} else {
			for at < len(l.postings) && l.postings[at].doc() < doc {
				at++
			}
		}
		if at == len(l.postings) {
			break
		}
		if p := l.postings[at]; p.doc() == doc {
			found[kept] = s + scored(p.impact()*l.factor)
			kept++
		}
	}
	return found[:kept]
}

func narrowByImpacts(found []scored, l weighedList) []scored {
	kept := 0
	for _, s := range found {
		if impact := l.impacts[s.doc()]; impact != 0 {
			found[kept] = s + scored(uint32(impact)*l.factor)
			kept++
		}
	}
	return found[:kept]
}
