package search

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// oracle answers queries by looking at every document anew: slow, without
// postings, columns, bitmaps or cursors, and so plain that it can be believed.
type oracle struct {
	hierarchy string
	base      map[string]*oracleDoc // what scores rest on
	now       map[string]*oracleDoc
	stats     stats
}

type oracleDoc struct {
	Document
	frequency map[term]uint32
	length    uint32
	values    map[string][]string
}

func newOracle(hierarchy string, docs []Document) *oracle {
	o := &oracle{hierarchy: hierarchy, base: map[string]*oracleDoc{}}
	total := uint64(0)
	for _, d := range docs {
		o.base[d.ID] = o.read(d)
	}
	for _, d := range o.base {
		total += uint64(d.length)
	}
	o.stats = takeStats(len(o.base), total)
	o.now = maps.Clone(o.base)
	return o
}

func (o *oracle) put(d Document)   { o.now[d.ID] = o.read(d) }
func (o *oracle) remove(id string) { delete(o.now, id) }

func (o *oracle) read(d Document) *oracleDoc {
	r := &oracleDoc{Document: d, frequency: map[term]uint32{}, values: map[string][]string{}}
	for _, f := range d.Fields {
		units := split(fold(f.Text), nil)
		weight := uint32(max(1, f.Weight))
		r.length += weight * uint32(len(units))
		for i, u := range units {
			if u.char == 0 {
				r.frequency[term{word: u.text}] += weight
				continue
			}
			r.frequency[term{gram: single(u.char)}] += weight
			if u.glued {
				r.frequency[term{gram: pair(units[i-1].char, u.char)}] += weight
			}
		}
	}
	for column, values := range d.Keywords {
		for _, v := range values {
			r.values[column] = append(r.values[column], v)
			if column == o.hierarchy {
				for v = upper(v); v != ""; v = upper(v) {
					r.values[column] = append(r.values[column], v)
				}
			}
		}
		slices.Sort(r.values[column])
		r.values[column] = slices.Compact(r.values[column])
	}
	return r
}

func upper(path string) string {
	return path[:max(0, strings.LastIndexByte(path, '.'))]
}

type oracleHit struct {
	doc   *oracleDoc
	score uint32
}

// find returns all hits in order, the facets, and whether the text was relaxed.
func (o *oracle) find(q Query) ([]oracleHit, map[string][]Count, bool) {
	matched, relaxed := o.matched(q)
	var hits []oracleHit
	for doc, score := range matched {
		if o.passes(doc, q, "") {
			hits = append(hits, oracleHit{doc, score})
		}
	}
	slices.SortFunc(hits, func(a, b oracleHit) int { return compareHits(a, b, q.Sort) })
	facets := map[string][]Count{}
	for _, column := range q.Facets {
		facets[column] = o.facet(matched, q, column)
	}
	return hits, facets, relaxed
}

func compareHits(a, b oracleHit, s Sort) int {
	ids := cmp.Compare(a.doc.ID, b.doc.ID)
	if s.Column == "" {
		return cmp.Or(cmp.Compare(b.score, a.score), ids)
	}
	x, hasX := a.doc.Numbers[s.Column]
	y, hasY := b.doc.Numbers[s.Column]
	switch {
	case !hasX && !hasY:
		return ids
	case !hasX:
		return 1
	case !hasY:
		return -1
	case s.Desc:
		return -cmp.Or(cmp.Compare(x, y), ids)
	}
	return cmp.Or(cmp.Compare(x, y), ids)
}

func (o *oracle) passes(d *oracleDoc, q Query, except string) bool {
	for column, values := range q.Filters {
		if column == except || len(values) == 0 {
			continue
		}
		if !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(d.values[column], v) }) {
			return false
		}
	}
	for _, r := range q.Ranges {
		n, ok := d.Numbers[r.Column]
		if !ok || r.Min != nil && n < *r.Min || r.Max != nil && n > *r.Max {
			return false
		}
	}
	return true
}

