package search

import (
	"slices"
	"strings"
)

// facetsOf counts the columns asked for over the sets found.
func (f *finding) facetsOf() map[string][]Count {
	if len(f.query.Facets) == 0 {
		return nil
	}
	facets := make(map[string][]Count, len(f.query.Facets))
	for _, name := range f.query.Facets {
		if _, done := facets[name]; !done {
			facets[name] = f.facet(name)
		}
	}
	return facets
}

func (f *finding) facet(name string) []Count {
	column, ok := f.schema.keywordAt[name]
	if !ok {
		return f.withSelected(nil, name, nil, nil)
	}
	dictionary := f.schema.keywords[column]
	own := f.filterOn(name)
	if f.isEverything(own) {
		facet := f.facets[column]
		if limit := f.query.facetLimit(); limit != defaultFacetLimit {
			facet = dictionary.mostFrequent(f.counts[column], limit)
		}
		return f.withSelected(facet, name, dictionary, f.counts[column])
	}
	counts := f.scratch.countsFor(len(dictionary.values))
	for i := range f.views {
		if c := f.views[i].keyword(column); c != nil {
			f.countView(i, c, own, counts)
		}
	}
	return f.withSelected(dictionary.mostFrequent(counts, f.query.facetLimit()), name, dictionary, counts)
}

// isEverything reports whether nothing but the column's own filter, if any, keeps
// documents out: then the counts are known.
func (f *finding) isEverything(own *filter) bool {
	if own == nil {
		return f.total == f.size
	}
	return f.plan == nil && len(f.filters) == 1 && len(f.query.Ranges) == 0
}

// countView counts one column of one view, disregarding the column's own filter.
func (f *finding) countView(i int, c *keywordColumn, own *filter, counts []uint32) {
	v, p := &f.views[i], &f.scratch.parts[i]
	if own == nil {
		if c.byValueIsCheaper(p.count, v.size()) {
			c.countSet(f.setOf(i), counts)
		} else {
			c.countDocs(p.list(), counts)
		}
		return
	}
	set := f.setWithout(i, own)
	if c.byValueIsCheaper(set.count(), v.size()) {
		c.countSet(set, counts)
		return
	}
	f.scratch.docs = set.list(f.scratch.docs[:0])
	c.countDocs(f.scratch.docs, counts)
}

// withSelected appends the values filtered by that the facet lacks: a reader
// must be able to take back what they have chosen.
func (f *finding) withSelected(facet []Count, name string, d *dictionary, counts []uint32) []Count {
	listed := len(facet)
	for _, value := range f.query.Filters[name] {
		if slices.ContainsFunc(facet, func(c Count) bool { return c.Value == value }) {
			continue
		}
		c := Count{Value: value}
		if d != nil {
			if v, ok := d.at[value]; ok {
				c.Count = int(counts[v])
			}
		}
		facet = append(facet, c)
	}
	slices.SortFunc(facet[listed:], func(a, b Count) int { return strings.Compare(a.Value, b.Value) })
	return facet
}

// mostFrequent lists the values that occur, the most frequent first, equals by name.
func (d *dictionary) mostFrequent(counts []uint32, limit int) []Count {
	atLeast := floorOf(counts, limit)
	keys := make([]uint64, 0, 2*limit)
	for v, n := range counts {
		if n >= atLeast {
			keys = append(keys, uint64(^n)<<32|uint64(d.rank[v]))
		}
	}
	slices.Sort(keys)
	facet := make([]Count, min(limit, len(keys)))
	for i := range facet {
		facet[i] = Count{Value: d.values[d.ranked[uint32(keys[i])]], Count: int(^uint32(keys[i] >> 32))}
	}
	return facet
}

// floorOf returns the count, above 0, below which no value is among the first.
// Beyond the last step of its ladder it tells no difference and returns less.
func floorOf(counts []uint32, limit int) uint32 {
	var ladder [256]int
	for _, n := range counts {
		ladder[min(n, uint32(len(ladder)-1))]++
	}
	above := 0
	for n := len(ladder) - 1; n > 0; n-- {
		if above += ladder[n]; above >= limit {
			return uint32(n)
		}
	}
	return 1
}
