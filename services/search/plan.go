package search

import (
	"math"
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

// fillClause weighs every wording. None counts for rarer than the words typed
// (where those are in use at all), or a rare synonym or completion would
// outrank what was asked for.
func (p *plan) fillClause(s *snapshot, c *clause, to *planned) {
	ceiling := p.add(s, c.wordings[0], asTyped, math.MaxUint32, to)
	typed := len(c.wordings[0].terms)
	for _, w := range c.wordings[1:] {
		p.add(s, w, max(1, uint32(asSynonym*typed/len(w.terms))), ceiling, to)
	}
	if c.word {
		others, share := s.widen(&to.ways[0], c.open)
		for _, other := range others {
			p.add(s, wording{text: other, terms: []term{{word: other}}}, share, ceiling, to)
		}
	}
}

// add weighs a wording and returns how rare its terms are on average; if one of
// them is not in use, that tells nothing and is no ceiling to others.
func (p *plan) add(s *snapshot, w wording, share, ceiling uint32, to *planned) (rarity uint32) {
	start, inUse := len(p.room), true
	for _, t := range w.terms {
		heavy := s.weigh(t)
		rarity += heavy.factor
		inUse = inUse && !heavy.nowhere()
		heavy.factor = min(heavy.factor, ceiling) * share
		p.room = append(p.room, heavy)
	}
	to.ways = append(to.ways, way{w.text, p.room[start:len(p.room):len(p.room)]})
	if !inUse {
		return math.MaxUint32
	}
	return rarity / uint32(len(w.terms))
}

// widen returns the words that the one typed may be the beginning of, or, if it
// stands nowhere and begins none, those it may be a misspelling of.
func (s *snapshot) widen(typed *way, open bool) (others []string, share uint32) {
	word := typed.text
	if open && utf8.RuneCountInString(word) >= shortestBegun {
		others = s.begunBy(word)
	}
	if len(others) == 0 && typed.terms[0].nowhere() && utf8.RuneCountInString(word) >= shortestMisspelt {
		return s.near(word), asMisspelt
	}
	return others, asBegun
}

// weigh looks a term up. How rare it is, the base alone tells.
func (s *snapshot) weigh(t term) weighed {
	w := weighed{term: t}
	for i := range s.views {
		w.spans[i] = s.views[i].span(t)
	}
	w.factor = s.views[0].stats.idf(w.spans[0].size())
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
