package rules

import (
	"slices"
	"strings"

	"yunhui/services/kernel"
)

// The two kinds of purchase a selector may single out.
const (
	PurchaseFirst = "first" // the enterprise has had nothing under this policy yet
	PurchaseLater = "later"
)

// Selector says what a rule or cap applies to. An empty dimension selects
// everything; the dimensions given must all hold. A category selects itself and
// everything below it ("infra" selects "infra.compute").
type Selector struct {
	Depths     []string `json:"depths,omitempty"`
	Categories []string `json:"categories,omitempty"`
	Classes    []string `json:"classes,omitempty"`
	Sizes      []string `json:"sizes,omitempty"`
	Purchase   string   `json:"purchase,omitempty"`
	Stars      []int64  `json:"stars,omitempty"`      // highest star rating of the enterprise
	CostKinds  []string `json:"cost_kinds,omitempty"` // kinds of cost
	Providers  []string `json:"providers,omitempty"`  // groups of providers, or others
}

// ofLines tells whether the selector looks at single lines.
func (s *Selector) ofLines() bool {
	return len(s.Depths)+len(s.Categories)+len(s.Classes)+len(s.CostKinds) > 0
}

// IsZero reports whether it selects everything, in a list that is nil or empty.
func (s Selector) IsZero() bool {
	return !s.ofLines() && len(s.Sizes)+len(s.Stars)+len(s.Providers) == 0 && s.Purchase == ""
}

func categoryWithin(category, of string) bool {
	return category == of || (strings.HasPrefix(category, of) && category[len(of)] == '.')
}

func anyCategory(category string, of []string) bool {
	for _, c := range of {
		if categoryWithin(category, c) {
			return true
		}
	}
	return false
}

// match tells whether the selector selects the line. When the answer hangs on a
// fact nobody has told, missing names that fact.
func (s *Selector) match(l *Line, f *Facts, d *Document) (ok bool, missing string) {
	if s.Purchase != "" && (s.Purchase == PurchaseFirst) != (f.Used.Purchases == 0) {
		return false, ""
	}
	if len(s.Depths) > 0 {
		if l.Depth == "" {
			missing = "depth"
		} else if !slices.Contains(s.Depths, l.Depth) {
			return false, ""
		}
	}
	if len(s.Categories) > 0 {
		if l.Category == "" {
			missing = "category"
		} else if !anyCategory(l.Category, s.Categories) {
			return false, ""
		}
	}
	if len(s.Classes) > 0 {
		if l.Class == "" {
			missing = "class"
		} else if !slices.Contains(s.Classes, l.Class) {
			return false, ""
		}
	}
	if len(s.Sizes) > 0 {
		if f.Enterprise.SizeClass == "" {
			missing = "enterprise.size_class"
		} else if !slices.Contains(s.Sizes, f.Enterprise.SizeClass) {
			return false, ""
		}
	}
	if len(s.CostKinds)+len(s.Stars)+len(s.Providers) > 0 {
		return s.matchMore(l, f, d, missing)
	}
	return missing == "", missing
}

// matchMore is the rest of match, for the dimensions that few documents have.
func (s *Selector) matchMore(l *Line, f *Facts, d *Document, missing string) (bool, string) {
	if len(s.CostKinds) > 0 {
		if kind := l.costKind(); kind == "" {
			missing = "cost_kind"
		} else if !slices.Contains(s.CostKinds, kind) {
			return false, ""
		}
	}
	if len(s.Stars) > 0 {
		if len(f.Enterprise.Stars) == 0 && f.Enterprise.CreditCode == "" {
			missing = "enterprise.star"
		} else if !slices.Contains(s.Stars, f.Enterprise.star()) {
			return false, ""
		}
	}
	if len(s.Providers) > 0 {
		if f.Provider.CreditCode == "" {
			missing = "provider.credit_code"
		} else if !slices.Contains(s.Providers, d.groupOf(f.Provider.CreditCode)) {
			return false, ""
		}
	}
	return missing == "", missing
}

// Everything tells whether the selector limits nothing.
func (s Selector) Everything() bool { return s.covers(Selector{}) }

// groupOf returns the key of the group that a provider is in.
func (d *Document) groupOf(creditCode string) string {
	for i := range d.ProviderGroups {
		if slices.Contains(d.ProviderGroups[i].Providers, creditCode) {
			return d.ProviderGroups[i].Key
		}
	}
	return OtherProviders
}

// covers reports whether everything that other selects is selected by s too.
func (s Selector) covers(other Selector) bool {
	categories := len(s.Categories) == 0 || (len(other.Categories) > 0 && !slices.ContainsFunc(other.Categories, func(t string) bool { return !anyCategory(t, s.Categories) }))
	return categories && selects(s.Depths, other.Depths) && selects(s.Classes, other.Classes) && selects(s.Sizes, other.Sizes) &&
		selects(s.Stars, other.Stars) && selects(s.CostKinds, other.CostKinds) && selects(s.Providers, other.Providers) &&
		(s.Purchase == "" || s.Purchase == other.Purchase)
}

// selects tells whether all that theirs selects is selected by mine.
func selects[T comparable](mine, theirs []T) bool {
	return len(mine) == 0 || (len(theirs) > 0 && !slices.ContainsFunc(theirs, func(t T) bool { return !slices.Contains(mine, t) }))
}

func periodCovers(p, other kernel.Period) bool {
	return (p.From == "" || (other.From != "" && p.From <= other.From)) && (p.To == "" || (other.To != "" && p.To >= other.To))
}
