package search

import (
	"slices"
	"strings"
)

// segment is an immutable index over records in the order of their IDs, so that
// comparing document numbers compares IDs.
type segment struct {
	records []record
	lexicon
	keywords []keywordColumn // by number in the schema; may be shorter than it
	numbers  []numberColumn
	stats    stats
}

// buildSegment indexes records sorted by ID. The base passes no stats and takes
// its own; changes on top of it are scored by those of the base.
func buildSegment(s *schema, records []record, of *stats) *segment {
	b := newBuilder(len(records))
	for i := range records {
		b.add(&records[i])
	}
	g := &segment{records: records}
	if of != nil {
		g.stats = *of
	} else {
		g.stats = takeStats(len(records), b.total)
	}
	g.lexicon = b.lexicon(g.stats)
	for i, k := range s.keywords {
		g.keywords = append(g.keywords, buildKeywordColumn(uint32(i), len(k.values), records))
	}
	for i := range s.numbers {
		g.numbers = append(g.numbers, buildNumberColumn(i, records))
	}
	return g
}

func (g *segment) size() int { return len(g.records) }

// find returns the number of a document, or of the first with a greater ID.
func (g *segment) find(id string) (doc uint32, ok bool) {
	i, ok := slices.BinarySearchFunc(g.records, id, func(r record, id string) int {
		return strings.Compare(r.id, id)
	})
	return uint32(i), ok
}

// keyword returns a column, or nil where the segment does not know it.
func (g *segment) keyword(i int) *keywordColumn {
	if i < 0 || i >= len(g.keywords) {
		return nil
	}
	return &g.keywords[i]
}

// number returns a column; one that the segment does not know is empty.
func (g *segment) number(i int) *numberColumn {
	if i < 0 || i >= len(g.numbers) {
		return emptyNumberColumn(g.size())
	}
	return &g.numbers[i]
}
