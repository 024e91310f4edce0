package search

import (
	"cmp"
	"slices"
	"sort"
)

// numberColumn holds one number column of a segment with its documents in
// ascending order, so that a sorted list is walked and a range is cut out.
// Equal numbers stand in the order of IDs; documents without the number stand
// behind all others.
type numberColumn struct {
	values  []int64  // of each document; 0 where it has none
	order   []uint32 // documents by (number, ID)
	place   []uint32 // of each document in order
	present int      // how many have the number
}

func buildNumberColumn(column int, records []record) numberColumn {
	n := len(records)
	c := numberColumn{values: make([]int64, n), order: make([]uint32, 0, n), place: make([]uint32, n)}
	var absent []uint32
	for doc := range records {
		cells := records[doc].numbers
		i := slices.IndexFunc(cells, func(cell numberCell) bool { return cell.column == column })
		if i < 0 {
			absent = append(absent, uint32(doc))
			continue
		}
		c.values[doc] = cells[i].value
		c.order = append(c.order, uint32(doc))
	}
	c.present = len(c.order)
	slices.SortFunc(c.order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(c.values[a], c.values[b]), cmp.Compare(a, b))
	})
	c.order = append(c.order, absent...)
	for place, doc := range c.order {
		c.place[doc] = uint32(place)
	}
	return c
}

// emptyNumberColumn stands for a column of which no document of the segment has heard.
func emptyNumberColumn(documents int) *numberColumn {
	c := &numberColumn{values: make([]int64, documents), order: make([]uint32, documents)}
	for i := range c.order {
		c.order[i] = uint32(i)
	}
	c.place = c.order
	return c
}

// below counts the entries that stand before (value, doc) in ascending order.
func (c *numberColumn) below(value int64, doc uint32) int {
	return sort.Search(c.present, func(i int) bool {
		d := c.order[i]
		return cmp.Or(cmp.Compare(c.values[d], value), cmp.Compare(d, doc)) >= 0
	})
}

// cut returns the stretch of order within the bounds, both included.
func (c *numberColumn) cut(low, high *int64) (from, to int) {
	from, to = 0, c.present
	if low != nil {
		from = c.below(*low, 0)
	}
	if high != nil {
		to = sort.Search(c.present, func(i int) bool { return c.values[c.order[i]] > *high })
	}
	return from, max(from, to)
}

// keep drops from the set what is outside the bounds.
func (c *numberColumn) keep(low, high *int64, set, scratch bitmap) {
	from, to := c.cut(low, high)
	if to-from > len(c.order)/2 {
		for _, doc := range c.order[:from] {
			set.unset(doc)
		}
		for _, doc := range c.order[to:] {
			set.unset(doc)
		}
		return
	}
	clear(scratch)
	for _, doc := range c.order[from:to] {
		scratch.set(doc)
	}
	set.and(scratch)
}
