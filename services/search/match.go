package search

import "math"

// matcher holds the lists that matching a text goes through.
type matcher struct {
	lists []weighedList
	way   []scored
	best  []scored
	sums  sums
	ways  sums
}

// all appends the documents that answer every clause. Terms without alternative
// are taken together, from the rarest on; a clause with alternatives begins if
// it is rarer still.
func (m *matcher) all(v *view, p *plan, to []scored) []scored {
	to = to[:0]
	lists, rarest, begins, ok := m.survey(v, p)
	if !ok {
		return to
	}
	if begins {
		to = m.clause(v, rarest, to)
		for _, l := range lists {
			to = narrow(to, l)
		}
	} else {
		to = intersection(lists, to)
		rarest = nil
	}
	for i := range p.clauses {
		if c := &p.clauses[i]; c != rarest && !c.weak && len(c.ways) > 1 {
			to = m.among(v, c, to, true)
		}
	}
	return m.addWeak(v, p, to)
}

// survey gathers the terms without alternative and finds the rarest clause with
// some; it is not ok if a term that is needed stands nowhere.
func (m *matcher) survey(v *view, p *plan) (lists []weighedList, rarest *planned, begins, ok bool) {
	lists = m.lists[:0]
	fewest := math.MaxInt
	for i := range p.clauses {
		switch c := &p.clauses[i]; {
		case c.weak:
		case len(c.ways) == 1:
			if lists, ok = listsOf(v, c.ways[0].terms, lists); !ok {
				return nil, nil, false, false
			}
		default:
			if n := c.atMost(v); n < fewest {
				rarest, fewest = c, n
			}
		}
	}
	m.lists = lists
	begins = rarest != nil
	for _, l := range lists {
		begins = begins && fewest < len(l.postings)
	}
	return lists, rarest, begins, true
}

// atMost bounds the documents that answer a clause.
func (c *planned) atMost(v *view) int {
	sum := 0
	for i := range c.ways {
		least := math.MaxInt
		for j := range c.ways[i].terms {
			least = min(least, c.ways[i].terms[j].spans[v.index].size())
		}
		sum += least
	}
	return sum
}

// any appends the documents that answer at least one clause that is not weak.
// Where nothing but the typed words will do, each pair of characters counts.
func (m *matcher) any(v *view, p *plan, to []scored) []scored {
	m.sums.grow(v.size())
	for i := range p.clauses {
		c := &p.clauses[i]
		switch {
		case c.weak:
		case len(c.ways) > 1:
			m.best = m.clause(v, c, m.best[:0])
			for _, s := range m.best {
				m.sums.add(s.doc(), s.score())
			}
		default:
			for _, t := range c.ways[0].terms {
				for _, posting := range v.list(t.spans[v.index]) {
					m.sums.add(posting.doc(), posting.impact()*t.factor)
				}
			}
		}
	}
	return m.addWeak(v, p, m.sums.drain(to[:0]))
}

// clause appends the documents that answer in any way, each with its best.
func (m *matcher) clause(v *view, c *planned, to []scored) []scored {
	m.ways.grow(v.size())
	var room [8]weighedList
	for i := range c.ways {
		lists, ok := listsOf(v, c.ways[i].terms, room[:0])
		switch {
		case !ok:
		case len(lists) == 1:
			for _, p := range lists[0].postings {
				m.ways.raise(p.doc(), p.impact()*lists[0].factor)
			}
		default:
			m.way = intersection(lists, m.way[:0])
			for _, s := range m.way {
				m.ways.raise(s.doc(), s.score())
			}
		}
	}
	return m.ways.drain(to)
}

// among adds what a clause is worth to documents already found, and drops those
// that do not answer it if it is required.
func (m *matcher) among(v *view, c *planned, found []scored, required bool) []scored {
	m.best = cleared(m.best, len(found))
	var room [8]weighedList
	for i := range c.ways {
		lists, ok := listsOf(v, c.ways[i].terms, room[:0])
		if !ok {
			continue
		}
		m.way = m.way[:0]
		for _, s := range found {
			m.way = append(m.way, s>>32<<32)
		}
		for _, l := range lists {
			m.way = narrow(m.way, l)
		}
		at := 0
		for _, s := range m.way {
			for found[at].doc() != s.doc() {
				at++
			}
			m.best[at] = max(m.best[at], scored(s.score()))
		}
	}
	kept := 0
	for i, s := range found {
		if m.best[i] > 0 || !required {
			found[kept] = s + m.best[i]
			kept++
		}
	}
	return found[:kept]
}

// addWeak lets the weak clauses add to what has been found.
func (m *matcher) addWeak(v *view, p *plan, found []scored) []scored {
	for i := range p.clauses {
		if c := &p.clauses[i]; c.weak && len(found) > 0 {
			found = m.among(v, c, found, false)
		}
	}
	return found
}