func (o *oracle) facet(matched map[*oracleDoc]uint32, q Query, column string) []Count {
	counts := map[string]int{}
	for doc := range matched {
		if o.passes(doc, q, column) {
			for _, v := range doc.values[column] {
				counts[v]++
			}
		}
	}
	var facet []Count
	for v, n := range counts {
		facet = append(facet, Count{v, n})
	}
	slices.SortFunc(facet, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	facet = facet[:min(len(facet), q.facetLimit())]
	for _, v := range slices.Compact(slices.Sorted(slices.Values(q.Filters[column]))) {
		if !slices.ContainsFunc(facet, func(c Count) bool { return c.Value == v }) {
			facet = append(facet, Count{v, counts[v]})
		}
	}
	return facet
}

func (o *oracle) matched(q Query) (map[*oracleDoc]uint32, bool) {
	clauses := parse(q.Text)
	if len(clauses) == 0 {
		everything := map[*oracleDoc]uint32{}
		for _, d := range o.now {
			everything[d] = 0
		}
		return everything, false
	}
	var plans []planned
	for i := range clauses {
		plans = append(plans, o.plan(&clauses[i]))
	}
	if q.Match == MatchAny {
		return o.matchedBy(plans, o.any), false
	}
	found := o.matchedBy(plans, o.all)
	if len(found) > 0 || q.Match == MatchAll {
		return found, false
	}
	found = o.matchedBy(plans, o.any)
	return found, len(found) > 0
}

func (o *oracle) matchedBy(plans []planned, by func(*oracleDoc, []planned) uint32) map[*oracleDoc]uint32 {
	found := map[*oracleDoc]uint32{}
	for _, d := range o.now {
		if score := by(d, plans); score > 0 {
			found[d] = score
		}
	}
	return found
}

func (o *oracle) all(d *oracleDoc, plans []planned) uint32 {
	sum := uint32(0)
	for _, p := range plans {
		score := o.best(d, p)
		if score == 0 && !p.weak {
			return 0
		}
		sum += score
	}
	return sum
}

func (o *oracle) any(d *oracleDoc, plans []planned) uint32 {
	strong, weak := uint32(0), uint32(0)
	for _, p := range plans {
		switch {
		case p.weak:
			weak += o.best(d, p)
		case len(p.ways) > 1:
			strong += o.best(d, p)
		default:
			for _, t := range p.ways[0].terms {
				strong += o.score(d, []weighed{t})
			}
		}
	}
	if strong == 0 {
		return 0
	}
	return strong + weak
}

func (o *oracle) best(d *oracleDoc, p planned) uint32 {
	best := uint32(0)
	for _, w := range p.ways {
		best = max(best, o.score(d, w.terms))
	}
	return best
}

func (o *oracle) score(d *oracleDoc, terms []weighed) uint32 {
	sum := uint32(0)
	for _, t := range terms {
		n := d.frequency[t.term]
		if n == 0 {
			return 0
		}
		sum += o.stats.impact(n, d.length) * t.factor
	}
	return sum
}

func (o *oracle) plan(c *clause) planned {
	p := planned{weak: c.weak}
	words, inUse := o.inUse()
	typed := c.wordings[0].terms
	ceiling := uint32(0)
	for _, t := range typed {
		ceiling += o.idf(t)
	}
	ceiling /= uint32(len(typed))
	if slices.ContainsFunc(typed, func(t term) bool { return !inUse[t] }) {
		ceiling = math.MaxUint32
	}
	add := func(terms []term, share, ceiling uint32) {
		var all []weighed
		for _, t := range terms {
			all = append(all, weighed{term: t, factor: min(o.idf(t), ceiling) * share})
		}
		p.ways = append(p.ways, way{terms: all})
	}
	add(typed, asTyped, math.MaxUint32)
	for _, w := range c.wordings[1:] {
		add(w.terms, max(1, uint32(asSynonym*len(typed)/len(w.terms))), ceiling)
	}
	if !c.word {
		return p
	}
	word := c.wordings[0].text
	begun := 0
	for _, w := range words {
		if c.open && utf8.RuneCountInString(word) >= shortestBegun && w != word && strings.HasPrefix(w, word) {
			add([]term{{word: w}}, asBegun, ceiling)
			begun++
		}
	}
	for _, w := range words {
		if begun == 0 && !inUse[typed[0]] && utf8.RuneCountInString(word) >= shortestMisspelt && w[0] == word[0] && editDistance(w, word) == 1 {
			add([]term{{word: w}}, asMisspelt, ceiling)
		}
	}
	return p
}

// inUse are the terms of all documents that the index still holds, removed ones
// of the base included.
func (o *oracle) inUse() ([]string, map[term]bool) {
	all, words := map[term]bool{}, map[string]bool{}
	for _, docs := range []map[string]*oracleDoc{o.base, o.now} {
		for _, d := range docs {
			for t := range d.frequency {
				all[t] = true
				if t.word != "" {
					words[t.word] = true
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(words)), all
}

func (o *oracle) idf(t term) uint32 {
	n := 0
	for _, d := range o.base {
		if d.frequency[t] > 0 {
			n++
		}
	}
	return o.stats.idf(n)
}

// editDistance counts insertions, deletions, changes and swaps of neighbours.
func editDistance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			if i == 0 || j == 0 {
				rows[i][j] = i + j
				continue
			}
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
