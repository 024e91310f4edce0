package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// How much other wordings count, in sixteenths of the one typed.
const (
	asTyped    = 16
	asSynonym  = 12
	asBegun    = 8
	asMisspelt = 6
)

// Words shorter than this are neither completed nor mended.
const (
	shortestBegun    = 2
	shortestMisspelt = 5
)

// plan is a query's text made ready for one snapshot.
type plan struct {
	clauses []planned
	room    []weighed // that the ways' terms are cut from
}

type planned struct {
	asked string
	weak  bool
	ways  []way
}

// way is one wording: all its terms must be there.
type way struct {
	text  string
	terms []weighed
}

// weighed is a term, where it stands in each view, and what one unit of its
// impact adds to the score.
type weighed struct {
	term
	spans  [mostViews]span
	factor uint32
}

func (w *weighed) nowhere() bool { return w.spans == [mostViews]span{} }

// fill makes the plan anew, in the room of an old one.
func (p *plan) fill(s *snapshot, clauses []clause) {
	p.room = p.room[:0]
	p.clauses = sized(p.clauses[:cap(p.clauses)], len(clauses))
	for i := range clauses {
		c := &clauses[i]
		p.clauses[i] = planned{asked: c.asked, weak: c.weak, ways: p.clauses[i].ways[:0]}
		p.fillClause(s, c, &p.clauses[i])
	}
}

func (p *plan) fillClause(s *snapshot, c *clause, to *planned) {
	typed := len(c.wordings[0].terms)
	for i, w := range c.wordings {
		share := uint32(asTyped)
		if i > 0 {
			share = max(1, uint32(asSynonym*typed/len(w.terms)))
		}
		start := len(p.room)
		for _, t := range w.terms {
			p.room = append(p.room, s.weigh(t, share))
		}
		to.ways = append(to.ways, way{w.text, p.room[start:len(p.room):len(p.room)]})
	}
	if c.word {
		to.ways = s.widen(to.ways, c.wordings[0].text, c.open)
	}
}

// widen adds the words that the last one may be the beginning of, and for a
// word that stands nowhere those it may be a misspelling of. None counts for
// rarer than the word typed, or a rare completion would outrank the word itself.
func (s *snapshot) widen(ways []way, word string, open bool) []way {
	typed := s.weigh(term{word: word}, 1)
	inUse := !typed.nowhere()
	var others []string
	share := uint32(asBegun)
	if open && utf8.RuneCountInString(word) >= shortestBegun {
		others = s.begunBy(word)
	}
	if !inUse && len(others) == 0 && utf8.RuneCountInString(word) >= shortestMisspelt {
		others, share = s.near(word), asMisspelt
	}
	for _, other := range others {
		w := s.weigh(term{word: other}, 1)
		if inUse {
			w.factor = min(w.factor, typed.factor)
		}
		w.factor *= share
		ways = append(ways, way{other, []weighed{w}})
	}
	return ways
}

// weigh looks a term up. How rare it is, the base alone tells.
func (s *snapshot) weigh(t term, share uint32) weighed {
	w := weighed{term: t}
	for i := range s.views {
		w.spans[i] = s.views[i].span(t)
	}
	w.factor = s.views[0].stats.idf(w.spans[0].size()) * share
	return w
}

func (g *segment) span(t term) span {
	if t.word != "" {
		return g.word(t.word)
	}
	return g.gram(t.gram)
}

// begunBy returns the words longer than the prefix that begin with it.
func (s *snapshot) begunBy(prefix string) []string {
	var found []string
	for _, v := range s.views {
		i, _ := slices.BinarySearch(v.words, prefix)
		for ; i < len(v.words) && strings.HasPrefix(v.words[i], prefix); i++ {
			if len(v.words[i]) > len(prefix) {
				found = append(found, v.words[i])
			}
		}
	}
	return distinct(found, len(s.views))
}

// near returns the words one slip away. The first letter is taken for right.
func (s *snapshot) near(word string) []string {
	first, _ := utf8.DecodeRuneInString(word)
	initial := string(first)
	var found []string
	for _, v := range s.views {
		i, _ := slices.BinarySearch(v.words, initial)
		for ; i < len(v.words) && strings.HasPrefix(v.words[i], initial); i++ {
			if oneSlip(word, v.words[i]) {
				found = append(found, v.words[i])
			}
		}
	}
	return distinct(found, len(s.views))
}

func distinct(words []string, views int) []string {
	if views < 2 {
		return words
	}
	slices.Sort(words)
	return slices.Compact(words)
}
