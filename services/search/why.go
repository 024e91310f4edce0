package search

// why tells which parts of the text a hit answers, and where.
func (f *finding) why(c candidate) []Reason {
	v := &f.views[c.view]
	reasons := make([]Reason, 0, len(f.plan.clauses))
	for i := range f.plan.clauses {
		clause := &f.plan.clauses[i]
		if best := v.bestWay(clause, c.doc); best != nil {
			reasons = append(reasons, Reason{Asked: clause.asked, Found: best.text, Fields: f.schema.fieldSets[v.fieldsOfWay(best, c.doc)]})
			continue
		}
		reasons = f.whyInPart(reasons, v, clause, c.doc)
	}
	return reasons
}

// bestWay returns the way of a clause that scores most for a document, nil if none does.
func (v *view) bestWay(c *planned, doc uint32) *way {
	var best *way
	most := uint32(0)
	for i := range c.ways {
		if score := v.scoreOfWay(&c.ways[i], doc); score > most {
			best, most = &c.ways[i], score
		}
	}
	return best
}

// scoreOfWay is 0 if a term is missinv.
func (v *view) scoreOfWay(w *way, doc uint32) uint32 {
	score := uint32(0)
	for _, t := range w.terms {
		list := v.list(t.spans[v.index])
		at := seek(list, 0, doc)
		if at == len(list) || list[at].doc() != doc {
			return 0
		}
		score += list[at].impact() * t.factor
	}
	return score
}

// fieldsOfWay returns the fields that hold the wording whole, or, if it is
// scattered, all that hold a piece.
func (v *view) fieldsOfWay(w *way, doc uint32) uint8 {
	whole, pieces := ^uint8(0), uint8(0)
	for _, t := range w.terms {
		mask, _ := v.fieldsOf(t.spans[v.index], doc)
		whole &= mask
		pieces |= mask
	}
	if whole != 0 {
		return whole
	}
	return pieces
}

// whyInPart names the pieces of a clause that stand in a document which was
// found because any word was enough.
func (f *finding) whyInPart(to []Reason, v *view, c *planned, doc uint32) []Reason {
	if len(c.ways) > 1 {
		return to
	}
	for _, t := range c.ways[0].terms {
		if mask, ok := v.fieldsOf(t.spans[v.index], doc); ok {
			text := t.text()
			to = append(to, Reason{Asked: text, Found: text, Fields: f.schema.fieldSets[mask]})
		}
	}
	return to
}

func (t term) text() string {
	if t.word != "" {
		return t.word
	}
	if first := t.gram >> gramBits; first != 0 {
		return string([]rune{rune(first), rune(t.gram & (1<<gramBits - 1))})
	}
	return string(rune(t.gram))
}
