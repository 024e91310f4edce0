package search

// snapshot is one state of the index, complete and immutable: what a reader
// holds while the next one is being made.
type snapshot struct {
	schema *schema
	views  []view // the base, and behind it what has changed since, if anything
	size   int

	// Counting everything is what a reader who has asked nothing yet gets.
	counts [][]uint32 // by keyword column and value
	facets [][]Count  // the same, ready to hand out
}

const mostViews = 2

// view is a segment less what has been removed from it or replaced.
type view struct {
	*segment
	index int // among the snapshot's views
	live  bitmap
	count int
}

func newView(index int, g *segment, live bitmap) view { return view{g, index, live, live.count()} }

func newSnapshot(s *schema, views ...view) *snapshot {
	snap := &snapshot{schema: s, views: views}
	for _, v := range views {
		snap.size += v.count
	}
	for i, k := range s.keywords {
		counts := make([]uint32, len(k.values))
		for _, v := range views {
			if c := v.keyword(i); c != nil {
				c.countSet(v.live, counts)
			}
		}
		snap.counts = append(snap.counts, counts)
		snap.facets = append(snap.facets, k.mostFrequent(counts, defaultFacetLimit))
	}
	return snap
}
