package rules

import (
	"math"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"yunhui/services/kernel"
)

// bounds is what a set of comparisons leaves of one fact.
type bounds struct {
	low, high   int64  // of whole numbers
	from, to    string // of texts and days; both included
	above, less string // of texts and days; not included
	one         []ref.Val
	ones        bool // only the values in one are left
	not         []ref.Val
}

// constraints is what is left of every fact; nil bounds leave all.
type constraints map[string]*bounds

func (c constraints) clone() constraints {
	out := make(constraints, len(c))
	for name, b := range c {
		copied := *b
		out[name] = &copied
	}
	return out
}

// vocabularyOf lists all values of the facts that have few.
var vocabularyOf = map[string][]string{"enterprise.size_class": SizeClasses}

func (c constraints) of(w *word) *bounds {
	b := c[w.name]
	if b == nil {
		b = &bounds{low: math.MinInt64, high: math.MaxInt64}
		if w.typ.Kind() == types.IntKind && w.name != "enterprise.age_months" && w.name != "agreement.months" {
			b.low = 0
		}
		for _, v := range vocabularyOf[w.name] {
			b.one, b.ones = append(b.one, types.String(v)), true
		}
		c[w.name] = b
	}
	return b
}

// maxBranches bounds how many ways of meeting a set of conditions are tried.
const maxBranches = 256

// satisfiable tells whether some facts could meet all conditions. It errs to the
// side of yes: what is not understood could hold.
func satisfiable(all []*logic, c constraints) bool {
	branches := maxBranches
	return try(all, c, &branches)
}

func try(pending []*logic, c constraints, branches *int) bool {
	for i, l := range pending {
		switch l.kind {
		case logicAtom:
			if !c.add(&l.atom) {
				return false
			}
		case logicAnd:
			return try(append(slices.Clone(l.parts), pending[i+1:]...), c, branches)
		case logicOr:
			for _, p := range l.parts {
				if *branches--; *branches < 0 || try(append([]*logic{p}, pending[i+1:]...), c.clone(), branches) {
					return true
				}
			}
			return false
		}
	}
	return true
}

// add narrows a fact by a comparison and tells whether anything is left of it.
func (c constraints) add(a *atom) bool {
	if a.other != nil {
		return true
	}
	b := c.of(a.fact)
	if a.parameter != nil {
		return b.addParameter(a)
	}
	switch a.op {
	case "in", "==":
		b.keep(a.constants)
	case "not in", "!=":
		b.not = append(slices.Clone(b.not), a.constants...)
	default:
		b.compare(a.op, a.constants[0])
	}
	return b.left()
}

// addParameter takes the weakest bound that the parameter ever sets.
func (b *bounds) addParameter(a *atom) bool {
	least, most := int64(math.MaxInt64), int64(math.MinInt64)
	for _, v := range a.parameter.Values {
		least, most = min(least, v.Value), max(most, v.Value)
	}
	switch a.op {
	case ">=", ">":
		b.compare(a.op, types.Int(least))
	case "<=", "<":
		b.compare(a.op, types.Int(most))
	}
	return b.left()
}

func (b *bounds) keep(values []ref.Val) {
	if !b.ones {
		b.one, b.ones = slices.Clone(values), true
		return
	}
	b.one = slices.DeleteFunc(slices.Clone(b.one), func(v ref.Val) bool { return !hasValue(values, v) })
}

func hasValue(list []ref.Val, v ref.Val) bool {
	return slices.ContainsFunc(list, func(w ref.Val) bool { return v.Equal(w) == types.True })
}

func (b *bounds) compare(op string, v ref.Val) {
	switch x := v.(type) {
	case types.Int:
		n := int64(x)
		switch op {
		case ">=":
			b.low = max(b.low, n)
		case ">":
			if n < math.MaxInt64 {
				n++
			}
			b.low = max(b.low, n)
		case "<=":
			b.high = min(b.high, n)
		case "<":
			if n > math.MinInt64 {
				n--
			}
			b.high = min(b.high, n)
		}
	case types.String:
		s := string(x)
		switch op {
		case ">=":
			b.from = max(b.from, s)
		case ">":
			b.above = max(b.above, s)
		case "<=":
			b.to = lower(b.to, s)
		case "<":
			b.less = lower(b.less, s)
		}
	}
}

