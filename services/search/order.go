package search

import (
	"cmp"
	"sort"
	"strings"
)

// candidate is a hit of one view before the views are put together.
type candidate struct {
	view    int
	doc     uint32
	score   uint32
	value   int64
	missing bool
}

// topOf appends the first hits of a view that come after the cursor.
func (f *finding) topOf(i, limit int) {
	v, p := &f.views[i], &f.scratch.parts[i]
	if p.count == 0 {
		return
	}
	if f.query.Sort.Column != "" {
		f.topByNumber(i, v, p, limit)
		return
	}
	start := uint64(0)
	if f.after != nil {
		doc, found := v.find(f.after.id)
		if found {
			doc++
		}
		start = relevance(uint32(f.after.value), doc)
	}
	top := &f.scratch.top
	top.reset(limit)
	if f.plan == nil {
		for doc := uint32(start); int(doc) < v.size() && len(top.keys) < limit; doc++ {
			if p.set.has(doc) {
				top.offer(relevance(0, doc))
			}
		}
	}
	for _, s := range p.hits {
		if key := relevance(s.score(), s.doc()); key >= start && (p.exact || p.set.has(s.doc())) {
			top.offer(key)
		}
	}
	for _, key := range top.ascending() {
		score := ^uint32(key >> 32)
		f.scratch.found = append(f.scratch.found, candidate{view: i, doc: uint32(key), score: score, value: int64(score)})
	}
}

// relevance makes the key by which the better score, then the smaller ID, comes first.
func relevance(score, doc uint32) uint64 { return uint64(^score)<<32 | uint64(doc) }

// topByNumber walks the sorted column where the set is large, and picks from
// the set where it is small.
func (f *finding) topByNumber(i int, v *view, p *part, limit int) {
	c := v.number(f.schema.numberOf(f.query.Sort.Column))
	desc := f.query.Sort.Desc
	start := 0
	if f.after != nil {
		start = c.startAfter(v.segment, f.after, desc)
	}
	top := &f.scratch.top
	top.reset(limit)
	if limit*v.size() < 2*p.count*p.count {
		set := f.setOf(i)
		for at := start; at < v.size() && len(top.keys) < limit; at++ {
			if set.has(c.at(at, desc)) {
				top.offer(uint64(at))
			}
		}
	} else {
		for _, doc := range p.list() {
			if at := c.placeOf(doc, desc); at >= start {
				top.offer(uint64(at))
			}
		}
	}
	for _, at := range top.ascending() {
		doc := c.at(int(at), desc)
		f.scratch.found = append(f.scratch.found, candidate{
			view: i, doc: doc, score: scoreIn(p.hits, doc), value: c.values[doc], missing: int(at) >= c.present,
		})
	}
}

// at returns the document at a place of the order wanted.
func (c *numberColumn) at(place int, desc bool) uint32 {
	if desc && place < c.present {
		place = c.present - 1 - place
	}
	return c.order[place]
}

// placeOf is the inverse of at.
func (c *numberColumn) placeOf(doc uint32, desc bool) int {
	place := int(c.place[doc])
	if desc && place < c.present {
		return c.present - 1 - place
	}
	return place
}

// startAfter returns the first place behind the cursor.
func (c *numberColumn) startAfter(g *segment, after *cursor, desc bool) int {
	doc, found := g.find(after.id)
	beyond := doc
	if found {
		beyond++
	}
	switch {
	case after.missing:
		absent := c.order[c.present:]
		return c.present + sort.Search(len(absent), func(i int) bool { return absent[i] >= beyond })
	case desc:
		return c.present - c.below(after.value, doc)
	}
	return c.below(after.value, beyond)
}

func scoreIn(hits []scored, doc uint32) uint32 {
	i := sort.Search(len(hits), func(i int) bool { return hits[i].doc() >= doc })
	if i < len(hits) && hits[i].doc() == doc {
		return hits[i].score()
	}
	return 0
}

// compare orders candidates of different views.
func (f *finding) compare(a, b candidate) int {
	ids := strings.Compare(f.id(a), f.id(b))
	if f.query.Sort.Column == "" {
		return cmp.Or(cmp.Compare(b.score, a.score), ids)
	}
	switch {
	case a.missing != b.missing:
		if a.missing {
			return 1
		}
		return -1
	case a.missing:
		return ids
	}
	up := cmp.Or(cmp.Compare(a.value, b.value), ids)
	if f.query.Sort.Desc {
		return -up
	}
	return up
}

func (f *finding) id(c candidate) string { return f.views[c.view].records[c.doc].id }
