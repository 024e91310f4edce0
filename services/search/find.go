package search

import (
	"context"
	"slices"
)

// finding is one query at work on one snapshot.
type finding struct {
	*snapshot
	query   *Query
	scratch *scratch
	after   *cursor
	filters []filter
	plan    *plan // nil without text
	relaxed bool
	total   int
}

// Find answers a query from the state of the index at this moment.
func (x *Index) Find(ctx context.Context, q Query) (Page, error) {
	if err := ctx.Err(); err != nil {
		return Page{}, err
	}
	f := finding{snapshot: x.current.Load(), query: &q}
	query := q.fingerprint()
	if q.After != "" {
		after, err := decodeCursor(q.After, query)
		if err != nil {
			return Page{}, err
		}
		f.after = after
	}
	f.scratch = scratches.Get().(*scratch) //nolint:forcetypeassert // the pool makes nothing else
	defer f.scratch.release()
	return f.page(query), nil
}

func (f *finding) page(query uint64) Page {
	f.scratch.prepare(f.views)
	f.readFilters()
	f.matchText()
	for i := range f.views {
		f.selectIn(i)
	}
	page := Page{Total: f.total, Relaxed: f.relaxed, Facets: f.facetsOf()}
	limit := f.query.limit()
	for i := range f.views {
		f.topOf(i, limit+1)
	}
	found := f.scratch.found
	if len(f.views) > 1 {
		slices.SortFunc(found, f.compare)
	}
	if len(found) > limit {
		found = found[:limit]
		last := found[limit-1]
		next := cursor{id: f.id(last), value: last.value, missing: last.missing, relaxed: f.relaxed}
		page.Next = next.encode(query)
	}
	page.Hits = f.hitsOf(found)
	return page
}

// matchText fills each part's hits. Whether any word is enough is decided by
// the text alone, not by the filters, and once for all pages.
func (f *finding) matchText() {
	clauses := parse(f.query.Text)
	if len(clauses) == 0 {
		return
	}
	f.plan = &f.scratch.plan
	f.plan.fill(f.snapshot, clauses)
	if f.query.Match == MatchAny || f.after != nil && f.after.relaxed {
		f.relaxed = f.matchAny() && f.query.Match == MatchBest
		return
	}
	if !f.matchAll() && f.query.Match == MatchBest && f.after == nil {
		f.relaxed = f.matchAny()
	}
}

// matchAll reports whether any document that lives has every word.
func (f *finding) matchAll() bool {
	some := false
	for i := range f.views {
		v, part := &f.views[i], &f.scratch.parts[i]
		part.hits = f.scratch.match.all(v, f.plan, part.hits)
		some = some || v.anyLive(part.hits)
	}
	return some
}

func (f *finding) matchAny() bool {
	some := false
	for i := range f.views {
		v, part := &f.views[i], &f.scratch.parts[i]
		part.hits = f.scratch.match.any(v, f.plan, part.hits)
		some = some || v.anyLive(part.hits)
	}
	return some
}

func (v *view) anyLive(hits []scored) bool {
	return slices.ContainsFunc(hits, func(s scored) bool { return v.live.has(s.doc()) })
}

func (f *finding) hitsOf(found []candidate) []Hit {
	hits := make([]Hit, len(found))
	for i, c := range found {
		hits[i] = Hit{ID: f.id(c), Score: int64(c.score)}
		if f.query.Why && f.plan != nil {
			hits[i].Why = f.why(c)
		}
	}
	return hits
}