// lower returns the lower of two upper bounds; "" bounds nothing.
func lower(a, b string) string {
	if a == "" {
		return b
	}
	return min(a, b)
}

func (b *bounds) left() bool {
	if b.ones {
		return slices.ContainsFunc(b.one, b.allows)
	}
	if b.low > b.high || (b.low == b.high && hasValue(b.not, types.Int(b.low))) {
		return false
	}
	if hasValue(b.not, types.True) && hasValue(b.not, types.False) {
		return false
	}
	from, to := max(b.from, b.above), lower(b.to, b.less)
	switch {
	case to == "" || from == "" || from < to:
		return true
	case from > to:
		return false
	default: // they meet in one value, which no open end may shut out
		return from != b.above && to != b.less && !hasValue(b.not, types.String(from))
	}
}

func (b *bounds) allows(v ref.Val) bool {
	if hasValue(b.not, v) {
		return false
	}
	switch x := v.(type) {
	case types.Int:
		return int64(x) >= b.low && int64(x) <= b.high
	case types.String:
		s := string(x)
		return s >= b.from && (b.above == "" || s > b.above) && (b.to == "" || s <= b.to) && (b.less == "" || s < b.less)
	default:
		return true
	}
}

// checkContradictions refuses a condition that no facts can meet, alone or with
// those before it.
func checkContradictions(conditions []*condition, faults *kernel.Faults) {
	var before []*logic
	for i, c := range conditions {
		if c == nil {
			return
		}
		path, clause := at("eligibility", i)+".expression", c.predicate.Clause
		if !satisfiable([]*logic{c.logic}, constraints{}) {
			faults.Add(path, "policy.never_holds", kernel.T("第 %s 条：这个条件不可能成立", "Clause %s: this condition can never hold", clause))
			return
		}
		if !satisfiable(append(slices.Clone(before), c.logic), constraints{}) {
			other := clause
			for k := range i {
				if !satisfiable([]*logic{conditions[k].logic, c.logic}, constraints{}) {
					other = conditions[k].predicate.Clause
				}
			}
			faults.Add(path, "policy.never_holds", kernel.T("第 %[1]s 条：与第 %[2]s 条的条件不可能同时成立", "Clause %[1]s: it can never hold together with the condition of clause %[2]s", clause, other))
			return
		}
		before = append(before, c.logic)
	}
}

// shutOut tells whether the conditions leave no enterprise that a selector selects.
func (p *Policy) shutOut(s Selector) bool {
	all := make([]*logic, 0, len(p.conditions)+2)
	for _, c := range p.conditions {
		all = append(all, c.logic)
	}
	among := func(name string, values []ref.Val) {
		if len(values) > 0 {
			all = append(all, &logic{kind: logicAtom, atom: atom{fact: wordIndex[name], op: "in", constants: values}})
		}
	}
	sizes, stars := make([]ref.Val, len(s.Sizes)), make([]ref.Val, len(s.Stars))
	for i, v := range s.Sizes {
		sizes[i] = types.String(v)
	}
	for i, v := range s.Stars {
		stars[i] = types.Int(v)
	}
	among("enterprise.size_class", sizes)
	among("enterprise.star", stars)
	switch s.Purchase {
	case PurchaseFirst:
		among("used.purchases", []ref.Val{types.Int(0)})
	case PurchaseLater:
		all = append(all, &logic{kind: logicAtom, atom: atom{fact: wordIndex["used.purchases"], op: ">", constants: []ref.Val{types.Int(0)}}})
	}
	return !satisfiable(all, constraints{})
}
