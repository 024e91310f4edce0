package search

import (
	"math"
	"slices"
)

// builder gathers the terms of documents and lays them out as a lexicon.
type builder struct {
	gramAt map[gram]uint32
	wordAt map[string]uint32
	grams  []gram // in the order met
	words  []string
	terms  uint32

	// What the document at hand has shown: seen[t] is the place of term t among
	// entries if that lies at or after the document's first.
	seen    []int32
	entries []entry
	ends    []int32 // of each document among entries
	lengths []uint32
	total   uint64
	units   []unit
}

// entry is a term in a document.
type entry struct {
	term      uint32
	frequency uint16 // weighed
	fields    uint8
}

func newBuilder(documents int) *builder {
	return &builder{
		gramAt: map[gram]uint32{}, wordAt: map[string]uint32{},
		ends: make([]int32, 0, documents), lengths: make([]uint32, 0, documents),
	}
}

func (b *builder) add(r *record) {
	start := len(b.entries)
	length := uint32(0)
	for _, t := range r.texts {
		b.units = split(t.text, b.units[:0])
		length += uint32(len(b.units)) * uint32(t.weight)
		previous := rune(0)
		for _, u := range b.units {
			if u.char == 0 {
				b.note(b.wordTerm(u.text), t, start)
			} else {
				b.note(b.gramTerm(single(u.char)), t, start)
				if u.glued {
					b.note(b.gramTerm(pair(previous, u.char)), t, start)
				}
			}
			previous = u.char
		}
	}
	b.ends = append(b.ends, int32(len(b.entries)))
	b.lengths = append(b.lengths, length)
	b.total += uint64(length)
}

func (b *builder) note(term uint32, t fieldText, start int) {
	i := int(b.seen[term])
	if i < start {
		i = len(b.entries)
		b.seen[term] = int32(i)
		b.entries = append(b.entries, entry{term: term})
	}
	e := &b.entries[i]
	e.frequency = uint16(min(uint32(e.frequency)+uint32(t.weight), math.MaxUint16))
	e.fields |= 1 << t.field
}

func (b *builder) gramTerm(g gram) uint32 {
	term, ok := b.gramAt[g]
	if !ok {
		term = b.newTerm()
		b.gramAt[g] = term
		b.grams = append(b.grams, g)
	}
	return term
}

func (b *builder) wordTerm(w string) uint32 {
	term, ok := b.wordAt[w]
	if !ok {
		term = b.newTerm()
		b.wordAt[w] = term
		b.words = append(b.words, w)
	}
	return term
}

func (b *builder) newTerm() uint32 {
	b.seen = append(b.seen, -1)
	b.terms++
	return b.terms - 1
}

// lexicon lays out what was gathered, scoring with s.
func (b *builder) lexicon(s stats) lexicon {
	slices.Sort(b.grams)
	slices.Sort(b.words)
	l := lexicon{grams: slices.Clip(b.grams), words: slices.Clip(b.words), wordAt: b.wordAt}
	l.indexFirsts()
	place := make([]uint32, b.terms)
	for i, g := range l.grams {
		place[b.gramAt[g]] = uint32(i)
	}
	for i, w := range l.words {
		place[b.wordAt[w]] = uint32(len(l.grams) + i)
		l.wordAt[w] = uint32(i)
	}
	l.starts = make([]uint32, b.terms+1)
	for _, e := range b.entries {
		l.starts[place[e.term]+1]++
	}
	for i := range b.terms {
		l.starts[i+1] += l.starts[i]
	}
	l.postings = make([]posting, len(b.entries))
	l.fields = make([]uint8, len(b.entries))
	b.fill(&l, place, s)
	l.spread(len(b.lengths))
	return l
}

func (b *builder) fill(l *lexicon, place []uint32, s stats) {
	next := slices.Clone(l.starts)
	start := int32(0)
	for doc, length := range b.lengths {
		for _, e := range b.entries[start:b.ends[doc]] {
			at := &next[place[e.term]]
			l.postings[*at] = posting(uint32(doc)<<8 | s.impact(uint32(e.frequency), length))
			l.fields[*at] = e.fields
			*at++
		}
		start = b.ends[doc]
	}
}
