package search

// keywordColumn holds one keyword column of a segment both ways: the values of
// each document, to count a few documents, and the documents of each value, to
// filter and to count many.
type keywordColumn struct {
	starts []uint32 // of each document's values; nil when every document has exactly one
	values []uint32

	valueStarts []uint32 // of each value's documents
	docs        []uint32
	dense       []bitmap // documents of a frequent value; nil for the others

	// What counting value by value costs, in steps of the machine.
	denseWords, sparseDocs int
}

// A value that at least one in so many documents has gets a bitmap.
const denseShare = 64

func buildKeywordColumn(column uint32, values int, records []record) keywordColumn {
	c := keywordColumn{starts: make([]uint32, len(records)+1), valueStarts: make([]uint32, values+1)}
	one := true
	for i := range records {
		before := len(c.values)
		for _, cell := range records[i].keywords {
			if cell.column == column {
				c.values = append(c.values, cell.value)
				c.valueStarts[cell.value+1]++
			}
		}
		c.starts[i+1] = uint32(len(c.values))
		one = one && len(c.values) == before+1
	}
	for v := range values {
		c.valueStarts[v+1] += c.valueStarts[v]
	}
	c.invert(len(records))
	if one {
		c.starts = nil
	}
	return c
}

func (c *keywordColumn) invert(documents int) {
	c.docs = make([]uint32, len(c.values))
	next := append([]uint32(nil), c.valueStarts...)
	for doc := range documents {
		for _, v := range c.values[c.starts[doc]:c.starts[doc+1]] {
			c.docs[next[v]] = uint32(doc)
			next[v]++
		}
	}
	c.dense = make([]bitmap, len(c.valueStarts)-1)
	for v := range c.dense {
		docs := c.documents(uint32(v))
		if len(docs)*denseShare < documents || len(docs) == 0 {
			c.sparseDocs += len(docs)
			continue
		}
		c.dense[v] = newBitmap(documents)
		c.denseWords += len(c.dense[v])
		for _, doc := range docs {
			c.dense[v].set(doc)
		}
	}
}

// documents of a value, ascending.
func (c *keywordColumn) documents(value uint32) []uint32 {
	return c.docs[c.valueStarts[value]:c.valueStarts[value+1]]
}

// known tells how many values the column knew when the segment was built.
func (c *keywordColumn) known() int { return max(len(c.valueStarts)-1, 0) }

// mark sets the documents of a value.
func (c *keywordColumn) mark(value uint32, in bitmap) {
	if int(value) >= c.known() {
		return
	}
	if d := c.dense[value]; d != nil {
		in.or(d)
		return
	}
	for _, doc := range c.documents(value) {
		in.set(doc)
	}
}

// countDocs adds the values of the listed documents to counts.
func (c *keywordColumn) countDocs(docs []uint32, counts []uint32) {
	if c.known() == 0 {
		return
	}
	if c.starts == nil {
		for _, doc := range docs {
			counts[c.values[doc]]++
		}
		return
	}
	for _, doc := range docs {
		for _, v := range c.values[c.starts[doc]:c.starts[doc+1]] {
			counts[v]++
		}
	}
}

// countSet does the same value by value.
func (c *keywordColumn) countSet(set bitmap, counts []uint32) {
	for v := range c.known() {
		if d := c.dense[v]; d != nil {
			counts[v] += uint32(set.common(d))
			continue
		}
		n := uint32(0)
		for _, doc := range c.documents(uint32(v)) {
			n += uint32(set[doc>>6]>>(doc&63)) & 1
		}
		counts[v] += n
	}
}

// byValueIsCheaper decides between the two for a set of n documents.
func (c *keywordColumn) byValueIsCheaper(n, documents int) bool {
	if documents == 0 {
		return false
	}
	steps := n * (documents + len(c.values)) / documents
	return c.denseWords+2*c.sparseDocs < 2*steps
}
