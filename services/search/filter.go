package search

import "slices"

// filter is one column's filter with its values as the schema numbers them.
type filter struct {
	name   string
	column int // -1: no document has it
	values []uint32
}

func (f *finding) readFilters() {
	for name, values := range f.query.Filters {
		if len(values) == 0 {
			continue
		}
		one := filter{name: name, column: -1}
		if column, ok := f.schema.keywordAt[name]; ok {
			one.column = column
			for _, value := range values {
				if v, ok := f.schema.keywords[column].at[value]; ok {
					one.values = append(one.values, v)
				}
			}
		}
		f.filters = append(f.filters, one)
	}
}

func (f *finding) filterOn(name string) *filter {
	i := slices.IndexFunc(f.filters, func(one filter) bool { return one.name == name })
	if i < 0 {
		return nil
	}
	return &f.filters[i]
}

// selectIn makes the set of one view from what its text matched.
func (f *finding) selectIn(i int) {
	v, p := &f.views[i], &f.scratch.parts[i]
	if f.plan != nil && len(f.filters) == 0 && len(f.query.Ranges) == 0 && v.count == v.size() {
		p.exact, p.count = true, len(p.hits)
		f.total += p.count
		return
	}
	f.narrowByText(v, p)
	f.narrowByRanges(v, p)
	p.set = p.within
	if len(f.filters) > 0 {
		for n := range f.filters {
			p.filters = append(p.filters, f.filters[n].documents(v, p, n))
		}
		p.set = p.bits(1, v.size())
		p.intersect(p.set, -1)
	}
	p.count = p.set.count()
	f.total += p.count
}

// setOf returns the documents found in one view.
func (f *finding) setOf(i int) bitmap {
	p := &f.scratch.parts[i]
	if p.set == nil {
		f.narrowByText(&f.views[i], p)
		p.set = p.within
	}
	return p.set
}

func (f *finding) narrowByText(v *view, p *part) {
	p.within = v.live
	if f.plan == nil {
		return
	}
	p.within = p.bits(0, v.size())
	clear(p.within)
	for _, s := range p.hits {
		p.within.set(s.doc())
	}
	p.within.and(v.live)
}

func (f *finding) narrowByRanges(v *view, p *part) {
	if len(f.query.Ranges) == 0 {
		return
	}
	if f.plan == nil {
		p.within = p.bits(0, v.size())
		copy(p.within, v.live)
	}
	f.scratch.other = sized(f.scratch.other, len(p.within))
	for _, r := range f.query.Ranges {
		v.number(f.schema.numberOf(r.Column)).keep(r.Min, r.Max, p.within, f.scratch.other)
	}
}

// documents that pass the filter; a single frequent value lends its own bitmap.
func (one *filter) documents(v *view, p *part, n int) bitmap {
	c := v.keyword(one.column)
	if c != nil && len(one.values) == 1 && int(one.values[0]) < c.known() && c.dense[one.values[0]] != nil {
		return c.dense[one.values[0]]
	}
	marks := p.marks(n, v.size())
	if c != nil {
		for _, value := range one.values {
			c.mark(value, marks)
		}
	}
	return marks
}

// intersect fills set with what passes everything, but for the filter except.
func (p *part) intersect(set bitmap, except int) {
	copy(set, p.within)
	for n, passes := range p.filters {
		if n != except {
			set.and(passes)
		}
	}
}

// setWithout returns the set of a view as it would be without one filter.
func (f *finding) setWithout(i int, own *filter) bitmap {
	p := &f.scratch.parts[i]
	if len(p.filters) == 1 {
		return p.within
	}
	f.scratch.other = sized(f.scratch.other, len(p.within))
	except := slices.IndexFunc(f.filters, func(one filter) bool { return one.name == own.name })
	p.intersect(f.scratch.other, except)
	return f.scratch.other
}

// numberOf returns the number of a number column, or -1.
func (s *schema) numberOf(column string) int {
	if i, ok := s.numberAt[column]; ok {
		return i
	}
	return -1
}
