package rules

import (
	"math"
	"slices"

	"yunhui/services/kernel"
)

// limit applies the caps to the grants, rounds to the policy's unit, and
// returns the subsidy. Caps over some lines come first, then those over the
// whole claim. What a cap has cut, or a cap over some lines could have cut, is
// only ever rounded down, so that rounding exceeds no cap.
func (w *work) limit() (kernel.Fen, error) {
	for _, c := range w.p.lineCaps {
		if !c.Effective.Holds(w.f.On) {
			continue
		}
		if err := w.limitLines(c); err != nil {
			return 0, err
		}
	}
	var sum kernel.Fen
	for i := range w.grants {
		sum += w.grants[i].Subsidy
	}
	if len(w.grants) > 1 {
		w.note("", 0, labelSum, w.appendSum(sum), sum)
	}
	rounding := w.p.doc.Rounding
	if w.bounded {
		rounding.Mode = kernel.RoundDown
	}
	rounded, err := rounding.Apply(sum)
	if err != nil {
		return 0, err
	}
	if rounded != sum {
		w.note("", 0, labelRound, appendRounded(appendMoney(w.buf[:0], sum), rounded), rounded)
	}
	lowest, err := w.lowestLimit(rounded)
	if err != nil || lowest >= rounded {
		return rounded, err
	}
	subsidy, err := kernel.Rounding{Mode: kernel.RoundDown, Unit: w.p.doc.Rounding.Unit}.Apply(lowest)
	b := appendMin(w.buf[:0], lowest, rounded, lowest)
	if subsidy != lowest {
		b = appendRounded(b, subsidy)
	}
	w.note("", 0, labelCapped, b, subsidy)
	return subsidy, err
}

// perLines tells whether the cap looks at some lines only.
func (c *Cap) perLines() bool {
	return c.Scope == CapCategory || c.Scope == CapPolicyCategory || c.AppliesTo.ofLines()
}

// narrowFirst orders the caps over some lines so that one within another comes
// before it: cut the other way round, a wide cap would spend itself on lines
// that the narrow one then cuts again.
func narrowFirst(caps []Cap) []*Cap {
	var out []*Cap
	for i := range caps {
		c := &caps[i]
		if !c.perLines() {
			continue
		}
		wider := slices.IndexFunc(out, func(o *Cap) bool { return o.AppliesTo.covers(c.AppliesTo) })
		if wider < 0 {
			wider = len(out)
		}
		out = slices.Insert(out, wider, c)
	}
	return out
}

func (w *work) appendSum(sum kernel.Fen) []byte {
	b := w.buf[:0]
	for i := range w.grants {
		if i > 0 {
			b = append(b, " + "...)
		}
		b = appendMoney(b, w.grants[i].Subsidy)
	}
	return appendMoney(append(b, " = "...), sum)
}

// limitLines cuts the lines that the cap applies to, in proportion.
func (w *work) limitLines(c *Cap) error {
	var sum kernel.Fen
	weights, found := make([]int64, len(w.grants)), false
	for i := range w.grants {
		ok, missing := c.AppliesTo.match(&w.f.Lines[i], w.f, &w.p.doc)
		if missing != "" {
			w.want(i, missing)
		}
		if ok || missing != "" { // what is not known is capped rather than promised
			weights[i], found = int64(w.grants[i].Subsidy), true
			sum += w.grants[i].Subsidy
		}
	}
	if !found {
		return nil
	}
	w.bounded = true
	left := w.limitOf(c)
	switch c.Scope {
	case CapCategory:
		left = w.noteRemaining(c, left, w.usedIn(c.AppliesTo.Categories))
	case CapPolicyCategory:
		left = w.noteRemaining(c, left, w.f.Used.Quotas[c.Quota()].Used)
	default:
		w.note(c.Clause, 0, capLabels[c.Scope], appendMoney(w.buf[:0], left), left)
	}
	if sum <= left {
		return nil
	}
	parts, err := kernel.Split(left, weights...)
	for i := range parts {
		if weights[i] > 0 {
			w.grants[i].Subsidy = parts[i]
		}
	}
	return err
}

// usedIn sums what was granted for the categories; a sum, so the order in which
// the map is walked does not show.
func (w *work) usedIn(categories []string) kernel.Fen {
	var sum kernel.Fen
	for category, f := range w.f.Used.ByCategory {
		if anyCategory(category, categories) {
			sum = min(sum+f, kernel.MaxFen)
		}
	}
	return sum
}

// lowestLimit notes every limit over the whole claim and returns the lowest.
func (w *work) lowestLimit(rounded kernel.Fen) (kernel.Fen, error) {
	lowest := kernel.Fen(math.MaxInt64)
	for i := range w.p.doc.Caps {
		c := &w.p.doc.Caps[i]
		if c.perLines() || !c.Effective.Holds(w.f.On) {
			continue
		}
		ok, missing := c.AppliesTo.match(&w.f.Lines[0], w.f, &w.p.doc)
		if missing != "" {
			w.want(0, missing)
		}
		if !ok && missing == "" {
			continue
		}
		limit := w.limitOf(c)
		lowest = min(lowest, w.noteRemaining(c, limit, w.usedUnder(c)))
	}
	if t := w.p.doc.MinimumEnterpriseShare; t != nil {
		share := kernel.Rate(w.figure(int64(t.Rate), t.Parameter, 0))
		least, err := (kernel.Rounding{Mode: kernel.RoundUp, Unit: 1}).Of(w.total.contract, share)
		if err != nil {
			return 0, err
		}
		left := w.total.contract - least
		w.note(t.Clause, 0, labelShareCap, appendDifference(w.buf[:0], left, w.total.contract, least), left)
		lowest = min(lowest, left)
	}
	if rounded > w.base {
		w.note(w.p.doc.Base.Clause, 0, labelBaseCap, appendMoney(w.buf[:0], w.base), w.base)
		lowest = min(lowest, w.base)
	}
	if w.f.Paid != nil && rounded > *w.f.Paid {
		w.note("", 0, labelPaidCap, appendMoney(w.buf[:0], *w.f.Paid), *w.f.Paid)
		lowest = min(lowest, *w.f.Paid)
	}
	return lowest, nil
}

func (w *work) usedUnder(c *Cap) kernel.Fen {
	switch c.Scope {
	case CapEnterpriseYear:
		return w.f.Used.ThisYear
	case CapEnterprisePolicy:
		return w.f.Used.ThisPolicy
	case CapProviderYear, CapProviderPolicy:
		return w.f.Used.Quotas[c.Quota()].Used
	default:
		return 0
	}
}

// limitOf returns the limit of a cap: the policy's, or what officers have set for
// this provider or these categories.
func (w *work) limitOf(c *Cap) kernel.Fen {
	if quota := c.Quota(); quota != "" {
		if set := w.f.Used.Quotas[quota].Set; set != nil {
			w.note(c.Clause, 0, labelQuotaSet, appendMoney(w.buf[:0], *set), *set)
			return *set
		}
	}
	return kernel.Fen(w.figure(int64(c.Limit), c.LimitParameter, 0))
}

// noteRemaining notes what a cap leaves after what was granted before.
func (w *work) noteRemaining(c *Cap, limit, used kernel.Fen) kernel.Fen {
	left := max(limit-used, 0)
	if c.Scope == CapClaim {
		w.note(c.Clause, 0, capLabels[c.Scope], appendMoney(w.buf[:0], left), left)
		return left
	}
	w.note(c.Clause, 0, capLabels[c.Scope], appendDifference(w.buf[:0], left, limit, used), left)
	return left
}
