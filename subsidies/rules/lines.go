package rules

import (
	"slices"
	"strconv"
	"strings"

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
		if !r.byLine() {
			shared = true // flat and bands are reckoned over all lines of the rule
			continue
		}
		rate := w.rateOf(r, i+1)
		if g.Granted, err = w.p.fen.Of(g.Base, rate); err != nil {
			return err
		}
		g.Subsidy = g.Granted
		w.note(r.Clause, i+1, labelRate, appendProduct(w.buf[:0], g.Base, rate, g.Granted), g.Granted)
	}
	if shared {
		return w.reckonShared()
	}
	return nil
}

func (w *work) rateOf(r *RateRule, line int) kernel.Rate {
	if r.Rate != nil {
		return *r.Rate
	}
	return kernel.Rate(w.figure(0, r.RateParameter, line))
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
	if clause, why, out := w.excluded(i); out {
		g.Base, w.out[i] = 0, true
		w.note(clause, i+1, why, appendMoney(w.buf[:0], 0), 0)
		return nil
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

// excluded tells whether a line does not count, why, and which clause says so.
func (w *work) excluded(i int) (clause string, why kernel.Text, out bool) {
	l, b := &w.f.Lines[i], &w.p.doc.Base
	if len(b.Excluded) > 0 {
		if l.Category == "" {
			w.want(i, "category")
		} else if anyCategory(l.Category, b.Excluded) {
			return b.Clause, labelExcluded, true
		}
	}
	if len(b.CostKinds)+len(b.ExcludedKinds) > 0 {
		if kind := l.costKind(); kind == "" {
			w.want(i, "cost_kind")
		} else if slices.Contains(b.ExcludedKinds, kind) || (len(b.CostKinds) > 0 && !slices.Contains(b.CostKinds, kind)) {
			return b.Clause, labelExcludedKind, true
		}
	}
	if c := w.p.doc.NewUseOnly; c != nil && !l.FirstUse {
		return c.Clause, labelInUse, true
	}
	for k := range w.p.doc.Exclusive {
		if x := &w.p.doc.Exclusive[k]; w.barred(x, l) {
			return x.Clause, labelExclusive, true
		}
	}
	return "", kernel.Text{}, false
}

// barred tells whether a line belongs to a family of the set that must stand
// back. A family that the enterprise has been subsidised for stays the one; else
// it is the family that costs most in this claim, the earlier one when equal.
func (w *work) barred(x *Exclusive, l *Line) bool {
	mine, chosen, had := -1, -1, false
	var most kernel.Fen
	for k := range x.Categories {
		family := x.Categories[k : k+1]
		if l.Category != "" && anyCategory(l.Category, family) {
			mine = k
			if w.usedIn(family) > 0 {
				return false
			}
		}
		had = had || w.usedIn(family) > 0
		var cost kernel.Fen
		for i := range w.f.Lines {
			if anyCategory(w.f.Lines[i].Category, family) {
				cost += w.sums[i].contract
			}
		}
		if cost > most {
			most, chosen = cost, k
		}
	}
	return mine >= 0 && (had || (chosen >= 0 && chosen != mine))
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
	if w.out[i] {
		return -1
	}
	for k := range w.p.doc.Rates {
		r := &w.p.doc.Rates[k]
		if !r.Effective.Holds(w.f.On) {
			continue
		}
		ok, missing := r.AppliesTo.match(l, w.f, &w.p.doc)
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
	if !strings.Contains(fact, ".") {
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
		if r.byLine() {
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
	if r.Flat != nil || r.FlatParameter != "" {
		flat := w.flatOf(r)
		granted := min(flat, base)
		w.note(r.Clause, 0, labelFlat, appendMin(w.buf[:0], granted, flat, base), granted)
		return granted, nil
	}
	return w.reckonBands(r, base)
}

func (w *work) flatOf(r *RateRule) kernel.Fen {
	if r.Flat != nil {
		return *r.Flat
	}
	return kernel.Fen(w.figure(0, r.FlatParameter, 0))
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
