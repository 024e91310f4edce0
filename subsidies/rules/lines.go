package rules

import (
	"slices"
	"strconv"

	"yunhui/services/kernel"
)

// reckonLines finds base, rule and grant of every line. Grants are before caps;
// the working amount of a line is kept in its Subsidy until conclude.
func (w *work) reckonLines() error {
	paid, err := w.paidPerLine()
	if err != nil {
		return err
	}
	shared := false
	for i := range w.grants {
		if err := w.reckonBase(i, paid); err != nil {
			return err
		}
		w.rule[i] = w.chooseRule(i)
		if w.rule[i] < 0 {
			continue
		}
		r, g := &w.p.doc.Rates[w.rule[i]], &w.grants[i]
		g.Clause = r.Clause
		w.covered++
		w.base += g.Base
		if r.Rate == nil {
			shared = true // flat and bands are reckoned over all lines of the rule
			continue
		}
		if g.Granted, err = w.p.fen.Of(g.Base, *r.Rate); err != nil {
			return err
		}
		g.Subsidy = g.Granted
		w.note(r.Clause, i+1, labelRate, appendProduct(w.buf[:0], g.Base, *r.Rate, g.Granted), g.Granted)
	}
	if shared {
		return w.reckonShared()
	}
	return nil
}

// paidPerLine spreads what was paid over the lines by their contract price; nil
// when nothing need be scaled.
func (w *work) paidPerLine() ([]kernel.Fen, error) {
	if w.p.doc.Base.Of != BaseOfPaid || w.f.Paid == nil || *w.f.Paid >= w.total.contract {
		return nil, nil
	}
	weights := make([]int64, len(w.sums))
	for i := range w.sums {
		weights[i] = int64(w.sums[i].contract)
	}
	return kernel.Split(*w.f.Paid, weights...)
}

func (w *work) reckonBase(i int, paid []kernel.Fen) error {
	l, s, g, clause := &w.f.Lines[i], &w.sums[i], &w.grants[i], w.p.doc.Base.Clause
	w.note(clause, i+1, labelContract, appendContract(w.buf[:0], l, s.contract), s.contract)
	g.Base = s.contract
	if excluded := w.p.doc.Base.Excluded; len(excluded) > 0 {
		if l.Category == "" {
			w.want(i, "category")
		} else if anyCategory(l.Category, excluded) {
			g.Base = 0
			w.note(clause, i+1, labelExcluded, appendMoney(w.buf[:0], 0), 0)
			return nil
		}
	}
	if paid != nil {
		g.Base = paid[i]
		b := append(appendMoney(w.buf[:0], s.contract), " × "...)
		b = append(appendMoney(b, *w.f.Paid), " ÷ "...)
		b = append(appendMoney(b, w.total.contract), " = "...)
		w.note(clause, i+1, labelBasePaid, appendMoney(b, g.Base), g.Base)
	}
	if w.p.doc.Base.VAT == VATExcluded && s.tax > 0 {
		parts, err := kernel.Split(g.Base, int64(s.contract-s.tax), int64(s.tax))
		if err != nil {
			return err
		}
		w.note(clause, i+1, labelBaseTax, appendDifference(w.buf[:0], parts[0], g.Base, parts[1]), parts[0])
		g.Base = parts[0]
	}
	return nil
}

func appendContract(b []byte, l *Line, contract kernel.Fen) []byte {
	if l.times() == 1 {
		return appendDifference(b, contract, l.ListPrice, l.Discount)
	}
	b = appendMoney(append(b, '('), l.ListPrice)
	b = append(appendMoney(append(b, " − "...), l.Discount), ") × "...)
	b = strconv.AppendInt(b, l.times(), 10)
	return appendMoney(append(b, " = "...), contract)
}

// chooseRule returns the first rule in force that applies to the line, or -1.
func (w *work) chooseRule(i int) int {
	l := &w.f.Lines[i]
	if anyCategory(l.Category, w.p.doc.Base.Excluded) {
		return -1
	}
	for k := range w.p.doc.Rates {
		r := &w.p.doc.Rates[k]
		if !r.Effective.Holds(w.f.On) {
			continue
		}
		ok, missing := r.AppliesTo.match(l, w.f)
		if missing != "" {
			w.want(i, missing)
			w.note(r.Clause, i+1, labelUndecided, appendMoney(w.buf[:0], 0), 0)
			return -1
		}
		if ok {
			return k
		}
	}
	w.note("", i+1, labelUncovered, appendMoney(w.buf[:0], 0), 0)
	return -1
}

// want notes that a fact is missing; names of a line's fields have no dot.
func (w *work) want(i int, fact string) {
	if fact != "enterprise.size_class" {
		fact = "lines[" + strconv.Itoa(i) + "]." + fact
	}
	if !slices.Contains(w.missing, fact) {
		w.missing = append(w.missing, fact)
	}
}

// reckonShared does the rules that look at all their lines together, so that
// splitting one purchase into several lines changes nothing.
func (w *work) reckonShared() error {
	for k := range w.p.doc.Rates {
		r := &w.p.doc.Rates[k]
		if r.Rate != nil {
			continue
		}
		var base kernel.Fen
		weights, found := make([]int64, len(w.grants)), false
		for i := range w.grants {
			if w.rule[i] == k {
				base, weights[i], found = base+w.grants[i].Base, int64(w.grants[i].Base), true
			}
		}
		if !found {
			continue
		}
		granted, err := w.reckonRule(r, base)
		if err != nil {
			return err
		}
		parts, err := kernel.Split(granted, weights...)
		if err != nil {
			return err
		}
		for i := range parts {
			if w.rule[i] == k {
				w.grants[i].Granted, w.grants[i].Subsidy = parts[i], parts[i]
			}
		}
	}
	return nil
}

func (w *work) reckonRule(r *RateRule, base kernel.Fen) (kernel.Fen, error) {
	if r.Flat != nil {
		granted := min(*r.Flat, base)
		w.note(r.Clause, 0, labelFlat, appendMin(w.buf[:0], granted, *r.Flat, base), granted)
		return granted, nil
	}
	return w.reckonBands(r, base)
}

func (w *work) reckonBands(r *RateRule, base kernel.Fen) (kernel.Fen, error) {
	var sum kernel.Fen
	tiers := 0
	for _, b := range r.Bands {
		whole := r.BandMode == BandWhole
		if base < b.From || (base == b.From && base > 0 && !whole) || (whole && b.To != 0 && base >= b.To) {
			continue
		}
		slice := base
		if !whole {
			slice = base - b.From
			if b.To != 0 {
				slice = min(slice, b.To-b.From)
			}
		}
		part, err := w.p.fen.Of(slice, b.Rate)
		if err != nil {
			return 0, err
		}
		sum, tiers = sum+part, tiers+1
		w.note(r.Clause, 0, labelBand, appendProduct(w.buf[:0], slice, b.Rate, part), part)
	}
	if tiers > 1 {
		w.note(r.Clause, 0, labelBandSum, appendMoney(w.buf[:0], sum), sum)
	}
	return min(sum, base), nil
}

// appendMin writes "min(a, b) = result".
func appendMin(b []byte, result kernel.Fen, of ...kernel.Fen) []byte {
	b = append(b, "min("...)
	for i, f := range of {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendMoney(b, f)
	}
	return appendMoney(append(b, ") = "...), result)
}
